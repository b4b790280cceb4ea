"""`oneseed scan --on ray`: on a real cluster of two nodes, one of which is taken away; and its faults, without Ray."""
import collections
import json
import os
import pathlib
import pty
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time

import pytest
from tool import TOOL, until

HERE = pathlib.Path(__file__).resolve().parent
CODE = "echo $1 >>started; sleep 0.3; echo v=$1.5"


def ask(study, query):
    connection = sqlite3.connect(f"file:{study}?mode=ro", uri=True)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def rows(study):
    return ask(study, "select seed, sources, repeat, status, exit, output, m0 from run where status = 'done' order by seed, repeat")


def described(study, *options, n=20, code=CODE):
    return ["-o", study, "--seeds", f"0:{n}", *options, "--level", "bare", "-m", "v=v=([0-9.]+)", "--", "sh", "-c", code, "sh", "{seed}"]


def start(cwd, *arguments, **environment):
    return subprocess.Popen([TOOL, "scan", *map(str, arguments)], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})  # fmt: skip


def finished(scan, status=0):
    output, errors = scan.communicate(timeout=150)
    assert scan.returncode == status, (scan.returncode, output, errors)
    return output, errors


def started(cwd):
    return (cwd / "started").read_text().split() if (cwd / "started").exists() else []


# ---- with Ray ----


@pytest.fixture(scope="module")
def cluster():
    process = subprocess.Popen([sys.executable, HERE / "ray_cluster.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    assert address
    yield f"ray:{address}", process
    process.communicate("", timeout=60)


def test_two_nodes_one_is_taken_away(cluster, tmp_path):
    """Before that a scan on it is killed, and taken up again."""
    on, process = cluster
    plain = tmp_path / "plain"
    plain.mkdir()
    scan = start(tmp_path, "--on", on, *described("s.db"), ONESEED_PYTHON=sys.executable)
    assert until(lambda: len(started(tmp_path)) >= 6, 120), scan.kill() or scan.communicate()
    scan.kill()
    scan.communicate(timeout=20)
    n_before = len(rows(tmp_path / "s.db"))
    assert 2 <= n_before < 20
    time.sleep(0.5)
    n_started = len(started(tmp_path))
    scan = start(tmp_path, "--on", on, "--resume", "s.db", "--json", ONESEED_PYTHON=sys.executable)
    assert until(lambda: len(started(tmp_path)) >= n_started + 4, 120), scan.kill() or scan.communicate()
    process.stdin.write("remove\n")
    process.stdin.flush()
    assert process.stdout.readline() == "removed\n"
    output, errors = finished(scan)
    assert json.loads(output)["done"] == 20
    finished(start(plain, *described("s.db")))
    assert rows(tmp_path / "s.db") == rows(plain / "s.db")
    # What was in hand began again: two runs when the scan was killed (and two that were about to be stored), one on the node that went.
    assert sum(n - 1 for n in collections.Counter(started(tmp_path)).values()) <= 5
    lost = ask(tmp_path / "s.db", "select status, count(*) from run where status != 'done' group by status")
    assert lost == [("lost", 1)] and "its worker died (will be tried again)" in errors


# ---- without it ----


@pytest.fixture
def without_ray(tmp_path):
    """A Python that takes the tests' own driver instead of the one that it is told."""
    python = tmp_path / "python-without-ray"
    python.write_text(f"#!/bin/sh\nexec {sys.executable} {HERE / 'driver_without_ray.py'} \"$@\"\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)

    def begin(*arguments, **how):
        return start(tmp_path, *arguments, ONESEED_PYTHON=str(python), ONESEED_TEST=json.dumps(how))

    return begin


def test_as_many_as_there_is_room_for(without_ray, tmp_path):
    began = time.monotonic()
    finished(without_ray("--on", "ray", *described("s.db", n=6)))
    assert time.monotonic() - began < 6 * 0.3 + 1
    assert len(rows(tmp_path / "s.db")) == 6 and len(started(tmp_path)) == 6


def test_a_worker_that_dies(without_ray, tmp_path):
    _, errors = finished(without_ray("--on", "ray", *described("s.db", n=6), lose=[1, 4]))
    assert errors.count("its worker died (will be tried again)") == 2
    assert [row[0] for row in rows(tmp_path / "s.db")] == list(range(6))
    assert ask(tmp_path / "s.db", "select seed, attempt from run where status = 'lost' order by seed") == [(1, 1), (4, 1)]


def test_a_driver_that_ends(without_ray, tmp_path):
    _, errors = finished(without_ray("--on", "ray", *described("s.db", n=8), leave=4), 2)
    assert "Ray's driver has ended; `oneseed scan --resume s.db --on ray` goes on" in errors
    assert ask(tmp_path / "s.db", "select count(*) from run where status not in ('done', 'lost')") == [(0,)]
    finished(without_ray("--on", "ray", "--resume", "s.db"))
    assert [row[0] for row in rows(tmp_path / "s.db")] == list(range(8))


def test_a_start_that_takes_time_is_said(without_ray):
    _, errors = finished(without_ray("--on", "ray", *described("s.db", n=2), slow=1.3))
    assert errors == "oneseed: starting Ray …\n"
    _, errors = finished(without_ray("--on", "ray:10.0.0.1:6379", *described("t.db", n=2), slow=1.3))
    assert errors == "oneseed: reaching Ray at 10.0.0.1:6379 …\n"


def test_what_ray_says_is_kept_in_whole_lines(without_ray):
    words = "oneseed: ours\n\033[31mits\033[0m own \xff\n\nin pie"
    _, errors = finished(without_ray("--on", "ray", "--jobs", 1, *described("s.db", n=3), words=words))
    assert errors.splitlines() == ["oneseed: ours", "oneseed: Ray: its own \xff", *2 * ["oneseed: Ray: in pieoneseed: ours",
                                   "oneseed: Ray: its own \xff"], "oneseed: Ray: in pie"]  # fmt: skip
    # More than a pipe holds, in one line.
    _, errors = finished(without_ray("--on", "ray", "--jobs", 1, *described("t.db", n=3), words="x" * 100000))
    assert errors.replace("oneseed: Ray: ", "").replace("\n", "") == "x" * 300000


def test_what_ray_says_does_not_cut_into_the_table(without_ray, tmp_path):
    ours, theirs = pty.openpty()
    environment = {"ONESEED_PYTHON": str(tmp_path / "python-without-ray"), "ONESEED_TEST": '{"words": "a word\\n"}', "TERM": "xterm"}
    scan = subprocess.Popen([TOOL, "scan", "--on", "ray", *described("s.db", n=8)], cwd=tmp_path, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, **environment})  # fmt: skip
    os.close(theirs)
    screen, drawn = [], b""
    try:
        while more := os.read(ours, 4096):
            drawn += more
    except OSError:  # the other end is closed
        pass
    assert scan.wait(timeout=60) == 0
    # A terminal, as far as it is needed: lines, up and erase.
    for line in drawn.decode().replace("\r\n", "\n").split("\n"):
        for up in re.findall(r"\033\[(\d+)A", line):
            del screen[len(screen) - int(up) :]
        screen.append(re.sub(r"\r|\033\[\d*[A-Z]", "", line))
    assert screen == 8 * ["oneseed: Ray: a word"] + [""]


def test_stopped_by_a_signal(without_ray, tmp_path):
    scan = without_ray("--on", "ray", *described("s.db", code="echo $1 >>started; sleep 60"))
    assert until(lambda: len(started(tmp_path)) == 2)
    scan.send_signal(signal.SIGINT)
    began = time.monotonic()
    finished(scan, 130)
    assert time.monotonic() - began < 10
    assert ask(tmp_path / "s.db", "select count(*) from run") == [(0,)]


@pytest.mark.parametrize(("changed", "words"), [
    ({"build": "0.0.1 1 1"}, "its oneseed is another build"),
    ({"directory": "/no/such/folder"}, "/no/such/folder: No such file or directory: the command's folder must be there"),
    ({"environment": '{"python": "2.7.18"}'}, "compared to where the scan runs, python was 2.7.18"),
    ({"command": "[]"}, "does not say how it was made"),
])  # fmt: skip
def test_a_machine_that_is_another(without_ray, tmp_path, changed, words):
    (tmp_path / "train.py").write_text("print('v=1.5')")
    arguments = ["--on", "ray", "-o", "s.db", "--seeds", "0:4", "-m", "v=v=([0-9.]+)", "--", sys.executable, "train.py"]
    _, errors = finished(without_ray(*arguments, request=changed), 2)
    assert words in errors and errors.count("\n") == 1
    assert not (tmp_path / "s.db").exists()


def test_force_takes_another_machine(without_ray, tmp_path):
    (tmp_path / "train.py").write_text("print('v=1.5')")
    arguments = ["--on", "ray", "-o", "s.db", "--seeds", "0:2", "--force", "-m", "v=v=([0-9.]+)", "--", sys.executable, "train.py"]
    finished(without_ray(*arguments, request={"environment": '{"python": "2.7.18"}'}))
    assert len(rows(tmp_path / "s.db")) == 2


def test_ray_that_cannot_be_used(without_ray, tmp_path):
    _, errors = finished(without_ray("--on", "ray", *described("s.db"), answer={"places": 0, "error": "no luck"}), 2)
    assert errors == "oneseed: --on ray: no luck\n"
    pythons = {tmp_path / "none": "not found; ONESEED_PYTHON can name a Python that has ray", "false": "ended before Ray was there"}
    for python, words in pythons.items():
        _, errors = finished(start(tmp_path, "--on", "ray", *described("s.db"), ONESEED_PYTHON=str(python)), 2)
        assert words in errors and errors.count("\n") == 1
    (tmp_path / "ray.py").write_text("raise ImportError('none here')")
    _, errors = finished(start(tmp_path, "--on", "ray", *described("s.db"), ONESEED_PYTHON=sys.executable, PYTHONPATH=str(tmp_path)), 2)
    assert "cannot import ray (none here): pip install ray" in errors
    assert not (tmp_path / "s.db").exists()  # nothing was made in vain


@pytest.mark.parametrize(("arguments", "words"), [
    (["--on", "dask"], "--on dask: want ray or ray:ADDRESS"),
    (["--on", "ray", "--emit", "slurm"], "--emit: not with --on"),
    (["--on", "ray", "-m", "v=json:v@out.json"], "out.json is the same file for all runs"),
])  # fmt: skip
def test_bad_usage(tmp_path, arguments, words):
    _, errors = finished(start(tmp_path, "-o", "s.db", "--seeds", "0:4", *arguments, "--", "true"), 2)
    assert words in errors
