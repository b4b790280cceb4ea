/* study_data.h - the parts of a study's report, between their makers.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_STUDY_DATA_H
#define ONESEED_REPORT_STUDY_DATA_H

#include <jansson.h> /* json_t */
#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

#include "report/words.h" /* struct words_side */
#include "stats/stats.h"  /* struct stats_summary */
#include "study/study.h"  /* struct study_table */

/* A study as its report sees it: the runs that its distributions are made of are done, not repeated by the audit, and
 * have all sources from their seed. */
struct columns {
    struct study *study;
    struct study_table table;
    size_t *rows; /* of the table, ordered by seed */
    size_t n_rows;
    struct words_side runs; /* those that are looked at, and what failed of them; its values are counted by metric */
};
bool columns_read(struct study *study, struct columns *columns_out, char *error);
void columns_clear(struct columns *columns);
/* A metric's values at columns->rows; the caller frees them. */
double *columns_values(const struct columns *columns, unsigned metric);

/* Seeds above 2^53 are text: a page's numbers end there. */
json_t *seed_json(int64_t seed);
/* A list of words, as far as it is one; null when there is none. */
json_t *command_json(struct study *study);
json_t *numbers_json(const double *numbers, size_t n_numbers);
json_t *interval_json(const struct stats_interval *interval);

/* Every stride-th of columns->rows is drawn as a point. */
json_t *points_json(const struct columns *columns, size_t stride);
json_t *metric_json(const struct columns *columns, unsigned metric, size_t stride);
/* Values by step; null when there are none. */
json_t *steps_json(const struct columns *columns, unsigned metric, char *error);
/* Shares of the variance; null when no sources were varied. */
json_t *sources_json(const struct columns *columns);
/* Runs repeated by the audit; null when there are none. */
json_t *audit_json(const struct columns *columns);
/* metrics: those of the report, with what is better of each. */
json_t *versus_json(const struct columns *a, const struct columns *b, const char *name_a, const char *name_b,
                    const json_t *metrics);

#endif
