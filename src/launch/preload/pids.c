/* pids.c - process ids by place in the tree (control `environment`): the same number in every run.
 * SPDX-License-Identifier: MIT
 *
 * A virtual id lies above every id that the kernel gives out (its largest pid_max is 2^22 = 4194304), so the two never
 * meet and a number can always be told. The table of who is who is shared by the tree through the session folder; it only
 * grows, and the last entry of a reused real id counts. */
#include <fcntl.h>        /* posix_fallocate */
#include <sched.h>        /* sched_setaffinity */
#include <signal.h>       /* kill */
#include <string.h>       /* strlen */
#include <sys/mman.h>     /* mmap */
#include <sys/resource.h> /* setpriority */
#include <unistd.h>       /* getpid */

#include "common/digest.h"        /* digest64 */
#include "launch/preload/frame.h" /* pids_to_real */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(open);
PRELOAD_REAL(close);
PRELOAD_REAL(getpgid);
PRELOAD_REAL(setpgid);
PRELOAD_REAL(getpgrp);
PRELOAD_REAL(getsid);
PRELOAD_REAL(setsid);
PRELOAD_REAL(kill);
PRELOAD_REAL(killpg);
PRELOAD_REAL(tgkill);
PRELOAD_REAL(tcgetpgrp);
PRELOAD_REAL(tcsetpgrp);
PRELOAD_REAL(sched_setaffinity);
PRELOAD_REAL(getpriority);
PRELOAD_REAL(setpriority);
PRELOAD_REAL(prlimit);

/* OUTSIDE: the parent of the first process, which is not of the tree. */
enum { OUTSIDE = 4199999, FIRST_VIRTUAL = 4200000, N_VIRTUAL = 1 << 30, MAX_ENTRIES = 16000 };

struct pid_table {
    _Atomic uint32_t n_entries;
    uint32_t unused;
    struct {
        _Atomic uint32_t virtual_pid; /* stored last: 0 = not yet there */
        _Atomic uint32_t real_pid;
    } entries[MAX_ENTRIES];
};

static struct pid_table *table; /* NULL: the control is off */

uint32_t pids_hash(const char *lane)
{
    return FIRST_VIRTUAL + (uint32_t)(digest64(lane, strlen(lane)) % N_VIRTUAL);
}

static struct pid_table *map_table(const char *session)
{
    char path[PATH_MAX];
    struct text text = text_in(path, sizeof path);
    text_add(&text, session);
    text_add(&text, "/pids");
    int fd = text.cut ? -1 : REAL(open)(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    void *memory = MAP_FAILED;
    if (!posix_fallocate(fd, 0, sizeof *table)) /* a hole in a full disk would be a signal later */
        memory = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    REAL(close)(fd);
    return memory == MAP_FAILED ? NULL : memory;
}

void pids_begin(void)
{
    const char *session = preload_config("session");
    if (!preload_process.virtual_pids)
        return;
    table = session ? map_table(session) : NULL;
    if (!table) {
        preload_process.virtual_pids = false;
        preload_note("process ids could not be controlled: there is no session folder for their table");
        return;
    }
    pids_add(preload_process.pid, preload_process.place.lane);
}

void pids_add(pid_t real, const char *lane)
{
    if (!table)
        return;
    uint32_t virtual_pid = pids_hash(lane);
    if (pids_to_virtual(real) == (pid_t)virtual_pid)
        return; /* an exec, or the other side of a fork was quicker */
    uint32_t n = atomic_fetch_add(&table->n_entries, 1);
    if (n >= MAX_ENTRIES) {
        atomic_store(&table->n_entries, MAX_ENTRIES);
        return; /* from here on real numbers: never wrong ones */
    }
    atomic_store(&table->entries[n].real_pid, (uint32_t)real);
    atomic_store(&table->entries[n].virtual_pid, virtual_pid);
}

static uint32_t n_entries(void)
{
    uint32_t n = atomic_load(&table->n_entries);
    return n < MAX_ENTRIES ? n : MAX_ENTRIES;
}

pid_t pids_to_virtual(pid_t real)
{
    if (!table || real <= 0)
        return real;
    for (uint32_t i = n_entries(); i-- > 0;) {
        uint32_t virtual_pid = atomic_load(&table->entries[i].virtual_pid);
        if (virtual_pid && atomic_load(&table->entries[i].real_pid) == (uint32_t)real)
            return (pid_t)virtual_pid;
    }
    return real;
}

pid_t pids_to_virtual_parent(pid_t real)
{
    pid_t pid = pids_to_virtual(real);
    return table && pid == real && real > 1 && !strcmp(preload_process.place.lane, "0") ? OUTSIDE : pid;
}

pid_t pids_to_real(pid_t pid)
{
    if (table && pid == OUTSIDE)
        return raw_getppid();
    pid_t magnitude = pid < 0 ? -pid : pid; /* a process group, for kill() and waitpid() */
    if (!table || magnitude < FIRST_VIRTUAL)
        return pid;
    for (uint32_t i = n_entries(); i-- > 0;) {
        if (atomic_load(&table->entries[i].virtual_pid) == (uint32_t)magnitude) {
            pid_t real = (pid_t)atomic_load(&table->entries[i].real_pid);
            return pid < 0 ? -real : real;
        }
    }
    return pid;
}

PRELOAD_EXPORT int kill(pid_t pid, int signal)
{
    return REAL(kill)(pids_to_real(pid), signal);
}

PRELOAD_EXPORT int killpg(pid_t group, int signal)
{
    return REAL(killpg)(pids_to_real(group), signal);
}

int tgkill(pid_t group, pid_t thread, int signal);

PRELOAD_EXPORT int tgkill(pid_t group, pid_t thread, int signal)
{
    if (table && thread >= FIRST_VIRTUAL) {
        pid_t own = lanes_find_tid((uint32_t)thread);
        thread = own ? own : pids_to_real(thread);
    }
    return REAL(tgkill)(pids_to_real(group), thread, signal);
}

PRELOAD_EXPORT pid_t getpgid(pid_t pid)
{
    return pids_to_virtual(REAL(getpgid)(pids_to_real(pid)));
}

PRELOAD_EXPORT int setpgid(pid_t pid, pid_t group)
{
    return REAL(setpgid)(pids_to_real(pid), pids_to_real(group));
}

PRELOAD_EXPORT pid_t getpgrp(void)
{
    return pids_to_virtual(REAL(getpgrp)());
}

PRELOAD_EXPORT pid_t getsid(pid_t pid)
{
    return pids_to_virtual(REAL(getsid)(pids_to_real(pid)));
}

PRELOAD_EXPORT pid_t setsid(void)
{
    return pids_to_virtual(REAL(setsid)());
}

PRELOAD_EXPORT pid_t tcgetpgrp(int terminal)
{
    return pids_to_virtual(REAL(tcgetpgrp)(terminal));
}

PRELOAD_EXPORT int tcsetpgrp(int terminal, pid_t group)
{
    return REAL(tcsetpgrp)(terminal, pids_to_real(group));
}

PRELOAD_EXPORT int sched_setaffinity(pid_t pid, size_t nbytes, const cpu_set_t *cpus)
{
    return REAL(sched_setaffinity)(pids_to_real(pid), nbytes, cpus);
}

PRELOAD_EXPORT int getpriority(__priority_which_t which, id_t who)
{
    return REAL(getpriority)(which, (id_t)pids_to_real((pid_t)who));
}

PRELOAD_EXPORT int setpriority(__priority_which_t which, id_t who, int priority)
{
    return REAL(setpriority)(which, (id_t)pids_to_real((pid_t)who), priority);
}

PRELOAD_EXPORT int prlimit(pid_t pid, __rlimit_resource_t resource, const struct rlimit *limit, struct rlimit *old_out)
{
    return REAL(prlimit)(pids_to_real(pid), resource, limit, old_out);
}
