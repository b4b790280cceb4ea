"""The score of tests/cases/run.py: right answers pass, each kind of wrong answer is seen.

SPDX-License-Identifier: MIT
"""

import json
import os
import stat
import subprocess
import sys

import pytest

CASES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cases")
RUN = os.path.join(CASES, "run.py")


def score(tmp_path, case, answer, *options):
    """run.py on one case with a tool that always gives this answer."""
    tool = tmp_path / "tool"
    text = answer if isinstance(answer, str) else json.dumps(answer)
    tool.write_text(f"#!{sys.executable}\nprint({text!r})\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run([sys.executable, RUN, "--tool", str(tool), "--only", case, *options],
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def line_of(case, file, text):
    with open(os.path.join(CASES, case, file), encoding="utf-8") as source:
        return next(number for number, line in enumerate(source, 1) if text in line)


def right_answer(shift=0, **changes):
    line = line_of("hash_seed_late_vote", "forecast.py", "chosen = list(equals)") + shift
    first = {"channel": "hash-seed", "file": "/tmp/somewhere/forecast.py", "line": line, "fix": "sorted(equals)"}
    first.update(changes)
    return {"format": "oneseed-check/1", "verdict": "diverged", "first": first, "causes": [first]}


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_right_answer_passes(tmp_path, shift):
    status, text = score(tmp_path, "hash_seed_late_vote", right_answer(shift))
    assert status == 0, text
    assert text.splitlines()[-1] == "1 passed, 0 failed"


@pytest.mark.parametrize("lost, answer", [
    ("channel", right_answer(channel="address")),
    ("call site", right_answer(shift=2)),
    ("call site", right_answer(shift=-2)),
    ("call site", right_answer(file="/tmp/somewhere/other.py")),
    ("call site", right_answer(file=None, line=None)),
    ("fix", right_answer(fix="buy another computer")),
    ("fix", right_answer(fix=None)),
    ("verdict", {**right_answer(), "verdict": "same"}),
    ("verdict", "no JSON at all"),
])
def test_a_wrong_answer_is_lost(tmp_path, lost, answer):
    status, text = score(tmp_path, "hash_seed_late_vote", answer)
    assert status == 1
    assert f"FAILED hash_seed_late_vote: {lost}" in text
    assert text.splitlines()[-1] == "0 passed, 1 failed"


def test_two_causes_are_both_needed(tmp_path):
    case, file = "two_labels_and_noise", "train.py"
    noise = {"channel": "unseeded-rng", "file": file, "line": line_of(case, file, "rng = np.random.default_rng()"),
             "fix": "np.random.default_rng(SEED)"}
    labels = {"channel": "hash-seed", "file": file, "line": line_of(case, file, "enumerate(set(labels))"),
              "fix": "sorted(set(labels))"}
    answer = {"verdict": "diverged", "first": labels, "causes": [labels, noise]}
    assert score(tmp_path, case, answer)[0] == 0
    assert score(tmp_path, case, {**answer, "causes": [labels]})[0] == 1
    assert score(tmp_path, case, {**answer, "first": noise, "causes": [noise]})[0] == 1


def test_a_difference_claimed_for_a_control_is_a_false_alarm(tmp_path):
    same = {"verdict": "same", "first": None, "causes": []}
    assert score(tmp_path, "control_dict_order", same)[0] == 0
    status, text = score(tmp_path, "control_dict_order", {**same, "verdict": "diverged"}, "--repeat-controls", "3")
    assert status == 1
    assert "false alarms  3/3" in text
    status, text = score(tmp_path, "control_dict_order", {**same, "verdict": "inconclusive"})
    assert status == 1
    assert "false alarms  0/1" in text


def test_every_channel_has_three_cases_and_all_cases_are_well_formed():
    sys.path.insert(0, CASES)
    try:
        import run as cases
    finally:
        sys.path.pop(0)
    every = cases.load_cases("*")
    for channel in cases.CHANNELS:
        assert sum(answers[0]["channel"] == channel for case in every if not case.is_control
                   for answers in case.causes()) >= 3
    assert sum(case.is_control for case in every) >= 15
    needs = [" ".join(case.data.get("requires", [])) for case in every if not case.is_control]
    assert sum("torch" in need for need in needs) >= 10
    assert sum("numpy" in need for need in needs) >= 10
    assert sum("sklearn" in need or "joblib" in need for need in needs) >= 3
    assert sum("second" in case.data for case in every) >= 2
