/* keras_numpy.c - keras.random on the numpy backend: a Generator's doubles, cast to the dtype.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/numpy/random.py of 3.0 to 3.15. */
#include "dialects/keras_numpy.h"

#include "dialects/keras.h" /* keras_store */

static void store(oneseed_keras_dtype dtype, const double *values, void *out, size_t begin, size_t n)
{
    for (size_t i = 0; i < n; i++)
        keras_store(dtype, out, begin + i, values[i]);
}

/* uniform and normal are calls with two parameters; the first piece is made even when it is empty, for its refusals. */
static oneseed_status cast_fill(oneseed_status (*fill)(oneseed_numpy *, double, double, double *, size_t),
                                oneseed_numpy *rng, oneseed_keras_dtype dtype, double a, double b, void *out, size_t n)
{
    double values[KERAS_PIECE];
    size_t i = 0;
    do {
        const size_t n_now = n - i < KERAS_PIECE ? n - i : KERAS_PIECE;
        const oneseed_status status = fill(rng, a, b, values, n_now);
        if (status)
            return status;
        store(dtype, values, out, i, n_now);
        i += n_now;
    } while (i < n);
    return ONESEED_OK;
}

oneseed_status keras_numpy_uniform(oneseed_numpy *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n)
{
    return cast_fill(oneseed_numpy_uniform_fill, rng, dtype, minval, maxval, out, n);
}

oneseed_status keras_numpy_normal(oneseed_numpy *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n)
{
    return cast_fill(oneseed_numpy_normal_fill, rng, dtype, mean, stddev, out, n);
}

/* Keras draws batches of n and keeps what lies in the bounds until there are n: the normals one after the other. */
oneseed_status keras_numpy_truncated_normal(oneseed_numpy *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n)
{
    const double low = mean - 2 * stddev, high = mean + 2 * stddev;
    double values[KERAS_PIECE];
    if (n > 0 && !(low <= high)) /* a NaN among them is in no bounds */
        return stddev < 0 ? ONESEED_NUMPY_SCALE_NEGATIVE : ONESEED_NUMPY_ENDLESS;
    for (size_t i = 0; i < n;) {
        const oneseed_status status = oneseed_numpy_normal_fill(rng, mean, stddev, values, KERAS_PIECE);
        if (status)
            return status;
        for (size_t k = 0; k < KERAS_PIECE && i < n; k++)
            if (values[k] >= low && values[k] <= high)
                keras_store(dtype, out, i++, values[k]);
    }
    return ONESEED_OK;
}

oneseed_status keras_numpy_randint(oneseed_numpy *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n)
{
    static const oneseed_numpy_dtype dtypes[] = {ONESEED_NUMPY_INT8,   ONESEED_NUMPY_INT16, ONESEED_NUMPY_INT32,
                                                 ONESEED_NUMPY_INT64,  ONESEED_NUMPY_UINT8, ONESEED_NUMPY_UINT16,
                                                 ONESEED_NUMPY_UINT32, ONESEED_NUMPY_UINT64};
    if (n > 0 && maxval == INT64_MIN) /* it has no predecessor */
        return ONESEED_NUMPY_EMPTY_RANGE;
    return oneseed_numpy_integers_dtype_fill(rng, dtypes[dtype - ONESEED_KERAS_INT8], (uint64_t)minval,
                                             (uint64_t)maxval - 1, out, n);
}
