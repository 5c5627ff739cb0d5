"""Delete archived cases by day and task: on the record first, then everywhere.

What stays of the cases (hitl.intake.deletions) and the file of those that must stay are written first, then the journal says what
goes, then readers pass over it, and only then keys, reviews, files of cases and the archived file go. What a crash cuts short is
done by the next step: a deletion is unfinished until the archived file is gone.
"""

from collections.abc import Awaitable, Callable, Sequence

import structlog

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey.archived_keys import ArchivedKeys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.settled_objects import SettledObjects
from hitl.crashpoints import crashpoint
from hitl.errors import HitlError
from hitl.intake.chains import Link
from hitl.intake.deletions import Deletion, runs_of, with_runs
from hitl.intake.record import CaseRecord
from hitl.intake.segments import ArchivedFile
from hitl.review import NoteCasesDeleted

log = structlog.get_logger("hitl.retention")

IsOver = Callable[[str, str], bool]
"""Tells of a day and a task whether its cases are kept no longer."""

MustStay = Callable[[Sequence[CaseRecord]], Awaitable[set[str]]]
"""Returns the ids of those that are on hold, or that people have not finished with."""

Note = Callable[[NoteCasesDeleted], Awaitable[bool]]
"""Tells whether the deletion is on the record."""

Release = Callable[[CaseRecord, bytes], Awaitable[None]]
"""Takes a case, with its stored input, from the files that it names."""


class CaseDeleter:
    """That of one partition. ``note`` writes to the partition's review journal. ``release`` must do nothing for a case that was
    released before."""

    def __init__(
        self,
        places: tuple[Border, CaseArchive, SettledObjects, ArchivedKeys],
        must_stay: MustStay,
        note: Note,
        release: Release,
    ) -> None:
        self._border, self._archive, self._reviews, self._keys = places
        self._must_stay, self._note, self._release = must_stay, note, release

    async def step(self, is_over: IsOver) -> int:
        """Delete what is over and return the number of cases. Raises ChainBroken for an archive that was changed, Unavailable.
        Raises what kept the first deletion from its end, once all others have come to theirs; the next step tries it again."""
        failed = await self._finish_all()
        deleted = 0
        for name, digest in (await self._border.segments()).items():
            segment = await self._archive.segment(name, digest)
            for file in segment.files:
                if is_over(file.day, file.task) and file.place not in failed:  # a second deletion would take its place
                    deleted += await self._delete(name, file, failed)
        for error in failed.values():
            raise error
        return deleted

    async def _delete(self, segment: str, file: ArchivedFile, failed: dict[str, HitlError]) -> int:
        digest = (await self._border.deletions([file.place])).get(file.place)
        before = None if digest is None else await self._archive.deletion(digest)
        current = file if before is None else before.kept
        if current is None:
            return 0
        links = await self._archive.links_of(current)
        records = {link.seq: CaseRecord.decode(link.body) for link in links}
        stays = await self._must_stay(list(records.values()))
        gone = [link for link in links if records[link.seq].case_id not in stays]
        if not gone:
            return 0
        kept = [link for link in links if records[link.seq].case_id in stays]
        people = [records[link.seq].case_id for link in gone if records[link.seq].is_for_people]
        deletion = await self._prepared(segment, file, current, before, gone, kept, people)
        if not await self._record(deletion, len(gone), tuple(people)):
            return 0
        failed |= await self._finished(deletion.file, deletion.name)
        return len(gone)

    async def _prepared(
        self,
        segment: str,
        file: ArchivedFile,
        current: ArchivedFile,
        before: Deletion | None,
        gone: Sequence[Link],
        kept: Sequence[Link],
        people: Sequence[str],
    ) -> Deletion:
        deletion = Deletion(
            partition=int(self._archive.name.removeprefix("intake-")),
            segment=segment,
            file=file.place,
            day=file.day,
            task=file.task,
            removed=current.place,
            digest=current.digest,
            reviewed=sorted({*(before.reviewed if before else ()), *people}),
            runs=with_runs(before.runs if before else (), runs_of(gone)),
            kept=await self._archive.write_kept(file, kept) if kept else None,
            previous=before.name if before else "",
        )
        await self._archive.write_deletion(deletion)
        return deletion

    async def _record(self, deletion: Deletion, cases: int, people: tuple[str, ...]) -> bool:
        kept = deletion.kept.cases if deletion.kept else 0
        crashpoint("deletion.before_record")
        which = (deletion.day, deletion.task, deletion.segment)
        if not await self._note(NoteCasesDeleted(*which, cases, kept, deletion.digest, deletion.name, people)):
            return False
        crashpoint("deletion.after_record")
        await self._border.note_deletion(deletion.file, deletion.name)
        crashpoint("deletion.after_border")
        return True

    async def _finish_all(self) -> dict[str, HitlError]:
        """Return what kept deletions from their end, by the place of the file."""
        failed: dict[str, HitlError] = {}
        for place in await self._border.unfinished_deletions():
            digest = (await self._border.deletions([place])).get(place)
            if digest is not None:
                failed |= await self._finished(place, digest)
        return failed

    async def _finished(self, place: str, digest: str) -> dict[str, HitlError]:
        """Finish a deletion; return what kept it from its end, by the place of the file. The others do not wait for it."""
        try:
            await self._finish(await self._archive.deletion(digest))
        except HitlError as error:
            log.warning("deletion not finished yet", file=place, why=str(error))
            return {place: error}
        return {}

    async def _finish(self, deletion: Deletion) -> None:
        if await self._archive.is_there(deletion.removed):
            file = ArchivedFile(deletion.removed, deletion.day, deletion.task, deletion.runs[0].seq, 0, 0, deletion.digest)
            gone = [link for link in await self._archive.links_of(file) if deletion.has(link.seq)]
            records = [CaseRecord.decode(link.body) for link in gone]
            for record, link in zip(records, gone, strict=True):
                await self._release(record, link.payload or b"")
            crashpoint("deletion.before_forget")
            await self._border.forget([(link.seq, record) for record, link in zip(records, gone, strict=True)])
            await self._keys.drop({record.case_id: link.seq for record, link in zip(records, gone, strict=True)})
            await self._reviews.forget([record.case_id for record in records if record.is_for_people])
            crashpoint("deletion.after_forget")
            await self._archive.remove_file(deletion.removed)
        await self._border.finish_deletion(deletion.file)
