/* torch_numbers.c - the dtypes of oneseed.torch: names, sizes, and single values as Python's numbers.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <math.h>   /* ldexp, nearbyint */
#include <string.h> /* memcpy */

static const struct {
    const char *name; /* after "torch." */
    const char *c_name;
    const char *aten_name;
} dtypes[TORCH_N_DTYPES] = {
    [ONESEED_TORCH_FLOAT32] = {"float32", "float", "Float"},
    [ONESEED_TORCH_FLOAT64] = {"float64", "double", "Double"},
    [ONESEED_TORCH_FLOAT16] = {"float16", "c10::Half", "Half"},
    [ONESEED_TORCH_BFLOAT16] = {"bfloat16", "c10::BFloat16", "BFloat16"},
    [ONESEED_TORCH_UINT8] = {"uint8", "unsigned char", "Byte"},
    [ONESEED_TORCH_INT8] = {"int8", "signed char", "Char"},
    [ONESEED_TORCH_INT16] = {"int16", "short int", "Short"},
    [ONESEED_TORCH_INT32] = {"int32", "int", "Int"},
    [ONESEED_TORCH_INT64] = {"int64", "long int", "Long"},
    [ONESEED_TORCH_BOOL] = {"bool", "bool", "Bool"},
    [ONESEED_TORCH_UINT16] = {"uint16", "short unsigned int", "UInt16"},
    [ONESEED_TORCH_UINT32] = {"uint32", "unsigned int", "UInt32"},
    [ONESEED_TORCH_UINT64] = {"uint64", "long unsigned int", "UInt64"},
};

const char *torch_name(oneseed_torch_dtype dtype)
{
    return dtypes[dtype].name;
}

const char *torch_c_name(oneseed_torch_dtype dtype)
{
    return dtypes[dtype].c_name;
}

const char *torch_aten_name(oneseed_torch_dtype dtype)
{
    return dtypes[dtype].aten_name;
}

int torch_is_floating(oneseed_torch_dtype dtype)
{
    return dtype <= ONESEED_TORCH_BFLOAT16;
}

/* A dtype by its name, with or without "torch."; Python's types; objects whose str() is such a name (torch's dtypes). */
static int find_dtype(torch_module *m, PyObject *object, oneseed_torch_dtype *out)
{
    for (int k = 0; k < TORCH_N_DTYPES; k++)
        if (object == m->dtypes[k])
            return *out = (oneseed_torch_dtype)k, 1;
    if (PyType_Check(object)) {
        if (object != (PyObject *)&PyFloat_Type && object != (PyObject *)&PyLong_Type &&
            object != (PyObject *)&PyBool_Type)
            return 0;
        *out = object == (PyObject *)&PyFloat_Type  ? ONESEED_TORCH_FLOAT64
               : object == (PyObject *)&PyBool_Type ? ONESEED_TORCH_BOOL
                                                    : ONESEED_TORCH_INT64;
        return 1;
    }
    PyObject *name = PyObject_Str(object);
    if (!name)
        return -1;
    int found = 0;
    for (int k = 0; k < TORCH_N_DTYPES && !found; k++)
        if (PyUnicode_Compare(name, m->dtypes[k]) == 0 || PyUnicode_CompareWithASCIIString(name, dtypes[k].name) == 0)
            *out = (oneseed_torch_dtype)k, found = 1;
    Py_DECREF(name);
    return found;
}

int torch_read_dtype(torch_module *m, PyObject *object, oneseed_torch_dtype *out)
{
    int found = find_dtype(m, object, out);
    if (found == 0)
        PyErr_Format(PyExc_TypeError, "dtype: want one of torch's, such as \"float32\" or \"int64\", got %R", object);
    return found > 0 ? 0 : -1;
}

/* ---- the half types ---- */

double torch_half_to_double(uint16_t bits)
{
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double size = exponent == 0    ? ldexp(fraction, -24)
                  : exponent == 31 ? (fraction ? (double)NAN : (double)INFINITY)
                                   : ldexp(fraction + 1024, exponent - 25);
    return bits & 0x8000 ? -size : size;
}

double torch_bfloat16_to_double(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

/* To the nearest with n_fraction bits behind the point, even last bit at a tie; exponents as IEEE 754's small formats. */
static uint16_t narrow(double value, int n_fraction, int max_exponent)
{
    uint16_t sign = signbit(value) ? 0x8000 : 0, infinite = (uint16_t)(0x7fff >> n_fraction << n_fraction);
    if (value != value)
        return (uint16_t)(sign | infinite | 1u << (n_fraction - 1));
    int exponent;
    double size = fabs(value);
    frexp(size, &exponent);
    exponent -= 1;
    if (size != 0 && isfinite(size) && exponent < 1 - max_exponent)
        exponent = 1 - max_exponent;
    if (size == 0 || isinf(size))
        return (uint16_t)(sign | (size == 0 ? 0 : infinite));
    double units = nearbyint(ldexp(size, n_fraction - exponent));
    double coded = units + ldexp(exponent + max_exponent - 1, n_fraction); /* carries go into the exponent */
    return (uint16_t)(sign | (coded >= infinite ? infinite : (uint16_t)coded));
}

uint16_t torch_double_to_half(double value)
{
    return narrow((float)value, 10, 15);
}

uint16_t torch_double_to_bfloat16(double value)
{
    return narrow((float)value, 7, 127);
}

/* ---- one value ---- */

#define INTEGER_DTYPES(X)                                                                                              \
    X(UINT8, uint8_t)                                                                                                  \
    X(INT8, int8_t)                                                                                                    \
    X(INT16, int16_t)                                                                                                  \
    X(INT32, int32_t)                                                                                                  \
    X(INT64, int64_t)                                                                                                  \
    X(UINT16, uint16_t)                                                                                                \
    X(UINT32, uint32_t)

PyObject *torch_item(oneseed_torch_dtype dtype, const void *at)
{
    uint16_t bits;
    float single;
    double value;
    uint64_t large;
    switch (dtype) {
    case ONESEED_TORCH_FLOAT32:
        memcpy(&single, at, sizeof single);
        return PyFloat_FromDouble(single);
    case ONESEED_TORCH_FLOAT64:
        memcpy(&value, at, sizeof value);
        return PyFloat_FromDouble(value);
    case ONESEED_TORCH_FLOAT16:
    case ONESEED_TORCH_BFLOAT16:
        memcpy(&bits, at, sizeof bits);
        return PyFloat_FromDouble(dtype == ONESEED_TORCH_FLOAT16 ? torch_half_to_double(bits)
                                                                 : torch_bfloat16_to_double(bits));
#define READ_CASE(name, type)                                                                                          \
    case ONESEED_TORCH_##name: {                                                                                       \
        type number;                                                                                                   \
        memcpy(&number, at, sizeof number);                                                                            \
        return PyLong_FromLongLong(number);                                                                            \
    }
        INTEGER_DTYPES(READ_CASE)
    case ONESEED_TORCH_BOOL:
        return PyBool_FromLong(*(const unsigned char *)at);
    case ONESEED_TORCH_UINT64:
        memcpy(&large, at, sizeof large);
        return PyLong_FromUnsignedLongLong(large);
    }
    return NULL;
}

static int set_floating(oneseed_torch_dtype dtype, void *at, double value)
{
    float single = (float)value;
    uint16_t bits;
    switch (dtype) {
    case ONESEED_TORCH_FLOAT32:
        memcpy(at, &single, sizeof single);
        return 0;
    case ONESEED_TORCH_FLOAT64:
        memcpy(at, &value, sizeof value);
        return 0;
    default:
        bits = dtype == ONESEED_TORCH_FLOAT16 ? torch_double_to_half(value) : torch_double_to_bfloat16(value);
        memcpy(at, &bits, sizeof bits);
        return 0;
    }
}

int torch_set_item(oneseed_torch_dtype dtype, void *at, PyObject *number)
{
    if (torch_is_floating(dtype)) {
        double value = PyFloat_AsDouble(number);
        return value == -1.0 && PyErr_Occurred() ? -1 : set_floating(dtype, at, value);
    }
    if (dtype == ONESEED_TORCH_BOOL) {
        int truth = PyObject_IsTrue(number);
        *(unsigned char *)at = (unsigned char)(truth > 0);
        return truth < 0 ? -1 : 0;
    }
    PyObject *whole = PyNumber_Long(number); /* floats lose their fraction, as in torch */
    if (!whole)
        return -1;
    int overflow = 0, is_done = 0;
    long long value = PyLong_AsLongLongAndOverflow(whole, &overflow);
    switch (dtype) {
#define WRITE_CASE(name, type)                                                                                         \
    case ONESEED_TORCH_##name: {                                                                                       \
        type narrowed = (type)value;                                                                                   \
        is_done = !overflow && narrowed == value;                                                                      \
        memcpy(at, &narrowed, sizeof narrowed);                                                                        \
        break;                                                                                                         \
    }
        INTEGER_DTYPES(WRITE_CASE)
    default: {
        uint64_t large = PyLong_AsUnsignedLongLong(whole);
        is_done = !PyErr_Occurred();
        PyErr_Clear();
        memcpy(at, &large, sizeof large);
    }
    }
    Py_DECREF(whole);
    if (!is_done)
        PyErr_Format(PyExc_RuntimeError, "value cannot be converted to type %s without overflow", dtypes[dtype].c_name);
    return is_done ? 0 : -1;
}
