/* words.h - sentences that `oneseed stats` and the page say alike.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_WORDS_H
#define ONESEED_REPORT_WORDS_H

#include <stddef.h> /* size_t */

#include "stats/stats.h" /* struct stats_share */

/* The caller frees what these give; NULL: there is nothing to say. */

/* 12345.2 as "12,346": of runs, rounded up. */
char *words_count(double n);

/* Estimates or bounds that no share can have. */
char *words_beyond(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all);
/* How many more replications would help. */
char *words_replications(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all);

#endif
