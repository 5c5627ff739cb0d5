"""Inter-annotator agreement on cases with several answers: plain, and beyond chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hitl.answers.labels import is_right
from hitl.quality.agreement import Scale, krippendorff_alpha, raw_agreement
from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Bools, Floats
from hitl.quality.interval import Interval

SEED = 20_001
"""Of resampling: the same question gets the same answer."""


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """Over ``cases`` with two answers or more: the ``raw`` share of pairs that agree in [0, 1], on a scale also those as near as
    the task counts as right, and Krippendorff's ``alpha``, at most 1 and 0 for what chance gives; each interval by resampling
    cases."""

    cases: int
    raw: Interval
    alpha: Interval


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement(AgreementFigures):
    """The figures of all cases; ``blind`` of those that people answered without a suggestion; and by segment. ``alpha`` weighs
    a disagreement by its distance where ``scale`` is ordinal: there it is about points alone."""

    blind: AgreementFigures
    segments: dict[str, AgreementFigures]
    scale: Scale


def concord(answers: Sequence[SettledReview], labels: Sequence[str], points: bool = False, within: int = 0) -> AnnotatorAgreement:
    """Return the agreement of reviewers on the cases that several of them answered. ``points``: the labels that are numbers are
    points of a scale in their order, on which two at most ``within`` apart agree."""
    asked = _Asked(labels, points, within)
    found = _figures(answers, asked)
    names = sorted({each.segment for each in answers})
    return AnnotatorAgreement(
        cases=found.cases,
        raw=found.raw,
        alpha=found.alpha,
        blind=_figures([each for each in answers if each.is_blind], asked),
        segments={name: _figures([each for each in answers if each.segment == name], asked) for name in names},
        scale=asked.scale,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What people could answer, as ``concord`` is told."""

    labels: Sequence[str]
    points: bool
    within: int

    @property
    def scale(self) -> Scale:
        return "ordinal" if self.points else "nominal"

    @property
    def ranked(self) -> list[str]:
        """The labels that alpha is about: that none of them fits has no place on a scale."""
        return [label for label in self.labels if label.isdecimal() or not self.points]

    @property
    def near(self) -> Bools:
        return np.array([[is_right(one, other, self.within) for other in self.labels] for one in self.labels], dtype=np.bool_)


def _figures(answers: Sequence[SettledReview], asked: _Asked) -> AgreementFigures:
    counts = _counts(answers, asked.labels)
    paired = int((counts.sum(axis=1) >= 2).sum())
    raw = raw_agreement(counts, np.random.default_rng(SEED), near=asked.near)
    alpha = krippendorff_alpha(_counts(answers, asked.ranked), np.random.default_rng(SEED), asked.scale)
    return AgreementFigures(paired, raw, alpha)


def _counts(answers: Sequence[SettledReview], labels: Sequence[str]) -> Floats:
    """``(cases, labels)`` votes; those for labels that the task no longer has are left out."""
    rows = [[sum(said == label for _, said in each.votes) for label in labels] for each in answers]
    return np.array(rows, dtype=np.float64).reshape(len(answers), len(labels))
