/* outliers.c - values that the others do not explain, and what the extremes of so many values would be anyway.
 * SPDX-License-Identifier: MIT
 *
 * B. Rosner, "Percentage Points for a Generalized ESD Many-Outlier Procedure", 1983: takes the most extreme value away again and again,
 * so that outliers cannot hide behind each other, and calls an outlier falsely in 5 % of normal samples. */
#include <math.h> /* sqrt */

#include "stats/stats_inside.h"

enum { MOST = 100 };
static const double alpha = 0.05;

/* Sums of values about `origin`: of a range of the sorted ones without its ends, and with them. */
struct range {
    const double *sorted;
    size_t low, high; /* [low, high) is left */
    double origin, sum, squares;
};

static void range_add(struct range *range, double value)
{
    const double d = value - range->origin;
    range->sum += d;
    range->squares += d * d;
}

static double range_mean(const struct range *range)
{
    return range->origin + range->sum / (double)(range->high - range->low);
}

static double range_sd(const struct range *range)
{
    const double n = (double)(range->high - range->low), rest = range->squares - range->sum * range->sum / n;
    return n > 1 ? sqrt(fmax(0, rest) / (n - 1)) : NAN;
}

static struct range range_of(const double *sorted, size_t n, size_t low, size_t high)
{
    struct range range = {.sorted = sorted, .low = low, .high = high, .origin = sorted[n / 2]};
    for (size_t k = low; k < high; k++)
        range_add(&range, sorted[k]);
    return range;
}

/* In which order the ends go, and how many of them are outliers. ends[k]: true = the upper one. */
static size_t rosner(const double *sorted, size_t n, size_t most, bool *ends)
{
    /* The sums of what is left when k were taken below and j above: the core, and what is outside of it on each side. Adding from the inside
     * to the outside loses no digits to an outlier. */
    struct range core = range_of(sorted, n, most, n - most);
    struct range *below = stats_room(most + 1, 2 * sizeof *below), *above = below + most + 1;
    size_t n_low = 0, n_high = 0, n_outliers = 0;
    for (size_t k = most; k > 0; k--) { /* below[k]: the values from place k to the core */
        below[k - 1] = below[k];
        below[k - 1].origin = above[k - 1].origin = core.origin;
        range_add(&below[k - 1], sorted[k - 1]);
        above[k - 1] = above[k];
        above[k - 1].origin = core.origin;
        range_add(&above[k - 1], sorted[n - k]);
    }
    for (size_t k = 1; k <= most; k++) {
        struct range left = core;
        left.low = n_low;
        left.high = n - n_high;
        left.sum += below[n_low].sum + above[n_high].sum;
        left.squares += below[n_low].squares + above[n_high].squares;
        const double mean = range_mean(&left), sd = range_sd(&left);
        const double down = mean - sorted[n_low], up = sorted[n - 1 - n_high] - mean;
        const double count = (double)n, rank = (double)k, df = count - rank - 1;
        const double t = -stats_t_quantile(alpha / (2 * (count - rank + 1)), df);
        const double bound = (count - rank) * t / sqrt((df + t * t) * (count - rank + 1));
        ends[k - 1] = up >= down;
        if (!(sd > 0))
            break;
        if (fmax(up, down) / sd > bound)
            n_outliers = k;
        n_high += up >= down;
        n_low += up < down;
    }
    free(below);
    return n_outliers;
}

/* How far a value is from the others, were they a sample of a normal distribution. */
static struct stats_outlier place(const struct range *others, size_t n, double value, bool high)
{
    struct stats_outlier outlier = {.value = value, .high = high, .sds = NAN, .p_any = NAN};
    const double count = (double)(others->high - others->low), sd = range_sd(others), mean = range_mean(others);
    if (count < 2)
        return outlier;
    const double away = high ? value - mean : mean - value;
    outlier.sds = away == 0 ? 0 : away / sd;
    const double p = stats_t_upper(outlier.sds / sqrt(1 + 1 / count), count - 1);
    outlier.p_any = -expm1((double)n * log1p(-p));
    return outlier;
}

/* Places of the outliers' values: equal values one after the other. */
static void find_places(const double *values, size_t n_values, struct stats_summary *summary)
{
    if (summary->n_outliers == 0)
        return;
    double low = -INFINITY, high = INFINITY; /* the least outlying ones */
    for (size_t k = 0; k < summary->n_outliers; k++) {
        const struct stats_outlier *outlier = &summary->outliers[k];
        if (outlier->high)
            high = fmin(high, outlier->value);
        else
            low = fmax(low, outlier->value);
    }
    bool found[MOST] = {false};
    for (size_t at = 0; at < n_values; at++) {
        if (!isfinite(values[at]) || (values[at] < high && values[at] > low))
            continue;
        for (size_t k = 0; k < summary->n_outliers; k++) {
            if (!found[k] && summary->outliers[k].value == values[at]) {
                found[k] = true;
                summary->outliers[k].at = at;
                break;
            }
        }
    }
}

void stats_find_outliers(const double *values, size_t n_values, struct stats_summary *summary, bool only_extremes)
{
    const size_t n = summary->n;
    const double *sorted = summary->sorted;
    bool ends[MOST] = {false};
    summary->lowest = summary->highest = (struct stats_outlier){.value = NAN, .sds = NAN, .p_any = NAN};
    summary->expected_lowest = summary->expected_highest = NAN;
    if (n == 0)
        return;
    const size_t tenth = n < 20 ? 1 : n / 10, most = tenth < MOST ? tenth : MOST;
    if (n >= 3 && summary->spread && !only_extremes)
        summary->n_outliers = rosner(sorted, n, most, ends);
    summary->more_outliers = summary->n_outliers == MOST;
    size_t n_low = 0, n_high = 0;
    for (size_t k = 0; k < summary->n_outliers; k++) {
        n_high += ends[k];
        n_low += !ends[k];
    }
    struct range others = range_of(sorted, n, n_low, n - n_high);
    summary->outliers = stats_room(summary->n_outliers, sizeof *summary->outliers);
    for (size_t k = 0, low = 0, high = 0; k < summary->n_outliers; k++)
        summary->outliers[k] = place(&others, n, ends[k] ? sorted[n - ++high] : sorted[low++], ends[k]);
    find_places(values, n_values, summary);
    if (n > 1) {
        const double expected = stats_normal_expected_max((double)n) * range_sd(&others);
        summary->expected_lowest = range_mean(&others) - expected;
        summary->expected_highest = range_mean(&others) + expected;
    }
    /* The extremes, against what is neither an outlier nor themselves. */
    struct range without = n_low ? others : range_of(sorted, n, 1, n - n_high);
    summary->lowest = place(&without, n, sorted[0], false);
    without = n_high ? others : range_of(sorted, n, n_low, n - 1);
    summary->highest = place(&without, n, sorted[n - 1], true);
    summary->lowest.at = summary->min_at;
    summary->highest.at = summary->max_at;
}
