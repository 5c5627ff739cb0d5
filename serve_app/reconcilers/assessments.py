"""Send people's answers to MLflow as assessments: the outbox's channel ``mlflow``."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from hitl.errors import DeliveryFailed, InvalidInput, NotFound, SinkRefused, Unavailable, Undeliverable
from hitl.machine.shards import Shards, shard_of_case
from hitl.outbox.delivery import Delivery
from hitl.partitioning import Partitioning
from hitl.review.questions import ReviewOf
from hitl.tracking.cases import Reviewed, reviewed
from serve_app.decisions.batcher import Batcher

CHANNEL = "mlflow"


class Assessments(Protocol):
    """Writes to MLflow. Blocks; repeating changes nothing. Raises SinkAway, SinkRefused, InvalidInput."""

    def record(self, done: Sequence[Reviewed]) -> None: ...


class AssessmentSender:
    """A hitl.outbox.Sender: reads the whole review at its shard, so that the outbox carries ids and no comment. Reviews that come
    while MLflow is being told are told together."""

    def __init__(self, shards: Shards, partitioning: Partitioning, opened: Callable[[], Assessments]) -> None:
        self._shards, self._partitioning, self._open = shards, partitioning, opened
        self._store: Assessments | None = None
        self._told: Batcher[Reviewed, None] = Batcher(self._tell)

    async def send(self, delivery: Delivery) -> None:
        """Raises DeliveryFailed while MLflow or the shard is away, Undeliverable for what is no decided review."""
        told = delivery.body["data"]
        try:
            shard = shard_of_case(str(told["case_id"]), self._partitioning)
            shown = await self._shards.ask(shard, ReviewOf(str(told["review_id"])))
            await self._told.submit(reviewed(shown.review))
        except Unavailable as error:
            raise DeliveryFailed(str(error)) from error
        except (KeyError, NotFound, InvalidInput, SinkRefused) as error:
            raise Undeliverable(str(error)) from error

    async def _tell(self, done: list[Reviewed]) -> list[None | Exception]:
        """Tell all at once. What MLflow refuses may be one of them, so that each is told alone then."""
        try:
            await asyncio.to_thread(self._record, done)
        except (NotFound, InvalidInput, SinkRefused) as error:
            if len(done) == 1:
                return [error]
            return [result for each in done for result in await self._tell([each])]
        return [None] * len(done)

    def _record(self, done: Sequence[Reviewed]) -> None:
        if self._store is None:
            self._store = self._open()
        self._store.record(done)
