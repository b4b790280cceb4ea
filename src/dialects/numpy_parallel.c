/* numpy_parallel.c - NumPy's draws on threads: Generator's and RandomState's, of any bit generator that can be moved.
 * SPDX-License-Identifier: MIT */
#include "dialects/numpy_bits.h" /* numpy_next_u64 */
#include "dialects/numpy_parallel.h"
#include "engines/mt19937_parallel.h" /* mt19937_parallel_measure */

static void prepare_mt19937(void *state)
{
    mt19937_parallel_prepare(&((oneseed_numpy *)state)->engine.mt19937);
}

static bool measure_mt19937(const void *before, const void *after, struct parallel_step *step)
{
    const oneseed_numpy *a = before, *b = after;
    return mt19937_parallel_measure(&a->engine.mt19937, &b->engine.mt19937, step);
}

static void skip_mt19937(void *state, const struct parallel_step *step, uint64_t n_groups)
{
    oneseed_mt19937_jump(&((oneseed_numpy *)state)->engine.mt19937, step->n_words * n_groups);
}

/* ---- engines of 64-bit words ---- */

static bool measure_words(const void *before, const void *after, struct parallel_step *step)
{
    const oneseed_numpy *a = before, *b = after;
    uint64_t distance[4] = {0, 0, 0, 0};
    int is_found =
        a->kind == ONESEED_NUMPY_PHILOX  ? oneseed_philox4x64_distance(&a->engine.philox, &b->engine.philox, distance)
        : a->kind == ONESEED_NUMPY_PCG64 ? oneseed_pcg64_distance(&a->engine.pcg64, &b->engine.pcg64, distance)
                                         : oneseed_pcg64dxsm_distance(&a->engine.pcg64, &b->engine.pcg64, distance);
    step->n_words = distance[0];
    step->changes = a->uinteger != b->uinteger;
    return is_found && a->has_uint32 == b->has_uint32;
}

/* Philox's buffer is filled where the last word lies in it. */
static void skip_philox(oneseed_philox4x64 *philox, uint64_t n_words)
{
    uint64_t left = PHILOX4X64_BLOCK - philox->position;
    if (n_words <= left) {
        philox->position += (uint32_t)n_words;
        return;
    }
    const uint64_t blocks[4] = {(n_words - left - 1) / PHILOX4X64_BLOCK, 0, 0, 0};
    oneseed_philox4x64_advance(philox, blocks);
    (void)oneseed_philox4x64_next_u64(philox);
    philox->position = (uint32_t)(n_words - left - blocks[0] * PHILOX4X64_BLOCK);
}

static void skip_words(oneseed_numpy *state, uint64_t n_words)
{
    const uint64_t delta[2] = {n_words, 0};
    if (state->kind == ONESEED_NUMPY_PHILOX)
        skip_philox(&state->engine.philox, n_words);
    else if (state->kind == ONESEED_NUMPY_PCG64)
        oneseed_pcg64_advance(&state->engine.pcg64, delta);
    else
        oneseed_pcg64dxsm_advance(&state->engine.pcg64, delta);
}

/* 32-bit draws leave the upper half of the last word behind, used or not. */
static void skip_64(void *argument, const struct parallel_step *step, uint64_t n_groups)
{
    oneseed_numpy *state = argument;
    uint64_t n_words = step->n_words * n_groups;
    if (!step->changes || n_words == 0) {
        skip_words(state, n_words);
        return;
    }
    skip_words(state, n_words - 1);
    state->uinteger = (uint32_t)(numpy_next_u64(state) >> 32);
}

void numpy_skip_doubles(oneseed_numpy *state, uint64_t n)
{
    if (state->kind == ONESEED_NUMPY_MT19937)
        oneseed_mt19937_jump(&state->engine.mt19937, 2 * n);
    else
        skip_words(state, n);
}

/* ---- any function ---- */

struct part {
    oneseed_numpy_part part;
    void *argument;
};

static oneseed_status run_part(void *state, void *argument, size_t begin, size_t n)
{
    const struct part *part = argument;
    return part->part(state, part->argument, begin, n);
}

oneseed_status oneseed_numpy_parallel(oneseed_numpy *state, oneseed_numpy_part part, void *argument, size_t n,
                                      const oneseed_threads *threads)
{
    static const struct parallel_kind mt19937 = {sizeof *state, MT19937_LEAST, prepare_mt19937, measure_mt19937,
                                                 skip_mt19937};
    static const struct parallel_kind words = {sizeof *state, 1 << 15, NULL, measure_words, skip_64};
    struct part with = {part, argument};
    if (state->kind == ONESEED_NUMPY_SFC64) /* cannot be moved */
        return part(state, argument, 0, n);
    oneseed_status status;
    if (numpy_parallel_polar(state, part, argument, n, threads, &status))
        return status;
    return parallel_fill(state->kind == ONESEED_NUMPY_MT19937 ? &mt19937 : &words, state, run_part, &with, n, threads);
}

/* ---- the functions that are drawn most ---- */

/* Of `type`, without parameters and refusals. */
#define PARALLEL(name, out_type, type)                                                                                 \
    static oneseed_status name##_part(oneseed_numpy *state, void *out, size_t begin, size_t n)                         \
    {                                                                                                                  \
        oneseed_numpy_##name##_fill(state, (type *)out + begin, n);                                                    \
        return ONESEED_OK;                                                                                             \
    }                                                                                                                  \
    void oneseed_numpy_##name##_fill_parallel(oneseed_numpy *state, out_type *out, size_t n,                           \
                                              const oneseed_threads *threads)                                          \
    {                                                                                                                  \
        (void)oneseed_numpy_parallel(state, name##_part, out, n, threads);                                             \
    }
PARALLEL(random_raw, uint64_t, uint64_t)
PARALLEL(random, double, double)
PARALLEL(random_f32, float, float)
PARALLEL(bytes, void, char)
PARALLEL(legacy_random_sample, double, double)
PARALLEL(legacy_standard_normal, double, double)
PARALLEL(legacy_standard_exponential, double, double)
PARALLEL(legacy_bytes, void, char)

/* Of two parameters. */
#define PARALLEL_2(name, parameter, type)                                                                              \
    struct name##_call {                                                                                               \
        parameter a, b;                                                                                                \
        type *out;                                                                                                     \
    };                                                                                                                 \
    static oneseed_status name##_part(oneseed_numpy *state, void *argument, size_t begin, size_t n)                    \
    {                                                                                                                  \
        const struct name##_call *call = argument;                                                                     \
        return oneseed_numpy_##name##_fill(state, call->a, call->b, call->out + begin, n);                             \
    }                                                                                                                  \
    oneseed_status oneseed_numpy_##name##_fill_parallel(oneseed_numpy *state, parameter a, parameter b, type *out,     \
                                                        size_t n, const oneseed_threads *threads)                      \
    {                                                                                                                  \
        struct name##_call call = {a, b, out};                                                                         \
        return oneseed_numpy_parallel(state, name##_part, &call, n, threads);                                          \
    }
PARALLEL_2(uniform, double, double)
PARALLEL_2(integers, int64_t, int64_t)
PARALLEL_2(legacy_uniform, double, double)
PARALLEL_2(legacy_randint, int64_t, int64_t)

struct dtype_call {
    oneseed_numpy_dtype dtype;
    uint64_t first, last;
    char *out;
};

static size_t size_of(oneseed_numpy_dtype dtype)
{
    static const uint8_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 8, 8};
    return sizes[dtype];
}

static oneseed_status dtype_part(oneseed_numpy *state, void *argument, size_t begin, size_t n)
{
    const struct dtype_call *call = argument;
    return oneseed_numpy_integers_dtype_fill(state, call->dtype, call->first, call->last,
                                             call->out + begin * size_of(call->dtype), n);
}

oneseed_status oneseed_numpy_integers_dtype_fill_parallel(oneseed_numpy *state, oneseed_numpy_dtype dtype,
                                                          uint64_t first, uint64_t last, void *out, size_t n,
                                                          const oneseed_threads *threads)
{
    struct dtype_call call = {dtype, first, last, out};
    return oneseed_numpy_parallel(state, dtype_part, &call, n, threads);
}
