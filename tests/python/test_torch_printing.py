"""test_torch_printing.py - how oneseed.torch's arrays print, against the live torch."""

# SPDX-License-Identifier: MIT
import random

import pytest
import torch

import oneseed.torch as ours

DTYPES = ["float32", "float64", "float16", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool", "uint16", "uint32", "uint64"]
SHAPES = [(), (0,), (1,), (5,), (0, 3), (3, 0, 2), (2, 3), (1, 1, 1), (4, 3, 2), (2, 1, 2, 3), (37,), (1000,), (1001,), (7, 200), (200, 7),
          (8, 9, 20), (3, 2, 5, 40)]  # fmt: skip
SPECIAL = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1.0, -1.0, 0.5, 1e-5, 1e9, 12345.678]
SPECIAL += [1e-4, 9.99e-5, 100.0, 1e8, 1.5e8, 65504.0]


def tensors(shape, dtype, rng):
    """Uniform, whole, of many sizes, and with what is not finite."""
    n = 1
    for length in shape:
        n *= length
    if "float" in dtype:
        for values in (
            [rng.random() for _ in range(n)],
            [rng.gauss(0, 1) * 10 ** rng.randrange(-6, 6) for _ in range(n)],
            [float(rng.randrange(-900, 900)) for _ in range(n)],
            [rng.choice(SPECIAL) for _ in range(n)],
            [rng.choice(SPECIAL[:5]) for _ in range(n)],
            [rng.choice(SPECIAL[:7]) for _ in range(n)],
        ):
            yield torch.tensor(values, dtype=torch.float64).reshape(shape).to(getattr(torch, dtype))
    elif dtype == "bool":
        yield torch.tensor([rng.random() < 0.5 for _ in range(n)], dtype=torch.bool).reshape(shape)
    else:
        lowest, highest = torch.iinfo(getattr(torch, dtype)).min, torch.iinfo(getattr(torch, dtype)).max
        for a, b in ((0, 9), (max(lowest, -99), 99), (lowest, highest)):
            yield torch.tensor([rng.randint(a, b) for _ in range(n)], dtype=getattr(torch, dtype)).reshape(shape)


def same(tensor):
    assert repr(ours.as_tensor(tensor)) == repr(tensor)


@pytest.fixture(autouse=True)
def options():
    yield
    for package in (torch, ours):
        package.set_printoptions(profile="default")


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_and_shape(dtype):
    rng = random.Random(dtype)
    for shape in SHAPES:
        for tensor in tensors(shape, dtype, rng):
            same(tensor)


@pytest.mark.parametrize(
    "settings",
    [{"precision": 7}, {"precision": 0}, {"linewidth": 30}, {"linewidth": 200}, {"threshold": 5}, {"threshold": 5, "edgeitems": 1},
     {"threshold": 5, "edgeitems": 0}, {"profile": "short"}, {"profile": "full"}, {"sci_mode": True}, {"sci_mode": False},
     {"profile": "short", "precision": 3, "sci_mode": True}],
)  # fmt: skip
def test_print_options(settings):
    rng = random.Random(str(settings))
    for package in (torch, ours):
        package.set_printoptions(**settings)
    for dtype in ("float32", "float64", "int64", "bool"):
        for shape in SHAPES:
            for tensor in tensors(shape, dtype, rng):
                same(tensor)


def test_random_shapes_and_views():
    rng = random.Random(1)
    for _ in range(60):
        shape = tuple(rng.randrange(1, 12) for _ in range(rng.randrange(1, 4)))
        for tensor in tensors(shape, rng.choice(DTYPES[:2]), rng):
            same(tensor)
            same(tensor[::2])
            assert repr(ours.as_tensor(tensor).permute(*range(len(shape))[::-1])) == repr(tensor.permute(*range(len(shape))[::-1]))


def test_the_default_dtype_is_not_named():
    try:
        for package in (torch, ours):
            package.set_default_dtype(torch.float64)
        for dtype in DTYPES:
            for shape in ((3,), (0,), ()):
                for tensor in tensors(shape, dtype, random.Random(2)):
                    same(tensor)
    finally:
        for package in (torch, ours):
            package.set_default_dtype(torch.float32)


def test_numbers_are_formatted():
    array, tensor = ours.tensor([1.25, -3.0]), torch.tensor([1.25, -3.0])
    for spec in ("", ".3f", ">12.1e", "g"):
        assert format(array[0], spec) == format(tensor[0], spec)
    assert f"{array}" == f"{tensor}" and str(array) == str(tensor)
    with pytest.raises(TypeError, match="unsupported format string"):
        format(array, ".3f")


def test_as_the_readme_of_torch_begins():
    torch.manual_seed(17)
    ours.manual_seed(17)
    assert repr(ours.randn(5)) == repr(torch.randn(5)) == "tensor([-1.4135,  0.2336,  0.0340,  0.3499, -0.0145])"
