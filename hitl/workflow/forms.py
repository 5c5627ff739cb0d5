"""The forms of the patterns, with the field names and labels that clients of the documents know."""

import json
from collections.abc import Sequence

from hitl.canonical import Json, JsonObject
from hitl.workflow.durations import duration_in_words
from hitl.workflow.ui_schema import MAX_TEXT

Form = JsonObject

COMMENTS: JsonObject = {"name": "comments", "type": "textarea", "label": "Comments (optional)"}


def review() -> Form:
    return _form(
        "review",
        _choice("decision", ["approve", "reject", "request_changes"]),
        {"name": "feedback", "type": "textarea", "label": "Feedback/Comments", "required": False},
        {"name": "suggested_changes", "type": "textarea", "label": "Suggested Changes", "required": False},
    )


def collaborative(options: Sequence[str]) -> Form:
    return _form("collaborative_decision", _choice("decision", list(options)), COMMENTS)


def manual_processing(reason: str) -> Form:
    result: JsonObject = {"name": "manual_result", "type": "textarea", "label": "Manual Processing Result", "required": True}
    bounds: JsonObject = {"min": 0, "max": 1, "step": 0.1, "default": 0.9}
    confidence: JsonObject = {"name": "confidence", "type": "number", "label": "Confidence Level (0-1)", **bounds}
    return {**_form("manual_processing", result, confidence), "context": f"Automated processing failed: {reason}"}


def refinement(iteration: int, current_result: Json) -> Form:
    """As refinement_round, with the result that is to be refined, unless no answer could hold its text."""
    shown = json.dumps(current_result, indent=2, ensure_ascii=False)
    return _refinement(iteration, {"default": shown} if len(shown) <= MAX_TEXT else {})


def refinement_round(iteration: int) -> Form:
    return _refinement(iteration, {})


def _refinement(iteration: int, filled: JsonObject) -> Form:
    label = f"Refine Result (Iteration {iteration})"
    return _form(
        "iterative_refinement",
        {"name": "refined_result", "type": "textarea", "label": label, **filled, "required": True},
        {"name": "refinement_notes", "type": "textarea", "label": "What changes did you make?", "required": False},
        {"name": "continue_refining", "type": "checkbox", "label": "Continue to next iteration?", "default": False},
    )


def urgent(options: Sequence[str], timeout_s: float) -> Form:
    label = f"I understand this decision expires in {duration_in_words(timeout_s)}"
    tick: JsonObject = {"name": "urgency_acknowledged", "type": "checkbox", "label": label, "required": True}
    return _form("urgent_decision", _choice("decision", list(options)), tick)


def approval() -> Form:
    return _form("approval", _choice("decision", ["approve", "reject"]), COMMENTS)


def case_review(options: Sequence[str]) -> Form:
    bounds: JsonObject = {"min": 0, "max": 1, "step": 0.1, "default": 1.0}
    return _form(
        "case_review",
        _choice("decision", list(options)),
        {"name": "confidence", "type": "number", "label": "Confidence Level (0-1)", **bounds},
        {"name": "feedback", "type": "textarea", "label": "Feedback/Comments", "required": False},
    )


def intervention() -> Form:
    return _form("intervention", _choice("decision", ["retry", "abort"]), COMMENTS)


def _form(kind: str, *fields: JsonObject) -> Form:
    return {"type": kind, "fields": [*fields]}


def _choice(name: str, options: list[str]) -> JsonObject:
    return {"name": name, "type": "radio", "options": [*options], "required": True}
