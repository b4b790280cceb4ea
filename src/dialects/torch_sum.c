/* torch_sum.c - torch.sum over a contiguous row.
 * SPDX-License-Identifier: MIT
 *
 * ATen's cascade sum (native/cpu/SumKernel.cpp, the same in 1.13 to 2.13): the row is cut into lanes, one for each
 * place of a vector of 32 bytes (the kernel has no AVX-512 form); a lane is four chains; a chain adds steps of at
 * least 16 values to a first level, full levels to the next. */
#include "dialects/torch_sum.h"

enum { CHAINS = 4, LEVELS = 4, STEP_POWER_MIN = 4 };

/* utils::CeilLog2, 1 for what is at most 2. */
static unsigned ceil_log2(size_t n)
{
    unsigned n_bits = 0;
    if (n <= 2)
        return 1;
    for (size_t rest = n - 1; rest; rest >>= 1)
        n_bits++;
    return n_bits;
}

static unsigned step_power(size_t n)
{
    unsigned power = ceil_log2(n) / LEVELS;
    return power < STEP_POWER_MIN ? STEP_POWER_MIN : power;
}

/* SUM_OF(type, lane, row): the functions for one type. */
#define SUM_OF(type, lane, name, width)                                                                                \
    static type lane(const type *in, size_t stride, size_t n)                                                          \
    {                                                                                                                  \
        const size_t n_steps = n / CHAINS;                                                                             \
        const unsigned power = step_power(n_steps);                                                                    \
        const size_t step = (size_t)1 << power;                                                                        \
        type levels[LEVELS][CHAINS] = {{0}};                                                                           \
        size_t i = 0;                                                                                                  \
        while (i + step <= n_steps) {                                                                                  \
            for (size_t end = i + step; i < end; i++)                                                                  \
                for (size_t k = 0; k < CHAINS; k++)                                                                    \
                    levels[0][k] += in[(CHAINS * i + k) * stride];                                                     \
            for (unsigned level = 1; level < LEVELS; level++) {                                                        \
                for (size_t k = 0; k < CHAINS; k++) {                                                                  \
                    levels[level][k] += levels[level - 1][k];                                                          \
                    levels[level - 1][k] = 0;                                                                          \
                }                                                                                                      \
                if (i & ((step - 1) << (level * power)))                                                               \
                    break;                                                                                             \
            }                                                                                                          \
        }                                                                                                              \
        for (; i < n_steps; i++)                                                                                       \
            for (size_t k = 0; k < CHAINS; k++)                                                                        \
                levels[0][k] += in[(CHAINS * i + k) * stride];                                                         \
        for (unsigned level = 1; level < LEVELS; level++)                                                              \
            for (size_t k = 0; k < CHAINS; k++)                                                                        \
                levels[0][k] += levels[level][k];                                                                      \
        for (i = CHAINS * n_steps; i < n; i++)                                                                         \
            levels[0][0] += in[i * stride];                                                                            \
        for (size_t k = 1; k < CHAINS; k++)                                                                            \
            levels[0][0] += levels[0][k];                                                                              \
        return levels[0][0];                                                                                           \
    }                                                                                                                  \
                                                                                                                       \
    type name(const type *row, size_t n)                                                                               \
    {                                                                                                                  \
        if (n < (width))                                                                                               \
            return 0 + lane(row, 1, n);                                                                                \
        type lanes[width], sum = 0;                                                                                    \
        const size_t n_vectors = n / (width);                                                                          \
        for (size_t k = 0; k < (width); k++)                                                                           \
            lanes[k] = lane(row + k, width, n_vectors);                                                                \
        for (size_t i = n_vectors * (width); i < n; i++)                                                               \
            sum += row[i];                                                                                             \
        for (size_t k = 0; k < (width); k++)                                                                           \
            sum += lanes[k];                                                                                           \
        return sum;                                                                                                    \
    }

SUM_OF(double, lane_f64, torch_sum_f64, 4)
SUM_OF(float, lane_f32, torch_sum_f32, 8)
