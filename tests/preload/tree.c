/* tree.c - a program that makes processes and threads in every way there is. `tree WHAT…`: what to do, one after the other.
 * SPDX-License-Identifier: MIT */
#include <dlfcn.h>       /* dlsym */
#include <fcntl.h>       /* O_PATH */
#include <inttypes.h>    /* PRIu64 */
#include <pthread.h>     /* pthread_create */
#include <pty.h>         /* forkpty */
#include <sched.h>       /* clone */
#include <signal.h>      /* kill */
#include <spawn.h>       /* posix_spawn */
#include <stdio.h>       /* printf */
#include <stdlib.h>      /* system */
#include <string.h>      /* strcmp */
#include <sys/syscall.h> /* SYS_fork */
#include <sys/wait.h>    /* waitpid */
#include <threads.h>     /* thrd_create */
#include <time.h>        /* nanosleep */
#include <unistd.h>      /* fork */

#include "common/digest.h"           /* digest64 */
#include "launch/preload/recorder.h" /* struct oneseed_recorder */

static char *self;

/* Says who it is, in one write: children of one parent may speak at once. */
static void say(const char *what)
{
    char line[256];
    int n = snprintf(line, sizeof line, "%s %d\n", what, (int)getpid());
    if (write(1, line, (size_t)n) != n)
        _exit(9);
}

static int reap(pid_t pid)
{
    int status = -1;
    if (waitpid(pid, &status, 0) != pid)
        exit(8);
    return status;
}

static void fork_one(pid_t (*make)(void))
{
    pid_t pid = make();
    if (pid == 0) {
        say("child");
        _exit(3);
    }
    if (reap(pid) != 3 << 8)
        exit(7);
}

static void fork_many(int n)
{
    for (int i = 0; i < n; i++) {
        if (fork() == 0) {
            getppid();
            execl(self, self, "say", (char *)NULL);
            _exit(9);
        }
    }
    while (wait(NULL) > 0)
        ;
}

static void use_vfork(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execl("/nowhere/tree", "tree", (char *)NULL);
        execl(self, self, "say", (char *)NULL);
        _exit(9);
    }
    reap(pid);
}

static void use_spawn(char **environment)
{
    char *argv[] = {self, "say", NULL};
    pid_t pid;
    if (posix_spawn(&pid, self, NULL, NULL, argv, environment))
        exit(6);
    reap(pid);
    if (posix_spawnp(&pid, "true", NULL, NULL, (char *[]){"true", NULL}, environment))
        exit(6);
    reap(pid);
}

static void use_popen(void)
{
    char command[4096], line[256];
    snprintf(command, sizeof command, "exec %s say", self);
    FILE *stream = popen(command, "r");
    while (stream && fgets(line, sizeof line, stream))
        fputs(line, stdout);
    fflush(stdout);
    if (!stream || pclose(stream))
        exit(5);
    stream = popen("cat >/dev/null; exit 4", "w");
    fputs("x\n", stream);
    if (pclose(stream) != 4 << 8)
        exit(5);
}

static void use_system(void)
{
    char command[4096];
    snprintf(command, sizeof command, "exec %s say", self);
    if (system(command) || system("exit 7") != 7 << 8 || system("nosuchcommand 2>/dev/null") != 127 << 8 ||
        !system(NULL))
        exit(4);
}

static void exec_empty(int how)
{
    char *nothing[] = {NULL};
    char *argv[] = {self, "environment", NULL};
    pid_t pid = fork();
    if (pid == 0) {
        if (how == 0)
            execve(self, argv, nothing);
        else if (how == 1)
            execle(self, self, "environment", (char *)NULL, nothing);
        else if (how == 2)
            execvpe(self, argv, nothing);
        else
            fexecve(open(self, O_PATH), argv, nothing);
        _exit(9);
    }
    if (reap(pid))
        exit(3);
}

static void print_environment(void)
{
    for (char **entry = environ; *entry; entry++)
        puts(*entry);
    fflush(stdout);
}

static int cloned(void *argument)
{
    say(argument);
    return 0;
}

static void use_clone(void)
{
    static char stack[65536] __attribute__((aligned(64)));
    reap(clone(cloned, stack + sizeof stack, SIGCHLD, "cloned"));
}

#ifdef SYS_fork
static pid_t raw_fork(void)
{
    return (pid_t)syscall(SYS_fork);
}
#endif

static void use_forkpty(void)
{
    int terminal;
    pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
    if (pid == 0) {
        say("terminal");
        _exit(0);
    }
    char bytes[256];
    while (read(terminal, bytes, sizeof bytes) > 0)
        ;
    reap(pid);
}

static void *in_thread(void *argument)
{
    getppid();
    if (argument) {
        pthread_t inner;
        pthread_create(&inner, NULL, in_thread, NULL);
        pthread_join(inner, NULL);
    }
    return argument;
}

static int in_c11_thread(void *argument)
{
    getppid();
    return argument ? 5 : 0;
}

static void use_threads(void)
{
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++)
        if (pthread_create(&threads[i], NULL, in_thread, i == 1 ? &threads : NULL))
            exit(2);
    for (size_t i = 0; i < 3; i++) {
        void *result;
        pthread_join(threads[i], &result);
        if (result != (i == 1 ? (void *)&threads : NULL))
            exit(2);
    }
    thrd_t thread;
    int result;
    thrd_create(&thread, in_c11_thread, &thread);
    thrd_join(thread, &result);
    if (result != 5)
        exit(2);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char order[64];
static size_t n_order;

static void *write_order(void *argument)
{
    pthread_mutex_lock(&mutex);
    order[n_order++] = *(char *)argument;
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* What each thread does takes a while, so that without control the starter goes on first. */
static void *compute(void *argument)
{
    volatile double x = 1;
    for (int i = 0; i < 3000000; i++)
        x = x * 1.0000001;
    return write_order(argument);
}

static volatile sig_atomic_t may_end;

static void *spin(void *argument)
{
    while (!may_end)
        ;
    return argument;
}

static void use_order(void)
{
    pthread_t spinning; /* computes until its starter goes on */
    pthread_create(&spinning, NULL, spin, NULL);
    may_end = 1;
    pthread_join(spinning, NULL);
    static char names[] = "abcdefgh";
    pthread_t threads[8];
    for (size_t i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, compute, &names[i]);
        write_order("-");
    }
    pthread_mutex_lock(&mutex); /* these cannot end before their starter goes on */
    for (size_t i = 4; i < 8; i++)
        pthread_create(&threads[i], NULL, write_order, &names[i]);
    pthread_mutex_unlock(&mutex);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    printf("%.8s\n", order);
    fflush(stdout);
}

static void use_pids(void)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        printf("%d %d\n", getpid() != parent, getppid() == parent);
        fflush(stdout);
        alarm(20); /* does not outlive a parent that gave up */
        pause();
        _exit(9);
    }
    nanosleep(&(struct timespec){0, 50000000}, NULL);
    if (kill(parent, 0) || kill(-getpgrp(), 0) || getpgid(0) != getpgrp() || kill(pid, SIGTERM))
        exit(9);
    printf("%d %d %d\n", (int)parent, (int)pid, reap(pid));
    printf("%d\n", gettid() == parent && tgkill(parent, gettid(), 0) == 0);
    fflush(stdout);
}

static void close_all(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
}

static volatile sig_atomic_t n_alarms;

static void on_alarm(int signal)
{
    (void)signal;
    n_alarms++;
    getppid();
    fork_one(fork);
}

static void interrupt_often(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    for (int i = 0; i < 30; i++) {
        ualarm(300, 0);
        while (n_alarms == i) {
            pthread_t thread;
            pthread_create(&thread, NULL, in_thread, NULL);
            pthread_join(thread, NULL);
            getppid();
        }
    }
}

static void derive(void)
{
    const struct oneseed_recorder *table = dlsym(RTLD_DEFAULT, "oneseed_recorder");
    if (!table)
        exit(9);
    printf("%s [%s] %d %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", table->lane(), table->seed_path(), table->is_child(),
           digest64("c.rand", 6), table->derive("c.rand", 0), table->derive("c.rand", (uint64_t)1 << 33));
    fflush(stdout);
}

static void mark_recorder(void)
{
    const struct oneseed_recorder *table = dlsym(RTLD_DEFAULT, "oneseed_recorder");
    if (table)
        table->mark_recorder();
}

static void fork_deriving(void)
{
    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            derive();
            execl(self, self, "vderive", (char *)NULL);
            _exit(9);
        }
        reap(pid);
    }
}

static void vfork_deriving(void)
{
    for (int i = 0; i < 2; i++) {
        pid_t pid = vfork();
        if (pid == 0) {
            execl(self, self, "derive", (char *)NULL);
            _exit(9);
        }
        reap(pid);
    }
}

int main(int argc, char **argv)
{
    self = argv[0];
    for (int i = 1; i < argc; i++) {
        const char *what = argv[i];
        if (!strcmp(what, "say"))
            say("here");
        else if (!strcmp(what, "fork"))
            fork_one(fork);
        else if (!strcmp(what, "_Fork"))
            fork_one(_Fork);
        else if (!strcmp(what, "many"))
            fork_many(64);
        else if (!strcmp(what, "vfork"))
            use_vfork();
        else if (!strcmp(what, "spawn"))
            use_spawn(environ);
        else if (!strcmp(what, "popen"))
            use_popen();
        else if (!strcmp(what, "system"))
            use_system();
        else if (!strncmp(what, "empty", 5))
            exec_empty(what[5] - '0');
        else if (!strcmp(what, "environment"))
            print_environment();
        else if (!strcmp(what, "clone"))
            use_clone();
        else if (!strcmp(what, "forkpty"))
            use_forkpty();
#ifdef SYS_fork
        else if (!strcmp(what, "raw"))
            fork_one(raw_fork);
#endif
        else if (!strcmp(what, "threads"))
            use_threads();
        else if (!strcmp(what, "order"))
            use_order();
        else if (!strcmp(what, "pids"))
            use_pids();
        else if (!strcmp(what, "close"))
            close_all();
        else if (!strcmp(what, "signals"))
            interrupt_often();
        else if (!strcmp(what, "exec"))
            execv(self, (char *[]){self, "vfork", "say", NULL});
        else if (!strcmp(what, "badexec"))
            execl("/", "tree",
                  (char *)NULL); /* it may be entered, so it looks like a program until the kernel refuses */
        else if (!strcmp(what, "quick"))
            quick_exit(0);
        else if (!strcmp(what, "mark"))
            mark_recorder();
        else if (!strcmp(what, "derive"))
            derive();
        else if (!strcmp(what, "fderive"))
            fork_deriving();
        else if (!strcmp(what, "vderive"))
            vfork_deriving();
        else if (!strcmp(what, "die"))
            abort();
        else
            return 1;
    }
    return 0;
}
