# test_lines_trace.py - the line where two runs part is found by value, in every interpreter that is here.
# SPDX-License-Identifier: MIT
import subprocess
import sys
import textwrap
import time

import pytest
from lines_support import events_of, first_difference, ids, place, python_of, record, trace_lines

# name: (script, the line with the mark `# <-`)
PLANTED = {
    "set into a list": """
        labels = ["cat", "dog", "bird", "fish", "cow", "hen"]
        unique = set(labels)
        n = len(unique)
        order = list(unique)  # <-
        print(order)
    """,
    "set into a dict, in a function": """
        def load(labels):
            labels = [str(x) for x in labels]
            classes = {name: i for i, name in enumerate(set(labels))}  # <-
            return classes

        table = load("abcdefgh")
        print(table)
    """,
    "walking a set": """
        seen = {"cat", "dog", "bird", "fish", "cow", "hen"}
        total = 0
        for name in seen:  # <-
            total = total * 31 + len(name) * ord(name[0])
        print(total)
    """,
    "hash of a text": """
        names = ["cat", "dog"]
        seed = 1
        seed = hash(names[0]) % 1000003  # <-
        print(seed)
    """,
    "hash of an object": """
        class Node:
            def __init__(self, name):
                self.name = name

        nodes = [Node(n) for n in "abcdefghijklmnop"]
        print(len(nodes))
        nodes.sort(key=lambda node: hash(node) ** 2 % 1009)  # <-
        print([n.name for n in nodes])
    """,
    "identity": """
        thing = object()
        found = {}
        found["x"] = id(thing)  # <-
        print(found)
    """,
    "time": """
        import time
        class Model:
            def __init__(self):
                self.weight = 1.0
                self.seen = 0

            def step(self, x):
                self.seen += 1
                self.weight += x * time.time()  # <-
                return self.weight

        model = Model()
        for i in range(3):
            model.step(i + 1)
        print(model.weight)
    """,
    "a random number in a generator": """
        import random

        def batches(n):
            for i in range(n):
                noise = random.random()  # <-
                yield i + noise

        random.seed(1)
        first = random.random()
        random.seed(None)
        total = sum(batches(5))
        print(total)
    """,
    "a change in place": """
        import os

        def fill(buffer):
            buffer[2] = os.urandom(1)[0] ^ buffer[3]  # <-

        data = bytearray(10)
        view = memoryview(data)
        fill(data)
        print(bytes(data))
    """,
    "in a class body": """
        import time
        class Settings:
            depth = 3
            start = time.perf_counter_ns()  # <-
            width = 4
        print(Settings.start)
    """,
    "an attribute deep down": """
        import types, uuid
        config = types.SimpleNamespace(run=types.SimpleNamespace(name="a", k=1))
        config.run.k += 1
        config.run.name = str(uuid.uuid4())  # <-
        print(config.run.name, config.run.k)
    """,
    "a closure": """
        import time
        def counter():
            total = 0
            def add(x):
                nonlocal total
                total += x
                total += time.time_ns() % 1000003  # <-
                return total
            return add
        add = counter()
        for i in range(3):
            add(i)
        print(add(0))
    """,
    "a global": """
        import os
        token = None
        def login():
            global token
            token = os.urandom(4)  # <-
        login()
        print(token)
    """,
    "an exception": """
        import time
        def fail():
            raise ValueError("at %d" % time.time_ns())  # <-
        try:
            fail()
        except ValueError as error:
            text = str(error)
        print(text)
    """,
    "a thread": """
        import threading, time
        results = []
        def work():
            k = 3
            stamp = time.time_ns()  # <-
            results.append(stamp)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        print(results)
    """,
    "a statement of several lines": """
        import time
        a = 1
        made = dict(  # <- 1
            a=a,
            b=time.time_ns(),
        )
        print(made)
    """,
    "a lambda": """
        words = ["cat", "dog", "bird", "fish"]
        words.sort(key=lambda w: hash(w))  # <-
        print(words)
    """,
    "unpacking": """
        import time
        pair = (1, 2)
        (a, b), c = pair, time.time_ns()  # <-
        print(a, b, c)
    """,
    "with": """
        import tempfile
        name = "x"
        with tempfile.TemporaryDirectory() as folder:  # <-
            name = folder + "/y"
        print(name)
    """,
    "walrus": """
        import time
        if (now := time.time_ns()) > 5:  # <-
            print(now)
    """,
    "an async function": """
        import asyncio, time
        async def read(x):
            await asyncio.sleep(0)
            stamp = x + time.time_ns()  # <-
            return stamp
        async def main():
            a = await read(1)
            return a
        print(asyncio.run(main()))
    """,
}

WITH_NUMPY = {
    "an array in place": """
        import time
        import numpy as np
        data = np.arange(100000, dtype=float)
        data[5] = 1.0
        data[500] = time.time()  # <-
        print(data.sum())
    """,
    "a generator without a seed": """
        import numpy as np
        labels = np.arange(10)
        order = np.random.default_rng()  # <-
        order.shuffle(labels)
        print(labels)
    """,
    "a shuffle of a private generator": """
        import numpy as np
        np.random.seed(1)
        labels = np.random.permutation(50)
        np.random.seed()  # the state of a module is not followed ...
        np.random.shuffle(labels)  # <-
        print(labels)
    """,
    "memory that nobody wrote": """
        import numpy as np, os
        junk = [np.frombuffer(os.urandom(8 * 37), dtype="i8").copy() for _ in range(200)]  # <-
        del junk
        fresh = np.empty(37, "i8")
        print(fresh.sum())
    """,
}


def _marked(script):
    lines = textwrap.dedent(script).lstrip("\n").splitlines()
    (at,) = [i for i, text in enumerate(lines) if "# <-" in text]
    after = lines[at].partition("# <-")[2].strip()
    return range(at + 1, at + 2 + int(after or 0) * 2)


def _pair(version_path, script, tmp_path, **keys):
    path = tmp_path / "train.py"
    path.write_text(textwrap.dedent(script).lstrip("\n"))
    out_one, one, _ = trace_lines(version_path, path, tmp_path, "one", hash_seed=1, **keys)
    out_other, other, _ = trace_lines(version_path, path, tmp_path, "other", hash_seed=2, **keys)
    return (out_one, one), (out_other, other)


def _named(python, script, tmp_path):
    (out_one, one), (out_other, other) = _pair(python, script, tmp_path)
    assert out_one != out_other
    found = first_difference(one, other)
    assert found, "no line whose inputs agree and whose result differs"
    return place(found)


@pytest.mark.parametrize("name", sorted(PLANTED))
@pytest.mark.parametrize("version", ids())
def test_the_line_is_named(version, name, tmp_path):
    file, line, _ = _named(python_of(version), PLANTED[name], tmp_path)
    assert (file, line in _marked(PLANTED[name])) == ("train.py", True), line


@pytest.mark.parametrize("name", sorted(WITH_NUMPY))
def test_the_line_is_named_with_numpy(name, tmp_path):
    file, line, _ = _named(sys.executable, WITH_NUMPY[name], tmp_path)
    assert (file, line in _marked(WITH_NUMPY[name])) == ("train.py", True), line


@pytest.mark.parametrize("version", ids())
def test_a_module_of_the_user_beside_the_script(version, tmp_path):
    (tmp_path / "helper.py").write_text("import time\n\ndef stamp(x):\n    y = x + 1\n    return y * time.time_ns()\n")
    file, line, function = _named(python_of(version), "import helper\nz = helper.stamp(3)\nprint(z)\n", tmp_path)
    assert (file, line, function) == ("helper.py", 5, "stamp")


EVERYTHING = """
import sys, threading, weakref, gc
class Node:
    count = 0
    __slots__ = ("value", "next", "__weakref__")
    def __init__(self, value, next=None):
        self.value, self.next = value, next
        Node.count += 1
    def __del__(self):
        deaths.append(self.value)
    def __repr__(self):
        raise SystemExit("repr")
deaths = []
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)
def numbers():
    try:
        got = yield 1
        print("got", got)
        yield from (i * i for i in range(3))
    finally:
        print("closed")
def drop():
    a = Node(1)
    r = weakref.ref(a)
    a = Node(2, a)
    b = a.next
    del a
    print(r() is b, sys.getrefcount(b), deaths)
    b = None
    print(r(), deaths)
    return [x for x in deaths if x]
def closures():
    cells = []
    for i in range(3):
        def inner(k=i):
            nonlocal i
            i += k
            return i
        cells.append(inner)
    return [c() for c in cells], i
def catches():
    try:
        try:
            {}["a"]
        except KeyError as e:
            raise ValueError("b") from e
        finally:
            print("finally")
    except ValueError as e:
        return repr(e), repr(e.__cause__), e.__traceback__.tb_lineno
print(fib(12), deep(500), drop(), closures(), catches())
g = numbers(); print(next(g), g.send(5), next(g)); g.close()
try:
    deep(10 ** 6)
except RecursionError as e:
    print(type(e))
print(Node.count, [a for a in range(3) for b in "xy"], {k: v for k, v in zip("ab", "cd")})
shared = []
def work(k):
    for i in range(200):
        shared.append(k)
threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
print(sorted(shared) == sorted(list(range(4)) * 200))
match = [*range(3)]
first, *rest = match
print(first, rest, f"{first!r:>4}", (lambda q: q + 1)(3), sys.gettrace())
class Meta(type):
    def __prepare__(name, bases): return {"made": 1}
class WithMeta(metaclass=Meta):
    y = 2
print(WithMeta.made, WithMeta.y)
exec("z = 3\\nprint(z)", {"__name__": "x"})
def frames():
    f = sys._getframe()
    n = 5
    return sorted(f.f_locals), f.f_lineno - f.f_code.co_firstlineno
print(frames())
"""


@pytest.mark.parametrize("version", ids())
def test_the_program_does_not_notice(version, tmp_path):
    path = tmp_path / "train.py"
    path.write_text(EVERYTHING)
    bare = subprocess.run([python_of(version), str(path)], capture_output=True, text=True, cwd=tmp_path)
    assert bare.returncode == 0, bare.stderr
    stdout, lanes, stderr = trace_lines(python_of(version), path, tmp_path, "one")
    assert stdout == bare.stdout and stderr == bare.stderr
    assert len(lanes["0"]) > 1000 and len(lanes) == 5


@pytest.mark.parametrize("version", ids())
def test_an_uncaught_exception_looks_the_same(version, tmp_path):
    path = tmp_path / "train.py"
    path.write_text(
        "import sys\ndef f(x):\n    y = 1 / x\n    return y\ntry:\n    f(0)\nfinally:\n    sys.stderr.write('x')\n"
    )
    bare = subprocess.run([python_of(version), str(path)], capture_output=True, text=True, cwd=tmp_path)
    with pytest.raises(AssertionError) as failed:
        trace_lines(python_of(version), path, tmp_path, "one")
    assert bare.returncode == 1 and bare.stderr in str(failed.value)
    sites = [place(e)[1] for e in events_of(tmp_path / "one" / "trace")["0"]]
    assert sites[:3] == [1, 2, 5] and 3 in sites


@pytest.mark.parametrize("version", ids())
def test_repeats_are_equal(version, tmp_path):
    script = EVERYTHING.replace("RecursionError as e:\n    print(type(e))", "RecursionError as e:\n    del e")
    (_, one), (_, other) = _pair(python_of(version), script, tmp_path)
    assert set(one) == set(other)
    for lane in one:
        if lane == "0":  # the order of the threads' appends is a race, which the main thread sees
            continue
        assert [e["site"] for e in one[lane]] == [e["site"] for e in other[lane]]
    upto = min(i for i, e in enumerate(one["0"]) if "shared" in (e["name"] or ""))
    assert upto > 1000
    assert one["0"][:upto] == other["0"][:upto]


@pytest.mark.parametrize("version", ids())
def test_the_programs_own_trace_function_wins(version, tmp_path):
    path = tmp_path / "train.py"
    path.write_text(
        "import sys\nseen = []\ndef trace(frame, event, arg):\n    seen.append(event)\n    return trace\n"
        "def f():\n    a = 1\n    return a\n"
        "sys.settrace(trace)\nf()\nsys.settrace(None)\nprint(seen, sys.gettrace())\n"
    )
    bare = subprocess.run([python_of(version), str(path)], capture_output=True, text=True)
    stdout, lanes, stderr = trace_lines(python_of(version), path, tmp_path, "one")
    assert stdout == bare.stdout
    notes = (tmp_path / "one" / "session").rglob("*")
    told = any("trace function" in p.read_text(errors="replace") for p in notes if p.is_file())
    assert told == (tuple(map(int, version.split("."))) < (3, 12))


@pytest.mark.parametrize("version", ids())
def test_window_of_events(version, tmp_path):
    path = tmp_path / "train.py"
    path.write_text("for i in range(1000):\n    a = i\nopen(__file__).read()\nfor i in range(1000):\n    b = i\n")
    _, lanes, _ = trace_lines(python_of(version), path, tmp_path, "max", lines_max=100)
    assert len(lanes["0"]) == 100
    _, lanes, _ = trace_lines(python_of(version), path, tmp_path, "none", lines_from=10**9)
    assert lanes == {}
    others = events_of(tmp_path / "none" / "trace", None)["0"]
    opened = max(i for i, e in enumerate(others) if e["kind"] == "file" and e["name"] == str(path))
    _, lanes, _ = trace_lines(python_of(version), path, tmp_path, "from", lines_from=opened + 1)
    assert [place(e)[1] for e in lanes["0"][:3]] == [4, 5, 4]
    assert 2000 <= len(lanes["0"]) <= 2002


@pytest.mark.parametrize("version", ids())
def test_a_million_simple_lines(version, tmp_path):
    path = tmp_path / "train.py"
    path.write_text("def f(n):\n    t = 0\n    for i in range(n):\n        t = t + i\n    return t\nprint(f(500000))\n")
    seconds = {}
    for name, lines_max in (("not followed", 0), ("followed", 10**7)):
        start = time.perf_counter()
        record(python_of(version), path, tmp_path, name, lines_max=lines_max)
        seconds[name] = time.perf_counter() - start
    print("Python %s: 10^6 lines: %s" % (version, {name: round(s, 2) for name, s in seconds.items()}))
    assert seconds["followed"] < 15  # about 2 s; the bound is for busy machines


@pytest.mark.parametrize("version", ids())
def test_users_code_under_a_library_that_is_being_imported(version, tmp_path):
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "plugins.py").write_text("import mine\ndef call(f):\n    return f(2)\nx = mine.g(1)\n")
    (tmp_path / "mine.py").write_text("def g(a):\n    b = a + 1\n    return b\n")
    path = tmp_path / "train.py"
    path.write_text(
        "import sys\nsys.path.append('site-packages')\nimport plugins\n"
        "y = plugins.call(lambda z: z + 1)\nprint(y)\n"
    )
    _, lanes, _ = trace_lines(python_of(version), path, tmp_path, "one")
    places = [place(e)[:2] for e in lanes["0"]]
    assert ("mine.py", 1) in places and places.count(("train.py", 4)) == 2 and ("train.py", 5) in places
    assert not [p for p in places if p[0] == "plugins.py"]


def test_a_fork_goes_on_in_its_own_lane(tmp_path):
    path = tmp_path / "train.py"
    path.write_text(
        "import os\na = 1\npid = os.fork()\n"
        "if pid == 0:\n    b = a + 1\n    os._exit(0)\nos.waitpid(pid, 0)\nprint(a)\n"
    )
    _, lanes, _ = trace_lines(sys.executable, path, tmp_path, "one")
    assert [place(e)[1] for e in lanes["0"]] == [1, 2, 3, 4, 7, 8]
    assert [place(e)[1] for e in lanes["0.1"]] == [3, 4, 5]


def test_large_values_do_not_cost_their_size_at_every_line(tmp_path):
    path = tmp_path / "train.py"
    path.write_text(
        "import numpy as np\n"
        "data = np.zeros((1000, 50000))\n"  # 400 MB if it were touched
        "table = list(range(10**6))\n"
        "class Keeper:\n"
        "    def __init__(self):\n"
        "        self.data, self.table, self.n = data, table, 0\n"
        "    def step(self, i):\n"
        "        self.n += 1\n"
        "        return self.row(i)\n"
        "    def row(self, i):\n"
        "        x = self.data[i % 1000]\n"
        "        return x[0] + self.table[i]\n"
        "keeper = Keeper()\n"
        "total = 0.0\n"
        "for i in range(5000):\n"
        "    total += keeper.step(i)\n"
        "print(total)\n"
    )
    start = time.perf_counter()
    _, lanes, _ = trace_lines(sys.executable, path, tmp_path, "one")
    assert len(lanes["0"]) > 30000
    assert any("truncated" in e["flags"] for e in lanes["0"])
    assert time.perf_counter() - start < 60  # about 6 s; digesting all of it each time would take an hour
