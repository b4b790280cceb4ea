/* python_random.h - the object behind oneseed.python.Random, for the files that give it methods.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_RANDOM_H
#define ONESEED_PYTHON_RANDOM_H

#include "streams.h"

#include "oneseed.h" /* oneseed_python */

typedef struct random_object {
    PyObject_HEAD oneseed_python state;
    PyThread_type_lock lock; /* held while a fill runs without the GIL */
    char is_filling;         /* read and written with the GIL */
    char is_seeded;          /* 0: the first draw takes a seed from the system */
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

/* Before each use of the state: waits for a running fill, seeds what was never seeded; -1 with an exception. */
int python_enter(PyObject *self);
static inline oneseed_python *python_state(PyObject *self)
{
    return &((random_object *)self)->state;
}

/* 0, or -1 with a ValueError of the status's words. */
int python_raise_status(oneseed_status status);

/* random.Random's own method with this object: what our fast way does not take (numbers of other types, refusals with their
 * messages, overridden generators) it takes. */
PyObject *python_upstream(PyObject *self, const char *method, PyObject *args, PyObject *kwargs);

/* An exact int as int64_t: 1, or 0 when it is not one, without an exception. */
int python_exact_i64(PyObject *number, int64_t *value);
/* An exact float, or an exact int that a double holds exactly. */
int python_exact_double(PyObject *number, double *value);
/* An int of 32-bit words, least significant first, and back. */
PyObject *python_int_from_words(uint32_t *words, size_t n_words);

/* Called once, before any fill of a list; -1 with an exception. */
int python_learn_floats(void);

extern PyMethodDef python_number_methods[], python_sequence_methods[], python_fill_methods[], python_hash_functions[];

#endif
