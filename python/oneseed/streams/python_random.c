/* python_random.c - the type behind oneseed.python.Random.
 * SPDX-License-Identifier: MIT */
#include "streams.h"

int streams_add_python(PyObject *module)
{
    (void)module;
    return 0;
}
