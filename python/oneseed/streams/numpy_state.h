/* numpy_state.h - the object behind NumPy's bit generators, Generator and RandomState, for the files that give it methods.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_NUMPY_STATE_H
#define ONESEED_PYTHON_NUMPY_STATE_H

#include "streams.h"

#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_numpy */

/* bitgen_t of numpy/random/bitgen.h: what a capsule named BitGenerator points at. */
struct numpy_bitgen {
    void *state;
    uint64_t (*next_uint64)(void *state);
    uint32_t (*next_uint32)(void *state);
    double (*next_double)(void *state);
    uint64_t (*next_raw)(void *state);
};

/* A state, or another view of one: a RandomState has a normal of its own in the cache of a bit generator that others use too.
 * Whoever calls a method holds the bit generator's lock (a Python object): most methods work without the GIL. */
typedef struct numpy_object {
    PyObject_HEAD oneseed_numpy own;
    PyObject *owner;    /* whose state it is; NULL: its own */
    uint32_t has_gauss; /* of this view */
    double gauss;
    struct numpy_bitgen bitgen;
} numpy_object;

/* Whether an object is one of these. */
bool numpy_is_state(PyObject *object);

/* The state with this view's normal in the cache, and the normal back into the view. */
oneseed_numpy *numpy_enter(PyObject *self);
void numpy_leave(PyObject *self);

/* 0, or -1 with the framework's exception. */
int numpy_raise(oneseed_status status, int is_array);

/* The memory of an object, contiguous; -1 with an exception. n_bytes is the least that there must be. */
int numpy_writable(PyObject *object, size_t n_bytes, python_buffer *view);
int numpy_readable(PyObject *object, size_t n_bytes, python_buffer *view);

extern PyMethodDef numpy_draw_methods[], numpy_order_methods[], numpy_functions[];

#endif
