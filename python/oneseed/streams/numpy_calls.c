/* numpy_calls.c - the usual calls of oneseed.numpy's methods, from the arguments to the result; the others go on to Python.
 * SPDX-License-Identifier: MIT
 *
 * A method is an object that stands in its class in the place of a Python function, and has a handler for what it knows. */
#include "numpy_calls.h"

#include <stddef.h>       /* offsetof */
#include <structmember.h> /* PyMemberDef */

/* Public from 3.12 on; CPython has had both since 3.8. */
#ifndef Py_TPFLAGS_HAVE_VECTORCALL
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
extern PyObject *PyVectorcall_Call(PyObject *callable, PyObject *tuple, PyObject *dict);
#endif
#define IS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1)) /* PY_VECTORCALL_ARGUMENTS_OFFSET */

/* ---- what has methods: a state and its lock ---- */

static PyObject *get_state(PyObject *self, void *closure)
{
    const struct numpy_drawer *drawer = (const struct numpy_drawer *)self;
    PyObject *object = closure ? drawer->lock : drawer->state;
    if (!object) {
        PyErr_SetString(PyExc_AttributeError, "__init__ has not been called");
        return NULL;
    }
    Py_INCREF(object);
    return object;
}

static void put(PyObject **place, PyObject *object)
{
    PyObject *before = *place;
    *place = object;
    Py_XDECREF(before);
}

static int set_state(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    if (!value || !numpy_is_state(value)) {
        PyErr_SetString(PyExc_TypeError, "want a NumpyState");
        return -1;
    }
    Py_INCREF(value);
    put(&((struct numpy_drawer *)self)->state, value);
    return 0;
}

static int set_lock(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    struct numpy_drawer *drawer = (struct numpy_drawer *)self;
    PyObject *acquire = value ? PyObject_GetAttrString(value, "acquire") : NULL;
    PyObject *release = acquire ? PyObject_GetAttrString(value, "release") : NULL;
    if (!release) {
        Py_XDECREF(acquire);
        if (!value)
            PyErr_SetString(PyExc_TypeError, "want a lock");
        return -1;
    }
    Py_INCREF(value);
    put(&drawer->lock, value);
    put(&drawer->acquire, acquire);
    put(&drawer->release, release);
    return 0;
}

static void free_drawer(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    struct numpy_drawer *drawer = (struct numpy_drawer *)self;
    Py_XDECREF(drawer->state);
    Py_XDECREF(drawer->lock);
    Py_XDECREF(drawer->acquire);
    Py_XDECREF(drawer->release);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static char is_lock; /* an address */
static PyGetSetDef drawer_members[] = {
    {"_state", get_state, set_state, NULL, NULL},
    {"_lock", get_state, set_lock, NULL, &is_lock},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- drawing ---- */

/* From this many values on, others may run meanwhile. */
enum { MANY = 1024 };

int numpy_begin(const struct numpy_drawer *self, size_t n, struct numpy_drawing *drawing)
{
    PyObject *taken = PyObject_CallNoArgs(self->acquire);
    if (!taken)
        return -1;
    Py_DECREF(taken);
    drawing->state = numpy_enter(self->state);
    drawing->thread = n < MANY ? NULL : PyEval_SaveThread();
    return 0;
}

int numpy_end(const struct numpy_drawer *self, const struct numpy_drawing *drawing)
{
    if (drawing->thread)
        PyEval_RestoreThread(drawing->thread);
    numpy_leave(self->state);
    PyObject *released = PyObject_CallNoArgs(self->release);
    Py_XDECREF(released);
    return released ? 0 : -1;
}

/* ---- a method ---- */

struct method {
    PyObject_HEAD PyObject *(*call)(PyObject *self, PyObject *const *args, size_t n, PyObject *names);
    PyObject *function, *drawer_type;
    PyObject *bound_type; /* types.MethodType */
    PyObject *
        home; /* NULL, or the only class whose objects are handled: one below may have changed the method that is meant */
    numpy_handler *handler;
    const numpy_method *row;
    bool is_legacy;
    int n_names; /* -1: any number of arguments without names */
    PyObject *names[NUMPY_MOST_ARGUMENTS];
};

/* Each value at its name's place; false where a call does not fit. */
static bool bind(const struct method *method, PyObject *const *args, size_t n, PyObject *keywords,
                 struct numpy_call *call)
{
    Py_ssize_t n_keywords = keywords ? PyTuple_Size(keywords) : 0;
    if (n > (size_t)(method->n_names < 0 ? NUMPY_MOST_ARGUMENTS : method->n_names))
        return false;
    call->n = (int)n;
    for (size_t k = 0; k < n; k++)
        call->values[k] = args[k];
    for (Py_ssize_t j = 0; j < n_keywords; j++) {
        PyObject *name = PyTuple_GetItem(keywords, j);
        int k = 0;
        while (k < method->n_names && method->names[k] != name) /* the same object: names in code are interned */
            k++;
        if (k >= method->n_names || call->values[k])
            return false;
        call->values[k] = args[n + (size_t)j];
    }
    return true;
}

/* {name: value} of the arguments behind the n first; NULL without an exception where there are none. */
static PyObject *named_arguments(PyObject *const *args, size_t n, PyObject *keywords)
{
    Py_ssize_t n_keywords = keywords ? PyTuple_Size(keywords) : 0;
    PyObject *named = n_keywords > 0 ? PyDict_New() : NULL;
    for (Py_ssize_t j = 0; named && j < n_keywords; j++)
        if (PyDict_SetItem(named, PyTuple_GetItem(keywords, j), args[n + (size_t)j]) < 0)
            Py_CLEAR(named);
    return named;
}

static PyObject *call_function(const struct method *method, PyObject *const *args, size_t n, PyObject *keywords)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)n), *named = named_arguments(args, n, keywords), *result = NULL;
    for (size_t k = 0; tuple && k < n; k++) {
        Py_INCREF(args[k]);
        PyTuple_SetItem(tuple, (Py_ssize_t)k, args[k]);
    }
    if (tuple && !PyErr_Occurred())
        result = PyObject_Call(method->function, tuple, named);
    Py_XDECREF(named);
    Py_XDECREF(tuple);
    return result;
}

static bool is_handled(const struct method *method, PyObject *self)
{
    const struct numpy_drawer *drawer = (const struct numpy_drawer *)self;
    if (method->home ? method->home != (PyObject *)Py_TYPE(self)
                     : !PyType_IsSubtype(Py_TYPE(self), (PyTypeObject *)method->drawer_type))
        return false;
    return drawer->state && drawer->lock;
}

static PyObject *call_method(PyObject *self, PyObject *const *args, size_t flagged, PyObject *keywords)
{
    const struct method *method = (const struct method *)self;
    size_t n = flagged & ~IS_OFFSET;
    struct numpy_call call = {.is_legacy = method->is_legacy, .row = method->row};
    if (n > 0 && is_handled(method, args[0]) && bind(method, args + 1, n - 1, keywords, &call)) {
        PyObject *result = method->handler((const struct numpy_drawer *)args[0], &call);
        if (result != Py_NotImplemented)
            return result;
        Py_DECREF(result);
    }
    return call_function(method, args, n, keywords);
}

static bool is_drawer_type(PyObject *object)
{
    return PyType_Check(object) &&
           PyType_GetSlot((PyTypeObject *)object, Py_tp_dealloc) == (void *)(uintptr_t)free_drawer;
}

static int read_names(struct method *method, PyObject *names)
{
    if (names == Py_None) {
        method->n_names = -1;
        return 0;
    }
    Py_ssize_t n = PyTuple_Size(names);
    if (n < 0 || n > NUMPY_MOST_ARGUMENTS) {
        PyErr_SetString(PyExc_ValueError, "too many names, or no tuple of them");
        return -1;
    }
    for (; method->n_names < n; method->n_names++) {
        PyObject *name = PyTuple_GetItem(names, method->n_names);
        Py_INCREF(name);
        PyUnicode_InternInPlace(&name);
        method->names[method->n_names] = name;
    }
    return 0;
}

static const numpy_method *find_row(bool is_legacy, const char *name)
{
    return is_legacy ? numpy_legacy_method(name) : numpy_generator_method(name);
}

/* NumpyMethod(NumpyDrawer, function, kind, row or None, names or None, is_legacy). */
static PyObject *new_method(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *drawer_type, *function, *names;
    const char *kind, *row;
    int is_legacy;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OOszOp:NumpyMethod", &drawer_type, &function, &kind, &row, &names, &is_legacy))
        return NULL;
    struct method made = {.handler = numpy_find_handler(kind), .row = row ? find_row(is_legacy, row) : NULL};
    if (!is_drawer_type(drawer_type) || !made.handler || (row && !made.row)) {
        PyErr_Format(PyExc_ValueError, "there is no method of the kind %s and row %s", kind, row ? row : "");
        return NULL;
    }
    struct method *self = (struct method *)PyType_GenericAlloc(type, 0);
    if (!self)
        return NULL;
    self->call = call_method;
    self->handler = made.handler;
    self->row = made.row;
    self->is_legacy = is_legacy;
    Py_INCREF(drawer_type);
    Py_INCREF(function);
    self->drawer_type = drawer_type;
    self->function = function;
    PyObject *types = PyImport_ImportModule("types");
    self->bound_type = types ? PyObject_GetAttrString(types, "MethodType") : NULL;
    Py_XDECREF(types);
    if (!self->bound_type || read_names(self, names) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void free_method(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    struct method *self = (struct method *)object;
    Py_XDECREF(self->function);
    Py_XDECREF(self->drawer_type);
    Py_XDECREF(self->bound_type);
    Py_XDECREF(self->home);
    for (int k = 0; k < self->n_names; k++)
        Py_DECREF(self->names[k]);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* Bound as a function is. */
static PyObject *get_bound(PyObject *self, PyObject *object, PyObject *type)
{
    (void)type;
    if (!object || object == Py_None) {
        Py_INCREF(self);
        return self;
    }
    return PyObject_CallFunctionObjArgs(((struct method *)self)->bound_type, self, object, NULL);
}

/* All else that a function has, its signature and text too, is the function's. */
static PyObject *get_attribute(PyObject *self, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return found;
    PyErr_Clear();
    return PyObject_GetAttr(((struct method *)self)->function, name);
}

static PyObject *show_method(PyObject *self)
{
    return PyObject_Repr(((struct method *)self)->function);
}

static PyObject *get_doc(PyObject *self, void *name)
{
    return PyObject_GetAttrString(((struct method *)self)->function, name);
}

static int set_home(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    Py_XINCREF(value);
    put(&((struct method *)self)->home, value);
    return 0;
}

static PyMemberDef method_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(struct method, call), READONLY, NULL},
    {"__wrapped__", T_OBJECT, offsetof(struct method, function), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static char doc[] = "__doc__", module_name[] = "__module__";
static PyGetSetDef method_properties[] = {
    {doc, get_doc, NULL, NULL, doc},
    {module_name, get_doc, NULL, NULL, module_name},
    {"home", NULL, set_home, "The only class whose objects are handled.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static int add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = PyType_FromSpec(spec);
    if (type && PyModule_AddObject(module, name, type) == 0)
        return 0;
    Py_XDECREF(type);
    return -1;
}

int numpy_add_calls(PyObject *module)
{
    PyType_Slot drawer_slots[] = {
        {Py_tp_dealloc, (void *)(uintptr_t)free_drawer},
        {Py_tp_getset, drawer_members},
        {Py_tp_doc, "What draws from a NumpyState while it holds a lock."},
        {0, NULL},
    };
    PyType_Spec drawer = {"oneseed._streams.NumpyDrawer", sizeof(struct numpy_drawer), 0,
                          Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, drawer_slots};
    PyType_Slot method_slots[] = {
        {Py_tp_new, (void *)(uintptr_t)new_method},
        {Py_tp_dealloc, (void *)(uintptr_t)free_method},
        {Py_tp_call, (void *)(uintptr_t)PyVectorcall_Call},
        {Py_tp_descr_get, (void *)(uintptr_t)get_bound},
        {Py_tp_getattro, (void *)(uintptr_t)get_attribute},
        {Py_tp_repr, (void *)(uintptr_t)show_method},
        {Py_tp_members, method_members},
        {Py_tp_getset, method_properties},
        {Py_tp_doc, "A method whose usual calls are drawn in C."},
        {0, NULL},
    };
    PyType_Spec method = {"oneseed._streams.NumpyMethod", sizeof(struct method), 0,
                          Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR, method_slots};
    return add_type(module, "NumpyDrawer", &drawer) < 0 ? -1 : add_type(module, "NumpyMethod", &method);
}
