"""What people said of cases, as MLflow assessments; and traces and evaluations, as material for cases."""

from collections.abc import Mapping
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Assessment, AssessmentSource, AssessmentSourceType, Expectation, Feedback, Trace
from mlflow.tracing.client import TracingClient

from hitl.adapters.mlflow_errors import asking
from hitl.adapters.mlflow_spans import trace_id_of
from hitl.errors import NotFound
from hitl.tracking.cases import CASE_TAG, Label, TraceItem, label_of, trace_of_case
from hitl.tracking.extract import number

EXPECTATION, FEEDBACK = "label", "agrees_with_model"
ID_KEY = "hitl.review_id"
PAGE = 500
"""Traces of one request: MLflow allows no more."""
MAX_TRACES = 10_000


class MlflowAssessments:
    """Writes labels to the trace of their case. Raises NotFound while the trace is not there yet: deliver again later."""

    def __init__(self, uri: str) -> None:
        self._uri, self._tracing = uri, TracingClient(uri)

    def deliver(self, event: Mapping[str, Any]) -> None:
        """Take one ``ReviewDecided`` event of the outbox; a second delivery changes nothing."""
        self.record(label_of(event))

    def record(self, label: Label) -> None:
        """The truth as an expectation, the verdict on the model as feedback, by the reviewer as a human source."""
        trace_id = trace_id_of(trace_of_case(label.case_id))
        with asking(self._uri, "trace", trace_id):
            known = self._tracing.get_trace_info(trace_id).assessments
            stored = {item.name for item in known if (item.metadata or {}).get(ID_KEY) == label.id}
            for assessment in _assessments(label, trace_id):
                if assessment.name not in stored:
                    self._tracing.log_assessment(trace_id, assessment)

    def of_case(self, case_id: str) -> list[Assessment]:
        """What was said of a case."""
        trace_id = trace_id_of(trace_of_case(case_id))
        with asking(self._uri, "trace", trace_id):
            return list(self._tracing.get_trace_info(trace_id).assessments)


class MlflowTraces:
    """Reads traces, and the scores that evaluations left on them."""

    def __init__(self, uri: str) -> None:
        self._uri, self._client = uri, MlflowClient(uri)

    def items(self, experiment: str, *, run_id: str | None = None, limit: int = MAX_TRACES) -> list[TraceItem]:
        """The newest traces of an experiment, or those of one evaluation run. Raises NotFound."""
        with asking(self._uri, "experiment", experiment):
            found = self._client.get_experiment_by_name(experiment)
            if found is None:
                raise NotFound("experiment", experiment)
            return [_item(trace) for trace in self._pages(str(found.experiment_id), run_id, min(limit, MAX_TRACES))]

    def _pages(self, experiment: str, run_id: str | None, limit: int) -> list[Trace]:
        found: list[Trace] = []
        token = None
        while len(found) < limit:
            wanted = min(PAGE, limit - len(found))
            page = self._client.search_traces([experiment], run_id=run_id, max_results=wanted, page_token=token)
            found += page
            if not (token := page.token):
                break
        return found


def _assessments(label: Label, trace_id: str) -> list[Assessment]:
    source = AssessmentSource(source_type=AssessmentSourceType.HUMAN, source_id=label.reviewer)
    metadata = {ID_KEY: label.id, CASE_TAG: label.case_id}
    truth = Expectation(name=EXPECTATION, value=label.label, source=source, trace_id=trace_id, metadata=metadata)
    if label.agrees_with_model is None:
        return [truth]
    verdict = Feedback(
        name=FEEDBACK,
        value=label.agrees_with_model,
        rationale=label.comment or None,
        source=source,
        trace_id=trace_id,
        metadata=metadata,
    )
    return [truth, verdict]


def _item(trace: Trace) -> TraceItem:
    scores = {item.name: score for item in trace.info.assessments if (score := _score(item)) is not None}
    root = next((span for span in trace.data.spans if span.parent_id is None), None)
    inputs, outputs = (root.inputs, root.outputs) if root else (None, None)
    return TraceItem(trace.info.trace_id, inputs, outputs, scores, str(trace.info.state).endswith("ERROR"))


def _score(item: Assessment) -> float | None:
    return number(item.feedback.value) if isinstance(item, Feedback) and item.feedback is not None else None
