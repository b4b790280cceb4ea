/* torch_distributions.c - sample() of torch.distributions on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * torch/distributions (2.13): each sampler fills one or more whole tensors, one after the other, and goes on with
 * operations on tensors, whose results are rounded one by one. A float's operation is double's, rounded. */
#include <float.h> /* FLT_MIN, DBL_MIN */

#include "dialects/torch.h"              /* torch_load, torch_store */
#include "dialects/torch_distribution.h" /* torch_distributions */
#include "dialects/torch_math.h"         /* torch_log1p_f32 */
#include "dialects/torch_operation.h"    /* torch_rounded */

typedef oneseed_torch_dtype dtype_of;

/* finfo(dtype).tiny and .eps. */
static double tiny(dtype_of dtype)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? DBL_MIN : (double)FLT_MIN;
}

static double epsilon(dtype_of dtype)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? DBL_EPSILON : (double)FLT_EPSILON;
}

/* clamp(min=least): a NaN stays. */
static double at_least(double least, double value)
{
    return value < least ? least : value;
}

static double log1p_of(oneseed_torch *state, dtype_of dtype, double x)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? torch_log1p_f64(torch_fuses(state), x)
                                          : (double)torch_log1p_f32(torch_fuses(state), (float)x);
}

/* loc + scale * x, rounded twice. */
static double affine(dtype_of dtype, double loc, double scale, double x)
{
    return torch_rounded(dtype, loc + torch_rounded(dtype, scale * x));
}

/* DRAW(name): a sampler; ELEMENT(i): element i of parameter k. */
#define DRAW(name)                                                                                                     \
    static oneseed_status draw_##name(oneseed_torch *state, dtype_of dtype, const void *const *parameters,             \
                                      size_t n_batch, void *work, void *out, size_t n)
#define GIVEN(k) torch_load(dtype, parameters[k], i)
#define DRAWN    torch_load(dtype, out, i)
#define EACH(value)                                                                                                    \
    for (size_t i = 0; i < n; i++)                                                                                     \
    torch_store(dtype, out, i, (value))

/* A tensor of n equal values. */
static void fill(dtype_of dtype, void *out, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, out, i, value);
}

DRAW(normal)
{
    (void)n_batch, (void)work;
    return oneseed_torch_normal_tensors_fill(state, dtype, parameters[0], 0, parameters[1], 1, out, n);
}

DRAW(half_normal)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_normal_tensors_fill(state, dtype, NULL, 0, parameters[0], 1, out, n);
    EACH(fabs(DRAWN));
    return status;
}

DRAW(log_normal)
{
    oneseed_status status = draw_normal(state, dtype, parameters, n_batch, work, out, n);
    EACH(torch_exp_of(dtype, DRAWN));
    return status;
}

DRAW(uniform)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_rand_fill(state, dtype, out, n);
    EACH(torch_rounded(dtype, GIVEN(0) + torch_rounded(dtype, DRAWN * torch_rounded(dtype, GIVEN(1) - GIVEN(0)))));
    return status;
}

DRAW(exponential)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_exponential_fill(state, dtype, 1, out, n);
    if (!status)
        EACH(torch_rounded(dtype, DRAWN / GIVEN(0)));
    return status;
}

DRAW(pareto) /* scale, alpha */
{
    oneseed_status status = draw_exponential(state, dtype, parameters + 1, n_batch, work, out, n);
    if (!status)
        EACH(affine(dtype, 0, GIVEN(0), torch_exp_of(dtype, DRAWN)));
    return status;
}

/* _standard_gamma(concentration) / rate, not below the smallest normal number. */
DRAW(gamma)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_standard_gamma_fill(state, dtype, parameters[0], out, n);
    if (!status)
        EACH(at_least(tiny(dtype), torch_rounded(dtype, DRAWN / GIVEN(1))));
    return status;
}

/* Gamma(df / 2, rate). */
static oneseed_status gamma_of_half(oneseed_torch *state, dtype_of dtype, const void *df, const void *rate, void *work,
                                    void *out, size_t n)
{
    const void *const parameters[2] = {work, rate};
    for (size_t i = 0; i < n; i++)
        torch_store(dtype, work, i, 0.5 * torch_load(dtype, df, i));
    return draw_gamma(state, dtype, parameters, n, NULL, out, n);
}

DRAW(chi2)
{
    (void)n_batch;
    void *const rate = (char *)work + n * oneseed_torch_dtype_size(dtype);
    fill(dtype, rate, n, 0.5);
    return gamma_of_half(state, dtype, parameters[0], rate, work, out, n);
}

DRAW(student_t) /* df, loc, scale */
{
    char *const normal = (char *)work + 2 * n * oneseed_torch_dtype_size(dtype);
    for (size_t i = 0; i < n; i++)
        if (!(GIVEN(0) > 0))
            return ONESEED_TORCH_GAMMA_ENDLESS;
    oneseed_status status = oneseed_torch_randn_fill(state, dtype, normal, n);
    if (!status)
        status = draw_chi2(state, dtype, parameters, n_batch, work, out, n);
    for (size_t i = 0; !status && i < n; i++) {
        const double ratio = torch_rounded(dtype, DRAWN / GIVEN(0));
        const double factor = torch_rounded(dtype, 1 / torch_rounded(dtype, sqrt(ratio)));
        const double y = torch_rounded(dtype, torch_load(dtype, normal, i) * factor);
        torch_store(dtype, out, i, affine(dtype, GIVEN(1), GIVEN(2), y));
    }
    return status;
}

DRAW(fisher_snedecor) /* df1, df2 */
{
    (void)n_batch;
    char *const first = (char *)work + n * oneseed_torch_dtype_size(dtype);
    for (size_t i = 0; i < n; i++)
        if (!(GIVEN(0) > 0 && GIVEN(1) > 0))
            return ONESEED_TORCH_GAMMA_ENDLESS;
    oneseed_status status = gamma_of_half(state, dtype, parameters[0], parameters[0], work, first, n);
    if (!status)
        status = gamma_of_half(state, dtype, parameters[1], parameters[1], work, out, n);
    if (!status)
        EACH(at_least(tiny(dtype), torch_rounded(dtype, torch_load(dtype, first, i) / DRAWN)));
    return status;
}

/* torch.pow(x, exponent), element i of n: the kernel takes two vectors at a time, what is left goes to libm. The
 * exponents of a batch of several begin a row of their own each time. */
static double power(oneseed_torch *state, dtype_of dtype, double x, double exponent, size_t i, size_t n_batch, size_t n)
{
    const size_t n_row = n_batch > 1 ? n_batch : n;
    const size_t n_two = 2 * torch_lanes(state, dtype);
    const bool is_vector = torch_fuses(state) && i % n_row < n_row - n_row % n_two;
    if (dtype == ONESEED_TORCH_FLOAT64)
        return is_vector ? torch_vector_pow_f64(x, exponent) : pow(x, exponent);
    return (double)(is_vector ? torch_vector_pow_f32 : powf)((float)x, (float)exponent);
}

DRAW(inverse_gamma)
{
    oneseed_status status = draw_gamma(state, dtype, parameters, n_batch, work, out, n);
    volatile double minus_one = -1; /* the compiler would divide, and libm's pow() is not always that quotient */
    if (!status)
        EACH(power(state, dtype, DRAWN, minus_one, i, 1, n));
    return status;
}

DRAW(weibull) /* scale, concentration */
{
    (void)work;
    oneseed_status status = oneseed_torch_exponential_fill(state, dtype, 1, out, n);
    for (size_t i = 0; !status && i < n; i++) {
        const double exponent = torch_rounded(dtype, 1 / GIVEN(1));
        torch_store(dtype, out, i, GIVEN(0) * power(state, dtype, DRAWN, exponent, i, n_batch, n));
    }
    return status;
}

DRAW(kumaraswamy) /* concentration1, concentration0 */
{
    (void)work;
    oneseed_status status = oneseed_torch_rand_fill(state, dtype, out, n);
    for (size_t i = 0; !status && i < n; i++) {
        const double x = power(state, dtype, DRAWN, torch_rounded(dtype, 1 / GIVEN(1)), i, n_batch, n);
        const double rest = torch_rounded(dtype, 1 - x);
        torch_store(dtype, out, i, power(state, dtype, rest, torch_rounded(dtype, 1 / GIVEN(0)), i, n_batch, n));
    }
    return status;
}

/* The first of two values of a Dirichlet distribution. */
DRAW(beta)
{
    (void)n_batch;
    const size_t size = oneseed_torch_dtype_size(dtype);
    char *const pairs = work;
    double sums[2];
    for (size_t i = 0; i < n; i++) {
        torch_store(dtype, pairs, 2 * i, GIVEN(0));
        torch_store(dtype, pairs, 2 * i + 1, GIVEN(1));
    }
    oneseed_status status = oneseed_torch_dirichlet_fill(state, dtype, pairs, n, 2, sums, pairs);
    for (size_t i = 0; !status && i < n; i++)
        memcpy((char *)out + i * size, pairs + 2 * i * size, size);
    return status;
}

DRAW(laplace)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_uniform_fill(state, dtype, epsilon(dtype) - 1, 1, out, n);
    for (size_t i = 0; !status && i < n; i++) {
        const double u = DRAWN;
        const double factor = GIVEN(1) * ((u > 0) - (u < 0));
        torch_store(dtype, out, i, GIVEN(0) - torch_rounded(dtype, factor * log1p_of(state, dtype, -fabs(u))));
    }
    return status;
}

DRAW(cauchy)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_cauchy_fill(state, dtype, 0, 1, out, n);
    if (!status)
        EACH(affine(dtype, GIVEN(0), GIVEN(1), DRAWN));
    return status;
}

DRAW(half_cauchy)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_cauchy_fill(state, dtype, 0, 1, out, n);
    if (!status)
        EACH(fabs(affine(dtype, 0, GIVEN(0), DRAWN)));
    return status;
}

DRAW(gumbel)
{
    (void)n_batch, (void)work;
    const double low = tiny(dtype), width = torch_rounded(dtype, torch_rounded(dtype, 1 - epsilon(dtype)) - low);
    oneseed_status status = oneseed_torch_rand_fill(state, dtype, out, n);
    for (size_t i = 0; !status && i < n; i++) {
        const double u = torch_rounded(dtype, low + torch_rounded(dtype, DRAWN * width));
        const double exponential = 0 + -torch_log_of(dtype, u);
        torch_store(dtype, out, i, affine(dtype, GIVEN(0), -GIVEN(1), torch_log_of(dtype, exponential)));
    }
    return status;
}

DRAW(bernoulli) /* torch.bernoulli(probs): one word for a float, two for a double */
{
    (void)n_batch, (void)work;
    EACH((dtype == ONESEED_TORCH_FLOAT64 ? torch_f64(state) : (double)torch_f32(state)) < GIVEN(0));
    return ONESEED_OK;
}

DRAW(geometric)
{
    (void)n_batch, (void)work;
    oneseed_status status = oneseed_torch_uniform_fill(state, dtype, tiny(dtype), 1, out, n);
    if (!status)
        EACH(floor(torch_rounded(dtype, torch_log_of(dtype, DRAWN) / log1p_of(state, dtype, -GIVEN(0)))));
    return status;
}

DRAW(poisson)
{
    (void)n_batch, (void)work;
    return oneseed_torch_poisson_fill(state, dtype, parameters[0], out, n);
}

DRAW(binomial)
{
    (void)n_batch, (void)work;
    return oneseed_torch_binomial_fill(state, dtype, parameters[0], parameters[1], out, n);
}

/* Poisson's rate is a gamma's value: Gamma(total_count, exp(-logit(probs))). */
DRAW(negative_binomial)
{
    (void)n_batch;
    for (size_t i = 0; i < n; i++) {
        double p = at_least(epsilon(dtype), GIVEN(1));
        p = p > 1 - epsilon(dtype) ? 1 - epsilon(dtype) : p;
        const double logit = torch_rounded(dtype, torch_log_of(dtype, p) - log1p_of(state, dtype, -p));
        torch_store(dtype, work, i, torch_exp_of(dtype, -logit));
    }
    const void *const given[2] = {parameters[0], work};
    oneseed_status status = draw_gamma(state, dtype, given, n, NULL, out, n);
    return status ? status : oneseed_torch_poisson_fill(state, dtype, out, out, n);
}

#define LOC                                                                                                            \
    {                                                                                                                  \
        "loc", TORCH_REAL, true, 0                                                                                     \
    }
#define POSITIVE(name)                                                                                                 \
    {                                                                                                                  \
        name, TORCH_POSITIVE, true, 0                                                                                  \
    }
#define PROBS                                                                                                          \
    {                                                                                                                  \
        "probs", TORCH_UNIT_INTERVAL, true, 0                                                                          \
    }

/* In the order of enum oneseed_torch_distribution. */
const torch_distribution torch_distributions[ONESEED_TORCH_N_DISTRIBUTIONS] = {
    {"Normal", 2, {LOC, POSITIVE("scale")}, draw_normal},
    {"Uniform", 2, {{"low", TORCH_BELOW_HIGH, true, 0}, {"high", TORCH_ABOVE_LOW, true, 0}}, draw_uniform},
    {"Exponential", 1, {POSITIVE("rate")}, draw_exponential},
    {"Gamma", 2, {POSITIVE("concentration"), POSITIVE("rate")}, draw_gamma},
    {"Chi2", 1, {POSITIVE("df")}, draw_chi2},
    {"StudentT",
     3,
     {POSITIVE("df"), {"loc", TORCH_REAL, false, 0}, {"scale", TORCH_POSITIVE, false, 1}},
     draw_student_t},
    {"FisherSnedecor", 2, {POSITIVE("df1"), POSITIVE("df2")}, draw_fisher_snedecor},
    {"Beta", 2, {POSITIVE("concentration1"), POSITIVE("concentration0")}, draw_beta},
    {"Laplace", 2, {LOC, POSITIVE("scale")}, draw_laplace},
    {"Cauchy", 2, {LOC, POSITIVE("scale")}, draw_cauchy},
    {"HalfNormal", 1, {POSITIVE("scale")}, draw_half_normal},
    {"HalfCauchy", 1, {POSITIVE("scale")}, draw_half_cauchy},
    {"LogNormal", 2, {LOC, POSITIVE("scale")}, draw_log_normal},
    {"Gumbel", 2, {LOC, POSITIVE("scale")}, draw_gumbel},
    {"Pareto", 2, {POSITIVE("scale"), POSITIVE("alpha")}, draw_pareto},
    {"Bernoulli", 1, {PROBS}, draw_bernoulli},
    {"Geometric", 1, {PROBS}, draw_geometric},
    {"Poisson", 1, {{"rate", TORCH_NONNEGATIVE, true, 0}}, draw_poisson},
    {"Binomial", 2, {{"total_count", TORCH_NONNEGATIVE_INTEGER, false, 1}, PROBS}, draw_binomial},
    {"NegativeBinomial",
     2,
     {{"total_count", TORCH_NONNEGATIVE_NUMBER, true, 0}, {"probs", TORCH_HALF_OPEN_INTERVAL, true, 0}},
     draw_negative_binomial},
    {"InverseGamma", 2, {POSITIVE("concentration"), POSITIVE("rate")}, draw_inverse_gamma},
    {"Weibull", 2, {POSITIVE("scale"), POSITIVE("concentration")}, draw_weibull},
    {"Kumaraswamy", 2, {POSITIVE("concentration1"), POSITIVE("concentration0")}, draw_kumaraswamy},
};

const torch_distribution *torch_distribution_named(const char *name)
{
    for (size_t k = 0; k < ONESEED_TORCH_N_DISTRIBUTIONS; k++)
        if (strcmp(torch_distributions[k].name, name) == 0)
            return &torch_distributions[k];
    return NULL;
}

const char *torch_constraint_text(enum torch_constraint constraint)
{
    static const char *const texts[] = {
        [TORCH_REAL] = "Real()",
        [TORCH_POSITIVE] = "GreaterThan(lower_bound=0.0)",
        [TORCH_NONNEGATIVE] = "GreaterThanEq(lower_bound=0.0)",
        [TORCH_NONNEGATIVE_NUMBER] = "GreaterThanEq(lower_bound=0)",
        [TORCH_NONNEGATIVE_INTEGER] = "IntegerGreaterThan(lower_bound=0)",
        [TORCH_UNIT_INTERVAL] = "Interval(lower_bound=0.0, upper_bound=1.0)",
        [TORCH_HALF_OPEN_INTERVAL] = "HalfOpenInterval(lower_bound=0.0, upper_bound=1.0)",
    };
    return (size_t)constraint < sizeof texts / sizeof *texts ? texts[constraint] : NULL;
}

static bool is_valid(enum torch_constraint constraint, double value, double low, double high)
{
    switch (constraint) {
    case TORCH_REAL:
        return !isnan(value);
    case TORCH_POSITIVE:
        return value > 0;
    case TORCH_NONNEGATIVE:
    case TORCH_NONNEGATIVE_NUMBER:
        return value >= 0;
    case TORCH_NONNEGATIVE_INTEGER:
        return value >= 0 && floor(value) == value;
    case TORCH_UNIT_INTERVAL:
        return value >= 0 && value <= 1;
    case TORCH_HALF_OPEN_INTERVAL:
        return value >= 0 && value < 1;
    case TORCH_BELOW_HIGH:
    case TORCH_ABOVE_LOW:
        return low < high;
    }
    return false;
}

int torch_distribution_invalid(const torch_distribution *distribution, oneseed_torch_dtype dtype,
                               const void *const *parameters, size_t n)
{
    /* A Pareto distribution looks at its exponential first, a geometric one wants more than 0 of its probability. */
    const bool backwards = strcmp(distribution->name, "Pareto") == 0;
    const bool is_above_0 = strcmp(distribution->name, "Geometric") == 0;
    for (int turn = 0; turn < distribution->n_parameters; turn++) {
        const int k = backwards ? distribution->n_parameters - 1 - turn : turn;
        for (size_t i = 0; i < n; i++) {
            const double value = GIVEN(k), low = GIVEN(0);
            const double high = distribution->n_parameters > 1 ? GIVEN(1) : low;
            if (!is_valid(distribution->parameters[k].constraint, value, low, high) || (is_above_0 && !(value > 0)))
                return k;
        }
    }
    return -1;
}

oneseed_status oneseed_torch_distribution_fill(oneseed_torch *state, oneseed_torch_distribution which,
                                               oneseed_torch_dtype dtype, const void *const *parameters, size_t n_batch,
                                               void *work, void *out, size_t n)
{
    if ((unsigned)which >= ONESEED_TORCH_N_DISTRIBUTIONS)
        return ONESEED_TORCH_DISTRIBUTION;
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    if (torch_distribution_invalid(&torch_distributions[which], dtype, parameters, n) >= 0)
        return ONESEED_TORCH_PARAMETER;
    return torch_distributions[which].draw(state, dtype, parameters, n_batch, work, out, n);
}
