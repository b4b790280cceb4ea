/* stats_study.h - a study as `oneseed stats` sees it: which of its runs, and their values.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_STATS_STUDY_H
#define ONESEED_CLI_STATS_STUDY_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "cli/stats_report.h" /* struct stats_runs */
#include "study/study.h"      /* struct study_table */

struct stats_study {
    struct study *study;
    struct study_table table;
    char *shown;
    struct stats_runs runs;
    size_t *rows; /* of the done runs that are looked at; NULL: all rows, in order */
    size_t n_rows;
};
/* False: said on stderr; close it all the same. */
bool stats_open_study(const char *path, struct stats_study *opened);
void stats_close_study(struct stats_study *opened);

/* The table's row of the k-th run that is looked at. */
size_t stats_row(const struct stats_study *opened, size_t k);
const char *stats_sources(const struct study_table *table, size_t row);
/* The chosen runs' values of a metric; *own_out is to be freed when they are a copy. */
const double *stats_values(const struct stats_study *opened, size_t metric, double **own_out);
bool stats_find_metric(const struct study *study, const char *name, size_t *number_out);

/* All runs on stdout, with these metrics. */
void stats_print_csv(const struct stats_study *opened, const size_t *numbers, size_t n_numbers);

struct stats_versus {
    bool unpaired;
    bool all_needed; /* every metric of the report was asked for */
};
/* Fills report->comparisons; numbers: of A's metrics. False: there is nothing to compare, said on stderr. */
bool stats_compare_studies(const struct stats_versus *wanted, const struct stats_study *a, const struct stats_study *b,
                           const size_t *numbers, struct stats_report *report);

#endif
