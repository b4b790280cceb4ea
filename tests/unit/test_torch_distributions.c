/* test_torch_distributions.c - PyTorch's distributions on the CPU against its own values, the state afterwards,
 * refusals.
 * SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <math.h>    /* NAN */
#include <stdbool.h> /* bool */

#include "dialects/torch_distribution.h" /* torch_distribution_named */
#include "dialects/torch_math.h"         /* torch_log1p_f32 */
#include "dialects/torch_topk.h"         /* torch_topk */
#include "oneseed.h"                     /* oneseed_torch_… */

enum { N_MAX = 512 };

static unsigned place(const char *name, const char *const *names, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    fail_msg("%s: unknown", name);
    return n;
}

static oneseed_torch_dtype dtype_of(const char *name)
{
    static const char *const names[] = {"float32", "float64", "float16", "bfloat16", "uint8",
                                        "int8",    "int16",   "int32",   "int64"};
    return (oneseed_torch_dtype)place(name, names, sizeof names / sizeof *names);
}

/* A tensor's memory from the bits of its values, and back. */
static size_t load(oneseed_torch_dtype dtype, const char *field, void *out)
{
    uint64_t words[N_MAX];
    const size_t size = oneseed_torch_dtype_size(dtype), n = vectors_words(field, words, N_MAX);
    for (size_t i = 0; i < n; i++) {
        const uint16_t u16 = (uint16_t)words[i];
        const uint32_t u32 = (uint32_t)words[i];
        const void *from = size == 2 ? (const void *)&u16 : size == 4 ? (const void *)&u32 : (const void *)&words[i];
        assert_true(size > 1);
        memcpy((char *)out + i * size, from, size);
    }
    return n;
}

static uint64_t bits_at(size_t size, const void *values, size_t i)
{
    uint64_t u64;
    uint32_t u32;
    uint16_t u16;
    if (size == 1)
        return ((const uint8_t *)values)[i];
    if (size == 2)
        return memcpy(&u16, (const char *)values + 2 * i, 2), u16;
    if (size == 4)
        return memcpy(&u32, (const char *)values + 4 * i, 4), u32;
    return memcpy(&u64, (const char *)values + 8 * i, 8), u64;
}

struct given {
    oneseed_torch_dtype dtype;
    double parameters[4];
    double a[N_MAX], b[N_MAX];
    uint64_t sizes[4];
};

/* `out` has values of *size bytes afterwards. */
static oneseed_status draw(const char *name, oneseed_torch *state, const struct given *given, void *out, size_t *size)
{
    static double work[3 * N_MAX];
    const double *p = given->parameters;
    const size_t n = (size_t)given->sizes[0], n_columns = (size_t)given->sizes[1];
    *size = oneseed_torch_dtype_size(given->dtype);
    if (strcmp(name, "exponential") == 0)
        return oneseed_torch_exponential_fill(state, given->dtype, p[0], out, n);
    if (strcmp(name, "geometric") == 0)
        return oneseed_torch_geometric_fill(state, given->dtype, p[0], out, n);
    if (strcmp(name, "cauchy") == 0)
        return oneseed_torch_cauchy_fill(state, given->dtype, p[0], p[1], out, n);
    if (strcmp(name, "log_normal") == 0)
        return oneseed_torch_log_normal_fill(state, given->dtype, p[0], p[1], out, n);
    if (strcmp(name, "poisson") == 0)
        return oneseed_torch_poisson_fill(state, given->dtype, given->a, out, n);
    if (strcmp(name, "binomial") == 0)
        return oneseed_torch_binomial_fill(state, given->dtype, given->a, given->b, out, n);
    if (strcmp(name, "standard_gamma") == 0)
        return oneseed_torch_standard_gamma_fill(state, given->dtype, given->a, out, n);
    if (strcmp(name, "dirichlet") == 0)
        return oneseed_torch_dirichlet_fill(state, given->dtype, given->a, n, n_columns, work, out);
    if (strcmp(name, "multinomial") == 0) {
        *size = 8;
        return oneseed_torch_multinomial_fill(state, given->dtype, given->a, n, n_columns, (int64_t)given->sizes[2],
                                              given->sizes[3] != 0, work, out);
    }
    if (strcmp(name, "sigmoid") == 0)
        return oneseed_torch_sigmoid_fill(state, given->dtype, given->a, out, n);
    if (strcmp(name, "normalize") == 0)
        return oneseed_torch_normalize_fill(given->dtype, given->a, n, n_columns, out);
    if (strcmp(name, "softmax") == 0)
        return oneseed_torch_softmax_fill(state, given->dtype, given->a, n, n_columns, out);
    if (strcmp(name, "trunc_normal") == 0)
        return oneseed_torch_trunc_normal_fill(state, given->dtype, p[0], p[1], p[2], p[3], work, out, n);
    const torch_distribution *distribution = torch_distribution_named(name);
    if (!distribution)
        fail_msg("%s: unknown", name);
    const char *const values = (const char *)given->a;
    const void *const parameters[] = {values, values + n * *size, values + 2 * n * *size};
    return oneseed_torch_distribution_fill(state, (oneseed_torch_distribution)(distribution - torch_distributions),
                                           given->dtype, parameters, n, work, out, n);
}

static void test_vectors(void **unused)
{
    (void)unused;
    static const char *const capabilities[] = {"", "default", "avx2", "avx512"};
    static struct vector_case line;
    static struct given given;
    FILE *file = vectors_open("torch_distributions.txt");
    int n_lines = 0;
    for (line.line = 0; vectors_next(file, &line); n_lines++) {
        uint64_t seed = 0, n_warm = 0, parameters[4], want[N_MAX], after[3];
        double out[N_MAX], skipped;
        size_t size;
        oneseed_torch state;
        assert_int_equal(line.n_fields, 13);
        memset(&state, 0, sizeof state);
        memset(&given, 0, sizeof given);
        memset(out, 0xca, sizeof out);
        state.cpu = place(line.fields[1], capabilities, 4);
        given.dtype = dtype_of(line.fields[2]);
        vectors_words(line.fields[3], &seed, 1);
        vectors_words(line.fields[4], &n_warm, 1);
        memcpy(given.parameters, parameters, sizeof(double) * vectors_words(line.fields[5], parameters, 4));
        load(given.dtype, line.fields[6], given.a);
        load(given.dtype, line.fields[7], given.b);
        vectors_words(line.fields[8], given.sizes, 4);
        const size_t n = vectors_words(line.fields[9], want, N_MAX);
        oneseed_torch_manual_seed(&state, seed);
        for (uint64_t i = 0; i < n_warm; i++)
            oneseed_torch_log_normal_fill(&state, ONESEED_TORCH_FLOAT64, 0, 1, &skipped, 1);
        assert_int_equal(draw(line.fields[0], &state, &given, out, &size), ONESEED_OK);
        for (size_t i = 0; i < n; i++)
            if (bits_at(size, out, i) != want[i])
                fail_msg("line %d: value %zu is %llx", line.line, i, (unsigned long long)bits_at(size, out, i));
        for (int i = 0; i < 3; i++)
            vectors_words(line.fields[10 + i], &after[i], 1);
        assert_int_equal(oneseed_torch_random_u64(&state), after[0]);
        assert_int_equal(state.has_normal, after[1]);
        if (after[1])
            assert_int_equal(bits_at(8, &state.normal, 0), after[2]);
    }
    (void)fclose(file);
    assert_true(n_lines > 150);
}

/* What is refused draws nothing and writes nothing. */
static void test_refusals(void **unused)
{
    (void)unused;
    float out[4] = {7, 7, 7, 7};
    const float one[2] = {1, 1}, negative[2] = {1, -1}, nan[2] = {1, NAN}, nothing[2] = {0, 0};
    const float infinite[2] = {1, INFINITY};
    double work[4];
    int64_t index[4] = {7, 7, 7, 7};
    oneseed_torch state, before;
    memset(&state, 0, sizeof state);
    state.cpu = ONESEED_TORCH_CPU_AVX2;
    oneseed_torch_manual_seed(&state, 1);
    before = state;
    const oneseed_torch_dtype f32 = ONESEED_TORCH_FLOAT32, i64 = ONESEED_TORCH_INT64, f16 = ONESEED_TORCH_FLOAT16;
    assert_int_equal(oneseed_torch_exponential_fill(&state, f32, 0, out, 4), ONESEED_TORCH_EXPONENTIAL_LAMBDA);
    assert_int_equal(oneseed_torch_exponential_fill(&state, f32, NAN, out, 4), ONESEED_TORCH_EXPONENTIAL_LAMBDA);
    assert_int_equal(oneseed_torch_exponential_fill(&state, i64, 1, out, 2), ONESEED_TORCH_EXPONENTIAL_DTYPE);
    assert_int_equal(oneseed_torch_geometric_fill(&state, f32, 1, out, 4), ONESEED_TORCH_GEOMETRIC_P);
    assert_int_equal(oneseed_torch_geometric_fill(&state, ONESEED_TORCH_BOOL, 0.5, out, 4), ONESEED_TORCH_DTYPE);
    assert_int_equal(oneseed_torch_cauchy_fill(&state, f32, 0, 0, out, 4), ONESEED_TORCH_CAUCHY_SIGMA);
    assert_int_equal(oneseed_torch_cauchy_fill(&state, i64, 0, 1, out, 2), ONESEED_TORCH_CAUCHY_DTYPE);
    assert_int_equal(oneseed_torch_log_normal_fill(&state, f32, 0, -1, out, 4), ONESEED_TORCH_LOG_NORMAL_STD);
    assert_int_equal(oneseed_torch_poisson_fill(&state, f32, negative, out, 2), ONESEED_TORCH_POISSON_RATE);
    assert_int_equal(oneseed_torch_poisson_fill(&state, f32, nan, out, 2), ONESEED_TORCH_POISSON_RATE);
    assert_int_equal(oneseed_torch_binomial_fill(&state, f16, one, one, out, 2), ONESEED_TORCH_DTYPE);
    assert_int_equal(oneseed_torch_standard_gamma_fill(&state, f32, negative, out, 2), ONESEED_TORCH_GAMMA_ENDLESS);
    assert_int_equal(oneseed_torch_dirichlet_fill(&state, f32, nan, 1, 2, work, out), ONESEED_TORCH_GAMMA_ENDLESS);
    static const struct {
        int64_t n_samples;
        int replacement;
        oneseed_status status[3]; /* of negative, infinite and empty weights */
    } cases[] = {
        {0,
         0,
         {ONESEED_TORCH_MULTINOMIAL_SAMPLES, ONESEED_TORCH_MULTINOMIAL_SAMPLES, ONESEED_TORCH_MULTINOMIAL_SAMPLES}},
        {3,
         0,
         {ONESEED_TORCH_MULTINOMIAL_WITHOUT, ONESEED_TORCH_MULTINOMIAL_WITHOUT, ONESEED_TORCH_MULTINOMIAL_WITHOUT}},
        {2, 0, {ONESEED_TORCH_MULTINOMIAL_ENTRY, ONESEED_TORCH_MULTINOMIAL_ENTRY, ONESEED_TORCH_MULTINOMIAL_SUM}},
        {1, 1, {ONESEED_TORCH_MULTINOMIAL_ENTRY, ONESEED_TORCH_MULTINOMIAL_ENTRY, ONESEED_TORCH_MULTINOMIAL_SUM}},
        {2,
         1,
         {ONESEED_TORCH_MULTINOMIAL_NEGATIVE, ONESEED_TORCH_MULTINOMIAL_NOT_FINITE, ONESEED_TORCH_MULTINOMIAL_SUM}},
    };
    const float *const weights[3] = {negative, infinite, nothing};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 3; k++)
            assert_int_equal(oneseed_torch_multinomial_fill(&state, f32, weights[k], 1, 2, cases[i].n_samples,
                                                            cases[i].replacement, work, index),
                             cases[i].status[k]);
    assert_memory_equal(&state, &before, sizeof state);
    for (int i = 0; i < 4; i++)
        assert_true(out[i] == 7 && index[i] == 7);
    state.version = 20600;
    state.has_mkl = 1;
    before = state;
    assert_int_equal(oneseed_torch_exponential_fill(&state, f32, 1, out, 4), ONESEED_TORCH_MKL);
    const double pair[2] = {1, 1};
    assert_int_equal(oneseed_torch_multinomial_fill(&state, ONESEED_TORCH_FLOAT64, pair, 1, 2, 1, 0, work, index),
                     ONESEED_TORCH_MKL);
    assert_int_equal(oneseed_torch_multinomial_fill(&state, f32, one, 1, 2, 2, 1, work, index), ONESEED_OK);
    state.version = 11301;
    assert_int_equal(oneseed_torch_exponential_fill(&state, f32, 1, out, 4), ONESEED_OK);
}

/* Before 2.0 log(1 - u) stood where log1p(-u) stands: u = 0x1.f0aac97c4aa2fp-1 and so on. */
static void test_old_logarithm(void **unused)
{
    (void)unused;
    double u[256], old[256], new[256];
    int n_different = 0;
    oneseed_torch state;
    memset(&state, 0, sizeof state);
    oneseed_torch_manual_seed(&state, 0);
    oneseed_torch_rand_fill(&state, ONESEED_TORCH_FLOAT64, u, 256);
    for (int i = 0; i < 2; i++) {
        state.version = i ? 20000 : 11301;
        oneseed_torch_manual_seed(&state, 0);
        oneseed_torch_exponential_fill(&state, ONESEED_TORCH_FLOAT64, 0.5, i ? new : old, 256);
    }
    for (int i = 0; i < 256; i++) {
        assert_true(old[i] == -2.0 * log(1 - u[i]) && new[i] == -2.0 * log1p(-u[i]));
        n_different += old[i] != new[i];
    }
    assert_true(n_different > 0);
}

/* 2.0 to 2.6 with MKL: after torch.manual_seed(42); torch.rand(5) the exponentials of a tensor of 5 begin with 0.5809, 0.0436,
 * 2.0548, 1.9680, 0.3315 (as a report of users has them), and one word is drawn. Weights in proportion to them would all tie: one
 * hundredth more decides. */
static void test_mkl_exponentials(void **unused)
{
    (void)unused;
    const float exponentials[5] = {0.5809f, 0.0436f, 2.0548f, 1.9680f, 0.3315f};
    float skipped[5], weights[5];
    double work[10];
    int64_t index;
    oneseed_torch state, after;
    memset(&state, 0, sizeof state);
    state.version = 20600;
    state.has_mkl = 1;
    for (int largest = 0; largest < 5; largest++) {
        for (int i = 0; i < 5; i++)
            weights[i] = exponentials[i] * (i == largest ? 1.01f : 1);
        oneseed_torch_manual_seed(&state, 42);
        oneseed_torch_rand_fill(&state, ONESEED_TORCH_FLOAT32, skipped, 5);
        after = state;
        assert_int_equal(
            oneseed_torch_multinomial_fill(&state, ONESEED_TORCH_FLOAT32, weights, 1, 5, 1, 0, work, &index),
            ONESEED_OK);
        assert_int_equal(index, largest);
        oneseed_torch_random_u32(&after);
        assert_int_equal(oneseed_torch_random_u32(&state), oneseed_torch_random_u32(&after));
    }
}

/* The first k in order, and all of them still there, where sorting goes through each of its parts: many equal values,
 * sorted, organ pipes. */
static void test_topk(void **unused)
{
    (void)unused;
    static struct torch_ranked row[4096];
    static unsigned char seen[4096];
    oneseed_torch state;
    memset(&state, 0, sizeof state);
    oneseed_torch_manual_seed(&state, 5);
    for (int round = 0; round < 300; round++) {
        const size_t n = 1 + oneseed_torch_random_u32(&state) % (round % 3 ? 4096 : 40);
        const size_t k = 1 + oneseed_torch_random_u32(&state) % (round % 5 ? n : 1 + n / 64);
        const uint32_t n_values = 1 + oneseed_torch_random_u32(&state) % (round % 2 ? 5 : 100000);
        for (size_t i = 0; i < n; i++) {
            const uint32_t word = oneseed_torch_random_u32(&state) % n_values;
            row[i].index = (int64_t)i;
            row[i].value = round % 4 == 0 ? (double)(i < n / 2 ? i : n - i) : word;
            if (round % 4 == 1 && word == 0)
                row[i].value = NAN;
        }
        torch_topk(row, n, k);
        memset(seen, 0, sizeof seen);
        for (size_t i = 0; i < n; i++) {
            assert_false(seen[row[i].index]);
            seen[row[i].index] = 1;
            assert_false(i && i < k && !isnan(row[i - 1].value) && !(row[i].value <= row[i - 1].value));
            assert_false(i >= k && !isnan(row[k - 1].value) && !(row[i].value <= row[k - 1].value));
        }
    }
}

/* Parameters that a distribution refuses, by which of them, and the texts; nothing is drawn. */
static void test_parameters(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double values[3];
        int invalid;
    } cases[] = {
        {"Normal", {0, 1, 0}, -1},      {"Normal", {NAN, 1, 0}, 0},          {"Normal", {0, 0, 0}, 1},
        {"Uniform", {1, 2, 0}, -1},     {"Uniform", {2, 2, 0}, 0},           {"Exponential", {0, 0, 0}, 0},
        {"StudentT", {1, 0, -1}, 2},    {"Pareto", {-1, -1, 0}, 1},          {"Pareto", {-1, 1, 0}, 0},
        {"Bernoulli", {0, 0, 0}, -1},   {"Bernoulli", {1.5, 0, 0}, 0},       {"Geometric", {0, 0, 0}, 0},
        {"Geometric", {1, 0, 0}, -1},   {"Poisson", {0, 0, 0}, -1},          {"Poisson", {-1, 0, 0}, 0},
        {"Binomial", {2.5, 0.5, 0}, 0}, {"Binomial", {2, 0.5, 0}, -1},       {"NegativeBinomial", {1, 1, 0}, 1},
        {"Beta", {1, NAN, 0}, 1},       {"LogNormal", {INFINITY, 1, 0}, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const torch_distribution *distribution = torch_distribution_named(cases[i].name);
        const void *const parameters[] = {&cases[i].values[0], &cases[i].values[1], &cases[i].values[2]};
        double work[3], out = 7;
        oneseed_torch state, before;
        assert_non_null(distribution);
        memset(&state, 0, sizeof state);
        state.cpu = ONESEED_TORCH_CPU_DEFAULT;
        before = state;
        assert_int_equal(torch_distribution_invalid(distribution, ONESEED_TORCH_FLOAT64, parameters, 1),
                         cases[i].invalid);
        const oneseed_torch_distribution which = (oneseed_torch_distribution)(distribution - torch_distributions);
        assert_int_equal(
            oneseed_torch_distribution_fill(&state, which, ONESEED_TORCH_FLOAT16, parameters, 1, work, &out, 1),
            ONESEED_TORCH_DTYPE);
        if (cases[i].invalid < 0)
            continue;
        assert_int_equal(
            oneseed_torch_distribution_fill(&state, which, ONESEED_TORCH_FLOAT64, parameters, 1, work, &out, 1),
            ONESEED_TORCH_PARAMETER);
        assert_memory_equal(&state, &before, sizeof state);
        assert_true(out == 7);
    }
    assert_null(torch_distribution_named("Nobody"));
    assert_string_equal(torch_constraint_text(TORCH_POSITIVE), "GreaterThan(lower_bound=0.0)");
    assert_null(torch_constraint_text(TORCH_BELOW_HIGH));
}

/* All over the range the vector's logarithm is within an ulp of libm's, and the same where they have to be. */
static void test_log1p(void **unused)
{
    (void)unused;
    oneseed_torch state;
    memset(&state, 0, sizeof state);
    oneseed_torch_manual_seed(&state, 11);
    for (int i = 0; i < 100000; i++) {
        const double x = ldexp((double)oneseed_torch_random_u32(&state), -32 - i % 60) * (i % 2 ? -1 : 1);
        const double f64 = torch_log1p_f64(true, x), f32 = (double)torch_log1p_f32(true, (float)x);
        assert_true(fabs(f64 - log1p(x)) <= 2.3e-16 * fabs(f64));
        assert_true(fabs(f32 - log1p((double)(float)x)) <= 1.2e-7 * fabs(f32));
    }
    assert_true(torch_log1p_f64(true, -1) == -INFINITY && torch_log1p_f32(true, -1) == -INFINITY);
    assert_true(isnan(torch_log1p_f64(true, -2)) && isnan(torch_log1p_f32(true, NAN)));
    assert_true(signbit(torch_log1p_f64(true, -0.0)) && torch_log1p_f64(true, INFINITY) == INFINITY);
}

/* Softmax over each number of categories up to three vectors: probabilities, largest where the logit is, the sum 1. */
static void test_softmax(void **unused)
{
    (void)unused;
    for (uint32_t cpu = ONESEED_TORCH_CPU_DEFAULT; cpu <= ONESEED_TORCH_CPU_AVX512; cpu++)
        for (size_t n = 1; n <= 50; n++) {
            float logits[50], probs[50];
            double exact[50], sum = 0, sum_exact = 0;
            oneseed_torch state;
            memset(&state, 0, sizeof state);
            state.cpu = cpu;
            oneseed_torch_manual_seed(&state, n);
            oneseed_torch_cauchy_fill(&state, ONESEED_TORCH_FLOAT32, 0, 1, logits, n);
            assert_int_equal(oneseed_torch_softmax_fill(&state, ONESEED_TORCH_FLOAT32, logits, 1, n, probs),
                             ONESEED_OK);
            for (size_t i = 0; i < n; i++)
                sum_exact += exact[i] = exp((double)logits[i]);
            for (size_t i = 0; i < n; i++) {
                sum += (double)probs[i];
                assert_true(fabs((double)probs[i] * sum_exact - exact[i]) <= 1e-4 * exact[i] + 1e-37 * sum_exact);
            }
            assert_true(fabs(sum - 1) < 1e-5);
        }
}

/* Before 2.12: the inverse of the distribution's function; what erf() makes of it is the uniform again. */
static void test_old_truncated(void **unused)
{
    (void)unused;
    double u[64], x[64], work[3 * 64];
    oneseed_torch state;
    memset(&state, 0, sizeof state);
    state.version = 21100;
    state.cpu = ONESEED_TORCH_CPU_AVX2;
    oneseed_torch_manual_seed(&state, 3);
    oneseed_torch_uniform_fill(&state, ONESEED_TORCH_FLOAT64, erf(-1.5 / sqrt(2)), erf(0.5 / sqrt(2)), u, 64);
    oneseed_torch_manual_seed(&state, 3);
    assert_int_equal(oneseed_torch_trunc_normal_fill(&state, ONESEED_TORCH_FLOAT64, 1, 2, -2, 2, work, x, 64), 0);
    for (int i = 0; i < 64; i++)
        assert_true(fabs(erf((x[i] - 1) / 2 / sqrt(2)) - u[i]) < 1e-15);
    assert_int_equal(oneseed_torch_trunc_normal_fill(&state, ONESEED_TORCH_FLOAT64, 1, 0, -2, 2, work, x, 64),
                     ONESEED_TORCH_FAN_ZERO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_refusals),         cmocka_unit_test(test_old_logarithm),
        cmocka_unit_test(test_topk),    cmocka_unit_test(test_mkl_exponentials), cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_log1p),   cmocka_unit_test(test_softmax),          cmocka_unit_test(test_old_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
