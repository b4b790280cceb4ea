/* torch_fill.c - fills of arrays of any layout, refusals in torch's words, and the keywords of functions that make arrays.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */
#include <string.h> /* strcmp */

#include "threads.h" /* streams_threads */

/* ---- refusals ---- */

/* Up to which all integers are values of a floating dtype. */
static long long largest_integer(oneseed_torch_dtype dtype)
{
    return dtype == ONESEED_TORCH_FLOAT16    ? 1LL << 11
           : dtype == ONESEED_TORCH_BFLOAT16 ? 1LL << 8
           : dtype == ONESEED_TORCH_FLOAT32  ? 1LL << 24
                                             : 1LL << 53;
}

static void raise_status(oneseed_status status, const torch_array *array, const struct torch_fill *fill)
{
    const char *text = oneseed_status_text(status), *c_name = torch_c_name(array->dtype);
    PyObject *runtime = PyExc_RuntimeError;
    long long from = (long long)fill->from, to = (long long)fill->to;
    switch (status) {
    case ONESEED_TORCH_DTYPE:
        torch_error(PyExc_NotImplementedError, "\"%s\" not implemented for '%s'", fill->kernel,
                    torch_aten_name(fill->tensors[0] ? fill->tensors[0]->dtype : array->dtype));
        return;
    case ONESEED_TORCH_FROM_BOUNDS:
    case ONESEED_TORCH_TO_BOUNDS:
    case ONESEED_TORCH_TO_1_BOUNDS:
        torch_error(runtime, "%s%s", text, c_name);
        return;
    case ONESEED_TORCH_RANDPERM_OVERFLOW:
        torch_error(runtime, "value cannot be converted to type %s without overflow",
                    array->dtype == ONESEED_TORCH_UINT8   ? "uint8_t"
                    : array->dtype == ONESEED_TORCH_INT8  ? "int8_t"
                    : array->dtype == ONESEED_TORCH_INT16 ? "int16_t"
                                                          : "int");
        return;
    case ONESEED_TORCH_RANDPERM_PRECISION:
        torch_error(runtime, "%s%lld for %s type.", text, largest_integer(array->dtype) + 1,
                    torch_aten_name(array->dtype));
        return;
    case ONESEED_TORCH_UNIFORM_RANGE:
        torch_error(runtime, "%s%g > to=%g", text, fill->a, fill->b);
        return;
    case ONESEED_TORCH_EXPONENTIAL_DTYPE:
    case ONESEED_TORCH_RESULT_TYPE:
        torch_error(runtime, "%s%s", text, torch_aten_name(array->dtype));
        return;
    case ONESEED_TORCH_CAUCHY_DTYPE:
        torch_error(runtime, "%s%s", text, c_name);
        return;
    case ONESEED_TORCH_CAUCHY_SIGMA:
    case ONESEED_TORCH_LOG_NORMAL_STD:
        torch_error(runtime, "%s%g", text, fill->b);
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
        torch_error(runtime, "%s%lld > to_inc=%lld", text, from, largest_integer(array->dtype));
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

struct drawing {
    const struct torch_fill *fill;
    oneseed_torch_dtype dtype;
    char *out;
};

static oneseed_status draw_part(oneseed_torch *state, void *argument, size_t begin, size_t n)
{
    const struct drawing *drawing = argument;
    char *out = drawing->out + begin * oneseed_torch_dtype_size(drawing->dtype);
    return drawing->fill->run(state, drawing->dtype, drawing->fill, out, n);
}

static oneseed_status draw(torch_generator *generator, torch_array *array, const struct torch_fill *fill, char *out,
                           int is_contiguous)
{
    size_t n = (size_t)array->n;
    if (generator->is_cuda)
        return fill->run_cuda(&generator->cuda, array->dtype, fill, out, n);
    if (!is_contiguous && fill->run_noncontiguous)
        return fill->run_noncontiguous(&generator->cpu, array->dtype, fill, out, n);
    if (!fill->is_sequence || fill->tensors[0] || fill->tensors[1])
        return fill->run(&generator->cpu, array->dtype, fill, out, n);
    oneseed_threads threads = streams_threads(STREAMS_TORCH_THREADS);
    struct drawing drawing = {fill, array->dtype, out};
    return oneseed_torch_parallel(&generator->cpu, draw_part, &drawing, n, &threads);
}

static oneseed_status run(torch_generator *generator, torch_array *array, const struct torch_fill *fill, char *out,
                          int is_contiguous)
{
    torch_lock(generator);
    PyThreadState *thread = array->n >= TORCH_FREE_GIL_AT ? PyEval_SaveThread() : NULL;
    oneseed_status status = draw(generator, array, fill, out, is_contiguous);
    torch_unlock(generator);
    if (thread)
        PyEval_RestoreThread(thread);
    return status;
}

torch_array *torch_expand(torch_array *array, int ndim, const int64_t *shape)
{
    int64_t strides[TORCH_MAX_DIMS];
    int n_new = ndim - array->ndim;
    for (int k = 0; k < ndim; k++) {
        int64_t size = k < n_new ? 1 : array->dims[k - n_new];
        strides[k] = k < n_new || (size == 1 && shape[k] != 1) ? 0 : torch_strides(array)[k - n_new];
        if (shape[k] < 0 || (size != 1 && size != shape[k])) {
            PyErr_Format(PyExc_RuntimeError,
                         "The expanded size of the tensor (%lld) must match the existing size (%lld) at non-singleton "
                         "dimension %d.",
                         (long long)shape[k], (long long)size, k);
            return NULL;
        }
    }
    if (n_new >= 0)
        return torch_view(array, array->data, ndim, shape, strides);
    PyErr_Format(PyExc_RuntimeError,
                 "expand: the number of sizes provided (%d) must be greater or equal to the number of dimensions in "
                 "the tensor (%d)",
                 ndim, array->ndim);
    return NULL;
}

/* Values of a parameter, one for each element of the output in the order of its memory. *memory is the caller's to free; NULL where
 * the parameter's own memory is that already. -1 with an exception. */
static int values_for(torch_array *parameter, const torch_array *out, int is_contiguous, char **memory,
                      const void **values)
{
    int order[TORCH_MAX_DIMS];
    int64_t shape[TORCH_MAX_DIMS], strides[TORCH_MAX_DIMS];
    if (is_contiguous && torch_is_contiguous(parameter) && parameter->n == out->n) {
        *values = parameter->data;
        return 0;
    }
    torch_array *wide = torch_expand(parameter, out->ndim, out->dims), *turned = NULL;
    if (!wide)
        return -1;
    for (int k = 0; k < out->ndim; k++)
        order[k] = k;
    if (!is_contiguous)
        torch_memory_order(out, order);
    for (int k = 0; k < out->ndim; k++) {
        shape[k] = wide->dims[order[k]];
        strides[k] = torch_strides(wide)[order[k]];
    }
    turned = torch_view(wide, wide->data, out->ndim, shape, strides);
    *values = *memory = turned ? malloc((size_t)out->n * oneseed_torch_dtype_size(parameter->dtype) + 1) : NULL;
    if (*memory)
        torch_gather(turned, *memory, 0);
    else if (turned)
        PyErr_NoMemory();
    Py_DECREF(wide);
    Py_XDECREF(turned);
    return *memory ? 0 : -1;
}

/* With the parameters at hand. */
static int fill_ready(torch_generator *generator, torch_array *array, const struct torch_fill *fill, int is_contiguous)
{
    char *values = array->data;
    if (!is_contiguous) {
        values = malloc((size_t)array->n * oneseed_torch_dtype_size(array->dtype) + 1);
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

int torch_run_fill(torch_generator *generator, torch_array *array, const struct torch_fill *fill)
{
    int is_contiguous = torch_is_contiguous(array), status = 0;
    char *memory[2] = {NULL, NULL};
    struct torch_fill ready = *fill;
    if (array->is_readonly) {
        PyErr_SetString(PyExc_ValueError, "the memory of this array is read-only");
        return -1;
    }
    if (generator->is_cuda && !fill->run_cuda) {
        PyErr_Format(PyExc_NotImplementedError, "%s: not known of generators of CUDA", fill->kernel);
        return -1;
    }
    if (generator->is_cuda && !is_contiguous) {
        PyErr_SetString(PyExc_NotImplementedError, "generators of CUDA: oneseed.torch knows contiguous arrays only");
        return -1;
    }
    for (int k = 0; k < 2 && status == 0; k++)
        if (fill->tensors[k])
            status = values_for(fill->tensors[k], array, is_contiguous, &memory[k], &ready.in[k]);
    if (status == 0)
        status = fill_ready(generator, array, &ready, is_contiguous);
    free(memory[0]);
    free(memory[1]);
    return status;
}

/* ---- keywords ---- */

int torch_read_device(PyObject *object, int otherwise)
{
    if (torch_is_none(object))
        return otherwise;
    if (PyLong_Check(object))
        return 1;                          /* a number is a GPU's */
    PyObject *name = PyObject_Str(object); /* torch.device("cpu") is "cpu" */
    if (!name)
        return -1;
    static const char *const names[] = {"cpu", "cpu:0", "cuda", "cuda:0"};
    int at = 0;
    while (at < 4 && PyUnicode_CompareWithASCIIString(name, names[at]) != 0)
        at++;
    if (at == 4)
        PyErr_Format(PyExc_RuntimeError, "device: oneseed.torch knows \"cpu\" and \"cuda\", got %R", object);
    Py_DECREF(name);
    return at == 4 ? -1 : at / 2;
}

torch_generator *torch_generator_of(torch_module *m, PyObject *object, PyObject *device)
{
    int has_one = !torch_is_none(object);
    if (has_one && Py_TYPE(object) != m->generator)
        return NULL;
    torch_generator *given = has_one ? (torch_generator *)object : NULL;
    int is_cuda = torch_read_device(device, given ? given->is_cuda : 0);
    if (is_cuda < 0)
        return NULL;
    if (!given)
        return (torch_generator *)(is_cuda ? m->default_cuda : m->default_generator);
    if (given->is_cuda == is_cuda)
        return given;
    PyErr_Format(PyExc_RuntimeError, "Expected a '%s' device type for generator but found '%s'",
                 is_cuda ? "cuda" : "cpu", is_cuda ? "cpu" : "cuda");
    return NULL;
}

oneseed_torch *torch_cpu_state(torch_generator *generator, const char *function)
{
    if (!generator->is_cuda)
        return &generator->cpu;
    PyErr_Format(PyExc_NotImplementedError, "%s(): not known of generators of CUDA", function);
    return NULL;
}

torch_generator *torch_read_generator(torch_module *m, PyObject *object, const char *function)
{
    torch_generator *generator = torch_generator_of(m, object, NULL);
    if (!generator && !PyErr_Occurred())
        torch_refuse_generator(object);
    return generator && torch_cpu_state(generator, function) ? generator : NULL;
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
    out->generator = torch_generator_of(m, generator, rest[1]);
    out->dtype = default_dtype;
    out->has_dtype = !torch_is_none(dtype);
    if (!out->generator)
        return PyErr_Occurred() ? -1 : 0;
    if (out->has_dtype && torch_read_dtype(m, dtype, &out->dtype) < 0)
        return PyErr_ExceptionMatches(PyExc_TypeError) ? 0 : -1;
    if (check_layout(rest[0]) < 0 ||
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
