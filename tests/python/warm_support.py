"""A warm Python and cold runs under the same controls, for the tests of warm starts, final states and sources."""
import json
import pathlib
import socket
import subprocess
import sys

import seeding_support
import tool

CONTROLS = "unseeded-rng,child-process,hash-seed,address,file-order,op"  # those of the level `process`
WARM = str(seeding_support.SUPPORT / "recorder" / "warm.py")


class Ended:
    """What a run left: status, stdout, stderr, the lines of its final states."""

    def __init__(self, status, folder, message=None):
        self.status = status
        self.stdout = (folder / "stdout").read_text()
        self.stderr = (folder / "stderr").read_text()
        final = folder / "final"
        self.final = None
        if final.exists():  # behind the states: `@`, what was imported
            self.final = dict(line.split() for line in final.read_text().splitlines() if line[0] not in "#@")
        self.message = message

    def __eq__(self, other):
        return [getattr(self, name) == getattr(other, name) for name in ("status", "stdout", "stderr", "final")] == [True] * 4

    def __repr__(self):
        return f"{self.status} {self.final}\n{self.stdout}\n{self.stderr}"


def fresh_folder(folder):
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    return folder


def cold(folder, seed, *argv, python=(sys.executable,), sources=None, **variables):
    """The command as launch starts it."""
    out = fresh_folder(folder / "cold")
    words = [f"seed={seed}", "controls=" + CONTROLS, f"final={out / 'final'}"]
    words += [f"sources={sources}"] if sources is not None else []
    variables = {"PYTHONHASHSEED": "0", **variables}
    environment = seeding_support.environment(
        LD_PRELOAD=str(seeding_support.SUPPORT / "liboneseed_preload.so"),
        PYTHONPATH=str(seeding_support.SUPPORT / "recorder"),
        ONESEED_CONFIG=" ".join(words),
        ONESEED_LANE="0 - 0",
        **variables,
    )
    with open(out / "stdout", "w") as stdout, open(out / "stderr", "w") as stderr:
        done = subprocess.run(
            [*python, *argv],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            timeout=170,
        )
    return Ended(done.returncode if done.returncode >= 0 else 128 - done.returncode, out)


class Warm:
    """The worker's side."""

    def __init__(self, folder, modules, *argv, python=(sys.executable,), level="process", **variables):
        self.folder = pathlib.Path(folder)
        ours, theirs = socket.socketpair()
        variables = {"PYTHONHASHSEED": "0", **variables}
        command = [tool.TOOL, "run", "--seed", "999", "--level", level, "--", *python, WARM, str(theirs.fileno()), modules]
        self.process = subprocess.Popen(
            [*command, *argv],
            cwd=folder,
            env=seeding_support.environment(**variables),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self.socket = ours
        self.lines = ours.makefile("r")
        self.first = self.read()

    def read(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def start(self, seed, *argv, **more):
        self.out = fresh_folder(self.folder / "warm")
        order = {
            "seed": str(seed),
            "argv": list(argv),
            "directory": str(self.folder),
            "stdout": str(self.out / "stdout"),
            "stderr": str(self.out / "stderr"),
            "final": str(self.out / "final"),
            **more,
        }
        self.socket.sendall(json.dumps(order).encode() + b"\n")
        return self.read()["pid"]

    def run(self, seed, *argv, **more):
        self.start(seed, *argv, **more)
        return self.end()

    def end(self):
        message = self.read()
        return Ended(message["status"], self.out, message)

    def close(self):
        self.lines.close()
        self.socket.close()
        self.process.stderr.close()
        return self.process.wait(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.close()


def write(folder, text, name="script.py"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return str(path)


