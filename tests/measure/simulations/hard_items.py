"""People whose items differ in difficulty: what consensus claims and what it delivers, run through the product's own rule."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from hitl.review.agreement import AgreementTerms, ConsensusResult, JudgedItem, Known, NeedsExpert, PersonsAnswer, settle
from hitl.review.experience import MOST_JUDGED, MOST_LESSONS

LABELS = ("a", "b", "c")


@dataclass(frozen=True, slots=True)
class HardWorld:
    """The share ``hard`` of the items is answered rightly with ``hard_skill`` by anybody, and wrong answers there fall on one
    label with ``pull``; the others with each person's own skill. An expert, who is right, confirms the share ``validated``."""

    hard: float = 0.2
    hard_skill: float = 0.6
    pull: float = 0.8
    skills: tuple[float, ...] = (0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.90, 0.88)
    validated: float = 0.1


@dataclass(frozen=True, slots=True)
class ClaimStudy:
    """Of what consensus settled: how often it was right, how often it ``claimed`` to be, the answers that an item took, and the
    share of items that experts had to settle. By items after the first ``learning`` ones."""

    delivered: float
    claimed: float
    answers: float
    to_experts: float
    items: int


def consensus_on_hard_items(
    world: HardWorld, terms: AgreementTerms, items: int = 3000, learning: int = 1000, seed: int = 71
) -> ClaimStudy:
    """Settle items one after the other; people are weighed by what they answered before, as the service does it."""
    rng, crowd = np.random.default_rng(seed), _Crowd(world)
    rows = [crowd.settle_one(terms, rng) for _ in range(items)]
    found = np.array(rows[learning:])
    settled = found[found[:, 3] == 0]
    return ClaimStudy(
        float(settled[:, 0].mean()),
        float(settled[:, 1].mean()),
        float(found[:, 2].mean()),
        float(found[:, 3].mean()),
        len(found),
    )


class _Crowd:
    """What the review shard remembers of a task."""

    def __init__(self, world: HardWorld) -> None:
        self._world = world
        self._names = [f"p{number}" for number in range(len(world.skills))]
        self._lessons: dict[str, deque[tuple[str, str]]] = {name: deque(maxlen=MOST_LESSONS) for name in self._names}
        self._judged: deque[JudgedItem] = deque(maxlen=MOST_JUDGED)

    def settle_one(self, terms: AgreementTerms, rng: np.random.Generator) -> tuple[float, float, int, float]:
        """Whether the item was settled rightly, what was claimed, the answers, and whether an expert settled it."""
        truth, other = (LABELS[i] for i in rng.permutation(len(LABELS))[:2])
        is_hard, known = rng.random() < self._world.hard, Known(LABELS, self._lessons, None, tuple(self._judged))
        answers = list[PersonsAnswer]()
        for person in rng.permutation(len(self._names)):
            answers.append(PersonsAnswer(self._names[person], self._answer(int(person), truth, other, bool(is_hard), rng)))
            verdict = settle(answers, terms, known)
            if isinstance(verdict, ConsensusResult):
                assert verdict.posterior is not None
                claimed = max(verdict.posterior.values())
                is_seen = bool(rng.random() < self._world.validated)
                self._learn(answers, truth if is_seen else verdict.label, 1 / self._world.validated if is_seen else 0.0)
                return float(verdict.label == truth), claimed, len(answers), 0.0
            if isinstance(verdict, NeedsExpert):
                break
        self._learn(answers, truth, 1.0)
        return 1.0, 1.0, len(answers), 1.0

    def _answer(self, person: int, truth: str, other: str, is_hard: bool, rng: np.random.Generator) -> str:
        skill = self._world.hard_skill if is_hard else self._world.skills[person]
        if rng.random() < skill:
            return truth
        wrong = [label for label in LABELS if label != truth]
        return other if is_hard and rng.random() < self._world.pull else str(rng.choice(wrong))

    def _learn(self, answers: list[PersonsAnswer], outcome: str, weight: float) -> None:
        """``weight`` 0: no expert saw it. One that a single person settled teaches nothing."""
        if len(answers) > 1 or weight:
            for each in answers:
                self._lessons[each.reviewer].append((outcome, each.label))
        if weight:
            self._judged.append(JudgedItem(outcome, [(each.reviewer, each.label) for each in answers], weight))
