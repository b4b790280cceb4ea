/* permutation.c - permutation tests of a difference of means: all permutations, a sample of them, or their normal limit.
 * SPDX-License-Identifier: MIT
 *
 * Two-sided as scipy.stats.permutation_test: twice the smaller tail. A sample of m permutations of which b are as extreme gives
 * (b+1)/(m+1): B. Phipson and G. K. Smyth, "Permutation P-values should never be zero", 2010. */
#include <math.h> /* fabs */

#include "stats/stats_inside.h"

enum { EXACT_PAIRS = 20, NORMAL_PAIRS = 10000, NORMAL_GROUPS = 20000 };
static const double most_exact = 1e6, least_sampled = 9999, most_sampled = 99999, most_work = 1e8;

/* Sums of permutations are compared with what was seen up to rounding. */
static const double rounding = 1e-13;

static size_t n_sampled(double cost)
{
    return (size_t)fmin(fmax(floor(most_work / cost), least_sampled), most_sampled);
}

/* ---- pairs: each difference may have the other sign ---- */

/* Sums of the subsets of n values. */
static void subset_sums(const double *values, size_t n, double *sums)
{
    sums[0] = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < (size_t)1 << k; j++)
            sums[((size_t)1 << k) + j] = sums[j] + values[k];
}

/* The statistic is |2 * (sum of those that keep their sign) - sum|: symmetric, so both tails at once. */
static double exact_pairs(const double *differences, size_t n, double total, double margin)
{
    const size_t n_low = n / 2, n_high = n - n_low;
    double *low = stats_room((size_t)1 << n_high, 2 * sizeof *low), *high = low + ((size_t)1 << n_high);
    size_t n_extreme = 0;
    subset_sums(differences, n_low, low);
    subset_sums(differences + n_low, n_high, high);
    for (size_t j = 0; j < (size_t)1 << n_high; j++)
        for (size_t k = 0; k < (size_t)1 << n_low; k++)
            n_extreme += fabs(2 * (high[j] + low[k]) - total) >= fabs(total) - margin;
    free(low);
    return (double)n_extreme / (double)((size_t)1 << n);
}

static double sampled_pairs(const double *differences, size_t n, double total, double margin, uint64_t seed)
{
    struct stats_stream stream;
    const size_t m = n_sampled((double)n);
    size_t n_extreme = 0;
    stats_stream_start(&stream, seed, STATS_FOR_PERMUTATION);
    for (size_t b = 0; b < m; b++) {
        double sum = 0;
        for (size_t k = 0; k < n; k += 64) {
            uint64_t word = stats_word(&stream);
            for (size_t j = k; j < n && j < k + 64; j++, word >>= 1)
                sum += differences[j] * (double)(word & 1);
        }
        n_extreme += fabs(2 * sum - total) >= fabs(total) - margin;
    }
    return (double)(n_extreme + 1) / (double)(m + 1);
}

struct stats_test stats_permutation_paired(const double *differences, size_t n, const struct stats_options *options)
{
    double total = 0, squares = 0, size = 0;
    if (n < 2)
        return (struct stats_test){NAN, NAN, STATS_NONE};
    for (size_t k = 0; k < n; k++) {
        total += differences[k];
        squares += differences[k] * differences[k];
        size += fabs(differences[k]);
    }
    struct stats_test test = {total / (double)n, 1, STATS_EXACT};
    if (size == 0)
        return test;
    if (n <= EXACT_PAIRS) {
        test.p = exact_pairs(differences, n, total, rounding * size);
    } else if (n <= NORMAL_PAIRS) {
        test.p = sampled_pairs(differences, n, total, rounding * size, options->seed);
        test.method = STATS_MONTE;
    } else {
        test.p = 2 * stats_normal_upper(fabs(total) / sqrt(squares));
        test.method = STATS_NORMAL;
    }
    return test;
}

/* ---- two groups: each value may be in the other one ---- */

struct tails {
    double seen, margin;
    size_t n_low, n_high;
};

static void count_tails(struct tails *tails, double sum)
{
    tails->n_low += sum <= tails->seen + tails->margin;
    tails->n_high += sum >= tails->seen - tails->margin;
}

/* Sums of all ways to choose `left` more of the values from `from` on. */
static void choose(const double *values, size_t n, size_t from, size_t left, double sum, struct tails *tails)
{
    if (left == 0) {
        count_tails(tails, sum);
        return;
    }
    for (size_t k = from; k + left <= n; k++)
        choose(values, n, k + 1, left - 1, sum + values[k], tails);
}

static size_t sampled_groups(double *values, size_t n, size_t n_chosen, struct tails *tails, uint64_t seed)
{
    struct stats_stream stream;
    const size_t m = n_sampled(2 * (double)n_chosen);
    stats_stream_start(&stream, seed, STATS_FOR_PERMUTATION);
    for (size_t b = 0; b < m; b++) {
        double sum = 0;
        for (size_t k = 0; k < n_chosen; k++) { /* Fisher and Yates's shuffle, as far as it is needed */
            const size_t j = k + (size_t)((stats_word(&stream) >> 32) * (uint64_t)(n - k) >> 32);
            const double value = values[j];
            values[j] = values[k];
            values[k] = value;
            sum += value;
        }
        count_tails(tails, sum);
    }
    return m;
}

static double n_choices(size_t n, size_t k)
{
    double ways = 1;
    for (size_t j = 0; j < k && ways <= 2 * most_exact; j++)
        ways = ways * (double)(n - j) / (double)(j + 1);
    return ways;
}

struct stats_test stats_permutation_groups(const double *a, size_t n_a, const double *b, size_t n_b,
                                           const struct stats_options *options)
{
    const size_t n = n_a + n_b, n_chosen = n_a < n_b ? n_a : n_b;
    if (n_chosen < 1 || n < 3)
        return (struct stats_test){NAN, NAN, STATS_NONE};
    /* About a value among them; the smaller group comes first: its sum is the statistic. */
    double *values = stats_room(n, sizeof *values), sum_a = 0, sum_b = 0, size = 0, squares = 0;
    const double origin = a[0];
    for (size_t k = 0; k < n; k++) {
        const bool of_a = k < n_a;
        const double value = (of_a ? a[k] : b[k - n_a]) - origin;
        values[n_a <= n_b ? k : of_a ? n_b + k : k - n_a] = value;
        sum_a += of_a ? value : 0;
        sum_b += of_a ? 0 : value;
        size += fabs(value);
        squares += value * value;
    }
    struct tails tails = {.seen = n_a <= n_b ? sum_a : sum_b, .margin = rounding * size};
    struct stats_test test = {sum_b / (double)n_b - sum_a / (double)n_a, 1, STATS_EXACT};
    double below, above;
    if (size == 0) {
        below = above = 1;
    } else if (n_choices(n, n_chosen) <= most_exact) {
        choose(values, n, 0, n_chosen, 0, &tails);
        const double ways = round(n_choices(n, n_chosen));
        below = (double)tails.n_low / ways;
        above = (double)tails.n_high / ways;
    } else if (n <= NORMAL_GROUPS) {
        const double m = (double)sampled_groups(values, n, n_chosen, &tails, options->seed);
        below = ((double)tails.n_low + 1) / (m + 1);
        above = ((double)tails.n_high + 1) / (m + 1);
        test.method = STATS_MONTE;
    } else {
        const double count = (double)n, mean = (sum_a + sum_b) / count;
        const double variance = (squares / count - mean * mean) * count / (count - 1);
        const double z = (tails.seen - mean * (double)n_chosen) / sqrt(variance * (double)n_a * (double)n_b / count);
        below = stats_normal_cdf(z);
        above = stats_normal_upper(z);
        test.method = STATS_NORMAL;
    }
    test.p = fmin(1, 2 * fmin(below, above));
    free(values);
    return test;
}

double stats_permutation_least(size_t n_a, size_t n_b, bool paired)
{
    const size_t few = n_a < n_b ? n_a : n_b;
    double ways = 1;
    for (size_t k = 0; k < few && ways < 1e9; k++)
        ways *= paired ? 2 : (double)(n_a + n_b - k) / (double)(k + 1);
    return fmin(1, 2 / ways);
}
