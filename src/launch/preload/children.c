/* children.c - the children of this process by pid, and their end, told by their lane.
 * SPDX-License-Identifier: MIT
 *
 * An exit event is written only when the program waits for one child that it names: what a poll or a wait for any child
 * gives depends on the moment, and would make two equal runs look different. */
#include <string.h>       /* strlen */
#include <sys/resource.h> /* wait4 */
#include <sys/wait.h>     /* waitpid */

#include "launch/preload/frame.h" /* children_add */

PRELOAD_REAL(wait);
PRELOAD_REAL(waitpid);
PRELOAD_REAL(waitid);
PRELOAD_REAL(wait3);
PRELOAD_REAL(wait4);

enum { MAX_CHILDREN = 4096 };

/* The last ones, by number; older children are forgotten. */
static struct {
    _Atomic pid_t pid;
    _Atomic uint32_t number;
} children[MAX_CHILDREN];

void children_add(pid_t pid, uint32_t number)
{
    atomic_store(&children[number % MAX_CHILDREN].number, number);
    atomic_store(&children[number % MAX_CHILDREN].pid, pid);
}

void children_after_fork(void)
{
    for (size_t i = 0; i < MAX_CHILDREN; i++)
        if (atomic_load_explicit(&children[i].pid, memory_order_relaxed)) /* leaves untouched pages untouched */
            atomic_store_explicit(&children[i].pid, 0, memory_order_relaxed);
}

/* Gives the number of a child that has been reaped, and forgets it; 0 when it is none of ours. */
static uint32_t reaped(pid_t pid)
{
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        pid_t expected = pid;
        if (atomic_load_explicit(&children[i].pid, memory_order_relaxed) == pid &&
            atomic_compare_exchange_strong(&children[i].pid, &expected, 0))
            return atomic_load(&children[i].number);
    }
    return 0;
}

/* `named`: the program waited, without polling, for this very child. */
static void child_ended(pid_t pid, int status, bool named, void *caller)
{
    struct preload_thread *self = pid > 0 && (WIFEXITED(status) || WIFSIGNALED(status)) ? preload_enter() : NULL;
    if (!self)
        return;
    int saved = errno;
    uint32_t number = reaped(pid);
    if (number && named && preload_recording()) {
        struct place child;
        process_place(number, &child);
        struct oneseed_event event = {
            .kind = ONESEED_EVENT_EXIT,
            .site = preload_site(caller),
            .name = preload_intern(child.lane, strlen(child.lane)),
            .words = (uint64_t)(uint32_t)status,
        };
        preload_emit(self, &event);
    }
    preload_leave(self);
    errno = saved;
}

static pid_t wait_with(void *caller, pid_t pid, int *status_out, int options, struct rusage *usage_out)
{
    int status = 0;
    pid_t ended = REAL(wait4)(pids_to_real(pid), &status, options, usage_out);
    if (ended <= 0)
        return ended;
    if (status_out)
        *status_out = status;
    child_ended(ended, status, pid > 0 && !(options & WNOHANG), caller);
    return pid == ended ? ended : pids_to_virtual(ended);
}

PRELOAD_EXPORT pid_t waitpid(pid_t pid, int *status_out, int options)
{
    if (!preload_process.active)
        return REAL(waitpid)(pid, status_out, options);
    return wait_with(PRELOAD_CALLER, pid, status_out, options, NULL);
}

PRELOAD_EXPORT pid_t wait4(pid_t pid, int *status_out, int options, struct rusage *usage_out)
{
    if (!preload_process.active)
        return REAL(wait4)(pid, status_out, options, usage_out);
    return wait_with(PRELOAD_CALLER, pid, status_out, options, usage_out);
}

PRELOAD_EXPORT pid_t wait(int *status_out)
{
    if (!preload_process.active)
        return REAL(wait)(status_out);
    return wait_with(PRELOAD_CALLER, -1, status_out, 0, NULL);
}

PRELOAD_EXPORT pid_t wait3(int *status_out, int options, struct rusage *usage_out)
{
    if (!preload_process.active)
        return REAL(wait3)(status_out, options, usage_out);
    return wait_with(PRELOAD_CALLER, -1, status_out, options, usage_out);
}

/* siginfo's status is already taken apart; a wait status is put together again for the event. */
static int joined_status(const siginfo_t *info)
{
    return info->si_code == CLD_EXITED ? (info->si_status & 0xff) << 8 : info->si_status & 0x7f;
}

PRELOAD_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info_out, int options)
{
    if (!preload_process.active)
        return REAL(waitid)(type, id, info_out, options);
    siginfo_t info = {.si_pid = 0};
    id_t real = type == P_PID || type == P_PGID ? (id_t)pids_to_real((pid_t)id) : id;
    int result = REAL(waitid)(type, real, &info, options);
    pid_t ended = info.si_pid;
    if (!result && ended > 0 && options & WEXITED && !(options & WNOWAIT))
        child_ended(ended, joined_status(&info), type == P_PID && !(options & WNOHANG), PRELOAD_CALLER);
    if (info.si_pid && !(type == P_PID && id == (id_t)ended))
        info.si_pid = pids_to_virtual(ended);
    if (!result && info_out)
        *info_out = info;
    return result;
}
