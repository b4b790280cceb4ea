/* cmd_diff.c - `oneseed diff`: compares two traces.
 * SPDX-License-Identifier: MIT */
#include <getopt.h>   /* getopt_long */
#include <inttypes.h> /* PRIu64 */
#include <stdio.h>    /* fputs */
#include <stdlib.h>   /* realloc */
#include <string.h>   /* strerror */
#include <unistd.h>   /* STDOUT_FILENO */

#include "cli/cli.h"         /* message, usage_error, finish_stdout */
#include "cli/diff_report.h" /* struct diff_report */
#include "trace/compare.h"   /* trace_compare */

struct diff_options {
    bool json;
    enum color_mode color;
    const char *path_a, *path_b;
};

static const char help_text[] =
    "usage: oneseed diff [OPTION]... TRACE_A TRACE_B\n"
    "\n"
    "Compares two traces (folders that `oneseed run --record` wrote, or single .trace files) lane by lane, in the "
    "order\n"
    "in which each lane ran, and shows where they first part.\n"
    "\n"
    "  --json         one JSON document, format oneseed-diff/1, and nothing else on stdout\n"
    "  --color HOW    auto (default), always, never\n"
    "  --help         print this\n"
    "\n"
    "The exit status is 0 when the traces are the same, 1 when they differ, 2 when it could not be decided.\n";

enum { OPTION_JSON = 256, OPTION_COLOR, OPTION_HELP };

static const struct option long_options[] = {
    {"json", no_argument, NULL, OPTION_JSON},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* 0 = go on, 1 = --help was answered, -1 = bad usage, said on stderr. */
static int parse(int argc, char **argv, struct diff_options *options)
{
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", long_options, NULL)) != -1;) {
        switch (option) {
        case OPTION_JSON:
            options->json = true;
            break;
        case OPTION_COLOR:
            if (color_parse(optarg, &options->color))
                break;
            usage_error("diff", "--color %s: not one of auto, always, never", optarg);
            return -1;
        case OPTION_HELP:
            fputs(help_text, stdout);
            return 1;
        case ':':
            usage_error("diff", "%s: it needs a value", argv[optind - 1]);
            return -1;
        default:
            usage_error("diff", "%s: unknown option, or one that takes no value", argv[optind - 1]);
            return -1;
        }
    }
    if (argc - optind != 2) {
        usage_error("diff", "two traces are compared: %d given", argc - optind);
        return -1;
    }
    options->path_a = argv[optind];
    options->path_b = argv[optind + 1];
    return 0;
}

/* --- What was found ----------------------------------------------------------------------------------------------- */

struct collector {
    struct diff_report *report;
    bool no_memory;
};

/* One more difference of the lane. False: leave it. */
static bool count(struct diff_report *report, struct lane_report *lane)
{
    lane->n_differences++;
    report->n_differences++;
    lane->left = report->n_differences >= MAX_DIFFERENCES;
    return !lane->left;
}

/* Keeps the first difference of each lane and counts the others, within bounds. */
static bool collect(void *context, const struct trace_difference *difference)
{
    struct collector *collector = context;
    struct diff_report *report = collector->report;
    struct lane_report *last = report->n_lanes ? &report->lanes[report->n_lanes - 1] : NULL;
    if (last && last->first.lane_a == difference->lane_a && last->first.lane_b == difference->lane_b)
        return count(report, last);
    if (!report->lanes || report->n_lanes == report->n_lanes_allocated) {
        size_t larger = report->n_lanes_allocated ? report->n_lanes_allocated * 2 : 8;
        struct lane_report *lanes = realloc(report->lanes, larger * sizeof *lanes);
        if (!lanes) {
            collector->no_memory = true;
            return false;
        }
        report->lanes = lanes;
        report->n_lanes_allocated = larger;
    }
    report->lanes[report->n_lanes] = (struct lane_report){.first = *difference};
    return count(report, &report->lanes[report->n_lanes++]);
}

/* A difference that can be a cause comes before one that is an effect; then tree order. */
static int rank(const struct lane_report *lane)
{
    switch (lane->first.kind) {
    case TRACE_RESULT:
    case TRACE_COUNT:
    case TRACE_PATH:
        return 0;
    default:
        return 1;
    }
}

static void choose_first(struct diff_report *report)
{
    for (size_t i = 1; i < report->n_lanes; i++) {
        if (rank(&report->lanes[i]) < rank(&report->lanes[report->first]))
            report->first = i;
    }
}

static void add_extra(struct lane_report *lane, bool of_b, const struct oneseed_event *event, uint64_t n_words)
{
    for (size_t i = 0; i < lane->n_extra; i++) {
        struct extra_draws *extra = &lane->extra[i];
        if (extra->of_b == of_b && extra->generator == event->generator && extra->site == event->site) {
            extra->n_draws++;
            extra->n_words += n_words;
            return;
        }
    }
    if (lane->n_extra < MAX_EXTRA_DRAWS)
        lane->extra[lane->n_extra++] = (struct extra_draws){of_b, event->generator, event->site, 1, n_words};
}

/* The draws among the events that were passed over. False: damaged. */
static bool find_passed_draws(struct trace *trace, struct lane_report *lane, bool of_b)
{
    uint64_t from = of_b ? lane->first.index_b : lane->first.index;
    uint32_t n = of_b ? lane->first.passed_b : lane->first.passed_a;
    struct trace_cursor *cursor = trace_lane_open(trace, of_b ? lane->first.lane_b : lane->first.lane_a);
    bool ok = cursor && trace_cursor_seek(cursor, from) == 0;
    struct oneseed_event event;
    for (uint32_t i = 0; ok && i < n; i++) {
        ok = trace_cursor_next(cursor, &event) == 1;
        if (ok && event.kind == ONESEED_EVENT_DRAW)
            add_extra(lane, of_b, &event, event.words);
    }
    trace_cursor_close(cursor);
    return ok;
}

static bool find_extra_draws(struct diff_report *report, struct lane_report *lane)
{
    const struct trace_difference *first = &lane->first;
    if (first->kind == TRACE_COUNT) {
        bool of_b = first->b.words > first->a.words;
        uint64_t more = of_b ? first->b.words - first->a.words : first->a.words - first->b.words;
        add_extra(lane, of_b, of_b ? &first->b : &first->a, more);
    }
    return first->kind != TRACE_PATH ||
           (find_passed_draws(report->a, lane, false) && find_passed_draws(report->b, lane, true));
}

/* Did the lane end because its process was killed or its writer stopped? */
static bool cut_short(const struct diff_report *report, const struct lane_report *lane)
{
    const struct trace *trace = lane->first.a.kind == 0 ? report->a : report->b;
    size_t index = lane->first.a.kind == 0 ? lane->first.lane_a : lane->first.lane_b;
    return lane->first.kind == TRACE_ENDED &&
           (!trace_lane_complete(trace, index) || trace_lane_lost(trace, index) != 0);
}

static bool lost_events(const struct trace *trace)
{
    for (size_t i = 0; i < trace_n_lanes(trace); i++) {
        if (trace_lane_lost(trace, i) != 0)
            return true;
    }
    return false;
}

static void decide(struct diff_report *report)
{
    report->verdict = DIFF_SAME;
    const struct lane_report *cut = NULL;
    for (size_t i = 0; i < report->n_lanes; i++) {
        if (!cut_short(report, &report->lanes[i]))
            report->verdict = DIFF_DIVERGED;
        else if (!cut)
            cut = &report->lanes[i];
    }
    if (report->verdict == DIFF_DIVERGED)
        return;
    if (cut || lost_events(report->a) || lost_events(report->b)) {
        report->verdict = DIFF_INCONCLUSIVE;
        if (cut)
            (void)snprintf(report->reason, sizeof report->reason,
                           "no difference up to event %" PRIu64
                           " of lane %.100s, where the recording of %s ends early.",
                           cut->first.index, lane_report_name(report, cut), cut->first.a.kind == 0 ? "A" : "B");
        else
            (void)snprintf(report->reason, sizeof report->reason,
                           "no difference in what was recorded, but events were lost while recording.");
    }
}

/* 0, or -1 with the reason in report->reason. */
static int compare(struct diff_report *report)
{
    struct collector collector = {.report = report};
    char error[512];
    report->a = trace_open(report->path_a, error, sizeof error);
    if (report->a)
        report->b = trace_open(report->path_b, error, sizeof error);
    int status = -1;
    if (report->a && report->b)
        status = trace_compare(report->a, report->b, NULL, collect, &collector, &report->totals, error, sizeof error);
    for (size_t i = 0; status >= 0 && i < report->n_lanes; i++) {
        if (!find_extra_draws(report, &report->lanes[i])) {
            const char *error_a = trace_error(report->a);
            (void)snprintf(error, sizeof error, "%s", error_a[0] != '\0' ? error_a : trace_error(report->b));
            status = -1;
        }
    }
    if (collector.no_memory) {
        (void)snprintf(error, sizeof error, "no memory");
        status = -1;
    }
    if (status < 0) {
        report->verdict = DIFF_INCONCLUSIVE;
        (void)snprintf(report->reason, sizeof report->reason, "%.255s", error);
        return -1;
    }
    choose_first(report);
    decide(report);
    return 0;
}

int cmd_diff(int argc, char **argv)
{
    struct diff_options options = {.color = COLOR_AUTO};
    int parsed = parse(argc, argv, &options);
    if (parsed != 0)
        return parsed < 0 ? CLI_UNDECIDED : finish_stdout(CLI_SAME);
    struct diff_report report = {.path_a = options.path_a, .path_b = options.path_b};
    bool decided = compare(&report) == 0;
    if (!decided)
        message("%s", report.reason);
    int status = report.verdict == DIFF_SAME       ? CLI_SAME
                 : report.verdict == DIFF_DIVERGED ? CLI_DIFFERENT
                                                   : CLI_UNDECIDED;
    if (options.json && !diff_print_json(&report)) {
        message("the answer: no memory");
        status = CLI_UNDECIDED;
    }
    if (!options.json && decided)
        diff_print_text(&report, color_for(options.color, STDOUT_FILENO));
    trace_close(report.a);
    trace_close(report.b);
    free(report.lanes);
    return finish_stdout(status);
}
