/* keras.h - what the files of Keras's dialect share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_H
#define ONESEED_DIALECTS_KERAS_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

#include "oneseed.h" /* oneseed_keras */

enum { KERAS_PIECE = 256 }; /* how many values are made at once */

/* Whether the state's Keras is older than a release, given as 30500 for 3.5.0. */
static inline bool keras_before(const oneseed_keras *keras, uint32_t version)
{
    return keras->version != 0 && keras->version < version;
}

static inline bool keras_dtype_is_float(oneseed_keras_dtype dtype)
{
    return dtype <= ONESEED_KERAS_FLOAT64;
}

/* The generators that a pair stands for. */
void keras_numpy(const oneseed_keras *keras, const int64_t seed[2], oneseed_numpy *out);
void keras_torch(const oneseed_keras *keras, const int64_t seed[2], oneseed_torch *out);
void keras_jax(const oneseed_keras *keras, const int64_t seed[2], oneseed_jax_key *out);
void keras_tensorflow(const oneseed_keras *keras, const int64_t seed[2], oneseed_tensorflow_philox *out);
void keras_tensorflow_pair(const oneseed_keras *keras, const int64_t seed[2],
                           int64_t out[2]);                                 /* seed= of stateless_… */
oneseed_torch_dtype keras_torch_dtype(oneseed_keras_dtype dtype);           /* of a result dtype on that backend */
oneseed_tensorflow_dtype keras_tensorflow_dtype(oneseed_keras_dtype dtype); /* of a floating one, INT32 or INT64 */

/* A value of a floating dtype, to nearest from a double at once. */
double keras_load(oneseed_keras_dtype dtype, const void *in, size_t i);
void keras_store(oneseed_keras_dtype dtype, void *out, size_t i, double value);
double keras_round(oneseed_keras_dtype dtype, double value);
/* x * factor + summand, each operation rounded to the dtype, as an array times and plus a Python float. */
void keras_scale(oneseed_keras_dtype dtype, double factor, double summand, void *values, size_t n);

#endif
