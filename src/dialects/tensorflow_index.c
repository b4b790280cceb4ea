/* tensorflow_index.c - tf.random.experimental.index_shuffle: one place of a permutation that is never made.
 * SPDX-License-Identifier: MIT
 *
 * A cipher on words of the size that max_index needs, walked until it falls into the range (J. Black, P. Rogaway, "Ciphers with
 * Arbitrary Finite Domains", 2002). The cipher is Simon (Beaulieu et al., "The Simon and Speck Families of Lightweight Block Ciphers",
 * 2013) with four rounds, three words of key and its constant z3. TensorFlow 2.21, core/kernels/random_index_shuffle.cc. */
#include <math.h> /* log2, ceil */

#include "dialects/tensorflow.h"

enum { ROUNDS = 4, KEY_WORDS = 3, LEAST_BLOCK = 16 };

struct simon {
    unsigned n_bits; /* of a word: half a block */
    uint32_t mask, keys[ROUNDS];
};

static uint32_t rotated(const struct simon *simon, uint32_t x, unsigned left)
{
    return (x << left | x >> (simon->n_bits - left)) & simon->mask;
}

static struct simon simon_of(unsigned n_bits, const uint32_t key[KEY_WORDS])
{
    struct simon simon = {n_bits, n_bits < 32 ? (UINT32_C(1) << n_bits) - 1 : UINT32_MAX, {0}};
    for (unsigned k = 0; k < KEY_WORDS; k++)
        simon.keys[k] = key[k] & simon.mask;
    uint32_t last = simon.keys[2];
    simon.keys[3] = (UINT32_C(0xfffffffc) & simon.mask) ^ 1u ^ simon.keys[0] ^ rotated(&simon, last, n_bits - 3) ^
                    rotated(&simon, last, n_bits - 4);
    return simon;
}

static uint64_t encrypted(const struct simon *simon, uint64_t value)
{
    uint32_t left = (uint32_t)(value >> simon->n_bits) & simon->mask, right = (uint32_t)value & simon->mask;
    for (unsigned k = 0; k < ROUNDS; k++) {
        uint32_t mixed = (rotated(simon, right, 1) & rotated(simon, right, 8)) ^ rotated(simon, right, 2);
        uint32_t next = left ^ mixed ^ simon->keys[k];
        left = right;
        right = next;
    }
    return (uint64_t)left << simon->n_bits | right;
}

oneseed_status oneseed_tensorflow_index_shuffle(int64_t a, int64_t b, uint64_t max_index, const uint64_t *indices,
                                                uint64_t *out, size_t n)
{
    static const uint32_t first = 498247692; /* python/ops/stateless_random_ops.py puts it before the pair */
    const uint32_t key[KEY_WORDS] = {first, (uint32_t)(uint64_t)a, (uint32_t)(uint64_t)b};
    for (size_t k = 0; k < n; k++)
        if (indices[k] > max_index)
            return ONESEED_TENSORFLOW_INDEX;
    if (max_index == 0) {
        memset(out, 0, n * sizeof *out);
        return ONESEED_OK;
    }
    unsigned n_block = (unsigned)ceil(log2((double)max_index));
    n_block += n_block % 2;
    const struct simon simon = simon_of((n_block < LEAST_BLOCK ? LEAST_BLOCK : n_block) / 2, key);
    for (size_t k = 0; k < n; k++) {
        uint64_t index = indices[k];
        do
            index = encrypted(&simon, index);
        while (index > max_index);
        out[k] = index;
    }
    return ONESEED_OK;
}
