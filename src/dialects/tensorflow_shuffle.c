/* tensorflow_shuffle.c - TensorFlow's shuffles and dropouts.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: core/kernels/random_shuffle_op.cc and stateless_random_ops_v2.cc, _dropout of python/ops/nn_ops.py. */
#include "common/remainders.h" /* remainders_of_falling */
#include "common/simd.h"       /* simd_fetch */
#include "dialects/tensorflow.h"

/* How many exchanges ahead their items are fetched. */
enum { AHEAD = 32 };

/* Where the n exchanges from `i` on go, as distances; n is at most TENSORFLOW_WORDS. */
static void next_others(oneseed_tensorflow_philox *at, size_t n_left, uint32_t *others, size_t n)
{
    tensorflow_fill_words(at, others, (n + PHILOX4X32_BLOCK - 1) / PHILOX4X32_BLOCK);
    if (n_left <= INT32_MAX)
        remainders_of_falling(others, n, (uint32_t)n_left);
    else
        for (size_t k = 0; k < n; k++)
            others[k] %= (uint32_t)(n_left - k);
    memset(others + n, 0, AHEAD * sizeof *others);
}

#define EXCHANGES(type)                                                                                                \
    static void exchanges_##type(oneseed_tensorflow_philox at, type *items, size_t n)                                  \
    {                                                                                                                  \
        uint32_t others[TENSORFLOW_WORDS + AHEAD];                                                                     \
        for (size_t i = 0, n_now; i + 1 < n; i += n_now) {                                                             \
            n_now = n - 1 - i < TENSORFLOW_WORDS ? n - 1 - i : TENSORFLOW_WORDS;                                       \
            next_others(&at, n - i, others, n_now);                                                                    \
            for (size_t k = 0; k < n_now; k++) {                                                                       \
                type *item = items + i + k, held = *item;                                                              \
                simd_fetch(item + AHEAD + others[k + AHEAD]);                                                          \
                *item = item[others[k]];                                                                               \
                item[others[k]] = held;                                                                                \
            }                                                                                                          \
        }                                                                                                              \
    }
EXCHANGES(uint8_t)
EXCHANGES(uint16_t)
EXCHANGES(uint32_t)
EXCHANGES(uint64_t)
#undef EXCHANGES

static void exchange(char *first, char *second, size_t n_bytes)
{
    char held[256];
    for (size_t n_now; n_bytes > 0; n_bytes -= n_now, first += n_now, second += n_now) {
        n_now = n_bytes < sizeof held ? n_bytes : sizeof held;
        memcpy(held, first, n_now);
        memmove(first, second, n_now);
        memcpy(second, held, n_now);
    }
}

void oneseed_tensorflow_shuffle_rows(const oneseed_tensorflow_philox *place, void *rows, size_t row_nbytes, size_t n)
{
    if (row_nbytes == 1) {
        exchanges_uint8_t(*place, rows, n);
    } else if (row_nbytes == 2) {
        exchanges_uint16_t(*place, rows, n);
    } else if (row_nbytes == 4) {
        exchanges_uint32_t(*place, rows, n);
    } else if (row_nbytes == 8) {
        exchanges_uint64_t(*place, rows, n);
    } else {
        struct tensorflow_words words = tensorflow_words_at(place);
        char *row = rows;
        for (size_t i = 0; i + 1 < n; i++, row += row_nbytes)
            exchange(row, row + tensorflow_word(&words) % (uint32_t)(n - i) * row_nbytes, row_nbytes);
    }
}

void oneseed_tensorflow_shuffle(const oneseed_tensorflow_philox *place, uint32_t *indices, size_t n)
{
    for (size_t i = 0; i < n; i++)
        indices[i] = (uint32_t)i;
    exchanges_uint32_t(*place, indices, n);
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

/* The bits of a word that are its uniform, and their last one's value. */
struct fraction {
    uint32_t mask;
    float unit;
};

static struct fraction fraction_of(oneseed_tensorflow_dtype dtype)
{
    if (dtype == ONESEED_TENSORFLOW_FLOAT32)
        return (struct fraction){0x7fffffu, 0x1p-23f};
    return dtype == ONESEED_TENSORFLOW_FLOAT16 ? (struct fraction){0x3ffu, 0x1p-10f}
                                               : (struct fraction){0x7fu, 0x1p-7f};
}

SIMD_BODY void keeps_body(const uint32_t *restrict words, uint32_t mask, float unit, float border,
                          uint8_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = (float)(int32_t)(words[k] & mask) * unit >= border;
}

/* tensorflow_scale in float32, without a sum. */
SIMD_BODY void dropped_f32_body(const uint32_t *restrict words, float border, double scale, const float *in, float *out,
                                size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const double least = (double)FLT_MIN * (1 - 0x1p-25), x = (double)in[k];
        const double product = (fabs(x) < least ? copysign(0, x) : x) * scale;
        const float dropped = (float)(fabs(product) < least ? copysign(0, product) : product);
        out[k] = (float)(int32_t)(words[k] & 0x7fffffu) * 0x1p-23f >= border ? dropped : 0;
    }
}

SIMD_VARIANTS(static void, keeps,
              (const uint32_t *words, uint32_t mask, float unit, float border, uint8_t *out, size_t n),
              (words, mask, unit, border, out, n))
SIMD_VARIANTS(static void, dropped_f32,
              (const uint32_t *words, float border, double scale, const float *in, float *out, size_t n),
              (words, border, scale, in, out, n))

static double border_of(oneseed_tensorflow_dtype dtype, double rate)
{
    return tensorflow_flush(dtype, tensorflow_round(dtype, rate));
}

oneseed_status oneseed_tensorflow_keep_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                            double rate, uint8_t *out, size_t n)
{
    uint32_t words[TENSORFLOW_WORDS];
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    const double border = border_of(dtype, rate);
    const struct fraction fraction = fraction_of(dtype);
    const size_t n_at_once = dtype == ONESEED_TENSORFLOW_FLOAT64 ? TENSORFLOW_PIECE : TENSORFLOW_WORDS;
    for (size_t n_now; n > 0; n -= n_now, out += n_now) {
        n_now = n < n_at_once ? n : n_at_once;
        if (dtype == ONESEED_TENSORFLOW_FLOAT64) {
            tensorflow_uniforms(&at, dtype, values, n_now);
            for (size_t k = 0; k < n_now; k++)
                out[k] = values[k] >= border;
        } else {
            tensorflow_fill_words(&at, words, (n_now + PHILOX4X32_BLOCK - 1) / PHILOX4X32_BLOCK);
            keeps(words, fraction.mask, fraction.unit, (float)border, out, n_now);
        }
    }
    return ONESEED_OK;
}

static void dropout_f32(oneseed_tensorflow_philox at, double rate, double scale, const float *in, void *out, size_t n)
{
    uint32_t words[TENSORFLOW_WORDS];
    float buffer[TENSORFLOW_WORDS];
    const float border = (float)border_of(ONESEED_TENSORFLOW_FLOAT32, rate);
    struct simd_output output = simd_output(out, n * sizeof *in);
    for (size_t n_now; n > 0; n -= n_now, in += n_now) {
        n_now = n < TENSORFLOW_WORDS ? n : TENSORFLOW_WORDS;
        float *to = simd_output_place(&output, buffer);
        tensorflow_fill_words(&at, words, (n_now + PHILOX4X32_BLOCK - 1) / PHILOX4X32_BLOCK);
        dropped_f32(words, border, scale, in, to, n_now);
        simd_output_put(&output, to, n_now * sizeof *in);
    }
    simd_output_end(&output);
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
    if (dtype == ONESEED_TENSORFLOW_FLOAT32) {
        dropout_f32(*place, rate, tensorflow_flush(dtype, scale), in, out, n);
        return ONESEED_OK;
    }
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
