"""A level of money in a policy: thresholds keep it beside the level of errors, and dear cases are for people."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hitl.errors import InvalidConfig
from hitl.quality.automation import Rules, SegmentStanding, findings
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import progress
from hitl.quality.check_columns import as_columns
from hitl.quality.checks import BlindCheck
from hitl.quality.money import MoneyLevel, lost_above, money_evidence
from hitl.quality.planning import CertificationPlan
from hitl.quality.walks import reached, reached_by_all
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.policy import Policy, check_money, policy_from
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action
from hitl.routing.steering import Request, Steering, compiled_from
from hitl.tasks import load_task
from serve_app.evidence.certifying import may_be_automatic

RISK, MONEY = RiskLevel(0.05, 0.9), MoneyLevel(2.0, 100.0)
PLAN = CertificationPlan((0.9, 0.5), ((0, 0.1),), 100)
CHECK = BlindCheck("c", 1.0, "all", "m", "p", "a", 0.95, False, ("gold",), wrong=False, harm=20.0)
TERMS = {"level": 0.05, "money": {"per_decision": 2.0, "most": 100.0}}
COSTS = {"harm": 0.0, "harm_per_amount": 1.0, "amount": "double(metadata.amount)"}
LABELS = ["a", "b"]


def checks(n: int, wrong: int, **more: object) -> list[BlindCheck]:
    """Half of them are sure; the errors are among the others."""
    sure = [0.95 if i % 2 else 0.6 for i in range(n)]
    bad = {2 * i for i in range(wrong)}
    made = [replace(CHECK, case_id=f"c{i}", at=1.0 + i, confidence=sure[i], wrong=i in bad) for i in range(n)]
    return [replace(each, **more) for each in made]  # type: ignore[arg-type]


def test_a_threshold_that_keeps_the_errors_and_not_the_money_is_not_in_force() -> None:
    cheap, dear = checks(1200, 20, harm=20.0), checks(1200, 20, harm=100.0)
    assert progress(dear, RISK, PLAN).threshold == 0.5
    assert progress(cheap, RISK, PLAN, money=MONEY).threshold == 0.5
    found = progress(dear, RISK, PLAN, money=MONEY)
    assert found.threshold == 0.9
    assert found.money is not None
    assert (found.money.lost, found.money.labels) == (0.0, 600)


def test_what_waits_may_cost_all_that_its_case_could() -> None:
    late = [replace(each, wrong=None) if i < 3 else each for i, each in enumerate(checks(400, 0, harm=100.0))]
    assert progress(late, RISK, PLAN, money=MONEY).threshold is None
    assert progress(late, RISK, PLAN).threshold == 0.5


def test_a_case_whose_harm_nobody_recorded_proves_nothing_about_money() -> None:
    assert progress(checks(1200, 0, harm=None), RISK, PLAN, money=MONEY).threshold is None
    assert progress(checks(1200, 0, harm=None), RISK, PLAN).threshold == 0.5


def test_a_draw_counts_by_its_probability() -> None:
    """Once what the model decides is drawn with 0.1, a check of what people decide anyway tells a tenth as much."""
    before, grid = checks(200, 0, harm=100.0), np.array([0.5])
    after = [replace(each, case_id=f"d{i}", at=1000.0 + i) for i, each in enumerate(checks(200, 0, harm=100.0))]
    seldom = [replace(each, probability=0.1) for each in after]
    none, some, most = (
        float(money_evidence(seen, seen, grid, MONEY, 0.1)[0])
        for seen in (before, [*before, seldom[0], *after[1:]], [*before, *seldom])
    )
    assert none < some < none + 0.2 * (most - none)


def test_a_threshold_must_be_passed_by_walks_of_each_promise() -> None:
    """The walk from the riskier start alone proves nothing of the thresholds before it."""
    plan = CertificationPlan((0.9, 0.8, 0.7, 0.6), ((0, 0.05), (2, 0.05)), 100)
    errors, money = np.array([9.0, 9.0, 0.0, 0.0]), np.array([0.0, 9.0, 9.0, 9.0])
    assert (reached(errors, plan), reached(money, plan)) == (1, 3)
    assert reached_by_all([errors, money], plan) is None
    assert reached_by_all([errors, np.full(4, 9.0)], plan) == 1


def test_the_finding_says_what_was_lost() -> None:
    rules = Rules(lambda segment: RISK, money=MONEY)
    found = findings(checks(1200, 20), "m", "p", {"all": SegmentStanding(plan=PLAN)}, rules, 1e6)["all"].view()
    assert found.money is not None
    assert found.money.lost == 400.0
    assert "$400.00 lost in 1200 of them, at most $2 each in the mean is allowed" in found.reason


def test_a_case_of_which_the_model_is_not_sure_at_all_is_lost_above_a_threshold_of_nothing() -> None:
    some = [replace(CHECK, case_id=name, confidence=sure, wrong=True) for name, sure in (("a", 0.0), ("b", 0.5), ("c", None))]
    lost = lost_above(as_columns(some), 0.0, MONEY)
    assert (lost.lost, lost.labels) == (40.0, 2)


def test_a_level_of_money_wants_costs_and_a_bound_above_it() -> None:
    with pytest.raises(InvalidConfig, match=r"risk\.money"):
        check_money(policy_from({"risk": TERMS}, LABELS, "test"), "test")
    check_money(policy_from({"risk": TERMS, "costs": COSTS}, LABELS, "test"), "test")
    with pytest.raises(InvalidConfig, match="per_decision < most"):
        policy_from({"risk": {"level": 0.05, "money": {"per_decision": 5.0, "most": 5.0}}}, LABELS, "test")


def test_a_case_that_could_cost_more_than_the_bound_is_for_people_and_records_its_harm() -> None:
    policy = compiled_from({"risk": TERMS, "costs": COSTS}, LABELS)
    thresholds = {"m": {"certificate": "c", "policy_version": policy.version, "segments": {"all": 0.5}}}
    steering = Steering(policy, RoutingEvidence(thresholds))  # type: ignore[arg-type]
    sure = Prediction("a", (0.99, 0.01), 0.99, 0.0, "m")
    cheap, dear = (steering.steer(Request([], {"amount": amount}, "client"), sure) for amount in (20.0, 101.0))
    assert (cheap.route.action, cheap.harm) == (Action.AUTOMATIC, 20.0)
    assert dear.route.action is not Action.AUTOMATIC
    assert dear.harm == 101.0
    assert "an error here may cost $101.00, and none above $100 is decided automatically" in dear.route.reason


def test_a_case_above_the_bound_is_no_part_of_the_certificates_traffic() -> None:
    policy = Policy.model_validate({"risk": TERMS, "costs": COSTS})
    assert may_be_automatic(policy, replace(CHECK, harm=100.0))
    assert not may_be_automatic(policy, replace(CHECK, harm=100.5))


def test_policies_without_a_level_of_money_record_no_harm_and_keep_their_version() -> None:
    policy = compiled_from({"risk": {"level": 0.05}, "costs": COSTS}, LABELS)
    assert Steering(policy).steer(Request([], {"amount": 5.0}, "client"), None).harm is None
    assert "money" not in policy.policy.body()["risk"]


def test_the_example_task_states_a_level_of_money() -> None:
    spec = load_task(Path("examples/tasks/refunds_at_risk.yaml").read_text(encoding="utf-8"), "a file")
    policy = spec.configured_policy()
    assert policy.risk != "uncertified"
    assert policy.risk.money is not None
    assert (policy.risk.money.per_decision, policy.risk.money.most) == (2.0, 100.0)
