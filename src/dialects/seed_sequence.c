/* seed_sequence.c - NumPy's SeedSequence: spreads a seed of any length over as many words as are wanted.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/bit_generator.pyx (1.17 to 2.x), which follows M. E. O'Neill's seed_seq_fe ("Developing a seed_seq
 * Alternative", 2015). */
#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_seed_sequence_u32 */

enum { POOL_WORDS = 4 }; /* NumPy's default pool_size */

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

void oneseed_seed_sequence_pool(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                                uint32_t version, uint32_t *pool_out, size_t n_pool)
{
    bool is_padded = n_key > 0 && n_entropy < n_pool && (version == 0 || version >= 11900);
    size_t n_padded = is_padded ? n_pool : n_entropy;
    struct assembled words = {entropy, key, n_entropy, n_padded, n_padded + n_key};
    uint32_t hash = init_a;

    for (size_t i = 0; i < n_pool; i++)
        pool_out[i] = hashmix(assembled_word(&words, i), &hash, mult_a);
    for (size_t from = 0; from < n_pool; from++)
        for (size_t to = 0; to < n_pool; to++)
            if (from != to)
                pool_out[to] = mix(pool_out[to], hashmix(pool_out[from], &hash, mult_a));
    for (size_t from = n_pool; from < words.n_words; from++)
        for (size_t to = 0; to < n_pool; to++)
            pool_out[to] = mix(pool_out[to], hashmix(assembled_word(&words, from), &hash, mult_a));
}

void oneseed_seed_sequence_generate_u32(const uint32_t *pool, size_t n_pool, uint32_t *words_out, size_t n_words)
{
    uint32_t hash = init_b;
    for (size_t i = 0; i < n_words; i++)
        words_out[i] = hashmix(pool[i % n_pool], &hash, mult_b);
}

/* Pairs of 32-bit words, the low one first. */
void oneseed_seed_sequence_generate_u64(const uint32_t *pool, size_t n_pool, uint64_t *words_out, size_t n_words)
{
    uint32_t hash = init_b;
    for (size_t i = 0; i < n_words; i++) {
        uint64_t low = hashmix(pool[2 * i % n_pool], &hash, mult_b);
        words_out[i] = low | (uint64_t)hashmix(pool[(2 * i + 1) % n_pool], &hash, mult_b) << 32;
    }
}

void oneseed_seed_sequence_u32(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                               uint32_t *words_out, size_t n_words)
{
    uint32_t pool[POOL_WORDS];
    oneseed_seed_sequence_pool(entropy, n_entropy, key, n_key, 0, pool, POOL_WORDS);
    oneseed_seed_sequence_generate_u32(pool, POOL_WORDS, words_out, n_words);
}

void oneseed_seed_sequence_u64(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                               uint64_t *words_out, size_t n_words)
{
    uint32_t pool[POOL_WORDS];
    oneseed_seed_sequence_pool(entropy, n_entropy, key, n_key, 0, pool, POOL_WORDS);
    oneseed_seed_sequence_generate_u64(pool, POOL_WORDS, words_out, n_words);
}
