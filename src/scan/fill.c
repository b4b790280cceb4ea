/* fill.c - a metric that was forgotten: it is added to a study on resume, and read from what was kept of the runs.
 * SPDX-License-Identifier: MIT
 *
 * The study's text "filling" names the metrics whose reading goes on; it is set before they are added, and emptied when all runs have been
 * looked at. Whatever ends this scan in between, the next one goes on, and a value that is there is never written again. */
#include <inttypes.h> /* PRId64 */
#include <stdlib.h>   /* free */
#include <string.h>   /* strcmp */
#include <sys/stat.h> /* stat */

#include <jansson.h> /* json_array */

#include "common/array.h"  /* ARRAY_PUSH */
#include "common/digest.h" /* digest128 */
#include "scan/scan_inside.h"

enum { BATCH = 200 }; /* runs in a transaction */

/* A metric while it is filled. */
struct filled {
    const struct metric *metric;
    unsigned id;
    size_t n_runs, n_have; /* that may have it: done, of any source and repeat; that do */
    size_t n_empty;        /* done, and what was kept of them does not have it */
    size_t n_read;         /* values that were added */
    struct study_run *runs;
    size_t n_waiting;
};

/* ---- the plan ---- */

static const struct metric *metric_of(const struct request *request, const char *name)
{
    for (size_t k = 0; k < request->n_metrics; k++)
        if (strcmp(request->metrics[k].name, name) == 0)
            return &request->metrics[k];
    return NULL;
}

static json_t *names_of(struct study *study, const char *key)
{
    const char *text = study_text(study, key);
    json_t *list = json_loads(text ? text : "", 0, NULL);
    if (json_is_array(list))
        return list;
    json_decref(list);
    return json_array();
}

static bool set_names(struct scan *scan, const char *key, const json_t *list)
{
    char error[STUDY_ERROR_NBYTES], *text = json_dumps(list, JSON_COMPACT);
    bool ok = study_set_text(scan->study, key, text ? text : "[]", error) || scan_refuse(scan, "%s", error);
    free(text);
    return ok;
}

static bool is_in(const json_t *list, const char *name)
{
    for (size_t k = 0; k < json_array_size(list); k++) {
        const char *word = json_string_value(json_array_get(list, k));
        if (word && strcmp(word, name) == 0)
            return true;
    }
    return false;
}

static bool put_names(struct scan *scan, const char *key)
{
    json_t *list = names_of(scan->study, key);
    for (size_t k = 0; k < scan->request->n_added; k++)
        if (!is_in(list, scan->request->added[k]))
            json_array_append_new(list, json_string(scan->request->added[k]));
    bool ok = set_names(scan, key, list);
    json_decref(list);
    return ok;
}

bool scan_was_added(struct study *study, const char *name)
{
    json_t *list = names_of(study, "added");
    bool was_added = is_in(list, name);
    json_decref(list);
    return was_added;
}

/* What the program has logged under that name, or has found in another way, stays; a definition that found nothing may be mended. */
static bool is_free(struct scan *scan, const struct metric *metric)
{
    char error[STUDY_ERROR_NBYTES];
    for (unsigned m = 0; m < study_n_metrics(scan->study); m++) {
        const char *how = study_metric_how(scan->study, m);
        if (strcmp(study_metric_name(scan->study, m), metric->name) == 0 && strcmp(how, metric->how) != 0)
            return study_metric_set_how(scan->study, m, metric->how, error) || scan_refuse(scan, "%s", error);
    }
    return true;
}

bool scan_add_metrics(struct scan *scan)
{
    const struct request *request = scan->request;
    char error[STUDY_ERROR_NBYTES];
    if (request->n_added == 0)
        return true;
    for (size_t k = 0; k < request->n_added; k++)
        if (!is_free(scan, metric_of(request, request->added[k])))
            return false;
    char *text = request_metrics_text(request);
    bool ok = put_names(scan, "added") && put_names(scan, "filling") &&
              (study_set_text(scan->study, "metrics", text, error) || scan_refuse(scan, "%s", error));
    free(text);
    return ok;
}

/* ---- what was kept of a run ---- */

struct kept {
    char *folder, *out; /* NULL: not kept */
    size_t n_out;
};

/* What lies there may be of a later attempt, which did not come to its end. Its digest tells; without one, only that a run that is done is
 * not run again. */
static struct kept kept_of(const struct request *request, const struct study_table *table, size_t k)
{
    struct study_key key = {table->seeds[k], table->sources && table->sources[k] ? table->sources[k] : "",
                            table->repeats[k]};
    struct kept kept = {0};
    struct stat status;
    uint64_t digest[2];
    char text[33];
    if (!request->folders)
        return kept;
    kept.folder = worker_folder(request->folders, &key);
    bool is_there = stat(kept.folder, &status) == 0 && S_ISDIR(status.st_mode);
    if (is_there && request->keeps_output) {
        char *path = text_format("%s/stdout", kept.folder);
        kept.out = metric_file(path, &kept.n_out);
        free(path);
        digest128(kept.out ? kept.out : "", kept.n_out, digest);
        snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, digest[1], digest[0]);
        is_there = kept.out && strcmp(text, table->outputs[k]) == 0;
    } else {
        is_there = is_there && table->statuses[k] == STUDY_DONE;
    }
    if (!is_there) {
        free(kept.folder);
        free(kept.out);
        kept = (struct kept){0};
    }
    return kept;
}

static bool was_kept(const struct metric *metric, const struct kept *kept)
{
    switch (metric->kind) {
    case METRIC_REGEX:
    case METRIC_JSON:
        return kept->out;
    case METRIC_JSON_FILE:
    case METRIC_CSV:
    case METRIC_TENSORBOARD:
    case METRIC_MLFLOW:
        return kept->folder && worker_names(metric->path, "{folder}");
    case METRIC_LOG:
        break; /* what was logged is there, under its name */
    }
    return false;
}

/* Why it was not: of so many runs. */
static void say_why_not(const struct metric *metric, size_t n, char *words, size_t words_nbytes)
{
    bool is_output = metric->kind == METRIC_REGEX || metric->kind == METRIC_JSON;
    if (metric->kind == METRIC_LOG)
        snprintf(words, words_nbytes, "; %zu did not log it", n);
    else if (is_output || worker_names(metric->path, "{folder}"))
        snprintf(words, words_nbytes, "; of %zu the %s was not kept (%s)", n, is_output ? "output" : "folder",
                 is_output ? "a scan with --folders FOLDER --keep-output keeps it"
                           : "a scan with --folders FOLDER keeps it");
    else
        snprintf(words, words_nbytes, "; %zu are not looked at: its file is not in {folder}", n);
}

/* ---- filling ---- */

static void add_run(struct filled *filled, const struct study_table *table, size_t k, const struct series *series,
                    bool with_steps)
{
    struct study_value *value = calloc(1, sizeof *value);
    struct study_step *steps = NULL;
    struct study_run run = {
        .key = {table->seeds[k], table->sources && table->sources[k] ? table->sources[k] : "", table->repeats[k]},
        .attempt = table->attempts[k],
        .n_values = 1};
    if (!value)
        abort();
    *value = (struct study_value){filled->id, series->values[series->n - 1]};
    for (size_t i = 0; with_steps && i < series->n; i++) {
        struct study_step step;
        if (scan_step(series, filled->id, i, &step))
            ARRAY_PUSH(steps, run.n_steps, step);
    }
    run.values = value;
    run.steps = steps;
    ARRAY_PUSH(filled->runs, filled->n_waiting, run);
}

static bool put_waiting(struct scan *scan, struct filled *filled)
{
    char error[STUDY_ERROR_NBYTES];
    bool ok =
        study_fill(scan->study, filled->id, filled->runs, filled->n_waiting, error) || scan_refuse(scan, "%s", error);
    for (size_t k = 0; k < filled->n_waiting; k++) {
        free((void *)filled->runs[k].values);
        free((void *)filled->runs[k].steps);
    }
    free(filled->runs);
    filled->runs = NULL;
    filled->n_read += filled->n_waiting;
    filled->n_waiting = 0;
    return ok;
}

/* One run, for all metrics that it lacks. */
static void read_run(struct scan *scan, struct filled *all, size_t n, const struct study_table *table, size_t k)
{
    bool is_looked_at = false;
    for (size_t m = 0; m < n; m++) {
        bool has = !study_is_missing(table->values[all[m].id][k]);
        all[m].n_runs += has || table->statuses[k] == STUDY_DONE;
        all[m].n_have += has;
        is_looked_at |= !has && all[m].metric->kind != METRIC_LOG && table->statuses[k] != STUDY_LOST;
    }
    if (!is_looked_at)
        return;
    struct kept kept = kept_of(scan->request, table, k);
    char seed[32];
    snprintf(seed, sizeof seed, "%" PRId64, table->seeds[k]);
    for (size_t m = 0; m < n; m++) {
        struct measured measured = {0};
        if (!study_is_missing(table->values[all[m].id][k]) || !was_kept(all[m].metric, &kept))
            continue;
        worker_measure(all[m].metric, seed, kept.folder, kept.out ? kept.out : "", kept.n_out, &measured);
        const struct series *series = measured_series(&measured, all[m].metric->name);
        if (series && series->n > 0) {
            all[m].n_runs += table->statuses[k] != STUDY_DONE;
            add_run(&all[m], table, k, series, scan->request->keeps_steps);
        } else {
            all[m].n_empty += table->statuses[k] == STUDY_DONE;
        }
        measured_clear(&measured);
    }
    free(kept.folder);
    free(kept.out);
}

static bool read_all(struct scan *scan, struct filled *all, size_t n, const struct study_table *table)
{
    bool ok = true;
    for (size_t k = 0; ok && k < table->n; k++) {
        read_run(scan, all, n, table, k);
        for (size_t m = 0; ok && m < n; m++)
            if (all[m].n_waiting > 0 && (all[m].n_waiting == BATCH || k + 1 == table->n))
                ok = put_waiting(scan, &all[m]);
        if (ok && scan_asked) {
            scan->result->end = SCAN_STOPPED;
            scan->result->signal = scan_asked;
            ok = false;
        }
    }
    for (size_t m = 0; m < n; m++) /* after an error, or a signal */
        if (all[m].n_waiting > 0 && !put_waiting(scan, &all[m]))
            ok = false;
    return ok;
}

static void say_filled(const struct scan *scan, const struct filled *filled)
{
    size_t n_have = filled->n_have + filled->n_read, n_lack = filled->n_runs - n_have;
    size_t n_empty = filled->n_empty < n_lack ? filled->n_empty : n_lack;
    char why_not[120] = "", empty[60] = "";
    if (n_lack > n_empty)
        say_why_not(filled->metric, n_lack - n_empty, why_not, sizeof why_not);
    if (n_empty > 0)
        snprintf(empty, sizeof empty, "; in %zu it is not there", n_empty);
    if (filled->n_runs > 0)
        scan_say(scan, "%s: %zu of %zu runs have it%s%s%s", filled->metric->name, n_have, filled->n_runs,
                 filled->n_read > 0 ? ", read from what was kept" : "", why_not, empty);
}

bool scan_fill(struct scan *scan)
{
    json_t *list = names_of(scan->study, "filling"), *none = json_array();
    struct filled *all = NULL;
    struct study_table table;
    char error[STUDY_ERROR_NBYTES];
    size_t n = 0, n_listed = json_array_size(list);
    bool ok = true;
    for (size_t k = 0; ok && k < n_listed; k++) {
        const char *name = json_string_value(json_array_get(list, k));
        struct filled filled = {.metric = name ? metric_of(scan->request, name) : NULL};
        if (!filled.metric) /* whoever added it was ended before */
            continue;
        ok = study_metric(scan->study, name, filled.metric->how, &filled.id, error) || scan_refuse(scan, "%s", error);
        ARRAY_PUSH(all, n, filled);
    }
    if (ok && n > 0) {
        ok = study_read(scan->study, true, &table, error) || scan_refuse(scan, "%s", error);
        if (ok) {
            ok = read_all(scan, all, n, &table);
            study_table_clear(&table);
        }
        for (size_t m = 0; ok && m < n; m++)
            say_filled(scan, &all[m]);
    }
    if (ok && n_listed > 0)
        ok = set_names(scan, "filling", none);
    free(all);
    json_decref(list);
    json_decref(none);
    return ok;
}
