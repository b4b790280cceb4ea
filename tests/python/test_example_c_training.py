"""examples/c_training: the training in C and the one in PyTorch, run with the digits; their loss curves agree."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/c_training"
BUILD = pathlib.Path(os.environ.get("ONESEED_TOOL", ROOT / "build/oneseed")).parent
N_STEPS = 145


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Where both have run: their curves, and what they printed."""
    folder = tmp_path_factory.mktemp("training")
    run(
        "cc",
        "-std=c99",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        f"-I{ROOT}/include",
        "-o",
        folder / "train",
        EXAMPLE / "train.c",
        BUILD / "liboneseed.a",
        "-lm",
    )
    run(sys.executable, EXAMPLE / "export_digits.py", folder / "digits.bin")
    printed = [
        run(folder / "train", folder / "digits.bin", folder / "c.csv"),
        run(sys.executable, EXAMPLE / "train.py", folder / "digits.bin", folder / "torch.csv"),
    ]
    return folder, printed


def test_the_same_in_cxx(both, tmp_path):
    """The program is good C++, too, and gives the same bytes."""
    folder, _ = both
    options = "-x c++ -std=c++11 -O2 -ffp-contract=off -Wall -Werror".split()
    run("c++", *options, f"-I{ROOT}/include", "-c", "-o", tmp_path / "train.o", EXAMPLE / "train.c")
    run("c++", "-o", tmp_path / "train", tmp_path / "train.o", BUILD / "liboneseed.a", "-lm")
    run(tmp_path / "train", folder / "digits.bin", tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_bytes() == (folder / "c.csv").read_bytes()


@pytest.mark.parametrize("language", ["cc -std=c99", "c++ -x c++ -std=c++11", "c++ -x c++ -std=c++20"])
def test_what_the_page_shows_compiles(language, tmp_path):
    blocks = re.findall(r"```c\n(.*?)```", (ROOT / "docs/c_training.md").read_text(), re.S)
    assert len(blocks) == 4
    given = "float *weight, float *bias, float *ones, float *mask, int64_t n_rows, int64_t base_seed, int64_t *work, int64_t *order"
    program = "#include <oneseed.h>\nvoid page(%s)\n{\n%s}\n" % (given, "".join(blocks).replace("#include <oneseed.h>\n", ""))
    (tmp_path / "page.c").write_text(program)
    run(*language.split(), "-Wall", "-Werror", f"-I{ROOT}/include", "-fsyntax-only", tmp_path / "page.c")


def curve(path):
    return [float(line) for line in path.read_text().split()]


def test_curves_agree(both):
    folder, _ = both
    ours, theirs = curve(folder / "c.csv"), curve(folder / "torch.csv")
    assert len(ours) == len(theirs) == N_STEPS
    assert max(abs(a - b) / b for a, b in zip(ours, theirs)) < 1e-4
    assert theirs[0] > 2 > 0.2 > theirs[-1]  # it has learnt something


def test_both_tell_the_same(both):
    _, printed = both
    numbers = [[float(number) for number in re.findall(r"[\d.]+", text)] for text in printed]
    assert len(numbers[0]) == len(numbers[1]) == 5 * 4
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-4)


def test_another_seed_is_another_curve(both, tmp_path):
    """What the agreement is worth: other draws are far away."""
    folder, _ = both
    source = (EXAMPLE / "train.c").read_text()
    changed = source.replace("oneseed_torch_manual_seed(&generator, 0)", "oneseed_torch_manual_seed(&generator, 1)")
    assert changed != source
    (tmp_path / "train.c").write_text(changed)
    run("cc", "-O2", f"-I{ROOT}/include", "-o", tmp_path / "train", tmp_path / "train.c", BUILD / "liboneseed.a", "-lm")
    run(tmp_path / "train", folder / "digits.bin", tmp_path / "c.csv")
    assert max(abs(a - b) / b for a, b in zip(curve(tmp_path / "c.csv"), curve(folder / "torch.csv"))) > 0.1


def test_compare_says_so(both):
    folder, _ = both
    said = run(sys.executable, EXAMPLE / "compare.py", folder / "c.csv", folder / "torch.csv", folder / "curves.svg")
    assert f"{N_STEPS} steps" in said
    assert (folder / "curves.svg").read_text().count("<polyline") == 2
    worse = folder / "worse.csv"
    worse.write_text("".join("%r\n" % (loss * 1.001) for loss in curve(folder / "c.csv")))
    done = subprocess.run([sys.executable, EXAMPLE / "compare.py", worse, folder / "torch.csv"], capture_output=True)
    assert done.returncode == 1


def test_without_the_digits(both, tmp_path):
    folder, _ = both
    done = subprocess.run([folder / "train", tmp_path / "none.bin"], capture_output=True, text=True)
    assert done.returncode == 1 and "not the digits" in done.stderr
