"""The record of one routed case: all that a later answer, review, audit or training run needs."""

from dataclasses import dataclass, field
from typing import Any, NotRequired

import orjson
from typing_extensions import TypedDict

from hitl.canonical_fast import canonical_rendered, number, numbers
from hitl.routing.action import Action
from hitl.trace_context import TraceContext, read_trace_context

FLOATS = (
    "at",
    "confidence",
    "uncertainty",
    "processing_time",
    "gold_probability",
    "audit_probability",
    "raw_confidence",
    "model_s",
    "vaulted_until",
    "harm",
)


UNLESS_NONE = ("vaulted_until", "harm", "traceparent", "tracestate", "automatic_parts")
"""Fields that are stored only where they say something."""


class PlainPrediction(TypedDict):
    """A declared prediction as records keep it: probabilities in the order of the task's labels, and where it has them the scores
    of the value's parts."""

    model: str
    version: str
    probabilities: list[float]
    parts: NotRequired[dict[str, float]]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """``at`` is UTC seconds; ``body_digest`` recognises the same request under the same key; ``payload_digest`` is
    ``sha256(salt ‖ payload)`` of the request's input, which is stored beside the record and not in it, so that it can be
    erased; ``processing_time`` is seconds from the parsed request to the route.

    ``confidence`` is calibrated where the model carries a calibration, ``raw_confidence`` is the model's own; ``model_s`` is
    how long the model took for the micro-batch that the case came in; ``shadow`` is
    what a policy that only watches would have done: ``{"policy", "action", "segment"}``.

    Without a model, ``prediction``, ``probabilities``, ``confidence``, ``uncertainty`` and ``model_version`` are None.

    ``streams`` names the coins (hitl.routing.coin) that drew the case for a blind check, each with its probability stored
    whether it drew or not: ``gold_probability`` of all traffic, ``audit_probability`` of an automatic decision. ``segment`` is
    the part of the traffic that thresholds and certificates hold for, ``certificate`` the one that let the model decide;
    ``rules`` names the business rules that matched. Until ``vaulted_until`` (UTC seconds) no model learns from what people
    answer to the case; None: at once.

    ``declared`` holds the predictions that ``client`` declared with the case, of all versions; None, and then not stored, in a
    task whose predictions clients do not bring. ``harm`` is what a wrong decision costs, in dollars, under a policy with a level
    for money; None, and then not stored, under any other.

    ``automatic_parts`` are the parts of the answer that the model decided by themselves, under ``certificate``, whoever decides
    the others; None, and then not stored, where parts do not go one by one.

    ``traceparent`` and ``tracestate`` are the trace that the request belongs to, for what happens to the case later; None, and
    then not stored, where tracing is off.
    """

    case_id: str
    request_id: str
    task: str
    client: str
    at: float
    body_digest: str
    payload_digest: str
    salt: str
    prediction: str | None
    probabilities: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    action: str
    reason: str
    priority: str | None
    model_version: str | None
    policy_version: str
    generation: int
    processing_time: float
    segment: str = ""
    streams: list[str] = field(default_factory=list)
    gold_probability: float = 0.0
    audit_probability: float = 0.0
    certificate: str | None = None
    rules: list[str] = field(default_factory=list)
    is_high_risk: bool = False
    requires_compliance: bool = False
    raw_confidence: float | None = None
    shadow: dict[str, str] | None = None
    model_s: float | None = None
    vaulted_until: float | None = None
    declared: list[PlainPrediction] | None = None
    harm: float | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    automatic_parts: list[str] | None = None

    @property
    def part_scores(self) -> dict[str, float]:
        """How sure the model said to be of each part of its value; empty where it said nothing of parts, and without a model."""
        return {} if self.model_version is None or not self.declared else self.declared[0].get("parts", {})

    @property
    def declared_by(self) -> str | None:
        """The account that declared the prediction; None for one that was computed here, and without one."""
        return None if self.declared is None or self.model_version is None else self.client

    @property
    def trace(self) -> TraceContext | None:
        """The trace that the case began in."""
        return None if self.traceparent is None else read_trace_context(self.traceparent, self.tracestate or "")

    @property
    def is_for_people(self) -> bool:
        """Whether somebody looks at it: to decide it, or to check blindly what the model decided."""
        return self.action != Action.AUTOMATIC or bool(self.streams)

    @property
    def is_automatic(self) -> bool:
        """Whether nobody was asked before the case was decided."""
        return self.action == Action.AUTOMATIC

    @property
    def is_override(self) -> bool:
        """Whether an override answered in place of the model: nothing in the record is then a model's doing."""
        return self.is_automatic and self.model_version is None

    def is_vaulted(self, now: float) -> bool:
        """Tell whether no model may have learned from the case yet, at ``now`` (UTC seconds)."""
        return self.vaulted_until is not None and now < self.vaulted_until

    def encode(self) -> bytes:
        """A case that no vault took, that no trace holds, and whose harm nobody states, has the bytes that it had before."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in CaseRecord.__slots__}
        for name in UNLESS_NONE:
            if fields[name] is None:
                del fields[name]
        fields["probabilities"] = numbers(self.probabilities)
        for name in FLOATS:
            if name in fields:
                fields[name] = number(fields[name])
        if self.declared is None:
            del fields["declared"]
        else:
            fields["declared"] = [_rendered(one) for one in self.declared]
        return canonical_rendered(fields)

    @staticmethod
    def decode(data: bytes) -> "CaseRecord":
        fields: dict[str, Any] = orjson.loads(data)
        return CaseRecord(**fields)


def _rendered(one: PlainPrediction) -> dict[str, Any]:
    parts = {"parts": {name: number(score) for name, score in one["parts"].items()}} if "parts" in one else {}
    return {**one, "probabilities": numbers(one["probabilities"]), **parts}
