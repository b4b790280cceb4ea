/* format_spec.c - Python's format(v, spec), and "…" % v.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* fabs, isfinite, signbit */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* atoi */
#include <string.h> /* strchr, memmove */

#include "draw/ndarray.h"   /* scalar_item */
#include "draw/object.h"    /* object_array */
#include "draw/sequences.h" /* text_at */
#include "draw/tensor.h"    /* tensor_item */

enum { MAX_WIDTH = 10000, MAX_PRECISION = 1000 };

struct spec {
    char fill[5];
    char align, sign, type, grouping;
    bool alternate, zero;
    int width, precision; /* precision -1: none */
};

static struct spec parse_spec(vm *m, const char *text, size_t nbytes)
{
    struct spec s = {.fill = " ", .sign = '-', .precision = -1};
    const char *at = text, *end = text + nbytes;
    size_t n_first = 1;
    while (at + n_first < end && ((unsigned char)at[n_first] & 0xc0) == 0x80)
        n_first++;
    if (at + n_first < end && strchr("<>=^", at[n_first]) && n_first < sizeof s.fill) {
        memcpy(s.fill, at, n_first);
        s.fill[n_first] = '\0';
        at += n_first;
        s.align = *at++;
    } else if (at < end && strchr("<>=^", *at)) {
        s.align = *at++;
    }
    if (at < end && strchr("+- ", *at))
        s.sign = *at++;
    if (at < end && *at == '#') {
        s.alternate = true;
        at++;
    }
    if (at < end && *at == '0') {
        s.zero = true;
        at++;
    }
    for (; at < end && *at >= '0' && *at <= '9' && s.width <= MAX_WIDTH; at++)
        s.width = s.width * 10 + (*at - '0');
    if (at < end && (*at == ',' || *at == '_'))
        s.grouping = *at++;
    if (at < end && *at == '.') {
        s.precision = 0;
        for (at++; at < end && *at >= '0' && *at <= '9' && s.precision <= MAX_PRECISION; at++)
            s.precision = s.precision * 10 + (*at - '0');
    }
    if (at < end)
        s.type = *at++;
    if (at != end || s.width > MAX_WIDTH || s.precision > MAX_PRECISION)
        value_error(m, "Invalid format specifier '%.*s'", nbytes > 60 ? 60 : (int)nbytes, text);
    return s;
}

/* Pads sign and body to the width. */
static void put_padded(struct writer *w, const struct spec *s, const char *sign, const char *body, size_t n_body,
                       char align)
{
    size_t n_points = strlen(sign);
    for (size_t i = 0; i < n_body; i++)
        n_points += ((unsigned char)body[i] & 0xc0) != 0x80;
    size_t pad = (size_t)s->width > n_points ? (size_t)s->width - n_points : 0;
    char how = s->align ? s->align : s->zero ? '=' : align;
    const char *fill = s->zero && !s->align ? "0" : s->zero && strcmp(s->fill, " ") == 0 ? "0" : s->fill;
    size_t before = how == '>' ? pad : how == '^' ? pad / 2 : 0, inside = how == '=' ? pad : 0;
    for (size_t i = 0; i < before; i++)
        put_text(w, fill);
    put_text(w, sign);
    for (size_t i = 0; i < inside; i++)
        put_text(w, fill);
    put(w, body, n_body);
    for (size_t i = before + inside; i < pad; i++)
        put_text(w, fill);
}

/* Separators into the digits before the point. */
static void group_digits(struct writer *w, const char *body, char separator, int every)
{
    size_t n = strspn(body, "0123456789abcdefABCDEF");
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % (size_t)every == 0)
            put(w, &separator, 1);
        put(w, body + i, 1);
    }
    put_text(w, body + n);
}

static void put_number(struct writer *w, const struct spec *s, bool negative, const char *prefix, const char *body,
                       int every)
{
    char sign[8];
    (void)snprintf(sign, sizeof sign, "%s%s",
                   negative         ? "-"
                   : s->sign == '-' ? ""
                   : s->sign == '+' ? "+"
                                    : " ",
                   prefix);
    struct writer grouped = writer_start(w->m);
    if (s->grouping && s->zero && s->width > 0)
        fail(w->m, "a format with zeros and separators is not supported");
    if (s->grouping)
        group_digits(&grouped, body, s->grouping, every);
    else
        put_text(&grouped, body);
    put_padded(w, s, sign, written(&grouped), grouped.n, '>');
}

static void put_formatted_integer(struct writer *w, const struct spec *s, value v)
{
    unsigned base = s->type == 'x' || s->type == 'X' ? 16 : s->type == 'o' ? 8 : s->type == 'b' ? 2 : 10;
    static const char *const prefixes[] = {"0b", "0o", "0x", "0X"};
    const char *prefix = !s->alternate || base == 10 ? ""
                         : base == 2                 ? prefixes[0]
                         : base == 8                 ? prefixes[1]
                                                     : prefixes[2 + (s->type == 'X')];
    if (s->precision >= 0)
        value_error(w->m, "Precision not allowed in integer format specifier");
    struct writer digits = writer_start(w->m);
    put_big_base(&digits, v, base, s->type == 'X');
    put_number(w, s, big_compare(v, INT(0)) < 0, prefix, written(&digits), base == 10 ? 3 : 4);
}

/* g without the '#': no trailing zeros. */
static void general(double x, int precision, bool alternate, bool keep_point, char *out, size_t size)
{
    char exponent_form[64];
    precision = precision == 0 ? 1 : precision;
    (void)snprintf(exponent_form, sizeof exponent_form, "%.*e", precision > 40 ? 40 : precision - 1, x);
    int exponent = atoi(strchr(exponent_form, 'e') + 1);
    bool scientific = exponent < -4 || exponent >= precision - keep_point;
    if (scientific)
        (void)snprintf(out, size, "%.*e", precision - 1, x);
    else
        (void)snprintf(out, size, "%.*f", precision - 1 - exponent, x);
    char *point = strchr(out, '.');
    if (alternate || !point) {
        if (keep_point && !point && !scientific)
            strcat(out, ".0");
        return;
    }
    char *e = strchr(out, 'e'), *end = e ? e : out + strlen(out), *last = end;
    while (last[-1] == '0')
        last--;
    if (last[-1] == '.')
        last += keep_point && !scientific ? 1 : -1;
    memmove(last, end, strlen(end) + 1);
}

static void put_formatted_float(struct writer *w, const struct spec *s, double x)
{
    char body[2000], type = s->type;
    bool percent = type == '%', upper = type == 'E' || type == 'F' || type == 'G';
    double magnitude = fabs(x) * (percent ? 100 : 1);
    char lower = (char)(upper ? type | 32 : type);
    int precision = s->precision < 0 ? 6 : s->precision;
    if (!isfinite(x))
        (void)snprintf(body, sizeof body, "%s", isnan(x) ? "nan" : "inf");
    else if (lower == 'f' || percent)
        (void)snprintf(body, sizeof body, "%.*f", precision, magnitude);
    else if (lower == 'e')
        (void)snprintf(body, sizeof body, "%.*e", precision, magnitude);
    else if (type == '\0' && s->precision < 0)
        float_repr(magnitude, 64, body);
    else
        general(magnitude, precision, s->alternate, type == '\0', body, sizeof body);
    if (percent)
        strcat(body, "%");
    for (char *c = body; upper && *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 32);
    put_number(w, s, signbit(x) && !isnan(x), "", body, 3);
}

void put_formatted(struct writer *w, value v, const char *spec, size_t spec_nbytes)
{
    if (v.kind == V_TENSOR && v.u.tensor->array->n_dims == 0 && !v.u.tensor->is_parameter)
        v = tensor_item(w->m, v);
    struct array *own = object_array(w->m, v);
    if (own) /* TensorFlow's and JAX's hand NumPy's the specification */
        v = array_or_scalar(w->m, own);
    if (v.kind == V_SCALAR && dtype_is_float(v.dt) && v.dt != DT_BFLOAT16)
        v = scalar_item(w->m, v); /* NumPy's format(): of the Python number */
    if (spec_nbytes == 0) {
        put_str(w, v);
        return;
    }
    if (v.kind == V_TENSOR)
        type_error(w->m, "unsupported format string passed to %s.__format__",
                   v.u.tensor->is_parameter ? "Parameter" : "Tensor");
    struct spec s = parse_spec(w->m, spec, spec_nbytes);
    bool is_bool = v.kind == V_BOOL || (v.kind == V_SCALAR && v.dt == DT_BOOL);
    v = scalar_item(w->m, v);
    if (is_text(v) && (s.type == 's' || s.type == '\0')) {
        size_t n = v.u.text->nbytes;
        if (s.precision >= 0 && (size_t)s.precision < v.u.text->n_points) {
            size_t n_at;
            n = (size_t)(text_at(v.u.text, (size_t)s.precision, &n_at) - v.u.text->bytes);
        }
        put_padded(w, &s, "", v.u.text->bytes, n, '<');
    } else if (is_integer(v) && (s.type == '\0' ? !is_bool : strchr("dxXobn", s.type) != NULL)) {
        put_formatted_integer(w, &s, plain_integer(w->m, v));
    } else if (is_number(v) && (s.type == '\0' || strchr("eEfFgG%", s.type)) && !(is_bool && s.type == '\0')) {
        put_formatted_float(w, &s, to_double(w->m, v, "the value"));
    } else {
        value_error(w->m, "Unknown format code '%c' for object of type '%s'", s.type ? s.type : ' ', type_name(v));
    }
}

value percent_format(vm *m, value format, value v)
{
    struct writer w = writer_start(m);
    const char *at = format.u.text->bytes, *end = at + format.u.text->nbytes;
    const value *items = v.kind == V_TUPLE ? v.u.seq->items : &v;
    size_t n = v.kind == V_TUPLE ? v.u.seq->n : 1, used = 0;
    while (at < end) {
        if (*at != '%') {
            put(&w, at++, 1);
            continue;
        }
        const char *start = ++at;
        while (at < end && strchr("-+ #0123456789.", *at))
            at++;
        if (at >= end)
            value_error(m, "incomplete format");
        char type = *at++;
        if (type == '%') {
            put_text(&w, "%");
            continue;
        }
        if (used == n)
            type_error(m, "not enough arguments for format string");
        if (!strchr("dixXofFeEgGsr", type))
            value_error(m, "unsupported format character '%c'", type);
        char spec[64];
        size_t n_flags = (size_t)(at - 1 - start);
        if (n_flags > 40)
            value_error(m, "too long a format");
        bool left = memchr(start, '-', n_flags) != NULL, text = type == 's' || type == 'r';
        size_t k = 0;
        if (left || text)
            spec[k++] = left ? '<' : '>';
        for (size_t i = 0; i < n_flags; i++)
            if (start[i] != '-')
                spec[k++] = start[i];
        spec[k++] = type == 'i' ? 'd' : type == 'r' ? 's' : type;
        value item = items[used++];
        if (!text && item.kind == V_TENSOR)
            item = FLOAT(to_double(m, item, "the value"));
        if (!text)
            item = object_number(m, item);
        if (text) {
            struct writer word = writer_start(m);
            if (type == 's')
                put_str(&word, item);
            else
                put_repr(&word, item);
            item = make_text(m, V_STR, written(&word), word.n);
        } else if ((type == 'd' || type == 'i') && is_number(item) && !is_integer(item)) {
            item = big_from_double(m, to_double(m, item, "the value"));
        }
        put_formatted(&w, item, spec, k);
    }
    if (used < n)
        type_error(m, "not all arguments converted during string formatting");
    return make_text(m, V_STR, written(&w), w.n);
}
