/* streams.h - what each family of the extension `_streams` adds to the module.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_STREAMS_H
#define ONESEED_PYTHON_STREAMS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h> /* PyObject; the Limited API of 3.9 */

#include "oneseed.h" /* oneseed_torch_dtype */

/* The buffer protocol is limited from 3.11 only; the struct has been the same since 3.0. */
typedef struct streams_buffer {
    void *buf;
    PyObject *obj;
    Py_ssize_t len;
    Py_ssize_t itemsize;
    int readonly;
    int ndim;
    char *format;
    Py_ssize_t *shape;
    Py_ssize_t *strides;
    Py_ssize_t *suboffsets;
    void *internal;
} streams_buffer;
extern int PyObject_CheckBuffer(PyObject *object);
extern int PyObject_GetBuffer(PyObject *object, streams_buffer *view, int flags);
extern void PyBuffer_Release(streams_buffer *view);

/* What the module keeps for oneseed.torch. */
enum { TORCH_N_DTYPES = ONESEED_TORCH_UINT64 + 1 };
typedef struct torch_module {
    PyTypeObject *array;
    PyTypeObject *generator;
    PyObject *default_generator, *default_cuda;
    PyObject *dtypes[TORCH_N_DTYPES]; /* their names: "torch.float32" */
    oneseed_torch_dtype default_dtype;
} torch_module;

/* The module's state. */
struct streams_state {
    torch_module torch;
};
int torch_traverse(torch_module *m, visitproc visit, void *arg);
void torch_clear(torch_module *m);

/* Each adds its types and functions to the module: 0, or -1 with an exception set. */
int streams_add_numpy(PyObject *module);
int streams_add_python(PyObject *module);
int streams_add_torch(PyObject *module);

#endif
