/* test_scan_parts.c - seeds, plans and metrics of a scan; whatever a run leaves behind, reading it is safe.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka */
#include <math.h>   /* HUGE_VAL */
#include <stdarg.h> /* cmocka */
#include <stddef.h> /* cmocka */
#include <stdint.h> /* cmocka */
#include <stdio.h>  /* fopen */
#include <stdlib.h> /* mkdtemp */
#include <string.h> /* strlen */
#include <unistd.h> /* unlink */

#include <cmocka.h>

#include "scan/failure.h"
#include "scan/metric.h"
#include "scan/outcome.h"
#include "scan/plan.h"
#include "scan/seeds.h"

/* ---- seeds ---- */

static void test_seeds(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        int64_t first, last;
    } good[] = {{"17", 1, 17, 17},
                {"0:10", 10, 0, 9},
                {"0:10:3", 4, 0, 9},
                {"5,0:5,100:103", 9, 5, 102},
                {"9223372036854775807", 1, INT64_MAX, INT64_MAX},
                {"0:9223372036854775807:9223372036854775806", 2, 0, INT64_MAX - 1}};
    static const char *const bad[] = {"",
                                      ":",
                                      "1:",
                                      ":5",
                                      "5:5",
                                      "6:5",
                                      "0:5:0",
                                      "a",
                                      "1,",
                                      ",1",
                                      "1,,2",
                                      "-1",
                                      " 1",
                                      "1 ",
                                      "0:100000002",
                                      "0:5:-1",
                                      "0:5,4",
                                      "0:10:2,3:9:3",
                                      "9223372036854775808",
                                      "0:5:1:1",
                                      "0x10"};
    (void)state;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        struct seeds seeds;
        char error[200];
        assert_true(seeds_parse(good[k].text, &seeds, error, sizeof error));
        assert_int_equal(seeds.n, good[k].n);
        assert_int_equal(seeds_at(&seeds, 0), good[k].first);
        assert_int_equal(seeds_at(&seeds, seeds.n - 1), good[k].last);
        seeds_clear(&seeds);
    }
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct seeds seeds;
        char error[200] = "";
        if (seeds_parse(bad[k], &seeds, error, sizeof error))
            fail_msg("'%s' was taken", bad[k]);
        assert_true(error[0] != '\0');
    }
}

/* ---- plans ---- */

static struct plan make(const char *text, const struct plan_options *more)
{
    struct plan plan;
    struct seeds seeds;
    struct plan_options options = *more;
    char error[200];
    assert_true(seeds_parse(text, &seeds, error, sizeof error));
    options.seeds = &seeds;
    assert_true(plan_make(&options, &plan, error, sizeof error));
    seeds_clear(&seeds);
    return plan;
}

/* The next open run, now running. */
static bool next(struct plan *plan, size_t *place_out)
{
    if (plan_open(plan, place_out, 1) == 0)
        return false;
    plan_running(plan, *place_out);
    return true;
}

static void test_plan_states(void **state)
{
    struct plan plan = make("0:5", &(struct plan_options){.retries = 1});
    size_t place;
    (void)state;
    /* What is known is not run again: done, failed for good; not what was lost or may be tried again. */
    plan_know(&plan, &(struct study_known){{1, "", 0}, 1, STUDY_DONE});
    plan_know(&plan, &(struct study_known){{2, "", 0}, 2, STUDY_FAILED});
    plan_know(&plan, &(struct study_known){{3, "", 0}, 1, STUDY_TIMEOUT});
    plan_know(&plan, &(struct study_known){{4, "", 0}, 7, STUDY_LOST});
    plan_know(&plan, &(struct study_known){{77, "", 0}, 1, STUDY_DONE}); /* of another plan */
    assert_int_equal(plan.n_state[PLANNED_DONE], 1);
    assert_int_equal(plan.n_state[PLANNED_FAILED], 1);
    static const int64_t expected[] = {0, 3, 4};
    for (size_t k = 0; k < 3; k++) {
        assert_true(next(&plan, &place));
        assert_int_equal(plan_key(&plan, place).seed, expected[k]);
    }
    assert_false(next(&plan, &place));
    assert_int_equal(plan.runs[place].attempts, 7);
    assert_false(plan_ended(&plan, place, STUDY_DONE));
    assert_false(plan_ended(&plan, 3, STUDY_FAILED)); /* its second attempt */
    assert_true(plan_ended(&plan, 0, STUDY_FAILED));  /* its first */
    assert_true(next(&plan, &place));
    assert_int_equal(place, 0);
    /* A worker's death is none of the program's attempts, but it ends, too. */
    assert_true(plan_ended(&plan, 0, STUDY_LOST));
    for (int k = 0; k < 2; k++) {
        assert_true(next(&plan, &place));
        assert_true(plan_ended(&plan, 0, STUDY_LOST));
    }
    assert_true(next(&plan, &place));
    assert_false(plan_ended(&plan, 0, STUDY_LOST));
    assert_int_equal(plan.n_state[PLANNED_OPEN] + plan.n_state[PLANNED_RUNNING], 0);
    plan_clear(&plan);
}

static void test_plan_sources_and_audit(void **state)
{
    char *varied[] = {"init", "order", NULL};
    struct plan plan = make("10:18", &(struct plan_options){.varied = varied, .audit = 1});
    size_t n_base = 0, n_again = 0, n_own = 0;
    (void)state;
    assert_int_equal(plan.n, 8 * 3 + 8);
    for (size_t k = 0; k < plan.n; k++) {
        struct study_key key = plan_key(&plan, k);
        char own[64];
        n_base += key.sources[0] == '\0' && key.repeat == 0;
        n_again += key.repeat == 1;
        snprintf(own, sizeof own, "=%lld", (long long)key.seed);
        n_own += strstr(key.sources, own) != NULL; /* a source that is varied has another replication's seed */
    }
    assert_int_equal(n_base, 8);
    assert_int_equal(n_again, 8);
    assert_int_equal(n_own, 0);
    plan_clear(&plan);
    /* A smaller audit repeats some of what a larger one does, and at least one. */
    struct plan some = make("0:1000", &(struct plan_options){.audit = 0.05});
    assert_int_equal(some.n, 1050);
    plan_clear(&some);
    some = make("0:3", &(struct plan_options){.audit = 0.0001});
    assert_int_equal(some.n, 4);
    plan_clear(&some);
}

/* ---- metrics ---- */

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"1", 1},          {" -2.5e3\r", -2500},     {".5", 0.5}, {"97%", 97},
                {"inf", HUGE_VAL}, {"-Infinity", -HUGE_VAL}, {"+3", 3}};
    static const char *const bad[] = {"", " ", "x", "1x", "0x10", "1 2", "--1", "infinit", "1,5", "e5"};
    double value;
    (void)state;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        assert_true(metric_number(good[k].text, strlen(good[k].text), &value));
        assert_true(value == good[k].value);
    }
    assert_true(metric_number("NaN", 3, &value) && value != value);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        if (metric_number(bad[k], strlen(bad[k]), &value))
            fail_msg("'%s' was taken as %g", bad[k], value);
}

static uint64_t random_state = 1;

static unsigned random_below(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

/* Bytes changed, cut and doubled: read without a fault, whatever comes out. */
static void test_mutated_files(void **state)
{
    static const char *const kinds[] = {"json:val/acc@", "csv:val/acc@", "json:a.b.c@"};
    static const char seed_text[] = "{\"val/acc\": 0.5, \"step\": 3, \"a\": {\"b\": {\"c\": "
                                    "NaN}}}\n\"val/acc\",\"x\"\"y\",step\r\n1,2,3\n-Infinity,,\n";
    char folder[] = "/tmp/oneseed-test-XXXXXX", path[64], how[128], error[300];
    size_t n;
    (void)state;
    assert_non_null(mkdtemp(folder));
    char *events = metric_file(TESTS_FOLDER "/vectors/metrics/events/events.out.tfevents.1700000000.host", &n);
    assert_non_null(events);
    for (int round = 0; round < 3000; round++) {
        bool is_event = round % 2 == 0;
        size_t length = is_event ? n : sizeof seed_text - 1;
        unsigned char *bytes = malloc(2 * length);
        memcpy(bytes, is_event ? events : seed_text, length);
        for (unsigned k = random_below(6); k > 0; k--)
            bytes[random_below((unsigned)length)] = (unsigned char)random_below(256);
        if (random_below(3) == 0)
            length = random_below((unsigned)length + 1);
        struct measured measured = {0};
        struct metric metric;
        if (is_event) {
            snprintf(path, sizeof path, "%s/events.tfevents", folder);
            snprintf(how, sizeof how, "tensorboard:val/acc@%s", folder);
        } else {
            snprintf(path, sizeof path, "%s/text", folder);
            snprintf(how, sizeof how, "%s%s", kinds[random_below(3)], path);
        }
        write_file(path, bytes, length);
        assert_true(metric_make("m", how, &metric, error, sizeof error));
        if (is_event)
            metric_read_tensorboard(&metric, folder, &measured);
        else if (metric.kind == METRIC_CSV)
            metric_read_csv(&metric, path, &measured);
        else
            metric_read_json_file(&metric, path, &measured);
        metric_read_log(path, &measured);
        metric_clear(&metric);
        measured_clear(&measured);
        free(bytes);
    }
    free(events);
    snprintf(path, sizeof path, "%s/events.tfevents", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/text", folder);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

/* What goes to a worker and back comes out as it went in; what is cut short is noticed. */
static void test_messages(void **state)
{
    struct outcome outcome = {
        .task = {.place = 3, .seed = INT64_MAX, .repeat = 1, .attempt = 2, .sources = strdup("init=3")},
        .status = STUDY_TIMEOUT,
        .exit_status = 137,
        .seconds = 1.5,
        .tail = strdup("last\nwords"),
        .output = "00112233445566778899aabbccddeeff"};
    struct message message = {0};
    (void)state;
    for (int k = 0; k < 100; k++)
        measured_add(&outcome.measured, k % 2 ? "loss" : "acc", k, k / 7.0);
    outcome_put(&message, &outcome, true);
    for (size_t n = 0; n <= message.n; n++) {
        struct message part = {malloc(n + 1), n, 0, false};
        struct outcome copy;
        memcpy(part.bytes, message.bytes, n);
        outcome_take(&part, &copy);
        assert_int_equal(part.failed, n < message.n);
        if (!part.failed) {
            assert_null(outcome_difference(&outcome, &copy));
            assert_string_equal(copy.tail, "last\nwords");
            assert_int_equal(copy.task.seed, INT64_MAX);
        }
        outcome_clear(&copy);
        message_clear(&part);
    }
    message_clear(&message);
    outcome_clear(&outcome);
}

/* ---- why a run failed ---- */

#define TRACEBACK      "Traceback (most recent call last):\n"
#define IN(path, line) "  File \"" path "\", line " line ", in f\n    x()\n    ~^^\n"

static void test_failures(void **state)
{
    static const struct {
        const char *tail;
        int status;
        const char *words;
    } rows[] = {
        {"", 1, ""},
        {"\n \r\n", 1, ""},
        {"a\nno data here \n\n", 1, "no data here"},
        {TRACEBACK IN("/tmp/a/train.py", "31") "ValueError: no\n", 1, "train.py:31: ValueError: no"},
        {TRACEBACK IN("/tmp/a/b/m.py", "2") IN("/usr/lib/python3.11/json/x.py", "9") "json.E: no", 9,
         "b/m.py:2: json.E: no"},
        {TRACEBACK IN("/v/site-packages/x.py", "9") "E\n", 1, "/v/site-packages/x.py:9: E"},
        {TRACEBACK IN("<string>", "1") IN("<frozen importlib._bootstrap>", "9") "E: a\r\n", 1, "<string>:1: E: a"},
        {IN("./t.py", "7") "  [Previous line repeated 975 more times]\nRecursionError: deep", 1,
         "t.py:7: RecursionError: deep"},
        {"  File \"/tmp/a/t.py\", line 7\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n", 1,
         "t.py:7: SyntaxError: invalid syntax"},
        /* A message of several lines; what a program prints at its end. */
        {TRACEBACK IN("/tmp/a/t.py", "7") "E: a\n\tb\nc\n", 1, "t.py:7: E: a"},
        {TRACEBACK IN("/tmp/a/t.py", "7") "E: a\ngave up\n", 3, "gave up"},
        /* The last one of several; a group. */
        {TRACEBACK IN("/a.py", "7") "E: a\n\nDuring handling of the above:\n\n" TRACEBACK IN("/b.py", "8") "F: b\n", 1,
         "/b.py:8: F: b"},
        {"  + Exception Group " TRACEBACK
         "  |   File \"/b.py\", line 8, in f\n  |     x\n  | G: b\n  +-+--- 1 ---\n    | V: c\n    +---\n",
         1, "/b.py:8: G: b"},
        /* What Python tells of destructors and threads, before or after. */
        {TRACEBACK IN("/a.py", "7") "E: a\nException ignored in: <x>\n" TRACEBACK IN("/b.py", "8") "F: b\n", 1,
         "/a.py:7: E: a"},
        {"Exception in thread T:\n" TRACEBACK IN("/b.py", "8") "F: b\n" TRACEBACK IN("/a.py", "7") "E: a\n", 1,
         "/a.py:7: E: a"},
        {"Exception in thread T:\n" TRACEBACK IN("/b.py", "8") "F: b\ngave up\n", 1, "/b.py:8: F: b"},
        /* Cut, or none. */
        {TRACEBACK IN("/b.py", "8"), 1, "    ~^^"},
        {"  File \"/b.py\", line x\nE: a", 1, "E: a"},
        {"  File \"\", line 1\nE: a", 1, "E: a"},
        {TRACEBACK "E: a", 1, "E: a"},
        {IN("/b.py", "8") "a b\nE: a", 1, "E: a"},
        /* Nothing that a terminal would obey, nothing that is no text. */
        {"  5%|##\r 10%|###\r\033[31;1mno\033[0m\tuse\x07 \xff\xc2\x9b\r\n", 1, "no use \xef\xbf\xbd"},
        {"\033[", 1, ""},
        {"\033", 1, ""}};
    char words[FAILURE_WORDS_NBYTES], longer[5000];
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        bool found = failure_words(rows[k].tail, rows[k].status, "/tmp/a", words, sizeof words);
        assert_string_equal(words, rows[k].words);
        assert_int_equal(found, strchr(rows[k].words, ':') && strcmp(rows[k].words, "E: a") != 0);
    }
    assert_false(failure_words(NULL, 1, "", words, sizeof words));
    /* What is too long is cut between characters, and says so. */
    for (size_t k = 0; k + 3 < sizeof longer; k += 2)
        memcpy(longer + k, "\xc3\xa4", 3);
    for (size_t room = 8; room < 20; room++) {
        failure_last_line(longer, words, room);
        assert_in_range(strlen(words), room - 3, room - 1);
        assert_memory_equal(words + strlen(words) - 3, "…", 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_plan_states),
        cmocka_unit_test(test_plan_sources_and_audit),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_mutated_files),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
