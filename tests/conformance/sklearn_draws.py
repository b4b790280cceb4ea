"""sklearn_draws.py - oneseed.sklearn compared with the live scikit-learn: python tests/conformance/sklearn_draws.py

Parameters are valid and, now and then, to be refused: then class and message of the exception are compared. random_state is an int or
a RandomState that has drawn before, whose state afterwards is compared.

SPDX-License-Identifier: MIT
"""

import sys
import warnings

import frame

sys.path.insert(0, frame.PACKAGE)

import numpy as np
import sklearn
from sklearn import datasets, model_selection, utils
from sklearn.ensemble import ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.ensemble._base import _set_random_states
from sklearn.ensemble._forest import _generate_sample_indices
from sklearn.utils.random import sample_without_replacement

import oneseed.sklearn as ours
from oneseed import _sklearn_data
from oneseed.numpy import RandomState


def many(row):
    """More cases than asked for, and more values: some cases are refusals and some are small."""
    return row.cases(1.2, 12 * row.options.values // 5)


# ---- generators ----


class Pair:
    """random_state for both: the same int, or two RandomStates in the same state."""

    def __init__(self, case):
        random = case.random
        seed = random.getrandbits(random.randrange(33))
        self.mine = self.theirs = seed
        if random.random() < 0.2:
            self.theirs = self.mine = np.int64(seed)
        if random.random() < 0.7:
            self.mine, self.theirs = RandomState(seed), np.random.RandomState(seed)
            n = random.choice((0, 1, random.randrange(700)))
            self.mine.randint(2**31, size=n), self.theirs.randint(2**31, size=n)
            for _ in range(random.randrange(3)):
                self.mine.standard_normal(), self.theirs.standard_normal()

    def states(self):
        if isinstance(self.mine, RandomState):
            return [(state[0], state[1].tobytes(), *state[2:]) for state in (self.mine.get_state(), self.theirs.get_state())]
        return None, None


def values_of(result):
    """Arrays with their kinds and shapes, one after the other."""
    if isinstance(result, (list, tuple)) and any(isinstance(item, (np.ndarray, list, tuple)) for item in result):
        return [array for item in result for array in values_of(item)]
    return [np.asarray(result)]


def message(error):
    return type(error).__name__, str(error).replace("numpy.random.mtrand.RandomState", "oneseed.numpy.RandomState")


def same(case, what, mine, theirs, states):
    """Both calls give the same values or refuse alike; and leave the same states."""
    try:
        want = values_of(theirs())
    except Exception as error:
        try:
            mine()
        except Exception as own:
            if message(own) != message(error):
                case.wrong("%s: %r instead of %r" % (what, message(own), message(error)))
        else:
            case.wrong("%s: accepted, refused by scikit-learn: %s" % (what, error))
        return
    try:
        got = values_of(mine())
    except Exception as error:
        case.wrong("%s: refused: %r" % (what, error))
        return
    if [(a.dtype, a.shape) for a in got] != [(a.dtype, a.shape) for a in want]:
        case.wrong("%s: other shapes or dtypes" % what)
        return
    for a, b in zip(got, want):
        case.same(a.tobytes(), b.tobytes(), a.size, what)
    case.same_state(*states(), what)


# ---- parameters ----


def number_of_samples(case, most=4.0):
    return case.random.choice((case.random.randrange(1, 30), case.random.randrange(2, max(3, int(most * case.n)))))


def size(random, n):
    if random.random() < 0.03:
        return random.choice((0, -1, n, n + 1, 0.0, 1.0, 1.5, -0.5, 1e-9, "a", True))
    return random.choice((None, random.random(), round(random.random(), 2), random.randrange(1, max(2, n)), np.int64(random.randrange(1, n + 1))))


def sizes(random, n):
    test, train = size(random, n), size(random, n)
    if isinstance(test, float) and isinstance(train, float) and random.random() < 0.8:
        train *= 1 - min(max(test, 0), 1)
    if isinstance(test, (int, np.integer)) and isinstance(train, (int, np.integer)) and random.random() < 0.8:
        train = max(1, min(train, n - int(test)))
    return {"test_size": test, "train_size": train}


def labels(random, n, most=8):
    """Codes of n samples as labels of several kinds; some classes are rare."""
    n_classes = random.randrange(1, most)
    weights = [random.choice((1, 1, 5, 50, 0.05)) for _ in range(n_classes)]
    codes = random.choices(range(n_classes), weights, k=n)
    kind = random.randrange(5)
    names = random.sample(range(-1000, 1000), n_classes)
    if kind == 0:
        return codes
    if kind == 1:
        return np.array([names[code] for code in codes])
    if kind == 2:
        return ["class %d" % names[code] for code in codes]
    if kind == 3:
        return np.array([float(names[code]) for code in codes])
    return np.array([names[code] % 2 == 0 for code in codes])


def splitter(name, parameters_of, data_of, most=1.0):
    """A class of splitters: all splits, and how many there are."""

    def compare(row):
        for case in many(row):
            pair = Pair(case)
            n = number_of_samples(case, most)
            X, y, groups = data_of(case.random, n)
            parameters = parameters_of(case.random, n)
            if parameters.get("shuffle", True):
                random_states = [{"random_state": pair.mine}, {"random_state": pair.theirs}]
            else:
                random_states = [{}, {}]
            what = "%s(**%r) of %d" % (name, parameters, n)

            def call(package, random_state):
                made = getattr(package, name)(**parameters, **random_state)
                return [list(made.split(X, y, groups)), np.array(made.get_n_splits(X, y, groups))]

            same(case, what, lambda: call(ours, random_states[0]), lambda: call(model_selection, random_states[1]), pair.states)

    return compare


def folds(random, n):
    n_splits = random.choice((2, 3, 5, random.randrange(2, 12), random.randrange(2, n + 3)))
    if random.random() < 0.03:
        n_splits = random.choice((1, 0, 2.5, n + 1))
    return {"n_splits": min(n_splits, 20) if isinstance(n_splits, int) else n_splits, "shuffle": random.random() < 0.8}


def repeated(random, n):
    n_splits = folds(random, n)["n_splits"]
    return {"n_splits": min(n_splits, 6), "n_repeats": random.choice((1, 2, 3, 0) if random.random() < 0.05 else (1, 2, 3))}


def shuffled(random, n):
    return {"n_splits": random.randrange(1, 5), **sizes(random, n)}


def plain(random, n):
    return np.zeros((n, 2)), None, None


def classes(random, n):
    return np.zeros(n), labels(random, n), None


def two_columns(random, n):
    if random.random() < 0.1 and n > 20:
        return np.zeros(n), np.array([random.choices((0, 1), k=2) for _ in range(n)]), None
    return classes(random, n)


def grouped(random, n):
    return [0] * n, None, labels(random, n, max(2, min(n, random.choice((8, 60)))))


# ---- functions ----


def seeds(row):
    for case in many(row):
        pair = Pair(case)
        same(
            case, "check_random_state", lambda: ours.check_random_state(pair.mine).random_sample(case.n),
            lambda: utils.check_random_state(pair.theirs).random_sample(case.n), pair.states,
        )


def train_test_split(stratified):
    def compare(row):
        for case in many(row):
            pair, random = Pair(case), case.random
            n = number_of_samples(case)
            parameters = sizes(random, n)
            if stratified:
                parameters["stratify"] = two_columns(random, n)[1]
            elif random.random() < 0.1:
                parameters["shuffle"] = False
            arrays = [np.arange(n), list(range(100, 100 + n)), np.arange(2 * n).reshape(n, 2)][: random.randrange(1, 4)]
            same(
                case, "train_test_split of %d, %s" % (n, {name: parameters[name] for name in ("test_size", "train_size")}),
                lambda: ours.train_test_split(*arrays, random_state=pair.mine, **parameters),
                lambda: model_selection.train_test_split(*arrays, random_state=pair.theirs, **parameters), pair.states,
            )

    return compare


def resample(parameters_of):
    def compare(row):
        for case in many(row):
            pair = Pair(case)
            n = number_of_samples(case)
            parameters = parameters_of(case.random, n)
            X, y = np.arange(n), list(range(n))
            same(
                case, "resample of %d, n_samples=%s, replace=%s" % (n, parameters.get("n_samples"), parameters.get("replace")),
                lambda: ours.resample(X, y, random_state=pair.mine, **parameters),
                lambda: utils.resample(X, y, random_state=pair.theirs, **parameters), pair.states,
            )

    return compare


def amount(random, n):
    replace = random.random() < 0.5
    n_samples = random.choice((None, random.randrange(1, n + 1), n + random.randrange(0, 2)))
    return {"replace": replace, "n_samples": n_samples}


def shuffle(row):
    for case in many(row):
        pair = Pair(case)
        n = number_of_samples(case)
        n_samples = case.random.choice((None, None, case.random.randrange(1, n + 2)))
        same(
            case, "shuffle of %d, %s" % (n, n_samples), lambda: ours.shuffle(np.arange(n), list(range(n)), random_state=pair.mine, n_samples=n_samples),
            lambda: utils.shuffle(np.arange(n), list(range(n)), random_state=pair.theirs, n_samples=n_samples), pair.states,
        )


def without_replacement(row):
    for case in many(row):
        pair, random = Pair(case), case.random
        n = random.choice((random.randrange(10), random.randrange(4 * case.n)))
        population = random.choice((n, n + 1, n + random.randrange(n + 1), n * random.randrange(1, 9) + random.randrange(100), n * 150 + 3, n - 1))
        method = random.choice(("auto", "auto", "tracking_selection", "reservoir_sampling", "pool", "no such method"))
        if method == "reservoir_sampling":
            population = min(population, 3 * n + 7)  # scikit-learn takes a microsecond for each
        same(
            case, "sample_without_replacement(%d, %d, %r)" % (population, n, method),
            lambda: ours.sample_without_replacement(population, n, method, pair.mine),
            lambda: sample_without_replacement(population, n, method, pair.theirs), pair.states,
        )


def tree_seeds(row):
    for case in row.cases(1.0, 115 * row.options.values // 100):  # each tree takes scikit-learn a tenth of a millisecond
        pair, random = Pair(case), case.random
        kind = random.choice((RandomForestClassifier, RandomForestRegressor, ExtraTreesRegressor))
        n = random.randrange(1, 12) if random.random() < 0.1 else case.n

        def theirs():
            forest = kind(n, random_state=pair.theirs, max_depth=1)
            if n < 12:
                forest.fit([[0.0], [1.0]], [0, 1])
                return [np.array([tree.random_state for tree in forest.estimators_])]
            tree, rs, found = type(forest.estimator)(), utils.check_random_state(pair.theirs), []
            for _ in range(n):
                _set_random_states(tree, rs)  # as fit() does with each of its trees
                found.append(tree.random_state)
            return [np.array(found)]

        same(case, "%d trees" % n, lambda: [ours.tree_seeds(n, pair.mine)], theirs, pair.states)


def bootstrap(row):
    for case in many(row):
        seed, n = case.random.getrandbits(31), number_of_samples(case)
        n_drawn = case.random.randrange(1, 3 * case.n)
        same(
            case, "bootstrap of %d, %d" % (n, n_drawn), lambda: ours.bootstrap_indices(seed, n, n_drawn),
            lambda: _generate_sample_indices(seed, n, n_drawn, None).astype(np.int64), lambda: (None, None),
        )


# ---- data sets ----


def data_set(name, parameters_of):
    def compare(row):
        for case in many(row):
            pair = Pair(case)
            parameters = parameters_of(case.random, case.n)
            same(
                case, "%s(**%r)" % (name, parameters), lambda: getattr(ours, name)(random_state=pair.mine, **parameters),
                lambda: getattr(datasets, name)(random_state=pair.theirs, **parameters), pair.states,
            )

    return compare


def blobs(random, n):
    n_features, n_centers = random.randrange(1, 6), random.randrange(1, 8)
    n_samples = random.randrange(1, 2 + 2 * n // (n_features + 1))
    found = {"n_samples": n_samples, "n_features": n_features, "centers": random.choice((n_centers, None)), "return_centers": random.random() < 0.5}
    if random.random() < 0.3:
        found["centers"] = [[random.uniform(-9, 9) for _ in range(n_features)] for _ in range(n_centers)]
    elif random.random() < 0.3:
        found["n_samples"] = [random.randrange(n_samples + 1) for _ in range(n_centers)]
        found["centers"] = None
    if random.random() < 0.3:
        found["center_box"] = (random.uniform(-5, 0), random.uniform(-1, 20))
    n_stds = 3 if found["centers"] is None and isinstance(found["n_samples"], int) else n_centers
    found["cluster_std"] = random.choice((1.0, 0.0, 2, random.random(), [random.random() for _ in range(n_stds)], [1.0], -1.0 if random.random() < 0.1 else 3.0))
    found["shuffle"] = random.random() < 0.8
    return found


def curves(random, n):
    n_samples = random.choice((random.randrange(1, 2 * n), random.randrange(1, 10), (random.randrange(n), random.randrange(n)), (0, 1), (1, 2, 3)))
    noise = random.choice((None, 0.0, 0.1, random.random(), -0.0, -1.0 if random.random() < 0.1 else 3))
    return {"n_samples": n_samples, "noise": noise, "shuffle": random.random() < 0.8}


def circles(random, n):
    return {**curves(random, n), "factor": random.choice((0.8, 0.0, random.random(), 1.0 if random.random() < 0.1 else 0.5))}


def regression(random, n):
    n_features, n_targets = random.choice((1, random.randrange(1, 10), random.randrange(1, 120))), random.choice((1, 1, 1, random.randrange(2, 5)))
    return {
        "n_samples": random.choice((1, 2, random.randrange(1, 3 + 4 * n // (n_features + n_targets)))), "n_features": n_features, "n_targets": n_targets,
        "n_informative": random.choice((0, 10, random.randrange(150))), "bias": random.choice((0.0, 1, random.uniform(-100, 100))),
        "noise": random.choice((0.0, 1, random.random())), "shuffle": random.random() < 0.8, "coef": random.random() < 0.5,
    }


def classification(random, n):
    informative = random.choice((1, 2, 2, 3, random.randrange(1, 12), random.randrange(1, 45)))
    redundant, repeated, useless = (random.choice((0, 1, random.randrange(8))) for _ in range(3))
    n_features = informative + redundant + repeated + useless
    per_class = random.randrange(1, 4)
    n_classes = random.randrange(1, max(2, min(9, 2**informative // per_class + 1)))
    found = {
        "n_samples": random.randrange(1, 3 + 3 * n // n_features), "n_features": n_features, "n_informative": informative,
        "n_redundant": redundant, "n_repeated": repeated, "n_classes": n_classes, "n_clusters_per_class": per_class,
        "flip_y": random.choice((0.0, 0.01, 0, 1.0, random.random())), "class_sep": random.choice((1.0, random.uniform(0.01, 5))),
        "hypercube": random.random() < 0.7, "shuffle": random.random() < 0.8,
        "shift": random.choice((0.0, None, random.uniform(-3, 3), [random.random() for _ in range(n_features)])),
        "scale": random.choice((1.0, None, random.uniform(0.1, 3), np.array([random.random() for _ in range(n_features)]))),
    }
    if random.random() < 0.4:
        weights = [random.choice((1.0 / n_classes, random.random())) for _ in range(max(1, n_classes - random.randrange(2)))]
        found["weights"] = random.choice((weights, np.array(weights)))
    if random.random() < 0.02:
        found.update(n_features=n_features - 1, shift=0.0, scale=1.0)
    return found


def own_products(name, parameters_of):
    """With the library's own sums: how many values are those of this machine's BLAS, and how far the others are off."""

    def compare(row):
        by_blas = _sklearn_data._product
        n_equal, furthest = 0, 0.0
        for case in many(row):
            pair = Pair(case)
            parameters = parameters_of(case.random, case.n)
            try:
                want = getattr(datasets, name)(random_state=pair.theirs, **parameters)
            except ValueError:
                continue
            _sklearn_data._product = None
            got = getattr(ours, name)(random_state=pair.mine, **parameters)
            _sklearn_data._product = by_blas
            case.same_state(*pair.states(), name)
            for a, b in zip(map(np.asarray, got), map(np.asarray, want)):
                row.values += a.size
                n_equal += int((a == b).sum())
                if a.dtype == np.float64 and a.size:
                    furthest = max(furthest, float(np.abs(a - b).max() / max(1e-300, np.abs(b).max())))
        if furthest > 1e-13:
            row.differs(case, "%s: a value is off by %.1e of the largest" % (name, furthest))
        row.condition = "but for products by a BLAS: %.2f %% of the values have its bits, all are within %.0e of the largest" % (
            100.0 * n_equal / max(1, row.values), furthest)

    return compare


FUNCTIONS = {
    "check_random_state": seeds,
    "train_test_split": train_test_split(False),
    "train_test_split(stratify)": train_test_split(True),
    "ShuffleSplit": splitter("ShuffleSplit", shuffled, plain, 2.0),
    "StratifiedShuffleSplit": splitter("StratifiedShuffleSplit", shuffled, two_columns, 2.0),
    "GroupShuffleSplit": splitter("GroupShuffleSplit", shuffled, grouped, 10.0),
    "KFold": splitter("KFold", folds, plain),
    "StratifiedKFold": splitter("StratifiedKFold", folds, classes),
    "GroupKFold": splitter("GroupKFold", folds, grouped),
    "RepeatedKFold": splitter("RepeatedKFold", repeated, plain),
    "RepeatedStratifiedKFold": splitter("RepeatedStratifiedKFold", repeated, classes),
    "utils.shuffle": shuffle,
    "utils.resample": resample(amount),
    "utils.resample(stratify)": resample(lambda random, n: {**amount(random, n), "stratify": two_columns(random, n)[1]}),
    "utils.resample(sample_weight)": resample(lambda random, n: {"n_samples": random.randrange(1, n + 1), "sample_weight": [random.random() for _ in range(n)]}),
    "sample_without_replacement": without_replacement,
    "make_blobs": data_set("make_blobs", blobs),
    "make_moons": data_set("make_moons", curves),
    "make_circles": data_set("make_circles", circles),
    "make_regression": data_set("make_regression", regression),
    "make_regression, own products": own_products("make_regression", regression),
    "make_classification": data_set("make_classification", classification),
    "make_classification, own products": own_products("make_classification", classification),
    "tree seeds of a forest": tree_seeds,
    "bootstrap rows of a tree": bootstrap,
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    frame.main("sklearn", FUNCTIONS, {"scikit-learn": sklearn.__version__})
