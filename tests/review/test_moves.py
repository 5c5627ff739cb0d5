"""Every status of a review against every command: what happens, or what refuses it."""

import pickle

import pytest

from hitl.errors import AlreadyDecided, HitlError, NotFound, StaleLease
from hitl.review import Decide, Escalate, ExpireLease, MarkOverdue, OpenReview, Release
from hitl.review.commands import Command
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import Shell


def _in_status(status: str) -> Shell:
    """A shard with one review whose last lease is number 1 of ann (number 2 of nobody)."""
    if status == "unknown":
        return shard()
    shell = shard(record("a"))
    if status != "waiting":
        claimed(shell, "ann")
    if status == "decided":
        shell.send(Decide("a-1", 1, "ann", "2"))
    if status == "overdue":
        shell.send(MarkOverdue("a-1"))
    return shell


DECIDE, RELEASE, ESCALATE = Decide("a-1", 1, "ann", "2"), Release("a-1", 1, "ann"), Escalate("a-1", 1, "ann")
OPEN, EXPIRE, OVERDUE = OpenReview(record("a"), 1), ExpireLease("a-1", 1), MarkOverdue("a-1")

HAPPENS: list[tuple[str, Command, list[str]]] = [
    ("unknown", OPEN, ["ReviewOpened"]),
    ("waiting", OPEN, []),
    ("waiting", EXPIRE, []),
    ("waiting", OVERDUE, ["ReviewOverdue"]),
    ("leased", OPEN, []),
    ("leased", DECIDE, ["ReviewDecided", "DecisionFinal"]),
    ("leased", RELEASE, ["ReviewReleased"]),
    ("leased", ESCALATE, ["ReviewEscalated"]),
    ("leased", EXPIRE, ["LeaseExpired"]),
    ("leased", ExpireLease("a-1", 2), []),
    ("leased", OVERDUE, ["ReviewOverdue"]),
    ("overdue", OPEN, []),
    ("overdue", DECIDE, ["ReviewDecided", "DecisionFinal"]),
    ("overdue", RELEASE, ["ReviewReleased"]),
    ("overdue", ESCALATE, ["ReviewEscalated"]),
    ("overdue", EXPIRE, ["LeaseExpired"]),
    ("overdue", OVERDUE, []),
    ("decided", OPEN, []),
    ("decided", EXPIRE, []),
    ("decided", OVERDUE, []),
]

REFUSED: list[tuple[str, Command, type[HitlError]]] = [
    *(("unknown", command, NotFound) for command in (DECIDE, RELEASE, ESCALATE, EXPIRE, OVERDUE)),
    *(("waiting", command, StaleLease) for command in (DECIDE, RELEASE, ESCALATE)),
    *(("decided", command, AlreadyDecided) for command in (DECIDE, RELEASE, ESCALATE)),
    ("leased", Decide("a-1", 2, "ann", "2"), StaleLease),
    ("leased", Decide("a-1", 1, "bob", "2"), StaleLease),
    ("leased", Release("a-1", 1, "bob"), StaleLease),
    ("leased", Escalate("a-1", 1, "bob"), StaleLease),
]


@pytest.mark.parametrize(("status", "command", "events"), HAPPENS)
def test_a_command_in_a_status_has_these_events(status: str, command: Command, events: list[str]) -> None:
    shell = _in_status(status)
    assert [event["type"] for event in shell.events(command)] == events
    assert shell.replayed() == shell.plain()


@pytest.mark.covers("D07")
@pytest.mark.parametrize(("status", "command", "error"), REFUSED)
def test_a_refused_command_changes_nothing(status: str, command: Command, error: type[HitlError]) -> None:
    shell = _in_status(status)
    before = shell.plain()
    with pytest.raises(error):
        shell.send(command)
    assert shell.plain() == before


@pytest.mark.parametrize("command", [DECIDE, RELEASE, ESCALATE, OPEN, EXPIRE, OVERDUE])
def test_a_command_crosses_process_boundaries(command: Command) -> None:
    assert pickle.loads(pickle.dumps(command)) == command  # noqa: S301
