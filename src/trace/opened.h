/* opened.h - an opened trace, for the files that make up the reader: reader.c (files), lane_table.c, cursor.c.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TRACE_OPENED_H
#define ONESEED_TRACE_OPENED_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "trace/texttable.h" /* struct text_table */
#include "trace/tracefile.h" /* struct trace_header */

/* What one file has of one lane. */
struct trace_segment {
    uint32_t file;
    uint32_t *blocks; /* numbers, in the lane's order; block numbers fit: a file is below 2^48 bytes */
    size_t n_blocks, n_blocks_allocated;
    uint64_t thread; /* id of the thread's text */
    uint64_t n_events;
};

struct trace_file {
    char *path;
    char *lane; /* of the process */
    struct trace_header header;
    uint64_t nbytes;
    struct trace_segment *segments;
    size_t n_segments, n_segments_allocated;
    struct trace_segment texts;
};

struct trace_lane_part {
    const struct trace_segment *segment;
    uint64_t first_event;
};

struct trace_lane {
    char *name;
    struct trace_lane_part *parts;
    size_t n_parts;
    uint64_t n_events;
    bool complete;
    int lost;
};

struct trace {
    struct trace_file *files;
    size_t n_files;
    struct trace_lane *lanes;
    size_t n_lanes;
    struct text_table *texts;
    uint8_t *buffer; /* one block */
    char error[512];
};

/* Notes the error; gives -1. */
int trace_fail(struct trace *trace, const char *format, ...) __attribute__((format(printf, 2, 3)));
int trace_fail_file(struct trace *trace, const struct trace_file *file, const char *what);
int trace_fail_memory(struct trace *trace);

/* Puts the lanes together from what the files have of them. 0 or -1. */
int trace_make_lanes(struct trace *trace);

#endif
