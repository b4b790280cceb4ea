/* diff_text.c - the answer of `oneseed diff` for people: at most a screen.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRIu64 */
#include <stdio.h>    /* printf */
#include <string.h>   /* strerror, memcpy */

#include "cli/diff_report.h"

enum { MAX_OTHER_LANES = 5, MAX_EXTRA_SHOWN = 6, MAX_KILLED_SHOWN = 3 };

/* 18233 as 18,233. */
static const char *grouped(uint64_t number, char buffer[32])
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, number);
    char *to = buffer;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return buffer;
}

static void print_count(uint64_t n, const char *one, const char *many)
{
    char number[32];
    printf("%s %s", grouped(n, number), n == 1 ? one : many);
}

static void print_place(const struct trace *trace, uint64_t site)
{
    char text[1024];
    struct site_parts parts;
    if (site == 0) {
        printf("(no line of the program)");
        return;
    }
    site_split(text_of(trace, site, text, sizeof text), &parts);
    printf("%s", parts.file);
    if (parts.line != 0)
        printf(":%" PRIu64 "  in %s", parts.line, parts.function);
}

/* "draw  normal of numpy.global" */
static void print_event(const struct trace *trace, const struct oneseed_event *event)
{
    char text[256];
    printf("%s", event_kind_name(event->kind));
    if (event->name != 0)
        printf(" %s", text_of(trace, event->name, text, sizeof text));
    if (event->generator != 0)
        printf(" %s %s", event->kind == ONESEED_EVENT_SEED ? "of" : "from",
               text_of(trace, event->generator, text, sizeof text));
    if (event->kind == ONESEED_EVENT_DRAW && !(event->flags & ONESEED_FLAG_WORDS_UNKNOWN)) {
        printf(", ");
        print_count(event->words, "word", "words");
    }
}

static void print_library(const struct trace *trace, uint64_t site)
{
    char text[1024];
    struct site_parts parts;
    site_split(text_of(trace, site, text, sizeof text), &parts);
    if (parts.through[0] != '\0')
        printf("    through %s\n", parts.through);
}

static void print_side(char letter, const struct trace *trace, const struct oneseed_event *event)
{
    printf("    %c: ", letter);
    if (event->kind == 0) {
        printf("nothing more\n");
        return;
    }
    print_place(trace, event->site);
    printf("\n       ");
    print_event(trace, event);
    printf("\n");
}

static void print_extra(const struct diff_report *report, const struct lane_report *lane)
{
    char text[256];
    for (size_t i = 0; i < lane->n_extra && i < MAX_EXTRA_SHOWN; i++) {
        const struct extra_draws *extra = &lane->extra[i];
        const struct trace *trace = extra->of_b ? report->b : report->a;
        printf("    only %c drew: ", extra->of_b ? 'B' : 'A');
        print_place(trace, extra->site);
        printf(": ");
        print_count(extra->n_words, "word", "words");
        printf(" of %s in ", text_of(trace, extra->generator, text, sizeof text));
        print_count(extra->n_draws, "draw", "draws");
        printf("\n");
    }
    if (lane->n_extra > MAX_EXTRA_SHOWN)
        printf("    and %zu more lines\n", lane->n_extra - MAX_EXTRA_SHOWN);
}

static void print_first(const struct diff_report *report, const struct lane_report *lane)
{
    const struct trace_difference *first = &lane->first;
    char sentence[512], number[32];
    difference_sentence(report, lane, sentence, sizeof sentence);
    printf("  Lane %s, event %s: %s.\n", lane_report_name(report, lane), grouped(first->index, number), sentence);
    bool one_place = first->kind == TRACE_RESULT || first->kind == TRACE_INPUT || first->kind == TRACE_COUNT;
    if (one_place) {
        printf("    ");
        print_place(report->a, first->a.site);
        printf("\n    ");
        print_event(report->a, &first->a);
        printf("\n");
        print_library(report->a, first->a.site);
    } else {
        if (first->lane_a != (size_t)-1)
            print_side('A', report->a, &first->a);
        if (first->lane_b != (size_t)-1)
            print_side('B', report->b, &first->b);
    }
    print_extra(report, lane);
}

static void print_other(const struct diff_report *report, const struct lane_report *lane)
{
    const struct trace_difference *first = &lane->first;
    const bool in_a = first->a.kind != 0;
    char number[32];
    printf("    %-8s event %s: %s, ", lane_report_name(report, lane), grouped(first->index, number),
           difference_kind_name(first->kind));
    print_event(in_a ? report->a : report->b, in_a ? &first->a : &first->b);
    printf(", ");
    print_place(in_a ? report->a : report->b, in_a ? first->a.site : first->b.site);
    printf("\n");
}

static void print_others(const struct diff_report *report)
{
    if (report->n_lanes < 2)
        return;
    printf("  First difference in each of the other lanes (which lane was first in time is not known):\n");
    size_t n = 0;
    for (size_t i = 0; i < report->n_lanes && n < MAX_OTHER_LANES; i++) {
        if (i != report->first) {
            print_other(report, &report->lanes[i]);
            n++;
        }
    }
    if (report->n_lanes - 1 > n)
        printf("    and %zu more lanes; --json names all\n", report->n_lanes - 1 - n);
}

static void print_totals(const struct diff_report *report)
{
    const struct trace_totals *totals = &report->totals;
    printf("  Compared: ");
    print_count(totals->lanes, "lane", "lanes");
    printf(", ");
    print_count(totals->events, "event", "events");
    printf(": ");
    print_count(totals->draws, "draw", "draws");
    printf(", ");
    print_count(totals->ops, "op", "ops");
    printf(", ");
    print_count(totals->files, "file", "files");
    printf(".\n");
    if (totals->differing_draws != 0 || totals->differing_ops != 0) {
        bool left = report->n_differences >= MAX_DIFFERENCES;
        printf("  From the first difference on, %s", left ? "at least " : "");
        print_count(totals->differing_draws, "draw", "draws");
        printf(" and ");
        print_count(totals->differing_ops, "op", "ops");
        printf(" differ at the same places%s.\n", left ? "; no more were counted" : "");
    }
}

/* Lanes whose recording has no orderly end. */
static void print_incomplete(const struct trace *trace, char letter)
{
    size_t n = 0;
    int lost = 0;
    for (size_t i = 0; i < trace_n_lanes(trace); i++) {
        lost = trace_lane_lost(trace, i) != 0 ? trace_lane_lost(trace, i) : lost;
        if (!trace_lane_complete(trace, i) && n++ < MAX_KILLED_SHOWN)
            printf("  %c: lane %s was killed or is still running: compared up to its last record.\n", letter,
                   trace_lane_name(trace, i));
    }
    if (n > MAX_KILLED_SHOWN)
        printf("  %c: so were %zu more lanes.\n", letter, n - MAX_KILLED_SHOWN);
    if (lost != 0)
        printf("  %c: events were lost while recording: %s.\n", letter, strerror(lost));
}

static void print_headline(const struct diff_report *report, bool color)
{
    static const char *const headlines[] = {"The traces are the same.", "The traces differ.", "Undecided: "};
    static const char *const colors[] = {"\033[1;32m", "\033[1;31m", "\033[1;33m"};
    printf("%s%s%s%s\n", color ? colors[report->verdict] : "", headlines[report->verdict],
           report->verdict == DIFF_INCONCLUSIVE ? report->reason : "", color ? "\033[0m" : "");
}

void diff_print_text(const struct diff_report *report, bool color)
{
    print_headline(report, color);
    if (report->verdict != DIFF_SAME)
        printf("  A: %s\n  B: %s\n", report->path_a, report->path_b);
    if (report->n_lanes != 0)
        print_first(report, &report->lanes[report->first]);
    print_others(report);
    print_totals(report);
    print_incomplete(report->a, 'A');
    print_incomplete(report->b, 'B');
}
