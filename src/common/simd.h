/* simd.h - one loop, compiled for several instruction sets, and stores that pass by the caches.
 * SPDX-License-Identifier: MIT
 *
 * The portable C is the definition: a variant is the same inline function, compiled with other vectors, so that it can have no
 * other bits (no contraction, no reassociation; fma() is written where it is meant). */
#ifndef ONESEED_COMMON_SIMD_H
#define ONESEED_COMMON_SIMD_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

enum simd_level { SIMD_PORTABLE, SIMD_AVX2, SIMD_AVX512 };

/* ONESEED_SIMD_MOST: the highest level that a build uses, to test the lower ones on a machine that has more; 3 is AVX-512 with IFMA. */
#ifndef ONESEED_SIMD_MOST
#define ONESEED_SIMD_MOST 3
#endif

#if defined(__x86_64__) && defined(__GNUC__) && ONESEED_SIMD_MOST > 0
#define SIMD_HAS_VARIANTS 1
#else
#define SIMD_HAS_VARIANTS 0
#endif

#ifdef __GNUC__
#define SIMD_BODY static inline __attribute__((always_inline))
#else
#define SIMD_BODY static inline
#endif

#if SIMD_HAS_VARIANTS
#define SIMD_TARGET_AVX2 __attribute__((target("avx2,fma,bmi2")))
#ifdef __clang__
#define SIMD_TARGET_AVX512 __attribute__((target("avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl")))
#define SIMD_TARGET_IFMA   __attribute__((target("avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")))
#else
#define SIMD_TARGET_AVX512                                                                                             \
    __attribute__((target("avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#define SIMD_TARGET_IFMA                                                                                               \
    __attribute__((target("avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,prefer-vector-width=512")))
#endif

/* Of a processor at the level of AVX-512: whether it has the products of 52 bits. */
static inline bool simd_has_ifma(void)
{
    return __builtin_cpu_supports("avx512ifma");
}

/* What this processor and its operating system have. No question to the processor: a hypervisor answers those in microseconds. */
static inline enum simd_level simd_level(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi2"))
        return SIMD_PORTABLE;
#if ONESEED_SIMD_MOST > 1
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return SIMD_AVX512;
#endif
    return SIMD_AVX2;
}

/* Defines `type name parameters`, where type is void or static void: it calls name##_body, a SIMD_BODY, compiled for the best level
 * here. */
#define SIMD_VARIANTS(type, name, parameters, arguments)                                                               \
    SIMD_TARGET_AVX2 static void name##_avx2 parameters                                                                \
    {                                                                                                                  \
        name##_body arguments;                                                                                         \
    }                                                                                                                  \
    SIMD_TARGET_AVX512 static void name##_avx512 parameters                                                            \
    {                                                                                                                  \
        name##_body arguments;                                                                                         \
    }                                                                                                                  \
    type name parameters                                                                                               \
    {                                                                                                                  \
        switch (simd_level()) {                                                                                        \
        case SIMD_AVX512:                                                                                              \
            name##_avx512 arguments;                                                                                   \
            break;                                                                                                     \
        case SIMD_AVX2:                                                                                                \
            name##_avx2 arguments;                                                                                     \
            break;                                                                                                     \
        default:                                                                                                       \
            name##_body arguments;                                                                                     \
        }                                                                                                              \
    }
#else
static inline enum simd_level simd_level(void)
{
    return SIMD_PORTABLE;
}

#define SIMD_VARIANTS(type, name, parameters, arguments)                                                               \
    type name parameters                                                                                               \
    {                                                                                                                  \
        name##_body arguments;                                                                                         \
    }
#endif

/* Memory that will be changed soon. Any address does, also one that is not there. */
static inline void simd_fetch(const void *address)
{
#ifdef __GNUC__
    __builtin_prefetch(address, 1);
#else
    (void)address;
#endif
}

/* ---- an output that is made in pieces ----
 *
 * A large one is better written past the caches, which it would only empty: an ordinary store into a line reads the line first,
 * and memory's speed is the limit. Each piece is then made in a small buffer and streamed. */
struct simd_output {
    char *to;
    bool streams;
};

static inline struct simd_output simd_output(void *out, size_t n_bytes)
{
    return (struct simd_output){out, n_bytes >= (size_t)8 << 20};
}

/* Where to make the next piece: in place, or in the buffer. */
static inline void *simd_output_place(const struct simd_output *output, void *buffer)
{
    return output->streams ? buffer : output->to;
}

/* The piece is made. */
void simd_output_put(struct simd_output *output, const void *piece, size_t n_bytes);
/* All pieces are: what was streamed becomes visible to other threads. */
void simd_output_end(const struct simd_output *output);

#endif
