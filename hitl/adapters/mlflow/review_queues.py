"""A review queue of MLflow (3.14 and later; experimental there): the hitl.integrations.review_queues.ReviewQueue."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Assessment, AssessmentSource, AssessmentSourceType, Expectation, Trace
from mlflow.exceptions import MlflowException
from mlflow.genai import label_schemas, review_queues
from mlflow.tracing.client import TracingClient

from hitl.adapters.mlflow.experiments import experiment_id
from hitl.adapters.mlflow.sink import MlflowSink
from hitl.adapters.mlflow.tracking_place import at
from hitl.errors import NotFound
from hitl.integrations.review_queues.ports import LentReview, QueuedTrace, QueueVerdict
from hitl.tracking.cases import CASE_TAG
from hitl.tracking.record import RawTrace, moment_span
from hitl.tracking.refine import Refiner

LABEL = "label"
"""The question of our queues, and the name of the answers to it."""

REVIEW_TAG = "hitl.review_id"
EXISTS, MISSING = "RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST"
AT_ONCE = 100


class MlflowReviewQueue:
    """The queue ``name`` of an experiment."""

    def __init__(self, uri: str, experiment: str, name: str) -> None:
        self._uri, self._name, self._experiment = uri, name, experiment
        self._client, self._tracing = MlflowClient(uri), TracingClient(uri)

    def make(self, labels: Sequence[str], people: Sequence[str]) -> None:
        """Make the experiment, the question with its labels, and the queue, as far as they are missing. Raises InvalidInput
        where MLflow refuses, as for more than ten people."""
        with at(self._uri, "review queue", self._name):
            place = experiment_id(self._client, self._experiment)
            schema = self._question(place, labels)
            given: dict[str, Any] = {"queue_type": "custom", "users": list(people), "schema_ids": [schema]}
            try:
                review_queues.create_review_queue(self._name, experiment_id=place, **given)
            except MlflowException as error:
                if error.error_code != EXISTS:
                    raise

    def pending(self) -> list[QueuedTrace]:
        with at(self._uri, "review queue", self._name):
            return [QueuedTrace(item.item_id, _inputs(self._trace(item.item_id))) for item in self._items("pending")]

    def verdicts(self) -> list[QueueVerdict]:
        with at(self._uri, "review queue", self._name):
            return [self._verdict(item) for item in self._items(None)]

    def put(self, review: LentReview) -> None:
        """The trace holds what the person may see, and stays in MLflow."""
        MlflowSink(self._uri).export([Refiner().trace(_trace_of(review, self._experiment))], is_repeat=True)
        with at(self._uri, "review queue", self._name):
            review_queues.add_items_to_review_queue(self._queue_id(), item_ids=[review.trace_id])

    def settle(self, trace_id: str, label: str, reviewer: str, case_id: str) -> None:
        said = Expectation(name=LABEL, value=label, source=_person(reviewer), trace_id=trace_id, metadata={CASE_TAG: case_id})
        with at(self._uri, "trace", trace_id):
            if not any(_is_same(each, said) for each in self._tracing.get_trace_info(trace_id).assessments):
                self._tracing.log_assessment(trace_id, said)
            given: dict[str, Any] = {"item_id": trace_id, "status": "complete", "completed_by": reviewer}
            review_queues.set_review_queue_item_status(self._queue_id(), **given)

    def reopen(self, trace_id: str) -> None:
        with at(self._uri, "review queue", self._name):
            review_queues.set_review_queue_item_status(self._queue_id(), item_id=trace_id, status="pending")

    def remove(self, trace_ids: Collection[str]) -> None:
        if trace_ids:
            with at(self._uri, "review queue", self._name):
                review_queues.remove_items_from_review_queue(self._queue_id(), item_ids=list(trace_ids))

    def _question(self, place: str, labels: Sequence[str]) -> str:
        known = label_schemas.list_label_schemas(place, max_results=AT_ONCE)
        for schema in known:
            if schema.name == LABEL:
                return str(schema.schema_id)
        options = label_schemas.InputCategorical(options=list(labels))
        made = label_schemas.create_label_schema(LABEL, type="expectation", input=options, experiment_id=place)
        return str(made.schema_id)

    def _queue_id(self) -> str:
        found = self._client.get_experiment_by_name(self._experiment)
        if found is None:
            raise NotFound("experiment", self._experiment)
        return str(review_queues.get_review_queue(name=self._name, experiment_id=found.experiment_id).queue_id)

    def _items(self, status: Any) -> Iterator[Any]:
        queue, token = self._queue_id(), None
        while True:
            page = review_queues.list_review_queue_items(queue, status=status, max_results=AT_ONCE, page_token=token)
            yield from page
            if not (token := page.token):
                return

    def _verdict(self, item: Any) -> QueueVerdict:
        trace = self._trace(item.item_id) if item.status.value == "complete" else None
        said = [each for each in trace.info.assessments if each.name == LABEL] if trace else []
        people = [each for each in said if each.source.source_type == AssessmentSourceType.HUMAN]
        labels = {str(each.source.source_id): str(_value(each)) for each in sorted(people, key=_when)}
        return QueueVerdict(item.item_id, item.status.value, item.completed_by, labels)

    def _trace(self, trace_id: str) -> Trace | None:
        try:
            return self._client.get_trace(trace_id)
        except MlflowException as error:
            if error.error_code != MISSING:
                raise
            return None


def _person(name: str) -> AssessmentSource:
    return AssessmentSource(source_type=AssessmentSourceType.HUMAN, source_id=name)


def _is_same(known: Assessment, said: Assessment) -> bool:
    about = [(each.name, _value(each), each.source.source_id, (each.metadata or {}).get(CASE_TAG)) for each in (known, said)]
    return about[0] == about[1]


def _value(said: Assessment) -> object:
    told = said.expectation or said.feedback
    return told.value if told else None


def _when(said: Assessment) -> int:
    return int(said.last_update_time_ms or said.create_time_ms or 0)


def _inputs(trace: Trace | None) -> Any:
    root = next((span for span in trace.data.spans if span.parent_id is None), None) if trace else None
    return root.inputs if root else None


def _trace_of(review: LentReview, experiment: str) -> RawTrace:
    span = moment_span(review.trace_id.removeprefix("tr-"), review.opened_at, review.task, "review", "review")
    shown = {"features": review.features}
    said = None if review.suggestion is None else {"prediction": review.suggestion}
    notes, tags = {"experiment": experiment}, {REVIEW_TAG: review.review_id}
    return RawTrace((replace(span, inputs=shown, outputs=said, notes=notes, tags=tags),))
