"""Who asks wants to choose who answers: the voters, their number and their weight are not the asker's to choose."""

from typing import Any

import pytest

from hitl.approval import ApprovalKind, ApprovalMachine, ApprovalRules
from hitl.approval.rules import KindRules, Required
from hitl.errors import Forbidden, InvalidInput
from tests.fakes.approvals import ask, request, shard, voted
from tests.review_app.conftest import World

FIXED = (ApprovalKind.CODE_EXECUTION, ApprovalKind.CONTENT_PUBLISHING)
CONTEXT = {"code": "x = 1", "content": "harmless"}
CHOICES: list[dict[str, Any]] = [
    {"excluded": ["approver-1"]},
    {"approvers": ["colluder"]},
    {"approvers": ["colluder", "approver"], "weights": {"colluder": 100}, "rule": "majority", "veto": []},
    {"weights": {"colluder": 100}},
    {"veto": []},
    {"rule": "any"},
    {"rule": "k_of_n", "k": 1},
    {"k": 1},
    {"groups": ["content_team"]},
    {"requires": {"legal": 1}},
]


@pytest.mark.parametrize("policy", CHOICES, ids=str)
@pytest.mark.parametrize("kind", FIXED)
async def test_who_asks_changes_nothing_of_how_a_fixed_kind_is_voted_on(world: World, kind: str, policy: dict[str, Any]) -> None:
    before = await world.state()
    body = {"kind": kind, "title": "Do it?", "context": CONTEXT, "policy": policy}
    answer = await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")
    assert (answer.status_code, "/policy" in answer.text) == (422, True)
    assert await world.state() == before


@pytest.mark.parametrize("kind", ["model_deployment", "policy_change"])
@pytest.mark.parametrize("policy", CHOICES, ids=str)
async def test_who_asks_chooses_no_voters_of_what_serves(world: World, kind: str, policy: dict[str, Any]) -> None:
    evidence: dict[str, Any] = {"policy": {}}
    body = {"kind": kind, "task": "digits", "title": "two", "digest": "a" * 64, "evidence": evidence, "policy": policy}
    answer = await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")
    assert (answer.status_code, "/policy" in answer.text) == (422, True)


BOARD = ApprovalRules(
    groups={"legal": ["lea", "leo"], "board": ["zoe"]},
    kinds={ApprovalKind.WORKFLOW: KindRules(requires={"legal": 2})},
    on_high_risk=Required(rule="require_board", require=["board"]),
)
RISKY = {"riskLevel": "high"}


@pytest.mark.parametrize(
    ("kind", "context", "excluded"), [("workflow", {}, "lea"), ("ai_decision", RISKY, "zoe"), ("custom", RISKY, "zoe")]
)
def test_nobody_whose_vote_is_demanded_is_excluded(kind: str, context: dict[str, Any], excluded: str) -> None:
    with pytest.raises(InvalidInput, match="/policy/excluded"):
        shard(ask(kind=kind, context=context, policy={"excluded": [excluded]}), rules=BOARD)


def test_a_demanded_number_of_votes_is_not_lowered() -> None:
    shell = shard(ask(kind="workflow", policy={"requires": {"legal": 1}, "veto": []}), rules=BOARD)
    assert [voted(shell, "lea"), voted(shell, "leo")] == ["pending", "approved"]


NOBODY = ApprovalRules(
    groups={"legal": [], "board": [], "security": ["agent"], "open": ["*"]},
    kinds={
        ApprovalKind.CODE_EXECUTION: KindRules(ask=["legal"], is_fixed=True),
        ApprovalKind.CONTENT_PUBLISHING: KindRules(ask=["security"], is_fixed=True),
        ApprovalKind.WORKFLOW: KindRules(requires={"legal": 1}),
        ApprovalKind.MODEL_DEPLOYMENT: KindRules(ask=["legal"]),
        ApprovalKind.POLICY_CHANGE: KindRules(ask=["open"], requires={"board": 1}),
        ApprovalKind.AI_DECISION: KindRules(ask=["open"], is_fixed=True),
    },
    on_high_risk=Required(rule="require_board", require=["board"]),
)


@pytest.mark.parametrize(
    "command",
    [
        ask(kind="code_execution", policy={}),
        ask(kind="content_publishing", policy={}),
        ask(kind="workflow", policy={}),
        ask(kind="custom", context=RISKY, policy={}),
        ask(kind="custom", policy={"groups": ["legal"]}),
        ask(kind="custom", policy={"requires": {"legal": 1}}),
        ask(kind="custom", policy={"approvers": ["ann"], "requires": {"security": 1}}),
        request(),
    ],
)
def test_a_group_that_lists_nobody_stands_for_nobody(command: Any) -> None:
    with pytest.raises(InvalidInput, match=r"nobody|too few|at most 0|somebody"):
        shard(command, rules=NOBODY)


EVERYBODY = ApprovalRules(groups={"legal": ["*"], "security": ["*"]})


@pytest.mark.parametrize("requires", [{"legal": 2}, {"legal": 1, "security": 1}])
def test_one_person_who_is_asked_cannot_fill_two_seats_of_everybody(requires: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match="too few"):
        shard(ask(kind="custom", policy={"approvers": ["ann"], "requires": requires}), rules=EVERYBODY)
    shell = shard(ask(kind="custom", policy={"requires": requires, "veto": []}), rules=EVERYBODY)
    assert (voted(shell, "ann"), voted(shell, "bob")) == ("pending", "approved")


def test_every_approver_is_in_a_group_where_the_operator_says_so() -> None:
    shell = shard(ask(kind="ai_decision", policy={}), rules=NOBODY)
    assert voted(shell, "zoe") == "approved"


def test_everybody_and_names_in_one_group_stop_the_start() -> None:
    with pytest.raises(ValueError, match="beside"):
        ApprovalRules(groups={"legal": ["*", "lea"]})


def test_a_request_of_an_older_version_keeps_the_groups_that_it_was_made_with(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("hitl.approval.electorate._check_filled", lambda *_: None)  # as before the rule
        shell = shard(ask(kind="custom", context=RISKY, policy={}), rules=NOBODY)
    assert voted(shell, "ann") == "approved"
    assert shell.replayed() == shell.plain()


async def test_an_installation_without_people_asks_nobody(world: World) -> None:
    world.shards.shards["approval"]._machine = ApprovalMachine(NOBODY)
    before = await world.state()
    body = {"kind": "code_execution", "title": "Do it?", "context": {"code": "x = 1"}}
    answer = await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")
    assert (answer.status_code, "lists nobody in legal" in answer.text) == (422, True)
    assert await world.state() == before


def test_who_is_not_in_the_group_has_no_voice() -> None:
    rules = ApprovalRules(groups={"legal": ["lea"]}, kinds={ApprovalKind.CODE_EXECUTION: KindRules(ask=["legal"], is_fixed=True)})
    shell = shard(ask(kind="code_execution", policy={}), rules=rules)
    with pytest.raises(Forbidden):
        voted(shell, "zoe")
    assert voted(shell, "lea") == "approved"
