"""Simulated reviewers with accounts of their own, who see what the service shows and answer over HTTP.

They know the truth of the images that were sent, and err more often where the model was unsure: such images are hard
for people too.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hitl.canonical import fingerprint
from hitl.client import AsyncClient
from hitl.client.answer_types import ReviewAtHand
from hitl.client.errors import ApiError

ERROR_AT_LEAST = 0.01
ERROR_AT_MOST = 0.12
"""The share of wrong answers where the model is sure of its label, and where it has no idea."""

IDLE_S = 0.1
THINKING_S = (0.01, 0.05)
"""Seconds between claim and answer: people who are quick enough for a demonstration."""

Truth = Mapping[str, str]
"""The true label by the fingerprint of a case's features."""


@dataclass
class Work:
    """The work of all reviewers together."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    late: int = 0

    @property
    def reviews(self) -> int:
        return sum(self.answers.values())


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Answers ``queues`` in this order. ``seed`` fixes the errors of this person for the same reviews."""

    name: str
    client: AsyncClient
    queues: tuple[str, ...]
    truth: Truth
    labels: tuple[str, ...]
    seed: int

    async def work(self, done: Work, stop: asyncio.Event) -> None:
        """Answer what there is until ``stop`` is set."""
        rng = random.Random(self.seed)
        while not stop.is_set():
            review = await self._claim()
            if review is None:
                await asyncio.sleep(IDLE_S)
                continue
            await asyncio.sleep(rng.uniform(*THINKING_S))
            await self._answer(review, done, rng)

    async def _claim(self) -> ReviewAtHand | None:
        for queue in self.queues:
            found = (await self.client.claim(queue)).get("review")
            if found is not None:
                return found
        return None

    async def _answer(self, review: ReviewAtHand, done: Work, rng: random.Random) -> None:
        assert review["lease"], "a claim leases what it gives"
        true_label = self.truth[fingerprint(review["payload"]["features"])]
        sure = review["confidence"]
        label = perceived(true_label, self.labels, sure, rng)
        try:
            await self.client.answer(review["review_id"], review["lease"]["id"], label, confidence=0.9)
        except ApiError as error:
            if error.status != 409:
                raise
            done.late += 1
            return
        done.answers[self.name] += 1
        done.wrong += label != true_label


def error_rate(confidence: float | None) -> float:
    """Return a person's error rate on an image, given the model's ``confidence`` (None: no model looked at it).

    >>> error_rate(1.0), error_rate(0.0), error_rate(None)
    (0.01, 0.12, 0.01)
    """
    unsure = 0.0 if confidence is None else 1.0 - confidence
    return ERROR_AT_LEAST + unsure * (ERROR_AT_MOST - ERROR_AT_LEAST)


def perceived(true_label: str, labels: tuple[str, ...], confidence: float | None, rng: random.Random) -> str:
    """Return the label that a person sees in the image."""
    if rng.random() >= error_rate(confidence):
        return true_label
    return rng.choice([label for label in labels if label != true_label])
