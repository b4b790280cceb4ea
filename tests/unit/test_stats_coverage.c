/* test_stats_coverage.c - intervals, simulated: how often they hold. With a number of simulations: prints the table of docs/stats.md.
 * SPDX-License-Identifier: MIT
 *
 *     build/tests/test_stats_coverage 2000 */
#include <math.h>   /* exp, fabs */
#include <stdarg.h> /* va_list, which cmocka needs */

#include "stats/stats_inside.h"
#include "vectors.h" /* cmocka.h */

enum { GRID = 100000, MOST_VALUES = 4000 };

static double normal(double u)
{
    return stats_normal_quantile(u);
}

static double uniform(double u)
{
    return u;
}

static double lognormal(double u)
{
    return exp(0.5 * stats_normal_quantile(u));
}

static double exponential(double u)
{
    return -log1p(-u);
}

/* Most runs are well, one in ten is stuck. */
static double two_humps(double u)
{
    return u < 0.1 ? stats_normal_quantile(u * 10) - 4 : stats_normal_quantile((u - 0.1) / 0.9);
}

static const struct kind {
    const char *name;
    double (*quantile)(double u);
} kinds[] = {{"normal", normal},
             {"uniform", uniform},
             {"lognormal", lognormal},
             {"exponential", exponential},
             {"two humps", two_humps}};

static double uniform_of(struct stats_stream *stream)
{
    return ((double)(stats_word(stream) >> 11) + 0.5) * 0x1p-53;
}

/* The true mean, and the true mean of the inner half. */
static void truth(const struct kind *kind, double *mean, double *inner)
{
    static double values[GRID];
    *mean = *inner = 0;
    for (size_t k = 0; k < GRID; k++)
        values[k] = kind->quantile(((double)k + 0.5) / GRID);
    stats_sort(values, GRID);
    for (size_t k = 0; k < GRID; k++) {
        *mean += values[k] / GRID;
        *inner += k >= GRID / 4 && k < 3 * (GRID / 4) ? values[k] / (GRID / 2) : 0;
    }
}

struct coverage {
    double mean, inner, t;
};

static struct coverage simulate(const struct kind *kind, size_t n, size_t n_simulations)
{
    static double values[MOST_VALUES];
    struct stats_stream stream;
    struct coverage held = {0, 0, 0};
    double mean, inner;
    stats_stream_start(&stream, 20260917, STATS_FOR_PERMUTATION);
    truth(kind, &mean, &inner);
    for (size_t k = 0; k < n_simulations; k++) {
        struct stats_summary summary;
        for (size_t j = 0; j < n; j++)
            values[j] = kind->quantile(uniform_of(&stream));
        stats_summarize(values, n, NULL, &summary);
        held.mean += mean >= summary.mean_ci.low && mean <= summary.mean_ci.high;
        held.inner += inner >= summary.iqm_ci.low && inner <= summary.iqm_ci.high;
        held.t += mean >= summary.mean_t.low && mean <= summary.mean_t.high;
        stats_summary_clear(&summary);
    }
    const double all = (double)n_simulations;
    return (struct coverage){held.mean / all, held.inner / all, held.t / all};
}

/* A scan that looks after every run, until the interval is narrow: how often the mean is within the half width that was asked for, and
 * within Student's interval as it is then. */
static double simulate_stop(const struct kind *kind, double half_width, size_t n_simulations, double *mean_n,
                            double *held_t)
{
    struct stats_stream stream;
    double mean, inner, held = 0, runs = 0, narrower = 0;
    stats_stream_start(&stream, 20260917, STATS_FOR_ORDER);
    truth(kind, &mean, &inner);
    for (size_t k = 0; k < n_simulations; k++) {
        struct stats_running running = {0};
        do
            stats_running_add(&running, kind->quantile(uniform_of(&stream)));
        while (!stats_may_stop(&running, 0.95, half_width));
        held += fabs(running.mean - mean) <= half_width;
        narrower += fabs(running.mean - mean) <= stats_running_half_width(&running, 0.95);
        runs += (double)running.n;
    }
    *mean_n = runs / (double)n_simulations;
    *held_t = narrower / (double)n_simulations;
    return held / (double)n_simulations;
}

/* How often a new value is outside of the predicted range; steps: values are rounded to whole ones. */
static double simulate_prediction(const struct kind *kind, size_t n, size_t n_simulations, bool steps, double *said)
{
    double values[MOST_VALUES], outside = 0;
    struct stats_stream stream;
    stats_stream_start(&stream, 1941, STATS_FOR_INTERVAL);
    *said = 0;
    for (size_t k = 0; k < n_simulations; k++) {
        for (size_t j = 0; j <= n; j++) {
            const double value = kind->quantile(uniform_of(&stream));
            values[j] = steps ? floor(2 * value) : value;
        }
        stats_sort(values, n); /* the last one is new */
        const struct stats_prediction prediction = stats_predict(values, n, 0.1);
        outside += values[n] < prediction.low || values[n] > prediction.high;
        assert_true(steps || !prediction.at_most);
        *said += prediction.outside / (double)n_simulations;
    }
    return outside / (double)n_simulations;
}

static void predictions_hold(void **state)
{
    static const struct {
        size_t n;
        double outside;
    } cases[] = {{2, 2.0 / 3}, {3, 0.5}, {12, 2.0 / 13}, {19, 0.1}, {20, 2.0 / 21}, {40, 4.0 / 41}, {100, 10.0 / 101}};
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
            double said, at_most;
            const double held = simulate_prediction(&kinds[kind], cases[k].n, 20000, false, &said);
            assert_true(fabs(said - cases[k].outside) < 1e-9);
            assert_true(fabs(held - said) < 4 * sqrt(said * (1 - said) / 20000));
            assert_true(simulate_prediction(&kinds[kind], cases[k].n, 20000, true, &at_most) < at_most + 0.01);
            assert_true(at_most < said + 1e-9);
        }
}

static void intervals_hold(void **state)
{
    (void)state;
    const struct coverage of_normal = simulate(&kinds[0], 20, 400), of_skewed = simulate(&kinds[2], 30, 400);
    /* 400 simulations: one standard deviation is 0.011. */
    assert_true(of_normal.mean > 0.925 && of_normal.mean < 0.98);
    assert_true(of_normal.inner > 0.925 && of_normal.inner < 0.985);
    assert_true(of_skewed.mean > 0.915 && of_skewed.mean < 0.98);
    assert_true(of_skewed.inner > 0.92 && of_skewed.inner < 0.985);
}

static void closed_forms_hold(void **state)
{
    (void)state;
    const struct coverage of_skewed = simulate(&kinds[3], 2500, 400);
    assert_true(of_skewed.mean > 0.92 && of_skewed.mean < 0.98);
    assert_true(of_skewed.inner > 0.92 && of_skewed.inner < 0.98);
}

static void stopping_holds(void **state)
{
    (void)state;
    double n, held_t;
    const double held =
        simulate_stop(&kinds[0], 0.4, 4000, &n, &held_t); /* where it is worst: one standard deviation is 0.003 */
    assert_true(held > 0.94 && held < 0.97);
    assert_true(held_t > 0.92 && held_t < 0.96);
    assert_true(n > 24 && n < 40);
}

static void print_table(size_t n_simulations)
{
    static const size_t sizes[] = {3, 5, 8, 10, 20, 50, 200, 3000};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            const struct coverage held = simulate(&kinds[k], sizes[j], n_simulations);
            printf("| %s | %zu | %.1f | %.1f | %.1f |\n", kinds[k].name, sizes[j], 100 * held.mean, 100 * held.inner,
                   100 * held.t);
            (void)fflush(stdout);
        }
    static const double half_widths[] = {1, 0.5, 0.4, 0.3, 0.2};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t j = 0; j < sizeof half_widths / sizeof *half_widths; j++) {
            double n, mean, inner, held_t, variance = 0;
            truth(&kinds[k], &mean, &inner);
            for (size_t i = 0; i < GRID; i++)
                variance += pow(kinds[k].quantile(((double)i + 0.5) / GRID) - mean, 2) / GRID;
            const double held =
                simulate_stop(&kinds[k], half_widths[j] * sqrt(variance), 4 * n_simulations, &n, &held_t);
            printf("| stop: %s | %g sd | %.0f | %.1f | %.1f |\n", kinds[k].name, half_widths[j], n, 100 * held,
                   100 * held_t);
            (void)fflush(stdout);
        }
}

/* Shares of 50, 30, 15 and 5 %, and of 40, 20, 10 and 0 % with 20 % interaction of the first two and 10 % noise: how near are they found? */
static void print_shares(size_t n_replications, size_t n_simulations, bool interacting)
{
    enum { SOURCES = 4, MOST_REPLICATIONS = 1000 };
    static const double wanted[2][SOURCES] = {{0.5, 0.3, 0.15, 0.05}, {0.4, 0.2, 0.1, 0}};
    static double x[MOST_REPLICATIONS][SOURCES], base[MOST_REPLICATIONS];
    static struct stats_varied varied[MOST_REPLICATIONS * SOURCES];
    double squares[SOURCES] = {0}, held = 0;
    struct stats_stream stream;
    stats_stream_start(&stream, 20260917, STATS_FOR_SHARES);
    for (size_t k = 0; k < n_simulations; k++) {
        for (size_t r = 0; r < n_replications; r++)
            for (size_t i = 0; i < SOURCES; i++)
                x[r][i] = normal(uniform_of(&stream));
        for (size_t r = 0; r < n_replications; r++)
            for (size_t i = 0; i <= SOURCES; i++) { /* the base run is the last */
                const size_t from = i < SOURCES ? stats_sources_plan(r, n_replications, i, SOURCES) : r;
                double y = interacting ? sqrt(0.1) * normal(uniform_of(&stream)) : 0, values[SOURCES];
                for (size_t j = 0; j < SOURCES; j++) {
                    values[j] = x[i == j ? from : r][j];
                    y += sqrt(wanted[interacting][j]) * values[j];
                }
                y += interacting ? sqrt(0.2) * values[0] * values[1] : 0;
                if (i < SOURCES)
                    varied[r * SOURCES + i] = (struct stats_varied){i, r, from, y};
                else
                    base[r] = y;
            }
        struct stats_share found[SOURCES];
        struct stats_shares all;
        (void)stats_variance_shares(base, n_replications, varied, n_replications * SOURCES, SOURCES, NULL, found, &all);
        for (size_t i = 0; i < SOURCES; i++) {
            squares[i] += pow(found[i].first - wanted[interacting][i], 2) / (double)n_simulations;
            held += found[i].first_ci.low <= wanted[interacting][i] && wanted[interacting][i] <= found[i].first_ci.high;
        }
    }
    printf("| shares: %s | %zu |", interacting ? "interaction and noise" : "a sum", n_replications);
    for (size_t i = 0; i < SOURCES; i++)
        printf(" %.1f |", 100 * sqrt(squares[i]));
    printf(" %.1f |\n", 100 * held / (double)(SOURCES * n_simulations));
    (void)fflush(stdout);
}

/* How often two samples of one distribution are called ordered: below 0.5, below 0.2, below 0.2 with a difference of the means. */
static void print_order(size_t n, size_t n_simulations)
{
    const struct stats_options quick = {.n_resamples = 1000};
    size_t most = 0, nearly = 0, with_means = 0;
    double a[200], b[200];
    for (size_t s = 0; s < n_simulations; s++) {
        struct stats_stream stream;
        stats_stream_start(&stream, 5000 + s, STATS_FOR_ORDER);
        for (size_t k = 0; k < n; k++) {
            a[k] = normal(uniform_of(&stream));
            b[k] = normal(uniform_of(&stream));
        }
        struct stats_comparison c;
        stats_compare(a, n, b, n, false, &quick, &c);
        const double bound = fmin(c.aso_b_above, c.aso_a_above);
        most += bound < 0.5;
        nearly += bound < 0.2;
        with_means += bound < 0.2 && (c.ci.low > 0 || c.ci.high < 0);
    }
    printf("| order | %zu | %.1f | %.1f | %.1f |\n", n, 100 * (double)most / (double)n_simulations,
           100 * (double)nearly / (double)n_simulations, 100 * (double)with_means / (double)n_simulations);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictions_hold),
        cmocka_unit_test(intervals_hold),
        cmocka_unit_test(closed_forms_hold),
        cmocka_unit_test(stopping_holds),
    };
    if (argc > 1) {
        const size_t n = (size_t)strtoull(argv[1], NULL, 10);
        print_table(n);
        for (int interacting = 0; interacting < 2; interacting++)
            for (size_t k = 0; k < 6; k++)
                print_shares(((const size_t[]){20, 30, 50, 200, 500, 1000})[k], n / 10 + 1, interacting);
        for (size_t k = 0; k < 5; k++)
            print_order(((const size_t[]){5, 10, 20, 50, 200})[k], n / 2);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
