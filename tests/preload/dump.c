/* dump.c - prints a trace folder, one event per line: lane, kind, name, words, value, site, separated by tabs.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRIx64 */
#include <stdio.h>    /* printf */

#include "trace/reader.h" /* trace_open */

static void print_text(const struct trace *trace, uint64_t id)
{
    const char *text = trace_text(trace, id);
    putchar('\t');
    for (; text && *text; text++)
        putchar(*text == '\n' || *text == '\t' ? ' ' : *text);
}

int main(int argc, char **argv)
{
    char error[256];
    struct trace *trace = argc == 2 ? trace_open(argv[1], error, sizeof error) : NULL;
    if (!trace) {
        fprintf(stderr, "%s\n", argc == 2 ? error : "usage: dump FOLDER");
        return 2;
    }
    for (size_t lane = 0; lane < trace_n_lanes(trace); lane++) {
        struct trace_cursor *cursor = trace_lane_open(trace, lane);
        struct oneseed_event event;
        int answer;
        printf("%s\t%s\n", trace_lane_name(trace, lane), trace_lane_complete(trace, lane) ? "complete" : "incomplete");
        while ((answer = trace_cursor_next(cursor, &event)) == 1) {
            printf("%s\t%u", trace_lane_name(trace, lane), event.kind);
            print_text(trace, event.name);
            printf("\t%" PRIu64 "\t%016" PRIx64 "%016" PRIx64, event.words, event.out[1], event.out[0]);
            print_text(trace, event.site);
            putchar('\n');
        }
        trace_cursor_close(cursor);
        if (answer < 0) {
            fprintf(stderr, "%s\n", trace_error(trace));
            return 2;
        }
    }
    trace_close(trace);
    return 0;
}
