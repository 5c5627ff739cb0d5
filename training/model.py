"""One way to fit any model family: a torch module or a scikit-learn estimator."""

from typing import Any

from hitl.errors import InvalidConfig
from hitl.inference import FAMILIES, Classifier, SklearnModel, TorchMlp, pack
from training import torch_fit
from training.sample import Sample

TORCH_FAMILY = "torch_mlp"


def fit(family: str, sample: Sample, params: dict[str, Any], seed: int) -> Classifier:
    """A model of ``family`` with these hyper-parameters. Raises InvalidConfig for an unknown family or parameter."""
    if family == TORCH_FAMILY:
        return TorchMlp(sample.labels, torch_fit.fit(sample, params, seed), params)
    if family not in FAMILIES:
        raise InvalidConfig("model", "family", f"expected {TORCH_FAMILY} or one of {sorted(FAMILIES)}, came {family!r}")
    from training import sklearn_fit  # a trial of a torch model starts seconds sooner without scikit-learn

    return SklearnModel(sample.labels, family, sklearn_fit.fit(family, sample, params, seed))


def fit_and_pack(family: str, sample: Sample, params: dict[str, Any], seed: int) -> bytes:
    """The artifact of a fit: what a remote task sends back."""
    return pack(fit(family, sample, params, seed))
