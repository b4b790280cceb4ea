/* digest.h - digests of bytes: XXH3, 64 and 128 bits, in one call or in pieces.
 * SPDX-License-Identifier: MIT
 *
 * The one place that includes xxHash, header-only: no symbol of it is visible to the programs that we are loaded into.
 * Digests see the order of bytes. They are equal on every machine. They are no protection against a forger. */
#ifndef ONESEED_COMMON_DIGEST_H
#define ONESEED_COMMON_DIGEST_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#define XXH_INLINE_ALL
#include <xxhash.h> /* XXH3_* */

/* data may be NULL when data_nbytes is 0. */
static inline uint64_t digest64(const void *data, size_t data_nbytes)
{
    return XXH3_64bits(data, data_nbytes);
}

static inline uint64_t digest64_seeded(const void *data, size_t data_nbytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, data_nbytes, seed);
}

/* All zeros is kept for "no digest" and never given. */
static inline void digest128_put(XXH128_hash_t hash, uint64_t digest_out[2])
{
    digest_out[0] = hash.low64;
    digest_out[1] = hash.high64;
    if (digest_out[0] == 0 && digest_out[1] == 0)
        digest_out[0] = 1;
}

static inline void digest128(const void *data, size_t data_nbytes, uint64_t digest_out[2])
{
    digest128_put(XXH3_128bits(data, data_nbytes), digest_out);
}

/* In pieces: start, add ..., end. Equal to the one-shot digest of all pieces joined. A state needs no cleaning up, may
 * be copied with `=`, and an end may be followed by more adds. It is aligned to 64 bytes: on the heap, use
 * aligned_alloc(). */
struct digest_state {
    XXH3_state_t xxh3;
};

static inline void digest_start(struct digest_state *state)
{
    XXH3_INITSTATE(&state->xxh3);
    (void)XXH3_128bits_reset(&state->xxh3); /* the 64-bit reset is the same function */
}

static inline void digest_add(struct digest_state *state, const void *data, size_t data_nbytes)
{
    if (data_nbytes != 0)
        (void)XXH3_128bits_update(&state->xxh3, data, data_nbytes);
}

static inline void digest_add_u64(struct digest_state *state, uint64_t value)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    digest_add(state, bytes, sizeof bytes);
}

static inline uint64_t digest64_end(const struct digest_state *state)
{
    return XXH3_64bits_digest(&state->xxh3);
}

static inline void digest128_end(const struct digest_state *state, uint64_t digest_out[2])
{
    digest128_put(XXH3_128bits_digest(&state->xxh3), digest_out);
}

/* Interned id of a text: its 64-bit digest, never 0. */
static inline uint64_t digest_id(const void *text, size_t text_nbytes)
{
    uint64_t id = digest64(text, text_nbytes);
    return id != 0 ? id : 1;
}

#endif
