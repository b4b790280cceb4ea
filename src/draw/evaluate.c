/* evaluate.c - walks the tree: expressions and comprehensions.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>  /* isalnum */
#include <string.h> /* memcpy, strcmp, strlen */

#include "draw/evaluate.h"
#include "draw/iterators.h" /* struct iterator */
#include "draw/scope.h"     /* lookup_name, new_scope */

static value evaluate_items(vm *m, const node *n, value_kind kind)
{
    value list = make_sequence(m, kind, 0);
    for (size_t i = 0; i < n->n_items; i++) {
        if (n->items[i]->kind != N_STAR) {
            append(m, list, evaluate(m, n->items[i]));
            continue;
        }
        struct walk walk = walk_start(m, evaluate(m, n->items[i]->a));
        for (value item; walk_next(m, &walk, &item);)
            append(m, list, item);
    }
    return list;
}

static bool is_constant(const node *n)
{
    if (n->kind == N_TUPLE) {
        for (size_t i = 0; i < n->n_items; i++)
            if (!is_constant(n->items[i]))
                return false;
        return true;
    }
    return n->kind == N_CONSTANT || (n->kind == N_UNARY && n->op == OP_NEGATE && n->a->kind == N_CONSTANT);
}

/* Does the compiler replace it by an equal text that the process has met before? Whether it has met it is not known here. */
static bool may_be_known(value v)
{
    for (size_t i = 0; v.kind == V_TUPLE && i < v.u.seq->n; i++)
        if (may_be_known(v.u.seq->items[i]))
            return true;
    if (v.kind != V_STR)
        return false;
    for (size_t i = 0; i < v.u.text->nbytes; i++)
        if (!isalnum((unsigned char)v.u.text->bytes[i]) && v.u.text->bytes[i] != '_')
            return false;
    return v.u.text->nbytes > 1;
}

static value built_again(vm *m, const struct set *set)
{
    value again = make_set(m);
    for (size_t i = 0; i <= set->mask; i++)
        if (set->slots[i].state == 1)
            set_add(m, again.u.set, set->slots[i].key);
    return again;
}

static bool same_order(const struct set *a, const struct set *b)
{
    size_t k = 0;
    for (size_t i = 0; i <= a->mask; i++) {
        if (a->slots[i].state != 1)
            continue;
        while (b->slots[k].state != 1)
            k++;
        if (a->slots[i].hash != b->slots[k++].hash)
            return false;
    }
    return true;
}

/* CPython makes a literal of three constants or more from a frozenset that it built when it compiled, and up to 3.13 built again
 * from itself; once more when it replaced a text in it. That decides the order. From 3.14 on more than 30 are added one by one. */
static value evaluate_set(vm *m, const node *n)
{
    enum { LONG = 30 };
    value list = evaluate_items(m, n, V_LIST), set = make_set(m), result;
    bool is_314 = m->settings.python_version == 0 || m->settings.python_version >= 314;
    bool constants = n->n_items >= 3 && !(is_314 && n->n_items > LONG), may_be = false;
    for (size_t i = 0; constants && i < n->n_items; i++)
        constants = is_constant(n->items[i]);
    for (size_t i = 0; i < list.u.seq->n; i++) {
        set_add(m, set.u.set, list.u.seq->items[i]);
        may_be = may_be || may_be_known(list.u.seq->items[i]);
    }
    if (!constants)
        return set;
    if (!is_314)
        set = built_again(m, set.u.set);
    result = make_set(m);
    set_merge(m, result.u.set, set.u.set);
    if (may_be) {
        value other = make_set(m);
        set_merge(m, other.u.set, built_again(m, set.u.set).u.set);
        result.u.set->unsure = !same_order(result.u.set, other.u.set);
    }
    return result;
}

static void put_all(vm *m, struct dict *dict, value from)
{
    if (from.kind != V_DICT)
        type_error(m, "'%s' object is not a mapping", type_name(from));
    for (size_t i = 0; i < from.u.dict->n_entries; i++)
        if (from.u.dict->entries[i].used)
            dict_put(m, dict, from.u.dict->entries[i].key, from.u.dict->entries[i].item);
}

static value evaluate_dict(vm *m, const node *n)
{
    value dict = make_dict(m);
    for (size_t i = 0; i + 1 < n->n_items; i += 2) {
        if (n->items[i]->kind == N_DOUBLE_STAR) {
            put_all(m, dict.u.dict, evaluate(m, n->items[i]->a));
            continue;
        }
        value key = evaluate(m, n->items[i]);
        dict_put(m, dict.u.dict, key, evaluate(m, n->items[i + 1]));
    }
    return dict;
}

static value evaluate_comparison(vm *m, const node *n)
{
    value left = evaluate(m, n->items[0]), result = BOOL(true);
    for (size_t i = 1; i < n->n_items; i++) {
        if (i > 1 && !truth(m, result))
            return result;
        value right = evaluate(m, n->items[i]->a);
        m->line = n->line;
        m->column = n->column;
        result = operate(m, n->items[i]->op, left, right);
        left = right;
    }
    return result;
}

static value evaluate_slice(vm *m, const node *n)
{
    value parts[3];
    const node *nodes[] = {n->a, n->b, n->c};
    for (int i = 0; i < 3; i++)
        parts[i] = nodes[i] ? evaluate(m, nodes[i]) : NONE;
    return make_slice(m, parts[0], parts[1], parts[2]);
}

/* The function of a call and its object; a method is not made a value first. */
static value evaluate_callee(vm *m, const node *n, const struct native **native_out)
{
    *native_out = NULL;
    if (n->kind != N_ATTRIBUTE)
        return evaluate(m, n);
    value self = evaluate(m, n->a);
    m->line = n->line;
    m->column = n->column;
    if (find_method(m, &self, n->text, native_out))
        return self;
    return get_attribute(m, self, n->text);
}

enum { FEW_ARGUMENTS = 12 };

/* The arguments of a call, in the caller's memory while they are few and none has a star. */
struct evaluated {
    struct arguments arguments;
    value few[FEW_ARGUMENTS];
    const char *few_names[FEW_ARGUMENTS];
};

static void few_arguments(vm *m, const node *n, struct evaluated *e)
{
    value *named = e->few + n->n_items;
    for (size_t i = 0; i < n->n_items; i++) {
        const node *argument = n->items[i];
        if (argument->kind == N_KEYWORD) {
            e->few_names[e->arguments.n_named] = argument->text;
            named[e->arguments.n_named++] = evaluate(m, argument->a);
        } else {
            e->few[e->arguments.n_positional++] = evaluate(m, argument);
        }
    }
    e->arguments.positional = e->few;
    e->arguments.names = e->few_names;
    e->arguments.named = named;
}

static void name_argument(vm *m, value names, value named, value name, value item)
{
    if (name.kind != V_STR)
        type_error(m, "keywords must be strings");
    for (size_t i = 0; i < names.u.seq->n; i++)
        if (values_equal(m, names.u.seq->items[i], name))
            type_error(m, "got multiple values for keyword argument '%s'", name.u.text->bytes);
    append(m, names, name);
    append(m, named, item);
}

static void many_arguments(vm *m, const node *n, struct evaluated *e)
{
    value positional = make_sequence(m, V_LIST, 0), names = make_sequence(m, V_LIST, 0),
          named = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < n->n_items; i++) {
        const node *argument = n->items[i];
        value v = evaluate(m, argument->kind == N_KEYWORD || argument->kind == N_STAR || argument->kind == N_DOUBLE_STAR
                                  ? argument->a
                                  : argument);
        if (argument->kind == N_KEYWORD) {
            name_argument(m, names, named, make_str(m, argument->text), v);
        } else if (argument->kind == N_DOUBLE_STAR) {
            value all = make_dict(m);
            put_all(m, all.u.dict, v);
            for (size_t k = 0; k < all.u.dict->n_entries; k++)
                name_argument(m, names, named, all.u.dict->entries[k].key, all.u.dict->entries[k].item);
        } else if (argument->kind == N_STAR) {
            struct walk walk = walk_start(m, v);
            for (value item; walk_next(m, &walk, &item);)
                append(m, positional, item);
        } else {
            append(m, positional, v);
        }
    }
    size_t n_named = names.u.seq->n;
    const char **texts = tree_memory(m, (n_named + 1) * sizeof *texts);
    for (size_t i = 0; i < n_named; i++)
        texts[i] = names.u.seq->items[i].u.text->bytes;
    e->arguments = (struct arguments){positional.u.seq->items, positional.u.seq->n, texts, named.u.seq->items, n_named};
}

static value evaluate_call(vm *m, const node *n)
{
    bool lazy = m->lazy, direct = m->direct;
    m->lazy = m->direct = false;
    const struct native *native;
    value function = evaluate_callee(m, n->a, &native);
    struct evaluated e = {.arguments = {0}};
    bool few = 2 * n->n_items <= FEW_ARGUMENTS;
    for (size_t i = 0; i < n->n_items; i++)
        few = few && n->items[i]->kind != N_STAR && n->items[i]->kind != N_DOUBLE_STAR;
    if (few)
        few_arguments(m, n, &e);
    else
        many_arguments(m, n, &e);
    m->lazy = lazy;
    m->line = n->line;
    m->column = n->column;
    value result = native                        ? native->call(m, function, &e.arguments)
                   : function.kind == V_FUNCTION ? call_function(m, function, &e.arguments, direct)
                                                 : call(m, function, &e.arguments);
    m->lazy = false;
    return result;
}

/* The names that a target binds. */
enum { MAX_TARGET_NAMES = 16 };
struct node_names {
    const char *text[MAX_TARGET_NAMES];
    size_t n;
};

static void target_names(vm *m, const node *target, struct node_names *names)
{
    if (target->kind == N_NAME) {
        if (names->n == MAX_TARGET_NAMES)
            fail(m, "more than %d names in a comprehension are not supported", MAX_TARGET_NAMES);
        names->text[names->n++] = target->text;
    }
    if (target->kind == N_STAR)
        target_names(m, target->a, names);
    for (size_t i = 0; i < target->n_items; i++)
        target_names(m, target->items[i], names);
}

/* Moves on to the next bindings that the clauses and their conditions give; false: there are none. The names are those of the
 * iterator's scope, where m->scope is. */
static bool next_bindings(vm *m, struct iterator *it)
{
    const node *n = it->node;
    for (;;) {
        value item;
        size_t depth = it->n_begun - 1;
        const node *clause = n->items[depth];
        if (!walk_next(m, &it->walks[depth], &item)) {
            if (depth == 0)
                return false;
            it->n_begun--;
            continue;
        }
        assign(m, clause->a, item);
        bool wanted = true;
        for (size_t i = 0; wanted && i < clause->n_items; i++)
            wanted = truth(m, evaluate(m, clause->items[i]));
        if (!wanted)
            continue;
        if (it->n_begun == n->n_items)
            return true;
        it->walks[it->n_begun] = walk_start(m, evaluate(m, n->items[it->n_begun]->b));
        it->n_begun++;
    }
}

static bool next_of_generator(vm *m, struct iterator *it, value *item_out)
{
    struct scope *outer = m->scope;
    m->scope = it->scope;
    it->done = !next_bindings(m, it);
    if (!it->done)
        *item_out = evaluate(m, it->node->a);
    m->scope = outer;
    return !it->done;
}

/* The first iterable belongs to the scope outside and is evaluated at once, all else as it is walked. */
static struct iterator *begin_comprehension(vm *m, const node *n)
{
    struct node_names names = {.n = 0};
    for (size_t i = 0; i < n->n_items; i++)
        target_names(m, n->items[i]->a, &names);
    struct iterator *it = new_iterator(m, "generator", next_of_generator, n->n_items);
    it->node = n;
    it->walks[0] = walk_start(m, evaluate(m, n->items[0]->b));
    it->n_begun = 1;
    it->scope = new_scope(m, m->scope, names.text, names.n);
    return it;
}

static value evaluate_comprehension(vm *m, const node *n)
{
    struct iterator *it = begin_comprehension(m, n);
    if (strcmp(n->text, "generator") == 0)
        return iterator_value(it);
    bool is_set = strcmp(n->text, "set") == 0;
    value out = n->b ? make_dict(m) : is_set ? make_set(m) : make_sequence(m, V_LIST, 0);
    struct scope *outer = m->scope;
    m->scope = it->scope;
    while (next_bindings(m, it)) {
        value item = evaluate(m, n->a);
        if (n->b)
            dict_put(m, out.u.dict, item, evaluate(m, n->b));
        else if (is_set)
            set_add(m, out.u.set, item);
        else
            append(m, out, item);
    }
    m->scope = outer;
    return out;
}

static value evaluate_format(vm *m, const node *n)
{
    struct writer w = writer_start(m);
    for (size_t i = 0; i < n->n_items; i++) {
        value v = evaluate(m, n->items[i]->kind == N_FIELD ? n->items[i]->a : n->items[i]);
        if (n->items[i]->kind != N_FIELD) {
            put_str(&w, v);
            continue;
        }
        if (n->items[i]->name[0] != '\0') {
            struct writer part = writer_start(m);
            if (n->items[i]->name[0] == 'r')
                put_repr(&part, v);
            else
                put_str(&part, v);
            v = make_text(m, V_STR, written(&part), part.n);
        }
        put_formatted(&w, v, n->items[i]->text, strlen(n->items[i]->text));
    }
    return make_text(m, V_STR, written(&w), w.n);
}

static value evaluate_inner(vm *m, const node *n)
{
    switch (n->kind) {
    case N_CONSTANT:
        return n->constant;
    case N_NAME:
        return lookup_name(m, n->text);
    case N_TUPLE:
        return evaluate_items(m, n, V_TUPLE);
    case N_LIST:
        return evaluate_items(m, n, V_LIST);
    case N_SET:
        return evaluate_set(m, n);
    case N_DICT:
        return evaluate_dict(m, n);
    case N_UNARY: {
        value v = evaluate(m, n->a);
        return n->op == OP_BOOL_NOT ? BOOL(!truth(m, v)) : operate_unary(m, n->op, v);
    }
    case N_BINARY: {
        value a = evaluate(m, n->a), b = evaluate(m, n->b);
        m->line = n->line;
        m->column = n->column;
        return operate(m, n->op, a, b);
    }
    case N_COMPARE:
        return evaluate_comparison(m, n);
    case N_AND:
    case N_OR: {
        value left = evaluate(m, n->a);
        return truth(m, left) == (n->kind == N_OR) ? left : evaluate(m, n->b);
    }
    case N_CONDITIONAL:
        return evaluate(m, truth(m, evaluate(m, n->b)) ? n->a : n->c);
    case N_ATTRIBUTE: {
        value v = evaluate(m, n->a);
        m->line = n->line;
        m->column = n->column;
        return get_attribute(m, v, n->text);
    }
    case N_INDEX: {
        value container = evaluate(m, n->a), index = evaluate(m, n->b);
        m->line = n->line;
        m->column = n->column;
        return get_item(m, container, index);
    }
    case N_SLICE:
        return evaluate_slice(m, n);
    case N_COMPREHENSION:
        return evaluate_comprehension(m, n);
    case N_LAMBDA:
        return make_function(m, n);
    case N_WALRUS: {
        value v = evaluate(m, n->a);
        bind_name(m, n->text, v);
        return v;
    }
    case N_FORMAT:
        return evaluate_format(m, n);
    default:
        fail(m, "SyntaxError: a * where nothing takes it");
    }
}

value evaluate(vm *m, const node *n)
{
    m->line = n->line;
    m->column = n->column;
    step(m, 1);
    enter(m);
    value v;
    if (n->kind == N_CALL) {
        v = evaluate_call(m, n);
    } else {
        m->lazy = m->direct = false;
        v = evaluate_inner(m, n);
    }
    leave(m);
    return v;
}
