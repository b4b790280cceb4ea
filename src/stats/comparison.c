/* comparison.c - two variants: the difference of their means, how often one is above the other, how large that is.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* sqrt */
#include <string.h> /* memset */

#include "stats/stats_inside.h"

enum { FEWEST = 8 };
static const double rounding = 1e-12; /* stats_spread() */

/* Finite values (pairs: of both), in their order. */
struct sides {
    double *a, *b;
    size_t n_a, n_b;
};

static struct sides take(const double *a, size_t n_a, const double *b, size_t n_b, bool paired)
{
    struct sides sides = {stats_room(n_a, sizeof *a), stats_room(n_b, sizeof *b), 0, 0};
    for (size_t k = 0; k < n_a; k++)
        if (isfinite(a[k]) && (!paired || isfinite(b[k])))
            sides.a[sides.n_a++] = a[k];
    for (size_t k = 0; k < n_b; k++)
        if (isfinite(b[k]) && (!paired || isfinite(a[k])))
            sides.b[sides.n_b++] = b[k];
    return sides;
}

static double sd_of(const double *values, size_t n)
{
    const struct stats_moments moments = stats_moments_of(values, n);
    return n > 1 ? sqrt(moments.m2 * ((double)n / (double)(n - 1))) : NAN;
}

/* What differs by rounding alone is equal: else a rounding error would be found to be a difference. */
static void make_equal(double *values, size_t n, double margin)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < n; k++) {
        low = fmin(low, values[k]);
        high = fmax(high, values[k]);
    }
    for (size_t k = 0; k < n && high - low <= margin; k++)
        values[k] = low;
}

static void make_sides_equal(struct sides *sides)
{
    double size_a = 0, size_b = 0;
    for (size_t k = 0; k < sides->n_a; k++)
        size_a = fmax(size_a, fabs(sides->a[k]));
    for (size_t k = 0; k < sides->n_b; k++)
        size_b = fmax(size_b, fabs(sides->b[k]));
    make_equal(sides->a, sides->n_a, rounding * size_a);
    make_equal(sides->b, sides->n_b, rounding * size_b);
    const bool no_spread = sd_of(sides->a, sides->n_a) == 0 && sd_of(sides->b, sides->n_b) == 0;
    for (size_t k = 0; no_spread && k < sides->n_b && fabs(sides->b[k] - sides->a[0]) <= rounding * size_a; k++)
        sides->b[k] = sides->a[0];
}

/* ---- pairs ---- */

static void compare_pairs(const struct sides *sides, const struct stats_options *options, struct stats_comparison *out)
{
    const size_t n = sides->n_a;
    double *differences = stats_room(n, sizeof *differences), least = INFINITY;
    for (size_t k = 0; k < n; k++) {
        const double size = rounding * fmax(fabs(sides->a[k]), fabs(sides->b[k]));
        differences[k] = sides->b[k] - sides->a[k];
        if (fabs(differences[k]) <= size)
            differences[k] = 0;
        least = fmin(least, size);
    }
    make_equal(differences, n, least);
    for (size_t k = 0; k < n; k++) {
        out->n_b_above += differences[k] > 0;
        out->n_equal += differences[k] == 0;
    }
    if (!out->one_value_a && !out->one_value_b)
        out->permutation = stats_permutation_paired(differences, n, options);
    const double sd = sd_of(differences, n);
    struct stats_summary summary = {.n = n};
    stats_sort(differences, n);
    out->difference = stats_moments_of(differences, n).mean;
    if (!out->one_value_a && !out->one_value_b) {
        summary.mean_t = stats_t_interval(out->difference, sd / sqrt((double)n), (double)n - 1, options->level);
        stats_intervals(differences, n, options, &summary);
        out->ci = summary.mean_ci;
        out->cohen_dz = out->difference / sd;
        out->n_for_this = stats_n_for_difference(out->difference, sd, 0.05, 0.8, true);
    }
    free(differences);
}

/* ---- two groups ---- */

/* The jackknife values of a mean are the values themselves. */
static struct stats_influence influence_of(const double *values, size_t n, double mean, double sign)
{
    struct stats_influence influence = {0, 0};
    for (size_t k = 0; k < n; k++) {
        const double u = sign * (values[k] - mean) / (double)n;
        influence.squares += u * u;
        influence.cubes += u * u * u;
    }
    return influence;
}

static double resampled_mean(struct stats_stream *stream, const double *values, size_t n, double origin,
                             uint32_t *places)
{
    double sum = 0;
    stats_places(stream, (uint32_t)n, places, n);
    for (size_t k = 0; k < n; k++)
        sum += values[places[k]] - origin;
    return sum / (double)n;
}

static struct stats_interval groups_bca(const struct sides *sides, const struct stats_options *options,
                                        struct stats_influence influence, double z)
{
    const size_t n_resamples = options->n_resamples, most = sides->n_a > sides->n_b ? sides->n_a : sides->n_b;
    const double origin = sides->a[0];
    double *distribution = stats_room(n_resamples, sizeof *distribution), mean_a = 0, mean_b = 0;
    uint32_t *places = stats_room(most, sizeof *places);
    struct stats_stream stream;
    stats_stream_start(&stream, options->seed, STATS_FOR_DIFFERENCE);
    for (size_t k = 0; k < sides->n_a; k++)
        mean_a += sides->a[k] - origin;
    for (size_t k = 0; k < sides->n_b; k++)
        mean_b += sides->b[k] - origin;
    for (size_t k = 0; k < n_resamples; k++) {
        const double of_a = resampled_mean(&stream, sides->a, sides->n_a, origin, places);
        distribution[k] = resampled_mean(&stream, sides->b, sides->n_b, origin, places) - of_a;
    }
    const double seen = mean_b / (double)sides->n_b - mean_a / (double)sides->n_a;
    const struct stats_interval interval = stats_bca(distribution, n_resamples, seen, influence, z);
    free(distribution);
    free(places);
    return interval;
}

static void compare_groups(const struct sides *sides, const struct stats_options *options, struct stats_comparison *out)
{
    const double n_a = (double)sides->n_a, n_b = (double)sides->n_b;
    const double part_a = out->sd_a * out->sd_a / n_a, part_b = out->sd_b * out->sd_b / n_b, square = part_a + part_b;
    /* Welch and Satterthwaite's degrees of freedom. */
    const double df = square * square / (part_a * part_a / (n_a - 1) + part_b * part_b / (n_b - 1));
    const double pooled =
        sqrt(((n_a - 1) * out->sd_a * out->sd_a + (n_b - 1) * out->sd_b * out->sd_b) / (n_a + n_b - 2));
    out->difference = out->mean_b - out->mean_a;
    if (sides->n_a < 2 || sides->n_b < 2 || out->one_value_a || out->one_value_b) /* one run cannot tell */
        return;
    out->permutation = stats_permutation_groups(sides->a, sides->n_a, sides->b, sides->n_b, options);
    out->ci = stats_t_interval(out->difference, sqrt(square), df, options->level);
    if (sides->n_a >= FEWEST && sides->n_b >= FEWEST) {
        const struct stats_influence of_a = influence_of(sides->a, sides->n_a, out->mean_a, -1);
        const struct stats_influence of_b = influence_of(sides->b, sides->n_b, out->mean_b, 1);
        const struct stats_influence both = {of_a.squares + of_b.squares, of_a.cubes + of_b.cubes};
        /* The expanded level: the bootstrap's spread divides by n, Student's by n-1. */
        const double z = stats_t_quantile(0.5 + options->level / 2, df) * sqrt(square / both.squares);
        if (sides->n_a <= options->n_bootstrap_most && sides->n_b <= options->n_bootstrap_most)
            out->ci = groups_bca(sides, options, both, z);
        else
            out->ci = stats_abc_linear(out->difference, both, z);
    }
    out->n_for_this = stats_n_for_difference(out->difference, pooled, 0.05, 0.8, false);
}

/* ---- how often B is above A ---- */

/* Of sorted values: the share of all pairs of one of each in which B's is larger, ties half (Mann and Whitney's U). */
static double share_above(const double *a, size_t n_a, const double *b, size_t n_b)
{
    double sum = 0;
    size_t below = 0, equal_end = 0;
    for (size_t k = 0; k < n_b; k++) {
        while (below < n_a && a[below] < b[k])
            below++;
        equal_end = equal_end < below ? below : equal_end;
        while (equal_end < n_a && a[equal_end] == b[k])
            equal_end++;
        sum += (double)below + 0.5 * (double)(equal_end - below);
    }
    return sum / ((double)n_a * (double)n_b);
}

/* R. G. Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic", 2006, method 5: where the
 * distance from what was seen is z standard errors, as they are there. It holds at 0 and 1, too. */
static struct stats_interval share_interval(double seen, double n_a, double n_b, double level)
{
    const double z = stats_normal_quantile(0.5 + level / 2), more = (n_a + n_b) / 2 - 1;
    double ends[2];
    for (int end = 0; end < 2; end++) {
        double inside = seen, outside = end;
        for (int k = 0; k < 100; k++) {
            const double t = inside + (outside - inside) / 2;
            const double variance = t * (1 - t) * (1 + more * ((1 - t) / (2 - t) + t / (1 + t))) / (n_a * n_b);
            if (fabs(seen - t) <= z * sqrt(variance))
                inside = t;
            else
                outside = t;
        }
        ends[end] = inside;
    }
    return (struct stats_interval){ends[0], ends[1], STATS_NORMAL};
}

void stats_compare(const double *a, size_t n_a, const double *b, size_t n_b, bool paired,
                   const struct stats_options *options, struct stats_comparison *out)
{
    const struct stats_options all = stats_defaults(options);
    struct sides sides = take(a, n_a, b, n_b, paired);
    make_sides_equal(&sides);
    *out = (struct stats_comparison){.n_a = sides.n_a, .n_b = sides.n_b, .paired = paired};
    out->mean_a = stats_moments_of(sides.a, sides.n_a).mean;
    out->mean_b = stats_moments_of(sides.b, sides.n_b).mean;
    out->sd_a = sd_of(sides.a, sides.n_a);
    out->sd_b = sd_of(sides.b, sides.n_b);
    out->one_value_a = sides.n_a > 1 && out->sd_a == 0;
    out->one_value_b = sides.n_b > 1 && out->sd_b == 0;
    out->difference = out->p_b_above = out->cohen_d = out->hedges_g = out->cohen_dz = out->n_for_this = NAN;
    out->ci = out->p_b_above_ci = (struct stats_interval){NAN, NAN, STATS_NONE};
    out->permutation = (struct stats_test){NAN, NAN, STATS_NONE};
    out->violation_b_above = out->aso_b_above = out->aso_a_above = NAN;
    if (sides.n_a > 0 && sides.n_b > 0) {
        if (paired)
            compare_pairs(&sides, &all, out);
        else
            compare_groups(&sides, &all, out);
        const double n_1 = (double)sides.n_a, n_2 = (double)sides.n_b, df = n_1 + n_2 - 2;
        const double pooled = sqrt(((n_1 - 1) * out->sd_a * out->sd_a + (n_2 - 1) * out->sd_b * out->sd_b) / df);
        const bool one_value = out->one_value_a || out->one_value_b;
        if (!one_value) {
            out->cohen_d = out->difference / pooled;
            out->hedges_g = out->cohen_d * (1 - 3 / (4 * df - 1));
        }
        stats_sort(sides.a, sides.n_a);
        stats_sort(sides.b, sides.n_b);
        out->p_b_above = share_above(sides.a, sides.n_a, sides.b, sides.n_b);
        if (sides.n_a > 1 && sides.n_b > 1 && !one_value) {
            out->p_b_above_ci = share_interval(out->p_b_above, n_1, n_2, all.level);
            stats_stochastic_order(sides.a, sides.n_a, sides.b, sides.n_b, &all, out);
        }
    }
    free(sides.a);
    free(sides.b);
}
