"""An intake whose older cases may be in the archive; readers see one continuous partition."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.case_index import CaseIndex
from hitl.errors import CaseExists, IndexBehind, StoreUnavailable
from hitl.intake.chains import ChainHead, Link
from hitl.intake.deletions import Deletion
from hitl.intake.ports import Appended, IntakeBatch, RoutedRow, StoredCase
from hitl.intake.recent_rows import RecentRows
from hitl.intake.record import CaseRecord
from hitl.intake.segments import range_of
from hitl.sealing.payload import MARK


class _Placed(Protocol):
    """A row at its position in the partition."""

    @property
    def seq(self) -> int: ...


T = TypeVar("T", bound=_Placed)

TRIES = 5
"""Of an append: the border moves once for thousands of cases, the index follows within a read."""


class RecentCases(Protocol):
    """The end of a partition, in the store (hitl.adapters.valkey.intake)."""

    async def append(self, batch: IntakeBatch, covered: int = 0) -> Appended: ...

    async def find(self, case_id: str) -> StoredCase | None: ...

    async def look_for(self, case_ids: Sequence[str]) -> tuple[set[str], int]: ...

    async def wrapped_key(self, case_id: str) -> bytes | None: ...

    async def drop_key(self, case_id: str) -> bool: ...

    async def reviewable(self, after_seq: int, limit: int) -> list[StoredCase]: ...

    async def cases(self, after_seq: int, limit: int) -> list[StoredCase]: ...

    async def routed(self, after_seq: int, limit: int) -> list[RoutedRow]: ...

    async def links(self, after_seq: int, limit: int) -> list[Link]: ...

    async def case_at(self, seq: int) -> StoredCase | None: ...

    async def wait_beyond(self, after_seq: int, timeout_s: float) -> bool: ...

    async def references(self, after_seq: int, limit: int) -> list[tuple[int, str]]: ...

    async def heads(self) -> dict[str, ChainHead]: ...

    async def forget_heads(self, gateways: Sequence[str]) -> None: ...


class KeptKeys(Protocol):
    """The wrapped keys of archived cases (hitl.adapters.valkey.archived_keys)."""

    async def find(self, seq: int, case_id: str) -> bytes | None: ...

    async def drop(self, places: Mapping[str, int]) -> int: ...


class SegmentList(Protocol):
    """What the store says of the archive (hitl.adapters.valkey.border)."""

    async def archived_to(self) -> int: ...

    async def segments(self) -> dict[str, str]: ...

    async def all_deletions(self) -> dict[str, str]: ...


class ArchivedIntake:
    """A hitl.intake.Intake: ``recent`` holds the end and takes what is new, ``archive`` what has left it. The archive is asked
    where the store has a gap, and for ids that the store does not know. A case that was changed in the archive raises
    ChainBroken. ``lost`` are the segments that readers of many cases passed over because they are not there. ``shared`` has what
    others in this process have read of the partition."""

    def __init__(
        self,
        recent: RecentCases,
        border: SegmentList,
        archive: CaseArchive,
        index: CaseIndex,
        keys: KeptKeys | None = None,
        shared: RecentRows | None = None,
    ) -> None:
        self._recent, self._border, self._archive, self._index, self._keys = recent, border, archive, index, keys
        self._shared, self._segments = shared, dict[str, str]()
        self._end = 0
        self.lost: dict[str, str] = {}
        self.reviewable, self.wait_beyond, self.references = recent.reviewable, recent.wait_beyond, recent.references
        self.heads, self.forget_heads = recent.heads, recent.forget_heads

    @property
    def deleted(self) -> Mapping[tuple[str, str], int]:
        """The number of deleted cases of each UTC day and task that readers of many cases passed over."""
        found: dict[tuple[str, str], int] = {}
        for each in self._archive.passed.values():
            found[each.day, each.task] = found.get((each.day, each.task), 0) + each.cases
        return found

    async def append(self, batch: IntakeBatch) -> Appended:
        """No id of the batch is in the archive: the store refuses a batch whose ids were looked up before the last case left."""
        for tries_left in reversed(range(TRIES)):
            if known := self._index.find([record.case_id for record in batch.records]):
                raise CaseExists(known)
            try:
                return await self._recent.append(batch, self._index.covered)
            except IndexBehind:
                if not tries_left:
                    raise
                await self._index.refresh()
        raise AssertionError("the last try returns or raises")

    async def known(self, case_ids: Sequence[str]) -> set[str]:
        found, archived_to = await self._recent.look_for(case_ids)
        await self._cover(archived_to)
        return found | set(self._index.find(case_ids))

    async def find(self, case_id: str) -> StoredCase | None:
        found = await self._recent.find(case_id)
        if found is not None:
            return found if found.wrapped_key is not None else replace(found, wrapped_key=await self._archived_key(found))
        seq = await self._archived_place(case_id)
        link = None if seq is None else await self._archived_link(seq)
        if link is None:
            return None
        stored = _stored(link, await self._recent.wrapped_key(case_id))
        return stored if stored.wrapped_key is not None else replace(stored, wrapped_key=await self._archived_key(stored))

    async def wrapped_key(self, case_id: str) -> bytes | None:
        """Return what opens the input of ``case_id``, also of one that was deleted a moment ago. Raises StoreUnavailable."""
        key = await self._recent.wrapped_key(case_id)
        if key is not None or self._keys is None:
            return key
        seq = await self._place(case_id)
        return None if seq is None else await self._keys.find(seq, case_id)

    async def drop_key(self, case_id: str) -> bool:
        seq = None if self._keys is None else await self._place(case_id)
        is_dropped = await self._recent.drop_key(case_id)
        # After the store: a key leaves it and is in a file in one step.
        in_file = 0 if self._keys is None or seq is None else await self._keys.drop({case_id: seq})
        return is_dropped or bool(in_file)

    async def case_at(self, seq: int) -> StoredCase | None:
        """Return the case at position ``seq``, or None."""
        found = await self._recent.case_at(seq)
        link = None if found is not None else await self._archived_link(seq)
        return found if link is None else _stored(link)

    async def cases(self, after_seq: int, limit: int) -> list[StoredCase]:
        return await _across(after_seq, limit, self._recent.cases, self._archived_cases)

    async def routed(self, after_seq: int, limit: int) -> list[RoutedRow]:
        if self._shared is None:
            return await self._routed(after_seq, limit)
        return await self._shared.after(after_seq, limit, self._routed)

    async def links(self, after_seq: int, limit: int) -> list[Link]:
        """Return up to ``limit`` links of the gateways' chains after ``after_seq``, in order of position."""
        return await _across(after_seq, limit, self._recent.links, self._archived_links)

    async def new_deletions(self, known: Collection[str]) -> list[Deletion]:
        names = set((await self._border.all_deletions()).values()) - set(known)
        if names and self._shared is not None:
            self._shared.forget()  # who knows of a deletion counts nothing that was read before it
        return [await self._archive.deletion(name) for name in sorted(names)]

    async def archived_to(self) -> int:
        """The last position that the archive holds and proves. Raises ChainBroken where it ends otherwise than the store says."""
        await self._look()
        if self._segments:
            name = max(self._segments, key=range_of)
            await self._archive.segment(name, self._segments[name])
        return self._end

    async def _archived_key(self, case: StoredCase) -> bytes | None:
        """None for a case that was never sealed, or is erased."""
        if self._keys is None or not case.payload.startswith(MARK):
            return None
        return await self._keys.find(case.seq, case.record.case_id)

    async def _place(self, case_id: str) -> int | None:
        found = await self._recent.find(case_id)
        return await self._archived_place(case_id) if found is None else found.seq

    async def _archived_place(self, case_id: str) -> int | None:
        archived_to = await self._border.archived_to()
        await self._cover(archived_to)
        return self._index.find([case_id]).get(case_id) if archived_to else None

    async def _cover(self, archived_to: int) -> None:
        """Let the index know all archived cases. Raises IndexBehind while it does not, as after a restore: nobody can tell then
        that a case is not there."""
        if self._index.covered < archived_to:
            await self._index.refresh()
        if self._index.covered < archived_to:
            raise IndexBehind("the index of archived cases is not up to date", archived_to)

    async def _archived_cases(self, after: int, before: int | None) -> list[StoredCase]:
        return [_stored(link) for link in await self._archived_links(after, before)]

    async def _routed(self, after_seq: int, limit: int) -> list[RoutedRow]:
        return await _across(after_seq, limit, self._recent.routed, self._archived_routed)

    async def _archived_routed(self, after: int, before: int | None) -> list[RoutedRow]:
        return [RoutedRow.read(link.seq, link.body, link.payload or b"") for link in await self._archived_links(after, before)]

    async def _archived_links(self, after: int, before: int | None) -> list[Link]:
        """Return what is left of the next segment that reaches beyond ``after``, and of the one behind it where that is
        nothing."""
        await self._look(after)
        for name in sorted((each for each in self._segments if range_of(each)[1] > after), key=range_of):
            if before is not None and range_of(name)[0] >= before:
                break
            found = [link for link in await self._whole(name) if link.seq > after and (before is None or link.seq < before)]
            if found:
                return found
        return []

    async def _whole(self, name: str) -> list[Link]:
        """Nothing for a segment that is not there, which is noted in ``lost``."""
        try:
            links = await self._archive.links(name, self._segments[name])
        except StoreUnavailable as error:
            self.lost[name] = str(error)
            return []
        self.lost.pop(name, None)
        return links

    async def _archived_link(self, seq: int) -> Link | None:
        await self._look(seq - 1)
        name = next((each for each in self._segments if range_of(each)[0] <= seq <= range_of(each)[1]), None)
        return None if name is None else await self._archive.link_at(name, self._segments[name], seq)

    async def _look(self, after: int | None = None) -> None:
        """Learn of the segments that the border has moved over since."""
        if (after is not None and after < self._end) or self._end == (end := await self._border.archived_to()):
            return
        self._segments, self._end = await self._border.segments(), end


async def _across(
    after: int,
    limit: int,
    recent: Callable[[int, int], Awaitable[list[T]]],
    archived: Callable[[int, int | None], Awaitable[list[T]]],
) -> list[T]:
    """Return up to ``limit`` rows behind ``after``: of ``recent``, and where that has a gap, of ``archived``."""
    found: list[T] = []
    is_end = False
    while len(found) < limit:
        seq, left = (found[-1].seq if found else after), limit - len(found)
        page = [] if is_end else await recent(seq, left)
        start = page[0].seq if page else None
        older = [] if start == seq + 1 else await archived(seq, start)
        if not older and not page:
            return found
        taken = older[:left] or page[: _unbroken(page)]  # what neither has is passed over, as a trimmed beginning is
        is_end = not older and len(taken) == len(page) < left  # the archive may still have what left the store behind it
        found += taken
    return found


def _unbroken(page: Sequence[_Placed]) -> int:
    """Return the number of rows at the beginning of ``page`` that stand one behind the other."""
    start = page[0].seq
    return next((number for number, row in enumerate(page) if row.seq != start + number), len(page))


def _stored(link: Link, wrapped_key: bytes | None = None) -> StoredCase:
    return StoredCase(link.seq, CaseRecord.decode(link.body), link.payload or b"", wrapped_key)
