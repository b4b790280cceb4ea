/* keras_numpy_categorical.c - keras.random.categorical on the numpy backend: softmax, then Generator.choice.
 * SPDX-License-Identifier: MIT
 *
 * softmax is keras/src/backend/numpy/nn.py of 3.0 to 3.15. Its float32 exponential and its sum are NumPy's (1.26 to 2.5):
 * numpy/_core/src/umath/loops_exponent_log.dispatch.c.src for AVX2 and AVX-512. */
#include <math.h> /* exp, fmaf, ldexpf */

#include "dialects/keras.h" /* keras_load */
#include "dialects/keras_numpy.h"
#include "dialects/numpy_sum.h" /* numpy_sum_f32 */

/* exp of float32: Cody and Waite's reduction by ln 2 in two parts, a rational function, the power of two. */
static float exp_f32(float x)
{
    static const float p[] = {9.999999999980870924916e-01f, 7.257664613233124478488e-01f, 2.473615434895520810817e-01f,
                              5.114512081637298353406e-02f, 6.757896990527504603057e-03f, 5.082762527590693718096e-04f};
    static const float q[] = {1, -2.742335390411667452936e-01f, 2.159509375685829852307e-02f};
    if (x != x || x > 88.72283935546875f)
        return x != x ? x : INFINITY;
    if (x < -103.97208404541015625f)
        return 0;
    const float magic = 0x1.8p+23f;
    const float power = x * 0x1.715476p+0f + magic - magic;
    float r = fmaf(power, -0x1.62e4p-1f, x);
    r = fmaf(power, -0x1.7f7d1cp-20f, r);
    float numerator = p[5];
    for (int k = 4; k >= 0; k--)
        numerator = fmaf(numerator, r, p[k]);
    const float denominator = fmaf(fmaf(q[2], r, q[1]), r, q[0]);
    return ldexpf(numerator / denominator, (int)power);
}

/* exp(x - max(x)) / sum; float32 values are held in doubles. */
static void softmax(oneseed_keras_dtype dtype, const void *logits, size_t begin, size_t n, double *out)
{
    const bool is_float = dtype == ONESEED_KERAS_FLOAT32;
    double largest = keras_load(dtype, logits, begin);
    for (size_t i = 0; i < n; i++) {
        const double x = keras_load(dtype, logits, begin + i);
        largest = x > largest || x != x ? x : largest;
    }
    for (size_t i = 0; i < n; i++) {
        const double x = keras_load(dtype, logits, begin + i);
        out[i] = is_float ? (double)exp_f32((float)x - (float)largest) : exp(x - largest);
    }
    const double sum = is_float ? numpy_sum_f32(out, n) : numpy_sum_f64(out, n);
    for (size_t i = 0; i < n; i++)
        out[i] = is_float ? (double)((float)out[i] / (float)sum) : out[i] / sum;
}

oneseed_status keras_numpy_categorical(oneseed_numpy *rng, oneseed_keras_dtype dtype, const void *logits, size_t n_rows,
                                       size_t n_classes, double *space, int64_t *out, size_t n_samples)
{
    /* choice's tolerance: the root of the epsilon of the probabilities' type */
    const double tolerance = dtype == ONESEED_KERAS_FLOAT32 ? sqrt(0x1p-23) : 0;
    double *const p = space, *const work = space + n_classes;
    for (size_t row = 0; row < n_rows; row++) {
        if (n_classes == 0)
            return ONESEED_NUMPY_EMPTY_POPULATION;
        softmax(dtype, logits, row * n_classes, n_classes, p);
        const oneseed_status status =
            oneseed_numpy_choice_weighted_fill(rng, p, n_classes, tolerance, work, out + row * n_samples, n_samples);
        if (status)
            return status;
    }
    return ONESEED_OK;
}
