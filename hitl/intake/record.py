"""The record of one routed case: everything that a later answer, review, audit or training run needs of it."""

import json
from dataclasses import dataclass
from typing import Any

from hitl.canonical import canonical


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """``at`` is UTC seconds; ``body_digest`` recognises the same request under the same key; ``payload_digest`` is
    ``sha256(salt ‖ payload)`` of the request's input, which is stored beside the record and not in it, so that it can be
    erased; ``processing_time`` is seconds from the parsed request to the route.

    Without a model, ``prediction``, ``probabilities``, ``confidence``, ``uncertainty`` and ``model_version`` are None.
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

    def encode(self) -> bytes:
        return canonical({name: getattr(self, name) for name in CaseRecord.__slots__})

    @staticmethod
    def decode(data: bytes) -> "CaseRecord":
        fields: dict[str, Any] = json.loads(data)
        return CaseRecord(**fields)
