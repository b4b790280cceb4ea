/* derive.c - seeds for everything that the program forgot, from the root seed and the place in the tree.
 * SPDX-License-Identifier: MIT
 *
 * docs/seeding.md is the rule, with the NumPy lines that give the same numbers. */
#include <string.h> /* memset */

#include "common/digest.h"        /* digest64 */
#include "launch/preload/frame.h" /* preload_process */
#include "oneseed.h"              /* oneseed_seed_sequence_u32 */

enum { PATH_WORDS = LANE_NBYTES / 2, KEY_WORDS = 2 * PATH_WORDS + 4 };

/* As NumPy makes words of an integer: the low one first, no more than it takes, one for 0. */
static size_t add_integer(uint32_t *words, uint64_t value)
{
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)(value >> 32);
    return words[1] ? 2 : 1;
}

bool preload_derive_words(const char *what, uint64_t k, uint32_t *words_out, size_t n_words)
{
    uint64_t seed;
    memset(words_out, 0, n_words * sizeof *words_out);
    if (!preload_root_seed(&seed))
        return false;
    uint32_t entropy[2];
    size_t n_entropy = add_integer(entropy, seed);
    uint32_t key[KEY_WORDS];
    size_t n_key = 0;
    for (const char *at = preload_process.place.seed_path; *at;) {
        uint64_t number = 0;
        for (; *at >= '0' && *at <= '9'; at++)
            number = number * 10 + (uint64_t)(*at - '0');
        n_key += add_integer(key + n_key, number);
        at += *at == '.';
    }
    uint64_t hash = digest64(what, strlen(what));
    key[n_key++] = (uint32_t)hash;
    key[n_key++] = (uint32_t)(hash >> 32);
    key[n_key++] = (uint32_t)k;
    key[n_key++] = (uint32_t)(k >> 32);
    oneseed_seed_sequence_u32(entropy, n_entropy, key, n_key, words_out, n_words);
    return true;
}

uint64_t preload_derive(const char *what, uint64_t k)
{
    uint32_t words[2];
    preload_derive_words(what, k, words, 2);
    return words[0] | (uint64_t)words[1] << 32;
}
