"""Consensus by Dawid and Skene: weigh reviewers by their errors, and ask another one only while it is worth it.

Dawid and Skene's model (1979): reviewer j answers v when y is true with probability ``confusion[j, y, v]``. Answers are asked for
one by one until the posterior of a label reaches the target, each time from the reviewer who tells most; after ``cap``
answers an expert decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hitl.quality.arrays import Bools, Floats, Ints

PRIOR_RIGHT = 3.0
PRIOR_WRONG = 0.5
"""Pseudo-counts of the Dirichlet prior over a reviewer's confusion matrix: on the diagonal, and off it."""
HALF_LIFE = 200.0
"""Answers after which an earlier answer has half its weight, because people change."""
FLOOR = 1e-12


def prior_counts(reviewers: int, classes: int) -> Floats:
    """``(reviewers, classes, classes)``: rows are truth, columns answers."""
    each = np.full((classes, classes), PRIOR_WRONG) + np.eye(classes) * (PRIOR_RIGHT - PRIOR_WRONG)
    return np.tile(each, (reviewers, 1, 1))


def learned(counts: Floats, reviewer: int, truth: int, answer: int, half_life: float = HALF_LIFE) -> Floats:
    """The counts after one answer to an item whose ``truth`` is known (gold, or adjudicated); what was learned before
    fades, the prior does not."""
    updated = counts.copy()
    prior = prior_counts(1, counts.shape[1])[0]
    updated[reviewer] = prior + (counts[reviewer] - prior) * 0.5 ** (1 / half_life)
    updated[reviewer, truth, answer] += 1
    return updated


def confusion_of(counts: Floats) -> Floats:
    """Probabilities of each answer given the truth."""
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True), dtype=np.float64)


def posterior(prior: Floats, answers: Iterable[tuple[int, int]], confusion: Floats, weight: float = 1.0) -> Floats:
    """``(classes,)``: the probability of each label after ``answers`` of (reviewer, label).

    ``prior`` is the model's opinion, raised to ``weight``: 1 if it is calibrated and reviewers did not see it, less if its
    errors and theirs go together, 0 for blind gold and audit items.
    """
    logs = weight * np.log(np.maximum(prior, FLOOR))
    for reviewer, label in answers:
        logs = logs + np.log(np.maximum(confusion[reviewer, :, label], FLOOR))
    likely = np.exp(logs - logs.max())
    return np.asarray(likely / likely.sum(), dtype=np.float64)


def information(belief: Floats, confusion: Floats) -> Floats:
    """``(reviewers,)``: how many nats an answer of each reviewer is expected to add (mutual information)."""
    joint = belief[None, :, None] * confusion
    answers = joint.sum(axis=1)
    told = -np.sum(answers * np.log(np.maximum(answers, FLOOR)), axis=1)
    noise = -np.sum(joint * np.log(np.maximum(confusion, FLOOR)), axis=(1, 2))
    return np.asarray(told - noise, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Next:
    """``settled``: ``label`` is the consensus; ``ask``: ``reviewer`` is to answer; ``expert``: people could not settle it."""

    action: Literal["settled", "ask", "expert"]
    confidence: float
    label: int | None = None
    reviewer: int | None = None


def next_step(belief: Floats, target: float, asked: Sequence[int], confusion: Floats, available: Bools, cap: int = 5) -> Next:
    """The next step for an item with posterior ``belief``: ``target`` is the wanted probability that its label is right."""
    label = int(np.argmax(belief))
    confidence = float(belief[label])
    if confidence >= target:
        return Next("settled", confidence, label=label)
    free = available.copy()
    free[list(asked)] = False
    if len(asked) >= cap or not free.any():
        return Next("expert", confidence)
    worth = np.where(free, information(belief, confusion), -np.inf)
    return Next("ask", confidence, reviewer=int(np.argmax(worth)))


@dataclass(frozen=True, slots=True)
class Consensus:
    """``posterior`` (items, classes) and ``confusion`` (reviewers, classes, classes)."""

    posterior: Floats
    confusion: Floats


def dawid_skene(answers: Ints, classes: int, prior: Floats | None = None, rounds: int = 50) -> Consensus:
    """Labels and reviewers together by expectation maximisation, for the nightly look at everything.

    ``answers`` (items, reviewers) of class numbers, -1 where a reviewer gave none; ``prior`` (items, classes) is the
    model's opinion, or the classes' frequencies when None.
    """
    given = np.stack([answers == label for label in range(classes)], axis=2).astype(np.float64)
    votes = given.sum(axis=1) + 0.1
    belief = votes / votes.sum(axis=1, keepdims=True)
    start = prior_counts(answers.shape[1], classes)
    confusion = confusion_of(start)
    for _ in range(rounds):
        confusion = confusion_of(start + np.einsum("iy,ijv->jyv", belief, given))
        base = prior if prior is not None else belief.mean(axis=0, keepdims=True)
        logs = np.log(np.maximum(base, FLOOR)) + np.einsum("ijv,jyv->iy", given, np.log(np.maximum(confusion, FLOOR)))
        likely = np.exp(logs - logs.max(axis=1, keepdims=True))
        after = likely / likely.sum(axis=1, keepdims=True)
        moved = float(np.abs(after - belief).max())
        belief = after
        if moved < 1e-6:
            break
    return Consensus(np.asarray(belief, dtype=np.float64), confusion)
