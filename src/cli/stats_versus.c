/* stats_versus.c - two studies side by side: which runs are pairs, and what they are compared with.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isfinite */
#include <stdio.h>  /* fputs */
#include <stdlib.h> /* malloc, abort */

#include "cli/cli.h"         /* message */
#include "cli/stats_study.h" /* struct stats_study */
#include "common/array.h"    /* ARRAY_PUSH */

struct sides {
    double *a, *b;
    size_t n_a, n_b, n_common;
    bool paired;
};

/* Both are ordered by seed. */
static size_t count_common(const struct stats_study *a, const struct stats_study *b)
{
    size_t n = 0;
    for (size_t i = 0, j = 0; i < a->n_rows && j < b->n_rows;) {
        const int64_t seed_a = a->table.seeds[stats_row(a, i)], seed_b = b->table.seeds[stats_row(b, j)];
        n += seed_a == seed_b;
        i += seed_a <= seed_b;
        j += seed_b <= seed_a;
    }
    return n;
}

static struct sides take_sides(const struct stats_study *a, size_t metric_a, const struct stats_study *b,
                               size_t metric_b, bool unpaired)
{
    struct sides sides = {.n_common = count_common(a, b)};
    const size_t least = a->n_rows < b->n_rows ? a->n_rows : b->n_rows;
    sides.paired = !unpaired && sides.n_common >= 2 && 2 * sides.n_common >= least;
    sides.a = malloc((a->n_rows + 1) * sizeof *sides.a);
    sides.b = malloc((b->n_rows + 1) * sizeof *sides.b);
    if (!sides.a || !sides.b) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    for (size_t i = 0, j = 0; i < a->n_rows || j < b->n_rows;) {
        const bool have_a = i < a->n_rows, have_b = j < b->n_rows;
        const int64_t seed_a = have_a ? a->table.seeds[stats_row(a, i)] : INT64_MAX;
        const int64_t seed_b = have_b ? b->table.seeds[stats_row(b, j)] : INT64_MAX;
        const bool take_a = have_a && (!have_b || seed_a <= seed_b), take_b = have_b && (!have_a || seed_b <= seed_a);
        const double value_a = take_a ? a->table.values[metric_a][stats_row(a, i)] : (double)NAN;
        const double value_b = take_b ? b->table.values[metric_b][stats_row(b, j)] : (double)NAN;
        const bool whole = isfinite(value_a) && isfinite(value_b); /* a pair is in it with both its values or not */
        if (sides.paired ? whole : take_a)
            sides.a[sides.n_a++] = value_a;
        if (sides.paired ? whole : take_b)
            sides.b[sides.n_b++] = value_b;
        i += take_a;
        j += take_b;
    }
    return sides;
}

/* Both distributions over the same range. */
static void fill_lines(const struct sides *sides, struct comparison_report *comparison)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < sides->n_a + sides->n_b; k++) {
        const double value = k < sides->n_a ? sides->a[k] : sides->b[k - sides->n_a];
        low = isfinite(value) ? fmin(low, value) : low;
        high = isfinite(value) ? fmax(high, value) : high;
    }
    comparison->low = low;
    comparison->high = high;
    for (size_t k = 0; k < sides->n_a + sides->n_b; k++) {
        const double value = k < sides->n_a ? sides->a[k] : sides->b[k - sides->n_a];
        const double place = high > low ? (value - low) / (high - low) * STATS_LINE_BINS : 0;
        const size_t bin = place < STATS_LINE_BINS - 1 ? (size_t)place : STATS_LINE_BINS - 1;
        if (isfinite(value))
            (k < sides->n_a ? comparison->line_a : comparison->line_b)[bin]++;
    }
}

/* What a comparison is without. */
static struct words_side side_of(const struct stats_study *opened, size_t metric)
{
    const struct stats_runs *runs = &opened->runs;
    struct words_side side = {.n_runs = runs->n,
                              .n_failed = runs->n_failed,
                              .n_timeout = runs->n_timeout,
                              .n_lost = runs->n_lost,
                              .own_seeds = runs->own_seeds,
                              .reseeds = runs->reseeds};
    double *own;
    words_count_values(&side, stats_values(opened, metric, &own), opened->n_rows);
    free(own);
    return side;
}

/* The next run of the base from this row on: not repeated, not varied. */
static size_t next_base(const struct study_table *table, size_t row)
{
    while (row < table->n && (table->repeats[row] > 0 || stats_sources(table, row)[0] != '\0'))
        row++;
    return row;
}

/* Runs of `a` with a number that no run of `b` is the pair of: why. */
static void count_alone(const struct study_table *a, size_t metric_a, const struct study_table *b, size_t metric_b,
                        struct words_alone *alone)
{
    size_t j = next_base(b, 0);
    for (size_t i = next_base(a, 0); i < a->n; i = next_base(a, i + 1)) {
        if (a->statuses[i] != STUDY_DONE || !isfinite(a->values[metric_a][i]))
            continue;
        while (j < b->n && b->seeds[j] < a->seeds[i])
            j = next_base(b, j + 1);
        const bool run = j < b->n && b->seeds[j] == a->seeds[i], done = run && b->statuses[j] == STUDY_DONE;
        const double value = done ? b->values[metric_b][j] : 0;
        alone->n_not_run += !run;
        alone->n_failed += run && !done;
        alone->n_missing += study_is_missing(value);
        alone->n_nan += isnan(value) && !study_is_missing(value);
        alone->n_infinite += isinf(value) != 0;
    }
}

bool stats_compare_studies(const struct stats_versus *wanted, const struct stats_study *a, const struct stats_study *b,
                           const size_t *numbers, struct stats_report *report)
{
    const struct stats_options options = {.level = report->level};
    for (size_t k = 0; numbers && k < report->n_metrics; k++) {
        size_t number;
        if (!stats_find_metric(b->study, report->metrics[k].name, &number)) {
            if (wanted->all_needed) {
                message("%s: metric %s: not in this study", b->shown, report->metrics[k].name);
                return false;
            }
            continue;
        }
        struct comparison_report comparison = {.name = report->metrics[k].name,
                                               .direction = report->metrics[k].direction};
        struct sides sides = take_sides(a, numbers[k], b, number, wanted->unpaired);
        comparison.n_common = sides.n_common;
        stats_compare(sides.a, sides.n_a, sides.b, sides.n_b, sides.paired, &options, &comparison.comparison);
        fill_lines(&sides, &comparison);
        comparison.side_a = side_of(a, numbers[k]);
        comparison.side_b = side_of(b, number);
        if (sides.paired) {
            count_alone(&a->table, numbers[k], &b->table, number, &comparison.side_a.alone);
            count_alone(&b->table, number, &a->table, numbers[k], &comparison.side_b.alone);
        }
        free(sides.a);
        free(sides.b);
        ARRAY_PUSH(report->comparisons, report->n_comparisons, comparison);
    }
    if (report->n_comparisons == 0)
        message("%s, %s: no metric is in both", a->shown, b->shown);
    return report->n_comparisons > 0;
}
