"""Runs of two experiments side by side, the best configuration. Run: python examples/compare_experiments.py"""

import os
from pathlib import Path

from local_mlflow import use_local_mlflow

uri = use_local_mlflow()

from sklearn.datasets import load_digits  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import cross_val_score  # noqa: E402
from sklearn.tree import DecisionTreeClassifier  # noqa: E402

from hitl.adapters.mlflow.reader import MlflowReader  # noqa: E402
from hitl.tracking import mlflow_tracker, track_custom  # noqa: E402
from hitl.tracking.compare import compare  # noqa: E402
from hitl.tracking.html import comparison_page  # noqa: E402

rows, labels = load_digits(return_X_y=True)
TRIED = {
    "linear": [("C", value, LogisticRegression(C=value, max_iter=300)) for value in (0.01, 1.0)],
    "tree": [("depth", value, DecisionTreeClassifier(max_depth=value, random_state=0)) for value in (3, 12)],
}
for family, configurations in TRIED.items():
    for name, value, model in configurations:
        fit = track_custom(f"digits-{family}", "training", params={"family": family, name: value})(
            lambda model=model: {"accuracy": float(cross_val_score(model, rows[:600] / 16, labels[:600], cv=3).mean())}
        )
        print(family, name, value, fit())
print("stored:", mlflow_tracker.flush(60), "in", uri)
found = MlflowReader(uri).runs(["digits-linear", "digits-tree"], limit=1000)
comparison = compare(found, "accuracy", ["family", "C", "depth"])
page = Path(os.environ.get("EXAMPLES_DIR", "build/examples")) / "comparison.html"
page.write_text(comparison_page(comparison), encoding="utf-8")
print("best:", comparison.best.group if comparison.best else None, "page:", page)
