/* test_mt19937.c - MT19937: published words, fills, jumps, and distances against counting.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */

#include "engines/mt19937.h" /* mt19937_distance */

static oneseed_mt19937 seeded(uint32_t seed)
{
    oneseed_mt19937 g;
    oneseed_mt19937_seed(&g, seed);
    return g;
}

static void draw(oneseed_mt19937 *g, uint64_t n)
{
    for (; n > 0; n--)
        (void)oneseed_mt19937_next_u32(g);
}

/* ISO C++ [rand.predef]: the 10000th word of mt19937 with its default seed 5489. */
static void test_published_word(void **state)
{
    (void)state;
    oneseed_mt19937 g = seeded(5489);
    draw(&g, 9999);
    assert_int_equal(oneseed_mt19937_next_u32(&g), 4123659995u);
}

static void test_fill_is_single_draws(void **state)
{
    (void)state;
    static const size_t cuts[] = {0, 1, 2, 623, 624, 625, 1248, 3000, 5};
    static uint32_t out[3000];
    oneseed_mt19937 filled = seeded(3), single = filled;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        oneseed_mt19937_fill_u32(&filled, out, cuts[i]);
        for (size_t k = 0; k < cuts[i]; k++)
            assert_int_equal(out[k], oneseed_mt19937_next_u32(&single));
        assert_memory_equal(&filled, &single, sizeof filled);
    }
}

static void test_jump_is_draws(void **state)
{
    (void)state;
    static const uint64_t starts[] = {0, 1, 623, 624, 700}, steps[] = {0, 1, 623, 624, 625, 1248, 1249, 100000};
    for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
        for (unsigned j = 0; j < sizeof steps / sizeof *steps; j++) {
            oneseed_mt19937 jumped = seeded(11);
            draw(&jumped, starts[i]);
            oneseed_mt19937 drawn = jumped;
            oneseed_mt19937_jump(&jumped, steps[j]);
            draw(&drawn, steps[j]);
            assert_memory_equal(&jumped, &drawn, sizeof jumped);
        }
}

/* Beyond some millions of words the jump is by polynomial; two such jumps are one. */
static void test_long_jumps(void **state)
{
    (void)state;
    for (uint64_t n = 5100000; n < 5120000; n += 1999) {
        oneseed_mt19937 jumped = seeded(12), drawn = jumped;
        oneseed_mt19937_jump(&jumped, n);
        draw(&drawn, n);
        assert_memory_equal(&jumped, &drawn, sizeof jumped);
    }
    oneseed_mt19937 once = seeded(13), twice = once;
    oneseed_mt19937_jump(&once, UINT64_MAX);
    oneseed_mt19937_jump(&twice, UINT64_MAX / 3);
    oneseed_mt19937_jump(&twice, UINT64_MAX - UINT64_MAX / 3);
    assert_memory_equal(&once, &twice, sizeof once);
}

/* Random states at random places of their blocks, by random distances on either side of where polynomials begin to pay. */
static void test_jumps_of_random_states(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int k = 0; k < 24; k++) {
        uint32_t key[4];
        for (int i = 0; i < 4; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            key[i] = (uint32_t)(random >> 20);
        }
        oneseed_mt19937 jumped, drawn;
        oneseed_mt19937_seed_array(&jumped, key, 4);
        draw(&jumped, key[0] % 2000);
        drawn = jumped;
        uint64_t n = key[1] % ((uint64_t)1 << (10 + k % 14));
        oneseed_mt19937_jump(&jumped, n);
        draw(&drawn, n);
        assert_memory_equal(&jumped, &drawn, sizeof jumped);
    }
}

/* x^a x^b = x^(a + b), also where the squares of one are not those of the other. */
static void test_powers_add_up(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {19936, 19937, 19938, 39873, 39874, 100000007, (uint64_t)1 << 40, UINT64_MAX / 2};
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (unsigned j = 0; j < sizeof lengths / sizeof *lengths; j++) {
            uint64_t a[MT19937_POLYNOMIAL_WORDS], b[MT19937_POLYNOMIAL_WORDS], both[MT19937_POLYNOMIAL_WORDS];
            oneseed_mt19937 once = seeded(21), twice;
            draw(&once, 700); /* in a seeded block, 31 bits of the first word are not the recurrence's */
            twice = once;
            mt19937_power(a, lengths[i]);
            mt19937_power(b, lengths[j]);
            mt19937_power(both, lengths[i] + lengths[j]);
            mt19937_apply(a, twice.words);
            mt19937_apply(b, twice.words);
            mt19937_apply(both, once.words);
            assert_memory_equal(&once, &twice, sizeof once);
        }
}

static uint64_t distance(const oneseed_mt19937 *a, const oneseed_mt19937 *b, uint64_t max)
{
    return mt19937_distance(a->words, a->position, b->words, b->position, max);
}

static void test_distance_is_what_was_drawn(void **state)
{
    (void)state;
    static const unsigned starts[] = {0, 1, 623, 624, 625, 1000}, steps[] = {0, 1, 2, 623, 624, 625, 1247, 1248, 5000};
    for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
        for (unsigned j = 0; j < sizeof steps / sizeof *steps; j++) {
            oneseed_mt19937 from = seeded(7);
            draw(&from, starts[i]);
            oneseed_mt19937 to = from;
            draw(&to, steps[j]);
            assert_int_equal(distance(&from, &to, 10000), steps[j]);
        }
}

static void test_far_and_unrelated(void **state)
{
    (void)state;
    oneseed_mt19937 from = seeded(7), to = from, other = seeded(8);
    draw(&to, 5000);
    assert_true(distance(&from, &to, 1000) == MT19937_TOO_FAR);
    assert_true(distance(&to, &from, 100000) == MT19937_TOO_FAR);
    assert_true(distance(&from, &other, 100000) == MT19937_TOO_FAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_word),
        cmocka_unit_test(test_fill_is_single_draws),
        cmocka_unit_test(test_jump_is_draws),
        cmocka_unit_test(test_long_jumps),
        cmocka_unit_test(test_jumps_of_random_states),
        cmocka_unit_test(test_powers_add_up),
        cmocka_unit_test(test_distance_is_what_was_drawn),
        cmocka_unit_test(test_far_and_unrelated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
