# recording.py - runs a script bare and recorded, and gives what it printed and the events.
# SPDX-License-Identifier: MIT
#
# In place of the preload stands table.c, which writes every event as a line of JSON: these tests are about what the
# extension says, not about how it is stored.
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORDER = pathlib.Path(os.environ.get("ONESEED_BUILD", ROOT / "build")) / "lib/oneseed/recorder"
NOTE, SEED, DRAW, OP = 0, 2, 3, 4
WORDS_UNKNOWN, UNDIGESTED, UNDEFINED = 1, 16, 32


@functools.lru_cache(maxsize=None)
def table():
    """The path of the compiled table.c."""
    folder = tempfile.mkdtemp(prefix="oneseed-table-")
    path = folder + "/table.so"
    source = pathlib.Path(__file__).with_name("table.c")
    includes = ["-I%s" % (ROOT / "src"), "-I%s" % (ROOT / "src/launch")]
    command = ["cc", "-std=c11", "-D_GNU_SOURCE", "-shared", "-fPIC", *includes, str(source), "-o", path, "-lpthread"]
    subprocess.run(command, check=True)
    return path


def run(script, folder, record="", python=sys.executable):
    """Runs script (text) in folder; with record ("draws,ops") under the recorder. (stdout bytes, events)."""
    path = folder / "script.py"
    path.write_text(script)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TABLE_", "LD_PRELOAD", "PYTHONPATH"))}
    environment["PYTHONHASHSEED"] = "0"
    out = folder / "events"
    if record:
        environment.update(
            LD_PRELOAD=table(), PYTHONPATH=str(RECORDER), TABLE_record=record, TABLE_OUT=str(out)
        )
        out.write_text("")
    done = subprocess.run(
        [python, str(path)], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not any(word in done.stderr for word in (b"recorder", b"oneseed", b"Traceback")), done.stderr.decode()
    events = [json.loads(line) for line in out.read_text().splitlines()] if record else []
    return done.stdout, events


def recorded(script, folder, record="draws"):
    """The events of a recorded run that printed the same bytes as a bare one."""
    bare, _ = run(script, folder)
    stdout, events = run(script, folder, record)
    assert stdout == bare
    assert [e for e in events if e["kind"] == NOTE] == []
    return events


def draws(events, generator=None):
    return [e for e in events if e["kind"] == DRAW and generator in (None, e["generator"])]


def seeds(events, generator=None):
    return [e for e in events if e["kind"] == SEED and generator in (None, e["generator"])]


def line(event):
    """Line and function of the user's frame."""
    place = event["site"].partition("|")[0].rsplit(":", 2)
    return int(place[1]), place[2]
