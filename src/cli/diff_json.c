/* diff_json.c - the answer of `oneseed diff` for programs: one document, "oneseed-diff/1".
 * SPDX-License-Identifier: MIT
 *
 * Numbers that may need 64 bits are strings of decimal digits, digests of hexadecimal ones. */
#include <inttypes.h> /* PRIu64 */
#include <jansson.h>  /* json_* */
#include <stdio.h>    /* snprintf, stdout */
#include <stdlib.h>   /* free */
#include <string.h>   /* strerror */

#include "cli/diff_report.h"
#include "report/report_text.h" /* report_text */

static json_t *json_u64(uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    return json_string(text);
}

static json_t *json_digest(const uint64_t digest[2])
{
    if (digest[0] == 0 && digest[1] == 0)
        return json_null();
    char text[40];
    (void)snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, digest[1], digest[0]);
    return json_string(text);
}

static json_t *json_id(const struct trace *trace, uint64_t id)
{
    if (id == 0)
        return json_null();
    const char *text = trace_text(trace, id);
    if (text)
        return report_text(text);
    char unknown[24];
    (void)snprintf(unknown, sizeof unknown, "#%016" PRIx64, id);
    return json_string(unknown);
}

/* Adds file, line, function, library. */
static void put_site(json_t *object, const struct trace *trace, uint64_t site)
{
    const char *text = site != 0 ? trace_text(trace, site) : NULL;
    struct site_parts parts = {.line = 0};
    if (text)
        site_split(text, &parts);
    json_object_set_new(object, "file", text ? report_text(parts.file) : json_null());
    json_object_set_new(object, "line", parts.line != 0 ? json_integer((json_int_t)parts.line) : json_null());
    json_object_set_new(object, "function", parts.function[0] != '\0' ? report_text(parts.function) : json_null());
    json_object_set_new(object, "library", parts.through[0] != '\0' ? report_text(parts.through) : json_null());
}

static json_t *json_flags(uint8_t flags)
{
    static const char *const names[] = {"words-unknown", "missing",   "library", "truncated",
                                        "undigested",    "undefined", "written"};
    json_t *array = json_array();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (flags >> i & 1)
            json_array_append_new(array, json_string(names[i]));
    }
    return array;
}

static json_t *json_event(const struct trace *trace, const struct oneseed_event *event)
{
    if (event->kind == 0)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(event_kind_name(event->kind)));
    put_site(object, trace, event->site);
    json_object_set_new(object, "name", json_id(trace, event->name));
    json_object_set_new(object, "generator", json_id(trace, event->generator));
    json_object_set_new(object, "words",
                        event->flags & ONESEED_FLAG_WORDS_UNKNOWN ? json_null() : json_u64(event->words));
    json_object_set_new(object, "bytes", json_u64(event->bytes));
    json_object_set_new(object, "in", json_digest(event->in));
    json_object_set_new(object, "out", json_digest(event->out));
    json_object_set_new(object, "flags", json_flags(event->flags));
    return object;
}

static json_t *json_extra(const struct diff_report *report, const struct lane_report *lane)
{
    json_t *array = json_array();
    for (size_t i = 0; i < lane->n_extra; i++) {
        const struct extra_draws *extra = &lane->extra[i];
        const struct trace *trace = extra->of_b ? report->b : report->a;
        json_t *object = json_object();
        json_object_set_new(object, "trace", json_string(extra->of_b ? "b" : "a"));
        json_object_set_new(object, "generator", json_id(trace, extra->generator));
        put_site(object, trace, extra->site);
        json_object_set_new(object, "draws", json_u64(extra->n_draws));
        json_object_set_new(object, "words", json_u64(extra->n_words));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_difference(const struct diff_report *report, const struct lane_report *lane)
{
    if (!lane)
        return json_null();
    const struct trace_difference *first = &lane->first;
    bool in_a = first->a.kind != 0;
    char sentence[512];
    difference_sentence(report, lane, sentence, sizeof sentence);
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(difference_kind_name(first->kind)));
    json_object_set_new(object, "message", report_text(sentence));
    json_object_set_new(object, "lane", report_text(lane_report_name(report, lane)));
    json_object_set_new(object, "event", json_u64(first->index));
    json_object_set_new(object, "event_b", json_u64(first->index_b));
    put_site(object, in_a ? report->a : report->b, in_a ? first->a.site : first->b.site);
    json_object_set_new(object, "generator",
                        json_id(in_a ? report->a : report->b, in_a ? first->a.generator : first->b.generator));
    json_object_set_new(object, "a", json_event(report->a, &first->a));
    json_object_set_new(object, "b", json_event(report->b, &first->b));
    if (first->kind == TRACE_PATH) {
        json_object_set_new(object, "passed_a", json_integer(first->passed_a));
        json_object_set_new(object, "passed_b", json_integer(first->passed_b));
        json_object_set_new(object, "realigned", json_boolean(!first->left));
    }
    json_object_set_new(object, "extra_draws", json_extra(report, lane));
    return object;
}

static json_t *json_lane_of(const struct trace *trace, size_t lane)
{
    if (lane == (size_t)-1)
        return json_null();
    json_t *object = json_object();
    int lost = trace_lane_lost(trace, lane);
    json_object_set_new(object, "events", json_u64(trace_lane_events(trace, lane)));
    json_object_set_new(object, "complete", json_boolean(trace_lane_complete(trace, lane)));
    json_object_set_new(object, "lost", lost != 0 ? report_text(strerror(lost)) : json_null());
    return object;
}

/* The report of the lane, NULL when it does not differ. */
static const struct lane_report *find_report(const struct diff_report *report, size_t lane_a, size_t lane_b)
{
    for (size_t i = 0; i < report->n_lanes; i++) {
        if (report->lanes[i].first.lane_a == lane_a && report->lanes[i].first.lane_b == lane_b)
            return &report->lanes[i];
    }
    return NULL;
}

static void put_lane(json_t *array, const struct diff_report *report, const char *name, size_t lane_a, size_t lane_b)
{
    const struct lane_report *lane = find_report(report, lane_a, lane_b);
    json_t *object = json_object();
    json_object_set_new(object, "lane", report_text(name));
    json_object_set_new(object, "a", json_lane_of(report->a, lane_a));
    json_object_set_new(object, "b", json_lane_of(report->b, lane_b));
    json_object_set_new(object, "differences", json_u64(lane ? lane->n_differences : 0));
    json_object_set_new(object, "all_counted", json_boolean(!lane || !lane->left));
    json_object_set_new(object, "first", json_difference(report, lane));
    json_array_append_new(array, object);
}

static json_t *json_lanes(const struct diff_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < trace_n_lanes(report->a); i++) {
        const char *name = trace_lane_name(report->a, i);
        put_lane(array, report, name, i, trace_find_lane(report->b, name));
    }
    for (size_t i = 0; i < trace_n_lanes(report->b); i++) {
        const char *name = trace_lane_name(report->b, i);
        if (trace_find_lane(report->a, name) == (size_t)-1)
            put_lane(array, report, name, (size_t)-1, i);
    }
    return array;
}

static json_t *json_compared(const struct trace_totals *totals)
{
    json_t *object = json_object();
    json_object_set_new(object, "lanes", json_u64(totals->lanes));
    json_object_set_new(object, "events", json_u64(totals->events));
    json_object_set_new(object, "draws", json_u64(totals->draws));
    json_object_set_new(object, "ops", json_u64(totals->ops));
    json_object_set_new(object, "files", json_u64(totals->files));
    json_object_set_new(object, "differing_draws", json_u64(totals->differing_draws));
    json_object_set_new(object, "differing_ops", json_u64(totals->differing_ops));
    return object;
}

bool diff_print_json(const struct diff_report *report)
{
    json_t *document = json_object();
    json_object_set_new(document, "format", json_string("oneseed-diff/1"));
    json_object_set_new(document, "verdict", json_string(verdict_name(report->verdict)));
    json_object_set_new(document, "reason", report->reason[0] != '\0' ? report_text(report->reason) : json_null());
    json_object_set_new(document, "a", report_text(report->path_a));
    json_object_set_new(document, "b", report_text(report->path_b));
    bool both = report->a && report->b;
    const struct lane_report *first = report->n_lanes != 0 ? &report->lanes[report->first] : NULL;
    json_object_set_new(document, "first", both ? json_difference(report, first) : json_null());
    json_object_set_new(document, "lanes", both ? json_lanes(report) : json_array());
    json_object_set_new(document, "compared", json_compared(&report->totals));
    char *text = json_dumps(document, JSON_INDENT(1));
    if (text)
        printf("%s\n", text);
    free(text);
    json_decref(document);
    return text != NULL;
}
