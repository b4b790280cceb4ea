/* torch_types.c - torch.dtype, torch.device and torch.Size.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/tensor.h"

const char torch_size_type[] = "torch.Size";

value make_size(vm *m, const int64_t *shape, int n_dims)
{
    value tuple = shape_tuple(m, shape, n_dims);
    tuple.u.seq->type = torch_size_type;
    return tuple;
}

/* --- dtypes ---------------------------------------------------------------------------------------------------------- */

value torch_type_named(const char *name)
{
    static const struct {
        const char *name;
        dtype dt;
    } aliases[] = {{"float", DT_FLOAT32}, {"double", DT_FLOAT64}, {"half", DT_FLOAT16},
                   {"short", DT_INT16},   {"int", DT_INT32},      {"long", DT_INT64}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(name, aliases[i].name) == 0)
            return TORCH_DTYPE(aliases[i].dt);
    for (int dt = DT_BOOL; dt <= DT_BFLOAT16; dt++)
        if (strcmp(name, dtype_name((dtype)dt)) == 0)
            return TORCH_DTYPE(dt);
    return NOTHING;
}

dtype torch_dtype_from(vm *m, value v, dtype otherwise)
{
    if (is_none(v))
        return otherwise;
    if (v.kind == V_TORCH_DTYPE)
        return v.dt;
    if (v.kind == V_NATIVE) { /* Python's types stand for their widest */
        static const struct {
            const char *name;
            dtype dt;
        } python[] = {{"float", DT_FLOAT64}, {"int", DT_INT64}, {"bool", DT_BOOL}};
        for (size_t i = 0; i < sizeof python / sizeof *python; i++)
            if (v.u.native == find_native(builtins, python[i].name))
                return python[i].dt;
    }
    type_error(m, "argument 'dtype' must be torch.dtype, not %s", type_name(v));
}

static value dtype_itemsize(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT((int64_t)dtype_nbytes(self.dt));
}

static value dtype_is_floating_point(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return BOOL(dtype_is_float(self.dt));
}

static value dtype_is_signed(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return BOOL(self.dt != DT_BOOL && !dtype_is_unsigned(self.dt));
}

static value dtype_is_complex(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)self;
    (void)arguments;
    return BOOL(false);
}

const struct native torch_dtype_methods[] = {{"itemsize", dtype_itemsize, NATIVE_PROPERTY, 0},
                                             {"is_floating_point", dtype_is_floating_point, NATIVE_PROPERTY, 0},
                                             {"is_signed", dtype_is_signed, NATIVE_PROPERTY, 0},
                                             {"is_complex", dtype_is_complex, NATIVE_PROPERTY, 0},
                                             {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Devices --------------------------------------------------------------------------------------------------------- */

const char *device_name(unsigned type)
{
    return type == DEVICE_CUDA ? "cuda" : "cpu";
}

value make_device(device_type type, int64_t index)
{
    return (value){.kind = V_DEVICE, .dt = (uint8_t)type, .u.i = index};
}

value torch_device_from(vm *m, value v)
{
    if (is_none(v))
        return make_device(DEVICE_CPU, -1);
    if (v.kind == V_DEVICE)
        return v;
    if (v.kind == V_INT) {
        if (v.u.i < 0 || v.u.i > 127)
            fail(m, "RuntimeError: Device index must be between 0 and 127, got %lld", (long long)v.u.i);
        return make_device(DEVICE_CUDA, v.u.i);
    }
    if (v.kind != V_STR)
        type_error(m, "device must be a torch.device, a str or an int, not %s", type_name(v));
    const char *text = v.u.text->bytes, *colon = strchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : strlen(text);
    int64_t index = -1;
    if (colon) {
        const char *at = colon + 1;
        index = 0;
        for (; *at >= '0' && *at <= '9' && index < 1000; at++)
            index = index * 10 + (*at - '0');
        if (*at != '\0' || at == colon + 1 || (colon[1] == '0' && at > colon + 2) || index > 127)
            fail(m, "RuntimeError: Invalid device string: '%.60s'", text);
    }
    if (n == 3 && memcmp(text, "cpu", 3) == 0)
        return make_device(DEVICE_CPU, index);
    if (n == 4 && memcmp(text, "cuda", 4) == 0)
        return make_device(DEVICE_CUDA, index);
    fail(m, "RuntimeError: the device '%.60s' is not supported (cpu and cuda are)", text);
}

static value device_type_property(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return make_str(m, device_name(self.dt));
}

static value device_index_property(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return self.u.i < 0 ? NONE : INT(self.u.i);
}

const struct native device_methods[] = {{"type", device_type_property, NATIVE_PROPERTY, 0},
                                        {"index", device_index_property, NATIVE_PROPERTY, 0},
                                        {NULL, NULL, NATIVE_FUNCTION, 0}};
