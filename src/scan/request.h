/* request.h - what a scan is asked to do, and that as texts in the study, so that `--resume` knows it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_REQUEST_H
#define ONESEED_SCAN_REQUEST_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "launch/launch.h" /* enum launch_level */
#include "scan/metric.h"   /* struct metric */
#include "study/study.h"   /* struct study */

struct request {
    /* In the study. */
    char **argv; /* NULL-terminated */
    char *directory, *seeds;
    enum launch_level level;
    struct metric *metrics;
    size_t n_metrics;
    char **varied; /* sources that are varied, sorted, NULL-terminated; NULL = none */
    double timeout_s, audit;
    unsigned retries;
    char *preload; /* NULL = cold starts */
    char *folders; /* NULL = none is kept */
    bool keeps_output, keeps_steps, allows_missing;
    bool reseeds; /* seeds that the program gives itself are shifted by the run's */
    /* In the study, and every call may say others. */
    size_t jobs, shard, n_shards;
    char *until;             /* as given; NULL = no limit */
    char *until_metric;      /* NULL: the only one */
    double until_half_width; /* 0 = no limit */
    /* Of one call only. */
    const char *where; /* the study */
    char **added;      /* names of metrics that this call adds to the study, or reads again */
    size_t n_added;
    unsigned preload_check;
    bool force;
    const char *ray; /* runs are tasks of this Ray cluster; "" = Ray's choice, NULL = they run here */
};

/* `ci<WIDTH`, `NAME:ci<WIDTH` or `none`. False: it is none of these. */
bool request_until(struct request *request, const char *text);

/* Names and texts for study_create(), NULL-terminated; `files` and `environment` are fingerprints. Free with request_texts_clear(). */
char **request_texts(const struct request *request, const char *files, const char *environment);
/* The text "metrics". The caller frees it. */
char *request_metrics_text(const struct request *request);
void request_texts_clear(char **texts);
/* From the texts of a study. False with the reason: the study was made by something else. */
typedef const char *request_text_fn(void *context, const char *name);
bool request_read_texts(request_text_fn *text, void *context, struct request *request_out, char *error,
                        size_t error_nbytes);
bool request_read(struct study *study, struct request *request_out, char *error, size_t error_nbytes);
void request_clear(struct request *request);

#endif
