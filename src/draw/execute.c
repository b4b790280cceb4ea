/* execute.c - walks the tree: expressions, statements, and the echo of the prompt.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/iterators.h" /* struct iterator */
#include "draw/ndarray.h"   /* array in-place operations */
#include "draw/scope.h"     /* bind_name, lookup_name */
#include "draw/tensor.h"    /* tensor_assign_in_place */
#include "draw/syntax.h"

typedef enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE } flow;

static value evaluate(vm *m, const node *n);

/* --- Targets --------------------------------------------------------------------------------------------------------- */

static void assign(vm *m, const node *target, value v);

static void unpack(vm *m, const node *target, value v)
{
    size_t n_targets = target->n_items, star = n_targets;
    for (size_t i = 0; i < n_targets; i++)
        if (target->items[i]->kind == N_STAR)
            star = i;
    /* Without a star one more than wanted is asked for, as Python does: an iterator may have no end. */
    value list = make_sequence(m, V_LIST, 0);
    struct walk walk = walk_start(m, v);
    for (value item; (star < n_targets || list.u.seq->n <= n_targets) && walk_next(m, &walk, &item);)
        append(m, list, item);
    size_t n = list.u.seq->n;
    if (star == n_targets && n > n_targets)
        value_error(m, "too many values to unpack (expected %zu)", n_targets);
    if (n + (star < n_targets) < n_targets)
        value_error(m, "not enough values to unpack (expected %s%zu, got %zu)", star < n_targets ? "at least " : "",
                    n_targets - (star < n_targets), n);
    for (size_t i = 0, k = 0; i < n_targets; i++) {
        if (i != star) {
            assign(m, target->items[i], list.u.seq->items[k++]);
            continue;
        }
        value rest = make_sequence(m, V_LIST, 0);
        for (size_t n_rest = n - (n_targets - 1); n_rest > 0; n_rest--)
            append(m, rest, list.u.seq->items[k++]);
        assign(m, target->items[i]->a, rest);
    }
}

static void assign(vm *m, const node *target, value v)
{
    m->line = target->line;
    m->column = target->column;
    switch (target->kind) {
    case N_NAME:
        bind_name(m, target->text, v);
        break;
    case N_TUPLE:
    case N_LIST:
        unpack(m, target, v);
        break;
    case N_INDEX: {
        value container = evaluate(m, target->a), index = evaluate(m, target->b);
        set_item(m, container, index, v);
        break;
    }
    case N_ATTRIBUTE:
        set_attribute(m, evaluate(m, target->a), target->text, v);
        break;
    default:
        fail(m, "SyntaxError: cannot assign to this");
    }
}

/* --- Expressions ----------------------------------------------------------------------------------------------------- */

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

/* CPython makes a literal of three constants or more from a frozenset that it built, and built again from itself, when it
 * compiled: that decides the order. */
static value evaluate_set(vm *m, const node *n)
{
    value list = evaluate_items(m, n, V_LIST), set = make_set(m);
    bool constants = n->n_items >= 3;
    for (size_t i = 0; constants && i < n->n_items; i++)
        constants = is_constant(n->items[i]);
    for (size_t i = 0; i < list.u.seq->n; i++)
        set_add(m, set.u.set, list.u.seq->items[i]);
    if (!constants)
        return set;
    value again = make_set(m), result = make_set(m);
    for (size_t i = 0; i <= set.u.set->mask; i++)
        if (set.u.set->slots[i].state == 1)
            set_add(m, again.u.set, set.u.set->slots[i].key);
    set_merge(m, result.u.set, again.u.set);
    return result;
}

static value evaluate_dict(vm *m, const node *n)
{
    value dict = make_dict(m);
    for (size_t i = 0; i + 1 < n->n_items; i += 2) {
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

static value evaluate_call(vm *m, const node *n)
{
    bool lazy = m->lazy;
    m->lazy = false;
    const struct native *native;
    value function = evaluate_callee(m, n->a, &native);
    value few[FEW_ARGUMENTS], *positional = few, *named, many = NONE;
    const char *few_names[FEW_ARGUMENTS], **names = few_names;
    size_t n_positional = 0, n_named = 0;
    bool star = false;
    for (size_t i = 0; i < n->n_items; i++)
        star = star || n->items[i]->kind == N_STAR;
    if (star || 2 * n->n_items > FEW_ARGUMENTS) {
        many = make_sequence(m, V_LIST, 0);
        value pairs = make_sequence(m, V_LIST, n->n_items);
        named = pairs.u.seq->items;
        names = tree_memory(m, n->n_items * sizeof *names);
    } else {
        named = few + n->n_items;
    }
    for (size_t i = 0; i < n->n_items; i++) {
        const node *argument = n->items[i];
        if (argument->kind == N_KEYWORD) {
            names[n_named] = argument->text;
            named[n_named++] = evaluate(m, argument->a);
        } else if (argument->kind == N_STAR) {
            struct walk walk = walk_start(m, evaluate(m, argument->a));
            for (value item; walk_next(m, &walk, &item);)
                append(m, many, item);
        } else if (many.kind == V_LIST) {
            append(m, many, evaluate(m, argument));
        } else {
            positional[n_positional++] = evaluate(m, argument);
        }
    }
    if (many.kind == V_LIST) {
        positional = many.u.seq->items;
        n_positional = many.u.seq->n;
    }
    m->lazy = lazy;
    m->line = n->line;
    m->column = n->column;
    struct arguments arguments = {positional, n_positional, names, named, n_named};
    value result = native ? native->call(m, function, &arguments) : call(m, function, &arguments);
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
    case N_FORMAT:
        return evaluate_format(m, n);
    default:
        fail(m, "SyntaxError: a * where nothing takes it");
    }
}

static value evaluate(vm *m, const node *n)
{
    m->line = n->line;
    m->column = n->column;
    step(m, 1);
    enter(m);
    value v;
    if (n->kind == N_CALL) {
        v = evaluate_call(m, n);
    } else {
        m->lazy = false;
        v = evaluate_inner(m, n);
    }
    leave(m);
    return v;
}

/* --- Statements ------------------------------------------------------------------------------------------------------ */

static flow run_block(vm *m, node **items, size_t n, bool last);

static void import_module(vm *m, const node *n)
{
    value module = module_named(n->text);
    if (module.kind == V_NOTHING)
        fail(m,
             "ModuleNotFoundError: No module named '%s' here (supported: random, numpy, numpy.random, math, itertools, "
             "sklearn.model_selection, sklearn.utils, sklearn.datasets, torch, torch.random, torch.nn, "
             "torch.nn.functional, "
             "torch.nn.init, torch.distributions, torch.utils.data, torch.cuda)",
             n->text);
    if (n->name) {
        bind_name(m, n->name, module);
        return;
    }
    char top[256];
    size_t n_top = strcspn(n->text, ".");
    memcpy(top, n->text, n_top);
    top[n_top] = '\0';
    bind_name(m, top, module_named(top));
}

static void import_names(vm *m, const node *n)
{
    value module = module_named(n->text);
    if (strcmp(n->text, "__future__") == 0)
        return;
    if (module.kind == V_NOTHING)
        import_module(m, n);
    for (size_t i = 0; i < n->n_items; i++) {
        m->line = n->items[i]->line;
        m->column = n->items[i]->column;
        bind_name(m, n->items[i]->name, get_attribute(m, module, n->items[i]->text));
    }
}

static void run_delete(vm *m, const node *target)
{
    if (target->kind == N_TUPLE) {
        for (size_t i = 0; i < target->n_items; i++)
            run_delete(m, target->items[i]);
        return;
    }
    if (target->kind == N_INDEX) {
        value container = evaluate(m, target->a), index = evaluate(m, target->b);
        delete_item(m, container, index);
        return;
    }
    if (target->kind != N_NAME)
        fail(m, "SyntaxError: this cannot be deleted");
    delete_name(m, target->text);
}

static void run_augment(vm *m, const node *n)
{
    node target = *n->a; /* container and index are evaluated once */
    node parts[2] = {{.kind = N_CONSTANT, .line = n->line, .column = n->column},
                     {.kind = N_CONSTANT, .line = n->line, .column = n->column}};
    if (target.kind == N_INDEX) {
        parts[0].constant = evaluate(m, target.a);
        parts[1].constant = evaluate(m, target.b);
        target.a = &parts[0];
        target.b = &parts[1];
    }
    value left = evaluate(m, &target), right = evaluate(m, n->b);
    m->line = n->line;
    m->column = n->column;
    if (left.kind == V_LIST && n->op == OP_ADD) {
        struct walk walk = walk_start(m, right);
        for (value item; walk_next(m, &walk, &item);)
            append(m, left, item);
        assign(m, &target, left);
        return;
    }
    value result = operate(m, n->op, left, right);
    if (left.kind == V_TENSOR && result.kind == V_TENSOR) {
        tensor_assign_in_place(m, left, result);
        result = left;
    }
    if (left.kind == V_ARRAY) {
        array_assign_in_place(m, left.u.array, result, true);
        result = left;
    }
    assign(m, &target, result);
}

static flow run_for(vm *m, const node *n)
{
    value over = evaluate(m, n->b);
    struct walk walk = walk_start(m, over);
    push_root(m, walk.over); /* what it walks: of an object, what that gave */
    flow f = FLOW_ON;
    enter(m);
    for (value item; f != FLOW_BREAK && walk_next(m, &walk, &item);) {
        assign(m, n->a, item);
        f = run_block(m, n->items, n->n_items, false);
    }
    leave(m);
    pop_root(m);
    return f == FLOW_BREAK ? FLOW_ON : run_block(m, n->otherwise, n->n_otherwise, false);
}

static flow run_while(vm *m, const node *n)
{
    flow f = FLOW_ON;
    enter(m);
    while (f != FLOW_BREAK && truth(m, evaluate(m, n->a)))
        f = run_block(m, n->items, n->n_items, false);
    leave(m);
    return f == FLOW_BREAK ? FLOW_ON : run_block(m, n->otherwise, n->n_otherwise, false);
}

static flow run_statement(vm *m, const node *n, bool last)
{
    m->line = n->line;
    m->column = n->column;
    step(m, 1);
    switch (n->kind) {
    case N_EXPRESSION: {
        m->lazy = last;
        value v = evaluate(m, n->a);
        m->lazy = false;
        if (v.kind == V_NONE || v.kind == V_TORCH) /* the prompt shows its address */
            break;
        m->last = v;
        echo(m, v);
        break;
    }
    case N_ASSIGN: {
        value v = evaluate(m, n->a);
        for (size_t i = 0; i < n->n_items; i++)
            assign(m, n->items[i], v);
        break;
    }
    case N_AUGMENT:
        run_augment(m, n);
        break;
    case N_IMPORT:
        import_module(m, n);
        break;
    case N_FROM:
        import_names(m, n);
        break;
    case N_DELETE:
        run_delete(m, n->a);
        break;
    case N_FOR:
        return run_for(m, n);
    case N_WHILE:
        return run_while(m, n);
    case N_IF: {
        bool yes = truth(m, evaluate(m, n->a));
        return run_block(m, yes ? n->items : n->otherwise, yes ? n->n_items : n->n_otherwise, false);
    }
    case N_BREAK:
        return FLOW_BREAK;
    case N_CONTINUE:
        return FLOW_CONTINUE;
    default:
        break;
    }
    return FLOW_ON;
}

static flow run_block(vm *m, node **items, size_t n, bool last)
{
    for (size_t i = 0; i < n; i++) {
        heap_sweep(m);
        flow f = run_statement(m, items[i], last && i + 1 == n);
        if (f != FLOW_ON)
            return f;
    }
    return FLOW_ON;
}

void execute(vm *m, node **statements, size_t n)
{
    if (run_block(m, statements, n, true) != FLOW_ON)
        fail(m, "SyntaxError: 'break' or 'continue' outside a loop");
}
