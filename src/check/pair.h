/* pair.h - two recorded runs side by side: where their traces part.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_PAIR_H
#define ONESEED_CHECK_PAIR_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "check/run.h"     /* struct run */
#include "trace/compare.h" /* enum trace_difference_kind */

struct pair_difference {
    enum trace_difference_kind kind;
    struct oneseed_event a, b;            /* ids are resolved below */
    char *lane, *site, *name, *generator; /* "" when absent; of run a, else of run b */
    char *before;                         /* TRACE_PATH: site of the last line that both executed, "" when none */
    uint64_t index;
};

struct pair {
    struct pair_difference *differences; /* lane by lane, each in execution order; bounded per lane */
    size_t n_differences;
    struct trace_totals totals;
};

/* skipped_kinds: bit 1 << kind of events that are passed over; 0 = compare all. */
bool pair_compare(const struct run *a, const struct run *b, uint32_t skipped_kinds, struct pair *pair_out, char *error,
                  size_t error_nbytes);
void pair_clear(struct pair *pair);

/* run_equal(), and where runs leave nothing to compare: did their main threads draw and compute the same? (Operations only when
 * both recorded them.) */
bool pair_same_results(const struct run *a, const struct run *b);

#endif
