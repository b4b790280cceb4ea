/* tensorflow_uniform.c - TensorFlow's uniform numbers: of the floating dtypes, of a range, of integers; split.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: tsl/lib/random/random_distributions.h (UniformDistribution, UniformFullIntDistribution),
 * python/ops/random_ops.py and python/ops/stateless_random_ops.py for ranges and split. */
#include "dialects/tensorflow.h"

/* A block's values, as doubles; one for each word, or for each two. */
static void uniforms_of(oneseed_tensorflow_dtype dtype, const uint32_t *words, double *out, size_t n)
{
    switch (dtype) {
    case ONESEED_TENSORFLOW_BFLOAT16:
        for (size_t k = 0; k < n; k++)
            out[k] = (double)(words[k] & 0x7fu) * 0x1p-7;
        break;
    case ONESEED_TENSORFLOW_FLOAT16:
        for (size_t k = 0; k < n; k++)
            out[k] = (double)(words[k] & 0x3ffu) * 0x1p-10;
        break;
    case ONESEED_TENSORFLOW_FLOAT32:
        for (size_t k = 0; k < n; k++)
            out[k] = (double)tensorflow_float(words[k]);
        break;
    default:
        for (size_t k = 0; k < n; k++)
            out[k] = tensorflow_double(words[2 * k], words[2 * k + 1]);
    }
}

/* The words of the next n values of the dtype, n at most TENSORFLOW_PIECE. */
static void next_words(oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, uint32_t *words, size_t n)
{
    size_t group = tensorflow_group(dtype);
    tensorflow_fill_words(place, words, (n + group - 1) / group);
}

void tensorflow_uniforms(oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, double *out, size_t n)
{
    uint32_t words[2 * TENSORFLOW_PIECE];
    next_words(place, dtype, words, n);
    uniforms_of(dtype, words, out, n);
}

oneseed_status oneseed_tensorflow_uniform_range_fill(const oneseed_tensorflow_philox *place,
                                                     oneseed_tensorflow_dtype dtype, double minval, double maxval,
                                                     void *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    double low = tensorflow_flush(dtype, tensorflow_round(dtype, minval));
    double high = tensorflow_flush(dtype, tensorflow_round(dtype, maxval));
    double span = low == 0 ? high : high - low; /* a flushed maxval keeps its sign behind minval 0 */
    span = tensorflow_round(dtype, tensorflow_flush(dtype, span));
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        tensorflow_uniforms(&at, dtype, values, n_now);
        tensorflow_scale(dtype, span, low, values, n_now);
        tensorflow_store(dtype, values, out, i, n_now);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_uniform_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                               void *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        tensorflow_uniforms(&at, dtype, values, n_now);
        tensorflow_store(dtype, values, out, i, n_now);
    }
    return ONESEED_OK;
}

/* Integers of a range: low + word modulo range; range 0 takes the word as it is. Two's complement does the rest. */
static void integers(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, uint64_t low,
                     uint64_t range, void *out, size_t n)
{
    uint32_t words[2 * TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        next_words(&at, dtype, words, n_now);
        if (tensorflow_group(dtype) == 4) {
            for (size_t k = 0; k < n_now; k++)
                ((uint32_t *)out)[i + k] = (uint32_t)low + (range ? words[k] % (uint32_t)range : words[k]);
        } else {
            for (size_t k = 0; k < n_now; k++) {
                uint64_t word = words[2 * k] | (uint64_t)words[2 * k + 1] << 32;
                ((uint64_t *)out)[i + k] = low + (range ? word % range : word);
            }
        }
    }
}

oneseed_status oneseed_tensorflow_uniform_int_fill(const oneseed_tensorflow_philox *place,
                                                   oneseed_tensorflow_dtype dtype, int64_t minval, int64_t maxval,
                                                   void *out, size_t n)
{
    if (dtype != ONESEED_TENSORFLOW_INT32 && dtype != ONESEED_TENSORFLOW_INT64)
        return ONESEED_TENSORFLOW_INTEGER_DTYPE;
    if (n == 0) /* the kernel gives the empty tensor before it looks */
        return ONESEED_OK;
    bool is_narrow = dtype == ONESEED_TENSORFLOW_INT32;
    if (is_narrow && (minval < INT32_MIN || minval > INT32_MAX || maxval < INT32_MIN || maxval > INT32_MAX))
        return ONESEED_TENSORFLOW_BOUND;
    if (minval >= maxval)
        return ONESEED_TENSORFLOW_BOUNDS;
    integers(place, dtype, (uint64_t)minval, (uint64_t)maxval - (uint64_t)minval, out, n);
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_uniform_full_int_fill(const oneseed_tensorflow_philox *place,
                                                        oneseed_tensorflow_dtype dtype, void *out, size_t n)
{
    if (!tensorflow_dtype_is_integer(dtype))
        return ONESEED_TENSORFLOW_INTEGER_DTYPE;
    integers(place, dtype, 0, 0, out, n);
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_split(int64_t a, int64_t b, oneseed_tensorflow_dtype dtype, int64_t (*out)[2],
                                        size_t n)
{
    oneseed_tensorflow_philox place;
    if (dtype != ONESEED_TENSORFLOW_INT32 && dtype != ONESEED_TENSORFLOW_INT64)
        return ONESEED_TENSORFLOW_INTEGER_DTYPE;
    oneseed_tensorflow_stateless_seed(&place, a, b);
    struct tensorflow_words words = tensorflow_words_at(&place);
    for (size_t k = 0; k < 2 * n; k++) {
        uint32_t low = tensorflow_word(&words);
        uint64_t bits = dtype == ONESEED_TENSORFLOW_INT64 ? (uint64_t)tensorflow_word(&words) << 32 | low
                                                          : (uint64_t)(int64_t)(int32_t)low;
        out[k / 2][k % 2] = (int64_t)bits;
    }
    return ONESEED_OK;
}
