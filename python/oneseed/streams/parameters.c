/* parameters.c - numbers and arrays of 8 bytes an element as parameters of a draw.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <string.h> /* strlen */

#include "numpy_state.h" /* numpy_readable */

int parameter_read(PyObject *object, char kind, size_t n, parameter *out)
{
    *out = (parameter){.n = 1};
    if (kind != 'v' && (PyFloat_Check(object) || PyLong_Check(object))) {
        if (kind == 'd')
            out->real = PyFloat_AsDouble(object);
        else
            out->integer = PyLong_AsLongLong(object);
        out->values = kind == 'd' ? (const void *)&out->real : (const void *)&out->integer;
        return PyErr_Occurred() ? -1 : 0;
    }
    if (kind == 'v') /* a vector of its own length */
        n = 0;
    if (n > PY_SSIZE_T_MAX / 8 || numpy_readable(object, 8 * n, &out->view) < 0)
        return PyErr_Occurred() ? -1 : (PyErr_NoMemory(), -1);
    out->values = out->view.buf;
    out->n = n;
    return 0;
}

int parameters_read(PyObject *const *objects, const char *kinds, size_t n, parameter *out)
{
    for (int k = 0; kinds[k]; k++)
        if (parameter_read(objects[k], kinds[k], n, &out[k]) < 0) {
            parameters_free(out, k);
            return -1;
        }
    return 0;
}

void parameters_free(parameter *parameters, int n)
{
    for (int k = 0; k < n; k++)
        if (parameters[k].view.obj)
            PyBuffer_Release(&parameters[k].view);
}

int parameters_add_handles(PyObject *module, const char *attribute, const char *const *name, size_t row_nbytes, int n)
{
    PyObject *handles = PyDict_New();
    for (int k = 0; handles && k < n; k++) {
        PyObject *handle = PyLong_FromLong(k);
        const char *const *at = (const void *)((const char *)name + row_nbytes * (size_t)k);
        if (!handle || PyDict_SetItemString(handles, *at, handle) < 0)
            Py_CLEAR(handles);
        Py_XDECREF(handle);
    }
    if (!handles)
        return -1;
    if (PyModule_AddObject(module, attribute, handles) < 0) {
        Py_DECREF(handles);
        return -1;
    }
    return 0;
}
