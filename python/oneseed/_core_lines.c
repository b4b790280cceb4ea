/* _core_lines.c - follows the user's lines: one event per executed line, with digests of what it read and of what it
 * bound or changed.
 * SPDX-License-Identifier: MIT
 *
 * docs/locating.md tells what is compared and why. To 3.11 this is a C trace function, which CPython calls without
 * making a dict of the frame's variables; from 3.12 it is callbacks of sys.monitoring. No Python code is run between two
 * lines of the program, the GIL is not released, no garbage collection begins, and nothing is raised. */
#include "_core_lines.h"
#include "_core_digest.h" /* struct core_walk */

#include <limits.h>  /* PATH_MAX */
#include <stdlib.h>  /* strtoull, realloc: thread states outlive the interpreter's memory */
#include <string.h>  /* strcmp, memcpy */
#include <pthread.h> /* pthread_key_t: frees a thread's state */

/* ---- CPython functions outside the limited API; the weak ones are missing in some versions ---- */
typedef int trace_function(PyObject *self, PyFrameObject *frame, int what, PyObject *argument);
typedef void free_function(void *extra);
extern void PyEval_SetTrace(trace_function *function, PyObject *self);
extern int PySys_AddAuditHook(int (*hook)(const char *event, PyObject *arguments, void *data), void *data);
extern PyObject *PyCell_New(PyObject *content);
extern PyObject *PyCell_Get(PyObject *cell);
extern PyObject *PyFrame_GetVar(PyFrameObject *frame, PyObject *name) __attribute__((weak)); /* from 3.12 */
extern Py_ssize_t _PyEval_RequestCodeExtraIndex(free_function *free) __attribute__((weak));  /* before 3.12 */
extern int _PyCode_GetExtra(PyObject *code, Py_ssize_t index, void **extra) __attribute__((weak));
extern int _PyCode_SetExtra(PyObject *code, Py_ssize_t index, void *extra) __attribute__((weak));
extern Py_ssize_t PyUnstable_Eval_RequestCodeExtraIndex(free_function *free) __attribute__((weak));
extern int PyUnstable_Code_GetExtra(PyObject *code, Py_ssize_t index, void **extra) __attribute__((weak));
extern int PyUnstable_Code_SetExtra(PyObject *code, Py_ssize_t index, void *extra) __attribute__((weak));
extern int PyGC_Disable(void) __attribute__((weak)); /* from 3.10 */
extern int PyGC_Enable(void) __attribute__((weak));

#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080 /* limited from 3.10, used from 3.12 */
#endif

/* `what` of a trace function. */
enum { TRACE_CALL = 0, TRACE_EXCEPTION = 1, TRACE_LINE = 2, TRACE_RETURN = 3 };

/* A line that has begun and not ended. */
struct open_line {
    const PyFrameObject *frame; /* only compared */
    struct plan *plan;
    struct plan_line *line; /* NULL: the frame has not come to a line yet */
    uint64_t in[2];
    uint8_t flags;
    bool raised;
    uint64_t exception[2];
};

struct thread_lines {
    struct open_line *stack;
    size_t n, space;
    uint64_t n_lines;
    bool started, finished;
    bool traced; /* to 3.11: the trace function of this thread is ours */
    bool held;   /* it is taken out for a while */
};

static struct {
    bool on;
    uint64_t from, max;
    struct opcode_table opcodes;
    Py_ssize_t extra; /* index of the plan among what a code object carries along */
    enum { READ_BY_NAME, READ_FRAME_3_9, READ_FRAME_3_11, READ_DICT } reading;
    Py_ssize_t variables_at; /* offset in the frame object */
    PyTypeObject *cell;
    PyObject *set_local_events, *tool, *local_events, *disable; /* of sys.monitoring */
} tracer;

static pthread_key_t thread_key;
static _Thread_local struct thread_lines *this_thread;
static _Thread_local bool is_our_settrace;
static struct plan not_followed;

/* ---- the state of a thread ---- */

static void free_thread(void *state)
{
    struct thread_lines *lines = state;
    free(lines->stack);
    free(lines);
}

static struct thread_lines *thread_lines(void)
{
    if (!this_thread) {
        this_thread = calloc(1, sizeof *this_thread);
        if (this_thread && pthread_setspecific(thread_key, this_thread) != 0) {
            free(this_thread);
            this_thread = NULL;
        }
    }
    return this_thread;
}

/* Is this thread in the window of events and lines that was asked for? */
static bool is_wanted(struct thread_lines *thread)
{
    if (thread->finished)
        return false;
    if (!thread->started)
        thread->started = core_table()->n_events() >= tracer.from;
    return thread->started;
}

/* ---- plans, kept with the code objects ---- */

static void free_extra(void *extra)
{
    if (extra && extra != &not_followed)
        plan_free(extra);
}

static Py_ssize_t request_extra(void)
{
    if (PyUnstable_Eval_RequestCodeExtraIndex)
        return PyUnstable_Eval_RequestCodeExtraIndex(free_extra);
    return _PyEval_RequestCodeExtraIndex ? _PyEval_RequestCodeExtraIndex(free_extra) : -1;
}

static void *get_extra(PyObject *code)
{
    void *extra = NULL;
    if (PyUnstable_Code_GetExtra)
        PyUnstable_Code_GetExtra(code, tracer.extra, &extra);
    else if (_PyCode_GetExtra)
        _PyCode_GetExtra(code, tracer.extra, &extra);
    return extra;
}

static bool set_extra(PyObject *code, void *extra)
{
    if (PyUnstable_Code_SetExtra)
        return PyUnstable_Code_SetExtra(code, tracer.extra, extra) == 0;
    return _PyCode_SetExtra && _PyCode_SetExtra(code, tracer.extra, extra) == 0;
}

/* Code from a text is the program's when the program itself is one (python -c); else a library made it. */
static bool program_is_text(void)
{
    PyObject *arguments = PySys_GetObject("argv");
    PyObject *first =
        arguments && PyList_Check(arguments) && PyList_Size(arguments) > 0 ? PyList_GetItem(arguments, 0) : NULL;
    return first && PyUnicode_Check(first) && PyUnicode_CompareWithASCIIString(first, "-c") == 0;
}

static bool is_followed(PyObject *code)
{
    if (core_code_is_library(code))
        return false;
    PyObject *file = PyObject_GetAttrString(code, "co_filename"), *name = PyObject_GetAttrString(code, "co_name");
    bool followed = file && name && PyUnicode_Check(file) && PyUnicode_Check(name);
    if (followed && PyUnicode_CompareWithASCIIString(file, "<string>") == 0)
        followed = program_is_text();
    static const char *const part_of_a_line[] = {"<listcomp>", "<setcomp>", "<dictcomp>"};
    for (size_t i = 0; followed && i < 3; i++)
        followed = PyUnicode_CompareWithASCIIString(name, part_of_a_line[i]) != 0;
    Py_XDECREF(file);
    Py_XDECREF(name);
    PyErr_Clear();
    return followed;
}

/* NULL when this code is not to be followed. */
static struct plan *plan_of(PyObject *code)
{
    struct plan *plan = get_extra(code);
    if (plan)
        return plan->follow ? plan : NULL;
    plan = is_followed(code) ? plan_make(code, &tracer.opcodes) : &not_followed;
    if (plan && !set_extra(code, plan)) {
        PyErr_Clear();
        free_extra(plan);
        plan = NULL;
    }
    return plan && plan->follow ? plan : NULL;
}

/* ---- reading variables ---- */

/* Frames of 3.11: the object points to what the interpreter works on. */
struct frame_3_11 {
    PyObject_HEAD PyObject *back;
    char *inner;
};
enum { VARIABLES_IN_3_11 = 72 }; /* eight pointers, an int and two bytes */

static PyObject *dict_item(PyObject *dict, PyObject *name)
{
    PyObject *value = dict && PyDict_Check(dict) ? PyDict_GetItemWithError(dict, name) : NULL;
    Py_XINCREF(value);
    PyErr_Clear();
    return value;
}

static PyObject *read_fast(PyFrameObject *frame, const struct mention *mention)
{
    PyObject *value = NULL;
    if (tracer.reading == READ_BY_NAME) {
        value = PyFrame_GetVar(frame, mention->name);
    } else if (tracer.reading == READ_DICT) {
        PyObject *locals = PyObject_GetAttrString((PyObject *)frame, "f_locals");
        value = dict_item(locals, mention->name);
        Py_XDECREF(locals);
    } else {
        char *variables = tracer.reading == READ_FRAME_3_11 ? ((struct frame_3_11 *)frame)->inner : (char *)frame;
        value = ((PyObject **)(variables + tracer.variables_at))[mention->slot];
        if (value && Py_TYPE(value) == tracer.cell)
            value = PyCell_Get(value); /* the program's own variables never hold cells */
        else
            Py_XINCREF(value);
    }
    PyErr_Clear();
    return value;
}

/* The value of a name in the frame that runs now: a new reference, NULL when it has none. Builtins count as none. */
static PyObject *read_name(PyFrameObject *frame, const struct mention *mention)
{
    PyObject *value = NULL;
    if (mention->base == MENTION_FAST)
        return read_fast(frame, mention);
    if (mention->base == MENTION_NAME)
        value = dict_item(PyEval_GetLocals(), mention->name);
    PyErr_Clear();
    return value ? value : dict_item(PyEval_GetGlobals(), mention->name);
}

/* ---- digests ---- */

static const struct core_digest_limits limits_read = {6, 2000, 256u << 10, 1u << 20};
static const struct core_digest_limits limits_bound = {6, 20000, 64u << 20, 64u << 20};
static const struct core_digest_limits limits_receiver = {6, 2000, 64u << 10, 512u << 10};
/* A line whose digests have cost so much in all gets smaller ones from then on. The first level is about 0.1 s. */
static const struct {
    uint64_t cost;
    struct core_digest_limits limits;
} tired[] = {{6000000, {2, 24, 1u << 10, 8u << 10}}, {2000000, {3, 200, 4u << 10, 64u << 10}}};

static const struct core_digest_limits *limits_of(const struct plan_line *line, const struct core_digest_limits *wanted)
{
    for (size_t i = 0; i < sizeof tired / sizeof *tired; i++)
        if (line->cost > tired[i].cost)
            return &tired[i].limits;
    return wanted;
}

/* Digests a name with its attributes as far as they are fields; what is left of them is a method or made by code. */
static void walk_mention(struct core_walk *walk, PyFrameObject *frame, const struct plan_line *line,
                         const struct mention *mention, bool after)
{
    bool may_have_changed = after && (mention->binds || line->changes);
    const struct core_digest_limits *limits = may_have_changed ? &limits_bound : &limits_read;
    PyObject *value = read_name(frame, mention);
    for (unsigned i = 0; value && i < mention->n_attributes; i++) {
        bool is_method;
        PyObject *field = core_field(value, mention->attributes[i], &is_method);
        if (!field) {
            limits = is_method ? &limits_receiver : limits;
            break;
        }
        Py_DECREF(value);
        value = field;
    }
    if (value && core_value_role(value) == CORE_VALUE_CODE)
        core_walk_name(walk, value);
    else
        core_walk_value(walk, value, limits_of(line, limits));
    Py_XDECREF(value);
}

static void walk_line(struct core_walk *walk, PyFrameObject *frame, const struct plan *plan,
                      const struct plan_line *line, bool after)
{
    for (unsigned i = line->first_mention; i < line->first_mention + line->n_mentions; i++) {
        if (!after && !plan->mentions[i].reads)
            continue;
        core_walk_number(walk, i - line->first_mention);
        walk_mention(walk, frame, line, &plan->mentions[i], after);
    }
}

/* ---- lines ---- */

struct quiet {
    struct core_saved_error error;
    bool collects;
};

static void begin_quiet(struct quiet *quiet)
{
    core_save_error(&quiet->error);
    quiet->collects = PyGC_Disable && PyGC_Enable && PyGC_Disable();
}

static void end_quiet(struct quiet *quiet)
{
    if (quiet->collects)
        PyGC_Enable();
    core_restore_error(&quiet->error);
}

static void name_line(struct plan *plan, struct plan_line *line)
{
    char text[1024];
    size_t n = plan_describe(plan, line, text, sizeof text);
    line->name = core_table()->intern(text, n);
    line->site = core_site();
}

/* A place on the stack for a frame that begins or goes on. NULL without memory. */
static struct open_line *push_open(struct thread_lines *thread, const PyFrameObject *frame, struct plan *plan)
{
    if (thread->n == thread->space) {
        size_t space = thread->space ? thread->space * 2 : 64;
        struct open_line *grown = realloc(thread->stack, space * sizeof *grown);
        if (!grown)
            return NULL;
        thread->stack = grown;
        thread->space = space;
    }
    thread->stack[thread->n] = (struct open_line){.frame = frame, .plan = plan};
    return &thread->stack[thread->n++];
}

/* The frame's place on the stack, a new one when it has none. What lies above has ended without telling. */
static struct open_line *find_open(struct thread_lines *thread, const PyFrameObject *frame, struct plan *plan)
{
    for (size_t i = thread->n; i-- > 0;)
        if (thread->stack[i].frame == frame && thread->stack[i].plan == plan) {
            thread->n = i + 1;
            return &thread->stack[i];
        }
    return push_open(thread, frame, plan);
}

static void end_line(struct thread_lines *thread, struct open_line *open, PyFrameObject *frame, PyObject *returned)
{
    struct plan_line *line = open->line;
    if (!line)
        return;
    struct oneseed_event event = {
        .kind = ONESEED_EVENT_LINE, .flags = open->flags, .site = line->site, .name = line->name};
    memcpy(event.in, open->in, sizeof event.in);
    if (line->n_mentions > 0 || returned || open->raised) {
        struct core_walk walk;
        core_walk_begin(&walk);
        walk_line(&walk, frame, open->plan, line, true);
        if (returned)
            core_walk_value(&walk, returned, limits_of(line, &limits_read));
        if (open->raised) {
            core_walk_number(&walk, open->exception[0]);
            core_walk_number(&walk, open->exception[1]);
        }
        core_walk_end(&walk, event.out);
        event.flags |= walk.flags;
        line->cost += walk.cost;
    }
    open->line = NULL;
    open->raised = false;
    core_emit(&event);
    thread->n_lines++;
    thread->finished = thread->n_lines >= tracer.max;
}

static void begin_line(struct open_line *open, PyFrameObject *frame, struct plan *plan, int number)
{
    struct plan_line *line = plan_find(plan, number);
    open->line = line;
    open->flags = 0;
    open->raised = false;
    open->in[0] = open->in[1] = 0;
    if (!line)
        return;
    if (!line->site)
        name_line(plan, line);
    if (line->n_mentions > 0) {
        struct core_walk walk;
        core_walk_begin(&walk);
        walk_line(&walk, frame, plan, line, false);
        core_walk_end(&walk, open->in);
        open->flags = walk.flags;
        line->cost += walk.cost;
    }
}

/* The frame comes to a line. */
static void on_line(struct thread_lines *thread, PyFrameObject *frame, struct plan *plan, int number)
{
    struct quiet quiet;
    struct open_line *open = find_open(thread, frame, plan);
    if (!open)
        return;
    begin_quiet(&quiet);
    end_line(thread, open, frame, NULL);
    if (!thread->finished)
        begin_line(open, frame, plan, number);
    end_quiet(&quiet);
}

/* The frame ends or is suspended; returned is NULL when an exception ends it. */
static void on_leave(struct thread_lines *thread, PyFrameObject *frame, struct plan *plan, PyObject *returned)
{
    struct quiet quiet;
    struct open_line *open = find_open(thread, frame, plan);
    if (!open)
        return;
    begin_quiet(&quiet);
    end_line(thread, open, frame, returned);
    end_quiet(&quiet);
    thread->n--;
}

/* A suspended frame goes on: the rest of its line is a line of its own, with what was sent as its result. */
static void on_resume(struct thread_lines *thread, PyFrameObject *frame, struct plan *plan)
{
    struct quiet quiet;
    struct open_line *open = push_open(thread, frame, plan);
    if (!open)
        return;
    begin_quiet(&quiet);
    begin_line(open, frame, plan, PyFrame_GetLineNumber(frame));
    end_quiet(&quiet);
}

static void on_exception(struct thread_lines *thread, PyFrameObject *frame, struct plan *plan, PyObject *exception)
{
    struct quiet quiet;
    struct open_line *open = find_open(thread, frame, plan);
    if (!open || !open->line || !exception)
        return;
    begin_quiet(&quiet);
    uint8_t flags = 0;
    core_digest(exception, open->exception, &flags);
    open->raised = true;
    end_quiet(&quiet);
}

/* ---- to 3.11: a trace function ---- */

static void set_trace(trace_function *function)
{
    is_our_settrace = true;
    PyEval_SetTrace(function, NULL);
    is_our_settrace = false;
}

static int trace(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self;
    struct thread_lines *thread = thread_lines();
    if (!thread || what > TRACE_RETURN)
        return 0;
    if (thread->finished) {
        thread->traced = false;
        set_trace(NULL);
        return 0;
    }
    PyObject *code = (PyObject *)PyFrame_GetCode(frame);
    struct plan *plan = plan_of(code);
    Py_DECREF(code); /* the frame keeps it */
    if (!plan || !is_wanted(thread))
        return 0;
    switch (what) {
    case TRACE_LINE:
        on_line(thread, frame, plan, PyFrame_GetLineNumber(frame));
        break;
    case TRACE_RETURN:
        on_leave(thread, frame, plan, argument);
        break;
    case TRACE_CALL:
        if (plan->is_generator)
            on_resume(thread, frame, plan);
        else
            push_open(thread, frame, plan);
        break;
    case TRACE_EXCEPTION: {
        PyObject *type = argument && PyTuple_Check(argument) ? PyTuple_GetItem(argument, 0) : NULL;
        if (type && type != PyExc_StopIteration) /* a loop that ends tells so with this */
            on_exception(thread, frame, plan, PyTuple_GetItem(argument, 1));
        break;
    }
    }
    return 0;
}

static void start_tracing(void)
{
    struct thread_lines *thread = thread_lines();
    if (!thread)
        return;
    thread->traced = true;
    set_trace(trace);
}

PyDoc_STRVAR(hold_doc, "lines_hold(yes) -> bool: whether this thread was held before. While held, nothing is traced.");

static PyObject *lines_hold(PyObject *module, PyObject *yes)
{
    (void)module;
    bool held = this_thread && this_thread->held, wanted = yes == Py_True;
    if (this_thread && this_thread->traced && held != wanted) {
        this_thread->held = wanted;
        set_trace(wanted ? NULL : trace);
    }
    return PyBool_FromLong(held);
}

/* The program's own trace function takes the place of ours, on its thread. */
static int on_audit(const char *event, PyObject *arguments, void *data)
{
    (void)arguments;
    (void)data;
    if (this_thread && this_thread->traced && !is_our_settrace && strcmp(event, "sys.settrace") == 0) {
        this_thread->traced = false;
        core_note(
            "lines: the program set its own trace function: from there on, the lines of that thread are not followed");
    }
    return 0;
}

PyDoc_STRVAR(trace_thread_doc, "trace_thread(frame, event, argument): as a thread's trace function, puts in ours.");

static PyObject *trace_thread(PyObject *module, PyObject *arguments)
{
    (void)module;
    (void)arguments;
    if (tracer.on)
        start_tracing();
    Py_RETURN_NONE;
}

/* ---- from 3.12: sys.monitoring ---- */

static bool turn_on_local_events(PyObject *code, struct plan *plan)
{
    struct quiet quiet;
    begin_quiet(&quiet);
    PyObject *done =
        PyObject_CallFunctionObjArgs(tracer.set_local_events, tracer.tool, code, tracer.local_events, NULL);
    plan->is_watched = done != NULL;
    Py_XDECREF(done);
    end_quiet(&quiet);
    return plan->is_watched;
}

/* What all callbacks begin with; false: nothing to do. */
static bool prepare(PyObject *code, struct thread_lines **thread, PyFrameObject **frame, struct plan **plan)
{
    *plan = plan_of(code);
    *thread = *plan ? thread_lines() : NULL;
    if (!*thread || !is_wanted(*thread))
        return false;
    *frame = PyEval_GetFrame();
    if (!*frame)
        PyErr_Clear();
    return *frame != NULL;
}

static PyObject *none(void)
{
    Py_INCREF(Py_None);
    return Py_None;
}

static PyObject *monitor_start(PyObject *module, PyObject *const *arguments, Py_ssize_t n)
{
    (void)module;
    struct thread_lines *thread;
    PyFrameObject *frame;
    struct plan *plan = n > 0 ? plan_of(arguments[0]) : NULL;
    if (!plan) {
        Py_INCREF(tracer.disable);
        return tracer.disable;
    }
    if (!plan->is_watched && !turn_on_local_events(arguments[0], plan))
        return none();
    if (prepare(arguments[0], &thread, &frame, &plan))
        push_open(thread, frame, plan);
    return none();
}

static PyObject *monitor_line(PyObject *module, PyObject *const *arguments, Py_ssize_t n)
{
    (void)module;
    struct thread_lines *thread;
    PyFrameObject *frame;
    struct plan *plan;
    if (n > 1 && prepare(arguments[0], &thread, &frame, &plan))
        on_line(thread, frame, plan, (int)PyLong_AsLong(arguments[1]));
    return none();
}

static PyObject *monitor_leave(PyObject *module, PyObject *const *arguments, Py_ssize_t n)
{
    (void)module;
    struct thread_lines *thread;
    PyFrameObject *frame;
    struct plan *plan;
    if (n > 2 && prepare(arguments[0], &thread, &frame, &plan))
        on_leave(thread, frame, plan, arguments[2]);
    return none();
}

static PyObject *monitor_resume(PyObject *module, PyObject *const *arguments, Py_ssize_t n)
{
    (void)module;
    struct thread_lines *thread;
    PyFrameObject *frame;
    struct plan *plan;
    if (n > 0 && prepare(arguments[0], &thread, &frame, &plan))
        on_resume(thread, frame, plan);
    return none();
}

static PyObject *monitor_raise(PyObject *module, PyObject *const *arguments, Py_ssize_t n)
{
    (void)module;
    struct thread_lines *thread;
    PyFrameObject *frame;
    struct plan *plan;
    if (n > 2 && prepare(arguments[0], &thread, &frame, &plan))
        on_exception(thread, frame, plan, arguments[2]);
    return none();
}

static PyObject *monitor_unwind(PyObject *module, PyObject *const *arguments, Py_ssize_t n)
{
    (void)module;
    struct thread_lines *thread;
    PyFrameObject *frame;
    struct plan *plan;
    if (n > 2 && prepare(arguments[0], &thread, &frame, &plan))
        on_leave(thread, frame, plan, NULL);
    return none();
}

/* ---- start ---- */

/* How variables of a frame are read. Frames have kept their layout in each version that is read by it; lines_check()
 * makes sure. */
static void choose_reading(int minor)
{
    PyObject *size = NULL;
    tracer.reading = READ_DICT;
    if (PyFrame_GetVar && minor >= 12) {
        tracer.reading = READ_BY_NAME;
    } else if (minor == 11) {
        tracer.reading = READ_FRAME_3_11;
        tracer.variables_at = VARIABLES_IN_3_11;
    } else if (PyEval_GetFrame()) {
        size = PyObject_GetAttrString((PyObject *)Py_TYPE((PyObject *)PyEval_GetFrame()), "__basicsize__");
        if (size && PyLong_Check(size)) { /* the variables begin with the last member */
            tracer.reading = READ_FRAME_3_9;
            tracer.variables_at = PyLong_AsSsize_t(size) - (Py_ssize_t)sizeof(PyObject *);
        }
    }
    Py_XDECREF(size);
    PyErr_Clear();
}

static uint64_t number_from(const char *key, uint64_t otherwise)
{
    const char *text = core_table()->config(key);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void reset_in_child(void)
{
    if (this_thread) { /* lines that were open in the parent end in the child, whose lane begins at 0 */
        this_thread->n_lines = 0;
        this_thread->started = this_thread->finished = false;
    }
}

PyDoc_STRVAR(start_doc,
             "lines_start(minor, opcode actions, shift of globals, shift of attributes): gets ready to follow lines.");

static PyObject *lines_start(PyObject *module, PyObject *arguments)
{
    (void)module;
    int minor;
    const char *actions;
    Py_ssize_t n_actions;
    if (!PyArg_ParseTuple(arguments, "iy#ii", &minor, &actions, &n_actions, &tracer.opcodes.global_shift,
                          &tracer.opcodes.attribute_shift))
        return NULL;
    if (!core_table() || n_actions != (Py_ssize_t)sizeof tracer.opcodes.actions) {
        PyErr_SetString(PyExc_ValueError, "no recorder table, or no table of 256 opcodes");
        return NULL;
    }
    memcpy(tracer.opcodes.actions, actions, sizeof tracer.opcodes.actions);
    tracer.opcodes.cells_apart = minor < 11;
    PyObject *cell = PyCell_New(NULL);
    tracer.cell = cell ? Py_TYPE(cell) : NULL;
    Py_XDECREF(cell);
    tracer.from = number_from("lines_from", 0);
    tracer.max = number_from("lines_max", 2000000);
    tracer.extra = request_extra();
    if (!tracer.cell || tracer.extra < 0 || pthread_key_create(&thread_key, free_thread) != 0 ||
        pthread_atfork(NULL, NULL, reset_in_child) != 0) {
        PyErr_SetString(PyExc_RuntimeError, "this Python has no room for plans");
        return NULL;
    }
    choose_reading(minor);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(check_doc, "lines_check(name) -> the caller's variable, as the tracer reads it.");

/* Called by recorder/lines.py from a function with known variables: a layout that is not as expected is not used. */
static PyObject *lines_check(PyObject *module, PyObject *arguments)
{
    (void)module;
    int slot, drop;
    PyObject *name, *expected;
    if (!PyArg_ParseTuple(arguments, "OiOp", &name, &slot, &expected, &drop))
        return NULL;
    PyFrameObject *frame = PyEval_GetFrame();
    const struct mention mention = {.base = MENTION_FAST, .name = name, .slot = slot};
    PyObject *value = frame ? read_fast(frame, &mention) : NULL;
    bool same = value == expected;
    Py_XDECREF(value);
    if (!same && drop)
        tracer.reading = READ_DICT;
    return PyBool_FromLong(same);
}

PyDoc_STRVAR(trace_doc, "lines_trace(): follows the lines of this thread (to 3.11).");

static PyObject *lines_trace(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    if (PySys_AddAuditHook(on_audit, NULL) < 0)
        return NULL;
    tracer.on = true;
    start_tracing();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(monitor_doc, "lines_monitor(set_local_events, tool, local events, DISABLE): follows lines (from 3.12).");

static PyObject *lines_monitor(PyObject *module, PyObject *arguments)
{
    (void)module;
    PyObject *set_local_events, *tool, *local_events, *disable;
    if (!PyArg_ParseTuple(arguments, "OOOO", &set_local_events, &tool, &local_events, &disable))
        return NULL;
    Py_INCREF(set_local_events);
    Py_INCREF(tool);
    Py_INCREF(local_events);
    Py_INCREF(disable);
    tracer.set_local_events = set_local_events;
    tracer.tool = tool;
    tracer.local_events = local_events;
    tracer.disable = disable;
    tracer.on = true;
    Py_RETURN_NONE;
}

typedef PyObject *fast_function(PyObject *module, PyObject *const *arguments, Py_ssize_t n);

/* A function with METH_FASTCALL in a method table, which is written for another signature. */
#define FAST(function) ((PyCFunction)(void (*)(void))(fast_function *)(function))

static PyMethodDef methods[] = {
    {"lines_start", lines_start, METH_VARARGS, start_doc},
    {"lines_check", lines_check, METH_VARARGS, check_doc},
    {"lines_trace", lines_trace, METH_NOARGS, trace_doc},
    {"lines_hold", lines_hold, METH_O, hold_doc},
    {"lines_monitor", lines_monitor, METH_VARARGS, monitor_doc},
    {"trace_thread", trace_thread, METH_VARARGS, trace_thread_doc},
    {"monitor_start", FAST(monitor_start), METH_FASTCALL, NULL},
    {"monitor_line", FAST(monitor_line), METH_FASTCALL, NULL},
    {"monitor_leave", FAST(monitor_leave), METH_FASTCALL, NULL},
    {"monitor_resume", FAST(monitor_resume), METH_FASTCALL, NULL},
    {"monitor_raise", FAST(monitor_raise), METH_FASTCALL, NULL},
    {"monitor_unwind", FAST(monitor_unwind), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

int core_lines_exec(PyObject *module)
{
    return core_digest_exec(module) < 0 ? -1 : PyModule_AddFunctions(module, methods);
}
