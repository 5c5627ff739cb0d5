"""Preferences for the tuning of a language model: of two contents, the one that people chose and the one that they did not.

A rejection with a correction prefers the correction; the better one of a pair is preferred to the other. Rows have ``prompt``,
``chosen`` and ``rejected``, as TRL's trainers for preferences read them: texts, or messages where the case is a chat.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hitl.integrations.labelling.cases import ExportedRow, LabelledCase, shown_of

REJECT, FIRST, SECOND = "reject", "first", "second"


def preferences(cases: Sequence[LabelledCase], answer: Mapping[str, Any]) -> list[ExportedRow]:
    """Return a row for each case that prefers one content to another; approvals, ties and rejections without a correction prefer
    none. ``answer`` is the task's, as ``GET /v1/tasks/{task}`` has it. Raises ValueError where its kind has no contents."""
    match answer["kind"]:
        case "verdict":
            rows = [_corrected(case, str(answer["content"])) for case in cases]
        case "pair":
            rows = [_preferred(case, str(answer["first"]), str(answer["second"])) for case in cases]
        case other:
            raise ValueError(f"answers of kind {other} prefer nothing: verdict and pair do")
    return [row for row in rows if row is not None]


def _corrected(case: LabelledCase, content: str) -> ExportedRow | None:
    correction = (case.value or {}).get("correction")
    if case.label != REJECT or not correction:
        return None
    parts = content.split("/")[1:]
    messages = case.features.get("messages") if parts[0] == "messages" and len(parts) == 3 else None
    if messages is None:
        rest = _without(case.features, parts)
        return _row(case, shown_of(rest), str(correction), _at(case.features, parts)) | {"reasons": _reasons(case)}
    at = int(parts[1]) % len(messages)
    said = messages[at]
    chosen = {**said, "content": str(correction)}
    return _row(case, messages[:at], [chosen], [said]) | {"reasons": _reasons(case)}


def _preferred(case: LabelledCase, first: str, second: str) -> ExportedRow | None:
    if case.label not in (FIRST, SECOND):
        return None
    paths = [path.split("/")[1:] for path in (first, second)]
    contents = [_at(case.features, path) for path in paths]
    chosen, rejected = contents if case.label == FIRST else reversed(contents)
    prompt = case.features
    for path in paths:
        prompt = _without(prompt, path)
    return _row(case, shown_of(prompt), chosen, rejected)


def _row(case: LabelledCase, prompt: Any, chosen: Any, rejected: Any) -> ExportedRow:
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected, "case_id": case.case_id}


def _reasons(case: LabelledCase) -> list[str]:
    return list((case.value or {}).get("reasons") or [])


def _at(features: Any, parts: Sequence[str]) -> Any:
    found = features
    for part in parts:
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def _without(features: Any, parts: Sequence[str]) -> Any:
    """Return the features less the member at a path of objects; an array stays whole."""
    if not isinstance(features, dict) or parts[0] not in features:
        return features
    if len(parts) == 1:
        return {name: value for name, value in features.items() if name != parts[0]}
    return {**features, parts[0]: _without(features[parts[0]], parts[1:])}
