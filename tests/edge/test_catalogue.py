"""The catalogue of bad input, row by row: a problem document that repeats nothing, and nothing has changed."""

from collections.abc import AsyncIterator

import pytest

from tests.edge.bodies import BODIES
from tests.edge.doors import DOORS
from tests.edge.sockets import SOCKETS
from tests.edge.stage import Stage
from tests.edge.things import THINGS
from tests.edge.wire import WIRE

ROWS = BODIES | THINGS | DOORS | WIRE | SOCKETS

CANNOT_APPLY = {
    41: "nothing is exported as CSV: the audit trail and the examples leave as JSON, which a spreadsheet does not execute",
    52: "one request is one case, so that a batch has no size: rows in features are row 50",
    53: "inputs are numbers, fields and text: no image is ever decoded",
    84: "there are no passwords: a key has 256 random bits, and guessing it is hopeless at any rate; row 85 bounds the rate",
}
"""Rows of the catalogue that this product has no place for."""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    await made.shards.start()
    await made.arrange()
    yield made
    await made.close()


@pytest.mark.covers("D22")
@pytest.mark.parametrize("row", sorted(ROWS))
async def test_row(stage: Stage, row: int) -> None:
    for probe in ROWS[row]:
        await probe(stage)


def test_every_row_is_shown_or_says_why_it_cannot_apply() -> None:
    assert sorted(ROWS.keys() | CANNOT_APPLY.keys()) == list(range(1, 97))
    assert not ROWS.keys() & CANNOT_APPLY.keys()
