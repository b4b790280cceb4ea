/* test_seed_sequence.c - the committed answers of NumPy's SeedSequence, pools of other sizes, and the form before 1.19.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_next */

#include "oneseed.h" /* oneseed_seed_sequence_u32 */

enum { WORDS_MAX = 256 };

struct input {
    uint32_t entropy[WORDS_MAX], key[WORDS_MAX];
    size_t n_entropy, n_key;
};

static struct input input_of(const struct vector_case *c)
{
    struct input in;
    in.n_entropy = vectors_words_u32(c->fields[0], in.entropy, WORDS_MAX);
    in.n_key = vectors_words_u32(c->fields[1], in.key, WORDS_MAX);
    return in;
}

static void test_states(void **unused)
{
    (void)unused;
    static struct vector_case c;
    int n_cases = 0;
    FILE *file = vectors_open("seed_sequence.txt");
    for (; vectors_next(file, &c); n_cases++) {
        uint32_t expected[WORDS_MAX], got[WORDS_MAX + 1];
        assert_int_equal(c.n_fields, 3);
        struct input in = input_of(&c);
        size_t n = vectors_words_u32(c.fields[2], expected, WORDS_MAX);
        got[n] = 0xdeadbeef; /* a word too many would show */
        oneseed_seed_sequence_u32(in.n_entropy ? in.entropy : NULL, in.n_entropy, in.n_key ? in.key : NULL, in.n_key,
                                  got, n);
        if (n > 0)
            assert_memory_equal(got, expected, n * sizeof got[0]);
        assert_int_equal(got[n], 0xdeadbeef);
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 206);
}

static void test_pools(void **unused)
{
    (void)unused;
    static struct vector_case c;
    int n_cases = 0;
    FILE *file = vectors_open("seed_sequence_pool.txt");
    for (; vectors_next(file, &c); n_cases++) {
        uint32_t pool[WORDS_MAX], got_pool[WORDS_MAX];
        uint64_t state[WORDS_MAX], got[WORDS_MAX];
        assert_int_equal(c.n_fields, 4);
        struct input in = input_of(&c);
        size_t n_pool = vectors_words_u32(c.fields[2], pool, WORDS_MAX),
               n = vectors_words(c.fields[3], state, WORDS_MAX);
        oneseed_seed_sequence_pool(in.entropy, in.n_entropy, in.key, in.n_key, 0, got_pool, n_pool);
        assert_memory_equal(got_pool, pool, n_pool * sizeof *pool);
        oneseed_seed_sequence_generate_u64(pool, n_pool, got, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(got[k], state[k]);
        if (n_pool != 4)
            continue;
        oneseed_seed_sequence_u64(in.entropy, in.n_entropy, in.key, in.n_key, got, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(got[k], state[k]);
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 100);
}

/* Before 1.19 a key was plain entropy behind the entropy; since then only where that has the pool's size or more. */
static void test_before_padding(void **unused)
{
    (void)unused;
    static const uint32_t words[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (size_t n_entropy = 0; n_entropy < 7; n_entropy++) {
        uint32_t joined[4], before[4], now[4];
        oneseed_seed_sequence_pool(words, 8, NULL, 0, 0, joined, 4);
        oneseed_seed_sequence_pool(words, n_entropy, words + n_entropy, 8 - n_entropy, 11805, before, 4);
        oneseed_seed_sequence_pool(words, n_entropy, words + n_entropy, 8 - n_entropy, 11900, now, 4);
        assert_memory_equal(before, joined, sizeof joined);
        assert_int_equal(memcmp(now, joined, sizeof joined) == 0, n_entropy >= 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_pools),
        cmocka_unit_test(test_before_padding),
    };
    return cmocka_run_group_tests_name("seed_sequence", tests, NULL, NULL);
}
