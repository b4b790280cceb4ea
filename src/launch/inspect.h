/* inspect.h - what can be known about a command before it is started: will it take our preload and our recorder?
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_INSPECT_H
#define ONESEED_LAUNCH_INSPECT_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

struct inspection {
    char path[4096]; /* of the file that will be executed; empty when none was found */
    bool privileged; /* set-uid, set-gid or file capabilities: it ignores preloads */
    bool no_preload; /* a preload would not be loaded */
    bool harmed;     /* a preload would make it fail or complain: do not even set the variable */
    bool own_map;    /* it knows where mappings have to lie: built with ThreadSanitizer or MemorySanitizer */
    char note[256];  /* what cannot be controlled in it, one line; empty = nothing */
};

/* Looks argv[0] up as execvp() does, from `directory` (NULL = here), follows `#!` lines, and reads the ELF header.
 * Never fails: what cannot be read is left to exec to report. */
void inspect_command(char *const *argv, const char *directory, struct inspection *inspection_out);

#endif
