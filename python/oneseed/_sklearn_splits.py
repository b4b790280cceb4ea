"""Splits and samples of oneseed.sklearn: scikit-learn's model_selection and utils, drawn by liboneseed."""

# SPDX-License-Identifier: MIT
import inspect
import numbers
from warnings import warn

from . import _streams
from ._numpy_shapes import np
from ._sklearn_checks import (
    ARRAY, BOOL, COUNT, FRACTION, NONE, RANDOM_STATE, SPARSE, check, check_labels, check_lengths, check_random_state, draw, empty,
    encode, floats, generator, indexable, n_samples_of, take, target_type, where,
)

# ---- sizes ----


def _kind_of_size(size):
    """0 None, 1 an integer, 2 a float: as NumPy's dtype kinds i and f; 3 none of them."""
    if size is None:
        return 0
    kind = getattr(getattr(size, "dtype", None), "kind", None)
    if kind is None:
        kind = "b" if isinstance(size, bool) else "i" if isinstance(size, numbers.Integral) else "f" if isinstance(size, float) else ""
    return {"i": 1, "f": 2}.get(kind, 3)


def _refuse_kinds(n_samples, kinds, test_size, train_size):
    """A size that is no number; but the other one's range comes first."""
    for kind, size, name in zip(kinds, (test_size, train_size), ("test_size", "train_size")):
        if (kind == 1 and not 0 < size < n_samples) or (kind == 2 and (size <= 0 or size >= 1)):
            raise ValueError(
                "%s=%s should be either positive and smaller than the number of samples %d or a float in the (0, 1) range"
                % (name, size, n_samples)
            )
    name, size = ("train_size", train_size) if kinds[1] == 3 else ("test_size", test_size)
    raise ValueError("Invalid value for %s: %s" % (name, size))


def _sizes(n_samples, test_size, train_size, default):
    """(n_train, n_test)."""
    if test_size is None and train_size is None:
        test_size = default
    kinds = _kind_of_size(test_size), _kind_of_size(train_size)
    if 3 in kinds:
        _refuse_kinds(n_samples, kinds, test_size, train_size)
    n_train, n_test = _streams._sklearn_sizes(n_samples, kinds[0], test_size, kinds[1], train_size, default)
    return n_train, n_test


# ---- splitters ----


def _ignore_groups(self, groups):
    if groups is not None:
        warn("The groups parameter is ignored by %s" % type(self).__name__, UserWarning, stacklevel=3)


class _Splitter:
    def __repr__(self):
        """As scikit-learn prints its splitters: parameters by name, lines of 75 characters."""
        name = type(self).__name__
        names = sorted(p for p in inspect.signature(type(self).__init__).parameters if p != "self")
        text, width, pad = "", len(name), ",\n" + (1 + len(name) // 2) * " "
        for number, parameter in enumerate(names):
            item = "%s=%r" % (parameter, getattr(self, parameter))
            if number:
                breaks = width + len(item) >= 75
                text += pad if breaks else ", "
                width = len(pad) - 2 if breaks else width + 2
            text += item
            width += len(item)
        return "%s(%s)" % (name, text)

    def get_n_splits(self, X=None, y=None, groups=None):
        """How many splits split() makes."""
        return self.n_splits


class _Folds(_Splitter):
    """n_splits folds, each the test set once. ValueError: n_splits below 2, a random_state without shuffle."""

    _kind = 0

    def __init__(self, n_splits, shuffle, random_state):
        if not isinstance(n_splits, numbers.Integral):
            raise ValueError("The number of folds must be of Integral type. %s of type %s was passed." % (n_splits, type(n_splits)))
        if n_splits <= 1:
            raise ValueError(
                "k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more, got n_splits=%d." % n_splits
            )
        if not isinstance(shuffle, bool):
            raise TypeError("shuffle must be True or False; got %s" % (shuffle,))
        if not shuffle and random_state is not None:
            raise ValueError(
                "Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), "
                "or set shuffle=True."
            )
        self.n_splits, self.shuffle, self.random_state = int(n_splits), shuffle, random_state

    def _folds(self, X, y, groups):
        X, y, groups = indexable(X, y, groups)
        n_samples = n_samples_of(X)
        if self.n_splits > n_samples:
            raise ValueError(
                "Cannot have number of splits n_splits=%d greater than the number of samples: n_samples=%d." % (self.n_splits, n_samples)
            )
        codes, n_codes = self._codes(y, groups)
        folds = empty("q", n_samples)
        rng = generator(self.random_state if self.shuffle else 0)
        draw(rng, "sklearn_folds", self._kind, self.shuffle, codes, n_codes, self.n_splits, folds)
        for fold in range(self.n_splits):
            yield where(folds, fold)

    def _codes(self, y, groups):
        return b"", 0


class KFold(_Folds):
    """KFold(n_splits=5, *, shuffle=False, random_state=None): sklearn.model_selection.KFold."""

    def __init__(self, n_splits=5, *, shuffle=False, random_state=None):
        super().__init__(n_splits, shuffle, random_state)

    def split(self, X, y=None, groups=None):
        """Yields (train, test), ascending indices."""
        _ignore_groups(self, groups)
        return self._folds(X, y, groups)


class GroupKFold(_Folds):
    """GroupKFold(n_splits=5, *, shuffle=False, random_state=None): sklearn.model_selection.GroupKFold, with shuffle since 1.6."""

    _kind = 2

    def __init__(self, n_splits=5, *, shuffle=False, random_state=None):
        super().__init__(n_splits, shuffle, random_state)

    def split(self, X, y=None, groups=None):
        """Yields (train, test), ascending indices; no group is in both."""
        return self._folds(X, y, groups)

    def _codes(self, y, groups):
        if groups is None:
            raise ValueError("The 'groups' parameter should not be None.")
        labels, codes, _ = encode(check_labels(groups, "groups"))
        if self.n_splits > len(labels):
            raise ValueError(
                "Cannot have number of splits n_splits=%d greater than the number of groups: %d." % (self.n_splits, len(labels))
            )
        return codes, len(labels)


class StratifiedKFold(_Folds):
    """StratifiedKFold(n_splits=5, *, shuffle=False, random_state=None): sklearn.model_selection.StratifiedKFold since 0.22."""

    _kind = 1

    def __init__(self, n_splits=5, *, shuffle=False, random_state=None):
        super().__init__(n_splits, shuffle, random_state)

    def split(self, X, y, groups=None):
        """Yields (train, test), ascending indices; y: the classes."""
        _ignore_groups(self, groups)
        return self._folds(X, check_labels(y, "y"), groups)

    def _codes(self, y, groups):
        kind = target_type(y)
        if kind not in ("binary", "multiclass"):
            raise ValueError("Supported target types are: ('binary', 'multiclass'). Got %r instead." % kind)
        labels, codes, counts = encode(y.reshape(-1) if np else y)
        if all(self.n_splits > n for n in counts):
            raise ValueError("n_splits=%d cannot be greater than the number of members in each class." % self.n_splits)
        if self.n_splits > min(counts):
            warn(
                "The least populated class in y has only %d members, which is less than n_splits=%d." % (min(counts), self.n_splits),
                UserWarning, stacklevel=3,
            )
        return codes, len(labels)


class _Repeated(_Splitter):
    def __init__(self, n_splits, n_repeats, random_state):
        if not isinstance(n_repeats, numbers.Integral):
            raise ValueError("Number of repetitions must be of Integral type.")
        if n_repeats <= 0:
            raise ValueError("Number of repetitions must be greater than 0.")
        self.n_splits, self.n_repeats, self.random_state = n_splits, n_repeats, random_state

    def _repeat(self, X, y, groups):
        rng = check_random_state(self.random_state)
        for _ in range(self.n_repeats):
            yield from self._once(n_splits=self.n_splits, random_state=rng, shuffle=True).split(X, y, groups)

    def get_n_splits(self, X=None, y=None, groups=None):
        """How many splits split() makes."""
        check_random_state(self.random_state)
        return self._once(n_splits=self.n_splits, shuffle=True).get_n_splits() * self.n_repeats


class RepeatedKFold(_Repeated):
    """RepeatedKFold(*, n_splits=5, n_repeats=10, random_state=None): KFold with shuffle, n_repeats times from one generator."""

    _once = KFold

    def __init__(self, *, n_splits=5, n_repeats=10, random_state=None):
        super().__init__(n_splits, n_repeats, random_state)

    def split(self, X, y=None, groups=None):
        """Yields (train, test), ascending indices."""
        _ignore_groups(self, groups)
        return self._repeat(X, y, groups)


class RepeatedStratifiedKFold(_Repeated):
    """RepeatedStratifiedKFold(*, n_splits=5, n_repeats=10, random_state=None): StratifiedKFold with shuffle, n_repeats times."""

    _once = StratifiedKFold

    def __init__(self, *, n_splits=5, n_repeats=10, random_state=None):
        super().__init__(n_splits, n_repeats, random_state)

    def split(self, X, y, groups=None):
        """Yields (train, test), ascending indices; y: the classes."""
        y = check_labels(y, "y")
        _ignore_groups(self, groups)
        return self._repeat(X, y, groups)


class _ShuffleSplits(_Splitter):
    """n_splits random splits from one generator; test_size and train_size: floats (fractions), ints (samples) or None."""

    _default_test_size = 0.1

    def __init__(self, n_splits, test_size, train_size, random_state):
        self.n_splits, self.test_size, self.train_size, self.random_state = n_splits, test_size, train_size, random_state

    def _splits(self, X, y, groups):
        X, y, groups = indexable(X, y, groups)
        yield from self._draws(n_samples_of(X), y, groups)

    def _sizes(self, n_samples):
        return _sizes(n_samples, self.test_size, self.train_size, self._default_test_size)


class ShuffleSplit(_ShuffleSplits):
    """ShuffleSplit(n_splits=10, *, test_size=None, train_size=None, random_state=None): sklearn.model_selection.ShuffleSplit."""

    def __init__(self, n_splits=10, *, test_size=None, train_size=None, random_state=None):
        super().__init__(n_splits, test_size, train_size, random_state)

    def split(self, X, y=None, groups=None):
        """Yields (train, test), indices in the order of the draw."""
        _ignore_groups(self, groups)
        return self._splits(X, y, groups)

    def _draws(self, n_samples, y, groups):
        n_train, n_test = self._sizes(n_samples)
        rng = generator(self.random_state)
        for _ in range(self.n_splits):
            train, test = empty("q", n_train), empty("q", n_test)
            draw(rng, "sklearn_shuffle_split", n_samples, train, test)
            yield train, test


class StratifiedShuffleSplit(_ShuffleSplits):
    """StratifiedShuffleSplit(n_splits=10, *, test_size=None, train_size=None, random_state=None), as it is since 1.0."""

    def __init__(self, n_splits=10, *, test_size=None, train_size=None, random_state=None):
        super().__init__(n_splits, test_size, train_size, random_state)

    def split(self, X, y, groups=None):
        """Yields (train, test), indices in the order of the draw; y: the classes."""
        _ignore_groups(self, groups)
        return self._splits(X, check_labels(y, "y"), groups)

    def _draws(self, n_samples, y, groups):
        n_train, n_test = self._sizes(n_samples)
        labels, codes, counts = encode(y)
        if min(counts) < 2:
            too_few = [label for label, n in zip(labels.tolist() if np else labels, counts) if n < 2]
            raise ValueError(
                "The least populated classes in y have only 1 member, which is too few. The minimum number of groups for any class cannot "
                "be less than 2. Classes with too few members are: %s" % too_few
            )
        for name, n in (("train_size", n_train), ("test_size", n_test)):
            if n < len(labels):
                raise ValueError("The %s = %d should be greater or equal to the number of classes = %d" % (name, n, len(labels)))
        rng = generator(self.random_state)
        for _ in range(self.n_splits):
            train, test = empty("q", n_train), empty("q", n_test)
            draw(rng, "sklearn_stratified_split", codes, len(labels), train, test)
            yield train, test


class GroupShuffleSplit(_ShuffleSplits):
    """GroupShuffleSplit(n_splits=5, *, test_size=None, train_size=None, random_state=None); the sizes are of the groups."""

    _default_test_size = 0.2

    def __init__(self, n_splits=5, *, test_size=None, train_size=None, random_state=None):
        super().__init__(n_splits, test_size, train_size, random_state)

    def split(self, X, y=None, groups=None):
        """Yields (train, test), ascending indices; no group is in both."""
        return self._splits(X, y, groups)

    def _draws(self, n_samples, y, groups):
        if groups is None:
            raise ValueError("The 'groups' parameter should not be None.")
        labels, codes, _ = encode(check_labels(groups, "groups"))
        n_train, n_test = self._sizes(len(labels))
        rng = generator(self.random_state)
        for _ in range(self.n_splits):
            train, test = empty("q", n_samples), empty("q", n_samples)
            ends = draw(rng, "sklearn_group_split", codes, len(labels), n_train, n_test, train, test)
            yield train[: ends[0]], test[: ends[1]]


# ---- functions ----


def train_test_split(*arrays, test_size=None, train_size=None, random_state=None, shuffle=True, stratify=None):
    """sklearn.model_selection.train_test_split: a list, train and test of each array: arrays, lists, data frames, sparse matrices.

    test_size, train_size: a float (a fraction: test is rounded up, train down), an int (samples) or None (the rest; 0.25 is tested
    when neither is given). stratify: classes whose shares both parts keep. random_state: an int, an oneseed.numpy.RandomState, which
    moves on, or None: the generator behind oneseed.numpy's functions. Errors: InvalidParameterError (a ValueError and a TypeError) and
    ValueError with scikit-learn's messages.
    """
    for value, name in ((test_size, "test_size"), (train_size, "train_size")):
        check("train_test_split", value, name, FRACTION, COUNT, NONE)
    check("train_test_split", random_state, "random_state", *RANDOM_STATE)
    check("train_test_split", shuffle, "shuffle", BOOL)
    check("train_test_split", stratify, "stratify", ARRAY, NONE)
    if not arrays:
        raise ValueError("At least one array required as input")
    arrays = indexable(*arrays)
    n_train, n_test = _sizes(n_samples_of(arrays[0]), test_size, train_size, 0.25)
    if shuffle is False:
        if stratify is not None:
            raise ValueError("Stratified train/test split is not implemented for shuffle=False")
        train, test = range(n_train), range(n_train, n_train + n_test)
        if np:
            train, test = np.arange(n_train), np.arange(n_train, n_train + n_test)
    else:
        splitter = ShuffleSplit if stratify is None else StratifiedShuffleSplit
        splitter = splitter(test_size=n_test, train_size=n_train, random_state=random_state)
        train, test = next(splitter.split(arrays[0], stratify))
    return [take(x, indices) for x in arrays for indices in (train, test)]


def _probabilities(sample_weight, n_samples):
    """sample_weight over its sum, which is NumPy's."""
    if not np:
        raise NotImplementedError("sample_weight: its sum is NumPy's, which is not there")
    weights = floats(sample_weight)
    if weights.ndim != 1:
        raise ValueError("Sample weights must be 1D array or scalar, got %dD array. Expected either a scalar value or a 1D array of "
                         "length %d." % (weights.ndim, n_samples))
    if len(weights) != n_samples:
        raise ValueError("sample_weight.shape == %s, expected %s!" % (weights.shape, (n_samples,)))
    return weights / weights.sum()


def _resampled(rng, n_samples, n, replace, stratify, sample_weight):
    """n indices."""
    out = empty("q", n)
    if stratify is not None:
        labels, codes, _ = encode(check_labels(stratify, "stratify"))
        if n > len(codes) and not replace:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        draw(rng, "sklearn_resample_stratified", codes, len(labels), replace, out)
    elif sample_weight is not None:
        draw(rng, "sklearn_resample_weighted", _probabilities(sample_weight, n_samples), out)
    else:
        draw(rng, "sklearn_resample", n_samples, replace, out)
    return out


def resample(*arrays, replace=True, n_samples=None, random_state=None, stratify=None, sample_weight=None):
    """sklearn.utils.resample: samples of the arrays, drawn with or without replacement; one array, or a list of them.

    n_samples: how many, None for as many as there are. stratify: classes that keep their shares. sample_weight: with replacement only,
    needs NumPy. random_state and errors as in train_test_split.
    """
    check("resample", replace, "replace", BOOL)
    check("resample", n_samples, "n_samples", COUNT, NONE)
    check("resample", random_state, "random_state", *RANDOM_STATE)
    check("resample", stratify, "stratify", ARRAY, SPARSE, NONE)
    check("resample", sample_weight, "sample_weight", ARRAY, NONE)
    rng = generator(random_state)
    if not arrays:
        return None
    n_there = n_samples_of(arrays[0])
    n = n_there if n_samples is None else int(n_samples)
    if n > n_there and not replace:
        raise ValueError("Cannot sample %d out of arrays with dim %d when replace is False" % (n, n_there))
    check_lengths(*arrays)
    if sample_weight is not None and not replace:
        raise NotImplementedError("Resampling with sample_weight is only implemented for replace=True.")
    if sample_weight is not None and stratify is not None:
        raise NotImplementedError("Resampling with sample_weight is only implemented for stratify=None.")
    indices = _resampled(rng, n_there, n, bool(replace), stratify, sample_weight)
    taken = [take(x, indices) for x in indexable(*arrays)]
    return taken[0] if len(taken) == 1 else taken


def shuffle(*arrays, random_state=None, n_samples=None):
    """sklearn.utils.shuffle: resample without replacement."""
    return resample(*arrays, replace=False, n_samples=n_samples, random_state=random_state)


_SAMPLING = ("auto", "tracking_selection", "reservoir_sampling", "pool")


def sample_without_replacement(n_population, n_samples, method="auto", random_state=None):
    """sklearn.utils.random.sample_without_replacement: n_samples different integers below n_population."""
    n_population, n_samples = int(n_population), int(n_samples)
    if n_population < 0:
        raise ValueError("n_population should be greater than 0, got %s." % n_population)
    if n_samples > n_population:
        raise ValueError(
            "n_population should be greater or equal than n_samples, got n_samples > n_population (%s > %s)" % (n_samples, n_population)
        )
    if method not in _SAMPLING:
        raise ValueError("Expected a method name in %s, got %s. " % (_SAMPLING, method))
    out = empty("q", n_samples)
    draw(generator(random_state), "sklearn_sample", n_population, _SAMPLING.index(method), out)
    return out


def tree_seeds(n_estimators, random_state=None):
    """The random_state of each tree of a RandomForest or ExtraTrees with this random_state."""
    out = empty("q", n_estimators)
    draw(generator(random_state), "sklearn_tree_seeds", out)
    return out


def bootstrap_indices(tree_seed, n_samples, n_samples_bootstrap=None):
    """The rows that a tree of a forest with bootstrap=True is fitted to, with its random_state; without sample_weight."""
    out = empty("q", n_samples if n_samples_bootstrap is None else n_samples_bootstrap)
    draw(generator(tree_seed), "sklearn_resample", n_samples, True, out)
    return out
