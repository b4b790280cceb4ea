/* torch.h - what the files of PyTorch's dialect share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_H
#define ONESEED_DIALECTS_TORCH_H

#include <math.h>    /* fma, fmaf */
#include <stdbool.h> /* bool */
#include <string.h>  /* memcpy */

#include "common/half.h"     /* half_from_float */
#include "engines/mt19937.h" /* mt19937_next */
#include "oneseed.h"         /* oneseed_torch */

/* ---- what the stream depends on ---- */

enum { TORCH_NEWEST = 21300 };

static inline uint32_t torch_version(const oneseed_torch *state)
{
    return state->version ? state->version : TORCH_NEWEST;
}

/* The capability, never HERE: found once, then kept in the state. */
static inline oneseed_torch_cpu torch_cpu(oneseed_torch *state)
{
    if (state->cpu == ONESEED_TORCH_CPU_HERE)
        state->cpu = (uint32_t)oneseed_torch_cpu_here();
    return (oneseed_torch_cpu)state->cpu;
}

/* GCC contracts a * b + c in the kernels for AVX2, and thereby makes it part of the stream. */
static inline bool torch_fuses(oneseed_torch *state)
{
    return torch_cpu(state) != ONESEED_TORCH_CPU_DEFAULT;
}

static inline double torch_fma(bool fuses, double a, double b, double c)
{
    return fuses ? fma(a, b, c) : a * b + c;
}

static inline float torch_fmaf(bool fuses, float a, float b, float c)
{
    return fuses ? fmaf(a, b, c) : a * b + c;
}

/* Since 2.1 an empty tensor is left alone before its dtype is looked at, or a word is drawn to seed another stream. */
static inline bool torch_is_none(const oneseed_torch *state, size_t n)
{
    return n == 0 && torch_version(state) >= 20100;
}

/* ---- uniforms: [0, 1) ---- */

static inline uint32_t torch_u32(oneseed_torch *state)
{
    return mt19937_next(&state->mt19937);
}

/* The first word is the high half. */
static inline uint64_t torch_u64(oneseed_torch *state)
{
    return mt19937_next_two(&state->mt19937);
}

static inline float torch_float_of(uint32_t word)
{
    return (float)(int32_t)(word & 0xffffffu) * 0x1p-24f;
}

static inline double torch_double_of(uint64_t word)
{
    return (double)(word & 0x1fffffffffffffu) * 0x1p-53;
}

static inline float torch_f32(oneseed_torch *state)
{
    return torch_float_of(torch_u32(state));
}

static inline double torch_f64(oneseed_torch *state)
{
    return torch_double_of(torch_u64(state));
}

/* The same for n of them, 1024 at most. */
void torch_f32_some(oneseed_torch *state, float *out, size_t n);
void torch_f64_some(oneseed_torch *state, double *out, size_t n);

/* What uniform_ refuses, on every device. */
oneseed_status torch_check_uniform(oneseed_torch_dtype dtype, double from, double to);

/* The next standard normal of the scalar path (core/DistributionsHelper.h): Box and Muller in double, the first uniform is the angle;
 * the sine waits in the state for whichever function asks next. libm: sqrt, log1p (log before 2.0), sin, cos. */
double torch_normal(oneseed_torch *state);

/* ---- coins: bernoulli_ of one p ---- */

/* Versions before 2.7 with MKL take one word for a whole call and seed MCG31m1 with it, whose first number is the seed itself. */
struct torch_coin {
    double p;
    bool is_mkl;
    uint64_t x;
};
#define TORCH_MCG31_MODULUS UINT64_C(0x7fffffff)

struct torch_coin torch_coin(oneseed_torch *state, double p);

static inline bool torch_toss(oneseed_torch *state, struct torch_coin *coin)
{
    if (!coin->is_mkl)
        return torch_f64(state) < coin->p;
    double uniform = (double)coin->x * (1.0 / 0x7fffffffp0);
    coin->x = coin->x * 1132489760u % TORCH_MCG31_MODULUS;
    return uniform < coin->p;
}

/* ---- dtypes ---- */

static inline bool torch_is_half(oneseed_torch_dtype dtype)
{
    return dtype == ONESEED_TORCH_FLOAT16 || dtype == ONESEED_TORCH_BFLOAT16;
}

static inline bool torch_is_floating(oneseed_torch_dtype dtype)
{
    return dtype == ONESEED_TORCH_FLOAT32 || dtype == ONESEED_TORCH_FLOAT64 || torch_is_half(dtype);
}

/* static_cast<Half>(value): rounds to one of the two half types. */
static inline uint16_t torch_to_half(oneseed_torch_dtype dtype, float value)
{
    return dtype == ONESEED_TORCH_FLOAT16 ? half_from_float(value) : bfloat16_from_float(value);
}

static inline float torch_from_half(oneseed_torch_dtype dtype, uint16_t bits)
{
    return dtype == ONESEED_TORCH_FLOAT16 ? half_to_float(bits) : bfloat16_to_float(bits);
}

/* Value i of a tensor from a double or an integer, as static_cast does it: half types by way of a float. Of what does not
 * fit an integer dtype only the low bits are kept. */
void torch_store(oneseed_torch_dtype dtype, void *out, size_t i, double value);
void torch_store_integer(oneseed_torch_dtype dtype, void *out, size_t i, int64_t value);
/* The first n values of a tensor, from integers in two's complement. */
void torch_store_integers(oneseed_torch_dtype dtype, void *out, const uint64_t *values, size_t n);
/* Value i of a tensor of a floating dtype. */
double torch_load(oneseed_torch_dtype dtype, const void *in, size_t i);
/* torch.softmax of one row, float32 or float64; `out` may be `logits`. */
void torch_softmax_row(oneseed_torch *state, oneseed_torch_dtype dtype, const void *logits, size_t n, void *out);

/* The largest finite value of a floating dtype, and the bits of its significand. */
double torch_largest(oneseed_torch_dtype dtype);
int torch_digits(oneseed_torch_dtype dtype);

/* ---- ranges of random integers, on the CPU and on CUDA ---- */

/* randint(low, high) and random_(from, None): value % range + base, or what is refused. from is not INT64_MIN. */
oneseed_status torch_range_of(oneseed_torch_dtype dtype, int64_t low, int64_t high, uint64_t *range_out,
                              int64_t *base_out);
oneseed_status torch_range_from(oneseed_torch_dtype dtype, int64_t from, uint64_t *range_out, int64_t *base_out);
/* Whether a value of this range takes two words: since 2.7 from 2^28 on, whatever the dtype. */
bool torch_takes_two_words(uint32_t version, oneseed_torch_dtype dtype, uint64_t range);
/* The largest integer that random_() gives for a dtype. */
uint64_t torch_largest_integer(oneseed_torch_dtype dtype);
/* Refuses an n whose numbers the dtype does not have. */
oneseed_status torch_check_randperm(oneseed_torch_dtype dtype, size_t n);

#endif
