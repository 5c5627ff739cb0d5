"""How many answers a task gives until its certificate automates 80 % of what the best threshold could."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from hitl.quality.arrays import Floats
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.planning import plan_of_held_out
from hitl.quality.prefixes import Draws
from hitl.quality.walks import reached
from hitl.routing.coin import either
from tests.measure.simulations import retraining, tweets
from tests.measure.simulations.certificates import allowance
from tests.measure.simulations.evidence import prefix_evidence
from tests.measure.simulations.pools import Pool

ENOUGH = 0.8
HELD_OUT = 500
LOOK_EVERY = 50
MOST_CASES = 10_000
CHECKED = either(0.10, 0.05)
"""The probability with which an automatic decision is checked, by the random sample or as an audit: the shipped tasks' rates."""
MORE_CHECKED = either(0.10, 0.20)
"""With four times the audits."""
OFFENSIVE = 1


@dataclass(frozen=True, slots=True)
class Reached:
    """The median ``answers`` until 80 % of the ``oracle``'s automation and the share of runs that ``got_there`` within 10,000
    cases; the share of runs in which a threshold in force ever had a risk above the level, and what is ``allowed``."""

    repetitions: int
    oracle: float
    answers: float
    got_there: float
    violations: float
    allowed: float


def reach(pool: Pool, risk: RiskLevel, repetitions: int, seed: int = 81, checked: float = CHECKED) -> Reached:
    """People answer every case below the threshold in force, and above it the share ``checked``, which is that of the random
    sample and the audits together; all of them count."""
    rng, oracle = np.random.default_rng(seed), pool.oracle_coverage(risk.level)
    runs = np.array([_run(pool, risk, ENOUGH * oracle, checked, rng) for _ in range(repetitions)])
    answers, violated = runs.T
    there, allowed = np.isfinite(answers), allowance(risk.delta, repetitions)
    return Reached(repetitions, oracle, float(np.median(answers)), float(there.mean()), float(violated.mean()), allowed)


def _run(pool: Pool, risk: RiskLevel, wanted: float, checked: float, rng: np.random.Generator) -> tuple[float, bool]:
    """The answers until so much is automatic (infinity: never), and whether a threshold until then was too low."""
    plan, drawn = plan_of_held_out(pool.draw(HELD_OUT, rng), risk), pool.draw(MOST_CASES, rng)
    assert plan is not None
    grid, probability, tossed = np.array(plan.grid), np.ones(MOST_CASES), rng.random(MOST_CASES)
    violated = False
    for seen in range(LOOK_EVERY, MOST_CASES + 1, LOOK_EVERY):
        here = np.flatnonzero(tossed[:seen] < probability[:seen])
        sample = ScoredSample(drawn.scores[here], drawn.wrong[here])
        at = reached(prefix_evidence(sample, grid, risk.level, _draws(probability[here], checked)).log_e, plan)
        if at is None:
            continue
        threshold = float(grid[at])
        violated = violated or pool.risk(threshold) > risk.level
        if pool.coverage(threshold) >= wanted:
            return float(len(here)), violated
        probability[seen:] = np.where(drawn.scores[seen:] >= threshold, checked, 1.0)
    return np.inf, violated


def _draws(probability: Floats, checked: float) -> Draws | None:
    """None while all were drawn with one probability."""
    equal = int(np.argmax(probability < 1.0)) if (probability < 1.0).any() else len(probability)
    return None if equal == len(probability) else Draws(probability, equal, checked)


@cache
def sms(folder: Path) -> Pool:
    """The SMS messages, scored by the shipped task's first model. Raises InvalidConfig where the rows are not in ``folder``."""
    stream = retraining.sms(folder, 0)
    model = LogisticRegression(C=10.0, max_iter=1000).fit(stream.rows[stream.initial], stream.labels[stream.initial])
    said = model.predict_proba(stream.rows)
    scores, wrong = said.max(axis=1), said.argmax(axis=1) != stream.labels
    return Pool(
        ScoredSample(scores[stream.cases], wrong[stream.cases]), ScoredSample(scores[stream.held_out], wrong[stream.held_out])
    )


@cache
def scored_tweets(folder: Path, taken_for: int | None = None) -> Pool:
    """The tweets, scored by a model of 4,000 of them; the truth is what most of the votes say. ``taken_for``: only those
    that the model takes for this label, which has a certificate of its own in the shipped task. Raises OSError without them."""
    votes = tweets.read(folder)
    order = np.random.default_rng(22).permutation(len(votes.texts))
    train, rest = order[: tweets.TRAIN], order[tweets.TRAIN :]
    said, truth = tweets._model(votes, train, rest), votes.counts[rest].argmax(axis=1)
    kept = slice(None) if taken_for is None else said.argmax(axis=1) == taken_for
    scores, wrong = said.max(axis=1)[kept], (said.argmax(axis=1) != truth)[kept]
    return Pool(ScoredSample(scores[HELD_OUT:], wrong[HELD_OUT:]), ScoredSample(scores[:HELD_OUT], wrong[:HELD_OUT]))
