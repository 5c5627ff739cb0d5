"""The example of each interaction pattern, over HTTP: in process at once, and against the real service."""

import importlib
import sys
from typing import Any

import httpx2
import pytest

from hitl.adapters.service.interactions import HttpInteractions
from hitl.client import AsyncClient
from serve_app.api.app import review_app
from tests.fakes.stranger import EXAMPLES
from tests.review_app.conftest import World, world
from tests.running import Running

sys.path.insert(0, str(EXAMPLES / "patterns"))

from team import Person, Team

__all__ = ["world"]

RESULTS: dict[str, dict[str, Any]] = {
    "pause_and_resume": {"loaded": "north", "rows": 120},
    "review_and_approve": {"decision": "request_changes", "suggested_changes": "Add the source."},
    "collaborative_decision": {"split": {"launch": 1, "wait": 1}, "decision": "launch"},
    "human_fallback": {"how": ["automated_success", "low_confidence", "error"]},
    "iterative_refinement": {"final": {"title": "good"}},
    "time_based_decision": {"by_time": {"decision": "abort", "timeout_applied": True}, "by_person": "modify"},
    "multi_approval": {"after_one": False, "after_two": True, "decision": "approve"},
}


def team(clients: list[AsyncClient], names: list[str]) -> Team:
    ports = [HttpInteractions(client) for client in clients]
    return Team(ports[0], Person(names[1], ports[1]), Person(names[2], ports[2]))


@pytest.mark.covers("001-40", "001-41")
@pytest.mark.parametrize("name", RESULTS)
async def test_the_example_of_a_pattern_does_what_it_says(name: str, world: World) -> None:
    names = ["client", "reviewer", "reviewer-2"]
    transport = httpx2.ASGITransport(review_app(world.ports))
    clients = [AsyncClient("http://hitl", who, transport=transport) for who in names]
    result = await importlib.import_module(name).run(team(clients, names))
    assert result.items() >= RESULTS[name].items()


@pytest.mark.service
@pytest.mark.covers("001-40", "001-41")
@pytest.mark.parametrize("name", RESULTS)
async def test_the_example_of_a_pattern_runs_against_the_service(name: str, service: Running) -> None:
    names = ["client", "ada", "ben"]
    result = await importlib.import_module(name).run(team([service.as_async(who) for who in names], names))
    assert result.items() >= RESULTS[name].items()
