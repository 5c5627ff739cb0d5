"""What silence may approve: nothing that a person has to look at."""

from collections.abc import Mapping

from hitl.approval.kinds import GATED
from hitl.approval.rules import ApprovalRules

ROUNDING_S = 1.0
"""The times of a request are stored apart: their difference may be a little less than the timeout that was asked for."""


def why_not_by_silence(
    rules: ApprovalRules, kind: str, requires: Mapping[str, int], is_risky: bool, lasts_s: float
) -> str | None:
    """Why nobody's silence approves such a request; None where it may."""
    if kind in GATED or rules.of(kind).is_fixed:
        return f"how a {kind} is voted on is configured"
    if is_risky:
        return "its risk is high, or a check found something serious"
    if requires:
        return f"it needs votes of {', '.join(requires)}"
    if lasts_s < rules.shortest_timeout_s - ROUNDING_S:
        return f"{lasts_s:g} s are too short for a person"
    return None
