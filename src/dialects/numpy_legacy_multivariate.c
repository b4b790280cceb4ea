/* numpy_legacy_multivariate.c - RandomState's multinomial, dirichlet and multivariate_normal.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/mtrand.pyx and random_multinomial in distributions.c (1.17 to 2.5). */
#include <string.h> /* memset */

#include "dialects/numpy_legacy.h" /* legacy_gauss */

/* --- Multinomial --- */

static oneseed_status check_pvals(const double *pvals, size_t n_pvals)
{
    for (size_t i = 0; i < n_pvals; i++)
        if (!(pvals[i] >= 0 && pvals[i] <= 1))
            return ONESEED_NUMPY_PVALS_NOT_0_TO_1;
    if (n_pvals > 0 && numpy_kahan_sum(pvals, n_pvals - 1) > 1.0 + 1e-12)
        return ONESEED_NUMPY_PVALS_SUM;
    return ONESEED_OK;
}

/* Until 2.4 the Generator's binomial did this, in 2.4 with its new first probability; since 2.5 RandomState's own. */
static bool draws_nothing(const oneseed_numpy *state, int64_t n, double p)
{
    return state->version < 20500 && (n == 0 || p == 0);
}

static struct numpy_binomial prepare(const oneseed_numpy *state, int64_t n, double p)
{
    bool is_2_4 = state->version < 20500 && !numpy_before(state, 20400);
    return numpy_binomial_prepare(n, p, is_2_4 ? NUMPY_BINOMIAL_LOG1P : NUMPY_BINOMIAL_LEGACY);
}

static int64_t binomial_of_rest(oneseed_numpy *state, int64_t n, double p)
{
    if (draws_nothing(state, n, p))
        return 0;
    struct numpy_binomial setup = prepare(state, n, p);
    return numpy_binomial_draw(state, &setup);
}

/* first: NULL, or the first binomial, which is the same in all draws of a fill. */
static void multinomial(oneseed_numpy *state, int64_t n, const double *pvals, size_t n_pvals,
                        const struct numpy_binomial *first, int64_t *out)
{
    double rest = 1.0;
    memset(out, 0, n_pvals * sizeof *out);
    for (size_t i = 0; i < n_pvals - 1; i++) {
        out[i] = i == 0 && first ? numpy_binomial_draw(state, first) : binomial_of_rest(state, n, pvals[i] / rest);
        n -= out[i];
        if (n <= 0)
            return;
        rest -= pvals[i];
    }
    if (n > 0)
        out[n_pvals - 1] = n;
}

oneseed_status oneseed_numpy_legacy_multinomial_fill(oneseed_numpy *state, int64_t n_trials, const double *pvals,
                                                     size_t n_pvals, int64_t *out, size_t n_draws)
{
    oneseed_status status = check_pvals(pvals, n_pvals);
    if (status != ONESEED_OK)
        return status;
    if (n_trials < 0)
        return ONESEED_NUMPY_N_NEGATIVE;
    struct numpy_binomial first;
    double chances[NUMPY_BINOMIAL_CHANCES];
    bool has_first = n_pvals > 1 && n_draws > 1 && !draws_nothing(state, n_trials, pvals[0]);
    if (has_first) {
        first = prepare(state, n_trials, pvals[0]);
        numpy_binomial_tabulate(&first, chances);
    }
    for (size_t i = 0; n_pvals > 0 && i < n_draws; i++)
        multinomial(state, n_trials, pvals, n_pvals, has_first ? &first : NULL, out + i * n_pvals);
    return ONESEED_OK;
}

/* --- Dirichlet --- */

static oneseed_status check_alpha(const double *alpha, size_t n_alpha)
{
    for (size_t i = 0; i < n_alpha; i++)
        if (alpha[i] <= 0)
            return ONESEED_NUMPY_ALPHA_NOT_POSITIVE;
    return ONESEED_OK;
}

oneseed_status oneseed_numpy_legacy_dirichlet_fill(oneseed_numpy *state, const double *alpha, size_t n_alpha,
                                                   double *out, size_t n_draws)
{
    oneseed_status status = check_alpha(alpha, n_alpha);
    if (status != ONESEED_OK)
        return status;
    struct numpy_doubles doubles;
    numpy_doubles_start(&doubles, state);
    for (double *row = out, *end = out + n_draws * n_alpha; row < end; row += n_alpha) {
        double sum = 0.0;
        for (size_t i = 0; i < n_alpha; i++) {
            struct legacy_gamma gamma = legacy_gamma_prepare(alpha[i]);
            doubles.n_least = (size_t)(end - row) - i;
            row[i] = legacy_gamma_draw(&doubles, &gamma);
            sum += row[i];
        }
        double inverse = 1 / sum;
        for (size_t i = 0; i < n_alpha; i++)
            row[i] *= inverse;
    }
    return ONESEED_OK;
}

/* --- Normal --- */

void oneseed_numpy_legacy_multivariate_normal_fill(oneseed_numpy *state, const double *mean, const double *factor,
                                                   size_t n_mean, double *work, double *out, size_t n_draws)
{
    for (size_t row = 0; row < n_draws; row++) {
        oneseed_numpy_legacy_standard_normal_fill(state, work, n_mean);
        for (size_t j = 0; j < n_mean; j++) {
            double sum = 0.0;
            for (size_t i = 0; i < n_mean; i++)
                sum += work[i] * factor[i * n_mean + j];
            out[row * n_mean + j] = sum + mean[j];
        }
    }
}
