/* keras_initializers.c - keras.initializers: shapes' fans, deviations and bounds, then keras.random.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/initializers/random_initializers.py of 3.0 to 3.15. Deviations and bounds are Python floats. */
#include <math.h> /* sqrt */

#include "dialects/keras.h"      /* keras_store */
#include "dialects/torch_init.h" /* torch_orthogonalise */

void oneseed_keras_initializer_defaults(oneseed_keras_initializer *initializer, oneseed_keras_initializer_kind kind)
{
    const bool is_glorot = kind == ONESEED_KERAS_GLOROT_UNIFORM || kind == ONESEED_KERAS_GLOROT_NORMAL;
    const bool is_he = kind == ONESEED_KERAS_HE_UNIFORM || kind == ONESEED_KERAS_HE_NORMAL;
    const bool is_uniform =
        kind == ONESEED_KERAS_GLOROT_UNIFORM || kind == ONESEED_KERAS_HE_UNIFORM || kind == ONESEED_KERAS_LECUN_UNIFORM;
    *initializer = (oneseed_keras_initializer){
        .kind = kind,
        .mode = is_glorot ? ONESEED_KERAS_FAN_AVG : ONESEED_KERAS_FAN_IN,
        .distribution = is_uniform ? ONESEED_KERAS_SPREAD_UNIFORM : ONESEED_KERAS_SPREAD_TRUNCATED_NORMAL,
        .stddev = 0.05,
        .minval = -0.05,
        .maxval = 0.05,
        .scale = is_he ? 2 : 1,
        .gain = 1,
    };
}

static size_t numel(const int64_t *shape, int n_dims)
{
    size_t n = 1;
    for (int k = 0; k < n_dims; k++)
        n *= (size_t)shape[k];
    return n;
}

struct fans {
    double in, out;
};

static struct fans fans_of(const oneseed_keras_initializer *initializer, const int64_t *shape, int n_dims)
{
    if (initializer->fan_in || initializer->fan_out)
        return (struct fans){(double)initializer->fan_in, (double)initializer->fan_out};
    if (n_dims < 1)
        return (struct fans){1, 1};
    if (n_dims == 1)
        return (struct fans){(double)shape[0], (double)shape[0]};
    const double field = (double)numel(shape, n_dims - 2);
    return (struct fans){(double)shape[n_dims - 2] * field, (double)shape[n_dims - 1] * field};
}

static oneseed_status fill_scaled(const oneseed_keras *keras, const oneseed_keras_initializer *initializer,
                                  const int64_t seed[2], oneseed_keras_dtype dtype, const int64_t *shape, int n_dims,
                                  void *out, size_t n)
{
    const struct fans fans = fans_of(initializer, shape, n_dims);
    const double fan = initializer->mode == ONESEED_KERAS_FAN_IN    ? fans.in
                       : initializer->mode == ONESEED_KERAS_FAN_OUT ? fans.out
                                                                    : (fans.in + fans.out) / 2;
    if (!(initializer->scale > 0))
        return ONESEED_KERAS_SCALE;
    const double scale = initializer->scale / (fan > 1 ? fan : 1);
    /* the deviation that a normal cut at two deviations has */
    const double of_truncated = 0.87962566103423978;
    switch (initializer->distribution) {
    case ONESEED_KERAS_SPREAD_TRUNCATED_NORMAL:
        return oneseed_keras_truncated_normal_fill(keras, seed, dtype, 0, sqrt(scale) / of_truncated, out, n);
    case ONESEED_KERAS_SPREAD_UNTRUNCATED_NORMAL:
        return oneseed_keras_normal_fill(keras, seed, dtype, 0, sqrt(scale), out, n);
    case ONESEED_KERAS_SPREAD_UNIFORM:
        return oneseed_keras_uniform_fill(keras, seed, dtype, -sqrt(3 * scale), sqrt(3 * scale), out, n);
    }
    return ONESEED_INVALID_STATE;
}

/* All dimensions but the last, and the last. */
struct flat {
    size_t n_rows, n_columns;
};

static struct flat flat_of(const int64_t *shape, int n_dims)
{
    return (struct flat){numel(shape, n_dims - 1), (size_t)shape[n_dims - 1]};
}

size_t oneseed_keras_initializer_work(const oneseed_keras_initializer *initializer, const int64_t *shape, int n_dims)
{
    if (initializer->kind != ONESEED_KERAS_ORTHOGONAL || n_dims < 2)
        return 0;
    const struct flat flat = flat_of(shape, n_dims);
    return numel(shape, n_dims) + 2 * (flat.n_rows < flat.n_columns ? flat.n_rows : flat.n_columns);
}

/* A normal matrix that is as tall as it can be; its Q, transposed for a wide one. */
static oneseed_status fill_orthogonal(const oneseed_keras *keras, double gain, const int64_t seed[2],
                                      oneseed_keras_dtype dtype, const int64_t *shape, int n_dims, double *work,
                                      void *out)
{
    if (n_dims < 2)
        return ONESEED_KERAS_ORTHOGONAL_DIMENSIONS;
    const struct flat flat = flat_of(shape, n_dims);
    const size_t n = flat.n_rows * flat.n_columns;
    const bool is_wide = flat.n_rows < flat.n_columns;
    const size_t tall = is_wide ? flat.n_columns : flat.n_rows, narrow = is_wide ? flat.n_rows : flat.n_columns;
    const oneseed_status status = oneseed_keras_normal_fill(keras, seed, dtype, 0, 1, out, n);
    if (status || n == 0)
        return status;
    for (size_t i = 0; i < n; i++)
        work[i] = keras_load(dtype, out, i);
    torch_orthogonalise(work, tall, narrow, narrow, 1, work + n);
    for (size_t i = 0; i < tall; i++)
        for (size_t k = 0; k < narrow; k++)
            keras_store(dtype, out, is_wide ? k * tall + i : i * narrow + k,
                        keras_round(dtype, work[i * narrow + k]) * gain);
    return ONESEED_OK;
}

static void fill_constant(oneseed_keras_initializer_kind kind, oneseed_keras_dtype dtype, void *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const bool is_forget = i >= n / 4 && i < n / 2;
        const bool is_one = kind == ONESEED_KERAS_ONES || (kind == ONESEED_KERAS_FORGET_BIAS && is_forget);
        keras_store(dtype, out, i, is_one ? 1 : 0);
    }
}

oneseed_status oneseed_keras_initializer_fill(const oneseed_keras *keras, const oneseed_keras_initializer *initializer,
                                              const int64_t seed[2], oneseed_keras_dtype dtype, const int64_t *shape,
                                              int n_dims, double *work, void *out)
{
    const size_t n = numel(shape, n_dims);
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    switch (initializer->kind) {
    case ONESEED_KERAS_ZEROS:
    case ONESEED_KERAS_ONES:
    case ONESEED_KERAS_FORGET_BIAS:
        fill_constant(initializer->kind, oneseed_keras_result_dtype(keras, dtype), out, n);
        return ONESEED_OK;
    case ONESEED_KERAS_RANDOM_NORMAL:
        return oneseed_keras_normal_fill(keras, seed, dtype, initializer->mean, initializer->stddev, out, n);
    case ONESEED_KERAS_RANDOM_UNIFORM:
        return oneseed_keras_uniform_fill(keras, seed, dtype, initializer->minval, initializer->maxval, out, n);
    case ONESEED_KERAS_TRUNCATED_NORMAL:
        return oneseed_keras_truncated_normal_fill(keras, seed, dtype, initializer->mean, initializer->stddev, out, n);
    case ONESEED_KERAS_ORTHOGONAL:
        return fill_orthogonal(keras, initializer->gain, seed, oneseed_keras_result_dtype(keras, dtype), shape, n_dims,
                               work, out);
    default:
        return fill_scaled(keras, initializer, seed, dtype, shape, n_dims, out, n);
    }
}
