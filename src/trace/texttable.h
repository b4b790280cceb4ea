/* texttable.h - the interned texts of a trace, found by id.
 * SPDX-License-Identifier: MIT
 *
 * Holds where each text lies (bounded: what does not fit is searched for in the files), and the texts that were asked
 * for. */
#ifndef ONESEED_TRACE_TEXTTABLE_H
#define ONESEED_TRACE_TEXTTABLE_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

struct text_table;

struct text_table *text_table_create(void);
void text_table_destroy(struct text_table *table); /* accepts NULL */

/* Adds a block's texts. file is a number of the caller's, offset the block's place in it; data is what
 * trace_block_read() gave. n_records is checked for a sealed block (negative: open). false: no memory, or a damaged
 * text at *fault_at_out bytes into the block (UINT32_MAX: no memory). */
bool text_table_add(struct text_table *table, uint32_t file, uint64_t offset, const uint8_t *data, int64_t n_records,
                    uint32_t *fault_at_out);

/* Where a text lies. False: not in the index; it may be in the files when text_table_overflows(). */
bool text_table_find(const struct text_table *table, uint64_t id, uint32_t *file_out, uint64_t *offset_out);
bool text_table_overflows(const struct text_table *table);

/* Finds the text in a block's data: its place, or -1. */
int64_t text_block_search(const uint8_t *data, uint64_t id);

/* Texts that are kept until the table is destroyed: one that is there already (NULL: none), and one more (NULL: no
 * memory). */
const char *text_table_kept(const struct text_table *table, uint64_t id);
const char *text_table_keep(struct text_table *table, uint64_t id, const char *text, size_t text_nbytes);

#endif
