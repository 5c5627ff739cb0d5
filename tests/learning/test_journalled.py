"""The learning machine's answers: views for callers, and the plain JSON that its journal has always had."""

from typing import Any

import pytest

from hitl.learning.journalled import LearningMachine
from hitl.learning.journalled.commands import (
    ConfirmOverride,
    NoteJob,
    NoteShadow,
    ProposeOverride,
    RevokeOverride,
    SwitchOverrides,
    TriggerRetraining,
)
from hitl.machine.asked import answer_of
from hitl.quality.shadow import ShadowTally
from tests.fakes.shell import START, Shell

TRIGGER = TriggerRetraining("t", "t/hand/1", "asked", {"labels": 3})
PROPOSE = ProposeOverride("t", "case-1", "spam", "ham", "ann", False, START + 100)


@pytest.mark.parametrize(
    ("before", "command", "answer"),
    [
        ([], TRIGGER, {"key": "t/hand/1", "status": "triggered", "is_new": True}),
        ([TRIGGER], NoteJob("t/hand/1", "job", "submitted"), {"key": "t/hand/1", "status": "submitted"}),
        ([], PROPOSE, {"override_id": "case-1", "status": "proposed"}),
        (
            [PROPOSE],
            ConfirmOverride("case-1", "spam", "bob", False),
            {"override_id": "case-1", "task": "t", "status": "confirmed"},
        ),
        ([PROPOSE], RevokeOverride("case-1", "wrong", "olga"), {"override_id": "case-1", "task": "t", "status": "revoked"}),
        ([], SwitchOverrides("t", False, "storm", "olga"), {"task": "t", "is_on": False}),
        ([], NoteShadow("t", "d", None, {"0": 5}, ShadowTally().counts()), {"task": "t", "model": "d", "is_counted": True}),
    ],
)
def test_the_journal_keeps_each_answer_as_before_and_a_repetition_gets_it_back(
    before: list[Any], command: Any, answer: dict[str, Any]
) -> None:
    shell = Shell(LearningMachine())
    for each in before:
        shell.send(each)
    told = shell.send(command)
    assert shell.commits()[-1].answer == answer
    assert answer_of(command, answer) == told


def test_a_snapshot_brings_back_what_was_watched_and_retrained() -> None:
    shell = Shell(LearningMachine())
    for command in (TRIGGER, PROPOSE, NoteShadow("t", "d", None, {"0": 5}, ShadowTally(cases=2, agreed=1).counts())):
        shell.send(command)
    before = shell.plain()
    shell.recover()
    assert shell.plain() == before
