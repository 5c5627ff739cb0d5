"""What serves as JSON objects: the same in answers, questions and the compared state."""

from dataclasses import fields
from typing import Any

from hitl.serving.in_force import NOTHING
from hitl.serving.state import Served

_LINE = tuple(field.name for field in fields(Served) if field.name not in ("versions", "now"))


def show_served(task: str, served: Served | None) -> dict[str, Any]:
    """One line of a task's serving history; None is before the first."""
    if served is None:
        nothing = dict.fromkeys(("since", "approval_id", "cause", "operator", "reason"))
        return {"task": task, "generation": 0, "versions": [], **nothing, **NOTHING.plain()}
    line = {name: getattr(served, name) for name in _LINE}
    return {"task": task, **line, "versions": [list(version) for version in served.versions], **served.now.plain()}
