"""A uvicorn server in this process, on a loop of either kind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import uvicorn

T = TypeVar("T")


def while_served(app: Any, loop: str, talk: Callable[[uvicorn.Server], Awaitable[T]], **terms: Any) -> T:
    """Return what ``talk`` does while ``app`` is served on a ``loop`` of this kind."""
    config = uvicorn.Config(app, port=0, loop=loop, http="httptools", lifespan="off", **terms)  # type: ignore[arg-type]

    async def run() -> T:
        async with _served(uvicorn.Server(config)) as server:
            return await talk(server)

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        return runner.run(run())


def port_of(server: uvicorn.Server) -> int:
    """Return the port on which the server listens."""
    return int(server.servers[0].sockets[0].getsockname()[1])


@asynccontextmanager
async def _served(server: uvicorn.Server) -> AsyncIterator[uvicorn.Server]:
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells by this alone
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await serving
