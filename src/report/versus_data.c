/* versus_data.c - two studies side by side: both distributions, the difference, and how sure it is.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isfinite */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* malloc */
#include <string.h> /* strcmp */

#include "report/labels.h"      /* labels_of */
#include "report/study_data.h"  /* versus_json */
#include "report/digits.h"      /* digits_text */
#include "report/report_text.h" /* report_text */
#include "report/words.h"       /* words_verdict */

enum { CURVE_POINTS = 200 }; /* at least */

/* The values of both that take part: of common seeds when those are most of the smaller study's, else all. */
struct sides {
    double *a, *b;
    size_t n_a, n_b;
    bool paired;
};

static size_t pair_seeds(const struct columns *a, const struct columns *b, const double *values_a,
                         const double *values_b, double *paired_a, double *paired_b)
{
    size_t n = 0, i = 0, k = 0;
    while (i < a->n_rows && k < b->n_rows) {
        int64_t x = a->table.seeds[a->rows[i]], y = b->table.seeds[b->rows[k]];
        if (x == y) {
            paired_a[n] = values_a[i];
            paired_b[n++] = values_b[k];
        }
        i += x <= y;
        k += y <= x;
    }
    return n;
}

static struct sides take_sides(const struct columns *a, const struct columns *b, unsigned metric_a, unsigned metric_b)
{
    struct sides sides = {columns_values(a, metric_a), columns_values(b, metric_b), a->n_rows, b->n_rows, false};
    size_t least = a->n_rows < b->n_rows ? a->n_rows : b->n_rows;
    double *paired_a = malloc((least + 1) * sizeof *paired_a), *paired_b = malloc((least + 1) * sizeof *paired_b);

    if (!paired_a || !paired_b)
        abort();
    size_t n = pair_seeds(a, b, sides.a, sides.b, paired_a, paired_b); /* the rule of `oneseed stats --vs` */
    if (n >= 2 && 2 * n >= least) {
        free(sides.a);
        free(sides.b);
        return (struct sides){paired_a, paired_b, n, n, true};
    }
    free(paired_a);
    free(paired_b);
    return sides;
}

static json_t *curve_json(const double *y, size_t n)
{
    return n && isfinite(y[0]) ? numbers_json(y, n) : json_null();
}

static void put_curves(json_t *object, const struct sides *sides, const struct stats_options *options)
{
    struct stats_summary a, b;
    double x[STATS_CURVE_MOST], density_a[STATS_CURVE_MOST], density_b[STATS_CURVE_MOST];

    stats_summarize(sides->a, sides->n_a, options, &a);
    stats_summarize(sides->b, sides->n_b, options, &b);
    const struct stats_sample samples[2] = {{a.sorted, a.n, stats_bandwidth(a.sorted, a.n), density_a},
                                            {b.sorted, b.n, stats_bandwidth(b.sorted, b.n), density_b}};
    const size_t n = stats_curves(samples, 2, CURVE_POINTS, x);
    json_object_set_new(object, "x", numbers_json(x, n));
    json_object_set_new(object, "density_a", curve_json(density_a, n));
    json_object_set_new(object, "density_b", curve_json(density_b, n));
    json_object_set_new(object, "quantiles_a", numbers_json(a.quantiles, STATS_N_QUANTILES));
    json_object_set_new(object, "quantiles_b", numbers_json(b.quantiles, STATS_N_QUANTILES));
    stats_summary_clear(&a);
    stats_summary_clear(&b);
}

static void put_words(json_t *object, const char *key, char *words)
{
    json_object_set_new(object, key, report_text(words));
    free(words);
}

/* What `oneseed stats` says of it. */
static void put_sentences(json_t *object, const struct stats_comparison *comparison, const char *direction,
                          const struct words_side *a, const struct words_side *b)
{
    const enum words_better better = !direction                        ? WORDS_NEUTRAL
                                     : strcmp(direction, "lower") == 0 ? WORDS_LOWER
                                                                       : WORDS_HIGHER;
    const double half = (comparison->ci.high - comparison->ci.low) / 2,
                 spread = fmin(comparison->sd_a, comparison->sd_b),
                 largest = fmax(fabs(comparison->mean_a), fabs(comparison->mean_b));
    char *difference = digits_text(digits_of(half > 0 ? half : spread, largest), comparison->difference);
    put_words(object, "verdict", words_verdict(comparison, better, difference, a, b));
    free(difference);
    put_words(object, "order", words_order(comparison, better));
    put_words(object, "without", words_without(a, b));
    put_words(object, "rates", words_rates(a, b));
}

static json_t *compared_json(const struct sides *sides, const char *name, const char *direction,
                             const struct words_side *a, const struct words_side *b)
{
    const struct stats_options options = {.is_missing = study_is_missing},
                               quick = {.no_intervals = true, .is_missing = study_is_missing};
    struct stats_comparison comparison;
    json_t *object = json_object();

    stats_compare(sides->a, sides->n_a, sides->b, sides->n_b, sides->paired, &options, &comparison);
    json_object_set_new(object, "metric", report_text(name));
    json_object_set_new(object, "paired", json_boolean(comparison.paired));
    json_object_set_new(object, "n_a", json_integer((json_int_t)comparison.n_a));
    json_object_set_new(object, "n_b", json_integer((json_int_t)comparison.n_b));
    json_object_set_new(object, "mean_a", report_number(comparison.mean_a));
    json_object_set_new(object, "mean_b", report_number(comparison.mean_b));
    json_object_set_new(object, "sd_a", report_number(comparison.sd_a));
    json_object_set_new(object, "sd_b", report_number(comparison.sd_b));
    json_object_set_new(object, "difference", report_number(comparison.difference));
    json_object_set_new(object, "ci", interval_json(&comparison.ci));
    json_object_set_new(object, "p_b_above", report_number(comparison.p_b_above));
    json_object_set_new(object, "p_b_above_ci", interval_json(&comparison.p_b_above_ci));
    json_object_set_new(object, "n_b_above", json_integer((json_int_t)comparison.n_b_above));
    json_object_set_new(object, "n_equal", json_integer((json_int_t)comparison.n_equal));
    json_object_set_new(object, "cohen_d", report_number(comparison.cohen_d));
    json_object_set_new(object, "too_few", json_boolean(words_too_few(&comparison)));
    json_object_set_new(object, "permutation_p", report_number(comparison.permutation.p));
    json_object_set_new(object, "aso_b_above", report_number(comparison.aso_b_above));
    json_object_set_new(object, "aso_a_above", report_number(comparison.aso_a_above));
    json_object_set_new(object, "n_for_this", report_number(comparison.n_for_this));
    put_sentences(object, &comparison, direction, a, b);
    put_curves(object, sides, &quick);
    return object;
}

static bool find_metric(const struct columns *columns, const char *name, unsigned *metric_out)
{
    for (unsigned i = 0; i < study_n_metrics(columns->study); i++)
        if (strcmp(study_metric_name(columns->study, i), name) == 0) {
            *metric_out = i;
            return true;
        }
    return false;
}

static struct words_side side_of(const struct columns *columns, unsigned metric)
{
    struct words_side side = columns->runs;
    double *values = columns_values(columns, metric);
    words_count_values(&side, values, columns->n_rows);
    free(values);
    return side;
}

/* How probable it is that B is better, where it is known what is. */
static void put_better(json_t *object, const char *direction)
{
    const json_t *above = json_object_get(object, "p_b_above"), *ci = json_object_get(object, "p_b_above_ci");
    bool lower = direction && strcmp(direction, "lower") == 0;

    json_object_set_new(object, "direction", direction ? json_string(direction) : json_null());
    if (!direction || !json_is_number(above))
        return;
    double p = json_number_value(above), low = json_number_value(json_object_get(ci, "low")),
           high = json_number_value(json_object_get(ci, "high"));
    json_object_set_new(object, "p_b_better", json_real(lower ? 1 - p : p));
    if (json_is_object(ci))
        json_object_set_new(object, "p_b_better_ci",
                            json_pack("{s:f, s:f}", "low", lower ? 1 - high : low, "high", lower ? 1 - low : high));
}

json_t *versus_json(const struct columns *a, const struct columns *b, const char *name_a, const char *name_b,
                    const json_t *metrics)
{
    json_t *compared = json_array();
    const json_t *metric;
    unsigned in_a, in_b;
    size_t i;

    json_array_foreach(metrics, i, metric)
    {
        const char *name = json_string_value(json_object_get(metric, "name"));
        if (!name || !find_metric(a, name, &in_a) || !find_metric(b, name, &in_b))
            continue;
        struct sides sides = take_sides(a, b, in_a, in_b);
        const char *direction = json_string_value(json_object_get(metric, "direction"));
        const struct words_side side_a = side_of(a, in_a), side_b = side_of(b, in_b);
        json_t *object = compared_json(&sides, name, direction, &side_a, &side_b);
        put_better(object, direction);
        json_array_append_new(compared, object);
        free(sides.a);
        free(sides.b);
    }
    char *label_a, *label_b;
    labels_of(name_a, name_b, &label_a, &label_b);
    json_t *versus = json_pack("{s:o, s:o, s:o, s:o}", "name", report_text(name_b), "label_a", report_text(label_a),
                               "label_b", report_text(label_b), "metrics", compared);
    json_object_set_new(versus, "command", command_json(b->study));
    put_words(versus, "reseed_note", words_reseed(a->runs.reseeds, b->runs.reseeds));
    free(label_a);
    free(label_b);
    return versus;
}
