"""Tensors of `oneseed draw` beside the live torch: what is printed, byte for byte, and the bits of sums, on random ones."""
import io
import json
import pathlib
import random
import subprocess

import numpy
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prompt import agree, draw, prompt
from tool import TOOL

FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTEGERS = ["uint8", "int8", "int16", "int32", "int64"]


def session(lines):
    """Many lines in one run on either side: the first line that differs."""
    out = {}
    text = "\n".join(f"{line}\nprint('#')" for line in lines)
    expected, error = prompt(text)
    got, status, message = draw(text)
    if error is None and status == 0 and expected == got:
        return None
    for name, whole in (("prompt", expected), ("draw", got)):
        out[name] = whole.split("#\n")
    for i, line in enumerate(lines):
        if i >= len(out["draw"]) or i >= len(out["prompt"]) or out["draw"][i] != out["prompt"][i]:
            return f"{line}\n  the prompt: {out['prompt'][i:i + 1]} {error}\n  draw ({status}): {out['draw'][i:i + 1]} {message}"
    return f"{error} {status} {message}"


def number(rng, dtype):
    if dtype == "bool":
        return rng.choice(["True", "False"])
    if dtype in INTEGERS:
        info = torch.iinfo(getattr(torch, dtype))
        return str(rng.randint(info.min, info.max) if rng.random() < 0.2 else rng.randint(max(info.min, -99), 99))
    if rng.random() < 0.04:
        return rng.choice(["float('nan')", "float('inf')", "-float('inf')", "0.0", "-0.0"])
    kind = rng.randrange(6)
    if kind == 0:
        return repr(float(rng.randrange(-2000, 2000)))
    return repr(rng.gauss(0, 1) * 10.0 ** (rng.randrange(-6, 9) if kind == 1 else 0))


def nested(rng, shape, dtype):
    if not shape:
        return number(rng, dtype)
    return "[" + ", ".join(nested(rng, shape[1:], dtype) for _ in range(shape[0])) + "]"


SHAPES_TO_PRINT = [(), (1,), (3,), (4,), (12,), (30,), (2, 3), (5, 1), (3, 11), (2, 2, 3), (1, 2, 1, 4), (0,), (2, 0), (0, 3, 2)]


def tensor(rng, dtypes=(), shapes=(), scale=True):
    dtype = rng.choice(dtypes or ["float32"] * 4 + FLOATS + INTEGERS + ["bool"])
    shape = rng.choice(shapes or SHAPES_TO_PRINT)
    data = nested(rng, shape, dtype)
    whole = f"torch.tensor({data}, dtype=torch.{dtype})"
    if 0 in shape:
        whole = f"torch.zeros({shape}, dtype=torch.{dtype})"
    if scale and dtype in FLOATS and rng.random() < 0.3:
        whole += f" * {rng.choice(['10', '100', '0.001', '1e5', '0', '-1'])}"
    return whole


@pytest.mark.parametrize("seed", range(12))
def test_print(seed):
    rng = random.Random(seed)
    lines = []
    for _ in range(60):
        t = tensor(rng)
        lines.append(rng.choice(["{}", "print({})", "[{}]", "str({})", "f\"{{{}}}\"", "({}, 1)"]).format(t))
    assert (difference := session(lines)) is None, difference


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.floats(width=32), min_size=1, max_size=30), st.sampled_from(FLOATS), st.integers(0, 3))
def test_print_of_any_floats(numbers, dtype, form):
    literals = [repr(x) if x == x and abs(x) != float("inf") else f"float('{x}')" for x in numbers]
    t = f"torch.tensor([{', '.join(literals)}], dtype=torch.float32).to(torch.{dtype})"
    line = [t, f"{t}.reshape(1, -1)", f"print({t}[0])", f"{t}.tolist()"][form]
    assert (difference := agree(line)) is None, difference


SUMMARIES = ["torch.arange({n})", "torch.arange({n}) / 7", "torch.arange({n}) % 3 == 0", "torch.arange({n}).to(torch.int16)",
             "torch.arange({n}, dtype=torch.float32)", "(torch.arange({n}) * 1000003 % 99991) / 100", "torch.zeros({n})",
             "torch.full(({n},), float('nan'))"]


@pytest.mark.parametrize("seed", range(4))
def test_summaries_and_options(seed):
    rng = random.Random(50 + seed)
    lines = []
    for _ in range(25):
        shape = rng.choice([(1001,), (1000,), (2000,), (40, 40), (5, 300), (300, 5), (12, 11, 13), (7, 3, 70), (2, 2, 400), (25, 40),
                            (1, 1100)])
        n = 1
        for size in shape:
            n *= size
        options = rng.choice([None, "precision=2", "precision=8", "threshold=5", "edgeitems=1", "edgeitems=2, threshold=10", "linewidth=40",
                              "linewidth=200", "sci_mode=True", "sci_mode=False", "profile='short'", "profile='default'", "edgeitems=0",
                              "threshold=10, edgeitems=5", "precision=0", "linewidth=1", "profile='full', threshold=1200"])
        if options:
            lines.append(f"torch.set_printoptions({options})")
        lines.append(f"({rng.choice(SUMMARIES).format(n=n)}).reshape({shape})")
        lines.append(tensor(rng))
    lines.append("torch.set_printoptions(profile='full'); torch.arange(1200.) / 3; torch.set_printoptions(profile='default')")
    assert (difference := session(lines)) is None, difference


OPERATORS = ["+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">="]


@pytest.mark.parametrize("seed", range(10))
def test_arithmetic(seed):
    """As numbers and as bits: tolist() says both."""
    rng = random.Random(100 + seed)
    lines = []
    while len(lines) < 60:
        shapes = [(4,), (3, 4), (3, 1), (1, 4), ()]
        dtypes = ["float32"] * 3 + ["float64", "float16", "bfloat16", "int64", "int32", "uint8", "int8"]
        a, b = tensor(rng, dtypes, shapes, False), tensor(rng, dtypes, shapes, False)
        if rng.random() < 0.5:
            b = rng.choice(["2", "3", "-7", "0.1", "2.5", "-1e-3", "True", "1e10"])
            a, b = (a, b) if rng.random() < 0.6 else (b, a)
        op = rng.choice(OPERATORS)
        line = f"x = ({a}) {op} ({b}); x; x.tolist()"
        if prompt(line)[1] is None and not ("//" in line and "float16" in line):
            lines.append(line)
    assert (difference := session(lines)) is None, difference


UNARY = [
    "-x", "abs(x)", "((x.floor() % 1000) ** 2).sqrt()", "x.rsqrt()", "x.reciprocal()", "x.floor()", "x.ceil()", "x.round()",
    "x.round(decimals=2)", "x.trunc()", "x.frac()", "x.sign()", "x.relu()", "x.square()", "x ** 2", "x ** 3", "x ** -1",
    "x ** -2", "x ** -0.5", "1 / x", "3.7 / x", "x.clamp(-1, 1)", "x.clamp(min=0.5)", "x.isnan()", "x.isfinite()", "x.double()",
    "x.half()", "x.bfloat16()", "x.bool()",
]


@pytest.mark.parametrize("seed", range(4))
def test_functions_of_one(seed):
    rng = random.Random(200 + seed)
    lines = []
    for function in UNARY:
        for dtype in ("float32", "float64"):
            n = rng.choice([1, 3, 8, 17, 40])
            lines.append(f"x = {tensor(rng, [dtype], [(n,)], False)}; y = {function}; y; y.tolist()")
    assert (difference := session(lines)) is None, difference


SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 129, 300, 1000, 4097, 20000]


def sum_case(rng):
    n_dims = rng.choice([1, 1, 1, 2, 2, 2, 3, 3, 4])
    while True:
        sizes = [rng.choice(SIZES) for _ in range(n_dims)]
        n = 1
        for size in sizes:
            n *= size
        if n < 32768:
            break
    dtype = rng.choice(["float32"] * 4 + ["float64"] * 2 + ["float16", "bfloat16"])
    x = f"((torch.arange({n}) * {rng.randrange(3, 10**6)} + {rng.randrange(10**6)}) % 1000003 / 1000003 - 0.3)"
    x += f".to(torch.{dtype}).reshape({tuple(sizes)})"
    if n_dims > 1 and rng.random() < 0.4:
        order = list(range(n_dims))
        rng.shuffle(order)
        x += f".permute({tuple(order)})"
    if rng.random() < 0.15:
        x += "[..., ::2]"
    dims = sorted(rng.sample(range(n_dims), rng.randrange(n_dims + 1)))
    reduce = rng.choice(["sum"] * 3 + ["mean"] + ["std", "var"] * (dtype in ("float32", "float64")))
    if reduce in ("std", "var") and len(dims) != 1:
        x = f"({x}).contiguous()"
    return f"({x}).{reduce}({dims if dims else ''})"


@pytest.mark.parametrize("seed", range(12))
def test_sums(seed):
    rng = random.Random(300 + seed)
    lines = [f"{sum_case(rng)}.tolist()" for _ in range(60)]
    lines.append("x = (torch.arange(60) % 97 / 97).reshape(3, 4, 5).permute(2, 0, 1); x.std().item(); x.var(0).tolist()")
    lines += [f"x = torch.arange({n}) % 97 / 97; x.std().item(); x.var(unbiased=False).item(); x.cumsum(0)[-1].item()"
              for n in (1, 2, 17, 1000, 9999)]
    assert (difference := session(lines)) is None, difference


REDUCTIONS = ["sum", "max", "min", "argmax", "argmin", "any", "all", "amax", "amin", "count_nonzero"]


@pytest.mark.parametrize("seed", range(4))
def test_reductions(seed):
    rng = random.Random(400 + seed)
    lines = []
    for _ in range(60):
        name = rng.choice(REDUCTIONS)
        dtypes = FLOATS + INTEGERS + ["bool"] * (not name.startswith("arg"))
        t = tensor(rng, dtypes, [(5,), (3, 4), (2, 3, 2), (1, 6)], False)
        dim = rng.choice(["", "0", "-1", "dim=0" + (", keepdim=True" if name != "count_nonzero" else "")])
        lines.append(f"({t}).{name}({dim})")
        lines.append(f"torch.sort({t})")
        lines.append(f"({t}).unique()" if "nan" not in t else "1")
        lines.append(f"({t}).cumsum(0)" if "float16" not in t else "1")
    assert (difference := session(lines)) is None, difference


INDICES = ["0", "-1", "1:", ":2", "::2", "None", "...", "0, 1", ":, 0", "..., 0", "None, 0", ":, None", "0, :, None", "[0, 1]", "[1, 0, 1]",
           "[0, 1], [1, 0]", ":, [1, 0]", "[1, 0], 1:", "torch.tensor([1, 0])", "torch.tensor([[1, 0], [0, 1]])", "torch.tensor(1)",
           "x > 0", "x[:, 0] > 0", "0, x[0] > 0", "..., [1, 0]", "[0, 1], ..., 0", "[0, 1], :, [0, 1]", "None, [1, 0]", "1:1", "5", "0, 9",
           "0, 0, 0, 0", "torch.tensor([7])", "[0, 1], [0, 1, 0]", "torch.tensor([True])", "::-1", "1.5"]
SHAPES = ["torch.arange(12).reshape(3, 4) - 5", "(torch.arange(24.) - 10).reshape(2, 3, 4)", "torch.arange(6).reshape(3, 2).t()",
          "(torch.arange(24) - 10).reshape(4, 3, 2).permute(2, 0, 1)"]


@pytest.mark.parametrize("shape", SHAPES)
def test_indices(shape):
    for index in INDICES:
        lines = f"x = {shape}; x[{index}]; x[{index}].shape"
        assert (difference := agree(lines)) is None, difference
        lines = f"x = {shape}; x[{index}] = 77; x; x[{index}] += 1; x"
        assert (difference := agree(lines)) is None, difference


LINES = [line for line in pathlib.Path(__file__).with_name("draw_tensor_lines.txt").read_text().splitlines() if line[0] != "#"]


@pytest.mark.parametrize("lines", LINES)
def test_lines(lines):
    assert (difference := agree(lines)) is None, difference


CONTEXTS = [
    ("x = torch.ones(2, requires_grad=True)\nwith torch.no_grad():\n    y = x * 2\n    x += 1\n    x[0] = 5\n"
     "    print(y, y.requires_grad, torch.is_grad_enabled())\n    x.mul_(2)\nx\nx * 2\ntorch.is_grad_enabled()"),
    ("x = torch.ones(2, requires_grad=True)\nwith torch.inference_mode(): print((x * 2).tolist())\n"
     "with torch.no_grad():\n    with torch.enable_grad(): print(x * 2)\n    print(x * 2)"),
    "x = torch.ones(2, requires_grad=True)\nx * 3\nwith torch.set_grad_enabled(False): print(x * 2)\nx * 2",
    ("torch.set_printoptions(precision=2)\nfor i in range(2):\n    with torch.no_grad():\n"
     "        if i == 0: continue\n        print(torch.ones(2) / 3)\ntorch.is_grad_enabled()"),
    ("g = torch.random.default_generator if 0 else 1; _g = torch.random.manual_seed(3)\nwith torch.random.fork_rng(devices=[]):\n"
     "    print(torch.rand(2))\nprint(torch.rand(2))"),
    "def f(x):\n    with torch.no_grad():\n        return x * 2\nf(torch.ones(1, requires_grad=True)); torch.is_grad_enabled()",
    "with 5: print(1)",
    "w = torch.zeros(2, 3, requires_grad=True)\nwith torch.no_grad():\n    w.fill_(2)\n    w.uniform_ if 0 else 1\nw",
]


@pytest.mark.parametrize("lines", CONTEXTS)
def test_contexts(lines):
    assert (difference := agree(lines)) is None, difference


@pytest.mark.parametrize("line, message", [
    ("torch.empty(3)", "torch.empty() made holds what was in the memory"),
    ("torch.tensor([1., 0.1]) @ torch.tensor([1., 2])", "the BLAS library"),
    ("torch.arange(10000.) @ torch.arange(10000.)", "the BLAS library"),
    ("torch.tensor([1., 2]) ** 1.3", "differ between machines"),
    ("torch.tensor([1., 2]).sqrt()", "MKL"),
    ("torch.tensor([1., 2]) ** 0.5", "MKL"),
    ("(torch.ones(40000) / 3).sum()", "number of threads"),
    ("torch.tensor([1, 2]) + np.arange(2)", "torch.from_numpy()"),
    ("torch.tensor([1e10]).int()", "a float that int32 cannot hold"),
    ("(torch.ones(2) * 2).grad_fn", "print"),
    ("torch.ones(2, device='cuda') / 3", "on a GPU is not supported"),
    ("torch.ones(2, device='cuda') + torch.ones(2)", "Expected all tensors to be on the same device"),
    ("(torch.ones(3, device='cuda') / 4 + 0.1).sum()", "on a GPU is not supported"),
    ("torch.linspace(0, 1, 3, device='cuda')", "on a GPU is not supported"),
    ("nn.init.kaiming_normal_(torch.empty(2, 3, 4, 4, memory_format=torch.channels_last))", "not contiguous is not supported"),
    ("import os; os.environ['HOME']", "what the lines did not set is not read"),
    ("import os; os.environ['ATEN_CPU_CAPABILITY'] = 'avx2'", "say --with cpu=avx2"),
    ("torch.backends.cudnn.deterministic = 1", "expected a bool"),
    ("torch.rand = 5", "attribute 'rand' of 'module' cannot be assigned"),
    ("F.softmax(torch.ones(2), 0)", "torch.nn.functional.softmax is not here: its last bits are those of a vector library"),
    ("torch.ones(2).sigmoid()", "sigmoid() of a Tensor is not here: its last bits"),
    ("torch.exp(torch.ones(2))", "torch.exp is not here"),
    ("F.linear(torch.ones(2), torch.ones(2, 2))", "the BLAS library"),
    ("torch.optim.SGD", "no gradients"),
    ("torch.__version__", "differs between builds"),
    ("torch.zeroes(3)", "did you mean 'zeros'?"),
    ("torch.ones(2).sumn()", "did you mean 'sum'?"),
    ("torch.wonderful", "oneseed-draw(1) says what is"),
    ("from torch.distributions.normal import Norml; Norml(0, 1)", "'torch.distributions.normal.Norml' is not here"),
    ("torch.manual_seed(1); m = nn.Linear(3, 2); m.weight.data = torch.zeros(1); m.reset_parameters()", "cannot be drawn again"),
    ("torch.manual_seed(1); m = nn.Linear(3, 2); m.weight = nn.Parameter(torch.zeros(1)); m.reset_parameters()", "cannot be drawn again"),
    ("torch.manual_seed(1); m = nn.Linear(3, 2); m.in_features = 5", "can be replaced by others of their kind"),
    ("torch.manual_seed(1); nn.Linear(3, 2).to('cuda')", "a module on a GPU is not supported"),
    ("print(nn.Linear)", "print its __name__"),
    ("torch.tensor([1]).nothing()", "supported: shape"),
    ("torch.zeros(10**9, 10**9)", "too big"),
    ("torch.ones(3).expand(10**12, 3) + 1", "memory"),
    ("torch.zeros(1, 2, 3).expand(10**9, 10**9, 10**9)", "must match"),
    ("torch.zeros(1).expand(10**9, 10**9, 10**9)", "not supported"),
])
def test_refusals(line, message):
    out, status, error = draw(line)
    if line.endswith("grad_fn"):
        assert (out, status) == ("", 0)  # None: a leaf's
        return
    assert status == 2 and out == "" and message in error


def test_tensors_of_a_gpu():
    lines = ["x = torch.ones(3).cuda(); x + 1; x * x; x[0]; x.cpu(); x.max(0).indices; x.to('cuda:1'); x == 1",
             "x = torch.arange(3, device='cuda'); x; x.sum(); x.float().device; torch.zeros(2, 0, device='cuda')"]
    expected = ["tensor([2., 2., 2.], device='cuda:0')", "tensor([1., 1., 1.], device='cuda:0')", "tensor(1., device='cuda:0')",
                "tensor([1., 1., 1.])", "tensor(0, device='cuda:0')", "tensor([1., 1., 1.], device='cuda:1')",
                "tensor([True, True, True], device='cuda:0')", "tensor([0, 1, 2], device='cuda:0')", "tensor(3, device='cuda:0')",
                "device(type='cuda', index=0)", "tensor([], device='cuda:0', size=(2, 0))"]
    assert draw("\n".join(lines)) == ("\n".join(expected) + "\n", 0, "")


def raw(line, form):
    done = subprocess.run([TOOL, "draw", "--format", form, "--", line], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_formats(tmp_path):
    line = "(torch.arange(6) / 7).reshape(2, 3)"
    x = eval(line)
    assert numpy.array_equal(numpy.load(io.BytesIO(raw(line, "npy"))), x.numpy())
    assert raw(line, "raw") == x.numpy().tobytes()
    assert raw(line + ".t()", "raw") == x.t().contiguous().numpy().tobytes()
    assert raw(line, "csv").decode() == "\n".join(",".join(str(v) for v in row) for row in x.numpy()) + "\n"  # NumPy's shortest
    answer = json.loads(raw(line, "json"))
    assert (answer["dtype"], answer["shape"]) == ("float32", [2, 3])
    assert answer["bits"] == [f"{v:08x}" for v in x.numpy().view("uint32").ravel()]
    half = line + ".to(torch.bfloat16)"
    bits = x.to(torch.bfloat16).view(torch.int16).numpy().view("uint16").ravel()
    assert raw(half, "hex").decode().split() == [f"{v:04x}" for v in bits]
    assert raw(half, "raw") == bits.tobytes()
    assert json.loads(raw(half, "json"))["bits"] == [f"{v:04x}" for v in bits]
    written = [float(v) for v in raw(half, "csv").decode().replace("\n", ",").strip(",").split(",")]
    assert torch.equal(torch.tensor(written).to(torch.bfloat16).flatten(), x.to(torch.bfloat16).flatten())
    done = subprocess.run([TOOL, "draw", "--format", "npy", "--", half], capture_output=True, text=True)
    assert done.returncode == 2 and "no bfloat16" in done.stderr
