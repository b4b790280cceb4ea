/* mt19937_parallel.h - how a state with an MT19937 in it is split among threads.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_MT19937_PARALLEL_H
#define ONESEED_ENGINES_MT19937_PARALLEL_H

#include <string.h> /* memcmp */

#include "common/parallel.h" /* struct parallel_kind */
#include "engines/mt19937.h" /* mt19937_next_block */

/* Below some half a million words moving a state takes longer than drawing. */
enum { MT19937_LEAST = 1 << 19 };

/* Ready to be measured: at the beginning of a block. */
static inline void mt19937_parallel_prepare(oneseed_mt19937 *state)
{
    mt19937_next_block(state->words);
    state->position = 0;
}

/* How many words were drawn since, when none was beyond the block. */
static inline bool mt19937_parallel_measure(const oneseed_mt19937 *before, const oneseed_mt19937 *after,
                                            struct parallel_step *step)
{
    if (memcmp(before->words, after->words, sizeof before->words) != 0)
        return false;
    step->n_words = after->position - before->position;
    return true;
}

#endif
