"""Static checks over HTTP, and attached to what approvers see."""

from typing import Any

import pytest

from tests.review_app.conftest import World

CODE = "import subprocess\nsubprocess.call(command, shell=True)\n"
SCRIPT = {"kind": "code_execution", "title": "Run the clean-up?", "context": {"code": CODE, "environment": "production"}}
POST = {
    "kind": "content_publishing",
    "title": "Publish?",
    "context": {"content": "write to ann@example.org", "channel": "social_media"},
}


async def asked(world: World, body: dict[str, Any]) -> dict[str, Any]:
    made = (await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")).json()
    found: dict[str, Any] = (await world.call("GET", f"/v1/approvals/{made['approval_id']}", "approver")).json()["approval"]
    return found


@pytest.mark.covers("000-27", "000-77")
async def test_code_is_looked_at_without_an_approval(world: World) -> None:
    found = (await world.call("POST", "/v1/checks/code", "client", {"code": CODE})).json()
    assert (found["is_safe"], found["severity"]) == (False, "high")
    assert 2 in {finding["line"] for finding in found["findings"]}
    assert (await world.call("POST", "/v1/checks/code", "client", {"code": "x = 1"})).json()["is_safe"] is True


@pytest.mark.covers("000-28", "000-77")
async def test_content_is_looked_at_for_the_policies_that_are_asked_for(world: World) -> None:
    body = {"content": "ann@example.org", "policies": ["hate_speech"]}
    assert (await world.call("POST", "/v1/checks/content", "client", body)).json()["is_compliant"] is True
    body["policies"] = ["pii"]
    assert (await world.call("POST", "/v1/checks/content", "client", body)).json()["is_compliant"] is False


@pytest.mark.covers("000-17", "000-27", "000-66")
async def test_approvers_see_what_is_dangerous_in_the_code_and_somebody_more_must_approve(world: World) -> None:
    found = await asked(world, SCRIPT)
    assert (found["checks"][0]["check"], found["checks"][0]["severity"]) == ("code_security", "high")
    assert found["policy"]["requires"] == {"c_level": 1}


@pytest.mark.covers("000-18", "000-28")
async def test_approvers_see_what_content_must_not_be_published_with(world: World) -> None:
    found = await asked(world, POST)
    assert [finding["rule"] for finding in found["checks"][0]["findings"]] == ["pii-e-mail"]


@pytest.mark.parametrize(
    "body",
    [SCRIPT | {"context": {}}, POST | {"context": {"content": " "}}, POST | {"context": {"content": "x", "policies": [1]}}],
)
async def test_nobody_is_asked_about_what_they_cannot_see(world: World, body: dict[str, Any]) -> None:
    before = await world.state()
    assert (await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")).status_code == 422
    assert await world.state() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [("code", {"code": ""}), ("code", {"code": "x", "language": "cobol"}), ("content", {"content": "x", "policies": ["taste"]})],
)
async def test_a_bad_check_is_refused(world: World, path: str, body: dict[str, Any]) -> None:
    assert (await world.call("POST", f"/v1/checks/{path}", "client", body)).status_code == 422
