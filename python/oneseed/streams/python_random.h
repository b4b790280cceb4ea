/* python_random.h - the object behind oneseed.python.Random, for the files that give it methods.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_RANDOM_H
#define ONESEED_PYTHON_RANDOM_H

#include "streams.h"

#include "oneseed.h" /* oneseed_python */

typedef struct random_object {
    PyObject_HEAD PyObject *dict; /* the instance's attributes; NULL: none were ever set */
    PyThread_type_lock lock;      /* held while a fill runs without the GIL */
    char is_filling;              /* read and written with the GIL */
    char is_seeded;               /* 0: the first draw takes a seed from the system */
    oneseed_python state;
} random_object;

/* The methods that others are built on. Where a subclass, an instance or a test has put something else in their place, everything
 * is left to Python's own methods. */
enum python_base {
    BASE_RANDOM,
    BASE_GETRANDBITS,
    BASE_RANDBELOW,
    BASE_RANDRANGE,
    BASE_NORMALVARIATE,
    BASE_GAMMAVARIATE,
    N_BASES
};
int python_is_ours(PyObject *self, enum python_base base);

/* 311 of the running Python 3.11. */
int python_running_version(void);

/* Before each use of the state: waits for a running fill, seeds what was never seeded; -1 with an exception. */
int python_wait_and_seed(random_object *self);
static inline int python_enter(PyObject *object)
{
    random_object *self = (random_object *)object;
    return self->is_filling || !self->is_seeded ? python_wait_and_seed(self) : 0;
}
static inline oneseed_python *python_state(PyObject *self)
{
    return &((random_object *)self)->state;
}

/* 0, or -1 with a ValueError of the status's words. */
int python_raise_status(oneseed_status status);

/* The arguments of a call as METH_FASTCALL has them, which is limited API from 3.10 on, and the same since 3.7. */
#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080
#endif
#define PYTHON_METHOD(function) (PyCFunction)(uintptr_t)(function), METH_FASTCALL | METH_KEYWORDS
#define PYTHON_ARGUMENTS        PyObject *const *args, Py_ssize_t n, PyObject *kwnames

/* values[k], borrowed, for each name, NULL where it was not given: 1; 0 for a call that does not fit, without an exception. */
int python_bind(const char *const *names, Py_ssize_t n_names, PYTHON_ARGUMENTS, PyObject **values);

/* random.Random's own method with this object: what our fast way does not take (numbers of other types, refusals with their
 * messages, overridden generators) it takes. */
PyObject *python_upstream(PyObject *self, const char *method, PYTHON_ARGUMENTS);

/* An exact int as int64_t: 1, or 0 when it is not one, without an exception. */
int python_exact_i64(PyObject *number, int64_t *value);
/* An exact float, or an exact int that a double holds exactly. */
int python_exact_double(PyObject *number, double *value);
/* An int of any size below n, of which it is known that it is positive. */
PyObject *python_below(PyObject *self, PyObject *n);

/* Called once, before any fill of a list; -1 with an exception. */
int python_learn_floats(void);

extern PyMethodDef python_number_methods[], python_sequence_methods[], python_fill_methods[], python_hash_functions[];

#endif
