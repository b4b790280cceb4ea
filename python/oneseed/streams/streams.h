/* streams.h - what each family of the extension `_streams` adds to the module.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_STREAMS_H
#define ONESEED_PYTHON_STREAMS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h> /* PyObject; the Limited API of 3.9 */

/* Each adds its types and functions to the module: 0, or -1 with an exception set. */
int streams_add_numpy(PyObject *module);
int streams_add_python(PyObject *module);

#endif
