"""The review application over memory, traced into this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.review_app.conftest import World
from tests.tracing.in_memory import MemoryTracer


@asynccontextmanager
async def traced_world() -> AsyncIterator[tuple[World, MemoryTracer]]:
    world, tracer = World(), MemoryTracer()
    world.ports = replace(world.ports, tracer=tracer)
    world.serve()
    await world.shards.start()
    yield world, tracer
    await world.http.aclose()
    await world.shards.stop()
