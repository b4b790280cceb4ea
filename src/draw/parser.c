/* parser.c - expressions of the lines that `oneseed draw` takes, by recursive descent.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* strtod */
#include <string.h> /* memcmp, strlen */

#include "draw/parser.h"

/* --- Nodes ----------------------------------------------------------------------------------------------------------- */

node *new_node(vm *m, node_kind kind, unsigned line, unsigned column)
{
    node *n = tree_memory(m, sizeof *n);
    n->kind = kind;
    n->line = line;
    n->column = column;
    return n;
}

void add_node(vm *m, struct node_list *list, node *item)
{
    if (list->n == list->n_allocated) {
        size_t larger = list->n_allocated ? 2 * list->n_allocated : 4;
        node **items = tree_memory(m, larger * sizeof *items);
        if (list->n > 0)
            memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
        list->n_allocated = larger;
    }
    list->items[list->n++] = item;
}

const char *tree_text(vm *m, const char *text, size_t nbytes)
{
    char *copy = tree_memory(m, nbytes + 1);
    memcpy(copy, text, nbytes);
    return copy;
}

token *token_now(struct parser *p)
{
    return &p->tokens[p->i];
}

node *node_here(struct parser *p, node_kind kind)
{
    return new_node(p->m, kind, token_now(p)->line, token_now(p)->column);
}

_Noreturn void fail_at(struct parser *p, const token *t, const char *what)
{
    p->m->line = t->line;
    p->m->column = t->column;
    fail(p->m, "SyntaxError: %s", what);
}

bool is_token(const token *t, const char *text)
{
    return strlen(text) == t->nbytes && memcmp(t->text, text, t->nbytes) == 0;
}

bool at_operator(struct parser *p, const char *text)
{
    return token_now(p)->kind == T_OPERATOR && is_token(token_now(p), text);
}

bool at_word(struct parser *p, const char *text)
{
    return token_now(p)->kind == T_NAME && is_token(token_now(p), text);
}

bool accept_token(struct parser *p, const char *text)
{
    bool found = at_operator(p, text) || at_word(p, text);
    p->i += found;
    return found;
}

void expect_token(struct parser *p, const char *text)
{
    if (accept_token(p, text))
        return;
    p->m->line = token_now(p)->line;
    p->m->column = token_now(p)->column;
    if (token_now(p)->kind == T_END || token_now(p)->kind == T_NEWLINE)
        fail(p->m, "SyntaxError: expected '%s' before the end of the line", text);
    fail(p->m, "SyntaxError: expected '%s', not '%.*s'", text,
         token_now(p)->nbytes > 40 ? 40 : (int)token_now(p)->nbytes, token_now(p)->text);
}

bool is_keyword_token(const token *t)
{
    static const char *const words[] = {"and",      "as",     "assert", "async",    "await", "break",  "class",
                                        "continue", "def",    "del",    "elif",     "else",  "except", "False",
                                        "finally",  "for",    "from",   "global",   "if",    "import", "in",
                                        "is",       "lambda", "None",   "nonlocal", "not",   "or",     "pass",
                                        "raise",    "return", "True",   "try",      "while", "with",   "yield"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_token(t, words[i]))
            return true;
    return false;
}

const char *take_name(struct parser *p)
{
    if (token_now(p)->kind != T_NAME || is_keyword_token(token_now(p)))
        fail_at(p, token_now(p), "expected a name");
    token *t = &p->tokens[p->i++];
    return tree_text(p->m, t->text, t->nbytes);
}

/* --- Atoms ----------------------------------------------------------------------------------------------------------- */

static node *constant(struct parser *p, value v)
{
    node *n = node_here(p, N_CONSTANT);
    n->constant = v;
    return n;
}

static node *parse_number(struct parser *p)
{
    token *t = token_now(p);
    node *n;
    if (t->kind == T_INTEGER) {
        char mark = t->nbytes > 1 && t->text[0] == '0' ? (char)(t->text[1] | 32) : ' ';
        unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 10;
        unsigned skip = base == 10 ? 0 : 2;
        p->m->line = t->line;
        p->m->column = t->column;
        n = constant(p, big_from_digits(p->m, t->text + skip, t->nbytes - skip, base));
    } else {
        char *text = tree_memory(p->m, t->nbytes + 1);
        size_t k = 0;
        for (size_t i = 0; i < t->nbytes; i++)
            if (t->text[i] != '_')
                text[k++] = t->text[i];
        n = constant(p, FLOAT(strtod(text, NULL)));
    }
    p->i++;
    return n;
}

/* `for TARGET in OVER [if CONDITION]…` behind an item. */
static node *parse_comprehension(struct parser *p, const char *what, node *item, node *dict_item)
{
    node *n = node_here(p, N_COMPREHENSION);
    struct node_list clauses = {0};
    n->text = what;
    n->a = item;
    n->b = dict_item;
    while (at_word(p, "for")) {
        node *clause = node_here(p, N_FOR_CLAUSE);
        struct node_list conditions = {0}, targets = {0};
        p->i++;
        unsigned n_commas = 0;
        do {
            if (at_word(p, "in"))
                break;
            add_node(p->m, &targets, parse_or_below(p, 6));
        } while (accept_token(p, ",") && ++n_commas);
        if (targets.n == 0)
            fail_at(p, token_now(p), "expected a name to bind");
        clause->a = targets.items[0];
        if (n_commas > 0) {
            clause->a = node_here(p, N_TUPLE);
            clause->a->items = targets.items;
            clause->a->n_items = targets.n;
        }
        expect_token(p, "in");
        clause->b = parse_or_below(p, 0);
        while (accept_token(p, "if"))
            add_node(p->m, &conditions, parse_or_below(p, 0));
        clause->items = conditions.items;
        clause->n_items = conditions.n;
        add_node(p->m, &clauses, clause);
    }
    n->items = clauses.items;
    n->n_items = clauses.n;
    return n;
}

node *parse_item(struct parser *p)
{
    if (!at_operator(p, "*"))
        return parse_test(p);
    node *star = node_here(p, N_STAR);
    p->i++;
    star->a = parse_or_below(p, 6);
    return star;
}

/* Items up to the closing bracket, which is taken. */
static node *parse_items(struct parser *p, node *n, struct node_list *list, const char *close)
{
    while (!accept_token(p, close)) {
        add_node(p->m, list, parse_item(p));
        if (!at_operator(p, close))
            expect_token(p, ",");
    }
    n->items = list->items;
    n->n_items = list->n;
    return n;
}

static node *parse_parenthesis(struct parser *p)
{
    node *n = node_here(p, N_TUPLE);
    struct node_list list = {0};
    p->i++;
    if (accept_token(p, ")"))
        return n;
    node *first = parse_item(p);
    if (at_word(p, "for")) {
        n = parse_comprehension(p, "generator", first, NULL);
        expect_token(p, ")");
        return n;
    }
    if (first->kind != N_STAR && accept_token(p, ")"))
        return first;
    add_node(p->m, &list, first);
    expect_token(p, ",");
    return parse_items(p, n, &list, ")");
}

static node *parse_list(struct parser *p)
{
    node *n = node_here(p, N_LIST);
    struct node_list list = {0};
    p->i++;
    if (accept_token(p, "]"))
        return n;
    node *first = parse_item(p);
    if (at_word(p, "for")) {
        n = parse_comprehension(p, "list", first, NULL);
        expect_token(p, "]");
        return n;
    }
    add_node(p->m, &list, first);
    if (!at_operator(p, "]"))
        expect_token(p, ",");
    return parse_items(p, n, &list, "]");
}

/* `key: item` or `**a`, of which `first` is the key that was read already, or NULL. */
static void parse_dict_item(struct parser *p, struct node_list *list, node *first)
{
    if (!first && at_operator(p, "**")) {
        node *stars = node_here(p, N_DOUBLE_STAR);
        p->i++;
        stars->a = parse_or_below(p, 6);
        add_node(p->m, list, stars);
        add_node(p->m, list, NULL);
        return;
    }
    node *key = first ? first : parse_test(p);
    expect_token(p, ":");
    add_node(p->m, list, key);
    add_node(p->m, list, parse_test(p));
}

static node *parse_dict(struct parser *p, node *n, node *key)
{
    struct node_list list = {0};
    n->kind = N_DICT;
    parse_dict_item(p, &list, key);
    if (list.items[1] && at_word(p, "for")) {
        n = parse_comprehension(p, "dict", list.items[0], list.items[1]);
        expect_token(p, "}");
        return n;
    }
    while (accept_token(p, ",") && !at_operator(p, "}"))
        parse_dict_item(p, &list, NULL);
    expect_token(p, "}");
    n->items = list.items;
    n->n_items = list.n;
    return n;
}

static node *parse_brace(struct parser *p)
{
    node *n = node_here(p, N_DICT);
    struct node_list list = {0};
    p->i++;
    if (accept_token(p, "}"))
        return n;
    if (at_operator(p, "**"))
        return parse_dict(p, n, NULL);
    node *first = parse_item(p);
    if (first->kind != N_STAR && at_operator(p, ":"))
        return parse_dict(p, n, first);
    if (at_word(p, "for")) {
        n = parse_comprehension(p, "set", first, NULL);
        expect_token(p, "}");
        return n;
    }
    n->kind = N_SET;
    add_node(p->m, &list, first);
    if (!at_operator(p, "}"))
        expect_token(p, ",");
    return parse_items(p, n, &list, "}");
}

static node *parse_atom(struct parser *p)
{
    token *t = token_now(p);
    if (t->kind == T_INTEGER || t->kind == T_FLOAT)
        return parse_number(p);
    if (t->kind == T_STRING)
        return parse_strings(p->m, p->tokens, &p->i);
    static const struct {
        const char *word;
        value_kind kind;
        int64_t i;
    } words[] = {{"None", V_NONE, 0}, {"True", V_BOOL, 1}, {"False", V_BOOL, 0}, {"...", V_ELLIPSIS, 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_token(t, words[i].word) && (t->kind == T_NAME || t->kind == T_OPERATOR)) {
            node *n = constant(p, (value){.kind = (uint8_t)words[i].kind, .u.i = words[i].i});
            p->i++;
            return n;
        }
    if (t->kind == T_NAME && !is_keyword_token(t)) {
        node *n = node_here(p, N_NAME);
        n->text = take_name(p);
        return n;
    }
    if (at_operator(p, "("))
        return parse_parenthesis(p);
    if (at_operator(p, "["))
        return parse_list(p);
    if (at_operator(p, "{"))
        return parse_brace(p);
    if (at_word(p, "yield") || at_word(p, "await"))
        fail_at(p, t, "generator functions are not supported (generator expressions are)");
    fail_at(p, t,
            t->kind == T_NEWLINE || t->kind == T_END ? "the line ends where an expression should be"
                                                     : "expected an expression");
}

/* --- Calls, indices, operators --------------------------------------------------------------------------------------- */

static node *parse_call(struct parser *p, node *function)
{
    node *n = node_here(p, N_CALL);
    struct node_list list = {0};
    n->line = function->line;
    n->column = function->column;
    n->a = function;
    p->i++;
    while (!accept_token(p, ")")) {
        node *argument;
        if (at_operator(p, "**")) {
            argument = node_here(p, N_DOUBLE_STAR);
            p->i++;
            argument->a = parse_or_below(p, 0);
        } else if (token_now(p)->kind == T_NAME && p->tokens[p->i + 1].kind == T_OPERATOR &&
                   is_token(&p->tokens[p->i + 1], "=")) {
            argument = node_here(p, N_KEYWORD);
            argument->text = take_name(p);
            p->i++;
            argument->a = parse_test(p);
        } else {
            argument = parse_item(p);
            if (at_word(p, "for"))
                argument = parse_comprehension(p, "generator", argument, NULL);
        }
        add_node(p->m, &list, argument);
        if (!at_operator(p, ")"))
            expect_token(p, ",");
    }
    n->items = list.items;
    n->n_items = list.n;
    return n;
}

static node *parse_subscript(struct parser *p)
{
    node *slice = node_here(p, N_SLICE), *first = NULL;
    if (!at_operator(p, ":"))
        first = parse_test(p);
    if (!at_operator(p, ":"))
        return first;
    node **parts[] = {&slice->b, &slice->c};
    slice->a = first;
    for (int i = 0; i < 2 && accept_token(p, ":"); i++)
        if (!at_operator(p, ":") && !at_operator(p, "]") && !at_operator(p, ","))
            *parts[i] = parse_test(p);
    return slice;
}

static node *parse_index(struct parser *p, node *container)
{
    node *n = node_here(p, N_INDEX);
    struct node_list list = {0};
    n->a = container;
    p->i++;
    bool tuple = false;
    do {
        if (at_operator(p, "]"))
            break;
        add_node(p->m, &list, parse_subscript(p));
        tuple = tuple || at_operator(p, ",");
    } while (accept_token(p, ","));
    if (list.n == 0)
        fail_at(p, token_now(p), "expected an index");
    expect_token(p, "]");
    n->b = list.items[0];
    if (tuple) {
        n->b = new_node(p->m, N_TUPLE, n->line, n->column);
        n->b->items = list.items;
        n->b->n_items = list.n;
    }
    return n;
}

static node *parse_primary(struct parser *p)
{
    enter(p->m);
    node *n = parse_atom(p);
    leave(p->m);
    int depth = 0;
    for (;;) {
        if (at_operator(p, "(")) {
            n = parse_call(p, n);
        } else if (at_operator(p, "[")) {
            n = parse_index(p, n);
        } else if (at_operator(p, ".")) {
            node *attribute = node_here(p, N_ATTRIBUTE);
            p->i++;
            attribute->a = n;
            attribute->column = token_now(p)->column;
            attribute->text = take_name(p);
            n = attribute;
        } else {
            return n;
        }
        if (++depth > 100)
            fail_at(p, token_now(p), "too long a chain of calls, attributes and indices");
    }
}

static node *parse_unary(struct parser *p);

static node *parse_power(struct parser *p)
{
    node *base = parse_primary(p);
    if (!at_operator(p, "**"))
        return base;
    node *n = node_here(p, N_BINARY);
    p->i++;
    n->op = OP_POWER;
    n->a = base;
    n->b = parse_unary(p);
    return n;
}

static node *parse_unary(struct parser *p)
{
    static const struct {
        const char *text;
        operator op;
    } signs[] = {{"-", OP_NEGATE}, {"+", OP_PLUS}, {"~", OP_INVERT}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (at_operator(p, signs[i].text)) {
            node *n = node_here(p, N_UNARY);
            n->op = signs[i].op;
            p->i++;
            enter(p->m);
            n->a = parse_unary(p);
            leave(p->m);
            return n;
        }
    return parse_power(p);
}

/* Levels 6 to 11 of binary operators, all from left to right: | ^ & shifts sums products. */
static operator binary_at(struct parser *p, int level)
{
    static const struct {
        const char *text;
        operator op;
        int level;
    } table[] = {{"|", OP_OR, 6},        {"^", OP_XOR, 7},
                 {"&", OP_AND, 8},       {"<<", OP_LEFT, 9},
                 {">>", OP_RIGHT, 9},    {"+", OP_ADD, 10},
                 {"-", OP_SUBTRACT, 10}, {"*", OP_MULTIPLY, 11},
                 {"/", OP_DIVIDE, 11},   {"//", OP_FLOOR_DIVIDE, 11},
                 {"%", OP_MODULO, 11},   {"@", OP_MATRIX, 11}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].level == level && at_operator(p, table[i].text))
            return table[i].op;
    return OP_NONE;
}

static operator comparison_at(struct parser *p, size_t *n_tokens)
{
    static const struct {
        const char *text;
        operator op;
    } table[] = {{"==", OP_EQ}, {"!=", OP_NE}, {"<", OP_LT}, {"<=", OP_LE}, {">", OP_GT}, {">=", OP_GE}, {"in", OP_IN}};
    *n_tokens = 1;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (at_operator(p, table[i].text) || (table[i].op == OP_IN && at_word(p, "in")))
            return table[i].op;
    token *next = token_now(p)->kind == T_END ? token_now(p) : &p->tokens[p->i + 1];
    if (at_word(p, "is")) {
        bool negated = next->kind == T_NAME && is_token(next, "not");
        *n_tokens = negated ? 2 : 1;
        return negated ? OP_IS_NOT : OP_IS;
    }
    if (at_word(p, "not") && next->kind == T_NAME && is_token(next, "in")) {
        *n_tokens = 2;
        return OP_NOT_IN;
    }
    return OP_NONE;
}

static node *parse_comparison(struct parser *p)
{
    node *first = parse_or_below(p, 6);
    size_t n_tokens;
    if (comparison_at(p, &n_tokens) == OP_NONE)
        return first;
    node *n = node_here(p, N_COMPARE);
    struct node_list operands = {0};
    add_node(p->m, &operands, first);
    for (operator op; (op = comparison_at(p, &n_tokens)) != OP_NONE;) {
        p->i += n_tokens;
        node *operand = parse_or_below(p, 6);
        node *pair = new_node(p->m, N_UNARY, operand->line, operand->column); /* the operator before its operand */
        pair->op = op;
        pair->a = operand;
        add_node(p->m, &operands, pair);
    }
    n->items = operands.items;
    n->n_items = operands.n;
    return n;
}

/* Levels: 0 or, 1 and, 2 not, 3 comparisons, from 6 on the table of binary_at. */
node *parse_or_below(struct parser *p, int level)
{
    if (level >= 12)
        return parse_unary(p);
    if (level == 2) {
        if (!at_word(p, "not"))
            return parse_comparison(p);
        node *n = node_here(p, N_UNARY);
        p->i++;
        n->op = OP_BOOL_NOT;
        enter(p->m);
        n->a = parse_or_below(p, 2);
        leave(p->m);
        return n;
    }
    node *left = parse_or_below(p, level + 1);
    for (size_t n_chained = 0;; n_chained++) {
        operator op = level<2 ? OP_NONE : binary_at(p, level);
        if (level < 2 ? !at_word(p, level == 0 ? "or" : "and") : op == OP_NONE)
            return left;
        if (n_chained > 100)
            fail_at(p, token_now(p), "more than 100 operators of one kind in a row");
        node *n = node_here(p, level == 0 ? N_OR : level == 1 ? N_AND : N_BINARY);
        p->i++;
        n->op = op;
        n->a = left;
        n->b = parse_or_below(p, level + 1);
        left = n;
    }
}

node *parse_test(struct parser *p)
{
    enter(p->m);
    if (at_word(p, "lambda")) {
        node *lambda = parse_lambda(p);
        leave(p->m);
        return lambda;
    }
    node *n = parse_or_below(p, 0);
    if (at_word(p, "if")) {
        node *conditional = node_here(p, N_CONDITIONAL);
        p->i++;
        conditional->a = n;
        conditional->b = parse_or_below(p, 0);
        expect_token(p, "else");
        conditional->c = parse_test(p);
        n = conditional;
    }
    if (n->kind == N_NAME && accept_token(p, ":=")) {
        n->kind = N_WALRUS;
        n->a = parse_test(p);
    }
    leave(p->m);
    return n;
}

static bool at_end_of_expression(struct parser *p)
{
    return token_now(p)->kind == T_NEWLINE || token_now(p)->kind == T_END || at_operator(p, ";") ||
           at_operator(p, "=") || at_operator(p, ":");
}

node *parse_expression_list(struct parser *p, bool stars)
{
    struct node_list list = {0};
    node *n = node_here(p, N_TUPLE);
    add_node(p->m, &list, stars ? parse_item(p) : parse_test(p));
    if (!at_operator(p, ",") && list.items[0]->kind != N_STAR)
        return list.items[0];
    while (accept_token(p, ",") && !at_end_of_expression(p))
        add_node(p->m, &list, stars ? parse_item(p) : parse_test(p));
    n->items = list.items;
    n->n_items = list.n;
    return n;
}

node *parse_expression_text(vm *m, const char *text, size_t nbytes, unsigned line, unsigned column, int depth)
{
    struct parser p = {.m = m};
    size_t n_tokens;
    (void)depth;
    char *bracketed = tree_memory(m, nbytes + 3); /* so that newlines mean nothing */
    bracketed[0] = '(';
    memcpy(bracketed + 1, text, nbytes);
    bracketed[nbytes + 1] = ')';
    m->line = line;
    m->column = column;
    p.tokens = lex(m, bracketed, nbytes + 2, &n_tokens);
    for (size_t i = 0; i < n_tokens; i++) {
        p.tokens[i].column = column;
        p.tokens[i].line = line;
    }
    node *n = parse_test(&p);
    if (token_now(&p)->kind != T_NEWLINE)
        fail_at(&p, token_now(&p), "invalid syntax in a field of an f-string");
    return n;
}
