"""A KeyStore in memory, for tests."""

from hitl.errors import StoreUnavailable
from hitl.identity.keys import KeyRecord


class MemoryKeys:
    """Holds what it is given. ``secret`` is the secret of case ids; while ``is_away``, nothing can be read."""

    def __init__(self, *records: KeyRecord, secret: bytes = bytes(32)) -> None:
        self._records = {record.key_id: record for record in records}
        self._secret = secret
        self.is_away = False

    async def put(self, record: KeyRecord) -> None:
        self._records[record.key_id] = record

    async def all(self) -> list[KeyRecord]:
        if self.is_away:
            raise StoreUnavailable("switched off")
        return list(self._records.values())

    async def remove(self, key_id: str) -> bool:
        return self._records.pop(key_id, None) is not None

    async def case_secret(self) -> bytes:
        return self._secret
