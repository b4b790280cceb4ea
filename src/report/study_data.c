/* study_data.c - a study as a report: its plan, its runs, what failed; its metrics come from metric_data.c and others.
 * SPDX-License-Identifier: MIT */
#include "report/study_data.h"

#include <math.h>   /* isfinite */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* malloc, abort */
#include <string.h> /* strcmp */

#include "common/array.h"       /* text_format */
#include "oneseed.h"            /* oneseed_version */
#include "report/report.h"      /* report_study */
#include "report/report_text.h" /* report_text */

enum {
    POINTS_MOST = 100000, /* of all metrics together: what a page draws without delay */
    POINTS_LEAST = 1000,  /* of one metric */
    FAILURES_MOST = 100,  /* shown with their last words */
    TAIL_NBYTES = 4000,   /* of those */
    EXACT_SEEDS = 53,     /* bits of a page's whole numbers */
};

json_t *command_json(struct study *study)
{
    const char *text = study_text(study, "command");
    json_t *command = text && *text == '[' ? json_loads(text, 0, NULL) : NULL;
    return command ? command : report_text(text);
}

bool report_reseeds(struct study *study)
{
    const char *text = study_text(study, "options");
    json_t *options = text ? json_loads(text, 0, NULL) : NULL;
    const bool reseeds = json_is_true(json_object_get(options, "reseed"));
    json_decref(options);
    return reseeds;
}

json_t *seed_json(int64_t seed)
{
    char text[24];
    if (seed <= INT64_C(1) << EXACT_SEEDS)
        return json_integer(seed);
    snprintf(text, sizeof text, "%lld", (long long)seed);
    return json_string(text);
}

json_t *numbers_json(const double *numbers, size_t n_numbers)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n_numbers; i++)
        json_array_append_new(array, report_number(numbers[i]));
    return array;
}

json_t *interval_json(const struct stats_interval *interval)
{
    if (!isfinite(interval->low) || !isfinite(interval->high))
        return json_null();
    return json_pack("{s:f, s:f, s:s}", "low", interval->low, "high", interval->high, "method",
                     stats_method_name(interval->method));
}

bool columns_read(struct study *study, struct columns *columns_out, char *error)
{
    struct columns columns = {.study = study};
    char why[STUDY_ERROR_NBYTES];

    if (!study_read(study, true, &columns.table, why)) {
        snprintf(error, REPORT_ERROR_NBYTES, "%s", why);
        return false;
    }
    columns.rows = malloc((columns.table.n + 1) * sizeof *columns.rows);
    if (!columns.rows)
        abort();
    for (size_t i = 0; i < columns.table.n; i++) {
        bool plain = !columns.table.sources || columns.table.sources[i][0] == '\0';
        if (!plain || columns.table.repeats[i] > 0)
            continue;
        const int status = columns.table.statuses[i];
        columns.runs.n_runs++;
        columns.runs.n_timeout += status == STUDY_TIMEOUT;
        columns.runs.n_failed += status == STUDY_FAILED;
        columns.runs.n_lost += status == STUDY_LOST;
        if (status == STUDY_DONE)
            columns.rows[columns.n_rows++] = i;
    }
    columns.runs.own_seeds = study_text(study, "own_seeds");
    columns.runs.reseeds = report_reseeds(study);
    *columns_out = columns;
    return true;
}

void columns_clear(struct columns *columns)
{
    study_table_clear(&columns->table);
    free(columns->rows);
    *columns = (struct columns){0};
}

double *columns_values(const struct columns *columns, unsigned metric)
{
    double *values = malloc((columns->n_rows + 1) * sizeof *values);
    if (!values)
        abort();
    for (size_t i = 0; i < columns->n_rows; i++)
        values[i] = columns->table.values[metric][columns->rows[i]];
    return values;
}

/* The plan's texts; those that are JSON as such. */
static json_t *plan_json(const struct report_study *request)
{
    static const char *const names[] = {"command",     "directory", "seeds",   "level",  "sources",  "script",
                                        "environment", "created",   "options", "forced", "own_seeds"};
    json_t *plan = json_object();

    json_object_set_new(plan, "name", report_text(request->name));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = study_text(request->study, names[i]);
        json_t *value = text && (*text == '[' || *text == '{') ? json_loads(text, 0, NULL) : NULL;
        if (text && *text)
            json_object_set_new(plan, names[i], value ? value : report_text(text));
    }
    return plan;
}

static json_t *runs_json(const struct columns *columns)
{
    const struct study_table *table = &columns->table;
    size_t counts[STUDY_LOST + 1] = {0}, n_seconds = 0, n_varied = 0, n_repeats = 0;
    double *seconds = malloc((table->n + 1) * sizeof *seconds), busy = 0;
    int64_t peak = 0;
    struct stats_options quick = {.no_intervals = true};
    struct stats_summary summary;
    json_t *runs = json_object();

    if (!seconds)
        abort();
    for (size_t i = 0; i < table->n; i++) {
        counts[table->statuses[i] <= STUDY_LOST ? table->statuses[i] : STUDY_LOST]++;
        n_varied += table->sources && table->sources[i][0] != '\0';
        n_repeats += table->repeats[i] != 0;
        peak = table->peak_kib[i] > peak ? table->peak_kib[i] : peak;
        busy += isfinite(table->seconds[i]) ? table->seconds[i] : 0;
        if (table->statuses[i] == STUDY_DONE)
            seconds[n_seconds++] = table->seconds[i];
    }
    stats_summarize(seconds, n_seconds, &quick, &summary);
    json_object_set_new(runs, "tried", json_integer((json_int_t)table->n));
    for (int status = STUDY_DONE; status <= STUDY_LOST; status++)
        json_object_set_new(runs, study_status_name((enum study_status)status),
                            json_integer((json_int_t)counts[status]));
    json_object_set_new(runs, "base", json_integer((json_int_t)columns->n_rows));
    json_object_set_new(runs, "base_tried", json_integer((json_int_t)columns->runs.n_runs));
    json_object_set_new(runs, "base_failed", json_integer((json_int_t)columns->runs.n_failed));
    json_object_set_new(runs, "base_timeout", json_integer((json_int_t)columns->runs.n_timeout));
    json_object_set_new(runs, "base_lost", json_integer((json_int_t)columns->runs.n_lost));
    json_object_set_new(runs, "varied", json_integer((json_int_t)n_varied));
    json_object_set_new(runs, "repeated", json_integer((json_int_t)n_repeats));
    json_object_set_new(runs, "median_seconds",
                        report_number(summary.n ? stats_quantile(summary.sorted, summary.n, 0.5) : NAN));
    json_object_set_new(runs, "busy_seconds", report_number(busy));
    json_object_set_new(runs, "peak_kib", json_integer(peak));
    stats_summary_clear(&summary);
    free(seconds);
    return runs;
}

static json_t *failure_json(const struct columns *columns, size_t row)
{
    const struct study_table *table = &columns->table;
    struct study_key key = {table->seeds[row], table->sources ? table->sources[row] : "", table->repeats[row]};
    json_t *failure = json_object();
    char *tail = NULL, why[STUDY_ERROR_NBYTES];

    json_object_set_new(failure, "seed", seed_json(key.seed));
    if (*key.sources)
        json_object_set_new(failure, "sources", report_text(key.sources));
    if (key.repeat)
        json_object_set_new(failure, "repeat", json_integer((json_int_t)key.repeat));
    json_object_set_new(failure, "status", json_string(study_status_name((enum study_status)table->statuses[row])));
    json_object_set_new(failure, "seconds", report_number(table->seconds[row]));
    if (study_read_tail(columns->study, &key, &tail, why) && tail) {
        size_t length = strlen(tail);
        json_object_set_new(failure, "tail", report_text(length > TAIL_NBYTES ? tail + length - TAIL_NBYTES : tail));
    }
    free(tail);
    return failure;
}

static void put_failures(json_t *report, const struct columns *columns)
{
    json_t *failures = json_array();
    size_t n_failures = 0;

    for (size_t i = 0; i < columns->table.n; i++)
        if (columns->table.statuses[i] != STUDY_DONE && n_failures++ < FAILURES_MOST)
            json_array_append_new(failures, failure_json(columns, i));
    json_object_set_new(report, "failures", failures);
    json_object_set_new(report, "n_failures", json_integer((json_int_t)n_failures));
}

static bool is_among(const char *name, const char **names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void no_such_metric(struct study *study, const char *option, const char *name, char *error)
{
    const size_t n_metrics = study_n_metrics(study);
    char *known = text_copy(n_metrics ? "" : "none");
    for (unsigned k = 0; k < n_metrics; k++) {
        char *longer = text_format("%s%s%s", known, k ? ", " : "", study_metric_name(study, k));
        free(known);
        known = longer;
    }
    snprintf(error, REPORT_ERROR_NBYTES, "%s %.100s: no such metric; the study has %.300s%s", option, name, known,
             strlen(known) > 300 ? " …" : "");
    free(known);
}

/* False: a name that the study has not. */
static bool all_known(const struct columns *columns, const char *option, const char **names, size_t n_names,
                      char *error)
{
    for (size_t i = 0; i < n_names; i++) {
        unsigned k = 0, n_metrics = (unsigned)study_n_metrics(columns->study);
        while (k < n_metrics && strcmp(study_metric_name(columns->study, k), names[i]) != 0)
            k++;
        if (k == n_metrics) {
            no_such_metric(columns->study, option, names[i], error);
            return false;
        }
    }
    return true;
}

/* False: a metric that was asked for is not there. */
static bool put_metrics(json_t *report, const struct columns *columns, const struct report_study *request, char *error)
{
    const char *wanted = request->metric;
    json_t *metrics = json_array();
    size_t n_metrics = study_n_metrics(columns->study), n_found = 0;
    size_t quota = POINTS_MOST / (n_metrics && !wanted ? n_metrics : 1), stride;

    quota = quota < POINTS_LEAST ? POINTS_LEAST : quota;
    stride = (columns->n_rows + quota - 1) / quota;
    stride = stride ? stride : 1;
    for (unsigned i = 0; i < n_metrics; i++) {
        if (wanted && strcmp(wanted, study_metric_name(columns->study, i)) != 0)
            continue;
        json_t *metric = metric_json(columns, i, stride), *steps = steps_json(columns, i, error);
        n_found++;
        const char *name = study_metric_name(columns->study, i);
        json_object_set_new(metric, "direction",
                            is_among(name, request->minimize, request->n_minimize)   ? json_string("lower")
                            : is_among(name, request->maximize, request->n_maximize) ? json_string("higher")
                                                                                     : json_null());
        json_object_set_new(metric, "steps", steps);
        json_array_append_new(metrics, metric);
        if (!steps)
            break;
    }
    json_object_set_new(report, "points", points_json(columns, stride));
    json_object_set_new(report, "metrics", metrics);
    if (wanted && n_found == 0)
        no_such_metric(columns->study, "--metric", wanted, error);
    return *error == '\0';
}

json_t *report_study(const struct report_study *request, char *error)
{
    struct columns columns = {0}, versus = {0};
    json_t *report = NULL;
    bool ok;

    *error = '\0';
    ok = columns_read(request->study, &columns, error) &&
         (!request->versus || columns_read(request->versus, &versus, error));
    if (ok) {
        report =
            json_pack("{s:s, s:s, s:s}", "format", "oneseed-report/1", "kind", "study", "version", oneseed_version());
        json_object_set_new(report, "study", plan_json(request));
        json_object_set_new(report, "runs", runs_json(&columns));
        ok = all_known(&columns, "--minimize", request->minimize, request->n_minimize, error) &&
             all_known(&columns, "--maximize", request->maximize, request->n_maximize, error) &&
             put_metrics(report, &columns, request, error);
    }
    if (ok) {
        json_object_set_new(report, "sources", sources_json(&columns));
        json_object_set_new(report, "audit", audit_json(&columns));
        put_failures(report, &columns);
        json_object_set_new(report, "versus",
                            request->versus ? versus_json(&columns, &versus, request->name, request->versus_name,
                                                          json_object_get(report, "metrics"))
                                            : json_null());
    } else {
        json_decref(report);
        report = NULL;
    }
    columns_clear(&columns);
    columns_clear(&versus);
    return report;
}
