"""The page of a check: `oneseed check --report`, `oneseed check --json`."""
import json
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import Opened, chromium, without_scripts
from tool import TOOL

SCRIPT = """import random
import threading

def load(names):
    chosen = {name for name in names}
    return [name for name in chosen]

def draw():
    private = random.Random()  # </script><img src=x onerror=alert(1)>
    return private.random()

print("order", load("ant bee cat dog emu fox gnu hen".split()))
thread = threading.Thread(target=lambda: random.Random(3).random())
thread.start()
thread.join()
print("value", draw())
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """The folder, the JSON document; the page is check.html."""
    folder = tmp_path_factory.mktemp("check")
    (folder / "train.py").write_text(SCRIPT)
    done = subprocess.run([TOOL, "check", "--json", "--report", "check.html", "--", sys.executable, "train.py"], cwd=folder,
                          capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    return folder, json.loads(done.stdout)


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def test_fields_for_the_report(answer):
    _, check = answer
    assert check["command"] == [sys.executable, "train.py"]
    assert {cause["channel"] for cause in check["causes"]} == {"hash-seed", "unseeded-rng"}
    for cause in check["causes"]:
        context = cause["context"]
        assert context["lines"][cause["line"] - context["first"]].strip() == cause["source"]
    assert check["stdout"]["line"] in (1, 2) and check["stdout"]["a"] != check["stdout"]["b"]
    assert check["experiments"] and check["experiments"][-1]["same"] is True
    assert sum(experiment["runs"] for experiment in check["experiments"]) <= check["total_runs"]
    lanes = check["timeline"]["lanes"]
    assert [(lane["lane"], lane["parent"]) for lane in lanes][0] == ("0", None)
    assert any("/t" in lane["lane"] and lane["parent"] == "0" for lane in lanes)
    for lane in lanes:
        for bar in (lane["a"], lane["b"]):
            assert sum(map(sum, bar["kinds"].values())) == bar["events"]
            assert len(bar["differences"]) == min(bar["events"], 100)
    assert lanes[0]["differences"] == sum(lanes[0]["a"]["differences"]) > 0
    assert lanes[0]["first"]["what"].startswith(("draw", "output"))


def test_page(answer, browser):
    folder, check = answer
    with Opened(browser, folder / "check.html") as opened:
        page = opened.page
        assert page.title() == f"{sys.executable} train.py · oneseed check"
        assert "The runs differ: 2 different results" in page.inner_text("header")
        text = page.inner_text("main")
        for cause in check["causes"]:
            assert cause["message"] in text and cause["fix"] in text and f"{cause['file']}:{cause['line']}" in text
            assert cause["proof"] in text
        assert page.locator("pre .here").all_inner_texts()[0].endswith(check["first"]["source"])
        assert "</script><img src=x onerror=alert(1)>" in text
        assert opened.draw_all() == 1 and page.locator(".plot svg").count() == 1
        page.locator("summary", has_text="Data of this figure").press("Enter")
        opened.wait("() => document.querySelector('details table')?.rows.length")
        assert page.locator("details table tbody tr").count() == len(check["timeline"]["lanes"])
        assert opened.problems == []


def test_words_without_scripts(answer, browser):
    folder, check = answer
    text, _, _ = without_scripts(browser, folder / "check.html", "screen")
    assert "Verdict: diverged." in text and "train.py" in text.split("Verdict")[0] and "scripts are switched off here" in text
    for cause in check["causes"]:
        assert f"{cause['file']}:{cause['line']}: {cause['message']}" in text
        assert not cause["fix"] or cause["fix"] in text
    with Opened(browser, folder / "check.html") as opened:
        assert "Verdict: diverged." not in opened.page.inner_text("body"), "said once where scripts run"


def test_time_line_by_keyboard_and_mouse(answer, browser):
    with Opened(browser, answer[0] / "check.html") as opened:
        page = opened.page
        opened.draw_all()
        plot = page.locator(".plot")
        assert plot.get_attribute("aria-label").startswith(f"{len(answer[1]['timeline']['lanes'])} lanes of two runs.")
        plot.focus()
        page.keyboard.press("End")
        assert page.locator("figure .spoken").inner_text().startswith("lane 0")
        opened.wait("() => document.querySelector('.plot').innerText.includes('from event')")
        page.keyboard.press("Escape")
        assert opened.problems == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe(answer, browser, dark):
    with Opened(browser, answer[0] / "check.html", dark=dark) as opened:
        opened.draw_all()
        results = Axe().run(opened.page)
        assert results.violations_count == 0, results.generate_report()


def test_a_page_that_cannot_be_written(tmp_path):
    done = subprocess.run([TOOL, "check", "--report", "none/check.html", "--", sys.executable, "-c", "print(1)"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and done.stderr == "oneseed: check: --report: none/check.html: No such file or directory\n"
    assert "The runs are equal" in done.stdout
