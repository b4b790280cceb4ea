/* test_jax_vectors.c - what jax.random gave in several versions of JAX, bit for bit.
 * SPDX-License-Identifier: MIT */
#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_jax_normal_fill */
#include "vectors.h" /* vectors_next */

enum { N_MAX = 32, N_PARAMETERS = 8, FUNCTION = 0, IMPL, ORIGINAL, X64, SEED, DTYPE, PARAMETERS, VALUES, N_FIELDS };

struct drawn {
    oneseed_jax_key key;
    oneseed_jax_dtype dtype;
    double parameters[N_PARAMETERS];
    size_t n_parameters, n; /* n: values */
    uint64_t out[N_MAX];    /* memory of the values, in the dtype */
};

static int place_in(const char *const *names, int n, const char *name)
{
    for (int k = 0; k < n; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    fail_msg("unknown: %s", name);
    return -1;
}

static bool is(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

static void draw_keys(struct drawn *d, const char *name)
{
    oneseed_jax_key keys[N_MAX] = {d->key};
    uint32_t words[N_MAX];
    size_t n_words = oneseed_jax_key_words(&d->key);
    if (is(name, "split"))
        oneseed_jax_split(&d->key, keys, (size_t)d->parameters[0]);
    else if (is(name, "fold_in"))
        oneseed_jax_fold_in(&d->key, (uint32_t)d->parameters[0], keys);
    for (size_t k = 0; k < d->n; k++)
        words[k] = keys[k / n_words].words[k % n_words];
    memcpy(d->out, words, d->n * sizeof *words);
}

static oneseed_status draw_integers(struct drawn *d, const char *name)
{
    static const unsigned widths[] = {8, 16, 32, 64};
    uint64_t space[2 * N_MAX];
    const double *p = d->parameters;
    size_t n_classes = d->n_parameters;
    uint32_t *indices = (uint32_t *)d->out;
    if (is(name, "bits"))
        return oneseed_jax_bits_fill(&d->key, widths[(d->dtype - ONESEED_JAX_INT8) % 4], d->out, d->n);
    if (is(name, "randint"))
        return oneseed_jax_randint_fill(&d->key, d->dtype, (int64_t)p[0], (int64_t)p[1], d->out, d->n);
    if (is(name, "permutation"))
        return oneseed_jax_permutation(&d->key, space, indices, d->n);
    if (is(name, "bernoulli"))
        return oneseed_jax_bernoulli_fill(&d->key, d->dtype, p[0], (uint8_t *)d->out, d->n);
    if (is(name, "categorical"))
        return oneseed_jax_categorical_fill(&d->key, d->dtype, ONESEED_JAX_LOW, p, 1, n_classes, 1, indices, d->n);
    if (is(name, "choice"))
        return oneseed_jax_choice_fill(&d->key, d->dtype, p, n_classes, (double *)space, indices, d->n);
    assert_string_equal(name, "choice_without");
    return oneseed_jax_choice_choose(&d->key, d->dtype, ONESEED_JAX_LOW, p, n_classes, space, indices, d->n);
}

static bool is_integer(const char *name)
{
    static const char *const names[] = {"bits",        "randint", "permutation",    "bernoulli",
                                        "categorical", "choice",  "choice_without", NULL};
    for (int k = 0; names[k]; k++)
        if (is(name, names[k]))
            return true;
    return false;
}

static oneseed_status draw_reals(struct drawn *d, const char *name)
{
    typedef oneseed_status plain(const oneseed_jax_key *, oneseed_jax_dtype, void *, size_t);
    static const char *const names[] = {"normal", "exponential", "gumbel", "laplace", "logistic", "cauchy", "maxwell"};
    static plain *const functions[] = {oneseed_jax_normal_fill,  oneseed_jax_exponential_fill, oneseed_jax_gumbel_fill,
                                       oneseed_jax_laplace_fill, oneseed_jax_logistic_fill,    oneseed_jax_cauchy_fill,
                                       oneseed_jax_maxwell_fill};
    const double *p = d->parameters;
    if (d->n_parameters == 0)
        return functions[place_in(names, 7, name)](&d->key, d->dtype, d->out, d->n);
    if (is(name, "uniform"))
        return oneseed_jax_uniform_fill(&d->key, d->dtype, p[0], p[1], d->out, d->n);
    if (is(name, "rayleigh"))
        return oneseed_jax_rayleigh_fill(&d->key, d->dtype, p[0], d->out, d->n);
    if (is(name, "weibull_min"))
        return oneseed_jax_weibull_min_fill(&d->key, d->dtype, p[0], p[1], d->out, d->n);
    if (is(name, "pareto"))
        return oneseed_jax_pareto_fill(&d->key, d->dtype, p[0], d->out, d->n);
    if (is(name, "lognormal"))
        return oneseed_jax_lognormal_fill(&d->key, d->dtype, p[0], d->out, d->n);
    assert_string_equal(name, "truncated_normal");
    return oneseed_jax_truncated_normal_fill(&d->key, d->dtype, p[0], p[1], d->out, d->n);
}

/* Value i of the memory; indices are of 32 bits, coins of 8. */
static uint64_t value_at(const struct drawn *d, const char *name, size_t i)
{
    static const size_t sizes[] = {2, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
    size_t size = is(name, "bernoulli")                                           ? 1
                  : is_integer(name) && !is(name, "bits") && !is(name, "randint") ? 4
                                                                                  : sizes[d->dtype];
    const char *at = (const char *)d->out + i * size;
    uint8_t value8;
    uint16_t value16;
    uint32_t value32;
    if (size == 1)
        return memcpy(&value8, at, 1), value8;
    if (size == 2)
        return memcpy(&value16, at, 2), value16;
    if (size == 4)
        return memcpy(&value32, at, 4), value32;
    return d->out[i];
}

static void check_case(const struct vector_case *test, uint32_t version)
{
    static const char *const impls[] = {"threefry2x32", "rbg",        "unsafe_rbg",
                                        "philox2x32",   "philox4x32", "threefry4x32"};
    static const char *const dtypes[] = {"bfloat16", "float16", "float32", "float64", "int8",   "int16",
                                         "int32",    "int64",   "uint8",   "uint16",  "uint32", "uint64"};
    uint64_t expected[N_MAX];
    const char *name = test->fields[FUNCTION];
    assert_int_equal(test->n_fields, N_FIELDS);
    struct drawn d = {.dtype = (oneseed_jax_dtype)place_in(dtypes, 12, test->fields[DTYPE])};
    d.key = (oneseed_jax_key){.impl = (uint32_t)place_in(impls, 6, test->fields[IMPL]), .version = version};
    d.key.is_original = test->fields[ORIGINAL][0] == '1';
    d.key.has_x64 = test->fields[X64][0] == '1';
    oneseed_jax_key_seed(&d.key, strtoll(test->fields[SEED], NULL, 10));
    for (char *at = test->fields[PARAMETERS], *end; *at != '-' || at[1];) {
        assert_true(d.n_parameters < N_PARAMETERS);
        d.parameters[d.n_parameters++] = strtod(at, &end);
        assert_true(end != at);
        if (*end == '\0')
            break;
        at = end + 1;
    }
    d.n = vectors_words(test->fields[VALUES], expected, N_MAX);
    if (is(name, "key") || is(name, "split") || is(name, "fold_in"))
        draw_keys(&d, name);
    else
        assert_int_equal(is_integer(name) ? draw_integers(&d, name) : draw_reals(&d, name), ONESEED_OK);
    for (size_t k = 0; k < d.n; k++)
        if (value_at(&d, name, k) != expected[k])
            fail_msg("line %d, %s, value %d: %llx instead of %llx", test->line, name, (int)k,
                     (unsigned long long)value_at(&d, name, k), (unsigned long long)expected[k]);
}

static void check_file(const char *name, uint32_t version, int n_least)
{
    struct vector_case test = {.line = 0};
    int n_cases = 0;
    FILE *file = vectors_open(name);
    for (; vectors_next(file, &test); n_cases++)
        check_case(&test, version);
    (void)fclose(file);
    assert_true(n_cases >= n_least);
}

static void test_versions(void **state)
{
    (void)state;
    check_file("jax_0.4.35.txt", 435, 190);
    check_file("jax_0.5.3.txt", 503, 190);
    check_file("jax_0.10.2.txt", 1002, 245);
    check_file("jax_0.10.2.txt", 0, 245); /* the newest */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_versions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
