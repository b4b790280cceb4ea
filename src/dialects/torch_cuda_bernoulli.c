/* torch_cuda_bernoulli.c - bernoulli_ and dropout on CUDA.
 * SPDX-License-Identifier: MIT
 *
 * bernoulli_kernel() of native/cuda/DistributionTemplates.h and fused_dropout_kernel() of native/cuda/Dropout.cu, 1.13 to 2.13. */
#include "dialects/torch_cuda.h"

struct call {
    oneseed_torch_dtype dtype;
    double p;
    void *out;
};

static bool has_bernoulli(oneseed_torch_dtype dtype)
{
    return dtype <= ONESEED_TORCH_BOOL;
}

static void put_bernoulli(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    const struct call *call = context;
    float p = (float)call->p;
    for (unsigned i = 0; i < n_valid; i++)
        torch_store_integer(call->dtype, call->out, index + i * stride, torch_cuda_f32(words[i]) < p);
}

static void put_bernoulli_f64(const void *context, const uint32_t words[4], size_t index, size_t stride,
                              unsigned n_valid)
{
    const struct call *call = context;
    for (unsigned i = 0; i < n_valid; i++)
        ((double *)call->out)[index + i * stride] = torch_cuda_f64(words[2 * i], words[2 * i + 1]) < call->p;
}

oneseed_status oneseed_torch_cuda_bernoulli_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double p,
                                                 void *out, size_t n)
{
    if (!(p >= 0 && p <= 1))
        return ONESEED_TORCH_BERNOULLI_P;
    if (!has_bernoulli(dtype))
        return ONESEED_TORCH_DTYPE;
    oneseed_status status = torch_cuda_check(state, n);
    if (status != ONESEED_OK)
        return status;
    struct call call = {dtype, p, out};
    if (dtype == ONESEED_TORCH_FLOAT64)
        torch_cuda_draw(state, 2, sizeof(double), n, put_bernoulli_f64, &call);
    else
        torch_cuda_draw(state, 4, oneseed_torch_dtype_size(dtype), n, put_bernoulli, &call);
    return ONESEED_OK;
}

/* Four values for each thread, as many threads as that takes, the offset moved by 10 whatever the size; u <= p. The
 * probabilities are doubles for a tensor of doubles, else floats. */
oneseed_status oneseed_torch_cuda_bernoulli_tensor_fill(oneseed_torch_cuda *state, oneseed_torch_dtype p_dtype,
                                                        const void *p, oneseed_torch_dtype out_dtype, void *out,
                                                        size_t n)
{
    if (!torch_is_floating(p_dtype) || !has_bernoulli(out_dtype))
        return ONESEED_TORCH_DTYPE;
    for (size_t i = 0; i < n; i++) {
        double probability = torch_load(p_dtype, p, i);
        if (!(probability >= 0 && probability <= 1))
            return ONESEED_TORCH_CUDA_ASSERT;
    }
    uint64_t offset = torch_cuda_reserve(state, 10);
    uint32_t words[4];
    for (size_t i = 0; i < n; i++) {
        double probability = torch_load(p_dtype, p, i);
        if (out_dtype != ONESEED_TORCH_FLOAT64)
            probability = (double)(float)probability;
        if (i % 4 == 0)
            torch_cuda_block(state, i / 4, offset, 0, words);
        torch_store_integer(out_dtype, out, i, (double)torch_cuda_f32(words[i % 4]) <= probability);
    }
    return ONESEED_OK;
}

/* How many neighbouring values a thread takes: of vectors of 16 bytes since 2.7 where CUDA is 12.8 or newer, before of 4; a tensor that is
 * no multiple of it has shorter ones. 1: the values of a thread lie apart, as elsewhere. */
static unsigned vector_size(const oneseed_torch_cuda *state, oneseed_torch_dtype dtype, size_t n)
{
    uint32_t cuda = state->cuda ? state->cuda : TORCH_CUDA_NEWEST;
    unsigned size = 4;
    if (torch_cuda_version(state) >= 20700 && cuda >= 12080)
        size = 16 / (unsigned)oneseed_torch_dtype_size(dtype);
    while (n % size != 0)
        size /= 2;
    return size;
}

struct dropout {
    oneseed_torch_dtype dtype;
    double kept, scale; /* both rounded to float unless the values are doubles */
    const void *in;
    void *out;
    uint8_t *mask;
};

static void drop(const struct dropout *call, size_t i, uint32_t word)
{
    bool keeps = (double)torch_cuda_f32(word) < call->kept;
    double value = torch_load(call->dtype, call->in, i);
    if (call->dtype == ONESEED_TORCH_FLOAT64)
        value = value * (double)keeps * call->scale;
    else
        value = (double)((float)value * (float)keeps * (float)call->scale);
    torch_store(call->dtype, call->out, i, value);
    if (call->mask)
        call->mask[i] = keeps;
}

static void put_dropout(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    for (unsigned i = 0; i < n_valid; i++)
        drop(context, index + i * stride, words[i]);
}

/* A vector of two takes two words of four and leaves the others, so that the kernel runs on into words that were not reserved. */
static void drop_vectors(oneseed_torch_cuda *state, const struct dropout *call, unsigned size, size_t n)
{
    uint64_t threads = torch_cuda_threads(state, n), blocks = (size + 3) / 4;
    uint64_t offset = torch_cuda_reserve(state, torch_cuda_increment(state, n, 4));
    uint64_t thread = 0, step = 0;
    for (size_t i = 0; i < n; i += size) {
        uint32_t words[4];
        for (unsigned k = 0; k < size; k++) {
            if (k % 4 == 0)
                torch_cuda_block(state, thread, offset, step * blocks + k / 4, words);
            drop(call, i + k, words[k % 4]);
        }
        if (++thread == threads) {
            thread = 0;
            step++;
        }
    }
}

/* One value after another, whatever the size of the tensor. */
static void drop_single(oneseed_torch_cuda *state, const struct dropout *call, size_t n)
{
    uint64_t threads = torch_cuda_threads(state, n);
    uint64_t offset = torch_cuda_reserve(state, torch_cuda_increment(state, n, 4));
    for (uint64_t first = 0, step = 0; first < n; first += 4 * threads, step++)
        for (uint64_t thread = 0; thread < threads && first + thread < n; thread++) {
            uint32_t words[4];
            uint64_t index = first + thread, n_valid = (n - index + threads - 1) / threads;
            torch_cuda_block(state, thread, offset, step, words);
            put_dropout(call, words, (size_t)index, (size_t)threads, n_valid < 4 ? (unsigned)n_valid : 4);
        }
}

oneseed_status oneseed_torch_cuda_native_dropout_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double p,
                                                      const void *in, void *out, uint8_t *mask_out, size_t n)
{
    if (!(p >= 0 && p <= 1))
        return ONESEED_TORCH_DROPOUT_P;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    oneseed_status status = torch_cuda_check(state, n);
    if (status != ONESEED_OK || n == 0)
        return status;
    if (p == 1) {
        memset(out, 0, n * oneseed_torch_dtype_size(dtype));
        if (mask_out)
            memset(mask_out, 0, n);
        return ONESEED_OK;
    }
    struct dropout call = {dtype, 1.0 - p, 0, in, out, mask_out};
    if (dtype != ONESEED_TORCH_FLOAT64)
        call.kept = (double)(float)call.kept;
    call.scale = 1.0 / call.kept;
    if (dtype != ONESEED_TORCH_FLOAT64)
        call.scale = (double)(float)call.scale;
    unsigned size = vector_size(state, dtype, n);
    if (size > 1)
        drop_vectors(state, &call, size, n);
    else
        drop_single(state, &call, n);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_cuda_dropout_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, double p,
                                               const void *in, void *out, size_t n)
{
    if (!(p >= 0 && p <= 1))
        return ONESEED_TORCH_DROPOUT_P;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    if (p > 0 && p < 1)
        return oneseed_torch_cuda_native_dropout_fill(state, dtype, p, in, out, NULL, n);
    for (size_t i = 0; i < n; i++) /* all kept as they are, or times 0, which keeps signs and NaNs */
        torch_store(dtype, out, i, p == 0 ? torch_load(dtype, in, i) : torch_load(dtype, in, i) * 0.0);
    return ONESEED_OK;
}
