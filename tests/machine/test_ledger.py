"""The ledger remembers where the newest commands were answered, within its bounds."""

import json
import tracemalloc
from base64 import b64decode
from collections import OrderedDict
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl.errors import IdempotencyConflict
from hitl.journal import Commit
from hitl.machine import ledger as ledger_module
from hitl.machine.ledger import MAX_ANSWERS, Ledger
from hitl.machine.snapshot import MALFORMED


def commit(command_id: str, at: float = 0.0) -> Commit:
    return Commit(at, 1, "a", "r", "Add", command_id, "f", {"n": command_id}, [])


def seqs_of(ledger: Ledger) -> list[int]:
    """The seqs that it tells, the oldest first."""
    return [int(seq) for seq in np.frombuffer(b64decode(ledger.to_plain()["seq"]), "<u8")]


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


def test_it_grows_behind_what_it_forgot() -> None:
    with patch.object(ledger_module, "FIRST_ROOM", 4):
        ledger = Ledger(keep_s=10)
    for seq in range(20):
        ledger.record(seq, commit(str(seq), at=0.0 if seq < 3 else 11.0))
    assert [ledger.recall(str(seq), "f") for seq in range(20)] == [None] * 3 + list(range(3, 20))
    assert seqs_of(ledger) == list(range(3, 20))


def test_telling_changes_nothing() -> None:
    ledger = Ledger(max_answers=17)
    for seq in range(20):
        ledger.record(seq, commit(str(seq)))
    ledger.to_plain()
    assert [ledger.recall(str(seq), "f") for seq in range(20)] == [None] * 3 + list(range(3, 20))


class Plain:
    """What a ledger promises, told by a dictionary in the order in which commands came."""

    def __init__(self, max_answers: int, keep_s: float) -> None:
        self.max_answers, self.keep_s = max_answers, keep_s
        self.known: OrderedDict[str, tuple[str, int, float]] = OrderedDict()

    def record(self, seq: int, commit: Commit) -> None:
        self.known[commit.command_id] = (commit.fingerprint, seq, commit.at)
        while len(self.known) > self.max_answers or next(iter(self.known.values()))[2] < commit.at - self.keep_s:
            self.known.popitem(last=False)


COMMANDS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3)), max_size=200)


@given(commands=COMMANDS, most=st.integers(1, 40))
@settings(max_examples=200)
def test_it_remembers_what_a_dictionary_would(commands: list[tuple[int, int]], most: int) -> None:
    with patch.object(ledger_module, "FIRST_ROOM", 4):
        ledger = Ledger(most, 30.0)
    plain, now = Plain(most, 30.0), 0.0
    for seq, (name, passed) in enumerate(commands, start=1):
        now += passed
        each = commit(str(name), now)
        ledger.record(seq, each)
        plain.record(seq, each)
        assert len(ledger) == len(plain.known)
    for name in range(61):
        known = plain.known.get(str(name))
        assert ledger.recall(str(name), "f") == (None if known is None else known[1])


def few_places(command_id: str) -> tuple[int, int]:
    """Halves that fall on five places of the table, so that searches run into each other, over its end too."""
    return 2**20 - 3 + int(command_id) % 5, int(command_id)


@given(commands=COMMANDS)
@settings(max_examples=200)
def test_commands_that_fall_on_one_place_are_told_apart(commands: list[tuple[int, int]]) -> None:
    with patch.object(ledger_module, "hash_to_halves", few_places):
        test_it_remembers_what_a_dictionary_would.hypothesis.inner_test(commands, 20)  # type: ignore[attr-defined]


def test_what_is_told_is_remembered_elsewhere() -> None:
    ledger, other = Ledger(max_answers=3_000), Ledger(max_answers=3_000)
    for seq in range(5_000):
        ledger.record(seq, commit(str(seq), at=seq / 8))
    told = ledger.to_plain()
    assert seqs_of(ledger) == list(range(2_000, 5_000))
    other.restore(json.loads(json.dumps(told)))
    assert other.to_plain() == ledger.to_plain()
    assert [other.recall(str(seq), "f") for seq in (1_999, 2_000, 4_999)] == [None, 2_000, 4_999]


def test_rows_of_earlier_versions_are_read() -> None:
    ledger, other = Ledger(), Ledger()
    ledger.restore([["1", "f", 7, 1.5], ["2", "f", 9, 2.5]])
    for seq, name, at in ((7, "1", 1.5), (9, "2", 2.5)):
        other.record(seq, commit(name, at))
    assert ledger.to_plain() == other.to_plain()
    with pytest.raises(IdempotencyConflict):
        ledger.recall("2", "g")


def test_as_many_as_are_kept_take_thirteen_megabytes() -> None:
    tracemalloc.start()
    ledger = Ledger()
    for seq in range(MAX_ANSWERS):
        ledger.record(seq, commit(str(seq)))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 13.5e6


WHOLE = dict.fromkeys(("high", "low", "fingerprint", "seq", "at"), "AAAAAAAAAAA=")


def test_eight_bytes_a_column_are_one_answer() -> None:
    ledger = Ledger()
    ledger.restore(WHOLE)
    assert ledger.to_plain() == WHOLE


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"high": ""},
        WHOLE | {"seq": ""},
        WHOLE | {"more": "AAAAAAAAAAA="},
        WHOLE | {"at": "AAAAAAAAAA=="},
        [["1", "f", 7]],
        [1],
        "text",
        None,
    ],
    ids=repr,
)
def test_what_no_ledger_told_is_refused(told: Any) -> None:
    with pytest.raises(MALFORMED):
        Ledger().restore(told)
