/* threads.c - every thread gets its lane from the thread that makes it; a started thread can be let run first.
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>       /* O_RDONLY */
#include <limits.h>      /* INT_MAX */
#include <linux/futex.h> /* FUTEX_WAIT */
#include <pthread.h>     /* pthread_create */
#include <string.h>      /* strlen, strrchr */
#include <sys/syscall.h> /* SYS_futex */
#include <threads.h>     /* thrd_create */
#include <time.h>        /* struct timespec */
#include <unistd.h>      /* read */

#include "launch/preload/frame.h" /* lanes_new_thread */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(pthread_create);
PRELOAD_REAL(thrd_create);
PRELOAD_REAL(syscall);
PRELOAD_REAL(open);
PRELOAD_REAL(read);
PRELOAD_REAL(close);

enum {
    FIRST_WAIT_US = 300,
    LONGEST_RUN_US = 50000,    /* of its own processor time: a thread that computes longer runs beside its starter */
    LONGEST_WAIT_US = 2000000, /* whatever happens, on a machine however busy */
};

static void *run_thread(void *argument)
{
    struct thread_more *more = argument;
    void *(*start)(void *) = more->start;
    void *given = more->argument;
    lanes_enter_thread(more);
    return start(given);
}

/* thrd_create() hands an int over; the record holds the function under another type. */
static int run_c11_thread(void *argument)
{
    struct thread_more *more = argument;
    thrd_start_t start = (thrd_start_t)(preload_function)more->start;
    void *given = more->argument;
    lanes_enter_thread(more);
    return start(given);
}

/* The kernel's letter for the thread's state: 'R' runs or may run, 'S' and 'D' wait. 0 when it has gone. */
static char thread_state(pid_t tid)
{
    char path[48];
    struct text text = text_in(path, sizeof path);
    text_add(&text, "/proc/self/task/");
    text_add_decimal(&text, (uint64_t)tid);
    text_add(&text, "/stat");
    char bytes[256];
    int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = REAL(read)(fd, bytes, sizeof bytes - 1);
    REAL(close)(fd);
    bytes[n > 0 ? n : 0] = 0;
    const char *name_end = strrchr(bytes, ')'); /* the name itself may hold anything */
    return name_end && name_end[1] ? name_end[2] : 0;
}

/* Processor time of a thread, which does not depend on how busy the machine is. */
static uint64_t thread_run_us(pid_t tid)
{
    struct timespec time = {0, 0};
    int thread_clock =
        (int)(~(unsigned)tid << 3 | 6); /* the kernel's CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED of that thread */
    REAL(syscall)(SYS_clock_gettime, thread_clock, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* Lets the new thread run until it ends, waits for something, or has had its time. `ticket` tells whether the record is
 * still that thread's: it goes back to the free ones when the thread ends. */
static void let_run(struct thread_more *more, uint32_t ticket)
{
    unsigned waited = 0;
    unsigned n_blocked = 0;
    for (unsigned wait = FIRST_WAIT_US; waited < LONGEST_WAIT_US && n_blocked < 2; waited += wait) {
        if (atomic_load(&more->ticket) != ticket)
            return;
        struct timespec time = {0, (long)wait * 1000};
        REAL(syscall)(SYS_futex, &more->ticket, FUTEX_WAIT_PRIVATE, ticket, &time, NULL, 0);
        if (atomic_load(&more->ticket) != ticket)
            return;
        pid_t tid = (pid_t)atomic_load(&more->tid);
        if (tid && thread_run_us(tid) > LONGEST_RUN_US)
            return;
        char state = tid ? thread_state(tid) : 'R';
        n_blocked = state == 'R' ? 0 : n_blocked + 1; /* twice in a row: not just a page that had to be read */
        if (wait < 8 * FIRST_WAIT_US)
            wait *= 2;
    }
}

void threads_wake_starter(struct thread_more *more)
{
    atomic_fetch_add(&more->ticket, 1);
    if (preload_process.thread_order)
        REAL(syscall)(SYS_futex, &more->ticket, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/* In a process with the recorder the recorder orders the threads: waiting here would hold the interpreter's lock. */
static bool orders_threads(void)
{
    return preload_process.thread_order && !atomic_load(&preload_process.recorder);
}

/* A thread on its way: `more` may be another thread's again as soon as this one has ended. */
struct birth {
    struct preload_thread *self;
    struct thread_more *more;
    uint32_t ticket;
    uint64_t lane; /* interned, 0 = not recording */
};

static struct birth begin_thread(void)
{
    struct birth birth = {.self = process_work()};
    birth.more = birth.self ? lanes_new_thread(birth.self) : NULL;
    if (birth.more) {
        birth.ticket = atomic_load(&birth.more->ticket);
        if (preload_process.recording)
            birth.lane = preload_intern(birth.more->lane, strlen(birth.more->lane));
    }
    return birth;
}

static void end_creation(const struct birth *birth, void *caller, bool made)
{
    struct preload_thread *self = birth->self;
    struct thread_more *more = birth->more;
    uint32_t ticket = birth->ticket;
    int saved = errno;
    if (more && !made)
        lanes_cancel_thread(self, more);
    if (birth->lane && made) {
        struct oneseed_event event = {.kind = ONESEED_EVENT_SPAWN, .site = preload_site(caller), .name = birth->lane};
        preload_emit(self, &event);
    }
    if (more && made && orders_threads())
        let_run(more, ticket);
    if (self)
        process_work_done(self);
    errno = saved;
}

PRELOAD_EXPORT int pthread_create(pthread_t *thread_out, const pthread_attr_t *attributes, void *(*start)(void *),
                                  void *argument)
{
    struct birth birth = begin_thread();
    struct thread_more *more = birth.more;
    int result;
    if (more) {
        more->start = start;
        more->argument = argument;
        result = REAL(pthread_create)(thread_out, attributes, run_thread, more);
    } else {
        result = REAL(pthread_create)(thread_out, attributes, start, argument);
    }
    end_creation(&birth, PRELOAD_CALLER, result == 0);
    return result;
}

PRELOAD_EXPORT int thrd_create(thrd_t *thread_out, thrd_start_t start, void *argument)
{
    struct birth birth = begin_thread();
    struct thread_more *more = birth.more;
    int result;
    if (more) {
        more->start = (void *(*)(void *))(preload_function)start;
        more->argument = argument;
        result = REAL(thrd_create)(thread_out, run_c11_thread, more);
    } else {
        result = REAL(thrd_create)(thread_out, start, argument);
    }
    end_creation(&birth, PRELOAD_CALLER, result == thrd_success);
    return result;
}
