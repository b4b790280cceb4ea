"""What scikit-learn draws, from liboneseed: the same splits, samples and data sets, without scikit-learn.

    from oneseed.sklearn import train_test_split, StratifiedKFold, make_blobs
    X_train, X_test = train_test_split(X, random_state=0)      # as sklearn.model_selection.train_test_split
    for train, test in StratifiedKFold(3, shuffle=True, random_state=0).split(X, y): ...
    X, y = make_blobs(random_state=0)                          # as sklearn.datasets.make_blobs

Arguments, defaults, errors and warnings are scikit-learn 1.9's. random_state is an int, an oneseed.numpy.RandomState, which moves on,
or None: the generator behind oneseed.numpy's functions (oneseed.numpy.seed(0)). Where NumPy is installed, results are its arrays;
without it they are memoryviews of the same kind and shape, and lists stay lists.
"""

# SPDX-License-Identifier: MIT
from ._sklearn_checks import InvalidParameterError, check_random_state
from ._sklearn_data import make_blobs, make_circles, make_classification, make_moons, make_regression
from ._sklearn_splits import (
    GroupKFold, GroupShuffleSplit, KFold, RepeatedKFold, RepeatedStratifiedKFold, ShuffleSplit, StratifiedKFold, StratifiedShuffleSplit,
    bootstrap_indices, resample, sample_without_replacement, shuffle, train_test_split, tree_seeds,
)

__all__ = [
    "GroupKFold", "GroupShuffleSplit", "InvalidParameterError", "KFold", "RepeatedKFold", "RepeatedStratifiedKFold", "ShuffleSplit",
    "StratifiedKFold", "StratifiedShuffleSplit", "bootstrap_indices", "check_random_state", "make_blobs", "make_circles",
    "make_classification", "make_moons", "make_regression", "resample", "sample_without_replacement", "shuffle", "train_test_split",
    "tree_seeds",
]
