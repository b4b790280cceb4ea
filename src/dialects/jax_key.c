/* jax_key.c - JAX's keys and the bits that they stand for.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/threefry2x32.py and rbg.py of JAX 0.10 (before: jax/_src/prng.py), XLA's rng_bit_generator_expander.cc for
 * what RngBitGenerator is on CPUs and GPUs: Philox-4x32-10. A key is no state: a sampler is a function of it. */
#include "dialects/jax.h"

#include <string.h> /* memcpy, memset */

#include "common/simd.h"          /* SIMD_VARIANTS */
#include "engines/philox2x32.h"   /* philox2x32_block */
#include "engines/philox4x32.h"   /* philox4x32_block */
#include "engines/threefry2x32.h" /* threefry2x32_block */
#include "engines/threefry4x32.h" /* threefry4x32_block */

/* --- Threefry over an array of counters -----------------------------------------------------------------------------
 * The original mode hashes the array 0 … n_words - 1: its halves are the two words of the counters, an odd one has a 0 behind it. What
 * is longer than 2^32 - 1 words is cut into pieces of that size, each with a key of its own. */

static uint32_t word_of_piece(const uint32_t key[2], uint64_t i, uint64_t n_words)
{
    uint64_t half = (n_words + 1) / 2, low = i < half ? i : i - half, high = low + half;
    uint32_t counter[2] = {(uint32_t)low, high < n_words ? (uint32_t)high : 0}, out[2];
    threefry2x32_block(key, counter, out);
    return out[i < half ? 0 : 1];
}

static uint32_t original_word(const uint32_t key[2], uint64_t i, uint64_t n_words)
{
    const uint64_t longest = UINT32_MAX;
    uint64_t n_pieces = n_words / longest, piece = i / longest;
    if (n_pieces == 0)
        return word_of_piece(key, i, n_words);
    uint32_t of_piece[2] = {word_of_piece(key, 2 * piece, 2 * (n_pieces + 1)),
                            word_of_piece(key, 2 * piece + 1, 2 * (n_pieces + 1))};
    return word_of_piece(of_piece, i % longest, piece < n_pieces ? longest : n_words % longest);
}

/* Words `begin` and on. A block has two: the other one is dropped. */
static void original_words(const uint32_t key[2], uint64_t n_words, uint64_t begin, uint32_t *out, size_t n)
{
    uint32_t others[JAX_WORDS];
    const uint64_t half = (n_words + 1) / 2;
    while (n > 0) {
        const bool is_first = begin < half;
        const uint64_t n_left = is_first ? half - begin : n;
        size_t n_now = n < JAX_WORDS ? n : JAX_WORDS;
        n_now = n_now < n_left ? n_now : (size_t)n_left;
        if (n_words > UINT32_MAX) {
            for (size_t k = 0; k < n_now; k++)
                out[k] = original_word(key, begin + k, n_words);
        } else if (is_first) {
            threefry2x32_fill_apart(key, (uint32_t)begin, (uint32_t)(begin + half), out, others, n_now);
            if (n_words % 2 && begin + n_now == half) /* the odd one */
                out[n_now - 1] = word_of_piece(key, half - 1, n_words);
        } else {
            threefry2x32_fill_apart(key, (uint32_t)(begin - half), (uint32_t)begin, others, out, n_now);
        }
        out += n_now;
        begin += n_now;
        n -= n_now;
    }
}

static uint32_t masked(uint32_t word, unsigned width)
{
    return word & (UINT32_MAX >> (32 - width));
}

/* A word has the bits of several narrow values. */
static void original_narrow(const uint32_t key[2], unsigned width, uint64_t n_all, uint64_t begin, uint32_t *out,
                            size_t n)
{
    const uint64_t n_words = (n_all * width + 31) / 32, per_word = 32 / width;
    uint32_t words[JAX_WORDS / 2 + 1];
    while (n > 0) {
        size_t n_now = n < JAX_WORDS ? n : JAX_WORDS;
        const uint64_t first = begin / per_word, last = (begin + n_now - 1) / per_word;
        original_words(key, n_words, first, words, (size_t)(last - first + 1));
        for (size_t k = 0; k < n_now; k++) {
            const uint64_t i = begin + k;
            out[k] = masked(words[i / per_word - first] >> (width * (unsigned)(i % per_word)), width);
        }
        out += n_now;
        begin += n_now;
        n -= n_now;
    }
}

static void original_wide(const uint32_t key[2], uint64_t n_all, uint64_t begin, uint64_t *out, size_t n)
{
    uint32_t high[JAX_WORDS], low[JAX_WORDS];
    for (size_t n_now; n > 0; n -= n_now, begin += n_now, out += n_now) {
        n_now = n < JAX_WORDS ? n : JAX_WORDS;
        if (2 * n_all <= UINT32_MAX) {
            threefry2x32_fill_apart(key, (uint32_t)begin, (uint32_t)(n_all + begin), high, low, n_now);
        } else {
            original_words(key, 2 * n_all, begin, high, n_now);
            original_words(key, 2 * n_all, n_all + begin, low, n_now);
        }
        for (size_t k = 0; k < n_now; k++)
            out[k] = (uint64_t)high[k] << 32 | low[k];
    }
}

/* --- RngBitGenerator ------------------------------------------------------------------------------------------------- */

/* The state's second half is the low half of the counter. */
static void rbg_block(const uint32_t key[4], uint64_t number, uint32_t out[4])
{
    uint32_t counter[4] = {key[2], key[3], key[0], key[1]};
    philox4x32_skip(counter, number);
    philox4x32_block(counter, key, out);
}

/* Words of the stream of blocks, from `begin` on. */
static void rbg_words(const uint32_t key[4], uint64_t begin, uint32_t *out, size_t n)
{
    uint32_t counter[4] = {key[2], key[3], key[0], key[1]}, block[PHILOX4X32_BLOCK];
    philox4x32_skip(counter, begin / PHILOX4X32_BLOCK);
    size_t within = begin % PHILOX4X32_BLOCK;
    if (within && n > 0) {
        size_t n_here = PHILOX4X32_BLOCK - within < n ? PHILOX4X32_BLOCK - within : n;
        philox4x32_fill_blocks(counter, key, block, 1);
        memcpy(out, block + within, n_here * sizeof *out);
        out += n_here;
        n -= n_here;
    }
    philox4x32_fill_blocks(counter, key, out, n / PHILOX4X32_BLOCK);
    if (n % PHILOX4X32_BLOCK) {
        philox4x32_fill_blocks(counter, key, block, 1);
        memcpy(out + n / PHILOX4X32_BLOCK * PHILOX4X32_BLOCK, block, n % PHILOX4X32_BLOCK * sizeof *out);
    }
}

/* --- The kinds that 0.10 added ------------------------------------------------------------------------------------------
 * jax/_src/random/philox2x32.py, philox4x32.py and threefry4x32.py: partitionable always. Four words of counter: a value's number is the
 * first two of them, a key's the last two. */

static bool is_counted(const oneseed_jax_key *key)
{
    return key->impl >= ONESEED_JAX_PHILOX2X32;
}

static void counted_block(const oneseed_jax_key *key, uint64_t value, uint64_t new_key, uint32_t out[4])
{
    uint32_t counter[4] = {(uint32_t)(value >> 32), (uint32_t)value, (uint32_t)(new_key >> 32), (uint32_t)new_key};
    if (key->impl == ONESEED_JAX_PHILOX2X32) {
        counter[0] |= counter[2];
        counter[1] |= counter[3];
        philox2x32_block(key->words[0], counter, out);
        out[2] = out[3] = 0;
    } else if (key->impl == ONESEED_JAX_PHILOX4X32) {
        philox4x32_block(counter, key->words, out);
    } else {
        threefry4x32_block(key->words, counter, out);
    }
}

static uint64_t counted_value(const oneseed_jax_key *key, unsigned width, uint64_t i)
{
    uint32_t words[4];
    counted_block(key, i, 0, words);
    if (width < 64)
        return (words[0] ^ words[1] ^ words[2] ^ words[3]) & (UINT32_MAX >> (32 - width));
    if (key->impl == ONESEED_JAX_THREEFRY4X32)
        return (uint64_t)(words[0] ^ words[2]) << 32 | (words[1] ^ words[3]);
    return (uint64_t)words[0] << 32 | words[1];
}

static void counted_key(const oneseed_jax_key *key, uint64_t i, oneseed_jax_key *out)
{
    uint32_t words[4];
    counted_block(key, 0, i, words);
    *out = *key;
    memcpy(out->words, words, oneseed_jax_key_words(key) * sizeof *words);
}

/* Philox hashes the seed under a key of 0, Threefry 0 under the seed. */
static void counted_seed(oneseed_jax_key *key, const uint32_t seed[2])
{
    oneseed_jax_key from = {.impl = key->impl};
    uint32_t words[4];
    if (key->impl == ONESEED_JAX_THREEFRY4X32)
        memcpy(from.words, seed, 2 * sizeof *seed);
    counted_block(&from, key->impl == ONESEED_JAX_THREEFRY4X32 ? 0 : (uint64_t)seed[0] << 32 | seed[1], 0, words);
    memset(key->words, 0, sizeof key->words);
    memcpy(key->words, words, oneseed_jax_key_words(key) * sizeof *words);
}

/* --- Bits ------------------------------------------------------------------------------------------------------------ */

void jax_words(const oneseed_jax_key *key, unsigned width, uint64_t n_all, uint64_t begin, uint32_t *out, size_t n)
{
    if (is_counted(key)) {
        for (size_t k = 0; k < n; k++)
            out[k] = (uint32_t)counted_value(key, width, begin + k);
    } else if (key->impl == ONESEED_JAX_THREEFRY2X32 && key->is_original && width < 32) {
        original_narrow(key->words, width, n_all, begin, out, n);
    } else if (key->impl == ONESEED_JAX_THREEFRY2X32 && key->is_original) {
        original_words(key->words, n_all, begin, out, n);
    } else {
        /* Since 0.5 the counter of a value is its own number. */
        if (key->impl == ONESEED_JAX_THREEFRY2X32)
            threefry2x32_fill_mixed(key->words, begin, out, n);
        else
            rbg_words(key->words, begin, out, n);
        for (size_t k = 0; k < n && width < 32; k++)
            out[k] = masked(out[k], width);
    }
}

void jax_wide_words(const oneseed_jax_key *key, uint64_t n_all, uint64_t begin, uint64_t *out, size_t n)
{
    if (is_counted(key)) {
        for (size_t k = 0; k < n; k++)
            out[k] = counted_value(key, 64, begin + k);
    } else if (key->impl == ONESEED_JAX_THREEFRY2X32 && key->is_original) {
        original_wide(key->words, n_all, begin, out, n);
    } else if (key->impl == ONESEED_JAX_THREEFRY2X32) {
        threefry2x32_fill_wide(key->words, begin, out, n);
    } else {
        uint32_t words[2 * JAX_WORDS];
        for (size_t n_now; n > 0; n -= n_now, begin += n_now, out += n_now) {
            n_now = n < JAX_WORDS ? n : JAX_WORDS;
            rbg_words(key->words, 2 * begin, words, 2 * n_now);
            for (size_t k = 0; k < n_now; k++)
                out[k] = words[2 * k] | (uint64_t)words[2 * k + 1] << 32;
        }
    }
}

void jax_bits(const oneseed_jax_key *key, unsigned width, uint64_t n_all, uint64_t begin, uint64_t *out, size_t n)
{
    uint32_t words[JAX_WORDS];
    if (width == 64) {
        jax_wide_words(key, n_all, begin, out, n);
        return;
    }
    for (size_t n_now; n > 0; n -= n_now, begin += n_now, out += n_now) {
        n_now = n < JAX_WORDS ? n : JAX_WORDS;
        jax_words(key, width, n_all, begin, words, n_now);
        for (size_t k = 0; k < n_now; k++)
            out[k] = words[k];
    }
}

/* The lowest bits of words. */
SIMD_BODY void narrow_body(const uint32_t *restrict words, unsigned width, void *restrict out, size_t n)
{
    uint8_t *bytes = out;
    uint16_t *halves = out;
    if (width == 8)
        for (size_t k = 0; k < n; k++)
            bytes[k] = (uint8_t)words[k];
    else
        for (size_t k = 0; k < n; k++)
            halves[k] = (uint16_t)words[k];
}

SIMD_VARIANTS(static void, narrow, (const uint32_t *words, unsigned width, void *out, size_t n), (words, width, out, n))

void jax_bits_part(const oneseed_jax_key *key, unsigned width, uint64_t n_all, uint64_t begin, void *out, size_t n)
{
    uint64_t buffer[JAX_WORDS];
    uint32_t words[JAX_WORDS];
    const size_t size = width / 8;
    struct simd_output output = simd_output(out, n * size);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < JAX_WORDS ? n - i : JAX_WORDS;
        void *place = simd_output_place(&output, buffer);
        if (width == 64) {
            jax_wide_words(key, n_all, begin + i, place, n_now);
        } else if (width == 32) {
            jax_words(key, width, n_all, begin + i, place, n_now);
        } else {
            jax_words(key, width, n_all, begin + i, words, n_now);
            narrow(words, width, place, n_now);
        }
        simd_output_put(&output, place, n_now * size);
    }
    simd_output_end(&output);
}

oneseed_status oneseed_jax_bits_fill(const oneseed_jax_key *key, unsigned width, void *out, size_t n)
{
    if (width != 8 && width != 16 && width != 32 && width != 64)
        return ONESEED_JAX_WIDTH;
    jax_bits_part(key, width, n, 0, out, n);
    return ONESEED_OK;
}

/* --- Keys ------------------------------------------------------------------------------------------------------------ */

size_t oneseed_jax_key_words(const oneseed_jax_key *key)
{
    static const uint8_t n_words[] = {2, 4, 4, 1, 2, 4};
    return n_words[key->impl];
}

void oneseed_jax_key_seed(oneseed_jax_key *key, int64_t seed)
{
    const uint32_t halves[2] = {key->has_x64 ? (uint32_t)((uint64_t)seed >> 32) : 0, (uint32_t)(uint64_t)seed};
    if (is_counted(key)) {
        counted_seed(key, halves);
        return;
    }
    memcpy(key->words, halves, sizeof halves);
    key->words[2] = key->impl == ONESEED_JAX_THREEFRY2X32 ? 0 : key->words[0];
    key->words[3] = key->impl == ONESEED_JAX_THREEFRY2X32 ? 0 : key->words[1];
}

static void threefry_split(const uint32_t key[2], bool is_original, uint64_t i, uint64_t n, uint32_t out[2])
{
    uint32_t counter[2] = {(uint32_t)(i >> 32), (uint32_t)i};
    if (is_original) {
        out[0] = word_of_piece(key, 2 * i, 2 * n);
        out[1] = word_of_piece(key, 2 * i + 1, 2 * n);
    } else {
        threefry2x32_block(key, counter, out);
    }
}

void jax_split_at(const oneseed_jax_key *key, uint64_t i, uint64_t n, oneseed_jax_key *out)
{
    oneseed_jax_key from = *key;
    if (is_counted(key)) {
        counted_key(&from, i, out);
        return;
    }
    *out = from;
    if (from.impl == ONESEED_JAX_UNSAFE_RBG) {
        rbg_block(from.words, 10 * i, out->words);
        return;
    }
    threefry_split(from.words, from.is_original, i, n, out->words);
    if (from.impl == ONESEED_JAX_RBG)
        threefry_split(from.words + 2, from.is_original, i, n, out->words + 2);
}

void oneseed_jax_split(const oneseed_jax_key *key, oneseed_jax_key *out, size_t n)
{
    oneseed_jax_key from = *key; /* `out` may be `key` */
    for (size_t i = 0; i < n; i++)
        jax_split_at(&from, i, n, &out[i]);
}

void oneseed_jax_fold_in(const oneseed_jax_key *key, uint32_t data, oneseed_jax_key *out)
{
    oneseed_jax_key from = *key;
    uint32_t counter[2] = {0, data}, block[4];
    if (is_counted(key)) {
        counted_key(&from, data, out);
        return;
    }
    *out = from;
    if (from.impl == ONESEED_JAX_UNSAFE_RBG) {
        uint32_t of_data[4] = {0, data, 0, data};
        rbg_block(of_data, 9, block);
        for (int k = 0; k < 4; k++)
            out->words[k] ^= block[k];
        return;
    }
    threefry2x32_block(from.words, counter, out->words);
    if (from.impl == ONESEED_JAX_RBG)
        threefry2x32_block(from.words + 2, counter, out->words + 2);
}

int oneseed_jax_key_is_valid(const oneseed_jax_key *key)
{
    return key->impl <= ONESEED_JAX_THREEFRY4X32 && key->is_original <= 1 && key->has_x64 <= 1 &&
           key->cpu <= ONESEED_JAX_AVX2;
}
