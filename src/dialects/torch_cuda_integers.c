/* torch_cuda_integers.c - torch.randint, random_ and randperm on CUDA.
 * SPDX-License-Identifier: MIT
 *
 * random_from_to_kernel() and random_kernel() of native/cuda/DistributionTemplates.h, native/cuda/Randperm.cu and Randperm.cuh: words
 * modulo the range; a permutation is a stable sort by random keys, and what has the same key is shuffled. */
#include "dialects/torch_cuda.h"

struct call {
    oneseed_torch_dtype dtype;
    uint64_t range; /* 0: the words as they are */
    int64_t base;
    void *out;
};

static void put(const struct call *call, size_t i, uint64_t value)
{
    if (call->range)
        value %= call->range;
    torch_store_integer(call->dtype, call->out, i, (int64_t)(value + (uint64_t)call->base));
}

static void put_words(const void *context, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    for (unsigned i = 0; i < n_valid; i++)
        put(context, index + i * stride, words[i]);
}

static void put_double_words(const void *context, const uint32_t words[4], size_t index, size_t stride,
                             unsigned n_valid)
{
    for (unsigned i = 0; i < n_valid; i++)
        put(context, index + i * stride, torch_cuda_u64(words, i));
}

static oneseed_status fill(oneseed_torch_cuda *state, bool two_words, const struct call *call, size_t n)
{
    oneseed_status status = torch_cuda_check(state, n);
    if (status == ONESEED_OK)
        torch_cuda_draw(state, two_words ? 2 : 4, oneseed_torch_dtype_size(call->dtype), n,
                        two_words ? put_double_words : put_words, call);
    return status;
}

oneseed_status oneseed_torch_cuda_randint_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, int64_t low,
                                               int64_t high, void *out, size_t n)
{
    struct call call = {.dtype = dtype, .out = out};
    oneseed_status status = torch_range_of(dtype, low, high, &call.range, &call.base);
    if (status != ONESEED_OK)
        return status;
    return fill(state, torch_takes_two_words(torch_cuda_version(state), dtype, call.range), &call, n);
}

oneseed_status oneseed_torch_cuda_random_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (oneseed_torch_dtype_size(dtype) == 0 || dtype > ONESEED_TORCH_BOOL)
        return ONESEED_TORCH_DTYPE;
    bool two_words = dtype == ONESEED_TORCH_INT64 || dtype == ONESEED_TORCH_FLOAT64;
    const struct call call = {dtype, torch_largest_integer(dtype) + 1, 0, out};
    return fill(state, two_words, &call, n);
}

oneseed_status oneseed_torch_cuda_random_from_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, int64_t from,
                                                   void *out, size_t n)
{
    struct call call = {.dtype = dtype, .out = out};
    if (from != INT64_MIN) {
        oneseed_status status = torch_range_from(dtype, from, &call.range, &call.base);
        if (status != ONESEED_OK)
            return status;
        return fill(state, torch_takes_two_words(torch_cuda_version(state), dtype, call.range), &call, n);
    }
    if (oneseed_torch_dtype_size(dtype) == 0 || dtype == ONESEED_TORCH_FLOAT16 || dtype >= ONESEED_TORCH_BOOL)
        return ONESEED_TORCH_DTYPE;
    if (!torch_is_floating(dtype) && dtype != ONESEED_TORCH_INT64)
        return ONESEED_TORCH_CUDA_RANDOM_FULL;
    return fill(state, true, &call, n);
}

/* ---- randperm ---- */

/* So many bits that keys are all different with a probability of 0.9. libm: log, log2. */
static unsigned n_key_bits(size_t n)
{
    double x = (double)n, bits = ceil(log2(x - (6 * x * x + 1) / (12 * log(0.9))));
    return bits < 64 ? (unsigned)bits : 64;
}

/* The indices 0 to n - 1, in the order of the low bits of their keys, equal ones as they were; `from` and `to` have n each. Gives the one
 * with the result. */
static uint64_t *sort_indices(const uint64_t *keys, unsigned n_bits, uint64_t *from, uint64_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        from[i] = i;
    for (unsigned shift = 0; shift < n_bits; shift += 8) {
        size_t counts[257] = {0};
        uint64_t mask = n_bits - shift < 8 ? ((uint64_t)1 << (n_bits - shift)) - 1 : 255;
        for (size_t i = 0; i < n; i++)
            counts[(keys[i] >> shift & mask) + 1]++;
        for (unsigned k = 0; k < 256; k++)
            counts[k + 1] += counts[k];
        for (size_t i = 0; i < n; i++)
            to[counts[keys[from[i]] >> shift & mask]++] = from[i];
        uint64_t *kept = from;
        from = to;
        to = kept;
    }
    return from;
}

/* Each island of equal keys is shuffled by the thread of its first place, with the words of its own stream one by one. */
static void shuffle_islands(const oneseed_torch_cuda *state, uint64_t offset, const uint64_t *keys, unsigned n_bits,
                            uint64_t *indices, size_t n)
{
    uint64_t mask = n_bits < 64 ? ((uint64_t)1 << n_bits) - 1 : UINT64_MAX;
    for (size_t first = 0, end; first < n; first = end) {
        uint32_t words[4], drawn = 0;
        for (end = first + 1; end < n && (keys[indices[end]] & mask) == (keys[indices[first]] & mask);)
            end++;
        for (size_t i = end - first - 1; i > 0; i--, drawn++) {
            if (drawn % 4 == 0)
                torch_cuda_block(state, first, offset, drawn / 4, words);
            size_t other = first + words[drawn % 4] % (uint32_t)(i + 1);
            uint64_t kept = indices[first + i];
            indices[first + i] = indices[other];
            indices[other] = kept;
        }
    }
}

oneseed_status oneseed_torch_cuda_randperm_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, void *out,
                                                size_t n, uint64_t *memory)
{
    oneseed_status status = torch_check_randperm(dtype, n);
    if (status == ONESEED_OK)
        status = torch_cuda_check(state, n);
    if (status != ONESEED_OK || n == 0)
        return status;
    unsigned n_bits = n_key_bits(n);
    uint64_t *keys = memory;
    /* random_(lowest, highest) of int or int64 keys: without the highest. They are sorted as if the lowest were 0. */
    oneseed_torch_dtype key_dtype = n_bits <= 32 ? ONESEED_TORCH_INT32 : ONESEED_TORCH_INT64;
    const struct call call = {ONESEED_TORCH_INT64, n_bits <= 32 ? UINT32_MAX : UINT64_MAX, 0, keys};
    bool two_words = torch_takes_two_words(torch_cuda_version(state), key_dtype, call.range);
    torch_cuda_draw(state, two_words ? 2 : 4, oneseed_torch_dtype_size(key_dtype), n,
                    two_words ? put_double_words : put_words, &call);
    uint64_t *indices = sort_indices(keys, n_bits, memory + n, memory + 2 * n, n);
    shuffle_islands(state, torch_cuda_reserve(state, n), keys, n_bits, indices, n);
    for (size_t i = 0; i < n; i++)
        torch_store_integer(dtype, out, i, (int64_t)indices[i]);
    return ONESEED_OK;
}
