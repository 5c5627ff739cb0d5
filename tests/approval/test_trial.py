"""Who is on trial beside whom, by a task's serving history."""

from typing import Any

import pytest

from hitl.approval import Deploy, RollBack
from hitl.errors import StaleGeneration
from hitl.serving.commands import SetAuditRate, SetShares
from hitl.serving.questions import History
from hitl.serving.trial import Trial, probation_of, trial_of
from tests.fakes.approvals import GOOD, OTHER, REPLACED, shard

CANARY = (*REPLACED[:-1], Deploy("digits-2", OTHER, share=0.05))
WIDER = SetShares("digits", [(GOOD, 0.75), (OTHER, 0.25)], "fine", "canary")


def found(*commands: Any) -> Trial | None:
    return trial_of(shard(*commands).ask(History("digits"))["history"])


@pytest.mark.parametrize(
    "commands",
    [
        (),
        REPLACED,
        (*CANARY, SetShares("digits", [(OTHER, 1.0)], "", "canary")),
        (*CANARY, SetShares("digits", [(GOOD, 1.0)], "", "canary")),
        (*CANARY, RollBack("digits", GOOD, "olga", "")),
    ],
)
def test_one_version_alone_is_no_trial(commands: tuple[Any, ...]) -> None:
    assert found(*commands) is None


SENT_BACK = SetShares("digits", [(GOOD, 1.0)], "it fails", "probation")


@pytest.mark.parametrize(
    ("commands", "alone_since"),
    [
        ((), None),
        (REPLACED[:4], None),
        (CANARY, None),
        ((*REPLACED, SENT_BACK), None),
        ((*REPLACED, RollBack("digits", GOOD, "olga", ""), RollBack("digits", OTHER, "olga", "")), None),
        (REPLACED, 2),
        ((*REPLACED, SetAuditRate("digits", "all", 0.5, "", "certifier")), 2),
        ((*CANARY, WIDER, SetShares("digits", [(OTHER, 1.0)], "", "canary")), 4),
    ],
)
def test_a_version_is_on_probation_while_it_serves_alone_after_another_and_no_person_chose_it(
    commands: tuple[Any, ...], alone_since: int | None
) -> None:
    found = probation_of(shard(*commands).ask(History("digits"))["history"])
    said = found and (found.champion, found.challenger, found.step_generation, found.versions[1])
    assert said == (alone_since and (GOOD, OTHER, alone_since, ((GOOD, 1.0),)))


def test_a_trial_knows_its_step_and_the_shares_of_each_generation() -> None:
    trial = found(*CANARY, WIDER, SetAuditRate("digits", "all", 0.5, "", "certifier"))
    assert trial is not None
    assert (trial.champion, trial.challenger, trial.share, trial.step_generation) == (GOOD, OTHER, 0.25, 3)
    assert [versions[1][1] for versions in trial.versions.values()] == [0.05, 0.25, 0.25]


def test_shares_for_an_older_generation_are_refused() -> None:
    stale = SetShares("digits", [(OTHER, 1.0)], "", "canary", generation=2)
    with pytest.raises(StaleGeneration):
        shard(*CANARY, WIDER, stale)
