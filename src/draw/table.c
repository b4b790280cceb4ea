/* table.c - Python's hashes, dicts, and sets whose order of iteration is CPython's.
 * SPDX-License-Identifier: MIT
 *
 * CPython 3.9 to 3.15: Objects/setobject.c; 64-bit builds. Unlike oneseed_python_set_order(), sets here can lose items. */
#include <math.h>   /* isnan */
#include <string.h> /* memcpy, memset */

#include "draw/syntax.h" /* tree_memory */
#include "oneseed.h"     /* oneseed_python_hash_int, … */

/* --- Hashes ---------------------------------------------------------------------------------------------------------- */

static int64_t hash_integer(value v)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(v, small, &n, &negative);
    return oneseed_python_hash_int(limbs, n, negative);
}

static int64_t hash_float(vm *m, double x)
{
    if (isnan(x))
        fail(m, "the hash of nan depends on its address");
    return oneseed_python_hash_f64(x);
}

static int64_t hash_text(vm *m, const struct text *text)
{
    int64_t hash = 0;
    if (oneseed_python_hash_str(m->settings.python_version, m->hash_key, text->bytes, text->nbytes, &hash) !=
        ONESEED_OK)
        fail(m, "a str that is not UTF-8");
    return hash;
}

static int64_t hash_tuple(vm *m, const struct sequence *tuple, bool *seeded)
{
    int64_t few[16], *hashes = tuple->n <= 16 ? few : tree_memory(m, tuple->n * sizeof *hashes);
    enter(m);
    for (size_t i = 0; i < tuple->n; i++)
        hashes[i] = value_hash(m, tuple->items[i], seeded);
    leave(m);
    return oneseed_python_hash_tuple(hashes, tuple->n);
}

static int64_t hash_frozenset(vm *m, const struct set *set, bool *seeded)
{
    int64_t *hashes = tree_memory(m, (set->used + 1) * sizeof *hashes);
    size_t n = 0;
    for (size_t i = 0; i <= set->mask; i++)
        if (set->slots[i].state == 1)
            hashes[n++] = (int64_t)set->slots[i].hash;
    *seeded = *seeded || set->seeded;
    return oneseed_python_hash_frozenset(hashes, n);
}

int64_t value_hash(vm *m, value v, bool *seeded)
{
    switch (v.kind) {
    case V_NONE:
        if (m->settings.python_version != 0 && m->settings.python_version < 312)
            *seeded = true; /* an address */
        return (int64_t)4238894112;
    case V_FLOAT:
        return hash_float(m, v.u.f);
    case V_STR:
    case V_NPSTR:
        *seeded = true;
        return hash_text(m, v.u.text);
    case V_BYTES:
        *seeded = true;
        return oneseed_python_hash_bytes(m->settings.python_version, m->hash_key, v.u.text->bytes, v.u.text->nbytes);
    case V_TUPLE:
        return hash_tuple(m, v.u.seq, seeded);
    case V_SET:
        if (v.u.set->frozen)
            return hash_frozenset(m, v.u.set, seeded);
        break;
    case V_SCALAR:
        if (dtype_is_float(v.dt))
            return hash_float(m, v.u.f);
        return hash_integer(plain_integer(m, v));
    default:
        if (is_integer(v))
            return hash_integer(v);
    }
    type_error(m, "unhashable type: '%s'", type_name(v));
}

/* --- Dicts: entries in the order of insertion, found by linear probing ---------------------------------------------- */

static size_t dict_find(vm *m, const struct dict *dict, value key, uint64_t hash, size_t *slot_out)
{
    if (dict->n_slots == 0)
        return SIZE_MAX;
    for (size_t i = hash * 0x9e3779b97f4a7c15u >> 32 & (dict->n_slots - 1);; i = (i + 1) & (dict->n_slots - 1)) {
        if (slot_out)
            *slot_out = i;
        if (dict->slots[i] == 0)
            return SIZE_MAX;
        const struct dict_entry *e = &dict->entries[dict->slots[i] - 1];
        if (e->used && e->hash == hash && values_equal(m, e->key, key))
            return dict->slots[i] - 1;
    }
}

static uint64_t key_hash(vm *m, value key)
{
    bool seeded = false;
    return (uint64_t)value_hash(m, key, &seeded);
}

bool dict_get(vm *m, const struct dict *dict, value key, value *item_out)
{
    size_t i = dict_find(m, dict, key, key_hash(m, key), NULL);
    if (i == SIZE_MAX)
        return false;
    *item_out = dict->entries[i].item;
    return true;
}

static void dict_grow(vm *m, struct dict *dict)
{
    size_t n_slots = 8;
    while (n_slots < 4 * (dict->n + 1))
        n_slots *= 2;
    if (n_slots > UINT32_MAX)
        fail(m, "MemoryError: a dict of %zu items", dict->n);
    dict->slots = heap_resize(m, dict->slots, dict->n_slots * sizeof *dict->slots, n_slots * sizeof *dict->slots);
    dict->n_slots = n_slots;
    memset(dict->slots, 0, n_slots * sizeof *dict->slots);
    size_t n = 0;
    for (size_t i = 0; i < dict->n_entries; i++)
        if (dict->entries[i].used)
            dict->entries[n++] = dict->entries[i];
    dict->n_entries = n;
    size_t room = n_slots / 2;
    dict->entries =
        heap_resize(m, dict->entries, dict->n_allocated * sizeof *dict->entries, room * sizeof *dict->entries);
    dict->n_allocated = room;
    for (size_t k = 0; k < n; k++) {
        size_t i = dict->entries[k].hash * 0x9e3779b97f4a7c15u >> 32 & (n_slots - 1);
        while (dict->slots[i] != 0)
            i = (i + 1) & (n_slots - 1);
        dict->slots[i] = (uint32_t)(k + 1);
    }
}

void dict_put(vm *m, struct dict *dict, value key, value item)
{
    uint64_t hash = key_hash(m, key);
    size_t slot = 0, i = dict_find(m, dict, key, hash, NULL);
    if (i != SIZE_MAX) {
        dict->entries[i].item = item;
        return;
    }
    if (dict->n_entries == dict->n_allocated)
        dict_grow(m, dict);
    dict_find(m, dict, key, hash, &slot);
    dict->entries[dict->n_entries] = (struct dict_entry){key, item, hash, true};
    dict->slots[slot] = (uint32_t)++dict->n_entries;
    dict->n++;
}

bool dict_remove(vm *m, struct dict *dict, value key)
{
    size_t i = dict_find(m, dict, key, key_hash(m, key), NULL);
    if (i == SIZE_MAX)
        return false;
    dict->entries[i].used = false;
    dict->entries[i].key = dict->entries[i].item = NONE;
    dict->n--;
    return true;
}

/* --- Sets ------------------------------------------------------------------------------------------------------------ */

enum { UNUSED, USED, DELETED, LINEAR_PROBES = 9 };

value make_set(vm *m)
{
    struct set *set = heap_object(m, V_SET, sizeof *set);
    set->slots = heap_resize(m, NULL, 0, 8 * sizeof *set->slots);
    memset(set->slots, 0, 8 * sizeof *set->slots);
    set->mask = 7;
    return object_value(V_SET, set);
}

/* The slot of the key, or where it goes: the first unused one, and *deleted_out the last deleted one that was passed. */
static size_t set_find(vm *m, const struct set *set, value key, uint64_t hash, size_t *deleted_out)
{
    uint64_t perturb = hash;
    *deleted_out = SIZE_MAX;
    for (size_t i = hash & set->mask;;) {
        size_t last = i + LINEAR_PROBES <= set->mask ? i + LINEAR_PROBES : i;
        for (size_t k = i; k <= last; k++) {
            const struct set_entry *e = &set->slots[k];
            if (e->state == UNUSED)
                return k;
            if (e->state == DELETED)
                *deleted_out = k;
            else if (e->hash == hash && values_equal(m, e->key, key))
                return k;
        }
        perturb >>= 5;
        i = (i * 5 + 1 + perturb) & set->mask;
    }
}

/* Into a table that has neither the key nor deleted slots. */
static void set_insert_new(struct set *set, const struct set_entry *entry)
{
    uint64_t perturb = entry->hash;
    for (size_t i = entry->hash & set->mask;;) {
        size_t last = i + LINEAR_PROBES <= set->mask ? i + LINEAR_PROBES : i;
        for (size_t k = i; k <= last; k++)
            if (set->slots[k].state == UNUSED) {
                set->slots[k] = *entry;
                set->fill++;
                set->used++;
                return;
            }
        perturb >>= 5;
        i = (i * 5 + 1 + perturb) & set->mask;
    }
}

static void set_resize(vm *m, struct set *set, size_t more_than)
{
    size_t n = 8, n_old = set->mask + 1;
    while (n <= more_than)
        n *= 2;
    struct set_entry *old = set->slots;
    set->slots = heap_resize(m, NULL, 0, n * sizeof *old);
    memset(set->slots, 0, n * sizeof *old);
    set->mask = n - 1;
    set->fill = set->used = 0;
    for (size_t i = 0; i < n_old; i++)
        if (old[i].state == USED)
            set_insert_new(set, &old[i]);
    heap_release(m, old, n_old * sizeof *old);
}

static void set_add_hashed(vm *m, struct set *set, value key, uint64_t hash)
{
    size_t deleted, i = set_find(m, set, key, hash, &deleted);
    if (set->slots[i].state == USED)
        return;
    bool reuses = m->settings.python_version == 0 || m->settings.python_version >= 310; /* 3.9 never does */
    if (deleted != SIZE_MAX && reuses) {
        set->slots[deleted] = (struct set_entry){key, hash, USED};
        set->used++;
        return;
    }
    set->slots[i] = (struct set_entry){key, hash, USED};
    set->fill++;
    set->used++;
    if (set->fill * 5 >= set->mask * 3)
        set_resize(m, set, set->used > 50000 ? set->used * 2 : set->used * 4);
}

void set_add(vm *m, struct set *set, value key)
{
    uint64_t hash = (uint64_t)value_hash(m, key, &set->seeded);
    set_add_hashed(m, set, key, hash);
}

bool set_has(vm *m, const struct set *set, value key)
{
    size_t deleted;
    bool seeded = false;
    uint64_t hash = (uint64_t)value_hash(m, key, &seeded);
    return set->slots[set_find(m, set, key, hash, &deleted)].state == USED;
}

bool set_remove(vm *m, struct set *set, value key)
{
    size_t deleted, i;
    bool seeded = false;
    uint64_t hash = (uint64_t)value_hash(m, key, &seeded);
    i = set_find(m, set, key, hash, &deleted);
    if (set->slots[i].state != USED)
        return false;
    set->slots[i] = (struct set_entry){.key = NONE, .state = DELETED};
    set->used--;
    return true;
}

void set_merge(vm *m, struct set *set, const struct set *other)
{
    set->seeded = set->seeded || other->seeded;
    set->unsure = set->unsure || other->unsure;
    if (other == set || other->used == 0)
        return;
    if ((set->fill + other->used) * 5 >= set->mask * 3)
        set_resize(m, set, (set->used + other->used) * 2);
    bool empty = set->fill == 0;
    if (empty && set->mask == other->mask && other->fill == other->used) {
        memcpy(set->slots, other->slots, (set->mask + 1) * sizeof *set->slots);
        set->fill = other->fill;
        set->used = other->used;
        return;
    }
    for (size_t i = 0; i <= other->mask; i++) {
        if (other->slots[i].state != USED)
            continue;
        if (empty)
            set_insert_new(set, &other->slots[i]);
        else
            set_add_hashed(m, set, other->slots[i].key, other->slots[i].hash);
    }
}

void require_set_order(vm *m, const struct set *set)
{
    if (set->seeded && !m->settings.has_hash_seed && set->used > 1)
        fail(m, "the order of a set of strings depends on PYTHONHASHSEED: give it with --with hashseed=N");
    if (set->unsure && set->used > 1)
        fail(m, "the order of this literal depends on which of its words Python had met before: write set([...]), "
                "whose order does not");
}
