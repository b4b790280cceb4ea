/* numpy_generator_methods.c - numpy.random.Generator's distributions as functions and as a table: checks, defaults, fills.
 * SPDX-License-Identifier: MIT
 *
 * Checks and defaults after numpy/random/_generator.pyx and _common.pyx (1.26 to 2.5). */
#include <math.h>   /* isnan */
#include <string.h> /* strcmp */

#include "dialects/numpy_generator.h" /* numpy_generator_draw_… */
#include "dialects/numpy_method.h"    /* numpy_method */

enum { CHUNK = 512 };

/* ---- Checks. A negative zero is negative, NaN is not; NaN is not <= 0. */

#define CHECK(name) static oneseed_status check_##name(const oneseed_numpy *state, const numpy_number *p)

static oneseed_status refuse_negative(double value, oneseed_status status)
{
    return numpy_is_negative(value) ? status : ONESEED_OK;
}

static oneseed_status refuse_not_positive(double value, oneseed_status status)
{
    return value <= 0 ? status : ONESEED_OK;
}

static oneseed_status first_of(oneseed_status a, oneseed_status b)
{
    return a != ONESEED_OK ? a : b;
}

/* The names say which parameter is checked for what; those with no number are of one parameter. */
#define CHECK_NEGATIVE(name, at, status)                                                                               \
    CHECK(name)                                                                                                        \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        return refuse_negative(p[at].f, status);                                                                       \
    }
#define CHECK_NOT_POSITIVE(name, status)                                                                               \
    CHECK(name)                                                                                                        \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        return refuse_not_positive(p[0].f, status);                                                                    \
    }
#define CHECK_NOT_POSITIVE_2(name, status_0, status_1)                                                                 \
    CHECK(name)                                                                                                        \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        return first_of(refuse_not_positive(p[0].f, status_0), refuse_not_positive(p[1].f, status_1));                 \
    }

CHECK_NEGATIVE(exponential, 0, ONESEED_NUMPY_SCALE_NEGATIVE)
CHECK_NEGATIVE(rayleigh, 0, ONESEED_NUMPY_SCALE_NEGATIVE)
CHECK_NEGATIVE(weibull, 0, ONESEED_NUMPY_A_NEGATIVE)
CHECK_NEGATIVE(standard_gamma, 0, ONESEED_NUMPY_SHAPE_NEGATIVE)
CHECK_NEGATIVE(normal, 1, ONESEED_NUMPY_SCALE_NEGATIVE)
CHECK_NEGATIVE(laplace, 1, ONESEED_NUMPY_SCALE_NEGATIVE)
CHECK_NEGATIVE(gumbel, 1, ONESEED_NUMPY_SCALE_NEGATIVE)
CHECK_NEGATIVE(logistic, 1, ONESEED_NUMPY_SCALE_NEGATIVE)
CHECK_NEGATIVE(lognormal, 1, ONESEED_NUMPY_SIGMA_NEGATIVE)
CHECK_NEGATIVE(vonmises, 1, ONESEED_NUMPY_KAPPA_NEGATIVE)
CHECK_NOT_POSITIVE(pareto, ONESEED_NUMPY_A_NOT_POSITIVE)
CHECK_NOT_POSITIVE(power, ONESEED_NUMPY_A_NOT_POSITIVE)
CHECK_NOT_POSITIVE(chisquare, ONESEED_NUMPY_DF_NOT_POSITIVE)
CHECK_NOT_POSITIVE(standard_t, ONESEED_NUMPY_DF_NOT_POSITIVE)
CHECK_NOT_POSITIVE_2(f, ONESEED_NUMPY_DFNUM_NOT_POSITIVE, ONESEED_NUMPY_DFDEN_NOT_POSITIVE)
CHECK_NOT_POSITIVE_2(wald, ONESEED_NUMPY_MEAN_NOT_POSITIVE, ONESEED_NUMPY_SCALE_NOT_POSITIVE)

/* Before 1.26 the rejection did not end where no u below 1 leaves anything of u^(1/a) or u^(1/b). */
static bool is_all_underflow(double a)
{
    return pow(1.0 - 0x1p-53, 1.0 / a) == 0.0;
}

CHECK(beta)
{
    if (p[0].f <= 0)
        return ONESEED_NUMPY_A_NOT_POSITIVE;
    if (p[1].f <= 0)
        return ONESEED_NUMPY_B_NOT_POSITIVE;
    if (numpy_before(state, 12600) && is_all_underflow(p[0].f) && is_all_underflow(p[1].f))
        return ONESEED_NUMPY_ENDLESS;
    return ONESEED_OK;
}

CHECK(gamma)
{
    (void)state;
    return first_of(refuse_negative(p[0].f, ONESEED_NUMPY_SHAPE_NEGATIVE),
                    refuse_negative(p[1].f, ONESEED_NUMPY_SCALE_NEGATIVE));
}

CHECK(noncentral_chisquare)
{
    (void)state;
    return first_of(refuse_not_positive(p[0].f, ONESEED_NUMPY_DF_NOT_POSITIVE),
                    refuse_negative(p[1].f, ONESEED_NUMPY_NONC_NEGATIVE));
}

CHECK(noncentral_f)
{
    return first_of(check_f(state, p), refuse_negative(p[2].f, ONESEED_NUMPY_NONC_NEGATIVE));
}

CHECK(uniform)
{
    (void)state;
    double range = p[1].f - p[0].f;
    return isfinite(range) ? refuse_negative(range, ONESEED_NUMPY_RANGE_NEGATIVE) : ONESEED_NUMPY_RANGE_NOT_FINITE;
}

CHECK(triangular)
{
    (void)state;
    if (p[0].f > p[1].f)
        return ONESEED_NUMPY_LEFT_ABOVE_MODE;
    if (p[1].f > p[2].f)
        return ONESEED_NUMPY_MODE_ABOVE_RIGHT;
    return p[0].f == p[2].f ? ONESEED_NUMPY_LEFT_IS_RIGHT : ONESEED_OK;
}

CHECK(binomial)
{
    (void)state;
    if (!(p[1].f >= 0 && p[1].f <= 1))
        return ONESEED_NUMPY_P_NOT_0_TO_1;
    return p[0].i < 0 ? ONESEED_NUMPY_N_NEGATIVE : ONESEED_OK;
}

/* The largest mean that poisson takes: 2^63 - 10 sqrt(2^63). */
static const double max_lam = 0x1p63 - 10 * 3037000499.97604969;

CHECK(negative_binomial)
{
    double n = p[0].f, chance = p[1].f;
    if (isnan(n))
        return ONESEED_NUMPY_N_NAN;
    if (n <= 0)
        return ONESEED_NUMPY_N_NOT_POSITIVE;
    if (!(chance > 0 && chance <= 1))
        return ONESEED_NUMPY_P_NOT_ABOVE_0_TO_1;
    if (numpy_before(state, 12300))
        return ONESEED_OK;
    return (1 - chance) / chance * (n + 10 * sqrt(n)) > max_lam ? ONESEED_NUMPY_N_TOO_LARGE : ONESEED_OK;
}

CHECK(poisson)
{
    (void)state;
    if (isnan(p[0].f))
        return ONESEED_NUMPY_LAM_NAN;
    if (!(p[0].f >= 0))
        return ONESEED_NUMPY_LAM_NEGATIVE;
    return p[0].f <= max_lam ? ONESEED_OK : ONESEED_NUMPY_LAM_TOO_LARGE;
}

CHECK(zipf)
{
    if (!(p[0].f > 1))
        return ONESEED_NUMPY_A_NOT_ABOVE_1;
    return p[0].f >= 1025 && numpy_before(state, 20100) ? ONESEED_NUMPY_ENDLESS : ONESEED_OK;
}

CHECK(geometric)
{
    (void)state;
    return p[0].f > 0 && p[0].f <= 1 ? ONESEED_OK : ONESEED_NUMPY_P_NOT_ABOVE_0_TO_1;
}

CHECK(hypergeometric)
{
    (void)state;
    if (p[0].i >= 1000000000 || p[1].i >= 1000000000)
        return ONESEED_NUMPY_NGOOD_NBAD_TOO_LARGE;
    if (numpy_wrap_add(p[0].i, p[1].i) < p[2].i)
        return ONESEED_NUMPY_NSAMPLE_TOO_LARGE;
    if (p[0].i < 0)
        return ONESEED_NUMPY_NGOOD_NEGATIVE;
    if (p[1].i < 0)
        return ONESEED_NUMPY_NBAD_NEGATIVE;
    return p[2].i < 0 ? ONESEED_NUMPY_NSAMPLE_NEGATIVE : ONESEED_OK;
}

CHECK(logseries)
{
    (void)state;
    return p[0].f >= 0 && p[0].f < 1 ? ONESEED_OK : ONESEED_NUMPY_P_NOT_0_TO_BELOW_1;
}

/* ---- Without parameters: words in bulk */

double oneseed_numpy_random(oneseed_numpy *state)
{
    return numpy_next_double(state);
}

void oneseed_numpy_random_fill(oneseed_numpy *state, double *out, size_t n)
{
    numpy_fill_double(state, out, n);
}

float oneseed_numpy_random_f32(oneseed_numpy *state)
{
    return numpy_next_float(state);
}

double oneseed_numpy_standard_normal(oneseed_numpy *state)
{
    return numpy_generator_normal(state);
}

double oneseed_numpy_standard_exponential(oneseed_numpy *state)
{
    return numpy_generator_exponential(state);
}

double oneseed_numpy_standard_exponential_inv(oneseed_numpy *state)
{
    return -numpy_log_rest(state, numpy_next_double(state));
}

float oneseed_numpy_standard_normal_f32(oneseed_numpy *state)
{
    struct numpy_reader32 reader = {state, NULL, NULL};
    return numpy_ziggurat_normal_f32(&reader);
}

float oneseed_numpy_standard_exponential_f32(oneseed_numpy *state)
{
    struct numpy_reader32 reader = {state, NULL, NULL};
    return numpy_ziggurat_exponential_f32(&reader);
}

/* The logarithm is one of doubles; before 1.21, of a difference of floats. */
static float inv_of_float(const oneseed_numpy *state, float u)
{
    return (float)-(numpy_before(state, 12100) ? log(1.0 - (double)u) : log1p(-(double)u));
}

float oneseed_numpy_standard_exponential_inv_f32(oneseed_numpy *state)
{
    return inv_of_float(state, numpy_next_float(state));
}

void oneseed_numpy_random_f32_fill(oneseed_numpy *state, float *out, size_t n)
{
    numpy_fill_float(state, out, n);
}

/* Loops over words that were made in bulk; `value` takes them from `reader`. */
#define FILL(name, type, bits, value)                                                                                  \
    void oneseed_numpy_##name##_fill(oneseed_numpy *state, type *out, size_t n)                                        \
    {                                                                                                                  \
        uint##bits##_t words[CHUNK];                                                                                   \
        for (size_t done = 0; done < n;) {                                                                             \
            size_t n_now = n - done < CHUNK ? n - done : CHUNK;                                                        \
            numpy_fill_u##bits(state, words, n_now);                                                                   \
            struct numpy_reader##bits reader = {state, words, words + n_now};                                          \
            while (reader.next != reader.end)                                                                          \
                out[done++] = value;                                                                                   \
        }                                                                                                              \
    }

FILL(standard_exponential_inv, double, 64, -numpy_log_rest(state, numpy_read_double(&reader)))
FILL(standard_exponential_inv_f32, float, 32, inv_of_float(state, numpy_read_float(&reader)))

double oneseed_numpy_standard_cauchy(oneseed_numpy *state)
{
    return numpy_generator_draw_standard_cauchy(state, NULL);
}

void oneseed_numpy_standard_cauchy_fill(oneseed_numpy *state, double *out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = numpy_generator_draw_standard_cauchy(state, NULL);
}

float oneseed_numpy_standard_gamma_f32(oneseed_numpy *state, double shape)
{
    return numpy_is_negative(shape) ? NAN : numpy_generator_gamma_f32(state, (float)shape);
}

oneseed_status oneseed_numpy_standard_gamma_f32_fill(oneseed_numpy *state, double shape, float *out, size_t n)
{
    if (numpy_is_negative(shape))
        return ONESEED_NUMPY_SHAPE_NEGATIVE;
    for (size_t k = 0; k < n; k++)
        out[k] = numpy_generator_gamma_f32(state, (float)shape);
    return ONESEED_OK;
}

/* ---- Fills of checked parameters that are quicker than n draws */

static void fill_random(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    (void)p;
    numpy_fill_double(state, out, n);
}

static void fill_standard_normal(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    (void)p;
    oneseed_numpy_standard_normal_fill(state, out, n);
}

static void fill_standard_exponential(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    (void)p;
    oneseed_numpy_standard_exponential_fill(state, out, n);
}

static void fill_uniform(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    double low = p[0].f, range = p[1].f - low;
    numpy_fill_double(state, out, n);
    for (size_t k = 0; k < n; k++)
        out[k] = low + range * out[k];
}

static void fill_normal(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    oneseed_numpy_standard_normal_fill(state, out, n);
    for (size_t k = 0; k < n; k++)
        out[k] = p[0].f + p[1].f * out[k];
}

static void fill_exponential(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    oneseed_numpy_standard_exponential_fill(state, out, n);
    for (size_t k = 0; k < n; k++)
        out[k] = p[0].f * out[k];
}

/* scale times gamma; also for a scale of 1, which changes nothing. */
static void fill_gammas(oneseed_numpy *state, double shape, double scale, double *out, size_t n)
{
    struct numpy_gamma gamma = numpy_generator_gamma_prepare(shape);
    uint64_t words[CHUNK];
    for (size_t done = 0; shape != 0.0 && done < n;) {
        size_t n_now = n - done < CHUNK ? n - done : CHUNK;
        numpy_fill_u64(state, words, n_now);
        struct numpy_reader64 reader = {state, words, words + n_now};
        while (reader.next != reader.end)
            out[done++] = scale * numpy_generator_gamma_read(&reader, &gamma);
    }
    for (size_t k = 0; shape == 0.0 && k < n; k++)
        out[k] = scale * 0.0;
}

static void fill_standard_gamma(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    fill_gammas(state, p[0].f, 1.0, out, n);
}

static void fill_gamma(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    fill_gammas(state, p[0].f, p[1].f, out, n);
}

static void fill_chisquare(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    fill_gammas(state, p[0].f / 2.0, 2.0, out, n);
}

/* Two gammas where a parameter is above 1. */
static void fill_beta(oneseed_numpy *state, const numpy_number *p, double *out, size_t n)
{
    if (p[0].f <= 1.0 && p[1].f <= 1.0) {
        for (size_t k = 0; k < n; k++)
            out[k] = numpy_generator_beta(state, p[0].f, p[1].f);
        return;
    }
    struct numpy_gamma a = numpy_generator_gamma_prepare(p[0].f), b = numpy_generator_gamma_prepare(p[1].f);
    uint64_t words[CHUNK];
    for (size_t done = 0; done < n;) {
        size_t n_now = n - done < CHUNK ? n - done : CHUNK;
        numpy_fill_u64(state, words, n_now);
        struct numpy_reader64 reader = {state, words, words + n_now};
        while (reader.next != reader.end) {
            double first = numpy_generator_gamma_read(&reader, &a);
            out[done++] = first / (first + numpy_generator_gamma_read(&reader, &b));
        }
    }
}

/* Of those that draw doubles only each value takes one at least. */
#define FILL_FROM_DOUBLES(name, type, prepare, value)                                                                  \
    static void fill_##name(oneseed_numpy *state, const numpy_number *p, type *out, size_t n)                          \
    {                                                                                                                  \
        struct numpy_doubles doubles;                                                                                  \
        numpy_doubles_start(&doubles, state);                                                                          \
        prepare;                                                                                                       \
        for (size_t k = 0; k < n; k++) {                                                                               \
            doubles.n_least = n - k;                                                                                   \
            out[k] = value;                                                                                            \
        }                                                                                                              \
    }

FILL_FROM_DOUBLES(laplace, double, , numpy_laplace_from(&doubles, p[0].f, p[1].f))
FILL_FROM_DOUBLES(gumbel, double, , numpy_gumbel_from(&doubles, p[0].f, p[1].f))
FILL_FROM_DOUBLES(logistic, double, , numpy_logistic_from(&doubles, p[0].f, p[1].f))
FILL_FROM_DOUBLES(triangular, double, , numpy_triangular_from(&doubles, p[0].f, p[1].f, p[2].f))
FILL_FROM_DOUBLES(poisson, int64_t, struct numpy_poisson poisson = numpy_poisson_prepare(p[0].f),
                  numpy_poisson_from(&doubles, &poisson))
FILL_FROM_DOUBLES(geometric_from_third, int64_t, , numpy_geometric_search_from(&doubles, p[0].f))

static void fill_binomial(oneseed_numpy *state, const numpy_number *p, int64_t *out, size_t n)
{
    if (p[0].i == 0 || p[1].f == 0.0) {
        memset(out, 0, n * sizeof *out);
        return;
    }
    struct numpy_binomial binomial = numpy_generator_binomial_prepare(state, p[0].i, p[1].f);
    struct numpy_doubles doubles;
    double chances[NUMPY_BINOMIAL_CHANCES];
    if (n > 4) /* a table pays from here on */
        numpy_binomial_tabulate(&binomial, chances);
    numpy_doubles_start(&doubles, state);
    for (size_t k = 0; k < n; k++) {
        doubles.n_least = n - k;
        out[k] = numpy_binomial_from(&doubles, &binomial);
    }
}

static void fill_geometric(oneseed_numpy *state, const numpy_number *p, int64_t *out, size_t n)
{
    if (p[0].f >= 0.333333333333333333333333)
        fill_geometric_from_third(state, p, out, n);
    else
        for (size_t k = 0; k < n; k++)
            out[k] = numpy_generator_draw_geometric(state, p);
}

/* ---- The table */

#define REAL(word, ...)                                                                                                \
    {                                                                                                                  \
        .name = #word, .f64 = numpy_generator_draw_##word, __VA_ARGS__                                                 \
    }
#define CHECKED(word, ...) REAL(word, .check = check_##word, __VA_ARGS__)
#define INTEGER(word, ...)                                                                                             \
    {                                                                                                                  \
        .name = #word, .i64 = numpy_generator_draw_##word, .check = check_##word, __VA_ARGS__                          \
    }
#define PARAMETERS(n, ...) .n_parameters = (n), .parameters = {__VA_ARGS__}
#define NEEDED(word)                                                                                                   \
    {                                                                                                                  \
        .name = #word, .is_required = true                                                                             \
    }
#define NEEDED_INTEGER(word)                                                                                           \
    {                                                                                                                  \
        .name = #word, .is_required = true, .is_integer = true                                                         \
    }
#define OPTIONAL(word, x)                                                                                              \
    {                                                                                                                  \
        .name = #word, .otherwise.f = (x)                                                                              \
    }

const numpy_method numpy_generator_methods[] = {
    REAL(random, .fill_f64 = fill_random),
    REAL(standard_normal, .fill_f64 = fill_standard_normal),
    REAL(standard_exponential, .fill_f64 = fill_standard_exponential),
    REAL(standard_cauchy, PARAMETERS(0, {0})),
    CHECKED(standard_gamma, PARAMETERS(1, NEEDED(shape)), .fill_f64 = fill_standard_gamma),
    CHECKED(standard_t, PARAMETERS(1, NEEDED(df))),
    CHECKED(uniform, PARAMETERS(2, OPTIONAL(low, 0.0), OPTIONAL(high, 1.0)), .fill_f64 = fill_uniform),
    CHECKED(normal, PARAMETERS(2, OPTIONAL(loc, 0.0), OPTIONAL(scale, 1.0)), .fill_f64 = fill_normal),
    CHECKED(exponential, PARAMETERS(1, OPTIONAL(scale, 1.0)), .fill_f64 = fill_exponential),
    CHECKED(gamma, PARAMETERS(2, NEEDED(shape), OPTIONAL(scale, 1.0)), .fill_f64 = fill_gamma),
    CHECKED(beta, PARAMETERS(2, NEEDED(a), NEEDED(b)), .fill_f64 = fill_beta),
    CHECKED(chisquare, PARAMETERS(1, NEEDED(df)), .fill_f64 = fill_chisquare),
    CHECKED(f, PARAMETERS(2, NEEDED(dfnum), NEEDED(dfden))),
    CHECKED(noncentral_chisquare, PARAMETERS(2, NEEDED(df), NEEDED(nonc))),
    CHECKED(noncentral_f, PARAMETERS(3, NEEDED(dfnum), NEEDED(dfden), NEEDED(nonc))),
    CHECKED(vonmises, PARAMETERS(2, NEEDED(mu), NEEDED(kappa))),
    CHECKED(pareto, PARAMETERS(1, NEEDED(a))),
    CHECKED(weibull, PARAMETERS(1, NEEDED(a))),
    CHECKED(power, PARAMETERS(1, NEEDED(a))),
    CHECKED(laplace, PARAMETERS(2, OPTIONAL(loc, 0.0), OPTIONAL(scale, 1.0)), .fill_f64 = fill_laplace),
    CHECKED(gumbel, PARAMETERS(2, OPTIONAL(loc, 0.0), OPTIONAL(scale, 1.0)), .fill_f64 = fill_gumbel),
    CHECKED(logistic, PARAMETERS(2, OPTIONAL(loc, 0.0), OPTIONAL(scale, 1.0)), .fill_f64 = fill_logistic),
    CHECKED(lognormal, PARAMETERS(2, OPTIONAL(mean, 0.0), OPTIONAL(sigma, 1.0))),
    CHECKED(rayleigh, PARAMETERS(1, OPTIONAL(scale, 1.0))),
    CHECKED(wald, PARAMETERS(2, NEEDED(mean), NEEDED(scale))),
    CHECKED(triangular, PARAMETERS(3, NEEDED(left), NEEDED(mode), NEEDED(right)), .fill_f64 = fill_triangular),
    INTEGER(binomial, PARAMETERS(2, NEEDED_INTEGER(n), NEEDED(p)), .fill_i64 = fill_binomial),
    INTEGER(negative_binomial, PARAMETERS(2, NEEDED(n), NEEDED(p))),
    INTEGER(poisson, PARAMETERS(1, OPTIONAL(lam, 1.0)), .fill_i64 = fill_poisson),
    INTEGER(zipf, PARAMETERS(1, NEEDED(a))),
    INTEGER(geometric, PARAMETERS(1, NEEDED(p)), .fill_i64 = fill_geometric),
    INTEGER(hypergeometric, PARAMETERS(3, NEEDED_INTEGER(ngood), NEEDED_INTEGER(nbad), NEEDED_INTEGER(nsample))),
    INTEGER(logseries, PARAMETERS(1, NEEDED(p))),
};

const int n_numpy_generator_methods = sizeof numpy_generator_methods / sizeof *numpy_generator_methods;

const numpy_method *numpy_generator_method(const char *name)
{
    for (int k = 0; k < n_numpy_generator_methods; k++)
        if (strcmp(numpy_generator_methods[k].name, name) == 0)
            return numpy_generator_methods + k;
    return NULL;
}

/* ---- The public functions */

#define F(value)                                                                                                       \
    {                                                                                                                  \
        .f = (value)                                                                                                   \
    }
#define I(value)                                                                                                       \
    {                                                                                                                  \
        .i = (value)                                                                                                   \
    }

/* A parameter list goes through several macros: in parentheses. */
#define UNWRAP(...) __VA_ARGS__
#define SCALAR(type, refused, name, signature, ...)                                                                    \
    type oneseed_numpy_##name(oneseed_numpy *state, UNWRAP signature)                                                  \
    {                                                                                                                  \
        const numpy_number numbers[] = {__VA_ARGS__};                                                                  \
        return check_##name(state, numbers) == ONESEED_OK ? numpy_generator_draw_##name(state, numbers) : (refused);   \
    }
#define FILL_BY_DRAWS(type, name, signature, ...)                                                                      \
    oneseed_status oneseed_numpy_##name##_fill(oneseed_numpy *state, UNWRAP signature, type *out, size_t n)            \
    {                                                                                                                  \
        const numpy_number numbers[] = {__VA_ARGS__};                                                                  \
        oneseed_status status = check_##name(state, numbers);                                                          \
        for (size_t k = 0; status == ONESEED_OK && k < n; k++)                                                         \
            out[k] = numpy_generator_draw_##name(state, numbers);                                                      \
        return status;                                                                                                 \
    }
#define FILL_BY_FILL(type, name, signature, ...)                                                                       \
    oneseed_status oneseed_numpy_##name##_fill(oneseed_numpy *state, UNWRAP signature, type *out, size_t n)            \
    {                                                                                                                  \
        const numpy_number numbers[] = {__VA_ARGS__};                                                                  \
        oneseed_status status = check_##name(state, numbers);                                                          \
        if (status == ONESEED_OK)                                                                                      \
            fill_##name(state, numbers, out, n);                                                                       \
        return status;                                                                                                 \
    }
#define PUBLIC_REAL(fill, name, signature, ...)                                                                        \
    SCALAR(double, NAN, name, signature, __VA_ARGS__)                                                                  \
    fill(double, name, signature, __VA_ARGS__)
#define PUBLIC_INTEGER(fill, name, signature, ...)                                                                     \
    SCALAR(int64_t, INT64_MIN, name, signature, __VA_ARGS__)                                                           \
    fill(int64_t, name, signature, __VA_ARGS__)

PUBLIC_REAL(FILL_BY_FILL, standard_gamma, (double shape), F(shape))
PUBLIC_REAL(FILL_BY_FILL, chisquare, (double df), F(df))
PUBLIC_REAL(FILL_BY_FILL, exponential, (double scale), F(scale))
PUBLIC_REAL(FILL_BY_DRAWS, pareto, (double a), F(a))
PUBLIC_REAL(FILL_BY_DRAWS, power, (double a), F(a))
PUBLIC_REAL(FILL_BY_DRAWS, rayleigh, (double scale), F(scale))
PUBLIC_REAL(FILL_BY_DRAWS, standard_t, (double df), F(df))
PUBLIC_REAL(FILL_BY_DRAWS, weibull, (double a), F(a))
PUBLIC_REAL(FILL_BY_FILL, beta, (double a, double b), F(a), F(b))
PUBLIC_REAL(FILL_BY_DRAWS, f, (double dfnum, double dfden), F(dfnum), F(dfden))
PUBLIC_REAL(FILL_BY_FILL, gamma, (double shape, double scale), F(shape), F(scale))
PUBLIC_REAL(FILL_BY_FILL, gumbel, (double loc, double scale), F(loc), F(scale))
PUBLIC_REAL(FILL_BY_FILL, laplace, (double loc, double scale), F(loc), F(scale))
PUBLIC_REAL(FILL_BY_FILL, logistic, (double loc, double scale), F(loc), F(scale))
PUBLIC_REAL(FILL_BY_DRAWS, lognormal, (double mean, double sigma), F(mean), F(sigma))
PUBLIC_REAL(FILL_BY_DRAWS, noncentral_chisquare, (double df, double nonc), F(df), F(nonc))
PUBLIC_REAL(FILL_BY_FILL, normal, (double loc, double scale), F(loc), F(scale))
PUBLIC_REAL(FILL_BY_FILL, uniform, (double low, double high), F(low), F(high))
PUBLIC_REAL(FILL_BY_DRAWS, vonmises, (double mu, double kappa), F(mu), F(kappa))
PUBLIC_REAL(FILL_BY_DRAWS, wald, (double mean, double scale), F(mean), F(scale))
PUBLIC_REAL(FILL_BY_DRAWS, noncentral_f, (double dfnum, double dfden, double nonc), F(dfnum), F(dfden), F(nonc))
PUBLIC_REAL(FILL_BY_FILL, triangular, (double left, double mode, double right), F(left), F(mode), F(right))
PUBLIC_INTEGER(FILL_BY_FILL, geometric, (double p), F(p))
PUBLIC_INTEGER(FILL_BY_DRAWS, logseries, (double p), F(p))
PUBLIC_INTEGER(FILL_BY_FILL, poisson, (double lam), F(lam))
PUBLIC_INTEGER(FILL_BY_DRAWS, zipf, (double a), F(a))
PUBLIC_INTEGER(FILL_BY_FILL, binomial, (int64_t n_trials, double p), I(n_trials), F(p))
PUBLIC_INTEGER(FILL_BY_DRAWS, negative_binomial, (double n_successes, double p), F(n_successes), F(p))
PUBLIC_INTEGER(FILL_BY_DRAWS, hypergeometric, (int64_t ngood, int64_t nbad, int64_t nsample), I(ngood), I(nbad),
               I(nsample))
