# recorder.py - starts the parts of the recorder that the configuration asks for.
# SPDX-License-Identifier: MIT
#
# The modules of this folder never enter sys.modules. Each finds in its own namespace
#   core        the extension (or what stands for it, see oneseed/__init__.py),
#   load(name)  another module of this folder, loaded at the first call,
#   need(name)  installs a part that has install(), once; has(name) tells whether,
#   guarded(name, function, *args)  calls; an exception becomes a note and the program runs on.
# They import nothing that a bare `python -c pass` has not imported already.
import sys

_folder = __file__.rpartition("/")[0]
_modules = {}
_installed = set()
core = None


def need(name):
    """Loads and installs a part, once."""
    if name not in _installed:
        _installed.add(name)
        guarded(name, _install, name)


def load(name):
    """The module `name` of this folder."""
    module = _modules.get(name)
    if module is None:
        path = "%s/%s.py" % (_folder, name)
        module = type(sys)("oneseed.recorder." + name)
        module.__file__ = path
        module.core = core
        module.load = load
        module.guarded = guarded
        module.need, module.has = need, _installed.__contains__
        core.pause()
        try:
            loader = sys.modules["_frozen_importlib_external"].SourceFileLoader(module.__name__, path)
            code = loader.get_code(module.__name__)
        finally:
            core.resume()
        _modules[name] = module
        exec(code, module.__dict__)
    return module


def guarded(name, function, *args):
    """function(*args); an exception is noted once for `name` and swallowed (then None)."""
    try:
        return function(*args)
    except Exception as error:
        core.note("recorder: %s: %s: %s" % (name, type(error).__name__, error))


def start(the_core):
    """Called once per process, before the program."""
    global core
    core = the_core
    core.mark_recorder()
    guarded("imports", load, "imports")
    load("imports").after("oneseed", _introduce)
    load("imports").missing["oneseed"] = _find_package
    records = core.recording()
    wanted = [
        ("draws", records and core.listed("record", "draws")),  # first: it names the generators that seeding seeds
        ("seeding", records or core.config("seed") is not None),
        ("final", core.config("final") is not None),
        ("sources", core.config("sources") is not None),
        ("determinism", any(core.listed("controls", c) for c in ("op", "uninitialised-memory", "cpu"))),
        ("threads", core.listed("controls", "thread-order")),
        ("ops", records and core.listed("record", "ops")),
        ("lines", records and core.listed("record", "lines")),
    ]
    for name, is_wanted in wanted:
        if is_wanted:
            need(name)


def _install(name):
    load(name).install(core)


def _find_package():
    return guarded("package", load("package").spec)


def _introduce(package):
    """Tells the package `oneseed`, if the program imports it, who works here already."""
    package._recorder = type(sys.implementation)(load=load, need=need, has=_installed.__contains__)
