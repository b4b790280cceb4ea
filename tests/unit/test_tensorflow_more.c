/* test_tensorflow_more.c - TensorFlow's variates with rejection, generators and datasets against what TensorFlow gave, and its
 * published answers.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_open */

#include <math.h> /* NAN */

#include "oneseed.h" /* oneseed_tensorflow_gamma_fill */

enum { VALUES_MAX = 16384 };

static uint64_t expected[VALUES_MAX], got[VALUES_MAX + 1], out[VALUES_MAX + 1];

static uint64_t number(const char *field)
{
    return strtoull(field, NULL, 16);
}

static size_t doubles_of(const char *field, double *values)
{
    static uint64_t bits[VALUES_MAX];
    size_t n = vectors_words(field, bits, VALUES_MAX);
    memcpy(values, bits, n * sizeof *values);
    return n;
}

static oneseed_tensorflow_philox stateless(const struct vector_case *one)
{
    oneseed_tensorflow_philox place;
    oneseed_tensorflow_stateless_seed(&place, (int64_t)number(one->fields[1]), (int64_t)number(one->fields[2]));
    return place;
}

static oneseed_tensorflow_generator generator_of(const char *field)
{
    uint64_t words[3];
    oneseed_tensorflow_generator generator = {.algorithm = ONESEED_TENSORFLOW_ALGORITHM_PHILOX};
    assert_int_equal(vectors_words(field, words, 3), 3);
    memcpy(generator.state, words, sizeof words);
    return generator;
}

static void assert_state(const struct vector_case *one, const oneseed_tensorflow_generator *generator, int field)
{
    uint64_t words[3];
    assert_int_equal(vectors_words(one->fields[field], words, 3), 3);
    for (int k = 0; k < 3; k++)
        if ((uint64_t)generator->state[k] != words[k])
            fail_msg("line %d, state %d: %llx", one->line, k, (unsigned long long)generator->state[k]);
}

/* The first n values of `out`, of the dtype, and nothing behind them. */
static void assert_values(const struct vector_case *one, oneseed_tensorflow_dtype dtype, int field)
{
    size_t n = vectors_words(one->fields[field], expected, VALUES_MAX), size = oneseed_tensorflow_dtype_size(dtype);
    for (size_t k = 0; k < n; k++) {
        uint64_t value = size == 8 ? out[k] : size == 4 ? ((uint32_t *)out)[k] : ((uint16_t *)out)[k];
        if (value != expected[k])
            fail_msg("line %d, value %zu: %llx", one->line, k, (unsigned long long)value);
    }
    assert_int_equal(((unsigned char *)out)[n * size], 0xca);
}

static oneseed_tensorflow_dtype dtype_of(const char *field)
{
    return (oneseed_tensorflow_dtype)number(field);
}

static void check_gamma(const struct vector_case *one)
{
    double alpha[16], beta[16];
    size_t n_sets = doubles_of(one->fields[4], alpha);
    oneseed_tensorflow_philox place = stateless(one);
    assert_int_equal(doubles_of(one->fields[5], beta), n_sets);
    assert_int_equal(oneseed_tensorflow_gamma_fill(&place, dtype_of(one->fields[3]), alpha, beta, n_sets,
                                                   number(one->fields[6]), out),
                     ONESEED_OK);
    assert_values(one, dtype_of(one->fields[3]), 7);
}

static void check_poisson(const struct vector_case *one)
{
    double rates[16];
    size_t n_sets = doubles_of(one->fields[4], rates);
    oneseed_tensorflow_philox place = stateless(one);
    assert_int_equal(
        oneseed_tensorflow_poisson_fill(&place, dtype_of(one->fields[3]), rates, n_sets, number(one->fields[5]), out),
        ONESEED_OK);
    assert_values(one, dtype_of(one->fields[3]), 6);
}

static void check_binomial(const struct vector_case *one)
{
    double counts[16], probs[16];
    size_t n_sets = doubles_of(one->fields[4], counts);
    oneseed_tensorflow_philox place = stateless(one);
    assert_int_equal(doubles_of(one->fields[5], probs), n_sets);
    assert_int_equal(oneseed_tensorflow_binomial_fill(&place, dtype_of(one->fields[3]), counts, probs, n_sets,
                                                      number(one->fields[7]), dtype_of(one->fields[6]), out),
                     ONESEED_OK);
    assert_values(one, dtype_of(one->fields[6]), 8);
}

static void check_generator_binomial(const struct vector_case *one)
{
    double counts[16], probs[16];
    size_t n_sets = doubles_of(one->fields[3], counts);
    oneseed_tensorflow_generator generator = generator_of(one->fields[1]);
    assert_int_equal(doubles_of(one->fields[4], probs), n_sets);
    assert_int_equal(oneseed_tensorflow_generator_binomial_fill(&generator, dtype_of(one->fields[2]), counts, probs,
                                                                n_sets, number(one->fields[6]),
                                                                dtype_of(one->fields[5]), out),
                     ONESEED_OK);
    assert_values(one, dtype_of(one->fields[5]), 7);
    assert_state(one, &generator, 8);
}

static void check_categorical(const struct vector_case *one)
{
    static double logits[VALUES_MAX], space[VALUES_MAX];
    size_t n = doubles_of(one->fields[3], logits), n_rows = number(one->fields[4]);
    oneseed_tensorflow_philox place = stateless(one);
    assert_int_equal(oneseed_tensorflow_categorical_fill(&place, logits, n_rows, n / n_rows, number(one->fields[5]),
                                                         (unsigned)number(one->fields[6]), ONESEED_TENSORFLOW_INT64,
                                                         space, out),
                     ONESEED_OK);
    assert_values(one, ONESEED_TENSORFLOW_INT64, 7);
}

static void check_seed(const struct vector_case *one)
{
    uint32_t words[16];
    oneseed_tensorflow_generator generator = {0};
    size_t n = vectors_words_u32(one->fields[2], words, 16);
    int is_negative = (int)number(one->fields[1]);
    oneseed_tensorflow_generator_seed_words(&generator, is_negative, words, n);
    assert_state(one, &generator, 3);
    if (n < 2) {
        int64_t seed = n > 0 ? (int64_t)words[0] : 0;
        oneseed_tensorflow_generator_seed(&generator, is_negative ? -seed : seed);
        assert_state(one, &generator, 3);
    }
}

static void check_list(const struct vector_case *one)
{
    oneseed_tensorflow_generator generator = {0};
    size_t n = vectors_words(one->fields[1], got, VALUES_MAX);
    int64_t seeds[8];
    assert_true(n <= 8);
    memcpy(seeds, got, n * sizeof *seeds);
    oneseed_tensorflow_generator_seed_list(&generator, seeds, n);
    assert_state(one, &generator, 2);
}

static void check_skip(const struct vector_case *one)
{
    oneseed_tensorflow_generator generator = generator_of(one->fields[1]);
    assert_int_equal(oneseed_tensorflow_generator_skip(&generator, (int64_t)number(one->fields[2])), ONESEED_OK);
    assert_state(one, &generator, 3);
}

static void check_keys(const struct vector_case *one)
{
    oneseed_tensorflow_generator generator = generator_of(one->fields[1]);
    assert_int_equal(
        oneseed_tensorflow_generator_make_seeds(&generator, (int64_t *)(void *)out, number(one->fields[2])),
        ONESEED_OK);
    assert_values(one, ONESEED_TENSORFLOW_INT64, 3);
    assert_state(one, &generator, 4);
}

/* The elements of iterator number `iteration` over range(n), at `begin` of `out`. */
static void iterate(const int64_t seeds[2], int is_reshuffled, uint64_t iteration, size_t n_slots, size_t n,
                    uint64_t *begin)
{
    uint64_t slots[128];
    int64_t own[2] = {seeds[0], seeds[1]};
    assert_true(n_slots <= 128);
    if (is_reshuffled)
        oneseed_tensorflow_dataset_seeds(seeds, iteration, own);
    oneseed_tensorflow_dataset_shuffle(own, slots, n_slots, begin, n);
}

static void check_order(const struct vector_case *one)
{
    int64_t seeds[2] = {(int64_t)number(one->fields[1]), (int64_t)number(one->fields[2])};
    size_t n = number(one->fields[5]);
    for (size_t k = 0; k < 3; k++)
        iterate(seeds, (int)number(one->fields[3]), k, number(one->fields[4]), n, out + k * n);
    assert_values(one, ONESEED_TENSORFLOW_INT64, 6);
}

static void check_random(const struct vector_case *one)
{
    int64_t seeds[2] = {(int64_t)number(one->fields[1]), (int64_t)number(one->fields[2])};
    size_t n = number(one->fields[4]);
    for (size_t k = 0; k < 2; k++) {
        int64_t own[2] = {seeds[0], seeds[1]}, *values = (int64_t *)(void *)(out + k * n);
        if (number(one->fields[3]))
            oneseed_tensorflow_dataset_seeds(seeds, k, own);
        oneseed_tensorflow_dataset_random(own, 0, values, 4);
        oneseed_tensorflow_dataset_random(own, 4, values + 4, n - 4);
    }
    assert_values(one, ONESEED_TENSORFLOW_INT64, 5);
}

static void test_vectors(void **state)
{
    static const struct {
        const char *name;
        void (*check)(const struct vector_case *one);
    } kinds[] = {
        {"gamma", check_gamma},
        {"poisson", check_poisson},
        {"binomial", check_binomial},
        {"categorical", check_categorical},
        {"generator_binomial", check_generator_binomial},
        {"seed", check_seed},
        {"list", check_list},
        {"skip", check_skip},
        {"keys", check_keys},
        {"order", check_order},
        {"random", check_random},
    };
    enum { N_KINDS = sizeof kinds / sizeof *kinds };
    static struct vector_case one;
    int n_of[N_KINDS] = {0};
    FILE *file = vectors_open("tensorflow_more.txt");
    (void)state;
    for (one.line = 0; vectors_next(file, &one);) {
        size_t k = 0;
        while (k < N_KINDS && strcmp(kinds[k].name, one.fields[0]) != 0)
            k++;
        assert_true(k < N_KINDS);
        memset(out, 0xca, sizeof out);
        kinds[k].check(&one);
        n_of[k]++;
    }
    (void)fclose(file);
    for (size_t k = 0; k < N_KINDS; k++)
        assert_true(n_of[k] > 0);
}

/* ---- what was published ---- */

/* Within the digits that were printed. */
static void assert_printed(const float *values, const char *const *printed, size_t n)
{
    char text[32];
    for (size_t k = 0; k < n; k++) {
        const char *point = strchr(printed[k], '.');
        (void)snprintf(text, sizeof text, "%.*f", point != NULL ? (int)strlen(point + 1) : 0, (double)values[k]);
        assert_string_equal(text, printed[k]);
    }
}

/* tf.random.Generator's own documentation, python/ops/stateful_random_ops.py: from_seed(1234) and its state, from_seed(123). */
static void test_generator(void **state)
{
    (void)state;
    static const char *const first[] = {"0.9356609",  "1.0854305", "-0.93788373",
                                        "-0.5061547", "1.3169702", "0.7137579"};
    static const char *const second[] = {"0.8673864",  "-0.29899067", "-0.9310337",
                                         "-1.5828488", "1.2481191",   "-0.6770643"};
    oneseed_tensorflow_generator generator = {.algorithm = ONESEED_TENSORFLOW_ALGORITHM_PHILOX};
    oneseed_tensorflow_philox place;
    float values[6];
    oneseed_tensorflow_generator_seed(&generator, 1234);
    assert_int_equal(oneseed_tensorflow_generator_draw(&generator, 6, &place), ONESEED_OK);
    assert_int_equal(oneseed_tensorflow_normal_fill(&place, ONESEED_TENSORFLOW_FLOAT32, 0, 1, values, 6), ONESEED_OK);
    assert_printed(values, first, 6);
    assert_int_equal(generator.state[0], 2770);
    assert_int_equal(generator.state[1], 0);
    assert_int_equal(generator.state[2], 0);
    oneseed_tensorflow_generator_seed(&generator, 123);
    assert_int_equal(oneseed_tensorflow_generator_draw(&generator, 6, &place), ONESEED_OK);
    assert_int_equal(oneseed_tensorflow_normal_fill(&place, ONESEED_TENSORFLOW_FLOAT32, 0, 1, values, 6), ONESEED_OK);
    assert_printed(values, second, 6);
}

/* core/kernels/data/shuffle_dataset_op_test.cc: range(10) with the seeds given; where two iterators are given, reshuffled. */
static void test_datasets(void **state)
{
    (void)state;
    static const struct {
        int64_t seeds[2];
        size_t n_slots;
        int is_reshuffled;
        uint64_t orders[2][10];
    } cases[] = {
        {{1, 2}, 3, 0, {{2, 3, 0, 5, 6, 4, 7, 8, 9, 1}, {2, 3, 0, 5, 6, 4, 7, 8, 9, 1}}},
        {{1, 2}, 10, 1, {{2, 6, 1, 3, 9, 5, 0, 8, 7, 4}, {1, 6, 0, 5, 2, 7, 4, 3, 9, 8}}},
        {{1, 2}, 2, 1, {{0, 2, 1, 3, 5, 6, 4, 7, 8, 9}, {1, 0, 2, 3, 4, 5, 6, 7, 9, 8}}},
        {{2, 2}, 10, 1, {{3, 0, 8, 1, 5, 4, 7, 2, 6, 9}, {4, 6, 9, 0, 1, 8, 2, 7, 3, 5}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint64_t k = 0; k < 2; k++) {
            uint64_t order[10];
            iterate(cases[i].seeds, cases[i].is_reshuffled, k, cases[i].n_slots, 10, order);
            assert_memory_equal(order, cases[i].orders[k], sizeof order);
        }
}

/* ---- what is refused, and edges ---- */

static void test_refusals(void **state)
{
    (void)state;
    static const double nan_only[] = {NAN}, endless[] = {INFINITY}, half[] = {0.5}, large[] = {3e9};
    oneseed_tensorflow_philox place = {{1, 2}, {3, 4, 5, 6}};
    oneseed_tensorflow_generator generator = {{5, 6, 7}, ONESEED_TENSORFLOW_ALGORITHM_THREEFRY};
    double space[1];
    unsigned char values[8], untouched[8];
    memset(values, 0xca, sizeof values);
    memset(untouched, 0xca, sizeof untouched);
    assert_int_equal(oneseed_tensorflow_gamma_fill(&place, ONESEED_TENSORFLOW_BFLOAT16, half, NULL, 1, 1, values),
                     ONESEED_TENSORFLOW_DTYPE);
    assert_int_equal(oneseed_tensorflow_poisson_fill(&place, ONESEED_TENSORFLOW_UINT32, half, 1, 1, values),
                     ONESEED_TENSORFLOW_DTYPE);
    assert_int_equal(oneseed_tensorflow_poisson_fill(&place, ONESEED_TENSORFLOW_FLOAT32, nan_only, 1, 1, values),
                     ONESEED_TENSORFLOW_ENDLESS);
    assert_int_equal(oneseed_tensorflow_poisson_fill(&place, ONESEED_TENSORFLOW_FLOAT64, endless, 1, 1, values),
                     ONESEED_TENSORFLOW_ENDLESS);
    assert_int_equal(oneseed_tensorflow_poisson_fill(&place, ONESEED_TENSORFLOW_INT32, large, 1, 1, values),
                     ONESEED_TENSORFLOW_ENDLESS);
    assert_int_equal(oneseed_tensorflow_binomial_fill(&place, ONESEED_TENSORFLOW_FLOAT32, nan_only, half, 1, 1,
                                                      ONESEED_TENSORFLOW_FLOAT32, values),
                     ONESEED_TENSORFLOW_ENDLESS);
    assert_int_equal(oneseed_tensorflow_binomial_fill(&place, ONESEED_TENSORFLOW_FLOAT32, half, nan_only, 1, 1,
                                                      ONESEED_TENSORFLOW_INT32, values),
                     ONESEED_TENSORFLOW_UNDEFINED);
    assert_int_equal(oneseed_tensorflow_binomial_fill(&place, ONESEED_TENSORFLOW_INT32, half, half, 1, 1,
                                                      ONESEED_TENSORFLOW_INT32, values),
                     ONESEED_TENSORFLOW_DTYPE);
    assert_int_equal(
        oneseed_tensorflow_categorical_fill(&place, half, 1, 0, 1, 1, ONESEED_TENSORFLOW_INT64, space, values),
        ONESEED_TENSORFLOW_CLASSES);
    assert_int_equal(
        oneseed_tensorflow_categorical_fill(&place, half, 1, 1, 1, 1, ONESEED_TENSORFLOW_FLOAT32, space, values),
        ONESEED_TENSORFLOW_DTYPE);
    assert_int_equal(oneseed_tensorflow_generator_skip(&generator, 1), ONESEED_TENSORFLOW_THREEFRY);
    assert_int_equal(oneseed_tensorflow_generator_draw(&generator, 1, &place), ONESEED_TENSORFLOW_THREEFRY);
    assert_int_equal(oneseed_tensorflow_generator_make_seeds(&generator, (int64_t *)(void *)values, 1),
                     ONESEED_TENSORFLOW_THREEFRY);
    generator.algorithm = ONESEED_TENSORFLOW_ALGORITHM_AUTO_SELECT;
    assert_int_equal(oneseed_tensorflow_generator_binomial_fill(&generator, ONESEED_TENSORFLOW_FLOAT32, half, half, 1,
                                                                1, ONESEED_TENSORFLOW_INT32, values),
                     ONESEED_TENSORFLOW_ALGORITHM);
    assert_memory_equal(values, untouched, sizeof values);
    assert_int_equal(generator.state[0], 5);
    assert_int_equal(place.counter[0], 3);
}

static void test_algorithms(void **state)
{
    (void)state;
    assert_int_equal(oneseed_tensorflow_algorithm_of("philox"), ONESEED_TENSORFLOW_ALGORITHM_PHILOX);
    assert_int_equal(oneseed_tensorflow_algorithm_of(" Three-Fry\n"), ONESEED_TENSORFLOW_ALGORITHM_THREEFRY);
    assert_int_equal(oneseed_tensorflow_algorithm_of("AUTO_SELECT"), ONESEED_TENSORFLOW_ALGORITHM_AUTO_SELECT);
    assert_int_equal(oneseed_tensorflow_algorithm_of("phi lox"), 0);
    assert_int_equal(oneseed_tensorflow_algorithm_of(""), 0);
    assert_int_equal(oneseed_tensorflow_algorithm_of("auto_select_and_more"), 0);
}

static void test_buffer(void **state)
{
    (void)state;
    const int64_t seeds[2] = {1, 2};
    uint64_t slots[3], item, n_put = 0, order[100], taken[100];
    oneseed_tensorflow_buffer buffer;
    oneseed_tensorflow_buffer_begin(&buffer, seeds, slots, 3);
    assert_int_equal(oneseed_tensorflow_buffer_take(&buffer, &item), 0);
    for (int k = 0; k < 100; k++) {
        while (n_put < 100 && oneseed_tensorflow_buffer_put(&buffer, n_put))
            n_put++;
        assert_int_equal(oneseed_tensorflow_buffer_take(&buffer, &taken[k]), 1);
        oneseed_tensorflow_buffer copy = buffer; /* goes on in the same memory */
        buffer = copy;
    }
    assert_int_equal(oneseed_tensorflow_buffer_take(&buffer, &item), 0);
    oneseed_tensorflow_dataset_shuffle(seeds, slots, 3, order, 100);
    assert_memory_equal(order, taken, sizeof order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),  cmocka_unit_test(test_generator),  cmocka_unit_test(test_datasets),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_algorithms), cmocka_unit_test(test_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
