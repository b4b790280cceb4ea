"""`oneseed scan` as its users run it: what is kept, what is refused, what a study survives."""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from tool import TOOL, until

VECTORS = pathlib.Path(__file__).parents[1] / "vectors" / "metrics"


def scan(*arguments, cwd, status=0, timeout=120, environment=None, **more):
    environment = {**os.environ, **(environment or {})}
    done = subprocess.run(
        [TOOL, "scan", *map(str, arguments)], cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, env=environment, **more,
    )  # fmt: skip
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    return done


def ask(study, query):
    connection = sqlite3.connect(f"file:{study}?mode=ro", uri=True)
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def script(folder, text, name="train.py"):
    (folder / name).write_text(text)
    return ["--", sys.executable, name]


NOISY = "import random\nprint('step 1 acc: 0.5')\nprint(f'test acc: {random.random():.6f}')\n"


# ---- what is kept ----


def test_each_seed_is_run_once_as_oneseed_run_does(tmp_path):
    command = script(tmp_path, NOISY)
    scan("-o", "s.db", "--seeds", "0:4,10", "--jobs", 2, "-m", "acc=test acc: ([0-9.]+)", *command, cwd=tmp_path)
    rows = ask(tmp_path / "s.db", "select seed, acc from runs order by seed")
    assert [seed for seed, _ in rows] == [0, 1, 2, 3, 10]
    for seed, acc in rows:
        alone = subprocess.run([TOOL, "run", "--seed", str(seed), *command], cwd=tmp_path, capture_output=True, text=True)
        assert alone.stdout.splitlines()[-1] == f"test acc: {acc:.6f}"
    assert len({acc for _, acc in rows}) == 5


def test_seed_and_folder_are_filled_in(tmp_path):
    code = "import sys, pathlib; pathlib.Path(sys.argv[2], 'm.json').write_text('{\"x\": {\"y\": %s}}' % sys.argv[1])"
    scan(
        "-o", "s.db", "--seeds", "3:6", "--jobs", 2, "--level", "bare", "-m", "v=json:x.y@{folder}/m.json", "--folders", "kept",
        "--keep-output", "--", sys.executable, "-c", code, "{seed}", "{folder}", cwd=tmp_path,
    )  # fmt: skip
    assert ask(tmp_path / "s.db", "select seed, v from runs order by seed") == [(3, 3.0), (4, 4.0), (5, 5.0)]
    assert sorted(path.name for path in (tmp_path / "kept" / "4").iterdir()) == ["m.json", "stderr", "stdout"]


@pytest.mark.parametrize(
    "how, print_what, values",
    [
        (r"loss=loss\s+(\S+)", "loss 1.5\\nloss -2e-3 loss nan\\n", [1.5, -0.002, "nan"]),
        ("loss=[0-9]+%", "at 12%\\rat 99%\\n", [12.0, 99.0]),
        # A number is all of it, and no number is one, too.
        (r"loss=loss: ([0-9.]+)", "loss: 0.5\\nloss: 3.717e-05, lr: 1\\n", [0.5, 3.717e-05]),
        (r"loss=loss: ([0-9.]+)", "loss: 0.5\\nloss: nan\\n", [0.5, "nan"]),
        (r"loss=loss: ([\d.]+)", "loss: -inf\\nloss: 2e5\\nnano loss\\n", [float("-inf"), 2e5]),
        (r"loss=(train|test) loss ([0-9.]+)", "test loss 1\\ntest loss nan\\n", [1.0, "nan"]),
        ("loss=loss {number}", "loss -1.5E3\\nloss .5 loss 7.\\nloss NaN\\nloss nanometre\\n", [-1500.0, 0.5, 7.0, "nan"]),
        ("loss=(?:train|test) (loss): {number}%", "test loss: 12.5%\\n", [12.5]),
        ("loss", "train_loss: 9\\nLoss = 0.25, val-loss=1\\n'loss': tensor(0.125)\\n", [0.25, 0.125]),
        ("Loss", "val loss: 1 | loss: 0.25\\nCV loss: 3\\n", [0.25]),
        ("loss", "Test set: Average acc: 0.02, Loss: 9856/10000 (98.56%)\\n", [0.9856]),
        ("loss", "loss: 1,234.5\\nloss: 1,234,567\\nloss 71,5%\\nloss: 1/2/2026\\nloss: 1,2,3\\n", [1234.5, 1234567.0]),
        ("loss", "\\033[1mloss:\\033[0m \\033[32m0.84\\033[0m\\n", [0.84]),
        ("loss=acc.*?{number}", "acc:\\033[0m \\033[32m0.84\\n", [0.84]),
        ("loss=text:val (loss)", "loss 9, Val (loss): -inf\\n", [float("-inf")]),
        (
            "loss=json",
            '{\\"loss\\": 1, \\"step\\": 7}\\nnoise\\n{\\"loss\\": NaN}\\n{\\"loss\\": \\"-inf\\"}\\n',
            [1.0, "nan", float("-inf")],
        ),
        ("loss=json:a.b", '{\\"a\\": {\\"b\\": 0.1}}\\n', [0.1]),
        ("loss=json:a.b", '{\\"a.b\\": 0.25}\\n', [0.25]),
    ],
)
def test_numbers_on_stdout(tmp_path, how, print_what, values):
    scan("-o", "s.db", "--seeds", "0", "-m", how, "--", sys.executable, "-c", f'print("{print_what}", end="")', cwd=tmp_path)
    assert ask(tmp_path / "s.db", "select loss from runs") == [(values[-1],)]
    if len(values) > 1:
        assert [value for (value,) in ask(tmp_path / "s.db", "select value from step order by n")] == values


def test_a_label_that_others_end_with(tmp_path):
    """The number behind the label alone; else the last label's, which is said once."""
    code = "for k in range(3): print(f'epoch {k} | train loss: {k} | val loss: {10 + k}')\nprint('time: 3.5s, best val loss 10')\n"
    done = scan("-o", "s.db", "--seeds", "0:3", "-m", "loss", "-m", "val loss", *script(tmp_path, code), cwd=tmp_path)
    assert ask(tmp_path / "s.db", "select distinct loss, \"val loss\" from runs") == [(10.0, 12.0)]
    doubts = [line for line in done.stderr.splitlines() if "several labels" in line]
    assert doubts == ["oneseed: --metric loss: it stands behind several labels, best val loss and train loss: this takes best val loss; "
                      "name the one that is meant, -m 'train loss'"]  # fmt: skip
    assert ask(tmp_path / "s.db", "select value from step where metric = 1 and run = 1 order by n") == [(10,), (11,), (12,)]


def test_files_as_the_trackers_write_them(tmp_path):
    (tmp_path / "log.csv").write_bytes(b'\xef\xbb\xbfepoch,"val, acc"\r\n1,0.5\r\n2,"0.75"\r\n')
    metrics = ["-m", "c=csv:val, acc@log.csv", "-m", f"t=tensorboard:val/acc@{VECTORS}/events", "-m", f"m=mlflow:val/acc@{VECTORS}/mlruns",
               "-m", f"n=mlflow:loss@{VECTORS}/mlruns"]  # fmt: skip
    scan("-o", "s.db", "--seeds", "0", *metrics, "--", "true", cwd=tmp_path)
    assert ask(tmp_path / "s.db", "select c, t, m, n from runs") == [(0.75, 0.30000001192092896, 0.7, "nan")]
    steps = ask(tmp_path / "s.db", "select metric.name, step, value from step join metric on metric.id = metric order by step.n")
    assert [(step, round(value, 6)) for name, step, value in steps if name == "t"] == [(0, 0), (5, 0.1), (10, 0.2), (15, 0.3)]
    assert [(step, value) for name, step, value in steps if name == "m"] == [(0, 0.5), (10, 0.6), (20, 0.7)]
    assert [(step, value) for name, step, value in steps if name == "c"] == [(1, 0.5), (2, 0.75)]


def test_failures_are_kept_counted_and_tried_again(tmp_path):
    code = (
        "import os, sys, pathlib\nk = os.environ['ONESEED_SEED']\np = pathlib.Path('tries' + k)\n"
        "p.write_text(p.read_text() + 'x' if p.exists() else 'x')\nprint('v: 1')\n"
        "if k == '1' or (k == '2' and len(p.read_text()) < 2): sys.exit('boom ' + k)\n"
    )
    done = scan("-o", "s.db", "--seeds", "0:4", "--retries", 1, "-m", "v=v: (.)", *script(tmp_path, code), cwd=tmp_path, status=1)
    assert "seed 1: exit status 1: boom 1" in done.stderr and "1 failed" in done.stdout
    rows = ask(tmp_path / "s.db", "select seed, attempt, status from run order by seed, attempt")
    assert rows == [(0, 1, "done"), (1, 1, "failed"), (1, 2, "failed"), (2, 1, "failed"), (2, 2, "done"), (3, 1, "done")]
    answer = json.loads(scan("--resume", "s.db", "--json", cwd=tmp_path, status=1).stdout)
    assert (answer["done"], answer["failed"], answer["end"]) == (3, 1, "complete")
    assert "--resume s.db --retries N" in scan("--resume", "s.db", cwd=tmp_path, status=1).stdout
    # One more retry on resume: exactly that run again.
    scan("--resume", "s.db", "--retries", 2, cwd=tmp_path, status=1)
    assert ask(tmp_path / "s.db", "select count(*), max(attempt) from run") == [(7, 3)]


def test_a_run_that_hangs_is_ended_and_said(tmp_path):
    code = "import os, time\nprint('v: 1', flush=True)\nif os.environ['ONESEED_SEED'] == '1': time.sleep(600)\n"
    begun = time.monotonic()
    done = scan("-o", "s.db", "--seeds", "0:3", "--timeout", "1.5", "-m", "v=v: (.)", *script(tmp_path, code), cwd=tmp_path, status=1)
    assert time.monotonic() - begun < 20
    assert "seed 1: not done after 1.5 s" in done.stderr
    assert ask(tmp_path / "s.db", "select status, count(*) from run group by status order by 1") == [("done", 2), ("timeout", 1)]


def test_a_metric_that_never_appears_stops_the_scan(tmp_path):
    done = scan("-o", "s.db", "--seeds", "0:500", "-m", "acc=accuracy (.*)", "--", "echo", "acc: 0.5", cwd=tmp_path, status=2)
    assert "--metric acc: not there in any of the first 10 runs" in done.stderr and "acc: 0.5" in done.stderr
    assert ask(tmp_path / "s.db", "select count(*) from run") == [(10,)]
    # What the message advises goes on, also on resume.
    scan("--resume", "s.db", "--seeds", "0:30", "--allow-missing", cwd=tmp_path, status=1)
    assert ask(tmp_path / "s.db", "select count(*) from run") == [(30,)]
    # Also where most runs are varied ones.
    varied = ["-o", "v.db", "--seeds", "0:500", "--vary-source", "init,order", "-m", "acc=accuracy (.*)", "--", "echo", "acc: 0.5"]
    assert "in any of the first 10 runs" in scan(*varied, cwd=tmp_path, status=2).stderr
    assert ask(tmp_path / "v.db", "select count(*) from run where sources = ''") == [(10,)]
    # Fewer than ten: said, and the exit status tells.
    done = scan("-o", "t.db", "--seeds", "0:3", "-m", "acc=accuracy (.*)", "--", "echo", "acc: 0.5", cwd=tmp_path, status=1)
    assert "3 missing" in done.stdout and "what it means" not in done.stdout
    assert "not there as a number in any run; the last one's last line is: acc: 0.5" in done.stderr
    assert "nothing was measured" in scan("-o", "u.db", "--seeds", "0:3", "--", "true", cwd=tmp_path).stdout


def test_runs_that_all_fail_stop_the_scan(tmp_path):
    command = script(tmp_path, "print('v: 1')\nraise SystemExit('no data here')\n")
    done = scan("-o", "s.db", "--seeds", "0:500", "-m", "v=v: (.)", *command, cwd=tmp_path, status=2)
    assert "the first 10 runs all failed; the last one's last line is: no data here (--allow-missing goes on)" in done.stderr
    assert ask(tmp_path / "s.db", "select count(*) from run where status = 'failed'") == [(10,)]
    scan("-o", "t.db", "--seeds", "0:12", "--allow-missing", "-m", "v=v: (.)", *command, cwd=tmp_path, status=1)
    assert ask(tmp_path / "t.db", "select count(*) from run where status = 'failed'") == [(12,)]


def test_a_failure_is_told_by_its_error_and_line(tmp_path):
    code = "import json\ndef read(text):\n    return json.loads(text)\nread('{')\n"
    done = scan("-o", "s.db", "--seeds", "3", *script(tmp_path, code), cwd=tmp_path, status=1)
    assert "seed 3: exit status 1: train.py:3: json.decoder.JSONDecodeError: Expecting property name" in done.stderr
    # Also of a traceback that is longer than what is kept of other output, and of a file that is no Python.
    deep = "from xml.sax import saxutils\ndef own(text):\n    json = __import__('json'); "
    deep += "json.dumps([[[[[[[[[[[[object()]]]]]]]]]]]], indent=1, cls=json.JSONEncoder)\nown('')\n"
    done = scan("-o", "t.db", "--seeds", "3", *script(tmp_path, deep, "deep.py"), cwd=tmp_path, status=1)
    assert "deep.py:3: TypeError: Object of type object is not JSON serializable" in done.stderr
    assert len(ask(tmp_path / "t.db", "select text from tail")[0][0].splitlines()) > 20
    done = scan("-o", "u.db", "--seeds", "0:500", *script(tmp_path, "x = 1\nx = = 1\n", "no.py"), cwd=tmp_path, status=2)
    assert "the first 10 runs all failed; the last one at: no.py:2: SyntaxError: invalid syntax (--allow" in done.stderr


def test_a_package_that_is_missing_is_told_with_what_to_do(tmp_path):
    python = os.path.realpath(sys.executable)  # which does not have it
    command = ["--", python, "-c", "import oneseed; oneseed.log(x={seed})"]
    done = scan("-o", "s.db", "--seeds", "0:3", "--level", "bare", *command, cwd=tmp_path, status=1, environment={"PYTHONPATH": ""})
    assert done.stderr.count("the tool brings nothing into the program at level bare: install the package in that Python (pip") == 1
    assert done.stderr.count("No module named 'oneseed'") == 3
    isolated = ["--", python, "-I", *command[2:]]
    done = scan("-o", "u.db", "--seeds", "0:3", *isolated, cwd=tmp_path, status=1, environment={"PYTHONPATH": ""})
    assert done.stderr.count("when Python is started with -I, -E or -S: install the package") == 1
    scan("-o", "t.db", "--seeds", "0:3", *command, cwd=tmp_path, environment={"PYTHONPATH": ""})
    assert ask(tmp_path / "t.db", "select x from runs order by seed") == [(0,), (1,), (2,)]


def test_a_command_that_cannot_start_is_one_line_and_no_run(tmp_path):
    done = scan("-o", "s.db", "--seeds", "0:500", "--", "no-such-command", cwd=tmp_path, status=2)
    assert done.stderr == "oneseed: no-such-command: no such command in PATH\n"
    assert list(tmp_path.iterdir()) == []  # nothing stands in the way of the next try


def test_audit_finds_a_program_that_the_seed_does_not_decide(tmp_path):
    equal = scan("-o", "s.db", "--seeds", "0:20", "--audit", "10%", "-m", "v=acc: (.*)", *script(tmp_path, NOISY), cwd=tmp_path)
    assert "repeated seeds gave the same result again" in equal.stdout
    code = "import os\nprint('v:', int.from_bytes(os.urandom(4), 'little'))\n"
    done = scan("-o", "t.db", "--seeds", "0:20", "--audit", "10%", "-m", "v=v: (.*)", *script(tmp_path, code), cwd=tmp_path, status=1)
    assert "gave another result" in done.stdout and "oneseed check" in done.stdout


def test_audit_takes_a_number_as_per_cent(tmp_path):
    scan("-o", "s.db", "--seeds", "0:20", "--audit", "10", "--", "true", cwd=tmp_path)
    assert ask(tmp_path / "s.db", "select repeat, count(*) from run group by repeat") == [(0, 20), (1, 2)]


def test_until_stops_when_the_interval_is_narrow(tmp_path):
    answer = json.loads(
        scan("-o", "s.db", "--seeds", "0:2000", "--until", "v:ci<0.2", "-m", "v=v: (.*)", "--json", "--level", "bare", "--",
             "awk", "BEGIN { srand({seed}); print \"v: \" rand() }", cwd=tmp_path).stdout  # fmt: skip
    )
    assert answer["end"] == "enough" and 10 <= answer["done"] < 1000
    rows = [value for (value,) in ask(tmp_path / "s.db", "select v from runs")]
    # At least the normal interval is as narrow as was asked for.
    assert 1.96 * (sum((v - sum(rows) / len(rows)) ** 2 for v in rows) / (len(rows) - 1) / len(rows)) ** 0.5 <= 0.1
    shown = scan("-o", "t.db", "--seeds", "0:2000", "--until", "ci<0.2", "-m", "v=v: (.*)", "--level", "bare", "--",
                 "awk", "BEGIN { srand({seed}); print \"v: \" rand() }", cwd=tmp_path)  # fmt: skip
    assert "the mean of v ± 0.1 holds with about 95 %" in shown.stdout


# ---- resume ----


def test_resume_runs_what_is_missing_and_notices_changes(tmp_path):
    command = script(tmp_path, NOISY)
    scan("-o", "s.db", "--seeds", "0:5", "-m", "acc=test acc: (.*)", *command, cwd=tmp_path)
    first = ask(tmp_path / "s.db", "select id, seed, started from run order by id")
    scan("--resume", "s.db", "--seeds", "0:8", cwd=tmp_path)
    rows = ask(tmp_path / "s.db", "select id, seed, started from run order by id")
    assert rows[:5] == first and [seed for _, seed, _ in rows] == list(range(8))
    # More seeds are the study's from then on, fewer are of one call.
    assert "8 of 8 runs done" in scan("--resume", "s.db", cwd=tmp_path).stdout
    assert "2 of 2 runs done" in scan("--resume", "s.db", "--seeds", "0:2", cwd=tmp_path).stdout
    assert ask(tmp_path / "s.db", "select value from study where key = 'seeds'") == [("0:8",)]
    script(tmp_path, NOISY + "# changed\n")
    done = scan("--resume", "s.db", "--seeds", "0:9", cwd=tmp_path, status=2)
    assert "train.py changed" in done.stderr and "--force" in done.stderr
    done = scan("--resume", "s.db", "--seeds", "0:9", cwd=tmp_path, status=2, environment={"OMP_NUM_THREADS": "1"})
    assert "train.py changed" in done.stderr
    assert "going on, as you say" in scan("--resume", "s.db", "--seeds", "0:9", "--force", cwd=tmp_path).stderr
    assert ask(tmp_path / "s.db", "select value from study where key = 'forced'") == [("train.py changed",)]


def test_a_file_that_the_runs_write_is_no_change(tmp_path):
    (tmp_path / "log.txt").write_text("old")
    (tmp_path / "data.txt").write_text("data")
    command = [*script(tmp_path, "import sys, random\nopen(sys.argv[1], 'w').write(str(random.random()))\n"), "log.txt", "data.txt"]
    scan("-o", "s.db", "--seeds", "0:3", *command, cwd=tmp_path)
    scan("--resume", "s.db", "--seeds", "0:5", cwd=tmp_path)
    (tmp_path / "data.txt").write_text("other data")
    assert "data.txt changed" in scan("--resume", "s.db", "--seeds", "0:6", cwd=tmp_path, status=2).stderr


def test_a_study_that_is_there_is_never_overwritten(tmp_path):
    scan("-o", "s.db", "--seeds", "0", "--", "true", cwd=tmp_path)
    before = (tmp_path / "s.db").read_bytes()
    assert "s.db" in scan("-o", "s.db", "--seeds", "0", "--", "true", cwd=tmp_path, status=2).stderr
    assert (tmp_path / "s.db").read_bytes() == before


def begin(tmp_path, *arguments):
    return subprocess.Popen(
        [TOOL, "scan", *map(str, arguments)], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip


def count(study):
    try:
        return ask(study, "select count(*) from run")[0][0]
    except sqlite3.Error:
        return 0


SLOW = "import random, time, os\ntime.sleep(0.05)\nprint('pid', os.getpid())\nprint('acc:', random.random())\n"


def test_killed_ten_times_nothing_is_lost_or_doubled(tmp_path):
    command = script(tmp_path, SLOW)
    arguments = ["-o", "s.db", "--seeds", "0:60", "--jobs", 2, "-m", "acc=acc: (.*)", *command]
    kept = set()
    for round_ in range(10):
        running = begin(tmp_path, *(arguments if round_ == 0 else ["--resume", "s.db", "--jobs", 2]))
        n = count(tmp_path / "s.db")
        until(lambda n=n, one=running: count(tmp_path / "s.db") >= min(n + 3, 60) or one.poll() is not None, 30)
        running.kill()
        running.communicate()
        now = set(ask(tmp_path / "s.db", "select seed, acc from runs"))
        assert kept <= now
        kept = now
    scan("--resume", "s.db", "--jobs", 2, cwd=tmp_path)
    rows = ask(tmp_path / "s.db", "select seed from run where status = 'done'")
    assert sorted(seed for (seed,) in rows) == list(range(60))
    assert kept <= set(ask(tmp_path / "s.db", "select seed, acc from runs"))


def test_a_killed_scan_leaves_no_run_behind(tmp_path):
    command = script(tmp_path, "import os, time, pathlib\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(300)\n")
    running = begin(tmp_path, "-o", "s.db", "--seeds", "0:5", *command)
    assert until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    pid = int((tmp_path / "pid").read_text())
    running.kill()
    running.communicate()
    assert until(lambda: not os.path.exists(f"/proc/{pid}") or open(f"/proc/{pid}/stat").read().split()[2] == "Z")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_scan_and_says_how_to_go_on(tmp_path, number):
    running = begin(tmp_path, "-o", "s.db", "--seeds", "0:1000", "--jobs", 2, "-m", "acc=acc: (.*)", *script(tmp_path, SLOW))
    assert until(lambda: count(tmp_path / "s.db") >= 4)
    (os.killpg if number == signal.SIGINT else os.kill)(running.pid, number)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 128 + number
    assert "oneseed scan --resume s.db" in out
    n = count(tmp_path / "s.db")
    assert 4 <= n < 1000 and ask(tmp_path / "s.db", "select count(*) from run where status != 'done'") == [(0,)]
    answer = json.loads(scan("--resume", "s.db", "--seeds", f"0:{n + 3}", "--json", cwd=tmp_path).stdout)
    assert answer["done"] == n + 3


def test_two_scans_on_one_study(tmp_path):
    running = begin(tmp_path, "-o", "s.db", "--seeds", "0:1000", "-m", "acc=acc: (.*)", *script(tmp_path, SLOW))
    assert until(lambda: count(tmp_path / "s.db") >= 2)
    done = scan("--resume", "s.db", cwd=tmp_path, status=2)
    assert str(running.pid) in done.stderr and len(done.stderr.splitlines()) == 1
    running.terminate()
    running.communicate(timeout=30)


def children(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_worker_that_dies_is_replaced_and_its_run_made_again(tmp_path):
    running = begin(tmp_path, "-o", "s.db", "--seeds", "0:30", "--jobs", 2, "-m", "acc=acc: (.*)", *script(tmp_path, SLOW))
    assert until(lambda: count(tmp_path / "s.db") >= 4)
    os.kill(children(running.pid)[0], signal.SIGKILL)
    out, error = running.communicate(timeout=60)
    assert running.returncode == 0, (out, error)
    assert "its worker died" in error
    rows = ask(tmp_path / "s.db", "select seed from run where status = 'done'")
    assert sorted(seed for (seed,) in rows) == list(range(30))


def test_a_read_only_place_and_a_full_disk(tmp_path):
    done = scan("-o", "/proc/s.db", "--seeds", "0", "--", "true", cwd=tmp_path, status=2)
    assert "/proc/s.db" in done.stderr and len(done.stderr.splitlines()) == 1
    # A limit on the size of files stands for a full disk: the write fails in the middle of the scan.
    code = "print('acc: 1')\nprint('x' * 8000)\n"
    scan("-o", "s.db", "--seeds", "0:2", "-m", "acc=acc: (.)", *script(tmp_path, code), cwd=tmp_path)
    limited = ["bash", "-c", 'ulimit -f 120; trap "" XFSZ; exec "$@"', "bash", TOOL, "scan", "--resume", "s.db", "--seeds", "0:100"]
    done = subprocess.run(limited, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "--resume" in done.stderr, done.stderr
    n = count(tmp_path / "s.db")
    assert 2 <= n < 100
    scan("--resume", "s.db", "--seeds", "0:100", cwd=tmp_path)
    assert [row for row in ask(tmp_path / "s.db", "select seed from run where status = 'done' order by 1")] == [(k,) for k in range(100)]


# ---- a metric that was forgotten ----

LOSSES = """import os, sys, random, pathlib
k = os.environ['ONESEED_SEED']
for step in range(3): print(f'step {step} loss: {random.random():.6f}')
pathlib.Path(sys.argv[1], 'm.csv').write_text(f'step,top5\\n1,0.5\\n2,0.{k}\\n')
print('acc: 0.5')
if k == '7': sys.exit(1)
"""
LOSS, TOP5 = ["-m", "loss=loss: (.*)"], ["-m", "top5=csv:top5@{folder}/m.csv"]
KEPT = ["--folders", "kept", "--keep-output"]
ROWS = "select seed, sources, repeat, status, acc, loss, top5 from runs order by seed, sources, repeat"
STEPS = ("select seed, sources, repeat, metric.name, step.step, step.value from step join run on run.id = step.run "
         "join metric on metric.id = step.metric order by seed, sources, repeat, name, n")  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--vary-source", "init,order"], ["--no-steps"]])
def test_a_metric_added_on_resume_is_read_from_what_was_kept(tmp_path, options):
    command = [*script(tmp_path, LOSSES), "{folder}"]
    plan = ["--seeds", "0:12", "--jobs", 2, "--audit", "30%", "-m", "acc=acc: (.*)", *options]
    for name in ("late.db", "early.db"):
        more = [*LOSS, *TOP5] if name == "early.db" else []
        scan("-o", name, *plan, *more, "--folders", f"kept-{name}", "--keep-output", *command, cwd=tmp_path, status=1)
    done = scan("--resume", "late.db", *LOSS, *TOP5, cwd=tmp_path, status=1)
    n = len(ask(tmp_path / "late.db", "select * from runs"))
    assert f"loss: {n} of {n} runs have it, read from what was kept\n" in done.stderr and f"top5: {n} of {n}" in done.stderr
    for query in (ROWS, STEPS):
        assert ask(tmp_path / "late.db", query) == ask(tmp_path / "early.db", query)
    texts = "select value from study where key in ('metrics', 'filling') order by key"
    assert ask(tmp_path / "late.db", texts) == [("[]",), *ask(tmp_path / "early.db", texts)]
    # From now on it is one of the study's, for further seeds, too.
    scan("--resume", "late.db", "--seeds", "0:14", cwd=tmp_path, status=1)
    assert ask(tmp_path / "late.db", "select count(*) from runs where seed in (12, 13) and loss is null") == [(0,)]


def test_a_metric_added_where_nothing_was_kept(tmp_path):
    command = [*script(tmp_path, LOSSES + "import oneseed; oneseed.log(lr=0.5)\n"), "{folder}"]
    scan("-o", "s.db", "--seeds", "0:5", "-m", "acc=acc: (.*)", *command, cwd=tmp_path)
    done = scan("--resume", "s.db", *LOSS, *TOP5, "-m", "lr=log", "-m", "no=log", "-m", "x=csv:a@b", cwd=tmp_path, status=1)
    none = "0 of 5 runs have it; of 5 the"
    assert f"loss: {none} output was not kept (a scan with --folders FOLDER --keep-output keeps it)\n" in done.stderr
    assert f"top5: {none} folder was not kept (a scan with --folders FOLDER keeps it)\n" in done.stderr
    assert "lr: 5 of 5 runs have it\n" in done.stderr and "no: 0 of 5 runs have it; 5 did not log it\n" in done.stderr
    assert "x: 0 of 5 runs have it; 5 are not looked at: its file is not in {folder}\n" in done.stderr
    # Ten runs from now on decide whether it is there at all.
    done = scan("--resume", "s.db", "--seeds", "0:50", "--retries", 0, cwd=tmp_path, status=2)
    assert "--metric no: not there in any of the last 10 runs" in done.stderr
    assert ask(tmp_path / "s.db", "select count(*), count(loss) from runs where status = 'done'") == [(15, 10)]


def test_what_was_kept_of_another_attempt_is_not_read(tmp_path):
    command = [*script(tmp_path, LOSSES), "{folder}"]
    scan("-o", "s.db", "--seeds", "0:7", "--audit", "100%", "-m", "acc=acc: (.*)", *KEPT, *command, cwd=tmp_path)
    (tmp_path / "kept/3/stdout").write_text("step 0 loss: 0.25\n")
    (tmp_path / "kept/4/stdout").unlink()
    (tmp_path / "kept/5/m.csv").write_text("nothing\n")
    done = scan("--resume", "s.db", *LOSS, *TOP5, cwd=tmp_path, status=1)
    assert "loss: 12 of 14 runs have it, read from what was kept; of 2 the output" in done.stderr
    assert "top5: 11 of 14 runs have it, read from what was kept; of 2 the folder was not kept (" in done.stderr
    assert "keeps it); in 1 it is not there\n" in done.stderr
    assert ask(tmp_path / "s.db", "select seed from runs where repeat = 0 and loss is null order by 1") == [(3,), (4,)]
    assert "7 of 7 repeated seeds gave the same" in done.stdout
    # The same words again, once it is there again: it is read.
    (tmp_path / "kept/5/m.csv").write_text("step,top5\n1,0.75\n")
    scan("--resume", "s.db", *TOP5, cwd=tmp_path, status=1)
    assert ask(tmp_path / "s.db", "select top5 from runs where seed = 5 and repeat = 0") == [(0.75,)]


def test_a_definition_never_changes(tmp_path):
    command = script(tmp_path, "import oneseed; oneseed.log(lr=0.5)\nprint('acc: 0.5')\n")
    scan("-o", "s.db", "--seeds", "0:3", "-m", "acc=acc: (.*)", *command, cwd=tmp_path)
    before = ask(tmp_path / "s.db", "select * from study order by key")
    done = scan("--resume", "s.db", "-m", "acc=acc: 0.(.)", cwd=tmp_path, status=2)
    assert "--metric acc: this study has values of it, found by 'acc: (.*)': that cannot change; give the new" in done.stderr
    done = scan("--resume", "s.db", "-m", "lr=acc: (.*)", cwd=tmp_path, status=2)
    assert "--metric lr: this study has values of it, found by 'log': that cannot change" in done.stderr and done.stdout == ""
    assert ask(tmp_path / "s.db", "select * from study order by key") == before


def test_a_definition_that_found_nothing_is_mended(tmp_path):
    scan("-o", "s.db", "--seeds", "0:3", "-m", "acc=Acc: (.*)", *KEPT, *script(tmp_path, NOISY), cwd=tmp_path, status=1)
    done = scan("--resume", "s.db", "--seeds", "0:4", "-m", "acc=test acc: (.*)", cwd=tmp_path)
    assert "acc: 3 of 3 runs have it, read from what was kept" in done.stderr
    assert len({acc for (acc,) in ask(tmp_path / "s.db", "select acc from runs")} - {None}) == 4
    assert ask(tmp_path / "s.db", "select name, how from metric") == [("acc", "test acc: (.*)")]
    assert "that cannot change" in scan("--resume", "s.db", "-m", "acc=acc", cwd=tmp_path, status=2).stderr


def test_filling_survives_kills(tmp_path):
    """Ten runs, and 20,000 as them: enough to be killed while they are read."""
    command = [*script(tmp_path, LOSSES), "{folder}"]
    scan("-o", "s.db", "--seeds", "0:10", "-m", "acc=acc: (.*)", *KEPT, *command, cwd=tmp_path, status=1)
    connection = sqlite3.connect(tmp_path / "s.db")
    columns = "sources, repeat, attempt, status, exit, started, seconds, peak_kib, output, states, host, m0"
    for seed in range(10, 20010):
        connection.execute(f"insert into run(seed, {columns}) select {seed}, {columns} from run where seed = {seed % 10}")
        (tmp_path / f"kept/{seed}").symlink_to(str(seed % 10))
    connection.execute("update study set value = '0:20010' where key = 'seeds'")
    connection.commit()
    connection.close()

    def n_values():
        names = [name for (name,) in ask(tmp_path / "s.db", "select name from metric")]
        return ask(tmp_path / "s.db", "select count(loss) from runs")[0][0] if "loss" in names else 0

    n_found = [0]
    for k in range(16):  # at first at any time, later while it reads
        more = LOSS if n_found[-1] == 0 else []
        process = subprocess.Popen([TOOL, "scan", "--resume", "s.db", *more], cwd=tmp_path, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
        if k < 8:
            time.sleep(0.01 + 0.02 * k)
        else:
            last, ends = n_found[-1], time.monotonic() + 60
            while n_values() == last and process.poll() is None and time.monotonic() < ends:
                time.sleep(0.001)
        process.kill()
        process.wait()
        n_found.append(n_values())
        steps = "select count(*), count(distinct run) * 3 from step where metric = 1"
        assert ask(tmp_path / "s.db", steps) == [(3 * n_found[-1], 3 * n_found[-1])]
    assert n_found == sorted(n_found) and len(set(n_found) - {0, 20010}) >= 2, n_found
    scan("--resume", "s.db", cwd=tmp_path, status=1)
    expected = {seed: value for seed, value in ask(tmp_path / "s.db", "select seed, loss from runs where seed < 10")}
    assert len(set(expected.values())) == 10 and None not in expected.values()
    assert ask(tmp_path / "s.db", "select seed, loss from runs order by seed") == [(k, expected[k % 10]) for k in range(20010)]
    assert ask(tmp_path / "s.db", "select count(*) from step where metric = 1") == [(3 * 20010,)]


# ---- shards ----


def test_shards_are_the_whole_and_share_nothing(tmp_path):
    for k in range(3):
        scan("-o", f"s{k}.db", "--seeds", "0:10", "--shard", f"{k}/3", "--", "true", cwd=tmp_path)
    slurm = {"SLURM_ARRAY_TASK_ID": "8", "SLURM_ARRAY_TASK_MIN": "7", "SLURM_ARRAY_TASK_COUNT": "3"}
    scan("-o", "slurm.db", "--seeds", "0:10", "--", "true", cwd=tmp_path, environment=slurm)
    seeds = [[seed for (seed,) in ask(tmp_path / f"s{k}.db", "select seed from run order by 1")] for k in range(3)]
    assert sorted(sum(seeds, [])) == list(range(10))
    assert [seed for (seed,) in ask(tmp_path / "slurm.db", "select seed from run order by 1")] == seeds[1]


def test_shards_are_merged_wherever_the_options_stand(tmp_path):
    for k in range(2):
        scan("-o", f"s{k}.db", "--seeds", "0:4", "--shard", f"{k}/2", "--", "true", cwd=tmp_path)
    orders = [["--merge", "-o", "a.db", "s0.db", "s1.db"], ["-o", "b.db", "--merge", "s0.db", "--force", "s1.db"],
              ["--force", "--merge", "s0.db", "s1.db", "-o", "c.db"]]  # fmt: skip
    for order in orders:
        scan(*order, cwd=tmp_path)
    assert [ask(tmp_path / f"{name}.db", "select count(*) from run") for name in "abc"] == 3 * [[(4,)]]
    # A command's own word is none of ours.
    scan("-o", "d.db", "--seeds", "0:2", "echo", "--merge", cwd=tmp_path)


# ---- usage ----


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--seeds", "0:5", "--", "true"], "no study"),
        (["-o", "s.db", "--", "true"], "no seeds"),
        (["-o", "s.db", "--seeds", "0:5"], "no command"),
        (["-o", "s.db", "--seeds", "5:5", "--", "true"], "END must be above FIRST"),
        (["-o", "s.db", "--seeds", "0:5,3", "--", "true"], "seed 3 is there twice"),
        (["-o", "s.db", "--seeds", "-1", "--", "true"], "--seeds -1"),
        (["-o", "s.db", "--seed", "4", "--", "true"], "oneseed run --seed"),
        (["-o", "s.db", "--seeds", "9223372036854775808", "--", "true"], "0 to 9223372036854775807"),
        (["-o", "s.db", "--seeds", "0", "-m", "acc: ([0-9]+)", "--", "true"], "NAME='acc: ([0-9]+)'"),
        (["-o", "s.db", "--seeds", "0", "-m", "acc {number}", "--", "true"], "needs a name in front"),
        (["-o", "s.db", "--seeds", "0", "-m", "=x", "--", "true"], "a metric's name has"),
        (["-o", "s.db", "--seeds", "0", "-m", "acc={number}(", "--", "true"], "not a regular expression"),
        (["-o", "s.db", "--seeds", "0", "-m", "acc=(", "--", "true"], "not a regular expression"),
        (["-o", "s.db", "--seeds", "0", "-m", "a=csv:x", "--", "true"], "csv:COLUMN@FILE"),
        (["-o", "s.db", "--seeds", "0", "--level", "bare", "--", "true"], "{seed} is not in the command"),
        (["-o", "s.db", "--seeds", "0:5", "-j", "2", "-m", "a=csv:x@o.csv", "--", "true"], "overwrite"),
        (["-o", "s.db", "--seeds", "0", "--audit", "0.5", "--", "true"], "per cent, or a share? write 0.5% or 50%"),
        (["-o", "s.db", "--seeds", "0", "--audit", "1", "--", "true"], "write 1% or 100%"),
        (["-o", "s.db", "--seeds", "0", "--audit", "101", "--", "true"], "percentage"),
        (["-o", "s.db", "--seeds", "0", "--audit", "-1%", "--", "true"], "percentage"),
        (["-o", "s.db", "--seeds", "0", "--until", "sd<1", "--", "true"], "ci<WIDTH"),
        (["-o", "s.db", "--seeds", "0", "--shard", "3/3", "--", "true"], "--shard"),
        (["-o", "s.db", "--seeds", "0", "--vary-source", "luck", "--", "true"], "not one of init"),
        (["-o", "s.db", "--seeds", "0", "--preload", "numpy", "--", "true"], "python train.py"),
        (["--resume", "none.db"], "none.db"),
        (["--resume", "none.db", "--", "true"], "cannot change"),
        (["--resume", "none.db", "--keep-output"], "cannot change"),
        (["--resume", "none.db", "--no-steps"], "cannot change"),
    ],
)
def test_bad_usage_is_said_in_a_line(tmp_path, arguments, words):
    done = scan(*arguments, cwd=tmp_path, status=2)
    assert words in done.stderr and len(done.stderr.splitlines()) <= 2, done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []


# ---- warm starts ----

TRAINING = """import random
import numpy as np
print('draws:', random.random(), np.random.rand(), sorted({'a', 'b', 'c'}), list({'a', 'b', 'c', 'd'}))
print('acc:', random.random() + np.random.rand())
"""


def test_a_warm_scan_gives_what_a_cold_one_gives(tmp_path):
    command = script(tmp_path, TRAINING)
    scan("-o", "warm.db", "--seeds", "0:12", "--jobs", 2, "--preload", "numpy", "-m", "acc=acc: (.*)", *command, cwd=tmp_path)
    # Python's hash seed is one for all runs of a warm scan.
    cold = {"PYTHONHASHSEED": "0"}
    scan("-o", "cold.db", "--seeds", "0:12", "-m", "acc=acc: (.*)", *command, cwd=tmp_path, environment=cold)
    query = "select seed, acc, output, states from runs order by seed"
    assert ask(tmp_path / "warm.db", query) == ask(tmp_path / "cold.db", query)
    assert len({row[1] for row in ask(tmp_path / "warm.db", query)}) == 12


def test_a_warm_start_that_differs_is_refused(tmp_path):
    # What a module keeps from its import is the same in all warm runs, and another in each cold one.
    (tmp_path / "once.py").write_text("import os\nvalue = int(os.environ['ONESEED_SEED']) if 'ONESEED_SEED' in os.environ else -1\n")
    command = script(tmp_path, "import once\nprint('acc:', once.value)\n")
    done = scan("-o", "s.db", "--seeds", "5:9", "--preload", "once", "-m", "acc=acc: (.*)", *command, cwd=tmp_path, status=2)
    assert "a warm start gives other results than a cold one" in done.stderr
    assert not (tmp_path / "s.db").exists()


@pytest.mark.parametrize("modules, words", [("no_such_module", "no_such_module"), ("threads_at_import", "thread")])
def test_what_cannot_be_preloaded_is_said(tmp_path, modules, words):
    code = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    (tmp_path / "threads_at_import.py").write_text(code)
    done = scan("-o", "s.db", "--seeds", "0:3", "--preload", modules, *script(tmp_path, NOISY), cwd=tmp_path, status=2)
    assert "--preload" in done.stderr and words in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_warm_run_that_hangs_is_ended(tmp_path):
    code = "import os, time\nprint('v: 1', flush=True)\nif os.environ['ONESEED_SEED'] == '3': time.sleep(600)\n"
    options = ["--preload", "json", "--timeout", "1.5", "-m", "v=v: (.)"]
    scan("-o", "s.db", "--seeds", "0:6", *options, *script(tmp_path, code), cwd=tmp_path, status=1)
    assert ask(tmp_path / "s.db", "select seed, status from run where status != 'done'") == [(3, "timeout")]
