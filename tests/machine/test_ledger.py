"""The ledger remembers where the newest commands were answered, within its bounds."""

import pytest

from hitl.errors import IdempotencyConflict
from hitl.journal import Commit
from hitl.machine.ledger import Ledger


def commit(command_id: str, at: float = 0.0) -> Commit:
    return Commit(at, 1, "a", "r", "Add", command_id, "f", {"n": command_id}, [])


def test_an_answer_is_recalled_by_id_and_body() -> None:
    ledger = Ledger()
    ledger.record(7, commit("1"))
    assert ledger.recall("1", "f") == 7
    assert ledger.recall("2", "f") is None
    with pytest.raises(IdempotencyConflict):
        ledger.recall("1", "g")


def test_the_oldest_go_first_when_there_are_too_many() -> None:
    ledger = Ledger(max_answers=2)
    for i in range(4):
        ledger.record(i, commit(str(i)))
    assert [ledger.recall(str(i), "f") is not None for i in range(4)] == [False, False, True, True]


def test_what_is_too_old_is_forgotten() -> None:
    ledger = Ledger(keep_s=10)
    for seq, (name, at) in enumerate([("old", 0), ("young", 5), ("now", 11)], start=1):
        ledger.record(seq, commit(name, at))
    assert (ledger.recall("old", "f"), len(ledger)) == (None, 2)
