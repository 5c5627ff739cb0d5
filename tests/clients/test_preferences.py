"""Preferences for tuning: which rows a verdict and a pair give, and that nothing is preferred where nobody said so."""

from typing import Any

import pytest

from hitl.integrations.labelling.cases import LabelledCase
from hitl.integrations.preferences import preferences

ASKED = {"role": "user", "content": "Where is my parcel?"}
DRAFT = {"role": "assistant", "content": "I dont know."}
VERDICT = {"kind": "verdict", "content": "/messages/-1/content"}
PAIR = {"kind": "pair", "first": "/one", "second": "/two"}
FEATURES = {"question": "2 + 2?", "one": "4", "two": "5"}


def case(label: str, features: Any, value: dict[str, Any] | None = None) -> LabelledCase:
    return LabelledCase("c", "c-1", features, label, None, "review", "ada", 1.0, 0.0, value=value)


def test_a_correction_is_preferred_to_the_message_that_it_corrects() -> None:
    value = {"reasons": ["tone"], "correction": "It arrives on Monday."}
    [row] = preferences([case("reject", {"messages": [ASKED, DRAFT]}, value)], VERDICT)
    assert row == {
        "prompt": [ASKED],
        "chosen": [{"role": "assistant", "content": "It arrives on Monday."}],
        "rejected": [DRAFT],
        "case_id": "c",
        "reasons": ["tone"],
    }


def test_a_correction_of_a_record_has_the_rest_as_its_prompt() -> None:
    features = {"mail": "Where is it?", "draft": {"answer": "Lost.", "by": "bot"}}
    [row] = preferences(
        [case("reject", features, {"correction": "On its way."})], {"kind": "verdict", "content": "/draft/answer"}
    )
    assert (row["chosen"], row["rejected"], row["reasons"]) == ("On its way.", "Lost.", [])
    assert row["prompt"] == "mail: Where is it?\ndraft: {'by': 'bot'}"


@pytest.mark.parametrize(("label", "chosen", "rejected"), [("first", "4", "5"), ("second", "5", "4")])
def test_the_better_one_of_a_pair_is_preferred(label: str, chosen: str, rejected: str) -> None:
    [row] = preferences([case(label, FEATURES)], PAIR)
    assert (row["prompt"], row["chosen"], row["rejected"]) == ("question: 2 + 2?", chosen, rejected)


def test_approvals_ties_and_what_nobody_corrected_prefer_nothing() -> None:
    chat = {"messages": [ASKED, DRAFT]}
    verdicts = [case("approve", chat), case("reject", chat), case("reject", chat, {"reasons": ["tone"], "correction": None})]
    assert preferences(verdicts, VERDICT) == []
    assert preferences([case("tie", FEATURES), case("none_of_these", FEATURES)], PAIR) == []


def test_other_kinds_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="verdict and pair"):
        preferences([], {"kind": "label"})


def test_a_pair_of_messages_has_those_before_it_as_its_prompt() -> None:
    other = {"role": "assistant", "content": "It arrives on Monday."}
    pair = {"kind": "pair", "first": "/messages/-2/content", "second": "/messages/-1/content"}
    [row] = preferences([case("second", {"messages": [ASKED, DRAFT, other]})], pair)
    assert (row["prompt"], row["chosen"], row["rejected"]) == ([ASKED], [other], [DRAFT])


def test_contents_in_an_array_are_no_part_of_the_prompt() -> None:
    pair = {"kind": "pair", "first": "/answers/0", "second": "/answers/1"}
    [row] = preferences([case("first", {"question": "2 + 2?", "answers": ["4", "5", "a third"]})], pair)
    assert (row["chosen"], row["rejected"]) == ("4", "5")
    assert row["prompt"] == "question: 2 + 2?\nanswers: ['a third']"
