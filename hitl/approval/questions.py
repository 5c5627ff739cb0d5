"""What can be read of the approvals, each question with the view that answers it.

``person`` bounds what is shown: what they may not see does not exist (NotFound); None: the service itself asks."""

from dataclasses import dataclass

from hitl.approval import views
from hitl.identity import Principal
from hitl.machine.asked import Question


@dataclass(frozen=True, slots=True)
class ApprovalOf(Question[views.ShownApproval]):
    """Ask for one approval with every field and its tally. Raises NotFound."""

    approval_id: str
    person: Principal | None = None


@dataclass(frozen=True, slots=True)
class Approvals(Question[views.ApprovalPage]):
    """Ask for approvals in the order of their requests; None takes every status, task or kind.

    ``after`` is the cursor of the page, a ``limit`` of None takes all."""

    status: str | None = None
    task: str | None = None
    kind: str | None = None
    person: Principal | None = None
    after: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class AuditTrail(Question[views.ApprovalTrail]):
    """Ask for all that happened, without comments or metadata unless they are asked for. Raises NotFound."""

    approval_id: str
    person: Principal | None = None
    include_comments: bool = False
    include_metadata: bool = False


@dataclass(frozen=True, slots=True)
class SealedOf(Question[views.SealedApproval]):
    """Ask for the sealed values, still encrypted. Only who may vote on it now, and operators, get them.

    Raises NotFound; Forbidden."""

    approval_id: str
    person: Principal


@dataclass(frozen=True, slots=True)
class OvertakingOf(Question[views.Overtaking]):
    """Ask what came into force while an approval waited. Raises NotFound."""

    approval_id: str


@dataclass(frozen=True, slots=True)
class SensitiveKeys(Question[views.SensitiveNames]):
    """Ask for the keys of context and metadata that are always sealed in requests of ``kind``."""

    kind: str


@dataclass(frozen=True, slots=True)
class SignInFor(Question[views.SignInTerms]):
    """Ask whether votes on the approval take a sign-in. Raises NotFound for what ``person`` may not see."""

    approval_id: str
    person: Principal | None = None


@dataclass(frozen=True, slots=True)
class ApprovalCounts(Question[views.CountedApprovals]):
    """Ask how many approvals each task has in each status; the task is empty for those without one."""


@dataclass(frozen=True, slots=True)
class ArchivableApprovals(Question[views.ArchivableRows]):
    """Ask for up to ``limit`` approvals that may leave memory, because more than ``kept`` are over or because they were over
    before ``before`` (UTC seconds)."""

    kept: int
    before: float
    limit: int


@dataclass(frozen=True, slots=True)
class ApprovalMetrics(Question[views.ApprovalFigures]):
    """Ask for counts, rates and times of what ``person`` may see."""

    person: Principal | None = None
