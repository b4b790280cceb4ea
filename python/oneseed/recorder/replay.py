# replay.py - what imports of a warm process did to generators happens in a run when the run imports the same.
# SPDX-License-Identifier: MIT
#
# Some modules draw a number or make a generator when they are imported. A run begins without these in sys.modules, and
# without all those that import them. When it imports one, the module is there at once with all that it imports, and what
# their imports did is done again under the run's own seed: a global generator moves on by as many words as were drawn, a
# generator without a seed gets the seed of its number, and the numbers go on. Whatever is not of these kinds is refused.
import builtins
import os
import sys

final = load("final")
imports = load("imports")
places = load("places")
seeding = load("seeding")

_MAX_WORDS = 20000  # that imports may draw

_derived = None  # (what, k, number) of all that was derived; None in a run
_made = None  # the same, in a run
_n_seen = 0  # of these, when generators were looked for
_generators = {}  # index in _derived -> [(random.Random, words that it has drawn)]
_known = set()  # ids of the generators that were found
_name_sequences = []  # of temporary files: in a forked process they make themselves a new generator

_loading = [""]  # names of the modules that are being executed
_imported = {}  # name -> names that its execution asked for
_effects = []  # (name, {generator: words}, indices in _derived), in order
_n_words = {}  # name of a global generator -> words that imports drew so far
_n_told = 0  # of _derived, in _effects

_left_out = {}  # name -> module, in the order of their import; of a run: those that it has not imported
_bound = []  # (package, name, module): attributes of packages that are such modules


def begin():
    """Before the imports."""
    global _derived
    _derived = places.remember()
    scope = {"bring": _bring, "begin": _begin_module, "end": _end_module}
    exec(compile(_wrapper, "<frozen importlib._bootstrap>", "exec"), scope)  # a name that CPython cuts out of tracebacks

    def wrap(original):
        scope["original"] = original
        return scope["wrapper"]

    imports.around_every(wrap)


_wrapper = """
def wrapper(spec):
    module = bring(spec)
    if module is not None:
        return module
    begin(spec.name)
    try:
        return original(spec)
    finally:
        end()
"""


# ---- in the warm process: who imports what, and what that does ----


def import_watched(name):
    """Imports a module; what its import did that cannot be done again, as a part of a sentence, or None."""
    original = builtins.__import__

    def watched(name, globals=None, locals=None, fromlist=(), level=0):  # as the original, whose arguments some give by name
        result = original(name, globals, locals, fromlist, level)
        package = (globals or {}).get("__package__") or "" if level else ""
        full = ".".join(filter(None, [package.rsplit(".", level - 1)[0] if level > 1 else package, name]))
        asked = _imported.setdefault(_loading[-1], set())
        asked.add(full)
        for part in fromlist or ():
            if full + "." + part in sys.modules:
                asked.add(full + "." + part)
        return result

    builtins.__import__ = watched
    try:
        __import__(name)
    finally:
        builtins.__import__ = original
    _account()
    if None in _n_words.values():
        return "draws from %s" % next(generator for generator, n in _n_words.items() if n is None)
    drawn = [generator for generator, _ in final.used() if generator not in _n_words]
    if drawn:
        return "draws from %s" % drawn[0]
    return _find_generators() if len(_derived) > _n_seen else None


def _begin_module(name):
    if _derived is not None:
        _account()
        _imported.setdefault(_loading[-1], set()).add(name)
        _loading.append(name)


def _end_module():
    if _derived is not None:
        _account()
        _loading.pop()


def _account():
    """What has happened to the generators since the last call was done by the module that is being executed."""
    global _n_told
    words = {}
    for name, module in (("python.global", "random"), ("numpy.global", "numpy.random.mtrand")):
        if seeding.given(name) is None or _is_where_it_was(name, sys.modules[module]):
            continue
        n = _words_drawn(name)
        words[name] = 0 if n is None else n - (_n_words.get(name) or 0)
        _n_words[name] = n
    if words or len(_derived) > _n_told:
        _effects.append((_loading[-1], words, range(_n_told, len(_derived))))
        _n_told = len(_derived)


_last = {}  # name of a global generator -> its state


def _is_where_it_was(name, module):
    if name == "python.global":
        state = module._inst.getstate()
    else:
        state = module._rand.get_state()
        state = (state[1].tobytes(), *state[2:])
    if name not in _last:  # as we seeded it
        _last[name] = state
        return _words_drawn(name) == 0
    was, _last[name] = _last[name], state
    return was == state


def _words_drawn(name):
    """How many words the global generator has drawn since we seeded it; None: it is not as after that many."""
    if name == "python.global":
        return _python_words(sys.modules["random"]._inst.getstate(), seeding.given(name))
    if name == "numpy.global":
        return _numpy_words(sys.modules["numpy.random.mtrand"], seeding.given(name))
    return None


def _python_words(state, seed):
    if state[2] is not None:  # gauss() keeps its second number
        return None
    probe = seeding.python_generator(seed)
    for n in range(_MAX_WORDS):
        if probe.getstate() == state[1]:
            return n
        probe.getrandbits(32)
    return None


def _numpy_words(module, seed):
    _, key, position, has_gauss, _ = module._rand.get_state()
    bits = module._MT19937(0)
    bits._legacy_seeding(seeding.words(seed))
    for n in range(_MAX_WORDS if not has_gauss else 0):
        state = bits.state["state"]
        if state["pos"] == position and (state["key"] == key).all():
            return n
        bits.random_raw(1, output=False)
    return None


def _find_generators():
    """Generators that were made without a seed and are still there."""
    global _n_seen
    import gc

    random = sys.modules.get("random")
    numpy = sys.modules.get("numpy.random.bit_generator")
    names = getattr(sys.modules.get("tempfile"), "_RandomNameSequence", None)
    numbers = {number for _, _, number in _derived[_n_seen:]}
    _n_seen = len(_derived)
    for thing in gc.get_objects():
        kind = type(thing)
        if random is not None and issubclass(kind, random.Random) and not issubclass(kind, random.SystemRandom):
            if thing is not random._inst and id(thing) not in _known:
                _known.add(id(thing))
                _remember(thing)
        elif numpy is not None and issubclass(kind, numpy.BitGenerator):
            sequence = getattr(thing, "seed_seq", None) or getattr(thing, "_seed_seq", None)
            if getattr(sequence, "entropy", None) in numbers:
                return "makes a generator of NumPy without a seed"
        elif kind is names and thing not in _name_sequences:
            _name_sequences.append(thing)
    return None


def _remember(generator):
    """Finds the seed that we gave it; none: it has one of the program's."""
    state = generator.getstate()
    for index, (what, _, number) in enumerate(_derived):
        n = _python_words(state, number) if what.startswith("python.Random") else None
        if n is not None:
            _generators.setdefault(index, []).append((generator, n))
            return


def n_drawn():
    """How many words imports have drawn so far."""
    return sum(_n_words.values())


def find_left_out():
    """After imports: which modules lead to one that did something."""
    _left_out.clear()
    _bound.clear()
    importers = {}
    for name, asked in _imported.items():
        for other in asked:
            importers.setdefault(other, set()).add(name)
    todo, found = [name for name, _, _ in _effects], set()
    while todo:
        name = todo.pop()
        if name and name not in found:
            found.add(name)
            todo += importers.get(name, ())
    for name, module in list(sys.modules.items()):
        if name in found:
            _left_out[name] = module
            package, _, child = name.rpartition(".")
            package = sys.modules.get(package)
            if type(package) is type(sys) and vars(package).get(child) is module:
                _bound.append((package, child, module))


# ---- in a run ----


def leave_out():
    """At the begin of a run: the modules are not there yet."""
    global _derived, _made
    places.remember(False)
    _derived, _made = None, _derived
    for names in _name_sequences:
        if hasattr(names, "_rng"):
            names._rng_pid = os.getpid()
    for name in _left_out:
        sys.modules.pop(name, None)
    for package, child, _ in _bound:
        vars(package).pop(child, None)


def _bring(spec):
    """The module of that name, if it was left out; all that it imports is there then, too."""
    module = _left_out.get(spec.name) if _derived is None else None
    if module is None or getattr(getattr(module, "__spec__", None), "origin", None) != spec.origin:
        return None  # another file of that name
    todo, found = [spec.name], set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _imported.get(name, ())
    brought = {name: _left_out.pop(name) for name in list(_left_out) if name in found}
    sys.modules.update(brought)
    for package, child, child_module in _bound:
        if brought.get("%s.%s" % (package.__name__, child)) is child_module:
            setattr(package, child, child_module)
    guarded("replay", _redo, found)
    for name, one in brought.items():
        imports.happened(name, one)
    return module


def _redo(names):
    """What the imports of these modules did, once."""
    global _effects
    done = [effect for effect in _effects if effect[0] in names]
    _effects = [effect for effect in _effects if effect[0] not in names]
    if not seeding.active():
        return
    for _, words, indices in done:
        for name, n in words.items():
            _advance[name](n)
        for index in indices:
            _derive(index)


def _derive(index):
    what = _made[index][0]
    counters = places.counters()
    k = counters.get(what, 1 if what.startswith("python.global") else 0)
    counters[what] = k + 1
    number = places.at(places.path(), what, k)
    for generator, n in _generators.get(index, ()):
        generator.seed(number)
        generator.getrandbits(32 * n)


_advance = {
    "python.global": lambda n: sys.modules["random"]._inst.getrandbits(32 * n),
    "numpy.global": lambda n: sys.modules["numpy.random.mtrand"]._rand._bit_generator.random_raw(n, output=False),
}
