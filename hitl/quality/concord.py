"""Inter-annotator agreement on cases with several answers: plain, and beyond chance."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hitl.answers.labels import is_right
from hitl.quality.agreement import Scale, krippendorff_alpha, raw_agreement
from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Bools, Floats
from hitl.quality.interval import Interval
from hitl.quality.vote_columns import VotedCases, Votes, voted_cases_of

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
    return concord_of(voted_cases_of(answers), {each.segment for each in answers}, labels, points, within)


def concord_of(
    voted: Sequence[VotedCases], segments: Iterable[str], labels: Sequence[str], points: bool = False, within: int = 0
) -> AnnotatorAgreement:
    """Return the same of the cases with several votes, where people answered cases of these ``segments``."""
    asked = _Asked(labels, points, within)
    found = _figures(voted, asked)
    return AnnotatorAgreement(
        cases=found.cases,
        raw=found.raw,
        alpha=found.alpha,
        blind=_figures([each for each in voted if each.kind.is_blind], asked),
        segments={name: _figures([each for each in voted if each.kind.segment == name], asked) for name in sorted(segments)},
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


def _figures(voted: Sequence[VotedCases], asked: _Asked) -> AgreementFigures:
    same = Counter[Votes]()
    for each in voted:
        same[each.votes] += each.cases
    counts, times = _counts(same, asked.labels), np.array(list(same.values()), dtype=np.int64)
    raw = raw_agreement(counts, np.random.default_rng(SEED), near=asked.near, times=times)
    alpha = krippendorff_alpha(_counts(same, asked.ranked), np.random.default_rng(SEED), asked.scale, times=times)
    return AgreementFigures(raw.n, raw, alpha)


def _counts(votes: Collection[Votes], labels: Sequence[str]) -> Floats:
    """``(votes, labels)``; those for labels that the task no longer has are left out."""
    rows = [[dict(each).get(label, 0) for label in labels] for each in votes]
    return np.array(rows, dtype=np.float64).reshape(len(votes), len(labels))
