/* jax_methods.c - methods and properties of JAX's arrays and keys, and the reductions.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, nearbyint, sqrt */
#include <stdlib.h> /* abs */
#include <string.h> /* memcpy, strcmp */

#include "draw/jax_array.h"

/* --- Shapes ------------------------------------------------------------------------------------------------------------ */

static const char *tuple_text(vm *m, const int64_t *shape, int n)
{
    struct writer w = writer_start(m);
    put_repr(&w, shape_tuple(m, shape, n));
    return written(&w);
}

static int axis_of(vm *m, value v, int n_dims)
{
    int64_t axis = to_int64(m, v, "axis");
    if (axis < -n_dims || axis >= n_dims)
        value_error(m, "axis %lld is out of bounds for array of dimension %d", (long long)axis, n_dims);
    return (int)(axis < 0 ? axis + n_dims : axis);
}

/* The data in another shape; a key's words stay the last axis. */
static value reshaped(vm *m, value v, int n_dims, int64_t shape[MAX_DIMS])
{
    struct array *a = jax_data(v);
    int n_own = jax_n_dims(v), open = -1;
    int64_t size = 1, known = 1;
    for (int i = 0; i < n_own; i++)
        size *= a->shape[i];
    for (int i = 0; i < n_dims; i++) {
        if (shape[i] == -1 && open < 0)
            open = i;
        else if (shape[i] < 0)
            type_error(m, "shapes must be 1D sequences of concrete values of integer type, got %s",
                       tuple_text(m, shape, n_dims));
        else if (__builtin_mul_overflow(known, shape[i], &known))
            value_error(m, "the shape is too large");
    }
    if (open >= 0)
        shape[open] = known > 0 ? size / known : 0;
    if (known * (open >= 0 ? shape[open] : 1) != size)
        type_error(m, "cannot reshape array of shape %s (size %lld) into shape %s (size %lld)",
                   tuple_text(m, a->shape, n_own), (long long)size, tuple_text(m, shape, n_dims),
                   (long long)(known * (open >= 0 ? shape[open] : 1)));
    if (is_jax_keys(v)) {
        if (n_dims == MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        shape[n_dims++] = a->shape[n_own];
    }
    return make_jax_like(m, array_reshape(m, a, n_dims, shape), v);
}

value jax_reshape(vm *m, value v, value to)
{
    int64_t shape[MAX_DIMS];
    int n = shape_from(m, to, shape);
    return reshaped(m, v, n, shape);
}

static value method_reshape(vm *m, value self, const struct arguments *arguments)
{
    value shape, order = NOTHING;
    if (arguments->n_positional > 1) {
        shape = make_sequence(m, V_TUPLE, 0);
        for (size_t i = 0; i < arguments->n_positional; i++)
            append(m, shape, arguments->positional[i]);
        if (arguments->n_named > 0)
            fail(m, "reshape() with keywords is not supported");
    } else {
        value a[2];
        take_arguments(m, "reshape", "shape order=", arguments, a);
        shape = a[0];
        order = a[1];
    }
    if (order.kind != V_NOTHING && !(is_text(order) && strcmp(order.u.text->bytes, "C") == 0))
        fail(m, "reshape() in another order than 'C' is not supported");
    return jax_reshape(m, self, shape);
}

static value method_ravel(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape[MAX_DIMS] = {-1};
    take_none(m, "ravel", arguments);
    return reshaped(m, self, 1, shape);
}

static value method_flatten(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape[MAX_DIMS] = {-1};
    take_none(m, "flatten", arguments);
    return reshaped(m, self, 1, shape);
}

/* The axes in that order: a view. */
static value with_axes(vm *m, value v, const int *order)
{
    struct array *a = jax_data(v), *out = array_view(m, a);
    for (int i = 0; i < jax_n_dims(v); i++) {
        out->shape[i] = a->shape[order[i]];
        out->strides[i] = a->strides[order[i]];
    }
    return make_jax_like(m, out, v);
}

static value transposed(vm *m, value v, value axes)
{
    int n = jax_n_dims(v), order[MAX_DIMS] = {0};
    bool seen[MAX_DIMS] = {false};
    for (int i = 0; i < n; i++)
        order[i] = n - 1 - i;
    if (!is_none(axes)) {
        value list = to_list(m, axes);
        if (list.u.seq->n != (size_t)n)
            value_error(m, "axes don't match array");
        for (int i = 0; i < n; i++) {
            order[i] = axis_of(m, list.u.seq->items[i], n);
            if (seen[order[i]])
                type_error(m, "transpose permutation isn't a permutation of operand dimensions");
            seen[order[i]] = true;
        }
    }
    return with_axes(m, v, order);
}

static value property_T(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return transposed(m, self, NONE);
}

static value method_transpose(vm *m, value self, const struct arguments *arguments)
{
    if (arguments->n_named > 0)
        fail(m, "transpose() with keywords is not supported");
    if (arguments->n_positional == 0)
        return transposed(m, self, NONE);
    if (arguments->n_positional == 1 && !is_integer(arguments->positional[0]))
        return transposed(m, self, arguments->positional[0]);
    value axes = make_sequence(m, V_TUPLE, 0);
    for (size_t i = 0; i < arguments->n_positional; i++)
        append(m, axes, arguments->positional[i]);
    return transposed(m, self, axes);
}

static value method_swapaxes(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "swapaxes", "axis1 axis2", arguments, a);
    int n = jax_n_dims(self), order[MAX_DIMS] = {0}, i = axis_of(m, a[0], n), k = axis_of(m, a[1], n);
    for (int j = 0; j < n; j++)
        order[j] = j == i ? k : j == k ? i : j;
    return with_axes(m, self, order);
}

static value method_squeeze(vm *m, value self, const struct arguments *arguments)
{
    value axis;
    take_arguments(m, "squeeze", "axis=", arguments, &axis);
    const struct array *a = jax_data(self);
    int n = jax_n_dims(self), kept = 0, only = is_none(axis) ? -1 : axis_of(m, axis, n);
    int64_t shape[MAX_DIMS];
    if (only >= 0 && a->shape[only] != 1)
        value_error(m,
                    "cannot select an axis to squeeze out which has size not equal to one, got shape=%s and "
                    "dimensions=(%d,)",
                    tuple_text(m, a->shape, n), only);
    for (int i = 0; i < n; i++)
        if (a->shape[i] != 1 || (only >= 0 && i != only))
            shape[kept++] = a->shape[i];
    return reshaped(m, self, kept, shape);
}

/* --- Properties ------------------------------------------------------------------------------------------------------------ */

static value property_shape(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return shape_tuple(m, jax_data(self)->shape, jax_n_dims(self));
}

static value property_ndim(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(jax_n_dims(self));
}

static int64_t own_size(value v)
{
    int64_t size = 1;
    for (int i = 0; i < jax_n_dims(v); i++)
        size *= jax_data(v)->shape[i];
    return size;
}

static value property_size(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(own_size(self));
}

static int64_t own_item_nbytes(value v)
{
    const struct array *a = jax_data(v);
    return is_jax_keys(v) ? 4 * a->shape[a->n_dims - 1] : (int64_t)a->item_nbytes;
}

static value property_itemsize(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(own_item_nbytes(self));
}

static value property_nbytes(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(own_item_nbytes(self) * own_size(self));
}

static value property_dtype(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return is_jax_keys(self) ? make_key_dtype(m, jax_of(self)->impl) : DTYPE(jax_data(self)->dt);
}

static value property_weak_type(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return BOOL(jax_of(self)->is_weak);
}

static value property_at(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return jax_at(m, self);
}

/* --- Reductions ------------------------------------------------------------------------------------------------------------ */

/* The order in which XLA sums floats on CPUs: axes that are longer than 32 are first summed in windows of 32 (padded with zeros to a
 * multiple, the smaller half in front), until none is left (xla/service/tree_reduction_rewriter.cc). Within a window and at the end one
 * after another. Larger arrays are summed by several threads or in vectors: refused. */
enum { WINDOW = 32, MOST_SUMMED = 1024 };

struct walk_of_sum {
    const double *in;
    int n_dims;
    int64_t shape[MAX_DIMS], window[MAX_DIMS], padding[MAX_DIMS], out_shape[MAX_DIMS];
};

static double sum_window(const struct walk_of_sum *s, unsigned dt, const int64_t *start, int axis, int64_t at,
                         double sum)
{
    if (axis == s->n_dims)
        return round_to(dt, sum + s->in[at]);
    for (int64_t i = 0; i < s->window[axis]; i++) {
        int64_t place = start[axis] * s->window[axis] + i - s->padding[axis];
        if (place >= 0 && place < s->shape[axis]) /* what is padded is 0 */
            sum = sum_window(s, dt, start, axis + 1, at * s->shape[axis] + place, sum);
    }
    return sum;
}

/* One turn: windows of the reduced axes, `last`: whole. */
static void sum_turn(struct walk_of_sum *s, unsigned dt, const bool *reduced, bool last, double *out)
{
    int64_t n = 1, index[MAX_DIMS] = {0};
    for (int i = 0; i < s->n_dims; i++) {
        bool whole = last || s->shape[i] <= WINDOW;
        s->window[i] = !reduced[i] ? 1 : whole ? s->shape[i] : WINDOW;
        s->out_shape[i] = !reduced[i] ? s->shape[i] : whole ? 1 : (s->shape[i] + WINDOW - 1) / WINDOW;
        s->padding[i] = s->window[i] == 0 ? 0 : (s->out_shape[i] * s->window[i] - s->shape[i]) / 2;
        n *= s->out_shape[i];
    }
    for (int64_t k = 0; k < n; k++) {
        int64_t left = k;
        for (int i = s->n_dims; i-- > 0; left /= s->out_shape[i])
            index[i] = left % s->out_shape[i];
        out[k] = sum_window(s, dt, index, 0, 0, 0);
    }
}

static struct array *sum_floats(vm *m, struct array *a, const bool *reduced)
{
    int64_t n = array_size(a);
    unsigned dt = a->dt;
    if (n > MOST_SUMMED)
        fail(m, "a sum of more than %d floats is not supported: XLA's order depends on the processor", MOST_SUMMED);
    if (dt == DT_FLOAT16 || dt == DT_BFLOAT16)
        fail(m, "a sum of %s is not supported", dtype_name((dtype)dt));
    double *numbers[2];
    int64_t kept[MAX_DIMS];
    for (int i = 0; i < a->n_dims; i++)
        kept[i] = reduced[i] ? 1 : a->shape[i];
    if (n == 0)
        return array_new(m, (dtype)dt, a->n_dims, kept, 0); /* zeros, of nothing */
    for (int i = 0; i < 2; i++)
        numbers[i] = (double *)(void *)array_new(m, DT_FLOAT64, 1, &n, 0)->buffer->bytes;
    int64_t k = 0;
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c))
        numbers[0][k++] = load_double(dt, a->buffer->bytes + c.offset);
    struct walk_of_sum s = {.n_dims = a->n_dims};
    memcpy(s.shape, a->shape, sizeof s.shape);
    bool last = false;
    int turn = 0;
    while (!last) {
        last = true;
        for (int i = 0; i < s.n_dims; i++)
            last = last && !(reduced[i] && s.shape[i] > WINDOW);
        s.in = numbers[turn % 2];
        sum_turn(&s, dt, reduced, last, numbers[(turn + 1) % 2]);
        memcpy(s.shape, s.out_shape, sizeof s.shape);
        turn++;
    }
    struct array *out = array_new(m, (dtype)dt, s.n_dims, s.shape, 0);
    for (int64_t i = 0; i < array_size(out); i++)
        store_double(dt, out->buffer->bytes + i * out->item_nbytes, numbers[turn % 2][i]);
    return out;
}

/* Which axes, as many as there are; `axis` None: all. */
static void read_axes(vm *m, value axis, int n_dims, bool *reduced)
{
    for (int i = 0; i < n_dims; i++)
        reduced[i] = is_none(axis);
    if (is_sequence(axis))
        for (size_t i = 0; i < axis.u.seq->n; i++) {
            int k = axis_of(m, axis.u.seq->items[i], n_dims);
            if (reduced[k])
                value_error(m, "duplicate value in 'axis': %s", "an axis is there twice");
            reduced[k] = true;
        }
    else if (!is_none(axis))
        reduced[axis_of(m, axis, n_dims)] = true;
}

/* One element more of a reduction of integers, or of floats where the order does not matter. */
static void reduce_one(const char *name, unsigned dt, char *to, const char *from, bool first)
{
    if (first) {
        memcpy(to, from, dtype_nbytes((dtype)dt));
    } else if (dtype_is_float(dt)) {
        double x = load_double(dt, to), y = load_double(dt, from);
        bool takes = isnan(x) ? false : isnan(y) || (strcmp(name, "max") == 0 ? y > x : y < x);
        store_double(dt, to, takes ? y : x);
    } else {
        int64_t x = load_integer(dt, to), y = load_integer(dt, from);
        bool less = dt == DT_UINT64 ? (uint64_t)x < (uint64_t)y : x < y;
        int64_t sum = (int64_t)((uint64_t)x + (uint64_t)y), product = (int64_t)((uint64_t)x * (uint64_t)y);
        store_integer(dt, to,
                      strcmp(name, "sum") == 0    ? sum
                      : strcmp(name, "prod") == 0 ? product
                      : strcmp(name, "max") == 0  ? (less ? y : x)
                                                  : (less ? x : y));
    }
}

static struct array *reduce_plain(vm *m, const char *name, struct array *a, const bool *reduced)
{
    int64_t shape[MAX_DIMS], n_each = 1;
    for (int i = 0; i < a->n_dims; i++) {
        shape[i] = reduced[i] ? 1 : a->shape[i];
        n_each *= reduced[i] ? a->shape[i] : 1;
    }
    struct array *out = array_new(m, a->dt, a->n_dims, shape, 0), *view = array_view(m, out);
    memcpy(view->shape, a->shape, sizeof view->shape);
    for (int i = 0; i < a->n_dims; i++)
        view->strides[i] = reduced[i] ? 0 : out->strides[i];
    bool is_sum = strcmp(name, "sum") == 0, is_product = strcmp(name, "prod") == 0;
    if (n_each == 0 && !is_sum && !is_product)
        value_error(m, "zero-size array to reduction operation %s which has no identity", name);
    char *seen = array_new(m, DT_BOOL, a->n_dims, shape, 0)->buffer->bytes;
    if (n_each == 0 && is_product)
        for (int64_t i = 0; i < array_size(out); i++)
            store_integer(out->dt, out->buffer->bytes + i * out->item_nbytes, 1);
    struct cursor to = cursor_start(view);
    step(m, (uint64_t)array_size(a));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), cursor_next(&to)) {
        char *first = &seen[to.offset / (int64_t)out->item_nbytes];
        reduce_one(name, a->dt, out->buffer->bytes + to.offset, a->buffer->bytes + c.offset, !*first);
        *first = 1;
    }
    return out;
}

/* The axes of length 1 that were reduced go. */
static struct array *without_axes(vm *m, struct array *a, const bool *reduced)
{
    struct array *out = array_view(m, a);
    int n = 0;
    for (int i = 0; i < a->n_dims; i++)
        if (!reduced[i]) {
            out->shape[n] = a->shape[i];
            out->strides[n++] = a->strides[i];
        }
    out->n_dims = (uint8_t)n;
    return out;
}

static struct array *sum_of(vm *m, struct array *a, const bool *reduced)
{
    return dtype_is_float(a->dt) ? sum_floats(m, a, reduced) : reduce_plain(m, "sum", a, reduced);
}

/* The dtype that JAX sums in: integers of the width of int at least. */
static dtype sum_dtype(const vm *m, dtype dt)
{
    if (dtype_is_float(dt))
        return dt;
    if (dt == DT_BOOL)
        return jax_int(m);
    if (dtype_nbytes(dt) >= dtype_nbytes(jax_int(m)))
        return dt;
    return dtype_is_unsigned(dt) ? jax_canonical(m, DT_UINT64) : jax_int(m);
}

/* By a constant of what is compiled: a product with its inverse. */
static value quotient(vm *m, struct array *sum, int64_t n)
{
    double inverse = round_to(sum->dt, 1 / round_to(sum->dt, (double)n));
    value factor = make_jax(m, jax_cast(m, array_from(m, FLOAT(inverse), DT_NONE), sum->dt), false);
    return jax_elementwise(m, OP_MULTIPLY, "mul", make_jax(m, sum, false), factor);
}

/* The mean over the axes, which stay with length 1; of integers as floats. */
static value mean_of(vm *m, struct array *a, const bool *reduced)
{
    int64_t n = 1;
    for (int i = 0; i < a->n_dims; i++)
        n *= reduced[i] ? a->shape[i] : 1;
    if (!dtype_is_float(a->dt))
        a = jax_cast(m, a, jax_float(m));
    return quotient(m, sum_of(m, a, reduced), n);
}

value jax_reduce(vm *m, const char *name, value v, value axis, value keepdims)
{
    bool reduced[MAX_DIMS] = {false};
    struct array *a = jax_data(v), *out;
    bool weak = false;
    read_axes(m, axis, a->n_dims, reduced);
    if (strcmp(name, "mean") == 0) {
        out = jax_data(mean_of(m, a, reduced));
    } else if (strcmp(name, "any") == 0 || strcmp(name, "all") == 0) {
        const char *as = strcmp(name, "any") == 0 ? "max" : "min";
        struct array *bools = jax_cast(m, a, DT_BOOL);
        out = array_size(bools) > 0 || a->n_dims == 0 ? reduce_plain(m, as, bools, reduced) : NULL;
        if (!out)
            fail(m, "%s() of an empty array is not supported", name);
    } else if (strcmp(name, "sum") == 0) {
        out = sum_of(m, jax_cast(m, a, sum_dtype(m, a->dt)), reduced);
        weak = jax_of(v)->is_weak;
    } else {
        if (strcmp(name, "prod") == 0 && dtype_is_float(a->dt))
            fail(m, "a product of floats is not supported: how XLA orders it depends on the processor");
        out = reduce_plain(m, name, strcmp(name, "prod") == 0 ? jax_cast(m, a, sum_dtype(m, a->dt)) : a, reduced);
        weak = jax_of(v)->is_weak;
    }
    bool keep = keepdims.kind != V_NOTHING && truth(m, keepdims);
    return make_jax(m, keep ? out : without_axes(m, out, reduced), weak);
}

#define REDUCTION(name)                                                                                                \
    static value method_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        value a[2];                                                                                                    \
        take_arguments(m, #name, "axis= keepdims=", arguments, a);                                                     \
        return jax_reduce(m, #name, self, a[0], a[1]);                                                                 \
    }
REDUCTION(sum)
REDUCTION(prod)
REDUCTION(mean)
REDUCTION(min)
REDUCTION(max)
REDUCTION(any)
REDUCTION(all)

/* NumPy's, on the numbers: the result has the type of an index, or the array's own. */
static value by_numpy(vm *m, const char *name, value self, const struct arguments *arguments, dtype dt)
{
    const struct native *native = find_native(numpy_functions, name);
    value given[8] = {array_value(jax_data(self))};
    if (arguments->n_positional > 6)
        type_error(m, "%s() takes fewer arguments", name);
    memcpy(given + 1, arguments->positional, arguments->n_positional * sizeof *given);
    struct arguments all = *arguments;
    all.positional = given;
    all.n_positional++;
    struct array *out = array_from(m, native->call(m, NONE, &all), DT_NONE);
    return make_jax(m, jax_cast(m, out, dt == DT_NONE ? jax_data(self)->dt : dt), false);
}

static value method_argmax(vm *m, value self, const struct arguments *arguments)
{
    return by_numpy(m, "argmax", self, arguments, jax_int(m));
}

static value method_argmin(vm *m, value self, const struct arguments *arguments)
{
    return by_numpy(m, "argmin", self, arguments, jax_int(m));
}

static value method_argsort(vm *m, value self, const struct arguments *arguments)
{
    return by_numpy(m, "argsort", self, arguments, jax_int(m));
}

static value method_sort(vm *m, value self, const struct arguments *arguments)
{
    return by_numpy(m, "sort", self, arguments, DT_NONE);
}

static value method_cumsum(vm *m, value self, const struct arguments *arguments)
{
    if (dtype_is_float(jax_data(self)->dt))
        fail(m, "a cumsum of floats is not supported");
    return by_numpy(m, "cumsum", self, arguments, sum_dtype(m, jax_data(self)->dt));
}

/* JAX's product with a power of ten, and with its inverse. */
static value rounded(vm *m, value self, value digits)
{
    struct array *a = jax_data(self);
    int64_t n = is_none(digits) ? 0 : to_int64(m, digits, "decimals");
    if (!dtype_is_float(a->dt) && n >= 0)
        return self;
    if (n < 0 || n > 22 || dtype_nbytes(a->dt) < 4)
        fail(m, "round() of %s to %lld decimals is not supported", dtype_name(a->dt), (long long)n);
    double scale = 1;
    for (int64_t i = 0; i < n; i++)
        scale = round_to(a->dt, scale * 10);
    double inverse = round_to(a->dt, 1 / scale);
    struct array *out = array_copy(m, a);
    char *at = out->buffer->bytes;
    for (int64_t k = array_size(out); k > 0; k--, at += out->item_nbytes) {
        double x = load_double(out->dt, at);
        store_double(out->dt, at, n == 0 ? nearbyint(x) : nearbyint(round_to(out->dt, x * scale)) * inverse);
    }
    return make_jax(m, out, jax_of(self)->is_weak);
}

static value method_round(vm *m, value self, const struct arguments *arguments)
{
    value digits;
    take_arguments(m, "round", "decimals=", arguments, &digits);
    return rounded(m, self, digits);
}

/* round(x): an integer where no digits are asked for. */
static value method_round_python(vm *m, value self, const struct arguments *arguments)
{
    value digits;
    take_arguments(m, "round", "ndigits=", arguments, &digits);
    value out = rounded(m, self, digits);
    return is_none(digits) ? make_jax(m, jax_cast(m, jax_data(out), jax_int(m)), false) : out;
}

static value method_abs(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    struct array *a = jax_data(self);
    if (a->dt == DT_BOOL)
        return self;
    struct array *out = array_copy(m, a);
    char *at = out->buffer->bytes;
    for (int64_t k = array_size(out); k > 0; k--, at += out->item_nbytes) {
        if (dtype_is_float(out->dt))
            store_double(out->dt, at, fabs(load_double(out->dt, at)));
        else if (!dtype_is_unsigned(out->dt) && load_integer(out->dt, at) < 0)
            store_integer(out->dt, at, (int64_t)(0 - (uint64_t)load_integer(out->dt, at)));
    }
    return make_jax(m, out, jax_of(self)->is_weak);
}

/* --- Conversions ------------------------------------------------------------------------------------------------------------- */

static value method_astype(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "astype", "dtype copy=", arguments, a);
    return make_jax(m, jax_cast(m, jax_data(self), jax_dtype_from(m, a[0], jax_float(m))), false);
}

static value method_tolist(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "tolist", arguments);
    return array_to_list(m, jax_data(self));
}

static value method_item(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "item", arguments);
    const struct array *a = jax_data(self);
    if (array_size(a) != 1)
        value_error(m, "can only convert an array of size 1 to a Python scalar");
    return scalar_item(m, array_item(m, a, a->offset));
}

static value method_itself(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "copy", arguments);
    return self; /* nothing can tell the copy of what is not written from itself */
}

static value method_tobytes(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "tobytes", arguments);
    const struct array *a = array_copy(m, jax_data(self));
    return make_text(m, V_BYTES, a->buffer->bytes, a->buffer->nbytes);
}

#define METHOD(name)                                                                                                   \
    {                                                                                                                  \
#name, method_##name, NATIVE_FUNCTION, 0                                                                       \
    }
#define PROPERTY(name)                                                                                                 \
    {                                                                                                                  \
#name, property_##name, NATIVE_PROPERTY, 0                                                                     \
    }
#define SHARED                                                                                                         \
    {"device", jax_device, NATIVE_PROPERTY, 0}, PROPERTY(shape), PROPERTY(dtype), PROPERTY(size), PROPERTY(ndim),      \
        PROPERTY(itemsize), PROPERTY(nbytes), PROPERTY(T), PROPERTY(at), METHOD(reshape), METHOD(flatten),             \
        METHOD(ravel), METHOD(transpose), METHOD(squeeze), METHOD(swapaxes),                                           \
        {"copy", method_itself, NATIVE_FUNCTION, 0},                                                                   \
    {                                                                                                                  \
        "block_until_ready", method_itself, NATIVE_FUNCTION, 0                                                         \
    }
const struct native jax_array_methods[] = {SHARED,
                                           PROPERTY(weak_type),
                                           METHOD(astype),
                                           METHOD(tolist),
                                           METHOD(item),
                                           METHOD(sum),
                                           METHOD(prod),
                                           METHOD(mean),
                                           METHOD(min),
                                           METHOD(max),
                                           METHOD(any),
                                           METHOD(all),
                                           METHOD(argmax),
                                           METHOD(argmin),
                                           METHOD(argsort),
                                           METHOD(sort),
                                           METHOD(cumsum),
                                           METHOD(round),
                                           METHOD(tobytes),
                                           {"__abs__", method_abs, NATIVE_FUNCTION, 0},
                                           {"__round__", method_round_python, NATIVE_FUNCTION, 0},
                                           {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native jax_keys_methods[] = {SHARED, {NULL, NULL, NATIVE_FUNCTION, 0}};
