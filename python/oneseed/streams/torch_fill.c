/* torch_fill.c - fills of arrays of any layout, refusals in torch's words, and the keywords of functions that make arrays.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* strcmp */

/* ---- refusals ---- */

static void raise_status(oneseed_status status, const torch_array *array, const struct torch_fill *fill)
{
    const char *text = oneseed_status_text(status), *c_name = torch_c_name(array->dtype);
    PyObject *runtime = PyExc_RuntimeError;
    long long from = (long long)fill->from, to = (long long)fill->to;
    switch (status) {
    case ONESEED_TORCH_DTYPE:
        torch_error(PyExc_NotImplementedError, "\"%s\" not implemented for '%s'", fill->kernel,
                    torch_aten_name(fill->in ? fill->in_dtype : array->dtype));
        return;
    case ONESEED_TORCH_FROM_BOUNDS:
    case ONESEED_TORCH_TO_BOUNDS:
    case ONESEED_TORCH_TO_1_BOUNDS:
        torch_error(runtime, "%s%s", text, c_name);
        return;
    case ONESEED_TORCH_UNIFORM_RANGE:
        torch_error(runtime, "%s%g > to=%g", text, fill->a, fill->b);
        return;
    case ONESEED_TORCH_UNIFORM_WIDTH:
        torch_error(runtime, "%s%g and from=%g which result in to-from to exceed the limit", text, fill->b, fill->a);
        return;
    case ONESEED_TORCH_STD:
        torch_error(runtime, "%s%g", text, fill->b);
        return;
    case ONESEED_TORCH_RANDOM_RANGE:
    case ONESEED_TORCH_RANDOM_CAST:
        torch_error(runtime, "%s%lld >= to=%lld", text, from, to);
        return;
    case ONESEED_TORCH_RANDOM_CAST_MAX:
        torch_error(runtime, "%s%lld > to_inc=%lld", text, from,
                    array->dtype == ONESEED_TORCH_FLOAT16    ? 1LL << 11
                    : array->dtype == ONESEED_TORCH_BFLOAT16 ? 1LL << 8
                    : array->dtype == ONESEED_TORCH_FLOAT32  ? 1LL << 24
                                                             : 1LL << 53);
        return;
    default:
        break;
    }
    size_t length = strlen(text); /* a text that is open goes on with the value */
    if (length > 0 && (text[length - 1] == '=' || text[length - 1] == ' '))
        torch_error(runtime, "%s%g", text, fill->a);
    else
        torch_refuse(status);
}

/* ---- filling ---- */

static oneseed_status run(torch_generator *generator, torch_array *array, const struct torch_fill *fill, char *out,
                          int is_contiguous)
{
    size_t n = (size_t)array->n;
    int is_long = n >= TORCH_FREE_GIL_AT;
    oneseed_torch *state = torch_lock(generator);
    PyThreadState *thread = is_long ? PyEval_SaveThread() : NULL;
    oneseed_status status = !is_contiguous && fill->run_noncontiguous
                                ? fill->run_noncontiguous(state, array->dtype, fill, out, n)
                                : fill->run(state, array->dtype, fill, out, n);
    torch_unlock(generator);
    if (is_long)
        PyEval_RestoreThread(thread);
    return status;
}

int torch_run_fill(torch_generator *generator, torch_array *array, const struct torch_fill *fill)
{
    int is_contiguous = torch_is_contiguous(array);
    char *values = array->data;
    if (array->is_readonly) {
        PyErr_SetString(PyExc_ValueError, "the memory of this array is read-only");
        return -1;
    }
    if (!is_contiguous) {
        values = malloc((size_t)array->n * oneseed_torch_dtype_size(array->dtype));
        if (!values)
            return PyErr_NoMemory(), -1;
    }
    oneseed_status status = run(generator, array, fill, values, is_contiguous);
    if (!is_contiguous) {
        if (status == ONESEED_OK)
            torch_scatter(array, values, 1);
        free(values);
    }
    if (status == ONESEED_OK)
        return 0;
    raise_status(status, array, fill);
    return -1;
}

/* ---- keywords ---- */

int torch_check_device(PyObject *object)
{
    if (torch_is_none(object))
        return 0;
    PyObject *name = PyObject_Str(object); /* torch.device("cpu") is "cpu" */
    if (!name)
        return -1;
    int is_cpu =
        PyUnicode_CompareWithASCIIString(name, "cpu") == 0 || PyUnicode_CompareWithASCIIString(name, "cpu:0") == 0;
    if (!is_cpu)
        PyErr_Format(PyExc_RuntimeError, "device: oneseed.torch knows \"cpu\", got %R", object);
    Py_DECREF(name);
    return is_cpu ? 0 : -1;
}

static int check_layout(PyObject *object)
{
    if (torch_is_none(object))
        return 0;
    PyObject *name = PyObject_Str(object);
    int is_strided = name && (PyUnicode_CompareWithASCIIString(name, "torch.strided") == 0 ||
                              PyUnicode_CompareWithASCIIString(name, "strided") == 0);
    if (name && !is_strided)
        PyErr_Format(PyExc_RuntimeError, "layout: oneseed.torch knows torch.strided, got %R", object);
    Py_XDECREF(name);
    return is_strided ? 0 : -1;
}

/* pin_memory and requires_grad may be given and false. */
static int check_false(PyObject *object, const char *message)
{
    int truth = torch_is_none(object) ? 0 : PyObject_IsTrue(object);
    if (truth > 0)
        PyErr_SetString(PyExc_RuntimeError, message);
    return truth == 0 ? 0 : -1;
}

static int read_common(torch_module *m, PyObject *generator, PyObject *dtype, PyObject *const *rest,
                       oneseed_torch_dtype default_dtype, struct torch_options *out)
{
    out->generator = torch_generator_of(m, generator);
    out->dtype = default_dtype;
    out->has_dtype = !torch_is_none(dtype);
    if (!out->generator)
        return 0;
    if ((out->has_dtype && torch_read_dtype(m, dtype, &out->dtype) < 0) || check_layout(rest[0]) < 0 ||
        torch_check_device(rest[1]) < 0 ||
        check_false(rest[2], "pin_memory: the memory of oneseed.torch's arrays is not pinned") < 0 ||
        check_false(rest[3], "requires_grad: oneseed.torch's arrays record no gradients") < 0)
        return -1;
    return 1;
}

int torch_read_options(torch_module *m, PyObject *const *options, oneseed_torch_dtype default_dtype,
                       struct torch_options *out)
{
    out->out_object = torch_is_none(options[1]) ? NULL : options[1];
    return read_common(m, options[0], options[2], options + 3, default_dtype, out);
}

int torch_read_like_options(torch_module *m, PyObject *const *options, oneseed_torch_dtype default_dtype,
                            struct torch_options *out)
{
    out->out_object = NULL;
    return read_common(m, options[0], options[1], options + 2, default_dtype, out);
}

int torch_read_sized(const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                     PyObject **values, struct torch_size *size)
{
    /* The sizes may be many: only the keywords go through the parser. */
    if (torch_arguments(signature, args + n, 0, kwnames, values) < 0)
        return torch_refuse_call(signature, args, n, kwnames);
    int has_tail = n > 1 && (PyTuple_Check(args[0]) || PyList_Check(args[0]));
    if ((values[0] != NULL) == (n > 0) || has_tail)
        return torch_refuse_call(signature, args, n, kwnames);
    return values[0] ? torch_read_size(signature->function, &values[0], 1, 0, size)
                     : torch_read_size(signature->function, args, n, 1, size);
}

torch_array *torch_make_out(torch_module *m, const struct torch_options *options, int ndim, const int64_t *shape)
{
    if (!options->out_object)
        return torch_new(m, options->dtype, ndim, shape);
    torch_array *out = torch_as_array(m, options->out_object, "argument 'out'");
    if (!out)
        return NULL;
    int is_shape = out->ndim == ndim;
    for (int k = 0; is_shape && k < ndim; k++)
        is_shape = out->dims[k] == shape[k];
    if (options->has_dtype && out->dtype != options->dtype)
        torch_error(PyExc_RuntimeError, "dtype %s does not match dtype of out parameter (%s)",
                    torch_aten_name(options->dtype), torch_aten_name(out->dtype));
    else if (!is_shape)
        PyErr_SetString(PyExc_RuntimeError,
                        "out: oneseed.torch resizes no array; it must have the shape of the result");
    if (!PyErr_Occurred())
        return out;
    Py_DECREF(out);
    return NULL;
}

PyObject *torch_finish(torch_array *array, const struct torch_options *options, int failed)
{
    if (failed || options->out_object) {
        Py_DECREF(array);
        array = NULL;
    }
    if (!failed && options->out_object) {
        Py_INCREF(options->out_object);
        return options->out_object;
    }
    return (PyObject *)array;
}
