"""Why a person gets nothing of a queue."""

from typing import Any

from hitl.review.queues import Claimer, Lane
from hitl.review.state import ReviewState
from hitl.routing.route import Priority


def why_empty(state: ReviewState, queue: str, claimer: Claimer) -> dict[str, Any]:
    """``{"reason", "waiting", "leased", "until", "quarantined"}`` in a moment when ``claimer`` may take nothing.

    ``reason`` is ``answered`` (they have answered all that waits), ``skipped``, ``others`` (it is assigned to others), ``leased``
    (until ``until`` at the latest known), ``quarantined`` or ``none``.
    """
    leases = [state.reviews[held].lease for mine in state.held.values() for held in mine if state.reviews[held].queue == queue]
    ends = [lease.granted_at + lease.lease_s for lease in leases if lease is not None]
    quarantined = len(state.quarantined.get(queue, ()))
    waiting = sum(state.queues.waiting(queue, priority) for priority in Priority)
    lanes = [lane for _, lane in state.queues.lanes(queue)]
    return {
        "reason": _reason(lanes, claimer, bool(ends), quarantined),
        "waiting": waiting,
        "leased": len(ends),
        "until": min(ends, default=None),
        "quarantined": quarantined,
    }


def _reason(lanes: list[Lane], claimer: Claimer, any_leased: bool, quarantined: int) -> str:
    if any(claimer.reviewer in lane.skipped for lane in lanes if claimer.is_meant(lane)):
        return "skipped"
    if any(claimer.reviewer in lane.answered for lane in lanes if claimer.is_meant(lane)):
        return "answered"
    if lanes:
        return "others"
    if any_leased:
        return "leased"
    return "quarantined" if quarantined else "none"
