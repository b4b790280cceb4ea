/* torch_arguments.c - the arguments of oneseed.torch's functions, as torch's parser reads them, and its messages.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <stdarg.h> /* va_list */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

int torch_is_none(PyObject *object)
{
    return !object || object == Py_None;
}

static PyObject *type_name(PyObject *object)
{
    return PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
}

void torch_type_error(PyObject *exception, const char *format, PyObject *object)
{
    PyObject *name = type_name(object);
    if (name)
        PyErr_Format(exception, format, name);
    Py_XDECREF(name);
}

/* ---- which argument is which ---- */

/* "(int, foo=int)": the types of what was given. */
static PyObject *describe(PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    Py_ssize_t n_keywords = kwnames ? PyTuple_Size(kwnames) : 0;
    PyObject *text = PyUnicode_FromString("("), *longer;
    for (Py_ssize_t k = 0; text && k < n + n_keywords; k++) {
        PyObject *name = type_name(args[k]);
        const char *comma = k > 0 ? ", " : "";
        if (!name)
            longer = NULL;
        else if (k < n)
            longer = PyUnicode_FromFormat("%U%s%U", text, comma, name);
        else
            longer = PyUnicode_FromFormat("%U%s%U=%U", text, comma, PyTuple_GetItem(kwnames, k - n), name);
        Py_XDECREF(name);
        Py_DECREF(text);
        text = longer;
    }
    longer = text ? PyUnicode_FromFormat("%U)", text) : NULL;
    Py_XDECREF(text);
    return longer;
}

/* torch.Generator, whose name is that of ours: the message has to say which of them is meant. */
static int is_torchs_generator(PyObject *object)
{
    PyObject *name = type_name(object), *module = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__module__");
    int is_one = name && module && PyUnicode_Check(module) &&
                 PyUnicode_CompareWithASCIIString(name, "Generator") == 0 &&
                 PyUnicode_CompareWithASCIIString(module, "torch._C") == 0;
    Py_XDECREF(name);
    Py_XDECREF(module);
    return is_one;
}

void torch_refuse_generator(PyObject *object)
{
    if (is_torchs_generator(object))
        PyErr_SetString(PyExc_TypeError, "generator must be an oneseed.torch.Generator, not torch's own: "
                                         "oneseed.torch.Generator().set_state(g.get_state()) goes on where g is");
    else
        torch_type_error(PyExc_TypeError, "generator must be a Generator, not %U", object);
}

int torch_refuse_call(const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    for (Py_ssize_t k = 0; k < n + (kwnames ? PyTuple_Size(kwnames) : 0); k++)
        if (is_torchs_generator(args[k]))
            return torch_refuse_generator(args[k]), -1;
    PyObject *given = describe(args, n, kwnames), *known = PyUnicode_FromString("");
    for (int k = 0; known && signature->names[k]; k++) {
        PyObject *longer = PyUnicode_FromFormat("%U%s%s%s", known, k ? ", " : "",
                                                k == signature->n_positional ? "*, " : "", signature->names[k]);
        Py_DECREF(known);
        known = longer;
    }
    if (given && known)
        PyErr_Format(PyExc_TypeError,
                     "%s() received an invalid combination of arguments - got %U, but expected one of:\n * (%U)\n",
                     signature->function, given, known);
    Py_XDECREF(given);
    Py_XDECREF(known);
    return -1;
}

int torch_arguments(const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                    PyObject **values)
{
    Py_ssize_t n_keywords = kwnames ? PyTuple_Size(kwnames) : 0;
    int n_names = 0;
    while (n_names < TORCH_MAX_PARAMETERS && signature->names[n_names])
        values[n_names++] = NULL;
    if (n > signature->n_positional)
        return torch_refuse_call(signature, args, n, kwnames);
    for (Py_ssize_t k = 0; k < n; k++)
        values[k] = args[k];
    for (Py_ssize_t k = 0; k < n_keywords; k++) {
        PyObject *keyword = PyTuple_GetItem(kwnames, k);
        int at = 0;
        while (at < n_names && PyUnicode_CompareWithASCIIString(keyword, signature->names[at]) != 0)
            at++;
        if (at == n_names || values[at])
            return torch_refuse_call(signature, args, n, kwnames);
        values[at] = args[n + k];
    }
    return 0;
}

int torch_has_keyword(PyObject *kwnames, const char *name)
{
    for (Py_ssize_t k = 0; kwnames && k < PyTuple_Size(kwnames); k++)
        if (PyUnicode_CompareWithASCIIString(PyTuple_GetItem(kwnames, k), name) == 0)
            return 1;
    return 0;
}

/* ---- numbers ---- */

/* "f(): argument 'name' (position 1) must be WANT, not TYPE"; without the position for a keyword (0). */
static int refuse_type(const char *function, const char *name, int position, const char *want, PyObject *object)
{
    char format[200], where[32] = "";
    if (position > 0)
        snprintf(where, sizeof where, " (position %d)", position);
    snprintf(format, sizeof format, "%s(): argument '%s'%s must be %s, not %%U", function, name, where, want);
    torch_type_error(PyExc_TypeError, format, object);
    return -1;
}

/* Integers and what counts as one, but no bools. */
static int is_integer(PyObject *object)
{
    return PyLong_CheckExact(object) || (PyIndex_Check(object) && !PyBool_Check(object));
}

static int read_integer(PyObject *object, int64_t *out)
{
    int overflow = 0;
    PyObject *whole = PyNumber_Index(object);
    if (!whole)
        return -1;
    *out = PyLong_AsLongLongAndOverflow(whole, &overflow);
    Py_DECREF(whole);
    if (overflow)
        PyErr_SetString(PyExc_ValueError, "Overflow when unpacking long long");
    return overflow || PyErr_Occurred() ? -1 : 0;
}

int torch_read_int64(const char *function, const char *name, int position, PyObject *object, int64_t *out)
{
    if (!is_integer(object))
        return refuse_type(function, name, position, "int", object);
    return read_integer(object, out);
}

int torch_read_double(const char *function, const char *name, int position, PyObject *object, double *out)
{
    if (PyFloat_CheckExact(object)) {
        *out = PyFloat_AsDouble(object);
        return 0;
    }
    if (PyUnicode_Check(object) || PyBytes_Check(object) || PyComplex_Check(object) || !PyNumber_Check(object))
        return refuse_type(function, name, position, "float", object);
    *out = PyFloat_AsDouble(object);
    return *out == -1.0 && PyErr_Occurred() ? -1 : 0;
}

int torch_refuse_size(const char *function, int position, PyObject *object)
{
    return refuse_type(function, "size", position, "tuple of ints", object);
}

static int refuse_size_item(const char *function, Py_ssize_t at, PyObject *object)
{
    char format[200];
    snprintf(format, sizeof format,
             "%s(): argument 'size' failed to unpack the object at pos %lld with error \"type must be tuple of "
             "ints,but got %%U\"",
             function, (long long)at + 1);
    torch_type_error(PyExc_TypeError, format, object);
    return -1;
}

int torch_read_size(const char *function, PyObject *const *args, Py_ssize_t n, int position, struct torch_size *out)
{
    PyObject *sequence = n == 1 && !is_integer(args[0]) ? args[0] : NULL, *items = NULL;
    if (sequence && !PyTuple_Check(sequence) && !PyList_Check(sequence))
        return refuse_type(function, "size", position, "tuple of ints", sequence);
    if (sequence) {
        items = PySequence_Tuple(sequence);
        if (!items)
            return -1;
        n = PyTuple_Size(items);
    }
    if (n > TORCH_MAX_DIMS) {
        PyErr_Format(PyExc_RuntimeError, "%s(): at most %d dimensions are known here, got %zd", function,
                     TORCH_MAX_DIMS, n);
        Py_XDECREF(items);
        return -1;
    }
    out->ndim = (int)n;
    int status = 0;
    for (Py_ssize_t k = 0; k < n && status == 0; k++) {
        PyObject *item = items ? PyTuple_GetItem(items, k) : args[k];
        if (!is_integer(item)) {
            status = k == 0 && !items ? refuse_type(function, "size", position, "tuple of ints", item)
                                      : refuse_size_item(function, k, item);
        } else if (read_integer(item, &out->dims[k]) < 0) {
            PyErr_Clear();
            PyErr_Format(PyExc_TypeError,
                         "%s(): argument 'size' failed to unpack the object at pos %zd with error \"Overflow when "
                         "unpacking long long\"",
                         function, k + 1);
            status = -1;
        }
    }
    Py_XDECREF(items);
    return status;
}

/* ---- messages ---- */

PyObject *torch_error(PyObject *exception, const char *format, ...)
{
    char text[400];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    PyErr_SetString(exception, text);
    return NULL;
}

/* RuntimeErrors are ATen's; torch's Python has others. */
static PyObject *exception_of(oneseed_status status)
{
    switch (status) {
    case ONESEED_TORCH_EMBEDDING_PADDING:
    case ONESEED_TORCH_EMBEDDING_BAG_PADDING:
    case ONESEED_TORCH_ATTENTION_HEADS:
        return PyExc_AssertionError;
    case ONESEED_TORCH_GROUP_NORM_ZERO:
    case ONESEED_TORCH_SAMPLER_EMPTY:
        return PyExc_ZeroDivisionError;
    case ONESEED_TORCH_DROPOUT_P:
    case ONESEED_TORCH_CONV_GROUPS:
    case ONESEED_TORCH_CONV_IN_CHANNELS:
    case ONESEED_TORCH_CONV_OUT_CHANNELS:
    case ONESEED_TORCH_BILINEAR_IN1:
    case ONESEED_TORCH_RNN_INPUT_SIZE:
    case ONESEED_TORCH_RNN_HIDDEN_SIZE:
    case ONESEED_TORCH_RNN_NUM_LAYERS:
    case ONESEED_TORCH_RNN_PROJ_NEGATIVE:
    case ONESEED_TORCH_RNN_PROJ_SIZE:
    case ONESEED_TORCH_RNN_PROJ_LSTM:
    case ONESEED_TORCH_ATTENTION_SIZES:
    case ONESEED_TORCH_GROUP_NORM_CHANNELS:
    case ONESEED_TORCH_NUM_SAMPLES:
    case ONESEED_TORCH_SPLIT_FRACTION:
    case ONESEED_TORCH_SPLIT_SUM:
    case ONESEED_TORCH_RANK:
        return PyExc_ValueError;
    default:
        return PyExc_RuntimeError;
    }
}

PyObject *torch_refuse(oneseed_status status)
{
    PyErr_SetString(exception_of(status), oneseed_status_text(status));
    return NULL;
}
