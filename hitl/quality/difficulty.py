"""Consensus where items differ in difficulty: on a hard item answers tell less, however many agree.

GLAD (Whitehill, Ruvolo, Wu, Bergsma and Movellan, NIPS 2009): a reviewer with ability alpha answers an item of easiness beta
rightly with probability ``1 / (1 + exp(-alpha beta))``. With alpha the log-odds of the reviewer's confusion (Dawid and Skene)
that is the softmax of beta times the log of its row, which also holds for more than two labels:
``p(v | y, beta) = C[y, v]**beta / sum over u of C[y, u]**beta``. Easiness 1 is Dawid and Skene's model, 0 a guess.

Nobody knows the easiness of an item before it is answered, so the posterior sums over a grid of it. How common each easiness is
comes from items whose truth an expert knows, by EM for the weights of a mixture. People who err on a hard item often give the
same wrong label, which no weights express: so the posterior is raised to a power in addition, the one that makes the experts'
labels most likely (temperature scaling: Guo, Pleiss, Sun and Weinberger, ICML 2017). So experts correct what it claims twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats
from hitl.quality.consensus import FLOOR

EASINESS = np.array([0.0, 0.25, 0.5, 1.0, 2.0])
IMAGINED = np.array([0.5, 0.5, 1.0, 6.0, 2.0])
"""Pseudo-items of each easiness: the prior before an expert has seen any."""
ROUNDS = 30
"""Of EM: the weights of a mixture of five known components settle much sooner."""
POWERS = np.geomspace(0.2, 1.5, 40)
DOUBT = 0.3
"""The standard deviation of the power's logarithm around 0, before an expert has seen any item."""


@dataclass(frozen=True, slots=True)
class ExpertItem:
    """An item whose ``truth`` an expert knows, with people's ``answers`` as (reviewer, label); it stands for ``weight`` items."""

    truth: int
    answers: tuple[tuple[int, int], ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class DifficultyModel:
    """``answering`` (easiness, reviewers, truths, answers) are log-probabilities; ``weights`` (easiness,) say how common each
    easiness is; the posterior is raised to ``power``."""

    answering: Floats
    weights: Floats
    power: float = 1.0

    def posterior(self, prior: Floats, answers: Sequence[tuple[int, int]]) -> Floats:
        """Return ``(classes,)``: the probability of each label after ``answers`` of (reviewer, label), over every easiness."""
        logs = np.logaddexp.reduce(_told(self.answering, [answers])[0] + np.log(self.weights)[:, None])
        return _normed(self.power * logs + np.log(np.maximum(prior, FLOOR)))


def learned_difficulty(items: Sequence[ExpertItem], confusion: Floats) -> DifficultyModel:
    """Fit how common each easiness is, and the power, to the ``items`` of experts beside what is imagined of them."""
    powers = np.maximum(confusion, FLOOR)[None] ** EASINESS[:, None, None, None]
    answering = np.log(powers / powers.sum(axis=-1, keepdims=True))
    if not items:
        return DifficultyModel(answering, IMAGINED / IMAGINED.sum())
    told = _told(answering, [each.answers for each in items])
    truth, counts = np.array([each.truth for each in items]), _counts_of(items)
    weights = _easiness_weights(np.exp(told[np.arange(len(items)), :, truth]), counts)
    logs = np.logaddexp.reduce(told + np.log(weights)[:, None], axis=1)
    return DifficultyModel(answering, weights, _power(logs, truth, counts))


def _counts_of(items: Sequence[ExpertItem]) -> Floats:
    """Return the weights, scaled to the number of equally weighted items that would tell as much (Kish 1965)."""
    weights = np.array([each.weight for each in items], dtype=np.float64)
    return np.asarray(weights * weights.sum() / (weights**2).sum(), dtype=np.float64)


def _easiness_weights(likely: Floats, counts: Floats) -> Floats:
    """Return ``(easiness,)`` from ``likely`` (items, easiness), the probability of an item's answers given its truth."""
    weights = IMAGINED / IMAGINED.sum()
    for _ in range(ROUNDS):
        shares = likely * weights
        found = IMAGINED + counts @ (shares / shares.sum(axis=1, keepdims=True))
        weights = found / found.sum()
    return np.asarray(weights, dtype=np.float64)


def _power(logs: Floats, truth: Floats, counts: Floats) -> float:
    """Return the power under which the ``truth`` is most likely, by ``logs`` (items, classes)."""
    raised = POWERS[:, None, None] * logs
    right = raised[:, np.arange(len(truth)), truth] - np.logaddexp.reduce(raised, axis=-1)
    return float(POWERS[np.argmax(right @ counts - (np.log(POWERS) / DOUBT) ** 2 / 2)])


def _told(answering: Floats, answers: Sequence[Sequence[tuple[int, int]]]) -> Floats:
    """Return ``(items, easiness, classes)``: the log-probability of each item's answers, by truth."""
    found = np.zeros((len(answers), answering.shape[0], answering.shape[-1]))
    item = np.repeat(np.arange(len(answers)), [len(each) for each in answers])
    said = np.array([one for each in answers for one in each], dtype=np.int64).reshape(-1, 2)
    np.add.at(found, item, answering[:, said[:, 0], :, said[:, 1]])
    return found


def _normed(logs: Floats) -> Floats:
    likely = np.exp(logs - logs.max())
    return np.asarray(likely / likely.sum(), dtype=np.float64)
