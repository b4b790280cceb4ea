/* torch_draws.c - oneseed.torch's functions of a size: rand, randn, randint, randperm, and those like an array.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */

/* ---- what fills ---- */

static TORCH_RUN(rand)
{
    (void)fill;
    return oneseed_torch_rand_fill(state, dtype, out, n);
}

static TORCH_RUN(randn)
{
    (void)fill;
    return oneseed_torch_randn_fill(state, dtype, out, n);
}

TORCH_RUN(normal)
{
    return oneseed_torch_normal_fill(state, dtype, fill->a, fill->b, out, n);
}

TORCH_RUN(normal_noncontiguous)
{
    return oneseed_torch_normal_noncontiguous_fill(state, dtype, fill->a, fill->b, out, n);
}

TORCH_RUN(randint)
{
    return oneseed_torch_randint_fill(state, dtype, fill->from, fill->to, out, n);
}

TORCH_RUN(bernoulli)
{
    return oneseed_torch_bernoulli_fill(state, dtype, fill->a, out, n);
}

TORCH_RUN(bernoulli_tensor)
{
    return oneseed_torch_bernoulli_tensor_fill(state, fill->tensors[0]->dtype, fill->in[0], dtype, out, n);
}

static TORCH_CUDA(rand)
{
    (void)fill;
    return oneseed_torch_cuda_rand_fill(state, dtype, out, n);
}

static TORCH_CUDA(randn)
{
    (void)fill;
    return oneseed_torch_cuda_randn_fill(state, dtype, out, n);
}

TORCH_CUDA(normal)
{
    return oneseed_torch_cuda_normal_fill(state, dtype, fill->a, fill->b, out, n);
}

TORCH_CUDA(randint)
{
    return oneseed_torch_cuda_randint_fill(state, dtype, fill->from, fill->to, out, n);
}

static TORCH_CUDA(randperm)
{
    return oneseed_torch_cuda_randperm_fill(state, dtype, out, n, (uint64_t *)(uintptr_t)fill->in[0]);
}

TORCH_CUDA(bernoulli)
{
    return oneseed_torch_cuda_bernoulli_fill(state, dtype, fill->a, out, n);
}

TORCH_CUDA(bernoulli_tensor)
{
    return oneseed_torch_cuda_bernoulli_tensor_fill(state, fill->tensors[0]->dtype, fill->in[0], dtype, out, n);
}

static TORCH_RUN(randperm)
{
    (void)fill;
    return oneseed_torch_randperm_fill(state, dtype, out, n);
}

static const struct torch_fill fill_rand = {
    .run = torch_run_rand, .is_sequence = 1, .run_cuda = torch_cuda_rand, .kernel = "check_uniform_bounds"};
static const struct torch_fill fill_randn = {.run = torch_run_randn,
                                             .is_sequence = 1,
                                             .run_noncontiguous = torch_run_normal_noncontiguous,
                                             .run_cuda = torch_cuda_randn,
                                             .kernel = "normal_kernel_cpu",
                                             .a = 0.0,
                                             .b = 1.0};
static const struct torch_fill fill_randint = {
    .run = torch_run_randint, .is_sequence = 1, .run_cuda = torch_cuda_randint, .kernel = "random_from_to_kernel_cpu"};
static const struct torch_fill fill_randperm = {
    .run = torch_run_randperm, .run_cuda = torch_cuda_randperm, .kernel = "randperm"};

/* ---- functions of a size ---- */

/* The end of all functions that make an array: options that were refused (0) or raised (-1) end it. */
static PyObject *make_and_fill(torch_module *m, int are_read, const struct torch_signature *signature,
                               PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                               const struct torch_options *options, const struct torch_size *size,
                               const struct torch_fill *fill)
{
    if (are_read == 0)
        torch_refuse_call(signature, args, n, kwnames);
    if (are_read <= 0)
        return NULL;
    torch_array *array = torch_make_out(m, options, size->ndim, size->dims);
    if (!array)
        return NULL;
    return torch_finish(array, options, torch_run_fill(options->generator, array, fill) < 0);
}

static PyObject *sized(PyObject *module, const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n,
                       PyObject *kwnames, const struct torch_fill *fill)
{
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_size size;
    struct torch_options options;
    if (torch_read_sized(signature, args, n, kwnames, values, &size) < 0)
        return NULL;
    int are_read = torch_read_options(m, values + 1, m->default_dtype, &options);
    return make_and_fill(m, are_read, signature, args, n, kwnames, &options, &size, fill);
}

static PyObject *py_rand(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"rand", 0, {"size", TORCH_OPTIONS}};
    return sized(module, &signature, args, n, kwnames, &fill_rand);
}

static PyObject *py_randn(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"randn", 0, {"size", TORCH_OPTIONS}};
    return sized(module, &signature, args, n, kwnames, &fill_randn);
}

/* randint(high, size) and randint(low, high, size). */
static PyObject *py_randint(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature without_low = {"randint", 2, {"high", "size", TORCH_OPTIONS}},
                                        with_low = {"randint", 3, {"low", "high", "size", TORCH_OPTIONS}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    int has_low = torch_has_keyword(kwnames, "low") || n > 2 || (n == 1 && torch_has_keyword(kwnames, "high")) ||
                  (n == 2 && torch_has_keyword(kwnames, "size"));
    const struct torch_signature *signature = has_low ? &with_low : &without_low;
    struct torch_size size;
    struct torch_options options;
    struct torch_fill fill = fill_randint;
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    PyObject *low = has_low ? values[0] : NULL, *high = values[has_low], *shape = values[has_low + 1];
    if (!high || !shape || (has_low && !low))
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    int size_position = n > has_low + 1 ? has_low + 2 : 0;
    if (has_low && n == 3 && !PyTuple_Check(shape) && !PyList_Check(shape))
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    if ((low && torch_read_int64("randint", "low", n > 0, low, &fill.from) < 0) ||
        torch_read_int64("randint", "high", n > has_low ? has_low + 1 : 0, high, &fill.to) < 0) {
        if (has_low && PyErr_ExceptionMatches(PyExc_TypeError))
            torch_refuse_call(signature, args, n, kwnames);
        return NULL;
    }
    if (!PyTuple_Check(shape) && !PyList_Check(shape))
        return torch_refuse_size("randint", size_position, shape), NULL;
    if (torch_read_size("randint", &shape, 1, size_position, &size) < 0)
        return NULL;
    int are_read = torch_read_options(m, values + has_low + 2, ONESEED_TORCH_INT64, &options);
    return make_and_fill(m, are_read, signature, args, n, kwnames, &options, &size, &fill);
}

static PyObject *py_randperm(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"randperm", 1, {"n", TORCH_OPTIONS}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_size size = {.ndim = 1};
    struct torch_options options;
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    if (!values[0])
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    if (torch_read_int64("randperm", "n", n > 0, values[0], &size.dims[0]) < 0)
        return NULL;
    int are_read = torch_read_options(m, values + 1, ONESEED_TORCH_INT64, &options);
    struct torch_fill fill = fill_randperm;
    uint64_t *memory = NULL;
    if (are_read > 0 && options.generator->is_cuda && size.dims[0] > 0) { /* it sorts */
        if (size.dims[0] < PTRDIFF_MAX / (3 * (int64_t)sizeof *memory))
            memory = malloc((size_t)size.dims[0] * 3 * sizeof *memory);
        if (!memory)
            return PyErr_NoMemory();
        fill.in[0] = memory;
    }
    PyObject *made = make_and_fill(m, are_read, &signature, args, n, kwnames, &options, &size, &fill);
    free(memory);
    return made;
}

/* ---- functions like an array ---- */

/* f(input, ...): the options begin at values[at]. */
static PyObject *like_array(torch_module *m, const struct torch_signature *signature, PyObject *const *args,
                            Py_ssize_t n, PyObject *kwnames, PyObject *const *values, int at,
                            const struct torch_fill *fill)
{
    struct torch_options options;
    char what[64];
    PyOS_snprintf(what, sizeof what, "%s(): argument 'input' (position 1)", signature->function);
    torch_array *like = torch_as_array(m, values[0], what), *array = NULL;
    if (!like)
        return NULL;
    int are_read = torch_read_like_options(m, values + at, like->dtype, &options);
    if (are_read == 0)
        torch_refuse_call(signature, args, n, kwnames);
    if (are_read > 0)
        array = torch_like(m, like, options.dtype);
    Py_DECREF(like);
    return array ? torch_finish(array, &options, torch_run_fill(options.generator, array, fill) < 0) : NULL;
}

static PyObject *alike(PyObject *module, const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n,
                       PyObject *kwnames, const struct torch_fill *fill)
{
    PyObject *values[TORCH_MAX_PARAMETERS];
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    if (!values[0])
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    return like_array(torch_module_of(module), signature, args, n, kwnames, values, 1, fill);
}

static PyObject *py_rand_like(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"rand_like", 1, {"input", TORCH_LIKE_OPTIONS}};
    return alike(module, &signature, args, n, kwnames, &fill_rand);
}

static PyObject *py_randn_like(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"randn_like", 1, {"input", TORCH_LIKE_OPTIONS}};
    return alike(module, &signature, args, n, kwnames, &fill_randn);
}

/* randint_like(input, high) and randint_like(input, low, high). */
static PyObject *py_randint_like(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature without_low = {"randint_like", 2, {"input", "high", TORCH_LIKE_OPTIONS}},
                                        with_low = {"randint_like", 3, {"input", "low", "high", TORCH_LIKE_OPTIONS}};
    PyObject *values[TORCH_MAX_PARAMETERS];
    int has_low = torch_has_keyword(kwnames, "low") || n > 2 || (n == 2 && torch_has_keyword(kwnames, "high"));
    const struct torch_signature *signature = has_low ? &with_low : &without_low;
    struct torch_fill fill = fill_randint;
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    PyObject *low = has_low ? values[1] : NULL, *high = values[1 + has_low];
    if (!values[0] || !high || (has_low && !low))
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    if ((low && torch_read_int64("randint_like", "low", n > 1 ? 2 : 0, low, &fill.from) < 0) ||
        torch_read_int64("randint_like", "high", n > 1 + has_low ? 2 + has_low : 0, high, &fill.to) < 0)
        return NULL;
    return like_array(torch_module_of(module), signature, args, n, kwnames, values, 2 + has_low, &fill);
}

PyMethodDef torch_draw_functions[] = {
    {"rand", TORCH_METHOD(py_rand), TORCH_FAST,
     "rand(*size, *, generator=None, out=None, dtype=None, ...)\n\nUniform in [0, 1)."},
    {"randn", TORCH_METHOD(py_randn), TORCH_FAST,
     "randn(*size, *, generator=None, out=None, dtype=None, ...)\n\nStandard normals."},
    {"randint", TORCH_METHOD(py_randint), TORCH_FAST,
     "randint([low, ]high, size, *, generator=None, out=None, dtype=None, ...)\n\nIntegers from low (0) to high - 1."},
    {"randperm", TORCH_METHOD(py_randperm), TORCH_FAST,
     "randperm(n, *, generator=None, out=None, dtype=torch.int64, ...)\n\n0 to n - 1 in a random order."},
    {"rand_like", TORCH_METHOD(py_rand_like), TORCH_FAST,
     "rand_like(input, *, generator=None, dtype=None, ...)\n\nrand() of the shape, dtype and layout of an array."},
    {"randn_like", TORCH_METHOD(py_randn_like), TORCH_FAST,
     "randn_like(input, *, generator=None, dtype=None, ...)\n\nrandn() of the shape, dtype and layout of an array."},
    {"randint_like", TORCH_METHOD(py_randint_like), TORCH_FAST,
     "randint_like(input, [low, ]high, *, generator=None, dtype=None, ...)\n\nrandint() of the shape, dtype and layout "
     "of an array."},
    {NULL, NULL, 0, NULL},
};
