/* sources.h - what the hooks on sources of difference share: who calls, what a path is, what a descriptor is.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PRELOAD_SOURCES_H
#define ONESEED_PRELOAD_SOURCES_H

#include <stdbool.h>   /* bool */
#include <stddef.h>    /* size_t */
#include <stdint.h>    /* uint64_t */
#include <sys/types.h> /* ssize_t */

#include "launch/preload/preload.h" /* struct preload_thread */

/* Before a check for NULL: the headers of the C library promise that it never comes, the compiler believes them, and
 * programs pass it all the same. */
#define MAY_BE_NULL(pointer) __asm__("" : "+r"(pointer))

/* --- callers.c: who calls ----------------------------------------------------------------------------------------- */

enum caller_kind {
    CALLER_PROGRAM = 1, /* the executable, or a shared object outside of the library folders */
    CALLER_PYTHON,      /* CPython itself */
    CALLER_EXTENSION,   /* an extension module of CPython */
    CALLER_LIBRARY,     /* another shared object in a library folder */
};
enum caller_kind caller_kind(const void *return_address);

/* True when `return_address` lies in a shared object whose file name begins with one of `prefixes` (NULL at the end). */
bool caller_is_module(const void *return_address, const char *const *prefixes);

/* May the site source be asked, which may take the GIL? When this thread has it, or CPython itself has let go of it for
 * the call and takes it again right after. Elsewhere the caller may hold a lock that a thread with the GIL waits for. */
bool caller_may_be_asked(const void *return_address);

/* What is known of a site in Python: bits of these. */
enum {
    SITE_OF_IMPORT = 1,    /* the import system calls, for an import statement there */
    SITE_OF_PACKAGE = 2,   /* an installed package calls, for the user's line */
    SITE_WITHOUT_USER = 4, /* no frame of the user's is on the stack */
};
unsigned site_traits(uint64_t site);

bool python_present(void);          /* an interpreter is linked into this process */
bool python_initialised(void);      /* and it runs Python code */
bool python_gil_held(void);         /* by this thread */
unsigned long python_version(void); /* as PY_VERSION_HEX, from 3.11 on; before, and without an interpreter, 0 */

/* The function `name` for a caller that sees a library which the search order behind us does not have (libstdc++ loaded by
 * dlopen(RTLD_LOCAL)): looked up among the caller's own libraries. NULL when there is none. */
preload_function caller_real(struct preload_real *real, void *return_address);

/* --- paths.c: what a path is -------------------------------------------------------------------------------------- */

enum { PATH_NBYTES = 4096 };

/* Absolute path without `.`, `..` and `//`, symbolic links as they are. False when it is too long or has no folder. */
bool path_absolute(int folder_descriptor, const char *path, char out[PATH_NBYTES]);
/* Path of an open descriptor. */
bool path_of_descriptor(int descriptor, char out[PATH_NBYTES]);
/* Files and folders that belong to the system, an interpreter or an installed library, or to oneseed. */
bool path_is_library(const char *path);
/* Python source and byte code, shared objects: what importing looks for. */
bool path_is_code(const char *path);
/* Compiled code: it says nothing that its source does not. */
bool path_is_binary(const char *path);
/* Interned name of an absolute path for an event. What this run made below a temporary folder, and all that is in it, has
 * the folder's name with a `*`: such names are random and mean nothing. */
uint64_t path_name(const char *absolute);

/* --- descriptors.c: what a descriptor is -------------------------------------------------------------------------- */

enum descriptor_class {
    DESCRIPTOR_PLAIN = 0,
    DESCRIPTOR_ENTROPY,        /* /dev/urandom, /dev/random, /dev/hwrng */
    DESCRIPTOR_STDOUT,         /* standard output of this process, or a copy of it */
    DESCRIPTOR_TIMER_REALTIME, /* timerfd on the wall clock */
};

enum { DESCRIPTORS_MAX = 65536 };
extern _Atomic uint8_t descriptor_classes[DESCRIPTORS_MAX];

static inline enum descriptor_class descriptor_class(int descriptor)
{
    if ((unsigned)descriptor >= DESCRIPTORS_MAX)
        return DESCRIPTOR_PLAIN;
    return (enum descriptor_class)atomic_load_explicit(&descriptor_classes[descriptor], memory_order_relaxed);
}
void descriptor_set(int descriptor, enum descriptor_class class);

/* --- entropy.c ---------------------------------------------------------------------------------------------------- */

/* Notes a descriptor that was opened at `path` (any file); true when it is a source of entropy. */
bool entropy_opened(int descriptor, const char *path);
/* A read of a descriptor of class DESCRIPTOR_ENTROPY has given these bytes: records them, replaces them under control. */
void entropy_was_read(struct preload_thread *self, int descriptor, void *bytes, size_t nbytes, void *return_address);
/* The same for bytes of known origin. `owner` NULL: the owner is found out. True when the bytes were replaced. */
bool entropy_given(struct preload_thread *self, const char *name, const char *owner, void *bytes, size_t nbytes,
                   void *return_address);

#endif
