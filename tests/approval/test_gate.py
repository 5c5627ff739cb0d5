"""The gate: only a quorum of others, for exactly these bytes, lets a model serve."""

import json
from typing import Any

import pytest

from hitl.approval import ApprovalOf, Approvals, Deploy, RollBack, Vote
from hitl.approval.events import ApprovalApproved, VoteCast
from hitl.canonical import canonical
from hitl.errors import AlreadyVoted, ApprovalClosed, DigestMismatch, Forbidden, InvalidInput, QuorumMissing
from hitl.journal import GENESIS, Entry, follow
from hitl.serving.questions import ServingOf
from tests.fakes.approvals import APPROVED, DEPLOYED, GOOD, OTHER, WEEK_S, request, shard, vote
from tests.fakes.stranger import journal_folds


def test_a_quorum_approves_and_the_deployment_serves_these_bytes() -> None:
    shell = shard(*DEPLOYED)
    serving = shell.ask(ServingOf("digits"))
    assert (serving["generation"], serving["versions"], serving["approval_id"]) == (1, [[GOOD, 1.0]], "digits-1")


@pytest.mark.covers("D33")
def test_a_rejected_model_can_never_serve() -> None:
    shell = shard(request(), vote("ann"), vote("bob", "reject"))
    for command in (Deploy("digits-1", GOOD), request(), RollBack("digits", GOOD, "operator", "try")):
        with pytest.raises(Exception, match=r"rejected|never deployed"):
            shell.send(command)
    assert shell.ask(ServingOf("digits"))["versions"] == []


@pytest.mark.covers("D33")
def test_too_few_votes_do_not_deploy() -> None:
    with pytest.raises(QuorumMissing) as refusal:
        shard(request(), vote("ann"), Deploy("digits-1", GOOD))
    assert (refusal.value.have, refusal.value.need) == (1, 2)


@pytest.mark.covers("D33")
def test_an_expired_approval_can_never_deploy() -> None:
    shell = shard(request(), vote("ann"))
    shell.advance(WEEK_S)
    assert shell.ask(ApprovalOf("digits-1"))["approval"]["status"] == "expired"
    with pytest.raises(ApprovalClosed):
        shell.send(Deploy("digits-1", GOOD))


def test_a_vote_after_the_end_does_not_count_even_before_the_alarm_rings() -> None:
    shell = shard(request(), vote("ann"))
    shell.now += WEEK_S
    with pytest.raises(ApprovalClosed):
        shell.send(vote("bob"))


def test_the_end_survives_a_recovery_and_spares_what_is_decided() -> None:
    shell = shard(*APPROVED, request(OTHER))
    shell.recover()
    shell.advance(WEEK_S)
    statuses = [approval["status"] for approval in shell.ask(Approvals())["approvals"]]
    assert statuses == ["approved", "expired"]


def test_the_quorum_is_counted_again_at_the_deployment() -> None:
    shell = shard(request(quorum=1, requested_by="ann"))
    ids = {"approval_id": "digits-1", "task": "digits", "digest": GOOD}
    forged = VoteCast(**ids, voter="ann", vote="approve", comment="")
    for event in (forged, ApprovalApproved(**ids)):
        shell.machine.evolve(shell.state, event, shell.now)
    with pytest.raises(QuorumMissing):
        shell.send(Deploy("digits-1", GOOD))


def test_deploying_other_bytes_than_the_approved_ones_is_refused() -> None:
    with pytest.raises(DigestMismatch):
        shard(*APPROVED, Deploy("digits-1", OTHER))


BAD_VOTES = [
    (vote("trainer"), Forbidden),
    (vote("ann"), AlreadyVoted),
    (vote("ann", "reject"), AlreadyVoted),
    (vote("bob", digest=OTHER), DigestMismatch),
    (vote("bob", "abstain"), InvalidInput),
    (Vote("digits-1", "bob", "approve", GOOD, "x" * 4001), InvalidInput),
]


@pytest.mark.parametrize(("command", "error"), BAD_VOTES)
def test_a_vote_that_may_not_count_changes_nothing(command: Vote, error: type[Exception]) -> None:
    shell = shard(request(), vote("ann"))
    before = shell.plain()
    with pytest.raises(error):
        shell.send(command)
    assert shell.plain() == before


BAD_REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "holiday"}, "/kind"),
    ({"digest": ""}, "/digest"),
    ({"quorum": 0}, "/quorum"),
    ({"quorum": 101}, "/quorum"),
    ({"expires_at": 0.0}, "/expires_at"),
    ({"expires_at": float("nan")}, "/expires_at"),
    ({"title": "x" * 4001}, "/title"),
]


@pytest.mark.parametrize(("overrides", "place"), BAD_REQUESTS)
def test_a_bad_request_names_its_place(overrides: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        shard(request(**overrides))
    assert refusal.value.place == place


def test_asking_again_for_the_same_bytes_gets_the_open_approval() -> None:
    shell = shard(request(), vote("ann"))
    again = shell.send(request(requested_by="another trainer", quorum=1))
    assert (again["approval_id"], again["quorum"], again["approving"]) == ("digits-1", 2, 1)


def test_approvals_are_numbered_by_task_and_listed_by_status_and_task() -> None:
    shell = shard(*APPROVED, request(OTHER), request(task="tumours"))
    listed = [
        [approval["approval_id"] for approval in shell.ask(question)["approvals"]]
        for question in (Approvals(), Approvals("pending"), Approvals("pending", "tumours"))
    ]
    assert listed == [["digits-1", "digits-2", "tumours-1"], ["digits-2", "tumours-1"], ["tumours-1"]]


NEW_FIELDS = (
    "description",
    "context",
    "options",
    "urgency",
    "metadata",
    "checks",
    "policy",
    "asked",
    "is_open",
    "default",
    "shown",
)


def test_a_journal_of_before_replays_and_deploys_as_it_did() -> None:
    shell, old = shard(*APPROVED), list[Entry]()
    for commit in shell.commits():
        for event in commit.events:
            for name in (*NEW_FIELDS, "option", "choice"):
                event.pop(name, None)
        old.append(follow(GENESIS, 1, commit.encode()))
    shell.entries = old
    shell.recover()
    assert shell.send(Deploy("digits-1", GOOD))["status"] == "deployed"
    live = json.loads(canonical(shell.plain()))
    assert journal_folds.fold_approvals(json.loads(entry.body) for entry in shell.entries) == live


def test_votes_of_who_may_not_vote_any_more_do_not_count_at_the_deployment() -> None:
    shell = shard(*APPROVED)
    assert shell.send(Deploy("digits-1", GOOD, lapsed=("bob",)))["status"] == "failed"
    reason = shell.ask(ApprovalOf("digits-1"))["approval"]["closing_reason"]
    assert reason == "bob may not vote any more: 1 of 2 approving votes are left"
    assert shell.ask(ServingOf("digits"))["versions"] == []


def test_a_quorum_that_is_left_without_a_lapsed_vote_deploys() -> None:
    shell = shard(request(quorum=1), vote("ann"))
    assert shell.send(Deploy("digits-1", GOOD, lapsed=("cid",)))["status"] == "deployed"


def test_a_model_whose_voter_left_may_be_asked_for_again() -> None:
    shell = shard(*APPROVED, Deploy("digits-1", GOOD, lapsed=("ann", "bob")))
    assert shell.send(request())["approval_id"] == "digits-2"
