"""What is counted of a shadow: journalled as it is, and summed without the statistics that figures are made with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """``cases`` were watched; in ``agreed`` of them both said the same label, in ``failed`` the watching model said nothing
    usable; ``dropped`` were drawn and not looked at, for want of time. ``routes`` by ``taken>would``, ``champions`` by digest."""

    cases: int
    agreed: int
    failed: int
    dropped: int
    routes: dict[str, int]
    champions: dict[str, int]
