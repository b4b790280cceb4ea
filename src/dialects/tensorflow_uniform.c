/* tensorflow_uniform.c - TensorFlow's uniform numbers: of the floating dtypes, of a range, of integers; split.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21: tsl/lib/random/random_distributions.h (UniformDistribution, UniformFullIntDistribution),
 * python/ops/random_ops.py and python/ops/stateless_random_ops.py for ranges and split. */
#include "common/remainders.h" /* remainders */
#include "common/simd.h"       /* SIMD_VARIANTS */
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

/* ---- many at once ---- */

SIMD_BODY void uniforms_f32_body(const uint32_t *restrict words, float scale, float shift, float *restrict out,
                                 size_t n)
{
    if (scale == 1 && shift == 0)
        for (size_t k = 0; k < n; k++)
            out[k] = (float)(int32_t)(words[k] & 0x7fffffu) * 0x1p-23f;
    else
        for (size_t k = 0; k < n; k++)
            out[k] = (float)(int32_t)(words[k] & 0x7fffffu) * 0x1p-23f * scale + shift;
}

/* The bits as the fraction of a number from 1 to 2: processors have no vectors that convert integers of 64 bits. */
SIMD_BODY double fraction_f64(uint32_t high, uint32_t low)
{
    const uint64_t bits = UINT64_C(0x3ff) << 52 | (uint64_t)(high & 0xfffffu) << 32 | low;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x - 1;
}

SIMD_BODY void uniforms_f64_body(const uint32_t *restrict words, double scale, double shift, double *restrict out,
                                 size_t n)
{
    if (scale == 1 && shift == 0)
        for (size_t k = 0; k < n; k++)
            out[k] = fraction_f64(words[2 * k], words[2 * k + 1]);
    else
        for (size_t k = 0; k < n; k++)
            out[k] = fraction_f64(words[2 * k], words[2 * k + 1]) * scale + shift;
}

SIMD_BODY void chosen_body(const uint16_t *restrict table, const uint32_t *restrict words, uint32_t mask,
                           uint16_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = table[words[k] & mask];
}

SIMD_BODY void plus_body(const uint32_t *restrict words, uint32_t low, uint32_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = words[k] + low;
}

SIMD_VARIANTS(static void, uniforms_f32, (const uint32_t *words, float scale, float shift, float *out, size_t n),
              (words, scale, shift, out, n))
SIMD_VARIANTS(static void, uniforms_f64, (const uint32_t *words, double scale, double shift, double *out, size_t n),
              (words, scale, shift, out, n))
SIMD_VARIANTS(static void, chosen,
              (const uint16_t *table, const uint32_t *words, uint32_t mask, uint16_t *out, size_t n),
              (table, words, mask, out, n))
SIMD_VARIANTS(static void, plus, (const uint32_t *words, uint32_t low, uint32_t *out, size_t n), (words, low, out, n))

/* What a word of a half type may be is soon counted: a table of what it becomes. */
enum { HALVES = 1024, BYTES = 128, OF_TABLE_FROM = 4 /* values for each place of the table */ };

static uint32_t table_size(oneseed_tensorflow_dtype dtype)
{
    return dtype == ONESEED_TENSORFLOW_FLOAT16 ? HALVES : BYTES;
}

static void make_table(oneseed_tensorflow_dtype dtype, double scale, double shift, uint16_t *table)
{
    uint32_t words[HALVES];
    double values[HALVES];
    for (uint32_t k = 0; k < table_size(dtype); k++)
        words[k] = k;
    uniforms_of(dtype, words, values, table_size(dtype));
    tensorflow_scale(dtype, scale, shift, values, table_size(dtype));
    tensorflow_store(dtype, values, table, 0, table_size(dtype));
}

static void fill_plainly(oneseed_tensorflow_philox at, oneseed_tensorflow_dtype dtype, double scale, double shift,
                         void *out, size_t n)
{
    uint32_t words[TENSORFLOW_WORDS];
    uint16_t table[HALVES];
    double buffer[TENSORFLOW_WORDS];
    const size_t size = oneseed_tensorflow_dtype_size(dtype);
    const size_t n_at_once = TENSORFLOW_WORDS / PHILOX4X32_BLOCK * tensorflow_group(dtype);
    struct simd_output output = simd_output(out, n * size);
    if (size == 2)
        make_table(dtype, scale, shift, table);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < n_at_once ? n - i : n_at_once;
        void *to = simd_output_place(&output, buffer);
        next_words(&at, dtype, words, n_now);
        if (size == 2)
            chosen(table, words, table_size(dtype) - 1, to, n_now);
        else if (size == 4)
            uniforms_f32(words, (float)scale, (float)shift, to, n_now);
        else
            uniforms_f64(words, scale, shift, to, n_now);
        simd_output_put(&output, to, n_now * size);
    }
    simd_output_end(&output);
}

/* Uniforms times scale plus shift, both of the dtype. */
static void fill_scaled(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, double scale,
                        double shift, void *out, size_t n)
{
    double values[TENSORFLOW_PIECE];
    oneseed_tensorflow_philox at = *place;
    const bool is_half = oneseed_tensorflow_dtype_size(dtype) == 2;
    if (is_half ? n >= OF_TABLE_FROM * table_size(dtype) : tensorflow_scales_plainly(dtype, scale, shift)) {
        fill_plainly(at, dtype, scale, shift, out, n);
        return;
    }
    for (size_t i = 0; i < n; i += TENSORFLOW_PIECE) {
        size_t n_now = n - i < TENSORFLOW_PIECE ? n - i : TENSORFLOW_PIECE;
        tensorflow_uniforms(&at, dtype, values, n_now);
        tensorflow_scale(dtype, scale, shift, values, n_now);
        tensorflow_store(dtype, values, out, i, n_now);
    }
}

oneseed_status oneseed_tensorflow_uniform_range_fill(const oneseed_tensorflow_philox *place,
                                                     oneseed_tensorflow_dtype dtype, double minval, double maxval,
                                                     void *out, size_t n)
{
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    double low = tensorflow_flush(dtype, tensorflow_round(dtype, minval));
    double high = tensorflow_flush(dtype, tensorflow_round(dtype, maxval));
    double span = low == 0 ? high : high - low; /* a flushed maxval keeps its sign behind minval 0 */
    span = tensorflow_round(dtype, tensorflow_flush(dtype, span));
    fill_scaled(place, dtype, span, low, out, n);
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_uniform_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                               void *out, size_t n)
{
    if (!tensorflow_dtype_is_float(dtype))
        return ONESEED_TENSORFLOW_FLOAT_DTYPE;
    fill_scaled(place, dtype, 1, 0, out, n);
    return ONESEED_OK;
}

/* Integers of a range: low + word modulo range; range 0 takes the word as it is. Two's complement does the rest. */
static void integers_32(oneseed_tensorflow_philox at, oneseed_tensorflow_dtype dtype, uint32_t low, uint32_t range,
                        void *out, size_t n)
{
    uint32_t words[TENSORFLOW_WORDS], buffer[TENSORFLOW_WORDS];
    const struct divisor by = divisor_of(range ? range : 1);
    struct simd_output output = simd_output(out, n * sizeof *words);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < TENSORFLOW_WORDS ? n - i : TENSORFLOW_WORDS;
        uint32_t *to = simd_output_place(&output, buffer);
        next_words(&at, dtype, words, n_now);
        if (range)
            remainders(words, n_now, by);
        plus(words, low, to, n_now);
        simd_output_put(&output, to, n_now * sizeof *words);
    }
    simd_output_end(&output);
}

static void integers_64(oneseed_tensorflow_philox at, oneseed_tensorflow_dtype dtype, uint64_t low, uint64_t range,
                        uint64_t *out, size_t n)
{
    uint32_t words[TENSORFLOW_WORDS];
    for (size_t n_now; n > 0; n -= n_now, out += n_now) {
        n_now = n < TENSORFLOW_WORDS / 2 ? n : TENSORFLOW_WORDS / 2;
        next_words(&at, dtype, words, n_now);
        for (size_t k = 0; k < n_now; k++) {
            const uint64_t word = words[2 * k] | (uint64_t)words[2 * k + 1] << 32;
            out[k] = low + (range ? word % range : word);
        }
    }
}

static void integers(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype, uint64_t low,
                     uint64_t range, void *out, size_t n)
{
    if (tensorflow_group(dtype) == 4)
        integers_32(*place, dtype, (uint32_t)low, (uint32_t)range, out, n);
    else
        integers_64(*place, dtype, low, range, out, n);
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
