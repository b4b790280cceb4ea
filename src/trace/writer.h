/* writer.h - appends events to the trace file of one process, from any thread, without locks on the hot path.
 * SPDX-License-Identifier: MIT
 *
 * Made for life inside strangers' programs: no malloc, no stdio, no exit handler, no signal, errno is never changed.
 * The kernel is called through syscall(), so hooks on open(), close() or mmap() never see the writer. */
#ifndef ONESEED_TRACE_WRITER_H
#define ONESEED_TRACE_WRITER_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include "trace/event.h" /* struct oneseed_event */

struct trace_writer;      /* one per process */
struct trace_lane_writer; /* one per thread that writes */

/* Creates `<folder>/<lane>.trace` (a lane's '/' never occurs here: this is the process's lane). When that is there
 * already, an earlier program of the same lane made it and then did an exec: `<lane>+1.trace`, `<lane>+2.trace`, … are
 * tried (O_EXCL); the reader joins them to one lane in that order. Gives NULL and sets *error_out to an errno value
 * when the file cannot be made. Everything written is in the file at once (shared mapping, space reserved before use),
 * so a killed process loses at most the record it was writing. When the disk is full the writer stops, remembers it in
 * the file, and writes no more: the program is never harmed. */
struct trace_writer *trace_writer_open(const char *folder, const char *lane, int *error_out);

/* The writer of one thread. `thread` is "" for the first thread, "t1", "t1.2" for others. Asked twice, it is the same
 * one. Valid until trace_writer_abandon(). NULL when there is no memory, or the writer is NULL. */
struct trace_lane_writer *trace_writer_lane(struct trace_writer *writer, const char *thread);

/* Interned id of text (64-bit XXH3, never 0), written to the file on first use. Thread-safe. Text behind the first 32
 * KiB is cut off. writer may be NULL: the id alone. */
uint64_t trace_intern(struct trace_writer *writer, const char *text, size_t text_nbytes);

/* Appends. Only the lane's own thread may call it; in a signal handler that interrupted a call on the same lane, the
 * event is dropped. lane may be NULL: no effect. */
void trace_emit(struct trace_lane_writer *lane, const struct oneseed_event *event);
uint64_t trace_lane_count(const struct trace_lane_writer *lane); /* 0 for NULL */

/* Gives back what the lane holds in memory (its current block), at the end of its thread. A later event takes a new
 * block. Without it, at most 4096 lanes can be in use: events of further ones are lost. Accepts NULL. */
void trace_lane_rest(struct trace_lane_writer *lane);

/* errno value because of which events were lost (ENOSPC, …), 0 when all were kept. */
int trace_writer_lost(const struct trace_writer *writer);

/* Orderly end: trims the file and marks it complete. Other threads may still run; their later events are not
 * recorded. */
void trace_writer_close(struct trace_writer *writer);

/* After an exec that failed: takes back trace_writer_close(), recording goes on. */
void trace_writer_resume(struct trace_writer *writer);

/* In a fork()ed child: forget the parent's file without touching it. Takes no lock. The lanes of the writer stay valid
 * addresses, without effect. */
void trace_writer_abandon(struct trace_writer *writer);

#endif
