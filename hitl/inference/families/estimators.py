"""The scikit-learn families, one an estimator: stored by skops and loaded against our own list of types."""

from hitl.inference import sklearn_model
from hitl.inference.classifier import Classifier
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.rows import NUMBERS, TEXT, RowForm
from hitl.inference.sample import Hyperparameters, TrainingSample

ZIP = b"PK\x03\x04"
READS_TEXT = frozenset({"sklearn.linear_model.LogisticRegression"})
"""What hashed character groups can be fitted with: thousands of mostly empty columns want a linear model."""


_DISCRIMINANT = frozenset({"covariance_estimator", "priors", "shrinkage", "solver", "store_covariance", "tol"})
PARAMETERS = {
    "sklearn.linear_model.LogisticRegression": frozenset(
        {"C", "class_weight", "dual", "fit_intercept", "intercept_scaling", "l1_ratio", "max_iter", "n_jobs", "penalty"}
        | {"random_state", "solver", "tol", "verbose", "warm_start"}
    ),
    "sklearn.naive_bayes.GaussianNB": frozenset({"priors", "var_smoothing"}),
    "sklearn.discriminant_analysis.LinearDiscriminantAnalysis": _DISCRIMINANT | {"n_components"},
    "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis": _DISCRIMINANT | {"reg_param"},
}
"""What the estimators' ``get_params`` name, known without scikit-learn."""


class EstimatorFamily(Family):
    """A scikit-learn classifier by its import path, with ``fit`` and ``predict_proba``."""

    file_ending = "skops"
    loads_with = ("sklearn.linear_model", "hitl.inference.skops_files")
    is_bendable = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.parameters = PARAMETERS[name]
        self.reads: frozenset[RowForm] = frozenset({NUMBERS, TEXT} if name in READS_TEXT else {NUMBERS})

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        from hitl.inference import sklearn_fit  # a trial of a torch model starts seconds sooner without scikit-learn

        return sklearn_model.SklearnModel(sample.labels, self.name, sklearn_fit.fit(self.name, sample, params, seed))

    def recognises(self, data: bytes) -> bool:
        """A file of any of these estimators: ``sklearn_model.from_bytes`` finds out which, and refuses every other type."""
        return data[:4] == ZIP

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        return sklearn_model.from_bytes(data, labels, width)


ESTIMATORS = tuple(EstimatorFamily(name) for name in sklearn_model.FAMILIES)
