# tensors.py - lets the extension learn how this version of torch lays out its tensors.
# SPDX-License-Identifier: MIT
_learnt = {}


def learn(torch):
    """True when the extension can read tensors. No draw, no operation that the program could see."""
    if "all" not in _learnt:
        _learnt["all"] = _learn(torch)
    return _learnt["all"]


def new(torch, shape, dtype=None):
    """A tensor of zeros, whatever the program's defaults for device, dtype and modes will be."""
    return torch.zeros(shape, dtype=dtype or torch.float32, device="cpu")


def _learn(torch):
    keys = set()
    with torch.inference_mode():
        keys.add(_keys(torch, new(torch, (2,))))
    with torch.no_grad():
        base = new(torch, (400,))
        keys.add(_keys(torch, base))
        # Shapes, strides and offsets that nothing else in a tensor is likely to hold. float32 is scalar type 6, int64 4.
        a = _sample(torch, base, (3, 7), (35, 2), 11, 6)
        b = _sample(torch, new(torch, (400,), torch.int64), (5, 4), (19, 3), 23, 4)
    return core.torch_layout(a[1], b[1], tuple(keys))


def _keys(torch, tensor):
    return torch._C._dispatch_keys(tensor).raw_repr()


def _sample(torch, base, sizes, strides, offset, dtype):
    tensor = base.as_strided(sizes, strides, offset)
    numel = sizes[0] * sizes[1]
    data = tensor.data_ptr() - offset * tensor.element_size()
    return tensor, (tensor._cdata, data, sizes, strides, offset, numel, _keys(torch, tensor), dtype)
