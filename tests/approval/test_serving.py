"""What serves, since when, and the way back."""

import pytest

from hitl.approval import ApprovalOf, RollBack
from hitl.errors import ApprovalClosed, NeverDeployed, NotFound
from hitl.serving.questions import History, Pointers, ServingAt, ServingOf
from tests.fakes.approvals import DEPLOYED, GOOD, OTHER, REPLACED, request, shard, vote
from tests.fakes.shell import START

BACK = RollBack("digits", GOOD, "olga", "too many errors")


def test_nothing_serves_before_the_first_deployment() -> None:
    serving = shard(request()).ask(ServingOf("digits"))
    assert (serving["generation"], serving["versions"], serving["since"]) == (0, [], None)


def test_one_operator_goes_back_to_what_was_deployed_before() -> None:
    answer = shard(*REPLACED).send(BACK)
    assert answer["generation"] == 3
    assert (answer["versions"], answer["approval_id"]) == ([[GOOD, 1.0]], "digits-1")


def test_going_back_to_what_was_never_deployed_is_refused() -> None:
    with pytest.raises(NeverDeployed):
        shard(*REPLACED, RollBack("digits", "c" * 64, "olga", "why not"))
    with pytest.raises(NeverDeployed):
        shard(*REPLACED, RollBack("tumours", GOOD, "olga", "wrong task"))


def test_going_back_to_what_was_rejected_since_is_refused() -> None:
    rejected_since = (request(), vote("ann", "reject", approval_id="digits-3"))
    with pytest.raises(ApprovalClosed):
        shard(*REPLACED, *rejected_since, BACK)


def test_the_history_tells_what_served_at_any_time() -> None:
    shell = shard(*DEPLOYED)
    shell.advance(100)
    for command in REPLACED[len(DEPLOYED) :]:
        shell.send(command)
    shell.advance(100)
    shell.send(BACK)
    served = [shell.ask(ServingAt("digits", START + after))["versions"] for after in (-1, 0, 99, 100, 199, 200, 1e6)]
    assert served == [[], [[GOOD, 1.0]], [[GOOD, 1.0]], [[OTHER, 1.0]], [[OTHER, 1.0]], [[GOOD, 1.0]], [[GOOD, 1.0]]]


def test_the_history_names_causes_and_operators() -> None:
    shell = shard(*REPLACED, BACK)
    lines = shell.ask(History("digits"))["history"]
    assert [line["cause"] for line in lines] == ["Deployed", "Deployed", "RolledBack"]
    assert (lines[2]["operator"], lines[2]["reason"]) == ("olga", "too many errors")


def test_pointers_are_one_a_task_with_the_newest_generation() -> None:
    assert shard(*REPLACED).ask(Pointers()) == {"digits": {"generation": 2, "versions": [[OTHER, 1.0]]}}


def test_an_unknown_approval_is_not_found() -> None:
    with pytest.raises(NotFound):
        shard().ask(ApprovalOf("digits-1"))
