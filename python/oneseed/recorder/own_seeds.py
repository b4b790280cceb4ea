# own_seeds.py - seeds that the program gives its generators itself: noted, or shifted by the run's seed (`--reseed`).
# SPDX-License-Identifier: MIT
#
# docs/seeding.md, "The program's own seeds". Each way to give a seed has one function behind it, and that one is stood in
# front of: what a library seeds from a seed that was shifted already must not be shifted again.
import sys

imports = load("imports")
places = load("places")

_MAX_SITES = 8  # that are noted
_WORD = 1 << 32
_LEAST_DRAWN = 1 << 16
# Callers that seed from what a generator gave them, or from a seed that has been shifted.
_FROM_DRAWS = (
    "torch.random",
    "torch.cuda.random",
    "torch.utils.data._utils.worker",
    "torch.utils.data.sampler",
    "tensorflow.python.eager.context",
)

_shifts = core.config("own-seeds") == "shift"
_sites = {}  # "file:line" -> text of the seed
_kept_entropy = set()  # of NumPy's sequences: shifted, or ours; their children are made from it


def imported(name, module):
    """`name`, one of seeding.OWN, has just been imported."""
    part = _parts.get(name)
    if part is not None:
        part(module)
    else:
        load("own_seeds_others").parts[name](module)


def noted():
    """(file:line, text of the seed) of the program's own seedings, the first few places."""
    return [] if _shifts else list(_sites.items())


def keep_entropy(value):
    """A NumPy sequence made from this number by ourselves is not the program's."""
    if _shifts:
        _kept_entropy.add(value)


def amount():
    """What a seed that is given now is shifted by: the run's seed, or the value of the source whose code is running."""
    if core.config("sources") is not None:
        value = load("sources").own_value()
        if value is not None:
            return value
    return int(core.config("seed") or 0)


def shifted(seed, limit=None, frame=None):
    """The seed to take for the program's `seed`, below `limit`; None: leave it as it is."""
    frame = frame or sys._getframe(2)
    name = frame.f_globals.get("__name__") or ""
    if name in _FROM_DRAWS or name.startswith("oneseed.recorder."):
        return None
    frame = _whose(frame)
    if not _shifts:
        _note(seed, frame)
        return None
    by = amount()
    if not by or frame is None or core.was_drawn(int(seed)):
        return None
    return seed + by if limit is None else (seed + by) % limit


def index(value):
    """The int that a seed stands for, None when it is something else (text, an array, a traced value). Large numbers of
    NumPy's types were drawn: people write Python's."""
    if isinstance(value, int):
        return int(value)
    if type(value).__module__ == "numpy":
        try:
            number = value.__index__()
        except TypeError:
            return None
        return number if abs(number) < _LEAST_DRAWN else None
    return None


def _whose(frame):
    """The frame of the program's that gives the seed, or of the library that is the program; None: a library that is being
    imported seeds something of its own."""
    innermost = frame
    while frame is not None and core.is_library(frame.f_code):
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            return None
        frame = frame.f_back
    return frame or innermost


def _note(seed, frame):
    if frame is not None and len(_sites) < _MAX_SITES and str(seed) != core.config("seed"):
        _sites.setdefault("%s:%d" % (frame.f_code.co_filename, frame.f_lineno), str(seed)[:40])


def _hook(owner, name, function):
    method = vars(owner).get(name)
    if method is None or not core.hook_seed(method, name, function):
        core.note("%s.%s: seeds of the program's own are left as they are here" % (owner.__name__, name))


# ---- Python: texts and bytes have become an int where the method in C is called ----


def _random(generator, seed):
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == "random":
        frame = frame.f_back
    if frame is None or not isinstance(seed, (int, float)):
        return None
    return shifted(abs(seed) if isinstance(seed, int) else seed, frame=frame)


# ---- NumPy ----


def _numpy_legacy(generator, seed):
    """np.random.seed(), RandomState(): a number below 2^32, or several."""
    frame = sys._getframe(1)
    if hasattr(seed, "squeeze"):
        seed = seed.squeeze()
    number = index(seed)
    if number is not None:
        return shifted(number, _WORD, frame) if 0 <= number < _WORD else None
    return _first_shifted(seed, _WORD, frame)


def _first_shifted(seed, limit, frame):
    try:
        words = [int(word) for word in seed]
    except (TypeError, ValueError):
        return None
    first = shifted(words[0], limit, frame) if words else None
    return None if first is None else [first, *words[1:]]


def _numpy_sequence(module):
    if not core.hook_seed_sequence(module.SeedSequence, _entropy):
        core.note("numpy.random.SeedSequence: seeds of the program's own are left as they are here")


def _entropy(spawn_key, entropy):
    frame = sys._getframe(1)
    number = index(entropy)
    if spawn_key and _is_kept(entropy):
        return None
    if number is not None:
        other = shifted(number, None, frame) if number >= 0 else None
    else:
        other = _first_shifted(entropy, None, frame)
    if other is not None:
        keep_entropy(other if number is not None else tuple(other))
    return other


def _is_kept(entropy):
    try:
        return (tuple(entropy) if isinstance(entropy, list) else entropy) in _kept_entropy
    except TypeError:  # an array: never one of ours
        return False


_parts = {
    "_random": lambda module: _hook(module.Random, "seed", _random),
    "numpy.random.bit_generator": _numpy_sequence,
    "numpy.random._mt19937": lambda module: _hook(module.MT19937, "_legacy_seeding", _numpy_legacy),
    "numpy.random.mtrand": lambda module: core.hook_drawn(vars(module.RandomState)["randint"], "randint"),
}
