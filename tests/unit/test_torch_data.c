/* test_torch_data.c - torch.utils.data: order of samplers and loaders, splits, seeds of workers, against PyTorch's vectors; refusals.
 * SPDX-License-Identifier: MIT */
#include "torch_vectors.h" /* word, same_digest; vectors_next, cmocka */

#include "oneseed.h" /* oneseed_torch_sampler */

enum { N_MAX = 400 };

/* The default generator, and the one that a case may have beside it. */
struct pair {
    oneseed_torch global, other, *generator;
};

static void seed_pair(struct pair *p, uint64_t seed, uint64_t has_generator, uint32_t version)
{
    memset(p, 0, sizeof *p);
    p->global.version = p->other.version = version;
    oneseed_torch_manual_seed(&p->global, seed);
    oneseed_torch_manual_seed(&p->other, seed + 1);
    p->generator = has_generator ? &p->other : NULL;
}

/* The indices of a field, and the words that follow in the default generator. */
static void same(const struct vector_case *c, int field, const int64_t *got, int64_t n, oneseed_torch *global)
{
    uint64_t want[N_MAX];
    assert_int_equal(vectors_words(c->fields[field], want, N_MAX), n);
    for (int64_t i = 0; i < n; i++)
        if ((uint64_t)got[i] != want[i])
            fail_msg("line %d of the vectors: index %d is %d instead of %d", c->line, (int)i, (int)got[i],
                     (int)want[i]);
    assert_int_equal(oneseed_torch_random_u32(global) % (1u << 20), word(c, field + 1));
}

static void sampler_case(const struct vector_case *c, uint32_t version)
{
    uint64_t numbers[4], weights[N_MAX], indices[N_MAX];
    double weight_values[N_MAX];
    int64_t index_values[N_MAX], work[2 * N_MAX], out[N_MAX], n;
    size_t n_work;
    struct pair p;
    seed_pair(&p, word(c, 1), word(c, 3), version);
    assert_int_equal(vectors_words(c->fields[9], numbers, 4), 4);
    size_t n_weights = vectors_words(c->fields[10], weights, N_MAX);
    size_t n_indices = vectors_words(c->fields[11], indices, N_MAX);
    for (size_t i = 0; i < n_weights; i++)
        weight_values[i] = double_of(weights[i]);
    for (size_t i = 0; i < n_indices; i++)
        index_values[i] = (int64_t)indices[i];
    oneseed_torch_sampler s = {.kind = (oneseed_torch_sampler_kind)word(c, 2),
                               .n_data = (int64_t)word(c, 4),
                               .num_samples = (int64_t)word(c, 5),
                               .replacement = (int)word(c, 6),
                               .shuffle = (int)word(c, 7),
                               .drop_last = (int)word(c, 8),
                               .num_replicas = (int64_t)numbers[0],
                               .rank = (int64_t)numbers[1],
                               .seed = numbers[2],
                               .epoch = numbers[3],
                               .weights = weight_values,
                               .indices = index_values};
    assert_int_equal(oneseed_torch_sampler_size(&s, &n, &n_work), ONESEED_OK);
    assert_true(n <= N_MAX && n_work <= 2 * N_MAX);
    assert_int_equal(oneseed_torch_sampler_fill(&p.global, p.generator, &s, work, out), ONESEED_OK);
    same(c, 12, out, n, &p.global);
}

static void loader_case(const struct vector_case *c, uint32_t version)
{
    int64_t work[N_MAX], out[N_MAX], n_data = (int64_t)word(c, 3);
    uint64_t base_seeds[3];
    struct pair p;
    seed_pair(&p, word(c, 1), word(c, 2), version);
    assert_int_equal(vectors_words(c->fields[4], base_seeds, 3), 3);
    oneseed_torch_sampler s = {.kind = ONESEED_TORCH_RANDOM, .n_data = n_data};
    for (int epoch = 0; epoch < 3; epoch++) {
        int64_t base_seed;
        assert_int_equal(
            oneseed_torch_loader_epoch_fill(&p.global, p.generator, &s, &base_seed, work, out + epoch * n_data),
            ONESEED_OK);
        assert_int_equal(base_seed, base_seeds[epoch]);
    }
    same(c, 5, out, 3 * n_data, &p.global);
}

static void split_case(const struct vector_case *c, uint32_t version)
{
    uint64_t bits[16], want[16];
    double lengths[16];
    int64_t got[16], out[N_MAX], n_data = (int64_t)word(c, 2);
    struct pair p;
    seed_pair(&p, word(c, 1), 0, version);
    size_t n = vectors_words(c->fields[3], bits, 16);
    for (size_t i = 0; i < n; i++)
        lengths[i] = double_of(bits[i]);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, lengths, n, 311, n_data, got, out), ONESEED_OK);
    assert_int_equal(vectors_words(c->fields[4], want, 16), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got[i], want[i]);
    same(c, 5, out, n_data, &p.global);
}

static void worker_case(const struct vector_case *c, uint32_t version)
{
    (void)version; /* the same in all that seed NumPy */
    uint64_t seed;
    uint32_t got[4], want[4];
    oneseed_torch_worker_seeds((int64_t)word(c, 1), (uint32_t)word(c, 2), &seed, got);
    assert_int_equal(seed, word(c, 3));
    assert_int_equal(vectors_words_u32(c->fields[4], want, 4), 4);
    assert_memory_equal(got, want, sizeof want);
}

static void vectors_of(const char *name, uint32_t version)
{
    static struct vector_case c;
    static const struct {
        const char *name;
        void (*test)(const struct vector_case *c, uint32_t version);
    } kinds[] = {{"sampler", sampler_case}, {"loader", loader_case}, {"split", split_case}, {"worker", worker_case}};
    int n_cases = 0;
    FILE *file = vectors_open(name);
    c.line = 0;
    while (vectors_next(file, &c)) {
        size_t k = 0;
        while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k].name, c.fields[0]) != 0)
            k++;
        if (k == sizeof kinds / sizeof *kinds)
            fail_msg("%s:%d: no such kind", name, c.line);
        kinds[k].test(&c, version);
        n_cases++;
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 200);
}

static void test_vectors(void **state)
{
    (void)state;
    vectors_of("torch_data.txt", 0);
    vectors_of("torch_data_1.13.txt", 11301);
}

static oneseed_status size_of(const oneseed_torch_sampler *s)
{
    int64_t n = -7;
    size_t n_work = 7;
    oneseed_status status = oneseed_torch_sampler_size(s, &n, &n_work);
    assert_true(!status || (n == -7 && n_work == 7)); /* outputs are left alone */
    return status;
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_torch_sampler s = {.kind = ONESEED_TORCH_RANDOM};
    assert_int_equal(size_of(&s), ONESEED_TORCH_NUM_SAMPLES);
    s.num_samples = 3;
    assert_int_equal(size_of(&s), ONESEED_TORCH_SAMPLER_EMPTY);
    s.replacement = 1;
    assert_int_equal(size_of(&s), ONESEED_TORCH_RANDOM_RANGE);
    s.n_data = 4;
    assert_int_equal(size_of(&s), ONESEED_OK);
    s.num_samples = -3;
    assert_int_equal(size_of(&s), ONESEED_TORCH_NUM_SAMPLES);
    s.kind = ONESEED_TORCH_DISTRIBUTED;
    assert_int_equal(size_of(&s), ONESEED_TORCH_RANK);
    s.num_replicas = 2;
    s.rank = 2;
    assert_int_equal(size_of(&s), ONESEED_TORCH_RANK);
    s.rank = -1;
    assert_int_equal(size_of(&s), ONESEED_TORCH_RANK);

    s = (oneseed_torch_sampler){.kind = ONESEED_TORCH_SEQUENTIAL, .n_data = -1};
    assert_int_equal(size_of(&s), ONESEED_TORCH_NEGATIVE_DIMENSION);
    s.n_data = INT64_MAX;
    assert_int_equal(size_of(&s), ONESEED_TORCH_STORAGE_SIZE);
    s = (oneseed_torch_sampler){.kind = ONESEED_TORCH_RANDOM, .n_data = 1, .num_samples = INT64_MAX};
    assert_int_equal(size_of(&s), ONESEED_TORCH_STORAGE_SIZE);

    int64_t n_batches = -7;
    assert_int_equal(oneseed_torch_batch_count(10, 0, 0, &n_batches), ONESEED_TORCH_BATCH_SIZE);
    assert_int_equal(n_batches, -7);
    assert_int_equal(oneseed_torch_batch_count(10, 3, 0, &n_batches), ONESEED_OK);
    assert_int_equal(n_batches, 4);
    assert_int_equal(oneseed_torch_batch_count(10, 3, 1, &n_batches), ONESEED_OK);
    assert_int_equal(n_batches, 3);
}

/* A refused epoch leaves the generator as it was: no base seed is gone. */
static void test_refused_epoch(void **state)
{
    (void)state;
    struct pair p;
    double weights[2] = {1.0, -1.0};
    int64_t base_seed = -7, work[4], out[4] = {-7};
    oneseed_torch_sampler s = {
        .kind = ONESEED_TORCH_WEIGHTED_RANDOM, .n_data = 2, .num_samples = 2, .replacement = 1, .weights = weights};
    seed_pair(&p, 5, 0, 0);
    oneseed_torch before = p.global;
    assert_int_not_equal(oneseed_torch_loader_epoch_fill(&p.global, NULL, &s, &base_seed, work, out), ONESEED_OK);
    assert_int_equal(base_seed, -7);
    assert_memory_equal(&p.global, &before, sizeof before);
}

static void test_split_refusals(void **state)
{
    (void)state;
    static const double above[] = {1.1, -0.1}, wrong_sum[] = {3.0, 3.0}, negative[] = {11.0, -1.0},
                        halves[] = {4.5, 5.5};
    int64_t lengths[3] = {-7}, out[10] = {-7};
    struct pair p;
    seed_pair(&p, 5, 0, 0);
    oneseed_torch before = p.global;
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, above, 2, 0, 10, lengths, out),
                     ONESEED_TORCH_SPLIT_FRACTION);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, wrong_sum, 2, 0, 10, lengths, out),
                     ONESEED_TORCH_SPLIT_SUM);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, negative, 2, 0, 10, lengths, out),
                     ONESEED_TORCH_SPLIT_SUM);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, halves, 2, 0, 10, lengths, out),
                     ONESEED_TORCH_SPLIT_SUM);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, (const double[]){1.0}, 1, 0, INT64_MAX, lengths, out),
                     ONESEED_TORCH_STORAGE_SIZE);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, (const double[]){1.0}, 1, 0, -5, lengths, out),
                     ONESEED_TORCH_NEGATIVE_DIMENSION);
    assert_int_equal(lengths[0], -7);
    assert_int_equal(out[0], -7);
    assert_memory_equal(&p.global, &before, sizeof before);
}

/* 0.4 + 0.2 + 0.3 + 0.1 is 1.0000000000000002, and 1 for a Python that adds up what is lost. */
static void test_split_by_version(void **state)
{
    (void)state;
    static const double lengths[] = {0.4, 0.2, 0.3, 0.1};
    int64_t got[4], out[10];
    struct pair p;
    seed_pair(&p, 5, 0, 0);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, lengths, 4, 311, 10, got, out),
                     ONESEED_TORCH_SPLIT_SUM);
    assert_int_equal(oneseed_torch_random_split_fill(&p.global, lengths, 4, 312, 10, got, out), ONESEED_OK);
    assert_int_equal(got[0] * 1000 + got[1] * 100 + got[2] * 10 + got[3], 4231);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),          cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_refused_epoch),    cmocka_unit_test(test_split_refusals),
        cmocka_unit_test(test_split_by_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
