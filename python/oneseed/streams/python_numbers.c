/* python_numbers.c - ranges and distributions of oneseed.python.Random, one value a call.
 * SPDX-License-Identifier: MIT
 *
 * The fast way takes exact floats and ints; everything else goes to Python's own method, which also finds the
 * words for what is refused. */
#include "python_random.h"

#include <math.h> /* isfinite */

#include "oneseed.h" /* oneseed_python_gauss */

enum { MT19937_BLOCK = 624 };

/* One real distribution. `defaults_since`: the version from which on its parameters may be left out. */
struct real_method {
    const char *name, *parameters[2];
    int n_parameters;
    int defaults_since; /* 0: there are none */
    double defaults[2];
    enum python_base base;
    /* Python raises in the middle where the value is not finite: then the state is put back and Python's own method draws. FEW: of
     * two words only. */
    enum { NEVER_RAISES, MAY_RAISE, MAY_RAISE_OF_FEW } raising;
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
    [UNIFORM] = {"uniform", {"a", "b"}, 2, 0, {0}, BASE_RANDOM, NEVER_RAISES, draw_uniform},
    [NORMALVARIATE] =
        {"normalvariate", {"mu", "sigma"}, 2, 311, {0.0, 1.0}, BASE_RANDOM, NEVER_RAISES, draw_normalvariate},
    [GAUSS] = {"gauss", {"mu", "sigma"}, 2, 311, {0.0, 1.0}, BASE_RANDOM, NEVER_RAISES, draw_gauss},
    [LOGNORMVARIATE] =
        {"lognormvariate", {"mu", "sigma"}, 2, 0, {0}, BASE_NORMALVARIATE, MAY_RAISE, draw_lognormvariate},
    [EXPOVARIATE] = {"expovariate", {"lambd"}, 1, 312, {1.0}, BASE_RANDOM, NEVER_RAISES, draw_expovariate},
    [VONMISESVARIATE] = {"vonmisesvariate", {"mu", "kappa"}, 2, 0, {0}, BASE_RANDOM, MAY_RAISE, draw_vonmisesvariate},
    [GAMMAVARIATE] = {"gammavariate", {"alpha", "beta"}, 2, 0, {0}, BASE_RANDOM, MAY_RAISE, draw_gammavariate},
    [BETAVARIATE] = {"betavariate", {"alpha", "beta"}, 2, 0, {0}, BASE_GAMMAVARIATE, MAY_RAISE, draw_betavariate},
    [PARETOVARIATE] = {"paretovariate", {"alpha"}, 1, 0, {0}, BASE_RANDOM, MAY_RAISE_OF_FEW, draw_paretovariate},
    [WEIBULLVARIATE] =
        {"weibullvariate", {"alpha", "beta"}, 2, 0, {0}, BASE_RANDOM, MAY_RAISE_OF_FEW, draw_weibullvariate},
};

/* True when all parameters are there and plain. */
static int read_plain(const struct real_method *method, PYTHON_ARGUMENTS, double p[2])
{
    PyObject *values[2];
    if (!python_bind(method->parameters, method->n_parameters, args, n, kwnames, values))
        return 0;
    int has_defaults = method->defaults_since && python_running_version() >= method->defaults_since;
    for (int k = 0; k < method->n_parameters; k++) {
        p[k] = method->defaults[k];
        if (values[k] ? !python_exact_double(values[k], &p[k]) : !has_defaults)
            return 0;
    }
    return 1;
}

/* NaN comes from a NaN, too: then it is Python's to say. A refused call gives NaN and draws nothing. */
static PyObject *draw_real(PyObject *self, PYTHON_ARGUMENTS, enum real_index which)
{
    const struct real_method *method = &real_methods[which];
    double p[2];
    if (!read_plain(method, args, n, kwnames, p) || !python_is_ours(self, method->base) ||
        (method->base != BASE_RANDOM && !python_is_ours(self, BASE_RANDOM)))
        return python_upstream(self, method->name, args, n, kwnames);
    if (python_enter(self) < 0)
        return NULL;
    oneseed_python *state = python_state(self);
    if (method->raising == NEVER_RAISES) {
        double value = method->draw(state, p);
        if (value == value)
            return PyFloat_FromDouble(value);
        if (which != EXPOVARIATE || p[0] != 0)
            return PyFloat_FromDouble(value); /* from infinities and NaN in the parameters */
        return python_upstream(self, method->name, args, n, kwnames);
    }
    if (method->raising == MAY_RAISE_OF_FEW && state->mt19937.position + 2 <= MT19937_BLOCK) {
        uint32_t position = state->mt19937.position; /* the block stays */
        double value = method->draw(state, p);
        if (isfinite(value))
            return PyFloat_FromDouble(value);
        state->mt19937.position = position;
        return python_upstream(self, method->name, args, n, kwnames);
    }
    oneseed_python before = *state;
    double value = method->draw(state, p);
    if (isfinite(value))
        return PyFloat_FromDouble(value);
    *state = before;
    return python_upstream(self, method->name, args, n, kwnames);
}

#define REAL(name, which)                                                                                              \
    static PyObject *py_##name(PyObject *self, PYTHON_ARGUMENTS)                                                       \
    {                                                                                                                  \
        return draw_real(self, args, n, kwnames, which);                                                               \
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
static PyObject *py_triangular(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"low", "high", "mode"};
    PyObject *values[3];
    double p[3] = {0.0, 1.0, NAN};
    int is_plain = python_bind(names, 3, args, n, kwnames, values);
    int has_mode = is_plain && values[2] && values[2] != Py_None;
    for (int k = 0; is_plain && k < 2 + has_mode; k++)
        is_plain = !values[k] || python_exact_double(values[k], &p[k]);
    if (!is_plain || !python_is_ours(self, BASE_RANDOM))
        return python_upstream(self, "triangular", args, n, kwnames);
    /* Without a width Python gives `low` itself; with the mode outside it may raise; a NaN is not None. */
    if (has_mode && !((p[0] <= p[2] && p[2] <= p[1]) && p[0] < p[1]))
        return python_upstream(self, "triangular", args, n, kwnames);
    if (python_enter(self) < 0)
        return NULL;
    return PyFloat_FromDouble(oneseed_python_triangular(python_state(self), p[0], p[1], p[2]));
}

/* ---- ranges ---- */

static int draws_integers(PyObject *self)
{
    return python_is_ours(self, BASE_RANDBELOW) && python_is_ours(self, BASE_GETRANDBITS);
}

/* A number below n; NULL without an exception when there is none. */
static PyObject *draw_below(PyObject *self, PyObject *n)
{
    PyObject *zero = PyLong_FromLong(0);
    int is_range = zero ? PyObject_RichCompareBool(n, zero, Py_GT) : -1;
    Py_XDECREF(zero);
    return is_range > 0 ? python_below(self, n) : NULL;
}

/* low + a number below high - low (+ 1 when high may be drawn), of exact ints of any size. */
static PyObject *draw_large(PyObject *self, PyObject *low, PyObject *high, int is_closed)
{
    PyObject *one = PyLong_FromLong(is_closed), *open = one ? PyNumber_Subtract(high, low) : NULL;
    PyObject *width = open ? PyNumber_Add(open, one) : NULL, *drawn = width ? draw_below(self, width) : NULL;
    PyObject *value = drawn ? PyNumber_Add(low, drawn) : NULL;
    Py_XDECREF(drawn);
    Py_XDECREF(width);
    Py_XDECREF(open);
    Py_XDECREF(one);
    return value;
}

/* randrange(start, stop=None, step=1) */
static PyObject *py_randrange(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"start", "stop", "step"};
    PyObject *values[3], *large = NULL;
    int64_t range[3] = {0, 0, 1};
    int is_bound = python_bind(names, 3, args, n, kwnames, values) && values[0] && (values[1] || !values[2]);
    int is_plain = is_bound;
    for (int k = 0; is_plain && k < 3; k++)
        is_plain = !values[k] || python_exact_i64(values[k], &range[k]);
    if (!is_bound || !draws_integers(self))
        return python_upstream(self, "randrange", args, n, kwnames);
    if (!is_plain) {
        if (!values[1] && PyLong_CheckExact(values[0]))
            large = draw_below(self, values[0]);
        else if (values[1] && !values[2] && PyLong_CheckExact(values[0]) && PyLong_CheckExact(values[1]))
            large = draw_large(self, values[0], values[1], 0);
        return large || PyErr_Occurred() ? large : python_upstream(self, "randrange", args, n, kwnames);
    }
    if (!values[1]) {
        range[1] = range[0];
        range[0] = 0;
    }
    if (python_enter(self) < 0)
        return NULL;
    int64_t value;
    if (oneseed_python_randrange_fill(python_state(self), range[0], range[1], range[2], &value, 1) != ONESEED_OK)
        return python_upstream(self, "randrange", args, n, kwnames);
    return PyLong_FromLongLong(value);
}

/* randint(a, b) */
static PyObject *py_randint(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"a", "b"};
    PyObject *values[2];
    int64_t low, high, value;
    if (!python_bind(names, 2, args, n, kwnames, values) || !values[0] || !values[1] || !PyLong_CheckExact(values[0]) ||
        !PyLong_CheckExact(values[1]) || !draws_integers(self) || !python_is_ours(self, BASE_RANDRANGE))
        return python_upstream(self, "randint", args, n, kwnames);
    if (!python_exact_i64(values[0], &low) || !python_exact_i64(values[1], &high)) {
        PyObject *large = draw_large(self, values[0], values[1], 1);
        return large || PyErr_Occurred() ? large : python_upstream(self, "randint", args, n, kwnames);
    }
    if (python_enter(self) < 0)
        return NULL;
    if (oneseed_python_randint_fill(python_state(self), low, high, &value, 1) != ONESEED_OK)
        return python_upstream(self, "randint", args, n, kwnames);
    return PyLong_FromLongLong(value);
}

/* binomialvariate(n=1, p=0.5). The running Python may not have it: then the statuses have its words. */
static PyObject *py_binomialvariate(PyObject *self, PYTHON_ARGUMENTS)
{
    static const char *const names[] = {"n", "p"};
    PyObject *values[2];
    int64_t trials = 1, value;
    double p = 0.5;
    oneseed_status status = ONESEED_PYTHON_BINOMIAL_N;
    if (python_bind(names, 2, args, n, kwnames, values) && (!values[0] || python_exact_i64(values[0], &trials)) &&
        (!values[1] || python_exact_double(values[1], &p)) && python_is_ours(self, BASE_RANDOM)) {
        if (python_enter(self) < 0)
            return NULL;
        status = oneseed_python_binomialvariate_fill(python_state(self), trials, p, &value, 1);
        if (status == ONESEED_OK)
            return PyLong_FromLongLong(value);
    }
    if (status == ONESEED_PYTHON_BINOMIAL_VERSION) {
        PyErr_SetString(PyExc_AttributeError, oneseed_status_text(status));
        return NULL;
    }
    return python_upstream(self, "binomialvariate", args, n, kwnames);
}

PyMethodDef python_number_methods[] = {
    {"uniform", PYTHON_METHOD(py_uniform), "uniform(a, b): between a and b."},
    {"triangular", PYTHON_METHOD(py_triangular), "triangular(low=0.0, high=1.0, mode=None)"},
    {"normalvariate", PYTHON_METHOD(py_normalvariate), "normalvariate(mu=0.0, sigma=1.0)"},
    {"gauss", PYTHON_METHOD(py_gauss), "gauss(mu=0.0, sigma=1.0): normal, two for each pair of draws."},
    {"lognormvariate", PYTHON_METHOD(py_lognormvariate), "lognormvariate(mu, sigma)"},
    {"expovariate", PYTHON_METHOD(py_expovariate), "expovariate(lambd=1.0)"},
    {"vonmisesvariate", PYTHON_METHOD(py_vonmisesvariate), "vonmisesvariate(mu, kappa)"},
    {"gammavariate", PYTHON_METHOD(py_gammavariate), "gammavariate(alpha, beta)"},
    {"betavariate", PYTHON_METHOD(py_betavariate), "betavariate(alpha, beta)"},
    {"paretovariate", PYTHON_METHOD(py_paretovariate), "paretovariate(alpha)"},
    {"weibullvariate", PYTHON_METHOD(py_weibullvariate), "weibullvariate(alpha, beta)"},
    {"binomialvariate", PYTHON_METHOD(py_binomialvariate), "binomialvariate(n=1, p=0.5): an int, 0 to n."},
    {"randrange", PYTHON_METHOD(py_randrange), "randrange(stop) or randrange(start, stop[, step])"},
    {"randint", PYTHON_METHOD(py_randint), "randint(a, b): an int from a to b, both included."},
    {NULL, NULL, 0, NULL},
};
