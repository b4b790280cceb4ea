/* mt19937_jump.c - MT19937 forward by any number of words, by polynomials over GF(2).
 * SPDX-License-Identifier: MIT
 *
 * H. Haramoto, M. Matsumoto, T. Nishimura, F. Panneton, P. L'Ecuyer, "Efficient Jump Ahead for F2-Linear Random Number
 * Generators", 2008: n steps of the recurrence are the polynomial x^n modulo the characteristic polynomial. */
#include <string.h> /* memcpy, memset */

#include "common/simd.h"     /* SIMD_VARIANTS */
#include "engines/mt19937.h" /* mt19937_next_block */

enum {
    N = MT19937_N,
    DEGREE = MT19937_DEGREE,
    WORDS = MT19937_POLYNOMIAL_WORDS,
    /* Up to here, making blocks is quicker than the polynomial. */
    DIRECT_BLOCKS = 6144
};

/* Made by tests/gen/mt19937_polynomial.py. */
const uint16_t mt19937_exponents[MT19937_N_EXPONENTS] = {
    0,     1189,  1416,  1585,  1643,  1870,  2493,  2773,  3000,  3227,  3454,  3681,  3908,  4135,  4362,
    4753,  5661,  6337,  6569,  7129,  7477,  7525,  7583,  7752,  7979,  8206,  9505,  9901,  9969,  10128,
    10693, 10761, 10920, 11089, 11147, 11157, 11215, 11321, 11374, 11384, 11485, 11611, 11712, 11717, 11838,
    11881, 11944, 11997, 12277, 12335, 12393, 12504, 12509, 12620, 12673, 12731, 12736, 12789, 12905, 12958,
    12963, 13137, 13185, 13190, 13243, 13301, 13412, 13528, 13533, 13639, 13697, 13760, 13813, 13866, 14093,
    14151, 14209, 14320, 14325, 14436, 14547, 14552, 14605, 14721, 14774, 14779, 14953, 15001, 15006, 15059,
    15117, 15228, 15344, 15349, 15455, 15513, 15576, 15629, 15682, 15909, 15967, 16025, 16136, 16141, 16252,
    16363, 16368, 16421, 16537, 16590, 16595, 16817, 16822, 16875, 16933, 17044, 17160, 17271, 17329, 17445,
    17498, 17725, 17783, 17841, 17952, 18068, 18179, 18237, 18406, 18633, 18691, 18860, 19087, 19314};

/* ---- polynomials: words of coefficients, the lowest first ---- */

enum {
    LOW = DEGREE / 64, /* where the coefficient of x^19937 is */
    REST = DEGREE % 64,
    STEP = 8, /* words that are found together: the exponents below 19937 are lower by 623 at least, nine words of 64 */
    STEP_TWO = 24, /* where they do not depend on each other */
    ZEROS = 32     /* around a quotient: exponents are taken by twos, which differ by 1189 at most */
};

/* Division by the characteristic polynomial, whose terms but the highest are `below`: of a square = q x^19937 + r, the part of q * below
 * that is x^19937 and above belongs to the quotient once more. Each word is a sum of what is there already, written once. */
SIMD_BODY void divide_body(uint64_t *restrict quotient, uint64_t *restrict rest)
{
    for (int at = WORDS - STEP; at >= 0; at -= STEP) {
        uint64_t sum[STEP] = {0};
        for (int k = MT19937_N_EXPONENTS - 1; k >= 0; k -= 2) {
            int e = DEGREE - mt19937_exponents[k], f = DEGREE - mt19937_exponents[k - 1];
            const uint64_t *x = quotient + at + e / 64, *y = quotient + at + f / 64;
            if (at + e / 64 >= WORDS)
                break;
            for (int i = 0; i < STEP; i++)
                sum[i] ^=
                    x[i] >> e % 64 ^ x[i + 1] << 1 << (63 - e % 64) ^ y[i] >> f % 64 ^ y[i + 1] << 1 << (63 - f % 64);
        }
        for (int i = 0; i < STEP; i++)
            quotient[at + i] ^= sum[i];
    }
    for (int at = 0; at < WORDS; at += STEP_TWO) {
        uint64_t sum[STEP_TWO] = {0};
        for (int k = 0; k < MT19937_N_EXPONENTS; k += 2) {
            int e = mt19937_exponents[k], f = mt19937_exponents[k + 1];
            const uint64_t *x = quotient + at - e / 64, *y = quotient + at - f / 64;
            if (e / 64 >= at + STEP_TWO)
                break;
            for (int i = 0; i < STEP_TWO; i++)
                sum[i] ^=
                    x[i] << e % 64 ^ x[i - 1] >> 1 >> (63 - e % 64) ^ y[i] << f % 64 ^ y[i - 1] >> 1 >> (63 - f % 64);
        }
        for (int i = 0; i < STEP_TWO; i++)
            rest[at + i] ^= sum[i];
    }
}
SIMD_VARIANTS(static void, divide, (uint64_t * quotient, uint64_t *rest), (quotient, rest))

/* The bits of a half word with zeros between them. */
static uint64_t spread(uint64_t half)
{
    half = (half | half << 16) & 0x0000ffff0000ffffu;
    half = (half | half << 8) & 0x00ff00ff00ff00ffu;
    half = (half | half << 4) & 0x0f0f0f0f0f0f0f0fu;
    half = (half | half << 2) & 0x3333333333333333u;
    return (half | half << 1) & 0x5555555555555555u;
}

static void square(uint64_t polynomial[WORDS])
{
    uint64_t memory[ZEROS + WORDS + ZEROS] = {0}, all[2 * WORDS + 1] = {0}, *quotient = memory + ZEROS;
    for (int k = 0; k < WORDS; k++) {
        all[2 * k] = spread(polynomial[k] & 0xffffffffu);
        all[2 * k + 1] = spread(polynomial[k] >> 32);
    }
    for (int k = 0; k < WORDS; k++)
        quotient[k] = all[LOW + k] >> REST | all[LOW + k + 1] << (64 - REST);
    divide(quotient, all);
    memcpy(polynomial, all, WORDS * sizeof *polynomial);
    polynomial[LOW] &= (UINT64_C(1) << REST) - 1;
}

static void times_x(uint64_t polynomial[WORDS])
{
    for (int k = WORDS - 1; k > 0; k--)
        polynomial[k] = polynomial[k] << 1 | polynomial[k - 1] >> 63;
    polynomial[0] <<= 1;
    if (polynomial[LOW] >> REST == 0)
        return;
    polynomial[LOW] ^= UINT64_C(1) << REST;
    for (int k = 0; k < MT19937_N_EXPONENTS; k++)
        polynomial[mt19937_exponents[k] / 64] ^= UINT64_C(1) << mt19937_exponents[k] % 64;
}

/* The leading bits of n as far as they are a degree, then a square for each that follows. */
void mt19937_power(uint64_t polynomial_out[MT19937_POLYNOMIAL_WORDS], uint64_t n)
{
    int n_left = 0;
    while (n >> n_left >= DEGREE)
        n_left++;
    memset(polynomial_out, 0, WORDS * sizeof *polynomial_out);
    polynomial_out[(n >> n_left) / 64] = UINT64_C(1) << (n >> n_left) % 64;
    while (n_left-- > 0) {
        square(polynomial_out);
        if (n >> n_left & 1)
            times_x(polynomial_out);
    }
}

/* ---- states ---- */

enum { TOGETHER = 8 };

/* sum[i] ^= the words i of TOGETHER windows. */
SIMD_BODY void add_some(const uint32_t *words, const uint16_t *begins, uint32_t *restrict sum)
{
    const uint32_t *a = words + begins[0], *b = words + begins[1], *c = words + begins[2], *d = words + begins[3];
    const uint32_t *e = words + begins[4], *f = words + begins[5], *g = words + begins[6], *h = words + begins[7];
    for (int i = 0; i < N; i++)
        sum[i] ^= a[i] ^ b[i] ^ c[i] ^ d[i] ^ e[i] ^ f[i] ^ g[i] ^ h[i];
}

/* Adds the windows that begin at these words; n is a multiple of TOGETHER. */
SIMD_BODY void add_windows_body(const uint32_t *restrict words, const uint16_t *restrict begins, size_t n,
                                uint32_t *restrict sum)
{
    for (size_t k = 0; k < n; k += TOGETHER)
        add_some(words, begins + k, sum);
}
SIMD_VARIANTS(static void, add_windows, (const uint32_t *words, const uint16_t *begins, size_t n, uint32_t *sum),
              (words, begins, n, sum))

/* Which of the 624 coefficients from x^base on are 1. */
static size_t find_terms(const uint64_t polynomial[WORDS], unsigned base, uint16_t found[N + TOGETHER])
{
    size_t n = 0;
    for (unsigned k = 0; k < N && base + k < DEGREE; k++) {
        found[n] = (uint16_t)k;
        n += polynomial[(base + k) / 64] >> (base + k) % 64 & 1;
    }
    return n;
}

void mt19937_apply(const uint64_t polynomial[MT19937_POLYNOMIAL_WORDS], uint32_t window[MT19937_N])
{
    uint32_t
        words[3 * N]; /* a block, the one behind it: every window that begins in the first; and a window of zeros */
    uint32_t sum[N];
    uint16_t begins[N + TOGETHER];
    memset(sum, 0, sizeof sum);
    memset(words + 2 * N, 0, N * sizeof *words);
    memcpy(words, window, N * sizeof *words);
    for (unsigned base = 0; base < DEGREE; base += N) {
        memcpy(words + N, words, N * sizeof *words);
        mt19937_next_block(words + N);
        size_t n = find_terms(polynomial, base, begins);
        while (n % TOGETHER != 0)
            begins[n++] = 2 * N;
        add_windows(words, begins, n, sum);
        memcpy(words, words + N, N * sizeof *words);
    }
    memcpy(window, sum, sizeof sum);
}

void oneseed_mt19937_jump(oneseed_mt19937 *state, uint64_t n_words)
{
    uint64_t left_here = N - state->position;
    if (n_words <= left_here) {
        state->position += (uint32_t)n_words;
        return;
    }
    uint64_t n_blocks = (n_words - left_here - 1) / N + 1;
    state->position = (uint32_t)(n_words - left_here - (n_blocks - 1) * N);
    if (n_blocks > DIRECT_BLOCKS) {
        /* In a seeded block, 31 bits of the first word are not the recurrence's; in the next block all are. */
        uint64_t polynomial[WORDS];
        mt19937_next_block(state->words);
        mt19937_power(polynomial, (n_blocks - 1) * N);
        mt19937_apply(polynomial, state->words);
        return;
    }
    for (; n_blocks > 0; n_blocks--)
        mt19937_next_block(state->words);
}
