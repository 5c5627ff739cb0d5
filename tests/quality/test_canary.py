"""What a challenger on trial gets next: more cases, as many, or none."""

from typing import Any

import numpy as np
import pytest

from hitl.quality.answers import SettledReview
from hitl.quality.canary import Advance, CanaryFacts, Hold, RollBackNow, VersionOperation, judge, suspicions
from hitl.tasks.people_terms import CanaryTerms

TERMS = CanaryTerms(min_cases=100, min_minutes=10)
FINE = VersionOperation(1000, 0, [0.03] * 50)
QUICK = [0.03] * 50


def facts(share: float = 0.05, cases: int = 100, minutes: float = 10.0, **more: Any) -> CanaryFacts:
    return CanaryFacts(share, cases, minutes, **{"challenger": VersionOperation(100, 0, QUICK), "champion": FINE, **more})


def answer(number: int, model: str, wrong: bool, automatic: bool = True, at: float = 10.0) -> SettledReview:
    streams = ("audit",) if automatic else ("gold",)
    said = (f"r{number}", f"c{number}", "audit", True, "no" if wrong else "yes", "yes", 0.9, "all", model, "v")
    return SettledReview(*said, automatic, streams, 0.1, 0.1, at, at + number)


def suspicion(wrong: int, n: int, level: float = 0.05) -> Any:
    answers = [answer(i, "new", wrong=i < wrong) for i in range(n)]
    return suspicions(answers, "new", "old", 0.0, lambda segment: level)


@pytest.mark.parametrize(
    ("seen", "share"),
    [
        (facts(0.05), 0.25),
        (facts(0.25), 1.0),
        (facts(0.5), 1.0),
        (facts(challenger=VersionOperation(100, 1, QUICK), champion=VersionOperation(100, 2, QUICK)), 0.25),
        (facts(challenger=VersionOperation(100, 0, [0.019] * 50), champion=VersionOperation(900, 0, [0.001] * 50)), 0.25),
        (facts(challenger=VersionOperation(100, 0, [9.0] * 5)), 0.25),
        (facts(suspicions=suspicion(0, 50)), 0.25),
    ],
)
def test_what_is_as_good_as_the_champion_goes_on(seen: CanaryFacts, share: float) -> None:
    verdict = judge(seen, TERMS)
    assert isinstance(verdict, Advance)
    assert verdict.share == share


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (facts(cases=99), "99 of 100 cases"),
        (facts(minutes=9.0), "9 of 10 minutes"),
        (facts(suspicions=suspicion(3, 3)), "3 of 3 blind answers"),
    ],
)
def test_little_evidence_or_a_suspicion_holds_the_step(seen: CanaryFacts, reason: str) -> None:
    verdict = judge(seen, TERMS)
    assert isinstance(verdict, Hold)
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (facts(cases=1, minutes=0.0, challenger=VersionOperation(1, 1)), "1 of 1 cases got no usable probabilities"),
        (facts(challenger=VersionOperation(100, 0, [0.1] * 50)), "a call takes 0.1000 s, the champion's 0.0300 s"),
        (facts(cases=1, suspicions=suspicion(12, 20)), "12 of 20 blind answers"),
    ],
)
def test_what_is_bad_goes_back_at_once(seen: CanaryFacts, reason: str) -> None:
    verdict = judge(seen, TERMS)
    assert isinstance(verdict, RollBackNow)
    assert reason in verdict.reason


def test_on_all_cases_the_challenger_may_err_as_the_champion_does() -> None:
    gold = [answer(i, "old", wrong=i % 3 == 0, automatic=False) for i in range(300)]
    same = [answer(300 + i, "new", wrong=i % 3 == 0, automatic=False) for i in range(150)]
    worse = [answer(300 + i, "new", wrong=i % 3 != 0, automatic=False) for i in range(150)]

    def alarms(theirs: list[SettledReview]) -> list[bool]:
        found = suspicions([*gold, *theirs], "new", "old", 0.0, lambda segment: 0.05)
        return [each.detector.alarmed for each in found]

    assert (alarms(same), alarms(worse)) == ([False], [True])


def test_without_the_champions_gold_nothing_is_compared() -> None:
    answers = [answer(i, "new", wrong=True, automatic=False) for i in range(50)]
    assert suspicions(answers, "new", "old", 0.0, lambda segment: 0.05) == []


def test_answers_of_an_earlier_trial_do_not_count() -> None:
    answers = [answer(i, "new", wrong=True, at=5.0) for i in range(50)]
    assert suspicions(answers, "new", "old", 6.0, lambda segment: 0.05) == []


@pytest.mark.slow
def test_a_challenger_at_its_level_seldom_alarms_and_a_bad_one_soon_does() -> None:
    rng = np.random.default_rng(7)

    def alarms(risk: float, n: int) -> float:
        streams = [[answer(i, "new", bool(rng.random() < risk)) for i in range(n)] for _ in range(100)]
        found = [suspicions(stream, "new", "old", 0.0, lambda segment: 0.05) for stream in streams]
        return float(np.mean([each[0].detector.alarmed for each in found]))

    assert alarms(0.05, 200) <= 0.2
    assert alarms(0.25, 60) >= 0.9


@pytest.mark.parametrize("steps", [[0.05, 0.25], [0.25, 0.05, 1.0], [0.0, 1.0], []])
def test_steps_rise_up_to_all(steps: list[float]) -> None:
    with pytest.raises(ValueError, match="steps"):
        CanaryTerms(steps=steps)
