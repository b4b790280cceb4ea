/* spawn.c - programs started without a fork of the caller: posix_spawn, system, popen.
 * SPDX-License-Identifier: MIT
 *
 * The C library's own system() and popen() start the shell where nobody can stand between, so they are done here. */
#include <fcntl.h>    /* O_CLOEXEC */
#include <pthread.h>  /* pthread_setcancelstate */
#include <signal.h>   /* sigaction */
#include <spawn.h>    /* posix_spawn */
#include <stdio.h>    /* popen */
#include <stdlib.h>   /* system */
#include <string.h>   /* strchr */
#include <sys/wait.h> /* waitpid */
#include <unistd.h>   /* pipe2 */

#include "launch/preload/frame.h" /* child_environment_make */

PRELOAD_REAL(posix_spawn);
PRELOAD_REAL(posix_spawnp);
PRELOAD_REAL(system);
PRELOAD_REAL(popen);
PRELOAD_REAL(pclose);
PRELOAD_REAL(waitpid);
PRELOAD_REAL(close);

typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                           char *const[], char *const[]);

/* *pid_out is the real one. */
static int spawn_with(spawn_function *make, void *caller, pid_t *pid_out, const char *file,
                      const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                      char *const argv[], char *const environment[])
{
    struct preload_thread *self = process_work();
    if (!self)
        return make(pid_out, file, actions, attributes, argv, environment);
    int saved = errno;
    char path[PATH_MAX];
    bool searched = make == REAL(posix_spawnp);
    bool loadable =
        searched && !programs_find(file, path, sizeof path) ? true : programs_look(searched ? path : file, argv);
    struct place child;
    uint32_t number = process_reserve(&child);
    char **made = loadable ? child_environment_make(self, environment, &child, PLACE_PID_PARENT, raw_getpid()) : NULL;
    if (loadable && !made)
        preload_note("a program was started without control: no memory for its environment");
    errno = saved;
    int result = make(pid_out, file, actions, attributes, argv, made ? made : environment);
    if (made && result == E2BIG) {
        preload_note("a program was started without control: its command line leaves no room for more");
        result = make(pid_out, file, actions, attributes, argv, environment);
    }
    saved = errno;
    if (made)
        child_environment_free(self);
    if (result)
        process_child_failed(number);
    else
        process_child_made(self, caller, *pid_out, number, &child, argv);
    process_work_done(self);
    errno = saved;
    return result;
}

PRELOAD_EXPORT int posix_spawn(pid_t *pid_out, const char *path, const posix_spawn_file_actions_t *actions,
                               const posix_spawnattr_t *attributes, char *const argv[], char *const environment[])
{
    pid_t pid;
    int result = spawn_with(REAL(posix_spawn), PRELOAD_CALLER, &pid, path, actions, attributes, argv, environment);
    if (!result && pid_out)
        *pid_out = pids_to_virtual(pid);
    return result;
}

PRELOAD_EXPORT int posix_spawnp(pid_t *pid_out, const char *file, const posix_spawn_file_actions_t *actions,
                                const posix_spawnattr_t *attributes, char *const argv[], char *const environment[])
{
    pid_t pid;
    int result = spawn_with(REAL(posix_spawnp), PRELOAD_CALLER, &pid, file, actions, attributes, argv, environment);
    if (!result && pid_out)
        *pid_out = pids_to_virtual(pid);
    return result;
}

static int wait_for(pid_t pid)
{
    int status;
    while (REAL(waitpid)(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

static int spawn_shell(void *caller, pid_t *pid_out, const char *command, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes)
{
    char shell[] = "sh";
    char option[] = "-c";
    char *argv[] = {shell, option, NULL, NULL};
    memcpy(&argv[2], &command, sizeof command); /* posix_spawn() does not write to it */
    return spawn_with(REAL(posix_spawn), caller, pid_out, "/bin/sh", actions, attributes, argv, environ);
}

/* While any system() waits, the keyboard's signals are the command's alone. */
static struct {
    atomic_flag lock;
    unsigned n_waiting;
    struct sigaction interrupt, quit; /* the program's own */
} waiting = {ATOMIC_FLAG_INIT, 0, {.sa_flags = 0}, {.sa_flags = 0}};

static void lock_waiting(void)
{
    while (atomic_flag_test_and_set_explicit(&waiting.lock, memory_order_acquire))
        sched_yield();
}

static void unlock_waiting(void)
{
    atomic_flag_clear_explicit(&waiting.lock, memory_order_release);
}

static int run_shell(void *caller, const char *command)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t child_signal;
    sigset_t mask;
    sigset_t defaults;
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    sigemptyset(&ignore.sa_mask);
    sigemptyset(&child_signal);
    sigemptyset(&defaults);
    sigaddset(&child_signal, SIGCHLD);
    lock_waiting();
    if (!waiting.n_waiting++) {
        sigaction(SIGINT, &ignore, &waiting.interrupt);
        sigaction(SIGQUIT, &ignore, &waiting.quit);
    }
    if (waiting.interrupt.sa_handler != SIG_IGN)
        sigaddset(&defaults, SIGINT);
    if (waiting.quit.sa_handler != SIG_IGN)
        sigaddset(&defaults, SIGQUIT);
    unlock_waiting();
    pthread_sigmask(SIG_BLOCK, &child_signal, &mask);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &mask);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    pid_t pid;
    int error = spawn_shell(caller, &pid, command, NULL, &attributes);
    posix_spawnattr_destroy(&attributes);
    int status = error ? 127 << 8 : wait_for(pid); /* as if the shell had ended with 127 */
    int saved = error ? error : errno;

    lock_waiting();
    if (!--waiting.n_waiting) {
        sigaction(SIGINT, &waiting.interrupt, NULL);
        sigaction(SIGQUIT, &waiting.quit, NULL);
    }
    unlock_waiting();
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    pthread_setcancelstate(cancel, NULL);
    errno = saved;
    return status;
}

PRELOAD_EXPORT int system(const char *command)
{
    if (!preload_process.active)
        return REAL(system)(command);
    if (!command)
        return run_shell(PRELOAD_CALLER, "exit 0") == 0;
    int saved = errno;
    int status = run_shell(PRELOAD_CALLER, command);
    if (status >= 0 && status != 127 << 8)
        errno = saved;
    return status;
}

/* Streams of popen() that are open. A full table only means that the C library does the next one. */
enum { MAX_STREAMS = 256 };
static struct {
    atomic_flag lock;
    struct {
        FILE *stream;
        pid_t pid;
    } open[MAX_STREAMS];
} streams = {ATOMIC_FLAG_INIT, {{NULL, 0}}};

static void lock_streams(void)
{
    while (atomic_flag_test_and_set_explicit(&streams.lock, memory_order_acquire))
        sched_yield();
}

static void unlock_streams(void)
{
    atomic_flag_clear_explicit(&streams.lock, memory_order_release);
}

/* The place of a stream, NULL for the first free one; MAX_STREAMS when there is none. Under the lock. */
static size_t find_stream(const FILE *stream)
{
    size_t i = 0;
    while (i < MAX_STREAMS && streams.open[i].stream != stream)
        i++;
    return i;
}

static FILE *open_shell(void *caller, const char *command, bool reads, bool closes_on_exec)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    int ours = ends[!reads];
    int theirs = ends[reads];
    int standard = reads ? STDOUT_FILENO : STDIN_FILENO;
    FILE *stream = fdopen(ours, reads ? "r" : "w");
    int error = stream ? 0 : errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    lock_streams();
    size_t place = find_stream(NULL);
    if (!error && place == MAX_STREAMS)
        error = EMFILE;
    for (size_t i = 0; !error && i < MAX_STREAMS;
         i++) { /* POSIX: those of earlier popen() calls are closed in the child */
        int fd = streams.open[i].stream ? fileno(streams.open[i].stream) : -1;
        if (fd >= 0 && fd != standard)
            error = posix_spawn_file_actions_addclose(&actions, fd);
    }
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, theirs, standard);
    pid_t pid = 0;
    if (!error)
        error = spawn_shell(caller, &pid, command, &actions, NULL);
    if (!error) {
        streams.open[place].stream = stream;
        streams.open[place].pid = pid;
        if (!closes_on_exec)
            fcntl(ours, F_SETFD, 0);
    }
    unlock_streams();
    posix_spawn_file_actions_destroy(&actions);
    REAL(close)(theirs);
    if (!error)
        return stream;
    if (stream)
        fclose(stream);
    else
        REAL(close)(ours);
    errno = error;
    return NULL;
}

PRELOAD_EXPORT FILE *popen(const char *command, const char *mode)
{
    bool reads = strchr(mode, 'r') != NULL;
    bool known = strspn(mode, "rwe") == strlen(mode) && reads != (strchr(mode, 'w') != NULL);
    if (!preload_process.active || !known)
        return REAL(popen)(command, mode);
    struct preload_thread *self = preload_self();
    self->inside++;
    FILE *stream = open_shell(PRELOAD_CALLER, command, reads, strchr(mode, 'e') != NULL);
    self->inside--;
    return stream;
}

PRELOAD_EXPORT int pclose(FILE *stream)
{
    pid_t pid = 0;
    lock_streams();
    size_t place = find_stream(stream);
    if (place < MAX_STREAMS) {
        pid = streams.open[place].pid;
        streams.open[place].stream = NULL;
    }
    unlock_streams();
    if (!pid)
        return REAL(pclose)(stream);
    fclose(stream);
    return wait_for(pid);
}
