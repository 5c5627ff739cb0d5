"""The review application with real keys, sessions and tickets, over memory and a clock that tests move."""

import os
from dataclasses import replace
from typing import Any

import httpx2

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from hitl.machine.shards import ACCESS
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from tests.review_app.conftest import World

ORIGIN = {"origin": "http://hitl"}


class RealPeople(World):
    """``keys[name]`` is the text of the key of ann (reviewer), root (admin), olga (operator) and cleo (client)."""

    def __init__(self, **changes: Any) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.keys: dict[str, str] = {}
        self.shards.shards[ACCESS]._wall = lambda: self.now
        self.store = MemoryKeys()
        authenticator = Authenticator(self.store, lambda: self.now, self.store, lambda: self.now)
        self.door = SignIn(authenticator, MemorySessions(), MemoryOneTime(lambda: self.now), wall=lambda: self.now)
        ways = {"authenticate": authenticator.authenticate, "door": self.door, "accounts": self.store, "wall": lambda: self.now}
        self.ports = replace(self.ports, **ways, **changes)
        self.serve()

    async def settle(self) -> None:
        roles = {"ann": Role.REVIEWER, "root": Role.ADMIN, "olga": Role.OPERATOR, "cleo": Role.CLIENT}
        for name, role in roles.items():
            self.keys[name], record = issue(Principal(name, frozenset({role})), self.now, os.urandom)
            await self.store.put(record)

    async def ask(self, method: str, path: str, who: str | None = None, body: Any = None, **more: str) -> httpx2.Response:
        """With the key of ``who``, or with the cookies alone; ``more`` are headers with underscores for dashes."""
        self.now += 3  # the table of keys is never older
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if who is not None:
            headers["authorization"] = f"Bearer {self.keys[who]}"
        answer = await self.http.request(method, path, json=body, headers=headers)
        return answer

    async def sign_in(self, who: str = "ann") -> httpx2.Response:
        return await self.ask("POST", "/v1/session", who)
