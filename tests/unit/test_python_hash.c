/* test_python_hash.c - hashes and the order of sets against CPython 3.9 to 3.13.
 * SPDX-License-Identifier: MIT */
#include "vectors.h"

#include "oneseed.h" /* oneseed_python_hash_str */

enum { N_MAX = 256, BYTES_MAX = 8192 };

static size_t read_bytes(const char *from, size_t n_digits, char *out)
{
    for (size_t k = 0; k < n_digits / 2; k++)
        out[k] = (char)strtoul((char[]){from[2 * k], from[2 * k + 1], '\0'}, NULL, 16);
    return n_digits / 2;
}

static size_t read_numbers(const char *field, int64_t out[N_MAX])
{
    size_t n = 0;
    char *end = (char *)(uintptr_t)field;
    if (strcmp(field, "-") == 0)
        return 0;
    for (;;) {
        assert_true(n < N_MAX);
        out[n++] = strtoll(end, &end, 10);
        if (*end == '\0')
            return n;
        assert_int_equal(*end++, ',');
    }
}

static int64_t hash_text(uint32_t version, const char *hash_seed, const char *text, size_t n_bytes)
{
    uint8_t key[16];
    int64_t hash = 0;
    oneseed_python_hash_key((uint32_t)strtoul(hash_seed, NULL, 10), key);
    assert_int_equal(oneseed_python_hash_str(version, key, text, n_bytes, &hash), ONESEED_OK);
    return hash;
}

static int64_t hash_hexadecimal_int(const char *digits)
{
    uint32_t words[32] = {0};
    int is_negative = *digits == '-';
    digits += is_negative;
    size_t n = strlen(digits);
    assert_true(n <= 8 * 32);
    for (size_t k = 0; k < n; k++)
        words[k / 8] |= (uint32_t)strtoul((char[]){digits[n - 1 - k], '\0'}, NULL, 16) << (4 * (k % 8));
    int64_t hash = oneseed_python_hash_int(words, 32, is_negative);
    if (n < 16) {
        int64_t value = (int64_t)(words[0] | (uint64_t)words[1] << 32);
        assert_int_equal(oneseed_python_hash_i64(is_negative ? -value : value), hash);
    }
    return hash;
}

static int64_t hash_double(const char *digits)
{
    union {
        uint64_t u;
        double f;
    } bits = {.u = strtoull(digits, NULL, 16)};
    return oneseed_python_hash_f64(bits.f);
}

/* The kind of a set by its word in the file; -1: it is no set. */
static int set_kind(const char *word)
{
    static const char *const words[] = {"added", "literal", "literal-known", "compiled", "compiled-known"};
    for (int k = 0; k < 5; k++)
        if (strcmp(words[k], word) == 0)
            return k;
    return -1;
}

static void check_order(const struct vector_case *c, uint32_t version, int kind)
{
    static uint64_t space[8192];
    static char bytes[BYTES_MAX];
    oneseed_python_item items[N_MAX];
    int64_t want[N_MAX];
    size_t order[N_MAX], n_items = 0, at = 0, n_want = read_numbers(c->fields[4], want);

    for (const char *from = c->fields[3]; strcmp(from, "-") != 0;) {
        size_t n_digits = strcspn(from, ",");
        assert_true(n_items < N_MAX && at + n_digits / 2 <= BYTES_MAX);
        size_t n = read_bytes(from, n_digits, bytes + at);
        items[n_items++] = (oneseed_python_item){bytes + at, n, hash_text(version, c->fields[2], bytes + at, n)};
        at += n;
        from += n_digits;
        if (*from++ == '\0')
            break;
    }
    assert_true(oneseed_python_set_space(n_items) <= 8192);
    memset(order, 0xca, sizeof order);
    size_t n = oneseed_python_set_order(version, (oneseed_python_set_kind)kind, items, n_items, space, order);
    assert_int_equal(n, n_want);
    for (size_t k = 0; k < n; k++)
        if (order[k] != (size_t)want[k])
            fail_msg("line %d, item %zu: %zu instead of %lld", c->line, k, order[k], (long long)want[k]);
}

static void check(const struct vector_case *c, uint32_t version)
{
    const char *what = c->fields[1], *value = c->fields[3];
    char text[512];
    int64_t items[N_MAX], hash = 0;
    if (set_kind(what) >= 0) {
        check_order(c, version, set_kind(what));
        return;
    }
    if (strcmp(what, "str") == 0)
        hash = hash_text(version, c->fields[2], text,
                         read_bytes(value, strcmp(value, "-") == 0 ? 0 : strlen(value), text));
    else if (strcmp(what, "int") == 0)
        hash = hash_hexadecimal_int(value);
    else if (strcmp(what, "float") == 0)
        hash = hash_double(value);
    else if (strcmp(what, "tuple") == 0 || strcmp(what, "frozenset") == 0) {
        size_t n = read_numbers(value, items);
        for (size_t k = 0; k < n; k++)
            items[k] = oneseed_python_hash_i64(items[k]);
        hash = *what == 't' ? oneseed_python_hash_tuple(items, n) : oneseed_python_hash_frozenset(items, n);
    } else
        fail_msg("line %d: %s is not known", c->line, what);
    if (hash != strtoll(c->fields[4], NULL, 10))
        fail_msg("line %d: %lld instead of %s", c->line, (long long)hash, c->fields[4]);
}

static void test_cpython(void **unused)
{
    (void)unused;
    FILE *file = vectors_open("python_hash.txt");
    struct vector_case c = {.line = 0};
    int n = 0;
    while (vectors_next(file, &c)) {
        assert_int_equal(c.n_fields, 5);
        for (char *rest = c.fields[0], *version; (version = strtok_r(rest, ",", &rest)); n++)
            check(&c, (uint32_t)strtoul(version, NULL, 10));
    }
    (void)fclose(file);
    assert_true(n > 1000);
}

static void test_text_that_is_not_utf8_is_refused(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"\x80", "\xc1\xbf", "\xe0\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80",
                                        "a\xc3"};
    uint8_t key[16] = {0};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        int64_t hash = 0x5e;
        assert_int_equal(oneseed_python_hash_str(0, key, texts[k], strlen(texts[k]), &hash), ONESEED_PYTHON_UTF8);
        assert_int_equal(hash, 0x5e);
    }
}

/* Bytes and ASCII text have one hash; numbers in a set are told apart by their hashes. */
static void test_bytes_and_numbers(void **unused)
{
    (void)unused;
    uint8_t key[16];
    uint64_t space[256];
    size_t order[5];
    oneseed_python_hash_key(7, key);
    for (uint32_t version = 309; version <= 315; version++)
        assert_int_equal(oneseed_python_hash_bytes(version, key, "ascii", 5), hash_text(version, "7", "ascii", 5));
    oneseed_python_item items[] = {{NULL, 0, 9}, {NULL, 0, 1}, {NULL, 0, 9}, {NULL, 0, 8}, {NULL, 0, 17}};
    /* list({9, 1, 9, 8, 17}): 8, 9, 1, 17 */
    static const size_t want[] = {3, 0, 1, 4};
    assert_int_equal(oneseed_python_set_order(0, ONESEED_PYTHON_SET_ADDED, items, 5, space, order), 4);
    assert_memory_equal(order, want, sizeof want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpython),
        cmocka_unit_test(test_text_that_is_not_utf8_is_refused),
        cmocka_unit_test(test_bytes_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
