"""Commands that speak for their caller: decide, review, approvals, models."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from hitl.cli.commands import connection
from hitl.cli.main import app
from tests.console.near import Near, near


@pytest.fixture(scope="module")
def world() -> Iterator[Near]:
    with near(Near(undo_s=60.0)) as found:
        yield found


def run(world: Near, account: str, *argv: str, code: int = 0) -> str:
    told = CliRunner().invoke(app, argv, env={"HITL_API_URL": world.url, "HITL_API_KEY": world.keys[account]})
    assert told.exit_code == code, (told.output, told.exception)
    return told.output


def test_a_reviewer_claims_and_answers(world: Near) -> None:
    world.cases(1, "answered")
    assert "digits" in run(world, "ada", "review", "queues")
    review = json.loads(run(world, "ada", "review", "claim", "digits", "--json"))["review"]
    lease = str(review["lease"]["id"])
    assert (
        json.loads(run(world, "ada", "review", "show", review["review_id"], "--json"))["review"]["review_id"]
        == review["review_id"]
    )
    told = run(world, "ada", "review", "answer", review["review_id"], "3", "--lease", lease, "--json")
    assert json.loads(told)["label"] == "3"


def test_a_review_goes_back_or_to_the_experts(world: Near) -> None:
    world.cases(1, "returned")
    claimed = run(world, "ben", "review", "claim", "digits").split()
    assert run(world, "ben", "review", "release", claimed[0], "--lease", claimed[2]).endswith("is back in its queue\n")
    claimed = run(world, "ben", "review", "claim", "digits").split()
    told = run(world, "ben", "review", "escalate", claimed[0], "--lease", claimed[2], "--reason", "hard")
    assert told == f"{claimed[0]} is with the experts\n"


def _asked(world: Near) -> dict[str, Any]:
    body = {"kind": "custom", "title": "Which plan?"}
    answer = world.do(world.call("POST", "/v1/approvals", world.keys["operator"], body, idempotency_key="plan"))
    found: dict[str, Any] = answer.json()
    return found


def test_an_approver_votes_on_what_they_saw(world: Near) -> None:
    asked = _asked(world)
    name, digest = asked["approval_id"], asked["digest"]
    assert name in run(world, "kim", "approvals", "list")
    run(world, "kim", "approvals", "vote", name, "approve", "--digest", "0" * 64, code=2)
    run(world, "kim", "approvals", "vote", name, "approve", "--digest", digest[:11], code=2)
    told = json.loads(run(world, "kim", "approvals", "vote", name, "approve", "--digest", digest[:12], "--json"))
    assert (told["approval_id"], told["approving"]) == (name, 1)
    assert json.loads(run(world, "kim", "approvals", "show", name, "--json"))["approval"]["digest"] == digest


def test_a_decision_is_printed_and_its_key_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json={"case_id": "c1", "status": "decided", "outcome": {"label": "3"}})

    monkeypatch.setattr(connection, "transport", httpx2.MockTransport(answer))
    argv = ["decide", "digits", "[0.5]", "--url", "http://hitl", "--key", "k", "--idempotency-key", "once"]
    assert CliRunner().invoke(app, argv).output == "c1 decided 3\n"
    assert (sent[0].headers["idempotency-key"], json.loads(sent[0].content)["features"]) == ("once", [0.5])
    assert json.loads(CliRunner().invoke(app, [*argv, "--json"]).output)["case_id"] == "c1"


@pytest.mark.parametrize("features", ["nonsense", "@/nowhere"])
def test_what_is_no_json_is_refused_before_anything_is_sent(features: str) -> None:
    told = CliRunner().invoke(app, ["decide", "digits", features, "--url", "http://hitl", "--key", "k"])
    assert (told.exit_code, "FEATURES" in told.output) == (2, True)


def test_a_version_is_served_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert json.loads(request.content) == {"digest": "d" * 64, "reason": "wrong"}
        return httpx2.Response(
            200, json={"task": "digits", "generation": 4, "versions": [], "digest": "d" * 64, "approval_id": "a"}
        )

    monkeypatch.setattr(connection, "transport", httpx2.MockTransport(answer))
    argv = ["models", "rollback", "digits", "d" * 64, "--reason", "wrong", "--url", "http://hitl", "--key", "k"]
    assert CliRunner().invoke(app, argv).output == f"digits is served by {'d' * 12} again, generation 4\n"


def test_a_command_without_a_key_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HITL_API_KEY", raising=False)
    told = CliRunner().invoke(app, ["review", "queues", "--url", "http://hitl"])
    assert (told.exit_code, "HITL_API_KEY" in told.output) == (2, True)


TELLING = (
    "status",
    "verify",
    "decide",
    "backup",
    "keys list",
    "accounts list",
    "agents history",
    "tasks check",
    "examples export",
    "outbox list",
    "outbox log",
    "quality",
    "targets",
    "policy dry-run",
    "review queues",
    "review claim",
    "review answer",
    "approvals list",
    "approvals vote",
    "models show",
    "models rollback",
)
"""Commands whose answer is for a person to read, and another program may want."""


@pytest.mark.parametrize("command", TELLING)
def test_a_program_can_read_what_a_command_tells(command: str) -> None:
    assert "--json" in CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200"}).output


def test_task_files_are_told_as_json() -> None:
    told = CliRunner().invoke(app, ["tasks", "check", "configs/tasks/digits.yaml", "--json"])
    assert json.loads(told.output)["tasks"][0]["task"] == "digits"
