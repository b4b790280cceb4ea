/* torch_draws.c - oneseed.torch's functions and methods that draw uniforms, normals, integers and permutations.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

/* ---- what fills ---- */

#define RUN(name)                                                                                                      \
    static oneseed_status run_##name(oneseed_torch *state, oneseed_torch_dtype dtype, const struct torch_fill *fill,   \
                                     void *out, size_t n)

RUN(rand)
{
    (void)fill;
    return oneseed_torch_rand_fill(state, dtype, out, n);
}

RUN(uniform)
{
    return oneseed_torch_uniform_fill(state, dtype, fill->a, fill->b, out, n);
}

/* ---- functions of a size ---- */

/* The end of all functions that make an array: 0 options are refused, errors are passed on. */
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
    static const struct torch_fill fill = {.run = run_rand, .kernel = "check_uniform_bounds"};
    return sized(module, &signature, args, n, kwnames, &fill);
}

/* ---- functions like an array ---- */

static PyObject *fill_like(torch_module *m, torch_array *like, const struct torch_options *options,
                           const struct torch_fill *fill)
{
    torch_array *array = torch_like(m, like, options->dtype);
    return array ? torch_finish(array, options, torch_run_fill(options->generator, array, fill) < 0) : NULL;
}

static PyObject *alike(PyObject *module, const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n,
                       PyObject *kwnames, const struct torch_fill *fill)
{
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_options options;
    char what[64];
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    if (!values[0])
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    PyOS_snprintf(what, sizeof what, "%s(): argument 'input' (position 1)", signature->function);
    torch_array *like = torch_as_array(m, values[0], what);
    if (!like)
        return NULL;
    int are_read = torch_read_like_options(m, values + 1, like->dtype, &options);
    if (are_read == 0)
        torch_refuse_call(signature, args, n, kwnames);
    PyObject *made = are_read > 0 ? fill_like(m, like, &options, fill) : NULL;
    Py_DECREF(like);
    return made;
}

static PyObject *py_rand_like(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"rand_like", 1, {"input", TORCH_LIKE_OPTIONS}};
    static const struct torch_fill fill = {.run = run_rand, .kernel = "check_uniform_bounds"};
    return alike(module, &signature, args, n, kwnames, &fill);
}

PyMethodDef torch_draw_functions[] = {
    {"rand", TORCH_METHOD(py_rand), TORCH_FAST,
     "rand(*size, generator=None, out=None, dtype=None, ...)\n\nUniform in [0, 1): as torch.rand."},
    {"rand_like", TORCH_METHOD(py_rand_like), TORCH_FAST,
     "rand_like(input, *, generator=None, dtype=None, ...)\n\nrand() of the shape, dtype and layout of an array."},
    {NULL, NULL, 0, NULL},
};

/* ---- methods that fill an array ---- */

/* A method with two real parameters, their defaults in `fill`. */
static PyObject *fill_reals(PyObject *self, const struct torch_signature *signature, int n_reals, PyObject *const *args,
                            Py_ssize_t n, PyObject *kwnames, struct torch_fill *fill)
{
    PyObject *values[TORCH_MAX_PARAMETERS];
    double *reals[2] = {&fill->a, &fill->b};
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    for (int k = 0; k < n_reals; k++)
        if (values[k] &&
            torch_read_double(signature->function, signature->names[k], k < n ? k + 1 : 0, values[k], reals[k]) < 0)
            return NULL;
    torch_generator *generator = torch_generator_of(torch_module_of_type(Py_TYPE(self)), values[n_reals]);
    if (!generator)
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    if (torch_run_fill(generator, (torch_array *)self, fill) < 0)
        return NULL;
    Py_INCREF(self);
    return self;
}

static PyObject *py_uniform_(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"uniform_", 2, {"from", "to", "generator"}};
    struct torch_fill fill = {.run = run_uniform, .kernel = "check_uniform_bounds", .a = 0.0, .b = 1.0};
    return fill_reals(self, &signature, 2, args, n, kwnames, &fill);
}

PyMethodDef torch_inplace_methods[] = {
    {"uniform_", TORCH_METHOD(py_uniform_), TORCH_FAST,
     "uniform_(from=0, to=1, *, generator=None)\n\nUniform in [from, to): as torch's method."},
    {NULL, NULL, 0, NULL},
};
