/* python_fill.c - many values at once of oneseed.python.Random, as numbers in memory and as lists.
 * SPDX-License-Identifier: MIT */
#include "python_random.h"

#include <string.h> /* memcmp, strcmp */

/* The function of liboneseed that fills n values of 8 bytes, by the name of the method; parameters as many as it has. */
struct filler {
    const char *name;
    char format; /* of the values: d, q or Q */
    const char *parameters;
    oneseed_status (*fill)(oneseed_python *state, const double *f, const int64_t *i, void *out, size_t n);
};

#define FILLER(name, call)                                                                                             \
    static oneseed_status fill_##name(oneseed_python *s, const double *f, const int64_t *i, void *out, size_t n)       \
    {                                                                                                                  \
        (void)f, (void)i;                                                                                              \
        return oneseed_python_##name##_fill call;                                                                      \
    }
FILLER(random, (s, out, n))
FILLER(uniform, (s, f[0], f[1], out, n))
FILLER(triangular, (s, f[0], f[1], f[2], out, n))
FILLER(normalvariate, (s, f[0], f[1], out, n))
FILLER(gauss, (s, f[0], f[1], out, n))
FILLER(lognormvariate, (s, f[0], f[1], out, n))
FILLER(expovariate, (s, f[0], out, n))
FILLER(vonmisesvariate, (s, f[0], f[1], out, n))
FILLER(gammavariate, (s, f[0], f[1], out, n))
FILLER(betavariate, (s, f[0], f[1], out, n))
FILLER(paretovariate, (s, f[0], out, n))
FILLER(weibullvariate, (s, f[0], f[1], out, n))
FILLER(binomialvariate, (s, i[0], f[1], out, n))
FILLER(randrange, (s, i[0], i[1], i[2], out, n))
FILLER(randint, (s, i[0], i[1], out, n))
FILLER(getrandbits, (s, i[0]<0 || i[0]> 64 ? 65 : (uint32_t)i[0], out, n))

/* f: a real parameter, i: an integer, in Python's order. */
static const struct filler fillers[] = {
    {"random", 'd', "", fill_random},
    {"uniform", 'd', "ff", fill_uniform},
    {"triangular", 'd', "fff", fill_triangular},
    {"normalvariate", 'd', "ff", fill_normalvariate},
    {"gauss", 'd', "ff", fill_gauss},
    {"lognormvariate", 'd', "ff", fill_lognormvariate},
    {"expovariate", 'd', "f", fill_expovariate},
    {"vonmisesvariate", 'd', "ff", fill_vonmisesvariate},
    {"gammavariate", 'd', "ff", fill_gammavariate},
    {"betavariate", 'd', "ff", fill_betavariate},
    {"paretovariate", 'd', "f", fill_paretovariate},
    {"weibullvariate", 'd', "ff", fill_weibullvariate},
    {"binomialvariate", 'q', "if", fill_binomialvariate},
    {"randrange", 'q', "iii", fill_randrange},
    {"randint", 'q', "ii", fill_randint},
    {"getrandbits", 'Q', "i", fill_getrandbits},
};

static const struct filler *find_filler(const char *name)
{
    for (size_t k = 0; k < sizeof fillers / sizeof *fillers; k++)
        if (strcmp(fillers[k].name, name) == 0)
            return &fillers[k];
    return NULL;
}

static int read_parameters(const struct filler *filler, PyObject *parameters, double f[3], int64_t i[3])
{
    Py_ssize_t n = (Py_ssize_t)strlen(filler->parameters);
    if (PyTuple_Size(parameters) != n) {
        PyErr_Format(PyExc_TypeError, "fill: %s has %zd parameters, got %zd", filler->name, n,
                     PyTuple_Size(parameters));
        return -1;
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        PyObject *parameter = PyTuple_GetItem(parameters, k);
        if (filler->parameters[k] == 'f')
            f[k] = PyFloat_AsDouble(parameter);
        else
            i[k] = PyLong_AsLongLong(parameter);
        if (PyErr_Occurred())
            return -1;
    }
    return 0;
}

/* What the functions below are called with: (n, method, parameters), and an object where `other` asks for one. */
struct request {
    const struct filler *filler;
    Py_ssize_t n;
    double f[3];
    int64_t i[3];
};

static int read_request(PyObject *args, struct request *r, PyObject **other)
{
    const char *name;
    PyObject *parameters;
    if (!(other ? PyArg_ParseTuple(args, "nsO!O:_fill_list", &r->n, &name, &PyTuple_Type, &parameters, other)
                : PyArg_ParseTuple(args, "nsO!:_fill", &r->n, &name, &PyTuple_Type, &parameters)))
        return -1;
    r->filler = find_filler(name);
    if (!r->filler || r->n < 0) {
        PyErr_Format(PyExc_ValueError, r->filler ? "fill: n must not be negative" : "fill: there is no method %s",
                     name);
        return -1;
    }
    return read_parameters(r->filler, parameters, r->f, r->i);
}

/* _fill(n, method, parameters): (format, bytearray of n values of 8 bytes). The GIL is free meanwhile. */
static PyObject *py_fill(PyObject *object, PyObject *args)
{
    random_object *self = (random_object *)object;
    struct request r;
    if (read_request(args, &r, NULL) < 0)
        return NULL;
    if (r.n > PY_SSIZE_T_MAX / 8)
        return PyErr_NoMemory();
    PyObject *out = PyByteArray_FromStringAndSize(NULL, 8 * r.n);
    if (!out || python_enter(object) < 0) {
        Py_XDECREF(out);
        return NULL;
    }
    void *to = PyByteArray_AsString(out);
    oneseed_status status;
    self->is_filling = 1;
    PyThread_acquire_lock(self->lock, WAIT_LOCK); /* free: is_filling was 0 */
    Py_BEGIN_ALLOW_THREADS status = r.filler->fill(&self->state, r.f, r.i, to, (size_t)r.n);
    Py_END_ALLOW_THREADS self->is_filling = 0;
    PyThread_release_lock(self->lock);
    if (python_raise_status(status) < 0) {
        Py_DECREF(out);
        return NULL;
    }
    return Py_BuildValue("(CN)", r.filler->format, out);
}

/* ---- lists ---- */

/* A float as every CPython of the Limited API lays it out; made sure of at load. */
struct float_object {
    PyObject_HEAD double value;
};
static int is_float_known;

static int look_at_float(double value)
{
    PyObject *made = PyFloat_FromDouble(value);
    uint64_t bits, there = 0;
    memcpy(&bits, &value, sizeof bits);
    if (made)
        memcpy(&there, &((struct float_object *)made)->value, sizeof there);
    int is_same = made && there == bits;
    Py_XDECREF(made);
    return is_same;
}

int python_learn_floats(void)
{
    PyObject *size = PyObject_GetAttrString((PyObject *)&PyFloat_Type, "__basicsize__");
    if (!size)
        return -1;
    is_float_known = PyLong_AsLong(size) == (long)sizeof(struct float_object) && look_at_float(0x1.23456789abcdep-7) &&
                     look_at_float(-0x1.fedcba9876543p+301);
    Py_DECREF(size);
    return PyErr_Occurred() ? -1 : 0;
}

/* A float that only its list knows gets another value, as CPython's own arithmetic does it; a new object takes twice as long. */
static inline int put_float(PyObject *list, size_t k, double value)
{
    PyObject *old = is_float_known ? PyList_GetItem(list, (Py_ssize_t)k) : NULL;
    if (old && PyFloat_CheckExact(old) && Py_REFCNT(old) == 1) {
        ((struct float_object *)old)->value = value;
        return 0;
    }
    if (!old)
        PyErr_Clear(); /* the list has become shorter: the next line says so */
    PyObject *item = PyFloat_FromDouble(value);
    return item ? PyList_SetItem(list, (Py_ssize_t)k, item) : -1;
}

static int put(PyObject *list, size_t k, char format, uint64_t bits)
{
    PyObject *item = format == 'Q' ? PyLong_FromUnsignedLongLong(bits) : PyLong_FromLongLong((int64_t)bits);
    return item ? PyList_SetItem(list, (Py_ssize_t)k, item) : -1;
}

/* Replaces all items. The last reference to one may run code that uses the generator, or the list: of another size by then,
 * PyList_SetItem() refuses it. */
static int fill_items(PyObject *self, const struct request *r, PyObject *list, int is_new)
{
    enum { AT_ONCE = 512 };
    union {
        uint64_t bits[AT_ONCE];
        double reals[AT_ONCE];
    } values;
    size_t n = (size_t)r->n, done = 0, m;
    int status = 0;
    do { /* also for n 0: the parameters may be refused */
        m = n - done < AT_ONCE ? n - done : AT_ONCE;
        if (PyErr_CheckSignals() < 0 || python_enter(self) < 0 ||
            python_raise_status(r->filler->fill(python_state(self), r->f, r->i, &values, m)) < 0)
            return -1;
        if (r->filler->format != 'd')
            for (size_t k = 0; status == 0 && k < m; k++)
                status = put(list, done + k, r->filler->format, values.bits[k]);
        else if (is_new)
            for (size_t k = 0; status == 0 && k < m; k++) {
                PyObject *item = PyFloat_FromDouble(values.reals[k]);
                status = item ? PyList_SetItem(list, (Py_ssize_t)(done + k), item) : -1;
            }
        else
            for (size_t k = 0; status == 0 && k < m; k++)
                status = put_float(list, done + k, values.reals[k]);
        done += m;
    } while (status == 0 && done < n);
    return status;
}

/* _fill_list(n, method, parameters, out): a list of n values; `out`, when it is one of n items, whose items are replaced. */
static PyObject *py_fill_list(PyObject *self, PyObject *args)
{
    struct request r;
    PyObject *out;
    if (read_request(args, &r, &out) < 0)
        return NULL;
    int is_new = out == Py_None;
    if (is_new) {
        out = PyList_New(r.n);
    } else if (!PyList_Check(out)) {
        PyErr_Format(PyExc_TypeError, "fill_list: out: want a list, got %R", (PyObject *)Py_TYPE(out));
        return NULL;
    } else if (PyList_Size(out) != r.n) {
        PyErr_Format(PyExc_ValueError, "fill_list: out: want %zd items, got %zd", r.n, PyList_Size(out));
        return NULL;
    } else {
        Py_INCREF(out);
    }
    if (out && fill_items(self, &r, out, is_new) < 0)
        Py_CLEAR(out);
    return out;
}

PyMethodDef python_fill_methods[] = {
    {"_fill", py_fill, METH_VARARGS, NULL},
    {"_fill_list", py_fill_list, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
