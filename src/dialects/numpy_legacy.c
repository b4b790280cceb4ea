/* numpy_legacy.c - RandomState: seeding, state, and the table of its distributions.
 * SPDX-License-Identifier: MIT
 *
 * After numpy/random/_mt19937.pyx and numpy/random/mtrand.pyx (1.17 to 2.5). */
#include <string.h> /* memcpy */

#include "dialects/numpy_legacy.h" /* numpy_method */

static void start(oneseed_numpy *state)
{
    *state = (oneseed_numpy){.kind = ONESEED_NUMPY_MT19937};
}

void oneseed_numpy_legacy_seed(oneseed_numpy *state, uint32_t seed)
{
    start(state);
    oneseed_mt19937_seed(&state->engine.mt19937, seed);
}

oneseed_status oneseed_numpy_legacy_seed_array(oneseed_numpy *state, const uint32_t *seeds, size_t n_seeds)
{
    if (n_seeds == 0)
        return ONESEED_NUMPY_SEED_EMPTY;
    start(state);
    oneseed_mt19937_seed_array(&state->engine.mt19937, seeds, n_seeds);
    return ONESEED_OK;
}

oneseed_status oneseed_numpy_legacy_set_state(oneseed_numpy *state, const uint32_t key[624], uint32_t position,
                                              int has_gauss, double gauss)
{
    uint32_t version = state->version;
    if (position > 624)
        return ONESEED_INVALID_STATE;
    start(state);
    memcpy(state->engine.mt19937.words, key, sizeof state->engine.mt19937.words);
    state->engine.mt19937.position = position;
    state->version = version;
    state->has_gauss = has_gauss != 0;
    state->gauss = gauss;
    return ONESEED_OK;
}

/* --- The table --- */

#define WITHOUT_PARAMETERS(name)                                                                                       \
    static double draw_##name(oneseed_numpy *state, const numpy_number *parameters)                                    \
    {                                                                                                                  \
        (void)parameters;                                                                                              \
        return oneseed_numpy_legacy_##name(state);                                                                     \
    }                                                                                                                  \
    static void fill_##name(oneseed_numpy *state, const numpy_number *parameters, double *out, size_t n)               \
    {                                                                                                                  \
        (void)parameters;                                                                                              \
        oneseed_numpy_legacy_##name##_fill(state, out, n);                                                             \
    }
WITHOUT_PARAMETERS(random_sample)
WITHOUT_PARAMETERS(standard_normal)
WITHOUT_PARAMETERS(standard_exponential)
WITHOUT_PARAMETERS(standard_cauchy)

/* A parameter: needed, or with a default; a double, or an integer. */
/* clang-format off */
#define NEEDED(name)         {name, false, true, {.f = 0}}
#define NEEDED_INTEGER(name) {name, true, true, {.i = 0}}
#define OTHERWISE(name, x)   {name, false, false, {.f = x}}

#define ROW_0(name, same) {name, 0, {{NULL, false, false, {.f = 0}}}, NULL, draw_##same, NULL, fill_##same, NULL}
#define F64_ROW(name, n, ...) {#name, n, {__VA_ARGS__}, numpy_legacy_check_##name, \
                               numpy_legacy_draw_##name, NULL, numpy_legacy_fill_##name, NULL}
#define I64_ROW(name, n, ...) {#name, n, {__VA_ARGS__}, numpy_legacy_check_##name, \
                               NULL, numpy_legacy_draw_##name, NULL, numpy_legacy_fill_##name}

const numpy_method numpy_legacy_methods[] = {
    ROW_0("random_sample", random_sample),
    ROW_0("random", random_sample),
    ROW_0("rand", random_sample),
    ROW_0("standard_normal", standard_normal),
    ROW_0("randn", standard_normal),
    ROW_0("standard_exponential", standard_exponential),
    ROW_0("standard_cauchy", standard_cauchy),
    F64_ROW(standard_gamma, 1, NEEDED("shape")),
    F64_ROW(standard_t, 1, NEEDED("df")),
    F64_ROW(chisquare, 1, NEEDED("df")),
    F64_ROW(exponential, 1, OTHERWISE("scale", 1.0)),
    F64_ROW(pareto, 1, NEEDED("a")),
    F64_ROW(weibull, 1, NEEDED("a")),
    F64_ROW(power, 1, NEEDED("a")),
    F64_ROW(rayleigh, 1, OTHERWISE("scale", 1.0)),
    F64_ROW(uniform, 2, OTHERWISE("low", 0.0), OTHERWISE("high", 1.0)),
    F64_ROW(normal, 2, OTHERWISE("loc", 0.0), OTHERWISE("scale", 1.0)),
    F64_ROW(lognormal, 2, OTHERWISE("mean", 0.0), OTHERWISE("sigma", 1.0)),
    F64_ROW(laplace, 2, OTHERWISE("loc", 0.0), OTHERWISE("scale", 1.0)),
    F64_ROW(gumbel, 2, OTHERWISE("loc", 0.0), OTHERWISE("scale", 1.0)),
    F64_ROW(logistic, 2, OTHERWISE("loc", 0.0), OTHERWISE("scale", 1.0)),
    F64_ROW(gamma, 2, NEEDED("shape"), OTHERWISE("scale", 1.0)),
    F64_ROW(beta, 2, NEEDED("a"), NEEDED("b")),
    F64_ROW(f, 2, NEEDED("dfnum"), NEEDED("dfden")),
    F64_ROW(noncentral_chisquare, 2, NEEDED("df"), NEEDED("nonc")),
    F64_ROW(noncentral_f, 3, NEEDED("dfnum"), NEEDED("dfden"), NEEDED("nonc")),
    F64_ROW(wald, 2, NEEDED("mean"), NEEDED("scale")),
    F64_ROW(vonmises, 2, NEEDED("mu"), NEEDED("kappa")),
    F64_ROW(triangular, 3, NEEDED("left"), NEEDED("mode"), NEEDED("right")),
    I64_ROW(binomial, 2, NEEDED_INTEGER("n"), NEEDED("p")),
    I64_ROW(negative_binomial, 2, NEEDED("n"), NEEDED("p")),
    I64_ROW(poisson, 1, OTHERWISE("lam", 1.0)),
    I64_ROW(zipf, 1, NEEDED("a")),
    I64_ROW(geometric, 1, NEEDED("p")),
    I64_ROW(logseries, 1, NEEDED("p")),
    I64_ROW(hypergeometric, 3, NEEDED_INTEGER("ngood"), NEEDED_INTEGER("nbad"), NEEDED_INTEGER("nsample")),
};
/* clang-format on */
const int n_numpy_legacy_methods = sizeof numpy_legacy_methods / sizeof *numpy_legacy_methods;

const numpy_method *numpy_legacy_method(const char *name)
{
    for (int i = 0; i < n_numpy_legacy_methods; i++)
        if (strcmp(numpy_legacy_methods[i].name, name) == 0)
            return &numpy_legacy_methods[i];
    return NULL;
}
