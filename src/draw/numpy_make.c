/* numpy_make.c - functions of NumPy that make arrays, and its types as functions.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ceil, isnan */
#include <string.h> /* memcpy, strcmp */

#include "draw/ndarray.h"
#include "draw/numpy_make.h"

/* --- dtypes ---------------------------------------------------------------------------------------------------------- */

dtype dtype_from(vm *m, value v)
{
    if (v.kind == V_DTYPE)
        return v.dt;
    if (v.kind == V_NATIVE && v.u.native->dt != 0)
        return (dtype)(v.u.native->dt - 1);
    if (is_none(v))
        return DT_FLOAT64;
    static const struct {
        const char *name;
        dtype dt;
    } names[] = {{"bool", DT_BOOL},    {"?", DT_BOOL},       {"int", DT_INT64},      {"i8", DT_INT64},
                 {"i4", DT_INT32},     {"i2", DT_INT16},     {"i1", DT_INT8},        {"u8", DT_UINT64},
                 {"u4", DT_UINT32},    {"u2", DT_UINT16},    {"u1", DT_UINT8},       {"f8", DT_FLOAT64},
                 {"f4", DT_FLOAT32},   {"f2", DT_FLOAT16},   {"float", DT_FLOAT64},  {"d", DT_FLOAT64},
                 {"f", DT_FLOAT32},    {"e", DT_FLOAT16},    {"l", DT_INT64},        {"q", DT_INT64},
                 {"i", DT_INT32},      {"h", DT_INT16},      {"b", DT_INT8},         {"L", DT_UINT64},
                 {"Q", DT_UINT64},     {"I", DT_UINT32},     {"H", DT_UINT16},       {"B", DT_UINT8},
                 {"long", DT_INT64},   {"ulong", DT_UINT64}, {"double", DT_FLOAT64}, {"single", DT_FLOAT32},
                 {"half", DT_FLOAT16}, {"uint", DT_UINT64},  {"bool_", DT_BOOL},     {"int_", DT_INT64}};
    if (is_text(v)) {
        const char *text = v.u.text->bytes;
        text += text[0] == '<' || text[0] == '=' || text[0] == '|';
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strcmp(names[i].name, text) == 0)
                return names[i].dt;
        for (int dt = DT_BOOL; dt <= DT_FLOAT64; dt++)
            if (strcmp(dtype_name((dtype)dt), text) == 0)
                return (dtype)dt;
        type_error(m, "data type '%.40s' not understood (supported: bool, int8 to uint64, float16 to float64)",
                   v.u.text->bytes);
    }
    type_error(m, "Cannot interpret this '%s' as a data type", type_name(v));
}

/* np.float32(x) and the like: a scalar, or an array of that type. */
static value convert(vm *m, const struct arguments *arguments, dtype dt)
{
    value v;
    take_arguments(m, dtype_name(dt), "x=", arguments, &v);
    if (v.kind == V_NOTHING)
        v = INT(0);
    if (is_text(v)) {
        struct arguments one = {.positional = &v, .n_positional = 1};
        v = find_native(builtins, dtype_is_float(dt) ? "float" : "int")->call(m, NONE, &one);
    }
    if (v.kind == V_FLOAT && dt != DT_BOOL && !dtype_is_float(dt)) {
        struct arguments one = {.positional = &v, .n_positional = 1};
        v = find_native(builtins, "int")->call(m, NONE, &one);
    }
    struct array *a = array_from(m, v, v.kind == V_ARRAY || v.kind == V_SCALAR ? DT_NONE : dt);
    return array_or_scalar(m, array_cast(m, a, dt));
}

#define CONVERT(name, dt)                                                                                              \
    value convert_##name(vm *m, value self, const struct arguments *arguments)                                         \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return convert(m, arguments, dt);                                                                              \
    }
CONVERT(bool, DT_BOOL)
CONVERT(int8, DT_INT8)
CONVERT(uint8, DT_UINT8)
CONVERT(int16, DT_INT16)
CONVERT(uint16, DT_UINT16)
CONVERT(int32, DT_INT32)
CONVERT(uint32, DT_UINT32)
CONVERT(int64, DT_INT64)
CONVERT(uint64, DT_UINT64)
CONVERT(float16, DT_FLOAT16)
CONVERT(float32, DT_FLOAT32)
CONVERT(float64, DT_FLOAT64)

value make_dtype(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "dtype", "dtype", arguments, &v);
    return DTYPE(dtype_from(m, v));
}

/* --- Making arrays --------------------------------------------------------------------------------------------------- */

value numpy_array(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "array", "object dtype=", arguments, a);
    struct array *out = array_from(m, a[0], a[1].kind == V_NOTHING ? DT_NONE : dtype_from(m, a[1]));
    return array_value(a[0].kind == V_ARRAY && out == a[0].u.array ? array_copy(m, out) : out);
}

value numpy_asarray(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "asarray", "a dtype=", arguments, a);
    return array_value(array_from(m, a[0], a[1].kind == V_NOTHING ? DT_NONE : dtype_from(m, a[1])));
}

static value filled(vm *m, const char *name, const struct arguments *arguments, value fill)
{
    value a[3];
    bool full = fill.kind == V_NOTHING;
    take_arguments(m, name, full ? "shape fill_value dtype=" : "shape dtype=", arguments, a);
    value given = full ? a[2] : a[1];
    if (full)
        fill = a[1];
    int64_t shape[MAX_DIMS];
    int n_dims = shape_from(m, a[0], shape);
    dtype dt = given.kind != V_NOTHING ? dtype_from(m, given)
               : full                  ? (dtype)array_from(m, fill, DT_NONE)->dt
                                       : DT_FLOAT64;
    if (dt == DT_STR)
        type_error(m, "full() of strings is not supported");
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    if (is_number(fill) && is_integer(fill) && plain_integer(m, fill).kind == V_INT && plain_integer(m, fill).u.i == 0)
        return array_value(out);
    array_assign_in_place(m, out, fill, false);
    return array_value(out);
}

value numpy_zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return filled(m, "zeros", arguments, INT(0));
}

value numpy_ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return filled(m, "ones", arguments, INT(1));
}

value numpy_full(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return filled(m, "full", arguments, NOTHING);
}

static value like(vm *m, const char *name, const struct arguments *arguments, int64_t fill)
{
    value a[2];
    take_arguments(m, name, "a dtype=", arguments, a);
    struct array *from = array_from(m, a[0], DT_NONE);
    struct array *out = array_new(m, a[1].kind == V_NOTHING ? (dtype)from->dt : dtype_from(m, a[1]), from->n_dims,
                                  from->shape, from->item_nbytes / 4);
    if (fill != 0)
        array_assign_in_place(m, out, INT(fill), false);
    return array_value(out);
}

value numpy_zeros_like(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return like(m, "zeros_like", arguments, 0);
}

value numpy_ones_like(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return like(m, "ones_like", arguments, 1);
}

value numpy_eye(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "eye", "N dtype=", arguments, a);
    int64_t n = to_int64(m, a[0], "N"), shape[] = {n, n};
    struct array *out = array_new(m, a[1].kind == V_NOTHING ? DT_FLOAT64 : dtype_from(m, a[1]), 2, shape, 0);
    for (int64_t i = 0; i < n; i++)
        array_put_item(m, out, i * (out->strides[0] + out->strides[1]), INT(1));
    return array_value(out);
}

/* numpy: the length is ceil((stop - start) / step); an item is start + i * (start + step - start). */
value numpy_arange(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "arange", "start stop= step= dtype=", arguments, a);
    value start = is_none(a[1]) ? INT(0) : a[0], stop = is_none(a[1]) ? a[0] : a[1], by = is_none(a[2]) ? INT(1) : a[2];
    bool integers = is_integer(start) && is_integer(stop) && is_integer(by);
    dtype dt = a[3].kind != V_NOTHING && a[3].kind != V_NONE ? dtype_from(m, a[3]) : integers ? DT_INT64 : DT_FLOAT64;
    double first = to_double(m, start, "start"), delta = to_double(m, by, "step");
    if (delta == 0)
        fail(m, "ZeroDivisionError: division by zero");
    double length = ceil((to_double(m, stop, "stop") - first) / delta);
    if (isnan(length) || length > 1e15)
        value_error(m, "Maximum allowed size exceeded");
    int64_t n = length > 0 ? (int64_t)length : 0;
    struct array *out = array_new(m, dt, 1, &n, 0);
    char *at = out->buffer->bytes;
    if (integers) {
        int64_t from = to_int64(m, start, "start"), step_by = to_int64(m, by, "step");
        for (int64_t i = 0; i < n; i++, at += out->item_nbytes)
            store_integer(dt, at, (int64_t)((uint64_t)from + (uint64_t)i * (uint64_t)step_by));
        return array_value(out);
    }
    if (!dtype_is_float(dt))
        fail(m, "arange() of floats as %s is not supported", dtype_name(dt));
    double second = round_to(dt, first + delta);
    first = round_to(dt, first);
    for (int64_t i = 0; i < n; i++, at += out->item_nbytes)
        store_double(dt, at,
                     i == 0   ? first
                     : i == 1 ? second
                              : round_to(dt, first + round_to(dt, (double)i * round_to(dt, second - first))));
    return array_value(out);
}

value numpy_linspace(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "linspace", "start stop num= endpoint=", arguments, a);
    double start = to_double(m, a[0], "start"), stop = to_double(m, a[1], "stop");
    int64_t n = a[2].kind == V_NOTHING ? 50 : to_int64(m, a[2], "num");
    bool endpoint = a[3].kind == V_NOTHING || truth(m, a[3]);
    int64_t parts = endpoint ? n - 1 : n;
    if (n < 0)
        value_error(m, "Number of samples, %lld, must be non-negative.", (long long)n);
    struct array *out = array_new(m, DT_FLOAT64, 1, &n, 0);
    double delta = stop - start, by = parts > 0 ? delta / (double)parts : (double)NAN;
    for (int64_t i = 0; i < n; i++) {
        double x = parts <= 0 ? (double)i * delta : by == 0 ? (double)i / (double)parts * delta : (double)i * by;
        x += start;
        if (endpoint && n > 1 && i == n - 1)
            x = stop;
        memcpy(out->buffer->bytes + 8 * i, &x, 8);
    }
    return array_value(out);
}

value numpy_concatenate(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "concatenate", "arrays axis=", arguments, a);
    value list = to_list(m, a[0]);
    size_t n = list.u.seq->n;
    if (n == 0)
        value_error(m, "need at least one array to concatenate");
    struct array *first = array_from(m, list.u.seq->items[0], DT_NONE);
    int64_t axis = is_none(a[1]) ? 0 : to_int64(m, a[1], "axis"), shape[MAX_DIMS], length = 0;
    axis = axis < 0 ? axis + first->n_dims : axis;
    if (axis < 0 || axis >= first->n_dims)
        fail(m, "AxisError: axis is out of bounds");
    dtype dt = first->dt;
    size_t width = 0;
    for (size_t i = 0; i < n; i++) {
        struct array *part = array_from(m, list.u.seq->items[i], DT_NONE);
        list.u.seq->items[i] = array_value(part);
        if (part->n_dims != first->n_dims)
            value_error(m, "all the input array dimensions except for the concatenation axis must match exactly");
        for (int k = 0; k < first->n_dims; k++)
            if (k != axis && part->shape[k] != first->shape[k])
                value_error(m, "all the input array dimensions except for the concatenation axis must match exactly");
        dt = promote(m, dt, part->dt);
        width = part->item_nbytes / 4 > width ? part->item_nbytes / 4 : width;
        length += part->shape[axis];
    }
    memcpy(shape, first->shape, sizeof shape);
    shape[axis] = length;
    struct array *out = array_new(m, dt, first->n_dims, shape, width), *to = array_view(m, out);
    for (size_t i = 0; i < n; i++) {
        const struct array *part = list.u.seq->items[i].u.array;
        to->shape[axis] = part->shape[axis];
        array_assign_in_place(m, to, list.u.seq->items[i], false);
        to->offset += part->shape[axis] * to->strides[axis];
    }
    return array_value(out);
}
