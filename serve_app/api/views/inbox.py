"""Answers about the inbox of the person who asks."""

from dataclasses import dataclass

from hitl.outbox.inbox import Notice


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The newest notices to the caller and to their roles, newest first; ``unread`` counts those without the caller's mark."""

    notices: list[Notice]
    unread: int


@dataclass(frozen=True, slots=True)
class ReadNotices:
    """The ids that were marked as read."""

    read: list[str]
