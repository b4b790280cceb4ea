# warm.py - a Python that has imported the libraries once and forks each run of a scan.
# SPDX-License-Identifier: MIT
#
#     python warm.py FD MODULES [ARGUMENT ...]
#
# FD is a connected socket, MODULES a comma-separated list, the arguments are those of the command behind the interpreter's
# options. One JSON object per line each way; docs/scan.md, "Warm start", has them. A forked run stands where the command
# itself would stand: the preload gives it the lane and the configuration, the recorder seeds the generators as at import.
import sys

if __name__ == "__main__":
    # As a script it looks for the recorder of this process, which has put itself into importlib, and hands over to its own copy.
    _load = getattr(sys.modules["_frozen_importlib"]._verbose_message, "__globals__", {}).get("load")
    if _load is None:
        sys.exit("oneseed: warm start: the recorder is not at work in this Python (it was started with -I, -E or -S?)")
    _load("warm").serve(sys.argv, dict(globals()))
    sys.exit(0)

import gc
import json
import os
import select
import signal
import time
import warnings
import _weakref

places = load("places")
replay = load("replay")
seeding = load("seeding")

_PROBE_S = 0.2  # for threads that end at a fork
_LEFTOVERS_S = 0.5  # for what a run has left behind to end by itself

_main_names = None  # what the namespace of a main module has before its first line
_preloaded = None  # names of modules that are there before a run begins


def serve(argv, main_names):
    """Imports, says so, and makes runs until the other side goes away. Returns never in a run."""
    global _main_names
    _main_names = main_names
    link = _Link(int(argv[1]))
    if not seeding.active() or core.recording():
        return link.send({"refused": "warm start: this Python runs without a seed, or records"})
    need("final")
    replay.begin()
    names = [name for name in argv[2].split(",") if name]
    _set_path(argv[3:])
    refusal = _hash_follows_seed()
    for name in names:
        refusal = refusal or _import(name)
    if refusal:
        return link.send({"refused": "warm start: " + refusal})
    _flush()
    _share_memory()
    link.send({"ready": names})
    learnt = None
    while True:
        order = link.receive()
        if order is None:
            return None
        imported = _run(link, order, learnt is None)
        if learnt is None and imported:
            learnt = _learn(names, imported)


class _Link:
    """Lines of JSON in both directions. Not in the hands of a run."""

    def __init__(self, fd):
        self.fd = fd
        self._rest = b""
        os.set_inheritable(fd, False)

    def send(self, message):
        try:
            os.write(self.fd, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            pass  # told by receive(), too

    def receive(self):
        while b"\n" not in self._rest:
            try:
                more = os.read(self.fd, 65536)
            except ConnectionResetError:
                more = b""
            if not more:
                return None
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)


# ---- before the first run ----


def _hash_follows_seed():
    """Why runs of other seeds would hash otherwise, or None."""
    if "PYTHONHASHSEED=" in (core.config("settings") or "") and not core.listed("vary", "hash-seed"):
        return "PYTHONHASHSEED follows the seed at this level: it needs one value for all runs"
    if sys.flags.hash_randomization and os.environ.get("PYTHONHASHSEED", "random") in ("", "random"):
        return "the hashes of strings are random in each process: set PYTHONHASHSEED, or use the level process"
    return None


def _set_path(arguments):
    """sys.path as the command's own Python has it, so that a package beside the script is found."""
    if getattr(sys.flags, "safe_path", False) or sys.flags.isolated:
        return
    sys.path[0] = _first_folder(arguments)


def _first_folder(arguments):
    first = arguments[0] if arguments else "-m"
    if first == "-m":
        return os.getcwd()
    if first == "-c":
        return ""
    return _absolute(first) if _is_package(first) else os.path.dirname(os.path.realpath(first))


def _absolute(path):
    """As CPython makes the path of its main file absolute."""
    return path if path[:1] == "/" else os.path.join(os.getcwd(), path[2:] if path[:2] == "./" else path)


def _is_package(path):
    """A folder or an archive with a __main__ of its own."""
    for hook in sys.path_hooks:
        try:
            hook(path)
            return True
        except ImportError:
            pass
    return False


def _import(name):
    """Imports a module; the reason why no run can be forked after it, or None."""
    try:
        drawn = replay.import_watched(name)
    except BaseException as error:
        return "%s cannot be imported: %s: %s" % (name, type(error).__name__, error)
    if drawn:
        return "%s, when it is imported, %s: a run would not begin as a fresh one" % (name, drawn)
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return "%s, when it is imported, initialises CUDA: a context cannot be forked" % name
    if _gpu_is_open():
        return "%s, when it is imported, opens a GPU: that cannot be forked" % name
    return _threads_of(name)


def _gpu_is_open():
    core.pause()
    try:
        for fd in os.listdir("/proc/self/fd"):
            try:
                if os.readlink("/proc/self/fd/" + fd).startswith("/dev/nvidia"):
                    return True
            except OSError:
                pass
        return False
    finally:
        core.resume()


def _n_threads():
    core.pause()
    try:
        return len(os.listdir("/proc/self/task"))
    finally:
        core.resume()


def _threads_of(name):
    """OpenBLAS ends its threads at a fork and starts new ones when it needs them; other threads stay, and a copy of their
    process is without them."""
    if _n_threads() == 1:
        return None
    _in_fork(lambda: 0)
    end = time.monotonic() + _PROBE_S
    while _n_threads() > 1 and time.monotonic() < end:
        time.sleep(0.002)
    n_left = _n_threads() - 1
    return "%s, when it is imported, starts threads (%d): they cannot be forked" % (name, n_left) if n_left else None


def _share_memory():
    """What is there now is not looked at by the runs' garbage collections, so its pages stay shared."""
    global _preloaded
    _preloaded = set(sys.modules)
    replay.find_left_out()
    if "weakref" in sys.modules:  # what libraries made here ends with this process, not with each run
        for key in list(sys.modules["weakref"].finalize._registry):
            key.atexit = False
    gc.collect()
    gc.freeze()


def _learn(names, imported):
    """Parts of the preloaded packages that the first run needed besides (torch.optim imports a second's worth of
    torch._dynamo) are imported for the next ones, unless they draw. They are tried in a fork first."""
    tops = {name.partition(".")[0] for name in names}
    wanted = [name for name in imported if name.partition(".")[0] in tops]
    n = replay.n_drawn()
    if wanted and _in_fork(lambda: not _import_all(wanted) or replay.n_drawn() > n) == 0:
        _import_all(wanted)
        _share_memory()
    return wanted


def _import_all(names):
    """True when runs can be forked after it."""
    done = all(name in sys.modules or _import(name) is None for name in names)
    _flush()
    return done


def _in_fork(function):
    """The status of a fork that calls the function."""
    core.next_fork_is_run("")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of forks with threads: whether they stay is what is looked for
        pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = int(function())
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1]


# ---- a run ----


def _run(link, order, asks):
    """Makes a run. With `asks` it gives the names of the modules that the run imported, empty when it did not come to its end."""
    words = ["seed=" + order["seed"]]
    for key in ("final", "sources", "imports"):
        words.append("%s=%s" % (key, _encoded(order[key])) if order.get(key) else key)
    if order.get("sources"):
        need("sources")  # here: the hooks are then in place for all runs
    if not core.next_fork_is_run(" ".join(words)):
        raise MemoryError
    pipe = os.pipe() if asks else None
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(link.fd)
        if pipe:
            os.close(pipe[0])
        _be_command(order, pipe and pipe[1])
    try:
        os.setpgid(pid, pid)  # both sides do it: whoever kills the group must find it
    except OSError:
        pass
    link.send({"pid": pid})
    status, usage = _wait(link, pid)
    seconds = time.monotonic() - begin
    _end_leftovers(pid)
    link.send({"status": status, "peak_kib": usage.ru_maxrss, "seconds": seconds})
    return _names_from(*pipe) if pipe else None


def _names_from(reading, writing):
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        return [name for name in file.read().decode("utf-8", "replace").split("\n") if name]


def _tell_names(writing):
    """What does not fit into the pipe at once stays untold."""
    os.set_blocking(writing, False)
    names = [name for name in sys.modules if name not in _preloaded]
    try:
        os.write(writing, "\n".join(names).encode()[:65536])
    except BlockingIOError:
        pass
    os.close(writing)


def _encoded(text):
    return "".join(c if c > " " and c not in "%\x7f" else "%%%02X" % ord(c) for c in text)


def _wait(link, pid):
    """Waits for the run; ends it when the other side has gone."""
    try:
        process = os.pidfd_open(pid)
    except OSError:  # Linux before 5.3: that it has gone is seen when the run has ended
        process = None
    if process is not None:
        watched = select.poll()
        watched.register(link.fd, 0)  # tells of hang-ups only
        watched.register(process, select.POLLIN)
        if process not in (fd for fd, _ in watched.poll()):
            os.killpg(pid, signal.SIGKILL)
        os.close(process)
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return (code if code >= 0 else 128 - code), usage


def _end_leftovers(group):
    end = time.monotonic() + _LEFTOVERS_S
    try:
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.005)
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _be_command(order, names_to):
    """In the fork: everything as the command has it at its first line; never returns."""
    try:
        os.setpgid(0, 0)
        _open_streams(order)
        if order.get("directory"):
            os.chdir(order["directory"])
        for name, value in order.get("environment", {}).items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        replay.leave_out()
        load("final").is_run()
        if "multiprocessing.process" in sys.modules:  # it remembers the folder at its import, for spawned children
            sys.modules["multiprocessing.process"].ORIGINAL_DIR = os.getcwd()
        call = _prepare(order["argv"])
    except BaseException as error:
        sys.stderr.write("oneseed: warm start: %s: %s\n" % (type(error).__name__, error))
        _flush()
        os._exit(125)
    status = call[0](*call[1]) or 0
    call = None  # with the main module in it, whose last reference must be that of sys.modules
    _end(status, names_to)


def _open_streams(order):
    """Descriptors 0, 1 and 2; the stream objects stay, so that what has taken one keeps writing to the right file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    core.pause()
    try:
        for fd, path, how in (
            (0, "/dev/null", os.O_RDONLY | os.O_CLOEXEC),
            (1, order.get("stdout"), flags | os.O_TRUNC),
            (2, order.get("stderr"), flags | (0 if order.get("stderr") == order.get("stdout") else os.O_TRUNC)),
        ):
            if path:
                file = os.open(path, how, 0o600)
                os.dup2(file, fd)
                os.close(file)
    finally:
        core.resume()
    if sys.stdout is not None and not sys.stdout.write_through and sys.stdout.line_buffering:  # the parent's was a terminal
        sys.stdout.reconfigure(line_buffering=False)


def _prepare(argv):
    """The main module, sys.argv, sys.path; what to call: (function, arguments)."""
    first = argv[0]
    if hasattr(sys, "orig_argv"):  # from 3.10
        own = next(i for i, text in enumerate(sys.orig_argv) if text == sys.argv[0])
        sys.orig_argv[own:] = argv
    _set_path(argv)
    main = type(sys)("__main__")
    names = {name: _main_names[name] for name in _main_names if name[:2] == "__"}
    if "__annotations__" in names:
        names["__annotations__"] = {}
    main.__dict__.update(names)
    sys.modules["__main__"] = main
    if first in ("-m", "-c"):
        for name in ("__file__", "__cached__"):
            main.__dict__.pop(name, None)
        main.__loader__ = sys.modules["_frozen_importlib"].BuiltinImporter
    if first == "-m":
        sys.argv[:] = ["-m", *argv[2:]]
        return _module, (argv[1], True)
    if first == "-c":
        sys.argv[:] = ["-c", *argv[2:]]
        return _source, (argv[1] + "\n", "<string>", main)
    sys.argv[:] = argv
    if _is_package(first):
        return _module, ("__main__", False)
    path = _absolute(first)
    main.__file__ = path
    if first.endswith(".pyc"):
        main.__loader__ = sys.modules["_frozen_importlib_external"].SourcelessFileLoader("__main__", path)
        return _code, (main.__loader__.get_code("__main__"), main)
    main.__loader__ = sys.modules["_frozen_importlib_external"].SourceFileLoader("__main__", path)
    try:
        core.pause()
        with open(path, "rb", 0) as file:
            source = file.read()
    except OSError as error:
        message = "%s: can't open file %r: [Errno %d] %s\n" % (sys.executable, path, error.errno, error.strerror)
        return _cannot_open, (message,)
    finally:
        core.resume()
    return _source, (source, path, main)


def _cannot_open(message):
    sys.stderr.write(message)
    return 2


def _module(name, alter_argv):
    import runpy

    return core.run_main(runpy._run_module_as_main, (name, alter_argv))[1]


def _source(source, file_name, main):
    code, status = core.run_main(compile, (source, file_name, "exec", 0, True))
    return status if code is None else _code(code, main)


def _code(code, main):
    return core.run_main(exec, (code, main.__dict__))[1]


# ---- the end of a run ----


def _end(status, names_to):
    """What CPython does at the end of the main program, except that the modules which were there before are not taken apart:
    that would write to all of the shared memory."""
    if status == -1:  # KeyboardInterrupt: the shell shall see the signal
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _quietly("threading._shutdown", getattr(sys.modules.get("threading"), "_shutdown", None))
    import atexit

    _quietly("atexit", atexit._run_exitfuncs)
    flushed = _flush()
    if names_to is not None:
        _quietly("warm", lambda: _tell_names(names_to))
    _quietly("warm", _take_apart)
    if not _flush() or not flushed:
        status = 120
    if status == -1:
        os.kill(os.getpid(), signal.SIGINT)
    core.exit(status & 0xFF)


def _quietly(name, function):
    """As CPython does it at its end: an exception is printed and changes nothing."""
    if function is None:
        return
    try:
        function()
    except BaseException as error:
        sys.stderr.write("Exception ignored in: %s\n" % name)
        sys.excepthook(type(error), error, error.__traceback__)


def _flush():
    """False when standard output could not be written."""
    done = True
    for stream in (sys.stdout, sys.stderr):
        if stream is None or getattr(stream, "closed", False):
            continue
        try:
            stream.flush()
        except BaseException as error:
            if stream is sys.stdout:
                done = False
                sys.stderr.write("Exception ignored in: %r\n%s: %s\n" % (stream, type(error).__name__, error))
    return done


def _take_apart():
    """Ends the objects of the run (files are closed, __del__ is called): its own modules go, the last imported first."""
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
    own = [name for name in sys.modules if name not in _preloaded or name == "__main__"]
    left = []
    for name in reversed(own):
        if type(sys.modules[name]) is type(sys):
            left.append(_weakref.ref(sys.modules[name]))
        del sys.modules[name]
    gc.collect()
    for module in left:
        if module() is not None:
            _empty(module().__dict__)
    gc.collect()


def _empty(names):
    for private in (True, False):
        for name in list(names):
            if name[:1] == "_" and name[:2] != "__" if private else name != "__builtins__":
                names[name] = None
