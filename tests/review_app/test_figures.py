"""The figures over HTTP, after a reviewer's day on live shards."""

import pytest
from redis.asyncio import Redis

from hitl.routing.route import Action
from serve_app.reconcilers.metrics import MetricsTail
from tests.review_app.conftest import World
from tests.review_app.test_outbox_routes import stored

__all__ = ["stored"]


async def counted(world: World) -> None:
    await MetricsTail(world.ports.records.metrics, world.shards.journals, world.intakes).once()


@pytest.mark.covers("000-25", "003-63")
async def test_a_decided_review_is_in_the_figures_of_its_task(stored: World, valkey: Redis) -> None:
    for key in ("a", "b", "c", "d"):
        await stored.case(key, Action.AUTOMATIC)
    await stored.case("e")
    await stored.decide(await stored.claim())
    await counted(stored)
    told = (await stored.call("GET", "/v1/metrics/figures", "operator")).json()["tasks"]["digits"]
    assert told["figures"]["automationRate"] | {"definition": ""} == {"value": 0.8, "n": 5, "unit": "share", "definition": ""}
    assert told["figures"]["averageResponseTime"]["n"] == 1
    system = (await stored.call("GET", "/v1/metrics/system", "operator")).json()
    assert system["processing_metrics"]["total_decisions"] == 5
    assert system["processing_metrics"]["avg_processing_time_ms"] == pytest.approx(1.0)
    assert system["queue_status"] == {"total_pending": 0, "by_priority": {"urgent": 0, "high": 0, "normal": 0, "low": 0}}
    assert system["system_health"]["active_reviewers"] == 1
    scraped = (await stored.call("GET", "/v1/metrics/prometheus", "operator")).text
    assert 'hitl_automation_rate{task="digits"} 0.8' in scraped
    assert "by:" not in scraped


async def test_the_outbox_and_its_retries_are_in_the_metrics(stored: World) -> None:
    counts = (await stored.call("GET", "/v1/metrics", "operator")).json()["outbox"]
    assert (counts["attempts"], counts["retries"], counts["dead"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/v1/metrics/figures?from=2026-01-02&to=2026-01-01", "operator", 400),
        ("/v1/metrics/figures?from=yesterday", "operator", 400),
        ("/v1/metrics/figures?from=1026-01-02&to=2026-01-01", "operator", 400),
        ("/v1/metrics/figures", "client", 403),
        ("/v1/metrics/prometheus", "reviewer", 403),
        ("/v1/metrics/system", None, 401),
    ],
)
async def test_wrong_questions_are_refused(stored: World, path: str, who: str | None, status: int) -> None:
    assert (await stored.call("GET", path, who)).status_code == status


async def test_another_tasks_figures_are_not_shown(stored: World) -> None:
    await stored.case("a", Action.AUTOMATIC)
    await counted(stored)
    assert (await stored.call("GET", "/v1/metrics/figures", "stranger")).json()["tasks"] == {}
    assert set((await stored.call("GET", "/v1/metrics/figures?from=1970-01-01&to=1970-01-01", "operator")).json()["tasks"]) == {
        "digits"
    }
