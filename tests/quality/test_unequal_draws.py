"""Draws with unequal probabilities: a share of what is automatic, all of what people decide."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.arrays import Floats
from hitl.quality.certificate import ScoredSample
from hitl.quality.certifying import progress
from hitl.quality.planning import plan_of_traffic
from hitl.quality.prefixes import Draws, prefix_evidence
from hitl.quality.unequal_draws import log_factors
from tests.quality.test_certifying import RISK, checks

LEVEL, FLOOR = 0.05, 0.1


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_case_is_a_fair_bet_at_the_level_whatever_its_draw(share: float) -> None:
    """Over all cases, ``share`` of them above the threshold and drawn with FLOOR: drawn ones multiply, others do not."""
    mean = np.zeros(3)
    for part, probability in ((share, FLOOR), (1 - share, 1.0)):
        for wrong, chance in ((True, LEVEL), (False, 1 - LEVEL)):
            factor: Floats = np.exp(log_factors(np.array([wrong]), np.array([probability]), FLOOR, LEVEL)[:, 0])
            mean += part * chance * (probability * factor + 1 - probability)
    assert mean == pytest.approx(np.ones(3))


def test_equal_draws_are_what_they_were_and_later_ones_go_on_from_there() -> None:
    rng = np.random.default_rng(1)
    sample, grid = ScoredSample(rng.random(400), rng.random(400) < 0.02), np.array([0.8, 0.2])
    equal = prefix_evidence(sample, grid, LEVEL)
    same = prefix_evidence(sample, grid, LEVEL, Draws(np.ones(400), 400, FLOOR))
    assert (same.log_e.tolist(), same.labels.tolist()) == (equal.log_e.tolist(), equal.labels.tolist())
    begun = prefix_evidence(ScoredSample(sample.scores[:200], sample.wrong[:200]), grid, LEVEL)
    mixed = prefix_evidence(sample, grid, LEVEL, Draws(np.ones(400), 200, FLOOR))
    assert (mixed.log_e >= begun.log_e - 1e-9).all()


def test_what_waits_costs_as_much_as_an_error() -> None:
    rows = [replace(each, probability=1.0 if i < 400 else 0.1) for i, each in enumerate(checks(900))]
    plan = plan_of_traffic(rows, RISK)
    silent = [replace(each, wrong=None) if i % 5 == 0 else each for i, each in enumerate(rows)]
    errors = [replace(each, wrong=True) if each.wrong is None else each for each in silent]
    assert progress(silent, RISK, plan, 0.1).threshold == progress(errors, RISK, plan, 0.1).threshold


def test_without_a_least_probability_later_draws_prove_nothing() -> None:
    rows = [replace(each, probability=1.0 if i < 400 else 0.1) for i, each in enumerate(checks(900))]
    plan = plan_of_traffic(rows, RISK)
    assert progress(rows, RISK, plan, 0.0).random_answers == progress(rows[:400], RISK, plan, 0.0).random_answers
    assert progress(rows, RISK, plan, 0.1).random_answers > 700
