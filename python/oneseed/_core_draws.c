/* _core_draws.c - known generators, and the draw event that is being gathered.
 * SPDX-License-Identifier: MIT */
#include "_core_draws.h"
#include "_core_hooks.h" /* core_hook_install */

#include <pthread.h> /* pthread_key_create: draws pending at a thread's end */
#include <stdio.h>   /* snprintf */
#include <stdlib.h>  /* calloc, free, atexit */
#include <string.h>  /* strcmp, memcpy */

#include "common/digest.h" /* digest128 */

/* ---- generators ---- */

/* Open addressing by address. Entries of objects that are gone stay until the table is rebuilt: an address that is used
 * again is announced by core_generator_new. The GIL guards it. */
static struct core_generator *generators;
static size_t n_generators, generators_size;

static size_t slot_of(const void *object)
{
    size_t i = (size_t)((uintptr_t)object >> 4) * 0x9e3779b97f4a7c15u >> 20;
    for (i &= generators_size - 1; generators[i].object && generators[i].object != object;)
        i = (i + 1) & (generators_size - 1);
    return i;
}

static bool make_room(void)
{
    if (2 * n_generators < generators_size)
        return true;
    size_t old_size = generators_size, size = old_size ? 2 * old_size : 256;
    struct core_generator *old = generators, *fresh = calloc(size, sizeof *fresh);
    if (!fresh)
        return false;
    generators = fresh;
    generators_size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].object)
            generators[slot_of(old[i].object)] = old[i];
    free(old);
    return true;
}

/* Numbers count within the lane: each thread has its own counters. */
static uint64_t next_name(const char *class_name)
{
    enum { N_CLASSES = 24 };
    static _Thread_local struct {
        const char *class_name;
        unsigned n;
    } counters[N_CLASSES];
    unsigned k = 0;
    while (k < N_CLASSES - 1 && counters[k].class_name && strcmp(counters[k].class_name, class_name) != 0)
        k++;
    counters[k].class_name = class_name;
    char text[128];
    snprintf(text, sizeof text, "%s#%u", class_name, ++counters[k].n);
    return core_intern(text);
}

struct core_generator *core_generator_of(const void *object, const char *class_name)
{
    if (!make_room())
        return NULL;
    struct core_generator *generator = &generators[slot_of(object)];
    if (!generator->object) {
        *generator = (struct core_generator){.object = object, .name = next_name(class_name)};
        n_generators++;
    }
    return generator;
}

struct core_generator *core_generator_new(const void *object, const char *class_name)
{
    if (!make_room())
        return NULL;
    struct core_generator *generator = &generators[slot_of(object)];
    if (!generator->object)
        n_generators++;
    *generator = (struct core_generator){.object = object, .name = next_name(class_name)};
    return generator;
}

void core_generator_name(const void *object, const char *name)
{
    if (!make_room())
        return;
    struct core_generator *generator = &generators[slot_of(object)];
    if (!generator->object) {
        *generator = (struct core_generator){.object = object};
        n_generators++;
    }
    generator->name = core_intern(name);
}

/* ---- the event that is being gathered ---- */

static _Thread_local struct {
    struct oneseed_event event; /* kind 0: nothing is pending */
    unsigned n_draws;
} pending;

static pthread_key_t thread_end_key;
static bool has_thread_end_key;

void core_flush_draws(void)
{
    if (pending.event.kind == 0)
        return;
    struct oneseed_event event = pending.event;
    pending.event.kind = 0; /* first: emitting may come back here through the site source */
    core_table()->emit(&event);
}

static void flush_at_thread_end(void *unused)
{
    (void)unused;
    core_flush_draws();
}

/* In a fork()ed child, what was pending is the parent's. */
static void forget_pending(void)
{
    pending.event.kind = 0;
}

static void digest_after(uint64_t digest[2], const uint64_t next[2])
{
    uint64_t both[4] = {digest[0], digest[1], next[0], next[1]};
    digest128(both, sizeof both, digest);
}

void core_record_draw(struct core_generator *generator, const struct core_draw *draw)
{
    enum { MAX_GATHERED = 4096 };
    if (core_recording()) {
        uint64_t site = core_site();
        struct oneseed_event *event = &pending.event;
        if (event->kind && (event->site != site || event->generator != generator->name ||
                            event->name != draw->function || pending.n_draws >= MAX_GATHERED))
            core_flush_draws();
        if (event->kind == 0) {
            *event = (struct oneseed_event){
                .kind = ONESEED_EVENT_DRAW, .site = site, .name = draw->function, .generator = generator->name};
            uint64_t start[3] = {generator->origin[0], generator->origin[1], generator->words};
            if (draw->state)
                digest128(draw->state, draw->state_nbytes, event->in);
            else
                digest128(start, sizeof start, event->in);
            pending.n_draws = 0;
            if (has_thread_end_key)
                pthread_setspecific(thread_end_key, &pending);
        }
        event->words += draw->words;
        event->bytes += draw->bytes;
        event->flags |= draw->flags;
        digest_after(event->out, draw->result);
        pending.n_draws++;
    }
    generator->words += draw->words;
}

/* ---- seeds ---- */

static _Thread_local const char *seeding_as;

void core_set_seeding_as(const char *how)
{
    seeding_as = how;
}

void core_record_seed(struct core_generator *generator, const char *how, const void *value, size_t value_nbytes)
{
    digest128(value, value_nbytes, generator->origin);
    generator->words = 0;
    if (!core_recording())
        return;
    struct oneseed_event event = {.kind = ONESEED_EVENT_SEED,
                                  .site = core_site(),
                                  .name = core_intern(seeding_as ? seeding_as : how),
                                  .generator = generator->name,
                                  .bytes = value_nbytes,
                                  .out = {generator->origin[0], generator->origin[1]}};
    core_emit(&event);
}

unsigned *core_n_derived(void)
{
    static _Thread_local unsigned n;
    return &n;
}

/* ---- results ---- */

static void digest_bytes(const void *data, size_t nbytes, uint64_t digest[2])
{
    enum { LARGE_NBYTES = 1 << 16 };
    if (nbytes <= LARGE_NBYTES) {
        digest128(data, nbytes, digest);
        return;
    }
    PyThreadState *state = PyEval_SaveThread();
    digest128(data, nbytes, digest);
    PyEval_RestoreThread(state);
}

void core_digest_result(PyObject *result, struct core_draw *draw)
{
    struct core_saved_error saved;
    python_buffer view;
    core_save_error(&saved);
    if (PyFloat_CheckExact(result)) {
        double value = PyFloat_AsDouble(result);
        memcpy(draw->result, &value, sizeof value);
        draw->bytes = sizeof value;
    } else if (PyLong_CheckExact(result)) {
        draw->result[0] = PyLong_AsUnsignedLongLongMask(result);
        draw->bytes = sizeof draw->result[0];
    } else if (PyObject_CheckBuffer(result) && PyObject_GetBuffer(result, &view, CORE_BUFFER_C_ORDER) == 0) {
        digest_bytes(view.buf, (size_t)view.len, draw->result);
        draw->bytes = (uint64_t)view.len;
        PyBuffer_Release(&view);
    } else if (core_digest) {
        PyErr_Clear();
        core_digest(result, draw->result, &draw->flags);
    } else {
        draw->flags |= ONESEED_FLAG_UNDIGESTED;
    }
    core_restore_error(&saved);
}

/* ---- ends ---- */

static PyObject *flush_and_call(const struct core_call *call)
{
    core_flush_draws();
    return core_call_original(call);
}

static PyObject *py_flush(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    core_flush_draws();
    Py_RETURN_NONE;
}

/* Ends that run no cleanup: os._exit() and exec. And get_ident(), the last that threading calls before it lets join()
 * return: the process may be gone before the thread's own end comes. */
static void hook_ends(void)
{
    static const char *const names[][2] = {
        {"posix", "_exit"}, {"posix", "abort"}, {"posix", "execv"}, {"posix", "execve"}, {"_thread", "get_ident"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PyObject *module = PyImport_ImportModule(names[i][0]);
        PyObject *function = module ? PyObject_GetAttrString(module, names[i][1]) : NULL;
        const char *why = NULL;
        if (!function || !core_hook_install(function, names[i][1], flush_and_call, 0, &why))
            core_note("draws just before the end of a thread or process may be missing from the trace here");
        Py_XDECREF(function);
        Py_XDECREF(module);
    }
    PyErr_Clear();
}

static PyMethodDef functions[] = {
    {"flush", py_flush, METH_NOARGS, "flush(): emits the draws of this thread that are still gathered."},
    {NULL, NULL, 0, NULL},
};

int core_draws_exec(PyObject *module)
{
    if (PyModule_AddFunctions(module, functions) < 0)
        return -1;
    if (core_table() && core_table()->recording() && !has_thread_end_key) {
        has_thread_end_key = pthread_key_create(&thread_end_key, flush_at_thread_end) == 0;
        atexit(core_flush_draws); /* not a destructor: the preload's own may come before this library's */
        core_table()->set_after_fork(forget_pending);
        hook_ends();
    }
    return core_random_exec(module) < 0 || core_numpy_exec(module) < 0 || core_torch_draws_exec(module) < 0 ? -1 : 0;
}
