"""What every format is written from, and what every format is read into."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ExportedRow = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A decided case. ``prediction`` None: there was no model. ``decided_at`` is UTC seconds; ``confidence`` is the person's,
    ``model_confidence`` the model's. ``value`` is the one that stands where answers are values, or what was added to a label."""

    case_id: str
    review_id: str
    features: Any
    label: str
    prediction: str | None
    purpose: str
    reviewer: str
    confidence: float
    decided_at: float
    model_version: str | None = None
    model_confidence: float | None = None
    value: Mapping[str, Any] | None = None

    @staticmethod
    def of(example: Mapping[str, Any]) -> "LabelledCase":
        """From a row of ``GET /v1/examples``."""
        return LabelledCase(**{name: example[name] for name in LabelledCase.__dataclass_fields__ if name in example})

    @property
    def shown(self) -> str:
        """The input as a text that a person can read."""
        return shown_of(self.features)

    @property
    def decided(self) -> str:
        """When it was decided: ISO 8601, UTC."""
        return datetime.fromtimestamp(self.decided_at, UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """A case to open. ``answers`` counts the answers that the file holds: they are never taken as outcomes."""

    external_id: str
    features: Any
    answers: int


def shown_of(features: Any) -> str:
    """Return one text as it is, named values a line each, anything else as JSON.

    >>> shown_of({"text": "Hello"}), shown_of({"a": 1, "b": "x"}), shown_of([0.5])
    ('Hello', 'a: 1\\nb: x', '[0.5]')
    """
    if isinstance(features, dict) and list(features) == ["text"] and isinstance(features["text"], str):
        return str(features["text"])
    if isinstance(features, dict):
        return "\n".join(f"{name}: {value}" for name, value in features.items())
    return json.dumps(features, ensure_ascii=False)


def as_lines(rows: list[ExportedRow]) -> str:
    """JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows_of(text: str) -> list[ExportedRow]:
    """Return the objects of a JSON array or of JSON Lines. Raises ValueError that names the row."""
    is_array = text.lstrip().startswith("[")
    rows = json.loads(text) if is_array else [json.loads(line) for line in text.splitlines() if line.strip()]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise ValueError(f"row {number} is no JSON object")
    return list(rows)
