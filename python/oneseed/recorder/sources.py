# sources.py - a stream for each source of randomness: init, order, split, dropout, augment, other.
# SPDX-License-Identifier: MIT
#
# docs/seeding.md, "Sources". The global generators hold the stream of the source whose code is running: entering code that
# belongs to another one saves their states with the source that is left and loads those of the other. So the program and its
# libraries draw as they always do. Which code belongs to which source is in sources_torch.py and sources_others.py.
from _thread import get_ident

imports = load("imports")
places = load("places")
seeding = load("seeding")

NUMBERS = {"init": 0, "order": 1, "split": 2, "dropout": 3, "augment": 4, "other": 5}
ALL = ("python", "numpy", "torch")
_WORDS = {"python": 0, "numpy": 2, "torch": 4}  # where the two words of a kind's seed are in its source's sequence
_OTHER = "other"

_values = {}  # source -> value, of those that have one of their own
_suffix = ""  # of the task that this worker process works on
_path = None  # where streams derive from, when that is not the place of this process
_kinds = {}  # kind -> (save(), load(state), seed(number)) of the generators that are there
_at = {}  # kind -> the source whose stream is in the generator
_states = {}  # (kind, source) -> state, of the streams that are not in it
_name = _OTHER
_is_explicit = False
_entered = []  # what enter() gave and leave() has not had
_n_held = 0
_thread = None  # the one that switches


def install(the_core):
    _begin()
    seeding.use_sources(main_seed, derived, begin_task)
    seeding.at_fork(_begin)
    imports.after("random", lambda module: _add("python", _python(module)))
    imports.after("numpy.random.mtrand", lambda module: _add("numpy", _numpy(module)))
    imports.after("torch", lambda module: _add("torch", _torch(module)))
    load("sources_others").install()
    load("sources_torch").install()


def _begin():
    """At the start, and in a forked process: every stream is at its begin, and `other` in the generators."""
    global _name, _is_explicit, _n_held, _thread, _suffix, _path
    text = core.config("sources")
    _values.clear()
    for entry in (text or "").split(","):
        name, _, value = entry.partition("=")
        if name in NUMBERS and value.isdecimal():
            _values[name] = int(value)
    _states.clear()
    _entered.clear()
    for kind in _kinds:
        _at[kind] = _OTHER
    _name, _is_explicit, _n_held, _suffix, _path = _OTHER, False, 0, "", None
    _thread = None if text is None else get_ident()  # a warm process has the hooks and no sources


def begin_task(path, suffix):
    """This worker process takes a task: the streams begin anew, at the task's place."""
    global _path, _suffix
    _states.clear()
    for kind in _kinds:
        _at[kind] = _OTHER
    _path, _suffix = path, suffix


# ---- seeds ----


def _value(source):
    """The number that the stream's sequence is made from: in a child it is derived, as other seeds are."""
    value = _values.get(source)
    if value is None:
        value = places.root()
    path = places.path() if _path is None else _path
    return core.derive_at(value, path, "source" + _suffix, 0) if path or _suffix else value


def _seed(kind, source):
    words = core.seed_sequence(_value(source), (NUMBERS[source],), 6)
    return words[_WORDS[kind]] | words[_WORDS[kind] + 1] << 32


def main_seed(name):
    """The seed of a global generator when `other` has a value of its own, else None."""
    return _seed({"numpy.global": "numpy", "torch.default": "torch"}.get(name, "python"), _OTHER) if _OTHER in _values else None


def own_value():
    """The value of the source whose code is running, when it has one of its own, else None."""
    return _values.get(_name) if get_ident() == _thread else None


def derived(name):
    """A seed for a generator that is made without one inside a source, else None."""
    if (_name == _OTHER and _OTHER not in _values) or get_ident() != _thread:
        return None
    return places.derived_from(_value(_name), "%s@%s" % (name, _name))


# ---- the generators ----


def _add(kind, functions):
    """A kind of generators has come, perhaps inside sources, and is seeded with its seed for `other`."""
    _kinds[kind] = functions
    _at[kind] = _OTHER
    for name, _, switched in _entered:
        switched.append((kind, name))
    if _name != _OTHER:
        _switch(kind, _name)


def _python(module):
    generator = module._inst
    return generator.getstate, generator.setstate, generator.seed


def _numpy(module):
    generator = module._rand
    return (
        lambda: generator.get_state(legacy=True),
        generator.set_state,
        lambda seed: generator.seed(seeding.words(seed)),
    )


def _torch(module):
    cpu = module.default_generator
    cuda = module.cuda

    def devices():
        return cuda.default_generators if cuda.is_initialized() else ()

    def save():
        return [generator.get_state() for generator in (cpu, *devices())]

    def load_states(states):
        for generator, state in zip((cpu, *devices()), states):
            generator.set_state(state)

    def seed(number):
        for generator in (cpu, *devices()):
            generator.manual_seed(number)

    return save, load_states, seed


def _switch(kind, source):
    save, load_state, seed = _kinds[kind]
    _states[kind, _at[kind]] = save()
    _at[kind] = source
    state = _states.pop((kind, source), None)
    if state is None:
        seed(_seed(kind, source))
    else:
        load_state(state)


def states():
    """(kind, source, state) of the streams that were entered and are not in the generators."""
    return [(kind, source, state) for (kind, source), state in _states.items()]


def is_at(kind):
    """The source whose stream the generators of this kind hold."""
    return _at.get(kind, _OTHER)


# ---- entering and leaving ----


def enter(source, kinds=ALL, explicit=False):
    """Code of this source begins; gives what leave() takes. An explicit block wins over code that we know, the inner one
    over the outer."""
    global _name, _is_explicit
    if (_is_explicit and not explicit) or _n_held or get_ident() != _thread:
        return None
    before = (_name, _is_explicit, [])
    _name, _is_explicit = source, _is_explicit or explicit
    for kind in kinds:
        if kind in _kinds and _at[kind] != source:
            before[2].append((kind, _at[kind]))
            _switch(kind, source)
    _entered.append(before)
    return before


def leave(before):
    global _name, _is_explicit
    if before is None:
        return
    while _entered and _entered.pop() is not before:  # a generator of the program that was left in the middle
        pass
    _name, _is_explicit, switched = before
    for kind, source in switched:
        if _at[kind] != source:
            _switch(kind, source)


def hold():
    """Nothing is switched until let_go(): code that restores states of generators itself."""
    global _n_held
    _n_held += get_ident() == _thread


def let_go():
    global _n_held
    _n_held -= get_ident() == _thread


def is_free():
    """No source is at work: code that belongs to one only then may have it."""
    return _name == _OTHER and not _is_explicit


# ---- wrapping ----


def wrapped(original, source, kinds=ALL, when=None):
    """A function in the place of `original` that is code of the source; `when(args, kwargs)` says of a call whether."""

    def function(*args, **kwargs):
        if when is not None and not when(args, kwargs):
            return original(*args, **kwargs)
        before = enter(source, kinds)
        try:
            return original(*args, **kwargs)
        finally:
            leave(before)

    return imports.like(original, function)


def wrap(owner, names, source, kinds=ALL, when=None):
    """wrapped(), for attributes of a module or a class that are its own."""
    for name in names:
        original = vars(owner).get(name)
        if callable(original):
            function = wrapped(original, source, kinds, when)
            if name == "__init__":
                imports.keep_signature(function)
            setattr(owner, name, function)


def wrap_iterator(owner, name, source, kinds=ALL, first_only=False):
    """The same for a method that gives an iterator, which draws when it is asked for the next thing."""
    original = vars(owner).get(name)
    if not callable(original):
        return

    def function(*args, **kwargs):
        before = enter(source, kinds)
        try:
            iterator = original(*args, **kwargs)
        finally:
            leave(before)
        return _Iterator(iterator, source, kinds, first_only) if hasattr(type(iterator), "__next__") else iterator

    setattr(owner, name, imports.like(original, function))


class _Iterator:
    def __init__(self, iterator, source, kinds, first_only):
        self._next = iterator.__next__
        self._source, self._kinds, self._first_only = source, kinds, first_only
        self._is_done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self._is_done:
            return self._next()
        before = enter(self._source, self._kinds)
        try:
            return self._next()
        finally:
            leave(before)
            self._is_done = self._first_only
