/* entropy.c - random bytes of the operating system: recorded, and seeded under the control `os-entropy`.
 * SPDX-License-Identifier: MIT
 *
 * The real source is always asked first, so that errors, interruptions and short reads stay what they are; only then are
 * the bytes replaced. The C library's own use of random bytes does not pass here, nor do raw system calls. */
#undef _FORTIFY_SOURCE /* its inline definitions would stand in the way of ours */

#include "launch/preload/sources.h" /* entropy_opened */

#include <fcntl.h>         /* AT_FDCWD */
#include <stdio.h>         /* fread, fileno */
#include <stdlib.h>        /* arc4random */
#include <string.h>        /* memcpy, strcmp */
#include <sys/auxv.h>      /* getauxval */
#include <sys/random.h>    /* getrandom */
#include <sys/stat.h>      /* fstat */
#include <sys/sysmacros.h> /* major, minor */
#include <sys/uio.h>       /* readv */
#include <unistd.h>        /* read, pread, getentropy */

#include "launch/preload/frame.h" /* preload_process.images */

#undef fread_unlocked /* a macro in glibc */

/* Prototypes of what not every libc declares. */
extern uint32_t arc4random(void);
extern void arc4random_buf(void *bytes, size_t nbytes);
extern uint32_t arc4random_uniform(uint32_t limit);
extern ssize_t __read_chk(int descriptor, void *bytes, size_t nbytes, size_t room);
extern ssize_t __pread_chk(int descriptor, void *bytes, size_t nbytes, off_t offset, size_t room);
extern ssize_t __pread64_chk(int descriptor, void *bytes, size_t nbytes, off64_t offset, size_t room);
extern size_t __fread_chk(void *bytes, size_t room, size_t size, size_t n, FILE *stream);

PRELOAD_REAL(getrandom);
PRELOAD_REAL(getentropy);
PRELOAD_REAL(arc4random_buf);
PRELOAD_REAL(read);
PRELOAD_REAL(pread);
PRELOAD_REAL(pread64);
PRELOAD_REAL(readv);
PRELOAD_REAL(fread);
PRELOAD_REAL(fread_unlocked);
PRELOAD_REAL(__read_chk);
PRELOAD_REAL(__pread_chk);
PRELOAD_REAL(__pread64_chk);
PRELOAD_REAL(__fread_chk);

static bool seeded;                    /* the control is on */
static _Atomic bool any_device_opened; /* spares fread() the question for its descriptor */
static __thread uint64_t n_blocks __attribute__((tls_model("initial-exec"))); /* of seeded bytes given to this thread */

static void look_up_control(struct preload_thread *self)
{
    (void)self;
    seeded = preload_control("os-entropy");
    if (seeded && getauxval(AT_SECURE)) {
        seeded = false;
        preload_note("os-entropy: refused in a program that runs with other rights than its caller's");
    }
}
PRELOAD_AT(PRELOAD_INIT, look_up_control);

static void begin_stream(struct preload_thread *self)
{
    (void)self;
    n_blocks = 0;
}
PRELOAD_AT(PRELOAD_AFTER_FORK, begin_stream);

/* Block k of 8 bytes is preload_derive("os.entropy <lane>+<execs>", k), least significant byte first; each call begins a
 * block. By the lane, not by the seed path alone: no two threads or processes may ever be given the same bytes. */
static void fill_seeded(struct preload_thread *self, unsigned char *bytes, size_t nbytes)
{
    char what[LANE_NBYTES + THREAD_NBYTES + 32];

    snprintf(what, sizeof what, "os.entropy %s+%u", preload_lane(self), preload_process.images);
    for (size_t i = 0; i < nbytes; i += 8) {
        uint64_t block = preload_derive(what, n_blocks++);
        for (size_t j = i; j < nbytes && j < i + 8; j++, block >>= 8)
            bytes[j] = (unsigned char)block;
    }
}

/* The known generator for which these bytes are; NULL when the program asked for itself. */
static const char *find_owner(const struct preload_thread *self, const void *return_address)
{
    static const char *const torch[] = {"libtorch", "libc10", NULL};

    if (self->entropy_owner)
        return self->entropy_owner;
    if (python_present() && !python_initialised() && caller_kind(return_address) == CALLER_PYTHON)
        return "python.hash"; /* the hash secret is made before the interpreter is ready */
    if (caller_is_module(return_address, torch))
        return "torch.default";
    return NULL;
}

bool entropy_given(struct preload_thread *self, const char *name, const char *owner, void *bytes, size_t nbytes,
                   void *return_address)
{
    int saved_errno = errno;
    struct oneseed_event event = {.kind = ONESEED_EVENT_ENTROPY, .bytes = nbytes};
    bool replaced;

    if (!owner)
        owner = find_owner(self, return_address);
    replaced = seeded && !owner;
    if (replaced)
        fill_seeded(self, bytes, nbytes);
    if (preload_recording()) {
        event.name = preload_intern(name, strlen(name));
        event.generator = owner ? preload_intern(owner, strlen(owner)) : 0;
        event.site = preload_site(return_address);
        preload_digest(bytes, nbytes, event.out);
        preload_emit(self, &event);
    }
    errno = saved_errno;
    return replaced;
}

/* --- Calls -------------------------------------------------------------------------------------------------------- */

PRELOAD_EXPORT ssize_t getrandom(void *bytes, size_t nbytes, unsigned flags)
{
    struct preload_thread *self = preload_enter();
    ssize_t n = REAL(getrandom)(bytes, nbytes, flags);

    if (!self)
        return n;
    if (n > 0)
        entropy_given(self, "getrandom", NULL, bytes, (size_t)n, PRELOAD_CALLER);
    preload_leave(self);
    return n;
}

PRELOAD_EXPORT int getentropy(void *bytes, size_t nbytes)
{
    struct preload_thread *self = preload_enter();
    int result = REAL(getentropy)(bytes, nbytes);

    if (!self)
        return result;
    if (result == 0)
        entropy_given(self, "getentropy", NULL, bytes, nbytes, PRELOAD_CALLER);
    preload_leave(self);
    return result;
}

/* arc4random() of the C library (glibc from 2.36) or of libbsd. Where there is none, a program that found ours by dlsym()
 * still gets random bytes. */
static void fill_real(void *bytes, size_t nbytes)
{
    unsigned char *out = bytes;

    if (PRELOAD_HAS(arc4random_buf)) {
        REAL(arc4random_buf)(bytes, nbytes);
        return;
    }
    while (nbytes > 0) {
        ssize_t n = REAL(getrandom)(out, nbytes, 0);
        if (n > 0) {
            out += n;
            nbytes -= (size_t)n;
        }
    }
}

PRELOAD_EXPORT uint32_t arc4random(void)
{
    struct preload_thread *self = preload_enter();
    uint32_t value;

    fill_real(&value, sizeof value);
    if (!self)
        return value;
    entropy_given(self, "arc4random", NULL, &value, sizeof value, PRELOAD_CALLER);
    preload_leave(self);
    return value;
}

PRELOAD_EXPORT void arc4random_buf(void *bytes, size_t nbytes)
{
    struct preload_thread *self = preload_enter();

    fill_real(bytes, nbytes);
    if (!self)
        return;
    entropy_given(self, "arc4random_buf", NULL, bytes, nbytes, PRELOAD_CALLER);
    preload_leave(self);
}

/* From 64 bits: their remainder is even to one part in 2^32. */
PRELOAD_EXPORT uint32_t arc4random_uniform(uint32_t limit)
{
    struct preload_thread *self = preload_enter();
    uint64_t bits;

    fill_real(&bits, sizeof bits);
    if (self) {
        entropy_given(self, "arc4random_uniform", NULL, &bits, sizeof bits, PRELOAD_CALLER);
        preload_leave(self);
    }
    return limit < 2 ? 0 : (uint32_t)(bits % limit);
}

/* --- Devices ------------------------------------------------------------------------------------------------------ */

static const char *device_name(const char *path)
{
    static const char *const names[] = {"/dev/urandom", "/dev/random", "/dev/hwrng"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(path, names[i]) == 0)
            return names[i];
    return NULL;
}

bool entropy_opened(int descriptor, const char *path)
{
    bool is_device = path[0] == '/' && path[1] == 'd' && device_name(path);

    descriptor_set(descriptor, is_device ? DESCRIPTOR_ENTROPY : DESCRIPTOR_PLAIN);
    if (is_device)
        atomic_store_explicit(&any_device_opened, true, memory_order_relaxed);
    return is_device;
}

/* Name by device number (include/uapi/linux, drivers/char/mem.c): 1:8 random, 1:9 urandom, 10:183 hwrng. NULL when the
 * descriptor was closed and opened anew behind our back. */
static const char *verify_device(int descriptor)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0 || !S_ISCHR(status.st_mode))
        return NULL;
    if (status.st_rdev == makedev(1, 9))
        return "/dev/urandom";
    if (status.st_rdev == makedev(1, 8))
        return "/dev/random";
    return status.st_rdev == makedev(10, 183) ? "/dev/hwrng" : NULL;
}

void entropy_was_read(struct preload_thread *self, int descriptor, void *bytes, size_t nbytes, void *return_address)
{
    int saved_errno = errno;
    const char *name = verify_device(descriptor);

    if (name)
        entropy_given(self, name, NULL, bytes, nbytes, return_address);
    else
        descriptor_set(descriptor, DESCRIPTOR_PLAIN);
    errno = saved_errno;
}

/* After a read of any descriptor. Costs one byte looked at when the descriptor is no device. */
static inline ssize_t was_read(int descriptor, void *bytes, ssize_t n, void *return_address)
{
    if (descriptor_class(descriptor) != DESCRIPTOR_ENTROPY || n <= 0)
        return n;
    struct preload_thread *self = preload_enter();
    if (self) {
        entropy_was_read(self, descriptor, bytes, (size_t)n, return_address);
        preload_leave(self);
    }
    return n;
}

PRELOAD_EXPORT ssize_t read(int descriptor, void *bytes, size_t nbytes)
{
    return was_read(descriptor, bytes, REAL(read)(descriptor, bytes, nbytes), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t __read_chk(int descriptor, void *bytes, size_t nbytes, size_t room)
{
    return was_read(descriptor, bytes, REAL(__read_chk)(descriptor, bytes, nbytes, room), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t pread(int descriptor, void *bytes, size_t nbytes, off_t offset)
{
    return was_read(descriptor, bytes, REAL(pread)(descriptor, bytes, nbytes, offset), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t pread64(int descriptor, void *bytes, size_t nbytes, off64_t offset)
{
    return was_read(descriptor, bytes, REAL(pread64)(descriptor, bytes, nbytes, offset), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t __pread_chk(int descriptor, void *bytes, size_t nbytes, off_t offset, size_t room)
{
    return was_read(descriptor, bytes, REAL(__pread_chk)(descriptor, bytes, nbytes, offset, room), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t __pread64_chk(int descriptor, void *bytes, size_t nbytes, off64_t offset, size_t room)
{
    return was_read(descriptor, bytes, REAL(__pread64_chk)(descriptor, bytes, nbytes, offset, room), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t readv(int descriptor, const struct iovec *parts, int n_parts)
{
    ssize_t n = REAL(readv)(descriptor, parts, n_parts);

    if (descriptor_class(descriptor) == DESCRIPTOR_ENTROPY)
        for (ssize_t i = 0, left = n; i < n_parts && left > 0; left -= (ssize_t)parts[i++].iov_len)
            was_read(descriptor, parts[i].iov_base, left < (ssize_t)parts[i].iov_len ? left : (ssize_t)parts[i].iov_len,
                     PRELOAD_CALLER);
    return n;
}

/* stdio reads inside the C library, where no hook stands: what it gives out is what counts. */
static size_t was_fread(FILE *stream, void *bytes, size_t size, size_t n, void *return_address)
{
    if (n > 0 && atomic_load_explicit(&any_device_opened, memory_order_relaxed)) {
        int saved_errno = errno;
        was_read(fileno(stream), bytes, (ssize_t)(size * n), return_address);
        errno = saved_errno;
    }
    return n;
}

PRELOAD_EXPORT size_t fread(void *bytes, size_t size, size_t n, FILE *stream)
{
    return was_fread(stream, bytes, size, REAL(fread)(bytes, size, n, stream), PRELOAD_CALLER);
}

PRELOAD_EXPORT size_t fread_unlocked(void *bytes, size_t size, size_t n, FILE *stream)
{
    return was_fread(stream, bytes, size, REAL(fread_unlocked)(bytes, size, n, stream), PRELOAD_CALLER);
}

PRELOAD_EXPORT size_t __fread_chk(void *bytes, size_t room, size_t size, size_t n, FILE *stream)
{
    return was_fread(stream, bytes, size, REAL(__fread_chk)(bytes, room, size, n, stream), PRELOAD_CALLER);
}
