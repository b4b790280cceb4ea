/* test_python_random.c - the dialect `python` against CPython 3.9 to 3.13, and against itself: fills, refusals, states.
 * SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <math.h> /* isnan */

#include "oneseed.h" /* oneseed_python */

enum { N_MAX = 64 };

union value {
    double f;
    int64_t i;
    uint64_t u;
};

/* Draws n values as 64-bit patterns with a fill, or one by one. */
struct method {
    const char *name;
    char kind; /* of the results: f or i */
    oneseed_status (*fill)(oneseed_python *s, const union value *p, void *out, size_t n);
    union value (*scalar)(oneseed_python *s, const union value *p);
};

#define METHOD(name, kind, fill_call, scalar_call)                                                                     \
    static oneseed_status fill_##name(oneseed_python *s, const union value *p, void *out, size_t n)                    \
    {                                                                                                                  \
        (void)p;                                                                                                       \
        return oneseed_python_##name##_fill fill_call;                                                                 \
    }                                                                                                                  \
    static union value scalar_##name(oneseed_python *s, const union value *p)                                          \
    {                                                                                                                  \
        (void)p;                                                                                                       \
        return (union value){.kind = oneseed_python_##name scalar_call};                                               \
    }
METHOD(random, f, (s, out, n), (s))
METHOD(uniform, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(triangular, f, (s, p[0].f, p[1].f, p[2].f, out, n), (s, p[0].f, p[1].f, p[2].f))
METHOD(normalvariate, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(gauss, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(lognormvariate, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(expovariate, f, (s, p[0].f, out, n), (s, p[0].f))
METHOD(vonmisesvariate, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(gammavariate, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(betavariate, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(paretovariate, f, (s, p[0].f, out, n), (s, p[0].f))
METHOD(weibullvariate, f, (s, p[0].f, p[1].f, out, n), (s, p[0].f, p[1].f))
METHOD(binomialvariate, i, (s, p[0].i, p[1].f, out, n), (s, p[0].i, p[1].f))
METHOD(randrange, i, (s, p[0].i, p[1].i, p[2].i, out, n), (s, p[0].i, p[1].i, p[2].i))
METHOD(randint, i, (s, p[0].i, p[1].i, out, n), (s, p[0].i, p[1].i))
METHOD(getrandbits, u, (s, (uint32_t)p[0].u, out, n), (s, (uint32_t)p[0].u))
METHOD(choice, i, (s, p[0].u, out, n), (s, p[0].u))

static oneseed_status fill_choices(oneseed_python *s, const union value *p, void *out, size_t n)
{
    return oneseed_python_choices_fill(s, p[0].u, out, n);
}

static oneseed_status fill_shuffle(oneseed_python *s, const union value *p, void *out, size_t n)
{
    assert_int_equal(p[0].u, n);
    for (size_t k = 0; k < n; k++)
        ((uint64_t *)out)[k] = k;
    oneseed_python_shuffle(s, out, n, 8);
    return ONESEED_OK;
}

static oneseed_status fill_sample(oneseed_python *s, const union value *p, void *out, size_t n)
{
    uint64_t space[4096];
    assert_int_equal(p[1].u, n);
    assert_true(oneseed_python_sample_space(p[0].u, p[1].u) <= 4096);
    return oneseed_python_sample(s, p[0].u, p[1].u, space, out);
}

static oneseed_status fill_randbytes(oneseed_python *s, const union value *p, void *out, size_t n)
{
    uint8_t bytes[N_MAX];
    assert_int_equal(p[0].u, n);
    oneseed_python_randbytes(s, bytes, n);
    for (size_t k = 0; k < n; k++)
        ((uint64_t *)out)[k] = bytes[k];
    return ONESEED_OK;
}

#define ROW(name, kind)                                                                                                \
    {                                                                                                                  \
#name, kind, fill_##name, scalar_##name                                                                        \
    }
static const struct method methods[] = {
    ROW(random, 'f'),
    ROW(uniform, 'f'),
    ROW(triangular, 'f'),
    ROW(normalvariate, 'f'),
    ROW(gauss, 'f'),
    ROW(lognormvariate, 'f'),
    ROW(expovariate, 'f'),
    ROW(vonmisesvariate, 'f'),
    ROW(gammavariate, 'f'),
    ROW(betavariate, 'f'),
    ROW(paretovariate, 'f'),
    ROW(weibullvariate, 'f'),
    ROW(binomialvariate, 'i'),
    ROW(randrange, 'i'),
    ROW(randint, 'i'),
    ROW(getrandbits, 'i'),
    ROW(choice, 'i'),
    {"choices", 'i', fill_choices, NULL},
    {"shuffle", 'i', fill_shuffle, NULL},
    {"sample", 'i', fill_sample, NULL},
    {"randbytes", 'i', fill_randbytes, NULL},
};

static const struct method *find_method(const char *name)
{
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
        if (strcmp(methods[k].name, name) == 0)
            return &methods[k];
    fail_msg("a method that is not known: %s", name);
    return NULL;
}

/* Floats are their bits as 0x…, integers decimal. */
static size_t read_values(const char *field, union value out[N_MAX])
{
    size_t n = 0;
    if (strcmp(field, "-") == 0)
        return 0;
    for (const char *at = field;; at++) {
        size_t length = strcspn(at, ",");
        int is_float = at[0] == '0' && at[1] == 'x';
        char *end;
        assert_true(n < N_MAX);
        if (is_float || at[0] != '-')
            out[n++].u = strtoull(at, &end, is_float ? 16 : 10);
        else
            out[n++].i = strtoll(at, &end, 10);
        assert_ptr_equal(end, at + length);
        at += length;
        if (*at == '\0')
            return n;
    }
}

static oneseed_python seeded(const char *version, uint64_t seed)
{
    oneseed_python s = {.version = (uint32_t)strtoul(version, NULL, 10)};
    oneseed_python_seed(&s, (uint32_t[2]){(uint32_t)seed, (uint32_t)(seed >> 32)}, 2);
    return s;
}

static void assert_same(const struct vector_case *c, const union value *got, const union value *want, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (got[k].u != want[k].u)
            fail_msg("line %d, value %zu: %016llx instead of %016llx", c->line, k, (unsigned long long)got[k].u,
                     (unsigned long long)want[k].u);
}

static void check_draw(const struct vector_case *c, const char *version)
{
    const struct method *method = find_method(c->fields[2]);
    union value p[N_MAX], want[N_MAX], got[N_MAX];
    (void)read_values(c->fields[4], p);
    size_t n = read_values(c->fields[5], want);
    uint32_t after = (uint32_t)strtoul(c->fields[6], NULL, 16);

    oneseed_python s = seeded(version, strtoull(c->fields[3], NULL, 10));
    memset(got, 0xca, sizeof got);
    assert_int_equal(method->fill(&s, p, got, n), ONESEED_OK);
    assert_same(c, got, want, n);
    assert_int_equal(got[n].u, 0xcacacacacacacacau);
    assert_int_equal(oneseed_mt19937_next_u32(&s.mt19937), after);
    if (!method->scalar)
        return;
    s = seeded(version, strtoull(c->fields[3], NULL, 10));
    for (size_t k = 0; k < n; k++)
        got[k] = method->scalar(&s, p);
    assert_same(c, got, want, n);
    s = seeded(version, strtoull(c->fields[3], NULL, 10));
    assert_int_equal(method->fill(&s, p, got, 1), ONESEED_OK);
    assert_int_equal(method->fill(&s, p, got + 1, n - 1), ONESEED_OK);
    assert_same(c, got, want, n);
    assert_int_equal(oneseed_mt19937_next_u32(&s.mt19937), after);
}

static size_t read_bytes(const char *field, uint8_t *out, size_t n_max)
{
    size_t n = strcmp(field, "-") == 0 ? 0 : strlen(field) / 2;
    assert_true(n <= n_max);
    for (size_t k = 0; k < n; k++)
        out[k] = (uint8_t)strtoul((char[]){field[2 * k], field[2 * k + 1], '\0'}, NULL, 16);
    return n;
}

/* A hexadecimal number of any length, perhaps with a sign. */
static void seed_int(oneseed_python *s, const char *digits)
{
    uint32_t words[64] = {0};
    digits += *digits == '-';
    size_t n = strlen(digits);
    assert_true(n <= 8 * 64);
    for (size_t k = 0; k < n; k++)
        words[k / 8] |= (uint32_t)strtoul((char[]){digits[n - 1 - k], '\0'}, NULL, 16) << (4 * (k % 8));
    oneseed_python_seed(s, words, 64); /* with zeros at the end */
}

static void check_seed(const struct vector_case *c, const char *version)
{
    const char *kind = c->fields[2], *text = c->fields[4];
    oneseed_python s = seeded(version, 77);
    uint8_t bytes[1024];
    int seed_version = atoi(c->fields[3]);
    oneseed_status status = ONESEED_OK;
    (void)oneseed_python_gauss(&s, 0, 1);

    if (strcmp(kind, "str") == 0)
        status = oneseed_python_seed_str(&s, (char *)bytes, read_bytes(text, bytes, sizeof bytes), seed_version);
    else if (strcmp(kind, "bytes") == 0)
        status = oneseed_python_seed_bytes(&s, bytes, read_bytes(text, bytes, sizeof bytes), seed_version);
    else if (strcmp(kind, "int") == 0)
        seed_int(&s, text);
    else if (strcmp(kind, "float") == 0)
        status = oneseed_python_seed_f64(&s, (union value){.u = strtoull(text, NULL, 16)}.f);
    else
        fail_msg("line %d: %s is not a kind of seed", c->line, kind);
    assert_int_equal(status, ONESEED_OK);
    assert_int_equal(s.has_gauss, 0);
    uint32_t want[5];
    assert_int_equal(vectors_words_u32(c->fields[5], want, 5), 5);
    for (int k = 0; k < 5; k++)
        assert_int_equal(oneseed_mt19937_next_u32(&s.mt19937), want[k]);
}

static void test_cpython(void **unused)
{
    (void)unused;
    FILE *file = vectors_open("python_random.txt");
    struct vector_case c = {.line = 0};
    int n = 0;
    while (vectors_next(file, &c)) {
        for (char *rest = c.fields[0], *version; (version = strtok_r(rest, ",", &rest)); n++)
            if (strcmp(c.fields[1], "draw") == 0)
                check_draw(&c, version);
            else if (strcmp(c.fields[1], "seed") == 0)
                check_seed(&c, version);
            else
                fail_msg("line %d: neither draw nor seed", c.line);
    }
    (void)fclose(file);
    assert_true(n > 1000);
}

/* ---- what Python's vectors cannot say ---- */

static void test_refusals_draw_nothing(void **unused)
{
    (void)unused;
    static const struct {
        const char *method;
        union value p[3];
        oneseed_status status;
    } cases[] = {
        {"expovariate", {{.f = 0.0}}, ONESEED_PYTHON_DIVISION},
        {"paretovariate", {{.f = -0.0}}, ONESEED_PYTHON_DIVISION},
        {"weibullvariate", {{.f = 1.0}, {.f = 0.0}}, ONESEED_PYTHON_DIVISION},
        {"vonmisesvariate", {{.f = 1.0}, {.f = (double)NAN}}, ONESEED_PYTHON_ENDLESS},
        {"gammavariate", {{.f = 0.0}, {.f = 1.0}}, ONESEED_PYTHON_GAMMA},
        {"gammavariate", {{.f = 1.0}, {.f = -1.0}}, ONESEED_PYTHON_GAMMA},
        {"gammavariate", {{.f = (double)INFINITY}, {.f = 1.0}}, ONESEED_PYTHON_ENDLESS},
        {"gammavariate", {{.f = (double)NAN}, {.f = 1.0}}, ONESEED_PYTHON_ENDLESS},
        {"betavariate", {{.f = 1.0}, {.f = 0.0}}, ONESEED_PYTHON_GAMMA},
        {"betavariate", {{.f = -1.0}, {.f = 1.0}}, ONESEED_PYTHON_GAMMA},
        {"binomialvariate", {{.i = -1}, {.f = 0.5}}, ONESEED_PYTHON_BINOMIAL_N},
        {"binomialvariate", {{.i = 3}, {.f = 1.5}}, ONESEED_PYTHON_BINOMIAL_P},
        {"binomialvariate", {{.i = 3}, {.f = (double)NAN}}, ONESEED_PYTHON_BINOMIAL_P},
        {"randrange", {{.i = 5}, {.i = 5}, {.i = 1}}, ONESEED_PYTHON_EMPTY_RANGE},
        {"randrange", {{.i = 5}, {.i = 6}, {.i = -1}}, ONESEED_PYTHON_EMPTY_RANGE},
        {"randrange", {{.i = 5}, {.i = 6}, {.i = 0}}, ONESEED_PYTHON_ZERO_STEP},
        {"randint", {{.i = 5}, {.i = 4}}, ONESEED_PYTHON_EMPTY_RANGE},
        {"choice", {{.u = 0}}, ONESEED_PYTHON_EMPTY_SEQUENCE},
        {"choices", {{.u = 0}}, ONESEED_PYTHON_EMPTY_SEQUENCE},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const struct method *method = find_method(cases[k].method);
        oneseed_python s = seeded("0", 3), before = s;
        union value out[2] = {{.u = 0xca}, {.u = 0xcb}};
        assert_int_equal(method->fill(&s, cases[k].p, out, 2), cases[k].status);
        assert_int_equal(out[0].u, 0xca);
        assert_int_equal(out[1].u, 0xcb);
        if (method->scalar) {
            union value one = method->scalar(&s, cases[k].p);
            assert_true(method->kind == 'f' ? isnan(one.f) : one.i == INT64_MIN);
        }
        assert_memory_equal(&s, &before, sizeof s);
    }
}

static void test_other_refusals(void **unused)
{
    (void)unused;
    oneseed_python s = seeded("311", 3), before = s;
    uint32_t words[625] = {0};
    uint64_t space[64], out[8], bits;
    int64_t chosen;
    words[624] = 625;
    assert_int_equal(oneseed_python_setstate(&s, words), ONESEED_INVALID_STATE);
    assert_int_equal(oneseed_python_binomialvariate_fill(&s, 3, 0.5, &chosen, 1), ONESEED_PYTHON_BINOMIAL_VERSION);
    assert_int_equal(oneseed_python_seed_f64(&s, (double)NAN), ONESEED_PYTHON_NAN_SEED);
    assert_int_equal(oneseed_python_seed_str(&s, "\xff", 1, 2), ONESEED_PYTHON_UTF8);
    assert_int_equal(oneseed_python_seed_str(&s, "\xed\xa0\x80", 3, 2), ONESEED_PYTHON_UTF8);
    assert_int_equal(oneseed_python_seed_str(&s, "\xc0\x80", 2, 1), ONESEED_PYTHON_UTF8);
    assert_int_equal(oneseed_python_seed_str(&s, "\xe2\x82", 2, 1), ONESEED_PYTHON_UTF8);
    assert_int_equal(oneseed_python_seed_str(&s, "a", 1, 3), ONESEED_PYTHON_SEED_VERSION);
    assert_int_equal(oneseed_python_seed_bytes(&s, "a", 1, 0), ONESEED_PYTHON_SEED_VERSION);
    assert_int_equal(oneseed_python_sample(&s, 3, 4, space, out), ONESEED_PYTHON_SAMPLE_SIZE);
    assert_int_equal(oneseed_python_sample_counts(&s, (uint64_t[]){0, 0}, 2, 0, space, out),
                     ONESEED_PYTHON_COUNTS_TOTAL);
    assert_int_equal(oneseed_python_sample_counts(&s, (uint64_t[]){2, UINT64_MAX - 1}, 2, 1, space, out),
                     ONESEED_PYTHON_COUNTS_RANGE);
    assert_int_equal(oneseed_python_sample_counts(&s, (uint64_t[]){1, 2}, 2, 4, space, out),
                     ONESEED_PYTHON_SAMPLE_SIZE);
    assert_int_equal(oneseed_python_choices_cum_weights_fill(&s, (double[]){0, 0}, 2, &chosen, 1),
                     ONESEED_PYTHON_WEIGHTS_TOTAL);
    assert_int_equal(oneseed_python_choices_cum_weights_fill(&s, (double[]){0, INFINITY}, 2, &chosen, 1),
                     ONESEED_PYTHON_WEIGHTS_FINITE);
    assert_int_equal(oneseed_python_getrandbits_fill(&s, 65, &bits, 1), ONESEED_PYTHON_BITS);
    assert_memory_equal(&s, &before, sizeof s);
    s.version = 314; /* nothing of nothing */
    assert_int_equal(oneseed_python_sample_counts(&s, (uint64_t[]){0, 0}, 2, 0, space, out), ONESEED_OK);
}

static void test_a_state_goes_out_and_in(void **unused)
{
    (void)unused;
    oneseed_python a = seeded("0", 5), b = {0};
    uint32_t words[625];
    for (int n = 0; n < 1300; n++) {
        oneseed_python_getstate(&a, words);
        assert_int_equal(oneseed_python_setstate(&b, words), ONESEED_OK);
        assert_int_equal(oneseed_mt19937_next_u32(&a.mt19937), oneseed_mt19937_next_u32(&b.mt19937));
    }
}

static void test_items_of_all_sizes_are_shuffled_alike(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {1, 2, 3, 4, 7, 8, 16, 64, 65, 200};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        uint8_t items[50 * 200];
        uint32_t order[50];
        oneseed_python s = seeded("0", 9), t = s;
        for (uint32_t i = 0; i < 50; i++) {
            order[i] = i;
            memset(items + i * sizes[k], (int)i, sizes[k]);
        }
        oneseed_python_shuffle(&s, items, 50, sizes[k]);
        oneseed_python_shuffle(&t, order, 50, sizeof *order);
        for (size_t i = 0; i < 50 * sizes[k]; i++)
            assert_int_equal(items[i], order[i / sizes[k]]);
        assert_memory_equal(&s, &t, sizeof s);
    }
}

/* Item by item, from the last one down, as Lib/random.py has it; around powers of two and around what is drawn together. */
static void test_a_long_shuffle_is_many_exchanges(void **unused)
{
    (void)unused;
    enum { LONGEST = 5000 };
    static const size_t lengths[] = {0,   1,   2,   3,   4,   5,   7,    8,    9,    31,   32,   33,   255,     256,
                                     257, 511, 512, 513, 514, 545, 1023, 1024, 1025, 1535, 1537, 2048, LONGEST, 4099};
    static uint64_t items[LONGEST], want[LONGEST];
    oneseed_python s = seeded("0", 3), t = s;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        size_t n = lengths[k];
        for (size_t i = 0; i < n; i++)
            items[i] = want[i] = i;
        oneseed_python_shuffle(&s, items, n, sizeof *items);
        for (size_t i = n; i-- > 1;) {
            size_t j = (size_t)oneseed_python_randbelow(&t, i + 1);
            uint64_t kept = want[i];
            want[i] = want[j];
            want[j] = kept;
        }
        assert_memory_equal(items, want, n * sizeof *items);
        assert_memory_equal(&s, &t, sizeof s);
    }
}

/* Words and 64-bit numbers are the same integers. */
static void test_words_agree_with_numbers(void **unused)
{
    (void)unused;
    oneseed_python s = seeded("0", 11), t = s;
    for (int n = 0; n < 2000; n++) {
        int64_t low = -(INT64_C(1) << (n % 63)), high = (INT64_C(3) << (n % 61)) - 2;
        int64_t want = oneseed_python_randint(&s, low, high);
        uint32_t a[3] = {(uint32_t)(uint64_t)low, (uint32_t)((uint64_t)low >> 32), UINT32_MAX};
        uint32_t b[3] = {(uint32_t)(uint64_t)high, (uint32_t)((uint64_t)high >> 32), high < 0 ? UINT32_MAX : 0}, c[3];
        assert_int_equal(oneseed_python_randint_words(&t, a, b, 3, c), ONESEED_OK);
        assert_int_equal((int64_t)(c[0] | (uint64_t)c[1] << 32), want);
        assert_int_equal(c[2], want < 0 ? UINT32_MAX : 0);
    }
    assert_memory_equal(&s, &t, sizeof s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpython),
        cmocka_unit_test(test_refusals_draw_nothing),
        cmocka_unit_test(test_other_refusals),
        cmocka_unit_test(test_a_state_goes_out_and_in),
        cmocka_unit_test(test_items_of_all_sizes_are_shuffled_alike),
        cmocka_unit_test(test_a_long_shuffle_is_many_exchanges),
        cmocka_unit_test(test_words_agree_with_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
