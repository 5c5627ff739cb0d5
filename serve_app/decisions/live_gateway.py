"""A gateway that takes up changed definitions while it runs: the next gateway is built whole, and takes the place of the old one.

Every case is parsed, predicted, routed and stored by one gateway under one set of definitions. The store refuses what the old one
would still append of a task that has changed, as it does after a model's swap."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from hitl.approval.definitions import DefinitionReader
from hitl.errors import HitlError
from hitl.tasks.book import TaskBook
from serve_app.decisions.app import Gateway
from serve_app.http.lifespan import live
from serve_app.http.telemetry import json_log
from serve_app.setup.definitions import FOLLOW_EVERY_S

DRAIN_LOOK_S = 0.05

PREPARE_AFTER_S = 10.0
"""Of serving. An import takes seconds of the processor, and more of the interpreter: before that the parts of a start, or of a
recovery, want both."""

log = json_log()

MakeGateway = Callable[[TaskBook], Gateway]
"""Makes the gateway of the tasks in force in a book that changes no more."""

Prepare = Callable[[TaskBook], None]
"""Does what the models of the tasks in force may need and takes long, such as imports; in a thread, while a gateway serves."""


@dataclass(slots=True)
class _Serving:
    """A started gateway, the definitions that it was made of, and how many requests it has in hand."""

    gateway: Gateway
    known: frozenset[tuple[str, int]]
    requests: int = 0


class LiveGateway:
    """An ASGI application in front of the gateway of the definitions in force."""

    def __init__(
        self,
        book: TaskBook,
        reader: DefinitionReader,
        make: MakeGateway,
        prepare: Prepare,
        prepare_after_s: float = PREPARE_AFTER_S,
    ) -> None:
        self._book, self._reader, self._make, self._prepare = book, reader, make, prepare
        self._prepare_after_s = prepare_after_s
        self._serving: _Serving | None = None
        self._watch: asyncio.Task[None] | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._retiring = set[asyncio.Task[None]]()
        self._refreshing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self.start, self.stop)
            return
        await self._ask(lambda gateway: gateway(scope, receive, send))

    async def decide(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request that nothing else sees, with its id on the answer."""
        await self._ask(lambda gateway: gateway.answer(scope, receive, send, tells_request_id=True))

    async def start(self) -> None:
        """Serve the definitions in force, and follow them. What models need that do not serve yet is prepared a little later:
        neither a first deployment nor a start waits for it."""
        await self._begun()
        self._preparing = asyncio.create_task(self._prepare_in_advance())
        self._watch = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Finish what was accepted, then stop."""
        if ending := [task for task in (self._watch, self._preparing) if task is not None]:
            for task in ending:
                task.cancel()
            await asyncio.wait(ending)
        if self._retiring:
            await asyncio.wait(self._retiring)
        if self._serving is not None:
            await self._serving.gateway.stop()

    def check_health(self) -> None:
        """Raises RuntimeError when a watch has ended: the replica would keep old models or definitions."""
        if self._watch is not None and self._watch.done():
            raise RuntimeError("the watch over the definitions has ended")
        if self._serving is not None:
            self._serving.gateway.check_health()

    async def refresh(self) -> None:
        """Take up what came into force since. Raises a HitlError where that cannot be read, or the next gateway cannot be made:
        the old one serves on, and the next look tries again."""
        async with self._refreshing:
            await self._reader.refresh(self._book)
            if self._serving is not None and self._serving.known != self._book.known:
                old = self._serving
                await asyncio.to_thread(self._prepare, self._book.copy())
                self._serving = await self._started()
                log.info("definitions adopted", tasks=sorted(self._book.in_force()))
                retiring = asyncio.create_task(self._retire(old))
                self._retiring.add(retiring)
                retiring.add_done_callback(self._retiring.discard)

    async def _begun(self) -> _Serving:
        try:
            await self._reader.refresh(self._book)
        except HitlError as error:
            log.warning("definitions not read", why=str(error))
        async with self._refreshing:
            if self._serving is None:
                self._serving = await self._started()
        return self._serving

    async def _started(self) -> _Serving:
        known, book = self._book.known, self._book.copy()
        gateway = self._make(book)
        with suppress(HitlError):  # its own watch looks again at once
            await gateway.models.refresh()
        await gateway.start()
        return _Serving(gateway, known)

    async def _ask(self, answer: Callable[[Gateway], Awaitable[None]]) -> None:
        """Have the gateway of now answer, which stays until it has."""
        serving = self._serving or await self._begun()
        serving.requests += 1
        try:
            await answer(serving.gateway)
        finally:
            serving.requests -= 1

    async def _prepare_in_advance(self) -> None:
        await asyncio.sleep(self._prepare_after_s)
        try:
            await asyncio.to_thread(self._prepare, self._book.copy())
        except Exception as error:  # noqa: BLE001 - whoever loads such a model meets it again, and says so
            log.error("not prepared", why=repr(error))

    async def _follow(self) -> None:
        while True:
            try:
                await self.refresh()
            except HitlError as error:
                log.warning("definitions not read", why=str(error))
            await asyncio.sleep(FOLLOW_EVERY_S)

    async def _retire(self, old: _Serving) -> None:
        while old.requests:  # noqa: ASYNC110 - a request ends in seconds, and nobody tells when the last one did
            await asyncio.sleep(DRAIN_LOOK_S)
        await old.gateway.stop()
