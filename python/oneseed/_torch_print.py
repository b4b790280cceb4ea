"""Arrays as PyTorch prints its tensors: one format for all elements, wrapped and summarised; torch/_tensor_str.py of PyTorch 2.13."""

# SPDX-License-Identifier: MIT
import math as _math

from . import _streams

_PROFILES = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": _math.inf, "edgeitems": 3, "linewidth": 80},
}
_options = dict(_PROFILES["default"], sci_mode=None)


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None):
    """How Arrays print; profile: "default", "short" or "full", for all that is not given. sci_mode None: by the values."""
    _options.update(_PROFILES.get(profile, {}))
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    _options.update((name, value) for name, value in given.items() if value is not None)
    _options["sci_mode"] = sci_mode


class _Dots:
    """What stands for the elements that a summary leaves out."""


def _kept(array, is_summary):
    """Nested lists of the elements that are printed, with _Dots where some are left out."""
    edge, n = _options["edgeitems"], len(array)
    is_cut = is_summary and n > 2 * edge
    if array.ndim == 1:
        return array[:edge].tolist() + [_Dots] + array[n - edge :].tolist() if is_cut else array.tolist()
    if is_cut:
        return [_kept(array[k], True) for k in range(edge)] + [_Dots] + [_kept(array[k], True) for k in range(n - edge, n)]
    return [_kept(array[k], is_summary) for k in range(n)]


def _numbers(kept):
    for item in kept:
        if isinstance(item, list):
            yield from _numbers(item)
        elif item is not _Dots:
            yield item


class _Format:
    """How wide and in which notation the elements are; of floats, zero and what is not finite count for neither."""

    def __init__(self, numbers, is_float):
        self.is_float, self.is_whole, self.is_scientific = is_float, True, False
        if not is_float:
            self.width = max([1, *(len(str(x)) for x in numbers)])
            return
        counted = [x for x in numbers if x and _math.isfinite(x)]
        self.width = 1
        if not counted:
            return
        self.is_whole = all(x == _math.floor(x) for x in counted)
        sizes = [abs(x) for x in counted]
        smallest, largest = min(sizes), max(sizes)
        self.is_scientific = _options["sci_mode"]
        if self.is_scientific is None:
            self.is_scientific = largest / smallest > 1000.0 or largest > 1e8 or smallest < 1e-4
        self.width = max(len(self._text(x)) for x in counted)

    def _text(self, x):
        if not self.is_float:
            return str(x)
        if self.is_scientific:
            return "%.*e" % (_options["precision"], x)
        if self.is_whole:
            return "%.0f." % x if _math.isfinite(x) else "%.0f" % x
        return "%.*f" % (_options["precision"], x)

    def text(self, x):
        return self._text(x).rjust(self.width)


def _rows(kept, indent, form):
    """The text between the brackets of tensor([...]), brackets included."""
    if kept and isinstance(kept[0], list):
        depth, inner = 1, kept[0]
        while isinstance(inner[0], list):
            depth, inner = depth + 1, inner[0]
        parts = ["..." if part is _Dots else _rows(part, indent + 1, form) for part in kept]
        return "[" + ("," + "\n" * depth + " " * (indent + 1)).join(parts) + "]"
    n_in_line = max(1, (_options["linewidth"] - indent) // (form.width + 2))
    dots = " ..." if _options["edgeitems"] else "..."
    parts = [dots if x is _Dots else form.text(x) for x in kept]
    lines = [", ".join(parts[k : k + n_in_line]) for k in range(0, len(parts), n_in_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def text(array):
    """repr(array)."""
    default, dtype, suffixes, indent = _streams.torch["get_default_dtype"](), array.dtype, [], len("tensor(")
    is_float = "float" in dtype
    if not array.numel():
        if array.ndim != 1:
            suffixes.append("size=" + str(tuple(array.shape)))
        if dtype != default:
            suffixes.append("dtype=" + dtype)
        made = "[]"
    else:
        if not _options["edgeitems"]:
            suffixes.append("size=" + str(tuple(array.shape)))
        if dtype not in (default, "torch.int64", "torch.bool"):
            suffixes.append("dtype=" + dtype)
        if array.ndim == 0:
            number = array.item()
            made = _Format([number], is_float).text(number)
        else:
            kept = _kept(array, array.numel() > _options["threshold"])
            made = _rows(kept, indent, _Format(list(_numbers(kept)), is_float))
    made = "tensor(" + made
    column = len(made) - made.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > _options["linewidth"]:
            made += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            made += ", " + suffix
            column += len(suffix) + 2
    return made + ")"
