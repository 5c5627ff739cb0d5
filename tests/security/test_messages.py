"""Who reads a channel wants to read what people said of a case: their words stay inside."""

import json
from typing import Any

import pytest

from hitl.approval import CancelApproval, DelegateVote, FailDeployment, Vote
from hitl.outbox.facts import facts_of
from hitl.workflow.commands import CancelInteraction
from tests.fakes import workflows
from tests.fakes.approvals import APPROVED, GOOD, ask, request, shard, voted
from tests.fakes.shell import Shell

WORDS = "Ada has three months to live"


def messages(shell: Shell) -> str:
    told = [fact.fields for seq, commit in enumerate(shell.commits(), 1) for fact in facts_of("approval", seq, commit)]
    return json.dumps(told)


@pytest.mark.parametrize(
    "commands",
    [
        (request(), Vote("digits-1", "ann", "reject", GOOD, WORDS)),
        (request(), CancelApproval("digits-1", "trainer", WORDS)),
        (ask(), DelegateVote("refund", "ann", "dan", WORDS)),
    ],
)
def test_no_message_has_the_words_of_a_vote_a_withdrawal_or_a_delegation(commands: tuple[Any, ...]) -> None:
    shell = shard(*commands)
    assert (WORDS in json.dumps(shell.plain()), WORDS in messages(shell)) == (True, False)


def test_no_message_has_the_words_of_a_default() -> None:
    shell = shard(ask(default={"option": "reject", "reason": WORDS}))
    shell.advance(3600)
    assert (WORDS in json.dumps(shell.plain()), WORDS in messages(shell)) == (True, False)


def test_no_message_has_the_words_of_a_withdrawn_interaction() -> None:
    shell = workflows.shard(workflows.opens("pause_for_input"))
    shell.send(CancelInteraction("i", workflows.OLGA, WORDS))
    assert (WORDS in json.dumps(shell.plain()), WORDS in messages(shell)) == (True, False)


def test_why_a_model_cannot_serve_is_told() -> None:
    assert "no such bytes" in messages(shard(*APPROVED, FailDeployment("digits-1", "no such bytes")))


def test_a_message_says_that_it_was_rejected_and_by_whom() -> None:
    shell = shard(ask(policy={"approvers": ["ann"]}))
    voted(shell, "ann", "reject")
    assert '"voter": "ann"' in messages(shell)
