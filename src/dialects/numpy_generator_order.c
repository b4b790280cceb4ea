/* numpy_generator_order.c - numpy.random.Generator: shuffle, permutation, permuted, choice.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/_generator.pyx (1.17 to 2.5): shuffles draw by masks, choice by Lemire's method. */
#include <string.h> /* memcpy */

#include "dialects/numpy_generator.h" /* numpy_generator_bounded */

void oneseed_numpy_shuffle(oneseed_numpy *state, void *items, size_t n, size_t item_nbytes)
{
    numpy_shuffle(state, items, n, item_nbytes);
}

void oneseed_numpy_permutation_fill(oneseed_numpy *state, int64_t *out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = (int64_t)k;
    numpy_shuffle(state, out, n, sizeof *out);
}

static void swap_bytes(unsigned char *a, unsigned char *b, size_t n_bytes)
{
    unsigned char part[256];
    for (size_t done = 0; done < n_bytes;) {
        size_t n = n_bytes - done < sizeof part ? n_bytes - done : sizeof part;
        memcpy(part, a + done, n);
        memcpy(a + done, b + done, n);
        memcpy(b + done, part, n);
        done += n;
    }
}

void oneseed_numpy_shuffle_axis(oneseed_numpy *state, void *items, size_t n_outer, size_t n, size_t n_inner,
                                size_t item_nbytes)
{
    unsigned char *bytes = items;
    size_t row = n_inner * item_nbytes;
    if (n_outer == 0 || n_inner == 0)
        return; /* NumPy does not draw for an array without elements */
    if (n_outer == 1) {
        numpy_shuffle(state, items, n, row);
        return;
    }
    for (size_t i = n; i-- > 1;) {
        size_t j = (size_t)numpy_interval(state, i);
        if (i != j)
            for (size_t outer = 0; outer < n_outer; outer++)
                swap_bytes(bytes + (outer * n + i) * row, bytes + (outer * n + j) * row, row);
    }
}

void oneseed_numpy_permuted(oneseed_numpy *state, void *items, size_t n_outer, size_t n, size_t n_inner,
                            size_t item_nbytes)
{
    unsigned char *bytes = items;
    for (size_t outer = 0; outer < n_outer; outer++)
        for (size_t inner = 0; inner < n_inner; inner++) {
            unsigned char *slice = bytes + (outer * n * n_inner + inner) * item_nbytes;
            for (size_t i = n; i-- > 1;) {
                size_t j = (size_t)numpy_interval(state, i);
                if (i != j)
                    swap_bytes(slice + i * n_inner * item_nbytes, slice + j * n_inner * item_nbytes, item_nbytes);
            }
        }
}

/* ---- choice without p */

oneseed_status oneseed_numpy_choice_fill(oneseed_numpy *state, uint64_t n_population, int64_t *out, size_t n)
{
    if (n_population == 0 && n > 0)
        return ONESEED_NUMPY_EMPTY_POPULATION;
    return oneseed_numpy_integers_dtype_fill(state, ONESEED_NUMPY_INT64, 0, n_population - 1, out, n);
}

/* Whether the end of a whole range is shuffled. Otherwise it is Floyd's sampling with a set. */
static bool is_tail_shuffle(uint64_t n_population, size_t n, int shuffle)
{
    return n_population > 10000 && n > n_population / (shuffle ? 50 : 20);
}

/* Slots of the set less one. */
static uint64_t set_mask(size_t n)
{
    return numpy_mask((uint64_t)(1.2 * (double)n));
}

size_t oneseed_numpy_choice_distinct_work(uint64_t n_population, size_t n, int shuffle)
{
    return is_tail_shuffle(n_population, n, shuffle) ? (size_t)n_population : (size_t)set_mask(n) + 1;
}

/* The last part of Fisher-Yates: positions n - 1 to `first`. */
static void shuffle_words(oneseed_numpy *state, int64_t *words, uint64_t n, uint64_t first)
{
    for (uint64_t i = n; i-- > first;) {
        uint64_t j = numpy_generator_bounded(state, i);
        int64_t word = words[j];
        words[j] = words[i];
        words[i] = word;
    }
}

/* Puts a value into the set; false: it was there. Free slots are -1. */
static bool add_to_set(int64_t *set, uint64_t mask, int64_t value)
{
    uint64_t slot = (uint64_t)value & mask;
    while (set[slot] != -1 && set[slot] != value)
        slot = (slot + 1) & mask;
    if (set[slot] == value)
        return false;
    set[slot] = value;
    return true;
}

static void sample_floyd(oneseed_numpy *state, uint64_t n_population, int64_t *set, int64_t *out, size_t n)
{
    uint64_t mask = set_mask(n);
    for (uint64_t k = 0; k <= mask; k++)
        set[k] = -1;
    for (size_t k = 0; k < n; k++) {
        int64_t last = (int64_t)(n_population - n + k);
        int64_t value = (int64_t)numpy_generator_bounded(state, (uint64_t)last);
        if (!add_to_set(set, mask, value)) {
            value = last;
            add_to_set(set, mask, value);
        }
        out[k] = value;
    }
}

oneseed_status oneseed_numpy_choice_distinct_fill(oneseed_numpy *state, uint64_t n_population, int shuffle,
                                                  int64_t *work, int64_t *out, size_t n)
{
    if (n_population == 0 && n > 0)
        return ONESEED_NUMPY_EMPTY_POPULATION;
    if (n > n_population)
        return ONESEED_NUMPY_SAMPLE_TOO_LARGE;
    if (is_tail_shuffle(n_population, n, shuffle)) {
        uint64_t rest = n_population - n;
        for (uint64_t k = 0; k < n_population; k++)
            work[k] = (int64_t)k;
        shuffle_words(state, work, n_population, rest > 1 ? rest : 1);
        memcpy(out, work + rest, n * sizeof *out);
        return ONESEED_OK;
    }
    sample_floyd(state, n_population, work, out, n);
    if (shuffle)
        shuffle_words(state, out, n, 1);
    return ONESEED_OK;
}

/* ---- choice with p */

static oneseed_status check_probabilities(const double *p, size_t n_population, double tolerance, size_t n)
{
    if (n_population == 0 && n > 0)
        return ONESEED_NUMPY_EMPTY_POPULATION;
    double sum = numpy_kahan_sum(p, n_population);
    if (isnan(sum))
        return ONESEED_NUMPY_PROBABILITIES_NAN;
    for (size_t k = 0; k < n_population; k++)
        if (p[k] < 0)
            return ONESEED_NUMPY_PROBABILITIES_NEGATIVE;
    if (fabs(sum - 1.) > (tolerance > 0x1p-26 ? tolerance : 0x1p-26))
        return ONESEED_NUMPY_PROBABILITIES_SUM;
    return ONESEED_OK;
}

/* Sums from the left, divided by the last. */
static void make_cdf(const double *p, size_t n, double *cdf)
{
    double sum = p[0];
    cdf[0] = sum;
    for (size_t k = 1; k < n; k++)
        cdf[k] = sum += p[k];
    for (size_t k = 0; k < n; k++)
        cdf[k] /= sum;
}

/* The first that is above x. */
static size_t search_cdf(const double *cdf, size_t n, double x)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x < cdf[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

oneseed_status oneseed_numpy_choice_weighted_fill(oneseed_numpy *state, const double *p, size_t n_population,
                                                  double tolerance, double *work, int64_t *out, size_t n)
{
    oneseed_status status = check_probabilities(p, n_population, tolerance, n);
    if (status != ONESEED_OK)
        return status;
    make_cdf(p, n_population, work);
    for (size_t k = 0; k < n; k++)
        out[k] = (int64_t)search_cdf(work, n_population, numpy_next_double(state));
    return ONESEED_OK;
}

oneseed_status oneseed_numpy_choice_weighted_distinct_fill(oneseed_numpy *state, const double *p, size_t n_population,
                                                           double tolerance, double *work, int64_t *out, size_t n)
{
    oneseed_status status = check_probabilities(p, n_population, tolerance, n);
    if (status != ONESEED_OK)
        return status;
    if (n > n_population)
        return ONESEED_NUMPY_SAMPLE_TOO_LARGE;
    size_t n_possible = 0;
    for (size_t k = 0; k < n_population; k++)
        n_possible += p[k] > 0;
    if (n_possible < n)
        return ONESEED_NUMPY_PROBABILITIES_TOO_FEW;
    /* As many draws as are missing, from what has not been found; of equal ones the first counts. An index that was found has
     * no width in the next cdf, so 0 in `rest` tells those of this round, too. */
    double *rest = work, *cdf = work + n_population;
    memcpy(rest, p, n_population * sizeof *rest);
    for (size_t n_found = 0; n_found < n;) {
        size_t n_draws = n - n_found;
        make_cdf(rest, n_population, cdf);
        for (size_t k = 0; k < n_draws; k++) {
            size_t index = search_cdf(cdf, n_population, numpy_next_double(state));
            if (rest[index] != 0.0)
                out[n_found++] = (int64_t)index;
            rest[index] = 0.0;
        }
    }
    return ONESEED_OK;
}
