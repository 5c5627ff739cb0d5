"""A client asks so that nobody has to say yes: silence approves nothing that a person must look at."""

from typing import Any

import pytest

from hitl.approval import ApprovalKind, ApprovalOf, ApprovalRules
from hitl.approval.rules import KindRules
from tests.approval.test_requests import HOUR, shown
from tests.fakes.approvals import ask, shard
from tests.review_app.conftest import World

SILENT_YES = {"option": "approve", "reason": "nobody objected"}
CODE = {"code": "import os\nos.system('rm -rf ' + place)\n"}
CARD = {"content": "Pay with 4111 1111 1111 1111"}
ATTACKS: list[dict[str, Any]] = [
    {"kind": "code_execution", "context": {"code": "x = 1"}},
    {"kind": "code_execution", "context": CODE | {"riskLevel": "critical"}},
    {"kind": "content_publishing", "context": CARD},
    {"kind": "content_publishing", "context": {"content": "harmless"}},
    {"kind": "ai_decision", "context": {"riskLevel": "high"}},
    {"kind": "ai_decision", "context": {"riskLevel": " CRITICAL "}},
    {"kind": "workflow", "policy": {"requires": {"c_level": 1}}},
    {"kind": "custom", "policy": {"groups": ["legal"], "requires": {"legal": 2}}},
    {"kind": "ai_decision", "options": [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}],
     "default": {"option": "yes", "reason": "quiet"}, "context": {"riskLevel": "high"}},
]  # fmt: skip


async def asked(world: World, body: dict[str, Any]) -> tuple[int, str]:
    given = {"title": "Do it?", "default": SILENT_YES, "timeout": 600.0, **body}
    answer = await world.call("POST", "/v1/approvals", "client", given, idempotency_key="k")
    return answer.status_code, answer.text


@pytest.mark.parametrize("body", ATTACKS)
async def test_a_default_that_approves_what_people_must_see_is_refused(world: World, body: dict[str, Any]) -> None:
    before = await world.state()
    status, text = await asked(world, body)
    assert (status, "/default/option" in text) == (422, True)
    assert await world.state() == before


@pytest.mark.parametrize("lasts_s", [0.5, 1.0, 59.9])
async def test_a_timeout_that_no_person_can_meet_is_refused(world: World, lasts_s: float) -> None:
    before = await world.state()
    status, text = await asked(world, {"kind": "custom", "timeout": lasts_s})
    assert (status, "/timeout" in text) == (422, True)
    assert await world.state() == before


async def test_a_default_that_rejects_or_approves_what_is_harmless_is_taken(world: World) -> None:
    rejecting = {"default": {"option": "reject", "reason": "no word, no run"}}
    assert (await asked(world, {"kind": "code_execution", "context": CODE, **rejecting}))[0] == 201
    answer = await world.call(
        "POST", "/v1/approvals", "client", {"kind": "custom", "title": "Tea?", "default": SILENT_YES}, idempotency_key="l"
    )
    assert answer.status_code == 201


FINDING = {"check": "code_security", "severity": "high", "findings": []}
WAITING: list[tuple[dict[str, Any], ApprovalRules]] = [
    ({"kind": "workflow"}, ApprovalRules(kinds={ApprovalKind.WORKFLOW: KindRules(is_fixed=True)})),
    ({"context": {"riskLevel": "critical"}}, ApprovalRules()),
    ({"checks": [FINDING]}, ApprovalRules()),
    ({"policy": {"approvers": ["ann"], "requires": {"legal": 1}}}, ApprovalRules(groups={"legal": ["bob"]})),
    ({"timeout_s": 0.5}, ApprovalRules()),
]


@pytest.mark.parametrize(("overrides", "rules"), WAITING)
def test_an_old_request_that_waits_with_such_a_default_expires_unapproved(
    overrides: dict[str, Any], rules: ApprovalRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hitl.approval.asking._check_silence", lambda *_: None)  # as before the rule
    monkeypatch.setattr("hitl.approval.asking._check_timeout", lambda *_: None)
    fields = {"policy": {}} | overrides if overrides.get("kind") == "workflow" else overrides
    shell = shard(ask(default=HOUR, **fields), rules=rules)
    shell.recover()
    shell.advance(3600)
    assert (shown(shell)["status"], shown(shell)["choice"]) == ("expired", None)
    assert shell.replayed() == shell.plain()


def test_the_shortest_timeout_is_a_setting() -> None:
    found = shard(ask(timeout_s=0.5), rules=ApprovalRules(shortest_timeout_s=0)).ask(ApprovalOf("refund"))["approval"]
    assert found["expires_at"] - found["requested_at"] == 0.5
    with pytest.raises(ValueError, match="shortest_timeout_s"):
        ApprovalRules.model_validate({"timeouts_s": {"low": 5.0}}, strict=False)
