# seeding.py - gives every known generator that the program left unseeded a seed derived from the root seed.
# SPDX-License-Identifier: MIT
#
# docs/seeding.md says which generator gets what. Two kinds: the global generators of a library are seeded when the library
# has been imported (and again in a forked child, and for each task of a pool); generators made without a seed ask for
# one. The program's own seeding comes later than ours and wins.
import os
import sys

places = load("places")
imports = load("imports")

_globals = {}  # name -> function(seed) of the global generators of imported libraries
_calls = {}  # name -> text of the call that does the same
_is_from = {}  # name -> function(seed) -> bool, or None
_given = {}  # name -> seed that we gave last in this process
_pid = os.getpid()
_on = False
_only = ()
_program_seed = None  # what the program gave to oneseed.seed()
_python_global = None  # random._inst, once random has been imported
_numpy_random = None  # numpy.random.mtrand, once it has been imported
_reseeded_at_fork = True  # random reseeds itself after fork; False until it has
_fork_callbacks = []
own_seeds = None  # that part, when something that it looks at has been imported
_source_seed = _source_derived = source_task = None  # use_sources()


def install(the_core):
    global _only
    the_core = core
    _only = tuple(filter(None, (the_core.config("only") or "").split(",")))
    _update()
    core.set_after_fork(after_fork)
    # random's own class body is executed after _random's import and makes the global generator.
    imports.after("_random", lambda module: core.hook_random_seed(_python_seed))
    for name, function in _parts.items():
        imports.after(name, function)
    if core.config("own-seeds") is not None:
        for name in OWN:
            imports.after(name, _own(name))


def _later(part, function):
    """A callback that loads the file it is in only then: starting Python stays quick."""
    return lambda module: getattr(load(part), function)(module)


def _own(name):
    def imported(module):
        global own_seeds
        own_seeds = load("own_seeds")
        own_seeds.imported(name, module)

    return imported


def _update():
    """Reads what depends on the process: which control acts here, and where the process stands in the tree."""
    global _on, _pid
    _pid = os.getpid()
    control = "child-process" if core.is_child() else "unseeded-rng"
    _on = _program_seed is not None or (core.config("seed") is not None and core.listed("controls", control))
    places.update(int(core.config("seed") or 0) if _program_seed is None else _program_seed)


def active():
    """True when unseeded generators of this process get derived seeds."""
    return _on


def global_seed(name):
    """The seed that the global generator `name` starts with in this process."""
    seed = None if _source_seed is None else _source_seed(name)
    if seed is not None:
        return seed
    return places.root() if places.is_root() else places.derived(name, 0)


def task_seed(name):
    """The seed that it starts with in the task that this worker has entered."""
    seed = None if _source_seed is None else _source_seed(name)
    return places.derived(name, 0) if seed is None else seed


def add_global(name, call, seed, is_from=None):
    """Registers seed(value) of a global generator and calls it, if the control is on; `call` is how a program would write
    that. is_from(value) tells whether its state comes from that seed; without it, that is taken for granted."""
    _globals[name] = seed
    _calls[name] = call
    _is_from[name] = is_from
    if _on and name not in _only:
        give(name, global_seed(name))


def give(name, value, how="oneseed"):
    """Seeds the global generator `name`."""
    core.seeding_as(how)
    try:
        _globals[name](value)
    finally:
        core.seeding_as(None)
    _given[name] = value


def given(name):
    """The seed that we gave the global generator `name` last in this process, or None."""
    return _given.get(name)


def seeded_globals():
    """Names of the global generators that take part."""
    return [name for name in _globals if name not in _only]


def touched():
    """Names of the global generators that the program has seeded after us."""
    return [name for name, value in _given.items() if _is_from[name] and not _is_from[name](value)]


def unseeded(name):
    """A seed for a generator that is being made (or reseeded) without one; None: leave it to the OS."""
    if os.getpid() != _pid:
        after_fork()
    if not _on or (_only and _user_line() in _only):
        return None
    seed = None if _source_derived is None else _source_derived(name)
    return places.derived(name) if seed is None else seed


def use_sources(seed, derived, begin_task):
    """Sources of a scan (sources.py): seed(name) and derived(name) go before ours when they give one."""
    global _source_seed, _source_derived, source_task
    _source_seed, _source_derived, source_task = seed, derived, begin_task


def described():
    """(generator, the call that seeded it) of each global generator that we seeded in this process."""
    return [
        (name, "%s(%s)" % (_calls[name], words(value) if name == "numpy.global" else value))
        for name, value in _given.items()
    ]


def program(seed):
    """The program asks for this root seed from now on (oneseed.seed())."""
    global _program_seed
    _program_seed = seed
    _update()
    for name in _globals:
        give(name, global_seed(name), "program")


def after_fork():
    """In the child of a fork: the copies of the parent's global generators get streams of their own."""
    global _reseeded_at_fork
    if os.getpid() == _pid:
        return
    _update()
    _given.clear()
    _reseeded_at_fork = _python_global is None
    for callback in _fork_callbacks:
        guarded("after fork", callback)
    if _on:
        for name in seeded_globals():
            if name != "python.global":  # reseeds itself, through _python_seed()
                guarded(name, give, name, global_seed(name))


def at_fork(callback):
    """callback() in every forked child, before the global generators are seeded there."""
    _fork_callbacks.append(callback)


# ---- Python's random ----


def _python_seed(generator):
    """Asked by Random.seed() without a seed, for the seed to use (None: OS entropy)."""
    global _reseeded_at_fork
    if os.getpid() != _pid:
        after_fork()
    if not _on:
        return None
    if _python_global is None or (generator is _python_global and not _reseeded_at_fork):
        _reseeded_at_fork = True
        if "python.global" in _only:
            return None
        _given["python.global"] = value = global_seed("python.global")
        return value, "oneseed"
    if generator is _python_global:
        return places.derived("python.global", first=1)
    return unseeded("python.Random")


def _python(module):
    global _python_global
    _python_global = module._inst
    add_global("python.global", "random.seed", lambda value: _python_global.seed(value), _python_is_from)


_MAX_BLOCKS = 64  # of 624 words that a generator may have drawn and still be recognised


def python_generator(value):
    """A generator of its own after seed(value)."""
    generator = sys.modules["_random"].Random(0)
    generator.seed(value)  # before 3.10 the constructor hashes the tuple of its arguments
    return generator


def _python_is_from(value):
    state = _python_global.getstate()[1][:-1]
    probe = python_generator(value)
    for _ in range(_MAX_BLOCKS):
        if probe.getstate()[:-1] == state:
            return True
        probe.getrandbits(624 * 32)
    return False


# ---- NumPy ----


def _numpy_sequence(module):
    """SeedSequence(None), behind default_rng(), RandomState(), np.random.seed() and every bit generator, calls randbits."""
    randbits = module.randbits

    def seeded_randbits(n_bits):
        if _numpy_random is None:  # mtrand is being imported and makes the global generator, which is seeded below
            value = None
        else:
            value = unseeded("numpy.SeedSequence")
        if value is not None:
            if core.config("own-seeds") is not None:
                load("own_seeds").keep_entropy(value)
            return value
        core.entropy_owner("numpy.seed_sequence")
        try:
            return randbits(n_bits)
        finally:
            core.entropy_owner(None)

    module.randbits = seeded_randbits


def _numpy(module):
    global _numpy_random
    _numpy_random = module
    add_global(
        "numpy.global", "np.random.seed", lambda value: module._rand.seed(words(value)), _numpy_n_blocks
    )


def _numpy_key():
    return _numpy_random._rand.get_state()[1].tobytes()


def numpy_state():
    """A text for the state of NumPy's global generator, None when NumPy is not there."""
    return None if _numpy_random is None else "%016x" % (hash(_numpy_key()) & (1 << 64) - 1)


def _numpy_n_blocks(value):
    """1 + how many blocks of words NumPy's global generator has drawn since seed(value); 0: its state is not from there."""
    key = _numpy_key()
    bits = _numpy_random._MT19937()
    bits._legacy_seeding(words(value))
    for n_blocks in range(1, _MAX_BLOCKS + 1):
        if bits.state["state"]["key"].tobytes() == key:
            return n_blocks
        bits.random_raw(624, output=False)
    return 0


def numpy_drew():
    """True when NumPy's global generator has drawn from the seed that we gave it in this process."""
    value = _given.get("numpy.global")
    return value is not None and _numpy_n_blocks(value) > 1


def words(value):
    """What np.random.seed() takes for `value`: itself, or its two 32-bit words, low first, if it does not fit one."""
    return value if value < 2**32 else [value & 0xFFFFFFFF, value >> 32]


# ---- the option `only` ----

def _user_line():
    """`file:line` of the innermost frame that is not library code."""
    frame = sys._getframe(1)
    while frame is not None:
        if not core.is_library(frame.f_code):
            return "%s:%d" % (frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return ""


# Where a program gives seeds of its own (own_seeds.py).
OWN = (
    "_random",
    "numpy.random.bit_generator",
    "numpy.random._mt19937",
    "numpy.random.mtrand",
    "torch",
    "tensorflow",
    "jax.random",
    "cupy.random._generator",
    "keras.src.random.seed_generator",
    "keras.src.initializers.random_initializers",
)

# What is done when a module has been imported.
_parts = {
    "random": _python,
    "numpy.random.bit_generator": _numpy_sequence,
    "numpy.random.mtrand": _numpy,
    "torch": _later("seeding_torch", "torch"),
    "tensorflow": _later("seeding_others", "tensorflow"),
    "keras": _later("seeding_others", "keras"),
    "cupy.random._generator": _later("seeding_others", "cupy"),
    "gym.utils.seeding": _later("seeding_others", "gym"),
    "multiprocessing.process": _later("children", "process"),
    "multiprocessing.pool": _later("children", "pool"),
    "multiprocess.pool": _later("children", "pool"),
    "concurrent.futures.process": _later("children", "process_executor"),
    "joblib.externals.loky.process_executor": _later("children", "process_executor"),
    "loky.process_executor": _later("children", "process_executor"),
    "concurrent.futures.thread": _later("children", "thread_executor"),
    "joblib.parallel": _later("children", "joblib"),
}
