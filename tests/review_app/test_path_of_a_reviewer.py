"""Claim, heartbeat, decide, release, escalate: over HTTP, with the identity of the key."""

import asyncio

import pytest

from hitl.ids import case_id, partition_of
from hitl.routing.route import Action, Priority
from tests.review_app.conftest import FEATURES, PARTITIONS, World


async def test_claim_shows_what_a_person_needs(world: World) -> None:
    case = await world.case("a")
    review = await world.claim()
    assert (review["case_id"], review["payload"]) == (case, {"features": FEATURES, "metadata": {"ward": "7"}})
    assert review["form"]["labels"][3] == "3"
    assert review["lease"]["reviewer"] == "reviewer"


async def test_empty_queue_answers_204(world: World) -> None:
    answer = await world.call("POST", "/v1/queues/digits/claim", "reviewer")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.covers("D04")
async def test_two_reviewers_never_get_the_same_review(world: World) -> None:
    await world.case("a")
    claims = (world.call("POST", "/v1/queues/digits/claim", who) for who in ("reviewer", "reviewer-2"))
    assert sorted(answer.status_code for answer in await asyncio.gather(*claims)) == [200, 204]


@pytest.mark.covers("D03")
async def test_claims_take_the_most_pressing_and_then_the_oldest_over_all_shards(world: World) -> None:
    normal = [await world.case(f"n{i}") for i in range(6)]
    urgent = await world.case("u", priority=Priority.URGENT)
    assert len({partition_of(case, PARTITIONS) for case in normal}) == PARTITIONS
    assert [(await world.claim())["case_id"] for _ in range(7)] == [urgent, *normal]


@pytest.mark.covers("003-56", "003-59", "D09")
async def test_decision_names_the_true_label_and_becomes_the_outcome(world: World) -> None:
    case = await world.case("a")
    answer = await world.decide(await world.claim(), label="7")
    assert (answer.status_code, answer.json()["agrees_with_model"]) == (200, False)
    outcome = (await world.call("GET", f"/v1/decisions/{case}", "client")).json()
    assert (outcome["status"], outcome["outcome"]["label"]) == ("decided", "7")


async def test_repeated_decision_gets_the_same_answer(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    first, second = await world.decide(review), await world.decide(review)
    assert (second.status_code, second.json()) == (200, first.json())


@pytest.mark.covers("D07")
async def test_second_decision_is_a_conflict_that_says_who_won(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    await world.decide(review)
    late = await world.decide(review, who="reviewer-2", key="other")
    assert late.status_code == 409
    assert "reviewer" in late.json()["detail"]


async def test_same_key_with_another_label_is_refused(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    await world.decide(review, label="3")
    assert (await world.decide(review, label="4")).json()["type"].endswith("idempotency-conflict")


@pytest.mark.covers("D07")
async def test_decision_without_the_lease_changes_nothing(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    before = await world.state()
    assert (await world.decide(review, who="reviewer-2")).json()["type"].endswith("stale-lease")
    assert await world.state() == before


async def test_heartbeat_needs_the_lease(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    path, body = f"/v1/reviews/{review['review_id']}/heartbeat", {"lease": review["lease"]["id"]}
    assert (await world.call("POST", path, "reviewer", body)).json()["lease_s"] == 120.0
    assert (await world.call("POST", path, "reviewer-2", body)).status_code == 409


async def test_release_gives_the_review_to_the_next(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    body = {"lease": review["lease"]["id"], "reason": "lunch"}
    assert (await world.call("POST", f"/v1/reviews/{review['review_id']}/release", "reviewer", body)).status_code == 200
    assert (await world.claim("reviewer-2"))["review_id"] == review["review_id"]


@pytest.mark.covers("D08", "003-58")
async def test_escalation_keeps_the_whole_request_for_the_expert(world: World) -> None:
    case = await world.case("a")
    review = await world.claim()
    body = {"lease": review["lease"]["id"], "reason": "unreadable"}
    await world.call("POST", f"/v1/reviews/{review['review_id']}/escalate", "reviewer", body)
    expert = await world.claim("expert", "digits.expert")
    assert (expert["case_id"], expert["payload"]["features"]) == (case, FEATURES)
    assert (expert["priority"], expert["escalation"]) == ("urgent", "unreadable")


async def test_expert_queue_is_closed_to_reviewers(world: World) -> None:
    await world.case("a", Action.EXPERT)
    assert (await world.call("POST", "/v1/queues/digits.expert/claim", "reviewer")).status_code == 403


async def test_queues_show_depth_over_all_shards(world: World) -> None:
    for i in range(6):
        await world.case(f"n{i}")
    await world.claim()
    digits = (await world.call("GET", "/v1/queues", "reviewer")).json()["queues"]["digits"]
    assert (digits["waiting"], digits["leased"], digits["by_priority"]["normal"]) == (5, 1, 5)


async def test_waiting_client_hears_of_the_decision(world: World) -> None:
    case = await world.case("a")
    asked = asyncio.create_task(world.call("GET", f"/v1/decisions/{case}?wait=30", "client"))
    await asyncio.sleep(0)
    await world.decide(await world.claim())
    assert (await asked).json()["status"] == "decided"


async def test_automatic_case_is_decided_by_the_model(world: World) -> None:
    case = await world.case("a", Action.AUTOMATIC)
    answer = (await world.call("GET", f"/v1/decisions/{case}", "client")).json()
    assert answer["outcome"] == {"label": "3", "by": "model"}


async def test_other_clients_and_unknown_ids_look_the_same(world: World) -> None:
    case = await world.case("a")
    ids = (case, case_id(b"other", "client", "digits", "a"), "../x", "a" * 26)
    answers = [await world.call("GET", f"/v1/decisions/{each}", "client-2") for each in ids]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers}) == 1


async def test_reviewer_of_another_task_finds_nothing(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    assert (await world.call("GET", f"/v1/reviews/{review['review_id']}", "stranger")).status_code == 404
    assert (await world.call("POST", "/v1/queues/digits/claim", "stranger")).status_code == 404


async def test_examples_come_page_by_page_in_a_stable_order(world: World) -> None:
    for i in range(5):
        await world.case(f"n{i}")
        await world.decide(await world.claim(), key=f"k{i}")
    whole = (await world.call("GET", "/v1/examples?task=digits", "trainer")).json()
    first = (await world.call("GET", "/v1/examples?task=digits&limit=3", "trainer")).json()
    rest = (await world.call("GET", f"/v1/examples?task=digits&after={first['next']}", "trainer")).json()
    assert first["examples"] + rest["examples"] == whole["examples"]
    assert (len(whole["examples"]), whole["examples"][0]["features"]) == (5, FEATURES)


async def test_an_example_names_the_model_that_predicted(world: World) -> None:
    await world.case("a")
    review = await world.claim()
    await world.decide(review)
    (example,) = (await world.call("GET", "/v1/examples?task=digits", "trainer")).json()["examples"]
    assert example["model_version"] == review["model_version"] is not None
    assert example["model_confidence"] == review["confidence"] == 0.9


async def test_metrics_count_what_happened(world: World) -> None:
    await world.case("a")
    await world.decide(await world.claim())
    counted = (await world.call("GET", "/v1/metrics", "operator")).json()["reviews"]["digits"]
    assert (counted["opened"], counted["decided"], counted["agreed"]) == (1, 1, 1)


async def test_none_of_these_is_an_answer_and_counts_as_the_models_error(world: World) -> None:
    case = await world.case("a")
    review = await world.claim()
    assert review["form"]["none_answer"] == "none_of_these"
    answer = await world.decide(review, label="none_of_these")
    assert (answer.status_code, answer.json()["agrees_with_model"]) == (200, False)
    outcome = (await world.call("GET", f"/v1/decisions/{case}", "client")).json()
    assert (outcome["status"], outcome["outcome"]["label"]) == ("decided", "none_of_these")


async def test_a_case_is_cancelled_by_its_client_with_a_reason_and_never_answered(world: World) -> None:
    case = await world.case("a")
    review = await world.claim()
    cancelled = await world.call(
        "POST", f"/v1/cases/{case}/cancel", "client", {"reason": "the customer has gone"}, idempotency_key="c-1"
    )
    assert (cancelled.status_code, cancelled.json()["review_ids"]) == (200, [review["review_id"]])
    told = (await world.call("GET", f"/v1/decisions/{case}", "client")).json()
    assert (told["status"], told["outcome"]) == ("withdrawn", None)
    assert (await world.decide(review, label="7")).status_code == 409
    again = await world.call("POST", f"/v1/cases/{case}/cancel", "client", {"reason": "once more"}, idempotency_key="c-2")
    assert again.status_code == 409
    assert again.json()["type"].endswith("not-cancellable")


async def test_a_decided_case_and_anothers_case_are_not_cancelled(world: World) -> None:
    case = await world.case("a")
    stranger = await world.call("POST", f"/v1/cases/{case}/cancel", "reviewer", {"reason": "not mine"}, idempotency_key="c-3")
    await world.decide(await world.claim(), label="7")
    late = await world.call("POST", f"/v1/cases/{case}/cancel", "client", {"reason": "too late"}, idempotency_key="c-4")
    assert (stranger.status_code, late.status_code) == (403, 409)
    assert (await world.call("GET", f"/v1/decisions/{case}", "client")).json()["outcome"]["label"] == "7"
