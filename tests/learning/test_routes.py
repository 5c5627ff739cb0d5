"""What people and operators can do with overrides and retrainings over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from hitl.tasks.learning_terms import OverrideTerms
from tests.review_app.conftest import World

ASKED = {"task": "digits", "reason": "new camera"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    made.tasks["digits"] = made.tasks["digits"].model_copy(update={"overrides": OverrideTerms()})
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def corrected(world: World, label: str = "8") -> str:
    """A case of which the model said 3 and a person ``label``."""
    case_id = await world.case("a")
    await world.decide(await world.claim(), label=label)
    return case_id


async def post(world: World, path: str, who: str, body: Any, key: str = "k") -> tuple[int, Any]:
    answer = await world.call("POST", path, who, body, idempotency_key=key)
    return answer.status_code, answer.json()


async def test_a_correction_is_confirmed_by_a_second_person(world: World) -> None:
    case_id = await corrected(world)
    status, answer = await post(world, "/v1/overrides", "reviewer", {"case_id": case_id, "label": "8"})
    assert (status, answer["status"]) == (201, "proposed")
    _, answer = await post(world, f"/v1/overrides/{case_id}/confirm", "reviewer-2", {"label": "8"})
    assert answer["status"] == "confirmed"
    listed = (await world.call("GET", "/v1/overrides?task=digits", "operator")).json()["overrides"]
    assert [one["confirmed_by"] for one in listed] == [["reviewer", "reviewer-2"]]


async def test_proposing_a_case_again_shows_the_override_that_it_has(world: World) -> None:
    body = {"case_id": await corrected(world), "label": "8"}
    first = await post(world, "/v1/overrides", "reviewer", body, "first")
    assert first == (201, {"override_id": body["case_id"], "status": "proposed"})
    _, again = await post(world, "/v1/overrides", "reviewer-2", body, "second")
    assert (again["override_id"], again["model_label"], again["confirmed_by"]) == (body["case_id"], "3", ["reviewer"])


@pytest.mark.parametrize(("label", "said"), [("8", "5"), ("3", "3")])
async def test_only_what_people_decided_against_the_model_can_be_proposed(world: World, label: str, said: str) -> None:
    case_id = await corrected(world, label)
    status, _ = await post(world, "/v1/overrides", "expert", {"case_id": case_id, "label": said})
    assert status == 422


@pytest.mark.parametrize(
    ("path", "who", "body", "status"),
    [
        ("/v1/overrides", "client", {"case_id": "a" * 26, "label": "8"}, 403),
        ("/v1/overrides", "reviewer", {"case_id": "nothing", "label": "8"}, 404),
        ("/v1/overrides/none/confirm", "reviewer", {"label": "8"}, 404),
        ("/v1/overrides/none/revoke", "reviewer", {"reason": "wrong"}, 403),
        ("/v1/overrides/switch", "reviewer", {"task": "digits", "is_on": False, "reason": "wrong"}, 403),
        ("/v1/overrides/switch", "operator", {"task": "digits", "is_on": "no", "reason": "wrong"}, 422),
        ("/v1/triggers", "reviewer", ASKED, 403),
        ("/v1/triggers", "operator", {"task": "nothing", "reason": "x"}, 404),
    ],
)
async def test_who_may_not_changes_nothing(world: World, path: str, who: str, body: Any, status: int) -> None:
    before = await world.state()
    assert (await post(world, path, who, body))[0] == status
    assert await world.state() == before


async def test_an_operator_ends_one_override_and_all_of_a_task(world: World) -> None:
    case_id = await corrected(world)
    await post(world, "/v1/overrides", "expert", {"case_id": case_id, "label": "8"})
    assert (await post(world, f"/v1/overrides/{case_id}/revoke", "operator", {"reason": "wrong"}))[1]["status"] == "revoked"
    assert (await post(world, f"/v1/overrides/{case_id}/confirm", "expert", {"label": "8"}))[0] == 409
    await post(world, "/v1/overrides/switch", "operator", {"task": "digits", "is_on": False, "reason": "storm"})
    assert (await world.call("GET", "/v1/overrides", "reviewer")).json()["switched_off"] == {"digits": "storm"}


async def test_a_hand_on_the_trigger_retrains_once_for_its_key(world: World) -> None:
    first = await post(world, "/v1/triggers", "operator", ASKED)
    assert first[0] == 202
    assert await post(world, "/v1/triggers", "operator", ASKED) == first
    listed = (await world.call("GET", "/v1/triggers?task=digits", "trainer")).json()["retrainings"]
    assert [(one["reason"], one["status"]) for one in listed] == [("new camera", "triggered")]
