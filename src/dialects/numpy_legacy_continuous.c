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
    struct numpy_doubles doubles;
    numpy_doubles_start(&doubles, state);
    return legacy_gauss(&doubles);
}

static double square_of(const double *point)
{
    return point[0] * point[0] + point[1] * point[1];
}

/* Makes points of pairs of doubles, keeps those inside the unit circle, and gives their number. */
static size_t keep_inside(double *doubles, size_t n_points)
{
    size_t n = 0;
    for (size_t i = 0; i < n_points; i++) {
        double point[2] = {2.0 * doubles[2 * i] - 1.0, 2.0 * doubles[2 * i + 1] - 1.0};
        double square = square_of(point);
        doubles[2 * n] = point[0];
        doubles[2 * n + 1] = point[1];
        n += !(square >= 1.0 || square == 0.0);
    }
    return n;
}

/* What legacy_gauss does, pair by pair: of n values each two take two doubles at least. */
void oneseed_numpy_legacy_standard_normal_fill(oneseed_numpy *state, double *out, size_t n)
{
    enum { POINTS = 256 };
    double doubles[2 * POINTS];
    size_t i = 0;
    if (n > 0 && state->has_gauss)
        out[i++] = oneseed_numpy_legacy_standard_normal(state);
    while (n - i >= 2) {
        size_t n_points = (n - i) / 2 < POINTS ? (n - i) / 2 : (size_t)POINTS;
        numpy_fill_double(state, doubles, 2 * n_points);
        n_points = keep_inside(doubles, n_points);
        for (size_t k = 0; k < n_points; k++) {
            const double *point = doubles + 2 * k;
            double square = square_of(point), f = sqrt(-2.0 * log(square) / square);
            out[i++] = f * point[1];
            out[i++] = f * point[0];
        }
        state->gauss = 0.0;
    }
    if (i < n)
        out[i] = oneseed_numpy_legacy_standard_normal(state);
}

double oneseed_numpy_legacy_standard_exponential(oneseed_numpy *state)
{
    return -log(1.0 - numpy_next_double(state));
}

void oneseed_numpy_legacy_standard_exponential_fill(oneseed_numpy *state, double *out, size_t n)
{
    numpy_fill_double(state, out, n);
    for (size_t i = 0; i < n; i++)
        out[i] = -log(1.0 - out[i]);
}

static double cauchy(struct numpy_doubles *doubles)
{
    double numerator = legacy_gauss(doubles);
    return numerator / legacy_gauss(doubles);
}

double oneseed_numpy_legacy_standard_cauchy(oneseed_numpy *state)
{
    LEGACY_ONE(cauchy(doubles));
}

void oneseed_numpy_legacy_standard_cauchy_fill(oneseed_numpy *state, double *out, size_t n)
{
    LEGACY_EACH(cauchy(doubles))
}

/* --- Checks that several make. NaN passes where NumPy lets it pass --- */

static oneseed_status check_normal_scale(double scale)
{
    return numpy_is_negative(scale) ? ONESEED_NUMPY_SCALE_NEGATIVE : ONESEED_OK;
}

static oneseed_status check_positive(double x, oneseed_status refusal)
{
    return x <= 0 ? refusal : ONESEED_OK;
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
    return numpy_is_negative(shape) ? ONESEED_NUMPY_SHAPE_NEGATIVE : ONESEED_OK;
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

static double gamma_below_1(struct numpy_doubles *doubles, double shape)
{
    for (;;) {
        double u = numpy_double(doubles), v = legacy_exponential(doubles);
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

double legacy_gamma_draw(struct numpy_doubles *doubles, const struct legacy_gamma *gamma)
{
    if (gamma->shape == 1.0)
        return legacy_exponential(doubles);
    if (gamma->shape == 0.0)
        return 0.0;
    if (gamma->shape < 1.0)
        return gamma_below_1(doubles, gamma->shape);
    for (;;) {
        double x, v;
        do {
            x = legacy_gauss(doubles);
            v = 1.0 + gamma->c * x;
        } while (v <= 0.0);
        v = v * v * v;
        double u = numpy_double(doubles);
        if (u < 1.0 - 0.0331 * (x * x) * (x * x))
            return gamma->b * v;
        if (log(u) < 0.5 * x * x + gamma->b * (1. - v + log(v)))
            return gamma->b * v;
    }
}

static double standard_t(struct numpy_doubles *doubles, double df, const struct legacy_gamma *gamma)
{
    double numerator = legacy_gauss(doubles);
    double denominator = legacy_gamma_draw(doubles, gamma);
    return sqrt(df / 2) * numerator / sqrt(denominator);
}

struct gamma_pair {
    struct legacy_gamma first, second;
};

static struct gamma_pair prepare_pair(double shape_first, double shape_second)
{
    return (struct gamma_pair){legacy_gamma_prepare(shape_first), legacy_gamma_prepare(shape_second)};
}

static double fisher(struct numpy_doubles *doubles, double dfnum, double dfden, const struct gamma_pair *gammas)
{
    double numerator = 2.0 * legacy_gamma_draw(doubles, &gammas->first) * dfden;
    return numerator / (2.0 * legacy_gamma_draw(doubles, &gammas->second) * dfnum);
}

/* Jöhnk's method. Its quotient is taken through logarithms when both powers underflow. libm: pow, log, exp. */
static double beta_by_powers(struct numpy_doubles *doubles, double a, double b)
{
    for (;;) {
        double u = numpy_double(doubles), v = numpy_double(doubles);
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

static double beta(struct numpy_doubles *doubles, double a, double b, const struct gamma_pair *gammas)
{
    if (a <= 1.0 && b <= 1.0)
        return beta_by_powers(doubles, a, b);
    double of_a = legacy_gamma_draw(doubles, &gammas->first);
    double of_b = legacy_gamma_draw(doubles, &gammas->second);
    return of_a / (of_a + of_b);
}

static double noncentral_chisquare(struct numpy_doubles *doubles, double df, double nonc)
{
    if (nonc == 0)
        return legacy_chisquare(doubles, df);
    if (1 < df) {
        double chi2 = legacy_chisquare(doubles, df - 1);
        double n = legacy_gauss(doubles) + sqrt(nonc);
        return chi2 + n * n;
    }
    struct numpy_poisson poisson = numpy_poisson_prepare(nonc / 2.0);
    int64_t i = numpy_poisson_from(doubles, &poisson);
    double chi2 = legacy_chisquare(doubles, df + (double)numpy_wrap_add(i, i));
    return isnan(nonc) ? (double)NAN : chi2;
}

static double noncentral_f(struct numpy_doubles *doubles, double dfnum, double dfden, double nonc)
{
    double numerator = noncentral_chisquare(doubles, dfnum, nonc) * dfden;
    return numerator / (legacy_chisquare(doubles, dfden) * dfnum);
}

#define GAMMA_OF(shape) const struct legacy_gamma gamma = legacy_gamma_prepare(shape)

LEGACY_F64_1(standard_gamma, shape, check_shape(shape), GAMMA_OF(shape), legacy_gamma_draw(doubles, &gamma))

LEGACY_F64_2(gamma, shape, scale, first_refusal(check_shape(shape), check_normal_scale(scale)), GAMMA_OF(shape),
             scale *legacy_gamma_draw(doubles, &gamma))

LEGACY_F64_1(chisquare, df, check_positive(df, ONESEED_NUMPY_DF_NOT_POSITIVE), GAMMA_OF(df / 2.0),
             2.0 * legacy_gamma_draw(doubles, &gamma))

LEGACY_F64_1(standard_t, df, check_positive(df, ONESEED_NUMPY_DF_NOT_POSITIVE), GAMMA_OF(df / 2),
             standard_t(doubles, df, &gamma))

LEGACY_F64_2(f, dfnum, dfden, check_fisher(dfnum, dfden),
             const struct gamma_pair gammas = prepare_pair(dfnum / 2.0, dfden / 2.0),
             fisher(doubles, dfnum, dfden, &gammas))

LEGACY_F64_2(beta, a, b,
             first_refusal(check_positive(a, ONESEED_NUMPY_A_NOT_POSITIVE),
                           check_positive(b, ONESEED_NUMPY_B_NOT_POSITIVE)),
             const struct gamma_pair gammas = prepare_pair(a, b), beta(doubles, a, b, &gammas))

LEGACY_F64_2(noncentral_chisquare, df, nonc,
             first_refusal(check_positive(df, ONESEED_NUMPY_DF_NOT_POSITIVE), check_nonc(nonc)), LEGACY_NOTHING,
             noncentral_chisquare(doubles, df, nonc))

LEGACY_F64_3(noncentral_f, dfnum, dfden, nonc, first_refusal(check_fisher(dfnum, dfden), check_nonc(nonc)),
             LEGACY_NOTHING, noncentral_f(doubles, dfnum, dfden, nonc))

/* --- Powers and logarithms of one uniform --- */

static double rayleigh(struct numpy_doubles *doubles, double scale)
{
    double u = numpy_double(doubles);
    return scale * sqrt(-2.0 * (numpy_before(doubles->state, 12100) ? log(1.0 - u) : log1p(-u)));
}

LEGACY_F64_1(exponential, scale, check_normal_scale(scale), LEGACY_NOTHING, scale *legacy_exponential(doubles))

LEGACY_F64_1(pareto, a, a <= 0 ? ONESEED_NUMPY_A_NOT_POSITIVE : ONESEED_OK, LEGACY_NOTHING,
             exp(legacy_exponential(doubles) / a) - 1)

LEGACY_F64_1(weibull, a, numpy_is_negative(a) ? ONESEED_NUMPY_A_NEGATIVE : ONESEED_OK, LEGACY_NOTHING,
             a == 0.0 ? 0.0 : pow(legacy_exponential(doubles), 1. / a))

LEGACY_F64_1(power, a, a <= 0 ? ONESEED_NUMPY_A_NOT_POSITIVE : ONESEED_OK, LEGACY_NOTHING,
             pow(1 - exp(-legacy_exponential(doubles)), 1. / a))

LEGACY_F64_1(rayleigh, scale, check_normal_scale(scale), LEGACY_NOTHING, rayleigh(doubles, scale))

LEGACY_F64_2_OF(random_sample, uniform, low, high, isfinite(high - low) ? ONESEED_OK : ONESEED_NUMPY_RANGE,
                const double range = high - low, low + range * x)

LEGACY_F64_2(laplace, loc, scale, ((void)loc, check_normal_scale(scale)), LEGACY_NOTHING,
             numpy_laplace_from(doubles, loc, scale))

LEGACY_F64_2(gumbel, loc, scale, ((void)loc, check_normal_scale(scale)), LEGACY_NOTHING,
             numpy_gumbel_from(doubles, loc, scale))

LEGACY_F64_2(logistic, loc, scale, ((void)loc, check_normal_scale(scale)), LEGACY_NOTHING,
             numpy_logistic_from(doubles, loc, scale))

static oneseed_status check_corners(double left, double mode, double right)
{
    if (left > mode)
        return ONESEED_NUMPY_LEFT_ABOVE_MODE;
    if (mode > right)
        return ONESEED_NUMPY_MODE_ABOVE_RIGHT;
    return left == right ? ONESEED_NUMPY_LEFT_IS_RIGHT : ONESEED_OK;
}

LEGACY_F64_3(triangular, left, mode, right, check_corners(left, mode, right), LEGACY_NOTHING,
             numpy_triangular_from(doubles, left, mode, right))

/* --- Normals --- */

LEGACY_F64_2_OF(standard_normal, normal, loc, scale, ((void)loc, check_normal_scale(scale)), LEGACY_NOTHING,
                loc + scale * x)

LEGACY_F64_2_OF(standard_normal, lognormal, mean, sigma,
                ((void)mean, numpy_is_negative(sigma) ? ONESEED_NUMPY_SIGMA_NEGATIVE : ONESEED_OK), LEGACY_NOTHING,
                exp(mean + sigma * x))

static oneseed_status check_positive_pair(double mean, double scale)
{
    if (mean <= 0)
        return ONESEED_NUMPY_MEAN_NOT_POSITIVE;
    return scale <= 0 ? ONESEED_NUMPY_SCALE_NOT_POSITIVE : ONESEED_OK;
}

static double wald(struct numpy_doubles *doubles, double mean, double scale)
{
    double mu_2l = mean / (2 * scale);
    double y = legacy_gauss(doubles);
    y = mean * y * y;
    double x = mean + mu_2l * (y - sqrt(4 * scale * y + y * y));
    double u = numpy_double(doubles);
    return u <= mean / (mean + x) ? x : mean * mean / x;
}

LEGACY_F64_2(wald, mean, scale, check_positive_pair(mean, scale), LEGACY_NOTHING, wald(doubles, mean, scale))

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

static double vonmises_proposal(struct numpy_doubles *doubles, double kappa, double s)
{
    for (;;) {
        double z = cos(pi * numpy_double(doubles));
        double w = (1 + s * z) / (s + z);
        double y = kappa * (s - w);
        double v = numpy_double(doubles);
        if (y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0)
            return w;
    }
}

static double vonmises(struct numpy_doubles *doubles, double mu, double kappa, double s)
{
    if (isnan(kappa))
        return (double)NAN;
    if (kappa < 1e-8)
        return pi * (2 * numpy_double(doubles) - 1);
    double w = vonmises_proposal(doubles, kappa, s);
    double angle = acos(w);
    angle = (numpy_double(doubles) < 0.5 ? -angle : angle) + mu;
    double wrapped = fmod(fabs(angle) + pi, 2 * pi) - pi;
    return angle < 0 ? -wrapped : wrapped;
}

LEGACY_F64_2(vonmises, mu, kappa, ((void)mu, check_kappa(kappa)), const double ratio = vonmises_ratio(kappa),
             vonmises(doubles, mu, kappa, ratio))
