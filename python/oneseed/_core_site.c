/* _core_site.c - the user's line that is running: the first frame that is not library code.
 * SPDX-License-Identifier: MIT
 *
 * Asked for at every draw and many other events, so it works from caches: which code objects are library code, and the
 * site of each pair (user frame, library frame behind it). Both hold references to the code objects that are their keys,
 * so that a key cannot come to mean other code; both are emptied when they have grown too large. */
#include "_core.h"

#include <limits.h> /* PATH_MAX */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* calloc, free */
#include <string.h> /* strstr, strncmp */
#include <unistd.h> /* getcwd: relative file names mean the folder at start */

static char start_folder[PATH_MAX];
static char stdlib_folder[PATH_MAX]; /* with a final slash */

/* ---- which code is library code ---- */

enum code_kind { CODE_USER = 1, CODE_LIBRARY, CODE_STRING /* user code only when no file of the user's is behind it */ };

struct code_entry {
    PyObject *code; /* strong */
    enum code_kind kind;
};

enum { N_CODES = 1 << 14, N_SITES = 1 << 14 }; /* powers of two; at most half filled */

static struct code_entry codes[N_CODES];
static size_t n_codes;

struct site_entry {
    PyObject *user, *library; /* strong; library may be NULL */
    int user_at, library_at;
    uint64_t site; /* 0 = free */
};

static struct site_entry sites[N_SITES];
static size_t n_sites;

static size_t mix(uintptr_t a, uintptr_t b)
{
    uint64_t h = ((uint64_t)a >> 4) * 0x9e3779b97f4a7c15u ^ (uint64_t)b * 0xc2b2ae3d27d4eb4fu;
    return (size_t)(h ^ h >> 29);
}

/* Takes everything out before it gives up the first reference: that may run Python code, which may come back here. */
static void empty_caches(void)
{
    size_t n = 0;
    PyObject **dropped = calloc(N_CODES + 2 * N_SITES, sizeof *dropped);
    for (size_t i = 0; i < N_CODES; i++)
        if (codes[i].code && dropped)
            dropped[n++] = codes[i].code;
    for (size_t i = 0; i < N_SITES; i++)
        if (sites[i].site && dropped) {
            dropped[n++] = sites[i].user;
            dropped[n++] = sites[i].library;
        }
    memset(codes, 0, sizeof codes);
    memset(sites, 0, sizeof sites);
    n_codes = n_sites = 0;
    for (size_t i = 0; i < n; i++)
        Py_XDECREF(dropped[i]);
    free(dropped);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

static enum code_kind kind_of_file(const char *file)
{
    if (strcmp(file, "<string>") == 0)
        return CODE_STRING;
    if (file[0] == '<')
        return strcmp(file, "<stdin>") == 0 || strncmp(file, "<ipython-input", 14) == 0 ||
                       strncmp(file, "<python-input", 13) == 0 || strncmp(file, "<doctest", 8) == 0
                   ? CODE_USER
                   : CODE_LIBRARY;
    if (strstr(file, "/site-packages/") || strstr(file, "/dist-packages/") || strstr(file, "/oneseed/recorder/"))
        return CODE_LIBRARY;
    if (stdlib_folder[0] && strncmp(file, stdlib_folder, strlen(stdlib_folder)) == 0)
        return CODE_LIBRARY;
    return CODE_USER;
}

/* Attribute of a code object as text (borrowed from *holder, which the caller releases); "" on failure. */
static const char *code_text(PyObject *code, const char *name, PyObject **holder)
{
    PyObject *value = PyObject_GetAttrString(code, name);
    *holder = value && PyUnicode_Check(value) ? PyUnicode_EncodeFSDefault(value) : NULL;
    Py_XDECREF(value);
    const char *text = *holder ? PyBytes_AsString(*holder) : NULL;
    return text ? text : "";
}

static enum code_kind kind_of_code(PyObject *code)
{
    size_t i = mix((uintptr_t)code, 0) & (N_CODES - 1);
    for (; codes[i].code; i = (i + 1) & (N_CODES - 1))
        if (codes[i].code == code)
            return codes[i].kind;
    struct core_saved_error saved;
    core_save_error(&saved);
    PyObject *holder;
    enum code_kind kind = kind_of_file(code_text(code, "co_filename", &holder));
    Py_XDECREF(holder);
    core_restore_error(&saved);
    if (n_codes >= N_CODES / 2)
        empty_caches();
    /* Looked for again: reading the attribute may have come back here. */
    for (i = mix((uintptr_t)code, 0) & (N_CODES - 1); codes[i].code; i = (i + 1) & (N_CODES - 1))
        if (codes[i].code == code)
            return kind;
    Py_INCREF(code);
    codes[i] = (struct code_entry){code, kind};
    n_codes++;
    return kind;
}

bool core_code_is_library(PyObject *code)
{
    return kind_of_code(code) == CODE_LIBRARY;
}

/* ---- the walk ---- */

struct place {
    PyObject *code; /* borrowed from a frame that is running; NULL = none */
    int at;         /* last instruction where CPython tells it, else the line, negative */
};

static struct place place_of(PyFrameObject *frame, PyObject *code)
{
    return (struct place){code, PyFrame_GetLasti ? PyFrame_GetLasti(frame) : -PyFrame_GetLineNumber(frame)};
}

/* Finds the user's frame and the library frame that it called. */
static void find_places(struct place *user, struct place *library)
{
    struct place string = {NULL, 0}, behind_string = {NULL, 0}, behind = {NULL, 0};
    *user = *library = (struct place){NULL, 0};
    PyFrameObject *frame = PyEval_GetFrame();
    Py_XINCREF((PyObject *)frame);
    while (frame) {
        PyObject *code = (PyObject *)PyFrame_GetCode(frame);
        Py_DECREF(code); /* the running frame keeps it */
        enum code_kind kind = kind_of_code(code);
        if (kind == CODE_USER) {
            *user = place_of(frame, code);
            *library = behind;
            Py_DECREF((PyObject *)frame);
            return;
        }
        struct place here = place_of(frame, code);
        if (kind == CODE_STRING && !string.code) {
            string = here;
            behind_string = behind;
        }
        behind = here;
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_DECREF((PyObject *)frame);
        frame = back;
    }
    *user = string;
    *library = string.code ? behind_string : behind;
}

/* ---- the text ---- */

static size_t append_place(char *text, size_t nbytes, const struct place *place)
{
    PyObject *file_holder, *name_holder;
    const char *file = code_text(place->code, "co_filename", &file_holder);
    const char *name = code_text(place->code, "co_name", &name_holder);
    int line = place->at < 0 ? -place->at : PyCode_Addr2Line((PyCodeObject *)place->code, place->at);
    bool relative = file[0] != '/' && file[0] != '<' && start_folder[0];
    if (strncmp(file, "./", 2) == 0)
        file += 2;
    int n = snprintf(text, nbytes, "%s%s%s:%d:%s", relative ? start_folder : "", relative ? "/" : "", file, line, name);
    Py_XDECREF(file_holder);
    Py_XDECREF(name_holder);
    return n < 0 ? 0 : (size_t)n < nbytes ? (size_t)n : nbytes - 1;
}

static uint64_t make_site(const struct place *user, const struct place *library)
{
    char text[2 * PATH_MAX + 512];
    size_t n = 0;
    struct core_saved_error saved;
    core_save_error(&saved);
    if (user->code)
        n = append_place(text, sizeof text / 2, user);
    if (library->code) {
        text[n++] = '|';
        n += append_place(text + n, sizeof text - n, library);
    }
    core_restore_error(&saved);
    return n ? core_table()->intern(text, n) : 0;
}

uint64_t core_site(void)
{
    if (!core_table())
        return 0;
    struct place user, library;
    find_places(&user, &library);
    if (!user.code && !library.code)
        return 0;
    size_t start = mix((uintptr_t)user.code + (uintptr_t)user.at * 64, (uintptr_t)library.code + (uintptr_t)library.at * 64);
    size_t i = start & (N_SITES - 1);
    for (; sites[i].site; i = (i + 1) & (N_SITES - 1))
        if (sites[i].user == user.code && sites[i].user_at == user.at && sites[i].library == library.code &&
            sites[i].library_at == library.at)
            return sites[i].site;
    Py_XINCREF(user.code);
    Py_XINCREF(library.code);
    uint64_t site = make_site(&user, &library);
    if (n_sites >= N_SITES / 2)
        empty_caches();
    for (i = start & (N_SITES - 1); sites[i].site; i = (i + 1) & (N_SITES - 1))
        ;
    if (site) {
        sites[i] = (struct site_entry){user.code, library.code, user.at, library.at, site};
        n_sites++;
    } else {
        Py_XDECREF(user.code);
        Py_XDECREF(library.code);
    }
    return site;
}

/* ---- for the preload ---- */

/* This thread holds the GIL. PyGILState_Check() says yes to everybody once there is a subinterpreter, so ask for what it
 * compares. */
static bool gil_is_ours(void)
{
    if (!Py_IsInitialized())
        return false;
    if ((Py_IsFinalizing && Py_IsFinalizing()) || (_Py_IsFinalizing && _Py_IsFinalizing()))
        return false;
    PyThreadState *current = PyThreadState_GetUnchecked     ? PyThreadState_GetUnchecked()
                             : _PyThreadState_UncheckedGet ? _PyThreadState_UncheckedGet()
                                                           : NULL;
    return current && current == PyGILState_GetThisThreadState();
}

static uint64_t site_for_preload(void)
{
    core_flush_draws(); /* the event that is being made comes after them */
    return gil_is_ours() ? core_site() : 0;
}

/* ---- the module's functions ---- */

static PyObject *py_site(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return PyLong_FromUnsignedLongLong(core_site());
}

static PyObject *py_is_library(PyObject *module, PyObject *code)
{
    (void)module;
    return PyBool_FromLong(core_code_is_library(code));
}

static PyMethodDef functions[] = {
    {"site", py_site, METH_NOARGS, "site() -> int: interned site of the current user frame, 0 when there is none."},
    {"is_library", py_is_library, METH_O, "is_library(code) -> bool: code of the standard library, site-packages, …"},
    {NULL, NULL, 0, NULL},
};

/* The folder of os.py is the standard library's. */
static void find_stdlib(void)
{
    PyObject *os = PyImport_ImportModule("os");
    PyObject *file = os ? PyObject_GetAttrString(os, "__file__") : NULL;
    PyObject *bytes = file && PyUnicode_Check(file) ? PyUnicode_EncodeFSDefault(file) : NULL;
    const char *text = bytes ? PyBytes_AsString(bytes) : NULL;
    if (text && strlen(text) < sizeof stdlib_folder && ends_with(text, "/os.py"))
        snprintf(stdlib_folder, sizeof stdlib_folder, "%.*s", (int)(strlen(text) - strlen("os.py")), text);
    Py_XDECREF(bytes);
    Py_XDECREF(file);
    Py_XDECREF(os);
    PyErr_Clear();
}

int core_site_exec(PyObject *module)
{
    if (PyModule_AddFunctions(module, functions) < 0)
        return -1;
    if (stdlib_folder[0] == '\0') {
        find_stdlib();
        if (!getcwd(start_folder, sizeof start_folder))
            start_folder[0] = '\0';
    }
    if (core_table() && core_table()->recording())
        core_table()->set_site_source(site_for_preload);
    return 0;
}
