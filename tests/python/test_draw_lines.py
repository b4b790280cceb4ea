"""`oneseed draw` prints what the live prompt prints: the lines of draw_lines.txt, and those of the documentation's front page."""
import pathlib

import pytest
from prompt import agree, draw

LINES = [line for line in pathlib.Path(__file__).with_name("draw_lines.txt").read_text().splitlines() if line and line[0] != "#"]
LINES = [line.replace(" ⏎ ", "\n") for line in LINES]


@pytest.mark.parametrize("lines", LINES)
def test_prints_what_the_prompt_prints(lines):
    # `;` before a compound statement is no Python, but a line of a shell: the prompt gets two lines.
    difference = agree(lines.replace("; for ", "\nfor ") if "; for " in lines else lines)
    assert difference is None, difference


@pytest.mark.parametrize("lines, out", [
    ("random.seed(42); [random.randint(0, 10) for _ in range(4)]", "[10, 1, 0, 4]\n"),
    ("np.random.seed(42); np.random.randint(0, 10, 4)", "array([6, 3, 7, 4])\n"),
    ("np.random.seed(17); print(np.random.randn(3)); print(np.random.randn(3))",
     "[ 0.27626589 -1.85462808  0.62390111]\n[1.14531129 1.03719047 1.88663893]\n"),
    ("a = np.random.RandomState(17); b = np.random.RandomState(20210530); print(a.randn(3)); "
     "print(b.randn(3)); print(a.randn(3)); print(b.randn(3))",
     "[ 0.27626589 -1.85462808  0.62390111]\n[-0.24972681 -1.01951826  2.23461339]\n"
     "[1.14531129 1.03719047 1.88663893]\n[0.72764703 1.2921122  1.15494929]\n"),
])
def test_known_answers(lines, out):
    assert draw(lines) == (out, 0, "")


def test_a_loop_on_a_line_after_statements():
    assert draw("random.seed(5); for i in range(2): print(i, random.random())")[:2] == ("0 0.6229016948897019\n1 0.7417869892607294\n", 0)
