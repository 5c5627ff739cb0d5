"""Write the journal's entry of each account that the machine's owner recovers: the command line gives nothing before."""

from hitl.access import RecoverAccount
from hitl.canonical import digest_of
from hitl.identity.recoveries import RecoveryStore
from hitl.machine import Envelope
from hitl.machine.shards import ACCESS, Shards


class NoteRecoveries:
    """``once`` is a step; it may be repeated: one recovery has one entry. Raises StoreUnavailable, Recovering, InvalidInput."""

    def __init__(self, shards: Shards, store: RecoveryStore) -> None:
        self._shards, self._store = shards, store

    async def once(self) -> None:
        for recovery_id, found in (await self._store.waiting()).items():
            command = RecoverAccount(found.account, found.roles, found.by, found.reason)
            name = digest_of(f"recovery\x00{recovery_id}".encode())
            await self._shards.submit(ACCESS, Envelope(command, name, "", found.by, recovery_id))
            await self._store.drop(recovery_id)
