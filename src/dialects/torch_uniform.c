/* torch_uniform.c - torch.rand and uniform_.
 * SPDX-License-Identifier: MIT */
#include "common/simd.h"    /* SIMD_VARIANTS */
#include "dialects/torch.h" /* torch_float_of */

/* Values that are made together; the engine's block is 624 words. */
enum { CHUNK = 1024 };

SIMD_BODY void f32_of_words_body(const uint32_t *restrict words, float *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = torch_float_of(words[i]);
}
SIMD_VARIANTS(static void, f32_of_words, (const uint32_t *words, float *out, size_t n), (words, out, n))

/* CHUNK values at most. */
void torch_f32_some(oneseed_torch *state, float *out, size_t n)
{
    uint32_t words[CHUNK];
    oneseed_mt19937_fill_u32(&state->mt19937, words, n);
    f32_of_words(words, out, n);
}

void torch_f64_some(oneseed_torch *state, double *out, size_t n)
{
    mt19937_fill_f64(&state->mt19937, MT19937_LOW53, out, n);
}

/* From [0, 1) to [from, to). */
#define SCALE(name, type, multiply_add)                                                                                \
    SIMD_BODY void name##_body(type *values, size_t n, type from, type to, bool replaces_to)                           \
    {                                                                                                                  \
        type width = to - from;                                                                                        \
        for (size_t i = 0; i < n; i++) {                                                                               \
            type value = multiply_add(values[i], width, from);                                                         \
            values[i] = replaces_to && value == to ? from : value;                                                     \
        }                                                                                                              \
    }                                                                                                                  \
    SIMD_VARIANTS(static void, name, (type * values, size_t n, type from, type to, bool replaces_to),                  \
                  (values, n, from, to, replaces_to))
#define IN_TWO_STEPS(a, b, c) ((a) * (b) + (c))
SCALE(scale_f32, float, IN_TWO_STEPS)
SCALE(scale_f32_fused, float, fmaf)
SCALE(scale_f64, double, IN_TWO_STEPS)
SCALE(scale_f64_fused, double, fma)

static void uniform_f32(oneseed_torch *state, float from, float to, float *out, size_t n)
{
    bool replaces_to = torch_version(state) >= 21200;
    struct simd_output output = simd_output(out, n * sizeof *out);
    float buffer[CHUNK];
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        float *values = simd_output_place(&output, buffer);
        torch_f32_some(state, values, m);
        if (from != 0 || to != 1)
            (torch_fuses(state) ? scale_f32_fused : scale_f32)(values, m, from, to, replaces_to);
        simd_output_put(&output, values, m * sizeof *out);
    }
    simd_output_end(&output);
}

static void uniform_f64(oneseed_torch *state, double from, double to, double *out, size_t n)
{
    size_t n_made = from == 0 && to == 1 ? mt19937_fill_doubles(&state->mt19937, MT19937_LOW53, out, n) : 0;
    out += n_made;
    n -= n_made;
    bool replaces_to = torch_version(state) >= 21200;
    struct simd_output output = simd_output(out, n * sizeof *out);
    double buffer[CHUNK];
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        double *values = simd_output_place(&output, buffer);
        torch_f64_some(state, values, m);
        if (from != 0 || to != 1)
            (torch_fuses(state) ? scale_f64_fused : scale_f64)(values, m, from, to, replaces_to);
        simd_output_put(&output, values, m * sizeof *out);
    }
    simd_output_end(&output);
}

/* Half types: a float's uniform, rounded; what is rounded up to the bound becomes the other one. */
static void uniform_half(oneseed_torch *state, oneseed_torch_dtype dtype, double from, double to, uint16_t *out,
                         size_t n)
{
    bool fuses = torch_fuses(state);
    float low = (float)from, width = (float)to - low;
    uint16_t first = torch_to_half(dtype, low);
    float bound = torch_from_half(dtype, torch_to_half(dtype, (float)to));
    for (size_t i = 0; i < n; i++) {
        uint16_t value = torch_to_half(dtype, torch_fmaf(fuses, torch_f32(state), width, low));
        out[i] = torch_from_half(dtype, value) == bound ? first : value;
    }
}

/* Up to 2.11 a half type's uniform has no more bits than the type: the low 11 or 8 of the word. */
static void uniform_half_old(oneseed_torch *state, oneseed_torch_dtype dtype, double from, double to, uint16_t *out,
                             size_t n)
{
    bool fuses = torch_fuses(state);
    uint32_t mask = ((uint32_t)1 << torch_digits(dtype)) - 1;
    float low = torch_from_half(dtype, torch_to_half(dtype, (float)from));
    float high = torch_from_half(dtype, torch_to_half(dtype, (float)to));
    float width = torch_from_half(dtype, torch_to_half(dtype, high - low));
    for (size_t i = 0; i < n; i++) {
        float value = (float)(torch_u32(state) & mask) / (float)(mask + 1);
        out[i] = torch_to_half(dtype, torch_fmaf(fuses, value, width, low));
    }
}

oneseed_status torch_check_uniform(oneseed_torch_dtype dtype, double from, double to)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    double largest = torch_largest(dtype);
    if (!(from >= -largest && from <= largest))
        return ONESEED_TORCH_FROM_BOUNDS;
    if (!(to >= -largest && to <= largest))
        return ONESEED_TORCH_TO_BOUNDS;
    if (!(from <= to))
        return ONESEED_TORCH_UNIFORM_RANGE;
    if (!(to - from <= largest))
        return ONESEED_TORCH_UNIFORM_WIDTH;
    return ONESEED_OK;
}

oneseed_status oneseed_torch_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double from, double to,
                                          void *out, size_t n)
{
    oneseed_status status = torch_check_uniform(dtype, from, to);
    if (status != ONESEED_OK || n == 0)
        return status;
    if (dtype == ONESEED_TORCH_FLOAT32)
        uniform_f32(state, (float)from, (float)to, out, n);
    else if (dtype == ONESEED_TORCH_FLOAT64)
        uniform_f64(state, from, to, out, n);
    else if (torch_version(state) >= 21200)
        uniform_half(state, dtype, from, to, out, n);
    else
        uniform_half_old(state, dtype, from, to, out, n);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_rand_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (dtype == ONESEED_TORCH_FLOAT32)
        uniform_f32(state, 0, 1, out, n);
    else if (dtype == ONESEED_TORCH_FLOAT64)
        uniform_f64(state, 0, 1, out, n);
    else
        return oneseed_torch_uniform_fill(state, dtype, 0, 1, out, n);
    return ONESEED_OK;
}
