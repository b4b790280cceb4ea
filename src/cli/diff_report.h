/* diff_report.h - what `oneseed diff` found, and its two ways of saying it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_DIFF_REPORT_H
#define ONESEED_CLI_DIFF_REPORT_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "trace/compare.h" /* struct trace_difference, struct trace_totals */

/* Words that one trace drew and the other did not, at one line from one generator. */
struct extra_draws {
    bool of_b; /* else of a */
    uint64_t generator, site;
    uint64_t n_draws, n_words;
};
enum { MAX_EXTRA_DRAWS = 16 };

/* Where everything differs, counting it all would take a minute for 10^8 events and say nothing more. */
enum { MAX_DIFFERENCES = 1000000 };

/* The first difference of one lane. */
struct lane_report {
    struct trace_difference first;
    uint64_t n_differences;
    bool left; /* there may be more behind them: MAX_DIFFERENCES of the whole trace were reached */
    struct extra_draws extra[MAX_EXTRA_DRAWS];
    size_t n_extra;
};

enum diff_verdict { DIFF_SAME, DIFF_DIVERGED, DIFF_INCONCLUSIVE };

struct diff_report {
    const char *path_a, *path_b;
    struct trace *a, *b;
    enum diff_verdict verdict;
    char reason[256]; /* of DIFF_INCONCLUSIVE: one line */
    struct trace_totals totals;
    struct lane_report *lanes; /* those that differ, in tree order */
    size_t n_lanes, n_lanes_allocated;
    uint64_t n_differences; /* of all lanes */
    size_t first;           /* the lane to show first; its place in lanes[] */
};

/* A site's parts: `file:line:function|library frame`. Where there is no such structure, file is the whole text. */
struct site_parts {
    char file[512];
    uint64_t line; /* 0 = unknown */
    char function[256];
    char through[512];
};
void site_split(const char *text, struct site_parts *parts_out);

const char *event_kind_name(uint8_t kind);
const char *difference_kind_name(enum trace_difference_kind kind);
const char *verdict_name(enum diff_verdict verdict);
/* The text of an id for people: control characters are replaced; an unknown one as #hex, 0 as "". Valid until the next
 * call with the same buffer. */
const char *text_of(const struct trace *trace, uint64_t id, char *buffer, size_t buffer_nbytes);
/* What the difference is, in one sentence. */
void difference_sentence(const struct diff_report *report, const struct lane_report *lane, char *text_out,
                         size_t text_nbytes);
const char *lane_report_name(const struct diff_report *report, const struct lane_report *lane);

/* The answer on stdout. */
void diff_print_text(const struct diff_report *report, bool color);
/* False: no memory. */
bool diff_print_json(const struct diff_report *report);

#endif
