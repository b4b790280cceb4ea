import pathlib
import sys

import pytest
from tensorflow_prompt import PYTHON, disagreement, draw, prompts

TEXT = pathlib.Path(__file__).with_name("draw_keras_lines.txt").read_text()
LINES = [line.replace(r"\n", "\n").replace("; for ", "\nfor ") for line in TEXT.splitlines() if line and line[0] != "#"]
BACKENDS = ["tensorflow", "jax", "numpy", "torch"]


def lines_for(backend):
    for line in LINES:
        names, _, rest = line.partition(": ")
        if not set(names.split(",")) <= set(BACKENDS):
            yield line
        elif backend in names.split(","):
            yield rest


@pytest.mark.parametrize("backend", BACKENDS)
def test_prints_what_the_prompt_prints(backend):
    lines = list(lines_for(backend))
    python = sys.executable if backend == "torch" else PYTHON
    versions, answers = prompts(lines, python, KERAS_BACKEND=backend)
    options = ["--with", f"{versions},backend={backend}"]
    differences = [disagreement(line, answer, *options) for line, answer in zip(lines, answers, strict=True)]
    differences = [difference for difference in differences if difference]
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("lines", ["keras.random.normal((2,))", "keras.random.SeedGenerator()"])
def test_without_a_seed_nothing_is_drawn(lines):
    out, status, message = draw(lines)
    assert (out, status) == ("", 2) and "set_random_seed" in message


def test_the_environment_chooses_the_backend(monkeypatch):
    line = "keras.random.normal((2,), seed=1)"
    before = "import os; os.environ['KERAS_BACKEND'] = 'jax'; import keras; "
    assert draw(before + line) == draw(line, "--with", "backend=jax") != draw(line)
    assert draw(f"import keras; keras.backend.backend(); {before}{line}")[0] == "'tensorflow'\n" + draw(line)[0]
    monkeypatch.setenv("KERAS_BACKEND", "numpy")
    assert draw(line) == draw(line, "--with", "backend=numpy")
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    assert draw(line)[1] == 2


@pytest.mark.parametrize("option", ["keras=2.15", "keras=3.16", "backend=mlx"])
def test_a_wrong_word_of_with(option):
    out, status, message = draw("1", "--with", option)
    assert (out, status) == ("", 2) and option in message


def test_older_versions():
    line = "keras.utils.set_random_seed(1); keras.random.normal((2,)); keras.utils.set_random_seed(1); keras.random.normal((2,))"
    first, second = draw(line, "--with", "keras=3.12")[0].splitlines()
    assert first != second  # until 3.12 the global generator went on
    assert draw("keras.random.SeedGenerator(1).next().dtype", "--with", "keras=3.4")[0] == "tf.uint32\n"
