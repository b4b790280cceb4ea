/* jax_integers.c - jax.random.randint and permutation.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. */
#include <math.h>   /* ceil, log */
#include <string.h> /* memcpy, memset */

#include "common/remainders.h" /* remainder_by */
#include "dialects/jax.h"

/* --- randint ---------------------------------------------------------------------------------------------------------- */

static unsigned width_of(oneseed_jax_dtype dtype)
{
    static const unsigned widths[] = {8, 16, 32, 64};
    return widths[(dtype - ONESEED_JAX_INT8) % 4];
}

static int64_t lowest(oneseed_jax_dtype dtype)
{
    return dtype >= ONESEED_JAX_UINT8 ? 0 : -((int64_t)(UINT64_C(1) << (width_of(dtype) - 2)) - 1) * 2 - 2;
}

/* Of those that an int64_t holds. */
static int64_t highest(oneseed_jax_dtype dtype)
{
    unsigned bits = width_of(dtype) - (dtype < ONESEED_JAX_UINT8);
    return bits >= 63 ? INT64_MAX : (int64_t)((UINT64_C(1) << bits) - 1);
}

static int64_t clip(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* XLA's: by 0 it is the dividend. */
static uint64_t remainder_of(uint64_t a, uint64_t b)
{
    return b == 0 ? a : a % b;
}

struct randint {
    unsigned width;
    uint64_t mask, minval, span, multiplier;
};

static struct randint prepare(const oneseed_jax_key *key, oneseed_jax_dtype dtype, int64_t minval, int64_t maxval)
{
    oneseed_jax_dtype sampled = dtype;
    bool is_beyond;
    if (width_of(dtype) < 32 && (key->version == 0 || key->version >= 702)) { /* since 0.7.2 these are drawn as int32 */
        sampled = ONESEED_JAX_INT32;
        minval = clip(minval, lowest(dtype), highest(dtype));
        maxval = clip(maxval, lowest(dtype), highest(dtype) + 1);
    }
    is_beyond = maxval > highest(sampled);
    minval = clip(minval, lowest(sampled), highest(sampled));
    maxval = clip(maxval, lowest(sampled), highest(sampled));
    struct randint r = {.width = width_of(sampled), .minval = (uint64_t)minval};
    r.mask = UINT64_MAX >> (64 - r.width);
    r.span = maxval <= minval ? 1 : ((uint64_t)maxval - (uint64_t)minval) & r.mask;
    if (is_beyond && maxval > minval)
        r.span = (r.span + 1) & r.mask;
    r.multiplier = remainder_of(UINT64_C(1) << r.width / 2, r.span);
    r.multiplier = remainder_of(r.multiplier * r.multiplier & r.mask, r.span);
    return r;
}

static uint64_t randint_of(const struct randint *r, uint64_t high, uint64_t low)
{
    uint64_t offset = remainder_of(high, r->span) * r->multiplier + remainder_of(low, r->span);
    return r->minval + remainder_of(offset & r->mask, r->span);
}

static void store_integer(oneseed_jax_dtype dtype, char *at, uint64_t value)
{
    uint8_t value8 = (uint8_t)value;
    uint16_t value16 = (uint16_t)value;
    uint32_t value32 = (uint32_t)value;
    if (width_of(dtype) == 8)
        memcpy(at, &value8, 1);
    else if (width_of(dtype) == 16)
        memcpy(at, &value16, 2);
    else if (width_of(dtype) == 32)
        memcpy(at, &value32, 4);
    else
        memcpy(at, &value, 8);
}

oneseed_status oneseed_jax_randint_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const int64_t *minval,
                                             size_t n_minval, const int64_t *maxval, size_t n_maxval, void *out,
                                             size_t n)
{
    uint64_t high[JAX_PIECE], low[JAX_PIECE];
    oneseed_jax_key keys[2];
    char *at = out;
    if (!jax_dtype_is_integer(dtype))
        return ONESEED_JAX_INTEGER_DTYPE;
    struct randint r = {0};
    oneseed_jax_split(key, keys, 2);
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        if (i == 0)
            r = prepare(key, dtype, *minval, *maxval);
        jax_bits(&keys[0], r.width, n, i, high, n_now);
        jax_bits(&keys[1], r.width, n, i, low, n_now);
        for (size_t k = 0; k < n_now; k++, at += width_of(dtype) / 8) {
            if (n_minval != 1 || n_maxval != 1)
                r = prepare(key, dtype, minval[n_minval == 1 ? 0 : i + k], maxval[n_maxval == 1 ? 0 : i + k]);
            store_integer(dtype, at, randint_of(&r, high[k], low[k]));
        }
    }
    return ONESEED_OK;
}

/* ---- many of one range, of words of 32 bits ---- */

SIMD_BODY void offsets_body(const uint32_t *restrict high, const uint32_t *restrict low, struct divisor by,
                            uint32_t multiplier, uint32_t minval, uint32_t *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = minval + remainder_by(remainder_by(high[k], by) * multiplier + remainder_by(low[k], by), by);
}

SIMD_BODY void narrowed_body(const uint32_t *restrict values, unsigned width, void *restrict out, size_t n)
{
    uint8_t *bytes = out;
    uint16_t *halves = out;
    if (width == 8)
        for (size_t k = 0; k < n; k++)
            bytes[k] = (uint8_t)values[k];
    else
        for (size_t k = 0; k < n; k++)
            halves[k] = (uint16_t)values[k];
}

SIMD_VARIANTS(static void, offsets,
              (const uint32_t *high, const uint32_t *low, struct divisor by, uint32_t multiplier, uint32_t minval,
               uint32_t *out, size_t n),
              (high, low, by, multiplier, minval, out, n))
SIMD_VARIANTS(static void, narrowed, (const uint32_t *values, unsigned width, void *out, size_t n),
              (values, width, out, n))

static void fill_32(const oneseed_jax_key keys[2], oneseed_jax_dtype dtype, const struct randint *r, void *out,
                    size_t n)
{
    uint32_t high[JAX_WORDS], low[JAX_WORDS], values[JAX_WORDS], buffer[JAX_WORDS];
    const struct divisor by = divisor_of((uint32_t)r->span);
    const size_t size = width_of(dtype) / 8;
    struct simd_output output = simd_output(out, n * size);
    for (size_t i = 0, n_now; i < n; i += n_now) {
        n_now = n - i < JAX_WORDS ? n - i : JAX_WORDS;
        void *to = simd_output_place(&output, buffer);
        jax_words(&keys[0], 32, n, i, high, n_now);
        jax_words(&keys[1], 32, n, i, low, n_now);
        offsets(high, low, by, (uint32_t)r->multiplier, (uint32_t)r->minval, size == 4 ? to : values, n_now);
        if (size < 4)
            narrowed(values, width_of(dtype), to, n_now);
        simd_output_put(&output, to, n_now * size);
    }
    simd_output_end(&output);
}

oneseed_status oneseed_jax_randint_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, int64_t minval,
                                        int64_t maxval, void *out, size_t n)
{
    oneseed_jax_key keys[2];
    if (!jax_dtype_is_integer(dtype))
        return ONESEED_JAX_INTEGER_DTYPE;
    const struct randint r = prepare(key, dtype, minval, maxval);
    if (r.width != 32 || r.span == 0)
        return oneseed_jax_randint_each_fill(key, dtype, &minval, 1, &maxval, 1, out, n);
    oneseed_jax_split(key, keys, 2);
    fill_32(keys, dtype, &r, out, n);
    return ONESEED_OK;
}

/* --- permutation ------------------------------------------------------------------------------------------------------ */

/* By the high 32 bits, stable: four passes over one byte each, from `items` back into `items`. */
static void sort_by_high_half(uint64_t *items, uint64_t *spare, size_t n)
{
    for (unsigned shift = 32; shift < 64; shift += 8) {
        size_t begins[257];
        memset(begins, 0, sizeof begins);
        for (size_t i = 0; i < n; i++)
            begins[(items[i] >> shift & 255) + 1]++;
        for (int k = 1; k < 256; k++)
            begins[k] += begins[k - 1];
        for (size_t i = 0; i < n; i++)
            spare[begins[items[i] >> shift & 255]++] = items[i];
        uint64_t *other = items;
        items = spare;
        spare = other;
    }
}

/* Random words of one line along the axis: neighbours are `step` values apart. */
static void words_of_line(const oneseed_jax_key *key, size_t n_all, size_t begin, size_t step, uint64_t *out, size_t n)
{
    if (step == 1)
        jax_bits(key, 32, n_all, begin, out, n);
    else
        for (size_t k = 0; k < n; k++)
            jax_bits(key, 32, n_all, begin + k * step, &out[k], 1);
}

size_t oneseed_jax_permutation_space(size_t n)
{
    return 2 * n;
}

/* As jax computes it; log 2^32 - 1 cannot meet a whole number of rounds for any n. */
static int n_rounds_of(size_t n)
{
    return (int)ceil(3 * log((double)(n > 1 ? n : 1)) / log(4294967295.0));
}

/* Each element's line gets an order of its own: the elements' numbers in their lines, sorted by random words. */
oneseed_status oneseed_jax_permutation_lines(const oneseed_jax_key *key, size_t n_outer, size_t n_axis, size_t n_inner,
                                             uint64_t *space, uint32_t *out)
{
    oneseed_jax_key keys[2] = {*key, *key};
    size_t n = n_outer * n_axis * n_inner, n_rest = n_axis * n_inner;
    if (n > UINT32_MAX)
        return ONESEED_JAX_PERMUTATION_SIZE;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint32_t)(i / n_inner % n_axis);
    for (int round = n_rounds_of(n); round > 0; round--) {
        oneseed_jax_split(&keys[0], keys, 2);
        for (size_t line = 0; line < n_outer * n_inner; line++) {
            size_t first = line / n_inner * n_rest + line % n_inner;
            words_of_line(&keys[1], n, first, n_inner, space, n_axis);
            for (size_t k = 0; k < n_axis; k++)
                space[k] = space[k] << 32 | out[first + k * n_inner];
            sort_by_high_half(space, space + n_axis, n_axis);
            for (size_t k = 0; k < n_axis; k++)
                out[first + k * n_inner] = (uint32_t)space[k];
        }
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_permutation(const oneseed_jax_key *key, uint64_t *space, uint32_t *out, size_t n)
{
    return oneseed_jax_permutation_lines(key, 1, n, 1, space, out);
}
