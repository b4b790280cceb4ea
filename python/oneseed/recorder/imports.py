# imports.py - calls back at the moment a module has been imported, whoever imports it and however late.
# SPDX-License-Identifier: MIT
#
# importlib's _load_unlocked() executes every module, also for C code and importlib.import_module(). When it has, and
# before it lets go of the module's lock, it calls its own _verbose_message(): that is where we stand. No finder is seen
# in sys.meta_path, no frame of ours in a traceback, and an import costs one dictionary look-up more.
import sys

_bootstrap = sys.modules["_frozen_importlib"]
_verbose_message = _bootstrap._verbose_message
_load_unlocked = _bootstrap._load_unlocked
_LOADED = "import {!r} # {!r}"

_wanted = {}
_around = []


def after(name, callback):
    """callback(module) once `name` has been imported, before anybody else sees it; at once if that has happened.

    Callbacks of one module run in the order of registration. An exception in one becomes a note."""
    module = sys.modules.get(name)
    if module is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
        _wanted.setdefault(name, []).append(callback)
    else:
        guarded(name, callback, module)


def _message(message, *args, verbosity=1):
    _verbose_message(message, *args, verbosity=verbosity)
    if message == _LOADED and args[0] in _wanted:
        happened(args[0], sys.modules.get(args[0]))


def happened(name, module):
    """`name` has been imported."""
    for callback in _wanted.pop(name, ()):
        guarded(name, callback, module)


_bootstrap._verbose_message = _message


missing = {}  # name: find(), the spec of a module that no finder of the program has
_find_spec = _bootstrap._find_spec


def _find(name, path, target=None):
    spec = _find_spec(name, path, target)
    return missing[name]() if spec is None and name in missing else spec


# A finder that raises has our frame in its traceback: CPython leaves it out like its own.
_find.__code__ = _find.__code__.replace(co_filename=_find_spec.__code__.co_filename)
_bootstrap._find_spec = _find
if "importlib.util" in sys.modules:
    sys.modules["importlib.util"]._find_spec = _find


def before(names, begin):
    """begin(spec) just before the first module of `names` is executed gives end(), called just after, or None.

    This does put a frame into tracebacks of imports that fail, until what is waited for has been imported."""
    _around.append((names, begin))
    _bootstrap._load_unlocked = _load_around


def around_every(wrap):
    """wrap(load) is called for every module in place of load(spec), importlib's _load_unlocked()."""
    global _load_unlocked
    original, _load_unlocked = _load_unlocked, wrap(_load_unlocked)
    if _bootstrap._load_unlocked is original:
        _bootstrap._load_unlocked = _load_unlocked


def _load_around(spec):
    end = None
    for entry in _around:
        if spec.name in entry[0]:
            _around.remove(entry)
            end = guarded(spec.name, entry[1], spec)
            break
    if not _around:
        _bootstrap._load_unlocked = _load_unlocked
    try:
        return _load_unlocked(spec)
    finally:
        if end is not None:
            guarded(spec.name, end)


def like(original, function):
    """Makes `function` look like `original`, whose place it takes: pickle finds it by its name, inspect its signature."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(function, name, getattr(original, name))
    function.__wrapped__ = original
    return function


def keep_signature(function):
    """For who asks inspect.getfullargspec(), which does not look behind wrappers (Keras does)."""
    from inspect import signature

    try:
        function.__signature__ = signature(function.__wrapped__)
    except (TypeError, ValueError):
        pass  # one of C has none to keep
