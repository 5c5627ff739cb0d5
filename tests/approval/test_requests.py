"""Requests of every kind: what is shown is what is bound, and what silence means is said in words."""

from typing import Any

import pytest

from hitl.approval import ApprovalOf, Approvals, CancelApproval, Deploy, Expire, Vote
from hitl.approval.questions import ApprovalMetrics, AuditTrail
from hitl.approval.shown import shown_digest
from hitl.errors import ApprovalClosed, DigestMismatch, InvalidInput
from hitl.identity import Principal, Role
from tests.fakes.approvals import GOOD, ask, request, shard, vote, voted
from tests.fakes.shell import Shell

EXECUTE = [{"label": "Execute", "value": "execute", "recommended": True}, {"label": "Reject", "value": "reject"}]
SETS = [
    EXECUTE,
    [{"value": "approve"}, {"value": "deny"}],
    [{"value": "compliant"}, {"value": "changes"}, {"value": "reject"}],
]
HOUR = {"option": "approve", "reason": "a refund under 10 euros may go out"}
POLICY = {"policy": {"automatic": 0.9}}
KINDS = ("code_execution", "content_publishing", "workflow", "ai_decision", "custom")


def shown(shell: Shell, approval_id: str = "refund") -> dict[str, Any]:
    found: dict[str, Any] = shell.ask(ApprovalOf(approval_id))["approval"]
    return found


@pytest.mark.covers("000-10", "000-11", "000-14", "000-15")
def test_a_request_keeps_every_field_that_it_was_given() -> None:
    context = {"script": "print(1)", "regulations": ["GDPR", "SOX"], "riskLevel": "low", "modelName": "m", "version": "3"}
    metadata = {"department": "risk", "reviewer": "chief_risk_officer"}
    given = {"description": "why", "context": context, "urgency": "low", "metadata": metadata, "timeout_s": 600.0}
    found = shown(shard(ask(options=EXECUTE, **given)))
    assert {name: found[name] for name in ("description", "context", "urgency", "metadata")} == {
        name: given[name] for name in ("description", "context", "urgency", "metadata")
    }
    assert found["options"][0] == {"label": "Execute", "value": "execute", "recommended": True, "outcome": "approve"}
    assert found["expires_at"] - found["requested_at"] == 600.0


@pytest.mark.covers("000-19", "000-20")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_bound_to_the_digest_of_what_is_shown(kind: str) -> None:
    shell = shard(ask(kind=kind))
    found = shown(shell)
    assert found["digest"] == found["shown"] == shown_digest(found)
    with pytest.raises(DigestMismatch):
        shell.send(Vote("refund", "ann", "approve", GOOD))


def test_a_vote_for_a_model_can_be_bound_to_all_that_was_shown_with_it() -> None:
    shell = shard(request())
    with pytest.raises(DigestMismatch):
        shell.send(Vote("digits-1", "ann", "approve", GOOD, shown=shown_digest({**shown(shell, "digits-1"), "title": "x"})))
    assert voted(shell, "ann", approval_id="digits-1") == "pending"


@pytest.mark.covers("000-12", "000-13", "000-73")
@pytest.mark.parametrize(("urgency", "seconds"), [("critical", 600.0), ("high", 1800.0), ("medium", 3600.0), ("low", 86400.0)])
def test_the_more_pressing_the_sooner_it_ends(urgency: str, seconds: float) -> None:
    found = shown(shard(ask(urgency=urgency)))
    assert found["expires_at"] - found["requested_at"] == seconds


@pytest.mark.covers("000-22")
@pytest.mark.parametrize("options", SETS)
def test_the_first_option_approves_and_the_last_rejects(options: list[dict[str, Any]]) -> None:
    ends = [voted(shard(ask(options=options, policy={"approvers": ["ann"]})), "ann", options[at]["value"]) for at in (0, -1)]
    assert ends == ["approved", "rejected"]


def test_the_option_with_the_votes_is_the_choice() -> None:
    options = [
        {"value": "plan a", "outcome": "approve"},
        {"value": "plan b", "outcome": "approve"},
        {"value": "neither", "outcome": "reject"},
    ]
    shell = shard(ask(options=options))
    assert [voted(shell, who, what) for who, what in (("ann", "plan a"), ("bob", "plan b"), ("cid", "plan b"))][-1] == "approved"
    assert shown(shell)["choice"] == "plan b"


@pytest.mark.covers("D35")
def test_silence_approves_nothing() -> None:
    shell = shard(ask())
    voted(shell, "ann")
    shell.advance(3600)
    assert (shown(shell)["status"], shown(shell)["choice"]) == ("expired", None)


@pytest.mark.covers("D35")
def test_silence_is_what_the_request_names_for_it_in_words() -> None:
    shell = shard(ask(default=HOUR))
    shell.advance(3600)
    found = shown(shell)
    assert (found["status"], found["choice"], found["closing_reason"]) == ("approved", "approve", HOUR["reason"])
    assert shell.replayed() == shell.plain()


def test_a_default_can_reject_too() -> None:
    shell = shard(ask(default={"option": "reject", "reason": "no refund without a word"}))
    shell.advance(3600)
    assert shown(shell)["status"] == "rejected"


@pytest.mark.covers("000-24")
def test_a_withdrawn_request_takes_no_votes() -> None:
    shell = shard(ask(), CancelApproval("refund", "agent", "not needed"))
    assert (shown(shell)["status"], shown(shell)["closing_reason"]) == ("cancelled", "not needed")
    for refused in (lambda: voted(shell, "ann"), lambda: shell.send(CancelApproval("refund", "agent"))):
        with pytest.raises(ApprovalClosed):
            refused()
    assert shell.events(Expire("refund")) == []


def test_a_model_whose_request_was_withdrawn_may_be_asked_for_again() -> None:
    shell = shard(request(), CancelApproval("digits-1", "trainer"))
    assert shell.send(request())["approval_id"] == "digits-2"


def test_an_approval_of_anything_else_deploys_no_model() -> None:
    shell = shard(request(kind="policy_change", evidence=POLICY), vote("ann"), vote("bob"))
    with pytest.raises(InvalidInput):
        shell.send(Deploy("digits-1", GOOD))


def test_a_rejected_policy_may_be_asked_for_again() -> None:
    shell = shard(request(kind="policy_change", evidence=POLICY), vote("ann", "reject"))
    assert shell.send(request(kind="policy_change", evidence=POLICY))["approval_id"] == "digits-2"


@pytest.mark.covers("000-60")
def test_the_same_request_under_its_own_name_is_the_same_approval() -> None:
    shell = shard(ask(approval_id="model_promotion_churn_3"))
    assert shell.send(ask(approval_id="model_promotion_churn_3"))["status"] == "pending"
    with pytest.raises(ApprovalClosed):
        shell.send(ask(approval_id="model_promotion_churn_3", title="something else"))


BAD: list[tuple[dict[str, Any], str]] = [
    ({"kind": "model_deployment"}, "/kind"),
    ({"kind": "holiday"}, "/kind"),
    ({"urgency": "now"}, "/urgency"),
    ({"timeout_s": 0.0}, "/timeout"),
    ({"timeout_s": float("nan")}, "/timeout"),
    ({"approval_id": "digits-1"}, "/id"),
    ({"approval_id": "../etc"}, "/id"),
    ({"approval_id": "metrics"}, "/id"),
    ({"options": [{"value": "maybe"}, {"value": "reject"}]}, "/options/0/outcome"),
    ({"options": [{"value": "approve"}]}, "/options"),
    ({"options": [{"value": "approve"}, {"value": "yes"}]}, "/options"),
    ({"default": {"option": "approve", "reason": " "}}, "/default/reason"),
    ({"default": {"option": "perhaps", "reason": "why not"}}, "/default/option"),
    ({"title": "x" * 4001}, "/title"),
]


@pytest.mark.parametrize(("overrides", "place"), BAD)
def test_a_bad_request_names_its_place(overrides: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        shard(ask(**overrides))
    assert refusal.value.place == place


@pytest.mark.covers("000-26")
def test_the_trail_tells_comments_and_metadata_only_when_asked() -> None:
    shell = shard(ask(metadata={"department": "risk"}))
    voted(shell, "ann")
    short = shell.ask(AuditTrail("refund"))["entries"]
    full = shell.ask(AuditTrail("refund", None, True, True))["entries"]
    assert [entry["type"] for entry in short] == ["ApprovalRequested", "VoteCast"]
    assert "comment" not in short[1]
    assert full[1]["comment"] == "read it"
    assert "metadata" not in short[0]
    assert full[0]["metadata"] == {"department": "risk"}


@pytest.mark.covers("000-25")
def test_metrics_are_rates_of_what_has_ended() -> None:
    shell = shard(*(ask(approval_id=name) for name in "abcd"))
    for name in "ab":
        for who in ("ann", "bob"):
            voted(shell, who, approval_id=name)
    shell.send(CancelApproval("c", "agent"))
    shell.advance(3600)
    found = shell.ask(ApprovalMetrics())
    assert (found["approval_rate"], found["timeout_rate"], found["total"]) == (0.5, 0.25, 4)


def test_pages_follow_each_other_and_hold_what_a_person_may_see() -> None:
    shell = shard(*(ask(approval_id=name) for name in "abc"), request(), request("b" * 64))
    first = shell.ask(Approvals(limit=2))
    second = shell.ask(Approvals(after=first["next"], limit=2))
    assert [approval["approval_id"] for page in (first, second) for approval in page["approvals"]] == ["a", "b", "c", "digits-1"]
    assert shell.ask(Approvals(after=second["next"], limit=2))["next"] is None
    of_digits = Principal("eve", frozenset({Role.APPROVER}), frozenset({"digits"}))
    assert len(shell.ask(Approvals(person=of_digits))["approvals"]) == 2
