/* tensorflow_make.c - functions of TensorFlow that make, cast, reshape, join and take apart tensors.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ceil, fabs */
#include <string.h> /* memcpy */

#include "draw/bind.h" /* take_rows */
#include "draw/tensorflow_eager.h"

/* --- Making ------------------------------------------------------------------------------------------------------------------ */

static value tf_constant(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    int64_t shape[MAX_DIMS];
    bool is_long;
    (void)self;
    take_arguments(m, "constant", "value dtype= shape= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[1], DT_NONE);
    if (is_tensorflow_tensor(v[0]) && dt != DT_NONE && tensorflow_array(v[0])->dt != dt)
        type_error(m, "Expected tensor with dtype tf.%s, but got dtype tf.%s.", dtype_name(dt),
                   dtype_name(tensorflow_array(v[0])->dt));
    struct array *a = tensorflow_convert(m, v[0], dt);
    if (is_none(v[2]))
        return tensorflow_tensor(m, a);
    int n_dims = tensorflow_shape_from(m, v[2], shape, &is_long);
    int64_t n = 1;
    for (int i = 0; i < n_dims; i++)
        if (__builtin_mul_overflow(n, shape[i], &n))
            fail(m, "so large a shape is not supported");
    if (array_size(a) == 1)
        return tensorflow_tensor(m, array_copy(m, array_broadcast(m, array_reshape(m, a, 0, NULL), n_dims, shape)));
    if (array_size(a) != n)
        type_error(m,
                   "Eager execution of tf.constant with unsupported shape. Tensor has %lld elements, but got `shape` "
                   "with %lld elements).",
                   (long long)array_size(a), (long long)n);
    return tensorflow_tensor(m, array_reshape(m, a, n_dims, shape));
}

static value tf_convert_to_tensor(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    (void)self;
    take_arguments(m, "convert_to_tensor", "value dtype= dtype_hint= name=", arguments, v);
    return tensorflow_tensor(m, tensorflow_convert(m, v[0], tensorflow_dtype_from(m, v[1], DT_NONE)));
}

static value tf_variable(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "Variable", "initial_value trainable= name= dtype= *", arguments, v);
    struct array *a = array_copy(m, tensorflow_convert(m, v[0], tensorflow_dtype_from(m, v[3], DT_NONE)));
    struct writer name = writer_start(m);
    if (!is_none(v[2]) && !is_text(v[2]))
        type_error(m, "a name is a str, not %s", type_name(v[2]));
    put_text(&name, is_none(v[2]) ? "Variable" : v[2].u.text->bytes);
    put(&name, ":0", sizeof ":0");
    return tensorflow_variable(m, a, written(&name));
}

static struct array *filled(vm *m, dtype dt, int n_dims, const int64_t *shape, value number)
{
    struct array *one = array_new(m, dt, 0, NULL, 0);
    array_put_item(m, one, 0, number);
    return array_copy(m, array_broadcast(m, one, n_dims, shape));
}

/* tf.zeros takes a number for a shape of one dimension, too. */
static int shape_or_length(vm *m, value v, int64_t shape[MAX_DIMS])
{
    bool is_long;
    value one = make_sequence(m, V_LIST, 1);
    one.u.seq->items[0] = v;
    return tensorflow_shape_from(m, is_integer(v) ? one : v, shape, &is_long);
}

static value constants(vm *m, const char *name, int64_t number, const struct arguments *arguments)
{
    value v[4];
    int64_t shape[MAX_DIMS];
    take_arguments(m, name, "shape dtype= name= layout=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[1], DT_FLOAT32);
    if (dt == DT_STR)
        fail(m, "tensors of strings are not supported");
    int n_dims = shape_or_length(m, v[0], shape);
    return tensorflow_tensor(m, filled(m, dt, n_dims, shape, INT(number)));
}

static value tf_zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constants(m, "zeros", 0, arguments);
}

static value tf_ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constants(m, "ones", 1, arguments);
}

static value constants_like(vm *m, const char *name, int64_t number, const struct arguments *arguments)
{
    value v[4];
    take_arguments(m, name, "input dtype= name= layout=", arguments, v);
    const struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    return tensorflow_tensor(m,
                             filled(m, tensorflow_dtype_from(m, v[1], (dtype)a->dt), a->n_dims, a->shape, INT(number)));
}

static value tf_zeros_like(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constants_like(m, "zeros_like", 0, arguments);
}

static value tf_ones_like(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constants_like(m, "ones_like", 1, arguments);
}

static value tf_fill(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    int64_t shape[MAX_DIMS];
    bool is_long;
    (void)self;
    take_arguments(m, "fill", "dims value name= layout=", arguments, v);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    struct array *one = tensorflow_convert(m, v[1], DT_NONE);
    if (one->n_dims != 0)
        invalid_argument(m, "value must represent a scalar, got shape %s [Op:Fill]",
                         tensorflow_shape_text(m, one->shape, one->n_dims));
    return tensorflow_tensor(m, array_copy(m, array_broadcast(m, one, n_dims, shape)));
}

static value tf_eye(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    (void)self;
    take_arguments(m, "eye", "num_rows num_columns= batch_shape= dtype=", arguments, v);
    if (!is_none(v[2]))
        fail(m, "eye() with a batch_shape is not supported");
    int64_t shape[2] = {to_int64(m, v[0], "num_rows"), 0};
    shape[1] = is_none(v[1]) ? shape[0] : to_int64(m, v[1], "num_columns");
    struct array *out = array_new(m, tensorflow_dtype_from(m, v[3], DT_FLOAT32), 2, shape, 0);
    for (int64_t i = 0; i < shape[0] && i < shape[1]; i++)
        store_integer(out->dt, out->buffer->bytes + (size_t)(i * shape[1] + i) * out->item_nbytes, 1);
    return tensorflow_tensor(m, out);
}

/* RangeOp: start + i * delta, in floats each step rounded. */
static value tf_range(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "range", "start limit= delta= dtype= name=", arguments, v);
    bool one = is_none(v[1]);
    value bounds[3] = {one ? INT(0) : v[0], one ? v[0] : v[1], is_none(v[2]) ? INT(1) : v[2]};
    dtype dt = tensorflow_dtype_from(m, v[3], DT_NONE);
    const struct array *parts[3];
    for (int i = 0; v[3].kind != V_NATIVE && i < 3; i++) {
        dtype own = (dtype)tensorflow_convert(m, bounds[i], DT_NONE)->dt;
        dt = dt == DT_NONE || (dtype_is_float(own) && !dtype_is_float(dt)) || own == DT_INT64 || own == DT_FLOAT64 ? own
                                                                                                                   : dt;
    }
    for (int i = 0; i < 3; i++) {
        parts[i] = is_tensorflow_tensor(bounds[i]) ? tensorflow_cast(m, tensorflow_array(bounds[i]), dt)
                                                   : tensorflow_convert(m, bounds[i], dt);
        if (parts[i]->n_dims != 0)
            invalid_argument(m, "start, limit and delta must be scalars [Op:Range]");
    }
    double x[3];
    int64_t i[3], n = 0;
    for (int k = 0; k < 3; k++) {
        x[k] = load_double(dt, array_bytes(parts[k]));
        i[k] = dtype_is_float(dt) ? 0 : load_integer(dt, array_bytes(parts[k]));
    }
    if (x[2] == 0)
        invalid_argument(m, "Requires delta != 0: 0 [Op:Range]");
    if (x[2] > 0 ? x[0] > x[1] : x[0] < x[1])
        invalid_argument(m, "Requires start %s limit when delta %s 0: %.6g/%.6g [Op:Range]",
                         x[2] > 0 ? "<=" : ">=", x[2] > 0 ? ">" : "<", x[0], x[1]);
    double count = ceil(fabs((x[1] - x[0]) / x[2]));
    n = count < 1e15 ? (int64_t)count : INT64_MAX;
    struct array *out = array_new(m, dt, 1, &n, 0);
    char *at = out->buffer->bytes;
    for (int64_t k = 0; k < n; k++, at += out->item_nbytes) {
        if (dtype_is_float(dt))
            store_double(dt, at, x[0] + round_to(dt, round_to(dt, (double)k) * x[2]));
        else
            store_integer(dt, at, (int64_t)((uint64_t)i[0] + (uint64_t)k * (uint64_t)i[2]));
    }
    return tensorflow_tensor(m, out);
}

static value tf_one_hot(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    (void)self;
    take_arguments(m, "one_hot", "indices depth on_value= off_value= axis= dtype=", arguments, v);
    if (!is_none(v[2]) || !is_none(v[3]) || !is_none(v[4]))
        fail(m, "one_hot() with on_value, off_value or axis is not supported");
    const struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    int64_t shape[MAX_DIMS], depth = to_int64(m, v[1], "depth");
    if (a->n_dims == MAX_DIMS || dtype_is_float(a->dt))
        invalid_argument(m, "Value for attr 'TI' of %s is not in the list of allowed values [Op:OneHot]",
                         dtype_name(a->dt));
    memcpy(shape, a->shape, sizeof shape);
    shape[a->n_dims] = depth;
    struct array *out = array_new(m, tensorflow_dtype_from(m, v[5], DT_FLOAT32), a->n_dims + 1, shape, 0);
    char *at = out->buffer->bytes;
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += (size_t)depth * out->item_nbytes) {
        int64_t i = load_integer(a->dt, a->buffer->bytes + c.offset);
        if (i >= 0 && i < depth)
            store_integer(out->dt, at + (size_t)i * out->item_nbytes, 1);
    }
    return tensorflow_tensor(m, out);
}

/* --- What tensors are ---------------------------------------------------------------------------------------------------------- */

static value tf_cast(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "cast", "x dtype name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[1], DT_NONE);
    return tensorflow_tensor(m, tensorflow_cast(m, tensorflow_convert(m, v[0], DT_NONE), dt));
}

static value tf_identity(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "identity", "input name=", arguments, v);
    return tensorflow_tensor(m, tensorflow_convert(m, v[0], DT_NONE));
}

static value tf_shape(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "shape", "input out_type= name=", arguments, v);
    const struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    int64_t n = a->n_dims;
    struct array *out = array_new(m, tensorflow_dtype_from(m, v[1], DT_INT32), 1, &n, 0);
    for (int i = 0; i < a->n_dims; i++)
        store_integer(out->dt, out->buffer->bytes + (size_t)i * out->item_nbytes, a->shape[i]);
    return tensorflow_tensor(m, out);
}

static value tf_size(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "size", "input name=", arguments, v);
    return tensorflow_scalar(m, DT_INT32, INT(array_size(tensorflow_convert(m, v[0], DT_NONE))));
}

static value tf_rank(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "rank", "input name=", arguments, v);
    return tensorflow_scalar(m, DT_INT32, INT(tensorflow_convert(m, v[0], DT_NONE)->n_dims));
}

static value tf_is_tensor(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "is_tensor", "x", arguments, &v);
    return BOOL(is_tensorflow_tensor(v));
}

static value tf_as_dtype(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "as_dtype", "type_value", arguments, &v);
    return tensorflow_dtype(tensorflow_dtype_from(m, v, DT_NONE));
}

static value tf_tensor_shape(vm *m, value self, const struct arguments *arguments)
{
    value v;
    int64_t shape[MAX_DIMS];
    bool is_long;
    (void)self;
    take_arguments(m, "TensorShape", "dims", arguments, &v);
    return tensorflow_shape(m, shape, tensorflow_shape_from(m, v, shape, &is_long));
}

static value tf_executing_eagerly(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "executing_eagerly", arguments);
    return BOOL(true);
}

/* --- Shapes -------------------------------------------------------------------------------------------------------------------- */

static value tf_reshape(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    int64_t shape[MAX_DIMS], known = 1;
    int unknown = -1;
    (void)self;
    take_arguments(m, "reshape", "tensor shape name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    const struct array *dims =
        tensorflow_convert(m, v[1], is_sequence(v[1]) && v[1].u.seq->n == 0 ? DT_INT32 : DT_NONE);
    if (dims->n_dims != 1 && !(dims->n_dims == 0 && array_size(dims) == 1))
        invalid_argument(m, "sizes input must be 1-D [Op:Reshape]");
    if (dims->n_dims == 0)
        invalid_argument(m, "sizes input must be 1-D, not [] [Op:Reshape]");
    if (dims->shape[0] > MAX_DIMS)
        fail(m, "more than %d dimensions are not supported", MAX_DIMS);
    int n_dims = (int)dims->shape[0];
    for (int i = 0; i < n_dims; i++) {
        shape[i] = load_integer(dims->dt, array_bytes(dims) + i * dims->strides[0]);
        if (shape[i] < -1)
            invalid_argument(m, "Size %d must be non-negative, not %lld [Op:Reshape]", i, (long long)shape[i]);
        if (shape[i] == -1 && unknown >= 0)
            invalid_argument(m, "Only one input size may be -1, not both %d and %d [Op:Reshape]", unknown, i);
        unknown = shape[i] == -1 ? i : unknown;
        if (__builtin_mul_overflow(known, shape[i] == -1 ? 1 : shape[i], &known))
            fail(m, "so large a shape is not supported");
    }
    int64_t n = array_size(a);
    if (unknown >= 0 && (known == 0 || n % known != 0))
        invalid_argument(
            m,
            "Input to reshape is a tensor with %lld values, but the requested shape requires a multiple of "
            "%lld [Op:Reshape]",
            (long long)n, (long long)known);
    if (unknown >= 0)
        shape[unknown] = n / known;
    else if (known != n)
        invalid_argument(m,
                         "Input to reshape is a tensor with %lld values, but the requested shape has %lld [Op:Reshape]",
                         (long long)n, (long long)known);
    return tensorflow_tensor(m, array_reshape(m, array_copy(m, a), n_dims, shape));
}

static int axis_of(vm *m, value v, int n_dims, const char *name)
{
    int64_t i = to_int64(m, v, "axis");
    if (i >= n_dims || i < -n_dims)
        invalid_argument(m, "%s : axis %lld is not in the range [%d, %d)", name, (long long)i, -n_dims, n_dims);
    return (int)(i < 0 ? i + n_dims : i);
}

static value tf_expand_dims(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    int64_t shape[MAX_DIMS];
    (void)self;
    take_arguments(m, "expand_dims", "input axis name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    if (a->n_dims == MAX_DIMS)
        fail(m, "more than %d dimensions are not supported", MAX_DIMS);
    int axis = axis_of(m, v[1], a->n_dims + 1, "ExpandDims");
    for (int i = 0; i <= a->n_dims; i++)
        shape[i] = i < axis ? a->shape[i] : i == axis ? 1 : a->shape[i - 1];
    return tensorflow_tensor(m, array_reshape(m, array_copy(m, a), a->n_dims + 1, shape));
}

static value tf_squeeze(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    int64_t shape[MAX_DIMS];
    int n_dims = 0;
    (void)self;
    take_arguments(m, "squeeze", "input axis= name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    bool named[MAX_DIMS] = {false};
    const struct array *axes = is_none(v[1]) ? NULL : tensorflow_convert(m, v[1], DT_NONE);
    for (int64_t i = 0; axes && i < array_size(axes); i++) {
        int axis = axis_of(m, INT(load_integer(axes->dt, array_bytes(axes) + i * (int64_t)axes->item_nbytes)),
                           a->n_dims, "Squeeze");
        if (a->shape[axis] != 1)
            invalid_argument(m, "Can not squeeze dim[%d], expected a dimension of 1, got %lld [Op:Squeeze]", axis,
                             (long long)a->shape[axis]);
        named[axis] = true;
    }
    for (int i = 0; i < a->n_dims; i++)
        if (axes ? !named[i] : a->shape[i] != 1)
            shape[n_dims++] = a->shape[i];
    return tensorflow_tensor(m, array_reshape(m, array_copy(m, a), n_dims, shape));
}

static value tf_transpose(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    (void)self;
    take_arguments(m, "transpose", "a perm= conjugate= name=", arguments, v);
    const struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    const struct array *perm = is_none(v[1]) ? NULL : tensorflow_convert(m, v[1], DT_NONE);
    bool seen[MAX_DIMS] = {false};
    struct array *view = array_view(m, a);
    if (perm && (perm->n_dims != 1 || perm->shape[0] != a->n_dims))
        invalid_argument(m, "transpose expects a vector of size %d [Op:Transpose]", a->n_dims);
    for (int i = 0; i < a->n_dims; i++) {
        int64_t from = perm ? load_integer(perm->dt, array_bytes(perm) + i * perm->strides[0]) : a->n_dims - 1 - i;
        from += from < 0 ? a->n_dims : 0;
        if (from < 0 || from >= a->n_dims || seen[from])
            invalid_argument(m, "%lld is out of range or repeated in the permutation [Op:Transpose]", (long long)from);
        seen[from] = true;
        view->shape[i] = a->shape[from];
        view->strides[i] = a->strides[from];
    }
    return tensorflow_tensor(m, array_copy(m, view));
}

/* --- Joining and parting ----------------------------------------------------------------------------------------------------------- */

/* The items of a sequence as arrays of one dtype: that of the first tensor among them. */
static value arrays_of(vm *m, value values)
{
    value list = to_list(m, values);
    dtype dt = DT_NONE;
    for (size_t i = 0; dt == DT_NONE && i < list.u.seq->n; i++)
        if (is_tensorflow_tensor(list.u.seq->items[i]) || list.u.seq->items[i].kind == V_ARRAY)
            dt = (dtype)tensorflow_convert(m, list.u.seq->items[i], DT_NONE)->dt;
    if (dt == DT_NONE)
        dt = (dtype)tensorflow_convert(m, values, DT_NONE)->dt;
    for (size_t i = 0; i < list.u.seq->n; i++)
        list.u.seq->items[i] = array_value(tensorflow_convert(m, list.u.seq->items[i], dt));
    return list;
}

static value with_numpy(vm *m, const char *name, const value *positional, size_t n)
{
    struct arguments arguments = {.positional = positional, .n_positional = n};
    value v = find_native(numpy_functions, name)->call(m, NONE, &arguments);
    return tensorflow_tensor(m, array_copy(m, array_from(m, v, DT_NONE)));
}

static value tf_concat(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "concat", "values axis name=", arguments, v);
    value given[2] = {is_sequence(v[0]) && v[0].u.seq->n > 0 && is_number(v[0].u.seq->items[0]) ? NOTHING
                                                                                                : arrays_of(m, v[0]),
                      INT(to_int64(m, v[1], "axis"))};
    if (given[0].kind == V_NOTHING)
        invalid_argument(m, "ConcatOp : Expected concatenating dimensions in the range [0, 0), but got %lld",
                         (long long)given[1].u.i);
    return with_numpy(m, "concatenate", given, 2);
}

static value tf_stack(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "stack", "values axis= name=", arguments, v);
    value given[2] = {arrays_of(m, v[0]), is_none(v[1]) ? INT(0) : INT(to_int64(m, v[1], "axis"))};
    return with_numpy(m, "stack", given, 2);
}

static value tf_tile(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "tile", "input multiples name=", arguments, v);
    struct array *times = tensorflow_convert(m, v[1], DT_NONE);
    value given[2] = {array_value(tensorflow_convert(m, v[0], DT_NONE)), array_to_list(m, times)};
    if (times->n_dims != 1 || times->shape[0] != given[0].u.array->n_dims)
        invalid_argument(m, "Expected multiples argument to be a vector of length %d [Op:Tile]",
                         given[0].u.array->n_dims);
    return with_numpy(m, "tile", given, 2);
}

static value rows(vm *m, struct array *a, const int64_t *order, size_t n, int axis)
{
    return tensorflow_tensor(m, take_rows(m, a, order, n, axis));
}

static value tf_gather(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "gather", "params indices * axis=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE), *indices = tensorflow_convert(m, v[1], DT_NONE);
    int axis = is_none(v[2]) ? 0 : axis_of(m, v[2], a->n_dims, "GatherV2");
    if (a->n_dims == 0 || indices->n_dims > 1 || dtype_is_float(indices->dt))
        fail(m, "gather() takes a tensor of one or more dimensions and one or a vector of indices here");
    int64_t n = array_size(indices);
    struct array *order = tensorflow_cast(m, indices, DT_INT64);
    const int64_t *at = (const int64_t *)(const void *)order->buffer->bytes;
    for (int64_t i = 0; i < n; i++)
        if (at[i] < 0 || at[i] >= a->shape[axis])
            invalid_argument(m, "indices[%lld] = %lld is not in [0, %lld) [Op:GatherV2]", (long long)i,
                             (long long)at[i], (long long)a->shape[axis]);
    value taken = rows(m, a, at, (size_t)n, axis);
    if (indices->n_dims == 1)
        return taken;
    struct array *out = tensorflow_array(taken);
    int64_t shape[MAX_DIMS];
    int n_dims = 0;
    for (int i = 0; i < out->n_dims; i++)
        if (i != axis)
            shape[n_dims++] = out->shape[i];
    return tensorflow_tensor(m, array_reshape(m, out, n_dims, shape));
}

static value tf_reverse(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "reverse", "tensor axis name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE), *axes = tensorflow_convert(m, v[1], DT_NONE);
    struct array *view = array_view(m, a);
    for (int64_t i = 0; i < array_size(axes); i++) {
        int axis = axis_of(m, INT(load_integer(axes->dt, array_bytes(axes) + i * (int64_t)axes->item_nbytes)),
                           a->n_dims, "ReverseV2");
        view->offset += a->shape[axis] > 0 ? (a->shape[axis] - 1) * a->strides[axis] : 0;
        view->strides[axis] = -a->strides[axis];
    }
    return tensorflow_tensor(m, array_copy(m, view));
}

static value tf_unstack(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    (void)self;
    take_arguments(m, "unstack", "value num= axis= name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    if (!is_none(v[2]) && to_int64(m, v[2], "axis") != 0)
        fail(m, "unstack() along an axis other than 0 is not supported");
    if (a->n_dims == 0)
        value_error(m, "Argument `axis` = 0 not in range [0, 0)");
    return to_list(m, tensorflow_tensor(m, a));
}

static value tf_split(vm *m, value self, const struct arguments *arguments)
{
    value v[4], list = make_sequence(m, V_LIST, 0);
    (void)self;
    take_arguments(m, "split", "value num_or_size_splits axis= name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    int axis = is_none(v[2]) ? 0 : axis_of(m, v[2], a->n_dims, "Split");
    if (a->n_dims == 0)
        invalid_argument(m, "Input must have at least one dimension [Op:Split]");
    value sizes = make_sequence(m, V_LIST, 0);
    if (is_integer(v[1])) {
        int64_t n = to_int64(m, v[1], "num_or_size_splits");
        if (n <= 0 || a->shape[axis] % n != 0)
            invalid_argument(m,
                             "Number of ways to split should evenly divide the split dimension, but got split_dim %d "
                             "(size = %lld) and num_split %lld [Op:Split]",
                             axis, (long long)a->shape[axis], (long long)n);
        for (int64_t i = 0; i < n; i++)
            append(m, sizes, INT(a->shape[axis] / n));
    } else {
        sizes = to_list(m, array_to_list(m, tensorflow_convert(m, v[1], DT_NONE)));
    }
    int64_t start = 0;
    for (size_t i = 0; i < sizes.u.seq->n; i++) {
        int64_t n = to_int64(m, sizes.u.seq->items[i], "a size");
        struct array *view = array_view(m, a);
        if (n < 0 || n > a->shape[axis] - start)
            invalid_argument(m, "Determined shape must either match input shape along split_dim exactly [Op:SplitV]");
        view->offset += start * a->strides[axis];
        view->shape[axis] = n;
        append(m, list, tensorflow_tensor(m, array_copy(m, view)));
        start += n;
    }
    if (start != a->shape[axis])
        invalid_argument(m, "Determined shape must either match input shape along split_dim exactly [Op:SplitV]");
    return list;
}

static value sorted(vm *m, const char *name, bool indices, const struct arguments *arguments)
{
    value v[5];
    take_arguments(m, name, "values axis= direction= stable= name=", arguments, v);
    value given[1] = {array_value(tensorflow_convert(m, v[0], DT_NONE))};
    bool down = is_text(v[2]) && strcmp(v[2].u.text->bytes, "DESCENDING") == 0;
    if ((!is_none(v[1]) && to_int64(m, v[1], "axis") != -1) || down)
        fail(m, "%s() is here along the last axis and ascending", name);
    value out = with_numpy(m, name, given, 1);
    return indices ? tensorflow_tensor(m, array_cast(m, tensorflow_array(out), DT_INT32)) : out;
}

static value tf_sort(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return sorted(m, "sort", false, arguments);
}

static value tf_argsort(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return sorted(m, "argsort", true, arguments);
}

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, tf_##name, NATIVE_FUNCTION, 0                                                                           \
    }
const struct native tensorflow_make_functions[] = {ENTRY(constant),
                                                   ENTRY(convert_to_tensor),
                                                   {"Variable", tf_variable, NATIVE_FUNCTION, 0},
                                                   ENTRY(zeros),
                                                   ENTRY(ones),
                                                   ENTRY(zeros_like),
                                                   ENTRY(ones_like),
                                                   ENTRY(fill),
                                                   ENTRY(eye),
                                                   ENTRY(range),
                                                   ENTRY(one_hot),
                                                   ENTRY(cast),
                                                   ENTRY(identity),
                                                   ENTRY(shape),
                                                   ENTRY(size),
                                                   ENTRY(rank),
                                                   ENTRY(is_tensor),
                                                   ENTRY(as_dtype),
                                                   {"TensorShape", tf_tensor_shape, NATIVE_FUNCTION, 0},
                                                   ENTRY(executing_eagerly),
                                                   {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native tensorflow_move_functions[] = {ENTRY(reshape), ENTRY(expand_dims),
                                                   ENTRY(squeeze), ENTRY(transpose),
                                                   ENTRY(concat),  ENTRY(stack),
                                                   ENTRY(tile),    ENTRY(gather),
                                                   ENTRY(reverse), ENTRY(unstack),
                                                   ENTRY(split),   ENTRY(sort),
                                                   ENTRY(argsort), {NULL, NULL, NATIVE_FUNCTION, 0}};
