/* summary.c - one pass over a metric: moments, order, quantiles, and what else is said of it.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isfinite */
#include <string.h> /* memset */

#include "stats/stats_inside.h"

const double stats_quantile_levels[STATS_N_QUANTILES] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

const char *stats_method_name(enum stats_method method)
{
    static const char *const names[] = {
        "none", "t", "bca", "abc", "exact", "monte-carlo", "normal", "shapiro-wilk", "dagostino-pearson"};
    return names[method];
}

struct stats_options stats_defaults(const struct stats_options *options)
{
    struct stats_options all = options ? *options : (struct stats_options){0};
    if (!(all.level > 0 && all.level < 1))
        all.level = 0.95;
    if (all.seed == 0)
        all.seed = STATS_SEED;
    if (all.n_resamples == 0)
        all.n_resamples = STATS_RESAMPLES;
    if (all.n_bootstrap_most == 0)
        all.n_bootstrap_most = STATS_BOOTSTRAP_MOST;
    return all;
}

bool stats_spread(double low, double high)
{
    return high - low > 1e-12 * fmax(fabs(low), fabs(high));
}

double stats_quantile(const double *sorted, size_t n, double p)
{
    if (n == 0 || isnan(p))
        return NAN;
    const double place = fmin(fmax(p, 0), 1) * (double)(n - 1);
    const size_t below = (size_t)place;
    if (below + 1 >= n)
        return sorted[n - 1];
    const double part = place - (double)below, low = sorted[below], high = sorted[below + 1];
    /* From the nearer end, so that p and 1-p of mirrored values agree. */
    return part < 0.5 ? low + part * (high - low) : high - (1 - part) * (high - low);
}

/* Twice: the mean, then the powers about it, with the mean corrected by what rounding left. */
struct stats_moments stats_moments_of(const double *values, size_t n)
{
    struct stats_moments moments = {0, 0, 0, 0};
    const double origin = n ? values[n / 2] : 0, count = (double)n;
    double sum = 0, rest = 0;
    if (n == 0)
        return (struct stats_moments){NAN, NAN, NAN, NAN};
    for (size_t k = 0; k < n; k++)
        sum += values[k] - origin;
    const double about = sum / count;
    for (size_t k = 0; k < n; k++)
        rest += values[k] - origin - about;
    const double mean = about + rest / count;
    for (size_t k = 0; k < n; k++) {
        const double d = values[k] - origin - mean, square = d * d;
        moments.m2 += square;
        moments.m3 += square * d;
        moments.m4 += square * square;
    }
    moments.mean = origin + mean;
    moments.m2 /= count;
    moments.m3 /= count;
    moments.m4 /= count;
    return moments;
}

/* Counts the kinds, keeps the finite ones. */
static void take(const double *values, size_t n, const struct stats_options *options, struct stats_summary *out)
{
    out->sorted = stats_room(n, sizeof *out->sorted);
    for (size_t k = 0; k < n; k++) {
        const double value = values[k];
        if (isfinite(value)) {
            if (out->n == 0 || value < values[out->min_at])
                out->min_at = k;
            if (out->n == 0 || value > values[out->max_at])
                out->max_at = k;
            out->sorted[out->n++] = value;
        } else if (options->is_missing && options->is_missing(value)) {
            out->n_missing++;
        } else if (isnan(value)) {
            out->n_nan++;
        } else {
            out->n_infinite++;
        }
    }
}

/* Outliers stand at the ends. */
static struct stats_test normality_of_others(const struct stats_summary *summary)
{
    size_t n_low = 0, n_high = 0;
    for (size_t k = 0; k < summary->n_outliers; k++)
        *(summary->outliers[k].high ? &n_high : &n_low) += 1;
    if (n_low + n_high == 0)
        return summary->normality;
    const double *others = summary->sorted + n_low;
    const size_t n = summary->n - n_low - n_high;
    const struct stats_moments moments = stats_moments_of(others, n);
    return stats_normality(others, n, &moments);
}

void stats_summarize(const double *values, size_t n, const struct stats_options *options, struct stats_summary *out)
{
    const struct stats_options all = stats_defaults(options);
    memset(out, 0, sizeof *out);
    take(values, n, &all, out);
    const double count = (double)out->n;
    const bool any = out->n > 0;
    stats_sort(out->sorted, out->n);
    const struct stats_moments moments = stats_moments_of(out->sorted, out->n);
    out->mean = moments.mean;
    out->sd = out->n > 1 ? sqrt(moments.m2 * (count / (count - 1))) : NAN;
    out->min = any ? out->sorted[0] : NAN;
    out->max = any ? out->sorted[out->n - 1] : NAN;
    if (any && out->min == out->max) { /* no rounding where there is no spread */
        out->mean = out->min;
        out->sd = out->n > 1 ? 0 : NAN;
    }
    out->spread = any && stats_spread(out->min, out->max);
    for (int k = 0; k < STATS_N_QUANTILES; k++)
        out->quantiles[k] = stats_quantile(out->sorted, out->n, stats_quantile_levels[k]);
    out->iqm = stats_trimmed_mean(out->sorted, out->n);
    out->skewness = out->spread ? moments.m3 / (moments.m2 * sqrt(moments.m2)) : NAN;
    out->kurtosis = out->spread ? moments.m4 / (moments.m2 * moments.m2) - 3 : NAN;
    out->mean_t = stats_t_interval(out->mean, out->spread ? out->sd / sqrt(count) : 0, count - 1, all.level);
    out->mean_ci = out->iqm_ci = (struct stats_interval){NAN, NAN, STATS_NONE};
    out->normality = out->others_normality = (struct stats_test){NAN, NAN, STATS_NONE};
    stats_find_outliers(values, n, out, all.no_intervals);
    if (!all.no_intervals && out->spread) {
        stats_intervals(out->sorted, out->n, &all, out);
        out->normality = stats_normality(out->sorted, out->n, &moments);
        out->others_normality = normality_of_others(out);
    }
}

void stats_summary_clear(struct stats_summary *summary)
{
    free(summary->outliers);
    free(summary->sorted);
    memset(summary, 0, sizeof *summary);
}
