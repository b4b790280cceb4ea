/* event.h - one event of a trace, as writers fill it in and readers give it out.
 * SPDX-License-Identifier: MIT
 *
 * docs/architecture.md says what each kind means, docs/trace-format.md how it is stored. */
#ifndef ONESEED_TRACE_EVENT_H
#define ONESEED_TRACE_EVENT_H

#include <stdint.h> /* uint64_t */

/* Values are stored in traces: pinned for ever. */
enum oneseed_event_kind {
    ONESEED_EVENT_PROCESS = 1,
    ONESEED_EVENT_SEED = 2,
    ONESEED_EVENT_DRAW = 3,
    ONESEED_EVENT_OP = 4,
    ONESEED_EVENT_ENTROPY = 5,
    ONESEED_EVENT_CLOCK = 6,
    ONESEED_EVENT_FILE = 7,
    ONESEED_EVENT_LISTING = 8,
    ONESEED_EVENT_SPAWN = 9,
    ONESEED_EVENT_EXIT = 10,
    ONESEED_EVENT_OUTPUT = 11,
    ONESEED_EVENT_ENVIRONMENT = 12,
    ONESEED_EVENT_LINE = 13,
};

/* Bits of oneseed_event.flags. */
enum {
    ONESEED_FLAG_WORDS_UNKNOWN = 1, /* draw: the generator could not be counted */
    ONESEED_FLAG_MISSING = 2,       /* file: it was not there */
    ONESEED_FLAG_LIBRARY = 4,       /* file: code of an interpreter or library, not a user's input */
    ONESEED_FLAG_TRUNCATED = 8,     /* the digest covers only a bounded part of the value */
    ONESEED_FLAG_UNDIGESTED = 16,   /* nothing could be digested: only identity is compared */
    ONESEED_FLAG_UNDEFINED = 32,    /* op: the output is memory that nobody wrote (empty, empty_like, ...) */
    ONESEED_FLAG_WRITTEN = 64,      /* file: opened for writing (content is not an input) */
};

struct oneseed_event {
    uint8_t kind;       /* enum oneseed_event_kind */
    uint8_t flags;      /* ONESEED_FLAG_* */
    uint64_t site;      /* interned text, 0 = unknown */
    uint64_t name;      /* interned text */
    uint64_t generator; /* interned text, 0 = none */
    uint64_t words;     /* unit depends on the kind */
    uint64_t bytes;     /* payload size in bytes */
    uint64_t in[2];     /* 128-bit digest of the inputs, 0 = none */
    uint64_t out[2];    /* 128-bit digest of the result, 0 = none */
};

#endif
