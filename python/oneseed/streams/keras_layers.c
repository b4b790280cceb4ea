/* keras_layers.c - oneseed.keras: what layers draw when they are made and built.
 * SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* memcpy */

#include "keras_draws.h" /* keras_read, keras_refuse */

/* The members of oneseed_keras_layer behind its kind, in their order. */
static int read_layer(PyObject *members, int kind, oneseed_keras_layer *layer)
{
    long long wide[12];
    int flags[4];
    if (!PyArg_ParseTuple(members, "iiiiLLLLLLLLLLLL", &flags[0], &flags[1], &flags[2], &flags[3], &wide[0], &wide[1],
                          &wide[2], &wide[3], &wide[4], &wide[5], &wide[6], &wide[7], &wide[8], &wide[9], &wide[10],
                          &wide[11]))
        return -1;
    *layer = (oneseed_keras_layer){.kind = (oneseed_keras_layer_kind)kind,
                                   .use_bias = flags[0],
                                   .is_bidirectional = flags[1],
                                   .reset_after = flags[2],
                                   .has_dropout = flags[3],
                                   .input_dim = wide[0],
                                   .units = wide[1],
                                   .kernel_size = {wide[2], wide[3], wide[4]},
                                   .channels = wide[5],
                                   .filters = wide[6],
                                   .groups = wide[7],
                                   .depth_multiplier = wide[8],
                                   .num_heads = wide[9],
                                   .key_dim = wide[10],
                                   .value_dim = wide[11]};
    return 0;
}

static PyObject *shape_of(const oneseed_keras_weight *weight)
{
    PyObject *shape = PyTuple_New(weight->n_dims);
    for (int k = 0; shape && k < weight->n_dims; k++)
        if (PyTuple_SetItem(shape, k, PyLong_FromLongLong(weight->shape[k])) < 0)
            Py_CLEAR(shape);
    return shape;
}

static PyObject *weights_of(const oneseed_keras *keras, const oneseed_keras_layer *layer, size_t n_weights)
{
    PyObject *weights = PyList_New(0);
    for (size_t k = 0; weights && k < n_weights; k++) {
        oneseed_keras_weight weight;
        oneseed_status status = oneseed_keras_layer_weight(keras, layer, k, &weight);
        if (status != ONESEED_OK) {
            Py_DECREF(weights);
            return keras_refuse(status);
        }
        PyObject *shape = shape_of(&weight),
                 *row = shape ? Py_BuildValue("sNi", weight.name, shape, weight.seed) : NULL;
        if (!row || PyList_Append(weights, row) < 0)
            Py_CLEAR(weights);
        Py_XDECREF(row);
    }
    return weights;
}

/* _keras_layer(keras, kind, members): (seeds taken when it is made, when it is built, [(name, shape, number of its seed or -1)]). */
static PyObject *py_layer(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *which, *members;
    int kind;
    oneseed_keras keras;
    oneseed_keras_layer layer;
    size_t n_made, n_built, n_weights;
    if (!PyArg_ParseTuple(args, "OiO!:_keras_layer", &which, &kind, &PyTuple_Type, &members) ||
        keras_read(which, &keras) < 0 || read_layer(members, kind, &layer) < 0)
        return NULL;
    oneseed_status status = oneseed_keras_layer_size(&layer, &n_made, &n_built, &n_weights);
    if (status != ONESEED_OK)
        return keras_refuse(status);
    PyObject *weights = weights_of(&keras, &layer, n_weights);
    return weights ? Py_BuildValue("nnN", (Py_ssize_t)n_made, (Py_ssize_t)n_built, weights) : NULL;
}

/* _keras_weight(keras, kind, members, k, seed, dtype, out): weight k of the layer, drawn with that default seed. */
static PyObject *py_weight(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *which, *members, *object;
    int kind, dtype;
    Py_ssize_t k;
    long long seed;
    oneseed_keras keras;
    oneseed_keras_layer layer;
    oneseed_keras_weight weight;
    int64_t pair[2];
    python_buffer out;
    if (!PyArg_ParseTuple(args, "OiO!nLiO:_keras_weight", &which, &kind, &PyTuple_Type, &members, &k, &seed, &dtype,
                          &object) ||
        keras_read(which, &keras) < 0 || read_layer(members, kind, &layer) < 0)
        return NULL;
    size_t n_made, n_built, n_weights, item = oneseed_keras_dtype_size((oneseed_keras_dtype)dtype);
    oneseed_status status = oneseed_keras_layer_size(&layer, &n_made, &n_built, &n_weights);
    if (status == ONESEED_OK && (k < 0 || (size_t)k >= n_weights || !item))
        return PyErr_SetString(PyExc_ValueError, "there is no such weight or dtype"), NULL;
    if (status == ONESEED_OK)
        status = oneseed_keras_layer_weight(&keras, &layer, (size_t)k, &weight);
    if (status == ONESEED_OK)
        status = oneseed_keras_seed(&keras, seed, pair);
    if (status != ONESEED_OK)
        return keras_refuse(status);
    size_t n_work = oneseed_keras_initializer_work(&weight.initializer, weight.shape, weight.n_dims);
    double *work = malloc(n_work * sizeof *work + 1);
    if (!work)
        return PyErr_NoMemory();
    int is_open = numpy_writable(object, weight.n * item, &out) == 0;
    if (is_open) {
        PyThreadState *thread = PyEval_SaveThread();
        status = oneseed_keras_initializer_fill(&keras, &weight.initializer, pair, (oneseed_keras_dtype)dtype,
                                                weight.shape, weight.n_dims, work, out.buf);
        PyEval_RestoreThread(thread);
        PyBuffer_Release(&out);
    }
    free(work);
    if (!is_open)
        return NULL;
    if (status != ONESEED_OK)
        return keras_refuse(status);
    Py_RETURN_NONE;
}

PyMethodDef keras_layer_functions[] = {
    {"_keras_layer", py_layer, METH_VARARGS, NULL},
    {"_keras_weight", py_weight, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
