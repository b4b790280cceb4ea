/* suspects.h - what two traces say about each channel: how likely it is the cause, and where it shows.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_SUSPECTS_H
#define ONESEED_CHECK_SUSPECTS_H

#include "check/pair.h" /* struct pair */

struct suspect {
    int weight;      /* 0 = it cannot be this channel; from SUSPECT_EVIDENT on the trace shows it */
    char *site;      /* NULL = the trace does not say */
    char *lane;      /* of that site; NULL with it */
    char *generator; /* NULL = none */
    char *detail;    /* function, op or path behind it; NULL */
    uint64_t event;
    bool by_line; /* site comes from a pair that followed the lines */
};
enum { SUSPECT_EVIDENT = 60, SUSPECT_SHOWN = 80 };

void suspects_find(const struct run *a, const struct run *b, const struct pair *pair,
                   struct suspect suspects_out[CHANNEL_CONTROLLED]);
/* From a pair of runs as they are that followed the user's lines: each line where a difference starts speaks for the
 * channel whose events happen on it, or by its text for one that has no events. */
void suspects_from_lines(const struct run *a, const struct pair *pair, struct suspect suspects[CHANNEL_CONTROLLED]);
void suspects_clear(struct suspect suspects[CHANNEL_CONTROLLED]);

/* The generators of one channel (unseeded-rng, child-process) that the OS seeded and that drew, each once. `key` is what
 * the configuration key `only` takes: the name of a global generator, else the line (file:line) that makes the instance. */
struct chance_generator {
    char *key;
    const struct surveyed_generator *generator;
    bool by_library; /* made inside a library that the line called */
};
void suspects_chance_generators(const struct run *run, enum channel channel, struct chance_generator **list_out,
                                size_t *n_list_out);
void chance_generators_free(struct chance_generator *list, size_t n_list);

/* A generator, seeded alike in both runs, that drew another number of words on one line and was drawn from elsewhere
 * afterwards: the later draws moved. False when there is none. */
struct moved_draws {
    const char *generator, *site, *lane;
    uint64_t words_a, words_b, event;
};
bool suspects_moved_draws(const struct run *a, const struct run *b, struct moved_draws *moved_out);

#endif
