"""What lists choose approvals by: all that is looked at of those in the archive."""

import msgspec


class ListedApproval(msgspec.Struct):
    """Of an approval."""

    kind: str
    task: str
    requested_by: str
    status: str
    asked: list[str]


LISTED = ListedApproval.__struct_fields__
"""The fields of it."""

MICROSECONDS = 1_000_000


def place_at(at: float) -> int:
    """Return the place among all approvals of one that was requested ``at`` (UTC seconds): its microseconds, before it was made
    greater than that of the one before."""
    return int(at * MICROSECONDS)
