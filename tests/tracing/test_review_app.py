"""A request of the review application is a span, and its command goes on with it."""

from collections.abc import AsyncIterator

import pytest

from hitl.journal import Commit
from hitl.trace_context import TraceContext
from tests.review_app.conftest import World
from tests.tracing.in_memory import MemoryTracer, trace_id_of
from tests.tracing.traced_world import traced_world

PERSON = TraceContext("c" * 32, "d" * 16)


@pytest.fixture
async def traced() -> AsyncIterator[tuple[World, MemoryTracer]]:
    async with traced_world() as found:
        yield found


async def test_a_span_is_named_by_the_route_and_not_by_the_path(traced: tuple[World, MemoryTracer]) -> None:
    world, tracer = traced
    await world.call("GET", "/v1/reviews/nothing", "reviewer", **PERSON.headers)
    [span] = tracer.spans
    assert span.attributes is not None
    told = (span.name, trace_id_of(span), span.attributes["http.response.status_code"])
    assert told == ("GET /v1/reviews/{review_id}", PERSON.trace_id, 404)


async def test_an_answer_is_journalled_with_its_trace(traced: tuple[World, MemoryTracer]) -> None:
    world, _ = traced
    case_id = await world.case("k")
    review = await world.claim()
    await world.call(
        "POST",
        f"/v1/reviews/{review['review_id']}/decision",
        "reviewer",
        {"lease": review["lease"]["id"], "label": "3"},
        idempotency_key="k",
        **PERSON.headers,
    )
    commits = [Commit.decode(e.body) for journal in world.shards.journals.values() for e in await journal.read(0, 100)]
    traces = {commit.command: commit.traceparent[3:35] for commit in commits if commit.traceparent}
    assert (case_id == review["case_id"], traces["Decide"]) == (True, PERSON.trace_id)


async def test_without_a_tracer_no_command_has_a_trace(world: World) -> None:
    await world.case("k")
    review = await world.claim()
    await world.decide(review)
    commits = [Commit.decode(e.body) for journal in world.shards.journals.values() for e in await journal.read(0, 100)]
    assert {commit.traceparent for commit in commits} == {""}
