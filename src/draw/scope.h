/* scope.h - names and what they are bound to: the session's, and those of comprehensions and calls.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_SCOPE_H
#define ONESEED_DRAW_SCOPE_H

#include "draw/vm.h" /* value */

struct slot {
    const char *text;
    value value;    /* V_NOTHING: not bound yet */
    bool is_global; /* declared so: the session's name is meant */
};

/* Which names are local is known from the text, so a scope has all its slots from the start. */
struct scope {
    object header;
    struct scope *parent; /* NULL: the session's names */
    size_t n;
    struct slot slots[];
};

struct scope *new_scope(vm *m, struct scope *parent, const char *const *names, size_t n);
value lookup_name(vm *m, const char *text);
void bind_name(vm *m, const char *text, value v);
void delete_name(vm *m, const char *text);

#endif
