"""What a scan was asked for holds when it is resumed; where it stops, and what it says then."""
import json

import pytest
from test_scan import NOISY, ask, scan, script

ACC = ["-m", "acc=test acc: (.*)"]
UNIFORM = ["--level", "bare", "-m", "v", "--", "awk", 'BEGIN { srand({seed}); print "v: " rand() }']


def text(study, key):
    rows = ask(study, f"select value from study where key = '{key}'")
    return rows[0][0] if rows else None


def test_until_holds_on_resume(tmp_path):
    study = tmp_path / "s.db"
    done = scan("-o", "s.db", "--seeds", "0:500", "--until", "ci < 0.3", *UNIFORM, cwd=tmp_path)
    assert "enough: the mean of v ± 0.15 holds with about 95 %" in done.stdout
    n = ask(study, "select count(*) from run")[0][0]
    assert 10 <= n < 100
    again = scan("--resume", "s.db", cwd=tmp_path)
    assert "enough" in again.stdout and ask(study, "select count(*) from run") == [(n,)]
    narrower = scan("--resume", "s.db", "--until", "v:ci<0.2", cwd=tmp_path)
    more = ask(study, "select count(*) from run")[0][0]
    assert n < more < 300 and "± 0.1 holds" in narrower.stdout
    assert text(study, "until") == "v:ci<0.2"
    assert "120 of 120 runs done" in scan("--resume", "s.db", "--seeds", "0:120", "--until", "none", cwd=tmp_path).stdout
    assert text(study, "until") == "none"


def test_until_that_is_not_reached_is_said(tmp_path):
    done = scan("-o", "s.db", "--seeds", "0:12", "--until", "ci<0.001", *UNIFORM, cwd=tmp_path)
    assert "not enough: the mean of v is known to ± 0." in done.stdout and "not to ± 0.0005: more --seeds" in done.stdout
    answer = json.loads(scan("--resume", "s.db", "--json", cwd=tmp_path).stdout)
    until = answer["until"]
    assert answer["end"] == "complete" and until["metric"] == "v" and until["have"] > until["half_width"] == 0.0005


def test_until_of_several_metrics_wants_a_name(tmp_path):
    done = scan("-o", "s.db", "--seeds", "0:12", "--until", "ci<1", "-m", "a", "-m", "b", "--", "true", cwd=tmp_path, status=2)
    assert "of which metric? --until a:ci<1, say" in done.stderr


@pytest.mark.parametrize("jobs", [1, 3])
def test_audit_after_enough(tmp_path, jobs):
    done = scan("-o", "s.db", "--seeds", "0:300", "--jobs", jobs, "--until", "ci<0.5", "--audit", "50%", *UNIFORM, cwd=tmp_path)
    n, repeated = ask(tmp_path / "s.db", "select sum(repeat = 0), sum(repeat) from run")[0]
    assert "enough" in done.stdout and n < 60 and 1 <= repeated <= n
    assert f"{repeated} of {repeated} repeated seeds gave the same result" in done.stdout
    lonely = "select count(*) from run a where repeat and not exists (select 1 from run b where b.seed = a.seed and not b.repeat)"
    assert ask(tmp_path / "s.db", lonely) == [(0,)]


def test_shard_and_jobs_hold_on_resume(tmp_path):
    command = script(tmp_path, NOISY)
    for shard in range(3):
        scan("-o", f"{shard}.db", "--seeds", "0:10", "--shard", f"{shard}/3", "--jobs", "2", *ACC, *command, cwd=tmp_path)
    mine = ask(tmp_path / "1.db", "select seed from run order by seed")
    assert "3 of 3 runs done" in scan("--resume", "1.db", cwd=tmp_path).stdout
    assert ask(tmp_path / "1.db", "select seed from run order by seed") == mine
    assert text(tmp_path / "1.db", "jobs") == "2" and text(tmp_path / "1.db", "shard") == "1/3"
    scan("--merge", "-o", "all.db", "0.db", "1.db", "2.db", cwd=tmp_path)
    assert "10 of 10 runs done" in scan("--resume", "all.db", cwd=tmp_path).stdout
    scan("--merge", "-o", "one.db", "0.db", cwd=tmp_path)
    assert "10 of 10 runs done" in scan("--resume", "one.db", cwd=tmp_path).stdout


def test_a_refused_resume_has_no_answer(tmp_path):
    command = script(tmp_path, NOISY)
    scan("-o", "s.db", "--seeds", "0:3", *ACC, *command, cwd=tmp_path)
    script(tmp_path, NOISY + "# changed\n")
    done = scan("--resume", "s.db", "--seeds", "0:5", cwd=tmp_path, status=2)
    assert done.stdout == "" and "train.py changed" in done.stderr and done.stderr.count("\n") == 1
    # Where nothing is to be run nothing can be mixed, and nothing is noted.
    assert "3 of 3 runs done" in scan("--resume", "s.db", cwd=tmp_path).stdout
    assert "3 of 3 runs done" in scan("--resume", "s.db", "--force", cwd=tmp_path).stdout
    assert text(tmp_path / "s.db", "forced") is None
    scan("--resume", "s.db", "--seeds", "0:5", "--force", cwd=tmp_path)
    assert "train.py changed" in text(tmp_path / "s.db", "forced")


def test_folders_of_another_study_are_kept(tmp_path):
    run = ["--folders", "runs", "--", "sh", "-c", "echo acc: 0.5 >{folder}/log"]
    scan("-o", "a.db", "--seeds", "0:3", *run, cwd=tmp_path)
    done = scan("-o", "b.db", "--seeds", "2:5", *run, cwd=tmp_path, status=2)
    assert "runs/2 is there already" in done.stderr and not (tmp_path / "b.db").exists()
    assert (tmp_path / "runs" / "2" / "log").read_text() == "acc: 0.5\n"
    scan("-o", "b.db", "--seeds", "3:5", *run, cwd=tmp_path)  # as shards of one plan do
    scan("--resume", "a.db", "--seeds", "0:3", cwd=tmp_path)


def test_what_could_not_be_controlled_is_said_once(tmp_path):
    dashes, python, program = script(tmp_path, NOISY)
    done = scan("-o", "s.db", "--seeds", "0:6", "-j", "2", "-m", "acc", dashes, python, "-I", program, cwd=tmp_path)
    assert done.stderr.count("oneseed: not controlled: python -I starts without the recorder\n") == 1
    assert scan("-o", "t.db", "--seeds", "0:6", "-m", "acc", dashes, python, program, cwd=tmp_path).stderr == ""
