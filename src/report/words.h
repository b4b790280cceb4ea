/* words.h - sentences that `oneseed stats` and the page say alike.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_WORDS_H
#define ONESEED_REPORT_WORDS_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "stats/stats.h" /* struct stats_share */

/* The caller frees what these give; NULL: there is nothing to say. */

/* 12345.2 as "12,346": of runs, rounded up. */
char *words_count(double n);

/* A share as "91.3 %"; and what it leaves of 100 %, so that both add up. */
char *words_percent(double share);
char *words_percent_left(double share);

/* "7.0 %", "1 in 1,234". */
char *words_probability(double p);

/* Why there are no shares. */
char *words_no_shares(const struct stats_shares *all);
/* Estimates or bounds that no share can have. */
char *words_beyond(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all);
/* How many more replications would help. */
char *words_replications(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all);

/* Which values are better. */
enum words_better { WORDS_NEUTRAL, WORDS_HIGHER, WORDS_LOWER };

/* What outliers are worth where the other values are not normal. */
char *words_outliers(const struct stats_summary *summary);

/* Runs with a number whose seed has none in the other study, and why: in a comparison of pairs. */
struct words_alone {
    size_t n_not_run, n_failed, n_nan, n_infinite, n_missing; /* there; failed: in any way */
};

/* Runs that a comparison is without. */
struct words_side {
    size_t n_runs, n_failed, n_timeout, n_lost; /* of all runs: those that did not end well */
    size_t n_nan, n_infinite, n_missing;        /* of those that did: their values */
    struct words_alone alone;                   /* of those with a number */
    const char *own_seeds;                      /* a line that seeds a generator by itself; NULL = none is known */
    bool reseeds;                               /* by `scan --reseed` */
};
/* Counts the last three. */
void words_count_values(struct words_side *side, const double *values, size_t n);
size_t words_left_out(const struct words_side *side);

/* "2 runs gave nan, 1 ended well without it"; NULL: none. */
char *words_not_numbers(size_t n_nan, size_t n_infinite, size_t n_missing);

/* So few runs that the permutation test cannot give 5 %. */
bool words_too_few(const struct stats_comparison *c);
/* So many equal values may be chance. */
enum { WORDS_FEW_EQUAL = 4 };

/* Is a difference shown? 1: B's mean is above, -1: below, 0: not shown. By the interval; without one, as the difference is the same in every
 * pair, by the permutation test. */
int words_shown(const struct stats_comparison *c);
/* Is B better than A? difference: c->difference with the digits that are worth reading. Its first sentence can stand alone. */
char *words_verdict(const struct stats_comparison *c, enum words_better better, const char *difference,
                    const struct words_side *a, const struct words_side *b);
/* One of both was scanned with --reseed, the other was not. */
char *words_reseed(bool reseeds_a, bool reseeds_b);
/* Almost stochastic order, in words and as words_shown(): which of both is above the other across nearly the whole distribution. Its bound
 * holds less often than its level says (docs/stats.md), so it must be below this, not 0.5, and the means must show the same. */
extern const double words_order_below;
int words_order_shown(const struct stats_comparison *c);
char *words_order(const struct stats_comparison *c, enum words_better better);
/* The runs that are in neither of these; and whether one study loses more of them. */
char *words_without(const struct words_side *a, const struct words_side *b);
/* "without a partner: 5 of A's (in B: 3 not run, 2 failed)" */
char *words_partners(const struct words_side *a, const struct words_side *b);
char *words_rates(const struct words_side *a, const struct words_side *b);

#endif
