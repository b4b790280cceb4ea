/* shares.h - a study's varied runs as stats_variance_shares() takes them: which source has the seed of which replication.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_SHARES_H
#define ONESEED_REPORT_SHARES_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "stats/stats.h" /* struct stats_share */
#include "study/study.h" /* struct study_table */

/* Replications are the runs that are done, not repeated, with all sources from their seed, in the order of their seeds. A varied
 * run is done, not repeated, and has one source with the seed of another replication. */
struct shares_plan {
    char **names; /* of the sources, sorted */
    size_t n_names;
    size_t *bases; /* rows of the table */
    size_t n_bases;
    struct shares_run {
        size_t row, source, base, from; /* places in the table, in names, in bases */
    } * runs;
    size_t n_runs;
    size_t n_left_out; /* varied runs without their replications, or with several sources of their own */
};
/* False: no sources were varied. */
bool shares_plan_read(const struct study_table *table, struct shares_plan *plan_out);
void shares_plan_clear(struct shares_plan *plan);

/* Of one metric; shares_out: plan->n_names. False: not enough to say anything, or, where out->variance is 0, nothing to share out. */
bool shares_of_metric(const struct shares_plan *plan, const struct study_table *table, unsigned metric,
                      const struct stats_options *options, struct stats_share *shares_out, struct stats_shares *out);

#endif
