/* string_literal.c - string literals: escapes, bytes, and the fields of f-strings.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strchr */

#include "draw/parser.h"

struct literal {
    vm *m;
    const token *t;
    bool raw, bytes, format;
    const char *text; /* between the quotes */
    size_t nbytes;
};

static _Noreturn void fail_in(const struct literal *x, const char *what)
{
    x->m->line = x->t->line;
    x->m->column = x->t->column;
    fail(x->m, "SyntaxError: %s", what);
}

static void put_point(struct writer *w, uint32_t c)
{
    char out[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (n == 1)
        out[0] = (char)c;
    for (size_t i = n; n > 1 && i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    if (n > 1)
        out[0] = (char)((0xf00 >> n & 0xff) | c);
    put(w, out, n);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;
}

/* The escape behind a backslash at text[i]; gives where it ends. */
static size_t put_escape(const struct literal *x, size_t i, struct writer *w)
{
    static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
    char c = x->text[i];
    const char *simple = strchr(from, c);
    if (c == '\n')
        return i + 1;
    if (simple && c != '\0') {
        put(w, &to[simple - from], 1);
        return i + 1;
    }
    uint32_t point = 0;
    if (c >= '0' && c <= '7') {
        size_t k = i;
        for (; k < x->nbytes && k < i + 3 && x->text[k] >= '0' && x->text[k] <= '7'; k++)
            point = point * 8 + (uint32_t)digit_of(x->text[k]);
        if (x->bytes)
            put(w, &(char){(char)point}, 1);
        else
            put_point(w, point);
        return k;
    }
    size_t n = c == 'x' ? 2 : c == 'u' && !x->bytes ? 4 : c == 'U' && !x->bytes ? 8 : 0;
    if (n == 0) {
        if (c == 'N' && !x->bytes)
            fail_in(x, "\\N{…} is not supported");
        put_text(w, "\\");
        return i; /* an unknown escape stays as it is */
    }
    for (size_t k = i + 1; k <= i + n; k++) {
        if (k >= x->nbytes || digit_of(x->text[k]) > 15)
            fail_in(x, "a truncated escape in a string");
        point = point * 16 + (uint32_t)digit_of(x->text[k]);
    }
    if (x->bytes)
        put(w, &(char){(char)point}, 1);
    else if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        fail_in(x, "an escape that is no character");
    else
        put_point(w, point);
    return i + 1 + n;
}

static size_t put_piece(const struct literal *x, size_t i, struct writer *w)
{
    if (x->text[i] == '\\' && !x->raw && i + 1 < x->nbytes)
        return put_escape(x, i + 1, w);
    if (x->bytes && (unsigned char)x->text[i] >= 0x80)
        fail_in(x, "bytes can only contain ASCII literal characters");
    put(w, x->text + i, 1);
    return i + 1;
}

static struct literal open_literal(vm *m, const token *t)
{
    struct literal x = {.m = m, .t = t};
    size_t i = 0;
    for (; t->text[i] != '"' && t->text[i] != '\''; i++) {
        char c = (char)(t->text[i] | 32);
        x.raw = x.raw || c == 'r';
        x.bytes = x.bytes || c == 'b';
        x.format = x.format || c == 'f';
    }
    bool triple = t->nbytes - i >= 6 && t->text[i + 1] == t->text[i] && t->text[i + 2] == t->text[i];
    size_t n_quotes = triple ? 3 : 1;
    x.text = t->text + i + n_quotes;
    x.nbytes = t->nbytes - i - 2 * n_quotes;
    if (x.bytes && x.format)
        fail_in(&x, "a literal cannot be bytes and an f-string");
    return x;
}

static void add_constant(const struct literal *x, struct node_list *parts, const struct writer *w)
{
    if (w->n == 0)
        return;
    node *n = new_node(x->m, N_CONSTANT, x->t->line, x->t->column);
    n->constant = make_text(x->m, V_STR, written(w), w->n);
    add_node(x->m, parts, n);
}

/* Where the expression of a field ends: at ! : = } outside brackets and quotes. */
static size_t field_end(const struct literal *x, size_t i)
{
    int depth = 0;
    char quote = '\0';
    for (; i < x->nbytes; i++) {
        char c = x->text[i], next = i + 1 < x->nbytes ? x->text[i + 1] : '\0';
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (strchr("([{", c)) {
            depth++;
        } else if (depth > 0) {
            depth -= strchr(")]}", c) != NULL;
        } else if (strchr("=!<>", c) && next == '=') {
            i++;
        } else if (c == '}' || c == ':' || c == '!' || (c == '=' && (next == '}' || next == ':' || next == '!'))) {
            return i;
        }
    }
    fail_in(x, "a field of an f-string is not closed");
}

static size_t parse_field(const struct literal *x, size_t i, struct node_list *parts)
{
    node *field = new_node(x->m, N_FIELD, x->t->line, x->t->column);
    size_t end = field_end(x, i);
    if (end == i)
        fail_in(x, "an empty field in an f-string");
    enter(x->m);
    field->a = parse_expression_text(x->m, x->text + i, end - i, x->t->line, x->t->column, 1);
    leave(x->m);
    bool with_name = x->text[end] == '=';
    if (with_name) {
        struct writer w = writer_start(x->m);
        put(&w, x->text + i, end + 1 - i);
        add_constant(x, parts, &w);
        end++;
    }
    char conversion = '\0';
    if (end < x->nbytes && x->text[end] == '!') {
        conversion = end + 1 < x->nbytes ? x->text[end + 1] : '\0';
        if (conversion != 'r' && conversion != 's')
            fail_in(x, "a conversion that is not !r or !s");
        end += 2;
    }
    size_t spec = end;
    if (end < x->nbytes && x->text[end] == ':') {
        spec = ++end;
        while (end < x->nbytes && x->text[end] != '}' && x->text[end] != '{')
            end++;
        if (end < x->nbytes && x->text[end] == '{')
            fail_in(x, "a field inside a format specification is not supported");
    } else if (with_name && conversion == '\0') {
        conversion = 'r';
    }
    if (end >= x->nbytes || x->text[end] != '}')
        fail_in(x, "a field of an f-string is not closed");
    field->text = tree_text(x->m, x->text + spec, end - spec);
    field->name = conversion == 'r' ? "r" : conversion == 's' ? "s" : "";
    add_node(x->m, parts, field);
    return end + 1;
}

static void parse_format(const struct literal *x, struct node_list *parts)
{
    struct writer w = writer_start(x->m);
    for (size_t i = 0; i < x->nbytes;) {
        char c = x->text[i];
        bool doubled = i + 1 < x->nbytes && x->text[i + 1] == c;
        if ((c == '{' || c == '}') && doubled) {
            put(&w, &c, 1);
            i += 2;
        } else if (c == '{') {
            add_constant(x, parts, &w);
            i = parse_field(x, i + 1, parts);
            w = writer_start(x->m);
        } else if (c == '}') {
            fail_in(x, "f-string: single '}' is not allowed");
        } else {
            i = put_piece(x, i, &w);
        }
    }
    add_constant(x, parts, &w);
}

node *parse_strings(vm *m, const token *tokens, size_t *i)
{
    const token *first = &tokens[*i];
    struct node_list parts = {0};
    struct writer w = writer_start(m);
    bool any_format = false, bytes = false;
    for (; tokens[*i].kind == T_STRING; ++*i) {
        struct literal x = open_literal(m, &tokens[*i]);
        if (tokens + *i != first && x.bytes != bytes)
            fail_in(&x, "cannot mix bytes and nonbytes literals");
        bytes = x.bytes;
        if (x.format) {
            any_format = true;
            add_constant(&x, &parts, &w);
            w = writer_start(m);
            parse_format(&x, &parts);
            continue;
        }
        for (size_t k = 0; k < x.nbytes;)
            k = put_piece(&x, k, &w);
    }
    node *n = new_node(m, any_format ? N_FORMAT : N_CONSTANT, first->line, first->column);
    if (!any_format) {
        n->constant = make_text(m, bytes ? V_BYTES : V_STR, written(&w), w.n);
        return n;
    }
    struct literal x = open_literal(m, first);
    add_constant(&x, &parts, &w);
    n->items = parts.items;
    n->n_items = parts.n;
    return n;
}
