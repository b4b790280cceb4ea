/* tensor_make.c - torch.tensor and the functions that make tensors without drawing.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ceil, isfinite, fma */
#include <string.h> /* strcmp, memcpy */

#include "draw/bind_torch.h" /* torch_empty_like */
#include "draw/tensor_methods.h"

/* --- What is said by keyword ------------------------------------------------------------------------------------------- */

#define MADE_NAMES "dtype= layout= device= pin_memory= requires_grad= out="
enum { N_MADE = 6 };
/* Of empty() and the functions of a tensor's shape. */
#define FORMAT_NAMES MADE_NAMES " memory_format="

struct made {
    dtype dt; /* DT_NONE: not given */
    value device;
    bool requires_grad;
};

static struct made read_made(vm *m, const char *function, const value *given)
{
    struct made made = {.dt = torch_dtype_from(m, given[0], DT_NONE), .device = torch_device_from(m, given[2])};
    made.requires_grad = !is_none(given[4]) && truth(m, given[4]);
    if (!is_none(given[5]))
        fail(m, "%s() with out= is not supported", function);
    if (!is_none(given[3]) && truth(m, given[3]))
        fail(m, "%s() with pin_memory=True is not supported", function);
    return made;
}

static value finish(vm *m, struct array *a, const struct made *made)
{
    value v = make_tensor(m, a);
    if (made->requires_grad && !dtype_is_float(a->dt))
        fail(m, "RuntimeError: Only Tensors of floating point and complex dtype can require gradients");
    v.u.tensor->requires_grad = made->requires_grad;
    v.u.tensor->device = made->device.dt;
    v.u.tensor->device_index = (int16_t)(made->device.u.i < 0 ? 0 : made->device.u.i);
    return v;
}

/* --- Of data --------------------------------------------------------------------------------------------------------- */

/* What nested data makes of its numbers: Python's floats are of the default dtype, NumPy's keep theirs. */
struct found {
    dtype dt;
    int64_t shape[MAX_DIMS];
    int n_dims;
};

static dtype number_dtype(vm *m, value v)
{
    return v.kind == V_SCALAR  ? (dtype)v.dt
           : v.kind == V_FLOAT ? m->torch.default_dtype
           : v.kind == V_BOOL  ? DT_BOOL
                               : DT_INT64;
}

/* The first item of each sequence tells the shape, as torch's compute_sizes. */
static void find_shape(vm *m, struct found *f, value v)
{
    for (;;) {
        if (f->n_dims == MAX_DIMS)
            value_error(m, "too many dimensions '%s'", type_name(v));
        if (is_sequence(v) || v.kind == V_RANGE) {
            uint64_t n = value_length(m, v);
            f->shape[f->n_dims++] = (int64_t)n;
            if (n == 0)
                return;
            v = get_item(m, v, INT(0));
            continue;
        }
        if (v.kind == V_TENSOR && array_size(v.u.tensor->array) != 1)
            type_error(m, "only integer tensors of a single element can be converted to an index");
        const struct array *a = v.kind == V_ARRAY ? v.u.array : NULL;
        for (int i = 0; a && array_size(a) != 1 && i < a->n_dims && f->n_dims < MAX_DIMS; i++)
            f->shape[f->n_dims++] = a->shape[i];
        return;
    }
}

static void find_dtype(vm *m, struct found *f, value v)
{
    dtype dt = DT_NONE;
    if (is_sequence(v)) {
        enter(m);
        step(m, v.u.seq->n);
        for (size_t i = 0; i < v.u.seq->n; i++)
            find_dtype(m, f, v.u.seq->items[i]);
        leave(m);
        return;
    }
    if (v.kind == V_RANGE)
        dt = DT_INT64;
    else if (v.kind == V_TENSOR)
        dt = tensor_values(m, v, "an item")->dt;
    else if (v.kind == V_ARRAY)
        dt = v.u.array->dt;
    else if (is_number(v))
        dt = number_dtype(m, v);
    else if (is_text(v))
        value_error(m, "too many dimensions 'str'");
    else
        fail(m, "RuntimeError: Could not infer dtype of %s", type_name(v));
    f->dt = f->dt == DT_NONE ? dt : torch_promote(m, f->dt, dt);
}

static void check_fits(vm *m, dtype dt, value v)
{
    uint64_t bits;
    v = plain_integer(m, v);
    if (dt == DT_BOOL || dtype_is_float(dt))
        return;
    bool fits = v.kind == V_INT || (dt == DT_UINT64 && fits_u64(v, &bits));
    if (!fits)
        value_error(m, "Overflow when unpacking long long");
    if (v.kind == V_BIG || dt == DT_INT64 || dt == DT_UINT64)
        return;
    /* Unsigned types take negative numbers that wrap once. */
    int64_t most = ((int64_t)1 << (8 * dtype_nbytes(dt) - !dtype_is_unsigned(dt))) - 1;
    int64_t least = -most - !dtype_is_unsigned(dt);
    if (v.u.i > most || v.u.i < least)
        fail(m, "RuntimeError: value cannot be converted to type %s without overflow", dtype_name(dt));
}

static void store_number(vm *m, dtype dt, char *at, value v)
{
    if (v.kind == V_TENSOR)
        v = tensor_item(m, v);
    v = scalar_item(m, v);
    if (!is_number(v))
        type_error(m, "new(): invalid data type '%s'", type_name(v));
    if (is_integer(v) && !dtype_is_float(dt)) {
        uint64_t bits;
        check_fits(m, dt, v);
        v = plain_integer(m, v);
        if (v.kind == V_BIG && fits_u64(v, &bits))
            v.u.i = (int64_t)bits;
        store_integer(dt, at, v.u.i);
        return;
    }
    double x = to_double(m, v, "an item");
    if (!dtype_is_float(dt) && dt != DT_BOOL) {
        if (!isfinite(x) || fabs(x) >= 9.2e18)
            fail(m, "a float that %s cannot hold: what a conversion makes of it depends on the machine",
                 dtype_name(dt));
        check_fits(m, dt, INT((int64_t)x));
        store_integer(dt, at, (int64_t)x);
        return;
    }
    tensor_store(dt, at, x);
}

static void store_nested(vm *m, struct array *out, int axis, char **at, value v)
{
    if (v.kind == V_TENSOR || v.kind == V_ARRAY) { /* of one element: a number; else its rows */
        struct array *a = v.kind == V_TENSOR ? tensor_values(m, v, "an item") : v.u.array;
        bool same = a->n_dims == out->n_dims - axis;
        for (int i = 0; same && i < a->n_dims; i++)
            same = a->shape[i] == out->shape[axis + i];
        if (!same && !(axis == out->n_dims && array_size(a) == 1))
            value_error(m, "only one element tensors can be converted to Python scalars");
        const struct array *cast = tensor_cast(m, a, (dtype)out->dt);
        memcpy(*at, cast->buffer->bytes, cast->buffer->nbytes);
        *at += cast->buffer->nbytes;
        return;
    }
    if (axis == out->n_dims) {
        store_number(m, (dtype)out->dt, *at, v);
        *at += out->item_nbytes;
        return;
    }
    if (!is_sequence(v) && v.kind != V_RANGE)
        type_error(m, "not a sequence");
    uint64_t n = value_length(m, v);
    if ((int64_t)n != out->shape[axis])
        value_error(m, "expected sequence of length %lld at dim %d (got %llu)", (long long)out->shape[axis], axis,
                    (unsigned long long)n);
    enter(m);
    for (uint64_t i = 0; i < n; i++)
        store_nested(m, out, axis + 1, at, v.kind == V_RANGE ? INT(range_item(v.u.range, i)) : v.u.seq->items[i]);
    leave(m);
}

/* dt DT_NONE: found. A copy. */
static struct array *tensor_data(vm *m, value data, dtype dt)
{
    if (data.kind == V_TENSOR || data.kind == V_ARRAY) {
        const struct array *a = data.kind == V_TENSOR ? tensor_values(m, data, "the data") : data.u.array;
        if (a->dt == DT_STR)
            type_error(m,
                       "can't convert np.ndarray of type numpy.str_. The only supported types are: float64, float32, "
                       "float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, uint16, uint8, and "
                       "bool.");
        return tensor_cast(m, a, dt == DT_NONE ? (dtype)a->dt : dt);
    }
    if (is_text(data))
        type_error(m, "new(): invalid data type 'str'");
    struct found f = {.dt = DT_NONE};
    find_shape(m, &f, data);
    find_dtype(m, &f, data);
    if (dt == DT_NONE)
        dt = f.dt == DT_NONE ? m->torch.default_dtype : f.dt;
    struct array *out = array_new(m, dt, f.n_dims, f.shape, 0);
    char *at = out->buffer->bytes;
    store_nested(m, out, 0, &at, data);
    return out;
}

static value torch_tensor(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "tensor", "data * dtype= device= requires_grad= pin_memory=", arguments, a);
    struct made made = {.device = torch_device_from(m, a[2]), .requires_grad = !is_none(a[3]) && truth(m, a[3])};
    return finish(m, tensor_data(m, a[0], torch_dtype_from(m, a[1], DT_NONE)), &made);
}

static value torch_as_tensor(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "as_tensor", "data dtype= device=", arguments, a);
    struct made made = {.device = torch_device_from(m, a[2])};
    dtype dt = torch_dtype_from(m, a[1], DT_NONE);
    if (a[0].kind == V_TENSOR && (dt == DT_NONE || dt == (dtype)a[0].u.tensor->array->dt))
        return a[0];
    if (a[0].kind == V_ARRAY && a[0].u.array->dt != DT_STR && (dt == DT_NONE || dt == (dtype)a[0].u.array->dt))
        return finish(m, a[0].u.array, &made); /* the same memory */
    return finish(m, tensor_data(m, a[0], dt), &made);
}

static value torch_from_numpy(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "from_numpy", "ndarray", arguments, &v);
    if (v.kind != V_ARRAY)
        type_error(m, "expected np.ndarray (got %s)", type_name(v));
    if (v.u.array->dt == DT_STR)
        (void)tensor_data(m, v, DT_NONE); /* which refuses it */
    return make_tensor(m, v.u.array);
}

/* torch.FloatTensor(2, 3), torch.Tensor([1, 2]): sizes or data. */
static value of_type(vm *m, const char *name, const struct arguments *arguments, dtype dt)
{
    struct made made = {.device = make_device(DEVICE_CPU, -1)};
    if (arguments->n_named > 0)
        type_error(m, "%s() takes no keyword arguments here", name);
    if (arguments->n_positional == 1 &&
        (is_sequence(arguments->positional[0]) || arguments->positional[0].kind == V_ARRAY ||
         arguments->positional[0].kind == V_TENSOR) &&
        !(arguments->positional[0].kind == V_TUPLE && arguments->positional[0].u.seq->type == torch_size_type))
        return finish(m, tensor_data(m, arguments->positional[0], dt), &made);
    int64_t shape[MAX_DIMS] = {0};
    int n_dims = torch_sizes(m, name, arguments->positional, arguments->n_positional, shape);
    struct array *a = array_new(m, dt, arguments->n_positional == 0 ? 1 : n_dims, shape, 0);
    a->buffer->unknown = true;
    return finish(m, a, &made);
}

#define TYPE(name, dt)                                                                                                 \
    static value torch_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return of_type(m, #name, arguments, dt);                                                                       \
    }
TYPE(Tensor, m->torch.default_dtype)
TYPE(FloatTensor, DT_FLOAT32)
TYPE(DoubleTensor, DT_FLOAT64)
TYPE(HalfTensor, DT_FLOAT16)
TYPE(BFloat16Tensor, DT_BFLOAT16)
TYPE(ByteTensor, DT_UINT8)
TYPE(CharTensor, DT_INT8)
TYPE(ShortTensor, DT_INT16)
TYPE(IntTensor, DT_INT32)
TYPE(LongTensor, DT_INT64)
TYPE(BoolTensor, DT_BOOL)

value torch_make_parameter(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "Parameter", "data= requires_grad=", arguments, a);
    int64_t none = 0;
    struct array *data = is_none(a[0]) ? array_new(m, m->torch.default_dtype, 1, &none, 0)
                                       : tensor_of(m, a[0], "Parameter(): argument 'data'")->array;
    value v = make_parameter(m, data);
    v.u.tensor->requires_grad = is_none(a[1]) || truth(m, a[1]);
    if (v.u.tensor->requires_grad && !dtype_is_float(data->dt))
        fail(m, "RuntimeError: Only Tensors of floating point and complex dtype can require gradients");
    return v;
}

static value torch_size_class(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "Size", "iterable=", arguments, &v);
    int64_t shape[MAX_DIMS];
    int n = v.kind == V_NOTHING ? 0 : shape_from(m, to_list(m, v), shape);
    return make_size(m, shape, n);
}

static value torch_device_class(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "device", "type= index=", arguments, a);
    value device = torch_device_from(m, a[0]);
    if (!is_none(a[1]))
        device.u.i = to_int64(m, a[1], "index");
    return device;
}

/* --- Of one value ---------------------------------------------------------------------------------------------------- */

/* zeros(2, 3, …), zeros((2, 3), …), zeros(size=(2, 3), …): the sizes, and of the keywords those among `allowed`. */
static int read_sizes(vm *m, const char *function, const char *allowed, const struct arguments *arguments,
                      int64_t *shape, value *given)
{
    struct arguments keywords = *arguments;
    const char *names[16];
    value named[16], size = NOTHING;
    size_t n = 0;
    for (size_t i = 0; i < arguments->n_named && n < 16; i++) {
        if (strcmp(arguments->names[i], "size") == 0) {
            size = arguments->named[i];
            continue;
        }
        names[n] = arguments->names[i];
        named[n++] = arguments->named[i];
    }
    keywords.n_positional = 0;
    keywords.names = names;
    keywords.named = named;
    keywords.n_named = n;
    take_arguments(m, function, allowed, &keywords, given);
    const value *sizes = arguments->positional;
    size_t n_sizes = arguments->n_positional;
    if (n_sizes == 0 && size.kind != V_NOTHING) {
        sizes = &size;
        n_sizes = 1;
    }
    if (n_sizes == 0)
        type_error(m, "%s() missing 1 required positional arguments: \"size\"", function);
    if (n_sizes == 1 && !is_sequence(sizes[0]) && !is_integer(sizes[0]) && sizes[0].kind != V_TENSOR)
        type_error(m, "%s(): argument 'size' (position 1) must be tuple of ints, not %s", function,
                   type_name(sizes[0]));
    if (n_sizes == 1 && is_sequence(sizes[0])) {
        n_sizes = sizes[0].u.seq->n;
        sizes = sizes[0].u.seq->items;
    }
    if (n_sizes > MAX_DIMS)
        fail(m, "%s() of more than %d dimensions is not supported", function, MAX_DIMS);
    for (size_t i = 0; i < n_sizes; i++) {
        if (!is_integer(sizes[i]) && sizes[i].kind != V_TENSOR)
            type_error(
                m, "%s(): argument 'size' (position 1) must be tuple of ints, but found element of type %s at pos %zu",
                function, type_name(sizes[i]), i);
        shape[i] = to_int64(m, sizes[i], "size");
        if (shape[i] < 0)
            fail(m, "RuntimeError: %s: Dimension size must be non-negative.", function);
    }
    return (int)n_sizes;
}

static void fill_with(vm *m, struct array *a, value with)
{
    char one[8] = {0};
    store_number(m, (dtype)a->dt, one, with);
    char *at = a->buffer->bytes;
    step(m, (uint64_t)array_size(a));
    for (int64_t n = array_size(a); n > 0; n--, at += a->item_nbytes)
        memcpy(at, one, a->item_nbytes);
}

static value of_sizes(vm *m, const char *function, const struct arguments *arguments, value with)
{
    value given[N_MADE + 1] = {[N_MADE] = NOTHING};
    int64_t shape[MAX_DIMS];
    bool empty = with.kind == V_NOTHING;
    int n_dims = read_sizes(m, function, empty ? FORMAT_NAMES : MADE_NAMES, arguments, shape, given);
    struct made made = read_made(m, function, given);
    struct array *a = tensor_new(m, made.dt == DT_NONE ? m->torch.default_dtype : made.dt, n_dims, shape,
                                 memory_format_from(m, given[N_MADE], FORMAT_CONTIGUOUS));
    if (empty)
        a->buffer->unknown = true;
    else if (with.u.i != 0)
        fill_with(m, a, with);
    return finish(m, a, &made);
}

static value torch_zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return of_sizes(m, "zeros", arguments, INT(0));
}

static value torch_ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return of_sizes(m, "ones", arguments, INT(1));
}

static value torch_empty(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return of_sizes(m, "empty", arguments, NOTHING);
}

static dtype full_dtype(vm *m, value with)
{
    return with.kind == V_TENSOR                              ? (dtype)with.u.tensor->array->dt
           : with.kind == V_SCALAR && dtype_is_float(with.dt) ? m->torch.default_dtype
                                                              : number_dtype(m, scalar_item(m, with));
}

static value torch_full(vm *m, value self, const struct arguments *arguments)
{
    value a[2 + N_MADE];
    (void)self;
    take_arguments(m, "full", "size fill_value * " MADE_NAMES, arguments, a);
    if (!is_sequence(a[0]))
        type_error(m, "full(): argument 'size' (position 1) must be tuple of ints, not %s", type_name(a[0]));
    struct made made = read_made(m, "full", a + 2);
    int64_t shape[MAX_DIMS];
    int n_dims = torch_sizes(m, "full", a, 1, shape);
    struct array *out = array_new(m, made.dt == DT_NONE ? full_dtype(m, a[1]) : made.dt, n_dims, shape, 0);
    fill_with(m, out, a[1]);
    return finish(m, out, &made);
}

static value like(vm *m, const char *function, const struct arguments *arguments, value with)
{
    value a[2 + N_MADE + 1];
    bool full = with.kind == V_NONE;
    take_arguments(m, function, full ? "input fill_value * " FORMAT_NAMES : "input * " FORMAT_NAMES, arguments, a);
    const struct tensor *t = tensor_of(m, a[0], "argument 'input' (position 1)");
    struct made made = read_made(m, function, a + 1 + full);
    if (is_none(a[1 + full + 2])) {
        made.device = make_device((device_type)t->device, t->device_index);
    }
    struct array *out = tensor_new_like(m, t->array, made.dt == DT_NONE ? (dtype)t->array->dt : made.dt,
                                        memory_format_from(m, a[1 + full + N_MADE], FORMAT_PRESERVE));
    out->buffer->unknown = with.kind == V_NOTHING;
    if (full)
        with = a[1];
    if (with.kind != V_NOTHING)
        fill_with(m, out, with);
    return finish(m, out, &made);
}

#define LIKE(name, with)                                                                                               \
    static value made_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return like(m, #name, arguments, with);                                                                        \
    }
LIKE(zeros_like, INT(0))
LIKE(ones_like, INT(1))
LIKE(full_like, (NONE))
LIKE(empty_like, (NOTHING))

/* t.new_zeros(2, 3): of t's dtype. */
static value new_of(vm *m, value self, const char *function, const struct arguments *arguments, value with)
{
    value given[N_MADE];
    int64_t shape[MAX_DIMS];
    const struct tensor *t = self.u.tensor;
    int n_dims = read_sizes(m, function, MADE_NAMES, arguments, shape, given);
    struct made made = read_made(m, function, given);
    if (is_none(given[2]))
        made.device = make_device((device_type)t->device, t->device_index);
    struct array *a = array_new(m, made.dt == DT_NONE ? (dtype)t->array->dt : made.dt, n_dims, shape, 0);
    a->buffer->unknown = with.kind == V_NOTHING;
    if (with.kind != V_NOTHING)
        fill_with(m, a, with);
    return finish(m, a, &made);
}

static value tensor_new_zeros(vm *m, value self, const struct arguments *arguments)
{
    return new_of(m, self, "new_zeros", arguments, INT(0));
}

static value tensor_new_ones(vm *m, value self, const struct arguments *arguments)
{
    return new_of(m, self, "new_ones", arguments, INT(1));
}

static value tensor_new_empty(vm *m, value self, const struct arguments *arguments)
{
    return new_of(m, self, "new_empty", arguments, NOTHING);
}

static value tensor_new_full(vm *m, value self, const struct arguments *arguments)
{
    value a[2 + N_MADE];
    take_arguments(m, "new_full", "size fill_value * " MADE_NAMES, arguments, a);
    struct made made = read_made(m, "new_full", a + 2);
    int64_t shape[MAX_DIMS];
    int n_dims = torch_sizes(m, "new_full", a, 1, shape);
    struct array *out = array_new(m, made.dt == DT_NONE ? (dtype)self.u.tensor->array->dt : made.dt, n_dims, shape, 0);
    fill_with(m, out, a[1]);
    return finish(m, out, &made);
}

static value tensor_new_tensor(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "new_tensor", "data * dtype= device= requires_grad=", arguments, a);
    struct made made = {.device = torch_device_from(m, a[2]), .requires_grad = !is_none(a[3]) && truth(m, a[3])};
    return finish(m, tensor_data(m, a[0], torch_dtype_from(m, a[1], (dtype)self.u.tensor->array->dt)), &made);
}

static value torch_eye(vm *m, value self, const struct arguments *arguments)
{
    value a[2 + N_MADE];
    (void)self;
    take_arguments(m, "eye", "n m= * " MADE_NAMES, arguments, a);
    struct made made = read_made(m, "eye", a + 2);
    int64_t rows = to_int64(m, a[0], "n"), columns = a[1].kind == V_NOTHING ? rows : to_int64(m, a[1], "m");
    if (rows < 0 || columns < 0)
        fail(m, "RuntimeError: %s must be greater or equal to 0, got %lld", rows < 0 ? "n" : "m",
             (long long)(rows < 0 ? rows : columns));
    int64_t shape[] = {rows, columns};
    struct array *out = array_new(m, made.dt == DT_NONE ? m->torch.default_dtype : made.dt, 2, shape, 0);
    for (int64_t i = 0; i < rows && i < columns; i++)
        store_number(m, (dtype)out->dt, out->buffer->bytes + i * (out->strides[0] + out->strides[1]), INT(1));
    return finish(m, out, &made);
}

/* --- Ranges ---------------------------------------------------------------------------------------------------------- */

static value number_of(vm *m, value v)
{
    return v.kind == V_TENSOR ? tensor_item(m, v) : scalar_item(m, v);
}

/* ATen/native/cpu/RangeFactoriesKernel.cpp. Vectors of 32 bytes, two at a time: each begins with start + step * i in double, rounded to
 * the dtype, and adds step times its place; what is left over is start + step * i. */
static void arange_fill(vm *m, dtype dt, bool gpu, double first, double delta, int64_t n, char *at)
{
    enum { GRAIN = 32768 };
    bool fused = torch_contracts(m);
    int64_t width = 32 / (int64_t)dtype_nbytes(dt), in_vectors = n / (2 * width) * (2 * width);
    double most = dt == DT_FLOAT64 ? 0x1p53 : dt == DT_FLOAT32 ? 0x1p24 : dt == DT_FLOAT16 ? 2048 : 256;
    bool exact = first == floor(first) && delta == floor(delta) && fabs(first) + fabs(delta) * (double)n <= most;
    if (!exact && (dt == DT_FLOAT16 || dt == DT_BFLOAT16))
        fail(m, "arange() of %s that is not of small integers is not supported", dtype_name(dt));
    if (!exact && gpu)
        fail(m, "arange() of fractions on a GPU is not supported (its kernel rounds otherwise)");
    if (!exact && n > GRAIN)
        fail(m, "arange() of more than %d fractions is not supported (they depend on the number of threads)", GRAIN);
    for (int64_t i = 0; i < n; i++, at += dtype_nbytes(dt)) {
        int64_t base = i < in_vectors ? i / width * width : i;
        double x = round_to(dt, fused ? fma(delta, (double)base, first) : first + delta * (double)base);
        if (i < in_vectors)
            x = fused ? fma(delta, (double)(i - base), x) : x + delta * (double)(i - base);
        store_double(dt, at, x);
    }
}

/* From both ends to the middle. */
static void linspace_fill(vm *m, dtype dt, double first, double last, int64_t n, char *at)
{
    bool fused = torch_contracts(m);
    double by = n > 1 ? round_to(dt, round_to(dt, last - first) / (double)(n - 1)) : 0;
    for (int64_t i = 0; i < n; i++, at += dtype_nbytes(dt)) {
        bool lower = n == 1 || i < n / 2;
        double from = lower ? first : last, k = lower ? (double)i : (double)(n - 1 - i), step_by = lower ? by : -by;
        if (dt == DT_FLOAT32) {
            float f = (float)from, s = (float)step_by, j = (float)k;
            store_double(dt, at, (double)(fused ? fmaf(s, j, f) : f + s * j));
        } else {
            store_double(dt, at, fused ? fma(step_by, k, from) : from + step_by * k);
        }
    }
}

static value torch_arange(vm *m, value self, const struct arguments *arguments)
{
    value a[3 + N_MADE];
    (void)self;
    take_arguments(m, "arange", "start= end= step= * " MADE_NAMES, arguments, a);
    if (arguments->n_positional == 1 && a[1].kind == V_NOTHING) {
        a[1] = a[0];
        a[0] = NOTHING;
    }
    if (a[1].kind == V_NOTHING)
        type_error(m, "arange() missing 1 required positional arguments: \"end\"");
    value start = a[0].kind == V_NOTHING ? INT(0) : number_of(m, a[0]), end = number_of(m, a[1]),
          by = a[2].kind == V_NOTHING ? INT(1) : number_of(m, a[2]);
    struct made made = read_made(m, "arange", a + 3);
    bool integers = is_integer(start) && is_integer(end) && is_integer(by);
    dtype dt = made.dt != DT_NONE ? made.dt : integers ? DT_INT64 : m->torch.default_dtype;
    if (dt == DT_BOOL)
        fail(m, "NotImplementedError: \"arange_cpu\" not implemented for 'Bool'");
    double first = to_double(m, start, "start"), last = to_double(m, end, "end"), delta = to_double(m, by, "step");
    if (!dtype_is_float(dt)) {
        first = trunc(first);
        last = trunc(last);
        delta = trunc(delta);
    }
    if (delta == 0)
        fail(m, "RuntimeError: step must be nonzero");
    if (!isfinite(first) || !isfinite(last)) {
        struct writer w = writer_start(m);
        put_repr(&w, start);
        put_text(&w, " -> ");
        put_repr(&w, end);
        fail(m, "RuntimeError: unsupported range: %s", written(&w));
    }
    if ((delta > 0 && last < first) || (delta < 0 && last > first))
        fail(m, "RuntimeError: upper bound and lower bound inconsistent with step sign");
    double length = ceil((last - first) / delta);
    if (length > 1e15)
        fail(m, "RuntimeError: invalid size, possible overflow");
    int64_t n = (int64_t)length;
    struct array *out = array_new(m, dt, 1, &n, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)n);
    if (dtype_is_float(dt))
        arange_fill(m, dt, made.device.dt != DEVICE_CPU, first, delta, n, at);
    int64_t from = integers ? to_int64(m, start, "start") : (int64_t)first;
    int64_t step_by = integers ? to_int64(m, by, "step") : (int64_t)delta;
    for (int64_t i = 0; !dtype_is_float(dt) && i < n; i++, at += out->item_nbytes)
        store_integer(dt, at, (int64_t)((uint64_t)from + (uint64_t)i * (uint64_t)step_by));
    return finish(m, out, &made);
}

static value torch_linspace(vm *m, value self, const struct arguments *arguments)
{
    value a[3 + N_MADE];
    (void)self;
    take_arguments(m, "linspace", "start end steps * " MADE_NAMES, arguments, a);
    struct made made = read_made(m, "linspace", a + 3);
    dtype dt = made.dt != DT_NONE ? made.dt : m->torch.default_dtype;
    int64_t n = to_int64(m, a[2], "steps");
    if (n < 0)
        fail(m, "RuntimeError: number of steps must be non-negative");
    if (made.device.dt != DEVICE_CPU)
        fail(m, "linspace() on a GPU is not supported (its kernel rounds otherwise)");
    if (dt != DT_FLOAT32 && dt != DT_FLOAT64)
        fail(m, "linspace() of %s is not supported", dtype_name(dt));
    double first = round_to(dt, to_double(m, number_of(m, a[0]), "start")),
           last = round_to(dt, to_double(m, number_of(m, a[1]), "end"));
    struct array *out = array_new(m, dt, 1, &n, 0);
    linspace_fill(m, dt, first, last, n, out->buffer->bytes);
    return finish(m, out, &made);
}

/* --- Settings -------------------------------------------------------------------------------------------------------- */

static value torch_set_default_dtype(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "set_default_dtype", "d", arguments, &v);
    dtype dt = torch_dtype_from(m, v, DT_FLOAT32);
    if (!dtype_is_float(dt))
        type_error(m, "only floating-point types are supported as the default type");
    m->torch.default_dtype = dt;
    return NONE;
}

static value torch_get_default_dtype(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "get_default_dtype", arguments);
    return TORCH_DTYPE(m->torch.default_dtype);
}

static int64_t option(vm *m, value v, int64_t least, int64_t most, const char *name)
{
    int64_t x = to_int64(m, v, name);
    if (x < least || x > most)
        value_error(m, "a %s of %lld is not supported (%lld to %lld)", name, (long long)x, (long long)least,
                    (long long)most);
    return x;
}

static value torch_set_printoptions(vm *m, value self, const struct arguments *arguments)
{
    value a[6];
    (void)self;
    take_arguments(m, "set_printoptions", "precision= threshold= edgeitems= linewidth= profile= sci_mode=", arguments,
                   a);
    struct torch_options *o = &m->torch;
    if (is_text(a[4])) {
        const char *profile = a[4].u.text->bytes;
        struct torch_options start = torch_options_at_start();
        bool is_short = strcmp(profile, "short") == 0, full = strcmp(profile, "full") == 0;
        if (is_short || full || strcmp(profile, "default") == 0) {
            o->precision = is_short ? 2 : start.precision;
            o->threshold = full ? (double)INFINITY : start.threshold;
            o->edgeitems = is_short ? 2 : start.edgeitems;
            o->linewidth = start.linewidth;
        }
    }
    if (!is_none(a[0]))
        o->precision = option(m, a[0], 0, 100, "precision");
    if (!is_none(a[1]))
        o->threshold = to_double(m, a[1], "threshold");
    if (!is_none(a[2]))
        o->edgeitems = option(m, a[2], 0, 1 << 30, "edgeitems");
    if (!is_none(a[3]))
        o->linewidth = option(m, a[3], -1000000, 1000000, "linewidth");
    o->sci_mode = is_none(a[5]) ? -1 : truth(m, a[5]);
    return NONE;
}

static value torch_is_tensor(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "is_tensor", "obj", arguments, &v);
    return BOOL(v.kind == V_TENSOR);
}

static value torch_numel(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "numel", "input", arguments, &v);
    return INT(array_size(tensor_of(m, v, "numel(): argument 'input' (position 1)")->array));
}

/* --- Tables ---------------------------------------------------------------------------------------------------------- */

#define CLASS(name, function)                                                                                          \
    {                                                                                                                  \
        name, function, NATIVE_CLASS, 0                                                                                \
    }
const struct native tensor_make_methods[] = {METHOD(new_zeros), METHOD(new_ones),   METHOD(new_empty),
                                             METHOD(new_full),  METHOD(new_tensor), {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_make_functions[] = {FUNCTION(tensor),
                                              FUNCTION(as_tensor),
                                              {"asarray", torch_as_tensor, NATIVE_FUNCTION, 0},
                                              FUNCTION(from_numpy),
                                              FUNCTION(zeros),
                                              FUNCTION(ones),
                                              FUNCTION(empty),
                                              FUNCTION(full),
                                              {"zeros_like", made_zeros_like, NATIVE_FUNCTION, 0},
                                              {"ones_like", made_ones_like, NATIVE_FUNCTION, 0},
                                              {"full_like", made_full_like, NATIVE_FUNCTION, 0},
                                              {"empty_like", made_empty_like, NATIVE_FUNCTION, 0},
                                              FUNCTION(eye),
                                              FUNCTION(arange),
                                              FUNCTION(linspace),
                                              FUNCTION(is_tensor),
                                              FUNCTION(numel),
                                              FUNCTION(set_default_dtype),
                                              FUNCTION(get_default_dtype),
                                              FUNCTION(set_printoptions),
                                              CLASS("Size", torch_size_class),
                                              CLASS("device", torch_device_class),
                                              CLASS("Tensor", torch_Tensor),
                                              CLASS("FloatTensor", torch_FloatTensor),
                                              CLASS("DoubleTensor", torch_DoubleTensor),
                                              CLASS("HalfTensor", torch_HalfTensor),
                                              CLASS("BFloat16Tensor", torch_BFloat16Tensor),
                                              CLASS("ByteTensor", torch_ByteTensor),
                                              CLASS("CharTensor", torch_CharTensor),
                                              CLASS("ShortTensor", torch_ShortTensor),
                                              CLASS("IntTensor", torch_IntTensor),
                                              CLASS("LongTensor", torch_LongTensor),
                                              CLASS("BoolTensor", torch_BoolTensor),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
