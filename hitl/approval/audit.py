"""What happened to one approval, entry by entry."""

from hitl.approval.state import Approval
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
