/* cursor.c - positions in a lane: event by event, block by block, and by number.
 * SPDX-License-Identifier: MIT */
#include <errno.h>    /* errno */
#include <fcntl.h>    /* open */
#include <inttypes.h> /* PRIu64 */
#include <stddef.h>   /* offsetof */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* malloc, free */
#include <string.h>   /* memset, strerror */
#include <unistd.h>   /* close */

#include "trace/blocks.h"    /* trace_cursor_block */
#include "trace/opened.h"    /* struct trace */
#include "trace/reader.h"    /* struct trace_cursor */
#include "trace/tracefile.h" /* trace_entry_read, trace_block_read */

struct trace_cursor {
    struct trace *trace;
    const struct trace_lane *lane;
    size_t part;
    size_t next_block; /* within the part */
    int fd;            /* of the part's file, -1 = not open yet */
    bool grew;         /* data has more records than when the trace was opened */
    bool has_entry;    /* block is the next one's entry, its records not read yet */
    struct trace_block block;
    uint32_t at;     /* within data */
    uint32_t n_left; /* records of data not given out yet */
    uint64_t index;
    uint8_t data[TRACE_BLOCK_NBYTES];
};

struct trace_cursor *trace_lane_open(struct trace *trace, size_t lane)
{
    struct trace_cursor *cursor = malloc(sizeof *cursor);
    if (!cursor)
        return NULL;
    memset(cursor, 0, offsetof(struct trace_cursor, data));
    cursor->trace = trace;
    cursor->lane = &trace->lanes[lane];
    cursor->fd = -1;
    return cursor;
}

void trace_cursor_close(struct trace_cursor *cursor)
{
    if (!cursor)
        return;
    if (cursor->fd >= 0)
        close(cursor->fd);
    free(cursor);
}

uint64_t trace_cursor_index(const struct trace_cursor *cursor)
{
    return cursor->index;
}

static const struct trace_segment *cursor_segment(const struct trace_cursor *cursor)
{
    return cursor->lane->parts[cursor->part].segment;
}

static const struct trace_file *cursor_file(const struct trace_cursor *cursor)
{
    return &cursor->trace->files[cursor_segment(cursor)->file];
}

static int cursor_fault(struct trace_cursor *cursor, const struct trace_fault *fault)
{
    return trace_fail(cursor->trace, "%.300s: %s (lane %.40s, event %" PRIu64 ")", cursor_file(cursor)->path,
                      fault->text, cursor->lane->name, cursor->index);
}

static void leave_part(struct trace_cursor *cursor)
{
    if (cursor->fd >= 0)
        close(cursor->fd);
    cursor->fd = -1;
    cursor->next_block = 0;
    cursor->part++;
}

static int have_part_open(struct trace_cursor *cursor)
{
    if (cursor->fd >= 0)
        return 0;
    cursor->fd = open(cursor_file(cursor)->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return cursor->fd >= 0 ? 0 : trace_fail_file(cursor->trace, cursor_file(cursor), strerror(errno));
}

/* The entry of a part's block, which must be what it was when the trace was opened. */
static int read_entry(struct trace_cursor *cursor, size_t i, struct trace_block *block_out)
{
    const struct trace_segment *segment = cursor_segment(cursor);
    struct trace_fault fault = {"damaged: it changed while it was read"};
    if (have_part_open(cursor) != 0)
        return -1;
    int status = trace_entry_read(cursor->fd, segment->blocks[i], cursor_file(cursor)->nbytes, block_out, &fault);
    if (status <= 0 || block_out->lane != segment->thread || block_out->sequence != i)
        return cursor_fault(cursor, &fault);
    return 0;
}

/* Finds the next block's entry. 1 = cursor->block has it, 0 = end of the lane, -1 = fault. */
static int next_entry(struct trace_cursor *cursor)
{
    if (cursor->has_entry)
        return 1;
    while (cursor->part < cursor->lane->n_parts && cursor->next_block >= cursor_segment(cursor)->n_blocks)
        leave_part(cursor);
    if (cursor->part >= cursor->lane->n_parts)
        return 0;
    if (read_entry(cursor, cursor->next_block, &cursor->block) != 0)
        return -1;
    cursor->next_block++;
    cursor->has_entry = true;
    return 1;
}

/* A part ends where it ended when the trace was opened; it may be growing now. */
static uint64_t events_left_in_part(const struct trace_cursor *cursor)
{
    const struct trace_lane_part *part = &cursor->lane->parts[cursor->part];
    return part->first_event + part->segment->n_events - cursor->index;
}

/* Reads the records of the block whose entry is there. */
static int load_block(struct trace_cursor *cursor)
{
    struct trace_fault fault;
    if (trace_block_read(cursor->fd, &cursor->block, cursor->data, &fault) != 0)
        return cursor_fault(cursor, &fault);
    uint64_t most = events_left_in_part(cursor);
    cursor->n_left = cursor->block.sealed ? cursor->block.n_records : trace_records_count(&cursor->block, cursor->data);
    cursor->grew = cursor->n_left > most;
    if (cursor->grew)
        cursor->n_left = (uint32_t)most;
    cursor->at = 0;
    cursor->has_entry = false;
    return 0;
}

/* The block's records have all been given out: nothing else may be in it. */
static int finish_block(struct trace_cursor *cursor)
{
    struct trace_fault fault = {""};
    struct oneseed_event event;
    if (cursor->grew)
        return 0;
    if (cursor->block.sealed) {
        if (cursor->at == cursor->block.used_nbytes)
            return 0;
        (void)snprintf(fault.text, sizeof fault.text, "damaged: block %" PRIu64 ": its records do not fill it",
                       cursor->block.number);
        return cursor_fault(cursor, &fault);
    }
    return trace_record_decode(&cursor->block, cursor->data, cursor->at, &event, &fault) < 0
               ? cursor_fault(cursor, &fault)
               : 0;
}

int trace_cursor_next(struct trace_cursor *cursor, struct oneseed_event *event_out)
{
    while (cursor->n_left == 0) {
        int status = next_entry(cursor);
        if (status == 1)
            status = load_block(cursor) == 0 ? 1 : -1;
        if (status == 1 && cursor->n_left == 0 && finish_block(cursor) != 0)
            status = -1;
        if (status != 1)
            return status;
    }
    struct trace_fault fault = {"damaged: a block has fewer records than its entry says"};
    int nbytes = trace_record_decode(&cursor->block, cursor->data, cursor->at, event_out, &fault);
    if (nbytes <= 0)
        return cursor_fault(cursor, &fault);
    cursor->at += (uint32_t)nbytes;
    cursor->index++;
    cursor->n_left--;
    if (cursor->n_left == 0 && finish_block(cursor) != 0)
        return -1;
    return 1;
}

int trace_cursor_block(struct trace_cursor *cursor, struct trace_block *block_out)
{
    if (cursor->n_left != 0)
        return 0;
    int status = next_entry(cursor);
    if (status == 1) {
        *block_out = cursor->block;
        block_out->sealed = block_out->sealed && block_out->n_records <= events_left_in_part(cursor);
    }
    return status;
}

void trace_cursor_skip(struct trace_cursor *cursor, const struct trace_block *block)
{
    cursor->index += block->n_records;
    cursor->has_entry = false;
}

/* The last block of the part that begins at or before event `index` of the part. */
static int find_block(struct trace_cursor *cursor, uint64_t index, size_t *found_out)
{
    size_t from = 0, to = cursor_segment(cursor)->n_blocks; /* the answer is in from ... to - 1 */
    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        struct trace_block block;
        if (read_entry(cursor, middle, &block) != 0)
            return -1;
        if (block.first <= index)
            from = middle;
        else
            to = middle;
    }
    *found_out = from;
    return 0;
}

int trace_cursor_seek(struct trace_cursor *cursor, uint64_t index)
{
    const struct trace_lane *lane = cursor->lane;
    size_t part = 0;
    while (part < lane->n_parts && index >= lane->parts[part].first_event + lane->parts[part].segment->n_events)
        part++;
    if (cursor->fd >= 0)
        close(cursor->fd);
    cursor->fd = -1;
    cursor->part = part;
    cursor->next_block = 0;
    cursor->has_entry = false;
    cursor->n_left = 0;
    cursor->index = lane->n_events;
    if (part == lane->n_parts)
        return 0;
    uint64_t first = lane->parts[part].first_event;
    if (find_block(cursor, index - first, &cursor->next_block) != 0 || next_entry(cursor) != 1)
        return -1;
    cursor->index = first + cursor->block.first;
    struct oneseed_event event;
    while (cursor->index < index) {
        if (trace_cursor_next(cursor, &event) != 1)
            return -1;
    }
    return 0;
}
