/* numpy_functions.c - functions of NumPy on arrays, and the methods of arrays and scalars.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* floor, ceil, sqrt, nearbyint */
#include <string.h> /* memcpy, strcmp */

#include "draw/jax_array.h" /* is_jax_numbers */
#include "draw/ndarray.h"
#include "draw/numpy_make.h"
#include "draw/sequences.h" /* sort_values */

/* --- Elementwise ----------------------------------------------------------------------------------------------------- */

static value map_floats(vm *m, const char *name, const struct arguments *arguments, double (*function)(double),
                        bool keeps_integers)
{
    value v;
    take_arguments(m, name, "x", arguments, &v);
    struct array *a = array_from(m, v, DT_NONE);
    if (a->dt == DT_STR || a->dt == DT_BOOL)
        type_error(m, "%s() is not supported for %s", name, dtype_name(a->dt));
    if (!dtype_is_float(a->dt) && keeps_integers)
        return array_or_scalar(m, array_copy(m, a));
    if (!dtype_is_float(a->dt) && dtype_nbytes(a->dt) < 4)
        fail(m, "%s() of %s is not supported", name, dtype_name(a->dt));
    struct array *out = dtype_is_float(a->dt) ? array_copy(m, a) : array_cast(m, a, DT_FLOAT64);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes)
        store_double(out->dt, at, function(load_double(out->dt, at)));
    return array_or_scalar(m, out);
}

#define MAP(name, function, keeps)                                                                                     \
    static value numpy_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return map_floats(m, #name, arguments, function, keeps);                                                       \
    }
MAP(sqrt, sqrt, false)
MAP(floor, floor, true)
MAP(ceil, ceil, true)
MAP(rint, nearbyint, true)
MAP(trunc, trunc, true)

/* np.round: x * 10^d, rounded to even, / 10^d. */
static value round_array(vm *m, value v, value digits)
{
    struct array *a = array_from(m, v, DT_NONE);
    int64_t d = is_none(digits) ? 0 : to_int64(m, digits, "decimals");
    if (a->dt == DT_STR || a->dt == DT_BOOL)
        type_error(m, "round() is not supported for %s", dtype_name(a->dt));
    if (!dtype_is_float(a->dt)) {
        if (d < 0)
            fail(m, "round() of integers to tens is not supported");
        return array_or_scalar(m, array_copy(m, a));
    }
    if (d < 0 || d > 22)
        fail(m, "round() to %lld decimals is not supported", (long long)d);
    double scale = 1;
    for (int64_t i = 0; i < d; i++)
        scale *= 10;
    struct array *out = array_copy(m, a);
    char *at = out->buffer->bytes;
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        double x = load_double(out->dt, at);
        store_double(out->dt, at,
                     d == 0 ? nearbyint(x) : round_to(out->dt, nearbyint(round_to(out->dt, x * scale))) / scale);
    }
    return array_or_scalar(m, out);
}

value call_round(vm *m, value scalar, value digits)
{
    return round_array(m, scalar, digits);
}

static value numpy_round(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "round", "a decimals=", arguments, a);
    return round_array(m, a[0], a[1]);
}

static value numpy_abs(vm *m, value self, const struct arguments *arguments)
{
    value v;
    take_arguments(m, "abs", "x", arguments, &v);
    if (v.kind != V_SCALAR)
        v = array_or_scalar(m, array_from(m, v, DT_NONE));
    struct arguments one = {.positional = &v, .n_positional = 1};
    return find_native(builtins, "abs")->call(m, self, &one);
}

static value numpy_where(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "where", "condition x= y=", arguments, a);
    if (a[1].kind == V_NOTHING && a[2].kind == V_NOTHING)
        return numpy_nonzero(m, NONE, &(struct arguments){.positional = a, .n_positional = 1});
    if (a[2].kind == V_NOTHING)
        value_error(m, "either both or neither of x and y should be given");
    struct array *arrays[3];
    int64_t shape[MAX_DIMS];
    int n_dims;
    for (int i = 0; i < 3; i++)
        arrays[i] = array_from(m, a[i], DT_NONE);
    broadcast_shapes(m, arrays, 3, &n_dims, shape);
    dtype dt = promote(m, arrays[1]->dt, arrays[2]->dt);
    size_t width =
        (arrays[1]->item_nbytes > arrays[2]->item_nbytes ? arrays[1]->item_nbytes : arrays[2]->item_nbytes) / 4;
    struct array *out = array_new(m, dt, n_dims, shape, width);
    struct cursor c[3];
    for (int i = 0; i < 3; i++)
        c[i] = cursor_start(array_broadcast(m, arrays[i], n_dims, shape));
    for (int64_t k = 0, n = array_size(out); k < n; k++) {
        int chosen = truth(m, array_item(m, arrays[0], c[0].offset)) ? 1 : 2;
        array_put_item(m, out, k * out->item_nbytes, array_item(m, arrays[chosen], c[chosen].offset));
        for (int i = 0; i < 3; i++)
            cursor_next(&c[i]);
    }
    return array_or_scalar(m, out);
}

static value numpy_array_equal(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "array_equal", "a1 a2", arguments, a);
    struct array *x = array_from(m, a[0], DT_NONE), *y = array_from(m, a[1], DT_NONE);
    bool same = x->n_dims == y->n_dims;
    for (int i = 0; same && i < x->n_dims; i++)
        same = x->shape[i] == y->shape[i];
    if (!same)
        return BOOL(false);
    value equal = array_operate(m, OP_EQ, array_value(x), array_value(y));
    return BOOL(truth(m, array_reduce(m, "all", array_from(m, equal, DT_NONE), NONE, NONE)));
}

/* numpy keeps what is not given. */
static value numpy_set_printoptions(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "set_printoptions", "precision= * suppress=", arguments, a);
    if (!is_none(a[0])) {
        int64_t precision = to_int64(m, a[0], "precision");
        if (precision < 0 || precision > 30)
            value_error(m, "a precision of %lld is not supported (0 to 30)", (long long)precision);
        m->print.precision = (int)precision;
    }
    if (!is_none(a[1]))
        m->print.suppress = truth(m, a[1]);
    return NONE;
}

/* --- Sorting and order ----------------------------------------------------------------------------------------------- */

/* Along the last axis, rows of the array in place. */
static void sort_rows(vm *m, struct array *a)
{
    int64_t n = a->n_dims > 0 ? a->shape[a->n_dims - 1] : 1, rows = n > 0 ? array_size(a) / n : 0;
    value list = make_sequence(m, V_LIST, (size_t)n);
    for (int64_t r = 0; r < rows; r++) {
        int64_t at = a->offset + r * n * a->item_nbytes;
        size_t n_numbers = 0, n_nan = 0;
        for (int64_t i = 0; i < n; i++) {
            value v = array_item(m, a, at + i * a->item_nbytes);
            if (v.kind == V_SCALAR && dtype_is_float(v.dt) && isnan(v.u.f))
                n_nan++;
            else
                list.u.seq->items[n_numbers++] = v;
        }
        sort_values(m, list.u.seq->items, n_numbers, NONE, false);
        for (int64_t i = 0; i < n; i++)
            array_put_item(m, a, at + i * a->item_nbytes,
                           (size_t)i < n_numbers ? list.u.seq->items[i] : scalar_float(a->dt, (double)NAN));
    }
}

static value numpy_sort(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "sort", "a", arguments, &a);
    struct array *out = array_copy(m, array_from(m, a, DT_NONE));
    sort_rows(m, out);
    return array_value(out);
}

/* The indices that sort a vector. What is equal has no order of its own in NumPy's default algorithm: refused. */
static value numpy_argsort(vm *m, value self, const struct arguments *arguments)
{
    value given[3];
    (void)self;
    take_arguments(m, "argsort", "a axis= kind=", arguments, given);
    value a = given[0];
    bool stable = is_text(given[2]) &&
                  (strcmp(given[2].u.text->bytes, "stable") == 0 || strcmp(given[2].u.text->bytes, "mergesort") == 0);
    struct array *x = array_from(m, a, DT_NONE);
    if (x->n_dims != 1 || (given[1].kind != V_NOTHING && (!is_integer(given[1]) || to_int64(m, given[1], "axis") > 0)))
        fail(m, "argsort() of more than one axis is not supported");
    int64_t n = x->shape[0];
    value pairs = make_sequence(m, V_LIST, (size_t)n);
    for (int64_t i = 0; i < n; i++) {
        value pair = make_sequence(m, V_TUPLE, 2);
        pair.u.seq->items[0] = array_item(m, x, x->offset + i * x->strides[0]);
        pair.u.seq->items[1] = INT(i);
        pairs.u.seq->items[i] = pair;
    }
    sort_values(m, pairs.u.seq->items, (size_t)n, NONE, false);
    struct array *out = array_new(m, DT_INT64, 1, &n, 0);
    for (int64_t i = 0; i < n; i++) {
        const value *pair = pairs.u.seq->items[i].u.seq->items;
        bool is_nan = pair[0].kind == V_SCALAR && dtype_is_float(pair[0].dt) && isnan(pair[0].u.f);
        bool ordered = i == 0 || values_compare(m, pairs.u.seq->items[i - 1].u.seq->items[0], pair[0]) == -1;
        if (is_nan || (!ordered && !stable))
            fail(m,
                 "argsort() of equal items is supported with kind='stable' only, of nan not (else their order depends "
                 "on the machine)");
        store_integer(DT_INT64, out->buffer->bytes + 8 * i, pair[1].u.i);
    }
    return array_value(out);
}

static value numpy_unique(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "unique", "ar * return_counts=", arguments, a);
    struct array *flat = array_copy(m, array_from(m, a[0], DT_NONE));
    int64_t n = array_size(flat), kept = 0;
    struct array *counts = array_new(m, DT_INT64, 1, &n, 0);
    flat = array_reshape(m, flat, 1, &n);
    sort_rows(m, flat);
    for (int64_t i = 0; i < n; i++) {
        value item = array_item(m, flat, flat->offset + i * flat->item_nbytes);
        if (kept > 0 && values_equal(m, item, array_item(m, flat, flat->offset + (kept - 1) * flat->item_nbytes))) {
            char *count = counts->buffer->bytes + 8 * (kept - 1);
            store_integer(DT_INT64, count, load_integer(DT_INT64, count) + 1);
            continue;
        }
        store_integer(DT_INT64, counts->buffer->bytes + 8 * kept, 1);
        array_put_item(m, flat, flat->offset + kept++ * flat->item_nbytes, item);
    }
    flat->shape[0] = counts->shape[0] = kept;
    if (a[1].kind == V_NOTHING || !truth(m, a[1]))
        return array_value(flat);
    value pair = make_sequence(m, V_TUPLE, 2);
    pair.u.seq->items[0] = array_value(flat);
    pair.u.seq->items[1] = array_value(counts);
    return pair;
}

static value numpy_bincount(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "bincount", "x", arguments, &a);
    struct array *x = array_from(m, a, DT_NONE);
    int64_t most = -1;
    if (x->n_dims != 1 || dtype_is_float(x->dt) || x->dt == DT_STR)
        value_error(m, "object of too small depth for desired array: integers of one dimension are counted");
    for (struct cursor c = cursor_start(x); cursor_more(&c); cursor_next(&c)) {
        int64_t i = load_integer(x->dt, x->buffer->bytes + c.offset);
        if (i < 0)
            value_error(m, "'list' argument must have no negative elements");
        most = i > most ? i : most;
    }
    if (most >= INT64_C(1) << 40)
        fail(m, "MemoryError: bincount() up to %lld", (long long)most);
    int64_t n = most + 1;
    struct array *out = array_new(m, DT_INT64, 1, &n, 0);
    for (struct cursor c = cursor_start(x); cursor_more(&c); cursor_next(&c)) {
        char *at = out->buffer->bytes + 8 * load_integer(x->dt, x->buffer->bytes + c.offset);
        store_integer(DT_INT64, at, load_integer(DT_INT64, at) + 1);
    }
    return array_value(out);
}

static value numpy_cumsum(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "cumsum", "a", arguments, &a);
    struct array *x = array_from(m, a, DT_NONE);
    dtype dt = dtype_is_float(x->dt) ? (dtype)x->dt : dtype_is_unsigned(x->dt) ? DT_UINT64 : DT_INT64;
    struct array *out = array_cast(m, x, dt);
    int64_t n = array_size(out);
    out = array_reshape(m, out, 1, &n);
    char *at = array_bytes(out);
    for (int64_t i = 1; i < n; i++) {
        char *to = at + i * out->item_nbytes, *from = to - out->item_nbytes;
        if (dtype_is_float(dt))
            store_double(dt, to, load_double(dt, from) + load_double(dt, to));
        else
            store_integer(dt, to, (int64_t)((uint64_t)load_integer(dt, from) + (uint64_t)load_integer(dt, to)));
    }
    return array_value(out);
}

/* --- Reductions, as functions and as methods ------------------------------------------------------------------------- */

static value reduce_method(vm *m, value self, const struct arguments *arguments, const char *name)
{
    value a[2];
    bool deviation = strcmp(name, "std") == 0 || strcmp(name, "var") == 0;
    a[1] = NOTHING;
    take_arguments(m, name, deviation ? "axis= ddof=" : "axis=", arguments, a);
    return array_reduce(m, name, array_from(m, self, DT_NONE), a[0], a[1]);
}

static value reduce_function(vm *m, const struct arguments *arguments, const char *name)
{
    if (arguments->n_positional == 0)
        type_error(m, "%s() missing 1 required positional argument: 'a'", name);
    struct arguments rest = *arguments;
    rest.positional++;
    rest.n_positional--;
    if (is_jax_numbers(arguments->positional[0])) /* NumPy calls the method */
        return call(m, get_attribute(m, arguments->positional[0], name), &rest);
    return reduce_method(m, arguments->positional[0], &rest, name);
}

#define REDUCE(name)                                                                                                   \
    static value method_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        return reduce_method(m, self, arguments, #name);                                                               \
    }                                                                                                                  \
    static value numpy_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return reduce_function(m, arguments, #name);                                                                   \
    }
REDUCE(sum)
REDUCE(mean)
REDUCE(std)
REDUCE(var)
REDUCE(prod)
REDUCE(min)
REDUCE(max)
REDUCE(argmin)
REDUCE(argmax)
REDUCE(any)
REDUCE(all)

/* --- Methods of arrays ----------------------------------------------------------------------------------------------- */

static value array_reshape_method(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape[MAX_DIMS];
    value sizes;
    if (arguments->n_named > 0)
        type_error(m, "reshape() takes no keyword arguments here");
    if (arguments->n_positional == 1) {
        sizes = arguments->positional[0];
    } else {
        sizes = make_sequence(m, V_TUPLE, arguments->n_positional);
        if (arguments->n_positional > 0)
            memcpy(sizes.u.seq->items, arguments->positional, arguments->n_positional * sizeof(value));
    }
    int n = shape_from(m, sizes, shape);
    return array_value(array_reshape(m, self.u.array, n, shape));
}

static value numpy_reshape(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "reshape", "a shape", arguments, a);
    struct arguments one = {.positional = &a[1], .n_positional = 1};
    return array_reshape_method(m, array_value(array_from(m, a[0], DT_NONE)), &one);
}

static value array_transpose(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "transpose", arguments);
    struct array *a = self.u.array, *view = array_view(m, a);
    for (int i = 0; i < a->n_dims; i++) {
        view->shape[i] = a->shape[a->n_dims - 1 - i];
        view->strides[i] = a->strides[a->n_dims - 1 - i];
    }
    return array_value(view);
}

static value array_shape(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return shape_tuple(m, self.u.array->shape, self.u.array->n_dims);
}

static value array_dtype(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    value v = DTYPE(self.kind == V_SCALAR ? self.dt : self.u.array->dt);
    if (v.dt == DT_STR)
        v.u.i = self.u.array->item_nbytes / 4;
    return v;
}

static value array_size_property(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(array_size(self.u.array));
}

static value array_ndim(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(self.u.array->n_dims);
}

static value array_itemsize(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(self.u.array->item_nbytes);
}

static value array_nbytes(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(self.u.array->item_nbytes * array_size(self.u.array));
}

static value array_astype(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "astype", "dtype", arguments, &a);
    return array_or_scalar(m, array_cast(m, array_from(m, self, DT_NONE), dtype_from(m, a)));
}

static value array_copy_method(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "copy", arguments);
    return array_value(array_copy(m, self.u.array));
}

static value array_flatten(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "flatten", arguments);
    struct array *copy = array_copy(m, self.u.array);
    int64_t n = array_size(copy);
    return array_value(array_reshape(m, copy, 1, &n));
}

static value array_ravel(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "ravel", arguments);
    int64_t n = array_size(self.u.array);
    return array_value(array_reshape(m, self.u.array, 1, &n));
}

static value array_tolist(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "tolist", arguments);
    return self.kind == V_ARRAY ? array_to_list(m, self.u.array) : scalar_item(m, self);
}

static value array_item_method(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "item", arguments);
    if (self.kind != V_ARRAY)
        return scalar_item(m, self);
    if (array_size(self.u.array) != 1)
        value_error(m, "can only convert an array of size 1 to a Python scalar");
    return scalar_item(m, array_item(m, self.u.array, self.u.array->offset));
}

static value array_tobytes(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "tobytes", arguments);
    const struct array *a = array_copy(m, array_from(m, self, DT_NONE));
    return make_text(m, V_BYTES, a->buffer->bytes, a->buffer->nbytes);
}

static value array_round(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "round", "decimals=", arguments, &a);
    return round_array(m, self, a);
}

static value array_sort(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "sort", arguments);
    struct array *sorted = array_copy(m, self.u.array);
    sort_rows(m, sorted);
    array_assign_in_place(m, self.u.array, array_value(sorted), false);
    return NONE;
}

static value array_argsort(vm *m, value self, const struct arguments *arguments)
{
    struct arguments one = {.positional = &self, .n_positional = 1};
    take_none(m, "argsort", arguments);
    return numpy_argsort(m, NONE, &one);
}

static value array_cumsum(vm *m, value self, const struct arguments *arguments)
{
    struct arguments one = {.positional = &self, .n_positional = 1};
    take_none(m, "cumsum", arguments);
    return numpy_cumsum(m, NONE, &one);
}

#define METHOD(name, function)                                                                                         \
    {                                                                                                                  \
        name, function, NATIVE_FUNCTION, 0                                                                             \
    }
#define PROPERTY(name, function)                                                                                       \
    {                                                                                                                  \
        name, function, NATIVE_PROPERTY, 0                                                                             \
    }
const struct native array_methods[] = {PROPERTY("shape", array_shape),
                                       PROPERTY("dtype", array_dtype),
                                       PROPERTY("size", array_size_property),
                                       PROPERTY("ndim", array_ndim),
                                       PROPERTY("T", array_transpose),
                                       PROPERTY("itemsize", array_itemsize),
                                       PROPERTY("nbytes", array_nbytes),
                                       METHOD("reshape", array_reshape_method),
                                       METHOD("transpose", array_transpose),
                                       METHOD("astype", array_astype),
                                       METHOD("copy", array_copy_method),
                                       METHOD("flatten", array_flatten),
                                       METHOD("ravel", array_ravel),
                                       METHOD("tolist", array_tolist),
                                       METHOD("item", array_item_method),
                                       METHOD("tobytes", array_tobytes),
                                       METHOD("round", array_round),
                                       METHOD("sort", array_sort),
                                       METHOD("argsort", array_argsort),
                                       METHOD("cumsum", array_cumsum),
                                       METHOD("sum", method_sum),
                                       METHOD("mean", method_mean),
                                       METHOD("std", method_std),
                                       METHOD("var", method_var),
                                       METHOD("prod", method_prod),
                                       METHOD("min", method_min),
                                       METHOD("max", method_max),
                                       METHOD("argmin", method_argmin),
                                       METHOD("argmax", method_argmax),
                                       METHOD("any", method_any),
                                       METHOD("all", method_all),
                                       METHOD("clip", numpy_clip),
                                       METHOD("dot", numpy_dot),
                                       {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native scalar_methods[] = {PROPERTY("dtype", array_dtype),  METHOD("item", array_item_method),
                                        METHOD("tolist", array_tolist),  METHOD("astype", array_astype),
                                        METHOD("round", array_round),    METHOD("tobytes", array_tobytes),
                                        {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- The module ------------------------------------------------------------------------------------------------------ */

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, numpy_##name, NATIVE_FUNCTION, 0                                                                        \
    }
#define TYPE(name, dt)                                                                                                 \
    {                                                                                                                  \
#name, convert_##name, NATIVE_CLASS, (dt) + 1                                                                  \
    }
const struct native numpy_functions[] = {FUNCTION(array),
                                         FUNCTION(asarray),
                                         FUNCTION(arange),
                                         FUNCTION(linspace),
                                         FUNCTION(zeros),
                                         FUNCTION(ones),
                                         FUNCTION(full),
                                         FUNCTION(zeros_like),
                                         FUNCTION(ones_like),
                                         FUNCTION(eye),
                                         FUNCTION(concatenate),
                                         FUNCTION(reshape),
                                         FUNCTION(where),
                                         FUNCTION(array_equal),
                                         FUNCTION(isnan),
                                         FUNCTION(sign),
                                         FUNCTION(clip),
                                         FUNCTION(median),
                                         FUNCTION(vstack),
                                         FUNCTION(hstack),
                                         FUNCTION(stack),
                                         FUNCTION(tile),
                                         FUNCTION(diag),
                                         FUNCTION(nonzero),
                                         FUNCTION(dot),
                                         FUNCTION(sort),
                                         FUNCTION(argsort),
                                         FUNCTION(set_printoptions),
                                         FUNCTION(unique),
                                         FUNCTION(bincount),
                                         FUNCTION(cumsum),
                                         FUNCTION(sqrt),
                                         FUNCTION(floor),
                                         FUNCTION(ceil),
                                         FUNCTION(rint),
                                         FUNCTION(trunc),
                                         FUNCTION(round),
                                         FUNCTION(abs),
                                         FUNCTION(sum),
                                         FUNCTION(mean),
                                         FUNCTION(std),
                                         FUNCTION(var),
                                         FUNCTION(prod),
                                         FUNCTION(min),
                                         FUNCTION(max),
                                         FUNCTION(argmin),
                                         FUNCTION(argmax),
                                         FUNCTION(any),
                                         FUNCTION(all),
                                         TYPE(bool, DT_BOOL),
                                         TYPE(int8, DT_INT8),
                                         TYPE(uint8, DT_UINT8),
                                         TYPE(int16, DT_INT16),
                                         TYPE(uint16, DT_UINT16),
                                         TYPE(int32, DT_INT32),
                                         TYPE(uint32, DT_UINT32),
                                         TYPE(int64, DT_INT64),
                                         TYPE(uint64, DT_UINT64),
                                         TYPE(float16, DT_FLOAT16),
                                         TYPE(float32, DT_FLOAT32),
                                         TYPE(float64, DT_FLOAT64),
                                         {"dtype", make_dtype, NATIVE_CLASS, 0},
                                         {NULL, NULL, NATIVE_FUNCTION, 0}};

/* Of --with; a release without its last number is that series' first. */
static value version_text(vm *m)
{
    uint32_t version = m->settings.numpy_version ? m->settings.numpy_version : 20400;
    struct writer w = writer_start(m);
    put_format(&w, "%u.%u.%u", version / 10000, version / 100 % 100, version % 100);
    return make_text(m, V_STR, written(&w), w.n);
}

static value numpy_lookup(vm *m, const char *name)
{
    static const char *const aliases[][2] = {{"bool_", "bool"},   {"int_", "int64"},     {"intp", "int64"},
                                             {"uint", "uint64"},  {"double", "float64"}, {"single", "float32"},
                                             {"half", "float16"}, {"float_", "float64"}, {"absolute", "abs"},
                                             {"amin", "min"},     {"amax", "max"},       {"around", "round"}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(name, aliases[i][0]) == 0)
            return NATIVE(find_native(numpy_functions, aliases[i][1]));
    if (strcmp(name, "random") == 0)
        return MODULE(&module_numpy_random);
    if (strcmp(name, "__version__") == 0)
        return version_text(m);
    if (strcmp(name, "newaxis") == 0)
        return NONE;
    return strcmp(name, "pi") == 0 || strcmp(name, "e") == 0 || strcmp(name, "inf") == 0 || strcmp(name, "nan") == 0
               ? module_math.lookup(m, name)
               : NOTHING;
}

const struct module module_numpy = {"numpy", numpy_functions, numpy_lookup, NULL};
