/* cmocka.h - stands in for cmocka where tests run on a foreign processor: the asserts that the tests of the streams use.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TESTS_CROSS_CMOCKA_H
#define ONESEED_TESTS_CROSS_CMOCKA_H

#include <stdio.h>  /* printf */
#include <stdlib.h> /* exit */
#include <string.h> /* memcmp, strcmp */

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
};

#define cmocka_unit_test(function)                                                                                     \
    {                                                                                                                  \
#function, function                                                                                            \
    }

/* The first assertion that does not hold ends the program with status 1. */
static inline void cross_check(int holds, const char *file, int line, const char *what, unsigned long long a,
                               unsigned long long b)
{
    if (holds)
        return;
    printf("%s:%d: %s: %llx, %llx\n0 passed, 1 failed\n", file, line, what, a, b);
    exit(1);
}

#define CROSS_CHECK(holds, what, a, b)                                                                                 \
    cross_check((holds), __FILE__, __LINE__, what, (unsigned long long)(a), (unsigned long long)(b))
#define assert_true(a)     CROSS_CHECK(!!(a), #a, 0, 0)
#define assert_false(a)    CROSS_CHECK(!(a), "not " #a, 0, 0)
#define assert_non_null(a) CROSS_CHECK((a) != NULL, #a, 0, 0)
#define assert_null(a)     CROSS_CHECK((a) == NULL, #a, 0, 0)
#define assert_int_equal(a, b)                                                                                         \
    cross_int_equal((unsigned long long)(a), (unsigned long long)(b), __FILE__, __LINE__, #a " == " #b)
#define assert_memory_equal(a, b, size) CROSS_CHECK(memcmp((a), (b), (size)) == 0, #a " == " #b, 0, 0)
#define assert_ptr_equal(a, b)          CROSS_CHECK((a) == (b), #a " == " #b, 0, 0)
#define assert_int_not_equal(a, b)      CROSS_CHECK((a) != (b), #a " != " #b, 0, 0)
#define assert_string_equal(a, b)       CROSS_CHECK(strcmp((a), (b)) == 0, #a " == " #b, 0, 0)
#define fail_msg(...)                   (printf(__VA_ARGS__), CROSS_CHECK(0, "failed", 0, 0))
#define print_message                   printf

static inline void cross_int_equal(unsigned long long a, unsigned long long b, const char *file, int line,
                                   const char *what)
{
    cross_check(a == b, file, line, what, a, b);
}

static inline int cross_run(const struct CMUnitTest *tests, size_t n_tests)
{
    void *state = NULL;
    for (size_t k = 0; k < n_tests; k++)
        tests[k].test(&state);
    printf("%zu passed, 0 failed\n", n_tests);
    return 0;
}

#define cmocka_run_group_tests(tests, setup, teardown)            cross_run((tests), sizeof(tests) / sizeof *(tests))
#define cmocka_run_group_tests_name(name, tests, setup, teardown) cross_run((tests), sizeof(tests) / sizeof *(tests))

#endif
