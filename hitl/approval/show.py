"""Approvals as JSON objects: the same in answers, questions and the compared state."""

from dataclasses import asdict, fields
from typing import Any

from hitl.approval.state import Approval
from hitl.approval.voting import count

_FLAT = tuple(field.name for field in fields(Approval) if field.name not in ("status", "votes"))


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
