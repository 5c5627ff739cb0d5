"""What can be asked of the approvals. Identities come from the caller's token, never from a body."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from hitl.approval.serving.commands import ServingCommand


@dataclass(frozen=True, slots=True)
class RequestApproval:
    """Ask that the model ``digest`` may serve ``task``. A digest that is open already gets its open approval again.

    ``evidence`` is any JSON object for the voters; ``quorum`` approving votes approve it; at ``expires_at`` (UTC
    seconds) an undecided one ends.
    """

    kind: str
    task: str
    digest: str
    title: str
    evidence: dict[str, Any]
    requested_by: str
    quorum: int
    expires_at: float


@dataclass(frozen=True, slots=True)
class Vote:
    """``vote`` is ``approve`` or ``reject``; ``digest`` repeats what the voter has looked at."""

    approval_id: str
    voter: str
    vote: str
    digest: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Expire:
    """Sent by time: the approval's end has come."""

    approval_id: str


@dataclass(frozen=True, slots=True)
class Deploy:
    """Let the approved ``digest`` serve: the commit point of a promotion. Its bytes were found and loaded before.
    Under a ``share`` of 1 what serves keeps the rest, in its proportions; the first model gets all."""

    approval_id: str
    digest: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class FailDeployment:
    """The approved bytes are missing or cannot be loaded."""

    approval_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RollBack:
    """Let a digest serve again that was deployed before."""

    task: str
    digest: str
    operator: str
    reason: str


Command: TypeAlias = RequestApproval | Vote | Expire | Deploy | FailDeployment | RollBack | ServingCommand
