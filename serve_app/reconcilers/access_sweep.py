"""Remove what lets nobody in any more: keys and sessions that are over, and keys that the journal revoked before a crash."""

import time
from collections.abc import Callable

from hitl.access import KeysOver
from hitl.identity.keys import KeyStore
from hitl.identity.sessions import SessionStore, SessionTerms
from hitl.machine.shards import ACCESS, Shards

PAGE = 1000


class SweepAccess:
    """``once`` is a step; it may be repeated, and run beside a change. Raises StoreUnavailable, Recovering."""

    def __init__(
        self,
        shards: Shards,
        keys: KeyStore,
        sessions: SessionStore,
        terms: SessionTerms,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._keys, self._sessions, self._terms, self._wall = shards, keys, sessions, terms, wall

    async def once(self) -> None:
        await self._sweep_keys()
        await self._sweep_sessions()

    async def _sweep_keys(self) -> None:
        records, now = await self._keys.stored(), self._wall()
        gone = {record.key_id for record in records if record.is_over(now)}
        left = [record.key_id for record in records if record.key_id not in gone]
        for first in range(0, len(left), PAGE):
            gone.update((await self._shards.ask(ACCESS, KeysOver(tuple(left[first : first + PAGE])))).key_ids)
        for key_id in gone:
            await self._keys.remove(key_id)

    async def _sweep_sessions(self) -> None:
        """A session that was opened with a key is over with its key."""
        sessions, now = await self._sessions.all(), self._wall()
        known = {record.key_id for record in await self._keys.stored()}
        for digest, session in sessions.items():
            if session.is_over(now, self._terms) or (session.key_id and session.key_id not in known):
                await self._sessions.remove(digest)
