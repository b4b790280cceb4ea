# determinism.py - deterministic algorithms of PyTorch and TensorFlow, memory filling, NumPy's pinned CPU features.
# SPDX-License-Identifier: MIT
#
# Set at the moment the library has been imported, before any model exists. What the program sets itself later wins, but
# for cudnn.benchmark: it picks algorithms by their speed, so no other setting makes up for it.
import os
import sys

imports = load("imports")

done = []  # (library, what was set), for the report of oneseed.seed()


def install(the_core):
    op = the_core.listed("controls", "op")
    fill = the_core.listed("controls", "uninitialised-memory")
    if op or fill:
        imports.after("torch", lambda module: _torch(module, op, fill))
    if op:
        imports.after("torch.backends.cudnn", _cudnn)
        imports.after("torch._inductor.config", _inductor)
        imports.after("tensorflow", _tensorflow)
    if the_core.listed("controls", "cpu"):
        imports.before(("numpy._core._multiarray_umath", "numpy.core._multiarray_umath"), _pin_numpy)


# ---- PyTorch ----


def _torch(torch, op, fill):
    strict = core.config("strict") == "1"
    # Filling reaches CPU memory through the allocator's own setting; on a GPU only torch itself can do it, and it does so
    # only with deterministic algorithms on.
    on_gpu = fill and os.path.exists("/dev/nvidiactl")
    if op or on_gpu:
        # torch.use_deterministic_algorithms() without its import of the compiler's settings; see _inductor().
        torch._C._set_deterministic_algorithms(True, warn_only=not strict)
        deterministic = sys.modules.get("torch.utils.deterministic")
        if deterministic is not None:  # from 2.2
            deterministic.fill_uninitialized_memory = bool(on_gpu or fill)
        if not strict:
            _silence(sys.modules["warnings"])
        done.append(("torch", "deterministic algorithms" + ("" if strict else ", where there are any")))


def _silence(warnings):
    """One warning per operation that has no deterministic version: the program did not ask, so it should not see them."""
    for message in (
        r"[\s\S]* does not have a deterministic implementation, but you set",
        r"Deterministic behavior was enabled with either",
    ):
        warnings.filterwarnings("ignore", message=message, category=UserWarning)


def _cudnn(module):
    cudnn = sys.modules["torch.backends.cudnn"]  # an object that took the module's place
    cudnn.deterministic = True
    cudnn.benchmark = False
    benchmark = type(cudnn).__dict__.get("benchmark")
    setter = getattr(benchmark, "setter", None)
    if setter is None:
        return

    def set_benchmark(value):
        if value:
            core.note("info: torch.backends.cudnn.benchmark stays False: it picks algorithms by their speed")
        setter(False)

    benchmark.setter = set_benchmark


def _inductor(config):
    if hasattr(config, "deterministic"):
        config.deterministic = True


# ---- TensorFlow ----


def _tensorflow(tf):
    # With determinism on, TensorFlow raises for random operations without any seed.
    if load("seeding").active():
        tf.config.experimental.enable_op_determinism()
        done.append(("tensorflow", "deterministic operations"))
    else:
        core.note("tensorflow: deterministic operations need the control unseeded-rng too: left off")


# ---- NumPy's CPU features ----

_VARIABLE = "NPY_DISABLE_CPU_FEATURES"
_TEXT = b"not part of the dispatched optimizations\n("


def _pin_numpy(spec):
    """Before NumPy's core is executed, which reads the variable: all features that it chooses at run time are off.

    The variable must name only features that this build dispatches (a name of its baseline makes NumPy raise, once and
    for all), and their names are known outside of NumPy only as part of a message in its file."""
    if _VARIABLE in os.environ or "NPY_ENABLE_CPU_FEATURES" in os.environ:
        return None
    core.pause()
    try:
        with open(spec.origin, "rb") as file:
            names = file.read().partition(_TEXT)[2].partition(b")")[0]
    finally:
        core.resume()
    if not names or len(names) > 500:
        core.note("NumPy's dispatched CPU features could not be found: not pinned")
        return None
    import warnings

    os.environ[_VARIABLE] = names.decode("ascii")
    keep = warnings.catch_warnings()
    keep.__enter__()
    warnings.simplefilter("ignore", ImportWarning)  # one for the features that this machine lacks anyway

    def afterwards():
        keep.__exit__(None, None, None)
        os.environ.pop(_VARIABLE, None)

    return afterwards
