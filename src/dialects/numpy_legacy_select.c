/* numpy_legacy_select.c - RandomState's shuffle, permutation and choice.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/mtrand.pyx (1.17 to 2.5). */
#include <math.h>   /* fabs */
#include <string.h> /* memcpy */

#include "dialects/numpy_shared.h" /* numpy_shuffle */

void oneseed_numpy_legacy_shuffle(oneseed_numpy *state, void *items, size_t n, size_t item_nbytes)
{
    numpy_shuffle(state, items, n, item_nbytes);
}

void oneseed_numpy_legacy_permutation_fill(oneseed_numpy *state, int64_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (int64_t)i;
    numpy_shuffle(state, out, n, sizeof *out);
}

static oneseed_status check_population(size_t n_population, size_t n)
{
    return n_population == 0 && n > 0 ? ONESEED_NUMPY_LEGACY_EMPTY_POPULATION : ONESEED_OK;
}

static oneseed_status check_probabilities(const double *p, size_t n_population, double tolerance, size_t n)
{
    if (check_population(n_population, n) != ONESEED_OK)
        return check_population(n_population, n);
    double sum = numpy_kahan_sum(p, n_population);
    if (isnan(sum))
        return ONESEED_NUMPY_LEGACY_PROBABILITIES_NAN;
    for (size_t i = 0; i < n_population; i++)
        if (p[i] < 0)
            return ONESEED_NUMPY_LEGACY_PROBABILITIES_NEGATIVE;
    const double least = 0x1p-26; /* the root of a double's epsilon */
    double allowed = tolerance > least ? tolerance : least;
    return fabs(sum - 1.) > allowed ? ONESEED_NUMPY_LEGACY_PROBABILITIES_SUM : ONESEED_OK;
}

/* The running sums, divided by the last. */
static void make_cdf(const double *p, size_t n, double *cdf)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        cdf[i] = sum = i == 0 ? p[0] : sum + p[i];
    for (size_t i = 0; i < n; i++)
        cdf[i] /= sum;
}

/* The first index whose sum is above x. */
static size_t find(const double *cdf, size_t n, double x)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (cdf[low + half] <= x) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

oneseed_status oneseed_numpy_legacy_choice_fill(oneseed_numpy *state, size_t n_population, int64_t *out, size_t n)
{
    if (check_population(n_population, n) != ONESEED_OK)
        return check_population(n_population, n);
    return oneseed_numpy_legacy_randint_fill(state, 0, (int64_t)n_population, out, n);
}

oneseed_status oneseed_numpy_legacy_choice_weighted_fill(oneseed_numpy *state, const double *p, size_t n_population,
                                                         double tolerance, double *work, int64_t *out, size_t n)
{
    oneseed_status status = check_probabilities(p, n_population, tolerance, n);
    if (status != ONESEED_OK)
        return status;
    make_cdf(p, n_population, work);
    struct numpy_doubles doubles;
    numpy_doubles_start(&doubles, state);
    for (size_t i = 0; i < n; i++) {
        doubles.n_least = n - i;
        out[i] = (int64_t)find(work, n_population, numpy_double(&doubles));
    }
    return ONESEED_OK;
}

oneseed_status oneseed_numpy_legacy_choice_distinct_fill(oneseed_numpy *state, size_t n_population, int64_t *work,
                                                         int64_t *out, size_t n)
{
    if (check_population(n_population, n) != ONESEED_OK)
        return check_population(n_population, n);
    if (n > n_population)
        return ONESEED_NUMPY_LEGACY_SAMPLE_TOO_LARGE;
    oneseed_numpy_legacy_permutation_fill(state, work, n_population);
    if (n > 0)
        memcpy(out, work, n * sizeof *out);
    return ONESEED_OK;
}

/* One round: as many uniforms as items are missing, of which the first to fall on an item takes it. Its entry of `left`
 * becomes 0, which the next round's sums see; until then only it tells that the item is taken, as an item of no
 * probability is never found. */
static size_t choose_round(oneseed_numpy *state, double *left, const double *cdf, size_t n_population, int64_t *out,
                           size_t n)
{
    struct numpy_doubles doubles;
    size_t n_found = 0;
    numpy_doubles_start(&doubles, state);
    for (size_t i = 0; i < n; i++) {
        doubles.n_least = n - i;
        size_t item = find(cdf, n_population, numpy_double(&doubles));
        if (left[item] == 0)
            continue;
        left[item] = 0;
        out[n_found++] = (int64_t)item;
    }
    return n_found;
}

oneseed_status oneseed_numpy_legacy_choice_weighted_distinct_fill(oneseed_numpy *state, const double *p,
                                                                  size_t n_population, double tolerance, double *work,
                                                                  int64_t *out, size_t n)
{
    oneseed_status status = check_probabilities(p, n_population, tolerance, n);
    if (status != ONESEED_OK)
        return status;
    if (n > n_population)
        return ONESEED_NUMPY_LEGACY_SAMPLE_TOO_LARGE;
    double *left = work, *cdf = work + n_population;
    size_t n_possible = 0;
    for (size_t i = 0; i < n_population; i++) {
        left[i] = p[i];
        n_possible += p[i] > 0;
    }
    if (n_possible < n)
        return ONESEED_NUMPY_PROBABILITIES_TOO_FEW;
    for (size_t n_found = 0; n_found < n;) {
        make_cdf(left, n_population, cdf);
        n_found += choose_round(state, left, cdf, n_population, out + n_found, n - n_found);
    }
    return ONESEED_OK;
}
