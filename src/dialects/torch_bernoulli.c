/* torch_bernoulli.c - bernoulli_ and torch.bernoulli.
 * SPDX-License-Identifier: MIT */
#include "common/simd.h"    /* SIMD_VARIANTS */
#include "dialects/torch.h" /* torch_f64_some */

static bool is_mkl(const oneseed_torch *state)
{
    return torch_version(state) < 20700 && state->has_mkl;
}

struct torch_coin torch_coin(oneseed_torch *state, double p)
{
    struct torch_coin coin = {p, is_mkl(state), 0};
    if (coin.is_mkl) {
        coin.x = torch_u32(state) % TORCH_MCG31_MODULUS;
        coin.x = coin.x ? coin.x : 1;
    }
    return coin;
}

/* float16 since 2.2. */
static bool takes_bernoulli(const oneseed_torch *state, oneseed_torch_dtype dtype)
{
    if (dtype == ONESEED_TORCH_FLOAT16)
        return torch_version(state) >= 20200;
    return oneseed_torch_dtype_size(dtype) != 0 && dtype != ONESEED_TORCH_UINT16 && dtype != ONESEED_TORCH_UINT32 &&
           dtype != ONESEED_TORCH_UINT64;
}

/* A 1 of the dtype, given as its bits, where the uniform is below p. */
#define PUT_TOSSES(type)                                                                                               \
    SIMD_BODY void put_##type##_body(const double *restrict uniforms, double p, type one, type *restrict out,          \
                                     size_t n)                                                                         \
    {                                                                                                                  \
        for (size_t i = 0; i < n; i++)                                                                                 \
            out[i] = uniforms[i] < p ? one : 0;                                                                        \
    }                                                                                                                  \
    SIMD_VARIANTS(static void, put_##type, (const double *uniforms, double p, type one, type *out, size_t n),          \
                  (uniforms, p, one, out, n))
PUT_TOSSES(uint8_t)
PUT_TOSSES(uint16_t)
PUT_TOSSES(uint32_t)
PUT_TOSSES(uint64_t)
#undef PUT_TOSSES

static void tosses(oneseed_torch *state, oneseed_torch_dtype dtype, double p, void *out, size_t n)
{
    enum { CHUNK = 1024 };
    double uniforms[CHUNK];
    uint64_t buffer[CHUNK];
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
    } one = {.u64 = 0};
    size_t size = oneseed_torch_dtype_size(dtype);
    struct simd_output output = simd_output(out, n * size);
    torch_store_integer(dtype, &one, 0, 1);
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        void *values = simd_output_place(&output, buffer);
        torch_f64_some(state, uniforms, m);
        if (size == 1)
            put_uint8_t(uniforms, p, one.u8, values, m);
        else if (size == 2)
            put_uint16_t(uniforms, p, one.u16, values, m);
        else if (size == 4)
            put_uint32_t(uniforms, p, one.u32, values, m);
        else
            put_uint64_t(uniforms, p, one.u64, values, m);
        simd_output_put(&output, values, m * size);
    }
    simd_output_end(&output);
}

oneseed_status oneseed_torch_bernoulli_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p, void *out,
                                            size_t n)
{
    if (!(p >= 0 && p <= 1))
        return ONESEED_TORCH_BERNOULLI_P;
    if (torch_is_none(state, n))
        return ONESEED_OK;
    if (!takes_bernoulli(state, dtype))
        return ONESEED_TORCH_DTYPE;
    struct torch_coin coin = torch_coin(state, p);
    if (coin.is_mkl)
        for (size_t i = 0; i < n; i++)
            torch_store_integer(dtype, out, i, torch_toss(state, &coin));
    else
        tosses(state, dtype, p, out, n);
    return ONESEED_OK;
}

SIMD_BODY void put_tosses_f32_body(const float *restrict uniforms, const float *p, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = uniforms[i] < p[i] ? 1.0f : 0.0f;
}
SIMD_VARIANTS(static void, put_tosses_f32, (const float *uniforms, const float *p, float *out, size_t n),
              (uniforms, p, out, n))

/* The usual case of the function below. */
static void tosses_f32(oneseed_torch *state, const float *p, float *out, size_t n)
{
    enum { CHUNK = 1024 };
    float uniforms[CHUNK], buffer[CHUNK];
    struct simd_output output = simd_output(out, n * sizeof *out);
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        float *values = simd_output_place(&output, buffer);
        torch_f32_some(state, uniforms, m);
        put_tosses_f32(uniforms, p + done, values, m);
        simd_output_put(&output, values, m * sizeof *out);
    }
    simd_output_end(&output);
}

SIMD_BODY void count_improper_body(const float *restrict p, size_t n, size_t *restrict n_improper)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += !(p[i] >= 0 && p[i] <= 1);
    *n_improper = count;
}
SIMD_VARIANTS(static void, count_improper, (const float *p, size_t n, size_t *n_improper), (p, n, n_improper))

static bool are_probabilities(oneseed_torch_dtype dtype, const void *p, size_t n)
{
    size_t n_improper = 0;
    if (dtype == ONESEED_TORCH_FLOAT32) {
        count_improper(p, n, &n_improper);
        return n_improper == 0;
    }
    for (size_t i = 0; i < n; i++) {
        double one = torch_load(dtype, p, i);
        if (!(one >= 0 && one <= 1))
            return false;
    }
    return true;
}

oneseed_status oneseed_torch_bernoulli_tensor_fill(oneseed_torch *state, oneseed_torch_dtype p_dtype, const void *p,
                                                   oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (torch_is_none(state, n))
        return ONESEED_OK;
    if (!takes_bernoulli(state, dtype) || !torch_is_floating(p_dtype))
        return ONESEED_TORCH_DTYPE;
    if (!are_probabilities(p_dtype, p, n))
        return ONESEED_TORCH_BERNOULLI_P_TENSOR;
    if (p_dtype == ONESEED_TORCH_FLOAT32 && dtype == ONESEED_TORCH_FLOAT32) {
        tosses_f32(state, p, out, n);
        return ONESEED_OK;
    }
    bool is_double = p_dtype == ONESEED_TORCH_FLOAT64; /* else the uniform is a float, one word */
    for (size_t i = 0; i < n; i++) {
        double uniform = is_double ? torch_f64(state) : (double)torch_f32(state);
        torch_store_integer(dtype, out, i, uniform < torch_load(p_dtype, p, i));
    }
    return ONESEED_OK;
}
