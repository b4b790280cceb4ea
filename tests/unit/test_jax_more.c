/* test_jax_more.c - jax.random's gamma family and discrete distributions as JAX 0.10.2 draws them.
 * SPDX-License-Identifier: MIT */
#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_jax_gamma_fill */
#include "vectors.h" /* vectors_next */

enum { N = 6, N_PARAMETERS = 3, NAME = 0, DTYPE, IMPL, MODE, ARRAYS, PARAMETERS, VALUES, N_FIELDS };

struct row {
    const oneseed_jax_key *key;
    oneseed_jax_dtype dtype, p_dtype;
    double values[N_PARAMETERS][N]; /* each parameter for each value */
    double scalars[N_PARAMETERS];
    size_t n_parameters, n_each;
    unsigned char out[8 * N];
};

static oneseed_status draw(const char *name, struct row *row)
{
    const double *a = row->values[0], *b = row->values[1], *c = row->values[2];
    size_t m = row->n_each;
    if (strcmp(name, "gamma") == 0)
        return oneseed_jax_gamma_fill(row->key, row->dtype, a, m, row->out, N);
    if (strcmp(name, "loggamma") == 0)
        return oneseed_jax_loggamma_fill(row->key, row->dtype, a, m, row->out, N);
    if (strcmp(name, "beta") == 0)
        return oneseed_jax_beta_fill(row->key, row->dtype, a, m, b, m, row->out, N);
    if (strcmp(name, "chisquare") == 0)
        return oneseed_jax_chisquare_fill(row->key, row->dtype, a, m, row->out, N);
    if (strcmp(name, "wald") == 0)
        return oneseed_jax_wald_fill(row->key, row->dtype, a, m, row->out, N);
    if (strcmp(name, "t") == 0)
        return oneseed_jax_t_fill(row->key, row->dtype, a, m, row->out, N);
    if (strcmp(name, "f") == 0)
        return oneseed_jax_f_fill(row->key, row->dtype, a, m, b, m, row->out, N);
    if (strcmp(name, "triangular") == 0)
        return oneseed_jax_triangular_fill(row->key, row->dtype, a, m, b, m, c, m, row->out, N);
    if (strcmp(name, "generalized_normal") == 0)
        return oneseed_jax_generalized_normal_fill(row->key, row->dtype, *a, row->out, N);
    if (strcmp(name, "ball") == 0)
        return oneseed_jax_ball_fill(row->key, row->dtype, (size_t)*a, *b, row->out, 2);
    if (strcmp(name, "dirichlet") == 0)
        return oneseed_jax_dirichlet_fill(row->key, row->dtype, row->scalars, row->n_parameters, row->out, 2);
    if (strcmp(name, "poisson") == 0)
        return oneseed_jax_poisson_fill(row->key, row->dtype, a, m, row->out, N);
    if (strcmp(name, "binomial") == 0)
        return oneseed_jax_binomial_fill(row->key, row->dtype, row->p_dtype, a, m, b, m, row->out, N);
    assert_string_equal(name, "geometric");
    return oneseed_jax_geometric_fill(row->key, row->dtype, row->p_dtype, a, m, row->out, N);
}

static oneseed_jax_dtype dtype_of(const char *name)
{
    static const char *const names[] = {"bfloat16", "float16", "float32", "float64", "int8", "int16", "int32", "int64"};
    for (int k = 0; k < 8; k++)
        if (strcmp(name, names[k]) == 0)
            return (oneseed_jax_dtype)k;
    fail();
    return ONESEED_JAX_FLOAT32;
}

static void read_parameters(struct row *row, const char *field, bool is_array)
{
    char *end;
    row->n_each = is_array ? N : 1;
    for (row->n_parameters = 0;; field = end + 1) {
        assert_true(row->n_parameters < N_PARAMETERS);
        double x = strtod(field, &end);
        row->scalars[row->n_parameters] = x;
        for (int i = 0; i < N; i++)
            row->values[row->n_parameters][i] = x + (is_array ? i : 0);
        row->n_parameters++;
        if (*end == '\0')
            return;
    }
}

static uint64_t word_at(const unsigned char *out, size_t size, size_t i)
{
    uint16_t word16;
    uint32_t word32;
    uint64_t word64;
    memcpy(&word16, out + i * size, sizeof word16);
    memcpy(&word32, out + i * size, size < 4 ? 0 : sizeof word32);
    memcpy(&word64, out + i * size, size < 8 ? 0 : sizeof word64);
    return size == 2 ? word16 : size == 4 ? word32 : word64;
}

static void test_vectors(void **state)
{
    (void)state;
    FILE *file = vectors_open("jax_more.txt");
    struct vector_case test = {.line = 0};
    int n_cases = 0;
    for (; vectors_next(file, &test); n_cases++) {
        assert_int_equal(test.n_fields, N_FIELDS);
        oneseed_jax_dtype dtype = dtype_of(test.fields[DTYPE]);
        bool is_wide = dtype == ONESEED_JAX_FLOAT64 || dtype == ONESEED_JAX_INT64;
        oneseed_jax_key key = {.impl = (uint32_t)atoi(test.fields[IMPL]),
                               .is_original = (uint32_t)atoi(test.fields[MODE]),
                               .has_x64 = is_wide};
        oneseed_jax_key_seed(&key, 17);
        struct row row = {.key = &key, .dtype = dtype, .p_dtype = is_wide ? ONESEED_JAX_FLOAT64 : ONESEED_JAX_FLOAT32};
        memset(row.out, 0xca, sizeof row.out);
        read_parameters(&row, test.fields[PARAMETERS], atoi(test.fields[ARRAYS]));
        assert_int_equal(draw(test.fields[NAME], &row), ONESEED_OK);
        uint64_t words[N];
        size_t size = is_wide                        ? 8
                      : dtype <= ONESEED_JAX_FLOAT16 ? 2
                                                     : 4,
               n = vectors_words(test.fields[VALUES], words, N);
        assert_int_equal(n, N);
        for (size_t i = 0; i < n; i++)
            if (word_at(row.out, size, i) != words[i])
                fail_msg("line %d: value %d: %llx instead of %llx", test.line, (int)i,
                         (unsigned long long)word_at(row.out, size, i), (unsigned long long)words[i]);
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 59);
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_jax_key key = {.impl = ONESEED_JAX_RBG};
    const double one = 1;
    int32_t out = 17;
    assert_int_equal(oneseed_jax_poisson_fill(&key, ONESEED_JAX_INT32, &one, 1, &out, 1), ONESEED_JAX_THREEFRY_ONLY);
    assert_int_equal(oneseed_jax_poisson_fill(&key, ONESEED_JAX_FLOAT32, &one, 1, &out, 1), ONESEED_JAX_INTEGER_DTYPE);
    assert_int_equal(oneseed_jax_gamma_fill(&key, ONESEED_JAX_INT32, &one, 1, &out, 1), ONESEED_JAX_FLOAT_DTYPE);
    assert_int_equal(oneseed_jax_binomial_fill(&key, ONESEED_JAX_FLOAT32, ONESEED_JAX_INT8, &one, 1, &one, 1, &out, 1),
                     ONESEED_JAX_FLOAT_DTYPE);
    assert_int_equal(oneseed_jax_geometric_fill(&key, ONESEED_JAX_FLOAT32, ONESEED_JAX_FLOAT32, &one, 1, &out, 1),
                     ONESEED_JAX_INTEGER_DTYPE);
    assert_int_equal(out, 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
