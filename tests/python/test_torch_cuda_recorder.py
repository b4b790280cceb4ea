"""The recorder for a machine with a GPU, tests/gen/torch_cuda.py, and what reads its files: everything of both that needs no GPU."""
import importlib.util
import json
import pathlib
import subprocess
import sys

import pytest
import torch

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "conformance"))
import torch_cuda_common as cuda  # noqa: E402
import torch_cuda_recorded_common as recorded  # noqa: E402

spec = importlib.util.spec_from_file_location("torch_cuda_gen", TESTS / "gen" / "torch_cuda.py")
recorder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recorder)

CAP = 2048  # of the shape 2 1024


def compare(path):
    done = subprocess.run([sys.executable, TESTS / "conformance" / "torch_cuda_recorded_common.py", path], capture_output=True, text=True)
    return done.returncode, {row["function"]: row for row in map(json.loads, done.stdout.splitlines())}


def bits(part):
    """The first and the last four values as the recorder writes them."""
    size = part.dtype.itemsize
    first, last = part[:4].tobytes(), part[-4:].tobytes()
    return [",".join(raw[k : k + size][::-1].hex() for k in range(0, len(raw), size)) for raw in (first, last)]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A file as a GPU of two multiprocessors with torch 2.13 would give it, if it drew what liboneseed draws."""
    lines = recorder.header("cpu", "a test")
    lines[-2] = "# device NVIDIA Test, compute capability 9.0, CUDA of the driver 13000, torch 2.13.0+cu130, CUDA 13.0"
    for function, dtype, seed, offset, n, parameters in recorder.cases(CAP):
        state = cuda.State(seed, offset, 21300, 13000, 2, 1024)
        status, parts = recorded.drawn(state, function, dtype, n, list(parameters))
        assert status == 0, (function, dtype, n, parameters)
        text = ",".join(repr(p) for p in parameters) or "-"
        result = [recorded.digest(parts), str(state.offset), *bits(parts[0])]
        lines.append(" ".join([function, dtype, str(seed), str(offset), str(n), text, *result]))
    path = tmp_path_factory.mktemp("recorded") / "torch_cuda_recorded_test.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_what_liboneseed_draws_is_equal_to_itself(own):
    status, rows = compare(own)
    assert status == 0, rows
    assert len(rows) == 15 and all(row["wrong"] == 0 and row["values"] > 0 for row in rows.values())
    assert "recorded on NVIDIA Test" in rows["randn, recorded"]["condition"]
    about, cases = recorded.read(own)
    assert (about["version"], about["cuda"], about["shape"]) == (21300, 13000, (2, 1024))
    assert {words[0] for words in cases} == {*recorded.EXACT, "randn", "normal", "exponential", "cauchy", "log_normal", "geometric"}


CHANGES = [("rand", 6), ("native_dropout", 6), ("randperm", 6), ("randint", 7), ("normal", 8), ("randn", 9)]


@pytest.mark.parametrize("function, field", CHANGES)
def test_a_difference_is_seen(own, tmp_path, function, field):
    """Another digest, another offset, values that are not near (with another digest)."""
    lines = own.read_text().splitlines()
    k = next(i for i, line in enumerate(lines) if line.startswith(function + " float32") or line.startswith(function + " int64"))
    words = lines[k].split()
    words[6] = "0" * 16 if field != 7 else words[6]
    if field == 7:
        words[7] = str(int(words[7]) + 4)
    elif field > 7:
        words[field] = ",".join(["3f800000"] * len(words[field].split(",")))
    path = tmp_path / "changed"
    path.write_text("\n".join(lines[:k] + [" ".join(words)] + lines[k + 1 :]) + "\n")
    status, rows = compare(path)
    assert status == 1
    assert [name for name, row in rows.items() if row["wrong"]] == [function + ", recorded"]


def test_the_recorder_on_the_cpu(tmp_path):
    """The same cases drawn by torch on the CPU: each line's digest and values are those of the tensor."""
    path = tmp_path / "cpu.txt"
    subprocess.run([sys.executable, TESTS / "gen" / "torch_cuda.py", "--device", "cpu", "--output", path], check=True, capture_output=True)
    about, cases = recorded.read(path)
    assert len(cases) == len(list(recorder.cases(CAP))) and about["shape"] == (2, 1024)
    refused = [line for line in path.read_text().splitlines() if line.startswith("# refused")]
    assert refused == []
    line = next(words for words in cases if words[:2] == ["randn", "bfloat16"] and words[4] == "257")
    drawn = torch.empty(257, dtype=torch.bfloat16).normal_(generator=torch.Generator().manual_seed(int(line[2])))
    raw = drawn.view(torch.int16).numpy()
    assert line[6] == recorded.digest((raw,))
    assert line[8:] == bits(raw.view("uint16"))
    mask = next(words for words in cases if words[0] == "native_dropout")
    assert len(mask[6].split("+")) == 2


def test_the_large_cases_are_beyond_32_bits():
    for _, dtype, _, _, n, _ in recorder.large_cases():
        assert n * getattr(torch, dtype).itemsize > 2**31


def test_the_kernel_has_the_models_constants():
    """The coefficients in the kernel are those of src/dialects/torch_cuda_math*.c: the C sources are the ones that count."""
    import re

    kernel = (TESTS / "gen" / "torch_cuda_kernel.cu").read_text()
    sources = "".join((TESTS.parent / "src" / "dialects" / name).read_text() for name in ("torch_cuda_math.c", "torch_cuda_math_f64.c"))
    number = r"-?0x1\.[0-9a-f]{6,}p[-+]\d+|0x[3b][0-9a-f]{7}u"
    own = {text.lstrip("-").rstrip("u") for text in re.findall(number, kernel)}
    known = {text.lstrip("-").rstrip("u") for text in re.findall(number, sources)}
    missing = own - known - {"0x1.921fb6p-30", "0x1.921fb6p-31", "0x1.921fb6p+1", "0x3f800000"}
    assert len(own) > 30 and missing == set()
