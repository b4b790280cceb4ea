/* streams.c - the extension module `_streams`: the library's generators as Python types, one family a file.
 * SPDX-License-Identifier: MIT */
#include "streams.h"

#include "oneseed.h" /* oneseed_version */

static int (*const families[])(PyObject *module) = {
    streams_add_python,     streams_add_numpy, streams_add_torch,     streams_add_jax,
    streams_add_tensorflow, streams_add_keras, streams_add_pennylane, streams_add_threads,
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

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    struct streams_state *state = PyModule_GetState(module);
    return state ? torch_traverse(&state->torch, visit, arg) : 0;
}

static int clear(PyObject *module)
{
    struct streams_state *state = PyModule_GetState(module);
    if (state)
        torch_clear(&state->torch);
    return 0;
}

static void free_module(void *module)
{
    clear(module);
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
    .m_size = sizeof(struct streams_state),
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = free_module,
};

PyMODINIT_FUNC PyInit__streams(void); /* CPython looks for it */
PyMODINIT_FUNC PyInit__streams(void)
{
    return PyModuleDef_Init(&definition);
}
