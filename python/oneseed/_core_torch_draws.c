/* _core_torch_draws.c - PyTorch's CPU generators: seedings, draws, and words counted at the generator's own state.
 * SPDX-License-Identifier: MIT
 *
 * As for NumPy: the drawing functions are boundaries, the C++ state is read before and after each, and the words between are
 * computed. Where the state lies in a CPUGeneratorImpl is found by looking for the words that get_state() gives. Draws of
 * C++ code that no hooked function called (a dropout inside an LSTM) show at the next boundary, as `bitgen`. */
#include "_core_draws.h"
#include "_core_hooks.h" /* core_hook_install, core_read_safely */
#include "_core_torch.h" /* core_torch_tensor */

#include <stdlib.h> /* calloc, malloc, free */
#include <string.h> /* memcpy, memcmp, strcmp */

#include "engines/mt19937.h" /* mt19937_distance */

#define CLASS_NAME "torch.Generator"

/* ---- the state ---- */

struct state {
    uint32_t key[MT19937_N];
    uint32_t position; /* 1 ... 624; a fresh seed is at the end of its block */
};

/* at::mt19937_data_pod, with its words at `words` in the CPUGeneratorImpl: seed, left, seeded, next, words. */
enum { LEFT_BEFORE_WORDS = 12, NEXT_BEFORE_WORDS = 4 };
static size_t words_offset; /* 0 = not known */

static void read_state(const void *impl, struct state *out)
{
    const char *words = (const char *)impl + words_offset;
    int32_t left;
    memcpy(out->key, words, sizeof out->key);
    memcpy(&left, words - LEFT_BEFORE_WORDS, sizeof left);
    memcpy(&out->position, words - NEXT_BEFORE_WORDS, sizeof out->position);
    if (left == 1)
        out->position = MT19937_N;
}

/* `blob` is what get_state() gave: seed, left, seeded, next, 624 words of 64 bits. */
static bool learn_state(const void *impl, const unsigned char *blob)
{
    enum { IMAGE_NBYTES = 3072, BLOB_WORDS = 24 };
    uint32_t key[MT19937_N];
    for (int k = 0; k < MT19937_N; k++)
        memcpy(&key[k], blob + BLOB_WORDS + 8 * k, sizeof key[k]);
    for (size_t offset = 20; offset + sizeof key <= IMAGE_NBYTES; offset += 4) {
        uint32_t first[2], all[MT19937_N + 3];
        if (!core_read_safely((const char *)impl + offset, first, sizeof first))
            return false;
        if (memcmp(first, key, sizeof first) != 0 ||
            !core_read_safely((const char *)impl + offset - LEFT_BEFORE_WORDS, all, sizeof all))
            continue;
        if (memcmp(all + 3, key, sizeof key) == 0 && memcmp(&all[0], blob + 8, 4) == 0 &&
            memcmp(&all[2], blob + 16, 4) == 0) {
            words_offset = offset;
            return true;
        }
    }
    return false;
}

/* ---- generators that are known ---- */

struct known {
    const void *impl; /* identity */
    bool is_cpu;
    bool has_last;
    struct state last; /* after the last boundary */
    struct known *next;
};

static struct known *all_known; /* few programs have more than some; the one used last comes first */
static const void *default_impl;

/* Where a torch.Generator keeps its c10::GeneratorImpl: right after the object's header. */
static const void *impl_of(PyObject *generator)
{
    const void *impl;
    memcpy(&impl, (char *)generator + sizeof(PyObject), sizeof impl);
    return impl;
}

static struct known *known_of(const void *impl)
{
    for (struct known **link = &all_known; *link; link = &(*link)->next)
        if ((*link)->impl == impl) {
            struct known *found = *link;
            *link = found->next;
            found->next = all_known;
            all_known = found;
            return found;
        }
    return NULL;
}

static bool is_on_cpu(PyObject *generator)
{
    PyObject *device = PyObject_GetAttrString(generator, "device");
    PyObject *type = device ? PyObject_GetAttrString(device, "type") : NULL;
    bool is = type && PyUnicode_Check(type) && PyUnicode_CompareWithASCIIString(type, "cpu") == 0;
    Py_XDECREF(type);
    Py_XDECREF(device);
    PyErr_Clear();
    return is;
}

/* NULL without memory. is_new: the object was just made. */
static struct known *known_generator(PyObject *generator, bool is_new)
{
    const void *impl = impl_of(generator);
    struct known *known = known_of(impl);
    if (known && !is_new)
        return known;
    if (!known) {
        known = calloc(1, sizeof *known);
        if (!known)
            return NULL;
        known->impl = impl;
        known->next = all_known;
        all_known = known;
    }
    known->has_last = false;
    known->is_cpu = is_on_cpu(generator) && words_offset;
    if (is_new)
        core_generator_new(impl, CLASS_NAME);
    else
        core_generator_of(impl, CLASS_NAME);
    return known;
}

static void record_seed(struct known *known, const char *how, const void *value, size_t value_nbytes)
{
    if (known->is_cpu) {
        read_state(known->impl, &known->last);
        known->has_last = true;
    }
    struct core_generator *generator = core_generator_of(known->impl, CLASS_NAME);
    if (generator)
        core_record_seed(generator, how, value, value_nbytes);
}

static void record_unseen(struct known *known, const struct state *now)
{
    enum { MAX_UNSEEN = 1 << 20 };
    uint64_t words = mt19937_distance(known->last.key, known->last.position, now->key, now->position, MAX_UNSEEN);
    if (words == MT19937_TOO_FAR) {
        record_seed(known, "program", now, sizeof *now);
        return;
    }
    struct core_generator *generator = core_generator_of(known->impl, CLASS_NAME);
    struct core_draw draw = {.function = core_intern("bitgen"),
                             .words = words,
                             .flags = ONESEED_FLAG_UNDIGESTED,
                             .state = &known->last,
                             .state_nbytes = sizeof known->last};
    if (generator && words)
        core_record_draw(generator, &draw);
}

/* ---- results ---- */

/* Adds the tensors of a result: one, or those of a tuple. */
static void digest_result(PyObject *result, struct core_draw *draw)
{
    enum { LARGE_NBYTES = 1 << 16 };
    if (PyTuple_Check(result)) {
        for (Py_ssize_t i = 0; i < PyTuple_Size(result); i++)
            digest_result(PyTuple_GetItem(result, i), draw);
        return;
    }
    PyObject *address = PyObject_GetAttrString(result, "_cdata");
    struct core_tensor tensor = {.data = NULL};
    if (address)
        core_torch_tensor((const void *)(uintptr_t)PyLong_AsUnsignedLongLong(address), &tensor);
    Py_XDECREF(address);
    PyErr_Clear();
    if (!tensor.data) {
        draw->flags |= ONESEED_FLAG_UNDIGESTED;
        return;
    }
    uint64_t nbytes = tensor.numel * tensor.item_nbytes, digest[2];
    PyThreadState *state = nbytes > LARGE_NBYTES ? PyEval_SaveThread() : NULL;
    core_torch_digest(&tensor, digest);
    if (state)
        PyEval_RestoreThread(state);
    draw->bytes += nbytes;
    draw->result[0] = draw->result[0] * 0x9e3779b97f4a7c15u + digest[0];
    draw->result[1] = draw->result[1] * 0xc2b2ae3d27d4eb4fu + digest[1];
}

static bool is_elsewhere(PyObject *result)
{
    PyObject *tensor = PyTuple_Check(result) && PyTuple_Size(result) ? PyTuple_GetItem(result, 0) : result;
    PyObject *is_cpu = PyObject_GetAttrString(tensor, "is_cpu");
    bool elsewhere = is_cpu && PyObject_IsTrue(is_cpu) == 0;
    Py_XDECREF(is_cpu);
    PyErr_Clear();
    return elsewhere;
}

/* ---- draws ---- */

static _Thread_local unsigned depth;
static PyObject *default_generator; /* strong */
static PyObject *generator_type;    /* strong */

/* The generator that a call uses, as far as the CPU goes; borrowed. */
static PyObject *generator_of_call(const struct core_call *call)
{
    PyObject *given = core_call_keyword(call, "generator");
    return given && PyObject_IsInstance(given, generator_type) == 1 ? given : default_generator;
}

/* A draw on another device: its generator's words cannot be read without waiting for the device. */
static void record_elsewhere(const struct core_call *call, PyObject *result)
{
    static char identity; /* stands for the device's generator: named at its first use */
    static bool named;
    if (!named) {
        core_generator_name(&identity, "torch.cuda:0");
        named = true;
    }
    struct core_generator *generator = core_generator_of(&identity, CLASS_NAME);
    struct core_draw draw = {.function = (uint64_t)call->hook->data, .flags = ONESEED_FLAG_WORDS_UNKNOWN};
    digest_result(result, &draw);
    if (generator)
        core_record_draw(generator, &draw);
}

static PyObject *on_draw(const struct core_call *call)
{
    if (depth > 0)
        return core_call_original(call);
    struct core_saved_error saved;
    core_save_error(&saved);
    PyObject *object = generator_of_call(call);
    struct known *known = known_generator(object, false);
    core_restore_error(&saved);
    if (!known || !core_recording()) {
        if (known)
            known->has_last = false;
        return core_call_original(call);
    }
    struct state before, after;
    const bool is_cpu = known->is_cpu;
    if (is_cpu) {
        read_state(known->impl, &before);
        if (known->has_last && memcmp(&known->last, &before, sizeof before) != 0)
            record_unseen(known, &before);
    }
    Py_INCREF(object);
    depth++;
    PyObject *result = core_call_original(call);
    depth--;
    core_save_error(&saved);
    known = known_generator(object, false);
    if (known && is_cpu) {
        read_state(known->impl, &after);
        bool drew = memcmp(&before, &after, sizeof after) != 0;
        if (drew) {
            uint64_t words =
                mt19937_distance(before.key, before.position, after.key, after.position, (uint64_t)1 << 28);
            struct core_draw draw = {
                .function = (uint64_t)call->hook->data, .state = &before, .state_nbytes = sizeof before};
            if (words == MT19937_TOO_FAR)
                draw.flags |= ONESEED_FLAG_WORDS_UNKNOWN;
            else
                draw.words = words;
            if (result)
                digest_result(result, &draw);
            struct core_generator *generator = core_generator_of(known->impl, CLASS_NAME);
            if (generator)
                core_record_draw(generator, &draw);
        } else if (result && is_elsewhere(result)) {
            record_elsewhere(call, result);
        }
        known = known_generator(object, false);
        known->last = after;
        known->has_last = true;
    } else if (known && result) {
        record_elsewhere(call, result);
    }
    Py_DECREF(object);
    core_restore_error(&saved);
    return result;
}

/* ---- seeds ---- */

static void record_seeding(const struct core_call *call, PyObject *value, const char *how)
{
    struct core_saved_error saved;
    core_save_error(&saved);
    struct known *known = known_generator(call->self, false);
    PyObject *number = value && PyLong_Check(value) ? PyNumber_ToBase(value, 10) : NULL;
    PyObject *text = number ? PyUnicode_AsASCIIString(number) : NULL;
    struct state state;
    if (known && text) {
        record_seed(known, how, PyBytes_AsString(text), (size_t)PyBytes_Size(text));
    } else if (known && known->is_cpu) {
        read_state(known->impl, &state);
        record_seed(known, how, &state, sizeof state);
    } else if (known) {
        record_seed(known, how, "", 0);
    }
    Py_XDECREF(text);
    Py_XDECREF(number);
    core_restore_error(&saved);
}

static PyObject *on_manual_seed(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    if (result)
        record_seeding(call, core_call_positional(call, 0), "program");
    return result;
}

static PyObject *on_seed(const struct core_call *call)
{
    if (core_table())
        core_table()->set_entropy_owner("torch.default");
    PyObject *result = core_call_original(call);
    if (core_table())
        core_table()->set_entropy_owner(NULL);
    if (result)
        record_seeding(call, result, "os");
    return result;
}

static PyObject *on_set_state(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    if (result)
        record_seeding(call, NULL, "program");
    return result;
}

/* ---- construction ---- */

typedef PyObject *new_function(PyObject *type, PyObject *args, PyObject *kwargs);
static new_function *original_new;

static PyObject *on_new(PyObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *self = original_new(type, args, kwargs);
    if (self) {
        struct core_saved_error saved;
        core_save_error(&saved);
        known_generator(self, true);
        core_restore_error(&saved);
    }
    return self;
}

static bool hook_new(PyObject *type)
{
    new_function **slot = (new_function **)(void *)((char *)type + CORE_TP_NEW);
    uintptr_t known = (uintptr_t)PyType_GetSlot((PyTypeObject *)type, Py_tp_new);
    PyErr_Clear(); /* before 3.10 it refuses types that are not on the heap */
    if (known == 0 || (uintptr_t)*slot != known)
        return false;
    original_new = *slot;
    *slot = on_new;
    return true;
}

/* ---- the module's functions ---- */

/* torch_generators(type, default, blob): blob is the default generator's state as bytes. */
static PyObject *py_torch_generators(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *type, *generator;
    const char *blob;
    Py_ssize_t n_blob;
    if (!PyArg_ParseTuple(args, "O!Oy#:torch_generators", &PyType_Type, &type, &generator, &blob, &n_blob))
        return NULL;
    if (default_generator)
        Py_RETURN_TRUE;
    if (n_blob < 24 + 8 * MT19937_N || !learn_state(impl_of(generator), (const unsigned char *)blob))
        Py_RETURN_FALSE;
    Py_INCREF(type);
    Py_INCREF(generator);
    generator_type = type;
    default_generator = generator;
    default_impl = impl_of(generator);
    core_generator_name(default_impl, "torch.default");
    if (!hook_new(type))
        core_note("generators of torch are told apart by their address here: their type cannot be hooked");
    Py_RETURN_TRUE;
}

static PyObject *py_hook_torch_function(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *function;
    const char *name, *role, *why = NULL;
    if (!PyArg_ParseTuple(args, "Oss:hook_torch_function", &function, &name, &role))
        return NULL;
    core_handler *handler = strcmp(role, "draw") == 0          ? on_draw
                            : strcmp(role, "manual_seed") == 0 ? on_manual_seed
                            : strcmp(role, "seed") == 0        ? on_seed
                                                               : on_set_state;
    size_t n = strlen(name) + 1;
    char *kept = malloc(n); /* hooks live for ever */
    if (!kept)
        return PyErr_NoMemory();
    memcpy(kept, name, n);
    return PyBool_FromLong(core_hook_install(function, kept, handler, (uintptr_t)core_intern(name), &why));
}

static PyMethodDef functions[] = {
    {"torch_generators", py_torch_generators, METH_VARARGS,
     "torch_generators(type, default, state) -> bool: words of CPU generators can be counted."},
    {"hook_torch_function", py_hook_torch_function, METH_VARARGS,
     "hook_torch_function(function, name, role) -> bool: role is draw, manual_seed, seed or set_state."},
    {NULL, NULL, 0, NULL},
};

int core_torch_draws_exec(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
