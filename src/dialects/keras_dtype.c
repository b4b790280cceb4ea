/* keras_dtype.c - Keras's dtypes: what each backend makes of them, values into and out of an array's memory.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "common/half.h" /* half_from_float */
#include "dialects/keras.h"

oneseed_keras_dtype oneseed_keras_result_dtype(const oneseed_keras *keras, oneseed_keras_dtype dtype)
{
    if (keras->backend == ONESEED_KERAS_JAX && !keras->has_x64) {
        if (dtype == ONESEED_KERAS_FLOAT64 || dtype == ONESEED_KERAS_INT64 || dtype == ONESEED_KERAS_UINT64)
            return (oneseed_keras_dtype)((int)dtype - 1);
    }
    if (keras->backend == ONESEED_KERAS_TORCH) { /* TORCH_DTYPES of keras/src/backend/torch/core.py */
        if (dtype == ONESEED_KERAS_UINT16)
            return ONESEED_KERAS_INT32;
        if (dtype == ONESEED_KERAS_UINT32)
            return ONESEED_KERAS_INT64;
    }
    return dtype;
}

size_t oneseed_keras_dtype_size(oneseed_keras_dtype dtype)
{
    static const uint8_t sizes[] = {2, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
    return (unsigned)dtype < sizeof sizes ? sizes[dtype] : 0;
}

oneseed_torch_dtype keras_torch_dtype(oneseed_keras_dtype dtype)
{
    static const oneseed_torch_dtype dtypes[] = {ONESEED_TORCH_BFLOAT16, ONESEED_TORCH_FLOAT16, ONESEED_TORCH_FLOAT32,
                                                 ONESEED_TORCH_FLOAT64,  ONESEED_TORCH_INT8,    ONESEED_TORCH_INT16,
                                                 ONESEED_TORCH_INT32,    ONESEED_TORCH_INT64,   ONESEED_TORCH_UINT8,
                                                 ONESEED_TORCH_UINT16,   ONESEED_TORCH_UINT32,  ONESEED_TORCH_UINT64};
    return dtypes[dtype];
}

oneseed_tensorflow_dtype keras_tensorflow_dtype(oneseed_keras_dtype dtype)
{
    if (keras_dtype_is_float(dtype)) {
        static const oneseed_tensorflow_dtype floats[] = {ONESEED_TENSORFLOW_BFLOAT16, ONESEED_TENSORFLOW_FLOAT16,
                                                          ONESEED_TENSORFLOW_FLOAT32, ONESEED_TENSORFLOW_FLOAT64};
        return floats[dtype];
    }
    return dtype == ONESEED_KERAS_INT32 ? ONESEED_TENSORFLOW_INT32 : ONESEED_TENSORFLOW_INT64;
}

double keras_load(oneseed_keras_dtype dtype, const void *in, size_t i)
{
    switch (dtype) {
    case ONESEED_KERAS_FLOAT64:
        return ((const double *)in)[i];
    case ONESEED_KERAS_FLOAT32:
        return (double)((const float *)in)[i];
    case ONESEED_KERAS_FLOAT16:
        return (double)half_to_float(((const uint16_t *)in)[i]);
    default:
        return (double)bfloat16_to_float(((const uint16_t *)in)[i]);
    }
}

/* A float that rounds to the same float16 as the double does: where bits are lost, its last one is set. */
static float to_odd(double value)
{
    float near = (float)value;
    if ((double)near == value || near == 0 ||
        !(near - near == 0)) /* exact, too small for any float16, infinite or NaN */
        return near;
    uint32_t bits;
    memcpy(&bits, &near, sizeof bits);
    bits -= (near > 0 ? (double)near > value : (double)near < value) ? 1u : 0u; /* toward zero */
    bits |= 1u;
    memcpy(&near, &bits, sizeof bits);
    return near;
}

void keras_store(oneseed_keras_dtype dtype, void *out, size_t i, double value)
{
    switch (dtype) {
    case ONESEED_KERAS_FLOAT64:
        ((double *)out)[i] = value;
        break;
    case ONESEED_KERAS_FLOAT32:
        ((float *)out)[i] = (float)value;
        break;
    case ONESEED_KERAS_FLOAT16:
        ((uint16_t *)out)[i] = half_from_float(to_odd(value));
        break;
    default: /* ml_dtypes goes through float */
        ((uint16_t *)out)[i] = bfloat16_from_float((float)value);
    }
}

double keras_round(oneseed_keras_dtype dtype, double value)
{
    double room;
    keras_store(dtype, &room, 0, value);
    return keras_load(dtype, &room, 0);
}

void keras_scale(oneseed_keras_dtype dtype, double factor, double summand, void *values, size_t n)
{
    const double f = keras_round(dtype, factor), s = keras_round(dtype, summand);
    for (size_t i = 0; i < n; i++) {
        const double product = keras_round(dtype, keras_load(dtype, values, i) * f);
        keras_store(dtype, values, i, product + s);
    }
}
