"""state.py - `oneseed state` against the live packages: any state into any form, which the package then goes on from; seeds; distances.

SPDX-License-Identifier: MIT
"""

import io
import json
import os
import pickle
import random
import subprocess
import sys

import frame
import numpy as np
import torch

TOOL = os.environ.get("ONESEED_TOOL") or os.path.join(frame.ROOT, "build", "oneseed")
BIT_GENERATORS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]


def tool(case, *arguments, content=b"", status=0):
    done = subprocess.run([TOOL, "state", *arguments], input=content, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != status:
        case.wrong("status %d instead of %d: %s" % (done.returncode, status, done.stderr.decode()))
    return done.stdout


def convert(case, content, form):
    return tool(case, "convert", "--to", form, "-", content=content)


def pickled(case, value):
    return pickle.dumps(value, case.random.randrange(6))


def listed(value):
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [listed(item) for item in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def any_form(case, value):
    """A file of the value: a pickle, JSON, or what Python prints."""
    return case.random.choice([pickled(case, value), json.dumps(listed(value)).encode(), repr(value).encode()])


def python_source(case):
    generator = random.Random(case.seed())
    for _ in range(case.random.randrange(3)):
        generator.gauss(0, 1)
    for _ in range(case.random.choice([0, 1, 623, 624, case.random.randrange(3000)])):
        generator.getrandbits(32)
    return generator


def blob_of(generator):
    return generator.get_state().numpy().tobytes()


def torch_of(blob):
    generator = torch.Generator()
    generator.set_state(torch.from_numpy(np.frombuffer(blob, np.uint8).copy()))
    return generator


def words_of_python(generator, n):
    return generator.getrandbits(32 * n).to_bytes(4 * n, "little")


def words_of_torch(generator, n):
    """Two words make an integer of 64 bits, the first the upper half."""
    out = torch.empty(n // 2, dtype=torch.int64).random_(-(2**63), None, generator=generator).numpy().view(np.uint32)
    return out.reshape(-1, 2)[:, ::-1].tobytes()


def words_of_numpy(bit_generator, n):
    return bit_generator.random_raw(n).astype(np.uint32).tobytes()


def python_to_python(row):
    for case in row.cases():
        source = python_source(case)
        content = any_form(case, source.getstate())
        if case.random.random() < 0.5:
            content = pickled(case, source)
        again = random.Random()
        again.setstate(pickle.loads(convert(case, content, "python")))
        case.same_state(again.getstate(), source.getstate())
        case.same(words_of_python(again, case.n), words_of_python(source, case.n), case.n, "words")


def python_to_numpy(row):
    for case in row.cases():
        source = python_source(case)
        again = np.random.RandomState()
        again.set_state(pickle.loads(convert(case, any_form(case, source.getstate()), "numpy")))
        values = np.array([source.random() for _ in range(case.n)])
        case.same(again.random_sample(case.n), values, case.n, "random()")
        case.same_state(listed(again.get_state())[1:3], [list(source.getstate()[1][:-1]), source.getstate()[1][-1]])


def python_to_torch(row):
    for case in row.cases():
        source, n = python_source(case), case.n // 2 * 2
        again = torch_of(convert(case, any_form(case, source.getstate()), "torch"))
        case.same(words_of_torch(again, n), words_of_python(source, n), n, "words")
        back = pickle.loads(convert(case, blob_of(again), "python"))
        case.same_state(back[1], source.getstate()[1])


def numpy_to_numpy(row):
    for case in row.cases():
        source = np.random.RandomState(case.random.getrandbits(32))
        source.standard_normal(case.random.randrange(2000))
        content = any_form(case, source.get_state(legacy=case.random.random() < 0.5))
        if case.random.random() < 0.3:
            content = pickled(case, source)
        again = np.random.RandomState()
        again.set_state(pickle.loads(convert(case, convert(case, content, "json"), "numpy")))
        case.same_state(listed(again.get_state()), listed(source.get_state()))
        case.same(again.standard_normal(case.n), source.standard_normal(case.n), case.n, "standard_normal()")


def generator_to_generator(row):
    for case in row.cases():
        kind = getattr(np.random, case.random.choice(BIT_GENERATORS))
        source = np.random.Generator(kind(case.seed()))
        source.integers(0, 1000, dtype=np.uint32, size=case.random.randrange(700))
        content = any_form(case, source.bit_generator.state)
        if case.random.random() < 0.3:
            content = pickled(case, case.random.choice([source, source.bit_generator]))
        again = np.random.Generator(kind())
        again.bit_generator.state = pickle.loads(convert(case, convert(case, content, "json"), "numpy-generator"))
        case.same_state(listed(again.bit_generator.state), listed(source.bit_generator.state))
        bound = np.uint32(2**32 - 1)
        case.same(again.integers(0, bound, dtype=np.uint32, size=case.n), source.integers(0, bound, dtype=np.uint32, size=case.n), case.n,
                  "integers()")


def torch_to_torch(row):
    for case in row.cases():
        source = torch.Generator()
        source.manual_seed(case.seed())
        torch.randn(case.random.randrange(16), generator=source)
        torch.rand(case.random.randrange(2000), generator=source)
        stream = io.BytesIO()
        torch.save(source.get_state(), stream, _use_new_zipfile_serialization=case.random.random() < 0.5)
        content = case.random.choice([blob_of(source), stream.getvalue(), pickled(case, source.get_state())])
        again = torch_of(convert(case, convert(case, content, "json"), "torch"))
        case.same_state(again.initial_seed(), source.initial_seed())
        got = [torch.randn(size, generator=again) for size in (7, case.n)]
        want = [torch.randn(size, generator=source) for size in (7, case.n)]
        case.same(torch.cat(got).numpy(), torch.cat(want).numpy(), case.n + 7, "randn()")


def torch_to_numpy(row):
    for case in row.cases():
        source, n = torch.Generator(), case.n // 2 * 2
        source.manual_seed(case.seed())
        torch.rand(case.random.randrange(2000), generator=source)
        again = np.random.MT19937()
        again.state = pickle.loads(convert(case, blob_of(source), "numpy-generator"))
        case.same(words_of_numpy(again, n), words_of_torch(source, n), n, "words")


def seeds(row):
    """The seed that show tells gives the state; the next values that it tells are drawn."""
    for case in row.cases(values=4 * row.options.cases):
        seed = case.random.choice([case.seed(), case.random.getrandbits(1 + case.random.randrange(15000)), "seed %d" % case.number])
        source, n_drawn = random.Random(seed), case.random.randrange(5000)
        for _ in range(n_drawn):
            source.getrandbits(32)
        document = json.loads(tool(case, "show", "--json", "-", content=pickled(case, source.getstate())))
        again = random.Random(eval(document["seed"][len("random.seed(") : -1]))
        for _ in range(int(document["words_drawn"])):
            again.getrandbits(32)
        case.same_state([again.getstate(), int(document["words_drawn"])], [source.getstate(), n_drawn])
        got = np.array([int(word) for word in document["next_words"]], np.uint32)
        case.same(got, words_of_python(source, 3), 3, "next_words")


def distances(row):
    folder = os.path.join(frame.ROOT, "build", "conformance-state-%d" % os.getpid())
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, name) for name in "ab"]
    for case in row.cases(values=row.options.cases):
        kind = getattr(np.random, case.random.choice(BIT_GENERATORS))
        generator, n = kind(case.seed()), case.random.choice([0, 1, 624, case.random.randrange(10**case.random.randrange(1, 7))])
        generator.random_raw(case.random.randrange(1000), output=False)
        begin = generator.state
        generator.random_raw(n, output=False)
        order = case.random.choice([1, -1])
        for path, state in zip(paths[::order], (begin, generator.state)):
            with open(path, "wb") as file:
                file.write(any_form(case, state))
        got = int(tool(case, "distance", *paths))
        case.same(np.array([got], np.int64), np.array([order * n], np.int64), 1, "distance")
    for path in paths:
        os.unlink(path)
    os.rmdir(folder)


FUNCTIONS = {
    "python to python": python_to_python,
    "python to numpy": python_to_numpy,
    "python to torch": python_to_torch,
    "numpy to numpy": numpy_to_numpy,
    "bit generator to bit generator": generator_to_generator,
    "torch to torch": torch_to_torch,
    "torch to numpy": torch_to_numpy,
    "seeds found": seeds,
    "distances": distances,
}

if __name__ == "__main__":
    versions = {"CPython": "%d.%d.%d" % sys.version_info[:3], "NumPy": np.__version__, "torch": torch.__version__.partition("+")[0]}
    frame.main("state", FUNCTIONS, versions)
