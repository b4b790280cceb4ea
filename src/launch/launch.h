/* launch.h - runs a command with chosen controls and recording. Used by `run`, `check` and `scan`.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_H
#define ONESEED_LAUNCH_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

enum launch_level { LAUNCH_BARE, LAUNCH_SEEDS, LAUNCH_PROCESS, LAUNCH_PORTABLE };

/* Seeds that the program gives its generators itself. Noted: places and values go to final_states, as lines that begin with `#`. */
enum launch_own_seeds { OWN_SEEDS_KEPT, OWN_SEEDS_NOTED, OWN_SEEDS_SHIFTED };

struct launch_options {
    char *const *argv;       /* NULL-terminated; argv[0] is looked up in PATH */
    const char *directory;   /* working directory of the command; NULL = ours */
    enum launch_level level; /* which rows of the settings table act (bare: only those of `controls`) */
    bool has_seed;
    uint64_t seed;
    const char *controls; /* comma-separated names of docs/architecture.md, "" = none; added to those of the level */
    const char *vary;     /* `name:variant,…` (docs/architecture.md, Variants), NULL = none */
    const char *only;     /* NULL = none */
    const char *final_states; /* file for digests of the generators' states at the end; NULL = none */
    bool imports;             /* the files that were imported go to final_states, too */
    enum launch_own_seeds own_seeds;
    const char *sources;      /* `init=3,order=0`: values of the sources of a scan; NULL = one stream for all */
    const char *record;       /* `draws,ops,lines`; used when trace_folder is set */
    const char *trace_folder; /* NULL = no trace. Made if absent; refused if it holds a trace already */
    uint64_t lines_from, lines_max;
    bool strict;
    bool experiment;         /* a rerun of check: controls may cost more (one thread per operation with `op`) */
    const char *stdout_path; /* capture into this file; NULL = ours */
    const char *stderr_path;
    bool stdin_null;            /* stdin from /dev/null instead of ours (second and later runs of check) */
    double timeout_s;           /* 0 = none; the whole tree is ended after it */
    uint64_t stop_after_events; /* 0 = never; else the tree is ended when its traces hold that many events */
    void (*tick)(void *context, double elapsed_s, uint64_t n_events); /* about ten times a second; NULL = none */
    void *tick_context;
};

struct launch_result {
    int status; /* as `run` passes it on: 0-255, 128+n for a signal, 125 own failure, 126, 127 */
    bool timed_out;
    bool interrupted; /* we were asked to stop (SIGINT, SIGTERM) and ended the tree */
    bool stopped;     /* stop_after_events was reached */
    double seconds;
    long peak_kib; /* most resident memory of one process of the tree; 0 = it did not start */
    char **notes;  /* n_notes lines: what could not be controlled or recorded, without repetition */
    size_t n_notes;
    char error[256]; /* for status 125-127 of our own: one line */
};

struct launch_session; /* a temporary folder whose path stays the same over all runs of one command */

struct launch_session *launch_session_create(char *error, size_t error_nbytes);
const char *launch_session_folder(const struct launch_session *session);
void launch_session_destroy(struct launch_session *session); /* removes the folder; accepts NULL */

/* Runs the command to its end. Signals are passed on; job control works. A run whose output is captured has a process group
 * of its own, and its tree is ended with it; a plain run stays in our group, and what outlives the command is left alone
 * unless the command ended because somebody asked it to (Ctrl-C). Always fills *result; launch_result_clear frees what it
 * holds. A control that is named in options->controls acts even against a value of the user's own in the environment. */
void launch_run(struct launch_session *session, const struct launch_options *options, struct launch_result *result);
void launch_result_clear(struct launch_result *result);

/* Where the preload and the recorder lie; false with the reason. */
bool launch_support(char *folder_out, size_t folder_nbytes, char *error, size_t error_nbytes);

/* init, order, split, dropout, augment or other. */
bool launch_source_is_known(const char *name);

/* Can a control act here? False with a reason (personality refused in this container, ...). */
bool launch_control_available(const char *control, char *reason, size_t reason_nbytes);

#endif
