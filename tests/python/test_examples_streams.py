"""The example programs of the streams: compiled, run, and beside the live packages."""
import os
import pathlib
import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from sklearn.model_selection import train_test_split

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/streams"
BUILD = pathlib.Path(os.environ.get("ONESEED_TOOL", ROOT / "build/oneseed")).parent


def expected():
    random.seed(42)
    lines = [str(random.randint(0, 10)) for _ in range(4)]
    lines += ["%.17g" % value for value in np.random.RandomState(17).randn(3)]
    generator = np.random.default_rng(7)
    lines.append(" ".join(map(str, generator.integers(0, 100, 3))))
    with pytest.raises(ValueError) as refused:
        generator.normal(0.0, -1.0, 3)
    torch.manual_seed(17)
    lines += [str(refused.value), *("%.9g" % value for value in torch.randn(5).tolist())]
    return [*lines, " ".join(map(str, torch.randperm(6).tolist()))]


@pytest.mark.parametrize("library", ["liboneseed.a", "liboneseed.so"])
@pytest.mark.parametrize("compiler", ["cc -std=c99 -Wextra", "c++"])
def test_in_c(tmp_path, compiler, library):
    program = str(tmp_path / "draw")
    language = "c++" if compiler == "c++" else "c"
    subprocess.run([*compiler.split(), "-Wall", "-Werror", f"-I{ROOT}/include", "-o", program, "-x", language, str(EXAMPLES / "draw.c"),
                    "-x", "none", str(BUILD / library), f"-Wl,-rpath,{BUILD}", "-lm"], check=True)
    assert subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines() == expected()


def test_in_python():
    environment = {**os.environ, "PYTHONPATH": str(BUILD / "lib")}
    done = subprocess.run([sys.executable, str(EXAMPLES / "draw.py")], env=environment, capture_output=True, text=True)
    test = train_test_split(range(10), test_size=0.3, random_state=42)[1]
    assert done.stdout.splitlines() == [*expected(), " ".join(map(str, test))], done.stderr
