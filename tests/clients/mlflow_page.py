"""What a person does on MLflow's review page, by MLflow's own functions."""

from typing import Literal

import mlflow
from mlflow.entities import AssessmentSource
from mlflow.genai import review_queues

from hitl.adapters.mlflow.tracking_place import at


class ReviewPage:
    """The page of one queue."""

    def __init__(self, uri: str, experiment: str, queue: str) -> None:
        self._uri, self._experiment, self._queue = uri, experiment, queue

    @property
    def items(self) -> dict[str, str]:
        """The status of each trace of the queue."""
        with at(self._uri):
            return {item.item_id: item.status.value for item in review_queues.list_review_queue_items(self._id())}

    def answer(self, trace_id: str, label: str, by: str) -> None:
        with at(self._uri):
            mlflow.log_expectation(trace_id=trace_id, name="label", value=label, source=AssessmentSource("HUMAN", by))
        self.end(trace_id, "complete", by)

    def end(self, trace_id: str, status: Literal["complete", "declined"], by: str) -> None:
        with at(self._uri):
            review_queues.set_review_queue_item_status(self._id(), item_id=trace_id, status=status, completed_by=by)

    def make(self, *trace_ids: str) -> None:
        """A queue as its owner makes it there, with these traces."""
        with at(self._uri):
            place = mlflow.MlflowClient(self._uri).get_experiment_by_name(self._experiment).experiment_id
            made = review_queues.create_review_queue(self._queue, queue_type="custom", experiment_id=place)
            review_queues.add_items_to_review_queue(made.queue_id, item_ids=list(trace_ids))

    def trace(self, **inputs: object) -> str:
        """A call of somebody's model, traced in the experiment."""
        with at(self._uri):
            mlflow.set_experiment(self._experiment)
            with mlflow.start_span("call") as span:
                span.set_inputs(inputs)
                span.set_outputs("said")
            mlflow.flush_trace_async_logging()
            return str(span.trace_id)

    def _id(self) -> str:
        place = mlflow.MlflowClient(self._uri).get_experiment_by_name(self._experiment).experiment_id
        return str(review_queues.get_review_queue(name=self._queue, experiment_id=place).queue_id)
