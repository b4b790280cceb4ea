/* tensorflow.c - TensorFlow's Philox streams and its dtypes.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: tsl/lib/random/philox_random.h, core/util/guarded_philox_random.cc, core/kernels/stateless_random_ops.cc. */
#include "dialects/tensorflow.h"

size_t oneseed_tensorflow_dtype_size(oneseed_tensorflow_dtype dtype)
{
    if (!tensorflow_dtype_is_float(dtype) && !tensorflow_dtype_is_integer(dtype))
        return 0;
    if (dtype == ONESEED_TENSORFLOW_BFLOAT16 || dtype == ONESEED_TENSORFLOW_FLOAT16)
        return 2;
    return tensorflow_group(dtype) == 2 ? 8 : 4;
}

static void words_of(int64_t seed, uint32_t out[2])
{
    out[0] = (uint32_t)(uint64_t)seed;
    out[1] = (uint32_t)((uint64_t)seed >> 32);
}

void oneseed_tensorflow_philox_seed(oneseed_tensorflow_philox *place, int64_t seed, int64_t seed2)
{
    words_of(seed, place->key);
    place->counter[0] = place->counter[1] = 0;
    words_of(seed2, place->counter + 2);
}

/* The seed pair goes through a block of its own, of a fixed key, so that near seeds have far places. */
void oneseed_tensorflow_stateless_seed(oneseed_tensorflow_philox *place, int64_t a, int64_t b)
{
    static const uint32_t key[2] = {0x3ec8f720, 0x02461e29};
    uint32_t counter[4], mixed[4];
    words_of(a, counter);
    words_of(b, counter + 2);
    philox4x32_block(counter, key, mixed);
    *place = (oneseed_tensorflow_philox){{mixed[0], mixed[1]}, {0, 0, mixed[2], mixed[3]}};
}

void oneseed_tensorflow_philox_skip(oneseed_tensorflow_philox *place, uint64_t n_blocks)
{
    philox4x32_skip(place->counter, n_blocks);
}

void oneseed_tensorflow_reserve(oneseed_tensorflow_philox *place, uint64_t n)
{
    oneseed_tensorflow_philox_skip(place, n * TENSORFLOW_RESERVED);
}

void tensorflow_fill_words(oneseed_tensorflow_philox *place, uint32_t *out, size_t n_blocks)
{
    philox4x32_fill_blocks(place->counter, place->key, out, n_blocks);
}

void tensorflow_store(oneseed_tensorflow_dtype dtype, const double *values, void *out, size_t begin, size_t n)
{
    if (dtype == ONESEED_TENSORFLOW_FLOAT64) {
        memcpy((double *)out + begin, values, n * sizeof *values);
    } else if (dtype == ONESEED_TENSORFLOW_FLOAT32) {
        for (size_t k = 0; k < n; k++)
            ((float *)out)[begin + k] = (float)values[k];
    } else {
        for (size_t k = 0; k < n; k++)
            ((uint16_t *)out)[begin + k] = dtype == ONESEED_TENSORFLOW_FLOAT16 ? half_from_float((float)values[k])
                                                                               : bfloat16_from_float((float)values[k]);
    }
}

void tensorflow_load(oneseed_tensorflow_dtype dtype, const void *in, size_t begin, double *values, size_t n)
{
    if (dtype == ONESEED_TENSORFLOW_FLOAT64) {
        memcpy(values, (const double *)in + begin, n * sizeof *values);
    } else if (dtype == ONESEED_TENSORFLOW_FLOAT32) {
        for (size_t k = 0; k < n; k++)
            values[k] = (double)((const float *)in)[begin + k];
    } else {
        for (size_t k = 0; k < n; k++) {
            uint16_t half = ((const uint16_t *)in)[begin + k];
            values[k] = (double)(dtype == ONESEED_TENSORFLOW_FLOAT16 ? half_to_float(half) : bfloat16_to_float(half));
        }
    }
}

void tensorflow_scale(oneseed_tensorflow_dtype dtype, double scale, double shift, double *values, size_t n)
{
    scale = tensorflow_flush(dtype, scale);
    shift = tensorflow_flush(dtype, shift);
    /* Products and sums of float32 are rounded once as doubles are: 53 bits are more than 2 x 24 + 2. */
    for (size_t k = 0; k < n; k++) {
        double product = tensorflow_round(dtype, tensorflow_flush(dtype, tensorflow_flush(dtype, values[k]) * scale));
        values[k] = tensorflow_round(dtype, tensorflow_flush(dtype, product + shift));
    }
}
