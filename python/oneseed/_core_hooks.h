/* _core_hooks.h - stands in front of functions that are written in C, without anything that a program could see.
 * SPDX-License-Identifier: MIT
 *
 * A builtin function or method reads its C function from a PyMethodDef at each call. Changing `ml_meth` there catches
 * every call, also through names that were bound before (`from random import random`), and leaves type, name, repr,
 * signature and identity as they are. */
#ifndef ONESEED_CORE_HOOKS_H
#define ONESEED_CORE_HOOKS_H

#include "_core.h" /* PyObject */

struct core_hook;

/* The arguments of one call, as the calling convention of the method gives them. */
struct core_call {
    const struct core_hook *hook;
    PyObject *self;
    void *a, *b, *c, *d;
};

/* Does the work of the method: usually core_call_original() with something before and after. */
typedef PyObject *core_handler(const struct core_call *call);

struct core_hook {
    const char *name; /* of the method */
    void *original;   /* its C function */
    int flags;        /* METH_* */
    core_handler *handler;
    uintptr_t data; /* for the handler */
    void *method;   /* the PyMethodDef */
};

/* Puts `handler` in front of `callable`: a method descriptor, a builtin function or a Cython function named `name`. Of
 * several handlers the last one is called first. 1 = done (or was done before), 0 = it cannot be hooked here (*why_out: static text). Never raises. */
int core_hook_install(PyObject *callable, const char *name, core_handler *handler, uintptr_t data,
                      const char **why_out);

/* The same for the constructor of a type that is written in C, tp_init: in front of `type(...)` and of
 * `super().__init__(...)`, which is the slot wrapper's copy, and proves that the slot is where we think. */
typedef int core_init_function(PyObject *self, PyObject *args, PyObject *kwargs);
bool core_hook_init(PyObject *type, core_init_function *handler, core_init_function **original_out);

/* Reading the slots of type objects: tp_init and tp_new lie at these places in every version with the GIL (checked). */
enum { CORE_TP_INIT = 296, CORE_TP_NEW = 312 };

/* Copies nbytes from an address that may be anything; false when it cannot be read. Slow: for proofs at start. */
bool core_read_safely(const void *from, void *to, size_t nbytes);

PyObject *core_call_original(const struct core_call *call);
/* The original with exactly these positional arguments. */
PyObject *core_call_original_with(const struct core_call *call, PyObject *const *arguments, Py_ssize_t n_arguments);
/* Number of positional arguments, the k-th of them (borrowed; NULL: fewer), the keyword argument (borrowed, or NULL). */
Py_ssize_t core_call_n_positional(const struct core_call *call);
PyObject *core_call_positional(const struct core_call *call, Py_ssize_t k);
PyObject *core_call_keyword(const struct core_call *call, const char *name);

#endif
