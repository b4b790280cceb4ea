/* numpy_handlers.c - what the methods of oneseed.numpy draw for the usual arguments.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "numpy_array.h" /* numpy_array_new */
#include "numpy_calls.h"
#include "threads.h" /* streams_threads */

/* For Python to do. */
static PyObject *not_known(void)
{
    Py_INCREF(Py_NotImplemented);
    return Py_NotImplemented;
}

static bool is_given(const PyObject *value)
{
    return value && value != Py_None;
}

/* 1: an exact int that fits; 0: something else. */
static bool read_i64(PyObject *object, int64_t *value)
{
    int overflow;
    if (!PyLong_CheckExact(object))
        return false;
    *value = PyLong_AsLongLongAndOverflow(object, &overflow);
    return !overflow;
}

static bool read_number(const numpy_parameter *parameter, PyObject *object, numpy_number *number)
{
    int64_t integer;
    if (!parameter->is_integer && (PyFloat_CheckExact(object) || numpy_is_float64(object))) {
        number->f = PyFloat_AsDouble(object);
        return true;
    }
    if (!read_i64(object, &integer))
        return false;
    if (parameter->is_integer)
        number->i = integer;
    else
        number->f = (double)integer;
    return true;
}

static bool read_numbers(const struct numpy_call *call, numpy_number numbers[3])
{
    const numpy_method *row = call->row;
    for (int k = 0; k < row->n_parameters; k++) {
        if (!call->values[k] && row->parameters[k].is_required)
            return false;
        if (!call->values[k])
            numbers[k] = row->parameters[k].otherwise;
        else if (!read_number(&row->parameters[k], call->values[k], &numbers[k]))
            return false;
    }
    return true;
}

/* ---- the table's distributions ---- */

static PyObject *draw_one(const struct numpy_drawer *self, const numpy_method *row, const numpy_number *numbers)
{
    struct numpy_drawing drawing;
    double real = 0;
    int64_t integer = 0;
    if (numpy_begin(self, 1, &drawing) < 0)
        return NULL;
    oneseed_status status = row->check ? row->check(drawing.state, numbers) : ONESEED_OK;
    if (status == ONESEED_OK && row->f64)
        real = row->f64(drawing.state, numbers);
    else if (status == ONESEED_OK)
        integer = row->i64(drawing.state, numbers);
    if (numpy_end(self, &drawing) < 0 || numpy_raise(status, 0) < 0)
        return NULL;
    return row->f64 ? PyFloat_FromDouble(real) : PyLong_FromLongLong(integer);
}

static void fill(oneseed_numpy *state, const numpy_method *row, const numpy_number *numbers, void *out, size_t n)
{
    if (row->fill_f64)
        row->fill_f64(state, numbers, out, n);
    else if (row->fill_i64)
        row->fill_i64(state, numbers, out, n);
    else if (row->f64)
        for (size_t k = 0; k < n; k++)
            ((double *)out)[k] = row->f64(state, numbers);
    else
        for (size_t k = 0; k < n; k++)
            ((int64_t *)out)[k] = row->i64(state, numbers);
}

/* The same on threads. */
struct filling {
    const numpy_method *row;
    const numpy_number *numbers;
    char *out;
};

static oneseed_status fill_part(oneseed_numpy *state, void *argument, size_t begin, size_t n)
{
    const struct filling *filling = argument;
    fill(state, filling->row, filling->numbers, filling->out + 8 * begin, n);
    return ONESEED_OK;
}

static void fill_on_threads(oneseed_numpy *state, const numpy_method *row, const numpy_number *numbers, void *out,
                            size_t n)
{
    struct filling filling = {row, numbers, out};
    oneseed_threads threads = streams_threads(STREAMS_NUMPY_THREADS);
    (void)oneseed_numpy_parallel(state, fill_part, &filling, n, &threads);
}

/* Into an array, whose reference it takes. */
static PyObject *fill_array(const struct numpy_drawer *self, const numpy_method *row, const numpy_number *numbers,
                            PyObject *array, size_t n)
{
    struct numpy_drawing drawing;
    if (!array || numpy_begin(self, n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    oneseed_status status = row->check ? row->check(drawing.state, numbers) : ONESEED_OK;
    if (status == ONESEED_OK)
        fill_on_threads(drawing.state, row, numbers, numpy_data(array), n);
    if (numpy_end(self, &drawing) < 0 || numpy_raise(status, 0) < 0)
        Py_CLEAR(array);
    return array;
}

static PyObject *draw_shape(const struct numpy_drawer *self, const numpy_method *row, const numpy_number *numbers,
                            const struct numpy_shape *shape)
{
    return fill_array(self, row, numbers, numpy_array_new(row->f64 ? 'd' : 'q', shape), (size_t)shape->n);
}

/* ---- parameters that are arrays of one shape ---- */

struct arrays {
    const char *data[3]; /* NULL: the number */
    numpy_number numbers[3];
    struct numpy_shape shape;
};

static bool same_shape(const struct numpy_shape *a, const struct numpy_shape *b)
{
    return a->n_dims == b->n_dims && memcmp(a->extents, b->extents, (size_t)a->n_dims * sizeof *a->extents) == 0;
}

/* An array of a kind; all must have one shape. */
static bool add_array(struct arrays *arrays, int k, PyObject *object, char kind)
{
    struct numpy_shape shape;
    if (numpy_plain_kind(object) != kind || !numpy_shape_of(object, &shape) || shape.n_dims == 0)
        return false;
    bool is_first = !arrays->data[0] && !arrays->data[1] && !arrays->data[2];
    if (!is_first && !same_shape(&shape, &arrays->shape))
        return false;
    arrays->shape = shape;
    arrays->data[k] = numpy_data(object);
    return true;
}

static bool read_arrays(const struct numpy_call *call, struct arrays *arrays)
{
    const numpy_method *row = call->row;
    for (int k = 0; k < row->n_parameters; k++) {
        const numpy_parameter *parameter = &row->parameters[k];
        PyObject *value = call->values[k];
        if (!value && parameter->is_required)
            return false;
        if (!value)
            arrays->numbers[k] = parameter->otherwise;
        else if (!read_number(parameter, value, &arrays->numbers[k]) &&
                 !add_array(arrays, k, value, parameter->is_integer ? 'q' : 'd'))
            return false;
    }
    return true;
}

static void take_element(struct arrays *arrays, Py_ssize_t at)
{
    for (int k = 0; k < 3; k++)
        if (arrays->data[k])
            memcpy(&arrays->numbers[k], arrays->data[k] + 8 * at, 8);
}

/* False where an element is refused: nothing has been drawn. */
static bool draw_elements(oneseed_numpy *state, const numpy_method *row, struct arrays *arrays, void *out)
{
    for (Py_ssize_t k = 0; row->check && k < arrays->shape.n; k++) {
        take_element(arrays, k);
        if (row->check(state, arrays->numbers) != ONESEED_OK)
            return false;
    }
    for (Py_ssize_t k = 0; k < arrays->shape.n; k++) {
        take_element(arrays, k);
        if (row->f64)
            ((double *)out)[k] = row->f64(state, arrays->numbers);
        else
            ((int64_t *)out)[k] = row->i64(state, arrays->numbers);
    }
    return true;
}

static PyObject *draw_arrays(const struct numpy_drawer *self, const struct numpy_call *call)
{
    struct arrays arrays = {.data = {NULL}};
    struct numpy_drawing drawing;
    if (!read_arrays(call, &arrays))
        return not_known();
    PyObject *array = numpy_array_new(call->row->f64 ? 'd' : 'q', &arrays.shape);
    if (!array || numpy_begin(self, (size_t)arrays.shape.n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    bool is_drawn = draw_elements(drawing.state, call->row, &arrays, numpy_data(array));
    if (numpy_end(self, &drawing) < 0 || !is_drawn)
        Py_CLEAR(array);
    return array || PyErr_Occurred() ? array : not_known();
}

/* method(parameters…, size=None) */
static PyObject *handle_table(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *size = call->values[call->row->n_parameters];
    numpy_number numbers[3];
    struct numpy_shape shape;
    if (!read_numbers(call, numbers))
        return is_given(size) ? not_known() : draw_arrays(self, call);
    if (!is_given(size))
        return draw_one(self, call->row, numbers);
    if (!numpy_is_there() || !numpy_read_shape(size, &shape))
        return not_known();
    return draw_shape(self, call->row, numbers, &shape);
}

/* rand(*extents) */
static PyObject *handle_extents(const struct numpy_drawer *self, const struct numpy_call *call)
{
    struct numpy_shape shape = {.n_dims = 0, .n = 1};
    if (call->n == 0)
        return draw_one(self, call->row, NULL);
    for (int k = 0; k < call->n; k++)
        if (!numpy_add_extent(call->values[k], &shape))
            return not_known();
    return numpy_is_there() ? draw_shape(self, call->row, NULL, &shape) : not_known();
}

/* ---- Generator's, of two dtypes ---- */

static const struct standard {
    const char *name;
    void (*fill_f32)(oneseed_numpy *state, float *out, size_t n);
} standards[] = {
    {"random", oneseed_numpy_random_f32_fill},
    {"standard_normal", oneseed_numpy_standard_normal_f32_fill},
    {"standard_exponential", oneseed_numpy_standard_exponential_f32_fill},
};

static const struct standard *standard_of(const numpy_method *row)
{
    size_t k = 0;
    while (strcmp(standards[k].name, row->name) != 0)
        k++;
    return &standards[k];
}

struct filling_f32 {
    const struct standard *standard;
    float *out;
};

static oneseed_status fill_part_f32(oneseed_numpy *state, void *argument, size_t begin, size_t n)
{
    const struct filling_f32 *filling = argument;
    filling->standard->fill_f32(state, filling->out + begin, n);
    return ONESEED_OK;
}

static PyObject *fill_array_f32(const struct numpy_drawer *self, const numpy_method *row, PyObject *array, size_t n)
{
    struct numpy_drawing drawing;
    if (!array || numpy_begin(self, n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    struct filling_f32 filling = {standard_of(row), numpy_data(array)};
    oneseed_threads threads = streams_threads(STREAMS_NUMPY_THREADS);
    (void)oneseed_numpy_parallel(drawing.state, fill_part_f32, &filling, n, &threads);
    if (numpy_end(self, &drawing) < 0)
        Py_CLEAR(array);
    return array;
}

static PyObject *draw_one_f32(const struct numpy_drawer *self, const numpy_method *row)
{
    struct numpy_drawing drawing;
    float value;
    if (numpy_begin(self, 1, &drawing) < 0)
        return NULL;
    standard_of(row)->fill_f32(drawing.state, &value, 1);
    return numpy_end(self, &drawing) < 0 ? NULL : PyFloat_FromDouble((double)value);
}

static PyObject *draw_standard(const struct numpy_drawer *self, const numpy_method *row, PyObject *size,
                               PyObject *dtype, PyObject *out)
{
    char kind = !dtype || dtype == (PyObject *)&PyFloat_Type ? 'd' : numpy_kind_of(dtype);
    struct numpy_shape shape;
    PyObject *array;
    if (kind != 'd' && kind != 'f')
        return not_known();
    if (is_given(out)) {
        if (is_given(size) || numpy_plain_kind(out) != kind || !numpy_shape_of(out, &shape))
            return not_known();
        Py_INCREF(out);
        array = out;
    } else if (!is_given(size)) {
        return kind == 'd' ? draw_one(self, row, NULL) : draw_one_f32(self, row);
    } else {
        if (!numpy_is_there() || !numpy_read_shape(size, &shape))
            return not_known();
        array = numpy_array_new(kind, &shape);
    }
    return kind == 'd' ? fill_array(self, row, NULL, array, (size_t)shape.n)
                       : fill_array_f32(self, row, array, (size_t)shape.n);
}

/* random(size=None, dtype=float64, out=None) */
static PyObject *handle_standard(const struct numpy_drawer *self, const struct numpy_call *call)
{
    return draw_standard(self, call->row, call->values[0], call->values[1], call->values[2]);
}

/* standard_exponential(size=None, dtype=float64, method="zig", out=None) */
static PyObject *handle_exponential(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *way = call->values[2];
    if (way && (!PyUnicode_CheckExact(way) || PyUnicode_CompareWithASCIIString(way, "zig") != 0))
        return not_known();
    return draw_standard(self, call->row, call->values[0], call->values[1], call->values[3]);
}

/* standard_gamma(shape, size=None, dtype=float64, out=None) */
static PyObject *handle_gamma(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *dtype = call->values[2];
    if ((dtype && numpy_kind_of(dtype) != 'd') || is_given(call->values[3]))
        return not_known();
    return handle_table(self, call);
}

/* ---- integers ---- */

static const struct integer {
    char kind;
    unsigned char code;
    int64_t least, most;
} integers[] = {
    {'q', ONESEED_NUMPY_INT64, INT64_MIN, INT64_MAX},
    {'i', ONESEED_NUMPY_INT32, INT32_MIN, INT32_MAX},
    {'I', ONESEED_NUMPY_UINT32, 0, UINT32_MAX},
    {'Q', ONESEED_NUMPY_UINT64, 0, INT64_MAX},
    {'B', ONESEED_NUMPY_UINT8, 0, UINT8_MAX},
    {'b', ONESEED_NUMPY_INT8, INT8_MIN, INT8_MAX},
    {'h', ONESEED_NUMPY_INT16, INT16_MIN, INT16_MAX},
    {'H', ONESEED_NUMPY_UINT16, 0, UINT16_MAX},
    {'?', ONESEED_NUMPY_BOOL, 0, 1},
};

static const struct integer *integer_of(PyObject *dtype)
{
    char kind = dtype == (PyObject *)&PyLong_Type && sizeof(long) == 8 ? 'q' : numpy_kind_of(dtype);
    for (size_t k = 0; k < sizeof integers / sizeof *integers; k++)
        if (integers[k].kind == kind)
            return &integers[k];
    return NULL;
}

struct bounds {
    const struct integer *type;
    int64_t first, last;
};

/* False also for bounds that are refused. */
static bool read_bounds(PyObject *low, PyObject *high, PyObject *dtype, bool has_end, struct bounds *bounds)
{
    if (!low || !(bounds->type = integer_of(dtype)) || !read_i64(low, &bounds->first))
        return false;
    if (!is_given(high)) {
        bounds->last = bounds->first;
        bounds->first = 0;
    } else if (!read_i64(high, &bounds->last)) {
        return false;
    }
    if (!has_end && bounds->last-- == INT64_MIN)
        return false;
    return bounds->first >= bounds->type->least && bounds->last <= bounds->type->most && bounds->first <= bounds->last;
}

static oneseed_status fill_integers(oneseed_numpy *state, bool is_legacy, const struct bounds *bounds, void *out,
                                    size_t n)
{
    const uint64_t first = (uint64_t)bounds->first, last = (uint64_t)bounds->last;
    const oneseed_numpy_dtype dtype = (oneseed_numpy_dtype)bounds->type->code;
    return is_legacy ? oneseed_numpy_legacy_randint_dtype_fill(state, dtype, first, last, out, n)
                     : oneseed_numpy_integers_dtype_fill(state, dtype, first, last, out, n);
}

/* Generator's are drawn on threads: RandomState's refuse words, but for a few ranges. */
static oneseed_status fill_integers_on_threads(oneseed_numpy *state, bool is_legacy, const struct bounds *bounds,
                                               void *out, size_t n)
{
    if (is_legacy)
        return fill_integers(state, is_legacy, bounds, out, n);
    oneseed_threads threads = streams_threads(STREAMS_NUMPY_THREADS);
    return oneseed_numpy_integers_dtype_fill_parallel(state, (oneseed_numpy_dtype)bounds->type->code,
                                                      (uint64_t)bounds->first, (uint64_t)bounds->last, out, n,
                                                      &threads);
}

static PyObject *one_integer(const struct numpy_drawer *self, bool is_legacy, const struct bounds *bounds, bool is_int)
{
    struct numpy_drawing drawing;
    int64_t value = 0;
    if (numpy_begin(self, 1, &drawing) < 0)
        return NULL;
    oneseed_status status = fill_integers(drawing.state, is_legacy, bounds, &value, 1);
    if (numpy_end(self, &drawing) < 0 || numpy_raise(status, 0) < 0)
        return NULL;
    return is_int ? PyLong_FromLongLong(value) : numpy_scalar(bounds->type->kind, &value);
}

static PyObject *draw_integers(const struct numpy_drawer *self, bool is_legacy, const struct bounds *bounds,
                               PyObject *size, bool is_int)
{
    struct numpy_shape shape;
    if (!is_given(size))
        return is_int || numpy_is_there() ? one_integer(self, is_legacy, bounds, is_int) : not_known();
    if (!numpy_is_there() || !numpy_read_shape(size, &shape) || shape.n == 0)
        return not_known();
    PyObject *array = numpy_array_new(bounds->type->kind, &shape);
    struct numpy_drawing drawing;
    if (!array || numpy_begin(self, (size_t)shape.n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    oneseed_status status =
        fill_integers_on_threads(drawing.state, is_legacy, bounds, numpy_data(array), (size_t)shape.n);
    if (numpy_end(self, &drawing) < 0 || numpy_raise(status, 0) < 0)
        Py_CLEAR(array);
    return array;
}

/* Bounds of which one at least is an array of int64, for that dtype. */
static PyObject *draw_integer_arrays(const struct numpy_drawer *self, const struct numpy_call *call, bool has_end)
{
    PyObject *const *v = call->values;
    struct arrays bounds = {.data = {NULL}};
    struct numpy_drawing drawing;
    if (!v[0] || !is_given(v[1]) || (!read_i64(v[0], &bounds.numbers[0].i) && !add_array(&bounds, 0, v[0], 'q')) ||
        (!read_i64(v[1], &bounds.numbers[1].i) && !add_array(&bounds, 1, v[1], 'q')) ||
        (!bounds.data[0] && !bounds.data[1]))
        return not_known();
    size_t n = (size_t)bounds.shape.n;
    PyObject *array = numpy_array_new('q', &bounds.shape);
    uint64_t *ends = PyMem_Malloc(2 * n * sizeof *ends + 1);
    bool is_known = array && ends;
    for (size_t k = 0; is_known && k < n; k++) {
        take_element(&bounds, (Py_ssize_t)k);
        is_known = bounds.numbers[0].i < bounds.numbers[1].i || (has_end && bounds.numbers[0].i == bounds.numbers[1].i);
        ends[k] = (uint64_t)bounds.numbers[0].i;
        ends[n + k] = (uint64_t)bounds.numbers[1].i - !has_end;
    }
    if (is_known && numpy_begin(self, n, &drawing) == 0) {
        (call->is_legacy ? oneseed_numpy_legacy_randint_array_fill : oneseed_numpy_integers_array_fill)(
            drawing.state, ONESEED_NUMPY_INT64, ends, ends + n, numpy_data(array), n);
        numpy_end(self, &drawing);
    }
    PyMem_Free(ends);
    if (PyErr_Occurred() || !is_known)
        Py_CLEAR(array);
    return is_known || PyErr_Occurred() ? array : not_known();
}

static PyObject *int64_type(void)
{
    return numpy_type_of('q');
}

/* integers(low, high=None, size=None, dtype=int64, endpoint=False) */
static PyObject *handle_integers(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *const *v = call->values, *dtype = v[3] ? v[3] : int64_type();
    struct bounds bounds;
    if (!dtype || (v[4] && v[4] != Py_True && v[4] != Py_False))
        return not_known();
    if (!is_given(v[2]) && numpy_kind_of(dtype) == 'q' && v[0] && v[1] &&
        !(PyLong_CheckExact(v[0]) && PyLong_CheckExact(v[1])))
        return draw_integer_arrays(self, call, v[4] == Py_True);
    if (!read_bounds(v[0], v[1], dtype, v[4] == Py_True, &bounds))
        return not_known();
    return draw_integers(self, false, &bounds, v[2], dtype == (PyObject *)&PyLong_Type);
}

/* randint(low, high=None, size=None, dtype=int) */
static PyObject *handle_randint(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *const *v = call->values, *dtype = v[3] ? v[3] : (PyObject *)&PyLong_Type;
    struct bounds bounds;
    if (!read_bounds(v[0], v[1], dtype, false, &bounds))
        return not_known();
    return draw_integers(self, true, &bounds, v[2], dtype == (PyObject *)&PyLong_Type);
}

/* tomaxint(size=None) */
static PyObject *handle_tomaxint(const struct numpy_drawer *self, const struct numpy_call *call)
{
    struct numpy_shape shape = {.n = 1};
    struct numpy_drawing drawing;
    int64_t value;
    PyObject *array = NULL;
    if (is_given(call->values[0])) {
        if (!numpy_is_there() || !numpy_read_shape(call->values[0], &shape))
            return not_known();
        if (!(array = numpy_array_new('q', &shape)))
            return NULL;
    }
    if (numpy_begin(self, (size_t)shape.n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    oneseed_numpy_legacy_tomaxint_fill(drawing.state, array ? numpy_data(array) : &value, (size_t)shape.n);
    if (numpy_end(self, &drawing) < 0)
        Py_CLEAR(array);
    else if (!array)
        array = PyLong_FromLongLong(value);
    return array;
}

/* random_raw(size=None, output=True) of a bit generator */
static PyObject *handle_raw(const struct numpy_drawer *self, const struct numpy_call *call)
{
    struct numpy_shape shape = {.n = 1};
    struct numpy_drawing drawing;
    uint64_t value;
    PyObject *array = NULL;
    if (call->values[1] && call->values[1] != Py_True)
        return not_known();
    if (is_given(call->values[0])) {
        if (!numpy_is_there() || !numpy_read_shape(call->values[0], &shape))
            return not_known();
        if (!(array = numpy_array_new('Q', &shape)))
            return NULL;
    }
    if (numpy_begin(self, (size_t)shape.n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    oneseed_numpy_random_raw_fill(drawing.state, array ? numpy_data(array) : &value, (size_t)shape.n);
    if (numpy_end(self, &drawing) < 0)
        Py_CLEAR(array);
    else if (!array)
        array = PyLong_FromUnsignedLongLong(value);
    return array;
}

/* ---- multinomial ---- */

enum { MOST_PVALS = 64 };

/* Of a list or tuple of floats, or an array of one dimension: their number, or -1. */
static Py_ssize_t read_pvals(PyObject *object, double pvals[MOST_PVALS])
{
    struct numpy_shape shape;
    bool is_list = PyList_CheckExact(object);
    if (is_list || PyTuple_CheckExact(object)) {
        Py_ssize_t n = is_list ? PyList_Size(object) : PyTuple_Size(object);
        for (Py_ssize_t k = 0; k < n; k++) {
            PyObject *value = is_list ? PyList_GetItem(object, k) : PyTuple_GetItem(object, k);
            if (n > MOST_PVALS || !PyFloat_CheckExact(value))
                return -1;
            pvals[k] = PyFloat_AsDouble(value);
        }
        return n;
    }
    if (numpy_plain_kind(object) != 'd' || !numpy_shape_of(object, &shape) || shape.n_dims != 1 || shape.n > MOST_PVALS)
        return -1;
    memcpy(pvals, numpy_data(object), (size_t)shape.n * sizeof *pvals);
    return shape.n;
}

/* multinomial(n, pvals, size=None); what is refused has words of NumPy's that depend on the arguments' types */
static PyObject *handle_multinomial(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *const *v = call->values;
    struct numpy_shape shape = {.n_dims = 0, .n = 1};
    struct numpy_drawing drawing;
    double pvals[MOST_PVALS];
    int64_t n;
    if (!numpy_is_there() || !v[0] || !v[1] || !read_i64(v[0], &n) ||
        (is_given(v[2]) && !numpy_read_shape(v[2], &shape)) || shape.n_dims == NUMPY_MOST_DIMS)
        return not_known();
    Py_ssize_t n_pvals = read_pvals(v[1], pvals), n_rows = shape.n;
    if (n_pvals <= 0 || shape.n > PY_SSIZE_T_MAX / 64 / n_pvals)
        return not_known();
    shape.extents[shape.n_dims++] = n_pvals;
    shape.n *= n_pvals;
    PyObject *array = numpy_array_new('q', &shape);
    if (!array || numpy_begin(self, (size_t)shape.n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    oneseed_status status = (call->is_legacy ? oneseed_numpy_legacy_multinomial_fill : oneseed_numpy_multinomial_fill)(
        drawing.state, n, pvals, (size_t)n_pvals, numpy_data(array), (size_t)n_rows);
    if (numpy_end(self, &drawing) < 0 || status != ONESEED_OK)
        Py_CLEAR(array);
    return array || PyErr_Occurred() ? array : not_known();
}

/* ---- orders ---- */

static int shuffle(const struct numpy_drawer *self, bool is_legacy, void *items, size_t n, size_t item_nbytes)
{
    struct numpy_drawing drawing;
    if (numpy_begin(self, n, &drawing) < 0)
        return -1;
    (is_legacy ? oneseed_numpy_legacy_shuffle : oneseed_numpy_shuffle)(drawing.state, items, n, item_nbytes);
    return numpy_end(self, &drawing);
}

static PyObject *shuffle_array(const struct numpy_drawer *self, bool is_legacy, PyObject *array, char kind)
{
    struct numpy_shape shape;
    if (!numpy_shape_of(array, &shape) || shape.n_dims == 0 || shape.n == 0)
        return not_known();
    size_t n = (size_t)shape.extents[0], row = (size_t)shape.n / n * numpy_item_nbytes(kind);
    if (shuffle(self, is_legacy, numpy_data(array), n, row) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* The items' addresses are shuffled, and then put where they belong. Nothing else runs meanwhile: the list stays as it is until each item
 * has a second owner. */
static PyObject *shuffle_list(const struct numpy_drawer *self, bool is_legacy, PyObject *list)
{
    PyObject *few[256];
    Py_ssize_t n = PyList_Size(list);
    if (n > (Py_ssize_t)(sizeof few / sizeof *few))
        return not_known();
    for (Py_ssize_t k = 0; k < n; k++) {
        few[k] = PyList_GetItem(list, k);
        Py_INCREF(few[k]);
    }
    int failed = shuffle(self, is_legacy, few, (size_t)n, sizeof *few);
    for (Py_ssize_t k = 0; k < n; k++)
        if (PyList_SetItem(list, k, few[k]) < 0)
            failed = -1;
    if (failed < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* shuffle(x), shuffle(x, axis=0) */
static PyObject *handle_shuffle(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *x = call->values[0];
    if (!x || call->values[1])
        return not_known();
    if (PyList_CheckExact(x))
        return shuffle_list(self, call->is_legacy, x);
    char kind = numpy_plain_kind(x);
    return kind ? shuffle_array(self, call->is_legacy, x, kind) : not_known();
}

static PyObject *permute_range(const struct numpy_drawer *self, bool is_legacy, PyObject *number)
{
    struct numpy_shape shape;
    struct numpy_drawing drawing;
    if (sizeof(long) != 8 || !numpy_read_shape(number, &shape))
        return not_known();
    PyObject *array = numpy_array_new('q', &shape);
    if (!array || numpy_begin(self, (size_t)shape.n, &drawing) < 0) {
        Py_XDECREF(array);
        return NULL;
    }
    (is_legacy ? oneseed_numpy_legacy_permutation_fill
               : oneseed_numpy_permutation_fill)(drawing.state, numpy_data(array), (size_t)shape.n);
    if (numpy_end(self, &drawing) < 0)
        Py_CLEAR(array);
    return array;
}

/* permutation(x), permutation(x, axis=0) */
static PyObject *handle_permutation(const struct numpy_drawer *self, const struct numpy_call *call)
{
    PyObject *x = call->values[0];
    struct numpy_shape shape;
    if (!x || call->values[1] || !numpy_is_there())
        return not_known();
    if (PyLong_CheckExact(x))
        return permute_range(self, call->is_legacy, x);
    char kind = numpy_plain_kind(x);
    if (!kind || !numpy_shape_of(x, &shape) || shape.n_dims != 1 || shape.n == 0)
        return not_known();
    PyObject *copy = numpy_copy(x);
    if (copy && shuffle(self, call->is_legacy, numpy_data(copy), (size_t)shape.n, numpy_item_nbytes(kind)) < 0)
        Py_CLEAR(copy);
    return copy;
}

static const struct {
    const char *kind;
    numpy_handler *handler;
} handlers[] = {
    {"table", handle_table},       {"extents", handle_extents},
    {"standard", handle_standard}, {"exponential", handle_exponential},
    {"gamma", handle_gamma},       {"integers", handle_integers},
    {"randint", handle_randint},   {"tomaxint", handle_tomaxint},
    {"raw", handle_raw},           {"multinomial", handle_multinomial},
    {"shuffle", handle_shuffle},   {"permutation", handle_permutation},
};

numpy_handler *numpy_find_handler(const char *kind)
{
    for (size_t k = 0; k < sizeof handlers / sizeof *handlers; k++)
        if (strcmp(handlers[k].kind, kind) == 0)
            return handlers[k].handler;
    return NULL;
}
