"""Find answers that were given without looking: too quick, or by somebody who fails known answers.

The rule reads who answered, when, for how long, and how tests with known answers went. It never reads what was answered, nor
whether the model was right: leaving out the answers that contradict the model, or that confirm it, would make the rest of them
look better, or worse, than they are. The types here do not hold a label, so that no rule can read one.

An answer is quick when it took less than ``QUICK_OF_OTHERS`` of the median of the other people's own medians, or less than
``QUICK_OF_OWN`` of the person's own median; only answers given before it count, so that a verdict stays whatever comes later.
Somebody fails the known answers from the moment an e-process proves an error above ``TOLERATED_ERROR``, and passes again once
one proves, on later tests, an error below it. What they answered from the start of the failed tests on is left out.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf, log
from statistics import median
from typing import Literal, TypeAlias

from hitl.quality.eprocess import log_e_alarm, log_e_certify

QUICK_OF_OTHERS = 0.2
QUICK_OF_OWN = 0.1
ENOUGH = 30
"""Earlier answers of a person, before their median says anything."""
REMEMBERED = 200
"""The newest answers of a person, of which the median is taken."""
TOLERATED_ERROR = 0.2
FALSELY_ACCUSED = 0.05
"""The probability with which somebody who errs in ``TOLERATED_ERROR`` of the tests is ever found to fail."""

Laziness: TypeAlias = Literal["quick", "known answers"]
Span: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """That ``reviewer`` answered ``review_id`` at ``at`` (UTC seconds) after having held it for ``held_s``."""

    review_id: str
    reviewer: str
    at: float
    held_s: float


@dataclass(frozen=True, slots=True)
class TestedAnswer:
    """A blind answer to a case whose answer is known."""

    __test__ = False  # not a test of pytest's

    reviewer: str
    at: float
    is_wrong: bool


@dataclass(slots=True)
class _Paces:
    """One person's newest times, in order of arrival and of length, and when the person last answered."""

    newest: deque[float] = field(default_factory=deque)
    ordered: list[float] = field(default_factory=list)
    last_at: float = -inf

    @property
    def middle(self) -> float | None:
        """None before enough answers."""
        return self.ordered[len(self.ordered) // 2] if len(self.ordered) >= ENOUGH else None

    def add(self, took_s: float, at: float) -> None:
        self.newest.append(took_s)
        insort(self.ordered, took_s)
        self.last_at = at
        if len(self.newest) > REMEMBERED:
            del self.ordered[bisect_left(self.ordered, self.newest.popleft())]


def lazy_answers(answers: Iterable[TimedAnswer], tests: Iterable[TestedAnswer]) -> dict[str, Laziness]:
    """Return why answers are left out, by review id; those that people looked at are not in it."""
    ordered = sorted(answers, key=lambda each: (each.at, each.review_id))
    failing = _failing_spans(tests)
    paces, found = dict[str, _Paces](), dict[str, Laziness]()
    for each in ordered:
        own = paces.setdefault(each.reviewer, _Paces())
        took_s = min(each.held_s, each.at - own.last_at)  # several cases that were claimed together are answered one by one
        if any(start <= each.at < end for start, end in failing.get(each.reviewer, ())):
            found[each.review_id] = "known answers"
        elif _is_quick(took_s, own, [pace for name, pace in paces.items() if name != each.reviewer]):
            found[each.review_id] = "quick"
        own.add(took_s, each.at)
    return found


def _is_quick(took_s: float, own: _Paces, others: Sequence[_Paces]) -> bool:
    known = [pace.middle for pace in others if pace.middle is not None]
    is_quick_for_task = bool(known) and took_s < QUICK_OF_OTHERS * median(known)
    return is_quick_for_task or (own.middle is not None and took_s < QUICK_OF_OWN * own.middle)


def _failing_spans(tests: Iterable[TestedAnswer]) -> dict[str, list[Span]]:
    """Return, by person, from when to when they failed the known answers; infinity: they still do."""
    people: dict[str, list[TestedAnswer]] = {}
    for each in sorted(tests, key=lambda one: one.at):
        people.setdefault(each.reviewer, []).append(each)
    return {name: _spans(tested) for name, tested in people.items()}


def _spans(tested: Sequence[TestedAnswer]) -> list[Span]:
    spans, start, fails, wrong, seen = list[Span](), -inf, False, 0, 0
    for each in tested:
        wrong, seen = wrong + each.is_wrong, seen + 1
        evidence = (log_e_certify if fails else log_e_alarm)(wrong, seen, TOLERATED_ERROR)
        if evidence < -log(FALSELY_ACCUSED):
            continue
        if fails:
            spans.append((start, each.at))
            start = each.at
        fails, wrong, seen = not fails, 0, 0
    return [*spans, (start, inf)] if fails else spans
