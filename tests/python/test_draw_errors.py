"""`oneseed draw`: what is not supported, refused or nonsense is one line that says what and where; limits hold."""
import subprocess

import pytest
from tool import TOOL


def fails(lines, *options):
    """Standard error's one line, and what was printed before."""
    done = subprocess.run([TOOL, "draw", *options, "--", lines], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stderr.startswith("oneseed: draw: line ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr, done.stdout


@pytest.mark.parametrize("lines, where, what", [
    ("1 +", "line 1, column 4", "SyntaxError"),
    ("x = (1, 2", "line 1, column 5", "SyntaxError: '(' was never closed"),
    ("x = f(1, [2\ny = 3", "line 1, column 10", "SyntaxError: '[' was never closed"),
    ("(1]", "line 1, column 3", "closing parenthesis ']' does not match opening parenthesis '('"),
    ("1)", "line 1, column 2", "SyntaxError: unmatched ')'"),
    ("np.zeros(2) + np.zeros(3)", "line 1", "ValueError: operands could not be broadcast together with shapes (2,) (3,)"),
    ("a = np.zeros(3); a[:] = np.zeros(2)", "line 1", "could not broadcast input array from shape (2,) into shape (3,)"),
    ("np.zeros(6).reshape(4, 2)", "line 1", "cannot reshape array of size 6 into shape (4,2)"),
    ("np.random.default_rng('a')", "line 1", "SeedSequence expects int or sequence of ints for entropy not a"),
    ("from sklearn.model_selection import KFold; KFold(1)", "line 1", "setting n_splits=2 or more, got n_splits=1."),
    ("from sklearn.model_selection import KFold; list(KFold(5).split([1, 2, 3]))", "line 1",
     "Cannot have number of splits n_splits=5 greater than the number of samples: n_samples=3."),
    ("from sklearn.model_selection import train_test_split; train_test_split([1, 2, 3], test_size=5)", "line 1",
     "test_size=5 should be either positive and smaller than the number of samples 3 or a float in the (0, 1) range"),
    ("from sklearn.model_selection import train_test_split; train_test_split([1, 2], [3])", "line 1",
     "inconsistent numbers of samples: [2, 1]"),
    ("a = 1\nb = = 2", "line 2, column 5", "SyntaxError"),
    ("try: x = 1\nexcept: pass", "line 1, column 1", "'try' is not supported here (supported: expressions, assignments, def,"),
    ("return 1", "line 1, column 1", "SyntaxError: 'return' outside function"),
    ("def f(): yield 1", "line 1", "'yield' is not supported here"),
    ("def f(): break\nf()", "line 1", "'break' or 'continue' outside a loop"),
    ("def f(): return f()\nf()", "line 1", "RecursionError: more than 400 calls"),
    ("f = lambda x: x\nf()", "line 2", "TypeError: <lambda>() missing required argument: 'x'"),
    ("def f(n):\n    if n > 1: raise ValueError('n')\n    return n\nf(1)\nf(2)", "line 2", "the program raises an exception"),
    ("lambda x=1, y: x", "line 1", "parameter without a default follows"),
    ("lambda x, x: x", "line 1", "duplicate argument"),
    ("f(**3)", "line 1", "NameError"),
    ("print(**3)", "line 1", "'int' object is not a mapping"),
    ("print(**{1: 2})", "line 1", "keywords must be strings"),
    ("print(end='', **{'end': 2})", "line 1", "multiple values for keyword argument 'end'"),
    ("assert 1 == 2, 'no'", "line 1, column 1", "AssertionError: no"),
    ("class A: pass", "line 1, column 1", "'class' is not supported"),
    ("with 5: pass", "line 1, column 6", "TypeError: 'int' object does not support the context manager protocol"),
    ("try: pass", "line 1, column 1", "'try' is not supported"),
    ("'abc", "line 1, column 1", "unterminated string"),
    ("1j", "line 1, column 1", "complex numbers are not supported"),
    ("x = 1\n  y = 2", "line 2, column 3", "unexpected indent"),
    ("for i in 3: pass", "line 1", "TypeError: 'int' object is not iterable"),
    ("1 = 2", "line 1, column 1", "cannot assign"),
    ("x", "line 1, column 1", "NameError: name 'x' is not defined"),
    ("import os; os.getpid()", "line 1, column 15", "AttributeError: module 'os' has no attribute 'getpid' here"),
    ("!pip install torch", "line 1, column 1", "a line for the shell ('!…'), as notebooks have: leave it out"),
    ("import random\n%matplotlib inline", "line 2, column 1", "a command of IPython's"),
    ("1 + $", "line 1, column 5", "the character '$' is not part of the language"),
    ("import sys; sys.exit()", "line 1, column 13", "ModuleNotFoundError: 'sys' is not here (supported: random, numpy"),
    ("from sklearn.svm import SVC\nc = SVC()", "line 2, column 5", "ModuleNotFoundError: 'sklearn.svm.SVC' is not here"),
    ("from sklearn.utils import murmurhash3_32\nmurmurhash3_32(1)", "line 2, column 1", "'sklearn.utils.murmurhash3_32' is not"),
    ("import matplotlib.pyplot as plt\nplt.show()", "line 2, column 1", "'matplotlib.pyplot' is not here"),
    ("from random import foo", "line 1, column 20", "module 'random' has no attribute 'foo'"),
    ("np.random.default_rng(1).foo()", "line 1", "'Generator' object has no attribute 'foo' here (supported: "),
    ("np.random.default_rng(1).normal(mean=3)", "line 1", "unexpected keyword argument 'mean' (supported: loc= scale= size=)"),
    ("np.random.default_rng(1).multivariate_normal([0], [[1]])", "line 1", "LAPACK"),
    ("np.arange(3.0) ** 3", "line 1", "differ between machines"),
    ("np.zeros((2, 2)) @ np.zeros((2, 2))", "line 1", "BLAS"),
    ("np.random.rand()", "line 1", "np.random has no seed"),
    ("np.random.seed(); np.random.rand()", "line 1", "np.random has no seed"),
    ("np.random.default_rng().random()", "line 1", "PCG64 has no seed"),
    ("np.random.PCG64().state", "line 1", "PCG64 has no seed"),
    ("np.random.PCG64().seed_seq", "line 1", "PCG64 has no seed"),
    ("np.random.RandomState().rand()", "line 1", "RandomState has no seed"),
    ("np.random.SeedSequence()", "line 1", "no seed is given"),
    ("random.random()", "line 1", "random has no seed"),
    ("random.Random().random()", "line 1", "random.Random has no seed"),
    ("random.seed(None); random.random()", "line 1", "random has no seed"),
    ("{'a', 'b'}", "line 1", "PYTHONHASHSEED: give it with --with hashseed=N"),
    ("hash('a')", "line 1", "PYTHONHASHSEED"),
    ("[np.random.default_rng(1)]", "line 1", "address"),
    ("[1][5]", "line 1", "IndexError"),
    ("{}['a']", "line 1", "KeyError: 'a'"),
    ("1 / 0", "line 1, column 3", "ZeroDivisionError: division by zero"),
    ("[1] + (2,)", "line 1", "TypeError: unsupported operand type(s) for +: 'list' and 'tuple'"),
    ("int('x')", "line 1", "ValueError: invalid literal"),
    ("int(1e400)", "line 1", "OverflowError: cannot convert float infinity to integer"),
    ("np.random.seed(0); np.random.binomial(1e400, 0.5)", "line 1, column 30", "OverflowError: cannot convert float infinity"),
    ("import math; math.floor(float('nan'))", "line 1", "ValueError: cannot convert float NaN to integer"),
    ("np.array([[1], [1, 2]])", "line 1", "inhomogeneous"),
    ("np.arange(6).reshape(4, 2)", "line 1", "cannot reshape array of size 6"),
    ("np.int64(5) / np.array(['a', 'b'])", "line 1, column 13", "TypeError: unsupported operand types for /"),
    ("abs(np.array(['a']))", "line 1", "TypeError: abs() of an array of strings"),
    ("np.round(np.array(['a']))", "line 1", "TypeError: round() is not supported for str"),
    ("np.random.seed(1); np.random.normal(np.array(['a']))", "line 1", "TypeError: loc must be numbers, not strings"),
    ("np.array(i for i in range(3))", "line 1", "TypeError"),
    ("g = (next(g) for _ in range(3)); next(g)", "line 1", "ValueError: generator already executing"),
    ("np.arange(3) + np.arange(4)", "line 1", "could not be broadcast"),
])
def test_one_line_that_says_what_and_where(lines, where, what):
    message, _ = fails(lines)
    assert where in message and what in message, message


def test_what_was_printed_before_stays():
    message, out = fails("1\nprint('two')\nx = 3; x\nnope\n5")
    assert out == "1\ntwo\n3\n" and "line 4, column 1" in message


def test_a_refused_draw_draws_nothing():
    done = subprocess.run([TOOL, "draw", "np.random.seed(1); np.random.rand()"], capture_output=True, text=True)
    for wrong in ["np.random.normal(0, -1)", "np.random.randint(5, 5)", "np.random.binomial(3, 2, 10)"]:
        # the refusal ends the run: the state that it left is seen through --explain
        refused = subprocess.run([TOOL, "draw", f"np.random.seed(1); print(np.random.rand()); {wrong}"], capture_output=True, text=True)
        assert refused.returncode == 2 and refused.stdout == done.stdout


@pytest.mark.parametrize("lines", [
    "(" * 100000, "[" * 5000 + "]" * 5000, "not " * 100000 + "1", "-" * 100000 + "1", "x" + ".a" * 100000,
    "1" + " + 1" * 100000, "f" + "'{" * 1000,
    "1 ** " * 50000 + "1", "if 1: " * 1000 + "1", "{" * 3000, "a[" * 3000, "lambda " * 300, "for i in " * 3000, "'" + "\\" * 99999,
    "x = []\nfor i in range(300): x = [x]\nx", "x = []\nx.append(x)\nx", "x = []\nx.append(x)\nx == x, hash((1,))\ny = [x]\ny == [[x]]",
])
def test_depth_is_an_error(lines):
    done = subprocess.run([TOOL, "draw", "-f", "-"], input=lines, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and done.stderr.startswith("oneseed: draw: line ") and done.stderr.count("\n") == 1, done.stderr[:300]


@pytest.mark.parametrize("lines", [
    "x = np.zeros(10**12)", "x = [0] * 10**15", "2 ** 10**9", "10 ** 10 ** 10", "x = 'a' * 10**13",
    "np.zeros((10**6, 10**6, 10**6))", "x = np.random.default_rng(1).random(10**13)",
    "1 << 10**12", "list(range(10**15))", "np.arange(10**14)", "random.seed(1); random.sample(range(10**12), 10**11)",
    "random.seed(1); random.getrandbits(10**12)",
    "random.seed(1); random.randbytes(10**14)", "str(10 ** 5000)", "np.random.default_rng(1).choice(10**13, 10**13)",
    "np.random.default_rng(1).permutation(10**14)",
    "x = np.random.SeedSequence(1).generate_state(10**14)", "f'{1:99999999d}'", "'%99999999d' % 1",
])
def test_size_is_an_error(lines):
    fails(lines)


@pytest.mark.parametrize("bytes_", [b"\xff\xfe", b"x = '\xc3'", b"\x00", b"1\x00", b"\xed\xa0\x80", b"'\xf4\x90\x80\x80'", b"\xc0\x80"])
def test_what_is_no_text(bytes_):
    done = subprocess.run([TOOL, "draw", "-f", "-"], input=bytes_, capture_output=True)
    assert done.returncode == 2 and done.stderr.startswith(b"oneseed: draw: line 1")


def test_nothing_is_no_error():
    for lines in ["", "\n\n", "# only a comment", "   ", "pass", ";"]:
        done = subprocess.run([TOOL, "draw", lines], capture_output=True)
        expected = 2 if lines == ";" else 0
        assert (done.returncode, done.stdout) == (expected, b""), (lines, done)


def test_an_address_is_left_out_and_said():
    done = subprocess.run([TOOL, "draw", "rng = np.random.default_rng(1); rng; bg = np.random.PCG64(1); bg.advance(10); print(rng); 3"],
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "Generator(PCG64)\n3\n")
    assert done.stderr.splitlines() == [
        "oneseed: draw: line 1, column 33: the prompt shows a Generator by its address: left out",
        "oneseed: draw: line 1, column 66: the prompt shows a BitGenerator by its address: left out"]


def test_a_seed_of_another_kind_by_python_310():
    message, _ = fails("random.seed((1, 2))", "--with", "python=3.10")
    assert "a seed of type 'tuple' is not supported (before Python 3.11" in message
    message, _ = fails("random.seed((1, 2))", "--with", "python=3.11")
    assert "TypeError: The only supported seed types are" in message


def test_a_script_with_imports_that_it_does_not_use():
    lines = ("import time, sys\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
             "from sklearn.model_selection import cross_val_score, KFold\nrandom.seed(1)\nrandom.random()")
    done = subprocess.run([TOOL, "draw", lines], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0.13436424411240122\n", "")


@pytest.mark.parametrize("lines, near", [
    ("random.sed(1)", "module 'random' has no attribute 'sed' here: did you mean 'seed'?"),
    ("np.random.sead(1)", "did you mean 'seed'?"),
    ("pritn(3)", "NameError: name 'pritn' is not defined: did you mean 'print'?"),
    ("data = 3; dta", "did you mean 'data'?"),
    ("np.random.default_rng(1).norml()", "'Generator' object has no attribute 'norml' here: did you mean 'normal'?"),
])
def test_what_was_probably_meant(lines, near):
    assert near in fails(lines)[0]


def test_a_script_does_not_show_its_docstring(tmp_path):
    script = tmp_path / "script.py"
    script.write_text('"""Draws."""\nimport random\nrandom.seed(1)\nrandom.random()\n')
    done = subprocess.run([TOOL, "draw", "-f", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "0.13436424411240122\n")
    done = subprocess.run([TOOL, "draw", "'text'; 1"], capture_output=True, text=True)
    assert done.stdout == "'text'\n1\n"


@pytest.mark.parametrize("body", ["x = [x]", "x = {1: x}", "x = lambda x=x: x", "x = iter([x])"])
def test_long_chains_are_swept(body):
    lines = f"x = None\nfor i in range(1500000):\n    {body}\nprint(i)"
    done = subprocess.run([TOOL, "draw", lines], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "1499999\n"), done.stderr
