/* tensorflow.h - TensorFlow's kernels: what they share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TENSORFLOW_H
#define ONESEED_DIALECTS_TENSORFLOW_H

#include <float.h>   /* FLT_MIN, DBL_MIN */
#include <math.h>    /* fabs, copysign, isfinite */
#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */
#include <string.h>  /* memcpy */

#include "common/half.h"        /* half types */
#include "engines/philox4x32.h" /* philox4x32_block */
#include "oneseed.h"            /* oneseed_tensorflow_philox */

/* How many values a sampler takes at once: whole blocks of every dtype. */
enum { TENSORFLOW_PIECE = 256 };

/* The blocks that a kernel keeps for each value that it gives, kReservedSamplesPerOutput of core/kernels/random_op_cpu.h. */
enum { TENSORFLOW_RESERVED = 256 };

static inline bool tensorflow_dtype_is_float(oneseed_tensorflow_dtype dtype)
{
    return dtype <= ONESEED_TENSORFLOW_FLOAT64;
}

static inline bool tensorflow_dtype_is_integer(oneseed_tensorflow_dtype dtype)
{
    return dtype >= ONESEED_TENSORFLOW_INT32 && dtype <= ONESEED_TENSORFLOW_UINT64;
}

/* How many values of the dtype a block of four words gives. */
static inline unsigned tensorflow_group(oneseed_tensorflow_dtype dtype)
{
    bool is_wide =
        dtype == ONESEED_TENSORFLOW_FLOAT64 || dtype == ONESEED_TENSORFLOW_INT64 || dtype == ONESEED_TENSORFLOW_UINT64;
    return is_wide ? 2 : 4;
}

/* The words of a place one by one. */
struct tensorflow_words {
    oneseed_tensorflow_philox place; /* of the next block */
    uint32_t block[PHILOX4X32_BLOCK];
    unsigned n_used;
};

static inline struct tensorflow_words tensorflow_words_at(const oneseed_tensorflow_philox *place)
{
    return (struct tensorflow_words){.place = *place, .n_used = PHILOX4X32_BLOCK};
}

static inline uint32_t tensorflow_word(struct tensorflow_words *words)
{
    if (words->n_used == PHILOX4X32_BLOCK) {
        philox4x32_block(words->place.counter, words->place.key, words->block);
        philox4x32_count(words->place.counter);
        words->n_used = 0;
    }
    return words->block[words->n_used++];
}

/* tsl/lib/random/random_distributions_utils.h, Uint32ToFloat and Uint64ToDouble: the low bits are the fraction. */
static inline float tensorflow_float(uint32_t word)
{
    return (float)(word & 0x7fffffu) * 0x1p-23f;
}

static inline double tensorflow_double(uint32_t high, uint32_t low)
{
    return (double)((uint64_t)(high & 0xfffffu) << 32 | low) * 0x1p-52;
}

/* A number to the dtype: of the half types, by way of float32, as TensorFlow converts a Python number. */
static inline double tensorflow_round(oneseed_tensorflow_dtype dtype, double x)
{
    switch (dtype) {
    case ONESEED_TENSORFLOW_BFLOAT16:
        return (double)bfloat16_to_float(bfloat16_from_float((float)x));
    case ONESEED_TENSORFLOW_FLOAT16:
        return (double)half_to_float(half_from_float((float)x));
    case ONESEED_TENSORFLOW_FLOAT32:
        return (double)(float)x;
    default:
        return x;
    }
}

/* TensorFlow's kernels run with denormal numbers flushed to zero, as operands (DAZ) and as results (FTZ): a result is tiny when it is
 * so before its fraction is cut to a denormal's, so it is taken in double. Halves are denormal only in memory. */
static inline double tensorflow_flush(oneseed_tensorflow_dtype dtype, double x)
{
    double least = dtype == ONESEED_TENSORFLOW_FLOAT64   ? DBL_MIN
                   : dtype == ONESEED_TENSORFLOW_FLOAT16 ? 0
                                                         : (double)FLT_MIN * (1 - 0x1p-25);
    return fabs(x) < least ? copysign(0, x) : x;
}

/* How many words are made at once for large outputs: few enough for the nearest cache. */
enum { TENSORFLOW_WORDS = 1024 };

/* Whether no step of values * scale + shift can be flushed, for values that are 0 or from 2^-60 to 2^60: then it is what float32 or
 * float64 arithmetic gives. */
static inline bool tensorflow_scales_plainly(oneseed_tensorflow_dtype dtype, double scale, double shift)
{
    const double least = dtype == ONESEED_TENSORFLOW_FLOAT64 ? 0x1p-900 : 0x1p-66;
    return isfinite(scale) && isfinite(shift) && fabs(scale) >= least && (shift == 0 || fabs(shift) >= 0x1p-30 * least);
}

/* The next n words of the stream into `out`, whole blocks; *place moves behind them. */
void tensorflow_fill_words(oneseed_tensorflow_philox *place, uint32_t *out, size_t n_blocks);
/* The next n uniform values, n at most TENSORFLOW_PIECE, as doubles; *place moves behind their blocks. */
void tensorflow_uniforms(oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, double *out, size_t n);
/* Values of a floating dtype, held in doubles, into an array of it from value `begin` on. */
void tensorflow_store(oneseed_tensorflow_dtype dtype, const double *values, void *out, size_t begin, size_t n);
void tensorflow_load(oneseed_tensorflow_dtype dtype, const void *in, size_t begin, double *values, size_t n);
/* Each value times scale plus shift, all of the dtype, each step rounded to it and flushed. */
void tensorflow_scale(oneseed_tensorflow_dtype dtype, double scale, double shift, double *values, size_t n);

/* Value `number` of a binomial of one count and probability, before it is cast; a count of NaN is endless. */
double tensorflow_binomial_at(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype parameter_dtype,
                              double count, double p, uint64_t number);

#endif
