"""What came first is what the journal has first: a clock that jumps ahead and back makes no approval late."""

import pytest

from hitl.approval.commands import Deploy, RollBack
from hitl.approval.questions import ApprovalOf, OvertakingOf
from hitl.serving.commands import RecordDefinitions
from tests.approval.test_definitions import ADDED, FIRST, adopt
from tests.fakes.approvals import GOOD, OTHER, request, shard, vote
from tests.fakes.shell import Shell

HOUR_S = 3_600.0
THIRD = "c" * 64


def approve(shell: Shell, digest: str) -> str:
    approval_id = str(shell.send(request(digest))["approval_id"])
    for voter in ("ann", "bob"):
        shell.send(vote(voter, approval_id=approval_id, digest=digest))
    return approval_id


def deploy(shell: Shell, approval_id: str, digest: str) -> str:
    return str(shell.send(Deploy(approval_id, digest))["status"])


@pytest.mark.parametrize("jump_s", [0.0, HOUR_S, -HOUR_S])
def test_a_model_that_was_requested_later_is_not_overtaken_by_an_earlier_one(jump_s: float) -> None:
    shell = shard()
    shell.now += jump_s
    assert deploy(shell, approve(shell, GOOD), GOOD) == "deployed"
    shell.now -= jump_s
    assert deploy(shell, approve(shell, OTHER), OTHER) == "deployed"


@pytest.mark.parametrize("jump_s", [0.0, HOUR_S, -HOUR_S])
def test_a_model_that_waited_while_a_later_one_took_over_fails(jump_s: float) -> None:
    shell = shard()
    shell.now += jump_s
    first = approve(shell, GOOD)
    shell.now -= jump_s
    assert shell.ask(OvertakingOf(first))["why"] is None
    assert deploy(shell, approve(shell, OTHER), OTHER) == "deployed"
    assert "requested later took over" in str(shell.ask(OvertakingOf(first))["why"])
    assert deploy(shell, first, GOOD) == "failed"
    assert "requested later took over" in str(shell.ask(ApprovalOf(first))["approval"]["closing_reason"])


def test_people_who_approve_an_earlier_model_after_a_later_one_serves_get_it() -> None:
    shell = shard(request(GOOD))
    assert deploy(shell, approve(shell, OTHER), OTHER) == "deployed"
    for voter in ("ann", "bob"):
        shell.send(vote(voter))
    assert deploy(shell, "digits-1", GOOD) == "deployed"


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S])
def test_a_definition_overtakes_what_was_requested_before_it_and_nothing_else(jump_s: float) -> None:
    shell = shard(RecordDefinitions({"digits": FIRST}, "keeper"))
    before = approve(shell, GOOD)
    shell.now += jump_s
    adopt(shell, ADDED)
    shell.now -= jump_s
    assert deploy(shell, approve(shell, OTHER), OTHER) == "deployed"
    assert deploy(shell, before, GOOD) == "failed"
    assert "the definition of its task changed" in str(shell.ask(ApprovalOf(before))["approval"]["closing_reason"])


def test_a_model_that_waits_is_not_overtaken_by_one_that_was_requested_before_it() -> None:
    shell = shard()
    first, second = approve(shell, GOOD), approve(shell, OTHER)
    assert deploy(shell, first, GOOD) == "deployed"
    assert deploy(shell, second, OTHER) == "deployed"


def test_a_later_model_that_serves_no_more_overtakes_nothing() -> None:
    shell = shard()
    deploy(shell, approve(shell, THIRD), THIRD)
    first, second = approve(shell, GOOD), approve(shell, OTHER)
    assert deploy(shell, second, OTHER) == "deployed"
    shell.send(RollBack("digits", THIRD, "operator", "it errs"))
    assert deploy(shell, first, GOOD) == "deployed"
