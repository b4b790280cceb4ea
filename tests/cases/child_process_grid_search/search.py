"""Chooses the depth of a forest by cross-validation on two processes."""

import argparse
import random

import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import GridSearchCV, KFold


def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)


def search_depth(x, y, depths, jobs, seed):
    folds = KFold(3, shuffle=True, random_state=seed)
    forest = RandomForestRegressor(n_estimators=12, min_samples_leaf=2)
    search = GridSearchCV(forest, {"max_depth": depths}, cv=folds, n_jobs=jobs, refit=False)
    search.fit(x, y)
    return search.cv_results_["mean_test_score"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()
    set_seed(args.seed)
    x, y = make_friedman1(n_samples=200, noise=1.0, random_state=args.seed)
    depths = [2, 4, 6]
    for depth, score in zip(depths, search_depth(x, y, depths, args.jobs, args.seed)):
        print(f"depth {depth}: R2 {score:.8f}")


if __name__ == "__main__":
    main()
