"""Order what waits anew when another model serves: reviews were ordered by what the model of their time said of them.

The model runs in a process of its own, as a shadow's does. Each shard remembers in its journal by which model what waits was
ordered, so that a keeper that starts anew orders nothing twice.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.canonical import fingerprint
from hitl.errors import InvalidInput
from hitl.intake import StoredCase
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, Shards, review_shards
from hitl.review import Orderable, OrderReviews
from hitl.review.find import case_of
from hitl.serving.questions import ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec, vector_from
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.shadow import ShadowScoring

ORDERER = "queue-order"
"""Who orders, in the journal: not a person."""

MAX_ROWS = 1_000
"""Waiting reviews of one task that a model is asked about, those that are next; what waits behind them keeps its turn."""

READS_AT_ONCE = 16
PICKS = 50
"""Reviews that are chosen to differ from each other, in a task that does not say after how many answers it is retrained."""

MAX_FAILURES = 3

log = json_log()


@dataclass(frozen=True, slots=True)
class _Row:
    """A waiting review that the model is asked about."""

    review_id: str
    vector: Any


class QueueOrder:
    """One turn for every task with ``review.order: hybrid``; each step is harmless to repeat. Sealed inputs stay sealed, and
    models that run elsewhere are not asked: there the order is that of the reviews' opening."""

    def __init__(
        self, shards: Shards, tasks: Mapping[str, TaskSpec], partitions: int, evidence: TaskEvidence, score: ShadowScoring
    ) -> None:
        self._shards, self._tasks, self._evidence, self._score = shards, tasks, evidence, score
        self._parts = review_shards(partitions)
        self._failures = Counter[str]()

    async def once(self) -> None:
        for spec in list(self._tasks.values()):
            if spec.review.order == "hybrid" and not spec.is_declared:
                await self._order_task(spec)

    async def _order_task(self, spec: TaskSpec) -> None:
        serving = await self._shards.ask(APPROVAL, ServingOf(spec.task))
        if not serving.versions:
            return
        model = max(serving.versions, key=lambda version: version[1])[0]
        waiting = await self._waiting(spec, model) if self._failures[model] < MAX_FAILURES else {}
        if waiting:
            await self._order(spec, serving, model, waiting)

    async def _waiting(self, spec: TaskSpec, model: str) -> dict[str, list[str]]:
        """Return the reviews of each shard that was not ordered by ``model`` yet."""
        question = Orderable(spec.task, MAX_ROWS // len(self._parts), unless=model)
        found = {shard: (await self._shards.ask(shard, question)).review_ids for shard in self._parts}
        return {shard: review_ids for shard, review_ids in found.items() if review_ids}

    async def _order(self, spec: TaskSpec, serving: ServingView, model: str, waiting: Mapping[str, list[str]]) -> None:
        """A shard whose inputs cannot be read notes the model too: its reviews keep their turns."""
        rows = await self._rows(spec, [review_id for review_ids in waiting.values() for review_id in review_ids])
        said = await self._score(spec, model, [row.vector for row in rows]) if rows else []
        if said is None:
            self._failures[model] += 1
            log.warning("what waits was not ordered: the model gave no answers", task=spec.task, digest=model)
            return
        known = [(row, list(one.probabilities)) for row, one in zip(rows, said, strict=True) if one is not None]
        worth = await asyncio.to_thread(_worth, spec, known) if known else {}
        for shard, review_ids in waiting.items():
            mine = tuple((review_id, worth[review_id]) for review_id in review_ids if review_id in worth)
            await self._submit(shard, serving.generation, OrderReviews(spec.task, model, mine))
        log.info("what waits is ordered", task=spec.task, digest=model, reviews=len(worth))

    async def _rows(self, spec: TaskSpec, review_ids: Sequence[str]) -> list[_Row]:
        reading = asyncio.Semaphore(READS_AT_ONCE)

        async def row(review_id: str) -> _Row | None:
            async with reading:
                case = await self._evidence.find(case_of(review_id))
            vector = None if case is None or case.wrapped_key is not None else _vector(spec, case)
            return None if vector is None else _Row(review_id, vector)

        read = await asyncio.gather(*(row(review_id) for review_id in review_ids))
        return [each for each in read if each is not None]

    async def _submit(self, shard: str, generation: int, command: OrderReviews) -> None:
        named = [review_id for review_id, _ in command.informativeness]
        command_id = fingerprint([ORDERER, shard, command.task, generation, command.model_version, named])
        await self._shards.submit(shard, Envelope(command, command_id, command_id, ORDERER, ORDERER))


def _worth(spec: TaskSpec, known: Sequence[tuple[_Row, list[float]]]) -> dict[str, float]:
    from hitl.learning.ordering import informativeness_of  # only here: the keeper itself shall not carry scikit-learn

    picks = PICKS if spec.retrain is None or spec.retrain.new_labels is None else spec.retrain.new_labels
    worth = informativeness_of([said for _, said in known], [row.vector for row, _ in known], picks)
    return {row.review_id: float(each) for (row, _), each in zip(known, worth, strict=True)}


def _vector(spec: TaskSpec, case: StoredCase) -> Any:
    """None for an input that no longer fits the task, or is erased."""
    try:
        return vector_from(spec, json.loads(case.payload)["features"])
    except (InvalidInput, KeyError, TypeError):
        return None
