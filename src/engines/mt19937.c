/* mt19937.c - MT19937: seeding and words.
 * SPDX-License-Identifier: MIT
 *
 * M. Matsumoto and T. Nishimura, "Mersenne Twister: A 623-dimensionally equidistributed uniform pseudo-random number
 * generator", 1998; the two seedings are those of the authors' mt19937ar.c of 2002. */
#include "engines/mt19937.h"

#include "common/simd.h" /* SIMD_VARIANTS, simd_output */

enum { N = MT19937_N, M = MT19937_M };

/* Three loops whose dependences are at least 227 words apart, so that compilers make vectors of them. */
SIMD_BODY void mt19937_next_block_body(uint32_t *key)
{
    for (int k = 0; k < N - M; k++)
        key[k] = mt19937_twist(key[k], key[k + 1], key[k + M]);
    for (int k = N - M; k < 2 * (N - M); k++)
        key[k] = mt19937_twist(key[k], key[k + 1], key[k - (N - M)]);
    for (int k = 2 * (N - M); k < N - 1; k++)
        key[k] = mt19937_twist(key[k], key[k + 1], key[k - (N - M)]);
    key[N - 1] = mt19937_twist(key[N - 1], key[0], key[M - 1]);
}
SIMD_VARIANTS(void, mt19937_next_block, (uint32_t * key), (key))

void oneseed_mt19937_seed(oneseed_mt19937 *state, uint32_t seed)
{
    state->words[0] = seed;
    for (uint32_t k = 1; k < N; k++)
        state->words[k] = 1812433253u * (state->words[k - 1] ^ state->words[k - 1] >> 30) + k;
    state->position = N;
}

/* The seeding with 19650218 is made on the way of the first walk over the block: two chains of products that do not wait for
 * each other. */
void oneseed_mt19937_seed_array(oneseed_mt19937 *state, const uint32_t *words, size_t n_words)
{
    static const uint32_t zero = 0;
    uint32_t *key = state->words, seeded = 19650218u, last = seeded;
    size_t j = 0;

    if (n_words == 0) {
        words = &zero;
        n_words = 1;
    }
    for (uint32_t i = 1; i < N; i++) {
        seeded = 1812433253u * (seeded ^ seeded >> 30) + i;
        last = (seeded ^ (last ^ last >> 30) * 1664525u) + (words[j] + (uint32_t)j);
        key[i] = last;
        if (++j == n_words)
            j = 0;
    }
    uint32_t i = 1;
    for (size_t k = n_words > N ? n_words : N; k > N - 1; k--) {
        key[i] = (key[i] ^ (last ^ last >> 30) * 1664525u) + (words[j] + (uint32_t)j);
        last = key[i];
        if (++i == N)
            i = 1;
        if (++j == n_words)
            j = 0;
    }
    for (int k = N - 1; k > 0; k--) {
        key[i] = (key[i] ^ (last ^ last >> 30) * 1566083941u) - i;
        last = key[i];
        if (++i == N)
            i = 1;
    }
    key[0] = 0x80000000u;
    state->position = N;
}

uint32_t oneseed_mt19937_next_u32(oneseed_mt19937 *state)
{
    return mt19937_next(state);
}

SIMD_BODY void mt19937_temper_all_body(const uint32_t *restrict from, uint32_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = mt19937_temper(from[k]);
}
SIMD_VARIANTS(void, mt19937_temper_all, (const uint32_t *from, uint32_t *out, size_t n), (from, out, n))

static void fill_some(oneseed_mt19937 *state, uint32_t *out, size_t n)
{
    while (n > 0) {
        if (state->position >= N) {
            mt19937_next_block(state->words);
            state->position = 0;
        }
        size_t n_now = N - state->position;
        if (n_now > n)
            n_now = n;
        mt19937_temper_all(state->words + state->position, out, n_now);
        state->position += (uint32_t)n_now;
        out += n_now;
        n -= n_now;
    }
}

void oneseed_mt19937_fill_u32(oneseed_mt19937 *state, uint32_t *out, size_t n)
{
    struct simd_output output = simd_output(out, n * sizeof *out);
    uint32_t buffer[N];
    if (!output.streams) {
        fill_some(state, out, n);
        return;
    }
    for (size_t n_now; n > 0; n -= n_now) {
        n_now = n < N ? n : N;
        fill_some(state, buffer, n_now);
        simd_output_put(&output, buffer, n_now * sizeof *buffer);
    }
    simd_output_end(&output);
}

int oneseed_mt19937_is_valid(const oneseed_mt19937 *state)
{
    return state->position <= N;
}
