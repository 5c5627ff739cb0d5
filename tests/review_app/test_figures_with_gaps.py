"""Figures say which old cases they lack: those that are lost, and those that were deleted."""

import pytest

from tests.review_app.conftest import World


@pytest.mark.parametrize("route", ["/v1/quality/digits", "/v1/quality/digits/certificate"])
async def test_figures_name_lost_runs_of_cases_and_deleted_days(world: World, route: str) -> None:
    world.intakes[1].lost["0000000000000007-0000000000000012-3"] = "no such file"
    world.intakes[0].deleted = {("2026-01-02", "digits"): 5, ("2026-01-01", "digits"): 3, ("2026-01-03", "other"): 1}
    told = (await world.call("GET", route, "operator")).json()
    assert (told["archive_gaps"], told["deleted_days"]) == (["1:7-12"], ["2026-01-01", "2026-01-02"])


async def test_figures_without_gaps_name_none(world: World) -> None:
    told = (await world.call("GET", "/v1/quality/digits", "operator")).json()
    assert (told["archive_gaps"], told["deleted_days"]) == ([], [])
