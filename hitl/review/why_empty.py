"""Why a person gets nothing of a queue."""

from typing import Literal, TypeAlias

from hitl.review.queues import Claimer, Lane
from hitl.review.state import ReviewState
from hitl.review.views import WhyEmpty
from hitl.routing.route import Priority

Reason: TypeAlias = Literal["answered", "skipped", "others", "leased", "quarantined", "none"]


def why_empty(state: ReviewState, queue: str, claimer: Claimer) -> WhyEmpty:
    """Tell why ``claimer`` may take nothing at a moment when that is so."""
    leases = [state.reviews[held].lease for mine in state.held.values() for held in mine if state.reviews[held].queue == queue]
    ends = [lease.granted_at + lease.lease_s for lease in leases if lease is not None]
    quarantined = len(state.quarantined.get(queue, ()))
    waiting = sum(state.queues.waiting(queue, priority) for priority in Priority)
    lanes = [lane for _, lane in state.queues.lanes(queue)]
    reason = _reason(lanes, claimer, bool(ends), quarantined)
    return WhyEmpty(reason, waiting, len(ends), min(ends, default=None), quarantined)


def _reason(lanes: list[Lane], claimer: Claimer, any_leased: bool, quarantined: int) -> Reason:
    if any(claimer.reviewer in lane.skipped for lane in lanes if claimer.is_meant(lane)):
        return "skipped"
    if any(claimer.reviewer in lane.answered for lane in lanes if claimer.is_meant(lane)):
        return "answered"
    if lanes:
        return "others"
    if any_leased:
        return "leased"
    return "quarantined" if quarantined else "none"
