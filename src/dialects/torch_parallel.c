/* torch_parallel.c - PyTorch's CPU draws on threads.
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h"           /* torch_normal, torch_cpu */
#include "engines/mt19937_parallel.h" /* mt19937_parallel_measure */

static void prepare(void *state)
{
    mt19937_parallel_prepare(&((oneseed_torch *)state)->mt19937);
}

/* What may change beside words. */
enum { NORMAL = 1, CPU = 2 };

static bool measure(const void *before, const void *after, struct parallel_step *step)
{
    const oneseed_torch *a = before, *b = after;
    step->changes = (memcmp(&a->normal, &b->normal, sizeof a->normal) != 0 ? NORMAL : 0) | (a->cpu != b->cpu ? CPU : 0);
    return a->has_normal == b->has_normal && mt19937_parallel_measure(&a->mt19937, &b->mt19937, step);
}

/* Functions that draw scalar normals leave the last pair's second one behind, used or not. */
static void skip(void *argument, const struct parallel_step *step, uint64_t n_groups)
{
    enum { WORDS_OF_PAIR = 4 };
    oneseed_torch *state = argument;
    uint32_t has_normal = state->has_normal;
    uint64_t n_words = step->n_words * n_groups;
    if (step->changes & CPU)
        (void)torch_cpu(state); /* the function asks for it, too */
    if (!(step->changes & NORMAL) || n_words < WORDS_OF_PAIR) {
        oneseed_mt19937_jump(&state->mt19937, n_words);
        return;
    }
    oneseed_mt19937_jump(&state->mt19937, n_words - WORDS_OF_PAIR);
    state->has_normal = 0;
    (void)torch_normal(state);
    state->has_normal = has_normal;
}

struct part {
    oneseed_torch_part part;
    void *argument;
};

static oneseed_status run_part(void *state, void *argument, size_t begin, size_t n)
{
    const struct part *part = argument;
    return part->part(state, part->argument, begin, n);
}

oneseed_status oneseed_torch_parallel(oneseed_torch *state, oneseed_torch_part part, void *argument, size_t n,
                                      const oneseed_threads *threads)
{
    static const struct parallel_kind kind = {sizeof *state, MT19937_LEAST, prepare, measure, skip};
    struct part with = {part, argument};
    return parallel_fill(&kind, state, run_part, &with, n, threads);
}

/* ---- the functions that are drawn most ---- */

struct call {
    oneseed_torch_dtype dtype;
    double a, b;
    int64_t low, high;
    char *out;
};

static void *at(const struct call *call, size_t begin)
{
    return call->out + begin * oneseed_torch_dtype_size(call->dtype);
}

/* `parameters` of the function between dtype and out, `members` of the call that hold them, `arguments` that they are in it. */
#define PARALLEL(name, parameters, members, arguments)                                                                 \
    static oneseed_status name##_part(oneseed_torch *state, void *argument, size_t begin, size_t n)                    \
    {                                                                                                                  \
        const struct call *call = argument;                                                                            \
        return oneseed_torch_##name##_fill(state, call->dtype LIST arguments, at(call, begin), n);                     \
    }                                                                                                                  \
    oneseed_status oneseed_torch_##name##_fill_parallel(oneseed_torch *state,                                          \
                                                        oneseed_torch_dtype dtype LIST parameters, void *out,          \
                                                        size_t n, const oneseed_threads *threads)                      \
    {                                                                                                                  \
        struct call call = {.dtype = dtype, .out = out LIST members};                                                  \
        return oneseed_torch_parallel(state, name##_part, &call, n, threads);                                          \
    }
#define LIST(...) __VA_ARGS__

PARALLEL(rand, (), (), ())
PARALLEL(randn, (), (), ())
PARALLEL(random, (), (), ())
PARALLEL(uniform, (, double from, double to), (, .a = from, .b = to), (, call->a, call->b))
PARALLEL(normal, (, double mean, double std), (, .a = mean, .b = std), (, call->a, call->b))
PARALLEL(randint, (, int64_t low, int64_t high), (, .low = low, .high = high), (, call->low, call->high))
PARALLEL(random_from, (, int64_t from), (, .low = from), (, call->low))
PARALLEL(bernoulli, (, double p), (, .a = p), (, call->a))
PARALLEL(exponential, (, double lambda), (, .a = lambda), (, call->a))
PARALLEL(geometric, (, double p), (, .a = p), (, call->a))
PARALLEL(cauchy, (, double median, double sigma), (, .a = median, .b = sigma), (, call->a, call->b))
PARALLEL(log_normal, (, double mean, double std), (, .a = mean, .b = std), (, call->a, call->b))
