# test_lines_digest.py - digests of values: equal in two processes exactly when the values are, and no user code is run.
# SPDX-License-Identifier: MIT
import json
import os
import subprocess
import sys

import pytest
from lines_support import LOAD, ids, python_of

# One expression per line; each value differs from all others.
PLAIN = r"""
None
True
0
1
-1
2**63
2**64
-2**64
2**70
0.0
-0.0
1.0
float('inf')
struct.unpack('d', struct.pack('Q', 0x7ff8000000000001))[0]
struct.unpack('d', struct.pack('Q', 0x7ff8000000000002))[0]
1j
''
'a'
'é'
'\ud800'
'ab' * 300
'ab' * 299 + 'ba'
b'a'
bytearray(b'b')
b'x' * 1000
()
(1,)
[1]
[1, 2]
[2, 1]
[[1], 2]
[[1, 2]]
{}
{'a': 1, 'b': 2}
{'b': 2, 'a': 1}
{'a': 2, 'b': 1}
{'a', 'b', 'c', 'dd', 'eee'}
{'a', 'b', 'c', 'dd', 'eef'}
{('a', 1), ('b', 2)}
{('a', 2), ('b', 1)}
set()
{'a': 1, 'c': 1}.keys()
{'a': 1, 'c': 1}.values()
{'a': 1, 'c': 1}.items()
range(3)
range(0, 3, 2)
slice(1, 2, 3)
Ellipsis
NotImplemented
int
dict
print
len
str.join
os
json
Plain(1, 2)
Plain(2, 1)
Derived(1, 2)
Slots(1, 2)
Slots(2, 2)
HalfSet()
Both(3)
Number(4)
Text('t')
Names(['x'])
Names(['y'])
Table(a=1)
Pair(1, 2)
Pair(2, 1)
Data(1, [2])
Colour.RED
Colour.BLUE
Level.HIGH
ValueError('a')
ValueError('b')
KeyError('a')
OSError(2, 'a')
Failure('x', 3)
object()
make(1)
make(2)
default
functools.partial(make, 1)
functools.partial(make, 2)
Plain(1, 2).method
random.Random(1)
random.Random(2)
collections.deque([1, 2])
collections.deque([2, 1])
collections.OrderedDict([('a', 1), ('b', 2)])
moved()
collections.Counter('aab')
collections.defaultdict(list, a=[1])
types.MappingProxyType({'a': 1})
types.SimpleNamespace(a=1)
array.array('i', [1, 2])
array.array('i', [2, 1])
array.array('h', [1, 2])
memoryview(b'abcdef')[::2]
memoryview(b'abcdef')[1::2]
datetime.datetime(2020, 1, 2, 3, 4, 5, 6)
datetime.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)
datetime.date(2020, 1, 2)
datetime.time(1, 2)
datetime.timedelta(3)
decimal.Decimal('1.5')
decimal.Decimal('1.50')
fractions.Fraction(1, 3)
uuid.UUID(int=5)
uuid.UUID(int=6)
pathlib.Path('a/b')
pathlib.Path('a/c')
io.BytesIO(b'a')
io.StringIO('a')
re.compile('a')
re.compile('b')
cyclic()
itertools.count()
threading.Lock()
"""

NUMPY = r"""
np.arange(6.0)
np.arange(6.0).reshape(2, 3)
np.arange(6.0).reshape(3, 2)
np.arange(6.0).reshape(2, 3)[:, ::-1]
np.arange(6.0, dtype='f4')
np.arange(6.0, dtype='>f8')
np.arange(6)
np.array([1 + 2j])
np.array(['a', 'b'])
np.array(['b', 'a'])
np.array(['a', {'b': [1]}], dtype=object)
np.array(['a', {'b': [2]}], dtype=object)
np.array(['2020-01-01'], 'M8[D]')
np.array(['2020-01-01'], 'M8[s]')
np.array([(1, 2.5)], dtype=[('a', 'i1'), ('b', 'f8')])
np.array([(1, 2.5)], dtype=np.dtype([('a', 'i1'), ('b', 'f8')], align=True))
np.array([], 'f4')
np.array(1.0)
np.float64(1.0)
np.float32(1.0)
np.int64(1)
np.bool_(True)
np.str_('a')
np.datetime64('2020-01-01')
np.datetime64('2020-01-02')
np.longdouble(1) / 3
np.array([np.longdouble(1) / 3])
np.ma.masked_array([1, 2], [0, 1])
np.ma.masked_array([1, 2], [1, 0])
np.matrix([[1.0]])
np.dtype('f8')
np.dtype('f4')
np.random.default_rng(1)
np.random.default_rng(2)
drawn(np.random.default_rng(1))
np.random.RandomState(1)
np.random.RandomState(2)
np.random.PCG64(1)
np.random.SeedSequence(1)
np.random.SeedSequence(2)
np.zeros((1000, 1000))
np.ones((1000, 1000))
np.ones((1000, 999)).T
np.add
"""

TORCH = r"""
torch.arange(6.0)
torch.arange(6.0).reshape(2, 3)
torch.arange(6.0).reshape(2, 3)[:, 1:]
torch.arange(6.0).reshape(2, 3).t()
torch.arange(6.0, dtype=torch.float64)
torch.arange(6).bool()
torch.ones(3, dtype=torch.bfloat16)
torch.nn.Parameter(torch.arange(6.0))
(torch.arange(4.0) + 1j).conj()
torch.tensor(3.5)
torch.empty(0)
torch.empty(3, device='meta')
torch.zeros(2000, 2000)
torch.eye(3).to_sparse()
torch.float32
torch.float64
torch.device('cpu')
torch.Size([1, 2])
torch.Generator().manual_seed(1)
torch.Generator().manual_seed(2)
net(1)
net(2)
torch.optim.SGD(net(1).parameters(), lr=0.1)
torch.optim.SGD(net(1).parameters(), lr=0.2)
torch.utils.data.TensorDataset(torch.arange(3))
"""

PRELUDE = (
    LOAD
    + r"""
import array, collections, dataclasses, datetime, decimal, enum, fractions, functools, io, itertools, json, os, pathlib
import random, re, struct, sys, threading, types, uuid

class Plain:
    def __init__(self, a, b):
        self.a, self.b = a, b
    def method(self): pass
class Derived(Plain): pass
class Slots:
    __slots__ = ("x", "__y")
    def __init__(self, x, y): self.x, self.__y = x, y
class HalfSet(Slots):
    __slots__ = ("z",)
    def __init__(self): self.z = 1
class Both(Slots):
    def __init__(self, x): self.x = x; self.free = x
class Number(int): pass
class Text(str): pass
class Names(list): pass
class Table(dict): pass
Pair = collections.namedtuple("Pair", "a b")
@dataclasses.dataclass
class Data:
    a: int
    b: list
class Colour(enum.Enum):
    RED = enum.auto()
    BLUE = object()
class Level(enum.IntEnum):
    HIGH = 2
class Failure(Exception):
    def __init__(self, text, code): super().__init__(text); self.code = code
def make(n):
    def inner(): return n
    return inner
def default(a=[1]): pass
def cyclic():
    l = [1]; l.append(l); l.append({"l": l}); return l
def moved():
    d = collections.OrderedDict([("a", 1), ("b", 2)]); d.move_to_end("a"); return d
def drawn(g):
    g.random(); return g
def net(seed):
    torch.manual_seed(seed); return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Dropout())

def digests(expressions):
    made = {}
    for text in expressions.strip().splitlines():
        if sys.argv[1] == "noise":
            made[text + "noise"] = [object() for _ in range(len(text) * 7)]
        value = eval(text)
        before = sys.getrefcount(value)
        made[text] = core.digest(value)
        assert all(core.digest(value) == made[text] for _ in range(10)), text
        assert sys.getrefcount(value) - before < 5, text
        del value
    return {k: v for k, v in made.items() if not k.endswith("noise")}
"""
)


def _run(python, script, *arguments, **environment):
    done = subprocess.run(
        [python, "-c", script, *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def _zoo(python, expressions, imports=""):
    script = PRELUDE + imports + "\nprint(json.dumps(digests(%r)))" % expressions
    first = json.loads(_run(python, script, "quiet", PYTHONHASHSEED="1"))
    second = json.loads(_run(python, script, "noise", PYTHONHASHSEED="2"))
    return first, second


def _check(first, second, same=()):
    assert first == second
    by_digest = {}
    for text, (low, high, _) in first.items():
        by_digest.setdefault((low, high), []).append(text)
    assert sorted(sorted(v) for v in by_digest.values() if len(v) > 1) == sorted(sorted(v) for v in same)


@pytest.mark.parametrize("version", ids())
def test_plain_values(version):
    first, second = _zoo(python_of(version), PLAIN)
    _check(first, second)
    assert first["object()"][2] == 16 and first["threading.Lock()"][2] == 16 and first["itertools.count()"][2] == 16
    assert [text for text, d in first.items() if d[2]] == ["object()", "itertools.count()", "threading.Lock()"]


def test_numpy_values():
    first, second = _zoo(sys.executable, NUMPY, "import numpy as np\n")
    _check(first, second)
    truncated = [text for text, d in first.items() if d[2]]
    assert truncated == ["np.zeros((1000, 1000))", "np.ones((1000, 1000))", "np.ones((1000, 999)).T"]


def test_torch_values():
    import torch  # noqa: F401
    first, second = _zoo(sys.executable, TORCH, "import torch\n")
    _check(first, second)
    flagged = [text for text, d in first.items() if d[2]]
    assert flagged == ["torch.empty(3, device='meta')", "torch.zeros(2000, 2000)", "torch.eye(3).to_sparse()"]


def test_equal_values_of_unlike_storage():
    script = (
        PRELUDE
        + r"""
import numpy as np
a = np.arange(12.0).reshape(3, 4)
assert core.digest(a)[:2] == core.digest(np.asfortranarray(a))[:2]
assert core.digest(a[:, ::2])[:2] == core.digest(a[:, ::2].copy())[:2]
big = np.arange(2e6).reshape(1000, 2000)
assert core.digest(big.T)[:2] == core.digest(np.ascontiguousarray(big.T))[:2]
x = np.longdouble(2) / 3
noisy = np.frombuffer(bytes([255]) * 16 * 4, np.longdouble).copy(); noisy[:] = x
clean = np.zeros(4, np.longdouble); clean[:] = x
assert core.digest(noisy) == core.digest(clean)
gaps = np.dtype({"names": ["a", "b"], "formats": ["i1", "f8"], "offsets": [0, 8], "itemsize": 16})
one, other = np.frombuffer(bytes(16), gaps).copy(), np.frombuffer(bytes([0] + [7] * 7 + [0] * 8), gaps).copy()
assert core.digest(one)[:2] == core.digest(other)[:2]
# An object by its fields, whatever order they were set in.
p, q = Plain(1, 2), Plain.__new__(Plain)
q.b, q.a = 2, 1
assert core.digest(p) == core.digest(q)
"""
    )
    _run(sys.executable, script, "quiet")


@pytest.mark.parametrize("version", ids())
def test_no_user_code_is_run(version):
    script = (
        LOAD
        + r"""
import collections, datetime, random, sys
names = [n for b in (object, int, float, str, list, dict, set, tuple, type) for n in dir(b)]
names += "__del__ __getattr__ __set_name__ __get__ __bool__ __index__ __float__ __complex__ __array__".split()
names += ["__buffer__", "keys", "items"]
skip = {"__new__", "__init__", "__class__", "__dict__", "__slots__", "__mro__", "__bases__", "__base__",
        "__basicsize__", "__dictoffset__", "__weakrefoffset__", "__flags__", "__itemsize__", "__text_signature__",
        "__doc__", "__module__",
        "__qualname__", "__name__", "__annotations__", "__abstractmethods__", "__type_params__", "__init_subclass__",
        "__call__", "mro", "__prepare__", "__static_attributes__", "__firstlineno__", "__subclasses__"}
called = []
def trap(name):
    def method(*args, **kwargs):
        called.append(name)
        raise SystemExit("called " + name)
    return method
def members():
    return {n: trap(n) for n in set(names) - skip}
class Meta(type): pass
values = []
for base in (object, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, Exception,
             collections.deque, collections.OrderedDict, random.Random, datetime.datetime):
    arguments = {datetime.datetime: (2020, 1, 2)}.get(base, ())
    class_of = Meta("T", (base,), {})
    value = class_of(*arguments)
    if base in (list, set, bytearray, collections.deque):
        (base.extend if hasattr(base, "extend") else base.update)(value, [1, 2])
    if base in (dict, collections.OrderedDict):
        base.__setitem__(value, "k", "v")
    for n, f in members().items():
        type.__setattr__(class_of, n, f)
    type.__setattr__(class_of, "p", property(trap("property")))
    values.append(value)
for n in set(dir(type)) - skip:
    setattr(Meta, n, trap("Meta." + n))
called.clear()
for value in values:
    core.digest(value)
core.digest(values)
core.digest({"a": values[0]})
core.digest(type(values[0]))
class Key:
    def __init__(self): self.n = 5
    def __hash__(self): called.append("hash"); return 1
    def __eq__(self, other): called.append("eq"); return False
keyed = {Key(): 1, Key(): 2}
members = {Key(), Key()}
called.clear()
core.digest(keyed)
core.digest(members)
print(called)
import os
os._exit(sys.stdout.flush() or 0)
"""
    )
    assert _run(python_of(version), script).strip() == "[]"


@pytest.mark.parametrize("version", ids())
def test_an_exception_under_way_is_kept_and_nothing_leaks(version):
    script = (
        PRELUDE
        + r"""
import gc
values = [eval(t) for t in %r.strip().splitlines()]
def round():
    for v in values:
        core.digest(v)
round(); round(); gc.collect()
before = len(gc.get_objects())
blocks = sys.getallocatedblocks()
for _ in range(20):
    round()
gc.collect()
assert len(gc.get_objects()) - before < 20, len(gc.get_objects()) - before
assert abs(sys.getallocatedblocks() - blocks) < 100, sys.getallocatedblocks() - blocks
# Classes that come and go do not stay.
import weakref
def short_lived():
    class Gone:
        def __init__(self): self.a = 1
    core.digest(Gone())
    return weakref.ref(Gone)
refs = [short_lived() for _ in range(100)]
gc.collect()
assert all(r() is None for r in refs)
deep = []
for _ in range(100000): deep = [deep]
assert core.digest(deep)[2] == 8
assert core.digest(list(range(10**6)))[2] == 8
assert core.digest({str(i) for i in range(30000)})[2] == 8
while deep: deep = deep[0]
"""
        % PLAIN
    )
    _run(python_of(version), script, "quiet")
