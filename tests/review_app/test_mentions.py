"""Who is named in words about a case must be able to see it, and is told, without the words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.senders import senders
from hitl.identity.memory import MemoryKeys
from serve_app.reconcilers.outbox import Courier, OutboxTail
from serve_app.setup.records import records_of
from tests.review_app.conftest import PARTITIONS, World
from tests.review_app.test_work_for_nobody import ACCOUNTS

CONFIG = load_notifications(Path("configs/notifications.yaml").read_text(encoding="utf-8"), "notifications", {})


@pytest.fixture
async def told(world: World, valkey: Redis, tmp_path: Path) -> World:
    """The world with accounts, a real outbox and real inboxes."""
    store = MemoryKeys()
    for account in ACCOUNTS:
        await store.put_account(account)
    world.ports = replace(world.ports, accounts=store, stored=records_of(valkey, PARTITIONS, str(tmp_path)))
    world.serve()
    return world


async def carried(world: World) -> None:
    """Everything that waits in the outbox, handed over."""
    records = world.ports.records
    await OutboxTail(records.outgoing, {}, CONFIG).once()
    await Courier(records.outgoing, senders(CONFIG, records.inbox, {})).once()


async def notices(world: World, who: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.call("GET", "/v1/inbox", who)).json()["notices"]
    return found


async def escalate(world: World, reason: str, key: str = "e") -> Any:
    review = await world.claim()
    body = {"lease": review["lease"]["id"], "reason": reason}
    return await world.call("POST", f"/v1/reviews/{review['review_id']}/escalate", "reviewer", body, idempotency_key=key)


async def test_who_is_named_finds_a_notice_that_leads_to_the_case_and_holds_no_word_of_it(told: World) -> None:
    case_id = await told.case("a")
    assert (await escalate(told, "@expert, Mr Smith again? @expert")).status_code == 200
    await carried(told)
    [notice] = await notices(told, "expert")
    assert (notice["data"]["case_id"], notice["data"]["by"]) == (case_id, "reviewer")
    assert notice["title"] == "reviewer mentioned you about a case of digits"
    assert "Smith" not in str(notice)
    assert await notices(told, "reviewer-2") == []


async def test_a_repeated_request_tells_once(told: World) -> None:
    await told.case("a")
    review = await told.claim()
    body = {"lease": review["lease"]["id"], "label": "3", "comment": "@expert look"}
    path = f"/v1/reviews/{review['review_id']}/decision"
    for _ in range(2):
        assert (await told.call("POST", path, "reviewer", body, idempotency_key="d")).status_code == 200
    await carried(told)
    assert len(await notices(told, "expert")) == 1


@pytest.mark.parametrize("name", ["nobody-x", "client", "elsewhere", "gone", "restored", "approver", "Expert"])
async def test_a_name_of_nobody_who_may_see_the_case_is_refused_and_changes_nothing(told: World, name: str) -> None:
    await told.case("a")
    before = await told.state()
    refused = await escalate(told, f"ask @{name}.")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reason")
    await carried(told)
    assert await notices(told, "expert") == []
    assert before != await told.state()  # the claim alone
    assert (await told.call("GET", "/v1/leases", "reviewer")).json()["reviews"] != []


@pytest.mark.parametrize("text", ["write to ann@example.org", "5 @ 3", "@", "a@nobody-x"])
async def test_other_signs_name_nobody(told: World, text: str) -> None:
    await told.case("a")
    assert (await escalate(told, text)).status_code == 200


async def test_oneself_is_not_told(told: World) -> None:
    await told.case("a")
    assert (await escalate(told, "@reviewer: me")).status_code == 200
    await carried(told)
    assert await notices(told, "reviewer") == []


async def test_the_people_of_a_case_are_listed_by_the_beginning_of_their_names(told: World) -> None:
    await told.case("a")
    path = f"/v1/reviews/{(await told.claim())['review_id']}/people"
    assert (await told.call("GET", f"{path}?prefix=REV", "reviewer")).json() == {"people": ["reviewer", "reviewer-2"]}
    everybody = (await told.call("GET", path, "reviewer")).json()["people"]
    assert everybody == ["expert", "hearty", "operator", "reviewer", "reviewer-2"]
    assert (await told.call("GET", path, "client")).status_code == 403
    assert (await told.call("GET", path, "stranger")).status_code == 404
