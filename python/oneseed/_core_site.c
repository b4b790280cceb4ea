/* _core_site.c - the user's line that is running: the first frame that is not library code.
 * SPDX-License-Identifier: MIT
 *
 * Asked for at every draw and many other events, also while this thread has let go of the GIL (open() does) and from
 * threads of C++ that run on behalf of Python. So it walks the frames as the interpreter keeps them: no frame object is
 * made, no reference taken, nothing allocated. The thread's own frames do not move while it is here. Where the frames
 * lie is known per version and proved at start against PyFrame_GetBack(); where that fails, the functions are used, and
 * there is no site without the GIL.
 *
 * Two caches: which code objects are library code, and the site of each pair (user frame, library frame behind it). Both
 * hold references to their code objects, so that a key cannot come to mean other code; both are emptied when they have
 * grown too large. They are filled with the GIL and a lock held, and read with either. */
#include "_core.h"

#include <limits.h>  /* PATH_MAX */
#include <pthread.h> /* pthread_mutex_t */
#include <stdio.h>   /* snprintf */
#include <stdlib.h>  /* calloc, free */
#include <string.h>  /* strstr, strncmp, memcpy */
#include <unistd.h>  /* getcwd: relative file names mean the folder at start */

static char start_folder[PATH_MAX];
static char stdlib_folder[PATH_MAX]; /* with a final slash */

/* ---- which code is library code ---- */

enum code_kind {
    CODE_USER = 1,
    CODE_LIBRARY,
    CODE_STRING /* user code only when no file of the user's is behind it */
};

struct code_entry {
    PyObject *code; /* strong */
    enum code_kind kind;
};

enum { N_CODES = 1 << 14, N_SITES = 1 << 14 }; /* powers of two; at most half filled */

static struct code_entry codes[N_CODES];
static size_t n_codes;

struct site_entry {
    PyObject *user, *through; /* strong; the library frame between the user and us, may be NULL */
    int user_at, through_at;
    uint64_t site; /* 0 = free */
};

static struct site_entry sites[N_SITES];
static size_t n_sites;

static pthread_mutex_t caches_lock = PTHREAD_MUTEX_INITIALIZER; /* tried, never waited for: a signal may have come in */

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
    pthread_mutex_lock(&caches_lock);
    for (size_t i = 0; i < N_CODES; i++)
        if (codes[i].code && dropped)
            dropped[n++] = codes[i].code;
    for (size_t i = 0; i < N_SITES; i++)
        if (sites[i].site && dropped) {
            dropped[n++] = sites[i].user;
            dropped[n++] = sites[i].through;
        }
    memset(codes, 0, sizeof codes);
    memset(sites, 0, sizeof sites);
    n_codes = n_sites = 0;
    pthread_mutex_unlock(&caches_lock);
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

/* ---- where the interpreter keeps things ---- */

extern PyTypeObject PyCode_Type;                                                /* never limited */
extern const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *nbytes); /* limited from 3.10 */

static struct {
    bool known;
    size_t state_frame;    /* PyThreadState: the frame, or the cframe that has it */
    bool has_cframe;       /* 3.11, 3.12 */
    size_t cframe_frame;   /* _PyCFrame.current_frame */
    size_t code, back;     /* in the frame */
    size_t instruction;    /* in the frame: from 3.11 an address, before an index */
    size_t code_start;     /* PyCodeObject.co_code_adaptive, from 3.11 */
    size_t traceable;      /* PyCodeObject._co_firsttraceable, in units of two bytes, from 3.11 */
    int index_nbytes;      /* before 3.11: bytes per unit of f_lasti */
    size_t filename, name; /* PyCodeObject */
} raw;

static struct {
    bool known;
    size_t data;       /* of a compact ASCII string */
    uint32_t is_ascii; /* bit of the state word at byte 32 */
} unicode;

static const void *word_at(const void *base, size_t offset)
{
    const void *word;
    memcpy(&word, (const char *)base + offset, sizeof word);
    return word;
}

static const void *raw_first(PyThreadState *state)
{
    const void *frame = word_at(state, raw.state_frame);
    return raw.has_cframe ? word_at(frame, raw.cframe_frame) : frame;
}

/* The code object of a frame, NULL for frames that run none. From 3.14 on the low bits are tags. */
static PyObject *raw_code(const void *frame)
{
    PyObject *code = (PyObject *)((uintptr_t)word_at(frame, raw.code) & ~(uintptr_t)3);
    return code && Py_TYPE(code) == &PyCode_Type ? code : NULL;
}

static int raw_at(const void *frame, PyObject *code)
{
    if (raw.index_nbytes) {
        int index;
        memcpy(&index, (const char *)frame + raw.instruction, sizeof index);
        return index * raw.index_nbytes;
    }
    return (int)((const char *)word_at(frame, raw.instruction) - ((const char *)code + raw.code_start));
}

static int raw_traceable(PyObject *code)
{
    int first;
    memcpy(&first, (const char *)code + raw.traceable, sizeof first);
    return first;
}

/* Is the frame one that PyFrame_GetBack() gives? One that has not come to its first line is not, and neither is the
 * interpreter's own around each __init__, whose code object is a constant of its image. */
static bool raw_is_complete(const void *frame, PyObject *code)
{
    return raw.index_nbytes || raw_at(frame, code) >= 2 * raw_traceable(code);
}

/* The first item of a code object's constants that is a code object; a new reference. */
static PyObject *inner_code(PyObject *code)
{
    PyObject *constants = code ? PyObject_GetAttrString(code, "co_consts") : NULL, *found = NULL;
    for (Py_ssize_t i = 0; constants && !found && i < PyTuple_Size(constants); i++)
        if (Py_TYPE(PyTuple_GetItem(constants, i)) == &PyCode_Type)
            found = PyTuple_GetItem(constants, i);
    Py_XINCREF(found);
    Py_XDECREF(constants);
    return found;
}

/* Code that makes two cells, and code that takes them over in one instruction, before the first line. */
static bool learn_traceable(void)
{
    raw.traceable = raw.code_start - 16;
    PyObject *module = Py_CompileString("def f(a, b):\n def g(): return a, b\n return g\n", "cells", Py_file_input);
    PyObject *outer = inner_code(module), *inner = inner_code(outer);
    bool same = inner && raw_traceable(module) == 0 && raw_traceable(outer) == 2 && raw_traceable(inner) == 1;
    Py_XDECREF(inner);
    Py_XDECREF(outer);
    Py_XDECREF(module);
    return same;
}

static bool learn_frames(int minor, PyThreadState *state)
{
    raw.filename = minor < 11 ? 104 : 112;
    raw.name = raw.filename + sizeof(void *);
    raw.has_cframe = minor == 11 || minor == 12;
    raw.cframe_frame = minor == 11 ? 8 : 0;
    raw.state_frame = minor < 11 ? 24 : minor < 13 ? 56 : 72;
    raw.code = minor < 12 ? 32 : 0;
    raw.back = minor < 11 ? 24 : minor == 11 ? 48 : 8;
    raw.instruction = minor == 9 ? 104 : minor == 10 ? 96 : 56;
    raw.index_nbytes = minor == 9 ? 1 : minor == 10 ? 2 : 0;
    raw.code_start = minor == 11 ? 184 : minor == 12 ? 192 : minor == 13 ? 200 : 208;
    if (minor < 9 || minor > 15)
        return false; /* not looked at yet: the functions do */
    if (!raw.index_nbytes && !learn_traceable())
        return false;

    /* The proof: each frame that PyFrame_GetBack() gives is found, in order, at the same instruction. */
    PyFrameObject *frame = PyEval_GetFrame();
    const void *walk = raw_first(state);
    bool same = frame != NULL;
    Py_XINCREF((PyObject *)frame);
    while (frame) {
        PyObject *code = (PyObject *)PyFrame_GetCode(frame);
        while (same && walk && raw_code(walk) != code)
            walk = word_at(walk, raw.back); /* a frame of the interpreter's own */
        int line = PyFrame_GetLineNumber(frame);
        same = same && walk && PyCode_Addr2Line((PyCodeObject *)code, raw_at(walk, code)) == line &&
               (!PyFrame_GetLasti || raw_at(walk, code) == PyFrame_GetLasti(frame));
        PyObject *filename = PyObject_GetAttrString(code, "co_filename"),
                 *name = PyObject_GetAttrString(code, "co_name");
        same = same && code && word_at(code, raw.filename) == filename && word_at(code, raw.name) == name;
        Py_XDECREF(filename);
        Py_XDECREF(name);
        Py_DECREF(code);
        if (same)
            walk = word_at(walk, raw.back);
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_DECREF((PyObject *)frame);
        frame = back;
    }
    return same;
}

/* Size of a character, compact and ASCII lie together, with bits around them that hold anything: at bit 2 of the state
 * word, and in the first releases of 3.14 in its upper half. All three must be what each of the samples is. */
static bool learn_unicode(int minor)
{
    static const struct {
        const char *text;
        uint32_t state;
    } samples[] = {{"sample", 1 | 1 << 3 | 1 << 4}, {"s\303\251mple", 1 | 1 << 3}, {"s\304\200mple", 2 | 1 << 3}};
    enum { N_SAMPLES = sizeof samples / sizeof *samples };
    static const int places[] = {2, 16};
    PyObject *texts[N_SAMPLES];
    uint32_t words[N_SAMPLES] = {0};
    bool made = true, known = false;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        texts[i] = PyUnicode_FromString(samples[i].text);
        made = made && texts[i];
        if (texts[i])
            memcpy(&words[i], (char *)texts[i] + 32, sizeof words[i]);
    }
    unicode.data = minor < 12 ? 48 : 40;
    made = made && PyUnicode_AsUTF8AndSize(texts[0], NULL) == (char *)texts[0] + unicode.data;
    for (size_t k = 0; made && !known && k < sizeof places / sizeof *places; k++) {
        known = true;
        for (size_t i = 0; i < N_SAMPLES; i++)
            known = known && (words[i] >> places[k] & 31) == samples[i].state;
        unicode.is_ascii = 1u << (places[k] + 4);
    }
    for (size_t i = 0; i < N_SAMPLES; i++)
        Py_XDECREF(texts[i]);
    PyErr_Clear();
    return known;
}

static void learn_layouts(void)
{
    const char *version = Py_GetVersion();
    int minor = strncmp(version, "3.", 2) == 0 ? atoi(version + 2) : 0;
    if (sizeof(PyObject) != 16)
        return;
    raw.known = learn_frames(minor, PyThreadState_Get());
    unicode.known = learn_unicode(minor);
    PyErr_Clear();
}

/* ---- texts of code objects ---- */

/* The text of a str, "" when it cannot be read. Without the GIL ASCII only; else into *holder, which the caller drops. */
static const char *text_of(PyObject *text, bool has_gil, PyObject **holder)
{
    *holder = NULL;
    uint32_t bits;
    memcpy(&bits, (char *)text + 32, sizeof bits);
    if (unicode.known && bits & unicode.is_ascii)
        return (char *)text + unicode.data;
    if (!has_gil)
        return "";
    *holder = PyUnicode_EncodeFSDefault(text);
    const char *encoded = *holder ? PyBytes_AsString(*holder) : NULL;
    return encoded ? encoded : "";
}

struct code_texts {
    const char *file, *name;
    PyObject *holders[4];
};

static void open_texts(struct code_texts *texts, PyObject *code, bool has_gil)
{
    memset(texts->holders, 0, sizeof texts->holders);
    texts->file = texts->name = "";
    PyObject *file = NULL, *name = NULL; /* borrowed from the code, or held */
    if (raw.known) {
        file = (PyObject *)(uintptr_t)word_at(code, raw.filename);
        name = (PyObject *)(uintptr_t)word_at(code, raw.name);
    } else if (has_gil) {
        file = texts->holders[0] = PyObject_GetAttrString(code, "co_filename");
        name = texts->holders[1] = PyObject_GetAttrString(code, "co_name");
    }
    if (file && PyUnicode_Check(file))
        texts->file = text_of(file, has_gil, &texts->holders[2]);
    if (name && PyUnicode_Check(name))
        texts->name = text_of(name, has_gil, &texts->holders[3]);
}

static void close_texts(struct code_texts *texts)
{
    for (int i = 0; i < 4; i++)
        Py_XDECREF(texts->holders[i]);
}

/* ---- which code is whose ---- */

/* Looks in the cache: 0 = not there. */
static enum code_kind cached_kind(PyObject *code)
{
    enum code_kind kind = 0;
    for (size_t i = mix((uintptr_t)code, 0) & (N_CODES - 1); codes[i].code; i = (i + 1) & (N_CODES - 1))
        if (codes[i].code == code) {
            kind = codes[i].kind;
            break;
        }
    return kind;
}

static void cache_kind(PyObject *code, enum code_kind kind)
{
    if (n_codes >= N_CODES / 2)
        empty_caches();
    if (pthread_mutex_trylock(&caches_lock) != 0)
        return;
    if (!cached_kind(code)) {
        size_t i = mix((uintptr_t)code, 0) & (N_CODES - 1);
        while (codes[i].code)
            i = (i + 1) & (N_CODES - 1);
        Py_INCREF(code);
        codes[i] = (struct code_entry){code, kind};
        n_codes++;
    }
    pthread_mutex_unlock(&caches_lock);
}

static enum code_kind kind_of_code(PyObject *code, bool has_gil)
{
    enum code_kind kind = 0;
    if (has_gil) {
        kind = cached_kind(code);
    } else if (pthread_mutex_trylock(&caches_lock) == 0) {
        kind = cached_kind(code);
        pthread_mutex_unlock(&caches_lock);
    }
    if (kind)
        return kind;
    struct code_texts texts;
    open_texts(&texts, code, has_gil);
    kind = kind_of_file(texts.file);
    close_texts(&texts);
    if (has_gil)
        cache_kind(code, kind);
    return kind;
}

bool core_code_is_library(PyObject *code)
{
    struct core_saved_error saved;
    core_save_error(&saved);
    bool is = kind_of_code(code, true) == CODE_LIBRARY;
    core_restore_error(&saved);
    return is;
}

/* ---- the walk ---- */

struct place {
    PyObject *code; /* borrowed from a frame that is running; NULL = none */
    int at;         /* last instruction where it is known, else the line, negative */
};

struct walk {
    struct place user, through;
    struct place string, behind_string, behind;
};

/* One frame further out. True when the user's has been found. */
static bool step(struct walk *walk, const struct place *here, bool has_gil)
{
    enum code_kind kind = kind_of_code(here->code, has_gil);
    if (kind == CODE_USER) {
        walk->user = *here;
        walk->through = walk->behind;
        return true;
    }
    if (kind == CODE_STRING && !walk->string.code) {
        walk->string = *here;
        walk->behind_string = walk->behind;
    }
    walk->behind = *here;
    return false;
}

/* Finds the user's frame and the library frame that it called. */
static void find_places(struct walk *walk, PyThreadState *state, bool has_gil)
{
    bool found = false;
    memset(walk, 0, sizeof *walk);
    if (raw.known) {
        for (const void *frame = raw_first(state); frame && !found; frame = word_at(frame, raw.back)) {
            struct place here = {raw_code(frame), 0};
            if (!here.code || !raw_is_complete(frame, here.code))
                continue;
            here.at = raw_at(frame, here.code);
            found = step(walk, &here, has_gil);
        }
    } else if (has_gil) {
        PyFrameObject *frame = PyEval_GetFrame();
        Py_XINCREF((PyObject *)frame);
        while (frame) {
            struct place here = {(PyObject *)PyFrame_GetCode(frame), 0};
            Py_DECREF(here.code); /* the running frame keeps it */
            here.at = PyFrame_GetLasti ? PyFrame_GetLasti(frame) : -PyFrame_GetLineNumber(frame);
            found = found || step(walk, &here, has_gil);
            PyFrameObject *back = found ? NULL : PyFrame_GetBack(frame);
            Py_DECREF((PyObject *)frame);
            frame = back;
        }
    }
    if (!found) {
        walk->user = walk->string;
        walk->through = walk->string.code ? walk->behind_string : walk->behind;
    }
}

/* ---- the text of a site ---- */

static size_t append_place(char *text, size_t nbytes, const struct place *place, bool has_gil)
{
    struct code_texts texts;
    open_texts(&texts, place->code, has_gil);
    const char *file = texts.file;
    bool relative = file[0] && file[0] != '/' && file[0] != '<' && start_folder[0];
    if (strncmp(file, "./", 2) == 0)
        file += 2;
    int line = place->at < 0 && !raw.known ? -place->at : PyCode_Addr2Line((PyCodeObject *)place->code, place->at);
    int n = snprintf(text, nbytes, "%s%s%s:%d:%s", relative ? start_folder : "", relative ? "/" : "", file, line,
                     texts.name);
    bool unknown = !texts.file[0];
    close_texts(&texts);
    return n < 0 || unknown ? 0 : (size_t)n < nbytes ? (size_t)n : nbytes - 1;
}

static uint64_t make_site(const struct walk *walk, bool has_gil)
{
    char text[2 * PATH_MAX + 512];
    size_t n = 0;
    if (walk->user.code && (n = append_place(text, sizeof text / 2, &walk->user, has_gil)) == 0)
        return 0;
    if (walk->through.code) {
        text[n++] = '|';
        n += append_place(text + n, sizeof text - n, &walk->through, has_gil);
    }
    return n ? core_table()->intern(text, n) : 0;
}

static size_t site_slot(const struct walk *walk)
{
    return mix((uintptr_t)walk->user.code + (uintptr_t)walk->user.at * 64,
               (uintptr_t)walk->through.code + (uintptr_t)walk->through.at * 64) &
           (N_SITES - 1);
}

static uint64_t cached_site(const struct walk *walk)
{
    for (size_t i = site_slot(walk); sites[i].site; i = (i + 1) & (N_SITES - 1))
        if (sites[i].user == walk->user.code && sites[i].user_at == walk->user.at &&
            sites[i].through == walk->through.code && sites[i].through_at == walk->through.at)
            return sites[i].site;
    return 0;
}

static void cache_site(const struct walk *walk, uint64_t site)
{
    if (n_sites >= N_SITES / 2)
        empty_caches();
    if (pthread_mutex_trylock(&caches_lock) != 0)
        return;
    if (!cached_site(walk)) {
        size_t i = site_slot(walk);
        while (sites[i].site)
            i = (i + 1) & (N_SITES - 1);
        Py_XINCREF(walk->user.code);
        Py_XINCREF(walk->through.code);
        sites[i] = (struct site_entry){walk->user.code, walk->through.code, walk->user.at, walk->through.at, site};
        n_sites++;
    }
    pthread_mutex_unlock(&caches_lock);
}

/* *missed: the site was not in the cache. */
static uint64_t find_site(PyThreadState *state, bool has_gil, bool *missed)
{
    struct walk walk;
    uint64_t site = 0;
    *missed = false;
    find_places(&walk, state, has_gil);
    if (!walk.user.code && !walk.through.code)
        return 0;
    if (has_gil) {
        site = cached_site(&walk);
    } else if (pthread_mutex_trylock(&caches_lock) == 0) {
        site = cached_site(&walk);
        pthread_mutex_unlock(&caches_lock);
    }
    if (site)
        return site;
    *missed = true;
    site = make_site(&walk, has_gil);
    if (site && has_gil)
        cache_site(&walk, site);
    return site;
}

uint64_t core_site(void)
{
    if (!core_table())
        return 0;
    struct core_saved_error saved;
    bool missed;
    core_save_error(&saved);
    uint64_t site = find_site(PyThreadState_Get(), true, &missed);
    core_restore_error(&saved);
    return site;
}

/* ---- without the GIL ---- */

/* This thread's state, NULL when it has none or the interpreter is not there. */
static PyThreadState *state_of_this_thread(void)
{
    if (!Py_IsInitialized())
        return NULL;
    if ((Py_IsFinalizing && Py_IsFinalizing()) || (_Py_IsFinalizing && _Py_IsFinalizing()))
        return NULL;
    return PyGILState_GetThisThreadState();
}

/* PyGILState_Check() says yes to everybody once there is a subinterpreter, so ask for what it compares. */
static bool gil_is_ours(PyThreadState *state)
{
    PyThreadState *current = PyThreadState_GetUnchecked    ? PyThreadState_GetUnchecked()
                             : _PyThreadState_UncheckedGet ? _PyThreadState_UncheckedGet()
                                                           : NULL;
    return current && current == state;
}

static uint64_t site_anywhere(bool may_wait)
{
    PyThreadState *state = state_of_this_thread();
    if (!state || !core_table())
        return 0;
    if (gil_is_ours(state))
        return core_site();
    if (!raw.known)
        return 0;
    bool missed;
    uint64_t site = find_site(state, false, &missed);
    if (missed && may_wait) {
        PyGILState_STATE gil = PyGILState_Ensure();
        site = core_site();
        PyGILState_Release(gil);
    }
    return site;
}

uint64_t core_site_without_gil(void)
{
    return site_anywhere(true);
}

static uint64_t site_for_preload(void)
{
    core_flush_draws(); /* the event that is being made comes after them */
    return site_anywhere(false);
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

static PyObject *py_layouts(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    return Py_BuildValue("NN", PyBool_FromLong(raw.known), PyBool_FromLong(unicode.known));
}

static PyMethodDef functions[] = {
    {"layouts", py_layouts, METH_NOARGS, "layouts() -> (bool, bool): frames and texts can be read without the GIL."},
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
        learn_layouts();
        if (!getcwd(start_folder, sizeof start_folder))
            start_folder[0] = '\0';
    }
    if (core_table() && core_table()->recording())
        core_table()->set_site_source(site_for_preload);
    return 0;
}
