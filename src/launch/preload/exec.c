/* exec.c - the exec family: the new program gets our variables, whatever environment it is given.
 * SPDX-License-Identifier: MIT
 *
 * Also called in vfork() children (CPython's subprocess makes them), which share the parent's memory: they take a number
 * of the parent and are announced in the parent's lane. */
#include <fcntl.h>       /* AT_FDCWD */
#include <stdarg.h>      /* execl */
#include <string.h>      /* memcpy */
#include <sys/syscall.h> /* SYS_execveat */
#include <unistd.h>      /* execve */

#include "launch/preload/frame.h" /* child_environment_make */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(execve);
PRELOAD_REAL(execvpe);
PRELOAD_REAL(fexecve);
PRELOAD_REAL(syscall);

struct call {
    struct preload_thread *self; /* NULL: pass through */
    char *const *environment;    /* what to give to the program */
    bool is_ours;                /* we have made it */
    bool is_closed;              /* the trace is */
};

/* `path` is the program, NULL when it cannot be told. */
static struct call begin_exec(void *caller, const char *path, char *const argv[], char *const environment[])
{
    struct call call = {NULL, environment, false, false};
    int saved = errno;
    if (path && preload_process.active && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS)) {
        errno = saved;
        return call; /* it will fail: a search through PATH tries many */
    }
    call.self = process_work();
    if (!call.self)
        return call;
    pid_t pid = raw_getpid();
    bool loadable = !path || programs_look(path, argv);
    struct place child;
    const struct place *place = NULL;
    if (pid != preload_process.pid) {
        struct thread_more *more = lanes_more(call.self);
        bool first = !more || more->vfork_pid != pid;
        uint32_t number = first ? process_reserve(&child) : more->vfork_number;
        if (!first)
            process_place(number, &child);
        place = &child;
        if (more) {
            more->vfork_pid = pid;
            more->vfork_number = number;
        }
        if (first)
            process_child_made(call.self, caller, pid, number, &child, argv);
    } else {
        process_flush(call.self, true);
        call.is_closed = true;
    }
    if (loadable) {
        char **made = child_environment_make(call.self, environment, place, PLACE_PID_OWN, pid);
        if (!made)
            preload_note("a program was started without control: no memory for its environment");
        call.is_ours = made != NULL;
        call.environment = made ? made : environment;
    }
    process_work_done(call.self); /* before the exec: a vfork() child leaves its parent's thread state behind */
    errno = saved;
    return call;
}

/* The exec has failed: the program goes on. True when it failed for our variables: then it is tried without them. */
static bool end_exec(struct call call)
{
    int saved = errno;
    if (call.is_closed)
        events_resume();
    if (call.self)
        child_environment_free(call.self);
    if (call.is_ours && saved == E2BIG)
        preload_note("a program was started without control: its command line leaves no room for more");
    errno = saved;
    return call.is_ours && saved == E2BIG;
}

static int exec_path(void *caller, const char *path, char *const argv[], char *const environment[])
{
    struct call call = begin_exec(caller, path, argv, environment);
    int result = REAL(execve)(path, argv, call.environment);
    return end_exec(call) ? REAL(execve)(path, argv, environment) : result;
}

static int exec_search(void *caller, const char *file, char *const argv[], char *const environment[])
{
    char path[PATH_MAX];
    bool found = preload_process.active && programs_find(file, path, sizeof path);
    struct call call = begin_exec(caller, found ? path : NULL, argv, environment);
    int result = REAL(execvpe)(file, argv, call.environment);
    return end_exec(call) ? REAL(execvpe)(file, argv, environment) : result;
}

PRELOAD_EXPORT int execve(const char *path, char *const argv[], char *const environment[])
{
    return exec_path(PRELOAD_CALLER, path, argv, environment);
}

PRELOAD_EXPORT int execv(const char *path, char *const argv[])
{
    return exec_path(PRELOAD_CALLER, path, argv, environ);
}

PRELOAD_EXPORT int execvp(const char *file, char *const argv[])
{
    return exec_search(PRELOAD_CALLER, file, argv, environ);
}

PRELOAD_EXPORT int execvpe(const char *file, char *const argv[], char *const environment[])
{
    return exec_search(PRELOAD_CALLER, file, argv, environment);
}

static void fd_path(int fd, char *path, size_t nbytes)
{
    struct text text = text_in(path, nbytes);
    text_add(&text, "/proc/self/fd/");
    text_add_decimal(&text, (uint64_t)(fd < 0 ? 0 : fd));
}

PRELOAD_EXPORT int fexecve(int fd, char *const argv[], char *const environment[])
{
    char path[32];
    fd_path(fd, path, sizeof path);
    struct call call = begin_exec(PRELOAD_CALLER, path, argv, environment);
    int result = REAL(fexecve)(fd, argv, call.environment);
    return end_exec(call) ? REAL(fexecve)(fd, argv, environment) : result;
}

int execveat(int directory, const char *path, char *const argv[], char *const environment[], int flags);

PRELOAD_EXPORT int execveat(int directory, const char *path, char *const argv[], char *const environment[], int flags)
{
    char of_fd[32];
    const char *seen = (*path == '/' || directory == AT_FDCWD) ? path : NULL;
    if (!*path && flags & AT_EMPTY_PATH) {
        fd_path(directory, of_fd, sizeof of_fd);
        seen = of_fd;
    }
    struct call call = begin_exec(PRELOAD_CALLER, seen, argv, environment);
    long result = REAL(syscall)(SYS_execveat, directory, path, argv, call.environment, flags);
    if (end_exec(call))
        result = REAL(syscall)(SYS_execveat, directory, path, argv, environment, flags);
    return (int)result;
}

static size_t count_arguments(const char *first, va_list arguments)
{
    size_t n = 0;
    for (const char *argument = first; argument; argument = va_arg(arguments, char *))
        n++;
    return n;
}

/* Fills argv up to its NULL; *arguments then stands behind that. */
static void collect_arguments(const char *first, va_list *arguments, char **argv)
{
    size_t i = 0;
    memcpy(&argv[0], &first, sizeof first); /* takes the const away, as execl's own prototype does */
    while (argv[i])
        argv[++i] = va_arg(*arguments, char *);
}

/* The arguments of execl() and its like go on the caller's stack: they are called where nothing can be allocated. */
PRELOAD_EXPORT int execl(const char *path, const char *first, ...)
{
    va_list arguments;
    va_start(arguments, first);
    char **argv = __builtin_alloca((count_arguments(first, arguments) + 1) * sizeof *argv);
    va_end(arguments);
    va_start(arguments, first);
    collect_arguments(first, &arguments, argv);
    va_end(arguments);
    return exec_path(PRELOAD_CALLER, path, argv, environ);
}

PRELOAD_EXPORT int execlp(const char *file, const char *first, ...)
{
    va_list arguments;
    va_start(arguments, first);
    char **argv = __builtin_alloca((count_arguments(first, arguments) + 1) * sizeof *argv);
    va_end(arguments);
    va_start(arguments, first);
    collect_arguments(first, &arguments, argv);
    va_end(arguments);
    return exec_search(PRELOAD_CALLER, file, argv, environ);
}

PRELOAD_EXPORT int execle(const char *path, const char *first, ...)
{
    va_list arguments;
    va_start(arguments, first);
    char **argv = __builtin_alloca((count_arguments(first, arguments) + 1) * sizeof *argv);
    va_end(arguments);
    va_start(arguments, first);
    collect_arguments(first, &arguments, argv);
    char *const *environment = va_arg(arguments, char *const *);
    va_end(arguments);
    return exec_path(PRELOAD_CALLER, path, argv, environment);
}
