"""torch_modules.py - writes tests/vectors/torch_modules.txt: initial parameters of torch.nn's layers, drawn by PyTorch.

    python tests/gen/torch_modules.py > tests/vectors/torch_modules.txt
    python tests/gen/torch_modules.py > tests/vectors/torch_modules_2.6.txt    (with PyTorch 2.6.0; so for 1.13)

Needs PyTorch and the built library, which knows the members of a description; the values are PyTorch's.
SPDX-License-Identifier: MIT
"""

import hashlib
import os
import pathlib
import platform
import struct
import subprocess
import sys
import types

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "conformance"))
import frame
import torch_common
import torch_module_common
import torch_modules

HEAD = """# PyTorch %s, %s %s: the initial parameters of a layer, drawn after torch.manual_seed(seed).
# Made by: python tests/gen/torch_modules.py
# capability (1 DEFAULT, 2 AVX2), dtype, seed, kind, members of oneseed_torch_layer in their order, number of elements,
# first 16 bytes of the SHA-512 of all parameters one after the other, the generator's next word"""
MEMBERS = [name for name, _ in torch_modules.Layer._fields_[1:]]


def words(layer):
    found = []
    for name in MEMBERS:
        value = getattr(layer, name)
        if isinstance(value, float):
            found.append(struct.unpack("<Q", struct.pack("<d", value))[0])
        else:
            found += [int(v) & 0xFFFFFFFFFFFFFFFF for v in (value if hasattr(value, "__len__") else [value])]
    return ",".join("%x" % word for word in found)


def record(case, make, layer, dtype):
    seed = case.seed()
    torch.manual_seed(seed)
    with torch.no_grad():
        parameters = list(make().parameters())
    values = b"".join(map(torch_common.bytes_of, parameters))
    digest = hashlib.sha512(values).hexdigest()[:32]
    following = torch.empty((), dtype=torch.int32).random_(0, 2**20).item()
    n = sum(p.numel() for p in parameters)
    fields = "%x %x %x %x" % (torch_common.capability(), torch_module_common.DTYPES[dtype], seed, layer.kind)
    print("%s %s %x %s,%s %x" % (fields, words(layer), n, digest[:16], digest[16:], following))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(HEAD % (torch.__version__.split("+")[0], platform.system(), platform.machine()), flush=True)
        for name in ("default", "avx2"):
            subprocess.run(
                [sys.executable, sys.argv[0], name], env={**os.environ, "ATEN_CPU_CAPABILITY": name}, check=True
            )
    else:
        torch_modules.compare = record
        for name, function in torch_modules.FUNCTIONS.items():
            if not name.startswith(("init.", "ResNet")):
                function(frame.Row("vectors", name, types.SimpleNamespace(cases=6, values=6000, case=None)))
