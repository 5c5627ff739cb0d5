"""Label Studio's JSON: tasks with predictions and annotations, and the labelling configuration that fits them."""

import json
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from hitl.integrations.labelling.cases import ExportedRow, ImportedCase, LabelledCase

FROM, TO, SHOWN = "label", "input", "shown"
MODEL = "ray-hitl"


def write(cases: Sequence[LabelledCase], labels: Sequence[str]) -> str:
    """Return a JSON array that Label Studio imports."""
    return json.dumps([task_of(case) for case in cases], ensure_ascii=False, indent=1) + "\n"


def read(rows: Sequence[ExportedRow]) -> list[ImportedCase]:
    """Tasks of an export, or of an import file: what we wrote comes back as the features that it was."""
    return [_imported(row, number) for number, row in enumerate(rows, 1)]


def task_of(case: LabelledCase) -> ExportedRow:
    """The reviewer's name stands in ``meta``: Label Studio's own accounts are numbers."""
    meta = {"case_id": case.case_id, "review_id": case.review_id, "reviewer": case.reviewer, "decided_at": case.decided}
    task: ExportedRow = {"data": {SHOWN: case.shown, "features": case.features}, "meta": meta}
    if case.prediction is not None:
        task["predictions"] = [_prediction(case, case.prediction)]
    is_known = case.purpose == "gold"
    task["annotations"] = [{"result": [_region(case.label)], "was_cancelled": False, "ground_truth": is_known}]
    return task


def label_config(labels: Sequence[str]) -> str:
    """Return the XML of a project whose tasks these are."""
    choices = "".join(f"<Choice value={quoteattr(label)}/>" for label in labels)
    return (
        f'<View><Text name="{TO}" value="${SHOWN}"/>'
        f'<Choices name="{FROM}" toName="{TO}" choice="single">{choices}</Choices></View>'
    )


def _prediction(case: LabelledCase, label: str) -> ExportedRow:
    said: ExportedRow = {"model_version": (case.model_version or MODEL)[:12], "result": [_region(label)]}
    return said if case.model_confidence is None else {**said, "score": case.model_confidence}


def _region(label: str) -> ExportedRow:
    return {"from_name": FROM, "to_name": TO, "type": "choices", "value": {"choices": [label]}}


def _imported(task: ExportedRow, number: int) -> ImportedCase:
    data = task.get("data")
    if not isinstance(data, dict):
        raise ValueError(f"row {number} has no object 'data'")
    answers = sum(not each.get("was_cancelled") for each in task.get("annotations") or [])
    return ImportedCase(str(task.get("id", number)), data.get("features", data), answers)
