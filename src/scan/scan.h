/* scan.h - the same command with many seeds: runs what is missing in a study, and keeps what comes of it.
 * SPDX-License-Identifier: MIT
 *
 * docs/scan.md says what it promises. Nothing here prints: the caller hears through `tick` and `say`. */
#ifndef ONESEED_SCAN_SCAN_H
#define ONESEED_SCAN_SCAN_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "scan/request.h" /* struct request */
#include "stats/stats.h"  /* struct stats_running */

enum { SCAN_SAMPLE = 4096 };

/* A metric of the runs that are done, as a live table shows it. */
struct scan_metric {
    const char *name;
    struct stats_running running;
    size_t n_nan, n_missing; /* of the runs that are done; missing is counted for the metrics that were asked for */
    double sample[SCAN_SAMPLE];
    size_t n_sample;
    bool declared;
};

struct scan_progress {
    size_t n_planned, n_done, n_failed, n_running;
    size_t n_before; /* done or failed when this scan began */
    size_t jobs;
    double elapsed_s, left_s; /* left_s < 0: not known yet */
    const struct scan_metric *metrics;
    size_t n_metrics;
};

struct scan_audit {
    bool is_wanted;
    size_t n, n_equal;
    size_t n_printed; /* of the equal ones: what they printed differs all the same */
    int64_t first;    /* a seed whose repetition differed */
    char what[64];    /* "stdout", "acc", … */
};

enum scan_end {
    SCAN_COMPLETE, /* every planned run has ended */
    SCAN_ENOUGH,   /* --until; the runs that were not needed are not there */
    SCAN_STOPPED,  /* by a signal */
    SCAN_REFUSED   /* error says why */
};

struct scan_result {
    enum scan_end end;
    int signal;
    bool has_begun; /* what the study has is known: with SCAN_REFUSED, it may not be */
    struct scan_progress progress;
    struct scan_audit audit;
    size_t n_ended; /* runs of this scan */
    struct {
        double half_width; /* asked for by --until; 0 = nothing */
        double have;       /* Student's, of what is there; nan: not known */
        char metric[64];
    } until;
    char error[1024];
};

struct scan_listener {
    void (*tick)(void *context,
                 const struct scan_progress *progress); /* about five times a second, and after each result */
    void (*say)(void *context, const char *line);       /* something to know, one line */
    void *context;
};

/* Runs a new study, or what is missing of the one that is there (`resume`). Always fills *result; scan_result_clear frees it. */
void scan_run(struct request *request, bool resume, const struct scan_listener *listener, struct scan_result *result);
/* How many runs are planned. False with the reason. */
bool scan_count(const struct request *request, size_t *n_out, char *error, size_t error_nbytes);
void scan_result_clear(struct scan_result *result);

#endif
