/* python_parallel.c - Python's draws on threads.
 * SPDX-License-Identifier: MIT */
#include "engines/mt19937_parallel.h" /* mt19937_parallel_measure */

static void prepare(void *state)
{
    mt19937_parallel_prepare(&((oneseed_python *)state)->mt19937);
}

static bool measure(const void *before, const void *after, struct parallel_step *step)
{
    const oneseed_python *a = before, *b = after;
    step->changes = memcmp(&a->gauss_next, &b->gauss_next, sizeof a->gauss_next) != 0;
    return a->has_gauss == b->has_gauss && mt19937_parallel_measure(&a->mt19937, &b->mt19937, step);
}

/* gauss() leaves the second one of a pair behind, used or not. */
static void skip(void *argument, const struct parallel_step *step, uint64_t n_groups)
{
    enum { WORDS_OF_PAIR = 4 };
    oneseed_python *state = argument;
    uint32_t has_gauss = state->has_gauss;
    uint64_t n_words = step->n_words * n_groups;
    if (!step->changes || n_words < WORDS_OF_PAIR) {
        oneseed_mt19937_jump(&state->mt19937, n_words);
        return;
    }
    oneseed_mt19937_jump(&state->mt19937, n_words - WORDS_OF_PAIR);
    state->has_gauss = 0;
    (void)oneseed_python_gauss(state, 0, 1);
    state->has_gauss = has_gauss;
}

struct part {
    oneseed_python_part part;
    void *argument;
};

static oneseed_status run_part(void *state, void *argument, size_t begin, size_t n)
{
    const struct part *part = argument;
    return part->part(state, part->argument, begin, n);
}

oneseed_status oneseed_python_parallel(oneseed_python *state, oneseed_python_part part, void *argument, size_t n,
                                       const oneseed_threads *threads)
{
    static const struct parallel_kind kind = {sizeof *state, MT19937_LEAST, prepare, measure, skip};
    struct part with = {part, argument};
    return parallel_fill(&kind, state, run_part, &with, n, threads);
}

static oneseed_status random_part(oneseed_python *state, void *out, size_t begin, size_t n)
{
    return oneseed_python_random_fill(state, (double *)out + begin, n);
}

oneseed_status oneseed_python_random_fill_parallel(oneseed_python *state, double *out, size_t n,
                                                   const oneseed_threads *threads)
{
    return oneseed_python_parallel(state, random_part, out, n, threads);
}
