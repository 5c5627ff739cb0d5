"""Canaries: how often an equal version goes back, and how far a worse one gets, looked at after every answer."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.canary import ALL_CASES_AT, ROLL_BACK_AT
from hitl.quality.two_samples import TwoCounts, log_e_within, log_e_worse

WORST_RATIO = 3.0
FAILURE_CASES = 4000
CHALLENGERS_SHARE = 0.25
LOOK_EVERY = 20


@dataclass(frozen=True, slots=True)
class TrialStudy:
    """Shares of the trials that reached all cases and that went back; ``wrong_seen`` are the challenger's errors among the
    ``answers`` to its checks before the end, both in the median."""

    reaches_all: float
    goes_back: float
    wrong_seen: float
    answers: float


def trials(rate: float, challenger: float, answers: int, repetitions: int, seed: int = 71) -> TrialStudy:
    """Try a champion that errs in ``rate`` of its cases and a ``challenger`` with its own, up to ``answers`` checks each."""
    rng = np.random.default_rng(seed)
    wrong, theirs = (np.cumsum(rng.random((repetitions, answers)) < each, axis=1) for each in (challenger, rate))
    n = np.tile(np.arange(1, answers + 1), (repetitions, 1))
    counts = TwoCounts(wrong, n, theirs, n)
    ends = (log_e_within(counts, WORST_RATIO) >= ALL_CASES_AT, log_e_worse(counts) >= ROLL_BACK_AT)
    gets_all, goes_back = (np.where(each.any(1), each.argmax(1), answers) for each in ends)
    last = np.minimum(np.minimum(gets_all, goes_back), answers - 1)
    return TrialStudy(
        reaches_all=float((gets_all < goes_back).mean()),
        goes_back=float((goes_back < gets_all).mean()),
        wrong_seen=float(np.median(wrong[np.arange(repetitions), last])),
        answers=float(np.median(last + 1)),
    )


def false_rollbacks(failures: float, repetitions: int, seed: int = 72) -> float:
    """Return the share of equal versions that go back although both fail in the share ``failures`` of their cases."""
    rng = np.random.default_rng(seed)
    mine = rng.random((repetitions, FAILURE_CASES)) < CHALLENGERS_SHARE
    fails = rng.random((repetitions, FAILURE_CASES)) < failures
    seen = (np.cumsum(each, axis=1)[:, ::LOOK_EVERY] for each in (mine & fails, mine, ~mine & fails, ~mine))
    return float((log_e_worse(TwoCounts(*seen)).max(axis=1) >= ROLL_BACK_AT).mean())
