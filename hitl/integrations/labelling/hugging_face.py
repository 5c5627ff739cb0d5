"""JSON Lines that ``datasets.load_dataset("json", data_files=…)`` reads: a row for each case, a column for each field."""

from collections.abc import Sequence

from hitl.integrations.labelling.cases import ExportedRow, ImportedCase, LabelledCase, as_lines

MODEL = ("model_version", "model_confidence")
COLUMNS = ("case_id", "label", "prediction", *MODEL, "purpose", "reviewer", "confidence", "decided_at")
PREFIX = "feature."
VALUE = "answer_value"
"""The column of the value that stands, where answers are values."""


def write(cases: Sequence[LabelledCase], labels: Sequence[str]) -> str:
    return as_lines([_row_of(case) for case in cases])


def read(rows: Sequence[ExportedRow]) -> list[ImportedCase]:
    """Return ``features``, the columns with our prefix, or every column that is none of ours."""
    return [_imported(row, number) for number, row in enumerate(rows, 1)]


def _row_of(case: LabelledCase) -> ExportedRow:
    named = case.features if isinstance(case.features, dict) else None
    inputs = {"features": case.features} if named is None else {f"{PREFIX}{name}": value for name, value in named.items()}
    model = (case.prediction, case.model_version, case.model_confidence)
    value = {} if case.value is None else {VALUE: dict(case.value)}
    told = (case.case_id, case.label, *model, case.purpose, case.reviewer, case.confidence, case.decided)
    return dict(zip(COLUMNS, told, strict=True)) | value | inputs


def _imported(row: ExportedRow, number: int) -> ImportedCase:
    named = {name.removeprefix(PREFIX): value for name, value in row.items() if name.startswith(PREFIX)}
    others = {name: value for name, value in row.items() if name not in (*COLUMNS, VALUE)}
    features = row.get("features") or named or others
    if not features:
        raise ValueError(f"row {number} has no input")
    return ImportedCase(str(row.get("case_id", number)), features, int(row.get("label") is not None))
