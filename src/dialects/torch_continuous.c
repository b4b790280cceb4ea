/* torch_continuous.c - exponential_, geometric_, cauchy_ and log_normal_ on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * native/cpu/DistributionTemplates.h and core/TransformationHelper.h: one double for each element whatever the dtype,
 * rounded at the end. libm: log, log1p, tan, exp, and those of the scalar normal. */
#include "dialects/torch.h" /* torch_f64, torch_store */

/* Since 2.0 log1p(-x) stands where log(1 - x) stood. */
static bool has_log1p(const oneseed_torch *state)
{
    return torch_version(state) >= 20000;
}

static double log_of_rest(bool by_log1p, double x)
{
    return by_log1p ? log1p(-x) : log(1 - x);
}

oneseed_status oneseed_torch_exponential_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double lambda, void *out,
                                              size_t n)
{
    if (!(lambda > 0))
        return ONESEED_TORCH_EXPONENTIAL_LAMBDA;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_EXPONENTIAL_DTYPE;
    if (torch_version(state) >= 20000 && torch_version(state) < 20700 && state->has_mkl)
        return ONESEED_TORCH_MKL;
    const bool by_log1p = has_log1p(state);
    const double factor = -1.0 / lambda;
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, factor * log_of_rest(by_log1p, torch_f64(state)));
    return ONESEED_OK;
}

/* static_cast<T>(double) on x86: by way of 32 bits where T is not longer; what does not fit is the smallest integer. */
static int64_t as_integer(oneseed_torch_dtype dtype, double value)
{
    if (dtype == ONESEED_TORCH_INT64)
        return value >= -0x1p63 && value < 0x1p63 ? (int64_t)value : INT64_MIN;
    return value > -0x1p31 && value < 0x1p31 ? (int64_t)value : INT32_MIN;
}

oneseed_status oneseed_torch_geometric_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p, void *out,
                                            size_t n)
{
    if (!(p > 0 && p < 1))
        return ONESEED_TORCH_GEOMETRIC_P;
    if (dtype >= ONESEED_TORCH_BOOL)
        return ONESEED_TORCH_DTYPE;
    const double denominator = log_of_rest(has_log1p(state), p);
    for (size_t i = 0; i < n; i++) {
        const double value = ceil(log(torch_f64(state)) / denominator);
        if (torch_is_floating(dtype))
            torch_store(dtype, out, i, value);
        else
            torch_store_integer(dtype, out, i, as_integer(dtype, value));
    }
    return ONESEED_OK;
}

oneseed_status oneseed_torch_cauchy_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double median, double sigma,
                                         void *out, size_t n)
{
    if (!(sigma > 0))
        return ONESEED_TORCH_CAUCHY_SIGMA;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_CAUCHY_DTYPE;
    const bool fuses = torch_fuses(state);
    for (size_t i = 0; i < n; i++) {
        double tangent = tan(3.14159265358979323846 * (torch_f64(state) - 0.5));
        torch_store(dtype, out, i, torch_fma(fuses, sigma, tangent, median));
    }
    return ONESEED_OK;
}

oneseed_status oneseed_torch_log_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean, double std,
                                             void *out, size_t n)
{
    if (!(std > 0))
        return ONESEED_TORCH_LOG_NORMAL_STD;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    const bool fuses = torch_fuses(state);
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, exp(torch_fma(fuses, torch_normal(state), std, mean)));
    return ONESEED_OK;
}
