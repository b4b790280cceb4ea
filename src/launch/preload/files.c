/* files.c - files: what is read, with a digest of its content; what is looked for; what is written, renamed, removed.
 * SPDX-License-Identifier: MIT
 *
 * Only files of the user's: those of the system, of interpreters and of installed libraries pass (path_is_library). The
 * content is read here through the program's own descriptor with pread(), which moves no position, before the program
 * reads it, and only once for each version of a file. */
#undef _FORTIFY_SOURCE /* its inline definitions would stand in the way of ours */

#include "launch/preload/frame.h"   /* lanes_questions */
#include "launch/preload/sources.h" /* path_absolute */

#include <fcntl.h>    /* open */
#include <stdarg.h>   /* va_arg */
#include <stdio.h>    /* fopen */
#include <stdlib.h>   /* abs */
#include <string.h>   /* strchr, strlen */
#include <sys/mman.h> /* mmap */
#include <sys/stat.h> /* fstat */
#include <unistd.h>   /* pread, access */

#include "common/digest.h" /* digest_state */

/* Prototypes of what the C library declares only for its own headers. */
extern int __open_2(const char *path, int flags);
extern int __open64_2(const char *path, int flags);
extern int __openat_2(int folder, const char *path, int flags);
extern int __openat64_2(int folder, const char *path, int flags);
extern int __xstat(int version, const char *path, struct stat *status);
extern int __xstat64(int version, const char *path, struct stat64 *status);
extern int __lxstat(int version, const char *path, struct stat *status);
extern int __lxstat64(int version, const char *path, struct stat64 *status);
extern int __fxstatat(int version, int folder, const char *path, struct stat *status, int flags);
extern int __fxstatat64(int version, int folder, const char *path, struct stat64 *status, int flags);

PRELOAD_REAL(open);
PRELOAD_REAL(open64);
PRELOAD_REAL(openat);
PRELOAD_REAL(openat64);
PRELOAD_REAL(__open_2);
PRELOAD_REAL(__open64_2);
PRELOAD_REAL(__openat_2);
PRELOAD_REAL(__openat64_2);
PRELOAD_REAL(creat);
PRELOAD_REAL(creat64);
PRELOAD_REAL(fopen);
PRELOAD_REAL(fopen64);
PRELOAD_REAL(freopen);
PRELOAD_REAL(freopen64);
PRELOAD_REAL(stat);
PRELOAD_REAL(stat64);
PRELOAD_REAL(lstat);
PRELOAD_REAL(lstat64);
PRELOAD_REAL(fstatat);
PRELOAD_REAL(fstatat64);
PRELOAD_REAL(statx);
PRELOAD_REAL(__xstat);
PRELOAD_REAL(__xstat64);
PRELOAD_REAL(__lxstat);
PRELOAD_REAL(__lxstat64);
PRELOAD_REAL(__fxstatat);
PRELOAD_REAL(__fxstatat64);
PRELOAD_REAL(access);
PRELOAD_REAL(faccessat);
PRELOAD_REAL(rename);
PRELOAD_REAL(renameat);
PRELOAD_REAL(renameat2);
PRELOAD_REAL(link);
PRELOAD_REAL(linkat);
PRELOAD_REAL(unlink);
PRELOAD_REAL(unlinkat);
PRELOAD_REAL(remove);

/* --- Content ------------------------------------------------------------------------------------------------------ */

enum {
    WHOLE_MAX = 64 << 20,   /* files up to here are digested whole */
    ENDS_NBYTES = 16 << 20, /* of larger ones: the first and the last part … */
    N_SAMPLES = 64,         /* … and samples at even distances between them */
    SAMPLE_NBYTES = 64 << 10,
    BUFFER_NBYTES = 256 << 10,
};

/* What is known of a version of a file. */
struct content {
    dev_t device;
    ino_t inode;
    off_t nbytes;
    struct timespec modified;
    uint64_t digest[2];
};

enum { N_CONTENTS = 4096 };
static struct content contents[N_CONTENTS];
static atomic_flag contents_lock = ATOMIC_FLAG_INIT;

/* Never waits: a signal handler or a fork may have interrupted whoever holds it. */
static bool try_contents_lock(void)
{
    return !atomic_flag_test_and_set_explicit(&contents_lock, memory_order_acquire);
}

static void give_contents_lock(void)
{
    atomic_flag_clear_explicit(&contents_lock, memory_order_release);
}

static void free_contents_lock(struct preload_thread *self)
{
    (void)self;
    give_contents_lock(); /* its holder stayed in the parent */
}
PRELOAD_AT(PRELOAD_AFTER_FORK, free_contents_lock);

static struct content *slot_of(const struct stat *status)
{
    return &contents[((status->st_ino ^ status->st_dev << 20) * UINT64_C(0x9e3779b97f4a7c15)) >> 52];
}

static bool look_up_content(const struct stat *status, uint64_t digest[2])
{
    const struct content *content = slot_of(status);

    if (!try_contents_lock())
        return false;
    bool is_known = content->inode == status->st_ino && content->device == status->st_dev &&
                    content->nbytes == status->st_size && content->modified.tv_sec == status->st_mtim.tv_sec &&
                    content->modified.tv_nsec == status->st_mtim.tv_nsec && (content->digest[0] | content->digest[1]);
    if (is_known)
        memcpy(digest, content->digest, sizeof content->digest);
    give_contents_lock();
    return is_known;
}

static void remember_content(const struct stat *status, const uint64_t digest[2])
{
    if (!try_contents_lock())
        return;
    *slot_of(status) = (struct content){
        .device = status->st_dev,
        .inode = status->st_ino,
        .nbytes = status->st_size,
        .modified = status->st_mtim,
        .digest = {digest[0], digest[1]},
    };
    give_contents_lock();
}

/* One buffer is kept for all threads; who finds it taken maps one of its own. NULL when there is no memory. */
static _Atomic(char *) spare_buffer;

static char *take_buffer(void)
{
    char *buffer = atomic_exchange(&spare_buffer, NULL);

    if (!buffer)
        buffer = mmap(NULL, BUFFER_NBYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return buffer == MAP_FAILED ? NULL : buffer;
}

static void give_buffer(char *buffer)
{
    char *expected = NULL;

    if (buffer && !atomic_compare_exchange_strong(&spare_buffer, &expected, buffer))
        munmap(buffer, BUFFER_NBYTES);
}

static bool digest_part(struct digest_state *state, int descriptor, char *buffer, off_t from, off_t nbytes)
{
    while (nbytes > 0) {
        ssize_t n = pread(descriptor, buffer, nbytes < BUFFER_NBYTES ? (size_t)nbytes : BUFFER_NBYTES, from);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break; /* it has become shorter: what is there is what counts */
        digest_add(state, buffer, (size_t)n);
        from += n;
        nbytes -= n;
    }
    return true;
}

static bool digest_file(int descriptor, const struct stat *status, char *buffer, uint64_t digest[2])
{
    struct digest_state state;
    off_t nbytes = status->st_size;

    digest_start(&state);
    if (nbytes <= WHOLE_MAX) {
        if (!digest_part(&state, descriptor, buffer, 0, nbytes))
            return false;
    } else {
        off_t between = nbytes - 2 * ENDS_NBYTES, step = between / N_SAMPLES;
        digest_add_u64(&state, (uint64_t)nbytes);
        if (!digest_part(&state, descriptor, buffer, 0, ENDS_NBYTES))
            return false;
        for (int i = 0; i < N_SAMPLES; i++)
            if (!digest_part(&state, descriptor, buffer, ENDS_NBYTES + i * step, SAMPLE_NBYTES))
                return false;
        if (!digest_part(&state, descriptor, buffer, nbytes - ENDS_NBYTES, ENDS_NBYTES))
            return false;
    }
    digest128_end(&state, digest);
    return true;
}

/* Fills in size, digest and flags of an event for an open regular file. */
static void describe_content(int descriptor, const struct stat *status, struct oneseed_event *event)
{
    event->bytes = (uint64_t)status->st_size;
    if (status->st_size > WHOLE_MAX)
        event->flags |= ONESEED_FLAG_TRUNCATED;
    if (look_up_content(status, event->out))
        return;
    char *buffer = take_buffer();
    if (buffer && digest_file(descriptor, status, buffer, event->out))
        remember_content(status, event->out);
    else
        event->flags |= ONESEED_FLAG_UNDIGESTED;
    give_buffer(buffer);
}

/* --- Events ------------------------------------------------------------------------------------------------------- */

/* A first look at a path as it was given. It spares the rest for most, and with it the large frames: programs open
 * /proc/self/maps from a handler of a fault, on a stack of a few KiB. */
static bool may_be_users(const char *path)
{
    MAY_BE_NULL(path);
    return path && path[0] && !(path[0] == '/' && path_is_library(path));
}

/* Absolute path of a file that matters. */
static bool is_users(int folder, const char *path, char absolute[PATH_NBYTES])
{
    return path_absolute(folder, path, absolute) && !path_is_library(absolute);
}

static void emit_file(struct preload_thread *self, uint64_t site, uint64_t name, unsigned flags)
{
    struct oneseed_event event = {
        .kind = ONESEED_EVENT_FILE,
        .flags = (uint8_t)flags,
        .site = site,
        .name = name,
    };
    preload_emit(self, &event);
}

/* An interpreter probes many paths while it starts and imports, packages look for their caches and for what is
 * installed: only the user's own question, through the standard library at most, is an event. */
static bool is_asked(uint64_t site)
{
    return !python_present() || (site != 0 && site_traits(site) == 0);
}

/* A file was opened, or could not be because it is not there. */
static __attribute__((noinline)) void opened(struct preload_thread *self, int descriptor, int folder, const char *path,
                                             int flags, void *return_address)
{
    char absolute[PATH_NBYTES];
    struct stat status;
    bool is_missing = descriptor < 0;
    int access_mode = flags & O_ACCMODE;

    if ((flags & O_PATH) || !is_users(folder, path, absolute))
        return;
    if (is_missing) {
        uint64_t site = path_is_code(absolute) ? 0 : preload_site(return_address);
        if (!path_is_code(absolute) && (is_asked(site) || site_traits(site) == SITE_OF_PACKAGE))
            emit_file(self, site, path_name(absolute), ONESEED_FLAG_MISSING);
        return;
    }
    if (path_is_binary(absolute) || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
        (flags & O_TMPFILE) == O_TMPFILE)
        return;
    uint64_t site = preload_site(return_address), name = path_name(absolute);
    if (access_mode != O_WRONLY && !(flags & (O_TRUNC | O_EXCL))) {
        struct oneseed_event event = {.kind = ONESEED_EVENT_FILE, .site = site, .name = name};
        describe_content(descriptor, &status, &event);
        preload_emit(self, &event);
    }
    if (access_mode != O_RDONLY)
        emit_file(self, site, name, ONESEED_FLAG_WRITTEN);
}

static int was_opened(int descriptor, int folder, const char *path, int flags, void *return_address)
{
    int saved_errno = errno;
    struct preload_thread *self = descriptor >= 0 || saved_errno == ENOENT ? preload_enter() : NULL;

    if (self) {
        bool is_entropy = descriptor >= 0 && entropy_opened(descriptor, path);
        if (!is_entropy && preload_recording() && may_be_users(path))
            opened(self, descriptor, folder, path, flags, return_address);
        preload_leave(self);
    }
    errno = saved_errno;
    return descriptor;
}

/* --- Opening ------------------------------------------------------------------------------------------------------ */

static bool has_mode(int flags)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

#define TAKE_MODE(flags, mode)                                                                                         \
    mode_t mode = 0;                                                                                                   \
    if (has_mode(flags)) {                                                                                             \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode = va_arg(arguments, mode_t);                                                                              \
        va_end(arguments);                                                                                             \
    }

PRELOAD_EXPORT int open(const char *path, int flags, ...)
{
    TAKE_MODE(flags, mode)
    return was_opened(REAL(open)(path, flags, mode), AT_FDCWD, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int open64(const char *path, int flags, ...)
{
    TAKE_MODE(flags, mode)
    return was_opened(REAL(open64)(path, flags, mode), AT_FDCWD, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int openat(int folder, const char *path, int flags, ...)
{
    TAKE_MODE(flags, mode)
    return was_opened(REAL(openat)(folder, path, flags, mode), folder, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int openat64(int folder, const char *path, int flags, ...)
{
    TAKE_MODE(flags, mode)
    return was_opened(REAL(openat64)(folder, path, flags, mode), folder, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __open_2(const char *path, int flags)
{
    return was_opened(REAL(__open_2)(path, flags), AT_FDCWD, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __open64_2(const char *path, int flags)
{
    return was_opened(REAL(__open64_2)(path, flags), AT_FDCWD, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __openat_2(int folder, const char *path, int flags)
{
    return was_opened(REAL(__openat_2)(folder, path, flags), folder, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __openat64_2(int folder, const char *path, int flags)
{
    return was_opened(REAL(__openat64_2)(folder, path, flags), folder, path, flags, PRELOAD_CALLER);
}

PRELOAD_EXPORT int creat(const char *path, mode_t mode)
{
    return was_opened(REAL(creat)(path, mode), AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, PRELOAD_CALLER);
}

PRELOAD_EXPORT int creat64(const char *path, mode_t mode)
{
    return was_opened(REAL(creat64)(path, mode), AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, PRELOAD_CALLER);
}

/* Flags of open() for a mode of fopen() (POSIX, fopen). */
static int flags_of_mode(const char *mode)
{
    int flags = mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT | O_APPEND : 0;

    if (strchr(mode, '+'))
        return flags | O_RDWR;
    return flags | (mode[0] == 'r' ? O_RDONLY : O_WRONLY);
}

static FILE *was_fopened(FILE *stream, const char *path, const char *mode, void *return_address)
{
    int saved_errno = errno;
    int descriptor = stream ? fileno(stream) : -1;

    errno = saved_errno;
    if (path && mode)
        was_opened(descriptor, AT_FDCWD, path, flags_of_mode(mode), return_address);
    return stream;
}

PRELOAD_EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
    return was_fopened(REAL(fopen)(path, mode), path, mode, PRELOAD_CALLER);
}

PRELOAD_EXPORT FILE *fopen64(const char *restrict path, const char *restrict mode)
{
    return was_fopened(REAL(fopen64)(path, mode), path, mode, PRELOAD_CALLER);
}

PRELOAD_EXPORT FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict stream)
{
    return was_fopened(REAL(freopen)(path, mode, stream), path, mode, PRELOAD_CALLER);
}

PRELOAD_EXPORT FILE *freopen64(const char *restrict path, const char *restrict mode, FILE *restrict stream)
{
    return was_fopened(REAL(freopen64)(path, mode, stream), path, mode, PRELOAD_CALLER);
}

/* --- Looking whether a file is there ------------------------------------------------------------------------------ */

/* Questions with the same answer from the same site are one event: programs poll. The set forgets; an event too many is
 * harmless, since it is the same in every run. */
static bool is_new_question(struct preload_thread *self, uint64_t site, uint64_t name, unsigned flags)
{
    uint64_t question = (site ^ name * UINT64_C(0x9e3779b97f4a7c15)) + flags;
    uint64_t *asked = lanes_questions(self);
    uint64_t *slot = asked ? &asked[question % N_QUESTIONS] : NULL;

    if (!slot || *slot == question)
        return false;
    *slot = question;
    return true;
}

static __attribute__((noinline)) void looked(struct preload_thread *self, bool is_missing, int folder, const char *path,
                                             void *return_address)
{
    char absolute[PATH_NBYTES];
    unsigned flags = is_missing ? ONESEED_FLAG_MISSING : ONESEED_FLAG_UNDIGESTED;

    if (path_is_code(path) || !is_users(folder, path, absolute))
        return;
    uint64_t site = preload_site(return_address);
    if (!is_asked(site))
        return;
    uint64_t name = path_name(absolute);
    if (is_new_question(self, site, name, flags))
        emit_file(self, site, name, flags);
}

static int was_looked_for(int result, int folder, const char *path, void *return_address)
{
    int saved_errno = errno;
    struct preload_thread *self;

    if (!preload_recording() || !may_be_users(path) || (result != 0 && saved_errno != ENOENT && saved_errno != ENOTDIR))
        return result;
    self = preload_enter();
    if (self) {
        looked(self, result != 0, folder, path, return_address);
        preload_leave(self);
    }
    errno = saved_errno;
    return result;
}

PRELOAD_EXPORT int stat(const char *restrict path, struct stat *restrict status)
{
    return was_looked_for(REAL(stat)(path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int stat64(const char *restrict path, struct stat64 *restrict status)
{
    return was_looked_for(REAL(stat64)(path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int lstat(const char *restrict path, struct stat *restrict status)
{
    return was_looked_for(REAL(lstat)(path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int lstat64(const char *restrict path, struct stat64 *restrict status)
{
    return was_looked_for(REAL(lstat64)(path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int fstatat(int folder, const char *restrict path, struct stat *restrict status, int flags)
{
    return was_looked_for(REAL(fstatat)(folder, path, status, flags), folder, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int fstatat64(int folder, const char *restrict path, struct stat64 *restrict status, int flags)
{
    return was_looked_for(REAL(fstatat64)(folder, path, status, flags), folder, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict status)
{
    return was_looked_for(REAL(statx)(folder, path, flags, mask, status), folder, path, PRELOAD_CALLER);
}

/* What programs built against glibc before 2.33 call. */
PRELOAD_EXPORT int __xstat(int version, const char *path, struct stat *status)
{
    return was_looked_for(REAL(__xstat)(version, path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __xstat64(int version, const char *path, struct stat64 *status)
{
    return was_looked_for(REAL(__xstat64)(version, path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __lxstat(int version, const char *path, struct stat *status)
{
    return was_looked_for(REAL(__lxstat)(version, path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __lxstat64(int version, const char *path, struct stat64 *status)
{
    return was_looked_for(REAL(__lxstat64)(version, path, status), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __fxstatat(int version, int folder, const char *path, struct stat *status, int flags)
{
    return was_looked_for(REAL(__fxstatat)(version, folder, path, status, flags), folder, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int __fxstatat64(int version, int folder, const char *path, struct stat64 *status, int flags)
{
    return was_looked_for(REAL(__fxstatat64)(version, folder, path, status, flags), folder, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int access(const char *path, int mode)
{
    return was_looked_for(REAL(access)(path, mode), AT_FDCWD, path, PRELOAD_CALLER);
}

PRELOAD_EXPORT int faccessat(int folder, const char *path, int mode, int flags)
{
    return was_looked_for(REAL(faccessat)(folder, path, mode, flags), folder, path, PRELOAD_CALLER);
}

/* --- New names, no names ------------------------------------------------------------------------------------------ */

static __attribute__((noinline)) void changed(struct preload_thread *self, int folder, const char *path, unsigned flags,
                                              void *return_address)
{
    char absolute[PATH_NBYTES];

    if (is_users(folder, path, absolute))
        emit_file(self, preload_site(return_address), path_name(absolute), flags);
}

/* A name that was given to a file which is there already: an atomic save ends so. */
static int was_named(int result, int folder, const char *path, void *return_address)
{
    int saved_errno = errno;
    struct preload_thread *self = result == 0 && preload_recording() && may_be_users(path) ? preload_enter() : NULL;

    if (self) {
        changed(self, folder, path, ONESEED_FLAG_WRITTEN, return_address);
        preload_leave(self);
    }
    errno = saved_errno;
    return result;
}

PRELOAD_EXPORT int rename(const char *from, const char *to)
{
    return was_named(REAL(rename)(from, to), AT_FDCWD, to, PRELOAD_CALLER);
}

PRELOAD_EXPORT int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return was_named(REAL(renameat)(from_folder, from, to_folder, to), to_folder, to, PRELOAD_CALLER);
}

PRELOAD_EXPORT int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    return was_named(REAL(renameat2)(from_folder, from, to_folder, to, flags), to_folder, to, PRELOAD_CALLER);
}

PRELOAD_EXPORT int link(const char *from, const char *to)
{
    return was_named(REAL(link)(from, to), AT_FDCWD, to, PRELOAD_CALLER);
}

PRELOAD_EXPORT int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return was_named(REAL(linkat)(from_folder, from, to_folder, to, flags), to_folder, to, PRELOAD_CALLER);
}

/* A removed name must be made before the file goes: its age says whether it is temporary. */
static __attribute__((noinline)) uint64_t name_of_users(int folder, const char *path)
{
    char absolute[PATH_NBYTES];
    return is_users(folder, path, absolute) ? path_name(absolute) : 0;
}

static uint64_t name_before_removal(int folder, const char *path)
{
    int saved_errno = errno;
    uint64_t name = 0;
    struct preload_thread *self = preload_recording() && may_be_users(path) ? preload_enter() : NULL;

    if (self) {
        name = name_of_users(folder, path);
        preload_leave(self);
    }
    errno = saved_errno;
    return name;
}

static int was_removed(int result, uint64_t name, void *return_address)
{
    int saved_errno = errno;
    struct preload_thread *self = result == 0 && name ? preload_enter() : NULL;

    if (self) {
        emit_file(self, preload_site(return_address), name, ONESEED_FLAG_WRITTEN | ONESEED_FLAG_MISSING);
        preload_leave(self);
    }
    errno = saved_errno;
    return result;
}

PRELOAD_EXPORT int unlink(const char *path)
{
    uint64_t name = name_before_removal(AT_FDCWD, path);
    return was_removed(REAL(unlink)(path), name, PRELOAD_CALLER);
}

PRELOAD_EXPORT int unlinkat(int folder, const char *path, int flags)
{
    uint64_t name = name_before_removal(folder, path);
    return was_removed(REAL(unlinkat)(folder, path, flags), name, PRELOAD_CALLER);
}

PRELOAD_EXPORT int remove(const char *path)
{
    uint64_t name = name_before_removal(AT_FDCWD, path);
    return was_removed(REAL(remove)(path), name, PRELOAD_CALLER);
}
