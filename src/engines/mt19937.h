/* mt19937.h - the Mersenne Twister with 32-bit words (Matsumoto and Nishimura 1998): what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_MT19937_H
#define ONESEED_ENGINES_MT19937_H

#include <stdint.h> /* uint32_t */

#include "oneseed.h" /* oneseed_mt19937 */

enum { MT19937_N = 624, MT19937_M = 397, MT19937_DEGREE = 19937 };

/* Replaces the block of 624 state words by the next one. */
void mt19937_next_block(uint32_t *key);
/* n words of the state, as they are given out. */
void mt19937_temper_all(const uint32_t *from, uint32_t *out, size_t n);

/* The word that follows 624 others, of which `word` is the first, `next` the second and `far` the one at 397. */
static inline uint32_t mt19937_twist(uint32_t word, uint32_t next, uint32_t far)
{
    uint32_t mixed = (word & 0x80000000u) | (next & 0x7fffffffu);
    return far ^ (mixed >> 1) ^ ((0u - (next & 1)) & 0x9908b0dfu);
}

static inline uint32_t mt19937_temper(uint32_t y)
{
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

static inline uint32_t mt19937_next(oneseed_mt19937 *state)
{
    if (state->position >= MT19937_N) {
        mt19937_next_block(state->words);
        state->position = 0;
    }
    return mt19937_temper(state->words[state->position++]);
}

/* Two words of the state as one of 64 bits: the masks keep what is shifted in its half. */
static inline uint64_t mt19937_temper_two(uint64_t y)
{
    y ^= y >> 11 & 0x001fffff001fffffu;
    y ^= y << 7 & 0x9d2c56809d2c5680u;
    y ^= y << 15 & 0xefc60000efc60000u;
    return y ^ (y >> 18 & 0x00003fff00003fffu);
}

/* Two words, the first one above. */
static inline uint64_t mt19937_next_two(oneseed_mt19937 *state)
{
    if (state->position >= MT19937_N - 1) {
        uint64_t first = mt19937_next(state);
        return first << 32 | mt19937_next(state);
    }
    uint64_t y = (uint64_t)state->words[state->position] << 32 | state->words[state->position + 1];
    state->position += 2;
    return mt19937_temper_two(y);
}

/* Uniforms in [0, 1) of two words each: the upper 27 bits of the first and 26 of the second (genrand_res53: M. Matsumoto, T. Nishimura and
 * I. Wada, mt19937ar.c, 2002; CPython, NumPy's RandomState); the lower 53 bits of both, the first one above (PyTorch). */
enum mt19937_doubles { MT19937_RES53, MT19937_LOW53 };
void mt19937_fill_f64(oneseed_mt19937 *state, enum mt19937_doubles kind, double *out, size_t n);
/* As many of n as are better made in lanes of AVX-512; gives their number. A large output that begins a line goes past the caches. */
size_t mt19937_fill_doubles(oneseed_mt19937 *state, enum mt19937_doubles kind, double *out, size_t n);

#define MT19937_TOO_FAR ONESEED_TOO_FAR

/* As oneseed_mt19937_distance, but only for states whose blocks begin at the same words, as in all copies of one generator, and with
 * max_words rounded up to whole blocks. About 0.3 ns for each word. */
uint64_t mt19937_distance(const uint32_t from_key[MT19937_N], unsigned from_position, const uint32_t to_key[MT19937_N],
                          unsigned to_position, uint64_t max_words);

/* A polynomial over GF(2) of degree below 19937: bit i % 64 of word i / 64 is the coefficient of x^i. */
enum { MT19937_POLYNOMIAL_WORDS = 312 };

/* The exponents below 19937 of the characteristic polynomial of the recurrence, which 19937 itself completes. */
enum { MT19937_N_EXPONENTS = 134 };
extern const uint16_t mt19937_exponents[MT19937_N_EXPONENTS];

/* x^n modulo the characteristic polynomial. About 20 us for each bit of n but the first 14. */
void mt19937_power(uint64_t polynomial_out[MT19937_POLYNOMIAL_WORDS], uint64_t n);
/* Puts the sum of polynomial[i] * A^i in place of a window of 624 consecutive words, where A moves it by one word. */
void mt19937_apply(const uint64_t polynomial[MT19937_POLYNOMIAL_WORDS], uint32_t window[MT19937_N]);

#endif
