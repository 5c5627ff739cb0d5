"""Promotion tests on pairs of models whose difference is known."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.promotion import ELIGIBLE_E, SegmentEvidence, SegmentVerdict, log_e_better, mcnemar_p, segment_evidence


@dataclass(frozen=True, slots=True)
class Promotions:
    """Shares of the repetitions that promote: by evidence with a look every ``every`` rows, by McNemar's test repeated at
    the same looks, and by McNemar's test once at the end; the median rows until the evidence suffices."""

    by_evidence: float
    by_repeated_mcnemar: float
    by_mcnemar: float
    median_rows: float


def promotions(
    win_rate: float, loss_rate: float, rows: int = 3000, every: int = 100, repetitions: int = 2000, level: float = 0.05
) -> Promotions:
    """Each row is a win of the challenger with ``win_rate``, a loss with ``loss_rate``, else a tie."""
    rng = np.random.default_rng(14)
    steps = rng.multinomial(every, [win_rate, loss_rate, 1 - win_rate - loss_rate], size=(repetitions, rows // every))
    wins, losses = np.cumsum(steps[:, :, 0], axis=1), np.cumsum(steps[:, :, 1], axis=1)
    eligible = log_e_better(wins, losses) >= np.log(ELIGIBLE_E)
    p_values = np.vectorize(mcnemar_p)(wins, losses)
    first = np.where(eligible.any(axis=1), (eligible.argmax(axis=1) + 1.0) * every, np.inf)
    return Promotions(
        float(eligible.any(axis=1).mean()),
        float((p_values <= level).any(axis=1).mean()),
        float((p_values[:, -1] <= level).mean()),
        float(np.median(first)),
    )


@dataclass(frozen=True, slots=True)
class SegmentGate:
    """Shares of the repetitions in which any segment blocks the challenger, and in which harm is proven."""

    blocked: float
    proven: float


def segment_gate(harm: float, rows: int = 3000, share: float = 0.15, repetitions: int = 1000) -> SegmentGate:
    """A challenger that wins and loses 1 % of the rows, and in a segment with ``share`` of them also loses ``harm``."""
    rng = np.random.default_rng(15)
    found = [_segments(rng, harm, rows, share) for _ in range(repetitions)]
    blocked = np.mean([any(evidence.blocks for evidence in each) for each in found])
    proven = np.mean([any(evidence.verdict is SegmentVerdict.HARMED for evidence in each) for each in found])
    return SegmentGate(float(blocked), float(proven))


def _segments(rng: np.random.Generator, harm: float, rows: int, share: float) -> list[SegmentEvidence]:
    draws: Floats = rng.random(rows)
    small = np.arange(rows) < share * rows
    lost = draws < 0.01 + harm * small
    won = draws > 0.99
    segments = {name: (~lost[at], ~won[at]) for name, at in (("small", small), ("large", ~small))}
    return list(segment_evidence(segments).values())
