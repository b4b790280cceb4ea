"""Which measurements predict the outcome? A random forest on a table."""

import argparse
import random

from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split


def load(seed):
    features, outcome = make_classification(
        n_samples=600, n_features=20, n_informative=5, flip_y=0.15, random_state=seed
    )
    return train_test_split(features, outcome, test_size=0.3, random_state=seed)


def report(model, features, outcome):
    probability = model.predict_proba(features)
    print(f"accuracy {accuracy_score(outcome, model.predict(features)):.4f}")
    print(f"log loss {log_loss(outcome, probability):.6f}")
    ranked = sorted(enumerate(model.feature_importances_), key=lambda pair: -pair[1])
    for column, importance in ranked[:5]:
        print(f"  x{column}: {importance:.5f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trees", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    random.seed(args.seed)
    train_x, test_x, train_y, test_y = load(args.seed)
    model = RandomForestClassifier(n_estimators=args.trees, min_samples_leaf=3)
    model.fit(train_x, train_y)
    report(model, test_x, test_y)


if __name__ == "__main__":
    main()
