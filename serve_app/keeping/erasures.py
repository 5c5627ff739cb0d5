"""Drops the keys of erased cases again: the event of an erasure is the promise, a crash must not leave it half kept."""

from collections.abc import Sequence

from hitl.access import Erasures
from hitl.ids import partition_of
from hitl.intake import Intake
from serve_app.shards import ACCESS, Shards


class EraseKeys:
    """Starts with the first erasure of all, and then follows."""

    def __init__(self, shards: Shards, intakes: Sequence[Intake]) -> None:
        self._shards, self._intakes, self._after = shards, intakes, 0

    async def once(self) -> None:
        """Raises Unavailable; then it begins where it was."""
        page = await self._shards.ask(ACCESS, Erasures(self._after))
        for case_id in page["case_ids"]:
            await self._intakes[partition_of(case_id, len(self._intakes))].drop_key(case_id)
        self._after = page["next"]
