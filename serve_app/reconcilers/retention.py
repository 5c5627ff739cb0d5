"""Delete the archived cases whose time is over, task by task and day by day, but for those that must stay."""

import time
from collections.abc import Callable, Mapping, Sequence

from redis.asyncio import Redis

from hitl.access import Holds
from hitl.access.views import HeldCases
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.case_deleter import CaseDeleter, Release
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.errors import HitlError
from hitl.intake import CaseRecord
from hitl.intake.retention import is_over
from hitl.intake.segments import day_of
from hitl.machine import Envelope
from hitl.machine.shards import ACCESS, Shards, review_shard
from hitl.review import InMemory, NoteCasesDeleted
from hitl.tasks import TaskSpec

RETENTION = "retention"
"""Who deletes, in the journal: not a person."""

PAGE = 1000


class DeleteOldCases:
    """``release`` takes a case from the files that it names. ``wall`` gives UTC seconds."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        client: Redis,
        partitions: int,
        archive_uri: str,
        release: Release,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._tasks, self._wall = shards, tasks, wall
        self._deleters = [_PartitionDeleter(shards, partition, client, archive_uri, release) for partition in range(partitions)]

    async def once(self) -> None:
        """Raises ChainBroken for an archive that was changed, SealBroken for a file of keys that was, Unavailable: the first of
        all, once each partition had its turn. What was left undone is done by the next call."""
        now = self._wall()
        days = {name: spec.retention.archive_days for name, spec in self._tasks.items()}
        if not any(kept is not None for kept in days.values()):
            return
        failed: list[HitlError] = []
        for deleter in self._deleters:
            try:
                await deleter.step(lambda day, task: is_over(day, days.get(task), now))
            except HitlError as error:
                failed.append(error)
        if failed:
            raise failed[0]


class _PartitionDeleter:
    def __init__(self, shards: Shards, partition: int, client: Redis, archive_uri: str, release: Release) -> None:
        border = Border(client, partition)
        archive = CaseArchive(archive_uri, partition, border.deletions)
        self._shards, self._shard = shards, review_shard(partition)
        places = border, archive, open_settled(client, self._shard, archive_uri), open_keys(client, partition, archive_uri)
        self.step = CaseDeleter(places, self._must_stay, self._note, release).step

    async def _must_stay(self, records: Sequence[CaseRecord]) -> set[str]:
        held = await self._shards.ask(ACCESS, Holds())
        case_ids = set(held.case_ids)
        stays = {record.case_id for record in records if record.case_id in case_ids or _came_on_held_day(held, record)}
        people = [record.case_id for record in records if record.is_for_people]
        for first in range(0, len(people), PAGE):
            stays |= set((await self._shards.ask(self._shard, InMemory(tuple(people[first : first + PAGE])))).case_ids)
        return stays

    async def _note(self, command: NoteCasesDeleted) -> bool:
        name = f"delete:{command.deletion}"
        told = await self._shards.submit(self._shard, Envelope(command, name, name, RETENTION, RETENTION))
        return told.deletion == command.deletion


def _came_on_held_day(held: HeldCases, record: CaseRecord) -> bool:
    day = day_of(record.at)
    return any(hold.task == record.task and hold.first_day <= day <= hold.last_day for hold in held.days)
