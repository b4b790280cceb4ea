/* plan.h - which runs there are to be, and what became of each so far.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_PLAN_H
#define ONESEED_SCAN_PLAN_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

#include "scan/seeds.h"  /* struct seeds */
#include "study/study.h" /* struct study_known */

enum planned_state {
    PLANNED_OPEN,
    PLANNED_RUNNING,
    PLANNED_ELSEWHERE,
    PLANNED_DONE,
    PLANNED_FAILED,
    PLANNED_DROPPED,
    PLANNED_STATES
};

struct planned {
    int64_t seed;
    unsigned sources; /* in plan.sources */
    unsigned short repeat;
    unsigned char state;    /* enum planned_state */
    unsigned char attempts; /* that ended: made in this scan or known before */
    unsigned char counted;  /* of them: those that count against the retries */
    unsigned char lost;     /* of this scan: their worker died */
};

struct plan {
    struct planned *runs;
    size_t n;
    char **sources; /* [0] is "" */
    size_t n_sources;
    size_t *order; /* by seed, sources, repeat */
    size_t next;   /* where to look for an open run */
    size_t n_state[PLANNED_STATES];
    unsigned retries;
};

struct plan_options {
    const struct seeds *seeds;
    char *const *varied;    /* sources that are varied one by one, sorted; NULL-terminated or NULL */
    double audit;           /* share of the seeds that are run again, 0 … 1 */
    size_t shard, n_shards; /* every n_shards-th run from the shard-th on; 0 of 1: all */
    unsigned retries;
};

/* False with the reason. */
bool plan_make(const struct plan_options *options, struct plan *plan_out, char *error, size_t error_nbytes);
void plan_clear(struct plan *plan);

/* What the study knows: a run that is there is not open any more, unless it may be tried again. */
void plan_know(struct plan *plan, const struct study_known *known);
/* The next open runs, n_most at most: their number. */
size_t plan_open(struct plan *plan, size_t *places_out, size_t n_most);
void plan_running(struct plan *plan, size_t place);
/* Another worker of a shared study has it; plan_look_again: who knows what became of these. */
void plan_elsewhere(struct plan *plan, size_t place);
void plan_look_again(struct plan *plan);
/* A run that was running has ended. True: it will be tried again. */
bool plan_ended(struct plan *plan, size_t place, enum study_status status);
/* A run that was running did not come to an end: it is open again. */
void plan_reopen(struct plan *plan, size_t place);
/* No seed is begun any more; those that are done or running are still repeated, where that is planned. */
void plan_drop_seeds(struct plan *plan);
struct study_key plan_key(const struct plan *plan, size_t place);

#endif
