"""Many decisions in one request: ``{"cases": [{"features": …, "metadata": …}, …]}``, decided one by one, answered in order.

Row i has the key of the request and i, so a repeated request finds what is stored of it and does the rest: after a crash the
same request, sent again, gives each row its one answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hitl.answers.boxes import BOX_VALUES
from hitl.errors import InvalidInput
from hitl.tasks import TaskSpec
from serve_app.decisions.batch_parser import ROWS_AT_A_TIME, RowLimits
from serve_app.decisions.case_maker import CaseMaker, DecisionRequest
from serve_app.decisions.case_queues import CaseBatcher
from serve_app.decisions.case_writer import Kept
from serve_app.decisions.decision_body import BASE_BYTES, max_body_bytes, row_bytes
from serve_app.decisions.declared_body import max_values
from serve_app.decisions.new_case import NewCase
from serve_app.http.answers import http_status, render

MAX_ROWS = 1000
MAX_BATCH_BYTES = 32 * 1024 * 1024
BESIDE_BYTES = 4096
"""Metadata of one row, on the average."""

VALUES_BESIDE = 70
"""Values of a row that are no features: its objects, and the most metadata that it may have, names counted."""

FILES_BEFORE = ": bring its file before the batch with PUT /v1/tasks/{task}/blobs, and name it by its handle"
"""A thousand files in one request would lie in memory at once, and be decoded one after the other before its answer."""

Refuse = Callable[[Exception], tuple[int, bytes]]
"""The status and the problem document of a row's error."""

Batchers = Sequence[CaseBatcher]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """The outcome of one row: an HTTP status, and the JSON object that a request of its own would have got."""

    status: int
    body: bytes


def max_bytes(spec: TaskSpec) -> int:
    """Return the longest body."""
    return min(MAX_BATCH_BYTES, BASE_BYTES + MAX_ROWS * (BESIDE_BYTES + row_bytes(spec)))


def row_limits(spec: TaskSpec) -> RowLimits:
    beside = 4 + 2 * spec.parts + BOX_VALUES * len(spec.fields.names) if spec.fields else 0  # scores and boxes
    value = spec.fields.most_values + beside if spec.fields else 0
    declared = max_values(len(spec.labels)) + value if spec.is_declared else 0
    advice = "" if spec.input.files is None else FILES_BEFORE
    return RowLimits(MAX_ROWS, max_body_bytes(spec), spec.input.most_values + VALUES_BESIDE + declared, advice)


@dataclass(frozen=True, slots=True)
class Ways:
    """What makes the cases of a batch, where they wait, and what notes the files that they name before."""

    maker: CaseMaker
    batchers: Batchers
    claimed: Callable[[list[NewCase | Exception]], Awaitable[list[NewCase | Exception]]]


async def decide_rows(rows: list[Any], asked: DecisionRequest, ways: Ways, refuse: Refuse) -> list[RowOutcome]:
    """Return the outcome of each row, in order, once all are known. Raises Overloaded, before anything is done, when the batch
    would not fit behind what waits."""
    maker, batchers = ways.maker, ways.batchers
    for batcher in batchers:
        batcher.require_room(len(rows))
    secret, cases = await maker.secret(), list[NewCase | Exception]()
    for i, row in enumerate(rows):
        if i % ROWS_AT_A_TIME == ROWS_AT_A_TIME - 1:
            await asyncio.sleep(0)
        cases.append(_made(row, replace(asked, key=f"{asked.key}\x00{i}"), secret, maker))
    if asked.spec.input.files is not None:
        cases = await ways.claimed(cases)
    outcomes = await asyncio.gather(*(_settled(case, batchers) for case in cases), return_exceptions=True)
    return [_row(outcome, refuse) for outcome in outcomes]


def _made(row: Any, asked: DecisionRequest, secret: bytes, maker: CaseMaker) -> NewCase | Exception:
    """No client can send the NUL in a row's key: rows never meet a request of their own."""
    try:
        if isinstance(row, InvalidInput):
            raise row
        if type(row) is not dict:
            raise InvalidInput("", "an object with features and metadata")
        return maker.make(asked, secret, row)
    except Exception as error:  # noqa: BLE001 - the row's own: the border renders it like that of a single request
        return error


def _settled(case: NewCase | Exception, batchers: Batchers) -> asyncio.Future[Kept]:
    """Return the place of a case in its micro-batch; all are taken before any batch begins."""
    try:
        if isinstance(case, Exception):
            raise case
        return batchers[case.partition].enqueue(case)
    except Exception as error:  # noqa: BLE001 - as above
        failed: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        failed.set_exception(error)
        return failed


def _row(outcome: Kept | BaseException, refuse: Refuse) -> RowOutcome:
    if isinstance(outcome, Kept):
        return RowOutcome(http_status(outcome.record), render(outcome.record, outcome.payload))
    if isinstance(outcome, Exception):
        return RowOutcome(*refuse(outcome))
    raise outcome


def rendered(rows: Sequence[RowOutcome]) -> bytes:
    """Return ``{"results": [{"status": …, "body": {…}}, …]}``."""
    return b'{"results":[' + b",".join(b'{"body":%s,"status":%d}' % (row.body, row.status) for row in rows) + b"]}"
