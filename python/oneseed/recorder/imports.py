# imports.py - calls back at the moment a module has been imported, whoever imports it and however late.
# SPDX-License-Identifier: MIT
#
# importlib's _load_unlocked() executes every module, also for C code and importlib.import_module(). Standing in front of
# it is invisible (a finder in sys.meta_path is not) and costs one dictionary look-up per executed module. The wrapper
# bears importlib's own file name, because CPython cuts importlib's frames out of tracebacks by that name.
import sys

_wanted = {}
_around = {}

_wrapper = """
def _load_unlocked(spec):
    if spec.name in around:
        end = begin(spec.name)
        try:
            module = original(spec)
        except Exception:
            if not end(None):
                raise
            module = original(spec)
        else:
            end(module)
    else:
        module = original(spec)
    if spec.name in wanted:
        finished(spec.name, module)
    return module
"""


def after(name, callback):
    """callback(module) once `name` has been imported, before anybody else sees it; at once if that has happened.

    Callbacks of one module run in the order of registration. An exception in one becomes a note."""
    module = sys.modules.get(name)
    if module is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
        _wanted.setdefault(name, []).append(callback)
    else:
        guarded(name, callback, module)


def before(name, begin):
    """begin(name) just before the module `name` is executed gives end(module), called just after, or None. If executing it
    failed, the module is None, and it is tried once more when end() returns True."""
    _around[name] = begin


def _begin(name):
    end = guarded(name, _around.pop(name), name)
    return lambda module: end is not None and guarded(name, end, module)


def like(original, function):
    """Makes `function` look like `original`, whose place it takes: pickle finds it by its name, inspect its signature."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(function, name, getattr(original, name))
    function.__wrapped__ = original
    return function


def _finished(name, module):
    for callback in _wanted.pop(name, ()):
        guarded(name, callback, module)


def _install():
    bootstrap = sys.modules["_frozen_importlib"]
    scope = {
        "original": bootstrap._load_unlocked,
        "wanted": _wanted,
        "finished": _finished,
        "around": _around,
        "begin": _begin,
    }
    exec(compile(_wrapper, "<frozen importlib._bootstrap>", "exec"), scope)
    bootstrap._load_unlocked = scope["_load_unlocked"]


_install()
