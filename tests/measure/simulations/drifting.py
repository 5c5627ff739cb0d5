"""A model that becomes worse while it decides: how much harm is done until it is stopped."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Bools, Floats
from hitl.quality.drift import MULTIPLES, AuditRates, audit_probability, step

ARL = 1000.0
CASES = 8000
AUTOMATIC_SHARE = 0.6
"""Of the cases in a drift run, before it is stopped."""


@dataclass(frozen=True, slots=True)
class Harm:
    """Means over the repetitions: wrong automatic decisions with a threshold that stays, and with audits and the detector;
    the automatic decisions until the alarm (median), and the audits that were paid for."""

    static: float
    guarded: float
    decisions_to_alarm: float
    audits: float

    @property
    def fewer(self) -> float:
        return self.static / self.guarded


def harm(level: float, risk_after: float, rates: AuditRates, repetitions: int = 200) -> Harm:
    """A run of ``CASES`` cases in which the automatic ones err with ``risk_after`` from the first on."""
    rng = np.random.default_rng(6)
    values = np.zeros((repetitions, len(MULTIPLES)))
    stopped = np.zeros(repetitions, dtype=np.bool_)
    wrongs, all_wrongs, audits, decisions = np.zeros((4, repetitions))
    for _ in range(CASES):
        automatic = rng.random(repetitions) < AUTOMATIC_SHARE
        wrong = automatic & (rng.random(repetitions) < risk_after)
        live = automatic & ~stopped
        audited = live & (rng.random(repetitions) < audit_probability(values.mean(axis=1), ARL, rates))
        values = np.where(audited[:, None], step(values, wrong, level), values)
        stopped |= values.mean(axis=1) >= ARL
        all_wrongs += wrong
        wrongs += wrong & live
        audits += audited
        decisions += live
    return Harm(float(all_wrongs.mean()), float(wrongs.mean()), float(np.median(decisions)), float(audits.mean()))


def audits_to_alarm(level: float, risk: float, arl: float, repetitions: int = 1000, most: int = 20_000) -> Floats:
    """For each repetition, the audits until the alarm; ``most`` where there was none, which understates the mean."""
    rng = np.random.default_rng(7)
    values = np.zeros((repetitions, len(MULTIPLES)))
    taken = np.full(repetitions, float(most))
    running: Bools = np.ones(repetitions, dtype=np.bool_)
    for audit in range(1, most + 1):
        values = step(values, rng.random(repetitions) < risk, level)
        reached = running & (values.mean(axis=1) >= arl)
        taken[reached] = audit
        running &= ~reached
        if not running.any():
            break
        values = np.minimum(values, 1e100)
    return taken
