"""Makes tests/vectors/draw_lines.txt: lines of tests/python/draw_lines.txt with what Python's prompt printed for them.

Run with a Python that has NumPy and scikit-learn: python tests/gen/draw_lines.py > tests/vectors/draw_lines.txt
"""
import pathlib
import platform
import sys

import numpy
import sklearn

PYTHON_TESTS = pathlib.Path(__file__).resolve().parents[1] / "python"
sys.path.insert(0, str(PYTHON_TESTS))
from prompt import prompt  # noqa: E402

print(f"# What the prompt prints: CPython {platform.python_version()}, NumPy {numpy.__version__}, scikit-learn {sklearn.__version__}, "
      f"{platform.machine()} {platform.system()}, {platform.libc_ver()[0]}.")
print("# Made by: python tests/gen/draw_lines.py. A line that begins with `> ` is one for `oneseed draw`; those behind it, without their first")
print("# character `|`, are its output; `! Class` is the error that ends it.")
for line in (PYTHON_TESTS / "draw_lines.txt").read_text().splitlines():
    if not line or line[0] == "#" or "; for " in line:
        continue
    out, error = prompt(line)
    print(">", line)
    for text in out.splitlines():
        print("|" + text)
    if error:
        print("!", error)
