/* test_numpy_bits.c - NumPy's bit generators: its own test data, scripts of draws and jumps, and fills against single draws.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_next */

#include "common/bits.h"         /* store32_le */
#include "dialects/numpy_bits.h" /* numpy_fill_double */

enum { WORDS_MAX = 1024, N_KINDS = 5 };

static oneseed_numpy_kind kind_of(const char *name)
{
    static const char *const names[N_KINDS] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};
    for (int k = 0; k < N_KINDS; k++)
        if (strcmp(name, names[k]) == 0)
            return (oneseed_numpy_kind)k;
    fail_msg("unknown bit generator %s", name);
    return ONESEED_NUMPY_MT19937;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void test_numpys_own_data(void **unused)
{
    (void)unused;
    static struct vector_case c;
    static uint64_t words[WORDS_MAX], got[WORDS_MAX];
    FILE *file = vectors_open("numpy_testsets.txt");
    size_t n_words = 0;
    while (vectors_next(file, &c)) {
        oneseed_numpy state;
        uint32_t seed[2];
        assert_int_equal(c.n_fields, 3);
        size_t n_seed = vectors_words_u32(c.fields[1], seed, 2), n = vectors_words(c.fields[2], words, WORDS_MAX);
        oneseed_numpy_seed(&state, kind_of(c.fields[0]), seed, n_seed, NULL, 0);
        oneseed_numpy_random_raw_fill(&state, got, n);
        assert_memory_equal(got, words, n * sizeof *words);
        n_words += n;
    }
    (void)fclose(file);
    assert_int_equal(n_words, 10000);
}

static uint64_t raw_xor(oneseed_numpy *state, uint64_t n)
{
    uint64_t words[WORDS_MAX], all = 0;
    assert_true(n <= WORDS_MAX);
    oneseed_numpy_random_raw_fill(state, words, n);
    for (uint64_t k = 0; k < n; k++)
        all ^= words[k];
    return all;
}

/* Runs `q,i,d,r9,a1:0:0:0,j2`; gives the number of outputs. */
static size_t run_script(oneseed_numpy *state, char *script, uint64_t *out)
{
    size_t n_out = 0;
    char *rest;
    for (char *op = strtok_r(script, ",", &rest); op; op = strtok_r(NULL, ",", &rest)) {
        uint64_t n = strtoull(op + 1, NULL, 16), delta[4];
        switch (*op) {
        case 'q':
            out[n_out++] = oneseed_numpy_next_u64(state);
            break;
        case 'i':
            out[n_out++] = oneseed_numpy_next_u32(state);
            break;
        case 'd':
            out[n_out++] = bits_of(oneseed_numpy_next_double(state));
            break;
        case 'r':
            out[n_out++] = raw_xor(state, n);
            break;
        case 'a':
            for (char *at = op; (at = strchr(at, ':')) != NULL;)
                *at = ',';
            assert_int_equal(vectors_words(op + 1, delta, 4), 4);
            assert_true(oneseed_numpy_advance(state, delta));
            break;
        case 'j':
            assert_true(oneseed_numpy_jump(state, (int64_t)n));
            break;
        default:
            fail_msg("unknown operation %s", op);
        }
    }
    return n_out;
}

static uint64_t key_digest(const oneseed_mt19937 *state)
{
    uint8_t bytes[4 * 624], digest[64];
    oneseed_sha512 hash;
    for (size_t k = 0; k < 624; k++)
        store32_le(bytes + 4 * k, state->words[k]);
    oneseed_sha512_start(&hash);
    oneseed_sha512_add(&hash, bytes, sizeof bytes);
    oneseed_sha512_finish(&hash, digest);
    uint64_t first = 0;
    for (int k = 0; k < 8; k++)
        first = first << 8 | digest[k];
    return first;
}

static size_t state_words(const oneseed_numpy *state, uint64_t *out)
{
    size_t n = 0;
    if (state->kind == ONESEED_NUMPY_MT19937) {
        out[n++] = state->engine.mt19937.position;
        out[n++] = key_digest(&state->engine.mt19937);
        return n;
    }
    out[n++] = state->has_uint32;
    out[n++] = state->uinteger;
    if (state->kind == ONESEED_NUMPY_PHILOX) {
        for (int k = 0; k < 4; k++)
            out[n++] = state->engine.philox.counter[k];
        for (int k = 0; k < 2; k++)
            out[n++] = state->engine.philox.key[k];
        for (int k = 0; k < 4; k++)
            out[n++] = state->engine.philox.buffer[k];
        out[n++] = state->engine.philox.position;
    } else if (state->kind == ONESEED_NUMPY_SFC64) {
        for (int k = 0; k < 4; k++)
            out[n++] = state->engine.sfc64.state[k];
    } else {
        for (int k = 0; k < 2; k++)
            out[n++] = state->engine.pcg64.state[k];
        for (int k = 0; k < 2; k++)
            out[n++] = state->engine.pcg64.increment[k];
    }
    return n;
}

static void test_scripts(void **unused)
{
    (void)unused;
    static struct vector_case c;
    FILE *file = vectors_open("numpy_bits.txt");
    int n_cases = 0;
    for (; vectors_next(file, &c); n_cases++) {
        uint64_t expected[64], got[64];
        uint32_t entropy[64], key[64];
        oneseed_numpy state;
        assert_int_equal(c.n_fields, 6);
        size_t n_entropy = vectors_words_u32(c.fields[1], entropy, 64), n_key = vectors_words_u32(c.fields[2], key, 64);
        oneseed_numpy_seed(&state, kind_of(c.fields[0]), entropy, n_entropy, key, n_key);
        size_t n = run_script(&state, c.fields[3], got);
        assert_int_equal(vectors_words(c.fields[4], expected, 64), n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(got[k], expected[k]);
        n = state_words(&state, got);
        assert_int_equal(vectors_words(c.fields[5], expected, 64), n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(got[k], expected[k]);
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 300);
}

static oneseed_numpy seeded(int kind)
{
    static const uint32_t entropy[1] = {77};
    oneseed_numpy state;
    oneseed_numpy_seed(&state, (oneseed_numpy_kind)kind, entropy, 1, NULL, 0);
    return state;
}

/* Fills of all kinds in turn, each against single draws; 32-bit draws between them leave a half word over. */
static void test_fills_are_single_draws(void **unused)
{
    (void)unused;
    static const size_t lengths[] = {0, 1, 2, 3, 4, 5, 511, 512, 513, 1023, 1024, 1025, 1300};
    static uint64_t u64s[1300];
    static uint32_t u32s[1300];
    static double doubles[1300];
    for (int kind = 0; kind < N_KINDS; kind++) {
        oneseed_numpy filled = seeded(kind), single = filled;
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            size_t n = lengths[i];
            numpy_fill_u64(&filled, u64s, n);
            for (size_t k = 0; k < n; k++)
                assert_int_equal(u64s[k], oneseed_numpy_next_u64(&single));
            numpy_fill_u32(&filled, u32s, n);
            for (size_t k = 0; k < n; k++)
                assert_int_equal(u32s[k], oneseed_numpy_next_u32(&single));
            assert_memory_equal(&filled, &single, sizeof filled);
            numpy_fill_double(&filled, doubles, n);
            for (size_t k = 0; k < n; k++)
                assert_int_equal(bits_of(doubles[k]), bits_of(oneseed_numpy_next_double(&single)));
            assert_memory_equal(&filled, &single, sizeof filled);
        }
    }
}

static void test_copies_go_on_alike(void **unused)
{
    (void)unused;
    for (int kind = 0; kind < N_KINDS; kind++) {
        oneseed_numpy state = seeded(kind);
        for (int k = 0; k < 1000; k++) {
            oneseed_numpy copy = state;
            if (k % 3)
                assert_int_equal(oneseed_numpy_next_u32(&copy), oneseed_numpy_next_u32(&state));
            else
                assert_int_equal(oneseed_numpy_next_u64(&copy), oneseed_numpy_next_u64(&state));
            assert_memory_equal(&copy, &state, sizeof state);
        }
    }
}

/* 24 bits since 1.22, 23 before. */
static void test_float_by_version(void **unused)
{
    (void)unused;
    oneseed_numpy now = seeded(ONESEED_NUMPY_PCG64), before = now, words = now;
    before.version = 12106;
    for (int k = 0; k < 100; k++) {
        uint32_t word = oneseed_numpy_next_u32(&words);
        assert_true(numpy_next_float(&now) == (float)(word >> 8) / 16777216.0f);
        assert_true(numpy_next_float(&before) == (float)(word >> 9) / 8388608.0f);
    }
}

static void test_no_such_method(void **unused)
{
    (void)unused;
    static const uint64_t one[4] = {1, 0, 0, 0};
    oneseed_numpy mt19937 = seeded(ONESEED_NUMPY_MT19937), sfc64 = seeded(ONESEED_NUMPY_SFC64), copy = sfc64;
    assert_false(oneseed_numpy_advance(&mt19937, one));
    assert_false(oneseed_numpy_advance(&sfc64, one));
    assert_false(oneseed_numpy_jump(&sfc64, 1));
    assert_memory_equal(&sfc64, &copy, sizeof copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numpys_own_data),        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_fills_are_single_draws), cmocka_unit_test(test_copies_go_on_alike),
        cmocka_unit_test(test_float_by_version),       cmocka_unit_test(test_no_such_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
