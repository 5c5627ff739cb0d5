"""What somebody may do with the headers of a trace, and what a collector learns: somebody else runs it."""

from collections.abc import AsyncIterator

import pytest

from hitl.trace_context import read_trace_context
from tests.review_app.conftest import World
from tests.tracing.in_memory import MemoryTracer
from tests.tracing.traced_world import traced_world

TOKEN = "v1.secret-of-a-signed-link"


@pytest.fixture
async def traced() -> AsyncIterator[tuple[World, MemoryTracer]]:
    async with traced_world() as found:
        yield found


@pytest.mark.parametrize("path", [f"/v1/votes/{TOKEN}", f"/nothing/{TOKEN}", f"/v1/queues?{TOKEN}=1"])
async def test_a_collector_learns_no_link_and_no_query(traced: tuple[World, MemoryTracer], path: str) -> None:
    world, tracer = traced
    await world.call("GET", path, "reviewer")
    told = [(span.name, dict(span.attributes or {})) for span in tracer.spans]
    assert told
    assert TOKEN not in repr(told)


async def test_a_collector_learns_no_key(traced: tuple[World, MemoryTracer]) -> None:
    world, tracer = traced
    await world.call("GET", "/v1/queues", "reviewer")
    assert "reviewer" not in repr([dict(span.attributes or {}) for span in tracer.spans])


@pytest.mark.parametrize("method", ["BREW", "G" * 200, "GET\x00"])
async def test_a_made_up_method_makes_no_name_of_its_own(traced: tuple[World, MemoryTracer], method: str) -> None:
    world, tracer = traced
    await world.call(method, "/v1/queues", "reviewer")
    assert {span.name.split(" ")[0] for span in tracer.spans} == {"_OTHER"}


@pytest.mark.parametrize("state", ["a=1\r\nx-admin: 1", "a" * 100_000, "a=\x1b[31m"])
def test_nothing_but_a_short_printable_state_is_handed_on(state: str) -> None:
    found = read_trace_context("00-" + "a" * 32 + "-" + "b" * 16 + "-01", state)
    assert found is not None
    assert found.headers.keys() == {"traceparent"}
