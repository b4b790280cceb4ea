/* numpy_calls.h - a method of oneseed.numpy whose usual calls are drawn in C. SPDX-License-Identifier: MIT
 *
 * A handler draws for the calls that it knows: numbers that are float or int, sizes of ints, arrays of ndarray itself. What it does not
 * know, and all that may be refused in other words than the library's, it gives to the method's Python function, which gets the same
 * arguments: the handler gives NotImplemented, and has drawn nothing. */
#ifndef ONESEED_STREAMS_NUMPY_CALLS_H
#define ONESEED_STREAMS_NUMPY_CALLS_H

#include <stdbool.h> /* bool */

#include "dialects/numpy_method.h" /* numpy_method */
#include "numpy_state.h"           /* oneseed_numpy */

/* What has methods: a state and its lock. */
struct numpy_drawer {
    PyObject_HEAD PyObject *state, *lock;
    PyObject *acquire, *release; /* of the lock */
};

/* While a call draws. */
struct numpy_drawing {
    oneseed_numpy *state;
    PyThreadState *thread;
};
/* Takes the lock, and lets other threads run where n values are many; -1 with an exception. What is between is at the state alone. */
int numpy_begin(const struct numpy_drawer *self, size_t n, struct numpy_drawing *drawing);
int numpy_end(const struct numpy_drawer *self, const struct numpy_drawing *drawing);

enum { NUMPY_MOST_ARGUMENTS = 8 };

struct numpy_call {
    bool is_legacy;
    const numpy_method *row;                /* NULL where the handler needs none */
    int n;                                  /* arguments */
    PyObject *values[NUMPY_MOST_ARGUMENTS]; /* NULL: not given */
};
typedef PyObject *numpy_handler(const struct numpy_drawer *self, const struct numpy_call *call);

int numpy_add_calls(PyObject *module);

/* By the name of the method's kind; NULL where there is none. */
numpy_handler *numpy_find_handler(const char *kind);

#endif
