/* sqlite_write.c - puts texts, metrics and attempts into an SQLite file, each call as one transaction.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>    /* tolower */
#include <inttypes.h> /* PRId64 */
#include <math.h>     /* isnan */
#include <stdlib.h>   /* free */
#include <string.h>   /* strlen */

#include "common/utf8.h"  /* utf8_clean */
#include "common/array.h" /* text_format, ARRAY_PUSH */
#include "study/sqlite_store.h"

enum {
    N_RUN_COLUMNS = 12, /* before m0 */
    MOST_METRICS = 1900 /* SQLite has 2000 columns a table, and the view shows all */
};
#define RUN_COLUMNS "seed, sources, repeat, attempt, status, exit, started, seconds, peak_kib, output, states, host"
static const char *const run_columns[] = {"seed",    "sources", "repeat",   "attempt", "status", "exit",
                                          "started", "seconds", "peak_kib", "output",  "states", "host"};

bool sqlite_put_text(struct sqlite_study *study, const char *name, const char *text, char *error)
{
    sqlite3_stmt *statement;
    bool done;
    if (!sqlite_prepare(study->db, "INSERT OR REPLACE INTO study(key, value) VALUES(?, ?)", study->base.where,
                        &statement, error))
        return false;
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    done = sqlite3_step(statement) == SQLITE_DONE || sqlite_refuse(study->db, study->base.where, error);
    sqlite3_finalize(statement);
    return done;
}

bool sqlite_set_text(struct study *base, const char *name, const char *text, char *error)
{
    struct sqlite_study *study = (struct sqlite_study *)base;
    return sqlite_begin(study, "BEGIN IMMEDIATE", error) &&
           sqlite_end(study, sqlite_put_text(study, name, text, error), error);
}

/* SQLite's names do not know case (of ASCII letters). */
static bool same_name(const char *a, const char *b)
{
    for (; *a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b); a++)
        b++;
    return *a == *b;
}

static bool is_taken(const struct sqlite_study *study, const char *name)
{
    for (size_t i = 0; i < N_RUN_COLUMNS; i++) {
        if (same_name(run_columns[i], name))
            return true;
    }
    for (size_t i = 0; i < study->n_view_names; i++) {
        if (same_name(study->view_names[i], name))
            return true;
    }
    return false;
}

/* A name of its own in the view for each metric: `acc`, and `Acc_2` for one that SQLite takes for the same. */
static void name_columns(struct sqlite_study *study)
{
    while (study->n_view_names < study->base.n_metrics) {
        const char *metric = study->base.metrics[study->n_view_names].name;
        char *name = text_copy(metric);
        for (unsigned k = 2; is_taken(study, name); k++) {
            free(name);
            name = text_format("%s_%u", metric, k);
        }
        ARRAY_PUSH(study->view_names, study->n_view_names, name);
    }
}

bool sqlite_make_view(struct sqlite_study *study, char *error)
{
    char *columns;
    sqlite3_str *sql = sqlite3_str_new(study->db);
    bool done;
    name_columns(study);
    sqlite3_str_appendall(sql, "DROP VIEW IF EXISTS runs; CREATE VIEW runs AS SELECT " RUN_COLUMNS);
    for (size_t m = 0; m < study->base.n_metrics; m++)
        sqlite3_str_appendf(sql, ", m%u AS \"%w\"", (unsigned)m, study->view_names[m]);
    sqlite3_str_appendall(sql, " FROM run WHERE NOT EXISTS (SELECT 1 FROM run AS later WHERE later.seed = run.seed"
                               " AND later.sources = run.sources AND later.repeat = run.repeat"
                               " AND later.attempt > run.attempt)");
    columns = sqlite3_str_finish(sql);
    done = columns ? sqlite_execute(study, columns, error)
                   : study_refuse(error, "%s: not enough memory", study->base.where);
    sqlite3_free(columns);
    return done;
}

static bool insert_metric(struct sqlite_study *study, const char *name, const char *how, char *error)
{
    size_t number = study->base.n_metrics - 1;
    sqlite3_stmt *statement;
    char column[64];
    bool done;
    if (!sqlite_prepare(study->db, "INSERT INTO metric(id, name, how) VALUES(?, ?, ?)", study->base.where, &statement,
                        error))
        return false;
    (void)sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
    (void)sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(statement, 3, how, -1, SQLITE_STATIC);
    done = sqlite3_step(statement) == SQLITE_DONE || sqlite_refuse(study->db, study->base.where, error);
    sqlite3_finalize(statement);
    (void)snprintf(column, sizeof column, "ALTER TABLE run ADD COLUMN m%zu", number);
    return done && sqlite_execute(study, column, error) && sqlite_make_view(study, error);
}

bool sqlite_set_how(struct study *base, unsigned metric, const char *how, char *error)
{
    struct sqlite_study *study = (struct sqlite_study *)base;
    sqlite3_stmt *statement;
    if (!sqlite_begin(study, "BEGIN IMMEDIATE", error))
        return false;
    bool done = sqlite_prepare(study->db, "UPDATE metric SET how = ? WHERE id = ?", base->where, &statement, error);
    if (done) {
        (void)sqlite3_bind_text(statement, 1, how, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)metric);
        done = sqlite3_step(statement) == SQLITE_DONE || sqlite_refuse(study->db, base->where, error);
        sqlite3_finalize(statement);
    }
    return sqlite_end(study, done, error);
}

bool sqlite_add_metric(struct study *base, const char *name, const char *how, unsigned *metric_out, char *error)
{
    struct sqlite_study *study = (struct sqlite_study *)base;
    if (base->n_metrics >= MOST_METRICS)
        return study_refuse(error,
                            "%s: a study has at most %d metrics: '%.60s' is one too many; choose some with --metric",
                            base->where, MOST_METRICS, name);
    if (!sqlite_begin(study, "BEGIN IMMEDIATE", error))
        return false;
    study_keep_metric(base, name, how); /* the view names it, too */
    if (!sqlite_end(study, insert_metric(study, name, how, error), error)) {
        base->n_metrics--;
        free(base->metrics[base->n_metrics].name);
        free(base->metrics[base->n_metrics].text);
        if (study->n_view_names > base->n_metrics)
            free(study->view_names[--study->n_view_names]);
        return false;
    }
    sqlite_forget_statements(study);
    *metric_out = (unsigned)(base->n_metrics - 1);
    return true;
}

static bool prepare_all(struct sqlite_study *study, char *error)
{
    const char *where = study->base.where;
    sqlite3_str *sql;
    char *text;
    bool done;
    if (study->add_run)
        return true;
    sql = sqlite3_str_new(study->db);
    sqlite3_str_appendall(sql, "INSERT INTO run(" RUN_COLUMNS);
    for (size_t m = 0; m < study->base.n_metrics; m++)
        sqlite3_str_appendf(sql, ", m%u", (unsigned)m);
    sqlite3_str_appendall(sql, ") VALUES(?");
    for (size_t i = 1; i < N_RUN_COLUMNS + study->base.n_metrics; i++)
        sqlite3_str_appendall(sql, ", ?");
    sqlite3_str_appendall(sql, ")");
    text = sqlite3_str_finish(sql);
    done = text ? sqlite_prepare(study->db, text, where, &study->add_run, error)
                : study_refuse(error, "%s: not enough memory", where);
    sqlite3_free(text);
    done = done &&
           sqlite_prepare(study->db, "INSERT INTO tail(run, text) VALUES(?, ?)", where, &study->add_tail, error) &&
           sqlite_prepare(study->db, "INSERT INTO step(run, metric, n, step, value) VALUES(?, ?, ?, ?, ?)", where,
                          &study->add_step, error);
    if (!done)
        sqlite_forget_statements(study);
    return done;
}

static void bind_value(sqlite3_stmt *statement, int column, double value)
{
    if (isnan(value)) /* SQLite would make NULL of it, which means that it was not there */
        (void)sqlite3_bind_text(statement, column, "nan", 3, SQLITE_STATIC);
    else
        (void)sqlite3_bind_double(statement, column, value);
}

static bool step(struct sqlite_study *study, sqlite3_stmt *statement, char *error)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE || sqlite_refuse(study->db, study->base.where, error);
    (void)sqlite3_reset(statement);
    return done;
}

static bool insert_run(struct sqlite_study *study, const struct study_run *run, char *error)
{
    sqlite3_stmt *to = study->add_run;
    char key[STUDY_KEY_NBYTES], *host = utf8_clean(run->host);
    const char *status = study_status_name(run->status);
    int column = 1, code;
    (void)sqlite3_clear_bindings(to); /* metrics that are not there: NULL */
    (void)sqlite3_bind_int64(to, column++, run->key.seed);
    (void)sqlite3_bind_text(to, column++, run->key.sources, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(to, column++, run->key.repeat);
    (void)sqlite3_bind_int64(to, column++, run->attempt);
    (void)sqlite3_bind_text(to, column++, status, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int(to, column++, run->exit_status);
    (void)sqlite3_bind_double(to, column++, run->started);
    (void)sqlite3_bind_double(to, column++, run->seconds);
    (void)sqlite3_bind_int64(to, column++, run->peak_kib);
    (void)sqlite3_bind_text(to, column++, run->output, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(to, column++, run->states, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(to, column++, host, -1, SQLITE_STATIC);
    for (size_t i = 0; i < run->n_values; i++)
        bind_value(to, N_RUN_COLUMNS + 1 + (int)run->values[i].metric, run->values[i].value);
    code = sqlite3_step(to);
    if (code != SQLITE_DONE) {
        code = sqlite3_extended_errcode(study->db);
        if (code == SQLITE_CONSTRAINT_UNIQUE)
            (void)study_refuse(error, "%s: %s is there already", study->base.where,
                               study_key_text(&run->key, run->attempt, key));
        else
            (void)sqlite_refuse(study->db, study->base.where, error);
        code = SQLITE_ERROR;
    }
    (void)sqlite3_reset(to);
    free(host);
    return code == SQLITE_DONE;
}

static bool insert_tail(struct sqlite_study *study, sqlite3_int64 id, const char *text, char *error)
{
    char *clean = utf8_clean(text);
    bool done;
    (void)sqlite3_bind_int64(study->add_tail, 1, id);
    (void)sqlite3_bind_text(study->add_tail, 2, clean, -1, SQLITE_STATIC);
    done = step(study, study->add_tail, error);
    free(clean);
    return done;
}

static bool insert_steps(struct sqlite_study *study, sqlite3_int64 id, const struct study_run *run, char *error)
{
    for (size_t i = 0; i < run->n_steps; i++) {
        (void)sqlite3_bind_int64(study->add_step, 1, id);
        (void)sqlite3_bind_int64(study->add_step, 2, run->steps[i].metric);
        (void)sqlite3_bind_int64(study->add_step, 3, (sqlite3_int64)i);
        (void)sqlite3_bind_int64(study->add_step, 4, run->steps[i].step);
        bind_value(study->add_step, 5, run->steps[i].value);
        if (!step(study, study->add_step, error))
            return false;
    }
    return true;
}

bool sqlite_add(struct study *base, const struct study_run *runs, size_t n_runs, char *error)
{
    struct sqlite_study *study = (struct sqlite_study *)base;
    bool done = sqlite_begin(study, "BEGIN IMMEDIATE", error);
    if (!done)
        return false;
    done = prepare_all(study, error);
    for (size_t i = 0; done && i < n_runs; i++) {
        sqlite3_int64 id;
        done = insert_run(study, &runs[i], error);
        id = sqlite3_last_insert_rowid(study->db);
        done = done && (runs[i].tail[0] == '\0' || insert_tail(study, id, runs[i].tail, error)) &&
               insert_steps(study, id, &runs[i], error);
    }
    return sqlite_end(study, done, error);
}

/* The attempt, if the metric has no value there; *id_out is 0 if not. */
static bool find_unfilled(struct sqlite_study *study, sqlite3_stmt *find, const struct study_run *run,
                          sqlite3_int64 *id_out, char *error)
{
    int code;
    (void)sqlite3_bind_int64(find, 1, run->key.seed);
    (void)sqlite3_bind_text(find, 2, run->key.sources, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(find, 3, run->key.repeat);
    (void)sqlite3_bind_int64(find, 4, run->attempt);
    code = sqlite3_step(find);
    *id_out = code == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
    (void)sqlite3_reset(find);
    return code == SQLITE_ROW || code == SQLITE_DONE || sqlite_refuse(study->db, study->base.where, error);
}

static bool fill_one(struct sqlite_study *study, sqlite3_stmt *find, sqlite3_stmt *put, const struct study_run *run,
                     char *error)
{
    sqlite3_int64 id;
    if (!find_unfilled(study, find, run, &id, error))
        return false;
    if (id == 0)
        return true;
    bind_value(put, 1, run->values[0].value);
    (void)sqlite3_bind_int64(put, 2, id);
    return step(study, put, error) && insert_steps(study, id, run, error);
}

bool sqlite_fill(struct study *base, unsigned metric, const struct study_run *runs, size_t n_runs, char *error)
{
    struct sqlite_study *study = (struct sqlite_study *)base;
    sqlite3_stmt *find = NULL, *put = NULL;
    char find_text[160], put_text[80];
    (void)snprintf(find_text, sizeof find_text,
                   "SELECT id FROM run WHERE seed = ? AND sources = ? AND repeat = ? AND attempt = ? AND m%u IS NULL",
                   metric);
    (void)snprintf(put_text, sizeof put_text, "UPDATE run SET m%u = ? WHERE id = ?", metric);
    bool done = sqlite_begin(study, "BEGIN IMMEDIATE", error);
    if (!done)
        return false;
    done = prepare_all(study, error) && sqlite_prepare(study->db, find_text, base->where, &find, error) &&
           sqlite_prepare(study->db, put_text, base->where, &put, error);
    for (size_t i = 0; done && i < n_runs; i++)
        done = fill_one(study, find, put, &runs[i], error);
    sqlite3_finalize(find);
    sqlite3_finalize(put);
    return sqlite_end(study, done, error);
}
