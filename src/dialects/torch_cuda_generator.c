/* torch_cuda_generator.c - PyTorch's CUDA generator: its state, and which words a kernel's threads take for which values.
 * SPDX-License-Identifier: MIT
 *
 * aten/src/ATen/cuda/CUDAGeneratorImpl.cpp, aten/src/ATen/native/cuda/DistributionTemplates.h (1.13 to 2.13), curand_kernel.h. The
 * generator is a seed, the key, and an offset: each thread of a kernel is a stream of its own, numbered by the thread, in
 * which the kernel begins at the offset. So values depend on how many threads there are, which depends on the GPU. */
#include "dialects/torch_cuda.h"

#include "common/bits.h"        /* load64_le */
#include "engines/philox4x32.h" /* philox4x32_block */

void oneseed_torch_cuda_manual_seed(oneseed_torch_cuda *state, uint64_t seed)
{
    state->seed = seed;
    state->offset = 0;
}

oneseed_status oneseed_torch_cuda_set_offset(oneseed_torch_cuda *state, uint64_t offset)
{
    if (offset % 4 != 0)
        return ONESEED_TORCH_CUDA_OFFSET;
    state->offset = offset;
    return ONESEED_OK;
}

void oneseed_torch_cuda_get_state(const oneseed_torch_cuda *state, uint8_t out[ONESEED_TORCH_CUDA_STATE_BYTES])
{
    store64_le(out, state->seed);
    store64_le(out + 8, state->offset);
}

oneseed_status oneseed_torch_cuda_set_state(oneseed_torch_cuda *state, const void *bytes, size_t n)
{
    enum { FILLER = 800 }; /* of releases before 2.1, behind the state of an older generator */
    const uint8_t *at = bytes;
    if (n > FILLER) {
        at += FILLER;
        n -= FILLER;
    }
    if (n != 8 && n != ONESEED_TORCH_CUDA_STATE_BYTES)
        return ONESEED_TORCH_CUDA_STATE_SIZE;
    uint64_t offset = n == 8 ? 0 : load64_le(at + 8);
    if (offset % 4 != 0)
        return ONESEED_TORCH_CUDA_OFFSET;
    state->seed = load64_le(at);
    state->offset = offset;
    return ONESEED_OK;
}

int oneseed_torch_cuda_is_valid(const oneseed_torch_cuda *state)
{
    return state->offset % 4 == 0 && (state->n_sms == 0 || state->threads_per_sm >= TORCH_CUDA_THREADS);
}

oneseed_status torch_cuda_check(const oneseed_torch_cuda *state, uint64_t n)
{
    if (state->n_sms == 0)
        return n <= TORCH_CUDA_ANY_GPU ? ONESEED_OK : ONESEED_TORCH_CUDA_SHAPE;
    return state->threads_per_sm >= TORCH_CUDA_THREADS ? ONESEED_OK : ONESEED_TORCH_CUDA_SHAPE;
}

uint64_t torch_cuda_threads(const oneseed_torch_cuda *state, uint64_t n)
{
    uint64_t blocks = (uint32_t)((n + TORCH_CUDA_THREADS - 1) / TORCH_CUDA_THREADS);
    uint64_t most = (uint64_t)state->n_sms * (state->threads_per_sm / TORCH_CUDA_THREADS);
    if (state->n_sms != 0 && blocks > most)
        blocks = most;
    return TORCH_CUDA_THREADS * blocks;
}

uint64_t torch_cuda_increment(const oneseed_torch_cuda *state, uint64_t n, unsigned unroll)
{
    if (torch_cuda_version(state) < 20400) /* every kernel was counted as one with four values */
        unroll = 4;
    return ((n - 1) / (torch_cuda_threads(state, n) * unroll) + 1) * 4;
}

uint64_t torch_cuda_reserve(oneseed_torch_cuda *state, uint64_t increment)
{
    uint64_t offset = state->offset;
    state->offset += (increment + 3) / 4 * 4;
    return offset;
}

void torch_cuda_block(const oneseed_torch_cuda *state, uint64_t subsequence, uint64_t offset, uint64_t block,
                      uint32_t words[4])
{
    uint64_t low = offset / 4 + block;
    const uint32_t key[2] = {(uint32_t)state->seed, (uint32_t)(state->seed >> 32)};
    const uint32_t counter[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)subsequence,
                                 (uint32_t)(subsequence >> 32)};
    philox4x32_block(counter, key, words);
}

static void draw_piece(oneseed_torch_cuda *state, unsigned unroll, size_t start, size_t n, torch_cuda_put *put,
                       const void *call)
{
    uint64_t threads = torch_cuda_threads(state, n);
    uint64_t offset = torch_cuda_reserve(state, torch_cuda_increment(state, n, unroll));
    for (uint64_t first = 0, step = 0; first < n; first += threads * unroll, step++)
        for (uint64_t thread = 0; thread < threads && first + thread < n; thread++) {
            uint32_t words[4];
            uint64_t index = first + thread, n_valid = (n - index + threads - 1) / threads;
            torch_cuda_block(state, thread, offset, step, words);
            put(call, words, start + (size_t)index, (size_t)threads, n_valid < unroll ? (unsigned)n_valid : unroll);
        }
}

/* TensorIterator::can_use_32bit_indexing() of a contiguous tensor. */
static bool has_32bit_indices(size_t value_size, uint64_t n)
{
    return n <= INT32_MAX && 1 + (n - 1) * value_size <= INT32_MAX;
}

/* with_32bit_indexing(): halves, the first one first, until each is small enough. */
static void draw_halves(oneseed_torch_cuda *state, unsigned unroll, size_t value_size, size_t start, size_t n,
                        torch_cuda_put *put, const void *call)
{
    if (has_32bit_indices(value_size, n)) {
        draw_piece(state, unroll, start, n, put, call);
        return;
    }
    draw_halves(state, unroll, value_size, start, n / 2, put, call);
    draw_halves(state, unroll, value_size, start + n / 2, n - n / 2, put, call);
}

void torch_cuda_draw(oneseed_torch_cuda *state, unsigned unroll, size_t value_size, size_t n, torch_cuda_put *put,
                     const void *call)
{
    if (n == 0)
        return;
    if (!has_32bit_indices(value_size, n)) /* torch reserves words for the whole, too, which nothing takes */
        (void)torch_cuda_reserve(state, torch_cuda_increment(state, n, unroll));
    draw_halves(state, unroll, value_size, 0, n, put, call);
}
