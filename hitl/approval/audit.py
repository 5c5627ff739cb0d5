"""What happened to one approval, entry by entry, and what happened to all of them, in figures."""

from collections import Counter
from collections.abc import Iterable

from hitl.approval.state import Approval, RequestStatus
from hitl.approval.views import ApprovalFigures, CountedApprovals
from hitl.canonical import JsonObject

_SAID = ("kind", "task", "digest", "shown", "title", "urgency", "expires_at")
_MORE = ("description", "context", "metadata", "evidence", "checks", "policy")
_COMMENTS = frozenset({"comment", "reason"})


def trail(approval: Approval, include_comments: bool, include_metadata: bool) -> list[JsonObject]:
    """The first entry is the request; with ``include_metadata`` it has all that was shown."""
    entries = [dict(entry) for entry in approval.history]
    entries[0] |= {name: getattr(approval, name) for name in _SAID + (_MORE if include_metadata else ())}
    if include_comments:
        return entries
    return [{name: value for name, value in entry.items() if name not in _COMMENTS} for entry in entries]


def summarize_approvals(approvals: Iterable[Approval]) -> ApprovalFigures:
    """Count ``approvals`` by status and kind, with rates and decision times.

    Rates and times are of those that ended by votes, time or withdrawal; None without any. The median of an even number
    is the larger of the two in the middle.
    """
    seen = list(approvals)
    statuses = Counter(approval.status.value for approval in seen)
    ended = [approval for approval in seen if approval.decided_at is not None]
    times = sorted(approval.decided_at - approval.requested_at for approval in ended if approval.decided_at is not None)
    return ApprovalFigures(
        total=len(seen),
        pending=statuses[RequestStatus.PENDING.value],
        by_status=dict(statuses),
        by_kind=dict(Counter(approval.kind for approval in seen)),
        approval_rate=_share(ended, ("approved", "deployed", "failed")),
        rejection_rate=_share(ended, ("rejected",)),
        timeout_rate=_share(ended, ("expired",)),
        average_decision_s=sum(times) / len(times) if times else None,
        median_decision_s=times[len(times) // 2] if times else None,
    )


def count_approvals(approvals: Iterable[Approval]) -> CountedApprovals:
    """Count ``approvals`` by task, then by status."""
    found: dict[str, Counter[str]] = {}
    for approval in approvals:
        found.setdefault(approval.task, Counter())[approval.status.value] += 1
    return CountedApprovals({task: dict(statuses) for task, statuses in found.items()})


def _share(ended: list[Approval], statuses: tuple[str, ...]) -> float | None:
    """An approved model that was deployed, or whose bytes failed, was approved all the same."""
    return sum(approval.status.value in statuses for approval in ended) / len(ended) if ended else None
