/* numpy_generator_vectors.c - numpy.random.Generator's multivariate distributions.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/_generator.pyx, src/distributions/distributions.c and random_mvhg_*.c (1.18 to 2.5). */
#include <stdbool.h> /* bool */
#include <string.h>  /* memset */

#include "dialects/numpy_generator.h" /* numpy_generator_binomial */

/* The first binomial, which is the same in all draws of a fill. */
struct first_binomial {
    bool is_nothing; /* n or p is 0: no draw */
    struct numpy_binomial setup;
    double chances[NUMPY_BINOMIAL_CHANCES];
};

static void prepare_first(const oneseed_numpy *state, int64_t n, double p, struct first_binomial *first)
{
    first->is_nothing = n == 0 || p == 0;
    if (first->is_nothing)
        return;
    first->setup = numpy_generator_binomial_prepare(state, n, p);
    numpy_binomial_tabulate(&first->setup, first->chances);
}

static int64_t draw_first(oneseed_numpy *state, const struct first_binomial *first)
{
    return first->is_nothing ? 0 : numpy_binomial_draw(state, &first->setup);
}

/* A binomial of what is left for each but the last. n_p's sum may exceed 1 by rounding: as NumPy, the ratios are not looked at. */
static void multinomial(oneseed_numpy *state, int64_t n, const double *pvals, size_t n_pvals,
                        const struct first_binomial *first, int64_t *out)
{
    double rest = 1.0;
    memset(out, 0, n_pvals * sizeof *out);
    for (size_t k = 0; k + 1 < n_pvals; k++) {
        out[k] = k == 0 ? draw_first(state, first) : numpy_generator_binomial(state, n, pvals[k] / rest);
        n = numpy_wrap_subtract(n, out[k]);
        if (n <= 0)
            return;
        rest -= pvals[k];
    }
    out[n_pvals - 1] = n;
}

oneseed_status oneseed_numpy_multinomial_fill(oneseed_numpy *state, int64_t n, const double *pvals, size_t n_pvals,
                                              int64_t *out, size_t n_draws)
{
    if (n_pvals == 0)
        return ONESEED_NUMPY_PVALS_EMPTY;
    for (size_t k = 0; k < n_pvals; k++)
        if (!(pvals[k] >= 0 && pvals[k] <= 1))
            return ONESEED_NUMPY_PVALS_NOT_0_TO_1;
    if (numpy_kahan_sum(pvals, n_pvals - 1) > 1.0 + 1e-12)
        return ONESEED_NUMPY_PVALS_SUM;
    if (n < 0)
        return ONESEED_NUMPY_N_NEGATIVE;
    struct first_binomial first;
    prepare_first(state, n_pvals > 1 ? n : 0, pvals[0], &first);
    for (size_t k = 0; k < n_draws; k++)
        multinomial(state, n, pvals, n_pvals, &first, out + k * n_pvals);
    return ONESEED_OK;
}

/* ---- Multivariate hypergeometric */

static oneseed_status check_colors(const int64_t *colors, size_t n_colors, int64_t nsample, int64_t max_sum,
                                   int64_t *total_out)
{
    int64_t total = 0;
    if (nsample < 0)
        return ONESEED_NUMPY_MVHG_NSAMPLE_NEGATIVE;
    for (size_t k = 0; k < n_colors; k++)
        if (colors[k] < 0)
            return ONESEED_NUMPY_COLORS_INVALID;
    for (size_t k = 0; k < n_colors; k++) {
        if (colors[k] > INT64_MAX - total)
            return ONESEED_NUMPY_COLORS_SUM;
        total += colors[k];
    }
    if (total > max_sum)
        return ONESEED_NUMPY_COLORS_SUM_MARGINALS;
    if (nsample > total)
        return ONESEED_NUMPY_MVHG_NSAMPLE_TOO_LARGE;
    *total_out = total;
    return ONESEED_OK;
}

/* What was drawn were those that are left out. */
static void take_complement(const int64_t *colors, size_t n_colors, int64_t *out)
{
    for (size_t k = 0; k < n_colors; k++)
        out[k] = colors[k] - out[k];
}

static void draw_marginals(oneseed_numpy *state, const int64_t *colors, size_t n_colors, int64_t total, int64_t n,
                           int64_t *out)
{
    for (size_t k = 0; n > 0 && k + 1 < n_colors; k++) {
        total -= colors[k];
        out[k] = numpy_generator_hypergeometric(state, colors[k], total, n);
        n -= out[k];
    }
    if (n > 0)
        out[n_colors - 1] = n;
}

oneseed_status oneseed_numpy_multivariate_hypergeometric_fill(oneseed_numpy *state, const int64_t *colors,
                                                              size_t n_colors, int64_t nsample, int64_t *out,
                                                              size_t n_draws)
{
    int64_t total;
    oneseed_status status = check_colors(colors, n_colors, nsample, 999999999, &total);
    if (status != ONESEED_OK)
        return status;
    memset(out, 0, n_draws * n_colors * sizeof *out);
    if (nsample == 0)
        return ONESEED_OK;
    bool is_complement = nsample > total / 2;
    int64_t n = is_complement ? total - nsample : nsample;
    for (size_t k = 0; k < n_draws; k++, out += n_colors) {
        draw_marginals(state, colors, n_colors, total, n, out);
        if (is_complement)
            take_complement(colors, n_colors, out);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_numpy_multivariate_hypergeometric_count_fill(oneseed_numpy *state, const int64_t *colors,
                                                                    size_t n_colors, int64_t nsample, int64_t *work,
                                                                    int64_t *out, size_t n_draws)
{
    int64_t total;
    oneseed_status status = check_colors(colors, n_colors, nsample, INT64_MAX, &total);
    if (status != ONESEED_OK)
        return status;
    memset(out, 0, n_draws * n_colors * sizeof *out);
    if (nsample == 0)
        return ONESEED_OK;
    for (size_t k = 0, at = 0; k < n_colors; k++)
        for (int64_t i = 0; i < colors[k]; i++)
            work[at++] = (int64_t)k;
    bool is_complement = nsample > total / 2;
    int64_t n = is_complement ? total - nsample : nsample;
    for (size_t k = 0; k < n_draws; k++, out += n_colors) {
        /* The start of a Fisher-Yates shuffle; the next draw goes on with what this one left. */
        for (int64_t i = 0; i < n; i++) {
            int64_t j = i + (int64_t)numpy_interval(state, (uint64_t)(total - i - 1)), color = work[j];
            work[j] = work[i];
            work[i] = color;
            out[color]++;
        }
        if (is_complement)
            take_complement(colors, n_colors, out);
    }
    return ONESEED_OK;
}

/* ---- Dirichlet */

/* Breaks a stick of length 1, where gammas would all be 0 (since 1.19). `tails` has the sums of alpha from the right. */
static void dirichlet_sticks(oneseed_numpy *state, const double *alpha, const double *tails, size_t n_alpha,
                             double *out)
{
    double left = 1.;
    memset(out, 0, n_alpha * sizeof *out);
    for (size_t k = 0; k + 1 < n_alpha; k++) {
        double v = numpy_generator_beta(state, alpha[k], tails[k + 1]);
        out[k] = left * v;
        left *= 1. - v;
        if (tails[k + 1] == 0 && !numpy_before(state, 12600))
            break; /* v is 1 then */
    }
    out[n_alpha - 1] = left;
}

static void dirichlet_gammas(oneseed_numpy *state, const double *alpha, size_t n_alpha, double *out)
{
    double sum = 0.;
    for (size_t k = 0; k < n_alpha; k++) {
        out[k] = numpy_generator_gamma(state, alpha[k]);
        sum = sum + out[k];
    }
    double scale = 1. / sum;
    for (size_t k = 0; k < n_alpha; k++)
        out[k] = out[k] * scale;
}

/* Whether the largest is below 0.1; with a NaN it is not. */
static bool are_small(const double *alpha, size_t n_alpha)
{
    for (size_t k = 0; k < n_alpha; k++)
        if (!(alpha[k] < 0.1))
            return false;
    return n_alpha > 0;
}

oneseed_status oneseed_numpy_dirichlet_fill(oneseed_numpy *state, const double *alpha, size_t n_alpha, double *work,
                                            double *out, size_t n_draws)
{
    bool is_zero_refused = numpy_before(state, 12500);
    for (size_t k = 0; k < n_alpha; k++)
        if (alpha[k] < 0 || (is_zero_refused && alpha[k] == 0))
            return is_zero_refused ? ONESEED_NUMPY_ALPHA_NOT_POSITIVE : ONESEED_NUMPY_ALPHA_NEGATIVE;
    if (!are_small(alpha, n_alpha) || numpy_before(state, 11900)) {
        for (size_t k = 0; k < n_draws; k++)
            dirichlet_gammas(state, alpha, n_alpha, out + k * n_alpha);
        return ONESEED_OK;
    }
    double sum = 0.0;
    for (size_t k = n_alpha; k-- > 0;)
        work[k] = sum += alpha[k];
    /* 1.25 looks for a number that is not 0 for ever when the last two are 0. */
    if (numpy_before(state, 12600) && n_alpha >= 2 && n_draws > 0 && work[n_alpha - 2] == 0)
        return ONESEED_NUMPY_ENDLESS;
    if (sum > 0 || numpy_before(state, 12600))
        for (size_t k = 0; k < n_draws; k++)
            dirichlet_sticks(state, alpha, work, n_alpha, out + k * n_alpha);
    else
        memset(out, 0, n_draws * n_alpha * sizeof *out);
    return ONESEED_OK;
}

void oneseed_numpy_multivariate_normal_fill(oneseed_numpy *state, const double *mean, const double *factor,
                                            size_t n_mean, double *work, double *out, size_t n_draws)
{
    for (size_t draw = 0; draw < n_draws; draw++, out += n_mean) {
        oneseed_numpy_standard_normal_fill(state, work, n_mean);
        for (size_t i = 0; i < n_mean; i++) {
            double sum = 0.0;
            for (size_t j = 0; j < n_mean; j++)
                sum += work[j] * factor[i * n_mean + j];
            out[i] = mean[i] + sum;
        }
    }
}
