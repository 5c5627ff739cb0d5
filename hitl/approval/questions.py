"""What can be read of the approvals; the answers are plain JSON objects, described here.

``person`` bounds what is shown: what they may not see does not exist (NotFound); None: the service itself asks."""

from dataclasses import dataclass

from hitl.identity import Principal


@dataclass(frozen=True, slots=True)
class ApprovalOf:
    """``{"approval": {...}}`` with every field and its ``tally``. NotFound."""

    approval_id: str
    person: Principal | None = None


@dataclass(frozen=True, slots=True)
class Approvals:
    """``{"approvals": [...], "next"}`` in the order of their requests; None takes every status, task or kind. ``next`` is the
    ``after`` of the following page, None at the end; a ``limit`` of None takes all."""

    status: str | None = None
    task: str | None = None
    kind: str | None = None
    person: Principal | None = None
    after: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """``{"approval_id", "entries": [...]}``: all that happened, oldest first, without comments or metadata unless they are
    asked for. NotFound."""

    approval_id: str
    person: Principal | None = None
    include_comments: bool = False
    include_metadata: bool = False


@dataclass(frozen=True, slots=True)
class SealedOf:
    """``{"approval_id", "task", "context", "metadata", "sealed", "cipher"}`` for who may be shown what is sealed: who may vote
    on it now, and operators. NotFound; Forbidden."""

    approval_id: str
    person: Principal


@dataclass(frozen=True, slots=True)
class SensitiveKeys:
    """``{"sensitive": [...]}``: the keys of context and metadata that are always sealed in requests of ``kind``."""

    kind: str


@dataclass(frozen=True, slots=True)
class ApprovalMetrics:
    """Counts by status and kind, rates of what is decided, and times to the decision in seconds, of what ``person`` may see."""

    person: Principal | None = None
