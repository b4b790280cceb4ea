/* sklearn.h - what the files behind oneseed.sklearn share: methods of a NumPy state that fill buffers of 64-bit numbers.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_SKLEARN_H
#define ONESEED_PYTHON_SKLEARN_H

#include "numpy_state.h" /* numpy_enter, numpy_raise, python_buffer */

/* Working memory for the library, for PyMem_Free; NULL with an exception. */
int64_t *sklearn_memory(size_t n);

/* Buffers with room for n_items numbers each; all of them, or none and -1 with an exception. */
int sklearn_buffers(PyObject *const *objects, const size_t *n_items, int is_writable, int n, python_buffer *views);
void sklearn_release(int n, python_buffer *views);

/* The end of a call: the cached normal goes back, and None or the exception for the status. */
PyObject *sklearn_done(PyObject *self, oneseed_status status);

extern PyMethodDef sklearn_split_methods[], sklearn_data_methods[], sklearn_functions[];

#endif
