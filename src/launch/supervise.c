/* supervise.c - starts the command, passes signals on, waits for it, and ends what it left behind.
 * SPDX-License-Identifier: MIT
 *
 * A plain command stays in our process group and our session: pipelines, job control, Ctrl-C, `kill 0` and a killpg()
 * from outside then reach it as they would without us. So what the terminal or a group sends is not passed on again
 * (the command has it already); what somebody sends to our pid alone is. A captured command (check) has a group of its own;
 * when it wants the terminal it is given to it.
 *
 * All signals that can be passed on stay blocked from before fork() to the end and are taken with sigtimedwait():
 * nothing is lost between a look and the wait. */
#include <errno.h>           /* errno */
#include <fcntl.h>           /* fcntl, O_CLOEXEC */
#include <sched.h>           /* sched_setaffinity, SCHED_BATCH */
#include <stdio.h>           /* snprintf, fopen */
#include <stdlib.h>          /* strtol, free */
#include <string.h>          /* strerror */
#include <dirent.h>          /* /proc */
#include <sys/personality.h> /* ADDR_NO_RANDOMIZE */
#include <sys/prctl.h>       /* PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG */
#include <sys/resource.h>    /* struct rusage */
#include <sys/wait.h>        /* wait4 */
#include <time.h>            /* clock_gettime */
#include <unistd.h>          /* fork */

#include "launch/exec_command.h"
#include "launch/supervise.h"

/* How long a tree that shall end has before SIGKILL, and how long the rest of a captured command's tree may take to
 * end by itself. */
#define GRACE_S   2.0
#define OWN_END_S 1.0
/* A command that ends this soon after SIGINT (or another request to end) is taken to have ended because of it. */
#define INTERRUPT_S 5.0
/* A request to end that comes again after this long means: now. (timeout(1) sends it to us and to our group at once.) */
#define REPEAT_S 0.2

enum stage { STAGE_DIRECTORY, STAGE_EXEC };

struct failure {
    int stage;
    int error;
};

struct run {
    const struct process_options *options;
    struct process_result *result;
    pid_t child;
    pid_t *before; /* children that we had already: not ours to end */
    size_t n_before;
    sigset_t signals;    /* blocked, taken by sigtimedwait() */
    sigset_t users_mask; /* to be restored */
    struct sigaction users_child_action;
    double started;
    bool ended;      /* the command is reaped */
    int wait_status; /* of the command */
    int stop_signal; /* the last SIGINT, SIGTERM, SIGHUP or SIGQUIT that reached us, 0 = none */
    double stop_time;
    bool has_terminal; /* captured: the command's group was given the terminal */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* --- /proc -------------------------------------------------------------------------------------------------------- */

/* Parent of a process, 0 when it is gone. *zombie_out: it has ended and only waits to be reaped. */
static pid_t parent_of(pid_t pid, bool *zombie_out)
{
    char path[32], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *end_of_name = strrchr(text, ')'); /* the name itself may hold anything */
    char state;
    int parent;
    if (end_of_name == NULL || sscanf(end_of_name + 1, " %c %d", &state, &parent) != 2)
        return 0;
    if (zombie_out != NULL)
        *zombie_out = state == 'Z' || state == 'X';
    return (pid_t)parent;
}

static bool descends_from_us(pid_t pid)
{
    pid_t us = getpid();
    for (int depth = 0; depth < 1000 && pid > 1; depth++) {
        pid = parent_of(pid, NULL);
        if (pid == us)
            return true;
    }
    return false;
}

static bool was_before(const struct run *run, pid_t pid)
{
    for (size_t i = 0; i < run->n_before; i++)
        if (run->before[i] == pid)
            return true;
    return false;
}

struct process {
    pid_t pid, parent;
    bool zombie, ours;
};

/* All processes of the system; NULL when /proc is not there. */
static struct process *all_processes(size_t *n_out)
{
    struct process *list = NULL;
    size_t n = 0, capacity = 0;
    DIR *folder = opendir("/proc");
    *n_out = 0;
    if (folder == NULL)
        return NULL;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            struct process *larger = realloc(list, capacity * sizeof *list);
            if (larger == NULL)
                break;
            list = larger;
        }
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        list[n] = (struct process){pid, 0, false, false};
        list[n].parent = parent_of(pid, &list[n].zombie);
        n += list[n].parent > 0;
    }
    closedir(folder);
    *n_out = n;
    return list;
}

/* Marks what descends from `parent`. */
static void mark_tree(const struct run *run, struct process *list, size_t n, pid_t parent)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].parent != parent || list[i].ours || was_before(run, list[i].pid))
            continue;
        list[i].ours = true;
        mark_tree(run, list, n, list[i].pid);
    }
}

/* Orphans become our children, so without a child of ours nothing is left of the tree. */
static bool has_children(void)
{
    siginfo_t info;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

/* Sends a signal (0 = none) to every process of the tree; gives their number. */
static size_t signal_tree(const struct run *run, int signal_number)
{
    size_t n, n_ours = 0;
    if (!has_children())
        return 0;
    struct process *list = all_processes(&n);
    mark_tree(run, list, n, getpid());
    for (size_t i = 0; i < n; i++) {
        if (!list[i].ours || list[i].zombie)
            continue;
        n_ours++;
        if (signal_number != 0)
            kill(list[i].pid, signal_number);
        if (signal_number == SIGTERM)
            kill(list[i].pid, SIGCONT); /* a stopped process would not see it */
    }
    free(list);
    return n_ours;
}

static void remember_children(struct run *run)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return; /* a kernel without this file: we are hardly ever exec'ed over children */
    for (int pid; fscanf(file, "%d", &pid) == 1;) {
        pid_t *larger = realloc(run->before, (run->n_before + 1) * sizeof *larger);
        if (larger == NULL)
            break;
        run->before = larger;
        run->before[run->n_before++] = (pid_t)pid;
    }
    fclose(file);
}

/* --- Signals ------------------------------------------------------------------------------------------------------ */

static bool asks_to_end(int signal_number)
{
    return signal_number == SIGINT || signal_number == SIGTERM || signal_number == SIGHUP || signal_number == SIGQUIT;
}

/* Blocks what we take ourselves: all but faults of our own, and but what was ignored when we were started (nohup). */
static void take_signals(struct run *run)
{
    static const int left_alone[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS, SIGPIPE};
    sigfillset(&run->signals);
    for (size_t i = 0; i < sizeof left_alone / sizeof left_alone[0]; i++)
        sigdelset(&run->signals, left_alone[i]);
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction action;
        if (number != SIGCHLD && sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            sigdelset(&run->signals, number);
    }
    /* Needed to give the terminal back from the background. */
    sigaddset(&run->signals, SIGTTOU);
    sigprocmask(SIG_BLOCK, &run->signals, &run->users_mask);
    /* An inherited SIG_IGN would make the kernel reap our children. */
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &action, &run->users_child_action);
}

static void give_signals_back(struct run *run)
{
    sigaction(SIGCHLD, &run->users_child_action, NULL);
    struct timespec none = {0, 0};
    /* What is still pending was meant for a command that has ended. */
    while (sigtimedwait(&run->signals, NULL, &none) > 0)
        ;
    sigprocmask(SIG_SETMASK, &run->users_mask, NULL);
}

static void pass_on(struct run *run, const siginfo_t *info)
{
    bool to_group = info->si_code == SI_KERNEL; /* the terminal signals the whole foreground group */
    if (!run->options->captured && to_group)
        return;
    if (info->si_code <= 0 && info->si_pid > 0 && info->si_pid != getpid() && descends_from_us(info->si_pid))
        return; /* a `kill 0` of the command itself */
    if (info->si_code == SI_QUEUE)
        sigqueue(run->child, info->si_signo, info->si_value);
    else
        kill(run->child, info->si_signo);
}

/* --- Terminal ------------------------------------------------------------------------------------------------------ */

/* The command has stopped. In a terminal we stop as well, so that the shell sees it; a captured command that only waits for
 * the terminal gets it. */
static void command_stopped(struct run *run, int signal_number)
{
    if (signal_number != SIGTSTP && signal_number != SIGTTIN && signal_number != SIGTTOU)
        return; /* SIGSTOP from a debugger or a supervisor: he will continue it */
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return;
    if (run->options->captured && signal_number != SIGTSTP && tcgetpgrp(terminal) == getpgrp()) {
        run->has_terminal = tcsetpgrp(terminal, run->child) == 0;
        close(terminal);
        if (run->has_terminal)
            kill(-run->child, SIGCONT);
        return;
    }
    if (run->has_terminal)
        tcsetpgrp(terminal, getpgrp());
    kill(getpid(), SIGSTOP);
    /* Here the shell has continued us, in the foreground or not. */
    if (run->has_terminal && tcgetpgrp(terminal) == getpgrp())
        tcsetpgrp(terminal, run->child);
    close(terminal);
    kill(run->options->captured ? -run->child : run->child, SIGCONT);
}

static void take_terminal_back(struct run *run)
{
    if (!run->has_terminal)
        return;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return;
    tcsetpgrp(terminal, getpgrp());
    close(terminal);
}

/* --- Start --------------------------------------------------------------------------------------------------------- */

static void limit_cpus(size_t n_cpus)
{
    cpu_set_t allowed, chosen;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return; /* more CPUs than the set holds: the thread variables still act */
    CPU_ZERO(&chosen);
    for (int cpu = 0; cpu < CPU_SETSIZE && n_cpus > 0; cpu++) {
        if (CPU_ISSET((size_t)cpu, &allowed)) {
            CPU_SET((size_t)cpu, &chosen);
            n_cpus--;
        }
    }
    sched_setaffinity(0, sizeof chosen, &chosen);
}

/* Fixed mappings at the top of the address space, where they lie by themselves, cost a Python program up to 15 % on some
 * processors; laid from the bottom up they cost nothing. */
static void set_address_layout(int address, bool top_down)
{
    if (address == 0)
        return;
    int persona = personality(0xffffffff);
    if (persona < 0)
        return;
    unsigned long own = (unsigned long)persona & ~(unsigned long)ADDR_NO_RANDOMIZE;
    if (address > 0 && !top_down && personality(own | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT) >= 0)
        return;
    personality(address > 0 ? own | ADDR_NO_RANDOMIZE : own); /* a refusal was found, and noted, before the fork */
}

static void write_digits(char *digits, size_t n_digits, pid_t pid)
{
    for (unsigned long rest = (unsigned long)pid; n_digits > 0; rest /= 10)
        digits[--n_digits] = (char)('0' + rest % 10);
}

static void replace_fd(int fd, int standard)
{
    if (fd >= 0)
        dup2(fd, standard); /* fd is above 2: the copy loses FD_CLOEXEC */
}

_Noreturn static void become_command(const struct run *run, int report, pid_t parent)
{
    const struct process_options *options = run->options;
    struct failure failure = {STAGE_DIRECTORY, 0};
    if (options->captured)
        setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(125); /* the parent was killed before the line above */
    replace_fd(options->fd_in, STDIN_FILENO);
    replace_fd(options->fd_out, STDOUT_FILENO);
    replace_fd(options->fd_err, STDERR_FILENO);
    if (options->directory != NULL && chdir(options->directory) != 0)
        goto failed;
    if (options->n_cpus > 0)
        limit_cpus(options->n_cpus);
    if (options->batch) {
        struct sched_param parameter = {0};
        sched_setscheduler(0, SCHED_BATCH, &parameter);
    }
    set_address_layout(options->address, options->top_down);
    if (options->lane_digits != NULL)
        write_digits(options->lane_digits, options->n_lane_digits, getpid());
    sigaction(SIGCHLD, &run->users_child_action, NULL);
    sigprocmask(SIG_SETMASK, &run->users_mask, NULL);
    failure.stage = STAGE_EXEC;
    exec_command(options->argv, options->environment);
failed:
    failure.error = errno;
    if (write(report, &failure, sizeof failure) != (ssize_t)sizeof failure)
        _exit(125);
    _exit(failure.stage == STAGE_EXEC && failure.error == ENOENT ? 127 : 126);
}

static void did_not_start(struct run *run, const struct failure *failure)
{
    struct process_result *result = run->result;
    const char *what = run->options->argv[0];
    result->status = failure->error == ENOENT ? 127 : 126;
    if (failure->stage == STAGE_DIRECTORY) {
        what = run->options->directory;
        result->status = 125;
    }
    const char *why = strerror(failure->error);
    if (failure->stage == STAGE_EXEC && failure->error == ENOENT) {
        if (strchr(what, '/') == NULL)
            why = "no such command in PATH";
        else if (access(what, F_OK) == 0)
            why = "its interpreter is missing";
    }
    snprintf(result->error, sizeof result->error, "%s: %s", what, why);
}

/* A pipe whose ends close at exec and are none of the standard descriptors (which may be closed, and shall stay so). */
static bool make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        if (ends[i] > STDERR_FILENO)
            continue;
        int higher = fcntl(ends[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(ends[i]);
        ends[i] = higher;
    }
    return ends[0] >= 0 && ends[1] >= 0;
}

static bool start(struct run *run)
{
    int report[2];
    if (!make_pipe(report)) {
        snprintf(run->result->error, sizeof run->result->error, "pipe: %s", strerror(errno));
        return false;
    }
    pid_t us = getpid();
    run->child = fork();
    if (run->child == 0) {
        close(report[0]);
        become_command(run, report[1], us);
    }
    int error = errno;
    close(report[1]);
    if (run->child < 0) {
        close(report[0]);
        snprintf(run->result->error, sizeof run->result->error, "fork: %s", strerror(error));
        return false;
    }
    if (run->options->captured)
        setpgid(run->child, run->child); /* whoever is first; needed before a signal can be sent to the group */
    struct failure failure;
    ssize_t n;
    do
        n = read(report[0], &failure, sizeof failure);
    while (n < 0 && errno == EINTR);
    close(report[0]);
    if (n != (ssize_t)sizeof failure)
        return true; /* closed by exec */
    waitpid(run->child, NULL, 0);
    did_not_start(run, &failure);
    return false;
}

/* --- Wait ---------------------------------------------------------------------------------------------------------- */

static void reap(struct run *run)
{
    int status;
    struct rusage used;
    for (pid_t pid; (pid = wait4(-1, &status, WNOHANG | WUNTRACED, &used)) != 0;) {
        if (pid < 0) {
            if (errno == EINTR)
                continue;
            return;
        }
        if (!WIFSTOPPED(status) && used.ru_maxrss > run->result->peak_kib)
            run->result->peak_kib = used.ru_maxrss;
        if (pid != run->child)
            continue; /* an orphan of the command's, or stopped: nothing to do */
        if (WIFSTOPPED(status)) {
            command_stopped(run, WSTOPSIG(status));
            continue;
        }
        run->ended = true;
        run->wait_status = status;
    }
}

/* Waits at most seconds (< 0: for ever) for one signal and acts on it. */
static void take_one_signal(struct run *run, double seconds)
{
    siginfo_t info;
    struct timespec limit = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    int number = seconds < 0 ? sigwaitinfo(&run->signals, &info) : sigtimedwait(&run->signals, &info, &limit);
    if (number <= 0 || number == SIGCHLD || number == SIGTTOU || number == SIGTTIN)
        return;
    if (asks_to_end(number)) {
        run->stop_signal = number;
        run->stop_time = now();
        if (run->options->captured)
            return; /* the tree is ended, see below */
    }
    if (!run->ended)
        pass_on(run, &info);
}

/* Ends the whole tree: SIGTERM, some time, SIGKILL until nobody is left. A further request to end cuts the time short. */
static void end_tree(struct run *run)
{
    double begin = now();
    double first_time = run->stop_signal != 0 ? run->stop_time : begin;
    size_t n_left = signal_tree(run, SIGTERM);
    while (n_left > 0 && now() - begin < GRACE_S) {
        take_one_signal(run, 0.01);
        reap(run);
        if (run->stop_time > first_time + REPEAT_S)
            break;
        n_left = signal_tree(run, 0);
    }
    /* Bounded: a process in an uninterruptible wait cannot be ended by anybody. */
    for (begin = now(); now() - begin < 2 * GRACE_S && signal_tree(run, SIGKILL) > 0;) {
        reap(run);
        take_one_signal(run, 0.005);
    }
    reap(run);
}

/* Captured: what the command has left behind may end by itself for a moment. */
static void end_leftovers(struct run *run)
{
    double begin = now();
    while (signal_tree(run, 0) > 0) {
        if (now() - begin > OWN_END_S || (run->stop_signal != 0 && run->result->interrupted)) {
            end_tree(run);
            return;
        }
        take_one_signal(run, 0.02);
        reap(run);
    }
}

static void wait_for_command(struct run *run)
{
    const struct process_options *options = run->options;
    bool watch = options->timeout_s > 0 || options->tick != NULL;
    double next_tick = run->started + 0.1;
    for (reap(run); !run->ended; reap(run)) {
        double time = now();
        if (options->timeout_s > 0 && time - run->started >= options->timeout_s)
            run->result->timed_out = true;
        if (options->captured && run->stop_signal != 0)
            run->result->interrupted = true;
        if (options->tick != NULL && time >= next_tick) {
            next_tick = time + 0.1;
            run->result->stopped = options->tick(options->tick_context, time - run->started);
        }
        if (run->result->timed_out || run->result->interrupted || run->result->stopped) {
            end_tree(run);
            return;
        }
        double wait = -1;
        if (watch)
            wait = options->tick != NULL ? next_tick - time : 0.1;
        if (options->timeout_s > 0 && run->started + options->timeout_s - time < wait)
            wait = run->started + options->timeout_s - time;
        take_one_signal(run, watch && wait < 0.001 ? 0.001 : wait);
    }
}

/* Did the command end because somebody asked it to? */
static bool ended_on_request(const struct run *run)
{
    int status = run->wait_status;
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGQUIT) && run->has_terminal)
        return true; /* Ctrl-C went to its group alone */
    if (run->stop_signal == 0)
        return false;
    if (WIFSIGNALED(status) && WTERMSIG(status) == run->stop_signal)
        return true;
    return now() - run->stop_time < INTERRUPT_S;
}

void process_run(const struct process_options *options, struct process_result *result)
{
    struct run run = {.options = options, .result = result, .child = -1};
    memset(result, 0, sizeof *result);
    result->status = 125;
    remember_children(&run);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    take_signals(&run);
    run.started = now();
    if (start(&run)) {
        wait_for_command(&run);
        result->seconds = now() - run.started;
        if (run.ended && !result->timed_out && !result->stopped)
            result->interrupted |= ended_on_request(&run);
        if (options->captured)
            end_leftovers(&run);
        else if (result->interrupted)
            end_tree(&run);
        take_terminal_back(&run);
        if (!run.ended)
            result->status = 128 + SIGKILL; /* it cannot be ended (uninterruptible); do not wait for ever */
        else
            result->status =
                WIFSIGNALED(run.wait_status) ? 128 + WTERMSIG(run.wait_status) : WEXITSTATUS(run.wait_status);
    }
    give_signals_back(&run);
    free(run.before);
}
