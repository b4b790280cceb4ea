/* tracefile.h - one trace file as the reader sees it: checked headers, checked directory entries, bounded reads.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TRACE_TRACEFILE_H
#define ONESEED_TRACE_TRACEFILE_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "trace/event.h"  /* struct oneseed_event */
#include "trace/format.h" /* TRACE_* */

/* What a file's header says. */
struct trace_header {
    bool empty; /* all zeroes: the process was killed while it made the file */
    bool complete;
    int lost; /* errno value, 0 = nothing was lost */
    uint64_t lane;
    uint32_t part;
    uint32_t n_blocks; /* of a complete file: in use */
};

/* What a directory entry says; sealed part zero for an open block. */
struct trace_block {
    uint64_t number; /* of the block in its file */
    bool sealed;
    uint64_t lane; /* 0 = texts */
    uint64_t first;
    uint32_t sequence;
    uint32_t used_nbytes;
    uint32_t n_records, n_draws, n_ops, n_files;
    uint64_t digest[2];
};

/* One line: what is wrong, and where in the file. */
struct trace_fault {
    char text[160];
};

/* Reads exactly nbytes at offset, or fewer at the end of the file. The number of bytes read, or -1 and errno. */
long read_at(int fd, void *buffer, size_t nbytes, uint64_t offset);

/* Reads the directory of a chunk into directory[] (missing bytes are zero) and checks its header.
 * 1 = it is there; 0 = the file ends before it, or it was reserved and never used; -1 = fault. */
int trace_directory_read(int fd, uint64_t file_nbytes, uint32_t chunk, uint8_t directory[TRACE_BLOCK_NBYTES],
                         struct trace_header *header_out, struct trace_fault *fault);

/* Checks one entry of a directory. 1 = block filled in, 0 = free, -1 = fault. */
int trace_entry_parse(const uint8_t *entry, uint64_t number, uint64_t file_nbytes, struct trace_block *block_out,
                      struct trace_fault *fault);

/* Reads and checks entry `number` alone. As trace_entry_parse(). */
int trace_entry_read(int fd, uint64_t number, uint64_t file_nbytes, struct trace_block *block_out,
                     struct trace_fault *fault);

/* Reads the records of a block; a sealed one is checked as a whole. Bytes behind its records are zero. 0, or -1 =
 * fault. */
int trace_block_read(int fd, const struct trace_block *block, uint8_t data[TRACE_BLOCK_NBYTES],
                     struct trace_fault *fault);

/* Decodes the record at data + at, and verifies its own check if the block is open (a sealed one is covered by its
 * digest). Gives its length in bytes; 0 = no more records; -1 = fault. */
int trace_record_decode(const struct trace_block *block, const uint8_t *data, uint32_t at,
                        struct oneseed_event *event_out, struct trace_fault *fault);

/* Number of event records in an open block's data, up to the first one that is damaged. */
uint32_t trace_records_count(const struct trace_block *block, const uint8_t *data);

#endif
