"""Accounts that the machine's owner gives roles to alone, until the journal has it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Recovery:
    """``account`` gets ``roles``; ``by`` is the owner's name on the machine."""

    account: str
    roles: tuple[str, ...]
    by: str
    reason: str


class RecoveryStore(Protocol):
    """What waits for its entry in the journal, by id. All raise StoreUnavailable."""

    async def ask(self, recovery_id: str, recovery: Recovery) -> None: ...

    async def waiting(self) -> dict[str, Recovery]: ...

    async def drop(self, recovery_id: str) -> bool:
        """Tell whether it was there."""
