"""The interrupts that LangGraph (1.2.24) and LangChain (1.5.2) were recorded raising, read without the packages."""

from typing import Any

import pytest

from hitl.integrations.langgraph.forms import decision_of, form_of
from hitl.integrations.langgraph.shapes import FormQuestion, ToolQuestion, questions_of, resume_of

ACTION = {"name": "pay", "args": {"amount": 5}, "description": "Tool execution requires approval"}
ALL = ["approve", "edit", "reject", "respond"]
BATCHED = {
    "action_requests": [ACTION, {"name": "mail", "args": {}}],
    "review_configs": [
        {"action_name": "pay", "allowed_decisions": ALL},
        {"action_name": "mail", "allowed_decisions": ["approve"]},
    ],
}
PER_CALL = {"type": "tool_approval", "tool_call_id": "c1", **ACTION}
SCHEMA = {"discriminator": {"mapping": {"approve": "#/$defs/A", "edit": "#/$defs/E"}, "propertyName": "type"}, "oneOf": []}
INBOX = {
    "action_request": {"action": "pay", "args": {"amount": 5}},
    "config": {"allow_ignore": True, "allow_respond": False, "allow_edit": False, "allow_accept": True},
    "description": "A payment",
}


def test_each_action_of_a_batch_is_a_question_with_its_own_decisions() -> None:
    first, second = questions_of(BATCHED)
    assert first == ToolQuestion("pay", {"amount": 5}, "Tool execution requires approval", tuple(ALL))
    assert second == ToolQuestion("mail", {}, "", ("approve",))


def test_an_action_without_a_configuration_can_be_rejected() -> None:
    assert questions_of({"action_requests": [ACTION]}) == [
        ToolQuestion("pay", {"amount": 5}, ACTION["description"], ("approve", "reject"))
    ]


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        (SCHEMA, ("approve", "edit")),
        ({"properties": {"type": {"const": "respond"}}}, ("respond",)),
        (None, ("approve", "reject")),
    ],
)
def test_a_single_call_reads_its_decisions_from_the_schema(schema: Any, allowed: tuple[str, ...]) -> None:
    found = questions_of(PER_CALL, schema)[0]
    assert isinstance(found, ToolQuestion)
    assert found.allowed == allowed


def test_only_yes_or_no_is_a_vote() -> None:
    asked = [
        ToolQuestion("pay", {}, "", allowed).is_a_vote
        for allowed in (("approve", "reject"), ("approve",), ("reject",), tuple(ALL))
    ]
    assert asked == [True, True, False, False]


APPROVED: dict[str, Any] = {"type": "approve"}
EDITED = {"type": "edit", "edited_action": {"name": "pay", "args": {"amount": 1}}}


@pytest.mark.parametrize(
    ("value", "answers", "resumed"),
    [
        (BATCHED, [EDITED, APPROVED], {"decisions": [EDITED, APPROVED]}),
        (PER_CALL, [APPROVED], APPROVED),
        ([INBOX], [APPROVED], [{"type": "accept", "args": None}]),
        (INBOX, [{"type": "reject"}], [{"type": "ignore", "args": None}]),
        ([INBOX], [EDITED], [{"type": "edit", "args": {"action": "pay", "args": {"amount": 1}}}]),
        ([INBOX], [{"type": "respond", "message": "no"}], [{"type": "response", "args": "no"}]),
        ("Your name?", ["Ann"], "Ann"),
    ],
)
def test_answers_come_back_in_the_shape_that_was_asked(value: Any, answers: list[Any], resumed: Any) -> None:
    assert resume_of(value, answers) == resumed


@pytest.mark.parametrize("value", ["Your name?", {"question": "Your name?"}])
def test_anything_else_is_a_form(value: Any) -> None:
    assert questions_of(value) == [FormQuestion("Your name?", None)]


@pytest.mark.parametrize("value", [[], {}, None, 7])
def test_a_value_that_says_nothing_is_still_asked(value: Any) -> None:
    assert questions_of(value) == [FormQuestion("The program asks for a value", None)]


def test_a_form_offers_what_is_allowed() -> None:
    fields = {field["name"]: field for field in form_of(ToolQuestion("pay", {"amount": 5}, "", ("approve", "edit")))["fields"]}
    assert (fields["decision"]["options"], fields["args"]["default"], "message" in fields) == (
        ["approve", "edit"],
        {"amount": 5},
        False,
    )


@pytest.mark.parametrize(
    ("given", "decision"),
    [
        ({"decision": "approve"}, APPROVED),
        ({"decision": "reject", "message": "no"}, {"type": "reject", "message": "no"}),
        ({"decision": "edit", "args": {"amount": 1}}, EDITED),
        ({"decision": "edit", "args": "all"}, None),
        ({"decision": "respond", "message": " "}, None),
    ],
)
def test_a_form_says_its_decision_or_what_is_wrong_with_it(given: dict[str, Any], decision: Any) -> None:
    found, hint = decision_of(ToolQuestion("pay", {}, "", tuple(ALL)), given)
    assert (found, bool(hint)) == (decision, decision is None)
