"""What JAX's prompt prints for some lines; `oneseed draw` beside it.

As a program: lines of JSON in, [output, class of the error or null] as JSON out, one for each. Python of .venv-frameworks."""
import ast
import contextlib
import importlib
import io
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-frameworks" / "bin" / "python"


def prompt(jax, lines):
    """The output, and the error's class or None. The configuration is as a fresh process has it."""
    jax.config.update("jax_enable_x64", False)
    jax.config.update("jax_threefry_partitionable", True)
    jax.config.update("jax_default_prng_impl", "threefry2x32")
    names = {"jax": jax, "jnp": jax.numpy}
    names.update((name, importlib.import_module(name)) for name in ("math", "random"))
    names["np"] = importlib.import_module("numpy")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            for statement in ast.parse(lines).body:
                exec(compile(ast.Interactive([statement]), "<prompt>", "single"), names)
        except Exception as error:
            return out.getvalue(), type(error).__name__
    return out.getvalue(), None


def prompts(snippets):
    """The prompt's answers to all snippets, in one process, and the versions of Python, NumPy and JAX there."""
    assert PYTHON.exists(), f"{PYTHON} is not there: scripts/setup makes it"
    done = subprocess.run([PYTHON, "-W", "ignore", __file__], input="\n".join(map(json.dumps, snippets)), text=True, check=True,
                          stdout=subprocess.PIPE, env=dict(os.environ, JAX_PLATFORMS="cpu"))
    versions, *answers = map(json.loads, done.stdout.splitlines())
    return versions, answers


def draw(lines, *options, tool):
    done = subprocess.run([tool, "draw", *options, "--", lines], capture_output=True, text=True)
    return done.stdout, done.returncode, done.stderr


def disagreement(lines, answer, *options, tool):
    """None, or what differs from [output, error]."""
    expected, error = answer
    out, status, message = draw(lines, *options, tool=tool)
    good = out == expected and (status == 0 if error is None else status == 2 and error in message)
    return None if good else f"{lines}\n  the prompt: {expected}{error or ''}\n  draw ({status}): {out}{message}"


def main():
    jax, numpy = importlib.import_module("jax"), importlib.import_module("numpy")
    print(json.dumps({"python": "%d.%d" % sys.version_info[:2], "numpy": numpy.__version__, "jax": jax.__version__}), flush=True)
    for snippet in sys.stdin:
        print(json.dumps(prompt(jax, json.loads(snippet))), flush=True)


if __name__ == "__main__":
    main()
