/* torch_cuda_continuous.c - exponential_, geometric_, cauchy_ and log_normal_ on CUDA, and multinomial by exponentials.
 * SPDX-License-Identifier: MIT
 *
 * native/cuda/DistributionTemplates.h and core/TransformationHelper.h: floats take the GPU's fast functions (ATen/NumericUtils.h), modelled
 * here; doubles take CUDA's own. */
#include "dialects/torch_cuda.h"
#include "dialects/torch_cuda_math.h" /* torch_cuda_fast_logf, torch_cuda_log */
#include "dialects/torch_topk.h"      /* torch_quotients */

struct call {
    oneseed_torch_dtype dtype;
    float a, b; /* the two parameters, in the order of the method's */
    double a_f64, b_f64;
    void *out;
    float (*value)(const struct call *call, float x);
    double (*value_f64)(const struct call *call, double x);
};

/* static_cast<T>(value) on the GPU: what does not fit 32 bits (64 for int64) is the nearest that does, then the low bits. */
static int64_t as_integer(oneseed_torch_dtype dtype, double value)
{
    double lowest = -0x1p31, highest = 0x1p31 - 1;
    if (dtype == ONESEED_TORCH_INT64)
        return value >= 0x1p63 ? INT64_MAX : value < -0x1p63 ? INT64_MIN : (int64_t)value;
    if (dtype == ONESEED_TORCH_UINT8) {
        lowest = 0;
        highest = 0x1p32 - 1;
    }
    return (int64_t)(value < lowest ? lowest : value > highest ? highest : value);
}

static void store(const struct call *call, size_t i, double value)
{
    if (torch_is_floating(call->dtype))
        torch_store(call->dtype, call->out, i, value);
    else
        torch_store_integer(call->dtype, call->out, i, as_integer(call->dtype, value));
}

static void put_of_uniform(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    for (unsigned i = 0; i < n_valid; i++)
        store(call, index + i * stride, (double)call->value(call, torch_cuda_f32(words[i])));
}

static void put_of_uniform_f64(const void *context, const uint32_t words[4], size_t index, size_t stride,
                               unsigned n_valid)
{
    const struct call *call = context;
    for (unsigned i = 0; i < n_valid; i++)
        store(call, index + i * stride, call->value_f64(call, torch_cuda_f64(words[2 * i], words[2 * i + 1])));
}

static void put_of_normal(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    float normals[4];
    torch_cuda_normals_f32(words, normals);
    for (unsigned i = 0; i < n_valid; i++)
        store(call, index + i * stride, (double)call->value(call, normals[i]));
}

static void put_of_normal_f64(const void *context, const uint32_t words[4], size_t index, size_t stride,
                              unsigned n_valid)
{
    const struct call *call = context;
    double normals[2];
    torch_cuda_normals_f64(words, normals);
    for (unsigned i = 0; i < n_valid; i++)
        store(call, index + i * stride, call->value_f64(call, normals[i]));
}

static oneseed_status draw(oneseed_torch_cuda *state, const struct call *call, size_t n, torch_cuda_put *put,
                           torch_cuda_put *put_f64)
{
    oneseed_status status = torch_cuda_check(state, n);
    if (status != ONESEED_OK)
        return status;
    if (call->dtype == ONESEED_TORCH_FLOAT64)
        torch_cuda_draw(state, 2, sizeof(double), n, put_f64, call);
    else
        torch_cuda_draw(state, 4, oneseed_torch_dtype_size(call->dtype), n, put, call);
    return ONESEED_OK;
}

/* ---- exponential_ ---- */

/* A uniform of 1, or the float before it, would give 0. */
static float exponential(const struct call *call, float u)
{
    float logarithm = u >= 1.0f - 0x1p-24f ? -0x1p-24f : torch_cuda_fast_logf(u);
    return -1.0f / call->a * logarithm;
}

static double exponential_f64(const struct call *call, double u)
{
    double logarithm = u >= 1.0 - 0x1p-53 ? -0x1p-53 : torch_cuda_log(u);
    return -1.0 / call->a_f64 * logarithm;
}

oneseed_status oneseed_torch_cuda_exponential_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double lambda,
                                                   void *out, size_t n)
{
    if (!(lambda > 0))
        return ONESEED_TORCH_EXPONENTIAL_LAMBDA;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_EXPONENTIAL_DTYPE;
    const struct call call = {dtype, (float)lambda, 0, lambda, 0, out, exponential, exponential_f64};
    return draw(state, &call, n, put_of_uniform, put_of_uniform_f64);
}

/* native/Distributions.cpp, the same as on the CPU: one sample, or samples without replacement. */
oneseed_status oneseed_torch_cuda_multinomial_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                   const void *weights, size_t n_rows, size_t n_categories,
                                                   int64_t n_samples, int replacement, void *exponentials, void *work,
                                                   int64_t *out)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_MULTINOMIAL_DTYPE;
    if (n_samples <= 0)
        return ONESEED_TORCH_MULTINOMIAL_SAMPLES;
    if (!replacement && (uint64_t)n_samples > n_categories)
        return ONESEED_TORCH_MULTINOMIAL_WITHOUT;
    if (n_categories > (size_t)1 << 24)
        return ONESEED_TORCH_MULTINOMIAL_CATEGORIES;
    if (replacement && n_samples > 1)
        return ONESEED_TORCH_CUDA_MULTINOMIAL;
    oneseed_status status = torch_check_quotients(dtype, weights, n_rows, n_categories);
    if (status != ONESEED_OK || n_rows == 0 || n_categories == 0)
        return status;
    status = oneseed_torch_cuda_exponential_fill(state, dtype, 1, exponentials, n_rows * n_categories);
    for (size_t row = 0; status == ONESEED_OK && row < n_rows; row++) {
        struct torch_ranked *quotients = work;
        for (size_t i = 0; i < n_categories; i++)
            quotients[i].value = torch_load(dtype, weights, row * n_categories + i) /
                                 torch_load(dtype, exponentials, row * n_categories + i);
        torch_quotients(dtype, quotients, n_categories, (size_t)n_samples, out + row * (size_t)n_samples);
    }
    return status;
}

/* ---- geometric_ ---- */

static float geometric(const struct call *call, float u)
{
    return ceilf(torch_cuda_fast_logf(u) / torch_cuda_fast_logf(1.0f - call->a));
}

static double geometric_f64(const struct call *call, double u)
{
    return ceil(torch_cuda_log(u) / torch_cuda_log1p(-call->a_f64));
}

oneseed_status oneseed_torch_cuda_geometric_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double p,
                                                 void *out, size_t n)
{
    if (!(p > 0 && p < 1))
        return ONESEED_TORCH_GEOMETRIC_P;
    if (dtype >= ONESEED_TORCH_BOOL)
        return ONESEED_TORCH_DTYPE;
    const struct call call = {dtype, (float)p, 0, p, 0, out, geometric, geometric_f64};
    return draw(state, &call, n, put_of_uniform, put_of_uniform_f64);
}

/* ---- cauchy_ ---- */

static float cauchy(const struct call *call, float u)
{
    const float low = 0x1p-23f, high = 1.0f - 0x1p-23f;
    u = u > high ? high : u;
    u = u < low ? low : u;
    return fmaf(torch_cuda_fast_tanf(0x1.921fb6p+1f * (u - 0.5f)), call->b, call->a);
}

static double cauchy_f64(const struct call *call, double u)
{
    return fma(torch_cuda_tan(0x1.921fb54442d18p+1 * (u - 0.5)), call->b_f64, call->a_f64);
}

oneseed_status oneseed_torch_cuda_cauchy_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double median,
                                              double sigma, void *out, size_t n)
{
    if (!(sigma > 0))
        return ONESEED_TORCH_CAUCHY_SIGMA;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_CAUCHY_DTYPE;
    const struct call call = {dtype, (float)median, (float)sigma, median, sigma, out, cauchy, cauchy_f64};
    return draw(state, &call, n, put_of_uniform, put_of_uniform_f64);
}

/* ---- log_normal_ ---- */

static float log_normal(const struct call *call, float z)
{
    return torch_cuda_fast_expf(fmaf(z, call->b, call->a));
}

static double log_normal_f64(const struct call *call, double z)
{
    return torch_cuda_exp(fma(z, call->b_f64, call->a_f64));
}

oneseed_status oneseed_torch_cuda_log_normal_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double mean,
                                                  double std, void *out, size_t n)
{
    if (!(std > 0))
        return ONESEED_TORCH_LOG_NORMAL_STD;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    const struct call call = {dtype, (float)mean, (float)std, mean, std, out, log_normal, log_normal_f64};
    return draw(state, &call, n, put_of_normal, put_of_normal_f64);
}
