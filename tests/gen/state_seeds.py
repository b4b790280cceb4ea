"""Writes tests/fuzz/state/: one small file of each kind that `oneseed state` reads. Needs NumPy and torch.

usage: python tests/gen/state_seeds.py"""
import argparse
import io
import json
import pathlib
import pickle
import random
import zipfile

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "fuzz" / "state"


def write(name, content):
    (FOLDER / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def saved(save, *values, **keys):
    stream = io.BytesIO()
    save(stream, *values, **keys)
    return stream.getvalue()


def torch_saved(value, **keys):
    stream = io.BytesIO()
    torch.save(value, stream, **keys)
    return stream.getvalue()


def wide(archive):
    """The same archive with the directory of large ones."""
    stream, limit = io.BytesIO(), zipfile.ZIP64_LIMIT
    try:
        zipfile.ZIP64_LIMIT = 10
        with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name), old.read(name))
    finally:
        zipfile.ZIP64_LIMIT = limit
    return stream.getvalue()


def main():
    FOLDER.mkdir(exist_ok=True)
    python = random.Random(1)
    python.gauss(0, 1)
    legacy = np.random.RandomState(2)
    legacy.standard_normal()
    blob = torch.Generator().manual_seed(3).get_state()
    for protocol in (0, 1, 2, 4, 5):
        write(f"python.{protocol}", pickle.dumps(python.getstate(), protocol))
        write(f"numpy.{protocol}", pickle.dumps(legacy.get_state(), protocol))
        write(f"numpy-object.{protocol}", pickle.dumps(legacy, protocol))
        for kind in (np.random.PCG64, np.random.Philox, np.random.SFC64):
            write(f"{kind.__name__}.{protocol}", pickle.dumps(kind(4).state, protocol))
            write(f"{kind.__name__}-object.{protocol}", pickle.dumps(np.random.Generator(kind(4)), protocol))
    write("python-object.3", pickle.dumps(python, 3))
    write("python.json", json.dumps(python.getstate()))
    write("numpy.txt", repr(legacy.get_state()))
    write("philox.txt", repr(np.random.Philox(5).state))
    write("pcg64.json", json.dumps(np.random.PCG64(5).state))
    write("own.json", '{"format": "oneseed-state/1", "source": "numpy-generator", "engine": "SFC64", "state": ["1", "2", "3", "4"],'
                      ' "has_uint32": 0, "uinteger": 0, "normal": null}')
    write("cuda", bytes(range(8)) + (8).to_bytes(8, "little"))
    write("cuda.old", b"\xff" * 800 + bytes(range(8)) + (8).to_bytes(8, "little"))
    write("torch", blob.numpy().tobytes())
    write("torch.3", pickle.dumps(blob, 3))
    write("torch.zip", torch_saved(blob))
    write("torch.old", torch_saved(blob, _use_new_zipfile_serialization=False))
    write("several.zip", torch_saved({"numpy": legacy.get_state(), "cuda": [torch.arange(16, dtype=torch.uint8) * 4]}))
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    cuda = [torch.arange(16, dtype=torch.uint8) * 4]
    checkpoint = {"model": model.state_dict(), "settings": argparse.Namespace(rate=0.1), "tags": {"a"}, "rng": {"torch": blob, "torch.cuda": cuda}}
    write("checkpoint.zip", torch_saved(checkpoint))
    write("checkpoint.5.zip", torch_saved(checkpoint, pickle_protocol=5))
    write("wide.zip", wide(torch_saved({"cuda": cuda})))
    write("pcg64.npy", saved(np.save, np.random.PCG64(5).state))
    write("key.npz", saved(np.savez, key=legacy.get_state()[1], pos=5))


if __name__ == "__main__":
    main()
