"""Consensus by Dawid and Skene: weigh reviewers by their errors, and ask another one only while it is worth it.

Dawid and Skene's model (1979): reviewer j answers v when y is true with probability ``confusion[j, y, v]``. Answers are asked for
one by one until the posterior of a label reaches the target, each time from the reviewer who tells most; after ``cap``
answers an expert decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hitl.quality.arrays import Bools, Floats

PRIOR_RIGHT = 3.0
PRIOR_WRONG = 0.5
"""Pseudo-counts of the Dirichlet prior over a reviewer's confusion matrix: on the diagonal, and off it."""
HALF_LIFE = 200.0
"""Answers after which an earlier answer has half its weight, because people change."""
FLOOR = 1e-12


def prior_counts(reviewers: int, classes: int) -> Floats:
    """Return ``(reviewers, classes, classes)``: rows are truth, columns answers."""
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
    """Return ``(classes,)``: the probability of each label after ``answers`` of (reviewer, label).

    ``prior`` is the model's opinion, raised to ``weight``: 1 if it is calibrated and reviewers did not see it, less if its
    errors and theirs go together, 0 for blind gold and audit items.
    """
    logs = weight * np.log(np.maximum(prior, FLOOR))
    for reviewer, label in answers:
        logs = logs + np.log(np.maximum(confusion[reviewer, :, label], FLOOR))
    likely = np.exp(logs - logs.max())
    return np.asarray(likely / likely.sum(), dtype=np.float64)


def information(belief: Floats, confusion: Floats) -> Floats:
    """Return ``(reviewers,)``: how many nats an answer of each reviewer is expected to add (mutual information)."""
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
    """Return the next step for an item with posterior ``belief``: ``target`` is the wanted probability that its label is
    right."""
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
