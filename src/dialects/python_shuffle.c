/* python_shuffle.c - shuffle() of CPython 3.9 to 3.15.
 * SPDX-License-Identifier: MIT
 *
 * Lib/random.py. The partners of the next items are drawn ahead, so that those that lie far away are on their way from memory when
 * their turn comes. */
#include <string.h> /* memcpy, memmove */

#include "common/simd.h"           /* simd_fetch */
#include "dialects/python_state.h" /* python_next_double */
#include "oneseed.h"               /* oneseed_python_shuffle */

/* Partners that are drawn together, and how many exchanges ahead they are fetched. */
enum { CHUNK = 512, AHEAD = 32 };

/* For k below n a number below limit - k, by rejection, where limit and limit - n + 1 have n_bits bits. */
static void draw_partners(oneseed_mt19937 *state, uint32_t limit, uint32_t n_bits, uint32_t *out, size_t n)
{
    uint32_t words[CHUNK];
    for (size_t done = 0, n_words; done < n;) {
        n_words = n - done; /* as many as are taken in any case */
        oneseed_mt19937_fill_u32(state, words, n_words);
        for (size_t k = 0; k < n_words; k++) {
            out[done] = words[k] >> (32 - n_bits);
            done += out[done] < limit - (uint32_t)done;
        }
    }
}

static inline void swap_items(uint8_t *a, uint8_t *b, size_t n_bytes)
{
    uint8_t kept[64];
    while (n_bytes > 0) {
        size_t n = n_bytes < sizeof kept ? n_bytes : sizeof kept;
        memcpy(kept, a, n);
        memmove(a, b, n); /* one item with itself */
        memcpy(b, kept, n);
        a += n;
        b += n;
        n_bytes -= n;
    }
}

/* Inlined with the usual sizes, so that their swaps are two loads and two stores. */
static inline void shuffle(oneseed_python *state, uint8_t *bytes, size_t n_items, size_t item_bytes)
{
    uint32_t partners[CHUNK + AHEAD] = {0};
    uint32_t n_bits = 32;
    size_t left = n_items;
    for (; left > UINT32_MAX; left--) /* more bits than a word has */
        swap_items(bytes + (left - 1) * item_bytes, bytes + oneseed_python_randbelow(state, left) * item_bytes,
                   item_bytes);
    for (size_t n; left > 1; left -= n) {
        while (left >> (n_bits - 1) == 0)
            n_bits--;
        n = left - ((size_t)1 << (n_bits - 1)) + 1; /* as many have these bits */
        n = n < CHUNK ? n : CHUNK;
        draw_partners(&state->mt19937, (uint32_t)left, n_bits, partners, n);
        for (size_t k = 0; k < n; k++) {
            simd_fetch(bytes + partners[k + AHEAD] * item_bytes); /* behind the last one those of before: no harm */
            swap_items(bytes + (left - 1 - k) * item_bytes, bytes + partners[k] * item_bytes, item_bytes);
        }
    }
}

void oneseed_python_shuffle(oneseed_python *state, void *items, size_t n_items, size_t item_bytes)
{
    if (item_bytes == 8)
        shuffle(state, items, n_items, 8);
    else if (item_bytes == 4)
        shuffle(state, items, n_items, 4);
    else
        shuffle(state, items, n_items, item_bytes);
}

void oneseed_python_shuffle_random(oneseed_python *state, void *items, size_t n_items, size_t item_bytes)
{
    uint8_t *bytes = items;
    for (size_t i = n_items; i-- > 1;) {
        size_t j = (size_t)(python_next_double(state) * (double)(i + 1));
        swap_items(bytes + i * item_bytes, bytes + j * item_bytes, item_bytes);
    }
}
