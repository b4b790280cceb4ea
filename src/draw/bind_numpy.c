/* bind_numpy.c - what RandomState and Generator share: tables, broadcasting, sizes, integers, draws in blocks.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* memcpy */
#include <time.h>   /* clock_gettime */

#include "draw/bind.h"
#include "draw/bind_torch.h" /* torch_fill_block */

enum { LAZY_FROM = 1 << 20, BLOCK = 1 << 14, BLOCK_OF_THREADS = 1 << 22 };

void refuse(vm *m, oneseed_status status, bool of_arrays)
{
    if (status == ONESEED_OK)
        return;
    const char *text = oneseed_status_text(status), *nan = strstr(text, " is NaN");
    const char *type = status == ONESEED_NUMPY_RANGE || status == ONESEED_NUMPY_RANGE_NOT_FINITE ? "OverflowError"
                       : status == ONESEED_SKLEARN_PARAMETER ? "InvalidParameterError"
                                                             : "ValueError";
    if (of_arrays && nan)
        fail(m, "%s: %.*s contains NaNs", type, (int)(nan - text), text);
    fail(m, "%s: %s", type, text);
}

struct bitgen *drawing(vm *m, value v)
{
    value bitgen = v.kind == V_BITGEN ? v : ((struct facade *)(void *)v.u.o)->holder.held[0];
    struct bitgen *b = bitgen_of(bitgen);
    if (!b->seeded)
        fail(m, "%s has no seed: without %s every run would draw other numbers", b->label,
             strcmp(b->label, "np.random") == 0 ? "np.random.seed(N)" : "one");
    return b;
}

int size_shape(vm *m, value size, int64_t shape[MAX_DIMS])
{
    if (is_none(size))
        return -1;
    int n = shape_from(m, size, shape);
    for (int i = 0; i < n; i++)
        if (shape[i] < 0)
            value_error(m, "negative dimensions are not allowed");
    return n;
}

size_t shape_n(vm *m, int n_dims, const int64_t *shape)
{
    uint64_t n = 1;
    for (int i = 0; i < n_dims; i++) {
        if (shape[i] > 0 && n > ((uint64_t)1 << 60) / (uint64_t)shape[i])
            value_error(m, "array is too big");
        n *= (uint64_t)shape[i];
    }
    return (size_t)n;
}

/* --- Plans ----------------------------------------------------------------------------------------------------------- */

static const oneseed_numpy_dtype library_dtypes[] = {ONESEED_NUMPY_BOOL,   ONESEED_NUMPY_INT8,   ONESEED_NUMPY_UINT8,
                                                     ONESEED_NUMPY_INT16,  ONESEED_NUMPY_UINT16, ONESEED_NUMPY_INT32,
                                                     ONESEED_NUMPY_UINT32, ONESEED_NUMPY_INT64,  ONESEED_NUMPY_UINT64};

void plan_fill(const struct plan *plan, void *out, size_t n)
{
    const numpy_method *method = plan->method;
    double *f64 = out;
    int64_t *i64 = out;
    if (plan->raw) {
        oneseed_numpy_random_raw_fill(plan->state, out, n);
    } else if (plan->fill_integers) {
        (void)plan->fill_integers(plan->state, library_dtypes[plan->dt], plan->first, plan->last, out, n); /* checked */
    } else if (plan->fill_f64) {
        plan->fill_f64(plan->state, out, n);
    } else if (plan->fill_f32) {
        plan->fill_f32(plan->state, out, n);
    } else if (method->fill_f64) {
        method->fill_f64(plan->state, plan->parameters, f64, n);
    } else if (method->fill_i64) {
        method->fill_i64(plan->state, plan->parameters, i64, n);
    } else if (method->f64) {
        for (size_t i = 0; i < n; i++)
            f64[i] = method->f64(plan->state, plan->parameters);
    } else {
        for (size_t i = 0; i < n; i++)
            i64[i] = method->i64(plan->state, plan->parameters);
    }
}

oneseed_threads draw_threads(const vm *m)
{
    return oneseed_pthreads(m->settings.n_jobs > 1 ? m->settings.n_jobs : 1);
}

size_t block_length(const vm *m)
{
    return m->settings.n_jobs > 1 ? BLOCK_OF_THREADS : BLOCK;
}

struct plan_output {
    const struct plan *plan;
    char *bytes;
};

static oneseed_status plan_part(oneseed_numpy *state, void *argument, size_t begin, size_t n)
{
    const struct plan_output *output = argument;
    struct plan part = *output->plan;
    part.state = state;
    plan_fill(&part, output->bytes + begin * dtype_nbytes(part.dt), n);
    return ONESEED_OK;
}

static void plan_fill_on_threads(const vm *m, const struct plan *plan, void *out, size_t n)
{
    struct plan_output output = {plan, out};
    oneseed_threads threads = draw_threads(m);
    (void)oneseed_numpy_parallel(plan->state, plan_part, &output, n, &threads);
}

/* Pieces of words are shared within one call for these: a block would begin anew. */
static bool has_pieces(const struct plan *plan)
{
    return plan->fill_integers && dtype_nbytes(plan->dt) < 4;
}

value plan_run(vm *m, value bitgen, const struct plan *plan, int n_dims, const int64_t *shape)
{
    size_t n = shape_n(m, n_dims, shape);
    if (m->lazy && n >= LAZY_FROM && !has_pieces(plan)) {
        struct stream *s = new_holder(m, V_STREAM, sizeof *s, 1);
        s->holder.held[0] = bitgen;
        s->plan = *plan;
        s->n_dims = n_dims;
        memcpy(s->shape, shape, (size_t)n_dims * sizeof *shape);
        s->n = n;
        return object_value(V_STREAM, s);
    }
    struct array *a = array_new(m, plan->dt, n_dims, shape, 0);
    char *out = a->buffer->bytes;
    size_t block = has_pieces(plan) ? n : block_length(m);
    for (size_t done = 0; done < n || (n == 0 && plan->fill_integers); done += block) {
        size_t now = n - done < block ? n - done : block;
        plan_fill_on_threads(m, plan, out + done * a->item_nbytes, now);
        step(m, now);
        if (n == 0)
            break;
    }
    return array_value(a);
}

static double seconds_now(void)
{
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (double)now.tv_sec + 1e-9 * (double)now.tv_nsec : 0;
}

/* One thread in its cache draws the quick ones faster than anybody can read them, and faster than two in memory. The second block tells. */
static bool is_slow(double seconds, double nbytes)
{
    return nbytes < 2e9 * seconds;
}

size_t stream_next(vm *m, struct stream *s, void *out, size_t max_n)
{
    bool is_trial = m->settings.n_jobs > 1 && s->n_done == BLOCK;
    double begun = is_trial ? seconds_now() : 0;
    if (!s->is_slow && max_n > BLOCK)
        max_n = BLOCK;
    uint64_t left = s->n - s->n_done;
    size_t n = left < max_n ? (size_t)left : max_n;
    if (n == 0)
        return 0;
    if (s->plan.torch) {
        n = torch_block_length(s->plan.torch, left, max_n);
        torch_fill_block(m, s->plan.torch, out, n);
    } else {
        plan_fill_on_threads(m, &s->plan, out, n);
    }
    if (is_trial)
        s->is_slow = is_slow(seconds_now() - begun, (double)n * (double)dtype_nbytes(s->plan.dt));
    s->n_done += n;
    step(m, n);
    if (m->settings.progress)
        m->settings.progress(m->settings.context, s->n_done, s->n);
    return n;
}

/* --- Distributions of a table ---------------------------------------------------------------------------------------- */

static numpy_number number_of(vm *m, const numpy_parameter *p, value v)
{
    numpy_number number;
    if (v.kind == V_NOTHING)
        return p->otherwise;
    if (v.kind == V_ARRAY)
        v = array_item(m, v.u.array, v.u.array->offset);
    if (!p->is_integer)
        number.f = to_double(m, v, p->name);
    else if (is_integer(v))
        number.i = to_int64(m, v, p->name);
    else
        number.i = to_int64(m, big_from_double(m, to_double(m, v, p->name)), p->name);
    return number;
}

static value draw_one(struct plan *plan)
{
    if (plan->method->f64)
        return FLOAT(plan->method->f64(plan->state, plan->parameters));
    return INT(plan->method->i64(plan->state, plan->parameters));
}

/* A shape in words, "(2, 3)". */
static void shape_text(char *out, size_t out_size, int n_dims, const int64_t *shape)
{
    size_t n = (size_t)snprintf(out, out_size, "(");
    for (int i = 0; i < n_dims && n + 24 < out_size; i++)
        n += (size_t)snprintf(out + n, out_size - n,
                              i + 1 < n_dims ? "%lld, "
                              : n_dims == 1  ? "%lld,"
                                             : "%lld",
                              (long long)shape[i]);
    (void)snprintf(out + n, out_size - n, ")");
}

/* The shape of the result of parameters that are arrays: theirs, or the size that was asked for, when they fit it. */
static int result_shape(vm *m, struct array *const *arrays, size_t n_arrays, value size, int64_t *shape)
{
    int64_t common[MAX_DIMS];
    int n_common, n_dims = size_shape(m, size, shape);
    broadcast_shapes(m, arrays, n_arrays, &n_common, common);
    if (n_dims < 0) {
        memcpy(shape, common, sizeof common);
        return n_common;
    }
    bool fits = n_common <= n_dims;
    for (int i = 0; fits && i < n_common; i++)
        fits = common[i] == shape[n_dims - n_common + i] || common[i] == 1;
    if (!fits) {
        char asked[200], found[200];
        shape_text(asked, sizeof asked, n_dims, shape);
        shape_text(found, sizeof found, n_common, common);
        value_error(m, "Output size %s is not compatible with broadcast dimensions of inputs %s.", asked, found);
    }
    return n_dims;
}

/* Each element with its own parameters; all are checked before the first is drawn. */
static value draw_broadcast(vm *m, struct plan *plan, const value *given, value size)
{
    const numpy_method *method = plan->method;
    struct array *arrays[3];
    struct cursor cursors[3];
    int64_t shape[MAX_DIMS];
    size_t n_parameters = (size_t)method->n_parameters;
    for (size_t i = 0; i < n_parameters; i++) {
        const numpy_parameter *p = &method->parameters[i];
        if (given[i].kind != V_NOTHING)
            arrays[i] = array_from(m, given[i], DT_NONE);
        else
            arrays[i] = array_from(m, p->is_integer ? INT(p->otherwise.i) : FLOAT(p->otherwise.f), DT_NONE);
        if (arrays[i]->dt == DT_STR)
            type_error(m, "%s must be numbers, not strings", p->name);
    }
    int n_dims = result_shape(m, arrays, n_parameters, size, shape);
    struct array *out = array_new(m, method->f64 ? DT_FLOAT64 : DT_INT64, n_dims, shape, 0);
    char *at = out->buffer->bytes;
    int64_t n = array_size(out);
    oneseed_status refused = ONESEED_OK;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t k = 0; k < n_parameters; k++)
            cursors[k] = cursor_start(array_broadcast(m, arrays[k], n_dims, shape));
        for (int64_t i = 0; i < n; i++) {
            for (size_t k = 0; k < n_parameters; k++) {
                const char *from = arrays[k]->buffer->bytes + cursors[k].offset;
                if (method->parameters[k].is_integer)
                    plan->parameters[k].i = load_integer(arrays[k]->dt, from);
                else
                    plan->parameters[k].f = load_double(arrays[k]->dt, from);
                cursor_next(&cursors[k]);
            }
            if (turn == 0) {
                oneseed_status status = method->check ? method->check(plan->state, plan->parameters) : ONESEED_OK;
                if (status != ONESEED_OK && (refused == ONESEED_OK || status < refused))
                    refused = status;
                continue;
            }
            value v = draw_one(plan);
            memcpy(at + 8 * i, &v.u, 8);
        }
        refuse(m, refused, true);
        step(m, (uint64_t)n);
    }
    return array_or_scalar(m, out);
}

static bool is_many(value v)
{
    return is_sequence(v) || v.kind == V_RANGE || (v.kind == V_ARRAY && v.u.array->n_dims > 0);
}

value draw_method(vm *m, value self, const struct arguments *arguments, const numpy_method *method)
{
    char names[160];
    size_t n_names = 0;
    value given[4];
    for (int i = 0; i < method->n_parameters; i++)
        n_names += (size_t)snprintf(names + n_names, sizeof names - n_names, "%s%s ", method->parameters[i].name,
                                    method->parameters[i].is_required ? "" : "=");
    (void)snprintf(names + n_names, sizeof names - n_names, "size=");
    take_arguments(m, method->name, names, arguments, given);
    value size = given[method->n_parameters];
    struct plan plan = {.state = &drawing(m, self)->state, .method = method, .dt = method->f64 ? DT_FLOAT64 : DT_INT64};
    bool many = false;
    for (int i = 0; i < method->n_parameters; i++)
        many = many || is_many(given[i]);
    if (many)
        return draw_broadcast(m, &plan, given, size);
    for (int i = 0; i < method->n_parameters; i++)
        plan.parameters[i] = number_of(m, &method->parameters[i], given[i]);
    if (method->check)
        refuse(m, method->check(plan.state, plan.parameters), false);
    int64_t shape[MAX_DIMS];
    int n_dims = size_shape(m, size, shape);
    return n_dims < 0 ? draw_one(&plan) : plan_run(m, self, &plan, n_dims, shape);
}

/* --- integers and randint -------------------------------------------------------------------------------------------- */

struct range_of {
    uint64_t least, most; /* of the dtype, sign-extended */
};

static struct range_of dtype_range(dtype dt)
{
    if (dt == DT_BOOL)
        return (struct range_of){0, 1};
    unsigned bits = 8 * (unsigned)dtype_nbytes(dt);
    if (dtype_is_unsigned(dt))
        return (struct range_of){0, bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1};
    uint64_t most = ((uint64_t)1 << (bits - 1)) - 1;
    return (struct range_of){~most, most};
}

static value bound_value(vm *m, value v, const char *name)
{
    if (v.kind == V_ARRAY)
        v = array_item(m, v.u.array, v.u.array->offset);
    if (is_integer(v))
        return plain_integer(m, v);
    return big_from_double(m, to_double(m, v, name)); /* int(v) */
}

static value signed_value(vm *m, dtype dt, uint64_t bits)
{
    return dtype_is_unsigned(dt) || dt == DT_BOOL ? big_from_u64(m, bits) : INT((int64_t)bits);
}

/* The bounds as first and last, checked in NumPy's order. `last_is_high`: endpoint=True. */
static void integer_bounds(vm *m, dtype dt, value low, value high, bool endpoint, uint64_t *first, uint64_t *last)
{
    struct range_of range = dtype_range(dt);
    const char *name = dtype_name(dt);
    if (!endpoint)
        high = big_operate(m, OP_SUBTRACT, high, INT(1));
    if (big_compare(low, signed_value(m, dt, range.least)) < 0)
        value_error(m, "low is out of bounds for %s", name);
    if (big_compare(high, signed_value(m, dt, range.most)) > 0)
        value_error(m, "high is out of bounds for %s", name);
    if (big_compare(low, high) > 0)
        value_error(m, "%s", endpoint ? "low > high" : "low >= high");
    uint64_t bits;
    *first = fits_u64(low, &bits) ? bits : (uint64_t)low.u.i;
    *last = fits_u64(high, &bits) ? bits : (uint64_t)high.u.i;
}

static value integers_of_arrays(vm *m, struct bitgen *b, dtype dt, value low, value high, value size, bool endpoint,
                                bool legacy)
{
    struct array *arrays[] = {array_from(m, low, DT_NONE), array_from(m, high, DT_NONE)};
    int64_t shape[MAX_DIMS];
    int n_dims = result_shape(m, arrays, 2, size, shape);
    struct array *first = array_new(m, DT_UINT64, n_dims, shape, 0), *last = array_new(m, DT_UINT64, n_dims, shape, 0);
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    struct array *x = array_broadcast(m, arrays[0], n_dims, shape), *y = array_broadcast(m, arrays[1], n_dims, shape);
    struct cursor c = cursor_start(x), d = cursor_start(y);
    uint64_t *p = (uint64_t *)(void *)first->buffer->bytes, *q = (uint64_t *)(void *)last->buffer->bytes;
    for (; cursor_more(&c); cursor_next(&c), cursor_next(&d), p++, q++)
        integer_bounds(m, dt, bound_value(m, array_item(m, x, c.offset), "low"),
                       bound_value(m, array_item(m, y, d.offset), "high"), endpoint, p, q);
    size_t n = (size_t)array_size(out);
    p = (uint64_t *)(void *)first->buffer->bytes;
    q = (uint64_t *)(void *)last->buffer->bytes;
    step(m, n);
    refuse(m,
           legacy ? oneseed_numpy_legacy_randint_array_fill(&b->state, library_dtypes[dt], p, q, out->buffer->bytes, n)
                  : oneseed_numpy_integers_array_fill(&b->state, library_dtypes[dt], p, q, out->buffer->bytes, n),
           true);
    return array_value(out);
}

value draw_integers(vm *m, value self, const struct arguments *arguments, bool legacy)
{
    value a[5];
    if (legacy) {
        take_arguments(m, "randint", "low high= size= dtype=", arguments, a);
        a[4] = NOTHING;
    } else {
        take_arguments(m, "integers", "low high= size= dtype= endpoint=", arguments, a);
    }
    struct bitgen *b = drawing(m, self);
    bool endpoint = a[4].kind != V_NOTHING && truth(m, a[4]);
    bool python_type = a[3].kind == V_NATIVE && (a[3].u.native == find_native(builtins, "int") ||
                                                 a[3].u.native == find_native(builtins, "bool"));
    bool plain = a[3].kind == V_NOTHING ? legacy : python_type;
    dtype dt = a[3].kind == V_NOTHING ? DT_INT64 : dtype_from(m, a[3]);
    if (dt > DT_UINT64)
        type_error(m, "Unsupported dtype dtype('%s') for %s", dtype_name(dt), legacy ? "randint" : "integers");
    value low = is_none(a[1]) ? INT(0) : a[0], high = is_none(a[1]) ? a[0] : a[1];
    if (is_many(low) || is_many(high))
        return integers_of_arrays(m, b, dt, low, high, a[2], endpoint, legacy);
    struct plan plan = {.state = &b->state,
                        .dt = dt,
                        .fill_integers =
                            legacy ? oneseed_numpy_legacy_randint_dtype_fill : oneseed_numpy_integers_dtype_fill};
    int64_t shape[MAX_DIMS];
    int n_dims = size_shape(m, a[2], shape);
    if (n_dims >= 0 && shape_n(m, n_dims, shape) == 0)
        return array_value(array_new(m, dt, n_dims, shape, 0)); /* NumPy looks at no bounds then */
    integer_bounds(m, dt, bound_value(m, low, "low"), bound_value(m, high, "high"), endpoint, &plan.first, &plan.last);
    if (n_dims >= 0)
        return plan_run(m, self, &plan, n_dims, shape);
    char out[8] = {0};
    plan_fill(&plan, out, 1);
    int64_t i = load_integer(dt, out);
    if (!plain)
        return scalar_int(dt, i);
    return dt == DT_BOOL ? BOOL(i) : plain_integer(m, scalar_int(dt, i));
}

/* --- Rows ------------------------------------------------------------------------------------------------------------ */

struct array *take_rows(vm *m, struct array *a, const int64_t *order, size_t n, int axis)
{
    int64_t shape[MAX_DIMS];
    memcpy(shape, a->shape, sizeof shape);
    shape[axis] = (int64_t)n;
    struct array *out = array_new(m, a->dt, a->n_dims, shape, a->item_nbytes / 4);
    struct array *from = array_view(m, a), *to = array_view(m, out);
    from->shape[axis] = to->shape[axis] = 1;
    step(m, (uint64_t)array_size(out));
    for (size_t i = 0; i < n; i++) {
        from->offset = a->offset + order[i] * a->strides[axis];
        to->offset = out->offset + (int64_t)i * out->strides[axis];
        struct cursor d = cursor_start(to);
        for (struct cursor c = cursor_start(from); cursor_more(&c); cursor_next(&c), cursor_next(&d))
            memcpy(out->buffer->bytes + d.offset, a->buffer->bytes + c.offset, a->item_nbytes);
    }
    return out;
}

void reorder(vm *m, value v, const int64_t *order, size_t n)
{
    if (v.kind == V_LIST) {
        value old = to_list(m, v);
        for (size_t i = 0; i < n; i++)
            v.u.seq->items[i] = old.u.seq->items[order[i]];
        return;
    }
    struct array *a = v.u.array, *rows = take_rows(m, a, order, n, 0);
    struct cursor d = cursor_start(a);
    for (struct cursor c = cursor_start(rows); cursor_more(&c); cursor_next(&c), cursor_next(&d))
        memcpy(a->buffer->bytes + d.offset, rows->buffer->bytes + c.offset, a->item_nbytes);
}
