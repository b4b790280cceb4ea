"""Records PyTorch's draws on a GPU, and measures the GPU's functions: one command, ten minutes at most, torch and a GPU are enough.

    python tests/gen/torch_cuda.py

writes tests/vectors/torch_cuda_recorded_<gpu>.txt, which tests/conformance/torch_cuda.py then compares with liboneseed, and prints over how many
arguments CUDA's functions equal the models of src/dialects/torch_cuda_math*.c. With --dump FOLDER it writes what the special function unit
gives beside the model, for whoever models its tables. --device cpu records the CPU's draws in the same form: a test of this script.
"""

# SPDX-License-Identifier: MIT
import argparse
import hashlib
import pathlib
import re
import sys
import zlib

import torch

FOLDER = pathlib.Path(__file__).resolve().parent
VECTORS = FOLDER.parent / "vectors"
FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTEGERS = ["uint8", "int8", "int16", "int32", "int64"]
MEASURED = ["__sinf", "__cosf", "logf", "__logf", "__expf", "__tanf", "log", "sincospi sine", "sincospi cosine"]


def cases(cap):
    """Function, dtype, seed, offset, elements, parameters. cap: the threads that the GPU runs at once, around which the mapping changes."""
    around = sorted({1, 2, 255, 256, 257, 1023, cap - 1, cap, cap + 1, 2 * cap, 2 * cap + 1, 4 * cap, 4 * cap + 1, 8 * cap + 3})
    few = [1, 257, cap + 1, 4 * cap + 5]
    for n in around:
        yield "rand", "float32", n, 0, n, ()
        yield "rand", "float64", n, 8, n, ()
        yield "randn", "float32", n, 0, n, ()
        yield "randint", "int64", n, 0, n, (0, 1000)
        yield "native_dropout", "float32", n, 0, n, (0.25,)
    for k, n in enumerate(few):
        seed, offset = 2**64 - 1 - k, 4 * (2**32 - 1)
        for dtype in FLOATS:
            yield "rand", dtype, seed, offset, n, ()
            yield "uniform", dtype, seed, offset, n, (-0.1, 0.3)
            yield "randn", dtype, seed, offset, n, ()
            yield "normal", dtype, seed, offset, n, (2.5, 0.5)
            yield "exponential", dtype, seed, offset, n, (1.5,)
            yield "cauchy", dtype, seed, offset, n, (0.5, 2.0)
            yield "log_normal", dtype, seed, offset, n, (0.25, 0.5)
            yield "geometric", dtype, seed, offset, n, (0.3,)
            yield "native_dropout", dtype, seed, offset, n + n % 2, (0.5,)
            yield "native_dropout", dtype, seed, offset, n - n % 8 + 8, (0.1,)
            yield "bernoulli_tensor", dtype, seed, offset, n, ()
        for dtype in FLOATS + INTEGERS + ["bool"]:
            yield "random", dtype, seed, offset, n, ()
            yield "bernoulli", dtype, seed, offset, n, (0.37,)
        for low, high in ((-5, 2**28 - 6), (0, 2**28), (0, 2**31 - 1), (-2**62, 2**62)):
            for dtype in ("int32", "int64") if high < 2**31 else ("int64",):
                yield "randint", dtype, seed, offset, n, (low, high)
        yield "random_from", "int64", seed, offset, n, (-2**63,)
        yield "random_from", "int32", seed, offset, n, (17,)
        yield "geometric", "int64", seed, offset, n, (0.3,)
    for n in [1, 2, 3, 10, 100, 1000, 30080, 30081, cap, cap + 1, 4 * cap + 1] + list(range(200, 260)):
        yield "randperm", "int64", n, 0, n, ()


def large_cases():
    """Beyond indices of 32 bits."""
    yield "rand", "float64", 1, 0, 2**28 + 5, ()
    yield "bernoulli", "uint8", 1, 0, 2**31 + 9, (0.5,)


def probabilities(n, device):
    return (torch.arange(n, device=device) % 17).to(torch.float32) / 16


def draw(function, dtype, n, parameters, device, generator):
    """The tensor, or for dropout the result and the mask."""
    dtype = getattr(torch, dtype)
    if function == "randperm":
        return torch.randperm(n, device=device, generator=generator)
    if function == "native_dropout":  # takes the default generator
        given = (torch.arange(n, device=device) % 7 - 3).to(dtype)
        return torch.native_dropout(given, parameters[0], True)
    empty = torch.empty(n, dtype=dtype, device=device)
    if function == "bernoulli_tensor":
        return empty.bernoulli_(probabilities(n, device), generator=generator)
    if function == "random_from":
        return empty.random_(parameters[0], None, generator=generator)
    method = {"rand": ("uniform_", ()), "randn": ("normal_", ()), "randint": ("random_", parameters), "random": ("random_", ())}
    name, arguments = method.get(function, (function + "_", parameters))
    return getattr(empty, name)(*arguments, generator=generator)


def hexadecimal(tensor):
    """The bits of each value."""
    size = tensor.element_size()
    raw = bytes(tensor.cpu().contiguous().view(torch.uint8).tolist())
    return ",".join(raw[k : k + size][::-1].hex() for k in range(0, len(raw), size))


def digest(tensor):
    """SHA-256 of the memory, its first 16 digits."""
    total = hashlib.sha256()
    flat = tensor.contiguous().view(-1)
    for part in flat.split(1 << 26):
        total.update(part.cpu().view(torch.uint8).numpy().tobytes() if has_numpy() else bytes(part.cpu().view(torch.uint8).tolist()))
    return total.hexdigest()[:16]


def has_numpy():
    try:
        import numpy

        return bool(numpy)
    except ImportError:
        return False


def record(case, device):
    """One line: the case, the digest, the offset afterwards, the first and the last four values' bits."""
    function, dtype, seed, offset, n, parameters = case
    if device == "cpu":
        generator = torch.default_generator
        generator.manual_seed(seed)
    else:
        generator = torch.cuda.default_generators[torch.cuda.current_device()]
        generator.set_state(torch.tensor(list(seed.to_bytes(8, "little") + offset.to_bytes(8, "little")), dtype=torch.uint8))
    drawn = draw(function, dtype, n, parameters, device, generator)
    after = 0 if device == "cpu" else int.from_bytes(bytes(generator.get_state().tolist())[8:], "little")
    parts = drawn if isinstance(drawn, tuple) else (drawn,)
    digests = "+".join(digest(part) for part in parts)
    text = ",".join(repr(p) for p in parameters) or "-"
    return f"{function} {dtype} {seed} {offset} {n} {text} {digests} {after} {hexadecimal(parts[0][:4])} {hexadecimal(parts[0][-4:])}"


def measure(sources, n_words):
    """Prints over how many arguments each function equals its model."""
    kernel = torch.cuda._compile_kernel(sources, "measure")
    counts = torch.zeros(3 * 11, dtype=torch.int64, device="cuda")
    errors = torch.zeros(11, dtype=torch.float64, device="cuda")
    step = 1 << 28
    for first in range(0, n_words, step):
        kernel(grid=(4096, 1, 1), block=(256, 1, 1), args=[counts, errors, first // step, min(step, n_words - first)])
        torch.cuda.synchronize()
    lines = []
    for k, name in enumerate(MEASURED):
        n, different, largest = counts[3 * k : 3 * k + 3].tolist()
        lines.append(f"# measured: {name}: {n} arguments, {different} differ from the model, by at most {largest} units in the last place, "
                     f"{errors[k].item():.3g} absolute")
    return lines


def dump(sources, folder):
    """Bytes of differences, 2^24 arguments for each of four functions, compressed."""
    kernel = torch.cuda._compile_kernel(sources, "dump")
    for function, name in ((0, "sine"), (1, "cosine"), (3, "log"), (4, "exp")):
        out = torch.zeros(1 << 24, dtype=torch.int32, device="cuda")
        kernel(grid=(4096, 1, 1), block=(256, 1, 1), args=[out, function, 1 << 24])
        content = out.clamp(-128, 127).to(torch.int8).cpu().view(torch.uint8).numpy().tobytes()
        (folder / f"unit_{name}.z").write_bytes(zlib.compress(content, 6))


def header(device, command):
    about = ["# PyTorch's draws, recorded: function dtype seed offset elements parameters digest offset-after first last",
             f"# digest: SHA-256 of the tensor's bytes, its first 16 digits (of dropout: result+mask). Made by: {command}"]
    if device == "cpu":
        return about + [f"# device cpu, torch {torch.__version__}", "# shape: 2 1024"]
    properties = torch.cuda.get_device_properties(0)
    driver = torch._C._cuda_getDriverVersion()
    return about + [f"# device {properties.name}, compute capability {properties.major}.{properties.minor}, CUDA of the driver {driver}, "
                    f"torch {torch.__version__}, CUDA {torch.version.cuda}",
                    f"# shape: {properties.multi_processor_count} {properties.max_threads_per_multi_processor}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--output", type=pathlib.Path, help="default: a file in tests/vectors by the GPU's name")
    parser.add_argument("--dump", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--words", type=int, default=2**32, help="how many words to measure over")
    options = parser.parse_args()
    lines = header(options.device, "python tests/gen/torch_cuda.py")
    sms, threads = map(int, lines[-1].split()[2:])
    cap = sms * (threads // 256) * 256
    if options.device == "cuda":
        sources = (FOLDER / "torch_cuda_kernel.cu").read_text()
        if hasattr(torch.cuda, "_compile_kernel"):
            lines += measure(sources, options.words)
            if options.dump:
                options.dump.mkdir(exist_ok=True)
                dump(sources, options.dump)
        else:
            lines.append("# measured: nothing, this torch cannot compile a kernel")
        print("\n".join(lines[-len(MEASURED):]), file=sys.stderr)
    name = "cpu" if options.device == "cpu" else re.sub("[^a-z0-9]+", "-", torch.cuda.get_device_name(0).lower())
    path = options.output or VECTORS / f"torch_cuda_recorded_{name}.txt"
    chosen = list(cases(cap)) + (list(large_cases()) if options.device == "cuda" else [])
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
        for case in chosen:
            try:
                file.write(record(case, options.device) + "\n")
            except (RuntimeError, NotImplementedError) as error:
                file.write(f"# refused: {case[0]} {case[1]} {case[4]} {case[5]}: {str(error).splitlines()[0]}\n")
    print(f"{path}: {len(chosen)} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
