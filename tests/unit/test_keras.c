/* test_keras.c - Keras's draws on each backend beside vectors, its seeds beside published and computed ones.
 * SPDX-License-Identifier: MIT */
#include "oneseed.h"
#include "vectors.h"

enum { VALUES_MAX = 256 };

/* A line of a file of vectors; its parameters are bits of doubles or integers. */
struct line {
    const char *name;
    oneseed_keras_dtype dtype;
    int64_t seed[2];
    uint32_t cpu;
    uint64_t parameters[8];
    size_t n_parameters, n;
    uint64_t values[VALUES_MAX];
};

static void read_line(struct vector_case *given, struct line *out)
{
    uint64_t word;
    assert_int_equal(given->n_fields, 8);
    out->name = given->fields[0];
    out->dtype = (oneseed_keras_dtype)strtoul(given->fields[1], NULL, 10);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(vectors_words(given->fields[2 + k], &word, 1), 1);
        out->seed[k] = (int64_t)word;
    }
    out->cpu = (uint32_t)strtoul(given->fields[4], NULL, 10);
    out->n_parameters = vectors_words(given->fields[5], out->parameters, 8);
    out->n = strtoul(given->fields[6], NULL, 10);
    assert_true(out->n <= VALUES_MAX);
    assert_int_equal(vectors_words(given->fields[7], out->values, VALUES_MAX), out->n);
}

static double parameter(const struct line *line, size_t k)
{
    double x;
    memcpy(&x, &line->parameters[k], sizeof x);
    return x;
}

/* n values of `size` bytes beside those of the line. */
static void compare(const struct line *line, size_t size, const void *values)
{
    for (size_t i = 0; i < line->n; i++) {
        uint64_t word = 0;
        if (size == 1)
            word = ((const uint8_t *)values)[i];
        else if (size == 2)
            word = ((const uint16_t *)values)[i];
        else if (size == 4)
            word = ((const uint32_t *)values)[i];
        else
            word = ((const uint64_t *)values)[i];
        if (word != line->values[i])
            fail_msg("%s, value %zu: %llx instead of %llx", line->name, i, (unsigned long long)word,
                     (unsigned long long)line->values[i]);
    }
}

static oneseed_status fill_ones(const oneseed_keras *keras, const struct line *line, double rate, void *out)
{
    static const uint16_t bfloat16 = 0x3f80, float16 = 0x3c00;
    static const float float32 = 1;
    static const double float64 = 1;
    const void *const ones[] = {&bfloat16, &float16, &float32, &float64};
    const size_t size = oneseed_keras_dtype_size(line->dtype);
    uint64_t in[VALUES_MAX];
    for (size_t i = 0; i < line->n; i++)
        memcpy((char *)in + i * size, ones[line->dtype], size);
    return oneseed_keras_dropout_fill(keras, line->seed, line->dtype, rate, in, out, line->n);
}

static oneseed_status fill_initializer(const oneseed_keras *keras, const struct line *line, void *out)
{
    oneseed_keras_initializer initializer;
    int64_t shape[7];
    const int n_dims = (int)line->n_parameters - 1;
    oneseed_keras_initializer_defaults(&initializer, (oneseed_keras_initializer_kind)line->parameters[0]);
    for (int k = 0; k < n_dims; k++)
        shape[k] = (int64_t)line->parameters[k + 1];
    return oneseed_keras_initializer_fill(keras, &initializer, line->seed, line->dtype, shape, n_dims, NULL, out);
}

/* The first weight of layer k of a Dense, a Conv2D, an Embedding and an LSTM after set_random_seed. */
static oneseed_status fill_model(const oneseed_keras *keras, const struct line *line, void *out)
{
    static const oneseed_keras_layer layers[] = {
        {.kind = ONESEED_KERAS_DENSE, .input_dim = 4, .units = 3, .groups = 1},
        {.kind = ONESEED_KERAS_CONV2D, .kernel_size = {2, 2}, .channels = 2, .filters = 2, .groups = 1},
        {.kind = ONESEED_KERAS_EMBEDDING, .input_dim = 3, .units = 4, .groups = 1},
        {.kind = ONESEED_KERAS_LSTM, .input_dim = 2, .units = 2, .groups = 1},
    };
    const size_t wanted = (size_t)line->parameters[0];
    oneseed_python python = {.version = 0};
    oneseed_python_seed_i64(&python, line->seed[0]);
    for (size_t k = 0;; k++) {
        size_t n_made, n_built, n_weights;
        int64_t seeds[3], pair[2];
        oneseed_keras_weight weight;
        assert_int_equal(oneseed_keras_layer_size(&layers[k], &n_made, &n_built, &n_weights), ONESEED_OK);
        for (size_t i = 0; i < n_made; i++)
            seeds[i] = oneseed_keras_default_seed(&python);
        if (k < wanted)
            continue;
        assert_int_equal(oneseed_keras_layer_weight(keras, &layers[k], 0, &weight), ONESEED_OK);
        assert_int_equal(weight.n, line->n);
        assert_int_equal(oneseed_keras_seed(keras, seeds[weight.seed], pair), ONESEED_OK);
        return oneseed_keras_initializer_fill(keras, &weight.initializer, pair, line->dtype, weight.shape,
                                              weight.n_dims, NULL, out);
    }
}

static oneseed_status fill_shuffle(const oneseed_keras *keras, const struct line *line, uint32_t *out)
{
    uint64_t space[4 * VALUES_MAX];
    const size_t n_outer = (size_t)line->parameters[0], n = (size_t)line->parameters[1];
    const size_t n_inner = (size_t)line->parameters[2];
    assert_true(oneseed_keras_shuffle_space(keras, n_outer, n, n_inner) <= sizeof space / sizeof *space);
    return oneseed_keras_shuffle(keras, line->seed, n_outer, n, n_inner, space, out);
}

static oneseed_status fill(const oneseed_keras *keras, const struct line *line, void *out)
{
    const char *const name = line->name;
    const double a = parameter(line, 0), b = parameter(line, 1);
    if (strcmp(name, "uniform") == 0)
        return oneseed_keras_uniform_fill(keras, line->seed, line->dtype, a, b, out, line->n);
    if (strcmp(name, "normal") == 0)
        return oneseed_keras_normal_fill(keras, line->seed, line->dtype, a, b, out, line->n);
    if (strcmp(name, "truncated_normal") == 0)
        return oneseed_keras_truncated_normal_fill(keras, line->seed, line->dtype, a, b, out, line->n);
    if (strcmp(name, "randint") == 0)
        return oneseed_keras_randint_fill(keras, line->seed, line->dtype, (int64_t)line->parameters[0],
                                          (int64_t)line->parameters[1], out, line->n);
    if (strcmp(name, "gamma") == 0)
        return oneseed_keras_gamma_fill(keras, line->seed, line->dtype, &a, 1, out, line->n);
    if (strcmp(name, "beta") == 0)
        return oneseed_keras_beta_fill(keras, line->seed, line->dtype, &a, 1, &b, 1, out, line->n);
    if (strcmp(name, "binomial") == 0)
        return oneseed_keras_binomial_fill(keras, line->seed, line->dtype, &a, 1, &b, 1, out, line->n);
    if (strcmp(name, "dropout") == 0)
        return fill_ones(keras, line, a, out);
    if (strcmp(name, "shuffle") == 0)
        return fill_shuffle(keras, line, out);
    if (strcmp(name, "initializer") == 0)
        return fill_initializer(keras, line, out);
    if (strcmp(name, "model") == 0)
        return fill_model(keras, line, out);
    fail_msg("there is no %s", name);
    return ONESEED_INVALID_STATE;
}

static void test_backend(const char *file_name, oneseed_keras_backend backend, size_t n_expected)
{
    static struct vector_case given;
    static struct line line;
    FILE *const file = vectors_open(file_name);
    size_t n_lines = 0;
    given.line = 0;
    while (vectors_next(file, &given)) {
        uint64_t out[VALUES_MAX] = {0};
        memset(&line, 0, sizeof line);
        read_line(&given, &line);
        const oneseed_keras keras = {.backend = backend, .version = 31501, .cpu = line.cpu};
        assert_int_equal(fill(&keras, &line, out), ONESEED_OK);
        compare(&line, oneseed_keras_dtype_size(line.dtype), out);
        n_lines++;
    }
    (void)fclose(file);
    assert_true(n_lines >= n_expected);
}

static void test_numpy(void **state)
{
    (void)state;
    test_backend("keras_numpy.txt", ONESEED_KERAS_NUMPY, 100);
}

static void test_torch(void **state)
{
    (void)state;
    test_backend("keras_torch.txt", ONESEED_KERAS_TORCH, 100);
}

static void test_tensorflow(void **state)
{
    (void)state;
    test_backend("keras_tensorflow.txt", ONESEED_KERAS_TENSORFLOW, 100);
}

static void test_jax(void **state)
{
    (void)state;
    test_backend("keras_jax.txt", ONESEED_KERAS_JAX, 70);
}

/* random.seed(42): the first default seeds; the numbers that follow without an order (computed for facts of Keras 3). */
static void test_seeds(void **state)
{
    (void)state;
    static const int64_t defaults[] = {686579304, 119540832, 26855093};
    static const int64_t scattered[][4] = {
        {686579304, 60594, 738814, 835869},  /* int64: TensorFlow */
        {686579304, 365660, 765917, 327487}, /* uint32: JAX, NumPy */
        {686579304, 365660, 765917, 875188}, /* int32: PyTorch */
    };
    static const oneseed_keras_backend backends[] = {ONESEED_KERAS_TENSORFLOW, ONESEED_KERAS_JAX, ONESEED_KERAS_TORCH};
    static const int64_t counters[] = {0, 5387, 95987, 95110};
    oneseed_python python = {.version = 0};
    oneseed_python_seed_i64(&python, 42);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(oneseed_keras_default_seed(&python), defaults[i]);
    for (size_t b = 0; b < 3; b++) {
        const oneseed_keras keras = {.backend = backends[b]};
        int64_t at[2], pair[2];
        assert_int_equal(oneseed_keras_seed_generator(&keras, 686579304, at), ONESEED_OK);
        for (size_t i = 0; i < 4; i++) {
            oneseed_keras_seed_next(&keras, at, 0, pair);
            assert_int_equal(pair[0], scattered[b][i]);
            assert_int_equal(pair[1], counters[i]);
        }
        assert_int_equal(oneseed_keras_seed_generator(&keras, 7, at), ONESEED_OK);
        for (int64_t i = 0; i < 3; i++) {
            oneseed_keras_seed_next(&keras, at, 1, pair);
            assert_int_equal(pair[0], 7);
            assert_int_equal(pair[1], i);
        }
    }
}

/* Seeds that a backend's dtype does not hold; before 3.5 all were uint32, since 3.14 PyTorch takes any integer. */
static void test_refused_seeds(void **state)
{
    (void)state;
    int64_t pair[2] = {-7, -7};
    oneseed_keras keras = {.backend = ONESEED_KERAS_NUMPY};
    assert_int_equal(oneseed_keras_seed(&keras, -1, pair), ONESEED_KERAS_SEED_UINT32);
    assert_int_equal(oneseed_keras_seed(&keras, INT64_C(1) << 32, pair), ONESEED_KERAS_SEED_UINT32);
    assert_int_equal(pair[0], -7);
    keras.backend = ONESEED_KERAS_TENSORFLOW;
    assert_int_equal(oneseed_keras_seed(&keras, -1, pair), ONESEED_OK);
    keras.version = 30401;
    assert_int_equal(oneseed_keras_seed(&keras, -1, pair), ONESEED_KERAS_SEED_UINT32);
    keras = (oneseed_keras){.backend = ONESEED_KERAS_TORCH};
    assert_int_equal(oneseed_keras_seed(&keras, INT64_C(1) << 31, pair), ONESEED_OK);
    assert_true(pair[0] == INT32_MIN);
    assert_int_equal(oneseed_keras_seed_generator(&keras, INT64_C(1) << 31, pair), ONESEED_KERAS_SEED_INT32);
    keras.version = 31302;
    assert_int_equal(oneseed_keras_seed(&keras, INT64_C(1) << 31, pair), ONESEED_KERAS_SEED_INT32);
}

static void test_refusals(void **state)
{
    (void)state;
    const oneseed_keras keras = {.backend = ONESEED_KERAS_NUMPY};
    const int64_t seed[2] = {1, 0}, shape[1] = {3};
    oneseed_keras_initializer orthogonal, scaled;
    oneseed_keras_layer layer;
    size_t sizes[3];
    float out[3];
    assert_int_equal(oneseed_keras_uniform_fill(&keras, seed, ONESEED_KERAS_INT32, 0, 1, out, 3),
                     ONESEED_KERAS_UNIFORM_DTYPE);
    assert_int_equal(oneseed_keras_randint_fill(&keras, seed, ONESEED_KERAS_FLOAT32, 0, 1, out, 3),
                     ONESEED_KERAS_RANDINT_DTYPE);
    assert_int_equal(oneseed_keras_randint_fill(&keras, seed, ONESEED_KERAS_INT32, 5, 0, out, 3),
                     ONESEED_NUMPY_EMPTY_RANGE);
    assert_int_equal(oneseed_keras_normal_fill(&keras, seed, ONESEED_KERAS_FLOAT32, 0, -1, out, 3),
                     ONESEED_NUMPY_SCALE_NEGATIVE);
    oneseed_keras_initializer_defaults(&orthogonal, ONESEED_KERAS_ORTHOGONAL);
    assert_int_equal(
        oneseed_keras_initializer_fill(&keras, &orthogonal, seed, ONESEED_KERAS_FLOAT32, shape, 1, NULL, out),
        ONESEED_KERAS_ORTHOGONAL_DIMENSIONS);
    oneseed_keras_initializer_defaults(&scaled, ONESEED_KERAS_VARIANCE_SCALING);
    scaled.scale = 0;
    assert_int_equal(oneseed_keras_initializer_fill(&keras, &scaled, seed, ONESEED_KERAS_FLOAT32, shape, 1, NULL, out),
                     ONESEED_KERAS_SCALE);
    oneseed_keras_layer_defaults(&layer, ONESEED_KERAS_DENSE);
    assert_int_equal(oneseed_keras_layer_size(&layer, &sizes[0], &sizes[1], &sizes[2]), ONESEED_KERAS_LAYER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numpy),    cmocka_unit_test(test_torch), cmocka_unit_test(test_tensorflow),
        cmocka_unit_test(test_jax),      cmocka_unit_test(test_seeds), cmocka_unit_test(test_refused_seeds),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
