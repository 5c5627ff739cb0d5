"""A task that retrains with every 200 answers: the vault's evidence outlives each model, and its own cases alone do not."""

import pytest

from hitl.quality.certificate import RiskLevel
from tests import datasets
from tests.measure.simulations.retraining import Retrained, Terms, retrained, sms

pytestmark = pytest.mark.slow
STRICT = RiskLevel(0.02, 0.9)
SEEDS = (1, 2)


def runs(vault: float, waits: bool = False) -> list[Retrained]:
    _, folder = datasets.domain("sms_spam")
    return [retrained(sms(folder, seed), Terms(STRICT, vault=vault, waits=waits), seed) for seed in SEEDS]


def test_a_task_without_a_vault_that_deploys_every_challenger_automates_nothing() -> None:
    assert [run.automatic for run in runs(vault=0.0)] == [0.0, 0.0]


def test_the_vault_lets_retraining_and_automation_grow_together() -> None:
    found = runs(vault=0.5)
    assert sum(run.automatic for run in found) > 0.2, found
    assert not any(run.violated for run in found), found


def test_what_has_earned_automation_decides_until_a_challenger_has_earned_as_much() -> None:
    found = runs(vault=0.3, waits=True)
    assert all(run.automatic >= 0.4 for run in found), found
    assert all(run.answers <= 2400 for run in found), found
    assert not any(run.violated for run in found), found
