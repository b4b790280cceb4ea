# _local.py - stands for the preload's table in a process that the tool did not start.
# SPDX-License-Identifier: MIT
import os
import sys
import threading

_lanes = threading.local()


class Local:
    """Has the functions of `_core` that seeding calls. Nothing is recorded; a forked child knows its place because the
    forks are counted here, a spawned one because multiprocessing numbers its processes."""

    def __init__(self, core):
        self._controls = ("unseeded-rng", "child-process", "op")
        self._n_forks = 0
        self._n_threads = 0
        self._path = _multiprocessing_place()
        self.notes = []
        for name in ("derive_at", "hook_random_seed", "is_library", "set_after_fork"):
            setattr(self, name, getattr(core, name))
        self._pid = os.getpid()
        os.register_at_fork(before=self._before_fork)

    def _before_fork(self):
        self._path_now()
        self._n_forks += 1

    def _path_now(self):
        """The path of this process. random's own handler asks before any of ours could run in a child."""
        if os.getpid() != self._pid:
            self._pid = os.getpid()
            self._path += (self._n_forks,)
            self._n_forks = 0
        return self._path

    def config(self, key):
        return None

    def listed(self, key, word):
        return key == "controls" and word in self._controls

    def recording(self):
        return False

    def lane(self):
        if threading.current_thread() is threading.main_thread():
            return "0"
        if not hasattr(_lanes, "number"):
            self._n_threads += 1
            _lanes.number = self._n_threads
        return "0/t%d" % _lanes.number

    def seed_path(self):
        return ".".join(map(str, self._path_now()))

    def is_child(self):
        return bool(self._path_now())

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def mark_recorder(self):
        pass

    def pause(self):
        pass

    def resume(self):
        pass

    def seeding_as(self, how):
        pass

    def entropy_owner(self, owner):
        pass


def _multiprocessing_place():
    """The numbers of this process among the spawned processes of multiprocessing; () for the first one."""
    module = sys.modules.get("multiprocessing.process")
    process = module.current_process() if module else None
    if process is None or process._identity or not getattr(process, "_inheriting", False):
        return process._identity if process else ()
    # The main script is imported before the process has its identity, but its name is there: SpawnPoolWorker-3.
    numbers = process.name.rpartition("-")[2].split(":")
    if all(number.isdecimal() for number in numbers):
        return tuple(map(int, numbers))
    return (int.from_bytes(process.name.encode(), "little") % 2**32,)
