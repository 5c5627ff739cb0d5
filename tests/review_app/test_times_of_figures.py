"""Figures of a chosen time: targets, how people answer, and how far they agree."""

import pytest

from hitl.routing.route import Action
from tests.review_app.conftest import World

PATHS = ["/v1/targets", "/v1/quality/digits/reviewers", "/v1/quality/digits/agreement"]
DAY_S = 86_400.0


async def shown(world: World, path: str, **query: float) -> dict:
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return (await world.call("GET", f"{path}?{said}", "operator")).json()


async def test_targets_of_a_time_hold_only_its_cases(world: World) -> None:
    await world.case("a", Action.AUTOMATIC)  # cases of these tests came in the first second of 1970
    for until, n in ((DAY_S, 1), (3 * DAY_S, 0)):
        told = await shown(world, "/v1/targets", since=until - DAY_S, until=until)
        (automation,) = [each for each in told["tasks"]["digits"] if each["name"] == "automation_rate"]
        assert (automation["n"], told["period"]) == (n, {"since": until - DAY_S, "until": until})


async def test_people_are_judged_by_the_cases_of_a_time(world: World) -> None:
    await world.case("a")
    await world.decide(await world.claim())
    opened = (await world.call("GET", "/v1/cases", "operator")).json()["cases"][0]["opened_at"]
    then = await shown(world, "/v1/quality/digits/reviewers", since=opened, until=opened + 1)
    assert then["reviewers"]["reviewer"]["answers"] == 1
    before = await shown(world, "/v1/quality/digits/reviewers", until=opened - DAY_S)
    assert (before["reviewers"], before["period"]["until"] <= opened) == ({}, True)


async def test_agreement_is_of_the_cases_of_a_time(world: World) -> None:
    await world.case("a")
    await world.decide(await world.claim())
    opened = (await world.call("GET", "/v1/cases", "operator")).json()["cases"][0]["opened_at"]
    told = await shown(world, "/v1/quality/digits/agreement", until=opened - DAY_S)
    assert (told["cases"], told["period"] is None) == (0, False)


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_time_they_are_of_all_time(world: World, path: str) -> None:
    assert (await shown(world, path))["period"] is None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", ["since=5&until=5", "since=9&until=5", "since=-1", "until=inf", "since=soon", "until=1e13"])
async def test_a_time_that_cannot_be_is_refused(world: World, path: str, query: str) -> None:
    assert (await world.call("GET", f"{path}?{query}", "operator")).status_code == 400
