/* torch_cuda.h - what the files of PyTorch's CUDA generator share: how a kernel's threads share the words.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_CUDA_H
#define ONESEED_DIALECTS_TORCH_CUDA_H

#include "dialects/torch.h" /* TORCH_NEWEST, torch_store */

enum {
    TORCH_CUDA_THREADS = 256,  /* of a block of the distribution kernels */
    TORCH_CUDA_NEWEST = 13000, /* CUDA's version, as CUDART_VERSION counts it */
    TORCH_CUDA_ANY_GPU = 2048  /* no GPU is smaller: up to here each value has a thread of its own */
};

static inline uint32_t torch_cuda_version(const oneseed_torch_cuda *state)
{
    return state->version ? state->version : TORCH_NEWEST;
}

/* Whether the values of a tensor of n can be known: the grid of larger ones depends on the GPU. */
oneseed_status torch_cuda_check(const oneseed_torch_cuda *state, uint64_t n);
/* calc_execution_policy() of native/cuda/DistributionTemplates.h: how many threads the kernel has. */
uint64_t torch_cuda_threads(const oneseed_torch_cuda *state, uint64_t n);
/* By how much it moves the offset when a thread takes `unroll` values at once. */
uint64_t torch_cuda_increment(const oneseed_torch_cuda *state, uint64_t n, unsigned unroll);
/* CUDAGeneratorState::increase(): the offset from before, the state behind it. */
uint64_t torch_cuda_reserve(oneseed_torch_cuda *state, uint64_t increment);
/* curand_init(seed, subsequence, offset), then the block of four words that curand4() gives when it is called for the
 * block-th time. The offset is a multiple of 4. */
void torch_cuda_block(const oneseed_torch_cuda *state, uint64_t subsequence, uint64_t offset, uint64_t block,
                      uint32_t words[4]);

/* Of the values that one thread makes from four words, the first n_valid lie in the tensor: at index, index + stride, …. */
typedef void torch_cuda_put(const void *call, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid);
/* distribution_nullary_kernel(): n values of value_size bytes in a contiguous tensor; unroll is 4, or 2 for what takes two words.
 * Tensors too large for indices of 32 bits are drawn in pieces. */
void torch_cuda_draw(oneseed_torch_cuda *state, unsigned unroll, size_t value_size, size_t n, torch_cuda_put *put,
                     const void *call);

/* curand_uniform: (0, 1]. The compiler fuses. */
static inline float torch_cuda_f32(uint32_t word)
{
    return fmaf((float)word, 0x1p-32f, 0x1p-33f);
}

/* curand_uniform2_double: 53 bits of two words. */
static inline double torch_cuda_f64(uint32_t low, uint32_t high)
{
    return fma((double)((uint64_t)high << 21 ^ low), 0x1p-53, 0x1p-54);
}

/* curand4() for 64-bit values: the first word is the high half. */
static inline uint64_t torch_cuda_u64(const uint32_t words[4], unsigned i)
{
    return (uint64_t)words[2 * i] << 32 | words[2 * i + 1];
}

/* Standard normals of four words: sine and cosine of each pair. */
void torch_cuda_normals_f32(const uint32_t words[4], float out[4]);
void torch_cuda_normals_f64(const uint32_t words[4], double out[2]);

#endif
