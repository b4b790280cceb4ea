/* keras_tensorflow.c - keras.random on the tensorflow backend, as far as it is more than a call of tf.random.stateless_….
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/tensorflow/random.py of 3.0 to 3.15. */
#include "dialects/keras_tensorflow.h"

#include <math.h> /* fabs */

#include "dialects/keras.h"            /* keras_tensorflow_dtype */
#include "dialects/tensorflow.h"       /* tensorflow_binomial_at */
#include "dialects/tensorflow_pairs.h" /* tensorflow_store_cast */

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

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Parameters of n_now values from `begin` on. */
static void gather(struct keras_parameter parameter, size_t begin, double *out, size_t n_now)
{
    for (size_t k = 0; k < n_now; k++)
        out[k] = keras_parameter_at(parameter, begin + k);
}

/* The kernels know no bfloat16: it is cast from float32. */
static oneseed_keras_dtype sampled_dtype(oneseed_keras_dtype dtype)
{
    return dtype == ONESEED_KERAS_BFLOAT16 ? ONESEED_KERAS_FLOAT32 : dtype;
}

/* Values begin to begin + n_now of a gamma, rounded to the dtype: each has blocks of its own, whatever its alpha. */
static oneseed_status gammas(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                             struct keras_parameter alpha, size_t begin, double *out, size_t n_now)
{
    double alphas[KERAS_PIECE], values[KERAS_PIECE]; /* the values in their dtype */
    const oneseed_keras_dtype sampled = sampled_dtype(dtype);
    oneseed_tensorflow_philox at = *place;
    oneseed_tensorflow_reserve(&at, begin);
    gather(alpha, begin, alphas, n_now);
    const oneseed_status status =
        oneseed_tensorflow_gamma_fill(&at, keras_tensorflow_dtype(sampled), alphas, NULL, n_now, 1, values);
    for (size_t k = 0; k < n_now && !status; k++)
        out[k] = keras_round(dtype, keras_load(sampled, values, k));
    return status;
}

oneseed_status keras_tensorflow_gamma(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                      struct keras_parameter alpha, void *out, size_t n)
{
    double values[KERAS_PIECE];
    for (size_t i = 0; i < n; i += KERAS_PIECE) {
        const size_t n_now = least(n - i, KERAS_PIECE);
        const oneseed_status status = gammas(place, dtype, alpha, i, values, n_now);
        if (status)
            return status;
        for (size_t k = 0; k < n_now; k++)
            keras_store(dtype, out, i + k, values[k]);
    }
    return ONESEED_OK;
}

/* TensorFlow's arithmetic flushes what is too small for a normal number. */
static double flushed(oneseed_keras_dtype dtype, double x)
{
    const double smallest = dtype == ONESEED_KERAS_FLOAT64 ? 0x1p-1022 : 0x1p-126;
    return fabs(x) < smallest ? 0 * x : x;
}

/* ga / (ga + gb), each step rounded to the dtype; the second gamma's seed is the first's plus 12, as int32. */
oneseed_status keras_tensorflow_beta(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                     struct keras_parameter alpha, struct keras_parameter beta, void *out, size_t n)
{
    double a[KERAS_PIECE], b[KERAS_PIECE];
    oneseed_tensorflow_philox places[2];
    int64_t pair[2];
    keras_tensorflow_pair(keras, seed, pair);
    oneseed_tensorflow_stateless_seed(&places[0], pair[0], pair[1]);
    oneseed_tensorflow_stateless_seed(&places[1], (int32_t)((uint32_t)pair[0] + 12), (int32_t)((uint32_t)pair[1] + 12));
    for (size_t i = 0; i < n; i += KERAS_PIECE) {
        const size_t n_now = least(n - i, KERAS_PIECE);
        oneseed_status status = gammas(&places[0], dtype, alpha, i, a, n_now);
        if (status == ONESEED_OK)
            status = gammas(&places[1], dtype, beta, i, b, n_now);
        if (status)
            return status;
        for (size_t k = 0; k < n_now; k++) {
            const double sum = flushed(dtype, keras_round(dtype, flushed(dtype, a[k]) + flushed(dtype, b[k])));
            keras_store(dtype, out, i + k, flushed(dtype, flushed(dtype, a[k]) / sum));
        }
    }
    return ONESEED_OK;
}

/* Counts and probabilities are float32 tensors; bfloat16 is cast from float32. */
oneseed_status keras_tensorflow_binomial(const oneseed_tensorflow_philox *place, oneseed_keras_dtype dtype,
                                         struct keras_parameter counts, struct keras_parameter probabilities, void *out,
                                         size_t n)
{
    const oneseed_keras_dtype sampled = sampled_dtype(dtype);
    for (size_t i = 0; i < n; i++) {
        if (isnan(keras_parameter_at(counts, i)))
            return ONESEED_TENSORFLOW_ENDLESS;
    }
    for (size_t i = 0; i < n; i++) {
        double value;
        const double drawn = tensorflow_binomial_at(place, ONESEED_TENSORFLOW_FLOAT32, keras_parameter_at(counts, i),
                                                    keras_parameter_at(probabilities, i), i);
        tensorflow_store_cast(keras_tensorflow_dtype(sampled), drawn, &value, 0);
        keras_store(dtype, out, i, keras_load(sampled, &value, 0));
    }
    return ONESEED_OK;
}

oneseed_status keras_tensorflow_categorical(const oneseed_keras *keras, const oneseed_tensorflow_philox *place,
                                            oneseed_keras_dtype dtype, const void *logits, size_t n_rows,
                                            size_t n_classes, double *space, int64_t *out, size_t n_samples)
{
    const unsigned n_threads = keras->n_threads ? keras->n_threads : 1;
    double *const values = space + n_classes;
    for (size_t i = 0; i < n_rows * n_classes; i++)
        values[i] = keras_load(dtype, logits, i);
    return oneseed_tensorflow_categorical_fill(place, values, n_rows, n_classes, n_samples, n_threads,
                                               ONESEED_TENSORFLOW_INT64, space, out);
}
