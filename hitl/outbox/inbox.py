"""A person's inbox: notices to them and to their roles, newest first, with their own read marks."""

from dataclasses import dataclass
from typing import Protocol

from hitl.canonical import JsonObject
from hitl.identity import Principal


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of ``at`` (UTC seconds) about ``kind``, with its fields in ``data``; ``is_read`` is the reader's own mark."""

    id: str
    at: float
    title: str
    severity: str
    kind: str
    data: JsonObject
    is_read: bool = False


def addresses_of(principal: Principal) -> list[str]:
    """Return the inboxes that ``principal`` reads."""
    return [f"user:{principal.id}", *sorted(f"role:{role.value}" for role in principal.roles)]


def is_for(principal: Principal, notice: Notice) -> bool:
    """Tell whether the notice's task is one that ``principal`` may know of."""
    task = notice.data.get("task")
    return task is None or principal.sees(str(task))


class Inbox(Protocol):
    """A store of notices. Every method raises StoreUnavailable."""

    async def notices(self, addresses: list[str], reader: str, limit: int) -> list[Notice]:
        """Return the newest of all ``addresses``, each notice once."""

    async def mark_read(self, reader: str, notice_ids: list[str]) -> None:
        """Set the reader's marks; a mark of something unknown changes nothing for anybody."""
