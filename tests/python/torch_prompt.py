"""What PyTorch's prompt prints for some lines, under each of ATen's CPU capabilities; `oneseed draw` beside it.

As a program: lines of JSON in, [output, class of the error or null] as JSON out, one for each."""
import ast
import contextlib
import importlib
import io
import json
import os
import platform
import re
import subprocess
import sys

from tool import TOOL

CAPABILITIES = ["default", "avx2", "avx512"]
SEED_ECHO = re.compile(r"^<torch\._C\.Generator object at 0x[0-9a-f]+>\n", re.M)  # what torch.manual_seed(0) echoes


def prompt(torch, lines):
    """The output, and the error's class or None. The generators are as a fresh process has them, but for their seed."""
    nn = torch.nn
    names = {"torch": torch, "nn": nn, "F": nn.functional, "np": importlib.import_module("numpy")}
    names.update((name, importlib.import_module(name)) for name in ("math", "random", "itertools"))
    out = io.StringIO()
    torch.set_printoptions(profile="default")
    torch.set_default_dtype(torch.float32)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            for statement in ast.parse(lines).body:
                exec(compile(ast.Interactive([statement]), "<prompt>", "single"), names)
        except Exception as error:
            return SEED_ECHO.sub("", out.getvalue()), type(error).__name__
    return SEED_ECHO.sub("", out.getvalue()), None


def prompts(capability, snippets, python=sys.executable):
    """The prompt's answers to all snippets, in one process of that capability."""
    done = subprocess.run([python, "-W", "ignore", __file__], input="\n".join(map(json.dumps, snippets)), text=True, check=True,
                          stdout=subprocess.PIPE, env=dict(os.environ, ATEN_CPU_CAPABILITY=capability))
    return [json.loads(line) for line in done.stdout.splitlines()]


def draw(lines, *options, **settings):
    version = ".".join(platform.python_version_tuple()[:2])
    done = subprocess.run([TOOL, "draw", "--with", f"python={version}", *options, "--", lines], capture_output=True, text=True, **settings)
    return done.stdout, done.returncode, done.stderr


def disagreement(lines, answer, *options):
    """None, or what differs from [output, error]."""
    expected, error = answer
    out, status, message = draw(lines, *options)
    good = out == expected and (status == 0 if error is None else status == 2 and error in message)
    return None if good else f"{lines}\n  the prompt: {expected}{error or ''}\n  draw ({status}): {out}{message}"


def main():
    torch = importlib.import_module("torch")
    importlib.import_module("torch.utils.data")
    importlib.import_module("torch.distributions")
    for snippet in sys.stdin:
        print(json.dumps(prompt(torch, json.loads(snippet))), flush=True)


if __name__ == "__main__":
    main()
