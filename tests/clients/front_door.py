"""The gateway before the review application, as a proxy puts both under one address."""

import re
from hashlib import shake_128
from typing import Any

from redis.asyncio import Redis
from starlette.types import ASGIApp, Receive, Scope, Send

from hitl.adapters.valkey.serving import ValkeyServing
from hitl.errors import ArtifactRejected
from hitl.identity import Principal
from hitl.identity.keys import KeyRecord, issue
from hitl.identity.memory import MemoryKeys
from hitl.machine.shards import APPROVAL
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.http.telemetry import Telemetry
from tests.review_app.conftest import PEOPLE, World

GATEWAYS = re.compile(r"/v1/tasks(/[^/]+(/decisions(:batch)?)?)?")


def key_of(name: str) -> tuple[str, KeyRecord]:
    """The same after a restart."""
    return issue(Principal(name, frozenset({PEOPLE[name]})), 0.0, shake_128(name.encode()).digest)


KEYS = {name: key_of(name) for name in PEOPLE}


class NoModels:
    """Every case is for people."""

    def get(self, digest: str) -> bytes:
        raise ArtifactRejected(digest, "there are no models here")

    def load(self, data: bytes, labels: tuple[str, ...], width: int) -> Any:
        raise AssertionError("there are no models here")


def gateway_of(world: World, client: Redis) -> Gateway:
    """A gateway over the world's intake."""
    ports = GatewayPorts(
        tasks=world.tasks,
        policies=world.ports.policies,
        intakes=world.intakes,
        serving=ValkeyServing(client, len(world.intakes)),
        journal=world.shards.shards[APPROVAL]._writer.journal,
        artifacts=NoModels(),
        load=NoModels().load,
        keys=MemoryKeys(*(record for _, record in KEYS.values())),
        telemetry=Telemetry(),
    )
    return Gateway(ports)


class FrontDoor:
    """An ASGI application. A key is its owner's name here too."""

    def __init__(self, gateway: ASGIApp, review: ASGIApp) -> None:
        self._gateway, self._review = gateway, review

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and GATEWAYS.fullmatch(scope["path"]):
            headers = [(name, _with_key(value) if name == b"authorization" else value) for name, value in scope["headers"]]
            await self._gateway({**scope, "headers": headers}, receive, send)
        else:
            await self._review(scope, receive, send)


def _with_key(header: bytes) -> bytes:
    name = header.decode("latin-1").removeprefix("Bearer ")
    return f"Bearer {KEYS[name][0]}".encode() if name in KEYS else header
