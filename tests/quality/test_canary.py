"""What a challenger on trial gets next: more cases, as many, or none."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import betaln, xlog1py, xlogy

from hitl.quality.canary import (
    ALL_CASES_AT,
    ROLL_BACK_AT,
    Advance,
    CanaryFacts,
    Hold,
    RollBackNow,
    TrialAnswers,
    VersionOperation,
    judge,
    suspicions,
    trial_answers,
)
from hitl.quality.checks import BlindCheck
from hitl.quality.two_samples import TwoCounts, log_e_within, log_e_worse
from hitl.tasks.people_terms import CanaryTerms

TERMS = CanaryTerms(min_cases=100, min_minutes=10)
FINE = VersionOperation(1000, 0, [0.03] * 50)
QUICK = [0.03] * 50


def facts(share: float = 0.05, cases: int = 100, minutes: float = 10.0, **more: Any) -> CanaryFacts:
    return CanaryFacts(
        share, cases, minutes, **{"challenger": VersionOperation(100, 0, QUICK), "champion": FINE, "answers": ENOUGH, **more}
    )


ENOUGH = TrialAnswers(100, 2, 900, 20, -3.0, 5.0)


def answer(number: int, model: str, wrong: bool | None, automatic: bool = True, at: float = 10.0) -> BlindCheck:
    streams = ("audit",) if automatic else ("gold",)
    return BlindCheck(f"c{number}", at, "all", model, "v", "yes", 0.9, automatic, streams, wrong=wrong)


def suspicion(wrong: int, n: int, level: float = 0.05) -> Any:
    answers = [answer(i, "new", wrong=i < wrong) for i in range(n)]
    return suspicions(answers, "new", 0.0, lambda segment: level, 0.0)


def compared(new: list[bool | None], old: list[bool | None], since: float = 0.0) -> TrialAnswers:
    said = [*((each, "new") for each in new), *((each, "old") for each in old)]
    rows = [answer(i, model, wrong, automatic=False) for i, (wrong, model) in enumerate(said)]
    return trial_answers(rows, "new", "old", since, 1e6, TERMS.worst_ratio)


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
        (facts(answers=None), "0 of 20 answered cases"),
        (facts(0.25, answers=replace(ENOUGH, log_e_within=2.0)), "not shown yet that it errs less than 3 times as often"),
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
        (facts(cases=1, answers=replace(ENOUGH, log_e_worse=3.1)), "errs more often than the champion"),
        (facts(challenger=VersionOperation(100, 0, [0.1] * 50)), "a call takes 0.1000 s, the champion's 0.0300 s"),
        (facts(cases=1, suspicions=suspicion(12, 20)), "12 of 20 blind answers"),
    ],
)
def test_what_is_bad_goes_back_at_once(seen: CanaryFacts, reason: str) -> None:
    verdict = judge(seen, TERMS)
    assert isinstance(verdict, RollBackNow)
    assert reason in verdict.reason


def test_on_all_cases_the_challenger_may_err_as_the_champion_does() -> None:
    third = [i % 3 == 0 for i in range(300)]
    assert compared(third[:150], third).log_e_worse < 0
    assert compared([not each for each in third[:150]], third).log_e_worse > ROLL_BACK_AT


def test_what_waits_speaks_for_neither_conclusion() -> None:
    right: list[bool | None] = [False] * 300
    shown = compared(right, [i % 10 == 0 for i in range(300)])
    silent = compared([None] * 300, [i % 10 == 0 for i in range(300)])
    assert shown.log_e_within > ALL_CASES_AT > silent.log_e_within
    assert compared([True] * 100, [None] * 300).log_e_worse < 0


def test_without_the_champions_answers_nothing_is_compared() -> None:
    assert compared([True] * 50, []).log_e_worse <= 0


def test_answers_of_an_earlier_trial_do_not_count() -> None:
    answers = [answer(i, "new", wrong=True, at=5.0) for i in range(50)]
    assert suspicions(answers, "new", 6.0, lambda segment: 0.05, 0.0) == []
    assert compared([True] * 50, [False] * 50, since=20.0).answered == 0


@pytest.mark.slow
def test_a_challenger_at_its_level_seldom_alarms_and_a_bad_one_soon_does() -> None:
    rng = np.random.default_rng(7)

    def alarms(risk: float, n: int) -> float:
        streams = [[answer(i, "new", bool(rng.random() < risk)) for i in range(n)] for _ in range(100)]
        found = [suspicions(stream, "new", 0.0, lambda segment: 0.05, 0.0) for stream in streams]
        return float(np.mean([each[0].detector.alarmed for each in found]))

    assert alarms(0.05, 200) <= 0.2
    assert alarms(0.25, 60) >= 0.9


@pytest.mark.parametrize("steps", [[0.05, 0.25], [0.25, 0.05, 1.0], [0.0, 1.0], []])
def test_steps_rise_up_to_all(steps: list[float]) -> None:
    with pytest.raises(ValueError, match="steps"):
        CanaryTerms(steps=steps)


@pytest.mark.slow
def test_equal_versions_are_seldom_sent_back_whatever_their_rate_of_failures() -> None:
    rng = np.random.default_rng(3)
    for rate in (0.0005, 0.002, 0.01, 0.3):
        mine, fails = rng.random((400, 4000)) < 0.25, rng.random((400, 4000)) < rate
        found = log_e_worse(TwoCounts(*(np.cumsum(each, 1)[:, ::20] for each in (mine & fails, mine, ~mine & fails, ~mine))))
        assert (found.max(axis=1) >= ROLL_BACK_AT).mean() <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "answers"), [(0.02, 2000), (0.05, 700), (0.1, 350)])
def test_an_equal_challenger_reaches_all_cases_and_a_three_times_worse_one_does_not(rate: float, answers: int) -> None:
    """Within ``answers`` of each version, looked at after every one."""
    rng = np.random.default_rng(4)

    def verdicts(challenger: float) -> tuple[float, float]:
        wrong, theirs = (np.cumsum(rng.random((400, answers)) < each, axis=1) for each in (challenger, rate))
        n = np.tile(np.arange(1, answers + 1), (400, 1))
        counts = TwoCounts(wrong, n, theirs, n)
        ends = (log_e_within(counts, 3.0) >= ALL_CASES_AT, log_e_worse(counts) >= ROLL_BACK_AT)
        gets_all, goes_back = (np.where(each.any(1), each.argmax(1), answers) for each in ends)
        return float((gets_all < goes_back).mean()), float((goes_back < gets_all).mean())

    equal, worse = verdicts(rate), verdicts(3 * rate)
    assert (equal[0] >= 0.8, equal[1] <= 0.05) == (True, True), equal
    assert (worse[0] <= 0.1, worse[1] >= 0.8) == (True, True), worse


@pytest.mark.parametrize("counts", [(3, 40, 5, 90), (0, 10, 0, 50), (9, 12, 1, 80), (5, 5, 5, 5)])
def test_the_largest_likelihood_under_a_claim_is_the_largest(counts: tuple[int, int, int, int]) -> None:
    k, n, k0, n0 = counts
    p = np.linspace(1e-9, 1 / 3 - 1e-9, 200_001)
    every = xlogy(k0, p) + xlog1py(n0 - k0, -p) + xlogy(k, 3 * p) + xlog1py(n - k, -3 * p)
    hoped = log_e_within(TwoCounts(*counts), 3.0) + every.max()
    mixed = np.logaddexp(_alone(k + k0, n + n0), _alone(k, n) + _alone(k0, n0)) - np.log(2)
    if k * n0 < 3 * k0 * n or k == 0:
        assert hoped == pytest.approx(mixed, abs=1e-4)
    else:
        assert hoped < mixed


def _alone(k: int, n: int) -> float:
    return float(betaln(0.5 + k, 0.5 + n - k) - betaln(0.5, 0.5))
