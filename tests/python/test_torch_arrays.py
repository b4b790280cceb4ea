"""test_torch_arrays.py - oneseed.torch's Array: memory that is shared with torch and NumPy, views, numbers, lifetimes, threads."""

# SPDX-License-Identifier: MIT
import copy
import gc
import pickle
import resource
import struct
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest
import torch

import oneseed.torch as ours

DTYPES = "float32 float64 float16 bfloat16 uint8 int8 int16 int32 int64 bool uint16 uint32 uint64".split()
NUMPY_DTYPES = [name for name in DTYPES if name != "bfloat16"]


def numbered(dtype, *shape):
    """0, 1, 2, ... of a dtype (of bool 0, 1, 1, ...)."""
    values = torch.arange(int(np.prod(shape)), dtype=torch.int64).to(getattr(torch, dtype)).reshape(shape)
    array = ours.empty(shape, dtype=dtype)
    torch.from_dlpack(array).copy_(values)
    return array, values


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3), (2, 0, 3), (1, 1), (2, 3, 4, 5)])
def test_torch_shares_the_memory(dtype, shape):
    array, values = numbered(dtype, *shape)
    tensor = torch.from_dlpack(array)
    assert tensor.dtype == getattr(torch, dtype) and tuple(tensor.shape) == array.shape == shape
    assert array.dtype == "torch." + dtype == str(tensor.dtype) and tensor.tolist() == values.tolist() == array.tolist()
    back = ours.from_dlpack(tensor)
    if tensor.numel():
        assert tensor.data_ptr() == array.data_ptr() == back.data_ptr() and array.data_ptr() % 64 == 0
        tensor.fill_(1)
        assert back.tolist() == array.tolist() == torch.ones_like(tensor).tolist()
    assert back.shape == shape and back.dtype == array.dtype and back.stride() == tensor.stride()


@pytest.mark.parametrize("dtype", NUMPY_DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3), (2, 3, 4)])
def test_numpy_shares_the_memory(dtype, shape):
    array, values = numbered(dtype, *shape)
    for seen in (np.asarray(array), np.from_dlpack(array), array.numpy()):
        assert seen.dtype == np.dtype(dtype) and seen.shape == shape and seen.tolist() == values.tolist()
        if seen.size:
            assert seen.ctypes.data == array.data_ptr()
    back = ours.from_numpy(np.asarray(array))
    assert back.dtype == array.dtype and back.tolist() == array.tolist() and (not values.numel() or back.data_ptr() == array.data_ptr())


def test_bfloat16_in_a_buffer_is_its_bits():
    array = ours.tensor([1.0, -2.5, 3e38], dtype="bfloat16")
    assert memoryview(array).format == "H" and np.asarray(array).tolist() == torch.from_dlpack(array).view(torch.uint16).tolist()
    with pytest.raises(TypeError, match="^Got unsupported ScalarType BFloat16$"):
        array.numpy()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_all_numbers_of_the_half_types(dtype):
    bits = torch.arange(65536, dtype=torch.int32).to(torch.uint16)
    want = bits.view(getattr(torch, dtype))
    got = ours.from_dlpack(want).tolist()
    assert struct.pack("65536d", *got)[:8] == struct.pack("d", want[0].item())
    assert all(a == b or (a != a and b != b) for a, b in zip(got, want.tolist()))
    # And back: halves, and what lies between them, round as torch rounds.
    singles = torch.randn(20000, generator=torch.Generator().manual_seed(1)) * torch.logspace(-42, 38.5, 20000)
    singles = torch.cat([singles, want.float()[~want.isnan()], torch.tensor([float("inf"), -float("inf"), -0.0, 65519.99, 65520.0])])
    made = torch.from_dlpack(ours.tensor(singles.tolist(), dtype=dtype))
    assert torch.equal(made.view(torch.int16), singles.to(getattr(torch, dtype)).view(torch.int16))


INDICES = [
    0, -1, slice(None), slice(1, 3), slice(None, None, 2), slice(-2, None), slice(5, 1), ..., None, (0, 1), (slice(None), 1), (..., 1),
    (1, ...), (None, 1), (slice(None), None, 2), (0, slice(1, None, 2), -1), (..., None), (0, 1, 2), (-1, -1, -1), (Ellipsis, 0, 0), (),
    4, -5, (0, 0, 0, 0), slice(None, None, -1), 1.5, (0, 7),
]


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_indices_are_torchs(index):
    array, values = numbered("int32", 4, 3, 5)
    try:
        want = values[index]
    except Exception as error:
        with pytest.raises(type(error)) as got:
            array[index]
        if not isinstance(index, float):
            assert str(got.value) == str(error)
        return
    got = array[index]
    assert got.tolist() == want.tolist() and got.shape == tuple(want.shape) and got.is_contiguous() == want.is_contiguous()
    assert [s for s, n in zip(got.stride(), got.shape) if n > 1] == [s for s, n in zip(want.stride(), want.shape) if n > 1]
    got.fill_(7)
    want.fill_(7)
    assert array.tolist() == values.tolist()


def test_items_are_assigned():
    array, values = numbered("float32", 3, 4)
    for index, value in [((0, 1), 5), (1, 2.5), ((slice(None), 2), -1), (..., 3)]:
        array[index] = value
        values[index] = value
        assert array.tolist() == values.tolist()
    array[0] = ours.tensor([1.0, 2.0, 3.0, 4.0])
    assert array[0].tolist() == [1, 2, 3, 4]
    array[:] = array.t().t()
    with pytest.raises(ValueError, match="same shape"):
        array[0] = ours.tensor([1.0])
    with pytest.raises(TypeError):
        del array[0]
    with pytest.raises((TypeError, ValueError)):
        array[0] = "a"


def test_numbers():
    assert ours.tensor(3).item() == 3 and int(ours.tensor([7])) == 7 and float(ours.tensor(2.5)) == 2.5 and bool(ours.tensor([True]))
    assert range(10)[ours.tensor(3)] == 3
    for call in (
        lambda m: m.tensor([1, 2]).item(), lambda m: bool(m.tensor([1, 2])), lambda m: bool(m.tensor([])), lambda m: len(m.tensor(1)),
        lambda m: list(m.tensor(1)), lambda m: range(3)[m.tensor(1.0)], lambda m: m.tensor([300], dtype=m.uint8),
        lambda m: m.tensor([[1], [2, 3]]), lambda m: m.empty(2, 3, 4).t(), lambda m: m.empty(2, 3).transpose(0, 2),
        lambda m: m.empty(2, 3).reshape(4, 2), lambda m: m.empty(2, 3).permute(0, 0),
    ):  # fmt: skip
        with pytest.raises(Exception) as want:
            call(torch)
        with pytest.raises(type(want.value)) as got:
            call(ours)
        if "uint8" not in str(want.value) and "list" not in str(want.value) and "shape '" not in str(want.value):
            assert str(got.value) == str(want.value)


def test_arrays_from_lists():
    for data in (3, 2.5, True, [], [1, 2], [1, 2.5], [True, False], [[1, 2], [3, 4]], [[], []], (1, (2,)[0]), [[True], [2]], [[[1.5]]]):
        got, want = ours.tensor(data), torch.tensor(data)
        assert got.tolist() == want.tolist() and got.dtype == str(want.dtype) and got.shape == tuple(want.shape)
        for dtype in ("float64", "int32", "bool", "bfloat16"):
            got, want = ours.tensor(data, dtype=dtype), torch.tensor(data, dtype=getattr(torch, dtype))
            assert got.tolist() == want.tolist() and got.dtype == str(want.dtype)


def test_dtypes_by_any_name():
    for dtype in ("float64", "torch.float64", ours.float64, torch.float64, ours.double, float):
        assert ours.empty(1, dtype=dtype).dtype == "torch.float64"
    assert ours.empty(1, dtype=int).dtype == "torch.int64" and ours.empty(1, dtype=bool).dtype == "torch.bool"
    for dtype in ("complex64", torch.complex64, str, 5):
        with pytest.raises(TypeError):
            ours.empty(1, dtype=dtype)
    ours.set_default_dtype("float64")
    try:
        assert ours.rand(2).dtype == ours.get_default_dtype() == ours.tensor([1.5]).dtype == "torch.float64"
        with pytest.raises(TypeError, match="only floating-point types are supported as the default type"):
            ours.set_default_dtype("int32")
    finally:
        ours.set_default_dtype("float32")


def test_layouts():
    array, values = numbered("int64", 2, 3, 4)
    for view, want in [(array.permute(2, 0, 1), values.permute(2, 0, 1)), (array.transpose(0, -1), values.transpose(0, -1)),
                       (array[0].t(), values[0].t()), (array.reshape(4, -1), values.reshape(4, -1)), (array.T, values.permute(2, 1, 0)),
                       (array.permute(1, 2, 0).reshape(24), values.permute(1, 2, 0).reshape(24))]:  # fmt: skip
        assert view.tolist() == want.tolist() and view.stride() == want.stride()
        assert view.contiguous().tolist() == want.tolist() and view.contiguous().is_contiguous()
        assert view.clone().stride() == want.clone().stride() and view.clone().tolist() == want.tolist()
        assert torch.from_dlpack(view).stride() == want.stride() and np.asarray(view).tolist() == want.tolist()
        assert ours.empty_like(view).stride() == torch.empty_like(want).stride()
    wide = torch.empty(6, 8, 3)
    for view in (wide[::2, ::2].permute(1, 0, 2), wide[:, ::2].permute(2, 0, 1), wide[:, :, 0].t(), wide[:1, :, :1]):
        assert ours.empty_like(view).stride() == torch.empty_like(view).stride()


def test_buffers_say_what_they_cannot():
    view = ours.zeros(4, 6).t()
    assert memoryview(view).strides == (4, 24)
    with pytest.raises(BufferError):
        struct.unpack_from("f", view)
    frozen = np.arange(3.0)
    frozen.flags.writeable = False
    taken = ours.from_numpy(frozen)
    assert taken.tolist() == [0, 1, 2]
    for change in (lambda: taken.fill_(1), lambda: taken.uniform_(), lambda: taken.__setitem__(0, 1), lambda: ours.rand(3, out=taken)):
        with pytest.raises(ValueError, match="read-only"):
            change()
    assert frozen.tolist() == [0, 1, 2] and memoryview(taken).readonly
    with pytest.raises(ValueError, match="negative"):
        ours.from_numpy(np.arange(3)[::-1])
    for other in (np.zeros(2, "c8"), np.zeros(2, "M8[D]"), np.zeros(2, ">i4")):
        with pytest.raises((TypeError, BufferError, ValueError)):
            ours.from_numpy(other)
    assert ours.as_tensor(b"abc").tolist() == [97, 98, 99]


def test_dlpack_by_its_protocol():
    array = ours.tensor([1.0, 2.0])
    assert array.__dlpack_device__() == (1, 0)
    assert "dltensor_versioned" in repr(array.__dlpack__(max_version=(1, 1))) and '"dltensor"' in repr(array.__dlpack__())
    assert '"dltensor"' in repr(array.__dlpack__(stream=None, max_version=(0, 8)))
    capsule = array.__dlpack__()
    assert ours.from_dlpack(capsule).data_ptr() == array.data_ptr() and "used_dltensor" in repr(capsule)
    with pytest.raises(ValueError):
        ours.from_dlpack(capsule)
    with pytest.raises(BufferError):
        array.__dlpack__(dl_device=(2, 0))
    copied = ours.from_dlpack(array.__dlpack__(copy=True))
    assert copied.data_ptr() != array.data_ptr() and copied.tolist() == array.tolist()
    with pytest.raises((TypeError, AttributeError)):
        ours.from_dlpack([1])


def test_copies_and_pickles():
    array, _ = numbered("bfloat16", 3, 4)
    for twin in (copy.copy(array), copy.deepcopy(array), pickle.loads(pickle.dumps(array)), pickle.loads(pickle.dumps(array.t())).t()):
        assert twin.tolist() == array.tolist() and twin.dtype == array.dtype and twin.data_ptr() != array.data_ptr()


def test_memory_lives_as_long_as_anybody_looks():
    array = ours.tensor([1.0, 2.0, 3.0])
    gone = weakref.ref(array)
    tensor, view, seen, part = torch.from_dlpack(array), memoryview(array), np.asarray(array), array[1:]
    del array
    assert tensor.tolist() == seen.tolist() == view.tolist() == [1, 2, 3] and part.tolist() == [2, 3]
    del tensor
    assert gone() is not None
    del view
    assert gone() is not None
    del seen
    assert gone() is not None and part.tolist() == [2, 3]
    del part
    gc.collect()
    assert gone() is None
    source = torch.zeros(3)
    taken = ours.from_dlpack(source)
    source.fill_(5)
    del source
    assert taken.tolist() == [5, 5, 5]
    part = taken[1:]
    del taken
    assert part.tolist() == [5, 5]


def test_nothing_leaks():
    def everything():
        array = ours.rand(200)
        torch.from_dlpack(array)
        ours.from_dlpack(torch.from_dlpack(array))
        array.__dlpack__(), array.__dlpack__(max_version=(1, 0)), memoryview(array), np.asarray(array), array[1:, None].t()
        ours.tensor([[1, 2], [3, 4]]), array.clone(), array.tolist(), repr(array), ours.Generator(1).get_state()
        for wrong in (lambda: ours.rand(-1), lambda: ours.rand(2, foo=1), lambda: ours.rand(2, dtype="int8"), lambda: array[300]):
            try:
                wrong()
            except (RuntimeError, TypeError, NotImplementedError, IndexError):
                pass

    for _ in range(300):
        everything()
    gc.collect()
    before, objects = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(gc.get_objects())
    for _ in range(10000):
        everything()
    gc.collect()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4000 and abs(len(gc.get_objects()) - objects) < 50


def test_capsules_go_in_any_thread():
    def take():
        for _ in range(300):
            kept = torch.from_dlpack(array)
            assert kept[0] == 1

    array = ours.ones(100)
    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.getrefcount(array) == 2


def test_arrays_outlive_the_interpreter():
    code = "import oneseed.torch as t, torch\nkept = torch.from_dlpack(t.rand(5))\nimport atexit\natexit.register(lambda: kept.sum())\n"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [0, 1, 3, 512, 4096, 4097, 9001])
def test_every_element_is_filled(dtype, n):
    array, values = ours.empty(n, dtype=dtype), torch.empty(n, dtype=getattr(torch, dtype))
    for number in (1, 0, 113):
        assert array.fill_(number).tolist() == values.fill_(number).tolist()
    assert array.zero_().tolist() == [0] * n
    thin = ours.zeros((n, 2), dtype=dtype)
    thin[:, 1].fill_(1)
    assert thin.tolist() == [[0, 1]] * n
    thin.t()[1].zero_()
    assert thin.tolist() == [[0, 0]] * n


def test_full_takes_its_dtype_from_the_value():
    for value in (1, 0.5, True, -(2**40)):
        for options in ({}, {"dtype": None}, {"dtype": "float64"}):
            theirs = {k: getattr(torch, v) if v else v for k, v in options.items()}
            got, want = ours.full((2, 3), value, **options), torch.full((2, 3), value, **theirs)
            assert got.dtype == str(want.dtype) and got.tolist() == want.tolist()


def test_memory_of_numpy():
    for name in NUMPY_DTYPES:
        values = np.zeros((2, 3), name)
        array = ours.from_numpy(values)
        array[1, 2] = 1
        assert values.tolist() == array.tolist() == [[0, 0, 0], [0, 0, 1]] and array.dtype == "torch." + name
    values.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        ours.from_numpy(values).zero_()
    with pytest.raises(ValueError, match="negative"):
        ours.from_numpy(np.zeros(5)[::-1])
    with pytest.raises(TypeError):
        ours.from_numpy(np.zeros(5, ">f4"))
    assert ours.from_numpy(torch.zeros(3, dtype=torch.bfloat16)).dtype == "torch.bfloat16"
