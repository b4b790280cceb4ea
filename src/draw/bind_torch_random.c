/* bind_torch_random.c - torch.rand, randn, randint, randperm, their *_like forms, normal, and torch.Tensor's methods that draw.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_torch.h"

/* --- Arguments ------------------------------------------------------------------------------------------------------- */

/* A tensor of one element as the number that it holds. */
static value number_in(vm *m, value v)
{
    if (v.kind != V_TENSOR || array_size(v.u.tensor->array) != 1)
        return v;
    const struct array *a = tensor_values(m, v, "a tensor");
    return scalar_item(m, array_item(m, a, a->offset));
}

int64_t torch_int(vm *m, const char *function, value v, const char *name)
{
    value number = number_in(m, v);
    if (!is_integer(number) || number.kind == V_BOOL)
        type_error(m, "%s(): argument '%s' must be int, not %s", function, name, type_name(v));
    if (plain_integer(m, number).kind == V_BIG)
        value_error(m, "Overflow when unpacking long long");
    return to_int64(m, number, name);
}

double torch_double(vm *m, const char *function, value v, const char *name)
{
    value number = number_in(m, v);
    if (!is_number(number))
        type_error(m, "%s(): argument '%s' must be float, not %s", function, name, type_name(v));
    return to_double(m, number, name);
}

int torch_size(vm *m, const char *function, value size, int64_t shape[MAX_DIMS])
{
    if (!is_sequence(size))
        type_error(m, "%s(): argument 'size' must be tuple of ints, not %s", function,
                   size.kind == V_NOTHING ? "nothing" : type_name(size));
    return torch_sizes(m, function, &size, 1, shape);
}

/* The sizes of f(2, 3), f((2, 3)) and f(size=(2, 3)); the keywords that are not `size` go to `out`. */
static int read_sizes(vm *m, const char *function, const struct arguments *arguments, int64_t shape[MAX_DIMS],
                      value out[N_TORCH_TARGET])
{
    value a[1 + N_TORCH_TARGET];
    struct arguments named = *arguments;
    named.n_positional = 0;
    take_arguments(m, function, "* size= " TORCH_TARGET_NAMES, &named, a);
    memcpy(out, a + 1, N_TORCH_TARGET * sizeof *out);
    if ((a[0].kind == V_NOTHING) == (arguments->n_positional == 0))
        type_error(m,
                   "%s() received an invalid combination of arguments: the sizes as ints, as one tuple, or as size=(…)",
                   function);
    if (arguments->n_positional == 0)
        return torch_size(m, function, a[0], shape);
    if (arguments->n_positional == 1 && !is_integer(arguments->positional[0]) &&
        !is_sequence(arguments->positional[0]) && arguments->positional[0].kind != V_TENSOR)
        type_error(m, "%s(): argument 'size' (position 1) must be tuple of ints, not %s", function,
                   type_name(arguments->positional[0]));
    return torch_sizes(m, function, arguments->positional, arguments->n_positional, shape);
}

struct torch_target torch_read_target(vm *m, const char *function, const value given[N_TORCH_TARGET], dtype otherwise)
{
    struct torch_target t = {.dt = torch_dtype_from(m, given[2], otherwise)};
    value device = torch_device_from(m, given[4]);
    if (!is_none(given[1])) {
        t.out = tensor_of(m, given[1], "argument 'out'");
        tensor_check_in_place(m, t.out);
        if (!is_none(given[2]) && t.dt != t.out->array->dt)
            fail(m, "RuntimeError: dtype torch.%s does not match dtype of out parameter (torch.%s)", dtype_name(t.dt),
                 dtype_name((dtype)t.out->array->dt));
        t.dt = (dtype)t.out->array->dt;
        if (is_none(given[4]))
            device = make_device(t.out->device, t.out->device_index);
    }
    if (!is_none(given[3]) && !(given[3].kind == V_NATIVE && strcmp(given[3].u.native->name, "strided") == 0))
        fail(m, "%s(): only the layout torch.strided is supported", function);
    if (!is_none(given[5]) && truth(m, given[5]))
        fail(m, "%s(): pin_memory=True is not supported", function);
    t.device = device.dt;
    t.device_index = (int16_t)(device.dt == DEVICE_CUDA && device.u.i < 0 ? 0 : device.u.i);
    t.generator_value = !is_none(given[0])        ? given[0]
                        : t.device == DEVICE_CUDA ? torch_cuda_generator(m, t.device_index)
                                                  : torch_default_generator(m);
    t.generator = torch_drawing(m, t.generator_value, t.device);
    t.requires_grad = !is_none(given[6]) && truth(m, given[6]);
    return t;
}

value torch_finish_tensor(vm *m, const struct torch_target *target, struct array *a)
{
    if (target->requires_grad && !dtype_is_float(a->dt))
        fail(m, "RuntimeError: Only Tensors of floating point and complex dtype can require gradients");
    value v = make_tensor(m, a);
    v.u.tensor->requires_grad = target->requires_grad;
    v.u.tensor->device = target->device;
    v.u.tensor->device_index = target->device_index;
    return v;
}

static bool same_shape(const struct array *a, int n_dims, const int64_t *shape)
{
    bool same = a->n_dims == n_dims;
    for (int i = 0; same && i < n_dims; i++)
        same = a->shape[i] == shape[i];
    return same;
}

value torch_finish(vm *m, const struct torch_target *target, struct torch_draw draw, int n_dims, const int64_t *shape)
{
    draw.generator = target->generator;
    draw.dt = target->dt;
    (void)torch_library_dtype(m, draw.dt);
    if (target->out) {
        if (!same_shape(target->out->array, n_dims, shape))
            fail(m, "out= of another shape than the result is not supported");
        torch_fill(m, &draw, target->out->array);
        return object_value(V_TENSOR, target->out);
    }
    if (!target->requires_grad && target->device == DEVICE_CPU)
        return torch_draw_new(m, &draw, target->generator_value, n_dims, shape);
    struct array *a = array_new(m, draw.dt, n_dims, shape, 0);
    torch_fill(m, &draw, a);
    return torch_finish_tensor(m, target, a);
}

/* --- Functions of sizes ---------------------------------------------------------------------------------------------- */

static value draw_sizes(vm *m, const char *function, const struct arguments *arguments, torch_method method)
{
    int64_t shape[MAX_DIMS];
    value given[N_TORCH_TARGET];
    int n_dims = read_sizes(m, function, arguments, shape, given);
    struct torch_target target = torch_read_target(m, function, given, m->torch.default_dtype);
    return torch_finish(m, &target, (struct torch_draw){.method = method, .b = 1}, n_dims, shape);
}

static value torch_rand(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return draw_sizes(m, "rand", arguments, TORCH_RAND);
}

static value torch_randn(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return draw_sizes(m, "randn", arguments, TORCH_RANDN);
}

/* (high, size), (low, high, size), or by keyword: low and high into *draw. */
static void read_bounds(vm *m, const char *function, const struct arguments *arguments, size_t first, const char *names,
                        value *out, struct torch_draw *draw)
{
    value spread[8];
    struct arguments shifted = *arguments;
    bool low_named = false;
    for (size_t i = 0; i < arguments->n_named; i++)
        low_named = low_named || strcmp(arguments->names[i], "low") == 0;
    size_t n = arguments->n_positional, n_bounds = n - (n < first ? n : first);
    bool only_high = n_bounds == 1 || (n_bounds == 2 && is_sequence(arguments->positional[n - 1]));
    if (only_high && !low_named && n < 8) { /* f(high, …) is f(0, high, …) */
        memcpy(spread, arguments->positional, first * sizeof *spread);
        spread[first] = INT(0);
        memcpy(spread + first + 1, arguments->positional + first, n_bounds * sizeof *spread);
        shifted.positional = spread;
        shifted.n_positional = n + 1;
    }
    take_arguments(m, function, names, &shifted, out);
    draw->low = out[first].kind == V_NOTHING ? 0 : torch_int(m, function, out[first], "low");
    if (out[first + 1].kind == V_NOTHING)
        type_error(m, "%s() missing required argument: 'high'", function);
    draw->high = torch_int(m, function, out[first + 1], "high");
    draw->method = TORCH_RANDINT;
}

static value torch_randint(vm *m, value self, const struct arguments *arguments)
{
    value a[3 + N_TORCH_TARGET];
    int64_t shape[MAX_DIMS];
    struct torch_draw draw = {.method = TORCH_RANDINT};
    (void)self;
    read_bounds(m, "randint", arguments, 0, "low= high= size= * " TORCH_TARGET_NAMES, a, &draw);
    int n_dims = torch_size(m, "randint", a[2], shape);
    struct torch_target target = torch_read_target(m, "randint", a + 3, DT_INT64);
    return torch_finish(m, &target, draw, n_dims, shape);
}

static value torch_randperm(vm *m, value self, const struct arguments *arguments)
{
    value a[1 + N_TORCH_TARGET];
    (void)self;
    take_arguments(m, "randperm", "n * " TORCH_TARGET_NAMES, arguments, a);
    int64_t n = torch_int(m, "randperm", a[0], "n");
    if (n < 0)
        fail(m, "RuntimeError: Trying to create tensor with negative dimension %lld: [%lld]", (long long)n,
             (long long)n);
    struct torch_target target = torch_read_target(m, "randperm", a + 1, DT_INT64);
    if (target.out && (target.out->array->n_dims != 1 || target.out->array->shape[0] != n))
        fail(m, "out= of another shape than the result is not supported");
    struct array *values = array_new(m, target.dt, 1, &n, 0);
    step(m, (uint64_t)n);
    oneseed_status status =
        target.device == DEVICE_CUDA
            ? torch_cuda_randperm(m, target.generator, target.dt, values->buffer->bytes, (size_t)n)
            : oneseed_torch_randperm_fill(&target.generator->state, torch_library_dtype(m, target.dt),
                                          values->buffer->bytes, (size_t)n);
    if (status == ONESEED_TORCH_DTYPE)
        fail(m, "NotImplementedError: \"randperm\" not implemented for '%s'", torch_scalar_name(target.dt));
    if (status == ONESEED_TORCH_RANDPERM_OVERFLOW)
        fail(m, "RuntimeError: value cannot be converted to type %s_t without overflow", dtype_name(target.dt));
    if (status == ONESEED_TORCH_RANDPERM_PRECISION)
        fail(m, "RuntimeError: %s%d for %s type.", oneseed_status_text(status),
             target.dt == DT_FLOAT16    ? 2049
             : target.dt == DT_BFLOAT16 ? 257
                                        : 16777217,
             torch_scalar_name(target.dt));
    torch_refuse(m, status, &(struct torch_draw){.dt = target.dt});
    if (!target.out)
        return torch_finish_tensor(m, &target, values);
    torch_from_memory_order(m, target.out->array, values);
    target.out->array->buffer->unknown = false;
    return object_value(V_TENSOR, target.out);
}

/* --- *_like ---------------------------------------------------------------------------------------------------------- */

#define LIKE_NAMES "generator= dtype= layout= device= pin_memory= requires_grad= memory_format="

static value draw_like(vm *m, const char *function, struct tensor *like, const value *given, struct torch_draw draw)
{
    value all[N_TORCH_TARGET] = {given[0], NOTHING, given[1], given[2], given[3], given[4], given[5]};
    if (is_none(given[3]))
        all[4] = make_device(like->device, like->device_index);
    struct torch_target target = torch_read_target(m, function, all, (dtype)like->array->dt);
    memory_format format = memory_format_from(m, given[6], FORMAT_PRESERVE);
    draw.generator = target.generator;
    draw.dt = target.dt;
    (void)torch_library_dtype(m, draw.dt);
    struct array *out = tensor_new_like(m, like->array, draw.dt, format);
    torch_fill(m, &draw, out);
    return torch_finish_tensor(m, &target, out);
}

static value torch_rand_like(vm *m, value self, const struct arguments *arguments)
{
    value a[8];
    (void)self;
    take_arguments(m, "rand_like", "input * " LIKE_NAMES, arguments, a);
    return draw_like(m, "rand_like", tensor_of(m, a[0], "rand_like(): argument 'input' (position 1)"), a + 1,
                     (struct torch_draw){.method = TORCH_RAND, .b = 1});
}

static value torch_randn_like(vm *m, value self, const struct arguments *arguments)
{
    value a[8];
    (void)self;
    take_arguments(m, "randn_like", "input * " LIKE_NAMES, arguments, a);
    return draw_like(m, "randn_like", tensor_of(m, a[0], "randn_like(): argument 'input' (position 1)"), a + 1,
                     (struct torch_draw){.method = TORCH_RANDN, .b = 1});
}

static value torch_randint_like(vm *m, value self, const struct arguments *arguments)
{
    value a[10];
    struct torch_draw draw = {.method = TORCH_RANDINT};
    (void)self;
    read_bounds(m, "randint_like", arguments, 1, "input low= high= * " LIKE_NAMES, a, &draw);
    return draw_like(m, "randint_like", tensor_of(m, a[0], "randint_like(): argument 'input' (position 1)"), a + 3,
                     draw);
}

/* --- normal ---------------------------------------------------------------------------------------------------------- */

/* A mean or std that is a number is a tensor of one element to the library. */
struct operand {
    struct array *array; /* NULL: a number */
    double number;
};

static struct operand normal_operand(vm *m, value v, double otherwise, const char *name)
{
    if (v.kind == V_TENSOR)
        return (struct operand){.array = tensor_values(m, v, name)};
    return (struct operand){.number = v.kind == V_NOTHING ? otherwise : torch_double(m, "normal", v, name)};
}

/* The elements of an operand as the result has them; NULL for a number. */
static const char *spread(vm *m, struct array *a, dtype dt, int n_dims, const int64_t *shape)
{
    if (!a)
        return NULL;
    if (a->dt != dt)
        fail(m, "normal() of a mean and a std of different dtypes is not supported");
    const struct array *wide = array_broadcast(m, a, n_dims, shape);
    return array_bytes(array_is_contiguous(wide) ? wide : array_copy(m, wide));
}

static value normal_of_tensors(vm *m, const value *a)
{
    struct operand mean = normal_operand(m, a[0], 0, "mean"), std = normal_operand(m, a[1], 1, "std");
    struct array *given[2];
    size_t n_given = 0;
    if (mean.array)
        given[n_given++] = mean.array;
    if (std.array)
        given[n_given++] = std.array;
    if (!is_none(a[4]))
        fail(m, "normal(out=…) of tensors is not supported");
    for (size_t i = 5; i < 10; i++)
        if (!is_none(a[i]))
            type_error(m, "normal() received an invalid combination of arguments: tensors decide dtype and device");
    if (a[2].kind != V_NOTHING)
        type_error(m, "normal() received an invalid combination of arguments: size goes with two numbers");
    value first = a[0].kind == V_TENSOR ? a[0] : a[1];
    dtype dt = (dtype)first.u.tensor->array->dt;
    int64_t shape[MAX_DIMS];
    int n_dims = torch_broadcast(m, given, n_given, shape);
    value all[N_TORCH_TARGET] = {
        a[3],    NOTHING, NOTHING, NOTHING, make_device(first.u.tensor->device, first.u.tensor->device_index),
        NOTHING, NOTHING};
    struct torch_target target = torch_read_target(m, "normal", all, dt);
    struct torch_draw draw = {.generator = target.generator, .method = TORCH_NORMAL, .dt = dt, .b = 1};
    if (!dtype_is_float(dt))
        torch_refuse(m, ONESEED_TORCH_DTYPE, &draw);
    if (target.device != DEVICE_CPU)
        fail(m, "normal() of tensors on CUDA is not supported");
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    size_t n = (size_t)array_size(out);
    const char *means = spread(m, mean.array, dt, n_dims, shape), *stds = spread(m, std.array, dt, n_dims, shape);
    step(m, n);
    draw.b = std.number;
    torch_refuse(m,
                 oneseed_torch_normal_tensors_fill(&target.generator->state, torch_library_dtype(m, dt), means,
                                                   mean.number, stds, std.number, out->buffer->bytes, n),
                 &draw);
    return torch_finish_tensor(m, &target, out);
}

static value torch_normal(vm *m, value self, const struct arguments *arguments)
{
    value a[3 + N_TORCH_TARGET];
    int64_t shape[MAX_DIMS];
    (void)self;
    take_arguments(m, "normal", "mean std= size= * " TORCH_TARGET_NAMES, arguments, a);
    if (a[0].kind == V_TENSOR || a[1].kind == V_TENSOR)
        return normal_of_tensors(m, a);
    if (a[1].kind == V_NOTHING || a[2].kind == V_NOTHING)
        type_error(m, "normal() received an invalid combination of arguments: two numbers need a size");
    struct torch_draw draw = {.method = TORCH_NORMAL,
                              .a = torch_double(m, "normal", a[0], "mean"),
                              .b = torch_double(m, "normal", a[1], "std")};
    int n_dims = torch_size(m, "normal", a[2], shape);
    struct torch_target target = torch_read_target(m, "normal", a + 3, m->torch.default_dtype);
    return torch_finish(m, &target, draw, n_dims, shape);
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, torch_##name, NATIVE_FUNCTION, 0                                                                        \
    }
const struct native torch_random_functions[] = {
    FUNCTION(rand),         FUNCTION(randn),     FUNCTION(randint),
    FUNCTION(randperm),     FUNCTION(rand_like), FUNCTION(randn_like),
    FUNCTION(randint_like), FUNCTION(normal),    {NULL, NULL, NATIVE_FUNCTION, 0}};
