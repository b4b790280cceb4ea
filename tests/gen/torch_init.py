"""torch_init.py - writes tests/vectors/torch_init.txt: tensors filled by torch.nn.init.

    python tests/gen/torch_init.py > tests/vectors/torch_init.txt

Needs PyTorch alone. SPDX-License-Identifier: MIT
"""

import hashlib
import os
import platform
import random
import struct
import subprocess
import sys
import warnings

import torch
from torch import nn

HEAD = """# PyTorch %s, %s %s: torch.nn.init after torch.manual_seed(seed).
# Made by: python tests/gen/torch_init.py
# function capability(1 DEFAULT, 2 AVX2) dtype seed shape numbers(bits of doubles) first 16 bytes of the SHA-512 of the values, next word
# numbers: xavier_… gain; kaiming_… a, mode (1: fan_out), nonlinearity; dirac groups; sparse sparsity, std; constant value
# gain nonlinearity slope gain(bits of doubles)"""
DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
NONLINEARITIES = ["linear", "tanh", "relu", "leaky_relu", "selu"]


def bits(value):
    return "%x" % struct.unpack("<Q", struct.pack("<d", value))[0]


def numbers_of(r, name, shape):
    """What a function takes, as numbers of the file and as Python's arguments."""
    if name.startswith("xavier"):
        gain = r.choice((1.0, 5 / 3, r.uniform(0, 3)))
        return [gain], {"gain": gain}
    if name.startswith("kaiming"):
        a, mode, k = r.choice((0.0, 5**0.5, r.uniform(0, 2))), r.randrange(2), r.randrange(5)
        return [a, mode, k], {"a": a, "mode": ("fan_in", "fan_out")[mode], "nonlinearity": NONLINEARITIES[k]}
    if name == "dirac":
        groups = r.choice([g for g in (1, 2, 3) if shape[0] % g == 0])
        return [groups], {"groups": groups}
    if name == "sparse":
        sparsity, std = r.uniform(-0.2, 1.1), r.choice((0.01, 1.0))
        return [sparsity, std], {"sparsity": sparsity, "std": std}
    value = r.uniform(-9, 9)
    return ([value], {"val": value}) if name == "constant" else ([], {})


def case(r, name):
    n_dims = 2 if name in ("eye", "sparse") else r.randint(3, 5) if name == "dirac" else r.randint(2, 4)
    shape, k, seed = [r.randint(1, 7) for _ in range(n_dims)], r.randrange(4), r.getrandbits(48)
    numbers, arguments = numbers_of(r, name, shape)
    torch.manual_seed(seed)
    tensor = torch.empty(shape, dtype=DTYPES[k])
    getattr(nn.init, name + "_")(tensor, **arguments)
    digest = hashlib.sha512(tensor.flatten().view(torch.uint8).numpy().tobytes()).hexdigest()
    following = torch.empty((), dtype=torch.int32).random_(0, 2**20).item()
    capability = {"DEFAULT": 1, "AVX2": 2}[torch.backends.cpu.get_cpu_capability()]
    print(
        "%s %x %x %x" % (name, capability, k, seed),
        ",".join("%x" % size for size in shape),
        ",".join(map(bits, numbers)) or "-",
        "%s,%s %x" % (digest[:16], digest[16:32], following),
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if len(sys.argv) == 1:
        print(HEAD % (torch.__version__.split("+")[0], platform.system(), platform.machine()), flush=True)
        for name in ("default", "avx2"):
            subprocess.run(
                [sys.executable, sys.argv[0], name], env={**os.environ, "ATEN_CPU_CAPABILITY": name}, check=True
            )
    else:
        r = random.Random(sys.argv[1])
        for name in "xavier_uniform xavier_normal kaiming_uniform kaiming_normal dirac eye sparse constant".split():
            for _ in range(12):
                case(r, name)
        for _ in range(60):  # every second slope is one whose square by pow is not the product
            slope = r.uniform(-3, 3)
            while _ % 2 and slope**2 == slope * slope:
                slope = 10.0 ** r.uniform(-150, 150)
            k = r.choice((3, 3, 3, 0, 1, 2, 4))
            print("gain %x %s %s" % (k, bits(slope), bits(nn.init.calculate_gain(NONLINEARITIES[k], slope))))
