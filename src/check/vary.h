/* vary.h - what `--vary` can change on purpose.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_VARY_H
#define ONESEED_CHECK_VARY_H

#include "check/check.h" /* enum channel */

/* Bytes that fresh memory holds: zeroes, and 63, of which floating-point numbers between 0 and 1 are made. */
#define VARY_MEMORY_ZERO  "memory:0"
#define VARY_MEMORY_OTHER "memory:63"

struct vary {
    const char *name;
    enum channel channel;    /* by which a dependence comes in */
    const char *one, *other; /* settings of the two runs that are compared, NULL = as it is */
    const char *help;
};

/* All of them, ended by a NULL name. */
extern const struct vary vary_table[];

/* The next name of a comma-separated list ("all" stands for every one); NULL at its end. Names are valid (vary_valid). */
const struct vary *vary_next(const char **list);
/* First name of the list that is not known, copied; NULL when all are. */
char *vary_unknown(const char *list);

#endif
