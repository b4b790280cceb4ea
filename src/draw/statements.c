/* statements.c - statements of the lines that `oneseed draw` takes.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp, strlen */

#include "draw/parser.h"

static const char supported_statements[] = "expressions, assignments, def, return, for, while, if, with, import, from, "
                                           "global, nonlocal, del, assert, raise, pass, "
                                           "break, continue";

static void parse_statement(struct parser *p, struct node_list *out);

static void check_target(struct parser *p, const node *target)
{
    switch (target->kind) {
    case N_NAME:
    case N_INDEX:
        return;
    case N_TUPLE:
    case N_LIST:
        for (size_t i = 0; i < target->n_items; i++)
            check_target(p, target->items[i]);
        return;
    case N_STAR:
        check_target(p, target->a);
        return;
    case N_ATTRIBUTE: /* which of them can be assigned, their object knows */
        return;
    default:
        break;
    }
    p->m->line = target->line;
    p->m->column = target->column;
    fail(p->m, "SyntaxError: cannot assign to this (names, indices, attributes and tuples of them are supported)");
}

static operator augmented_at(struct parser *p)
{
    static const struct {
        const char *text;
        operator op;
    } table[] = {{"+=", OP_ADD},           {"-=", OP_SUBTRACT}, {"*=", OP_MULTIPLY}, {"/=", OP_DIVIDE},
                 {"//=", OP_FLOOR_DIVIDE}, {"%=", OP_MODULO},   {"**=", OP_POWER},   {"<<=", OP_LEFT},
                 {">>=", OP_RIGHT},        {"&=", OP_AND},      {"|=", OP_OR},       {"^=", OP_XOR}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (at_operator(p, table[i].text))
            return table[i].op;
    return OP_NONE;
}

static node *parse_expression_statement(struct parser *p)
{
    node *n = node_here(p, N_EXPRESSION);
    n->a = parse_expression_list(p, true);
    operator op = augmented_at(p);
    if (op != OP_NONE) {
        check_target(p, n->a);
        if (n->a->kind == N_TUPLE || n->a->kind == N_LIST)
            fail_at(p, token_now(p), "a tuple cannot be assigned to in this way");
        n->kind = N_AUGMENT;
        n->op = op;
        p->i++;
        n->b = parse_expression_list(p, true);
        return n;
    }
    bool annotated = accept_token(p, ":"); /* what it says has no effect */
    if (annotated) {
        check_target(p, n->a);
        (void)parse_test(p);
        if (!at_operator(p, "="))
            n->kind = N_PASS;
    }
    struct node_list targets = {0};
    while (accept_token(p, "=")) {
        check_target(p, n->a);
        add_node(p->m, &targets, n->a);
        n->kind = N_ASSIGN;
        n->a = parse_expression_list(p, true);
    }
    n->items = targets.items;
    n->n_items = targets.n;
    return n;
}

static const char *parse_dotted(struct parser *p)
{
    char *text = tree_memory(p->m, 256);
    size_t n = 0;
    do {
        const char *part = take_name(p);
        size_t n_part = strlen(part);
        if (n + n_part + 2 > 256)
            fail_at(p, token_now(p), "too long a name");
        if (n > 0)
            text[n++] = '.';
        memcpy(text + n, part, n_part);
        n += n_part;
    } while (accept_token(p, "."));
    return text;
}

static void parse_import(struct parser *p, struct node_list *out)
{
    p->i++;
    do {
        node *n = node_here(p, N_IMPORT);
        n->text = parse_dotted(p);
        n->name = accept_token(p, "as") ? take_name(p) : NULL;
        add_node(p->m, out, n);
    } while (accept_token(p, ","));
}

static node *parse_from(struct parser *p)
{
    node *n = node_here(p, N_FROM);
    struct node_list names = {0};
    p->i++;
    n->text = parse_dotted(p);
    expect_token(p, "import");
    if (at_operator(p, "*"))
        fail_at(p, token_now(p), "import * is not supported: name what is used");
    bool parenthesis = accept_token(p, "(");
    do {
        if (parenthesis && at_operator(p, ")"))
            break;
        node *name = node_here(p, N_NAME);
        name->text = take_name(p);
        name->name = accept_token(p, "as") ? take_name(p) : name->text;
        add_node(p->m, &names, name);
    } while (accept_token(p, ","));
    if (parenthesis)
        expect_token(p, ")");
    n->items = names.items;
    n->n_items = names.n;
    return n;
}

void parse_block(struct parser *p, node ***items, size_t *n_items)
{
    struct node_list list = {0};
    expect_token(p, ":");
    enter(p->m);
    if (token_now(p)->kind != T_NEWLINE) {
        parse_statement(p, &list);
    } else {
        while (token_now(p)->kind == T_NEWLINE)
            p->i++;
        if (token_now(p)->kind != T_INDENT)
            fail_at(p, token_now(p), "expected an indented block");
        p->i++;
        while (token_now(p)->kind != T_DEDENT && token_now(p)->kind != T_END)
            parse_statement(p, &list);
        p->i += token_now(p)->kind == T_DEDENT;
    }
    leave(p->m);
    *items = list.items;
    *n_items = list.n;
}

static node *parse_for(struct parser *p)
{
    node *n = node_here(p, N_FOR), *targets = node_here(p, N_TUPLE);
    struct node_list list = {0};
    bool tuple = false;
    p->i++;
    do {
        if (at_word(p, "in"))
            break;
        add_node(p->m, &list, parse_or_below(p, 6));
        tuple = tuple || at_operator(p, ",");
    } while (accept_token(p, ","));
    targets->items = list.items;
    targets->n_items = list.n;
    if (list.n == 0)
        fail_at(p, token_now(p), "expected a name to bind");
    n->a = tuple ? targets : list.items[0];
    check_target(p, n->a);
    expect_token(p, "in");
    n->b = parse_expression_list(p, true);
    parse_block(p, &n->items, &n->n_items);
    if (accept_token(p, "else"))
        parse_block(p, &n->otherwise, &n->n_otherwise);
    return n;
}

static node *parse_if(struct parser *p)
{
    node *n = node_here(p, N_IF);
    p->i++;
    n->a = parse_test(p);
    parse_block(p, &n->items, &n->n_items);
    if (at_word(p, "elif")) {
        enter(p->m);
        n->otherwise = tree_memory(p->m, sizeof *n->otherwise);
        n->otherwise[0] = parse_if(p);
        n->n_otherwise = 1;
        leave(p->m);
    } else if (accept_token(p, "else")) {
        parse_block(p, &n->otherwise, &n->n_otherwise);
    }
    return n;
}

static node *parse_while(struct parser *p)
{
    node *n = node_here(p, N_WHILE);
    p->i++;
    n->a = parse_test(p);
    parse_block(p, &n->items, &n->n_items);
    if (accept_token(p, "else"))
        parse_block(p, &n->otherwise, &n->n_otherwise);
    return n;
}

static node *parse_with(struct parser *p)
{
    node *n = node_here(p, N_WITH);
    p->i++;
    n->a = parse_test(p);
    if (at_word(p, "as") || at_operator(p, ","))
        fail_at(p, token_now(p), "a with takes one context manager, without a name");
    parse_block(p, &n->items, &n->n_items);
    return n;
}

static node *parse_names(struct parser *p, const char *word)
{
    node *n = node_here(p, N_GLOBAL);
    struct node_list names = {0};
    p->i++;
    n->text = word;
    do {
        node *name = node_here(p, N_NAME);
        name->text = take_name(p);
        add_node(p->m, &names, name);
    } while (accept_token(p, ","));
    n->items = names.items;
    n->n_items = names.n;
    return n;
}

/* return, assert, raise: the word, and what may follow it. */
static node *parse_word_and_value(struct parser *p, node_kind kind)
{
    node *n = node_here(p, kind);
    if (kind == N_RETURN && p->n_functions == 0)
        fail_at(p, token_now(p), "'return' outside function");
    p->i++;
    if (token_now(p)->kind == T_NEWLINE || token_now(p)->kind == T_END || at_operator(p, ";"))
        return n;
    n->a = kind == N_RETURN ? parse_expression_list(p, true) : parse_test(p);
    if (kind == N_ASSERT && accept_token(p, ","))
        n->b = parse_test(p);
    if (kind == N_RAISE && accept_token(p, "from"))
        n->b = parse_test(p);
    return n;
}

static void parse_simple(struct parser *p, struct node_list *out)
{
    static const struct {
        const char *word;
        node_kind kind;
    } words[] = {{"pass", N_PASS}, {"break", N_BREAK}, {"continue", N_CONTINUE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (at_word(p, words[i].word)) {
            add_node(p->m, out, node_here(p, words[i].kind));
            p->i++;
            return;
        }
    if (at_word(p, "import")) {
        parse_import(p, out);
    } else if (at_word(p, "from")) {
        add_node(p->m, out, parse_from(p));
    } else if (at_word(p, "global") || at_word(p, "nonlocal")) {
        add_node(p->m, out, parse_names(p, at_word(p, "global") ? "global" : "nonlocal"));
    } else if (at_word(p, "return") || at_word(p, "raise")) {
        add_node(p->m, out, parse_word_and_value(p, at_word(p, "return") ? N_RETURN : N_RAISE));
    } else if (at_word(p, "assert")) {
        node *n = parse_word_and_value(p, N_ASSERT);
        if (!n->a)
            fail_at(p, token_now(p), "expected an expression");
        add_node(p->m, out, n);
    } else if (at_word(p, "del")) {
        node *n = node_here(p, N_DELETE);
        p->i++;
        n->a = parse_expression_list(p, false);
        check_target(p, n->a);
        add_node(p->m, out, n);
    } else if (token_now(p)->kind == T_NAME && is_keyword_token(token_now(p)) && !at_word(p, "not") &&
               !at_word(p, "None") && !at_word(p, "True") && !at_word(p, "False") && !at_word(p, "lambda")) {
        p->m->line = token_now(p)->line;
        p->m->column = token_now(p)->column;
        fail(p->m, "SyntaxError: '%.*s' is not supported here (supported: %s)", (int)token_now(p)->nbytes,
             token_now(p)->text, supported_statements);
    } else {
        add_node(p->m, out, parse_expression_statement(p));
    }
}

static const struct {
    const char *word;
    node *(*parse)(struct parser *p);
} compound[] = {{"for", parse_for}, {"if", parse_if}, {"while", parse_while}, {"with", parse_with}, {"def", parse_def}};

static void parse_statement(struct parser *p, struct node_list *out)
{
    if (token_now(p)->kind == T_NEWLINE) {
        p->i++;
        return;
    }
    if (token_now(p)->kind == T_INDENT)
        fail_at(p, token_now(p), "unexpected indent");
    for (size_t i = 0; i < sizeof compound / sizeof *compound; i++)
        if (at_word(p, compound[i].word)) {
            add_node(p->m, out, compound[i].parse(p));
            return;
        }
    do {
        if (token_now(p)->kind == T_NEWLINE)
            break;
        /* `a = 1; for …` is no Python, but it is one line of a shell: taken. */
        for (size_t i = 0; i < sizeof compound / sizeof *compound; i++)
            if (at_word(p, compound[i].word)) {
                parse_statement(p, out);
                return;
            }
        parse_simple(p, out);
    } while (accept_token(p, ";"));
    if (token_now(p)->kind != T_NEWLINE && token_now(p)->kind != T_END)
        fail_at(p, token_now(p), "invalid syntax");
    p->i += token_now(p)->kind == T_NEWLINE;
}

node **parse(vm *m, const char *text, size_t nbytes, size_t *n_out)
{
    struct parser p = {.m = m};
    size_t n_tokens;
    struct node_list list = {0};
    p.tokens = lex(m, text, nbytes, &n_tokens);
    while (token_now(&p)->kind != T_END)
        parse_statement(&p, &list);
    *n_out = list.n;
    return list.items;
}
