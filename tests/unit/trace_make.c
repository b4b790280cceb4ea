/* trace_make.c - writes a trace from lines on stdin: trace_make FOLDER. For tests.
 * SPDX-License-Identifier: MIT
 *
 *     lane 0.1                                         ends the file so far, begins that process's
 *     thread t1                                        goes on in a thread of it
 *     draw SITE NAME GENERATOR WORDS BYTES IN OUT FLAGS    an event of any kind; `-` for no text; all others decimal
 *     repeat N                                         the event before N times more
 *     abandon                                          leaves the file as a killed process does
 *
 * A `~` in a text stands for a blank. */
#include <inttypes.h> /* SCNu64 */
#include <stdbool.h>  /* bool */
#include <stdio.h>    /* fgets, sscanf */
#include <string.h>   /* strcmp */

#include "trace/writer.h" /* trace_writer_open */

static const char *const kinds[] = {"?",    "process", "seed",  "draw", "op",     "entropy",     "clock",
                                    "file", "listing", "spawn", "exit", "output", "environment", "line"};

static uint64_t intern(struct trace_writer *writer, char *text)
{
    if (strcmp(text, "-") == 0)
        return 0;
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '~')
            *at = ' ';
    }
    return trace_intern(writer, text, strlen(text));
}

static bool emit(struct trace_writer *writer, struct trace_lane_writer *lane, const char *line,
                 struct oneseed_event *event_out)
{
    char kind[16], site[512], name[512], generator[512];
    struct oneseed_event event = {.kind = 0};
    unsigned flags;
    if (!lane || sscanf(line, "%15s %511s %511s %511s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %u", kind, site,
                        name, generator, &event.words, &event.bytes, &event.in[0], &event.out[0], &flags) != 9)
        return false;
    for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i]) == 0)
            event.kind = (uint8_t)i;
    }
    event.flags = (uint8_t)flags;
    event.site = intern(writer, site);
    event.name = intern(writer, name);
    event.generator = intern(writer, generator);
    trace_emit(lane, &event);
    *event_out = event;
    return event.kind != 0;
}

int main(int argc, char **argv)
{
    struct trace_writer *writer = NULL;
    struct trace_lane_writer *lane = NULL;
    char line[2048], name[512];
    struct oneseed_event event = {.kind = 0};
    uint64_t n_times;
    int error = 0;
    while (argc == 2 && fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "lane %511s", name) == 1) {
            trace_writer_close(writer);
            writer = trace_writer_open(argv[1], name, &error);
            lane = trace_writer_lane(writer, "");
        } else if (sscanf(line, "thread %511s", name) == 1) {
            lane = trace_writer_lane(writer, name);
        } else if (strncmp(line, "abandon", 7) == 0) {
            writer = NULL;
            lane = NULL;
        } else if (sscanf(line, "repeat %" SCNu64, &n_times) == 1) {
            while (n_times-- > 0)
                trace_emit(lane, &event);
        } else if (!emit(writer, lane, line, &event)) {
            fprintf(stderr, "trace_make: not understood: %s", line);
            return 2;
        }
    }
    trace_writer_close(writer);
    if (argc != 2 || error != 0)
        fprintf(stderr, argc != 2 ? "usage: trace_make FOLDER\n" : "trace_make: %s\n", strerror(error));
    return argc != 2 || error != 0 ? 2 : 0;
}
