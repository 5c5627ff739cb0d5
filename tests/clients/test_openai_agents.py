"""The loop over the interruptions of an agent's run, with a stand-in for the OpenAI Agents SDK."""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from hitl.client.errors import ServiceUnreachable
from hitl.client.human_layer_types import HumanApprovalRequest, HumanApprovalResponse
from hitl.integrations.openai_agents import run_until_done

ITEM = SimpleNamespace(name="pay", raw_item=SimpleNamespace(call_id="c1", arguments='{"amount": 5}'))


class State:
    """Of a run that waits for one approval; ``said`` is what was noted."""

    def __init__(self) -> None:
        self.said = list[tuple[str, str]]()

    def get_interruptions(self) -> list[Any]:
        return [ITEM]

    def approve(self, item: Any) -> None:
        self.said.append(("approve", ""))

    def reject(self, item: Any, rejection_message: str) -> None:
        self.said.append(("reject", rejection_message))

    def to_json(self) -> dict[str, Any]:
        return {"saved": True}


class People:
    """Answers with ``status``; away where that is None."""

    def __init__(self, status: str | None) -> None:
        self.status, self.asked = status, list[HumanApprovalRequest]()

    async def request_approval(self, request: HumanApprovalRequest) -> HumanApprovalResponse:
        self.asked.append(request)
        if self.status is None:
            raise ServiceUnreachable("/v1/approvals", 3, "ConnectError")
        return HumanApprovalResponse("a", self.status == "approved", self.status, None, (), ("too much",), None)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    """The package, whose first run is interrupted and whose second one ends."""
    made, module = State(), ModuleType("agents")

    class Runner:
        @staticmethod
        async def run(agent: Any, given: Any) -> Any:
            is_resumed = given is made
            return SimpleNamespace(interruptions=[] if is_resumed else [ITEM], to_state=lambda: made, final_output="done")

    class RunState:
        @staticmethod
        async def from_json(agent: Any, kept: Any) -> State:
            assert kept == {"saved": True}
            return made

    module.Runner, module.RunState = Runner, RunState  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "agents", module)
    return made


async def test_people_see_the_call_and_their_yes_is_noted(state: State) -> None:
    people = People("approved")
    result = await run_until_done(None, "pay", people, "run-1")  # type: ignore[arg-type]
    assert (result.final_output, state.said) == ("done", [("approve", "")])
    assert (people.asked[0].id, people.asked[0].context) == ("openai:run-1:c1:q", {"name": "pay", "args": {"amount": 5}})


@pytest.mark.parametrize("status", ["rejected", "expired", "cancelled", "pending"])
async def test_anything_but_a_yes_is_a_rejection_that_says_why(state: State, status: str) -> None:
    await run_until_done(None, "pay", People(status), "run-1")  # type: ignore[arg-type]
    assert state.said == [("reject", "People did not approve the call: too much")]


async def test_a_service_that_is_away_approves_nothing_and_the_run_is_kept(state: State, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    with pytest.raises(ServiceUnreachable):
        await run_until_done(None, "pay", People(None), "run-1", saved)  # type: ignore[arg-type]
    assert (state.said, json.loads(saved.read_text()), saved.stat().st_mode & 0o777) == ([], {"saved": True}, 0o600)


async def test_a_saved_run_goes_on_and_its_file_ends_with_it(state: State, tmp_path: Path) -> None:
    saved, people = tmp_path / "run.json", People("approved")
    saved.write_text('{"saved": true}')
    await run_until_done(None, "other", people, "run-1", saved)  # type: ignore[arg-type]
    assert (len(people.asked), saved.exists()) == (1, False)
