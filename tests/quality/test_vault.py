"""The vault: which rows count for a model that did not learn from them, and as what."""

from dataclasses import replace

import pytest

from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.checks import BlindCheck
from hitl.quality.planning import CertificationPlan, plan_of_held_out, risk_of_cycle
from hitl.quality.vault import VaultScore, as_scored, held_rows, unscored, with_vault
from hitl.routing.coin import draw_vault

ROW = BlindCheck("c1", 5.0, "all", "old", "p", "ham", 0.9, True, ("gold",), (), False, 1.0, ("ham",), 100.0)
SCORE = VaultScore("c1", "spam", 0.8, "all/spam", ("rule",))


@pytest.mark.parametrize(
    ("change", "now", "held"),
    [
        ({}, 99.0, True),
        ({}, 100.0, False),
        ({"vaulted_until": None}, 1.0, False),
        ({"streams": ("audit",)}, 1.0, False),
    ],
)
def test_the_vault_holds_random_rows_until_their_term_ends(change: dict[str, object], now: float, held: bool) -> None:
    assert bool(held_rows([replace(ROW, **change)], now)) is held


def test_a_scored_row_is_the_models_own_and_wrong_where_people_said_otherwise() -> None:
    found = as_scored(ROW, SCORE, "new", "q")
    assert (found.model_version, found.policy_version, found.segment, found.rules) == ("new", "q", "all/spam", ("rule",))
    assert (found.prediction, found.confidence, found.wrong) == ("spam", 0.8, True)
    assert as_scored(ROW, replace(SCORE, prediction="ham"), "new", "q").wrong is False


def test_a_row_that_nobody_answered_stays_unanswered_for_every_model() -> None:
    assert as_scored(replace(ROW, wrong=None, labels=()), SCORE, "new", "q").wrong is None


def test_a_label_that_was_contradicted_later_counts_against_whoever_said_it() -> None:
    contradicted = replace(ROW, labels=("ham", "spam"))
    assert as_scored(contradicted, replace(SCORE, prediction="ham"), "new", "q").wrong is True


def test_scoring_feeds_no_alarm_and_keeps_the_probability_of_the_draw() -> None:
    found = as_scored(replace(ROW, probability=0.1), SCORE, "new", "q")
    assert (found.is_automatic, found.is_random, found.probability) == (False, True, 0.1)


def test_a_models_own_rows_are_neither_scored_nor_counted_twice() -> None:
    assert unscored([ROW], [], "old", "p") == []
    assert unscored([ROW], [], "old", "another policy") == [ROW]
    assert unscored([ROW], ["c1"], "new", "p") == []
    assert with_vault([ROW], {"c1": SCORE}, "old", "p") == [ROW]


def test_rows_stand_in_the_order_in_which_their_cases_came() -> None:
    later = replace(ROW, case_id="c2", at=9.0, model_version="new")
    found = with_vault([ROW, later], {"c1": SCORE}, "new", "p")
    assert [each.at for each in found if each.model_version == "new"] == [5.0, 9.0]


def test_the_draw_goes_by_task_key_and_input_and_takes_its_share() -> None:
    drawn = [draw_vault(b"k", "sms", str(i), 0.3) for i in range(4000)]
    assert drawn == [draw_vault(b"k", "sms", str(i), 0.3) for i in range(4000)]
    assert abs(sum(drawn) / 4000 - 0.3) < 0.03
    assert drawn != [draw_vault(b"other", "sms", str(i), 0.3) for i in range(4000)]
    assert not any(draw_vault(b"k", "sms", str(i), 0.0) for i in range(100))


def test_all_plans_of_a_task_together_spend_no_more_than_delta() -> None:
    risk = RiskLevel(0.05, 0.9)
    assert sum(risk_of_cycle(risk, j).delta for j in range(1, 3000)) == pytest.approx(risk.delta, rel=1e-3)
    assert risk_of_cycle(risk, 0) == risk


def test_a_plan_that_was_journalled_before_plans_were_numbered_is_read() -> None:
    import numpy as np

    plan = plan_of_held_out(ScoredSample(np.linspace(0, 1, 200), np.zeros(200, dtype=bool)), RiskLevel(0.05, 0.9))
    assert plan is not None
    old = {name: value for name, value in plan.plain().items() if name != "cycle"}
    assert CertificationPlan.of(old) == plan
