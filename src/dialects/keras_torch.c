/* keras_torch.c - keras.random on the torch backend: a fresh generator for each call.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/torch/random.py of 3.0 to 3.15. */
#include "dialects/keras_torch.h"

#include "dialects/keras.h" /* keras_scale */

/* values * factor + summand. Beside tensors of the half types a factor stays a float, a summand is rounded to the dtype. */
static void scale(oneseed_keras_dtype dtype, double factor, double summand, void *values, size_t n)
{
    if (dtype != ONESEED_KERAS_FLOAT64)
        for (size_t i = 0; i < n; i++)
            keras_store(dtype, values, i, (double)((float)keras_load(dtype, values, i) * (float)factor));
    keras_scale(dtype, dtype == ONESEED_KERAS_FLOAT64 ? factor : 1, summand, values, n);
}

/* (maxval - minval) * rand + minval */
oneseed_status keras_torch_uniform(oneseed_torch *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n)
{
    const oneseed_status status = oneseed_torch_rand_fill(rng, keras_torch_dtype(dtype), out, n);
    if (status == ONESEED_OK)
        scale(dtype, maxval - minval, minval, out, n);
    return status;
}

oneseed_status keras_torch_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n)
{
    return oneseed_torch_normal_fill(rng, keras_torch_dtype(dtype), mean, stddev, out, n);
}

/* Of each four normals the first that is inside of -2 to 2, or the first of all. */
static void choose(oneseed_keras_dtype dtype, const void *normals, void *out, size_t begin, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < 4 && !(keras_load(dtype, normals, 4 * i + k) > -2 && keras_load(dtype, normals, 4 * i + k) < 2))
            k++;
        keras_store(dtype, out, begin + i, keras_load(dtype, normals, 4 * i + k % 4));
    }
}

/* One tensor of 4 n normals. torch makes them 16 by 16, and those at the end anew when they are less: a piece that is a
 * multiple of 16 can be drawn alone as long as 16 are left. */
oneseed_status keras_torch_truncated_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n)
{
    double normals[KERAS_PIECE + 16]; /* of any dtype */
    for (size_t i = 0; i < n;) {
        const size_t n_left = 4 * (n - i), n_now = n_left <= KERAS_PIECE + 16 ? n_left : KERAS_PIECE;
        const oneseed_status status = oneseed_torch_normal_fill(rng, keras_torch_dtype(dtype), 0, 1, normals, n_now);
        if (status)
            return status;
        choose(dtype, normals, out, i, n_now / 4);
        i += n_now / 4;
    }
    scale(dtype, stddev, mean, out, n);
    return ONESEED_OK;
}

oneseed_status keras_torch_randint(oneseed_torch *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n)
{
    return oneseed_torch_randint_fill(rng, keras_torch_dtype(dtype), minval, maxval, out, n);
}
