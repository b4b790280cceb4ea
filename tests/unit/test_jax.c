/* test_jax.c - Threefry's published blocks, and JAX's keys, bits, uniforms, integers and permutations as published.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */

#include "oneseed.h" /* oneseed_jax_split */

/* Random123 1.14, tests/kat_vectors, the rows "threefry2x32 20"; JAX's tests/random_test.py has the same three. */
static void test_published_blocks(void **state)
{
    (void)state;
    static const uint32_t cases[][3][2] = {
        {{0, 0}, {0, 0}, {0x6b200159, 0x99ba4efe}},
        {{0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}, {0x1cb996fc, 0xbb002be7}},
        {{0x13198a2e, 0x03707344}, {0x243f6a88, 0x85a308d3}, {0xc4923a9c, 0x483df7a0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t words[2];
        oneseed_threefry2x32_block(cases[i][0], cases[i][1], words);
        assert_memory_equal(words, cases[i][2], sizeof words);
    }
}

static oneseed_jax_key key_of(int64_t seed, int is_original)
{
    oneseed_jax_key key = {.is_original = (uint32_t)is_original};
    oneseed_jax_key_seed(&key, seed);
    return key;
}

/* JAX, tests/random_test.py, test_prng_seeds_and_keys. */
static void test_seeds(void **state)
{
    (void)state;
    static const struct {
        int64_t seed;
        uint32_t has_x64, words[2];
    } cases[] = {
        {0, 0, {0, 0}},
        {1, 0, {0, 1}},
        {-1, 0, {0, 4294967295}},
        {-1, 1, {4294967295, 4294967295}},
        {2147483747, 0, {0, 2147483747}},
        {-2147483748, 0, {0, 2147483548}},
        {-2147483748, 1, {4294967295, 2147483548}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        oneseed_jax_key key = {.has_x64 = cases[i].has_x64};
        oneseed_jax_key_seed(&key, cases[i].seed);
        assert_memory_equal(key.words, cases[i].words, sizeof cases[i].words);
        assert_int_equal(oneseed_jax_key_words(&key), 2);
    }
}

/* Original mode: JAX, tests/random_test.py (split, fold_in, bits, randint). */
static void test_original(void **state)
{
    (void)state;
    static const uint32_t split[4][2] = {
        {2285895361u, 1501764800u}, {1518642379u, 4090693311u}, {433833334u, 4221794875u}, {839183663u, 3740430601u}};
    static const uint8_t bits8[3] = {216, 115, 43};
    static const uint16_t bits16[3] = {41682, 1300, 55017};
    static const uint32_t bits32[3] = {56197195u, 4200222568u, 961309823u};
    static const uint64_t bits64[3] = {3982329540505020460u, 16822122385914693683u, 7882654074788531506u};
    static const int32_t integers[9] = {2, 1, 3, 6, 1, 5, 6, 3, 4};
    static const int64_t long_integers[9] = {7, 2, 6, 2, 1, 0, 6, 7, 7};
    oneseed_jax_key key = key_of(0, 1), keys[4], folded;
    uint64_t out[9];
    oneseed_jax_split(&key, keys, 4);
    for (int k = 0; k < 4; k++)
        assert_memory_equal(keys[k].words, split[k], sizeof split[k]);
    oneseed_jax_fold_in(&key, 4, &folded);
    assert_int_equal(folded.words[0], 2285895361u);
    assert_int_equal(folded.words[1], 433833334u);
    assert_int_equal(oneseed_jax_randint_fill(&key, ONESEED_JAX_INT32, 0, 8, out, 9), ONESEED_OK);
    assert_memory_equal(out, integers, sizeof integers);
    assert_int_equal(oneseed_jax_randint_fill(&key, ONESEED_JAX_INT64, 0, 8, out, 9), ONESEED_OK);
    assert_memory_equal(out, long_integers, sizeof long_integers);
    key = key_of(1701, 1);
    assert_int_equal(oneseed_jax_bits_fill(&key, 8, out, 3), ONESEED_OK);
    assert_memory_equal(out, bits8, sizeof bits8);
    assert_int_equal(oneseed_jax_bits_fill(&key, 16, out, 3), ONESEED_OK);
    assert_memory_equal(out, bits16, sizeof bits16);
    assert_int_equal(oneseed_jax_bits_fill(&key, 32, out, 3), ONESEED_OK);
    assert_memory_equal(out, bits32, sizeof bits32);
    assert_int_equal(oneseed_jax_bits_fill(&key, 64, out, 3), ONESEED_OK);
    assert_memory_equal(out, bits64, sizeof bits64);
}

/* The mode of JAX 0.5 and later: values of JAX's documentation pages and of JAX 0.10. */
static void test_partitionable(void **state)
{
    (void)state;
    static const uint32_t split[2][2] = {{1832780943u, 270669613u}, {64467757u, 2916123636u}};
    static const int32_t integers[5] = {6, 7, 0, 3, 8};
    static const uint32_t order[5] = {0, 4, 2, 1, 3};
    static const float uniforms[3] = {0.947667f, 0.9785799f, 0.33229148f};
    oneseed_jax_key key = key_of(42, 0), keys[2];
    uint64_t space[10];
    uint32_t permuted[5];
    int32_t drawn[5];
    float reals[3];
    oneseed_jax_split(&key, keys, 2);
    for (int k = 0; k < 2; k++)
        assert_memory_equal(keys[k].words, split[k], sizeof split[k]);
    key = key_of(1, 0);
    assert_int_equal(oneseed_jax_randint_fill(&key, ONESEED_JAX_INT32, 0, 10, drawn, 5), ONESEED_OK);
    assert_memory_equal(drawn, integers, sizeof integers);
    key = key_of(3, 0);
    assert_int_equal(oneseed_jax_permutation_space(5), 10);
    assert_int_equal(oneseed_jax_permutation(&key, space, permuted, 5), ONESEED_OK);
    assert_memory_equal(permuted, order, sizeof order);
    key = key_of(0, 0);
    assert_int_equal(oneseed_jax_uniform_fill(&key, ONESEED_JAX_FLOAT32, 0, 1, reals, 3), ONESEED_OK);
    assert_memory_equal(reals, uniforms, sizeof uniforms);
    /* jax.random.normal(key(42), (3,)) as JAX's page about random numbers prints it, the first in all digits. */
    static const float normals[3] = {-0.028304616f, 0.46713185f, 0.29570296f};
    key = key_of(42, 0);
    assert_int_equal(oneseed_jax_normal_fill(&key, ONESEED_JAX_FLOAT32, reals, 3), ONESEED_OK);
    assert_memory_equal(reals, normals, sizeof normals);
    key = key_of(0, 0);
    assert_int_equal(oneseed_jax_normal_fill(&key, ONESEED_JAX_FLOAT32, reals, 1), ONESEED_OK);
    assert_true(reals[0] == 1.6226422f);
}

/* Key 42 of JAX 0.10.2 on x86-64: jax.random.<name>(key, …, shape=(3,), dtype="float32"). */
static void test_distributions(void **state)
{
    (void)state;
    static const float expected[][3] = {
        {0x1.577564p-1f, 0x1.23887p+0f, 0x1.ea6762p-1f},    {0x1.561c94p-2f, 0x1.e76f18p-1f, 0x1.7378bep-1f},
        {0x1.763472p-6f, -0x1.c85968p-2f, -0x1.0f066ap-2f}, {-0x1.72072p-5f, 0x1.817438p-1f, 0x1.e51f54p-2f},
        {-0x1.22b0aap-5f, 0x1.4477cp-1f, 0x1.879e8p-2f},    {0x1.3257bap+1f, 0x1.c1d6a4p+0f, 0x1.f7c6dp+0f},
        {0x1.c03316p+0f, 0x1.0b55c4p+1f, 0x1.f8b298p+0f},   {0x1.4eca54p+0f, 0x1.93b5dap+0f, 0x1.778484p+0f},
        {0x1.eab79p-1f, 0x1.01f0b6p+1f, 0x1.8ee88ep+0f},    {-0x1.baa368p-6f, 0x1.c70bc4p-2f, 0x1.20a462p-2f},
    };
    enum { N = sizeof expected / sizeof *expected };
    const oneseed_jax_dtype dtype = ONESEED_JAX_FLOAT32;
    oneseed_jax_key key = key_of(42, 0);
    float out[N][3];
    assert_int_equal(oneseed_jax_exponential_fill(&key, dtype, out[0], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_gumbel_fill(&key, dtype, out[1], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_laplace_fill(&key, dtype, out[2], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_logistic_fill(&key, dtype, out[3], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_cauchy_fill(&key, dtype, out[4], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_rayleigh_fill(&key, dtype, 2, out[5], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_weibull_min_fill(&key, dtype, 2, 3, out[6], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_pareto_fill(&key, dtype, 2.5, out[7], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_lognormal_fill(&key, dtype, 1.5, out[8], 3), ONESEED_OK);
    assert_int_equal(oneseed_jax_truncated_normal_fill(&key, dtype, -2, 2, out[9], 3), ONESEED_OK);
    for (int i = 0; i < N; i++)
        assert_memory_equal(out[i], expected[i], sizeof expected[i]);
    assert_int_equal(oneseed_jax_gumbel_fill(&key, ONESEED_JAX_INT32, out[0], 3), ONESEED_JAX_FLOAT_DTYPE);
    assert_memory_equal(out[0], expected[0], sizeof expected[0]);
}

/* Key 7 of JAX 0.10: RngBitGenerator's words and the keys made from it. */
static void test_rbg(void **state)
{
    (void)state;
    static const uint8_t bits8[5] = {0xb1, 0x0e, 0xe1, 0x0a, 0xdc};
    static const uint64_t bits64[3] = {0x517da80eb956f3b1, 0xc54bd30a95f6d8e1, 0x5bc121f5a85a83dc};
    static const uint32_t split[4] = {3625411723u, 1954958720u, 3625411723u, 1954958720u};
    static const uint32_t folded[4] = {3583082021u, 1947592014u, 3583082021u, 1947592014u};
    static const uint32_t unsafe_split[4] = {3848958661u, 3271070264u, 2639373597u, 23941900u};
    static const uint32_t unsafe_folded[4] = {3810769997u, 2355009018u, 1837142617u, 748193193u};
    oneseed_jax_key key = {.impl = ONESEED_JAX_RBG}, keys[2], one;
    uint64_t out[5];
    oneseed_jax_key_seed(&key, 7);
    assert_int_equal(oneseed_jax_key_words(&key), 4);
    assert_int_equal(oneseed_jax_bits_fill(&key, 8, out, 5), ONESEED_OK);
    assert_memory_equal(out, bits8, sizeof bits8);
    assert_int_equal(oneseed_jax_bits_fill(&key, 64, out, 3), ONESEED_OK);
    assert_memory_equal(out, bits64, sizeof bits64);
    oneseed_jax_split(&key, keys, 2);
    assert_memory_equal(keys[0].words, split, sizeof split);
    oneseed_jax_fold_in(&key, 5, &one);
    assert_memory_equal(one.words, folded, sizeof folded);
    key.impl = ONESEED_JAX_UNSAFE_RBG;
    oneseed_jax_split(&key, keys, 2);
    assert_memory_equal(keys[1].words, unsafe_split, sizeof unsafe_split);
    oneseed_jax_fold_in(&key, 5, &one);
    assert_memory_equal(one.words, unsafe_folded, sizeof unsafe_folded);
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_jax_key key = key_of(0, 0);
    uint64_t out[1] = {17};
    assert_int_equal(oneseed_jax_bits_fill(&key, 24, out, 1), ONESEED_JAX_WIDTH);
    assert_int_equal(oneseed_jax_uniform_fill(&key, ONESEED_JAX_INT8, 0, 1, out, 1), ONESEED_JAX_FLOAT_DTYPE);
    assert_int_equal(oneseed_jax_bernoulli_fill(&key, ONESEED_JAX_UINT64, 0.5, (uint8_t *)out, 1),
                     ONESEED_JAX_FLOAT_DTYPE);
    assert_int_equal(oneseed_jax_randint_fill(&key, ONESEED_JAX_FLOAT64, 0, 1, out, 1), ONESEED_JAX_INTEGER_DTYPE);
    assert_int_equal(out[0], 17);
    assert_true(oneseed_jax_key_is_valid(&key));
    key.impl = ONESEED_JAX_THREEFRY4X32 + 1;
    assert_false(oneseed_jax_key_is_valid(&key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_blocks), cmocka_unit_test(test_seeds),         cmocka_unit_test(test_original),
        cmocka_unit_test(test_partitionable),    cmocka_unit_test(test_distributions), cmocka_unit_test(test_rbg),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
