"""Decided cases as the records of an MLflow evaluation dataset."""

from hitl.integrations.labelling.cases import ExportedRow, LabelledCase


def record_of(case: LabelledCase) -> ExportedRow:
    """``inputs.features`` is the argument of what is evaluated, ``expectations.label`` what people said."""
    told = {"case_id": case.case_id, "review_id": case.review_id, "reviewer": case.reviewer, "decided_at": case.decided}
    return {"inputs": {"features": case.features}, "expectations": {"label": case.label}, "tags": told}
