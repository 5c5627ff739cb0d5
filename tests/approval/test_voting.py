"""How votes add up: each rule, role, weight and veto, and that a request cannot choose what is configured."""

import json
from typing import Any

import pytest

from hitl.approval import ApprovalOf, ApprovalRules
from hitl.errors import Forbidden, InvalidInput
from tests.fakes.approvals import ask, shard, voted

THREE = ["ann", "bob", "cid"]
GROUPS = ApprovalRules.model_validate_json(
    json.dumps(
        {
            "groups": {"legal": ["lea"], "security": ["sam", "lea"], "board": ["zoe"], "everybody": ["*"], "nobody": []},
            "kinds": {
                "code_execution": {"ask": ["security"], "is_fixed": True},
                "content_publishing": {"ask": ["legal", "security"], "requires": {"legal": 1, "security": 1}, "rule": "all"},
            },
            "on_high_risk": {"rule": "require_c_level_approval", "require": ["board"]},
        }
    )
)

CASES: list[tuple[dict[str, Any], list[tuple[str, str]], str]] = [
    ({"rule": "any"}, [("ann", "approve")], "approved"),
    ({"rule": "any", "veto": []}, [("ann", "reject"), ("bob", "approve")], "approved"),
    ({"rule": "any", "veto": []}, [("ann", "reject"), ("bob", "reject"), ("cid", "reject")], "rejected"),
    ({"rule": "all"}, [("ann", "approve"), ("bob", "approve")], "pending"),
    ({"rule": "all"}, [("ann", "approve"), ("bob", "approve"), ("cid", "approve")], "approved"),
    ({"rule": "all", "veto": []}, [("ann", "approve"), ("bob", "reject")], "rejected"),
    ({"rule": "majority", "veto": []}, [("ann", "approve"), ("bob", "reject")], "pending"),
    ({"rule": "majority", "veto": []}, [("ann", "approve"), ("bob", "reject"), ("cid", "approve")], "approved"),
    ({"rule": "majority", "veto": []}, [("ann", "reject"), ("bob", "reject")], "rejected"),
    ({"rule": "k_of_n", "k": 2, "veto": []}, [("ann", "reject"), ("bob", "approve"), ("cid", "approve")], "approved"),
    ({"rule": "k_of_n", "k": 3, "veto": []}, [("ann", "reject")], "rejected"),
    ({"rule": "majority", "veto": [], "weights": {"ann": 3}}, [("ann", "approve")], "approved"),
    ({"rule": "k_of_n", "k": 3, "veto": [], "weights": {"ann": 2}}, [("bob", "approve"), ("cid", "approve")], "pending"),
    ({"rule": "any", "veto": ["bob"]}, [("bob", "reject")], "rejected"),
    ({"rule": "majority", "veto": ["bob"]}, [("ann", "reject")], "pending"),
]


@pytest.mark.parametrize(("policy", "votes", "status"), CASES)
def test_votes_add_up_by_their_rule(policy: dict[str, Any], votes: list[tuple[str, str]], status: str) -> None:
    shell = shard(ask(policy={"approvers": THREE, **policy}))
    assert [voted(shell, voter, vote) for voter, vote in votes][-1] == status
    assert shell.replayed() == shell.plain()


def test_each_role_must_approve_and_one_person_stands_for_one_role() -> None:
    shell = shard(ask(kind="content_publishing", policy={}), rules=GROUPS)
    assert voted(shell, "lea") == "pending"
    assert voted(shell, "sam") == "approved"


def test_a_role_that_nobody_is_left_to_fill_ends_the_request() -> None:
    shell = shard(ask(kind="content_publishing", policy={"rule": "any", "veto": []}), rules=GROUPS)
    assert voted(shell, "lea", "reject") == "rejected"


@pytest.mark.covers("000-66")
def test_a_high_risk_needs_the_board_as_well() -> None:
    shell = shard(ask(kind="code_execution", policy={}, context={"riskLevel": "high"}), rules=GROUPS)
    assert voted(shell, "sam") == "pending"
    assert voted(shell, "zoe") == "approved"


def test_who_took_part_may_not_vote() -> None:
    shell = shard(ask(policy={"approvers": THREE, "excluded": ["ann"]}))
    for barred in ("ann", "agent"):
        with pytest.raises(Forbidden):
            voted(shell, barred)


def test_only_who_is_asked_may_vote_and_a_group_of_everybody_is_open() -> None:
    with pytest.raises(Forbidden):
        voted(shard(ask()), "zoe")
    open_ = shard(ask(policy={"groups": ["everybody"], "rule": "any"}), rules=GROUPS)
    assert voted(open_, "zoe") == "approved"


def test_the_tally_names_who_is_waited_for() -> None:
    shell = shard(ask())
    voted(shell, "ann")
    tally = shell.ask(ApprovalOf("refund"))["approval"]["tally"]
    assert (tally["by_option"], tally["need"], tally["waiting_for"]) == ({"approve": 1.0}, 2.0, ["bob", "cid"])


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("code_execution", {"rule": "any", "approvers": ["mallory"]}, "/policy"),
    ("ai_decision", {"rule": "majority"}, "/policy/rule"),
    ("ai_decision", {"approvers": ["ann"], "rule": "k_of_n", "k": 2}, "/policy/k"),
    ("ai_decision", {"approvers": ["agent"]}, "/policy"),
    ("ai_decision", {"groups": ["ghosts"]}, "/policy/groups"),
    ("ai_decision", {"requires": {"ghosts": 1}}, "/policy/requires"),
    ("ai_decision", {"weights": {"ann": 0}}, "/policy/weights"),
    ("ai_decision", {"whims": []}, "/policy"),
]


@pytest.mark.parametrize(("kind", "policy", "place"), BAD)
def test_a_policy_that_cannot_hold_names_its_place(kind: str, policy: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        shard(ask(kind=kind, policy=policy), rules=GROUPS)
    assert refusal.value.place == place
