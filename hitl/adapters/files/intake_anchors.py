"""The ends of the gateways' chains in an intake partition, noted outside the store.

anchors/intake-<p>.json          {"heads": {gateway: [position, number, hash]}} of those that append
anchors/intake-<p>.ended.json    the same of those that appended nothing for long, so that the first file stays small
"""

import json
from collections.abc import Mapping
from functools import partial

from hitl.adapters.files.archive import in_thread
from hitl.adapters.files.blobs import open_blobs
from hitl.canonical import canonical
from hitl.errors import StoreUnavailable
from hitl.intake.chains import ChainHead

Heads = dict[str, ChainHead]


class IntakeAnchorFiles:
    """The anchors of ``partition`` below ``uri``."""

    def __init__(self, uri: str, partition: int) -> None:
        self._blobs = open_blobs(uri)
        self._recent, self._ended = f"anchors/intake-{partition}.json", f"anchors/intake-{partition}.ended.json"

    async def read(self) -> Heads:
        """Read all noted heads, the newest of each incarnation. Raises StoreUnavailable."""
        found = await self.read_ended()
        for gateway, head in (await self._read(self._recent)).items():
            found[gateway] = max(head, found.get(gateway, head))
        return found

    async def read_ended(self) -> Heads:
        """Read the heads of incarnations that have ended. Raises StoreUnavailable."""
        return await self._read(self._ended)

    async def write(self, heads: Mapping[str, ChainHead]) -> None:
        """Note ``heads``, and no others. Raises StoreUnavailable."""
        await self._write(self._recent, heads)

    async def write_ended(self, heads: Mapping[str, ChainHead]) -> None:
        """Note ``heads`` as those of ended incarnations, and no others. Raises StoreUnavailable."""
        await self._write(self._ended, heads)

    async def _read(self, place: str) -> Heads:
        """Read the heads noted in the file ``place``; none before the first is written."""
        try:
            found = json.loads(await in_thread(partial(self._read_if_there, place)))
        except ValueError as error:
            raise StoreUnavailable(f"archive: {place}: {error}") from error
        return {gateway: ChainHead(*head) for gateway, head in found["heads"].items()}

    def _read_if_there(self, place: str) -> bytes:
        try:
            return self._blobs.read(place)
        except FileNotFoundError:
            return b'{"heads":{}}'

    async def _write(self, place: str, heads: Mapping[str, ChainHead]) -> None:
        rows = {gateway: list(head) for gateway, head in heads.items()}
        await in_thread(partial(self._blobs.write, place, canonical({"heads": rows})))
