/* numpy_legacy_discrete.c - RandomState's distributions of whole numbers.
 * SPDX-License-Identifier: MIT */
#include <math.h> /* log */

#include "dialects/numpy_legacy.h" /* LEGACY_METHOD */

static oneseed_status check_probability(double p)
{
    return p >= 0 && p <= 1 ? ONESEED_OK : ONESEED_NUMPY_P_NOT_0_TO_1;
}

/* --- Binomial and Poisson --- */

static oneseed_status check_trials(int64_t n_trials, double p)
{
    if (check_probability(p) != ONESEED_OK)
        return check_probability(p);
    return n_trials < 0 ? ONESEED_NUMPY_N_NEGATIVE : ONESEED_OK;
}

static int64_t binomial(struct numpy_doubles *doubles, const struct numpy_binomial *setup)
{
    bool is_trivial = setup->n == 0 || (setup->p == 0 && !setup->flipped);
    if (is_trivial && numpy_before(doubles->state, 11703))
        return 0;
    return numpy_binomial_from(doubles, setup);
}

static void fill_binomial(oneseed_numpy *state, const struct numpy_binomial *setup, int64_t *out, size_t n)
{
    double chances[NUMPY_BINOMIAL_CHANCES];
    struct numpy_binomial tabulated = *setup;
    if (n > 4) /* a table pays from here on */
        numpy_binomial_tabulate(&tabulated, chances);
    LEGACY_EACH(binomial(doubles, &tabulated))
}

LEGACY_METHOD_2(int64_t, INT64_MIN, binomial, int64_t, n_trials, i, double, p, f, check_trials(n_trials, p),
                const struct numpy_binomial setup = numpy_binomial_prepare(n_trials, p, NUMPY_BINOMIAL_LEGACY),
                LEGACY_ONE(binomial(doubles, &setup)), fill_binomial(state, &setup, out, n))

/* The largest lam is 2^63 - 10 * sqrt(2^63), in doubles. */
static oneseed_status check_lam(double lam)
{
    if (isnan(lam))
        return ONESEED_NUMPY_LAM_NAN;
    if (!(lam >= 0))
        return ONESEED_NUMPY_LAM_NEGATIVE;
    return lam <= 9223372006484771000.0 ? ONESEED_OK : ONESEED_NUMPY_LAM_TOO_LARGE;
}

LEGACY_I64_1(poisson, lam, check_lam(lam), const struct numpy_poisson setup = numpy_poisson_prepare(lam),
             numpy_poisson_from(doubles, &setup))

static oneseed_status check_successes(double n_successes, double p)
{
    if (n_successes <= 0)
        return ONESEED_NUMPY_N_NOT_POSITIVE;
    return check_probability(p);
}

static int64_t negative_binomial(struct numpy_doubles *doubles, const struct legacy_gamma *gamma, double p)
{
    struct numpy_poisson poisson = numpy_poisson_prepare((1 - p) / p * legacy_gamma_draw(doubles, gamma));
    return numpy_poisson_from(doubles, &poisson);
}

LEGACY_I64_2(negative_binomial, double, n_successes, f, p, check_successes(n_successes, p),
             const struct legacy_gamma gamma = legacy_gamma_prepare(n_successes), negative_binomial(doubles, &gamma, p))

/* --- Zipf, geometric, logarithmic series --- */

static oneseed_status check_exponent(double a)
{
    if (!(a > 1))
        return ONESEED_NUMPY_A_NOT_ABOVE_1;
    return isinf(pow(2.0, a - 1.0)) ? ONESEED_NUMPY_ENDLESS : ONESEED_OK;
}

/* `b` is 2^(a - 1). */
static int64_t zipf(struct numpy_doubles *doubles, double a_less_1, double b)
{
    for (;;) {
        double u = 1.0 - numpy_double(doubles), v = numpy_double(doubles);
        double x = floor(pow(u, -1.0 / a_less_1));
        if (x > 0x1p63 || x < 1.0) /* 2^63 - 1 as a double */
            continue;
        double t = pow(1.0 + 1.0 / x, a_less_1);
        if (v * x * (t - 1.0) / (b - 1.0) <= t / b)
            return numpy_to_i64(x);
    }
}

LEGACY_I64_1(zipf, a, check_exponent(a), const double b = pow(2.0, a - 1.0), zipf(doubles, a - 1.0, b))

/* `log_q` is log(1 - p). */
static int64_t geometric(struct numpy_doubles *doubles, double p, double log_q)
{
    if (p >= 0.333333333333333333333333)
        return numpy_geometric_search_from(doubles, p);
    double u = numpy_double(doubles);
    return numpy_to_i64(ceil((numpy_before(doubles->state, 12100) ? log(1.0 - u) : log1p(-u)) / log_q));
}

LEGACY_I64_1(geometric, p, p > 0 && p <= 1 ? ONESEED_OK : ONESEED_NUMPY_P_NOT_ABOVE_0_TO_1,
             const double log_q = log(1 - p), geometric(doubles, p, log_q))

static int64_t logseries(struct numpy_doubles *doubles, double p, double log_q)
{
    for (;;) {
        double v = numpy_double(doubles);
        if (v >= p)
            return 1;
        double q = 1.0 - exp(log_q * numpy_double(doubles));
        if (v > q * q)
            return v >= q ? 1 : 2;
        int64_t result = numpy_to_i64(floor(1 + log(v) / log(q)));
        if (result >= 1 && v != 0.0)
            return result;
    }
}

LEGACY_I64_1(logseries, p, p >= 0 && p < 1 ? ONESEED_OK : ONESEED_NUMPY_P_NOT_0_TO_BELOW_1,
             const double log_q = log(1.0 - p), logseries(doubles, p, log_q))

/* --- Hypergeometric --- */

static oneseed_status check_urn(int64_t ngood, int64_t nbad, int64_t nsample)
{
    if (numpy_wrap_add(ngood, nbad) < nsample)
        return ONESEED_NUMPY_NSAMPLE_TOO_LARGE;
    if (ngood < 0)
        return ONESEED_NUMPY_NGOOD_NEGATIVE;
    if (nbad < 0)
        return ONESEED_NUMPY_NBAD_NEGATIVE;
    return nsample < 1 ? ONESEED_NUMPY_NSAMPLE_BELOW_1 : ONESEED_OK;
}

/* What HRUA* knows before it draws; the letters d are those of NumPy's rv.py, where it comes from. */
struct urn {
    int64_t good, bad, sample, least, most, m; /* least and most of good and bad; m: the smaller of sample and rest */
    double d6, d8, d10, d11;
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static double log_ways(const oneseed_numpy *state, const struct urn *urn, int64_t k)
{
    return numpy_loggam(state, (double)(k + 1)) + numpy_loggam(state, (double)(urn->least - k + 1)) +
           numpy_loggam(state, (double)(urn->m - k + 1)) + numpy_loggam(state, (double)(urn->most - urn->m + k + 1));
}

static struct urn prepare_urn(const oneseed_numpy *state, int64_t good, int64_t bad, int64_t sample)
{
    struct urn urn = {.good = good, .bad = bad, .sample = sample};
    if (sample <= 10)
        return urn;
    int64_t all = good + bad;
    urn.least = smaller(good, bad);
    urn.most = good < bad ? bad : good;
    urn.m = smaller(sample, all - sample);
    double d4 = (double)urn.least / (double)all, d5 = 1.0 - d4;
    urn.d6 = (double)urn.m * d4 + 0.5;
    double d7 = sqrt((double)(all - urn.m) * (double)sample * d4 * d5 / (double)(all - 1) + 0.5);
    urn.d8 = 1.7155277699214135 * d7 + 0.8989161620588988; /* 2 sqrt(2/e), 3 - 2 sqrt(3/e) */
    int64_t mode = numpy_to_i64(floor((double)(urn.m + 1) * (double)(urn.least + 1) / (double)numpy_wrap_add(all, 2)));
    urn.d10 = log_ways(state, &urn, mode);
    double most = (double)smaller(urn.m, urn.least) + 1.0, far = floor(urn.d6 + 16 * d7);
    urn.d11 = most < far ? most : far;
    return urn;
}

static int64_t urn_by_ratio(struct numpy_doubles *doubles, const struct urn *urn)
{
    int64_t z;
    for (;;) {
        double x = numpy_double(doubles), y = numpy_double(doubles);
        double w = urn->d6 + urn->d8 * (y - 0.5) / x;
        if (w < 0.0 || w >= urn->d11)
            continue;
        z = numpy_to_i64(floor(w));
        double t = urn->d10 - log_ways(doubles->state, urn, z);
        if (x * (4.0 - x) - 3.0 <= t)
            break;
        if (x * (x - t) >= 1)
            continue;
        if (2.0 * log(x) <= t)
            break;
    }
    if (urn->good > urn->bad)
        z = urn->m - z;
    return urn->m < urn->sample ? urn->good - z : z;
}

static int64_t urn_by_draws(struct numpy_doubles *doubles, const struct urn *urn)
{
    int64_t d1 = urn->bad + urn->good - urn->sample;
    double d2 = (double)smaller(urn->bad, urn->good), y = d2;
    for (int64_t k = urn->sample; y > 0.0 && k > 0; k--)
        y -= floor(numpy_double(doubles) + y / (double)(d1 + k));
    int64_t z = numpy_to_i64(d2 - y);
    return urn->good > urn->bad ? urn->sample - z : z;
}

static int64_t urn_draw(struct numpy_doubles *doubles, const struct urn *urn)
{
    return urn->sample > 10 ? urn_by_ratio(doubles, urn) : urn_by_draws(doubles, urn);
}

LEGACY_METHOD_3(int64_t, INT64_MIN, hypergeometric, int64_t, ngood, nbad, nsample, i, check_urn(ngood, nbad, nsample),
                const struct urn urn = prepare_urn(state, ngood, nbad, nsample), LEGACY_ONE(urn_draw(doubles, &urn)),
                LEGACY_EACH(urn_draw(doubles, &urn)))
