"""The outbox over a real store, a journal in memory and a receiver on this machine."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.senders import senders
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.journal.entry import GENESIS, Commit, follow
from hitl.journal.memory import MemoryJournal
from hitl.outbox import Notifications
from serve_app.reconcilers.outbox import Courier, OutboxTail
from tests.outbox.receiver import Receiver, receiving

SECRET = "whsec_" + "QUJD" * 8
CONFIG = """
channels:
  hook: {{type: webhook, url: "{url}", secrets: ["{secret}"], fallback: operators}}
  operators: {{type: inbox, to: ["role:operator"]}}
rules:
  - {{name: decided, events: [DecisionFinal], channels: [hook], title: "$task: $case_id"}}
  - {{name: wanted, events: [ApprovalRequested], channels: [operators], title: "$approval_id"}}
allow_http: true
allow_networks: [127.0.0.0/8]
"""


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Office:
    """Journal, store, tail, courier and receiver. A crash is a new tail and courier over the same store."""

    def __init__(self, client: Redis, receiver: Receiver) -> None:
        self.client, self.receiver, self.clock = client, receiver, Clock()
        self.config: Notifications = load_notifications(CONFIG.format(url=receiver.url + "/hook", secret=SECRET), "test", {})
        self.journal = MemoryJournal("review-0")
        self._epoch, self._head = 0, GENESIS
        self.restart()

    def restart(self) -> None:
        self.store, self.inbox = ValkeyOutbox(self.client, self.clock), ValkeyInbox(self.client, self.clock)
        self.tail = OutboxTail(self.store, {"review-0": self.journal}, self.config)
        self.courier = Courier(self.store, senders(self.config, self.inbox, {}), self.clock, lambda: 0.0)

    async def happen(self, *events: dict[str, Any]) -> None:
        """One journal entry with ``events``."""
        await self.store.born()
        self._epoch = self._epoch or await self.journal.open_epoch()
        commit = Commit(
            self.clock.now, 1, "ann", "r", "Decide", f"c{len(await self.journal.read(0, 999))}", "f", {}, list(events)
        )
        seq = len(await self.journal.read(0, 999))
        entry = follow(self._head, seq + 1, commit.encode())
        await self.journal.append(self._epoch, seq, [entry])
        self._head = entry.hash

    async def run(self) -> None:
        await self.tail.once()
        await self.courier.once()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(each.body) for each in self.receiver.received]


def final(case: str = "c1", **fields: Any) -> dict[str, Any]:
    return {"type": "DecisionFinal", "case_id": case, "task": "digits", "label": "3", **fields}


@pytest.fixture
async def office(valkey: Redis) -> AsyncIterator[Office]:
    async with receiving() as receiver:
        yield Office(valkey, receiver)
