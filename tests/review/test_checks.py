"""Blind checks of what the model decided: they delay nothing, and their disagreement supersedes."""

from typing import Any

import pytest

from hitl.review import Counters, Decide, OutcomeOf, ReviewOf, SettledLabels
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import Shell

AUTOMATIC: dict[str, Any] = {"action": "automatic", "priority": None, "prediction": "1", "audit_probability": 0.1}


def _audited(label: str | None = None, **overrides: Any) -> Shell:
    """A shard with an audit of what the model decided to be "1", answered by ann with ``label``."""
    shell = shard(record("a", **{**AUTOMATIC, "streams": ["audit"], **overrides}))
    if label is not None:
        claimed(shell, "ann")
        shell.send(Decide("a-1", 1, "ann", label))
    return shell


PURPOSES = [
    ({"streams": []}, "review", False),
    ({"streams": ["gold"]}, "gold", True),
    ({**AUTOMATIC, "streams": ["audit"]}, "audit", True),
    ({**AUTOMATIC, "streams": ["audit", "gold"]}, "gold", True),
]


@pytest.mark.parametrize(("routed", "purpose", "is_blind"), PURPOSES)
def test_the_streams_of_a_case_say_why_people_look(routed: dict[str, Any], purpose: str, is_blind: bool) -> None:
    review = shard(record("a", **routed)).ask(ReviewOf("a-1"))["review"]
    assert (review["purpose"], review["blind"]) == (purpose, is_blind)


def test_the_models_decision_stands_until_people_disagree() -> None:
    outcome = _audited().ask(OutcomeOf("a"))
    assert (outcome["status"], outcome["outcome"], outcome["version"]) == ("decided", {"label": "1", "by": "model"}, 1)


def test_a_disagreeing_check_supersedes_the_models_decision() -> None:
    outcome = _audited("2").ask(OutcomeOf("a"))
    assert (outcome["outcome"]["label"], outcome["outcome"]["by"], outcome["version"]) == ("2", "person", 2)
    assert [each["label"] for each in outcome["outcomes"]] == ["1", "2"]
    assert [step["type"] for step in outcome["history"]][-3:] == ["ReviewDecided", "DecisionFinal", "DecisionSuperseded"]


def test_a_check_may_ask_more_people_than_a_review() -> None:
    shell = shard(record("a"), record("b", streams=["gold"]), review={"check_overlap": 2})
    for _ in range(2):
        review = claimed(shell, "ann")
        shell.send(Decide(review["review_id"], review["lease"]["id"], "ann", "2"))
    assert shell.ask(OutcomeOf("a"))["status"] == "decided"
    assert shell.ask(OutcomeOf("b"))["status"] != "decided"
    assert claimed(shell, "bob")["case_id"] == "b"


def test_an_agreeing_check_leaves_the_models_decision() -> None:
    outcome = _audited("1").ask(OutcomeOf("a"))
    assert (outcome["outcome"], outcome["version"]) == ({"label": "1", "by": "model"}, 1)


def test_who_knows_the_first_outcome_waits_for_the_next() -> None:
    assert [_audited().ask(OutcomeOf("a", after))["waits"] for after in (0, 1)] == [False, True]
    assert not _audited("2").ask(OutcomeOf("a", 1))["waits"]


HIDDEN = ("prediction", "probabilities", "confidence", "uncertainty", "purpose", "model_version", "is_automatic")


def test_a_blind_review_hides_the_suggestion_until_it_is_answered() -> None:
    shell = _audited()
    before = claimed(shell, "ann")
    assert {before[name] for name in HIDDEN} == {None}
    assert not any("reason" in step for step in before["history"])
    shell.send(Decide("a-1", 1, "ann", "2"))
    assert shell.ask(ReviewOf("a-1", "ann"))["review"]["prediction"] == "1"


def test_who_only_runs_the_service_sees_everything() -> None:
    assert _audited().ask(ReviewOf("a-1"))["review"]["prediction"] == "1"


def test_labels_come_in_order_with_what_they_are_weighed_by() -> None:
    shell = _audited("2", segment="night", probabilities=[0.1, 0.8, 0.1])
    rows = shell.ask(SettledLabels("digits", 0, 10))
    assert rows["next"] == 1
    row = rows["labelled"][0]
    assert (row["case_id"], row["label"], row["prediction"], row["reviewers"]) == ("a", "2", "1", ["ann"])
    assert (row["purpose"], row["segment"], row["audit_probability"]) == ("audit", "night", 0.1)
    assert (row["probabilities"], row["amends"]) == ([0.1, 0.8, 0.1], False)


def test_a_check_counts_as_a_decision_of_people() -> None:
    counters = _audited("2").ask(Counters())["tasks"]["digits"]
    assert (counters["decided"], counters["agreed"], counters["superseded"]) == (1, 0, 1)


SINGLE = {"random_answers": "one_and_expert_where_it_differs", "expert_validation": 1e-9}


@pytest.mark.parametrize(("label", "settles"), [("1", True), ("2", False)])
def test_an_expert_sees_a_check_of_one_person_where_it_differs_from_the_model(label: str, settles: bool) -> None:
    shell = shard(record("a", **{**AUTOMATIC, "streams": ["gold"]}), review=SINGLE)
    review = claimed(shell, "ann")
    told = shell.send(Decide(review["review_id"], review["lease"]["id"], "ann", label))
    assert (told["status"] == "decided") is settles
    assert settles or (told["waits_for"], told["reason"]) == ("expert", "an expert confirms this decision")


def test_two_people_settle_a_check_and_an_expert_where_they_differ() -> None:
    shell = shard(record("a", streams=["gold"]), review={"random_answers": "two_and_expert"})
    for who, label in (("ann", "1"), ("bob", "2")):
        review = claimed(shell, who)
        told = shell.send(Decide(review["review_id"], review["lease"]["id"], who, label))
    assert told["waits_for"] == "expert"


def test_a_review_that_is_no_check_is_one_persons_whatever_the_model_said() -> None:
    shell = shard(record("a", prediction="1"), review=SINGLE)
    review = claimed(shell, "ann")
    assert shell.send(Decide(review["review_id"], review["lease"]["id"], "ann", "2"))["status"] == "decided"
