"""The real HumanLayer package (0.7.9), over HTTP: its own example, from the request to a person's decision and back."""

from pathlib import Path
from typing import Any

import pytest

from hitl.client import Client
from hitl.client.calls import get, post
from tests.clients.hosting import HostProcess, environment_of, program, until

pytestmark = pytest.mark.wide

PROGRAMS = Path(__file__).parent / "programs"
EXAMPLE = "examples/clients/human_layer_agent.py"


@pytest.fixture(scope="session")
def sdk() -> Path:
    return environment_of("humanlayer", "humanlayer==0.7.9")


def variables(host: HostProcess, key: str = "client") -> dict[str, str]:
    return {"HUMANLAYER_API_BASE": f"{host.url}/humanlayer/v1", "HUMANLAYER_API_KEY": key}


def vote(host: HostProcess, how: str, comment: str = "") -> None:
    """As a person does it here."""
    with host.as_("approver") as approver:
        waiting = until(lambda: approver.approvals(status="pending")["approvals"])[0]
        approver.vote(waiting["approval_id"], how, waiting["digest"], comment)


def answer(host: HostProcess, text: str) -> None:
    with host.as_("reviewer") as reviewer:
        waiting = until(lambda: pending(reviewer))[0]
        reviewer.send(post("v1", "interactions", waiting["interaction_id"], "answer", body={"user_input": {"response": text}}))


def pending(reviewer: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reviewer.send(get("v1", "interactions", "pending"))["interactions"]
    return found


@pytest.mark.parametrize("script", [EXAMPLE, str(PROGRAMS / "human_layer_async.py")])
def test_its_code_works_by_two_variables_alone(host: HostProcess, sdk: Path, script: str) -> None:
    agent = program(sdk, script, **variables(host))
    vote(host, "approve")
    answer(host, "forty-two")
    assert agent.communicate(timeout=60)[0] == "42\nforty-two\n"


def test_a_rejection_comes_back_as_its_text_and_nothing_is_called(host: HostProcess, sdk: Path) -> None:
    agent = program(sdk, EXAMPLE, **variables(host))
    vote(host, "reject", "not today")
    answer(host, "none")
    assert agent.communicate(timeout=60)[0] == "User denied multiply with message: not today\nnone\n"


@pytest.mark.parametrize("script", ["human_layer_killed.py", "human_layer_killed_async.py"])
def test_a_kill_in_the_middle_of_the_wait_loses_nothing(host: HostProcess, sdk: Path, script: str) -> None:
    """The SDK asks every 3 s and never twice: the service dies between two of its questions, and is back before the next."""
    agent = program(sdk, str(PROGRAMS / script), **variables(host))
    assert agent.stdout is not None
    assert agent.stdin is not None
    assert agent.stdout.readline() == "waiting\n"
    host.restart()
    vote(host, "approve", "after the restart")
    agent.stdin.write("\n")
    agent.stdin.close()
    assert agent.stdout.read() == "42\n"
    assert agent.wait(10) == 0


def test_refusals_are_json_that_it_reads(host: HostProcess, sdk: Path) -> None:
    agent = program(sdk, str(PROGRAMS / "human_layer_errors.py"), **variables(host))
    first, second = agent.communicate(timeout=60)[0].splitlines()
    assert (first.split()[0], "urn:ray-hitl:problem:not-found" in first) == ("HumanLayerException", True)
    assert (second.split()[0], "urn:ray-hitl:problem:forbidden" in second) == ("HumanLayerException", True)


def test_a_wrong_key_calls_nothing(host: HostProcess, sdk: Path) -> None:
    agent = program(sdk, EXAMPLE, **variables(host, "nobody"))
    said = agent.communicate(timeout=60)[0]
    assert said.startswith("Error fetching approval for multiply: 401")
