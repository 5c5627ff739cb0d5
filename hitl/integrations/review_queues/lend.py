"""Reviews of ours are answered by one person in MLflow's queue, and come back as that person's decisions.

The leases are the memory: a pass that was interrupted is picked up by the next, and a review whose lease ran out goes to others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.client.answer_types import CallerView, HeldAtHand, ReviewAtHand
from hitl.client.calls import HttpCall, get
from hitl.client.errors import ApiError
from hitl.client.synchronous import Client
from hitl.integrations.review_queues.ports import LentReview, QueueVerdict, ReviewQueue, trace_of_review


@dataclass(frozen=True, slots=True)
class LentItem:
    """``outcome``: lent, waiting, answered, skipped, or why the service refused."""

    review_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Lending:
    """``client`` has the key of ``person``, as they are called in MLflow; at most ``most`` reviews of ``source`` are there."""

    client: Client
    queue: ReviewQueue
    source: str
    person: str
    most: int

    def step(self) -> Iterator[LentItem]:
        """Bring back what was answered, keep what waits, and lend more. Raises ApiError where the key may not claim."""
        verdicts = {each.trace_id: each for each in self.queue.verdicts()}
        held = self._held()
        done = [self._bring_back(review, verdicts.get(self._trace(review))) for review in held]
        yield from done
        waits = [review for review, item in zip(held, done, strict=True) if item.outcome in ("waiting", "lent")]
        claimed = self._claim(self.most - len(waits))
        yield from map(self._lend, claimed)
        ours = {self._trace(review) for review in [*waits, *claimed]}
        self.queue.remove([name for name, each in verdicts.items() if each.status == "pending" and name not in ours])

    def _trace(self, review: ReviewAtHand) -> str:
        return trace_of_review(review["review_id"], self.person)

    def _held(self) -> list[ReviewAtHand]:
        call: HttpCall[HeldAtHand] = get("v1", "leases")
        return [review for review in self.client.send(call)["reviews"] if review["queue"] == self.source]

    def _claim(self, count: int) -> Sequence[ReviewAtHand]:
        return self.client.claim(self.source, count=count).get("reviews", []) if count > 0 else []

    def _lend(self, review: ReviewAtHand) -> LentItem:
        features = review["payload"].get("features")
        shown = (review["task"], features, review["prediction"], review["opened_at"])
        self.queue.put(LentReview(review["review_id"], self.person, *shown))
        return LentItem(review["review_id"], "lent")

    def _bring_back(self, review: ReviewAtHand, verdict: QueueVerdict | None) -> LentItem:
        if verdict is None:
            return self._lend(review)
        try:
            return LentItem(review["review_id"], self._told(review, verdict))
        except ApiError as error:
            return LentItem(review["review_id"], str(error))

    def _told(self, review: ReviewAtHand, verdict: QueueVerdict) -> str:
        """What somebody else ended waits again: the decision would stand under the wrong name."""
        lease = _lease_of(review)
        is_theirs = verdict.by == self.person
        if is_theirs and verdict.status == "declined":
            self.client.skip(review["review_id"], lease, f"declined in MLflow by {self.person}")
            return "skipped"
        if is_theirs and verdict.status == "complete" and self.person in verdict.labels:
            key = f"{verdict.trace_id}:{lease}"
            self.client.answer(review["review_id"], lease, verdict.labels[self.person], key=key)
            return "answered"
        if verdict.status != "pending":
            self.queue.reopen(verdict.trace_id)
        self.client.heartbeat(review["review_id"], lease)
        return "waiting"


def account_of(client: Client) -> str:
    """The account of the client's key: what is answered by it stands under this name."""
    call: HttpCall[CallerView] = get("v1", "session")
    return client.send(call)["account"]


def _lease_of(review: ReviewAtHand) -> int:
    lease: Any = review["lease"]
    return int(lease["id"])
