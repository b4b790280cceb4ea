/* python_real.c - the real distributions of CPython 3.9 to 3.15.
 * SPDX-License-Identifier: MIT
 *
 * Lib/random.py. Each operation in Python's order, since each rounds. Python's floats call the C library: log, exp, sin, cos, acos,
 * pow and fmod are libm's and differ between platforms in last bits; sqrt is exact everywhere. */
#include <math.h> /* log, exp, sin, cos, acos, pow, fmod, sqrt, isfinite */

#include "dialects/python_state.h" /* python_next_double */
#include "oneseed.h"               /* oneseed_python_uniform */

#define PI     3.141592653589793
#define TWO_PI 6.283185307179586
#define E      2.718281828459045
/* 4 * exp(-0.5) / sqrt(2.0), log(4.0) and 1.0 + log(4.5), in Python's roundings. */
#define NV_MAGIC 0x1.b72cd3f331398p+0
#define LOG_4    0x1.62e42fefa39efp+0
#define SG_MAGIC 0x1.40859baee748fp+1

typedef struct real_parameters {
    double a, b, c;
} real_parameters;

/* One distribution: its check, and its draw, which is only called with what the check lets through. */
#define SCALAR(name, check, p) return check(p) ? NAN : draw_##name(state, p);
#define FILL(name, check, p)                                                                                           \
    oneseed_status status = check(p);                                                                                  \
    for (size_t k = 0; !status && k < n; k++)                                                                          \
        out[k] = draw_##name(state, p);                                                                                \
    return status;

#define METHOD_2(name, first, second, check)                                                                           \
    double oneseed_python_##name(oneseed_python *state, double first, double second){SCALAR(                           \
        name, check,                                                                                                   \
        ((real_parameters){first, second, 0}))} oneseed_status oneseed_python_##name##_fill(oneseed_python *state,     \
                                                                                            double first,              \
                                                                                            double second,             \
                                                                                            double *out, size_t n)     \
    {                                                                                                                  \
        FILL(name, check, ((real_parameters){first, second, 0}))                                                       \
    }

#define METHOD_1(name, first, check)                                                                                   \
    double oneseed_python_##name(oneseed_python *state, double first){                                                 \
        SCALAR(name, check,                                                                                            \
               ((real_parameters){first, 0, 0}))} oneseed_status oneseed_python_##name##_fill(oneseed_python *state,   \
                                                                                              double first,            \
                                                                                              double *out, size_t n)   \
    {                                                                                                                  \
        FILL(name, check, ((real_parameters){first, 0, 0}))                                                            \
    }

static inline oneseed_status anything(real_parameters p)
{
    (void)p;
    return ONESEED_OK;
}

/* ---- uniform, triangular ---- */

static inline double draw_uniform(oneseed_python *state, real_parameters p)
{
    return p.a + (p.b - p.a) * python_next_double(state);
}
METHOD_2(uniform, a, b, anything)

static inline double draw_triangular(oneseed_python *state, real_parameters p)
{
    double low = p.a, high = p.b, mode = p.c;
    double u = python_next_double(state);
    double c = 0.5;
    if (mode == mode) {
        if (high - low == 0)
            return low;
        c = (mode - low) / (high - low);
    }
    if (u > c) {
        u = 1.0 - u;
        c = 1.0 - c;
        low = p.b;
        high = p.a;
    }
    return low + (high - low) * sqrt(u * c);
}

double oneseed_python_triangular(oneseed_python *state, double low, double high,
                                 double mode){SCALAR(triangular, anything, ((real_parameters){low, high, mode}))}

oneseed_status
    oneseed_python_triangular_fill(oneseed_python *state, double low, double high, double mode, double *out, size_t n)
{
    FILL(triangular, anything, ((real_parameters){low, high, mode}))
}

/* ---- normal: log; sin and cos; exp ---- */

/* Kinderman and Monahan 1977. */
static inline double draw_normalvariate(oneseed_python *state, real_parameters p)
{
    double z, u2;
    do {
        double u1 = python_next_double(state);
        u2 = 1.0 - python_next_double(state);
        z = NV_MAGIC * (u1 - 0.5) / u2;
    } while (!(z * z / 4.0 <= -log(u2)));
    return p.a + z * p.b;
}
METHOD_2(normalvariate, mu, sigma, anything)

/* Box and Muller 1958: two normals of two uniforms. */
static inline double gauss_pair(double first, double second, double *other)
{
    double angle = first * TWO_PI;
    double radius = sqrt(-2.0 * log(1.0 - second));
    *other = sin(angle) * radius;
    return cos(angle) * radius;
}

double oneseed_python_gauss(oneseed_python *state, double mu, double sigma)
{
    double z = state->gauss_next;
    if (state->has_gauss) {
        state->has_gauss = 0;
    } else {
        double first = python_next_double(state);
        z = gauss_pair(first, python_next_double(state), &state->gauss_next);
        state->has_gauss = 1;
    }
    return mu + z * sigma;
}

oneseed_status oneseed_python_gauss_fill(oneseed_python *state, double mu, double sigma, double *out, size_t n)
{
    enum { CHUNK = 512 };
    double uniforms[CHUNK];
    if (n > 0 && state->has_gauss) {
        *out++ = oneseed_python_gauss(state, mu, sigma);
        n--;
    }
    for (size_t m; n > 1; out += m, n -= m) {
        m = n < CHUNK ? n - n % 2 : CHUNK;
        mt19937_fill_f64(&state->mt19937, MT19937_RES53, uniforms, m);
        for (size_t k = 0; k < m; k += 2) {
            double other, z = gauss_pair(uniforms[k], uniforms[k + 1], &other);
            out[k] = mu + z * sigma;
            out[k + 1] = mu + other * sigma;
            state->gauss_next = other; /* used, but as after single draws */
        }
    }
    if (n > 0)
        *out = oneseed_python_gauss(state, mu, sigma);
    return ONESEED_OK;
}

static inline double draw_lognormvariate(oneseed_python *state, real_parameters p)
{
    return exp(draw_normalvariate(state, p));
}
METHOD_2(lognormvariate, mu, sigma, anything)

/* ---- exponential: log ---- */

static inline oneseed_status check_expovariate(real_parameters p)
{
    return p.a == 0 ? ONESEED_PYTHON_DIVISION : ONESEED_OK;
}

static inline double draw_expovariate(oneseed_python *state, real_parameters p)
{
    return -log(1.0 - python_next_double(state)) / p.a;
}
METHOD_1(expovariate, lambd, check_expovariate)

/* ---- von Mises: cos, exp, acos, fmod ---- */

/* Python's x % y of floats for y > 0. */
static double modulo(double x, double y)
{
    double rest = fmod(x, y);
    if (rest == 0)
        return 0.0; /* with the sign of y */
    return rest < 0 ? rest + y : rest;
}

static inline oneseed_status check_vonmisesvariate(real_parameters p)
{
    return p.b != p.b ? ONESEED_PYTHON_ENDLESS : ONESEED_OK;
}

/* Fisher, Statistical Analysis of Circular Data, 1993. */
static inline double draw_vonmisesvariate(oneseed_python *state, real_parameters p)
{
    double mu = p.a, kappa = p.b;
    if (kappa <= 1e-6)
        return TWO_PI * python_next_double(state);
    double s = 0.5 / kappa;
    double r = s + sqrt(1.0 + s * s);
    double z, d, u2;
    do {
        z = cos(PI * python_next_double(state));
        if (r + z == 0)
            return NAN; /* Python: ZeroDivisionError */
        d = z / (r + z);
        u2 = python_next_double(state);
    } while (!(u2 < 1.0 - d * d || u2 <= (1.0 - d) * exp(d)));
    double q = 1.0 / r;
    double f = (q + z) / (1.0 + q * z);
    double u3 = python_next_double(state);
    return modulo(u3 > 0.5 ? mu + acos(f) : mu - acos(f), TWO_PI);
}
METHOD_2(vonmisesvariate, mu, kappa, check_vonmisesvariate)

/* ---- gamma, beta: log, exp, pow ---- */

static oneseed_status check_alpha_beta(double alpha, double beta)
{
    if (alpha <= 0 || beta <= 0)
        return ONESEED_PYTHON_GAMMA;
    return isfinite(alpha) ? ONESEED_OK : ONESEED_PYTHON_ENDLESS;
}

static inline oneseed_status check_gammavariate(real_parameters p)
{
    return check_alpha_beta(p.a, p.b);
}

/* Cheng 1977. */
static double gamma_above_1(oneseed_python *state, double alpha, double beta)
{
    double root = sqrt(2.0 * alpha - 1.0);
    double b = alpha - LOG_4;
    double c = alpha + root;
    for (;;) {
        double u1 = python_next_double(state);
        if (!(1e-7 < u1 && u1 < 0.9999999))
            continue;
        double u2 = 1.0 - python_next_double(state);
        double v = log(u1 / (1.0 - u1)) / root;
        double x = alpha * exp(v);
        double z = u1 * u1 * u2;
        double r = b + c * v - x;
        if (r + SG_MAGIC - 4.5 * z >= 0.0 || r >= log(z))
            return x * beta;
    }
}

/* Algorithm GS, Kennedy and Gentle, Statistical Computing, 1980. */
static double gamma_below_1(oneseed_python *state, double alpha, double beta)
{
    for (;;) {
        double b = (E + alpha) / E;
        double p = b * python_next_double(state);
        double x = p <= 1.0 ? pow(p, 1.0 / alpha) : -log((b - p) / alpha);
        double u1 = python_next_double(state);
        if (p > 1.0 ? u1 <= pow(x, alpha - 1.0) : u1 <= exp(-x))
            return x * beta;
    }
}

static inline double draw_gammavariate(oneseed_python *state, real_parameters p)
{
    if (p.a > 1.0)
        return gamma_above_1(state, p.a, p.b);
    if (p.a == 1.0)
        return -log(1.0 - python_next_double(state)) * p.b;
    return gamma_below_1(state, p.a, p.b);
}
METHOD_2(gammavariate, alpha, beta, check_gammavariate)

static inline oneseed_status check_betavariate(real_parameters p)
{
    oneseed_status status = check_alpha_beta(p.a, 1);
    return status ? status : check_alpha_beta(p.b, 1);
}

static inline double draw_betavariate(oneseed_python *state, real_parameters p)
{
    double y = draw_gammavariate(state, (real_parameters){p.a, 1.0, 0});
    if (y == 0)
        return 0.0;
    return y / (y + draw_gammavariate(state, (real_parameters){p.b, 1.0, 0}));
}
METHOD_2(betavariate, alpha, beta, check_betavariate)

/* ---- Pareto, Weibull: pow, log ---- */

double oneseed_python_paretovariate(oneseed_python *state, double alpha)
{
    if (alpha == 0)
        return NAN;
    double u = 1.0 - python_next_double(state);
    /* 3.10 made one power of a power and a quotient */
    return python_is_at_least(state->version, 310) ? pow(u, -1.0 / alpha) : 1.0 / pow(u, 1.0 / alpha);
}

oneseed_status oneseed_python_paretovariate_fill(oneseed_python *state, double alpha, double *out, size_t n)
{
    if (alpha == 0)
        return ONESEED_PYTHON_DIVISION;
    for (size_t k = 0; k < n; k++)
        out[k] = oneseed_python_paretovariate(state, alpha);
    return ONESEED_OK;
}

static inline oneseed_status check_weibullvariate(real_parameters p)
{
    return p.b == 0 ? ONESEED_PYTHON_DIVISION : ONESEED_OK;
}

static inline double draw_weibullvariate(oneseed_python *state, real_parameters p)
{
    return p.a * pow(-log(1.0 - python_next_double(state)), 1.0 / p.b);
}
METHOD_2(weibullvariate, alpha, beta, check_weibullvariate)
