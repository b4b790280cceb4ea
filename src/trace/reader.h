/* reader.h - reads traces: a folder with one file per process. Untrusted input: every byte is checked.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TRACE_READER_H
#define ONESEED_TRACE_READER_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "trace/event.h" /* struct oneseed_event */

struct trace;        /* an opened trace folder (or single file): its lanes and its strings */
struct trace_cursor; /* a position in one lane */

/* Opens a trace folder or one .trace file. On failure gives NULL and one line of text (what, why) in error[]. */
struct trace *trace_open(const char *path, char *error, size_t error_nbytes);
void trace_close(struct trace *trace); /* accepts NULL */

/* Lanes ("0", "0.1", "0.1/t2"), in tree order: numbers compare as numbers, a process before its threads and children. */
size_t trace_n_lanes(const struct trace *trace);
const char *trace_lane_name(const struct trace *trace, size_t lane);
uint64_t trace_lane_events(const struct trace *trace, size_t lane);
/* Index of the lane with that name, or (size_t)-1. */
size_t trace_find_lane(const struct trace *trace, const char *name);
/* False when the process was killed or is still running (what it recorded is readable all the same). */
bool trace_lane_complete(const struct trace *trace, size_t lane);

/* Text of an interned id, NULL when unknown. */
const char *trace_text(const struct trace *trace, uint64_t id);

/* Streams a lane in constant memory. next: 1 = event filled in, 0 = end, -1 = damaged (one line in trace_error()). */
struct trace_cursor *trace_lane_open(struct trace *trace, size_t lane);
int trace_cursor_next(struct trace_cursor *cursor, struct oneseed_event *event_out);
void trace_cursor_close(struct trace_cursor *cursor); /* accepts NULL */
const char *trace_error(const struct trace *trace);

#endif
