/* count_events.h - how many events a trace that is being written holds.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_COUNT_EVENTS_H
#define ONESEED_LAUNCH_COUNT_EVENTS_H

#include <stdint.h> /* uint64_t */

/* Counts the records in all traces of a folder from their directories (a thousandth of the bytes) and their open blocks.
 * Nothing is verified: writers are at work, and a number a moment old is good enough. 0 when nothing is there yet. */
uint64_t trace_folder_events(const char *folder);

#endif
