/* jax_poisson.c - jax.random.poisson.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10, always in float32: below 10 D. Knuth's products of uniforms, from 10 on W. Hörmann's transformed
 * rejection ("The transformed rejection method for generating Poisson random variables", 1993), with XLA's lgamma, which is Lanczos'. */
#include <math.h> /* floorf, fmaf, sqrtf */

#include "dialects/jax_gamma.h"         /* jax_parameter_at */
#include "dialects/jax_integer_store.h" /* jax_store_integer */
#include "dialects/jax_math.h"          /* xla_log_f32 */
#include "dialects/jax_rounds.h"        /* jax_rounds_begin */

static const float limit_of_knuth = 10;

static float uniform_at(const oneseed_jax_key *key, uint64_t i, uint64_t n)
{
    double value;
    jax_uniforms(key, ONESEED_JAX_FLOAT32, 0, 1, n, i, &value, 1);
    return (float)value;
}

/* --- Below 10 --------------------------------------------------------------------------------------------------------- */

static int64_t knuth(const oneseed_jax_key *all, float lam, int64_t n_most, uint64_t i, uint64_t n)
{
    oneseed_jax_key key = *all, of_round;
    float log_product = 0;
    int64_t k = 0;
    while (log_product > -lam && k < n_most) {
        jax_split_at(&key, 1, 2, &of_round);
        jax_split_at(&key, 0, 2, &key);
        log_product += xla_log_f32(uniform_at(&of_round, i, n));
        k++;
    }
    return k - 1;
}

/* --- From 10 on ------------------------------------------------------------------------------------------------------- */

/* Of a number from 1 on, given one less. */
static float lgamma_after(float z)
{
    static const float coefficients[] = {676.520368121885098567009190444019f, -1259.13921672240287047156078755283f,
                                         771.3234287776530788486528258894f,   -176.61502916214059906584551354f,
                                         12.507343278686904814458936853f,     -0.13857109526572011689554707f,
                                         9.984369578019570859563e-6f,         1.50563273514931155834e-7f};
    float sum = 1;
    for (int i = 0; i < 8; i++)
        sum += coefficients[i] / (z + (float)(i + 1));
    float log_t = xla_log1p_f32(z * 0x1.111112p-3f) + 2.01490307f; /* log(z + 7.5) */
    float first = z + 0.5f - (z + 7.5f) / log_t;
    return fmaf(first, log_t, 0.918938518f) + xla_log_f32(sum);
}

struct rejection {
    float lam, log_lam, a, b, inverse_alpha, v_r;
};

static struct rejection rejection(float lam)
{
    struct rejection r = {.lam = lam, .log_lam = xla_log_f32(lam)};
    r.b = fmaf(sqrtf(lam), 2.53f, 0.931f);
    r.a = fmaf(r.b, 0.02483f, -0.059f);
    r.inverse_alpha = 1.1239f + 1.1328f / (r.b - 3.4f);
    r.v_r = 0.9277f - 3.6224f / (r.b - 2);
    return r;
}

/* Values below 10 take part with 1e5 in its place. */
static float lam_of_rejection(float lam)
{
    return isnan(lam) || lam < limit_of_knuth ? 1e5f : lam;
}

struct sampler {
    struct jax_parameters lams;
    size_t n;
};

static bool propose(const void *of, const oneseed_jax_key keys[2], size_t i, double *value)
{
    const struct sampler *sampler = of;
    struct rejection r = rejection(lam_of_rejection((float)jax_parameter_at(&sampler->lams, i)));
    float u = uniform_at(&keys[0], i, sampler->n) - 0.5f, v = uniform_at(&keys[1], i, sampler->n);
    float us = 0.5f - fabsf(u), k = floorf(fmaf(2 * r.a / us + r.b, u, r.lam) + 0.43f);
    *value = k;
    if (us >= 0.07f && v <= r.v_r)
        return true;
    if (k < 0 || (us < 0.013f && v > us))
        return false;
    float s = xla_log_f32(v * r.inverse_alpha / (r.a / (us * us) + r.b));
    return s <= fmaf(k, r.log_lam, -r.lam) - lgamma_after(k);
}

oneseed_status oneseed_jax_poisson_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *lam,
                                        size_t n_lam, void *out, size_t n)
{
    struct sampler sampler = {{key, ONESEED_JAX_FLOAT32, lam, n_lam}, n};
    struct jax_rounds rounds = {.n = 0};
    if (!jax_dtype_is_integer(dtype))
        return ONESEED_JAX_INTEGER_DTYPE;
    if (key->impl != ONESEED_JAX_THREEFRY2X32)
        return ONESEED_JAX_THREEFRY_ONLY;
    int64_t n_most = jax_highest(dtype);
    for (size_t i = 0; i < n; i++) {
        float rate = (float)jax_parameter_at(&sampler.lams, i);
        if (rate == 0) {
            jax_store_integer(dtype, 0, out, i);
        } else if (isnan(rate) || rate < limit_of_knuth) {
            jax_store_integer(dtype, (uint64_t)knuth(key, rate, n_most, i, n), out, i);
        } else {
            if (rounds.n == 0)
                jax_rounds_begin(&rounds, key, propose, &sampler, n, (uint64_t)n_most);
            jax_store_converted(dtype, jax_rounds_value(&rounds, propose, &sampler, i), out, i);
        }
    }
    return ONESEED_OK;
}
