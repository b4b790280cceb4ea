# sitecustomize.py - the door of the recorder into a Python process: loads it, leaves no trace, runs the user's own.
# SPDX-License-Identifier: MIT
#
# CPython imports the first `sitecustomize` on sys.path at start. The launcher put this folder in front of PYTHONPATH, so
# that is us. Afterwards everything is as if we were not there: sys.path, sys.modules, PYTHONPATH, and the next
# `sitecustomize` on the path (Debian ships one), or the error that there is none, which site.py expects.


def _enter():
    import os
    import sys

    folder = os.path.dirname(__file__)
    variable = os.environ.get("PYTHONPATH", "")
    first, colon, rest = variable.partition(os.pathsep)
    ours = first == folder
    if ours and colon:
        os.environ["PYTHONPATH"] = rest
    elif ours:
        del os.environ["PYTHONPATH"]
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path_importer_cache.pop(folder, None)
    sys.modules.pop("sitecustomize", None)
    # A further interpreter of this process has the folder on its path, but no longer in the environment: one is enough.
    if ours:
        _start(folder)


def _start(folder):
    import sys

    import _imp

    external = sys.modules["_frozen_importlib_external"]
    spec_type = sys.modules["_frozen_importlib"].ModuleSpec
    core = None
    try:
        path = folder + "/_core.abi3.so"
        spec = spec_type("_core", external.ExtensionFileLoader("_core", path), origin=path)
        core = _imp.create_dynamic(spec)
        _imp.exec_dynamic(core)
        if not core.available():
            return
        core.pause()
        try:
            code = external.SourceFileLoader("recorder", folder + "/recorder.py").get_code("recorder")
            recorder = type(sys)("recorder")
            recorder.__file__ = folder + "/recorder.py"
            exec(code, recorder.__dict__)
        finally:
            core.resume()
        recorder.start(core)
    except Exception as error:  # whatever it is: the program runs on without us
        if core is not None:
            core.note("recorder: not started in a Python process: %s: %s" % (type(error).__name__, error))


_enter()
del _enter, _start
import sitecustomize  # noqa: E402,F401  the next on the path; none: the ImportError that site.py waits for
