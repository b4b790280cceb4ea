/* jax_uniform.c - jax.random.uniform, bernoulli and rademacher.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10. XLA's code for CPUs fuses the multiplication and the addition of float32 and float64, does
 * float16's in float32 with one rounding, and rounds every step of bfloat16's: seen in JAX 0.10 on x86-64 with FMA. */
#include <math.h>   /* fma, fmaf */
#include <string.h> /* memcpy */

#include "dialects/jax.h"
#include "dialects/torch.h" /* half types */

static float round_to(oneseed_jax_dtype dtype, float x)
{
    if (dtype == ONESEED_JAX_FLOAT16)
        return torch_of_half(torch_half_of(x));
    return dtype == ONESEED_JAX_BFLOAT16 ? torch_of_bfloat16(torch_bfloat16_of(x)) : x;
}

struct range { /* in the dtype */
    double low, span;
};

static struct range range_of(oneseed_jax_dtype dtype, double minval, double maxval)
{
    if (dtype == ONESEED_JAX_FLOAT64)
        return (struct range){minval, maxval - minval};
    float low = round_to(dtype, (float)minval), high = round_to(dtype, (float)maxval);
    return (struct range){low, round_to(dtype, high - low)};
}

static unsigned bits_of(oneseed_jax_dtype dtype)
{
    return dtype == ONESEED_JAX_FLOAT64   ? 64
           : dtype == ONESEED_JAX_FLOAT32 ? 32
           : dtype == ONESEED_JAX_FLOAT16 ? 16
                                          : 8;
}

/* The value of the top bits; `bits` has bits_of() of them. */
static double uniform_of(oneseed_jax_dtype dtype, uint64_t bits, struct range range)
{
    if (dtype == ONESEED_JAX_FLOAT64) {
        double u = (double)(bits >> 12) * 0x1p-52, x = fma(u, range.span, range.low);
        return x > range.low ? x : range.low;
    }
    float low = (float)range.low, span = (float)range.span, x;
    if (dtype == ONESEED_JAX_FLOAT32)
        x = fmaf((float)(bits >> 9) * 0x1p-23f, span, low);
    else if (dtype == ONESEED_JAX_FLOAT16)
        x = round_to(dtype, (float)(bits >> 6) * 0x1p-10f * span + low);
    else
        x = round_to(dtype, round_to(dtype, (float)(bits >> 1) * 0x1p-7f * span) + low);
    return x > low ? x : low;
}

oneseed_status oneseed_jax_uniform_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval,
                                        double maxval, void *out, size_t n)
{
    uint64_t bits[JAX_PIECE];
    struct range range = range_of(dtype, minval, maxval);
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_bits(key, bits_of(dtype), n, i, bits, n_now);
        for (size_t k = 0; k < n_now; k++) {
            double value = uniform_of(dtype, bits[k], range);
            if (dtype == ONESEED_JAX_FLOAT64)
                ((double *)out)[i + k] = value;
            else if (dtype == ONESEED_JAX_FLOAT32)
                ((float *)out)[i + k] = (float)value;
            else
                ((uint16_t *)out)[i + k] =
                    dtype == ONESEED_JAX_FLOAT16 ? torch_half_of((float)value) : torch_bfloat16_of((float)value);
        }
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_bernoulli_fill(const oneseed_jax_key *key, oneseed_jax_dtype p_dtype, double p, uint8_t *out,
                                          size_t n)
{
    uint64_t bits[JAX_PIECE];
    if (!jax_dtype_is_float(p_dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    double border = p_dtype == ONESEED_JAX_FLOAT64 ? p : round_to(p_dtype, (float)p);
    struct range range = {0, 1};
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_bits(key, bits_of(p_dtype), n, i, bits, n_now);
        for (size_t k = 0; k < n_now; k++)
            out[i + k] = uniform_of(p_dtype, bits[k], range) < border;
    }
    return ONESEED_OK;
}
