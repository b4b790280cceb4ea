"""Data sets of oneseed.sklearn: scikit-learn's make_… functions, drawn by liboneseed."""

# SPDX-License-Identifier: MIT
import numbers
from array import array

from ._numpy_shapes import nested, np
from ._sklearn_checks import (
    ANY_REAL, ARRAY, BELOW_1, BOOL, COUNT, COUNT_OR_NOTHING, NONE, NOT_NEGATIVE, POSITIVE, RANDOM_STATE, TUPLE, UP_TO_1, check, draw,
    empty, floats, generator,
)

_NAN = float("nan")


def _dot(a, a_stride, b, n_rows, n_inner, n_columns, out):
    """numpy.dot, so that products are those of the BLAS that scikit-learn would use here."""
    a = np.ndarray((n_rows, n_inner), np.float64, a, 0, (8 * a_stride, 8))
    b = np.ndarray((n_inner, n_columns), np.float64, b)
    np.ndarray((n_rows, n_columns), np.float64, out)[...] = np.dot(a, b)


_product = _dot if np else None


def _squeezed(values):
    """numpy.squeeze."""
    if np:
        return np.squeeze(values)
    shape = [extent for extent in values.shape if extent != 1]
    if not shape:
        return values.cast("B").cast("d")[0]
    return values.cast("B").cast("d", shape) if len(shape) > 1 else values.cast("B").cast("d")


def make_moons(n_samples=100, *, shuffle=True, noise=None, random_state=None):
    """sklearn.datasets.make_moons: (X, y), two half circles. n_samples: an int, or a tuple (outer, inner)."""
    check("make_moons", n_samples, "n_samples", COUNT, TUPLE)
    check("make_moons", shuffle, "shuffle", BOOL)
    check("make_moons", noise, "noise", NOT_NEGATIVE, NONE)
    check("make_moons", random_state, "random_state", *RANDOM_STATE)
    if isinstance(n_samples, tuple) and len(n_samples) != 2:
        raise ValueError("`n_samples` can be either an int or a two-element tuple.")
    return _two_curves(n_samples, shuffle, noise, -1.0, random_state)


def make_circles(n_samples=100, *, shuffle=True, noise=None, random_state=None, factor=0.8):
    """sklearn.datasets.make_circles: (X, y), a circle within another. n_samples: an int, or a tuple (outer, inner)."""
    check("make_circles", n_samples, "n_samples", COUNT_OR_NOTHING, TUPLE)
    check("make_circles", shuffle, "shuffle", BOOL)
    check("make_circles", noise, "noise", NOT_NEGATIVE, NONE)
    check("make_circles", random_state, "random_state", *RANDOM_STATE)
    check("make_circles", factor, "factor", BELOW_1)
    if isinstance(n_samples, tuple) and len(n_samples) != 2:
        raise ValueError("When a tuple, n_samples must have exactly two elements.")
    return _two_curves(n_samples, shuffle, noise, float(factor), random_state)


def _two_curves(n_samples, shuffle, noise, factor, random_state):
    n_outer, n_inner = n_samples if isinstance(n_samples, tuple) else (n_samples // 2, n_samples - n_samples // 2)
    n = n_outer + n_inner
    X, y = empty("d", n, 2), empty("q", n)
    noise = _NAN if noise is None else float(noise)
    draw(generator(random_state), "sklearn_moons", n_outer, n_inner, bool(shuffle), noise, factor, X, y)
    return X, y


def _as_centers(centers):
    if not np:
        flat, shape = nested(centers)
        n_dims = len(shape)
    else:
        centers = np.asarray(centers)
        n_dims, shape = centers.ndim, centers.shape
    if n_dims != 2:
        raise ValueError("Expected 2D array, got %dD array instead" % n_dims)
    return centers, shape


def _blob_centers(rng, n_samples, n_features, centers, center_box):
    """The centres as given, or drawn: (centres, how many, of how many features)."""
    if isinstance(n_samples, numbers.Integral):
        n_centers = 3 if centers is None else centers
        drawn = isinstance(n_centers, numbers.Integral)
    else:
        n_centers, drawn = len(n_samples), centers is None
        if not drawn and isinstance(centers, numbers.Integral):
            raise ValueError("Parameter `centers` must be array-like. Got %r instead" % (centers,))
        if not drawn and len(centers) != n_centers:
            raise ValueError(
                "Length of `n_samples` not consistent with number of centers. Got n_samples = %s and centers = %s" % (n_samples, centers)
            )
    if not drawn:
        centers, shape = _as_centers(centers)
        return centers, shape[0], shape[1]
    centers = empty("d", n_centers, n_features)
    draw(rng, "sklearn_uniform", center_box[0], center_box[1], centers)
    return centers, n_centers, n_features


def make_blobs(
    n_samples=100, n_features=2, *, centers=None, cluster_std=1.0, center_box=(-10.0, 10.0), shuffle=True, random_state=None,
    return_centers=False,
):
    """sklearn.datasets.make_blobs: (X, y) or (X, y, centers), normal around centres that are given or drawn from center_box."""
    check("make_blobs", n_samples, "n_samples", COUNT, ARRAY)
    check("make_blobs", n_features, "n_features", COUNT)
    check("make_blobs", centers, "centers", COUNT, ARRAY, NONE)
    check("make_blobs", cluster_std, "cluster_std", NOT_NEGATIVE, ARRAY)
    check("make_blobs", center_box, "center_box", TUPLE)
    check("make_blobs", shuffle, "shuffle", BOOL)
    check("make_blobs", random_state, "random_state", *RANDOM_STATE)
    check("make_blobs", return_centers, "return_centers", BOOL)
    rng = generator(random_state)
    centers, n_centers, n_features = _blob_centers(rng, n_samples, n_features, centers, center_box)
    if hasattr(cluster_std, "__len__") and len(cluster_std) != n_centers:
        raise ValueError(
            "Length of `clusters_std` not consistent with number of centers. Got centers = %s and cluster_std = %s" % (centers, cluster_std)
        )
    if isinstance(n_samples, numbers.Integral):
        sizes = [n_samples // n_centers + (k < n_samples % n_centers) for k in range(n_centers)]
    else:
        sizes = n_samples
    sizes = array("q", map(int, sizes))
    n = sum(sizes)
    X, y = empty("d", n, n_features), empty("q", n)
    std = floats(cluster_std, n_centers)
    draw(rng, "sklearn_blobs", floats(centers), std, sizes, n_features, bool(shuffle), X, y)
    return (X, y, centers) if return_centers else (X, y)


def make_regression(
    n_samples=100, n_features=100, *, n_informative=10, n_targets=1, bias=0.0, effective_rank=None, tail_strength=0.5, noise=0.0,
    shuffle=True, coef=False, random_state=None,
):
    """sklearn.datasets.make_regression: (X, y) or (X, y, coefficients). Products are NumPy's where it is installed, else sums by fma.

    effective_rank must be None: NotImplementedError, since its factors are those of a machine's LAPACK.
    """
    name = "make_regression"
    check(name, n_samples, "n_samples", COUNT)
    check(name, n_features, "n_features", COUNT)
    check(name, n_informative, "n_informative", COUNT_OR_NOTHING)
    check(name, n_targets, "n_targets", COUNT)
    check(name, bias, "bias", ANY_REAL)
    check(name, effective_rank, "effective_rank", COUNT, NONE)
    check(name, tail_strength, "tail_strength", UP_TO_1)
    check(name, noise, "noise", NOT_NEGATIVE)
    check(name, shuffle, "shuffle", BOOL)
    check(name, coef, "coef", BOOL)
    check(name, random_state, "random_state", *RANDOM_STATE)
    if effective_rank is not None:
        raise NotImplementedError("make_regression: effective_rank goes through LAPACK, whose bits are those of a machine; leave it None")
    X, y, coefficients = empty("d", n_samples, n_features), empty("d", n_samples, n_targets), empty("d", n_features, n_targets)
    draw(
        generator(random_state), "sklearn_regression", n_samples, n_features, n_informative, n_targets, bool(shuffle), float(bias),
        float(noise), _product, X, y, coefficients,
    )
    return (X, _squeezed(y), _squeezed(coefficients)) if coef else (X, _squeezed(y))


class Bunch(dict):
    """A dict whose entries are attributes, too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def _weights(weights, n_classes):
    """One weight for each class: the last may have been left out."""
    if weights is None:
        return None
    if len(weights) not in (n_classes, n_classes - 1):
        raise ValueError("Weights specified but incompatible with number of classes.")
    if len(weights) == n_classes:
        return floats(weights)
    if isinstance(weights, list):
        return floats(weights + [1.0 - sum(weights)])
    weights = [*weights, 0.0]
    weights[-1] = 1.0 - sum(weights[:-1])
    return floats(weights)


def _descriptions(columns, n_informative, n_redundant, n_repeated):
    names = ["informative"] * n_informative + ["redundant"] * n_redundant + ["repeated"] * n_repeated
    return [names[column] if column < len(names) else "random" for column in columns]


def make_classification(
    n_samples=100, n_features=20, *, n_informative=2, n_redundant=2, n_repeated=0, n_classes=2, n_clusters_per_class=2, weights=None,
    flip_y=0.01, class_sep=1.0, hypercube=True, shift=0.0, scale=1.0, shuffle=True, random_state=None, return_X_y=True,
):
    """sklearn.datasets.make_classification: (X, y), or a Bunch with feature_info. Products as in make_regression."""
    parameters = dict(locals())
    name = "make_classification"
    for parameter in ("n_samples", "n_features", "n_informative"):
        check(name, parameters[parameter], parameter, COUNT)
    for parameter in ("n_redundant", "n_repeated"):
        check(name, parameters[parameter], parameter, COUNT_OR_NOTHING)
    for parameter in ("n_classes", "n_clusters_per_class"):
        check(name, parameters[parameter], parameter, COUNT)
    check(name, weights, "weights", ARRAY, NONE)
    check(name, flip_y, "flip_y", UP_TO_1)
    check(name, class_sep, "class_sep", POSITIVE)
    check(name, hypercube, "hypercube", BOOL)
    check(name, shift, "shift", ANY_REAL, ARRAY, NONE)
    check(name, scale, "scale", POSITIVE, ARRAY, NONE)
    check(name, shuffle, "shuffle", BOOL)
    check(name, random_state, "random_state", *RANDOM_STATE)
    check(name, return_X_y, "return_X_y", BOOL)
    if n_informative + n_redundant + n_repeated > n_features:
        raise ValueError(
            "Number of informative, redundant and repeated features must sum to less than the number of total features"
        )
    if n_classes * n_clusters_per_class > 2**n_informative:
        raise ValueError(
            "n_classes(%d) * n_clusters_per_class(%d) must be smaller or equal 2**n_informative(%d)=%d"
            % (n_classes, n_clusters_per_class, n_informative, 2**n_informative)
        )
    X, y, columns = empty("d", n_samples, n_features), empty("q", n_samples), empty("q", n_features)
    draw(
        generator(random_state), "sklearn_classification", n_samples, n_features, n_informative, n_redundant, n_repeated, n_classes,
        n_clusters_per_class, _weights(weights, n_classes), float(flip_y), float(class_sep), bool(hypercube),
        None if shift is None else floats(shift, n_features), None if scale is None else floats(scale, n_features), bool(shuffle),
        _product, X, y, columns,
    )
    if return_X_y:
        return X, y
    return Bunch(
        DESCR=make_classification.__doc__, parameters=parameters, X=X, y=y,
        feature_info=_descriptions(columns.tolist(), n_informative, n_redundant, n_repeated),
    )
