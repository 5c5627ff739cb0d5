"""Run a shadow: a challenger sees a share of answered cases and answers nothing; count what it would do.

It reads the durable records behind the gateways, so that it can neither slow nor change an answer; its model runs in a process of
its own. What it cannot keep up with is dropped and counted. Each note says from where to where it read: a keeper that starts anew
goes on there, and nothing counts twice.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hitl.approval import ApprovalKind
from hitl.approval.questions import Approvals
from hitl.canonical import fingerprint
from hitl.errors import ArtifactRejected, InvalidInput, SealBroken
from hitl.inference.declared import DeclaredRow, row_from
from hitl.intake import CaseRecord, Intake, StoredCase
from hitl.learning.journalled.commands import NoteShadow
from hitl.learning.journalled.questions import ShadowsOf
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.shadow import Beside, ShadowTally, is_watched
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Request, Steering, steering_of
from hitl.serving.commands import SetShadow
from hitl.serving.questions import ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec, Vector, vector_from
from hitl.tasks.case_request import request_of
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.deployer import Check
from serve_app.reconcilers.intake_reader import before
from serve_app.setup.clear_values import ClearOf, ClearReading, ClearValues, ReadingPurpose

SHADOW = "shadow"
"""Who sets the watching model, in the journal: not a person."""

PAGE = 1000
MAX_PAGES = 5
"""Of one partition in one turn: what is behind is read on in the next one."""

MAX_ROWS = 256
"""Cases that the model is asked about in one turn; what is drawn beyond them is dropped."""

UNDECIDED = ("pending", "approved")

log = json_log()


class ShadowScoring(Protocol):
    """The predictions of the model with this digest, one a vector; None for a row, or for all, that it gave nothing usable for.
    Never raises for what the model does."""

    async def __call__(self, spec: TaskSpec, digest: str, vectors: Sequence[Any]) -> Sequence[Prediction | None] | None: ...


@dataclass(frozen=True, slots=True)
class Models:
    """``check`` says whether the bytes of a digest load; ``score`` asks the model."""

    check: Check
    score: ShadowScoring


@dataclass(frozen=True, slots=True)
class ShadowRow:
    """A case that the watching model is asked about."""

    case: StoredCase
    request: Request
    vector: Any


class Shadow:
    """One turn for every task that states ``approval.shadow``; each step is harmless to repeat."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        intakes: Sequence[Intake],
        configured: Mapping[str, CompiledPolicy],
        clear_values: ClearValues,
        models: Models,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._intakes, self._configured, self._clear_values = shards, intakes, configured, clear_values
        self._tasks = {name: spec for name, spec in tasks.items() if spec.approval.shadow is not None}
        self._models, self._wall = models, wall
        self._refused: set[str] = set()
        self._checked: set[str] = set()

    async def once(self) -> None:
        for task, spec in self._tasks.items():
            serving = await self._shards.ask(APPROVAL, ServingOf(task))
            wanted, watching = await self._challenger(spec, serving), serving.shadow.get("model")
            if wanted != watching:
                await self._set(serving, wanted)
            elif watching is not None:
                await self._watch(spec, serving, watching)

    async def _challenger(self, spec: TaskSpec, serving: ServingView) -> str | None:
        """Return the newest candidate that people have yet to decide on, or that waits for its turn, and whose bytes load."""
        if not serving.versions:
            return None
        serves = {digest for digest, _ in serving.versions}
        asked = [Approvals(status, spec.task, ApprovalKind.MODEL_DEPLOYMENT) for status in UNDECIDED]
        found = [one for each in asked for one in (await self._shards.ask(APPROVAL, each)).approvals]
        for one in sorted(found, key=lambda each: -each.requested_at):
            if one.digest not in serves and await self._loads(spec, one.digest):
                return one.digest
        return None

    async def _loads(self, spec: TaskSpec, digest: str) -> bool:
        if digest not in self._checked | self._refused:
            try:
                await self._models.check(spec, digest)
                self._checked.add(digest)
            except ArtifactRejected as error:
                self._refused.add(digest)
                log.warning("a challenger cannot watch", task=spec.task, digest=digest, why=str(error))
        return digest in self._checked

    async def _set(self, serving: ServingView, model: str | None) -> None:
        command = SetShadow(serving.task, serving.shadow.get("policy"), model, SHADOW)
        await self._submit(APPROVAL, command, ["set", serving.task, serving.generation, model])
        log.info("challenger in the shadow", task=serving.task, model=model)

    async def _watch(self, spec: TaskSpec, serving: ServingView, model: str) -> None:
        known = (await self._shards.ask(LEARNING, ShadowsOf(spec.task))).models.get(model)
        if known is None:
            await self._note(spec.task, model, None, await self._heads(), ShadowTally())
            return
        read, cases = await self._news(spec, known.read)
        if read != known.read:
            steering = steering_of(serving, self._configured[spec.task], spec.labels)
            clear_of = await self._admitted(model, known.read, read, cases[:MAX_ROWS])
            rows = _rows(spec, cases[:MAX_ROWS], clear_of)
            tally = ShadowTally(dropped=max(0, len(cases) - MAX_ROWS))
            await self._note(spec.task, model, known.read, read, await self._tally(spec, steering, model, rows, tally))

    async def _heads(self) -> dict[str, int]:
        """Watching begins with what comes from now on."""
        return {str(number): await before(intake, self._wall()) for number, intake in enumerate(self._intakes)}

    async def _news(self, spec: TaskSpec, read: Mapping[str, int]) -> tuple[dict[str, int], list[StoredCase]]:
        """Return the position that was read, and the drawn cases that a model decided or suggested an answer to."""
        ends, found = dict(read), list[StoredCase]()
        for number, intake in enumerate(self._intakes):
            for _ in range(MAX_PAGES):
                page = await intake.cases(ends.get(str(number), 0), PAGE)
                found += [case for case in page if _is_drawn(case, spec)]
                ends[str(number)] = page[-1].seq if page else ends.get(str(number), 0)
                if len(page) < PAGE:
                    break
        return ends, found

    async def _admitted(
        self, model: str, after: Mapping[str, int], read: Mapping[str, int], cases: Sequence[StoredCase]
    ) -> ClearOf:
        reading = ClearReading(SHADOW, f"model {model} watches", f"{SHADOW}-read")
        return await self._clear_values.admit(cases, ReadingPurpose.SHADOW, f"{_span(after)}..{_span(read)}", reading)

    async def _tally(
        self, spec: TaskSpec, steering: Steering, model: str, rows: Sequence[ShadowRow], tally: ShadowTally
    ) -> ShadowTally:
        if not rows:
            return tally
        said = await self._models.score(spec, model, [row.vector for row in rows]) or [None] * len(rows)
        for row, prediction in zip(rows, said, strict=True):
            tally.count(_beside(row.case, row.request, prediction, steering))
        return tally

    async def _note(self, task: str, model: str, after: dict[str, int] | None, read: dict[str, int], tally: ShadowTally) -> None:
        command = NoteShadow(task, model, after, read, tally.counts())
        await self._submit(LEARNING, command, ["note", task, model, after])

    async def _submit(self, shard: str, command: SetShadow | NoteShadow, key: list[object]) -> None:
        command_id = fingerprint([SHADOW, *key])
        await self._shards.submit(shard, Envelope(command, command_id, command_id, SHADOW, f"{SHADOW}-{key[0]}"))


def _rows(spec: TaskSpec, cases: Sequence[StoredCase], clear_of: ClearOf) -> list[ShadowRow]:
    return [row for row in (_row(spec, case, clear_of) for case in cases) if row is not None]


def _row(spec: TaskSpec, case: StoredCase, clear_of: ClearOf) -> ShadowRow | None:
    """None for an input that is erased, or no longer fits the task."""
    try:
        clear = clear_of(case)
        if clear is None:
            return None
        payload = json.loads(clear)
        request = request_of(spec, payload, case.record)
        return ShadowRow(case, request, _seen(spec, case.record, payload["features"]))
    except (InvalidInput, SealBroken) as error:
        log.warning("a case cannot be watched", case=case.record.case_id, why=str(error))
        return None


def _seen(spec: TaskSpec, record: CaseRecord, features: Any) -> "Vector | DeclaredRow":
    """Return the case as the watching model reads it: a declared one reads what was declared for it beside the others."""
    if spec.is_declared:
        return row_from(record.client, record.declared or ())
    return vector_from(spec, features)


def _span(positions: Mapping[str, int]) -> str:
    return ".".join(f"{partition}:{position}" for partition, position in sorted(positions.items()))


def _is_drawn(case: StoredCase, spec: TaskSpec) -> bool:
    record, share = case.record, spec.approval.shadow
    has_said = record.task == spec.task and record.model_version is not None and record.prediction is not None
    return has_said and share is not None and is_watched(record.case_id, share)


def _beside(case: StoredCase, request: Request, said: Prediction | None, steering: Steering) -> Beside:
    """The watching model routes by its own thresholds: what the vault has certified it for, and nothing where it has not."""
    record = case.record
    would = None if said is None else steering.steer(request, said).route.action.value
    return Beside(str(record.prediction), record.action, str(record.model_version), said.label if said else None, would)
