/* test_torch_generator.c - PyTorch's CPU generator: the bytes of its state, words, refusals that leave all as it was.
 * SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <math.h> /* NAN */

#include "oneseed.h" /* oneseed_torch_… */

static oneseed_torch seeded(uint64_t seed)
{
    oneseed_torch state;
    memset(&state, 0, sizeof state);
    oneseed_torch_manual_seed(&state, seed);
    return state;
}

static uint64_t number_at(const uint8_t *bytes, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* torch 2.13.0, CPU: torch.manual_seed(0); torch.rand(3), and rand(2, dtype=torch.float64). */
static void test_known_values(void **unused)
{
    (void)unused;
    float f[3];
    double d[2];
    oneseed_torch state = seeded(0);
    assert_int_equal(oneseed_torch_rand_fill(&state, ONESEED_TORCH_FLOAT32, f, 3), ONESEED_OK);
    assert_true(f[0] == 0x1.fc2abp-2f && f[1] == 0x1.89545ep-1f && f[2] == 0x1.6a675p-4f);
    state = seeded(UINT64_C(0x500000000)); /* the engine takes the low half of the seed */
    assert_int_equal(oneseed_torch_rand_fill(&state, ONESEED_TORCH_FLOAT64, d, 2), ONESEED_OK);
    assert_true(d[0] == 0x1.f0aac97c4aa2fp-1 && d[1] == 0x1.6a675d821cccp-1);
}

static void test_counters_of_the_bytes(void **unused)
{
    (void)unused;
    static const struct {
        int n_words;
        unsigned left, next;
    } cases[] = {{0, 1, 0}, {1, 624, 1}, {2, 623, 2}, {623, 2, 623}, {624, 1, 624}, {625, 624, 1}};
    uint8_t bytes[ONESEED_TORCH_STATE_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        oneseed_torch state = seeded(UINT64_C(0xfedcba9876543210));
        for (int k = 0; k < cases[i].n_words; k++)
            (void)oneseed_torch_random_u32(&state);
        oneseed_torch_get_state(&state, bytes);
        assert_int_equal(number_at(bytes, 8), UINT64_C(0xfedcba9876543210));
        assert_int_equal(number_at(bytes + 8, 4), cases[i].left);
        assert_int_equal(number_at(bytes + 16, 8), cases[i].next);
    }
}

static void test_bytes_come_back(void **unused)
{
    (void)unused;
    uint8_t bytes[ONESEED_TORCH_STATE_BYTES], again[ONESEED_TORCH_STATE_BYTES];
    static const int n_words[] = {0, 1, 100, 623, 624, 625};
    for (size_t i = 0; i < sizeof n_words / sizeof *n_words; i++) {
        oneseed_torch state = seeded(5), other = seeded(6);
        for (int k = 0; k < n_words[i]; k++)
            (void)oneseed_torch_random_u32(&state);
        state.has_normal = 1;
        state.normal = -1.25;
        oneseed_torch_get_state(&state, bytes);
        assert_int_equal(oneseed_torch_set_state(&other, bytes, sizeof bytes), ONESEED_OK);
        oneseed_torch_get_state(&other, again);
        assert_memory_equal(bytes, again, sizeof bytes);
        assert_true(other.initial_seed == 5 && other.has_normal && other.normal == -1.25);
        assert_int_equal(oneseed_torch_random_u64(&state), oneseed_torch_random_u64(&other));
    }
}

static void test_bytes_are_refused(void **unused)
{
    (void)unused;
    uint8_t bytes[ONESEED_TORCH_STATE_BYTES];
    oneseed_torch state = seeded(5), before = state;
    oneseed_torch_get_state(&state, bytes);
    assert_int_equal(oneseed_torch_set_state(&state, bytes, 5055), ONESEED_TORCH_STATE_SIZE);
    assert_int_equal(oneseed_torch_set_state(&state, bytes, 5048), ONESEED_TORCH_STATE_SIZE);
    bytes[12] = 0; /* not seeded */
    assert_int_equal(oneseed_torch_set_state(&state, bytes, sizeof bytes), ONESEED_TORCH_STATE);
    bytes[12] = 1;
    bytes[8] = 3; /* left */
    assert_int_equal(oneseed_torch_set_state(&state, bytes, sizeof bytes), ONESEED_TORCH_STATE);
    assert_memory_equal(&state, &before, sizeof state);
    state.version = 20800; /* the shorter bytes were taken up to 2.8 */
    bytes[8] = 1;
    assert_int_equal(oneseed_torch_set_state(&state, bytes, 5048), ONESEED_OK);
    /* They kept a normal as angle and radius: 0.3 of a turn, and 1.7. */
    static const uint8_t angle[8] = {0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0xd3, 0x3f};
    static const uint8_t radius[8] = {0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0xfb, 0x3f};
    memcpy(bytes + 5016, angle, sizeof angle);
    memcpy(bytes + 5032, radius, sizeof radius);
    bytes[5040] = 1;
    assert_int_equal(oneseed_torch_set_state(&state, bytes, 5048), ONESEED_OK);
    assert_true(state.has_normal == 1 && state.normal == 1.6167960777017611); /* as 1.13.1, 2.6.0 and 2.7.0 make it */
}

static void test_fills_are_single_words(void **unused)
{
    (void)unused;
    enum { N = 1500 };
    static uint32_t words[N];
    static uint64_t doubles[N];
    oneseed_torch state = seeded(9), one = state;
    oneseed_torch_random_u32_fill(&state, words, N);
    for (int i = 0; i < N; i++)
        assert_int_equal(words[i], oneseed_torch_random_u32(&one));
    oneseed_torch_random_u64_fill(&state, doubles, N);
    for (int i = 0; i < N; i++) {
        uint64_t high = oneseed_torch_random_u32(&one);
        assert_int_equal(doubles[i], high << 32 | oneseed_torch_random_u32(&one));
    }
    assert_memory_equal(&state, &one, sizeof state);
}

static void test_uniform_refuses(void **unused)
{
    (void)unused;
    static const struct {
        oneseed_torch_dtype dtype;
        double from, to;
        oneseed_status status;
    } cases[] = {
        {ONESEED_TORCH_INT64, 0, 1, ONESEED_TORCH_DTYPE},
        {ONESEED_TORCH_FLOAT32, NAN, 1, ONESEED_TORCH_FROM_BOUNDS},
        {ONESEED_TORCH_FLOAT32, -1e39, 1, ONESEED_TORCH_FROM_BOUNDS},
        {ONESEED_TORCH_FLOAT16, 0, 65505, ONESEED_TORCH_TO_BOUNDS},
        {ONESEED_TORCH_BFLOAT16, 0, INFINITY, ONESEED_TORCH_TO_BOUNDS},
        {ONESEED_TORCH_FLOAT64, 2, 1, ONESEED_TORCH_UNIFORM_RANGE},
        {ONESEED_TORCH_FLOAT64, -1.7e308, 1.7e308, ONESEED_TORCH_UNIFORM_WIDTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double out[2] = {7, 7};
        oneseed_torch state = seeded(9), before = state;
        assert_int_equal(oneseed_torch_uniform_fill(&state, cases[i].dtype, cases[i].from, cases[i].to, out, 2),
                         cases[i].status);
        assert_true(out[0] == 7 && out[1] == 7);
        assert_memory_equal(&state, &before, sizeof state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),           cmocka_unit_test(test_counters_of_the_bytes),
        cmocka_unit_test(test_bytes_come_back),        cmocka_unit_test(test_bytes_are_refused),
        cmocka_unit_test(test_fills_are_single_words), cmocka_unit_test(test_uniform_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
