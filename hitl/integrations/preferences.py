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
    prompt, [rejected] = _parted(case.features, [content])
    chosen = {**rejected, "content": str(correction)} if isinstance(rejected, dict) else str(correction)
    return _row(case, prompt, chosen, rejected) | {"reasons": _reasons(case)}


def _preferred(case: LabelledCase, first: str, second: str) -> ExportedRow | None:
    if case.label not in (FIRST, SECOND):
        return None
    prompt, contents = _parted(case.features, [first, second])
    chosen, rejected = contents if case.label == FIRST else reversed(contents)
    return _row(case, prompt, chosen, rejected)


def _parted(features: Any, contents: Sequence[str]) -> tuple[Any, list[Any]]:
    """Return what is left of the features, and the contents: messages of a chat as messages, before the first of them; texts of
    anything else."""
    paths = [path.split("/")[1:] for path in contents]
    messages = features.get("messages") if isinstance(features, dict) else None
    if isinstance(messages, list) and all(path[0] == "messages" and len(path) == 3 for path in paths):
        places = [int(path[1]) % len(messages) for path in paths]
        return messages[: min(places)], [messages[at] for at in places]
    return shown_of(_without(features, paths)), [_at(features, path) for path in paths]


def _row(case: LabelledCase, prompt: Any, chosen: Any, rejected: Any) -> ExportedRow:
    told = [[each] if isinstance(each, dict) else each for each in (chosen, rejected)]
    return {"prompt": prompt, "chosen": told[0], "rejected": told[1], "case_id": case.case_id}


def _reasons(case: LabelledCase) -> list[str]:
    return list((case.value or {}).get("reasons") or [])


def _at(features: Any, parts: Sequence[str]) -> Any:
    found = features
    for part in parts:
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def _without(features: Any, paths: Sequence[Sequence[str]]) -> Any:
    """Return the features less what stands at the paths."""
    ends = {path[0] for path in paths if len(path) == 1}
    below = {name: [path[1:] for path in paths if len(path) > 1 and path[0] == name] for name in {path[0] for path in paths}}
    if isinstance(features, dict):
        return {name: _without(value, below.get(name, [])) for name, value in features.items() if name not in ends}
    if isinstance(features, list):
        numbered = [({str(at), str(at - len(features))}, value) for at, value in enumerate(features)]
        return [_without(value, _under(below, names)) for names, value in numbered if not names & ends]
    return features


def _under(below: Mapping[str, Sequence[Sequence[str]]], names: set[str]) -> list[Sequence[str]]:
    return [path for name in names for path in below.get(name, [])]
