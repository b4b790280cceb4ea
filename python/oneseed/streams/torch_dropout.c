/* torch_dropout.c - oneseed.torch's dropout family: of elements, of channels, behind SELU; and rrelu.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */

enum kind { DROPOUT, ALPHA, FEATURES, FEATURES_OF_ONE, FEATURES_ALPHA };

/* ---- what fills: `from` of a fill is the number of maps ---- */

static TORCH_RUN(dropout)
{
    return oneseed_torch_dropout_fill(state, dtype, fill->a, fill->in[0], out, n);
}

static TORCH_CUDA(dropout)
{
    return oneseed_torch_cuda_dropout_fill(state, dtype, fill->a, fill->in[0], out, n);
}

static TORCH_RUN(alpha_dropout)
{
    return oneseed_torch_alpha_dropout_fill(state, dtype, fill->a, fill->in[0], out, n);
}

static TORCH_RUN(feature_dropout)
{
    size_t n_maps = (size_t)fill->from;
    return oneseed_torch_feature_dropout_fill(state, dtype, fill->a, fill->in[0], out, n_maps, n / n_maps);
}

static TORCH_RUN(feature_alpha_dropout)
{
    size_t n_maps = (size_t)fill->from;
    return oneseed_torch_feature_alpha_dropout_fill(state, dtype, fill->a, fill->in[0], out, n_maps, n / n_maps);
}

static const struct torch_fill fills[] = {
    [DROPOUT] = {.run = torch_run_dropout, .run_cuda = torch_cuda_dropout, .kernel = "dropout"},
    [ALPHA] = {.run = torch_run_alpha_dropout, .kernel = "alpha_dropout"},
    [FEATURES] = {.run = torch_run_feature_dropout, .kernel = "feature_dropout"},
    [FEATURES_OF_ONE] = {.run = torch_run_feature_dropout, .kernel = "feature_dropout"},
    [FEATURES_ALPHA] = {.run = torch_run_feature_alpha_dropout, .kernel = "feature_alpha_dropout"},
};

/* ---- the functions ---- */

/* Into `out`, of the shape of the input. Elements fall in the order of the memory, maps in the order of their indices. */
static int drop(torch_module *m, torch_generator *generator, enum kind kind, torch_array *input, double p,
                torch_array *out)
{
    struct torch_fill fill = fills[kind];
    fill.a = p;
    fill.tensors[0] = input;
    if (kind == DROPOUT || kind == ALPHA)
        return torch_run_fill(generator, out, &fill);
    fill.from = kind == FEATURES_OF_ONE ? input->dims[0] : input->ndim < 2 ? 1 : input->dims[0] * input->dims[1];
    if (torch_is_contiguous(out))
        return torch_run_fill(generator, out, &fill);
    torch_array *between = torch_new(m, out->dtype, out->ndim, out->dims);
    int status = between ? torch_run_fill(generator, between, &fill) : -1;
    if (status == 0)
        torch_scatter(out, between->data, 0);
    Py_XDECREF(between);
    return status;
}

/* _dropout(kind, input, p, training, inplace, generator); p was looked at. Where torch draws nothing, the input itself comes back. */
static PyObject *py_dropout(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object, *generator_object;
    int kind, is_training, is_inplace;
    double p;
    if (!PyArg_ParseTuple(args, "iOdppO:_dropout", &kind, &object, &p, &is_training, &is_inplace, &generator_object))
        return NULL;
    if (kind < 0 || kind > FEATURES_ALPHA || !(p >= 0.0 && p <= 1.0))
        return torch_error(PyExc_ValueError, "%s%g", oneseed_status_text(ONESEED_TORCH_DROPOUT_P), p);
    torch_generator *generator = torch_generator_of(m, generator_object, NULL);
    if (!generator) {
        torch_refuse_generator(generator_object);
        return NULL;
    }
    torch_array *input = torch_as_array(m, object, "dropout(): argument 'input' (position 1)"), *out = NULL;
    if (!input)
        return NULL;
    PyObject *made = NULL;
    if (!is_training || p == 0.0 || input->n == 0)
        made = object;
    else if (kind >= FEATURES && p != 1.0 && input->ndim < (kind == FEATURES_OF_ONE ? 1 : 2))
        PyErr_SetString(PyExc_RuntimeError, "Feature dropout requires at least 2 dimensions in the input");
    else if (generator->is_cuda && ((uintptr_t)input->data % 16 != 0 || !torch_is_contiguous(input)))
        /* where the memory begins decides how many values a thread takes */
        PyErr_SetString(PyExc_NotImplementedError,
                        "dropout(): on CUDA oneseed.torch knows contiguous arrays that begin with their memory");
    else if (is_inplace)
        made = drop(m, generator, (enum kind)kind, input, p, input) == 0 ? object : NULL;
    else if ((out = torch_like(m, input, input->dtype)) && drop(m, generator, (enum kind)kind, input, p, out) == 0)
        made = (PyObject *)out;
    Py_XINCREF(made);
    Py_XDECREF(out);
    Py_DECREF(input);
    return made;
}

/* ---- native_dropout, with its mask in in[1] ---- */

static TORCH_RUN(native_dropout)
{
    return oneseed_torch_native_dropout_fill(state, dtype, fill->a, fill->in[0], out, (uint8_t *)(uintptr_t)fill->in[1],
                                             n);
}

static TORCH_CUDA(native_dropout)
{
    return oneseed_torch_cuda_native_dropout_fill(state, dtype, fill->a, fill->in[0], out,
                                                  (uint8_t *)(uintptr_t)fill->in[1], n);
}

/* _native_dropout(input, p, generator): (values, mask) in training. */
static PyObject *py_native_dropout(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object, *generator_object;
    struct torch_fill fill = {
        .run = torch_run_native_dropout, .run_cuda = torch_cuda_native_dropout, .kernel = "native_dropout"};
    int failed = -1;
    if (!PyArg_ParseTuple(args, "OdO:_native_dropout", &object, &fill.a, &generator_object))
        return NULL;
    torch_generator *generator = torch_generator_of(m, generator_object, NULL);
    if (!generator) {
        torch_refuse_generator(generator_object);
        return NULL;
    }
    if (!(1.0 - fill.a >= 0.0 && 1.0 - fill.a <= 1.0)) /* what is kept is torch's p here */
        return torch_error(PyExc_RuntimeError, "%s%g", oneseed_status_text(ONESEED_TORCH_BERNOULLI_P), 1.0 - fill.a);
    torch_array *input = torch_as_array(m, object, "native_dropout(): argument 'input' (position 1)");
    torch_array *out = input ? torch_like(m, input, input->dtype) : NULL;
    torch_array *mask = out ? torch_like(m, input, ONESEED_TORCH_BOOL) : NULL;
    char *memory = mask ? malloc((size_t)mask->n + 1) : NULL;
    if (memory) {
        fill.tensors[0] = input;
        fill.in[1] = memory;
        failed = torch_run_fill(generator, out, &fill);
    } else if (mask) {
        PyErr_NoMemory();
    }
    if (!failed)
        torch_scatter(mask, memory, 1);
    free(memory);
    Py_XDECREF(input);
    if (!failed)
        return Py_BuildValue("(NN)", (PyObject *)out, (PyObject *)mask);
    Py_XDECREF(out);
    Py_XDECREF(mask);
    return NULL;
}

/* ---- rrelu ---- */

static TORCH_RUN(rrelu)
{
    return oneseed_torch_rrelu_fill(state, dtype, fill->a, fill->b, fill->in[0], (void *)(uintptr_t)fill->in[1], out,
                                    n);
}

/* _rrelu(input, lower, upper, training, inplace, generator) */
static PyObject *py_rrelu(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object, *generator_object;
    int is_training, is_inplace, failed = -1;
    struct torch_fill fill = {.run = torch_run_rrelu, .kernel = "rrelu_with_noise_out_cpu"};
    if (!PyArg_ParseTuple(args, "OddppO:_rrelu", &object, &fill.a, &fill.b, &is_training, &is_inplace,
                          &generator_object))
        return NULL;
    if (!is_training || is_inplace)
        return PyErr_SetString(
                   PyExc_NotImplementedError,
                   "rrelu(): oneseed.torch knows it in training (without, nothing is drawn) and not in place"),
               NULL;
    torch_generator *generator = torch_read_generator(m, generator_object, "rrelu");
    torch_array *given = generator ? torch_as_array(m, object, "rrelu(): argument 'input' (position 1)") : NULL;
    torch_array *input = given ? torch_contiguous(m, given) : NULL;
    torch_array *out = input ? torch_new(m, input->dtype, input->ndim, input->dims) : NULL;
    void *noise = out ? malloc((size_t)out->n * oneseed_torch_dtype_size(out->dtype) + 1) : NULL;
    if (noise) {
        fill.tensors[0] = input;
        fill.in[1] = noise;
        failed = torch_run_fill(generator, out, &fill);
    } else if (out) {
        PyErr_NoMemory();
    }
    free(noise);
    Py_XDECREF(given);
    Py_XDECREF(input);
    if (failed)
        Py_CLEAR(out);
    return (PyObject *)out;
}

PyMethodDef torch_dropout_functions[] = {
    {"_dropout", py_dropout, METH_VARARGS, NULL},
    {"_native_dropout", py_native_dropout, METH_VARARGS, NULL},
    {"_rrelu", py_rrelu, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
