/* compare.h - aligns two traces lane by lane, in execution order, and finds where they part.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TRACE_COMPARE_H
#define ONESEED_TRACE_COMPARE_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "trace/event.h"  /* struct oneseed_event */
#include "trace/reader.h" /* struct trace */

enum trace_difference_kind {
    TRACE_RESULT, /* same call, same inputs, another result */
    TRACE_INPUT,  /* same call, other inputs: an effect of something earlier or unrecorded */
    TRACE_COUNT,  /* same draw, same state before, another number of words */
    TRACE_PATH,   /* another call: the program went another way */
    TRACE_ENDED,  /* one lane has ended, the other goes on */
    TRACE_LANE,   /* a lane that only one trace has */
};

struct trace_difference {
    enum trace_difference_kind kind;
    size_t lane_a, lane_b;       /* (size_t)-1 when the trace lacks the lane */
    uint64_t index;              /* event number within a's lane, from 0 (b's when a lacks the lane) */
    struct oneseed_event a, b;   /* zero when absent */
    uint64_t index_b;            /* event number within b's lane: another one once events were passed over */
    uint32_t passed_a, passed_b; /* TRACE_PATH: events of each that the other lacks, this one first */
    bool left;                   /* TRACE_PATH: no common run was found, the rest of the lane is not compared */
};

/* Called for each difference in a lane, in execution order, until it gives false (the lane is left) or the lane ends.
 * Events whose value is expected to differ (clock, entropy, environment, process, spawn) are compared by identity only;
 * the differences in their values are given out too, with kind TRACE_RESULT, when `values_of_all` is set. (Never a
 * clock's `words`: that many reads came before.) After TRACE_PATH the lanes are aligned again within a window of 512
 * events: by the nearest common run of 8 or more, else by the longest, else the lane is left. Identity is kind, site,
 * name, generator. */
typedef bool trace_difference_visitor(void *context, const struct trace_difference *difference);

struct trace_compare_options {
    size_t size;
    bool values_of_all;
    uint32_t skipped_kinds; /* bit 1 << kind: events that are passed over, as if they had not been recorded */
};

struct trace_totals {
    uint64_t events, draws, ops, files, lanes; /* compared in both traces; files: taken in, without code of libraries */
    uint64_t differing_draws, differing_ops;   /* from the first difference on, at aligned places */
};

/* options may be NULL. Lanes come in tree order. 0 = equal (no visitor call), 1 = differences were given out, -1 = a
 * trace is damaged (text in error). Constant memory. Blocks with equal digests are counted, not read. */
int trace_compare(struct trace *a, struct trace *b, const struct trace_compare_options *options,
                  trace_difference_visitor *visit, void *context, struct trace_totals *totals_out, char *error,
                  size_t error_nbytes);

#endif
