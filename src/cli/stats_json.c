/* stats_json.c - the answer of `oneseed stats` for programs: one document, "oneseed-stats/1".
 * SPDX-License-Identifier: MIT
 *
 * Seeds are strings of decimal digits; what is not a number is null. */
#include <inttypes.h> /* PRId64 */
#include <jansson.h>  /* json_* */
#include <math.h>     /* isfinite */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* free */
#include <string.h>   /* strlen */

#include "cli/stats_report.h"
#include "common/array.h"       /* text_copy */
#include "report/report_text.h" /* report_text */

static json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_count(size_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *json_seed(int64_t seed)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, seed);
    return json_string(text);
}

static void put(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static json_t *json_interval(struct stats_interval interval)
{
    json_t *object = json_object();
    put(object, "low", json_number(interval.low));
    put(object, "high", json_number(interval.high));
    put(object, "method", json_string(stats_method_name(interval.method)));
    return object;
}

static json_t *json_numbers(const double *values, size_t n)
{
    json_t *array = json_array();
    for (size_t k = 0; k < n; k++)
        json_array_append_new(array, json_number(values[k]));
    return array;
}

static json_t *json_counts(const size_t *counts, size_t n)
{
    json_t *array = json_array();
    for (size_t k = 0; k < n; k++)
        json_array_append_new(array, json_count(counts[k]));
    return array;
}

static const char *direction_name(enum words_better direction)
{
    return direction == WORDS_HIGHER ? "maximize" : direction == WORDS_LOWER ? "minimize" : NULL;
}

static json_t *json_direction(enum words_better direction)
{
    const char *name = direction_name(direction);
    return name ? json_string(name) : json_null();
}

static json_t *json_luck(enum words_better direction, bool high)
{
    if (direction == WORDS_NEUTRAL)
        return json_null();
    return json_string((direction == WORDS_HIGHER) == high ? "lucky" : "unlucky");
}

static json_t *json_outlier(const struct metric_report *metric, const struct stats_outlier *outlier, int64_t seed)
{
    json_t *object = json_object();
    put(object, "seed", json_seed(seed));
    put(object, "value", json_number(outlier->value));
    put(object, "side", json_string(outlier->high ? "high" : "low"));
    put(object, "luck", json_luck(metric->direction, outlier->high));
    put(object, "sds", json_number(outlier->sds));
    put(object, "p_any", json_number(outlier->p_any));
    return object;
}

static json_t *json_quantiles(const struct stats_summary *summary)
{
    json_t *object = json_object();
    char name[16];
    for (int k = 0; k < STATS_N_QUANTILES; k++) {
        (void)snprintf(name, sizeof name, "%g", stats_quantile_levels[k]);
        put(object, name, json_number(summary->quantiles[k]));
    }
    return object;
}

static json_t *json_prediction(const struct stats_prediction *prediction)
{
    if (isnan(prediction->outside))
        return json_null();
    json_t *object = json_object();
    put(object, "low", json_number(prediction->low));
    put(object, "high", json_number(prediction->high));
    put(object, "outside", json_number(prediction->outside));
    put(object, "at_most", json_boolean(prediction->at_most));
    return object;
}

/* Each with its number of runs, where they are few. */
static json_t *json_values(const struct metric_report *metric)
{
    if (metric->n_values > STATS_VALUES)
        return json_null();
    json_t *array = json_array();
    for (size_t k = 0; k < metric->n_values; k++) {
        json_t *object = json_object();
        put(object, "value", json_number(metric->values[k].value));
        put(object, "runs", json_count(metric->values[k].n));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_best_of(const struct metric_report *metric)
{
    json_t *object = json_object();
    put(object, "k", json_counts(metric->points, metric->n_points));
    put(object, "highest", json_numbers(metric->highest_of, metric->n_points));
    put(object, "lowest", json_numbers(metric->lowest_of, metric->n_points));
    return object;
}

static json_t *json_histogram(const struct stats_histogram *histogram)
{
    json_t *object = json_object();
    put(object, "low", json_number(histogram->low));
    put(object, "width", json_number(histogram->width));
    put(object, "counts", json_counts(histogram->counts, histogram->n_bins));
    return object;
}

static json_t *json_density(const struct metric_report *metric)
{
    if (metric->n_density == 0)
        return json_null();
    json_t *object = json_object();
    put(object, "bandwidth", json_number(metric->bandwidth));
    put(object, "at", json_numbers(metric->density_at, metric->n_density));
    put(object, "density", json_numbers(metric->density, metric->n_density));
    return object;
}

static json_t *json_normality(const struct stats_test *test)
{
    if (test->method == STATS_NONE)
        return json_null();
    json_t *object = json_object();
    put(object, "test", json_string(stats_method_name(test->method)));
    put(object, "statistic", json_number(test->statistic));
    put(object, "p", json_number(test->p));
    return object;
}

static json_t *json_needed(const struct metric_report *metric, const struct stats_report *report)
{
    json_t *object = json_object();
    put(object, "for_half_the_interval", json_number(metric->n_for_half));
    put(object, "difference_found", json_number(metric->found_difference));
    if (report->half_width > 0) {
        put(object, "half_width", json_number(report->half_width));
        put(object, "for_half_width", json_number(metric->n_for_width));
    }
    if (report->difference > 0) {
        put(object, "difference", json_number(report->difference));
        put(object, "for_difference", json_number(metric->n_for_difference));
    }
    return object;
}

/* 0: enough for it. */
static json_t *json_more(const struct metric_report *metric)
{
    const struct stats_more_replications more =
        stats_more_replications(metric->shares, metric->n_sources, &metric->all_shares);
    json_t *object = json_object();
    put(object, "for_intervals", json_count(more.for_intervals));
    put(object, "for_a_good_start", json_count(more.for_start));
    put(object, "for_5_points", json_count(more.for_points));
    return object;
}

static json_t *json_shares(const struct metric_report *metric)
{
    if (!metric->has_shares && metric->all_shares.variance != 0)
        return json_null();
    json_t *object = json_object(), *sources = json_object();
    put(object, "replications", json_count(metric->all_shares.n));
    put(object, "more_replications", json_more(metric));
    put(object, "beyond_0_to_1",
        json_boolean(stats_shares_beyond(metric->shares, metric->n_sources, &metric->all_shares)));
    put(object, "variance", json_number(metric->all_shares.variance));
    for (size_t k = 0; k < metric->n_sources; k++) {
        const struct stats_share *share = &metric->shares[k];
        json_t *source = json_object();
        put(source, "n", json_count(share->n_total));
        put(source, "first", json_number(share->first));
        put(source, "first_ci", json_interval(share->first_ci));
        put(source, "total", json_number(share->total));
        put(source, "total_ci", json_interval(share->total_ci));
        put(sources, metric->sources[k], source);
    }
    put(object, "sources", sources);
    put(object, "rest", json_number(metric->all_shares.rest));
    put(object, "rest_ci", json_interval(metric->all_shares.rest_ci));
    return object;
}

/* The best seed comes with the distribution that it was drawn from, never alone. */
static json_t *json_best(const struct metric_report *metric, bool high)
{
    const struct stats_summary *summary = &metric->summary;
    json_t *object =
        json_outlier(metric, high ? &summary->highest : &summary->lowest, high ? metric->max_seed : metric->min_seed);
    put(object, "expected", json_number(high ? summary->expected_highest : summary->expected_lowest));
    return object;
}

static json_t *json_metric(const struct metric_report *metric, const struct stats_report *report)
{
    const struct stats_summary *summary = &metric->summary;
    json_t *object = json_object(), *ci = json_object(), *outliers = json_array();
    put(object, "n", json_count(summary->n));
    put(object, "nan", json_count(summary->n_nan));
    put(object, "infinite", json_count(summary->n_infinite));
    put(object, "missing", json_count(summary->n_missing));
    put(object, "direction", json_direction(metric->direction));
    put(object, "mean", json_number(summary->mean));
    put(object, "sd", json_number(summary->sd));
    put(object, "equal_but_for_rounding", json_boolean(summary->sd > 0 && !summary->spread));
    put(object, "min", json_number(summary->min));
    put(object, "max", json_number(summary->max));
    put(object, "quantiles", json_quantiles(summary));
    put(object, "prediction", json_prediction(&metric->prediction));
    put(object, "different_values", json_count(metric->n_values));
    put(object, "values", json_values(metric));
    put(object, "iqm", json_number(summary->iqm));
    put(ci, "level", json_number(report->level));
    put(ci, "mean", json_interval(summary->mean_ci));
    put(ci, "iqm", json_interval(summary->iqm_ci));
    put(ci, "mean_t", json_interval(summary->mean_t));
    put(object, "ci", ci);
    put(object, "skewness", json_number(summary->skewness));
    put(object, "kurtosis", json_number(summary->kurtosis));
    put(object, "normality", json_normality(&summary->normality));
    for (size_t k = 0; k < summary->n_outliers; k++)
        json_array_append_new(outliers, json_outlier(metric, &summary->outliers[k], metric->outlier_seeds[k]));
    put(object, "outliers", outliers);
    put(object, "normality_without_outliers", json_normality(&summary->others_normality));
    put(object, "more_outliers", json_boolean(summary->more_outliers));
    put(object, "expected_highest", json_number(summary->expected_highest));
    put(object, "expected_lowest", json_number(summary->expected_lowest));
    put(object, "best_of", json_best_of(metric));
    put(object, "histogram", json_histogram(&metric->histogram));
    put(object, "density", json_density(metric));
    put(object, "runs_needed", json_needed(metric, report));
    put(object, "shares", json_shares(metric));
    put(object, "noise", json_number(metric->noise));
    if (report->best && summary->spread) {
        if (metric->direction != WORDS_LOWER)
            put(object, metric->direction == WORDS_HIGHER ? "best" : "highest", json_best(metric, true));
        if (metric->direction != WORDS_HIGHER)
            put(object, metric->direction == WORDS_LOWER ? "best" : "lowest", json_best(metric, false));
    }
    return object;
}

/* Runs with a number whose seed has none in the other study. */
static json_t *json_alone(const struct words_alone *alone, bool paired)
{
    if (!paired)
        return json_null();
    json_t *object = json_object();
    put(object, "not_run", json_count(alone->n_not_run));
    put(object, "failed", json_count(alone->n_failed));
    put(object, "nan", json_count(alone->n_nan));
    put(object, "infinite", json_count(alone->n_infinite));
    put(object, "missing", json_count(alone->n_missing));
    return object;
}

static json_t *json_side(const struct words_side *side, bool paired)
{
    json_t *object = json_object();
    put(object, "runs", json_count(side->n_runs));
    put(object, "failed", json_count(side->n_failed + side->n_timeout + side->n_lost)); /* of any kind */
    put(object, "nan", json_count(side->n_nan));
    put(object, "infinite", json_count(side->n_infinite));
    put(object, "missing", json_count(side->n_missing));
    put(object, "without_partner", json_alone(&side->alone, paired));
    return object;
}

/* The runs that are not in the comparison; p: of A and B losing the same part. */
static json_t *json_left_out(const struct comparison_report *report)
{
    const struct words_side *a = &report->side_a, *b = &report->side_b;
    json_t *object = json_object();
    put(object, "a", json_side(a, report->comparison.paired));
    put(object, "b", json_side(b, report->comparison.paired));
    put(object, "p", json_number(stats_fisher(words_left_out(a), a->n_runs, words_left_out(b), b->n_runs)));
    return object;
}

static json_t *json_shown(int shown)
{
    return shown ? json_string(shown > 0 ? "b_above" : "a_above") : json_null();
}

static json_t *json_one_value(const struct stats_comparison *c)
{
    const bool both = c->one_value_a && c->one_value_b;
    return both             ? json_string("both")
           : c->one_value_a ? json_string("a")
           : c->one_value_b ? json_string("b")
                            : json_null();
}

static json_t *json_comparison(const struct comparison_report *report)
{
    const struct stats_comparison *c = &report->comparison;
    json_t *object = json_object(), *permutation = json_object(), *order = json_object();
    put(object, "direction", json_direction(report->direction));
    put(object, "paired", json_boolean(c->paired));
    put(object, "common_seeds", json_count(report->n_common));
    put(object, "n_a", json_count(c->n_a));
    put(object, "n_b", json_count(c->n_b));
    put(object, "mean_a", json_number(c->mean_a));
    put(object, "mean_b", json_number(c->mean_b));
    put(object, "sd_a", json_number(c->sd_a));
    put(object, "sd_b", json_number(c->sd_b));
    put(object, "difference", json_number(c->difference));
    put(object, "ci", json_interval(c->ci));
    put(object, "shown", json_shown(words_shown(c)));
    put(object, "one_value", json_one_value(c));
    put(object, "too_few", json_boolean(words_too_few(c)));
    put(object, "p_b_above", json_number(c->p_b_above));
    put(object, "p_b_above_ci", json_interval(c->p_b_above_ci));
    put(object, "p_b_better",
        json_number(report->direction == WORDS_NEUTRAL ? NAN
                    : report->direction == WORDS_LOWER ? 1 - c->p_b_above
                                                       : c->p_b_above));
    put(object, "pairs_b_above", c->paired ? json_count(c->n_b_above) : json_null());
    put(object, "pairs_equal", c->paired ? json_count(c->n_equal) : json_null());
    put(object, "cohen_d", json_number(c->cohen_d));
    put(object, "hedges_g", json_number(c->hedges_g));
    put(object, "cohen_dz", json_number(c->cohen_dz));
    put(permutation, "p", json_number(c->permutation.p));
    put(permutation, "method", json_string(stats_method_name(c->permutation.method)));
    put(object, "permutation", permutation);
    put(order, "violation_b_above", json_number(c->violation_b_above));
    put(order, "b_above", json_number(c->aso_b_above));
    put(order, "a_above", json_number(c->aso_a_above));
    put(order, "shown_below", json_number(words_order_below));
    put(order, "shown", json_shown(words_order_shown(c)));
    put(object, "almost_stochastic_order", order);
    put(object, "runs_needed", json_number(c->n_for_this));
    put(object, "left_out", json_left_out(report));
    return object;
}

static void put_runs(json_t *object, const struct stats_runs *runs)
{
    put(object, "study", report_text(runs->shown));
    put(object, "command", report_text(runs->command));
    put(object, "runs", json_count(runs->n));
    put(object, "done", json_count(runs->n_done));
    put(object, "failed", json_count(runs->n - runs->n_done)); /* of any kind */
    put(object, "timeout", json_count(runs->n_timeout));
    put(object, "lost", json_count(runs->n_lost));
    put(object, "planned", runs->planned ? json_count(runs->n_planned) : json_null());
    put(object, "left", runs->planned ? json_count(runs->n_left) : json_null());
    put(object, "until", runs->until ? report_text(runs->until) : json_null());
    put(object, "own_seeds", runs->own_seeds ? report_text(runs->own_seeds) : json_null());
    put(object, "reseed", json_boolean(runs->reseeds));
    put(object, "repeats", json_count(runs->n_repeats));
    put(object, "varied", json_count(runs->n_varied));
}

bool stats_print_json(const struct stats_report *report)
{
    json_t *document = json_object(), *metrics = json_object();
    put(document, "format", json_string("oneseed-stats/1"));
    put_runs(document, &report->a);
    for (size_t k = 0; k < report->n_metrics; k++)
        put(metrics, report->metrics[k].name, json_metric(&report->metrics[k], report));
    put(document, "metrics", metrics);
    if (report->vs) {
        json_t *vs = json_object(), *comparisons = json_object();
        put_runs(vs, &report->b);
        for (size_t k = 0; k < report->n_comparisons; k++)
            put(comparisons, report->comparisons[k].name, json_comparison(&report->comparisons[k]));
        put(vs, "metrics", comparisons);
        put(document, "vs", vs);
    }
    char *text = json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    if (text)
        printf("%s\n", text);
    free(text);
    json_decref(document);
    return text != NULL;
}
