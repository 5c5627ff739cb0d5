"""The key that signs journals, read from a private file, and the record of public keys beside the archive."""

import json
from functools import partial
from pathlib import Path

from hitl.adapters.files.archive import DIGITS, in_thread
from hitl.adapters.files.blobs import open_blobs
from hitl.canonical import canonical
from hitl.errors import InvalidConfig
from hitl.journal.signature import KEY_BYTES, SignedFrom, Signer


class SignerFiles:
    """A hitl.journal.signed.SignerRecord of ``shard``: signers/<shard>/<first seq>.json holds ``{"key": public key}``."""

    def __init__(self, uri: str, shard: str) -> None:
        self._blobs, self._folder = open_blobs(uri), f"signers/{shard}"

    async def read(self) -> list[SignedFrom]:
        names = await in_thread(partial(self._blobs.names, self._folder))
        return [await self._read(name) for name in sorted(names)]

    async def add(self, signer: SignedFrom) -> None:
        place = f"{self._folder}/{signer.seq:0{DIGITS}d}.json"
        await in_thread(partial(self._blobs.write, place, canonical({"key": signer.key})))

    async def _read(self, name: str) -> SignedFrom:
        found = json.loads(await in_thread(partial(self._blobs.read, f"{self._folder}/{name}")))
        return SignedFrom(int(name.removesuffix(".json")), str(found["key"]))


def open_signer(path: Path | None) -> Signer | None:
    """Return the key in ``path``: 64 hexadecimal characters; None without a path. Raises InvalidConfig."""
    if path is None:
        return None
    try:
        return Signer(bytes.fromhex(path.read_text().strip()))
    except (OSError, ValueError) as error:
        raise InvalidConfig(str(path), "signing_key", f"a readable file of {2 * KEY_BYTES} hexadecimal characters") from error
