/* stats_report.h - what `oneseed stats` has to say, and its two ways of saying it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_STATS_REPORT_H
#define ONESEED_CLI_STATS_REPORT_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

#include "report/words.h" /* struct words_side */
#include "stats/stats.h"  /* struct stats_summary */

enum { STATS_STRETCHES = 4 };

/* The runs of a study that are looked at: not repeated by the audit, all sources from the seed. */
struct stats_runs {
    const char *shown; /* the study's place, without a password */
    size_t n, n_done, n_failed, n_timeout, n_lost;
    size_t n_repeats, n_varied; /* others, which are not among n */
    int64_t first_seed, last_seed;
    size_t n_stretches; /* of seeds without a hole; the first ones: */
    struct seed_stretch {
        int64_t first, last;
    } stretches[STATS_STRETCHES];
    bool planned; /* the plan is known: */
    size_t n_planned, n_left;
    const char *seeds, *until; /* texts of the plan; NULL = none */
    char *command;             /* its words */
    const char *own_seeds;     /* a line that seeds a generator by itself; NULL = none is known */
    bool reseeds;              /* by `scan --reseed` */
    const char *forced;        /* what had changed when the scan was resumed all the same; NULL = nothing */
};

/* Bins of the line of the terminal, and points of a density at least. */
enum { STATS_LINE_BINS = 48, STATS_POINTS = 64 };
/* So few different values are listed. */
enum { STATS_VALUES = 6 };

struct metric_report {
    const char *name;
    enum words_better direction;
    struct stats_summary summary; /* without its sorted values */
    int64_t min_seed, max_seed, *outlier_seeds;
    struct stats_histogram line, histogram;
    struct stats_prediction prediction; /* of one run in ten outside, or what is nearest to that */
    size_t n_values;                    /* different ones */
    struct stats_value values[STATS_VALUES];
    double bandwidth, *density_at, *density; /* NULL: there is none */
    size_t n_density;
    size_t n_points, points[64];
    double highest_of[64], lowest_of[64]; /* the expected extremes of so many runs */
    double n_for_half;                    /* runs for an interval of half the width */
    double n_for_width;                   /* for --half-width */
    double found_difference;              /* with as many runs of another variant */
    double n_for_difference;              /* for --difference, of each of two variants */
    size_t n_sources;                     /* 0: none was varied */
    const char *const *sources;
    struct stats_share *shares;
    struct stats_shares all_shares;
    bool has_shares;
    double noise; /* share of the variance between repeats of the same seed; nan: none was repeated */
    size_t n_pairs_repeated;
};

struct comparison_report {
    const char *name;
    enum words_better direction;
    struct stats_comparison comparison;
    size_t n_common; /* seeds that are done in both */
    struct words_side side_a, side_b;
    double low, high; /* of both together */
    size_t line_a[STATS_LINE_BINS], line_b[STATS_LINE_BINS];
};

struct stats_report {
    double level, half_width, difference; /* of the options; 0: not asked for */
    bool best;
    struct stats_runs a, b; /* b: with --vs */
    bool vs;
    size_t n_varied_left_out;
    size_t n_metrics;
    struct metric_report *metrics; /* of A */
    size_t n_comparisons;
    struct comparison_report *comparisons;
};

/* The answer on stdout. */
void stats_print_text(const struct stats_report *report, bool color);
/* False: no memory. */
bool stats_print_json(const struct stats_report *report);

#endif
