"""Definitions of tasks on the record: files count once, and a change takes a quorum of others for exactly its digest."""

from pathlib import Path
from typing import Any

import pytest

from hitl.approval import RollBack
from hitl.approval.commands import AdoptDefinition, Deploy
from hitl.canonical import JsonObject
from hitl.errors import DigestMismatch, Forbidden, InvalidInput, NeverDeployed, QuorumMissing
from hitl.serving.commands import RecordDefinitions
from hitl.serving.questions import Definitions, DefinitionsOf, ServingOf
from hitl.tasks import load_tasks
from hitl.tasks.definition import body_of, definition_digest
from tests.fakes.approvals import APPROVED, DEPLOYED, GOOD, request, shard, vote
from tests.fakes.shell import Shell

FIRST = body_of(load_tasks([Path("configs/tasks/digits.yaml")])["digits"])
ADDED = {**FIRST, "labels": [*FIRST["labels"], "unreadable"]}
TITLED = {**FIRST, "title": "Digits"}
RECORDED = RecordDefinitions({"digits": FIRST}, "keeper")


def change(body: JsonObject, replaces: JsonObject | None = FIRST, **more: Any) -> Any:
    digest = definition_digest(body)
    evidence = {"definition": body, "replaces": None if replaces is None else definition_digest(replaces), "changes": []}
    return request(digest, kind="task_change", requested_by="operator", evidence=evidence, **more)


def adopt(shell: Shell, body: JsonObject, replaces: JsonObject = FIRST) -> dict[str, Any]:
    """The change of the definition to ``body``, with its votes."""
    digest = definition_digest(body)
    approval_id = shell.send(change(body, replaces))["approval_id"]
    for voter in ("ann", "bob"):
        shell.send(vote(voter, approval_id=approval_id, digest=digest))
    return shell.send(AdoptDefinition(approval_id, digest))


def in_force(shell: Shell) -> dict[str, Any]:
    found: dict[str, Any] = shell.ask(Definitions())["definitions"]["digits"]
    return found


def test_files_are_taken_once() -> None:
    shell = shard(RECORDED)
    assert shell.send(RecordDefinitions({"digits": TITLED, "more": TITLED}, "keeper"))["tasks"] == []
    found = in_force(shell)
    assert (found["body"], found["generation"], found["approval_id"]) == (FIRST, 0, None)


def test_an_approved_change_is_in_force_from_its_generation_on() -> None:
    shell = shard(RECORDED)
    told = adopt(shell, TITLED)
    assert (told["generation"], told["digest"]) == (1, definition_digest(TITLED))
    lines = shell.ask(DefinitionsOf("digits"))["history"]
    assert [(line["generation"], line["approval_id"]) for line in lines] == [(0, None), (1, "digits-1")]
    assert shell.ask(ServingOf("digits"))["definition"] == definition_digest(TITLED)


def test_a_change_without_its_votes_is_refused() -> None:
    shell = shard(RECORDED, change(TITLED), vote("ann", digest=definition_digest(TITLED)))
    with pytest.raises(QuorumMissing):
        shell.send(AdoptDefinition("digits-1", definition_digest(TITLED)))
    assert in_force(shell)["body"] == FIRST


def test_its_author_has_no_vote() -> None:
    shell = shard(RECORDED, change(TITLED))
    with pytest.raises(Forbidden):
        shell.send(vote("operator", digest=definition_digest(TITLED)))


def test_votes_of_those_who_lost_the_right_do_not_adopt() -> None:
    digest = definition_digest(TITLED)
    shell = shard(RECORDED, change(TITLED), vote("ann", digest=digest), vote("bob", digest=digest))
    assert shell.send(AdoptDefinition("digits-1", digest, ("bob",)))["status"] == "failed"
    assert in_force(shell)["body"] == FIRST


@pytest.mark.parametrize("evidence", [{}, {"definition": TITLED}, {"definition": {**FIRST, "task": "other"}}])
def test_what_is_voted_on_is_the_definition_of_the_digest(evidence: dict[str, Any]) -> None:
    asked = request(definition_digest(FIRST), kind="task_change", evidence=evidence)
    with pytest.raises((InvalidInput, DigestMismatch)):
        shard(RECORDED, asked)


def test_the_approval_of_a_model_adopts_no_definition() -> None:
    shell = shard(RECORDED, *APPROVED)
    with pytest.raises(InvalidInput):
        shell.send(AdoptDefinition("digits-1", GOOD))


def test_the_approval_of_a_definition_deploys_no_model() -> None:
    digest = definition_digest(TITLED)
    shell = shard(RECORDED, change(TITLED), vote("ann", digest=digest), vote("bob", digest=digest))
    with pytest.raises(InvalidInput):
        shell.send(Deploy("digits-1", digest))


def test_a_change_that_was_shown_beside_another_definition_fails() -> None:
    shell = shard(RECORDED)
    first = shell.send(change(ADDED))["approval_id"]
    for voter in ("ann", "bob"):
        shell.send(vote(voter, approval_id=first, digest=definition_digest(ADDED)))
    adopt(shell, TITLED)
    assert shell.send(AdoptDefinition(first, definition_digest(ADDED)))["status"] == "failed"
    assert in_force(shell)["body"] == TITLED


def test_a_model_that_fits_serves_on() -> None:
    shell = shard(RECORDED, *DEPLOYED)
    assert adopt(shell, TITLED)["versions"] == [[GOOD, 1.0]]


def test_a_model_that_does_not_fit_leaves_and_cannot_be_gone_back_to() -> None:
    shell = shard(RECORDED, *DEPLOYED)
    assert adopt(shell, ADDED)["versions"] == []
    with pytest.raises(NeverDeployed):
        shell.send(RollBack("digits", GOOD, "operator", "try"))


def test_a_model_that_was_asked_for_before_the_labels_changed_is_not_deployed() -> None:
    shell = shard(RECORDED, *APPROVED)
    shell.advance(1)
    adopt(shell, ADDED)
    assert shell.send(Deploy("digits-1", GOOD))["status"] == "failed"
    assert shell.ask(ServingOf("digits"))["versions"] == []


def test_a_journal_of_before_takes_the_files_and_serves_on() -> None:
    shell = shard(*DEPLOYED, RECORDED)
    assert in_force(shell)["generation"] == 0
    assert shell.ask(ServingOf("digits"))["versions"] == [[GOOD, 1.0]]
    assert adopt(shell, TITLED)["generation"] == 2
