"""What training may learn from: decided cases with their input, page by page."""

import asyncio
import json
import re
from dataclasses import fields
from typing import Annotated

from fastapi import APIRouter, Query

from hitl.answers.labels import AS_DECLARED
from hitl.errors import Forbidden, InvalidRequest, StoreUnavailable
from hitl.identity import Role
from hitl.intake import StoredCase
from hitl.machine.shards import review_shard
from hitl.partitioning import Partitioning
from hitl.review import Examples
from hitl.review.views import DecidedExample
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.finding import kept_case
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.examples import TrainingExample, TrainingExamples
from serve_app.setup.case_words import words_of_case
from serve_app.setup.clear_values import ReadingPurpose

router = APIRouter(tags=["examples"], route_class=StrictRoute)

READS_AT_ONCE = 16
"""Each read takes a connection to the store: a page of 1,000 must not open as many."""

CURSOR = re.compile(r"\d{1,15}(\.\d{1,15})*")
Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[str | None, Query(max_length=1024, description="the cursor of the page before")]


@router.get("/v1/examples", summary="Decided cases with features and label, in a stable order (trainer)")
async def list_examples(
    task: str, ports: PortsOf, caller: AnyCaller, after: After = None, limit: Limit = 500
) -> TrainingExamples:
    """``next`` is the cursor of the next page: the positions read in each partition. A page with fewer than ``limit``
    examples is the last one for now. Inputs are clear, sealed ones too: the access journal tells of each page with such. What the
    vault holds is left out until its term ends: it proves what models are worth that did not learn from it."""
    _require_trainer(caller)
    ports.task(task, caller.principal)
    cursor, rows = _positions(after, ports.partitioning), list[TrainingExample]()
    start = _cursor_text(cursor)
    while len(rows) < limit and (page := await _page(ports, task, cursor, limit - len(rows))):
        end = _cursor_text(cursor)
        rows += [row for row in await _with_inputs(ports, page, f"{start}..{end}", caller) if row is not None]
        start = end
    return TrainingExamples(rows, _cursor_text(cursor))


async def _page(ports: ApiPorts, task: str, cursor: list[int], limit: int) -> list[DecidedExample]:
    """Return up to ``limit`` decided cases; moves ``cursor`` behind them."""
    found: list[DecidedExample] = []
    for partition in range(ports.partitions):
        page = await ports.shards.ask(review_shard(partition), Examples(task, cursor[partition], limit - len(found)))
        found += page.examples
        cursor[partition] = page.next
        if len(found) >= limit:
            break
    return found


async def _with_inputs(ports: ApiPorts, page: list[DecidedExample], span: str, caller: Caller) -> list[TrainingExample | None]:
    """None for a case that was erased: nothing may be learned from it. Without those that the vault holds, whose inputs are not
    even opened."""
    reading, now = asyncio.Semaphore(READS_AT_ONCE), ports.wall()
    found = await asyncio.gather(*(_stored(ports, example, reading) for example in page))
    pairs = [(example, case) for example, case in zip(page, found, strict=True) if not case.record.is_vaulted(now)]
    cases = [case for _, case in pairs]
    clear_of = await ports.clear_values.admit(cases, ReadingPurpose.TRAINING, span, caller.reading("examples for training"))
    shown = [(words_of_case(ports.vault, case).shown(example), case) for example, case in pairs]
    return [_example(example, case, clear_of(case)) for example, case in shown]


async def _stored(ports: ApiPorts, example: DecidedExample, reading: asyncio.Semaphore) -> StoredCase:
    async with reading:
        case = await kept_case(ports, example.case_id)
    if case is None:
        raise StoreUnavailable(f"case {example.case_id} is not in the intake")
    return case


def _example(example: DecidedExample, case: StoredCase, clear: bytes | None) -> TrainingExample | None:
    if clear is None:
        return None
    known = {each.name: getattr(example, each.name) for each in fields(example)}
    came = json.loads(clear)
    if example.label == AS_DECLARED:
        known["value"] = came.get("value")
    record = case.record
    model_version, model_confidence = record.model_version, record.confidence
    return TrainingExample(**known, features=came["features"], model_version=model_version, model_confidence=model_confidence)


def _require_trainer(caller: Caller) -> None:
    """The role itself, which no other one holds: whoever reads examples reads sealed inputs. Raises Forbidden."""
    if Role.TRAINER not in caller.principal.roles:
        raise Forbidden(caller.principal.id, "read examples")


def _cursor_text(cursor: list[int]) -> str:
    """Return the inverse of ``_positions``."""
    return ".".join(map(str, cursor))


def _positions(cursor: str | None, partitioning: Partitioning) -> list[int]:
    """A cursor from before partitions were added has read nothing of these. Raises InvalidRequest for one that is not ours."""
    if cursor is None:
        return [0] * partitioning.partitions
    if not CURSOR.fullmatch(cursor) or cursor.count(".") + 1 not in partitioning.counts:
        raise InvalidRequest("query after", "the cursor of the page before")
    read = [int(position) for position in cursor.split(".")]
    return read + [0] * (partitioning.partitions - len(read))
