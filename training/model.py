"""Fit a model of any family (hitl.inference.families)."""

from hitl.inference import Classifier, pack
from hitl.inference.families import family_named
from hitl.inference.sample import Hyperparameters, TrainingSample


def fit(family: str, sample: TrainingSample, params: Hyperparameters, seed: int) -> Classifier:
    """Fit a model of ``family`` with these hyper-parameters. Raises InvalidConfig for an unknown family or parameter."""
    return family_named(family).fit(sample, params, seed)


def fit_and_pack(family: str, sample: TrainingSample, params: Hyperparameters, seed: int) -> bytes:
    """Fit and pack: return what a remote task sends back."""
    return pack(fit(family, sample, params, seed))
