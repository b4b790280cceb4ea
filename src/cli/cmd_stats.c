/* cmd_stats.c - `oneseed stats`: how much of a result is luck.
 * SPDX-License-Identifier: MIT */
#include <getopt.h>  /* getopt_long */
#include <math.h>    /* isfinite */
#include <pthread.h> /* pthread_create */
#include <stdio.h>   /* fputs */
#include <stdlib.h>  /* strtod */
#include <string.h>  /* strcmp */
#include <unistd.h>  /* STDOUT_FILENO */

#include "cli/cli.h"          /* message, usage_error, finish_stdout */
#include "cli/stats_report.h" /* struct stats_report */
#include "common/array.h"     /* ARRAY_PUSH */
#include "report/shares.h"    /* shares_plan_read */
#include "study/study.h"      /* study_read */

struct arguments {
    const char *path, *vs;
    const char **metrics, **minimize, **maximize;
    size_t n_metrics, n_minimize, n_maximize;
    double level, half_width, difference;
    bool best, unpaired, json;
    enum color_mode color;
};

enum {
    OPTION_METRIC = 256,
    OPTION_MINIMIZE,
    OPTION_MAXIMIZE,
    OPTION_VS,
    OPTION_UNPAIRED,
    OPTION_BEST,
    OPTION_HALF_WIDTH,
    OPTION_DIFFERENCE,
    OPTION_LEVEL,
    OPTION_JSON,
    OPTION_COLOR,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"metric", required_argument, NULL, OPTION_METRIC},
    {"minimize", required_argument, NULL, OPTION_MINIMIZE},
    {"maximize", required_argument, NULL, OPTION_MAXIMIZE},
    {"vs", required_argument, NULL, OPTION_VS},
    {"unpaired", no_argument, NULL, OPTION_UNPAIRED},
    {"best", no_argument, NULL, OPTION_BEST},
    {"half-width", required_argument, NULL, OPTION_HALF_WIDTH},
    {"difference", required_argument, NULL, OPTION_DIFFERENCE},
    {"level", required_argument, NULL, OPTION_LEVEL},
    {"json", no_argument, NULL, OPTION_JSON},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static const char help_text[] =
    "usage: oneseed stats [OPTION]... STUDY\n"
    "       oneseed stats [OPTION]... STUDY --vs STUDY2\n"
    "\n"
    "Says how much of a study's results is luck: their distribution, intervals, outliers, the best of k runs, and how\n"
    "many runs are needed; the share of each source where sources were varied; or whether STUDY2 is better than "
    "STUDY.\n"
    "\n"
    "  --metric NAME      only this metric (may be given again)\n"
    "  --minimize NAME    less of this metric is better (may be given again)\n"
    "  --maximize NAME    more of it is better; without either the words stay neutral\n"
    "  --vs STUDY2        compare: paired by seed where both have the same seeds\n"
    "  --unpaired         do not pair by seed\n"
    "  --best             the best seed, beside the distribution it was drawn from\n"
    "  --half-width W     how many runs give an interval of the mean of at most W to each side\n"
    "  --difference D     how many runs of each of two variants find a difference of D with 80 % power\n"
    "  --level P          level of the intervals (default 0.95)\n"
    "  --json             one JSON document, format oneseed-stats/1, and nothing else on stdout\n"
    "  --color HOW        auto (default), always, never\n"
    "  --help             print this\n"
    "\n"
    "The exit status is 0 when there is an answer, and 2 when there is none (usage, I/O, no run with a value).\n";

/* ---- options ---- */

static bool parse_number(const char *text, double least, double most, double *number_out)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value > least) || !(value < most))
        return false;
    *number_out = value;
    return true;
}

/* False: said on stderr. */
static bool parse_option(struct arguments *arguments, int option, const char *value)
{
    switch (option) {
    case OPTION_METRIC:
        ARRAY_PUSH(arguments->metrics, arguments->n_metrics, value);
        return true;
    case OPTION_MINIMIZE:
        ARRAY_PUSH(arguments->minimize, arguments->n_minimize, value);
        return true;
    case OPTION_MAXIMIZE:
        ARRAY_PUSH(arguments->maximize, arguments->n_maximize, value);
        return true;
    case OPTION_VS:
        arguments->vs = value;
        return true;
    case OPTION_UNPAIRED:
        arguments->unpaired = true;
        return true;
    case OPTION_BEST:
        arguments->best = true;
        return true;
    case OPTION_HALF_WIDTH:
        if (parse_number(value, 0, HUGE_VAL, &arguments->half_width))
            return true;
        usage_error("stats", "--half-width %s: want a number above 0", value);
        return false;
    case OPTION_DIFFERENCE:
        if (parse_number(value, 0, HUGE_VAL, &arguments->difference))
            return true;
        usage_error("stats", "--difference %s: want a number above 0", value);
        return false;
    case OPTION_LEVEL:
        if (parse_number(value, 0.5, 1, &arguments->level))
            return true;
        usage_error("stats", "--level %s: want a number between 0.5 and 1", value);
        return false;
    case OPTION_JSON:
        arguments->json = true;
        return true;
    default:
        if (color_parse(value, &arguments->color))
            return true;
        usage_error("stats", "--color %s: not one of auto, always, never", value);
        return false;
    }
}

/* 0 = go on, 1 = --help was answered, -1 = bad usage, said on stderr. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", long_options, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            fputs(help_text, stdout);
            return 1;
        }
        if (option == ':') {
            usage_error("stats", "%s: it needs a value", argv[optind - 1]);
            return -1;
        }
        if (option == '?') {
            usage_error("stats", "%s: unknown option, or one that takes no value", argv[optind - 1]);
            return -1;
        }
        if (!parse_option(arguments, option, optarg))
            return -1;
    }
    if (argc - optind != 1) {
        usage_error("stats", "one study is looked at: %d given (another to compare with: --vs STUDY2)", argc - optind);
        return -1;
    }
    if (arguments->unpaired && !arguments->vs) {
        usage_error("stats", "--unpaired: only with --vs");
        return -1;
    }
    arguments->path = argv[optind];
    return 0;
}

/* ---- reading ---- */

struct opened {
    struct study *study;
    struct study_table table;
    char *shown;
    struct stats_runs runs;
    size_t *rows; /* of the done runs that are looked at; NULL: all rows, in order */
    size_t n_rows;
};

static const char *sources_of(const struct study_table *table, size_t row)
{
    return table->sources ? table->sources[row] : "";
}

static void choose_rows(struct opened *opened)
{
    const struct study_table *table = &opened->table;
    struct stats_runs *runs = &opened->runs;
    opened->rows = malloc((table->n ? table->n : 1) * sizeof *opened->rows);
    if (!opened->rows) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    for (size_t row = 0; row < table->n; row++) {
        if (table->repeats[row] > 0) {
            runs->n_repeats++;
            continue;
        }
        if (sources_of(table, row)[0] != '\0') {
            runs->n_varied++;
            continue;
        }
        runs->first_seed = runs->n == 0 || table->seeds[row] < runs->first_seed ? table->seeds[row] : runs->first_seed;
        runs->last_seed = runs->n == 0 || table->seeds[row] > runs->last_seed ? table->seeds[row] : runs->last_seed;
        runs->n++;
        runs->n_failed += table->statuses[row] == STUDY_FAILED;
        runs->n_timeout += table->statuses[row] == STUDY_TIMEOUT;
        runs->n_lost += table->statuses[row] == STUDY_LOST;
        if (table->statuses[row] == STUDY_DONE)
            opened->rows[opened->n_rows++] = row;
    }
    runs->n_done = opened->n_rows;
    if (opened->n_rows == table->n) {
        free(opened->rows);
        opened->rows = NULL;
    }
}

static bool open_study(const char *path, struct opened *opened)
{
    char error[STUDY_ERROR_NBYTES];
    opened->shown = study_shown(path);
    opened->study = study_open_reader(path, error);
    if (!opened->study || !study_read(opened->study, false, &opened->table, error)) {
        message("%s", error);
        return false;
    }
    opened->runs.shown = opened->shown;
    opened->runs.forced = study_text(opened->study, "forced");
    choose_rows(opened);
    return true;
}

static void close_study(struct opened *opened)
{
    study_table_clear(&opened->table);
    study_close(opened->study);
    free(opened->shown);
    free(opened->rows);
}

static size_t row_of(const struct opened *opened, size_t k)
{
    return opened->rows ? opened->rows[k] : k;
}

/* The chosen runs' values of a metric; *own_out is to be freed when they are a copy. */
static const double *values_of(const struct opened *opened, size_t metric, double **own_out)
{
    const double *column = opened->table.values[metric];
    *own_out = NULL;
    if (!opened->rows)
        return column;
    double *values = malloc((opened->n_rows ? opened->n_rows : 1) * sizeof *values);
    if (!values) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    for (size_t k = 0; k < opened->n_rows; k++)
        values[k] = column[opened->rows[k]];
    *own_out = values;
    return values;
}

/* ---- one metric ---- */

struct work {
    const struct arguments *arguments;
    const struct opened *opened;
    const struct shares_plan *plan; /* NULL: no source was varied */
    struct stats_report *report;
    const size_t *numbers; /* metrics[k] is the study's metric numbers[k] */
    pthread_mutex_t lock;
    size_t n_begun;
};

static void fill_curves(struct metric_report *metric, const struct arguments *arguments)
{
    struct stats_summary *summary = &metric->summary;
    const double *sorted = summary->sorted, level = arguments->level;
    const size_t n = summary->n;
    stats_histogram(sorted, n, STATS_LINE_BINS, &metric->line);
    stats_histogram(sorted, n, 0, &metric->histogram);
    metric->bandwidth = n > 1 ? stats_bandwidth(sorted, n) : NAN;
    if (isfinite(metric->bandwidth)) {
        const double from = summary->min - 3 * metric->bandwidth, to = summary->max + 3 * metric->bandwidth;
        for (size_t k = 0; k < STATS_POINTS; k++)
            metric->density_at[k] = from + (to - from) * (double)k / (STATS_POINTS - 1);
        stats_kde(sorted, n, metric->bandwidth, metric->density_at, STATS_POINTS, metric->density);
    }
    metric->n_points = stats_best_of_points(n, metric->points);
    for (size_t k = 0; k < metric->n_points; k++)
        stats_extremes_of(sorted, n, metric->points[k], &metric->highest_of[k], &metric->lowest_of[k]);
    const double half = (summary->mean_t.high - summary->mean_t.low) / 2;
    metric->n_for_half = stats_n_for_half_width(summary->sd, half / 2, level);
    metric->n_for_width =
        arguments->half_width > 0 ? stats_n_for_half_width(summary->sd, arguments->half_width, level) : NAN;
    metric->found_difference = stats_difference_for_n((double)n, summary->sd, 0.05, 0.8, false);
    metric->n_for_difference =
        arguments->difference > 0 ? stats_n_for_difference(arguments->difference, summary->sd, 0.05, 0.8, false) : NAN;
}

/* Rows are ordered by seed, sources, repeat: an audit's repeat follows its run. */
static void fill_noise(struct metric_report *metric, const struct study_table *table, size_t number)
{
    const double *column = table->values[number];
    double sum = 0;
    for (size_t row = 1; row < table->n; row++) {
        const bool pair = table->repeats[row] > 0 && table->repeats[row - 1] == 0 &&
                          table->seeds[row] == table->seeds[row - 1] &&
                          strcmp(sources_of(table, row), sources_of(table, row - 1)) == 0 &&
                          table->statuses[row] == STUDY_DONE && table->statuses[row - 1] == STUDY_DONE;
        if (pair && isfinite(column[row]) && isfinite(column[row - 1])) {
            const double d = column[row] - column[row - 1];
            sum += d * d / 2;
            metric->n_pairs_repeated++;
        }
    }
    const double variance = metric->summary.sd * metric->summary.sd;
    metric->noise =
        metric->n_pairs_repeated > 0 && variance > 0 ? sum / (double)metric->n_pairs_repeated / variance : NAN;
}

static void fill_metric(struct work *work, size_t k)
{
    struct metric_report *metric = &work->report->metrics[k];
    const struct opened *opened = work->opened;
    const size_t number = work->numbers[k];
    const struct stats_options options = {.level = work->arguments->level, .is_missing = study_is_missing};
    double *own;
    const double *values = values_of(opened, number, &own);
    stats_summarize(values, opened->n_rows, &options, &metric->summary);
    free(own);
    struct stats_summary *summary = &metric->summary;
    if (summary->n > 0) {
        metric->min_seed = opened->table.seeds[row_of(opened, summary->min_at)];
        metric->max_seed = opened->table.seeds[row_of(opened, summary->max_at)];
    }
    metric->outlier_seeds = calloc(summary->n_outliers + 1, sizeof *metric->outlier_seeds);
    for (size_t j = 0; metric->outlier_seeds && j < summary->n_outliers; j++)
        metric->outlier_seeds[j] = opened->table.seeds[row_of(opened, summary->outliers[j].at)];
    fill_curves(metric, work->arguments);
    free(summary->sorted); /* 8 bytes for each run and metric: not needed any more */
    summary->sorted = NULL;
    fill_noise(metric, &opened->table, number);
    if (work->plan) {
        metric->n_sources = work->plan->n_names;
        metric->sources = (const char *const *)work->plan->names;
        metric->shares = calloc(work->plan->n_names + 1, sizeof *metric->shares);
        metric->has_shares = metric->shares && shares_of_metric(work->plan, &opened->table, (unsigned)number, &options,
                                                                metric->shares, &metric->all_shares);
    }
}

static void *work_on(void *context)
{
    struct work *work = context;
    for (;;) {
        (void)pthread_mutex_lock(&work->lock);
        const size_t k = work->n_begun++;
        (void)pthread_mutex_unlock(&work->lock);
        if (k >= work->report->n_metrics)
            return NULL;
        fill_metric(work, k);
    }
}

/* Two metrics at a time: more would need more memory. */
static void fill_metrics(struct work *work)
{
    pthread_t helper;
    const bool helped = work->report->n_metrics > 1 && pthread_create(&helper, NULL, work_on, work) == 0;
    (void)work_on(work);
    if (helped)
        (void)pthread_join(helper, NULL);
}

/* ---- against another study ---- */

struct sides {
    double *a, *b;
    size_t n_a, n_b, n_common;
    bool paired;
};

/* Both are ordered by seed. */
static size_t count_common(const struct opened *a, const struct opened *b)
{
    size_t n = 0;
    for (size_t i = 0, j = 0; i < a->n_rows && j < b->n_rows;) {
        const int64_t seed_a = a->table.seeds[row_of(a, i)], seed_b = b->table.seeds[row_of(b, j)];
        n += seed_a == seed_b;
        i += seed_a <= seed_b;
        j += seed_b <= seed_a;
    }
    return n;
}

static struct sides take_sides(const struct opened *a, size_t metric_a, const struct opened *b, size_t metric_b,
                               bool unpaired)
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
        const int64_t seed_a = have_a ? a->table.seeds[row_of(a, i)] : INT64_MAX;
        const int64_t seed_b = have_b ? b->table.seeds[row_of(b, j)] : INT64_MAX;
        const bool take_a = have_a && (!have_b || seed_a <= seed_b), take_b = have_b && (!have_a || seed_b <= seed_a);
        if (take_a && (take_b || !sides.paired))
            sides.a[sides.n_a++] = a->table.values[metric_a][row_of(a, i)];
        if (take_b && (take_a || !sides.paired))
            sides.b[sides.n_b++] = b->table.values[metric_b][row_of(b, j)];
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

static bool find_metric(const struct study *study, const char *name, size_t *number_out)
{
    for (size_t k = 0; k < study_n_metrics(study); k++) {
        if (strcmp(study_metric_name(study, (unsigned)k), name) == 0) {
            *number_out = k;
            return true;
        }
    }
    return false;
}

/* What a comparison is without. */
static struct words_side side_of(const struct opened *opened, size_t metric)
{
    const struct stats_runs *runs = &opened->runs;
    struct words_side side = {
        .n_runs = runs->n, .n_failed = runs->n_failed, .n_timeout = runs->n_timeout, .n_lost = runs->n_lost};
    double *own;
    words_count_values(&side, values_of(opened, metric, &own), opened->n_rows);
    free(own);
    return side;
}

static bool compare_studies(const struct arguments *arguments, const struct opened *a, const struct opened *b,
                            const size_t *numbers, struct stats_report *report)
{
    const struct stats_options options = {.level = arguments->level};
    for (size_t k = 0; numbers && k < report->n_metrics; k++) {
        size_t number;
        if (!find_metric(b->study, report->metrics[k].name, &number)) {
            if (arguments->n_metrics > 0) {
                message("%s: metric %s: not in this study", b->shown, report->metrics[k].name);
                return false;
            }
            continue;
        }
        struct comparison_report comparison = {.name = report->metrics[k].name,
                                               .direction = report->metrics[k].direction};
        struct sides sides = take_sides(a, numbers[k], b, number, arguments->unpaired);
        comparison.n_common = sides.n_common;
        comparison.n_only_a = a->n_rows - sides.n_common;
        comparison.n_only_b = b->n_rows - sides.n_common;
        stats_compare(sides.a, sides.n_a, sides.b, sides.n_b, sides.paired, &options, &comparison.comparison);
        fill_lines(&sides, &comparison);
        comparison.side_a = side_of(a, numbers[k]);
        comparison.side_b = side_of(b, number);
        free(sides.a);
        free(sides.b);
        ARRAY_PUSH(report->comparisons, report->n_comparisons, comparison);
    }
    if (report->n_comparisons == 0)
        message("%s, %s: no metric is in both", a->shown, b->shown);
    return report->n_comparisons > 0;
}

/* ---- all of it ---- */

static bool among(const char *name, const char *const *names, size_t n_names)
{
    for (size_t k = 0; k < n_names; k++)
        if (strcmp(names[k], name) == 0)
            return true;
    return false;
}

/* Each name that an option gives is a metric of the study. */
static bool names_known(const struct opened *opened, const char *option, const char *const *names, size_t n_names)
{
    for (size_t k = 0; k < n_names; k++) {
        size_t number;
        if (find_metric(opened->study, names[k], &number))
            continue;
        char *known = text_copy("");
        for (size_t m = 0; m < study_n_metrics(opened->study); m++) {
            char *longer = text_format("%s%s%s", known, m ? ", " : "", study_metric_name(opened->study, (unsigned)m));
            free(known);
            known = longer;
        }
        message("%s %s: no such metric; %s has %s", option, names[k], opened->shown, known[0] ? known : "none");
        free(known);
        return false;
    }
    return true;
}

static bool choose_metrics(const struct arguments *arguments, const struct opened *opened, struct stats_report *report,
                           size_t **numbers_out)
{
    size_t n_numbers = 0;
    if (!names_known(opened, "--metric", arguments->metrics, arguments->n_metrics) ||
        !names_known(opened, "--minimize", arguments->minimize, arguments->n_minimize) ||
        !names_known(opened, "--maximize", arguments->maximize, arguments->n_maximize))
        return false;
    for (size_t k = 0; k < study_n_metrics(opened->study); k++) {
        const char *name = study_metric_name(opened->study, (unsigned)k);
        if (arguments->n_metrics > 0 && !among(name, arguments->metrics, arguments->n_metrics))
            continue;
        struct metric_report metric = {.name = name};
        const bool lower = among(name, arguments->minimize, arguments->n_minimize);
        const bool higher = among(name, arguments->maximize, arguments->n_maximize);
        if (lower && higher) {
            usage_error("stats", "%s: cannot be both --minimize and --maximize", name);
            return false;
        }
        metric.direction = lower ? WORDS_LOWER : higher ? WORDS_HIGHER : WORDS_NEUTRAL;
        ARRAY_PUSH(report->metrics, report->n_metrics, metric);
        ARRAY_PUSH(*numbers_out, n_numbers, k);
    }
    return true;
}

static void clear(struct stats_report *report)
{
    for (size_t k = 0; k < report->n_metrics; k++) {
        struct metric_report *metric = &report->metrics[k];
        stats_summary_clear(&metric->summary);
        stats_histogram_clear(&metric->line);
        stats_histogram_clear(&metric->histogram);
        free(metric->outlier_seeds);
        free(metric->shares);
    }
    free(report->metrics);
    free(report->comparisons);
}

static int answer(const struct arguments *arguments, struct opened *a, struct opened *b, size_t **numbers,
                  struct shares_plan *plan)
{
    struct stats_report report = {.level = arguments->level,
                                  .half_width = arguments->half_width,
                                  .difference = arguments->difference,
                                  .best = arguments->best,
                                  .vs = arguments->vs != NULL};
    int status = CLI_UNDECIDED;
    if (!open_study(arguments->path, a) || (arguments->vs && !open_study(arguments->vs, b)) ||
        !choose_metrics(arguments, a, &report, numbers)) {
        clear(&report);
        return status;
    }
    report.a = a->runs;
    report.b = b->runs;
    struct work work = {.arguments = arguments, .opened = a, .report = &report, .numbers = *numbers};
    if (a->runs.n_varied > 0 && shares_plan_read(&a->table, plan)) {
        work.plan = plan;
        report.n_varied_left_out = plan->n_left_out;
    }
    (void)pthread_mutex_init(&work.lock, NULL);
    fill_metrics(&work);
    (void)pthread_mutex_destroy(&work.lock);
    bool any = false;
    for (size_t k = 0; k < report.n_metrics; k++)
        any = any || report.metrics[k].summary.n > 0;
    if (!arguments->vs || compare_studies(arguments, a, b, *numbers, &report)) {
        if (!any)
            message("%s: %s", a->shown,
                    study_n_metrics(a->study) == 0
                        ? "it has no metrics: scan needs --metric, or oneseed.log() in the program"
                    : a->runs.n_done == 0 ? "no run ended well"
                                          : "no run that ended well gave a number");
        status = any ? CLI_SAME : CLI_UNDECIDED;
        if (!arguments->json) {
            stats_print_text(&report, color_for(arguments->color, STDOUT_FILENO));
        } else if (!stats_print_json(&report)) {
            message("the answer: no memory");
            status = CLI_UNDECIDED;
        }
    }
    clear(&report);
    return status;
}

int cmd_stats(int argc, char **argv)
{
    struct arguments arguments = {.color = COLOR_AUTO, .level = 0.95};
    int status = CLI_UNDECIDED;
    const int parsed = parse(argc, argv, &arguments);
    if (parsed > 0)
        status = CLI_SAME;
    if (parsed == 0) {
        struct opened a = {.study = NULL}, b = {.study = NULL};
        struct shares_plan plan = {.n_names = 0};
        size_t *numbers = NULL;
        status = answer(&arguments, &a, &b, &numbers, &plan);
        shares_plan_clear(&plan);
        close_study(&a);
        close_study(&b);
        free(numbers);
    }
    free(arguments.metrics);
    free(arguments.minimize);
    free(arguments.maximize);
    return finish_stdout(status);
}
