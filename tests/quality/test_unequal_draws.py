"""Draws with unequal probabilities: a share of what is automatic, all of what people decide."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.arrays import Floats
from hitl.quality.certificate import ScoredSample
from hitl.quality.certifying import progress
from hitl.quality.check_columns import as_columns, with_audits
from hitl.quality.checks import BlindCheck
from hitl.quality.planning import plan_of_traffic
from hitl.quality.prefixes import Draws, prefix_evidence
from hitl.quality.unequal_draws import log_factors
from hitl.routing.policy import Policy
from serve_app.evidence.certifying import counts_audits, least_draw
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


RANDOM, AUDIT, EITHER = 0.10, 0.05, 0.145


def sampled(n: int, certified: int = 400, threshold: float = 0.9, seed: int = 5) -> list[BlindCheck]:
    """Checks in order of arrival: all cases at first; from ``certified`` cases on those above the ``threshold`` are automatic,
    and a random sample and audits look at them."""
    rng, found = np.random.default_rng(seed), []
    for at, each in enumerate(checks(n, seed)):
        is_automatic = at >= certified and (each.confidence or 0.0) >= threshold
        drawn = {"gold": rng.random() < (RANDOM if is_automatic else 1.0), "audit": is_automatic and rng.random() < AUDIT}
        if any(drawn.values()):
            streams = tuple(name for name, is_drawn in drawn.items() if is_drawn)
            random, audit = (RANDOM, AUDIT) if is_automatic else (1.0, 0.0)
            drawn_as = replace(each, is_automatic=is_automatic, probability=random, audit_probability=audit)
            found.append(replace(drawn_as, streams=streams))
    return found


def test_an_audited_decision_counts_with_the_probability_that_either_sample_takes_it() -> None:
    rows = sampled(3000)
    audits = [each for each in rows if each.streams == ("audit",)]
    counted = with_audits(as_columns(rows))
    ours = counted.of_cases([each.case_id for each in audits])
    assert int(ours.sum()) == len(audits) > 20
    assert counted.probability[ours].tolist() == pytest.approx([EITHER] * len(audits))
    assert set(counted.probability[~counted.is_automatic].tolist()) == {1.0}
    assert (1 / counted.probability).sum() == pytest.approx(3000, rel=0.1)


def test_audits_earn_more_automation_from_the_same_cases() -> None:
    earned = {True: 0, False: 0}
    for seed in range(6):
        rows = sampled(6000, seed=seed)
        plan = plan_of_traffic(rows, RISK)
        for with_them, floor in ((True, EITHER), (False, RANDOM)):
            found = progress(rows, RISK, plan, floor, counts_audits=with_them)
            assert found.threshold is not None
            earned[with_them] += sum((each.confidence or 0.0) >= found.threshold for each in checks(6000, seed))
    assert earned[True] > earned[False]


def test_an_audit_that_nobody_answered_costs_as_much_as_an_error() -> None:
    rows = sampled(3000)
    plan = plan_of_traffic(rows, RISK)
    told = {
        wrong: progress(
            [replace(each, wrong=wrong) if each.streams == ("audit",) else each for each in rows],
            RISK,
            plan,
            EITHER,
            counts_audits=True,
        ).threshold
        for wrong in (None, True, False)
    }
    assert told[None] == told[True]
    assert (told[None] or 1.0) >= (told[False] or 1.0)


@pytest.mark.parametrize(
    ("sampling", "parts", "least"),
    [
        ({"random": 0.1, "audit": 0.05, "cold": 1.0}, "whole", EITHER),
        ({"random": 0.0, "audit": 0.05, "cold": 1.0}, "whole", 0.05),
        ({"random": 0.1, "audit": 0.05, "cold": 0.12}, "whole", 0.12),
        ({"random": 0.3, "audit": 0.05, "cold": 0.3}, "whole", 0.3),
        ({"random": 0.1, "audit": 0.05, "cold": 1.0}, "each", 0.1),
    ],
)
def test_audits_count_where_whole_cases_are_drawn_unequally(sampling: dict[str, float], parts: str, least: float) -> None:
    terms = {"risk": {"level": 0.05, "confidence": 0.9}, "sampling": sampling, "parts": parts}
    policy = Policy.model_validate(terms)
    assert least_draw(policy) == pytest.approx(least)
    assert counts_audits(policy) == (parts == "whole" and sampling["cold"] > sampling["random"])
