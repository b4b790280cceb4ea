/* literal.c - JSON, and what Python prints for plain data, as one grammar.
 * SPDX-License-Identifier: MIT
 *
 * RFC 8259 for JSON; for Python the literals of ast.literal_eval, NumPy's array(...) and np.float64(...), and bare numbers in a row, as
 * numpy.savetxt and C++ write them. Only what states need: no b'' and no complex numbers. */
#include <stdlib.h> /* strtod */
#include <string.h> /* memcmp, memcpy */

#include "state/literal.h" /* literal_read */

enum { MAX_DEPTH = 16 };

struct literal {
    struct values *values;
    const uint8_t *begin, *at, *end;
    unsigned depth;
};

static struct value *read_value(struct literal *l);

static void *fail(struct literal *l, const char *what)
{
    size_t line = 1;
    for (const uint8_t *c = l->begin; c < l->at; c++)
        line += *c == '\n';
    return values_fail(l->values, "line %zu: %s", line, what);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_spaces(struct literal *l)
{
    while (l->at < l->end && is_space(*l->at))
        l->at++;
}

/* Whether the next character is c; then it is passed. */
static bool accept(struct literal *l, char c)
{
    skip_spaces(l);
    if (l->at == l->end || *l->at != (uint8_t)c)
        return false;
    l->at++;
    return true;
}

static bool is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_number(uint8_t c)
{
    return is_word(c) || c == '+' || c == '-' || c == '.';
}

static size_t put_utf8(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : 3;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)(0xf00 >> n | c);
    return n;
}

/* \uXXXX and \xXX at l->at, behind the letter. */
static bool read_hex(struct literal *l, size_t n_digits, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n_digits; i++, l->at++) {
        uint8_t c = l->at < l->end ? *l->at : 0;
        uint8_t lower = c | 0x20;
        if (c >= '0' && c <= '9')
            *out = *out << 4 | (uint32_t)(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            *out = *out << 4 | (uint32_t)(lower - 'a' + 10);
        else
            return false;
    }
    return true;
}

static struct value *read_text(struct literal *l, uint8_t quote)
{
    const uint8_t *from = l->at;
    while (l->at < l->end && *l->at != quote)
        l->at += *l->at == '\\' && l->end - l->at > 1 ? 2 : 1;
    if (l->at >= l->end) {
        l->at = from;
        return fail(l, "a text without an end");
    }
    const uint8_t *end = l->at;
    uint8_t *out = values_alloc(l->values, (size_t)(end - from) + 1);
    if (!out)
        return NULL;
    size_t n = 0;
    for (l->at = from; l->at < end;) {
        uint8_t c = *l->at++;
        if (c != '\\') {
            out[n++] = c;
            continue;
        }
        static const char plain[] = "\"\"\\\\''//n\nr\rt\tb\bf\f";
        uint8_t letter = *l->at++;
        uint32_t code;
        if (letter == 'u' || letter == 'x') {
            if (!read_hex(l, letter == 'u' ? 4 : 2, &code))
                return fail(l, "a text with a broken escape");
            n += put_utf8(out + n, code);
            continue;
        }
        size_t k = 0;
        while (plain[k] != '\0' && (uint8_t)plain[k] != letter)
            k += 2;
        if (plain[k] == '\0')
            return fail(l, "a text with a broken escape");
        out[n++] = (uint8_t)plain[k + 1];
    }
    l->at = end + 1;
    return value_bytes(l->values, VALUE_TEXT, out, n);
}

/* Items up to the closing bracket; dict: with a colon between keys and values. */
static struct value *read_items(struct literal *l, char close, bool dict)
{
    struct value *list = value_new(l->values, dict ? VALUE_DICT : VALUE_LIST);
    while (list && !accept(l, close)) {
        struct value *item = read_value(l);
        if (!item || !value_append(l->values, list, item))
            return NULL;
        if (dict) {
            if (!accept(l, ':'))
                return fail(l, "a ':' is missing behind a key");
            item = read_value(l);
            if (!item || !value_append(l->values, list, item))
                return NULL;
        }
        if (accept(l, ','))
            continue;
        if (!accept(l, close))
            return fail(l, close == '}'   ? "a ',' or '}' is missing"
                           : close == ']' ? "a ',' or ']' is missing"
                                          : "a ',' or ')' is missing");
        return list;
    }
    return list;
}

static struct value *read_number(struct literal *l, const uint8_t *from, size_t n)
{
    bool hexadecimal = n > 2 && (memchr(from, 'x', n) || memchr(from, 'X', n));
    bool whole = true;
    for (size_t i = 0; i < n; i++)
        whole = whole && from[i] != '.' && (hexadecimal || (from[i] != 'e' && from[i] != 'E'));
    if (whole)
        return value_int_text(l->values, (const char *)from, n);
    char text[64];
    if (n >= sizeof text)
        return fail(l, "a number with too many digits");
    memcpy(text, from, n);
    text[n] = '\0';
    char *end;
    double number = strtod(text, &end);
    return *end == '\0' ? value_float(l->values, number) : fail(l, "a number that is none");
}

/* array([...], dtype=uint32) and float64(0.5), with or without a module before it: what is in it. */
static struct value *read_call(struct literal *l)
{
    struct value *inside = read_value(l);
    while (inside && accept(l, ',')) {
        skip_spaces(l);
        while (l->at < l->end && is_number(*l->at))
            l->at++;
        if (accept(l, '=') && !read_value(l))
            return NULL;
    }
    if (inside && !accept(l, ')'))
        return fail(l, "a ')' is missing");
    return inside;
}

static struct value *read_word(struct literal *l)
{
    static const struct {
        const char *word;
        enum value_type type;
        bool truth;
        double number;
    } words[] = {
        {"None", VALUE_NONE, false, 0},      {"null", VALUE_NONE, false, 0},   {"True", VALUE_BOOL, true, 0},
        {"true", VALUE_BOOL, true, 0},       {"False", VALUE_BOOL, false, 0},  {"false", VALUE_BOOL, false, 0},
        {"nan", VALUE_FLOAT, false, 0},      {"NaN", VALUE_FLOAT, false, 0},   {"inf", VALUE_FLOAT, false, 1},
        {"Infinity", VALUE_FLOAT, false, 1}, {"-inf", VALUE_FLOAT, false, -1}, {"-Infinity", VALUE_FLOAT, false, -1},
    };
    static const char *const calls[] = {"array",      "tensor",   "torch.tensor", "np.array",  "numpy.array",
                                        "np.float64", "np.int64", "np.uint64",    "np.uint32", "np.int32"};
    static const char *const dtypes[] = {"uint8", "torch.uint8", "uint32", "uint64", "int32", "int64", "float64"};
    const uint8_t *from = l->at;
    while (l->at < l->end && is_number(*l->at))
        l->at++;
    size_t n = (size_t)(l->at - from);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (n != strlen(words[i].word) || memcmp(from, words[i].word, n) != 0)
            continue;
        struct value *value = value_new(l->values, words[i].type);
        if (value && words[i].type == VALUE_BOOL)
            value->as.truth = words[i].truth;
        if (value && words[i].type == VALUE_FLOAT)
            value->as.number = words[i].number / 0.0; /* NaN and the infinities */
        return value;
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (n == strlen(calls[i]) && memcmp(from, calls[i], n) == 0 && accept(l, '('))
            return read_call(l);
    }
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
        if (n == strlen(dtypes[i]) && memcmp(from, dtypes[i], n) == 0)
            return value_bytes(l->values, VALUE_TEXT, from, n);
    }
    if (n == 3 && memcmp(from, "...", 3) == 0)
        return fail(l, "printed in short, the rest is lost: numpy.set_printoptions(threshold=2000) or "
                       "torch.set_printoptions(threshold=10000) prints all of it");
    if (n > 0 && ((*from >= '0' && *from <= '9') || *from == '-' || *from == '+' || *from == '.'))
        return read_number(l, from, n);
    l->at = from;
    return fail(l, n == 0 && from < l->end ? "neither JSON nor what Python prints for plain data"
                   : n == 0                ? "it ends in the middle"
                                           : "an unknown word");
}

static struct value *read_value(struct literal *l)
{
    skip_spaces(l);
    if (l->depth == MAX_DEPTH)
        return fail(l, "nested deeper than a state is");
    l->depth++;
    struct value *value;
    if (accept(l, '{'))
        value = read_items(l, '}', true);
    else if (accept(l, '['))
        value = read_items(l, ']', false);
    else if (accept(l, '('))
        value = read_items(l, ')', false);
    else if (accept(l, '"'))
        value = read_text(l, '"');
    else if (accept(l, '\''))
        value = read_text(l, '\'');
    else
        value = read_word(l);
    l->depth--;
    return value;
}

const struct value *literal_read(struct values *values, const uint8_t *text, size_t n)
{
    struct literal l = {values, text, text, text + n, 0};
    struct value *value = read_value(&l);
    skip_spaces(&l);
    if (!value || l.at == l.end)
        return value;
    struct value *row = value_list(values, &value, 1); /* numbers without brackets */
    while (row && l.at < l.end) {
        (void)accept(&l, ',');
        struct value *item = read_value(&l);
        if (!item || !value_append(values, row, item))
            return NULL;
        skip_spaces(&l);
    }
    return row;
}
