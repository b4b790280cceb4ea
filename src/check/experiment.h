/* experiment.h - reruns of the checked command with chosen controls, counted and bounded.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_EXPERIMENT_H
#define ONESEED_CHECK_EXPERIMENT_H

#include <stdbool.h> /* bool */

#include "check/pair.h"     /* struct pair */
#include "check/run.h"      /* struct runner */
#include "check/suspects.h" /* struct suspect */

/* Weights: below the first a suspect is let go with others, from the second on it is tried alone. */
enum { WEAK_WEIGHT = 30, ALONE_WEIGHT = 45 };

/* What one check knows and holds. */
struct work {
    const struct check_options *options;
    struct check_result *result;
    struct runner runner;
    const struct run *a, *b; /* two runs as they are whose results differ */
    struct pair pair;
    struct suspect suspects[CHANNEL_CONTROLLED];
    channel_set possible; /* channels with weight and an available control */
    unsigned experiment_runs;
    unsigned equal_runs; /* that proved the channel which alone() found */
    const char
        *record; /* what experiments record, all alike: `draws`; with operations where nothing else tells runs apart */
};

/* Keeps a line for the end of the answer, once. */
void add_note(struct check_result *result, const char *text);

/* Are n_runs further runs allowed? */
bool may_experiment(const struct work *work, unsigned n_runs);

/* One rerun. The progress line is request->what with the controls behind it. */
void experiment_with(struct work *work, const struct run_request *request, struct run *run_out);

/* The same for a rerun that nothing is asked of but controls. put_back: it starts from the files as they were before the
 * first run of all. */
void experiment(struct work *work, const char *what, channel_set controls, const char *record, bool put_back,
                struct run *run_out);

/* Do the controls include the files? Then every run starts from the same. */
bool puts_back(channel_set controls);

/* Do runs under these controls repeat? One run when it gives the reference's result, else a second one to compare with.
 * The first starts from the files as they were, like the first run of all; the second from what the first left, unless
 * the files are among what is controlled. All record alike: what a recorder keeps moves the addresses of what the program
 * keeps. */
bool repeats_under(struct work *work, channel_set controls, const struct run *reference);

/* Of a set: the channels below a weight, the one with the greatest (-1 when it is empty), their number. */
channel_set weaker_than(const struct work *work, channel_set set, int weight);
int strongest(const struct work *work, channel_set set);
unsigned channel_count(channel_set set);

/* From a set under which runs repeat, lets a group go that is not needed: all of it, or by halves. */
channel_set release(struct work *work, channel_set set, channel_set group, const struct run *reference);

/* What the lines say, when the traces of draws and files do not say enough. */
void follow_lines(struct work *work);

/* Keeps what an experiment said, for the report. */
void note_experiment(struct work *work, channel_set controls, unsigned n_runs, bool equal);

/* Is the strongest suspect alone the cause? The hash seed shapes dictionaries and with them where objects lie, so an
 * address repeats only when both are fixed: then the hash seed on its own must not be enough. */
bool alone(struct work *work, channel_set *tried, int least_weight, channel_set *needed_out);

/* A pair with everything controlled that can be. True when it repeats: its first run is then the reference. A control that
 * makes the command end in another way is let go. */
bool everything_controlled(struct work *work, struct run *reference_out);

#endif
