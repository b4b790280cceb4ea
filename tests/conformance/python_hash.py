"""python_hash.py - hashes and the order of sets compared with every CPython that is found: python tests/conformance/python_hash.py

Each interpreter runs this file as a worker, and that starts itself under several PYTHONHASHSEEDs.

SPDX-License-Identifier: MIT
"""

import array
import ctypes
import json
import os
import subprocess
import sys
import tempfile

sys.path[0:1] = []  # this folder has a python.py
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import frame  # noqa: E402

VERSION = sys.version_info[0] * 100 + sys.version_info[1]
HASH_SEEDS = (0, 1, 7, 42, 2**31, 2**32 - 1)
lib = frame.library()
lib.oneseed_python_hash_bytes.restype = ctypes.c_int64
lib.oneseed_python_hash_int.restype = ctypes.c_int64
lib.oneseed_python_hash_i64.restype = ctypes.c_int64
lib.oneseed_python_hash_f64.restype = ctypes.c_int64
lib.oneseed_python_hash_tuple.restype = ctypes.c_int64
lib.oneseed_python_hash_frozenset.restype = ctypes.c_int64
lib.oneseed_python_set_space.restype = ctypes.c_size_t
lib.oneseed_python_set_order.restype = ctypes.c_size_t


class Item(ctypes.Structure):
    _fields_ = [("utf8", ctypes.c_char_p), ("n_bytes", ctypes.c_size_t), ("hash", ctypes.c_int64)]


def key_of(hash_seed):
    key = (ctypes.c_uint8 * 16)()
    lib.oneseed_python_hash_key(ctypes.c_uint32(hash_seed), key)
    return key


def hash_str(text, key):
    utf8, found = text.encode("utf-8", "surrogatepass"), ctypes.c_int64()
    lib.oneseed_python_hash_str(VERSION, key, utf8, ctypes.c_size_t(len(utf8)), ctypes.byref(found))
    return found.value


def hash_bytes(data, key):
    return lib.oneseed_python_hash_bytes(VERSION, key, data, ctypes.c_size_t(len(data)))


def set_order(texts, key, kind):
    items = (Item * max(1, len(texts)))()
    for item, text in zip(items, texts):
        utf8 = text.encode("utf-8", "surrogatepass")
        item.utf8, item.n_bytes, item.hash = utf8, len(utf8), hash_str(text, key)
    n = ctypes.c_size_t(len(texts))
    space, order = (ctypes.c_uint64 * lib.oneseed_python_set_space(n))(), (ctypes.c_size_t * max(1, len(texts)))()
    return list(order[: lib.oneseed_python_set_order(VERSION, kind, items, n, space, order)])


# ---- what the children compute: a list of results for a list of cases ----


def literals(sets, compiled):
    """The orders of set literals of imported modules, one each: compiled here, or by a process before."""
    with tempfile.TemporaryDirectory() as folder:
        names = ["literal_%d" % k for k in range(len(sets))]
        for name, texts in zip(names, sets):
            with open(os.path.join(folder, name + ".py"), "w") as file:
                file.write("made = %s\n" % ("{%s}" % ", ".join(map(ascii, texts)) if texts else "set()"))
        sys.dont_write_bytecode = not compiled
        if compiled:
            program = "import sys; sys.path.insert(0, sys.argv[1]); [__import__(name) for name in sys.argv[2:]]"
            subprocess.run([sys.executable, "-c", program, folder, *names], check=True)
            assert len(os.listdir(os.path.join(folder, "__pycache__"))) == len(sets)
        sys.path.insert(0, folder)
        return [list(__import__(name).made) for name in names]


CHILD = {
    "hash(str)": lambda cases: [[hash(text) for text in texts] for texts in cases],
    "hash(bytes)": lambda cases: [[hash(text.encode("utf-8", "surrogatepass")) for text in texts] for texts in cases],
    "set(list)": lambda cases: [list(set(texts)) for texts in cases],
    "set literal": lambda cases: literals(cases, False),
    "set literal of words": lambda cases: literals(cases, False),
    "set literal in a .pyc": lambda cases: literals(cases, True),
    "set literal of words in a .pyc": lambda cases: literals(cases, True),
}


def child(function, hash_seed, cases):
    command = [sys.executable, os.path.abspath(__file__), "--child", function]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return json.loads(
        subprocess.run(
            command, input=json.dumps(cases), env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout
    )


# ---- comparisons ----


def text(random, surrogates=False):
    alphabet = random.choice(
        ("abcdefgh_01", "ab", "aé ÿ", "aéλ€", "aλ\U0001d11e", "xy\0z.") + (("a\ud800\udbffé",) if surrogates else ())
    )
    return "".join(
        random.choice(alphabet) for _ in range(random.choice((1, 2, 3, 5, 8, 13, 21, random.randrange(300))))
    )


def by_seed(row, make, compare, factor=1.0):
    """Cases are given to one child for each hash seed."""
    groups = {}
    for case in row.cases(factor):
        groups.setdefault(HASH_SEEDS[case.number % len(HASH_SEEDS)], []).append((case, make(case)))
    for hash_seed, group in groups.items():
        for (case, texts), want in zip(group, child(row.function, hash_seed, [texts for _, texts in group])):
            compare(case, texts, want, key_of(hash_seed))


def hashes(of):
    def compare(case, texts, want, key):
        got = array.array("q", [of(text, key) for text in texts])
        case.same(got, array.array("q", want), len(want), "hashes")

    return lambda row: by_seed(row, lambda case: [text(case.random, True) for _ in range(case.n)] + [""], compare)


WORDS = "train test val name path data loss model seed epoch x y key value items red green blue cat dog alpha beta lr a b c".split()


def orders(kind):
    def texts_for(case):
        random = case.random
        size = random.choice((0, 1, 2, 3, 4, 5, 8, 30, random.randrange(100), case.n, 2 * case.n, 3 * case.n))
        own = (
            "q%d_" % case.number if kind else ""
        )  # a literal with a name that the process has met before is another kind
        if kind not in (2, 4):
            return [own + text(random) for _ in range(size)]
        names = ["%s%x" % (own, random.getrandbits(random.choice((8, 40)))) for _ in range(size)]
        names += random.sample(WORDS, random.randrange(len(WORDS))) + ["self"]  # which every process has met
        random.shuffle(names)
        return names

    def compare(case, texts, want, key):
        got = "\n".join(ascii(texts[k]) for k in set_order(texts, key, kind))
        case.same(got.encode(), "\n".join(map(ascii, want)).encode(), len(want), "order of %d" % len(texts))

    return lambda row: by_seed(row, texts_for, compare)


def words_of(n):
    count = (abs(n).bit_length() + 31) // 32
    return (ctypes.c_uint32 * (count or 1)).from_buffer_copy(abs(n).to_bytes(4 * (count or 1), "little")), count


def hash_int(row):
    for case in row.cases():
        ns = [
            case.random.choice((-1, 1))
            * case.random.getrandbits(case.random.choice((3, 31, 61, 62, 64, 65, 200, 1000)))
            for _ in range(case.n - 3)
        ]
        ns += [2**61 - 1, -(2**61), -1]
        got = []
        for n in ns:
            words, count = words_of(n)
            got.append(lib.oneseed_python_hash_int(words, ctypes.c_size_t(count), n < 0))
            if -(2**63) <= n < 2**63 and lib.oneseed_python_hash_i64(ctypes.c_int64(n)) != got[-1]:
                case.wrong("hash_i64(%d)" % n)
        case.same(array.array("q", got), array.array("q", map(hash, ns)), len(ns), "hash(int)")


def hash_float(row):
    for case in row.cases():
        xs = array.array("d", case.random.getrandbits(64 * case.n).to_bytes(8 * case.n, "little"))
        xs = [x for x in xs if x == x] + [
            case.random.uniform(-100, 100),
            float(case.random.randrange(1000)),
            float("inf"),
            -float("inf"),
            5e-324,
            -0.0,
            -1.0,
        ]
        got = [lib.oneseed_python_hash_f64(ctypes.c_double(x)) for x in xs]
        case.same(array.array("q", got), array.array("q", map(hash, xs)), len(xs), "hash(float)")


def of_items(name, kind):
    def compare(row):
        for case in row.cases():
            for _ in range(max(1, case.n // 20)):
                items = [
                    case.random.getrandbits(case.random.choice((3, 62))) - 2**60
                    for _ in range(case.random.randrange(40))
                ]
                items = list(kind(items))
                hashes = (ctypes.c_int64 * max(1, len(items)))(*map(hash, items))
                got = getattr(lib, "oneseed_python_hash_" + name)(hashes, ctypes.c_size_t(len(items)))
                case.same(array.array("q", [got]), array.array("q", [hash(kind(items))]), 1, "hash of %r" % items)
                case.row.values += len(items)

    return compare


FUNCTIONS = {
    "hash(str)": hashes(hash_str),
    "hash(bytes)": hashes(lambda text, key: hash_bytes(text.encode("utf-8", "surrogatepass"), key)),
    "hash(int)": hash_int,
    "hash(float)": hash_float,
    "hash(tuple)": of_items("tuple", tuple),
    "hash(frozenset)": of_items("frozenset", frozenset),
    "set(list)": orders(0),
    "set literal": orders(1),
    "set literal of words": orders(2),
    "set literal in a .pyc": orders(3),
    "set literal of words in a .pyc": orders(4),
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(CHILD[sys.argv[2]](json.load(sys.stdin))))
        sys.exit()
    found = frame.options()
    if found.worker:
        sys.exit(1 if frame.compare("python", FUNCTIONS, {"CPython": "%d.%d.%d" % sys.version_info[:3]}, found) else 0)
    sys.exit(1 if frame.in_interpreters(os.path.abspath(__file__), found, sys.argv[1:]) else 0)
