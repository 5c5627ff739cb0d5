"""The alerts as the keeper evaluates them, on live shards and a real store."""

from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.alerts import ValkeyAlerts
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.client.runner import run_workflow
from hitl.errors import Recovering, SinkAway
from hitl.machine.shards import APPROVAL
from hitl.outbox import DeliveryStatus, Notifications
from hitl.outbox.rules import AlertRule, Channel
from serve_app.reconcilers.alerts import AlertWatch, no_runs, seldom
from tests.review_app.conftest import World
from tests.review_app.test_approvals import FIRST, ask, vote
from tests.review_app.test_workflow_runners import client


def watching(world: World, client: Redis, rule: dict[str, Any], **other: Any) -> AlertWatch:
    config = Notifications(channels={"box": Channel(type="inbox", to=("role:operator",))}, alerts=(AlertRule(**rule),))

    async def dead() -> int:
        return await ValkeyOutbox(client).size(DeliveryStatus.DEAD)

    return AlertWatch(ValkeyAlerts(client), world.shards, config, dead, **other)


async def told(client: Redis) -> list[str]:
    return sorted(each.kind for each in await ValkeyOutbox(client).deliveries(DeliveryStatus.WAITING, 0, 99))


async def test_a_waiting_approval_fires_once_and_its_end_resolves(world: World, valkey: Redis) -> None:
    await ask(world, FIRST)
    rule = {"name": "late", "watch": "oldest_pending_approval_s", "threshold": 300, "channels": ["box"]}
    watch = watching(world, valkey, rule, wall=lambda: world.ports.wall() + 301)
    await watch.once()
    await watch.once()
    assert await told(valkey) == ["alert.fired"]
    await vote(world, "approver", "digits-1", FIRST, vote="reject")
    await watch.once()
    assert await told(valkey) == ["alert.fired", "alert.resolved"]


def test_runs_are_asked_for_at_most_every_so_often() -> None:
    answers, now = iter([[("a", "failed")], SinkAway("mlflow", "away"), [("a", "succeeded")]]), [0.0]

    def ask_mlflow() -> list[tuple[str, str]]:
        answer = next(answers)
        if isinstance(answer, SinkAway):
            raise answer
        return answer

    runs = seldom(ask_mlflow, 30.0, lambda: now[0])
    assert runs() == runs() == [("a", "failed")]
    now[0] = 30.0
    with pytest.raises(SinkAway):
        runs()
    assert runs() == [("a", "succeeded")]


async def failed_workflow(world: World) -> str:
    async def fail(taken: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("bad schema")

    body = {"name": "nightly", "experimentName": "digits-nightly", "stages": [{"type": "training"}]}
    name = (await world.call("POST", "/v1/workflows", "trainer", body, idempotency_key="w")).json()["workflow_id"]
    await world.call("POST", f"/v1/workflows/{name}/execute", "trainer", idempotency_key="e")
    await run_workflow(client(world, "trainer"), name, {"training": fail})
    return f"/v1/workflows/{name}"


@pytest.mark.covers("000-71")
async def test_a_failing_experiment_is_retried_once_and_then_a_persons(world: World, valkey: Redis) -> None:
    at = await failed_workflow(world)
    rule = {"name": "f", "watch": "consecutive_run_failures", "threshold": 3, "channels": ["box"], "auto_retry": True}
    watch = watching(world, valkey, rule, runs=lambda: [("digits-nightly", "failed")] * 3)
    assert (await world.call("GET", at, "operator")).json()["status"] == "failed"
    await watch.once()
    await watch.once()
    assert (await world.call("GET", at, "operator")).json()["status"] == "running"
    assert await told(valkey) == ["alert.fired"]


@pytest.mark.parametrize("away", ["shard", "mlflow"])
async def test_what_cannot_be_read_changes_no_alert(world: World, valkey: Redis, away: str) -> None:
    kind = "pending_deployment_approvals" if away == "shard" else "consecutive_run_failures"
    rule = {"name": "r", "watch": kind, "threshold": 1, "channels": ["box"]}
    await ask(world, FIRST)
    await watching(world, valkey, rule, runs=lambda: [("e", "failed")]).once()
    world.shards.away.add(APPROVAL)

    def nothing_answers() -> list[tuple[str, str]]:
        raise SinkAway("http://mlflow", "refused")

    with pytest.raises((Recovering, SinkAway)):
        await watching(world, valkey, rule, runs=nothing_answers).once()
    assert await told(valkey) == ["alert.fired"]


async def test_without_mlflow_no_run_has_failed() -> None:
    assert no_runs() == []
