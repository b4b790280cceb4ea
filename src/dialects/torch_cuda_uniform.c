/* torch_cuda_uniform.c - torch.rand and uniform_ on CUDA.
 * SPDX-License-Identifier: MIT
 *
 * uniform_kernel() of native/cuda/DistributionTemplates.h. The compiler fuses the product and the sum. Since 2.1 a value that
 * is the upper bound becomes the lower one; before, a uniform of 1 became 0. */
#include "dialects/torch_cuda.h"

struct call {
    oneseed_torch_dtype dtype;
    bool is_old;
    float from, to, width;
    double from_f64, to_f64, width_f64;
    void *out;
};

static float scaled(const struct call *call, uint32_t word)
{
    float uniform = torch_cuda_f32(word);
    if (call->is_old && uniform == 1.0f)
        uniform = 0.0f;
    return fmaf(uniform, call->width, call->from);
}

static void put_f32(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    float *out = call->out;
    for (unsigned i = 0; i < n_valid; i++) {
        float value = scaled(call, words[i]);
        out[index + i * stride] = value == call->to && !call->is_old ? call->from : value;
    }
}

static void put_half(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    uint16_t *out = call->out;
    for (unsigned i = 0; i < n_valid; i++) {
        uint16_t value = torch_to_half(call->dtype, scaled(call, words[i]));
        bool is_bound = !call->is_old && torch_from_half(call->dtype, value) == call->to;
        out[index + i * stride] = is_bound ? torch_to_half(call->dtype, call->from) : value;
    }
}

static void put_f64(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    double *out = call->out;
    for (unsigned i = 0; i < n_valid; i++) {
        double uniform = torch_cuda_f64(words[2 * i], words[2 * i + 1]);
        if (call->is_old && uniform == 1.0)
            uniform = 0.0;
        double value = fma(uniform, call->width_f64, call->from_f64);
        out[index + i * stride] = value == call->to_f64 && !call->is_old ? call->from_f64 : value;
    }
}

oneseed_status oneseed_torch_cuda_uniform_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double from,
                                               double to, void *out, size_t n)
{
    oneseed_status status = torch_check_uniform(dtype, from, to);
    if (status == ONESEED_OK)
        status = torch_cuda_check(state, n);
    if (status != ONESEED_OK)
        return status;
    struct call call = {.dtype = dtype, .is_old = torch_cuda_version(state) < 20100, .out = out};
    if (dtype == ONESEED_TORCH_FLOAT64) {
        call.from_f64 = from;
        call.to_f64 = to;
        call.width_f64 = to - from;
        torch_cuda_draw(state, 2, sizeof(double), n, put_f64, &call);
    } else if (dtype == ONESEED_TORCH_FLOAT32) {
        call.from = (float)from;
        call.to = (float)to;
        call.width = call.to - call.from;
        torch_cuda_draw(state, 4, sizeof(float), n, put_f32, &call);
    } else {
        call.from = torch_from_half(dtype, torch_to_half(dtype, (float)from));
        call.to = torch_from_half(dtype, torch_to_half(dtype, (float)to));
        call.width = torch_from_half(dtype, torch_to_half(dtype, call.to - call.from));
        torch_cuda_draw(state, 4, sizeof(uint16_t), n, put_half, &call);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_torch_cuda_rand_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    return oneseed_torch_cuda_uniform_fill(state, dtype, 0, 1, out, n);
}
