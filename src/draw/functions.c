/* functions.c - lambda and def: functions as values, and their calls.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/evaluate.h"
#include "draw/functions.h"
#include "draw/scope.h" /* new_scope */

enum { MAX_CALLS = 400 }; /* one within the other */

value make_function(vm *m, const node *n)
{
    value defaults = make_sequence(m, V_TUPLE, 0);
    for (size_t i = 0; i < n->n_items; i++)
        append(m, defaults, n->items[i]->a ? evaluate(m, n->items[i]->a) : NOTHING);
    struct function *f = heap_object(m, V_FUNCTION, sizeof *f);
    f->node = n;
    f->scope = m->scope;
    f->defaults = defaults;
    return object_value(V_FUNCTION, f);
}

static size_t parameter_named(const node *n, const char *name)
{
    for (size_t i = 0; i < n->n_items; i++)
        if (n->items[i]->name[0] != '*' && strcmp(n->items[i]->text, name) == 0)
            return i;
    return n->n_items;
}

static void bind_positional(vm *m, const node *n, struct slot *slots, const struct arguments *arguments)
{
    size_t k = 0, n_takes = 0;
    bool rest = false;
    for (size_t i = 0; i < n->n_items; i++) {
        if (strcmp(n->items[i]->name, "*") == 0) {
            rest = true;
            slots[i].value = make_sequence(m, V_TUPLE, 0);
            while (k < arguments->n_positional)
                append(m, slots[i].value, arguments->positional[k++]);
        }
        if (n->items[i]->name[0] != '\0')
            continue;
        n_takes++;
        if (k < arguments->n_positional)
            slots[i].value = arguments->positional[k++];
    }
    if (k < arguments->n_positional && !rest)
        type_error(m, "%s() takes %zu positional argument%s but %zu %s given", n->text, n_takes,
                   n_takes == 1 ? "" : "s", arguments->n_positional, arguments->n_positional == 1 ? "was" : "were");
}

static void bind_named(vm *m, const node *n, struct slot *slots, const struct arguments *arguments)
{
    value rest = NOTHING;
    for (size_t i = 0; i < n->n_items; i++)
        if (strcmp(n->items[i]->name, "**") == 0)
            rest = slots[i].value = make_dict(m);
    for (size_t k = 0; k < arguments->n_named; k++) {
        size_t i = parameter_named(n, arguments->names[k]);
        if (i == n->n_items && rest.kind == V_NOTHING)
            type_error(m, "%s() got an unexpected keyword argument '%s'", n->text, arguments->names[k]);
        if (i == n->n_items) {
            dict_put(m, rest.u.dict, make_str(m, arguments->names[k]), arguments->named[k]);
            continue;
        }
        if (slots[i].value.kind != V_NOTHING)
            type_error(m, "%s() got multiple values for argument '%s'", n->text, arguments->names[k]);
        slots[i].value = arguments->named[k];
    }
}

value call_function(vm *m, value function, const struct arguments *arguments, bool direct)
{
    const struct function *f = function.u.function;
    const node *n = f->node;
    struct scope *scope = new_scope(m, f->scope, n->names, n->n_names), *caller = m->scope;
    bind_positional(m, n, scope->slots, arguments);
    bind_named(m, n, scope->slots, arguments);
    for (size_t i = 0; i < n->n_items; i++) {
        struct slot *slot = &scope->slots[i];
        if (slot->value.kind == V_NOTHING)
            slot->value = f->defaults.u.seq->items[i];
        if (slot->value.kind == V_NOTHING)
            type_error(m, "%s() missing required argument: '%s'", n->text, slot->text);
    }
    for (size_t i = n->n_locals; i < n->n_names; i++)
        scope->slots[i].is_global = true;
    if (++m->n_calls > MAX_CALLS)
        fail(m, "RecursionError: more than %d calls one within the other", MAX_CALLS);
    step(m, 1);
    push_root(m, function);
    push_root(m, object_value(V_SCOPE, caller));
    m->n_unswept += !direct;
    m->scope = scope;
    m->lazy = m->direct = false;
    value result = n->b ? evaluate(m, n->b) : run_body(m, n->otherwise, n->n_otherwise);
    m->scope = caller;
    m->n_unswept -= !direct;
    pop_root(m);
    pop_root(m);
    m->n_calls--;
    return result;
}
