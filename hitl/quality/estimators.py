"""Estimate error rates from labels drawn with known, unequal probabilities.

Reviewed cases are the hard ones: the plain error rate of everything that has a label is wrong by construction. Each label
counts with one over the probability that it had of being drawn. The interval follows the regime: exact where all
probabilities are equal, by betting while errors are few (cases in no particular order), normal only when there are enough
of them. The figure is that of the cases given (what happened), not of a wider population.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from hitl.quality.arrays import Bools, Floats
from hitl.quality.betting import mean_interval, rare_mean_interval
from hitl.quality.binomial import clopper_pearson
from hitl.quality.interval import Interval

ENOUGH_ERRORS = 30.0
"""Effective errors from which the normal interval covers."""


@dataclass(frozen=True, slots=True)
class Audited:
    """Cases (n,): ``labelled`` says which were drawn, each with its ``probability`` > 0, stored before the draw; ``loss``, in
    [0, 1], is read only where labelled; ``predicted`` is the loss expected by a model fitted on *other* cases."""

    labelled: Bools
    probability: Floats
    loss: Floats
    predicted: Floats

    @property
    def weights(self) -> Floats:
        """One over the probability where labelled, else 0."""
        return self.labelled / self.probability

    @property
    def losses(self) -> Floats:
        """The losses where labelled, else 0."""
        return np.where(self.labelled, self.loss, 0.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """``n`` cases of which the labels (m,) that were drawn are here, each with its ``probability`` > 0, stored before the draw,
    its ``loss`` in [0, 1] and the loss ``predicted`` for it; those of the others are ``rest`` together. They would have been
    drawn with the probabilities ``others``. It is what Audited is without an entry for each case."""

    n: int
    probability: Floats
    loss: Floats
    predicted: Floats
    rest: float
    others: frozenset[float]

    def joined(self, other: "Drawn") -> "Drawn":
        """Return the cases of both."""
        return Drawn(
            self.n + other.n,
            np.concatenate((self.probability, other.probability)),
            np.concatenate((self.loss, other.loss)),
            np.concatenate((self.predicted, other.predicted)),
            self.rest + other.rest,
            self.others | other.others,
        )


def horvitz_thompson(cases: Audited) -> float:
    """The mean of weighted losses: unbiased."""
    return float(np.mean(cases.weights * cases.losses))


def hajek(cases: Audited) -> float:
    """Weighted losses over the sum of the weights: steadier, with a bias that vanishes."""
    return float(np.sum(cases.weights * cases.losses) / np.sum(cases.weights))


def aipw(cases: Audited) -> float:
    """Return the predicted losses, corrected by what labels say of the predictions: unbiased whatever ``predicted`` is, and the
    better it is, the smaller the variance (Robins, Rotnitzky, Zhao 1994; PPI, arXiv 2301.09633)."""
    return float(np.mean(cases.predicted + cases.weights * (cases.losses - cases.predicted)))


def aipw_standard_error(cases: Audited) -> float:
    """Return the spread of ``aipw`` over the coin tosses."""
    spread = cases.weights**2 * (1 - cases.probability) * (cases.losses - cases.predicted) ** 2
    return float(np.sqrt(np.sum(spread))) / len(cases.loss)


def effective_sample_size(weights: Floats) -> float:
    """Return the effective sample size: equally weighted labels with the same information as the weighted ones.

    >>> effective_sample_size(np.array([1.0, 1.0, 0.0]))
    2.0
    """
    total = float(np.sum(weights**2))
    return float(np.sum(weights)) ** 2 / total if total else 0.0


def error_rate(cases: Audited, confidence: float = 0.95) -> Interval:
    """Return the error rate of all ``cases`` with the interval that its regime allows. Losses that are not 0 or 1 never get the
    exact binomial interval."""
    drawn = int(np.sum(cases.labelled))
    if not drawn:
        return Interval(None, 0.0, 1.0, 0, confidence, "none")
    return _interval_for(cases)(cases, confidence)


def drawn_error_rate(cases: Drawn, confidence: float = 0.95, seed: int = 0) -> Interval:
    """Return what error_rate does of the same cases, in a time that grows with the labels alone. ``seed`` puts the errors in an
    order that tells nothing."""
    labels = len(cases.loss)
    if not labels:
        return Interval(None, 0.0, 1.0, 0, confidence, "none")
    weights = 1 / cases.probability
    if effective_sample_size(weights * cases.loss) >= ENOUGH_ERRORS:
        return _normal_of_drawn(cases, weights, confidence)
    probabilities = np.append(cases.probability, list(cases.others))
    if np.ptp(probabilities) == 0 and bool(np.isin(cases.loss, (0.0, 1.0)).all()):
        return clopper_pearson(int(cases.loss.sum()), labels, confidence)
    least, values = float(probabilities.min()), (weights * cases.loss)[cases.loss > 0]
    places = np.random.default_rng(seed).choice(cases.n, len(values), replace=False)
    order = np.argsort(places)
    scaled = rare_mean_interval(places[order], least * values[order], cases.n, confidence)
    return Interval(
        float(values.sum()) / cases.n, scaled.low / least, min(scaled.high / least, 1.0), labels, confidence, "betting"
    )


def _normal_of_drawn(cases: Drawn, weights: Floats, confidence: float) -> Interval:
    """Return the interval of ``_normal``: cases without a label add their predicted loss, and nothing to the spread."""
    missed = cases.loss - cases.predicted
    total = float(cases.predicted.sum()) + cases.rest + float((weights * missed).sum())
    spread = float(np.sqrt(np.sum(weights**2 * (1 - cases.probability) * missed**2)))
    value = min(max(total / cases.n, 0.0), 1.0)
    reach = float(ndtri((1 + confidence) / 2)) * spread / cases.n
    return Interval(value, max(value - reach, 0.0), min(value + reach, 1.0), len(cases.loss), confidence, "aipw")


def corrected_for_reviewers(observed: float, false_alarm: float, missed: float) -> float:
    """Return the error rate behind one seen through reviewers who call right decisions wrong with probability ``false_alarm`` and
    wrong ones right with ``missed`` (Rogan and Gladen 1978), within [0, 1]. Raises ValueError when they only guess."""
    informative = 1 - false_alarm - missed
    if informative <= 0:
        raise ValueError(f"expected false_alarm + missed < 1, came {false_alarm} and {missed}")
    return min(max((observed - false_alarm) / informative, 0.0), 1.0)


def audit_probabilities(predicted: Floats, base: float, mean_uncertainty: float, floor: float = 0.01) -> Floats:
    """Audit more where errors are likely: half of ``base`` for everyone, half in proportion to ``sqrt(r (1 - r))`` (arXiv
    2403.03208 with the defensive mix of 2604.18569). ``mean_uncertainty`` is its mean over earlier traffic."""
    uncertainty = np.sqrt(predicted * (1 - predicted))
    return np.clip(0.5 * base * (1 + uncertainty / mean_uncertainty), floor, 1.0)


def _interval_for(cases: Audited) -> Callable[[Audited, float], Interval]:
    errors = cases.weights * cases.losses
    plain = np.ptp(cases.probability) == 0 and bool(np.isin(cases.losses, (0.0, 1.0)).all())
    few = effective_sample_size(errors) < ENOUGH_ERRORS
    if few:
        return _exact if plain else _betting
    return _normal


def _exact(cases: Audited, confidence: float) -> Interval:
    return clopper_pearson(int(np.sum(cases.losses)), int(np.sum(cases.labelled)), confidence)


def _betting(cases: Audited, confidence: float) -> Interval:
    least = float(np.min(cases.probability))
    scaled = mean_interval(least * cases.weights * cases.losses, confidence)
    low, high = scaled.low / least, min(scaled.high / least, 1.0)
    return Interval(horvitz_thompson(cases), low, high, int(np.sum(cases.labelled)), confidence, "betting")


def _normal(cases: Audited, confidence: float) -> Interval:
    value = min(max(aipw(cases), 0.0), 1.0)
    reach = float(ndtri((1 + confidence) / 2)) * aipw_standard_error(cases)
    low, high = max(value - reach, 0.0), min(value + reach, 1.0)
    return Interval(value, low, high, int(np.sum(cases.labelled)), confidence, "aipw")
