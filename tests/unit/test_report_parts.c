/* test_report_parts.c - texts of any bytes as JSON; which varied run belongs to which replications; sheets that cannot be written.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka */
#include <stdarg.h> /* cmocka */
#include <stddef.h> /* cmocka */
#include <stdint.h> /* cmocka */

#include <cmocka.h>
#include <math.h>   /* isnan, INFINITY */
#include <stdlib.h> /* free */
#include <string.h> /* strstr */

#include "report/axes.h"        /* axes_x */
#include "report/ink.h"         /* ink_svg */
#include "report/labels.h"      /* labels_of */
#include "report/page.h"        /* REPORT_ERROR_NBYTES */
#include "report/report_text.h" /* report_text */
#include "report/shares.h"      /* shares_plan_read */

#define REPLACED "\xef\xbf\xbd"

static void test_texts(void **state)
{
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"caf\xc3\xa9 \xf0\x9f\x8e\xb2", "caf\xc3\xa9 \xf0\x9f\x8e\xb2"},
        {"caf\xe9", "caf" REPLACED},
        {"\xff\xfe", REPLACED REPLACED},
        {"\xc0\xaf", REPLACED REPLACED},                           /* overlong */
        {"\xe0\x80\xaf", REPLACED REPLACED REPLACED},              /* overlong */
        {"\xed\xa0\x80", REPLACED REPLACED REPLACED},              /* a surrogate */
        {"\xf4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED}, /* above U+10FFFF */
        {"\xf4\x8f\xbf\xbf\xff", "\xf4\x8f\xbf\xbf" REPLACED},     /* the last one */
        {"cut \xe2\x80", "cut " REPLACED REPLACED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *json = report_text(cases[i][0]);
        assert_string_equal(json_string_value(json), cases[i][1]);
        json_decref(json);
    }
    assert_true(json_is_null(report_text(NULL)) && json_is_null(report_number(INFINITY)) &&
                json_is_null(report_number(NAN)));
}

static void test_shares_plan(void **state)
{
    (void)state;
    int64_t seeds[] = {0, 0, 0, 3, 3, 5, 5, 8, 9};
    char *sources[] = {"", "init=3", "order=8", "", "init=5", "", "init=0,order=3", "", "init=77"};
    unsigned repeats[] = {0, 0, 0, 0, 0, 0, 0, 1, 0};
    unsigned char statuses[] = {STUDY_DONE,   STUDY_DONE, STUDY_DONE, STUDY_DONE, STUDY_DONE,
                                STUDY_FAILED, STUDY_DONE, STUDY_DONE, STUDY_DONE};
    struct study_table table = {.n = 9, .seeds = seeds, .sources = sources, .repeats = repeats, .statuses = statuses};
    struct shares_plan plan;

    assert_true(shares_plan_read(&table, &plan));
    assert_int_equal(plan.n_names, 2);
    assert_string_equal(plan.names[0], "init");
    assert_string_equal(plan.names[1], "order");
    assert_int_equal(plan.n_bases, 2); /* seeds 0 and 3: 5 failed, 8 is a repetition */
    assert_int_equal(plan.n_runs, 1);
    assert_int_equal(plan.runs[0].row, 1);
    assert_int_equal(plan.runs[0].source, 0);
    assert_int_equal(plan.runs[0].base, 0);
    assert_int_equal(plan.runs[0].from, 1);
    assert_int_equal(plan.n_left_out, 4);
    shares_plan_clear(&plan);

    table.sources = NULL;
    assert_false(shares_plan_read(&table, &plan));
    shares_plan_clear(&plan);
}

static void test_axes(void **state)
{
    (void)state;
    struct axes axes = {
        .left = 10, .right = 110, .top = 0, .bottom = 50, .x_low = 1, .x_high = 100, .y_low = -1, .y_high = 1};
    double low = 2, high = 2;

    assert_true(axes_x(&axes, 1) == 10 && axes_x(&axes, 100) == 110 && axes_y(&axes, 1) == 0 &&
                axes_y(&axes, -1) == 50);
    axes.x_log = true;
    assert_true(fabs(axes_x(&axes, 10) - 60) < 1e-9);
    axes_widen(&low, &high, 0.5);
    assert_true(low < 2 && high > 2);
}

static void test_sheet_that_cannot_be_written(void **state)
{
    (void)state;
    char error[REPORT_ERROR_NBYTES] = "";
    assert_null(ink_svg("/nowhere/a.svg", 10, 10, "t", "d", error));
    assert_non_null(strstr(error, "/nowhere/a.svg: No such file or directory"));
}

static void test_labels(void **state)
{
    static const char *const cases[][4] = {
        {"a.db", "b.db", "a.db", "b.db"},
        {"/x/a.db", "/y/a.db", "x/a.db", "y/a.db"},
        {"/x/1/a.db", "/y/1/a.db", "x/1/a.db", "y/1/a.db"},
        {"a.db", "x/a.db", "a.db", "x/a.db"},
        {"a.db", "a.db", "a.db", "a.db"},
        {"a/", "b/", "a/", "b/"},
        {"", "", "", ""},
        {"postgresql://h/db#one", "postgresql://h/db#two", "one", "two"},
        {"a#1.db", "a#2.db", "a#1.db", "a#2.db"},
        {"caf\xe9.db", "\xc3\xa9.db", "caf" REPLACED ".db", "\xc3\xa9.db"},
        {"a-long-name-of-a-study-1-with-a-long-end.db", "a-long-name-of-a-study-2-with-a-long-end.db",
         "…udy-1-with-a-long-end.db", "…udy-2-with-a-long-end.db"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *a, *b;
        labels_of(cases[i][0], cases[i][1], &a, &b);
        assert_string_equal(a, cases[i][2]);
        assert_string_equal(b, cases[i][3]);
        assert_true(label_width(a) <= LABEL_MOST);
        free(a);
        free(b);
    }
    assert_int_equal(label_width("\xc3\xa9"), 1);
    assert_int_equal(label_width("\xe7\x8c\xab"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_shares_plan),
        cmocka_unit_test(test_axes),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_sheet_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
