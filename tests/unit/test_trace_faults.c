/* test_trace_faults.c - the writer when things go wrong: kill -9, full disk, no permission, no descriptors, signals.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* jmp_buf, which cmocka needs */
#include <stdarg.h> /* va_list, which cmocka needs */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include <cmocka.h> /* assert_* */

#include <errno.h>         /* E* */
#include <fcntl.h>         /* open */
#include <linux/filter.h>  /* struct sock_filter */
#include <linux/seccomp.h> /* SECCOMP_* */
#include <pthread.h>       /* pthread_create */
#include <signal.h>        /* kill, sigaction */
#include <stdbool.h>       /* bool */
#include <stdio.h>         /* snprintf */
#include <stdlib.h>        /* mkdtemp */
#include <string.h>        /* strcpy */
#include <sys/mman.h>      /* mmap */
#include <sys/prctl.h>     /* prctl */
#include <sys/resource.h>  /* setrlimit */
#include <sys/stat.h>      /* chmod */
#include <sys/syscall.h>   /* SYS_* */
#include <sys/time.h>      /* setitimer */
#include <sys/wait.h>      /* waitpid */
#include <unistd.h>        /* fork */

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

static struct oneseed_event event_at(uint64_t i)
{
    struct oneseed_event event = {.kind = ONESEED_EVENT_DRAW, .words = i + 1, .in = {i, ~i}, .out = {i * 3, i % 5}};
    event.site = i % 7 + 1;
    return event;
}

static struct trace *open_trace(void)
{
    char error[512] = "";
    struct trace *trace = trace_open(folder, error, sizeof error);
    assert_string_equal(error, "");
    return trace;
}

/* All events of the lane are event_at(0), event_at(1), ...; gives their number. */
static uint64_t assert_lane(struct trace *trace, const char *name)
{
    size_t lane = trace_find_lane(trace, name);
    if (lane == (size_t)-1)
        return 0;
    struct trace_cursor *cursor = trace_lane_open(trace, lane);
    struct oneseed_event event;
    uint64_t n = 0;
    int status;
    while ((status = trace_cursor_next(cursor, &event)) == 1) {
        struct oneseed_event expected = event_at(n++);
        assert_int_equal(event.kind, expected.kind);
        assert_true(event.words == expected.words && event.site == expected.site);
        assert_memory_equal(event.in, expected.in, sizeof event.in);
        assert_memory_equal(event.out, expected.out, sizeof event.out);
    }
    if (status != 0)
        fail_msg("%s", trace_error(trace));
    trace_cursor_close(cursor);
    assert_true(n == trace_lane_events(trace, lane));
    return n;
}

/* --- kill -9 ------------------------------------------------------------------------------------------------------ */

/* Shared with the child: what it had committed when it was killed. */
struct progress {
    uint64_t n_events[2], n_texts;
};

enum { MOST_EVENTS = 500000 }; /* per thread: a bound for slow machines */

struct killed_thread {
    struct trace_writer *writer;
    volatile uint64_t *n;
    const char *name;
};

static void *write_for_ever(void *context)
{
    struct killed_thread *thread = context;
    struct trace_lane_writer *lane = trace_writer_lane(thread->writer, thread->name);
    for (uint64_t i = 0; i < MOST_EVENTS; i++) {
        struct oneseed_event event = event_at(i);
        trace_emit(lane, &event);
        __atomic_store_n(thread->n, i + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

static void write_until_killed(struct progress *progress)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* when an assertion ends the test */
    int error;
    struct trace_writer *writer = trace_writer_open(folder, "0", &error);
    struct killed_thread contexts[2] = {{writer, &progress->n_events[0], ""}, {writer, &progress->n_events[1], "t1"}};
    pthread_t thread;
    pthread_create(&thread, NULL, write_for_ever, &contexts[0]);
    pthread_create(&thread, NULL, write_for_ever, &contexts[1]);
    for (uint64_t i = 0; i < MOST_EVENTS; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "text %llu", (unsigned long long)i);
        trace_intern(writer, text, (size_t)n);
        __atomic_store_n(&progress->n_texts, i + 1, __ATOMIC_RELEASE);
    }
    for (;;)
        pause();
}

static void killed_at_50_moments(void **state)
{
    (void)state;
    struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t most = 0;
    for (unsigned round = 0; round < 50; round++) {
        memset(progress, 0, sizeof *progress);
        pid_t child = fork();
        if (child == 0) {
            write_until_killed(progress);
            _exit(0);
        }
        usleep(round * 97 % 1000 + round * 400); /* from before the file is there to megabytes */
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        char path[128];
        snprintf(path, sizeof path, "%s/0.trace", folder);
        if (access(path, F_OK) != 0) {
            assert_true(progress->n_texts == 0);
            continue;
        }
        struct trace *trace = open_trace();
        for (size_t i = 0; i < trace_n_lanes(trace); i++)
            assert_false(trace_lane_complete(trace, i));
        assert_true(assert_lane(trace, "0") >= progress->n_events[0]);
        assert_true(assert_lane(trace, "0/t1") >= progress->n_events[1]);
        for (uint64_t i = 0; i < progress->n_texts; i++) {
            char text[32];
            int n = snprintf(text, sizeof text, "text %llu", (unsigned long long)i);
            const char *found = trace_text(trace, trace_intern(NULL, text, (size_t)n));
            assert_non_null(found);
            assert_string_equal(found, text);
        }
        most = progress->n_events[0] > most ? progress->n_events[0] : most;
        trace_close(trace);
        unlink(path);
    }
    assert_true(most > 5000); /* the moments reached sealed blocks */
    munmap(progress, sizeof *progress);
}

/* --- Failing system calls ----------------------------------------------------------------------------------------- */

/* From now on, in this process, the system call fails with `error`; `shared` restricts mmap to MAP_SHARED. */
static void make_fail(int call, int error)
{
    const bool is_mmap = call == SYS_mmap;
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* number of the call */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16 + 8 * 3), /* low half of the fourth argument: mmap's flags */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, is_mmap ? MAP_SHARED : 0xffffffffu, 0, is_mmap ? 1 : 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(99);
}

/* Writes n events in a child, in which `before` acts at the first event and `after` behind the 1000th. Gives what the
 * writer lost. */
static int write_in_child(uint64_t n, void (*before)(void), void (*after)(void))
{
    pid_t child = fork();
    if (child == 0) {
        int error = 0;
        if (before)
            before();
        struct trace_writer *writer = trace_writer_open(folder, "0", &error);
        if (!writer)
            _exit(error);
        struct trace_lane_writer *lane = trace_writer_lane(writer, "");
        for (uint64_t i = 0; i < n; i++) {
            struct oneseed_event event = event_at(i);
            if (i == 1000 && after)
                after();
            trace_emit(lane, &event);
            trace_intern(writer, (const char *)&i, sizeof i);
        }
        int lost = trace_writer_lost(writer);
        trace_writer_close(writer);
        _exit(lost);
    }
    int status;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status))
        fail_msg("the writer's process died of signal %d", WTERMSIG(status));
    assert_int_not_equal(WEXITSTATUS(status), 99);
    return WEXITSTATUS(status);
}

/* What was written before the fault is readable, and the fault is remembered. */
static void assert_stopped(int error, uint64_t n_least)
{
    struct trace *trace = open_trace();
    assert_true(assert_lane(trace, "0") >= n_least);
    assert_int_equal(trace_lane_lost(trace, 0), error);
    trace_close(trace);
}

static void no_space(void)
{
    make_fail(SYS_fallocate, ENOSPC);
}

static void full_disk(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(100000, NULL, no_space), ENOSPC);
    assert_stopped(ENOSPC, 1000);
}

static void full_disk_from_the_start(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(10, no_space, NULL), ENOSPC);
    char path[128];
    snprintf(path, sizeof path, "%s/0.trace", folder);
    assert_int_equal(access(path, F_OK), -1);
}

static void no_fallocate(void)
{
    make_fail(SYS_fallocate, EOPNOTSUPP);
}

static void file_system_without_fallocate(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(100000, no_fallocate, NULL), 0);
    struct trace *trace = open_trace();
    assert_true(assert_lane(trace, "0") == 100000);
    assert_true(trace_lane_complete(trace, 0));
    trace_close(trace);
}

static void no_mappings(void)
{
    make_fail(SYS_mmap, ENOMEM);
}

static void no_memory(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(100000, NULL, no_mappings), ENOMEM);
    assert_stopped(ENOMEM, 1000);
}

/* The kernel would send SIGXFSZ, which ends a program. */
static void small_files_only(void)
{
    struct rlimit limit = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void limit_on_file_size(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(100000, small_files_only, NULL), EFBIG);
    assert_stopped(EFBIG, 1000);
}

/* Closes everything, and leaves no descriptor to open the file again. */
static void no_descriptors(void)
{
    for (int fd = 3; fd < 2048; fd++)
        close(fd);
    struct rlimit limit = {3, 3};
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void descriptors_gone(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(100000, NULL, no_descriptors), EMFILE);
    assert_stopped(EMFILE, 1000);
}

static void few_descriptors(void)
{
    struct rlimit limit = {64, 64};
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void limit_on_descriptors(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(10000, few_descriptors, NULL), 0);
    struct trace *trace = open_trace();
    assert_true(assert_lane(trace, "0") == 10000);
    trace_close(trace);
}

static void remove_the_file(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/0.trace", folder);
    for (int fd = 3; fd < 2048; fd++)
        close(fd);
    unlink(path);
}

static void file_and_descriptor_gone(void **state)
{
    (void)state;
    assert_int_equal(write_in_child(100000, NULL, remove_the_file), ENOENT);
}

static void become_nobody(void)
{
    if (geteuid() == 0 && setuid(65534) != 0)
        _exit(99);
}

static void folders_that_refuse(void **state)
{
    (void)state;
    int error = 0;
    assert_null(trace_writer_open("/nonexistent/folder", "0", &error));
    assert_int_equal(error, ENOENT);
    assert_null(trace_writer_open("/dev/null", "0", &error));
    assert_int_equal(error, ENOTDIR);
    assert_null(trace_writer_open(folder, "0/t1", &error));
    assert_int_equal(error, EINVAL);
    char name[5000];
    memset(name, '0', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_null(trace_writer_open(folder, name, &error));
    assert_int_equal(error, ENAMETOOLONG);
    chmod(folder, 0555);
    assert_int_equal(write_in_child(10, become_nobody, NULL), EACCES);
    chmod(folder, 0700);
}

static void no_writer_at_all(void **state)
{
    (void)state;
    struct oneseed_event event = event_at(0);
    assert_null(trace_writer_lane(NULL, ""));
    trace_emit(NULL, &event);
    trace_lane_rest(NULL);
    trace_writer_close(NULL);
    trace_writer_resume(NULL);
    trace_writer_abandon(NULL);
    assert_true(trace_lane_count(NULL) == 0);
    assert_true(trace_intern(NULL, "a", 1) != 0);
}

/* --- Signals and live reading ------------------------------------------------------------------------------------- */

static struct trace_writer *signalled_writer;
static struct trace_lane_writer *signalled_lane;
static uint64_t n_signals;

static void emit_from_handler(int number)
{
    (void)number;
    struct oneseed_event event = event_at(trace_lane_count(signalled_lane));
    trace_emit(signalled_lane, &event);
    char text[32];
    int n = snprintf(text, sizeof text, "handler %llu", (unsigned long long)n_signals++);
    trace_intern(signalled_writer, text, (size_t)n);
}

/* A handler that interrupts the writer on the same thread waits for nothing. */
static void signal_handlers(void **state)
{
    (void)state;
    int error;
    signalled_writer = trace_writer_open(folder, "0", &error);
    signalled_lane = trace_writer_lane(signalled_writer, "");
    struct sigaction action = {.sa_handler = emit_from_handler, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval interval = {{0, 100}, {0, 100}}, none = {{0, 0}, {0, 0}};
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    n_signals = 0;
    setitimer(ITIMER_REAL, &interval, NULL);
    for (uint64_t i = 0; n_signals < 300; i++) {
        /* Most interrupt an intern; events are numbered, so a handler may not come between number and emit. */
        trace_intern(signalled_writer, (const char *)&i, sizeof i);
        sigprocmask(SIG_BLOCK, &alarm, NULL);
        struct oneseed_event event = event_at(trace_lane_count(signalled_lane));
        trace_emit(signalled_lane, &event);
        sigprocmask(SIG_UNBLOCK, &alarm, NULL);
    }
    setitimer(ITIMER_REAL, &none, NULL);
    signal(SIGALRM, SIG_DFL);
    uint64_t n = trace_lane_count(signalled_lane);
    trace_writer_close(signalled_writer);
    struct trace *trace = open_trace();
    assert_true(assert_lane(trace, "0") == n);
    trace_close(trace);
}

static void read_while_it_is_written(void **state)
{
    (void)state;
    struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        write_until_killed(progress);
        _exit(0);
    }
    while (__atomic_load_n(&progress->n_texts, __ATOMIC_ACQUIRE) < 10 ||
           __atomic_load_n(&progress->n_events[0], __ATOMIC_ACQUIRE) == 0)
        usleep(1000);
    uint64_t before = 0;
    for (int round = 0; round < 20; round++) {
        uint64_t n = trace_folder_events(folder);
        assert_true(n >= before);
        before = n;
        struct trace *trace = open_trace();
        assert_lane(trace, "0");
        assert_lane(trace, "0/t1");
        trace_close(trace);
    }
    assert_true(before > 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    munmap(progress, sizeof *progress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
        TEST(killed_at_50_moments),
        TEST(full_disk),
        TEST(full_disk_from_the_start),
        TEST(file_system_without_fallocate),
        TEST(no_memory),
        TEST(limit_on_file_size),
        TEST(descriptors_gone),
        TEST(limit_on_descriptors),
        TEST(file_and_descriptor_gone),
        TEST(folders_that_refuse),
        TEST(no_writer_at_all),
        TEST(signal_handlers),
        TEST(read_while_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
