"""pennylane - PennyLane's seeds and shots of liboneseed beside PennyLane's own devices.

The comparison runs in the environment of the frameworks (scripts/setup oracles makes it). Circuits prepare a random state; the
probabilities come from the same device without shots.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [HERE] + [path for path in sys.path if os.path.abspath(path or ".") != HERE]
import frame  # noqa: E402  the folder has a file pennylane.py: only frame is taken from it

sys.path.remove(HERE)

lib = frame.library()
U32, U64, I64, F64 = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_int64, ctypes.c_double
for name in ("global_seed", "lightning_global_seed"):
    getattr(lib, "oneseed_pennylane_" + name).restype = I64
lib.oneseed_pennylane_lightning_seed.restype = U32
PCG64 = 1


class Key(ctypes.Structure):
    """oneseed_jax_key"""

    _fields_ = [("words", U32 * 4), ("impl", U32), ("is_original", U32), ("has_x64", U32), ("version", U32), ("room", U32 * 4)]


def generator(seed):
    """default_rng(seed) of 32 bits or more."""
    state = ctypes.create_string_buffer(4096)
    words = [seed >> 32 * k & 0xFFFFFFFF for k in range(max(1, (seed.bit_length() + 31) // 32))]
    lib.oneseed_numpy_seed(state, PCG64, (U32 * len(words))(*words), ctypes.c_size_t(len(words)), None, ctypes.c_size_t(0))
    return state


def global_generator(seed):
    """np.random.seed(seed), on both sides."""
    import numpy as np

    np.random.seed(seed)
    state = ctypes.create_string_buffer(4096)
    lib.oneseed_numpy_legacy_seed(state, U32(seed))
    return state


def state_of(case, n_wires):
    """The amplitudes of a state, with zeros among them."""
    import numpy as np

    random = np.random.default_rng(case.number)
    amplitudes = random.normal(size=2**n_wires) + 1j * random.normal(size=2**n_wires)
    if case.random.randrange(3) == 0:
        amplitudes[random.random(2**n_wires) < 0.7] = 0
        amplitudes[0] = 1
    return amplitudes / np.linalg.norm(amplitudes)


def probabilities(kind, amplitudes, n_wires, **device):
    """What the device has without shots, as doubles."""
    import numpy as np
    import pennylane as qml

    @qml.qnode(qml.device(kind, wires=n_wires, **device))
    def circuit():
        qml.StatePrep(amplitudes, wires=range(n_wires))
        return qml.probs(wires=range(n_wires))

    return np.asarray(circuit(), dtype=np.float64)


def sampled(device, amplitudes, n_wires, shots, groups=1):
    """The bits of an execution; with more groups, of measurements that do not commute."""
    import numpy as np
    import pennylane as qml

    @qml.set_shots(shots)
    @qml.qnode(device)
    def circuit():
        qml.StatePrep(amplitudes, wires=range(n_wires))
        return qml.sample(wires=range(n_wires))

    return np.asarray(circuit()).reshape(shots, n_wires).astype(np.int64)


def bits(states, n_wires):
    out = (I64 * (len(states) * n_wires))()
    lib.oneseed_pennylane_bits(states, ctypes.c_size_t(len(states)), ctypes.c_size_t(n_wires), out)
    return out


def ours_sampled(case, state, p, shots):
    out = (I64 * shots)()
    n = ctypes.c_size_t(len(p))
    if lib.oneseed_pennylane_sample_fill(state, (F64 * len(p))(*p), n, (F64 * (2 * len(p)))(), out, ctypes.c_size_t(shots)):
        case.wrong("refused")
    return out


def compare_seeds(row):
    """seed="global" of both devices, an integer, the seeds of workers."""
    import numpy as np
    import pennylane as qml

    for case in row.cases(values=10000 if row.options.short else 1000000):
        seed = case.random.getrandbits(32)
        state = global_generator(seed)
        for kind, ours in (("default.qubit", lib.oneseed_pennylane_global_seed), ("lightning.qubit", lib.oneseed_pennylane_lightning_global_seed)):
            n = case.random.randrange(1, 4)
            for _ in range(n):
                device = qml.device(kind, wires=1)
                mine = generator(ours(state))
                want = device._rng.integers(2**31 - 1, size=case.n)
                got = (I64 * case.n)()
                lib.oneseed_pennylane_worker_seeds(mine, got, ctypes.c_size_t(case.n))
                case.same(got, want.astype(np.int64).tobytes(), case.n, "%s after np.random.seed(%d)" % (kind, seed))
        device = qml.device("default.qubit", wires=1, seed=seed)
        mine = generator(seed)
        for _ in range(3):
            device._rng = np.random.default_rng(device._rng.integers(2**31 - 1))  # as after workers
            lib.oneseed_pennylane_renew(mine)
        got = (I64 * case.n)()
        lib.oneseed_pennylane_worker_seeds(mine, got, ctypes.c_size_t(case.n))
        case.same(got, device._rng.integers(2**31 - 1, size=case.n).astype(np.int64).tobytes(), case.n, "renewed")


def compare_samples(row):
    """default.qubit with integer seeds: executions one after the other."""
    import pennylane as qml

    for case in row.cases(factor=0.5 if row.options.short else 1.0):
        n_wires, shots = case.random.choice((1, 2, 3, 5, 8)), max(1, case.n // 3)
        seed = case.seed()
        amplitudes = state_of(case, n_wires)
        p = probabilities("default.qubit", amplitudes, n_wires)
        device, mine = qml.device("default.qubit", wires=n_wires, seed=seed), generator(seed)
        while row.values < (case.number + 1) * case.n:
            want = sampled(device, amplitudes, n_wires, shots)
            got = bits(ours_sampled(case, mine, p, shots), n_wires)
            case.same(got, want.tobytes(), want.size, "seed %d, %d wires, %d shots" % (seed, n_wires, shots))


def compare_given(row):
    """_sample_probs of given probabilities, and its refusal."""
    import numpy as np
    from pennylane.devices.qubit.sampling import sample_probs

    for case in row.cases(values=None if row.options.short else 1600000):  # a third are refusals
        n_wires, seed = case.random.randrange(1, 9), case.seed()
        random = np.random.default_rng(case.number)
        p = random.random(2**n_wires) ** case.random.choice((1, 8))
        p /= p.sum()
        p[0] += case.random.choice((0, 1e-7, 1e-5))
        shots = max(1, case.n // n_wires)
        n = ctypes.c_size_t(len(p))
        out = (I64 * shots)()
        status = lib.oneseed_pennylane_sample_fill(
            generator(seed), (F64 * len(p))(*p), n, (F64 * (2 * len(p)))(), out, ctypes.c_size_t(shots)
        )
        try:
            want = sample_probs(p, shots, n_wires, False, np.random.default_rng(seed))
        except ValueError:
            case.same(bool(status).to_bytes(1, "little"), b"\1", 1, "a sum that is refused")
            continue
        case.same(bytes(bool(status)) + bytes(bits(out, n_wires)), want.tobytes(), want.size, "seed %d, %d wires" % (seed, n_wires))


def compare_keys(row):
    """default.qubit with a key of JAX's: executions begin anew, groups of measurements go on."""
    import jax
    import numpy as np
    import pennylane as qml

    for case in row.cases(factor=0.1 if row.options.short else 1.0):
        x64, original = case.random.randrange(2), case.random.randrange(2)
        jax.config.update("jax_enable_x64", bool(x64))
        jax.config.update("jax_threefry_partitionable", not original)
        n_wires = 2 if row.options.short else case.random.choice((1, 2, 4))
        shots, seed = 1000 if row.options.short else case.random.choice((10, 1000)), case.random.getrandbits(31)
        amplitudes = state_of(case, n_wires)
        p = probabilities("default.qubit", amplitudes, n_wires)
        device = qml.device("default.qubit", wires=n_wires, seed=jax.random.PRNGKey(seed))
        while True:
            key, measured = Key(is_original=original, has_x64=x64), Key()
            lib.oneseed_jax_key_seed(ctypes.byref(key), I64(seed))
            lib.oneseed_pennylane_circuit_key(ctypes.byref(key), ctypes.byref(measured))

            @qml.set_shots(shots)
            @qml.qnode(device)
            def circuit():
                qml.StatePrep(amplitudes, wires=range(n_wires))
                return qml.sample(wires=range(n_wires)), qml.sample(qml.Hadamard(0))  # two groups

            want = np.asarray(circuit()[0]).reshape(shots, n_wires).astype(np.int64)
            out = (U32 * shots)()
            if lib.oneseed_pennylane_sample_key_fill(
                ctypes.byref(measured), (F64 * len(p))(*p), ctypes.c_size_t(len(p)), (F64 * len(p))(), out, ctypes.c_size_t(shots)
            ):
                case.wrong("refused")
            got = bits((I64 * shots)(*out), n_wires)
            case.same(got, want.tobytes(), want.size, "key %d, %d wires, %d shots, x64=%d" % (seed, n_wires, shots, x64))
            if row.values >= (case.number + 1) * case.n:
                break


def compare_lightning(row):
    """lightning.qubit: executions one after the other, analytic ones between them."""
    import numpy as np
    import pennylane as qml

    for case in row.cases(factor=0.5 if row.options.short else 1.0):
        n_wires, shots, seed = case.random.choice((1, 2, 3, 5, 8)), max(1, case.n // 3), case.seed()
        is_complex64 = case.random.randrange(2)
        precision = {"c_dtype": np.complex64 if is_complex64 else np.complex128}
        amplitudes = state_of(case, n_wires)
        p = probabilities("lightning.qubit", amplitudes, n_wires, **precision)
        device, mine = qml.device("lightning.qubit", wires=n_wires, seed=seed, **precision), generator(seed)
        while row.values < (case.number + 1) * case.n:
            want = sampled(device, amplitudes, n_wires, shots)
            out = (I64 * shots)()
            lib.oneseed_pennylane_lightning_sample_fill(
                U32(lib.oneseed_pennylane_lightning_seed(mine)), is_complex64, (F64 * len(p))(*p), ctypes.c_size_t(len(p)),
                (U64 * (3 * len(p)))(), out, ctypes.c_size_t(shots),
            )
            case.same(bits(out, n_wires), want.tobytes(), want.size, "seed %d, %d wires, %d shots" % (seed, n_wires, shots))


FUNCTIONS = {
    "seeds of devices": compare_seeds,
    "default.qubit, given probabilities": compare_given,
    "default.qubit, integer seeds": compare_samples,
    "default.qubit, JAX's keys": compare_keys,
    "lightning.qubit": compare_lightning,
}


def pythons():
    given = os.environ.get("ONESEED_PENNYLANE_PYTHONS")
    return given.split(os.pathsep) if given else [os.path.join(frame.ROOT, ".venv-frameworks", "bin", "python")]


def main():
    found = frame.options()
    if not found.worker:
        n_wrong = 0
        for path in pythons():
            try:
                n_wrong += subprocess.run([path, os.path.abspath(__file__), "--worker", *sys.argv[1:]]).returncode != 0
            except OSError as error:
                n_wrong += 1
                print("oneseed: %s: %s: make it with scripts/setup" % (path, error.strerror), file=sys.stderr)
        sys.exit(1 if n_wrong else 0)
    os.environ["JAX_PLATFORMS"] = "cpu"
    import warnings

    warnings.simplefilter("ignore")
    import pennylane

    sys.exit(1 if frame.compare("pennylane", FUNCTIONS, {"PennyLane": pennylane.__version__}, found) else 0)


if __name__ == "__main__":
    main()
