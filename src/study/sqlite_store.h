/* sqlite_store.h - a study in an SQLite file: what the files of this store share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STUDY_SQLITE_STORE_H
#define ONESEED_STUDY_SQLITE_STORE_H

#include <sqlite3.h> /* sqlite3 */

#include "study/backend.h" /* struct study */
#include "study/lock.h"    /* struct study_lock */

/* How a file is read. */
enum sqlite_access {
    ACCESS_SHARED,    /* as usual: beside a writer */
    ACCESS_UNLOCKED,  /* what cannot be written, with a log that a killed writer left */
    ACCESS_IMMUTABLE, /* the same without a log */
};

struct sqlite_study {
    struct study base;
    sqlite3 *db;
    char *path; /* absolute, links resolved: what SQLite and the lock go by */
    struct study_lock lock;
    enum sqlite_access access;
    char **view_names; /* columns of the view `runs`, one a metric */
    size_t n_view_names;
    sqlite3_stmt *add_run, *add_tail, *add_step; /* prepared by the first study_add, again after a new metric */
};

/* One line for the connection's last error: what happened to the study, and what to do. False. */
bool sqlite_refuse(sqlite3 *db, const char *where, char *error);
bool sqlite_execute(struct sqlite_study *study, const char *sql, char *error);
/* A connection with everything turned off that a stranger's file could use against us. */
bool sqlite_connect(const char *path, enum sqlite_access access, int flags, const char *where, sqlite3 **db_out,
                    char *error);
bool sqlite_prepare(sqlite3 *db, const char *sql, const char *where, sqlite3_stmt **statement_out, char *error);
/* Columns of a row. False: no number, text `nan` or NULL (then missing); no integer from 0 to `most`. */
bool sqlite_value(sqlite3_stmt *row, int column, double *value_out);
bool sqlite_count(sqlite3_stmt *row, int column, sqlite3_int64 most, sqlite3_int64 *value_out);
bool sqlite_begin(struct sqlite_study *study, const char *sql, char *error);
/* done: commits; else, or when that fails, everything since `begin` is undone. */
bool sqlite_end(struct sqlite_study *study, bool done, char *error);
void sqlite_forget_statements(struct sqlite_study *study);
/* Those that are new since the last time. */
bool sqlite_load_metrics(struct sqlite_study *study, char *error);

/* Inside a transaction. */
bool sqlite_put_text(struct sqlite_study *study, const char *name, const char *text, char *error);
bool sqlite_make_view(struct sqlite_study *study, char *error);

bool sqlite_set_text(struct study *study, const char *name, const char *text, char *error);
bool sqlite_add_metric(struct study *study, const char *name, const char *how, unsigned *metric_out, char *error);
bool sqlite_set_how(struct study *study, unsigned metric, const char *how, char *error);
bool sqlite_fill(struct study *study, unsigned metric, const struct study_run *runs, size_t n_runs, char *error);
bool sqlite_add(struct study *study, const struct study_run *runs, size_t n_runs, char *error);
bool sqlite_read(struct study *study, bool with_values, struct study_rows *rows, char *error);
bool sqlite_read_steps(struct study *study, const struct study_key *key, unsigned metric, struct study_step **steps_out,
                       size_t *n_steps_out, char *error);
bool sqlite_claim(struct study *study, const struct study_try *tries, size_t n_tries, size_t n_wanted, double seconds,
                  unsigned char *states_out, char *error);
bool sqlite_read_tail(struct study *study, const struct study_key *key, char **tail_out, char *error);

#endif
