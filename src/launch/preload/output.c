/* output.c - what the process writes to its standard output through write(2).
 * SPDX-License-Identifier: MIT
 *
 * stdio writes from inside the C library, where no hook stands: a C program's printf() is not seen here. What the command
 * as a whole printed is captured and compared by the tool. */
#undef _FORTIFY_SOURCE /* its inline definitions would stand in the way of ours */

#include "launch/preload/sources.h" /* descriptor_class */

#include <sys/uio.h> /* writev */
#include <unistd.h>  /* write */

#include "common/digest.h" /* digest_state */

PRELOAD_REAL(write);
PRELOAD_REAL(writev);
PRELOAD_REAL(pwrite);
PRELOAD_REAL(pwrite64);

/* The first n bytes of the parts have been written. */
static void written(struct preload_thread *self, const struct iovec *parts, size_t n, void *return_address)
{
    struct digest_state state;
    struct oneseed_event event = {
        .kind = ONESEED_EVENT_OUTPUT,
        .site = preload_site(return_address),
        .name = PRELOAD_INTERN("stdout"),
        .bytes = n,
    };

    digest_start(&state);
    for (size_t left = n; left > 0; parts++) {
        size_t nbytes = left < parts->iov_len ? left : parts->iov_len;
        digest_add(&state, parts->iov_base, nbytes);
        left -= nbytes;
    }
    digest128_end(&state, event.out);
    preload_emit(self, &event);
}

static ssize_t was_written(int descriptor, const struct iovec *parts, ssize_t n, void *return_address)
{
    struct preload_thread *self;

    if (descriptor_class(descriptor) != DESCRIPTOR_STDOUT || n <= 0 || !preload_recording())
        return n;
    self = preload_enter();
    if (self) {
        int saved_errno = errno;
        written(self, parts, (size_t)n, return_address);
        preload_leave(self);
        errno = saved_errno;
    }
    return n;
}

PRELOAD_EXPORT ssize_t write(int descriptor, const void *bytes, size_t nbytes)
{
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = nbytes};
    return was_written(descriptor, &part, REAL(write)(descriptor, bytes, nbytes), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t pwrite(int descriptor, const void *bytes, size_t nbytes, off_t offset)
{
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = nbytes};
    return was_written(descriptor, &part, REAL(pwrite)(descriptor, bytes, nbytes, offset), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t pwrite64(int descriptor, const void *bytes, size_t nbytes, off64_t offset)
{
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = nbytes};
    return was_written(descriptor, &part, REAL(pwrite64)(descriptor, bytes, nbytes, offset), PRELOAD_CALLER);
}

PRELOAD_EXPORT ssize_t writev(int descriptor, const struct iovec *parts, int n_parts)
{
    return was_written(descriptor, parts, REAL(writev)(descriptor, parts, n_parts), PRELOAD_CALLER);
}
