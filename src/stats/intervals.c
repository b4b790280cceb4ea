/* intervals.c - intervals of the mean and of the interquartile mean: bootstrap BCa, its closed form ABC, Student's t.
 * SPDX-License-Identifier: MIT
 *
 * B. Efron, "Better Bootstrap Confidence Intervals", 1987 (BCa); T. J. DiCiccio and B. Efron, "More accurate confidence intervals in
 * exponential families", 1992 (ABC); T. Hesterberg, "What Teachers Should Know About the Bootstrap", 2015 (the expanded level);
 * J. W. Tukey and D. H. McLaughlin, 1963 (t for trimmed means). Which one when, and what it covers: docs/stats.md. */
#include <math.h>   /* sqrt */
#include <string.h> /* memset */

#include "stats/stats_inside.h"

/* Fewer values than this are too few for a bootstrap: its interval lies within the values. */
enum { FEWEST = 8 };

void stats_stream_start(struct stats_stream *stream, uint64_t seed, enum stats_purpose purpose)
{
    const uint32_t entropy[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)}, key = (uint32_t)purpose;
    uint64_t words[4];
    oneseed_seed_sequence_u64(entropy, entropy[1] ? 2 : 1, &key, 1, words, 4);
    /* NumPy's PCG64 takes its words from the upper to the lower one. */
    const uint64_t state[2] = {words[1], words[0]}, sequence[2] = {words[3], words[2]};
    oneseed_pcg64_seed(&stream->pcg, state, sequence);
    stream->n_left = 0;
}

void stats_places(struct stats_stream *stream, uint32_t range, uint32_t *out, size_t n)
{
    for (size_t k = 0; k < n; k += 2) {
        const uint64_t word = stats_word(stream);
        out[k] = (uint32_t)((word & UINT32_MAX) * range >> 32);
        if (k + 1 < n)
            out[k + 1] = (uint32_t)((word >> 32) * range >> 32);
    }
}

struct stats_interval stats_t_interval(double mean, double standard_error, double df, double level)
{
    if (!(df > 0) || !isfinite(standard_error) || !(standard_error > 0)) /* no spread has no interval */
        return (struct stats_interval){NAN, NAN, STATS_NONE};
    const double half = stats_t_quantile(0.5 + level / 2, df) * standard_error;
    return (struct stats_interval){mean - half, mean + half, STATS_T};
}

double stats_expanded_z(double level, double n)
{
    return n > 1 ? sqrt(n / (n - 1)) * stats_t_quantile(0.5 + level / 2, n - 1) : NAN;
}

/* The mean of the inner half, as scipy.stats.trim_mean(x, 0.25): a whole number of values is cut at each end. */
double stats_trimmed_mean(const double *sorted, size_t n)
{
    const size_t cut = n / 4;
    double sum = 0;
    for (size_t k = cut; k < n - cut; k++)
        sum += sorted[k] - sorted[n / 2];
    return n ? sorted[n / 2] + sum / (double)(n - 2 * cut) : NAN;
}

struct stats_influence stats_jackknife(const double *values, size_t n)
{
    struct stats_influence influence = {0, 0};
    double mean = 0;
    for (size_t k = 0; k < n; k++)
        mean += values[k];
    mean /= (double)n;
    for (size_t k = 0; k < n; k++) {
        const double u = (mean - values[k]) * (double)(n - 1) / (double)n;
        influence.squares += u * u;
        influence.cubes += u * u * u;
    }
    return influence;
}

/* Of Efron's eq. 6.5: the influence values' skewness. */
static double acceleration(struct stats_influence influence)
{
    const double a = influence.cubes / (6 * influence.squares * sqrt(influence.squares));
    return isfinite(a) ? a : 0;
}

struct stats_interval stats_bca(double *distribution, size_t n_resamples, double observed,
                                struct stats_influence influence, double z)
{
    size_t n_below = 0, n_equal = 0;
    stats_sort(distribution, n_resamples);
    /* Values with few digits: resamples that are equal to what was observed but for rounding. */
    const double margin = 1e-11 * (distribution[n_resamples - 1] - distribution[0]);
    for (size_t k = 0; k < n_resamples; k++) {
        n_below += distribution[k] < observed - margin;
        n_equal += fabs(distribution[k] - observed) <= margin;
    }
    const double b = (double)n_resamples, least = 0.5 / b;
    const double share = ((double)n_below + 0.5 * (double)n_equal) / b;
    const double z0 = stats_normal_quantile(fmin(fmax(share, least), 1 - least)), a = acceleration(influence);
    double ends[2];
    for (int end = 0; end < 2; end++) {
        const double w = z0 + (end ? z : -z), p = stats_normal_cdf(z0 + w / (1 - a * w));
        ends[end] = stats_quantile(distribution, n_resamples, isnan(p) ? end : p);
    }
    return (struct stats_interval){ends[0], ends[1], STATS_BCA};
}

/* Linear in the values: the bias is the acceleration, and the end is a step along the values themselves. */
struct stats_interval stats_abc_linear(double observed, struct stats_influence influence, double z)
{
    const double a = acceleration(influence), sigma = sqrt(influence.squares), up = a + z, down = a - z;
    return (struct stats_interval){observed + sigma * down / ((1 - a * down) * (1 - a * down)),
                                   observed + sigma * up / ((1 - a * up) * (1 - a * up)), STATS_ABC};
}

/* ---- few values: t ---- */

static struct stats_interval trimmed_t(const double *sorted, size_t n, double level)
{
    const size_t cut = n / 4, inner = n - 2 * cut;
    const double low = sorted[cut], high = sorted[n - 1 - cut];
    double mean = 0, squares = 0;
    for (size_t k = 0; k < n; k++)
        mean += fmin(fmax(sorted[k], low), high) / (double)n;
    for (size_t k = 0; k < n; k++) {
        const double d = fmin(fmax(sorted[k], low), high) - mean;
        squares += d * d;
    }
    const double df = (double)inner - 1;
    return stats_t_interval(stats_trimmed_mean(sorted, n), sqrt(squares / ((double)inner * df)), df, level);
}

/* ---- a bootstrap of both means, from the same resamples ---- */

/* Both means of sorted values of which each counts so often. Equal ones come out equal to the bit, whatever else was taken. */
static void means_of(const double *y, const uint32_t *counts, size_t n, double *mean, double *inner_mean)
{
    const int64_t cut = (int64_t)(n / 4), end = (int64_t)n - cut;
    double sum = 0, inner = 0;
    int64_t rank = 0;
    for (size_t k = 0; k < n; k++) {
        const int64_t next = rank + counts[k], from = rank > cut ? rank : cut, to = next < end ? next : end;
        sum += y[k] * counts[k];
        inner += to > from ? y[k] * (double)(to - from) : 0;
        rank = next;
    }
    *mean = sum / (double)n;
    *inner_mean = inner / (double)(end - cut);
}

/* y is sorted; a resample is how often each of them was taken. seen[0], seen[1]: the means of the values themselves. */
static void resample(const double *y, size_t n, const struct stats_options *options, double *means, double *inner_means,
                     double *seen)
{
    struct stats_stream stream;
    uint32_t *counts = stats_room(n, sizeof *counts), *places = stats_room(n, sizeof *places);

    for (size_t k = 0; k < n; k++)
        counts[k] = 1;
    means_of(y, counts, n, &seen[0], &seen[1]);
    stats_stream_start(&stream, options->seed, STATS_FOR_INTERVAL);
    for (size_t b = 0; b < options->n_resamples; b++) {
        memset(counts, 0, n * sizeof *counts);
        stats_places(&stream, (uint32_t)n, places, n);
        for (size_t k = 0; k < n; k++)
            counts[places[k]]++;
        means_of(y, counts, n, &means[b], &inner_means[b]);
    }
    free(counts);
    free(places);
}

/* The trimmed means of the values without each one. sums[k]: of the first k. */
static void jackknife_trimmed(const double *y, const double *sums, size_t n, double *out)
{
    const size_t low = (n - 1) / 4, high = n - 1 - low;
    for (size_t k = 0; k < n; k++) {
        double sum = sums[k < high ? high + 1 : high] - sums[k < low ? low + 1 : low];
        if (k >= low && k < high)
            sum -= y[k];
        out[k] = sum / (double)(high - low);
    }
}

static void bootstrap(const double *y, const double *sums, size_t n, const struct stats_options *options,
                      struct stats_summary *out)
{
    const size_t n_resamples = options->n_resamples;
    double *means = stats_room(n_resamples, 2 * sizeof *means), *inner_means = means + n_resamples;
    double *left = stats_room(n, sizeof *left), seen[2];

    resample(y, n, options, means, inner_means, seen);
    for (size_t k = 0; k < n; k++)
        left[k] = (sums[n] - y[k]) / (double)(n - 1);
    out->mean_ci =
        stats_bca(means, n_resamples, seen[0], stats_jackknife(left, n), stats_expanded_z(options->level, (double)n));
    jackknife_trimmed(y, sums, n, left);
    out->iqm_ci = stats_bca(inner_means, n_resamples, seen[1], stats_jackknife(left, n),
                            stats_expanded_z(options->level, (double)n));
    free(means);
    free(left);
}

/* ---- many values: ABC ---- */

/* The mean of the inner half of weighted values, as a smooth function of the weights: the value at the edge counts in part. */
static double weighted_inner(const double *y, const double *influence, size_t n, double step)
{
    double rank = 0, sum = 0, total = 0;
    for (size_t k = 0; k < n; k++)
        total += fmax(0, 1 + step * influence[k]);
    const double from = total / 4, to = 3 * total / 4;
    for (size_t k = 0; k < n && rank < to; k++) {
        const double next = rank + fmax(0, 1 + step * influence[k]);
        const double part = fmin(next, to) - fmax(rank, from);
        sum += part > 0 ? part * y[k] : 0;
        rank = next;
    }
    return sum / (to - from);
}

/* The same of the values without one, up to a position. */
static double sum_without(const double *y, const double *sums, size_t without, double position)
{
    const size_t whole = (size_t)position, edge = without <= whole ? whole + 1 : whole;
    return sums[edge] - (without < edge ? y[without] : 0) + (position - (double)whole) * y[edge];
}

static double jackknife_bias(const double *y, const double *sums, size_t n, double inner_mean)
{
    const double from = (double)(n - 1) / 4, to = 3 * from;
    double bias = 0;
    for (size_t k = 0; k < n; k++)
        bias += (sum_without(y, sums, k, to) - sum_without(y, sums, k, from)) / (to - from) - inner_mean;
    return bias / (double)n * (double)(n - 1);
}

static struct stats_interval inner_abc(const double *y, const double *sums, size_t n, double z)
{
    const double count = (double)n, low = y[n / 4], high = y[n - 1 - n / 4];
    double *influence = stats_room(n, sizeof *influence), mean = 0;
    struct stats_influence all = {0, 0};
    for (size_t k = 0; k < n; k++) {
        influence[k] =
            2 * fmin(fmax(y[k], low), high); /* the influence function of a trimmed mean: winsorized values */
        mean += influence[k] / count;
    }
    for (size_t k = 0; k < n; k++) {
        const double u = influence[k] -= mean;
        all.squares += u * u / (count * count);
        all.cubes += u * u * u / (count * count * count);
    }
    const double sigma = sqrt(all.squares), a = acceleration(all), step = 1 / (count * sigma);
    const double inner_mean = weighted_inner(y, influence, n, 0), shift = stats_trimmed_mean(y, n) - inner_mean;
    struct stats_interval interval = {inner_mean + shift, inner_mean + shift, STATS_ABC};
    if (sigma > 0) {
        /* The second difference over one standard deviation each way, and the jackknife's bias: DiCiccio and Efron's section 4. */
        const double curve =
            (weighted_inner(y, influence, n, step) + weighted_inner(y, influence, n, -step) - 2 * inner_mean) /
            (2 * sigma);
        const double bend = jackknife_bias(y, sums, n, inner_mean) / sigma - curve;
        const double z0 = stats_normal_quantile(2 * stats_normal_cdf(a) * stats_normal_cdf(-bend));
        const double down = z0 - z, up = z0 + z;
        interval.low = shift + weighted_inner(y, influence, n, step * down / ((1 - a * down) * (1 - a * down)));
        interval.high = shift + weighted_inner(y, influence, n, step * up / ((1 - a * up) * (1 - a * up)));
    }
    free(influence);
    return interval;
}

void stats_intervals(const double *sorted, size_t n, const struct stats_options *options, struct stats_summary *out)
{
    const double level = options->level;
    out->mean_ci = out->mean_t;
    out->iqm_ci = n ? trimmed_t(sorted, n, level) : out->mean_t;
    if (n < FEWEST || sorted[0] == sorted[n - 1])
        return;
    /* About the median, so that no digits are lost. */
    const double middle = sorted[n / 2];
    double *y = stats_room(2 * n + 1, sizeof *y), *sums = y + n;
    for (size_t k = 0; k < n; k++) {
        y[k] = sorted[k] - middle;
        sums[k + 1] = sums[k] + y[k];
    }
    if (n <= options->n_bootstrap_most) {
        bootstrap(y, sums, n, options, out);
    } else {
        const double z = stats_expanded_z(level, (double)n), mean = sums[n] / (double)n;
        struct stats_influence influence = {0, 0};
        for (size_t k = 0; k < n; k++) {
            const double u = (y[k] - mean) / (double)n;
            influence.squares += u * u;
            influence.cubes += u * u * u;
        }
        out->mean_ci = stats_abc_linear(mean, influence, z);
        out->iqm_ci = inner_abc(y, sums, n, z);
    }
    out->mean_ci.low += middle;
    out->mean_ci.high += middle;
    out->iqm_ci.low += middle;
    out->iqm_ci.high += middle;
    if (!(out->iqm_ci.low < out->iqm_ci.high)) /* the inner half is the same in every resample */
        out->iqm_ci = (struct stats_interval){NAN, NAN, STATS_NONE};
    free(y);
}
