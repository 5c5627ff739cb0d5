"""Move the wrapped keys of archived cases from the store to files, a segment a step."""

from typing import Any

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey.archived_keys import ArchivedKeys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.stepping import Stepping
from hitl.intake.record import CaseRecord
from hitl.machine import Shard


class KeyMover(Stepping):
    """That of a partition, beside its review shard."""

    FAILED = "keys of archived cases stay in the store for now"

    def __init__(self, shard: Shard[Any], border: Border, archive: CaseArchive, keys: ArchivedKeys) -> None:
        super().__init__(shard)
        self._border, self._archive, self._keys = border, archive, keys

    async def step(self) -> int:
        """Move the keys of the oldest segment whose keys are in the store, and return 1; 0 where there is none. Raises
        ChainBroken, SealBroken, StoreUnavailable."""
        counted, moved = await self._border.segments(), set(await self._keys.segments())
        name = next((each for each in counted if each not in moved), None)
        if name is None:
            return 0
        links = [] if await self._keys.is_done() else await self._archive.links(name, counted[name])
        await self._keys.move(name, [CaseRecord.decode(link.body).case_id for link in links])
        return 1
