"""What a search over cases could tell that the cases themselves do not."""

from hitl.review import ReviewStatus
from tests.review_app.conftest import World


async def _blind(world: World) -> str:
    """A case in a blind review; the model's suggestion is hidden until the answer."""
    case_id = await world.case("blind", streams=["gold"])
    for shard in world.shards.shards.values():
        review = getattr(await shard.state(), "reviews", {}).get(f"{case_id}-1")
        if review is not None:
            assert review.status is ReviewStatus.WAITING
            review.blind = True
    return case_id


async def test_a_filter_does_not_find_what_a_blind_review_hides(world: World) -> None:
    case_id = await _blind(world)
    [shown] = (await world.call("GET", "/v1/cases", "operator")).json()["cases"]
    suggestion = shown["prediction"]
    assert suggestion is not None
    [hidden] = (await world.call("GET", "/v1/cases", "reviewer")).json()["cases"]
    assert (hidden["case_id"], hidden["prediction"], hidden["confidence"], hidden["is_hidden"]) == (case_id, None, None, True)
    assert (await world.call("GET", f"/v1/cases?prediction={suggestion}", "reviewer")).json()["cases"] == []


async def test_who_knows_another_task_finds_nothing_of_this_one(world: World) -> None:
    case_id = await world.case("a")
    for query in ("", "?task=digits", f"?prefix={case_id}"):
        assert (await world.call("GET", f"/v1/cases{query}", "stranger")).json()["cases"] == []


async def test_who_has_nothing_to_do_with_cases_is_refused(world: World) -> None:
    for who in ("client", "approver", "trainer"):
        assert (await world.call("GET", "/v1/cases", who)).status_code == 403
    assert (await world.call("GET", "/v1/cases")).status_code == 401
