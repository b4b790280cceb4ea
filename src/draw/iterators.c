/* iterators.c - what makes its items only as it is walked: zip, map, filter, enumerate, reversed, iter, next.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memset */

#include "draw/iterators.h"

struct iterator *new_iterator(vm *m, const char *type, bool (*next)(vm *m, struct iterator *iterator, value *item_out),
                              size_t n_walks)
{
    struct iterator *it = heap_object(m, V_ITERATOR, sizeof *it);
    it->type = type;
    it->next = next;
    if (n_walks > 0) {
        it->walks = heap_resize(m, NULL, 0, n_walks * sizeof *it->walks);
        memset(it->walks, 0, n_walks * sizeof *it->walks);
        it->n_walks = n_walks;
    }
    return it;
}

bool iterator_next(vm *m, struct iterator *it, value *item_out)
{
    if (it->done)
        return false;
    if (it->running)
        value_error(m, "%s already executing", it->type);
    enter(m);
    it->running = true;
    bool more = it->next(m, it, item_out);
    it->running = false;
    leave(m);
    return more;
}

/* --- iter() ---------------------------------------------------------------------------------------------------------- */

/* CPython's lets go of the container at the end: what is appended afterwards is not seen. */
static bool next_of_container(vm *m, struct iterator *it, value *item_out)
{
    it->done = !walk_next(m, &it->walks[0], item_out);
    return !it->done;
}

static bool next_of_calls(vm *m, struct iterator *it, value *item_out)
{
    struct arguments none = {0};
    *item_out = call(m, it->held[0], &none);
    it->done = values_equal(m, *item_out, it->held[1]);
    return !it->done;
}

value iterate(vm *m, value over)
{
    if (over.kind == V_ITERATOR)
        return over;
    struct iterator *it = new_iterator(m,
                                       over.kind == V_LIST    ? "list_iterator"
                                       : over.kind == V_TUPLE ? "tuple_iterator"
                                       : over.kind == V_RANGE ? "range_iterator"
                                       : over.kind == V_DICT  ? "dict_keyiterator"
                                       : over.kind == V_SET   ? "set_iterator"
                                       : is_text(over)        ? "str_iterator"
                                                              : "iterator",
                                       next_of_container, 1);
    it->walks[0] = walk_start(m, over);
    return iterator_value(it);
}

value builtin_iter(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "iter", "object sentinel=", arguments, a);
    if (a[1].kind == V_NOTHING)
        return iterate(m, a[0]);
    struct iterator *it = new_iterator(m, "callable_iterator", next_of_calls, 0);
    it->held[0] = a[0];
    it->held[1] = a[1];
    return iterator_value(it);
}

value builtin_next(vm *m, value self, const struct arguments *arguments)
{
    value a[2], item;
    (void)self;
    take_arguments(m, "next", "iterator default=", arguments, a);
    if (a[0].kind != V_ITERATOR)
        type_error(m, "'%s' object is not an iterator", type_name(a[0]));
    if (iterator_next(m, a[0].u.iterator, &item))
        return item;
    if (a[1].kind == V_NOTHING)
        fail(m, "StopIteration");
    return a[1];
}

/* --- zip, enumerate, map, filter ------------------------------------------------------------------------------------- */

static void begin_walks(vm *m, struct iterator *it, const value *over)
{
    for (size_t i = 0; i < it->n_walks; i++)
        it->walks[i] = walk_start(m, over[i]);
}

/* One item of each, in order: where one has none, those of the others before it are gone. */
static bool next_of_each(vm *m, struct iterator *it, value *items)
{
    for (size_t i = 0; i < it->n_walks; i++)
        if (!walk_next(m, &it->walks[i], &items[i]))
            return false;
    return it->n_walks > 0;
}

static bool next_of_zip(vm *m, struct iterator *it, value *item_out)
{
    *item_out = make_sequence(m, V_TUPLE, it->n_walks);
    return next_of_each(m, it, item_out->u.seq->items);
}

value builtin_zip(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    if (arguments->n_named > 0)
        type_error(m, "zip() takes no keyword arguments here");
    struct iterator *it = new_iterator(m, "zip", next_of_zip, arguments->n_positional);
    begin_walks(m, it, arguments->positional);
    return iterator_value(it);
}

static bool next_of_enumerate(vm *m, struct iterator *it, value *item_out)
{
    value item;
    if (!walk_next(m, &it->walks[0], &item))
        return false;
    *item_out = make_sequence(m, V_TUPLE, 2);
    item_out->u.seq->items[0] = INT(it->i++);
    item_out->u.seq->items[1] = item;
    return true;
}

value builtin_enumerate(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "enumerate", "iterable start=", arguments, a);
    struct iterator *it = new_iterator(m, "enumerate", next_of_enumerate, 1);
    it->i = a[1].kind == V_NOTHING ? 0 : to_int64(m, a[1], "start");
    if (it->i > INT64_MAX / 2)
        fail(m, "enumerate() from %lld on is not supported", (long long)it->i);
    begin_walks(m, it, a);
    return iterator_value(it);
}

static bool next_of_map(vm *m, struct iterator *it, value *item_out)
{
    value items = make_sequence(m, V_TUPLE, it->n_walks);
    if (!next_of_each(m, it, items.u.seq->items))
        return false;
    struct arguments each = {.positional = items.u.seq->items, .n_positional = it->n_walks};
    *item_out = call(m, it->held[0], &each);
    return true;
}

value builtin_map(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    if (arguments->n_positional < 2 || arguments->n_named > 0)
        type_error(m, "map() must have at least two arguments.");
    struct iterator *it = new_iterator(m, "map", next_of_map, arguments->n_positional - 1);
    it->held[0] = arguments->positional[0];
    begin_walks(m, it, arguments->positional + 1);
    return iterator_value(it);
}

static bool next_of_filter(vm *m, struct iterator *it, value *item_out)
{
    while (walk_next(m, &it->walks[0], item_out)) {
        struct arguments one = {.positional = item_out, .n_positional = 1};
        if (truth(m, it->held[0].kind == V_NONE ? *item_out : call(m, it->held[0], &one)))
            return true;
    }
    return false;
}

value builtin_filter(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "filter", "function iterable", arguments, a);
    struct iterator *it = new_iterator(m, "filter", next_of_filter, 1);
    it->held[0] = a[0];
    begin_walks(m, it, &a[1]);
    return iterator_value(it);
}

/* --- reversed -------------------------------------------------------------------------------------------------------- */

/* From the index that was the last one when it was made. */
static bool next_of_reversed(vm *m, struct iterator *it, value *item_out)
{
    it->done = it->i < 0 || (uint64_t)it->i >= value_length(m, it->held[0]);
    if (!it->done)
        *item_out = get_item(m, it->held[0], INT(it->i--));
    return !it->done;
}

value builtin_reversed(vm *m, value self, const struct arguments *arguments)
{
    value over;
    (void)self;
    take_arguments(m, "reversed", "sequence", arguments, &over);
    if (over.kind == V_DICT || over.kind == V_VIEW)
        over = to_list(m, over);
    bool ordered = over.kind == V_LIST || over.kind == V_TUPLE || over.kind == V_RANGE || is_text(over) ||
                   over.kind == V_BYTES || over.kind == V_ARRAY;
    if (!ordered)
        type_error(m, "'%s' object is not reversible", type_name(over));
    struct iterator *it = new_iterator(m, "reversed", next_of_reversed, 0);
    it->held[0] = over;
    it->i = (int64_t)value_length(m, over) - 1;
    return iterator_value(it);
}
