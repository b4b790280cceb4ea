/* mt19937_seed.c - the seed of an MT19937 from its state: blocks backwards, until one is what a seeding makes.
 * SPDX-License-Identifier: MIT
 *
 * Both seedings of M. Matsumoto and T. Nishimura's mt19937ar.c (2002) are chains that can be undone word by word. In init_by_array the first
 * of its two rounds adds key[j] + j to each word, j counting round the key: the second round undone, the sums lie open, and the key is as
 * long as they take to repeat. CPython's random.seed(text) seeds with the text's bytes and their SHA-512 as one integer. */
#include <string.h> /* memcpy, memcmp */

#include "engines/mt19937.h" /* MT19937_N */
#include "state/state.h"     /* state_find_seed */

enum { N = MT19937_N, M = MT19937_M, FIRST_SUM = 3, N_SUMS = N - FIRST_SUM };

/* Undoes one twist: out of the word that it made (without the word that it was added to), the top bit of the first and the
 * lower bits of the second word that went in. */
static uint32_t untwist(uint32_t made)
{
    uint32_t odd = made >> 31;
    return (odd ? made ^ 0x9908b0dfu : made) << 1 | odd;
}

void state_previous_block(uint32_t words[624])
{
    for (unsigned i = N; i-- > 0;) {
        uint32_t high = untwist(words[i] ^ words[(i + M) % N]);
        uint32_t low = untwist(words[(i + N - 1) % N] ^ words[(i + M - 1) % N]);
        words[i] = (high & 0x80000000u) | (low & 0x7fffffffu);
    }
}

static uint32_t mix(uint32_t word)
{
    return word ^ word >> 30;
}

/* The first word of init_genrand when the others fit. */
static bool is_word_seeded(const uint32_t *words, uint32_t *seed_out)
{
    for (uint32_t i = 2; i < N; i++) {
        if (words[i] != 1812433253u * mix(words[i - 1]) + i)
            return false;
    }
    /* 2520285293 is the multiplier's inverse modulo 2^32; mix() is its own. */
    *seed_out = mix((words[1] - 1) * 2520285293u);
    return *seed_out >> 31 == words[0] >> 31;
}

/* key[j] + j for the words from FIRST_SUM on. */
static void open_sums(const uint32_t *words, const uint32_t *start, uint32_t sums_out[N_SUMS])
{
    uint32_t first[N];
    first[1] = (words[1] + 1) ^ mix(words[N - 1]) * 1566083941u;
    for (uint32_t i = 2; i < N; i++)
        first[i] = (words[i] + i) ^ mix(i == 2 ? first[1] : words[i - 1]) * 1566083941u;
    for (unsigned i = FIRST_SUM; i < N; i++)
        sums_out[i - FIRST_SUM] = first[i] - (start[i] ^ mix(first[i - 1]) * 1664525u);
}

/* The key of init_by_array; false: it is not so seeded, or by a key that is too long. */
static bool is_array_seeded(const uint32_t *words, const uint32_t *start, struct state_seed *seed)
{
    if (words[0] >> 31 == 0)
        return false;
    uint32_t sums[N_SUMS];
    open_sums(words, start, sums);
    for (size_t n = 1; n <= SEED_MAX_WORDS; n++) {
        if (memcmp(sums, sums + n, (N_SUMS - n) * sizeof *sums) != 0)
            continue;
        for (size_t k = 0; k < n; k++) { /* the word i = FIRST_SUM + k had j = (i - 1) % n */
            size_t j = (FIRST_SUM + k - 1) % n;
            seed->words[j] = sums[k] - (uint32_t)j;
        }
        oneseed_mt19937 again;
        oneseed_mt19937_seed_array(&again, seed->words, n);
        if (memcmp(again.words + 1, words + 1, (N - 1) * sizeof *words) != 0)
            return false;
        seed->n_words = n;
        return true;
    }
    return false;
}

/* The text that random.seed(text) made this key of. */
static void find_text(struct state_seed *seed)
{
    uint8_t bytes[4 * SEED_MAX_WORDS], digest[64];
    size_t n = 4 * seed->n_words;
    for (size_t i = 0; i < n; i++) /* highest first */
        bytes[n - 1 - i] = (uint8_t)(seed->words[i / 4] >> 8 * (i % 4));
    size_t begin = 0;
    while (begin < n && bytes[begin] == 0)
        begin++;
    if (n - begin < sizeof digest || n - begin - sizeof digest >= sizeof seed->text)
        return;
    size_t n_text = n - begin - sizeof digest;
    oneseed_sha512 sha;
    oneseed_sha512_start(&sha);
    oneseed_sha512_add(&sha, bytes + begin, n_text);
    oneseed_sha512_finish(&sha, digest);
    if (memcmp(digest, bytes + n - sizeof digest, sizeof digest) != 0 || memchr(bytes + begin, 0, n_text))
        return;
    memcpy(seed->text, bytes + begin, n_text);
    seed->text[n_text] = '\0';
    seed->is_text = true;
}

void state_find_seed(const oneseed_mt19937 *state, uint64_t max_words, struct state_seed *seed_out)
{
    *seed_out = (struct state_seed){.kind = SEED_UNKNOWN};
    oneseed_mt19937 start;
    oneseed_mt19937_seed(&start, 19650218u);
    uint32_t words[N];
    memcpy(words, state->words, sizeof words);
    /* A seeding leaves the position at 624: of the block as it is, no other can be fresh. */
    uint64_t n_drawn = state->position;
    if (state->position == N)
        n_drawn = 0;
    else
        state_previous_block(words);
    for (; n_drawn <= max_words; n_drawn += N) {
        uint32_t seed;
        if (is_word_seeded(words, &seed)) {
            seed_out->kind = SEED_WORD;
            seed_out->words[0] = seed;
            seed_out->n_words = 1;
        } else if (is_array_seeded(words, start.words, seed_out)) {
            seed_out->kind = SEED_ARRAY;
            find_text(seed_out);
        }
        if (seed_out->kind != SEED_UNKNOWN) {
            seed_out->n_drawn = n_drawn;
            return;
        }
        state_previous_block(words);
    }
}
