"""Which cluster of an installation writes to its store: one at a time, and the newest that is whole.

Writers of a shard fence each other, so two clusters on one store would take each shard from the other for ever. Only the owner
runs shards and acts by itself; the others stand by, with everything started.
"""

from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    OWNS = "owns"
    YIELDS = "yields"
    """It owns, and a newer cluster that is whole asks for its place."""

    WAITS = "waits"


class Ownership(Protocol):
    """The port to the place that one cluster has. It ends by itself when its owner says nothing for some seconds."""

    async def hold(self, is_whole: bool) -> Standing:
        """Keep the place, or take it where nobody has it; a cluster that ``is_whole`` also asks an older one for it. Raises
        StoreUnavailable."""

    async def release(self) -> None:
        """Give the place up, for who asked. Raises StoreUnavailable."""

    async def is_mine(self) -> bool:
        """Return whether this cluster has the place, as far as the store knows. Raises StoreUnavailable."""
