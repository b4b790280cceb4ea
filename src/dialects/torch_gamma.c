/* torch_gamma.c - torch._standard_gamma and torch._sample_dirichlet on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * native/Distributions.h and .cpp, 1.13 to 2.13: Marsaglia and Tsang (2000), the constants those of float, nothing
 * fused. libm: pow, log, sqrt, and those of the scalar normal. */
#include <float.h> /* FLT_MIN, DBL_MIN */

#include "dialects/torch.h"     /* torch_f64, torch_normal */
#include "dialects/torch_sum.h" /* torch_sum_f64 */

/* d, of the boosted alpha; 1/3 and 1/alpha are computed in the dtype. */
static double draw(oneseed_torch *state, double scale, double d)
{
    const double c = 1 / sqrt(9 * d);
    for (;;) {
        double x, y;
        do {
            x = torch_normal(state);
            y = 1 + c * x;
        } while (y <= 0);
        const double v = y * y * y;
        const double u = 1 - torch_f64(state);
        const double xx = x * x;
        if (u < 1 - (double)0.0331f * xx * xx)
            return scale * d * v;
        if (log(u) < 0.5 * xx + d * (1 - v + log(v)))
            return scale * d * v;
    }
}

static double gamma_f64(oneseed_torch *state, double alpha)
{
    double scale = 1;
    if (alpha < 1) {
        if (alpha == 0)
            return 0;
        scale = pow(1 - torch_f64(state), 1 / alpha);
        alpha += 1;
    }
    return draw(state, scale, alpha - (double)(1.0f / 3.0f));
}

static float gamma_f32(oneseed_torch *state, float alpha)
{
    double scale = 1;
    if (alpha < 1) {
        if (alpha == 0)
            return 0;
        scale = pow(1 - torch_f64(state), (double)(1 / alpha));
        alpha += 1;
    }
    return (float)draw(state, scale, (double)(alpha - 1.0f / 3.0f));
}

/* std::max(least, value): of a NaN the least. */
static float at_least_f32(float least, float value)
{
    return least < value ? value : least;
}

static double at_least_f64(double least, double value)
{
    return least < value ? value : least;
}

/* With a negative d, or a NaN, no proposal is ever accepted. */
static bool returns(oneseed_torch_dtype dtype, const void *alpha, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const double a = torch_load(dtype, alpha, i);
        if (!((a < 1 ? a + 1 : a) - (double)(1.0f / 3.0f) >= 0))
            return false;
    }
    return true;
}

oneseed_status oneseed_torch_standard_gamma_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *alpha,
                                                 void *out, size_t n)
{
    const float *alpha_f32 = alpha;
    const double *alpha_f64 = alpha;
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    if (!returns(dtype, alpha, n))
        return ONESEED_TORCH_GAMMA_ENDLESS;
    for (size_t i = 0; i < n; i++)
        if (dtype == ONESEED_TORCH_FLOAT32)
            ((float *)out)[i] = at_least_f32(FLT_MIN, gamma_f32(state, alpha_f32[i]));
        else
            ((double *)out)[i] = at_least_f64(DBL_MIN, gamma_f64(state, alpha_f64[i]));
    return ONESEED_OK;
}

oneseed_status oneseed_torch_dirichlet_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *alpha,
                                            size_t n_rows, size_t n_categories, double *work, void *out)
{
    const size_t n = n_rows * n_categories;
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    if (!returns(dtype, alpha, n))
        return ONESEED_TORCH_GAMMA_ENDLESS;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t i = 0; i < n_categories; i++) {
            double value = gamma_f64(state, torch_load(dtype, alpha, row * n_categories + i));
            work[i] = at_least_f64(DBL_MIN, value);
        }
        const double sum = torch_sum_f64(work, n_categories);
        for (size_t i = 0; i < n_categories; i++) {
            const double part = work[i] / sum;
            const size_t at = row * n_categories + i;
            if (dtype == ONESEED_TORCH_FLOAT32) {
                const float value = at_least_f32(FLT_MIN, (float)part), most = 1 - FLT_EPSILON / 2;
                ((float *)out)[at] = value < most ? value : most;
            } else {
                const double value = at_least_f64(DBL_MIN, part), most = 1 - DBL_EPSILON / 2;
                ((double *)out)[at] = value < most ? value : most;
            }
        }
    }
    return ONESEED_OK;
}
