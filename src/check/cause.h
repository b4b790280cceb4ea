/* cause.h - one cause: its line, its name, what it reached, and the words for it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_CAUSE_H
#define ONESEED_CHECK_CAUSE_H

#include "check/experiment.h" /* struct work */
#include "check/locate.h"     /* struct origin */

struct check_cause new_cause(enum channel channel);

char *proof_words(enum channel channel, bool others, unsigned n_runs);

struct check_cause proved_cause(enum channel channel, bool others, unsigned n_runs);

void drop_cause(struct check_cause *cause);

void fill_reached(struct check_cause *cause, const struct run *a, const struct run *b, const struct pair *pair);

/* For generators the trace knows more than the lines: an instance is named where it is made, a global one where it is
 * first drawn from, and both by name. With `only`, that generator; else the one of the located line, or the first. */
void name_generator(struct check_cause *cause, const struct run *run, const char *only);

void take_origin(struct check_cause *cause, const struct origin *origin);

void take_suspect(struct check_cause *cause, const struct suspect *suspect);

/* A pair in which only this channel (of it, only the generators `only`) is left to chance, following the user's lines.
 * True when the results differed, so that the cause stands on its own. */
bool isolate(struct work *work, struct check_cause *cause, channel_set others, const char *only);

void finish_cause(struct work *work, struct check_cause *cause);

/* The only cause, and the trace leaves one line for it: no need to follow the lines. */
bool named_by_trace(struct work *work, struct check_cause *cause);

#endif
