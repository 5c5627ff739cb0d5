"""The real MCP SDK (2.3.0), with its own client over stdio: agents ask people here, and people answer reviews."""

import json
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from hitl.client.calls import get, post
from tests.clients.hosting import HostProcess, environment_of, program, until
from tests.running import ROOT

pytestmark = pytest.mark.wide

TOOLS = "tests/clients/programs/mcp_tools.py"


@pytest.fixture(scope="session")
def sdk() -> Path:
    return environment_of("mcp", "mcp==2.3.0", "httpx2>=2.16", "pydantic-settings>=2.16", "typer>=0.29", "rich>=15")


def call(host: HostProcess, python: Path, key: str, tool: str, arguments: dict[str, Any], *answer: str) -> Popen[str]:
    given = (tool, json.dumps(arguments), *answer)
    return program(python, TOOLS, *given, HITL_API_URL=host.url, HITL_API_KEY=key, PYTHONPATH=str(ROOT))


def result(running: Popen[str]) -> Any:
    said = json.loads(running.communicate(timeout=120)[0].splitlines()[-1])
    return said["answer"] if not said["error"] else said


def test_an_agent_finds_the_four_tools(host: HostProcess, sdk: Path) -> None:
    names = json.loads(call(host, sdk, "client", "list", {}).communicate(timeout=60)[0])
    assert names == ["ask_person", "decide_case", "request_approval", "review_next"]


def test_a_question_survives_a_kill_of_the_service(host: HostProcess, sdk: Path) -> None:
    asking = call(host, sdk, "client", "ask_person", {"question": "Which one?", "options": ["a", "b"]})
    with host.as_("reviewer") as reviewer:
        name = until(lambda: reviewer.send(get("v1", "interactions", "pending"))["interactions"])[0]["interaction_id"]
    host.restart()
    with host.as_("reviewer") as reviewer:
        reviewer.send(post("v1", "interactions", name, "answer", body={"user_input": {"answer": "b"}}))
    found = result(asking)
    assert (found["status"], found["answer"], found["question_id"]) == ("completed", "b", name)


def test_the_example_asks_once_over_a_kill(host: HostProcess, sdk: Path) -> None:
    told = {"HITL_API_URL": host.url, "HITL_API_KEY": "client", "PYTHONPATH": str(ROOT)}
    example = program(sdk, "examples/clients/mcp_agent.py", "Which city?", "Rome", "Oslo", **told)
    with host.as_("reviewer") as reviewer:
        name = until(lambda: reviewer.send(get("v1", "interactions", "pending"))["interactions"])[0]["interaction_id"]
    host.restart()
    with host.as_("reviewer") as reviewer:
        assert [each["interaction_id"] for each in reviewer.send(get("v1", "interactions", "pending"))["interactions"]] == [name]
        reviewer.send(post("v1", "interactions", name, "answer", body={"user_input": {"answer": "Oslo"}}))
    assert example.communicate(timeout=120)[0] == "completed Oslo\n"


@pytest.mark.parametrize(("vote", "approved"), [("approve", True), ("reject", False)])
def test_only_a_vote_approves(host: HostProcess, sdk: Path, vote: str, approved: bool) -> None:
    asking = call(host, sdk, "client", "request_approval", {"action": "delete", "arguments": {"table": "orders"}})
    with host.as_("approver") as approver:
        found = until(lambda: approver.approvals(status="pending")["approvals"])[0]
        assert found["context"] == {"action": "delete", "arguments": {"table": "orders"}}
    host.restart()
    with host.as_("approver") as approver:
        approver.vote(found["approval_id"], vote, found["digest"], "seen")
    answer = result(asking)
    assert (answer["approved"], answer["comments"]) == (approved, ["seen"])


def test_a_key_without_the_role_is_refused(host: HostProcess, sdk: Path) -> None:
    assert "Not allowed" in str(result(call(host, sdk, "client", "review_next", {"queue": "digits"})))


def test_the_user_of_the_client_answers_a_review(host: HostProcess, sdk: Path) -> None:
    host.open_case("k1")
    given = json.dumps({"label": "3", "comment": "clear"})
    lines = call(host, sdk, "reviewer", "review_next", {"queue": "digits"}, given).communicate(timeout=60)[0].splitlines()
    assert json.loads(lines[0])["options"] == [str(digit) for digit in range(10)]
    answered = json.loads(lines[1])["answer"]
    with host.as_("operator") as operator:
        review = operator.review(answered["review_id"])["review"]
    assert (answered["status"], review["status"]) in (("answered", "provisional"), ("answered", "decided"))


def test_a_person_who_declines_gives_the_review_back(host: HostProcess, sdk: Path) -> None:
    host.open_case("k2")
    answered = result(call(host, sdk, "reviewer", "review_next", {"queue": "digits"}))
    with host.as_("operator") as operator:
        assert (answered["status"], operator.review(answered["review_id"])["review"]["status"]) == ("released", "waiting")
