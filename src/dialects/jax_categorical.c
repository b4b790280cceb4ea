/* jax_categorical.c - jax.random.categorical and choice with probabilities.
 * SPDX-License-Identifier: MIT
 *
 * jax/_src/random/core.py of JAX 0.10: Gumbel noise on the logits, of which the largest counts; without replacement the k largest. */
#include <math.h>   /* isnan */
#include <string.h> /* memcpy */

#include "dialects/jax_real.h" /* jax_log */

/* --- With replacement ------------------------------------------------------------------------------------------------- */

struct largest {
    double value;
    uint32_t index;
};

/* As jnp.argmax: the first of equal ones, the first NaN before all. */
static void consider(struct largest *largest, double value, uint32_t index)
{
    if (index == 0 || value > largest->value || (isnan(value) && !isnan(largest->value)))
        *largest = (struct largest){value, index};
}

/* One distribution for each of n_inner neighbours: noise and logits are n_classes rows of n_inner. Neighbours are taken JAX_PIECE at
 * once, or, when they are few, several rows of all of them. */
static void draw_classes(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_mode mode,
                         const double *logits, size_t n_classes, size_t n_inner, uint64_t n_all, uint64_t begin,
                         uint32_t *out)
{
    double noise[JAX_PIECE];
    struct largest largest[JAX_PIECE] = {{0, 0}};
    for (size_t i = 0; i < n_inner; i += JAX_PIECE) {
        size_t n_now = n_inner - i < JAX_PIECE ? n_inner - i : JAX_PIECE;
        size_t n_rows = n_now == n_inner ? JAX_PIECE / n_inner : 1;
        for (size_t row = 0; row < n_classes; row += n_rows) {
            size_t n_values = (n_classes - row < n_rows ? n_classes - row : n_rows) * n_now, at = row * n_inner + i;
            jax_gumbels(key, dtype, mode, n_all, begin + at, noise, n_values);
            for (size_t k = 0; k < n_values; k++)
                consider(&largest[k % n_now], jax_sum(dtype, noise[k], logits[at + k]), (uint32_t)(row + k / n_now));
        }
        for (size_t k = 0; k < n_now; k++)
            out[i + k] = largest[k].index;
    }
}

oneseed_status oneseed_jax_categorical_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_mode mode,
                                            const double *logits, size_t n_outer, size_t n_classes, size_t n_inner,
                                            uint32_t *out, size_t n_draws)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (n_classes == 0 || n_classes > UINT32_MAX)
        return ONESEED_JAX_CLASSES;
    uint64_t n_rest = (uint64_t)n_classes * n_inner, begin = 0, n_all = n_draws * n_outer * n_rest;
    for (size_t draw = 0; draw < n_draws; draw++)
        for (size_t outer = 0; outer < n_outer; outer++, begin += n_rest, out += n_inner)
            draw_classes(key, dtype, mode, logits + outer * n_rest, n_classes, n_inner, n_all, begin, out);
    return ONESEED_OK;
}

/* --- Without: the k largest ------------------------------------------------------------------------------------------- */

/* The larger the number, the smaller its rank; NaN has the smallest. */
static uint64_t rank_of(double value)
{
    uint64_t bits;
    if (isnan(value))
        return 0;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? bits : bits ^ UINT64_C(0x7fffffffffffffff);
}

static bool is_before(const uint64_t *a, const uint64_t *b)
{
    return a[0] != b[0] ? a[0] < b[0] : a[1] < b[1];
}

/* The last of a parent and its children comes up. */
static void sift(uint64_t *pairs, size_t parent, size_t n)
{
    for (size_t child; (child = 2 * parent + 1) < n; parent = child) {
        if (child + 1 < n && is_before(&pairs[2 * child], &pairs[2 * child + 2]))
            child++;
        if (!is_before(&pairs[2 * parent], &pairs[2 * child]))
            return;
        for (int k = 0; k < 2; k++) {
            uint64_t other = pairs[2 * parent + (size_t)k];
            pairs[2 * parent + (size_t)k] = pairs[2 * child + (size_t)k];
            pairs[2 * child + (size_t)k] = other;
        }
    }
}

/* Pairs of a rank and an index, by heapsort. */
static void sort_pairs(uint64_t *pairs, size_t n)
{
    for (size_t parent = n / 2; parent-- > 0;)
        sift(pairs, parent, n);
    for (size_t last = n; last-- > 1;) {
        for (size_t k = 0; k < 2; k++) {
            uint64_t other = pairs[k];
            pairs[k] = pairs[2 * last + k];
            pairs[2 * last + k] = other;
        }
        sift(pairs, 0, last);
    }
}

size_t oneseed_jax_categorical_space(size_t n_classes)
{
    return 2 * n_classes;
}

oneseed_status oneseed_jax_categorical_choose(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                              oneseed_jax_mode mode, const double *logits, size_t n_outer,
                                              size_t n_classes, size_t n_inner, uint64_t *space, uint32_t *out,
                                              size_t n_draws)
{
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (n_draws > n_classes || n_classes > UINT32_MAX)
        return ONESEED_JAX_SAMPLE_SIZE;
    uint64_t n_all = (uint64_t)n_outer * n_classes * n_inner;
    for (size_t lane = 0; lane < n_outer * n_inner; lane++) {
        size_t first = lane / n_inner * n_classes * n_inner + lane % n_inner;
        for (size_t k = 0; k < n_classes; k++) {
            double noise;
            jax_gumbels(key, dtype, mode, n_all, first + k * n_inner, &noise, 1);
            space[2 * k] = rank_of(jax_sum(dtype, noise, logits[first + k * n_inner]));
            space[2 * k + 1] = k;
        }
        sort_pairs(space, n_classes);
        for (size_t k = 0; k < n_draws; k++)
            out[k * n_outer * n_inner + lane] = (uint32_t)space[2 * k + 1];
    }
    return ONESEED_OK;
}

oneseed_status oneseed_jax_choice_choose(const oneseed_jax_key *key, oneseed_jax_dtype dtype, oneseed_jax_mode mode,
                                         const double *p, size_t n_classes, uint64_t *space, uint32_t *out, size_t n)
{
    double noise[JAX_PIECE];
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (n > n_classes || n_classes > UINT32_MAX)
        return ONESEED_JAX_SAMPLE_SIZE;
    for (size_t i = 0; i < n_classes; i += JAX_PIECE) {
        size_t n_now = n_classes - i < JAX_PIECE ? n_classes - i : JAX_PIECE;
        jax_gumbels(key, dtype, mode, n_classes, i, noise, n_now);
        for (size_t k = 0; k < n_now; k++) {
            double logit = jax_log(dtype, jax_rounded(dtype, p[i + k]));
            space[2 * (i + k)] = rank_of(jax_sum(dtype, noise[k], logit));
            space[2 * (i + k) + 1] = i + k;
        }
    }
    sort_pairs(space, n_classes);
    for (size_t k = 0; k < n; k++)
        out[k] = (uint32_t)space[2 * k + 1];
    return ONESEED_OK;
}

/* --- choice with replacement: a place in the sums of the probabilities ------------------------------------------------- */

/* XLA sums in rows of 16: a row's own sum so far, and the sum of the rows before, which is made in the same way. */
enum { ROW = 16, MAX_LEVELS = 16 };

struct sums {
    struct {
        unsigned n;           /* values in this row */
        double row, previous; /* its sum; that of the rows before */
        bool has_previous;
    } level[MAX_LEVELS];
};

static double sum_so_far(oneseed_jax_dtype dtype, struct sums *sums, int level, double value)
{
    double *row = &sums->level[level].row;
    *row = sums->level[level].n == 0 ? value : jax_sum(dtype, *row, value);
    double sum = sums->level[level].has_previous ? jax_sum(dtype, *row, sums->level[level].previous) : *row;
    if (++sums->level[level].n == ROW) {
        sums->level[level].previous = sum_so_far(dtype, sums, level + 1, *row);
        sums->level[level].has_previous = true;
        sums->level[level].n = 0;
    }
    return sum;
}

/* jnp.searchsorted(sums, x), its binary search step for step. */
static size_t place_of(const double *sums, size_t n, double x)
{
    size_t low = 0, high = n;
    for (size_t left = n; left > 0; left /= 2) {
        size_t middle = (low + high) / 2;
        if (isnan(sums[middle]) || x <= sums[middle])
            high = middle;
        else
            low = middle;
    }
    return high;
}

oneseed_status oneseed_jax_choice_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *p,
                                       size_t n_classes, double *space, uint32_t *out, size_t n)
{
    double uniforms[JAX_PIECE];
    struct sums sums = {0};
    if (!jax_dtype_is_float(dtype))
        return ONESEED_JAX_FLOAT_DTYPE;
    if (n_classes == 0 || n_classes > UINT32_MAX)
        return ONESEED_JAX_CLASSES;
    for (size_t k = 0; k < n_classes; k++)
        space[k] = sum_so_far(dtype, &sums, 0, jax_rounded(dtype, p[k]));
    for (size_t i = 0; i < n; i += JAX_PIECE) {
        size_t n_now = n - i < JAX_PIECE ? n - i : JAX_PIECE;
        jax_uniforms(key, dtype, 0, 1, n, i, uniforms, n_now);
        for (size_t k = 0; k < n_now; k++) {
            double rest = jax_sum(dtype, 1, -uniforms[k]);
            out[i + k] = (uint32_t)place_of(space, n_classes, jax_product(dtype, space[n_classes - 1], rest));
        }
    }
    return ONESEED_OK;
}
