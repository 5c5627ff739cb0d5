"""Refine a raw trace for storage: derive facts and cost, redact or omit text. Pure; runs off the hot path."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from hitl.tracking.config import TrackingConfig
from hitl.tracking.extract import CallFigures, facts_of
from hitl.tracking.naming import experiment_of, metric_name
from hitl.tracking.prices import cost_of, price_of
from hitl.tracking.record import SUCCESS, Failure, OperationKind, RawSpan, RawTrace, Span, Trace
from hitl.tracking.redaction import Redactor

MAX_STACK = 7_500
"""Characters of a stack kept in the run's tag (MLflow cuts at 8,000): the end, where the error is."""


@dataclass(frozen=True)
class Refiner:
    """``log_prompts`` keeps inputs and outputs, ``log_artifacts`` writes them as files of the run too."""

    config: TrackingConfig = field(default_factory=TrackingConfig)
    root: str | None = None
    log_prompts: bool = True
    log_artifacts: bool = True
    redactor: Redactor = field(default_factory=Redactor)

    def trace(self, raw: RawTrace) -> Trace:
        """Return the trace to store: parents first."""
        spans = tuple(self.span(span) for span in reversed(raw.spans))
        if raw.omitted and spans:
            spans[0].metrics["spans_omitted"] = float(raw.omitted)
        return Trace(spans, self._artifacts(raw, spans))

    def span(self, raw: RawSpan) -> Span:
        """Return one span with its figures, priced and redacted."""
        facts = facts_of(raw.kind, raw.inputs, raw.outputs, raw.notes)
        cost = self._cost(facts)
        metrics = facts.metrics if raw.kind is OperationKind.MANUAL else {"execution_time": raw.duration_s, **facts.metrics}
        return Span(
            trace_id=raw.trace_id,
            span_id=raw.span_id,
            parent_id=raw.parent_id,
            kind=raw.kind.value,
            name=raw.name,
            feature=raw.feature,
            operation=raw.operation,
            experiment=str(raw.notes.get("experiment") or experiment_of(raw.feature, self.config.experiments, self.root)),
            started_ns=raw.started_ns,
            ended_ns=raw.ended_ns,
            status=raw.status,
            inputs=self._text(raw, raw.inputs),
            outputs=self._text(raw, _outputs(raw)),
            metrics=metrics | ({} if cost is None else {"cost": cost}),
            params={key: self.redactor.text(value) for key, value in facts.params.items()},
            tags=self._tags(raw, facts, cost),
            usage=facts.usage,
            cost=cost,
            failure=self._failure(raw.failure),
            is_run=raw.is_run,
        )

    def _cost(self, facts: CallFigures) -> float | None:
        if facts.cost is not None:
            return facts.cost
        price = price_of(self.config.prices, facts.model) if facts.model else None
        if price is None or not ("input_tokens" in facts.usage or facts.images):
            return None
        used = facts.usage
        read, cached = used.get("input_tokens", 0), used.get("cached_tokens", 0)
        return cost_of(
            price, input_tokens=read, output_tokens=used.get("output_tokens", 0), cached_tokens=cached, images=facts.images
        )

    def _tags(self, raw: RawSpan, facts: CallFigures, cost: float | None) -> dict[str, str]:
        own = {"feature": raw.feature, "operation": raw.operation, "function": raw.function, "kind": raw.kind.value}
        error = self._failure(raw.failure)
        said = {"status": raw.status} | ({"error_type": error.type, "error_message": error.message} if error else {})
        stack = {"error_stack": error.stack} if error else {}
        unknown = {"cost_unknown": facts.model or "?"} if cost is None and (facts.usage or facts.images) else {}
        return (
            {metric_name(key): self.redactor.text(str(value)) for key, value in raw.tags.items()} | own | said | stack | unknown
        )

    def _text(self, raw: RawSpan, value: object) -> object:
        wanted = raw.notes.get("log_prompts", self.log_prompts)
        return self.redactor.value(value) if wanted else None

    def _failure(self, failure: Failure | None) -> Failure | None:
        if failure is None:
            return None
        text = self.redactor.text
        return Failure(failure.type, text(failure.message)[:MAX_STACK], text(failure.stack)[-MAX_STACK:])

    def _artifacts(self, raw: RawTrace, spans: tuple[Span, ...]) -> Mapping[str, str]:
        noted = {k: v for span in raw.spans for k, v in _noted_artifacts(span.notes).items()}
        wanted = any(span.notes.get("log_artifacts", self.log_artifacts) for span in raw.spans)
        if not wanted or not spans:
            return {}
        failed = [span for span in spans if span.status != SUCCESS and span.failure]
        stacks = {"error.txt": "\n\n".join(s.failure.stack for s in failed if s.failure)} if failed else {}
        return {name: self.redactor.text(text) for name, text in noted.items()} | stacks


def _outputs(raw: RawSpan) -> object:
    """Return the result, with the texts and documents that the code said of itself beside it."""
    told = {key: raw.notes[key] for key in ("documents", "reranked", "context") if key in raw.notes}
    return {"returned": raw.outputs, **told} if told else raw.outputs


def _noted_artifacts(notes: Mapping[str, object]) -> dict[str, str]:
    noted = notes.get("artifacts")
    if not isinstance(noted, Mapping):
        return {}
    return {str(name): text if isinstance(text, str) else json.dumps(text, indent=1) for name, text in noted.items()}
