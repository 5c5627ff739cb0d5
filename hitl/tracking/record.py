"""The record of one operation: raw, as the caller's thread leaves it, then refined, as it is stored.

A trace is one outermost operation with everything that ran inside it; it is dropped, buffered and exported as a whole.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class OperationKind(StrEnum):
    """The kind of an operation; the values are MLflow's span types."""

    TEXT = "LLM"
    CHAT = "CHAT_MODEL"
    VISION = "VISION"
    IMAGE = "IMAGE_GENERATION"
    RAG = "RETRIEVER"
    CUSTOM = "UNKNOWN"
    CHAIN = "CHAIN"
    AGENT = "AGENT"
    TOOL = "TOOL"
    MANUAL = "TASK"


SUCCESS, FAILURE, CANCELLED = "success", "failure", "cancelled"


@dataclass(frozen=True, slots=True)
class Failure:
    """The exception that ended an operation."""

    type: str
    message: str
    stack: str


@dataclass(frozen=True, slots=True)
class RawSpan:
    """One finished operation. ``inputs`` and ``outputs`` are plain JSON snapshots; ``notes`` what the code said of itself.

    ``is_run`` False: a step inside an operation (one model call of an agent), a span without an MLflow run of its own.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    kind: OperationKind
    name: str
    feature: str
    operation: str
    function: str
    started_ns: int
    ended_ns: int
    status: str = SUCCESS
    inputs: Any = None
    outputs: Any = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    is_run: bool = True

    @property
    def duration_s(self) -> float:
        """Seconds from call to return."""
        return (self.ended_ns - self.started_ns) / 1e9


def moment_span(trace_id: str, at: float, task: str, operation: str, function: str) -> RawSpan:
    """Make the outermost span of what happened in ``task`` at one moment (UTC seconds), without a run of its own."""
    at_ns = int(at * 1e9)
    what = OperationKind.CUSTOM, task, task, operation, function
    return RawSpan(trace_id, trace_id[:16], None, *what, at_ns, at_ns, is_run=False)


@dataclass(frozen=True, slots=True)
class RawTrace:
    """Spans in the order in which they ended: the outermost is the last. ``omitted`` were over the limit."""

    spans: tuple[RawSpan, ...]
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """One operation as it is stored. Text is redacted, or absent where the switches say so."""

    trace_id: str
    span_id: str
    parent_id: str | None
    kind: str
    name: str
    feature: str
    operation: str
    experiment: str
    started_ns: int
    ended_ns: int
    status: str
    inputs: Any
    outputs: Any
    metrics: dict[str, float]
    params: dict[str, str]
    tags: dict[str, str]
    usage: dict[str, int]
    cost: float | None
    failure: Failure | None
    is_run: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """One outermost operation, parents before children. ``artifacts`` are texts by file name."""

    spans: tuple[Span, ...]
    artifacts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps({"spans": [asdict(span) for span in self.spans], "artifacts": dict(self.artifacts)})

    @classmethod
    def from_json(cls, line: str) -> "Trace":
        """Return the trace that ``to_json`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        data = json.loads(line)
        return cls(tuple(_span(item) for item in data["spans"]), data["artifacts"])


def _span(data: dict[str, Any]) -> Span:
    span = Span(**data)
    return replace(span, failure=Failure(**data["failure"])) if data["failure"] else span
