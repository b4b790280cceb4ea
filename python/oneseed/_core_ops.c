/* _core_ops.c - operations of PyTorch, with the digests of what went in and what came out.
 * SPDX-License-Identifier: MIT */
#include "_core.h"

int core_ops_exec(PyObject *module)
{
    (void)module;
    return 0;
}
