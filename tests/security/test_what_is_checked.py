"""A client hides what would run from the check: beside another text, or under another language's name."""

from typing import Any

import pytest

from tests.review_app.conftest import World

BAD = "import subprocess\nsubprocess.call(command, shell=True)\n"
DESTROYS = "rm -rf /srv"
HIDDEN: list[dict[str, Any]] = [
    {"script": "x = 1", "code": DESTROYS},
    {"script": DESTROYS, "code": "x = 1"},
    {"script": "x = 1", "code": BAD, "language": "sql"},
    *({"code": BAD, "language": language} for language in ("Python", "py", "PYTHON3", " python ", "sql", "shell", "other")),
    *({"code": BAD, "language": language} for language in ("", 3, None)),
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


@pytest.mark.parametrize("language", ["sql", "shell", "other"])
async def test_code_that_is_no_python_needs_not_read_as_python(world: World, language: str) -> None:
    assert [check["severity"] for check in await checks(world, {"code": "echo hello | wc", "language": language})] == ["none"]


async def test_a_second_text_that_nobody_can_read_is_refused(world: World) -> None:
    before = await world.state()
    body = {"kind": "code_execution", "title": "Run it?", "context": {"script": "x = 1", "code": ["rm", "-rf"]}}
    assert (await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")).status_code == 422
    assert await world.state() == before
