"""oneseed check from outside: verdicts, JSON, exit codes, refusals. The causes are judged by tests/cases."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = os.environ.get("ONESEED_TOOL", str(ROOT / "build/oneseed"))


def check(*arguments, cwd, timeout=120):
    return subprocess.run([TOOL, "check", *arguments], cwd=cwd, capture_output=True, text=True, timeout=timeout)


def check_json(*arguments, cwd):
    done = check("--json", *arguments, cwd=cwd)
    return done.returncode, json.loads(done.stdout)


def script(folder, text, name="train.py"):
    (folder / name).write_text(text)
    return [sys.executable, name]


def test_equal_runs_are_same_and_say_what_was_compared(tmp_path):
    code, answer = check_json("--", *script(tmp_path, "import random\nrandom.seed(1)\nprint(random.random())\n"), cwd=tmp_path)
    assert (code, answer["verdict"], answer["first"], answer["causes"]) == (0, "same", None, [])
    assert answer["format"] == "oneseed-check/1"
    assert answer["compared"]["stdout"] is True
    assert answer["compared"]["draws"] >= 1
    assert answer["compared"]["lanes"] == 1


def test_text_answer_names_line_and_fix(tmp_path):
    command = script(tmp_path, "import random\n\ndef sample():\n    return random.random()\n\nprint(sample())\n")
    done = check("--color", "never", "--", *command, cwd=tmp_path)
    assert done.returncode == 1
    first = done.stdout.splitlines()[0]
    assert first.startswith("✗ The runs differ. First cause: unseeded-rng  (proved: ")
    assert "train.py:4  in sample:   return random.random()" in done.stdout
    assert "Fix: call random.seed(SEED)" in done.stdout
    assert "It reached: stdout line 1 on" in done.stdout
    assert len(done.stdout.splitlines()) <= 24
    assert "\033" not in done.stdout


def test_experiments_none_gives_evidence_from_the_trace(tmp_path):
    command = script(tmp_path, "import random\nprint(random.random())\n")
    code, answer = check_json("--experiments", "none", "--", *command, cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["evidence"]) == (1, "unseeded-rng", "trace")
    assert answer["controlled"] is None
    assert answer["total_runs"] == 2


def test_stdout_of_the_command_is_not_ours(tmp_path):
    done = check("--", *script(tmp_path, "print('mine')\n"), cwd=tmp_path)
    assert "mine" not in done.stdout + done.stderr
    done = check("--show-output", "--", *script(tmp_path, "print('mine')\n"), cwd=tmp_path)
    assert "mine" not in done.stdout and done.stderr.count("mine") == 2


def test_written_files_are_compared(tmp_path):
    command = script(tmp_path, "import os\nopen('model.bin', 'wb').write(os.urandom(8))\n")
    code, answer = check_json("--", *command, cwd=tmp_path)
    assert (code, answer["verdict"], answer["first"]["channel"]) == (1, "diverged", "os-entropy")
    assert answer["first"]["reached"]["files"] == [str(tmp_path / "model.bin")]


def test_output_globs_choose_the_files(tmp_path):
    command = script(tmp_path, "import os\nopen('noise.bin', 'wb').write(os.urandom(8))\nopen('model.bin', 'wb').write(b'x')\n")
    code, answer = check_json("--output", "model.*", "--", *command, cwd=tmp_path)
    assert (code, answer["verdict"], answer["compared"]["files"]) == (0, "same", 1)


def test_file_left_by_the_run_before_is_a_cause_and_fresh_dir_closes_it(tmp_path):
    text = (
        "import os\n"
        "count = 0\n"
        "if os.path.exists('count.txt'):\n"
        "    count = int(open('count.txt').read())\n"
        "open('count.txt', 'w').write(str(count + 1))\n"
        "print('step', count)\n"
    )
    (tmp_path / "count.txt").write_text("5")
    command = script(tmp_path, text)
    code, answer = check_json("--", *command, cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["evidence"]) == (1, "file-content", "experiment")
    assert abs(answer["first"]["line"] - 4) <= 1
    code, answer = check_json("--fresh-dir", "--", *command, cwd=tmp_path)
    assert (code, answer["verdict"]) == (0, "same")


def test_exit_status_is_part_of_the_result(tmp_path):
    command = script(tmp_path, "import os, sys\nsys.exit(os.urandom(1)[0] % 200)\n")
    code, answer = check_json("--", *command, cwd=tmp_path)
    assert (code, answer["verdict"]) == (1, "diverged")
    assert answer["first"]["reached"]["status"] is True


def test_vary_shows_what_an_equal_result_depends_on(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
    command = script(tmp_path, "import os\nnames = os.listdir('.')\nprint(names[0], names[-1])\n")
    code, answer = check_json("--vary", "file-order,hash-seed", "--", *command, cwd=tmp_path)
    assert (code, answer["verdict"]) == (1, "diverged")
    assert [(v["what"], v["depends"]) for v in answer["vary"]] == [("file-order", True), ("hash-seed", False)]
    assert (answer["first"]["channel"], answer["first"]["line"]) == ("file-order", 2)
    assert "sorted(" in answer["first"]["fix"]


@pytest.mark.parametrize("make, depends", [("np.empty", True), ("np.zeros", False)])
def test_vary_shows_memory_that_nobody_wrote(tmp_path, make, depends):
    """So many new pages are zeroes in each plain run: read all the same, and equal until a block is used again."""
    command = script(tmp_path, f"import numpy as np\n\nsums = {make}(200_000)\nprint(sums.sum())\n")
    code, answer = check_json("--vary", "memory", "--", *command, cwd=tmp_path)
    assert [(v["what"], v["depends"]) for v in answer["vary"]] == [("memory", depends)]
    assert code == (1 if depends else 0)
    if depends:
        assert (answer["first"]["channel"], answer["first"]["line"]) == ("uninitialised-memory", 3)
        assert "np.zeros" in answer["first"]["fix"] or "numpy.zeros" in answer["first"]["fix"]


def test_several_runs_report_distinct_results(tmp_path):
    command = script(tmp_path, "import os\nprint(os.urandom(4))\n")
    code, answer = check_json("--runs", "3", "--experiments", "none", "--", *command, cwd=tmp_path)
    assert (code, answer["runs"], answer["distinct"]) == (1, 3, 3)


def test_timeout_is_undecided(tmp_path):
    code, answer = check_json("--timeout", "1", "--", *script(tmp_path, "import time\ntime.sleep(60)\n"), cwd=tmp_path)
    assert (code, answer["verdict"]) == (2, "inconclusive")
    assert "--timeout" in answer["reason"]


@pytest.mark.parametrize(
    "arguments, what",
    [
        ([], "no command given"),
        (["--runs", "1", "--", "true"], "--runs"),
        (["--runs"], "--runs"),
        (["--vary", "moon", "--", "true"], "moon"),
        (["--timeout", "0", "--", "true"], "--timeout"),
        (["--experiments", "-1", "--", "true"], "--experiments"),
        (["--color", "pink", "--", "true"], "--color"),
        (["--nonsense", "--", "true"], "--nonsense"),
    ],
)
def test_bad_usage_is_two_lines_and_exit_2(tmp_path, arguments, what):
    done = check(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 2 and what in done.stderr.splitlines()[0]


def test_command_not_found_is_one_line_and_exit_2(tmp_path):
    done = check("--", "no-such-command-here", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "no-such-command-here" in done.stderr


def test_help_goes_to_stdout(tmp_path):
    done = check("--help", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == "" and "--vary" in done.stdout


def test_full_stdout_is_a_failure(tmp_path):
    command = script(tmp_path, "print(1)\n")
    with open("/dev/full", "w") as full:
        done = subprocess.run([TOOL, "check", "--", *command], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


def test_nothing_is_left_behind(tmp_path):
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    command = script(tmp_path, "import random\nprint(random.random())\n")
    subprocess.run([TOOL, "check", "--", *command], cwd=tmp_path, env={**os.environ, "TMPDIR": str(scratch)}, capture_output=True)
    assert list(scratch.iterdir()) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tmp", "train.py"]


ENDLESS = """
import random, sys
{seeding}
while True:
    number = random.random()
    {rest}
"""


@pytest.mark.parametrize("rest", ["print(number, flush=True)", "pass"])
def test_stop_after_compares_as_far_as_both_came(tmp_path, rest):
    rest += "; sys.stderr.write('.')"  # an event each time round
    seeded = script(tmp_path, ENDLESS.format(seeding="random.seed(1)", rest=rest), "seeded.py")
    code, answer = check_json("--stop-after", "2000", "--", *seeded, cwd=tmp_path)
    assert (code, answer["verdict"], answer["stopped"]) == (0, "same", True)
    unseeded = script(tmp_path, ENDLESS.format(seeding="pass", rest=rest), "unseeded.py")
    code, answer = check_json("--stop-after", "2000", "--", *unseeded, cwd=tmp_path)
    assert (code, answer["verdict"], answer["first"]["channel"], answer["first"]["line"]) == (1, "diverged", "unseeded-rng", 5)
    assert answer["controlled"]["verdict"] == "same"


def test_a_script_that_leaves_nothing_is_judged_by_what_it_drew(tmp_path):
    code, answer = check_json("--", *script(tmp_path, "import random\nx = [random.random() for _ in range(9)]\n"), cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["line"]) == (1, "unseeded-rng", 2)
    code, answer = check_json("--", *script(tmp_path, "import random\nrandom.seed(3)\nx = random.random()\n"), cwd=tmp_path)
    assert (code, answer["compared"]["draws"]) == (0, 1)


def test_every_unseeded_generator_is_a_cause(tmp_path):
    text = """import random
import numpy as np
rng = np.random.default_rng()
print(random.random())
print(rng.random())
print(np.random.rand())
"""
    code, answer = check_json("--", *script(tmp_path, text), cwd=tmp_path)
    assert [(cause["channel"], cause["line"]) for cause in answer["causes"]] == [("unseeded-rng", line) for line in (3, 4, 6)]
    assert code == 1 and answer["controlled"]["verdict"] == "same"


def test_a_wrapper_makes_no_child_of_a_script(tmp_path):
    command = script(tmp_path, "import random\nprint(random.random())\n")
    code, answer = check_json("--", "sh", "-c", "\"$@\"; true", "sh", *command, cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["line"]) == (1, "unseeded-rng", 2)


def test_the_line_is_the_childs_own(tmp_path):
    text = """import subprocess, sys
if len(sys.argv) > 1:
    print(list({"cat", "dog", "cow", "emu"}))
else:
    print(subprocess.run([sys.executable, __file__, "child"], capture_output=True, text=True).stdout)
"""
    code, answer = check_json("--runs", "6", "--", *script(tmp_path, text), cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["line"]) == (1, "hash-seed", 3)


def test_folders_that_a_run_makes_are_gone_before_the_next(tmp_path):
    text = """import datetime, os
folder = datetime.datetime.now().strftime("runs/%H%M%S-%f")
os.makedirs(folder)
open(folder + "/metrics.txt", "w").write("1")
"""
    code, answer = check_json("--", *script(tmp_path, text), cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["line"]) == (1, "clock", 2)
    assert len(list((tmp_path / "runs").iterdir())) <= 2


def test_fresh_dir_sees_the_files_and_calls_them_by_the_users_names(tmp_path):
    command = script(tmp_path, "import random\nopen('out.txt', 'w').write(str(random.random()))\n")
    code, answer = check_json("--fresh-dir", "--", *command, cwd=tmp_path)
    assert (code, answer["first"]["file"]) == (1, str(tmp_path / "train.py"))
    assert answer["first"]["reached"]["files"] == [str(tmp_path / "out.txt")]
    assert not (tmp_path / "out.txt").exists()


def test_a_command_that_fails_at_once_is_undecided(tmp_path):
    done = check("--", sys.executable, "no-such-script.py", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("? Undecided: the command ended with status 2") and "no-such-script.py" in done.stdout


def test_without_runs_for_a_proof_nothing_is_claimed(tmp_path):
    command = script(tmp_path, "print(list({'a', 'b', 'c', 'd', 'e', 'f'}))\n")
    code, answer = check_json("--runs", "4", "--experiments", "1", "--", *command, cwd=tmp_path)
    assert (code, answer["first"]["channel"], answer["first"]["evidence"], answer["controlled"]) == (1, "hash-seed", "trace", None)
    code, answer = check_json("--runs", "4", "--", *command, cwd=tmp_path)
    assert answer["first"]["proof"] == "with PYTHONHASHSEED fixed, 4 of 4 runs are equal"
