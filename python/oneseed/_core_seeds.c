/* _core_seeds.c - stands in front of the functions by which a program seeds a generator, and may change the seed.
 * SPDX-License-Identifier: MIT
 *
 * What becomes of a seed is decided in Python (recorder/own_seeds.py): function(self, seed) gives another one, or None. */
#include "_core_hooks.h" /* core_hook_install */

#include <stdlib.h> /* malloc */
#include <string.h> /* memcpy */

/* The seed that takes the place of `seed`: a new reference, or NULL (no exception is set): it stays. */
static PyObject *other_seed(PyObject *function, PyObject *first, PyObject *seed)
{
    struct core_saved_error saved;
    core_save_error(&saved);
    PyObject *other = PyObject_CallFunctionObjArgs(function, first, seed, NULL);
    if (!other)
        core_note("a seed of the program's own could not be looked at; it was left as it is");
    if (other == Py_None) {
        Py_DECREF(other);
        other = NULL;
    }
    core_restore_error(&saved);
    return other;
}

static char *kept_text(const char *text)
{
    size_t n = strlen(text) + 1;
    char *kept = malloc(n); /* hooks live for ever */
    return kept ? memcpy(kept, text, n) : NULL;
}

/* ---- methods and functions with the seed as their first argument ---- */

static PyObject *on_seed(const struct core_call *call)
{
    PyObject *seed = core_call_positional(call, 0);
    if (!seed)
        seed = core_call_keyword(call, "seed");
    PyObject *self = call->self ? call->self : Py_None;
    PyObject *other = seed && seed != Py_None ? other_seed((PyObject *)call->hook->data, self, seed) : NULL;
    PyObject *result = other ? core_call_original_with(call, &other, 1) : core_call_original(call);
    Py_XDECREF(other);
    return result;
}

static PyObject *py_hook_seed(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *method, *function;
    const char *name, *why = NULL;
    if (!PyArg_ParseTuple(args, "OsO:hook_seed", &method, &name, &function))
        return NULL;
    char *kept = kept_text(name);
    if (!kept)
        return PyErr_NoMemory();
    int done = core_hook_install(method, kept, on_seed, (uintptr_t)function, &why);
    if (done)
        Py_INCREF(function);
    return PyBool_FromLong(done);
}

/* ---- NumPy's SeedSequence(entropy, spawn_key=…), behind every generator but RandomState ---- */

static core_init_function *sequence_init;
static PyObject *sequence_function;

static int on_sequence(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_Size(args);
    PyObject *entropy = n > 0 ? PyTuple_GetItem(args, 0) : kwargs ? PyDict_GetItemString(kwargs, "entropy") : NULL;
    PyObject *key = kwargs ? PyDict_GetItemString(kwargs, "spawn_key") : NULL;
    PyObject *other =
        entropy && entropy != Py_None ? other_seed(sequence_function, key ? key : Py_None, entropy) : NULL;
    if (!other)
        return sequence_init(self, args, kwargs);
    PyObject *words = n > 0 ? PyTuple_GetSlice(args, 1, n) : PyTuple_New(0);
    PyObject *first = words ? PyTuple_Pack(1, other) : NULL;
    PyObject *changed = first ? PySequence_Concat(first, words) : NULL;
    PyObject *rest = kwargs ? PyDict_Copy(kwargs) : NULL;
    int status = -1;
    if (changed && (rest || !kwargs)) {
        if (n == 0 && rest && PyDict_DelItemString(rest, "entropy") < 0)
            PyErr_Clear();
        status = sequence_init(self, changed, rest);
    }
    Py_XDECREF(rest);
    Py_XDECREF(changed);
    Py_XDECREF(first);
    Py_XDECREF(words);
    Py_DECREF(other);
    return status;
}

static PyObject *py_hook_seed_sequence(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *type, *function;
    if (!PyArg_ParseTuple(args, "OO:hook_seed_sequence", &type, &function))
        return NULL;
    if (!core_hook_init(type, on_sequence, &sequence_init))
        Py_RETURN_FALSE;
    Py_INCREF(function);
    Py_XDECREF(sequence_function);
    sequence_function = function;
    Py_RETURN_TRUE;
}

/* ---- numbers that were drawn lately: a seed among them comes from a generator, and not from the program's text ---- */

enum { N_DRAWN = 256, LEAST_DRAWN = 65536 }; /* what people write as seeds is mostly smaller */

static unsigned long long drawn[N_DRAWN];
static unsigned n_drawn;

static PyObject *on_draw(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    if (!result || !PyLong_CheckExact(result))
        return result;
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(result, &overflow);
    if (overflow == 0 && value >= LEAST_DRAWN)
        drawn[n_drawn++ % N_DRAWN] = (unsigned long long)value;
    return result;
}

static PyObject *py_hook_drawn(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *method;
    const char *name, *why = NULL;
    if (!PyArg_ParseTuple(args, "Os:hook_drawn", &method, &name))
        return NULL;
    char *kept = kept_text(name);
    return kept ? PyBool_FromLong(core_hook_install(method, kept, on_draw, 0, &why)) : PyErr_NoMemory();
}

static PyObject *py_was_drawn(PyObject *module, PyObject *number)
{
    (void)module;
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    for (unsigned k = 0; overflow == 0 && value >= LEAST_DRAWN && k < N_DRAWN; k++)
        if (drawn[k] == (unsigned long long)value)
            Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

static PyMethodDef functions[] = {
    {"hook_drawn", py_hook_drawn, METH_VARARGS,
     "hook_drawn(method, name) -> bool: was_drawn() knows the ints it gives."},
    {"was_drawn", py_was_drawn, METH_O,
     "was_drawn(number) -> bool: among the last ints from 65536 on that were drawn."},
    {"hook_seed", py_hook_seed, METH_VARARGS,
     "hook_seed(method, name, function) -> bool: function(self, seed) gives the seed to take instead, or None."},
    {"hook_seed_sequence", py_hook_seed_sequence, METH_VARARGS,
     "hook_seed_sequence(type, function) -> bool: function(spawn_key, entropy) gives the entropy to take instead, or "
     "None."},
    {NULL, NULL, 0, NULL},
};

int core_seeds_exec(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
