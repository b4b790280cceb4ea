/* torch_probabilities.c - what PyTorch's distributions over categories and coins draw from: probabilities of weights
 * and logits.
 * SPDX-License-Identifier: MIT
 *
 * probs / probs.sum(-1); softmax (native/cpu/SoftMaxKernel.cpp) of logits - logits.logsumexp(-1); sigmoid. libm: log,
 * exp, expf. */
#include "dialects/torch.h"           /* torch_load, torch_store */
#include "dialects/torch_math.h"      /* torch_vector_exp_f32 */
#include "dialects/torch_operation.h" /* torch_rounded, torch_lanes */
#include "dialects/torch_sum.h"       /* torch_sum_f32 */

oneseed_status oneseed_torch_normalize_fill(oneseed_torch_dtype dtype, const void *weights, size_t n_rows,
                                            size_t n_categories, void *out)
{
    const size_t row_bytes = n_categories * oneseed_torch_dtype_size(dtype);
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    for (size_t row = 0; row < n_rows; row++) {
        const char *const in = (const char *)weights + row * row_bytes;
        char *const to = (char *)out + row * row_bytes;
        const double sum = dtype == ONESEED_TORCH_FLOAT64
                               ? torch_sum_f64((const double *)(const void *)in, n_categories)
                               : (double)torch_sum_f32((const float *)(const void *)in, n_categories);
        for (size_t i = 0; i < n_categories; i++)
            torch_store(dtype, to, i, torch_load(dtype, in, i) / sum);
    }
    return ONESEED_OK;
}

/* vec::reduce_all with a sum: a vector's lanes, then the lanes from the first to the last; those of float in AVX
 * vectors as a tree. */
static double vector_sum(oneseed_torch *state, oneseed_torch_dtype dtype, const void *row, size_t n)
{
    enum { LANES_MAX = 16 };
    const bool is_tree = dtype == ONESEED_TORCH_FLOAT32 && torch_fuses(state);
    const size_t n_lanes = torch_lanes(state, dtype);
    double lanes[LANES_MAX] = {0};
    for (size_t i = 0; i < n && i < n_lanes; i++)
        lanes[i] = torch_load(dtype, row, i);
    for (size_t i = n_lanes; i < n; i++)
        lanes[i % n_lanes] = torch_rounded(dtype, lanes[i % n_lanes] + torch_load(dtype, row, i));
    if (n >= n_lanes && is_tree)
        for (size_t half = n_lanes / 2; half > 0; half /= 2)
            for (size_t i = 0; i < half; i++)
                lanes[i] = torch_rounded(dtype, lanes[i] + lanes[i + half]);
    else
        for (size_t i = 1; i < n && i < n_lanes; i++)
            lanes[0] = torch_rounded(dtype, lanes[0] + lanes[i]);
    return lanes[0];
}

static double largest_of(oneseed_torch_dtype dtype, const void *row, size_t n)
{
    double largest = -INFINITY;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, torch_load(dtype, row, i));
    return largest;
}

/* logits - logits.logsumexp(-1) */
static void subtract_logsumexp(oneseed_torch_dtype dtype, const void *logits, size_t n, void *out)
{
    double largest = largest_of(dtype, logits, n);
    largest = isinf(largest) ? 0 : largest;
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, torch_exp_of(dtype, torch_rounded(dtype, torch_load(dtype, logits, i) - largest)));
    const double sum = dtype == ONESEED_TORCH_FLOAT64 ? torch_sum_f64(out, n) : (double)torch_sum_f32(out, n);
    const double logsumexp = torch_rounded(dtype, torch_log_of(dtype, sum) + largest);
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, torch_load(dtype, logits, i) - logsumexp);
}

static double vector_exp(oneseed_torch *state, oneseed_torch_dtype dtype, double x)
{
    if (dtype == ONESEED_TORCH_FLOAT64)
        return torch_fuses(state) ? torch_vector_exp_f64(x) : exp(x);
    return (double)(torch_fuses(state) ? torch_vector_exp_f32 : expf)((float)x);
}

void torch_softmax_row(oneseed_torch *state, oneseed_torch_dtype dtype, const void *logits, size_t n, void *out)
{
    const double largest = largest_of(dtype, logits, n);
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i,
                    vector_exp(state, dtype, torch_rounded(dtype, torch_load(dtype, logits, i) - largest)));
    const double factor = torch_rounded(dtype, 1 / vector_sum(state, dtype, out, n));
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, torch_load(dtype, out, i) * factor);
}

oneseed_status oneseed_torch_softmax_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *logits,
                                          size_t n_rows, size_t n_categories, void *out_rows)
{
    const size_t n = n_categories, row_bytes = n * oneseed_torch_dtype_size(dtype);
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    for (size_t row = 0; row < n_rows; row++) {
        char *const out = (char *)out_rows + row * row_bytes;
        subtract_logsumexp(dtype, (const char *)logits + row * row_bytes, n, out);
        torch_softmax_row(state, dtype, out, n, out);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_torch_sigmoid_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *logits,
                                          void *out, size_t n)
{
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    const size_t n_two = 2 * torch_lanes(state, dtype);
    for (size_t i = 0; i < n; i++) {
        const double x = -torch_load(dtype, logits, i);
        const double libm = dtype == ONESEED_TORCH_FLOAT64 ? exp(x) : (double)expf((float)x);
        const double e = i < n - n % n_two ? vector_exp(state, dtype, x) : libm;
        torch_store(dtype, out, i, 1 / torch_rounded(dtype, 1 + e));
    }
    return ONESEED_OK;
}
