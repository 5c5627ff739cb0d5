"""A decision can be taken back while its window is open, and is amended by a record afterwards."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hitl.errors import AlreadyDecided, InvalidInput, NotUndoable
from hitl.review import Amend, Counters, Decide, Examples, OutcomeOf, ReviewOf, SettledLabels, Undo
from hitl.review.outcomes import value_with
from hitl.review.state import Review
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import Shell


def _answered(undo_s: float, label: str = "2") -> Shell:
    shell = shard(record("a", prediction="1"), review={"undo_s": undo_s})
    claimed(shell, "ann")
    shell.send(Decide("a-1", 1, "ann", label))
    return shell


def test_inside_its_window_a_decision_is_provisional_and_counts_nothing() -> None:
    shell = _answered(30)
    outcome = shell.ask(OutcomeOf("a"))
    assert (outcome["status"], outcome["waits"], outcome["outcome"]["label"]) == ("provisional", True, "2")
    assert shell.ask(Counters())["tasks"]["digits"]["decided"] == 0
    assert shell.ask(Examples("digits", 0, 9))["examples"] == []


def test_at_the_end_of_its_window_a_decision_becomes_final() -> None:
    shell = _answered(30)
    shell.recover()
    shell.advance(30)
    outcome = shell.ask(OutcomeOf("a"))
    assert (outcome["status"], outcome["waits"], outcome["outcome"]["label"]) == ("decided", False, "2")
    assert shell.commits()[-1].events[0]["type"] == "DecisionFinal"


def test_who_undoes_holds_the_review_again_and_answers_anew() -> None:
    shell = _answered(30)
    lease = shell.send(Undo("a-1", "ann", "slipped"))["lease"]
    shell.send(Decide("a-1", lease, "ann", "0"))
    shell.advance(30)
    assert shell.ask(OutcomeOf("a"))["outcome"]["label"] == "0"
    assert [row["label"] for row in shell.ask(SettledLabels("digits", 0, 9))["labelled"]] == ["0"]


def test_nobody_else_undoes_and_nobody_after_the_window() -> None:
    shell = _answered(30)
    with pytest.raises(NotUndoable):
        shell.send(Undo("a-1", "bob"))
    shell.advance(30)
    with pytest.raises(NotUndoable):
        shell.send(Undo("a-1", "ann"))


def test_a_provisional_decision_takes_no_second_answer() -> None:
    with pytest.raises(AlreadyDecided):
        _answered(30).send(Decide("a-1", 1, "ann", "0"))


def test_a_deadline_that_passed_in_the_window_rings_after_the_undo() -> None:
    shell = _answered(86_400)
    shell.advance(86_399)
    shell.send(Undo("a-1", "ann"))
    shell.advance(2)
    assert shell.ask(ReviewOf("a-1"))["review"]["is_overdue"]


def test_an_amendment_supersedes_and_corrects_counters_and_examples() -> None:
    shell = _answered(0)
    shell.send(Amend("a-1", "eve", "1", "read it again"))
    assert shell.ask(OutcomeOf("a"))["outcome"]["label"] == "1"
    assert [each["label"] for each in shell.ask(OutcomeOf("a"))["outcomes"]] == ["2", "1"]
    assert shell.ask(Counters())["tasks"]["digits"]["agreed"] == 1
    assert [row["label"] for row in shell.ask(Examples("digits", 0, 9))["examples"]] == ["1"]
    rows = shell.ask(SettledLabels("digits", 0, 9))["labelled"]
    assert [(row["label"], row["amends"]) for row in rows] == [("2", False), ("1", True)]


@pytest.mark.parametrize("label", ["2", "9"])
def test_an_amendment_names_another_label_of_the_task(label: str) -> None:
    with pytest.raises(InvalidInput):
        _answered(0).send(Amend("a-1", "eve", label, "again"))


def test_what_is_not_final_is_not_amended() -> None:
    with pytest.raises(NotUndoable):
        _answered(30).send(Amend("a-1", "eve", "1", "again"))


def test_what_was_added_to_an_answer_goes_with_it_when_it_is_undone() -> None:
    added = {"correction": "It arrives on Monday."}
    step = {"type": "ReviewDecided", "label": "reject", "answer": "reject"}

    def standing(*history: dict[str, Any], label: str = "reject") -> Any:
        return value_with([cast("Review", SimpleNamespace(history=list(history)))], label)

    undone = {"type": "DecisionUndone"}
    assert standing(step | {"value": added}, undone, step) is None
    assert standing(step | {"value": added}, undone, step | {"value": {"correction": "Soon."}}) == {"correction": "Soon."}
    assert standing(step | {"value": added}) == added
    assert standing(step | {"value": added}, label="approve") is None
