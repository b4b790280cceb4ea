# lines.py - puts the line tracer in place: names CPython's opcodes to it and hands it to the interpreter.
# SPDX-License-Identifier: MIT
#
# What happens at a line is in _core_lines.c; docs/locating.md tells what it is for.
import sys

imports = load("imports")

# Must match enum opcode_action in _core_lines.h.
_ACTIONS = [
    (),  # other
    ("CACHE", "NOP", "COPY", "DUP_TOP", "RESUME", "RESUME_CHECK", "PRECALL"),
    ("EXTENDED_ARG",),
    ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW"),
    ("STORE_FAST", "DELETE_FAST"),
    ("LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF", "LOAD_CLOSURE"),
    ("STORE_DEREF", "DELETE_DEREF"),
    ("LOAD_GLOBAL",),
    ("STORE_GLOBAL", "DELETE_GLOBAL"),
    ("LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"),
    ("STORE_NAME", "DELETE_NAME"),
    ("LOAD_ATTR", "LOAD_METHOD"),
    ("STORE_ATTR", "DELETE_ATTR"),
    ("LOAD_FAST_LOAD_FAST", "LOAD_FAST_BORROW_LOAD_FAST_BORROW"),
    ("STORE_FAST_LOAD_FAST",),
    ("STORE_FAST_STORE_FAST",),
    ("STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"),
    ("LOAD_CONST",),
]
_JUMP = len(_ACTIONS)
_JUMPS = ("JUMP", "FOR_ITER", "SETUP_", "SEND", "RETURN_", "RAISE_", "RERAISE", "END_FOR")


def _opcodes(minor):
    """{name: number} of this interpreter. Its table is read without leaving a module behind."""
    folder = sys.modules["os"].__file__.rpartition("/")[0]
    before = set(sys.modules)
    path = folder + ("/_opcode_metadata.py" if minor >= 13 else "/opcode.py")
    loader = sys.modules["_frozen_importlib_external"].SourceFileLoader("opcode", path)
    scope = {"__name__": "opcode"}
    try:
        exec(loader.get_code("opcode"), scope)
    finally:
        for name in set(sys.modules) - before:
            del sys.modules[name]
    return scope["opmap"]


def _actions(minor):
    by_name = {name: action for action, names in enumerate(_ACTIONS) for name in names}
    table = bytearray(256)
    for name, number in _opcodes(minor).items():
        if number < 256:
            is_jump = any(part in name for part in _JUMPS)
            table[number] = _JUMP if is_jump else by_name.get(name, 0)
    return bytes(table)


def _check(check):
    """Reads variables of known values as the tracer will. A layout that is not the expected one is not used."""
    first, shared = object(), object()

    def inner(check):
        return check("shared", 1, shared, True)

    return check("first", 1, first, True) and inner(check)


# Tracing makes CPython itself several times slower to 3.11, also where nothing is followed. Importing a library runs
# much of its code and none of the user's, so tracing is off meanwhile. The file name is importlib's own,
# so that CPython cuts the frame out of tracebacks.
_wrapper = """
def wrapper(spec):
    held = hold(is_library(spec))
    try:
        return original(spec)
    finally:
        hold(held)
"""


def _hold_during_imports(hold):
    stdlib = sys.modules["os"].__file__.rpartition("/")[0] + "/"

    def is_library(spec):
        path = spec.origin
        return (
            not isinstance(path, str)
            or not path.endswith(".py")
            or "/site-packages/" in path
            or "/dist-packages/" in path
            or path.startswith(stdlib)
        )

    def wrap(original):
        scope = {"original": original, "hold": hold, "is_library": is_library}
        exec(compile(_wrapper, "<frozen importlib._bootstrap>", "exec"), scope)
        return scope["wrapper"]

    imports.around_every(wrap)


def install(core):
    minor = sys.version_info[1]
    core.pause()
    try:
        actions = _actions(minor)
    finally:
        core.resume()
    core.lines_start(minor, actions, 1 if minor >= 11 else 0, 1 if minor >= 12 else 0)
    if not _check(core.lines_check):
        core.note("lines: frames of this Python are not laid out as known: their variables are read through dicts")
    if minor < 12:
        imports.after("threading", lambda module: module.settrace(core.trace_thread))
        _hold_during_imports(core.lines_hold)
        core.lines_trace()
    else:
        _monitor(core)


def _monitor(core):
    monitoring = sys.monitoring
    tool = next((t for t in (4, 3, 2, 1, 0, 5) if monitoring.get_tool(t) is None), None)
    if tool is None:
        core.note("lines: all of sys.monitoring is in use by others: lines are not followed")
        return
    monitoring.use_tool_id(tool, "oneseed")
    events = monitoring.events
    local = events.LINE | events.PY_RETURN | events.PY_YIELD | events.PY_RESUME
    core.lines_monitor(monitoring.set_local_events, tool, local, monitoring.DISABLE)
    for event, callback in (
        (events.PY_START, core.monitor_start),
        (events.LINE, core.monitor_line),
        (events.PY_RETURN, core.monitor_leave),
        (events.PY_YIELD, core.monitor_leave),
        (events.PY_RESUME, core.monitor_resume),
        (events.RAISE, core.monitor_raise),
        (events.PY_UNWIND, core.monitor_unwind),
    ):
        monitoring.register_callback(tool, event, callback)
    monitoring.set_events(tool, events.PY_START | events.RAISE | events.PY_UNWIND)
