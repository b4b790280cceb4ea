/* _core_hooks.c - swaps the C functions behind builtin methods for trampolines.
 * SPDX-License-Identifier: MIT
 *
 * The layouts used here, PyCFunctionObject.m_ml (Cython's functions begin with the same struct) and
 * PyMethodDescrObject.d_method, have been the same from CPython 3.5 to 3.14 in builds with the GIL. They are checked all
 * the same, through reads that cannot fault: the method's own name must be where we expect it. */
#include "_core_hooks.h"

#include <string.h>   /* strcmp, memcmp */
#include <sys/mman.h> /* mprotect: method tables may lie in memory made read-only after relocation */
#include <unistd.h>   /* pipe, read, write: reads that cannot fault */

enum { N_HOOKS = 512 };

static struct core_hook hooks[N_HOOKS];
static unsigned n_hooks;

static PyObject *dispatch(unsigned k, PyObject *self, void *a, void *b, void *c, void *d)
{
    struct core_call call = {&hooks[k], self, a, b, c, d};
    return hooks[k].handler(&call);
}

/* One function per slot: a C function gets no word about the method that it was called for. Those that are called with
 * fewer arguments pass on what the registers hold, and nobody looks at it. */
#define SLOT(k)                                                                                                        \
    static PyObject *trampoline_##k(PyObject *self, void *a, void *b, void *c, void *d)                                \
    {                                                                                                                  \
        return dispatch(0x##k, self, a, b, c, d);                                                                      \
    }
#define ENTRY(k) trampoline_##k,
/* clang-format 14 never agrees with itself about these two. */
/* clang-format off */
#define TIMES_16(WHAT, n) \
    WHAT(n##0) WHAT(n##1) WHAT(n##2) WHAT(n##3) \
    WHAT(n##4) WHAT(n##5) WHAT(n##6) WHAT(n##7) \
    WHAT(n##8) WHAT(n##9) WHAT(n##A) WHAT(n##B) \
    WHAT(n##C) WHAT(n##D) WHAT(n##E) WHAT(n##F)
#define TIMES_256(WHAT, n) \
    TIMES_16(WHAT, n##0) TIMES_16(WHAT, n##1) TIMES_16(WHAT, n##2) TIMES_16(WHAT, n##3) \
    TIMES_16(WHAT, n##4) TIMES_16(WHAT, n##5) TIMES_16(WHAT, n##6) TIMES_16(WHAT, n##7) \
    TIMES_16(WHAT, n##8) TIMES_16(WHAT, n##9) TIMES_16(WHAT, n##A) TIMES_16(WHAT, n##B) \
    TIMES_16(WHAT, n##C) TIMES_16(WHAT, n##D) TIMES_16(WHAT, n##E) TIMES_16(WHAT, n##F)
/* clang-format on */

typedef PyObject *trampoline(PyObject *self, void *a, void *b, void *c, void *d);

TIMES_256(SLOT, 0)
TIMES_256(SLOT, 1)
static trampoline *const trampolines[N_HOOKS] = {TIMES_256(ENTRY, 0) TIMES_256(ENTRY, 1)};

/* ---- finding the method definition ---- */

bool core_read_safely(const void *from, void *to, size_t nbytes)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    bool ok = write(ends[1], from, nbytes) == (ssize_t)nbytes && read(ends[0], to, nbytes) == (ssize_t)nbytes;
    close(ends[0]);
    close(ends[1]);
    return ok;
}

/* Free-threaded builds have a longer object header (and other rules for changing shared memory). */
static bool layout_is_known(void)
{
    static int known = -1;
    if (known < 0) {
        PyObject *size = PyObject_GetAttrString((PyObject *)&PyBaseObject_Type, "__basicsize__");
        known = size && PyLong_AsLong(size) == (long)sizeof(PyObject) && sizeof(PyObject) == 2 * sizeof(void *);
        Py_XDECREF(size);
        PyErr_Clear();
    }
    return known;
}

static bool type_is_named(PyObject *object, const char *name)
{
    PyObject *actual = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
    bool is = actual && PyUnicode_Check(actual) && PyUnicode_CompareWithASCIIString(actual, name) == 0;
    Py_XDECREF(actual);
    PyErr_Clear();
    return is;
}

static PyMethodDef *method_of(PyObject *callable, const char *name)
{
    size_t offset;
    if (Py_TYPE(callable) == &PyCFunction_Type || type_is_named(callable, "cython_function_or_method"))
        offset = sizeof(PyObject); /* PyCFunctionObject.m_ml */
    else if (type_is_named(callable, "method_descriptor") || type_is_named(callable, "classmethod_descriptor"))
        offset = sizeof(PyObject) + 3 * sizeof(void *); /* d_type, d_name, d_qualname, then d_method */
    else
        return NULL;
    PyMethodDef *method, copy;
    char text[128];
    size_t n_name = strlen(name) + 1;
    if (n_name > sizeof text || !core_read_safely((char *)callable + offset, &method, sizeof method) ||
        !core_read_safely(method, &copy, sizeof copy) || !core_read_safely(copy.ml_name, text, n_name) ||
        memcmp(text, name, n_name) != 0)
        return NULL;
    return method;
}

enum { CALL_FLAGS = METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_O };
#define FLAG_FASTCALL 0x0080 /* METH_FASTCALL, METH_METHOD: outside the limited API before 3.10 */
#define FLAG_METHOD   0x0200

static int convention_of(int flags)
{
    return flags & (CALL_FLAGS | FLAG_FASTCALL | FLAG_METHOD);
}

static bool convention_is_known(int convention)
{
    switch (convention) {
    case METH_NOARGS:
    case METH_O:
    case METH_VARARGS:
    case METH_VARARGS | METH_KEYWORDS:
    case FLAG_FASTCALL:
    case FLAG_FASTCALL | METH_KEYWORDS:
    case FLAG_METHOD | FLAG_FASTCALL | METH_KEYWORDS:
        return true;
    default:
        return false;
    }
}

int core_hook_install(PyObject *callable, const char *name, core_handler *handler, uintptr_t data, const char **why_out)
{
    struct core_saved_error saved;
    core_save_error(&saved);
    PyMethodDef *method = layout_is_known() ? method_of(callable, name) : NULL;
    core_restore_error(&saved);
    if (!method) {
        *why_out = "this interpreter's functions are laid out in another way";
        return 0;
    }
    for (unsigned k = 0; k < n_hooks; k++)
        if (hooks[k].method == method && hooks[k].handler == handler)
            return 1;
    if (n_hooks == N_HOOKS) {
        *why_out = "too many functions to hook";
        return 0;
    }
    if (!convention_is_known(convention_of(method->ml_flags))) {
        *why_out = "unknown calling convention";
        return 0;
    }
    /* The pages stay writable: they lie in a program's data, and making them read-only again could be wrong. */
    uintptr_t page_nbytes = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)method & ~(page_nbytes - 1), end = (uintptr_t)(method + 1);
    if (mprotect((void *)first, end - first, PROT_READ | PROT_WRITE) != 0) {
        *why_out = "its method table cannot be written";
        return 0;
    }
    hooks[n_hooks] =
        (struct core_hook){name, (void *)(uintptr_t)method->ml_meth, method->ml_flags, handler, data, method};
    method->ml_meth = (PyCFunction)(uintptr_t)trampolines[n_hooks];
    n_hooks++;
    return 1;
}

bool core_hook_init(PyObject *type, core_init_function *handler, core_init_function **original_out)
{
    enum { WRAPPED = sizeof(PyObject) + 4 * sizeof(void *) }; /* d_type, d_name, d_qualname, d_base, then d_wrapped */
    struct core_saved_error saved;
    core_save_error(&saved);
    PyObject *wrapper = PyObject_GetAttrString(type, "__init__");
    bool done = false;
    if (wrapper && sizeof(PyObject) == 16 && PyType_Check(type)) {
        core_init_function **slot = (core_init_function **)(void *)((char *)type + CORE_TP_INIT);
        core_init_function **wrapped = (core_init_function **)(void *)((char *)wrapper + WRAPPED);
        if (*slot == handler) {
            done = true;
        } else if (PyObject_HasAttrString(wrapper, "__objclass__") && *slot == *wrapped) {
            *original_out = *slot;
            *slot = *wrapped = handler;
            done = true;
        }
    }
    Py_XDECREF(wrapper);
    core_restore_error(&saved);
    return done;
}

/* ---- calls ---- */

typedef PyObject *function_3(PyObject *self, void *a, void *b);
typedef PyObject *function_4(PyObject *self, void *a, void *b, void *c);

PyObject *core_call_original(const struct core_call *call)
{
    uintptr_t function = (uintptr_t)call->hook->original;
    switch (convention_of(call->hook->flags)) {
    case METH_NOARGS:
        return ((PyCFunction)function)(call->self, NULL);
    case METH_O:
    case METH_VARARGS:
        return ((PyCFunction)function)(call->self, call->a);
    case METH_VARARGS | METH_KEYWORDS:
    case FLAG_FASTCALL:
        return ((function_3 *)function)(call->self, call->a, call->b);
    case FLAG_FASTCALL | METH_KEYWORDS:
        return ((function_4 *)function)(call->self, call->a, call->b, call->c);
    default:
        return ((trampoline *)function)(call->self, call->a, call->b, call->c, call->d);
    }
}

PyObject *core_call_original_with(const struct core_call *call, PyObject *const *arguments, Py_ssize_t n_arguments)
{
    struct core_call other = *call;
    PyObject *tuple = NULL;
    void *array = (void *)(uintptr_t)arguments, *n = (void *)n_arguments;
    switch (convention_of(call->hook->flags)) {
    case METH_NOARGS:
        break;
    case METH_O:
        other.a = arguments[0];
        break;
    case METH_VARARGS:
    case METH_VARARGS | METH_KEYWORDS:
        tuple = PyTuple_New(n_arguments);
        for (Py_ssize_t i = 0; tuple && i < n_arguments; i++) {
            Py_INCREF(arguments[i]);
            PyTuple_SetItem(tuple, i, arguments[i]);
        }
        if (!tuple)
            return NULL;
        other.a = tuple, other.b = NULL;
        break;
    case FLAG_METHOD | FLAG_FASTCALL | METH_KEYWORDS:
        other.b = array, other.c = n, other.d = NULL;
        break;
    default:
        other.a = array, other.b = n, other.c = NULL;
    }
    PyObject *result = core_call_original(&other);
    Py_XDECREF(tuple);
    return result;
}

/* The array form of the arguments: NULL when they come as a tuple or alone. */
static PyObject *const *argument_array(const struct core_call *call, Py_ssize_t *n_out, PyObject **names_out)
{
    switch (convention_of(call->hook->flags)) {
    case FLAG_FASTCALL:
        *n_out = (Py_ssize_t)call->b, *names_out = NULL;
        return call->a;
    case FLAG_FASTCALL | METH_KEYWORDS:
        *n_out = (Py_ssize_t)call->b, *names_out = call->c;
        return call->a;
    case FLAG_METHOD | FLAG_FASTCALL | METH_KEYWORDS:
        *n_out = (Py_ssize_t)call->c, *names_out = call->d;
        return call->b;
    default:
        *n_out = 0, *names_out = NULL;
        return NULL;
    }
}

/* Methods with METH_VARARGS have their arguments in a tuple; METH_O has one, METH_NOARGS none. */
static bool has_tuple(const struct core_call *call)
{
    return call->hook->flags & METH_VARARGS;
}

Py_ssize_t core_call_n_positional(const struct core_call *call)
{
    Py_ssize_t n;
    PyObject *names;
    int convention = convention_of(call->hook->flags);
    if (convention == METH_NOARGS || convention == METH_O)
        return convention == METH_O;
    if (has_tuple(call))
        return PyTuple_Size(call->a);
    argument_array(call, &n, &names);
    return n;
}

PyObject *core_call_positional(const struct core_call *call, Py_ssize_t k)
{
    Py_ssize_t n;
    PyObject *names;
    if (k >= core_call_n_positional(call))
        return NULL;
    if (convention_of(call->hook->flags) == METH_O)
        return call->a;
    if (has_tuple(call))
        return PyTuple_GetItem(call->a, k);
    return argument_array(call, &n, &names)[k];
}

PyObject *core_call_keyword(const struct core_call *call, const char *name)
{
    Py_ssize_t n;
    PyObject *names;
    int convention = convention_of(call->hook->flags);
    if (convention == (METH_VARARGS | METH_KEYWORDS))
        return call->b ? PyDict_GetItemString(call->b, name) : NULL;
    if (convention == METH_NOARGS || convention == METH_O || convention == METH_VARARGS)
        return NULL;
    PyObject *const *array = argument_array(call, &n, &names);
    for (Py_ssize_t i = 0; names && i < PyTuple_Size(names); i++)
        if (PyUnicode_CompareWithASCIIString(PyTuple_GetItem(names, i), name) == 0)
            return array[n + i];
    return NULL;
}
