"""The audit trail and its report over HTTP and by command, from the journals of live shards."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from typer.testing import CliRunner

from hitl.cli.main import app
from hitl.journal.entry import GENESIS, Commit, follow
from serve_app.api.app import review_app
from tests.fakes.history import filled
from tests.review_app.conftest import World, world
from tests.review_app.test_outbox_routes import stored

__all__ = ["stored", "world"]


@pytest.fixture
async def audited(stored: World, valkey: Redis) -> World:
    """A world whose records read what its shards write; one case was decided in it."""
    stored.ports = replace(stored.ports, stored=replace(stored.ports.records, journals=stored.shards.journals))
    transport = httpx2.ASGITransport(review_app(stored.ports), raise_app_exceptions=False)
    stored.http = httpx2.AsyncClient(transport=transport, base_url="http://hitl")
    await stored.case("a")
    await stored.decide(await stored.claim())
    return stored


async def lines(world: World, query: str = "", who: str = "operator") -> list[dict[str, Any]]:
    answer = await world.call("GET", f"/v1/audit{query}", who)
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.covers("000-76")
async def test_a_decision_is_told_with_what_was_seen(audited: World) -> None:
    (row,) = [row for row in await lines(audited) if row["saw"]]
    assert (row["by"], row["saw"], row["versions"]["model_version"]) == ("reviewer", "p", "d" * 64)
    assert row["looked_s"] >= 0


async def test_a_page_a_subject_and_a_period_narrow_the_trail(audited: World) -> None:
    everything = await lines(audited)
    shard, subject = everything[0]["shard"], everything[0]["subjects"][0]
    assert await lines(audited, f"?shard={shard}&after=1&limit=1") == [everything[1]]
    assert await lines(audited, f"?subject={subject}") == everything
    assert await lines(audited, "?to=1999-01-01") == []
    assert {row["by"] for row in await lines(audited, "?by=reviewer")} == {"reviewer"}


async def test_the_newest_rows_are_asked_for_alone(audited: World) -> None:
    everything = await lines(audited)
    assert await lines(audited, "?last=2") == everything[-2:]


async def test_every_chain_is_walked_and_a_changed_entry_is_named(audited: World) -> None:
    (row, *_) = [row for row in await walked(audited) if row["entries"]]
    assert (row["holds"], row["problem"]) == (True, None)
    journal = audited.ports.records.journals[row["shard"]]
    entries = await journal.read(0, 1)
    changed = entries[0]._replace(body=entries[0].body + b" ")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "read", lambda after, limit: page([changed] if after == 0 else []))
        (broken,) = [each for each in await walked(audited) if not each["holds"]]
    assert (broken["shard"], broken["entries"]) == (row["shard"], 0)
    assert "entry 1" in broken["problem"]


async def page(entries: list[Any]) -> list[Any]:
    return entries


async def walked(world: World) -> list[dict[str, Any]]:
    return list((await world.call("GET", "/v1/audit/verify", "operator")).json()["shards"])


async def test_the_report_counts_the_decided_case(audited: World) -> None:
    told = (await audited.call("GET", "/v1/audit/report", "operator")).json()["tasks"]["digits"]
    assert (told["flagged"]["count"], told["decided_by_person"]["share"]) == (1, 1.0)


async def test_other_tasks_history_is_not_told(audited: World) -> None:
    assert {row["tasks"][0] for row in await lines(audited, who="operator-of-digits")} == {"digits"}


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/v1/audit", "reviewer", 403),
        ("/v1/audit", None, 401),
        ("/v1/audit?shard=none", "operator", 404),
        ("/v1/audit?from=2026-01-02&to=2026-01-01", "operator", 400),
        ("/v1/audit/report?from=soon", "operator", 400),
        ("/v1/audit/report", "approver", 403),
    ],
)
async def test_wrong_questions_are_refused(audited: World, path: str, who: str | None, status: int) -> None:
    assert (await audited.call("GET", path, who)).status_code == status


def test_the_command_writes_the_trail_and_the_report(valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITL_REDIS_URL", valkey_url)
    event = filled({"type": "ReviewOpened", "task": "digits", "case_id": "c", "review_id": "c-1", "purpose": "review"})
    entry = follow(GENESIS, 1, Commit(10.0, 1, "intake", "r", "OpenReview", "i", "f", {}, [event]).encode())
    with BlockingRedis.from_url(valkey_url) as client:
        client.xadd("hitl:{review-0}:journal", {"b": entry.body, "h": entry.hash}, id="1-0")
    run, target = CliRunner(), tmp_path / "audit.jsonl"
    assert "1 entries" in run.invoke(app, ["audit", "export", "-o", str(target)]).stdout
    assert json.loads(target.read_text())["subjects"] == ["c"]
    told = json.loads(run.invoke(app, ["audit", "report", "--from", "1970-01-01", "--to", "1970-01-01"]).stdout)
    assert told["tasks"]["digits"]["unverified"]["count"] == 1
    assert "<h1>Compliance report" in run.invoke(app, ["audit", "report", "--html"]).stdout
