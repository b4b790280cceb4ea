/* torch_poisson.c - torch.poisson on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * native/Distributions.cpp, 1.13 to 2.13: always in double; built without fused operations. Below 10 the product of
 * uniforms, else transformed rejection (Hoermann 1993, PTRS). libm: exp, log, sqrt, lgamma. */
#include "dialects/torch.h" /* torch_f64, torch_load, torch_store_integer */

/* static_cast<int64_t>: what does not fit is the smallest integer, as x86 converts. */
static int64_t as_integer(double value)
{
    return value >= -0x1p63 && value < 0x1p63 ? (int64_t)value : INT64_MIN;
}

static int64_t by_product(oneseed_torch *state, double rate)
{
    const double limit = exp(-rate);
    double product = 1;
    for (int64_t count = 0;; count++) {
        product *= torch_f64(state);
        if (!(product > limit))
            return count;
    }
}

/* C leaves it open whether lgamma() writes the sign of the gamma function to a global variable; lgamma_r() does not. */
static double log_factorial(double k)
{
    int sign;
    return lgamma_r(k + 1, &sign);
}

static int64_t by_rejection(oneseed_torch *state, double rate)
{
    const double root = sqrt(rate);
    const double log_rate = log(rate);
    const double b = 0.931 + 2.53 * root;
    const double a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        const double u = torch_f64(state) - 0.5;
        const double v = torch_f64(state);
        const double us = 0.5 - fabs(u);
        const int64_t k = as_integer(floor((2 * a / us + b) * u + rate + 0.43));
        if (us >= 0.07 && v <= v_r)
            return k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        if (log(v) + log(inverse_alpha) - log(a / (us * us) + b) <=
            -rate + (double)k * log_rate - log_factorial((double)k))
            return k;
    }
}

static int64_t draw(oneseed_torch *state, double rate)
{
    if (rate >= 10)
        return by_rejection(state, rate);
    return rate == 0 ? 0 : by_product(state, rate);
}

oneseed_status oneseed_torch_poisson_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *rate, void *out,
                                          size_t n)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    for (size_t i = 0; i < n; i++)
        if (!(torch_load(dtype, rate, i) >= 0))
            return ONESEED_TORCH_POISSON_RATE;
    for (size_t i = 0; i < n; i++)
        torch_store_integer(dtype, out, i, draw(state, torch_load(dtype, rate, i)));
    return ONESEED_OK;
}
