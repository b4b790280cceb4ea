/* oneseed.h - random streams of the machine-learning frameworks, bit for bit, and traces of runs.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_H
#define ONESEED_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#define ONESEED_VERSION_MAJOR 0
#define ONESEED_VERSION_MINOR 1
#define ONESEED_VERSION_PATCH 0

#if defined(__GNUC__)
#define ONESEED_API __attribute__((visibility("default")))
#else
#define ONESEED_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Version of the library as "major.minor.patch". */
ONESEED_API const char *oneseed_version(void);

/* NumPy's SeedSequence (numpy 1.17 to 2.x, numpy/random/bit_generator.pyx; the algorithm is M. E. O'Neill's seed_seq_fe,
 * pool of 4 words): writes n_words 32-bit words of SeedSequence(entropy, spawn_key=key).generate_state(n_words).
 * entropy and key are given as 32-bit words, least significant first, as NumPy's _coerce_to_uint32_array makes them (an
 * integer 0 is one word 0). n_entropy and n_key may be 0 (the pointers may then be NULL). Cannot fail; no allocation;
 * thread-safe. */
ONESEED_API void oneseed_seed_sequence_u32(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                                           uint32_t *words_out, size_t n_words);

#ifdef __cplusplus
}
#endif

#endif
