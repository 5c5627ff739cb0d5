"""Inter-annotator agreement on cases with several answers: plain, and beyond chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hitl.quality.agreement import krippendorff_alpha, raw_agreement
from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Floats
from hitl.quality.interval import Interval

SEED = 20_001
"""Of resampling: the same question gets the same answer."""


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """Over ``cases`` with two answers or more: the ``raw`` share of pairs that agree in [0, 1], and Krippendorff's ``alpha``, at
    most 1 and 0 for what chance gives; each interval by resampling cases."""

    cases: int
    raw: Interval
    alpha: Interval


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement(AgreementFigures):
    """The figures of all cases; ``blind`` of those that people answered without a suggestion; and by segment."""

    blind: AgreementFigures
    segments: dict[str, AgreementFigures]


def concord(answers: Sequence[SettledReview], labels: Sequence[str]) -> AnnotatorAgreement:
    """Return the agreement of reviewers on the cases that several of them answered."""
    found = _figures(answers, labels)
    names = sorted({each.segment for each in answers})
    return AnnotatorAgreement(
        cases=found.cases,
        raw=found.raw,
        alpha=found.alpha,
        blind=_figures([each for each in answers if each.is_blind], labels),
        segments={name: _figures([each for each in answers if each.segment == name], labels) for name in names},
    )


def _figures(answers: Sequence[SettledReview], labels: Sequence[str]) -> AgreementFigures:
    counts = _counts(answers, labels)
    paired = int((counts.sum(axis=1) >= 2).sum())
    raw = raw_agreement(counts, np.random.default_rng(SEED))
    alpha = krippendorff_alpha(counts, np.random.default_rng(SEED))
    return AgreementFigures(paired, raw, alpha)


def _counts(answers: Sequence[SettledReview], labels: Sequence[str]) -> Floats:
    """``(cases, labels)`` votes; those for labels that the task no longer has are left out."""
    rows = [[sum(said == label for _, said in each.votes) for label in labels] for each in answers]
    return np.array(rows, dtype=np.float64).reshape(len(answers), len(labels))
