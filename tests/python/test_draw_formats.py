"""`oneseed draw`: formats, files, large draws, versions, --explain, and what goes wrong with them."""
import csv
import io
import json
import os
import signal
import struct
import subprocess
import sys

import numpy
import pytest
from tool import TOOL

RAW = "np.random.default_rng(1).random((3, 4))"


def run(*arguments, **settings):
    return subprocess.run([TOOL, "draw", *arguments], capture_output=True, **settings)


def answer(*arguments, **settings):
    done = run(*arguments, **settings)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    return done.stdout


EXPECTED = numpy.random.default_rng(1).random((3, 4))


def test_npy():
    loaded = numpy.load(io.BytesIO(answer("--format", "npy", RAW)))
    assert loaded.dtype == EXPECTED.dtype and loaded.shape == EXPECTED.shape and loaded.tobytes() == EXPECTED.tobytes()


@pytest.mark.parametrize("expression", [
    "np.arange(5)", "np.array(2.5)", "np.zeros((0, 3))", "[1, 2, 3]", "(1.5, 2.5)", "7",
    "np.array(['a', 'béc'])", "np.ones(3, dtype=bool)",
    "np.arange(6, dtype=np.uint16).reshape(2, 3).T", "np.float32(1.5)", "np.arange(4, dtype='f2')", "np.array([2**63], dtype=np.uint64)",
])
def test_npy_of_all_kinds(expression):
    loaded = numpy.load(io.BytesIO(answer("--format", "npy", expression)))
    expected = numpy.asarray(eval(expression, {"np": numpy}))
    assert loaded.dtype == expected.dtype and loaded.shape == expected.shape and loaded.tobytes() == expected.tobytes()


def test_raw_and_hex():
    assert answer("--format", "raw", RAW) == EXPECTED.tobytes()
    rows = answer("--format", "hex", RAW).decode().splitlines()
    assert [[struct.unpack(">d", bytes.fromhex(word))[0] for word in row.split()] for row in rows] == EXPECTED.tolist()
    assert answer("--format", "raw", "random.seed(1); random.randbytes(9)") == __import__("random").Random(1).randbytes(9)
    assert answer("--format", "hex", "np.arange(-1, 2, dtype=np.int8)") == b"ff\n00\n01\n"


def test_csv():
    rows = list(csv.reader(io.StringIO(answer("--format", "csv", RAW).decode())))
    assert [[float(word) for word in row] for row in rows] == EXPECTED.tolist()
    assert answer("--format", "csv", "[0.1, 2.0]") == b"0.1\n2.0\n"
    assert answer("--format", "csv", "['a,b', 'c\"d']") == b'"a,b"\n"c""d"\n'


def test_json():
    document = json.loads(answer("--format", "json", RAW))
    assert document["format"] == "oneseed-draw/1" and document["dtype"] == "float64" and document["shape"] == [3, 4]
    assert document["values"] == EXPECTED.ravel().tolist()
    assert [struct.unpack(">d", bytes.fromhex(word))[0] for word in document["bits"]] == EXPECTED.ravel().tolist()
    assert json.loads(answer("--format", "json", "np.array([2**63, 1], dtype='uint64')"))["values"] == ["9223372036854775808", "1"]
    assert json.loads(answer("--format", "json", "np.array([np.nan, -np.inf])"))["values"] == ["nan", "-inf"]
    assert json.loads(answer("--format", "json", "3.5"))["shape"] == []
    assert json.loads(answer("--format", "json", "[1, 'a\\n']"))["repr"] == "[1, 'a\\n']"


def test_only_the_last_value_is_written_and_print_goes_aside():
    done = run("--format", "csv", "1.5; print('said'); 2.5; x = 3")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"2.5\n", b"said\n")


@pytest.mark.parametrize("call", [
    "np.random.default_rng(3).random({n})", "np.random.default_rng(3).standard_normal({n}, dtype=np.float32)",
    "np.random.RandomState(3).normal(1, 2, {n})", "np.random.RandomState(3).randint(0, 10**6, {n})", "np.random.RandomState(3).rand({n})",
    "np.random.default_rng(3).integers(0, 2**40, {n})", "np.random.default_rng(3).integers(0, 99, {n}, dtype=np.int32)",
    "np.random.default_rng(3).integers(0, 99, {n}, dtype=np.uint8)", "np.random.default_rng(3).poisson(3, size=({m}, 3))",
    "np.random.PCG64(3).random_raw({n})", "np.random.default_rng(3).standard_gamma(2.5, {n})",
])
def test_large_draws_are_those_in_one_piece(call):
    """From a million values on a last call is drawn in blocks."""
    n = (1 << 20) + 12345
    call = call.format(n=n, m=n // 3)
    expected = eval(call, {"np": numpy})
    assert answer("--format", "raw", call) == expected.tobytes()
    assert answer(call).decode() == repr(expected) + "\n"


def test_a_long_stream_takes_no_memory():
    script = f"ulimit -v 200000; '{TOOL}' draw --format raw 'np.random.default_rng(1).random(10**11)' | head -c 400000000 | wc -c"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "400000000"


def test_a_reader_that_goes_away_ends_it():
    process = subprocess.Popen([TOOL, "draw", "--format", "raw", "np.random.default_rng(1).random(10**11)"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    process.stdout.read(100)
    process.stdout.close()
    assert process.wait(20) == -signal.SIGPIPE
    script = f"trap '' PIPE; '{TOOL}' draw --format raw 'np.random.default_rng(1).random(10**11)' | head -c 9 | wc -c"
    ignored = subprocess.run(["sh", "-c", script], capture_output=True, text=True)
    assert ignored.stdout.strip() == "9" and "oneseed: stdout: Broken pipe" in ignored.stderr


def test_full_disks():
    for arguments in [["--format", "raw", "np.zeros(100000)"], ["print(1)"], ["1.5"]]:
        with open("/dev/full", "wb") as full:
            done = subprocess.run([TOOL, "draw", *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (2, "oneseed: stdout: No space left on device\n")
    done = run("-o", "/dev/full", "1.5")
    assert (done.returncode, done.stderr) == (2, b"oneseed: /dev/full: No space left on device\n")


def test_files(tmp_path):
    lines, out = tmp_path / "lines.py", tmp_path / "out.npy"
    lines.write_text("import numpy as np\nrng = np.random.default_rng(1)\nx = rng.random(\n    (3, 4))\nx\n")
    assert answer("-f", str(lines), "--format", "npy", "-o", str(out)) == b""
    assert (numpy.load(out) == EXPECTED).all()
    before = out.read_bytes()
    assert run("-f", str(lines), "-o", str(out), "x").returncode == 2
    assert run("-o", str(out), "1 +").returncode == 2 and out.read_bytes() == before
    assert answer("-f", "-", input=b"1 + 1\n") == b"2\n"
    done = run("-f", str(tmp_path / "absent"))
    assert done.returncode == 2 and b"absent: No such file or directory" in done.stderr


def test_a_pasted_session():
    session = (">>> import numpy as np\n>>> rng = np.random.default_rng(1)\n>>> for i in range(2):\n...     print(i,\n"
               "...           rng.integers(10))\n"
               "...\n0 9\n1 9\n>>> rng.random(2)\narray([1, 2])\n")
    rng = numpy.random.default_rng(1)
    expected = "".join(f"{i} {rng.integers(10)}\n" for i in range(2)) + repr(rng.random(2)) + "\n"
    assert answer(session).decode() == expected
    assert answer("In [1]: x = 1\n\nIn [2]: x + 1\nOut[2]: 7\n") == b"2\n"


def test_versions():
    lines = "np.random.default_rng(12345).random(); np.float64(1.5); np.array([1, 2])[0]; np.random.default_rng(1).integers(10)"
    assert answer("--with", "numpy=1.26", lines) == b"0.22733602246716966\n1.5\n1\n4\n"
    assert answer("--with", "numpy=2.1", "np.float32(1e6); np.zeros(1001)").endswith(b"array([0., 0., 0., ..., 0., 0., 0.])\n")
    assert answer("--with", "numpy=2.4.1,python=3.12", "np.zeros(1001)") == b"array([0., 0., 0., ..., 0., 0., 0.], shape=(1001,))\n"
    assert run("--with", "python=3.11", "random.seed(1); random.binomialvariate(5, 0.5)").returncode == 2
    assert answer("--with", "python=3.12", "random.seed(1); random.binomialvariate(5, 0.5)").strip().isdigit()


@pytest.mark.parametrize("text", ["numpy=1.5", "python=2.7", "torch=1.2", "numpy", "hashseed=-1",
                                  "hashseed=5000000000", "python=3.11x", "numpy=2.99", "=1", ","])
def test_unknown_versions(text):
    done = run("--with", text, "1")
    assert done.returncode == 2 and done.stdout == b"" and len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_sets_of_strings_as_another_python_walks_them(seed):
    import platform

    version = ".".join(platform.python_version_tuple()[:2])
    source = "print({'pear', 'apple', 'fig', 'kiwi', 'plum'}, set('mississippi river'.split()), set('mississippi'), hash('seed'))"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    expected = subprocess.run([sys.executable, "-c", source], capture_output=True, env=environment, check=True)
    assert answer("--with", f"hashseed={seed},python={version}", source) == expected.stdout


@pytest.mark.parametrize("n", [2, 3, 12, 30, 31])
def test_sets_of_numbers_as_this_python_walks_them(n):
    """Constants are built as the compiler does it, which from 3.14 on adds more than 30 one by one."""
    source = "print(list({%s}))" % ", ".join(str(7919 * k % 1009 - 400) for k in range(n))
    expected = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True)
    assert answer("--with", "python=%d.%d" % sys.version_info[:2], source) == expected.stdout


@pytest.mark.parametrize("source", [
    "print({'train', 'val', 'test', 'split', 'index'}, 'val' in {'train', 'val', 'test'})",
    "print({('train', 1), ('val', 2), ('test', 3), ('split', 4), ('index', 5)})",
])
def test_words_that_python_may_have_met_before(source):
    """Then it builds the constant once more: an order that this decides is refused, not guessed."""
    n_refused = 0
    for seed in range(40):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        expected = subprocess.run([sys.executable, "-c", source], capture_output=True, env=environment, check=True)
        done = run("--with", "hashseed=%d,python=%d.%d" % (seed, *sys.version_info[:2]), source)
        if done.returncode == 2:
            assert b"had met before" in done.stderr and done.stdout == b""
            n_refused += 1
        else:
            assert done.stdout == expected.stdout
    assert 0 < n_refused < 20


def test_explain():
    done = run("--explain", "np.random.seed(1); np.random.randn(3); rng = np.random.default_rng(2); rng.random(5); random.seed(3); "
               "x = random.random(); np.random.seed(1)")
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0 and len(lines) == 3
    assert lines[0].startswith("np.random: MT19937, 16 32-bit words; state: key [")
    assert lines[1].startswith("PCG64: PCG64, 5 64-bit words; state: {'bit_generator': 'PCG64', 'state': "
                               "{'state': 94939001618465750405315260005713465823,")
    assert lines[2].startswith("random: MT19937, 2 32-bit words; state: key [") and lines[2].endswith(", position 2")


def test_words_are_counted_in_blocks_too():
    for call in ["random_raw(3 * 10**6)", "random_raw(3 * 10**6, output=False)"]:
        done = run("--explain", f"np.random.SFC64(1).{call}")
        assert done.returncode == 0 and done.stderr.startswith(b"SFC64: SFC64, 3000000 64-bit words; state: {")


def test_usage():
    for arguments in [[], ["1", "2"], ["--bogus", "1"], ["--format"], ["--format", "png", "1"]]:
        done = run(*arguments)
        assert done.returncode == 2 and done.stdout == b"" and done.stderr.splitlines()[-1] == b"oneseed: try `oneseed draw --help`"
    assert b"usage: oneseed draw" in answer("--help")


def test_no_environment_is_needed():
    assert answer("np.random.default_rng(1).random()", env={}) == b"0.5118216247002567\n"


def test_explain_counts_one_word_and_names_scikit_learns_generator():
    done = subprocess.run([TOOL, "draw", "--explain", "np.random.default_rng(1).random(); from sklearn.utils import shuffle; "
                           "shuffle([1, 2, 3], random_state=5)"], capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("PCG64: PCG64, 1 64-bit word; ")
    assert lines[1].startswith("random_state of scikit-learn: MT19937, ")


def test_json_of_lists_has_their_parts():
    done = subprocess.run([TOOL, "draw", "--format", "json", "random.seed(1); (1, [random.random(), np.arange(2)], 'a', None)"],
                          capture_output=True, text=True, check=True)
    document = json.loads(done.stdout)
    assert document["repr"] == "(1, [0.13436424411240122, array([0, 1])], 'a', None)"
    one, inner, text, none = document["tuple"]
    assert one == {"dtype": "int64", "shape": [], "values": ["1"]} and none == {"repr": "None"} and text == {"repr": "'a'"}
    assert inner["list"][0]["values"] == [0.13436424411240122] and inner["list"][0]["bits"] == ["3fc132d8f91b7584"]
    assert inner["list"][1] == {"dtype": "int64", "shape": [2], "values": ["0", "1"]}


@pytest.mark.parametrize("line", [
    "np.random.seed(3); np.random.standard_exponential(6_000_001)",  # slow enough for threads
    "np.random.seed(3); x = np.random.random_sample((1500, 2001)); x",  # an array, not drawn in blocks
    "np.random.default_rng(3).standard_normal(2_000_003)",  # cannot be split
    "np.random.default_rng(5).integers(0, 1000, 3_000_001)",
    "torch.manual_seed(5); torch.randn(4_000_005)",
    "torch.manual_seed(5); x = torch.empty(2_000_001).exponential_(); x",
    "torch.manual_seed(5); x = torch.empty(2001, 1003).t().normal_(); x",
])
def test_jobs(line):
    """The same bytes, and the same number of words, on several threads."""
    for form in ("raw", "text"):
        one, many = (run("--format", form, "--jobs", jobs, "--explain", line) for jobs in ("1", "3"))
        assert (one.returncode, one.stdout, one.stderr) == (many.returncode, many.stdout, many.stderr)
        assert one.returncode == 0 and one.stdout


@pytest.mark.parametrize("jobs", ["0", "257", "-1", "", "2x"])
def test_wrong_jobs(jobs):
    done = run("--jobs", jobs, "1")
    assert done.returncode == 2 and b"not a number from 1 to 256" in done.stderr
