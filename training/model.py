"""Fit any model family: a torch module or a scikit-learn estimator."""

from dataclasses import replace
from typing import Any

from hitl.errors import InvalidConfig
from hitl.inference import FAMILIES, Classifier, SentenceMlp, SklearnModel, TorchMlp, pack
from hitl.inference.encoder import installed_encoder
from hitl.inference.sentence_mlp import embedded
from hitl.tasks.spec import SENTENCE_FAMILY
from training import torch_fit
from training.sample import Sample

TORCH_FAMILY = "torch_mlp"


def fit(family: str, sample: Sample, params: dict[str, Any], seed: int) -> Classifier:
    """A model of ``family`` with these hyper-parameters. Raises InvalidConfig for an unknown family or parameter."""
    if family == TORCH_FAMILY:
        return TorchMlp(sample.labels, torch_fit.fit(sample, params, seed), params)
    if family == SENTENCE_FAMILY:
        seen = replace(sample, rows=embedded(sample.rows))
        return SentenceMlp(TorchMlp(sample.labels, torch_fit.fit(seen, params, seed), params), installed_encoder())
    if family not in FAMILIES:
        known = [TORCH_FAMILY, SENTENCE_FAMILY, *sorted(FAMILIES)]
        raise InvalidConfig("model", "family", f"expected one of {known}, came {family!r}")
    from training import sklearn_fit  # a trial of a torch model starts seconds sooner without scikit-learn

    return SklearnModel(sample.labels, family, sklearn_fit.fit(family, sample, params, seed))


def fit_and_pack(family: str, sample: Sample, params: dict[str, Any], seed: int) -> bytes:
    """The artifact of a fit: what a remote task sends back."""
    return pack(fit(family, sample, params, seed))
