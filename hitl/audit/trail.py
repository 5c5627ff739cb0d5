"""One row for each journal entry: who, what, what they saw, for how long, under which versions, and what followed.

Free text and objects of events stay out unless they are asked for: an export is read by people who need not know the case.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypedDict

from hitl.approval.events import (
    ApprovalApproved,
    ApprovalCancelled,
    ApprovalExpired,
    ApprovalRejected,
    DeploymentFailed,
    VoteCast,
)
from hitl.canonical import JsonObject
from hitl.journal.entry import Commit, Entry
from hitl.machine.events import names_of, type_of
from hitl.review.answer_events import DecisionFinal, DecisionSuperseded, DecisionUndone, ReviewAnswered, ReviewDecided
from hitl.serving.events import (
    AutomationStopped,
    CertificateWithdrawn,
    Certified,
    DefinitionAdopted,
    Deployed,
    PolicyAdopted,
    RolledBack,
    SharesSet,
)
from hitl.workflow.case_events import CaseMoved
from hitl.workflow.interaction_events import AnswerGiven, InteractionClosed
from hitl.workflow.stage_events import StageApproved, StageReady, StageRejected, WorkflowGivenUp, WorkflowResumed

SUBJECTS = ("approval_id", "case_id", "interaction_id", "workflow_id")
"""The fields that name what an event is about."""

ACTIONS = names_of(
    *(Deployed, DeploymentFailed, RolledBack, PolicyAdopted, SharesSet, Certified, CertificateWithdrawn, AutomationStopped),
    *(DefinitionAdopted, ApprovalApproved, ApprovalRejected, ApprovalExpired, ApprovalCancelled),
    *(ReviewDecided, DecisionFinal, DecisionUndone, DecisionSuperseded),
    *(InteractionClosed, StageReady, StageApproved, StageRejected, WorkflowResumed, WorkflowGivenUp, CaseMoved),
)
"""Events that carry out, or take back, what people said."""

FREE_TEXT = frozenset({"comment", "reason", "escalation", "detail", "error", "description", "input", "human_input"})
ANSWERS = names_of(ReviewAnswered, ReviewDecided, VoteCast, AnswerGiven)
"""Events by which a person says something about what they saw."""


class FollowedAction(TypedDict):
    """An action that carried out, or took back, what a person said."""

    seq: int
    type: str
    at: float


class SeenByPerson(TypedDict):
    """The digest of what a person ``saw`` and for how long, None where nobody answered, under which ``versions``."""

    saw: str | None
    looked_s: float | None
    versions: dict[str, str]


class AuditRow(SeenByPerson):
    """One entry of a journal, as auditors read it. ``at`` is UTC seconds; ``then`` are the actions that followed an answer."""

    shard: str
    seq: int
    hash: str
    at: float
    by: str
    request_id: str
    command: str
    tasks: list[str]
    subjects: list[str]
    events: list[JsonObject]
    then: list[FollowedAction]


@dataclass(slots=True)
class Consequences:
    """The actions of each subject, in order: read once over a shard before its rows are made."""

    of: dict[str, list[FollowedAction]] = field(default_factory=lambda: defaultdict(list))

    def see(self, entry: Entry) -> None:
        commit = Commit.decode(entry.body)
        for event in commit.events:
            if type_of(event) in ACTIONS:
                for subject in subjects_of(event):
                    self.of[subject].append({"seq": entry.seq, "type": type_of(event), "at": commit.at})

    def after(self, seq: int, subjects: set[str]) -> list[FollowedAction]:
        found = {(row["seq"], row["type"]): row for subject in subjects for row in self.of.get(subject, ()) if row["seq"] > seq}
        return [found[place] for place in sorted(found)]


def row_of(shard: str, entry: Entry, consequences: Consequences, with_content: bool = False) -> AuditRow:
    """Return the row of ``entry``. ``saw``, ``looked_s`` and ``then`` are those of a person's answer, otherwise None and empty;
    ``with_content`` adds comments and objects."""
    commit = Commit.decode(entry.body)
    answer = next((event for event in commit.events if type_of(event) in ANSWERS), None)
    subjects = {subject for event in commit.events for subject in subjects_of(event)}
    return {
        "shard": shard,
        "seq": entry.seq,
        "hash": entry.hash,
        "at": commit.at,
        "by": commit.by,
        "request_id": commit.request_id,
        "command": commit.command,
        "tasks": sorted({str(row["task"]) for row in commit.events if row.get("task")}),
        "subjects": sorted(subjects),
        **_seen(answer, commit.at),
        "events": [_render_event(event, with_content) for event in commit.events],
        "then": consequences.after(entry.seq, subjects) if answer else [],
    }


def subjects_of(event: JsonObject) -> list[str]:
    return [str(event[name]) for name in SUBJECTS if event.get(name)]


def _seen(answer: JsonObject | None, at: float) -> SeenByPerson:
    """A vote is bound to the digest of what was shown; reviews and interactions say what was seen."""
    if answer is None:
        return {"saw": None, "looked_s": None, "versions": {}}
    found = answer.get("seen")
    seen = found if isinstance(found, dict) and found else {"digest": answer.get("digest")}
    digest, since = seen["digest"], seen.get("granted_at")
    versions = {name: str(seen[name]) for name in ("model_version", "policy_version") if seen.get(name)}
    looked_s = at - since if isinstance(since, int | float) else None
    return {"saw": None if digest is None else str(digest), "looked_s": looked_s, "versions": versions}


def _render_event(event: JsonObject, with_content: bool) -> JsonObject:
    """``event`` whole, or without its content: free text, and lists and objects, which may hold more of it."""
    if with_content:
        return event
    return {
        name: value
        for name, value in event.items()
        if name not in FREE_TEXT and (value is None or isinstance(value, str | bool | int | float))
    }
