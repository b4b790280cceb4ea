/* python_numbers.c - ranges and distributions of oneseed.python.Random, one value a call.
 * SPDX-License-Identifier: MIT
 *
 * The fast way takes exact floats and ints without keywords; everything else goes to Python's own method, which also finds the
 * words for what is refused. */
#include "python_random.h"

#include <math.h> /* isfinite */

#include "oneseed.h" /* oneseed_python_gauss */

/* One real distribution. `defaults_since`: the version from which on its parameters may be left out. */
struct real_method {
    const char *name;
    int n_parameters;
    int defaults_since; /* 0: there are none */
    double defaults[2];
    enum python_base base;
    /* Python raises in the middle where the value is not finite: then the state is put back and Python's own method draws. */
    int may_raise;
    double (*draw)(oneseed_python *state, const double *p);
};

#define DRAW_2(name)                                                                                                   \
    static double draw_##name(oneseed_python *state, const double *p)                                                  \
    {                                                                                                                  \
        return oneseed_python_##name(state, p[0], p[1]);                                                               \
    }
#define DRAW_1(name)                                                                                                   \
    static double draw_##name(oneseed_python *state, const double *p)                                                  \
    {                                                                                                                  \
        return oneseed_python_##name(state, p[0]);                                                                     \
    }
DRAW_2(uniform)
DRAW_2(normalvariate)
DRAW_2(gauss)
DRAW_2(lognormvariate)
DRAW_1(expovariate)
DRAW_2(vonmisesvariate)
DRAW_2(gammavariate)
DRAW_2(betavariate)
DRAW_1(paretovariate)
DRAW_2(weibullvariate)

enum real_index {
    UNIFORM,
    NORMALVARIATE,
    GAUSS,
    LOGNORMVARIATE,
    EXPOVARIATE,
    VONMISESVARIATE,
    GAMMAVARIATE,
    BETAVARIATE,
    PARETOVARIATE,
    WEIBULLVARIATE
};
static const struct real_method real_methods[] = {
    [UNIFORM] = {"uniform", 2, 0, {0}, BASE_RANDOM, 0, draw_uniform},
    [NORMALVARIATE] = {"normalvariate", 2, 311, {0.0, 1.0}, BASE_RANDOM, 0, draw_normalvariate},
    [GAUSS] = {"gauss", 2, 311, {0.0, 1.0}, BASE_RANDOM, 0, draw_gauss},
    [LOGNORMVARIATE] = {"lognormvariate", 2, 0, {0}, BASE_NORMALVARIATE, 1, draw_lognormvariate},
    [EXPOVARIATE] = {"expovariate", 1, 312, {1.0}, BASE_RANDOM, 0, draw_expovariate},
    [VONMISESVARIATE] = {"vonmisesvariate", 2, 0, {0}, BASE_RANDOM, 1, draw_vonmisesvariate},
    [GAMMAVARIATE] = {"gammavariate", 2, 0, {0}, BASE_RANDOM, 1, draw_gammavariate},
    [BETAVARIATE] = {"betavariate", 2, 0, {0}, BASE_GAMMAVARIATE, 1, draw_betavariate},
    [PARETOVARIATE] = {"paretovariate", 1, 0, {0}, BASE_RANDOM, 1, draw_paretovariate},
    [WEIBULLVARIATE] = {"weibullvariate", 2, 0, {0}, BASE_RANDOM, 1, draw_weibullvariate},
};

static int running_version(void)
{
    static int version; /* the same for the whole process */
    if (version == 0) {
        PyObject *hex = PySys_GetObject("hexversion");
        long n = hex ? PyLong_AsLong(hex) : 0;
        version = (int)((n >> 24) * 100 + (n >> 16 & 0xff));
    }
    return version;
}

/* True when all parameters are there and plain. */
static int read_plain(const struct real_method *method, PyObject *args, PyObject *kwargs, double p[2])
{
    Py_ssize_t n = PyTuple_Size(args);
    if (kwargs && PyDict_Size(kwargs) > 0)
        return 0;
    if (n != method->n_parameters &&
        (n > method->n_parameters || !method->defaults_since || running_version() < method->defaults_since))
        return 0;
    for (Py_ssize_t k = 0; k < method->n_parameters; k++) {
        p[k] = method->defaults[k];
        if (k < n && !python_exact_double(PyTuple_GetItem(args, k), &p[k]))
            return 0;
    }
    return 1;
}

/* NaN comes from a NaN, too: then it is Python's to say. A refused call gives NaN and draws nothing. */
static PyObject *draw_real(PyObject *self, PyObject *args, PyObject *kwargs, enum real_index which)
{
    const struct real_method *method = &real_methods[which];
    double p[2];
    if (!read_plain(method, args, kwargs, p) || !python_is_ours(self, method->base) ||
        (method->base != BASE_RANDOM && !python_is_ours(self, BASE_RANDOM)))
        return python_upstream(self, method->name, args, kwargs);
    if (python_enter(self) < 0)
        return NULL;
    oneseed_python *state = python_state(self);
    if (!method->may_raise) {
        double value = method->draw(state, p);
        if (value == value)
            return PyFloat_FromDouble(value);
        if (which != EXPOVARIATE || p[0] != 0)
            return PyFloat_FromDouble(value); /* from infinities and NaN in the parameters */
        return python_upstream(self, method->name, args, kwargs);
    }
    oneseed_python before = *state;
    double value = method->draw(state, p);
    if (isfinite(value))
        return PyFloat_FromDouble(value);
    *state = before;
    return python_upstream(self, method->name, args, kwargs);
}

#define REAL(name, which)                                                                                              \
    static PyObject *py_##name(PyObject *self, PyObject *args, PyObject *kwargs)                                       \
    {                                                                                                                  \
        return draw_real(self, args, kwargs, which);                                                                   \
    }
REAL(uniform, UNIFORM)
REAL(normalvariate, NORMALVARIATE)
REAL(gauss, GAUSS)
REAL(lognormvariate, LOGNORMVARIATE)
REAL(expovariate, EXPOVARIATE)
REAL(vonmisesvariate, VONMISESVARIATE)
REAL(gammavariate, GAMMAVARIATE)
REAL(betavariate, BETAVARIATE)
REAL(paretovariate, PARETOVARIATE)
REAL(weibullvariate, WEIBULLVARIATE)

/* triangular(low=0.0, high=1.0, mode=None) */
static PyObject *py_triangular(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"low", "high", "mode", NULL};
    PyObject *low = NULL, *high = NULL, *mode = Py_None;
    double p[3] = {0.0, 1.0, NAN};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OOO:triangular", names, &low, &high, &mode)) {
        PyErr_Clear();
        return python_upstream(self, "triangular", args, kwargs);
    }
    if ((low && !python_exact_double(low, &p[0])) || (high && !python_exact_double(high, &p[1])) ||
        (mode != Py_None && !python_exact_double(mode, &p[2])) || !python_is_ours(self, BASE_RANDOM))
        return python_upstream(self, "triangular", args, kwargs);
    /* Without a width Python gives `low` itself; with the mode outside it may raise; a NaN is not None. */
    if (mode != Py_None && !((p[0] <= p[2] && p[2] <= p[1]) && p[0] < p[1]))
        return python_upstream(self, "triangular", args, kwargs);
    if (python_enter(self) < 0)
        return NULL;
    return PyFloat_FromDouble(oneseed_python_triangular(python_state(self), p[0], p[1], p[2]));
}

/* ---- ranges ---- */

static int draws_integers(PyObject *self)
{
    return python_is_ours(self, BASE_RANDBELOW) && python_is_ours(self, BASE_GETRANDBITS);
}

/* randrange(start, stop=None, step=1) */
static PyObject *py_randrange(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_Size(args);
    int64_t range[3] = {0, 0, 1};
    int is_plain = n >= 1 && n <= 3 && !(kwargs && PyDict_Size(kwargs) > 0);
    for (Py_ssize_t k = 0; is_plain && k < n; k++)
        is_plain = python_exact_i64(PyTuple_GetItem(args, k), &range[k]);
    if (!is_plain || !draws_integers(self))
        return python_upstream(self, "randrange", args, kwargs);
    if (n == 1) {
        range[1] = range[0];
        range[0] = 0;
    }
    if (python_enter(self) < 0)
        return NULL;
    int64_t value;
    if (oneseed_python_randrange_fill(python_state(self), range[0], range[1], range[2], &value, 1) != ONESEED_OK)
        return python_upstream(self, "randrange", args, kwargs);
    return PyLong_FromLongLong(value);
}

/* randint(a, b) */
static PyObject *py_randint(PyObject *self, PyObject *args, PyObject *kwargs)
{
    int64_t low, high, value;
    if (PyTuple_Size(args) != 2 || (kwargs && PyDict_Size(kwargs) > 0) ||
        !python_exact_i64(PyTuple_GetItem(args, 0), &low) || !python_exact_i64(PyTuple_GetItem(args, 1), &high) ||
        !draws_integers(self) || !python_is_ours(self, BASE_RANDRANGE))
        return python_upstream(self, "randint", args, kwargs);
    if (python_enter(self) < 0)
        return NULL;
    if (oneseed_python_randint_fill(python_state(self), low, high, &value, 1) != ONESEED_OK)
        return python_upstream(self, "randint", args, kwargs);
    return PyLong_FromLongLong(value);
}

/* binomialvariate(n=1, p=0.5). The running Python may not have it: then the statuses have its words. */
static PyObject *py_binomialvariate(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"n", "p", NULL};
    PyObject *number = NULL, *probability = NULL;
    int64_t n = 1, value;
    double p = 0.5;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:binomialvariate", names, &number, &probability))
        return NULL;
    oneseed_status status = ONESEED_PYTHON_BINOMIAL_N;
    if ((!number || python_exact_i64(number, &n)) && (!probability || python_exact_double(probability, &p)) &&
        python_is_ours(self, BASE_RANDOM)) {
        if (python_enter(self) < 0)
            return NULL;
        status = oneseed_python_binomialvariate_fill(python_state(self), n, p, &value, 1);
        if (status == ONESEED_OK)
            return PyLong_FromLongLong(value);
    }
    if (status == ONESEED_PYTHON_BINOMIAL_VERSION) {
        PyErr_SetString(PyExc_AttributeError, oneseed_status_text(status));
        return NULL;
    }
    return python_upstream(self, "binomialvariate", args, kwargs);
}

#define WITH_KEYWORDS(function) (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS
PyMethodDef python_number_methods[] = {
    {"uniform", WITH_KEYWORDS(py_uniform), "uniform(a, b): between a and b."},
    {"triangular", WITH_KEYWORDS(py_triangular), "triangular(low=0.0, high=1.0, mode=None)"},
    {"normalvariate", WITH_KEYWORDS(py_normalvariate), "normalvariate(mu=0.0, sigma=1.0)"},
    {"gauss", WITH_KEYWORDS(py_gauss), "gauss(mu=0.0, sigma=1.0): normal, two for each pair of draws."},
    {"lognormvariate", WITH_KEYWORDS(py_lognormvariate), "lognormvariate(mu, sigma)"},
    {"expovariate", WITH_KEYWORDS(py_expovariate), "expovariate(lambd=1.0)"},
    {"vonmisesvariate", WITH_KEYWORDS(py_vonmisesvariate), "vonmisesvariate(mu, kappa)"},
    {"gammavariate", WITH_KEYWORDS(py_gammavariate), "gammavariate(alpha, beta)"},
    {"betavariate", WITH_KEYWORDS(py_betavariate), "betavariate(alpha, beta)"},
    {"paretovariate", WITH_KEYWORDS(py_paretovariate), "paretovariate(alpha)"},
    {"weibullvariate", WITH_KEYWORDS(py_weibullvariate), "weibullvariate(alpha, beta)"},
    {"binomialvariate", WITH_KEYWORDS(py_binomialvariate), "binomialvariate(n=1, p=0.5): an int, 0 to n."},
    {"randrange", WITH_KEYWORDS(py_randrange), "randrange(stop) or randrange(start, stop[, step])"},
    {"randint", WITH_KEYWORDS(py_randint), "randint(a, b): an int from a to b, both included."},
    {NULL, NULL, 0, NULL},
};
