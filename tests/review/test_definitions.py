"""A review is answered under the definition that its task had when the case was routed."""

import pytest

from hitl.errors import InvalidInput, NotFound
from hitl.review import Decide, OpenReview, ReviewMachine, ReviewOf
from hitl.tasks.book import Definition, TaskBook
from tests.fakes.reviews import DAY_S, ReviewShell, claimed, record, spec

BEFORE, AFTER = spec(labels=["0", "1", "2"]), spec(labels=["1", "2", "x"])


def shard(*generations: int) -> tuple[ReviewShell, TaskBook]:
    """A case of each serving generation, and the book that the machine reads."""
    book = TaskBook({"digits": BEFORE}, [Definition("digits", 0, "first", BEFORE)])
    shell = ReviewShell(ReviewMachine(book, DAY_S))
    for position, generation in enumerate(generations, start=1):
        shell.send(OpenReview(record(f"c{generation}", generation=generation), position))
    return shell, book


def answer(shell: ReviewShell, case: str, label: str) -> str:
    """The label that counts: the first lease of the shard is for the answer."""
    if shell.ask(ReviewOf(f"{case}-1"))["review"]["lease"] is None:
        claimed(shell)
    return str(shell.send(Decide(f"{case}-1", 1, "ann", label))["label"])


def test_a_waiting_review_keeps_its_labels() -> None:
    shell, book = shard(1)
    book.learn([Definition("digits", 2, "second", AFTER)])
    with pytest.raises(InvalidInput):
        answer(shell, "c1", "x")
    assert answer(shell, "c1", "0") == "0"


def test_a_case_of_the_new_definition_has_its_labels() -> None:
    shell, book = shard(2)
    book.learn([Definition("digits", 2, "second", AFTER)])
    with pytest.raises(InvalidInput):
        answer(shell, "c2", "0")
    assert answer(shell, "c2", "x") == "x"


def test_a_review_of_a_task_that_was_taken_away_can_be_answered() -> None:
    shell, book = shard(1)
    book.learn([Definition("digits", 2, "gone", None)])
    assert answer(shell, "c1", "0") == "0"


def test_a_review_of_a_task_that_nobody_knows_cannot_be_answered() -> None:
    shell = ReviewShell(ReviewMachine({"other": BEFORE}, DAY_S))
    shell.send(OpenReview(record("a"), 1))
    with pytest.raises(NotFound):
        answer(shell, "a", "0")


def test_the_generation_of_its_case_stands_in_the_review() -> None:
    shell, _ = shard(0, 3)
    found = [shell.ask(ReviewOf(f"c{generation}-1"))["review"]["generation"] for generation in (0, 3)]
    assert found == [0, 3]
