"""What the sender of a command is told of an approval. Times are UTC seconds."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class NotedAbsence:
    """``person`` is away until ``until``. ``delegated`` are the approvals whose vote passed to ``deputy``."""

    person: str
    until: float
    deputy: str | None
    delegated: list[str]
