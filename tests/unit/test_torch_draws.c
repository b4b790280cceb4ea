/* test_torch_draws.c - PyTorch's draws of several versions and capabilities, as bits, and the generator afterwards.
 * SPDX-License-Identifier: MIT */
#include "vectors.h"

#include "oneseed.h" /* oneseed_torch_… */

enum { MAX = 5 * 1024, LISTED = 17 };

/* A line of the vectors; the tensors are large enough for every dtype. */
static struct {
    oneseed_torch state;
    const char *name;
    oneseed_torch_dtype dtype;
    double a, b;
    int64_t low, high;
    size_t n;
    uint64_t out[MAX], in[MAX], other[MAX];
} t;

static oneseed_torch_dtype dtype_of(const char *name)
{
    static const char *const names[] = {"float32", "float64", "float16", "bfloat16", "uint8",  "int8",  "int16",
                                        "int32",   "int64",   "bool",    "uint16",   "uint32", "uint64"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return (oneseed_torch_dtype)i;
    fail_msg("dtype %s", name);
    return ONESEED_TORCH_FLOAT32;
}

/* Values that all floating dtypes have, written by way of the sum 0 * x + value: normal() with a deviation of 0. */
static void put(void *tensor, size_t i, double value)
{
    oneseed_torch scratch;
    memset(&scratch, 0, sizeof scratch);
    oneseed_torch_manual_seed(&scratch, 0);
    size_t size = oneseed_torch_dtype_size(t.dtype);
    assert_int_equal(oneseed_torch_normal_fill(&scratch, t.dtype, value, 0, (char *)tensor + size * i, 1), ONESEED_OK);
}

static void make_input(size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(t.in, i, ((double)(i * 7 % 31) - 15) / 8);
}

static oneseed_status call(void)
{
    const char *name = t.name;
    if (strcmp(name, "rand") == 0)
        return oneseed_torch_rand_fill(&t.state, t.dtype, t.out, t.n);
    if (strcmp(name, "uniform") == 0)
        return oneseed_torch_uniform_fill(&t.state, t.dtype, t.a, t.b, t.out, t.n);
    if (strcmp(name, "randn") == 0)
        return oneseed_torch_randn_fill(&t.state, t.dtype, t.out, t.n);
    if (strcmp(name, "normal") == 0)
        return oneseed_torch_normal_fill(&t.state, t.dtype, t.a, t.b, t.out, t.n);
    if (strcmp(name, "normal_noncontiguous") == 0)
        return oneseed_torch_normal_noncontiguous_fill(&t.state, t.dtype, t.a, t.b, t.out, t.n);
    if (strcmp(name, "randint") == 0)
        return oneseed_torch_randint_fill(&t.state, t.dtype, t.low, t.high, t.out, t.n);
    if (strcmp(name, "random_from") == 0)
        return oneseed_torch_random_from_fill(&t.state, t.dtype, t.low, t.out, t.n);
    if (strcmp(name, "random") == 0)
        return oneseed_torch_random_fill(&t.state, t.dtype, t.out, t.n);
    if (strcmp(name, "randperm") == 0)
        return oneseed_torch_randperm_fill(&t.state, t.dtype, t.out, t.n);
    if (strcmp(name, "bernoulli") == 0)
        return oneseed_torch_bernoulli_fill(&t.state, t.dtype, t.a, t.out, t.n);
    if (strcmp(name, "bernoulli_tensor") == 0) {
        for (size_t i = 0; i < t.n; i++)
            put(t.in, i, (double)(i % 9) / 8);
        return oneseed_torch_bernoulli_tensor_fill(&t.state, t.dtype, t.in, t.dtype, t.out, t.n);
    }
    make_input(strcmp(name, "feature_dropout") == 0 ? 5 * t.n : t.n);
    if (strcmp(name, "dropout") == 0)
        return oneseed_torch_dropout_fill(&t.state, t.dtype, t.a, t.in, t.out, t.n);
    if (strcmp(name, "alpha_dropout") == 0)
        return oneseed_torch_alpha_dropout_fill(&t.state, t.dtype, t.a, t.in, t.out, t.n);
    if (strcmp(name, "feature_dropout") == 0)
        return oneseed_torch_feature_dropout_fill(&t.state, t.dtype, t.a, t.in, t.out, t.n, 5);
    if (strcmp(name, "native_dropout") == 0)
        return oneseed_torch_native_dropout_fill(&t.state, t.dtype, t.a, t.in, t.out, (uint8_t *)t.other, t.n);
    if (strcmp(name, "rrelu") == 0)
        return oneseed_torch_rrelu_fill(&t.state, t.dtype, t.a, t.b, t.in, t.other, t.out, t.n);
    fail_msg("function %s", name);
    return ONESEED_OK;
}

/* Element i of the answer as a number, whatever the machine's order of bytes. */
static uint64_t value(size_t i)
{
    const char *at = (const char *)t.out + oneseed_torch_dtype_size(t.dtype) * i;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (oneseed_torch_dtype_size(t.dtype)) {
    case 1:
        memcpy(&u8, at, 1);
        return u8;
    case 2:
        memcpy(&u16, at, 2);
        return u16;
    case 4:
        memcpy(&u32, at, 4);
        return u32;
    default:
        memcpy(&u64, at, 8);
        return u64;
    }
}

static uint64_t digest(size_t n)
{
    uint64_t found = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < oneseed_torch_dtype_size(t.dtype); k++)
            found = (found ^ (value(i) >> 8 * k & 0xff)) * UINT64_C(0x100000001b3);
    return found;
}

static double double_of(const char *field)
{
    uint64_t bits = strtoull(field, NULL, 16);
    double found;
    memcpy(&found, &bits, sizeof found);
    return found;
}

/* The generator as the line says: seeded, with words drawn and perhaps half a pair of normals. */
static void start(struct vector_case *line)
{
    char **f = line->fields;
    assert_int_equal(line->n_fields, 14);
    memset(&t.state, 0, sizeof t.state);
    t.state.version = (uint32_t)strtoul(f[0], NULL, 10);
    t.state.cpu = strcmp(f[1], "default") == 0 ? ONESEED_TORCH_CPU_DEFAULT : ONESEED_TORCH_CPU_AVX2;
    t.state.has_mkl = f[2][0] == '1';
    t.name = f[3];
    t.dtype = dtype_of(f[4]);
    oneseed_torch_manual_seed(&t.state, strtoull(f[5], NULL, 16));
    for (unsigned long k = strtoul(f[6], NULL, 10); k > 0; k--)
        (void)oneseed_torch_random_u32(&t.state);
    if (f[7][0] == '1')
        (void)oneseed_torch_normal(&t.state);
    t.a = double_of(f[8]);
    t.b = double_of(f[9]);
    t.low = (int64_t)strtoull(f[8], NULL, 16);
    t.high = (int64_t)strtoull(f[9], NULL, 16);
    t.n = strtoul(f[10], NULL, 10);
}

static int compare_file(const char *name)
{
    static struct vector_case line;
    int n_lines = 0;
    FILE *file = vectors_open(name);
    line.line = 0;
    while (vectors_next(file, &line)) {
        start(&line);
        assert_int_equal(call(), ONESEED_OK);
        size_t n = strcmp(t.name, "feature_dropout") == 0 ? 5 * t.n : t.n;
        const char *values = line.fields[11];
        uint64_t listed[LISTED];
        if (values[0] == '#') {
            if (digest(n) != strtoull(values + 1, NULL, 16))
                fail_msg("%s:%d: %s: other values", name, line.line, t.name);
        } else {
            assert_int_equal(vectors_words(values, listed, LISTED), n);
            for (size_t i = 0; i < n; i++)
                if (value(i) != listed[i])
                    fail_msg("%s:%d: %s: value %zu", name, line.line, t.name, i);
        }
        assert_int_equal(t.state.has_normal, line.fields[13][0] != '-');
        if (t.state.has_normal && t.state.normal != double_of(line.fields[13]))
            fail_msg("%s:%d: %s: the normal that waits", name, line.line, t.name);
        assert_int_equal(oneseed_torch_random_u32(&t.state) % (1u << 20), strtoull(line.fields[12], NULL, 16));
        n_lines++;
    }
    (void)fclose(file);
    return n_lines;
}

static void test_versions(void **unused)
{
    (void)unused;
    static const char *const files[] = {
        "torch_1.13.1_avx2.txt",    "torch_1.13.1_default.txt", "torch_2.6.0_avx2.txt",     "torch_2.12.0_avx2.txt",
        "torch_2.12.0_default.txt", "torch_2.13.0_avx2.txt",    "torch_2.13.0_default.txt", "torch_2.14.0_avx2.txt",
    };
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++)
        assert_true(compare_file(files[i]) > 500);
}

static oneseed_torch seeded(uint64_t seed)
{
    oneseed_torch state;
    memset(&state, 0, sizeof state);
    oneseed_torch_manual_seed(&state, seed);
    return state;
}

static void test_refusals_draw_nothing(void **unused)
{
    (void)unused;
    oneseed_torch state = seeded(3), before = state;
    static uint64_t out[400];
    const float ps[2] = {0.5f, 1.5f};
    const double stds[2] = {1, -1};
    const oneseed_torch_dtype f32 = ONESEED_TORCH_FLOAT32, u8 = ONESEED_TORCH_UINT8;
    const struct {
        oneseed_status found, expected;
    } cases[] = {
        {oneseed_torch_normal_fill(&state, f32, 0, -1, out, 2), ONESEED_TORCH_STD},
        {oneseed_torch_randn_fill(&state, ONESEED_TORCH_INT64, out, 2), ONESEED_TORCH_DTYPE},
        {oneseed_torch_normal_tensors_fill(&state, ONESEED_TORCH_FLOAT64, NULL, 0, stds, 0, out, 2),
         ONESEED_TORCH_STD_TENSOR},
        {oneseed_torch_randint_fill(&state, f32, 5, 5, out, 2), ONESEED_TORCH_RANDOM_RANGE},
        {oneseed_torch_randint_fill(&state, u8, -1, 5, out, 2), ONESEED_TORCH_FROM_BOUNDS},
        {oneseed_torch_randint_fill(&state, u8, 0, 257, out, 2), ONESEED_TORCH_TO_1_BOUNDS},
        {oneseed_torch_randint_fill(&state, f32, (1 << 25) - 1, 1 << 25, out, 2), ONESEED_TORCH_RANDOM_CAST},
        {oneseed_torch_random_from_fill(&state, ONESEED_TORCH_FLOAT16, 2049, out, 2), ONESEED_TORCH_RANDOM_CAST_MAX},
        {oneseed_torch_random_from_fill(&state, ONESEED_TORCH_INT32, INT64_MIN, out, 2), ONESEED_TORCH_RANDOM_FULL},
        {oneseed_torch_random_fill(&state, ONESEED_TORCH_UINT16, out, 2), ONESEED_TORCH_DTYPE},
        {oneseed_torch_randperm_fill(&state, u8, out, 257), ONESEED_TORCH_RANDPERM_OVERFLOW},
        {oneseed_torch_randperm_fill(&state, ONESEED_TORCH_FLOAT16, out, 2050), ONESEED_TORCH_RANDPERM_PRECISION},
        {oneseed_torch_bernoulli_fill(&state, f32, 1.5, out, 2), ONESEED_TORCH_BERNOULLI_P},
        {oneseed_torch_bernoulli_tensor_fill(&state, f32, ps, f32, out, 2), ONESEED_TORCH_BERNOULLI_P_TENSOR},
        {oneseed_torch_dropout_fill(&state, f32, -0.5, ps, out, 2), ONESEED_TORCH_DROPOUT_P},
        {oneseed_torch_dropout_fill(&state, ONESEED_TORCH_INT64, 0.5, stds, out, 2), ONESEED_TORCH_RESULT_TYPE},
        {oneseed_torch_rrelu_fill(&state, f32, 1, 0.5, ps, out, out, 2), ONESEED_TORCH_RRELU_BOUNDS},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(cases[i].found, cases[i].expected);
    assert_memory_equal(&state, &before, sizeof state);
    for (unsigned i = 0; i < sizeof out / sizeof *out; i++)
        assert_int_equal(out[i], 0);
}

/* Half a pair of normals waits across calls that do not ask for it. */
static void test_cached_normal_waits(void **unused)
{
    (void)unused;
    float first[3], large[100], last[1];
    double single;
    oneseed_torch state = seeded(0), other;
    assert_int_equal(oneseed_torch_randn_fill(&state, ONESEED_TORCH_FLOAT32, first, 3), ONESEED_OK);
    assert_true(first[0] == 0x1.8a7eb8p+0f && first[1] == -0x1.2c78ap-2f && first[2] == -0x1.16e292p+1f);
    other = state;
    single = oneseed_torch_normal(&other);
    assert_int_equal(oneseed_torch_randn_fill(&state, ONESEED_TORCH_FLOAT32, large, 100), ONESEED_OK);
    assert_int_equal(oneseed_torch_randn_fill(&state, ONESEED_TORCH_FLOAT32, last, 1), ONESEED_OK);
    assert_true(last[0] == (float)single);
}

/* Blocks of 16 do not know of each other, however many are made together. */
static void test_large_is_many_small(void **unused)
{
    (void)unused;
    enum { N = 16 * 512 };
    static float large[N], small[N];
    static const oneseed_torch_cpu cpus[] = {ONESEED_TORCH_CPU_DEFAULT, ONESEED_TORCH_CPU_AVX2,
                                             ONESEED_TORCH_CPU_AVX512};
    for (unsigned k = 0; k < sizeof cpus / sizeof *cpus; k++) {
        oneseed_torch state = seeded(7), other;
        state.cpu = cpus[k];
        other = state;
        assert_int_equal(oneseed_torch_normal_fill(&state, ONESEED_TORCH_FLOAT32, 0.1, 3.7, large, N), ONESEED_OK);
        for (int i = 0; i < N; i += 16)
            assert_int_equal(oneseed_torch_normal_fill(&other, ONESEED_TORCH_FLOAT32, 0.1, 3.7, small + i, 16),
                             ONESEED_OK);
        assert_memory_equal(large, small, sizeof large);
        assert_memory_equal(&state, &other, sizeof state);
    }
}

/* A product and a sum, each rounded, of what randn draws. */
static void test_normal_of_tensors(void **unused)
{
    (void)unused;
    enum { N = 20 };
    double means[N], stds[N], plain[N], found[N];
    for (int i = 0; i < N; i++) {
        means[i] = i / 3.0;
        stds[i] = (i % 7) / 7.0;
    }
    oneseed_torch state = seeded(8), other = state, third = state;
    assert_int_equal(oneseed_torch_randn_fill(&other, ONESEED_TORCH_FLOAT64, plain, N), ONESEED_OK);
    assert_int_equal(oneseed_torch_normal_tensors_fill(&state, ONESEED_TORCH_FLOAT64, means, 0, stds, 0, found, N),
                     ONESEED_OK);
    for (int i = 0; i < N; i++) {
        double scaled = plain[i] * stds[i];
        assert_true(found[i] == scaled + means[i]);
    }
    assert_int_equal(oneseed_torch_normal_tensors_fill(&third, ONESEED_TORCH_FLOAT64, NULL, 0.3, stds, 0, found, N),
                     ONESEED_OK);
    for (int i = 0; i < N; i++) {
        double scaled = plain[i] * stds[i];
        assert_true(found[i] == scaled + 0.3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_refusals_draw_nothing),
        cmocka_unit_test(test_cached_normal_waits),
        cmocka_unit_test(test_large_is_many_small),
        cmocka_unit_test(test_normal_of_tensors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
