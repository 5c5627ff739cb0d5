"""What the sender of a command is told of an approval. Times are UTC seconds."""

from dataclasses import dataclass
from typing import NamedTuple

from hitl.approval.state import RequestStatus


@dataclass(frozen=True, slots=True)
class ApprovalStanding:
    """Where an approval stands after a command: ``approving`` of ``quorum`` votes approve exactly ``digest``."""

    approval_id: str
    task: str
    digest: str
    quorum: int
    expires_at: float
    status: RequestStatus
    approving: int


@dataclass(frozen=True, slots=True)
class DeployedApproval(ApprovalStanding):
    """The approved model serves from the task's serving ``generation`` on."""

    generation: int


@dataclass(frozen=True, slots=True)
class UnchangedApproval:
    """Nobody is told more: the approval stands as it did."""


class ArchivableRow(NamedTuple):
    """An approval that is over, with the text that is to be kept of it."""

    approval_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ArchivableRows:
    """Approvals that may leave memory, in the order in which they were over."""

    approvals: list[ArchivableRow]


@dataclass(frozen=True, slots=True)
class ArchivedApprovals:
    """How many approvals left memory."""

    archived: int


@dataclass(frozen=True, slots=True)
class CountedApprovals:
    """The number of approvals by task and status."""

    by_task: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class NotedAbsence:
    """``person`` is away until ``until``. ``delegated`` are the approvals whose vote passed to ``deputy``."""

    person: str
    until: float
    deputy: str | None
    delegated: list[str]
