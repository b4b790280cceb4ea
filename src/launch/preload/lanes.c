/* lanes.c - the state of every thread: which lane it writes, whether a hook may act, what belongs to it alone.
 * SPDX-License-Identifier: MIT */
#include <pthread.h>     /* a key whose destructor sees the end of a thread */
#include <string.h>      /* memset */
#include <sys/mman.h>    /* mmap */
#include <sys/syscall.h> /* SYS_gettid */
#include <unistd.h>      /* syscall */

#include "common/digest.h"        /* names of threads nested very deep */
#include "launch/preload/frame.h" /* struct thread_more */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(syscall);

/* Initial-exec: a preloaded library is there from the start, and the access costs one instruction and never allocates. */
static __thread struct preload_thread current __attribute__((tls_model("initial-exec")));

static struct thread_more first_thread;     /* the one that runs main(), or that came out of a fork() */
static struct thread_more *all_threads;     /* under `lock` */
static struct thread_more *free_threads;    /* under `lock` */
static atomic_flag lock = ATOMIC_FLAG_INIT; /* held for a few instructions */
static __thread bool has_lock __attribute__((tls_model("initial-exec")));
static uint32_t epoch = 1;
static pthread_key_t key;
static bool has_key;

pid_t raw_getpid(void)
{
    return (pid_t)REAL(syscall)(SYS_getpid);
}

pid_t raw_getppid(void)
{
    return (pid_t)REAL(syscall)(SYS_getppid);
}

pid_t raw_gettid(void)
{
    return (pid_t)REAL(syscall)(SYS_gettid);
}

/* False in a signal handler that has interrupted the holder. */
static bool lock_threads(void)
{
    if (has_lock)
        return false;
    has_lock = true;
    atomic_signal_fence(memory_order_seq_cst);
    for (unsigned n = 0; atomic_flag_test_and_set_explicit(&lock, memory_order_acquire); n++)
        if (n > 100)
            REAL(syscall)(SYS_sched_yield);
    return true;
}

static void unlock_threads(void)
{
    atomic_flag_clear_explicit(&lock, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst);
    has_lock = false;
}

struct preload_thread *preload_self(void)
{
    return &current;
}

struct preload_thread *preload_enter(void)
{
    struct preload_thread *self = &current;
    if (!preload_process.active || self->inside || self->paused)
        return NULL;
    self->inside = 1;
    atomic_signal_fence(memory_order_seq_cst); /* a signal handler from here on passes through */
    if (!atomic_load_explicit(preload_process.alive, memory_order_relaxed))
        process_become_unannounced(self);
    return self;
}

void preload_leave(struct preload_thread *self)
{
    atomic_signal_fence(memory_order_seq_cst);
    self->inside = 0;
}

static void end_of_thread(void *more)
{
    lanes_leave_thread(more);
}

void lanes_begin(void)
{
    has_key = !pthread_key_create(&key, end_of_thread);
    lanes_after_fork(&current);
    epoch = 1;
    current.epoch = epoch;
}

void lanes_after_fork(struct preload_thread *self)
{
    unlock_threads(); /* whoever held it is not in this process */
    struct thread_more *arena_owner = self->more;
    void *arena = arena_owner ? arena_owner->arena : NULL;
    size_t arena_nbytes = arena_owner ? arena_owner->arena_nbytes : 0;
    memset(&first_thread, 0, sizeof first_thread);
    first_thread.arena = arena;
    first_thread.arena_nbytes = arena_nbytes;
    atomic_store(&first_thread.tid, raw_gettid());
    struct text text = text_in(first_thread.lane, sizeof first_thread.lane);
    text_add(&text, preload_process.place.lane);
    all_threads = &first_thread;
    free_threads = NULL; /* the few records of the parent's threads are left where they are */
    epoch++;
    self->writer = NULL;
    self->n_threads = 0;
    self->epoch = epoch;
    self->more = &first_thread;
    if (has_key)
        pthread_setspecific(key, NULL);
}

static struct thread_more *take_record(void)
{
    enum { RECORDS = 32 };
    if (!lock_threads())
        return NULL;
    if (!free_threads) {
        struct thread_more *records =
            mmap(NULL, RECORDS * sizeof *records, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (size_t i = 0; records != MAP_FAILED && i < RECORDS; i++) {
            records[i].next = free_threads;
            free_threads = &records[i];
        }
    }
    struct thread_more *more = free_threads;
    if (more) {
        free_threads = more->next;
        uint32_t ticket = atomic_load(&more->ticket);
        memset(more, 0, sizeof *more);
        atomic_store(&more->ticket, ticket);
        more->next = all_threads;
        all_threads = more;
    }
    unlock_threads();
    return more;
}

static void give_record_back(struct thread_more *more)
{
    if (!lock_threads())
        return; /* it is lost, no more */
    for (struct thread_more **link = &all_threads; *link; link = &(*link)->next) {
        if (*link == more) {
            *link = more->next;
            more->next = free_threads;
            free_threads = more;
            break;
        }
    }
    unlock_threads();
}

struct thread_more *lanes_new_thread(struct preload_thread *creator)
{
    struct thread_more *parent = lanes_more(creator);
    struct thread_more *more = parent ? take_record() : NULL;
    if (!more)
        return NULL;
    struct text name = text_in(more->name, sizeof more->name);
    size_t length = strlen(parent->name);
    if (!length) {
        text_add(&name, "t");
    } else if (length + 12 > sizeof more->name) {
        text_add(&name, "t");
        text_add_decimal(&name, digest64(parent->name, length));
        text_add(&name, ".");
    } else {
        text_add(&name, parent->name);
        text_add(&name, ".");
    }
    text_add_decimal(&name, ++creator->n_threads);
    struct text lane = text_in(more->lane, sizeof more->lane);
    text_add(&lane, preload_process.place.lane);
    text_add(&lane, "/");
    text_add(&lane, more->name);
    more->clock_start = creator->clock[0];
    return more;
}

void lanes_cancel_thread(struct preload_thread *creator, struct thread_more *more)
{
    creator->n_threads--;
    give_record_back(more);
}

void lanes_enter_thread(struct thread_more *more)
{
    current.more = more;
    current.clock[0] = more->clock_start;
    current.epoch = epoch;
    atomic_store(&more->tid, raw_gettid());
    if (has_key)
        pthread_setspecific(key, more);
}

void lanes_leave_thread(struct thread_more *more)
{
    struct preload_thread *self = &current;
    if (self->more != more || self->epoch != epoch)
        return; /* it came out of a fork(): now the first thread */
    self->inside++;
    events_moment(PRELOAD_THREAD_END, self);
    atomic_store(&more->tid, 0);
    if (more->arena)
        munmap(more->arena, more->arena_nbytes);
    events_end_lane(self);
    self->more = NULL;
    threads_wake_starter(more);
    give_record_back(more); /* `inside` stays: destructors that still run pass through */
}

/* A thread that our pthread_create() did not make counts as one of the first thread's, by the order of its first event. */
static struct thread_more *adopt_thread(struct preload_thread *self)
{
    static _Atomic uint32_t n_adopted;
    if (raw_gettid() == raw_getpid()) {
        self->more = &first_thread;
        self->epoch = epoch;
        return &first_thread;
    }
    struct thread_more *more = take_record();
    if (!more)
        return NULL;
    struct text name = text_in(more->name, sizeof more->name);
    text_add(&name, "t0."); /* no created thread has a zero in its name */
    text_add_decimal(&name, atomic_fetch_add(&n_adopted, 1) + 1);
    struct text lane = text_in(more->lane, sizeof more->lane);
    text_add(&lane, preload_process.place.lane);
    text_add(&lane, "/");
    text_add(&lane, more->name);
    lanes_enter_thread(more);
    return more;
}

struct thread_more *lanes_more(struct preload_thread *self)
{
    if (self->more && self->epoch == epoch)
        return self->more;
    return adopt_thread(self);
}

uint64_t *lanes_questions(struct preload_thread *self)
{
    struct thread_more *more = lanes_more(self);
    return more ? more->questions : NULL;
}

const char *preload_lane(struct preload_thread *self)
{
    struct thread_more *more = lanes_more(self);
    return more ? more->lane : preload_process.place.lane;
}

pid_t lanes_find_tid(uint32_t virtual_tid)
{
    pid_t tid = 0;
    if (!lock_threads())
        return 0;
    for (struct thread_more *more = all_threads; more && !tid; more = more->next)
        if (pids_hash(more->lane) == virtual_tid)
            tid = (pid_t)atomic_load(&more->tid);
    unlock_threads();
    return tid;
}
