/* clock.c - reads of clocks: counted by site; and virtual time under the control `clock`.
 * SPDX-License-Identifier: MIT
 *
 * Virtual time belongs to a thread. It begins at 2026-01-01T00:00:00Z on the wall clock, 1000 s on monotonic clocks and 0
 * in CPU time; a new thread goes on from its creator's. Each read of the program's adds 1 ms (`clock:ticking`) or nothing
 * (`clock:frozen`), each sleep and each wait that ran out adds what was asked for. So the program's times depend on what
 * it did, not on how long it took.
 *
 * How often libraries look at the clock, and CPython while it waits for its lock, does depend on how long things take.
 * They see the same time plus a little of their own, 1 µs for each read, so that a library that waits for a time to come
 * never waits for ever; the program never sees that.
 *
 * Sleeps and waits are real: a deadline in virtual time is turned into one in real time. */
#undef _FORTIFY_SOURCE /* its inline definitions would stand in the way of ours */

#include "launch/preload/sources.h" /* caller_kind */

#include <mqueue.h>      /* mq_timedreceive */
#include <poll.h>        /* poll */
#include <pthread.h>     /* pthread_cond_timedwait */
#include <semaphore.h>   /* sem_timedwait */
#include <stdlib.h>      /* strtoll */
#include <string.h>      /* strcmp */
#include <sys/epoll.h>   /* epoll_wait */
#include <sys/select.h>  /* select */
#include <sys/time.h>    /* gettimeofday */
#include <sys/timerfd.h> /* timerfd_settime */
#include <sys/times.h>   /* times */
#include <time.h>        /* clock_gettime */
#include <unistd.h>      /* sleep, sysconf */

PRELOAD_REAL(clock_gettime);
PRELOAD_REAL(gettimeofday);
PRELOAD_REAL(time);
PRELOAD_REAL(timespec_get);
PRELOAD_REAL(clock);
PRELOAD_REAL(times);
PRELOAD_REAL(nanosleep);
PRELOAD_REAL(clock_nanosleep);
PRELOAD_REAL(sleep);
PRELOAD_REAL(usleep);
PRELOAD_REAL(select);
PRELOAD_REAL(pselect);
PRELOAD_REAL(poll);
PRELOAD_REAL(ppoll);
PRELOAD_REAL(epoll_wait);
PRELOAD_REAL(epoll_pwait);
PRELOAD_REAL(pthread_cond_timedwait);
PRELOAD_REAL(pthread_cond_clockwait);
PRELOAD_REAL(pthread_mutex_timedlock);
PRELOAD_REAL(pthread_mutex_clocklock);
PRELOAD_REAL(sem_wait);
PRELOAD_REAL(sem_trywait);
PRELOAD_REAL(sem_timedwait);
PRELOAD_REAL(sem_clockwait);
PRELOAD_REAL(mq_timedreceive);
PRELOAD_REAL(mq_timedsend);
PRELOAD_REAL(timerfd_create);
PRELOAD_REAL(timerfd_settime);
PRELOAD_REAL(timer_settime);

/* std::chrono's clocks: their reads lie in libstdc++ or libc++, but the site is the caller's. */
extern int64_t _ZNSt6chrono3_V212system_clock3nowEv(void);
extern int64_t _ZNSt6chrono3_V212steady_clock3nowEv(void);
extern int64_t _ZNSt3__16chrono12system_clock3nowEv(void);
extern int64_t _ZNSt3__16chrono12steady_clock3nowEv(void);

enum source { REALTIME, MONOTONIC, CPU, OTHER };
static const char *const source_names[] = {"realtime", "monotonic", "cpu"};

static const int64_t second = 1000000000;
/* What a clock shows when virtual time begins: 2026-01-01T00:00:00Z is 1767225600 s after the epoch. */
static const int64_t starts[] = {1767225600 * INT64_C(1000000000), 1000 * INT64_C(1000000000), 0};
static const int64_t tick_of_library = 1000;

static bool is_virtual;
static int64_t tick;    /* ns for each read of the program's */
static int64_t shift;   /* ns by which the real wall clock is put forward (vary clock:+SECONDS) */
static bool looks;      /* anything to do at all */
static bool locks_read; /* CPython reads the clock before it takes a lock, whatever for */

/* Fields of preload_thread.clock. LAST_READ: number in `pending` of this thread's last read, counted from 1, and TICKED; 0
 * when it was not the program's or an event came after it. */
enum { VIRTUAL_NS, LIBRARY_NS, N_COUNTED, LAST_READ };

/* Reads that wait to become events: a program that polls two or three clocks in a loop makes a handful of events. */
enum { PENDING_MAX = 4, TICKED = 8 };
struct read {
    uint64_t site;        /* or 0 and … */
    void *return_address; /* … the site to be found out when it is emitted */
    uint64_t n;
    enum source source;
};
static __thread struct {
    size_t n;
    struct read reads[PENDING_MAX];
} pending __attribute__((tls_model("initial-exec")));

static void look_up_control(struct preload_thread *self)
{
    char variant[32] = "";

    (void)self;
    if (preload_variant("controls", "clock", variant, sizeof variant)) {
        is_virtual = true;
        tick = strcmp(variant, "frozen") == 0 ? 0 : 1000000;
    } else if (preload_variant("vary", "clock", variant, sizeof variant)) {
        shift = strtoll(variant, NULL, 10) * second;
    }
    looks = is_virtual || shift || preload_recording();
    locks_read = looks && python_version() >= 0x030b0000 && python_version() < 0x030e0000;
}
PRELOAD_AT(PRELOAD_INIT, look_up_control);

/* --- Events ------------------------------------------------------------------------------------------------------- */

static void flush(struct preload_thread *self)
{
    size_t n = pending.n;

    pending.n = 0;
    self->clock[LAST_READ] = 0;
    for (size_t i = 0; i < n; i++) {
        struct read *read = &pending.reads[i];
        const char *name = source_names[read->source];
        struct oneseed_event event = {
            .kind = ONESEED_EVENT_CLOCK,
            .site = read->site ? read->site : preload_code_site(read->return_address),
            .name = preload_intern(name, strlen(name)),
            .words = read->n + self->clock[N_COUNTED],
        };
        self->clock[N_COUNTED] = 0;
        preload_emit(self, &event);
    }
}
PRELOAD_AT(PRELOAD_BEFORE_EVENT, flush);

static void flush_at_thread_end(struct preload_thread *self)
{
    flush(self);
}
PRELOAD_AT(PRELOAD_THREAD_END, flush_at_thread_end);

static void flush_at_end(struct preload_thread *self)
{
    flush(self);
}
PRELOAD_AT(PRELOAD_BEFORE_END, flush_at_end);

static void forget_in_child(struct preload_thread *self)
{
    pending.n = 0;
    self->clock[N_COUNTED] = 0;
    self->clock[LAST_READ] = 0;
}
PRELOAD_AT(PRELOAD_AFTER_FORK, forget_in_child);

static bool is_same(const struct read *a, const struct read *b)
{
    return a->site == b->site && a->return_address == b->return_address && a->source == b->source;
}

static void record(struct preload_thread *self, enum source source, void *return_address)
{
    struct read read = {.n = 1, .source = source};

    if (python_present() && python_gil_held()) {
        read.site = preload_site(return_address);
        if (!read.site || (site_traits(read.site) & SITE_WITHOUT_USER)) {
            self->clock[N_COUNTED]++;
            return;
        }
    } else {
        read.return_address = return_address;
    }
    for (size_t i = 0; i < pending.n; i++) {
        if (is_same(&pending.reads[i], &read)) {
            pending.reads[i].n++;
            self->clock[LAST_READ] = i + 1;
            return;
        }
    }
    if (pending.n == PENDING_MAX)
        flush(self);
    pending.reads[pending.n++] = read;
    self->clock[LAST_READ] = pending.n;
}

/* The last read of this thread was CPython's, for the semaphore that it now takes (PyThread_acquire_lock_timed computes a
 * deadline even when there is none, 3.11 to 3.13): it was none of the program's. */
static void take_back(void *return_address)
{
    struct preload_thread *self = locks_read && caller_kind(return_address) == CALLER_PYTHON ? preload_enter() : NULL;

    if (!self)
        return;
    size_t i = self->clock[LAST_READ] & 7;
    if (i > 0 && --pending.reads[i - 1].n == 0) {
        memmove(&pending.reads[i - 1], &pending.reads[i], (pending.n - i) * sizeof pending.reads[0]);
        pending.n--;
    }
    self->clock[N_COUNTED] += i > 0;
    if (self->clock[LAST_READ] & TICKED)
        self->clock[VIRTUAL_NS] -= (uint64_t)tick;
    self->clock[LAST_READ] = 0;
    preload_leave(self);
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

/* Does the program itself read, or a library for its own purposes? */
static bool is_programs_read(void *return_address)
{
    enum caller_kind kind = caller_kind(return_address);

    return kind == CALLER_PROGRAM || (kind != CALLER_LIBRARY && python_gil_held());
}

/* A read of a clock: recorded, and answered in *ns_out when time is virtual (true). Between enter and leave. */
static bool read_clock(struct preload_thread *self, enum source source, void *return_address, int64_t *ns_out)
{
    bool programs = is_programs_read(return_address);

    self->clock[LAST_READ] = 0;
    if (preload_recording()) {
        if (programs)
            record(self, source, return_address);
        else
            self->clock[N_COUNTED]++;
    }
    if (!is_virtual)
        return false;
    if (programs) {
        self->clock[VIRTUAL_NS] += (uint64_t)tick;
        self->clock[LAST_READ] |= TICKED;
        *ns_out = starts[source] + (int64_t)self->clock[VIRTUAL_NS];
    } else {
        self->clock[LIBRARY_NS] += (uint64_t)tick_of_library;
        *ns_out = starts[source] + (int64_t)(self->clock[VIRTUAL_NS] + self->clock[LIBRARY_NS]);
    }
    return true;
}

static enum source source_of(clockid_t clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        return REALTIME;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        return MONOTONIC;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        return CPU;
    default:
        return OTHER; /* devices and other processes' CPU time: not ours */
    }
}

static int64_t to_ns(const struct timespec *time)
{
    return (int64_t)time->tv_sec * second + time->tv_nsec;
}

static struct timespec from_ns(int64_t ns)
{
    int64_t s = ns >= 0 ? ns / second : -((-ns + second - 1) / second);
    return (struct timespec){.tv_sec = (time_t)s, .tv_nsec = (long)(ns - s * second)};
}

/* A clock for a program's question; false with errno when the real one refuses. */
static bool ask(clockid_t clock, void *return_address, int64_t *ns_out)
{
    enum source source = source_of(clock);
    struct preload_thread *self = looks && source != OTHER ? preload_enter() : NULL;
    bool answered = false, is_ok = true;
    struct timespec now;

    if (self)
        answered = read_clock(self, source, return_address, ns_out);
    if (!answered) {
        is_ok = REAL(clock_gettime)(clock, &now) == 0;
        if (is_ok)
            *ns_out = to_ns(&now) + (self && source == REALTIME ? shift : 0);
    }
    if (self)
        preload_leave(self);
    return is_ok;
}

PRELOAD_EXPORT int clock_gettime(clockid_t clock, struct timespec *time_out)
{
    int64_t ns;

    if (!looks)
        return REAL(clock_gettime)(clock, time_out);
    if (!ask(clock, PRELOAD_CALLER, &ns))
        return -1;
    *time_out = from_ns(ns);
    return 0;
}

static void put_timeval(struct timeval *time_out, struct timespec now)
{
    MAY_BE_NULL(time_out);
    if (time_out)
        *time_out = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
}

PRELOAD_EXPORT int gettimeofday(struct timeval *restrict time_out, void *restrict zone)
{
    int64_t ns;
    int result = REAL(gettimeofday)(time_out, zone);

    if (looks && result == 0 && ask(CLOCK_REALTIME, PRELOAD_CALLER, &ns))
        put_timeval(time_out, from_ns(ns));
    return result;
}

PRELOAD_EXPORT time_t time(time_t *time_out)
{
    int64_t ns;

    if (!looks)
        return REAL(time)(time_out);
    if (!ask(CLOCK_REALTIME_COARSE, PRELOAD_CALLER, &ns)) /* the clock that time() reads */
        return (time_t)-1;
    time_t now = from_ns(ns).tv_sec;
    if (time_out)
        *time_out = now;
    return now;
}

PRELOAD_EXPORT int timespec_get(struct timespec *time_out, int base)
{
    int64_t ns;

    if (!looks || base != TIME_UTC)
        return REAL(timespec_get)(time_out, base);
    if (!ask(CLOCK_REALTIME, PRELOAD_CALLER, &ns))
        return 0;
    *time_out = from_ns(ns);
    return base;
}

PRELOAD_EXPORT clock_t clock(void)
{
    int64_t ns;

    if (!looks)
        return REAL(clock)();
    return ask(CLOCK_PROCESS_CPUTIME_ID, PRELOAD_CALLER, &ns) ? (clock_t)(ns / (second / CLOCKS_PER_SEC)) : (clock_t)-1;
}

PRELOAD_EXPORT clock_t times(struct tms *times_out)
{
    clock_t elapsed = REAL(times)(times_out);
    struct preload_thread *self = looks ? preload_enter() : NULL;
    int64_t ns;

    if (!self)
        return elapsed;
    if (read_clock(self, CPU, PRELOAD_CALLER, &ns)) {
        clock_t ticks = (clock_t)(ns / (second / sysconf(_SC_CLK_TCK)));
        if (times_out)
            *times_out = (struct tms){.tms_utime = ticks};
        elapsed = (clock_t)(starts[MONOTONIC] / second * sysconf(_SC_CLK_TCK)) + ticks;
    }
    preload_leave(self);
    return elapsed;
}

/* Both count nanoseconds in libstdc++; the wall clock of libc++ counts microseconds. A clock that cannot be read gives 0
 * there, too. */
PRELOAD_EXPORT int64_t _ZNSt6chrono3_V212system_clock3nowEv(void)
{
    int64_t ns = 0;
    return ask(CLOCK_REALTIME, PRELOAD_CALLER, &ns) ? ns : 0;
}

PRELOAD_EXPORT int64_t _ZNSt6chrono3_V212steady_clock3nowEv(void)
{
    int64_t ns = 0;
    return ask(CLOCK_MONOTONIC, PRELOAD_CALLER, &ns) ? ns : 0;
}

PRELOAD_EXPORT int64_t _ZNSt3__16chrono12system_clock3nowEv(void)
{
    int64_t ns = 0;
    return ask(CLOCK_REALTIME, PRELOAD_CALLER, &ns) ? ns / 1000 : 0;
}

PRELOAD_EXPORT int64_t _ZNSt3__16chrono12steady_clock3nowEv(void)
{
    int64_t ns = 0;
    return ask(CLOCK_MONOTONIC, PRELOAD_CALLER, &ns) ? ns : 0;
}

/* --- Sleeping ----------------------------------------------------------------------------------------------------- */

/* The thread has slept or waited for that long. */
static void advance(int64_t ns)
{
    int saved_errno = errno;
    struct preload_thread *self = is_virtual && ns > 0 ? preload_enter() : NULL;

    if (self) {
        self->clock[VIRTUAL_NS] += (uint64_t)ns;
        preload_leave(self);
    }
    errno = saved_errno;
}

/* A wait until a deadline on one of our clocks. */
struct wait {
    clockid_t clock;
    const struct timespec *deadline; /* as the program gave it */
    const struct timespec *real;     /* as the real call is to have it */
    struct timespec translated;
    void *caller;
    int64_t left; /* virtual time until then, from the start of the wait; 0 = it does not count */
};

/* Who computed the deadline read the clock as a library: its own time is in it. CPython does so for its locks, but reads as
 * the program for sleep(). */
static bool is_librarys(const struct wait *wait, bool is_sleep)
{
    enum caller_kind kind = caller_kind(wait->caller);
    return kind == CALLER_LIBRARY || (kind != CALLER_PROGRAM && python_present() && !is_sleep);
}

/* Finds the real deadline. Without a virtual or a shifted clock it is the one that was given. */
static void begin_wait(struct wait *wait, bool is_sleep)
{
    enum source source = source_of(wait->clock);
    const struct timespec *deadline = wait->deadline;
    struct preload_thread *self = (is_virtual || shift) && deadline ? preload_self() : NULL;
    struct timespec now;
    int64_t real;

    wait->real = deadline;
    wait->left = 0;
    /* Within a hook or paused the caller has read the real clock. A deadline that is no time is refused by the real call.
     * One in the far future, as large as time_t can be, stands for never: no sum with it may overflow. */
    if (!self || self->inside || self->paused || (source != REALTIME && source != MONOTONIC) || deadline->tv_sec < 0 ||
        deadline->tv_sec > INT32_MAX * INT64_C(2) || deadline->tv_nsec < 0 || deadline->tv_nsec >= second)
        return;
    if (is_virtual) {
        if (REAL(clock_gettime)(wait->clock, &now) != 0)
            return;
        wait->left = to_ns(deadline) - starts[source] - (int64_t)self->clock[VIRTUAL_NS];
        if (is_librarys(wait, is_sleep))
            wait->left -= (int64_t)self->clock[LIBRARY_NS];
        real = to_ns(&now) + wait->left;
    } else if (source == REALTIME) {
        real = to_ns(deadline) - shift;
    } else {
        return;
    }
    wait->translated = from_ns(real > 0 ? real : 0);
    wait->real = &wait->translated;
}

/* The wait ran out: its time has passed. */
static void end_wait(const struct wait *wait)
{
    advance(wait->left);
}

PRELOAD_EXPORT int nanosleep(const struct timespec *request, struct timespec *left_out)
{
    struct timespec left = {0};
    int result = REAL(nanosleep)(request, &left);

    if (result == 0)
        advance(to_ns(request));
    else if (errno == EINTR)
        advance(to_ns(request) - to_ns(&left));
    if (result != 0 && left_out && errno == EINTR)
        *left_out = left;
    return result;
}

PRELOAD_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
                                   struct timespec *left_out)
{
    struct timespec left = {0};

    if (flags & TIMER_ABSTIME) {
        struct wait wait = {.clock = clock, .deadline = request, .caller = PRELOAD_CALLER};
        begin_wait(&wait, true);
        int result = REAL(clock_nanosleep)(clock, flags, wait.real, left_out);
        if (result == 0)
            end_wait(&wait);
        return result;
    }
    int result = REAL(clock_nanosleep)(clock, flags, request, &left);
    if (result == 0)
        advance(to_ns(request));
    else if (result == EINTR)
        advance(to_ns(request) - to_ns(&left));
    if (result == EINTR && left_out)
        *left_out = left;
    return result;
}

PRELOAD_EXPORT unsigned sleep(unsigned seconds)
{
    unsigned left = REAL(sleep)(seconds);
    advance((int64_t)(seconds - left) * second);
    return left;
}

PRELOAD_EXPORT int usleep(useconds_t us)
{
    int result = REAL(usleep)(us);
    if (result == 0)
        advance((int64_t)us * 1000);
    return result;
}

/* --- Waiting for a relative time ---------------------------------------------------------------------------------- */

PRELOAD_EXPORT int select(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict except,
                          struct timeval *restrict timeout)
{
    int64_t ns = timeout ? (int64_t)timeout->tv_sec * second + (int64_t)timeout->tv_usec * 1000 : 0; /* it is changed */
    int result = REAL(select)(n, in, out, except, timeout);
    if (result == 0)
        advance(ns);
    return result;
}

PRELOAD_EXPORT int pselect(int n, fd_set *restrict in, fd_set *restrict out, fd_set *restrict except,
                           const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
    int result = REAL(pselect)(n, in, out, except, timeout, mask);
    if (result == 0 && timeout)
        advance(to_ns(timeout));
    return result;
}

PRELOAD_EXPORT int poll(struct pollfd *descriptors, nfds_t n, int timeout_ms)
{
    int result = REAL(poll)(descriptors, n, timeout_ms);
    if (result == 0)
        advance((int64_t)timeout_ms * 1000000);
    return result;
}

PRELOAD_EXPORT int ppoll(struct pollfd *descriptors, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
    int result = REAL(ppoll)(descriptors, n, timeout, mask);
    if (result == 0 && timeout)
        advance(to_ns(timeout));
    return result;
}

PRELOAD_EXPORT int epoll_wait(int descriptor, struct epoll_event *events, int n, int timeout_ms)
{
    int result = REAL(epoll_wait)(descriptor, events, n, timeout_ms);
    if (result == 0)
        advance((int64_t)timeout_ms * 1000000);
    return result;
}

PRELOAD_EXPORT int epoll_pwait(int descriptor, struct epoll_event *events, int n, int timeout_ms, const sigset_t *mask)
{
    int result = REAL(epoll_pwait)(descriptor, events, n, timeout_ms, mask);
    if (result == 0)
        advance((int64_t)timeout_ms * 1000000);
    return result;
}

/* --- Waiting for a deadline --------------------------------------------------------------------------------------- */

/* A condition's clock cannot be asked for, but no virtual deadline on one clock can be mistaken for one on the other: they
 * start 56 years apart. */
static clockid_t clock_of_deadline(const struct timespec *deadline)
{
    return deadline->tv_sec >= 1000000000 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

/* CPython waits for its lock in slices of some milliseconds, as many as it takes: they are no time of the program's. */
static bool is_wait_for_interpreter(const struct wait *wait)
{
    return python_present() && caller_kind(wait->caller) == CALLER_PYTHON;
}

PRELOAD_EXPORT int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                                          const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = clock_of_deadline(deadline), .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    int result = REAL(pthread_cond_timedwait)(condition, mutex, wait.real);
    if (result == ETIMEDOUT && !is_wait_for_interpreter(&wait))
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                                          clockid_t clock, const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = clock, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    int result = REAL(pthread_cond_clockwait)(condition, mutex, clock, wait.real);
    if (result == ETIMEDOUT && !is_wait_for_interpreter(&wait))
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = CLOCK_REALTIME, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    int result = REAL(pthread_mutex_timedlock)(mutex, wait.real);
    if (result == ETIMEDOUT)
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock,
                                           const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = clock, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    int result = REAL(pthread_mutex_clocklock)(mutex, clock, wait.real);
    if (result == ETIMEDOUT)
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT int sem_wait(sem_t *semaphore)
{
    take_back(PRELOAD_CALLER);
    return REAL(sem_wait)(semaphore);
}

PRELOAD_EXPORT int sem_trywait(sem_t *semaphore)
{
    take_back(PRELOAD_CALLER);
    return REAL(sem_trywait)(semaphore);
}

PRELOAD_EXPORT int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = CLOCK_REALTIME, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    int result = REAL(sem_timedwait)(semaphore, wait.real);
    if (result != 0 && errno == ETIMEDOUT)
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = clock, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    take_back(PRELOAD_CALLER);
    int result = REAL(sem_clockwait)(semaphore, clock, wait.real);
    if (result != 0 && errno == ETIMEDOUT)
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT ssize_t mq_timedreceive(mqd_t queue, char *restrict text, size_t text_nbytes,
                                       unsigned *restrict priority, const struct timespec *restrict deadline)
{
    struct wait wait = {.clock = CLOCK_REALTIME, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    ssize_t n = REAL(mq_timedreceive)(queue, text, text_nbytes, priority, wait.real);
    if (n < 0 && errno == ETIMEDOUT)
        end_wait(&wait);
    return n;
}

PRELOAD_EXPORT int mq_timedsend(mqd_t queue, const char *text, size_t text_nbytes, unsigned priority,
                                const struct timespec *deadline)
{
    struct wait wait = {.clock = CLOCK_REALTIME, .deadline = deadline, .caller = PRELOAD_CALLER};
    begin_wait(&wait, false);
    int result = REAL(mq_timedsend)(queue, text, text_nbytes, priority, wait.real);
    if (result != 0 && errno == ETIMEDOUT)
        end_wait(&wait);
    return result;
}

PRELOAD_EXPORT int timerfd_create(int clock, int flags)
{
    int descriptor = REAL(timerfd_create)(clock, flags);
    if (descriptor >= 0)
        descriptor_set(descriptor, source_of(clock) == REALTIME ? DESCRIPTOR_TIMER_REALTIME : DESCRIPTOR_PLAIN);
    return descriptor;
}

/* A zero value disarms a timer; it is no deadline. `real` is for the result. */
static const struct itimerspec *translate_timer(clockid_t clock, const struct itimerspec *timer,
                                                struct itimerspec *real, void *return_address)
{
    if (!timer || (timer->it_value.tv_sec == 0 && timer->it_value.tv_nsec == 0))
        return timer;
    struct wait wait = {.clock = clock, .deadline = &timer->it_value, .caller = return_address};
    begin_wait(&wait, false);
    *real = (struct itimerspec){.it_interval = timer->it_interval, .it_value = *wait.real};
    if (real->it_value.tv_sec == 0 && real->it_value.tv_nsec == 0)
        real->it_value.tv_nsec = 1;
    return real;
}

PRELOAD_EXPORT int timerfd_settime(int descriptor, int flags, const struct itimerspec *timer, struct itimerspec *old)
{
    struct itimerspec real;
    clockid_t clock = descriptor_class(descriptor) == DESCRIPTOR_TIMER_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;

    if (flags & TFD_TIMER_ABSTIME)
        timer = translate_timer(clock, timer, &real, PRELOAD_CALLER);
    return REAL(timerfd_settime)(descriptor, flags, timer, old);
}

PRELOAD_EXPORT int timer_settime(timer_t id, int flags, const struct itimerspec *timer, struct itimerspec *old)
{
    struct itimerspec real;

    if ((flags & TIMER_ABSTIME) && timer)
        timer = translate_timer(clock_of_deadline(&timer->it_value), timer, &real, PRELOAD_CALLER);
    return REAL(timer_settime)(id, flags, timer, old);
}
