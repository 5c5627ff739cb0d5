"""Queues over HTTP: claims over several shards, why nothing comes, forecasts, and what is done without a lease."""

from typing import Any

import pytest

from hitl.review import PlanOf
from hitl.review.views import ClaimPlan
from hitl.routing.route import Action
from tests.review_app.conftest import World


async def _claim(world: World, who: str = "reviewer", count: int = 1, key: str | None = None) -> Any:
    headers = {} if key is None else {"idempotency_key": key}
    return await world.call("POST", "/v1/queues/digits/claim", who, {"count": count}, **headers)


async def _do(world: World, review_id: str, what: str, who: str, **body: Any) -> Any:
    return await world.call("POST", f"/v1/reviews/{review_id}/{what}", who, body, idempotency_key=f"{what}-{who}")


async def test_a_repeated_claim_gets_its_first_lease_over_several_shards(world: World) -> None:
    for i in range(6):
        await world.case(f"n{i}")
    first, second = await _claim(world, key="k"), await _claim(world, key="k")
    assert first.json() == second.json()
    assert (await _claim(world, key="other")).json()["review"]["review_id"] != first.json()["review"]["review_id"]


async def test_a_claim_of_several_takes_them_in_order_over_all_shards(world: World) -> None:
    cases = [await world.case(f"n{i}") for i in range(6)]
    reviews = (await _claim(world, count=4)).json()["reviews"]
    assert sorted(review["case_id"] for review in reviews) == sorted(cases[:4])
    assert all("payload" in review for review in reviews)


async def test_a_claim_fills_what_a_person_may_hold_over_all_shards_and_no_more(world: World) -> None:
    spec, capacity = world.tasks["digits"], 6
    world.tasks["digits"] = spec.model_copy(update={"review": spec.review.model_copy(update={"capacity": capacity})})
    for i in range(capacity + 4):
        await world.case(f"n{i}")
    first = await _claim(world, count=capacity - 2, key="first")
    rest = await _claim(world, count=capacity, key="rest")
    assert (len(first.json()["reviews"]), len(rest.json()["reviews"])) == (capacity - 2, 2)
    refused = await _claim(world, count=2, key="more")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:ray-hitl:problem:at-capacity")
    assert (await _claim(world, count=capacity - 2, key="first")).json() == first.json()
    assert (await _claim(world, count=capacity, key="rest")).json() == rest.json()


async def test_cases_that_come_while_a_claim_is_planned_give_it_no_more_than_it_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(8):
        await world.case(f"n{i}")
    ask = world.shards.ask

    async def before_they_came(shard: str, question: Any) -> Any:
        return ClaimPlan(0, [], 0) if isinstance(question, PlanOf) else await ask(shard, question)

    monkeypatch.setattr(world.shards, "ask", before_they_came)
    assert len((await _claim(world, count=7)).json()["reviews"]) == 7


async def test_an_empty_claim_says_why_in_its_header(world: World) -> None:
    assert (await _claim(world)).headers["queue-empty"] == "none"
    await world.case("a")
    await _claim(world, "reviewer-2")
    assert (await _claim(world)).headers["queue-empty"].startswith("leased; until=")


async def test_a_queue_tells_what_of_it_is_the_callers(world: World) -> None:
    await world.case("a")
    row = (await world.call("GET", "/v1/queues/digits", "reviewer")).json()
    assert (row["waiting"], row["for_you"], row["why_empty"]) == (1, 1, None)
    row = (await world.call("GET", "/v1/queues/digits.expert", "reviewer")).json()
    assert row["why_empty"] == {"reason": "permission"}


@pytest.mark.covers("003-61", "003-53")
async def test_the_next_reviews_can_be_seen_without_claiming_them(world: World) -> None:
    cases = [await world.case(f"n{i}") for i in range(5)]
    rows = (await world.call("GET", "/v1/queues/digits/reviews?limit=3", "reviewer")).json()["reviews"]
    assert [row["case_id"] for row in rows] == cases[:3]
    assert (rows[0]["prediction"], rows[0]["confidence"], rows[0]["confidence_level"]) == ("3", 0.9, "medium")
    assert (rows[0]["status"], rows[0]["priority"], rows[0]["lease"]) == ("waiting", "normal", None)
    assert rows[0]["time_in_queue_s"] >= 0
    assert rows[0]["reason"].endswith("a person checks")


async def test_only_who_may_claim_sees_what_waits(world: World) -> None:
    assert (await world.call("GET", "/v1/queues/digits.expert/reviews", "reviewer")).status_code == 403
    assert (await world.call("GET", "/v1/queues/letters/reviews", "reviewer")).status_code == 404


async def test_an_unknown_queue_is_not_found(world: World) -> None:
    for path in ("/v1/queues/letters", "/v1/queues/digits.other", "/v1/queues/letters/forecast"):
        assert (await world.call("GET", path, "reviewer")).status_code == 404
    assert (await world.call("GET", "/v1/queues/digits", "client")).status_code == 403


async def test_a_forecast_of_no_time_is_refused(world: World) -> None:
    assert (await world.call("GET", "/v1/queues/digits/forecast?hours=1e-308", "operator")).status_code == 400


async def test_the_forecast_says_how_many_people_are_needed(world: World) -> None:
    for i in range(4):
        await world.case(f"n{i}")
    assert (await world.call("GET", "/v1/queues/digits/forecast", "operator")).json()["reviewers_needed"] is None
    for i in range(2):
        await world.decide(await world.claim(), key=f"k{i}")
    told = (await world.call("GET", "/v1/queues/digits/forecast?hours=2", "operator")).json()
    assert told["reviewers_needed"] >= 0
    assert "reviewers needed until" in told["text"]


@pytest.mark.covers("003-54")
async def test_a_waiting_case_knows_its_place_in_line(world: World) -> None:
    cases = [await world.case(f"n{i}") for i in range(6)]
    places = [(await world.call("GET", f"/v1/decisions/{case}", "client")).json()["in_line"]["position"] for case in cases]
    assert places == [1, 2, 3, 4, 5, 6]


async def test_the_experts_move_decided_and_waiting_reviews(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    await world.decide(review, label="7")
    amended = await _do(world, review["review_id"], "amend", "expert", label="1", reason="it is a one")
    assert amended.json()["was"] == "7"
    reopened = await _do(world, review["review_id"], "reopen", "expert", reason="complaint", to="person:reviewer-2")
    assert (await world.claim("reviewer-2"))["review_id"] == reopened.json()["review_id"]
    history = (await world.call("GET", f"/v1/decisions/{review['case_id']}", "client")).json()
    assert [each["label"] for each in history["outcomes"]] == ["7", "1"]


FORBIDDEN = [
    ("amend", "reviewer", {"label": "1", "reason": "x"}),
    ("reopen", "reviewer", {"reason": "x"}),
    ("assign", "reviewer", {"to": "person:me"}),
    ("requeue", "expert", {}),
    ("send-back", "reviewer", {"lease": 1, "reason": "x"}),
]


@pytest.mark.parametrize(("what", "who", "body"), FORBIDDEN)
async def test_what_needs_another_role_is_forbidden(world: World, what: str, who: str, body: dict[str, Any]) -> None:
    await world.case("a")
    review = await world.claim()
    assert (await _do(world, review["review_id"], what, who, **body)).status_code == 403


BAD = [
    ("skip", {"lease": 1}),
    ("skip", {"lease": 1, "reason": " "}),
    ("delegate", {"lease": 1, "to": "bob"}),
    ("failure", {"lease": 1, "kind": "bored"}),
    ("draft", {"lease": 1, "draft": []}),
    ("undo", {"why": "x"}),
]


@pytest.mark.parametrize(("what", "body"), BAD)
async def test_a_bad_body_is_refused(world: World, what: str, body: dict[str, Any]) -> None:
    await world.case("a")
    review = await world.claim()
    assert (await _do(world, review["review_id"], what, "reviewer", **body)).status_code == 422


async def test_the_holder_skips_delegates_drafts_and_reports(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    lease, review_id = review["lease"]["id"], review["review_id"]
    assert (await _do(world, review_id, "draft", "reviewer", lease=lease, draft={"label": "3"})).status_code == 200
    assert (await _do(world, review_id, "failure", "reviewer", lease=lease, kind="render")).json()["failures"] == 1
    again = await world.claim()
    assert again["drafts"]["reviewer"]["draft"] == {"label": "3"}
    body = {"lease": again["lease"]["id"], "to": "person:reviewer-2"}
    assert (await _do(world, review_id, "delegate", "reviewer", **body)).json()["assigned"] == "person:reviewer-2"
    mine = await world.claim("reviewer-2")
    assert (await _do(world, review_id, "skip", "reviewer-2", lease=mine["lease"]["id"], reason="no")).status_code == 200
    assert (await world.claim())["review_id"] == review_id


async def test_a_check_of_an_automatic_decision_supersedes_it(world: World) -> None:
    case = await world.case("a", Action.AUTOMATIC, streams=["audit"])
    assert (await world.call("GET", f"/v1/decisions/{case}?wait=5", "client")).json()["outcome"]["by"] == "model"
    review = await world.claim()
    assert review["prediction"] is None
    hidden = (await world.call("GET", f"/v1/decisions/{case}", "reviewer-2")).json()
    assert "prediction" not in hidden
    assert hidden["outcome"] is None
    await world.decide(review, label="5")
    told = (await world.call("GET", f"/v1/decisions/{case}?wait=5&after=1", "client")).json()
    assert (told["outcome"]["label"], told["version"]) == ("5", 2)


async def test_the_pages_of_a_queue_follow_each_other_without_gaps(world: World) -> None:
    for at in range(7):
        await world.case(f"page-{at}")
    pages = [(await world.call("GET", f"/v1/queues/digits/reviews?limit=3&offset={at}", "reviewer")).json() for at in (0, 3, 6)]
    assert [page["has_more"] for page in pages] == [True, True, False]
    assert len({row["review_id"] for page in pages for row in page["reviews"]}) == 7
