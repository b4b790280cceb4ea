/* jax.h - JAX's keys: what its functions share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_JAX_H
#define ONESEED_DIALECTS_JAX_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "dialects/jax_math.h" /* enum xla_span */
#include "oneseed.h"           /* oneseed_jax_key */

/* Key i of split(key, n). */
void jax_split_at(const oneseed_jax_key *key, uint64_t i, uint64_t n, oneseed_jax_key *out);

/* Values of random_bits(key, width, n_all values) from value `begin` on: of 8 to 32 bits in words of 32, and of 64 bits. */
void jax_words(const oneseed_jax_key *key, unsigned width, uint64_t n_all, uint64_t begin, uint32_t *out, size_t n);
void jax_wide_words(const oneseed_jax_key *key, uint64_t n_all, uint64_t begin, uint64_t *out, size_t n);
/* How many words are made at once: few enough for the nearest cache. */
enum { JAX_WORDS = 1024 };

/* Random bits of one width, 8 to 64, that random_bits(key, width, n values) would give from value `begin` on: what the samplers
 * turn into their values, piece by piece. */
void jax_bits(const oneseed_jax_key *key, unsigned width, uint64_t n_all, uint64_t begin, uint64_t *out, size_t n);

/* Values `begin` and on of fills of n_all values, into an array of the dtype; `width` is one of a fill's, and the dtype a floating one. */
void jax_bits_part(const oneseed_jax_key *key, unsigned width, uint64_t n_all, uint64_t begin, void *out, size_t n);
void jax_uniform_part(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval, uint64_t n_all,
                      uint64_t begin, void *out, size_t n);
void jax_normal_part(const oneseed_jax_key *key, oneseed_jax_dtype dtype, uint64_t n_all, uint64_t begin, void *out,
                     size_t n);

/* What a sampler makes of one uniform number each. */
struct jax_transform {
    double (*value_of)(const void *sampler, double uniform);    /* in any dtype */
    void (*f32)(const void *sampler, float *values, size_t n);  /* the same of many, from uniforms in place; or NULL */
    void (*f64)(const void *sampler, double *values, size_t n); /* so, too */
    const void *sampler;
};
/* The transformed uniforms of jax_uniform_part. */
void jax_transformed_part(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval,
                          const struct jax_transform *transform, uint64_t n_all, uint64_t begin, void *out, size_t n);

/* uniform(key, (n_all,), dtype, minval, maxval) from value `begin` on, as doubles. */
void jax_uniforms(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval, double maxval, uint64_t n_all,
                  uint64_t begin, double *out, size_t n);
/* The normal of a uniform in (-1, 1). */
double jax_normal_of(oneseed_jax_dtype dtype, enum xla_span span, double uniform);
/* To a half type and back; other types stay. */
float jax_round(oneseed_jax_dtype dtype, float x);
size_t jax_dtype_size(oneseed_jax_dtype dtype); /* of a floating one */
/* Values of the dtype, held in doubles, into an array of it. */
void jax_store(oneseed_jax_dtype dtype, const double *values, void *out, size_t n);
/* The number after -1. */
double jax_below_zero(oneseed_jax_dtype dtype);
/* The smallest normal number. */
double jax_tiny(oneseed_jax_dtype dtype);
/* A number of Python as a parameter of the dtype. */
double jax_parameter(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double x);

/* gumbel(key, (n_all,), dtype, mode) from value `begin` on, as doubles. */
void jax_gumbels(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_mode mode, uint64_t n_all,
                 uint64_t begin, double *out, size_t n);

/* 0 is the newest version. */
static inline bool jax_is_before(const oneseed_jax_key *key, uint32_t version)
{
    return key->version != 0 && key->version < version;
}

static inline enum xla_span jax_span(const oneseed_jax_key *key)
{
    return jax_is_before(key, 700) ? XLA_BEFORE_0_7 : jax_is_before(key, 802) ? XLA_OF_0_7 : XLA_OF_0_8_2;
}

/* How many values a sampler takes at once. */
enum { JAX_PIECE = 256 };

static inline bool jax_dtype_is_float(oneseed_jax_dtype dtype)
{
    return dtype <= ONESEED_JAX_FLOAT64;
}

static inline bool jax_dtype_is_integer(oneseed_jax_dtype dtype)
{
    return dtype >= ONESEED_JAX_INT8 && dtype <= ONESEED_JAX_UINT64;
}

#endif
