/* lexer.c - the lines of `oneseed draw` as tokens; prompts of a pasted session are taken off first.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* memchr, memcmp, strchr */

#include "draw/syntax.h"

enum { MAX_INDENTS = 64, MAX_BRACKETS = 256 };

struct lexer {
    vm *m;
    const char *at, *end, *line_start;
    unsigned line;
    int brackets; /* open; the innermost that are remembered: */
    struct {
        char open;
        unsigned line, column;
    } bracket[MAX_BRACKETS];
    size_t indents[MAX_INDENTS];
    int n_indents;
    token *tokens;
    size_t n, n_allocated;
};

/* --- Prompts --------------------------------------------------------------------------------------------------------- */

struct line {
    const char *text;
    size_t nbytes, n_margin;
};

static bool begins(const struct line *line, const char *with)
{
    size_t n = strlen(with);
    return line->nbytes - line->n_margin >= n && memcmp(line->text + line->n_margin, with, n) == 0;
}

/* "In [12]: " of IPython. Its length, 0 when there is none. */
static size_t numbered_prompt(const struct line *line)
{
    if (!begins(line, "In ["))
        return 0;
    size_t i = line->n_margin + 4;
    while (i < line->nbytes && line->text[i] >= '0' && line->text[i] <= '9')
        i++;
    if (i + 2 > line->nbytes || line->text[i] != ']' || line->text[i + 1] != ':')
        return 0;
    return i + 2 - line->n_margin + (i + 2 < line->nbytes && line->text[i + 2] == ' ');
}

static size_t prompt_nbytes(const struct line *line, bool goes_on)
{
    static const char *const starts[] = {">>> ", ">>>"}, *const continued[] = {"... ", "..."};
    for (int i = 0; i < 2; i++)
        if (begins(line, starts[i]) && (i == 0 || line->nbytes - line->n_margin == 3))
            return strlen(starts[i]);
    if (numbered_prompt(line) > 0)
        return numbered_prompt(line);
    for (int i = 0; goes_on && i < 2; i++)
        if (begins(line, continued[i]) && (i == 0 || line->nbytes - line->n_margin == 3))
            return strlen(continued[i]);
    if (goes_on && begins(line, "...:"))
        return begins(line, "...: ") ? 5 : 4;
    return 0;
}

static bool next_line(const char **at, const char *end, struct line *line)
{
    if (*at >= end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    line->text = *at;
    line->nbytes = (size_t)((stop ? stop : end) - *at);
    *at = stop ? stop + 1 : end;
    if (line->nbytes > 0 && line->text[line->nbytes - 1] == '\r')
        line->nbytes--;
    line->n_margin = 0;
    while (line->n_margin < line->nbytes && line->text[line->n_margin] == ' ')
        line->n_margin++;
    return true;
}

const char *strip_prompts(vm *m, const char *text, size_t nbytes, size_t *nbytes_out)
{
    struct line line;
    bool any = false;
    for (const char *at = text; !any && next_line(&at, text + nbytes, &line);)
        any = prompt_nbytes(&line, false) > 0;
    *nbytes_out = nbytes;
    if (!any)
        return text;
    struct writer w = writer_start(m);
    bool goes_on = false;
    for (const char *at = text; next_line(&at, text + nbytes, &line);) {
        size_t n = prompt_nbytes(&line, goes_on);
        if (n > 0)
            put(&w, line.text + line.n_margin + n, line.nbytes - line.n_margin - n);
        goes_on = n > 0;
        put(&w, "\n", 1);
    }
    *nbytes_out = w.n;
    return written(&w);
}

/* --- Tokens ---------------------------------------------------------------------------------------------------------- */

static _Noreturn void fail_here(struct lexer *x, const char *what)
{
    x->m->line = x->line;
    x->m->column = (unsigned)(x->at - x->line_start) + 1;
    fail(x->m, "SyntaxError: %s", what);
}

static void add_token(struct lexer *x, token_kind kind, const char *text, size_t nbytes)
{
    if (x->n == x->n_allocated) {
        size_t larger = x->n_allocated ? 2 * x->n_allocated : 64;
        token *tokens = tree_memory(x->m, larger * sizeof *tokens);
        if (x->n > 0)
            memcpy(tokens, x->tokens, x->n * sizeof *tokens);
        x->tokens = tokens;
        x->n_allocated = larger;
    }
    const char *start = text < x->line_start ? x->line_start : text;
    x->tokens[x->n++] = (token){kind, x->line, (unsigned)(start - x->line_start) + 1, text, nbytes};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit_of(char c, unsigned base)
{
    if (base <= 10)
        return c >= '0' && c < (char)('0' + base);
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static const char *skip_digits(const char *at, const char *end, unsigned base)
{
    while (at < end && (is_digit_of(*at, base) || (*at == '_' && at + 1 < end && is_digit_of(at[1], base))))
        at++;
    return at;
}

static void lex_number(struct lexer *x)
{
    const char *start = x->at, *at = x->at;
    token_kind kind = T_INTEGER;
    char mark = at + 1 < x->end && *at == '0' ? (char)(at[1] | 32) : ' ';
    unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 10;
    if (base != 10) {
        at = skip_digits(at + 2, x->end, base);
        if (at == start + 2)
            fail_here(x, "invalid number");
    } else {
        at = skip_digits(at, x->end, 10);
        bool all_zero = true;
        for (const char *c = start; c < at; c++)
            all_zero = all_zero && (*c == '0' || *c == '_');
        if (at < x->end && *at == '.') {
            kind = T_FLOAT;
            at = skip_digits(at + 1, x->end, 10);
        }
        if (at < x->end && (*at | 32) == 'e') {
            const char *e = at + 1;
            if (e < x->end && (*e == '+' || *e == '-'))
                e++;
            if (e < x->end && is_digit(*e)) {
                kind = T_FLOAT;
                at = skip_digits(e, x->end, 10);
            }
        }
        if (kind == T_INTEGER && *start == '0' && !all_zero)
            fail_here(x, "leading zeros in decimal integer literals are not permitted");
    }
    if (at < x->end && (*at | 32) == 'j')
        fail_here(x, "complex numbers are not supported");
    if (at < x->end && is_letter(*at))
        fail_here(x, "invalid number");
    add_token(x, kind, start, (size_t)(at - start));
    x->at = at;
}

/* From the quote on; start is where the prefix begins. */
static void lex_string(struct lexer *x, const char *start, bool raw)
{
    char quote = *x->at;
    bool triple = x->end - x->at >= 3 && x->at[1] == quote && x->at[2] == quote;
    unsigned line = x->line;
    const char *line_start = x->line_start, *at = x->at + (triple ? 3 : 1);
    (void)raw;
    for (;; at++) {
        if (at >= x->end || (*at == '\n' && !triple))
            fail_here(x, "unterminated string literal");
        if (*at == '\\' && at + 1 < x->end) {
            at++;
        } else if (*at == quote && (!triple || (x->end - at >= 3 && at[1] == quote && at[2] == quote))) {
            at += triple ? 3 : 1;
            break;
        }
        if (*at == '\n') {
            line++;
            line_start = at + 1;
        }
    }
    add_token(x, T_STRING, start, (size_t)(at - start));
    x->at = at;
    x->line = line;
    x->line_start = line_start;
}

static void lex_word(struct lexer *x)
{
    const char *start = x->at, *at = x->at;
    while (at < x->end && (is_letter(*at) || is_digit(*at)))
        at++;
    size_t n = (size_t)(at - start);
    if (at < x->end && (*at == '"' || *at == '\'') && n <= 2) {
        bool prefix = true, raw = false;
        for (const char *c = start; c < at; c++) {
            prefix = prefix && strchr("rbufRBUF", *c);
            raw = raw || (*c | 32) == 'r';
        }
        if (prefix) {
            x->at = at;
            lex_string(x, start, raw);
            return;
        }
    }
    add_token(x, T_NAME, start, n);
    x->at = at;
}

static void open_bracket(struct lexer *x)
{
    if (x->brackets < MAX_BRACKETS) {
        x->bracket[x->brackets].open = *x->at;
        x->bracket[x->brackets].line = x->line;
        x->bracket[x->brackets].column = (unsigned)(x->at - x->line_start) + 1;
    }
    x->brackets++;
}

static void close_bracket(struct lexer *x)
{
    char text[80], close = *x->at, expected = close == ')' ? '(' : close == ']' ? '[' : '{';
    if (x->brackets == 0) {
        (void)snprintf(text, sizeof text, "unmatched '%c'", close);
        fail_here(x, text);
    }
    if (--x->brackets >= MAX_BRACKETS || x->bracket[x->brackets].open == expected)
        return;
    (void)snprintf(text, sizeof text, "closing parenthesis '%c' does not match opening parenthesis '%c'", close,
                   x->bracket[x->brackets].open);
    fail_here(x, text);
}

static void check_closed(struct lexer *x)
{
    if (x->brackets == 0)
        return;
    int last = x->brackets < MAX_BRACKETS ? x->brackets - 1 : MAX_BRACKETS - 1;
    x->m->line = x->bracket[last].line;
    x->m->column = x->bracket[last].column;
    fail(x->m, "SyntaxError: '%c' was never closed", x->bracket[last].open);
}

static void lex_operator(struct lexer *x)
{
    static const char *const operators[] = {"**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==",
                                            "!=",  "+=",  "-=",  "*=",  "/=",  "%=", "&=", "|=", "^=", "@=", ":=", "->",
                                            "+",   "-",   "*",   "/",   "%",   "@",  "&",  "|",  "^",  "~",  "<",  ">",
                                            "(",   ")",   "[",   "]",   "{",   "}",  ",",  ":",  ".",  ";",  "="};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = strlen(operators[i]);
        if ((size_t)(x->end - x->at) < n || memcmp(x->at, operators[i], n) != 0)
            continue;
        if (strchr("([{", operators[i][0]))
            open_bracket(x);
        if (strchr(")]}", operators[i][0]))
            close_bracket(x);
        add_token(x, T_OPERATOR, x->at, n);
        x->at += n;
        return;
    }
    char what[80];
    if (*x->at > ' ' && *x->at < 0x7f)
        (void)snprintf(what, sizeof what, "the character '%c' is not part of the language", *x->at);
    else
        (void)snprintf(what, sizeof what, "a character that is not part of the language");
    fail_here(x, what);
}

/* At the start of a line outside brackets. */
static void lex_indent(struct lexer *x)
{
    if (x->at < x->end && (*x->at == '!' || *x->at == '%'))
        fail_here(x, *x->at == '!' ? "a line for the shell ('!…'), as notebooks have: leave it out"
                                   : "a command of IPython's ('%…'), as notebooks have: leave it out");
    const char *at = x->at;
    size_t width = 0;
    for (; at < x->end && (*at == ' ' || *at == '\t'); at++)
        width = *at == '\t' ? (width / 8 + 1) * 8 : width + 1;
    x->at = at;
    if (at >= x->end || *at == '\n' || *at == '\r' || *at == '#')
        return;
    if (x->n == 0 && x->n_indents == 1) /* a snippet may be indented as a whole */
        x->indents[0] = width;
    if (width > x->indents[x->n_indents - 1]) {
        if (x->n_indents == MAX_INDENTS)
            fail_here(x, "too many levels of indentation");
        x->indents[x->n_indents++] = width;
        add_token(x, T_INDENT, at, 0);
    }
    while (width < x->indents[x->n_indents - 1] && x->n_indents > 1) {
        x->n_indents--;
        add_token(x, T_DEDENT, at, 0);
    }
    if (width != x->indents[x->n_indents - 1])
        fail_here(x, "unindent does not match any outer indentation level");
}

static void lex_one(struct lexer *x)
{
    char c = *x->at;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        x->at++;
    } else if (c == '#') {
        while (x->at < x->end && *x->at != '\n')
            x->at++;
    } else if (c == '\\' && x->at + 1 < x->end && (x->at[1] == '\n' || x->at[1] == '\r')) {
        x->at += x->at[1] == '\r' && x->at + 2 < x->end && x->at[2] == '\n' ? 3 : 2;
        x->line++;
        x->line_start = x->at;
    } else if (c == '\n') {
        if (x->brackets == 0 && x->n > 0 && x->tokens[x->n - 1].kind != T_NEWLINE)
            add_token(x, T_NEWLINE, x->at, 0);
        x->at++;
        x->line++;
        x->line_start = x->at;
        if (x->brackets == 0)
            lex_indent(x);
    } else if (is_digit(c) || (c == '.' && x->at + 1 < x->end && is_digit(x->at[1]))) {
        lex_number(x);
    } else if (is_letter(c)) {
        lex_word(x);
    } else if (c == '"' || c == '\'') {
        lex_string(x, x->at, false);
    } else {
        lex_operator(x);
    }
}

/* Texts are UTF-8; anything else would only fail later and worse. */
static void check_encoding(struct lexer *x)
{
    for (const char *at = x->at; at < x->end;) {
        unsigned char c = (unsigned char)*at;
        int n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
        bool good = n > 0 && x->end - at >= n && c != 0;
        for (int i = 1; good && i < n; i++)
            good = ((unsigned char)at[i] & 0xc0) == 0x80;
        if (good && n >= 3) { /* no overlong forms, surrogates, or points past the last */
            unsigned char d = (unsigned char)at[1];
            good = !(c == 0xe0 && d < 0xa0) && !(c == 0xed && d > 0x9f) && !(c == 0xf0 && d < 0x90) &&
                   !(c == 0xf4 && d > 0x8f);
        }
        if (!good)
            fail_here(x, "the text is not UTF-8");
        at += n;
    }
}

token *lex(vm *m, const char *text, size_t nbytes, size_t *n_out)
{
    struct lexer x = {.m = m, .at = text, .end = text + nbytes, .line_start = text, .line = 1, .n_indents = 1};
    check_encoding(&x);
    lex_indent(&x);
    while (x.at < x.end)
        lex_one(&x);
    check_closed(&x);
    if (x.n > 0 && x.tokens[x.n - 1].kind != T_NEWLINE)
        add_token(&x, T_NEWLINE, x.at, 0);
    for (; x.n_indents > 1; x.n_indents--)
        add_token(&x, T_DEDENT, x.at, 0);
    add_token(&x, T_END, x.at, 0);
    *n_out = x.n;
    return x.tokens;
}
