"""Arrays, numbers and operators of `oneseed draw` beside the live NumPy, on random ones: what is printed, byte for byte."""
import random

import numpy
import pytest
from prompt import agree, draw, prompt

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64"]


def number(rng, dtype):
    """A literal."""
    if dtype == "bool":
        return rng.choice(["True", "False"])
    if dtype.startswith("f"):
        special = rng.random()
        if special < 0.03:
            return rng.choice(["np.nan", "np.inf", "-np.inf", "0.0", "-0.0"])
        kind = rng.randrange(6)
        digits = rng.randrange(1, 17)
        value = rng.uniform(-1, 1) if kind < 3 else rng.gauss(0, 1) * 10.0 ** rng.randrange(-7, 10)
        if kind == 5:
            value = rng.choice([0.5, 0.25, 1.0, 2.0, 100.0, 0.1, 1e-4, 9.999e-5, 1e8, 99999999.0, 2.0 ** -rng.randrange(60)])
        if kind == 4:
            value, digits = rng.randrange(1, 20) * 10.0 ** rng.randrange(-1, 5) * (1 + rng.choice([0, 1e-9, 1e-10, 1e-13, -1e-12])), 17
        return repr(float(f"{value:.{digits}g}"))
    info = numpy.iinfo(dtype)
    wide = rng.random() < 0.3
    return str(rng.randint(info.min, info.max) if wide else rng.randint(max(info.min, -100), min(info.max, 100)))


def array(rng):
    dtype = rng.choice(DTYPES + ["float64"] * 6 + ["float32"] * 2)
    shape = tuple(rng.choice([1, 2, 3, 4, 7, 12]) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    if rng.random() < 0.02:
        shape = shape[:-1] + (0,)
    n = int(numpy.prod(shape))
    # float16 overflows; a scale for all elements keeps the exponent form from being the usual one
    literals = [number(rng, dtype) for _ in range(n)]
    if dtype.startswith("f") and rng.random() < 0.1:
        literals = [repr(rng.randrange(1, 900) * (1 + rng.choice([0, 1e-11, 1e-13, -1e-12]))) for _ in range(n)]
    if dtype.startswith("f") and rng.random() < 0.5:
        scale = 10.0 ** rng.randrange(-6, 5)
        literals = [repr(rng.uniform(-1, 1) * scale) for _ in range(n)]
    if dtype == "float16":
        literals = [x if "np" in x or abs(float(x)) < 6e4 else "1.5" for x in literals]
    return f"np.array([{', '.join(literals)}], dtype='{dtype}').reshape({shape})"


@pytest.mark.parametrize("seed", range(20))
def test_arrays(seed):
    rng = random.Random(seed)
    lines = []
    for _ in range(100):
        a = array(rng)
        lines += [a, f"print({a})"] if rng.random() < 0.5 else [a]
    differences(lines)


@pytest.mark.parametrize("seed", range(5))
def test_summaries(seed):
    rng = random.Random(1000 + seed)
    lines = []
    for _ in range(12):
        shape = rng.choice([(1001,), (2000,), (40, 40), (5, 300), (300, 5), (12, 11, 13), (7, 3, 70), (2, 2, 400), (1000,), (25, 40)])
        what = rng.choice(["rng.random({})", "rng.normal(size={})", "rng.integers(-50, 1000, {})", "rng.random({}, dtype='f4')",
                           "rng.random({}) < 0.5", "rng.normal(0, 1e6, {})"])
        lines.append(f"rng = np.random.default_rng({rng.randrange(1000)}); {what.format(shape)}")
    differences(lines)


@pytest.mark.parametrize("seed", range(10))
def test_scalars(seed):
    rng = random.Random(2000 + seed)
    lines = []
    for _ in range(400):
        x = rng.choice([rng.uniform(-1, 1), rng.gauss(0, 1) * 10.0 ** rng.randrange(-320, 308), 2.0 ** rng.randrange(-1074, 1023),
                        float(rng.randrange(10 ** rng.randrange(1, 22)))])
        lines.append(repr(x) if rng.random() < 0.4 else f"np.float64({x!r})")
        y = rng.choice([rng.uniform(-1, 1), rng.gauss(0, 1) * 10.0 ** rng.randrange(-44, 37), 2.0 ** rng.randrange(-149, 127)])
        lines.append(f"np.float32({y!r})")
        z = rng.choice([rng.uniform(-1, 1), rng.uniform(-6e4, 6e4), 2.0 ** rng.randrange(-24, 15)])
        lines.append(f"np.float16({z!r})")
    differences(lines)


@pytest.mark.parametrize("seed", range(10))
def test_operators(seed):
    """Python's numbers, NumPy's scalars and arrays in operators: values and types."""
    rng = random.Random(3000 + seed)
    lines = []

    def operand():
        kind = rng.randrange(5)
        if kind == 0:
            return rng.choice([str(rng.randrange(-9, 10)), str(rng.randrange(2 ** rng.randrange(1, 150))), "True"])
        if kind == 1:
            return repr(rng.choice([rng.uniform(-9, 9), float(rng.randrange(-9, 9))]))
        dtype = rng.choice(DTYPES)
        literal = number(rng, dtype) if dtype != "float16" else repr(rng.uniform(-9, 9))
        scalar = "bool_" if dtype == "bool" else dtype
        return f"np.{scalar}({literal})" if kind == 2 else f"np.array([{literal}, {literal}], dtype='{dtype}')"

    for _ in range(300):
        operator = rng.choice(["+", "-", "*", "/", "//", "%", "==", "<", ">=", "!=", "&", "|", "^"])
        lines.append(f"({operand()}) {operator} ({operand()})")
    differences(lines, some=0.6 if numpy.__version__ >= "2" else 0.5)


@pytest.mark.parametrize("seed", range(6))
def test_sums(seed):
    """Sums, means and deviations in NumPy's order of summation."""
    rng = random.Random(4000 + seed)
    lines = []
    for _ in range(60):
        n = rng.choice([1, 5, 7, 8, 9, 127, 128, 129, 1000, 8191, 8193, 20000, rng.randrange(1, 5000)])
        shape = rng.choice([f"{n}", f"({rng.randrange(1, 9)}, {rng.randrange(1, 300)})"])
        what = rng.choice(["rng.normal(size={})", "rng.random({})", "rng.random({}, dtype='f4')", "rng.integers(0, 9, {})",
                           "rng.random({}) < 0.4"])
        axis = rng.choice(["", "", "axis=0"]) if shape[0] != "(" else rng.choice(["", "axis=0", "axis=1", "axis=-1"])
        method = rng.choice(["sum", "mean", "std", "var", "min", "max", "argmin", "argmax"])
        lines.append(f"rng = np.random.default_rng({rng.randrange(1000)}); x = {what.format(shape)}; x.{method}({axis})")
    differences(lines, some=0.9)


def differences(lines, some=1.0):
    """All lines are compared; those that draw does not support or that the prompt refuses are left out, and are few."""
    n = 0
    problems = []
    out, status, _ = draw("\n".join(lines))
    expected, error = prompt("\n".join(lines))
    if error is None and status == 0 and out == expected:
        return
    for line in lines:
        expected, error = prompt(line)
        out, status, message = draw(line)
        if "not supported" in message:
            continue
        if error is not None and status == 2:
            continue
        n += 1
        if out != expected:
            problems.append(agree(line))
    assert not problems, f"{len(problems)} of {n} lines differ:\n" + "\n".join(problems[:5])
    assert n >= some * len(lines), f"only {n} of {len(lines)} lines were compared"
