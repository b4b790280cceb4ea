/* test_trace_compare.c - the comparison on hand-made traces: each kind of difference, alignment, equal blocks.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* jmp_buf, which cmocka needs */
#include <stdarg.h> /* va_list, which cmocka needs */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include <cmocka.h> /* assert_* */

#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* mkdtemp, system */
#include <string.h> /* memset, strcpy */

#include "trace/compare.h" /* trace_compare */
#include "trace/writer.h"  /* trace_writer_open */

static char root[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(root, "/tmp/oneseed-test.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

/* One of the two runs, as it is written. */
struct run {
    char folder[80];
    struct trace_writer *writer;
    struct trace_lane_writer *lane;
};

static void begin_lane(struct run *run, const char *lane)
{
    int error;
    run->writer = trace_writer_open(run->folder, lane, &error);
    assert_non_null(run->writer);
    run->lane = trace_writer_lane(run->writer, "");
}

static struct run begin(const char *name)
{
    struct run run = {.writer = NULL};
    char command[128];
    snprintf(run.folder, sizeof run.folder, "%s/%s", root, name);
    snprintf(command, sizeof command, "mkdir '%s'", run.folder);
    assert_int_equal(system(command), 0);
    begin_lane(&run, "0");
    return run;
}

static uint64_t text(struct run *run, const char *text)
{
    return trace_intern(run->writer, text, strlen(text));
}

/* One event; numbers stand for digests. */
static void put(struct run *run, uint8_t kind, const char *site, uint64_t words, uint64_t in, uint64_t out)
{
    struct oneseed_event event = {.kind = kind, .words = words, .in = {in, in}, .out = {out, 0}};
    event.site = text(run, site);
    event.name = text(run, "name");
    event.generator = kind == ONESEED_EVENT_DRAW ? text(run, "numpy.global") : 0;
    trace_emit(run->lane, &event);
}

static void draw(struct run *run, const char *site, uint64_t words, uint64_t in, uint64_t out)
{
    put(run, ONESEED_EVENT_DRAW, site, words, in, out);
}

static void put_flags(struct run *run, uint8_t kind, uint8_t flags, uint64_t words, uint64_t in, uint64_t out)
{
    struct oneseed_event event = {.kind = kind, .flags = flags, .words = words, .in = {in, 0}, .out = {out, 0}};
    trace_emit(run->lane, &event);
}

/* What the visitor was given. */
struct found {
    size_t n, most;
    struct trace_difference differences[32];
    struct trace_totals totals;
    int status;
};

static bool note(void *context, const struct trace_difference *difference)
{
    struct found *found = context;
    if (found->n < 32)
        found->differences[found->n] = *difference;
    return ++found->n < found->most;
}

static struct found compare_with(struct run *a, struct run *b, size_t most, bool values_of_all)
{
    struct run *const runs[2] = {a, b};
    struct trace *traces[2];
    char error[512] = "";
    for (int i = 0; i < 2; i++) {
        trace_writer_close(runs[i]->writer);
        traces[i] = trace_open(runs[i]->folder, error, sizeof error);
        assert_string_equal(error, "");
    }
    struct found found = {.most = most};
    struct trace_compare_options options = {.size = sizeof options, .values_of_all = values_of_all};
    found.status = trace_compare(traces[0], traces[1], &options, note, &found, &found.totals, error, sizeof error);
    assert_string_equal(error, "");
    assert_int_equal(found.status, found.n != 0);
    trace_close(traces[0]);
    trace_close(traces[1]);
    return found;
}

static struct found compare(struct run *a, struct run *b)
{
    return compare_with(a, b, SIZE_MAX, false);
}

static void equal_runs(void **state)
{
    (void)state;
    enum { N = 10000 };
    struct run runs[2] = {begin("a"), begin("b")};
    for (int i = 0; i < 2; i++) {
        for (uint64_t j = 0; j < N; j++) {
            draw(&runs[i], "a.py:1:f", 1, j, j + 1);
            put(&runs[i], ONESEED_EVENT_OP, "a.py:2:f", 0, j, j);
            put(&runs[i], ONESEED_EVENT_FILE, "a.py:3:f", 0, 0, 7);
            put_flags(&runs[i], ONESEED_EVENT_FILE, ONESEED_FLAG_LIBRARY, 0, 0, 7);
        }
        trace_writer_close(runs[i].writer);
        begin_lane(&runs[i], "0.1");
    }
    struct found found = compare(&runs[0], &runs[1]);
    assert_int_equal(found.status, 0);
    assert_true(found.totals.lanes == 2 && found.totals.events == 4 * N && found.totals.draws == N);
    assert_true(found.totals.ops == N && found.totals.files == N && found.totals.differing_draws == 0);
}

static void another_result(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    for (uint64_t i = 0; i < 5000; i++) {
        draw(&a, "a.py:1:f", 1, i, i);
        draw(&b, "a.py:1:f", 1, i, i + (i == 4000 || i == 4500));
    }
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.differences[0].kind, TRACE_RESULT);
    assert_true(found.differences[0].index == 4000 && found.differences[0].index_b == 4000);
    assert_true(found.differences[0].a.out[0] == 4000 && found.differences[0].b.out[0] == 4001);
    assert_true(found.differences[1].index == 4500);
    assert_true(found.totals.events == 5000 && found.totals.differing_draws == 2);
}

static void the_visitor_leaves(void **state)
{
    (void)state;
    struct run runs[2] = {begin("a"), begin("b")};
    for (uint64_t run = 0; run < 2; run++) {
        for (uint64_t i = 0; i < 100; i++)
            draw(&runs[run], "a.py:1:f", 1, i, run);
    }
    struct found found = compare_with(&runs[0], &runs[1], 1, false);
    assert_int_equal(found.n, 1);
    assert_true(found.differences[0].index == 0);
}

static void another_input(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    put(&a, ONESEED_EVENT_OP, "a.py:1:f", 0, 1, 1);
    put(&b, ONESEED_EVENT_OP, "a.py:1:f", 0, 2, 2);
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.differences[0].kind, TRACE_INPUT);
    assert_true(found.totals.differing_ops == 1 && found.totals.ops == 1);
}

static void another_number_of_words(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    draw(&a, "a.py:1:f", 2, 5, 6);
    draw(&b, "a.py:1:f", 4, 5, 7);
    put_flags(&a, ONESEED_EVENT_DRAW, ONESEED_FLAG_WORDS_UNKNOWN, 1, 5, 6);
    put_flags(&b, ONESEED_EVENT_DRAW, ONESEED_FLAG_WORDS_UNKNOWN, 2, 5, 6);
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.differences[0].kind, TRACE_COUNT);
    assert_true(found.differences[0].a.words == 2 && found.differences[0].b.words == 4);
}

static void an_extra_draw(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    for (uint64_t i = 0; i < 3000; i++) {
        if (i == 1500) {
            draw(&b, "a.py:9:extra", 1, i, i);
            draw(&b, "a.py:10:extra", 1, i, i);
        }
        uint64_t shift = i >= 1500 ? 100000 : 0;
        draw(&a, i % 2 ? "a.py:1:f" : "a.py:2:f", 1, i, i);
        draw(&b, i % 2 ? "a.py:1:f" : "a.py:2:f", 1, i + shift, i + shift);
    }
    struct found found = compare(&a, &b);
    assert_int_equal(found.differences[0].kind, TRACE_PATH);
    assert_true(found.differences[0].index == 1500 && found.differences[0].index_b == 1500);
    assert_true(found.differences[0].passed_a == 0 && found.differences[0].passed_b == 2);
    assert_false(found.differences[0].left);
    assert_int_equal(found.differences[1].kind, TRACE_INPUT);
    assert_true(found.differences[1].index == 1500 && found.differences[1].index_b == 1502);
    assert_int_equal(found.n, 1 + 1500);
    assert_true(found.totals.events == 3000 && found.totals.differing_draws == 1500);
}

/* One run takes the loop once more: what comes behind the loop is aligned again, not the loop with itself. */
static void one_turn_more(void **state)
{
    (void)state;
    struct run runs[2] = {begin("a"), begin("b")};
    for (int run = 0; run < 2; run++) {
        for (uint64_t i = 0; i < 50; i++) {
            for (uint64_t j = 0; j < (i < 25 ? 10u : 10u + (unsigned)run); j++) {
                draw(&runs[run], "a.py:1:f", 1, j, j);
                draw(&runs[run], "a.py:2:f", 1, j, j);
            }
            put(&runs[run], ONESEED_EVENT_OUTPUT, "a.py:4:f", 0, 0, i);
        }
    }
    struct found found = compare(&runs[0], &runs[1]);
    assert_int_equal(found.n, 25);
    for (size_t i = 0; i < found.n; i++) {
        assert_int_equal(found.differences[i].kind, TRACE_PATH);
        assert_true(found.differences[i].passed_a == 0 && found.differences[i].passed_b == 2);
    }
    assert_true(found.totals.events == 50 * 21);
}

static void nothing_in_common(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    for (uint64_t i = 0; i < 2000; i++) {
        char site[2][32];
        snprintf(site[0], sizeof site[0], "a.py:%d:f", (int)i);
        snprintf(site[1], sizeof site[1], "b.py:%d:f", (int)i);
        draw(&a, site[0], 1, i, i);
        draw(&b, site[1], 1, i, i);
    }
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.differences[0].kind, TRACE_PATH);
    assert_true(found.differences[0].left);
}

/* A short lane: what follows the difference is a single event, at the end of both. */
static void aligned_at_the_end(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    draw(&a, "a.py:1:f", 1, 1, 1);
    draw(&b, "a.py:2:f", 1, 1, 1);
    put(&a, ONESEED_EVENT_OUTPUT, "a.py:3:f", 0, 0, 1);
    put(&b, ONESEED_EVENT_OUTPUT, "a.py:3:f", 0, 0, 2);
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.differences[0].kind, TRACE_PATH);
    assert_true(found.differences[0].passed_a == 1 && found.differences[0].passed_b == 1);
    assert_int_equal(found.differences[1].kind, TRACE_RESULT);
}

static void a_lane_ends(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    for (uint64_t i = 0; i < 3000; i++) {
        draw(&a, "a.py:1:f", 1, i, i);
        if (i < 2000)
            draw(&b, "a.py:1:f", 1, i, i);
    }
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.differences[0].kind, TRACE_ENDED);
    assert_true(found.differences[0].index == 2000 && found.differences[0].a.in[0] == 2000);
    assert_int_equal(found.differences[0].b.kind, 0);
}

static void lanes_of_one_trace(void **state)
{
    (void)state;
    struct run runs[2] = {begin("a"), begin("b")};
    const char *const lanes[2][3] = {{"0.2", "0.10", "0.10.1"}, {"0.1", "0.10", "0.11"}};
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 3; j++) {
            trace_writer_close(runs[i].writer);
            begin_lane(&runs[i], lanes[i][j]);
            draw(&runs[i], "a.py:1:f", 1, 1, 1);
        }
    }
    struct found found = compare(&runs[0], &runs[1]);
    assert_int_equal(found.n, 4); /* 0.1, 0.2, 0.10.1, 0.11 */
    for (size_t i = 0; i < 4; i++) {
        const struct trace_difference *difference = &found.differences[i];
        bool of_a = i == 1 || i == 2;
        assert_int_equal(difference->kind, TRACE_LANE);
        assert_true((difference->lane_a == (size_t)-1) == !of_a && (difference->lane_b == (size_t)-1) == of_a);
        assert_int_equal(of_a ? difference->a.kind : difference->b.kind, ONESEED_EVENT_DRAW);
        assert_int_equal(of_a ? difference->b.kind : difference->a.kind, 0);
    }
    assert_true(found.totals.lanes == 2 && found.totals.events == 1);
}

static void kinds_whose_value_is_expected_to_differ(void **state)
{
    (void)state;
    const uint8_t kinds[] = {ONESEED_EVENT_CLOCK, ONESEED_EVENT_ENTROPY, ONESEED_EVENT_ENVIRONMENT,
                             ONESEED_EVENT_PROCESS, ONESEED_EVENT_SPAWN};
    for (int values_of_all = 0; values_of_all < 2; values_of_all++) {
        struct run a = begin(values_of_all ? "a" : "c"), b = begin(values_of_all ? "b" : "d");
        for (size_t i = 0; i < sizeof kinds; i++) {
            put(&a, kinds[i], "a.py:1:f", 7, 0, 1);
            put(&b, kinds[i], "a.py:1:f", 7, 0, 2);
        }
        put(&a, ONESEED_EVENT_CLOCK, "a.py:1:f", 7, 0, 0);
        put(&b, ONESEED_EVENT_CLOCK, "a.py:1:f", 8, 0, 0);
        struct found found = compare_with(&a, &b, SIZE_MAX, values_of_all);
        assert_int_equal(found.n, values_of_all ? 5 : 0);
        for (size_t i = 0; i < found.n; i++)
            assert_int_equal(found.differences[i].kind, TRACE_RESULT);
    }
}

static void values_that_do_not_matter(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    put_flags(&a, ONESEED_EVENT_OP, ONESEED_FLAG_UNDEFINED, 0, 1, 1);
    put_flags(&b, ONESEED_EVENT_OP, ONESEED_FLAG_UNDEFINED, 0, 1, 2);
    put_flags(&a, ONESEED_EVENT_FILE, ONESEED_FLAG_UNDIGESTED, 0, 1, 1);
    put_flags(&b, ONESEED_EVENT_FILE, 0, 0, 1, 2);
    put_flags(&a, ONESEED_EVENT_FILE, ONESEED_FLAG_LIBRARY, 0, 0, 3);
    put_flags(&b, ONESEED_EVENT_FILE, 0, 0, 0, 3);
    assert_int_equal(compare(&a, &b).n, 0);
}

static void a_missing_file_matters(void **state)
{
    (void)state;
    struct run a = begin("a"), b = begin("b");
    put_flags(&a, ONESEED_EVENT_FILE, ONESEED_FLAG_MISSING, 0, 0, 0);
    put_flags(&b, ONESEED_EVENT_FILE, 0, 0, 0, 0);
    struct found found = compare(&a, &b);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.differences[0].kind, TRACE_RESULT);
}

/* Lanes that part again and again are left after a bounded number of alignments. */
static void lanes_that_part_for_ever(void **state)
{
    (void)state;
    struct run runs[2] = {begin("a"), begin("b")};
    for (int run = 0; run < 2; run++) {
        for (uint64_t i = 0; i < 200000; i++)
            draw(&runs[run], i % 40 < 39 ? "a.py:1:f" : run ? "a.py:2:f" : "a.py:3:f", 1, i, i);
    }
    struct found found = compare(&runs[0], &runs[1]);
    assert_int_equal(found.status, 1);
    assert_true(found.n >= 1000 && found.n < 1100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
        TEST(equal_runs),
        TEST(another_result),
        TEST(the_visitor_leaves),
        TEST(another_input),
        TEST(another_number_of_words),
        TEST(an_extra_draw),
        TEST(one_turn_more),
        TEST(nothing_in_common),
        TEST(aligned_at_the_end),
        TEST(a_lane_ends),
        TEST(lanes_of_one_trace),
        TEST(kinds_whose_value_is_expected_to_differ),
        TEST(values_that_do_not_matter),
        TEST(a_missing_file_matters),
        TEST(lanes_that_part_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
