/* count.h - about how many events a trace that is being written holds.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_COUNT_H
#define ONESEED_LAUNCH_COUNT_H

#include <stdint.h> /* uint64_t */

/* An estimate from the space that the files of the folder take, without reading them; 0 when nothing is there yet. */
uint64_t trace_folder_events(const char *folder);

#endif
