"""A threshold that moves towards more automation while labels come in, and may be read after each of them.

One e-process a threshold of a fixed grid, certified in the grid's order at full delta each: a false certificate must pass
the first threshold whose risk is too high, and that one is passed, ever, with probability at most delta (Ville).
Cases above the threshold in force are labelled with a small probability only, so each case counts with its loss over
the probability of having been labelled; a case that nobody labelled counts as no loss, which keeps the mean right.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.certificate import RiskLevel

LARGEST_BET_SHARE = 0.8
"""Of the bet that a single weighted loss could ruin."""


@dataclass(slots=True)
class Ratchet:
    """Changed in place by ``observe``. ``grid`` runs from the safest threshold to the riskiest, fixed before any label;
    every probability of being labelled is at least ``least_probability``."""

    grid: Floats
    risk: RiskLevel
    least_probability: float
    wealth: Floats
    seen: Floats
    losses: Floats
    squares: Floats
    certified: int = 0

    @classmethod
    def fresh(cls, grid: Floats, risk: RiskLevel, least_probability: float) -> "Ratchet":
        zeros = np.zeros((4, len(grid)))
        return cls(grid, risk, least_probability, *zeros)

    @property
    def threshold(self) -> float | None:
        """At and above it the model may decide alone; None while nothing is certified."""
        return float(self.grid[self.certified - 1]) if self.certified else None

    def observe(self, score: float, wrong: bool | None, probability: float) -> None:
        """One case of the traffic: ``wrong`` is None unless it was drawn, which had ``probability``."""
        above = self.grid <= score
        loss = 1 / probability if wrong else 0.0
        gain = np.log1p(self._bets() * (self.risk.level - loss))
        self.wealth[above] += gain[above]
        self.seen[above] += 1
        self.losses[above] += loss
        self.squares[above] += loss * loss
        while self.certified < len(self.grid) and self.wealth[self.certified] >= -log(self.risk.delta):
            self.certified += 1

    def _bets(self) -> Floats:
        """From the cases before this one alone: the bet that grows fastest if the future is like the past."""
        level = self.risk.level
        mean = (self.losses + level) / (self.seen + 2)
        second = (self.squares + level / self.least_probability) / (self.seen + 2)
        ideal = (level - mean) / (second - 2 * level * mean + level * level)
        return np.clip(ideal, 0.0, LARGEST_BET_SHARE / (1 / self.least_probability - level))
