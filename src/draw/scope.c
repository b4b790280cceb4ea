/* scope.c - names and what they are bound to: the session's, and those of comprehensions and calls.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* realloc */
#include <string.h> /* strcmp, strdup */

#include "draw/bind_jax.h"        /* module_jax_numpy */
#include "draw/bind_tensorflow.h" /* module_tensorflow */
#include "draw/scope.h"

static struct name *find_name(vm *m, const char *text)
{
    for (size_t i = 0; i < m->n_names; i++)
        if (strcmp(m->names[i].text, text) == 0)
            return &m->names[i];
    return NULL;
}

/* The slot of the innermost scope that has the name; NULL: it is the session's. */
static struct slot *find_slot(vm *m, const char *text)
{
    for (struct scope *s = m->scope; s; s = s->parent)
        for (size_t i = 0; i < s->n; i++)
            if (strcmp(s->slots[i].text, text) == 0)
                return s->slots[i].is_global ? NULL : &s->slots[i];
    return NULL;
}

struct scope *new_scope(vm *m, struct scope *parent, const char *const *names, size_t n)
{
    struct scope *s = heap_object(m, V_SCOPE, sizeof *s + n * sizeof *s->slots);
    s->parent = parent;
    s->n = n;
    for (size_t i = 0; i < n; i++)
        s->slots[i] = (struct slot){.text = names[i], .value = NOTHING};
    return s;
}

void bind_name(vm *m, const char *text, value v)
{
    struct slot *slot = find_slot(m, text);
    struct name *name = slot ? NULL : find_name(m, text);
    if (slot) {
        slot->value = v;
        return;
    }
    if (name) {
        name->value = v;
        return;
    }
    if (m->n_names == m->n_names_allocated) {
        size_t larger = m->n_names_allocated ? 2 * m->n_names_allocated : 16;
        struct name *names = realloc(m->names, larger * sizeof *names);
        if (!names)
            fail(m, "no memory");
        m->names = names;
        m->n_names_allocated = larger;
    }
    char *copy = strdup(text);
    if (!copy)
        fail(m, "no memory");
    m->names[m->n_names++] = (struct name){copy, v};
}

void delete_name(vm *m, const char *text)
{
    struct slot *slot = find_slot(m, text);
    struct name *name = slot ? NULL : find_name(m, text);
    value *bound = slot ? &slot->value : name ? &name->value : NULL;
    if (slot && bound->kind == V_NOTHING)
        fail(m, "UnboundLocalError: cannot access local variable '%s' where it is not associated with a value", text);
    if (!bound || bound->kind == V_NOTHING)
        fail(m, "NameError: name '%s' is not defined", text);
    *bound = NOTHING;
}

static value present(vm *m, value v)
{
    if (v.kind == V_ABSENT)
        fail(
            m,
            "ModuleNotFoundError: '%s' is not here (supported: random, numpy, numpy.random, math, itertools, "
            "sklearn.model_selection, sklearn.utils, sklearn.datasets, jax and jax.numpy, tensorflow, keras, torch and "
            "its random, nn, nn.functional, nn.init, distributions, utils.data, cuda)",
            v.u.text->bytes);
    return v;
}

value lookup_name(vm *m, const char *text)
{
    const struct slot *slot = find_slot(m, text);
    if (slot && slot->value.kind == V_NOTHING)
        fail(m, "UnboundLocalError: cannot access local variable '%s' where it is not associated with a value", text);
    if (slot)
        return present(m, slot->value);
    const struct name *name = find_name(m, text);
    if (name && name->value.kind != V_NOTHING)
        return present(m, name->value);
    const struct native *native = find_native(builtins, text);
    if (native)
        return NATIVE(native);
    if (strcmp(text, "_") == 0 && m->last.kind != V_NOTHING) /* what the prompt showed last */
        return m->last;
    if (strcmp(text, "__name__") == 0)
        return make_str(m, "__main__");
    static const char *const known[] = {"random", "numpy",      "math", "itertools", "sklearn",
                                        "torch",  "tensorflow", "jax",  "keras"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(text, known[i]) == 0 && module_named(text).kind != V_NOTHING)
            return module_named(text);
    static const struct {
        const char *name;
        const struct module *module;
    } short_names[] = {{"np", &module_numpy},
                       {"nn", &module_torch_nn},
                       {"F", &module_torch_nn_functional},
                       {"tf", &module_tensorflow},
                       {"jnp", &module_jax_numpy}};
    for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++)
        if (strcmp(text, short_names[i].name) == 0)
            return MODULE(short_names[i].module);
    const struct native *known_functions = builtins;
    const char *near = near_name(&known_functions, 1, text);
    for (size_t i = 0; !near && i < m->n_names; i++) {
        const struct native one[] = {{.name = m->names[i].text}, {.name = NULL}}, *own = one;
        near = near_name(&own, 1, text);
    }
    if (near)
        fail(m, "NameError: name '%s' is not defined: did you mean '%s'?", text, near);
    char names[400];
    list_names(builtins, names, sizeof names);
    fail(m,
         "NameError: name '%s' is not defined (known without an import: random, np, numpy, torch, tf, math, itertools, "
         "%s)",
         text, names);
}
