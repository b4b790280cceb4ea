/* test_seed_sequence.c - the committed answers of NumPy's SeedSequence.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka */
#include <stdarg.h> /* cmocka */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint32_t */
#include <stdio.h>  /* fopen, fgets */
#include <stdlib.h> /* strtoul */
#include <string.h> /* strtok_r */

#include <cmocka.h>

#include "oneseed.h" /* oneseed_seed_sequence_u32 */

enum { WORDS_MAX = 256 };

/* Reads `hex,hex,…` or `-`; gives the number of words. */
static size_t parse_words(char *text, uint32_t *out)
{
    size_t n = 0;
    char *rest;

    if (strcmp(text, "-") == 0)
        return 0;
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        assert_true(n < WORDS_MAX);
        out[n++] = (uint32_t)strtoul(word, NULL, 16);
    }
    return n;
}

static void test_vectors(void **state)
{
    char line[8192];
    size_t n_cases = 0;
    FILE *file = fopen(TESTS_FOLDER "/vectors/seed_sequence.txt", "r");

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        uint32_t entropy[WORDS_MAX], key[WORDS_MAX], expected[WORDS_MAX], got[WORDS_MAX + 1];
        char *rest, *fields[3];

        if (line[0] == '#')
            continue;
        line[strcspn(line, "\n")] = '\0';
        fields[0] = strtok_r(line, " ", &rest);
        fields[1] = strtok_r(NULL, " ", &rest);
        fields[2] = strtok_r(NULL, " ", &rest);
        assert_non_null(fields[2]);
        size_t n_entropy = parse_words(fields[0], entropy);
        size_t n_key = parse_words(fields[1], key);
        size_t n = parse_words(fields[2], expected);
        got[n] = 0xdeadbeef; /* a word too many would show */
        oneseed_seed_sequence_u32(n_entropy ? entropy : NULL, n_entropy, n_key ? key : NULL, n_key, got, n);
        if (n > 0)
            assert_memory_equal(got, expected, n * sizeof got[0]);
        assert_int_equal(got[n], 0xdeadbeef);
        n_cases++;
    }
    fclose(file);
    assert_int_equal(n_cases, 206);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors)};

    return cmocka_run_group_tests_name("seed_sequence", tests, NULL, NULL);
}
