"""Cases that come in copies: how often a risk above the level is certified, by each input once and by every copy."""

from dataclasses import replace

import numpy as np

from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import progress
from hitl.quality.check_columns import as_columns
from hitl.quality.checks import BlindCheck
from hitl.quality.planning import CertificationPlan

LOOK_EVERY = 300
EXAMPLE = BlindCheck("c", 0.0, "all", "m", "p", "a", 0.9, False, ("gold",))


def false_certificates(risk: float, level: RiskLevel, inputs: int, copies: int, repetitions: int, are_told: bool = True) -> float:
    """The share of runs in which a threshold with this ``risk`` is ever certified; ``are_told``: which cases are copies."""
    rng, plan, broken = np.random.default_rng(41), CertificationPlan((0.5,), ((0, level.delta),), 100), 0
    for _ in range(repetitions):
        wrong = np.repeat(rng.random(inputs) < risk, copies)
        checks = as_columns([_check(i, copies, bool(each), are_told) for i, each in enumerate(wrong)])
        looks = range(LOOK_EVERY, len(checks) + 1, LOOK_EVERY)
        broken += any(progress(checks[:seen], level, plan).threshold is not None for seen in looks)
    return broken / repetitions


def _check(number: int, copies: int, wrong: bool, are_told: bool) -> BlindCheck:
    content = f"{number // copies + 1:024x}" if are_told else ""
    return replace(EXAMPLE, case_id=f"c{number}", at=1.0 + number, wrong=wrong, content=content)
