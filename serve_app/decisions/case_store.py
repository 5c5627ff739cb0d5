"""Where a writer stores its cases, and finds those that were stored elsewhere before partitions were added."""

import asyncio
from collections.abc import Sequence

from hitl.intake import Intake, StoredCase
from hitl.partitioning import Place
from serve_app.decisions.new_case import NewCase


async def find_at(intakes: Sequence[Intake], places: Sequence[Place]) -> StoredCase | None:
    """Return the case that stands at one of ``places``, None where none does. Raises StoreUnavailable."""
    for partition, case_id in places:
        found = await intakes[partition].find(case_id)
        if found is not None:
            return found
    return None


class CaseStore:
    """The intake of ``partition`` among all, which are in the order of their partitions. None of them takes a case any more that
    belongs elsewhere by now (hitl.adapters.valkey.partitions): what is not there never comes there."""

    def __init__(self, intakes: Sequence[Intake], partition: int) -> None:
        self.intake, self._intakes = intakes[partition], intakes

    def intake_at(self, partition: int) -> Intake:
        return self._intakes[partition]

    async def earlier_places(self, moved: Sequence[NewCase]) -> dict[str, Place]:
        """Return where those of ``moved`` stand that were stored earlier, by the id that they would get now: one question for
        each partition where one may be. Raises StoreUnavailable."""
        asked: dict[int, list[str]] = {}
        for case in moved:
            for partition, case_id in case.earlier:
                asked.setdefault(partition, []).append(case_id)
        found = await asyncio.gather(*(self._intakes[partition].known(ids) for partition, ids in asked.items()))
        known = {(partition, case_id) for partition, ids in zip(asked, found, strict=True) for case_id in ids}
        places = ((case.case_id, place) for case in moved for place in case.earlier if place in known)
        return dict(places)
