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

static value size_numel(vm *m, value self, const struct arguments *arguments)
{
    int64_t n = 1;
    take_none(m, "numel", arguments);
    for (size_t i = 0; i < self.u.seq->n; i++)
        n *= self.u.seq->items[i].u.i;
    return INT(n);
}

const struct native torch_size_methods[] = {{"numel", size_numel, NATIVE_FUNCTION, 0},
                                            {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Results with names ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *type, *names[2];
} return_types[] = {
    {"max", {"values", "indices"}},    {"min", {"values", "indices"}},    {"sort", {"values", "indices"}},
    {"topk", {"values", "indices"}},   {"median", {"values", "indices"}}, {"kthvalue", {"values", "indices"}},
    {"cummax", {"values", "indices"}}, {"cummin", {"values", "indices"}}, {"aminmax", {"min", "max"}}};
enum { N_RETURN_TYPES = sizeof return_types / sizeof *return_types };

value make_return_type(vm *m, const char *type, const value *items, size_t n)
{
    value v = make_sequence(m, V_TUPLE, n);
    for (size_t i = 0; i < n; i++)
        v.u.seq->items[i] = items[i];
    for (size_t i = 0; i < N_RETURN_TYPES; i++)
        if (strcmp(return_types[i].type, type) == 0)
            v.u.seq->type = return_types[i].type;
    return v;
}

/* Which of the types a tuple is; N_RETURN_TYPES: a plain one. */
static size_t return_type_of(value v)
{
    size_t i = 0;
    while (i < N_RETURN_TYPES && !(v.kind == V_TUPLE && v.u.seq->n == 2 && v.u.seq->type == return_types[i].type))
        i++;
    return i;
}

bool put_return_type(struct writer *w, value v)
{
    size_t i = return_type_of(v);
    if (i == N_RETURN_TYPES)
        return false;
    put_format(w, "torch.return_types.%s(\n", return_types[i].type);
    for (size_t k = 0; k < 2; k++) {
        put_format(w, "%s=", return_types[i].names[k]);
        put_repr(w, v.u.seq->items[k]);
        put_text(w, k == 0 ? ",\n" : ")");
    }
    return true;
}

value return_type_field(value v, const char *name)
{
    size_t i = return_type_of(v);
    for (size_t k = 0; i < N_RETURN_TYPES && k < 2; k++)
        if (strcmp(return_types[i].names[k], name) == 0)
            return v.u.seq->items[k];
    return NOTHING;
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
