"""sklearn_draws.py - vectors of scikit-learn: python tests/gen/sklearn_draws.py > tests/vectors/sklearn.txt

SPDX-License-Identifier: MIT
"""

import ctypes
import platform
import random
import struct

import numpy as np
import sklearn
from sklearn import datasets, model_selection, utils
from sklearn.datasets import _samples_generator
from sklearn.ensemble import RandomForestClassifier
from sklearn.ensemble._forest import _generate_sample_indices
from sklearn.utils.random import sample_without_replacement

ROWS = random.Random(1)
METHODS = ["auto", "tracking_selection", "reservoir_sampling", "pool"]

fma = ctypes.CDLL("libm.so.6").fma
fma.restype, fma.argtypes = ctypes.c_double, [ctypes.c_double] * 3


def dot(a, b):
    """numpy.dot with sums in a fixed order and by fma, as the library makes them, on any machine."""
    out = np.zeros((len(a), b.shape[1]))
    for i, j in np.ndindex(*out.shape):
        for x, y in zip(a[i], b[:, j]):
            out[i, j] = fma(x, y, out[i, j])
    return out


class FixedNumpy:
    """numpy, but for dot."""

    dot = staticmethod(dot)

    def __getattr__(self, name):
        return getattr(np, name)


def words(values):
    return ",".join("%x" % (int(value) & (2**64 - 1)) for value in values) or "-"


def bits(values):
    return ",".join("%x" % struct.unpack("<Q", struct.pack("<d", value)) for value in np.ravel(values)) or "-"


def case(name, integers, doubles, codes, draw):
    """draw(RandomState) gives whole numbers and doubles."""
    seed = ROWS.choice((0, 1, 42, ROWS.getrandbits(32)))
    rs = np.random.RandomState(seed)
    found, reals = draw(rs)
    gauss = rs.get_state()[4] if rs.get_state()[3] else 0.0
    print(name, seed, words(integers), bits(doubles), words(codes), words(np.ravel(found)), bits(reals), bits([gauss]), "%x" % rs.randint(2**63 - 1))


def labels(n, n_classes, least):
    """Codes of n samples, each class at least so often."""
    codes = [k for k in range(n_classes) for _ in range(least)]
    codes += [min(ROWS.randrange(n_classes), ROWS.randrange(n_classes)) for _ in range(n - len(codes))]
    ROWS.shuffle(codes)
    return codes


def folds(splitter, n, y=None, groups=None):
    """The fold of each sample, for every repetition."""
    found, taken = [], None
    for number, (_, test) in enumerate(splitter.split(np.zeros(n), y, groups)):
        if number % splitter_size(splitter) == 0:
            taken = np.full(n, -1)
            found.append(taken)
        taken[test] = number % splitter_size(splitter)
    return np.concatenate(found)


def splitter_size(splitter):
    return splitter.n_splits if hasattr(splitter, "n_splits") else splitter.cvargs["n_splits"]


def splits():
    for _ in range(12):
        n = ROWS.choice((2, 3, 10, 25, 100))
        n_test = ROWS.randrange(1, n)
        n_train = ROWS.randrange(1, n - n_test + 1)
        case("shuffle_split", [n, n_train, n_test], [], [], lambda rs: (
            np.concatenate(next(model_selection.ShuffleSplit(1, test_size=n_test, train_size=n_train, random_state=rs).split(np.zeros(n)))), []))
    for _ in range(20):
        n, n_classes = ROWS.choice((12, 30, 100)), ROWS.randrange(1, 6)
        y = labels(n, n_classes, 2)
        n_test = ROWS.randrange(n_classes, n - n_classes + 1)
        n_train = ROWS.randrange(n_classes, n - n_test + 1)
        splitter = model_selection.StratifiedShuffleSplit(2, test_size=n_test, train_size=n_train)

        def both(rs):
            splitter.random_state = rs
            return np.concatenate([np.concatenate(split) for split in splitter.split(np.zeros(n), y)]), []

        case("stratified_shuffle_split", [n, n_classes, n_train, n_test, 2], [], y, both)
    for _ in range(10):
        n, n_groups = ROWS.choice((12, 30, 60)), ROWS.randrange(2, 9)
        groups = labels(n, n_groups, 1)
        n_test = ROWS.randrange(1, n_groups)
        n_train = ROWS.randrange(1, n_groups - n_test + 1)

        def split(rs):
            train, test = next(model_selection.GroupShuffleSplit(1, test_size=n_test, train_size=n_train, random_state=rs).split(np.zeros(n), groups=groups))
            return np.concatenate([[len(train)], train, test]), []

        case("group_shuffle_split", [n, n_groups, n_train, n_test], [], groups, split)


def k_folds():
    for number in range(24):
        n, n_splits, repeats, n_classes = ROWS.choice((10, 17, 60)), ROWS.randrange(2, 7), ROWS.choice((1, 3)), ROWS.randrange(1, 5)
        shuffled = number % 4 != 0
        y = labels(n, n_classes, 1)
        while max(map(y.count, y)) < n_splits:
            y = labels(n, n_classes, 1)
        integers = [n, n_classes, n_splits, shuffled, repeats if shuffled else 1]
        plain = {"n_splits": n_splits, "shuffle": shuffled}
        repeated = {"n_splits": n_splits, "n_repeats": repeats}
        for name, once, many in (
            ("kfold", model_selection.KFold, model_selection.RepeatedKFold),
            ("stratified_kfold", model_selection.StratifiedKFold, model_selection.RepeatedStratifiedKFold),
        ):
            case(name, integers, [], y, lambda rs: (
                folds(many(random_state=rs, **repeated) if shuffled and repeats > 1 else once(random_state=rs if shuffled else None, **plain), n, y), []))
        groups = labels(n, 7, 1)
        integers = [n, 7, n_splits, shuffled, 1]
        case("group_kfold", integers, [], groups, lambda rs: (folds(model_selection.GroupKFold(random_state=rs if shuffled else None, **plain), n, groups=groups), []))


def samples():
    for number in range(16):
        n, replace = ROWS.choice((1, 5, 40, 100)), number % 2
        size = ROWS.randrange(1, 2 * n if replace else n + 1)
        case("resample", [n, replace, size], [], [], lambda rs: (utils.resample(np.arange(n), replace=bool(replace), n_samples=size, random_state=rs), []))
        n_classes = ROWS.randrange(1, 6)
        y = labels(n + 10, n_classes, 1)
        case("resample_stratified", [n + 10, n_classes, replace, size], [], y, lambda rs: (
            utils.resample(np.arange(n + 10), replace=bool(replace), n_samples=size, stratify=y, random_state=rs), []))
    for number in range(28):
        population = ROWS.choice((5, 100, 1000, 20000))
        size = ROWS.choice((0, 1, 3, population // 150, population // 3, population - 1, population))
        size = min(size, 400) if population > 1000 else size
        method = number % 4
        case("sample", [population, method, size], [], [], lambda rs: (sample_without_replacement(population, size, METHODS[method], rs), []))
    for n_trees in (1, 3, 10):
        def seeds(rs):
            forest = RandomForestClassifier(n_trees, random_state=rs, max_depth=1, bootstrap=False).fit([[0], [1]], [0, 1])
            return [tree.random_state for tree in forest.estimators_], []
        case("tree_seeds", [n_trees], [], [], seeds)
    for _ in range(4):
        seed, n, size = ROWS.randrange(2**31 - 1), ROWS.choice((1, 10, 77)), ROWS.randrange(1, 60)
        case("bootstrap", [seed, n, size], [], [], lambda rs: (_generate_sample_indices(seed, n, size, None), []))


def data_sets():
    for number in range(8):
        n_centers, n_features, shuffle = ROWS.randrange(1, 5), ROWS.randrange(1, 4), number % 2
        n = ROWS.choice((1, 7, 30))
        std = [ROWS.choice((0.0, 1.0, ROWS.random())) for _ in range(n_centers)]

        def blobs(rs):
            X, y, centers = datasets.make_blobs(n, n_features, centers=n_centers, cluster_std=std, center_box=(-3.0, 5.0), shuffle=bool(shuffle), random_state=rs, return_centers=True)
            return y, np.concatenate([X.ravel(), centers.ravel()])

        case("blobs", [n, n_centers, n_features, shuffle], [-3.0, 5.0, *std], [], blobs)
    for number in range(12):
        outer, inner, shuffle = ROWS.randrange(0, 12), ROWS.randrange(1, 12), number % 2
        noise, factor = ROWS.choice((None, 0.0, ROWS.random())), ROWS.choice((0.0, 0.8, ROWS.random()))
        integers, doubles = [outer, inner, shuffle], [float("nan") if noise is None else noise, factor]
        options = {"shuffle": bool(shuffle), "noise": noise}
        case("moons", integers, doubles, [], lambda rs: datasets.make_moons((outer, inner), random_state=rs, **options)[::-1])
        case("circles", integers, doubles, [], lambda rs: datasets.make_circles((outer, inner), random_state=rs, factor=factor, **options)[::-1])
    for number in range(8):
        n, d, t, shuffle = ROWS.choice((1, 5, 20)), ROWS.randrange(1, 7), ROWS.randrange(1, 4), number % 2
        informative, bias, noise = ROWS.randrange(8), ROWS.choice((0.0, 7.5)), ROWS.choice((0.0, 0.3))

        def regression(rs):
            X, y, coefficients = datasets.make_regression(
                n, d, n_informative=informative, n_targets=t, bias=bias, noise=noise, shuffle=bool(shuffle), coef=True, random_state=rs)
            return [], np.concatenate([X.ravel(), y.ravel(), coefficients.ravel()])

        case("regression", [n, d, informative, t, shuffle], [bias, noise], [], regression)
    for number in range(12):
        n, informative = ROWS.choice((1, 10, 40)), ROWS.choice((2, 3, 5, 33))
        redundant, repeated, useless = ROWS.randrange(3), ROWS.randrange(3), ROWS.randrange(3)
        n_classes, per_class, shuffle, hypercube = ROWS.randrange(1, 3), ROWS.randrange(1, 3), number % 2, number % 3 > 0
        weights = [ROWS.choice((0.5, 0.2, 0.9)) for _ in range(n_classes)]
        flip, separation, drawn = ROWS.choice((0.0, 0.01, 0.5)), ROWS.choice((1.0, 0.3)), number % 4 == 0
        d = informative + redundant + repeated + useless

        def classification(rs):
            bunch = datasets.make_classification(
                n, d, n_informative=informative, n_redundant=redundant, n_repeated=repeated, n_classes=n_classes, n_clusters_per_class=per_class,
                weights=weights, flip_y=flip, class_sep=separation, hypercube=hypercube, shift=None if drawn else 0.25, scale=None if drawn else 3.0,
                shuffle=bool(shuffle), random_state=rs, return_X_y=False)
            return bunch.y, bunch.X

        case("classification", [n, d, informative, redundant, repeated, n_classes, per_class, hypercube, shuffle, drawn], [flip, separation, *weights], [], classification)


print("# scikit-learn: operation, seed, whole numbers, doubles, codes = whole numbers, doubles, the cached normal or 0, randint(2**63 - 1) afterwards.")
print("# Made by tests/gen/sklearn_draws.py with scikit-learn %s, NumPy %s, %s, %s." % (sklearn.__version__, np.__version__, platform.machine(), " ".join(platform.libc_ver())))
print("# Numbers are hexadecimal, doubles are the bits of their 8 bytes. Products of matrices are summed by fma from the first on, not by a BLAS.")
_samples_generator.np = FixedNumpy()
splits()
k_folds()
samples()
data_sets()
