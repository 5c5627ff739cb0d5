"""An override answers equal inputs once two people or an expert stand for it, and only for a while and a share."""

from dataclasses import replace
from typing import Any

import pytest

from hitl.errors import InvalidInput, OverrideClosed
from hitl.learning.journalled import LearningMachine
from hitl.learning.journalled.commands import ConfirmOverride, ProposeOverride, RevokeOverride, SwitchOverrides
from hitl.learning.overrides import FREE_ANSWERS, ConfirmedOverride, OverrideTable, distance
from hitl.tasks import vector_from
from hitl.tasks.learning_terms import OverrideTerms
from hitl.tasks.spec import TaskSpec
from tests.datasets import task
from tests.fakes.shell import START, Shell

PROPOSED = ProposeOverride("sms_spam", "case-1", "spam", "ham", "ann", False, START + 100)
TEXT = {"text": "You have won a prize, call now"}


def spec(**terms: Any) -> TaskSpec:
    return task("sms_spam").model_copy(update={"overrides": OverrideTerms(**terms)})


def table(**terms: Any) -> OverrideTable:
    made = OverrideTable({"sms_spam": spec(**terms)})
    made.replace([ConfirmedOverride("case-1", "sms_spam", "spam", "ham", START + 100, TEXT, TEXT["text"])])
    return made


def find(made: OverrideTable, text: str, predicted: str = "ham", now: float = START) -> str | None:
    hit = made.find("sms_spam", {"text": text}, vector_from(spec(), {"text": text}), predicted, now)
    return hit.entry.label if hit else None


def shell(*commands: Any) -> Shell:
    made = Shell(LearningMachine())
    for command in commands:
        made.send(command)
    assert made.replayed() == made.plain()
    return made


@pytest.mark.parametrize(
    ("commands", "status"),
    [
        ([PROPOSED], "proposed"),
        ([PROPOSED, ConfirmOverride("case-1", "spam", "ann", False)], "proposed"),
        ([PROPOSED, ConfirmOverride("case-1", "spam", "bob", False)], "confirmed"),
        ([PROPOSED, ConfirmOverride("case-1", "spam", "eve", True)], "confirmed"),
        ([replace(PROPOSED, is_expert=True)], "confirmed"),
        ([PROPOSED, ConfirmOverride("case-1", "ham", "bob", False)], "revoked"),
        ([replace(PROPOSED, is_expert=True), RevokeOverride("case-1", "wrong", "olga")], "revoked"),
    ],
)
def test_two_people_or_an_expert_confirm_and_a_doubt_ends(commands: list[Any], status: str) -> None:
    assert shell(*commands).plain()["overrides"]["case-1"]["status"] == status


def test_what_has_ended_takes_no_word_any_more() -> None:
    ended = shell(PROPOSED, RevokeOverride("case-1", "wrong", "olga"))
    for command in (PROPOSED, ConfirmOverride("case-1", "spam", "bob", False), RevokeOverride("case-1", "again", "olga")):
        with pytest.raises(OverrideClosed):
            ended.send(command)


def test_agreeing_with_the_model_is_no_override() -> None:
    with pytest.raises(InvalidInput, match="another label"):
        shell(replace(PROPOSED, label="ham"))


def test_the_kill_switch_is_journalled_once_for_each_turn() -> None:
    off = SwitchOverrides("sms_spam", False, "wrong answers", "olga")
    made = shell(off, off, replace(off, is_on=True), off)
    assert (len(made.entries), made.plain()["switched_off"]) == (3, {"sms_spam": "wrong answers"})


def test_an_equal_input_is_answered_and_another_is_not() -> None:
    assert find(table(), TEXT["text"]) == "spam"
    assert find(table(), TEXT["text"] + "!") is None


def test_a_near_input_is_answered_only_for_the_same_mistake() -> None:
    near = TEXT["text"].replace("now", "today")
    assert find(table(), near) is None
    assert find(table(near=0.4), near) == "spam"
    assert find(table(near=0.4), near, predicted="spam") is None
    assert find(table(near=0.4), "see you at home") is None


def test_nothing_is_answered_after_its_time_or_above_its_share() -> None:
    assert find(table(), TEXT["text"], now=START + 100) is None
    made = table(max_share=0.01)
    assert [find(made, TEXT["text"]) for _ in range(FREE_ANSWERS + 5)].count("spam") == FREE_ANSWERS


def test_distances_go_from_nothing_to_one() -> None:
    digits, patients = task("digits"), task("ktas_triage")
    assert distance(digits, [0.0] * 64, [0.0] * 64) == 0
    assert distance(digits, [0.0] * 64, [16.0] * 64) == 1
    assert distance(spec(), "Call  now", "call now") == 0
    zero, one = [0.0] * patients.width, [0.0] * (patients.width - 1) + [1.0]
    assert 0 < distance(patients, zero, one) < 0.1
