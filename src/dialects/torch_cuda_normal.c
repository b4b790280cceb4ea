/* torch_cuda_normal.c - torch.randn and normal_ on CUDA.
 * SPDX-License-Identifier: MIT
 *
 * curand_normal4() and curand_normal2_double() (curand_normal.h) under normal_kernel() of native/cuda/DistributionTemplates.h: Box and Muller,
 * the sine before the cosine. Floats take the sine and cosine of the GPU's special function unit. */
#include "dialects/torch_cuda.h"
#include "dialects/torch_cuda_math.h" /* torch_cuda_logf */

static void pair_f32(const uint32_t words[2], float out[2])
{
    float u = torch_cuda_f32(words[0]), v = fmaf((float)words[1], 0x1.921fb6p-30f, 0x1.921fb6p-31f);
    float radius = sqrtf(-2.0f * torch_cuda_logf(u)), sine, cosine;
    torch_cuda_fast_sincosf(v, &sine, &cosine);
    out[0] = sine * radius;
    out[1] = cosine * radius;
}

void torch_cuda_normals_f32(const uint32_t words[4], float out[4])
{
    pair_f32(words, out);
    pair_f32(words + 2, out + 2);
}

void torch_cuda_normals_f64(const uint32_t words[4], double out[2])
{
    double u = torch_cuda_f64(words[0], words[1]), sine, cosine;
    double v = fma((double)((uint64_t)words[3] << 21 ^ words[2]), 0x1p-52, 0x1p-53);
    double radius = sqrt(-2.0 * torch_cuda_log(u));
    torch_cuda_sincospi(v, &sine, &cosine);
    out[0] = sine * radius;
    out[1] = cosine * radius;
}

struct call {
    oneseed_torch_dtype dtype;
    float mean, std;
    double mean_f64, std_f64;
    void *out;
};

static void put_f32(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    float normals[4] = {0};
    torch_cuda_normals_f32(words, normals);
    for (unsigned i = 0; i < n_valid; i++) {
        float value = fmaf(normals[i], call->std, call->mean);
        if (call->dtype == ONESEED_TORCH_FLOAT32)
            ((float *)call->out)[index + i * stride] = value;
        else
            ((uint16_t *)call->out)[index + i * stride] = torch_to_half(call->dtype, value);
    }
}

static void put_f64(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    double normals[2] = {0}, *out = call->out;
    torch_cuda_normals_f64(words, normals);
    for (unsigned i = 0; i < n_valid; i++)
        out[index + i * stride] = fma(normals[i], call->std_f64, call->mean_f64);
}

oneseed_status oneseed_torch_cuda_normal_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double mean,
                                              double std, void *out, size_t n)
{
    if (!(std >= 0))
        return ONESEED_TORCH_STD;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    oneseed_status status = torch_cuda_check(state, n);
    if (status != ONESEED_OK)
        return status;
    struct call call = {dtype, (float)mean, (float)std, mean, std, out};
    if (dtype == ONESEED_TORCH_FLOAT64)
        torch_cuda_draw(state, 2, sizeof(double), n, put_f64, &call);
    else
        torch_cuda_draw(state, 4, oneseed_torch_dtype_size(dtype), n, put_f32, &call);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_cuda_randn_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    return oneseed_torch_cuda_normal_fill(state, dtype, 0, 1, out, n);
}
