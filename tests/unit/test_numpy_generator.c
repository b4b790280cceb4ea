/* test_numpy_generator.c - numpy.random.Generator against vectors of NumPy, and against itself cut into pieces.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_open; cmocka */

#include <math.h> /* isnan */

#include "common/bits.h"           /* store64_le */
#include "dialects/numpy_method.h" /* numpy_generator_methods */
#include "oneseed.h"

enum { BYTES_MAX = 65536, PARAMETERS_MAX = 64 };

/* Results of any type. */
union result {
    unsigned char bytes[BYTES_MAX];
    double f64[BYTES_MAX / 8];
    float f32[BYTES_MAX / 4];
    int64_t i64[BYTES_MAX / 8];
};

static union result result, other;
static int64_t work[131072];
static double work_f64[256];

static double as_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ---- Vectors. A runner fills `result` with n_bytes from the parameters' bits. */

typedef void (*runner)(oneseed_numpy *state, const uint64_t *p, size_t n_p, size_t n_bytes);

static void run_method(oneseed_numpy *state, const numpy_method *method, const uint64_t *p, size_t n_bytes)
{
    numpy_number numbers[3];
    for (int k = 0; k < method->n_parameters; k++)
        if (method->parameters[k].is_integer)
            numbers[k].i = (int64_t)p[k];
        else
            numbers[k].f = as_double(p[k]);
    if (method->check)
        assert_int_equal(method->check(state, numbers), ONESEED_OK);
    for (size_t k = 0; k < n_bytes / 8; k++)
        if (method->f64)
            result.f64[k] = method->f64(state, numbers);
        else
            result.i64[k] = method->i64(state, numbers);
}

#define RUN(name) static void run_##name(oneseed_numpy *state, const uint64_t *p, size_t n_p, size_t n_bytes)
#define RUN_FLOATS(name)                                                                                               \
    RUN(name)                                                                                                          \
    {                                                                                                                  \
        (void)p, (void)n_p;                                                                                            \
        oneseed_numpy_##name##_fill(state, result.f32, n_bytes / 4);                                                   \
    }
RUN_FLOATS(random_f32)
RUN_FLOATS(standard_normal_f32)
RUN_FLOATS(standard_exponential_f32)
RUN_FLOATS(standard_exponential_inv_f32)

RUN(standard_exponential_inv)
{
    (void)p, (void)n_p;
    oneseed_numpy_standard_exponential_inv_fill(state, result.f64, n_bytes / 8);
}

RUN(standard_gamma_f32)
{
    assert_int_equal(n_p, 1);
    assert_int_equal(oneseed_numpy_standard_gamma_f32_fill(state, as_double(p[0]), result.f32, n_bytes / 4), 0);
}

static void run_integers(oneseed_numpy *state, const char *name, const uint64_t *p, size_t n_bytes)
{
    static const struct {
        const char *name;
        oneseed_numpy_dtype dtype;
        size_t size;
    } types[] = {
        {"bool", ONESEED_NUMPY_BOOL, 1},     {"int8", ONESEED_NUMPY_INT8, 1},     {"uint8", ONESEED_NUMPY_UINT8, 1},
        {"int16", ONESEED_NUMPY_INT16, 2},   {"uint16", ONESEED_NUMPY_UINT16, 2}, {"int32", ONESEED_NUMPY_INT32, 4},
        {"uint32", ONESEED_NUMPY_UINT32, 4}, {"int64", ONESEED_NUMPY_INT64, 8},   {"uint64", ONESEED_NUMPY_UINT64, 8}};
    for (size_t k = 0; k < sizeof types / sizeof *types; k++)
        if (strcmp(types[k].name, name) == 0) {
            size_t n = n_bytes / types[k].size;
            uint64_t first[BYTES_MAX / 8], last[BYTES_MAX / 8];
            oneseed_numpy start = *state;
            assert_int_equal(oneseed_numpy_integers_dtype_fill(state, types[k].dtype, p[0], p[1], &other, n), 0);
            for (size_t i = 0; i < n; i++) {
                first[i] = p[0];
                last[i] = p[1];
            }
            assert_int_equal(oneseed_numpy_integers_array_fill(&start, types[k].dtype, first, last, result.bytes, n),
                             0);
            assert_memory_equal(&result, &other, n_bytes);
            return;
        }
    fail_msg("no type %s", name);
}

RUN(bytes)
{
    assert_true(n_p == 1 && p[0] == n_bytes);
    oneseed_numpy_bytes_fill(state, result.bytes, n_bytes);
}

RUN(permutation)
{
    assert_true(n_p == 1 && 8 * p[0] == n_bytes);
    oneseed_numpy_permutation_fill(state, result.i64, n_bytes / 8);
}

static void count_up(size_t n)
{
    for (size_t k = 0; k < n; k++)
        result.i64[k] = (int64_t)k;
}

RUN(shuffle_axis)
{
    assert_int_equal(n_p, 3);
    count_up(n_bytes / 8);
    oneseed_numpy_shuffle_axis(state, &result, p[0], p[1], p[2], 8);
}

RUN(permuted)
{
    assert_int_equal(n_p, 3);
    count_up(n_bytes / 8);
    oneseed_numpy_permuted(state, &result, p[0], p[1], p[2], 8);
}

RUN(choice)
{
    assert_int_equal(n_p, 2);
    assert_int_equal(oneseed_numpy_choice_fill(state, p[0], result.i64, n_bytes / 8), 0);
}

RUN(choice_distinct)
{
    assert_int_equal(n_p, 3);
    assert_true(oneseed_numpy_choice_distinct_work(p[0], n_bytes / 8, p[2] != 0) <= sizeof work / sizeof *work);
    assert_int_equal(oneseed_numpy_choice_distinct_fill(state, p[0], p[2] != 0, work, result.i64, n_bytes / 8), 0);
}

/* The parameters as doubles. */
static const double *doubles(const uint64_t *p, size_t n_p)
{
    static double values[PARAMETERS_MAX];
    for (size_t k = 0; k < n_p; k++)
        values[k] = as_double(p[k]);
    return values;
}

RUN(choice_weighted)
{
    assert_int_equal(
        oneseed_numpy_choice_weighted_fill(state, doubles(p, n_p), n_p, 0, work_f64, result.i64, n_bytes / 8), 0);
}

RUN(choice_weighted_distinct)
{
    assert_int_equal(
        oneseed_numpy_choice_weighted_distinct_fill(state, doubles(p, n_p), n_p, 0, work_f64, result.i64, n_bytes / 8),
        0);
}

RUN(multinomial)
{
    const double *pvals = doubles(p + 1, n_p - 1);
    assert_int_equal(
        oneseed_numpy_multinomial_fill(state, (int64_t)p[0], pvals, n_p - 1, result.i64, n_bytes / 8 / (n_p - 1)), 0);
}

static const int64_t *integers(const uint64_t *p, size_t n_p)
{
    static int64_t values[PARAMETERS_MAX];
    memcpy(values, p, n_p * sizeof *p);
    return values;
}

RUN(multivariate_hypergeometric)
{
    assert_int_equal(oneseed_numpy_multivariate_hypergeometric_fill(state, integers(p + 1, n_p - 1), n_p - 1,
                                                                    (int64_t)p[0], result.i64, n_bytes / 8 / (n_p - 1)),
                     0);
}

RUN(multivariate_hypergeometric_count)
{
    assert_int_equal(oneseed_numpy_multivariate_hypergeometric_count_fill(state, integers(p + 1, n_p - 1), n_p - 1,
                                                                          (int64_t)p[0], work, result.i64,
                                                                          n_bytes / 8 / (n_p - 1)),
                     0);
}

RUN(dirichlet)
{
    assert_int_equal(oneseed_numpy_dirichlet_fill(state, doubles(p, n_p), n_p, work_f64, result.f64, n_bytes / 8 / n_p),
                     0);
}

static runner runner_of(const char *name)
{
#define RUNNER(name)                                                                                                   \
    {                                                                                                                  \
#name, run_##name                                                                                              \
    }
    static const struct {
        const char *name;
        runner run;
    } runners[] = {
        RUNNER(random_f32),
        RUNNER(standard_normal_f32),
        RUNNER(standard_exponential_f32),
        RUNNER(standard_exponential_inv),
        RUNNER(standard_exponential_inv_f32),
        RUNNER(standard_gamma_f32),
        RUNNER(bytes),
        RUNNER(permutation),
        RUNNER(shuffle_axis),
        RUNNER(permuted),
        RUNNER(choice),
        RUNNER(choice_distinct),
        RUNNER(choice_weighted),
        RUNNER(choice_weighted_distinct),
        RUNNER(multinomial),
        RUNNER(multivariate_hypergeometric),
        RUNNER(multivariate_hypergeometric_count),
        RUNNER(dirichlet),
    };
    for (size_t k = 0; k < sizeof runners / sizeof *runners; k++)
        if (strcmp(runners[k].name, name) == 0)
            return runners[k].run;
    fail_msg("no method %s", name);
    return NULL;
}

static oneseed_numpy_kind kind_of(const char *name)
{
    static const char *const names[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};
    for (unsigned k = 0; k < 5; k++)
        if (strcmp(names[k], name) == 0)
            return (oneseed_numpy_kind)k;
    fail_msg("no bit generator %s", name);
    return ONESEED_NUMPY_MT19937;
}

static oneseed_numpy seeded(const char *kind, const char *seed, unsigned n_halves)
{
    uint32_t words[4];
    size_t n_words = 0;
    for (size_t length = strlen(seed); length > 0; length = length > 8 ? length - 8 : 0) {
        char part[9] = {0};
        size_t n = length > 8 ? 8 : length;
        memcpy(part, seed + length - n, n);
        words[n_words++] = (uint32_t)strtoull(part, NULL, 16);
    }
    oneseed_numpy state;
    oneseed_numpy_seed(&state, kind_of(kind), words, n_words, NULL, 0);
    for (unsigned k = 0; k < n_halves; k++)
        (void)oneseed_numpy_next_u32(&state);
    return state;
}

static uint64_t item_of(const unsigned char *bytes, size_t size)
{
    uint64_t u64;
    uint32_t u32;
    uint16_t u16;
    switch (size) {
    case 8:
        memcpy(&u64, bytes, sizeof u64);
        return u64;
    case 4:
        memcpy(&u32, bytes, sizeof u32);
        return u32;
    case 2:
        memcpy(&u16, bytes, sizeof u16);
        return u16;
    default:
        return *bytes;
    }
}

/* The first 64 bits of SHA-512 of the items' little-endian bytes. */
static uint64_t digest_of(size_t n, size_t size)
{
    oneseed_sha512 sha;
    uint8_t digest[64];
    uint64_t first = 0;
    oneseed_sha512_start(&sha);
    for (size_t k = 0; k < n; k++) {
        unsigned char item[8];
        store64_le(item, item_of(result.bytes + k * size, size));
        oneseed_sha512_add(&sha, item, size);
    }
    oneseed_sha512_finish(&sha, digest);
    for (int k = 0; k < 8; k++)
        first = first << 8 | digest[k];
    return first;
}

/* kind seed halves method parameters size n first digest after */
static void check_case(struct vector_case *vector, uint32_t version)
{
    assert_int_equal(vector->n_fields, 10);
    char **fields = vector->fields;
    uint64_t p[PARAMETERS_MAX], first[3], digest[1], after[2];
    size_t n_p = vectors_words(fields[4], p, PARAMETERS_MAX), n_first = vectors_words(fields[7], first, 3);
    size_t size = strtoul(fields[5], NULL, 10), n = strtoul(fields[6], NULL, 10);
    assert_true(n * size <= BYTES_MAX && vectors_words(fields[8], digest, 1) == 1);
    assert_int_equal(vectors_words(fields[9], after, 2), 2);

    oneseed_numpy state = seeded(fields[0], fields[1], (unsigned)strtoul(fields[2], NULL, 10));
    state.version = version;
    memset(&result, 0xca, sizeof result);
    const numpy_method *method = numpy_generator_method(fields[3]);
    if (method)
        run_method(&state, method, p, n * size);
    else if (strncmp(fields[3], "integers_", 9) == 0)
        run_integers(&state, fields[3] + 9, p, n * size);
    else
        runner_of(fields[3])(&state, p, n_p, n * size);

    for (size_t k = 0; k < n_first; k++)
        if (item_of(result.bytes + k * size, size) != first[k])
            fail_msg("line %d: %s: value %zu is %llx, not %llx", vector->line, fields[3], k,
                     (unsigned long long)item_of(result.bytes + k * size, size), (unsigned long long)first[k]);
    if (digest_of(n, size) != digest[0])
        fail_msg("line %d: %s: a later value differs", vector->line, fields[3]);
    for (size_t k = n * size; k < sizeof result; k++)
        if (result.bytes[k] != 0xca)
            fail_msg("line %d: %s: byte %zu behind the result is written", vector->line, fields[3], k);
    if (oneseed_numpy_next_u32(&state) != after[0] || oneseed_numpy_next_u64(&state) != after[1])
        fail_msg("line %d: %s: the state afterwards differs", vector->line, fields[3]);
}

static void check_file(const char *name, uint32_t version, int n_cases_min)
{
    static struct vector_case vector;
    int n_cases = 0;
    FILE *file = vectors_open(name);
    for (vector.line = 0; vectors_next(file, &vector); n_cases++)
        check_case(&vector, version);
    (void)fclose(file);
    assert_true(n_cases >= n_cases_min);
}

static void test_vectors_of_2_4(void **state)
{
    (void)state;
    check_file("numpy_generator_2.4.txt", 20400, 800);
    check_file("numpy_generator_2.4.txt", 0, 800);
}

static void test_vectors_of_1_26(void **state)
{
    (void)state;
    check_file("numpy_generator_1.26.txt", 12604, 500);
}

static void test_vectors_of_2_5(void **state)
{
    (void)state;
    check_file("numpy_generator_2.5.txt", 20500, 500);
}

/* ---- Properties */

static const char *const kinds[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};

/* Parameters that each method takes: 2, then 3, then 4. */
static void usual_parameters(const numpy_method *method, numpy_number *numbers)
{
    for (int k = 0; k < method->n_parameters; k++)
        if (method->parameters[k].is_integer)
            numbers[k].i = 2 + k;
        else
            numbers[k].f = strcmp(method->parameters[k].name, "p") == 0 ? 0.25 : 2.0 + k;
}

static void assert_same_state(const oneseed_numpy *a, const oneseed_numpy *b)
{
    assert_int_equal(a->has_uint32, b->has_uint32);
    assert_int_equal(a->uinteger, b->uinteger);
    oneseed_numpy c = *a, d = *b;
    for (int k = 0; k < 700; k++)
        assert_true(oneseed_numpy_next_u64(&c) == oneseed_numpy_next_u64(&d));
}

/* A method's fill is its draws, at lengths around the size of the blocks that fills work in. */
static void test_fills_are_draws(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 511, 512, 513, 1024, 2500};
    for (int m = 0; m < n_numpy_generator_methods; m++)
        for (unsigned kind = 0; kind < 5; kind++)
            for (unsigned l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                const numpy_method *method = numpy_generator_methods + m;
                numpy_number numbers[3];
                usual_parameters(method, numbers);
                oneseed_numpy one = seeded(kinds[kind], "1234567890", kind), other_state = one;
                size_t n = lengths[l];
                memset(&result, 0xca, sizeof result);
                memset(&other, 0xca, sizeof other);
                for (size_t k = 0; k < n; k++)
                    if (method->f64)
                        other.f64[k] = method->f64(&other_state, numbers);
                    else
                        other.i64[k] = method->i64(&other_state, numbers);
                if (method->fill_f64)
                    method->fill_f64(&one, numbers, result.f64, n);
                else if (method->fill_i64)
                    method->fill_i64(&one, numbers, result.i64, n);
                else
                    continue;
                assert_memory_equal(&result, &other, sizeof result);
                assert_same_state(&one, &other_state);
            }
}

/* Fills by pieces are one fill; with a half word waiting before and between. */
static void test_fills_may_be_cut(void **state)
{
    (void)state;
    static const size_t cuts[] = {1, 3, 512, 513, 600, 1025};
#define CUT(name, member)                                                                                              \
    for (unsigned kind = 0; kind < 5; kind++)                                                                          \
        for (unsigned c = 0; c < sizeof cuts / sizeof *cuts; c++) {                                                    \
            oneseed_numpy whole = seeded(kinds[kind], "77", kind % 2), parts = whole;                                  \
            oneseed_numpy_##name##_fill(&whole, result.member, 2000);                                                  \
            for (size_t done = 0; done < 2000; done += cuts[c])                                                        \
                oneseed_numpy_##name##_fill(&parts, other.member + done,                                               \
                                            2000 - done < cuts[c] ? 2000 - done : cuts[c]);                            \
            assert_memory_equal(&result, &other, 2000 * sizeof *result.member);                                        \
            assert_same_state(&whole, &parts);                                                                         \
        }
    CUT(random, f64)
    CUT(random_f32, f32)
    CUT(standard_normal, f64)
    CUT(standard_normal_f32, f32)
    CUT(standard_exponential, f64)
    CUT(standard_exponential_f32, f32)
    CUT(standard_exponential_inv, f64)
    CUT(standard_exponential_inv_f32, f32)
    CUT(standard_cauchy, f64)
}

/* Pieces of words go on from part to part. */
static void test_integers_by_parts(void **state)
{
    (void)state;
    static const oneseed_numpy_dtype types[] = {ONESEED_NUMPY_BOOL, ONESEED_NUMPY_UINT8, ONESEED_NUMPY_UINT16,
                                                ONESEED_NUMPY_UINT32, ONESEED_NUMPY_UINT64};
    static const size_t sizes[] = {1, 1, 2, 4, 8}, cuts[] = {1, 3, 7, 512, 700};
    for (int t = 0; t < 5; t++)
        for (int c = 0; c < 5; c++) {
            oneseed_numpy whole = seeded("PCG64", "abc", 1), parts = whole;
            oneseed_numpy_pieces pieces = {0, 0};
            uint64_t last = t == 0 ? 1 : 200;
            assert_int_equal(oneseed_numpy_integers_dtype_fill(&whole, types[t], 0, last, &result, 2000), 0);
            for (size_t done = 0; done < 2000; done += cuts[c])
                assert_int_equal(oneseed_numpy_integers_part_fill(&parts, &pieces, types[t], 0, last,
                                                                  other.bytes + done * sizes[t],
                                                                  2000 - done < cuts[c] ? 2000 - done : cuts[c]),
                                 0);
            assert_memory_equal(&result, &other, 2000 * sizes[t]);
            assert_same_state(&whole, &parts);
        }
}

/* For no value no range and no population is too small. */
static void test_nothing_is_no_refusal(void **state)
{
    (void)state;
    oneseed_numpy s = seeded("PCG64", "1", 0), start = s;
    assert_int_equal(oneseed_numpy_integers_fill(&s, 5, 3, result.i64, 0), 0);
    assert_int_equal(oneseed_numpy_choice_fill(&s, 0, result.i64, 0), 0);
    assert_int_equal(oneseed_numpy_choice_distinct_fill(&s, 0, 1, work, result.i64, 0), 0);
    assert_memory_equal(&s, &start, sizeof s);
}

/* The public functions are the table's draws. */
static void test_functions_are_the_table(void **state)
{
    (void)state;
    numpy_number numbers[3];
    oneseed_numpy start = seeded("PCG64", "5", 1), a, b;
#define LIKE_TABLE(name, member, ...)                                                                                  \
    do {                                                                                                               \
        const numpy_method *method = numpy_generator_method(#name);                                                    \
        usual_parameters(method, numbers);                                                                             \
        a = b = start;                                                                                                 \
        for (int k = 0; k < 300; k++)                                                                                  \
            result.member[k] = method->member(&a, numbers);                                                            \
        for (int k = 0; k < 100; k++)                                                                                  \
            other.member[k] = oneseed_numpy_##name(&b, __VA_ARGS__);                                                   \
        assert_int_equal(oneseed_numpy_##name##_fill(&b, __VA_ARGS__, other.member + 100, 200), ONESEED_OK);           \
        assert_memory_equal(&result, &other, 300 * 8);                                                                 \
        assert_same_state(&a, &b);                                                                                     \
    } while (0)
#define P(k) numbers[k].f
    LIKE_TABLE(standard_gamma, f64, P(0));
    LIKE_TABLE(chisquare, f64, P(0));
    LIKE_TABLE(exponential, f64, P(0));
    LIKE_TABLE(pareto, f64, P(0));
    LIKE_TABLE(power, f64, P(0));
    LIKE_TABLE(rayleigh, f64, P(0));
    LIKE_TABLE(standard_t, f64, P(0));
    LIKE_TABLE(weibull, f64, P(0));
    LIKE_TABLE(beta, f64, P(0), P(1));
    LIKE_TABLE(f, f64, P(0), P(1));
    LIKE_TABLE(gamma, f64, P(0), P(1));
    LIKE_TABLE(gumbel, f64, P(0), P(1));
    LIKE_TABLE(laplace, f64, P(0), P(1));
    LIKE_TABLE(logistic, f64, P(0), P(1));
    LIKE_TABLE(lognormal, f64, P(0), P(1));
    LIKE_TABLE(noncentral_chisquare, f64, P(0), P(1));
    LIKE_TABLE(normal, f64, P(0), P(1));
    LIKE_TABLE(uniform, f64, P(0), P(1));
    LIKE_TABLE(vonmises, f64, P(0), P(1));
    LIKE_TABLE(wald, f64, P(0), P(1));
    LIKE_TABLE(noncentral_f, f64, P(0), P(1), P(2));
    LIKE_TABLE(triangular, f64, P(0), P(1), P(2));
    LIKE_TABLE(geometric, i64, P(0));
    LIKE_TABLE(logseries, i64, P(0));
    LIKE_TABLE(poisson, i64, P(0));
    LIKE_TABLE(zipf, i64, P(0));
    LIKE_TABLE(binomial, i64, numbers[0].i, P(1));
    LIKE_TABLE(negative_binomial, i64, P(0), P(1));
    LIKE_TABLE(hypergeometric, i64, numbers[0].i, numbers[1].i, numbers[2].i);
}

/* Refusals: their status, nothing drawn, nothing written. */
static void test_refusals(void **state)
{
    (void)state;
    oneseed_numpy start = seeded("SFC64", "9", 1), s = start;
    memset(&result, 0xca, sizeof result);
#define REFUSED(status, call) assert_int_equal(call, ONESEED_NUMPY_##status)
    REFUSED(SHAPE_NEGATIVE, oneseed_numpy_standard_gamma_fill(&s, -1.0, result.f64, 2));
    REFUSED(SHAPE_NEGATIVE, oneseed_numpy_standard_gamma_f32_fill(&s, -0.0, result.f32, 2));
    REFUSED(SHAPE_NEGATIVE, oneseed_numpy_gamma_fill(&s, -1.0, -1.0, result.f64, 2));
    REFUSED(SCALE_NEGATIVE, oneseed_numpy_gamma_fill(&s, 1.0, -1.0, result.f64, 2));
    REFUSED(SCALE_NEGATIVE, oneseed_numpy_normal_fill(&s, 0.0, -0.0, result.f64, 2));
    REFUSED(RANGE_NOT_FINITE, oneseed_numpy_uniform_fill(&s, -1.5e308, 1.5e308, result.f64, 2));
    REFUSED(RANGE_NEGATIVE, oneseed_numpy_uniform_fill(&s, 1.0, 0.0, result.f64, 2));
    REFUSED(B_NOT_POSITIVE, oneseed_numpy_beta_fill(&s, 1.0, 0.0, result.f64, 2));
    REFUSED(LEFT_IS_RIGHT, oneseed_numpy_triangular_fill(&s, 1.0, 1.0, 1.0, result.f64, 2));
    REFUSED(P_NOT_0_TO_1, oneseed_numpy_binomial_fill(&s, -1, 1.5, result.i64, 2));
    REFUSED(N_NEGATIVE, oneseed_numpy_binomial_fill(&s, -1, 0.5, result.i64, 2));
    REFUSED(N_TOO_LARGE, oneseed_numpy_negative_binomial_fill(&s, 1e20, 0.5, result.i64, 2));
    REFUSED(LAM_NAN, oneseed_numpy_poisson_fill(&s, as_double(0x7ff8000000000000), result.i64, 2));
    REFUSED(LAM_TOO_LARGE, oneseed_numpy_poisson_fill(&s, 9.3e18, result.i64, 2));
    REFUSED(A_NOT_ABOVE_1, oneseed_numpy_zipf_fill(&s, 1.0, result.i64, 2));
    REFUSED(NSAMPLE_TOO_LARGE, oneseed_numpy_hypergeometric_fill(&s, 1, 1, 3, result.i64, 2));
    REFUSED(HIGH_NOT_POSITIVE, oneseed_numpy_integers_fill(&s, 0, 0, result.i64, 2));
    REFUSED(EMPTY_RANGE, oneseed_numpy_integers_fill(&s, 2, 1, result.i64, 2));
    REFUSED(LOW_OUT_OF_BOUNDS,
            oneseed_numpy_integers_dtype_fill(&s, ONESEED_NUMPY_UINT8, (uint64_t)-1, 300, &result, 2));
    REFUSED(HIGH_OUT_OF_BOUNDS, oneseed_numpy_integers_dtype_fill(&s, ONESEED_NUMPY_BOOL, 0, 2, &result, 2));
    REFUSED(EMPTY_RANGE, oneseed_numpy_integers_dtype_fill(&s, ONESEED_NUMPY_UINT64, UINT64_MAX, 0, &result, 2));
    REFUSED(EMPTY_POPULATION, oneseed_numpy_choice_fill(&s, 0, result.i64, 2));
    REFUSED(SAMPLE_TOO_LARGE, oneseed_numpy_choice_distinct_fill(&s, 1, 1, work, result.i64, 2));
    static const double third[] = {1 / 3., 1 / 3.}, negative[] = {-0.5, 1.5}, one[] = {1.0, 0.0},
                        large[] = {0.8, 0.8, 0};
    static const int64_t colors[] = {1, -1}, many[] = {INT64_MAX, 1}, few[] = {1, 2};
    REFUSED(PROBABILITIES_SUM, oneseed_numpy_choice_weighted_fill(&s, third, 2, 0, work_f64, result.i64, 2));
    REFUSED(PROBABILITIES_NEGATIVE, oneseed_numpy_choice_weighted_fill(&s, negative, 2, 0, work_f64, result.i64, 2));
    REFUSED(PROBABILITIES_TOO_FEW, oneseed_numpy_choice_weighted_distinct_fill(&s, one, 2, 0, work_f64, result.i64, 2));
    REFUSED(PVALS_NOT_0_TO_1, oneseed_numpy_multinomial_fill(&s, 1, negative, 2, result.i64, 2));
    REFUSED(PVALS_SUM, oneseed_numpy_multinomial_fill(&s, 1, large, 3, result.i64, 2));
    REFUSED(COLORS_INVALID, oneseed_numpy_multivariate_hypergeometric_fill(&s, colors, 2, 0, result.i64, 2));
    REFUSED(COLORS_SUM, oneseed_numpy_multivariate_hypergeometric_fill(&s, many, 2, 0, result.i64, 2));
    REFUSED(COLORS_SUM_MARGINALS, oneseed_numpy_multivariate_hypergeometric_fill(&s, many, 1, 0, result.i64, 2));
    REFUSED(MVHG_NSAMPLE_TOO_LARGE, oneseed_numpy_multivariate_hypergeometric_fill(&s, few, 2, 4, result.i64, 2));
    REFUSED(ALPHA_NEGATIVE, oneseed_numpy_dirichlet_fill(&s, negative, 2, work_f64, result.f64, 2));
    assert_true(isnan(oneseed_numpy_normal(&s, 0.0, -1.0)));
    assert_true(oneseed_numpy_poisson(&s, -1.0) == INT64_MIN);
    assert_true(oneseed_numpy_integers(&s, 0, 0) == INT64_MIN);
    assert_memory_equal(&s, &start, sizeof s);
    for (size_t k = 0; k < sizeof result; k++)
        assert_int_equal(result.bytes[k], 0xca);
}

/* NumPy before 2.1 does not come back from zipf(1025), before 1.26 not from some of beta and dirichlet. */
static void test_endless(void **state)
{
    (void)state;
    oneseed_numpy s = seeded("PCG64", "1", 0);
    s.version = 12604;
    REFUSED(ENDLESS, oneseed_numpy_zipf_fill(&s, 1025.0, result.i64, 1));
    s.version = 12502;
    REFUSED(ENDLESS, oneseed_numpy_beta_fill(&s, 1e-100, 1e-100, result.f64, 1));
    static const double alpha[] = {0.05, 0.0, 0.0};
    REFUSED(ENDLESS, oneseed_numpy_dirichlet_fill(&s, alpha, 3, work_f64, result.f64, 1));
    s.version = 20100;
    assert_int_equal(oneseed_numpy_zipf(&s, 1025.0), 1);
    assert_int_equal(oneseed_numpy_beta_fill(&s, 1e-100, 1e-100, result.f64, 1), ONESEED_OK);
    assert_int_equal(oneseed_numpy_dirichlet_fill(&s, alpha, 3, work_f64, result.f64, 1), ONESEED_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_2_4),
        cmocka_unit_test(test_vectors_of_1_26),
        cmocka_unit_test(test_vectors_of_2_5),
        cmocka_unit_test(test_fills_are_draws),
        cmocka_unit_test(test_fills_may_be_cut),
        cmocka_unit_test(test_integers_by_parts),
        cmocka_unit_test(test_nothing_is_no_refusal),
        cmocka_unit_test(test_functions_are_the_table),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
