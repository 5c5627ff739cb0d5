"""The overrides of a gateway: follow the learning shard's journal and fetch each input from the intake.

The journal names the corrected case and not what it says: whoever erases the case has erased the override.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence

import msgspec

from hitl.errors import HitlError, InvalidInput, Unavailable
from hitl.intake import CaseRecord, Intake
from hitl.intake.partitioned import part_of
from hitl.journal import GENESIS, Journal
from hitl.journal.entry import check_link
from hitl.learning.journalled import LearningMachine
from hitl.learning.journalled.events import EVENTS
from hitl.learning.journalled.state import Override, OverrideStatus
from hitl.learning.overrides import ConfirmedOverride, OverrideTable
from hitl.tasks import TaskSpec, Vector, vector_from
from serve_app.decisions.correcting import corrected
from serve_app.http.telemetry import Telemetry

POLL_S = 0.5
BACK_OFF_S = 2.0
PAGE = 500
SHARD = "learning"


class LiveOverrides:
    """``table`` is what is in force, as of half a second ago; empty without a task that has ``overrides``."""

    def __init__(self, tasks: Mapping[str, TaskSpec], journal: Journal, intakes: Sequence[Intake], telemetry: Telemetry) -> None:
        self.table = OverrideTable(tasks)
        self._tasks = {name: spec for name, spec in tasks.items() if spec.overrides is not None}
        self._journal, self._intakes, self._telemetry = journal, intakes, telemetry
        self._machine = LearningMachine()
        self._state = self._machine.initial()
        self._seq, self._head, self._changed = 0, GENESIS, False
        self._entries: dict[str, ConfirmedOverride] = {}

    def corrected(self, record: CaseRecord, payload: bytes, vector: Vector) -> CaseRecord:
        """Return the record with an override's answer where one answers."""
        spec = self._tasks.get(record.task)
        return record if spec is None else corrected(self.table, spec, record, payload, vector)

    async def watch(self) -> None:
        """Follow for ever; ends at once where no task has overrides."""
        while self._tasks:
            try:
                await self.refresh()
                await asyncio.sleep(POLL_S)
            except Unavailable:  # the requests themselves say when the store is away
                await asyncio.sleep(BACK_OFF_S)
            except (HitlError, msgspec.DecodeError) as error:  # nothing is answered from a journal that does not read
                self._telemetry.failed("overrides-watch", error)
                self.table.replace([])
                await asyncio.sleep(BACK_OFF_S)

    async def refresh(self) -> None:
        """Read what is new. Raises StoreUnavailable, or ChainBroken: nothing may then be answered from here."""
        while page := await self._journal.read(self._seq, PAGE):
            for entry in page:
                check_link(SHARD, self._head, self._seq + 1, entry)
                effect = EVENTS.read(entry.body)
                for event in effect.events:
                    self._machine.evolve(self._state, event, effect.at)
                self._seq, self._head, self._changed = entry.seq, entry.hash, True
        if self._changed:
            await self._rebuild()
            self._changed = False

    async def _rebuild(self) -> None:
        confirmed = [one for one in self._state.overrides.values() if self._answers(one)]
        found = [await self._entry(one) for one in confirmed]
        self.table.replace(entry for entry in found if entry is not None)

    def _answers(self, override: Override) -> bool:
        spec = self._tasks.get(override.task)
        is_on = spec is not None and override.label in spec.labels and override.task not in self._state.switched_off
        return is_on and override.status is OverrideStatus.CONFIRMED

    async def _entry(self, override: Override) -> ConfirmedOverride | None:
        if override.override_id not in self._entries:
            case = await part_of(self._intakes, override.override_id).find(override.override_id)
            entry = None if case is None else self._made(override, case.payload)
            if entry is None:
                return None
            self._entries[override.override_id] = entry
        return self._entries[override.override_id]

    def _made(self, override: Override, payload: bytes) -> ConfirmedOverride | None:
        """None for an input that was erased, is sealed, or no longer fits the task."""
        try:
            features = json.loads(payload)["features"]
            vector = vector_from(self._tasks[override.task], features)
        except (ValueError, KeyError, TypeError, InvalidInput) as error:
            self._telemetry.warn("override without its input", override=override.override_id, why=type(error).__name__)
            return None
        ids = (override.override_id, override.task, override.label, override.model_label, override.expires_at)
        return ConfirmedOverride(*ids, features, vector)
