/* streams.c - the extension module `_streams`: the library's generators as Python types, one family a file.
 * SPDX-License-Identifier: MIT */
#include "streams.h"

#include "oneseed.h" /* oneseed_version */

static int (*const families[])(PyObject *module) = {
    streams_add_python,
    streams_add_numpy,
};

static int fill_module(PyObject *module)
{
    if (PyModule_AddStringConstant(module, "version", oneseed_version()) < 0)
        return -1;
    for (size_t k = 0; k < sizeof families / sizeof *families; k++)
        if (families[k](module) < 0)
            return -1;
    return 0;
}

/* CPython stores functions as data pointers in slots. */
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)(uintptr_t)fill_module},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_streams",
    .m_doc = "The random streams of the frameworks, from liboneseed.",
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__streams(void); /* CPython looks for it */
PyMODINIT_FUNC PyInit__streams(void)
{
    return PyModuleDef_Init(&definition);
}
