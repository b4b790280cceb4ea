/* test_philox4x32.c - Philox4x32-10: Random123's published blocks, fills, and steps against counting.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */

#include "oneseed.h" /* oneseed_philox4x32_block */

/* Random123 1.14, tests/kat_vectors, the rows "philox4x32 10": counter, key, words. */
static void test_published_blocks(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t words[4];
        oneseed_philox4x32_block(cases[i].counter, cases[i].key, words);
        assert_memory_equal(words, cases[i].words, sizeof words);
        oneseed_philox4x32 g;
        oneseed_philox4x32_seed(&g, cases[i].key, cases[i].counter);
        for (int k = 0; k < 4; k++)
            assert_int_equal(oneseed_philox4x32_next_u32(&g), cases[i].words[k]);
    }
}

/* The counter carries through all its words in the test's stream. */
static const uint32_t key[2] = {17, 0x80000000}, start[4] = {0xfffffffe, 0xffffffff, 0xffffffff, 7};

static void test_fill_is_single_draws(void **state)
{
    (void)state;
    static const size_t cuts[] = {0, 1, 2, 3, 4, 5, 1, 17, 64, 2, 3, 9};
    oneseed_philox4x32 filled, single;
    uint32_t out[64];
    oneseed_philox4x32_seed(&filled, key, start);
    single = filled;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        oneseed_philox4x32_fill_u32(&filled, out, cuts[i]);
        for (size_t k = 0; k < cuts[i]; k++)
            assert_int_equal(out[k], oneseed_philox4x32_next_u32(&single));
        assert_memory_equal(&filled, &single, sizeof filled);
        assert_true(oneseed_philox4x32_is_valid(&filled));
    }
}

static void test_advance_is_draws(void **state)
{
    (void)state;
    for (unsigned before = 0; before < 6; before++)
        for (unsigned step = 0; step < 23; step++) {
            oneseed_philox4x32 g, h;
            oneseed_philox4x32_seed(&g, key, start);
            for (unsigned k = 0; k < before; k++)
                (void)oneseed_philox4x32_next_u32(&g);
            h = g;
            for (unsigned k = 0; k < step; k++)
                (void)oneseed_philox4x32_next_u32(&h);
            oneseed_philox4x32_advance(&g, step);
            assert_memory_equal(&g, &h, sizeof g);
        }
    oneseed_philox4x32 g, h;
    oneseed_philox4x32_seed(&g, key, start);
    h = g;
    oneseed_philox4x32_advance(&g, UINT64_MAX); /* more than one counter word at once */
    oneseed_philox4x32_advance(&h, UINT64_MAX / 2);
    oneseed_philox4x32_advance(&h, UINT64_MAX / 2 + 1);
    assert_memory_equal(&g, &h, sizeof g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_blocks),
        cmocka_unit_test(test_fill_is_single_draws),
        cmocka_unit_test(test_advance_is_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
