/* python_set.c - the order in which a set is walked, in CPython 3.9 to 3.15.
 * SPDX-License-Identifier: MIT
 *
 * Objects/setobject.c set_add_entry(), set_table_resize(), set_merge(); the walk is the order of the table's slots. */
#include <stdbool.h> /* bool */
#include <string.h>  /* memcmp, memset */

#include "dialects/python_state.h" /* python_is_at_least */
#include "oneseed.h"               /* oneseed_python_set_order */

enum { SMALLEST = 8, N_LINEAR = 9, PERTURB_SHIFT = 5 };

/* Slots hold the number of an item + 1, or 0. Both halves of the space are tables of up to `n_half` slots: growing goes from one
 * to the other. */
struct set {
    const oneseed_python_item *items;
    uint64_t *slots, *other;
    size_t n_slots, n_used;
};

static bool are_equal(const oneseed_python_item *a, const oneseed_python_item *b)
{
    if (a->hash != b->hash || !a->utf8 != !b->utf8 || a->n_bytes != b->n_bytes)
        return false;
    return !a->utf8 || memcmp(a->utf8, b->utf8, a->n_bytes) == 0;
}

/* The slot that is the item's, empty or with an equal item in it. */
static uint64_t *find(const struct set *set, const oneseed_python_item *item)
{
    uint64_t perturb = (uint64_t)item->hash, mask = set->n_slots - 1, at = perturb & mask;
    for (;;) {
        size_t n = at + N_LINEAR <= mask ? N_LINEAR : 0;
        for (size_t k = 0; k <= n; k++) {
            uint64_t *slot = &set->slots[at + k];
            if (*slot == 0 || are_equal(&set->items[*slot - 1], item))
                return slot;
        }
        perturb >>= PERTURB_SHIFT;
        at = (at * 5 + 1 + perturb) & mask;
    }
}

static void clear(struct set *set, size_t n_slots)
{
    set->n_slots = n_slots;
    set->n_used = 0;
    memset(set->slots, 0, n_slots * sizeof *set->slots);
}

static void put(struct set *set, uint64_t number)
{
    uint64_t *slot = find(set, &set->items[number - 1]);
    if (*slot == 0) {
        *slot = number;
        set->n_used++;
    }
}

/* A table of the smallest power of 2 above `n_wanted`, filled in the order of the slots. */
static void resize(struct set *set, size_t n_wanted)
{
    size_t n_slots = SMALLEST, n_old = set->n_slots;
    while (n_slots <= n_wanted)
        n_slots *= 2;
    uint64_t *old = set->slots;
    set->slots = set->other;
    set->other = old;
    clear(set, n_slots);
    for (size_t k = 0; k < n_old; k++)
        if (old[k])
            put(set, old[k]);
}

static void add(struct set *set, uint64_t number)
{
    size_t n_before = set->n_used;
    put(set, number);
    if (set->n_used > n_before && set->n_used * 5 >= (set->n_slots - 1) * 3)
        resize(set, set->n_used > 50000 ? set->n_used * 2 : set->n_used * 4);
}

/* The numbers of the items in the order of the walk, + 1. */
static size_t walk(const struct set *set, size_t *order)
{
    size_t n = 0;
    for (size_t k = 0; k < set->n_slots; k++)
        if (set->slots[k])
            order[n++] = (size_t)set->slots[k];
    return n;
}

/* A set made anew by adding in the order of the walk. */
static void add_again(struct set *set, size_t *order)
{
    size_t n = walk(set, order);
    clear(set, SMALLEST);
    for (size_t k = 0; k < n; k++)
        add(set, order[k]);
}

/* An empty set, updated with this one. */
static void merge_into_empty(struct set *set, size_t *order)
{
    size_t n = walk(set, order), n_slots = SMALLEST;
    if (n * 5 >= (SMALLEST - 1) * 3)
        while (n_slots <= n * 2)
            n_slots *= 2;
    if (n_slots == set->n_slots) /* copied slot by slot */
        return;
    clear(set, n_slots);
    for (size_t k = 0; k < n; k++)
        put(set, order[k]);
}

size_t oneseed_python_set_space(size_t n_items)
{
    size_t n_slots = SMALLEST;
    while (n_slots < 8 * n_items)
        n_slots *= 2;
    return 2 * n_slots;
}

static bool is_ascii(const oneseed_python_item *item)
{
    for (size_t k = 0; k < item->n_bytes; k++)
        if ((unsigned char)item->utf8[k] >= 0x80)
            return false;
    return true;
}

/* Letters, digits and underscores: such a constant is interned (Objects/codeobject.c all_name_chars). */
static bool is_name(const oneseed_python_item *item)
{
    for (size_t k = 0; k < item->n_bytes; k++) {
        char c = item->utf8[k];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static bool is_one_latin1(const oneseed_python_item *item)
{
    return item->n_bytes == 1 || (item->n_bytes == 2 && (item->utf8[0] == '\xc2' || item->utf8[0] == '\xc3'));
}

/* The first byte of a text as CPython marshals it to sort (Python/marshal.c): t or u, Z or z, A or a for what is not ASCII, short
 * and long, in capitals (t) when it is interned; 0x80 is added to what is referred to more than once. Interned are names and, from
 * 3.13 on, single characters of Latin-1, of which there is always one object; then the sort itself holds a reference. */
static uint8_t marshal_type(uint32_t version, const oneseed_python_item *item)
{
    bool is_313 = python_is_at_least(version, 313), is_single = is_one_latin1(item);
    bool is_interned = is_name(item) || (is_313 && is_single);
    char type = !is_ascii(item)       ? (is_interned ? 't' : 'u')
                : item->n_bytes < 256 ? (is_interned ? 'Z' : 'z')
                                      : (is_interned ? 'A' : 'a');
    return (uint8_t)((uint8_t)type | (is_interned || is_single || is_313 ? 0x80 : 0));
}

/* By the bytes of the .pyc: the type, the length (little-endian, as its bytes compare), the text. */
static bool is_marshalled_before(uint32_t version, const oneseed_python_item *a, const oneseed_python_item *b)
{
    uint8_t type_a = marshal_type(version, a), type_b = marshal_type(version, b);
    if (type_a != type_b)
        return type_a < type_b;
    for (int shift = 0; shift < 32; shift += 8)
        if ((uint8_t)(a->n_bytes >> shift) != (uint8_t)(b->n_bytes >> shift))
            return (uint8_t)(a->n_bytes >> shift) < (uint8_t)(b->n_bytes >> shift);
    return memcmp(a->utf8, b->utf8, a->n_bytes) < 0;
}

/* Heapsort: no memory, and never slow. */
static void sort_marshalled(uint32_t version, const oneseed_python_item *items, size_t *order, size_t n)
{
    for (size_t first = n / 2, last = n; last > 1;) {
        if (first > 0) {
            first--;
        } else {
            last--;
            size_t kept = order[0];
            order[0] = order[last];
            order[last] = kept;
        }
        for (size_t at = first, child; (child = 2 * at + 1) < last; at = child) {
            if (child + 1 < last &&
                is_marshalled_before(version, &items[order[child] - 1], &items[order[child + 1] - 1]))
                child++;
            if (!is_marshalled_before(version, &items[order[at] - 1], &items[order[child] - 1]))
                break;
            size_t kept = order[at];
            order[at] = order[child];
            order[child] = kept;
        }
    }
}

/* Items on the stack at once (compile.c: STACK_USE_GUIDELINE). Up to 3.13 constants are folded before they are counted. */
enum { LONG = 30 };

size_t oneseed_python_set_order(uint32_t version, oneseed_python_set_kind kind, const oneseed_python_item *items,
                                size_t n_items, uint64_t *space, size_t *order_out)
{
    struct set set = {.items = items, .slots = space, .other = space + oneseed_python_set_space(n_items) / 2};
    clear(&set, SMALLEST);
    for (size_t k = 0; k < n_items; k++)
        add(&set, k + 1);
    /* From three constants on a literal is a frozenset constant, with which an empty set is updated. The compiler makes it from the
     * literal, again to merge equal constants (compile.c merge_consts_recursive; no more in 3.14), and again when a text in it is
     * replaced by the interned one (codeobject.c intern_constants). */
    bool is_long = python_is_at_least(version, 314) && n_items > LONG; /* then code adds one after the other */
    if (kind != ONESEED_PYTHON_SET_ADDED && n_items >= 3 && !is_long) {
        if (!python_is_at_least(version, 314))
            add_again(&set, order_out);
        if (kind == ONESEED_PYTHON_SET_LITERAL_KNOWN || kind == ONESEED_PYTHON_SET_COMPILED_KNOWN)
            add_again(&set, order_out);
        if (kind == ONESEED_PYTHON_SET_COMPILED || kind == ONESEED_PYTHON_SET_COMPILED_KNOWN) {
            size_t n = walk(&set, order_out);
            if (python_is_at_least(version, 311)) /* a .pyc has the items sorted since 3.11 */
                sort_marshalled(version, items, order_out, n);
            clear(&set, SMALLEST);
            for (size_t k = 0; k < n; k++)
                add(&set, order_out[k]);
        }
        merge_into_empty(&set, order_out);
    }
    size_t n = walk(&set, order_out);
    for (size_t k = 0; k < n; k++)
        order_out[k]--;
    return n;
}
