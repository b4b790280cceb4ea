/* test_check_parts.c - the parts of check that can be tested without running a command.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka */
#include <stdarg.h> /* cmocka */
#include <stddef.h> /* cmocka */
#include <stdint.h> /* cmocka */

#include <cmocka.h>

#include <stdio.h>    /* fopen */
#include <stdlib.h>   /* mkdtemp */
#include <string.h>   /* strcmp */
#include <sys/stat.h> /* mkdir */
#include <unistd.h>   /* unlink */

#include "check/check.h"
#include "check/explain.h"
#include "check/keep.h"
#include "check/locate.h"
#include "check/place.h"
#include "check/suspects.h"
#include "check/vary.h"
#include "common/array.h"
#include "trace/writer.h"

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_file(const char *path, const char *text)
{
    char buffer[256] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t got = fread(buffer, 1, sizeof buffer - 1, file);
    fclose(file);
    buffer[got] = '\0';
    assert_string_equal(buffer, text);
}

static void test_channel_names_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i <= CHANNEL_UNKNOWN; i++)
        assert_int_equal(channel_parse(channel_name((enum channel)i)), i);
    assert_int_equal(channel_parse("moon"), CHANNEL_NONE);

    char text[CHANNEL_SET_TEXT];
    assert_string_equal(channel_set_text(CHANNEL_BIT(CHANNEL_CLOCK) | CHANNEL_BIT(CHANNEL_HASH_SEED), text),
                        "hash-seed,clock");
    assert_true(strlen(channel_set_text((1u << CHANNEL_CONTROLLED) - 1, text)) < sizeof text);
}

static void test_keep_puts_back_what_was_and_removes_what_was_not(void **state)
{
    (void)state;
    char folder[] = "/tmp/oneseed-keep-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *store = text_format("%s.store", folder), *old = text_format("%s/sub/old.txt", folder);
    char *made = text_format("%s/new.txt", folder), *sub = text_format("%s/sub", folder);
    char *outside = text_format("%s.outside", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    write_file(old, "before");
    struct keep *keep = keep_make(folder, store);
    assert_true(keep_complete(keep));

    write_file(old, "after, and longer");
    write_file(made, "made by the run");
    write_file(outside, "not ours");
    char *paths[] = {old, made, outside};
    assert_int_equal(keep_put_back(keep, paths, 3), 0);
    assert_file(old, "before");
    assert_int_equal(access(made, F_OK), -1);
    assert_file(outside, "not ours");

    char *command = text_format("rm -rf %s %s %s", folder, store, outside);
    assert_int_equal(system(command), 0);
    keep_free(keep);
    free(store), free(old), free(made), free(sub), free(outside), free(command);
}

static void test_an_incomplete_keep_removes_nothing(void **state)
{
    (void)state;
    char folder[] = "/tmp/oneseed-keep-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *store = text_format("%s.store", folder), *big = text_format("%s/big.bin", folder);
    char *made = text_format("%s/new.txt", folder);
    write_file(big, "");
    assert_int_equal(truncate(big, 65 << 20), 0);
    struct keep *keep = keep_make(folder, store);
    assert_false(keep_complete(keep));
    write_file(made, "x");
    assert_int_equal(keep_put_back(keep, &made, 1), 1);
    assert_file(made, "x");

    char *command = text_format("rm -rf %s %s", folder, store);
    assert_int_equal(system(command), 0);
    keep_free(keep);
    free(store), free(big), free(made), free(command);
}

static void test_place_reads_the_site_and_the_line(void **state)
{
    (void)state;
    char path[] = "/tmp/oneseed:place-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_file(path, "first\n    second = 2  \n");
    char *site = text_format("%s:2:load|/usr/lib/python3/random.py:5:seed", path);
    struct check_place place;
    assert_true(place_find(site, &place));
    assert_string_equal(place.file, path);
    assert_int_equal(place.line, 2);
    assert_string_equal(place.function, "load");
    assert_string_equal(place.through, "/usr/lib/python3/random.py:5:seed");
    assert_string_equal(place.source, "second = 2");
    struct check_place copy = place_copy(&place);
    assert_true(place_same(&place, &copy));
    copy.line = 3;
    assert_false(place_same(&place, &copy));
    place_clear(&copy);
    place_clear(&place);

    assert_false(place_find("", &place));
    assert_false(place_find(NULL, &place));
    assert_false(place_find("|/usr/lib/python3/random.py:5:seed", &place));
    assert_false(place_find("no colon at all", &place));
    assert_false(place_is_users("/usr/lib/libtorch.so+0x12"));
    assert_false(place_is_users("<string>:1:<module>|/v/lib/python3.11/site-packages/joblib/x.py:3:main"));
    assert_true(place_is_users("<string>:1:<module>"));
    unlink(path);
    free(site);
}

static void test_fixes_quote_the_line(void **state)
{
    (void)state;
    struct check_cause cause = {.channel = CHANNEL_HASH_SEED};
    cause.place.source = text_copy("classes = {name: i for i, name in enumerate(set(labels))}");
    explain_cause(&cause, NULL);
    assert_non_null(strstr(cause.fix, "sorted(set(labels))"));
    free(cause.place.source);
    cause.place.source = text_copy("bucket = hash(name) % 8");
    explain_cause(&cause, NULL);
    assert_non_null(strstr(cause.fix, "hashlib"));
    free(cause.place.source);
    free(cause.message);
    free(cause.fix);

    for (int i = 0; i <= CHANNEL_UNKNOWN; i++) { /* every channel has words, with nothing known about the line */
        struct check_cause bare = {.channel = (enum channel)i, .trigger = CHANNEL_NONE};
        explain_cause(&bare, NULL);
        assert_true(strlen(bare.message) > 20 && strlen(bare.fix) > 20);
        free(bare.message);
        free(bare.fix);
    }
}

static void test_vary_lists(void **state)
{
    (void)state;
    assert_null(vary_unknown("all"));
    assert_null(vary_unknown("clock,threads"));
    char *unknown = vary_unknown("clock,moon");
    assert_string_equal(unknown, "moon");
    free(unknown);

    const char *list = "threads,clock";
    assert_string_equal(vary_next(&list)->name, "threads");
    assert_string_equal(vary_next(&list)->name, "clock");
    assert_null(vary_next(&list));
    list = "all";
    size_t n = 0;
    while (vary_next(&list))
        n++;
    size_t n_table = 0;
    while (vary_table[n_table].name)
        n_table++;
    assert_int_equal(n, n_table);
}

/* --- suspects and origins, from traces written here --- */

struct made {
    struct trace_writer *writer;
    struct trace_lane_writer *lane;
};

static uint64_t text(struct made *made, const char *words)
{
    return trace_intern(made->writer, words, strlen(words));
}

static void event(struct made *made, enum oneseed_event_kind kind, const char *site, const char *name,
                  const char *generator, uint64_t words, uint64_t in, uint64_t out)
{
    struct oneseed_event e = {.kind = (uint8_t)kind, .words = words, .in = {in, in}, .out = {out, out}};
    e.site = site ? text(made, site) : 0;
    e.name = name ? text(made, name) : 0;
    e.generator = generator ? text(made, generator) : 0;
    trace_emit(made->lane, &e);
}

/* One run of a program: `extra` words are drawn at line 5, `value` is what line 7 binds. */
static void make_run(const char *folder, uint64_t extra, uint64_t value, struct run *run)
{
    int error = 0;
    char problem[256];
    assert_int_equal(mkdir(folder, 0700), 0);
    struct made made = {trace_writer_open(folder, "0", &error), NULL};
    assert_non_null(made.writer);
    made.lane = trace_writer_lane(made.writer, "");
    event(&made, ONESEED_EVENT_PROCESS, NULL, "/usr/bin/python3 train.py", NULL, 0, 0, 1);
    event(&made, ONESEED_EVENT_SEED, "/p/train.py:3:main", "program", "python.global", 0, 0, 42);
    event(&made, ONESEED_EVENT_CLOCK, "/p/train.py:4:main", "monotonic", NULL, 2, 0, 0);
    event(&made, ONESEED_EVENT_DRAW, "/p/train.py:5:main", "random", "python.global", extra, 42, 100 + extra);
    event(&made, ONESEED_EVENT_LINE, "/p/train.py:6:main", "a > b", NULL, 0, 5, 5);
    event(&made, ONESEED_EVENT_LINE, "/p/train.py:7:main", "b > c", NULL, 0, 6, value);
    event(&made, ONESEED_EVENT_LINE, "/p/train.py:8:main", "c > d", NULL, 0, value, value + 1);
    event(&made, ONESEED_EVENT_DRAW, "/p/train.py:9:main", "random", "python.global", 2, 200 + extra, 300 + extra);
    event(&made, ONESEED_EVENT_DRAW, "/p/data.py:2:load", "normal", "numpy.PCG64#1", 8, 1, value);
    trace_writer_close(made.writer);
    *run = (struct run){.trace_folder = text_copy(folder)};
    struct trace *trace = trace_open(folder, problem, sizeof problem);
    assert_non_null(trace);
    assert_true(survey_trace(trace, &run->survey, problem, sizeof problem));
    trace_close(trace);
}

static void test_suspects_moved_draws_and_origins(void **state)
{
    (void)state;
    char folder[] = "/tmp/oneseed-suspects-XXXXXX", problem[256];
    assert_non_null(mkdtemp(folder));
    char *folder_a = text_format("%s/a", folder), *folder_b = text_format("%s/b", folder);
    struct run a, b;
    struct pair pair;
    struct suspect suspects[CHANNEL_CONTROLLED];
    make_run(folder_a, 10, 70, &a);
    make_run(folder_b, 14, 71, &b);
    assert_true(a.survey.has_python);
    assert_int_equal(a.survey.n_draws, 3);
    assert_true(pair_compare(&a, &b, 0, &pair, problem, sizeof problem));

    suspects_find(&a, &b, &pair, suspects);
    assert_true(suspects[CHANNEL_UNSEEDED_RNG].weight >= SUSPECT_SHOWN); /* PCG64#1: nobody seeded it */
    assert_string_equal(suspects[CHANNEL_UNSEEDED_RNG].site, "/p/data.py:2:load");
    assert_string_equal(suspects[CHANNEL_UNSEEDED_RNG].generator, "numpy.PCG64#1");
    assert_int_equal(suspects[CHANNEL_FILE_ORDER].weight, 0);
    assert_int_equal(suspects[CHANNEL_THREAD_ORDER].weight, 0);
    assert_int_equal(suspects[CHANNEL_CHILD_PROCESS].weight, 0);
    assert_true(suspects[CHANNEL_CLOCK].weight > suspects[CHANNEL_ADDRESS].weight);

    struct moved_draws moved;
    assert_true(suspects_moved_draws(&a, &b, &moved));
    assert_string_equal(moved.site, "/p/train.py:5:main");
    assert_string_equal(moved.generator, "python.global");
    assert_int_equal(moved.words_a, 10);
    assert_int_equal(moved.words_b, 14);
    assert_true(suspects_moved_draws(&b, &a, &moved));
    assert_int_equal(moved.words_a, 14);
    assert_false(suspects_moved_draws(&a, &a, &moved));

    struct origin origins[8];
    size_t n = locate_all(&a, &pair, origins, 8);
    bool line_seven = false;
    for (size_t i = 0; i < n; i++) {
        line_seven |= strcmp(origins[i].site, "/p/train.py:7:main") == 0;
        assert_string_not_equal(origins[i].site, "/p/train.py:8:main"); /* an effect: its inputs differ */
        assert_string_not_equal(origins[i].site, "/p/train.py:6:main");
    }
    assert_true(line_seven);

    suspects_clear(suspects);
    pair_clear(&pair);
    run_clear(&a);
    run_clear(&b);
    rmdir(folder);
    free(folder_a), free(folder_b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channel_names_round_trip),
        cmocka_unit_test(test_keep_puts_back_what_was_and_removes_what_was_not),
        cmocka_unit_test(test_an_incomplete_keep_removes_nothing),
        cmocka_unit_test(test_place_reads_the_site_and_the_line),
        cmocka_unit_test(test_fixes_quote_the_line),
        cmocka_unit_test(test_vary_lists),
        cmocka_unit_test(test_suspects_moved_draws_and_origins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
