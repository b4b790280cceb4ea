"""What the prompt prints for some lines of TensorFlow and Keras, in the environment that has them; `oneseed draw` beside it.

As a program: lines of JSON in, [output, class of the error or null] as JSON out, one for each; the versions come first."""
import ast
import contextlib
import importlib
import io
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

PYTHON = pathlib.Path(__file__).parents[2] / ".venv-frameworks" / "bin" / "python"
ADDRESS = re.compile(r"^<[\w.]+ object at 0x[0-9a-f]+>\n", re.M)  # what no two runs share


def prompt(modules, lines):
    """The output, and the error's class or None. The global generators are as a fresh process has them: unseeded."""
    names = dict(modules)
    out = io.StringIO()
    if "tf" in modules:
        modules["tf"].random.set_seed(None)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            for statement in ast.parse(lines).body:
                exec(compile(ast.Interactive([statement]), "<prompt>", "single"), names)
        except Exception as error:
            return ADDRESS.sub("", out.getvalue()), type(error).__name__
    return ADDRESS.sub("", out.getvalue()), None


def prompts(snippets, python=PYTHON, **settings):
    """The option --with for the versions, and the prompt's answers to all snippets, in one process with that environment."""
    assert pathlib.Path(python).exists(), "scripts/setup oracles makes the environment with TensorFlow"
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", **settings)
    done = subprocess.run([python, "-W", "ignore", __file__], input="\n".join(map(json.dumps, snippets)), text=True, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    versions, *answers = (json.loads(line) for line in done.stdout.splitlines())
    return versions, answers


def draw(lines, *options):
    from tool import TOOL
    done = subprocess.run([TOOL, "draw", *options, "--", lines], capture_output=True, text=True)
    return done.stdout, done.returncode, done.stderr


def disagreement(lines, answer, *options):
    """None, or what differs from [output, error]."""
    expected, error = answer
    out, status, message = draw(lines, *options)
    good = out == expected and (status == 0 if error is None else status == 2 and error in message)
    return None if good else f"{lines}\n  the prompt: {expected}{error or ''}\n  draw ({status}): {out}{message}"


def main():
    modules = {name: importlib.import_module(name) for name in ("keras", "math", "random", "itertools")}
    modules["np"] = importlib.import_module("numpy")
    if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow":
        modules["tf"] = modules["tensorflow"] = importlib.import_module("tensorflow")
    print(json.dumps(f"python={'.'.join(platform.python_version_tuple()[:2])},numpy={modules['np'].__version__}"), flush=True)
    for snippet in sys.stdin:
        print(json.dumps(prompt(modules, json.loads(snippet))), flush=True)


if __name__ == "__main__":
    main()
