"""Approvals and what serves as JSON objects: the same in answers, questions and the compared state."""

from dataclasses import asdict, fields
from typing import Any

from hitl.approval.state import Approval, Served
from hitl.approval.voting import count
from hitl.serving.in_force import NOTHING

_FLAT = tuple(field.name for field in fields(Approval) if field.name not in ("status", "votes"))
_LINE = tuple(field.name for field in fields(Served) if field.name not in ("versions", "now"))


def show(approval: Approval) -> dict[str, Any]:
    """Every field; ``votes`` is a list in the order of the votes."""
    votes = [{**asdict(vote), "vote": vote.vote.value} for vote in approval.votes.values()]
    return {**{name: getattr(approval, name) for name in _FLAT}, "status": approval.status.value, "votes": votes}


def show_live(approval: Approval) -> dict[str, Any]:
    """As ``show``, with what the votes add up to now, and without what is encrypted."""
    found = count(approval)
    tally = {
        "rule": approval.policy["rule"],
        "need": approval.policy["need"],
        "by_option": found.by_option,
        "leading": found.choice,
        "missing": found.missing,
        "waiting_for": found.silent,
        "votes": len(approval.votes),
    }
    return {name: value for name, value in show(approval).items() if name != "cipher"} | {"tally": tally}


def show_served(task: str, served: Served | None) -> dict[str, Any]:
    """One line of a task's serving history; None is before the first."""
    if served is None:
        nothing = dict.fromkeys(("since", "approval_id", "cause", "operator", "reason"))
        return {"task": task, "generation": 0, "versions": [], **nothing, **NOTHING.plain()}
    line = {name: getattr(served, name) for name in _LINE}
    return {"task": task, **line, "versions": [list(version) for version in served.versions], **served.now.plain()}
