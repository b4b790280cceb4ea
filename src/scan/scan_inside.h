/* scan_inside.h - a scan while it goes on: what its parts share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_SCAN_INSIDE_H
#define ONESEED_SCAN_SCAN_INSIDE_H

#include <signal.h> /* sig_atomic_t */

#include "scan/failure.h" /* FAILURE_WORDS_NBYTES */
#include "scan/outcome.h" /* struct outcome */
#include "scan/own_seeds.h"
#include "scan/plan.h" /* struct plan */
#include "scan/pool.h" /* struct pool */
#include "scan/scan.h"
#include "scan/tally.h" /* struct tally */

enum { CLAIMS = 64 };

struct scan {
    struct request *request;
    const struct scan_listener *listener;
    struct scan_result *result;
    struct study *study;
    struct seeds seeds;
    struct plan plan;
    struct pool pool;
    struct cluster *cluster; /* NULL: the workers are processes of ours */
    struct worker_options worker;
    struct tally tally;
    struct own_seeds own_seeds;
    struct outcome *waiting; /* to be stored */
    size_t n_waiting;
    size_t claimed[CLAIMS]; /* places that are ours to run */
    size_t n_claimed;
    double lease_s, next_renewal, next_look;
    double begun;
    double loop_begun;
    size_t n_ended, n_checked; /* in this scan; of them before the loop */
    bool said_doubt;           /* a metric's number may be another one's */
    bool prints_anything;      /* two cold starts with one seed: stdout differs */
    size_t n_runs_before;      /* in the tally when this scan began */
    char *notes[8];            /* of runs, said once each; more than these are of one kind */
    size_t n_notes;
    char *modules; /* lines `@ PATH` of a run; NULL = none yet */
    bool knows_imports;
    bool is_resumed; /* by --resume, and not joined */
    bool stopping, is_new, said_package;
    char host[128], last_words[FAILURE_WORDS_NBYTES];
    char *shown; /* the study for people: its address may hold a password */
};

/* The signal that asked us to stop, 0 = none. */
extern volatile sig_atomic_t scan_asked;

/* The scan ends with this reason; the first one counts. Gives false. */
__attribute__((format(printf, 2, 3))) bool scan_refuse(struct scan *scan, const char *format, ...);
/* A line for people. */
__attribute__((format(printf, 2, 3))) void scan_say(const struct scan *scan, const char *format, ...);

/* A file is made or resumed, as was said. A shared study is made by the first worker, and joined by all others. */
bool scan_open_study(struct scan *scan, bool resume, bool *joined_out);
/* Do other workers fill it at the same time? */
bool scan_is_shared(const struct scan *scan);
/* A study_known_fn for the plan. */
void scan_know(void *context, const struct study_known *known);
/* Metrics that this call adds to a study that is resumed become part of its plan. */
bool scan_add_metrics(struct scan *scan);
/* Their values are read from what was kept of the runs that are there; also what an earlier scan did not come to. */
bool scan_fill(struct scan *scan);
/* Was it added on a resume? Then runs of before may lack it. */
bool scan_was_added(struct study *study, const char *name);
/* Step i of a series, as a study has it; false: a value that came alone, without a step. */
bool scan_step(const struct series *series, unsigned metric, size_t i, struct study_step *step_out);
/* After a new study's first run: what that wrote is nothing that runs depend on. */
void scan_forget_outputs(struct scan *scan);
/* After the first run of a new study that said what it imported: these files are what runs depend on. */
void scan_know_imports(struct scan *scan);

/* The next run that is ours. */
bool scan_next_place(struct scan *scan, size_t *place_out);
struct task scan_task(const struct scan *scan, size_t place);
/* What came of a run; takes what it holds. */
void scan_take(struct scan *scan, struct outcome *outcome);

/* scan_words.c: a run that failed; whether the first ones all did; whether a metric is in none of them; the same at the end, of fewer. */
void scan_say_failure(struct scan *scan, const struct outcome *outcome, bool again);
void scan_look_for_success(struct scan *scan, const struct outcome *outcome);
void scan_look_for_metrics(struct scan *scan, const struct outcome *outcome);
void scan_say_missing(const struct scan *scan);

/* The first runs warm and cold, which must be equal. The warm ones count. */
bool scan_check_preload(struct scan *scan);

#endif
