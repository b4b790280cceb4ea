/* torch_modules.c - initial parameters of layers and the fills of torch.nn.init that are more than uniforms and normals.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* calloc, free */

/* ---- layers ---- */

/* The members of a description by name. */
#define LAYER_INTS(X)                                                                                                  \
    X(bias) X(affine) X(bidirectional) X(add_bias_kv) X(has_padding_idx) X(has_norm) X(n_normalized_dims)
#define LAYER_SIZES(X)                                                                                                 \
    X(in_features)                                                                                                     \
    X(in2_features)                                                                                                    \
    X(out_features)                                                                                                    \
    X(in_channels)                                                                                                     \
    X(out_channels)                                                                                                    \
    X(groups)                                                                                                          \
    X(num_embeddings)                                                                                                  \
    X(embedding_dim)                                                                                                   \
    X(padding_idx)                                                                                                     \
    X(input_size)                                                                                                      \
    X(hidden_size)                                                                                                     \
    X(num_layers)                                                                                                      \
    X(proj_size)                                                                                                       \
    X(embed_dim)                                                                                                       \
    X(num_heads) X(kdim) X(vdim) X(dim_feedforward) X(num_encoder_layers) X(num_decoder_layers) X(num_features)

static int read_sizes(PyObject *tuple, int64_t *out, Py_ssize_t n_at_most)
{
    Py_ssize_t n = PyTuple_Size(tuple);
    if (n < 0 || n > n_at_most) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_ValueError, "at most %zd sizes, got %zd", n_at_most, n);
        return -1;
    }
    for (Py_ssize_t k = 0; k < n; k++)
        out[k] = PyLong_AsLongLong(PyTuple_GetItem(tuple, k));
    return PyErr_Occurred() ? -1 : 0;
}

static int set_member(oneseed_torch_layer *layer, PyObject *name, PyObject *value)
{
#define IS(member) (PyUnicode_CompareWithASCIIString(name, #member) == 0)
#define SET_INT(member)                                                                                                \
    if (IS(member)) {                                                                                                  \
        int truth = PyLong_Check(value) ? (int)PyLong_AsLong(value) : PyObject_IsTrue(value);                          \
        layer->member = truth;                                                                                         \
        return PyErr_Occurred() ? -1 : 0;                                                                              \
    }
#define SET_SIZE(member)                                                                                               \
    if (IS(member)) {                                                                                                  \
        layer->member = PyLong_AsLongLong(value);                                                                      \
        return PyErr_Occurred() ? -1 : 0;                                                                              \
    }
    LAYER_INTS(SET_INT)
    LAYER_SIZES(SET_SIZE)
    if (IS(kernel_size))
        return read_sizes(value, layer->kernel_size, 3);
    if (IS(normalized_shape))
        return read_sizes(value, layer->normalized_shape, 5);
    if (IS(init)) {
        layer->init = PyFloat_AsDouble(value);
        return PyErr_Occurred() ? -1 : 0;
    }
    PyErr_Format(PyExc_TypeError, "a layer has no member %R", name);
    return -1;
}

static int read_layer(long kind, PyObject *members, oneseed_torch_layer *layer)
{
    if (kind < 0 || kind >= ONESEED_TORCH_N_LAYER_KINDS) {
        PyErr_SetString(PyExc_ValueError, oneseed_status_text(ONESEED_TORCH_LAYER_KIND));
        return -1;
    }
    oneseed_torch_layer_defaults(layer, (oneseed_torch_layer_kind)kind);
    PyObject *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(members, &at, &name, &value))
        if (set_member(layer, name, value) < 0)
            return -1;
    return 0;
}

/* The parameters in memory of their own, not filled yet: {name: Array}; outs[k] is the memory of parameter k. */
static PyObject *make_parameters(torch_module *m, const oneseed_torch_layer *layer, size_t n, oneseed_torch_dtype dtype,
                                 void **outs)
{
    PyObject *made = PyDict_New();
    for (size_t k = 0; made && k < n; k++) {
        oneseed_torch_parameter parameter;
        oneseed_status status = oneseed_torch_layer_parameter(layer, k, &parameter);
        torch_array *array = status ? NULL : torch_new(m, dtype, parameter.n_dims, parameter.shape);
        if (status)
            torch_refuse(status);
        if (!array || PyDict_SetItemString(made, parameter.name, (PyObject *)array) < 0)
            Py_CLEAR(made);
        else
            outs[k] = array->data;
        Py_XDECREF(array);
    }
    return made;
}

static oneseed_status fill_parameters(torch_generator *generator, const oneseed_torch_layer *layer,
                                      oneseed_torch_dtype dtype, void *const *outs)
{
    oneseed_status status;
    torch_lock(generator);
    Py_BEGIN_ALLOW_THREADS;
    status = oneseed_torch_layer_fill(&generator->cpu, layer, dtype, outs);
    Py_END_ALLOW_THREADS;
    torch_unlock(generator);
    return status;
}

/* _layer(kind, members, generator, dtype): {name: Array}, filled as the constructor does; refusals are the caller's to find first. */
static PyObject *py_layer(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *members, *generator_object, *dtype_object;
    long kind;
    oneseed_torch_layer layer;
    oneseed_torch_dtype dtype = m->default_dtype;
    size_t n_parameters, n_elements;
    if (!PyArg_ParseTuple(args, "lO!OO:_layer", &kind, &PyDict_Type, &members, &generator_object, &dtype_object) ||
        read_layer(kind, members, &layer) < 0 ||
        (!torch_is_none(dtype_object) && torch_read_dtype(m, dtype_object, &dtype) < 0))
        return NULL;
    torch_generator *generator = torch_read_generator(m, generator_object, "a layer");
    if (!generator)
        return NULL;
    oneseed_status status = oneseed_torch_layer_size(&layer, &n_parameters, &n_elements);
    if (status)
        return torch_refuse(status);
    void **outs = calloc(n_parameters + 1, sizeof *outs);
    if (!outs)
        return PyErr_NoMemory();
    PyObject *made = make_parameters(m, &layer, n_parameters, dtype, outs);
    if (made && (status = fill_parameters(generator, &layer, dtype, outs)) != ONESEED_OK) {
        torch_refuse(status);
        Py_CLEAR(made);
    }
    free(outs);
    return made;
}

/* ---- torch.nn.init ---- */

/* Fills a contiguous array with `work` in in[0], which is freed then. 0, or -1 with an exception. */
static int fill_with_work(torch_generator *generator, torch_array *array, struct torch_fill *fill, void *work)
{
    int failed = -1;
    fill->in[0] = work;
    if (!work)
        PyErr_NoMemory();
    else if (!torch_is_contiguous(array))
        PyErr_Format(PyExc_NotImplementedError, "%s: oneseed.torch knows it of contiguous arrays", fill->kernel);
    else
        failed = torch_run_fill(generator, array, fill);
    free(work);
    return failed;
}

/* A fill whose library function takes the whole shape: in `fill` the array it works for, to be found in in[0]. */
static TORCH_RUN(trunc_normal)
{
    const double *bounds = fill->in[1];
    return oneseed_torch_trunc_normal_fill(state, dtype, fill->a, fill->b, bounds[0], bounds[1],
                                           (void *)(uintptr_t)fill->in[0], out, n);
}

/* _trunc_normal(array, mean, std, a, b, generator) */
static PyObject *py_trunc_normal(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object, *generator_object;
    double bounds[2];
    struct torch_fill fill = {.run = torch_run_trunc_normal, .kernel = "trunc_normal_"};
    if (!PyArg_ParseTuple(args, "OddddO:_trunc_normal", &object, &fill.a, &fill.b, &bounds[0], &bounds[1],
                          &generator_object))
        return NULL;
    torch_generator *generator = torch_read_generator(m, generator_object, "trunc_normal_");
    torch_array *array = generator ? torch_as_array(m, object, "trunc_normal_(): argument 'tensor'") : NULL;
    if (!array)
        return NULL;
    fill.in[1] = bounds;
    int failed = fill_with_work(generator, array, &fill,
                                malloc((size_t)array->n * 3 * oneseed_torch_dtype_size(array->dtype) + 1));
    Py_DECREF(array);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static TORCH_RUN(orthogonal)
{
    (void)n;
    const torch_array *array = fill->in[1];
    return oneseed_torch_init_orthogonal_fill(state, dtype, array->dims, array->ndim, fill->a,
                                              (double *)(uintptr_t)fill->in[0], out);
}

/* _orthogonal(array, gain, generator) */
static PyObject *py_orthogonal(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *object, *generator_object;
    struct torch_fill fill = {.run = torch_run_orthogonal, .kernel = "orthogonal_"};
    if (!PyArg_ParseTuple(args, "OdO:_orthogonal", &object, &fill.a, &generator_object))
        return NULL;
    torch_generator *generator = torch_read_generator(m, generator_object, "orthogonal_");
    torch_array *array = generator ? torch_as_array(m, object, "orthogonal_(): argument 'tensor'") : NULL;
    if (!array)
        return NULL;
    fill.in[1] = array;
    size_t n_work = oneseed_torch_init_orthogonal_work(array->dims, array->ndim) + 1;
    int failed = fill_with_work(generator, array, &fill, malloc(n_work * sizeof(double)));
    Py_DECREF(array);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

PyMethodDef torch_module_functions[] = {
    {"_layer", py_layer, METH_VARARGS, NULL},
    {"_trunc_normal", py_trunc_normal, METH_VARARGS, NULL},
    {"_orthogonal", py_orthogonal, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
