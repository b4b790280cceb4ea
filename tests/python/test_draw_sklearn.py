"""`oneseed draw` of scikit-learn: data sets with products by fma, and what is refused; the other lines are in draw_lines.txt."""

# SPDX-License-Identifier: MIT
import ctypes

import numpy as np
import pytest
from prompt import draw, prompt
from sklearn.datasets import _samples_generator

fma = ctypes.CDLL("libm.so.6").fma
fma.restype, fma.argtypes = ctypes.c_double, [ctypes.c_double] * 3


class WithFma:
    """numpy, but for dot: sums by fma from the first product on."""

    @staticmethod
    def dot(a, b):
        out = np.zeros((len(a), b.shape[1]))
        for i, j in np.ndindex(*out.shape):
            for x, y in zip(a[i], b[:, j]):
                out[i, j] = fma(x, y, out[i, j])
        return out

    def __getattr__(self, name):
        return getattr(np, name)


@pytest.mark.parametrize("call", [
    "make_regression(5, 3, n_informative=2, random_state=0)",
    "make_regression(4, 1, noise=0.5, bias=2.0, coef=True, random_state=1)",
    "make_regression(n_samples=6, n_features=4, n_targets=2, shuffle=False, coef=True, random_state=2)",
    "make_regression(1, 1, random_state=3)",
    "make_classification(6, 4, random_state=0)",
    "make_classification(8, 5, n_informative=3, n_repeated=1, n_redundant=1, n_classes=3, hypercube=False, random_state=1)",
    "make_classification(7, 3, n_informative=2, n_redundant=1, weights=[0.3], flip_y=0.2, class_sep=2.0, shuffle=False, random_state=2)",
    "make_classification(5, 4, shift=None, scale=None, random_state=np.random.RandomState(4))",
    "make_classification(5, 4, weights=np.array([0.9, 0.1]), shift=[1, 2, 3, 4], scale=2.0, n_clusters_per_class=1, random_state=5)",
    "make_classification(5, 3, random_state=6)",
    "make_classification(5, 4, n_classes=5, random_state=6)",
    "make_classification(5, 4, weights=[1.0, 2.0, 3.0], random_state=6)",
    "make_classification(0, 4, random_state=6)",
    "make_classification(5, 4, flip_y=2.0, random_state=6)",
    "make_regression(5, 3, noise=-1.0, random_state=6)",
])
def test_products_by_fma(call, monkeypatch):
    monkeypatch.setattr(_samples_generator, "np", WithFma())
    lines = "from sklearn.datasets import make_regression, make_classification; " + call
    expected, error = prompt(lines)
    out, status, message = draw(lines, "--with", "blas=fma")
    assert (out, status, error or "") == (expected, 2 if error else 0, error if error and error in message else "")


def test_products_are_asked_for():
    out, status, message = draw("from sklearn.datasets import make_regression; make_regression(random_state=1)")
    assert (out, status) == ("", 2) and "--with blas=fma" in message
    out, status, message = draw("1", "--with", "blas=openblas")
    assert (out, status) == ("", 2) and "blas=fma" in message


SPLIT = "from sklearn.model_selection import train_test_split; train_test_split([1, 2, 3], %s, random_state=1)"


@pytest.mark.parametrize("lines, error", [
    (SPLIT % "test_size=1.5", "InvalidParameterError"),
    (SPLIT % "train_size=0", "InvalidParameterError"),
    ("from sklearn.datasets import make_moons; make_moons(4, noise=-1.0, random_state=1)", "InvalidParameterError"),
    ("from sklearn.model_selection import ShuffleSplit; list(ShuffleSplit(test_size=1.5, random_state=1).split([1, 2, 3]))", "ValueError"),
    ("from sklearn.datasets import make_regression; make_regression(4, 2, effective_rank=1, random_state=1)", "LAPACK"),
])
def test_refusals(lines, error):
    out, status, message = draw(lines, "--with", "blas=fma")
    assert (out, status) == ("", 2) and error in message
    if error != "LAPACK":
        assert prompt(lines)[1] == error
