/* parallel.h - one stream's values made by several threads: splitting, and the proof that the split was right.
 * SPDX-License-Identifier: MIT
 *
 * What 64 values take is found by drawing from a copy of the state. Each job moves a copy to its place and draws from there. Where
 * a job ends, the next one must have begun: if not, a value took more than was guessed, and what follows is made again. */
#ifndef ONESEED_COMMON_PARALLEL_H
#define ONESEED_COMMON_PARALLEL_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "oneseed.h" /* oneseed_threads, oneseed_status */

/* Jobs begin at multiples of it: PyTorch's normals come by 16, the bools of a word by 32. */
enum { PARALLEL_GROUP = 64, PARALLEL_MOST_JOBS = 256, PARALLEL_STATE_NBYTES = 2600 };

/* What a group takes. */
struct parallel_step {
    uint64_t n_words;
    unsigned changes; /* what else is another one afterwards, as the dialect counts it: a normal, half a word */
};

struct parallel_kind {
    size_t state_nbytes; /* at most PARALLEL_STATE_NBYTES */
    uint64_t least;      /* words that a job must have to be worth it */
    /* Makes a copy ready for measuring: other words of the same kind. NULL: it is ready. */
    void (*prepare)(void *state);
    /* From a state that is ready to one that drew up to 128 values more; false: it cannot be told. */
    bool (*measure)(const void *before, const void *after, struct parallel_step *step);
    void (*skip)(void *state, const struct parallel_step *step, uint64_t n_groups);
};

/* Values begin to begin + n - 1 from a state that is at the first of them. */
typedef oneseed_status parallel_part(void *state, void *argument, size_t begin, size_t n);

oneseed_status parallel_fill(const struct parallel_kind *kind, void *state, parallel_part *part, void *argument,
                             size_t n, const oneseed_threads *threads);

/* The same for a stream of which any part can be had: job k makes values begin to begin + n - 1. Nothing is refused. */
typedef void parallel_piece(void *argument, size_t begin, size_t n);
void parallel_pieces(parallel_piece *piece, void *argument, size_t n, const oneseed_threads *threads);

#endif
