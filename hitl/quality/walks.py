"""How far the walks of a plan get: from each start, towards more automation, until the evidence is too small.

What a walk passed is proved, from its start to its end; nothing before its start is. A threshold that must keep several promises
is one that walks of each of them have passed.
"""

from collections.abc import Sequence

import numpy as np

from hitl.quality.arrays import Bools, Floats
from hitl.quality.planning import CertificationPlan


def reached(evidence: Floats, plan: CertificationPlan) -> int | None:
    """Return the riskiest position that any walk has reached, by the evidence at each threshold; None: no walk got anywhere."""
    return reached_by_all([evidence], plan)


def reached_by_all(evidence: Sequence[Floats], plan: CertificationPlan) -> int | None:
    """Return the riskiest position that walks have passed by each promise's evidence; None: there is none."""
    proved = np.logical_and.reduce([_proved(each, plan) for each in evidence])
    return int(np.flatnonzero(proved)[-1]) if proved.any() else None


def _proved(evidence: Floats, plan: CertificationPlan) -> Bools:
    """Return ``(thresholds,)``: whether any walk has passed it."""
    found = np.zeros(len(evidence), dtype=np.bool_)
    for start, share in plan.starts:
        refused = np.flatnonzero(evidence[start:] < -np.log(share))
        found[start : start + int(refused[0]) if refused.size else len(evidence)] = True
    return found
