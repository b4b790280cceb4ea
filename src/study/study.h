/* study.h - the stored result of a scan: its plan, its runs, their metrics. An SQLite file, or a PostgreSQL database.
 * SPDX-License-Identifier: MIT
 *
 * docs/scan.md has the schema and what it promises. One study has one writer at a time (a shared PostgreSQL store:
 * many) and any number of readers, also while it is written. Functions that can fail give false (or NULL) and one line
 * in `error`: what, why, what to do. */
#ifndef ONESEED_STUDY_H
#define ONESEED_STUDY_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

enum { STUDY_ERROR_NBYTES = 512 };

/* What became of an attempt. Names as in the store: done, failed (exit status not 0), timeout, lost (who ran it
 * died). */
enum study_status { STUDY_DONE, STUDY_FAILED, STUDY_TIMEOUT, STUDY_LOST };
const char *study_status_name(enum study_status status);

/* A planned run: a seed, the seeds of single sources where they are not that of the run, and which repetition it is. */
struct study_key {
    int64_t seed;        /* 0 … 2^63-1 */
    const char *sources; /* "init=3,order=0": sorted by name; "" = all from the seed */
    unsigned repeat;     /* 0 = the run, 1… = repeated by the audit */
};

struct study_value {
    unsigned metric; /* number from study_metric() */
    double value;    /* also nan and infinities: a metric that is nan was there */
};

struct study_step {
    unsigned metric;
    int64_t step; /* as the program said, or 0, 1, 2 … as they came */
    double value;
};

/* One attempt of a planned run. Text is never NULL: "" = not known. */
struct study_run {
    struct study_key key;
    unsigned attempt; /* 1… */
    enum study_status status;
    int exit_status;    /* as `run` passes it on */
    double started;     /* seconds since 1970, UTC */
    double seconds;     /* wall clock */
    int64_t peak_kib;   /* most resident memory of one process of the tree; 0 = not known */
    const char *output; /* 32 hex digits: digest of stdout */
    const char *states; /* 32 hex digits: digest of the generators' states at the end */
    const char *host;   /* where it ran */
    const char *tail;   /* the last lines of its stdout and stderr */
    const struct study_value *values;
    size_t n_values; /* each metric at most once: its last value */
    const struct study_step *steps;
    size_t n_steps;
};

struct study;

/* Makes a new study; refuses when there is one. `plan` are pairs of names and texts, NULL-terminated: what `study_text`
 * gives back. `where` is a path, or postgresql://… (then the study's name is the part behind `#`, or "study"). */
struct study *study_create(const char *where, const char *const *plan, char *error);
/* What differs between two texts of that name, `script` or `environment`, in words; NULL: nothing that counts. The caller frees it. */
typedef char *study_difference_fn(const char *name, const char *before, const char *now);
/* Puts studies of one plan, all of them files, together as a new one: the same command, level and metrics, and a script and
 * environment between which `difference` finds nothing (NULL: the same texts). With `force` what it finds is noted in the new study, and
 * in *noted_out (NULL: nothing; the caller frees it). A planned run may be in several when its results are the same. */
bool study_merge(const char *const *from, size_t n_from, const char *to, study_difference_fn *difference, bool force,
                 char **noted_out, char *error);
/* A copy of `where` for people: without a password. */
char *study_shown(const char *where);
/* The only writer of a file until it is closed: refuses, with the holder's process id, while another has it. */
struct study *study_open_writer(const char *where, char *error);
struct study *study_open_reader(const char *where, char *error);
/* Accepts NULL. */
void study_close(struct study *study);
/* In a child that was forked without exec, which must use the study for nothing else: lets go of the lock, which the
 * parent keeps. Else a child that outlives a killed parent would hold it. Accepts NULL. */
void study_forked(struct study *study);

/* Texts of the plan and others; NULL when there is none of that name. Valid until the study is closed or that text is
 * set. */
const char *study_text(struct study *study, const char *name);
bool study_set_text(struct study *study, const char *name, const char *text, char *error);

/* Each study_read and study_each_known also learns of metrics that a writer has added since.
 * The number of a metric, from 0 on, as they were added; adds it (with `how` it is found) when it is new. */
bool study_metric(struct study *study, const char *name, const char *how, unsigned *metric_out, char *error);
/* From now on a metric is found in this way. Refused when an attempt has a value of it, which was found in another. */
bool study_metric_set_how(struct study *study, unsigned metric, const char *how, char *error);
size_t study_n_metrics(const struct study *study);
const char *study_metric_name(const struct study *study, unsigned metric);
const char *study_metric_how(const struct study *study, unsigned metric);

/* Adds attempts, all or none, as one transaction. An attempt that is there already is refused (in a shared store: left
 * out, see study_n_left_out). */
bool study_add(struct study *study, const struct study_run *runs, size_t n_runs, char *error);

/* Adds the value of a metric (values[0]; n_values is 1) and its steps to attempts that are there, all or none, as one transaction. Where the
 * metric has a value already, or no such attempt is there, nothing happens: it may be called again. Of `runs` only key, attempt, values
 * and steps are looked at. */
bool study_fill(struct study *study, unsigned metric, const struct study_run *runs, size_t n_runs, char *error);

/* Many workers, one plan (a shared store): a run is claimed before it is started, so that no other worker starts it. A
 * claim ends when the attempt is added, when its worker closes the study, or after `seconds` without study_renew: then
 * its worker is taken for dead. A file has one writer: what is not there yet is its own. */
struct study_try {
    struct study_key key;
    unsigned attempt; /* the one that would be run now, 1… */
};
enum study_claim_state {
    STUDY_FREE,      /* would have been claimed, but n_wanted were reached */
    STUDY_CLAIMED,   /* ours from now on, or was ours already */
    STUDY_ELSEWHERE, /* another worker has it */
    STUDY_THERE,     /* that attempt is in the store */
};
/* Claims the first n_wanted of these that can be claimed; states_out[i] says what became of tries[i]. */
bool study_claim(struct study *study, const struct study_try *tries, size_t n_tries, size_t n_wanted, double seconds,
                 unsigned char *states_out, char *error);
/* All our claims for so long from now on. */
bool study_renew(struct study *study, double seconds, char *error);
/* Gives all our claims back. */
bool study_release(struct study *study, char *error);
/* How many attempts study_add left out of a shared store because another worker had added the same ones: our claim had
 * expired. */
size_t study_n_left_out(const struct study *study);

/* What is known of each planned run that was tried: its last attempt. Ordered by seed, sources, repeat. */
struct study_known {
    struct study_key key;
    unsigned attempt; /* how many there were */
    enum study_status status;
};
typedef void study_known_fn(void *context, const struct study_known *known);
bool study_each_known(struct study *study, study_known_fn *each, void *context, char *error);

/* The last attempts in columns, one entry a planned run, ordered by seed, sources, repeat. The caller frees with
 * study_table_clear().
 * values[m][k] is metric m of run k: a number, nan that was measured as nan, or "not there" (study_is_missing). */
struct study_table {
    size_t n;
    int64_t *seeds;
    char **sources; /* NULL when all are "" */
    unsigned *repeats;
    unsigned *attempts; /* how many there were */
    unsigned char *statuses;
    double *seconds;
    int64_t *peak_kib;
    char (*outputs)[33], (*states)[33]; /* only with_digests */
    double **values;                    /* study_n_metrics() columns */
};
bool study_read(struct study *study, bool with_digests, struct study_table *table_out, char *error);
void study_table_clear(struct study_table *table);
/* A nan of its own: no program's arithmetic makes it. */
double study_missing(void);
bool study_is_missing(double value);

/* A metric's steps of one planned run, in order. *steps_out is freed by the caller. */
bool study_read_steps(struct study *study, const struct study_key *key, unsigned metric, struct study_step **steps_out,
                      size_t *n_steps_out, char *error);
/* The tail of the last attempt; the caller frees it. NULL in *tail_out: no such run. */
bool study_read_tail(struct study *study, const struct study_key *key, char **tail_out, char *error);

#endif
