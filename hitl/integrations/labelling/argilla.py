"""Argilla 2's records, as ``dataset.records.to_json`` writes them."""

import json
import uuid
from collections.abc import Sequence

from hitl.integrations.labelling.cases import ExportedRow, ImportedCase, LabelledCase

PEOPLE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ray-hitl:account")
"""Argilla's users are UUIDs: one for each account, always the same."""


def write(cases: Sequence[LabelledCase], labels: Sequence[str]) -> str:
    return json.dumps([_record_of(case) for case in cases], ensure_ascii=False, indent=1) + "\n"


def read(rows: Sequence[ExportedRow]) -> list[ImportedCase]:
    return [_imported(row, number) for number, row in enumerate(rows, 1)]


def _record_of(case: LabelledCase) -> ExportedRow:
    """Fields are texts: ``features`` is the input as JSON."""
    said = {"value": case.prediction, "score": case.model_confidence, "agent": case.model_version or "ray-hitl"}
    suggested = {} if case.prediction is None else {"label": said}
    given = {"label": [{"value": case.label, "user_id": str(uuid.uuid5(PEOPLE, case.reviewer))}]}
    fields = {"shown": case.shown, "features": json.dumps(case.features, ensure_ascii=False)}
    meta = {"review_id": case.review_id, "reviewer": case.reviewer, "decided_at": case.decided}
    whole = {"id": case.case_id, "fields": fields, "metadata": meta, "suggestions": suggested, "responses": given}
    return {**whole, "vectors": {}, "status": "completed"}


def _imported(record: ExportedRow, number: int) -> ImportedCase:
    fields = record.get("fields")
    if not isinstance(fields, dict):
        raise ValueError(f"row {number} has no object 'fields'")
    features = json.loads(fields["features"]) if isinstance(fields.get("features"), str) else fields
    answers = sum(len(given) for given in (record.get("responses") or {}).values())
    return ImportedCase(str(record.get("id") or number), features, answers)
