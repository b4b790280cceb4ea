"""Predicts which customers leave: a table with missing values and categories, a pipeline, a search on all cores.

SPDX-License-Identifier: MIT

    python sklearn_pipeline.py [--rows 500] [--jobs 2]
"""

import argparse
import json
import os
import random

import joblib
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.inspection import permutation_importance
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import RandomizedSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

PLANS = ("basic", "family", "business", "student")
REGIONS = ("north", "east", "south", "west", "islands")
NUMBERS = ("age", "months", "calls", "bill")


def make_table(n, seed):
    """Rows as they come out of a database: dictionaries, some fields missing."""
    rng = random.Random(seed)
    rows = []
    for _ in range(n):
        row = {
            "plan": rng.choice(PLANS), "region": rng.choice(REGIONS), "age": rng.uniform(18, 80),
            "months": rng.expovariate(1 / 24), "calls": rng.gauss(6, 3), "bill": rng.lognormvariate(3.2, 0.5),
        }
        risk = 0.15 * row["calls"] - 0.03 * row["months"] + 0.02 * row["bill"] + (1.0 if row["plan"] == "basic" else 0)
        row["left"] = int(risk + rng.gauss(0, 1) > 1.6)
        for name in ("age", "bill"):
            if rng.random() < 0.08:
                row[name] = float("nan")
        rows.append(row)
    return rows


def to_arrays(rows):
    """Columns: the numbers, then the categories as codes."""
    codes = {}
    for name in ("plan", "region"):
        codes[name] = {value: i for i, value in enumerate({row[name] for row in rows})}
    x = np.array([[row[name] for name in NUMBERS] + [codes[name][row[name]] for name in codes] for row in rows])
    return x, np.array([row["left"] for row in rows])


def build():
    numbers = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    columns = ColumnTransformer(
        [("numbers", numbers, slice(0, 4)), ("categories", OneHotEncoder(handle_unknown="ignore"), slice(4, 6))]
    )
    vote = VotingClassifier(
        [("forest", RandomForestClassifier(n_estimators=20)),
         ("boost", GradientBoostingClassifier(n_estimators=20, subsample=0.7))],
        voting="soft",
    )
    return Pipeline([("columns", columns), ("vote", vote)])


def search(x, y, jobs, trials, seed):
    space = {
        "vote__forest__max_depth": [3, 5, 8, None], "vote__forest__min_samples_leaf": [1, 3, 10],
        "vote__boost__learning_rate": [0.03, 0.1, 0.3], "vote__boost__max_depth": [1, 2, 3],
    }
    chosen = RandomizedSearchCV(build(), space, n_iter=trials, cv=3, scoring="neg_log_loss", n_jobs=jobs,
                                random_state=seed)
    return chosen.fit(x, y)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--trials", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", default="runs/churn")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    x, y = to_arrays(make_table(args.rows, args.seed))
    train_x, test_x, train_y, test_y = train_test_split(x, y, test_size=0.3, stratify=y, random_state=args.seed)
    found = search(train_x, train_y, args.jobs, args.trials, args.seed)
    for parameters, score in zip(found.cv_results_["params"], found.cv_results_["mean_test_score"]):
        print(f"{score:.8f} {json.dumps(parameters, sort_keys=True)}")
    probability = found.predict_proba(test_x)[:, 1]
    importance = permutation_importance(found.best_estimator_, test_x, test_y, n_repeats=4, scoring="neg_log_loss")
    result = {
        "best": found.best_params_, "log_loss": log_loss(test_y, probability),
        "auc": roc_auc_score(test_y, probability),
        "importance": [round(value, 8) for value in importance.importances_mean.tolist()],
    }
    with open(os.path.join(args.out, "result.json"), "w") as file:
        json.dump(result, file, indent=1)
    np.savetxt(os.path.join(args.out, "probability.csv"), probability)
    joblib.dump(found.best_estimator_.named_steps["columns"], os.path.join(args.out, "columns.joblib"))
    print(f"log loss {result['log_loss']:.8f}, AUC {result['auc']:.6f}")


if __name__ == "__main__":
    main()
