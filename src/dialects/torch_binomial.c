/* torch_binomial.c - torch.binomial on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * native/Distributions.h, 1.13 to 2.13 (after TensorFlow's): inversion by a sum of geometric waiting times below a
 * mean of 10, else transformed rejection (Hoermann 1993, BTRS). What upstream computes in the dtype of the tensors is
 * rounded to it here, the rest is double; nothing is fused. libm: log, log1p, log1pf, sqrt. */
#include "dialects/torch.h"           /* torch_f64, torch_load, torch_store */
#include "dialects/torch_operation.h" /* torch_rounded */

static double tail(double k)
{
    static const double small[] = {
        0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
        0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287,
    };
    if (k < 10)
        return small[k > 0 ? (size_t)k : 0];
    const double square = (k + 1) * (k + 1);
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

static double by_inversion(oneseed_torch *state, oneseed_torch_dtype dtype, double count, double p)
{
    const double log_q = dtype == ONESEED_TORCH_FLOAT32 ? (double)log1pf(-(float)p) : log1p(-p);
    double sum = 0;
    for (double n_successes = 0;; n_successes = torch_rounded(dtype, n_successes + 1)) {
        sum += ceil(log(torch_f64(state)) / log_q);
        if (sum > count)
            return n_successes;
    }
}

static double by_rejection(oneseed_torch *state, oneseed_torch_dtype dtype, double count, double p)
{
    const double q = torch_rounded(dtype, 1 - p);
    const double mean = torch_rounded(dtype, count * p);
    const double deviation = torch_rounded(dtype, sqrt(torch_rounded(dtype, mean * q)));
    const double b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double c = mean + 0.5;
    const double v_r = 0.92 - 4.2 / b;
    const double r = torch_rounded(dtype, p / q);
    const double alpha = (2.83 + 5.1 / b) * deviation;
    const double count_1 = torch_rounded(dtype, count + 1);
    const double m = floor(torch_rounded(dtype, count_1 * p));
    for (;;) {
        const double u = torch_f64(state) - 0.5;
        const double v = torch_f64(state);
        const double us = 0.5 - fabs(u);
        const double k = torch_rounded(dtype, floor((2 * a / us + b) * u + c));
        if (k < 0 || k > count)
            continue;
        if (us >= 0.07 && v <= v_r)
            return k;
        const double rest = torch_rounded(dtype, count - k);
        const double rest_1 = torch_rounded(dtype, rest + 1);
        const double bound = (m + 0.5) * log((m + 1) / (r * (count - m + 1))) +
                             count_1 * log((count - m + 1) / rest_1) +
                             (k + 0.5) * log(r * rest_1 / torch_rounded(dtype, k + 1)) + tail(m) + tail(count - m) -
                             tail(k) - tail(rest);
        if (log(v * alpha / (a / (us * us) + b)) <= bound)
            return k;
    }
}

static double of_small_p(oneseed_torch *state, oneseed_torch_dtype dtype, double count, double p)
{
    return torch_rounded(dtype, count * p) >= 10 ? by_rejection(state, dtype, count, p)
                                                 : by_inversion(state, dtype, count, p);
}

static double draw(oneseed_torch *state, oneseed_torch_dtype dtype, double count, double p)
{
    if (count <= 0 || p <= 0)
        return 0;
    if (p >= 1)
        return count;
    if (p <= 0.5)
        return of_small_p(state, dtype, count, p);
    if (p > 0.5)
        return count - of_small_p(state, dtype, count, torch_rounded(dtype, 1 - p));
    return NAN;
}

oneseed_status oneseed_torch_binomial_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *count,
                                           const void *p, void *out, size_t n)
{
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    for (size_t i = 0; i < n; i++) {
        double c = torch_load(dtype, count, i), one_p = torch_load(dtype, p, i);
        if (isnan(c) && one_p > 0 && one_p < 1)
            return ONESEED_TORCH_BINOMIAL_ENDLESS;
    }
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, draw(state, dtype, torch_load(dtype, count, i), torch_load(dtype, p, i)));
    return ONESEED_OK;
}
