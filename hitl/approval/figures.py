"""Counts and times of approvals: of those in memory one by one, of those in the archive as they were counted when they left."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import ceil, log

from hitl.approval.state import Approval, ApprovalState, ArchivedFigures, RequestStatus
from hitl.approval.views import ApprovalFigures, CountedApprovals
from hitl.approval.visibility import is_reader_of, may_see
from hitl.identity import Principal

STEP = 1.02
"""Times are counted by steps of two percent: a median is right within one."""

SHORTEST_S = 0.001


def count_in(state: ApprovalState, approval: Approval) -> None:
    """Count, in place, an approval that leaves memory: for the readers of its task, and for who asked or was asked."""
    _add(state.archived.setdefault(approval.task, ArchivedFigures()), approval)
    for name in {approval.requested_by, *approval.asked}:
        _add(state.archived_of.setdefault(name, {}).setdefault(approval.task, ArchivedFigures()), approval)


def summarize_approvals(state: ApprovalState, person: Principal | None) -> ApprovalFigures:
    """Count what ``person`` may see by status and kind, with rates and decision times.

    Rates and times are of those that ended by votes, time or withdrawal; None without any. The median of an even number
    is the larger of the two in the middle; once approvals are in the archive it is right within a percent.
    """
    seen = [approval for approval in state.approvals.values() if may_see(person, approval)]
    left = list(_archived_for(state, person))
    statuses = _sum(Counter(approval.status.value for approval in seen), (each.statuses for each in left))
    kinds = _sum(Counter(approval.kind for approval in seen), (each.kinds for each in left))
    ended = [approval for approval in seen if approval.decided_at is not None]
    ends = _sum(Counter(approval.status.value for approval in ended), (each.ended for each in left))
    times = [approval.decided_at - approval.requested_at for approval in ended if approval.decided_at is not None]
    seconds = sum(times) + sum(each.seconds for each in left)
    return ApprovalFigures(
        total=statuses.total(),
        pending=statuses[RequestStatus.PENDING.value],
        by_status=dict(statuses),
        by_kind=dict(kinds),
        approval_rate=_share(ends, ("approved", "deployed", "failed")),
        rejection_rate=_share(ends, ("rejected",)),
        timeout_rate=_share(ends, ("expired",)),
        average_decision_s=seconds / ends.total() if ends else None,
        median_decision_s=_median(times, left) if ends else None,
    )


def count_approvals(state: ApprovalState) -> CountedApprovals:
    """Count all approvals by task, then by status."""
    found = {task: Counter(figures.statuses) for task, figures in state.archived.items()}
    for approval in state.approvals.values():
        found.setdefault(approval.task, Counter())[approval.status.value] += 1
    return CountedApprovals({task: dict(statuses) for task, statuses in found.items()})


def _add(figures: ArchivedFigures, approval: Approval) -> None:
    status = approval.status.value
    figures.statuses[status] = figures.statuses.get(status, 0) + 1
    figures.kinds[approval.kind] = figures.kinds.get(approval.kind, 0) + 1
    if approval.decided_at is not None:
        figures.ended[status] = figures.ended.get(status, 0) + 1
        took_s = approval.decided_at - approval.requested_at
        figures.seconds += took_s
        figures.times[_step_of(took_s)] = figures.times.get(_step_of(took_s), 0) + 1


def _archived_for(state: ApprovalState, person: Principal | None) -> Iterator[ArchivedFigures]:
    """As hitl.approval.visibility.may_see: whole tasks for their readers, and of other tasks what is the person's own."""
    for task, figures in state.archived.items():
        if person is None or is_reader_of(person, task):
            yield figures
        elif (own := state.archived_of.get(person.id, {}).get(task)) is not None:
            yield own


def _sum(counted: Counter[str], others: Iterable[dict[str, int]]) -> Counter[str]:
    for each in others:
        counted.update(each)
    return counted


def _share(ends: Counter[str], statuses: Sequence[str]) -> float | None:
    """An approved model that was deployed, or whose bytes failed, was approved all the same."""
    return sum(ends[status] for status in statuses) / ends.total() if ends else None


def _median(times: list[float], left: list[ArchivedFigures]) -> float:
    if not left:
        return sorted(times)[len(times) // 2]
    steps: Counter[int] = Counter(map(_step_of, times))
    for each in left:
        steps.update(each.times)
    until = steps.total() // 2
    for step in sorted(steps):
        until -= steps[step]
        if until < 0:
            break
    return _seconds_of(step)


def _step_of(seconds: float) -> int:
    return ceil(log(max(seconds, SHORTEST_S) / SHORTEST_S) / log(STEP))


def _seconds_of(step: int) -> float:
    """Return the middle of a step."""
    return float(SHORTEST_S * STEP ** (step - 0.5)) if step else SHORTEST_S
