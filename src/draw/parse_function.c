/* parse_function.c - lambda and def: their parameters, and which names are theirs.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strchr, strcmp */

#include "draw/parser.h"

/* --- Parameters ------------------------------------------------------------------------------------------------------ */

/* Up to `close`, which stays: names with defaults, *names, **names; annotations are passed over. */
void parse_parameters(struct parser *p, node *function, const char *close)
{
    struct node_list list = {0};
    bool by_keyword = false, has_default = false, annotated = *close == ')';
    while (!at_operator(p, close)) {
        if (accept_token(p, "/")) { /* those before it go by position: a call that names one is rare, and taken */
            if (!at_operator(p, close))
                expect_token(p, ",");
            continue;
        }
        bool star = at_operator(p, "*"), stars = at_operator(p, "**");
        p->i += star || stars;
        if (star && at_operator(p, ",")) {
            by_keyword = true;
            p->i++;
            continue;
        }
        node *parameter = node_here(p, N_PARAMETER);
        parameter->text = take_name(p);
        parameter->name = star ? "*" : stars ? "**" : by_keyword ? "keyword" : "";
        by_keyword = by_keyword || star;
        for (size_t i = 0; i < list.n; i++)
            if (strcmp(list.items[i]->text, parameter->text) == 0)
                fail_at(p, token_now(p), "duplicate argument in function definition");
        if (annotated && accept_token(p, ":"))
            (void)parse_test(p);
        if (!star && !stars && accept_token(p, "="))
            parameter->a = parse_test(p);
        if (parameter->name[0] == '\0' && has_default && !parameter->a)
            fail_at(p, token_now(p), "parameter without a default follows parameter with a default");
        has_default = has_default || (parameter->name[0] == '\0' && parameter->a);
        add_node(p->m, &list, parameter);
        if (!at_operator(p, close))
            expect_token(p, ",");
        if (stars && !at_operator(p, close))
            fail_at(p, token_now(p), "arguments cannot follow var-keyword argument");
    }
    function->items = list.items;
    function->n_items = list.n;
}

/* --- Names ----------------------------------------------------------------------------------------------------------- */

struct name_list {
    vm *m;
    const char **names;
    size_t n, n_allocated;
};

static bool has_name(const struct name_list *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->names[i], text) == 0)
            return true;
    return false;
}

static void add_name(struct name_list *list, const char *text)
{
    if (has_name(list, text))
        return;
    if (list->n == list->n_allocated) {
        size_t larger = list->n_allocated ? 2 * list->n_allocated : 8;
        const char **names = tree_memory(list->m, larger * sizeof *names);
        for (size_t i = 0; i < list->n; i++)
            names[i] = list->names[i];
        list->names = names;
        list->n_allocated = larger;
    }
    list->names[list->n++] = text;
}

static void add_targets(struct name_list *list, const node *target)
{
    if (target->kind == N_NAME)
        add_name(list, target->text);
    if (target->kind == N_STAR)
        add_targets(list, target->a);
    if (target->kind == N_TUPLE || target->kind == N_LIST)
        for (size_t i = 0; i < target->n_items; i++)
            add_targets(list, target->items[i]);
}

static const char *top_of(vm *m, const char *dotted)
{
    const char *dot = strchr(dotted, '.');
    return dot ? tree_text(m, dotted, (size_t)(dot - dotted)) : dotted;
}

struct bindings {
    struct name_list local, global, outer; /* outer: declared nonlocal */
};

/* What a statement or expression binds in the function that it is part of. */
static void collect(struct bindings *b, const node *n)
{
    if (!n)
        return;
    switch (n->kind) {
    case N_LAMBDA:
        return;
    case N_DEF:
        add_name(&b->local, n->text);
        return;
    case N_GLOBAL:
        for (size_t i = 0; i < n->n_items; i++)
            add_name(n->text[0] == 'g' ? &b->global : &b->outer, n->items[i]->text);
        return;
    case N_WALRUS:
        add_name(&b->local, n->text);
        break;
    case N_ASSIGN:
        for (size_t i = 0; i < n->n_items; i++)
            add_targets(&b->local, n->items[i]);
        break;
    case N_AUGMENT:
    case N_FOR:
    case N_DELETE:
        add_targets(&b->local, n->a);
        break;
    case N_IMPORT:
        add_name(&b->local, n->name ? n->name : top_of(b->local.m, n->text));
        return;
    case N_FROM:
        for (size_t i = 0; i < n->n_items; i++)
            add_name(&b->local, n->items[i]->name);
        return;
    default:
        break;
    }
    collect(b, n->a);
    collect(b, n->b);
    collect(b, n->c);
    for (size_t i = 0; i < n->n_items; i++)
        collect(b, n->items[i]);
    for (size_t i = 0; i < n->n_otherwise; i++)
        collect(b, n->otherwise[i]);
}

/* Parameters first, then what its body binds; those that it declares global come last. */
static void resolve_names(vm *m, node *function)
{
    struct bindings b = {.local = {.m = m}, .global = {.m = m}, .outer = {.m = m}};
    struct name_list all = {.m = m};
    for (size_t i = 0; i < function->n_items; i++)
        add_name(&all, function->items[i]->text);
    for (size_t i = 0; i < function->n_otherwise; i++)
        collect(&b, function->otherwise[i]);
    collect(&b, function->b);
    for (size_t i = 0; i < b.local.n; i++)
        if (!has_name(&b.global, b.local.names[i]) && !has_name(&b.outer, b.local.names[i]))
            add_name(&all, b.local.names[i]);
    function->n_locals = all.n;
    for (size_t i = 0; i < b.global.n; i++)
        add_name(&all, b.global.names[i]);
    function->names = all.names;
    function->n_names = all.n;
}

node *parse_lambda(struct parser *p)
{
    node *n = node_here(p, N_LAMBDA);
    p->i++;
    n->text = "<lambda>";
    parse_parameters(p, n, ":");
    expect_token(p, ":");
    n->b = parse_test(p);
    resolve_names(p->m, n);
    return n;
}

node *parse_def(struct parser *p)
{
    node *n = node_here(p, N_DEF);
    p->i++;
    n->text = take_name(p);
    expect_token(p, "(");
    parse_parameters(p, n, ")");
    expect_token(p, ")");
    if (accept_token(p, "->"))
        (void)parse_test(p);
    p->n_functions++;
    parse_block(p, &n->otherwise, &n->n_otherwise);
    p->n_functions--;
    resolve_names(p->m, n);
    return n;
}
