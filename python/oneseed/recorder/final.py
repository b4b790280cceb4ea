# final.py - the states of the global generators at the end of a run: one line each, name and digest.
# SPDX-License-Identifier: MIT
#
# A generator has a line when its state is not the one that we seeded it with. Written by the Python process that has the
# root seed, after the program's own atexit functions; none when it ends without those (os._exit, a signal). The digests are
# XXH3 (128 bits) of the bytes below, all integers least significant byte first.
import os
import sys

seeding = load("seeding")

_pid = None
_folder = ""  # where the program began


def install(the_core):
    """First of all that registers with atexit, so called last."""
    global _pid, _folder
    import atexit

    _pid, _folder = os.getpid(), os.getcwd()
    atexit.register(guarded, "final", _write)


def is_run():
    """In the fork that is a run."""
    global _pid, _folder
    _pid, _folder = os.getpid(), os.getcwd()


def _write():
    path = core.config("final")
    if path is None or os.getpid() != _pid or core.seed_path():
        return
    core.pause()
    try:
        lines = ["%s %s\n" % (name, core.digest_bytes(state)) for name, state in used()]
        if seeding.own_seeds is not None:
            lines += ["# %s %s\n" % (seed, place) for place, seed in seeding.own_seeds.noted()]
        if core.config("imports") is not None:  # it looks at every module, which in a fork of a warm process costs
            lines += ["@ %s\n" % name for name in _own_files()]
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        try:
            os.write(file, "".join(lines).encode("utf-8", "surrogateescape"))
        finally:
            os.close(file)
    finally:
        core.resume()


def _own_files():
    """Files of the modules that are there and belong to no installed package, nor to Python."""
    places = ("/site-packages/", "/dist-packages/")
    kept = (os.path.dirname(os.__file__) + "/", os.path.dirname(os.path.dirname(os.path.dirname(__file__))) + "/")
    for module in list(sys.modules.values()):
        try:
            names = object.__getattribute__(module, "__dict__")  # a lazy module must not wake up
            name = names.get("__file__") or names["__loader__"].path  # the main module's name is gone when Python ends
        except (AttributeError, KeyError, TypeError):
            continue
        if isinstance(name, str) and "\n" not in name and not name.startswith(kept) and not any(place in name for place in places):
            yield os.path.join(_folder, name)


def used():
    """(name, bytes of the state) of the global generators that are not as we seeded them."""
    for name, (module, read, fresh) in _generators.items():
        module = sys.modules.get(module)
        if module is not None:
            for state_name, state in read(module):
                seed = seeding.given("torch.default" if name == "torch.cuda" else name)
                if seed is None or state != fresh(module, seed):
                    yield (state_name or name), state
    if core.config("sources") is not None:
        for kind, source, state in load("sources").states():
            if source != "other":
                for name, state_bytes in _of_source[kind](state):
                    yield "%s@%s" % (name, source), state_bytes


# ---- Python, NumPy ----


def _python_bytes(words, gauss):
    return b"".join(word.to_bytes(4, "little") for word in words) + repr(gauss).encode()


def _python(module):
    yield None, _python_bytes(*module._inst.getstate()[1:])


def _python_fresh(module, seed):
    return _python_bytes(seeding.python_generator(seed).getstate(), None)


def _numpy_bytes(state):
    return state[1].tobytes() + repr((int(state[2]), int(state[3]), float(state[4]))).encode()


def _numpy(module):
    yield None, _numpy_bytes(module._rand.get_state())


def _numpy_fresh(module, seed):
    bits = module._MT19937(0)
    bits._legacy_seeding(seeding.words(seed))
    state = bits.state["state"]
    return _numpy_bytes((None, state["key"], state["pos"], 0, 0.0))


# ---- PyTorch ----


def _tensor_bytes(state):
    return bytes(state.tolist())


def _torch(module):
    yield None, _tensor_bytes(module.default_generator.get_state())


def _torch_fresh(module, seed):
    generator = module.Generator()
    generator.manual_seed(seed)
    return _tensor_bytes(generator.get_state())


def _cuda(module):
    if module.is_initialized():
        for index, generator in enumerate(module.default_generators):
            yield "torch.cuda:%d" % index, _tensor_bytes(generator.get_state())


def _cuda_fresh(module, seed):
    generator = sys.modules["torch"].Generator("cuda")
    generator.manual_seed(seed)
    return _tensor_bytes(generator.get_state())


# ---- TensorFlow, Keras ----


def _tensorflow(module):
    context = module._context
    generator = getattr(context, "_rng", None)
    state = b"" if generator is None else _python_bytes(*generator.getstate()[1:])
    yield None, repr(getattr(context, "_seed", None)).encode() + state


def _tensorflow_fresh(module, seed):
    return repr(seed).encode() + _python_fresh(sys.modules["random"], seed)


def _keras(module):
    get = module.get_global_attribute
    generator = get("global_seed_generator")
    state = "" if generator is None else repr(generator.state.numpy().tolist())
    yield None, ("%r %s" % (get("global_random_seed"), state)).encode()


def _keras_fresh(module, seed):
    return ("%r " % seed).encode()


# name -> (module, its states, the state that a seed gives)
_generators = {
    "python.global": ("random", _python, _python_fresh),
    "numpy.global": ("numpy.random.mtrand", _numpy, _numpy_fresh),
    "torch.default": ("torch", _torch, _torch_fresh),
    "torch.cuda": ("torch.cuda", _cuda, _cuda_fresh),
    "tensorflow.global": ("tensorflow.python.eager.context", _tensorflow, _tensorflow_fresh),
    "keras.global": ("keras.src.backend.common.global_state", _keras, _keras_fresh),
}

_of_source = {
    "python": lambda state: [("python.global", _python_bytes(*state[1:]))],
    "numpy": lambda state: [("numpy.global", _numpy_bytes(state))],
    "torch": lambda states: [
        ("torch.cuda:%d" % (index - 1) if index else "torch.default", _tensor_bytes(state)) for index, state in enumerate(states)
    ],
}
