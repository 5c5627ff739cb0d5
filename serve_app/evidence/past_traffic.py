"""Recent cases of a task with people's answers, as input of a dry run: masked where the task says so."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from hitl.canonical import JsonObject
from hitl.intake import Intake, StoredCase
from hitl.machine.shards import Shards, review_shards
from hitl.quality.dry_run import PastCase, probability_of_a_look
from hitl.review import Cursor, SettledLabels
from hitl.routing.prediction import Prediction
from hitl.tasks import TaskSpec
from hitl.tasks.case_request import request_of
from serve_app.setup.vault import Vault

PAGE = 500
LABELS_PAGE = 1_000


class PastTraffic(Protocol):
    """Sources of a task's past cases: shards, intakes and the vault that masks their payloads."""

    @property
    def partitions(self) -> int: ...

    @property
    def shards(self) -> Shards: ...

    @property
    def intakes(self) -> Sequence[Intake]: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def tasks(self) -> Mapping[str, TaskSpec]: ...


async def past_cases(ports: PastTraffic, task: str, wanted: int) -> list[PastCase]:
    """About the newest ``wanted`` cases of the task: of each partition those around and after its last one for people.
    Erased ones are left out, those of before another input, and those that an override answered: no policy routes them. Sensitive
    values are masked: rules of one's own choice would read them out, one guess at a time."""
    per_partition = -(-wanted // ports.partitions)
    parts = await asyncio.gather(*(_of_partition(ports, task, index, per_partition) for index in range(ports.partitions)))
    return [case for part in parts for case in part][:wanted]


async def _of_partition(ports: PastTraffic, task: str, index: int, wanted: int) -> list[PastCase]:
    shard = review_shards(ports.partitions)[index]
    cursor = (await ports.shards.ask(shard, Cursor())).position
    stored = await _stored(ports, index, max(0, cursor - wanted), wanted)
    truths = await _truths(ports, shard, task)
    spec = ports.tasks[task]
    routed = [case for case in stored if _is_routed(case, task) and ports.vault.defined(case.record).input == spec.input]
    shown = [(case, json.loads(ports.vault.shown_of(case))) for case in routed]
    kept = [(case, payload) for case, payload in shown if not payload.get("erased")]
    return [_past(spec, case, payload, truths.get(case.record.case_id)) for case, payload in kept]


def _is_routed(case: StoredCase, task: str) -> bool:
    return case.record.task == task and not case.record.is_override


async def _stored(ports: PastTraffic, index: int, after: int, wanted: int) -> list[StoredCase]:
    found: list[StoredCase] = []
    while len(found) < wanted:
        page = await ports.intakes[index].cases(after, min(PAGE, wanted - len(found)))
        if not page:
            break
        found += page
        after = page[-1].seq
    return found


async def _truths(ports: PastTraffic, shard: str, task: str) -> dict[str, str]:
    """Return the settled label of each case; a later one replaces an earlier one."""
    truths: dict[str, str] = {}
    after = 0
    while rows := (answer := await ports.shards.ask(shard, SettledLabels(task, after, LABELS_PAGE))).labelled:
        truths |= {row.case_id: row.label for row in rows}
        after = answer.next
    return truths


def _past(spec: TaskSpec, case: StoredCase, payload: JsonObject, truth: str | None) -> PastCase:
    record = case.record
    looked_at = probability_of_a_look(record.action, record.gold_probability, record.audit_probability)
    shown = {name: value for name, value in payload.items() if name != "value" or not spec.masks}
    request = request_of(spec, shown, record)
    return PastCase(request, _prediction(case), record.at, looked_at, record.is_for_people, truth)


def _prediction(case: StoredCase) -> Prediction | None:
    record: Any = case.record
    if record.prediction is None:
        return None
    said = (record.prediction, tuple(record.probabilities), record.confidence, record.uncertainty, record.model_version)
    return Prediction(*said, raw_confidence=record.raw_confidence)
