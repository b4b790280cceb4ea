/* backend.h - what a store (an SQLite file, a PostgreSQL database) gives to study.c. Inside the room only.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STUDY_BACKEND_H
#define ONESEED_STUDY_BACKEND_H

#include "study/study.h" /* struct study_run */

#define STUDY_FORMAT "oneseed-study/1"

/* All attempts of a study in any order: `table` with n rows, and which attempt each is. */
struct study_rows {
    struct study_table table;
    unsigned *attempts;
    size_t capacity;
    size_t n_metrics; /* columns of table.values */
    bool with_digests;
};

struct study_backend {
    void (*close)(struct study *study);
    void (*forked)(struct study *study);
    bool (*set_text)(struct study *study, const char *name, const char *text, char *error);
    bool (*add_metric)(struct study *study, const char *name, const char *how, unsigned *metric_out, char *error);
    bool (*set_how)(struct study *study, unsigned metric, const char *how, char *error);
    bool (*add)(struct study *study, const struct study_run *runs, size_t n_runs, char *error);
    bool (*fill)(struct study *study, unsigned metric, const struct study_run *runs, size_t n_runs, char *error);
    /* Brings texts and metrics up to date, then all attempts; with_values: all columns, else keys and statuses. */
    bool (*read)(struct study *study, bool with_values, struct study_rows *rows, char *error);
    bool (*read_steps)(struct study *study, const struct study_key *key, unsigned metric, struct study_step **steps_out,
                       size_t *n_steps_out, char *error);
    bool (*read_tail)(struct study *study, const struct study_key *key, char **tail_out, char *error);
    bool (*claim)(struct study *study, const struct study_try *tries, size_t n_tries, size_t n_wanted, double seconds,
                  unsigned char *states_out, char *error);
    bool (*renew)(struct study *study, double seconds, char *error);
    bool (*release)(struct study *study, char *error);
    size_t (*n_left_out)(const struct study *study);
};

struct study_pair {
    char *name, *text;
};

/* The first member of each backend's own struct. */
struct study {
    const struct study_backend *backend;
    char *where; /* for messages: never a password */
    bool is_writer;
    struct study_pair *texts;
    size_t n_texts;
    struct study_pair *metrics; /* name and how */
    size_t n_metrics;
};

/* Prints one line into error; false. */
__attribute__((format(printf, 2, 3))) bool study_refuse(char *error, const char *format, ...);
/* "seed 5, repeat 1, attempt 2" into a buffer of STUDY_KEY_NBYTES. */
enum { STUDY_KEY_NBYTES = 160 };
const char *study_key_text(const struct study_key *key, unsigned attempt, char *buffer);

/* The caches. */
void study_texts_clear(struct study *study);
void study_metrics_clear(struct study *study);
void study_keep_text(struct study *study, const char *name, const char *text);
void study_keep_metric(struct study *study, const char *name, const char *how);

/* -1: no such name. */
int study_status_from(const char *name, size_t name_nbytes);

/* rows.c: room for `capacity` rows; out of memory: false with a line. Who fills them sets table.n, and sources where
 * they are not "". */
bool study_rows_reserve(struct study_rows *rows, size_t capacity, bool with_values, const char *where, char *error);
void study_rows_clear(struct study_rows *rows);
/* Orders them by seed, sources, repeat and leaves each key's last attempt. False: the same attempt is there twice. */
bool study_rows_order(struct study_rows *rows, const char *where, char *error);

/* merge_seeds.c: one list of seeds in scan's words; NULL with a line. The caller frees. */
char *study_merge_seeds(const char *const *texts, size_t n_texts, char *error);

struct study *study_sqlite_create(const char *path, const char *const *plan, char *error);
struct study *study_sqlite_open(const char *path, bool as_writer, char *error);

bool study_is_address(const char *where); /* postgresql://… */
/* Where that is, for messages. */
char *study_postgres_shown(const char *address);
struct study *study_postgres_create(const char *address, const char *const *plan, char *error);
struct study *study_postgres_open(const char *address, bool as_writer, char *error);

#endif
