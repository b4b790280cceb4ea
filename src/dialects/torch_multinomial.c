/* torch_multinomial.c - torch.multinomial on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * native/Distributions.cpp and native/cpu/MultinomialKernel.cpp, 1.13 to 2.13. Several draws with replacement look a
 * uniform up in the sums; else, and (since 2.0) for a single draw, each weight is divided by an exponential of its own, and
 * the largest quotients win. libm: log1p (log before 2.0), logf. */
#include <float.h> /* FLT_MIN */

#include "dialects/torch.h"      /* torch_f64, torch_load */
#include "dialects/torch_topk.h" /* torch_topk */

_Static_assert(sizeof(struct torch_ranked) == 16, "oneseed.h says that n_categories of 16 bytes are enough");

static double rounded(oneseed_torch_dtype dtype, double value)
{
    if (torch_is_half(dtype))
        return (double)torch_from_half(dtype, torch_to_half(dtype, (float)value));
    return dtype == ONESEED_TORCH_FLOAT32 ? (double)(float)value : value;
}

/* Values of half types are added as floats. */
static double rounded_sum(oneseed_torch_dtype dtype, double value)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? value : (double)(float)value;
}

static oneseed_status check_sums(oneseed_torch_dtype dtype, const void *weights, size_t n_rows, size_t n_categories)
{
    for (size_t row = 0; row < n_rows; row++) {
        double sum = 0;
        for (size_t i = 0; i < n_categories; i++) {
            const double weight = torch_load(dtype, weights, row * n_categories + i);
            if (!(weight >= 0))
                return ONESEED_TORCH_MULTINOMIAL_NEGATIVE;
            if (isinf(weight))
                return ONESEED_TORCH_MULTINOMIAL_NOT_FINITE;
            sum = rounded_sum(dtype, sum + weight);
        }
        if (!(sum > 0))
            return ONESEED_TORCH_MULTINOMIAL_SUM;
    }
    return ONESEED_OK;
}

oneseed_status torch_check_quotients(oneseed_torch_dtype dtype, const void *weights, size_t n_rows, size_t n_categories)
{
    bool has_empty_row = false;
    for (size_t row = 0; row < n_rows; row++) {
        bool is_empty = true;
        for (size_t i = 0; i < n_categories; i++) {
            const double weight = torch_load(dtype, weights, row * n_categories + i);
            if (!(weight >= 0) || isinf(weight))
                return ONESEED_TORCH_MULTINOMIAL_ENTRY;
            is_empty = is_empty && weight == 0;
        }
        has_empty_row = has_empty_row || is_empty;
    }
    return has_empty_row ? ONESEED_TORCH_MULTINOMIAL_SUM : ONESEED_OK;
}

/* The first category whose share of the sum is not below u. */
static int64_t look_up(const struct torch_ranked *shares, size_t n, double u)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (shares[middle].value < u)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low;
}

static void by_sums(oneseed_torch *state, oneseed_torch_dtype dtype, const void *weights, size_t first,
                    size_t n_categories, size_t n_samples, struct torch_ranked *shares, int64_t *out)
{
    double sum = 0;
    for (size_t i = 0; i < n_categories; i++) {
        sum = rounded_sum(dtype, sum + torch_load(dtype, weights, first + i));
        shares[i].value = sum;
    }
    for (size_t i = 0; i < n_categories; i++)
        shares[i].value = rounded_sum(dtype, shares[i].value / sum);
    shares[n_categories - 1].value = 1;
    for (size_t i = 0; i < n_samples; i++)
        out[i] = look_up(shares, n_categories, torch_f64(state));
}

static int64_t largest(const struct torch_ranked *quotients, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n && !isnan(quotients[best].value); i++)
        if (isnan(quotients[i].value) || quotients[i].value > quotients[best].value)
            best = i;
    return quotients[best].index;
}

void torch_quotients(oneseed_torch_dtype dtype, struct torch_ranked *quotients, size_t n_categories, size_t n_samples,
                     int64_t *out)
{
    for (size_t i = 0; i < n_categories; i++) {
        quotients[i].value = rounded(dtype, quotients[i].value);
        quotients[i].index = (int64_t)i;
    }
    if (n_samples == 1) {
        out[0] = largest(quotients, n_categories);
        return;
    }
    torch_topk(quotients, n_categories, n_samples);
    for (size_t i = 0; i < n_samples; i++)
        out[i] = quotients[i].index;
}

/* exponential_(1), one value after the other. Versions 2.0 to 2.6 with MKL take one word for a whole tensor and seed MCG31m1
 * with it; the logarithm there is MKL's, a few units in the last place of a float from ours. */
struct exponentials {
    bool is_mkl;
    uint64_t x;
};

static bool is_by_mkl(const oneseed_torch *state)
{
    return torch_version(state) >= 20000 && torch_version(state) < 20700 && state->has_mkl;
}

static struct exponentials start_exponentials(oneseed_torch *state)
{
    struct exponentials stream = {is_by_mkl(state), 0};
    if (stream.is_mkl)
        stream.x = torch_u32(state) % TORCH_MCG31_MODULUS;
    stream.x = stream.x ? stream.x : 1;
    return stream;
}

static double next_exponential(oneseed_torch *state, struct exponentials *stream)
{
    if (stream->is_mkl) {
        const float u = (float)stream->x * (float)(1.0 / 0x7fffffffp0);
        stream->x = stream->x * 1132489760u % TORCH_MCG31_MODULUS;
        return (double)(FLT_MIN - logf(u));
    }
    const double u = torch_f64(state);
    return -(torch_version(state) >= 20000 ? log1p(-u) : log(1 - u));
}

static void by_quotients(oneseed_torch *state, struct exponentials *stream, oneseed_torch_dtype dtype,
                         const void *weights, size_t first, size_t n_categories, size_t n_samples,
                         struct torch_ranked *quotients, int64_t *out)
{
    for (size_t i = 0; i < n_categories; i++) {
        const double exponential = next_exponential(state, stream);
        quotients[i].value = torch_load(dtype, weights, first + i) / rounded(dtype, exponential);
    }
    torch_quotients(dtype, quotients, n_categories, n_samples, out);
}

oneseed_status oneseed_torch_multinomial_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *weights,
                                              size_t n_rows, size_t n_categories, int64_t n_samples, int replacement,
                                              void *work, int64_t *out)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_MULTINOMIAL_DTYPE;
    if (n_samples <= 0)
        return ONESEED_TORCH_MULTINOMIAL_SAMPLES;
    if (!replacement && (uint64_t)n_samples > n_categories)
        return ONESEED_TORCH_MULTINOMIAL_WITHOUT;
    if (n_categories > (size_t)1 << 24)
        return ONESEED_TORCH_MULTINOMIAL_CATEGORIES;
    if (dtype == ONESEED_TORCH_FLOAT16 && torch_version(state) < 20200)
        return ONESEED_TORCH_MULTINOMIAL_HALF;
    /* A single sample is drawn as those without replacement are since 2.0; 1.13 looks it up. */
    const bool looks_up = replacement && (n_samples > 1 || torch_version(state) < 20000);
    if (!looks_up && is_by_mkl(state) && dtype != ONESEED_TORCH_FLOAT32)
        return ONESEED_TORCH_MKL;
    const oneseed_status status = looks_up ? check_sums(dtype, weights, n_rows, n_categories)
                                           : torch_check_quotients(dtype, weights, n_rows, n_categories);
    if (status || n_rows == 0 || n_categories == 0)
        return status;
    /* torch draws the exponentials of all rows first, in the order of the rows: the same stream. */
    struct exponentials stream = {false, 0};
    if (!looks_up)
        stream = start_exponentials(state);
    for (size_t row = 0; row < n_rows; row++) {
        const size_t first = row * n_categories;
        int64_t *const to = out + row * (size_t)n_samples;
        if (looks_up)
            by_sums(state, dtype, weights, first, n_categories, (size_t)n_samples, work, to);
        else
            by_quotients(state, &stream, dtype, weights, first, n_categories, (size_t)n_samples, work, to);
    }
    return ONESEED_OK;
}
