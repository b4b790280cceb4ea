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

/* ---- Status ------------------------------------------------------------------------------------------------------
 *
 * What can be refused returns a status: 0, or the reason. Then nothing was drawn, the state is as it was, and the outputs were
 * not written. */

/* X(name, text): the text is the framework's own message, as far as it has no values in it. Values never change their number. */
#define ONESEED_STATUSES(X)                                                                                            \
    X(OK, "no error")                                                                                                  \
    X(INVALID_STATE, "the state is not one of this generator")

typedef enum oneseed_status {
#define ONESEED_STATUS_VALUE(name, text) ONESEED_##name,
    ONESEED_STATUSES(ONESEED_STATUS_VALUE)
#undef ONESEED_STATUS_VALUE
        ONESEED_N_STATUSES
} oneseed_status;

/* The message of a status; never NULL. */
ONESEED_API const char *oneseed_status_text(oneseed_status status);

/* ---- Engines -----------------------------------------------------------------------------------------------------
 *
 * Raw words. A state belongs to the caller and may be copied by assignment; a state that came from outside goes through the
 * engine's _is_valid. */

/* MT19937: the Mersenne Twister with 32-bit words (Matsumoto and Nishimura 1998). `position` is the next word of the block, 0 to
 * 624; at 624 the next draw makes a new block. */
typedef struct oneseed_mt19937 {
    uint32_t words[624];
    uint32_t position;
} oneseed_mt19937;

/* init_genrand: the seeding of NumPy's RandomState(int) and of C++ std::mt19937. */
ONESEED_API void oneseed_mt19937_seed(oneseed_mt19937 *state, uint32_t seed);
/* init_by_array: the seeding of Python's random.seed(int). n_words 0 seeds as one word 0 would. */
ONESEED_API void oneseed_mt19937_seed_array(oneseed_mt19937 *state, const uint32_t *words, size_t n_words);
ONESEED_API uint32_t oneseed_mt19937_next_u32(oneseed_mt19937 *state);
ONESEED_API void oneseed_mt19937_fill_u32(oneseed_mt19937 *state, uint32_t *out, size_t n);
/* As if n_words words had been drawn. */
ONESEED_API void oneseed_mt19937_jump(oneseed_mt19937 *state, uint64_t n_words);

/* PCG64 (O'Neill 2014): a 128-bit LCG with the output XSL-RR, or DXSM with the cheap multiplier (NumPy's PCG64DXSM). Index 0 is
 * the low half. The increment is odd. */
typedef struct oneseed_pcg64 {
    uint64_t state[2];
    uint64_t increment[2];
} oneseed_pcg64;

ONESEED_API void oneseed_pcg64_seed(oneseed_pcg64 *state, const uint64_t seed[2], const uint64_t sequence[2]);
ONESEED_API uint64_t oneseed_pcg64_next_u64(oneseed_pcg64 *state);
ONESEED_API void oneseed_pcg64_fill_u64(oneseed_pcg64 *state, uint64_t *out, size_t n);
/* As if `delta` words (128 bits, modulo 2^128: a negative delta goes back) had been drawn. */
ONESEED_API void oneseed_pcg64_advance(oneseed_pcg64 *state, const uint64_t delta[2]);
/* DXSM is seeded by oneseed_pcg64_seed too, as NumPy does. */
ONESEED_API uint64_t oneseed_pcg64dxsm_next_u64(oneseed_pcg64 *state);
ONESEED_API void oneseed_pcg64dxsm_fill_u64(oneseed_pcg64 *state, uint64_t *out, size_t n);
ONESEED_API void oneseed_pcg64dxsm_advance(oneseed_pcg64 *state, const uint64_t delta[2]);

/* Philox4x64-10 (Salmon et al. 2011) as NumPy counts it: the counter goes up before a block of four words is made. `position` is
 * the next word of the buffer, 4 when it is used up. Index 0 is the lowest word. */
typedef struct oneseed_philox4x64 {
    uint64_t counter[4];
    uint64_t key[2];
    uint64_t buffer[4];
    uint32_t position;
} oneseed_philox4x64;

ONESEED_API void oneseed_philox4x64_seed(oneseed_philox4x64 *state, const uint64_t key[2], const uint64_t counter[4]);
ONESEED_API uint64_t oneseed_philox4x64_next_u64(oneseed_philox4x64 *state);
ONESEED_API void oneseed_philox4x64_fill_u64(oneseed_philox4x64 *state, uint64_t *out, size_t n);
/* The counter plus delta (256 bits); what is left of the buffer is dropped, as NumPy's advance() does. */
ONESEED_API void oneseed_philox4x64_advance(oneseed_philox4x64 *state, const uint64_t delta[4]);

/* SFC64 (Doty-Humphrey, PractRand): state[3] is the counter. */
typedef struct oneseed_sfc64 {
    uint64_t state[4];
} oneseed_sfc64;

ONESEED_API void oneseed_sfc64_seed(oneseed_sfc64 *state, const uint64_t seed[3]);
ONESEED_API uint64_t oneseed_sfc64_next_u64(oneseed_sfc64 *state);
ONESEED_API void oneseed_sfc64_fill_u64(oneseed_sfc64 *state, uint64_t *out, size_t n);

/* SipHash (Aumasson and Bernstein 2012) with 1+3 and 2+4 rounds: the hash of CPython's str and bytes since 3.11, and before. */
ONESEED_API uint64_t oneseed_siphash13(const uint8_t key[16], const void *bytes, size_t n_bytes);
ONESEED_API uint64_t oneseed_siphash24(const uint8_t key[16], const void *bytes, size_t n_bytes);

/* SHA-512 (FIPS 180-4): Python's random.seed() takes strings through it. */
typedef struct oneseed_sha512 {
    uint64_t h[8];
    uint8_t block[128];
    uint64_t n_bytes; /* so far; n_bytes % 128 of them are in the block */
} oneseed_sha512;

ONESEED_API void oneseed_sha512_start(oneseed_sha512 *state);
ONESEED_API void oneseed_sha512_add(oneseed_sha512 *state, const void *bytes, size_t n_bytes);
ONESEED_API void oneseed_sha512_finish(oneseed_sha512 *state, uint8_t digest[64]);

/* ---- NumPy: seeding and bit generators ----------------------------------------------------------------------------- */

/* Which bit generator. */
typedef enum oneseed_numpy_kind {
    ONESEED_NUMPY_MT19937,
    ONESEED_NUMPY_PCG64,
    ONESEED_NUMPY_PCG64DXSM,
    ONESEED_NUMPY_PHILOX,
    ONESEED_NUMPY_SFC64
} oneseed_numpy_kind;

/* A NumPy bit generator with what its users keep beside it. numpy.random.Generator and RandomState are both this struct with
 * their functions: oneseed_numpy_… and oneseed_numpy_legacy_…. */
typedef struct oneseed_numpy {
    oneseed_numpy_kind kind;
    uint32_t version;    /* of NumPy: 2.4.1 is 20401; 0: the newest known */
    uint32_t has_uint32; /* 1: the upper half of a 64-bit word waits for the next 32-bit draw (never for MT19937) */
    uint32_t uinteger;   /* that half; stale when has_uint32 is 0, as in NumPy's state */
    uint32_t has_gauss;  /* RandomState's cached normal */
    double gauss;
    union {
        oneseed_mt19937 mt19937;
        oneseed_pcg64 pcg64; /* PCG64DXSM too */
        oneseed_philox4x64 philox;
        oneseed_sfc64 sfc64;
    } engine;
} oneseed_numpy;

/* A bit generator as NumPy seeds it: from the words of SeedSequence(entropy, spawn_key=key); arguments as oneseed_seed_sequence_u32's.
 * The version stays newest. */
ONESEED_API void oneseed_numpy_seed(oneseed_numpy *state, oneseed_numpy_kind kind, const uint32_t *entropy,
                                    size_t n_entropy, const uint32_t *key, size_t n_key);
/* Next raw words, and the double in [0, 1) of 53 bits, as the bit generator's own functions give them. */
ONESEED_API uint64_t oneseed_numpy_next_u64(oneseed_numpy *state);
ONESEED_API uint32_t oneseed_numpy_next_u32(oneseed_numpy *state);
ONESEED_API double oneseed_numpy_next_double(oneseed_numpy *state);
/* BitGenerator.random_raw(): for MT19937 32-bit words. */
ONESEED_API void oneseed_numpy_random_raw_fill(oneseed_numpy *state, uint64_t *out, size_t n);
/* BitGenerator.advance(delta), 256 bits, lowest word first (PCG: the lower 128 count; a negative delta is two's complement) and
 * jumped(n_jumps), in place. False, and nothing done, where NumPy has no such method (advance: MT19937, SFC64; jumped: SFC64). */
ONESEED_API int oneseed_numpy_advance(oneseed_numpy *state, const uint64_t delta[4]);
ONESEED_API int oneseed_numpy_jump(oneseed_numpy *state, uint64_t n_jumps);

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
