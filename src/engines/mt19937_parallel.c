/* mt19937_parallel.c - MT19937's words on threads.
 * SPDX-License-Identifier: MIT */
#include "engines/mt19937_parallel.h"

static void prepare(void *state)
{
    mt19937_parallel_prepare(state);
}

static bool measure(const void *before, const void *after, struct parallel_step *step)
{
    return mt19937_parallel_measure(before, after, step);
}

static void skip(void *state, const struct parallel_step *step, uint64_t n_groups)
{
    oneseed_mt19937_jump(state, step->n_words * n_groups);
}

static oneseed_status words_part(void *state, void *out, size_t begin, size_t n)
{
    oneseed_mt19937_fill_u32(state, (uint32_t *)out + begin, n);
    return ONESEED_OK;
}

void oneseed_mt19937_fill_u32_parallel(oneseed_mt19937 *state, uint32_t *out, size_t n, const oneseed_threads *threads)
{
    static const struct parallel_kind kind = {sizeof *state, 2 * MT19937_LEAST, prepare, measure, skip};
    (void)parallel_fill(&kind, state, words_part, out, n, threads);
}
