/* parser.h - what the parser of statements and that of string literals share.
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

#endif
