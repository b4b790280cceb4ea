/* syntax.h - tokens and trees of the lines that `oneseed draw` takes.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_SYNTAX_H
#define ONESEED_DRAW_SYNTAX_H

#include "draw/vm.h" /* value, operator */

typedef enum token_kind {
    T_END,
    T_NEWLINE,
    T_INDENT,
    T_DEDENT,
    T_NAME,
    T_INTEGER,
    T_FLOAT,
    T_STRING, /* the whole literal with prefix and quotes */
    T_OPERATOR
} token_kind;

typedef struct token {
    token_kind kind;
    unsigned line, column; /* from 1; columns count bytes */
    const char *text;
    size_t nbytes;
} token;

typedef enum node_kind {
    N_CONSTANT,
    N_NAME,
    N_TUPLE,
    N_LIST,
    N_SET,
    N_DICT, /* items: key, item, key, item …; N_DOUBLE_STAR, NULL for **a */
    N_UNARY,
    N_BINARY,
    N_COMPARE, /* items: the operands; ops: one byte for each pair */
    N_AND,
    N_OR,
    N_CONDITIONAL, /* a if b else c */
    N_ATTRIBUTE,
    N_INDEX,
    N_SLICE,
    N_CALL, /* a: function; items: arguments, N_STAR and N_KEYWORD among them */
    N_STAR,
    N_KEYWORD,
    N_LAMBDA,        /* items: N_PARAMETER; b: the value */
    N_PARAMETER,     /* text; a: its default; name: "", "keyword" (by keyword only), "*", "**" */
    N_WALRUS,        /* text := a */
    N_DOUBLE_STAR,   /* **a in a call or a dict */
    N_COMPREHENSION, /* text: "list", "set", "dict", "generator"; a: item; b: item of a dict; items: N_FOR clauses */
    N_FOR_CLAUSE,    /* a: target, b: over, items: conditions */
    N_FORMAT,        /* f-string; items: constants and N_FIELD */
    N_FIELD,         /* a: expression, text: conversion and spec, op: conversion character */
    N_EXPRESSION,    /* statements */
    N_ASSIGN,        /* items: targets; a: value */
    N_AUGMENT,
    N_FOR,   /* a: target, b: over, items: body, otherwise: else */
    N_WHILE, /* a: condition */
    N_IF,
    N_WITH,   /* a: the context manager; items: body */
    N_IMPORT, /* text: module, name: bound */
    N_FROM,   /* text: module, items: N_NAME with text and as-name */
    N_DELETE,
    N_DEF,    /* text; items: N_PARAMETER; otherwise: body */
    N_RETURN, /* a, or NULL */
    N_GLOBAL, /* text: "global" or "nonlocal"; items: N_NAME */
    N_ASSERT, /* a; b: the message, or NULL */
    N_RAISE,  /* a, or NULL */
    N_PASS,
    N_BREAK,
    N_CONTINUE
} node_kind;

typedef struct node node;
struct node {
    node_kind kind;
    operator op;
    unsigned line, column;
    const char *text; /* NUL-terminated */
    const char *name;
    value constant;
    node *a, *b, *c;
    node **items;
    size_t n_items;
    node **otherwise;
    size_t n_otherwise;
    const char **names; /* of a function: parameters, other local names, then those that it declares global */
    size_t n_locals, n_names;
};

/* A pasted session (lines that begin with ">>> ") becomes its input alone; every other text stays. Positions are kept: what is
 * not input becomes an empty line. */
const char *strip_prompts(vm *m, const char *text, size_t nbytes, size_t *nbytes_out);
/* The tokens of the text, T_END last. */
token *lex(vm *m, const char *text, size_t nbytes, size_t *n_out);
/* Statements. All nodes live as long as the session. */
node **parse(vm *m, const char *text, size_t nbytes, size_t *n_out);
/* One expression, for the fields of an f-string. */
node *parse_expression_text(vm *m, const char *text, size_t nbytes, unsigned line, unsigned column, int depth);
/* Memory for the tree: freed with the session, never swept. */
void *tree_memory(vm *m, size_t nbytes);

void execute(vm *m, node **statements, size_t n);

#endif
