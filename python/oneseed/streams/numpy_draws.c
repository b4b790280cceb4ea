/* numpy_draws.c - distributions, integers and bytes of oneseed.numpy, from the library's tables.
 * SPDX-License-Identifier: MIT */
#include "numpy_state.h"

#include <math.h>   /* isnan */
#include <string.h> /* memcpy */

#include "dialects/numpy_method.h" /* numpy_method */

/* A method's handle in Python: its row, those of RandomState behind those of Generator. */
static const numpy_method *method_of(long handle)
{
    if (handle >= 0 && handle < n_numpy_generator_methods)
        return &numpy_generator_methods[handle];
    handle -= n_numpy_generator_methods;
    if (handle >= 0 && handle < n_numpy_legacy_methods)
        return &numpy_legacy_methods[handle];
    PyErr_SetString(PyExc_ValueError, "there is no such method");
    return NULL;
}

/* _numpy_methods(is_legacy): {name: (handle, kinds of the parameters: d or q, kind of the result, parameters' names)}. */
static PyObject *py_methods(PyObject *module, PyObject *args)
{
    (void)module;
    int is_legacy;
    if (!PyArg_ParseTuple(args, "p:_numpy_methods", &is_legacy))
        return NULL;
    const numpy_method *rows = is_legacy ? numpy_legacy_methods : numpy_generator_methods;
    int n = is_legacy ? n_numpy_legacy_methods : n_numpy_generator_methods,
        first = is_legacy ? n_numpy_generator_methods : 0;
    PyObject *all = PyDict_New();
    for (int k = 0; all && k < n; k++) {
        char kinds[4] = "";
        for (int j = 0; j < rows[k].n_parameters; j++)
            kinds[j] = rows[k].parameters[j].is_integer ? 'q' : 'd';
        PyObject *row = Py_BuildValue("iss", first + k, kinds, rows[k].f64 ? "d" : "q");
        if (!row || PyDict_SetItemString(all, rows[k].name, row) < 0)
            Py_CLEAR(all);
        Py_XDECREF(row);
    }
    return all;
}

static int read_number(const numpy_parameter *parameter, PyObject *object, numpy_number *number)
{
    if (parameter->is_integer)
        number->i = PyLong_AsLongLong(object);
    else
        number->f = PyFloat_AsDouble(object);
    return PyErr_Occurred() ? -1 : 0;
}

/* An exact float, or an exact int that fits: 1; 0 for what Python has to make a number of first. */
static int take_number(const numpy_parameter *parameter, PyObject *object, numpy_number *number)
{
    if (PyFloat_CheckExact(object) && !parameter->is_integer) {
        number->f = PyFloat_AsDouble(object);
        return 1;
    }
    if (!PyLong_CheckExact(object))
        return 0;
    int overflow;
    long long integer = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (parameter->is_integer)
        number->i = integer;
    else
        number->f = (double)integer;
    return !overflow;
}

/* draw(method, (parameters...)): one value; NotImplemented, and nothing drawn, for other parameters than exact numbers. */
static PyObject *py_draw(PyObject *self, PyObject *args)
{
    int handle;
    PyObject *parameters;
    numpy_number numbers[3];
    if (!PyArg_ParseTuple(args, "iO!:draw", &handle, &PyTuple_Type, &parameters))
        return NULL;
    const numpy_method *method = method_of(handle);
    if (!method)
        return NULL;
    if (PyTuple_Size(parameters) != method->n_parameters) {
        PyErr_Format(PyExc_TypeError, "%s has %d parameters", method->name, method->n_parameters);
        return NULL;
    }
    for (int k = 0; k < method->n_parameters; k++)
        if (!take_number(&method->parameters[k], PyTuple_GetItem(parameters, k), &numbers[k])) {
            Py_INCREF(Py_NotImplemented);
            return Py_NotImplemented;
        }
    oneseed_numpy *state = numpy_enter(self);
    if (method->check && numpy_raise(method->check(state, numbers), 0) < 0)
        return NULL;
    PyObject *result = method->f64 ? PyFloat_FromDouble(method->f64(state, numbers))
                                   : PyLong_FromLongLong(method->i64(state, numbers));
    numpy_leave(self);
    return result;
}

/* The parameters of a fill: numbers, or arrays with a number for each element. */
struct parameters {
    const numpy_method *method;
    numpy_number numbers[3];
    python_buffer arrays[3]; /* obj NULL: a number */
    int has_arrays;
};

static void free_parameters(struct parameters *parameters)
{
    for (int k = 0; k < 3; k++)
        if (parameters->arrays[k].obj)
            PyBuffer_Release(&parameters->arrays[k]);
}

static int read_parameters(struct parameters *parameters, PyObject *args, Py_ssize_t first, size_t n)
{
    const numpy_method *method = parameters->method;
    for (int k = 0; k < method->n_parameters; k++) {
        PyObject *object = PyTuple_GetItem(args, first + k);
        if (!object)
            return -1;
        if (PyFloat_Check(object) || PyLong_Check(object)) {
            if (read_number(&method->parameters[k], object, &parameters->numbers[k]) < 0)
                return -1;
        } else if (numpy_readable(object, 8 * n, &parameters->arrays[k]) < 0) {
            return -1;
        } else {
            parameters->has_arrays = 1;
        }
    }
    return 0;
}

static void take_element(struct parameters *parameters, size_t at)
{
    for (int k = 0; k < parameters->method->n_parameters; k++)
        if (parameters->arrays[k].obj)
            memcpy(&parameters->numbers[k], (const char *)parameters->arrays[k].buf + 8 * at, 8);
}

/* The status that NumPy finds first, which goes parameter by parameter over all elements. */
static oneseed_status check_elements(const oneseed_numpy *state, struct parameters *parameters, size_t n)
{
    oneseed_status worst = ONESEED_OK;
    for (size_t k = 0; k < n; k++) {
        take_element(parameters, k);
        oneseed_status status = parameters->method->check(state, parameters->numbers);
        if (status != ONESEED_OK && (worst == ONESEED_OK || status < worst))
            worst = status;
    }
    return worst;
}

static void fill(oneseed_numpy *state, struct parameters *parameters, void *out, size_t n)
{
    const numpy_method *method = parameters->method;
    double *reals = out;
    int64_t *integers = out;
    if (!parameters->has_arrays && method->fill_f64) {
        method->fill_f64(state, parameters->numbers, reals, n);
        return;
    }
    if (!parameters->has_arrays && method->fill_i64) {
        method->fill_i64(state, parameters->numbers, integers, n);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        take_element(parameters, k);
        if (method->f64)
            reals[k] = method->f64(state, parameters->numbers);
        else
            integers[k] = method->i64(state, parameters->numbers);
    }
}

/* fill(method, out, parameters...): a parameter is a number or a buffer of as many 8-byte numbers as out has. */
static PyObject *py_fill(PyObject *self, PyObject *args)
{
    long handle = PyTuple_Size(args) > 1 ? PyLong_AsLong(PyTuple_GetItem(args, 0)) : -1;
    struct parameters parameters = {.method = method_of(handle)};
    python_buffer out;
    oneseed_status status = ONESEED_OK;
    if (!parameters.method || numpy_writable(PyTuple_GetItem(args, 1), 0, &out) < 0)
        return NULL;
    size_t n = (size_t)out.len / 8;
    int is_read = read_parameters(&parameters, args, 2, n) == 0;
    if (is_read) {
        oneseed_numpy *state = numpy_enter(self);
        PyThreadState *thread = PyEval_SaveThread();
        if (parameters.method->check)
            status = parameters.has_arrays ? check_elements(state, &parameters, n)
                                           : parameters.method->check(state, parameters.numbers);
        if (status == ONESEED_OK)
            fill(state, &parameters, out.buf, n);
        PyEval_RestoreThread(thread);
        numpy_leave(self);
    }
    int has_arrays = parameters.has_arrays;
    free_parameters(&parameters);
    PyBuffer_Release(&out);
    if (!is_read || numpy_raise(status, has_arrays) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- Generator's variants, which are in no table ---- */

static void fill_f32(oneseed_numpy *state, void *out, size_t n)
{
    oneseed_numpy_random_f32_fill(state, out, n);
}

static void fill_normal_f32(oneseed_numpy *state, void *out, size_t n)
{
    oneseed_numpy_standard_normal_f32_fill(state, out, n);
}

static void fill_exponential_f32(oneseed_numpy *state, void *out, size_t n)
{
    oneseed_numpy_standard_exponential_f32_fill(state, out, n);
}

static void fill_exponential_inv(oneseed_numpy *state, void *out, size_t n)
{
    oneseed_numpy_standard_exponential_inv_fill(state, out, n);
}

static void fill_exponential_inv_f32(oneseed_numpy *state, void *out, size_t n)
{
    oneseed_numpy_standard_exponential_inv_f32_fill(state, out, n);
}

static const struct variant {
    const char *name;
    size_t item_nbytes;
    void (*fill)(oneseed_numpy *state, void *out, size_t n);
} variants[] = {
    {"random_f32", sizeof(float), fill_f32},
    {"standard_normal_f32", sizeof(float), fill_normal_f32},
    {"standard_exponential_f32", sizeof(float), fill_exponential_f32},
    {"standard_exponential_inv", sizeof(double), fill_exponential_inv},
    {"standard_exponential_inv_f32", sizeof(float), fill_exponential_inv_f32},
};

static const struct variant *find_variant(const char *name)
{
    for (size_t k = 0; k < sizeof variants / sizeof *variants; k++)
        if (strcmp(variants[k].name, name) == 0)
            return &variants[k];
    PyErr_Format(PyExc_ValueError, "there is no variant %s", name);
    return NULL;
}

/* fill_variant(name, out). */
static PyObject *py_fill_variant(PyObject *self, PyObject *args)
{
    const char *name;
    PyObject *object;
    python_buffer out;
    if (!PyArg_ParseTuple(args, "sO:fill_variant", &name, &object))
        return NULL;
    const struct variant *variant = find_variant(name);
    if (!variant || numpy_writable(object, 0, &out) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    variant->fill(state, out.buf, (size_t)out.len / variant->item_nbytes);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

static oneseed_status fill_gammas_f32(oneseed_numpy *state, const float *shapes, float *out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (signbit(shapes[k]) && !isnan(shapes[k]))
            return ONESEED_NUMPY_SHAPE_NEGATIVE;
    for (size_t k = 0; k < n; k++)
        out[k] = oneseed_numpy_standard_gamma_f32(state, (double)shapes[k]);
    return ONESEED_OK;
}

/* fill_gamma_f32(out, shape): the shape is a float, or a buffer of as many 4-byte floats as out has. */
static PyObject *py_fill_gamma_f32(PyObject *self, PyObject *args)
{
    PyObject *object, *shape;
    python_buffer out, shapes;
    oneseed_status status;
    if (!PyArg_ParseTuple(args, "OO:fill_gamma_f32", &object, &shape) || numpy_writable(object, 0, &out) < 0)
        return NULL;
    size_t n = (size_t)out.len / sizeof(float);
    oneseed_numpy *state = numpy_enter(self);
    if (PyFloat_Check(shape)) {
        double number = PyFloat_AsDouble(shape);
        PyThreadState *thread = PyEval_SaveThread();
        status = oneseed_numpy_standard_gamma_f32_fill(state, number, out.buf, n);
        PyEval_RestoreThread(thread);
    } else {
        if (numpy_readable(shape, sizeof(float) * n, &shapes) < 0) {
            PyBuffer_Release(&out);
            return NULL;
        }
        PyThreadState *thread = PyEval_SaveThread();
        status = fill_gammas_f32(state, shapes.buf, out.buf, n);
        PyEval_RestoreThread(thread);
        PyBuffer_Release(&shapes);
    }
    numpy_leave(self);
    PyBuffer_Release(&out);
    if (numpy_raise(status, 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- integers and bytes ---- */

/* integers(is_legacy, dtype, out, first, last): both ends are possible; ints as two's complement of 64 bits, or buffers of them. */
static PyObject *py_integers(PyObject *self, PyObject *args)
{
    int is_legacy, dtype;
    PyObject *out_object, *first, *last;
    if (!PyArg_ParseTuple(args, "piOOO:integers", &is_legacy, &dtype, &out_object, &first, &last))
        return NULL;
    static const size_t n_bytes[] = {1, 1, 1, 2, 2, 4, 4, 8, 8};
    if (dtype < 0 || dtype > ONESEED_NUMPY_UINT64) {
        PyErr_SetString(PyExc_ValueError, "there is no such dtype");
        return NULL;
    }
    python_buffer out, firsts = {.obj = NULL}, lasts = {.obj = NULL};
    uint64_t low = 0, high = 0;
    oneseed_status status = ONESEED_OK;
    int is_array = !PyLong_Check(first), is_read = 1;
    if (numpy_writable(out_object, 0, &out) < 0)
        return NULL;
    size_t n = (size_t)out.len / n_bytes[dtype];
    if (!is_array) {
        low = PyLong_AsUnsignedLongLongMask(first);
        high = PyLong_AsUnsignedLongLongMask(last);
        is_read = !PyErr_Occurred();
    } else {
        is_read = numpy_readable(first, 8 * n, &firsts) == 0 && numpy_readable(last, 8 * n, &lasts) == 0;
    }
    if (is_read) {
        oneseed_numpy *state = numpy_enter(self);
        const oneseed_numpy_dtype type = (oneseed_numpy_dtype)dtype;
        PyThreadState *thread = PyEval_SaveThread();
        if (is_array)
            status = is_legacy ? oneseed_numpy_legacy_randint_array_fill(state, type, firsts.buf, lasts.buf, out.buf, n)
                               : oneseed_numpy_integers_array_fill(state, type, firsts.buf, lasts.buf, out.buf, n);
        else
            status = is_legacy ? oneseed_numpy_legacy_randint_dtype_fill(state, type, low, high, out.buf, n)
                               : oneseed_numpy_integers_dtype_fill(state, type, low, high, out.buf, n);
        PyEval_RestoreThread(thread);
        numpy_leave(self);
    }
    if (firsts.obj)
        PyBuffer_Release(&firsts);
    if (lasts.obj)
        PyBuffer_Release(&lasts);
    PyBuffer_Release(&out);
    if (!is_read || numpy_raise(status, 0) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* bytes(is_legacy, n). */
static PyObject *py_bytes(PyObject *self, PyObject *args)
{
    int is_legacy;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "pn:bytes", &is_legacy, &n))
        return NULL;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, n);
    if (!bytes)
        return NULL;
    void *out = PyBytes_AsString(bytes);
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    if (is_legacy)
        oneseed_numpy_legacy_bytes_fill(state, out, (size_t)n);
    else
        oneseed_numpy_bytes_fill(state, out, (size_t)n);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    return bytes;
}

/* tomaxint(out): a buffer of 64-bit integers. */
static PyObject *py_tomaxint(PyObject *self, PyObject *out_object)
{
    python_buffer out;
    if (numpy_writable(out_object, 0, &out) < 0)
        return NULL;
    oneseed_numpy *state = numpy_enter(self);
    PyThreadState *thread = PyEval_SaveThread();
    oneseed_numpy_legacy_tomaxint_fill(state, out.buf, (size_t)out.len / 8);
    PyEval_RestoreThread(thread);
    numpy_leave(self);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

PyMethodDef numpy_draw_methods[] = {
    {"draw", py_draw, METH_VARARGS, NULL},
    {"fill", py_fill, METH_VARARGS, NULL},
    {"fill_variant", py_fill_variant, METH_VARARGS, NULL},
    {"fill_gamma_f32", py_fill_gamma_f32, METH_VARARGS, NULL},
    {"integers", py_integers, METH_VARARGS, NULL},
    {"bytes", py_bytes, METH_VARARGS, NULL},
    {"tomaxint", py_tomaxint, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

PyMethodDef numpy_functions[] = {
    {"_numpy_methods", py_methods, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
