/* write.h - growing bytes, and the parts of the JSON document that convert and show have in common.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STATE_WRITE_H
#define ONESEED_STATE_WRITE_H

#include "state/state.h" /* struct state */

struct out {
    uint8_t *bytes;
    size_t n, capacity;
    bool failed; /* no memory */
};

void out_bytes(struct out *out, const void *bytes, size_t n);
/* At most 511 characters. */
void out_text(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string in quotes. */
void out_json_text(struct out *out, const char *text);

/* The members of "oneseed-state/1", without the braces. */
void state_write_json(struct out *out, const struct state *state);

#endif
