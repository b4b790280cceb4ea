/* python_hashes.c - hash() and the order of sets under a given PYTHONHASHSEED.
 * SPDX-License-Identifier: MIT */
#include "python_random.h"

#include <string.h> /* memcpy */

#include "oneseed.h" /* oneseed_python_set_order */

/* The hash of a str or bytes; -1 with an exception. */
static int hash_text(PyObject *text, uint32_t version, const uint8_t key[16], int64_t *hash)
{
    if (PyBytes_Check(text)) {
        *hash = oneseed_python_hash_bytes(version, key, PyBytes_AsString(text), (size_t)PyBytes_Size(text));
        return 0;
    }
    if (!PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "want str or bytes, got %R", (PyObject *)Py_TYPE(text));
        return -1;
    }
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (!bytes)
        return -1;
    (void)oneseed_python_hash_str(version, key, PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes), hash);
    Py_DECREF(bytes);
    return 0;
}

/* _hash(text, hash_seed, version) */
static PyObject *py_hash(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *text;
    unsigned int hash_seed, version;
    uint8_t key[16];
    int64_t hash;
    if (!PyArg_ParseTuple(args, "OII:_hash", &text, &hash_seed, &version))
        return NULL;
    oneseed_python_hash_key(hash_seed, key);
    return hash_text(text, version, key, &hash) < 0 ? NULL : PyLong_FromLongLong(hash);
}

/* _set_order(list of str, hash_seed, version, kind): the indices in the order of the walk. */
static PyObject *py_set_order(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *texts;
    unsigned int hash_seed, version;
    int kind;
    uint8_t key[16];
    if (!PyArg_ParseTuple(args, "O!IIi:_set_order", &PyList_Type, &texts, &hash_seed, &version, &kind))
        return NULL;
    oneseed_python_hash_key(hash_seed, key);
    size_t n = (size_t)PyList_Size(texts), n_done = 0, n_order = 0;
    PyObject *all_bytes = PyList_New((Py_ssize_t)n), *order = NULL; /* they hold the memory of the items */
    oneseed_python_item *items = PyMem_Calloc(n + 1, sizeof *items);
    uint64_t *space = PyMem_Calloc(oneseed_python_set_space(n), sizeof *space);
    size_t *indices = PyMem_Calloc(n + 1, sizeof *indices);
    if (!items || !space || !indices)
        PyErr_NoMemory();
    else if (all_bytes)
        for (; n_done < n; n_done++) {
            PyObject *text = PyList_GetItem(texts, (Py_ssize_t)n_done);
            PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass"); /* raises for what is no str */
            if (!bytes || PyList_SetItem(all_bytes, (Py_ssize_t)n_done, bytes) < 0 ||
                hash_text(text, version, key, &items[n_done].hash) < 0)
                break;
            items[n_done].utf8 = PyBytes_AsString(bytes);
            items[n_done].n_bytes = (size_t)PyBytes_Size(bytes);
        }
    if (items && space && indices && !PyErr_Occurred()) {
        n_order = oneseed_python_set_order(version, (oneseed_python_set_kind)kind, items, n, space, indices);
        order = PyList_New((Py_ssize_t)n_order);
    }
    for (size_t k = 0; indices && order && k < n_order; k++)
        if (PyList_SetItem(order, (Py_ssize_t)k, PyLong_FromSize_t(indices[k])) < 0)
            Py_CLEAR(order);
    PyMem_Free(indices);
    PyMem_Free(space);
    PyMem_Free(items);
    Py_XDECREF(all_bytes);
    return order;
}

PyMethodDef python_hash_functions[] = {
    {"_hash", py_hash, METH_VARARGS, NULL},
    {"_set_order", py_set_order, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
