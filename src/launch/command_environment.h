/* command_environment.h - the environment that a command is started with.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_COMMAND_ENVIRONMENT_H
#define ONESEED_LAUNCH_COMMAND_ENVIRONMENT_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "launch/launch.h" /* struct launch_options */

struct environment {
    char **entries; /* NULL-terminated, for execve() */
    size_t n, capacity;
    bool failed; /* out of memory: nothing of it may be used */
    char *lane;  /* the digits of the pid inside the entry ONESEED_LANE; NULL = no preload */
};

enum { ENVIRONMENT_PID_DIGITS = 10 };

struct environment_inputs {
    const struct launch_options *options;
    const char *controls; /* settings_controls() */
    const char *session;  /* the session folder */
    const char *trace;    /* the trace folder as the processes shall see it; NULL = none */
    const char *support;  /* folder of the preload and the recorder; NULL = neither is needed */
    bool preload;         /* LD_PRELOAD may be set (the command would not be harmed by it) */
};

/* Our own environment, changed by the settings that act; then padded so that it takes the same space on the stack of
 * the command whatever is controlled. */
void environment_build(struct environment *environment, const struct environment_inputs *inputs);
void environment_clear(struct environment *environment);

#endif
