"""Crowds of reviewers whose errors are known: what consensus costs, and how right it is."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats, Ints
from hitl.quality.consensus import confusion_of, learned, next_step, posterior, prior_counts

REVIEWERS = 12
CLASSES = 5
GOLD_EACH = 15
MODEL_BLUR = 0.62
"""Makes the model right about 68 % of the time."""
ITEMS = 4000


@dataclass(frozen=True, slots=True)
class Crowd:
    """``truth`` (items,), the calibrated ``model`` (items, classes), the reviewers' true confusion and what gold items taught of
    it."""

    truth: Ints
    model: Floats
    actual: Floats
    believed: Floats


@dataclass(frozen=True, slots=True)
class ConsensusStudy:
    """``believed_accuracy`` is what the posterior claims."""

    accuracy: float
    answers: float
    believed_accuracy: float
    to_experts: float


def crowd(items: int = ITEMS, seed: int = 11) -> Crowd:
    """Twelve reviewers of .81 on average, two of them at .55 and .60, with 15 gold items each."""
    rng = np.random.default_rng(seed)
    skills = np.concatenate(([0.55, 0.60], np.linspace(0.80, 0.91, REVIEWERS - 2)))
    actual = np.stack([_confusion(skill, rng) for skill in skills])
    truth = rng.integers(0, CLASSES, items)
    return Crowd(truth, _model(truth, rng), actual, _taught(actual, rng))


def sequential(world: Crowd, target: float, seed: int = 12) -> ConsensusStudy:
    """What the product does; an item that people could not settle keeps the most probable label."""
    rng = np.random.default_rng(seed)
    rows = np.array([_settle(world, item, target, rng) for item in range(len(world.truth))])
    right, answers, believed, expert = rows.mean(axis=0)
    return ConsensusStudy(float(right), float(answers), float(believed), float(expert))


def majority(world: Crowd, voters: int, seed: int = 13) -> ConsensusStudy:
    """Random reviewers, the most frequent answer, ties by chance."""
    rng = np.random.default_rng(seed)
    right = 0
    for truth in world.truth:
        votes = np.bincount([_answer(world, j, int(truth), rng) for j in rng.permutation(REVIEWERS)[:voters]], minlength=CLASSES)
        right += int(rng.choice(np.flatnonzero(votes == votes.max()))) == truth
    share = float(right / len(world.truth))
    return ConsensusStudy(share, float(voters), share, 0.0)


def _settle(world: Crowd, item: int, target: float, rng: np.random.Generator) -> tuple[float, int, float, float]:
    """Half of the reviewers are there; the first answer is asked for whatever the model says."""
    truth, available = int(world.truth[item]), rng.random(REVIEWERS) < 0.5
    answers: list[tuple[int, int]] = []
    step = next_step(world.model[item], 1.1, [], world.believed, available)
    while step.action == "ask" and step.reviewer is not None:
        answers.append((step.reviewer, _answer(world, step.reviewer, truth, rng)))
        belief = posterior(world.model[item], answers, world.believed)
        step = next_step(belief, target, [j for j, _ in answers], world.believed, available)
    belief = posterior(world.model[item], answers, world.believed)
    return float(belief.argmax() == truth), len(answers), step.confidence, float(step.action == "expert")


def _answer(world: Crowd, reviewer: int, truth: int, rng: np.random.Generator) -> int:
    return int(np.searchsorted(np.cumsum(world.actual[reviewer, truth]), rng.random()))


def _confusion(skill: float, rng: np.random.Generator) -> Floats:
    wrong = rng.dirichlet(np.ones(CLASSES - 1), CLASSES) * (1 - skill)
    rows = np.zeros((CLASSES, CLASSES))
    rows[~np.eye(CLASSES, dtype=np.bool_)] = wrong.ravel()
    return rows + skill * np.eye(CLASSES)


def _taught(actual: Floats, rng: np.random.Generator) -> Floats:
    counts = prior_counts(REVIEWERS, CLASSES)
    for reviewer in range(REVIEWERS):
        for truth in rng.integers(0, CLASSES, GOLD_EACH):
            counts = learned(counts, reviewer, int(truth), int(rng.choice(CLASSES, p=actual[reviewer, truth])))
    return confusion_of(counts)


def _model(truth: Ints, rng: np.random.Generator) -> Floats:
    """Calibrated by construction: from a noisy view of the truth, the exact posterior."""
    seen = np.eye(CLASSES)[truth] + rng.normal(0, MODEL_BLUR, (len(truth), CLASSES))
    logits = seen / MODEL_BLUR**2
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float64)
