"""What Python's prompt prints for some lines: each statement compiled as the prompt compiles it; `oneseed draw` beside it."""
import ast
import contextlib
import io
import itertools
import math
import platform
import random
import subprocess
import sys

import numpy
from tool import TOOL


def versions():
    return f"python={'.'.join(platform.python_version_tuple()[:2])},numpy={numpy.__version__}"


def prompt(lines):
    """The output, and the error's class or None. The global generators are as a fresh process has them: unseeded."""
    names = {"np": numpy, "numpy": numpy, "random": random, "math": math, "itertools": itertools, "__name__": "__main__"}
    if "torch" in lines:
        import torch
        torch.set_printoptions(profile="default")
        torch.set_default_dtype(torch.float32)
        names["torch"] = torch
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            for statement in ast.parse(lines).body:
                exec(compile(ast.Interactive([statement]), "<prompt>", "single"), names)
        except Exception as error:
            return out.getvalue(), type(error).__name__
    return out.getvalue(), None


def draw(lines, *options):
    given = ["--", lines] if len(lines) < 50000 else ["-f", "-"]
    done = subprocess.run([TOOL, "draw", "--with", versions(), *options, *given], input=lines, capture_output=True, text=True)
    return done.stdout, done.returncode, done.stderr


def agree(lines):
    """None, or what differs."""
    expected, error = prompt(lines)
    out, status, message = draw(lines)
    if error is not None:
        if status == 2 and out == expected and error in message:
            return None
        return f"{lines}\n  the prompt: {expected}{error}\n  draw ({status}): {out}{message}"
    if status == 0 and out == expected:
        return None
    return f"{lines}\n  the prompt: {expected}\n  draw ({status}): {out}{message}"


if __name__ == "__main__":
    for line in sys.argv[1:]:
        print(agree(line) or "the same")
