/* torch_data.c - oneseed.torch's data order: samplers, a loader's epochs, the seeds of workers, random_split.
 * SPDX-License-Identifier: MIT */
#include "torch_draws.h"

#include <stdlib.h> /* malloc, free */

/* Two generators, of which the second may be missing: both locked, each once, in the order of their addresses. */
static void lock_both(torch_generator *a, torch_generator *b)
{
    torch_generator *first = b && (uintptr_t)b < (uintptr_t)a ? b : a, *second = first == a ? b : a;
    torch_lock(first);
    if (second && second != first)
        torch_lock(second);
}

static void unlock_both(torch_generator *a, torch_generator *b)
{
    torch_unlock(a);
    if (b && b != a)
        torch_unlock(b);
}

/* A contiguous array of a dtype, from whatever has memory; NULL for None. */
static int read_vector(torch_module *m, PyObject *object, oneseed_torch_dtype dtype, const char *what,
                       torch_array **out)
{
    *out = NULL;
    if (torch_is_none(object))
        return 0;
    torch_array *given = torch_as_array(m, object, what);
    *out = given ? torch_contiguous(m, given) : NULL;
    Py_XDECREF(given);
    if (*out && (*out)->dtype != dtype)
        PyErr_Format(PyExc_TypeError, "%s must be of dtype %U", what, m->dtypes[dtype]);
    if (!PyErr_Occurred())
        return 0;
    Py_CLEAR(*out);
    return -1;
}

/* What was read of one sampler, with the arrays that it points into. */
struct reader {
    oneseed_torch_sampler sampler;
    torch_array *indices, *weights;
    torch_generator *generator; /* NULL: None */
    int is_loader;
};

static void forget(struct reader *reader)
{
    Py_XDECREF(reader->indices);
    Py_XDECREF(reader->weights);
}

/* What a sampler reads is there, as long as its data. */
static int check_vectors(const struct reader *reader)
{
    int64_t n = reader->sampler.n_data;
    int has_indices =
        reader->sampler.kind != ONESEED_TORCH_SUBSET_RANDOM || (reader->indices && reader->indices->n == n);
    int has_weights =
        reader->sampler.kind != ONESEED_TORCH_WEIGHTED_RANDOM || (reader->weights && reader->weights->n == n);
    if (has_indices && has_weights)
        return 0;
    PyErr_SetString(PyExc_ValueError, "want as many indices or weights as there are data");
    return -1;
}

/* The indices, and the base seed of a loader in *base_seed. */
static torch_array *run_sampler(torch_module *m, struct reader *reader, int64_t *base_seed)
{
    torch_generator *global = (torch_generator *)m->default_generator, *own = reader->generator;
    int64_t n, *work;
    size_t n_work;
    oneseed_status status = oneseed_torch_sampler_size(&reader->sampler, &n, &n_work);
    if (status)
        return torch_refuse(status), NULL;
    torch_array *out = torch_new(m, ONESEED_TORCH_INT64, 1, &n);
    work = out ? malloc((n_work + 1) * sizeof *work) : NULL;
    if (out && !work)
        PyErr_NoMemory();
    if (work) {
        int64_t *values = (int64_t *)(void *)out->data;
        oneseed_torch *own_state = own ? &own->cpu : NULL;
        lock_both(global, own);
        Py_BEGIN_ALLOW_THREADS;
        status =
            reader->is_loader
                ? oneseed_torch_loader_epoch_fill(&global->cpu, own_state, &reader->sampler, base_seed, work, values)
                : oneseed_torch_sampler_fill(&global->cpu, own_state, &reader->sampler, work, values);
        Py_END_ALLOW_THREADS;
        unlock_both(global, own);
        if (status)
            torch_refuse(status);
    }
    free(work);
    if (PyErr_Occurred())
        Py_CLEAR(out);
    return out;
}

/* _sampler(kind, n_data, num_samples, replacement, indices, weights, replicas, rank, shuffle, seed, epoch, drop_last, generator, is_loader):
 * the indices, of a loader (base seed, indices). */
static PyObject *py_sampler(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    struct reader reader = {.indices = NULL};
    oneseed_torch_sampler *s = &reader.sampler;
    PyObject *indices, *weights, *generator;
    int kind;
    long long n_data, num_samples, replicas, rank;
    unsigned long long seed, epoch;
    int64_t base_seed = 0;
    if (!PyArg_ParseTuple(args, "iLLpOOLLpKKpOp:_sampler", &kind, &n_data, &num_samples, &s->replacement, &indices,
                          &weights, &replicas, &rank, &s->shuffle, &seed, &epoch, &s->drop_last, &generator,
                          &reader.is_loader))
        return NULL;
    s->kind = (oneseed_torch_sampler_kind)kind;
    s->n_data = n_data;
    s->num_samples = num_samples;
    s->num_replicas = replicas;
    s->rank = rank;
    s->seed = seed;
    s->epoch = epoch;
    if (!torch_is_none(generator) && !(reader.generator = torch_read_generator(m, generator, "a sampler")))
        return NULL;
    torch_array *out = NULL;
    if (read_vector(m, indices, ONESEED_TORCH_INT64, "indices", &reader.indices) == 0 &&
        read_vector(m, weights, ONESEED_TORCH_FLOAT64, "weights", &reader.weights) == 0 &&
        check_vectors(&reader) == 0) {
        s->indices = reader.indices ? (const int64_t *)(const void *)reader.indices->data : NULL;
        s->weights = reader.weights ? (const double *)(const void *)reader.weights->data : NULL;
        out = run_sampler(m, &reader, &base_seed);
    }
    forget(&reader);
    if (out && reader.is_loader)
        return Py_BuildValue("(LN)", (long long)base_seed, (PyObject *)out);
    return (PyObject *)out;
}

/* _base_seed(generator): what iter(loader) draws. */
static PyObject *py_base_seed(PyObject *module, PyObject *object)
{
    torch_generator *generator = torch_read_generator(torch_module_of(module), object, "a loader");
    if (!generator)
        return NULL;
    torch_lock(generator);
    int64_t seed = oneseed_torch_loader_base_seed(&generator->cpu);
    torch_unlock(generator);
    return PyLong_FromLongLong(seed);
}

/* _worker_seeds(base_seed, worker): (seed, four of NumPy's). */
static PyObject *py_worker_seeds(PyObject *module, PyObject *args)
{
    (void)module;
    long long base_seed;
    unsigned int worker;
    uint64_t seed;
    uint32_t numpy[4];
    if (!PyArg_ParseTuple(args, "LI:worker_seeds", &base_seed, &worker))
        return NULL;
    oneseed_torch_worker_seeds(base_seed, worker, &seed, numpy);
    return Py_BuildValue("K[IIII]", (unsigned long long)seed, numpy[0], numpy[1], numpy[2], numpy[3]);
}

/* _random_split(n_data, lengths: an Array of float64, generator): (lengths, indices) */
static PyObject *py_random_split(PyObject *module, PyObject *args)
{
    torch_module *m = torch_module_of(module);
    PyObject *lengths_object, *generator_object;
    long long n_data;
    torch_array *lengths, *sizes = NULL, *indices = NULL;
    if (!PyArg_ParseTuple(args, "LOO:_random_split", &n_data, &lengths_object, &generator_object))
        return NULL;
    torch_generator *generator = torch_read_generator(m, generator_object, "random_split");
    if (!generator || read_vector(m, lengths_object, ONESEED_TORCH_FLOAT64, "lengths", &lengths) < 0)
        return NULL;
    if (!lengths || lengths->ndim != 1 || n_data < 0) {
        Py_XDECREF(lengths);
        return PyErr_SetString(PyExc_ValueError, "want a vector of lengths, and a number of data that is not negative"),
               NULL;
    }
    const int64_t n = n_data;
    unsigned long hex = PyLong_AsUnsignedLong(PySys_GetObject("hexversion"));
    sizes = torch_new(m, ONESEED_TORCH_INT64, 1, lengths->dims);
    indices = sizes ? torch_new(m, ONESEED_TORCH_INT64, 1, &n) : NULL;
    if (indices) {
        torch_lock(generator);
        oneseed_status status =
            oneseed_torch_random_split_fill(&generator->cpu, (const double *)(const void *)lengths->data,
                                            (size_t)lengths->n, (uint32_t)((hex >> 24) * 100 + (hex >> 16 & 0xff)), n,
                                            (int64_t *)(void *)sizes->data, (int64_t *)(void *)indices->data);
        torch_unlock(generator);
        if (status) {
            torch_refuse(status);
            Py_CLEAR(indices);
        }
    }
    Py_DECREF(lengths);
    if (indices)
        return Py_BuildValue("(NN)", (PyObject *)sizes, (PyObject *)indices);
    Py_XDECREF(sizes);
    return NULL;
}

PyMethodDef torch_data_functions[] = {
    {"_sampler", py_sampler, METH_VARARGS, NULL},
    {"_base_seed", py_base_seed, METH_O, NULL},
    {"_worker_seeds", py_worker_seeds, METH_VARARGS, NULL},
    {"_random_split", py_random_split, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
