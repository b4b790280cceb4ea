"""Programs that print how long they took: their results repeat, what they print does not."""
import json
import sqlite3

from test_scan import NOISY, ask, scan, script

TIMED = NOISY + "import time\nprint('took', time.perf_counter_ns(), 'ns')\n"
METRIC = ["-m", "acc=acc: (.*)"]


def test_audit(tmp_path):
    timed = scan("-o", "s.db", "--seeds", "0:20", "--audit", "10%", *METRIC, *script(tmp_path, TIMED), cwd=tmp_path)
    assert "2 of 2 repeated seeds gave the same result again (what 2 of them printed besides differs" in timed.stdout
    answer = json.loads(scan("--resume", "s.db", "--json", cwd=tmp_path).stdout)
    assert answer["audit"] == {"repeated": 2, "equal": 2, "printed": 2}
    # Where nothing is measured, what it prints is the result.
    unmeasured = scan("-o", "t.db", "--seeds", "0:20", "--audit", "10%", *script(tmp_path, TIMED), cwd=tmp_path, status=1)
    assert "gave another result" in unmeasured.stdout and "stdout" in unmeasured.stdout


def test_preload(tmp_path):
    done = scan("-o", "s.db", "--seeds", "0:4", "--preload", "json", *METRIC, *script(tmp_path, TIMED), cwd=tmp_path)
    assert done.stderr.count("differs between two cold starts as well") == 1 and "4 of 4 runs done" in done.stdout
    # What a warm start alone prints otherwise is still no warm start.
    text = NOISY + "import sys\nprint('json' in sys.modules)\n"
    done = scan("-o", "t.db", "--seeds", "0:4", "--preload", "json", *METRIC, *script(tmp_path, text), cwd=tmp_path, status=2)
    assert "stdout differs. Do not preload" in done.stderr


def test_merge(tmp_path):
    command = script(tmp_path, TIMED)
    for name, metric in (("a.db", METRIC), ("b.db", METRIC), ("c.db", []), ("d.db", [])):
        scan("-o", name, "--seeds", "0:3", *metric, *command, cwd=tmp_path)
    scan("--merge", "-o", "all.db", "a.db", "b.db", cwd=tmp_path)
    assert ask(tmp_path / "all.db", "select count(*) from run") == [(3,)]
    refused = scan("--merge", "-o", "none.db", "c.db", "d.db", cwd=tmp_path, status=2)
    assert "seed 0 gave two results (the output differs)" in refused.stderr
    with sqlite3.connect(tmp_path / "b.db") as study:
        study.execute("update run set states = 'other' where seed = 1")
    study.close()
    refused = scan("--merge", "-o", "none.db", "a.db", "b.db", cwd=tmp_path, status=2)
    assert "seed 1 gave two results (the state of a generator at the end differs)" in refused.stderr
