"""Error rates from labels with unequal probabilities: the plain figure beside the unbiased ones."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.estimators import Audited, aipw, audit_probabilities, error_rate, hajek, horvitz_thompson

CASES = 20_000
AUTOMATIC_FROM = 0.9
BASE_AUDIT = 0.05


@dataclass(frozen=True, slots=True)
class Bias:
    """Over the repetitions: mean error of each estimator, and how often the product's 95 % interval held the truth."""

    repetitions: int
    truth: float
    naive: float
    horvitz_thompson: float
    hajek: float
    aipw: float
    covered: float
    mean_width: float
    naive_covered: float


def bias(repetitions: int = 1000, active: bool = True, cases: int = CASES) -> Bias:
    """A stream in which unsure cases are all reviewed and the others audited, uniformly or where errors are likely."""
    rng = np.random.default_rng(8)
    rows = np.array([_one(rng, active, cases) for _ in range(repetitions)])
    truth, naive, ht, haj, dr, low, high, naive_low, naive_high = rows.T
    return Bias(
        repetitions=repetitions,
        truth=float(truth.mean()),
        naive=float((naive - truth).mean()),
        horvitz_thompson=float((ht - truth).mean()),
        hajek=float((haj - truth).mean()),
        aipw=float((dr - truth).mean()),
        covered=float(((low <= truth) & (truth <= high)).mean()),
        mean_width=float((high - low).mean()),
        naive_covered=float(((naive_low <= truth) & (truth <= naive_high)).mean()),
    )


def _one(rng: np.random.Generator, active: bool, cases: int) -> Floats:
    confidence = 1 - 0.5 * rng.beta(0.6, 1.2, cases)
    wrong = (rng.random(cases) < np.minimum(1.0 - confidence, 0.6)).astype(np.float64)
    predicted = np.clip(0.8 * (1 - confidence) + 0.02, 0, 1)
    audit = audit_probabilities(predicted, BASE_AUDIT, 0.25) if active else np.full(cases, BASE_AUDIT)
    probability = np.where(confidence >= AUTOMATIC_FROM, audit, 1.0)
    labelled = rng.random(cases) < probability
    seen = Audited(labelled, probability, wrong, predicted)
    naive = float(wrong[labelled].mean())
    reach = 1.96 * np.sqrt(naive * (1 - naive) / labelled.sum())
    figure = error_rate(seen)
    estimates = (naive, horvitz_thompson(seen), hajek(seen), aipw(seen))
    return np.array((wrong.mean(), *estimates, figure.low, figure.high, naive - reach, naive + reach))


def rare_error_coverage(risk: float, labels: int, repetitions: int = 2000) -> tuple[float, float]:
    """How often 95 % intervals of a rare error rate hold the truth: the product's, and the normal approximation."""
    rng = np.random.default_rng(9)
    held = np.zeros(2)
    for errors in rng.binomial(labels, risk, repetitions):
        wrong = (np.arange(labels) < errors).astype(np.float64)
        everyone = np.ones(labels)
        figure = error_rate(Audited(everyone > 0, 0.05 * everyone, wrong, 0 * wrong))
        rate = errors / labels
        reach = 1.96 * np.sqrt(rate * (1 - rate) / labels)
        held += (figure.low <= risk <= figure.high, rate - reach <= risk <= rate + reach)
    exact, normal = held / repetitions
    return float(exact), float(normal)
