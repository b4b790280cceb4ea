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

/* Parameters are checked before the first draw; a call of no values does that. */
oneseed_status keras_numpy_gamma(oneseed_numpy *rng, oneseed_keras_dtype dtype, struct keras_parameter alpha, void *out,
                                 size_t n)
{
    for (size_t i = 0; i < alpha.n; i++) {
        const oneseed_status status = oneseed_numpy_gamma_fill(rng, alpha.values[i], 1, NULL, 0);
        if (status)
            return status;
    }
    for (size_t i = 0; i < n; i++)
        keras_store(dtype, out, i, oneseed_numpy_gamma(rng, keras_parameter_at(alpha, i), 1));
    return ONESEED_OK;
}

oneseed_status keras_numpy_beta(oneseed_numpy *rng, oneseed_keras_dtype dtype, struct keras_parameter alpha,
                                struct keras_parameter beta, void *out, size_t n)
{
    for (size_t i = 0; i < alpha.n; i++)
        if (oneseed_numpy_beta_fill(rng, alpha.values[i], 1, NULL, 0))
            return oneseed_numpy_beta_fill(rng, alpha.values[i], 1, NULL, 0);
    for (size_t i = 0; i < beta.n; i++)
        if (oneseed_numpy_beta_fill(rng, 1, beta.values[i], NULL, 0))
            return oneseed_numpy_beta_fill(rng, 1, beta.values[i], NULL, 0);
    for (size_t i = 0; i < n; i++)
        keras_store(dtype, out, i, oneseed_numpy_beta(rng, keras_parameter_at(alpha, i), keras_parameter_at(beta, i)));
    return ONESEED_OK;
}

oneseed_status keras_numpy_binomial(oneseed_numpy *rng, oneseed_keras_dtype dtype, struct keras_parameter counts,
                                    struct keras_parameter probabilities, void *out, size_t n)
{
    for (size_t i = 0; i < probabilities.n; i++)
        if (oneseed_numpy_binomial_fill(rng, 1, probabilities.values[i], NULL, 0))
            return oneseed_numpy_binomial_fill(rng, 1, probabilities.values[i], NULL, 0);
    for (size_t i = 0; i < counts.n; i++)
        if (!(counts.values[i] >= 0 && counts.values[i] < 0x1p63))
            return ONESEED_NUMPY_N_NEGATIVE;
    for (size_t i = 0; i < n; i++) {
        const int64_t count = (int64_t)keras_parameter_at(counts, i);
        keras_store(dtype, out, i, (double)oneseed_numpy_binomial(rng, count, keras_parameter_at(probabilities, i)));
    }
    return ONESEED_OK;
}

void keras_numpy_keep(oneseed_numpy *rng, double rate, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = oneseed_numpy_random(rng) < 1 - rate;
}

/* Generator.permuted of the places in each line. */
void keras_numpy_shuffle(oneseed_numpy *rng, size_t n_outer, size_t n, size_t n_inner, uint32_t *out)
{
    for (size_t k = 0; k < n_outer * n * n_inner; k++)
        out[k] = (uint32_t)(k / n_inner % n);
    oneseed_numpy_permuted(rng, out, n_outer, n, n_inner, sizeof *out);
}
