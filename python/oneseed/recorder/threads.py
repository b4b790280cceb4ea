# threads.py - the control `thread-order`: threads and results come in the order in which they were asked for.
# SPDX-License-Identifier: MIT
#
# A started thread runs before its starter goes on; tasks of a ThreadPoolExecutor run one after the other; results come in
# the order of their tasks. A program may need another order to get on at all (a thread that waits for its starter), so
# nobody is ever waited for without end: only while it works, and a moment longer.
import os
import sys
import _thread
from time import monotonic, sleep

imports = load("imports")

_POLL_S = 0.001
_BLOCKED_S = 0.02  # without progress in a lock: it waits for somebody, perhaps for us
_IDLE_S = 0.25  # without progress otherwise (a sleep, a read): it may soon go on
_LONGEST_S = 30.0
_SWITCH_S = 0.5  # a thread that only computes keeps the interpreter for so long
_GRACE_S = 1.0  # for an earlier task, when a later one has ended


def install(the_core):
    sys.setswitchinterval(_SWITCH_S)
    imports.after("threading", _threading)
    imports.after("concurrent.futures._base", _futures)
    imports.after("concurrent.futures.thread", _thread_executor)
    imports.after("multiprocessing.pool", _pool)
    imports.after("joblib.parallel", _joblib)


# ---- waiting for somebody who works ----

core.pause()
_FUTEX = {"x86_64": "202", "aarch64": "98"}.get(os.uname().machine)  # number of the system call, as /proc writes it
core.resume()


def _read(path):
    try:
        with open(path, "rb", 0) as file:
            return file.read(512).decode("ascii", "replace")
    except OSError:
        return ""


def _cpu_time(native_id):
    """What the thread has used of the processor so far, as text; it changes while the thread works."""
    stat = _read("/proc/self/task/%d/schedstat" % native_id)
    return stat.split()[0] if stat else None


def _doing(native_id):
    """What the thread waits in, as the number of the system call; "running": it runs or waits for a processor."""
    return _read("/proc/self/task/%d/syscall" % native_id).split(" ", 1)[0].strip()


def _wait_while_working(is_done, native_id):
    """Waits until is_done(), or the thread has made no progress for a while, or for too long."""
    core.pause()
    try:
        start = last_progress = monotonic()
        used = None
        while not is_done():
            sleep(_POLL_S)  # gives the GIL away
            now = monotonic()
            used_now = _cpu_time(native_id)
            doing = _doing(native_id)
            if used_now != used or doing == "running":  # on a busy machine it may wait long for a processor
                used, last_progress = used_now, now
            elif used_now is None:  # ended
                return
            idle = now - last_progress
            if idle > _IDLE_S or (idle > _BLOCKED_S and doing == _FUTEX) or now - start > _LONGEST_S:
                return
    finally:
        core.resume()


def _wait_a_moment(is_done):
    core.pause()
    try:
        deadline = monotonic() + _GRACE_S
        while not is_done() and monotonic() < deadline:
            sleep(_POLL_S)
    finally:
        core.resume()


# ---- threads ----


def _threading(module):
    original = module.Thread.start

    def start(self):
        original(self)
        native_id = self.native_id
        # A daemon of a pool waits for work at once; it is found blocked and costs a few milliseconds.
        if native_id is not None:
            _wait_while_working(lambda: not self.is_alive(), native_id)

    module.Thread.start = imports.like(original, start)


# ---- ThreadPoolExecutor ----


class _Turn:
    """One task's place in the queue of an executor."""

    def __init__(self, before):
        self.before = before
        self.native_id = None
        self.is_done = False


def _thread_executor(module):
    item, executor = module._WorkItem, module.ThreadPoolExecutor
    make, run, submit = item.__init__, item.run, executor.submit
    local = _thread._local()

    def submit_in_order(self, *args, **kwargs):
        local.executor = self
        try:
            return submit(self, *args, **kwargs)
        finally:
            local.executor = None

    def __init__(self, *args, **kwargs):
        make(self, *args, **kwargs)
        submitter = getattr(local, "executor", None)
        last = getattr(submitter, "_oneseed_last", None)
        self._oneseed_turn = _Turn(None if last is None or last.is_done else last)
        if submitter is not None:
            submitter._oneseed_last = self._oneseed_turn

    def run_in_turn(self, *args, **kwargs):
        turn = self._oneseed_turn
        guarded("threads", _await_turn, turn)
        turn.native_id = _thread.get_native_id()
        try:
            return run(self, *args, **kwargs)
        finally:
            turn.is_done = True
            turn.before = None

    executor.submit = imports.like(submit, submit_in_order)
    item.__init__ = imports.like(make, __init__)
    item.run = imports.like(run, run_in_turn)


def _await_turn(turn):
    before = turn.before
    if before is None or before.is_done:
        return
    # Without a thread it was cancelled, or its own turn has not come.
    _wait_a_moment(lambda: before.is_done or before.native_id is not None)
    if before.native_id is not None:
        _wait_while_working(lambda: before.is_done, before.native_id)


# ---- results ----


def _futures(module):
    original = module.as_completed

    def as_completed(fs, timeout=None):
        fs = list(dict.fromkeys(fs))
        return _in_order(original(fs, timeout), fs)

    module.as_completed = imports.like(original, as_completed)
    package = sys.modules.get("concurrent.futures")
    if package is not None and getattr(package, "as_completed", None) is original:
        package.as_completed = module.as_completed


def _in_order(completed, fs):
    """The futures in the order in which they were given, as far as the earlier ones end within a moment of the later."""
    waiting = dict.fromkeys(fs)
    for done in completed:
        while waiting and done in waiting:
            first = next(iter(waiting))
            if first is not done and not first.done():
                _wait_a_moment(first.done)
            if not first.done():
                first = done
            del waiting[first]
            yield first


def _pool(module):
    """imap_unordered() gives its results in the order of the tasks, as far as _GRACE_S allows."""
    kind = module.IMapUnorderedIterator
    set_result, next_result = kind._set, kind.next

    def _set(self, i, obj):
        set_result(self, i, (True, (i, obj)))

    def next(self, timeout=None):
        results = self.__dict__.setdefault("_oneseed_results", _Results())
        while not results.has_next():
            try:
                i, obj = next_result(self, _GRACE_S if results.arrived else timeout)
            except (StopIteration, module.TimeoutError):
                if not results.arrived:
                    raise
                break
            results.arrived[i] = obj
        success, value = results.take()
        if success:
            return value
        raise value

    kind._set = imports.like(set_result, _set)
    kind.next = kind.__next__ = imports.like(next_result, next)


class _Results:
    """Results of tasks by number, taken out in order."""

    def __init__(self):
        self.arrived = {}
        self._next = 0
        self._taken_early = set()

    def has_next(self):
        while self._next in self._taken_early:
            self._taken_early.remove(self._next)
            self._next += 1
        return self._next in self.arrived

    def take(self):
        number = min(self.arrived)
        if number == self._next:
            self._next += 1
        else:
            self._taken_early.add(number)
        return self.arrived.pop(number)


def _joblib(module):
    original = module.Parallel.__init__

    def __init__(self, *args, **kwargs):
        original(self, *args, **kwargs)
        if getattr(self, "return_as", None) == "generator_unordered":
            self.return_as = "generator"
            self.return_ordered = True

    module.Parallel.__init__ = imports.like(original, __init__)
