"""A certified threshold that moves towards more automation while labels come in, valid at every moment.

One e-process a threshold of a fixed grid, certified in the grid's order at full delta each: a false certificate must pass
the first threshold whose risk is too high, and that one is passed, ever, with probability at most delta (Ville).
Cases above the threshold in force are labelled with a small probability only, so each case counts with its loss over
the probability of having been labelled; a case that nobody labelled counts as no loss, which keeps the mean right.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.certificate import RiskLevel

LARGEST_BET_SHARE = 0.8
"""Of the bet that a single weighted loss could ruin."""


@dataclass(slots=True)
class Ratchet:
    """Many segments (s) at once, changed in place by ``observe``. ``grid`` (thresholds) runs from the safest to the riskiest,
    fixed before any label; ``audit`` is the least probability with which a case above the threshold in force is labelled,
    below it every case is. ``wealth``, ``seen`` and ``losses`` are (s, thresholds); ``certified`` (s,) counts thresholds."""

    grid: Floats
    risk: RiskLevel
    audit: float
    wealth: Floats
    seen: Floats
    losses: Floats
    certified: Ints

    @classmethod
    def fresh(cls, grid: Floats, risk: RiskLevel, audit: float, segments: int = 1) -> "Ratchet":
        wealth, seen, losses = np.zeros((3, segments, len(grid)))
        return cls(grid, risk, audit, wealth, seen, losses, np.zeros(segments, dtype=np.int64))

    @property
    def thresholds(self) -> Floats:
        """``(s,)``: at and above it the model may decide alone; infinite while nothing is certified."""
        return np.concatenate(([np.inf], self.grid))[self.certified]

    def observe(self, scores: Floats, wrong: Bools, probability: ArrayLike) -> None:
        """Take in one case of each segment: its score (s,), whether it is labelled *and* ``wrong`` (s,), and the ``probability``
        (s,) or one for all that it had of being labelled, also where it was not."""
        above = self.grid <= scores[:, None]
        loss = np.where(wrong, 1 / np.asarray(probability), 0.0)[:, None]
        self.wealth += np.where(above, np.log1p(self._bets() * (self.risk.level - loss)), 0.0)
        self.seen += above
        self.losses += above * loss
        self._advance()

    def _advance(self) -> None:
        enough = self.wealth >= -log(self.risk.delta)
        later = np.arange(len(self.grid)) >= self.certified[:, None]
        stop = later & ~enough
        first = np.where(stop.any(axis=1), stop.argmax(axis=1), len(self.grid))
        self.certified = np.maximum(self.certified, first)

    def _bets(self) -> Floats:
        """From the cases before this one alone: the bet that grows fastest if the future is like the past."""
        level = self.risk.level
        least = np.where(self.certified > 0, self.audit, 1.0)[:, None]
        mean = (self.losses + level) / (self.seen + 2)
        ideal = (level - mean) / (mean / least - 2 * level * mean + level * level)
        return np.asarray(np.clip(ideal, 0.0, LARGEST_BET_SHARE / (1 / least - level)), dtype=np.float64)
