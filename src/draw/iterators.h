/* iterators.h - what makes its items only as it is walked: generator expressions, zip, map, splits.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_ITERATORS_H
#define ONESEED_DRAW_ITERATORS_H

#include "draw/vm.h" /* value, struct walk */

enum { ITERATOR_HELD = 4 };

struct iterator {
    object header;
    const char *type;                                                /* its class */
    bool (*next)(vm *m, struct iterator *iterator, value *item_out); /* false: the end */
    bool done;                                                       /* set by `next`: not asked again */
    bool running;
    struct walk *walks; /* what it walks itself */
    size_t n_walks, n_begun;
    value held[ITERATOR_HELD]; /* what its kind needs: a function, a start, … */
    int64_t i, n;
    const struct node *node; /* of a generator expression */
    struct scope *scope;
};

struct iterator *new_iterator(vm *m, const char *type, bool (*next)(vm *m, struct iterator *iterator, value *item_out),
                              size_t n_walks);
bool iterator_next(vm *m, struct iterator *iterator, value *item_out);
/* Python's iter(): an iterator itself, or one over a container. */
value iterate(vm *m, value over);

static inline value iterator_value(struct iterator *iterator)
{
    return object_value(V_ITERATOR, iterator);
}

value builtin_zip(vm *m, value self, const struct arguments *arguments);
value builtin_map(vm *m, value self, const struct arguments *arguments);
value builtin_filter(vm *m, value self, const struct arguments *arguments);
value builtin_enumerate(vm *m, value self, const struct arguments *arguments);
value builtin_reversed(vm *m, value self, const struct arguments *arguments);
value builtin_iter(vm *m, value self, const struct arguments *arguments);
value builtin_next(vm *m, value self, const struct arguments *arguments);

#endif
