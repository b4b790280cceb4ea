/* threads.c - one stream on 1, 2, … threads: build/bench/threads [VALUES [MOST_THREADS [ROUNDS]]]
 * SPDX-License-Identifier: MIT
 *
 * Medians over rounds in which everything takes its turn. The output is memory that is there already. `independent` are as many
 * streams as threads, each on its own thread with its own memory: what the machine gives at most. */
#include <stdint.h> /* uint64_t */
#include <stdio.h>  /* printf */
#include <stdlib.h> /* malloc, strtod */
#include <string.h> /* memset */
#include <time.h>   /* clock_gettime */

#include "oneseed.h"

enum { MOST_THREADS = 64, MOST_ROUNDS = 99, N_FUNCTIONS = 11 };

struct generators {
    oneseed_mt19937 mt19937;
    oneseed_torch torch;
    oneseed_numpy pcg64, philox, legacy;
};

struct function {
    const char *name;
    size_t nbytes; /* of a value */
    void (*fill)(struct generators *g, void *out, size_t n, const oneseed_threads *threads);
};

static void fill_memset(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    (void)g;
    (void)threads;
    memset(out, (int)n & 1, 8 * n);
}

static void fill_words(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    oneseed_mt19937_fill_u32_parallel(&g->mt19937, out, n, threads);
}

static void fill_rand(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    (void)oneseed_torch_rand_fill_parallel(&g->torch, ONESEED_TORCH_FLOAT32, out, n, threads);
}

static void fill_rand_f64(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    (void)oneseed_torch_rand_fill_parallel(&g->torch, ONESEED_TORCH_FLOAT64, out, n, threads);
}

static void fill_randn(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    (void)oneseed_torch_randn_fill_parallel(&g->torch, ONESEED_TORCH_FLOAT32, out, n, threads);
}

static void fill_randint(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    (void)oneseed_torch_randint_fill_parallel(&g->torch, ONESEED_TORCH_INT64, 0, 1000, out, n, threads);
}

static void fill_exponential(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    (void)oneseed_torch_exponential_fill_parallel(&g->torch, ONESEED_TORCH_FLOAT32, 1, out, n, threads);
}

static void fill_random_sample(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    oneseed_numpy_legacy_random_sample_fill_parallel(&g->legacy, out, n, threads);
}

static void fill_randn_legacy(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    oneseed_numpy_legacy_standard_normal_fill_parallel(&g->legacy, out, n, threads);
}

static void fill_pcg64(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    oneseed_numpy_random_fill_parallel(&g->pcg64, out, n, threads);
}

static void fill_philox(struct generators *g, void *out, size_t n, const oneseed_threads *threads)
{
    oneseed_numpy_random_fill_parallel(&g->philox, out, n, threads);
}

static const struct function functions[N_FUNCTIONS] = {
    {"memset", 8, fill_memset},
    {"MT19937 words", 4, fill_words},
    {"torch.rand f32", 4, fill_rand},
    {"torch.rand f64", 8, fill_rand_f64},
    {"torch.randn f32", 4, fill_randn},
    {"torch.randint i64", 8, fill_randint},
    {"torch exponential f32", 4, fill_exponential},
    {"NumPy random_sample f64", 8, fill_random_sample},
    {"NumPy randn f64", 8, fill_randn_legacy},
    {"PCG64 random f64", 8, fill_pcg64},
    {"Philox random f64", 8, fill_philox},
};

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void seed(struct generators *g)
{
    const uint32_t entropy = 17;
    memset(g, 0, sizeof *g);
    oneseed_mt19937_seed(&g->mt19937, 17);
    oneseed_torch_manual_seed(&g->torch, 17);
    oneseed_numpy_seed(&g->pcg64, ONESEED_NUMPY_PCG64, &entropy, 1, NULL, 0);
    oneseed_numpy_seed(&g->philox, ONESEED_NUMPY_PHILOX, &entropy, 1, NULL, 0);
    oneseed_numpy_legacy_seed(&g->legacy, 17);
}

/* As many fills as threads, each of its share of the values and from a generator of its own. */
struct independent {
    const struct function *function;
    struct generators *generators;
    char *out;
    size_t n_each;
};

static void fill_one(void *argument, size_t k)
{
    const struct independent *all = argument;
    all->function->fill(all->generators + k, all->out + k * all->n_each * all->function->nbytes, all->n_each, NULL);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double seconds[N_FUNCTIONS][2][MOST_THREADS + 1][MOST_ROUNDS];
static struct generators generators[MOST_THREADS];

static void measure_round(char *out, size_t n, size_t most_threads, size_t round)
{
    for (size_t f = 0; f < N_FUNCTIONS; f++)
        for (size_t t = 1; t <= most_threads; t++) {
            oneseed_threads threads = oneseed_pthreads(t);
            struct independent all = {functions + f, generators, out, n / t};
            double begun = now();
            functions[f].fill(generators, out, n, &threads);
            double between = now();
            threads.run(&threads, t, fill_one, &all);
            seconds[f][0][t][round] = between - begun;
            seconds[f][1][t][round] = now() - between;
        }
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)strtod(argv[1], NULL) : 100000000;
    size_t most_threads = argc > 2 ? (size_t)strtod(argv[2], NULL) : oneseed_pthreads(0).n_threads;
    size_t n_rounds = argc > 3 ? (size_t)strtod(argv[3], NULL) : 5;
    char *out = malloc(8 * n + 8);
    if (!out || n == 0 || most_threads < 1 || most_threads > MOST_THREADS || n_rounds < 1 || n_rounds > MOST_ROUNDS) {
        fprintf(stderr, "usage: threads [VALUES [THREADS up to %d [ROUNDS up to %d]]]\n", MOST_THREADS, MOST_ROUNDS);
        return 2;
    }
    memset(out, 1, 8 * n);
    for (size_t t = 0; t < MOST_THREADS; t++)
        seed(generators + t);
    for (size_t round = 0; round < n_rounds; round++)
        measure_round(out, n, most_threads, round);
    printf("%-24s %7s %9s %7s %7s %12s %10s\n", "function", "threads", "M/s", "GB/s", "ratio", "independent",
           "of memset");
    double memset_speed = 8 * (double)n / median(seconds[0][0][1], n_rounds);
    for (size_t f = 0; f < N_FUNCTIONS; f++) {
        double one = median(seconds[f][0][1], n_rounds);
        for (size_t t = 1; t <= most_threads; t++) {
            double all = t == 1 ? one : median(seconds[f][0][t], n_rounds);
            double speed = (double)(functions[f].nbytes * n) / all;
            printf("%-24s %7zu %9.1f %7.2f %7.2f %12.2f %10.2f\n", functions[f].name, t, (double)n / all / 1e6,
                   speed / 1e9, one / all, one / median(seconds[f][1][t], n_rounds), speed / memset_speed);
        }
    }
    free(out);
    return 0;
}
