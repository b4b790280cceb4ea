"""Opens reports in headless Chromium, and watches what no report may do: ask the network, write to the console."""
import contextlib
import shutil
import time

from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium: not installed (scripts/setup browser)"


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page in a context of its own; `problems` holds console lines, errors and requests."""

    def __init__(self, browser, path, width=1200, dark=False):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        self.page, self.problems = self.context.new_page(), []
        self.page.on("console", lambda message: self.problems.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", self.request)
        self.url = path.resolve().as_uri()
        self.page.goto(self.url)
        self.wait("() => document.getElementById('made').textContent !== ''")

    def request(self, request):
        if request.url != self.url and not request.url.startswith("data:"):
            self.problems.append(f"request: {request.url}")

    def wait(self, condition, argument=None, seconds=10):
        """Playwright's own waiting needs eval, which the page's content policy forbids."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(condition, argument):
            assert time.monotonic() < end, f"not within {seconds} s: {condition}"
            self.page.wait_for_timeout(20)

    def draw_all(self):
        """As if every figure had been seen; how many there are."""
        return self.page.evaluate("() => { for (const f of figures) draw(f); return figures.length; }")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


def without_scripts(browser, path, media):
    """The page as a reader without JavaScript has it: its text, the rows of its tables, how wide they are."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 680, "height": 900})
    page = context.new_page()
    page.emulate_media(media=media)
    page.goto(path.resolve().as_uri())
    text = page.inner_text("body")
    rows = [[cell.inner_text() for cell in row.locator("th, td").all()] for row in page.locator("tr").all()]
    width = max((table.bounding_box()["width"] for table in page.locator("table").all()), default=0)
    context.close()
    return text, rows, width
