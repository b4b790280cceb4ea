/* test_digest.c - digests in pieces equal digests in one call; bytes and words.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* jmp_buf, which cmocka needs */
#include <stdarg.h> /* va_list, which cmocka needs */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include <cmocka.h> /* assert_* */

#include "common/bits.h"   /* load*_le, store*_le, rotl* */
#include "common/digest.h" /* digest* */

/* The empty input's XXH3 as published by xxHash (its test vectors and `xxh128sum /dev/null`). */
static void known_answers(void **state)
{
    (void)state;
    uint64_t digest[2];
    digest128("", 0, digest);
    assert_true(digest64("", 0) == 0x2d06800538d394c2u);
    assert_true(digest64(NULL, 0) == 0x2d06800538d394c2u);
    assert_true(digest[0] == 0x6001c324468d497fu && digest[1] == 0x99aa06d3014798d8u);
}

static void pieces_equal_one_call(void **state)
{
    (void)state;
    static uint8_t bytes[70000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i % 251);
    for (size_t n = 0; n < sizeof bytes; n += n < 600 ? 1 : 997) {
        struct digest_state pieces;
        digest_start(&pieces);
        for (size_t at = 0, step = 1; at < n; at += step, step = step * 3 + 1) {
            if (step > n - at)
                step = n - at;
            digest_add(&pieces, bytes + at, step);
        }
        uint64_t whole[2], joined[2];
        digest128(bytes, n, whole);
        digest128_end(&pieces, joined);
        assert_memory_equal(whole, joined, sizeof whole);
        assert_true(digest64(bytes, n) == digest64_end(&pieces));
    }
}

static void order_matters(void **state)
{
    (void)state;
    assert_true(digest64("ab", 2) != digest64("ba", 2));
    assert_true(digest64_seeded("ab", 2, 1) != digest64_seeded("ab", 2, 2));
}

static void bytes_and_words(void **state)
{
    (void)state;
    uint8_t bytes[8];
    store64_le(bytes, 0x8899aabbccddeeffu);
    const uint8_t expected[8] = {0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88};
    assert_memory_equal(bytes, expected, 8);
    assert_true(load64_le(bytes) == 0x8899aabbccddeeffu);
    assert_true(load32_le(bytes + 4) == 0x8899aabbu);
    assert_true(load16_le(bytes + 6) == 0x8899u);
    store32_le(bytes, 0x01020304u);
    assert_true(bytes[0] == 4 && bytes[3] == 1);
    store16_le(bytes, 0x0506u);
    assert_true(bytes[0] == 6 && bytes[1] == 5);
    uint64_t word = word64_le(0x8899aabbccddeeffu);
    assert_memory_equal(&word, expected, 8);
    assert_true(rotl32(0x80000001u, 1) == 3 && rotl32(5, 0) == 5);
    assert_true(rotl64(0x8000000000000001u, 1) == 3 && rotl64(5, 0) == 5);
    assert_true(rotr64(3, 1) == 0x8000000000000001u && rotr64(5, 0) == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(pieces_equal_one_call),
        cmocka_unit_test(order_matters),
        cmocka_unit_test(bytes_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
