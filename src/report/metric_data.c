/* metric_data.c - a metric's numbers for its pictures: distribution, values over seeds, best of k, outliers.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isfinite */
#include <stdlib.h> /* free */

#include "report/study_data.h"  /* metric_json */
#include "report/report_text.h" /* report_text */
#include "report/words.h"       /* words_outliers */

enum {
    DENSITY_POINTS = 200, /* at least */
    BANDS = 200,          /* of the values over seeds, when not each is drawn */
    RUNNING = 150,        /* points of the running mean */
    BARS_MOST = 60        /* of the histogram: more are no picture */
};

static json_t *count_json(size_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *histogram_json(const struct stats_summary *summary)
{
    struct stats_histogram histogram;
    json_t *object = json_object(), *counts = json_array();

    stats_histogram(summary->sorted, summary->n, 0, &histogram);
    if (histogram.n_bins > BARS_MOST) {
        stats_histogram_clear(&histogram);
        stats_histogram(summary->sorted, summary->n, BARS_MOST, &histogram);
    }
    for (size_t i = 0; i < histogram.n_bins; i++)
        json_array_append_new(counts, count_json(histogram.counts[i]));
    json_object_set_new(object, "low", report_number(histogram.low));
    json_object_set_new(object, "width", report_number(histogram.width));
    json_object_set_new(object, "counts", counts);
    stats_histogram_clear(&histogram);
    return object;
}

static json_t *density_json(const struct stats_summary *summary)
{
    double bandwidth = stats_bandwidth(summary->sorted, summary->n), x[STATS_CURVE_MOST], y[STATS_CURVE_MOST];
    const struct stats_sample sample = {summary->sorted, summary->n, bandwidth, y};
    const size_t n = stats_curves(&sample, 1, DENSITY_POINTS, x);

    return n ? json_pack("{s:o, s:o, s:f}", "x", numbers_json(x, n), "y", numbers_json(y, n), "bandwidth", bandwidth)
             : json_null();
}

static json_t *best_json(const struct stats_summary *summary)
{
    size_t points[64], n_points = stats_best_of_points(summary->n, points);
    json_t *k = json_array(), *high = json_array(), *low = json_array();
    double highest, lowest;

    for (size_t i = 0; i < n_points; i++) {
        stats_extremes_of(summary->sorted, summary->n, points[i], &highest, &lowest);
        json_array_append_new(k, count_json(points[i]));
        json_array_append_new(high, report_number(highest));
        json_array_append_new(low, report_number(lowest));
    }
    return json_pack("{s:o, s:o, s:o}", "k", k, "max", high, "min", low);
}

static json_t *outliers_json(const struct columns *columns, const struct stats_summary *summary)
{
    json_t *array = json_array();
    for (size_t i = 0; i < summary->n_outliers; i++) {
        const struct stats_outlier *outlier = &summary->outliers[i];
        json_t *object = json_object();
        json_object_set_new(object, "seed", seed_json(columns->table.seeds[columns->rows[outlier->at]]));
        json_object_set_new(object, "at", count_json(outlier->at));
        json_object_set_new(object, "value", report_number(outlier->value));
        json_object_set_new(object, "high", json_boolean(outlier->high));
        json_object_set_new(object, "sds", report_number(outlier->sds));
        json_object_set_new(object, "p_any", report_number(outlier->p_any));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *quantiles_json(const struct stats_summary *summary)
{
    json_t *array = json_array();
    for (size_t i = 0; i < STATS_N_QUANTILES; i++)
        json_array_append_new(array,
                              json_pack("[f, o]", stats_quantile_levels[i], report_number(summary->quantiles[i])));
    return array;
}

/* The mean of the first n values, in the order of their seeds, and half the width of its interval. */
static json_t *running_json(const struct columns *columns, const double *values)
{
    struct stats_running running = {0};
    size_t n_values = columns->n_rows;
    json_t *n = json_array(), *seed = json_array(), *mean = json_array(), *half = json_array();
    size_t next = 2;

    for (size_t i = 0; i < n_values; i++) {
        stats_running_add(&running, values[i]);
        if (i + 1 < next && i + 1 < n_values)
            continue;
        next = i + 1 + (n_values > RUNNING ? n_values / RUNNING : 1);
        if (running.n < 2)
            continue;
        json_array_append_new(n, count_json(i + 1));
        json_array_append_new(seed, seed_json(columns->table.seeds[columns->rows[i]]));
        json_array_append_new(mean, report_number(running.mean));
        json_array_append_new(half, report_number(stats_running_half_width(&running, 0.95)));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "n", n, "seed", seed, "mean", mean, "half", half);
}

/* Where not every value is drawn: quantiles of all of them, by stretches of seeds. */
static json_t *band_json(const struct columns *columns, const double *values)
{
    static const char *const names[] = {"min", "q05", "median", "q95", "max"};
    static const double levels[] = {0, 0.05, 0.5, 0.95, 1};
    const struct stats_options quick = {.no_intervals = true, .is_missing = study_is_missing};
    json_t *band = json_object(), *from = json_array(), *seed = json_array();
    struct stats_summary part;

    for (size_t k = 0; k < 5; k++)
        json_object_set_new(band, names[k], json_array());
    for (size_t i = 0; i < BANDS; i++) {
        size_t first = columns->n_rows * i / BANDS, end = columns->n_rows * (i + 1) / BANDS;
        stats_summarize(values + first, end - first, &quick, &part);
        json_array_append_new(from, count_json(first));
        json_array_append_new(seed, seed_json(columns->table.seeds[columns->rows[first]]));
        for (size_t k = 0; k < 5; k++)
            json_array_append_new(json_object_get(band, names[k]),
                                  report_number(part.n ? stats_quantile(part.sorted, part.n, levels[k]) : NAN));
        stats_summary_clear(&part);
    }
    json_object_set_new(band, "from", from);
    json_object_set_new(band, "seed", seed);
    return band;
}

json_t *points_json(const struct columns *columns, size_t stride)
{
    json_t *seeds = json_array();
    bool in_order = columns->n_rows > 0; /* are the seeds a range without many holes? Then they are the axis. */

    for (size_t i = 0; i < columns->n_rows; i += stride)
        json_array_append_new(seeds, seed_json(columns->table.seeds[columns->rows[i]]));
    if (in_order) {
        int64_t first = columns->table.seeds[columns->rows[0]],
                last = columns->table.seeds[columns->rows[columns->n_rows - 1]];
        in_order = last <= INT64_C(1) << 53 && (uint64_t)(last - first) < 2 * columns->n_rows;
    }
    return json_pack("{s:I, s:I, s:s, s:o}", "of", (json_int_t)columns->n_rows, "stride", (json_int_t)stride, "axis",
                     in_order ? "seed" : "order", "seeds", seeds);
}

static void put_summary(json_t *metric, const struct columns *columns, const struct stats_summary *summary)
{
    json_object_set_new(metric, "n", count_json(summary->n));
    json_object_set_new(metric, "n_missing", count_json(summary->n_missing));
    json_object_set_new(metric, "n_nan", count_json(summary->n_nan));
    json_object_set_new(metric, "n_infinite", count_json(summary->n_infinite));
    json_object_set_new(metric, "mean", report_number(summary->mean));
    json_object_set_new(metric, "sd", report_number(summary->sd));
    json_object_set_new(metric, "spread", json_boolean(summary->spread));
    json_object_set_new(metric, "min", report_number(summary->min));
    json_object_set_new(metric, "max", report_number(summary->max));
    if (summary->n) {
        json_object_set_new(metric, "min_seed", seed_json(columns->table.seeds[columns->rows[summary->min_at]]));
        json_object_set_new(metric, "max_seed", seed_json(columns->table.seeds[columns->rows[summary->max_at]]));
    }
    json_object_set_new(metric, "quantiles", quantiles_json(summary));
    json_object_set_new(metric, "mean_ci", interval_json(&summary->mean_ci));
    json_object_set_new(metric, "iqm", report_number(summary->iqm));
    json_object_set_new(metric, "iqm_ci", interval_json(&summary->iqm_ci));
    json_object_set_new(metric, "skewness", report_number(summary->skewness));
    json_object_set_new(metric, "normality_p", report_number(summary->normality.p));
    json_object_set_new(metric, "normality_method", json_string(stats_method_name(summary->normality.method)));
    json_object_set_new(metric, "expected_lowest", report_number(summary->expected_lowest));
    json_object_set_new(metric, "expected_highest", report_number(summary->expected_highest));
    json_object_set_new(metric, "lowest_p", report_number(summary->lowest.p_any));
    json_object_set_new(metric, "highest_p", report_number(summary->highest.p_any));
    json_object_set_new(metric, "found_difference",
                        report_number(stats_difference_for_n((double)summary->n, summary->sd, 0.05, 0.8, false)));
    json_object_set_new(
        metric, "n_for_half_interval",
        report_number(stats_n_for_half_width(summary->sd, (summary->mean_t.high - summary->mean_t.low) / 4, 0.95)));
    json_object_set_new(metric, "outliers", outliers_json(columns, summary));
    char *note = words_outliers(summary);
    json_object_set_new(metric, "outliers_note", report_text(note));
    free(note);
    json_object_set_new(metric, "more_outliers", json_boolean(summary->more_outliers));
}

json_t *metric_json(const struct columns *columns, unsigned metric, size_t stride)
{
    const struct stats_options options = {.is_missing = study_is_missing};
    double *values = columns_values(columns, metric);
    struct stats_summary summary;
    json_t *object = json_object(), *drawn = json_array();

    stats_summarize(values, columns->n_rows, &options, &summary);
    json_object_set_new(object, "name", report_text(study_metric_name(columns->study, metric)));
    json_object_set_new(object, "how", report_text(study_metric_how(columns->study, metric)));
    put_summary(object, columns, &summary);
    if (summary.n) {
        for (size_t i = 0; i < columns->n_rows; i += stride)
            json_array_append_new(drawn, report_number(values[i]));
        json_object_set_new(object, "histogram", histogram_json(&summary));
        json_object_set_new(object, "density", density_json(&summary));
        json_object_set_new(object, "best", best_json(&summary));
        json_object_set_new(object, "running", running_json(columns, values));
        json_object_set_new(object, "band", stride > 1 ? band_json(columns, values) : json_null());
    }
    json_object_set_new(object, "values", drawn);
    stats_summary_clear(&summary);
    free(values);
    return object;
}
