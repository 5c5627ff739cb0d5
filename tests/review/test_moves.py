"""Every status of a review against every command: what happens, or what refuses it."""

import pickle

import pytest

from hitl.errors import AlreadyDecided, HitlError, InvalidInput, NotFound, NotQuarantined, NotReopenable, NotUndoable, StaleLease
from hitl.review import (
    Amend,
    Assign,
    Decide,
    DelegateReview,
    Escalate,
    ExpireLease,
    MakeFinal,
    MarkOverdue,
    OpenReview,
    Release,
    Reopen,
    ReportFailure,
    Requeue,
    SaveDraft,
    SendBack,
    Skip,
    Undo,
    WarnDueSoon,
    WithdrawReviews,
)
from hitl.review.commands import Command
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import START, Shell


def _in_status(status: str) -> Shell:
    """A shard with one review whose last lease is number 1 of ann (number 2 of nobody)."""
    if status == "unknown":
        return shard()
    shell = shard(record("a"), review={"undo_s": 30.0 if status == "provisional" else 0.0, "quarantine_after": 1})
    if status != "waiting":
        claimed(shell, "ann")
    if status in ("decided", "provisional"):
        shell.send(Decide("a-1", 1, "ann", "2"))
    if status == "overdue":
        shell.send(MarkOverdue("a-1"))
    if status == "quarantined":
        shell.send(ReportFailure("a-1", 1, "ann", "render"))
    return shell


DECIDE, RELEASE, ESCALATE = Decide("a-1", 1, "ann", "2"), Release("a-1", 1, "ann"), Escalate("a-1", 1, "ann")
SKIP, DRAFT = Skip("a-1", 1, "ann", "no idea"), SaveDraft("a-1", 1, "ann", {"label": "1"})
DELEGATE, SEND_BACK = DelegateReview("a-1", 1, "ann", "person:bob"), SendBack("a-1", 1, "ann", "look again")
WITHDRAW = WithdrawReviews("a", "olga", "erased")
FAIL, ASSIGN, REQUEUE = ReportFailure("a-1", 1, "ann", "crash"), Assign("a-1", "skill:hearts", "olga"), Requeue("a-1", "olga")
UNDO, AMEND, REOPEN = Undo("a-1", "ann"), Amend("a-1", "eve", "0", "wrong"), Reopen("a-1", "eve", "complaint")
WARN, FINAL = WarnDueSoon("a-1"), MakeFinal("a-1", START + 30.0)
HELD = (DECIDE, RELEASE, ESCALATE, SKIP, DRAFT, DELEGATE, FAIL)
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
    ("leased", SKIP, ["ReviewSkipped"]),
    ("leased", DELEGATE, ["ReviewDelegated"]),
    ("leased", DRAFT, ["DraftSaved"]),
    ("leased", FAIL, ["ReviewFailed", "ReviewQuarantined"]),
    ("waiting", ASSIGN, ["ReviewAssigned"]),
    ("leased", ASSIGN, ["ReviewAssigned"]),
    ("overdue", ASSIGN, ["ReviewAssigned"]),
    ("waiting", WARN, ["ReviewDueSoon"]),
    ("leased", WARN, ["ReviewDueSoon"]),
    ("overdue", WARN, []),
    *(("quarantined", command, []) for command in (OPEN, EXPIRE, OVERDUE, WARN, FINAL)),
    ("quarantined", REQUEUE, ["ReviewRequeued"]),
    *((status, WITHDRAW, ["ReviewWithdrawn"]) for status in ("waiting", "leased", "overdue", "quarantined")),
    *((status, WITHDRAW, []) for status in ("unknown", "provisional", "decided")),
    ("provisional", UNDO, ["DecisionUndone"]),
    ("provisional", FINAL, ["DecisionFinal"]),
    ("provisional", MakeFinal("a-1", START), []),
    *(("provisional", command, []) for command in (OPEN, EXPIRE, OVERDUE, WARN)),
    ("decided", AMEND, ["DecisionSuperseded"]),
    ("decided", REOPEN, ["ReviewOpened"]),
    ("decided", WARN, []),
    ("decided", FINAL, []),
    ("decided", OPEN, []),
    ("decided", EXPIRE, []),
    ("decided", OVERDUE, []),
]

REFUSED: list[tuple[str, Command, type[HitlError]]] = [
    *(("unknown", command, NotFound) for command in (*HELD, EXPIRE, OVERDUE, ASSIGN, REQUEUE, UNDO, AMEND, REOPEN)),
    *((status, command, StaleLease) for status in ("waiting", "quarantined") for command in HELD),
    *((status, command, AlreadyDecided) for status in ("decided", "provisional") for command in (*HELD, ASSIGN)),
    *((status, REQUEUE, NotQuarantined) for status in ("waiting", "leased", "overdue", "provisional", "decided")),
    *((status, UNDO, NotUndoable) for status in ("waiting", "leased", "overdue", "quarantined", "decided")),
    *((status, AMEND, NotUndoable) for status in ("waiting", "leased", "overdue", "quarantined", "provisional")),
    *((status, REOPEN, NotReopenable) for status in ("waiting", "leased", "overdue", "quarantined", "provisional")),
    ("quarantined", ASSIGN, InvalidInput),
    ("leased", SEND_BACK, InvalidInput),
    ("provisional", Undo("a-1", "bob"), NotUndoable),
    ("leased", Assign("a-1", "bob", "olga"), InvalidInput),
    ("leased", ReportFailure("a-1", 1, "ann", "bored"), InvalidInput),
    ("leased", SaveDraft("a-1", 1, "ann", {"text": "x" * 9_000}), InvalidInput),
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


@pytest.mark.parametrize("command", [*HELD, OPEN, EXPIRE, OVERDUE, ASSIGN, UNDO, AMEND, REOPEN])
def test_a_command_crosses_process_boundaries(command: Command) -> None:
    assert pickle.loads(pickle.dumps(command)) == command  # noqa: S301
