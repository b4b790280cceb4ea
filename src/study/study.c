/* study.c - what all stores have in common: which one it is, the plan's texts, the metrics, the keys' words.
 * SPDX-License-Identifier: MIT */
#include <assert.h>   /* assert */
#include <inttypes.h> /* PRId64 */
#include <stdarg.h>   /* va_list */
#include <stdio.h>    /* vsnprintf */
#include <stdlib.h>   /* free */
#include <string.h>   /* strcmp, memcmp */

#include "common/utf8.h"   /* utf8_clean */
#include "common/array.h"  /* ARRAY_PUSH, text_copy */
#include "study/backend.h" /* struct study_backend */

static const char *const status_names[] = {"done", "failed", "timeout", "lost"};
enum { N_STATUSES = sizeof status_names / sizeof *status_names };

const char *study_status_name(enum study_status status)
{
    assert((unsigned)status < N_STATUSES);
    return status_names[status];
}

int study_status_from(const char *name, size_t name_nbytes)
{
    for (int i = 0; i < N_STATUSES; i++) {
        if (strlen(status_names[i]) == name_nbytes && memcmp(status_names[i], name, name_nbytes) == 0)
            return i;
    }
    return -1;
}

bool study_refuse(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error, STUDY_ERROR_NBYTES, format, arguments);
    va_end(arguments);
    for (char *at = error; *at != '\0'; at++) { /* libraries write several lines, and names may hold them, too */
        if ((unsigned char)*at < ' ')
            *at = at[1] == '\0' ? '\0' : ' ';
    }
    return false;
}

const char *study_key_text(const struct study_key *key, unsigned attempt, char *buffer)
{
    int n = snprintf(buffer, STUDY_KEY_NBYTES, "seed %" PRId64, key->seed);
    if (key->sources[0] != '\0')
        n += snprintf(buffer + n, STUDY_KEY_NBYTES - (size_t)n, " with %.80s", key->sources);
    if (key->repeat > 0)
        n += snprintf(buffer + n, STUDY_KEY_NBYTES - (size_t)n, ", repeat %u", key->repeat);
    if (attempt > 0)
        (void)snprintf(buffer + n, STUDY_KEY_NBYTES - (size_t)n, ", attempt %u", attempt);
    return buffer;
}

void study_texts_clear(struct study *study)
{
    for (size_t i = 0; i < study->n_texts; i++) {
        free(study->texts[i].name);
        free(study->texts[i].text);
    }
    free(study->texts);
    study->texts = NULL;
    study->n_texts = 0;
}

void study_metrics_clear(struct study *study)
{
    for (size_t i = 0; i < study->n_metrics; i++) {
        free(study->metrics[i].name);
        free(study->metrics[i].text);
    }
    free(study->metrics);
    study->metrics = NULL;
    study->n_metrics = 0;
}

void study_keep_text(struct study *study, const char *name, const char *text)
{
    for (size_t i = 0; i < study->n_texts; i++) {
        if (strcmp(study->texts[i].name, name) == 0) {
            char *copy = text_copy(text);
            free(study->texts[i].text);
            study->texts[i].text = copy;
            return;
        }
    }
    ARRAY_PUSH(study->texts, study->n_texts, (struct study_pair){text_copy(name), text_copy(text)});
}

void study_keep_metric(struct study *study, const char *name, const char *how)
{
    ARRAY_PUSH(study->metrics, study->n_metrics, (struct study_pair){text_copy(name), text_copy(how)});
}

char *study_shown(const char *where)
{
    return study_is_address(where) ? study_postgres_shown(where) : text_copy(where);
}

struct study *study_create(const char *where, const char *const *plan, char *error)
{
    return study_is_address(where) ? study_postgres_create(where, plan, error)
                                   : study_sqlite_create(where, plan, error);
}

struct study *study_open_writer(const char *where, char *error)
{
    return study_is_address(where) ? study_postgres_open(where, true, error) : study_sqlite_open(where, true, error);
}

struct study *study_open_reader(const char *where, char *error)
{
    return study_is_address(where) ? study_postgres_open(where, false, error) : study_sqlite_open(where, false, error);
}

void study_close(struct study *study)
{
    char *where;
    if (!study)
        return;
    study_texts_clear(study);
    study_metrics_clear(study);
    where = study->where;
    study->backend->close(study);
    free(where);
}

void study_forked(struct study *study)
{
    if (study)
        study->backend->forked(study);
}

const char *study_text(struct study *study, const char *name)
{
    for (size_t i = 0; i < study->n_texts; i++) {
        if (strcmp(study->texts[i].name, name) == 0)
            return study->texts[i].text;
    }
    return NULL;
}

bool study_set_text(struct study *study, const char *name, const char *text, char *error)
{
    char *clean;
    bool done;
    assert(study->is_writer);
    if (strcmp(name, "format") == 0)
        return study_refuse(error, "%s: the format of a study is not set", study->where);
    clean = utf8_clean(text);
    done = study->backend->set_text(study, name, clean, error);
    if (done)
        study_keep_text(study, name, clean);
    free(clean);
    return done;
}

/* Names are columns, keys of JSON and words on a line. */
static bool is_metric_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    }
    return name[0] != '\0' && strlen(name) <= 200 && utf8_is_valid(name);
}

bool study_metric(struct study *study, const char *name, const char *how, unsigned *metric_out, char *error)
{
    char *clean;
    bool done;
    for (size_t i = 0; i < study->n_metrics; i++) {
        if (strcmp(study->metrics[i].name, name) == 0) {
            *metric_out = (unsigned)i;
            return true;
        }
    }
    assert(study->is_writer);
    if (!is_metric_name(name))
        return study_refuse(error, "a metric's name is 1 to 200 bytes of UTF-8 without control characters, not '%.60s'",
                            name);
    clean = utf8_clean(how);
    done = study->backend->add_metric(study, name, clean, metric_out, error);
    free(clean);
    return done;
}

bool study_metric_set_how(struct study *study, unsigned metric, const char *how, char *error)
{
    struct study_rows rows = {.attempts = NULL};
    assert(study->is_writer && metric < study->n_metrics);
    bool done = study->backend->read(study, true, &rows, error);
    for (size_t i = 0; done && i < rows.table.n; i++)
        if (!study_is_missing(rows.table.values[metric][i]))
            done = study_refuse(
                error,
                "--metric %.60s: this study has values of it, found by '%.200s': that cannot change; give the new one "
                "another name",
                study->metrics[metric].name, study->metrics[metric].text);
    study_rows_clear(&rows);
    if (!done)
        return false;
    char *clean = utf8_clean(how);
    done = study->backend->set_how(study, metric, clean, error);
    if (done) {
        free(study->metrics[metric].text);
        study->metrics[metric].text = clean;
    } else {
        free(clean);
    }
    return done;
}

size_t study_n_metrics(const struct study *study)
{
    return study->n_metrics;
}

const char *study_metric_name(const struct study *study, unsigned metric)
{
    assert(metric < study->n_metrics);
    return study->metrics[metric].name;
}

const char *study_metric_how(const struct study *study, unsigned metric)
{
    assert(metric < study->n_metrics);
    return study->metrics[metric].text;
}

bool study_add(struct study *study, const struct study_run *runs, size_t n_runs, char *error)
{
    assert(study->is_writer);
    for (size_t i = 0; i < n_runs; i++) {
        assert(runs[i].key.seed >= 0 && runs[i].attempt > 0 && (unsigned)runs[i].status < N_STATUSES);
        for (size_t k = 0; k < runs[i].n_values; k++)
            assert(runs[i].values[k].metric < study->n_metrics && !study_is_missing(runs[i].values[k].value));
        for (size_t k = 0; k < runs[i].n_steps; k++)
            assert(runs[i].steps[k].metric < study->n_metrics);
    }
    return n_runs == 0 || study->backend->add(study, runs, n_runs, error);
}

bool study_fill(struct study *study, unsigned metric, const struct study_run *runs, size_t n_runs, char *error)
{
    assert(study->is_writer && metric < study->n_metrics);
    for (size_t i = 0; i < n_runs; i++) {
        assert(runs[i].n_values == 1 && runs[i].values[0].metric == metric &&
               !study_is_missing(runs[i].values[0].value));
        for (size_t k = 0; k < runs[i].n_steps; k++)
            assert(runs[i].steps[k].metric == metric);
    }
    return n_runs == 0 || study->backend->fill(study, metric, runs, n_runs, error);
}

bool study_each_known(struct study *study, study_known_fn *each, void *context, char *error)
{
    struct study_rows rows = {.attempts = NULL};
    bool done = study->backend->read(study, false, &rows, error) && study_rows_order(&rows, study->where, error);
    for (size_t i = 0; done && i < rows.table.n; i++) {
        struct study_known known = {
            .key = {.seed = rows.table.seeds[i],
                    .sources = rows.table.sources ? rows.table.sources[i] : "",
                    .repeat = rows.table.repeats[i]},
            .attempt = rows.attempts[i],
            .status = (enum study_status)rows.table.statuses[i],
        };
        each(context, &known);
    }
    study_rows_clear(&rows);
    return done;
}

bool study_read(struct study *study, bool with_digests, struct study_table *table_out, char *error)
{
    struct study_rows rows = {.with_digests = with_digests};
    if (!study->backend->read(study, true, &rows, error) || !study_rows_order(&rows, study->where, error)) {
        study_rows_clear(&rows);
        return false;
    }
    *table_out = rows.table;
    table_out->attempts = rows.attempts;
    return true;
}

bool study_read_steps(struct study *study, const struct study_key *key, unsigned metric, struct study_step **steps_out,
                      size_t *n_steps_out, char *error)
{
    return study->backend->read_steps(study, key, metric, steps_out, n_steps_out, error);
}

bool study_read_tail(struct study *study, const struct study_key *key, char **tail_out, char *error)
{
    return study->backend->read_tail(study, key, tail_out, error);
}

bool study_claim(struct study *study, const struct study_try *tries, size_t n_tries, size_t n_wanted, double seconds,
                 unsigned char *states_out, char *error)
{
    assert(study->is_writer);
    return n_tries == 0 || study->backend->claim(study, tries, n_tries, n_wanted, seconds, states_out, error);
}

bool study_renew(struct study *study, double seconds, char *error)
{
    return study->backend->renew(study, seconds, error);
}

bool study_release(struct study *study, char *error)
{
    return study->backend->release(study, error);
}

size_t study_n_left_out(const struct study *study)
{
    return study->backend->n_left_out(study);
}
