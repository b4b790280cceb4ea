"""`oneseed report` of studies: its numbers, its page in Chromium, its plots."""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import time
import xml.etree.ElementTree as xml

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import Opened, chromium, without_scripts
from studies import NASTY, training, varied, write, write_many
from tool import TOOL

SUPPORT = pathlib.Path(TOOL).parent / "lib/oneseed"
PLOTS = ["distribution", "seeds", "best-of-k", "steps", "sources", "comparison"]


def report(*arguments, **settings):
    return subprocess.run([TOOL, "report", *map(str, arguments)], capture_output=True, text=True, timeout=60, **settings)


def made(path, *arguments):
    """The page, made without a word."""
    done = report(*arguments, "-o", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return path


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), re.S)[1])


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Studies a, b, s (sources), and pages a.html (against b), s.html."""
    folder = tmp_path_factory.mktemp("report")
    runs = training()
    again = [dict(run, repeat=1, steps=[]) for run in runs[20:30]]
    again[3]["values"] = [again[3]["values"][0] + 1e-9, again[3]["values"][1]]
    write(folder / "a.db", {}, ["acc", "loss"], runs + again)
    write(folder / "b.db", {}, ["acc", "loss"], training(shift=0.002))
    write(folder / "s.db", {"sources": "init,order"}, ["acc"], varied())
    made(folder / "a.html", folder / "a.db", "--vs", folder / "b.db")
    made(folder / "s.html", folder / "s.db")
    return folder


def test_numbers(folder):
    data = data_of(folder / "a.html")
    values = [run["values"][0] for run in training() if run["status"] == "done"]
    acc, loss = data["metrics"]
    assert data["runs"]["done"] == 206 and data["runs"]["failed"] == data["runs"]["timeout"] == 2
    assert acc["n"] == len(values) == 196 and (loss["n"], loss["n_missing"]) == (195, 1)
    assert acc["mean"] == pytest.approx(statistics.fmean(values), rel=1e-12)
    assert acc["sd"] == pytest.approx(statistics.stdev(values), rel=1e-12)
    assert (acc["max"], acc["max_seed"]) == (max(values), 77) and acc["values"] == values
    assert sum(acc["histogram"]["counts"]) == 196
    assert dict(map(tuple, acc["quantiles"]))[0.5] == pytest.approx(statistics.median(values), rel=1e-12)
    assert acc["best"]["k"][0] == 1 and acc["best"]["max"][0] == pytest.approx(acc["mean"]) and acc["best"]["max"][-1] == acc["max"]
    assert [outlier["seed"] for outlier in acc["outliers"]] == [77] and acc["outliers"][0]["high"]
    assert acc["running"]["mean"][-1] == pytest.approx(acc["mean"]) and acc["running"]["seed"][-1] == 199
    assert acc["steps"]["step"] == list(range(1, 21)) and set(acc["steps"]["n"]) == {196} and loss["steps"] is None
    first_step = sorted(run["steps"][0][2] for run in training() if run["status"] == "done")
    assert acc["steps"]["median"][0] == pytest.approx(statistics.median(first_step))
    assert data["audit"] == {"repeated": 10, "different": 1, "seeds": [23]}
    assert [failure["seed"] for failure in data["failures"]] == [13, 63, 113, 163]
    assert data["versus"]["metrics"][0]["difference"] == pytest.approx(0.002) and data["versus"]["metrics"][0]["paired"]
    assert made(folder / "again.html", folder / "a.db", "--vs", folder / "b.db").read_bytes() == (folder / "a.html").read_bytes()


def test_the_same_numbers_as_stats(folder):
    def stats(*arguments):
        done = subprocess.run([TOOL, "stats", "--json", *arguments], cwd=folder, capture_output=True, check=True, timeout=60)
        return json.loads(done.stdout)

    said, shown = stats("a.db", "--vs", "b.db"), data_of(folder / "a.html")
    for metric in shown["metrics"]:
        its = said["metrics"][metric["name"]]
        assert (metric["n"], metric["mean"], metric["sd"]) == (its["n"], its["mean"], its["sd"])
        assert metric["mean_ci"] == its["ci"]["mean"] and metric["normality_p"] == its["normality"]["p"]
        assert dict(zip(metric["best"]["k"], metric["best"]["max"])) == dict(zip(its["best_of"]["k"], its["best_of"]["highest"]))
        assert [str(outlier["seed"]) for outlier in metric["outliers"]] == [outlier["seed"] for outlier in its["outliers"]]
    for one in shown["versus"]["metrics"]:
        its = said["vs"]["metrics"][one["metric"]]
        assert all(one[key] == its[key] for key in ("paired", "n_a", "difference", "p_b_above", "p_b_above_ci", "cohen_d"))
        assert (one["ci"] or {"low": None, "high": None, "method": "none"}) == its["ci"]
        assert one["permutation_p"] == its["permutation"]["p"]
    for share in data_of(folder / "s.html")["sources"][0]["shares"]:
        its = stats("s.db")["metrics"]["acc"]["shares"]["sources"][share.pop("name")]
        assert share == its


@pytest.mark.parametrize("option, words", [("--maximize", ["lucky (high)", "B is better: the difference is the same in every pair"]),
                                           ("--minimize", ["unlucky (high)", "B is worse: the difference is the same in every pair"])])
def test_what_is_better(folder, browser, option, words):
    page_path = made(folder / "better.html", folder / "a.db", "--vs", folder / "b.db", "--metric", "acc", option, "acc")
    with Opened(browser, page_path) as opened:
        assert opened.draw_all() == 5
        text = opened.page.inner_text("main")
        assert all(word in text for word in words) and "A run of B is better than one of A" in text and opened.problems == []
    versus = data_of(page_path)["versus"]["metrics"][0]
    assert versus["p_b_better"] == pytest.approx(versus["p_b_above"] if option == "--maximize" else 1 - versus["p_b_above"])
    assert report(folder / "a.db", option, "none", "-o", folder / "x.html").stderr == (
        f"oneseed: report: {option} none: no such metric; the study has acc, loss\n")


def test_shares_of_the_sources(folder):
    shares = data_of(folder / "s.html")["sources"][0]
    assert [share["name"] for share in shares["shares"]] == ["init", "order"] and shares["n"] == 40
    for share, truth in zip(shares["shares"], (0.6, 0.3)):
        assert share["first_ci"]["low"] <= truth <= share["first_ci"]["high"] and abs(share["first"] - truth) < 0.3


def test_page(folder, browser):
    with Opened(browser, folder / "a.html") as opened:
        page = opened.page
        assert page.locator("h1").inner_text() == str(folder / "a.db")
        headings = page.locator("main h2").all_inner_texts()
        assert headings == ["Summary", "acc", "loss", "A against B", "Runs that failed (4)"]
        assert page.locator("nav a").all_inner_texts() == headings
        assert opened.draw_all() == 9
        assert page.locator(".plot svg").count() + page.locator(".plot canvas").count() == 9
        text = page.inner_text("body")
        assert "python train.py --lr 0.1 'it'\\''s'" in text and "206 done, 2 failed, 2 timeout" in text
        assert "Python 3.11.7, torch 2.13.0" in text and page.locator("header details summary").inner_text() == "3 entries"
        assert "10 seeds repeated, 1 gave another result: 23" in text and "ValueError: loss is nan at seed 113" in text
        assert "Mean 0.9001" in text and "1 run ended well without it" in text and "Apache ECharts" in page.text_content("footer pre")
        for details in page.locator("figure details").all():
            details.locator("summary").press("Enter")
        opened.wait("() => document.querySelectorAll('figure details table').length === 9")
        assert page.locator("figure details").nth(1).locator("tbody tr").count() == 196
        assert opened.problems == []


@pytest.mark.parametrize("media", ["screen", "print"])
def test_numbers_without_scripts(folder, browser, media):
    text, rows, width = without_scripts(browser, folder / "a.html", media)
    assert width <= 680
    for words in ("python train.py --lr 0.1 it's", "196 runs ended well, 2 failed, 2 ran out of time.", "scripts are switched off here",
                  "loss, not in its numbers: 1 run ended well without it.", "A against B: acc",
                  f"A, {folder / 'a.db'}: mean 0.9001 of 196 runs. "
                  f"B, {folder / 'b.db'}: mean 0.9021 of 196 runs, in pairs of the same seed."):
        assert words in text, words
    said = subprocess.run([TOOL, "stats", "a.db", "--vs", "b.db"], cwd=folder, capture_output=True, text=True, timeout=60).stdout
    sentences = [line.strip() for line in said.splitlines() if line.startswith(("  B is ", "  Not in this: "))]
    assert len(sentences) == 4 and all(sentence in text for sentence in sentences)
    acc = data_of(folder / "a.html")["metrics"][0]
    outlier, quantiles = acc["outliers"][0], [value for level, value in acc["quantiles"] if level in (0.05, 0.25, 0.5, 0.75, 0.95)]
    distance = f"{outlier['sds']:.1f} sd of the others above their mean"
    assert f"acc: seed 77 gave {outlier['value']:.4f}, {distance}; chance of one so far out among 196" in text
    assert ["acc", *(f"{value:.4f}" for value in (acc["min"], *quantiles, acc["max"]))] in rows
    interval = f"{acc['mean_ci']['low']:.5f} to {acc['mean_ci']['high']:.5f}"
    assert ["acc", "196", "4", "0", f"{acc['mean']:.4f} ± {acc['sd']:.4f}", interval] in rows
    assert ["loss", "195", "4", "1"] in [row[:4] for row in rows]


def test_shares_without_scripts(folder, browser):
    text, rows, _ = without_scripts(browser, folder / "s.html", "screen")
    for share in data_of(folder / "s.html")["sources"][0]["shares"]:
        low, high = share["first_ci"]["low"], share["first_ci"]["high"]
        assert [share["name"], f"{100 * share['first']:.1f} %", f"{100 * low:.1f} to {100 * high:.1f} %"] in [row[:3] for row in rows]
    assert "40 replications are few: 160 more are a good start" in text and "A share below 0 % or above 100 % is chance" in text


def test_sources_page(folder, browser):
    with Opened(browser, folder / "s.html") as opened:
        opened.draw_all()
        plot = opened.page.locator("#sources .plot")
        assert re.match(r"Shares of the variance of acc: init: \d+ % alone .*; order: ", plot.get_attribute("aria-label"))
        assert opened.problems == []


def test_tooltips(folder, browser):
    with Opened(browser, folder / "a.html") as opened:
        page = opened.page
        opened.draw_all()
        for number, words in enumerate([r"0\.\d+ to 0\.\d+: \d+ runs?", r"seed 77: 0\.9310", r"best of \d+ runs?: "]):
            plot = page.locator(".plot").nth(number)
            plot.scroll_into_view_if_needed()
            box = plot.bounding_box()
            if number == 1:  # the lucky seed, where the page itself draws it
                x, y = page.evaluate("""() => figures[1].chart.convertToPixel({seriesIndex: 0},
                    figures[1].option(theme).series[0].data.find((p) => p[0] === 77))""")
            else:
                x, y = box["width"] * 0.35, box["height"] * 0.5
            page.mouse.move(box["x"] + x, box["y"] + y - 3)
            page.mouse.move(box["x"] + x, box["y"] + y)
            opened.wait("([n, words]) => new RegExp(words).test(document.querySelectorAll('.plot')[n].innerText)", [number, words])
        assert opened.problems == []


def test_keyboard(folder, browser):
    with Opened(browser, folder / "a.html") as opened:
        page, reached = opened.page, []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("""() => { const e = document.activeElement;
                return `${e.className} ${e.tagName} ${e.getAttribute("aria-label") || e.textContent}`; }"""))
        assert reached[0] == "skip A Skip to the report" and any(name.endswith("BUTTON Dark page") for name in reached)
        assert any(name.startswith("plot DIV Histogram of acc") for name in reached)
        assert any(name.endswith("BUTTON Zoom in") for name in reached)
        page.locator(".plot").nth(1).focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert page.locator("figure .spoken").nth(1).inner_text().startswith("seed 1: 0.")
        opened.wait("() => document.querySelectorAll('.plot')[1].innerText.includes('seed 1: 0.')")
        page.get_by_role("button", name="Zoom in").first.press("Enter")
        shown = page.evaluate("() => figures[1].chart.getOption().dataZoom[0]")
        assert (shown["start"], shown["end"]) == (25, 75)
        page.get_by_role("button", name="Whole range").first.press("Space")
        assert page.evaluate("() => figures[1].chart.getOption().dataZoom[0].end") == 100
        assert opened.problems == []


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark(folder, browser, dark):
    background = "getComputedStyle(document.body).backgroundColor"
    with Opened(browser, folder / "a.html", dark=dark) as opened:
        page = opened.page
        opened.draw_all()
        colours = page.evaluate(background), page.evaluate("theme.ink")
        assert (sum(map(int, re.findall(r"\d+", colours[0])[:3])) < 200) == dark
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        page.locator("#theme").click()
        assert page.locator("#theme").inner_text() == ("Dark page" if dark else "Light page")
        assert page.evaluate(background) != colours[0] and page.evaluate("theme.ink") != colours[1]
        assert page.evaluate("figures.every((f) => f.drawnAs === theme.name)")
        assert opened.problems == []


def test_narrow(folder, browser):
    with Opened(browser, folder / "a.html", width=360) as opened:
        opened.draw_all()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert opened.page.evaluate("Math.max(...figures.map((f) => f.chart.getWidth()))") <= 360


def test_paper(folder, browser, tmp_path):
    with Opened(browser, folder / "a.html", dark=True) as opened:
        page = opened.page
        page.evaluate("""() => addEventListener("beforeprint", () => {
            window.printed = [theme.name, ...figures.map((f) => f.chart.getWidth())]; })""")
        page.pdf(path=tmp_path / "a.pdf", format="A4")
        assert (tmp_path / "a.pdf").read_bytes()[:5] == b"%PDF-" and (tmp_path / "a.pdf").stat().st_size > 30000
        assert page.evaluate("window.printed") == ["light", *[670] * 9]
        opened.wait("() => theme.name === 'dark' && figures.every((f) => f.chart.getWidth() > 1000)")
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible() and not page.locator("#theme").is_visible() and page.locator("h1").is_visible()
        assert opened.problems == []


def test_many_points(browser, tmp_path):
    """10^5 runs: opened, hovered and zoomed without a wait."""
    write_many(tmp_path / "many.db", 100000, 1)
    page_path = made(tmp_path / "many.html", tmp_path / "many.db")
    assert len(data_of(page_path)["metrics"][0]["values"]) == 100000
    begun = time.monotonic()
    with Opened(browser, page_path) as opened:
        opened.draw_all()
        assert time.monotonic() - begun < 4
        times = opened.page.evaluate("""() => {
            const f = figures[1], times = [];
            for (let i = 0; i < 5; i++) {
                let begun = performance.now();
                zoom(f, i % 2 ? 2 : 0.5);
                f.chart.getZr().flush();
                times.push(performance.now() - begun);
                begun = performance.now();
                f.chart.getZr().handler.dispatch("mousemove", {zrX: 200 + 50 * i, zrY: 150, event: {}, type: "mousemove"});
                f.chart.getZr().flush();
                times.push(performance.now() - begun);
            }
            return times;
        }""")
        assert statistics.median(times) < 250, times
        assert opened.page.evaluate("document.querySelectorAll('*').length") < 3000
        assert opened.problems == []


def test_more_points_than_are_drawn(browser, tmp_path):
    write_many(tmp_path / "more.db", 60000, 4)
    page_path = made(tmp_path / "more.html", tmp_path / "more.db")
    data = data_of(page_path)
    assert (data["points"]["of"], data["points"]["stride"]) == (60000, 3)
    metric = data["metrics"][0]
    assert metric["n"] == 60000 and len(metric["values"]) == 20000 and len(metric["band"]["median"]) == 200
    with Opened(browser, page_path) as opened:
        opened.draw_all()
        assert "every 3rd of 60,000 is drawn" in opened.page.inner_text("main") and opened.problems == []


def test_texts_of_programs(browser, tmp_path):
    """Whatever a program says comes out as text."""
    runs = [{"seed": seed, "status": "done", "values": [0.1 * seed, seed], "seconds": 1} for seed in range(8)]
    runs[3] |= {"status": "failed", "values": [], "tail": NASTY + " \x1b[31m\x07"}
    runs[4] |= {"status": "failed", "values": [], "tail_hex": b"caf\xe9 \xff\xfe end \xed\xa0\x80".hex()}
    name = NASTY[:150]
    write(tmp_path / "n.db", {"command": json.dumps([NASTY]), "directory": NASTY, "created": NASTY, "level": "{{data}}"},
          [name, "{{page.js}}"], runs)
    page_path = made(tmp_path / f"{'<b>&'}.html", tmp_path / "n.db", "--vs", tmp_path / "n.db")
    dialogs = []
    with Opened(browser, page_path) as opened:
        page = opened.page
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        opened.draw_all()
        page.locator(".plot").first.focus()
        page.keyboard.press("Home")
        text = page.locator("body").inner_text()
        assert page.locator("section h2").all_text_contents()[1] == name
        assert page.locator("section pre").first.text_content().startswith(NASTY)
        assert "{{page.js}}" in text and "{{data}}" in text and "caf\ufffd" in text and text.count("\ufffd") >= 3
        assert page.evaluate("document.images.length") == 0 and dialogs == [] and opened.problems == []
    done = report(tmp_path / "n.db", "-o", tmp_path / "n.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert name in "".join(xml.parse(tmp_path / "n.svg").getroot().itertext())


@pytest.mark.parametrize("runs", [
    [],
    [{"seed": 5, "status": "done", "values": [1.5]}],
    [{"seed": seed, "status": "done", "values": [2]} for seed in range(9)],
    [{"seed": seed, "status": "done", "values": ["nan" if seed % 2 else "inf"]} for seed in range(9)],
    [{"seed": seed, "status": "failed", "values": []} for seed in range(200)],
    [{"seed": seed, "status": "done", "values": [10.0 ** (300 if seed else -300)]} for seed in range(5)],
    [{"seed": seed * 2 ** 57, "status": "done", "values": [seed]} for seed in range(30)],
    [{"seed": seed, "status": "done", "values": [seed], "steps": [[0, step * 10 ** 9, step if step else "nan"] for step in range(3)]}
     for seed in range(3)],
], ids=["none", "one", "equal", "nan", "failed", "huge", "seeds", "steps"])
def test_odd_studies(browser, tmp_path, runs):
    write(tmp_path / "odd.db", {}, ["acc"], runs)
    with Opened(browser, made(tmp_path / "odd.html", tmp_path / "odd.db")) as opened:
        opened.draw_all()
        assert "cannot be shown" not in opened.page.inner_text("main") and opened.problems == []
    for plot in PLOTS[:4]:
        done = report(tmp_path / "odd.db", "-o", tmp_path / "odd.svg", "--plot", plot)
        assert done.returncode == 0 or (done.returncode == 2 and len(done.stderr.splitlines()) == 1), done.stderr
        if done.returncode == 0:
            assert not re.search(r"nan|inf", re.sub(r">[^<]*<", "><", (tmp_path / "odd.svg").read_text())), plot


def number(text):
    try:
        return float(text.replace(",", "").removesuffix(" %"))
    except ValueError:
        return None


def assert_ticks(texts, logarithmic):
    """texts: (text, left, right, middle, y). Labels of an axis across are of equal distance, all different, and apart from each other."""
    rows = {}
    for text in texts:
        if number(text[0]) is not None:
            rows.setdefault(round(text[4]), []).append(text)
    row = max(rows.values(), key=len)
    row.sort(key=lambda text: text[3])
    assert len({text[0] for text in row}) == len(row) > 1, row
    assert all(right[1] - left[2] > 4 for left, right in zip(row, row[1:])), row
    steps = [right[3] - left[3] for left, right in zip(row, row[1:])]
    values = [number(right[0]) - number(left[0]) for left, right in zip(row, row[1:])]
    assert logarithmic or (max(steps) - min(steps) < 2 and max(values) - min(values) < 1e-6 * max(values)), row


@pytest.fixture(scope="module")
def hard_to_label(tmp_path_factory):
    """Four runs with large seeds and values that differ in the tenth digit; 62 with a last seed beside a tick; a long tail."""
    folder = tmp_path_factory.mktemp("ticks")
    few = [{"seed": 10**9 + k, "status": "done", "values": [1e6 + x / 1000]} for k, x in enumerate([1.3, 1.5, -0.2, -0.8])]
    write(folder / "few.db", {}, ["acc"], few)
    write(folder / "62.db", {}, ["acc", "loss"], training(62))
    write(folder / "tail.db", {}, ["acc"], [{"seed": k, "status": "done", "values": [1.01 ** k]} for k in range(868)])
    write(folder / "s.db", {"sources": "init,order"}, ["acc"], varied())
    return folder


@pytest.mark.parametrize("width", [1200, 400])
def test_ticks_of_the_page(hard_to_label, browser, width):
    for name in ("62", "tail", "few", "s"):
        page_path = made(hard_to_label / "x.html", hard_to_label / f"{name}.db", "--vs", hard_to_label / "tail.db")
        with Opened(browser, page_path, width=width) as opened:
            opened.draw_all()
            for figure in opened.page.locator("figure").all():
                texts = figure.locator("svg text").evaluate_all("""texts => texts.map((text) => {
                    const box = text.getBoundingClientRect();
                    return [text.textContent, box.left, box.right, (box.left + box.right) / 2, box.top]; })""")
                if width > 1000 or name != "few":
                    assert_ticks(texts, "best of k" in figure.locator("h3").inner_text())
                boxes = [text for text in texts if text[0].strip()]
                for i, a in enumerate(boxes):
                    assert not any(abs(a[4] - b[4]) < 8 and a[1] < b[2] and b[1] < a[2] for b in boxes[:i]), (a, boxes)
            assert opened.problems == []


def test_ticks_of_plots(hard_to_label):
    for name, plots in (("few", PLOTS[:3]), ("62", [*PLOTS[:4], "comparison"]), ("tail", PLOTS[:3]), ("s", ["sources"])):
        for plot in plots:
            done = report(hard_to_label / f"{name}.db", "--vs", hard_to_label / "62.db", "--plot", plot, "-o", hard_to_label / "x.svg")
            assert (done.returncode, done.stderr) == (0, "")
            texts = [(text.text, float(text.get("x")), float(text.get("y"))) for text in xml.parse(hard_to_label / "x.svg").getroot().iter()
                     if text.tag.endswith("}text") and text.get("text-anchor") == "middle" and text.get("x")]
            letters = [(text, x - 3.5 * len(text), x + 3.5 * len(text), x, y) for text, x, y in texts]
            assert_ticks(letters, plot == "best-of-k")
            assert all(text[2] <= 720 for text in letters)


def test_names_of_two_studies(folder, browser, tmp_path):
    (tmp_path / "other").mkdir()
    long_name = f"dropout-{'x' * 60}-0.1.db"
    for name in ("other/a.db", long_name):
        write(tmp_path / name, {}, ["acc"], training(30, shift=0.01, steps=False))
    other = f"{folder.name}/a.db", "other/a.db"
    for b, names in (("other/a.db", other), (long_name, ("a.db", f"dropout-{'x' * 7}…{'x' * 9}-0.1.db"))):
        arguments = folder / "a.db", "--vs", tmp_path / b, "--metric", "acc"
        with Opened(browser, made(tmp_path / "x.html", *arguments)) as opened:
            opened.draw_all()
            texts = opened.page.locator("#versus svg text").all_text_contents()
            assert {f"A: {names[0]}", f"B: {names[1]}"} <= set(texts) and len(names[1]) <= 32, texts
        assert report(*arguments, "--plot", "comparison", "-o", tmp_path / "x.svg").returncode == 0
        texts = list(xml.parse(tmp_path / "x.svg").getroot().itertext())
        assert {f"A: {names[0]}", f"B: {names[1]}"} <= set(texts), texts


@pytest.mark.parametrize("plot", PLOTS)
def test_plots(folder, plot):
    study = folder / ("s.db" if plot == "sources" else "a.db")
    for ending in "svg", "png":
        done = report(study, "--vs", folder / "b.db", "--plot", plot, "-o", folder / f"{plot}.{ending}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    root = xml.parse(folder / f"{plot}.svg").getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0].startswith("acc: ") and len(texts) > 6 and root.find("{http://www.w3.org/2000/svg}title").text == texts[0]
    png = (folder / f"{plot}.png").read_bytes()
    data = data_of(folder / "a.html")
    pairs, runs = data["versus"]["metrics"][0]["n_a"], data["metrics"][0]["n"]
    wanted = {"sources": "40 runs", "comparison": f"{pairs} and {pairs} runs; upright lines: the means"}
    assert texts[1] == wanted.get(plot, f"{runs} runs")
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[16:24] == (1440).to_bytes(4, "big") + (880).to_bytes(4, "big") and len(png) > 15000


def test_plot_of_a_metric(folder):
    assert report(folder / "a.db", "--metric", "loss", "-o", folder / "loss.svg").returncode == 0
    assert "loss: distribution" in (folder / "loss.svg").read_text()
    assert "a.db" not in made(folder / "loss.html", folder / "b.db", "--metric", "loss").read_text()
    done = report(folder / "a.db", "--metric", "none", "-o", folder / "none.svg")
    assert (done.returncode, done.stderr) == (2, "oneseed: report: --metric none: no such metric; the study has acc, loss\n")


@pytest.mark.parametrize("arguments, words", [
    ([], "no study given"), (["a.db"], "-o FILE.html is missing"), (["a.db", "b.db", "-o", "x.html"], "more than one study"),
    (["a.db", "-o", "x.pdf"], "-o x.pdf: want a name"), (["a.db", "-o", "x.svg", "--plot", "pie"], "--plot: pie: want"),
    (["a.db", "-o", "x.html", "--plot", "seeds"], "--plot is for"), (["a.db", "-o"], "a value is missing"),
    (["a.db", "--pink"], "unknown option")])
def test_bad_usage(arguments, words):
    done = report(*arguments)
    assert (done.returncode, done.stdout) == (2, "") and words in done.stderr
    assert len(done.stderr.splitlines()) == 2 and done.stderr.startswith("oneseed: report: ")


def test_what_is_no_study(folder, tmp_path):
    (tmp_path / "text").write_text("hello")
    (tmp_path / "other.json").write_text('{"format": "oneseed-diff/1"}')
    (tmp_path / "cut.json").write_text('{"format": ')
    for name, words in [("text", "text"), ("other.json", "oneseed-check/1"), ("cut.json", "cut.json: line 1"), ("none.db", "none.db")]:
        done = report(name, "-o", "x.html", cwd=tmp_path)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1) and words in done.stderr
    done = report(folder / "a.db", "-o", "none/x.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "oneseed: report: none/x.html: No such file or directory\n")
    for arguments in (["--plot", "sources"], ["--plot", "comparison"]):
        done = report(folder / "a.db", "-o", "x.svg", *arguments, cwd=tmp_path)
        assert done.returncode == 2 and "the study has nothing for it" in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["cut.json", "other.json", "text"]


def test_without_the_chart_library(folder, tmp_path):
    shutil.copytree(SUPPORT / "report", tmp_path / "report")
    (tmp_path / "report/echarts.min.js").unlink()
    done = report(folder / "a.db", "-o", tmp_path / "x.html", env={**os.environ, "ONESEED_SUPPORT": str(tmp_path)})
    assert done.returncode == 2 and "scripts/setup charts" in done.stderr
    assert "echarts.min.js: the chart library is not there" in done.stderr
    assert os.listdir(tmp_path) == ["report"]


def test_a_full_disk(folder):
    done = report(folder / "a.db", "-o", "/dev/full/x.html")
    assert done.returncode == 2
    with open("/dev/full", "w") as full:
        done = subprocess.run([TOOL, "report", folder / "a.db", "-o", "-"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 2 and "No space left on device" in done.stderr


def test_to_standard_output(folder):
    done = report(folder / "a.db", "--vs", folder / "b.db", "-o", "-")
    assert done.returncode == 0 and done.stdout == (folder / "a.html").read_text()
