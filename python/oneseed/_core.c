/* _core.c - the extension module `_core`: the recorder table for Python code, and the frame for hooks and digests.
 * SPDX-License-Identifier: MIT */
#include "_core.h"
#include "_core_draws.h" /* core_n_derived */

#include <dlfcn.h>  /* dlsym: the preload's table */
#include <stdio.h>  /* snprintf, fflush */
#include <stdlib.h> /* calloc, free */
#include <string.h> /* strlen, strcmp, memcpy */
#include <unistd.h> /* _exit */

#include "common/digest.h" /* digest128 */
#include "oneseed.h"       /* oneseed_seed_sequence_u32 */

/* ---- the table ---- */

static const struct oneseed_recorder *table;
static bool table_records;
static _Thread_local unsigned n_pauses;

static void find_table(void)
{
    const struct oneseed_recorder *found = dlsym(RTLD_DEFAULT, "oneseed_recorder");
    if (found && found->version == ONESEED_RECORDER_VERSION && found->size >= sizeof *found)
        table = found;
    table_records = table && table->recording();
}

const struct oneseed_recorder *core_table(void)
{
    return table;
}

bool core_recording(void)
{
    return table_records && n_pauses == 0;
}

void core_pause(void)
{
    n_pauses++;
    if (table)
        table->pause();
}

void core_resume(void)
{
    if (n_pauses == 0)
        return;
    n_pauses--;
    if (table)
        table->resume();
}

void core_emit(const struct oneseed_event *event)
{
    if (!core_recording())
        return;
    core_flush_draws();
    table->emit(event);
}

uint64_t core_intern(const char *text)
{
    return table ? table->intern(text, strlen(text)) : 0;
}

void core_note(const char *text)
{
    if (table)
        table->note(text);
}

void core_save_error(struct core_saved_error *saved)
{
    PyErr_Fetch(&saved->type, &saved->value, &saved->traceback);
}

void core_restore_error(struct core_saved_error *saved)
{
    PyErr_Restore(saved->type, saved->value, saved->traceback); /* replaces whatever is set now */
}

/* ---- the table for Python code ---- */

static PyObject *py_available(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return PyBool_FromLong(table != NULL);
}

/* Texts of the table are bytes of the environment: decoded as file names are. */
static PyObject *text_or_none(const char *text)
{
    if (text)
        return PyUnicode_DecodeFSDefault(text);
    Py_RETURN_NONE;
}

static PyObject *py_config(PyObject *module, PyObject *args)
{
    (void)module;
    const char *key;
    if (!PyArg_ParseTuple(args, "s:config", &key))
        return NULL;
    return text_or_none(table ? table->config(key) : NULL);
}

static PyObject *py_listed(PyObject *module, PyObject *args)
{
    (void)module;
    const char *key, *word;
    if (!PyArg_ParseTuple(args, "ss:listed", &key, &word))
        return NULL;
    return PyBool_FromLong(table && table->listed(key, word));
}

static PyObject *py_recording(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return PyBool_FromLong(table_records);
}

static PyObject *py_lane(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return text_or_none(table ? table->lane() : "0");
}

static PyObject *py_seed_path(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return text_or_none(table ? table->seed_path() : "");
}

static PyObject *py_is_child(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return PyBool_FromLong(table && table->is_child());
}

static PyObject *py_mark_recorder(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    if (table)
        table->mark_recorder();
    Py_RETURN_NONE;
}

static PyObject *py_note(PyObject *module, PyObject *args)
{
    (void)module;
    const char *text;
    if (!PyArg_ParseTuple(args, "s:note", &text))
        return NULL;
    core_note(text);
    Py_RETURN_NONE;
}

static PyObject *py_derive(PyObject *module, PyObject *args)
{
    (void)module;
    const char *what;
    unsigned long long k;
    if (!PyArg_ParseTuple(args, "sK:derive", &what, &k))
        return NULL;
    ++*core_n_derived();
    return PyLong_FromUnsignedLongLong(table ? table->derive(what, k) : 0);
}

static PyObject *py_n_events(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    core_flush_draws();
    return PyLong_FromUnsignedLongLong(table ? table->n_events() : 0);
}

static PyObject *py_pause(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    core_pause();
    Py_RETURN_NONE;
}

static PyObject *py_resume(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    core_resume();
    Py_RETURN_NONE;
}

/* The table wants owners and names that live for ever: few different texts, kept once each. NULL: no memory. */
static const char *text_for_ever(const char *text)
{
    struct kept {
        struct kept *next;
        char text[];
    };
    static struct kept *all;
    for (struct kept *k = all; k; k = k->next)
        if (strcmp(k->text, text) == 0)
            return k->text;
    size_t nbytes = strlen(text) + 1;
    struct kept *k = malloc(sizeof *k + nbytes);
    if (!k)
        return NULL;
    memcpy(k->text, text, nbytes);
    k->next = all;
    all = k;
    return k->text;
}

static PyObject *py_entropy_owner(PyObject *module, PyObject *args)
{
    (void)module;
    const char *owner;
    if (!PyArg_ParseTuple(args, "z:entropy_owner", &owner))
        return NULL;
    if (owner && !(owner = text_for_ever(owner)))
        return PyErr_NoMemory();
    if (table)
        table->set_entropy_owner(owner);
    Py_RETURN_NONE;
}

static PyObject *py_seeding_as(PyObject *module, PyObject *args)
{
    (void)module;
    const char *how;
    if (!PyArg_ParseTuple(args, "z:seeding_as", &how))
        return NULL;
    if (how && !(how = text_for_ever(how)))
        return PyErr_NoMemory();
    core_set_seeding_as(how);
    Py_RETURN_NONE;
}

static PyObject *py_digest_bytes(PyObject *module, PyObject *args)
{
    (void)module;
    const char *bytes;
    Py_ssize_t n_bytes;
    char text[33];
    uint64_t out[2];
    if (!PyArg_ParseTuple(args, "y#:digest_bytes", &bytes, &n_bytes))
        return NULL;
    digest128(bytes, (size_t)n_bytes, out);
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)out[1], (unsigned long long)out[0]);
    return PyUnicode_FromString(text);
}

static PyObject *py_emit_seed(PyObject *module, PyObject *args)
{
    (void)module;
    const char *generator, *how, *value;
    Py_ssize_t n_value;
    if (!PyArg_ParseTuple(args, "ssy#:emit_seed", &generator, &how, &value, &n_value))
        return NULL;
    if (core_recording()) {
        struct oneseed_event event = {.kind = ONESEED_EVENT_SEED,
                                      .site = core_site(),
                                      .name = core_intern(how),
                                      .generator = core_intern(generator),
                                      .bytes = (uint64_t)n_value};
        digest128(value, (size_t)n_value, event.out);
        core_emit(&event);
    }
    Py_RETURN_NONE;
}

/* In the child of os.fork() the callable runs where CPython runs such callables: the interpreter is usable again, before
 * handlers that were registered later. */
static PyObject *py_set_after_fork(PyObject *module, PyObject *callable)
{
    (void)module;
    PyObject *os = PyImport_ImportModule("os");
    PyObject *function = os ? PyObject_GetAttrString(os, "register_at_fork") : NULL;
    PyObject *arguments = function ? PyTuple_New(0) : NULL;
    PyObject *keywords = arguments ? Py_BuildValue("{sO}", "after_in_child", callable) : NULL;
    PyObject *result = keywords ? PyObject_Call(function, arguments, keywords) : NULL;
    Py_XDECREF(keywords);
    Py_XDECREF(arguments);
    Py_XDECREF(function);
    Py_XDECREF(os);
    return result;
}

/* ---- runs of a warm process ---- */

static PyObject *py_next_fork_is_run(PyObject *module, PyObject *args)
{
    (void)module;
    const char *words;
    if (!PyArg_ParseTuple(args, "s:next_fork_is_run", &words))
        return NULL;
    return PyBool_FromLong(table && table->next_fork_is_run(words));
}

/* What sys.exit(code) means to the shell; a code that is no number is printed. */
static int exit_status(PyObject *code)
{
    if (code == NULL || code == Py_None)
        return 0;
    if (PyLong_Check(code))
        return (int)PyLong_AsLong(code);
    PyObject *file = PySys_GetObject("stderr"); /* borrowed */
    if (file && file != Py_None) {
        PyFile_WriteObject(code, file, Py_PRINT_RAW);
        PyFile_WriteString("\n", file);
    }
    PyErr_Clear();
    return 1;
}

/* Calls as CPython calls the main program: no frame but the program's is in a traceback. */
static PyObject *py_run_main(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *function, *arguments;
    if (!PyArg_ParseTuple(args, "OO!:run_main", &function, &PyTuple_Type, &arguments))
        return NULL;
    PyObject *result = PyObject_Call(function, arguments, NULL);
    if (result)
        return Py_BuildValue("(NO)", result, Py_None);
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        PyErr_NormalizeException(&type, &value, &traceback);
        PyObject *code = PyObject_GetAttrString(value, "code");
        PyErr_Clear();
        int status = exit_status(code);
        Py_XDECREF(code);
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
        return Py_BuildValue("(Oi)", Py_None, status);
    }
    bool interrupted = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);
    PyErr_Print();
    return Py_BuildValue("(Oi)", Py_None, interrupted ? -1 : 1);
}

/* The end of the process. Handlers of the C library are left out: taking torch's operators apart costs more than most runs. */
static PyObject *py_exit(PyObject *module, PyObject *args)
{
    (void)module;
    int status;
    if (!PyArg_ParseTuple(args, "i:exit", &status))
        return NULL;
    core_flush_draws();
    fflush(NULL);
    _exit(status);
}

/* ---- NumPy's SeedSequence without NumPy ---- */

struct words {
    uint32_t *data;
    size_t n, capacity;
};

/* Appends one word: 0, or -1 with MemoryError. */
static int append_word(struct words *words, uint32_t word)
{
    if (words->n == words->capacity) {
        size_t capacity = 2 * words->capacity + 8;
        uint32_t *data = realloc(words->data, capacity * sizeof *data);
        if (!data) {
            PyErr_NoMemory();
            return -1;
        }
        words->data = data;
        words->capacity = capacity;
    }
    words->data[words->n++] = word;
    return 0;
}

/* Appends the 32-bit words of a non-negative integer, least significant first; 0 is one word. */
static int append_integer(struct words *words, PyObject *integer)
{
    PyObject *n_bits = PyObject_CallMethod(integer, "bit_length", NULL);
    if (!n_bits)
        return -1;
    size_t bits = PyLong_AsSize_t(n_bits);
    Py_DECREF(n_bits);
    if (PyErr_Occurred())
        return -1;
    size_t n = bits ? (bits + 31) / 32 : 1;
    PyObject *bytes = PyObject_CallMethod(integer, "to_bytes", "ns", (Py_ssize_t)(n * 4), "little");
    if (!bytes)
        return -1;
    const unsigned char *byte = (const unsigned char *)PyBytes_AsString(bytes);
    int status = 0;
    for (size_t i = 0; status == 0 && i < n; i++, byte += 4)
        status = append_word(words, (uint32_t)byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 |
                                        (uint32_t)byte[3] << 24);
    Py_DECREF(bytes);
    return status;
}

static PyObject *py_seed_sequence(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *entropy, *key;
    Py_ssize_t n_out;
    if (!PyArg_ParseTuple(args, "OO!n:seed_sequence", &entropy, &PyTuple_Type, &key, &n_out))
        return NULL;
    if (n_out < 0 || n_out > 1 << 20)
        return PyErr_Format(PyExc_ValueError, "seed_sequence: %zd words: want 0 to 2**20", n_out);
    struct words entropy_words = {NULL, 0, 0}, key_words = {NULL, 0, 0};
    ++*core_n_derived();
    uint32_t *out = calloc((size_t)n_out + 1, sizeof *out);
    PyObject *result = NULL;
    if (!out) {
        PyErr_NoMemory();
        goto done;
    }
    if (append_integer(&entropy_words, entropy) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < PyTuple_Size(key); i++)
        if (append_integer(&key_words, PyTuple_GetItem(key, i)) < 0)
            goto done;
    oneseed_seed_sequence_u32(entropy_words.data, entropy_words.n, key_words.data, key_words.n, out, (size_t)n_out);
    result = PyList_New(n_out);
    for (Py_ssize_t i = 0; result && i < n_out; i++) {
        PyObject *word = PyLong_FromUnsignedLong(out[i]);
        if (!word)
            Py_CLEAR(result);
        else
            PyList_SetItem(result, i, word);
    }
done:
    free(out);
    free(entropy_words.data);
    free(key_words.data);
    return result;
}

/* The rule of docs/seeding.md, for any root seed and place: what the table's derive() gives for this process's. */
static PyObject *py_derive_at(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *seed, *path;
    const char *what;
    Py_ssize_t n_what;
    unsigned long long k;
    if (!PyArg_ParseTuple(args, "OO!s#K:derive_at", &seed, &PyTuple_Type, &path, &what, &n_what, &k))
        return NULL;
    struct words entropy = {NULL, 0, 0}, key = {NULL, 0, 0};
    uint32_t out[2];
    PyObject *result = NULL;
    if (append_integer(&entropy, seed) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < PyTuple_Size(path); i++)
        if (append_integer(&key, PyTuple_GetItem(path, i)) < 0)
            goto done;
    uint64_t hash = digest64(what, (size_t)n_what);
    const uint32_t tail[] = {(uint32_t)hash, (uint32_t)(hash >> 32), (uint32_t)k, (uint32_t)(k >> 32)};
    for (size_t i = 0; i < sizeof tail / sizeof *tail; i++)
        if (append_word(&key, tail[i]) < 0)
            goto done;
    oneseed_seed_sequence_u32(entropy.data, entropy.n, key.data, key.n, out, 2);
    ++*core_n_derived();
    result = PyLong_FromUnsignedLongLong(out[0] | (unsigned long long)out[1] << 32);
done:
    free(entropy.data);
    free(key.data);
    return result;
}

/* ---- the module ---- */

static PyMethodDef functions[] = {
    {"available", py_available, METH_NOARGS, "available() -> bool: this process has the preload's recorder table."},
    {"config", py_config, METH_VARARGS, "config(key) -> str or None: a value of the configuration."},
    {"listed", py_listed, METH_VARARGS, "listed(key, word) -> bool: word is in the list at key."},
    {"recording", py_recording, METH_NOARGS, "recording() -> bool: this process has a trace."},
    {"lane", py_lane, METH_NOARGS, "lane() -> str: the lane of this thread."},
    {"seed_path", py_seed_path, METH_NOARGS, "seed_path() -> str: the place that seeds of this process derive from."},
    {"is_child", py_is_child, METH_NOARGS, "is_child() -> bool: a process above this one has a recorder."},
    {"mark_recorder", py_mark_recorder, METH_NOARGS, "mark_recorder(): children are children of a recorder."},
    {"note", py_note, METH_VARARGS, "note(text): one line for the end of the run on stderr."},
    {"derive", py_derive, METH_VARARGS, "derive(what, k) -> int: the k-th number of 64 bits for `what` in this lane."},
    {"derive_at", py_derive_at, METH_VARARGS,
     "derive_at(seed, path, what, k) -> int: like derive(), for any root seed and seed path (a tuple of ints)."},
    {"n_events", py_n_events, METH_NOARGS, "n_events() -> int: events of this thread's lane so far."},
    {"pause", py_pause, METH_NOARGS, "pause(): until resume(), nothing of this thread is recorded. Nests."},
    {"resume", py_resume, METH_NOARGS, "resume(): ends the last pause()."},
    {"entropy_owner", py_entropy_owner, METH_VARARGS,
     "entropy_owner(name or None): OS entropy that this thread reads seeds the known generator `name`."},
    {"seeding_as", py_seeding_as, METH_VARARGS,
     "seeding_as(how or None): seedings on this thread are recorded as `how` instead of `program` or `os`."},
    {"emit_seed", py_emit_seed, METH_VARARGS, "emit_seed(generator, how, value): records a seeding; value is bytes."},
    {"set_after_fork", py_set_after_fork, METH_O, "set_after_fork(callable): runs in the child of os.fork()."},
    {"digest_bytes", py_digest_bytes, METH_VARARGS, "digest_bytes(bytes) -> str: 32 digits of XXH3, 128 bits."},
    {"next_fork_is_run", py_next_fork_is_run, METH_VARARGS,
     "next_fork_is_run(words) -> bool: what os.fork() makes next is this process again under a changed configuration."},
    {"run_main", py_run_main, METH_VARARGS,
     "run_main(function, arguments) -> (result, None) or (None, status): as the main program; -1: interrupted."},
    {"exit", py_exit, METH_VARARGS, "exit(status): the end of the process, after C's streams are flushed."},
    {"seed_sequence", py_seed_sequence, METH_VARARGS,
     "seed_sequence(entropy, key, n_words) -> list: 32-bit words of SeedSequence(entropy, spawn_key=key)."},
    {NULL, NULL, 0, NULL},
};

static int exec_module(PyObject *module)
{
    find_table();
    if (core_site_exec(module) < 0 || core_draws_exec(module) < 0 || core_seeds_exec(module) < 0 ||
        core_ops_exec(module) < 0)
        return -1;
    if (core_lines_exec && core_lines_exec(module) < 0)
        return -1;
    return 0;
}

/* CPython stores functions as data pointers in slots. */
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)(uintptr_t)exec_module},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_core",
    .m_doc = "What the recorder does in C: hooks, call sites, digests, and the table of the preload.",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__core(void);
PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
