"""Which files a study depends on: those that its first run imported, however the command starts it."""
import json
import sys

import pytest
from test_scan import ask, scan

MODULES = {
    "src/mypkg/__init__.py": "",
    "src/mypkg/train.py": "import random\nfrom mypkg import util\nprint('acc', util.f() + random.random())\n",
    "src/mypkg/util.py": "def f(): return 1\n",
    "src/mypkg/unused.py": "",
    "other.py": "",
    "run.sh": f"#!/bin/sh\ncd / && PYTHONPATH=$OLDPWD/src exec {sys.executable} $OLDPWD/src/mypkg/train.py\n",
}
USED = ["src/mypkg/__init__.py", "src/mypkg/train.py", "src/mypkg/util.py"]


def files(folder):
    for name, text in MODULES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "run.sh").chmod(0o755)


def script(study):
    return sorted(json.loads(ask(study, "select value from study where key = 'script'")[0][0]))


@pytest.mark.parametrize("options, command, named", [
    ([], [sys.executable, "-m", "mypkg.train"], []),
    ([], [sys.executable, "src/mypkg/train.py"], []),
    (["--preload", "json"], [sys.executable, "-m", "mypkg.train"], []),
    ([], ["./run.sh"], ["./run.sh"]),
], ids=["module", "script", "warm", "shell"])
def test_imported_files_count_and_no_others(tmp_path, options, command, named):
    files(tmp_path)
    environment = {"PYTHONPATH": "src"}
    scan("-o", "s.db", "--seeds", "0:3", "-m", "acc", *options, "--", *command, cwd=tmp_path, environment=environment)
    assert script(tmp_path / "s.db") == sorted(named + USED)
    for name in ("src/mypkg/unused.py", "other.py"):
        (tmp_path / name).write_text("changed = True\n")
    scan("--resume", "s.db", "--seeds", "0:4", cwd=tmp_path, environment=environment)
    (tmp_path / "src/mypkg/util.py").write_text("def f(): return 9\n")
    done = scan("--resume", "s.db", "--seeds", "0:5", cwd=tmp_path, environment=environment, status=2)
    assert "src/mypkg/util.py changed" in done.stderr
    (tmp_path / "src/mypkg/util.py").unlink()
    done = scan("--resume", "s.db", "--seeds", "0:5", cwd=tmp_path, environment=environment, status=2)
    assert "src/mypkg/util.py is not there any more" in done.stderr


def test_a_study_without_a_run_that_ended_well_learns_later(tmp_path):
    files(tmp_path)
    environment = {"PYTHONPATH": "src"}
    (tmp_path / "src/mypkg/util.py").write_text("raise SystemExit(1)\n")
    command = ["--", sys.executable, "-m", "mypkg.train"]
    scan("-o", "s.db", "--seeds", "0:2", "-m", "acc", *command, cwd=tmp_path, environment=environment, status=1)
    assert script(tmp_path / "s.db") == []
    files(tmp_path)
    scan("--resume", "s.db", "--seeds", "0:2", "--retries", "1", cwd=tmp_path, environment=environment)
    assert script(tmp_path / "s.db") == USED


def test_shards_that_imported_more_or_less_are_merged(tmp_path):
    files(tmp_path)
    environment = {"PYTHONPATH": "src"}
    text = "import os\nif os.environ['ONESEED_SEED'] == '1': import mypkg.unused\n" + MODULES["src/mypkg/train.py"]
    (tmp_path / "src/mypkg/train.py").write_text(text)
    plan = ["--seeds", "0:4", "-m", "acc", "--", sys.executable, "-m", "mypkg.train"]
    for shard in range(2):
        scan("-o", f"{shard}.db", "--shard", f"{shard}/2", *plan, cwd=tmp_path, environment=environment)
    assert script(tmp_path / "0.db") == USED and len(script(tmp_path / "1.db")) == 4
    scan("--merge", "-o", "all.db", "0.db", "1.db", cwd=tmp_path)
    (tmp_path / "src/mypkg/util.py").write_text("def f(): return 9\n")
    scan("-o", "2.db", "--shard", "1/2", *plan, cwd=tmp_path, environment=environment)
    refused = scan("--merge", "-o", "none.db", "0.db", "2.db", cwd=tmp_path, status=2)
    assert "script differs" in refused.stderr
