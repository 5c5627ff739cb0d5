"""Verdicts on contents that people see: how often they confirm a wrong one is measured, and taken off the level."""

import numpy as np
import pytest
from numpy.random import Generator

from hitl.quality.anchoring import bound_confirmation
from hitl.quality.answers import KnownAnswer
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import progress
from hitl.quality.checks import BlindCheck
from hitl.quality.planning import plan_of_traffic
from hitl.quality.single_answers import corrected
from hitl.routing.policy import Policy, Risk
from hitl.tasks import load_task
from serve_app.evidence.certifying import WhatPeopleSaid, counted_evidence
from tests.running import ROOT

RISK = RiskLevel(0.05, 0.9)
REPETITIONS, CASES, PLANTED = 200, 600, 150
MOST_FALSE = 1.2 * (1 - RISK.confidence) + 3 * (0.1 * 0.9 / REPETITIONS) ** 0.5
CHAT = (ROOT / "examples" / "tasks" / "chat_verdicts.yaml").read_text(encoding="utf-8")


def planted(confirmed: int, n: int, suggested: str | None = "approve") -> list[KnownAnswer]:
    return [KnownAnswer("ann", "approve" if at < confirmed else "reject", "reject", suggested) for at in range(n)]


def test_the_bound_lies_above_the_share_of_planted_contents_that_were_confirmed() -> None:
    assert 0.3 < bound_confirmation(planted(60, 200), ["approve"], 0.02) < 0.45


def test_the_worse_of_what_was_shown_and_what_was_asked_blind_counts() -> None:
    shown, blind = planted(60, 200), planted(10, 200, None)
    assert bound_confirmation([*shown, *blind], ["approve"], 0.02) == bound_confirmation(shown, ["approve"], 0.02)


def test_right_suggestions_and_other_verdicts_tell_nothing() -> None:
    right = [KnownAnswer("ann", "approve", "approve", "approve")] * 200
    assert bound_confirmation(right, ["approve"], 0.02) == 1.0
    assert bound_confirmation(planted(0, 200), ["reject"], 0.02) == 1.0
    assert bound_confirmation(planted(0, 200), ["approve", "reject"], 0.02) == 1.0


def confirming(known: list[KnownAnswer], **risk: str) -> float:
    spec = load_task(CHAT, "chat.yaml")
    policy = Policy(risk=Risk.model_validate({"level": 0.05, **risk}), automatic_labels=["approve"])
    return counted_evidence(spec, policy, [], WhatPeopleSaid([], known), 0.0).confirming


def test_without_planted_contents_nothing_is_certified_unless_the_policy_says_so() -> None:
    assert confirming([]) == 1.0
    assert confirming([], anchoring="ignored") == 0.0
    assert 0.0 < confirming(planted(5, 200)) < 0.1


def verdicts(error: float, confirm: float, rng: Generator) -> list[BlindCheck]:
    """Checks whose answers miss the share ``confirm`` of the judge's errors."""
    seen = rng.random(CASES) < error * (1 - confirm)
    scores = 1 - 0.4 * rng.beta(0.5, 3.0, CASES)
    said = ("all", "m", "p", "approve")
    return [
        BlindCheck(f"c{at}", float(at), *said, float(score), False, ("gold",), wrong=bool(wrong))
        for at, (score, wrong) in enumerate(zip(scores, seen, strict=True))
    ]


def certified(error: float, confirm: float, rng: Generator, measured: bool = True) -> bool:
    known = planted(int(rng.binomial(PLANTED, confirm)), PLANTED)
    bound = bound_confirmation(known, ["approve"], 0.02) if measured else 0.0
    rows, risk = verdicts(error, confirm, rng), corrected(RISK, bound)
    return progress(rows, risk, plan_of_traffic(rows, risk)).threshold is not None


@pytest.mark.slow
def test_errors_that_people_confirm_certify_nothing_above_the_level() -> None:
    """A judge that errs in .06 of the cases, of which people see one in five: by what they see it is certified too often."""
    rng = np.random.default_rng(21)
    assert sum(certified(0.06, 0.8, rng, measured=False) for _ in range(50)) / 50 > MOST_FALSE
    assert sum(certified(0.06, 0.8, rng) for _ in range(REPETITIONS)) / REPETITIONS <= MOST_FALSE


def test_a_good_judge_is_certified_where_people_look() -> None:
    rng = np.random.default_rng(22)
    assert sum(certified(0.002, 0.1, rng) for _ in range(10)) >= 8
