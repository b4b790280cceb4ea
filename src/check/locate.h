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

/* Only `channel` was left uncontrolled in this pair: whatever differs, differs because of it. */
struct origin locate_origin(const struct run *a, const struct pair *pair, enum channel channel);

#endif
