/* survey.h - one pass over a trace: what happened that could make a run differ.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_SURVEY_H
#define ONESEED_CHECK_SURVEY_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "check/check.h"  /* channel_set */
#include "trace/reader.h" /* struct trace */

/* Draws of one generator on one user line. */
struct surveyed_draws {
    char *site;
    uint64_t words, times;
    uint64_t first, last; /* event numbers in the lane */
};

/* A generator as one lane used it. */
struct surveyed_generator {
    char *name, *lane;
    char *seed_how;  /* last seeding before the first draw: program, os, oneseed, fork; "" = none seen */
    char *seed_site; /* user site of that seeding, "" = library or none */
    char *draw_site; /* first draw with a user site; in a child with none, the user's line that started it */
    bool by_start;   /* draw_site is such a line: draw_lane and draw_event are its own */
    const char *draw_lane;
    char *draw_name;                 /* function of that draw */
    uint64_t draw_event, seed_event; /* numbers in the lane */
    uint64_t seed_digest;            /* of that seeding, 0 = none seen */
    uint64_t n_draws;
    struct surveyed_draws *draws; /* per site, in order of first use; bounded */
    size_t n_sites;
    bool in_child; /* in a process below one that is a Python */
};

/* A user's line that did something of a kind. */
struct surveyed_site {
    char *site, *lane, *name;
    uint64_t event;
    uint64_t times;
};

/* A child process and the event of its parent's lane that made it. */
struct surveyed_spawn {
    char *child, *parent, *site; /* site: the user's, or NULL */
    uint64_t event;
};

struct survey {
    struct surveyed_generator *generators;
    size_t n_generators;
    /* First uses per kind and user site, in lane and execution order; bounded to 256 each. */
    struct surveyed_site *entropy, *clock, *environment, *listings;
    size_t n_entropy, n_clock, n_environment, n_listings;
    char **pythons; /* lanes of processes that are a Python */
    size_t n_pythons;
    struct surveyed_spawn *spawns;
    size_t n_spawns;
    char **written; /* absolute paths opened for writing, each once */
    size_t n_written;
    uint64_t n_draws, n_ops, n_inputs, n_lanes, n_events;
    bool has_python, has_threads, has_children, has_program_seed;
    bool has_user_threads; /* made on a line of the user's, or by a library on its behalf */
    bool incomplete;       /* a process was killed or still runs */
};

/* False with a line of text when the trace is damaged. */
bool survey_trace(struct trace *trace, struct survey *survey_out, char *error, size_t error_nbytes);
void survey_clear(struct survey *survey);

/* Is this lane a process below another one ("0.1", "0.1/t2"; not "0/t1")? */
bool lane_is_child(const char *lane);

#endif
