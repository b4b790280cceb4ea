"""`oneseed stats` as a user runs it: what it says, what it counts, what it refuses."""
import csv
import io
import json
import os
import pathlib
import re
import sqlite3
import subprocess

import numpy as np
import pytest
import scipy.stats as st
import tool

WRITE = pathlib.Path(tool.TOOL).parent / "study_write"
PLAN = {"command": '["true"]', "seeds": "0:1", "level": "seeds", "script": "s", "environment": "{}"}


def write(where, metrics, runs, **plan):
    """runs: (seed, values) or (seed, values, more fields)."""
    document = {"plan": {**PLAN, **plan}, "metrics": metrics,
                "runs": [{"seed": run[0], "status": "done", "values": run[1], **(run[2] if len(run) > 2 else {})} for run in runs]}
    subprocess.run([WRITE, where], input=json.dumps(document), text=True, check=True, timeout=60)
    return where


def stats(*arguments, status=0, **environment):
    done = subprocess.run([tool.TOOL, "stats", *map(str, arguments)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment})
    assert done.returncode == status, done.stderr
    return done


def answer(*arguments, **options):
    return json.loads(stats(*arguments, "--json", **options).stdout)


def page(study, other=None, *arguments):
    """The data of the report's page."""
    done = subprocess.run([tool.TOOL, "report", study, *(["--vs", other] if other else []), *arguments, "-o", "-"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', done.stdout, re.S)[1])


@pytest.fixture(scope="module")
def accuracies():
    return np.random.default_rng(3407).normal(90.02, 0.23, 300)


@pytest.fixture(scope="module")
def study(tmp_path_factory, accuracies):
    runs = [(seed, [x, "nan" if seed in (1, 2) else x / 100]) for seed, x in enumerate(accuracies.tolist())]
    runs[7] = (7, [99.5, 0.9])
    runs[20] = (20, [None, 0.9])
    runs[3], runs[5] = (3, [None, None], {"status": "failed"}), (5, [50.0, 0.5], {"status": "failed"})
    runs[9] = (9, [None, None], {"status": "timeout"})
    runs += [(4, runs[4][1], {"repeat": 1}), (6, runs[6][1], {"repeat": 1})]
    return write(tmp_path_factory.mktemp("study") / "a.db", ["acc", "share"], runs)


def test_json_equals_scipy(study, accuracies):
    document = answer(study)
    assert document["format"] == "oneseed-stats/1"
    assert (document["runs"], document["done"], document["failed"], document["timeout"], document["repeats"]) == (300, 297, 3, 1, 2)
    x = np.delete(accuracies, [3, 5, 9, 20])
    x[x == accuracies[7]] = 99.5
    acc = document["metrics"]["acc"]
    assert (acc["n"], acc["missing"], acc["nan"]) == (296, 1, 0)
    assert (document["metrics"]["share"]["n"], document["metrics"]["share"]["nan"]) == (295, 2)
    assert acc["mean"] == pytest.approx(x.mean(), rel=1e-12) and acc["sd"] == pytest.approx(x.std(ddof=1), rel=1e-12)
    assert acc["iqm"] == pytest.approx(st.trim_mean(x, 0.25), rel=1e-12)
    assert acc["quantiles"]["0.25"] == pytest.approx(np.quantile(x, 0.25), rel=1e-12)
    assert acc["normality"]["p"] == pytest.approx(st.shapiro(x).pvalue, rel=1e-6)
    # SciPy's bootstrap has other resamples and no expanded level: near, not equal.
    other = st.bootstrap([x], np.mean, method="BCa", rng=1).confidence_interval
    assert acc["ci"]["mean"]["method"] == "bca"
    assert acc["ci"]["mean"]["low"] == pytest.approx(other.low, abs=0.01)
    assert acc["ci"]["mean"]["high"] == pytest.approx(other.high, abs=0.02)
    assert [(o["seed"], o["side"], o["luck"]) for o in acc["outliers"]] == [("7", "high", None)]
    assert acc["noise"] == 0
    assert sum(acc["histogram"]["counts"]) == 296
    assert answer(study) == document, "the same study, another answer"


def test_text_counts_what_is_not_done(study):
    text = stats(study).stdout
    assert "300 runs, seeds 0 to 299; 3 not done (2 failed, 1 ran out of time); 2 repeated" in text
    assert "mean ± sd of 296 runs; not in it: 1 run ended well without it)" in text
    assert "mean ± sd of 295 runs; not in it: 2 runs gave nan)" in text
    assert "\033" not in text
    assert "\033[1m" in stats(study, "--color", "always").stdout


def test_words_stay_neutral_without_a_direction(study):
    text = stats(study, "--metric", "acc").stdout
    assert "high: seed 7 gave 99.50" in text
    assert not any(word in text for word in ("lucky", "best", "better", "worse"))
    assert "lucky: seed 7" in stats(study, "--metric", "acc", "--maximize", "acc").stdout
    assert "unlucky: seed 7" in stats(study, "--metric", "acc", "--minimize", "acc").stdout
    assert answer(study, "--minimize", "acc")["metrics"]["acc"]["outliers"][0]["luck"] == "unlucky"


def test_the_best_seed_is_never_alone(study):
    text = stats(study, "--metric", "acc", "--maximize", "acc", "--best").stdout
    best = text.index("best       seed 7 gave 99.50")
    assert "mean ± sd of 296" in text[:best] and "▁" in text[:best], "the distribution is beside it"
    assert "are expected to give 90." in text[best:]
    document = answer(study, "--maximize", "acc", "--best")["metrics"]["acc"]
    assert document["best"]["seed"] == "7" and 90.5 < document["best"]["expected"] < 91
    assert "best" not in answer(study, "--maximize", "acc")["metrics"]["acc"]


def test_runs_needed(study):
    acc = answer(study, "--half-width", "0.01", "--difference", "0.1")["metrics"]["acc"]["runs_needed"]
    assert acc["half_width"] == 0.01 and acc["for_half_width"] > 1000
    assert acc["for_difference"] > 60 and acc["for_half_the_interval"] > 900
    assert "give a mean ± 0.01" in stats(study, "--half-width", "0.01").stdout


def test_pairs_by_seed(tmp_path, accuracies):
    x = accuracies[:40]
    y = x + 0.05 + np.random.default_rng(1).normal(0, 0.05, 40)
    a = write(tmp_path / "a.db", ["acc"], [(seed, [v]) for seed, v in enumerate(x.tolist())])
    b = write(tmp_path / "b.db", ["acc", "more"], [(seed + 5, [v, 1]) for seed, v in enumerate(y[5:].tolist())] + [(1000, [95, 1])])
    pairs = answer(a, "--vs", b, "--maximize", "acc")["vs"]["metrics"]["acc"]
    assert pairs["paired"] and (pairs["n_a"], pairs["n_b"], pairs["common_seeds"]) == (35, 35, 35)
    assert pairs["difference"] == pytest.approx((y - x)[5:].mean(), rel=1e-9)
    assert pairs["ci"]["low"] > 0 and pairs["permutation"]["p"] < 1e-3 and pairs["p_b_better"] == pairs["p_b_above"]
    text = stats(a, "--vs", b, "--maximize", "acc").stdout
    worse = f"{100 - np.floor(1000 * pairs['p_b_above'] + 0.5) / 10:.1f} %."
    assert (f"\n  B is better on average, but that is not shown of the whole distribution; "
            f"a single run of B is worse than one of A in {worse}") in text
    assert f"35 pairs of the same seed; B better in {pairs['pairs_b_above']}, equal in 0\n" in text
    assert "\n             without a partner: 5 of A's (in B: 5 not run); 1 of B's (in A: 1 not run)\n" in text
    assert f"; B better in {35 - pairs['pairs_b_above']}, equal in 0\n" in stats(a, "--vs", b, "--minimize", "acc").stdout
    assert "B is worse on average, " in stats(a, "--vs", b, "--minimize", "acc").stdout
    assert "B is higher on average, " in stats(a, "--vs", b).stdout
    groups = answer(a, "--vs", b, "--unpaired")["vs"]["metrics"]["acc"]
    assert not groups["paired"] and (groups["n_a"], groups["n_b"]) == (40, 36)
    assert groups["p_b_above"] == pytest.approx(st.mannwhitneyu([*y[5:], 95], x).statistic / (40 * 36), rel=1e-12)
    assert stats(a, "--vs", b, "--metric", "nope", status=2).stderr.startswith("oneseed: --metric nope: no such metric")


def both(tmp_path, a, b, *arguments, first_b=1000):
    """The comparison in JSON and the text of two studies of these values; seeds of B from first_b."""
    a = write(tmp_path / f"{len(list(tmp_path.iterdir()))}.db", ["acc"], [(seed, [v]) for seed, v in enumerate(a)])
    b = write(tmp_path / f"{len(list(tmp_path.iterdir()))}.db", ["acc"], [(seed + first_b, [v]) for seed, v in enumerate(b)])
    return answer(a, "--vs", b, *arguments)["vs"]["metrics"]["acc"], stats(a, "--vs", b, *arguments).stdout


def test_one_common_seed(tmp_path):
    assert "not paired (1 seed done in both)\n" in both(tmp_path, [1.0, 2.0, 4.0], [1.0, 3.0, 9.0], first_b=2)[1]
    assert "not paired (0 seeds done in both)\n" in both(tmp_path, [1.0, 2.0, 4.0], [1.0, 3.0, 9.0], first_b=3)[1]


NONE = {"low": None, "high": None, "method": "none"}


def test_one_run_cannot_tell(tmp_path):
    many = np.random.default_rng(4).normal(0, 1, 40).tolist()
    for a, b, said in ((many, [9.7], "One run of B cannot tell: it is better than 100.0 % of A's, and the next one may not be."),
                       ([2.7], many, "One run of A cannot tell: it is better than 100.0 % of B's, and the next one may not be."),
                       ([1.0], [2.7], "One run of each cannot tell: other seeds give other values.")):
        found, text = both(tmp_path, a, b, "--maximize", "acc")
        assert found["ci"] == found["p_b_above_ci"] == NONE and found["shown"] is None
        assert found["permutation"] == {"p": None, "method": "none"} and found["cohen_d"] is None
        assert found["difference"] == pytest.approx(np.mean(b) - np.mean(a))
        assert text.endswith(f"\n  {said}\n") and "of one run\n" in text
        assert not any(word in text for word in ("nan", "permutation", "Cohen", "(95 %", "on average", "equal"))
        path = sorted(tmp_path.iterdir(), key=lambda p: int(p.stem))[-2:]
        drawn = page(*path)["versus"]["metrics"][0]["x"]
        assert len(drawn) == 0 if len(a) == len(b) == 1 else drawn[0] <= min(a + b) and drawn[-1] >= max(a + b)
        compared = page(*path, "--maximize", "acc")["versus"]["metrics"][0]
        assert compared["ci"] is None and compared["verdict"] == said and compared["order"] is None


@pytest.mark.filterwarnings("ignore:Precision loss")
@pytest.mark.parametrize("n", [2, 3])
def test_few_runs_in_a_comparison(tmp_path, n):
    rng = np.random.default_rng(4)
    many, few = rng.normal(0, 1, 40), rng.normal(3, 1, n)
    found, text = both(tmp_path, many.tolist(), few.tolist())
    welch = st.ttest_ind(few, many, equal_var=False).confidence_interval()
    assert (found["ci"]["low"], found["ci"]["high"]) == pytest.approx((welch.low, welch.high), rel=1e-9)
    assert "nan" not in text and f" of {n}\n" in text
    # Equal values are one value: no interval, no test.
    for first_b in (0, 1000):
        found, text = both(tmp_path, [1.0] * n, [2.0] * n, first_b=first_b)
        assert found["ci"] == NONE and found["shown"] is None and found["difference"] == 1 and found["one_value"] == "both"
        assert (f"\n  All {n} runs of A gave 1, and all {n} of B gave 2: one value of each, however often it is run. "
                "So few cannot tell whether the seed matters for it. ") in text
        assert f"\n  No difference: all {n} runs of A and all {n} of B gave 1. So few" in both(tmp_path, [1.0] * n, [1.0] * n)[1]


LINE = "train.py:4 seeds a generator with 42"
NO_TEST = {"ci": NONE, "p_b_above_ci": NONE, "permutation": {"p": None, "method": "none"}, "shown": None, "cohen_d": None,
           "runs_needed": None, "too_few": False}


@pytest.mark.parametrize("first_b", [0, 1000])
@pytest.mark.parametrize("line", [None, LINE])
def test_one_value_many_times_is_no_sample(tmp_path, first_b, line):
    """A program that seeds itself: twenty times the same run tell as much as one."""
    x = np.random.default_rng(3).normal(0, 1, 20).tolist()
    constant = write(tmp_path / "constant.db", ["acc"], [(seed, [0.75]) for seed in range(20)], **({"own_seeds": line} if line else {}))
    varied = write(tmp_path / "varied.db", ["acc"], [(seed + first_b, [v]) for seed, v in enumerate(x)], options='{"reseed": true}')
    below = f"{100 * np.mean(np.array(x) < 0.75):.1f} %"
    for a, b, side, other in ((constant, varied, "a", "b"), (varied, constant, "b", "a")):
        found, text = answer(a, "--vs", b), stats(a, "--vs", b).stdout
        acc, name = found["vs"]["metrics"]["acc"], side.upper()
        assert acc["one_value"] == side and {key: acc[key] for key in NO_TEST} == NO_TEST
        assert acc["almost_stochastic_order"]["b_above"] is None
        assert acc["p_b_above"] == np.mean(np.array(x) > 0.75 if side == "a" else np.array(x) < 0.75)
        said = f"All 20 runs of {name} gave 0.75: one value, however often it is run. "
        why = f"{line} (`scan --reseed` shifts it). " if line else \
            "The seed does not matter for it, or the program seeds itself (then `scan --reseed` shifts its seeds). "
        rest = f"That value is higher than {below} of {other.upper()}'s; there is no test, as one value says nothing of {name}'s luck."
        assert f"\n  {said}{why}{rest}\n" in text and " in all of 20\n" in text
        assert not any(word in text for word in ("permutation", "Cohen", "on average", "nan", "order"))
        assert page(a, b)["versus"]["metrics"][0]["verdict"] == said + why + rest
        assert page(a, b)["versus"]["metrics"][0]["permutation_p"] is None
        # Scanned in two ways: this is said, too.
        without, with_it = (found, found["vs"]) if side == "a" else (found["vs"], found)
        assert (without["reseed"], with_it["reseed"]) == (False, True)
        note = f"{other.upper()} was scanned with --reseed, {name} without: "
        assert f"\n  {note}" in text and page(a, b)["versus"]["reseed_note"].startswith(note)
    assert "reseed" not in stats(varied, "--vs", varied).stdout
    assert answer(varied, "--vs", varied)["vs"]["metrics"]["acc"]["one_value"] is None


@pytest.mark.parametrize("n, first_b, least", [(3, 1000, "with 3 and 3 the permutation test cannot give less than 0.1"),
                                               (5, 0, "with 5 pairs the permutation test cannot give less than 0.062"),
                                               (4, 1000, None), (6, 0, None)])
def test_too_few_runs_show_nothing(tmp_path, n, first_b, least):
    x = np.random.default_rng(3).normal(0, 1, n)
    found, text = both(tmp_path, x.tolist(), (x * 1.1 + 9).tolist(), first_b=first_b)
    assert found["ci"]["low"] > 0 and found["too_few"] == (least is not None) and found["shown"] == (None if least else "b_above")
    assert text.endswith(f"\n  Too few runs to show a difference: {least}.\n") if least else "B is higher on average" in text
    assert "  order  " not in text if least else "  order  " in text
    plot = tmp_path / "x.svg"
    arguments = [tool.TOOL, "report", tmp_path / "0.db", "--vs", tmp_path / "1.db", "--plot", "comparison", "-o", plot]
    subprocess.run(arguments, check=True, timeout=60)
    assert (f"Too few runs to show a difference: {least}." if least else "95 % interval") in plot.read_text()


def test_shares_are_rounded_alike_everywhere(tmp_path):
    """73 of 80 pairs: 91.25 % is 91.3 %, and what is left of it 8.7 %."""
    a, b = [float(k) for k in range(20)], [18.5, 18.5, 18.5, 15.5]
    found, text = both(tmp_path, a, b, "--maximize", "acc")
    assert found["p_b_better"] == 0.9125
    assert "of B is better than one of A in 91.3 %  [" in text and "8.8 %" not in text
    paths = sorted(tmp_path.iterdir(), key=lambda p: int(p.stem))
    found, text = both(tmp_path, [10.0 * k for k in a], [10.0 * k for k in b], "--minimize", "acc")
    assert "of B is better than one of A in 8.8 %  [" in text
    shown = page(*paths, "--maximize", "acc")["versus"]["metrics"][0]
    assert shown["p_b_better"] == 0.9125 and shown["verdict"].endswith("; a single run of B is worse than one of A in 8.7 %.")
    assert f"\n  {shown['verdict']}\n" in stats(paths[0], "--vs", paths[1], "--maximize", "acc").stdout


def test_no_spread_and_many_runs(tmp_path):
    for first_b in (0, 1000):
        found, text = both(tmp_path, [1.0] * 20, [2.0] * 20, "--minimize", "acc", first_b=first_b)
        assert {key: found[key] for key in NO_TEST} == NO_TEST and found["one_value"] == "both"
        assert "\n  All 20 runs of A gave 1, and all 20 of B gave 2: " in text and "inf" not in text and "worse" not in text


def fails(where, n, n_failed, mean=0.0, status="failed", value=None, n_such=0):
    """n runs of which the first n_failed did not end well, and n_such more gave no number but `value`."""
    rng = np.random.default_rng(n_failed + 100)
    runs = [(k, [mean + rng.normal()]) for k in range(n)]
    runs[:n_failed] = [(k, [None], {"status": status}) for k in range(n_failed)]
    runs[n_failed:n_failed + n_such] = [(k, [value]) for k in range(n_failed, n_failed + n_such)]
    return write(where, ["acc"], runs)


@pytest.mark.parametrize("n_a, failed_a, n_b, failed_b", [
    (100, 2, 100, 3), (100, 2, 100, 30), (40, 9, 200, 3), (30, 0, 30, 6), (30, 0, 30, 5)])
def test_runs_that_a_comparison_is_without(tmp_path, n_a, failed_a, n_b, failed_b):
    a, b = fails(tmp_path / "a.db", n_a, failed_a), fails(tmp_path / "b.db", n_b, failed_b)
    left_out = answer(a, "--vs", b)["vs"]["metrics"]["acc"]["left_out"]
    assert [left_out[side]["failed"] for side in "ab"] == [failed_a, failed_b] and left_out["a"]["runs"] == n_a
    p = st.fisher_exact([[failed_a, n_a - failed_a], [failed_b, n_b - failed_b]]).pvalue
    assert left_out["p"] == pytest.approx(p, rel=1e-9)
    text = stats(a, "--vs", b).stdout
    of_a = f"{failed_a} of A's {n_a} runs ({failed_a} failed); " if failed_a else ""
    assert f"\n  Not in this: {of_a}{failed_b} of B's {n_b} runs ({failed_b} failed).\n" in text
    more = "B" if failed_b / n_b > failed_a / n_a else "A"
    assert (f"\n  {more} gives no number more often (" in text) == (p < 0.05) == ("gives no number" in text)


def test_each_kind_of_run_that_a_comparison_is_without(tmp_path):
    a = fails(tmp_path / "a.db", 60, 2, status="timeout", value="nan", n_such=3)
    b = fails(tmp_path / "b.db", 60, 1, mean=8, status="lost", value=None, n_such=1)
    text = stats(a, "--vs", b).stdout
    assert ("Not in this: 5 of A's 60 runs (2 ran out of time, 3 gave nan); "
            "2 of B's 60 runs (1 was lost, 1 ended well without it).\n") in text
    assert "B is higher on average: each of its runs is higher than every one of A." in text and "gives no number" not in text
    sides = answer(a, "--vs", b)["vs"]["metrics"]["acc"]["left_out"]
    assert sides["a"] == {"runs": 60, "failed": 2, "nan": 3, "infinite": 0, "missing": 0,
                          "without_partner": {"not_run": 0, "failed": 0, "nan": 0, "infinite": 0, "missing": 0}}
    assert sides["b"] == {"runs": 60, "failed": 1, "nan": 0, "infinite": 0, "missing": 1,
                          "without_partner": {"not_run": 0, "failed": 0, "nan": 3, "infinite": 0, "missing": 0}}
    assert "Not in this" not in stats(fails(tmp_path / "c.db", 9, 0), "--vs", fails(tmp_path / "d.db", 9, 0, mean=2)).stdout


def test_pairs_and_the_others_add_up(tmp_path):
    """Seeds 0:40 against 7:57 with failures of each kind in both: all runs are accounted for."""
    def values(k, odd):
        return odd.get(k, [float(k % 9), 1.0])

    of_a = {3: [None, None], 12: ["nan", 1.0], 20: [None, 1.0], 21: ["nan", 2.0]}
    of_b = {9: [None, None], 10: [None, None], 12: [4.0, "nan"], 15: ["nan", 1.0], 16: ["inf", 1.0], 21: ["nan", "nan"], 50: ["nan", 3.0]}
    runs_a = [(k, values(k, of_a), {"status": "failed"} if k == 3 else {}) for k in range(40)]
    runs_b = [(k, values(k, of_b), {"status": "timeout"} if k in (9, 10) else {}) for k in range(7, 57)]
    # Repeated and varied runs are no partners.
    runs_b += [(2, [1.0, 1.0], {"sources": "init=3"}), (8, [5.0, 1.0], {"repeat": 1})]
    a, b = write(tmp_path / "a.db", ["loss", "other"], runs_a), write(tmp_path / "b.db", ["loss", "other"], runs_b)
    for name in ("loss", "other"):
        found = answer(a, "--vs", b)["vs"]["metrics"][name]
        for side, n in (("a", 40), ("b", 50)):
            left = found["left_out"][side]
            own = sum(left[key] for key in ("failed", "nan", "infinite", "missing"))
            assert left["runs"] == n == found["n_a"] + own + sum(left["without_partner"].values())
    loss = answer(a, "--vs", b)["vs"]["metrics"]["loss"]
    assert (loss["paired"], loss["n_a"]) == (True, 26)
    assert loss["left_out"]["a"]["without_partner"] == {"not_run": 6, "failed": 2, "nan": 1, "infinite": 1, "missing": 0}
    assert loss["left_out"]["b"]["without_partner"] == {"not_run": 16, "failed": 0, "nan": 1, "infinite": 0, "missing": 1}
    text = stats(a, "--vs", b, "--metric", "loss").stdout
    assert ("without a partner: 10 of A's (in B: 6 not run, 2 failed, 1 gave nan, 1 gave an infinity); "
            "18 of B's (in A: 16 not run, 1 gave nan, 1 ended well without it)\n") in text
    assert answer(a, "--vs", b, "--unpaired")["vs"]["metrics"]["loss"]["left_out"]["a"]["without_partner"] is None
    assert "without a partner" not in stats(a, "--vs", b, "--unpaired").stdout


def test_words_of_the_order(tmp_path):
    rng = np.random.default_rng(3)
    x, texts = rng.normal(0, 1, 80), []

    def order(y, *arguments):
        b = write(tmp_path / f"{len(list(tmp_path.iterdir()))}.db", ["acc"], [(seed, [v]) for seed, v in enumerate(y.tolist())])
        text = stats(a, "--vs", b, *arguments).stdout
        texts.append(text)
        return text[text.index("  order      "):].split("\n")[0], answer(a, "--vs", b)["vs"]["metrics"]["acc"]["almost_stochastic_order"]

    a = write(tmp_path / "a.db", ["acc"], [(seed, [v]) for seed, v in enumerate(x.tolist())])
    said, bounds = order(x + 1 + rng.normal(0, 0.01, 80))
    assert "\n  B is higher on average, and across nearly the whole distribution" in texts[-1]
    assert "B's values are higher across nearly the whole distribution" in said and bounds["b_above"] < 0.2
    said, bounds = order(x + 1, "--minimize", "acc")
    assert "A's values are better across nearly the whole distribution" in said
    assert bounds["shown"] == "b_above" and bounds["shown_below"] == 0.2
    said, bounds = order(x * 2 + 0.9)
    assert "not shown: neither's values are higher" in said and 0.2 < bounds["b_above"] < 0.5 and bounds["shown"] is None
    assert "\n  B is higher on average, but that is not shown of the whole distribution" in texts[-1]
    said, bounds = order(x * 2)
    assert "neither's values are higher across nearly the whole distribution" in said and min(bounds["b_above"], bounds["a_above"]) >= 0.5
    assert f"{bounds['b_above']:.2f} for B's, {bounds['a_above']:.2f} for A's" in said
    assert "the two distributions are equal" in order(x)[0]


def test_the_order_and_the_verdict_agree(tmp_path):
    rng, seen = np.random.default_rng(2), set()
    for _ in range(40):
        a, b = rng.normal(0, 1, 12), rng.normal(rng.choice([0, 0.5, 1.5]), rng.choice([1, 2]), 12)
        found, text = both(tmp_path, a.tolist(), b.tolist(), "--maximize", "acc")
        order = found["almost_stochastic_order"]
        lowest = min(order["a_above"], order["b_above"])
        seen.add((found["shown"], order["shown"], lowest < 0.2, lowest < 0.5))
        assert order["shown"] in (None, found["shown"])
        assert ("not shown" in text) == (order["shown"] is None)
        assert ("No difference is shown" in text) == (found["shown"] is None)
        assert text.count("across nearly the whole distribution (") == (order["shown"] is not None) + (lowest >= 0.2)
        ordered = "on average, and across nearly the whole distribution;" in text or "each of its runs" in text
        assert ordered == (order["shown"] is not None)
    # Without a difference of the means: with a bound below 0.5, and with one below 0.2; with it, shown and not.
    assert {(None, None, False, True), (None, None, True, True), ("b_above", "b_above", True, True)} <= seen


def sources_study(where, n):
    """A loss that is init + order, with shares of 80 % and 20 %, by the plan of docs/scan.md."""
    rng = np.random.default_rng(5)
    init, order = rng.normal(0, 2, n), rng.normal(0, 1, n)

    def partner(r, i):
        shift = 1 + i % 4
        return r // 5 * 5 + (r % 5 + shift) % 5

    runs = [(r, [init[r] + order[r]]) for r in range(n)]
    runs += [(r, [init[partner(r, 0)] + order[r]], {"sources": f"init={partner(r, 0)}"}) for r in range(n)]
    runs += [(r, [init[r] + order[partner(r, 1)]], {"sources": f"order={partner(r, 1)}"}) for r in range(n)]
    return write(where, ["loss"], runs)


def test_shares_of_sources(tmp_path):
    n = 60
    study = sources_study(tmp_path / "s.db", n)
    document = answer(study)
    assert (document["runs"], document["varied"]) == (n, 2 * n)
    shares = document["metrics"]["loss"]["shares"]
    for name, share in (("init", 0.8), ("order", 0.2)):
        found = shares["sources"][name]
        assert found["first"] == pytest.approx(share, abs=0.25) and found["total"] == pytest.approx(share, abs=0.25)
        assert found["first_ci"]["low"] < share < found["first_ci"]["high"]
    text = stats(study).stdout
    assert "variance   by source" in text and "rest" in text and "init " in text


@pytest.mark.parametrize("n, more, said", [
    (10, [6, 190, 990], "10 replications are too few for intervals: 6 more give them, 190 more are a good start (3 runs each)."),
    (60, [0, 140, 940], "60 replications are few: 140 more are a good start, 940 more tell large shares to ± 5 points (3 runs each)."),
    (400, [0, 0, 600], "600 more replications tell large shares to ± 5 points (3 runs each)."),
    (1000, [0, 0, 0], None)])
def test_how_many_more_replications(tmp_path, n, more, said):
    study = sources_study(tmp_path / "s.db", n)
    shares = answer(study)["metrics"]["loss"]["shares"]
    assert list(shares["more_replications"].values()) == more
    assert (shares["rest_ci"]["method"] == "none") == (n < 16)
    bounds = [shares["rest"], *shares["rest_ci"].values()]
    for share in shares["sources"].values():
        bounds += [share["first"], share["total"], *share["first_ci"].values(), *share["total_ci"].values()]
    beyond = any(not 0 <= bound <= 1 for bound in bounds if isinstance(bound, float))
    assert shares["beyond_0_to_1"] == beyond
    text = stats(study).stdout
    assert ("A share below 0 % or above 100 % is chance" in text) == beyond
    assert said in text if said else "replications are few" not in text and "more replications" not in text


def test_few_replications_are_a_hint(tmp_path):
    """No interval, so no word of one, and no tenths."""
    for n, sure in ((10, False), (60, True)):
        study = sources_study(tmp_path / f"{n}.db", n)
        text = stats(study).stdout
        head = "(95 % intervals, 60 replications)" if sure else "(a hint only, of 10 replications)"
        assert f"by source, alone and with its interactions {head}\n" in text
        rows = re.findall(r"^ +(?:init|order|rest) +(-?[\d.]+) %(  \[.*?\])?(?:   total +(-?[\d.]+) %)?", text, re.M)
        assert len(rows) == 3 and all(("." in first) == sure and bool(interval) == sure for first, interval, _ in rows)
        assert page(study)["sources"][0]["sure"] == sure
        plot = tmp_path / f"{n}.svg"
        subprocess.run([tool.TOOL, "report", study, "--plot", "sources", "-o", plot], check=True, timeout=60)
        assert ("95 % intervals" in plot.read_text()) == sure and ("A hint only" in plot.read_text()) == (not sure)
        assert ">0 %<" in plot.read_text() and "-0 %" not in plot.read_text()
        bare = subprocess.run([tool.TOOL, "report", study, "-o", "-"], capture_output=True, text=True, check=True, timeout=60).stdout
        table = re.search(r"<h3>Variance of loss.*?</table>", bare, re.S)[0]
        assert (", a hint only" in table) == (not sure) and bool(re.search(r"\d\.\d %", table)) == sure


@pytest.mark.parametrize("value, other", [(0.25, 0.25), (0.3, 0.1 + 0.2)])
def test_no_variance_to_share_out(tmp_path, value, other):
    """All runs are there, and all equal: that is not "too few"."""
    runs = [(r, [other if r % 2 else value]) for r in range(20)]
    runs += [(r, [value], {"sources": f"init={r // 5 * 5 + (r + 1) % 5}"}) for r in range(20)]
    study = write(tmp_path / "s.db", ["loss"], runs)
    said = "It is 0: all 20 replications gave the same value, so no source can have a share."
    assert f"\n  variance   {said}\n" in stats(study).stdout
    shares = answer(study)["metrics"]["loss"]["shares"]
    assert shares["variance"] == 0 and shares["replications"] == 20 and shares["sources"]["init"]["first"] is None
    shown = page(study)["sources"][0]
    assert shown["shares"] is None and shown["notes"] == [said] and shown["variance"] == 0
    few = write(tmp_path / "few.db", ["loss"], [*runs[:2], *runs[20:22]])
    assert "\n  variance   Too few runs with sources varied to say" in stats(few).stdout
    assert answer(few)["metrics"]["loss"]["shares"] is None


def test_two_commands(tmp_path):
    runs = [(seed, [float(seed)]) for seed in range(9)]
    a = write(tmp_path / "a.db", ["acc"], runs, command='["python", "train.py"]')
    b = write(tmp_path / "b.db", ["acc"], runs, command='["python", "train.py", "--drop\\u001bout", "<0.5>"]')
    text = stats(a, "--vs", b).stdout
    assert "\nA    python train.py\nB  " in text and "\nB    python train.py --drop out <0.5>\n" in text
    assert "train.py" not in stats(a, "--vs", a).stdout
    found = answer(a, "--vs", b)
    assert (found["command"], found["vs"]["command"]) == ("python train.py", "python train.py --drop out <0.5>")
    for other, said in ((b, True), (a, False)):
        arguments = [tool.TOOL, "report", a, "--vs", other, "-o", "-"]
        bare = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60).stdout
        head = bare[bare.index("<h1>"):bare.index("<section")]
        assert ("<p>B: <code>python train.py --drop" in head and "&#60;0.5&#62;</code></p>" in head) == said
        assert (f"<p>{'A: ' if said else ''}<code>python train.py</code></p>") in head


@pytest.mark.parametrize("n, i", [(2, 1), (12, 1), (20, 1), (40, 2), (100, 5), (1000, 50)])
def test_where_a_new_run_falls(tmp_path, n, i):
    x = np.random.default_rng(n).normal(10, 1, n)
    study = write(tmp_path / "s.db", ["acc"], [(seed, [v]) for seed, v in enumerate(x.tolist())])
    x.sort()
    found = answer(study)["metrics"]["acc"]["prediction"]
    assert found == {"low": x[i - 1], "high": x[-i], "outside": pytest.approx(2 * i / (n + 1)), "at_most": False}
    share = f"with a probability of {200 * i / (n + 1):.1f} %.\n"
    if n < 13:
        assert (f"\n  {n} runs went from {x[0]:.2f} to {x[-1]:.2f}; "
                f"one with another seed lies outside of that {share}") in stats(study).stdout
    else:
        assert f"\n  A new run with another seed lies below {x[i - 1]:.2f} or above {x[-i]:.2f} {share}" in stats(study).stdout


def test_a_new_run_of_few_values(tmp_path):
    study = write(tmp_path / "s.db", ["solved", "score"], [(seed, [int(seed % 5 > 0), seed // 3]) for seed in range(60)])
    text, metrics = stats(study).stdout, answer(study)["metrics"]
    assert "\n  It took 2 values: 0 in 12 runs, 1 in 48.\n" in text and "or above 1 " not in text
    assert metrics["solved"]["values"] == [{"value": 0, "runs": 12}, {"value": 1, "runs": 48}]
    assert metrics["score"]["different_values"] == 20 and metrics["score"]["values"] is None
    # Three runs gave 0: a new one is below it with at most 1 / 61.
    assert metrics["score"]["prediction"] == {"low": 0, "high": 19, "outside": pytest.approx(2 / 61), "at_most": True}
    assert "or above 19.0 with a probability of at most 3.3 %.\n" in text


def test_few_values_and_none(tmp_path):
    few = write(tmp_path / "few.db", ["acc"], [(seed, [v]) for seed, v in enumerate([71.2, 70.9, 72.0])])
    assert answer(few)["metrics"]["acc"]["ci"]["mean"]["method"] == "t"
    one = write(tmp_path / "one.db", ["acc"], [(0, [1.5])])
    assert answer(one)["metrics"]["acc"]["sd"] is None and "\nacc  1.5  (of one run)\n" in stats(one).stdout
    assert answer(one)["metrics"]["acc"]["ci"]["mean"] == NONE and "nan" not in stats(one).stdout
    for n in (2, 3):
        some = write(tmp_path / f"{n}.db", ["acc", "same"], [(seed, [v, 3.0]) for seed, v in enumerate([71.2, 70.9, 72.0][:n])])
        mean = answer(some)["metrics"]["acc"]["ci"]["mean"]
        wanted = st.ttest_1samp([71.2, 70.9, 72.0][:n], 0).confidence_interval()
        assert (mean["low"], mean["high"]) == pytest.approx((wanted.low, wanted.high), rel=1e-9)
        assert answer(some)["metrics"]["same"]["ci"]["mean"] == NONE
        text = stats(some).stdout
        assert "nan" not in text and f"All {n} values are 3: too few to tell whether the seed matters for it." in text
    same = write(tmp_path / "same.db", ["acc"], [(seed, [3.0]) for seed in range(9)])
    assert "the seed does not matter" in stats(same).stdout
    failed = write(tmp_path / "failed.db", ["acc"], [(seed, [None], {"status": "lost"}) for seed in range(4)])
    done = stats(failed, status=2)
    assert "4 not done (4 lost)" in done.stdout and done.stderr.endswith("failed.db: no run ended well\n")
    assert json.loads(stats(failed, "--json", status=2).stdout)["failed"] == 4
    empty = write(tmp_path / "empty.db", [], [])
    assert "it has no metrics" in stats(empty, status=2).stderr


def decimal(text):
    return float(text.replace(",", ""))


@pytest.mark.parametrize("name, values", [
    ("lognormal", lambda rng: rng.lognormal(0, 3, 200)), ("small", lambda rng: rng.lognormal(-12, 1.5, 60)),
    ("large", lambda rng: 1e12 + rng.normal(0, 1000, 30)), ("larger", lambda rng: 1e12 * rng.lognormal(0, 1, 30)),
    ("tiny", lambda rng: 1e-12 * rng.normal(1, 0.1, 30)), ("cauchy", lambda rng: rng.standard_cauchy(300)),
    ("usual", lambda rng: rng.normal(90, 0.3, 50))])
def test_digits_tell_values_apart(tmp_path, name, values):
    """Each quantile to 2 digits at least (of the value, or of what it differs by), the ends of intervals apart."""
    x = values(np.random.default_rng(7))
    text = stats(write(tmp_path / "s.db", ["loss"], [(seed, [v]) for seed, v in enumerate(x.tolist())])).stdout
    line = re.search(r"quantiles  (.*)", text)[1]
    shown = {float(level) / 100: decimal(value) for level, value in re.findall(r"([\d.]+) %: (\S+)", line)}
    assert len(shown) >= 5
    for level, value in shown.items():
        exact = np.quantile(x, level)
        assert abs(value - exact) <= 0.051 * min(abs(exact), np.std(x)), (level, value, exact)
    for low, high in re.findall(r"\[(\S+), (\S+)\]", text):
        assert decimal(high) > decimal(low)
    low, high = re.search(r"mean \S+  \[(\S+), (\S+)\]", text).groups()
    found = answer(tmp_path / "s.db")["metrics"]["loss"]["ci"]["mean"]
    assert decimal(low) == pytest.approx(found["low"], abs=0.06 * (found["high"] - found["low"]))
    assert "nan" not in text and "-0.00" not in text


@pytest.mark.parametrize("n", [30, 300, 6000])
@pytest.mark.parametrize("name, draw", [
    ("normal", lambda rng, n: rng.normal(90, 0.3, n)), ("lognormal", lambda rng, n: rng.lognormal(0, 3, n)),
    ("cauchy", lambda rng, n: rng.standard_cauchy(n)),
    ("two humps", lambda rng, n: np.where(rng.random(n) < 0.3, rng.normal(0, 1e-3, n), rng.normal(1000, 1e-3, n))),
    ("a peak", lambda rng, n: np.where(rng.random(n) < 0.02, rng.uniform(-100, 100, n), rng.normal(0, 0.01, n)))])
def test_the_density_shows_all_of_it(tmp_path, name, draw, n):
    x = draw(np.random.default_rng(n), n)
    study = write(tmp_path / "s.db", ["acc"], [(seed, [v]) for seed, v in enumerate(x.tolist())])
    found, shown = answer(study)["metrics"]["acc"]["density"], page(study)["metrics"][0]["density"]
    exact = st.gaussian_kde(x, bw_method=found["bandwidth"] / np.std(x, ddof=1))
    for at, density in ((found["at"], found["density"]), (shown["x"], shown["y"])):
        at, density = np.array(at), np.array(density)
        assert 0.98 < np.sum(np.diff(at) * (density[1:] + density[:-1]) / 2) < 1.02
        assert len(at) <= 1024 and (np.diff(at) > 0).all() and at[0] < x.min() and at[-1] > x.max()
        # Beyond 5000 values they are gathered a sixteenth of a bandwidth around.
        assert density == pytest.approx(exact(at), rel=1e-9 if n <= 5000 else 1e-3, abs=1e-3 * density.max() if n > 5000 else 1e-12)


@pytest.mark.parametrize("name, x, bins", [
    ("normal", np.random.default_rng(1).normal(0, 1, 300), "fd"), ("lognormal", np.random.default_rng(2).lognormal(0, 1, 200), "fd"),
    ("two values", np.arange(40) % 2 * 1.0, "fd"), ("mostly 1", (np.arange(100) % 7 > 0) * 1.0, "sturges"),
    ("too many", np.append(np.random.default_rng(3).normal(0, 1e-4, 300), 1.0), 512)])
def test_bins_are_those_of_numpy(tmp_path, name, x, bins):
    found = answer(write(tmp_path / "s.db", ["acc"], [(seed, [v]) for seed, v in enumerate(x.tolist())]))["metrics"]["acc"]["histogram"]
    counts, edges = np.histogram(x, bins)
    assert found["counts"] == counts.tolist()
    assert (found["low"], found["width"]) == pytest.approx((edges[0], edges[1] - edges[0]))
    if name == "mostly 1":
        assert len(np.histogram(x, "fd")[0]) == 1, "docs/stats.md says so"
    if name == "too many":
        assert len(np.histogram(x, "fd")[0]) > 512


def test_two_densities_of_spread_out_values(tmp_path):
    rng, studies = np.random.default_rng(0), []
    for k in range(2):
        x = np.concatenate([rng.normal(k, 0.001, 90), rng.uniform(-100, 100, 10)])
        studies.append(write(tmp_path / f"{k}.db", ["acc"], [(seed + 1000 * k, [v]) for seed, v in enumerate(x.tolist())]))
    shown = page(*studies)["versus"]["metrics"][0]
    for name in ("density_a", "density_b"):
        density = np.array(shown[name])
        assert 0.98 < np.sum(np.diff(shown["x"]) * (density[1:] + density[:-1]) / 2) < 1.02


def test_rounding_is_no_spread(tmp_path):
    """0.1 + 0.2 is not 0.3 by 6e-17: no spread, no interval, no outliers, no difference."""
    noise, other = [0.3 if k % 3 else 0.1 + 0.2 for k in range(20)], [0.3 if k % 2 else 0.1 + 0.2 for k in range(20)]
    study = write(tmp_path / "0.db", ["acc"], [(seed, [v]) for seed, v in enumerate(noise)])
    found, text = answer(study)["metrics"]["acc"], stats(study).stdout
    assert found["equal_but_for_rounding"] and found["sd"] == pytest.approx(np.std(noise, ddof=1))
    assert found["ci"]["mean"] == NONE and found["normality"] is None and found["outliers"] == [] and found["density"] is None
    assert text.endswith("acc  0.3  (of 20 runs: equal but for rounding)\n  All 20 values are 0.3, but for rounding: "
                         "the seed does not matter for it, or the program seeds itself (then `scan --reseed` shifts its seeds).\n")
    assert page(study)["metrics"][0]["spread"] is False
    for first_b in (0, 1000):
        for values in (noise, other):
            found, text = both(tmp_path, noise, values, first_b=first_b)
            assert found["difference"] == 0 and found["shown"] is None and found["permutation"]["p"] is None
            assert "No difference: all 20 runs of A and all 20 of B gave 0.3. " in text
    x = np.random.default_rng(1).normal(90, 1, 30)
    found, text = both(tmp_path, x.tolist(), (x * 3 / 3).tolist(), first_b=0)
    assert (found["pairs_equal"], found["difference"]) == (30, 0)
    assert "No difference: both runs of every pair gave the same value." in text
    found, text = both(tmp_path, x.tolist(), (x + 0.3).tolist(), first_b=0)
    assert found["ci"] == NONE and "B is higher: the difference is the same in every pair" in text
    # What is small beside others of the study is no rounding.
    small = [1e-13 * k for k in range(1, 20)] + [1.0]
    assert both(tmp_path, small, [2 * v for v in small], first_b=0)[0]["pairs_b_above"] == 20
    study = write(tmp_path / "small.db", ["acc"], [(k, [v]) for k, v in enumerate(small)])
    assert not answer(study)["metrics"]["acc"]["equal_but_for_rounding"]


@pytest.mark.parametrize("plan, seeds, said, planned, left", [
    ({"seeds": "0:100"}, range(24), "24 of 100 runs so far, seeds 0 to 23\n", 100, 76),
    ({"seeds": "0:22,30:32"}, [*range(22), 30, 31], "24 runs, seeds 0 to 21, 30 to 31\n", 24, 0),
    ({"seeds": "0:100:10"}, range(0, 100, 10), "10 runs, seeds 0:100:10\n", 10, 0),
    ({"seeds": "0:100:10"}, range(0, 60, 10), "6 of 10 runs so far, seeds between 0 and 50, with holes\n", 10, 4),
    ({"seeds": "5"}, [5], "1 run, seed 5\n", 1, 0),
    ({"seeds": "0:100", "until": "ci(acc)<0.2"}, range(24), "24 runs (of at most 100, until ci(acc)<0.2), seeds 0 to 23\n", 100, 76),
    ({"seeds": "0:100", "until": "none"}, range(24), "24 of 100 runs so far, seeds 0 to 23\n", 100, 76),
    ({"seeds": "0:10", "shard": "1/4"}, [1, 5], "2 of 3 runs so far, seeds 1, 5\n", 3, 1),
    ({"seeds": "0:10", "shard": "3/4"}, [3, 7], "2 runs, seeds 3, 7\n", 2, 0),
    ({"seeds": "0:10", "shard": "1/4", "sources": "init"}, [1, 5], "2 runs, seeds 1, 5\n", None, None),
    ({"seeds": "many"}, [1, 2], "2 runs, seeds 1 to 2\n", None, None)])
def test_what_is_planned_and_not_there(tmp_path, plan, seeds, said, planned, left):
    study = write(tmp_path / "s.db", ["acc"], [(seed, [seed % 7]) for seed in seeds], **plan)
    found = answer(study)
    assert (found["planned"], found["left"]) == (planned, left)
    assert found["until"] == (plan["until"] if plan.get("until", "none") != "none" else None)
    assert stats(study).stdout.startswith(f"{study}: {said}")
    assert stats(study, "--vs", study).stdout.startswith(f"A  {study}: {said}B  {study}: {said}")


def test_a_program_that_seeds_itself(tmp_path):
    line = "train.py:4 (and 1 more place) seeds a generator with 42 in every run"
    study = write(tmp_path / "s.db", ["acc"], [(seed, [3.0]) for seed in range(9)], own_seeds=line)
    text = stats(study).stdout
    assert f"\n  {line}; `scan --reseed` shifts it\n" in text and answer(study)["own_seeds"] == line
    assert "or the program seeds itself (then `scan --reseed` shifts its seeds)." in text
    assert page(study)["study"]["own_seeds"] == line
    bare = subprocess.run([tool.TOOL, "report", study, "-o", "-"], capture_output=True, text=True, check=True, timeout=60).stdout
    assert f"<p>{line}; `scan --reseed` shifts it.</p>" in bare
    none = write(tmp_path / "none.db", ["acc"], [(seed, [seed]) for seed in range(9)])
    assert "reseed" not in stats(none).stdout and answer(none)["own_seeds"] is None


def test_outliers_are_measured_by_the_others(tmp_path):
    """Not by the spread in the head, which they are in themselves."""
    x = np.append(np.random.default_rng(5).normal(79, 1, 19), 62.0)
    text = stats(write(tmp_path / "s.db", ["acc"], [(seed, [v]) for seed, v in enumerate(x.tolist())])).stdout
    sds = (x[:-1].mean() - 62) / x[:-1].std(ddof=1)
    assert sds > 2 * (x.mean() - 62) / x.std(ddof=1)
    assert f"low: seed 19 gave 62.0, {sds:.1f} sd of the others below their mean; chance of one so far out among 20: " in text


@pytest.mark.parametrize("n", [7, 8])
def test_the_iqm_of_few(tmp_path, n):
    study = write(tmp_path / "s.db", ["acc"], [(seed, [float(seed * seed)]) for seed in range(n)])
    assert (" IQM " in stats(study).stdout) == (n == 8) and answer(study)["metrics"]["acc"]["ci"]["iqm"]["low"] is not None


def test_outliers_of_what_is_not_normal(tmp_path):
    """An outlier alone makes values look not normal: what counts is whether the others are."""
    rng = np.random.default_rng(8)
    tail, one = rng.lognormal(0, 0.6, 300), np.append(rng.normal(0, 1, 300), 9.0)
    for name, values, said in (("tail", tail, True), ("one", one, False)):
        study = write(tmp_path / f"{name}.db", ["acc"], [(seed, [v]) for seed, v in enumerate(values.tolist())])
        acc = answer(study)["metrics"]["acc"]
        assert acc["outliers"] and acc["normality"]["p"] < 0.05
        others = np.delete(values, [int(outlier["seed"]) for outlier in acc["outliers"]])
        assert acc["normality_without_outliers"]["p"] == pytest.approx(st.shapiro(others).pvalue, rel=1e-6)
        assert (acc["normality_without_outliers"]["p"] < 0.05) == said
        assert ("the others are not normal either: in a long tail such runs are no surprise." in stats(study).stdout) == said


def test_no_number_no_metric_no_success(tmp_path):
    """Three things: a value that is no number, a metric that is not there, a run that failed."""
    values = [1.0, 2.5, "nan", "nan", "inf", "-inf", "inf", None, None]
    runs = [(seed, [value, "nan" if seed < 5 else None]) for seed, value in enumerate(values)]
    runs += [(9, [None, None], {"status": "failed"}), (10, [7.0, None], {"status": "timeout"})]
    study = write(tmp_path / "s.db", ["loss", "none"], runs)
    text = stats(study).stdout
    assert "11 runs, seeds 0 to 10; 2 not done (1 failed, 1 ran out of time)" in text
    assert "(mean ± sd of 2 runs; not in it: 2 runs gave nan, 3 gave an infinity, 2 ended well without it)" in text
    assert "(no number; not in it: 5 runs gave nan, 4 ended well without it)" in text
    loss = answer(study)["metrics"]["loss"]
    assert (loss["n"], loss["nan"], loss["infinite"], loss["missing"]) == (2, 2, 3, 2)
    assert stats(study, "--metric", "none", status=2).stderr.endswith("s.db: no run that ended well gave a number\n")


def test_csv(tmp_path):
    """The runs as other programs read them, exactly."""
    metrics = ["acc", 'f1, "macro"', "ΔE"]
    runs = [(0, [0.1 + 0.2, 1e-300, 5]), (1, ["nan", None, -0.0]), (2, [None] * 3, {"status": "failed"}),
            (3, ["inf", "-inf", 2**53 + 1], {"status": "timeout"}), (2**63 - 1, [1.5, 2, 3]),
            (0, [0.1 + 0.2, 1e-300, 5], {"repeat": 1}), (0, [7, 8, 9], {"sources": "init=3,order=1"})]
    study = write(tmp_path / "s.db", metrics, runs)
    with sqlite3.connect(study) as store:  # seed 1 ended well at its third attempt
        store.execute("UPDATE run SET attempt = 3 WHERE seed = 1")
        columns = "seed, sources, repeat, exit, started, seconds, peak_kib, output, states, host"
        store.execute(f"INSERT INTO run({columns}, attempt, status) SELECT {columns}, 1, 'failed' FROM run WHERE seed = 1")
    store.close()
    done = stats(study, "--csv")
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert head == ["seed", "sources", "repeat", "attempt", "status", "seconds", *metrics] and done.stderr == ""
    assert [row[:5] for row in rows] == [
        ["0", "", "0", "1", "done"], ["0", "", "1", "1", "done"], ["0", "init=3,order=1", "0", "1", "done"], ["1", "", "0", "3", "done"],
        ["2", "", "0", "1", "failed"], ["3", "", "0", "1", "timeout"], [str(2**63 - 1), "", "0", "1", "done"]]
    assert all(float(row[5]) >= 0 for row in rows)
    assert [row[6:] for row in rows] == [
        ["0.30000000000000004", "1e-300", "5"]] * 2 + [["7", "8", "9"], ["nan", "", "-0"], ["", "", ""],
                                                       ["inf", "-inf", "9007199254740992"], ["1.5", "2", "3"]]
    assert stats(study, "--csv", "--metric", "ΔE").stdout.splitlines()[0] == "seed,sources,repeat,attempt,status,seconds,ΔE"
    assert "no such metric" in stats(study, "--csv", "--metric", "nope", status=2).stderr
    for more in (["--vs", study], ["--json"], ["--best"], ["--minimize", "acc"]):
        assert "--csv: only with --metric" in stats(study, "--csv", *more, status=2).stderr
    empty = stats(write(tmp_path / "empty.db", ["acc"], []), "--csv", status=2)
    assert empty.stdout == "seed,sources,repeat,attempt,status,seconds,acc\n" and empty.stderr.endswith("it has no runs yet\n")


@pytest.mark.parametrize("arguments, said", [
    ([], "one study is looked at: 0 given"),
    (["a", "b"], "one study is looked at: 2 given"),
    (["a", "--unpaired"], "--unpaired: only with --vs"),
    (["a", "--level", "95"], "--level 95: want a number between 0.5 and 1"),
    (["a", "--half-width", "-1"], "--half-width -1: want a number above 0"),
    (["a", "--metric"], "--metric: it needs a value"),
    (["a", "--nope"], "--nope: unknown option"),
])
def test_usage(arguments, said):
    done = stats(*arguments, status=2)
    assert said in done.stderr and done.stderr.count("\n") == 2 and not done.stdout


def test_a_damaged_study_is_refused(tmp_path, study):
    data = bytearray(pathlib.Path(study).read_bytes())
    rng = np.random.default_rng(0)
    for k in range(25):
        spoiled = bytearray(data)
        for at in rng.integers(0, len(data), 60):
            spoiled[at] = rng.integers(0, 256)
        path = tmp_path / f"{k}.db"
        path.write_bytes(spoiled)
        done = subprocess.run([tool.TOOL, "stats", path, "--json"], capture_output=True, text=True, errors="replace", timeout=60)
        assert done.returncode in (0, 2), done.stderr
        assert done.returncode == 0 or done.stderr.startswith("oneseed: ")
    assert "oneseed: " in stats(tmp_path / "nothing.db", status=2).stderr
