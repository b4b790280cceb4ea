/* mt19937_jump.c - MT19937 forward by any number of words, by polynomials over GF(2).
 * SPDX-License-Identifier: MIT
 *
 * H. Haramoto, M. Matsumoto, T. Nishimura, F. Panneton, P. L'Ecuyer, "Efficient Jump Ahead for F2-Linear Random Number
 * Generators", 2008: n steps of the recurrence are the polynomial x^n modulo the characteristic polynomial. */
#include <string.h> /* memcpy, memset */

#include "engines/mt19937.h" /* mt19937_twist */

enum {
    N = MT19937_N,
    DEGREE = MT19937_DEGREE,
    WORDS = MT19937_POLYNOMIAL_WORDS,
    SQUARE_WORDS = 2 * WORDS,
    /* Up to here, making blocks is quicker than the polynomial. */
    DIRECT_BLOCKS = 8192
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

/* Adds bits * x^(shift + each exponent). The next exponent below 19937 is 623 lower: what is added never comes back. */
static void add_reduced(uint64_t *polynomial, uint64_t bits, unsigned shift)
{
    for (int k = 0; k < MT19937_N_EXPONENTS; k++) {
        unsigned at = shift + mt19937_exponents[k];
        polynomial[at / 64] ^= bits << (at % 64);
        if (at % 64 != 0)
            polynomial[at / 64 + 1] ^= bits >> (64 - at % 64);
    }
}

/* Modulo the characteristic polynomial, in place: word by word from the top. */
static void reduce(uint64_t polynomial[SQUARE_WORDS])
{
    for (unsigned k = SQUARE_WORDS - 1; k > DEGREE / 64; k--) {
        uint64_t bits = polynomial[k];
        polynomial[k] = 0;
        if (bits != 0)
            add_reduced(polynomial, bits, 64 * k - DEGREE);
    }
    uint64_t bits = polynomial[DEGREE / 64] >> (DEGREE % 64);
    polynomial[DEGREE / 64] ^= bits << (DEGREE % 64);
    add_reduced(polynomial, bits, 0);
}

/* The bits of a half word with zeros between them. */
static uint64_t spread(uint64_t half)
{
    half = (half | half << 16) & 0x0000ffff0000ffffu;
    half = (half | half << 8) & 0x00ff00ff00ff00ffu;
    half = (half | half << 4) & 0x0f0f0f0f0f0f0f0fu;
    half = (half | half << 2) & 0x3333333333333333u;
    return (half | half << 1) & 0x5555555555555555u;
}

static void square(uint64_t polynomial[SQUARE_WORDS])
{
    for (int k = WORDS - 1; k >= 0; k--) {
        uint64_t word = polynomial[k];
        polynomial[2 * k + 1] = spread(word >> 32);
        polynomial[2 * k] = spread(word & 0xffffffffu);
    }
    reduce(polynomial);
}

static void times_x(uint64_t polynomial[SQUARE_WORDS])
{
    for (int k = WORDS; k > 0; k--)
        polynomial[k] = polynomial[k] << 1 | polynomial[k - 1] >> 63;
    polynomial[0] <<= 1;
    reduce(polynomial);
}

void mt19937_power(uint64_t polynomial_out[MT19937_POLYNOMIAL_WORDS], uint64_t n)
{
    uint64_t polynomial[SQUARE_WORDS] = {1};
    for (int bit = 63; bit >= 0; bit--) {
        if (n >> bit == 0)
            continue;
        square(polynomial);
        if (n >> bit & 1)
            times_x(polynomial);
    }
    memcpy(polynomial_out, polynomial, WORDS * sizeof *polynomial_out);
}

void mt19937_apply(const uint64_t polynomial[MT19937_POLYNOMIAL_WORDS], uint32_t window[MT19937_N])
{
    uint32_t words[2 * N]; /* a block and the one behind it: every window that begins in the first */
    uint32_t sum[N];
    memset(sum, 0, sizeof sum);
    memcpy(words, window, N * sizeof *words);
    for (int base = 0; base < DEGREE; base += N) {
        memcpy(words + N, words, N * sizeof *words);
        mt19937_next_block(words + N);
        for (int k = 0; k < N && base + k < DEGREE; k++) {
            if ((polynomial[(base + k) / 64] >> ((base + k) % 64) & 1) == 0)
                continue;
            for (int i = 0; i < N; i++)
                sum[i] ^= words[k + i];
        }
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
