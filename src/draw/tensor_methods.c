/* tensor_methods.c - what a tensor says of itself, and its conversions: shape, item, tolist, numpy, to, clone, detach.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

#include "draw/bind_torch.h" /* torch_empty_like */
#include "draw/tensor_methods.h"

/* --- Names ----------------------------------------------------------------------------------------------------------- */

static const struct native *const method_tables[] = {tensor_value_methods,   tensor_make_methods,   tensor_view_methods,
                                                     tensor_math_methods,    tensor_reduce_methods, tensor_move_methods,
                                                     tensor_product_methods, tensor_random_methods};
static const struct native *const function_tables[] = {
    torch_make_functions, torch_view_functions,    torch_math_functions,   torch_reduce_functions,
    torch_move_functions, torch_product_functions, torch_context_functions};
enum {
    N_METHOD_TABLES = sizeof method_tables / sizeof *method_tables,
    N_FUNCTION_TABLES = sizeof function_tables / sizeof *function_tables
};

const struct native *tensor_method_named(const char *name)
{
    const struct native *native = NULL;
    for (size_t i = 0; i < N_METHOD_TABLES && !native; i++)
        native = find_native(method_tables[i], name);
    return native;
}

const struct native *tensor_function_named(const char *name)
{
    const struct native *native = NULL;
    for (size_t i = 0; i < N_FUNCTION_TABLES && !native; i++)
        native = find_native(function_tables[i], name);
    return native;
}

const char *tensor_near_name(const char *name, bool is_method)
{
    return is_method ? near_name(method_tables, N_METHOD_TABLES, name)
                     : near_name(function_tables, N_FUNCTION_TABLES, name);
}

void list_tensor_methods(char *out, size_t out_size)
{
    size_t n = 0;
    for (size_t i = 0; i < N_METHOD_TABLES; i++) {
        if (n > 0 && n + 3 < out_size)
            n += (size_t)snprintf(out + n, out_size - n, ", ");
        list_names(method_tables[i], out + n, out_size - n);
        n += strlen(out + n);
    }
}

/* --- What it is ------------------------------------------------------------------------------------------------------ */

#define ABOUT(name, expression)                                                                                        \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        const struct tensor *t = self.u.tensor;                                                                        \
        const struct array *a = t->array;                                                                              \
        (void)m;                                                                                                       \
        (void)a;                                                                                                       \
        if (arguments->n_positional + arguments->n_named > 0)                                                          \
            type_error(m, #name "() takes no arguments here");                                                         \
        return expression;                                                                                             \
    }
ABOUT(shape, make_size(m, a->shape, a->n_dims))
ABOUT(dtype, TORCH_DTYPE(a->dt))
ABOUT(device, make_device((device_type)t->device, t->device == DEVICE_CPU ? -1 : t->device_index))
ABOUT(ndim, INT(a->n_dims))
ABOUT(numel, INT(array_size(a)))
ABOUT(itemsize, INT(a->item_nbytes))
ABOUT(nbytes, INT(a->item_nbytes *array_size(a)))
ABOUT(requires_grad, BOOL(t->requires_grad))
ABOUT(is_leaf, BOOL(!t->grad_fn))
ABOUT(is_cuda, BOOL(t->device == DEVICE_CUDA))
ABOUT(is_cpu, BOOL(t->device == DEVICE_CPU))
ABOUT(grad, (NONE))
ABOUT(is_floating_point, BOOL(dtype_is_float(a->dt)))
ABOUT(is_complex, BOOL(false))
ABOUT(is_signed, BOOL(a->dt != DT_BOOL && !dtype_is_unsigned(a->dt)))
ABOUT(storage_offset, INT(a->offset / (int64_t)a->item_nbytes))

static value tensor_grad_fn(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    if (self.u.tensor->grad_fn)
        fail(m, "grad_fn prints its address: print the tensor");
    return NONE;
}

static value tensor_size(vm *m, value self, const struct arguments *arguments)
{
    value dim;
    const struct array *a = self.u.tensor->array;
    take_arguments(m, "size", "dim=", arguments, &dim);
    if (is_none(dim))
        return make_size(m, a->shape, a->n_dims);
    int axis = torch_axis(m, dim, a->n_dims);
    if (a->n_dims == 0)
        fail(m, "IndexError: Dimension specified as %d but tensor has no dimensions", axis);
    return INT(a->shape[axis]);
}

static value tensor_stride(vm *m, value self, const struct arguments *arguments)
{
    value dim;
    const struct array *a = self.u.tensor->array;
    take_arguments(m, "stride", "dim=", arguments, &dim);
    if (!is_none(dim))
        return INT(a->strides[torch_axis(m, dim, a->n_dims)] / (int64_t)a->item_nbytes);
    value strides = shape_tuple(m, a->strides, a->n_dims);
    for (int i = 0; i < a->n_dims; i++)
        strides.u.seq->items[i].u.i /= (int64_t)a->item_nbytes;
    return strides;
}

static value tensor_is_contiguous(vm *m, value self, const struct arguments *arguments)
{
    value format;
    take_arguments(m, "is_contiguous", "memory_format=", arguments, &format);
    return BOOL(tensor_is_contiguous_in(self.u.tensor->array, memory_format_from(m, format, FORMAT_CONTIGUOUS)));
}

static value tensor_item_method(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "item", arguments);
    return tensor_item(m, self);
}

static value tensor_tolist(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "tolist", arguments);
    return array_to_list(m, tensor_values(m, self, "a tensor"));
}

static value tensor_numpy_method(vm *m, value self, const struct arguments *arguments)
{
    value force;
    take_arguments(m, "numpy", "* force=", arguments, &force);
    if (!is_none(force) && truth(m, force)) {
        value plain = make_tensor(m, tensor_values(m, self, "a tensor"));
        return tensor_numpy(m, plain);
    }
    return tensor_numpy(m, self);
}

/* --- Copies and conversions ------------------------------------------------------------------------------------------ */

static struct array *cast_in_format(vm *m, const struct array *a, dtype dt, memory_format format)
{
    struct array *out = tensor_new_like(m, a, dt, format);
    if (a->buffer->unknown)
        out->buffer->unknown = true; /* the copy holds what was in the memory, too */
    else
        tensor_copy(m, out, a);
    return out;
}

/* Converted, in the order of its memory. */
struct array *torch_cast_like(vm *m, const struct array *a, dtype dt)
{
    return cast_in_format(m, a, dt, FORMAT_PRESERVE);
}

static value tensor_clone(vm *m, value self, const struct arguments *arguments)
{
    value format;
    take_arguments(m, "clone", "* memory_format=", arguments, &format);
    const struct array *a = self.u.tensor->array;
    struct array *copy = cast_in_format(m, a, (dtype)a->dt, memory_format_from(m, format, FORMAT_PRESERVE));
    return tensor_result(m, copy, "CloneBackward0", &self, 1);
}

static value tensor_contiguous(vm *m, value self, const struct arguments *arguments)
{
    value given;
    take_arguments(m, "contiguous", "* memory_format=", arguments, &given);
    const struct array *a = self.u.tensor->array;
    memory_format format = memory_format_from(m, given, FORMAT_CONTIGUOUS);
    if (tensor_is_contiguous_in(a, format))
        return self;
    if (format == FORMAT_PRESERVE)
        fail(m, "RuntimeError: preserve memory format is unsupported by the contiguous operator");
    return tensor_result(m, cast_in_format(m, a, (dtype)a->dt, format), "CloneBackward0", &self, 1);
}

static value tensor_detach(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "detach", arguments);
    return tensor_result(m, self.u.tensor->array, NULL, &self, 1);
}

static value tensor_data(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return tensor_result(m, self.u.tensor->array, NULL, &self, 1);
}

static value converted_in(vm *m, value self, dtype dt, value device, bool copies, memory_format format)
{
    const struct tensor *t = self.u.tensor;
    bool moves =
        device.kind == V_DEVICE &&
        (device.dt != t->device || (device.u.i >= 0 && device.dt == DEVICE_CUDA && device.u.i != t->device_index));
    bool lies = format == FORMAT_PRESERVE || format == tensor_format(t->array);
    if (t->array->dt == dt && !moves && !copies && lies)
        return self;
    value out = tensor_result(m, cast_in_format(m, t->array, dt, format), "ToCopyBackward0", &self, 1);
    if (moves) {
        out.u.tensor->device = device.dt;
        out.u.tensor->device_index = (int16_t)(device.u.i < 0 ? 0 : device.u.i);
    }
    return out;
}

static value converted(vm *m, value self, dtype dt, value device, bool copies)
{
    return converted_in(m, self, dt, device, copies, FORMAT_PRESERVE);
}

static value tensor_to(vm *m, value self, const struct arguments *arguments)
{
    value a[6], device = NOTHING, dt = NOTHING;
    take_arguments(m, "to", "other= dtype= non_blocking= copy= * device= memory_format=", arguments, a);
    bool copies = !is_none(a[3]) && truth(m, a[3]);
    if (a[0].kind == V_TENSOR) {
        dt = TORCH_DTYPE(a[0].u.tensor->array->dt);
        device = make_device((device_type)a[0].u.tensor->device, a[0].u.tensor->device_index);
    } else if (a[0].kind == V_TORCH_DTYPE || a[0].kind == V_NATIVE) {
        dt = a[0];
    } else if (!is_none(a[0])) {
        device = torch_device_from(m, a[0]);
    }
    if (!is_none(a[4]))
        device = torch_device_from(m, a[4]);
    if (!is_none(a[1]))
        dt = a[1];
    return converted_in(m, self, torch_dtype_from(m, dt, (dtype)self.u.tensor->array->dt), device, copies,
                        memory_format_from(m, a[5], FORMAT_PRESERVE));
}

static value tensor_cpu(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "cpu", arguments);
    return converted(m, self, (dtype)self.u.tensor->array->dt, make_device(DEVICE_CPU, -1), false);
}

static value tensor_cuda(vm *m, value self, const struct arguments *arguments)
{
    value device;
    take_arguments(m, "cuda", "device=", arguments, &device);
    value to = is_none(device) ? make_device(DEVICE_CUDA, 0) : torch_device_from(m, device);
    return converted(m, self, (dtype)self.u.tensor->array->dt, to, false);
}

static value tensor_type_as(vm *m, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, "type_as", "other", arguments, &other);
    return converted(m, self, (dtype)tensor_of(m, other, "type_as(): argument 'other'")->array->dt, NOTHING, false);
}

#define CONVERSION(name, dt)                                                                                           \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        take_none(m, #name, arguments);                                                                                \
        return converted(m, self, dt, NOTHING, false);                                                                 \
    }
CONVERSION(float, DT_FLOAT32)
CONVERSION(double, DT_FLOAT64)
CONVERSION(half, DT_FLOAT16)
CONVERSION(bfloat16, DT_BFLOAT16)
CONVERSION(long, DT_INT64)
CONVERSION(int, DT_INT32)
CONVERSION(short, DT_INT16)
CONVERSION(char, DT_INT8)
CONVERSION(byte, DT_UINT8)
CONVERSION(bool, DT_BOOL)

static value tensor_type(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "type", "dtype= non_blocking=", arguments, a);
    const struct tensor *t = self.u.tensor;
    char text[64];
    if (is_none(a[0])) {
        (void)snprintf(text, sizeof text, "torch.%s%sTensor", t->device == DEVICE_CUDA ? "cuda." : "",
                       torch_scalar_name((dtype)t->array->dt));
        return make_str(m, text);
    }
    if (!is_text(a[0]))
        return converted(m, self, torch_dtype_from(m, a[0], DT_FLOAT32), NOTHING, false);
    for (int dt = DT_BOOL; dt <= DT_BFLOAT16; dt++) {
        (void)snprintf(text, sizeof text, "torch.%sTensor", torch_scalar_name((dtype)dt));
        if (strcmp(text, a[0].u.text->bytes) == 0)
            return converted(m, self, (dtype)dt, NOTHING, false);
    }
    value_error(m, "invalid type: '%.60s'", a[0].u.text->bytes);
}

static value tensor_requires_grad_(vm *m, value self, const struct arguments *arguments)
{
    value wanted;
    take_arguments(m, "requires_grad_", "requires_grad=", arguments, &wanted);
    tensor_set_requires_grad(m, self.u.tensor, wanted.kind == V_NOTHING || truth(m, wanted));
    return self;
}

void tensor_set_requires_grad(vm *m, struct tensor *t, bool wanted)
{
    if (wanted && !dtype_is_float(t->array->dt))
        fail(m, "RuntimeError: only Tensors of floating point dtype can require gradients");
    if (t->grad_fn && !wanted)
        fail(m,
             "RuntimeError: you can only change requires_grad flags of leaf variables. If you want to use a computed "
             "variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
    t->requires_grad = wanted;
}

const struct native tensor_value_methods[] = {PROPERTY(shape),
                                              METHOD(size),
                                              PROPERTY(dtype),
                                              PROPERTY(device),
                                              PROPERTY(ndim),
                                              {"dim", tensor_ndim, NATIVE_FUNCTION, 0},
                                              {"ndimension", tensor_ndim, NATIVE_FUNCTION, 0},
                                              METHOD(numel),
                                              {"nelement", tensor_numel, NATIVE_FUNCTION, 0},
                                              PROPERTY(itemsize),
                                              {"element_size", tensor_itemsize, NATIVE_FUNCTION, 0},
                                              PROPERTY(nbytes),
                                              METHOD(stride),
                                              METHOD(storage_offset),
                                              METHOD(is_contiguous),
                                              METHOD(is_floating_point),
                                              METHOD(is_complex),
                                              METHOD(is_signed),
                                              PROPERTY(is_cuda),
                                              PROPERTY(is_cpu),
                                              PROPERTY(requires_grad),
                                              PROPERTY(is_leaf),
                                              PROPERTY(grad),
                                              PROPERTY(grad_fn),
                                              PROPERTY(data),
                                              {"item", tensor_item_method, NATIVE_FUNCTION, 0},
                                              METHOD(tolist),
                                              {"numpy", tensor_numpy_method, NATIVE_FUNCTION, 0},
                                              METHOD(clone),
                                              METHOD(contiguous),
                                              METHOD(detach),
                                              METHOD(to),
                                              METHOD(cpu),
                                              METHOD(cuda),
                                              METHOD(type),
                                              METHOD(type_as),
                                              METHOD(float),
                                              METHOD(double),
                                              METHOD(half),
                                              METHOD(bfloat16),
                                              METHOD(long),
                                              METHOD(int),
                                              METHOD(short),
                                              METHOD(char),
                                              METHOD(byte),
                                              METHOD(bool),
                                              METHOD(requires_grad_),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
