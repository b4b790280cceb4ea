"""`oneseed diff` from outside: its answers, its JSON, its exit status, its care with bad input."""
import json
import os
import pathlib
import subprocess

import pytest

from tool import TOOL

MAKE = str(pathlib.Path(TOOL).parent / "trace_make")
SAME, DIFFERENT, UNDECIDED = 0, 1, 2
MISSING, WORDS_UNKNOWN = 2, 1


def event(kind, site="-", name="-", generator="-", words=0, nbytes=0, into=0, out=0, flags=0):
    return f"{kind} {site} {name} {generator} {words} {nbytes} {into} {out} {flags}"


def draw(line, words=1, into=0, out=0, generator="numpy.global", function="main"):
    return event("draw", f"/home/a/train.py:{line}:{function}|/lib/mtrand.pyx:9:normal", "normal", generator, words,
                 8 * words, into, out)


def make(path, *lines):
    subprocess.run([MAKE, str(path)], input="\n".join(lines) + "\n", text=True, check=True)


@pytest.fixture
def pair(tmp_path):
    """Writes two traces; gives their paths."""

    def write(a, b):
        paths = tmp_path / "a", tmp_path / "b"
        for path, lines in zip(paths, (a, b)):
            path.mkdir()
            make(path, *lines)
        return [str(path) for path in paths]

    return write


def diff(*arguments, **settings):
    return subprocess.run([TOOL, "diff", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=60, **settings)


def answer(paths, status):
    """The JSON document; the text has the same status and fits on a screen."""
    done = diff("--json", *paths)
    assert (done.returncode, done.stderr) == (status, "")
    text = diff(*paths)
    assert (text.returncode, text.stderr) == (status, "")
    assert len(text.stdout.splitlines()) <= 24
    document = json.loads(done.stdout)
    assert document["format"] == "oneseed-diff/1"
    assert document["verdict"] == ["same", "diverged", "inconclusive"][status]
    return document, text.stdout


def test_same(pair):
    lines = ["lane 0", *(draw(i, into=i, out=i) for i in range(1, 1235)), event("op", out=1), event("file", flags=MISSING)]
    document, text = answer(pair(lines, lines), SAME)
    assert document["first"] is None
    assert document["compared"] == {"lanes": "1", "events": "1236", "draws": "1234", "ops": "1", "files": "1",
                                    "differing_draws": "0", "differing_ops": "0"}
    assert [lane["lane"] for lane in document["lanes"]] == ["0"]
    assert document["lanes"][0]["a"] == {"events": "1236", "complete": True, "lost": None}
    assert "1,234 draws, 1 op, 1 file" in text


def test_result(pair):
    document, text = answer(pair(["lane 0", draw(1), draw(41, 2, 5, 6, function="load"), draw(50, 1, 7, 7)],
                                 ["lane 0", draw(1), draw(41, 2, 5, 7, function="load"), draw(50, 1, 8, 8)]), DIFFERENT)
    first = document["first"]
    assert (first["kind"], first["lane"], first["event"]) == ("result", "0", "1")
    assert (first["file"], first["line"], first["function"]) == ("/home/a/train.py", 41, "load")
    assert first["library"] == "/lib/mtrand.pyx:9:normal"
    assert first["generator"] == "numpy.global" and first["a"]["words"] == "2"
    assert first["a"]["in"] == first["b"]["in"] == f"{5:032x}" and first["b"]["out"] == f"{7:032x}"
    assert document["compared"]["differing_draws"] == "2" and document["lanes"][0]["differences"] == "2"
    assert "/home/a/train.py:41  in load" in text and "the same state before, another result" in text


def test_numbers_of_64_bits(pair):
    most = 2**64 - 1
    document, _ = answer(pair(["lane 0", draw(1, most)], ["lane 0", draw(1, most, out=1)]), DIFFERENT)
    assert document["first"]["a"]["words"] == str(most)


def test_count(pair):
    document, text = answer(pair(["lane 0", draw(41, 624, 5, 6)], ["lane 0", draw(41, 626, 5, 7)]), DIFFERENT)
    assert document["first"]["kind"] == "count"
    assert document["first"]["extra_draws"] == [
        {"trace": "b", "generator": "numpy.global", "file": "/home/a/train.py", "line": 41, "function": "main",
         "library": "/lib/mtrand.pyx:9:normal", "draws": "1", "words": "2"}]
    assert "A drew 624 words and B 626" in text and "only B drew: /home/a/train.py:41  in main: 2 words" in text


def test_path_names_the_extra_draws(pair):
    tail = [draw(60 + i, into=i) for i in range(40)]
    document, text = answer(pair(["lane 0", draw(1), *tail],
                                 ["lane 0", draw(1), draw(7, 3), draw(7, 4), draw(8, 5), *tail]), DIFFERENT)
    first = document["first"]
    assert (first["kind"], first["event"], first["realigned"]) == ("path", "1", True)
    assert (first["passed_a"], first["passed_b"]) == (0, 3)
    assert [(e["line"], e["draws"], e["words"]) for e in first["extra_draws"]] == [(7, "2", "7"), (8, "1", "5")]
    assert document["lanes"][0]["differences"] == "1"
    assert "only B drew: /home/a/train.py:7  in main: 7 words of numpy.global in 2 draws" in text


def test_path_that_does_not_meet_again(pair):
    document, _ = answer(pair(["lane 0", *(draw(i) for i in range(1, 50))],
                              ["lane 0", *(draw(i) for i in range(1001, 1050))]), DIFFERENT)
    assert document["first"]["realigned"] is False


def test_ended_and_lanes_of_one(pair):
    document, text = answer(pair(["lane 0", draw(1), draw(2), "lane 0.1", draw(1)], ["lane 0", draw(1), "lane 0.2", draw(1)]),
                            DIFFERENT)
    assert [lane["lane"] for lane in document["lanes"]] == ["0", "0.1", "0.2"]
    assert [lane["first"]["kind"] for lane in document["lanes"]] == ["ended", "lane", "lane"]
    assert document["lanes"][1]["b"] is None and document["lanes"][2]["a"] is None
    assert "the lane has ended in B and goes on in A" in text


def test_a_cause_comes_before_an_effect_of_another_lane(pair):
    document, text = answer(pair(["lane 0", draw(9, into=1), "thread t1", draw(5, into=1, out=1)],
                                 ["lane 0", draw(9, into=2), "thread t1", draw(5, into=1, out=2)]), DIFFERENT)
    assert document["first"]["lane"] == "0/t1" and document["first"]["kind"] == "result"
    assert document["lanes"][0]["first"]["kind"] == "input"
    assert "which lane was first in time is not known" in text


def test_many_lanes_fit_on_a_screen(pair):
    lines = [[line for i in range(1, 80) for line in (f"lane 0.{i}", draw(1, out=run))] for run in range(2)]
    document, text = answer(pair(*lines), DIFFERENT)
    assert len(document["lanes"]) == 79
    assert "and 73 more lanes" in text


def test_counting_is_bounded(pair):
    """Where everything differs, a million differences are enough."""
    document, text = answer(pair(*(["lane 0", event("draw", out=run), "repeat 1200000", "lane 0.1", event("op", out=run), event("op")]
                                   for run in (1, 2))), DIFFERENT)
    assert [lane["differences"] for lane in document["lanes"]] == ["1000000", "1"]
    assert [lane["all_counted"] for lane in document["lanes"]] == [False, False]
    assert "at least 1,000,000 draws and 1 op differ at the same places; no more were counted" in text


@pytest.mark.parametrize("a, b, sentence", [
    (event("seed", "s.py:1:f", "program", "torch.default", out=1), event("seed", "s.py:1:f", "program", "torch.default", out=2),
     "seeded with another value"),
    (event("op", name="aten::add", into=1, out=1), event("op", name="aten::add", into=1, out=2), "equal inputs, another output"),
    (event("op", name="aten::add", into=1), event("op", name="aten::add", into=2), "its inputs differ"),
    (event("file", name="/d", out=1, nbytes=5), event("file", name="/d", out=2, nbytes=6), "another content (5 and 6 bytes)"),
    (event("file", name="/d", out=1), event("file", name="/d", flags=MISSING), "the file is missing in B"),
    (event("listing", name="/d", into=1, out=1), event("listing", name="/d", into=1, out=2), "the same names in another order"),
    (event("listing", name="/d", into=1, out=1), event("listing", name="/d", into=2, out=2), "the folder holds other names"),
    (event("exit", name="0.1", words=0), event("exit", name="0.1", words=3), "child 0.1 ended with status 0 and 3"),
    (event("output", name="stdout", nbytes=4, out=1), event("output", name="stdout", nbytes=5, out=2),
     "other bytes were written to stdout (4 and 5 bytes)"),
    (event("line", name="a>b", into=1, out=1), event("line", name="a>b", into=1, out=2), "bound another one"),
])
def test_sentences(pair, a, b, sentence):
    document, text = answer(pair(["lane 0", a], ["lane 0", b]), DIFFERENT)
    assert sentence in text and sentence in document["first"]["message"]


def test_values_expected_to_differ_do_not_count(pair):
    kinds = ("clock", "entropy", "environment", "process", "spawn")
    answer(pair(*(["lane 0", *(event(kind, out=run) for kind in kinds)] for run in range(2))), SAME)


def test_a_killed_lane_is_said(pair):
    document, text = answer(pair(["lane 0", draw(1), "abandon"], ["lane 0", draw(1)]), SAME)
    assert document["lanes"][0]["a"]["complete"] is False and document["lanes"][0]["b"]["complete"] is True
    assert "A: lane 0 was killed or is still running" in text


def test_a_lane_that_was_cut_short_decides_nothing(pair):
    document, text = answer(pair(["lane 0", draw(1), "abandon"], ["lane 0", draw(1), draw(2)]), UNDECIDED)
    assert "event 1 of lane 0, where the recording of A ends early" in document["reason"]
    assert document["first"]["kind"] == "ended"
    assert "Undecided: no difference up to event 1" in text


def test_odd_texts(pair):
    odd = "/home/a/tr\x1b[31main~x.py:3:f"
    lines = [["lane 0", event("draw", odd, "n", "g", out=run)] for run in range(2)]
    document, text = answer(pair(*lines), DIFFERENT)
    assert document["first"]["file"] == "/home/a/tr\x1b[31main x.py"
    assert "\x1b" not in text


def test_bytes_that_are_not_utf8(tmp_path):
    paths = [str(tmp_path / name) for name in "ab"]
    for path, out in zip(paths, "12"):
        os.mkdir(path)
        subprocess.run([MAKE, path], input=b"lane 0\ndraw /home/\xff.py:1:f - - 0 0 0 %s 0\n" % out.encode(), check=True)
    document = json.loads(diff("--json", *paths).stdout)
    assert document["first"]["file"] == "/home/\ufffd.py"


def test_colour(pair):
    paths = pair(["lane 0", draw(1)], ["lane 0", draw(1)])
    assert "\x1b[" not in diff(*paths).stdout
    assert "\x1b[" in diff("--color=always", *paths).stdout
    assert "\x1b[" not in diff("--color=never", *paths).stdout


def test_single_files(pair):
    paths = pair(["lane 0", draw(1)], ["lane 0", draw(1, out=1)])
    os.rename(paths[1] + "/0.trace", paths[1] + "/other.trace")
    answer([paths[0] + "/0.trace", paths[1] + "/other.trace"], DIFFERENT)


@pytest.mark.parametrize("arguments", [[], ["a"], ["a", "b", "c"], ["--nonsense", "a", "b"], ["--color=pink", "a", "b"],
                                       ["--color"], ["--json=1", "a", "b"]])
def test_bad_usage(arguments):
    done = diff(*arguments)
    assert (done.returncode, done.stdout) == (UNDECIDED, "")
    assert len(done.stderr.splitlines()) == 2 and done.stderr.startswith("oneseed: diff: ")


def test_help():
    done = diff("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(option in done.stdout for option in ("--json", "--color", "--help"))


def refused(paths, *words):
    """One line on stderr; on stdout nothing, with --json the verdict."""
    done = diff(*paths)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (UNDECIDED, "", 1)
    assert all(word in done.stderr for word in words), done.stderr
    as_json = diff("--json", *paths)
    assert as_json.returncode == UNDECIDED
    document = json.loads(as_json.stdout)
    assert document["verdict"] == "inconclusive" and all(word in document["reason"] for word in words)


def test_no_trace(pair, tmp_path):
    paths = pair(["lane 0", draw(1)], ["lane 0", draw(1)])
    empty, text = tmp_path / "empty", tmp_path / "text"
    empty.mkdir()
    text.write_text("hello" * 100)
    refused([paths[0], str(empty)], str(empty), "no trace")
    refused([paths[0], str(tmp_path / "none")], "none", "No such file")
    refused([str(text), paths[0]], str(text), "not a oneseed trace")


def test_damage(pair):
    lines = ["lane 0", *(draw(i, into=i, out=i) for i in range(1, 3000))]
    paths = pair(lines, lines[:-1] + [draw(1, out=99)])
    file = pathlib.Path(paths[1]) / "0.trace"
    good = file.read_bytes()
    file.write_bytes(good[:-100])
    refused(paths, str(file), "truncated")
    for at in (9, 17, 64 + 9, 64 + 30, len(good) - 9):
        file.write_bytes(good[:at] + bytes([good[at] ^ 16]) + good[at + 1:])
        refused(paths, str(file))


def test_a_stdout_that_cannot_be_written(pair):
    paths = pair(["lane 0", draw(1)], ["lane 0", draw(1)])
    with open("/dev/full", "w") as full:
        for option in ("--json", "--color=never"):
            done = subprocess.run([TOOL, "diff", option, *paths], stdout=full, stderr=subprocess.PIPE, text=True)
            assert done.returncode == UNDECIDED and done.stderr.startswith("oneseed: stdout: ")


def test_a_seed_from_the_system_counts_where_it_is_drawn_from(pair):
    seed = "seed", "-", "os", "numpy.MT19937#1", 0, 8, 0
    paths = pair(["lane 0", event(*seed, 1), draw(3)], ["lane 0", event(*seed, 2), draw(3)])
    assert diff(*paths).returncode == SAME
    other = event(*seed, 2), draw(3, out=2)
    paths = [paths[0] + "-x", paths[1] + "-x"]
    for path, lines in zip(paths, ((event(*seed, 1), draw(3, out=1)), other)):
        os.mkdir(path)
        make(path, "lane 0", *lines)
    assert diff(*paths).returncode == DIFFERENT
