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


def test_every_row_of_the_catalogue_is_sent() -> None:
    assert sorted(ROWS) == list(range(1, 97))
