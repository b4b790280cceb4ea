"""Checks the manual pages against `--help`, and that the index and the links of docs/ lead somewhere and leave nothing out."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
problems, n_checked = [], 0


def check(ok, text):
    global n_checked
    n_checked += 1
    if not ok:
        problems.append(text)


def help_of(*command):
    return subprocess.run([ROOT / "build/oneseed", *command, "--help"], capture_output=True, text=True, check=True).stdout


def same(what, in_help, page, in_page):
    """One check per option, whichever side has it."""
    check(in_help, f"{what}: no option was found in --help")
    for option in sorted(in_help | in_page):
        check(option in in_page, f"{page.name}: {option} is in `{what} --help` and not here")
        check(option in in_help, f"{page.name}: {option} is here and not in `{what} --help`")


def options_of_help(text):
    """Options begin a line of the list."""
    return {"--" + name for name in re.findall(r"^ +(?:-\w, +)?--([a-z][a-z-]*)", text, re.M)}


def options_of_page(text):
    return {"--" + name for name in re.findall(r"^\.It (?:Fl \w , )?Fl -([a-z][a-z-]*)", text, re.M)}


main_help, main_page = help_of(), DOCS / "oneseed.1"
commands = set(re.findall(r"^  ([a-z]+) ", main_help, re.M))
same("oneseed", commands, main_page, set(re.findall(r"^\.It Cm (\w+)", main_page.read_text(), re.M)))
for command in sorted(commands):
    page = DOCS / f"oneseed-{command}.1"
    check(page.exists(), f"docs/{page.name}: is missing")
    if page.exists():
        same(f"oneseed {command}", options_of_help(help_of(command)), page, options_of_page(page.read_text()))

for page in sorted([*DOCS.glob("*.1"), *DOCS.glob("*.3")]):
    # .Ql calls no macro, in groff: what follows it comes out inside of its quotes. In is one, and no word; .Fn makes commas.
    wrong = re.findall(r"^.*\bQl (?:\S+ .*Ql|In) .*|^\.Fn .*\S,.*", page.read_text(), re.M)
    check(not wrong, f"{page.name}: one .Ql to a line, \\&In for the word In, no commas within .Fn: {wrong}")

for page in sorted(DOCS.glob("*.1")):
    text = page.read_text()
    title = re.search(r"^\.Dt (\S+) 1$", text, re.M)
    check(title and title[1].lower() == page.stem, f"{page.name}: .Dt does not say {page.stem.upper()} 1")
    for name in re.findall(r"^\.Xr (oneseed\S*) 1", text, re.M):
        check((DOCS / f"{name}.1").exists(), f"{page.name}: .Xr {name} 1: no such page")

library_page = (DOCS / "oneseed.3").read_text()
families = re.findall(r"^\.It Sy (oneseed_\w+)", library_page, re.M) + re.findall(r"\.Fn (oneseed_\w+)", library_page)
for function in sorted(set(re.findall(r"\b(oneseed_\w+)\(", (ROOT / "include/oneseed.h").read_text()))):
    check(any(function.startswith(family) for family in families), f"oneseed.3: {function}() of the header belongs to none of its names")

# The GPUs that are known by name, with their numbers.
gpu_table = (ROOT / "src/dialects/torch_cuda_gpus.c").read_text()
known = set(re.findall(r'^    \{"([a-z0-9-]+)", "[^"]+", (\d+), (\d+), \d+\},', gpu_table, re.M))
rows = re.findall(r"^\| (1024|1536|2048) \| (.*) \|$", (DOCS / "torch.md").read_text(), re.M)
listed = {(*gpu.split(" "), threads) for threads, gpus in rows for gpu in gpus.split(", ")}
check(known, "torch_cuda_gpus.c: no GPU was found")
for gpu in sorted(known ^ listed):
    check(False, f"docs/torch.md: its list of GPUs and torch_cuda_gpus.c differ in {' '.join(gpu)}")
named = re.search(r"^prints, and these short names.*:\n((?:[^.].*\n)+)", library_page, re.M)
names = set(re.split(r",\s+", named[1].strip().rstrip("."))) if named else set()
check(names == {gpu[0] for gpu in known}, "oneseed.3: its list of GPUs is not torch_cuda_gpus.c's")

index = (DOCS / "README.md").read_text()
for path in sorted(DOCS.iterdir()):
    if path.name != "README.md":
        check(f"({path.name})" in index or f"`{path.name}`" in index, f"docs/README.md: {path.name} is not in the index")
for path in [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("tests/*/README.md")]:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        check((path.parent / target).exists(), f"{path.relative_to(ROOT)}: links to {target}, which is not there")

for problem in problems:
    print(problem)
print(f"{n_checked - len(problems)} passed, {len(problems)} failed")
sys.exit(bool(problems))
