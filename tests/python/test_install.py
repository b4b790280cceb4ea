"""`make install`: the tool works from there, and strangers' C and C++ programs find the library through pkg-config."""
import importlib.util
import marshal
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / "build"
PROGRAM = r"""
#include <oneseed.h>
#include <stdio.h>

int main(void)
{
    const uint32_t entropy[1] = {42};
    uint32_t word[1];
    oneseed_seed_sequence_u32(entropy, 1, NULL, 0, word, 1);
    printf("%s %u\n", oneseed_version(), (unsigned)word[0]);
    return 0;
}
"""


def call(*arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONESEED")}
    done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={**environment, **variables})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """As `make install PREFIX=… DESTDIR=…` does it; the tree is then used where DESTDIR has put it."""
    destination = tmp_path_factory.mktemp("a folder")
    call("cmake", "--install", BUILD, "--prefix", "/opt/one", DESTDIR=str(destination))
    return destination / "opt/one"


def version():
    return call(BUILD / "oneseed", "--version")


def test_what_is_installed(prefix):
    files = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
    pages = {f"share/man/man1/{path.name}" for path in (ROOT / "docs").glob("*.1")}
    support = {"liboneseed_preload.so", "recorder/_core.abi3.so", "_streams.abi3.so", "__init__.py", "_log.py"}
    assert {"bin/oneseed", "include/oneseed.h"} | {f"lib/oneseed/{name}" for name in support} | pages <= files
    libraries = {path.rpartition("/")[2] for path in files if path.rpartition("/")[2].startswith("liboneseed.")}
    assert {"liboneseed.a", "liboneseed.so"} < libraries


def test_bytecode_is_there_and_of_these_sources(prefix):
    for folder, named in ((BUILD / "lib/oneseed", BUILD / "lib/oneseed"), (prefix / "lib/oneseed", pathlib.Path("/opt/one/lib/oneseed"))):
        sources = sorted(folder.rglob("*.py"))
        assert folder / "recorder/recorder.py" in sources
        for source in sources:
            file = str(named / source.relative_to(folder))
            code = marshal.loads(pathlib.Path(importlib.util.cache_from_source(source)).read_bytes()[16:])
            assert code == compile(source.read_bytes(), file, "exec") and code.co_filename == file


def test_makefile_passes_both_folders_on():
    command = call("make", "-n", "--no-print-directory", "-C", ROOT, "install", "PREFIX=/one", "DESTDIR=/two").splitlines()[-1]
    assert 'DESTDIR="/two"' in command and '--prefix "/one"' in command


def test_the_tool_works_from_there(prefix):
    tool = prefix / "bin/oneseed"
    assert call(tool, "--version") == version()
    call(tool, "run", "--", "true")
    command = [tool, "run", "--", sys.executable, "-c", "import random; print(random.random(), hash('a'))"]
    assert call(*command) == call(*command)
    where = [tool, "run", "--", os.path.realpath(sys.executable), "-c", "import oneseed.python as o; print(o.__file__)"]
    assert call(*where, PYTHONPATH="").endswith("/support/python.py\n")  # a folder's name has a blank: reached by a link


def test_the_package_is_found_where_a_wheel_puts_it(prefix, tmp_path):
    shutil.copytree(prefix, tmp_path, dirs_exist_ok=True)
    packages = tmp_path / "lib/python3.9/site-packages/oneseed"
    packages.mkdir(parents=True)
    for path in [*(tmp_path / "lib/oneseed").glob("*.py"), tmp_path / "lib/oneseed/_streams.abi3.so"]:
        path.rename(packages / path.name)
    where = [tmp_path / "bin/oneseed", "run", "--", os.path.realpath(sys.executable), "-c", "import oneseed.python as o; print(o.__file__)"]
    assert call(*where, PYTHONPATH="") == f"{packages}/python.py\n"


@pytest.mark.parametrize("language, compiler", [("c", "cc"), ("cpp", "c++")])
@pytest.mark.parametrize("kind", ["shared", "static"])
def test_a_program_is_built_against_it(prefix, tmp_path, language, compiler, kind):
    source = tmp_path / f"program.{language}"
    source.write_text(PROGRAM)
    (description,) = prefix.glob("lib*/**/oneseed.pc")
    query = ["pkg-config", *(["--static"] if kind == "static" else [])]
    assert call(*query, "--modversion", "oneseed", PKG_CONFIG_PATH=str(description.parent)).strip() in version()
    flags = shlex.split(call(*query, "--cflags", "--libs", "oneseed", PKG_CONFIG_PATH=str(description.parent)))
    if kind == "static":
        flags = ["-l:liboneseed.a" if flag == "-loneseed" else flag for flag in flags]
    call(compiler, "-Wall", "-Wextra", "-Werror", source, *flags, "-o", tmp_path / "program")
    variables = {"LD_LIBRARY_PATH": str(description.parent.parent)} if kind == "shared" else {}
    # The word: numpy.random.SeedSequence(42).generate_state(1), numpy 2.4.6.
    assert call(tmp_path / "program", **variables) == f"{version().split()[1]} 3444837047\n"
