/* sklearn_sample.c - scikit-learn's resample, sampling without replacement, and the seeds and rows of a forest's trees.
 * SPDX-License-Identifier: MIT */
#include "dialects/sklearn.h"

#include <math.h> /* floor */

/* ---- the most likely shares ---- */

/* In this order of operations since 1.0: the remainders decide. */
struct shares {
    const int64_t *counts;
    double total, n_draws;
};

static double share(const struct shares *shares, int64_t k)
{
    return (double)shares->counts[k] / shares->total * shares->n_draws;
}

static double remainder_of(const struct shares *shares, int64_t k)
{
    double x = share(shares, k);
    return x - floor(x);
}

static bool has_larger_remainder(int64_t a, int64_t b, const void *context)
{
    double of_a = remainder_of(context, a), of_b = remainder_of(context, b);
    return of_a != of_b ? of_a > of_b : a < b;
}

void oneseed_sklearn_approximate_mode_fill(oneseed_numpy *state, const int64_t *class_counts, size_t n_classes,
                                           int64_t n_draws, int64_t *work, int64_t *out)
{
    int64_t total = 0, n_missing = n_draws;
    for (size_t k = 0; k < n_classes; k++)
        total += class_counts[k];
    struct shares shares = {class_counts, (double)total, (double)n_draws};
    for (size_t k = 0; k < n_classes; k++) {
        out[k] = total ? (int64_t)floor(share(&shares, (int64_t)k)) : 0;
        n_missing -= out[k];
    }
    if (n_missing <= 0 || total == 0)
        return;
    sklearn_range(work, n_classes);
    sklearn_sort(work, n_classes, has_larger_remainder, &shares);
    /* Of classes with the same remainder, drawn ones; drawn also where all of them are taken. */
    for (size_t start = 0, end; start < n_classes && n_missing > 0; start = end) {
        double remainder = remainder_of(&shares, work[start]);
        for (end = start + 1; end < n_classes && remainder_of(&shares, work[end]) == remainder;)
            end++;
        oneseed_numpy_legacy_shuffle(state, work + start, end - start, sizeof *work);
        for (size_t i = start; i < end && n_missing > 0; i++, n_missing--)
            out[work[i]]++;
    }
}

/* ---- resample ---- */

oneseed_status oneseed_sklearn_resample_fill(oneseed_numpy *state, size_t n_samples, int replace, int64_t *work,
                                             int64_t *out, size_t n)
{
    if (replace)
        return oneseed_numpy_legacy_choice_fill(state, n_samples, out, n);
    if (n > n_samples)
        return ONESEED_SKLEARN_RESAMPLE_SIZE;
    oneseed_numpy_legacy_permutation_fill(state, work, n_samples);
    for (size_t i = 0; i < n; i++)
        out[i] = work[i];
    return ONESEED_OK;
}

oneseed_status oneseed_sklearn_resample_stratified_fill(oneseed_numpy *state, const int64_t *classes, size_t n_samples,
                                                        size_t n_classes, int replace, int64_t *work, int64_t *out,
                                                        size_t n)
{
    int64_t *order = work, *counts = work + n_samples, *shares = counts + n_classes, *mode_work = shares + n_classes;
    if (n > n_samples && !replace)
        return ONESEED_SKLEARN_RESAMPLE_SIZE;
    if (!sklearn_count(classes, n_samples, n_classes, counts))
        return ONESEED_SKLEARN_CODES;
    if (n_samples == 0 && n > 0)
        return ONESEED_NUMPY_LEGACY_EMPTY_POPULATION;
    sklearn_group(classes, n_samples, counts, n_classes, mode_work, order);
    oneseed_sklearn_approximate_mode_fill(state, counts, n_classes, (int64_t)n, mode_work, shares);
    size_t filled = 0;
    for (size_t k = 0; k < n_classes; k++) {
        if (!replace) /* the whole class is permuted, also for none of it */
            oneseed_numpy_legacy_shuffle(state, order, (size_t)counts[k], sizeof *order);
        for (int64_t i = 0; i < shares[k]; i++)
            out[filled++] = order[replace ? oneseed_numpy_legacy_randint(state, 0, counts[k]) : i];
        order += counts[k];
    }
    oneseed_numpy_legacy_shuffle(state, out, filled, sizeof *out);
    return ONESEED_OK;
}

/* ---- sampling without replacement ---- */

/* What is done in the end: AUTO's permutation, one of the loops. */
enum way { PERMUTATION, TRACKING, RESERVOIR, POOL };

static enum way way_of(uint64_t n_population, size_t n, oneseed_sklearn_sampling method)
{
    double ratio = n_population ? (double)n / (double)n_population : 1.0;
    if (method == ONESEED_SKLEARN_POOL)
        return POOL;
    if (method == ONESEED_SKLEARN_RESERVOIR_SAMPLING)
        return RESERVOIR;
    if (method == ONESEED_SKLEARN_AUTO && ratio > 0.01 && ratio < 0.99)
        return PERMUTATION;
    return ratio < 0.2 ? TRACKING : RESERVOIR;
}

/* Places of the set of those that were drawn: a power of two, at most half of them in use. */
static size_t set_size(size_t n)
{
    size_t size = 2;
    while (size < 2 * n)
        size *= 2;
    return size;
}

size_t oneseed_sklearn_sample_work(uint64_t n_population, size_t n, oneseed_sklearn_sampling method)
{
    switch (way_of(n_population, n, method)) {
    case TRACKING:
        return set_size(n);
    case RESERVOIR:
        return 0;
    default:
        return (size_t)n_population;
    }
}

/* Whether the set had it not; places of -1 are free. */
static bool put(int64_t *set, size_t size, int64_t number)
{
    size_t place = (size_t)((uint64_t)number * 0x9e3779b97f4a7c15 >> 20); /* 2^64 / golden ratio spreads runs */
    while (set[place &= size - 1] >= 0) {
        if (set[place] == number)
            return false;
        place++;
    }
    set[place] = number;
    return true;
}

static void track(oneseed_numpy *state, int64_t n_population, int64_t *set, int64_t *out, size_t n)
{
    size_t size = set_size(n);
    for (size_t i = 0; i < size; i++)
        set[i] = -1;
    for (size_t i = 0; i < n; i++)
        do
            out[i] = oneseed_numpy_legacy_randint(state, 0, n_population);
        while (!put(set, size, out[i]));
}

static void draw_from_pool(oneseed_numpy *state, int64_t n_population, int64_t *pool, int64_t *out, size_t n)
{
    sklearn_range(pool, (size_t)n_population);
    for (size_t i = 0; i < n; i++) {
        int64_t left = n_population - (int64_t)i, j = oneseed_numpy_legacy_randint(state, 0, left);
        out[i] = pool[j];
        pool[j] = pool[left - 1];
    }
}

static void fill_reservoir(oneseed_numpy *state, int64_t n_population, int64_t *out, size_t n)
{
    sklearn_range(out, n);
    for (int64_t i = (int64_t)n; i < n_population; i++) {
        int64_t j = oneseed_numpy_legacy_randint(state, 0, i + 1);
        if (j < (int64_t)n)
            out[j] = i;
    }
}

oneseed_status oneseed_sklearn_sample_without_replacement_fill(oneseed_numpy *state, uint64_t n_population,
                                                               oneseed_sklearn_sampling method, int64_t *work,
                                                               int64_t *out, size_t n)
{
    if (n > n_population || n_population > INT64_MAX)
        return ONESEED_SKLEARN_POPULATION;
    switch (way_of(n_population, n, method)) {
    case PERMUTATION:
        return oneseed_sklearn_resample_fill(state, (size_t)n_population, 0, work, out, n);
    case TRACKING:
        track(state, (int64_t)n_population, work, out, n);
        break;
    case RESERVOIR:
        fill_reservoir(state, (int64_t)n_population, out, n);
        break;
    case POOL:
        draw_from_pool(state, (int64_t)n_population, work, out, n);
    }
    return ONESEED_OK;
}

/* ---- forests ---- */

void oneseed_sklearn_tree_seeds_fill(oneseed_numpy *state, int64_t *out, size_t n_trees)
{
    (void)oneseed_numpy_legacy_randint_fill(state, 0, INT32_MAX, out, n_trees);
}

oneseed_status oneseed_sklearn_bootstrap_fill(uint32_t tree_seed, size_t n_samples, int64_t *out, size_t n)
{
    oneseed_numpy state;
    oneseed_numpy_legacy_seed(&state, tree_seed);
    return oneseed_numpy_legacy_randint_fill(&state, 0, (int64_t)n_samples, out, n);
}
