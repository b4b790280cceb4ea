/* test_pennylane.c - seeds and shots of PennyLane's devices.
 * SPDX-License-Identifier: MIT
 *
 * The numbers were drawn by PennyLane 0.45.1 and PennyLane-Lightning 0.45.0 on Linux x86_64, NumPy 2.4. */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */

#include "oneseed.h" /* oneseed_pennylane_sample_fill */

static const double bell[4] = {0.5, 0, 0, 0.5};

static oneseed_numpy device_of(uint32_t seed)
{
    oneseed_numpy device;
    oneseed_numpy_seed(&device, ONESEED_NUMPY_PCG64, &seed, 1, NULL, 0);
    return device;
}

/* np.random.seed(0), np.random.seed(42): the seed that a device with seed="global" takes. */
static void test_global_seeds(void **state)
{
    (void)state;
    oneseed_numpy global;
    oneseed_numpy_legacy_seed(&global, 0);
    assert_int_equal(oneseed_pennylane_global_seed(&global), 8325804);
    oneseed_numpy_legacy_seed(&global, 42);
    assert_int_equal(oneseed_pennylane_global_seed(&global), 6423388);
    oneseed_numpy_legacy_seed(&global, 42);
    assert_int_equal(oneseed_pennylane_lightning_global_seed(&global), 1608637542);
}

/* Ten shots of a Bell state with seed=42, twice; the second execution goes on. */
static void test_shots(void **state)
{
    (void)state;
    static const int64_t expected[2][10] = {{3, 0, 3, 3, 0, 3, 3, 3, 0, 0}, {0, 3, 3, 3, 0, 0, 3, 0, 3, 3}};
    oneseed_numpy device = device_of(42);
    double work[8];
    int64_t out[10], bits[20];
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(oneseed_pennylane_sample_fill(&device, bell, 4, work, out, 10), ONESEED_OK);
        assert_memory_equal(out, expected[k], sizeof out);
    }
    oneseed_pennylane_bits(out, 10, 2, bits);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(2 * bits[2 * i] + bits[2 * i + 1], out[i]);
}

static void test_refusals(void **state)
{
    (void)state;
    static const double low[2] = {0.5, 0.4999}, negative[2] = {1.5, -0.5};
    const double nothing = 0, none[2] = {nothing / nothing, 1};
    oneseed_numpy device = device_of(1), same = device;
    double work[4];
    int64_t out[3] = {7, 7, 7};
    assert_int_equal(oneseed_pennylane_sample_fill(&device, low, 2, work, out, 3), ONESEED_PENNYLANE_PROBABILITIES);
    assert_int_equal(oneseed_pennylane_sample_fill(&device, negative, 2, work, out, 3),
                     ONESEED_NUMPY_PROBABILITIES_NEGATIVE);
    assert_int_equal(out[0], 7);
    assert_int_equal(oneseed_pennylane_sample_fill(&device, none, 2, work, out, 3), ONESEED_OK);
    assert_int_equal(out[0], 0);
    assert_int_equal(oneseed_numpy_next_u64(&device), oneseed_numpy_next_u64(&same)); /* nothing was drawn */
}

/* default_rng(42): the seeds of two circuits of lightning.qubit, which are those of workers, too. */
static void test_circuit_seeds(void **state)
{
    (void)state;
    oneseed_numpy device = device_of(42), other = device;
    int64_t seeds[2];
    assert_int_equal(oneseed_pennylane_lightning_seed(&device), 191664963);
    assert_int_equal(oneseed_pennylane_lightning_seed(&device), 1662057957);
    oneseed_pennylane_worker_seeds(&other, seeds, 2);
    assert_int_equal(seeds[0], 191664963);
    assert_int_equal(seeds[1], 1662057957);
}

/* A Bell state of lightning.qubit, whose probabilities are a little below 1/2: two executions with seed=42. */
static void test_lightning(void **state)
{
    (void)state;
    static const double p[4] = {0x1.ffffffffffffep-2, 0, 0, 0x1.ffffffffffffep-2};
    static const int64_t expected[2][10] = {{0, 3, 3, 3, 0, 3, 0, 0, 0, 3}, {0, 3, 0, 0, 3, 0, 3, 0, 0, 0}};
    oneseed_numpy device = device_of(42);
    uint64_t work[12];
    int64_t out[10];
    for (size_t k = 0; k < 2; k++) {
        const uint32_t seed = oneseed_pennylane_lightning_seed(&device);
        assert_int_equal(oneseed_pennylane_lightning_sample_fill(seed, 0, p, 4, work, out, 10), ONESEED_OK);
        assert_memory_equal(out, expected[k], sizeof out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_global_seeds),  cmocka_unit_test(test_shots),     cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_circuit_seeds), cmocka_unit_test(test_lightning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
