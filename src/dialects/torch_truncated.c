/* torch_truncated.c - torch.nn.init.trunc_normal_ on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * torch/nn/init.py. Since 2.12 by rejection, whole tensors at a time: normals where more than 0.3 of them are inside,
 * else uniforms that are kept with the density's probability. Before, the inverse of the distribution's function at
 * uniforms. libm: erf, log, and those of the normals and of erfinv. */
#include "dialects/torch.h"      /* torch_load, torch_store */
#include "dialects/torch_math.h" /* torch_erfinv_f64 */

struct truncated {
    double mean, std, a, b;
};

/* What an operation leaves in a tensor's memory. */
static double rounded(oneseed_torch_dtype dtype, double value)
{
    if (dtype == ONESEED_TORCH_FLOAT64)
        return value;
    if (dtype == ONESEED_TORCH_FLOAT32)
        return (double)(float)value;
    return (double)torch_from_half(dtype, torch_to_half(dtype, (float)value));
}

/* A Python number as a factor or divisor; half types are multiplied and divided as floats. In a sum it is rounded to
 * the dtype. */
static double factor_of(oneseed_torch_dtype dtype, double value)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? value : (double)(float)value;
}

static double normal_cdf(double x)
{
    return (1.0 + erf(x / sqrt(2.0))) / 2.0;
}

/* By normals: those outside are drawn again, in a tensor of which only their places are used. */
static oneseed_status by_normals(oneseed_torch *state, oneseed_torch_dtype dtype, const struct truncated *of,
                                 void *work, void *out, size_t n)
{
    const double low = rounded(dtype, of->a), high = rounded(dtype, of->b);
    oneseed_status status = oneseed_torch_normal_fill(state, dtype, of->mean, of->std, out, n);
    bool is_done = false;
    while (!status && !is_done) {
        is_done = true;
        for (size_t i = 0; i < n && is_done; i++)
            is_done = !(torch_load(dtype, out, i) < low || torch_load(dtype, out, i) > high);
        if (is_done)
            break;
        status = oneseed_torch_normal_fill(state, dtype, of->mean, of->std, work, n);
        for (size_t i = 0; i < n; i++)
            if (torch_load(dtype, out, i) < low || torch_load(dtype, out, i) > high)
                torch_store(dtype, out, i, torch_load(dtype, work, i));
    }
    return status;
}

/* The logarithm of the density at x over that at the mode, operation by operation. */
static double log_density(oneseed_torch_dtype dtype, const struct truncated *of, double log_peak, double x)
{
    x = rounded(dtype, x - rounded(dtype, of->mean));
    x = rounded(dtype, x / factor_of(dtype, of->std));
    x = rounded(dtype, x * x);
    x = rounded(dtype, x * -0.5);
    return rounded(dtype, x - rounded(dtype, log_peak));
}

static double log_of(oneseed_torch_dtype dtype, double u)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? log(u) : rounded(dtype, (double)torch_log_f32((float)u));
}

static oneseed_status by_uniforms(oneseed_torch *state, oneseed_torch_dtype dtype, const struct truncated *of,
                                  void *work, void *out, size_t n)
{
    const double nearest = of->b < of->mean ? of->b : of->mean;
    const double mode = nearest > of->a ? nearest : of->a;
    const double distance = (mode - of->mean) / of->std;
    volatile double two = 2; /* Python's ** is libm's pow(), which the compiler would take for a product */
    const double log_peak = -0.5 * pow(distance, two);
    char *const candidates = work, *const chances = candidates + n * oneseed_torch_dtype_size(dtype);
    unsigned char *const pending = (unsigned char *)chances + n * oneseed_torch_dtype_size(dtype);
    size_t n_pending = n;
    memset(pending, 1, n);
    do {
        oneseed_status status = oneseed_torch_uniform_fill(state, dtype, of->a, of->b, candidates, n);
        if (status)
            return status;
        status = oneseed_torch_uniform_fill(state, dtype, 0, 1, chances, n);
        if (status)
            return status;
        for (size_t i = 0; i < n; i++) {
            if (!pending[i])
                continue;
            const double x = torch_load(dtype, candidates, i);
            torch_store(dtype, out, i, x);
            pending[i] = log_of(dtype, torch_load(dtype, chances, i)) > log_density(dtype, of, log_peak, x);
            n_pending -= !pending[i];
        }
    } while (n_pending);
    return ONESEED_OK;
}

static double inverse(oneseed_torch *state, oneseed_torch_dtype dtype, double y)
{
    if (dtype == ONESEED_TORCH_FLOAT64)
        return torch_erfinv_f64(torch_fuses(state), y);
    if (dtype == ONESEED_TORCH_FLOAT32 && state->has_mkl)
        return (double)(float)torch_erfinv_f64(true, y);
    return rounded(dtype, (double)torch_erfinv_f32(torch_fuses(state), (float)y));
}

static oneseed_status by_inverse(oneseed_torch *state, oneseed_torch_dtype dtype, const struct truncated *of,
                                 double below_a, double below_b, void *out, size_t n)
{
    const double factor = factor_of(dtype, of->std * sqrt(2.0)), mean = rounded(dtype, of->mean);
    const double low = rounded(dtype, of->a), high = rounded(dtype, of->b);
    oneseed_status status = oneseed_torch_uniform_fill(state, dtype, 2 * below_a - 1, 2 * below_b - 1, out, n);
    for (size_t i = 0; !status && i < n; i++) {
        double x = inverse(state, dtype, torch_load(dtype, out, i));
        x = rounded(dtype, x * factor);
        x = rounded(dtype, x + mean);
        x = x < low ? low : x;
        torch_store(dtype, out, i, x > high ? high : x);
    }
    return status;
}

oneseed_status oneseed_torch_trunc_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean, double std,
                                               double a, double b, void *work, void *out, size_t n)
{
    const struct truncated of = {mean, std, a, b};
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    if (std == 0)
        return ONESEED_TORCH_FAN_ZERO;
    const double below_a = normal_cdf((a - mean) / std), below_b = normal_cdf((b - mean) / std);
    if (torch_version(state) < 21200)
        return by_inverse(state, dtype, &of, below_a, below_b, out, n);
    if (below_b - below_a > 0.3)
        return by_normals(state, dtype, &of, work, out, n);
    return by_uniforms(state, dtype, &of, work, out, n);
}
