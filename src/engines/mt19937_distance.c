/* mt19937_distance.c - how many words apart two states of MT19937 are.
 * SPDX-License-Identifier: MIT
 *
 * By drawing, or by Shanks' baby steps and giant steps. A giant step of 2^k words is cheap here: every second term of a sequence
 * over GF(2) obeys the sequence's own recurrence (squaring is linear), so that k decimations of the first 19937 terms lead to
 * a sequence whose next term is one step of 2^k words, for 134 exclusive ors. */
#include <stdbool.h> /* bool */
#include <string.h>  /* memcmp, memcpy, memset */

#include "engines/mt19937.h" /* mt19937_apply */

enum { N = MT19937_N, DEGREE = MT19937_DEGREE };

uint64_t mt19937_distance(const uint32_t from_key[MT19937_N], unsigned from_position, const uint32_t to_key[MT19937_N],
                          unsigned to_position, uint64_t max_words)
{
    uint32_t key[N];
    uint64_t base = 0; /* words from the start of from_key's block to the start of key's */
    memcpy(key, from_key, sizeof key);
    for (;;) {
        if (memcmp(key, to_key, sizeof key) == 0 && base + to_position >= from_position)
            return base + to_position - from_position;
        if (base > max_words + N)
            return MT19937_TOO_FAR;
        mt19937_next_block(key);
        base += N;
    }
}

/* Whether two windows go on alike: the lower 31 bits of the first word take no part in that. */
static bool is_same_window(const uint32_t *a, const uint32_t *b)
{
    return ((a[0] ^ b[0]) & 0x80000000u) == 0 && memcmp(a + 1, b + 1, (N - 1) * sizeof *a) == 0;
}

/* Words from the start of key's block to the start of wanted's, at most max_offset (rounded up to whole blocks). */
static uint64_t find_window(const uint32_t key[N], const uint32_t wanted[N], uint64_t max_offset)
{
    uint32_t words[2 * N];
    memcpy(words + N, key, N * sizeof *words);
    for (uint64_t base = 0;; base += N) {
        memcpy(words, words + N, N * sizeof *words);
        mt19937_next_block(words + N);
        for (unsigned k = 0; k < N; k++)
            if (words[k + N - 1] == wanted[N - 1] && is_same_window(words + k, wanted))
                return base + k;
        if (max_offset < N || base > max_offset - N)
            return ONESEED_TOO_FAR;
    }
}

/* The distance of two states whose windows are offset words apart, if it is one and not too large. */
static uint64_t distance_at(int64_t offset, const oneseed_mt19937 *from, const oneseed_mt19937 *to, uint64_t max_words)
{
    int64_t words = offset + (int64_t)to->position - (int64_t)from->position;
    return words >= 0 && (uint64_t)words <= max_words ? (uint64_t)words : ONESEED_TOO_FAR;
}

/* Blocks need not begin at the same words: NumPy's jumped() gives any. So the one that begins later may be either. */
uint64_t oneseed_mt19937_distance(const oneseed_mt19937 *from, const oneseed_mt19937 *to, uint64_t max_words)
{
    if (max_words > INT64_MAX - 2 * N)
        max_words = INT64_MAX - 2 * N;
    uint64_t back = find_window(to->words, from->words, N);
    if (back != ONESEED_TOO_FAR && distance_at(-(int64_t)back, from, to, max_words) != ONESEED_TOO_FAR)
        return distance_at(-(int64_t)back, from, to, max_words);
    uint64_t forth = find_window(from->words, to->words, max_words + N);
    return forth == ONESEED_TOO_FAR ? ONESEED_TOO_FAR : distance_at((int64_t)forth, from, to, max_words);
}

/* Whether `to`'s window is offset words behind `from`'s, by the polynomial. */
static bool is_offset(int64_t offset, const oneseed_mt19937 *from, const oneseed_mt19937 *to)
{
    uint64_t polynomial[MT19937_POLYNOMIAL_WORDS];
    uint32_t window[N];
    const uint32_t *first = offset >= 0 ? from->words : to->words, *last = offset >= 0 ? to->words : from->words;
    memcpy(window, first, sizeof window);
    mt19937_power(polynomial, (uint64_t)(offset >= 0 ? offset : -offset));
    mt19937_apply(polynomial, window);
    return is_same_window(window, last);
}

/* The sequence of the giant steps: 2 * DEGREE terms, of which the first DEGREE are known. A term is two words of the state, which
 * tell a place in the sequence well enough to look there. */
enum { TERMS = 2 * DEGREE, TERMS_AT_ONCE = 512 }; /* the recurrence reaches back by 623 at least */

static void extend(uint64_t terms[TERMS])
{
    for (int base = DEGREE; base < TERMS; base += TERMS_AT_ONCE) {
        uint64_t *to = terms + base;
        int n = TERMS - base < TERMS_AT_ONCE ? TERMS - base : TERMS_AT_ONCE;
        memset(to, 0, (size_t)n * sizeof *to);
        for (int e = 0; e < MT19937_N_EXPONENTS; e++) {
            const uint64_t *from = terms + base - DEGREE + mt19937_exponents[e];
            for (int k = 0; k < n; k++)
                to[k] ^= from[k];
        }
    }
}

/* Words of a state one by one, from the second on: those are all the recurrence's. */
struct walk {
    uint32_t key[N];
    unsigned position;
    uint32_t last;
};

static void walk_start(struct walk *walk, const uint32_t key[N])
{
    memcpy(walk->key, key, sizeof walk->key);
    walk->position = 2;
    walk->last = key[1];
}

static uint64_t walk_term(struct walk *walk)
{
    if (walk->position == N) {
        mt19937_next_block(walk->key);
        walk->position = 0;
    }
    uint32_t word = walk->key[walk->position++], before = walk->last;
    walk->last = word;
    return (uint64_t)word << 32 | before;
}

/* Terms by their place: an open hash of 2^bits entries, half of them used; an entry is the place in its lower bits - 1 bits, above
 * it the term's upper bits, of which the highest is set so that no entry is 0. */
struct table {
    uint64_t *entries;
    unsigned bits;
};

static uint64_t bucket_of(const struct table *table, uint64_t term)
{
    return term * 0x9e3779b97f4a7c15u >> (64 - table->bits);
}

static uint64_t tag_of(const struct table *table, uint64_t term)
{
    return (term | (uint64_t)1 << 63) >> (table->bits - 1);
}

/* The entry of a term, or the free one where it would be. Of equal terms, as a state of nearly all zeros has, the first stays. */
static uint64_t *entry_of(const struct table *table, uint64_t term)
{
    uint64_t mask = ((uint64_t)1 << table->bits) - 1, at = bucket_of(table, term);
    while (table->entries[at] != 0 && table->entries[at] >> (table->bits - 1) != tag_of(table, term))
        at = (at + 1) & mask;
    return table->entries + at;
}

static void fill_table(struct table *table, const uint32_t key[N])
{
    struct walk walk;
    uint64_t n_steps = (uint64_t)1 << (table->bits - 1);
    memset(table->entries, 0, sizeof *table->entries << table->bits);
    walk_start(&walk, key);
    for (uint64_t place = 0; place < n_steps; place++) {
        uint64_t term = walk_term(&walk), *entry = entry_of(table, term);
        if (*entry == 0)
            *entry = tag_of(table, term) << (table->bits - 1) | place;
    }
}

/* The first terms of the sequence of steps of 2^n_halvings words. */
static void start_terms(uint64_t terms[TERMS], const uint32_t key[N], unsigned n_halvings)
{
    struct walk walk;
    walk_start(&walk, key);
    for (int k = 0; k < DEGREE; k++)
        terms[k] = walk_term(&walk);
    for (; n_halvings > 0; n_halvings--) {
        extend(terms);
        for (int k = 1; k < DEGREE; k++)
            terms[k] = terms[2 * k];
    }
}

uint64_t oneseed_mt19937_distance_far(const oneseed_mt19937 *from, const oneseed_mt19937 *to, uint64_t max_words,
                                      uint64_t *memory, size_t n_memory)
{
    uint64_t *terms = memory;
    struct table table = {memory + TERMS, 16};
    while (table.bits < 40 && n_memory - TERMS >= (size_t)2 << table.bits)
        table.bits++;
    unsigned stride_bits = table.bits - 1;
    if (max_words > INT64_MAX - ((uint64_t)2 << stride_bits))
        max_words = INT64_MAX - ((uint64_t)2 << stride_bits);
    fill_table(&table, to->words);
    start_terms(terms, from->words, stride_bits);
    for (uint64_t base = 0;; base += DEGREE) {
        for (uint64_t k = 0; k < DEGREE; k++) {
            uint64_t giant = (base + k) << stride_bits;
            if (giant >> stride_bits != base + k || giant > max_words + N + ((uint64_t)1 << stride_bits))
                return ONESEED_TOO_FAR;
            uint64_t entry = *entry_of(&table, terms[k]);
            if (entry == 0)
                continue;
            int64_t offset = (int64_t)giant - (int64_t)(entry & (((uint64_t)1 << stride_bits) - 1));
            uint64_t distance = distance_at(offset, from, to, max_words);
            if (distance != ONESEED_TOO_FAR && is_offset(offset, from, to))
                return distance;
        }
        extend(terms);
        memcpy(terms, terms + DEGREE, DEGREE * sizeof *terms);
    }
}
