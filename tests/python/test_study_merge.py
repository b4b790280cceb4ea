"""Studies of one plan are put together; others are refused, with what differs."""
import shutil
import sqlite3
import subprocess

import pytest
from test_study_kill import expected, run, shown
from tool import TOOL


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Seeds 0 to 19."""
    study = tmp_path_factory.mktemp("sample") / "study.db"
    assert run("fill", study, 0, 20, 50).returncode == 0
    return study


def merged(tmp_path, *ranges):
    parts = [tmp_path / f"part{i}.db" for i in range(len(ranges))]
    for part, (first, end) in zip(parts, ranges):
        assert run("fill", part, first, end, 50).returncode == 0
    return parts, run("merge", tmp_path / "all.db", *parts)


def test_merge(tmp_path):
    _, done = merged(tmp_path, (0, 40), (60, 100), (30, 70))  # some seeds in two of them, with equal results
    assert done.returncode == 0, done.stderr
    assert shown(tmp_path / "all.db")[1:] == [expected(seed) for seed in range(100)]
    again = run("merge", tmp_path / "all.db", tmp_path / "part0.db")
    assert again.returncode == 2 and "is there already" in again.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.db", "part0.db", "part1.db", "part2.db"]


def text_of(path, name, value=None):
    with sqlite3.connect(path) as database:
        if value is not None:
            database.execute("INSERT OR REPLACE INTO study VALUES(?, ?)", (name, value))
        found = database.execute("SELECT value FROM study WHERE key = ?", (name,)).fetchone()
    database.close()
    return found and found[0]


@pytest.mark.parametrize("texts, united", [
    (("0:10", "0:10"), "0:10"), (("0:10", "20:30"), "0:10,20:30"), (("0:10", "10:30"), "0:30"), (("20:30,3", "5:25", "0:4"), "0:4,5:30"),
    (("0:100:10", "0:100:10", "200"), "0:100:10,200"), (("7", "8"), "7:9"), (("0:100:10", "5:7"), None), (("0:9", "a"), None),
])
def test_seeds_of_merged_plans(tmp_path, sample, texts, united):
    parts = [tmp_path / f"{i}.db" for i in range(len(texts))]
    for part, text in zip(parts, texts):
        shutil.copy(sample, part)
        text_of(part, "seeds", text)
        text_of(part, "options", part.name)
        text_of(part, "note", part.name)
    done = run("merge", tmp_path / "all.db", *parts)
    if united is None:
        assert done.returncode == 2 and ("overlap with steps" in done.stderr or "not understood" in done.stderr)
    else:
        assert done.returncode == 0, done.stderr
        assert [text_of(tmp_path / "all.db", name) for name in ("seeds", "options", "note")] == [united, "0.db", None]


def test_long_texts_that_differ(tmp_path, sample):
    parts = [tmp_path / "a.db", tmp_path / "b.db"]
    for part, version in zip(parts, ("2.4.6", "1.26.4")):
        shutil.copy(sample, part)
        text_of(part, "environment", '{"LANG":"C",' + '"absent":"1.0",' * 50 + f'"numpy":"{version}","pip":"23"}}')
    refused = run("merge", tmp_path / "all.db", *parts)
    assert refused.returncode == 2 and refused.stderr.endswith(
        'environment differs ("numpy":"2.4.6" | "numpy":"1.26.4"); --force merges them all the same\n'
    )


def scan_merge(*arguments, status=0):
    done = subprocess.run([TOOL, "scan", "--merge", *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == status, done.stderr
    return done.stderr


def test_force_merges_other_environments_and_notes_it(tmp_path, sample):
    names = ("a.db", "b.db", "c.db")
    for name, version, source in zip(names, ("2.4.6", "1.26.4", "1.26.4"), ("1" * 32, "1" * 32, "2" * 32)):
        shutil.copy(sample, tmp_path / name)
        text_of(tmp_path / name, "environment", '{"numpy":"%s"}' % version)
        text_of(tmp_path / name, "script", '{"t.py":"%s"}' % source)
    text_of(tmp_path / "a.db", "forced", "LANG is new")
    text_of(tmp_path / "c.db", "forced", "LANG is new")
    a, b, c, to = (tmp_path / name for name in (*names, "all.db"))
    assert scan_merge("-o", to, a, b, status=2).endswith("; --force merges them all the same\n") and not to.exists()
    noted = f"numpy was 2.4.6, is 1.26.4 in {b}; t.py changed in {c}; numpy was 2.4.6, is 1.26.4 in {c}"
    assert scan_merge("--force", "-o", to, a, b, c) == f"oneseed: {noted}: merged, as you say\n"
    assert text_of(to, "forced") == "LANG is new; " + noted
    assert (text_of(to, "environment"), text_of(to, "script")) == (text_of(a, "environment"), text_of(a, "script"))
    assert shown(to)[1:] == [expected(seed) for seed in range(20)]
    assert scan_merge("--force", "-o", tmp_path / "same.db", b, b) == "" and text_of(tmp_path / "same.db", "forced") is None
    # Another plan stays another plan, and two results of a seed stay two.
    text_of(b, "command", "other")
    assert "command differs" in scan_merge("--force", "-o", tmp_path / "no.db", a, b, status=2)
    text_of(b, "command", text_of(a, "command"))
    with sqlite3.connect(b) as database:
        database.execute("UPDATE run SET m0 = 0.25 WHERE seed = 8")
    database.close()
    assert "seed 8 gave two results" in scan_merge("--force", "-o", tmp_path / "no.db", a, b, status=2)


@pytest.mark.parametrize("change, words", [
    ("UPDATE study SET value = 'other' WHERE key = 'command'", "command differs"),
    ("DELETE FROM study WHERE key = 'script'", "script differs"),
    ("UPDATE metric SET how = 'csv:a@x' WHERE id = 0", "metric a is found in two ways"),
    ("UPDATE run SET m0 = 0.25 WHERE seed = 8", "seed 8 gave two results (a differs)"),
    ("UPDATE run SET states = '0' WHERE seed = 9", "seed 9 gave two results (the state of a generator at the end differs)"),
    ("UPDATE run SET m0 = 'much' WHERE seed = 12", "the study is damaged"),
])
def test_merge_refuses(tmp_path, sample, change, words):
    parts = [tmp_path / "a.db", tmp_path / "b.db"]
    for part in parts:
        shutil.copy(sample, part)
    with sqlite3.connect(parts[1]) as database:
        database.execute(change)
    database.close()
    refused = run("merge", tmp_path / "all.db", *parts)
    assert refused.returncode == 2 and words in refused.stderr and refused.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db", "b.db"]


def test_merge_keeps_what_went_well(tmp_path, sample):
    """A run that failed here and went well there; metrics in another order."""
    parts = [tmp_path / "a.db", tmp_path / "b.db"]
    for part in parts:
        shutil.copy(sample, part)
    with sqlite3.connect(parts[0]) as database:
        database.execute("UPDATE run SET status = 'timeout', m0 = NULL WHERE seed IN (2, 3)")
    database.close()
    assert run("merge", tmp_path / "all.db", *parts).returncode == 0
    assert shown(tmp_path / "all.db")[1:] == [expected(seed) for seed in range(20)]
    with sqlite3.connect(tmp_path / "all.db") as database:
        rows = database.execute("SELECT seed, attempt, status FROM run WHERE seed IN (2, 4) ORDER BY seed, attempt").fetchall()
    database.close()
    assert rows == [(2, 1, "timeout"), (2, 2, "done"), (4, 1, "done")]
