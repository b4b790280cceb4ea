/* environment.c - what the machine tells the program about itself: process ids, host, processors, load, working folder.
 * SPDX-License-Identifier: MIT
 *
 * One event per name and site of a thread: programs ask again and again, and get the same. */
#include <sched.h>       /* sched_getaffinity */
#include <stdlib.h>      /* getloadavg */
#include <string.h>      /* strlen */
#include <sys/sysinfo.h> /* get_nprocs */
#include <sys/utsname.h> /* uname */
#include <unistd.h>      /* getpid */

#include "launch/preload/frame.h" /* pids_to_virtual */

PRELOAD_REAL(getpid);
PRELOAD_REAL(getppid);
PRELOAD_REAL(gettid);
PRELOAD_REAL(gethostname);
PRELOAD_REAL(uname);
PRELOAD_REAL(sched_getaffinity);
PRELOAD_REAL(sysconf);
PRELOAD_REAL(get_nprocs);
PRELOAD_REAL(get_nprocs_conf);
PRELOAD_REAL(getloadavg);
PRELOAD_REAL(getcwd);

/* Asking for a Python line takes a microsecond or so: after that many reads a thread has shown all its places. */
enum { MAX_ASKED = 4096 };

/* Remembers the pair; true when it is new. A full memory means no more events. */
static bool is_new(struct thread_more *more, uint64_t name, uint64_t site)
{
    uint64_t pair = name ^ (site * UINT64_C(0x9e3779b97f4a7c15));
    pair += pair == 0;
    for (size_t i = 0; i < SEEN_SLOTS; i++) {
        uint64_t *slot = &more->seen[(pair + i) % SEEN_SLOTS];
        if (*slot == pair)
            return false;
        if (!*slot) {
            *slot = pair;
            return true;
        }
    }
    return false;
}

static void record(const char *name_text, const void *value, size_t value_nbytes, void *caller)
{
    struct preload_thread *self = preload_recording() ? preload_enter() : NULL;
    if (!self)
        return;
    int saved = errno;
    struct thread_more *more = lanes_more(self);
    if (more && more->seen_asked++ < MAX_ASKED) {
        uint64_t name = preload_intern(name_text, strlen(name_text));
        uint64_t site = preload_site(caller);
        if (is_new(more, name, site)) {
            struct oneseed_event event = {.kind = ONESEED_EVENT_ENVIRONMENT, .site = site, .name = name};
            preload_digest(value, value_nbytes, event.out);
            preload_emit(self, &event);
        }
    }
    preload_leave(self);
    errno = saved;
}

PRELOAD_EXPORT pid_t getpid(void)
{
    if (!preload_process.active)
        return REAL(getpid)();
    pid_t pid = raw_getpid(); /* a vfork() child has another one than its parent, whose memory this is */
    if (preload_process.virtual_pids)
        pid = pids_to_virtual(pid);
    record("getpid", &pid, sizeof pid, PRELOAD_CALLER);
    return pid;
}

PRELOAD_EXPORT pid_t getppid(void)
{
    pid_t pid = pids_to_virtual_parent(REAL(getppid)());
    if (preload_process.active)
        record("getppid", &pid, sizeof pid, PRELOAD_CALLER);
    return pid;
}

PRELOAD_EXPORT pid_t gettid(void)
{
    if (!preload_process.active)
        return PRELOAD_HAS(gettid) ? REAL(gettid)() : raw_gettid();
    pid_t tid = raw_gettid();
    if (preload_process.virtual_pids)
        tid = (pid_t)pids_hash(preload_lane(preload_self()));
    record("gettid", &tid, sizeof tid, PRELOAD_CALLER);
    return tid;
}

PRELOAD_EXPORT int gethostname(char *name, size_t nbytes)
{
    int result = REAL(gethostname)(name, nbytes);
    if (!result && preload_process.active)
        record("gethostname", name, strnlen(name, nbytes), PRELOAD_CALLER);
    return result;
}

PRELOAD_EXPORT int uname(struct utsname *names)
{
    int result = REAL(uname)(names);
    if (result >= 0 && preload_process.active)
        record("uname", names, sizeof *names, PRELOAD_CALLER);
    return result;
}

PRELOAD_EXPORT int sched_getaffinity(pid_t pid, size_t nbytes, cpu_set_t *cpus)
{
    int result = REAL(sched_getaffinity)(pids_to_real(pid), nbytes, cpus);
    if (!result && preload_process.active)
        record("sched_getaffinity", cpus, nbytes, PRELOAD_CALLER);
    return result;
}

PRELOAD_EXPORT long sysconf(int name)
{
    long value = REAL(sysconf)(name);
    if (preload_process.active && (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF))
        record("sysconf:nprocessors", &value, sizeof value, PRELOAD_CALLER);
    else if (preload_process.active && name == _SC_AVPHYS_PAGES)
        record("sysconf:avphys_pages", &value, sizeof value, PRELOAD_CALLER);
    return value;
}

PRELOAD_EXPORT int get_nprocs(void)
{
    int n = REAL(get_nprocs)();
    if (preload_process.active)
        record("get_nprocs", &n, sizeof n, PRELOAD_CALLER);
    return n;
}

PRELOAD_EXPORT int get_nprocs_conf(void)
{
    int n = REAL(get_nprocs_conf)();
    if (preload_process.active)
        record("get_nprocs", &n, sizeof n, PRELOAD_CALLER);
    return n;
}

PRELOAD_EXPORT int getloadavg(double *loads, int n)
{
    int result = REAL(getloadavg)(loads, n);
    if (result > 0 && preload_process.active)
        record("getloadavg", loads, (size_t)result * sizeof *loads, PRELOAD_CALLER);
    return result;
}

PRELOAD_EXPORT char *getcwd(char *path, size_t nbytes)
{
    char *result = REAL(getcwd)(path, nbytes);
    if (result && preload_process.active)
        record("getcwd", result, strlen(result), PRELOAD_CALLER);
    return result;
}
