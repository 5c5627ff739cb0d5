"""What made-up requests are sent to: both applications in process, over memory and a real store, and their whole document."""

import asyncio
import tempfile
import threading
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2

from hitl.adapters.valkey.alerts import ValkeyAlerts
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.identity import Principal, Role
from hitl.outbox import Delivery
from hitl.outbox.delivery import Attempt, settle
from serve_app.setup.records import Records
from tests.edge.stage import ROLES, Stage
from tests.valkey_process import ValkeyProcess

EVERYBODY = "everybody"
"""An account with every role: what refuses it refuses for another reason than the role."""

WHO = [EVERYBODY, *ROLES]
DEAD = Delivery("approval-1-1", "hook", "Deployed", "digits: deployed", {"data": {"task": "digits"}}, 1.0)
FEATURES = {"type": "array", "minItems": 64, "maxItems": 64, "items": {"type": "number", "minimum": 0, "maximum": 16}}
METADATA = {"type": "object", "maxProperties": 8, "additionalProperties": {"type": ["string", "boolean"]}}
CASE = {
    "type": "object",
    "required": ["features"],
    "additionalProperties": False,
    "properties": {"features": FEATURES, "metadata": METADATA},
}
CASES = {
    "type": "object",
    "required": ["cases"],
    "additionalProperties": False,
    "properties": {"cases": {"type": "array", "minItems": 1, "maxItems": 20, "items": CASE}},
}


class FuzzStage:
    """A Stage that lives in a loop of its own, since schemathesis and hypothesis wait for no loop. ``document`` is OpenAPI's;
    ``named`` are things that exist, by the names of parameters in paths."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._folder = tempfile.TemporaryDirectory()
        self._store = ValkeyProcess(Path(self._folder.name))
        self._store.start()
        self.stage, self.document = self.wait(self._made())
        self.named: dict[str, Any] = self.stage.named

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What ``work`` comes to in the stage's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def seqs(self) -> dict[str, int]:
        """Where each journal ends."""
        return {name: shard.seq for name, shard in self.stage.shards.shards.items()}

    def close(self) -> None:
        self.wait(self._closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._store.kill()
        self._folder.cleanup()

    async def _made(self) -> tuple[Stage, dict[str, Any]]:
        stage, self._client = Stage(), connect(self._store.url)
        stored = Records(
            stage.shards.journals,
            ValkeyOutbox(self._client),
            ValkeyInbox(self._client),
            ValkeyAlerts(self._client),
            ValkeyMetrics(self._client),
        )
        stage.ports = replace(stage.ports, stored=stored)
        stage.review.state.ports = stage.ports
        await stage.shards.start()
        await stage.arrange()
        await _dead_letter(stored.outgoing)
        stage.keys[EVERYBODY] = await stage.key(Principal(EVERYBODY, frozenset(Role)))
        stage.named |= {f"{name}_id": stage.named[name] for name in ("case", "review", "approval")}
        stage.named |= {"task": "digits", "queue": "digits", "shard": "approval", "user_id": EVERYBODY, "account": "reviewer"}
        stage.named |= {"delivery_id": DEAD.id}
        return stage, _whole((await stage.http.get("/openapi.json")).json())

    async def _closed(self) -> None:
        await self.stage.close()
        await self._client.aclose()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def send(self, request: httpx2.Request) -> httpx2.Response:
        self.stage.http.cookies.clear()
        answer: httpx2.Response = await self.stage.http.send(request)
        return answer


async def _dead_letter(outgoing: ValkeyOutbox) -> None:
    """One delivery that failed for good, for the routes that look for such."""
    await outgoing.enqueue("approval", 0, (1, "h"), [DEAD])
    attempt = Attempt(2.0, 0.1, "the receiver answered 404", is_permanent=True)
    await outgoing.settled(settle(DEAD, attempt, lambda: 0.0), attempt)


def _whole(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the gateway's routes, which has none of its own, as README describes them."""
    answers = next(iter(document["paths"]["/v1/models"].values()))["responses"]
    problems = {status: answer for status, answer in answers.items() if status >= "4"} | {"200": {"description": "answered"}}
    task = {"name": "task", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        "/v1/tasks": {"get": {"responses": problems}},
        "/v1/tasks/{task}": {"get": {"parameters": [task], "responses": problems}},
        "/v1/tasks/{task}/decisions": {"post": {"parameters": [task], **_posted(CASE, problems)}},
        "/v1/tasks/{task}/decisions:batch": {"post": {"parameters": [task], **_posted(CASES, problems)}},
    }
    return {**document, "paths": {**document["paths"], **paths}}


def _posted(schema: dict[str, Any], problems: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, "responses": {**problems, "202": {"description": "people decide"}}}
