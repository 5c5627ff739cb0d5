"""Write people's answers to MLflow as assessments; read traces and evaluations as material for cases."""

from collections.abc import Iterator, Sequence
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Assessment, AssessmentSource, AssessmentSourceType, Expectation, Feedback, Trace
from mlflow.tracing.client import TracingClient

from hitl.adapters.mlflow.errors import asking
from hitl.adapters.mlflow.sink import MlflowSink
from hitl.adapters.mlflow.spans import trace_id_of
from hitl.errors import NotFound
from hitl.tracking.cases import CASE_TAG, Reviewed, TraceItem, trace_of_case
from hitl.tracking.extract import number
from hitl.tracking.redaction import Redactor
from hitl.tracking.refine import Refiner

LABEL, AGREES, ANSWER = "label", "agrees_with_model", "answer"
ID_KEY = "hitl.review_id"
PAGE = 500
"""Traces of one request: MLflow allows no more."""
MAX_TRACES = 10_000

Identity = tuple[object, ...]
"""What makes two assessments of a trace the same one."""


class MlflowAssessments:
    """Writes what people said to the trace of the case's decision, which is made where there is none yet."""

    def __init__(self, uri: str, redactor: Redactor | None = None) -> None:
        self._uri, self._tracing, self._sink = uri, TracingClient(uri), MlflowSink(uri)
        self._refiner = Refiner(redactor=redactor or Redactor())

    def record(self, done: Sequence[Reviewed]) -> None:
        """The settled label as an expectation and each person's verdict on the model as feedback, by human sources; a second
        time changes nothing, a label that replaced another is one more. One request asks for all traces, one makes those that
        are missing, and each assessment takes one. Raises SinkAway, SinkRefused, InvalidInput; the rest may have been stored."""
        told = [(trace_id_of(trace_of_case(each.case_id)), each) for each in done]
        stored = self._stored(told)
        with asking(self._uri, "trace"):
            for trace_id, each in told:
                for assessment in self._assessments(each, trace_id):
                    if (identity := _identity(assessment)) not in stored[trace_id]:
                        self._tracing.log_assessment(trace_id, assessment)
                        stored[trace_id].add(identity)

    def of_case(self, case_id: str) -> list[Assessment]:
        """Read the assessments of a case. Raises NotFound."""
        trace_id = trace_id_of(trace_of_case(case_id))
        with asking(self._uri, "trace", trace_id):
            return list(self._tracing.get_trace_info(trace_id).assessments)

    def _stored(self, told: Sequence[tuple[str, Reviewed]]) -> dict[str, set[Identity]]:
        """Return what each trace says already. Those that are not there are made of the decisions."""
        decisions = {trace_id: each.decision for trace_id, each in told}
        with asking(self._uri, "trace"):
            found = self._tracing.store.batch_get_trace_infos(list(decisions))
        stored = {each.trace_id: {_identity(item) for item in each.assessments} for each in found}
        if missing := [self._refiner.trace(raw) for trace_id, raw in decisions.items() if trace_id not in stored]:
            self._sink.export(missing, is_repeat=True)
        return {trace_id: stored.get(trace_id, set()) for trace_id in decisions}

    def _assessments(self, done: Reviewed, trace_id: str) -> Iterator[Assessment]:
        metadata = {ID_KEY: done.review_id, CASE_TAG: done.case_id, "purpose": done.purpose}
        told: dict[str, Any] = {"trace_id": trace_id, "metadata": metadata}
        yield Expectation(name=LABEL, value=done.label, source=_person(done.reviewer), **told)
        for answer in done.answers:
            why = self._refiner.redactor.text(answer.comment) or None
            by: dict[str, Any] = {"source": _person(answer.reviewer), "rationale": why, **told}
            if answer.agrees_with_model is not None:
                yield Feedback(name=AGREES, value=answer.agrees_with_model, **by)
            if len(done.answers) > 1:
                yield Feedback(name=ANSWER, value=answer.label, **by)


class MlflowTraces:
    """Reads traces, and the scores that evaluations left on them."""

    def __init__(self, uri: str) -> None:
        self._uri, self._client = uri, MlflowClient(uri)

    def items(
        self, experiment: str, *, run_id: str | None = None, limit: int = MAX_TRACES, only: str | None = None
    ) -> list[TraceItem]:
        """Return the newest traces of an experiment, or those of one evaluation run; ``only`` is a filter in MLflow's own
        language. Raises NotFound, InvalidInput for another filter."""
        with asking(self._uri, "experiment", experiment):
            found = self._client.get_experiment_by_name(experiment)
            if found is None:
                raise NotFound("experiment", experiment)
            return [_item(trace) for trace in self._pages(str(found.experiment_id), run_id, min(limit, MAX_TRACES), only)]

    def _pages(self, experiment: str, run_id: str | None, limit: int, only: str | None) -> list[Trace]:
        found: list[Trace] = []
        token = None
        while len(found) < limit:
            wanted = min(PAGE, limit - len(found))
            told: dict[str, Any] = {"run_id": run_id, "max_results": wanted, "page_token": token, "filter_string": only}
            page = self._client.search_traces([experiment], **told)
            found += page
            if not (token := page.token):
                break
        return found


def _identity(item: Assessment) -> Identity:
    said = item.expectation or item.feedback
    return item.name, (item.metadata or {}).get(ID_KEY), item.source.source_id, said.value if said else None


def _person(name: str) -> AssessmentSource:
    return AssessmentSource(source_type=AssessmentSourceType.HUMAN, source_id=name)


def _item(trace: Trace) -> TraceItem:
    scores = {item.name: score for item in trace.info.assessments if (score := _score(item)) is not None}
    root = next((span for span in trace.data.spans if span.parent_id is None), None)
    inputs, outputs = (root.inputs, root.outputs) if root else (None, None)
    return TraceItem(trace.info.trace_id, inputs, outputs, scores, str(trace.info.state).endswith("ERROR"))


def _score(item: Assessment) -> float | None:
    return number(item.feedback.value) if isinstance(item, Feedback) and item.feedback is not None else None
