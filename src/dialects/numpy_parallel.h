/* numpy_parallel.h - NumPy's draws on threads: what the files have in common.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_NUMPY_PARALLEL_H
#define ONESEED_DIALECTS_NUMPY_PARALLEL_H

#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_numpy_part */

/* As if n doubles had been drawn; not for SFC64. */
void numpy_skip_doubles(oneseed_numpy *state, uint64_t n);

/* Functions that take one of RandomState's normals for each value. False, and nothing done, for others and for few values; else all is done,
 * with *status. */
bool numpy_parallel_polar(oneseed_numpy *state, oneseed_numpy_part part, void *argument, size_t n,
                          const oneseed_threads *threads, oneseed_status *status);

#endif
