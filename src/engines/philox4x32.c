/* philox4x32.c - Philox4x32-10, a counter with a key.
 * SPDX-License-Identifier: MIT
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. The words of a key are one
 * stream: word w is word w % 4 of the block with counter w / 4. cuRAND's curand(), TensorFlow and XLA read it so. */
#include "engines/philox4x32.h"

#include <string.h> /* memcpy */

#include "common/simd.h" /* simd_level */

#if SIMD_HAS_VARIANTS
#include <immintrin.h> /* _mm256_mul_epu32 */
#endif

void oneseed_philox4x32_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    philox4x32_block(counter, key, out);
}

void oneseed_philox4x32_seed(oneseed_philox4x32 *state, const uint32_t key[2], const uint32_t counter[4])
{
    memcpy(state->key, key, sizeof state->key);
    memcpy(state->counter, counter, sizeof state->counter);
    state->position = 0;
}

/* ---- many blocks ---- */

#if SIMD_HAS_VARIANTS
/* A vector has a word of several blocks in the low halves of its lanes; what the high halves have does not matter until the end. The
 * multiplication takes the low halves, which compilers do not find by themselves: so it is named here. The blocks of the even lanes
 * come first, since words are joined within 128 bits. The counter's low word does not begin anew in a call; n_blocks is a multiple of
 * the lanes. */
#define BLOCKS(name, target, vector, n_lanes, multiply, unpack_low, unpack_high)                                       \
    typedef uint64_t name##_vector __attribute__((vector_size(sizeof(vector))));                                       \
                                                                                                                       \
    target static void name(const uint32_t counter[4], const uint32_t key[2], uint32_t step, uint32_t *out,            \
                            size_t n_blocks)                                                                           \
    {                                                                                                                  \
        const name##_vector zero = {0}, factor0 = zero + 0xd2511f53u, factor1 = zero + 0xcd9e8d57u;                    \
        name##_vector numbers = zero + counter[0], keys[10][2];                                                        \
        for (unsigned k = 0; k < (n_lanes); k++)                                                                       \
            numbers[k] += step * (k / 2 + k % 2 * ((n_lanes) / 2));                                                    \
        for (uint32_t round = 0; round < 10; round++) {                                                                \
            keys[round][0] = zero + (key[0] + round * 0x9e3779b9u);                                                    \
            keys[round][1] = zero + (key[1] + round * 0xbb67ae85u);                                                    \
        }                                                                                                              \
        for (; n_blocks >= (n_lanes); n_blocks -= (n_lanes), out += (size_t)(n_lanes)*PHILOX4X32_BLOCK) {              \
            name##_vector c0 = numbers, c1 = zero + counter[1], c2 = zero + counter[2], c3 = zero + counter[3];        \
            for (int round = 0; round < 10; round++) {                                                                 \
                const name##_vector product0 = (name##_vector)multiply((vector)c0, (vector)factor0);                   \
                const name##_vector product1 = (name##_vector)multiply((vector)c2, (vector)factor1);                   \
                c0 = product1 >> 32 ^ c1 ^ keys[round][0];                                                             \
                c1 = product1;                                                                                         \
                c2 = product0 >> 32 ^ c3 ^ keys[round][1];                                                             \
                c3 = product0;                                                                                         \
            }                                                                                                          \
            c0 = (c0 & UINT32_MAX) | c1 << 32;                                                                         \
            c2 = (c2 & UINT32_MAX) | c3 << 32;                                                                         \
            const vector joined[2] = {unpack_low((vector)c0, (vector)c2), unpack_high((vector)c0, (vector)c2)};        \
            memcpy(out, joined, sizeof joined);                                                                        \
            numbers += step * (n_lanes);                                                                               \
        }                                                                                                              \
    }

BLOCKS(blocks_avx2, SIMD_TARGET_AVX2, __m256i, 4, _mm256_mul_epu32, _mm256_unpacklo_epi64, _mm256_unpackhi_epi64)
BLOCKS(blocks_avx512, SIMD_TARGET_AVX512, __m512i, 8, _mm512_mul_epu32, _mm512_unpacklo_epi64, _mm512_unpackhi_epi64)

/* How many blocks were made. */
static size_t blocks_of_vectors(const uint32_t counter[4], const uint32_t key[2], uint32_t step, uint32_t *out,
                                size_t n_blocks)
{
    const uint64_t n_before_carry = ((UINT64_C(1) << 32) - counter[0] + step - 1) / step;
    if (n_blocks > n_before_carry)
        n_blocks = (size_t)n_before_carry;
    const enum simd_level level = simd_level();
    if (level == SIMD_PORTABLE)
        return 0;
    n_blocks -= n_blocks % (level == SIMD_AVX512 ? 8 : 4);
    (level == SIMD_AVX512 ? blocks_avx512 : blocks_avx2)(counter, key, step, out, n_blocks);
    return n_blocks;
}
#else
static size_t blocks_of_vectors(const uint32_t counter[4], const uint32_t key[2], uint32_t step, uint32_t *out,
                                size_t n_blocks)
{
    (void)counter;
    (void)key;
    (void)step;
    (void)out;
    (void)n_blocks;
    return 0;
}
#endif

void philox4x32_fill_apart(uint32_t counter[4], const uint32_t key[2], uint32_t step, uint32_t *out, size_t n_blocks)
{
    while (n_blocks > 0) {
        size_t n_made = n_blocks < 4 ? 0 : blocks_of_vectors(counter, key, step, out, n_blocks);
        philox4x32_skip(counter, (uint64_t)n_made * step);
        out += n_made * PHILOX4X32_BLOCK;
        n_blocks -= n_made;
        for (size_t k = 0; k < 8 && n_blocks > 0; k++, n_blocks--, out += PHILOX4X32_BLOCK) {
            philox4x32_block(counter, key, out);
            philox4x32_skip(counter, step);
        }
    }
}

void philox4x32_fill_blocks(uint32_t counter[4], const uint32_t key[2], uint32_t *out, size_t n_blocks)
{
    philox4x32_fill_apart(counter, key, 1, out, n_blocks);
}

/* A state at position 4 is at word 0 of the next block. */
static void settle(oneseed_philox4x32 *state)
{
    if (state->position == PHILOX4X32_BLOCK) {
        philox4x32_count(state->counter);
        state->position = 0;
    }
}

uint32_t oneseed_philox4x32_next_u32(oneseed_philox4x32 *state)
{
    uint32_t block[PHILOX4X32_BLOCK], word;
    philox4x32_block(state->counter, state->key, block);
    word = block[state->position++];
    settle(state);
    return word;
}

void oneseed_philox4x32_fill_u32(oneseed_philox4x32 *state, uint32_t *out, size_t n)
{
    uint32_t block[PHILOX4X32_BLOCK];
    if (n > 0 && state->position > 0) {
        philox4x32_block(state->counter, state->key, block);
        for (; n > 0 && state->position < PHILOX4X32_BLOCK; n--)
            *out++ = block[state->position++];
        settle(state);
    }
    philox4x32_fill_blocks(state->counter, state->key, out, n / PHILOX4X32_BLOCK);
    out += n / PHILOX4X32_BLOCK * PHILOX4X32_BLOCK;
    n %= PHILOX4X32_BLOCK;
    if (n > 0) {
        philox4x32_block(state->counter, state->key, block);
        memcpy(out, block, n * sizeof *out);
        state->position = (uint32_t)n;
    }
}

void oneseed_philox4x32_advance(oneseed_philox4x32 *state, uint64_t n_words)
{
    uint64_t position = state->position + n_words % PHILOX4X32_BLOCK;
    philox4x32_skip(state->counter, n_words / PHILOX4X32_BLOCK + position / PHILOX4X32_BLOCK);
    state->position = (uint32_t)(position % PHILOX4X32_BLOCK);
}

int oneseed_philox4x32_is_valid(const oneseed_philox4x32 *state)
{
    return state->position < PHILOX4X32_BLOCK;
}
