/* numpy_legacy_continuous.c - RandomState's distributions of doubles.
 * SPDX-License-Identifier: MIT */
#include <math.h> /* log */

#include "dialects/numpy_legacy.h" /* LEGACY_METHOD */

static const double pi = 3.14159265358979323846;

/* --- Without parameters --- */

double oneseed_numpy_legacy_random_sample(oneseed_numpy *state)
{
    return numpy_next_double(state);
}

void oneseed_numpy_legacy_random_sample_fill(oneseed_numpy *state, double *out, size_t n)
{
    numpy_fill_double(state, out, n);
}

double oneseed_numpy_legacy_standard_normal(oneseed_numpy *state)
{
    return legacy_gauss(state);
}

void oneseed_numpy_legacy_standard_normal_fill(oneseed_numpy *state, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = legacy_gauss(state);
}

double oneseed_numpy_legacy_standard_exponential(oneseed_numpy *state)
{
    return legacy_exponential(state);
}

void oneseed_numpy_legacy_standard_exponential_fill(oneseed_numpy *state, double *out, size_t n)
{
    numpy_fill_double(state, out, n);
    for (size_t i = 0; i < n; i++)
        out[i] = -log(1.0 - out[i]);
}

double oneseed_numpy_legacy_standard_cauchy(oneseed_numpy *state)
{
    double numerator = legacy_gauss(state);
    return numerator / legacy_gauss(state);
}

void oneseed_numpy_legacy_standard_cauchy_fill(oneseed_numpy *state, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = oneseed_numpy_legacy_standard_cauchy(state);
}

/* --- Checks that several make. NaN passes where NumPy lets it pass --- */

static oneseed_status check_normal_scale(double scale)
{
    return numpy_is_negative(scale) ? ONESEED_NUMPY_SCALE_NEGATIVE : ONESEED_OK;
}

/* A gamma of NaN never ends. */
static oneseed_status check_positive(double x, oneseed_status refusal)
{
    if (x <= 0)
        return refusal;
    return isnan(x) ? ONESEED_NUMPY_ENDLESS : ONESEED_OK;
}

/* NumPy looks at all parameters before it draws: what never ends is found last, and ENDLESS is the largest status. */
static oneseed_status first_refusal(oneseed_status a, oneseed_status b)
{
    if (a == ONESEED_OK || b == ONESEED_OK)
        return a == ONESEED_OK ? b : a;
    return a < b ? a : b;
}

static oneseed_status check_shape(double shape)
{
    if (numpy_is_negative(shape))
        return ONESEED_NUMPY_SHAPE_NEGATIVE;
    return isnan(shape) ? ONESEED_NUMPY_ENDLESS : ONESEED_OK;
}

static oneseed_status check_nonc(double nonc)
{
    return numpy_is_negative(nonc) ? ONESEED_NUMPY_NONC_NEGATIVE : ONESEED_OK;
}

static oneseed_status check_fisher(double dfnum, double dfden)
{
    return first_refusal(check_positive(dfnum, ONESEED_NUMPY_DFNUM_NOT_POSITIVE),
                         check_positive(dfden, ONESEED_NUMPY_DFDEN_NOT_POSITIVE));
}

/* --- Gamma and what is made of it --- */

struct legacy_gamma legacy_gamma_prepare(double shape)
{
    struct legacy_gamma gamma = {.shape = shape};
    if (!(shape < 1.0)) {
        gamma.b = shape - 1. / 3.;
        gamma.c = 1. / sqrt(9 * gamma.b);
    }
    return gamma;
}

static double gamma_below_1(oneseed_numpy *state, double shape)
{
    for (;;) {
        double u = numpy_next_double(state), v = legacy_exponential(state);
        if (u <= 1.0 - shape) {
            double x = pow(u, 1. / shape);
            if (x <= v)
                return x;
        } else {
            double y = -log((1 - u) / shape);
            double x = pow(1.0 - shape + shape * y, 1. / shape);
            if (x <= v + y)
                return x;
        }
    }
}

double legacy_gamma_draw(oneseed_numpy *state, const struct legacy_gamma *gamma)
{
    if (gamma->shape == 1.0)
        return legacy_exponential(state);
    if (gamma->shape == 0.0)
        return 0.0;
    if (gamma->shape < 1.0)
        return gamma_below_1(state, gamma->shape);
    for (;;) {
        double x, v;
        do {
            x = legacy_gauss(state);
            v = 1.0 + gamma->c * x;
        } while (v <= 0.0);
        v = v * v * v;
        double u = numpy_next_double(state);
        if (u < 1.0 - 0.0331 * (x * x) * (x * x))
            return gamma->b * v;
        if (log(u) < 0.5 * x * x + gamma->b * (1. - v + log(v)))
            return gamma->b * v;
    }
}

static double standard_t(oneseed_numpy *state, double df, const struct legacy_gamma *gamma)
{
    double numerator = legacy_gauss(state);
    double denominator = legacy_gamma_draw(state, gamma);
    return sqrt(df / 2) * numerator / sqrt(denominator);
}

struct gamma_pair {
    struct legacy_gamma first, second;
};

static struct gamma_pair prepare_pair(double shape_first, double shape_second)
{
    return (struct gamma_pair){legacy_gamma_prepare(shape_first), legacy_gamma_prepare(shape_second)};
}

static double fisher(oneseed_numpy *state, double dfnum, double dfden, const struct gamma_pair *gammas)
{
    double numerator = 2.0 * legacy_gamma_draw(state, &gammas->first) * dfden;
    return numerator / (2.0 * legacy_gamma_draw(state, &gammas->second) * dfnum);
}

/* Jöhnk's method. Its quotient is taken through logarithms when both powers underflow. libm: pow, log, exp. */
static double beta_by_powers(oneseed_numpy *state, double a, double b)
{
    for (;;) {
        double u = numpy_next_double(state), v = numpy_next_double(state);
        double x = pow(u, 1.0 / a), y = pow(v, 1.0 / b);
        if (!(x + y <= 1.0))
            continue;
        if (x + y > 0)
            return x / (x + y);
        double log_x = log(u) / a, log_y = log(v) / b;
        double log_max = log_x > log_y ? log_x : log_y;
        log_x -= log_max;
        log_y -= log_max;
        return exp(log_x - log(exp(log_x) + exp(log_y)));
    }
}

static double beta(oneseed_numpy *state, double a, double b, const struct gamma_pair *gammas)
{
    if (a <= 1.0 && b <= 1.0)
        return beta_by_powers(state, a, b);
    double of_a = legacy_gamma_draw(state, &gammas->first);
    double of_b = legacy_gamma_draw(state, &gammas->second);
    return of_a / (of_a + of_b);
}

static double noncentral_chisquare(oneseed_numpy *state, double df, double nonc)
{
    if (nonc == 0)
        return legacy_chisquare(state, df);
    if (1 < df) {
        double chi2 = legacy_chisquare(state, df - 1);
        double n = legacy_gauss(state) + sqrt(nonc);
        return chi2 + n * n;
    }
    struct numpy_poisson poisson = numpy_poisson_prepare(nonc / 2.0);
    int64_t i = numpy_poisson_draw(state, &poisson);
    double chi2 = legacy_chisquare(state, df + (double)numpy_wrap_add(i, i));
    return isnan(nonc) ? (double)NAN : chi2;
}

static double noncentral_f(oneseed_numpy *state, double dfnum, double dfden, double nonc)
{
    double numerator = noncentral_chisquare(state, dfnum, nonc) * dfden;
    return numerator / (legacy_chisquare(state, dfden) * dfnum);
}

#define GAMMA_OF(shape) const struct legacy_gamma gamma = legacy_gamma_prepare(shape)

LEGACY_METHOD_1(double, (double)NAN, standard_gamma, double, shape, f, check_shape(shape), GAMMA_OF(shape),
                legacy_gamma_draw(state, &gamma))

LEGACY_METHOD_2(double, (double)NAN, gamma, double, shape, f, double, scale, f,
                first_refusal(check_shape(shape), check_normal_scale(scale)), GAMMA_OF(shape),
                scale *legacy_gamma_draw(state, &gamma))

LEGACY_METHOD_1(double, (double)NAN, chisquare, double, df, f, check_positive(df, ONESEED_NUMPY_DF_NOT_POSITIVE),
                GAMMA_OF(df / 2.0), 2.0 * legacy_gamma_draw(state, &gamma))

LEGACY_METHOD_1(double, (double)NAN, standard_t, double, df, f, check_positive(df, ONESEED_NUMPY_DF_NOT_POSITIVE),
                GAMMA_OF(df / 2), standard_t(state, df, &gamma))

LEGACY_METHOD_2(double, (double)NAN, f, double, dfnum, f, double, dfden, f, check_fisher(dfnum, dfden),
                const struct gamma_pair gammas = prepare_pair(dfnum / 2.0, dfden / 2.0),
                fisher(state, dfnum, dfden, &gammas))

LEGACY_METHOD_2(double, (double)NAN, beta, double, a, f, double, b, f,
                first_refusal(check_positive(a, ONESEED_NUMPY_A_NOT_POSITIVE),
                              check_positive(b, ONESEED_NUMPY_B_NOT_POSITIVE)),
                const struct gamma_pair gammas = prepare_pair(a, b), beta(state, a, b, &gammas))

LEGACY_METHOD_2(double, (double)NAN, noncentral_chisquare, double, df, f, double, nonc, f,
                first_refusal(check_positive(df, ONESEED_NUMPY_DF_NOT_POSITIVE), check_nonc(nonc)), LEGACY_NOTHING,
                noncentral_chisquare(state, df, nonc))

LEGACY_METHOD_3(double, (double)NAN, noncentral_f, double, dfnum, dfden, nonc, f,
                first_refusal(check_fisher(dfnum, dfden), check_nonc(nonc)), LEGACY_NOTHING,
                noncentral_f(state, dfnum, dfden, nonc))

/* --- Powers and logarithms of one uniform --- */

static double rayleigh(oneseed_numpy *state, double scale)
{
    double u = numpy_next_double(state);
    return scale * sqrt(-2.0 * (numpy_before(state, 12100) ? log(1.0 - u) : log1p(-u)));
}

LEGACY_METHOD_1(double, (double)NAN, exponential, double, scale, f, check_normal_scale(scale), LEGACY_NOTHING,
                scale *legacy_exponential(state))

LEGACY_METHOD_1(double, (double)NAN, pareto, double, a, f, a <= 0 ? ONESEED_NUMPY_A_NOT_POSITIVE : ONESEED_OK,
                LEGACY_NOTHING, exp(legacy_exponential(state) / a) - 1)

LEGACY_METHOD_1(double, (double)NAN, weibull, double, a, f,
                numpy_is_negative(a) ? ONESEED_NUMPY_A_NEGATIVE : ONESEED_OK, LEGACY_NOTHING,
                a == 0.0 ? 0.0 : pow(legacy_exponential(state), 1. / a))

LEGACY_METHOD_1(double, (double)NAN, power, double, a, f, a <= 0 ? ONESEED_NUMPY_A_NOT_POSITIVE : ONESEED_OK,
                LEGACY_NOTHING, pow(1 - exp(-legacy_exponential(state)), 1. / a))

LEGACY_METHOD_1(double, (double)NAN, rayleigh, double, scale, f, check_normal_scale(scale), LEGACY_NOTHING,
                rayleigh(state, scale))

LEGACY_METHOD_2(double, (double)NAN, uniform, double, low, f, double, high, f,
                isfinite(high - low) ? ONESEED_OK : ONESEED_NUMPY_RANGE, const double range = high - low,
                low + range * numpy_next_double(state))

LEGACY_METHOD_2(double, (double)NAN, laplace, double, loc, f, double, scale, f, ((void)loc, check_normal_scale(scale)),
                LEGACY_NOTHING, numpy_laplace(state, loc, scale))

LEGACY_METHOD_2(double, (double)NAN, gumbel, double, loc, f, double, scale, f, ((void)loc, check_normal_scale(scale)),
                LEGACY_NOTHING, numpy_gumbel(state, loc, scale))

LEGACY_METHOD_2(double, (double)NAN, logistic, double, loc, f, double, scale, f, ((void)loc, check_normal_scale(scale)),
                LEGACY_NOTHING, numpy_logistic(state, loc, scale))

static oneseed_status check_corners(double left, double mode, double right)
{
    if (left > mode)
        return ONESEED_NUMPY_LEFT_ABOVE_MODE;
    if (mode > right)
        return ONESEED_NUMPY_MODE_ABOVE_RIGHT;
    return left == right ? ONESEED_NUMPY_LEFT_IS_RIGHT : ONESEED_OK;
}

LEGACY_METHOD_3(double, (double)NAN, triangular, double, left, mode, right, f, check_corners(left, mode, right),
                LEGACY_NOTHING, numpy_triangular(state, left, mode, right))

/* --- Normals --- */

LEGACY_METHOD_2(double, (double)NAN, normal, double, loc, f, double, scale, f, ((void)loc, check_normal_scale(scale)),
                LEGACY_NOTHING, loc + scale * legacy_gauss(state))

LEGACY_METHOD_2(double, (double)NAN, lognormal, double, mean, f, double, sigma, f,
                ((void)mean, numpy_is_negative(sigma) ? ONESEED_NUMPY_SIGMA_NEGATIVE : ONESEED_OK), LEGACY_NOTHING,
                exp(mean + sigma * legacy_gauss(state)))

static oneseed_status check_positive_pair(double mean, double scale)
{
    if (mean <= 0)
        return ONESEED_NUMPY_MEAN_NOT_POSITIVE;
    return scale <= 0 ? ONESEED_NUMPY_SCALE_NOT_POSITIVE : ONESEED_OK;
}

static double wald(oneseed_numpy *state, double mean, double scale)
{
    double mu_2l = mean / (2 * scale);
    double y = legacy_gauss(state);
    y = mean * y * y;
    double x = mean + mu_2l * (y - sqrt(4 * scale * y + y * y));
    double u = numpy_next_double(state);
    return u <= mean / (mean + x) ? x : mean * mean / x;
}

LEGACY_METHOD_2(double, (double)NAN, wald, double, mean, f, double, scale, f, check_positive_pair(mean, scale),
                LEGACY_NOTHING, wald(state, mean, scale))

/* --- Von Mises --- */

/* Best and Fisher's s; near 0 its expansion. */
static double vonmises_ratio(double kappa)
{
    if (kappa < 1e-5)
        return 1. / kappa + kappa;
    double r = 1 + sqrt(1 + 4 * kappa * kappa);
    double rho = (r - sqrt(2 * r)) / (2 * kappa);
    return (1 + rho * rho) / (2 * rho);
}

/* With s at 1 every proposal is refused: cosines of 1, or past it. */
static oneseed_status check_kappa(double kappa)
{
    if (numpy_is_negative(kappa))
        return ONESEED_NUMPY_KAPPA_NEGATIVE;
    return kappa >= 1e-8 && !(vonmises_ratio(kappa) > 1) ? ONESEED_NUMPY_ENDLESS : ONESEED_OK;
}

static double vonmises_proposal(oneseed_numpy *state, double kappa, double s)
{
    for (;;) {
        double z = cos(pi * numpy_next_double(state));
        double w = (1 + s * z) / (s + z);
        double y = kappa * (s - w);
        double v = numpy_next_double(state);
        if (y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0)
            return w;
    }
}

static double vonmises(oneseed_numpy *state, double mu, double kappa, double s)
{
    if (isnan(kappa))
        return (double)NAN;
    if (kappa < 1e-8)
        return pi * (2 * numpy_next_double(state) - 1);
    double w = vonmises_proposal(state, kappa, s);
    double angle = acos(w);
    angle = (numpy_next_double(state) < 0.5 ? -angle : angle) + mu;
    double wrapped = fmod(fabs(angle) + pi, 2 * pi) - pi;
    return angle < 0 ? -wrapped : wrapped;
}

LEGACY_METHOD_2(double, (double)NAN, vonmises, double, mu, f, double, kappa, f, ((void)mu, check_kappa(kappa)),
                const double ratio = vonmises_ratio(kappa), vonmises(state, mu, kappa, ratio))
