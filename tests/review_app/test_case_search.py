"""Cases found by what is known of them: pages, filters, and what stays hidden."""

from typing import Any

import pytest

from hitl.routing.route import Action
from tests.review_app.conftest import World


async def found(world: World, who: str = "operator", **asked: str | int) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = await world.call("GET", f"/v1/cases?{query}", who)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def ids(page: dict[str, Any]) -> list[str]:
    return [case["case_id"] for case in page["cases"]]


async def test_all_pages_together_hold_every_case_once_newest_first(world: World) -> None:
    opened = [await world.case(f"case-{at}") for at in range(7)]
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        page = await found(world, limit=2, cursor=cursor)
        seen += ids(page)
        if (cursor := page["next"]) is None:
            break
    assert sorted(seen) == sorted(opened)
    assert [case["case_id"] for case in (await found(world))["cases"]] == seen


async def test_a_decided_case_is_found_by_its_label_its_reviewer_and_its_status(world: World) -> None:
    await world.case("waiting")
    decided = await world.case("decided")
    review = await world.claim()
    while review["case_id"] != decided:
        review = await world.claim()
    await world.decide(review, label="5")
    by: list[dict[str, str]] = [{"label": "5"}, {"reviewer": "reviewer"}, {"status": "decided"}, {"prefix": decided[:12]}]
    assert [ids(await found(world, **each)) for each in by] == [[decided]] * 4
    [case] = (await found(world, label="5"))["cases"]
    assert (case["label"], case["by"]) == ("5", ["reviewer"])
    assert ids(await found(world, label="6")) == []


async def test_a_page_of_rare_cases_ends_after_a_bounded_look_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hitl.review.searching.MOST_LOOKED_AT", 1)
    oldest = await world.case("oldest")
    for at in range(4):
        await world.case(f"later-{at}")
    cursor = ""
    seen: list[str] = []
    for _ in range(20):
        page = await found(world, prefix=oldest, cursor=cursor)
        seen += ids(page)
        if (cursor := page["next"]) is None:
            break
    assert seen == [oldest]


@pytest.mark.parametrize("query", ["cursor=nan~a", "cursor=x", "prefix=%27", "status=open", "limit=101", "colour=red"])
async def test_a_query_that_is_none_is_refused_in_words(world: World, query: str) -> None:
    answer = await world.call("GET", f"/v1/cases?{query}", "operator")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


async def test_cases_are_found_by_the_time_in_which_they_were_opened(world: World) -> None:
    await world.case("a")
    [case] = (await found(world))["cases"]
    at = case["opened_at"]
    assert ids(await found(world, since=at, until=at + 1)) == [case["case_id"]]
    assert ids(await found(world, until=at)) == []


async def test_figures_of_a_time_name_it_and_hold_only_its_cases(world: World) -> None:
    await world.case("a", Action.AUTOMATIC)
    await world.case("b", Action.AUTOMATIC)
    path = "/v1/quality/digits"
    told = (await world.call("GET", f"{path}?until=90000", "operator")).json()
    assert (told["period"], told["figures"]["automation_rate"]["n"]) == ({"since": 0.0, "until": 172800.0}, 2)
    later = (await world.call("GET", f"{path}?since=200000", "operator")).json()
    assert later["figures"]["automation_rate"]["n"] == 0
    assert (await world.call("GET", path, "operator")).json()["period"] is None
    curves = (await world.call("GET", f"{path}/curves?since=200000&until=300000", "operator")).json()
    assert curves["period"] == {"since": 172800.0, "until": 345600.0}


@pytest.mark.parametrize("query", ["since=5&until=5", "since=-1", "until=inf", "since=soon", "until=0"])
@pytest.mark.parametrize("path", ["", "/curves"])
async def test_a_time_that_cannot_be_is_refused(world: World, path: str, query: str) -> None:
    assert (await world.call("GET", f"/v1/quality/digits{path}?{query}", "operator")).status_code in (400, 422)
