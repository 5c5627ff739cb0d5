"""Convert a stored span to MLflow's span, run and tags."""

import json
from typing import Any

from mlflow.entities import Metric, Param
from mlflow.entities.span import Span as MlflowSpan
from mlflow.tracing.constant import SpanAttributeKey
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags

from hitl.tracking.record import FAILURE, SUCCESS, Span

SPAN_TAG, TRACE_TAG = "hitl.span_id", "hitl.trace_id"
PARENT_TAG = "mlflow.parentRunId"
MAX_TAG, MAX_PARAM = 8_000, 6_000
"""MLflow's limits of a tag's and a parameter's value, in characters."""


def trace_id_of(trace_id: str) -> str:
    """MLflow's name of a trace."""
    return f"tr-{trace_id}"


def span_of(span: Span, run_id: str | None) -> MlflowSpan:
    """Return the span as MLflow stores it; the outermost one carries its trace's tags."""
    attributes = _attributes(span, run_id)
    return MlflowSpan(
        ReadableSpan(
            name=span.name,
            context=_context(span.trace_id, span.span_id),
            parent=_context(span.trace_id, span.parent_id) if span.parent_id else None,
            attributes={key: json.dumps(value) for key, value in attributes.items()},
            events=_events(span),
            resource=Resource({"service.name": "ray-hitl"}),
            start_time=span.started_ns,
            end_time=span.ended_ns,
            status=Status(StatusCode.ERROR, span.failure.message[:1000] if span.failure else None)
            if span.status == FAILURE
            else Status(StatusCode.OK),
        )
    )


def run_tags(span: Span, parent_run: str | None) -> dict[str, str]:
    """Return the tags of an operation's run."""
    tags = {key: value[:MAX_TAG] for key, value in span.tags.items()}
    ids = {SPAN_TAG: span.span_id, TRACE_TAG: trace_id_of(span.trace_id)}
    return tags | ids | ({PARENT_TAG: parent_run} if parent_run else {})


def run_metrics(span: Span) -> list[Metric]:
    """Return the figures of an operation, at the moment it ended."""
    at = span.ended_ns // 1_000_000
    return [Metric(key, value, at, 0) for key, value in span.metrics.items()]


def run_params(span: Span) -> list[Param]:
    """Return the parameters of an operation."""
    return [Param(key, value[:MAX_PARAM]) for key, value in span.params.items()]


def run_status(span: Span) -> str:
    """MLflow's word for how an operation ended."""
    return {SUCCESS: "FINISHED", FAILURE: "FAILED"}.get(span.status, "KILLED")


def _attributes(span: Span, run_id: str | None) -> dict[str, Any]:
    key = SpanAttributeKey
    found: dict[str, Any] = {key.REQUEST_ID: trace_id_of(span.trace_id), key.SPAN_TYPE: span.kind}
    found |= {f"metric.{name}": value for name, value in span.metrics.items()}
    found |= {f"param.{name}": value for name, value in span.params.items()}
    found |= {"feature": span.feature, "operation": span.operation, key.FUNCTION_NAME: span.tags.get("function", "")}
    found |= {key.INPUTS: span.inputs} if span.inputs is not None else {}
    found |= {key.OUTPUTS: span.outputs} if span.outputs is not None else {}
    found |= {key.CHAT_USAGE: span.usage} if span.usage else {}
    found |= {key.LLM_COST: {"total_cost": span.cost}} if span.cost is not None else {}
    found |= {key.MODEL: span.params["model"]} if "model" in span.params else {}
    return found | (_trace_tags(span, run_id) if span.parent_id is None else {})


def _trace_tags(span: Span, run_id: str | None) -> dict[str, str]:
    tags = {name: value for name, value in span.tags.items() if name != "error_stack"} | (
        {"hitl.run_id": run_id} if run_id else {}
    )
    return {f"{SpanAttributeKey.TRACE_TAG_PREFIX}{name}": value[:4000] for name, value in tags.items()}


def _events(span: Span) -> list[Event]:
    if span.failure is None:
        return []
    told = {
        "exception.type": span.failure.type,
        "exception.message": span.failure.message,
        "exception.stacktrace": span.failure.stack,
    }
    return [Event("exception", told, span.ended_ns)]


def _context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))
