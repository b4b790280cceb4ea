/* diff_sentence.c - names and sentences for events and differences.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRIu64 */
#include <stdio.h>    /* snprintf */
#include <string.h>   /* strrchr, memcpy */

#include "cli/diff_report.h"

const char *event_kind_name(uint8_t kind)
{
    static const char *const names[] = {"?",    "process", "seed",  "draw", "op",     "entropy",     "clock",
                                        "file", "listing", "spawn", "exit", "output", "environment", "line"};
    return names[kind < sizeof names / sizeof *names ? kind : 0];
}

const char *difference_kind_name(enum trace_difference_kind kind)
{
    static const char *const names[] = {"result", "input", "count", "path", "ended", "lane"};
    return names[kind];
}

const char *verdict_name(enum diff_verdict verdict)
{
    static const char *const names[] = {"same", "diverged", "inconclusive"};
    return names[verdict];
}

static void copy_part(char *to, size_t to_nbytes, const char *from, size_t from_nbytes)
{
    if (from_nbytes >= to_nbytes)
        from_nbytes = to_nbytes - 1;
    memcpy(to, from, from_nbytes);
    to[from_nbytes] = '\0';
}

/* The last `:` before `end`, NULL when there is none. */
static const char *last_colon(const char *text, const char *end)
{
    while (end > text) {
        if (*--end == ':')
            return end;
    }
    return NULL;
}

void site_split(const char *text, struct site_parts *parts_out)
{
    *parts_out = (struct site_parts){.line = 0};
    const char *bar = strchr(text, '|');
    const char *end = bar ? bar : text + strlen(text);
    if (bar)
        copy_part(parts_out->through, sizeof parts_out->through, bar + 1, strlen(bar + 1));
    const char *second = last_colon(text, end), *first = second ? last_colon(text, second) : NULL;
    uint64_t line = 0;
    const char *digit = first ? first + 1 : NULL;
    for (; digit && digit < second && *digit >= '0' && *digit <= '9' && line < UINT64_MAX / 16; digit++)
        line = line * 10 + (uint64_t)(*digit - '0');
    if (!first || digit != second || second == first + 1) {
        copy_part(parts_out->file, sizeof parts_out->file, text, (size_t)(end - text));
        return;
    }
    copy_part(parts_out->file, sizeof parts_out->file, text, (size_t)(first - text));
    parts_out->line = line;
    copy_part(parts_out->function, sizeof parts_out->function, second + 1, (size_t)(end - second - 1));
}

const char *text_of(const struct trace *trace, uint64_t id, char *buffer, size_t buffer_nbytes)
{
    const char *text = id != 0 ? trace_text(trace, id) : "";
    if (text)
        (void)snprintf(buffer, buffer_nbytes, "%s", text);
    else
        (void)snprintf(buffer, buffer_nbytes, "#%016" PRIx64, id);
    for (char *at = buffer; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    }
    return buffer;
}

const char *lane_report_name(const struct diff_report *report, const struct lane_report *lane)
{
    return lane->first.lane_a != (size_t)-1 ? trace_lane_name(report->a, lane->first.lane_a)
                                            : trace_lane_name(report->b, lane->first.lane_b);
}

static void result_sentence(const struct trace_difference *difference, const char *name, char *text, size_t nbytes)
{
    const struct oneseed_event *a = &difference->a, *b = &difference->b;
    switch (a->kind) {
    case ONESEED_EVENT_SEED:
        (void)snprintf(text, nbytes, "the generator was seeded with another value");
        break;
    case ONESEED_EVENT_DRAW:
        (void)snprintf(text, nbytes, "the same state before, another result");
        break;
    case ONESEED_EVENT_OP:
        (void)snprintf(text, nbytes, "equal inputs, another output");
        break;
    case ONESEED_EVENT_FILE:
        if ((a->flags ^ b->flags) & ONESEED_FLAG_MISSING)
            (void)snprintf(text, nbytes, "the file is missing in %s", a->flags & ONESEED_FLAG_MISSING ? "A" : "B");
        else
            (void)snprintf(text, nbytes, "the file has another content (%" PRIu64 " and %" PRIu64 " bytes)", a->bytes,
                           b->bytes);
        break;
    case ONESEED_EVENT_LISTING:
        (void)snprintf(text, nbytes, "the same names in another order");
        break;
    case ONESEED_EVENT_EXIT:
        (void)snprintf(text, nbytes, "child %s ended with status %" PRIu64 " and %" PRIu64, name, a->words, b->words);
        break;
    case ONESEED_EVENT_OUTPUT:
        (void)snprintf(text, nbytes, "other bytes were written to %s (%" PRIu64 " and %" PRIu64 " bytes)", name,
                       a->bytes, b->bytes);
        break;
    case ONESEED_EVENT_LINE:
        (void)snprintf(text, nbytes, "the line read equal values and bound another one");
        break;
    default:
        (void)snprintf(text, nbytes, "another value");
        break;
    }
}

static void input_sentence(uint8_t kind, char *text, size_t nbytes)
{
    const char *what = kind == ONESEED_EVENT_DRAW      ? "the generator's state before it differs"
                       : kind == ONESEED_EVENT_LISTING ? "the folder holds other names"
                       : kind == ONESEED_EVENT_LINE    ? "the line read other values"
                                                       : "its inputs differ";
    (void)snprintf(text, nbytes, "%s: an effect of something earlier, or of something that was not recorded", what);
}

static void count_sentence(const struct trace_difference *difference, char *text, size_t nbytes)
{
    uint64_t a = difference->a.words, b = difference->b.words;
    (void)snprintf(text, nbytes,
                   "the same state before, but A drew %" PRIu64 " words and B %" PRIu64 ": %" PRIu64 " more in %s", a,
                   b, a > b ? a - b : b - a, a > b ? "A" : "B");
}

static void path_sentence(const struct trace_difference *difference, char *text, size_t nbytes)
{
    if (difference->left)
        (void)snprintf(text, nbytes, "the program goes another way, and the lanes do not meet again within 512 events");
    else
        (void)snprintf(text, nbytes,
                       "the program goes another way; the lanes meet again after %" PRIu32 " events of A and %" PRIu32
                       " of B",
                       difference->passed_a, difference->passed_b);
}

void difference_sentence(const struct diff_report *report, const struct lane_report *lane, char *text_out,
                         size_t text_nbytes)
{
    const struct trace_difference *difference = &lane->first;
    char name[256];
    switch (difference->kind) {
    case TRACE_RESULT:
        result_sentence(difference, text_of(report->a, difference->a.name, name, sizeof name), text_out, text_nbytes);
        break;
    case TRACE_INPUT:
        input_sentence(difference->a.kind, text_out, text_nbytes);
        break;
    case TRACE_COUNT:
        count_sentence(difference, text_out, text_nbytes);
        break;
    case TRACE_PATH:
        path_sentence(difference, text_out, text_nbytes);
        break;
    case TRACE_ENDED:
        (void)snprintf(text_out, text_nbytes, "the lane has ended in %s and goes on in %s",
                       difference->a.kind == 0 ? "A" : "B", difference->a.kind == 0 ? "B" : "A");
        break;
    case TRACE_LANE:
        (void)snprintf(text_out, text_nbytes, "only %s has this lane", difference->lane_a != (size_t)-1 ? "A" : "B");
        break;
    }
}
