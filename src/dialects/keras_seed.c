/* keras_seed.c - Keras's seeds: default seeds, SeedGenerator, and the backend's generator that a pair of numbers stands for.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/random/seed_generator.py and keras/src/backend/<backend>/random.py of 3.0 to 3.15. */
#include "dialects/keras.h"

int oneseed_keras_is_valid(const oneseed_keras *keras)
{
    return keras->backend <= ONESEED_KERAS_NUMPY && keras->cpu <= ONESEED_TORCH_CPU_AVX512;
}

int64_t oneseed_keras_default_seed(oneseed_python *python)
{
    return oneseed_python_randint(python, 1, 1000000000);
}

enum seed_dtype { SEED_UINT32, SEED_INT32, SEED_INT64 };

/* random_seed_dtype() came with 3.5. */
static enum seed_dtype seed_dtype_of(const oneseed_keras *keras)
{
    if (keras_before(keras, 30500))
        return SEED_UINT32;
    return keras->backend == ONESEED_KERAS_TENSORFLOW ? SEED_INT64
           : keras->backend == ONESEED_KERAS_TORCH    ? SEED_INT32
                                                      : SEED_UINT32;
}

/* A number of 64 bits in the seed's dtype. */
static int64_t wrapped(enum seed_dtype dtype, uint64_t x)
{
    if (dtype == SEED_UINT32)
        return (int64_t)(x & UINT32_MAX);
    if (dtype == SEED_INT32)
        return (int64_t)((x & UINT32_MAX) ^ 0x80000000u) - INT64_C(0x80000000);
    return (int64_t)x;
}

static oneseed_status pair_of(const oneseed_keras *keras, int64_t seed, int64_t out[2])
{
    const enum seed_dtype dtype = seed_dtype_of(keras);
    if (wrapped(dtype, (uint64_t)seed) != seed)
        return dtype == SEED_INT32 ? ONESEED_KERAS_SEED_INT32 : ONESEED_KERAS_SEED_UINT32;
    out[0] = seed;
    out[1] = 0;
    return ONESEED_OK;
}

oneseed_status oneseed_keras_seed_generator(const oneseed_keras *keras, int64_t seed, int64_t state_out[2])
{
    return pair_of(keras, seed, state_out);
}

oneseed_status oneseed_keras_seed(const oneseed_keras *keras, int64_t seed, int64_t seed_out[2])
{
    const enum seed_dtype dtype = seed_dtype_of(keras);
    if (dtype == SEED_INT32 && !keras_before(keras, 31400)) /* since 3.14 the low 32 bits of any integer */
        return pair_of(keras, wrapped(dtype, (uint64_t)seed), seed_out);
    return pair_of(keras, seed, seed_out);
}

/* (x + 1) * 5387 % 933199 in the dtype; the remainder is not negative. */
static int64_t scattered(enum seed_dtype dtype, int64_t x)
{
    const int64_t product = wrapped(dtype, ((uint64_t)x + 1) * 5387), remainder = product % 933199;
    return remainder < 0 ? remainder + 933199 : remainder;
}

void oneseed_keras_seed_next(const oneseed_keras *keras, int64_t state[2], int ordered, int64_t seed_out[2])
{
    const enum seed_dtype dtype = seed_dtype_of(keras);
    seed_out[0] = state[0];
    seed_out[1] = state[1];
    if (ordered) {
        state[1] = wrapped(dtype, (uint64_t)state[1] + 1);
    } else {
        state[0] = scattered(dtype, state[0]);
        state[1] = scattered(dtype, state[1]);
    }
}

void keras_numpy(const oneseed_keras *keras, const int64_t seed[2], oneseed_numpy *out)
{
    const uint32_t words[2] = {(uint32_t)seed[0], (uint32_t)seed[1]};
    oneseed_numpy_seed(out, ONESEED_NUMPY_PCG64, words, 2, NULL, 0);
    out->version = keras->backend_version;
}

/* The sum; only its low 32 bits reach the engine. */
void keras_torch(const oneseed_keras *keras, const int64_t seed[2], oneseed_torch *out)
{
    *out = (oneseed_torch){.version = keras->backend_version, .cpu = keras->cpu, .has_mkl = 1};
    oneseed_torch_manual_seed(out, ((uint64_t)seed[0] + (uint64_t)seed[1]) & UINT32_MAX);
}

/* The pair itself is the key. */
void keras_jax(const oneseed_keras *keras, const int64_t seed[2], oneseed_jax_key *out)
{
    *out = (oneseed_jax_key){.words = {(uint32_t)seed[0], (uint32_t)seed[1]},
                             .is_original = keras->is_original,
                             .has_x64 = keras->has_x64,
                             .version = keras->backend_version};
}

/* floormod(x, 2^31 - 2); before 3.5 the low 32 bits as an int32. */
static int64_t tensorflow_word(const oneseed_keras *keras, int64_t x)
{
    if (keras_before(keras, 30500))
        return wrapped(SEED_INT32, (uint64_t)x);
    const int64_t remainder = x % INT64_C(2147483646);
    return remainder < 0 ? remainder + INT64_C(2147483646) : remainder;
}

void keras_tensorflow_pair(const oneseed_keras *keras, const int64_t seed[2], int64_t out[2])
{
    out[0] = tensorflow_word(keras, seed[0]);
    out[1] = tensorflow_word(keras, seed[1]);
}

void keras_tensorflow(const oneseed_keras *keras, const int64_t seed[2], oneseed_tensorflow_philox *out)
{
    int64_t pair[2];
    keras_tensorflow_pair(keras, seed, pair);
    oneseed_tensorflow_stateless_seed(out, pair[0], pair[1]);
}
