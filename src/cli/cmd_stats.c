/* cmd_stats.c - `oneseed stats`: how much of a result is luck.
 * SPDX-License-Identifier: MIT */
#include <getopt.h>  /* getopt_long */
#include <math.h>    /* isfinite */
#include <pthread.h> /* pthread_create */
#include <stdio.h>   /* fputs */
#include <stdlib.h>  /* strtod */
#include <string.h>  /* strcmp */
#include <unistd.h>  /* STDOUT_FILENO */

#include "cli/cli.h"         /* message, usage_error, finish_stdout */
#include "cli/stats_study.h" /* stats_open_study */
#include "common/array.h"    /* ARRAY_PUSH */
#include "report/shares.h"   /* shares_plan_read */

struct arguments {
    const char *path, *vs;
    const char **metrics, **minimize, **maximize;
    size_t n_metrics, n_minimize, n_maximize;
    double level, half_width, difference;
    bool best, unpaired, json, csv;
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
    OPTION_CSV,
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
    {"csv", no_argument, NULL, OPTION_CSV},
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
    "  --csv              the runs instead, one a line, with their metrics: for pandas.read_csv and others\n"
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
    case OPTION_CSV:
        arguments->csv = true;
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
    if (arguments->csv && (arguments->vs || arguments->json || arguments->best || arguments->half_width > 0 ||
                           arguments->difference > 0 || arguments->n_minimize > 0 || arguments->n_maximize > 0)) {
        usage_error("stats", "--csv: only with --metric: it gives the runs of one study, and says nothing about them");
        return -1;
    }
    arguments->path = argv[optind];
    return 0;
}

/* ---- one metric ---- */

struct work {
    const struct arguments *arguments;
    const struct stats_study *opened;
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
    metric->prediction = stats_predict(sorted, n, 0.1);
    metric->n_values = stats_distinct(sorted, n, metric->values, STATS_VALUES);
    metric->bandwidth = n > 1 ? stats_bandwidth(sorted, n) : NAN;
    if (isfinite(metric->bandwidth)) {
        metric->density_at = calloc(STATS_CURVE_MOST, 2 * sizeof *metric->density_at);
        if (metric->density_at) {
            metric->density = metric->density_at + STATS_CURVE_MOST;
            const struct stats_sample sample = {sorted, n, metric->bandwidth, metric->density};
            metric->n_density = stats_curves(&sample, 1, STATS_POINTS, metric->density_at);
        }
    }
    metric->n_points = stats_best_of_points(n, metric->points);
    for (size_t k = 0; k < metric->n_points; k++)
        stats_extremes_of(sorted, n, metric->points[k], &metric->highest_of[k], &metric->lowest_of[k]);
    const double sd = summary->spread ? summary->sd : (double)NAN;
    const double half = (summary->mean_t.high - summary->mean_t.low) / 2;
    metric->n_for_half = stats_n_for_half_width(sd, half / 2, level);
    metric->n_for_width = arguments->half_width > 0 ? stats_n_for_half_width(sd, arguments->half_width, level) : NAN;
    metric->found_difference = stats_difference_for_n((double)n, sd, 0.05, 0.8, false);
    metric->n_for_difference =
        arguments->difference > 0 ? stats_n_for_difference(arguments->difference, sd, 0.05, 0.8, false) : NAN;
}

/* Rows are ordered by seed, sources, repeat: an audit's repeat follows its run. */
static void fill_noise(struct metric_report *metric, const struct study_table *table, size_t number)
{
    const double *column = table->values[number];
    double sum = 0;
    for (size_t row = 1; row < table->n; row++) {
        const bool pair = table->repeats[row] > 0 && table->repeats[row - 1] == 0 &&
                          table->seeds[row] == table->seeds[row - 1] &&
                          strcmp(stats_sources(table, row), stats_sources(table, row - 1)) == 0 &&
                          table->statuses[row] == STUDY_DONE && table->statuses[row - 1] == STUDY_DONE;
        if (pair && isfinite(column[row]) && isfinite(column[row - 1])) {
            const double d = column[row] - column[row - 1];
            sum += d * d / 2;
            metric->n_pairs_repeated++;
        }
    }
    const double variance = metric->summary.spread ? metric->summary.sd * metric->summary.sd : 0;
    metric->noise =
        metric->n_pairs_repeated > 0 && variance > 0 ? sum / (double)metric->n_pairs_repeated / variance : NAN;
}

static void fill_metric(struct work *work, size_t k)
{
    struct metric_report *metric = &work->report->metrics[k];
    const struct stats_study *opened = work->opened;
    const size_t number = work->numbers[k];
    const struct stats_options options = {.level = work->arguments->level, .is_missing = study_is_missing};
    double *own;
    const double *values = stats_values(opened, number, &own);
    stats_summarize(values, opened->n_rows, &options, &metric->summary);
    free(own);
    struct stats_summary *summary = &metric->summary;
    if (summary->n > 0) {
        metric->min_seed = opened->table.seeds[stats_row(opened, summary->min_at)];
        metric->max_seed = opened->table.seeds[stats_row(opened, summary->max_at)];
    }
    metric->outlier_seeds = calloc(summary->n_outliers + 1, sizeof *metric->outlier_seeds);
    for (size_t j = 0; metric->outlier_seeds && j < summary->n_outliers; j++)
        metric->outlier_seeds[j] = opened->table.seeds[stats_row(opened, summary->outliers[j].at)];
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

/* ---- all of it ---- */

static bool among(const char *name, const char *const *names, size_t n_names)
{
    for (size_t k = 0; k < n_names; k++)
        if (strcmp(names[k], name) == 0)
            return true;
    return false;
}

/* Each name that an option gives is a metric of the study. */
static bool names_known(const struct stats_study *opened, const char *option, const char *const *names, size_t n_names)
{
    for (size_t k = 0; k < n_names; k++) {
        size_t number;
        if (stats_find_metric(opened->study, names[k], &number))
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

static bool choose_metrics(const struct arguments *arguments, const struct stats_study *opened,
                           struct stats_report *report, size_t **numbers_out)
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
        free(metric->density_at);
        free(metric->shares);
    }
    free(report->metrics);
    free(report->comparisons);
}

static int answer(const struct arguments *arguments, struct stats_study *a, struct stats_study *b, size_t **numbers,
                  struct shares_plan *plan)
{
    struct stats_report report = {.level = arguments->level,
                                  .half_width = arguments->half_width,
                                  .difference = arguments->difference,
                                  .best = arguments->best,
                                  .vs = arguments->vs != NULL};
    const struct stats_versus versus = {arguments->unpaired, arguments->n_metrics > 0};
    int status = CLI_UNDECIDED;
    if (!stats_open_study(arguments->path, a) || (arguments->vs && !stats_open_study(arguments->vs, b)) ||
        !choose_metrics(arguments, a, &report, numbers)) {
        clear(&report);
        return status;
    }
    if (arguments->csv) {
        stats_print_csv(a, *numbers, report.n_metrics);
        if (a->table.n == 0)
            message("%s: it has no runs yet", a->shown);
        status = a->table.n > 0 ? CLI_SAME : CLI_UNDECIDED;
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
    if (!arguments->vs || stats_compare_studies(&versus, a, b, *numbers, &report)) {
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
        struct stats_study a = {.study = NULL}, b = {.study = NULL};
        struct shares_plan plan = {.n_names = 0};
        size_t *numbers = NULL;
        status = answer(&arguments, &a, &b, &numbers, &plan);
        shares_plan_clear(&plan);
        stats_close_study(&a);
        stats_close_study(&b);
        free(numbers);
    }
    free(arguments.metrics);
    free(arguments.minimize);
    free(arguments.maximize);
    return finish_stdout(status);
}
