/* worker.h - a process that runs one planned run after the other and says what came of each.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_WORKER_H
#define ONESEED_SCAN_WORKER_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "launch/launch.h" /* enum launch_level */
#include "scan/metric.h"   /* struct metric */
#include "study/study.h"   /* struct study_key */

struct worker_options {
    char *const *argv; /* with {seed} and {folder}; NULL-terminated */
    enum launch_level level;
    double timeout_s;
    const struct metric *metrics;
    size_t n_metrics;
    const char *folders; /* where the runs' folders are kept; NULL: removed after each run */
    bool keeps_output;   /* stdout and stderr are kept in the run's folder */
    bool keeps_steps;
    bool reseeds;         /* seeds that the program gives itself are shifted by the run's; else they are noted */
    char *const *varied;  /* sources of randomness that have streams of their own, NULL-terminated; NULL = none */
    const char *preload;  /* modules of a warm start; NULL = cold */
    bool fixed_hash_seed; /* Python's hash seed is not the run's: a warm start has one for all */
    const char *refusal;  /* why nothing can be run here; NULL = it can */
};

/* Text with {seed} and {folder} replaced. The caller frees it. */
char *worker_replace(const char *text, const char *seed, const char *folder);
bool worker_names(const char *text, const char *what);

/* The folder of a run, where they are kept. The caller frees it. */
char *worker_folder(const char *parent, const struct study_key *key);
/* Reads a metric from what a run has printed and left in its folder; not what it logged. */
void worker_measure(const struct metric *metric, const char *seed, const char *folder, const char *out, size_t n_out,
                    struct measured *measured);

/* Serves tasks from a socket until its other end is closed. Never returns. */
_Noreturn void worker_serve(int fd, const struct worker_options *options);

#endif
