/* test_jax_published.c - the answers of jax.random that were published.
 * SPDX-License-Identifier: MIT */
#include <math.h>    /* fabs, pow */
#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_jax_normal_fill */
#include "vectors.h" /* vectors_next */

enum { N_MAX = 32, FUNCTION = 0, IMPL, MODE, SEED, DTYPE, PARAMETERS, VALUES, SOURCE, N_FIELDS };

static int place_in(const char *const *names, int n, const char *name)
{
    for (int k = 0; k < n; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return -1;
}

static oneseed_jax_dtype dtype_of(const char *name)
{
    static const char *const names[] = {"bfloat16", "float16", "float32", "float64", "int8",   "int16",
                                        "int32",    "int64",   "uint8",   "uint16",  "uint32", "uint64"};
    int place = place_in(names, 12, name);
    assert_true(place >= 0);
    return (oneseed_jax_dtype)place;
}

/* Numbers between `,` or `/`, and how many decimals each has. */
static size_t numbers_of(const char *field, double *out, int *n_decimals)
{
    size_t n = 0;
    if (strcmp(field, "-") == 0)
        return 0;
    for (;;) {
        char *end;
        assert_true(n < N_MAX);
        out[n] = strtod(field, &end);
        assert_true(end != field);
        const char *point = memchr(field, '.', (size_t)(end - field));
        n_decimals[n++] = point ? (int)(end - point) - 1 : 0;
        if (*end == '\0')
            return n;
        field = end + 1;
    }
}

/* What is drawn, in doubles: n values of the case's function, or more for keys. */
struct published {
    const struct vector_case *test;
    oneseed_jax_key key;
    double parameters[N_MAX];
    size_t n_parameters;
    double out[N_MAX];
    size_t n;
};

static double integer_at(oneseed_jax_dtype dtype, const void *values, size_t i)
{
    switch (dtype) {
    case ONESEED_JAX_UINT8:
        return ((const uint8_t *)values)[i];
    case ONESEED_JAX_UINT16:
        return ((const uint16_t *)values)[i];
    case ONESEED_JAX_UINT32:
        return ((const uint32_t *)values)[i];
    case ONESEED_JAX_UINT64: /* to the 53 bits that the expected number has, too */
        return (double)((const uint64_t *)values)[i];
    case ONESEED_JAX_INT32:
        return ((const int32_t *)values)[i];
    default:
        return (double)((const int64_t *)values)[i];
    }
}

static oneseed_status draw_real(struct published *p, const char *name, float *out)
{
    const oneseed_jax_dtype dtype = ONESEED_JAX_FLOAT32;
    const oneseed_jax_key *key = &p->key;
    const double *a = p->parameters, *b = a + 1;
    typedef oneseed_status plain(const oneseed_jax_key *, oneseed_jax_dtype, void *, size_t);
    static const char *const names[] = {"normal", "exponential", "gumbel", "laplace", "logistic", "cauchy", "maxwell"};
    static plain *const functions[] = {oneseed_jax_normal_fill,  oneseed_jax_exponential_fill, oneseed_jax_gumbel_fill,
                                       oneseed_jax_laplace_fill, oneseed_jax_logistic_fill,    oneseed_jax_cauchy_fill,
                                       oneseed_jax_maxwell_fill};
    int which = place_in(names, 7, name);
    if (which >= 0)
        return functions[which](key, dtype, out, p->n);
    if (strcmp(name, "uniform") == 0)
        return oneseed_jax_uniform_fill(key, dtype, 0, 1, out, p->n);
    if (strcmp(name, "pareto") == 0)
        return oneseed_jax_pareto_fill(key, dtype, *a, out, p->n);
    if (strcmp(name, "weibull_min") == 0)
        return oneseed_jax_weibull_min_fill(key, dtype, *a, *b, out, p->n);
    if (strcmp(name, "truncated_normal") == 0)
        return oneseed_jax_truncated_normal_fill(key, dtype, *a, *b, out, p->n);
    if (strcmp(name, "double_sided_maxwell") == 0)
        return oneseed_jax_double_sided_maxwell_fill(key, dtype, a, 1, b, 1, out, p->n);
    if (strcmp(name, "gamma") == 0)
        return oneseed_jax_gamma_fill(key, dtype, a, 1, out, p->n);
    if (strcmp(name, "loggamma") == 0)
        return oneseed_jax_loggamma_fill(key, dtype, a, 1, out, p->n);
    if (strcmp(name, "beta") == 0)
        return oneseed_jax_beta_fill(key, dtype, a, 1, b, 1, out, p->n);
    assert_string_equal(name, "dirichlet");
    return oneseed_jax_dirichlet_fill(key, dtype, a, p->n_parameters, out, p->n / p->n_parameters);
}

static void draw_keys(struct published *p, const char *name)
{
    oneseed_jax_key keys[N_MAX];
    size_t n_keys = strcmp(name, "split") == 0 ? (size_t)p->parameters[0] : 1;
    if (strcmp(name, "split") == 0)
        oneseed_jax_split(&p->key, keys, n_keys);
    else
        oneseed_jax_fold_in(&p->key, (uint32_t)p->parameters[0], keys);
    for (size_t k = 0; k < 2 * n_keys; k++)
        p->out[k] = keys[k / 2].words[k % 2];
}

static void draw_integers(struct published *p, const char *name, oneseed_jax_dtype dtype)
{
    uint64_t values[N_MAX], space[2 * N_MAX];
    const double *a = p->parameters, *b = a + 1;
    int64_t n_choices = (int64_t)*a;
    if (strcmp(name, "bits") == 0) {
        unsigned width = 8u << (dtype - ONESEED_JAX_UINT8);
        assert_int_equal(oneseed_jax_bits_fill(&p->key, width, values, p->n), ONESEED_OK);
    } else if (strcmp(name, "permutation") == 0) {
        assert_int_equal(oneseed_jax_permutation(&p->key, space, (uint32_t *)values, p->n), ONESEED_OK);
    } else if (strcmp(name, "poisson") == 0) {
        assert_int_equal(oneseed_jax_poisson_fill(&p->key, dtype, a, 1, values, p->n), ONESEED_OK);
    } else if (strcmp(name, "choice") == 0) {
        assert_int_equal(oneseed_jax_randint_fill(&p->key, dtype, 0, n_choices, values, p->n), ONESEED_OK);
    } else {
        assert_string_equal(name, "randint");
        assert_int_equal(oneseed_jax_randint_fill(&p->key, dtype, n_choices, (int64_t)*b, values, p->n), ONESEED_OK);
    }
    for (size_t k = 0; k < p->n; k++)
        p->out[k] = integer_at(dtype, values, k);
}

static void draw_case(struct published *p)
{
    const char *name = p->test->fields[FUNCTION], *dtype = p->test->fields[DTYPE];
    bool is_sign = strcmp(name, "rademacher") == 0;
    if (strcmp(name, "split") == 0 || strcmp(name, "fold_in") == 0) {
        draw_keys(p, name);
    } else if (is_sign || strcmp(name, "bernoulli") == 0) {
        uint8_t coins[N_MAX];
        double probability = is_sign ? 0.5 : p->parameters[0];
        assert_int_equal(oneseed_jax_bernoulli_fill(&p->key, ONESEED_JAX_FLOAT32, probability, coins, p->n),
                         ONESEED_OK);
        for (size_t k = 0; k < p->n; k++)
            p->out[k] = is_sign ? 2.0 * coins[k] - 1 : coins[k];
    } else if (strcmp(dtype, "float32") == 0) {
        float values[N_MAX];
        assert_int_equal(draw_real(p, name, values), ONESEED_OK);
        for (size_t k = 0; k < p->n; k++)
            p->out[k] = (double)values[k];
    } else {
        draw_integers(p, name, dtype_of(dtype));
    }
}

static void test_published(void **state)
{
    (void)state;
    static const char *const impls[] = {"threefry2x32", "rbg", "unsafe_rbg"};
    struct vector_case test = {.line = 0};
    int n_cases = 0;
    FILE *file = vectors_open("jax_published.txt");
    while (vectors_next(file, &test)) {
        struct published p = {.test = &test};
        double expected[N_MAX];
        int n_decimals[N_MAX], unused[N_MAX];
        assert_int_equal(test.n_fields, N_FIELDS);
        int impl = place_in(impls, 3, test.fields[IMPL]);
        assert_true(impl >= 0);
        p.key.impl = (uint32_t)impl;
        p.key.is_original = strcmp(test.fields[MODE], "original") == 0;
        assert_true(p.key.is_original || strcmp(test.fields[MODE], "partitionable") == 0);
        oneseed_jax_key_seed(&p.key, strtoll(test.fields[SEED], NULL, 10));
        p.n_parameters = numbers_of(test.fields[PARAMETERS], p.parameters, unused);
        p.n = numbers_of(test.fields[VALUES], expected, n_decimals);
        draw_case(&p);
        /* One of the last digit, as JAX's own test reads its table, which allows cauchy 1e-5: some were printed by older
         * versions of XLA. */
        double relative = strcmp(test.fields[FUNCTION], "cauchy") == 0 ? 1e-5 : 1e-6;
        for (size_t k = 0; k < p.n; k++) {
            double room = n_decimals[k] ? pow(10, -n_decimals[k]) + relative * fabs(expected[k]) : 0;
            if (!(fabs(p.out[k] - expected[k]) <= room))
                fail_msg("line %d, %s, value %d: %.9g instead of %.9g", test.line, test.fields[FUNCTION], (int)k,
                         p.out[k], expected[k]);
        }
        n_cases++;
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
