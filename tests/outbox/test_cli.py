"""``hitl outbox`` on a real store."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.cli.main import app
from hitl.outbox import Delivery
from hitl.outbox.delivery import Attempt, settle


async def _one_dead(url: str) -> None:
    client = connect(url)
    store, delivery = ValkeyOutbox(client), Delivery("review-0-1-1", "hook", "DecisionFinal", "t", {}, 1.0)
    await store.enqueue("review-0", 0, (1, "h"), [delivery])
    attempt = Attempt(2.0, 0.1, "gone", is_permanent=True)
    await store.settled(settle(delivery, attempt, lambda: 0.0), attempt)
    await client.aclose()


def test_the_dead_are_listed_and_sent_again(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITL_REDIS_URL", valkey_url)
    asyncio.run(_one_dead(valkey_url))
    run = CliRunner()
    listed = json.loads(run.invoke(app, ["outbox", "list", "--json"]).stdout)
    assert [(row["id"], row["last_error"]) for row in listed["deliveries"]] == [("review-0-1-1", "gone")]
    assert json.loads(run.invoke(app, ["outbox", "log", "--json"]).stdout)[0]["error"] == "gone"
    assert "1 will be sent again" in run.invoke(app, ["outbox", "replay"]).stdout
    assert "0 will be sent again" in run.invoke(app, ["outbox", "replay", "review-0-1-1"]).stdout
