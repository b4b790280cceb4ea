/* preload.h - what the files of the preload share: the real functions, the state of a thread, events, sites, fork hooks.
 * SPDX-License-Identifier: MIT
 *
 * How a hook is written:
 *
 *     PRELOAD_REAL(getloadavg);
 *
 *     PRELOAD_EXPORT int getloadavg(double *loads, int n)
 *     {
 *         struct preload_thread *self = preload_enter();
 *         if (!self)                                // no configuration, paused, or called from inside a hook
 *             return REAL(getloadavg)(loads, n);
 *         int result = REAL(getloadavg)(loads, n);
 *         struct oneseed_event event = {.kind = ONESEED_EVENT_ENVIRONMENT, .site = preload_site(PRELOAD_CALLER), …};
 *         preload_emit(self, &event);
 *         preload_leave(self);                      // errno is as REAL() left it: nothing here touches errno
 *         return result;
 *     }
 *
 * Between enter and leave every hook of this thread passes through, so our own work (and the trace writer's) may call libc
 * by its plain names. A hook may run in a signal handler, before the constructor, in a vfork() child, at any stack depth:
 * no malloc, no stdio, no locks that the interrupted code could hold. */
#ifndef ONESEED_PRELOAD_H
#define ONESEED_PRELOAD_H

#include <errno.h>     /* errno, kept by the wrappers */
#include <stdatomic.h> /* the slots of the real functions */
#include <stdbool.h>   /* bool */
#include <stddef.h>    /* size_t */
#include <stdint.h>    /* uint64_t */

#include "trace/event.h" /* struct oneseed_event */

#define PRELOAD_EXPORT __attribute__((visibility("default")))
/* Return address of the hook's caller. Only directly inside the exported function. */
#define PRELOAD_CALLER __builtin_return_address(0)

/* --- The real functions ------------------------------------------------------------------------------------------- */

typedef void (*preload_function)(void);

struct preload_real {
    _Atomic(preload_function) function;
    const char *name;
};

/* Declares the real function behind a hook, once per file, at file scope. The constructor resolves all of them; a call
 * before that resolves its own. The function must be declared (write the prototype for those without a header). */
#define PRELOAD_REAL(symbol)                                                                                           \
    static struct preload_real preload_real_##symbol                                                                   \
        __attribute__((section("preload_real"), used, aligned(sizeof(void *)))) = {.name = #symbol}

/* The real function, to be called at once. Never NULL for a function of the C library; for others (libstdc++ loaded
 * by dlopen(RTLD_LOCAL) is not behind us in the search order) ask PRELOAD_HAS first. */
#define REAL(symbol)        ((__typeof__(&(symbol)))preload_real_get(&preload_real_##symbol))
#define PRELOAD_HAS(symbol) (preload_real_get(&preload_real_##symbol) != NULL)

preload_function preload_real_resolve(struct preload_real *real);

static inline preload_function preload_real_get(struct preload_real *real)
{
    preload_function function = atomic_load_explicit(&real->function, memory_order_relaxed);
    return function ? function : preload_real_resolve(real);
}

/* --- The thread --------------------------------------------------------------------------------------------------- */

struct trace_lane_writer; /* trace/writer.h */

/* Zeroed at thread start; in a fork()ed child it is a copy of the parent's until the after-fork hooks have run. */
struct preload_thread {
    struct trace_lane_writer *writer; /* made at the first event; NULL = none yet */
    const char *entropy_owner;        /* OS entropy belongs to this known generator; NULL = direct */
    uint32_t inside;                  /* > 0: within a hook */
    uint32_t paused;                  /* > 0: the recorder's own work */
    uint32_t n_threads;               /* threads that this thread has made */
    uint32_t epoch;                   /* changes with every fork: what belongs to an older one is void */
    void *more;                       /* lanes.c: the lane's text and what is too large for thread-local storage */
    uint64_t clock[8];                /* clock.c's own; [0], the virtual time, starts as the creator's */
    void *slots[2];                   /* [0] listing.c, [1] files.c */
};

/* Begins a hook: the calling thread's state, or NULL when the hook must pass through (not configured, the recorder paused
 * this thread, called from within another hook or the trace writer). Sets the guard that preload_leave() takes away. */
struct preload_thread *preload_enter(void);
void preload_leave(struct preload_thread *self);

/* The calling thread's state whatever it is doing; never NULL. */
struct preload_thread *preload_self(void);

/* Lane of a thread: "0.1/t2". */
const char *preload_lane(struct preload_thread *self);

/* --- Configuration ------------------------------------------------------------------------------------------------ */

/* True once the constructor has found a configuration. False: every hook passes through. */
bool preload_active(void);
/* True when this process has a trace. */
bool preload_recording(void);
/* Value of a key, decoded; NULL when absent. Valid for ever. */
const char *preload_config(const char *key);
/* Is `word` in the comma-separated list at `key`? Also matches the entry "word:variant". */
bool preload_listed(const char *key, const char *word);
/* preload_listed("controls", name). Linear in a short text: ask once, in an init hook. */
bool preload_control(const char *name);
/* The variant of "name:variant" at `key` ("" when the entry has none, NULL when it is not listed), copied into `text`. */
const char *preload_variant(const char *key, const char *name, char *text, size_t text_nbytes);
bool preload_root_seed(uint64_t *seed_out); /* false: none was given */

/* --- Events ------------------------------------------------------------------------------------------------------- */

/* Interned id of text, never 0. Give sites and names through this or preload_site(). */
uint64_t preload_intern(const char *text, size_t text_nbytes);
#define PRELOAD_INTERN(literal) preload_intern((literal), sizeof(literal) - 1)

/* Site of a call: the user's Python line where there is an interpreter and it may be asked, else 0 for calls of CPython
 * and of libraries in its process, else preload_code_site(). */
uint64_t preload_site(void *return_address);
/* "module+0xoffset" of the byte before `return_address`. */
uint64_t preload_code_site(void *return_address);

/* Appends to the calling thread's lane; without effect when not recording. Call between enter and leave. */
void preload_emit(struct preload_thread *self, const struct oneseed_event *event);

/* 128-bit XXH3 of bytes, as in all digests: digest[0] is the low half. */
void preload_digest(const void *bytes, size_t nbytes, uint64_t digest[2]);

/* One line for the end of the run. */
void preload_note(const char *text);

/* The k-th 64-bit number derived for `what` in this process (docs/seeding.md); 0 when there is no root seed. */
uint64_t preload_derive(const char *what, uint64_t k);
/* The k-th pool of 32-bit words derived for `what`; false (and zeroes) when there is no root seed. */
bool preload_derive_words(const char *what, uint64_t k, uint32_t *words_out, size_t n_words);

/* The program drew from a generator of the C library, or has a recorder: its children append to the seed path. */
void preload_mark_generator(void);

/* --- Moments ------------------------------------------------------------------------------------------------------ */

enum preload_moment {
    PRELOAD_INIT,         /* end of the constructor, only when active; single-threaded */
    PRELOAD_AFTER_FORK,   /* in a fork()ed child, new lane in place, before the program goes on */
    PRELOAD_BEFORE_EVENT, /* in preload_emit(), before any event of this thread that is not emitted by such a hook */
    PRELOAD_THREAD_END,   /* in a thread that ends, not in the first one */
    PRELOAD_BEFORE_END,   /* before the process exits or execs, in the thread that does it; may come more than once */
};

/* Runs `hook` in the calling thread at that moment, between enter and leave. Declare at file scope. */
struct preload_hook {
    enum preload_moment moment;
    void (*hook)(struct preload_thread *self);
};
#define PRELOAD_AT(when, function)                                                                                     \
    static const struct preload_hook preload_hook_##function                                                           \
        __attribute__((section("preload_hook"), used, aligned(sizeof(void *)))) = {when, function}

#endif
