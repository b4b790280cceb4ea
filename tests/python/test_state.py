"""`oneseed state` against the live frameworks: every file that they write is read, and every form goes on where they would."""
import io
import json
import os
import pathlib
import pickle
import random
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch

from lines_support import ids, python_of
from tool import TOOL

SAME, DIFFERENT, UNDECIDED = 0, 1, 2
PROTOCOLS = range(6)
BIT_GENERATORS = [np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64]


def state(*arguments, **settings):
    return subprocess.run([TOOL, "state", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                          **settings)


def show(path, *options):
    """The JSON document; the text is printed, too."""
    done = state("show", "--json", *options, path)
    assert (done.returncode, done.stderr) == (SAME, b"")
    text = state("show", *options, path)
    assert (text.returncode, text.stderr) == (SAME, b"")
    document = json.loads(done.stdout)
    assert document["format"] == "oneseed-state/1"
    return document


def convert(path, form, *options, losses=()):
    """The bytes; what is said to be lost begins as `losses` say."""
    done = state("convert", "--to", form, *options, path)
    assert done.returncode == SAME, done.stderr
    lines = done.stderr.decode().splitlines()
    assert len(lines) == len(losses), lines
    for line, loss in zip(lines, losses):
        assert line.startswith(f"oneseed: {path}: {loss}")
    return done.stdout


def refused(path, *words, command=("show",)):
    done = state(*command, path)
    assert (done.returncode, done.stdout) == (UNDECIDED, b"")
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1 and lines[0].startswith(f"oneseed: {path}: ")
    for word in words:
        assert word in lines[0]
    return lines[0]


@pytest.fixture
def file(tmp_path):
    def write(content, name="state"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def listed(value):
    """As JSON has it."""
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def python_after(n, seed=42, gauss=False):
    generator = random.Random(seed)
    for _ in range(n):
        generator.getrandbits(32)
    if gauss:
        generator.gauss(0, 1)
    return generator


def words32(document):
    return [int(word) for word in document["next_words"]]


def check_python(document, generator):
    copy = random.Random()
    copy.setstate(generator.getstate())
    _, internal, normal = generator.getstate()
    assert (document["source"], document["engine"]) == ("python", "MT19937")
    assert (document["words"], document["position"]) == (list(internal[:-1]), internal[-1])
    assert (document["normal"] is None) == (normal is None)
    assert normal is None or document["normal"]["value"] == normal
    assert words32(document) == [copy.getrandbits(32) for _ in range(3)]
    copy.setstate(generator.getstate())
    assert [double["value"] for double in document["next_doubles"]] == [copy.random() for _ in range(3)]


# --- Python --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 623, 624, 625, 5000])
@pytest.mark.parametrize("gauss", [False, True])
def test_python_states_in_every_form(file, n, gauss):
    generator = python_after(n, gauss=gauss)
    value = generator.getstate()
    forms = [pickle.dumps(value, protocol) for protocol in PROTOCOLS]
    forms += [pickle.dumps(generator, protocol) for protocol in PROTOCOLS]
    forms += [json.dumps(value), json.dumps(value, indent=1), repr(value), str(list(value))]
    for form in forms:
        check_python(show(file(form)), generator)


@pytest.mark.parametrize("version", ids())
def test_pickles_of_each_python_and_back(tmp_path, version):
    """What each CPython pickles is read; what is written, it loads and goes on with."""
    code = """if 1:
        import pickle, random, sys
        random.seed(2718); random.random(); random.gauss(0, 1)
        for p in range(min(pickle.HIGHEST_PROTOCOL, 5) + 1):
            pickle.dump(random.getstate(), open(f"{sys.argv[1]}/{p}", "wb"), p)
        print(random.gauss(0, 1).hex(), random.getrandbits(64), random.random().hex())"""
    expected = subprocess.run([python_of(version), "-c", code, tmp_path], check=True, capture_output=True, text=True).stdout
    for protocol in PROTOCOLS:
        out = tmp_path / "out"
        assert state("convert", "--to", "python", "-o", out, tmp_path / str(protocol)).returncode == SAME
        code = """if 1:
            import pickle, random, sys
            random.setstate(pickle.load(open(sys.argv[1], "rb")))
            print(random.gauss(0, 1).hex(), random.getrandbits(64), random.random().hex())"""
        done = subprocess.run([python_of(version), "-c", code, out], check=True, capture_output=True, text=True)
        assert done.stdout == expected


@pytest.mark.parametrize("seed", [0, 1, -5, 42, 2**32 - 1, 2**32, 2**64 + 3, 2**255, 2**700 + 1, 3**5000, "hello", "déjà vu", ""])
@pytest.mark.parametrize("n", [0, 1, 624, 20000])
def test_the_seed_of_python_is_found(file, seed, n):
    document = show(file(pickle.dumps(python_after(n, seed).getstate())))
    assert document["words_drawn"] == str(n)
    assert document["seeding"] == "init_by_array"
    found = document["seed"]
    assert found.startswith("random.seed(") and found.endswith(")")
    again = random.Random(eval(found[len("random.seed("):-1]))
    assert again.getstate() == python_after(0, seed).getstate()
    if isinstance(seed, str):
        assert found == f"random.seed({seed!r})"


SPECIAL = [b"bytes", b"\xff\xfe", b"\xc2\x9b31m", b"a\x00b", "it's", "a\\n", "\x1b[31m", b"\xed\xa0\x80", b"\xc0\xaf", "\u20ac\U0001f3b2"]


@pytest.mark.parametrize("seed", SPECIAL)
def test_a_seed_of_any_bytes_is_shown_as_what_gives_it(file, seed):
    document = show(file(pickle.dumps(python_after(10, seed).getstate())))
    found = document["seed"]
    assert random.Random(eval(found[len("random.seed("):-1])).getstate() == python_after(0, seed).getstate()
    assert found.isprintable()


def test_a_state_that_no_seed_gives(file):
    generator = random.Random(1)
    version, internal, normal = generator.getstate()
    generator.setstate((version, tuple(i * 2654435761 % 2**32 for i in range(624)) + (7,), normal))
    document = show(file(pickle.dumps(generator.getstate())), "--max", "1000")
    assert (document["seed"], document["words_drawn"]) == (None, None)


# --- NumPy ---------------------------------------------------------------------------------------------------------------


def test_numbers_of_any_byte_order(file):
    value = list(np.random.RandomState(3).get_state())
    for dtype in (">u4", "<u4", ">i8", "<u8"):
        value[1] = value[1].astype(dtype)
        for form in (pickle.dumps(value, 2), pickle.dumps(value, 5), npz(key=value[1], pos=np.array(624, ">i2"))):
            assert show(file(form))["seed"] == "numpy.random.seed(3)"
    value[1] = value[1].astype("f8")
    refused(file(pickle.dumps(value)), "624 numbers")


def numpy_state(legacy=True):
    generator = np.random.RandomState(7)
    generator.standard_normal(1001)
    return generator, generator.get_state(legacy=legacy)


def npz(*arrays, **named):
    stream = io.BytesIO()
    np.savez(stream, *arrays, **named)
    return stream.getvalue()


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize("legacy", [True, False])
def test_numpy_states_in_every_form(file, legacy):
    generator, value = numpy_state(legacy)
    plain = numpy_state()[1]
    forms = [pickle.dumps(value, protocol) for protocol in PROTOCOLS]
    forms += [pickle.dumps(generator, protocol) for protocol in PROTOCOLS]
    forms += [json.dumps(listed(value)), repr(value), npz(*plain)]
    forms += [npz(key=plain[1], pos=plain[2], has_gauss=plain[3], gauss=plain[4]), npy(numpy_state(False)[1])]
    for form in forms:
        document = show(file(form))
        assert (document["source"], document["engine"]) == ("numpy", "MT19937")
        assert (document["words"], document["position"]) == (plain[1].tolist(), plain[2])
        assert document["normal"] == {"value": plain[4], "bits": np.float64(plain[4]).tobytes()[::-1].hex()}
        assert document["seed"] == "numpy.random.seed(7)"
        again = np.random.RandomState()
        again.set_state(pickle.loads(convert(file(form), "numpy")))
        for key in ("bit_generator", "has_gauss", "gauss"):
            assert again.get_state(legacy=False)[key] == generator.get_state(legacy=False)[key]
        assert again.standard_normal(100).tobytes() == numpy_state()[0].standard_normal(100).tobytes()


@pytest.mark.parametrize("kind", BIT_GENERATORS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("half", [False, True])
def test_bit_generators_in_every_form(file, kind, half):
    generator = np.random.Generator(kind(5))
    generator.random(10)
    generator.integers(0, 100, dtype=np.uint32, size=3 if half else 2)
    value = generator.bit_generator.state
    forms = [pickle.dumps(form, protocol) for protocol in PROTOCOLS for form in (value, generator, generator.bit_generator)]
    forms += [json.dumps(listed(value)), repr(value)]
    expected = np.random.Generator(kind())
    for form in forms:
        expected.bit_generator.state = value
        document = show(file(form), "--max", "0")
        assert document["source"] == "numpy-generator"
        raw = [str(word) for word in expected.bit_generator.random_raw(3)]
        assert document["next_words"] == raw
        expected.bit_generator.state = value
        assert [double["value"] for double in document["next_doubles"]] == list(expected.random(3))
        again = np.random.Generator(kind())
        again.bit_generator.state = pickle.loads(convert(file(form), "numpy-generator"))
        assert listed(again.bit_generator.state) == listed(value)
        assert pickle.loads(convert(file(convert(file(form), "json")), "numpy-generator")).keys() == value.keys()


def test_what_numpy_wrote_is_written_alike(file):
    """Array for array and type for type what NumPy's own state is."""
    for kind in BIT_GENERATORS:
        value = kind(8).state
        again = pickle.loads(convert(file(pickle.dumps(value)), "numpy-generator"))

        def same(a, b):
            assert type(a) is type(b)
            if isinstance(a, dict):
                assert list(a) == list(b)
                for key in a:
                    same(a[key], b[key])
            elif isinstance(a, np.ndarray):
                assert a.dtype == b.dtype and a.tobytes() == b.tobytes()
            else:
                assert a == b

        same(value, again)


@pytest.mark.parametrize("seed", [[1], [1, 2, 3], [0, 0], list(range(8))])
def test_the_seed_array_of_numpy_is_found(file, seed):
    generator = np.random.RandomState(seed)
    generator.random_sample(1000)
    document = show(file(pickle.dumps(generator.get_state())))
    assert document["words_drawn"] == "2000"
    again = np.random.RandomState(eval(document["seed"][len("numpy.random.seed("):-1]))
    again.random_sample(1000)
    assert again.get_state()[1].tolist() == document["words"]


# --- torch ---------------------------------------------------------------------------------------------------------------


def torch_after(n, seed=123, normals=0):
    generator = torch.Generator()
    generator.manual_seed(seed)
    for _ in range(n):
        torch.randint(0, 10, (1,), generator=generator)
    if normals:
        torch.randn(normals, generator=generator)
    return generator


def saved(value, **keys):
    stream = io.BytesIO()
    torch.save(value, stream, **keys)
    return stream.getvalue()


@pytest.mark.parametrize("n", [0, 1, 623, 624, 625])
@pytest.mark.parametrize("normals", [0, 3])
def test_torch_states_in_every_form(file, n, normals):
    generator = torch_after(n, 2**40 + 123, normals)
    value = generator.get_state()
    blob = value.numpy().tobytes()
    forms = [blob, saved(value), saved(value, _use_new_zipfile_serialization=False), json.dumps(list(blob)), pickle.dumps(blob)]
    forms += [pickle.dumps(value, protocol) for protocol in PROTOCOLS] + [npy(value.numpy()), pickle.dumps(list(blob))]
    doubles = torch.rand(3, dtype=torch.float64, generator=generator).tolist()
    for form in forms:
        document = show(file(form))
        assert (document["source"], document["engine"]) == ("torch", "MT19937")
        assert document["initial_seed"] == str(2**40 + 123)
        assert document["seed"] == f"torch.manual_seed({2**40 + 123})"
        assert [double["value"] for double in document["next_doubles"]] == doubles
        again = torch.Generator()
        again.set_state(torch.from_numpy(np.frombuffer(convert(file(form), "torch"), np.uint8).copy()))
        assert again.initial_seed() == 2**40 + 123
        assert torch.rand(3, dtype=torch.float64, generator=again).tolist() == doubles
        again.set_state(torch.from_numpy(np.frombuffer(convert(file(convert(file(form), "json")), "torch"), np.uint8).copy()))
        expected = torch_after(n, 2**40 + 123, normals)
        for size in (3, 5, 700):
            assert torch.equal(torch.randn(size, generator=again), torch.randn(size, generator=expected))


def test_checkpoints_with_several_states(file):
    """As Hugging Face's Trainer writes them."""
    cuda = [torch.tensor(list((seed).to_bytes(8, "little") + (offset).to_bytes(8, "little")), dtype=torch.uint8)
            for seed, offset in ((42, 8), (43, 2**33))]
    checkpoint = {"python": python_after(5).getstate(), "numpy": np.random.RandomState(3).get_state(), "cpu": torch_after(2).get_state(),
                  "cuda": cuda, "epoch": 3}
    names = "python, numpy, cpu, cuda.0, cuda.1"
    for form in (saved(checkpoint), saved(checkpoint, _use_new_zipfile_serialization=False), pickle.dumps(checkpoint)):
        path = file(form)
        refused(path, f"choose with --member one of {names}")
        check_python(show(path, "--member", "python"), python_after(5))
        assert show(path, "--member", "numpy")["seed"] == "numpy.random.seed(3)"
        assert show(path, "--member", "cpu")["seed"] == "torch.manual_seed(123)"
        for k, (seed, offset) in enumerate(((42, 8), (43, 2**33))):
            document = show(path, "--member", f"cuda.{k}")
            assert (document["source"], document["engine"]) == ("torch-cuda", "Philox4x32-10")
            assert (document["initial_seed"], document["offset"]) == (str(seed), str(offset))
        done = state("show", "--member", "gpu", path)
        assert done.returncode == UNDECIDED and names.encode() in done.stderr


def entries(path):
    """What `list` prints, by name; the JSON document has the same ones."""
    done = state("list", path)
    assert (done.returncode, done.stderr) == (SAME, b"")
    lines = [line.split(None, 1) for line in done.stdout.decode().splitlines()]
    document = json.loads(state("list", "--json", path).stdout)
    assert document["format"] == "oneseed-state-list/1"
    assert [item["member"] or "-" for item in document["states"]] == [name for name, _ in lines]
    for item in document["states"]:
        if item["member"]:
            shown = show(path, "--member", item["member"])
            assert {key: shown[key] for key in item if key != "member"} == {key: item[key] for key in item if key != "member"}
    return dict(lines)


def cuda_blob(seed, offset):
    return torch.tensor(list(seed.to_bytes(8, "little") + offset.to_bytes(8, "little")), dtype=torch.uint8)


class Settings:
    """A class of the program's own in its checkpoint."""

    def __init__(self):
        self.rate = 0.1


def trained():
    """A small model and its optimizer after a step: weights, numbers, lists of 16 parameters."""
    model = torch.nn.Sequential(*(torch.nn.Linear(3, 3) for _ in range(8)), torch.nn.BatchNorm1d(3))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.dim() > 0][:16])
    model(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    return model, optimizer


def test_list_names_the_states_of_checkpoints(file):
    """As Hugging Face's Trainer, Accelerate, Lightning's collect_rng_states and hand-written loops save them."""
    cuda = [cuda_blob(5, 8), cuda_blob(6, 400)]
    python, legacy, cpu = python_after(5).getstate(), np.random.RandomState(3).get_state(), torch_after(2).get_state()
    model, optimizer = trained()
    weights = {"state_dict": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "order": list(range(16))}
    assert len(weights["optimizer"]["param_groups"][0]["params"]) == 16
    trainer = entries(file(saved({"python": python, "numpy": legacy, "cpu": cpu, "cuda": cuda})))
    assert list(trainer) == ["python", "numpy", "cpu", "cuda.0", "cuda.1"]
    assert trainer["cuda.1"] == "Philox4x32-10  torch on CUDA, initial seed 6, offset 400"
    accelerate = entries(file(saved({"step": 1, "random_state": python, "numpy_random_seed": legacy, "torch_manual_seed": cpu,
                                     "torch_cuda_manual_seed": cuda})))
    assert list(accelerate) == ["random_state", "numpy_random_seed", "torch_manual_seed", "torch_cuda_manual_seed.0",
                                "torch_cuda_manual_seed.1"]
    lightning = entries(file(saved({**weights, "rng_states": {"torch": cpu, "torch.cuda": cuda, "numpy": legacy, "python": python}})))
    assert list(lightning) == ["rng_states.torch", "rng_states.torch.cuda.0", "rng_states.torch.cuda.1", "rng_states.numpy",
                               "rng_states.python"]
    own = entries(file(saved({**weights, "model": model, "settings": Settings(), "tags": {"a", "b"}, "ranks": {0: cpu, 1: cpu}})))
    assert list(own) == ["ranks.0", "ranks.1"]
    assert list(entries(file(saved(cpu)))) == ["-"] and list(entries(file(bytes(8) + bytes(8)))) == ["-"]
    old = saved({"first": torch.zeros(3, dtype=torch.float64), **weights, "cpu": cpu, "cuda": cuda}, _use_new_zipfile_serialization=False)
    assert list(entries(file(old))) == ["cpu", "cuda.0", "cuda.1"]
    refused(file(saved(weights)), "no state", command=("list",))
    refused(file(pickle.dumps({"settings": Settings(), "cpu": cpu})), "Settings", "only plain data", command=("list",))


class PickledOnAGpu:
    """What torch.Generator("cuda") pickles, without the GPU."""

    def __init__(self, seed, offset, device=("cuda", 0)):
        self.made = torch.Generator, (torch.device(*device),), (seed, offset, cuda_blob(seed, offset))

    def __reduce__(self):
        return self.made


@pytest.mark.parametrize("settings", [{}, {"_use_new_zipfile_serialization": False}], ids=["zip", "legacy"])
def test_pickled_generators_of_torch(file, settings):
    """torch.save and pickle of torch.Generator objects: alone, beside states, by name."""
    generator = torch_after(9, seed=4, normals=1)
    blob = generator.get_state().numpy().tobytes()
    alone = file(saved(generator, **settings), "alone.pt")
    assert list(entries(alone)) == ["-"] and convert(alone, "torch") == blob
    beside = file(saved({"rng": torch_after(2).get_state(), "samplers": [generator, PickledOnAGpu(2**40, 12)]}, **settings), "two.pt")
    assert list(entries(beside)) == ["rng", "samplers.0", "samplers.1"]
    assert entries(beside)["samplers.1"] == f"Philox4x32-10  torch on CUDA, initial seed {2**40}, offset 12"
    assert convert(beside, "torch", "--member", "samplers.0") == blob
    for protocol in PROTOCOLS:
        assert convert(file(pickle.dumps(generator, protocol), "pickle"), "torch") == blob
    odd = PickledOnAGpu(1, 0)
    odd.made = *odd.made[:2], (1, None, torch.zeros(44, dtype=torch.uint8))
    refused(file(saved(odd, **settings), "odd.pt"), "torch.Generator without its state")


def test_files_of_before_1_6_with_whole_modules(file):
    """The pickle names the source text beside each class of a module."""
    model, optimizer = trained()
    old = saved({"before": torch_after(2).get_state(), "model": model, "optimizer": optimizer.state_dict(),
                 "after": torch_after(3).get_state()},
                _use_new_zipfile_serialization=False)
    assert b"module" in old and b"class Linear(Module)" in old
    path = file(old)
    assert list(entries(path)) == ["before", "after"]
    assert convert(path, "torch", "--member", "after") == torch_after(3).get_state().numpy().tobytes()
    refused(file(saved(model, _use_new_zipfile_serialization=False)), "no state of a random generator")
    assert list(entries(file(pickle.dumps([torch_after(2).get_state()])))) == ["0"]


@pytest.mark.parametrize("protocol", range(2, 6))
def test_checkpoints_of_every_protocol(file, protocol):
    model, optimizer = trained()
    value = {"model": model, "optimizer": optimizer.state_dict(), "tags": frozenset({1}), "sets": {2}, "cpu": torch_after(2).get_state()}
    assert list(entries(file(saved(value, pickle_protocol=protocol)))) == ["cpu"]


def test_large_checkpoints(file):
    """Weights are not looked at: of a file of 64 MiB little more than the pickle is read, also where its directory is that of large
    archives."""
    value = {"weights": torch.zeros(1 << 24), "bytes": torch.zeros(1 << 21, dtype=torch.uint8), "cpu": torch_after(2).get_state()}
    path = file(saved(value))
    assert path.stat().st_size > 64 << 20
    assert show(path, "--member", "cpu")["seed"] == "torch.manual_seed(123)"
    assert list(entries(path)) == ["cpu"]
    wide = path.with_name("wide")
    limit = zipfile.ZIP64_LIMIT
    try:
        zipfile.ZIP64_LIMIT = 10
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(wide, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
    finally:
        zipfile.ZIP64_LIMIT = limit
    assert wide.read_bytes().count(b"PK\x06\x06") == 1
    assert list(entries(wide)) == ["cpu"]
    refused(file(bytes(17 << 20)), "larger than 16 MiB", command=("list",))


def philox(counter, key):
    """Philox4x32-10, as its paper has it."""
    for _ in range(10):
        a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(b >> 32) ^ counter[1] ^ key[0], b & 0xffffffff, (a >> 32) ^ counter[3] ^ key[1], a & 0xffffffff]
        key = [(key[0] + 0x9E3779B9) & 0xffffffff, (key[1] + 0xBB67AE85) & 0xffffffff]
    return counter


def test_cuda_states(file, tmp_path):
    """The next doubles are those of torch.rand(3, dtype=torch.float64, device="cuda"); bytes go back into torch."""
    seed, offset = 2**40 + 7, 4 * (2**32 + 5)
    blob = cuda_blob(seed, offset).numpy().tobytes()
    path = file(blob)
    document = show(path)
    expected = []
    for thread in range(3):
        x, y, _, _ = philox([5, 1, thread, 0], [7, 2**8])
        expected.append((x ^ y << 21) * 2.0**-53 + 2.0**-54)
    assert [number["value"] for number in document["next_doubles"]] == expected
    assert convert(path, "torch") == blob
    assert convert(file(convert(path, "json"), "json"), "torch") == blob
    old = b"\xff" * 800 + blob  # of torch up to 2.0
    assert convert(file(old, "old"), "torch") == blob
    saved_old = {"epoch": 1, "cuda": torch.frombuffer(bytearray(old), dtype=torch.uint8)}
    assert list(entries(file(saved(saved_old), "old.pt"))) == ["cuda"]
    refused(file(b"\xff" + bytes(798) + b"\xff" + blob, "bad"), "816 bytes")
    out = compiled(tmp_path, convert(path, "c").decode(), """oneseed_torch_cuda own = state;
        printf("%llu %llu\\n", (unsigned long long)own.seed, (unsigned long long)own.offset);""")
    assert out == [str(seed), str(offset)]


# --- From one to another -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 623, 624, 1000])
def test_one_sequence_in_all_frameworks(file, n):
    """Python's 624 words with their position go on alike in NumPy and torch, and back."""
    source = python_after(n)
    expected = [python_after(n + 2 * k).random() for k in range(50)]
    path = file(pickle.dumps(source.getstate()))
    legacy = np.random.RandomState()
    legacy.set_state(pickle.loads(convert(path, "numpy")))
    modern = np.random.Generator(np.random.MT19937())
    modern.bit_generator.state = pickle.loads(convert(path, "numpy-generator"))
    assert legacy.random_sample(50).tolist() == modern.random(50).tolist() == expected
    generator = torch.Generator()
    blob = convert(path, "torch", losses=["no torch.manual_seed() gives this state"])
    generator.set_state(torch.from_numpy(np.frombuffer(blob, np.uint8).copy()))
    copy = python_after(n)
    # torch.rand of floats: the lower 24 bits of a word
    assert torch.rand(2000, generator=generator).tolist() == [(copy.getrandbits(32) & 0xffffff) / 2**24 for _ in range(2000)]
    back = random.Random()
    for form in ("numpy", "numpy-generator", "torch", "json"):
        through = file(state("convert", "--to", form, path).stdout, form)
        back.setstate(pickle.loads(convert(through, "python")))
        assert [back.random() for _ in range(50)] == expected


def test_seeded_states_of_numpy_and_torch_are_each_others(file):
    for seed in (0, 1, 2**32 - 1):
        numpy_path = file(pickle.dumps(np.random.RandomState(seed).get_state()))
        assert convert(numpy_path, "torch") == torch_after(0, seed).get_state().numpy().tobytes()
        torch_path = file(torch_after(0, seed).get_state().numpy().tobytes())
        assert listed(pickle.loads(convert(torch_path, "numpy"))) == listed(np.random.RandomState(seed).get_state())


def test_a_position_of_zero_goes_into_torch(file):
    words = python_after(1).getstate()[1][:-1]
    path = file(json.dumps(list(words) + [0]))
    source = random.Random()
    source.setstate((3, words + (0,), None))
    generator = torch.Generator()
    blob = convert(path, "torch", losses=["no torch.manual_seed()"])
    generator.set_state(torch.from_numpy(np.frombuffer(blob, np.uint8).copy()))
    assert torch.rand(1300, generator=generator).tolist() == [(source.getrandbits(32) & 0xffffff) / 2**24 for _ in range(1300)]


def test_what_is_lost_is_said(file):
    normal = file(pickle.dumps(python_after(0, gauss=True).getstate()))
    convert(normal, "python")
    convert(normal, "numpy", losses=["left out: the cached normal"])
    convert(normal, "torch", losses=["left out: the cached normal", "no torch.manual_seed()"])
    cached = file(torch_after(0, normals=1).get_state().numpy().tobytes())
    convert(cached, "torch")
    convert(cached, "python", losses=["left out: the cached normal"])
    generator = np.random.default_rng(1)
    generator.integers(0, 9, dtype=np.uint32)
    half = file(pickle.dumps(generator.bit_generator.state))
    convert(half, "numpy-generator")
    for path in normal, cached, half:
        convert(path, "c")


@pytest.mark.parametrize("form", ["python", "numpy", "torch", "cxx"])
def test_what_a_form_cannot_hold_is_refused(file, form):
    refused(file(pickle.dumps(np.random.PCG64(1).state)), "PCG64", f"--to {form}", command=("convert", "--to", form))
    if form != "torch":
        refused(file(bytes(16), "cuda"), "CUDA", command=("convert", "--to", form))


def compiled(tmp_path, constant, statements):
    """What a program with the constant and these statements prints, the same one in C11 and in C++20."""
    root = pathlib.Path(__file__).parents[2]
    program = constant + f"""
        #include <stdio.h>
        int main(void)
        {{
            {statements}
            return 0;
        }}"""
    printed = []
    for compiler, standard, name in (("cc", "c11", "go_on.c"), ("c++", "c++20", "go_on.cpp")):
        (tmp_path / name).write_text(program)
        subprocess.run([compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{root}/include", tmp_path / name,
                        pathlib.Path(TOOL).parent / "liboneseed.a", "-lm", "-o", tmp_path / "go_on"], check=True)
        printed.append(subprocess.run([tmp_path / "go_on"], check=True, capture_output=True, text=True).stdout.split())
    assert printed[0] == printed[1]
    return printed[0]


def test_c_of_numpy(file, tmp_path):
    """The constant is the struct that the functions take, with the half word that waits and the cached normal."""
    for kind in BIT_GENERATORS:
        generator = np.random.Generator(kind(3))
        generator.integers(0, 100, 5, dtype=np.uint32)
        generator.bit_generator.random_raw(5)
        constant = convert(file(pickle.dumps(generator.bit_generator.state)), "c").decode()
        out = compiled(tmp_path, constant, """oneseed_numpy own = state;
            for (int i = 0; i < 3; i++) {
                printf("%u ", oneseed_numpy_next_u32(&own));
                printf("%a\\n", oneseed_numpy_next_double(&own));
            }""")
        for word, real in zip(out[::2], out[1::2]):
            assert int(word) == generator.integers(0, 2**32, dtype=np.uint32)
            assert float.fromhex(real) == generator.random()
    legacy = np.random.RandomState(5)
    legacy.standard_normal(7)
    constant = convert(file(pickle.dumps(legacy.get_state())), "c").decode()
    out = compiled(tmp_path, constant, """oneseed_numpy own = state;
        for (int i = 0; i < 3; i++) {
            printf("%a\\n", oneseed_numpy_legacy_standard_normal(&own));
        }""")
    assert [float.fromhex(x) for x in out] == legacy.standard_normal(3).tolist()


def test_c_of_python_and_torch(file, tmp_path):
    source = random.Random(4)
    source.gauss(0, 1)
    constant = convert(file(pickle.dumps(source.getstate())), "c").decode()
    out = compiled(tmp_path, constant, """oneseed_python own = state;
        for (int i = 0; i < 3; i++) {
            printf("%a ", oneseed_python_gauss(&own, 0, 1));
            printf("%a\\n", oneseed_python_random(&own));
        }""")
    assert [float.fromhex(x) for x in out] == [x for _ in range(3) for x in (source.gauss(0, 1), source.random())]
    generator = torch_after(6, normals=1)
    constant = convert(file(generator.get_state().numpy().tobytes()), "c").decode()
    out = compiled(tmp_path, constant, """oneseed_torch own = state;
        double x[3];
        oneseed_torch_randn_fill(&own, ONESEED_TORCH_FLOAT64, x, 3);
        printf("%llu %a %a %a\\n", (unsigned long long)own.initial_seed, x[0], x[1], x[2]);""")
    assert int(out[0]) == generator.initial_seed()
    assert [float.fromhex(x) for x in out[1:]] == torch.randn(3, dtype=torch.float64, generator=generator).tolist()


def test_cxx(file, tmp_path):
    """std::mt19937 reads its text."""
    path = file(pickle.dumps(python_after(700).getstate()))
    (tmp_path / "go_on.cpp").write_text("""#include <iostream>
        #include <random>
        int main() { std::mt19937 g; std::cin >> g; for (int i = 0; i < 3; i++) std::cout << g() << "\\n"; std::cout << g; }""")
    subprocess.run(["c++", tmp_path / "go_on.cpp", "-o", tmp_path / "go_on"], check=True)
    done = subprocess.run([tmp_path / "go_on"], input=convert(path, "cxx"), check=True, capture_output=True)
    lines = done.stdout.decode().splitlines()
    copy = python_after(700)
    assert lines[:3] == [str(copy.getrandbits(32)) for _ in range(3)]
    check_python(dict(show(file(lines[3])), source="python"), copy)


# --- Distances -----------------------------------------------------------------------------------------------------------


def distance(a, b, *options):
    done = state("distance", *options, a, b)
    assert done.stderr == b"" or done.stdout == b""
    document = json.loads(state("distance", "--json", *options, a, b).stdout)
    assert document["verdict"] == {SAME: "found"}.get(done.returncode, document["verdict"])
    return done.returncode, int(done.stdout) if done.stdout else done.stderr.decode()


@pytest.mark.parametrize("n", [0, 1, 624, 5001, 2**64 + 3])
@pytest.mark.parametrize("kind", BIT_GENERATORS, ids=lambda kind: kind.__name__)
def test_distances(file, kind, n):
    a, b = kind(11), kind(11)
    a.random_raw(3)
    b.random_raw(3)
    if n < 2**32:
        b.random_raw(n, output=False)
    elif kind.__name__ in ("PCG64", "PCG64DXSM"):
        b.advance(n)
    elif kind.__name__ == "Philox":  # advance counts blocks of 4 and drops what is buffered: 1 word
        b.advance((n - 1) // 4)
        b.random_raw((n - 1) % 4, output=False)
    else:
        return
    first, second = file(pickle.dumps(a.state), "a"), file(pickle.dumps(b.state), "b")
    assert distance(first, second) == (SAME, n)
    assert distance(second, first) == (SAME, -n)


def test_a_far_distance_of_mt19937(file):
    generator = np.random.MT19937(4)
    first = file(pickle.dumps(generator.state), "a")
    generator.random_raw(300_000_000, output=False)
    second = file(pickle.dumps(generator.state), "b")
    assert distance(first, second) == (SAME, 300_000_000)
    assert distance(second, first, "--max", "100000")[0] == DIFFERENT


def test_states_on_other_sequences(file):
    first = file(pickle.dumps(np.random.RandomState(4).get_state()), "a")
    second = file(pickle.dumps(np.random.RandomState(5).get_state()), "b")
    status, why = distance(first, second, "--max", "1000000")
    assert status == DIFFERENT and "1000000 words" in why
    third = file(pickle.dumps(np.random.PCG64(4).state), "c")
    assert distance(first, third) == (DIFFERENT, "oneseed: not on one sequence: different engines: MT19937 and PCG64\n")
    fourth = file(pickle.dumps(np.random.PCG64(5).state), "d")
    assert distance(third, fourth)[0] == DIFFERENT
    assert distance(file(pickle.dumps(np.random.SFC64(4).state), "e"), file(pickle.dumps(np.random.SFC64(5).state), "f"))[0] == DIFFERENT
    assert distance(file(pickle.dumps(np.random.Philox(4).state), "g"), file(pickle.dumps(np.random.Philox(5).state), "h"))[0] == DIFFERENT


def test_distance_between_frameworks_and_what_else_differs(file):
    source = python_after(10)
    first = file(pickle.dumps(source.getstate()), "a")
    later = file(pickle.dumps(python_after(2000).getstate()), "b")
    second = file(convert(later, "numpy"), "c")
    assert distance(first, second) == (SAME, 1990)
    generator = python_after(2000 - 4, gauss=True)  # two doubles
    third = file(pickle.dumps(generator.getstate()), "d")
    done = state("distance", later, third)
    assert (done.returncode, done.stdout, done.stderr) == (SAME, b"0\n", b"oneseed: the words agree, but the cached normals differ\n")
    cuda = [file((5).to_bytes(8, "little") + offset.to_bytes(8, "little"), f"e{offset}") for offset in (4, 2**40)]
    assert distance(*cuda) == (SAME, 2**40 - 4)


# --- Refusals ------------------------------------------------------------------------------------------------------------


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def test_pickles_that_would_call_something_are_refused(file, tmp_path):
    mark = tmp_path / "called"
    for protocol in PROTOCOLS:
        refused(file(pickle.dumps(Evil(os.system, f"touch {mark}"), protocol)), "posix.system", "only plain data")
        refused(file(pickle.dumps([Evil(eval, "1")], protocol)), "eval")
        refused(file(pickle.dumps({1, 2}, protocol)))
        refused(file(pickle.dumps(pathlib.Path("/"), protocol)), "pathlib")
        refused(file(pickle.dumps(1 + 2j, protocol)), "complex")
    refused(file(b"cos\nsystem\n(S'touch x'\ntR."), "os.system")
    refused(file(b"(S'touch x'\nios\nsystem\n."), "INST")
    refused(file(b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93."), "builtins.exec")
    refused(file(b"\x80\x02c__builtin__\nfloat\n\x81."), "float")
    refused(file(b"cos\x1b[31m\nsys\ttem\n."), "os?[31m.sys?tem")
    assert not mark.exists()


def test_what_is_no_state_is_refused_in_one_line(file, tmp_path):
    refused(file(b""), "empty")
    refused(file("hello"), "unknown word")
    refused(file("[1, 2"), "line 1")
    refused(file("[1,\n 2 3]"), "line 2")
    for text in ("import torch\ntorch.manual_seed(1)\n", repr(np.random.default_rng(1)), repr(torch.Generator()), "hello"):
        refused(file(text), "a text, but no saved state (line 1: ")
        refused(file(text), "a text, but no saved state (line 1: ", command=("list",))
    refused(file("{}"), "no state")
    refused(file(repr(torch_after(0).get_state())), "printed in short", "torch.set_printoptions(threshold=10000)")
    try:
        torch.set_printoptions(threshold=10000)
        whole = repr(torch_after(0).get_state())
    finally:
        torch.set_printoptions(profile="default")
    assert whole.startswith("tensor(") and "..." not in whole
    assert convert(file(whole), "torch") == torch_after(0).get_state().numpy().tobytes()
    refused(file("[" * 100000), "nested")
    refused(file(json.dumps([3, list(range(624)) + [625], None])), "above 624")
    refused(file(json.dumps([3, list(range(624)) + [-1], None])), "0 to 2**32 - 1")
    refused(file(json.dumps([4, list(range(625)), None])), "version")
    refused(file(json.dumps([3, list(range(625)), "x"])), "neither None nor a number")
    refused(file(json.dumps(list(range(624)))), "without a position")
    refused(file(json.dumps({"bit_generator": "PCG32", "state": {}})), "none of NumPy's")
    even = dict(np.random.PCG64(1).state, state={"state": 1, "inc": 2})
    refused(file(json.dumps(even)), "not those of its bit generator")
    blob = bytearray(torch_after(5).get_state().numpy().tobytes())
    blob[12] = 0
    refused(file(bytes(blob)), "torch")
    refused(file(bytes(8) + (3).to_bytes(8, "little")), "multiple of 4")
    refused(file(b"\x80\x02" + b"(" * 10), "ends in the middle")
    refused(file(b"\x80\x06."), "protocol 6")
    refused(file(b"\x80\x02]q\x00h\x00a."), "no state")
    refused(tmp_path / "nowhere", "No such file")
    refused(tmp_path, "Is a directory")
    refused(file(bytes(17 << 20)), "larger than 16 MiB")
    stream = io.BytesIO()
    np.savez_compressed(stream, key=np.zeros(624, np.uint32))
    refused(file(stream.getvalue()), "compressed")
    broken = bytearray(saved(torch_after(0).get_state()))
    broken[3000] ^= 1
    refused(file(bytes(broken)), "checksum")


def test_pickles_that_ask_for_much_end_early(file):
    """Memory is bounded whatever a pickle repeats; lists that hold themselves are no trouble."""
    text = b"X" + (1 << 20).to_bytes(4, "little") + "é".encode() * (1 << 19) + b"q\x00"
    encode = b"X\x06\x00\x00\x00latin1q\x01c_codecs\nencode\nq\x02" + b"h\x02h\x00h\x01\x86R" * 100000
    refused(file(b"\x80\x02(" + text + encode + b"."), "256 MiB")
    refused(file(b"\x80\x02(" + b"K\x01" * (7 << 20) + b"t."), "256 MiB")
    refused(file(b"\x80\x02]q\x00" + b"(h\x00h\x00e" * 100000 + b"."), "no state")
    refused(file(b"\x80\x02" + b"(" * 1000000 + b"t" * 1000000 + b"."), "no state")


def test_the_examples_of_the_manual_page(tmp_path):
    """Each line runs as it is printed; the one in Python goes on where Python's random stopped."""
    root = pathlib.Path(__file__).parents[2]
    torch.save({"python": python_after(7).getstate(), "cpu": torch_after(0).get_state()}, tmp_path / "rng_state.pth")
    for name, n in (("python", 3), ("before", 0), ("after", 1234)):
        (tmp_path / f"{name}.pkl").write_bytes(pickle.dumps(python_after(n).getstate()))
    page = (root / "docs" / "oneseed-state.1").read_text()
    lines = [line[4:].replace("\\(dq", '"') for line in page.splitlines() if line.startswith(".Dl ")]
    path = os.pathsep.join([str(pathlib.Path(TOOL).parent), str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
    settings = dict(cwd=tmp_path, env=dict(os.environ, PATH=path), check=True, capture_output=True, text=True)
    outputs = [subprocess.run(["sh", "-c", line], **settings).stdout for line in lines]
    assert len(lines) == 4
    assert "random.seed(42)" in outputs[0] and "words drawn   7 " in outputs[0]
    assert outputs[1:] == ["", f"{python_after(3).random()}\n", "1234\n"]


def test_usage():
    for arguments in ([], ["look"], ["show"], ["show", "a", "b"], ["convert", "a"], ["distance", "a"], ["convert", "--to", "perl", "a"],
                      ["show", "--max", "-1", "a"], ["show", "--to", "json", "a"], ["convert", "--to", "json", "--json", "a"],
                      ["show", "--x", "a"]):
        done = state(*arguments)
        assert (done.returncode, done.stdout) == (UNDECIDED, b"")
        lines = done.stderr.decode().splitlines()
        assert len(lines) == 2 and lines[1] == "oneseed: try `oneseed state --help`"


def test_standard_input_and_output(file):
    content = pickle.dumps(python_after(3).getstate())
    done = state("convert", "--to", "json", "-", input=content)
    assert done.returncode == SAME
    assert done.stdout == convert(file(content), "json")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([TOOL, "state", "convert", "--to", "json", file(content)], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr[:17]) == (UNDECIDED, b"oneseed: stdout: ")
    done = state("convert", "--to", "json", "-o", "/dev/full", file(content))
    assert done.returncode == UNDECIDED and b"No space left" in done.stderr


def test_another_numpy_reads_what_is_written(file, tmp_path):
    """NumPy 1.26, in its own environment."""
    root = pathlib.Path(__file__).parents[2]
    python = root / ".venv-numpy126" / "bin" / "python"
    code = """if 1:
        import pickle, sys
        import numpy as np
        folder = sys.argv[1]
        legacy = np.random.RandomState(9); legacy.standard_normal(3)
        for p in range(6):
            pickle.dump(legacy.get_state(), open(f"{folder}/legacy{p}", "wb"), p)
            pickle.dump(legacy, open(f"{folder}/object{p}", "wb"), p)
            pickle.dump(np.random.Philox(9).state, open(f"{folder}/philox{p}", "wb"), p)
            pickle.dump(np.random.Generator(np.random.Philox(9)), open(f"{folder}/generator{p}", "wb"), p)"""
    subprocess.run([python, "-c", code, tmp_path], check=True)
    legacy = np.random.RandomState(9)
    legacy.standard_normal(3)
    for protocol in PROTOCOLS:
        for name in ("legacy", "object"):
            assert convert(tmp_path / f"{name}{protocol}", "numpy") == convert(file(pickle.dumps(legacy.get_state())), "numpy")
        for name in ("philox", "generator"):
            assert convert(tmp_path / f"{name}{protocol}", "numpy-generator") == convert(file(pickle.dumps(np.random.Philox(9).state)),
                                                                                         "numpy-generator")
    code = """if 1:
        import pickle, sys, warnings
        warnings.simplefilter("error")
        import numpy as np
        np.random.set_state(pickle.load(open(sys.argv[1], "rb")))
        g = np.random.Generator(np.random.Philox()); g.bit_generator.state = pickle.load(open(sys.argv[2], "rb"))
        print(np.random.standard_normal(5).tobytes().hex(), g.random(5).tobytes().hex())"""
    state("convert", "--to", "numpy", "-o", tmp_path / "a", tmp_path / "legacy3")
    state("convert", "--to", "numpy-generator", "-o", tmp_path / "b", tmp_path / "philox3")
    expected = f"{legacy.standard_normal(5).tobytes().hex()} {np.random.Generator(np.random.Philox(9)).random(5).tobytes().hex()}\n"
    for interpreter in (python, sys.executable):
        done = subprocess.run([interpreter, "-c", code, tmp_path / "a", tmp_path / "b"], check=True, capture_output=True, text=True)
        assert done.stdout == expected


# --- What people tripped over ----------------------------------------------------------------------------------------------


def test_members_of_two_files(file):
    one, two = random.Random(1), random.Random(1)
    two.random()
    alone = file(pickle.dumps(one.getstate()), "a")
    inside = file(pickle.dumps({"epoch": 3, "rng": {"python": two.getstate(), "numpy": np.random.RandomState(2).get_state()}}), "b")
    both = file(pickle.dumps({"python": one.getstate(), "x": 1}), "c")
    assert state("distance", "--member", "", "--member", "rng.python", alone, inside).stdout == b"2\n"
    assert state("distance", "--member", "python", "--member", "rng.python", both, inside).stdout == b"2\n"
    done = state("distance", "--member", "rng.python", alone, inside)
    assert done.returncode == 2 and b"it is one state alone and has no members: leave --member away" in done.stderr
    done = state("show", "--member", "a", "--member", "b", inside)
    assert done.returncode == 2 and b"it takes one --member" in done.stderr


def test_a_seed_sequence_cannot_be_found(file):
    done = state("show", file(pickle.dumps(np.random.MT19937(5).state)))
    assert b"seed          cannot be told: a SeedSequence made the words" in done.stdout


def test_printed_in_short(file):
    with np.printoptions(threshold=10):
        text = repr(np.random.RandomState(1).get_state())
    assert "..." in text
    refused(file(text.encode()), "printed in short", "numpy.set_printoptions(threshold=2000)")


def test_savez_without_the_name(file, tmp_path):
    generator = np.random.RandomState(1)
    generator.standard_normal()
    np.savez(tmp_path / "state.npz", *generator.get_state()[1:])
    document = show(tmp_path / "state.npz")
    assert document["source"] == "numpy" and document["words"] == generator.get_state()[1].tolist()
    assert document["position"] == generator.get_state()[2] and document["normal"]["value"] == generator.get_state()[4]


OWN = """if 1:
    import pickle, sys
    import oneseed.numpy, oneseed.python, oneseed.torch
    made = {"python": oneseed.python.Random(3), "legacy": oneseed.numpy.RandomState(3), "pcg64": oneseed.numpy.default_rng(3),
            "sfc64": oneseed.numpy.SFC64(3), "mt19937": oneseed.numpy.Generator(oneseed.numpy.MT19937(3)),
            "torch": oneseed.torch.Generator(3), "cuda": oneseed.torch.Generator(3, device="cuda")}
    for name, generator in made.items():
        for protocol in range(2, 6):
            pickle.dump(generator, open(f"{sys.argv[1]}/{name}{protocol}", "wb"), protocol)"""


def test_pickles_of_our_own_classes(tmp_path):
    package = pathlib.Path(TOOL).parent / "lib"
    subprocess.run([sys.executable, "-c", OWN, tmp_path], check=True, env={**os.environ, "PYTHONPATH": str(package)})
    twins = {"python": random.Random(3).getstate(), "legacy": np.random.RandomState(3).get_state(),
             "pcg64": np.random.default_rng(3).bit_generator.state, "sfc64": np.random.SFC64(3).state,
             "mt19937": np.random.MT19937(3).state, "torch": torch.Generator().manual_seed(3), "cuda": PickledOnAGpu(3, 0)}
    for name, value in twins.items():
        (tmp_path / "twin").write_bytes(pickle.dumps(value))
        expected = show(tmp_path / "twin")
        for protocol in range(2, 6):
            assert show(tmp_path / f"{name}{protocol}") == expected
