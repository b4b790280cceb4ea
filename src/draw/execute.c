/* execute.c - walks the tree: statements, what they assign to, and the echo of the prompt.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/iterators.h"     /* struct iterator */
#include "draw/ndarray.h"       /* array in-place operations */
#include "draw/scope.h"         /* bind_name, lookup_name */
#include "draw/tensor.h"        /* tensor_assign_in_place */
#include "draw/torch_context.h" /* torch_enter */
#include "draw/evaluate.h"

typedef enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN } flow;

/* --- Targets --------------------------------------------------------------------------------------------------------- */

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

void assign(vm *m, const node *target, value v)
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

/* --- Statements ------------------------------------------------------------------------------------------------------ */

static flow run_block(vm *m, node **items, size_t n, bool last);

/* A module, or name of one, that is not here: an error where it is used, as many are imported in vain. */
static value absent(vm *m, const char *module, const char *name)
{
    struct writer w = writer_start(m);
    put_format(&w, name[0] ? "%s.%s" : "%s", module, name);
    value v = make_text(m, V_STR, written(&w), w.n);
    v.kind = V_ABSENT;
    v.u.o->kind = V_ABSENT;
    return v;
}

static void import_module(vm *m, const node *n)
{
    char top[256];
    size_t n_top = strcspn(n->text, ".");
    memcpy(top, n->text, n_top);
    top[n_top] = '\0';
    value module = module_named(n->text), bound = n->name ? module : module_named(top);
    if (module.kind == V_NOTHING) {
        /* `import sklearn.svm` leaves the rest of sklearn as it is */
        if (bound.kind == V_NOTHING)
            bind_name(m, n->name ? n->name : top, absent(m, n->text, ""));
        return;
    }
    bind_name(m, n->name ? n->name : top, bound);
}

static void import_names(vm *m, const node *n)
{
    value module = module_named(n->text);
    if (strcmp(n->text, "__future__") == 0)
        return;
    for (size_t i = 0; i < n->n_items; i++) {
        const node *name = n->items[i];
        m->line = name->line;
        m->column = name->column;
        /* Of random all is here: what is not is a mistake. Elsewhere it may be a part that is never used. */
        bool here =
            module.kind == V_MODULE && (module.u.module == &module_random || module.u.module == &module_numpy_random ||
                                        module_has(m, module.u.module, name->text));
        bind_name(m, name->name, here ? get_attribute(m, module, name->text) : absent(m, n->text, name->text));
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
    for (value item; f != FLOW_BREAK && f != FLOW_RETURN && walk_next(m, &walk, &item);) {
        assign(m, n->a, item);
        f = run_block(m, n->items, n->n_items, false);
    }
    leave(m);
    pop_root(m);
    if (f == FLOW_RETURN)
        return f;
    return f == FLOW_BREAK ? FLOW_ON : run_block(m, n->otherwise, n->n_otherwise, false);
}

static flow run_while(vm *m, const node *n)
{
    flow f = FLOW_ON;
    enter(m);
    while (f != FLOW_BREAK && f != FLOW_RETURN && truth(m, evaluate(m, n->a)))
        f = run_block(m, n->items, n->n_items, false);
    leave(m);
    if (f == FLOW_RETURN)
        return f;
    return f == FLOW_BREAK ? FLOW_ON : run_block(m, n->otherwise, n->n_otherwise, false);
}

static flow run_with(vm *m, const node *n)
{
    struct torch_block block = torch_enter(m, evaluate(m, n->a));
    enter(m);
    flow f = run_block(m, n->items, n->n_items, false);
    leave(m);
    torch_leave(m, &block);
    return f;
}

static _Noreturn void fail_assertion(vm *m, const node *n)
{
    if (!n->b)
        fail(m, "AssertionError");
    struct writer w = writer_start(m);
    put_str(&w, evaluate(m, n->b));
    fail(m, "AssertionError: %.400s", written(&w));
}

static flow run_statement(vm *m, const node *n, bool last)
{
    m->line = n->line;
    m->column = n->column;
    step(m, 1);
    switch (n->kind) {
    case N_EXPRESSION: {
        m->lazy = last;
        m->direct = true;
        value v = evaluate(m, n->a);
        m->lazy = false;
        if (m->n_calls > 0) /* in a function nothing is shown */
            break;
        if (v.kind == V_NONE || v.kind == V_TORCH || v.kind == V_CONTEXT) /* the prompt shows its address */
            break;
        m->last = v;
        echo(m, v);
        break;
    }
    case N_ASSIGN: {
        m->direct = true;
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
    case N_WITH:
        return run_with(m, n);
    case N_DEF:
        bind_name(m, n->text, make_function(m, n));
        break;
    case N_RETURN:
        m->direct = true;
        m->returned = n->a ? evaluate(m, n->a) : NONE;
        m->direct = false;
        return FLOW_RETURN;
    case N_ASSERT:
        if (!truth(m, evaluate(m, n->a)))
            fail_assertion(m, n);
        break;
    case N_RAISE:
        fail(m, "the program raises an exception here (none can be caught: try is not supported)");
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
        if (m->n_unswept == 0)
            heap_sweep(m);
        flow f = run_statement(m, items[i], last && i + 1 == n);
        if (f != FLOW_ON)
            return f;
    }
    return FLOW_ON;
}

value run_body(vm *m, node **items, size_t n)
{
    flow f = run_block(m, items, n, false);
    if (f == FLOW_BREAK || f == FLOW_CONTINUE)
        fail(m, "SyntaxError: 'break' or 'continue' outside a loop");
    return f == FLOW_RETURN ? m->returned : NONE;
}

void execute(vm *m, node **statements, size_t n)
{
    if (run_block(m, statements, n, true) != FLOW_ON)
        fail(m, "SyntaxError: 'break' or 'continue' outside a loop");
}
