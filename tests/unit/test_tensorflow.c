/* test_tensorflow.c - TensorFlow's streams against what TensorFlow gave, its published answers, and shuffles of any size.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_open */

#include <math.h> /* INFINITY */

#include "dialects/tensorflow_libm.h" /* tensorflow_normals_f32 */
#include "oneseed.h"                  /* oneseed_tensorflow_normal_fill */

enum { VALUES_MAX = 512 };

static double double_of(const char *field)
{
    uint64_t bits = strtoull(field, NULL, 16);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* i and an integer of any length, or d and a double: Python's number as an operation's seed. */
static int64_t seed_of(const char *field, int *is_negative, uint32_t *words, size_t *n_words)
{
    if (field[0] == 'd')
        return oneseed_tensorflow_seed_f64(double_of(field + 1));
    assert_int_equal(field[0], 'i');
    *is_negative = field[1] == '-';
    const char *digits = field + 1 + *is_negative;
    size_t n_digits = strlen(digits);
    *n_words = 0;
    for (size_t end = n_digits; end > 0;) {
        char piece[9] = {0};
        size_t begin = end > 8 ? end - 8 : 0;
        memcpy(piece, digits + begin, end - begin);
        words[(*n_words)++] = (uint32_t)strtoul(piece, NULL, 16);
        end = begin;
    }
    return oneseed_tensorflow_seed_words(*is_negative, words, *n_words);
}

static void set_seed(oneseed_tensorflow_context *context, const char *field)
{
    uint32_t words[16];
    size_t n_words = 0;
    int is_negative = 0;
    if (strcmp(field, "none") == 0)
        return;
    (void)seed_of(field, &is_negative, words, &n_words);
    if (field[0] == 'd')
        assert_int_equal(oneseed_tensorflow_set_seed_f64(context, double_of(field + 1)), ONESEED_OK);
    else
        oneseed_tensorflow_set_seed_words(context, is_negative, words, n_words);
}

static void check_seeds(const struct vector_case *one)
{
    uint64_t expected[VALUES_MAX];
    uint32_t words[16];
    size_t n_words, n = vectors_words(one->fields[3], expected, VALUES_MAX), k = 0;
    int is_negative;
    oneseed_tensorflow_context context = {0};
    char *rest, *field = strtok_r(one->fields[2], ",", &rest);
    set_seed(&context, one->fields[1]);
    for (; field; field = strtok_r(NULL, ",", &rest), k += 2) {
        int64_t out[2], seed = 0;
        const int64_t *op_seed = NULL;
        if (strcmp(field, "none") != 0) {
            seed = seed_of(field, &is_negative, words, &n_words);
            op_seed = &seed;
        }
        assert_int_equal(oneseed_tensorflow_operation_seed(&context, op_seed, out), 1);
        assert_true(k + 1 < n && (uint64_t)out[0] == expected[k] && (uint64_t)out[1] == expected[k + 1]);
    }
    assert_int_equal(k, n);
}

static oneseed_tensorflow_philox place_of(const struct vector_case *one)
{
    oneseed_tensorflow_philox place;
    int64_t a = strtoll(one->fields[2], NULL, 10), b = strtoll(one->fields[3], NULL, 10);
    if (strcmp(one->fields[1], "stateful") == 0)
        oneseed_tensorflow_philox_seed(&place, a, b);
    else
        oneseed_tensorflow_stateless_seed(&place, a, b);
    return place;
}

/* Values as a file has them: each one's bits in a word. */
static void widen(oneseed_tensorflow_dtype dtype, const void *in, uint64_t *out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = oneseed_tensorflow_dtype_size(dtype) == 8   ? ((const uint64_t *)in)[k]
                 : oneseed_tensorflow_dtype_size(dtype) == 4 ? ((const uint32_t *)in)[k]
                                                             : ((const uint16_t *)in)[k];
}

static void narrow(oneseed_tensorflow_dtype dtype, const uint64_t *in, void *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (oneseed_tensorflow_dtype_size(dtype) == 8)
            ((uint64_t *)out)[k] = in[k];
        else if (oneseed_tensorflow_dtype_size(dtype) == 4)
            ((uint32_t *)out)[k] = (uint32_t)in[k];
        else
            ((uint16_t *)out)[k] = (uint16_t)in[k];
    }
}

static oneseed_status fill(const char *name, const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                           char *const *bounds, void *out, size_t n)
{
    double first = double_of(bounds[0]), second = double_of(bounds[1]);
    if (strcmp(name, "uniform") == 0)
        return oneseed_tensorflow_uniform_fill(place, dtype, out, n);
    if (strcmp(name, "range") == 0)
        return oneseed_tensorflow_uniform_range_fill(place, dtype, first, second, out, n);
    if (strcmp(name, "normal") == 0)
        return oneseed_tensorflow_normal_fill(place, dtype, first, second, out, n);
    if (strcmp(name, "truncated") == 0)
        return oneseed_tensorflow_truncated_normal_fill(place, dtype, first, second, out, n);
    if (strcmp(name, "int") == 0)
        return oneseed_tensorflow_uniform_int_fill(place, dtype, strtoll(bounds[0], NULL, 10),
                                                   strtoll(bounds[1], NULL, 10), out, n);
    assert_string_equal(name, "full");
    return oneseed_tensorflow_uniform_full_int_fill(place, dtype, out, n);
}

static void check_samples(const struct vector_case *one)
{
    uint64_t expected[VALUES_MAX], got[VALUES_MAX], out[VALUES_MAX];
    size_t n = vectors_words(one->fields[7], expected, VALUES_MAX);
    oneseed_tensorflow_dtype dtype = (oneseed_tensorflow_dtype)strtoul(one->fields[4], NULL, 10);
    oneseed_tensorflow_philox place = place_of(one);
    size_t n_calls = strcmp(one->fields[1], "stateful") == 0 ? 2 : 1;
    for (size_t call = 0; call < n_calls; call++) {
        memset(out, 0xca, sizeof out);
        assert_int_equal(fill(one->fields[0], &place, dtype, one->fields + 5, out, n / n_calls), ONESEED_OK);
        widen(dtype, out, got + call * (n / n_calls), n / n_calls);
        oneseed_tensorflow_reserve(&place, n / n_calls);
        size_t end = oneseed_tensorflow_dtype_size(dtype) * (n / n_calls);
        assert_int_equal(((unsigned char *)out)[end], 0xca);
    }
    for (size_t k = 0; k < n; k++)
        if (got[k] != expected[k])
            fail_msg("line %d, value %zu: %llx", one->line, k, (unsigned long long)got[k]);
}

static void check_order(const struct vector_case *one)
{
    uint32_t expected[VALUES_MAX], got[VALUES_MAX];
    size_t n = vectors_words_u32(one->fields[4], expected, VALUES_MAX);
    oneseed_tensorflow_philox place = place_of(one);
    size_t n_calls = strcmp(one->fields[1], "stateful") == 0 ? 2 : 1;
    for (size_t call = 0; call < n_calls; call++) {
        oneseed_tensorflow_shuffle(&place, got + call * (n / n_calls), n / n_calls);
        oneseed_tensorflow_reserve_shuffle(&place, n / n_calls);
    }
    assert_memory_equal(got, expected, n * sizeof *got);
}

static void check_dropout(const struct vector_case *one)
{
    uint64_t given[VALUES_MAX], expected[VALUES_MAX], got[VALUES_MAX], in[VALUES_MAX], out[VALUES_MAX];
    size_t n = vectors_words(one->fields[6], given, VALUES_MAX);
    oneseed_tensorflow_dtype dtype = (oneseed_tensorflow_dtype)strtoul(one->fields[4], NULL, 10);
    oneseed_tensorflow_philox place = place_of(one);
    assert_int_equal(vectors_words(one->fields[7], expected, VALUES_MAX), n);
    narrow(dtype, given, in, n);
    assert_int_equal(oneseed_tensorflow_dropout_fill(&place, dtype, double_of(one->fields[5]), in, out, n), ONESEED_OK);
    widen(dtype, out, got, n);
    assert_memory_equal(got, expected, n * sizeof *got);
}

static void test_vectors(void **state)
{
    (void)state;
    static struct vector_case one;
    FILE *file = vectors_open("tensorflow.txt");
    size_t n = 0;
    for (one.line = 0; vectors_next(file, &one); n++) {
        if (strcmp(one.fields[0], "seeds") == 0)
            check_seeds(&one);
        else if (strcmp(one.fields[0], "shuffle") == 0)
            check_order(&one);
        else if (strcmp(one.fields[0], "dropout") == 0)
            check_dropout(&one);
        else
            check_samples(&one);
    }
    (void)fclose(file);
    assert_true(n > 400);
}

/* ---- what was published ---- */

static oneseed_tensorflow_philox operation(oneseed_tensorflow_context *context, int64_t op_seed, int has_seed)
{
    int64_t seeds[2];
    oneseed_tensorflow_philox place;
    assert_int_equal(oneseed_tensorflow_operation_seed(context, has_seed ? &op_seed : NULL, seeds), 1);
    oneseed_tensorflow_philox_seed(&place, seeds[0], seeds[1]);
    return place;
}

/* `printed` as NumPy prints: the shortest digits that name the float, but eight behind the point at most. */
static void assert_floats(const float *got, const double *printed, size_t n)
{
    for (size_t k = 0; k < n; k++)
        assert_true(got[k] == (float)printed[k] || fabs((double)got[k] - printed[k]) <= 0.5e-8);
}

/* The docstrings of python/ops/random_ops.py and framework/random_seed.py. */
static void test_published_normal_and_integers(void **state)
{
    (void)state;
    static const double normals[4] = {-1.3768897, -0.01258316, -0.169515, 1.0824056};
    oneseed_tensorflow_context context = {0};
    float out[6];
    int32_t integer;
    oneseed_tensorflow_set_seed(&context, 5);
    oneseed_tensorflow_philox place = operation(&context, 1, 1);
    assert_int_equal(oneseed_tensorflow_normal_fill(&place, ONESEED_TENSORFLOW_FLOAT32, 0, 1, out, 4), ONESEED_OK);
    assert_floats(out, normals, 4);
    place = operation(&context, 10, 1); /* uniform([], maxval=3, dtype=int32, seed=10), twice */
    for (int32_t k = 0; k < 2; k++) {
        assert_int_equal(oneseed_tensorflow_uniform_int_fill(&place, ONESEED_TENSORFLOW_INT32, 0, 3, &integer, 1),
                         ONESEED_OK);
        assert_int_equal(integer, k == 0 ? 2 : 0);
        oneseed_tensorflow_reserve(&place, 1);
    }
}

/* The numbers of set_seed(1234) and set_seed(42) that public notebooks print, and a graph's random_normal([2, 3], seed=1). */
static void test_published_uniforms(void **state)
{
    (void)state;
    static const double first[8] = {0.6645621,  0.44100678, 0.3528825,  0.46448255,
                                    0.03366041, 0.68467236, 0.74011743, 0.8724445};
    static const double graph[6] = {-0.8113182, 1.4845988, 0.06532937, -2.4427042, 0.0992484, 0.5912243};
    static const double twice[2][2] = {{0.5380393, 0.3253647}, {0.1689806, 0.7539084}};
    const oneseed_tensorflow_dtype dtype = ONESEED_TENSORFLOW_FLOAT32;
    oneseed_tensorflow_context context = {0};
    oneseed_tensorflow_philox place;
    float out[8];
    oneseed_tensorflow_set_seed(&context, 1234);
    for (int k = 0; k < 2; k++) {
        place = operation(&context, 0, 0);
        assert_int_equal(oneseed_tensorflow_uniform_fill(&place, dtype, out + k, 1), ONESEED_OK);
    }
    assert_floats(out, twice[0], 2);
    place = operation(&context, 1, 1);
    for (int k = 0; k < 2; k++, oneseed_tensorflow_reserve(&place, 1))
        assert_int_equal(oneseed_tensorflow_uniform_fill(&place, dtype, out + k, 1), ONESEED_OK);
    assert_floats(out, twice[1], 2);
    oneseed_tensorflow_set_seed(&context, 1234);
    (void)operation(&context, 0, 0); /* uniform([1]); normal([1]) */
    place = operation(&context, 0, 0);
    assert_int_equal(oneseed_tensorflow_normal_fill(&place, dtype, 0, 1, out, 1), ONESEED_OK);
    assert_true(out[0] == 1.1468066f);
    oneseed_tensorflow_set_seed(&context, 42);
    place = operation(&context, 0, 0);
    assert_int_equal(oneseed_tensorflow_uniform_fill(&place, dtype, out, 8), ONESEED_OK);
    assert_floats(out, first, 8);
    oneseed_tensorflow_philox_seed(&place, 87654321, 1);
    assert_int_equal(oneseed_tensorflow_normal_fill(&place, dtype, 0, 1, out, 6), ONESEED_OK);
    assert_floats(out, graph, 6);
}

/* A graph's operations without a seed: set_seed(1234), then a tf.function of two uniforms, called twice (TensorFlow 2.21). */
static void test_graph_seeds(void **state)
{
    (void)state;
    static const float printed[2][2] = {{0.13047123f, 0.1689806f}, {0.6087816f, 0.7539084f}};
    const int64_t graph_seed = 1234, op_seed = 5;
    uint64_t n_unseeded = 0;
    int64_t seeds[2];
    oneseed_tensorflow_philox places[2];
    for (int k = 0; k < 2; k++) {
        assert_int_equal(oneseed_tensorflow_graph_seed(&graph_seed, &n_unseeded, NULL, seeds), 1);
        oneseed_tensorflow_philox_seed(&places[k], seeds[0], seeds[1]);
    }
    for (int call = 0; call < 2; call++)
        for (int k = 0; k < 2; k++) {
            float out;
            assert_int_equal(oneseed_tensorflow_uniform_fill(&places[k], ONESEED_TENSORFLOW_FLOAT32, &out, 1),
                             ONESEED_OK);
            assert_true(out == printed[call][k]);
            oneseed_tensorflow_reserve(&places[k], 1);
        }
    assert_int_equal(oneseed_tensorflow_graph_seed(&graph_seed, &n_unseeded, &op_seed, seeds), 1);
    assert_true(seeds[1] == 5 && n_unseeded == 2);
    assert_int_equal(oneseed_tensorflow_graph_seed(NULL, &n_unseeded, &op_seed, seeds), 1);
    assert_true(seeds[0] == 87654321 && seeds[1] == 5);
    assert_int_equal(oneseed_tensorflow_graph_seed(NULL, &n_unseeded, NULL, seeds), 0);
    assert_true(seeds[0] == 0 && seeds[1] == 0);
}

/* The docstrings of python/ops/stateless_random_ops.py. */
static void test_published_stateless(void **state)
{
    (void)state;
    static const int64_t split[3][2] = {{1105988140, 1738052849}, {-335576002, 370444179}, {10670227, -246211131}};
    static const double normals[2][3] = {{-0.59835213, -0.9578608, 0.9002807}, {0.03197195, 0.8979765, 0.13253039}};
    static const uint32_t order[3] = {2, 0, 1};
    int64_t seeds[3][2];
    float out[3];
    uint32_t indices[3];
    oneseed_tensorflow_philox place;
    assert_int_equal(oneseed_tensorflow_split(1, 2, ONESEED_TENSORFLOW_INT32, seeds, 3), ONESEED_OK);
    assert_memory_equal(seeds, split, sizeof split);
    for (int k = 0; k < 2; k++) { /* the first of the split, then fold_in([1, 2], 3) */
        oneseed_tensorflow_stateless_seed(&place, seeds[0][0], k == 0 ? seeds[0][1] : 3);
        assert_int_equal(oneseed_tensorflow_normal_fill(&place, ONESEED_TENSORFLOW_FLOAT32, 0, 1, out, 3), ONESEED_OK);
        assert_floats(out, normals[k], 3);
    }
    oneseed_tensorflow_stateless_seed(&place, 8, 9);
    oneseed_tensorflow_shuffle(&place, indices, 3);
    assert_memory_equal(indices, order, sizeof order);
}

/* The docstring of experimental.index_shuffle. */
static void test_published_index_shuffle(void **state)
{
    (void)state;
    static const uint64_t indices[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, four[4] = {2, 0, 1, 3},
                          ten[10] = {3, 8, 0, 1, 2, 7, 6, 9, 4, 5};
    uint64_t out[10];
    assert_int_equal(oneseed_tensorflow_index_shuffle(5, 9, 3, indices, out, 4), ONESEED_OK);
    assert_memory_equal(out, four, sizeof four);
    assert_int_equal(oneseed_tensorflow_index_shuffle(5, 8, 9, indices, out, 10), ONESEED_OK);
    assert_memory_equal(out, ten, sizeof ten);
    assert_int_equal(oneseed_tensorflow_index_shuffle(5, 8, 0, indices, out, 1), ONESEED_OK);
    assert_int_equal(out[0], 0);
    assert_int_equal(oneseed_tensorflow_index_shuffle(5, 8, 3, indices, out, 5), ONESEED_TENSORFLOW_INDEX);
}

/* The docstrings of nn.dropout and nn.experimental.stateless_dropout: which of 15 ones are kept. */
static void test_published_dropout(void **state)
{
    (void)state;
    static const struct {
        double rate;
        int64_t a, b;
        const char *kept;
    } cases[] = {
        {0.5, 1, 0, "101000010100001"},
        {0.8, 1, 0, "100000000100001"},
        {0.5, 0, 1, "100111111110101"}, /* set_seed(0); dropout(x, 0.5, seed=1) */
    };
    float in[15], out[15];
    for (int k = 0; k < 15; k++)
        in[k] = 1;
    for (size_t i = 0; i < 3; i++) {
        oneseed_tensorflow_philox place;
        uint8_t keeps[15];
        if (i < 2)
            oneseed_tensorflow_stateless_seed(&place, cases[i].a, cases[i].b);
        else
            oneseed_tensorflow_philox_seed(&place, cases[i].a, cases[i].b);
        assert_int_equal(
            oneseed_tensorflow_dropout_fill(&place, ONESEED_TENSORFLOW_FLOAT32, cases[i].rate, in, out, 15),
            ONESEED_OK);
        assert_int_equal(oneseed_tensorflow_keep_fill(&place, ONESEED_TENSORFLOW_FLOAT32, cases[i].rate, keeps, 15),
                         ONESEED_OK);
        for (int k = 0; k < 15; k++) {
            assert_true(out[k] == (cases[i].kept[k] == '1' ? (float)(1 / (1 - cases[i].rate)) : 0.0f));
            assert_int_equal(keeps[k], cases[i].kept[k] - '0');
        }
    }
}

/* TensorFlow 2.21, jit_compile=True, x86-64: stateless_<name>([4], tf.constant([1, 2])). */
static void test_compiled(void **state)
{
    (void)state;
    static const double expected[3][4] = {{0.25750792, 0.4046719, 0.9218676, 0.08625066},
                                          {0.92869425, -1.3604913, 0.20805396, 0.34557322},
                                          {-0.61723053, -0.23009402, 1.296931, -1.2531456}};
    oneseed_tensorflow_philox place;
    float out[4];
    oneseed_tensorflow_stateless_seed(&place, 1, 2);
    const oneseed_tensorflow_dtype dtype = ONESEED_TENSORFLOW_FLOAT32;
    assert_int_equal(oneseed_tensorflow_xla_uniform_fill(&place, dtype, 0, 1, out, 4), ONESEED_OK);
    assert_floats(out, expected[0], 4);
    assert_int_equal(oneseed_tensorflow_xla_normal_fill(&place, dtype, 0, 1, out, 4), ONESEED_OK);
    assert_floats(out, expected[1], 4);
    assert_int_equal(oneseed_tensorflow_xla_truncated_normal_fill(&place, dtype, 0, 1, out, 4), ONESEED_OK);
    assert_floats(out, expected[2], 4);
    assert_int_equal(oneseed_tensorflow_xla_normal_fill(&place, ONESEED_TENSORFLOW_INT32, 0, 1, out, 4),
                     ONESEED_TENSORFLOW_FLOAT_DTYPE);
}

/* ---- properties ---- */

static void test_places(void **state)
{
    (void)state;
    oneseed_tensorflow_philox place = {{1, 2}, {0xfffffffe, 0xffffffff, 0xffffffff, 7}}, other = place;
    const oneseed_tensorflow_philox carried = {{1, 2}, {1, 0, 0, 8}};
    oneseed_tensorflow_philox_skip(&place, 3);
    assert_memory_equal(&place, &carried, sizeof place);
    oneseed_tensorflow_philox_skip(&other, 1);
    oneseed_tensorflow_philox_skip(&other, 2);
    assert_memory_equal(&place, &other, sizeof place);
    oneseed_tensorflow_reserve(&place, UINT64_C(1) << 40);
    assert_int_equal(place.counter[1], 1 << 16);
    other = place;
    oneseed_tensorflow_reserve_shuffle(&place, 1);
    assert_memory_equal(&place, &other, sizeof place);
    oneseed_tensorflow_reserve_shuffle(&place, 6);
    assert_int_equal(place.counter[0], 3);
}

/* Rows of any size go where the indices say. */
static void test_rows_are_shuffled_as_indices(void **state)
{
    (void)state;
    enum { ROWS = 3000, MOST = 300 };
    static const size_t sizes[] = {1, 2, 3, 4, 8, 12, MOST};
    static uint32_t indices[ROWS];
    static uint8_t rows[ROWS * MOST], before[ROWS * MOST];
    oneseed_tensorflow_philox place;
    oneseed_tensorflow_philox_seed(&place, 5, 6);
    oneseed_tensorflow_shuffle(&place, indices, ROWS);
    assert_int_equal(
        oneseed_tensorflow_uniform_full_int_fill(&place, ONESEED_TENSORFLOW_UINT32, before, sizeof before / 4),
        ONESEED_OK);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        memcpy(rows, before, sizeof rows);
        oneseed_tensorflow_shuffle_rows(&place, rows, sizes[s], ROWS);
        for (size_t i = 0; i < ROWS; i++)
            assert_memory_equal(rows + i * sizes[s], before + indices[i] * sizes[s], sizes[s]);
        assert_memory_equal(rows + ROWS * sizes[s], before + ROWS * sizes[s], sizeof rows - ROWS * sizes[s]);
    }
}

/* Every number that Box and Muller's float32 normals ask libm for: where libm is the known one, the formulas are libm. */
static void test_formulas_are_libm(void **state)
{
    (void)state;
    if (!tensorflow_libm_is_known()) {
        print_message("this libm is not glibc's: its own functions are called\n");
        return;
    }
    for (uint32_t word = 0; word < UINT32_C(1) << 23; word++) {
        const uint32_t words[2] = {word, word};
        float known[2], called[2];
        tensorflow_normals_f32(true, words, known, 1);
        tensorflow_normals_f32(false, words, called, 1);
        if (memcmp(known, called, sizeof known) != 0)
            fail_msg("word %x: %a, %a but libm gives %a, %a", word, (double)known[0], (double)known[1],
                     (double)called[0], (double)called[1]);
    }
}

static void test_long_shuffle_is_a_permutation(void **state)
{
    (void)state;
    enum { N = 100000 };
    static uint32_t indices[N];
    static uint8_t is_seen[N];
    oneseed_tensorflow_philox place;
    oneseed_tensorflow_stateless_seed(&place, -3, 4);
    oneseed_tensorflow_shuffle(&place, indices, N);
    for (size_t k = 0; k < N; k++) {
        assert_true(indices[k] < N && !is_seen[indices[k]]);
        is_seen[indices[k]] = 1;
    }
    oneseed_tensorflow_shuffle(&place, indices, 0);
}

/* TensorFlow 2.21: uniform([1], 0, -1e-39, seed=1) is -0.0, with minval 0.0 it is 0.0; a denormal maxval is flushed. */
static void test_flushed_range(void **state)
{
    (void)state;
    oneseed_tensorflow_philox place;
    float out;
    oneseed_tensorflow_philox_seed(&place, 87654321, 1);
    assert_int_equal(oneseed_tensorflow_uniform_range_fill(&place, ONESEED_TENSORFLOW_FLOAT32, -0.0, -1e-39, &out, 1),
                     ONESEED_OK);
    assert_true(out == 0 && signbit(out));
    assert_int_equal(oneseed_tensorflow_uniform_range_fill(&place, ONESEED_TENSORFLOW_FLOAT32, 0.0, -1e-39, &out, 1),
                     ONESEED_OK);
    assert_true(out == 0 && !signbit(out));
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_tensorflow_context context = {0};
    oneseed_tensorflow_philox place;
    int64_t out[4] = {0}, seeds[2];
    oneseed_tensorflow_stateless_seed(&place, 1, 2);
    assert_int_equal(oneseed_tensorflow_uniform_fill(&place, ONESEED_TENSORFLOW_INT32, out, 1),
                     ONESEED_TENSORFLOW_FLOAT_DTYPE);
    assert_int_equal(oneseed_tensorflow_uniform_int_fill(&place, ONESEED_TENSORFLOW_UINT32, 0, 5, out, 1),
                     ONESEED_TENSORFLOW_INTEGER_DTYPE);
    assert_int_equal(oneseed_tensorflow_uniform_int_fill(&place, ONESEED_TENSORFLOW_INT32, 5, 5, out, 1),
                     ONESEED_TENSORFLOW_BOUNDS);
    assert_int_equal(oneseed_tensorflow_uniform_int_fill(&place, ONESEED_TENSORFLOW_INT32, 5, 5, out, 0), ONESEED_OK);
    assert_int_equal(oneseed_tensorflow_uniform_int_fill(&place, ONESEED_TENSORFLOW_INT32, 0, INT64_C(1) << 31, out, 1),
                     ONESEED_TENSORFLOW_BOUND);
    assert_int_equal(oneseed_tensorflow_uniform_full_int_fill(&place, ONESEED_TENSORFLOW_FLOAT32, out, 1),
                     ONESEED_TENSORFLOW_INTEGER_DTYPE);
    assert_int_equal(oneseed_tensorflow_dropout_fill(&place, ONESEED_TENSORFLOW_FLOAT32, 1.0, out, out, 1),
                     ONESEED_TENSORFLOW_RATE);
    assert_int_equal(oneseed_tensorflow_split(1, 2, ONESEED_TENSORFLOW_UINT32, (int64_t(*)[2])out, 1),
                     ONESEED_TENSORFLOW_INTEGER_DTYPE);
    assert_int_equal(oneseed_tensorflow_set_seed_f64(&context, (double)INFINITY), ONESEED_TENSORFLOW_SEED);
    assert_int_equal(oneseed_tensorflow_operation_seed(&context, NULL, seeds), 0);
    assert_int_equal(oneseed_tensorflow_set_seed_f64(&context, 0.25), ONESEED_OK); /* (0.25, 0) is (0, 0) to a kernel */
    assert_int_equal(oneseed_tensorflow_operation_seed(&context, out, seeds), 0);
    assert_int_equal(oneseed_tensorflow_operation_seed(&context, NULL, seeds), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_published_normal_and_integers),
        cmocka_unit_test(test_published_uniforms),
        cmocka_unit_test(test_graph_seeds),
        cmocka_unit_test(test_published_stateless),
        cmocka_unit_test(test_published_index_shuffle),
        cmocka_unit_test(test_published_dropout),
        cmocka_unit_test(test_compiled),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_rows_are_shuffled_as_indices),
        cmocka_unit_test(test_formulas_are_libm),
        cmocka_unit_test(test_long_shuffle_is_a_permutation),
        cmocka_unit_test(test_flushed_range),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
