/* test_trace_roundtrip.c - what the writer wrote is what the reader gives.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* jmp_buf, which cmocka needs */
#include <stdarg.h> /* va_list, which cmocka needs */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include <cmocka.h> /* assert_* */

#include <errno.h>    /* errno */
#include <fcntl.h>    /* open */
#include <pthread.h>  /* pthread_create */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* mkdtemp */
#include <string.h>   /* memcmp */
#include <sys/stat.h> /* stat */
#include <sys/wait.h> /* waitpid */
#include <unistd.h>   /* fork */

#include "trace/reader.h" /* trace_open */
#include "trace/writer.h" /* trace_writer_open */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/oneseed-test.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* The i-th of a row of events in which every field is sometimes there and sometimes not. */
static struct oneseed_event event_at(uint64_t i)
{
    struct oneseed_event event = {.kind = (uint8_t)(1 + i % 13), .flags = (uint8_t)(i % 128)};
    uint64_t mixed = i * 0x9e3779b97f4a7c15u;
    if (mixed >> 63)
        event.site = mixed ^ 1;
    if (mixed >> 62 & 1)
        event.name = mixed ^ 2;
    if (mixed >> 61 & 1)
        event.generator = mixed ^ 3;
    if (mixed >> 60 & 1)
        event.words = i + 1;
    if (mixed >> 59 & 1)
        event.bytes = mixed ^ 4;
    if (mixed >> 58 & 1)
        event.in[mixed >> 57 & 1] = mixed ^ 5;
    if (mixed >> 56 & 1)
        event.out[mixed >> 55 & 1] = mixed ^ 6;
    return event;
}

static void assert_same_event(const struct oneseed_event *a, const struct oneseed_event *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->flags, b->flags);
    assert_true(a->site == b->site);
    assert_true(a->name == b->name);
    assert_true(a->generator == b->generator);
    assert_true(a->words == b->words);
    assert_true(a->bytes == b->bytes);
    assert_memory_equal(a->in, b->in, sizeof a->in);
    assert_memory_equal(a->out, b->out, sizeof a->out);
}

static struct trace_writer *open_writer(const char *lane)
{
    int error = -1;
    struct trace_writer *writer = trace_writer_open(folder, lane, &error);
    assert_int_equal(error, 0);
    assert_non_null(writer);
    return writer;
}

static struct trace *open_trace(void)
{
    char error[512] = "";
    struct trace *trace = trace_open(folder, error, sizeof error);
    assert_string_equal(error, "");
    assert_non_null(trace);
    return trace;
}

/* The lane holds event_at(first) ... event_at(first + n - 1) and nothing else. */
static void assert_lane(struct trace *trace, const char *name, uint64_t first, uint64_t n)
{
    size_t lane = trace_find_lane(trace, name);
    assert_true(lane != (size_t)-1);
    assert_true(trace_lane_events(trace, lane) == n);
    struct trace_cursor *cursor = trace_lane_open(trace, lane);
    for (uint64_t i = 0; i < n; i++) {
        struct oneseed_event event, expected = event_at(first + i);
        assert_true(trace_cursor_index(cursor) == i);
        if (trace_cursor_next(cursor, &event) != 1)
            fail_msg("event %llu: %s", (unsigned long long)i, trace_error(trace));
        assert_same_event(&event, &expected);
    }
    struct oneseed_event event;
    assert_int_equal(trace_cursor_next(cursor, &event), 0);
    assert_int_equal(trace_cursor_next(cursor, &event), 0);
    trace_cursor_close(cursor);
}

static void every_kind_flag_and_field(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct trace_writer *writer = open_writer("0");
    struct trace_lane_writer *lane = trace_writer_lane(writer, "");
    for (uint64_t i = 0; i < N; i++) {
        struct oneseed_event event = event_at(i);
        trace_emit(lane, &event);
    }
    assert_true(trace_lane_count(lane) == N);
    assert_true(trace_folder_events(folder) == N);
    trace_writer_close(writer);
    struct trace *trace = open_trace();
    assert_true(trace_folder_events(folder) == N);
    assert_int_equal(trace_n_lanes(trace), 1);
    assert_true(trace_lane_complete(trace, 0));
    assert_lane(trace, "0", 0, N);
    trace_close(trace);
}

static void texts(void **state)
{
    (void)state;
    enum { N = 20000 };
    static char large[40000], text[64];
    memset(large, 'x', sizeof large);
    struct trace_writer *writer = open_writer("0");
    uint64_t ids[N];
    for (int i = 0; i < N; i++) {
        int n = snprintf(text, sizeof text, "/home/a/train.py:%d:load", i);
        ids[i] = trace_intern(writer, text, (size_t)n);
        assert_true(ids[i] != 0);
        assert_true(trace_intern(writer, text, (size_t)n) == ids[i]);
        assert_true(trace_intern(NULL, text, (size_t)n) == ids[i]);
    }
    uint64_t empty = trace_intern(writer, "", 0);
    uint64_t cut = trace_intern(writer, large, sizeof large);
    assert_true(cut == trace_intern(writer, large, 32768));
    trace_writer_close(writer);
    struct trace *trace = open_trace();
    for (int i = N - 1; i >= 0; i--) {
        snprintf(text, sizeof text, "/home/a/train.py:%d:load", i);
        const char *found = trace_text(trace, ids[i]);
        assert_non_null(found);
        assert_string_equal(found, text);
        assert_ptr_equal(found, trace_text(trace, ids[i]));
    }
    assert_string_equal(trace_text(trace, empty), "");
    assert_int_equal(strlen(trace_text(trace, cut)), 32768);
    assert_null(trace_text(trace, 12345));
    assert_null(trace_text(trace, 0));
    trace_close(trace);
}

enum { N_THREADS = 16, N_PER_THREAD = 20000 };

struct worker {
    struct trace_writer *writer;
    unsigned number;
};

static void *write_lane(void *context)
{
    struct worker *worker = context;
    char name[16], text[32];
    snprintf(name, sizeof name, "t%u", worker->number);
    struct trace_lane_writer *lane = trace_writer_lane(worker->writer, name);
    for (uint64_t i = 0; i < N_PER_THREAD; i++) {
        struct oneseed_event event = event_at(worker->number * 1000u + i);
        trace_emit(lane, &event);
        int n = snprintf(text, sizeof text, "text %llu", (unsigned long long)(i % 3000));
        trace_intern(worker->writer, text, (size_t)n);
        if (i % 5000 == 4999)
            trace_lane_rest(lane);
    }
    return NULL;
}

static void many_threads(void **state)
{
    (void)state;
    struct trace_writer *writer = open_writer("0.3");
    pthread_t threads[N_THREADS];
    struct worker workers[N_THREADS];
    for (unsigned i = 0; i < N_THREADS; i++) {
        workers[i] = (struct worker){writer, i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, write_lane, &workers[i]), 0);
    }
    for (unsigned i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
    trace_writer_close(writer);
    struct trace *trace = open_trace();
    assert_int_equal(trace_n_lanes(trace), N_THREADS + 1);
    assert_string_equal(trace_lane_name(trace, 0), "0.3");
    assert_true(trace_lane_events(trace, 0) == 0);
    for (unsigned i = 0; i < N_THREADS; i++) {
        char name[32];
        snprintf(name, sizeof name, "0.3/t%u", i + 1);
        assert_string_equal(trace_lane_name(trace, i + 1), name); /* t2 before t10 */
        assert_lane(trace, name, (i + 1) * 1000u, N_PER_THREAD);
    }
    char text[32];
    for (unsigned i = 0; i < 3000; i++) {
        int n = snprintf(text, sizeof text, "text %u", i);
        assert_string_equal(trace_text(trace, trace_intern(NULL, text, (size_t)n)), text);
    }
    trace_close(trace);
}

static void *write_until_told(void *context)
{
    struct worker *worker = context;
    struct trace_lane_writer *lane = trace_writer_lane(worker->writer, "t1");
    while (!__atomic_load_n(&worker->number, __ATOMIC_RELAXED)) {
        struct oneseed_event event = event_at(trace_lane_count(lane));
        trace_emit(lane, &event);
    }
    return NULL;
}

static void close_while_a_thread_writes(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        char lane[16];
        snprintf(lane, sizeof lane, "0.%d", round);
        struct worker worker = {open_writer(lane), 0};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, write_until_told, &worker), 0);
        usleep(1000);
        trace_writer_close(worker.writer);
        usleep(1000);
        __atomic_store_n(&worker.number, 1, __ATOMIC_RELAXED);
        pthread_join(thread, NULL);
    }
    struct trace *trace = open_trace();
    for (size_t i = 0; i < trace_n_lanes(trace); i++) {
        assert_true(trace_lane_complete(trace, i));
        assert_lane(trace, trace_lane_name(trace, i), 0, trace_lane_events(trace, i));
    }
    trace_close(trace);
}

static void an_exec_goes_on_in_a_further_file(void **state)
{
    (void)state;
    for (uint64_t part = 0; part < 12; part++) {
        struct trace_writer *writer = open_writer("0");
        struct trace_lane_writer *lane = trace_writer_lane(writer, "");
        for (uint64_t i = 0; i < 100; i++) {
            struct oneseed_event event = event_at(part * 100 + i);
            trace_emit(lane, &event);
        }
        trace_writer_close(writer);
    }
    char path[128];
    snprintf(path, sizeof path, "%s/0+11.trace", folder);
    assert_int_equal(access(path, R_OK), 0);
    struct trace *trace = open_trace();
    assert_int_equal(trace_n_lanes(trace), 1);
    assert_lane(trace, "0", 0, 1200);
    trace_close(trace);
}

static void close_and_resume(void **state)
{
    (void)state;
    struct trace_writer *writer = open_writer("0");
    struct trace_lane_writer *lane = trace_writer_lane(writer, "");
    for (uint64_t i = 0; i < 5000; i++) {
        struct oneseed_event event = event_at(i);
        if (i % 1000 == 999) {
            trace_writer_close(writer);
            trace_emit(lane, &event); /* is lost */
            trace_writer_resume(writer);
        }
        trace_emit(lane, &event);
    }
    struct trace *trace = open_trace();
    assert_false(trace_lane_complete(trace, 0));
    assert_lane(trace, "0", 0, 5000);
    trace_close(trace);
    trace_writer_close(writer);
    trace = open_trace();
    assert_true(trace_lane_complete(trace, 0));
    assert_lane(trace, "0", 0, 5000);
    trace_close(trace);
}

static void seek(void **state)
{
    (void)state;
    enum { N = 30000 };
    for (int part = 0; part < 2; part++) {
        struct trace_writer *writer = open_writer("0");
        struct trace_lane_writer *lane = trace_writer_lane(writer, "");
        for (uint64_t i = 0; i < N / 2; i++) {
            struct oneseed_event event = event_at((uint64_t)part * N / 2 + i);
            trace_emit(lane, &event);
        }
        if (part == 0) /* the second one stays open */
            trace_writer_close(writer);
    }
    struct trace *trace = open_trace();
    struct trace_cursor *cursor = trace_lane_open(trace, 0);
    struct oneseed_event event, expected;
    for (uint64_t i = 0, at = 0; i < 300; i++, at = (at * 7919 + 13) % N) {
        assert_int_equal(trace_cursor_seek(cursor, at), 0);
        for (uint64_t j = at; j < at + 3 && j < N; j++) {
            assert_true(trace_cursor_index(cursor) == j);
            assert_int_equal(trace_cursor_next(cursor, &event), 1);
            expected = event_at(j);
            assert_same_event(&event, &expected);
        }
    }
    const uint64_t edges[] = {0, N / 2 - 1, N / 2, N - 1};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        assert_int_equal(trace_cursor_seek(cursor, edges[i]), 0);
        assert_int_equal(trace_cursor_next(cursor, &event), 1);
        expected = event_at(edges[i]);
        assert_same_event(&event, &expected);
    }
    assert_int_equal(trace_cursor_seek(cursor, N + 5), 0);
    assert_int_equal(trace_cursor_next(cursor, &event), 0);
    trace_cursor_close(cursor);
    trace_close(trace);
}

static void a_forked_child_forgets(void **state)
{
    (void)state;
    struct trace_writer *writer = open_writer("0");
    struct trace_lane_writer *lane = trace_writer_lane(writer, "");
    struct oneseed_event event = event_at(0);
    trace_emit(lane, &event);
    pid_t child = fork();
    if (child == 0) {
        trace_writer_abandon(writer);
        struct oneseed_event other = event_at(99);
        trace_emit(lane, &other);
        trace_intern(writer, "of the child", 12);
        trace_writer_close(writer);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    event = event_at(1);
    trace_emit(lane, &event);
    trace_writer_close(writer);
    struct trace *trace = open_trace();
    assert_true(trace_lane_complete(trace, 0));
    assert_lane(trace, "0", 0, 2);
    assert_null(trace_text(trace, trace_intern(NULL, "of the child", 12)));
    trace_close(trace);
}

/* Programs that become daemons close all descriptors, and use their numbers again. */
static void descriptors_closed_by_the_program(void **state)
{
    (void)state;
    struct trace_writer *writer = open_writer("0");
    struct trace_lane_writer *lane = trace_writer_lane(writer, "");
    int others[8];
    for (uint64_t i = 0; i < 50000; i++) {
        struct oneseed_event event = event_at(i);
        trace_emit(lane, &event);
        if (i % 10000 == 5000) {
            for (int fd = 3; fd < 1024; fd++)
                close(fd);
            for (size_t j = 0; j < 8; j++)
                others[j] = open("/dev/null", O_RDWR);
        }
    }
    for (size_t j = 0; j < 8; j++)
        close(others[j]);
    trace_writer_close(writer);
    struct trace *trace = open_trace();
    assert_true(trace_lane_complete(trace, 0));
    assert_lane(trace, "0", 0, 50000);
    trace_close(trace);
}

static void small_traces_are_small(void **state)
{
    (void)state;
    struct trace_writer *writer = open_writer("0");
    struct trace_lane_writer *lane = trace_writer_lane(writer, "");
    struct oneseed_event event = event_at(0);
    trace_emit(lane, &event);
    trace_writer_close(writer);
    char path[128];
    snprintf(path, sizeof path, "%s/0.trace", folder);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size < 3 * 65536);
    assert_true(status.st_blocks * 512 <= 16384);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void an_exec_killed_while_it_makes_its_file(void **state)
{
    (void)state;
    struct trace_writer *writer = open_writer("0.2");
    struct oneseed_event event = event_at(0);
    trace_emit(trace_writer_lane(writer, ""), &event);
    trace_writer_close(writer);
    static const char *const names[] = {"0.2+1.trace", "0.2+12.trace"};
    for (size_t i = 0; i < 2; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, i == 0 ? 0 : 65536), 0);
        close(fd);
    }
    struct trace *trace = open_trace();
    assert_int_equal(trace_n_lanes(trace), 1);
    assert_false(trace_lane_complete(trace, 0));
    assert_lane(trace, "0.2", 0, 1);
    trace_close(trace);
}

static void errno_is_kept(void **state)
{
    (void)state;
    errno = 4242;
    struct trace_writer *writer = open_writer("0");
    struct trace_lane_writer *lane = trace_writer_lane(writer, "");
    for (uint64_t i = 0; i < 5000; i++) {
        struct oneseed_event event = event_at(i);
        trace_emit(lane, &event);
        trace_intern(writer, (const char *)&i, sizeof i);
    }
    trace_lane_rest(lane);
    trace_writer_close(writer);
    trace_writer_resume(writer);
    trace_writer_abandon(writer);
    assert_int_equal(errno, 4242);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
        TEST(every_kind_flag_and_field),
        TEST(texts),
        TEST(many_threads),
        TEST(close_while_a_thread_writes),
        TEST(an_exec_goes_on_in_a_further_file),
        TEST(close_and_resume),
        TEST(seek),
        TEST(a_forked_child_forgets),
        TEST(descriptors_closed_by_the_program),
        TEST(small_traces_are_small),
        TEST(an_exec_killed_while_it_makes_its_file),
        TEST(errno_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
