"""The intake and the serving pointers in memory, for tests and simulations."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

from hitl.errors import CaseExists, StaleGeneration
from hitl.intake.chains import Link
from hitl.intake.deletions import Deletion
from hitl.intake.ports import Appended, IntakeBatch, Pointer, RoutedRow, StoredCase
from hitl.intake.record import CaseRecord

NOTHING_SERVES = Pointer(0, (), 0)


class MemoryServing:
    """A hitl.intake.ports.Serving that the memory intakes of one service share."""

    def __init__(self) -> None:
        self._pointers: dict[str, Pointer] = {}

    async def publish(self, task: str, pointer: Pointer) -> None:
        if pointer.generation >= self.generation(task):
            self._pointers[task] = pointer

    async def restore(self, task: str, pointer: Pointer) -> bool:
        is_other = self._pointers.get(task) != pointer
        self._pointers[task] = pointer
        return is_other

    async def current(self) -> dict[str, Pointer]:
        return dict(self._pointers)

    def generation(self, task: str) -> int:
        return self._pointers.get(task, NOTHING_SERVES).generation


class MemoryIntake:
    """A hitl.intake.Intake of one partition; position ``seq`` is index ``seq - 1``."""

    def __init__(self, serving: MemoryServing | None = None) -> None:
        self._serving = serving or MemoryServing()
        self.lost: dict[str, str] = {}
        self.deleted: dict[tuple[str, str], int] = {}
        self.deletions: list[Deletion] = []
        self._cases: list[StoredCase] = []
        self._links: list[Link] = []
        self._positions: dict[str, int] = {}
        self._grown = asyncio.Event()

    async def append(self, batch: IntakeBatch) -> Appended:
        self._check(batch)
        first = len(self._cases) + 1
        rows = zip(batch.records, batch.payloads, batch.links, batch.wrapped_keys(), strict=True)
        for i, (record, payload, link, key) in enumerate(rows):
            self._cases.append(StoredCase(first + i, record, payload, key or None))
            self._links.append(Link(first + i, batch.gateway, batch.first_link + i, record.encode(), link, payload))
            self._positions[record.case_id] = first + i
        self._grown.set()
        return Appended(list(range(first, first + len(batch.records))))

    async def known(self, case_ids: Sequence[str]) -> set[str]:
        return set(case_ids) & set(self._positions)

    async def find(self, case_id: str) -> StoredCase | None:
        return await self.case_at(self._positions.get(case_id, 0))

    async def case_at(self, seq: int) -> StoredCase | None:
        """Return the case at position ``seq``, or None."""
        return self._cases[seq - 1] if 0 < seq <= len(self._cases) else None

    async def reviewable(self, after_seq: int, limit: int) -> list[StoredCase]:
        return self._for_people(after_seq)[:limit]

    async def drop_key(self, case_id: str) -> bool:
        case = await self.find(case_id)
        if case is None or case.wrapped_key is None:
            return False
        self._cases[case.seq - 1] = replace(case, wrapped_key=None)
        return True

    async def cases(self, after_seq: int, limit: int) -> list[StoredCase]:
        if not self.deletions:
            return self._cases[after_seq : after_seq + limit]
        return [case for case in self._cases[after_seq:] if not any(each.has(case.seq) for each in self.deletions)][:limit]

    async def routed(self, after_seq: int, limit: int) -> list[RoutedRow]:
        found = await self.cases(after_seq, limit)
        return [RoutedRow.read(case.seq, case.record.encode(), case.payload, case.wrapped_key) for case in found]

    async def new_deletions(self, known: Collection[str]) -> list[Deletion]:
        return [each for each in self.deletions if each.name not in known]

    async def wait_beyond(self, after_seq: int, timeout_s: float) -> bool:
        """Tell whether a case for people stands after ``after_seq``; waits for one up to ``timeout_s``."""
        self._grown.clear()
        if not self._for_people(after_seq):
            await asyncio.wait([asyncio.ensure_future(self._grown.wait())], timeout=timeout_s)
        return bool(self._for_people(after_seq))

    async def links(self, after_seq: int, limit: int) -> list[Link]:
        """Return up to ``limit`` links of the gateways' chains after ``after_seq``, in order of position."""
        return self._links[after_seq : after_seq + limit]

    def _for_people(self, after_seq: int) -> list[StoredCase]:
        return [case for case in self._cases[after_seq:] if case.record.is_for_people]

    def _check(self, batch: IntakeBatch) -> None:
        for task, had in batch.generations.items():
            if had != self._serving.generation(task):
                raise StaleGeneration(task, had, self._serving.generation(task))
        if known := self._known(batch.records):
            raise CaseExists(known)

    def _known(self, records: Sequence[CaseRecord]) -> dict[str, int]:
        ids = [record.case_id for record in records]
        if len(set(ids)) != len(ids):
            raise ValueError("a batch holds each case once")
        return {each: self._positions[each] for each in ids if each in self._positions}
