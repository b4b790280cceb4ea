"""Grid search over a pipeline, everything with a random_state, on two processes."""

from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 42


def main():
    x, y = make_classification(n_samples=200, n_features=12, n_informative=4, random_state=SEED)
    model = make_pipeline(
        StandardScaler(),
        PCA(6, svd_solver="randomized", random_state=SEED),
        RandomForestClassifier(n_estimators=10, random_state=SEED),
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=SEED)
    search = GridSearchCV(model, {"randomforestclassifier__max_depth": [2, 5]}, cv=folds, n_jobs=2)
    search.fit(x, y)
    for parameters, score in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"]):
        print(parameters, f"{score:.8f}")
    print("first probabilities", search.predict_proba(x[:3]).round(6).tolist())


if __name__ == "__main__":
    main()
