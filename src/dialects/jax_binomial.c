/* jax_binomial.c - jax.random.binomial.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10, in the dtype of p: up to 10 successes the sums of geometric waiting times (V. Kachitvichyanukul
 * and B. W. Schmeiser 1988), above W. Hörmann's BTRS ("The generation of binomial random variates", 1993), of p or of 1 - p. */
#include <math.h> /* ceil, floor, isnan */

#include "dialects/jax_gamma.h"  /* jax_parameter_at */
#include "dialects/jax_real.h"   /* jax_fused */
#include "dialects/jax_rounds.h" /* jax_rounds_begin */

/* Parameters of one value as jax puts them right first. */
struct trials {
    double count, q;
    bool is_small, is_high, is_invalid, is_infinite; /* is_high: p >= 0.5, q is 1 - p */
};

struct sampler {
    oneseed_jax_dtype dtype; /* of p */
    struct jax_parameters counts, ps;
    size_t n;
};

static struct trials trials_at(const struct sampler *sampler, size_t i)
{
    double count = jax_parameter_at(&sampler->counts, i), p = jax_parameter_at(&sampler->ps, i);
    struct trials t = {.is_high = !(p < 0.5), .is_infinite = isinf(count)};
    bool is_without_count = isnan(count) || count < 0;
    t.q = t.is_high ? jax_sum(sampler->dtype, 1, -p) : p;
    bool is_without_q = isnan(t.q) || t.q < 0;
    t.is_invalid = is_without_count || is_without_q;
    if (is_without_count || isnan(t.q) || t.is_infinite)
        t.is_high = false;
    t.q = is_without_q ? jax_rounded(sampler->dtype, 0.01) : t.q;
    t.is_small = is_without_count || jax_product(sampler->dtype, count, t.q) <= 10;
    t.count = floor(count);
    return t;
}

/* --- Waiting times ---------------------------------------------------------------------------------------------------- */

static double uniform_at(const struct sampler *sampler, const oneseed_jax_key *key, size_t i)
{
    double value;
    jax_uniforms(key, sampler->dtype, 0, 1, sampler->n, i, &value, 1);
    return value;
}

static double inversion(const struct sampler *sampler, oneseed_jax_key key, const struct trials *t, size_t i)
{
    oneseed_jax_dtype dtype = sampler->dtype;
    double log_of_failure = jax_log1p(dtype, -t->q), sum = 0, k = 0;
    while (sum <= t->count) {
        oneseed_jax_key of_round;
        jax_split_at(&key, 0, 2, &of_round);
        jax_split_at(&key, 1, 2, &key);
        double wait = jax_quotient(dtype, jax_log(dtype, uniform_at(sampler, &of_round, i)), log_of_failure);
        sum = jax_sum(dtype, sum, ceil(wait));
        k++;
    }
    return k - 1;
}

/* --- BTRS ------------------------------------------------------------------------------------------------------------- */

/* What Stirling's formula leaves of log k!. jax keeps k at 9 there, so that above it is one number. */
static double stirling_tail(oneseed_jax_dtype dtype, double k, bool is_scalar)
{
    static const double tails[] = {0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
                                   0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
                                   0.00925546218271273, 0.00833056343336287};
    if (k <= 9)
        return jax_rounded(dtype, tails[k > 0 ? (int)k : 0]);
    double first = jax_rounded(dtype, 1. / 12), second = jax_rounded(dtype, 1. / 360),
           third = jax_rounded(dtype, 1. / 1260);
    if (is_scalar) { /* XLA multiplies by reciprocals of scalars */
        double inner = jax_fused(dtype, -third, jax_quotient(dtype, 1, 100), second);
        return jax_product(dtype, jax_sum(dtype, first, -jax_quotient(dtype, inner, 100)), jax_quotient(dtype, 1, 10));
    }
    double inner = jax_sum(dtype, second, -jax_quotient(dtype, third, 100));
    return jax_quotient(dtype, jax_sum(dtype, first, -jax_quotient(dtype, inner, 100)), 10);
}

struct btrs {
    double count, a, b, c, v_r, r, alpha, m, tails; /* tails: (m + 0.5) log(…), Stirling's of m and of count - m */
    double tail_m, tail_rest;
};

static struct btrs btrs(oneseed_jax_dtype dtype, double count, double q, bool is_scalar)
{
    struct btrs s = {.count = count};
    double mean = jax_product(dtype, count, q), rest = jax_sum(dtype, 1, -q);
    double deviation = jax_sqrt(dtype, jax_product(dtype, mean, rest));
    s.b = jax_fused(dtype, deviation, jax_rounded(dtype, 2.53), jax_rounded(dtype, 1.15));
    s.a = jax_fused(dtype, s.b, jax_rounded(dtype, 0.0248), jax_rounded(dtype, -0.0873));
    s.a = jax_fused(dtype, q, jax_rounded(dtype, 0.01), s.a);
    s.c = jax_fused(dtype, count, q, 0.5);
    double four = jax_rounded(dtype, 4.2), most = jax_rounded(dtype, 0.92);
    s.v_r = is_scalar ? jax_fused(dtype, -four, jax_quotient(dtype, 1, s.b), most)
                      : jax_sum(dtype, most, -jax_quotient(dtype, four, s.b));
    s.r = jax_quotient(dtype, q, rest);
    s.alpha = jax_sum(dtype, jax_quotient(dtype, jax_rounded(dtype, 5.1), s.b), jax_rounded(dtype, 2.83));
    s.alpha = jax_product(dtype, s.alpha, deviation);
    s.m = floor(jax_product(dtype, jax_sum(dtype, count, 1), q));
    double after = jax_sum(dtype, jax_sum(dtype, count, -s.m), 1);
    double ratio = jax_quotient(dtype, jax_sum(dtype, s.m, 1), jax_product(dtype, s.r, after));
    s.tails = jax_product(dtype, jax_sum(dtype, s.m, 0.5), jax_log(dtype, ratio));
    s.tail_m = stirling_tail(dtype, s.m, is_scalar);
    s.tail_rest = stirling_tail(dtype, jax_sum(dtype, count, -s.m), is_scalar);
    return s;
}

static double upper_bound(oneseed_jax_dtype dtype, const struct btrs *s, double k)
{
    double after = jax_sum(dtype, jax_sum(dtype, s->count, -s->m), 1);
    double after_k = jax_sum(dtype, jax_sum(dtype, s->count, -k), 1);
    double log_after = jax_log(dtype, jax_quotient(dtype, after, after_k));
    double ratio = jax_quotient(dtype, jax_product(dtype, s->r, after_k), jax_sum(dtype, k, 1));
    double sum = jax_fused(dtype, jax_sum(dtype, s->count, 1), log_after, s->tails);
    sum = jax_fused(dtype, jax_sum(dtype, k, 0.5), jax_log(dtype, ratio), sum);
    sum = jax_sum(dtype, jax_sum(dtype, sum, s->tail_m), s->tail_rest);
    sum = jax_sum(dtype, sum, -stirling_tail(dtype, k, false));
    return jax_sum(dtype, sum, -stirling_tail(dtype, jax_sum(dtype, s->count, -k), false));
}

static bool propose(const void *of, const oneseed_jax_key keys[2], size_t i, double *value)
{
    const struct sampler *sampler = of;
    oneseed_jax_dtype dtype = sampler->dtype;
    struct trials t = trials_at(sampler, i);
    bool is_scalar = sampler->counts.n == 1 && sampler->ps.n == 1 && sampler->n > 1;
    /* Values that the waiting times give take part with other parameters. */
    struct btrs s = btrs(dtype, t.is_small ? 10000 : t.count, t.is_small ? 0.5 : t.q, is_scalar);
    double u = jax_sum(dtype, uniform_at(sampler, &keys[0], i), -0.5), v = uniform_at(sampler, &keys[1], i);
    double us = jax_sum(dtype, 0.5, -fabs(u));
    double width = jax_sum(dtype, jax_quotient(dtype, jax_product(dtype, s.a, 2), us), s.b);
    double k = floor(jax_fused(dtype, width, u, s.c));
    *value = k;
    if (us >= jax_rounded(dtype, 0.07) && v <= s.v_r)
        return true;
    if (k < 0 || k > s.count)
        return false;
    double scale = jax_sum(dtype, jax_quotient(dtype, s.a, jax_product(dtype, us, us)), s.b);
    double log_v = jax_log(dtype, jax_quotient(dtype, jax_product(dtype, v, s.alpha), scale));
    return log_v <= upper_bound(dtype, &s, k);
}

oneseed_status oneseed_jax_binomial_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_dtype p_dtype,
                                         const double *count, size_t n_count, const double *p, size_t n_p, void *out,
                                         size_t n)
{
    struct sampler sampler = {p_dtype, {key, p_dtype, count, n_count}, {key, p_dtype, p, n_p}, n};
    struct jax_rounds rounds = {.n = 0};
    if (!jax_dtype_is_float(dtype) || !jax_dtype_is_float(p_dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    for (size_t i = 0; i < n; i++) {
        struct trials t = trials_at(&sampler, i);
        double value = t.is_invalid ? NAN : INFINITY;
        if (!t.is_invalid && !t.is_infinite && t.is_small) {
            value = inversion(&sampler, *key, &t, i);
        } else if (!t.is_invalid && !t.is_infinite) {
            if (rounds.n == 0)
                jax_rounds_begin(&rounds, key, propose, &sampler, n, INT32_MAX);
            value = jax_rounds_value(&rounds, propose, &sampler, i);
        }
        value = jax_rounded(dtype, value);
        if (t.is_high)
            value = jax_sum(dtype, jax_rounded(dtype, t.count), -value);
        jax_store(dtype, &value, (char *)out + i * jax_dtype_size(dtype), 1);
    }
    return ONESEED_OK;
}
