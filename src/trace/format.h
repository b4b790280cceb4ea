/* format.h - the bytes of a trace file, for the writer and the reader. docs/trace-format.md is the specification.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TRACE_FORMAT_H
#define ONESEED_TRACE_FORMAT_H

#include <stdbool.h> /* bool */
#include <stdint.h>  /* uint64_t */

#include "common/bits.h"   /* load*_le, store*_le */
#include "common/digest.h" /* digest64 */
#include "trace/event.h"   /* struct oneseed_event */

#define TRACE_VERSION 1u
#define TRACE_SUFFIX  ".trace"

/* A file is a row of blocks. Every block whose number is a multiple of TRACE_CHUNK is a directory: 64 bytes for each
 * block of its chunk, of which the first 64 are the file header. So what is known of 64 MiB of records is read in one
 * piece. 64 KiB is the largest page size of the platforms, so each block can be mapped alone on all of them. */
#define TRACE_BLOCK_NBYTES 65536u
#define TRACE_ENTRY_NBYTES 64u
#define TRACE_CHUNK        (TRACE_BLOCK_NBYTES / TRACE_ENTRY_NBYTES)

/* Texts are cut at this length before they are hashed, so that every text fits into a block. */
#define TRACE_TEXT_MAX 32768u

/* File header. The same in the directory of every chunk, except that only the first one's end part is used. */
static const uint8_t trace_magic[8] = {0x8a, 'o', 'n', 'e', 's', 'e', 'e', 'd'};
enum {
    HEADER_MAGIC = 0,         /* 8 bytes */
    HEADER_VERSION = 8,       /* u32 */
    HEADER_BLOCK_NBYTES = 12, /* u32 */
    HEADER_LANE = 16,         /* u64: id of the process's lane */
    HEADER_PART = 24,         /* u32: 0, or how many programs came before in this lane by exec */
    HEADER_CHUNK = 28,        /* u32: number of the chunk */
    HEADER_CHECK = 32,        /* u32: low half of digest64(bytes 0 ... 31) */
    HEADER_LOST = 36,         /* u32: errno because of which events were lost, 0 = none */
    HEADER_NBYTES = 40,       /* u64: length of a complete file */
    HEADER_N_BLOCKS = 48,     /* u32: blocks in use, directories included */
    HEADER_END_CHECK = 52,    /* u32: low half of digest64(bytes 40 ... 51), seeded by HEADER_CHECK */
    HEADER_COMPLETE = 56,     /* u32: 1 when the process ended in order. Stored last */
};

/* Directory entry. */
enum { BLOCK_FREE = 0, BLOCK_OPEN = 1, BLOCK_SEALED = 2 };
enum {
    ENTRY_STATE = 0,       /* u32: BLOCK_*. Stored last */
    ENTRY_OPEN_CHECK = 4,  /* u32: low half of digest64(bytes 8 ... 27), seeded by the block's number */
    ENTRY_LANE = 8,        /* u64: id of the thread's text, 0 = a block of texts */
    ENTRY_FIRST = 16,      /* u64: number of the first record within the lane */
    ENTRY_SEQUENCE = 24,   /* u32: number of the block within the lane */
    ENTRY_USED = 28,       /* u16: in units of 8 bytes; this and what follows: once sealed */
    ENTRY_N_RECORDS = 30,  /* u16 */
    ENTRY_N_DRAWS = 32,    /* u16 */
    ENTRY_N_OPS = 34,      /* u16 */
    ENTRY_N_FILES = 36,    /* u16: FILE events without the flags LIBRARY and WRITTEN */
    ENTRY_DIGEST = 40,     /* 2 * u64: digest128 of the used bytes */
    ENTRY_SEAL_CHECK = 56, /* u32: low half of digest64(bytes 8 ... 55), seeded likewise */
};

/* Event record: kind, flags, mask, length in units of 8 bytes, u32 check; then the fields that the mask names. */
enum {
    FIELD_SITE = 1,
    FIELD_NAME = 2,
    FIELD_GENERATOR = 4,
    FIELD_WORDS = 8,
    FIELD_BYTES = 16,
    FIELD_IN = 32,  /* 2 * u64 */
    FIELD_OUT = 64, /* 2 * u64 */
};
#define TRACE_EVENT_MAX_NBYTES 80u

/* First word of a record with everything but the check, as a little-endian number. */
static inline uint32_t trace_event_head(unsigned kind, unsigned flags, unsigned mask, unsigned length)
{
    return (uint32_t)(kind | flags << 8 | mask << 16 | length << 24);
}

/* What a block adds to the checks of its records, so that none is taken for one of another place. It does not depend on
 * where in the file the block lies: equal runs have equal blocks. */
static inline uint64_t trace_block_salt(uint64_t lane, uint32_t sequence)
{
    return lane + sequence;
}

/* at: the record's place in its block, in bytes. */
static inline uint32_t trace_event_check(uint32_t head, const uint8_t *body, unsigned body_nbytes, uint64_t salt,
                                         uint32_t at)
{
    return (uint32_t)digest64_seeded(body, body_nbytes, salt ^ (uint64_t)at << 32 ^ head);
}

static inline uint32_t trace_header_check(const uint8_t *header)
{
    return (uint32_t)digest64(header, HEADER_CHECK);
}

static inline uint32_t trace_header_end_check(const uint8_t *header)
{
    return (uint32_t)digest64_seeded(header + HEADER_NBYTES, HEADER_END_CHECK - HEADER_NBYTES,
                                     load32_le(header + HEADER_CHECK));
}

static inline uint32_t trace_entry_open_check(const uint8_t *entry, uint64_t number)
{
    return (uint32_t)digest64_seeded(entry + ENTRY_LANE, ENTRY_USED - ENTRY_LANE, number);
}

static inline uint32_t trace_entry_seal_check(const uint8_t *entry, uint64_t number)
{
    return (uint32_t)digest64_seeded(entry + ENTRY_LANE, ENTRY_SEAL_CHECK - ENTRY_LANE, number);
}

/* A file that the program took in: what ENTRY_N_FILES counts. */
static inline bool trace_event_is_input_file(const struct oneseed_event *event)
{
    return event->kind == ONESEED_EVENT_FILE && (event->flags & (ONESEED_FLAG_LIBRARY | ONESEED_FLAG_WRITTEN)) == 0;
}

/* Text record: u32 length, u32 low half of the id, the text, zeroes up to a multiple of 8. */
static inline uint32_t trace_text_record_nbytes(uint32_t text_nbytes)
{
    return 8 + (text_nbytes + 7) / 8 * 8;
}

#endif
