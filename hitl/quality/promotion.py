"""Test whether a challenger is better than the champion, or not worse, on cases that neither was trained on.

Only cases where exactly one of them is right tell anything: ``wins`` where the challenger is, ``losses`` where the champion
is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log, pi

import numpy as np
from scipy.special import bdtrc, betaincc, betaln

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.binomial import lower_bound, upper_bound
from hitl.quality.interval import Interval

REPETITIONS = 2000
PRIOR_WINS, PRIOR_LOSSES = 2.0, 1.0
"""The share of wins among the decided cases, if the challenger is better: Beta(2, 1), truncated to (1/2, 1)."""
ELIGIBLE_E = 20.0
LEAST_ROWS = 100
"""A segment with fewer rows says nothing."""


def mcnemar_p(wins: int, losses: int) -> float:
    """The exact one-sided p-value of "the challenger is not better" (McNemar 1947). For one look, planned beforehand.

    >>> round(mcnemar_p(9, 1), 4)
    0.0107
    """
    return float(bdtrc(wins - 1, wins + losses, 0.5)) if wins else 1.0


def log_e_better(wins: Ints | int, losses: Ints | int) -> Floats:
    """Return the log of the evidence that the challenger is better, valid at every look; eligible at ``log(ELIGIBLE_E)``."""
    won = PRIOR_WINS + np.asarray(wins, dtype=np.float64)
    lost = PRIOR_LOSSES + np.asarray(losses, dtype=np.float64)
    with np.errstate(divide="ignore"):
        gained = betaln(won, lost) + np.log(betaincc(won, lost, 0.5))
    before = betaln(PRIOR_WINS, PRIOR_LOSSES) + np.log(betaincc(PRIOR_WINS, PRIOR_LOSSES, 0.5))
    decided = won + lost - PRIOR_WINS - PRIOR_LOSSES
    return np.asarray(gained - before + decided * log(2), dtype=np.float64)


def paired_gain(
    challenger: Floats, champion: Floats, entities: Ints, rng: np.random.Generator, confidence: float = 0.95
) -> Interval:
    """The mean difference of two figures of the same rows (1 for right and 0 for wrong, or a cost), with its interval by
    resampling whole ``entities`` (n,), since rows of one customer go together."""
    _, cluster = np.unique(entities, return_inverse=True)
    sums = np.bincount(cluster, weights=challenger - champion)
    sizes = np.bincount(cluster).astype(np.float64)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=REPETITIONS)
    tail = (1 - confidence) / 2
    low, high = np.quantile((drawn @ sums) / (drawn @ sizes), [tail, 1 - tail])
    value = float(sums.sum() / sizes.sum())
    return Interval(value, float(low), float(high), len(challenger), confidence, "paired bootstrap")


def cycle_level(cycle: int, level: float = 0.05) -> float:
    """Return the error budget of the ``cycle``-th promotion test (from 1), so that all of them together spend at most
    ``level``."""
    return level * 6 / (pi * cycle) ** 2


def holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Find the hypotheses that are refuted with family-wise error at most ``level`` (Holm 1979)."""
    refuted = [False] * len(p_values)
    for rank, at in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[at] > level / (len(p_values) - rank):
            break
        refuted[at] = True
    return refuted


class SegmentVerdict(StrEnum):
    NOT_WORSE = "not worse"
    HARMED = "harmed"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


@dataclass(frozen=True, slots=True)
class SegmentEvidence:
    """``worst_loss`` bounds, with the confidence of the test, how much accuracy the segment loses at most. ``blocks``: harm is
    proven, or what was seen, on enough rows, is already beyond the margin."""

    verdict: SegmentVerdict
    blocks: bool
    rows: int
    wins: int
    losses: int
    worst_loss: float


def segment_evidence(
    segments: Mapping[str, tuple[Bools, Bools]], margin: float = 0.02, level: float = 0.05
) -> dict[str, SegmentEvidence]:
    """Evidence by segment from rows ``(challenger right, champion right)``: harmed if losses are proven (exact McNemar the
    other way round, Holm over the segments), not worse if a loss above ``margin`` is excluded."""
    counted = {name: _discordant(*rows) for name, rows in segments.items()}
    proven = dict(zip(counted, holm([mcnemar_p(losses, wins) for wins, losses, _ in counted.values()], level), strict=True))
    each = level / max(len(counted), 1)
    return {name: _judge(*counts, harmed=proven[name], margin=margin, level=each) for name, counts in counted.items()}


def worst_loss(wins: int, losses: int, rows: int, level: float) -> float:
    """Accuracy lost is at most this with probability ``1 - level``: an exact bound on each side, half the budget each."""
    return upper_bound(losses, rows, 1 - level / 2) - lower_bound(wins, rows, 1 - level / 2)


def _discordant(challenger: Bools, champion: Bools) -> tuple[int, int, int]:
    return int(np.sum(challenger & ~champion)), int(np.sum(~challenger & champion)), len(challenger)


def _judge(wins: int, losses: int, rows: int, harmed: bool, margin: float, level: float) -> SegmentEvidence:
    bound = worst_loss(wins, losses, rows, level)
    verdict = SegmentVerdict.NOT_ENOUGH_EVIDENCE
    if harmed:
        verdict = SegmentVerdict.HARMED
    elif rows >= LEAST_ROWS and bound <= margin:
        verdict = SegmentVerdict.NOT_WORSE
    seen_beyond = rows >= LEAST_ROWS and losses - wins > margin * rows
    return SegmentEvidence(verdict, harmed or seen_beyond, rows, wins, losses, bound)
