/* test_engines.c - each engine against its published answers, and cut, copied, advanced and hashed in pieces.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_next */

#include "common/bits.h" /* mul64_wide_portable */
#include "oneseed.h"     /* oneseed_pcg64 */

enum { WORDS_MAX = 1024 };

static void check_mt19937(oneseed_mt19937 *state, const char *field)
{
    uint32_t words[WORDS_MAX];
    size_t n = vectors_words_u32(field, words, WORDS_MAX);
    for (size_t k = 0; k < n; k++)
        assert_int_equal(oneseed_mt19937_next_u32(state), words[k]);
}

static void check_mt19937_array(struct vector_case *c)
{
    uint32_t seeds[WORDS_MAX];
    oneseed_mt19937 state;
    size_t n_seeds = vectors_words_u32(c->fields[1], seeds, WORDS_MAX);
    oneseed_mt19937_seed_array(&state, seeds, n_seeds);
    check_mt19937(&state, c->fields[2]);
}

static void check_pcg64(struct vector_case *c)
{
    uint64_t in[4], words[WORDS_MAX];
    oneseed_pcg64 state;
    assert_int_equal(vectors_words(c->fields[1], in, 4), 4);
    size_t n = vectors_words(c->fields[2], words, WORDS_MAX);
    oneseed_pcg64_seed(&state, in, in + 2);
    for (size_t k = 0; k < n; k++)
        assert_int_equal(oneseed_pcg64_next_u64(&state), words[k]);
}

/* The counter goes up before a block is made. */
static void check_philox(struct vector_case *c)
{
    uint64_t in[6], words[4];
    static const uint64_t minus_one[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    oneseed_philox4x64 state;
    assert_int_equal(vectors_words(c->fields[1], in, 6), 6);
    assert_int_equal(vectors_words(c->fields[2], words, 4), 4);
    oneseed_philox4x64_seed(&state, in + 4, in);
    oneseed_philox4x64_advance(&state, minus_one);
    for (size_t k = 0; k < 4; k++)
        assert_int_equal(oneseed_philox4x64_next_u64(&state), words[k]);
    assert_memory_equal(state.counter, in, sizeof state.counter);
}

static void check_siphash(struct vector_case *c, uint64_t (*hash)(const uint8_t *, const void *, size_t))
{
    uint8_t key[16], message[64];
    size_t n = strtoul(c->fields[1], NULL, 16);
    assert_true(n <= sizeof message);
    for (uint8_t k = 0; k < 64; k++)
        message[k] = k;
    memcpy(key, message, sizeof key);
    assert_int_equal(hash(key, message, n), strtoull(c->fields[2], NULL, 16));
}

/* The bytes of the message one by one: `616263`, `61*1000000`, `-`. */
static void check_sha512(struct vector_case *c)
{
    oneseed_sha512 state;
    uint8_t digest[64], block[1000];
    char text[129], pair[3] = {0, 0, 0};
    const char *message = c->fields[1], *times = strchr(message, '*');

    oneseed_sha512_start(&state);
    memcpy(pair, message, 2);
    if (times) {
        memset(block, (int)strtoul(pair, NULL, 16), sizeof block);
        for (size_t left = strtoul(times + 1, NULL, 10), now; left > 0; left -= now) {
            now = left < sizeof block ? left : sizeof block;
            oneseed_sha512_add(&state, block, now);
        }
    } else if (strcmp(message, "-") != 0) {
        for (; *message; message += 2) {
            memcpy(pair, message, 2);
            uint8_t byte = (uint8_t)strtoul(pair, NULL, 16);
            oneseed_sha512_add(&state, &byte, 1);
        }
    }
    oneseed_sha512_finish(&state, digest);
    for (size_t k = 0; k < sizeof digest; k++)
        (void)snprintf(text + 2 * k, 3, "%02x", digest[k]);
    assert_string_equal(text, c->fields[2]);
}

static void test_published_answers(void **unused)
{
    (void)unused;
    static struct vector_case c;
    FILE *file = vectors_open("engines.txt");
    int n_cases = 0;
    for (; vectors_next(file, &c); n_cases++) {
        const char *name = c.fields[0];
        assert_int_equal(c.n_fields, 3);
        if (strcmp(name, "mt19937_seed") == 0) {
            oneseed_mt19937 state;
            oneseed_mt19937_seed(&state, (uint32_t)strtoul(c.fields[1], NULL, 16));
            check_mt19937(&state, c.fields[2]);
        } else if (strcmp(name, "mt19937_array") == 0) {
            check_mt19937_array(&c);
        } else if (strcmp(name, "pcg64") == 0) {
            check_pcg64(&c);
        } else if (strcmp(name, "philox4x64") == 0) {
            check_philox(&c);
        } else if (strcmp(name, "siphash13") == 0) {
            check_siphash(&c, oneseed_siphash13);
        } else if (strcmp(name, "siphash24") == 0) {
            check_siphash(&c, oneseed_siphash24);
        } else if (strcmp(name, "sha512") == 0) {
            check_sha512(&c);
        } else {
            fail_msg("unknown engine %s", name);
        }
    }
    (void)fclose(file);
    assert_int_equal(n_cases, 405);
}

static void test_wide_products(void **unused)
{
    (void)unused;
    oneseed_sfc64 random;
    static const uint64_t seed[3] = {1, 2, 3};
    static const uint64_t edges[] = {0, 1, 2, 0xffffffff, 0x100000000, 0x8000000000000000, UINT64_MAX - 1, UINT64_MAX};
    enum { N_EDGES = sizeof edges / sizeof *edges };
    oneseed_sfc64_seed(&random, seed);
    for (unsigned k = 0; k < N_EDGES * N_EDGES + 10000; k++) {
        uint64_t a = edges[k % N_EDGES], b = edges[k / N_EDGES % N_EDGES], high, high_portable;
        if (k >= N_EDGES * N_EDGES) {
            a = oneseed_sfc64_next_u64(&random);
            b = oneseed_sfc64_next_u64(&random);
        }
        assert_int_equal(mul64_wide(a, b, &high), mul64_wide_portable(a, b, &high_portable));
        assert_int_equal(high, high_portable);
        assert_int_equal(mul64_wide_portable(a, b, &high_portable), a * b);
    }
}

/* One test for each engine of 64-bit words: fills of several lengths are single draws, and leave the same state. */
#define FILL_TEST(engine, type)                                                                                        \
    static void test_fill_##engine(void **unused)                                                                      \
    {                                                                                                                  \
        (void)unused;                                                                                                  \
        static const size_t cuts[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 4, 1, 100, 3};                                        \
        static const uint64_t seed[4] = {11, 12, 13, 14};                                                              \
        uint64_t out[101];                                                                                             \
        type filled, single;                                                                                           \
        SEED_##engine(&filled);                                                                                        \
        single = filled;                                                                                               \
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {                                                      \
            out[cuts[i]] = 0xcacacacacacacaca;                                                                         \
            oneseed_##engine##_fill_u64(&filled, out, cuts[i]);                                                        \
            for (size_t k = 0; k < cuts[i]; k++)                                                                       \
                assert_int_equal(out[k], oneseed_##engine##_next_u64(&single));                                        \
            assert_int_equal(out[cuts[i]], 0xcacacacacacacaca);                                                        \
            assert_memory_equal(&filled, &single, sizeof filled);                                                      \
        }                                                                                                              \
    }
#define SEED_pcg64(state)      oneseed_pcg64_seed(state, seed, seed + 2)
#define SEED_pcg64dxsm(state)  oneseed_pcg64_seed(state, seed, seed + 2)
#define SEED_philox4x64(state) (memset(state, 0, sizeof *(state)), oneseed_philox4x64_seed(state, seed, seed))
#define SEED_sfc64(state)      oneseed_sfc64_seed(state, seed)
FILL_TEST(pcg64, oneseed_pcg64)
FILL_TEST(pcg64dxsm, oneseed_pcg64)
FILL_TEST(philox4x64, oneseed_philox4x64)
FILL_TEST(sfc64, oneseed_sfc64)

/* advance(n) is n draws, and advance(-n) goes back. */
static void check_pcg_advance(uint64_t (*next)(oneseed_pcg64 *), void (*advance)(oneseed_pcg64 *, const uint64_t *))
{
    static const uint64_t seed[2] = {1, 2}, sequence[2] = {3, 4};
    for (uint64_t n = 0; n < 300; n++) {
        oneseed_pcg64 start, drawn;
        oneseed_pcg64_seed(&start, seed, sequence);
        drawn = start;
        for (uint64_t k = 0; k < n; k++)
            (void)next(&drawn);
        const uint64_t back[2] = {0 - n, n ? UINT64_MAX : 0}, forth[2] = {n, 0};
        advance(&drawn, back);
        assert_memory_equal(&drawn, &start, sizeof start);
        for (uint64_t k = 0; k < n; k++)
            (void)next(&start);
        advance(&drawn, forth);
        assert_memory_equal(&drawn, &start, sizeof start);
    }
}

static void test_pcg_advance(void **unused)
{
    (void)unused;
    check_pcg_advance(oneseed_pcg64_next_u64, oneseed_pcg64_advance);
    check_pcg_advance(oneseed_pcg64dxsm_next_u64, oneseed_pcg64dxsm_advance);
}

static void test_philox_advance_carries(void **unused)
{
    (void)unused;
    static const uint64_t key[2] = {5, 6}, start[4] = {UINT64_MAX - 1, UINT64_MAX, UINT64_MAX, 7},
                          three[4] = {3, 0, 0, 0};
    static const uint64_t all[4] = {UINT64_MAX, UINT64_MAX, 0, 0}, expected[4] = {UINT64_MAX - 2, UINT64_MAX, 0, 8};
    oneseed_philox4x64 drawn, advanced;
    oneseed_philox4x64_seed(&drawn, key, start);
    oneseed_philox4x64_seed(&advanced, key, start);
    for (int k = 0; k < 12; k++)
        (void)oneseed_philox4x64_next_u64(&drawn);
    oneseed_philox4x64_advance(&advanced, three);
    assert_memory_equal(advanced.counter, drawn.counter, sizeof drawn.counter);
    assert_int_equal(oneseed_philox4x64_next_u64(&advanced), oneseed_philox4x64_next_u64(&drawn));
    oneseed_philox4x64_seed(&advanced, key, start);
    oneseed_philox4x64_advance(&advanced, all);
    assert_memory_equal(advanced.counter, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_answers), cmocka_unit_test(test_wide_products),
        cmocka_unit_test(test_fill_pcg64),        cmocka_unit_test(test_fill_pcg64dxsm),
        cmocka_unit_test(test_fill_philox4x64),   cmocka_unit_test(test_fill_sfc64),
        cmocka_unit_test(test_pcg_advance),       cmocka_unit_test(test_philox_advance_carries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
