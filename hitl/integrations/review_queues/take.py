"""Items of MLflow's queue become cases here; what people decide completes them there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hitl.client.answer_types import BlindCase, CaseDecision
from hitl.client.errors import ApiError
from hitl.client.synchronous import Client
from hitl.integrations.review_queues.ports import QueuedTrace, ReviewQueue

HERE = "ray-hitl"
"""Who answered, for MLflow: a client's key sees no names of people."""

UNUSABLE = 400
"""The input does not fit the task: the next item may."""


@dataclass(frozen=True, slots=True)
class TakenItem:
    """``outcome``: decided (by people, and told to MLflow), automatic (left waiting there), waiting, or why it is no case."""

    trace_id: str
    case_id: str | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Taking:
    """Items of ``queue`` as cases of ``task``, opened with the key of ``client``. ``features_at`` is the path of the task's input
    in a trace's inputs (``body.row``)."""

    client: Client
    queue: ReviewQueue
    task: str
    features_at: str

    def step(self, now: float) -> Iterator[TakenItem]:
        """Go once over what waits at ``now`` (UTC seconds). A second pass opens no case twice. Raises ApiError for a refusal that
        concerns every item."""
        for item in self.queue.pending():
            yield self._take(item, now)

    def _take(self, item: QueuedTrace, now: float) -> TakenItem:
        features = value_at(item.inputs, self.features_at)
        if features is None:
            return TakenItem(item.trace_id, None, "its trace has no such input")
        try:
            case_id = self._open(item.trace_id, features)
        except ApiError as error:
            if error.status != UNUSABLE:
                raise
            return TakenItem(item.trace_id, None, str(error))
        return TakenItem(item.trace_id, case_id, self._settle(item, self.client.decision(case_id), now))

    def _open(self, trace_id: str, features: Any) -> str:
        named = {"mlflow_trace_id": trace_id}
        return self.client.decide(self.task, features, named, key=f"review-queue:{trace_id}")["case_id"]

    def _settle(self, item: QueuedTrace, case: CaseDecision | BlindCase, now: float) -> str:
        outcome = case["outcome"]
        if outcome is None or case["status"] != "decided":
            return "waiting"
        if outcome.get("by") != "person":
            return "automatic"
        if float(str(outcome.get("final_at", 0.0))) > now:
            return "waiting"  # it can be undone until then, and MLflow could not be told
        self.queue.settle(item.trace_id, outcome["label"], str(outcome.get("reviewer") or HERE), case["case_id"])
        return "decided"


def value_at(value: Any, path: str) -> Any:
    """What stands at a path of names; None where nothing does.

    >>> value_at({"body": {"row": [1]}}, "body.row"), value_at({}, "row")
    ([1], None)
    """
    for part in filter(None, path.split(".")):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
