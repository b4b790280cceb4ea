/* tensorflow_dtype.c - TensorFlow's dtypes as values: tf.float32 and its kin.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ldexp */
#include <string.h> /* strcmp */

#include "draw/tensorflow_eager.h"

#define DTYPE_OF(name, dt)                                                                                             \
    {                                                                                                                  \
#name, NULL, NATIVE_FUNCTION, (dt) + 1                                                                         \
    }
static const struct native dtypes[] = {
    DTYPE_OF(bool, DT_BOOL),         DTYPE_OF(int8, DT_INT8),       DTYPE_OF(uint8, DT_UINT8),
    DTYPE_OF(int16, DT_INT16),       DTYPE_OF(uint16, DT_UINT16),   DTYPE_OF(int32, DT_INT32),
    DTYPE_OF(uint32, DT_UINT32),     DTYPE_OF(int64, DT_INT64),     DTYPE_OF(uint64, DT_UINT64),
    DTYPE_OF(float16, DT_FLOAT16),   DTYPE_OF(float32, DT_FLOAT32), DTYPE_OF(float64, DT_FLOAT64),
    DTYPE_OF(bfloat16, DT_BFLOAT16), DTYPE_OF(string, DT_STR),      {NULL, NULL, NATIVE_FUNCTION, 0}};

value tensorflow_dtype(dtype dt)
{
    return NATIVE(&dtypes[dt]);
}

value tensorflow_dtype_named(const char *name)
{
    const char *known = strcmp(name, "half") == 0 ? "float16" : strcmp(name, "double") == 0 ? "float64" : name;
    const struct native *found = find_native(dtypes, known);
    return found ? NATIVE(found) : NOTHING;
}

bool is_tensorflow_dtype(value v)
{
    return v.kind == V_NATIVE && v.u.native >= dtypes && v.u.native < dtypes + sizeof dtypes / sizeof *dtypes - 1;
}

/* Python's types but for int, NumPy's and the names of either. */
static value dtype_of(value v)
{
    if (is_tensorflow_dtype(v))
        return v;
    if (is_text(v))
        return tensorflow_dtype_named(strcmp(v.u.text->bytes, "float") == 0 ? "float32" : v.u.text->bytes);
    if (v.kind == V_DTYPE)
        return tensorflow_dtype(v.dt);
    if (v.kind != V_NATIVE || v.u.native->sort != NATIVE_CLASS)
        return NOTHING;
    if (find_native(builtins, v.u.native->name) != v.u.native)
        return v.u.native->dt ? tensorflow_dtype(v.u.native->dt - 1) : NOTHING;
    return strcmp(v.u.native->name, "float") == 0  ? tensorflow_dtype(DT_FLOAT32)
           : strcmp(v.u.native->name, "bool") == 0 ? tensorflow_dtype(DT_BOOL)
                                                   : NOTHING;
}

dtype tensorflow_dtype_from(vm *m, value v, dtype otherwise)
{
    if (is_none(v))
        return otherwise;
    value found = dtype_of(v);
    if (found.kind == V_NOTHING) {
        struct writer w = writer_start(m);
        put_repr(&w, v);
        type_error(m, "Cannot convert the argument `type_value`: %.100s to a TensorFlow DType.", written(&w));
    }
    return found.u.native->dt - 1;
}

bool tensorflow_dtype_equals(vm *m, value v, value other)
{
    (void)m;
    if (!is_tensorflow_dtype(v)) {
        value held = v;
        v = other;
        other = held;
    }
    return dtype_of(other).u.native == v.u.native;
}

/* tf.int32.max */
static value limit_of(vm *m, dtype dt, bool most)
{
    if (dtype_is_float(dt)) {
        double largest = dt == DT_FLOAT16    ? 65504
                         : dt == DT_BFLOAT16 ? ldexp(255, 120)
                         : dt == DT_FLOAT32  ? ldexp(16777215, 104)
                                             : ldexp(9007199254740991, 971);
        return scalar_float(dt, most ? largest : -largest);
    }
    if (!dtype_is_integer(dt))
        return BOOL(most);
    unsigned bits = 8 * (unsigned)dtype_nbytes(dt);
    if (dtype_is_unsigned(dt))
        return most ? big_from_u64(m, UINT64_MAX >> (64 - bits)) : INT(0);
    int64_t largest = INT64_MAX >> (64 - bits);
    return INT(most ? largest : -largest - 1);
}

value tensorflow_dtype_attribute(vm *m, value v, const char *name)
{
    dtype dt = v.u.native->dt - 1;
    if (strcmp(name, "name") == 0)
        return make_str(m, dtype_name(dt) + 0);
    if (strcmp(name, "is_floating") == 0)
        return BOOL(dtype_is_float(dt));
    if (strcmp(name, "is_integer") == 0)
        return BOOL(dtype_is_integer(dt));
    if (strcmp(name, "is_unsigned") == 0)
        return BOOL(dtype_is_unsigned(dt));
    if (strcmp(name, "size") == 0)
        return INT((int64_t)dtype_nbytes(dt));
    if (strcmp(name, "base_dtype") == 0)
        return v;
    if ((strcmp(name, "max") == 0 || strcmp(name, "min") == 0) && dt <= DT_BFLOAT16)
        return limit_of(m, dt, name[1] == 'a');
    if (strcmp(name, "as_numpy_dtype") == 0 && dt <= DT_FLOAT64 && dt != DT_BOOL)
        return NATIVE(find_native(numpy_functions, dtype_name(dt)));
    return NOTHING;
}
