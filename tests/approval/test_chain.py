"""While nobody decides: reminders, more people who are asked, deputies; and that none of it is ever an answer."""

import json

import pytest

from hitl.approval import ApprovalOf, ApprovalRules, DelegateVote, Nudge, SetAbsence
from hitl.canonical import canonical
from hitl.errors import AlreadyVoted, ApprovalClosed, Forbidden, InvalidInput
from tests.fakes.approvals import ask, request, shard, vote, voted
from tests.fakes.shell import START, Shell
from tests.fakes.stranger import journal_folds

RULES = ApprovalRules.model_validate_json(
    json.dumps(
        {
            "groups": {"manager": ["mia"], "stakeholders": ["sol"], "c_level": ["zoe"], "ml_engineer": ["ann", "bob"]},
            "kinds": {"model_deployment": {"ask": ["ml_engineer"], "is_fixed": True}},
            "remind_at": [0.5],
            "on_timeout": [{"rule": "escalate_to_manager", "after": 0.6, "ask": ["manager"]}],
            "on_rejection": {"rule": "notify_stakeholders", "tell": ["stakeholders"]},
            "on_high_risk": {"rule": "require_c_level_approval", "require": ["c_level"]},
        }
    )
)


def happened(shell: Shell, kind: str) -> list[dict[str, object]]:
    return [event for commit in shell.commits() for event in commit.events if event["type"] == kind]


def status(shell: Shell, approval_id: str = "refund") -> str:
    return str(shell.ask(ApprovalOf(approval_id))["approval"]["status"])


def test_who_is_silent_is_reminded_and_nobody_else() -> None:
    shell = shard(ask(), rules=RULES)
    voted(shell, "ann")
    shell.recover()
    shell.advance(1800)
    assert [event["to"] for event in happened(shell, "ApprovalReminded")] == [["bob", "cid"]]


@pytest.mark.covers("000-64", "000-30", "D35")
def test_after_a_while_the_manager_is_asked_too_and_time_itself_decides_nothing() -> None:
    shell = shard(ask(policy={"approvers": ["ann"]}), rules=RULES)
    shell.advance(2160)
    assert (status(shell), happened(shell, "ApprovalEscalated")[0]["ask"]) == ("pending", ["mia"])
    assert voted(shell, "mia") == "approved"
    silent = shard(ask(policy={"approvers": ["ann"]}), rules=RULES)
    silent.advance(3600)
    assert status(silent) == "expired"


@pytest.mark.covers("000-65")
def test_a_rejection_tells_the_stakeholders_who_decide_nothing() -> None:
    shell = shard(ask(policy={"approvers": ["ann"]}), rules=RULES)
    assert voted(shell, "ann", "reject") == "rejected"
    assert [(event["rule"], event["ask"]) for event in happened(shell, "ApprovalEscalated")] == [("notify_stakeholders", ["sol"])]


@pytest.mark.covers("000-66")
def test_a_model_of_high_risk_needs_its_quorum_and_the_board() -> None:
    shell = shard(request(context={"riskLevel": "critical"}), rules=RULES)
    assert [event["rule"] for event in happened(shell, "ApprovalEscalated")] == ["require_c_level_approval"]
    assert [voted(shell, who, approval_id="digits-1") for who in ("ann", "bob", "zoe")] == ["pending", "pending", "approved"]


@pytest.mark.covers("000-63")
def test_only_the_configured_people_vote_on_a_model() -> None:
    with pytest.raises(Forbidden):
        shard(request(), vote("cid"), rules=RULES)
    with pytest.raises(InvalidInput):
        shard(request(quorum=3), rules=RULES)


def test_a_delegated_vote_counts_as_the_one_that_it_replaces() -> None:
    policy = {"approvers": ["ann", "bob", "cid"], "rule": "majority", "veto": ["ann"], "weights": {"ann": 3}}
    shell = shard(ask(policy=policy), DelegateVote("refund", "ann", "dan", "on holiday"))
    with pytest.raises(Forbidden):
        voted(shell, "ann")
    assert voted(shell, "dan") == "approved"
    assert shell.replayed() == shell.plain()


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (DelegateVote("refund", "bob", "agent"), InvalidInput),
        (DelegateVote("refund", "bob", "cid"), InvalidInput),
        (DelegateVote("refund", "zoe", "dan"), Forbidden),
        (DelegateVote("refund", "ann", "dan"), AlreadyVoted),
        (SetAbsence("bob", float("nan"), None, "bob"), InvalidInput),
        (SetAbsence("bob", START + 9, "bob", "bob"), InvalidInput),
    ],
)
def test_a_vote_goes_to_nobody_who_may_not_have_it(command: object, error: type[Exception]) -> None:
    shell = shard(ask())
    voted(shell, "ann")
    before = shell.plain()
    with pytest.raises(error):
        shell.send(command)
    assert shell.plain() == before


@pytest.mark.covers("000-30", "D35")
def test_who_is_away_is_asked_through_a_deputy_now_and_later() -> None:
    shell = shard(ask(approval_id="a"), SetAbsence("ann", START + 500, "dan", "ann"), ask(approval_id="b"))
    for name in "ab":
        assert shell.ask(ApprovalOf(name))["approval"]["asked"] == ["dan", "bob", "cid"]
    shell.advance(600)
    shell.send(ask(approval_id="c"))
    assert shell.ask(ApprovalOf("c"))["approval"]["asked"] == ["ann", "bob", "cid"]


@pytest.mark.covers("000-30", "D35")
def test_when_everybody_is_away_the_next_are_asked_and_none_is_an_answer() -> None:
    away = SetAbsence("ann", START + 9_000, None, "ann")
    for order in ((ask(policy={"approvers": ["ann"]}), away), (away, ask(policy={"approvers": ["ann"]}))):
        shell = shard(*order, rules=RULES)
        assert (status(shell), happened(shell, "ApprovalEscalated")[0]["cause"]) == ("pending", "away")
        assert voted(shell, "mia") == "approved"


def test_a_circle_of_deputies_asks_nobody_twice() -> None:
    shell = shard(SetAbsence("ann", START + 9e3, "bob", "ann"), SetAbsence("bob", START + 9e3, "ann", "bob"), ask())
    assert shell.ask(ApprovalOf("refund"))["approval"]["asked"] == ["ann", "bob", "cid"]


def test_a_nudge_too_late_or_twice_does_nothing() -> None:
    shell = shard(ask(), rules=RULES)
    shell.advance(1800)
    assert shell.events(Nudge("refund", 0)) == []
    shell.advance(1800)
    assert shell.events(Nudge("refund", 1)) == []
    with pytest.raises(ApprovalClosed):
        shell.send(DelegateVote("refund", "bob", "dan"))


def test_a_stranger_replays_the_chain() -> None:
    shell = shard(ask(), SetAbsence("ann", START + 9e3, "dan", "ann"), DelegateVote("refund", "bob", "eve"), rules=RULES)
    shell.advance(2200)
    live = json.loads(canonical(shell.plain()))
    assert journal_folds.fold_approvals(json.loads(entry.body) for entry in shell.entries) == live
