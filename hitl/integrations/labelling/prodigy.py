"""Prodigy's JSON Lines, of its recipes that choose one of several options."""

from collections.abc import Sequence

from hitl.integrations.labelling.cases import ExportedRow, ImportedCase, LabelledCase, as_lines

OWN = frozenset({"options", "accept", "answer", "meta", "config", "label"})
"""Keys of Prodigy's, beside those that begin with an underscore: no features."""


def write(cases: Sequence[LabelledCase], labels: Sequence[str]) -> str:
    options = [{"id": label, "text": label} for label in labels]
    return as_lines([_task_of(case, options) for case in cases])


def read(rows: Sequence[ExportedRow]) -> list[ImportedCase]:
    return [_imported(row, number) for number, row in enumerate(rows, 1)]


def _task_of(case: LabelledCase, options: list[ExportedRow]) -> ExportedRow:
    meta = {"case_id": case.case_id, "prediction": case.prediction}
    answer = {"options": options, "accept": [case.label], "answer": "accept"}
    who = {"_annotator_id": case.reviewer, "_timestamp": int(case.decided_at)}
    return {"text": case.shown, "features": case.features, **answer, **who, "meta": meta}


def _imported(task: ExportedRow, number: int) -> ImportedCase:
    left = {name: value for name, value in task.items() if name not in OWN and not name.startswith("_")}
    if not left:
        raise ValueError(f"row {number} has no input")
    name = task.get("_input_hash", task.get("meta", {}).get("case_id", number))
    return ImportedCase(str(name), task.get("features", left), int(task.get("answer") == "accept"))
