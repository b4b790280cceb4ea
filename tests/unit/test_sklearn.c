/* test_sklearn.c - scikit-learn's splits, samples and data sets against its own values; refusals leave all as it was.
 * SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <math.h> /* NAN */

#include "oneseed.h" /* oneseed_sklearn_… */

enum { MAX = 4096, WORK = 1 << 16 };

/* A line of the vectors, and the answer that is made for it. */
static struct {
    uint64_t integers[32], doubles[64], codes[MAX], values[MAX], reals[MAX];
    size_t n_integers, n_doubles, n_codes, n_values, n_reals;
    int64_t n[32], labels[MAX];
    double d[64];
    oneseed_numpy state;
    int64_t found[MAX], work[WORK];
    double made[MAX], work_real[WORK];
    size_t n_found, n_made;
} t;

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void shuffle_split(void)
{
    size_t n_train = (size_t)t.n[1], n_test = (size_t)t.n[2];
    assert_int_equal(oneseed_sklearn_shuffle_split_fill(&t.state, (size_t)t.n[0], n_train, n_test, t.work, t.found,
                                                        t.found + n_train),
                     ONESEED_OK);
    t.n_found = n_train + n_test;
}

static void stratified_shuffle_split(void)
{
    size_t n_train = (size_t)t.n[2], n_test = (size_t)t.n[3];
    assert_true(oneseed_sklearn_stratified_work(t.n_codes, (size_t)t.n[1]) <= WORK);
    for (int64_t split = 0; split < t.n[4]; split++) {
        int64_t *train = t.found + t.n_found;
        assert_int_equal(oneseed_sklearn_stratified_shuffle_split_fill(&t.state, t.labels, t.n_codes, (size_t)t.n[1],
                                                                       n_train, n_test, t.work, train, train + n_train),
                         ONESEED_OK);
        t.n_found += n_train + n_test;
    }
}

static void group_shuffle_split(void)
{
    int64_t test[MAX];
    size_t n[2];
    assert_int_equal(oneseed_sklearn_group_shuffle_split_fill(&t.state, t.labels, t.n_codes, (size_t)t.n[1],
                                                              (size_t)t.n[2], (size_t)t.n[3], t.work, t.found + 1, test,
                                                              n),
                     ONESEED_OK);
    t.found[0] = (int64_t)n[0];
    memcpy(t.found + 1 + n[0], test, n[1] * sizeof *test);
    t.n_found = 1 + n[0] + n[1];
}

static oneseed_status folds(const char *name, oneseed_numpy *state, int64_t *out)
{
    size_t n = (size_t)t.n[0], n_codes = (size_t)t.n[1], n_splits = (size_t)t.n[2];
    if (strcmp(name, "kfold") == 0)
        return oneseed_sklearn_kfold_fill(state, n, n_splits, t.work, out);
    if (strcmp(name, "stratified_kfold") == 0)
        return oneseed_sklearn_stratified_kfold_fill(state, t.labels, n, n_codes, n_splits, t.work, out);
    return oneseed_sklearn_group_kfold_fill(state, t.labels, n, n_codes, n_splits, t.work, out);
}

static void k_folds(const char *name)
{
    for (int64_t repeat = 0; repeat < t.n[4]; repeat++) {
        assert_int_equal(folds(name, t.n[3] ? &t.state : NULL, t.found + t.n_found), ONESEED_OK);
        t.n_found += (size_t)t.n[0];
    }
}

static void resample(void)
{
    t.n_found = (size_t)t.n[2];
    assert_int_equal(oneseed_sklearn_resample_fill(&t.state, (size_t)t.n[0], (int)t.n[1], t.work, t.found, t.n_found),
                     ONESEED_OK);
}

static void resample_stratified(void)
{
    t.n_found = (size_t)t.n[3];
    assert_int_equal(oneseed_sklearn_resample_stratified_fill(&t.state, t.labels, (size_t)t.n[0], (size_t)t.n[1],
                                                              (int)t.n[2], t.work, t.found, t.n_found),
                     ONESEED_OK);
}

static void sample(void)
{
    oneseed_sklearn_sampling method = (oneseed_sklearn_sampling)t.n[1];
    t.n_found = (size_t)t.n[2];
    assert_true(oneseed_sklearn_sample_work((uint64_t)t.n[0], t.n_found, method) <= WORK);
    assert_int_equal(
        oneseed_sklearn_sample_without_replacement_fill(&t.state, (uint64_t)t.n[0], method, t.work, t.found, t.n_found),
        ONESEED_OK);
}

static void tree_seeds(void)
{
    t.n_found = (size_t)t.n[0];
    oneseed_sklearn_tree_seeds_fill(&t.state, t.found, t.n_found);
}

static void bootstrap(void)
{
    t.n_found = (size_t)t.n[2];
    assert_int_equal(oneseed_sklearn_bootstrap_fill((uint32_t)t.n[0], (size_t)t.n[1], t.found, t.n_found), ONESEED_OK);
}

static void blobs(void)
{
    size_t n_centers = (size_t)t.n[1], n_features = (size_t)t.n[2];
    double *centers = t.made + (size_t)t.n[0] * n_features;
    oneseed_sklearn_blob_sizes_fill(t.n[0], n_centers, t.work);
    assert_int_equal(oneseed_sklearn_blob_centers_fill(&t.state, t.d[0], t.d[1], n_centers, n_features, centers),
                     ONESEED_OK);
    assert_int_equal(oneseed_sklearn_make_blobs_fill(&t.state, centers, t.d + 2, t.work, n_centers, n_features,
                                                     (int)t.n[3], t.made, t.found),
                     ONESEED_OK);
    t.n_found = (size_t)t.n[0];
    t.n_made = (size_t)t.n[0] * n_features + n_centers * n_features;
}

static void moons(void)
{
    t.n_found = (size_t)(t.n[0] + t.n[1]);
    t.n_made = 2 * t.n_found;
    assert_int_equal(
        oneseed_sklearn_make_moons_fill(&t.state, (size_t)t.n[0], (size_t)t.n[1], (int)t.n[2], t.d[0], t.made, t.found),
        ONESEED_OK);
}

static void circles(void)
{
    t.n_found = (size_t)(t.n[0] + t.n[1]);
    t.n_made = 2 * t.n_found;
    assert_int_equal(oneseed_sklearn_make_circles_fill(&t.state, (size_t)t.n[0], (size_t)t.n[1], (int)t.n[2], t.d[0],
                                                       t.d[1], t.made, t.found),
                     ONESEED_OK);
}

static void regression(void)
{
    oneseed_sklearn_regression p = {
        .n_samples = (size_t)t.n[0],
        .n_features = (size_t)t.n[1],
        .n_informative = (size_t)t.n[2],
        .n_targets = (size_t)t.n[3],
        .shuffle = (int)t.n[4],
        .bias = t.d[0],
        .noise = t.d[1],
    };
    double *y = t.made + p.n_samples * p.n_features, *coefficients = y + p.n_samples * p.n_targets;
    assert_int_equal(oneseed_sklearn_make_regression_fill(&t.state, &p, t.work, t.made, y, coefficients), ONESEED_OK);
    t.n_made = (size_t)(coefficients - t.made) + p.n_features * p.n_targets;
}

static void classification(void)
{
    double shift[64], scale[64];
    int64_t columns[64];
    for (int j = 0; j < 64; j++) {
        shift[j] = 0.25;
        scale[j] = 3.0;
    }
    oneseed_sklearn_classification p = {
        .n_samples = (size_t)t.n[0],
        .n_features = (size_t)t.n[1],
        .n_informative = (size_t)t.n[2],
        .n_redundant = (size_t)t.n[3],
        .n_repeated = (size_t)t.n[4],
        .n_classes = (size_t)t.n[5],
        .n_clusters_per_class = (size_t)t.n[6],
        .weights = t.d + 2,
        .flip_y = t.d[0],
        .class_sep = t.d[1],
        .hypercube = (int)t.n[7],
        .shuffle = (int)t.n[8],
        .shift = t.n[9] ? NULL : shift,
        .scale = t.n[9] ? NULL : scale,
    };
    size_t n_work, n_work_real;
    assert_int_equal(oneseed_sklearn_classification_work(&p, &n_work, &n_work_real), ONESEED_OK);
    assert_true(n_work <= WORK && n_work_real <= WORK && p.n_features <= 64);
    assert_int_equal(
        oneseed_sklearn_make_classification_fill(&t.state, &p, t.work, t.work_real, t.made, t.found, columns),
        ONESEED_OK);
    t.n_found = p.n_samples;
    t.n_made = p.n_samples * p.n_features;
}

static const struct {
    const char *name;
    void (*run)(void);
} operations[] = {
    {"shuffle_split", shuffle_split},
    {"stratified_shuffle_split", stratified_shuffle_split},
    {"group_shuffle_split", group_shuffle_split},
    {"resample", resample},
    {"resample_stratified", resample_stratified},
    {"sample", sample},
    {"tree_seeds", tree_seeds},
    {"bootstrap", bootstrap},
    {"blobs", blobs},
    {"moons", moons},
    {"circles", circles},
    {"regression", regression},
    {"classification", classification},
};

static void run(const char *name)
{
    if (strstr(name, "kfold")) {
        k_folds(name);
        return;
    }
    for (size_t k = 0; k < sizeof operations / sizeof *operations; k++)
        if (strcmp(name, operations[k].name) == 0) {
            operations[k].run();
            return;
        }
    fail_msg("no operation %s", name);
}

static void check_line(const struct vector_case *line)
{
    assert_int_equal(line->n_fields, 9);
    t.n_found = t.n_made = 0;
    t.n_integers = vectors_words(line->fields[2], t.integers, 32);
    t.n_doubles = vectors_words(line->fields[3], t.doubles, 64);
    t.n_codes = vectors_words(line->fields[4], t.codes, MAX);
    t.n_values = vectors_words(line->fields[5], t.values, MAX);
    t.n_reals = vectors_words(line->fields[6], t.reals, MAX);
    for (size_t i = 0; i < t.n_integers; i++)
        t.n[i] = (int64_t)t.integers[i];
    memcpy(t.d, t.doubles, sizeof t.d);
    for (size_t i = 0; i < t.n_codes; i++)
        t.labels[i] = (int64_t)t.codes[i];
    oneseed_numpy_legacy_seed(&t.state, (uint32_t)strtoul(line->fields[1], NULL, 10));
    run(line->fields[0]);
    assert_int_equal(t.n_found, t.n_values);
    for (size_t i = 0; i < t.n_found; i++)
        if ((uint64_t)t.found[i] != t.values[i])
            fail_msg("line %d: number %zu", line->line, i);
    assert_int_equal(t.n_made, t.n_reals);
    for (size_t i = 0; i < t.n_made; i++)
        if (bits_of(t.made[i]) != t.reals[i])
            fail_msg("line %d: double %zu: %.17g", line->line, i, t.made[i]);
    assert_int_equal(t.state.has_gauss ? bits_of(t.state.gauss) : 0, strtoull(line->fields[7], NULL, 16));
    assert_int_equal(oneseed_numpy_legacy_randint(&t.state, 0, INT64_MAX), strtoull(line->fields[8], NULL, 16));
}

static void test_vectors(void **unused)
{
    (void)unused;
    FILE *file = vectors_open("sklearn.txt");
    static struct vector_case line;
    int n_lines = 0;
    for (line.line = 0; vectors_next(file, &line); n_lines++)
        check_line(&line);
    fclose(file);
    assert_true(n_lines > 200);
}

static oneseed_sklearn_size count(int64_t n)
{
    return (oneseed_sklearn_size){.kind = ONESEED_SKLEARN_SIZE_COUNT, .count = n};
}

static oneseed_sklearn_size fraction(double f)
{
    return (oneseed_sklearn_size){.kind = ONESEED_SKLEARN_SIZE_FRACTION, .fraction = f};
}

static void test_sizes(void **unused)
{
    (void)unused;
    const oneseed_sklearn_size none = {ONESEED_SKLEARN_SIZE_NONE, 0, 0.0};
    const struct {
        int64_t n;
        oneseed_sklearn_size test, train;
        oneseed_status status;
        int64_t n_train, n_test;
    } cases[] = {
        {100, none, none, ONESEED_OK, 75, 25},
        {100, fraction(0.07), none, ONESEED_OK, 92, 8}, /* 7.000000000000001 */
        {100, fraction(0.14), none, ONESEED_OK, 85, 15},
        {100, none, fraction(0.29), ONESEED_OK, 28, 72},
        {100, none, fraction(0.57), ONESEED_OK, 56, 44},
        {10, count(3), count(4), ONESEED_OK, 4, 3},
        {10, count(10), none, ONESEED_SKLEARN_TEST_SIZE, 0, 0},
        {10, fraction(NAN), none, ONESEED_SKLEARN_TEST_SIZE, 0, 0},
        {10, none, count(0), ONESEED_SKLEARN_TRAIN_SIZE, 0, 0},
        {10, fraction(0.6), fraction(0.5), ONESEED_SKLEARN_FRACTIONS_SUM, 0, 0},
        {10, count(6), count(5), ONESEED_SKLEARN_SIZES_SUM, 0, 0},
        {1, none, none, ONESEED_SKLEARN_TRAIN_EMPTY, 0, 0},
        {0, none, none, ONESEED_SKLEARN_TRAIN_EMPTY, 0, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int64_t n_train = 0, n_test = 0;
        assert_int_equal(
            oneseed_sklearn_split_sizes(cases[k].n, cases[k].test, cases[k].train, 0.25, &n_train, &n_test),
            cases[k].status);
        assert_int_equal(n_train, cases[k].n_train);
        assert_int_equal(n_test, cases[k].n_test);
    }
}

static void test_refusals_draw_nothing(void **unused)
{
    (void)unused;
    oneseed_numpy state, before;
    const int64_t codes[6] = {0, 0, 1, 1, 1, 2}, foreign[6] = {0, 0, 1, 1, 2, -1};
    int64_t work[64], a[16], b[16];
    double X[16], half[2] = {0.5, -0.5};
    size_t n_work, n_work_real, n[2];
    oneseed_sklearn_classification p = {
        .n_samples = 4, .n_features = 3, .n_informative = 2, .n_classes = 2, .n_clusters_per_class = 2, .class_sep = 1};
    oneseed_numpy_legacy_seed(&state, 1);
    memset(&before, 0, sizeof before);
    before = state;
    assert_int_equal(oneseed_sklearn_shuffle_split_fill(&state, 5, 3, 3, work, a, b), ONESEED_SKLEARN_SIZES_SUM);
    assert_int_equal(oneseed_sklearn_shuffle_split_fill(&state, 5, 0, 3, work, a, b), ONESEED_SKLEARN_TRAIN_EMPTY);
    assert_int_equal(oneseed_sklearn_stratified_shuffle_split_fill(&state, codes, 6, 3, 3, 3, work, a, b),
                     ONESEED_SKLEARN_CLASS_OF_ONE);
    assert_int_equal(oneseed_sklearn_stratified_shuffle_split_fill(&state, codes, 5, 2, 1, 3, work, a, b),
                     ONESEED_SKLEARN_TRAIN_BELOW_CLASSES);
    assert_int_equal(oneseed_sklearn_stratified_shuffle_split_fill(&state, codes, 5, 2, 3, 1, work, a, b),
                     ONESEED_SKLEARN_TEST_BELOW_CLASSES);
    assert_int_equal(oneseed_sklearn_stratified_shuffle_split_fill(&state, foreign, 6, 3, 3, 3, work, a, b),
                     ONESEED_SKLEARN_CODES);
    assert_int_equal(oneseed_sklearn_group_shuffle_split_fill(&state, foreign, 6, 3, 1, 1, work, a, b, n),
                     ONESEED_SKLEARN_CODES);
    assert_int_equal(oneseed_sklearn_kfold_fill(&state, 5, 1, work, a), ONESEED_SKLEARN_N_SPLITS);
    assert_int_equal(oneseed_sklearn_kfold_fill(&state, 5, 6, work, a), ONESEED_SKLEARN_SPLITS_ABOVE_SAMPLES);
    assert_int_equal(oneseed_sklearn_stratified_kfold_fill(&state, codes, 6, 3, 4, work, a),
                     ONESEED_SKLEARN_SPLITS_ABOVE_MEMBERS);
    assert_int_equal(oneseed_sklearn_group_kfold_fill(&state, codes, 6, 3, 4, work, a),
                     ONESEED_SKLEARN_SPLITS_ABOVE_GROUPS);
    assert_int_equal(oneseed_sklearn_resample_fill(&state, 5, 0, work, a, 6), ONESEED_SKLEARN_RESAMPLE_SIZE);
    assert_int_equal(oneseed_sklearn_resample_stratified_fill(&state, codes, 6, 3, 0, work, a, 7),
                     ONESEED_SKLEARN_RESAMPLE_SIZE);
    assert_int_equal(oneseed_sklearn_sample_without_replacement_fill(&state, 5, ONESEED_SKLEARN_AUTO, work, a, 6),
                     ONESEED_SKLEARN_POPULATION);
    assert_int_equal(oneseed_sklearn_make_blobs_fill(&state, X, half, codes, 2, 1, 1, X, a),
                     ONESEED_NUMPY_SCALE_NEGATIVE);
    assert_int_equal(oneseed_sklearn_make_moons_fill(&state, 2, 2, 1, -1.0, X, a), ONESEED_SKLEARN_PARAMETER);
    assert_int_equal(oneseed_sklearn_make_circles_fill(&state, 2, 2, 1, NAN, 1.0, X, a), ONESEED_SKLEARN_PARAMETER);
    assert_int_equal(oneseed_sklearn_classification_work(&p, &n_work, &n_work_real), ONESEED_OK);
    p.n_repeated = 2;
    assert_int_equal(oneseed_sklearn_classification_work(&p, &n_work, &n_work_real), ONESEED_SKLEARN_FEATURES);
    p.n_repeated = 0;
    p.n_classes = 3;
    assert_int_equal(oneseed_sklearn_make_classification_fill(&state, &p, work, X, X, a, b), ONESEED_SKLEARN_CLUSTERS);
    assert_memory_equal(&state, &before, sizeof state);
}

/* A fold's two lists are all samples, each once. */
static void test_fold(void **unused)
{
    (void)unused;
    const int64_t folds_of[7] = {1, 0, 2, 1, 1, 0, 2}, others[4] = {1, 2, 5, 6}, mine[3] = {0, 3, 4};
    int64_t train[7], test[7];
    assert_int_equal(oneseed_sklearn_fold_fill(folds_of, 7, 1, train, test), 3);
    assert_memory_equal(train, others, sizeof others);
    assert_memory_equal(test, mine, sizeof mine);
}

/* A product of the caller's is asked for what numpy.dot is. */
static size_t asked[4][4], n_asked;
static void ones(void *context, const double *a, size_t a_stride, const double *b, size_t n_rows, size_t n_inner,
                 size_t n_columns, double *out)
{
    (void)a;
    (void)b;
    assert_ptr_equal(context, &n_asked);
    assert_true(n_asked < 4);
    const size_t sizes[4] = {a_stride, n_rows, n_inner, n_columns};
    memcpy(asked[n_asked++], sizes, sizeof sizes);
    for (size_t i = 0; i < n_rows * n_columns; i++)
        out[i] = 1.0;
}

static void test_product(void **unused)
{
    (void)unused;
    const size_t expected[3][4] = {{5, 4, 2, 2}, {5, 3, 2, 2}, {5, 7, 2, 3}};
    const double shift[5] = {0}, scale[5] = {1, 1, 1, 1, 1};
    oneseed_numpy state;
    int64_t work[64], y[7], columns[5];
    double work_real[64], X[35];
    oneseed_sklearn_classification p = {.n_samples = 7,
                                        .n_features = 5,
                                        .n_informative = 2,
                                        .n_redundant = 3,
                                        .n_classes = 2,
                                        .n_clusters_per_class = 1,
                                        .class_sep = 1,
                                        .hypercube = 1,
                                        .shift = shift,
                                        .scale = scale,
                                        .product = {ones, &n_asked}};
    oneseed_numpy_legacy_seed(&state, 3);
    assert_int_equal(oneseed_sklearn_make_classification_fill(&state, &p, work, work_real, X, y, columns), ONESEED_OK);
    assert_int_equal(n_asked, 3);
    assert_memory_equal(asked, expected, sizeof expected);
    for (int i = 0; i < 7; i++)
        assert_true(X[5 * i + 4] == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_sizes),   cmocka_unit_test(test_refusals_draw_nothing),
        cmocka_unit_test(test_fold),    cmocka_unit_test(test_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
