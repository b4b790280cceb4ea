/* torch_vectors.h - what the tests of torch's modules and data read from their vectors: single words, doubles, digests.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TESTS_TORCH_VECTORS_H
#define ONESEED_TESTS_TORCH_VECTORS_H

#include "vectors.h" /* vectors_words; cmocka */

#include "oneseed.h" /* oneseed_sha512 */

/* A field of one word. */
static inline uint64_t word(const struct vector_case *c, int field)
{
    uint64_t value = 0;
    assert_true(field < c->n_fields);
    assert_int_equal(vectors_words(c->fields[field], &value, 1), 1);
    return value;
}

static inline double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The values have the digest of the field: the first 16 bytes of the SHA-512 of their bytes as a little-endian machine has them. */
static inline void same_digest(const struct vector_case *c, int field, const void *values, size_t n, size_t n_bytes)
{
    const uint16_t one = 1;
    uint8_t is_little, hash[64];
    uint64_t want[2] = {0, 0}, got[2] = {0, 0};
    oneseed_sha512 state;
    memcpy(&is_little, &one, 1);
    oneseed_sha512_start(&state);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_bytes; k++)
            oneseed_sha512_add(&state, (const uint8_t *)values + i * n_bytes + (is_little ? k : n_bytes - 1 - k), 1);
    oneseed_sha512_finish(&state, hash);
    for (int k = 0; k < 16; k++)
        got[k / 8] = got[k / 8] << 8 | hash[k];
    assert_int_equal(vectors_words(c->fields[field], want, 2), 2);
    if (got[0] != want[0] || got[1] != want[1])
        fail_msg("line %d of the vectors: other values", c->line);
}

#endif
