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

/* One trace, and its cursors, belong to one thread at a time.
 *
 * Opens a trace folder or one .trace file. On failure gives NULL and one line of text (what, why) in error[]. */
struct trace *trace_open(const char *path, char *error, size_t error_nbytes);
void trace_close(struct trace *trace); /* accepts NULL */

/* Events in all lanes of a folder that may be in use by writers now: cheap (directories and open blocks only), never
 * fails, counts what it can read. */
uint64_t trace_folder_events(const char *path);

/* Lanes ("0", "0.1", "0.1/t2"), in tree order: numbers compare as numbers, a process before its threads and
 * children. */
size_t trace_n_lanes(const struct trace *trace);
const char *trace_lane_name(const struct trace *trace, size_t lane);
uint64_t trace_lane_events(const struct trace *trace, size_t lane);
/* Index of the lane with that name, or (size_t)-1. */
size_t trace_find_lane(const struct trace *trace, const char *name);
/* False when the process was killed or is still running (what it recorded is readable all the same). */
bool trace_lane_complete(const struct trace *trace, size_t lane);
/* errno value because of which the writer lost events of this lane's process (ENOSPC, ...), 0 = none. */
int trace_lane_lost(const struct trace *trace, size_t lane);

/* Text of an interned id, NULL when unknown. Valid until trace_close(). */
const char *trace_text(const struct trace *trace, uint64_t id);

/* Streams a lane in constant memory. open: NULL when there is no memory. next: 1 = event filled in, 0 = end, -1 =
 * damaged (one line in trace_error()). */
struct trace_cursor *trace_lane_open(struct trace *trace, size_t lane);
int trace_cursor_next(struct trace_cursor *cursor, struct oneseed_event *event_out);
/* Goes to event number `index` of the lane (its end, when there are fewer). 0, or -1 as next does. */
int trace_cursor_seek(struct trace_cursor *cursor, uint64_t index);
/* Number of the event that next will give. */
uint64_t trace_cursor_index(const struct trace_cursor *cursor);
void trace_cursor_close(struct trace_cursor *cursor); /* accepts NULL */
const char *trace_error(const struct trace *trace);

#endif
