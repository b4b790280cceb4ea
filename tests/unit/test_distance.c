/* test_distance.c - distances of states against draws, jumps and advances; which states are valid.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h> /* malloc */
#include <string.h> /* memset */

#include <cmocka.h> /* assert_int_equal */

#include "oneseed.h" /* oneseed_mt19937_distance */

static oneseed_mt19937 seeded(uint32_t seed, uint64_t n_drawn)
{
    oneseed_mt19937 state;
    oneseed_mt19937_seed(&state, seed);
    oneseed_mt19937_jump(&state, n_drawn);
    return state;
}

static const uint64_t starts[] = {0, 1, 300, 623, 624, 625, 2000};
static const uint64_t steps[] = {0, 1, 2, 623, 624, 625, 1248, 5000, 65535, 65536, 65537, 1000000};

static void test_mt19937_search(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
        for (unsigned j = 0; j < sizeof steps / sizeof *steps; j++) {
            oneseed_mt19937 from = seeded(7, starts[i]), to = from;
            oneseed_mt19937_jump(&to, steps[j]);
            assert_int_equal(oneseed_mt19937_distance(&from, &to, steps[j]), steps[j]);
            if (steps[j] > 0) {
                assert_true(oneseed_mt19937_distance(&from, &to, steps[j] - 1) == ONESEED_TOO_FAR);
                assert_true(oneseed_mt19937_distance(&to, &from, 10000) == ONESEED_TOO_FAR);
            }
        }
    oneseed_mt19937 from = seeded(7, 0), other = seeded(8, 0);
    assert_true(oneseed_mt19937_distance(&from, &other, 1000000) == ONESEED_TOO_FAR);
}

/* The same stream with its block turned by some words, as a generator with another phase has it. */
static oneseed_mt19937 turned(const oneseed_mt19937 *state, unsigned n_words)
{
    oneseed_mt19937 next = *state, out = *state;
    next.position = 624;
    oneseed_mt19937_jump(&next, 1); /* the next block is made */
    for (unsigned k = 0; k < 624; k++)
        out.words[k] = k + n_words < 624 ? state->words[k + n_words] : next.words[k + n_words - 624];
    out.position = state->position - n_words;
    return out;
}

static void test_mt19937_other_phase(void **unused)
{
    (void)unused;
    uint64_t *memory = malloc(ONESEED_MT19937_FAR_MEMORY * sizeof *memory);
    assert_non_null(memory);
    for (unsigned n = 1; n < 600; n += 97) {
        oneseed_mt19937 from = seeded(9, 624 + 610), late = turned(&from, n), to = from;
        for (int k = 0; k < 3000; k++)
            assert_int_equal(oneseed_mt19937_next_u32(&late), oneseed_mt19937_next_u32(&to));
        late = turned(&from, n);
        to = from;
        assert_int_equal(oneseed_mt19937_distance(&from, &late, 10), 0);
        assert_int_equal(oneseed_mt19937_distance(&late, &from, 10), 0);
        oneseed_mt19937_jump(&to, 77777);
        oneseed_mt19937_jump(&late, 3);
        assert_int_equal(oneseed_mt19937_distance(&late, &to, 100000), 77774);
        assert_int_equal(oneseed_mt19937_distance_far(&late, &to, UINT64_MAX, memory, ONESEED_MT19937_FAR_MEMORY),
                         77774);
        late = from;
        oneseed_mt19937_jump(&late, 2);
        to = turned(&late, n);
        assert_int_equal(oneseed_mt19937_distance(&from, &to, 10), 2);
        assert_int_equal(oneseed_mt19937_distance_far(&from, &to, 10, memory, ONESEED_MT19937_FAR_MEMORY), 2);
    }
    free(memory);
}

static void test_mt19937_far(void **unused)
{
    (void)unused;
    static const uint64_t far[] = {1000000007, 10000000019};
    uint64_t *memory = malloc(ONESEED_MT19937_FAR_MEMORY * sizeof *memory);
    assert_non_null(memory);
    for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
        for (unsigned j = i % 4; j < sizeof steps / sizeof *steps; j += 4) {
            oneseed_mt19937 from = seeded(7, starts[i]), to = from;
            oneseed_mt19937_jump(&to, steps[j]);
            assert_int_equal(oneseed_mt19937_distance_far(&from, &to, steps[j], memory, ONESEED_MT19937_FAR_MEMORY),
                             steps[j]);
            if (steps[j] > 0)
                assert_true(oneseed_mt19937_distance_far(&from, &to, steps[j] - 1, memory,
                                                         ONESEED_MT19937_FAR_MEMORY) == ONESEED_TOO_FAR);
        }
    for (unsigned j = 0; j < sizeof far / sizeof *far; j++) {
        oneseed_mt19937 from = seeded(7, 5), to = from;
        oneseed_mt19937_jump(&to, far[j]);
        assert_int_equal(oneseed_mt19937_distance_far(&from, &to, UINT64_MAX, memory, ONESEED_MT19937_FAR_MEMORY),
                         far[j]);
    }
    oneseed_mt19937 from = seeded(7, 0), other = seeded(8, 0);
    assert_true(oneseed_mt19937_distance_far(&from, &other, 1000000000, memory, ONESEED_MT19937_FAR_MEMORY) ==
                ONESEED_TOO_FAR);
    free(memory);
}

static void test_pcg(void **unused)
{
    (void)unused;
    static const uint64_t seed[2] = {17, 4}, sequence[2] = {1, 1}, other[2] = {2, 1};
    oneseed_sfc64 random;
    oneseed_sfc64_seed(&random, (const uint64_t[3]){1, 2, 3});
    for (int k = 0; k < 1000; k++) {
        uint64_t delta[2] = {oneseed_sfc64_next_u64(&random), oneseed_sfc64_next_u64(&random)}, got[2];
        for (int shift = k % 130; shift > 0; shift--) {
            delta[0] = delta[0] >> 1 | delta[1] << 63;
            delta[1] >>= 1;
        }
        oneseed_pcg64 from, to;
        oneseed_pcg64_seed(&from, seed, sequence);
        to = from;
        oneseed_pcg64_advance(&to, delta);
        assert_true(oneseed_pcg64_distance(&from, &to, got));
        assert_memory_equal(got, delta, sizeof got);
        to = from;
        oneseed_pcg64dxsm_advance(&to, delta);
        assert_true(oneseed_pcg64dxsm_distance(&from, &to, got));
        assert_memory_equal(got, delta, sizeof got);
    }
    uint64_t got[2] = {5, 6};
    oneseed_pcg64 from, to;
    oneseed_pcg64_seed(&from, seed, sequence);
    oneseed_pcg64_seed(&to, seed, other);
    assert_false(oneseed_pcg64_distance(&from, &to, got));
    from.increment[0] = 2;
    to = from;
    to.state[0] ^= 1;
    assert_false(oneseed_pcg64_distance(&from, &to, got));
    assert_true(got[0] == 5 && got[1] == 6);
    assert_false(oneseed_pcg64_is_valid(&to));
}

static void test_philox(void **unused)
{
    (void)unused;
    static const uint64_t key[2] = {3, 4}, other_key[2] = {3, 5}, start[4] = {UINT64_MAX, UINT64_MAX, 9, 0};
    oneseed_philox4x64 from, to;
    uint64_t got[4];
    for (uint64_t skipped = 0; skipped < 6; skipped++) {
        oneseed_philox4x64_seed(&from, key, start);
        for (uint64_t k = 0; k < skipped; k++)
            (void)oneseed_philox4x64_next_u64(&from);
        to = from;
        for (uint64_t n = 0; n < 40; n++) {
            assert_true(oneseed_philox4x64_distance(&from, &to, got));
            assert_true(got[0] == n && got[1] == 0 && got[2] == 0 && got[3] == 0);
            assert_true(oneseed_philox4x64_distance(&to, &from, got));
            assert_true(got[0] == 0 - n && got[1] == (n ? UINT64_MAX : 0) && got[3] == got[1]);
            (void)oneseed_philox4x64_next_u64(&to);
        }
    }
    static const uint64_t far[4] = {0, 0, 1, 0}, too_far[4] = {0, 0, 0, (uint64_t)1 << 60};
    oneseed_philox4x64_seed(&from, key, start);
    to = from;
    oneseed_philox4x64_advance(&to, far);
    assert_true(oneseed_philox4x64_distance(&from, &to, got));
    assert_true(got[0] == 0 && got[1] == 0 && got[2] == 4 && got[3] == 0);
    oneseed_philox4x64_advance(&to, too_far);
    assert_false(oneseed_philox4x64_distance(&from, &to, got));
    oneseed_philox4x64_seed(&to, other_key, start);
    assert_false(oneseed_philox4x64_distance(&from, &to, got));
    to = from;
    (void)oneseed_philox4x64_next_u64(&to);
    to.buffer[2] ^= 1;
    assert_false(oneseed_philox4x64_distance(&from, &to, got));
    assert_true(oneseed_philox4x64_is_valid(&to));
    to.position = 5;
    assert_false(oneseed_philox4x64_is_valid(&to));
}

static void test_sfc(void **unused)
{
    (void)unused;
    oneseed_sfc64 from, to;
    oneseed_sfc64_seed(&from, (const uint64_t[3]){1, 2, 3});
    to = from;
    for (uint64_t n = 0; n < 100; n++) {
        assert_int_equal(oneseed_sfc64_distance(&from, &to, n), n);
        if (n > 0)
            assert_true(oneseed_sfc64_distance(&from, &to, n - 1) == ONESEED_TOO_FAR);
        (void)oneseed_sfc64_next_u64(&to);
    }
    to.state[0]++;
    assert_true(oneseed_sfc64_distance(&from, &to, 1000) == ONESEED_TOO_FAR);
}

static void test_valid_states(void **unused)
{
    (void)unused;
    oneseed_numpy state;
    for (int kind = 0; kind < 5; kind++) {
        oneseed_numpy_seed(&state, (oneseed_numpy_kind)kind, NULL, 0, NULL, 0);
        assert_true(oneseed_numpy_is_valid(&state));
        state.has_uint32 = 2;
        assert_false(oneseed_numpy_is_valid(&state));
        state.has_uint32 = 0;
        state.has_gauss = 2;
        assert_false(oneseed_numpy_is_valid(&state));
    }
    oneseed_numpy_seed(&state, ONESEED_NUMPY_MT19937, NULL, 0, NULL, 0);
    state.engine.mt19937.position = 624;
    assert_true(oneseed_numpy_is_valid(&state));
    state.engine.mt19937.position = 625;
    assert_false(oneseed_numpy_is_valid(&state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mt19937_search), cmocka_unit_test(test_mt19937_other_phase),
        cmocka_unit_test(test_mt19937_far),    cmocka_unit_test(test_pcg),
        cmocka_unit_test(test_philox),         cmocka_unit_test(test_sfc),
        cmocka_unit_test(test_valid_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
