"""Decide whether a challenger gets a larger share, keeps its share, or loses it, from its results so far.

What breaks is seen at once, from the records of the cases: predictions that failed, and how long they took. What is wrong is
seen in blind answers, by the e-detector that also watches certificates (hitl.quality.drift): it may be asked after every answer,
and a challenger that errs no more than it may is expected to get through ANSWERS_TO_FALSE_ALARM of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Protocol, TypeAlias

from hitl.quality.answers import SettledReview
from hitl.quality.binomial import upper_bound
from hitl.quality.drift import DriftDetector

ANSWERS_TO_FALSE_ALARM = 1_000.0
CONFIDENCE = 0.95
"""In the champion's own error rate, which is what the challenger's is compared with."""

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

    @property
    def failing(self) -> float:
        """The share of cases without usable probabilities."""
        return self.unusable / self.cases if self.cases else 0.0


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
class CanaryFacts:
    """``step_cases`` were the challenger's in the present step, which has lasted ``step_minutes``."""

    share: float
    step_cases: int
    step_minutes: float
    challenger: VersionOperation
    champion: VersionOperation
    suspicions: Sequence[Suspicion] = ()


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
    share = next((step for step in terms.steps if step > facts.share), 1.0)
    return Advance(share, f"nothing against it in {facts.step_cases} cases and {facts.step_minutes:.0f} minutes")


def suspicions(
    answers: Iterable[SettledReview], challenger: str, champion: str, since: float, level_of: Callable[[str], float]
) -> list[Suspicion]:
    """One for each segment in which the challenger decided alone, where ``level_of`` the segment holds, and one for gold
    answers on all of its cases: there it may err as often as the champion might. ``since`` is when the trial began."""
    known = [each for each in answers if each.is_drawn]
    ours = [each for each in known if each.model_version == challenger and each.opened_at >= since]
    decided = [each for each in ours if each.is_automatic]
    segments = sorted({each.segment for each in decided})
    found = [_suspicion(f"its automatic decisions in {name}", level_of(name), _of(decided, name)) for name in segments]
    gold = [each for each in ours if each.is_gold]
    theirs = [each for each in known if each.model_version == champion and each.is_gold]
    allowed = upper_bound(sum(each.is_wrong for each in theirs), len(theirs), CONFIDENCE)
    return [*found, _suspicion("all its cases", allowed, gold)] if gold and allowed < 1 else found


def _of(answers: Sequence[SettledReview], segment: str) -> list[SettledReview]:
    return [each for each in answers if each.segment == segment]


def _suspicion(about: str, level: float, answers: Sequence[SettledReview]) -> Suspicion:
    detector = DriftDetector(level, ANSWERS_TO_FALSE_ALARM)
    for each in answers:
        detector = detector.after(each.is_wrong)
    return Suspicion(about, detector, sum(each.is_wrong for each in answers))


def not_working(ours: VersionOperation, theirs: VersionOperation, max_slowdown: float) -> str | None:
    """Why a version does not work, whatever it says, beside how the other one went; None: nothing shows that."""
    if ours.failing > theirs.failing:
        others = f"{theirs.unusable} of the champion's {theirs.cases}"
        return f"{ours.unusable} of {ours.cases} cases got no usable probabilities, {others}"
    if min(len(ours.calls_s), len(theirs.calls_s)) < MIN_CALLS:
        return None
    taken, usual = median(ours.calls_s), median(theirs.calls_s)
    if taken > max(NOTICEABLE_S, max_slowdown * usual):
        return f"a call takes {taken:.4f} s, the champion's {usual:.4f} s"
    return None


def _alarm(facts: CanaryFacts) -> str | None:
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
    return None
