/* torch_print.c - tensors as PyTorch prints them: one format for all elements, wrapping, summaries, suffixes.
 * SPDX-License-Identifier: MIT
 *
 * torch/_tensor_str.py of PyTorch 2.13. Unlike NumPy's, the number of digits is fixed, and an element that the format was not made
 * for (0, nan, inf) may be wider than the column. */
#include <math.h>   /* isfinite, ceil */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strlen */

#include "draw/tensor.h"

enum { ELEMENT_TEXT = 512, MAX_PRECISION = 100 };

struct format {
    bool is_float, int_mode, sci_mode, summary;
    size_t width;
    const struct torch_options *options;
};

struct torch_options torch_options_at_start(void)
{
    return (struct torch_options){.precision = 4,
                                  .edgeitems = 3,
                                  .linewidth = 80,
                                  .threshold = 1000,
                                  .sci_mode = -1,
                                  .default_dtype = DT_FLOAT32};
}

/* --- One element ----------------------------------------------------------------------------------------------------- */

static size_t element_text(const struct format *f, unsigned dt, const char *at, char out[ELEMENT_TEXT])
{
    int n;
    if (dt == DT_BOOL) {
        n = snprintf(out, ELEMENT_TEXT, "%s", *at ? "True" : "False");
    } else if (!dtype_is_float(dt)) {
        n = snprintf(out, ELEMENT_TEXT, dt == DT_UINT64 ? "%llu" : "%lld", (long long)load_integer(dt, at));
    } else {
        double x = load_double(dt, at);
        if (!isfinite(x))
            n = snprintf(out, ELEMENT_TEXT, "%s", isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
        else if (f->sci_mode)
            n = snprintf(out, ELEMENT_TEXT, "%.*e", (int)f->options->precision, x);
        else if (f->int_mode)
            n = snprintf(out, ELEMENT_TEXT, "%.0f.", x);
        else
            n = snprintf(out, ELEMENT_TEXT, "%.*f", (int)f->options->precision, x);
    }
    return (size_t)n;
}

static void put_element(struct writer *w, const struct format *f, unsigned dt, const char *at)
{
    char text[ELEMENT_TEXT];
    size_t n = element_text(f, dt, at, text);
    put_spaces(w, f->width > n ? f->width - n : 0);
    put(w, text, n);
}

/* --- The format: over the elements that are shown -------------------------------------------------------------------- */

struct extremes {
    double least, most; /* of the magnitudes that are finite and not 0 */
    bool any, whole;
};

typedef void (*visitor)(struct format *f, struct extremes *e, unsigned dt, const char *at);

static void measure(struct format *f, struct extremes *e, unsigned dt, const char *at)
{
    double x = load_double(dt, at), magnitude = fabs(x);
    (void)f;
    if (x == 0 || !isfinite(x))
        return;
    e->least = !e->any || magnitude < e->least ? magnitude : e->least;
    e->most = !e->any || magnitude > e->most ? magnitude : e->most;
    e->whole = e->whole && x == ceil(x);
    e->any = true;
}

static void widen(struct format *f, struct extremes *e, unsigned dt, const char *at)
{
    char text[ELEMENT_TEXT];
    (void)e;
    if (f->is_float && (load_double(dt, at) == 0 || !isfinite(load_double(dt, at))))
        return;
    size_t n = element_text(f, dt, at, text);
    f->width = n > f->width ? n : f->width;
}

/* Where the second part of a summary begins; `n` when nothing is left out. */
static int64_t left_out(const struct format *f, int64_t n, int64_t *from_out)
{
    int64_t edge = f->options->edgeitems;
    bool shortened = f->summary && n > 2 * edge;
    *from_out = shortened ? n - edge : n;
    return shortened ? edge : n;
}

static void visit(struct format *f, struct extremes *e, const struct array *a, int axis, int64_t offset, visitor see)
{
    if (axis == a->n_dims) {
        see(f, e, a->dt, a->buffer->bytes + offset);
        return;
    }
    int64_t n = a->shape[axis], from, until = left_out(f, n, &from);
    for (int64_t i = 0; i < n; i = i + 1 == until ? (from > until ? from : until) : i + 1)
        visit(f, e, a, axis + 1, offset + i * a->strides[axis], see);
}

static struct format find_format(vm *m, const struct array *a)
{
    struct format f = {.is_float = dtype_is_float(a->dt),
                       .int_mode = true,
                       .summary = (double)array_size(a) > m->torch.threshold,
                       .width = 1,
                       .options = &m->torch};
    struct extremes e = {.whole = true};
    if (f.summary && f.options->edgeitems == 0)
        return f; /* no element is shown */
    if (f.is_float) {
        visit(&f, &e, a, 0, a->offset, measure);
        if (!e.any)
            return f;
        f.int_mode = e.whole;
        f.sci_mode = f.options->sci_mode >= 0 ? f.options->sci_mode == 1
                                              : e.most / e.least > 1000.0 || e.most > 1.0e8 || e.least < 1.0e-4;
    }
    visit(&f, &e, a, 0, a->offset, widen);
    return f;
}

/* --- The values ------------------------------------------------------------------------------------------------------ */

static void put_vector(struct writer *w, const struct format *f, const struct array *a, int64_t offset, int64_t indent)
{
    int axis = a->n_dims - 1;
    int64_t n = a->shape[axis], from, until = left_out(f, n, &from), room = f->options->linewidth - indent;
    int64_t per_line = room > 0 ? room / ((int64_t)f->width + 2) : 0, column = 0;
    bool shortened = from < n || until < n;
    per_line = per_line < 1 ? 1 : per_line;
    put_text(w, "[");
    if (f->summary && f->options->edgeitems == 0) {
        put_text(w, "...]");
        return;
    }
    for (int64_t i = 0, k = 0; i < n; k++) {
        if (k > 0 && column == per_line) {
            put_text(w, ",\n");
            put_spaces(w, (size_t)indent + 1);
            column = 0;
        } else if (k > 0) {
            put_text(w, ", ");
        }
        column++;
        if (shortened && i == until) {
            put_text(w, " ...");
            i = from;
            until = n;
            continue;
        }
        put_element(w, f, a->dt, a->buffer->bytes + offset + i * a->strides[axis]);
        i++;
    }
    put_text(w, "]");
}

static void put_level(struct writer *w, const struct format *f, const struct array *a, int axis, int64_t offset,
                      int64_t indent)
{
    int n_left = a->n_dims - axis;
    if (n_left == 0) {
        put_element(w, f, a->dt, a->buffer->bytes + offset);
        return;
    }
    if (n_left == 1) {
        put_vector(w, f, a, offset, indent);
        return;
    }
    int64_t n = a->shape[axis], from, until = left_out(f, n, &from);
    bool shortened = until < n;
    put_text(w, "[");
    for (int64_t i = 0, k = 0; i < n || shortened; k++) {
        if (k > 0) {
            put_text(w, ",");
            for (int line = 1; line < n_left; line++)
                put_text(w, "\n");
            put_spaces(w, (size_t)indent + 1);
        }
        if (shortened && i == until) {
            put_text(w, "...");
            i = from;
            shortened = false;
            continue;
        }
        put_level(w, f, a, axis + 1, offset + i * a->strides[axis], indent + 1);
        i++;
    }
    put_text(w, "]");
}

/* --- Suffixes -------------------------------------------------------------------------------------------------------- */

static void put_suffix(struct writer *w, int64_t *line_length, int64_t indent, const char *text)
{
    int64_t n = (int64_t)strlen(text);
    if (*line_length + n + 2 > w->m->torch.linewidth) {
        put_text(w, ",\n");
        put_spaces(w, (size_t)indent);
        *line_length = indent + n;
    } else {
        put_text(w, ", ");
        *line_length += n + 2;
    }
    put_text(w, text);
}

void put_device(struct writer *w, value device)
{
    put_text(w, device_name(device.dt));
    if (device.u.i >= 0)
        put_format(w, ":%lld", (long long)device.u.i);
}

static void size_suffix(char *out, size_t out_size, const struct array *a)
{
    size_t n = (size_t)snprintf(out, out_size, "size=(");
    for (int i = 0; i < a->n_dims; i++)
        n += (size_t)snprintf(out + n, out_size - n,
                              i + 1 < a->n_dims ? "%lld, "
                              : a->n_dims == 1  ? "%lld,"
                                                : "%lld",
                              (long long)a->shape[i]);
    (void)snprintf(out + n, out_size - n, ")");
}

void put_tensor(struct writer *w, const struct tensor *t)
{
    static const char prefix[] = "tensor(";
    const int64_t indent = sizeof prefix - 1;
    vm *m = w->m;
    const struct array *a = tensor_values(m, object_value(V_TENSOR, (void *)(uintptr_t)t), "a tensor");
    int64_t size = array_size(a);
    char text[32 * MAX_DIMS];
    step(m, (uint64_t)size);
    if (t->is_parameter)
        put_text(w, "Parameter containing:\n");
    size_t start = w->n;
    put_text(w, prefix);
    if (size == 0) {
        put_text(w, "[]");
    } else {
        struct format f = find_format(m, a);
        put_level(w, &f, a, 0, a->offset, indent);
    }
    size_t line = w->n;
    while (line > start && written(w)[line - 1] != '\n')
        line--;
    /* As torch counts: the newline before the line, and one more. */
    int64_t length = (int64_t)(w->n - line) + 2;
    if (t->device != DEVICE_CPU) {
        (void)snprintf(text, sizeof text, "device='%s:%d'", device_name(t->device), t->device_index);
        put_suffix(w, &length, indent, text);
    }
    bool known = a->dt == m->torch.default_dtype;
    if ((size == 0 && a->n_dims != 1) || (size > 0 && m->torch.edgeitems == 0)) {
        size_suffix(text, sizeof text, a);
        put_suffix(w, &length, indent, text);
    }
    if (!known && (size == 0 || (a->dt != DT_INT64 && a->dt != DT_BOOL))) {
        (void)snprintf(text, sizeof text, "dtype=torch.%s", dtype_name(a->dt));
        put_suffix(w, &length, indent, text);
    }
    if (t->grad_fn) {
        (void)snprintf(text, sizeof text, "grad_fn=<%s>", t->grad_fn);
        put_suffix(w, &length, indent, text);
    } else if (t->requires_grad) {
        put_suffix(w, &length, indent, "requires_grad=True");
    }
    put_text(w, ")");
}
