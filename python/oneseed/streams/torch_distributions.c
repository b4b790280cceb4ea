/* torch_distributions.c - oneseed.torch's torch.distributions: parameters broadcast to the samples, and what they come from.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* memset */

enum { MAX_PARAMETERS = 3 };

/* How many parameters each has, in the order of oneseed_torch_distribution. */
static const unsigned char n_parameters_of[ONESEED_TORCH_N_DISTRIBUTIONS] = {2, 2, 1, 2, 1, 3, 2, 2, 2, 2, 1, 1,
                                                                             2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2};

/* A distribution's parameters and samples. */
struct request {
    int n_parameters;
    torch_array *parameters[MAX_PARAMETERS]; /* of the caller's list */
    torch_array *wide[MAX_PARAMETERS];       /* a value for each sample */
    oneseed_torch_dtype dtype;
};

static int read_parameters(torch_module *m, PyObject *list, struct request *request)
{
    request->n_parameters = (int)PyTuple_Size(list);
    if (request->n_parameters < 1 || request->n_parameters > MAX_PARAMETERS) {
        PyErr_SetString(PyExc_TypeError, "parameters: want a tuple of one to three Arrays");
        return -1;
    }
    for (int k = 0; k < request->n_parameters; k++) {
        PyObject *object = PyTuple_GetItem(list, k);
        if (Py_TYPE(object) != m->array) {
            PyErr_SetString(PyExc_TypeError, "parameters: want Arrays");
            return -1;
        }
        request->parameters[k] = (torch_array *)object;
    }
    request->dtype = request->parameters[0]->dtype;
    for (int k = 1; k < request->n_parameters; k++)
        if (request->parameters[k]->dtype != request->dtype) {
            PyErr_SetString(PyExc_TypeError, "the parameters must have the same dtype in oneseed.torch");
            return -1;
        }
    return 0;
}

static int widen(torch_module *m, struct request *request, const struct torch_size *size)
{
    for (int k = 0; k < request->n_parameters; k++) {
        torch_array *view = torch_expand(request->parameters[k], size->ndim, size->dims);
        request->wide[k] = view ? torch_contiguous(m, view) : NULL;
        Py_XDECREF(view);
        if (!request->wide[k])
            return -1;
    }
    return 0;
}

static oneseed_status draw(torch_generator *generator, oneseed_torch_distribution which, const struct request *request,
                           size_t n_batch, void *work, torch_array *out)
{
    const void *values[MAX_PARAMETERS] = {NULL};
    oneseed_status status;
    for (int k = 0; k < request->n_parameters; k++)
        values[k] = request->wide[k]->data;
    torch_lock(generator);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_torch_distribution_fill(&generator->cpu, which, request->dtype, values, n_batch, work, out->data,
                                             (size_t)out->n);
    Py_END_ALLOW_THREADS;
    torch_unlock(generator);
    return status;
}

/* _distribution(which, parameters, shape, n_batch, generator): samples; the parameters broadcast to their shape, and repeat after n_batch. */
static PyObject *py_distribution(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *list, *shape, *generator_object;
    int which;
    Py_ssize_t n_batch;
    struct request request;
    struct torch_size size;
    memset(&request, 0, sizeof request);
    if (!PyArg_ParseTuple(args, "iO!OnO:_distribution", &which, &PyTuple_Type, &list, &shape, &n_batch,
                          &generator_object))
        return NULL;
    torch_generator *generator = torch_read_generator(m, generator_object, "sample");
    if (!generator || read_parameters(m, list, &request) < 0 || torch_read_size("sample", &shape, 1, 1, &size) < 0)
        return NULL;
    if (which < 0 || which >= ONESEED_TORCH_N_DISTRIBUTIONS || request.n_parameters != n_parameters_of[which])
        return PyErr_SetString(PyExc_ValueError, "there is no such distribution with so many parameters"), NULL;
    n_batch = n_batch > 0 ? n_batch : 1; /* an empty batch has no samples */
    torch_array *out = torch_new(m, request.dtype, size.ndim, size.dims);
    void *work = out ? malloc((size_t)out->n * 3 * sizeof(double) + 1) : NULL;
    oneseed_status status = ONESEED_OK;
    if (out && !work)
        PyErr_NoMemory();
    else if (out && widen(m, &request, &size) == 0)
        status = draw(generator, (oneseed_torch_distribution)which, &request, (size_t)n_batch, work, out);
    if (status)
        torch_refuse(status);
    free(work);
    for (int k = 0; k < request.n_parameters; k++)
        Py_XDECREF(request.wide[k]);
    if (PyErr_Occurred())
        Py_CLEAR(out);
    return (PyObject *)out;
}

/* ---- probabilities ---- */

enum { NORMALIZE, SOFTMAX, SIGMOID };

/* _probabilities(how, weights or logits): of rows, of rows, of each. */
static PyObject *py_probabilities(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object;
    int how;
    if (!PyArg_ParseTuple(args, "iO:_probabilities", &how, &object))
        return NULL;
    torch_array *given = torch_as_array(m, object, "probs"), *in = given ? torch_contiguous(m, given) : NULL;
    torch_array *out = in ? torch_new(m, in->dtype, in->ndim, in->dims) : NULL;
    if (out) {
        size_t width = in->ndim > 0 ? (size_t)in->dims[in->ndim - 1] : 1, n = (size_t)in->n;
        size_t n_rows = width > 0 ? n / width : 0;
        torch_generator *generator =
            (torch_generator *)m->default_generator; /* its kernels' arithmetic; nothing is drawn */
        torch_lock(generator);
        oneseed_status status =
            how == NORMALIZE ? oneseed_torch_normalize_fill(in->dtype, in->data, n_rows, width, out->data)
            : how == SOFTMAX
                ? oneseed_torch_softmax_fill(&generator->cpu, in->dtype, in->data, n_rows, width, out->data)
                : oneseed_torch_sigmoid_fill(&generator->cpu, in->dtype, in->data, out->data, n);
        torch_unlock(generator);
        if (status) {
            torch_refuse(status);
            Py_CLEAR(out);
        }
    }
    Py_XDECREF(given);
    Py_XDECREF(in);
    return (PyObject *)out;
}

/* _expand(array, shape): a view, strides of 0 where it was broadcast. */
static PyObject *py_expand(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object, *shape;
    struct torch_size size;
    if (!PyArg_ParseTuple(args, "OO:_expand", &object, &shape) || torch_read_size("expand", &shape, 1, 1, &size) < 0)
        return NULL;
    torch_array *array = torch_as_array(m, object, "expand(): argument 'input'");
    torch_array *view = array ? torch_expand(array, size.ndim, size.dims) : NULL;
    Py_XDECREF(array);
    return (PyObject *)view;
}

PyMethodDef torch_distribution_functions[] = {
    {"_distribution", py_distribution, METH_VARARGS, NULL},
    {"_probabilities", py_probabilities, METH_VARARGS, NULL},
    {"_expand", py_expand, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
