"""A client hides what would run from the check: beside another text, or under another language's name."""

from typing import Any

import pytest

from hitl.approval import ApprovalKind, ApprovalRules
from hitl.approval.rules import KindRules
from hitl.errors import InvalidInput
from tests.fakes.approvals import ask, shard
from tests.review_app.conftest import World

BAD = "import subprocess\nsubprocess.call(command, shell=True)\n"
DESTROYS = "rm -rf /srv"
HIDDEN: list[dict[str, Any]] = [
    {"script": "x = 1", "code": DESTROYS},
    {"script": DESTROYS, "code": "x = 1"},
    {"script": "x = 1", "code": BAD, "language": "sql"},
    *({"code": BAD, "language": language} for language in ("Python", "py", "PYTHON3", " python ", "sql", "shell", "other")),
    *({"code": BAD, "language": language} for language in ("", 3, None)),
    {"code": "ok = True  # \u202e \u2066 if is_admin\u2069 \u2066\nx = 1"},
    {"code": "echo safe \u202e", "language": "shell"},
]  # fmt: skip


async def checks(world: World, context: dict[str, Any]) -> list[dict[str, Any]]:
    body = {"kind": "code_execution", "title": "Run it?", "context": context}
    made = await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")
    found = await world.call("GET", f"/v1/approvals/{made.json()['approval_id']}", "approver")
    told: list[dict[str, Any]] = found.json()["approval"]["checks"]
    return told


@pytest.mark.parametrize("context", HIDDEN)
async def test_dangerous_code_is_found_wherever_and_as_whatever_it_comes(world: World, context: dict[str, Any]) -> None:
    assert "high" in [check["severity"] for check in await checks(world, context)]


async def test_a_name_that_differs_in_what_nobody_sees_is_told(world: World) -> None:
    (check,) = await checks(world, {"code": "is_admin = 0\nis_ad\u200bmin = 1", "language": "other"})
    assert [(each["line"], each["rule"]) for each in check["findings"]] == [(2, "code-invisible-sign")]


async def test_who_asks_does_not_choose_what_content_is_looked_at_for(world: World) -> None:
    context = {"content": "Pay with 4111 1111 1111 1111", "policies": ["hate_speech"]}
    body = {"kind": "content_publishing", "title": "Publish it?", "context": context}
    made = await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")
    found = await world.call("GET", f"/v1/approvals/{made.json()['approval_id']}", "approver")
    assert found.json()["approval"]["checks"][0]["severity"] != "none"


@pytest.mark.parametrize("language", ["sql", "shell", "other"])
async def test_code_that_is_no_python_needs_not_read_as_python(world: World, language: str) -> None:
    assert [check["severity"] for check in await checks(world, {"code": "echo hello | wc", "language": language})] == ["none"]


async def test_a_second_text_that_nobody_can_read_is_refused(world: World) -> None:
    before = await world.state()
    body = {"kind": "code_execution", "title": "Run it?", "context": {"script": "x = 1", "code": ["rm", "-rf"]}}
    assert (await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")).status_code == 422
    assert await world.state() == before


HIDING = [
    ("code_execution", {"code": BAD}, "code"),
    ("code_execution", {"script": DESTROYS}, "script"),
    ("code_execution", {"script": "x = 1", "code": DESTROYS}, "code"),
    ("code_execution", {"code": BAD, "language": "python"}, "language"),
    ("code_execution", {"code": BAD, "environment": "production"}, "environment"),
    ("content_publishing", {"content": "Pay with 4111 1111 1111 1111"}, "content"),
    ("content_publishing", {"content": "x", "policies": ["pii"]}, "policies"),
    ("custom", {"code": BAD}, "code"),
    ("workflow", {"script": DESTROYS}, "script"),
]


@pytest.mark.parametrize(("kind", "context", "key"), HIDING)
async def test_what_will_run_is_never_sealed_from_who_votes(world: World, kind: str, context: dict[str, Any], key: str) -> None:
    before = await world.state()
    body = {"kind": kind, "title": "Run it?", "context": context, "sensitive": [key]}
    answer = await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")
    assert (answer.status_code, "/sensitive" in answer.text, key in answer.text) == (422, True, True)
    assert await world.state() == before


@pytest.mark.parametrize("key", ["code", "script", "riskLevel"])
def test_no_configuration_seals_what_will_run(key: str) -> None:
    with pytest.raises(ValueError, match=key):
        ApprovalRules(kinds={ApprovalKind.CUSTOM: KindRules(sensitive=[key])})


def test_no_command_brings_sealed_code() -> None:
    with pytest.raises(InvalidInput, match="/sensitive"):
        shard(ask(context={"code": "***"}, sealed={"/context/code": "a" * 64}, cipher={"key": "s", "texts": {}}))
