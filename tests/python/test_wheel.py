"""The wheel: what is in it, and that it works in an environment that has nothing else."""
import json
import os
import pathlib
import re
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]
VERSION = ".".join(re.findall(r"#define ONESEED_VERSION_\w+ (\d+)", (ROOT / "include/oneseed.h").read_text()))
# Nothing of the build tree helps: neither its package nor its tool.
BARE = {name: value for name, value in os.environ.items() if not name.startswith(("ONESEED", "PYTHON"))}


def call(*arguments, **settings):
    settings.setdefault("env", BARE)
    done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, **settings)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = ROOT / "build/wheel"  # kept, so that the next time is quick
    status, out, err = call(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation", "--no-index",
                            "--disable-pip-version-check", f"-Cbuild-dir={build}", "-w", folder)
    assert status == 0, out + err
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment") / "venv"
    assert call(sys.executable, "-m", "venv", "--without-pip", folder)[0] == 0
    status, out, err = call(sys.executable, "-m", "pip", "--python", folder, "install", "--no-deps", "--no-index",
                            "--disable-pip-version-check", wheel)
    assert status == 0, out + err
    return folder


def test_it_holds_the_tool_once_and_nothing_for_building(wheel):
    assert re.fullmatch(rf"oneseed-{VERSION}-cp39-abi3-linux_\w+\.whl", wheel.name)
    names = zipfile.ZipFile(wheel).namelist()
    data = f"oneseed-{VERSION}.data/"
    support = data + "data/lib/oneseed/"
    wanted = {"oneseed/__init__.py", "oneseed/__init__.pyi", "oneseed/py.typed", data + "scripts/oneseed",
              support + "liboneseed_preload.so", support + "recorder/_core.abi3.so", support + "recorder/sitecustomize.py",
              data + "data/share/man/man1/oneseed-check.1"}
    wanted |= {"oneseed/_streams.abi3.so", "oneseed/python.py", "oneseed/python.pyi"}
    wanted |= {"oneseed/" + path.name for path in (ROOT / "python/oneseed").glob("*numpy*.py*")}
    wanted |= {"oneseed/" + path.name for path in (ROOT / "python/oneseed").glob("*torch*.py*")}
    wanted |= {"oneseed/" + path.name for path in (ROOT / "python/oneseed").glob("*jax*.py*")}
    wanted |= {"oneseed/" + path.name for path in (ROOT / "python/oneseed").glob("*tensorflow*.py*")}
    wanted |= {"oneseed/" + path.name for path in (ROOT / "python/oneseed").glob("*keras*.py*")} | {"oneseed/pennylane.py"}
    assert wanted <= set(names)
    recorder = {path.name for path in (ROOT / "python/oneseed/recorder").glob("*.py")}
    assert {name.removeprefix(support + "recorder/") for name in names if name.endswith(".py") and support in name} == recorder
    files = [name.rpartition("/")[2] for name in names if ".dist-info/" not in name]
    assert len(files) == len(set(files))
    assert not [name for name in files if name.endswith((".c", ".h", ".a", ".pc", ".in")) or name.startswith("liboneseed.so")]


def test_run_gives_equal_numbers(environment, tmp_path):
    command = [environment / "bin/oneseed", "run", "--seed", "7", "--", environment / "bin/python", "-c",
               "import random; print(random.random(), random.Random().random(), hash('a'))"]
    first, second = call(*command, cwd=tmp_path), call(*command, cwd=tmp_path)
    assert first == second
    assert first[0] == 0 and first[1].startswith("0.32383276483316237 ") and first[2] == ""


def test_check_names_the_line(environment, tmp_path):
    (tmp_path / "train.py").write_text("import random\n\nx = random.Random()\nprint(x.random())\n")
    status, out, err = call(environment / "bin/oneseed", "check", "--json", "--", environment / "bin/python", "train.py", cwd=tmp_path)
    assert status == 1, err
    cause = json.loads(out)["first"]
    assert (cause["channel"], cause["evidence"]) == ("unseeded-rng", "experiment")
    assert (cause["file"], cause["line"]) == (str(tmp_path / "train.py"), 3)


def test_the_package_seeds_without_the_tool(environment, tmp_path):
    code = "import oneseed, random; print(oneseed.seed(7).seed, random.random(), oneseed.__file__)"
    status, out, err = call(environment / "bin/python", "-c", code, cwd=tmp_path)
    assert status == 0, err
    assert out.startswith("7 0.32383276483316237 ") and str(environment) in out


def test_the_tool_brings_its_package_to_another_python(environment, tmp_path):
    command = [environment / "bin/oneseed", "run", "--", os.path.realpath(sys.executable), "-c", "import oneseed; print(oneseed.__file__)"]
    status, out, err = call(*command, cwd=tmp_path)
    assert (status, err) == (0, "") and out.startswith(str(environment)), out


def test_the_package_draws_as_python(environment, tmp_path):
    code = "from oneseed.python import Random; print(Random(42).randint(0, 10), list(Random(42).fill(1)), Random(42).random())"
    status, out, err = call(environment / "bin/python", "-c", code, cwd=tmp_path)
    assert (status, out, err) == (0, "10 [0.6394267984578837] 0.6394267984578837\n", "")


def test_the_package_finds_its_tool(environment, tmp_path):
    (tmp_path / "train.py").write_text("import oneseed\noneseed.seed(7, reexec=True)\nprint(hash('a'))\n")
    settings = {"cwd": tmp_path, "env": {**BARE, "PATH": "/usr/bin:/bin"}}
    runs = [call(environment / "bin/python", "train.py", **settings) for _ in range(2)]
    assert runs[0] == runs[1] and runs[0][0] == 0, runs


def test_the_package_draws_as_numpy_without_numpy(environment, tmp_path):
    code = (
        "import sys\n"
        "from oneseed.numpy import RandomState, default_rng, randn, seed\n"
        "try:\n    import numpy\nexcept ImportError:\n    print('bare')\n"
        "seed(17)\n"
        "print(list(randn(3)), RandomState(42).randint(0, 10), default_rng(1).standard_normal((2, 2)).shape)\n"
    )
    status, out, err = call(environment / "bin/python", "-c", code, cwd=tmp_path)
    assert (status, err) == (0, "")
    assert out == "bare\n[0.27626589002131874, -1.854628078806505, 0.6239011113263563] 6 (2, 2)\n"
