/* trace_dump.c - prints a trace as JSON lines, one per event: trace_dump FOLDER. For tests.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRIu64, PRIx64 */
#include <stdio.h>    /* printf */

#include "trace/reader.h" /* trace_open */

static const char *const kinds[] = {
    [ONESEED_EVENT_PROCESS] = "process", [ONESEED_EVENT_SEED] = "seed",
    [ONESEED_EVENT_DRAW] = "draw",       [ONESEED_EVENT_OP] = "op",
    [ONESEED_EVENT_ENTROPY] = "entropy", [ONESEED_EVENT_CLOCK] = "clock",
    [ONESEED_EVENT_FILE] = "file",       [ONESEED_EVENT_LISTING] = "listing",
    [ONESEED_EVENT_SPAWN] = "spawn",     [ONESEED_EVENT_EXIT] = "exit",
    [ONESEED_EVENT_OUTPUT] = "output",   [ONESEED_EVENT_ENVIRONMENT] = "environment",
    [ONESEED_EVENT_LINE] = "line",
};

static const struct {
    unsigned flag;
    const char *name;
} flags[] = {
    {ONESEED_FLAG_WORDS_UNKNOWN, "words_unknown"},
    {ONESEED_FLAG_MISSING, "missing"},
    {ONESEED_FLAG_LIBRARY, "library"},
    {ONESEED_FLAG_TRUNCATED, "truncated"},
    {ONESEED_FLAG_UNDIGESTED, "undigested"},
    {ONESEED_FLAG_UNDEFINED, "undefined"},
    {ONESEED_FLAG_WRITTEN, "written"},
};

/* Bytes that are not ASCII are printed as they are: traces of tests hold UTF-8. */
static void print_text(const char *key, const char *text)
{
    if (!text) {
        printf(", \"%s\": null", key);
        return;
    }
    printf(", \"%s\": \"", key);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static void print_event(const struct trace *trace, const char *lane, const struct oneseed_event *event)
{
    size_t kind = event->kind < sizeof kinds / sizeof *kinds ? event->kind : 0;
    const char *separator = "";

    printf("{\"kind\": \"%s\"", kinds[kind] ? kinds[kind] : "?");
    print_text("lane", lane);
    print_text("site", event->site ? trace_text(trace, event->site) : NULL);
    print_text("name", event->name ? trace_text(trace, event->name) : NULL);
    print_text("generator", event->generator ? trace_text(trace, event->generator) : NULL);
    printf(", \"words\": %" PRIu64 ", \"bytes\": %" PRIu64, event->words, event->bytes);
    printf(", \"in\": \"%016" PRIx64 "%016" PRIx64 "\"", event->in[1], event->in[0]);
    printf(", \"out\": \"%016" PRIx64 "%016" PRIx64 "\", \"flags\": [", event->out[1], event->out[0]);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (event->flags & flags[i].flag) {
            printf("%s\"%s\"", separator, flags[i].name);
            separator = ", ";
        }
    }
    printf("]}\n");
}

int main(int argc, char **argv)
{
    char error[256];
    struct trace *trace = argc == 2 ? trace_open(argv[1], error, sizeof error) : NULL;

    if (!trace) {
        fprintf(stderr, "trace_dump: %s\n", argc == 2 ? error : "usage: trace_dump FOLDER");
        return 2;
    }
    for (size_t lane = 0; lane < trace_n_lanes(trace); lane++) {
        struct trace_cursor *cursor = trace_lane_open(trace, lane);
        struct oneseed_event event;
        int status = -1;
        while (cursor && (status = trace_cursor_next(cursor, &event)) == 1)
            print_event(trace, trace_lane_name(trace, lane), &event);
        trace_cursor_close(cursor);
        if (status < 0) {
            fprintf(stderr, "trace_dump: %s\n", trace_error(trace));
            return 2;
        }
    }
    trace_close(trace);
    return 0;
}
