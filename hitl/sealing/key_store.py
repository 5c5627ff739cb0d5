"""The port of the wrapped data keys of approvals. They stand outside every journal, so that they can be dropped."""

from typing import Protocol


class DataKeys(Protocol):
    """A key once kept stands until it is dropped."""

    async def keep(self, subject: str, wrapped: bytes) -> bytes:
        """Return the key of ``subject``: ``wrapped``, unless there is one already. Atomic. Raises StoreUnavailable."""

    async def find(self, subject: str) -> bytes | None:
        """None: never kept, or dropped. Raises StoreUnavailable."""

    async def drop(self, subject: str) -> None:
        """Nothing finds it again. Raises StoreUnavailable."""


class MemoryDataKeys:
    """A DataKeys in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, subject: str, wrapped: bytes) -> bytes:
        return self.kept.setdefault(subject, wrapped)

    async def find(self, subject: str) -> bytes | None:
        return self.kept.get(subject)

    async def drop(self, subject: str) -> None:
        self.kept.pop(subject, None)
