/* streams.h - what each family of the extension `_streams` adds to the module.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_STREAMS_H
#define ONESEED_PYTHON_STREAMS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h> /* PyObject; the Limited API of 3.9 */

#include "../python_buffer.h" /* python_buffer */
#include "oneseed.h"          /* oneseed_torch_dtype */

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
int streams_add_jax(PyObject *module);
int streams_add_tensorflow(PyObject *module);
int streams_add_keras(PyObject *module);
int streams_add_pennylane(PyObject *module);
int streams_add_threads(PyObject *module);

#endif
