/* descriptors.c - what the open descriptors are: kept up to date through dup, fcntl and close.
 * SPDX-License-Identifier: MIT */
#include "launch/preload/sources.h" /* descriptor_set */

#include <fcntl.h>  /* fcntl, F_DUPFD */
#include <stdarg.h> /* va_arg */
#include <unistd.h> /* dup, close */

#include "launch/preload/frame.h" /* preload_process.pid, raw_getpid */

_Atomic uint8_t descriptor_classes[DESCRIPTORS_MAX];

PRELOAD_REAL(close);
PRELOAD_REAL(dup);
PRELOAD_REAL(dup2);
PRELOAD_REAL(dup3);
PRELOAD_REAL(fcntl);
PRELOAD_REAL(fcntl64);

/* A vfork() child shares this table but not the descriptors: what it closes stays open here. */
void descriptor_set(int descriptor, enum descriptor_class class)
{
    if ((unsigned)descriptor < DESCRIPTORS_MAX && descriptor_class(descriptor) != class &&
        raw_getpid() == preload_process.pid)
        atomic_store_explicit(&descriptor_classes[descriptor], (uint8_t) class, memory_order_relaxed);
}

static void know_stdout(struct preload_thread *self)
{
    (void)self;
    descriptor_set(STDOUT_FILENO, DESCRIPTOR_STDOUT);
}
PRELOAD_AT(PRELOAD_INIT, know_stdout);

PRELOAD_EXPORT int close(int descriptor)
{
    descriptor_set(descriptor, DESCRIPTOR_PLAIN);
    return REAL(close)(descriptor);
}

static int copied(int from, int to)
{
    if (to >= 0)
        descriptor_set(to, descriptor_class(from));
    return to;
}

PRELOAD_EXPORT int dup(int descriptor)
{
    return copied(descriptor, REAL(dup)(descriptor));
}

PRELOAD_EXPORT int dup2(int from, int to)
{
    return copied(from, REAL(dup2)(from, to));
}

PRELOAD_EXPORT int dup3(int from, int to, int flags)
{
    return copied(from, REAL(dup3)(from, to, flags));
}

/* The third argument is an int, a pointer or absent: a pointer carries all of them. */
PRELOAD_EXPORT int fcntl(int descriptor, int command, ...)
{
    va_list arguments;

    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    int result = REAL(fcntl)(descriptor, command, argument);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? copied(descriptor, result) : result;
}

PRELOAD_EXPORT int fcntl64(int descriptor, int command, ...)
{
    va_list arguments;

    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    int result = REAL(fcntl64)(descriptor, command, argument);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? copied(descriptor, result) : result;
}
