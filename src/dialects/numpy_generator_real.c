/* numpy_generator_real.c - numpy.random.Generator's continuous distributions.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/src/distributions/distributions.c (1.17 to 2.5). Parameters have been checked; NaN passes most checks and
 * comes out as NumPy lets it come out. */
#include "dialects/numpy_generator.h"

#include <math.h> /* pow */

static const double pi = 3.14159265358979323846;

/* Below 1: Ahrens and Dieter's rejection from a mixture; above: Marsaglia and Tsang (2000). */
static double gamma_below_1(struct numpy_reader64 *reader, double shape)
{
    for (;;) {
        double u = numpy_read_double(reader), v = numpy_ziggurat_exponential(reader);
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

struct numpy_gamma numpy_generator_gamma_prepare(double shape)
{
    double b = shape - 1. / 3.;
    return (struct numpy_gamma){shape, b, shape > 1.0 || isnan(shape) ? 1. / sqrt(9 * b) : 0.0};
}

double numpy_generator_gamma_read(struct numpy_reader64 *reader, const struct numpy_gamma *gamma)
{
    double shape = gamma->shape, b = gamma->b, c = gamma->c;
    if (shape == 1.0)
        return numpy_ziggurat_exponential(reader);
    if (shape == 0.0)
        return 0.0;
    if (shape < 1.0)
        return gamma_below_1(reader, shape);
    for (;;) {
        double x, v;
        do {
            x = numpy_ziggurat_normal(reader);
            v = 1.0 + c * x;
        } while (v <= 0.0);
        v = v * v * v;
        double u = numpy_read_double(reader);
        if (u < 1.0 - 0.0331 * (x * x) * (x * x) || log(u) < 0.5 * x * x + b * (1. - v + log(v)))
            return b * v;
    }
}

double numpy_generator_gamma(oneseed_numpy *state, double shape)
{
    struct numpy_reader64 reader = {state, NULL, NULL};
    struct numpy_gamma gamma = numpy_generator_gamma_prepare(shape);
    return numpy_generator_gamma_read(&reader, &gamma);
}

static float normal_f32(oneseed_numpy *state)
{
    struct numpy_reader32 reader = {state, NULL, NULL};
    return numpy_ziggurat_normal_f32(&reader);
}

static float exponential_f32(oneseed_numpy *state)
{
    struct numpy_reader32 reader = {state, NULL, NULL};
    return numpy_ziggurat_exponential_f32(&reader);
}

static float gamma_below_1_f32(oneseed_numpy *state, float shape)
{
    for (;;) {
        float u = numpy_next_float(state), v = exponential_f32(state);
        if (u <= 1.0f - shape) {
            float x = powf(u, 1.0f / shape);
            if (x <= v)
                return x;
        } else {
            float y = -logf((1.0f - u) / shape);
            float x = powf(1.0f - shape + shape * y, 1.0f / shape);
            if (x <= v + y)
                return x;
        }
    }
}

/* libm: powf, logf. */
float numpy_generator_gamma_f32(oneseed_numpy *state, float shape)
{
    if (shape == 1.0f)
        return exponential_f32(state);
    if (shape == 0.0f)
        return 0.0f;
    if (shape < 1.0f)
        return gamma_below_1_f32(state, shape);
    float b = shape - 1.0f / 3.0f, c = 1.0f / sqrtf(9.0f * b);
    for (;;) {
        float x, v;
        do {
            x = normal_f32(state);
            v = 1.0f + c * x;
        } while (v <= 0.0f);
        v = v * v * v;
        float u = numpy_next_float(state);
        if (u < 1.0f - 0.0331f * (x * x) * (x * x) || logf(u) < 0.5f * x * x + b * (1.0f - v + logf(v)))
            return b * v;
    }
}

/* X / (X + Y) of X = u^(1/a), Y = v^(1/b), of which one or both may have underflowed. */
static double beta_ratio(const oneseed_numpy *state, double u, double v, double a, double b, double x, double y)
{
    if (numpy_before(state, 20100) ? x + y > 0 : x > 0 && y > 0)
        return x / (x + y);
    double log_x = log(u) / a, log_y = log(v) / b;
    if (numpy_before(state, 20100)) {
        double larger = log_x > log_y ? log_x : log_y;
        log_x -= larger;
        log_y -= larger;
        return exp(log_x - log(exp(log_x) + exp(log_y)));
    }
    double delta = log_x - log_y;
    return delta > 0 ? exp(-log1p(exp(-delta))) : exp(delta - log1p(exp(delta)));
}

/* Both parameters up to 1: Jöhnk (1964). Since 1.26 two tiny ones give 0 or 1. */
static double beta_small(oneseed_numpy *state, double a, double b)
{
    bool is_old = numpy_before(state, 12600);
    if (!is_old && a < 3e-103 && b < 3e-103)
        return (a + b) * numpy_next_double(state) < a;
    for (;;) {
        double u = numpy_next_double(state), v = numpy_next_double(state);
        double x = pow(u, 1.0 / a), y = pow(v, 1.0 / b), sum = x + y;
        if (sum <= 1.0 && (is_old ? sum : u + v) > 0.0)
            return beta_ratio(state, u, v, a, b, x, y);
    }
}

double numpy_generator_beta(oneseed_numpy *state, double a, double b)
{
    if (a <= 1.0 && b <= 1.0)
        return beta_small(state, a, b);
    double gamma_a = numpy_generator_gamma(state, a), gamma_b = numpy_generator_gamma(state, b);
    return gamma_a / (gamma_a + gamma_b);
}

static double chisquare(oneseed_numpy *state, double df)
{
    return 2.0 * numpy_generator_gamma(state, df / 2.0);
}

static double noncentral_chisquare(oneseed_numpy *state, double df, double nonc)
{
    if (isnan(nonc))
        return NAN;
    if (nonc == 0)
        return chisquare(state, df);
    if (1 < df) {
        double chi = chisquare(state, df - 1), n = numpy_generator_normal(state) + sqrt(nonc);
        return chi + n * n;
    }
    struct numpy_poisson poisson = numpy_poisson_prepare(nonc / 2.0);
    int64_t count = numpy_poisson_draw(state, &poisson);
    return chisquare(state, df + (double)numpy_wrap_add(count, count));
}

/* The wrapped normal for a large kappa since 1.21. */
static double vonmises_narrow(oneseed_numpy *state, double mu, double kappa)
{
    double result = mu + sqrt(1. / kappa) * numpy_generator_normal(state);
    if (result < -pi)
        result += 2 * pi;
    return result > pi ? result - 2 * pi : result;
}

static double vonmises_scale(double kappa)
{
    if (kappa < 1e-5)
        return 1. / kappa + kappa;
    double r = 1 + sqrt(1 + 4 * kappa * kappa), rho = (r - sqrt(2 * r)) / (2 * kappa);
    return (1 + rho * rho) / (2 * rho);
}

/* Best and Fisher (1979). libm: cos, log, acos, fmod. */
static double vonmises(oneseed_numpy *state, double mu, double kappa)
{
    if (isnan(kappa))
        return NAN;
    if (kappa < 1e-8)
        return pi * (2 * numpy_next_double(state) - 1);
    if (kappa > 1e6 && !numpy_before(state, 12100))
        return vonmises_narrow(state, mu, kappa);
    double s = vonmises_scale(kappa), w, y, v;
    do {
        double z = cos(pi * numpy_next_double(state));
        w = (1 + s * z) / (s + z);
        y = kappa * (s - w);
        v = numpy_next_double(state);
    } while (!(y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0));
    double u = numpy_next_double(state), result = acos(w);
    result = (u < 0.5 ? -result : result) + mu;
    double wrapped = fmod(fabs(result) + pi, 2 * pi) - pi;
    return result < 0 ? -wrapped : wrapped;
}

/* Michael, Schucany and Haas (1976). */
static double wald(oneseed_numpy *state, double mean, double scale)
{
    double y = numpy_generator_normal(state), x;
    y = mean * y * y;
    if (numpy_before(state, 20304))
        x = mean + mean / (2 * scale) * (y - sqrt(4 * scale * y + y * y));
    else
        x = mean * (1 - 2 / (1 + sqrt(1 + 4 * scale / y)));
    return numpy_next_double(state) <= mean / (mean + x) ? x : mean * mean / x;
}

/* ---- The table's draws. Parameters are in NumPy's order. */

#define DRAW(name) double numpy_generator_draw_##name(oneseed_numpy *state, const numpy_number *p)

DRAW(random)
{
    (void)p;
    return numpy_next_double(state);
}

DRAW(standard_normal)
{
    (void)p;
    return numpy_generator_normal(state);
}

DRAW(standard_exponential)
{
    (void)p;
    return numpy_generator_exponential(state);
}

DRAW(standard_cauchy)
{
    (void)p;
    double numerator = numpy_generator_normal(state);
    return numerator / numpy_generator_normal(state);
}

DRAW(standard_gamma)
{
    return numpy_generator_gamma(state, p[0].f);
}

DRAW(standard_t)
{
    double normal = numpy_generator_normal(state), gamma = numpy_generator_gamma(state, p[0].f / 2);
    return sqrt(p[0].f / 2) * normal / sqrt(gamma);
}

DRAW(uniform)
{
    return p[0].f + (p[1].f - p[0].f) * numpy_next_double(state);
}

DRAW(normal)
{
    return p[0].f + p[1].f * numpy_generator_normal(state);
}

DRAW(exponential)
{
    return p[0].f * numpy_generator_exponential(state);
}

DRAW(gamma)
{
    return p[1].f * numpy_generator_gamma(state, p[0].f);
}

DRAW(beta)
{
    return numpy_generator_beta(state, p[0].f, p[1].f);
}

DRAW(chisquare)
{
    return chisquare(state, p[0].f);
}

/* The numerator is drawn first: C left that open before 2.4, compilers did it so. */
DRAW(f)
{
    double numerator = chisquare(state, p[0].f) * p[1].f;
    return numerator / (chisquare(state, p[1].f) * p[0].f);
}

DRAW(noncentral_chisquare)
{
    return noncentral_chisquare(state, p[0].f, p[1].f);
}

DRAW(noncentral_f)
{
    double numerator = noncentral_chisquare(state, p[0].f, p[2].f) * p[1].f;
    return numerator / (chisquare(state, p[1].f) * p[0].f);
}

DRAW(vonmises)
{
    return vonmises(state, p[0].f, p[1].f);
}

/* libm: expm1 (exp before 1.22), here and in power. */
DRAW(pareto)
{
    double x = numpy_generator_exponential(state) / p[0].f;
    return numpy_before(state, 12200) ? exp(x) - 1 : expm1(x);
}

DRAW(weibull)
{
    return p[0].f == 0.0 ? 0.0 : pow(numpy_generator_exponential(state), 1. / p[0].f);
}

DRAW(power)
{
    double x = -numpy_generator_exponential(state);
    return pow(numpy_before(state, 12200) ? 1 - exp(x) : -expm1(x), 1. / p[0].f);
}

DRAW(laplace)
{
    return numpy_laplace(state, p[0].f, p[1].f);
}

DRAW(gumbel)
{
    return numpy_gumbel(state, p[0].f, p[1].f);
}

DRAW(logistic)
{
    return numpy_logistic(state, p[0].f, p[1].f);
}

DRAW(lognormal)
{
    return exp(p[0].f + p[1].f * numpy_generator_normal(state));
}

DRAW(rayleigh)
{
    if (numpy_before(state, 12100))
        return p[0].f * sqrt(-2.0 * log(1.0 - numpy_next_double(state)));
    return p[0].f * sqrt(2.0 * numpy_generator_exponential(state));
}

DRAW(wald)
{
    return wald(state, p[0].f, p[1].f);
}

DRAW(triangular)
{
    return numpy_triangular(state, p[0].f, p[1].f, p[2].f);
}
