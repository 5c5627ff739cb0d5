"""Select labelled cases that may count as evidence: mature cohorts, and one case for each entity.

Labels that come quickly are the easy ones, so a cohort counts as a whole once it is old enough, and what is unresolved
then counts as an error. Cases of one customer are not independent, so one of each entity is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hitl.quality.certificate import ScoredSample

MATURITY_S = 48 * 3600.0


@dataclass(frozen=True, slots=True)
class AuditedCase:
    """``wrong`` is None while people have not answered; ``entity`` None where cases stand for themselves."""

    score: float
    wrong: bool | None
    drawn_at: float
    entity: str | None = None


def evidence(cases: Iterable[AuditedCase], now: float, maturity_s: float = MATURITY_S) -> ScoredSample:
    """The cases drawn at least ``maturity_s`` before ``now`` as a sample; the first of each entity by time."""
    mature = sorted((c for c in cases if c.drawn_at <= now - maturity_s), key=lambda c: c.drawn_at)
    entities: set[str] = set()
    kept = []
    for case in mature:
        if case.entity is not None and case.entity in entities:
            continue
        kept.append(case)
        if case.entity is not None:
            entities.add(case.entity)
    wrong = [case.wrong is not False for case in kept]
    return ScoredSample(np.array([case.score for case in kept], dtype=np.float64), np.array(wrong, dtype=np.bool_))
