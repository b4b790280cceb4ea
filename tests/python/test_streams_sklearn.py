"""test_streams_sklearn.py - oneseed.sklearn beside scikit-learn: kinds of data, generators, errors, warnings, life without NumPy."""

# SPDX-License-Identifier: MIT
import json
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
import scipy.sparse
import sklearn.datasets
import sklearn.model_selection
import sklearn.utils

import oneseed.numpy
import oneseed.sklearn as ours

X = np.arange(24).reshape(12, 2)
Y = ["b", "a", "b", "c", "a", "b", "c", "a", "b", "a", "c", "b"]


def message(call):
    with pytest.raises(Exception) as caught:
        call()
    return type(caught.value).__name__, str(caught.value)


def test_kinds_of_data():
    given = [X, X.tolist(), scipy.sparse.coo_matrix(X), tuple(Y), np.array(Y)]
    mine = ours.train_test_split(*given, test_size=0.3, random_state=5)
    theirs = sklearn.model_selection.train_test_split(*given, test_size=0.3, random_state=5)
    assert [type(part) for part in mine] == [type(part) for part in theirs]
    for a, b in zip(mine, theirs):
        if scipy.sparse.issparse(a):
            a, b = a.toarray(), b.toarray()
        assert np.array_equal(a, b)


def test_a_generator_moves_on_from_call_to_call():
    mine, theirs = oneseed.numpy.RandomState(7), np.random.RandomState(7)
    splits = ours.KFold(3, shuffle=True, random_state=mine), sklearn.model_selection.KFold(3, shuffle=True, random_state=theirs)
    for _ in range(3):
        assert [test.tolist() for _, test in splits[0].split(X)] == [test.tolist() for _, test in splits[1].split(X)]
        assert ours.shuffle(Y, random_state=mine) == sklearn.utils.shuffle(Y, random_state=theirs)
    assert mine.random_sample() == theirs.random_sample()


def test_draws_are_made_when_the_splits_are_asked_for():
    mine, theirs = oneseed.numpy.RandomState(7), np.random.RandomState(7)
    splits = ours.ShuffleSplit(3, random_state=mine).split(X), sklearn.model_selection.ShuffleSplit(3, random_state=theirs).split(X)
    for _ in range(3):
        assert np.array_equal(next(splits[0])[0], next(splits[1])[0])
        assert mine.randint(1000) == theirs.randint(1000)


def test_none_is_the_generator_behind_the_functions():
    oneseed.numpy.seed(3)
    np.random.seed(3)
    assert np.array_equal(ours.train_test_split(X)[1], sklearn.model_selection.train_test_split(X)[1])
    assert oneseed.numpy.rand() == np.random.rand()


@pytest.mark.parametrize(
    "line",
    [
        "train_test_split()",
        "train_test_split(X, test_size=1.5)",
        "train_test_split(X, test_size=12)",
        "train_test_split(X, Y[:3])",
        "train_test_split(X, stratify=range(12))",
        "train_test_split(X, stratify=Y, test_size=2)",
        "train_test_split(X, stratify=Y, shuffle=False)",
        "train_test_split(X, random_state=-1)",
        "train_test_split(X, shuffle=3)",
        "train_test_split(X, test_size=5, train_size=8)",
        "train_test_split(X[:1])",
        "list(KFold(13).split(X))",
        "KFold(1)",
        "KFold(2.0)",
        "KFold(2, random_state=1)",
        "KFold(2, shuffle=1)",
        "list(StratifiedKFold(7).split(X, Y))",
        "list(StratifiedKFold(2).split(X, [0.5] * 12))",
        "list(StratifiedKFold(2).split(X, X))",
        "list(StratifiedKFold(2).split(X, [float('nan')] * 12))",
        "list(GroupKFold(2).split(X))",
        "list(GroupKFold(4).split(X, groups=Y))",
        "list(GroupShuffleSplit(2).split(X))",
        "list(ShuffleSplit(test_size='a').split(X))",
        "list(ShuffleSplit(random_state='x').split(X))",
        "list(ShuffleSplit(random_state=2**32).split(X))",
        "RepeatedKFold(n_repeats=0)",
        "RepeatedKFold(n_repeats=1.5)",
        "list(RepeatedKFold(n_splits=1).split(X))",
        "resample(X, n_samples=13, replace=False)",
        "resample(X, n_samples=0)",
        "resample(X, Y[:3])",
        "resample(X, stratify=Y[:3], replace=False)",
        "resample(X, sample_weight=Y, replace=False)",
        "resample(X, sample_weight=[1.0] * 12, stratify=Y)",
        "resample(X, sample_weight=[-1.0] + [1.0] * 11)",
        "shuffle(X, n_samples=13)",
        "make_blobs(3, centers=[[1, 2]], cluster_std=[1.0, 2.0])",
        "make_blobs([1, 2], centers=3)",
        "make_blobs(4, center_box=[1, 2])",
        "make_moons((1, 2, 3))",
        "make_circles((1, 2, 3))",
        "make_circles(factor=1.0)",
        "make_regression(noise=-1.0)",
        "make_classification(n_features=3)",
        "make_classification(n_classes=5)",
        "make_classification(weights=[1, 2, 3, 4])",
    ],
)
def test_errors(line):
    names = {"X": X, "Y": Y}
    theirs = {**vars(sklearn.model_selection), **vars(sklearn.datasets), **vars(sklearn.utils)}
    kind, text = message(lambda: eval(line, {**theirs, **names}))
    text = text.replace("numpy.random.mtrand.RandomState", "oneseed.numpy.RandomState")
    assert message(lambda: eval(line, {**vars(ours), **names})) == (kind, text)


def test_what_is_refused_draws_nothing():
    rs, same = oneseed.numpy.RandomState(1), oneseed.numpy.RandomState(1)
    for call in (
        lambda: ours.train_test_split(X, stratify=range(12), random_state=rs),
        lambda: ours.resample(X, n_samples=13, replace=False, random_state=rs),
        lambda: ours.make_classification(n_classes=5, random_state=rs),
        lambda: ours.make_regression(effective_rank=3, random_state=rs),
    ):
        with pytest.raises((ValueError, NotImplementedError)):
            call()
    assert rs.random_sample() == same.random_sample()


def test_warnings():
    for package in (ours, sklearn.model_selection):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            list(package.StratifiedKFold(4).split(X, Y))
            list(package.KFold(4).split(X, groups=Y))
        assert [str(w.message) for w in caught] == [
            "The least populated class in y has only 3 members, which is less than n_splits=4.",
            "The groups parameter is ignored by KFold",
        ]


def test_splitters_print_themselves():
    for line in (
        "KFold()", "StratifiedShuffleSplit(test_size=0.2, random_state=1)", "RepeatedStratifiedKFold(n_splits=3)", "GroupKFold(2)",
    ):
        assert repr(eval("ours." + line)) == repr(eval("sklearn.model_selection." + line))


def test_features_of_a_classification():
    parameters = {"n_informative": 3, "n_repeated": 2, "random_state": 4, "return_X_y": False}
    mine, theirs = (package.make_classification(20, 8, **parameters) for package in (ours, sklearn.datasets))
    assert mine.feature_info == theirs.feature_info and np.array_equal(mine.X, theirs.X) and np.array_equal(mine["y"], theirs.y)


def test_threads_share_a_generator():
    rs = oneseed.numpy.RandomState(1)
    found = []

    def draw():
        for _ in range(200):
            found.append(tuple(ours.shuffle(range(50), random_state=rs)))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rs = np.random.RandomState(1)
    assert sorted(found) == sorted(tuple(sklearn.utils.shuffle(range(50), random_state=rs)) for _ in range(800))


WITHOUT_NUMPY = """
import json, sys
sys.modules["numpy"] = None
from oneseed.numpy import RandomState
from oneseed.sklearn import *
def plain(value):
    if isinstance(value, memoryview):
        return value.tolist()
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
Y = %r
rs = RandomState(9)
print(json.dumps(plain([
    train_test_split(list(range(12)), Y, random_state=rs, stratify=Y),
    train_test_split(list(range(12)), shuffle=False),
    list(StratifiedKFold(3, shuffle=True, random_state=rs).split(Y, Y)),
    list(GroupShuffleSplit(2, random_state=rs).split(Y, groups=Y)),
    list(RepeatedKFold(n_splits=3, n_repeats=2, random_state=rs).split(Y)),
    resample(Y, list(range(12)), random_state=rs, stratify=Y),
    make_blobs(7, 3, random_state=rs), make_moons(9, noise=0.1, random_state=rs),
    make_blobs([2, 3], centers=[[0.0, 1.0], [4.0, 5.0]], cluster_std=[0.5, 0.25], random_state=rs),
    shuffle(make_moons(5, random_state=rs)[0], random_state=rs),
    [float(rs.random_sample())],
])))
"""


def test_without_numpy():
    out = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY % (Y,)], stdout=subprocess.PIPE, text=True, check=True).stdout
    m, u, d, rs = sklearn.model_selection, sklearn.utils, sklearn.datasets, np.random.RandomState(9)
    want = [
        m.train_test_split(list(range(12)), Y, random_state=rs, stratify=Y),
        m.train_test_split(list(range(12)), shuffle=False),
        list(m.StratifiedKFold(3, shuffle=True, random_state=rs).split(Y, Y)),
        list(m.GroupShuffleSplit(2, random_state=rs).split(Y, groups=Y)),
        list(m.RepeatedKFold(n_splits=3, n_repeats=2, random_state=rs).split(Y)),
        u.resample(Y, list(range(12)), random_state=rs, stratify=Y),
        d.make_blobs(7, 3, random_state=rs), d.make_moons(9, noise=0.1, random_state=rs),
        d.make_blobs([2, 3], centers=[[0.0, 1.0], [4.0, 5.0]], cluster_std=[0.5, 0.25], random_state=rs),
        u.shuffle(d.make_moons(5, random_state=rs)[0], random_state=rs),
        [rs.random_sample()],
    ]

    def plain(value):
        if isinstance(value, np.ndarray):
            return value.tolist()
        return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

    assert json.loads(out) == plain(want)


def test_products_without_numpy_are_close():
    code = "import sys, json; sys.modules['numpy'] = None; from oneseed.sklearn import *\n"
    code += "X, y = make_regression(6, 3, noise=0.5, random_state=1); print(json.dumps([X.tolist(), y.tolist()]))"
    X, y = map(np.array, json.loads(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout))
    want = sklearn.datasets.make_regression(6, 3, noise=0.5, random_state=1)
    assert np.array_equal(X, want[0]) and np.allclose(y, want[1], rtol=1e-14, atol=0)


def test_a_random_state_of_numpys_own_is_named():
    for call in (lambda r: ours.train_test_split([1, 2, 3], random_state=r), ours.check_random_state):
        with pytest.raises(ValueError, match=r"This is NumPy's own: make r = oneseed.numpy.RandomState\(0\), then r.set_state"):
            call(np.random.RandomState(1))
