/* init.c - the first and the last moment of this library in a process.
 * SPDX-License-Identifier: MIT */
#include <dlfcn.h>    /* dlsym */
#include <stdlib.h>   /* getenv */
#include <string.h>   /* memcpy */
#include <sys/auxv.h> /* AT_SECURE */
#include <unistd.h>   /* getcwd */

#include "launch/preload/frame.h" /* preload_process */
#include "launch/preload/text.h"  /* struct text */

extern struct preload_real __start_preload_real[] __attribute__((visibility("hidden")));
extern struct preload_real __stop_preload_real[] __attribute__((visibility("hidden")));

preload_function preload_real_resolve(struct preload_real *real)
{
    void *symbol = dlsym(RTLD_NEXT, real->name);
    preload_function function;
    memcpy(&function, &symbol, sizeof function); /* ISO C has no cast from an object to a function pointer */
    atomic_store_explicit(&real->function, function, memory_order_relaxed);
    return function;
}

bool preload_active(void)
{
    return preload_process.active;
}

bool preload_recording(void)
{
    return preload_process.recording;
}

void preload_mark_generator(void)
{
    if (!atomic_load_explicit(&preload_process.generator, memory_order_relaxed))
        atomic_store(&preload_process.generator, true);
}

/* Asked by AddressSanitizer's runtime, which otherwise ends a program that has a library before it. A program's own
 * function of this name is found first. */
PRELOAD_EXPORT const char *__asan_default_options(void);

PRELOAD_EXPORT const char *__asan_default_options(void)
{
    return "verify_asan_link_order=0";
}

/* Where this library lies, and the recorder beside it. */
static void find_ourselves(void)
{
    Dl_info info;
    struct text library = text_in(preload_process.library, sizeof preload_process.library);
    struct text recorder = text_in(preload_process.recorder_folder, sizeof preload_process.recorder_folder);
    if (!dladdr(&preload_process, &info) || !info.dli_fname)
        return;
    if (info.dli_fname[0] != '/' && getcwd(library.bytes, library.nbytes)) {
        library.length = strlen(library.bytes);
        text_add(&library, "/");
    }
    text_add(&library, info.dli_fname);
    text_add_bytes(&recorder, library.bytes, (size_t)(strrchr(library.bytes, '/') - library.bytes));
    text_add(&recorder, "/recorder");
    if (recorder.cut || access(recorder.bytes, F_OK))
        recorder.bytes[0] = 0;
}

static bool begin(int argc, char **argv)
{
    struct process *process = &preload_process;
    const char *config = getenv("ONESEED_CONFIG");
    const char *lane = getenv("ONESEED_LANE");
    uint32_t n_children;
    if (!config || !lane || getauxval(AT_SECURE) || !config_read(config))
        return false;
    find_ourselves();
    process->has_interpreter = dlsym(RTLD_DEFAULT, "Py_IsInitialized") != NULL;
    bool placed = place_take(lane, &process->place, &n_children, &process->images);
    child_environment_restore();
    if (!placed || !process_begin())
        return false;
    atomic_store(&process->family->n_children, n_children);
    process->recording = preload_config("trace") != NULL;
    process->thread_order = preload_control("thread-order");
    process->virtual_pids = preload_control("environment");
    lanes_begin();
    events_begin(argc, argv);
    pids_begin();
    return true;
}

__attribute__((constructor)) static void first_moment(int argc, char **argv)
{
    for (struct preload_real *real = __start_preload_real; real < __stop_preload_real; real++)
        preload_real_get(real); /* now, since later may be in a signal handler or a fork of a thread */
    bool begun = begin(argc, argv);
    process_choose_vfork();
    if (!begun)
        return;
    struct preload_thread *self = preload_self();
    self->inside++;
    at_quick_exit(process_end);
    events_moment(PRELOAD_INIT, self);
    events_open(self);
    preload_process.active = true;
    self->inside--;
}

__attribute__((destructor)) static void last_moment(void)
{
    process_end();
}
