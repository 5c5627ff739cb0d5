"""Rows of the lists of settled reviews leave memory, the oldest chunk first, and are read at their place."""

from typing import Any

import pytest

from hitl.canonical import digest_of
from hitl.errors import NotInMemory
from hitl.machine.asked import plain_of
from hitl.review import KnownAnswers, row_lists
from hitl.review.archiving import beside_all, fetched
from hitl.review.commands import ArchiveRows
from hitl.review.questions import ArchivableRows, Examples, SettledLabels
from tests.fakes.shell import Shell
from tests.fakes.stranger import review_folds
from tests.review.test_known import BLIND, answer, asked, with_one_known

QUESTIONS = [each("digits", 0, 1000) for each in (SettledLabels, Examples, KnownAnswers)]


@pytest.fixture(autouse=True)
def single_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_lists, "CHUNK", 1)


@pytest.fixture
def shell() -> Shell:
    """Cases were settled, and one answer was given to a case whose answer was known."""
    found = with_one_known(BLIND)
    answer(found, "bob", asked(found)["review_id"], "0")
    return found


def leave(shell: Shell, kept: int) -> list[bytes]:
    """One chunk of each list that has more than ``kept``, as it is kept."""
    texts = {name: text.encode() for name, text in shell.ask(ArchivableRows(kept, 100))["chunks"]}
    shell.send(ArchiveRows(tuple((name, digest_of(data)) for name, data in texts.items())), by="time")
    return list(texts.values())


def told(shell: Shell, state: Any) -> list[Any]:
    return [plain_of(shell.machine.query(state, question, shell.now)) for question in QUESTIONS]


def test_each_list_is_answered_from_what_is_kept_as_it_was_from_memory(shell: Shell) -> None:
    before = told(shell, shell.state)
    kept: list[bytes] = []
    while more := leave(shell, 0):
        kept += more
    assert shell.state.rows_left["known_answers"] == {"digits": 1}
    for question in QUESTIONS:
        with pytest.raises(NotInMemory):
            shell.ask(question)
    assert told(shell, beside_all(shell.state, fetched(kept))) == before


def test_as_many_as_are_kept_stay(shell: Shell) -> None:
    count = len(shell.state.labels["digits"])
    while leave(shell, 2):
        pass
    assert (len(shell.state.labels["digits"]), shell.state.rows_left["labels"]["digits"]) == (2, count - 2)


def test_a_replay_and_a_second_reading_lead_to_the_same_state(shell: Shell) -> None:
    leave(shell, 0)
    commits = [{"events": commit.events, "at": commit.at} for commit in shell.commits()]
    assert shell.replayed() == shell.plain() == review_folds.fold_reviews(commits)
    shell.recover()
