/* numpy_parallel_polar.c - RandomState's normals on threads.
 * SPDX-License-Identifier: MIT
 *
 * The polar method refuses one pair of doubles in five, but where pairs begin is known. To count the pairs that are not refused is quick beside
 * drawing, which takes a logarithm and a root: so each thread counts those of its part first, and knows then where its values go. */
#include <string.h> /* memcmp */

#include "common/simd.h"         /* SIMD_VARIANTS */
#include "dialects/numpy_bits.h" /* numpy_fill_double */
#include "dialects/numpy_parallel.h"

enum { PIECE = 256, N_TRIAL = 128, LEAST = 1 << 17, MOST_JOBS = 64 };

/* As legacy_gauss() takes them. */
SIMD_BODY void count_pairs_body(const double *doubles, size_t n_pairs, uint64_t *restrict n_taken)
{
    uint64_t n = 0;
    for (size_t i = 0; i < n_pairs; i++) {
        double x = 2.0 * doubles[2 * i] - 1.0, y = 2.0 * doubles[2 * i + 1] - 1.0, square = x * x + y * y;
        n += square < 1.0 && square != 0.0;
    }
    *n_taken = n;
}
SIMD_VARIANTS(static void, count_pairs, (const double *doubles, size_t n_pairs, uint64_t *n_taken),
              (doubles, n_pairs, n_taken))

struct polar {
    oneseed_numpy_part part;
    void *argument;
    oneseed_numpy base, after; /* before the first pair, behind the last value */
    size_t first, n;           /* values from pairs */
    size_t n_jobs;
    uint64_t n_pieces;                              /* of each job but the last */
    uint64_t n_taken[MOST_JOBS], n_used[MOST_JOBS]; /* pairs: not refused; up to the last such one */
    bool is_right[MOST_JOBS];
};

static oneseed_numpy state_of(const struct polar *polar, size_t k, uint64_t n_pairs)
{
    oneseed_numpy state = polar->base;
    numpy_skip_doubles(&state, 2 * (k * polar->n_pieces * PIECE + n_pairs));
    return state;
}

static void count_job(void *argument, size_t k)
{
    struct polar *polar = argument;
    oneseed_numpy state = state_of(polar, k, 0);
    double doubles[2 * PIECE];
    uint64_t n_taken = 0, n_here = 0, n_left = PIECE;
    for (uint64_t piece = 0; piece < polar->n_pieces; piece++) {
        numpy_fill_double(&state, doubles, 2 * PIECE);
        count_pairs(doubles, PIECE, &n_here);
        n_taken += n_here;
    }
    for (n_here = 0; n_here == 0 && n_left > 0; n_left -= n_here == 0)
        count_pairs(doubles + 2 * (n_left - 1), 1, &n_here);
    polar->n_taken[k] = n_taken;
    polar->n_used[k] = (polar->n_pieces - 1) * PIECE + n_left;
}

static size_t begin_of(const struct polar *polar, size_t k)
{
    uint64_t n = 0;
    while (k > 0)
        n += 2 * polar->n_taken[--k];
    return (size_t)n;
}

/* A job is right when it took the pairs that were counted, and no others. */
static void draw_job(void *argument, size_t k)
{
    struct polar *polar = argument;
    bool is_last = k + 1 == polar->n_jobs;
    oneseed_numpy state = state_of(polar, k, 0);
    size_t begin = begin_of(polar, k), n = is_last ? polar->n - begin : 2 * (size_t)polar->n_taken[k];
    polar->is_right[k] = polar->part(&state, polar->argument, polar->first + begin, n) == ONESEED_OK;
    if (is_last) {
        polar->after = state;
        return;
    }
    oneseed_numpy expected = state_of(polar, k, polar->n_used[k]);
    polar->is_right[k] = polar->is_right[k] && memcmp(&state, &expected, sizeof state) == 0;
}

/* Whether some values leave the state where as many normals do. */
static bool draws_normals(const oneseed_numpy *state, oneseed_numpy_part part, void *argument)
{
    oneseed_numpy by_part = *state, by_normals = *state;
    double normals[N_TRIAL];
    oneseed_numpy_legacy_standard_normal_fill(&by_normals, normals, N_TRIAL);
    return part(&by_part, argument, 0, N_TRIAL) == ONESEED_OK && memcmp(&by_part, &by_normals, sizeof by_part) == 0;
}

bool numpy_parallel_polar(oneseed_numpy *state, oneseed_numpy_part part, void *argument, size_t n,
                          const oneseed_threads *threads, oneseed_status *status)
{
    struct polar polar = {.part = part, .argument = argument};
    if (!threads || threads->n_threads < 2 || n / LEAST < 2 || !draws_normals(state, part, argument))
        return false;
    memcpy(&polar.base, state, sizeof polar.base);
    if (state->has_gauss) { /* the first value has no pair */
        (void)part(&polar.base, argument, 0, 1);
        polar.first = 1;
    }
    polar.base.gauss = 0; /* as it is behind each pair */
    polar.n = n - polar.first;
    polar.n_jobs = n / LEAST < threads->n_threads ? n / LEAST : threads->n_threads;
    if (polar.n_jobs > MOST_JOBS)
        polar.n_jobs = MOST_JOBS;
    /* Each job has about as many values: of the pairs, pi / 4 are not refused. */
    polar.n_pieces = (uint64_t)((double)polar.n / 2 / 0.7853981633974483 / (double)polar.n_jobs) / PIECE;
    threads->run(threads, polar.n_jobs - 1, count_job, &polar);
    bool is_right = begin_of(&polar, polar.n_jobs - 1) < polar.n;
    if (is_right)
        threads->run(threads, polar.n_jobs, draw_job, &polar);
    for (size_t k = 0; k < polar.n_jobs && is_right; k++)
        is_right = polar.is_right[k];
    *status = is_right ? ONESEED_OK : part(state, argument, 0, n);
    if (is_right)
        *state = polar.after;
    return true;
}
