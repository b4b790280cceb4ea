/* torch_normal.c - torch.randn, normal_ and torch.normal.
 *
 * A contiguous tensor of 16 values or more is filled with uniforms, whose blocks of 16 become normals in place; any other one by
 * ones and twos, with the cache of the generator (ATen/native/cpu/DistributionTemplates.h).
 *
 * SPDX-License-Identifier: MIT */
#include "common/simd.h"    /* SIMD_VARIANTS */
#include "dialects/torch.h" /* torch_f32_some */

static const double two_pi = 6.283185307179586476925;

/* ---- one by one ---- */

static void normal_single(oneseed_torch *state, oneseed_torch_dtype dtype, double mean, double std, void *out, size_t n)
{
    bool fuses = torch_fuses(state);
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, torch_fma(fuses, torch_normal(state), std, mean));
}

/* ---- blocks of float: the kernels for AVX2 ---- */

static inline uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The logarithm of x in (0, 1], as Cephes' logf by Moshier; ATen/native/cpu/avx_mathfun.h has it with AVX2, and GCC fuses what is
 * fused here. */
static inline float log_of(float x)
{
    uint32_t bits = bits_of(x);
    float e = (float)((int32_t)(bits >> 23) - 127) + 1.0f, m = float_of((bits & 0x807fffffu) | 0x3f000000u);
    int below = m < 0.707106781186547524f;
    float t = (m - 1.0f) + (below ? m : 0.0f), z = t * t, y = 7.0376836292e-2f;
    e -= below ? 1.0f : 0.0f;
    y = fmaf(y, t, -1.1514610310e-1f);
    y = fmaf(y, t, 1.1676998740e-1f);
    y = fmaf(y, t, -1.2420140846e-1f);
    y = fmaf(y, t, 1.4249322787e-1f);
    y = fmaf(y, t, -1.6668057665e-1f);
    y = fmaf(y, t, 2.0000714765e-1f);
    y = fmaf(y, t, -2.4999993993e-1f);
    y = fmaf(y, t, 3.3333331174e-1f);
    y = y * t;
    y = fmaf(y, z, e * -2.12194440e-4f);
    y = fmaf(-z, 0.5f, y);
    return fmaf(e, 0.693359375f, t + y);
}

/* Sine and cosine of x in [0, 2 pi), from the same places. */
static inline void sine_cosine_of(float x, float *sine, float *cosine)
{
    uint32_t octant = ((uint32_t)(int32_t)(x * 1.27323954473516f) + 1) & ~1u;
    float y = (float)(int32_t)octant;
    x = fmaf(y, -0.78515625f, x);
    x = fmaf(y, -2.4187564849853515625e-4f, x);
    x = fmaf(y, -3.77489497744594108e-8f, x);
    float z = x * x;
    float c = fmaf(fmaf(2.443315711809948e-5f, z, -1.388731625493765e-3f), z, 4.166664568298827e-2f) * z;
    c = fmaf(c, z, -(z * 0.5f)) + 1.0f;
    float s = fmaf(fmaf(-1.9515295891e-4f, z, 8.3321608736e-3f), z, -1.6666654611e-1f) * z;
    s = fmaf(s, x, x);
    int swapped = (octant & 2) != 0;
    *sine = float_of(bits_of(swapped ? c : s) ^ (octant & 4) << 29);
    *cosine = float_of(bits_of(swapped ? s : c) ^ (~(octant - 2) & 4) << 29);
}

/* Blocks that are transformed together, so that vectors of any width are full. */
enum { GROUP = 16 };

SIMD_BODY void group_f32(float *d, size_t n_blocks, float mean, float std)
{
    float radius[8 * GROUP], angle[8 * GROUP];
    for (size_t i = 0; i < n_blocks; i++)
        for (size_t j = 0; j < 8; j++) {
            radius[8 * i + j] = d[16 * i + j];
            angle[8 * i + j] = d[16 * i + j + 8];
        }
    for (size_t k = 0; k < 8 * n_blocks; k++) {
        float sine, cosine, r = sqrtf(-2.0f * log_of(1.0f - radius[k]));
        sine_cosine_of((float)two_pi * angle[k], &sine, &cosine);
        radius[k] = fmaf(r * cosine, std, mean);
        angle[k] = fmaf(r * sine, std, mean);
    }
    for (size_t i = 0; i < n_blocks; i++)
        for (size_t j = 0; j < 8; j++) {
            d[16 * i + j] = radius[8 * i + j];
            d[16 * i + j + 8] = angle[8 * i + j];
        }
}

SIMD_BODY void blocks_f32_avx2_body(float *d, size_t n_blocks, float mean, float std)
{
    for (; n_blocks >= GROUP; n_blocks -= GROUP, d += (size_t)16 * GROUP)
        group_f32(d, GROUP, mean, std);
    group_f32(d, n_blocks, mean, std);
}
SIMD_VARIANTS(static void, blocks_f32_avx2, (float *d, size_t n_blocks, float mean, float std),
              (d, n_blocks, mean, std))

/* ---- blocks: the default capability, and double ---- */

static void block_f32_default(float d[16], float mean, float std, bool fuses)
{
    for (int j = 0; j < 8; j++) {
        float radius = sqrtf(-2.0f * logf(1.0f - d[j])), angle = (float)(two_pi * (double)d[j + 8]);
        d[j] = torch_fmaf(fuses, radius * cosf(angle), std, mean);
        d[j + 8] = torch_fmaf(fuses, radius * sinf(angle), std, mean);
    }
}

static void block_f64(double d[16], double mean, double std, bool fuses)
{
    for (int j = 0; j < 8; j++) {
        double radius = sqrt(-2.0 * log(1.0 - d[j])), angle = two_pi * d[j + 8];
        d[j] = torch_fma(fuses, radius * cos(angle), std, mean);
        d[j + 8] = torch_fma(fuses, radius * sin(angle), std, mean);
    }
}

/* Since 2.13 the last step is an explicit fma, whatever the capability. */
static bool block_fuses(oneseed_torch *state)
{
    return torch_version(state) >= 21300 || torch_fuses(state);
}

/* Values that are made together: whole blocks, as many as torch_f32_some takes. */
enum { CHUNK = 1024 };

static void transform_f32(oneseed_torch *state, float *d, size_t n_blocks, float mean, float std)
{
    bool fuses = block_fuses(state);
    if (torch_cpu(state) == ONESEED_TORCH_CPU_DEFAULT)
        for (size_t i = 0; i < n_blocks; i++)
            block_f32_default(d + 16 * i, mean, std, fuses);
    else
        blocks_f32_avx2(d, n_blocks, mean, std);
}

static void blocks_f32(oneseed_torch *state, float mean, float std, float *out, size_t n)
{
    struct simd_output output = simd_output(out, n * sizeof *out);
    float buffer[CHUNK];
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        float *d = simd_output_place(&output, buffer);
        torch_f32_some(state, d, m);
        transform_f32(state, d, m / 16, mean, std);
        simd_output_put(&output, d, m * sizeof *out);
    }
    simd_output_end(&output);
    if (n % 16 != 0) {
        torch_f32_some(state, out + n - 16, 16);
        transform_f32(state, out + n - 16, 1, mean, std);
    }
}

static void blocks_f64(oneseed_torch *state, double mean, double std, double *out, size_t n)
{
    bool fuses = std != 1 && block_fuses(state); /* a product with 1 is exact, fused or not: no call of fma() */
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        torch_f64_some(state, out + done, m);
        for (size_t i = 0; i + 16 <= m; i += 16)
            block_f64(out + done + i, mean, std, fuses);
    }
    if (n % 16 != 0) {
        torch_f64_some(state, out + n - 16, 16);
        block_f64(out + n - 16, mean, std, fuses);
    }
}

/* ---- blocks of the half types ---- */

/* Of floats, rounded at the end; up to 2.12 by libm for every capability, and mean and std were of the half type. */
static void some_blocks_half(oneseed_torch *state, oneseed_torch_dtype dtype, float mean, float std, uint16_t *out,
                             size_t n_blocks)
{
    enum { AT_ONCE = 64 };
    float d[16 * AT_ONCE];
    for (size_t done = 0, m; done < n_blocks; done += m) {
        m = n_blocks - done < AT_ONCE ? n_blocks - done : AT_ONCE;
        torch_f32_some(state, d, 16 * m);
        if (torch_version(state) >= 21300)
            transform_f32(state, d, m, mean, std);
        else
            for (size_t i = 0; i < m; i++)
                block_f32_default(d + 16 * i, mean, std, torch_fuses(state));
        for (size_t i = 0; i < 16 * m; i++)
            out[16 * done + i] = torch_to_half(dtype, d[i]);
    }
}

/* What is left over behind the last block draws nothing of its own: the last 16 are drawn anew. */
static void blocks_half(oneseed_torch *state, oneseed_torch_dtype dtype, float mean, float std, uint16_t *out, size_t n)
{
    some_blocks_half(state, dtype, mean, std, out, n / 16);
    if (n % 16 != 0)
        some_blocks_half(state, dtype, mean, std, out + n - 16, 1);
}

/* Up to 2.11 each step was rounded to the half type, which the uniforms were of, too. */
static float rounded(oneseed_torch_dtype dtype, float value)
{
    return torch_from_half(dtype, torch_to_half(dtype, value));
}

static void block_half_old(oneseed_torch *state, oneseed_torch_dtype dtype, float mean, float std, uint16_t *out)
{
    /* c10's log, sqrt, cos and sin of a float16 came with 2.1; before, they gave floats. */
    bool keeps_float = dtype == ONESEED_TORCH_FLOAT16 && torch_version(state) < 20100;
    bool fuses = torch_fuses(state);
    for (int j = 0; j < 8; j++) {
        float u = rounded(dtype, 1.0f - torch_from_half(dtype, out[j])), radius;
        float angle = rounded(dtype, (float)(two_pi * (double)torch_from_half(dtype, out[j + 8])));
        if (keeps_float) {
            radius = rounded(dtype, sqrtf(-2.0f * logf(u)));
            out[j] = torch_to_half(dtype, torch_fmaf(fuses, radius * cosf(angle), std, mean));
            out[j + 8] = torch_to_half(dtype, torch_fmaf(fuses, radius * sinf(angle), std, mean));
        } else {
            radius = rounded(dtype, sqrtf(rounded(dtype, -2.0f * rounded(dtype, logf(u)))));
            float x = rounded(dtype, radius * rounded(dtype, cosf(angle)));
            float y = rounded(dtype, radius * rounded(dtype, sinf(angle)));
            out[j] = torch_to_half(dtype, rounded(dtype, x * std) + mean);
            out[j + 8] = torch_to_half(dtype, rounded(dtype, y * std) + mean);
        }
    }
}

static void blocks_half_old(oneseed_torch *state, oneseed_torch_dtype dtype, float mean, float std, uint16_t *out,
                            size_t n)
{
    (void)oneseed_torch_rand_fill(state, dtype, out, n);
    for (size_t i = 0; i + 16 <= n; i += 16)
        block_half_old(state, dtype, mean, std, out + i);
    if (n % 16 != 0) {
        (void)oneseed_torch_rand_fill(state, dtype, out + n - 16, 16);
        block_half_old(state, dtype, mean, std, out + n - 16);
    }
}

static void normal_half(oneseed_torch *state, oneseed_torch_dtype dtype, double mean, double std, uint16_t *out,
                        size_t n)
{
    uint32_t version = torch_version(state);
    float m = (float)mean, s = (float)std;
    if (version < 21300) {
        m = rounded(dtype, m);
        s = rounded(dtype, s);
    }
    if (version >= 21200)
        blocks_half(state, dtype, m, s, out, n);
    else
        blocks_half_old(state, dtype, m, s, out, n);
}

static oneseed_status normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean, double std,
                                  bool contiguous, void *out, size_t n)
{
    if (!(std >= 0))
        return ONESEED_TORCH_STD;
    if (torch_is_none(state, n))
        return ONESEED_OK;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    if (n < 16 || !contiguous)
        normal_single(state, dtype, mean, std, out, n);
    else if (dtype == ONESEED_TORCH_FLOAT32)
        blocks_f32(state, (float)mean, (float)std, out, n);
    else if (dtype == ONESEED_TORCH_FLOAT64)
        blocks_f64(state, mean, std, out, n);
    else
        normal_half(state, dtype, mean, std, out, n);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean, double std,
                                         void *out, size_t n)
{
    return normal_fill(state, dtype, mean, std, true, out, n);
}

oneseed_status oneseed_torch_normal_noncontiguous_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean,
                                                       double std, void *out, size_t n)
{
    return normal_fill(state, dtype, mean, std, false, out, n);
}

oneseed_status oneseed_torch_randn_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    return normal_fill(state, dtype, 0, 1, true, out, n);
}

double oneseed_torch_normal(oneseed_torch *state)
{
    return torch_normal(state);
}

/* ---- tensors of means and deviations ---- */

/* out = out * b, then out + c: two operations on tensors, each rounded to the dtype. A NULL is left out. */
static void multiply_add(oneseed_torch_dtype dtype, void *out, const void *factor, const void *term, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (factor)
            torch_store(dtype, out, i, torch_load(dtype, out, i) * torch_load(dtype, factor, i));
        if (term)
            torch_store(dtype, out, i, torch_load(dtype, out, i) + torch_load(dtype, term, i));
    }
}

oneseed_status oneseed_torch_normal_tensors_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *means,
                                                 double mean, const void *stds, double std, void *out, size_t n)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    if (!means && !stds)
        return oneseed_torch_normal_fill(state, dtype, mean, std, out, n);
    for (size_t i = 0; stds && i < n; i++)
        if (!(torch_load(dtype, stds, i) >= 0))
            return ONESEED_TORCH_STD_TENSOR;
    oneseed_status status = oneseed_torch_normal_fill(state, dtype, 0, stds ? 1 : std, out, n);
    if (status)
        return status;
    multiply_add(dtype, out, stds, means, n);
    for (size_t i = 0; !means && i < n; i++) { /* a mean that is a number becomes a tensor of the dtype */
        uint64_t rounded;
        torch_store(dtype, &rounded, 0, mean);
        torch_store(dtype, out, i, torch_load(dtype, out, i) + torch_load(dtype, &rounded, 0));
    }
    return ONESEED_OK;
}
