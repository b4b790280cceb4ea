/* torch_uniform.c - torch.rand and uniform_.
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h"

/* Words that are made together; the engine's block is 624. */
enum { CHUNK = 1024 };

void torch_f32_fill(oneseed_torch *state, float *out, size_t n)
{
    uint32_t words[CHUNK];
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        oneseed_mt19937_fill_u32(&state->mt19937, words, m);
        for (size_t i = 0; i < m; i++)
            out[done + i] = torch_float_of(words[i]);
    }
}

void torch_f64_fill(oneseed_torch *state, double *out, size_t n)
{
    uint32_t words[CHUNK];
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK / 2 ? n - done : CHUNK / 2;
        oneseed_mt19937_fill_u32(&state->mt19937, words, 2 * m);
        for (size_t i = 0; i < m; i++)
            out[done + i] = torch_double_of((uint64_t)words[2 * i] << 32 | words[2 * i + 1]);
    }
}

static void uniform_f32(oneseed_torch *state, float from, float to, float *out, size_t n)
{
    bool fuses = torch_fuses(state);
    float width = to - from;
    bool replaces_to = torch_version(state) >= 21200;
    torch_f32_fill(state, out, n);
    for (size_t i = 0; i < n; i++) {
        float value = torch_fmaf(fuses, out[i], width, from);
        out[i] = replaces_to && value == to ? from : value;
    }
}

static void uniform_f64(oneseed_torch *state, double from, double to, double *out, size_t n)
{
    bool fuses = torch_fuses(state);
    double width = to - from;
    bool replaces_to = torch_version(state) >= 21200;
    torch_f64_fill(state, out, n);
    for (size_t i = 0; i < n; i++) {
        double value = torch_fma(fuses, out[i], width, from);
        out[i] = replaces_to && value == to ? from : value;
    }
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

oneseed_status oneseed_torch_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double from, double to,
                                          void *out, size_t n)
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
    if (n == 0)
        return ONESEED_OK;
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
        torch_f32_fill(state, out, n);
    else if (dtype == ONESEED_TORCH_FLOAT64)
        torch_f64_fill(state, out, n);
    else
        return oneseed_torch_uniform_fill(state, dtype, 0, 1, out, n);
    return ONESEED_OK;
}
