/* _core_random.c - CPython's `random`: seeding and draws of every _random.Random.
 * SPDX-License-Identifier: MIT
 *
 * All of `random` comes down to four C methods: random, getrandbits, seed and setstate. */
#include "_core_draws.h"
#include "_core_hooks.h" /* core_hook_install */

#include <string.h> /* memcpy */

#include "common/digest.h" /* digest128 */

#define CLASS_NAME "python.Random"

static PyObject *seed_source; /* hook_random_seed(): strong, NULL = none */
static bool draws_are_hooked;

/* ---- seeds ---- */

/* Records with the digest of an object that is an int (the value) or anything else (its hash: what seed() uses). */
static void record_seed(PyObject *self, const char *how, PyObject *value)
{
    struct core_saved_error saved;
    core_save_error(&saved);
    struct core_generator *generator = core_generator_of(self, CLASS_NAME);
    PyObject *number = NULL, *text = NULL, *bytes = NULL;
    if (value && PyLong_Check(value))
        number = PyNumber_Absolute(value); /* seed(-1) is seed(1) */
    else if (value)
        number = PyLong_FromSsize_t((Py_ssize_t)PyObject_Hash(value));
    text = number ? PyNumber_ToBase(number, 16) : NULL; /* digits of any length */
    bytes = text ? PyUnicode_AsASCIIString(text) : NULL;
    if (generator)
        core_record_seed(generator, how, bytes ? PyBytes_AsString(bytes) : "", bytes ? (size_t)PyBytes_Size(bytes) : 0);
    Py_XDECREF(bytes);
    Py_XDECREF(text);
    Py_XDECREF(number);
    core_restore_error(&saved);
}

/* The replacement for a seeding from the OS: a new reference, or NULL for none. *how_out is borrowed from *holder_out. */
static PyObject *replacement_seed(PyObject *self, const char **how_out, PyObject **holder_out)
{
    static _Thread_local bool asking;
    *how_out = "oneseed";
    *holder_out = NULL;
    if (!seed_source || asking)
        return NULL;
    asking = true;
    PyObject *source = seed_source, *arguments = PyTuple_New(1), *value = NULL;
    Py_INCREF(source);
    if (arguments) {
        Py_INCREF(self);
        PyTuple_SetItem(arguments, 0, self);
        value = PyObject_Call(source, arguments, NULL);
    }
    Py_XDECREF(arguments);
    Py_DECREF(source);
    asking = false;
    if (value && PyTuple_Check(value) && PyTuple_Size(value) == 2) {
        PyObject *number = PyTuple_GetItem(value, 0), *how = PyTuple_GetItem(value, 1);
        *holder_out = PyUnicode_Check(how) ? PyUnicode_AsASCIIString(how) : NULL;
        if (*holder_out)
            *how_out = PyBytes_AsString(*holder_out);
        Py_INCREF(number);
        Py_DECREF(value);
        value = number;
    }
    if (value && PyLong_Check(value))
        return value;
    if (PyErr_Occurred())
        core_note("seeding a random.Random from the root seed failed; it was left to the operating system");
    PyErr_Clear();
    Py_XDECREF(value);
    return NULL;
}

static PyObject *on_seed(const struct core_call *call)
{
    PyObject *value = core_call_positional(call, 0);
    if (value && value != Py_None) {
        PyObject *result = core_call_original(call);
        if (result && draws_are_hooked)
            record_seed(call->self, "program", value);
        return result;
    }
    const char *how;
    PyObject *holder, *replacement = replacement_seed(call->self, &how, &holder), *result;
    if (replacement) {
        result = core_call_original_with(call, &replacement, 1);
    } else {
        how = "os";
        if (core_table())
            core_table()->set_entropy_owner("python.random");
        result = core_call_original(call);
        if (core_table())
            core_table()->set_entropy_owner(NULL);
    }
    if (result && draws_are_hooked)
        record_seed(call->self, how, replacement);
    Py_XDECREF(replacement);
    Py_XDECREF(holder);
    return result;
}

/* The state is a tuple of 625 ints; digested as the text of the tuple, which is rare enough. */
static PyObject *on_setstate(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    if (!result)
        return NULL;
    struct core_saved_error saved;
    core_save_error(&saved);
    PyObject *state = core_call_positional(call, 0);
    PyObject *text = state ? PyObject_Repr(state) : NULL;
    PyObject *bytes = text ? PyUnicode_AsUTF8String(text) : NULL;
    struct core_generator *generator = core_generator_of(call->self, CLASS_NAME);
    if (generator && bytes)
        core_record_seed(generator, "program", PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes));
    Py_XDECREF(bytes);
    Py_XDECREF(text);
    core_restore_error(&saved);
    return result;
}

/* ---- draws ---- */

static uint64_t random_name, getrandbits_name;

static PyObject *on_random(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    struct core_generator *generator = result ? core_generator_of(call->self, CLASS_NAME) : NULL;
    if (generator) {
        double value = PyFloat_AsDouble(result);
        struct core_draw draw = {.function = random_name, .words = 2, .bytes = sizeof value};
        memcpy(draw.result, &value, sizeof value);
        core_record_draw(generator, &draw);
    }
    return result;
}

static PyObject *on_getrandbits(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    if (!result)
        return NULL;
    struct core_saved_error saved;
    core_save_error(&saved);
    struct core_generator *generator = core_generator_of(call->self, CLASS_NAME);
    PyObject *n_bits = core_call_positional(call, 0);
    Py_ssize_t bits = n_bits ? PyNumber_AsSsize_t(n_bits, NULL) : 0;
    if (generator && bits > 0) {
        struct core_draw draw = {
            .function = getrandbits_name, .words = (uint64_t)(bits - 1) / 32 + 1, .bytes = (uint64_t)(bits + 7) / 8};
        if (bits <= 64) {
            draw.result[0] = PyLong_AsUnsignedLongLong(result);
        } else {
            PyObject *bytes = PyObject_CallMethod(result, "to_bytes", "ns", (bits + 7) / 8, "little");
            if (bytes) {
                digest128(PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes), draw.result);
                Py_DECREF(bytes);
            }
        }
        core_record_draw(generator, &draw);
    }
    core_restore_error(&saved);
    return result;
}

/* ---- construction ---- */

/* `_random.Random.__new__` seeds from the OS before `__init__` seeds as it was told; type slots are not in the limited
 * API, but PyType_GetSlot says what must lie at the place that all versions with the GIL have used since 3.5. */
typedef PyObject *new_function(PyObject *type, PyObject *args, PyObject *kwargs);
static new_function *original_new;

static PyObject *on_new(PyObject *type, PyObject *args, PyObject *kwargs)
{
    if (core_table())
        core_table()->set_entropy_owner("python.random");
    PyObject *self = original_new(type, args, kwargs);
    if (core_table())
        core_table()->set_entropy_owner(NULL);
    if (self)
        core_generator_new(self, CLASS_NAME);
    return self;
}

static bool hook_new(PyObject *type)
{
    if (!PyType_Check(type))
        return false;
    new_function **slot = (new_function **)(void *)((char *)type + CORE_TP_NEW);
    uintptr_t known = (uintptr_t)PyType_GetSlot((PyTypeObject *)type, Py_tp_new);
    if (sizeof(PyObject) != 16 || (uintptr_t)*slot != known)
        return false;
    if (*slot == on_new)
        return true;
    if (original_new && *slot != original_new)
        return false;
    original_new = *slot;
    *slot = on_new;
    return true;
}

/* `_random.Random` before random.py is executed is enough: types made later inherit the slot. */
static void hook_types(PyObject *base)
{
    PyObject *random = PyDict_GetItemString(PyImport_GetModuleDict(), "random"); /* borrowed */
    PyObject *heirs[2] = {NULL, NULL};
    if (random) {
        heirs[0] = PyObject_GetAttrString(random, "Random");
        heirs[1] = PyObject_GetAttrString(random, "SystemRandom");
        PyErr_Clear();
    }
    bool done = hook_new(base);
    for (int i = 0; i < 2; i++) {
        if (heirs[i])
            done = hook_new(heirs[i]) && done;
        Py_XDECREF(heirs[i]);
    }
    if (!done)
        core_note("generators of Python's random are told apart by their address here: their type cannot be hooked");
}

/* ---- the module's functions ---- */

/* The method table of `_random.Random` is one per process. If the program has not imported `_random` yet, it will not
 * see that we did: modules are made afresh at each import. */
static PyObject *random_type(void)
{
    PyObject *modules = PyImport_GetModuleDict();
    bool was_there = PyDict_GetItemString(modules, "_random") != NULL;
    PyObject *module = PyImport_ImportModule("_random");
    if (!module)
        return NULL;
    PyObject *type = PyObject_GetAttrString(module, "Random");
    if (!was_there && PyDict_DelItemString(modules, "_random") < 0)
        PyErr_Clear();
    Py_DECREF(module);
    return type;
}

static int hook_method(PyObject *type, const char *name, core_handler *handler)
{
    PyObject *method = PyObject_GetAttrString(type, name);
    const char *why = "it is missing";
    int done = method && core_hook_install(method, name, handler, 0, &why);
    Py_XDECREF(method);
    PyErr_Clear();
    if (!done)
        core_note("Python's random cannot be followed here: its methods cannot be hooked");
    return done;
}

static PyObject *py_hook_random_seed(PyObject *module, PyObject *callable)
{
    (void)module;
    PyObject *type = random_type();
    if (!type)
        return NULL;
    int done = hook_method(type, "seed", on_seed);
    if (done) {
        hook_types(type);
        Py_INCREF(callable);
        PyObject *old = seed_source;
        seed_source = callable;
        Py_XDECREF(old);
    }
    Py_DECREF(type);
    return PyBool_FromLong(done);
}

static PyObject *py_hook_random_draws(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    PyObject *type = random_type();
    if (!type)
        return NULL;
    random_name = core_intern("random");
    getrandbits_name = core_intern("getrandbits");
    draws_are_hooked = hook_method(type, "seed", on_seed) && hook_method(type, "setstate", on_setstate) &&
                       hook_method(type, "random", on_random) && hook_method(type, "getrandbits", on_getrandbits);
    if (draws_are_hooked)
        hook_types(type);
    Py_DECREF(type);
    return PyBool_FromLong(draws_are_hooked);
}

static PyObject *py_name_generator(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *object;
    const char *name;
    if (!PyArg_ParseTuple(args, "Os:name_generator", &object, &name))
        return NULL;
    core_generator_name(object, name);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"hook_random_seed", py_hook_random_seed, METH_O,
     "hook_random_seed(callable) -> bool: callable(generator) is asked whenever a random.Random is seeded without a "
     "value: "
     "an int or (int, how) seeds it with that, None leaves it to the operating system."},
    {"hook_random_draws", py_hook_random_draws, METH_NOARGS, "hook_random_draws() -> bool: records random's draws."},
    {"name_generator", py_name_generator, METH_VARARGS, "name_generator(object, name): what its events call it."},
    {NULL, NULL, 0, NULL},
};

int core_random_exec(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
