/* _core.h - what the parts of the extension share: the recorder table, sites, and the CPython functions that the
 * limited API leaves out.
 * SPDX-License-Identifier: MIT
 *
 * One binary serves CPython 3.9 to 3.15 (Py_LIMITED_API 0x03090000). Everything below runs with the GIL held, unless it
 * says otherwise. State is global per process on purpose: there is one recorder table and one set of method tables. */
#ifndef ONESEED_CORE_H
#define ONESEED_CORE_H

#define PY_SSIZE_T_CLEAN /* "y#" takes a Py_ssize_t */
#include <Python.h>      /* PyObject; before the system headers, as CPython asks */

#include <stdbool.h> /* bool */
#include <stdint.h>  /* uint64_t */

#include "preload/recorder.h" /* struct oneseed_recorder, struct oneseed_event */
#include "python_buffer.h"    /* python_buffer */

/* ---- CPython functions outside the limited API that GIL builds from 3.9 to 3.15 export with these signatures.
 * The weak ones are missing in some versions: test them before use. ---- */
extern PyCodeObject *PyFrame_GetCode(PyFrameObject *frame);                    /* limited from 3.10 */
extern PyFrameObject *PyFrame_GetBack(PyFrameObject *frame);                   /* never limited */
extern int PyFrame_GetLasti(PyFrameObject *frame) __attribute__((weak));       /* from 3.11 */
extern int PyCode_Addr2Line(PyCodeObject *code, int offset);                   /* never limited */
extern PyThreadState *PyThreadState_GetUnchecked(void) __attribute__((weak));  /* from 3.13 */
extern PyThreadState *_PyThreadState_UncheckedGet(void) __attribute__((weak)); /* before 3.13 */
extern int Py_IsFinalizing(void) __attribute__((weak));                        /* from 3.13 */
extern int _Py_IsFinalizing(void) __attribute__((weak));                       /* before 3.13 */

#define CORE_BUFFER_C_ORDER 0x0038 /* PyBUF_C_CONTIGUOUS: read-only will do */
#define CORE_BUFFER_STRIDES 0x001c /* PyBUF_FORMAT | PyBUF_STRIDES: read-only will do, any strides, with a format */

/* ---- the recorder table (_core.c) ---- */

/* The preload's table, NULL when this process has none (or one of another version). Any thread. */
const struct oneseed_recorder *core_table(void);
/* True when events are wanted from this thread: there is a trace and no core_pause() is open. Any thread. */
bool core_recording(void);
/* Nested; the recorder's own work on this thread is not recorded. Any thread. */
void core_pause(void);
void core_resume(void);
/* Emits, after the draws of this thread that are still pending (their order must hold). Any thread. */
void core_emit(const struct oneseed_event *event);
/* Interned text, 0 without a table. Any thread. */
uint64_t core_intern(const char *text);
/* One line for the end of the run. Any thread. */
void core_note(const char *text);

/* Keeps a current exception safe around work that may raise; restoring drops what that work raised. */
struct core_saved_error {
    PyObject *type, *value, *traceback;
};
void core_save_error(struct core_saved_error *saved);
void core_restore_error(struct core_saved_error *saved);

/* ---- user call sites (_core_site.c) ---- */

/* Interned site of this thread's current user frame; 0 when there is none. Never raises. */
uint64_t core_site(void);
/* The same from a thread that may have let go of the GIL, and may take it for a moment: not while it holds a lock that a
 * thread with the GIL could wait for. */
uint64_t core_site_without_gil(void);
/* True for code of the standard library, site-packages, frozen code and the recorder. Never raises. */
bool core_code_is_library(PyObject *code);

/* ---- values (_core_digest.c) ---- */

void core_digest(PyObject *value, uint64_t out[2], uint8_t *flags) __attribute__((weak));

/* ---- pending draws (_core_draws.c) ---- */

/* Emits this thread's pending draw event, if there is one. Any thread, no GIL needed. */
void core_flush_draws(void);
/* While set (not NULL; static text), seedings on this thread are recorded with this name instead of `program`. */
void core_set_seeding_as(const char *how);

/* Each part adds its functions to the module: 0, or -1 with an exception. */
int core_site_exec(PyObject *module);
int core_draws_exec(PyObject *module);
int core_seeds_exec(PyObject *module);
int core_ops_exec(PyObject *module);
int core_lines_exec(PyObject *module) __attribute__((weak));

#endif
