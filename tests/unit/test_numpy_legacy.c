/* test_numpy_legacy.c - RandomState against NumPy's own values: every method, every bit generator, the state
 * afterwards. SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>  /* getline */
#include <stdlib.h> /* strtoull */
#include <string.h> /* strtok */

#include <cmocka.h> /* assert_int_equal */

#include "dialects/numpy_method.h" /* numpy_legacy_method */
#include "dialects/numpy_shared.h" /* numpy_interval */

enum { MAX_TOKENS = 1300 };

/* One line: OPERATION SEED ARGUMENTS = VALUES @ STATE. */
struct line {
    char *tokens[MAX_TOKENS];
    const char *operation, *seed;
    char **arguments, **values, **state;
    size_t n_arguments, n_values;
};

static void split(struct line *line, char *text)
{
    size_t n = 0, equal = 0, at = 0;
    for (char *token = strtok(text, " \n"); token; token = strtok(NULL, " \n")) {
        assert_true(n < MAX_TOKENS);
        if (strcmp(token, "=") == 0)
            equal = n;
        if (strcmp(token, "@") == 0)
            at = n;
        line->tokens[n++] = token;
    }
    assert_true(equal >= 2 && at > equal && n == at + 6);
    line->operation = line->tokens[0];
    line->seed = line->tokens[1];
    line->arguments = line->tokens + 2;
    line->n_arguments = equal - 2;
    line->values = line->tokens + equal + 1;
    line->n_values = at - equal - 1;
    line->state = line->tokens + at + 1;
}

static double as_double(const char *token)
{
    uint64_t bits = strtoull(token, NULL, 16);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Signed or unsigned, as 64 bits. */
static uint64_t as_word(const char *token)
{
    return token[0] == '-' ? (uint64_t)strtoll(token, NULL, 10) : strtoull(token, NULL, 10);
}

static size_t as_size(const char *token)
{
    return (size_t)as_word(token);
}

static const char *const kinds[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};

static oneseed_numpy seeded(const char *seed, uint32_t version)
{
    oneseed_numpy state;
    if (seed[0] == 's') {
        oneseed_numpy_legacy_seed(&state, (uint32_t)as_word(seed + 1));
    } else if (seed[0] == 'a') {
        uint32_t words[8];
        size_t n = 0;
        for (const char *number = seed + 1; number; number = strchr(number + 1, ',')) {
            assert_true(n < 8);
            words[n++] = (uint32_t)strtoul(number + (*number == ','), NULL, 10);
        }
        assert_int_equal(oneseed_numpy_legacy_seed_array(&state, words, n), ONESEED_OK);
    } else {
        const char *colon = strchr(seed, ':');
        assert_non_null(colon);
        int kind = 0;
        while (strlen(kinds[kind]) != (size_t)(colon - seed) || strncmp(kinds[kind], seed, strlen(kinds[kind])) != 0)
            assert_true(++kind < 5);
        uint32_t entropy = (uint32_t)as_word(colon + 1);
        oneseed_numpy_seed(&state, (oneseed_numpy_kind)kind, &entropy, 1, NULL, 0);
    }
    state.version = version;
    return state;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void check_state(oneseed_numpy *state, const struct line *line)
{
    assert_int_equal(state->has_gauss, as_word(line->state[1]));
    assert_int_equal(bits_of(state->gauss), strtoull(line->state[2], NULL, 16));
    assert_int_equal(state->has_uint32, as_word(line->state[3]));
    assert_int_equal(state->uinteger, as_word(line->state[4]));
    assert_int_equal(oneseed_numpy_legacy_tomaxint(state), as_word(line->state[0]));
}

/* The sign of a NaN that an operation makes is the processor's: the vectors have x86's. */
static bool is_as_expected(double value, uint64_t expected)
{
#ifndef __x86_64__
    if (value != value && (expected & 0x7ff8000000000000) == 0x7ff8000000000000)
        return true;
#endif
    return bits_of(value) == expected;
}

static void check_doubles(const double *values, const struct line *line)
{
    for (size_t i = 0; i < line->n_values; i++)
        if (!is_as_expected(values[i], strtoull(line->values[i], NULL, 16)))
            fail_msg("%s %s, value %zu: %.17g is not %s", line->operation, line->seed, i, values[i], line->values[i]);
}

static void check_words(const int64_t *values, const struct line *line)
{
    for (size_t i = 0; i < line->n_values; i++)
        if ((uint64_t)values[i] != as_word(line->values[i]))
            fail_msg("%s %s, value %zu: %lld is not %s", line->operation, line->seed, i, (long long)values[i],
                     line->values[i]);
}

/* --- Distributions: table, scalar form and fill --- */

typedef oneseed_status fill_function(oneseed_numpy *, const numpy_number *, void *, size_t);
typedef numpy_number scalar_function(oneseed_numpy *, const numpy_number *);

#define FUNCTIONS(name, member, values, ...)                                                                           \
    static oneseed_status fill_##name(oneseed_numpy *state, const numpy_number *p, void *out, size_t n)                \
    {                                                                                                                  \
        return oneseed_numpy_legacy_##name##_fill(state, __VA_ARGS__, (values *)out, n);                               \
    }                                                                                                                  \
    static numpy_number scalar_##name(oneseed_numpy *state, const numpy_number *p)                                     \
    {                                                                                                                  \
        return (numpy_number){.member = oneseed_numpy_legacy_##name(state, __VA_ARGS__)};                              \
    }
#define FUNCTIONS_0(name)                                                                                              \
    static oneseed_status fill_##name(oneseed_numpy *state, const numpy_number *p, void *out, size_t n)                \
    {                                                                                                                  \
        (void)p;                                                                                                       \
        oneseed_numpy_legacy_##name##_fill(state, (double *)out, n);                                                   \
        return ONESEED_OK;                                                                                             \
    }                                                                                                                  \
    static numpy_number scalar_##name(oneseed_numpy *state, const numpy_number *p)                                     \
    {                                                                                                                  \
        (void)p;                                                                                                       \
        return (numpy_number){.f = oneseed_numpy_legacy_##name(state)};                                                \
    }
#define FUNCTIONS_D(name)   FUNCTIONS(name, f, double, p[0].f)
#define FUNCTIONS_DD(name)  FUNCTIONS(name, f, double, p[0].f, p[1].f)
#define FUNCTIONS_DDD(name) FUNCTIONS(name, f, double, p[0].f, p[1].f, p[2].f)
#define METHODS_0(X)        X(random_sample) X(standard_normal) X(standard_exponential) X(standard_cauchy)
#define METHODS_D(X)                                                                                                   \
    X(standard_gamma) X(standard_t) X(chisquare) X(exponential) X(pareto) X(weibull) X(power) X(rayleigh)
#define METHODS_DD(X)                                                                                                  \
    X(uniform)                                                                                                         \
    X(normal)                                                                                                          \
    X(lognormal) X(laplace) X(gumbel) X(logistic) X(gamma) X(beta) X(f) X(noncentral_chisquare) X(wald) X(vonmises)
#define METHODS_DDD(X) X(noncentral_f) X(triangular)
#define METHODS_I(X)   X(binomial) X(negative_binomial) X(poisson) X(zipf) X(geometric) X(logseries) X(hypergeometric)
METHODS_0(FUNCTIONS_0)
METHODS_D(FUNCTIONS_D)
METHODS_DD(FUNCTIONS_DD)
METHODS_DDD(FUNCTIONS_DDD)
FUNCTIONS(binomial, i, int64_t, p[0].i, p[1].f)
FUNCTIONS(negative_binomial, i, int64_t, p[0].f, p[1].f)
FUNCTIONS(poisson, i, int64_t, p[0].f)
FUNCTIONS(zipf, i, int64_t, p[0].f)
FUNCTIONS(geometric, i, int64_t, p[0].f)
FUNCTIONS(logseries, i, int64_t, p[0].f)
FUNCTIONS(hypergeometric, i, int64_t, p[0].i, p[1].i, p[2].i)

static const struct form {
    const char *name;
    fill_function *fill;
    scalar_function *scalar;
} forms[] = {
#define FORM(name) {#name, fill_##name, scalar_##name},
    METHODS_0(FORM) METHODS_D(FORM) METHODS_DD(FORM) METHODS_DDD(FORM) METHODS_I(FORM)
#undef FORM
};
enum { N_FORMS = sizeof forms / sizeof *forms };

static const struct form *form_of(const char *name)
{
    for (int i = 0; i < N_FORMS; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static numpy_number from_table(const numpy_method *method, oneseed_numpy *state, const numpy_number *p)
{
    if (method->f64)
        return (numpy_number){.f = method->f64(state, p)};
    return (numpy_number){.i = method->i64(state, p)};
}

static void check_values(const numpy_method *method, const numpy_number *values, const struct line *line)
{
    double doubles[64];
    int64_t words[64];
    for (size_t i = 0; i < line->n_values; i++) {
        doubles[i] = values[i].f;
        words[i] = values[i].i;
    }
    if (method->f64)
        check_doubles(doubles, line);
    else
        check_words(words, line);
}

static void fill_from_table(const numpy_method *method, oneseed_numpy *state, const numpy_number *p, void *out,
                            size_t n)
{
    if (method->f64)
        method->fill_f64(state, p, out, n);
    else
        method->fill_i64(state, p, out, n);
}

static void check_method(const struct line *line, const struct form *form, uint32_t version)
{
    const numpy_method *method = numpy_legacy_method(line->operation);
    assert_non_null(method);
    assert_int_equal(line->n_arguments, 1 + method->n_parameters);
    numpy_number p[3] = {{0}}, values[64];
    for (int i = 0; i < method->n_parameters; i++) {
        const char *token = line->arguments[1 + i];
        if (method->parameters[i].is_integer)
            p[i].i = (int64_t)as_word(token);
        else
            p[i].f = as_double(token);
    }
    assert_true(line->n_values <= 64 && line->n_values == as_size(line->arguments[0]));

    oneseed_numpy state = seeded(line->seed, version);
    assert_int_equal(method->check ? method->check(&state, p) : ONESEED_OK, ONESEED_OK);
    for (size_t i = 0; i < line->n_values; i++)
        values[i] = from_table(method, &state, p);
    check_values(method, values, line);
    check_state(&state, line);

    memset(values, 0xca, sizeof values);
    state = seeded(line->seed, version);
    fill_from_table(method, &state, p, values, line->n_values);
    check_values(method, values, line);
    check_state(&state, line);

    memset(values, 0xca, sizeof values);
    state = seeded(line->seed, version);
    size_t n_first = line->n_values / 3; /* a fill may be cut anywhere */
    assert_int_equal(form->fill(&state, p, values, n_first), ONESEED_OK);
    assert_int_equal(form->fill(&state, p, values + n_first, line->n_values - n_first), ONESEED_OK);
    check_values(method, values, line);
    check_state(&state, line);

    state = seeded(line->seed, version);
    for (size_t i = 0; i < line->n_values; i++)
        values[i] = form->scalar(&state, p);
    check_values(method, values, line);
    check_state(&state, line);
}

/* --- What is outside the table --- */

static const char *const dtype_names[] = {"bool",  "int8",   "uint8", "int16", "uint16",
                                          "int32", "uint32", "int64", "uint64"};

static int64_t element(oneseed_numpy_dtype dtype, const void *out, size_t i)
{
    switch (dtype) {
    case ONESEED_NUMPY_INT8:
        return ((const int8_t *)out)[i];
    case ONESEED_NUMPY_INT16:
        return ((const int16_t *)out)[i];
    case ONESEED_NUMPY_UINT16:
        return ((const uint16_t *)out)[i];
    case ONESEED_NUMPY_INT32:
        return ((const int32_t *)out)[i];
    case ONESEED_NUMPY_UINT32:
        return ((const uint32_t *)out)[i];
    case ONESEED_NUMPY_INT64:
    case ONESEED_NUMPY_UINT64:
        return ((const int64_t *)out)[i];
    case ONESEED_NUMPY_BOOL:
    case ONESEED_NUMPY_UINT8:
        break;
    }
    return ((const uint8_t *)out)[i];
}

static oneseed_numpy_dtype dtype_of(const char *name)
{
    int dtype = 0;
    while (strcmp(dtype_names[dtype], name) != 0)
        assert_true(++dtype < 9);
    return (oneseed_numpy_dtype)dtype;
}

static void check_elements(oneseed_numpy_dtype dtype, const void *out, const struct line *line)
{
    int64_t values[64];
    assert_true(line->n_values <= 64);
    for (size_t i = 0; i < line->n_values; i++)
        values[i] = element(dtype, out, i);
    check_words(values, line);
}

static void check_randint(const struct line *line, oneseed_numpy *state)
{
    oneseed_numpy_dtype dtype = dtype_of(strchr(line->operation, '_') + 1);
    uint64_t out[64], first[64], last[64];
    size_t n = as_size(line->arguments[0]);
    assert_true(n <= 64);
    if (strncmp(line->operation, "randints_", 9) == 0) {
        for (size_t i = 0; i < n; i++) {
            first[i] = as_word(line->arguments[1 + 2 * i]);
            last[i] = as_word(line->arguments[2 + 2 * i]);
        }
        assert_int_equal(oneseed_numpy_legacy_randint_array_fill(state, dtype, first, last, out, n), ONESEED_OK);
    } else {
        first[0] = as_word(line->arguments[1]);
        last[0] = as_word(line->arguments[2]);
        assert_int_equal(oneseed_numpy_legacy_randint_dtype_fill(state, dtype, first[0], last[0], out, n), ONESEED_OK);
    }
    check_elements(dtype, out, line);
}

static void check_bytes(const struct line *line, const unsigned char *bytes)
{
    for (size_t i = 0; i < line->n_values; i++)
        assert_int_equal(bytes[i], as_word(line->values[i]));
}

static void check_choice(const struct line *line, oneseed_numpy *state)
{
    size_t n_population = as_size(line->arguments[0]), n = as_size(line->arguments[1]);
    double p[64], work[128];
    int64_t out[64], indices[64];
    assert_true(n <= 64 && line->n_arguments <= 64);
    for (size_t i = 2; i < line->n_arguments; i++)
        p[i - 2] = as_double(line->arguments[i]);
    oneseed_status status = ONESEED_INVALID_STATE;
    if (strcmp(line->operation, "choice") == 0)
        status = oneseed_numpy_legacy_choice_fill(state, n_population, out, n);
    else if (strcmp(line->operation, "choice_distinct") == 0)
        status = oneseed_numpy_legacy_choice_distinct_fill(state, n_population, indices, out, n);
    else if (strcmp(line->operation, "choice_weighted") == 0)
        status = oneseed_numpy_legacy_choice_weighted_fill(state, p, n_population, 0, work, out, n);
    else
        status = oneseed_numpy_legacy_choice_weighted_distinct_fill(state, p, n_population, 0, work, out, n);
    assert_int_equal(status, ONESEED_OK);
    check_words(out, line);
}

static void check_multinomial(const struct line *line, oneseed_numpy *state)
{
    int64_t out[64];
    double pvals[16];
    size_t n_pvals = as_size(line->arguments[1]);
    for (size_t i = 0; i < n_pvals; i++)
        pvals[i] = as_double(line->arguments[3 + i]);
    assert_int_equal(oneseed_numpy_legacy_multinomial_fill(state, (int64_t)as_word(line->arguments[0]), pvals, n_pvals,
                                                           out, as_size(line->arguments[2])),
                     ONESEED_OK);
    check_words(out, line);
}

static void check_dirichlet(const struct line *line, oneseed_numpy *state)
{
    double out[64], alpha[16];
    size_t n_alpha = as_size(line->arguments[0]);
    for (size_t i = 0; i < n_alpha; i++)
        alpha[i] = as_double(line->arguments[2 + i]);
    assert_int_equal(oneseed_numpy_legacy_dirichlet_fill(state, alpha, n_alpha, out, as_size(line->arguments[1])),
                     ONESEED_OK);
    check_doubles(out, line);
}

static void check_shuffle(const struct line *line, oneseed_numpy *state)
{
    unsigned char items[2048];
    size_t n = as_size(line->arguments[0]), n_bytes = as_size(line->arguments[1]);
    assert_true(n * n_bytes <= sizeof items && line->n_values == n * n_bytes);
    for (size_t i = 0; i < n * n_bytes; i++)
        items[i] = (unsigned char)i;
    oneseed_numpy_legacy_shuffle(state, items, n, n_bytes);
    check_bytes(line, items);
}

static void check_operation(const struct line *line, uint32_t version)
{
    oneseed_numpy state = seeded(line->seed, version);
    int64_t out[64];
    if (strncmp(line->operation, "randint", 7) == 0) {
        check_randint(line, &state);
    } else if (strcmp(line->operation, "bytes") == 0) {
        oneseed_numpy_legacy_bytes_fill(&state, out, line->n_values);
        check_bytes(line, (const unsigned char *)out);
    } else if (strcmp(line->operation, "tomaxint") == 0) {
        oneseed_numpy_legacy_tomaxint_fill(&state, out, line->n_values);
        check_words(out, line);
    } else if (strcmp(line->operation, "permutation") == 0) {
        oneseed_numpy_legacy_permutation_fill(&state, out, line->n_values);
        check_words(out, line);
    } else if (strcmp(line->operation, "shuffle") == 0) {
        check_shuffle(line, &state);
    } else if (strncmp(line->operation, "choice", 6) == 0) {
        check_choice(line, &state);
    } else if (strcmp(line->operation, "multinomial") == 0) {
        check_multinomial(line, &state);
    } else if (strcmp(line->operation, "dirichlet") == 0) {
        check_dirichlet(line, &state);
    } else {
        fail_msg("unknown operation %s", line->operation);
    }
    check_state(&state, line);
}

static void check_file(const char *name, uint32_t version, int n_lines)
{
    char path[512], *text = NULL;
    size_t capacity = 0;
    snprintf(path, sizeof path, "%s/vectors/%s", TESTS_FOLDER, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int n_seen = 0;
    while (getline(&text, &capacity, file) != -1) {
        if (text[0] == '#')
            continue;
        struct line line;
        split(&line, text);
        const struct form *form = form_of(line.operation);
        if (form)
            check_method(&line, form, version);
        else
            check_operation(&line, version);
        n_seen++;
    }
    free(text);
    fclose(file);
    assert_int_equal(n_seen, n_lines);
}

/* 1.26.4 prints the same lines as 2.4.6. */
static void test_values(void **unused)
{
    (void)unused;
    check_file("numpy_legacy_2.4.txt", 0, 561);
    check_file("numpy_legacy_2.4.txt", 20406, 561);
    check_file("numpy_legacy_2.4.txt", 12604, 561);
}

static void test_values_of_other_versions(void **unused)
{
    (void)unused;
    check_file("numpy_legacy_2.5.txt", 20505, 45);
    check_file("numpy_legacy_1.19.txt", 11905, 90);
}

/* --- Refusals: the status, nothing drawn, nothing written --- */

struct refusal {
    const char *name;
    double p[3];
    oneseed_status status;
};

static const struct refusal refusals[] = {
    {"standard_gamma", {-0.0}, ONESEED_NUMPY_SHAPE_NEGATIVE},
    {"gamma", {-1, -1}, ONESEED_NUMPY_SHAPE_NEGATIVE},
    {"gamma", {NAN, -1}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"chisquare", {0}, ONESEED_NUMPY_DF_NOT_POSITIVE},
    {"standard_t", {-1}, ONESEED_NUMPY_DF_NOT_POSITIVE},
    {"exponential", {-0.0}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"pareto", {0}, ONESEED_NUMPY_A_NOT_POSITIVE},
    {"weibull", {-0.0}, ONESEED_NUMPY_A_NEGATIVE},
    {"power", {-1}, ONESEED_NUMPY_A_NOT_POSITIVE},
    {"rayleigh", {-1}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"uniform", {0, INFINITY}, ONESEED_NUMPY_RANGE},
    {"uniform", {-1.7e308, 1.7e308}, ONESEED_NUMPY_RANGE},
    {"normal", {0, -0.0}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"lognormal", {0, -1}, ONESEED_NUMPY_SIGMA_NEGATIVE},
    {"laplace", {0, -1}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"gumbel", {0, -1}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"logistic", {0, -1}, ONESEED_NUMPY_SCALE_NEGATIVE},
    {"beta", {0, 0}, ONESEED_NUMPY_A_NOT_POSITIVE},
    {"beta", {NAN, 0}, ONESEED_NUMPY_B_NOT_POSITIVE},
    {"f", {0, 0}, ONESEED_NUMPY_DFNUM_NOT_POSITIVE},
    {"f", {1, 0}, ONESEED_NUMPY_DFDEN_NOT_POSITIVE},
    {"noncentral_chisquare", {0, -1}, ONESEED_NUMPY_DF_NOT_POSITIVE},
    {"noncentral_chisquare", {1, -1}, ONESEED_NUMPY_NONC_NEGATIVE},
    {"noncentral_f", {1, 0, -1}, ONESEED_NUMPY_DFDEN_NOT_POSITIVE},
    {"noncentral_f", {1, 1, -1}, ONESEED_NUMPY_NONC_NEGATIVE},
    {"wald", {0, 0}, ONESEED_NUMPY_MEAN_NOT_POSITIVE},
    {"wald", {1, 0}, ONESEED_NUMPY_SCALE_NOT_POSITIVE},
    {"vonmises", {0, -0.0}, ONESEED_NUMPY_KAPPA_NEGATIVE},
    {"vonmises", {0, 1e33}, ONESEED_NUMPY_ENDLESS},
    {"vonmises", {0, INFINITY}, ONESEED_NUMPY_ENDLESS},
    {"triangular", {2, 1, 0}, ONESEED_NUMPY_LEFT_ABOVE_MODE},
    {"triangular", {0, 1, 0}, ONESEED_NUMPY_MODE_ABOVE_RIGHT},
    {"triangular", {1, 1, 1}, ONESEED_NUMPY_LEFT_IS_RIGHT},
    {"binomial", {-1, 2}, ONESEED_NUMPY_P_NOT_0_TO_1},
    {"binomial", {-1, 0.5}, ONESEED_NUMPY_N_NEGATIVE},
    {"binomial", {1, NAN}, ONESEED_NUMPY_P_NOT_0_TO_1},
    {"negative_binomial", {0, 2}, ONESEED_NUMPY_N_NOT_POSITIVE},
    {"negative_binomial", {NAN, 2}, ONESEED_NUMPY_P_NOT_0_TO_1},
    {"poisson", {-1}, ONESEED_NUMPY_LAM_NEGATIVE},
    {"poisson", {NAN}, ONESEED_NUMPY_LAM_NAN},
    {"poisson", {9.223372036854776e18}, ONESEED_NUMPY_LAM_TOO_LARGE},
    {"zipf", {1}, ONESEED_NUMPY_A_NOT_ABOVE_1},
    {"zipf", {NAN}, ONESEED_NUMPY_A_NOT_ABOVE_1},
    {"zipf", {1025}, ONESEED_NUMPY_ENDLESS},
    {"geometric", {0}, ONESEED_NUMPY_P_NOT_ABOVE_0_TO_1},
    {"logseries", {1}, ONESEED_NUMPY_P_NOT_0_TO_BELOW_1},
    {"hypergeometric", {-1, 2, 2}, ONESEED_NUMPY_NSAMPLE_TOO_LARGE},
    {"hypergeometric", {-1, 5, 2}, ONESEED_NUMPY_NGOOD_NEGATIVE},
    {"hypergeometric", {5, -1, 2}, ONESEED_NUMPY_NBAD_NEGATIVE},
    {"hypergeometric", {5, 5, 0}, ONESEED_NUMPY_NSAMPLE_BELOW_1},
};

static void check_refusal(const struct refusal *refusal)
{
    const numpy_method *method = numpy_legacy_method(refusal->name);
    const struct form *form = form_of(refusal->name);
    assert_non_null(method);
    assert_non_null(form);
    numpy_number p[3] = {{0}};
    for (int i = 0; i < method->n_parameters; i++)
        if (method->parameters[i].is_integer)
            p[i].i = (int64_t)refusal->p[i];
        else
            p[i].f = refusal->p[i];
    oneseed_numpy state = seeded("s1", 0), before = state;
    uint64_t out[4], untouched[4];
    memset(out, 0xca, sizeof out);
    memset(untouched, 0xca, sizeof untouched);
    if (method->check(&state, p) != refusal->status || form->fill(&state, p, out, 4) != refusal->status)
        fail_msg("%s(%g, %g, %g) gives %s", refusal->name, refusal->p[0], refusal->p[1], refusal->p[2],
                 oneseed_status_text(method->check(&state, p)));
    numpy_number scalar = form->scalar(&state, p);
    assert_true(method->f64 ? isnan(scalar.f) : scalar.i == INT64_MIN);
    assert_memory_equal(out, untouched, sizeof out);
    assert_memory_equal(&state, &before, sizeof state);
}

static void test_refusals(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        check_refusal(&refusals[i]);
}

static void test_refusals_outside_the_table(void **unused)
{
    (void)unused;
    oneseed_numpy state = seeded("s1", 0), before = state;
    const double negative[] = {1.5, -0.5}, nan[] = {NAN, 1}, short_sum[] = {0.5, 0.4}, one[] = {1, 0},
                 high[] = {0.6, 0.5, 0};
    double work[4];
    int64_t out[4] = {7, 7, 7, 7};
    const uint64_t first[] = {1, 0}, last[] = {0, (uint64_t)-1}, zeros[] = {0, 0};

    assert_int_equal(oneseed_numpy_legacy_seed_array(&state, NULL, 0), ONESEED_NUMPY_SEED_EMPTY);
    assert_int_equal(oneseed_numpy_legacy_randint_fill(&state, 3, 3, out, 2), ONESEED_NUMPY_EMPTY_RANGE);
    assert_int_equal(oneseed_numpy_legacy_randint_fill(&state, 0, 0, out, 2), ONESEED_NUMPY_HIGH_NOT_POSITIVE);
    assert_int_equal(oneseed_numpy_legacy_randint_fill(&state, 3, 3, out, 0), ONESEED_OK);
    assert_true(oneseed_numpy_legacy_randint(&state, 1, 0) == INT64_MIN);
    assert_int_equal(oneseed_numpy_legacy_randint_dtype_fill(&state, ONESEED_NUMPY_INT8, (uint64_t)-129, 500, out, 2),
                     ONESEED_NUMPY_LOW_OUT_OF_BOUNDS);
    assert_int_equal(oneseed_numpy_legacy_randint_dtype_fill(&state, ONESEED_NUMPY_BOOL, 0, 2, out, 2),
                     ONESEED_NUMPY_HIGH_OUT_OF_BOUNDS);
    assert_int_equal(oneseed_numpy_legacy_randint_array_fill(&state, ONESEED_NUMPY_INT8, first, last, out, 2),
                     ONESEED_NUMPY_EMPTY_RANGE);
    assert_int_equal(oneseed_numpy_legacy_randint_array_fill(&state, ONESEED_NUMPY_INT8, zeros, last, out, 2),
                     ONESEED_NUMPY_HIGH_NOT_POSITIVE);
    assert_int_equal(oneseed_numpy_legacy_choice_fill(&state, 0, out, 1), ONESEED_NUMPY_LEGACY_EMPTY_POPULATION);
    assert_int_equal(oneseed_numpy_legacy_choice_weighted_fill(&state, nan, 2, 0, work, out, 2),
                     ONESEED_NUMPY_LEGACY_PROBABILITIES_NAN);
    assert_int_equal(oneseed_numpy_legacy_choice_weighted_fill(&state, negative, 2, 0, work, out, 2),
                     ONESEED_NUMPY_LEGACY_PROBABILITIES_NEGATIVE);
    assert_int_equal(oneseed_numpy_legacy_choice_weighted_fill(&state, short_sum, 2, 0, work, out, 2),
                     ONESEED_NUMPY_LEGACY_PROBABILITIES_SUM);
    assert_int_equal(oneseed_numpy_legacy_choice_distinct_fill(&state, 2, out, out, 3),
                     ONESEED_NUMPY_LEGACY_SAMPLE_TOO_LARGE);
    assert_int_equal(oneseed_numpy_legacy_choice_weighted_distinct_fill(&state, one, 2, 0, work, out, 2),
                     ONESEED_NUMPY_PROBABILITIES_TOO_FEW);
    assert_int_equal(oneseed_numpy_legacy_multinomial_fill(&state, -1, negative, 2, out, 1),
                     ONESEED_NUMPY_PVALS_NOT_0_TO_1);
    assert_int_equal(oneseed_numpy_legacy_multinomial_fill(&state, -1, high, 3, out, 1), ONESEED_NUMPY_PVALS_SUM);
    assert_int_equal(oneseed_numpy_legacy_multinomial_fill(&state, -1, one, 2, out, 1), ONESEED_NUMPY_N_NEGATIVE);
    assert_int_equal(oneseed_numpy_legacy_dirichlet_fill(&state, one, 2, work, 1), ONESEED_NUMPY_ALPHA_NOT_POSITIVE);
    assert_int_equal(oneseed_numpy_legacy_set_state(&state, state.engine.mt19937.words, 625, 0, 0),
                     ONESEED_INVALID_STATE);
    for (int i = 0; i < 4; i++)
        assert_int_equal(out[i], 7);
    assert_memory_equal(&state, &before, sizeof state);
}

/* --- Long fills, which draw in blocks, are what single draws are --- */

enum { N_LONG = 1500 };

static void check_long_fill(const struct form *form, const numpy_number *p, oneseed_numpy state)
{
    oneseed_numpy single = state;
    numpy_number values[N_LONG];
    oneseed_numpy_legacy_standard_normal(&state); /* one is left in the cache */
    oneseed_numpy_legacy_standard_normal(&single);
    assert_int_equal(form->fill(&state, p, values, N_LONG), ONESEED_OK);
    for (int i = 0; i < N_LONG; i++)
        assert_true(values[i].i == form->scalar(&single, p).i); /* bits of doubles, too */
    assert_memory_equal(&state, &single, sizeof state);
}

static void test_long_fills(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        numpy_number p[3];
    } cases[] = {
        {"random_sample", {{0}}},
        {"standard_normal", {{0}}},
        {"standard_exponential", {{0}}},
        {"standard_cauchy", {{0}}},
        {"standard_gamma", {{0.3}}},
        {"standard_gamma", {{2.5}}},
        {"standard_t", {{1.5}}},
        {"normal", {{1}, {2}}},
        {"lognormal", {{0}, {1}}},
        {"uniform", {{-1}, {1}}},
        {"beta", {{0.5}, {0.5}}},
        {"beta", {{0.5}, {3}}},
        {"noncentral_f", {{3}, {2}, {1}}},
        {"wald", {{1}, {2}}},
        {"vonmises", {{0}, {4}}},
        {"triangular", {{0}, {1}, {3}}},
        {"poisson", {{3}}},
        {"poisson", {{33}}},
        {"binomial", {{.i = 20}, {0.25}}},
        {"binomial", {{.i = 2000}, {0.25}}},
        {"negative_binomial", {{4}, {0.1}}},
        {"zipf", {{2}}},
        {"geometric", {{0.5}}},
        {"geometric", {{0.1}}},
        {"logseries", {{0.9}}},
        {"hypergeometric", {{.i = 50}, {.i = 60}, {.i = 40}}},
        {"hypergeometric", {{.i = 50}, {.i = 60}, {.i = 4}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct form *form = form_of(cases[i].name);
        assert_non_null(form);
        check_long_fill(form, cases[i].p, seeded("s1", 0));
        check_long_fill(form, cases[i].p, seeded("PCG64:1", 0));
    }
}

static size_t element_size(oneseed_numpy_dtype dtype)
{
    static const size_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 8, 8};
    return sizes[dtype];
}

/* Parts of any length are the whole call; words that were begun are gone on with. */
static void check_parts(oneseed_numpy_dtype dtype, uint64_t range, oneseed_numpy state, const oneseed_numpy *after,
                        const uint64_t *want)
{
    static uint64_t out[N_LONG];
    oneseed_numpy_pieces pieces = {0, 0};
    size_t n, size = element_size(dtype);
    for (size_t i = 0; i < N_LONG; i += n) {
        n = i % 7 + (i > 100 ? 300 : 0);
        n = n == 0 ? 1 : N_LONG - i < n ? N_LONG - i : n;
        assert_int_equal(oneseed_numpy_legacy_randint_part_fill(&state, &pieces, dtype, 0, range,
                                                                (unsigned char *)out + i * size, n),
                         ONESEED_OK);
    }
    assert_memory_equal(out, want, N_LONG * size);
    assert_memory_equal(&state, after, sizeof state);
}

/* A fill against the form for arrays, which goes value by value. */
static void test_long_randint(void **unused)
{
    (void)unused;
    static uint64_t first[N_LONG], last[N_LONG], out[N_LONG], want[N_LONG];
    for (int dtype = ONESEED_NUMPY_BOOL; dtype <= ONESEED_NUMPY_UINT64; dtype++)
        for (int bits = 1; bits < 64; bits++) {
            uint64_t range =
                dtype == ONESEED_NUMPY_BOOL ? 1 : (UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits)) - (bits > 1);
            oneseed_numpy state = seeded(bits % 2 ? "s2" : "Philox:2", 0), single = state;
            memset(out, 0, sizeof out);
            memset(want, 0, sizeof want);
            for (int i = 0; i < N_LONG; i++)
                last[i] = range;
            oneseed_status status =
                oneseed_numpy_legacy_randint_dtype_fill(&state, (oneseed_numpy_dtype)dtype, 0, range, out, N_LONG);
            assert_int_equal(
                oneseed_numpy_legacy_randint_array_fill(&single, (oneseed_numpy_dtype)dtype, first, last, want, N_LONG),
                status);
            assert_memory_equal(out, want, sizeof out);
            assert_memory_equal(&state, &single, sizeof state);
            if (status == ONESEED_OK)
                check_parts((oneseed_numpy_dtype)dtype, range, seeded(bits % 2 ? "s2" : "Philox:2", 0), &state, want);
        }
}

static void test_long_permutation(void **unused)
{
    (void)unused;
    enum { N = 70000 };
    static int64_t out[N], want[N];
    oneseed_numpy state = seeded("SFC64:3", 0), single = state;
    oneseed_numpy_legacy_permutation_fill(&state, out, N);
    for (int64_t i = 0; i < N; i++)
        want[i] = i;
    for (size_t i = N; i-- > 1;) {
        size_t j = (size_t)numpy_interval(&single, i);
        int64_t item = want[i];
        want[i] = want[j];
        want[j] = item;
    }
    assert_memory_equal(out, want, sizeof out);
    assert_memory_equal(&state, &single, sizeof state);
}

/* --- State --- */

static void test_state_in_and_out(void **unused)
{
    (void)unused;
    oneseed_numpy state = seeded("s3", 12604), copy;
    oneseed_numpy_legacy_standard_normal(&state);
    memset(&copy, 0, sizeof copy);
    copy.version = 12604;
    assert_int_equal(oneseed_numpy_legacy_set_state(&copy, state.engine.mt19937.words, state.engine.mt19937.position,
                                                    (int)state.has_gauss, state.gauss),
                     ONESEED_OK);
    assert_memory_equal(&copy, &state, sizeof state);
}

/* With the identity the rows are the mean and the normals. */
static void test_multivariate_normal(void **unused)
{
    (void)unused;
    oneseed_numpy state = seeded("PCG64:1", 0), other = state;
    const double mean[3] = {1, 2, 3}, identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    double work[3], out[12];
    oneseed_numpy_legacy_multivariate_normal_fill(&state, mean, identity, 3, work, out, 4);
    for (int i = 0; i < 12; i++)
        assert_int_equal(bits_of(out[i]), bits_of(oneseed_numpy_legacy_standard_normal(&other) + mean[i % 3]));
    assert_memory_equal(&state, &other, sizeof state);
}

/* NumPy draws with these: the results are NaN, and words are taken. */
static void test_nan_is_drawn(void **unused)
{
    (void)unused;
    oneseed_numpy state;
    double out[2], alpha[] = {NAN, 1};
    oneseed_numpy_legacy_seed(&state, 3);
    assert_true(isnan(oneseed_numpy_legacy_standard_gamma(&state, NAN)));
    assert_true(isnan(oneseed_numpy_legacy_beta(&state, NAN, 1.0)));
    assert_int_equal(oneseed_numpy_legacy_dirichlet_fill(&state, alpha, 2, out, 1), ONESEED_OK);
    assert_true(isnan(out[0]) && isnan(out[1]));
    assert_int_equal(oneseed_numpy_legacy_negative_binomial(&state, NAN, 0.5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_values_of_other_versions),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_refusals_outside_the_table),
        cmocka_unit_test(test_long_fills),
        cmocka_unit_test(test_long_randint),
        cmocka_unit_test(test_long_permutation),
        cmocka_unit_test(test_state_in_and_out),
        cmocka_unit_test(test_multivariate_normal),
        cmocka_unit_test(test_nan_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
