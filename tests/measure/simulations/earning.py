"""The certificate as the service makes it: people answer late or never, it is looked at all the time, and it is used."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hitl.quality.arrays import Bools, Floats
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.checks import BlindCheck
from hitl.quality.planning import PILOT_CASES, CertificationPlan, plan_of_held_out, plan_of_traffic
from hitl.quality.prefixes import Draws
from hitl.quality.walks import reached
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.evidence import prefix_evidence
from tests.measure.simulations.pools import Pool

LOOK_EVERY = 25

Delays = Callable[[Bools, np.random.Generator], Floats]
"""Hours from a case's arrival to its answer (n,), given which predictions are wrong; infinite: nobody ever answers."""


def at_once(wrong: Bools, rng: np.random.Generator) -> Floats:
    return np.zeros(len(wrong))


def slow_where_wrong(right_h: float, wrong_h: float) -> Delays:
    """Exponential delays with these means: people need longer where the model errs."""

    def delays(wrong: Bools, rng: np.random.Generator) -> Floats:
        return rng.exponential(np.where(wrong, wrong_h, right_h))

    return delays


def silent_where_wrong(share: float, mean_h: float = 1.0) -> Delays:
    """A ``share`` of the cases that the model gets wrong is never answered."""

    def delays(wrong: Bools, rng: np.random.Generator) -> Floats:
        never = wrong & (rng.random(len(wrong)) < share)
        return np.where(never, np.inf, rng.exponential(mean_h, len(wrong)))

    return delays


@dataclass(frozen=True, slots=True)
class Earned:
    """The share of runs in which a threshold in force ever had a risk above the level; the mean automation at the end as a share
    of the best possible one; the share of runs without any, and the medians of cases and of hours until the first threshold."""

    repetitions: int
    violations: float
    allowed: float
    coverage_of_oracle: float
    refused: float
    cases_to_first: float
    hours_to_first: float

    @property
    def holds(self) -> bool:
        return self.violations <= self.allowed


@dataclass(frozen=True, slots=True)
class World:
    """``pool`` are the cases, ``cases_per_hour`` come, all of them drawn at first; ``delays`` say when people answer.
    ``held_out`` rows of the training run fix the plan; without them the first cases do. ``drops_what_waits`` is the wrong way:
    answered cases alone count. From the first threshold on the share ``random`` of the cases above it is drawn, and with
    ``draws_below`` all others, otherwise the same share of them."""

    pool: Pool
    delays: Delays = at_once
    cases_per_hour: float = 50.0
    held_out: int = 0
    drops_what_waits: bool = False
    look_every: int = LOOK_EVERY
    random: float = 1.0
    draws_below: bool = True


def earned(world: World, risk: RiskLevel, cases: int, repetitions: int = 200, seed: int = 21) -> Earned:
    """Runs of ``cases`` cases, with a look after every ``world.look_every``."""
    rng = np.random.default_rng(seed)
    runs = np.array([_run(world, risk, cases, rng) for _ in range(repetitions)])
    violated, coverage, first = runs.T
    oracle = world.pool.oracle_coverage(risk.level)
    ratio = float(coverage.mean() / oracle) if oracle else 0.0
    median = float(np.median(first))
    return Earned(
        repetitions,
        float(violated.mean()),
        allowance(risk.delta, repetitions),
        ratio,
        float((coverage == 0).mean()),
        median,
        median / world.cases_per_hour,
    )


def _run(world: World, risk: RiskLevel, cases: int, rng: np.random.Generator) -> tuple[bool, float, float]:
    """Whether a threshold in force was ever too low, the automation at the end, and the cases until the first threshold."""
    drawn = world.pool.draw(cases, rng)
    came = np.arange(1, cases + 1) / world.cases_per_hour
    answered = came + world.delays(drawn.wrong, rng)
    plan, skipped = _plan(world, drawn, risk, rng)
    grid, first, violated = np.array(plan.grid), np.inf, False
    threshold, tossed, probability = None, rng.random(cases), np.ones(cases)
    for seen in range(skipped + world.look_every, cases + 1, world.look_every):
        here = np.flatnonzero(tossed[:seen] < probability[:seen])
        here = here[here >= skipped]
        is_known = answered[here] <= came[seen - 1]
        kept = here[is_known] if world.drops_what_waits else here
        sample = ScoredSample(drawn.scores[kept], drawn.wrong[kept] | (answered[kept] > came[seen - 1]))
        at = reached(prefix_evidence(sample, grid, risk.level, _draws(world, probability[kept])).log_e, plan)
        threshold = None if at is None else float(grid[at])
        if threshold is not None:
            first, violated = min(first, seen), violated or world.pool.risk(threshold) > risk.level
            is_sampled = (drawn.scores[seen:] >= threshold) | (not world.draws_below)
            probability[seen:] = np.where(is_sampled, world.random, 1.0)
    return violated, 0.0 if threshold is None else world.pool.coverage(threshold), first


def _draws(world: World, probability: Floats) -> Draws | None:
    """None while all were drawn with one probability, or once what is drawn no longer depends on the score."""
    equal = int(np.argmax(probability < 1.0)) if (probability < 1.0).any() else len(probability)
    if not world.draws_below or equal == len(probability):
        return None
    return Draws(probability, equal, world.random)


def _plan(world: World, drawn: ScoredSample, risk: RiskLevel, rng: np.random.Generator) -> tuple[CertificationPlan, int]:
    """The plan, and how many of the first cases fixed it."""
    if world.held_out:
        plan = plan_of_held_out(world.pool.draw(world.held_out, rng), risk)
        assert plan is not None
        return plan, 0
    first = [_check(i, float(score)) for i, score in enumerate(drawn.scores[:PILOT_CASES])]
    plan = plan_of_traffic(first, risk)
    assert plan is not None
    return plan, PILOT_CASES


def _check(number: int, score: float) -> BlindCheck:
    return replace(EXAMPLE, case_id=f"c{number}", at=float(number), confidence=score)


EXAMPLE = BlindCheck("c", 0.0, "all", "m", "p", "a", 0.5, False, ("gold",))
