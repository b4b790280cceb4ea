/* test_mt19937.c - the recurrence against the published 10,000th word, and distances against counting.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */

#include "engines/mt19937.h"

struct generator {
    uint32_t key[MT19937_N];
    unsigned position;
};

static struct generator seeded(uint32_t seed)
{
    struct generator g = {{seed}, MT19937_N};
    for (uint32_t k = 1; k < MT19937_N; k++)
        g.key[k] = 1812433253u * (g.key[k - 1] ^ g.key[k - 1] >> 30) + k;
    return g;
}

static uint32_t next(struct generator *g)
{
    if (g->position == MT19937_N) {
        mt19937_next_block(g->key);
        g->position = 0;
    }
    uint32_t y = g->key[g->position++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

/* ISO C++ [rand.predef]: the 10000th word of mt19937 with its default seed 5489. */
static void test_published_word(void **state)
{
    (void)state;
    struct generator g = seeded(5489);
    uint32_t word = 0;
    for (int k = 0; k < 10000; k++)
        word = next(&g);
    assert_int_equal(word, 4123659995u);
}

static uint64_t distance(const struct generator *a, const struct generator *b, uint64_t max)
{
    return mt19937_distance(a->key, a->position, b->key, b->position, max);
}

static void test_distance_is_what_was_drawn(void **state)
{
    (void)state;
    static const unsigned starts[] = {0, 1, 623, 624, 625, 1000}, steps[] = {0, 1, 2, 623, 624, 625, 1247, 1248, 5000};
    for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
        for (unsigned j = 0; j < sizeof steps / sizeof *steps; j++) {
            struct generator from = seeded(7);
            for (unsigned k = 0; k < starts[i]; k++)
                next(&from);
            struct generator to = from;
            for (unsigned k = 0; k < steps[j]; k++)
                next(&to);
            assert_int_equal(distance(&from, &to, 10000), steps[j]);
        }
}

static void test_far_and_unrelated(void **state)
{
    (void)state;
    struct generator from = seeded(7), to = from, other = seeded(8);
    for (int k = 0; k < 5000; k++)
        next(&to);
    assert_true(distance(&from, &to, 1000) == MT19937_TOO_FAR);
    assert_true(distance(&to, &from, 100000) == MT19937_TOO_FAR);
    assert_true(distance(&from, &other, 100000) == MT19937_TOO_FAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_word),
        cmocka_unit_test(test_distance_is_what_was_drawn),
        cmocka_unit_test(test_far_and_unrelated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
