"""A recorded command that is killed, a disk that is full, many children at once: what was recorded stays readable, and losses are said."""
import ctypes
import errno
import json
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import time

from tool import TOOL, command, run

DUMP = str(pathlib.Path(TOOL).parent / "trace_dump")
DRAWS = "import random\nrandom.seed(1)\nfor i in range(200_000): random.random()\nprint('done')"


def readable(folder):
    done = subprocess.run([TOOL, "diff", folder, folder], capture_output=True, text=True, timeout=60)
    return done.returncode == 0 and done.stdout.startswith("The traces are the same.")


def test_kill_at_50_random_moments_leaves_readable_traces(tmp_path):
    moment = random.Random(5)
    n_recorded = 0
    for k in range(50):
        folder = str(tmp_path / f"{k}.trace")
        process = subprocess.Popen(command(sys.executable, "-c", DRAWS, options=["--record", folder]), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(moment.uniform(0.02, 0.4))
        # The group, with the tool in it; or only the command, and the tool goes on.
        if k % 2:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            subprocess.run(["pkill", "-KILL", "-P", str(process.pid)])
        assert process.wait(30) in (0, -signal.SIGKILL, 128 + signal.SIGKILL)
        if os.path.isdir(folder) and any(name.endswith(".trace") for name in os.listdir(folder)):
            assert readable(folder), k
            n_recorded += 1
    assert n_recorded >= 25


def no_space_behind(nbytes):
    """For preexec_fn: from here on, fallocate() of a range that begins at nbytes or later fails with ENOSPC (seccomp)."""
    number = {"x86_64": 285, "aarch64": 47}[os.uname().machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    steps = [(load, 0, 0, 0), (equal, 0, 3, number), (load, 0, 0, 32), (at_least, 0, 1, nbytes),
             (give, 0, 0, 0x00050000 | errno.ENOSPC), (give, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
    assert libc.prctl(22, 2, program, 0, 0) == 0  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def test_full_disk_while_recording(tmp_path):
    """The program is not disturbed; that events were lost is one line, and `diff` does not call such traces the same."""
    folder = str(tmp_path / "t")
    code = "import random\nfor i in range(200_000): random.Random(i).random()\nprint('done')"
    done = run(sys.executable, "-c", code, options=["--record", folder], preexec_fn=lambda: no_space_behind(1 << 20))
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert done.stderr == f"oneseed: --record {folder}: events were lost: No space left on device; the trace holds what came before\n"
    compared = subprocess.run([TOOL, "diff", folder, folder], capture_output=True, text=True)
    assert compared.returncode == 2 and "events were lost while recording: No space left on device" in compared.stdout


def test_disk_that_was_full_from_the_start(tmp_path):
    folder = str(tmp_path / "t")
    done = run(sys.executable, "-c", "print('done')", options=["--record", folder], preexec_fn=lambda: no_space_behind(0))
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["not controlled", "--record"]
    assert "its trace file cannot be made" in done.stderr and "nothing was recorded" in done.stderr
    # /proc says of itself that it has no room.
    compared = subprocess.run([TOOL, "diff", "/proc/self/fd", "/proc/self/fd"], capture_output=True, text=True)
    assert compared.returncode == 2 and "no space is left on its disk" in compared.stderr and compared.stderr.count("\n") == 1


def test_64_children_at_once(tmp_path):
    code = """
import os, random
children = []
for k in range(64):
    pid = os.fork()
    if pid == 0:
        os.write(1, f'{random.random()}\\n'.encode())
        os._exit(0)
    children.append(pid)
for pid in children: os.waitpid(pid, 0)
"""
    outputs = set()
    for k in range(2):
        folder = str(tmp_path / f"{k}.trace")
        done = run(sys.executable, "-c", code, options=["--seed", "3", "--record", folder])
        assert done.returncode == 0 and done.stderr == ""
        outputs.add(tuple(sorted(done.stdout.split())))
        lanes = {json.loads(line).get("lane") for line in
                 subprocess.run([DUMP, folder], capture_output=True, text=True, check=True).stdout.splitlines()}
        assert {f"0.{k}" for k in range(1, 65)} <= lanes
    (numbers,) = outputs
    assert len(set(numbers)) == 64
