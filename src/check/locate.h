/* locate.h - the line where two runs part, from a pair that followed the user's lines.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_LOCATE_H
#define ONESEED_CHECK_LOCATE_H

#include "check/pair.h" /* struct pair */

struct origin {
    const struct pair_difference *difference; /* NULL: the pair does not tell */
    const char *site;
    bool certain; /* inputs agreed and the result differed; else only where it surfaced first */
};

/* Events that do not take part in locating: what a library does while it is imported may come in any order. */
uint32_t locate_skipped_kinds(enum channel channel);

/* All certain origins of a pair, at most n_max, each line once, in lane and execution order; last, what the starter of a process
 * sees of a difference that began in that. Gives their number. */
size_t locate_all(const struct run *run, const struct pair *pair, struct origin *origins_out, size_t n_max);

/* Only `channel` was left uncontrolled in this pair: whatever differs, differs because of it. */
struct origin locate_origin(const struct run *a, const struct pair *pair, enum channel channel);

#endif
