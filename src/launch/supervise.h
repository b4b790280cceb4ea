/* supervise.h - starts the command, passes signals on, waits for it, and ends what it left behind.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_SUPERVISE_H
#define ONESEED_LAUNCH_SUPERVISE_H

#include <stdbool.h>   /* bool */
#include <stddef.h>    /* size_t */
#include <signal.h>    /* sigset_t */
#include <sys/types.h> /* pid_t */

struct process_options {
    char *const *argv;
    char **environment;
    char *lane_digits; /* n_lane_digits bytes of the environment that become the pid; NULL = none */
    size_t n_lane_digits;
    const char *directory;     /* NULL = ours */
    int fd_in, fd_out, fd_err; /* -1 = ours */
    bool captured;             /* in a process group of its own, and the tree ends with the command */
    int address;               /* 1 = fix addresses, -1 = randomise them, 0 = as they are */
    bool top_down;             /* fixed ones stay where the kernel would lay them by itself */
    size_t n_cpus;             /* > 0: only the first n allowed CPUs */
    bool batch;                /* SCHED_BATCH */
    double timeout_s;          /* 0 = none */
    /* About ten times a second; true ends the tree. NULL = none. */
    bool (*tick)(void *context, double elapsed_s);
    void *tick_context;
};

struct process_result {
    int status; /* 0-255, 128+n for a signal; 125-127 when it did not start */
    bool timed_out, interrupted, stopped;
    double seconds;
    long peak_kib;   /* most resident memory of one process of the tree that was waited for */
    char error[256]; /* when it did not start: what and why */
};

/* Runs a command to its end. Signals that reach us are passed on, job control works, orphans are reaped; see supervise.c. */
void process_run(const struct process_options *options, struct process_result *result);

#endif
