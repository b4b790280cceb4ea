"""torch_common.py - what the comparisons with PyTorch share: the state as ctypes has it, tensors as bytes, capabilities.

SPDX-License-Identifier: MIT
"""

import ctypes
import json
import os
import re
import subprocess
import sys

import frame

lib = frame.library()
CAPABILITIES = ["default", "avx2", "avx512"]
DTYPES = ["float32", "float64", "float16", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool"]
STATE_BYTES = 5056


class Mt19937(ctypes.Structure):
    _fields_ = [("words", ctypes.c_uint32 * 624), ("position", ctypes.c_uint32)]


class State(ctypes.Structure):
    """oneseed_torch."""

    _fields_ = [
        ("initial_seed", ctypes.c_uint64), ("version", ctypes.c_uint32), ("cpu", ctypes.c_uint32),
        ("has_mkl", ctypes.c_uint32), ("has_normal", ctypes.c_uint32), ("normal", ctypes.c_double),
        ("has_normal_f32", ctypes.c_uint32), ("normal_f32", ctypes.c_float), ("mt19937", Mt19937),
    ]


def version_number(version):
    """2.13.0+cpu is 21300."""
    major, minor, patch = (int(part) for part in version.split("+")[0].split(".")[:3])
    return major * 10000 + minor * 100 + patch


def capability_name():
    """The capability that torch runs with here; up to 2.7 it called the default one NO AVX."""
    import torch

    name = re.search(r"CPU capability usage: (.*)", torch.__config__.show())[1]
    return "DEFAULT" if name == "NO AVX" else name


def capability():
    """The number of that capability."""
    return 1 + CAPABILITIES.index(capability_name().lower())


def seeded(seed):
    """Both generators; the default one of torch is used."""
    import torch

    state = State(version=version_number(torch.__version__), cpu=capability(), has_mkl=torch.backends.mkl.is_available())
    lib.oneseed_torch_manual_seed(ctypes.byref(state), ctypes.c_uint64(seed))
    torch.manual_seed(seed)
    return state


def warmed(case):
    """Both generators, after some draws: half of them with a normal that waits."""
    import torch

    state = seeded(case.seed())
    for _ in range(case.random.randrange(4)):
        torch.empty(1, dtype=torch.float64).log_normal_()
        call(lib.oneseed_torch_log_normal_fill, state, 1, 0.0, 1.0, ctypes.create_string_buffer(8), 1)
    return state


def call(function, state, *arguments):
    """A function with plain arguments: float is a double, int 64 bits; buffers as they are. Its status."""
    plain = {float: ctypes.c_double, int: ctypes.c_int64, bool: ctypes.c_int}
    return function(ctypes.byref(state), *(plain.get(type(one), lambda x: x)(one) for one in arguments))


def dtype_number(tensor):
    return DTYPES.index(str(tensor.dtype).split(".")[1])


def bytes_of(tensor):
    """The values of a contiguous tensor."""
    import torch

    plain = tensor.clone(memory_format=torch.contiguous_format)  # contiguous() keeps odd strides of dimensions of 1
    return bytes(plain.reshape(-1).view(torch.uint8).numpy()) if tensor.numel() else b""


def buffer_of(tensor):
    return ctypes.create_string_buffer(bytes_of(tensor), max(1, tensor.numel() * tensor.element_size()))


def room(n_bytes):
    """Room for values, filled so that what is not written shows."""
    return ctypes.create_string_buffer(b"\xca" * n_bytes, n_bytes)


def state_bytes(state):
    out = ctypes.create_string_buffer(STATE_BYTES)
    lib.oneseed_torch_get_state(ctypes.byref(state), out)
    return out.raw


def same_state(case, state, what):
    import torch

    case.same_state(state_bytes(state), bytes(torch.get_rng_state().numpy()), what)


def message(status):
    lib.oneseed_status_text.restype = ctypes.c_char_p
    return lib.oneseed_status_text(status).decode()


def refused(case, state, status, upstream, what):
    """Torch raised `upstream`: ours must have the words."""
    if not status:
        case.wrong("%s: not refused (%s)" % (what, upstream))
    elif message(status).replace("this dtype", "").rstrip() not in str(upstream):
        case.wrong("%s: %r instead of %r" % (what, message(status), str(upstream)))


def main(dialect, functions):
    """The functions in a process for each capability of this processor."""
    found = frame.options()
    import torch

    if found.worker:
        torch.set_num_threads(1)
        name = capability_name()
        upstream = {"PyTorch": torch.__version__.split("+")[0], "kernels": name}
        sys.exit(1 if frame.compare(dialect, functions, upstream, found) else 0)
    n_failed = 0
    n_best = CAPABILITIES.index(capability_name().lower())
    for name in CAPABILITIES[: n_best + 1]:
        environment = {**os.environ, "ATEN_CPU_CAPABILITY": name}
        command = [sys.executable, sys.argv[0], "--worker", *sys.argv[1:]]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
        sys.stdout.write(done.stdout)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        used = {row["upstream"]["kernels"].lower() for row in rows}
        if done.returncode or (rows and used != {name}):
            n_failed += 1
            print("capability %s: ended with %d, ran %s" % (name, done.returncode, used), file=sys.stderr)
    sys.exit(1 if n_failed else 0)
