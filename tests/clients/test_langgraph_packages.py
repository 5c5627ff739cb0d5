"""The real langgraph (1.2.24) and langchain (1.5.2), over HTTP: interrupts answered by people here."""

import json
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from hitl.client.calls import get, post
from tests.clients.hosting import HostProcess, environment_of, program, until
from tests.running import ROOT

pytestmark = pytest.mark.wide

SHAPES = "tests/clients/programs/langgraph_shapes.py"
PINNED = ("langgraph==1.2.24", "langchain==1.5.2", "langgraph-checkpoint-sqlite")


@pytest.fixture(scope="session")
def langgraph() -> Path:
    return environment_of("langgraph", *PINNED, "httpx2>=2.16", "pydantic-settings>=2.16", "jsonschema>=4.26")


def run(host: HostProcess, python: Path, script: str, *arguments: str) -> Popen[str]:
    return program(python, script, *arguments, HITL_API_URL=host.url, HITL_API_KEY="client", PYTHONPATH=str(ROOT))


def waiting(host: HostProcess, who: str) -> dict[str, Any]:
    """The interaction that waits for somebody."""
    with host.as_(who) as person:
        found = until(lambda: person.send(get("v1", "interactions", "pending"))["interactions"])
    return dict(found[0])


def fill_in(host: HostProcess, who: str, **fields: Any) -> None:
    name = waiting(host, who)["interaction_id"]
    with host.as_(who) as person:
        person.send(post("v1", "interactions", name, "answer", body={"user_input": fields}))


def vote(host: HostProcess, how: str, comment: str = "") -> None:
    with host.as_("approver") as approver:
        found = until(lambda: approver.approvals(status="pending")["approvals"])[0]
        approver.vote(found["approval_id"], how, found["digest"], comment)


DECISIONS = {
    "approve": ({"decision": "approve"}, "sent 5 to bob\n['sent 5 to bob']\n"),
    "edit": ({"decision": "edit", "args": {"to": "bob", "amount": 1}}, "sent 1 to bob"),
    "reject": ({"decision": "reject", "message": "too much"}, "with reason: too much"),
    "respond": ({"decision": "respond", "message": "already paid"}, "['already paid']\n"),
}


@pytest.mark.parametrize("mode", ["batched", "per_call"])
@pytest.mark.parametrize("decision", list(DECISIONS))
def test_every_decision_of_the_middleware(host: HostProcess, langgraph: Path, tmp_path: Path, decision: str, mode: str) -> None:
    agent = run(host, langgraph, SHAPES, "middleware", "t", str(tmp_path / "c.db"), "true", mode)
    fields, expected = DECISIONS[decision]
    fill_in(host, "approver", **fields)
    said = agent.communicate(timeout=60)[0]
    assert expected in said
    assert ("sent" in said) == (decision in ("approve", "edit"))


@pytest.mark.parametrize(("how", "is_sent"), [("approve", True), ("reject", False)])
def test_a_yes_or_no_is_a_vote(host: HostProcess, langgraph: Path, tmp_path: Path, how: str, is_sent: bool) -> None:
    allowed = json.dumps({"allowed_decisions": ["approve", "reject"]})
    agent = run(host, langgraph, SHAPES, "middleware", "t", str(tmp_path / "c.db"), allowed, "batched")
    vote(host, how, "seen")
    assert ("sent 5 to bob" in agent.communicate(timeout=60)[0]) == is_sent


def test_a_death_of_the_program_and_of_the_service_loses_nothing(host: HostProcess, langgraph: Path, tmp_path: Path) -> None:
    """Both die while a person thinks; the person answers the question that was asked before, and the tool runs once."""
    again = ("examples/clients/langgraph_agent.py", "t", str(tmp_path / "c.db"))
    agent = run(host, langgraph, *again)
    asked = waiting(host, "approver")["interaction_id"]
    agent.kill()
    agent.wait(10)
    host.restart()
    agent = run(host, langgraph, *again)
    fill_in(host, "approver", decision="approve")
    assert agent.communicate(timeout=60)[0] == "sent 5 to bob\n['sent 5 to bob']\n"
    with host.as_("operator") as operator:
        newest = operator.send(get("v1", "interactions"))["interactions"][0]
    assert newest["interaction_id"] == asked
    assert run(host, langgraph, *again).communicate(timeout=60)[0] == "['sent 5 to bob']\n"


def test_the_service_dies_while_the_program_waits(host: HostProcess, langgraph: Path, tmp_path: Path) -> None:
    agent = run(host, langgraph, SHAPES, "inbox")
    waiting(host, "approver")
    host.restart()
    fill_in(host, "approver", decision="respond", message="later")
    assert json.loads(agent.communicate(timeout=120)[0]) == [{"type": "response", "args": "later"}]


def test_a_typed_question_is_a_form_and_a_wrong_answer_is_asked_again(host: HostProcess, langgraph: Path) -> None:
    agent = run(host, langgraph, SHAPES, "typed")
    first = waiting(host, "reviewer")
    assert [(field["name"], field["type"]) for field in first["ui_schema"]["fields"]] == [
        ("city", "textarea"),
        ("nights", "number"),
    ]
    fill_in(host, "reviewer", city="Rome", nights=2)
    assert json.loads(agent.communicate(timeout=60)[0]) == [{"city": "Rome", "nights": 2}]


def test_the_same_question_twice_gets_two_answers(host: HostProcess, langgraph: Path) -> None:
    agent = run(host, langgraph, SHAPES, "twice")
    fill_in(host, "reviewer", value="Ann")
    fill_in(host, "reviewer", value="Bob")
    assert json.loads(agent.communicate(timeout=60)[0]) == ["Ann", "Bob"]
