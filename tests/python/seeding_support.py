# seeding_support.py - runs scripts under `oneseed run`, or with chosen controls, for the tests of seeding.
# SPDX-License-Identifier: MIT
import os
import pathlib
import subprocess
import sys

import tool

SUPPORT = pathlib.Path(tool.TOOL).resolve().parent / "lib" / "oneseed"


def environment(**variables):
    """The environment of the tests without what concerns Python or oneseed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "ONESEED", "LD_PRELOAD"))}
    return {**kept, **variables}


def execute(command, folder=None, **variables):
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stderr
    return done


def script(folder, text, name="script.py"):
    path = folder / name
    path.write_text(text)
    return str(path)


def bare(path, **variables):
    """stdout of a script without oneseed."""
    return execute([sys.executable, path], **variables).stdout


def under_run(path, *arguments, seed=42, level="process", options=(), **variables):
    """The script under `oneseed run`."""
    run = [tool.TOOL, "run", "--seed", str(seed), "--level", level, *options, "--"]
    return execute([*run, sys.executable, path, *arguments], **variables)


def controlled(path, controls, *words):
    """The script with exactly these controls, as an experiment of `check` has them."""
    config = " ".join(["seed=42", "controls=" + controls, *words])
    return execute(
        [sys.executable, path],
        LD_PRELOAD=str(SUPPORT / "liboneseed_preload.so"),
        PYTHONPATH=str(SUPPORT / "recorder"),
        ONESEED_CONFIG=config,
        ONESEED_LANE="0 - 0",
    )
