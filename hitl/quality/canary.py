"""Decide whether a challenger gets a larger share, keeps its share, or loses it, from its results so far.

What breaks is seen at once, from the records of the cases: predictions that failed, against the champion's own rate, and how
long they took. What is wrong is seen in blind answers: by the e-detector that also watches certificates (hitl.quality.drift),
for automatic decisions against their level, and by two sequential tests of both versions' random samples
(hitl.quality.two_samples): that the challenger errs more often, which ends the trial, and that it errs less than ``worst_ratio``
times as often, which all cases take. All of it may be asked after every case: equal versions are ever sent back with probability
at most 1 / 20 by failures and 1 / 20 by answers, and a challenger that errs ``worst_ratio`` times as often ever gets all cases
with probability at most 1 / 10.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import log
from statistics import median
from typing import Protocol, TypeAlias

import numpy as np

from hitl.quality.arrays import Bools
from hitl.quality.check_columns import Checks, as_columns
from hitl.quality.drift import DriftDetector
from hitl.quality.eprocess import log_e_alarm
from hitl.quality.two_samples import TwoCounts, log_e_within, log_e_worse
from hitl.quality.watching import watched

ANSWERS_TO_FALSE_ALARM = 1_000.0
ROLL_BACK_AT = log(20)
"""The log of the evidence at which a version goes back: equal ones ever reach it with probability at most 1 / 20."""

ALL_CASES_AT = log(10)
"""The log of the evidence that all cases take: a challenger that errs too often ever reaches it with probability at most 1 /
10."""

FAILING = 0.2
"""The share of failing predictions that no version may have, where there is no other to compare with."""

AGES_H = (0, 1, 2, 4, 8, 16, 24, 48, 72, 120)
HOUR_S = 3600.0

MIN_CALLS = 20
"""Timed cases of each version before one is called slow."""

NOTICEABLE_S = 0.02
"""A model call faster than this is never too slow: the ratio of two tiny times says nothing."""

MAX_CALLS = 2_000
"""The newest timed cases that count."""


class CanaryRules(Protocol):
    """The part of hitl.tasks.spec.CanaryTerms that decides."""

    @property
    def steps(self) -> Sequence[float]: ...
    @property
    def min_cases(self) -> int: ...
    @property
    def min_minutes(self) -> float: ...
    @property
    def max_slowdown(self) -> float: ...
    @property
    def min_answers(self) -> int: ...
    @property
    def worst_ratio(self) -> float: ...


@dataclass(slots=True)
class VersionOperation:
    """Results of one version's cases: ``unusable`` of them got no usable probabilities; ``calls_s`` are the model's seconds."""

    cases: int = 0
    unusable: int = 0
    calls_s: list[float] = field(default_factory=list)

    def count(self, is_unusable: bool, model_s: float | None) -> None:
        self.cases += 1
        self.unusable += is_unusable
        if model_s is not None:
            self.calls_s.append(model_s)
            del self.calls_s[:-MAX_CALLS]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Evidence from blind answers on a part of the challenger's cases; ``level`` is the error rate that it may have."""

    about: str
    detector: DriftDetector
    wrong: int

    def told(self) -> str:
        checked, level = self.detector.audits, self.detector.level
        return f"{self.wrong} of {checked} blind answers about {self.about} say that it was wrong, the level is {level:.4g}"


@dataclass(frozen=True, slots=True)
class TrialAnswers:
    """Of the challenger's random sample ``answered`` cases and how many of them were ``wrong``, the champion's beside them; with
    the logs of the evidence that the challenger errs more often, and that it errs less than a stated multiple as often."""

    answered: int = 0
    wrong: int = 0
    their_answered: int = 0
    their_wrong: int = 0
    log_e_worse: float = 0.0
    log_e_within: float = 0.0

    def told(self) -> str:
        return f"{self.wrong} wrong of {self.answered} answered, the champion's {self.their_wrong} of {self.their_answered}"


@dataclass(frozen=True, slots=True)
class CanaryFacts:
    """``step_cases`` were the challenger's in the present step, which has lasted ``step_minutes``."""

    share: float
    step_cases: int
    step_minutes: float
    challenger: VersionOperation
    champion: VersionOperation
    suspicions: Sequence[Suspicion] = ()
    answers: TrialAnswers | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    share: float
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    reason: str


@dataclass(frozen=True, slots=True)
class RollBackNow:
    reason: str


Verdict: TypeAlias = Advance | Hold | RollBackNow


def judge(facts: CanaryFacts, terms: CanaryRules) -> Verdict:
    """Judge the trial: failures first, then suspicions, then the minimum of cases and time."""
    bad = not_working(facts.challenger, facts.champion, terms.max_slowdown) or _alarm(facts)
    if bad is not None:
        return RollBackNow(bad)
    missing = _missing(facts, terms)
    if missing is not None:
        return Hold(missing)
    return Advance(
        _next_share(facts, terms), f"nothing against it in {facts.step_cases} cases and {facts.step_minutes:.0f} minutes"
    )


def suspicions(
    checks: Checks, challenger: str, since: float, level_of: Callable[[str], float], due_before: float
) -> list[Suspicion]:
    """Return one for each segment in which the challenger decided alone, where ``level_of`` the segment holds. ``since`` is when
    the trial began; unanswered checks of cases from before ``due_before`` (both UTC seconds) count as wrong."""
    known = as_columns(checks)
    is_its_own = known.of_kind(lambda kind: kind.is_automatic and kind.model_version == challenger)
    decided = known.where(is_its_own & (known.at >= since))
    found = []
    for name in sorted(decided.segments):
        here = decided.where(decided.in_segment(name))
        watch = watched(DriftDetector(level_of(name), ANSWERS_TO_FALSE_ALARM), here, due_before)
        found.append(Suspicion(f"its automatic decisions in {name}", watch.detector, watch.wrong))
    return found


def trial_answers(checks: Checks, challenger: str, champion: str, since: float, now: float, ratio: float) -> TrialAnswers:
    """Return the random samples of both versions since the trial began, compared at every age in AGES_H.

    What waits counts against the conclusion: for the evidence that the challenger errs within ``ratio`` times the champion's
    rate its own unanswered cases are wrong and the champion's right, for the evidence that it errs more the other way round.
    Younger cases may be left out, since which ones are looked at is free.
    """
    known = as_columns(checks)
    is_compared = known.of_kind(lambda kind: kind.is_random and kind.model_version in (challenger, champion))
    ours = known.where(is_compared & (known.at >= since))
    new, wrong, waits = ours.of_kind(lambda kind: kind.model_version == challenger), ours.is_wrong, ours.waits
    old = np.array([ours.at <= now - age * HOUR_S for age in AGES_H])

    def counts(is_wrong: Bools, is_theirs_wrong: Bools) -> TwoCounts:
        theirs = old & ~new
        mine = old & new
        return TwoCounts((mine & is_wrong).sum(1), mine.sum(1), (theirs & is_theirs_wrong).sum(1), theirs.sum(1))

    return TrialAnswers(
        answered=int((new & ~waits).sum()),
        wrong=int((new & wrong).sum()),
        their_answered=int((~new & ~waits).sum()),
        their_wrong=int((~new & wrong).sum()),
        log_e_worse=float(log_e_worse(counts(wrong, wrong | waits)).max()),
        log_e_within=float(log_e_within(counts(wrong | waits, wrong), ratio).max()),
    )


def not_working(ours: VersionOperation, theirs: VersionOperation, max_slowdown: float) -> str | None:
    """Why a version does not work, whatever it says, beside how the other one went; None: nothing shows that."""
    if _fails_more(ours, theirs):
        others = f"{theirs.unusable} of the champion's {theirs.cases}"
        return f"{ours.unusable} of {ours.cases} cases got no usable probabilities, {others}"
    if min(len(ours.calls_s), len(theirs.calls_s)) < MIN_CALLS:
        return None
    taken, usual = median(ours.calls_s), median(theirs.calls_s)
    if taken > max(NOTICEABLE_S, max_slowdown * usual):
        return f"a call takes {taken:.4f} s, the champion's {usual:.4f} s"
    return None


def _fails_more(ours: VersionOperation, theirs: VersionOperation) -> bool:
    """Tell whether failures show it at once for all looks. Beside a version with too few cases it is compared with a rate that
    none may have."""
    if theirs.cases < MIN_CALLS:
        return float(log_e_alarm(ours.unusable, ours.cases, FAILING)) >= ROLL_BACK_AT
    return float(log_e_worse(TwoCounts(ours.unusable, ours.cases, theirs.unusable, theirs.cases))) >= ROLL_BACK_AT


def _alarm(facts: CanaryFacts) -> str | None:
    if facts.answers is not None and facts.answers.log_e_worse >= ROLL_BACK_AT:
        return f"it errs more often than the champion: {facts.answers.told()}"
    return next((each.told() for each in facts.suspicions if each.detector.alarmed), None)


def _missing(facts: CanaryFacts, terms: CanaryRules) -> str | None:
    """Conditions that are missing for the next step."""
    for each in facts.suspicions:
        if each.detector.evidence >= each.detector.height**0.5:
            return each.told()
    if facts.step_cases < terms.min_cases:
        return f"{facts.step_cases} of {terms.min_cases} cases"
    if facts.step_minutes < terms.min_minutes:
        return f"{facts.step_minutes:.0f} of {terms.min_minutes:g} minutes"
    return _unproven(facts, terms)


def _unproven(facts: CanaryFacts, terms: CanaryRules) -> str | None:
    """Answers that are missing: some for a larger share, and for all cases enough to show that it does not err far more often."""
    known = facts.answers or TrialAnswers()
    if known.answered < terms.min_answers:
        return f"{known.answered} of {terms.min_answers} answered cases of its random sample"
    if _next_share(facts, terms) >= 1.0 and known.log_e_within < ALL_CASES_AT:
        return f"not shown yet that it errs less than {terms.worst_ratio:g} times as often as the champion: {known.told()}"
    return None


def _next_share(facts: CanaryFacts, terms: CanaryRules) -> float:
    return next((step for step in terms.steps if step > facts.share), 1.0)
