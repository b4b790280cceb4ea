/* keras_tensorflow.c - keras.random on the tensorflow backend, as far as it is more than a call of tf.random.stateless_….
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/tensorflow/random.py of 3.0 to 3.15. */
#include "dialects/keras_tensorflow.h"

#include "dialects/keras.h" /* keras_tensorflow_dtype */

/* tf.cast makes a float32 of a Python float before anything else. */
oneseed_status keras_tensorflow_uniform(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                        double minval, double maxval, void *out, size_t n)
{
    return oneseed_tensorflow_uniform_range_fill(place, keras_tensorflow_dtype(dtype), (double)(float)minval,
                                                 (double)(float)maxval, out, n);
}

/* The low bits: tf.cast of an int64. */
static void cast(oneseed_keras_dtype dtype, const int64_t *values, void *out, size_t begin, size_t n)
{
    const size_t size = oneseed_keras_dtype_size(dtype);
    for (size_t i = 0; i < n; i++) {
        const uint64_t x = (uint64_t)values[i];
        if (size == 1)
            ((uint8_t *)out)[begin + i] = (uint8_t)x;
        else if (size == 2)
            ((uint16_t *)out)[begin + i] = (uint16_t)x;
        else if (size == 4)
            ((uint32_t *)out)[begin + i] = (uint32_t)x;
        else
            ((uint64_t *)out)[begin + i] = x;
    }
}

/* Other dtypes than int32 and int64 are cast from int64, whose values take two words each: a piece begins at a block. */
oneseed_status keras_tensorflow_randint(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                        int64_t minval, int64_t maxval, void *out, size_t n)
{
    int64_t values[KERAS_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (dtype == ONESEED_KERAS_INT32 || dtype == ONESEED_KERAS_INT64)
        return oneseed_tensorflow_uniform_int_fill(place, keras_tensorflow_dtype(dtype), minval, maxval, out, n);
    for (size_t i = 0; i < n; i += KERAS_PIECE) {
        const size_t n_now = n - i < KERAS_PIECE ? n - i : KERAS_PIECE;
        const oneseed_status status =
            oneseed_tensorflow_uniform_int_fill(&at, ONESEED_TENSORFLOW_INT64, minval, maxval, values, n_now);
        if (status)
            return status;
        cast(dtype, values, out, i, n_now);
        oneseed_tensorflow_philox_skip(&at, KERAS_PIECE / 2);
    }
    return ONESEED_OK;
}

/* The order of ascending keys, that of equal ones kept: four passes over a byte each. The key is an item's high half. */
static void sort(uint64_t *items, uint64_t *spare, size_t n)
{
    for (unsigned shift = 32; shift < 64; shift += 8) {
        size_t begins[257] = {0};
        for (size_t i = 0; i < n; i++)
            begins[(items[i] >> shift & 255) + 1]++;
        for (size_t k = 1; k < 256; k++)
            begins[k] += begins[k - 1];
        for (size_t i = 0; i < n; i++)
            spare[begins[items[i] >> shift & 255]++] = items[i];
        uint64_t *const other = items;
        items = spare;
        spare = other;
    }
}

/* tf.argsort of uniforms since 3.8, stateless_shuffle before. A uniform is 23 bits, whose order is that of the float. */
void keras_tensorflow_shuffle(const oneseed_keras *keras, const oneseed_tensorflow_philox *place, size_t n_outer,
                              size_t n, size_t n_inner, uint64_t *space, uint32_t *out)
{
    uint32_t *const order = (uint32_t *)(void *)(space + n);
    if (keras_before(keras, 30800)) {
        oneseed_tensorflow_shuffle(place, order, n);
    } else {
        float *const uniforms = (float *)(void *)order;
        (void)oneseed_tensorflow_uniform_fill(place, ONESEED_TENSORFLOW_FLOAT32, uniforms, n); /* a dtype that it has */
        for (size_t i = 0; i < n; i++)
            space[i] = (uint64_t)(uniforms[i] * 0x1p23f) << 32 | i;
        sort(space, space + n, n);
        for (size_t i = 0; i < n; i++)
            order[i] = (uint32_t)space[i];
    }
    for (size_t k = 0; k < n_outer * n * n_inner; k++)
        out[k] = order[k / n_inner % n];
}
