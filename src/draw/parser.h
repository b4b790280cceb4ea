/* parser.h - what the parsers of statements, expressions and string literals share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_PARSER_H
#define ONESEED_DRAW_PARSER_H

#include "draw/syntax.h" /* node, token */

node *new_node(vm *m, node_kind kind, unsigned line, unsigned column);
/* A growing list of nodes in the tree's memory. */
struct node_list {
    node **items;
    size_t n, n_allocated;
};
void add_node(vm *m, struct node_list *list, node *item);
const char *tree_text(vm *m, const char *text, size_t nbytes);
/* The literals of adjacent T_STRING tokens, from *i on; *i is left behind them. */
node *parse_strings(vm *m, const token *tokens, size_t *i);

/* Where the parser is. */
struct parser {
    vm *m;
    token *tokens;
    size_t i;
    int n_functions; /* that it is in */
};
token *token_now(struct parser *p);
node *node_here(struct parser *p, node_kind kind);
_Noreturn void fail_at(struct parser *p, const token *t, const char *what);
bool is_token(const token *t, const char *text);
bool at_operator(struct parser *p, const char *text);
bool at_word(struct parser *p, const char *text);
/* Takes the operator or word when it is next. */
bool accept_token(struct parser *p, const char *text);
void expect_token(struct parser *p, const char *text);
bool is_keyword_token(const token *t);
const char *take_name(struct parser *p);
node *parse_test(struct parser *p);
/* Levels: 0 or, 1 and, 2 not, 3 comparisons, 6 to 11 the binary operators. */
node *parse_or_below(struct parser *p, int level);
node *parse_item(struct parser *p); /* or *item */
/* What follows a colon: statements on the line, or an indented block. */
void parse_block(struct parser *p, node ***items, size_t *n_items);
node *parse_lambda(struct parser *p);
node *parse_def(struct parser *p);
void parse_parameters(struct parser *p, node *function, const char *close);
/* A tuple when there is a comma. */
node *parse_expression_list(struct parser *p, bool stars);

#endif
