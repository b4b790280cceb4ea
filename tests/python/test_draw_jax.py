"""`oneseed draw` prints what JAX's prompt prints: the lines of draw_jax_lines.txt, in the Python of .venv-frameworks."""
import json
import pathlib
import subprocess

import pytest
from jax_prompt import disagreement, draw, prompts
from tool import TOOL

# `;` before a compound statement is no Python, but a line of a shell: the prompt gets two lines.
LINES = [line.replace(r"\n", "\n").replace("; for ", "\nfor ")
         for line in pathlib.Path(__file__).with_name("draw_jax_lines.txt").read_text().splitlines() if line and line[0] != "#"]
KEY = "jax.random.key(0)"


def test_prints_what_the_prompt_prints():
    versions, answers = prompts(LINES)
    options = ["--with", f"python={versions['python']},numpy={versions['numpy']},jax={versions['jax']}"]
    differences = [disagreement(lines, answer, *options, tool=TOOL) for lines, answer in zip(LINES, answers, strict=True)]
    differences = [difference for difference in differences if difference]
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("lines, out", [
    ("jax.random.normal(jax.random.key(42), (3,))", "Array([-0.02830462,  0.46713185,  0.29570296], dtype=float32)\n"),
    ("from jax import random\nkey = random.key(42)\nfor i in range(3):\n    key, sub = random.split(key)\n"
     "    print(random.normal(sub).item())",
     "0.6057640314102173\n-0.21089035272598267\n-0.3948981463909149\n"),
])
def test_known_answers_of_the_documentation(lines, out):
    assert draw(lines, tool=TOOL) == (out, 0, "")


@pytest.mark.parametrize("version, out", [
    ("0.4.35", "Array([ 1.8160863 , -0.48262316,  0.33988908], dtype=float32)\n"),
    ("0.5.0", "Array([ 1.6226422 ,  2.0252647 , -0.43359444], dtype=float32)\n"),
    ("0.10.2", "Array([ 1.6226422 ,  2.0252647 , -0.43359444], dtype=float32)\n"),
])
def test_a_version_has_its_default_of_partitionable(version, out):
    assert draw(f"jax.random.normal({KEY}, (3,))", "--with", f"jax={version}", tool=TOOL) == (out, 0, "")
    assert draw("jax.__version__", "--with", f"jax={version}", tool=TOOL)[0] == f"'{version}'\n"


@pytest.mark.parametrize("option", ["jax=0.4.23", "jax=0.11.0", "jax=1.0", "jax=x", "jax=0.4.99"])
def test_a_wrong_word_of_with(option):
    out, status, message = draw("1", "--with", option, tool=TOOL)
    assert (out, status) == ("", 2) and f"--with {option}" in message


def test_formats():
    line = f"jax.random.normal({KEY}, (2,))"
    assert draw(line, "--format", "hex", tool=TOOL)[0] == "3fcfb2bd\n40019df0\n"
    assert draw(line, "--format", "csv", tool=TOOL)[0] == "1.6226422\n2.0252647\n"
    answer = json.loads(draw(line, "--format", "json", tool=TOOL)[0])
    assert (answer["dtype"], answer["shape"], answer["bits"]) == ("float32", [2], ["3fcfb2bd", "40019df0"])
    keys = json.loads(draw(f"jax.random.split({KEY})", "--format", "json", tool=TOOL)[0])
    assert keys["repr"].startswith("Array((2,), dtype=key<fry>) overlaying:")
    for choice, nbytes in (("raw", 8), ("npy", 136)):
        done = subprocess.run([TOOL, "draw", "--format", choice, line], capture_output=True, check=True)
        assert len(done.stdout) == nbytes and done.stdout.endswith(bytes.fromhex("bdb2cf3ff09d0140"))


def test_keys_are_no_numbers_of_a_file():
    out, status, message = draw(f"jax.random.split({KEY})", "--format", "csv", tool=TOOL)
    assert (out, status) == ("", 2) and "jax.random.key_data" in message
