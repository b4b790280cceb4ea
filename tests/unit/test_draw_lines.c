/* test_draw_lines.c - lines of `oneseed draw` against what Python's prompt printed for them.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_string_equal */
#include <stdio.h>  /* fopen */
#include <stdlib.h> /* realloc */
#include <string.h> /* memcpy */

#include "draw/draw.h" /* draw_run */

struct text {
    char *bytes;
    size_t n, n_allocated;
};

static bool add(void *context, const char *bytes, size_t nbytes)
{
    struct text *text = context;
    if (text->n + nbytes + 1 > text->n_allocated) {
        text->n_allocated = 2 * (text->n + nbytes + 1);
        text->bytes = realloc(text->bytes, text->n_allocated);
        assert_non_null(text->bytes);
    }
    memcpy(text->bytes + text->n, bytes, nbytes);
    text->n += nbytes;
    text->bytes[text->n] = '\0';
    return true;
}

static void add_aside(void *context, const char *bytes, size_t nbytes)
{
    (void)add(context, bytes, nbytes);
}

/* The versions are those of the vectors' header: "# What the prompt prints: CPython 3.11.7, NumPy 2.4.6, …". */
static void read_versions(const char *header, struct draw_settings *settings)
{
    unsigned python[2], numpy[3];
    const char *at = strstr(header, "CPython ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "CPython %u.%u", &python[0], &python[1]), 2);
    at = strstr(header, "NumPy ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "NumPy %u.%u.%u", &numpy[0], &numpy[1], &numpy[2]), 3);
    settings->python_version = 100 * python[0] + python[1];
    settings->numpy_version = 10000 * numpy[0] + 100 * numpy[1] + numpy[2];
}

static void check(struct draw_settings *settings, const char *lines, const struct text *expected,
                  const char *error_class)
{
    struct text out = {0};
    char error[1024];
    (void)add(&out, "", 0);
    settings->context = &out;
    draw_result result = draw_run(settings, lines, strlen(lines), error, sizeof error);
    if (strcmp(out.bytes, expected->bytes) != 0 || result != (error_class[0] != '\0' ? DRAW_FAILED : DRAW_DONE))
        fail_msg("%s\nexpected: %s%s\nfound: %s%s", lines, expected->bytes, error_class, out.bytes, error);
    if (error_class[0] != '\0' && !strstr(error, error_class))
        fail_msg("%s\nexpected: %s\nfound: %s", lines, error_class, error);
    free(out.bytes);
}

static void test_lines(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_FOLDER "/vectors/draw_lines.txt", "r");
    assert_non_null(file);
    struct draw_settings settings = {.max_nbytes = (size_t)1 << 30, .write = add, .aside = add_aside};
    struct text lines = {0}, expected = {0};
    char line[8192], error_class[64] = "";
    int n = 0;
    assert_non_null(fgets(line, sizeof line, file));
    read_versions(line, &settings);
    for (bool more = true; more;) {
        more = fgets(line, sizeof line, file) != NULL;
        if (more && line[0] == '#')
            continue;
        if ((!more || line[0] == '>') && lines.n > 0) {
            check(&settings, lines.bytes, &expected, error_class);
            n++;
        }
        if (!more)
            break;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '>') {
            lines.n = expected.n = 0;
            error_class[0] = '\0';
            (void)add(&lines, line + 2, strlen(line + 2));
            (void)add(&expected, "", 0);
        } else if (line[0] == '|') {
            (void)add(&expected, line + 1, strlen(line + 1));
            (void)add(&expected, "\n", 1);
        } else {
            assert_int_equal(line[0], '!');
            (void)snprintf(error_class, sizeof error_class, "%.60s", line + 2);
        }
    }
    fclose(file);
    free(lines.bytes);
    free(expected.bytes);
    assert_true(n >= 150);
}

/* A write that fails ends the run at once. */
static bool refuse(void *context, const char *bytes, size_t nbytes)
{
    (void)bytes;
    (void)nbytes;
    ++*(int *)context;
    return false;
}

static void test_a_write_that_fails(void **state)
{
    (void)state;
    int n_writes = 0;
    char error[256];
    struct draw_settings settings = {.write = refuse, .context = &n_writes};
    assert_int_equal(draw_run(&settings, "1\n2\n3", 5, error, sizeof error), DRAW_NOT_WRITTEN);
    assert_int_equal(n_writes, 1);
}

static void test_limits(void **state)
{
    (void)state;
    struct text out = {0};
    char error[256];
    struct draw_settings settings = {
        .max_nbytes = 8 << 20, .max_n_steps = 100000, .write = add, .aside = add_aside, .context = &out};
    static const char *const lines[] = {"while True: pass", "x = np.zeros(10**7)", "x = [0]\nwhile True: x += x",
                                        "sum(range(10**9))"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(draw_run(&settings, lines[i], strlen(lines[i]), error, sizeof error), DRAW_FAILED);
    free(out.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_a_write_that_fails),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
