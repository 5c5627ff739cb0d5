"""Approvals as views for readers, and as plain JSON for the compared state."""

from dataclasses import asdict, fields
from typing import Literal

from hitl.approval.in_words import in_words
from hitl.approval.state import Approval
from hitl.approval.stored import StoredOption, StoredStep
from hitl.approval.views import (
    ApprovalOption,
    ApprovalView,
    RejectionTelling,
    ScheduledEscalation,
    ScheduledReminder,
    SilentDefault,
    Tally,
    VotingPolicy,
)
from hitl.approval.voting import count
from hitl.canonical import JsonObject

_ORDER = ("place", "asked_generation", "approved_generation", "served_generation")
"""What only says which of two approvals came first: no reader needs it."""
_FLAT = tuple(field.name for field in fields(Approval) if field.name not in ("status", "votes", *_ORDER))
_BUILT = frozenset({"in_words", "options", "default", "policy", "schedule", "tells", "votes", "tally"})
_AS_IT_STANDS = tuple(field.name for field in fields(ApprovalView) if field.name not in _BUILT)


def show(approval: Approval) -> JsonObject:
    """Return every field but what only orders; ``votes`` is a list in the order of the votes."""
    votes = [{**asdict(vote), "vote": vote.vote.value} for vote in approval.votes.values()]
    return {**{name: getattr(approval, name) for name in _FLAT}, "status": approval.status.value, "votes": votes}


def view_of(approval: Approval) -> ApprovalView:
    """Return the approval as a reader sees it, with what the votes add up to now."""
    default, tells = approval.default, approval.tells
    return ApprovalView(
        **{name: getattr(approval, name) for name in _AS_IT_STANDS},
        in_words=in_words(approval),
        options=list(map(_option, approval.options)),
        default=None if default is None else SilentDefault(**default),
        policy=VotingPolicy(**approval.policy),
        schedule=[_step(step) for step in approval.schedule],
        tells=None if tells is None else RejectionTelling(**tells),
        votes=list(approval.votes.values()),
        tally=_tally(approval),
    )


def _option(option: StoredOption) -> ApprovalOption:
    outcome: Literal["approve", "reject"] = "approve" if option["outcome"] == "approve" else "reject"
    return ApprovalOption(option["label"], option["value"], option["recommended"], outcome)


def _step(step: StoredStep) -> ScheduledReminder | ScheduledEscalation:
    if step["do"] == "remind":
        return ScheduledReminder("remind", step["at"])
    return ScheduledEscalation("escalate", step["at"], step["rule"], step["groups"], step["ask"])


def _tally(approval: Approval) -> Tally:
    found = count(approval)
    return Tally(
        rule=approval.policy["rule"],
        need=approval.policy["need"],
        by_option=found.by_option,
        leading=found.choice,
        missing=found.missing,
        waiting_for=found.silent,
        votes=len(approval.votes),
    )
