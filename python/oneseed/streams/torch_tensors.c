/* torch_tensors.c - oneseed.torch's functions whose parameters are tensors: normal, bernoulli, poisson, multinomial and others.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */

/* ---- what fills ---- */

static TORCH_RUN(normal_tensors)
{
    return oneseed_torch_normal_tensors_fill(state, dtype, fill->tensors[0] ? fill->in[0] : NULL, fill->a,
                                             fill->tensors[1] ? fill->in[1] : NULL, fill->b, out, n);
}

static TORCH_RUN(poisson)
{
    return oneseed_torch_poisson_fill(state, dtype, fill->in[0], out, n);
}

static TORCH_RUN(binomial)
{
    return oneseed_torch_binomial_fill(state, dtype, fill->in[0], fill->in[1], out, n);
}

static TORCH_RUN(standard_gamma)
{
    return oneseed_torch_standard_gamma_fill(state, dtype, fill->in[0], out, n);
}

/* ---- what they have in common ---- */

static torch_array *read_tensor(torch_module *m, const char *function, const char *name, int position, PyObject *object)
{
    char what[96], where[24] = "";
    if (position > 0)
        PyOS_snprintf(where, sizeof where, " (position %d)", position);
    PyOS_snprintf(what, sizeof what, "%s(): argument '%s'%s", function, name, where);
    return torch_as_array(m, object, what);
}

/* Whether torch's parser would take it for a number. */
static int is_number(PyObject *object)
{
    return PyFloat_Check(object) || PyLong_Check(object);
}

/* A contiguous output, new or the caller's, filled. */
static PyObject *fill_out(torch_module *m, torch_generator *generator, PyObject *out_object, oneseed_torch_dtype dtype,
                          int ndim, const int64_t *shape, const struct torch_fill *fill)
{
    struct torch_options options = {generator, torch_is_none(out_object) ? NULL : out_object, dtype, 1};
    torch_array *array = torch_make_out(m, &options, ndim, shape);
    return array ? torch_finish(array, &options, torch_run_fill(generator, array, fill) < 0) : NULL;
}

/* ---- normal ---- */

static int broadcast(const torch_array *a, const torch_array *b, struct torch_size *size)
{
    size->ndim = a->ndim > b->ndim ? a->ndim : b->ndim;
    for (int k = 1; k <= size->ndim; k++) {
        int64_t own = k <= a->ndim ? a->dims[a->ndim - k] : 1, other = k <= b->ndim ? b->dims[b->ndim - k] : 1;
        if (own != other && own != 1 && other != 1) {
            PyErr_Format(
                PyExc_RuntimeError,
                "The size of tensor a (%lld) must match the size of tensor b (%lld) at non-singleton dimension %d",
                (long long)own, (long long)other, size->ndim - k);
            return -1;
        }
        size->dims[size->ndim - k] = own == 1 ? other : own;
    }
    return 0;
}

/* Mean or deviation: a number or a tensor. */
static int read_parameter(torch_module *m, const char *name, int position, PyObject *object, double *number,
                          torch_array **tensor)
{
    if (is_number(object))
        return torch_read_double("normal", name, position, object, number);
    *tensor = read_tensor(m, "normal", name, position, object);
    return *tensor ? 0 : -1;
}

static PyObject *normal_of_tensors(torch_module *m, torch_generator *generator, PyObject *out, struct torch_fill *fill)
{
    torch_array *mean = fill->tensors[0], *std = fill->tensors[1], *first = mean ? mean : std;
    struct torch_size size;
    fill->run = torch_run_normal_tensors;
    fill->run_noncontiguous = NULL;
    fill->run_cuda = NULL;
    if (mean && std && mean->dtype != std->dtype)
        return PyErr_SetString(PyExc_TypeError, "normal(): mean and std must have the same dtype in oneseed.torch"),
               NULL;
    if (broadcast(first, mean && std ? std : first, &size) < 0)
        return NULL;
    return fill_out(m, generator, out, first->dtype, size.ndim, size.dims, fill);
}

/* normal(mean, std), one of them a tensor, and normal(mean, std, size) of numbers. */
static PyObject *py_normal(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"normal", 3, {"mean", "std", "size", TORCH_OPTIONS}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS], *made = NULL;
    struct torch_fill fill = {.run = torch_run_normal,
                              .is_sequence = 1,
                              .run_noncontiguous = torch_run_normal_noncontiguous,
                              .run_cuda = torch_cuda_normal,
                              .kernel = "normal_kernel_cpu",
                              .b = 1.0};
    struct torch_options options;
    struct torch_size size;
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    PyObject *mean = values[0], *std = values[1], *shape = values[2];
    int are_numbers = mean && std && shape && is_number(mean) && is_number(std);
    int has_tensor = mean && !shape && (std ? !is_number(mean) || !is_number(std) : !is_number(mean));
    if (!are_numbers && !has_tensor)
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    if (read_parameter(m, "mean", n > 0, mean, &fill.a, &fill.tensors[0]) == 0 &&
        (!std || read_parameter(m, "std", n > 1 ? 2 : 0, std, &fill.b, &fill.tensors[1]) == 0)) {
        int are_read = torch_read_options(m, values + 3, m->default_dtype, &options);
        if (are_read == 0 || (are_numbers && !PyTuple_Check(shape) && !PyList_Check(shape)))
            torch_refuse_call(&signature, args, n, kwnames);
        else if (are_read > 0 && has_tensor)
            made = normal_of_tensors(m, options.generator, values[4], &fill);
        else if (are_read > 0 && torch_read_size("normal", &shape, 1, n > 2 ? 3 : 0, &size) < 0) {
            if (PyErr_ExceptionMatches(PyExc_TypeError))
                torch_refuse_call(&signature, args, n, kwnames);
        } else if (are_read > 0) {
            torch_array *array = torch_make_out(m, &options, size.ndim, size.dims);
            made = array ? torch_finish(array, &options, torch_run_fill(options.generator, array, &fill) < 0) : NULL;
        }
    }
    Py_XDECREF(fill.tensors[0]);
    Py_XDECREF(fill.tensors[1]);
    return made;
}

/* ---- one tensor in, one of the same shape out ---- */

/* torch.bernoulli(input) and torch.bernoulli(input, p). */
static PyObject *py_bernoulli(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"bernoulli", 2, {"input", "p", "generator", "out"}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct torch_fill fill = {.run = torch_run_bernoulli,
                              .is_sequence = 1,
                              .run_cuda = torch_cuda_bernoulli,
                              .kernel = "bernoulli_scalar_cpu_"};
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    torch_generator *generator = torch_generator_of(m, values[2], NULL);
    if (!values[0] || !generator)
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    if (values[1] && torch_read_double("bernoulli", "p", n > 1 ? 2 : 0, values[1], &fill.a) < 0) {
        if (PyErr_ExceptionMatches(PyExc_TypeError))
            torch_refuse_call(&signature, args, n, kwnames);
        return NULL;
    }
    torch_array *input = read_tensor(m, "bernoulli", "input", n > 0, values[0]);
    if (!input)
        return NULL;
    if (!values[1]) {
        fill.run = torch_run_bernoulli_tensor;
        fill.run_cuda = torch_cuda_bernoulli_tensor;
        fill.kernel = "bernoulli_tensor_cpu_p_";
        fill.tensors[0] = input;
    }
    struct torch_options options = {generator, torch_is_none(values[3]) ? NULL : values[3], input->dtype, 0};
    torch_array *array = torch_make_out(m, &options, input->ndim, input->dims);
    PyObject *made = array ? torch_finish(array, &options, torch_run_fill(generator, array, &fill) < 0) : NULL;
    Py_DECREF(input);
    return made;
}

/* f(input, *, generator): an output of the input's dtype. */
static PyObject *of_one(PyObject *module, const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n,
                        PyObject *kwnames, struct torch_fill *fill)
{
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    if (torch_arguments(signature, args, n, kwnames, values) < 0)
        return NULL;
    torch_generator *generator = torch_generator_of(m, values[1], NULL);
    if (!values[0] || !generator)
        return torch_refuse_call(signature, args, n, kwnames), NULL;
    torch_array *input = read_tensor(m, signature->function, signature->names[0], n > 0, values[0]);
    if (!input)
        return NULL;
    fill->tensors[0] = input;
    PyObject *made = fill_out(m, generator, NULL, input->dtype, input->ndim, input->dims, fill);
    Py_DECREF(input);
    return made;
}

static PyObject *py_poisson(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"poisson", 2, {"input", "generator"}};
    struct torch_fill fill = {.run = torch_run_poisson, .kernel = "poisson_cpu"};
    return of_one(module, &signature, args, n, kwnames, &fill);
}

static PyObject *py_standard_gamma(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"_standard_gamma", 2, {"input", "generator"}};
    struct torch_fill fill = {.run = torch_run_standard_gamma, .kernel = "gamma_cpu"};
    return of_one(module, &signature, args, n, kwnames, &fill);
}

/* binomial(count, prob): of count's shape, to which prob is broadcast. */
static PyObject *py_binomial(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"binomial", 3, {"count", "prob", "generator"}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS], *made = NULL;
    struct torch_fill fill = {.run = torch_run_binomial, .kernel = "binomial_cpu"};
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    torch_generator *generator = torch_generator_of(m, values[2], NULL);
    if (!values[0] || !values[1] || !generator)
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    torch_array *count = fill.tensors[0] = read_tensor(m, "binomial", "count", n > 0, values[0]);
    torch_array *prob = fill.tensors[1] = count ? read_tensor(m, "binomial", "prob", n > 1 ? 2 : 0, values[1]) : NULL;
    if (!count || !prob)
        ;
    else if (!torch_is_floating(count->dtype) || !torch_is_floating(prob->dtype))
        torch_error(PyExc_ValueError, "binomial only supports floating-point dtypes for %s, got: %s",
                    torch_is_floating(count->dtype) ? "prob" : "count",
                    torch_aten_name(torch_is_floating(count->dtype) ? prob->dtype : count->dtype));
    else if (count->dtype != prob->dtype)
        torch_error(PyExc_RuntimeError, "Found dtype %s but expected %s", torch_aten_name(count->dtype),
                    torch_aten_name(prob->dtype));
    else
        made = fill_out(m, generator, NULL, count->dtype, count->ndim, count->dims, &fill);
    Py_XDECREF(count);
    Py_XDECREF(prob);
    return made;
}

/* ---- rows ---- */

/* A contiguous input of rows: their number and width. */
struct rows {
    torch_array *input;
    int was_contiguous;
    size_t n_rows, width;
};

static int read_rows(torch_module *m, const char *function, int position, PyObject *object, struct rows *rows)
{
    torch_array *given = read_tensor(m, function, "input", position, object);
    rows->input = given ? torch_contiguous(m, given) : NULL;
    rows->was_contiguous = given == rows->input;
    Py_XDECREF(given);
    if (!rows->input)
        return -1;
    int64_t width = rows->input->ndim > 0 ? rows->input->dims[rows->input->ndim - 1] : 1;
    rows->width = (size_t)width;
    rows->n_rows = width > 0 ? (size_t)(rows->input->n / width) : 0;
    return 0;
}

static PyObject *py_sample_dirichlet(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {"_sample_dirichlet", 2, {"input", "generator"}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS];
    struct rows rows;
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    torch_generator *generator = torch_generator_of(m, values[1], NULL);
    if (!values[0] || !generator)
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    if (!torch_cpu_state(generator, "_sample_dirichlet"))
        return NULL;
    if (read_rows(m, "_sample_dirichlet", n > 0, values[0], &rows) < 0)
        return NULL;
    torch_array *input = rows.input, *out = torch_new(m, input->dtype, input->ndim, input->dims);
    double *work = out ? malloc((rows.width + 1) * sizeof *work) : NULL;
    oneseed_status status = ONESEED_OK;
    if (work) {
        torch_lock(generator);
        Py_BEGIN_ALLOW_THREADS;
        status = oneseed_torch_dirichlet_fill(&generator->cpu, input->dtype, input->data, rows.n_rows, rows.width, work,
                                              out->data);
        Py_END_ALLOW_THREADS;
        torch_unlock(generator);
    }
    if (status == ONESEED_TORCH_DTYPE)
        torch_error(PyExc_NotImplementedError, "\"dirichlet\" not implemented for '%s'", torch_aten_name(input->dtype));
    else if (status != ONESEED_OK)
        torch_refuse(status);
    else if (out && !work)
        PyErr_NoMemory();
    if (!work || status != ONESEED_OK)
        Py_CLEAR(out);
    free(work);
    Py_DECREF(input);
    return (PyObject *)out;
}

/* In torch's order of checks; the sizes are the library's. */
static int check_multinomial(const torch_array *weights)
{
    if (weights->ndim != 1 && weights->ndim != 2)
        PyErr_SetString(PyExc_RuntimeError, "prob_dist must be 1 or 2 dim");
    else if (!torch_is_floating(weights->dtype))
        torch_error(PyExc_RuntimeError, "%s%s", oneseed_status_text(ONESEED_TORCH_MULTINOMIAL_DTYPE),
                    torch_aten_name(weights->dtype));
    return PyErr_Occurred() ? -1 : 0;
}

/* Memory for one call. */
struct workspace {
    void *work;         /* of a row's categories, 16 bytes each */
    void *exponentials; /* on CUDA, one for each weight */
};

static oneseed_status run_multinomial(torch_generator *generator, const struct rows *rows, int64_t n_samples,
                                      int replacement, const struct workspace *space, int64_t *out)
{
    const torch_array *weights = rows->input;
    oneseed_status status;
    torch_lock(generator);
    Py_BEGIN_ALLOW_THREADS;
    status = generator->is_cuda
                 ? oneseed_torch_cuda_multinomial_fill(&generator->cuda, weights->dtype, weights->data, rows->n_rows,
                                                       rows->width, n_samples, replacement, space->exponentials,
                                                       space->work, out)
                 : oneseed_torch_multinomial_fill(&generator->cpu, weights->dtype, weights->data, rows->n_rows,
                                                  rows->width, n_samples, replacement, space->work, out);
    Py_END_ALLOW_THREADS;
    torch_unlock(generator);
    return status;
}

static PyObject *multinomial(torch_module *m, torch_generator *generator, const struct rows *rows, int64_t n_samples,
                             int replacement, PyObject *out_object)
{
    const torch_array *weights = rows->input;
    struct torch_options options = {generator, torch_is_none(out_object) ? NULL : out_object, ONESEED_TORCH_INT64, 1};
    /* A refused number of samples has no shape: the library says why. */
    int64_t width = n_samples < 0 ? 0 : n_samples, shape[2] = {width, width};
    if (!replacement && width > (int64_t)rows->width)
        shape[0] = shape[1] = 0;
    if (weights->ndim == 2)
        shape[0] = weights->dims[0];
    torch_array *out = torch_make_out(m, &options, weights->ndim, shape),
                *whole = out ? torch_contiguous(m, out) : NULL;
    struct workspace space = {NULL, NULL};
    oneseed_status status = ONESEED_OK;
    if (whole) {
        space.work = malloc((rows->width + 1) * 16);
        space.exponentials = malloc((size_t)weights->n * sizeof(double) + 1);
    }
    int failed = !space.work || !space.exponentials;
    if (whole && failed)
        PyErr_NoMemory();
    else if (whole)
        status = run_multinomial(generator, rows, n_samples, replacement, &space, (int64_t *)(void *)whole->data);
    if (status != ONESEED_OK) {
        torch_refuse(status);
        failed = 1;
    }
    if (!failed && whole != out)
        torch_scatter(out, whole->data, 0);
    free(space.work);
    free(space.exponentials);
    Py_XDECREF(whole);
    return out ? torch_finish(out, &options, failed) : NULL;
}

static PyObject *py_multinomial(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    static const struct torch_signature signature = {
        "multinomial", 3, {"input", "num_samples", "replacement", "generator", "out"}};
    torch_module *m = torch_module_of(module);
    PyObject *values[TORCH_MAX_PARAMETERS], *made = NULL;
    struct rows rows;
    int64_t n_samples;
    if (torch_arguments(&signature, args, n, kwnames, values) < 0)
        return NULL;
    torch_generator *generator = torch_generator_of(m, values[3], NULL);
    if (!values[0] || !values[1] || !generator)
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    if (torch_read_int64("multinomial", "num_samples", n > 1 ? 2 : 0, values[1], &n_samples) < 0)
        return NULL;
    if (values[2] && !PyBool_Check(values[2]))
        return torch_refuse_call(&signature, args, n, kwnames), NULL;
    if (read_rows(m, "multinomial", n > 0, values[0], &rows) < 0)
        return NULL;
    if (!rows.was_contiguous && (values[2] != Py_True || n_samples == 1))
        /* torch draws one exponential for each weight in the order of the memory. */
        PyErr_SetString(PyExc_NotImplementedError,
                        "multinomial(): without replacement, or of one sample, oneseed.torch "
                        "knows contiguous weights only: input.contiguous() has another order of draws");
    else if (check_multinomial(rows.input) == 0)
        made = multinomial(m, generator, &rows, n_samples, values[2] == Py_True, values[4]);
    Py_DECREF(rows.input);
    return made;
}

PyMethodDef torch_tensor_functions[] = {
    {"normal", TORCH_METHOD(py_normal), TORCH_FAST,
     "normal(mean, std=1, *, generator=None, out=None), normal(mean, std, size, *, generator=None, out=None, "
     "dtype=None, ...)\n\n"
     "Normals. mean and std: tensors, or a tensor and a number; with a size two numbers."},
    {"bernoulli", TORCH_METHOD(py_bernoulli), TORCH_FAST,
     "bernoulli(input[, p], *, generator=None, out=None)\n\nOnes, each with the probability in input (or p), and "
     "zeros."},
    {"poisson", TORCH_METHOD(py_poisson), TORCH_FAST,
     "poisson(input, generator=None)\n\nNumbers of Poisson's distributions with these rates."},
    {"binomial", TORCH_METHOD(py_binomial), TORCH_FAST,
     "binomial(count, prob, generator=None)\n\nSuccesses in `count` trials with probability `prob`."},
    {"multinomial", TORCH_METHOD(py_multinomial), TORCH_FAST,
     "multinomial(input, num_samples, replacement=False, *, generator=None, out=None)\n\nIndices, by the weights in "
     "input's rows."},
    {"_standard_gamma", TORCH_METHOD(py_standard_gamma), TORCH_FAST,
     "_standard_gamma(input, generator=None)\n\nGammas with these concentrations and rate 1."},
    {"_sample_dirichlet", TORCH_METHOD(py_sample_dirichlet), TORCH_FAST,
     "_sample_dirichlet(input, generator=None)\n\nRows that add up to 1, by Dirichlet's distribution with these "
     "concentrations."},
    {NULL, NULL, 0, NULL},
};
