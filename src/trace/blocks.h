/* blocks.h - cursors block by block, for the comparison: equal blocks need no decoding.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TRACE_BLOCKS_H
#define ONESEED_TRACE_BLOCKS_H

#include "trace/reader.h"    /* struct trace_cursor */
#include "trace/tracefile.h" /* struct trace_block */

/* The block that begins at the cursor, from its directory entry: its records are not read. 1 = filled in, 0 = the
 * cursor is within a block or at the end of the lane, -1 = damaged. */
int trace_cursor_block(struct trace_cursor *cursor, struct trace_block *block_out);
/* Passes over the sealed block that trace_cursor_block() has just given. */
void trace_cursor_skip(struct trace_cursor *cursor, const struct trace_block *block);

/* Tree order of lane names: below, equal to or above 0. */
int trace_lane_order(const char *a, const char *b);

#endif
