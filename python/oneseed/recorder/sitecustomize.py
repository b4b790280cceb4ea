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
    first, colon, rest = os.environ.get("PYTHONPATH", "").partition(os.pathsep)
    ours = first == folder
    if ours:
        _set_path(os.environ, rest if colon else None)
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path_importer_cache.pop(folder, None)
    if sys.version_info[0] > 2:  # Python 2 takes a module's names away as soon as it is in no table
        sys.modules.pop("sitecustomize", None)
    # A further interpreter of this process has the folder on its path, but no longer in the environment: one is enough.
    if ours:
        _start(folder)


def _set_path(environ, value):
    if value is None:
        environ.pop("PYTHONPATH", None)
    else:
        environ["PYTHONPATH"] = value


def _start(folder):
    import os
    import sys

    core = None
    try:
        import _imp

        external = sys.modules["_frozen_importlib_external"]
        spec_type = sys.modules["_frozen_importlib"].ModuleSpec
        path = folder + "/_core.abi3.so"
        spec = spec_type("_core", external.ExtensionFileLoader("_core", path), origin=path)
        core = _imp.create_dynamic(spec)
        _imp.exec_dynamic(core)
        if not core.available():
            return
        _set_path(os.environ, core.config("user_pythonpath"))
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
        else:
            _tell_without_core(os, sys, error)


def _tell_without_core(os, sys, error):
    """A Python that cannot load the extension, 2.7 among them. The session is in what the process was started with."""
    implementation = getattr(getattr(sys, "implementation", None), "name", "cpython")
    version = "%d.%d" % sys.version_info[:2]
    if sys.version_info < (3, 9) or implementation != "cpython" or "t" in getattr(sys, "abiflags", ""):
        free = "free-threaded " if "t" in getattr(sys, "abiflags", "") else ""
        name = "CPython" if implementation == "cpython" else implementation
        text = "the generators of %s%s %s (the recorder needs CPython 3.9 or later, with the GIL)" % (free, name, version)
    else:
        text = "recorder: not started in a Python process: %s: %s" % (type(error).__name__, error)
    try:
        with open("/proc/self/environ", "rb") as file:
            variables = file.read().decode("utf-8", "replace").split("\0")
        (config,) = [v for v in variables if v.startswith("ONESEED_CONFIG=")]
        (session,) = [w[8:] for w in config[15:].split(" ") if w.startswith("session=")]
        first = session.split("%")
        session = first[0] + "".join(chr(int(part[:2], 16)) + part[2:] for part in first[1:])
        notes = os.open(session + "/notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(notes, (text.replace("\n", " ") + "\n").encode("utf-8"))
        os.close(notes)
    except Exception:
        pass  # a session that is over, or none: there is nobody to tell


_enter()
del _enter, _set_path, _start, _tell_without_core
import sitecustomize  # noqa: E402,F401  the next on the path; none: the ImportError that site.py waits for
