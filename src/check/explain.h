/* explain.h - says a cause in the user's terms: what happened, and how to mend it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_EXPLAIN_H
#define ONESEED_CHECK_EXPLAIN_H

#include "check/check.h" /* struct check_cause */

/* Fills message and fix from the other fields. `detail` is what the trace knows beside (function drawn from, path listed
 * or read, operation); NULL when nothing. */
void explain_cause(struct check_cause *cause, const char *detail);

#endif
