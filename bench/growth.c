/* growth.c - nanoseconds a value from 10^3 to 10^10 values of one stream, and the memory that it took: build/bench/growth [MOST_DIGITS]
 * SPDX-License-Identifier: MIT
 *
 * One thread fills a buffer of 64 KiB again and again, or a part of it. Each length is drawn for 0.2 seconds at least, three times; the
 * quickest counts. `spread` is the slowest length by the quickest one. */
#include <stdint.h>       /* uint64_t */
#include <stdio.h>        /* printf */
#include <stdlib.h>       /* atoi */
#include <string.h>       /* memset */
#include <sys/resource.h> /* getrusage */
#include <time.h>         /* clock_gettime */

#include "oneseed.h"

enum { BUFFER = 1 << 16, FEWEST_DIGITS = 3, MOST_DIGITS = 12, N_TRIES = 3 };

union generator {
    oneseed_mt19937 mt19937;
    oneseed_torch torch;
    oneseed_numpy numpy;
    oneseed_jax_key jax;
};

static void seed_words(union generator *g)
{
    oneseed_mt19937_seed(&g->mt19937, 17);
}

static void seed_torch(union generator *g)
{
    oneseed_torch_manual_seed(&g->torch, 17);
}

static void seed_legacy(union generator *g)
{
    oneseed_numpy_legacy_seed(&g->numpy, 17);
}

static void seed_pcg64(union generator *g)
{
    const uint32_t entropy = 17;
    oneseed_numpy_seed(&g->numpy, ONESEED_NUMPY_PCG64, &entropy, 1, NULL, 0);
}

static void seed_philox(union generator *g)
{
    const uint32_t entropy = 17;
    oneseed_numpy_seed(&g->numpy, ONESEED_NUMPY_PHILOX, &entropy, 1, NULL, 0);
}

static void draw_words(union generator *g, void *out, size_t n)
{
    oneseed_mt19937_fill_u32(&g->mt19937, out, n);
}

static void draw_rand(union generator *g, void *out, size_t n)
{
    (void)oneseed_torch_uniform_fill(&g->torch, ONESEED_TORCH_FLOAT32, 0, 1, out, n);
}

static void draw_randn(union generator *g, void *out, size_t n)
{
    (void)oneseed_torch_normal_fill(&g->torch, ONESEED_TORCH_FLOAT32, 0, 1, out, n);
}

static void draw_random_sample(union generator *g, void *out, size_t n)
{
    oneseed_numpy_legacy_random_sample_fill(&g->numpy, out, n);
}

static void draw_random(union generator *g, void *out, size_t n)
{
    oneseed_numpy_random_fill(&g->numpy, out, n);
}

static void draw_normal(union generator *g, void *out, size_t n)
{
    oneseed_numpy_standard_normal_fill(&g->numpy, out, n);
}

static const struct {
    const char *name;
    size_t nbytes; /* of a value */
    void (*seed)(union generator *g);
    void (*draw)(union generator *g, void *out, size_t n);
} functions[] = {
    {"MT19937 words", 4, seed_words, draw_words},
    {"torch.rand f32", 4, seed_torch, draw_rand},
    {"torch.randn f32", 4, seed_torch, draw_randn},
    {"NumPy random_sample f64", 8, seed_legacy, draw_random_sample},
    {"PCG64 random f64", 8, seed_pcg64, draw_random},
    {"Philox random f64", 8, seed_philox, draw_random},
    {"PCG64 standard_normal f64", 8, seed_pcg64, draw_normal},
};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double nanoseconds(size_t f, uint64_t n)
{
    static _Alignas(64) char buffer[BUFFER];
    static union generator g;
    const size_t piece = BUFFER / functions[f].nbytes;
    double best = 0;
    for (int k = 0; k < N_TRIES; k++) {
        uint64_t n_times = 0;
        double begun, seconds;
        functions[f].seed(&g);
        functions[f].draw(&g, buffer, piece);
        begun = now();
        do { /* the clock is dear beside a few values */
            for (uint64_t turn = 0; turn < (n < 1000000 ? 1000000 / n : 1); turn++, n_times++)
                for (uint64_t i = 0; i < n; i += piece)
                    functions[f].draw(&g, buffer, n - i < piece ? (size_t)(n - i) : piece);
            seconds = now() - begun;
        } while (seconds < 0.2);
        seconds *= 1e9 / ((double)n_times * (double)n);
        best = k == 0 || seconds < best ? seconds : best;
        if (n > 1000000000)
            break; /* long enough by itself */
    }
    return best;
}

int main(int argc, char **argv)
{
    int most = argc > 1 ? atoi(argv[1]) : 10;
    struct rusage usage;
    if (most < FEWEST_DIGITS || most > MOST_DIGITS) {
        fprintf(stderr, "growth: %s: a number of digits from %d to %d is wanted\n", argv[1], FEWEST_DIGITS,
                MOST_DIGITS);
        return 2;
    }
    printf("| ns a value |");
    for (int digits = FEWEST_DIGITS; digits <= most; digits++)
        printf(" 10^%d |", digits);
    printf(" spread | peak MiB |\n|---|");
    for (int digits = FEWEST_DIGITS; digits <= most; digits++)
        printf("---|");
    printf("---|---|\n");
    for (size_t f = 0; f < N_FUNCTIONS; f++) {
        double least = 0, greatest = 0;
        uint64_t n = 1000;
        printf("| %s |", functions[f].name);
        for (int digits = FEWEST_DIGITS; digits <= most; digits++, n *= 10) {
            double one = nanoseconds(f, n);
            least = least == 0 || one < least ? one : least;
            greatest = one > greatest ? one : greatest;
            printf(" %.3f |", one);
            fflush(stdout);
        }
        (void)getrusage(RUSAGE_SELF, &usage);
        printf(" %.2f | %.1f |\n", greatest / least, (double)usage.ru_maxrss / 1024);
    }
    return 0;
}
