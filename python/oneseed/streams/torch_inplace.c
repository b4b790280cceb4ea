/* torch_inplace.c - methods of oneseed.torch's Array that fill it: uniform_, normal_, random_, bernoulli_ and the others.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

/* ---- what fills ---- */

static TORCH_RUN(uniform)
{
    return oneseed_torch_uniform_fill(state, dtype, fill->a, fill->b, out, n);
}

static TORCH_RUN(exponential)
{
    return oneseed_torch_exponential_fill(state, dtype, fill->a, out, n);
}

static TORCH_RUN(geometric)
{
    return oneseed_torch_geometric_fill(state, dtype, fill->a, out, n);
}

static TORCH_RUN(cauchy)
{
    return oneseed_torch_cauchy_fill(state, dtype, fill->a, fill->b, out, n);
}

static TORCH_RUN(log_normal)
{
    return oneseed_torch_log_normal_fill(state, dtype, fill->a, fill->b, out, n);
}

static TORCH_RUN(random)
{
    (void)fill;
    return oneseed_torch_random_fill(state, dtype, out, n);
}

static TORCH_RUN(random_from)
{
    return oneseed_torch_random_from_fill(state, dtype, fill->from, out, n);
}

static TORCH_CUDA(uniform)
{
    return oneseed_torch_cuda_uniform_fill(state, dtype, fill->a, fill->b, out, n);
}

static TORCH_CUDA(exponential)
{
    return oneseed_torch_cuda_exponential_fill(state, dtype, fill->a, out, n);
}

static TORCH_CUDA(geometric)
{
    return oneseed_torch_cuda_geometric_fill(state, dtype, fill->a, out, n);
}

static TORCH_CUDA(cauchy)
{
    return oneseed_torch_cuda_cauchy_fill(state, dtype, fill->a, fill->b, out, n);
}

static TORCH_CUDA(log_normal)
{
    return oneseed_torch_cuda_log_normal_fill(state, dtype, fill->a, fill->b, out, n);
}

static TORCH_CUDA(random)
{
    (void)fill;
    return oneseed_torch_cuda_random_fill(state, dtype, out, n);
}

static TORCH_CUDA(random_from)
{
    return oneseed_torch_cuda_random_from_fill(state, dtype, fill->from, out, n);
}

/* ---- the methods ---- */

/* The end of all: the array itself. */
static PyObject *fill_self(PyObject *self, const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n,
                           PyObject *kwnames, PyObject *generator_object, const struct torch_fill *fill)
{
    torch_generator *generator = torch_generator_of(torch_module_of_type(Py_TYPE(self)), generator_object, NULL);
    if (!generator)
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    if (torch_run_fill(generator, (torch_array *)self, fill) < 0)
        return NULL;
    Py_INCREF(self);
    return self;
}

/* A method with one or two real parameters, their defaults in `fill`. */
static PyObject *fill_reals(PyObject *self, const struct torch_signature *signature, PyObject *const *args,
                            Py_ssize_t n, PyObject *kwnames, struct torch_fill *fill)
{
    PyObject *values[TORCH_MAX_PARAMETERS];
    double *reals[2] = {&fill->a, &fill->b};
    int n_reals = signature->n_positional;
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    for (int k = 0; k < n_reals; k++)
        if (values[k] &&
            torch_read_double(signature->function, signature->names[k], k < n ? k + 1 : 0, values[k], reals[k]) < 0)
            return NULL;
    return fill_self(self, signature, args, n, kwnames, values[n_reals], fill);
}

static PyObject *py_uniform_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"uniform_", 2, {"from", "to", "generator"}};
    struct torch_fill fill = {.run = torch_run_uniform,
                              .is_sequence = 1,
                              .run_cuda = torch_cuda_uniform,
                              .kernel = "check_uniform_bounds",
                              .a = 0.0,
                              .b = 1.0};
    return fill_reals(self, &signature, args, n, kwnames, &fill);
}

static PyObject *py_normal_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"normal_", 2, {"mean", "std", "generator"}};
    struct torch_fill fill = {.run = torch_run_normal,
                              .is_sequence = 1,
                              .run_noncontiguous = torch_run_normal_noncontiguous,
                              .run_cuda = torch_cuda_normal,
                              .kernel = "normal_kernel_cpu",
                              .a = 0.0,
                              .b = 1.0};
    return fill_reals(self, &signature, args, n, kwnames, &fill);
}

static PyObject *py_exponential_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"exponential_", 1, {"lambd", "generator"}};
    struct torch_fill fill = {.run = torch_run_exponential,
                              .is_sequence = 1,
                              .run_cuda = torch_cuda_exponential,
                              .kernel = "exponential_cpu",
                              .a = 1.0};
    return fill_reals(self, &signature, args, n, kwnames, &fill);
}

static PyObject *py_geometric_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"geometric_", 1, {"p", "generator"}};
    struct torch_fill fill = {
        .run = torch_run_geometric, .is_sequence = 1, .run_cuda = torch_cuda_geometric, .kernel = "geometric_cpu"};
    if (n == 0 && !torch_has_keyword(kwnames, "p"))
        return PyErr_SetString(PyExc_TypeError, "geometric_() missing 1 required positional arguments: \"p\""), NULL;
    return fill_reals(self, &signature, args, n, kwnames, &fill);
}

static PyObject *py_cauchy_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"cauchy_", 2, {"median", "sigma", "generator"}};
    struct torch_fill fill = {.run = torch_run_cauchy,
                              .is_sequence = 1,
                              .run_cuda = torch_cuda_cauchy,
                              .kernel = "cauchy_cpu",
                              .a = 0.0,
                              .b = 1.0};
    return fill_reals(self, &signature, args, n, kwnames, &fill);
}

static PyObject *py_log_normal_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"log_normal_", 2, {"mean", "std", "generator"}};
    struct torch_fill fill = {.run = torch_run_log_normal,
                              .is_sequence = 1,
                              .run_cuda = torch_cuda_log_normal,
                              .kernel = "log_normal_cpu",
                              .a = 1.0,
                              .b = 2.0};
    return fill_reals(self, &signature, args, n, kwnames, &fill);
}

/* random_(), random_(to) and random_(from, to), where `to` may be None. */
static PyObject *py_random_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature one = {"random_", 1, {"to", "generator"}},
                                        two = {"random_", 2, {"from", "to", "generator"}};
    PyObject *values[TORCH_MAX_PARAMETERS];
    int has_from = n > 1 || torch_has_keyword(kwnames, "from") || (n == 1 && torch_has_keyword(kwnames, "to"));
    const struct torch_signature *signature = has_from ? &two : &one;
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    PyObject *from = has_from ? values[0] : NULL, *to = values[has_from], *generator = values[has_from + 1];
    struct torch_fill fill = {
        .run = torch_run_random, .is_sequence = 1, .run_cuda = torch_cuda_random, .kernel = "random_kernel_cpu"};
    if (has_from || to) {
        int is_open = has_from && to == Py_None;
        fill.run = is_open ? torch_run_random_from : torch_run_randint;
        fill.run_cuda = is_open ? torch_cuda_random_from : torch_cuda_randint;
        fill.kernel = "random_from_to_kernel_cpu";
    }
    int is_right = (!has_from || (from && to && PyIndex_Check(from) && !PyBool_Check(from))) &&
                   (!to || (PyIndex_Check(to) && !PyBool_Check(to)) || (has_from && to == Py_None));
    if (!is_right)
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    if ((from && torch_read_int64("random_", "from", n > 0, from, &fill.from) < 0) ||
        (to && to != Py_None && torch_read_int64("random_", "to", n > has_from ? has_from + 1 : 0, to, &fill.to) < 0))
        return NULL;
    return fill_self(self, signature, args, n, kwnames, generator, &fill);
}

/* bernoulli_(p=0.5) of a number or of a tensor. */
static PyObject *py_bernoulli_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"bernoulli_", 1, {"p", "generator"}};
    torch_module *m = torch_module_of_type(Py_TYPE(self));
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_fill fill = {.run = torch_run_bernoulli,
                              .is_sequence = 1,
                              .run_cuda = torch_cuda_bernoulli,
                              .kernel = "bernoulli_scalar_cpu_",
                              .a = 0.5};
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    PyObject *p = values[0];
    if (!p || PyFloat_Check(p) || PyLong_Check(p)) {
        if (p && torch_read_double("bernoulli_", "p", n > 0, p, &fill.a) < 0)
            return NULL;
        return fill_self(self, &signature, args, n, kwnames, values[1], &fill);
    }
    torch_array *tensor = torch_as_array(m, p, "bernoulli_(): argument 'p' (position 1)");
    if (!tensor) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return NULL;
        PyErr_Clear();
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    }
    fill.run = torch_run_bernoulli_tensor;
    fill.run_cuda = torch_cuda_bernoulli_tensor;
    fill.kernel = "bernoulli_tensor_cpu_p_";
    fill.tensors[0] = tensor;
    PyObject *filled = fill_self(self, &signature, args, n, kwnames, values[1], &fill);
    Py_DECREF(tensor);
    return filled;
}

PyMethodDef torch_inplace_methods[] = {
    {"uniform_", TORCH_METHOD(py_uniform_), TORCH_FAST,
     "uniform_(from=0, to=1, *, generator=None)\n\nFills with uniforms in [from, to); the array."},
    {"normal_", TORCH_METHOD(py_normal_), TORCH_FAST,
     "normal_(mean=0, std=1, *, generator=None)\n\nFills with normals; the array."},
    {"random_", TORCH_METHOD(py_random_), TORCH_FAST,
     "random_([from, ]to, *, generator=None)\n\nFills with integers from `from` (0) to `to` - 1, without arguments of "
     "all that the dtype "
     "counts exactly; with `to` None from `from` on. The array."},
    {"bernoulli_", TORCH_METHOD(py_bernoulli_), TORCH_FAST,
     "bernoulli_(p=0.5, *, generator=None)\n\nFills with ones, each with probability p (a number or a tensor), and "
     "zeros; the array."},
    {"exponential_", TORCH_METHOD(py_exponential_), TORCH_FAST,
     "exponential_(lambd=1, *, generator=None)\n\nFills with exponentials of rate lambd; the array."},
    {"geometric_", TORCH_METHOD(py_geometric_), TORCH_FAST,
     "geometric_(p, *, generator=None)\n\nFills with how many trials the first success takes; the array."},
    {"cauchy_", TORCH_METHOD(py_cauchy_), TORCH_FAST,
     "cauchy_(median=0, sigma=1, *, generator=None)\n\nFills with values of Cauchy's distribution; the array."},
    {"log_normal_", TORCH_METHOD(py_log_normal_), TORCH_FAST,
     "log_normal_(mean=1, std=2, *, generator=None)\n\nFills with exponentials of normals; the array."},
    {NULL, NULL, 0, NULL},
};
