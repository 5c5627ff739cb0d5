"""The application with votes from outside."""

from collections.abc import AsyncIterator

import pytest

from tests.chat.worlds import ChatWorld
from tests.review_app.conftest import World


@pytest.fixture
async def chat() -> AsyncIterator[ChatWorld]:
    world = World()
    await world.shards.start()
    made = ChatWorld(world)
    await made.start()
    yield made
    await world.http.aclose()
    await world.shards.stop()
