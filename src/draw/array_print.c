/* array_print.c - arrays as NumPy prints them: widths, precision, wrapping, summaries, nesting.
 * SPDX-License-Identifier: MIT
 *
 * numpy/_core/arrayprint.py of NumPy 1.26 to 2.4 with its default print options (threshold 1000, 3 edge items, lines of 75
 * characters) but for the precision and `suppress`. */
#include <math.h>   /* isnan, fabs */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* atoi, labs */
#include <string.h> /* strchr, strlen */

#include "draw/ndarray.h"

enum { THRESHOLD = 1000, EDGE = 3, LINE_WIDTH = 75, ELEMENT_TEXT = 420 };

struct format {
    struct vm *m;
    unsigned dt;
    bool exponential;
    int pad_left, pad_right, precision, exponent_digits;
    size_t width; /* of integers and booleans */
};

struct printer {
    struct format format;
    const struct array *a;
    const int64_t *shape; /* a's own, or that of the whole when a is its edges */
    const char *separator;
    size_t n_separator; /* without trailing space */
    bool summary;
};

/* --- Floats ---------------------------------------------------------------------------------------------------------- */

struct digits {
    bool negative;
    char text[24];
    int n, point; /* value = 0.TEXT * 10^point */
};

static struct digits digits_of(double x, unsigned dt)
{
    struct digits d = {.negative = signbit(x), .text = "0", .n = 1, .point = 1};
    if (x != 0)
        d.n = shortest_digits(fabs(x), 8 * (int)dtype_nbytes(dt), d.text, &d.point);
    return d;
}

/* "-DDD" and ".FFF" cut at `precision` digits of the fraction, without trailing zeros: the point stays. A value that the shortest
 * digits do not fit is rounded from its exact value. */
static void positional(double x, unsigned dt, int precision, char out[ELEMENT_TEXT])
{
    struct digits d = digits_of(x, dt);
    if (d.n - d.point > precision) {
        (void)snprintf(out, ELEMENT_TEXT, "%.*f", precision, x);
        char *end = out + strlen(out);
        if (precision == 0)
            strcpy(end, ".");
        while (precision > 0 && end[-1] == '0')
            *--end = '\0';
        return;
    }
    if (d.n < d.point && x != 0) { /* the places before the point are those of the exact value */
        (void)snprintf(out, ELEMENT_TEXT, "%.0f.", x);
        return;
    }
    char *at = out;
    if (d.negative)
        *at++ = '-';
    if (d.point <= 0)
        *at++ = '0';
    for (int i = 0; i < d.point; i++)
        *at++ = i < d.n ? d.text[i] : '0';
    *at++ = '.';
    for (int i = d.point; i < 0; i++)
        *at++ = '0';
    for (int i = d.point > 0 ? d.point : 0; i < d.n && !(d.n == 1 && d.text[0] == '0'); i++)
        *at++ = d.text[i];
    *at = '\0';
}

/* "D.FFFF" with at most `precision` digits of the fraction, and the exponent. */
static void scientific(double x, unsigned dt, int precision, char out[ELEMENT_TEXT], int *exponent_out)
{
    struct digits d = digits_of(x, dt);
    if (d.n - 1 > precision) {
        char text[64];
        (void)snprintf(text, sizeof text, "%.*e", precision, fabs(x));
        char *e = strchr(text, 'e');
        d.point = atoi(e + 1) + 1;
        d.n = 0;
        for (char *c = text; c < e; c++)
            if (*c != '.')
                d.text[d.n++] = *c;
        while (d.n > 1 && d.text[d.n - 1] == '0')
            d.n--;
    }
    *exponent_out = x == 0 ? 0 : d.point - 1;
    (void)snprintf(out, ELEMENT_TEXT, "%s%c.%.*s", d.negative ? "-" : "", d.text[0], d.n - 1, d.text + 1);
}

static int part_before_point(const char *text)
{
    return (int)(strchr(text, '.') - text);
}

static int exponent_width(int exponent)
{
    return labs(exponent) >= 100 ? 3 : 2;
}

/* --- The common format: over the elements that are shown ------------------------------------------------------------- */

typedef void (*visitor)(struct format *f, double x);

static int64_t shown(const struct printer *p, int axis, int64_t i)
{
    int64_t n = p->a->shape[axis]; /* of edges nothing is left out */
    return p->summary && n > 2 * EDGE && i >= EDGE ? n - 2 * EDGE + i : i;
}

static int64_t n_shown(const struct printer *p, int axis)
{
    int64_t n = p->shape[axis];
    return p->summary && n > 2 * EDGE ? 2 * EDGE : n;
}

struct extent {
    double least, most; /* of |x| that is not 0 */
    bool any_finite, any_other, negative_infinity;
};

static void each_shown(struct printer *p, int axis, int64_t offset, void (*visit)(struct printer *, int64_t, void *),
                       void *context)
{
    if (axis == p->a->n_dims) {
        visit(p, offset, context);
        return;
    }
    for (int64_t i = 0; i < n_shown(p, axis); i++)
        each_shown(p, axis + 1, offset + shown(p, axis, i) * p->a->strides[axis], visit, context);
}

static double element(const struct printer *p, int64_t offset)
{
    return load_double(p->a->dt, p->a->buffer->bytes + offset);
}

static void visit_extent(struct printer *p, int64_t offset, void *context)
{
    struct extent *e = context;
    double x = element(p, offset);
    if (!isfinite(x)) {
        e->any_other = true;
        e->negative_infinity = e->negative_infinity || (isinf(x) && x < 0);
        return;
    }
    e->any_finite = true;
    x = fabs(x);
    if (x == 0)
        return;
    if (e->most == 0 || x < e->least)
        e->least = x;
    if (x > e->most)
        e->most = x;
}

static void visit_float(struct printer *p, int64_t offset, void *context)
{
    struct format *f = &p->format;
    int *fraction = context, exponent = 0;
    double x = element(p, offset);
    char text[ELEMENT_TEXT];
    if (!isfinite(x))
        return;
    if (f->exponential)
        scientific(x, p->a->dt, f->m->print.precision, text, &exponent);
    else
        positional(x, p->a->dt, f->m->print.precision, text);
    int left = part_before_point(text), right = (int)strlen(text) - left - 1;
    f->pad_left = left > f->pad_left ? left : f->pad_left;
    *fraction = right > *fraction ? right : *fraction;
    if (f->exponential && exponent_width(exponent) > f->exponent_digits)
        f->exponent_digits = exponent_width(exponent);
}

static bool at_least(const vm *m, uint32_t version)
{
    return m->settings.numpy_version == 0 || m->settings.numpy_version >= version;
}

static void find_float_format(struct printer *p)
{
    struct format *f = &p->format;
    struct extent e = {0};
    int fraction = 0;
    each_shown(p, 0, p->a->offset, visit_extent, &e);
    /* Since 2.3 a float of fewer decimal digits is written with an exponent earlier. */
    double large = p->a->dt == DT_FLOAT64 || !at_least(f->m, 20300) ? 1e8 : p->a->dt == DT_FLOAT32 ? 1e6 : 1e3;
    /* Since 2.0 Python's 0.0001 is compared as a number of the array's dtype. */
    double small = at_least(f->m, 20000) ? round_to(p->a->dt, 0.0001) : 0.0001;
    double ratio = e.most > 0 ? round_to(p->a->dt, e.most / e.least) : 0;
    f->exponential = e.most > 0 && (e.most >= large || (!f->m->print.suppress && (e.least < small || ratio > 1000)));
    if (e.any_finite) {
        each_shown(p, 0, p->a->offset, visit_float, &fraction);
        f->precision = fraction;
        f->pad_right = f->exponential ? f->exponent_digits + 2 + fraction : fraction;
    }
    if (e.any_other) {
        int offset = f->pad_right + 1, least = 3 + e.negative_infinity - offset;
        f->pad_left = f->pad_left > 3 - offset ? f->pad_left : 3 - offset;
        f->pad_left = f->pad_left > least ? f->pad_left : least;
    }
}

static void visit_integer(struct printer *p, int64_t offset, void *context)
{
    (void)context;
    char text[32];
    int64_t i = load_integer(p->a->dt, p->a->buffer->bytes + offset);
    int n = p->a->dt == DT_UINT64 ? snprintf(text, sizeof text, "%llu", (unsigned long long)i)
                                  : snprintf(text, sizeof text, "%lld", (long long)i);
    p->format.width = (size_t)n > p->format.width ? (size_t)n : p->format.width;
}

/* --- Elements -------------------------------------------------------------------------------------------------------- */

static void put_float(struct writer *w, const struct printer *p, double x)
{
    const struct format *f = &p->format;
    char text[ELEMENT_TEXT];
    if (!isfinite(x)) {
        const char *word = isnan(x) ? "nan" : x < 0 ? "-inf" : "inf";
        int width = f->pad_left + f->pad_right + 1 - (int)strlen(word);
        put_spaces(w, width > 0 ? (size_t)width : 0);
        put_text(w, word);
        return;
    }
    if (f->exponential) {
        /* The shortest digits where they fill the width; where they are fewer, more of the exact value's. */
        int exponent;
        char exact[64];
        scientific(x, f->dt, f->precision, text, &exponent);
        if ((int)strlen(strchr(text, '.') + 1) != f->precision) {
            (void)snprintf(exact, sizeof exact, "%.*e", f->precision, x);
            char *e = strchr(exact, 'e');
            exponent = atoi(e + 1);
            (void)snprintf(text, sizeof text, f->precision == 0 ? "%.*s." : "%.*s", (int)(e - exact), exact);
        }
        put_spaces(w, f->pad_left > part_before_point(text) ? (size_t)(f->pad_left - part_before_point(text)) : 0);
        put_format(w, "%se%c%0*d", text, exponent < 0 ? '-' : '+', f->exponent_digits, abs(exponent));
        return;
    }
    positional(x, f->dt, f->precision, text);
    int left = part_before_point(text), right = (int)strlen(text) - left - 1;
    put_spaces(w, f->pad_left > left ? (size_t)(f->pad_left - left) : 0);
    put_text(w, text);
    put_spaces(w, f->pad_right > right ? (size_t)(f->pad_right - right) : 0);
}

static void put_element(struct writer *w, const struct printer *p, int64_t offset)
{
    if (p->a->dt == DT_BFLOAT16) { /* no dtype of NumPy's own: each as it prints alone */
        put_repr(w, array_item(w->m, p->a, offset));
        return;
    }
    if (dtype_is_float(p->a->dt)) {
        put_float(w, p, element(p, offset));
        return;
    }
    value item = scalar_item(w->m, array_item(w->m, p->a, offset));
    if (p->a->dt == DT_STR) {
        put_repr(w, item);
        return;
    }
    struct writer word = writer_start(w->m);
    put_repr(&word, item);
    put_spaces(w, p->format.width > word.n ? p->format.width - word.n : 0);
    put(w, written(&word), word.n);
}

/* --- Lines ----------------------------------------------------------------------------------------------------------- */

/* Characters of a line so far: UTF-8 sequences count as one. */
static size_t line_length(const char *text, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static void strip_spaces(struct writer *w)
{
    while (w->n > 0 && w->buffer->bytes[w->n - 1] == ' ')
        w->n--;
}

/* One row: words with separators, wrapped. */
static void put_row(struct writer *w, const struct printer *p, int64_t offset, size_t indent, size_t width)
{
    int axis = p->a->n_dims - 1;
    int64_t n = n_shown(p, axis);
    size_t n_separator = strlen(p->separator), room = width - (p->n_separator > 1 ? p->n_separator : 1),
           length = indent;
    bool summarised = p->summary && p->shape[axis] > 2 * EDGE;
    struct writer word = writer_start(w->m);
    for (int64_t i = 0; i < n; i++) {
        bool after_dots = summarised && i == EDGE;
        for (int part = after_dots ? 0 : 1; part < 2; part++) {
            word.n = 0;
            if (part == 0)
                put_text(&word, "...");
            else
                put_element(&word, p, offset + shown(p, axis, i) * p->a->strides[axis]);
            size_t n_word = line_length(written(&word), word.n);
            if (length + n_word > room && length > indent) {
                strip_spaces(w);
                put_text(w, "\n");
                put_spaces(w, indent);
                length = indent;
            }
            put(w, written(&word), word.n);
            length += n_word;
            if (part == 0 || i + 1 < n) {
                put_text(w, p->separator);
                length += n_separator;
            }
        }
    }
}

static void put_nested(struct writer *w, const struct printer *p, int axis, int64_t offset, size_t indent, size_t width)
{
    int left = p->a->n_dims - axis;
    enter(w->m);
    put_text(w, "[");
    if (left == 1) {
        put_row(w, p, offset, indent, width);
    } else {
        int64_t n = n_shown(p, axis);
        bool summarised = p->summary && p->shape[axis] > 2 * EDGE;
        for (int64_t i = 0; i < n; i++) {
            for (int k = 0; k <= (summarised && i == EDGE); k++) {
                bool dots = summarised && i == EDGE && k == 0;
                if (i > 0 || k > 0)
                    put_spaces(w, indent);
                if (dots)
                    put_text(w, "...");
                else
                    put_nested(w, p, axis + 1, offset + shown(p, axis, i) * p->a->strides[axis], indent + 1, width - 1);
                if (i + 1 < n || dots) {
                    put(w, p->separator, p->n_separator);
                    for (int line = 1; line < left; line++)
                        put_text(w, "\n");
                }
            }
        }
    }
    put_text(w, "]");
    leave(w->m);
}

static void put_body(struct writer *w, const struct array *a, const int64_t *shape, int64_t size, const char *separator,
                     size_t prefix)
{
    struct printer p = {.a = a, .shape = shape, .separator = separator, .n_separator = separator[0] == ',' ? 1 : 0};
    p.format.m = w->m;
    p.format.dt = a->dt;
    p.summary = size > THRESHOLD;
    if (size == 0) {
        put_text(w, "[]");
        return;
    }
    if (dtype_is_float(a->dt) && a->dt != DT_BFLOAT16)
        find_float_format(&p);
    else if (a->dt == DT_BOOL)
        p.format.width = a->n_dims > 0 ? 5 : 0;
    else if (dtype_is_integer(a->dt))
        each_shown(&p, 0, a->offset, visit_integer, NULL);
    if (a->n_dims == 0)
        put_element(w, &p, a->offset);
    else
        /* the closing parenthesis of a repr takes one place */
        put_nested(w, &p, 0, a->offset, prefix + 1, prefix > 0 ? LINE_WIDTH - 1 : LINE_WIDTH);
}

static void put_shape(struct writer *w, const int64_t *shape, int n_dims)
{
    put_text(w, "(");
    for (int i = 0; i < n_dims; i++)
        put_format(w, i + 1 < n_dims ? "%lld, " : n_dims == 1 ? "%lld," : "%lld", (long long)shape[i]);
    put_text(w, ")");
}

/* ", shape=…, dtype=…)": what the items do not tell. */
static void put_extras(struct writer *w, size_t start, const struct array *a, const int64_t *shape, int64_t size)
{
    struct writer extra = writer_start(w->m);
    bool shown_shape = (size == 0 && !(a->n_dims == 1)) || (size > THRESHOLD && at_least(w->m, 20200));
    if (shown_shape) {
        put_text(&extra, "shape=");
        put_shape(&extra, shape, a->n_dims);
    }
    bool implied = a->dt == DT_BOOL || a->dt == DT_INT64 || a->dt == DT_FLOAT64;
    if (!implied || size == 0) {
        put_text(&extra, shown_shape ? ", dtype=" : "dtype=");
        if (a->dt == DT_STR)
            put_format(&extra, "'<U%u'", a->item_nbytes / 4);
        else
            put_text(&extra, dtype_name(a->dt));
    }
    put_text(w, extra.n == 0 ? "" : ",");
    put_text(&extra, ")");
    size_t line = w->n;
    while (line > start && w->buffer->bytes[line - 1] != '\n')
        line--;
    if (extra.n > 1 && line_length(w->buffer->bytes + line, w->n - line) + extra.n + 1 > LINE_WIDTH) {
        put_text(w, "\n");
        put_spaces(w, 6);
    } else {
        put_text(w, extra.n > 1 ? " " : "");
    }
    put(w, written(&extra), extra.n);
}

void put_array(struct writer *w, const struct array *a, bool repr)
{
    int64_t size = array_size(a);
    size_t start = w->n;
    if (!repr) {
        if (a->n_dims == 0)
            put_str(w, array_item(w->m, a, a->offset));
        else
            put_body(w, a, a->shape, size, " ", 0);
        return;
    }
    put_text(w, "array(");
    put_body(w, a, a->shape, size, ", ", 6);
    put_extras(w, start, a, a->shape, size);
}

void put_array_text(struct writer *w, const struct array *a, size_t prefix)
{
    put_body(w, a, a->shape, array_size(a), ", ", prefix);
}

void put_edges(struct writer *w, const struct array *edges, const int64_t *shape)
{
    int64_t size = 1;
    for (int i = 0; i < edges->n_dims; i++)
        size *= shape[i];
    size_t start = w->n;
    put_text(w, "array(");
    put_body(w, edges, shape, size, ", ", 6);
    put_extras(w, start, edges, shape, size);
}
