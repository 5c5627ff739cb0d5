"""Simulated services: whether the reported system error covers the share of final decisions that are wrong.

Cases that nobody can answer have no right label: whatever the model decides there is wrong, and their checks stay open.
"""

from dataclasses import dataclass, replace

import numpy as np

from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.figures import Book, system_error
from hitl.quality.interval import Interval
from hitl.quality.people_errors import people_tally
from hitl.quality.traffic import DAY_S, Cell, Traffic, TrafficCount
from hitl.routing.action import Action

EXAMPLE = SettledReview("r", "c", "review", True, "a", "a", 0.9, "all", "m", "p", False, (), 0.1, 0.05, 0.0, 1.0)
LATER = 10 * DAY_S


@dataclass(frozen=True, slots=True)
class ServiceWorld:
    """``cases`` with a calibrated confidence, automatic from ``threshold``. People err with ``people_error``, independently, and
    answer nothing of the share ``unanswerable``, of which the model is less sure. ``doubled`` is the share of checks that two
    people answer, with an expert where these differ."""

    people_error: float = 0.05
    unanswerable: float = 0.03
    doubled: float = 1.0
    cases: int = 4000
    threshold: float = 0.9
    random: float = 0.10
    audit: float = 0.05


@dataclass(frozen=True, slots=True)
class Coverage:
    """``covered`` is the share of services whose interval holds the truth, ``width`` its mean width; the others are means.
    ``hidden`` is the share of all decisions that nobody can check: no interval that holds whatever they are is narrower."""

    covered: float
    width: float
    reported: float
    true: float
    hidden: float


@dataclass(frozen=True, slots=True)
class SimulatedService:
    """A service's book, the share of its final decisions that are wrong, and that of its automatic ones that nobody can check."""

    book: Book
    true: float
    hidden: float


def coverage(world: ServiceWorld, services: int, seed: int = 51) -> Coverage:
    """Measure the coverage of the reported 95 % interval over ``services`` with seeds of their own."""
    found = [simulate(world, np.random.default_rng([seed, number])) for number in range(services)]
    told: list[tuple[Interval, float]] = [(system_error(each.book), each.true) for each in found]
    return Coverage(
        covered=float(np.mean([seen.low <= true <= seen.high for seen, true in told])),
        width=float(np.mean([seen.high - seen.low for seen, _ in told])),
        reported=float(np.mean([seen.value for seen, _ in told if seen.value is not None])),
        true=float(np.mean([true for _, true in told])),
        hidden=float(np.mean([each.hidden for each in found])),
    )


def simulate(world: ServiceWorld, rng: np.random.Generator) -> SimulatedService:
    """Simulate one service on one day, looked at when every check should have been answered."""
    is_open = rng.random(world.cases) < world.unanswerable
    sure = np.where(is_open, rng.beta(4, 1, world.cases), rng.beta(12, 0.6, world.cases)) * 0.5 + 0.5
    errs = (rng.random(world.cases) > sure) | is_open
    decides = sure >= world.threshold
    gold = rng.random(world.cases) < world.random
    audit = (rng.random(world.cases) < world.audit) & decides
    answers, wrong = [], int((errs & decides).sum())
    for i in np.flatnonzero(~is_open & (gold | audit | ~decides)):
        review = _answered(world, int(i), float(sure[i]), bool(errs[i]), bool(decides[i]), bool(gold[i]), bool(audit[i]), rng)
        answers.append(review)
        wrong += not decides[i] and review.label != "a"
    traffic = Traffic(
        {
            _cell(action): TrafficCount(int(of.sum()), float((1 - sure[of]).sum()), int(((gold | audit) & of).sum()))
            for action, of in ((Action.AUTOMATIC, decides), (Action.REVIEW, ~decides))
        }
    )
    book = Book(traffic, columns_of(answers), people=people_tally(answers), ripe_at=LATER)
    return SimulatedService(book, wrong / world.cases, float((is_open & decides).mean()))


def _cell(action: Action) -> Cell:
    return Cell(0, "all", "m", "p", action, ())


def _answered(
    world: ServiceWorld, number: int, sure: float, errs: bool, decides: bool, gold: bool, audit: bool, rng: np.random.Generator
) -> SettledReview:
    """Answer a case: the truth is always ``a``; checks may be answered twice, everything else is answered once."""
    streams = tuple(name for name, drawn in (("gold", gold), ("audit", audit)) if drawn)
    prediction = "b" if errs else "a"
    review = replace(EXAMPLE, review_id=f"r{number}", case_id=f"c{number}", confidence=sure)
    review = replace(review, prediction=prediction, is_automatic=decides, streams=streams)
    first, second = ("b" if rng.random() < world.people_error else "a" for _ in range(2))
    if not streams or rng.random() >= world.doubled:
        return replace(review, label=first, votes=(("ann", first),))
    votes = (("ann", first), ("ben", second))
    if first == second:
        return replace(review, label=first, votes=votes)
    return replace(review, label="a", votes=(*votes, ("eve", "a")), expert_agreed=second == "a")
