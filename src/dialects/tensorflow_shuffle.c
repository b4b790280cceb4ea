/* tensorflow_shuffle.c - TensorFlow's shuffles and dropouts.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: core/kernels/random_shuffle_op.cc and stateless_random_ops_v2.cc, _dropout of python/ops/nn_ops.py. */
#include "dialects/tensorflow.h"

void oneseed_tensorflow_shuffle(const oneseed_tensorflow_philox *place, uint32_t *indices, size_t n)
{
    struct tensorflow_words words = tensorflow_words_at(place);
    for (size_t i = 0; i < n; i++)
        indices[i] = (uint32_t)i;
    for (size_t i = 0; i + 1 < n; i++) {
        size_t j = i + tensorflow_word(&words) % (uint32_t)(n - i);
        uint32_t held = indices[i];
        indices[i] = indices[j];
        indices[j] = held;
    }
}

/* The kernel keeps a word for each swap, in whole blocks. */
void oneseed_tensorflow_reserve_shuffle(oneseed_tensorflow_philox *place, uint64_t n)
{
    if (n > 1)
        oneseed_tensorflow_philox_skip(place, (n - 1 + PHILOX4X32_BLOCK - 1) / PHILOX4X32_BLOCK);
}

static bool is_rate(double rate)
{
    return rate >= 0 && rate < 1;
}

oneseed_status oneseed_tensorflow_keep_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                            double rate, uint8_t *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    double border = tensorflow_flush(dtype, tensorflow_round(dtype, rate));
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        tensorflow_uniforms(&at, dtype, values, n_now);
        for (size_t k = 0; k < n_now; k++)
            out[i + k] = values[k] >= border;
    }
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_dropout_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                               double rate, const void *in, void *out, size_t n)
{
    uint8_t keeps[TENSORFLOW_PIECE];
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    if (!is_rate(rate))
        return ONESEED_TENSORFLOW_RATE;
    if (rate == 0) {
        memmove(out, in, n * oneseed_tensorflow_dtype_size(dtype));
        return ONESEED_OK;
    }
    double scale = tensorflow_round(dtype, 1 / (1 - rate));
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        oneseed_tensorflow_keep_fill(&at, dtype, rate, keeps, n_now);
        oneseed_tensorflow_philox_skip(&at, TENSORFLOW_PIECE / tensorflow_group(dtype));
        tensorflow_load(dtype, in, i, values, n_now);
        tensorflow_scale(dtype, scale, -0.0, values, n_now);
        for (size_t k = 0; k < n_now; k++)
            values[k] = keeps[k] ? values[k] : 0;
        tensorflow_store(dtype, values, out, i, n_now);
    }
    return ONESEED_OK;
}
