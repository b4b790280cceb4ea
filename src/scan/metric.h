/* metric.h - where a run's numbers are: on its stdout, in files, in what it logged.
 * SPDX-License-Identifier: MIT
 *
 * docs/scan.md, "Metrics", has the words of `--metric NAME=HOW`. Whatever a run prints or writes is untrusted: what cannot be read is
 * not there, and never an error of ours. */
#ifndef ONESEED_SCAN_METRIC_H
#define ONESEED_SCAN_METRIC_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

enum metric_kind {
    METRIC_REGEX,
    METRIC_JSON,
    METRIC_JSON_FILE,
    METRIC_CSV,
    METRIC_TENSORBOARD,
    METRIC_MLFLOW,
    METRIC_LOG
};

struct metric {
    char *name, *how; /* as given */
    enum metric_kind kind;
    char *key;  /* of an object, a column, a tag; a label in text */
    char *path; /* with {seed} and {folder}; NULL: stdout or the log */
    void *code,
        *code_of_nan; /* compiled regular expressions; the second one is for nan and inf in place of digits, or NULL */
    bool is_label;    /* behind a label; several may end with it */
    unsigned group;   /* that has the number; 0: the first one that is a number */
};

/* From "NAME=HOW", "NAME" (which is "NAME=text") or, when HOW is given, from both apart. False with the reason. */
bool metric_parse(const char *text, struct metric *metric_out, char *error, size_t error_nbytes);
bool metric_make(const char *name, const char *how, struct metric *metric_out, char *error, size_t error_nbytes);
void metric_clear(struct metric *metric);

/* Values of a metric as they came. A step of INT64_MIN was not said: it is the place in the order. */
struct series {
    char *name;
    int64_t *steps;
    double *values;
    size_t n;
};

/* All that a run said, by name. */
struct measured {
    struct series *series;
    size_t n_series;
    char *doubt; /* a line for people: whether the right number was taken; NULL = none */
};

struct series *measured_series(struct measured *measured, const char *name);
void measured_add(struct measured *measured, const char *name, int64_t step, double value);
void measured_clear(struct measured *measured);

/* A number as programs print it: C's notation, nan, inf, also with a sign; blanks around it. */
bool metric_number(const char *text, size_t n, double *value_out);

/* Each reads its source into `measured`: text is a run's stdout, path a file or folder that may not be there. */
void metric_read_regex(const struct metric *metric, const char *text, size_t n, struct measured *measured);
void metric_read_json_lines(const struct metric *metric, const char *text, size_t n, struct measured *measured);
void metric_read_json_file(const struct metric *metric, const char *path, struct measured *measured);
void metric_read_csv(const struct metric *metric, const char *path, struct measured *measured);
void metric_read_tensorboard(const struct metric *metric, const char *path, struct measured *measured);
void metric_read_mlflow(const struct metric *metric, const char *path, struct measured *measured);
/* What oneseed.log() wrote: all names. */
void metric_read_log(const char *path, struct measured *measured);

/* A whole file, with a zero behind it; NULL when it cannot be read or is larger than 1 GiB. The caller frees it. */
char *metric_file(const char *path, size_t *n_out);

#endif
