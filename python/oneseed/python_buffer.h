/* python_buffer.h - CPython's buffer protocol, which the limited API has from 3.11 only; the struct has been the same since 3.0.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_BUFFER_H
#define ONESEED_PYTHON_BUFFER_H

#include <Python.h> /* PyObject; Py_ssize_t */

typedef struct python_buffer {
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
} python_buffer;
extern int PyObject_CheckBuffer(PyObject *object);
extern int PyObject_GetBuffer(PyObject *object, python_buffer *view, int flags);
extern void PyBuffer_Release(python_buffer *view);

#endif
