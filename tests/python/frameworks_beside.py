"""Calls of a framework, evaluated by it and by oneseed's module of that name, in one process that has both.

As a program, run by the interpreter of the frameworks: the name of a table below, then lines of JSON, [names, call], on stdin; for each a
line of JSON: null, or what differs. Compared are shapes, dtypes and bytes; of errors the class, and the words as far as ours go."""
import functools
import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import warnings

ROOT = pathlib.Path(__file__).parents[2]
PYTHON = ROOT / ".venv-frameworks/bin/python"  # scripts/setup oracles makes it
WRAPPED = re.compile(r"\{\{function_node [^}]*\}\} ")  # what TensorFlow's messages begin with
PACKAGE = pathlib.Path(os.environ.get("ONESEED_TOOL", ROOT / "build/oneseed")).parent / "lib"


def disagreements(framework, calls):
    """What differs in each of the calls, None where nothing does. A call that begins with `~` has an error of other words."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    lines = "\n".join(map(json.dumps, calls))
    done = subprocess.run([PYTHON, "-W", "ignore", __file__, framework], input=lines, text=True, env=environment, capture_output=True)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(("null", '"'))]
    assert len(answers) == len(calls), done.stderr[-2000:]
    return answers


def plain(value):
    """A value as something that compares."""
    import numpy as np

    if hasattr(value, "_words"):
        return ["key", value._impl, list(value.shape), value._words.tolist()]
    if type(value).__name__ == "PRNGKeyArray":
        import jax

        return ["key", str(jax.random.key_impl(value)), list(value.shape), np.asarray(jax.random.key_data(value)).tolist()]
    if isinstance(value, (list, tuple)):
        return ["list", *map(plain, value)]
    if value is None or isinstance(value, (str, int, float)):
        return [type(value).__name__, repr(value)]
    array = np.asarray(value)
    # float16 and bfloat16 by name are 16 bits in both
    name = "uint16" if array.dtype.name == "bfloat16" else array.dtype.name
    return [name, list(array.shape), array.tobytes().hex()]


def outcome(names, call):
    try:
        return plain(eval(call, names))
    except Exception as error:
        return ["error", type(error).__name__, WRAPPED.sub("", str(error)).removesuffix(" name: ")]


def difference(got, want, is_loose):
    if want[0] == got[0] == "error":
        same = is_loose or (got[1] == want[1] and (got[2] == want[2] or want[2].startswith(got[2].removesuffix("."))))
        return None if same else "%s: %s\n  the framework: %s: %s" % (*got[1:], *want[1:])
    return None if got == want else "%s\n  the framework: %s" % (short(got), short(want))


def short(value):
    text = json.dumps(value)
    return text if len(text) < 400 else text[:400] + "…"


def jax_names():
    import jax
    import numpy

    def ours_and_theirs(module, call):
        return {"jax": module, "r": module.random, "np": numpy}

    return {"ours": importlib.import_module("oneseed.jax"), "live": jax, "names": ours_and_theirs}


def tensorflow_names():
    import ml_dtypes
    import numpy
    import tensorflow

    return {
        "ours": importlib.import_module("oneseed.tensorflow"),
        "live": tensorflow,
        "names": lambda module, call: {"tf": module, "r": module.random, "np": numpy, "bfloat16": ml_dtypes.bfloat16},
        "after": "r.uniform([3])",  # where the seeds of operations are
    }


def keras_names(backend):
    os.environ["KERAS_BACKEND"] = backend
    import keras
    import numpy

    return {
        "ours": importlib.import_module("oneseed.keras"),
        "live": keras,
        "names": lambda module, call: {"keras": module, "r": module.random, "np": numpy},
        "after": "[r.normal((3,)), __import__('random').random(), np.random.random()]",
    }


TABLES = {"jax": jax_names, "tensorflow": tensorflow_names}
TABLES.update({"keras-" + backend: functools.partial(keras_names, backend) for backend in ("tensorflow", "jax", "numpy")})


def main():
    table = TABLES[sys.argv[1]]()
    for line in sys.stdin:
        setup, call = json.loads(line)
        answers, after = [], []
        for module in (table["ours"], table["live"]):
            names = table["names"](module, call)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(setup, names)
                answers.append(outcome(names, call.removeprefix("~")))
                if "after" in table:
                    after.append(outcome(names, table["after"]))
        found = difference(*answers, call.startswith("~"))
        if found is None and after and after[0] != after[1]:
            found = "what is drawn afterwards: %s\n  the framework: %s" % (short(after[0]), short(after[1]))
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
