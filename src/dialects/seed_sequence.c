/* seed_sequence.c - NumPy's SeedSequence: spreads a seed of any length over as many words as are wanted.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/bit_generator.pyx (1.19 to 2.x), which follows M. E. O'Neill's seed_seq_fe ("Developing a seed_seq
 * Alternative", 2015). Pool of 4 words. */
#include "oneseed.h" /* oneseed_seed_sequence_u32 */

enum { POOL_WORDS = 4 };

/* Constants of the two hash streams (INIT_A, MULT_A; INIT_B, MULT_B) and of mix (MIX_MULT_L, MIX_MULT_R). */
static const uint32_t init_a = 0x43b0d7e5u, mult_a = 0x931e8875u;
static const uint32_t init_b = 0x8b51f9ddu, mult_b = 0x58f38dedu;
static const uint32_t mix_left = 0xca01f9ddu, mix_right = 0x4973f715u;

static uint32_t hashmix(uint32_t value, uint32_t *hash, uint32_t multiplier)
{
    value ^= *hash;
    *hash *= multiplier;
    value *= *hash;
    return value ^ (value >> 16);
}

static uint32_t mix(uint32_t x, uint32_t y)
{
    uint32_t result = mix_left * x - mix_right * y;
    return result ^ (result >> 16);
}

/* The assembled entropy: the words of the entropy and then of the key. Short entropy is padded with zeros to the size of
 * the pool when there is a key, so that a spawned sequence never equals one made from longer entropy (since 1.19). */
struct assembled {
    const uint32_t *entropy, *key;
    size_t n_entropy, n_padded, n_words;
};

static uint32_t assembled_word(const struct assembled *words, size_t i)
{
    if (i < words->n_entropy)
        return words->entropy[i];
    if (i < words->n_padded || i >= words->n_words)
        return 0;
    return words->key[i - words->n_padded];
}

void oneseed_seed_sequence_u32(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                               uint32_t *words_out, size_t n_words)
{
    size_t n_padded = n_key > 0 && n_entropy < POOL_WORDS ? (size_t)POOL_WORDS : n_entropy;
    struct assembled words = {entropy, key, n_entropy, n_padded, n_padded + n_key};
    uint32_t pool[POOL_WORDS];
    uint32_t hash = init_a;

    for (size_t i = 0; i < POOL_WORDS; i++)
        pool[i] = hashmix(assembled_word(&words, i), &hash, mult_a);
    for (size_t from = 0; from < POOL_WORDS; from++)
        for (size_t to = 0; to < POOL_WORDS; to++)
            if (from != to)
                pool[to] = mix(pool[to], hashmix(pool[from], &hash, mult_a));
    for (size_t from = POOL_WORDS; from < words.n_words; from++)
        for (size_t to = 0; to < POOL_WORDS; to++)
            pool[to] = mix(pool[to], hashmix(assembled_word(&words, from), &hash, mult_a));

    hash = init_b;
    for (size_t i = 0; i < n_words; i++)
        words_out[i] = hashmix(pool[i % POOL_WORDS], &hash, mult_b);
}
